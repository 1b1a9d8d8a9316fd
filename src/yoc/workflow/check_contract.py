"""Checking a contract before it is signed: its words, its worked examples, and the contract read as a function."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path as FilePath

from yoc.contract.model import Contract
from yoc.contract.position import Position
from yoc.contract.review import review
from yoc.core.findings import Finding, FindingsError, Level
from yoc.core.located import Document, Path
from yoc.core.money import format_pounds, round_half_away
from yoc.core.rates import format_decimal, format_percent
from yoc.settlement.corners import has_cost, ordinary_position, scores_of
from yoc.settlement.examples import HOST, Worked, read_examples, work
from yoc.settlement.position_of import position_of
from yoc.settlement.study import Jump, Slope, Study, study
from yoc.settlement.waterfall import ImpossibleError
from yoc.workflow.contract_files import ContractFile, read_contract_file, read_text, shown_from

EXAMPLES = "examples.yaml"


class UnknownExampleError(ValueError):
    """A name that no example of the contract has."""


@dataclass(frozen=True)
class Checked:
    """A contract that was checked: its examples, what they differ in, what to look at, and its study."""

    name: str
    contract: Contract
    worked: tuple[Worked, ...]
    differences: tuple[Finding, ...]
    warnings: tuple[Finding, ...]
    study: Study
    reference: str


def check_contract(path: FilePath, least_jump: Fraction | None = None, example: str = "") -> Checked:
    """Check a contract's file with the examples beside it.

    ``example`` names the one whose position the study is made around; the first, unless it is given. Raises
    ``FindingsError`` where the contract or the examples cannot be read, and ``UnknownExampleError``.
    """
    read = read_contract_file(path)
    worked = work_examples(read, path)
    reference, said = _reference(read.contract, worked, example)
    try:
        found = study(read.contract, reference, [each.settlement.position for each in worked], least_jump)
    except ImpossibleError as error:
        where = _term_path(read.contract, error.term)
        message = f"{said} cannot be settled: {error.problem}"
        mend = "add a worked example with a position that can be, or change the term"
        raise FindingsError([read.document.finding("CONTRACT-UNSETTLED", message, where, mend)]) from None
    warnings = [*review(read.contract, read.document), *_studied(read.contract, read.document, found)]
    differences = tuple(finding for each in worked for finding in each.differences)
    return Checked(shown_from(path)[1], read.contract, worked, differences, tuple(warnings), found, said)


def work_examples(read: ContractFile, path: FilePath) -> tuple[Worked, ...]:
    """The examples beside a contract that are of its file, settled; none where there is no file of them."""
    beside = path.parent / EXAMPLES
    if not beside.is_file():
        return ()
    name = shown_from(beside)[1]
    examples = read_examples(read_text(beside, name), name)
    findings: list[Finding] = []
    worked = []
    for place, _ in examples.of(path.name):
        try:
            worked.append(work(read.contract, examples, place))
        except FindingsError as error:
            findings.extend(error.findings)
    if findings:
        raise FindingsError(findings)
    return tuple(worked)


def _reference(contract: Contract, worked: tuple[Worked, ...], example: str) -> tuple[Position, str]:
    named = [each for each in worked if not example or each.example.name == example]
    if named:
        return named[0].settlement.position, f"the example {named[0].example.name}"
    if example:
        known = "; ".join(each.example.name for each in worked) or "none"
        raise UnknownExampleError(f"no example is called {example!r}; the examples are: {known}")
    host = contract.hosts[0].code if contract.hosts else HOST
    return ordinary_position(contract, lambda given: position_of(contract, host, given)), "a round position"


def _studied(contract: Contract, document: Document, found: Study) -> list[Finding]:
    """The findings of a study, each at the term that it is about."""

    def warn(code: str, message: str, mend: str, where: Path) -> Finding:
        return document.finding(code, contract.in_currency(message), where, mend, Level.WARNING)

    def at(term: str) -> Path:
        return _term_path(contract, term)

    def moved_by(of: str) -> Path:
        return _what_moves(contract, of)

    findings = []
    for jump in found.jumps:
        if jump.wrong_way and jump.judged:
            mend = "a higher cost or a worse outcome should not pay more"
            findings.append(warn("CONTRACT-WRONG-WAY", _jump_words(jump), mend, at(jump.term)))
        else:
            mend = "share only what lies beyond the point, or expect disputes at it"
            findings.append(warn("CONTRACT-CLIFF", _jump_words(jump), mend, at(jump.term)))
    for slope in found.wrong_way:
        mend = "a higher cost or a worse outcome should not pay more; or say in the contract that it is meant to"
        findings.append(warn("CONTRACT-WRONG-WAY", _slope_words(slope), mend, moved_by(slope.of)))
    for slope in found.steep:
        mend = "put less on the score, or spread it over more indicators"
        findings.append(warn("CONTRACT-STEEP", _slope_words(slope), mend, moved_by(slope.of)))
    endless = [
        f"what {_party(contract, exposure.party)} can {word}"
        for exposure in found.exposures
        for word, limit in (("lose", exposure.least), ("gain", exposure.most))
        if limit is None
    ]
    if endless:
        message = f"nothing limits {' and '.join(endless)} as cost rises"
        mend = "add a cap, a stop-loss, or a last band in which the host has 0% or 100%"
        findings.append(warn("CONTRACT-UNBOUNDED", message, mend, moved_by("cost")))
    for term in found.idle_terms:
        message = f"no position that was tried makes term `{term}` do anything"
        findings.append(warn("TERM-IDLE", message, "add an example that reaches it, or take it out", at(term)))
    for what in found.bent:
        message = f"the result is no straight line against {_moved(what)}, so its points are not sure"
        mend = "do not multiply one by the other what both move, or try the points with examples of your own"
        findings.append(warn("CONTRACT-BENT", message, mend, moved_by(what)))
    for failure in found.failed:
        mend = "say what holds there, or leave it, if it is to be agreed later"
        findings.append(warn("CONTRACT-UNSETTLED", failure.problem, mend, at(failure.term)))
    return findings


def _term_path(contract: Contract, name: str) -> Path:
    """Where a term stands; where all of them begin, for a name that is none."""
    places = {term.id: place for place, term in enumerate(contract.terms)}
    return ("terms", places[name]) if name in places else ("terms", "")


def _what_moves(contract: Contract, of: str) -> Path:
    """Where the contract asks for what moves its result: an input, else the term that charges cost or scores it."""
    named = of
    if of == "cost":
        named = next((name for name, given in contract.position.items() if given.is_ == "cost"), "")
    if named in contract.position:
        return ("position", named, "")
    for place, term in enumerate(contract.terms):
        if (of == "cost" and term.kind == "activity_cost") or of in term.indicators():
            return ("terms", place)
    return ("terms", "")


def _jump_words(jump: Jump) -> str:
    where = _point(jump.of, jump.point)
    if jump.at_cost is not None:
        where += f", where the cost is {_pounds(jump.at_cost)},"
    moved = f"from {_pounds(jump.before)} to {_pounds(jump.after)}"
    size = f"by {_pounds(jump.size)}, through `{jump.term}`{_corner(jump.corner, jump.of)}"
    return f"at {where} the host's result jumps {moved}, {size}"


def _slope_words(slope: Slope) -> str:
    end = "on" if slope.end is None else f"to {_point(slope.of, slope.end)}"
    if slope.of == "cost":
        step = f"each £1.00 more of cost moves the host's result by {_pounds(slope.slope * 100)}"
    else:
        step = f"each 0.01 more of the score moves the host's result by {_pounds(slope.slope / 100)}"
    return f"from {_point(slope.of, slope.start)} {end}, {step}{_corner(slope.corner, slope.of)}"


def _point(of: str, point: Fraction) -> str:
    return f"a cost of {_pounds(point)}" if of == "cost" else f"a score of {format_decimal(point)} for `{of}`"


def _moved(of: str) -> str:
    return "cost" if of == "cost" else f"the score for `{of}`"


def _corner(said: str, of: str) -> str:
    """The setting of all that does not move, where it is not that of the reference."""
    said = said if of == "cost" else said.replace("every score", "every other score")
    return f" ({said})" if said else ""


def _pounds(pence: Fraction) -> str:
    return format_pounds(round_half_away(pence))


def what_was_tried(contract: Contract, reference: str) -> str:
    """Over what the exposure of the parties was looked for, in words."""
    inputs = contract.position.values()
    over = ["every cost"] if has_cost(contract) else []
    ends = ["scores"] if scores_of(contract) else []
    ends += [f"{kind}s" for kind in ("flag", "choice") if any(given.kind == kind for given in inputs)]
    ends += ["years"] if contract.first_year and contract.years > 1 else []
    over += [f"every end of {_listed(ends)}"] if ends else []
    if not over:
        return f"At {reference} alone, as no input is a cost (`is: cost`), a score, a flag or a choice"
    alone = "" if has_cost(contract) else "; no input is a cost (`is: cost`), so none was tried"
    return f"Around {reference}, over {' and '.join(over)}{alone}"


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def exposure_rows(checked: Checked) -> list[tuple[str, str, str, str, str]]:
    """Each party with the most that it can lose and gain, as money and as a share of the turnover."""
    rows = []
    for exposure in checked.study.exposures:
        lose, gain = _side(exposure.least, -1, checked.study.turnover), _side(exposure.most, 1, checked.study.turnover)
        rows.append((_party(checked.contract, exposure.party), *lose, *gain))
    return rows


def _party(contract: Contract, code: str) -> str:
    """A party's name; the host of an example where the contract names none."""
    return "the host" if code == HOST and not contract.hosts else contract.party_name(code)


def _side(limit: Fraction | None, sign: int, turnover: Fraction) -> tuple[str, str]:
    if limit is None:
        return "without end", ""
    size = max(limit * sign, Fraction(0))
    share = format_percent(Fraction(round_half_away(size / turnover * 10_000), 10_000)) if turnover else ""
    return _pounds(size), share
