"""What others say of the size of the population: stated totals of the cohort, and published list sizes of practices."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from yoc.contract.stated import ListSize, StatedTotal
from yoc.core.findings import Finding, FindingsError, Level
from yoc.core.periods import FinancialYear, day_number
from yoc.intake.account import FileAccount
from yoc.intake.layouts import LIST_SIZES, STATED_TOTALS
from yoc.intake.text_table import Layout, TextTable, read_text_table
from yoc.intake.texts import read_day

_MONTH = re.compile(r"^[0-9]{4}-[0-9]{2}$")


def read_stated_totals(
    path: Path, file: str, year: FinancialYear, hosts: Sequence[str], segments: Sequence[str]
) -> tuple[list[StatedTotal], FileAccount]:
    """The stated totals in their order. A month (`2026-06`) stands for its first day; a blank host or segment for all.

    Raises ``FindingsError`` with every row that cannot be used.
    """
    text = read_text_table(path, file, STATED_TOTALS)
    findings, totals = list(_misfits(text)), []
    for row in text.table.to_pylist():
        host, segment = row["host"].strip(), (row["segment"] or "").strip()
        day = _day_or_month(row["day"])
        people = _count(row["people"])
        problems = _problems(host, segment, day, year, hosts, segments)
        if people is None:
            problems.append("the number of people is not a whole number")
        findings.extend(_fault(file, row, problem) for problem in problems)
        if not problems and day is not None and people is not None:
            totals.append(StatedTotal(host, segment, day, people, row["row_number"]))
    if findings:
        raise FindingsError(findings)
    return totals, _account(text, STATED_TOTALS)


def _problems(
    host: str, segment: str, day: int | None, year: FinancialYear, hosts: Sequence[str], segments: Sequence[str]
) -> list[str]:
    problems = []
    if host and host not in hosts:
        problems.append(f"the host is no host of the contract: they are {', '.join(hosts)}")
    if segment and segment not in segments:
        problems.append(f"the segment is no segment of the contract: they are {', '.join(segments)}")
    if day is None:
        problems.append("the day is neither a date nor a month, as 2026-06-01 or 2026-06")
    elif not day_number(year.first_day) <= day <= day_number(year.last_day):
        problems.append(f"the day is not in {year}")
    return problems


def read_list_sizes(path: Path, file: str) -> tuple[list[ListSize], FileAccount]:
    """The list size of each practice on the day of its extract. Raises ``FindingsError`` with every faulty row."""
    text = read_text_table(path, file, LIST_SIZES)
    findings, sizes = list(_misfits(text)), []
    seen: dict[tuple[str, int], int] = {}
    for row in text.table.to_pylist():
        practice, day, people = row["practice"].strip().upper(), read_day(row["extract_date"]), _count(row["people"])
        if day is None:
            findings.append(_fault(file, row, "the extract date is not a date"))
        elif people is None:
            findings.append(_fault(file, row, "the number of patients is not a whole number"))
        elif (practice, day) in seen:
            message = f"practice {practice} has a list size for that day on row {seen[practice, day]} already"
            findings.append(_fault(file, row, message))
        else:
            seen[practice, day] = row["row_number"]
            sizes.append(ListSize(practice, day, people, row["row_number"]))
    if findings:
        raise FindingsError(findings)
    return sizes, _account(text, LIST_SIZES)


def _day_or_month(text: str) -> int | None:
    return read_day(f"{text.strip()}-01" if _MONTH.match(text.strip()) else text)


def _count(text: str) -> int | None:
    digits = text.strip().replace(",", "")
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) <= 9 else None


def _misfits(text: TextTable) -> Iterator[Finding]:
    for row in text.misfit_rows:
        yield _fault(text.file, {"row_number": row}, "the row has another number of columns than the header")


def _fault(file: str, row: Mapping[str, Any], message: str) -> Finding:
    return Finding("FIELD-VALUE", Level.SUBMISSION, message, "correct the row", file, row["row_number"])


def _account(text: TextTable, layout: Layout) -> FileAccount:
    return FileAccount(text.file, layout.kind, text.sha256, text.rows, text.rows, encoding=text.encoding)
