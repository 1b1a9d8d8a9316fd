"""Baseline years from a table of yearly totals, with every way in which it is less than whole."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

from yoc.baseline import SegmentYear, YearOfCost
from yoc.core.findings import Finding, Level, stop_if_any
from yoc.core.periods import FinancialYear
from yoc.intake.budget_tables import YearlyTotal, fault_at, read_yearly_totals
from yoc.workflow.budget_plan import BaselineYears

FEWEST_PERSON_YEARS = 5


def read_cells(path: Path, name: str, method: BaselineYears) -> list[YearOfCost]:
    """The plan's years in its order. Raises ``FindingsError`` where the table is at fault or a year is not whole."""
    totals, _ = read_yearly_totals(path, name)
    stop_if_any([*_not_of_the_plan(name, totals, method), *_not_whole(name, totals, method)])
    segments = tuple(dict.fromkeys(total.segment for total in totals))
    settings = tuple(dict.fromkeys(total.setting for total in totals))
    by_key = {(total.year, total.segment, total.setting): total for total in totals}
    threshold = method.outliers.over_sum if method.outliers else None
    years = []
    for year in method.years:
        parts = []
        for segment in segments:
            own = {setting: by_key[year.year, segment, setting] for setting in settings}
            person_years = Fraction(own[settings[0]].person_days, year.year.days)
            cost = {setting: total.cost_pence for setting, total in own.items()}
            over = {setting: total.over_pence or Fraction(0) for setting, total in own.items()}
            parts.append(SegmentYear(segment, person_years, cost, over))
        years.append(YearOfCost(year.year, year.weight, tuple(parts), threshold))
    return years


def _not_of_the_plan(name: str, totals: Sequence[YearlyTotal], method: BaselineYears) -> Iterator[Finding]:
    """Rows that contradict the plan or each other."""
    years = [year.year for year in method.years]
    days: dict[tuple[object, str], int] = {}
    for total in totals:
        if total.year not in years:
            message = f"{total.year} is no baseline year of the plan"
            yield fault_at(name, total.row, message, "take the row out, or add the year to the plan")
        if total.setting in method.given_settings():
            message = f"the plan gives the rates of {total.setting}, and the table has its cost"
            yield fault_at(name, total.row, message, "keep one of the two")
        first = days.setdefault((total.year, total.segment), total.person_days)
        if first != total.person_days:
            message = f"{total.segment} has {total.person_days:,} person-days here, and {first:,} in another setting"
            yield fault_at(name, total.row, message, "give the segment's person-days of the year in each of its rows")
        if method.outliers is not None and total.over_pence is None:
            yield fault_at(name, total.row, "the plan cuts outliers, and the table has no column `over_threshold`",
                           "add it: what lies over the threshold, as a part of the cost")  # fmt: skip
            return
        if method.outliers is None and total.over_pence:
            message = "the table has cost over a threshold, and the plan does not say what becomes of it"
            yield fault_at(name, total.row, message, "add `outliers:` to the plan, or take the column out")
        if total.over_pence is not None and not 0 <= total.over_pence <= max(total.cost_pence, Fraction(0)):
            yield fault_at(name, total.row, "what lies over the threshold is not a part of the cost")


def _not_whole(name: str, totals: Sequence[YearlyTotal], method: BaselineYears) -> Iterator[Finding]:
    for total in totals:
        if total.months != 12:
            message = f"the cost of {total.segment} in {total.setting} covers {total.months} months of {total.year}"
            mend = "use a whole year, with every month in it"
            yield Finding("BASELINE-INCOMPLETE", Level.SUBMISSION, message, mend, name, total.row)
    few: dict[tuple[FinancialYear, str], int] = {}
    for total in totals:
        if Fraction(total.person_days, total.year.days) < FEWEST_PERSON_YEARS:
            few.setdefault((total.year, total.segment), total.row)
    for (year, segment), row in few.items():
        message = f"in {year} segment {segment} counts fewer than {FEWEST_PERSON_YEARS} person-years"
        mend = "put the segment together with another: a rate of so few would show what one person cost"
        yield Finding("BASELINE-SMALL", Level.SUBMISSION, message, mend, name, row)
    there = {(total.year, total.segment, total.setting) for total in totals}
    for baseline in method.years:
        for segment in dict.fromkeys(total.segment for total in totals):
            for setting in dict.fromkeys(total.setting for total in totals):
                if (baseline.year, segment, setting) not in there:
                    message = f"{baseline.year} has no row for segment {segment} and setting {setting}"
                    mend = "add the row; write 0 where it cost nothing"
                    yield Finding("BASELINE-INCOMPLETE", Level.SUBMISSION, message, mend, name)
