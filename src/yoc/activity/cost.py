"""The cost of care: each kind of line decided once in Python, each line attributed, priced and summed in SQL."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from fractions import Fraction
from typing import Any

import pyarrow as pa

from yoc.activity.fates import FATES
from yoc.activity.judge import give_prices_and_days, judge_in_parts
from yoc.activity.line_guards import Ratios, block_and_proxy_findings, line_guard_steps, line_guards_findings
from yoc.activity.prices import (
    FRACTIONS_PER_PENNY,
    ROOM,
    ReissueCell,
    reissue_cells,
    reissue_steps,
    whole_pence,
)
from yoc.activity.steps import Step
from yoc.contract.model import ActivityContract
from yoc.contract.scope import DEFAULT_COMMISSIONERS, MONEY_ONLY, LineKind, judge, own_commissioner
from yoc.core.findings import Finding, Level, stop_if_any
from yoc.core.money import format_pounds
from yoc.core.periods import FinancialYear
from yoc.engine import Engine
from yoc.tariff import PriceHistory

UNMAPPED = "Unmapped"
_KIND_COLUMNS = tuple(field.name for field in fields(LineKind))


@dataclass(frozen=True)
class CostCell:
    """Charged lines of one host, segment, setting, provider and month (1 is April); amounts in exact pence."""

    host: str
    segment: str
    setting: str
    provider: str
    month: int
    lines: int
    submitted_pence: int
    amount: Fraction
    over_threshold: Fraction


@dataclass(frozen=True)
class SetAside:
    """Lines of one provider with one fate, and what the provider asked for them."""

    fate: str
    detail: str
    provider: str
    lines: int
    submitted_pence: int


@dataclass(frozen=True)
class Activity:
    """Every line that came in: charged, by cell, or set aside, by reason; control totals; findings.

    The cells are at the prices that hold now; ``reissues`` says what of them came with prices published again, a cell a
    version, and ``reissued`` which versions those are. ``block_lines`` holds all lines by provider and the host in
    whose cohort the person was (``""``: in none); it is empty where the contract shares out no block by lines.
    """

    cells: tuple[CostCell, ...]
    by_fate: tuple[SetAside, ...]
    lines_in: int
    submitted_in_pence: int
    lines_judged: int
    findings: tuple[Finding, ...]
    block_lines: Mapping[tuple[str, str], int] = field(default_factory=dict)
    reissues: tuple[ReissueCell, ...] = ()
    reissued: tuple[int, ...] = ()
    people_over: int | None = None
    """How many people are over the threshold, where the contract has one."""
    of_lines: tuple[Finding, ...] = ()
    """What is told of lines and changes nothing."""


def charge_activity(
    engine: Engine,
    contract: ActivityContract,
    prices: PriceHistory,
    year: FinancialYear,
    units_per_year: int,
    contract_file: str,
    ratios: Ratios | None = None,
) -> Activity:
    """Attribute, guard, price, cut and sum the lines in `kept_line` by the table `presence`.

    Leaves the table `line_cell`, the lines by everything that is asked of them together. With ``ratios`` the lines
    whose price or sign is out are told as well. Raises ``FindingsError`` where two scope rules of one rank claim the
    same kind of line, or a block is charged beside its proxies.
    """
    periods = prices.periods(year.first_day, year.last_day)
    give_prices_and_days(engine, _give_decisions(engine, contract, contract_file), prices, year)
    amounts_per_penny = _amounts_per_penny(contract)
    steps = [
        Step("line_cells"),
        *_over_steps(contract, units_per_year, amounts_per_penny),
        *reissue_steps(contract, periods),
        *(line_guard_steps(engine, contract, ratios) if ratios else ()),
    ]
    gathered = judge_in_parts(engine, contract, year, steps)
    engine.give_table("line_cell", gathered["line_cells"])
    beside_proxies = tuple(block_and_proxy_findings(engine, amounts_per_penny))
    stop_if_any(beside_proxies)
    by_fate = tuple(
        SetAside(row["fate"], row["detail"], row["provider"], row["lines"], row["submitted_pence"])
        for row in engine.run(ROOM, "fates")
    )
    control = engine.run(ROOM, "control")[0]
    basis = contract.activity.price.basis
    findings = (*_findings(engine, prices, by_fate, basis), *beside_proxies)
    return Activity(
        _cells(engine, contract, amounts_per_penny, _over_threshold(gathered, amounts_per_penny)),
        by_fate,
        control["lines_in"],
        control["submitted_in_pence"],
        control["lines_judged"],
        findings,
        _block_lines(engine, contract),
        reissue_cells(gathered.get("reissue_cells"), contract, periods, amounts_per_penny),
        tuple(sorted({version for period in periods for version in period.chain[1:]})) if basis != "submitted" else (),
        sum(row["people"] for row in gathered["people_over"].to_pylist()) if "people_over" in gathered else None,
        tuple(line_guards_findings(gathered)),
    )


def threshold_at_rank(
    engine: Engine,
    contract: ActivityContract,
    prices: PriceHistory,
    year: FinancialYear,
    part: Fraction,
    contract_file: str,
) -> tuple[int, int]:
    """The threshold in pence at which ``part`` of the people are not over, by nearest rank, and how many are over it.

    It is taken up to whole £100, so that it is no person's own cost. Raises ``FindingsError`` as charging does.
    """
    give_prices_and_days(engine, _give_decisions(engine, contract, contract_file), prices, year)
    gathered = judge_in_parts(engine, contract, year, [Step("person_totals")])
    engine.give_table("person_total", gathered["person_totals"])
    row = engine.run(
        ROOM,
        "threshold_at_rank",
        part=part.numerator,
        whole=part.denominator,
        amounts_per_penny=_amounts_per_penny(contract),
    )[0]
    engine.drop("person_total")
    return row["threshold_pence"], row["people_over"]


def _amounts_per_penny(contract: ActivityContract) -> int:
    return 1 if contract.activity.price.rounding == "per_line" else FRACTIONS_PER_PENNY


def _block_lines(engine: Engine, contract: ActivityContract) -> dict[tuple[str, str], int]:
    if not any(block.key == "lines" for block in contract.activity.blocks):
        return {}
    hosts = {0: ""} | {place: host.code for place, host in enumerate(contract.hosts, 1)}
    return {(row["provider"], hosts[row["host_id"]]): row["lines"] for row in engine.run(ROOM, "block_lines")}


def _give_decisions(engine: Engine, contract: ActivityContract, contract_file: str) -> dict[int, LineKind]:
    """Decide every distinct kind of line by the contract's rules, and give the answers back; the kinds by number."""
    rows, conflicts, kinds = [], {}, {}
    budgeted = contract.budget.settings()
    rules = contract.activity
    for row in engine.run(ROOM, "combinations"):
        kind = LineKind(**{name: row[name] for name in _KIND_COLUMNS})
        kinds[row["combination_id"]] = kind
        verdict = judge(kind, rules.guards, rules.scope, budgeted, rules.block_places())
        if verdict.conflict:
            conflicts[verdict.conflict] = kind
        early = (
            "not_counted"
            if row["not_counted"]
            else _early_fate(kind, rules.commissioners, verdict.guard, verdict.out_of_scope)
        )
        reason = _reason(kind, early, row["not_counted"] or verdict.out_of_scope)
        rows.append((row["combination_id"], kind.provider, verdict.setting, early, reason))
    stop_if_any(
        Finding(
            "RULE-CONFLICT",
            Level.SUBMISSION,
            f"scope rules number {first + 1} and {second + 1} have one rank and both claim lines with point of "
            f"delivery {kind.point_of_delivery} and code {kind.tariff_code or '(blank)'}",
            "give them different ranks, or narrow one",
            contract_file,
        )
        for (first, second), kind in sorted(conflicts.items())
    )
    texts = dict.fromkeys(("provider", "setting", "early_fate", "reason"), pa.string())
    engine.give("decision", {"combination_id": pa.int32(), **texts}, rows)
    return kinds


def _early_fate(kind: LineKind, commissioners: Sequence[str], guard: str, out_of_scope: str) -> str:
    """The fate that follows from the kind of line alone, before its person and date are asked; ``""`` for none."""
    if not own_commissioner(kind.commissioner, commissioners):
        return "other_commissioner"
    if guard:
        return guard
    if kind.point_of_delivery == UNMAPPED:
        return "unmapped_point_of_delivery"
    return "out_of_scope" if out_of_scope else ""


def _reason(kind: LineKind, early: str, said: str) -> str:
    """What is said beside a fate: why a line does not count or is out of scope, which commissioner a default code
    stands for, and that no patient is behind the money.
    """
    if early == "other_commissioner":
        return DEFAULT_COMMISSIONERS.get(kind.commissioner, "")
    if not early and kind.point_of_delivery in MONEY_ONLY:
        return "money without a patient"
    return said


def _over_steps(contract: ActivityContract, units_per_year: int, amounts_per_penny: int) -> Iterator[Step]:
    """What lies over each person's threshold, and how many people; nothing where the contract has no stop-loss."""
    term = contract.stop_loss
    if term is None:
        return
    values = {
        "threshold_pence": term.threshold,
        "pro_rata": term.pro_rata,
        "running": term.decided_on == "running",
        "units_per_year": units_per_year,
        "amounts_per_penny": amounts_per_penny,
    }
    yield Step("person_over", values, kept=False)
    yield Step("people_over")
    yield Step("over_cells" if term.taken == "in_date_order" else "over_cells_in_proportion")


def _over_threshold(gathered: Mapping[str, pa.Table], amounts_per_penny: int) -> dict[tuple[Any, ...], Fraction]:
    """What lies over a person's threshold, by cell, in exact pence."""
    over: dict[tuple[Any, ...], Fraction] = defaultdict(Fraction)
    for name in ("over_cells", "over_cells_in_proportion"):
        for row in gathered[name].to_pylist() if name in gathered else ():
            over[_cell_key(row)] += whole_pence(row["over_high"], row["over_low"], amounts_per_penny)
    return over


def _cell_key(row: dict[str, Any]) -> tuple[Any, ...]:
    return (row["host_id"], row["segment_id"], row["setting"], row["provider"], row["month"])


def _cells(
    engine: Engine, contract: ActivityContract, amounts_per_penny: int, over: Mapping[tuple[Any, ...], Fraction]
) -> tuple[CostCell, ...]:
    hosts = {place: host.code for place, host in enumerate(contract.hosts, 1)}
    segments = {place: segment.id for place, segment in enumerate(contract.population.segments, 1)}
    return tuple(
        CostCell(
            hosts[row["host_id"]],
            segments[row["segment_id"]],
            row["setting"],
            row["provider"],
            row["month"],
            row["lines"],
            row["submitted_pence"],
            whole_pence(row["amount_high"], row["amount_low"], amounts_per_penny),
            over.get(_cell_key(row), Fraction(0)),
        )
        for row in engine.run(ROOM, "cost_cells")
    )


def _unpriced(engine: Engine, basis: str) -> Iterator[Finding]:
    """Codes of lines with no price in the book, and of lines with no total, where the contract needs one."""
    for row in engine.run(ROOM, "without_price", basis=basis):
        code = f"code {row['tariff_code'] or '(blank)'} at point of delivery {row['point_of_delivery']}"
        submitted = f"submitted at {format_pounds(row['submitted_pence'])}"
        if row["undated"]:
            message = f"{code}: {row['lines']} lines, {submitted}, on days for which no price book holds, are set aside"
            mend = "add the book of those days to the plan's `prices`"
            yield Finding("PRICE-UNDATED", Level.RECORD, message, mend, count=row["lines"])
        if number := row["without_price"]:
            once = row["once_priced"]
            lost = f"; {once} of them had one until prices were published again" if once else ""
            message = f"{code} has no price: {number} lines, {submitted}, are set aside{lost}"
            mend = "add the price to a new version of the price book, or put the code out of scope in the contract"
            yield Finding("PRICE-MISSING", Level.RECORD, message, mend, count=number)
        if row["without_total"]:
            number = row["without_total"]
            message = f"{code}: {number} lines with a blank total cost, which the contract needs, are set aside"
            mend = "ask the provider for the totals, or put the code out of scope in the contract"
            yield Finding("PRICE-MISSING", Level.RECORD, message, mend, count=number)


def _without_indices(prices: PriceHistory) -> Iterator[Finding]:
    """Versions without any index, where another version of the book has some: each provider is at 1.000000."""
    books = [(version.header, bool(version.book.indices_millionths)) for version in prices.versions]
    for header, has_indices in books:
        if not has_indices and any(other.book == header.book for other, having in books if having):
            message = f"{header.name} has no market forces index: every provider is priced at 1.000000 by it"
            mend = "import it again with --market-forces, if other versions of the book are right to have indices"
            yield Finding("INDEX-MISSING", Level.WARNING, message, mend)


def _findings(engine: Engine, prices: PriceHistory, by_fate: Sequence[SetAside], basis: str) -> list[Finding]:
    findings = [*_unpriced(engine, basis), *(_without_indices(prices) if basis != "submitted" else ())]
    # Submitted totals hold the provider's index already.
    for row in engine.run(ROOM, "providers_charged") if basis != "submitted" else ():
        if prices.latest.book.index_millionths(row["provider"]) is None:
            message = f"provider {row['provider']} has no market forces index and is priced at 1.000000"
            findings.append(
                Finding("INDEX-MISSING", Level.WARNING, message, "none needed if it is not an NHS provider")
            )
    totals: dict[str, tuple[int, int]] = {}
    for part in by_fate:
        lines, pence = totals.get(part.fate, (0, 0))
        totals[part.fate] = (lines + part.lines, pence + part.submitted_pence)
    codes = {"unmapped_point_of_delivery": "POD-UNMAPPED", "too_large": "LINE-TOO-LARGE"}
    for fate, (lines, pence) in totals.items():
        if fate not in ("charged", "unpriced"):
            message = f"{lines} lines, submitted at {format_pounds(pence)}, are set aside: {FATES[fate]}"
            findings.append(Finding(codes.get(fate, "LINE-SET-ASIDE"), Level.RECORD, message, count=lines))
    return findings
