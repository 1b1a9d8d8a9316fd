"""The small tables from which budgets are built: yearly totals, annual rates, weighted populations; every fault told.

They are CSV, Excel or Parquet, a header row first. Columns are found without regard to case, spaces and underscores.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from yoc.contract.budget import ALL_CARE, BUDGET_SETTINGS
from yoc.core.fields import parse_name
from yoc.core.findings import Finding, FindingsError, Level
from yoc.core.periods import FinancialYear, PeriodError
from yoc.intake.number_text import NumberTextError, parse_number_text
from yoc.intake.table_file import Table, read_table


@dataclass(frozen=True)
class YearlyTotal:
    """What one segment and setting cost in one year, in exact pence, with the days that its people counted.

    ``months`` is how many months of the year the cost covers; ``over_pence`` the part over a person's threshold, where
    the table has it.
    """

    row: int
    year: FinancialYear
    months: int
    segment: str
    setting: str
    person_days: int
    cost_pence: Fraction
    over_pence: Fraction | None


@dataclass(frozen=True)
class AnnualRate:
    """One rate of a table of rates, in whole pence."""

    segment: str
    setting: str
    pence: int


@dataclass(frozen=True)
class PracticePopulation:
    """A practice's registered people, and its weighted people by component (a column each)."""

    practice: str
    registered: Fraction
    weighted: dict[str, Fraction]


class _Fault(ValueError):
    """What is wrong with a cell, to follow its column."""


def read_yearly_totals(path: Path, name: str) -> tuple[list[YearlyTotal], str]:
    """The rows of yearly totals, and the file's hash. Raises ``FindingsError`` with every row that cannot be used."""
    readers: dict[str, Callable[[str], Any]] = {
        "year": _year, "months": _whole, "segment": _name, "setting": _setting, "person_days": _whole, "cost": _pounds,
        "over_threshold": _pounds,
    }  # fmt: skip
    table = read_table(path, name)
    read = _rows(table, readers, optional=("over_threshold",))
    totals = [
        YearlyTotal(
            row, cells["year"], cells["months"], cells["segment"], cells["setting"], cells["person_days"],
            cells["cost"], cells.get("over_threshold"),
        )
        for row, cells in read
    ]  # fmt: skip
    _refuse_repeated(table, [(total.row, (str(total.year), total.segment, total.setting)) for total in totals])
    return totals, table.sha256


def read_annual_rates(path: Path, name: str, sheet: str | None = None) -> tuple[list[AnnualRate], str]:
    """The rows of a table of rates, and the file's hash. Raises ``FindingsError`` with every row at fault."""
    table = read_table(path, name, sheet)
    read = _rows(table, {"segment": _name, "setting": _setting, "annual_rate": _whole_pence})
    _refuse_repeated(table, [(row, (cells["segment"], cells["setting"])) for row, cells in read])
    return [AnnualRate(cells["segment"], cells["setting"], cells["annual_rate"]) for _, cells in read], table.sha256


def read_populations(path: Path, name: str, components: Sequence[str]) -> tuple[list[PracticePopulation], str]:
    """Each practice's populations, and the file's hash. Raises ``FindingsError`` with every row at fault."""
    table = read_table(path, name)
    readers: dict[str, Callable[[str], Any]] = {"practice": _name, "registered": _number_above_zero}
    read = _rows(table, readers | dict.fromkeys(components, _number_above_zero))
    _refuse_repeated(table, [(row, (cells["practice"],)) for row, cells in read])
    practices = [
        PracticePopulation(
            cells["practice"], cells["registered"], {component: cells[component] for component in components}
        )
        for _, cells in read
    ]
    return practices, table.sha256


def _rows(
    table: Table, readers: dict[str, Callable[[str], Any]], optional: Sequence[str] = ()
) -> list[tuple[int, dict[str, Any]]]:
    """Every row's cells by column, read. A column that is optional may be missing, and not blank where it is there."""
    headers = [_loose(header) for header in table.headers]
    places = {column: headers.index(_loose(column)) for column in readers if _loose(column) in headers}
    twice = [column for column in readers if headers.count(_loose(column)) > 1]
    there, at = f"it has: {', '.join(table.headers)}", (table.file, table.header_row or None)
    findings = [
        Finding("COLUMN-MISSING", Level.SUBMISSION, f"column {column} is missing", there, *at)
        for column in readers
        if column not in places and column not in optional
    ]  # fmt: skip
    findings += [
        Finding("COLUMN-TWICE", Level.SUBMISSION, f"more than one column means {column}", "keep one", *at)
        for column in twice
    ]  # fmt: skip
    if findings:
        raise FindingsError(findings)
    read = []
    for row in table.rows:
        cells = {}
        for column, place in places.items():
            try:
                cells[column] = readers[column](row.cells[place].strip())
            except _Fault as fault:
                findings.append(fault_at(table.file, row.number, f"column {column}: {row.cells[place]!r} {fault}"))
        read.append((row.number, cells))
    if findings:
        raise FindingsError(findings)
    return read


def fault_at(file: str, row: int | None, message: str, mend: str = "correct the table") -> Finding:
    """A fault of a table from which a budget is built."""
    return Finding("BUDGET-TABLE", Level.SUBMISSION, message, mend, file, row)


def _refuse_repeated(table: Table, keys: Sequence[tuple[int, tuple[str, ...]]]) -> None:
    first: dict[tuple[str, ...], int] = {}
    findings = []
    for row, key in keys:
        if key in first:
            findings.append(
                fault_at(table.file, row, f"{', '.join(key)} stands in row {first[key]} as well", "keep one")
            )
        first.setdefault(key, row)
    if findings:
        raise FindingsError(findings)


def _loose(name: str) -> str:
    return re.sub(r"[\s_-]", "", name).casefold()


def _year(text: str) -> FinancialYear:
    try:
        return FinancialYear.parse(text)
    except PeriodError:
        raise _Fault("is not a financial year: write it as 2026/27") from None


def _name(text: str) -> str:
    try:
        return parse_name(text)
    except ValueError:
        raise _Fault("is not a name: use letters, digits, hyphens, underscores and full stops") from None


def _setting(text: str) -> str:
    known = (*BUDGET_SETTINGS, ALL_CARE)
    if text not in known:
        raise _Fault(f"is no setting of a budget: use {', '.join(known[:-1])} or {known[-1]}")
    return text


def _number(text: str) -> Fraction:
    try:
        number = parse_number_text(text)
    except NumberTextError as error:
        raise _Fault(str(error)) from None
    if number.is_percent:
        raise _Fault("is a percentage, and a number is needed here")
    return number.value


def _number_above_zero(text: str) -> Fraction:
    number = _number(text)
    if number <= 0:
        raise _Fault("is not above nothing")
    return number


def _whole(text: str) -> int:
    number = _number(text)
    if number.denominator != 1 or number < 0:
        raise _Fault("is not a whole number from nothing on")
    return int(number)


def _pounds(text: str) -> Fraction:
    return _number(text) * 100


def _whole_pence(text: str) -> int:
    pence = _pounds(text)
    if pence.denominator != 1 or pence < 0:
        raise _Fault("is not a sum in whole pence, from nothing on")
    return int(pence)
