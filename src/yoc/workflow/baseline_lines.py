"""One baseline year from its files: people counted, lines charged and cut; refused where the year is not whole."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from yoc.activity import Activity, charge_activity, threshold_at_rank
from yoc.activity.cost import FATES
from yoc.baseline import Outliers, SegmentYear, YearOfCost
from yoc.contract.model import ActivityContract
from yoc.contract.terms.stop_loss import Parameters as StopLoss
from yoc.core.findings import Finding, FindingsError, Level, stop_if_any
from yoc.core.periods import MONTH_NAMES
from yoc.engine import Engine
from yoc.intake import FileAccount, missing_months, read_activity
from yoc.population import Counted
from yoc.workflow.count_plan import count_plan
from yoc.workflow.plan import Job
from yoc.workflow.settle_plan import Progress, read_people_and_small

FEWEST_PEOPLE = 5
"""A rate of fewer people than this would be what one of them costs."""
FEWEST_OVER = 20
"""At a percentile, at least so many people have to lie above it."""
_MEND = "wait for the missing part, use another year, or say in `accept_gaps` why a provider has none"


@dataclass(frozen=True)
class SetAsidePart:
    """Money that a year's files hold and its rates do not, by reason."""

    year: str
    reason: str
    lines: int
    submitted_pence: int


@dataclass(frozen=True)
class ReadYear:
    """A baseline year as it was read: its cost, what its rates do not hold, the accounts of its files."""

    cost: YearOfCost
    set_aside: tuple[SetAsidePart, ...]
    accounts: tuple[FileAccount, ...]


def read_baseline_year(
    job: Job,
    weight: Fraction,
    outliers: Outliers | None,
    settings: Sequence[str],
    accepted: Sequence[str],
    progress: Progress,
) -> ReadYear:
    """Count, charge and cut one year. Raises ``FindingsError`` where an input cannot be used or the year is not whole.

    ``settings`` are those whose rates are built, ``accepted`` the providers whose missing months are known.
    """
    year = job.plan.year
    with Engine(job.plan.memory) as engine:
        with progress.stage(f"{year}: people", 2) as step:
            people_accounts, _, practice_map, small = read_people_and_small(engine, job)
            step()
            counted = count_plan(engine, job, practice_map)
            step()
        with progress.stage(f"{year}: activity", len(job.activity_files)) as step:
            kept = job.contract.activity.price.basis != "book"
            activity_accounts, activity_rejects = read_activity(
                engine,
                job.activity_files,
                year,
                step,
                profiles=job.profiles,
                store=job.store,
                blank_total_kept=kept,
            )
        with progress.stage(f"{year}: cost", 1) as step:
            threshold = _threshold(engine, job, outliers)
            units_per_year = next(iter(counted.people.values())).units_per_year
            cut, file = _cut(job.contract, outliers, threshold), job.contract_document.file
            activity = charge_activity(engine, cut, job.prices, year, units_per_year, file)
            gaps = missing_months(engine, year)
            step()
    stop_if_any(_not_whole(job, counted, activity, settings, gaps, accepted))
    cost = YearOfCost(year, weight, tuple(_segments(job, counted, activity, settings)), threshold, activity.people_over)
    accounts = (*people_accounts, *small.accounts, *activity_accounts)
    rejected = sum(account.rejected_pence for account in accounts)
    aside = list(_set_aside(str(year), activity))
    if rejected or activity_rejects:
        aside.append(SetAsidePart(str(year), "the row cannot be read", len(activity_rejects), rejected))
    return ReadYear(cost, tuple(aside), accounts)


def _threshold(engine: Engine, job: Job, outliers: Outliers | None) -> int | None:
    if outliers is None or outliers.over_percentile is None:
        return outliers.over_sum if outliers is not None else None
    file = job.contract_document.file
    threshold, over = threshold_at_rank(engine, job.contract, job.prices, job.plan.year, outliers.over_percentile, file)
    if over < FEWEST_OVER:
        message = f"in {job.plan.year} fewer than {FEWEST_OVER} people cost more than the percentile"
        mend = "choose a lower percentile, or a sum (`over_sum`)"
        raise FindingsError([Finding("BASELINE-SMALL", Level.SUBMISSION, message, mend, job.plan.plan)])
    return threshold


def _cut(contract: ActivityContract, outliers: Outliers | None, threshold: int | None) -> ActivityContract:
    """The contract with the plan's cut in place of its own stop-loss, which is about who bears, not what was spent."""
    terms = tuple(term for term in contract.terms if not isinstance(term, StopLoss))
    if outliers is not None:
        fields = {"threshold": threshold, "share": "100%", "borne_by": "commissioner", "pro_rata": outliers.pro_rata}
        cut = StopLoss.model_validate({"id": "outliers", "kind": "stop_loss", "taken": "in_proportion", **fields})
        terms = (*terms, cut)
    return contract.model_copy(update={"terms": terms})


def _segments(job: Job, counted: Counted, activity: Activity, settings: Sequence[str]) -> Iterator[SegmentYear]:
    for segment in job.contract.population.segments:
        cost, over = dict.fromkeys(settings, Fraction(0)), dict.fromkeys(settings, Fraction(0))
        for cell in activity.cells:
            if cell.segment == segment.id and cell.setting in cost:
                cost[cell.setting] += cell.amount
                over[cell.setting] += cell.over_threshold
        person_years = sum((people.person_years(segment.id) for people in counted.people.values()), Fraction(0))
        yield SegmentYear(segment.id, person_years, cost, over)


def _set_aside(year: str, activity: Activity) -> Iterator[SetAsidePart]:
    totals: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for part in activity.by_fate:
        lines, pence = totals[part.fate]
        totals[part.fate] = (lines + part.lines, pence + part.submitted_pence)
    for fate in FATES:
        if fate != "charged" and fate in totals:
            yield SetAsidePart(year, FATES[fate], *totals[fate])


def _not_whole(
    job: Job,
    counted: Counted,
    activity: Activity,
    settings: Sequence[str],
    gaps: Mapping[str, Sequence[str]],
    accepted: Sequence[str],
) -> Iterator[Finding]:
    """Everything by which the year is less than a whole one: no contract may rest on such a baseline."""
    year = job.plan.year
    for provider in sorted({cell.provider for cell in activity.cells}):
        if provider in gaps and provider not in accepted:
            message = f"in {year} provider {provider} has no line for {', '.join(gaps[provider])}"
            yield Finding("BASELINE-INCOMPLETE", Level.SUBMISSION, message, _MEND, job.plan.plan)
    for setting in settings:
        months = {cell.month for cell in activity.cells if cell.setting == setting}
        lacking = [name for month, name in enumerate(MONTH_NAMES, 1) if month not in months]
        if lacking:
            when = "any month" if not months else ", ".join(lacking)
            message = f"in {year} no line of {setting} care was charged in {when}"
            mend = "find the missing files, or give the setting's rates as agreed, under `given:`"
            yield Finding("BASELINE-INCOMPLETE", Level.SUBMISSION, message, mend, job.plan.plan)
    for segment in job.contract.population.segments:
        heads = sum(
            number
            for people in counted.people.values()
            for number in people.people_by_segment_and_units.get(segment.id, {}).values()
        )
        if heads < FEWEST_PEOPLE:
            message = f"in {year} fewer than {FEWEST_PEOPLE} people counted in segment {segment.id}"
            mend = "put the segment together with another: a rate of so few would show what one of them cost"
            yield Finding("BASELINE-SMALL", Level.SUBMISSION, message, mend, job.plan.plan)
