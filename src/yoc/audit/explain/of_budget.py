"""Figures of the budget: its steps, what each segment brings after each of them, rates, people."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from yoc.audit.explain.figure import Figure, Origin, child, shown_number, sum_of
from yoc.audit.explain.of_terms import Find
from yoc.audit.explain.record import Draft, RunRecord, few
from yoc.contract.budget import TRANSFERS
from yoc.core.money import format_pounds, round_half_away
from yoc.core.periods import MONTH_NAMES

PEOPLE_KINDS = (
    "persons", "registrations", "conditions", "practices", "neighbourhoods", "networks", "neighbourhoods of networks",
    "successors of practices", "segment lists", "attribution list",
)  # fmt: skip
RATES = "rates"
"""The step of the annual rates, before any adjustment."""


def budget_figure(run: RunRecord, host: str, rest: str, find: Find) -> Figure:  # noqa: ARG001 - as every kind
    """The budget of the year: its steps in whole pence."""
    held = run.hosts[host]
    draft = Draft(f"{host}:budget", "Budget of the year", pence=held["budget_pence"], clause=_clause(held))
    keys = [f"{host}:budget.step:{step['id']}" for step in held["budget_steps"]]
    if not keys:
        return draft.leaf(held["budget_pence"], Origin("input", "as given for the host's year"))
    return draft.made(held["budget_pence"], keys, sum_of(len(keys), whole_pence=True), find)


def _clause(held: Mapping[str, Any]) -> str:
    return str(held["budget_steps"][0]["clause"]) if held["budget_steps"] else ""


def step_figure(run: RunRecord, host: str, step: str, find: Find) -> Figure:
    """One step of the budget: what is so far after it, less what was before it, each in whole pence."""
    held = run.hosts[host]
    names = _steps(held)
    place = names.index(step)
    said = held["budget_steps"][place]
    draft = Draft(
        f"{host}:budget.step:{step}", said["title"], pence=said["pence"], clause=said["clause"], words=said["formula"]
    )
    keys = [f"{host}:budget.after:{step}"]
    rule: dict[str, Any] = child(0, whole_pence=True)
    if step == names[-1] and held["working"]["budget"]["rounding"] == "per_person":
        keys.append(f"{host}:budget.rounding")
        rule = {"do": "add", "with": [rule, child(1, whole_pence=True)]}
    if place:
        keys.append(f"{host}:budget.after:{names[place - 1]}")
        rule = {"do": "subtract", "with": [rule, child(len(keys) - 1, whole_pence=True)]}
    return draft.made(said["pence"], keys, rule, find)


def _steps(held: Mapping[str, Any]) -> list[str]:
    return [step["id"] for step in held["budget_steps"]]


def rounding_figure(run: RunRecord, host: str, rest: str, find: Find) -> Figure:  # noqa: ARG001 - as every kind
    """What rounding for each person makes of the budget more, or less, than rounding it once."""
    held = run.hosts[host]
    once = round_half_away(_after(held, _steps(held)[-1], None))
    words = "each person's part of the year is rounded to the penny before it is added; a run holds no person's figure"
    draft = Draft(f"{host}:budget.rounding", "Rounding for each person", pence=held["budget_pence"] - once)
    return draft.leaf(held["budget_pence"] - once, Origin("rounding point", words))


def after_figure(run: RunRecord, host: str, rest: str, find: Find) -> Figure:
    """The budget so far after a step: of one segment, or of all with what transfers brought."""
    held = run.hosts[host]
    step, _, segment = rest.partition(":")
    if segment:
        return _of_segment(run, host, step, segment, find)
    title = next(said["title"] for said in held["budget_steps"] if said["id"] == step)
    exact = _after(held, step, None)
    keys = [f"{host}:budget.after:{step}:{segment}" for segment in _segments(held)]
    if _moved(held, step):
        keys.append(f"{host}:budget.after:{step}:{TRANSFERS}")
    draft = Draft(f"{host}:budget.after:{step}", f"Budget so far, after: {title}", pence=round_half_away(exact))
    return draft.made(exact, keys, sum_of(len(keys)), find)


def _of_segment(run: RunRecord, host: str, step: str, segment: str, find: Find) -> Figure:
    held = run.hosts[host]
    label = segment if segment == TRANSFERS else run.segment(segment)
    draft = Draft(f"{host}:budget.after:{step}:{segment}", f"{label}, after `{step}`")
    if step == RATES:
        settings = [rate["setting"] for rate in _rates(held) if rate["segment"] == segment]
        keys = [f"{host}:budget.opening:{segment}:{setting}" for setting in settings]
        return draft.made(_after(held, step, segment), keys, sum_of(len(keys)), find)
    if segment == TRANSFERS:
        return draft.leaf(_moved(held, step), _adjustment_origin(run, host, step))
    before = _steps(held)[_steps(held).index(step) - 1]
    keys = [f"{host}:budget.after:{before}:{segment}", f"{host}:factor:{step}:{segment}"]
    return draft.made(_after(held, step, segment), keys, {"do": "multiply", "with": [child(0), child(1)]}, find)


def _rates(held: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return list(held["working"]["budget"]["rates"])


def _segments(held: Mapping[str, Any]) -> list[str]:
    return list(dict.fromkeys(rate["segment"] for rate in _rates(held)))


def _until(held: Mapping[str, Any], step: str) -> list[Mapping[str, Any]]:
    """The adjustments up to a step, that step included."""
    adjustments = held["working"]["budget"]["adjustments"]
    names = [adjustment["step"] for adjustment in adjustments]
    return [] if step == RATES else adjustments[: names.index(step) + 1]


def _moved(held: Mapping[str, Any], step: str) -> Fraction:
    """What transfers have brought after a step."""
    moved = Fraction(0)
    for adjustment in _until(held, step):
        moved = moved * Fraction(adjustment["factors"][""]) + Fraction(adjustment["added"])
    return moved


def _person_years(held: Mapping[str, Any], segment: str) -> Fraction:
    part = next(part for part in held["people"] if part["segment"] == segment)
    return Fraction(part["units"], part["units_per_year"])


def _cell_after(held: Mapping[str, Any], step: str, rate: Mapping[str, Any]) -> Fraction:
    exact = _person_years(held, rate["segment"]) * int(rate["pence"])
    for adjustment in _until(held, step):
        exact *= Fraction(adjustment["factors"][rate["segment"]])
    return exact


def _after(held: Mapping[str, Any], step: str, segment: str | None) -> Fraction:
    cells = [_cell_after(held, step, rate) for rate in _rates(held) if segment in (None, rate["segment"])]
    return sum(cells, Fraction(0)) + (_moved(held, step) if segment is None else 0)


def opening_figure(run: RunRecord, host: str, rest: str, find: Find) -> Figure:
    """What a segment brings to a setting before any adjustment: its person-years × the annual rate."""
    segment, _, setting = rest.rpartition(":")
    held = run.hosts[host]
    rate = next(rate for rate in _rates(held) if (rate["segment"], rate["setting"]) == (segment, setting))
    draft = Draft(
        f"{host}:budget.opening:{rest}", f"{run.segment(segment)}, {run.setting(setting)}, before adjustments"
    )
    keys = [f"{host}:people:{segment}", f"{host}:rate:{rest}"]
    exact = _person_years(held, segment) * rate["pence"]
    return draft.made(exact, keys, {"do": "multiply", "with": [child(0), child(1)]}, find)


def rate_figure(run: RunRecord, host: str, rest: str, find: Find) -> Figure:  # noqa: ARG001 - as every kind
    """An annual rate of the contract, or of the dated table that it names."""
    segment, _, setting = rest.rpartition(":")
    held = run.hosts[host]
    rate = next(rate for rate in _rates(held) if (rate["segment"], rate["setting"]) == (segment, setting))
    label = f"Annual rate: {run.segment(segment)}, {run.setting(setting)}"
    table = run.settlement["contract"].get("rate_table")
    words = (
        f"the rate table {table['title']}"
        if table
        else f"the contract, clause {_clause(held)}".removesuffix(", clause ")
    )
    draft = Draft(f"{host}:rate:{rest}", label, pence=rate["pence"], clause=_clause(held))
    file = rate["file"]
    origin = Origin("contract", f"{words}: {format_pounds(rate['pence'])} a year", file, rate.get("line", 0),
                    run.document_hash(file))  # fmt: skip
    return draft.leaf(rate["pence"], origin)


def factor_figure(run: RunRecord, host: str, rest: str, find: Find) -> Figure:  # noqa: ARG001 - as every kind
    """What an adjustment multiplies a segment's budget so far by."""
    step, _, segment = rest.partition(":")
    held = run.hosts[host]
    adjustment = _adjustment(held, step)
    title = next(said["title"] for said in held["budget_steps"] if said["id"] == step)
    draft = Draft(f"{host}:factor:{rest}", f"Factor: {title}", "number", clause=_step_clause(held, step))
    return draft.leaf(Fraction(adjustment["factors"][segment]), _adjustment_origin(run, host, step))


def _adjustment(held: Mapping[str, Any], step: str) -> Mapping[str, Any]:
    return next(one for one in held["working"]["budget"]["adjustments"] if one["step"] == step)


def _step_clause(held: Mapping[str, Any], step: str) -> str:
    return str(next(said["clause"] for said in held["budget_steps"] if said["id"] == step))


def _adjustment_origin(run: RunRecord, host: str, step: str) -> Origin:
    held = run.hosts[host]
    adjustment, clause = _adjustment(held, step), _step_clause(held, step)
    words = f"the contract{f', clause {clause}' if clause else ''}: {adjustment['words']}"
    return Origin("contract", words, adjustment["file"], adjustment["line"], run.document_hash(adjustment["file"]))


def cell_figure(run: RunRecord, host: str, rest: str, find: Find) -> Figure:
    """The budget of a segment and setting after all adjustments, in whole pence that add to the budget."""
    segment, _, setting = rest.rpartition(":")
    held = run.hosts[host]
    cells = held["budget_cells"]
    cell = next(cell for cell in cells if (cell["segment"], cell["setting"]) == (segment, setting))
    label = f"{run.segment(segment)}, {run.setting(setting)}" if setting else segment
    draft = Draft(f"{host}:budget.cell:{rest}", f"Budget: {label}", pence=cell["pence"])
    last = _steps(held)[-1]
    if segment == TRANSFERS:
        return draft.made(_moved(held, last), [f"{host}:budget.after:{last}:{TRANSFERS}"], child(0), find)
    exact = [_cell_after(held, last, rate) for rate in _rates(held)]
    names = [(rate["segment"], rate["setting"]) for rate in _rates(held)]
    place = names.index((segment, setting))
    whole = sum(other["pence"] for other in cells if other["segment"] != TRANSFERS)
    total = sum(exact, Fraction(0))
    if not total:
        return draft.made(exact[place], [f"{host}:budget.opening:{rest}"], child(0), find)
    shared = {"by": "proportion", "whole": whole, "parts": [str(part) for part in exact], "place": place}
    draft = Draft(draft.key, draft.label, pence=cell["pence"], whole_pence_of=shared)
    keys = [f"{host}:budget.opening:{rest}"]
    keys += [f"{host}:factor:{adjustment['step']}:{segment}" for adjustment in _until(held, last)]
    rule: dict[str, Any] = {"do": "multiply", "with": [child(one) for one in range(len(keys))]}
    return draft.made(exact[place], keys, rule if len(keys) > 1 else child(0), find)


def people_figure(run: RunRecord, host: str, segment: str, find: Find) -> Figure:
    """The person-years of a segment: the units counted, by the units of a year."""
    part = next(part for part in run.hosts[host]["people"] if part["segment"] == segment)
    draft = Draft(
        f"{host}:people:{segment}", f"Person-years: {run.segment(segment)}", "number",
        shown=f"{shown_number(_person_years(run.hosts[host], segment))} person-years",
        words=f"{part['units_per_year']} a year make one person-year",
    )  # fmt: skip
    rule = {"do": "divide", "with": [child(0), {"number": str(part["units_per_year"])}]}
    return draft.made(_person_years(run.hosts[host], segment), [f"{host}:units:{segment}"], rule, find)


_UNITS = {"person_days": "person-days", "quarter_snapshot": "quarters counted", "annual_snapshot": "people counted"}


def units_figure(run: RunRecord, host: str, segment: str, find: Find) -> Figure:  # noqa: ARG001 - as every kind
    """The units that were counted of a segment: person-days, or quarters, or people on a day."""
    part = next(part for part in run.hosts[host]["people"] if part["segment"] == segment)
    unit = _UNITS.get(run.settlement["contract"]["counting"], "units")
    draft = Draft(
        f"{host}:units:{segment}", f"Counted: {run.segment(segment)}", "number", shown=f"{part['units']:,} {unit}",
        rests_on=run.files_of_kind(*PEOPLE_KINDS),
    )  # fmt: skip
    words = f"{unit} counted from the people's registrations by the contract's rules"
    return draft.leaf(part["units"], Origin("people counted", words, counts={"people": few(part["people"])}))


def person_years_figure(run: RunRecord, host: str, rest: str, find: Find) -> Figure:  # noqa: ARG001 - as every kind
    """The person-years of all segments."""
    held = run.hosts[host]
    keys = [f"{host}:people:{part['segment']}" for part in held["people"]]
    exact = Fraction(held["position"]["person_years"])
    shown = f"{shown_number(exact)} person-years"
    draft = Draft(f"{host}:person_years", "Person-years of all segments", "number", shown=shown)
    return draft.made(exact, keys, sum_of(len(keys)), find)


def back_pay_figure(run: RunRecord, host: str, rest: str, find: Find) -> Figure:  # noqa: ARG001 - as every kind
    """What was first counted for, or what a month is made good by."""
    pay = run.hosts[host]["back_pay"]
    rests_on = run.files_of_kind(*PEOPLE_KINDS, "registrations first counted on")
    if rest.isdigit():
        month = next(month for month in pay["months"] if month["month"] == int(rest))
        label, pence = f"Back-pay for {MONTH_NAMES[int(rest) - 1]}", month["pence"]
        more = f"{month['units']:+,} {pay['unit']} against those first counted, at the contract's rates, adjusted"
    else:
        label = {"whole_year": "The whole year on the people first counted"}.get(rest, "What was first counted for")
        pence = pay[f"{rest}_pence"]
        more = "the people first counted, at the contract's rates, adjusted and rounded as the budget is"
    draft = Draft(f"{host}:back_pay:{rest}", label, pence=pence, rests_on=rests_on)
    return draft.leaf(pence, Origin("earlier count", more))
