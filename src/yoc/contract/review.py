"""What a reader of a contract should look at before it is signed, from its words alone: no position is needed."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations

from yoc.contract.model import Contract
from yoc.contract.scope import could_match_one_line, covers
from yoc.contract.terms.base import Adjusting
from yoc.contract.terms.outcomes import Parameters as Outcomes
from yoc.contract.values import ByYear, ColumnName, Plain, names_in, walk
from yoc.core.findings import Finding, Level
from yoc.core.located import Document, Path
from yoc.core.rates import format_percent

_UNUSED = "take it out, or use it; in a base, another contract may use it"


def review(contract: Contract, document: Document) -> Iterator[Finding]:
    """Names that nothing uses, rules that clash or never match, too much at risk, VAT that no one funds; warnings."""
    yield from _unused_names(contract, document)
    yield from _unpaid(contract, document)
    yield from _rules(contract, document)
    yield from _at_risk(contract, document)
    yield from _vat(contract, document)


def _warn(document: Document, code: str, message: str, path: Path, mend: str = "") -> Finding:
    return document.finding(code, message, path, mend, Level.WARNING)


def _unused_names(contract: Contract, document: Document) -> Iterator[Finding]:
    used = {name for item in (contract.terms, tuple(contract.values.values())) for _, name in names_in(item)}
    used |= {
        str(part)
        for item in (contract.terms, contract.values)
        for _, part in walk(item)
        if isinstance(part, ColumnName)
    }
    used |= set(contract.indicator_names()) | {name for name, given in contract.position.items() if given.is_}
    for section, names in (("position", contract.position), ("values", contract.values)):
        for name in names:
            if name not in used and not document.from_base((section, name, "")):
                message = f"`{name}` is declared, and no term works on it"
                yield _warn(document, "NAME-UNUSED", message, (section, name, ""), _UNUSED)


def _unpaid(contract: Contract, document: Document) -> Iterator[Finding]:
    """An amount that terms work out one from the other, and that nobody is paid."""
    in_hand, last = frozenset[str](), ""
    worked_on = contract.amounts_worked_on()
    used = {name for _, name in names_in(contract.terms)} | set(worked_on.values())
    for place, term in enumerate(contract.terms):
        in_hand |= term.keeps_in_hand(in_hand, last)
        adjusts = isinstance(term, Adjusting) and worked_on[term.id] and term.gives_on()
        last = term.id if term.gives_on() else last
        if adjusts and term.id not in in_hand and not any(name.partition(".")[0] == term.id for name in used):
            message = f"`{term.id}` is worked out, and no term pays it"
            mend = "add a term of kind payment, or of kind split, that works on it"
            yield _warn(document, "AMOUNT-UNPAID", message, ("terms", place), mend)


def _rules(contract: Contract, document: Document) -> Iterator[Finding]:
    if contract.activity is None:
        return
    ranked = [
        (rule.rank if rule.rank is not None else place + 1, place, rule.when)
        for place, rule in enumerate(contract.activity.scope)
    ]
    for (rank, place, when), (other_rank, other_place, other) in combinations(ranked, 2):
        where: Path = ("activity", "scope", other_place)
        if bool(when.setting) == bool(other.setting) and rank == other_rank and could_match_one_line(when, other):
            message = f"scope rules number {place + 1} and {other_place + 1} have one rank and can claim the same line"
            yield _warn(document, "RULE-CONFLICT", message, where, "give them different ranks, or narrow one")
    for rank, place, when in ranked:
        earlier = [
            (other_place, other)
            for other_rank, other_place, other in ranked
            if other_rank < rank and bool(when.setting) == bool(other.setting)
        ]
        hiding = next((other_place for other_place, other in earlier if covers(other, when)), None)
        if hiding is not None:
            message = f"every line of scope rule number {place + 1} is claimed by rule number {hiding + 1} before it"
            yield _warn(document, "RULE-IDLE", message, ("activity", "scope", place), "move it up, or take it out")


def _at_risk(contract: Contract, document: Document) -> Iterator[Finding]:
    """Shares withheld from one base, where they are plain numbers."""
    for year in range(1, contract.years + 1):
        by_base: dict[str, list[tuple[int, Fraction]]] = {}
        for place, term in enumerate(contract.terms):
            if isinstance(term, Outcomes) and term.mode == "withhold":
                part = term.at_risk.by_year.get(year) if isinstance(term.at_risk, ByYear) else term.at_risk
                if isinstance(part, Plain) and part.number is not None:
                    by_base.setdefault(str(term.base), []).append((place, part.number))
        for base, parts in by_base.items():
            total = sum((part for _, part in parts), Fraction(0))
            if total > 1:
                message = f"in contract year {year} {format_percent(total)} of `{base}` is withheld in all"
                where: Path = ("terms", parts[-1][0], "at_risk")
                yield _warn(document, "RISK-OVER-WHOLE", message, where, "lower one of the shares")


def _vat(contract: Contract, document: Document) -> Iterator[Finding]:
    for place, party in enumerate(contract.parties):
        if party in contract.hosts and not party.nhs_body and party.vat is None:
            message = f"host {party.code} is no NHS body, and the contract does not say who bears VAT"
            mend = "say `vat: funded`, `vat: recovered` or `vat: borne` at the party"
            yield _warn(document, "VAT-UNFUNDED", message, ("parties", place), mend)
