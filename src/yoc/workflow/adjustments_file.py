"""A file of adjustments: every row that was not recorded before becomes one, all of them or none."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from yoc.core.findings import Finding, FindingsError, Level, stop_if_any
from yoc.core.identifiers import masked
from yoc.core.money import MoneyError, parse_exact_pounds
from yoc.core.periods import day_of_number
from yoc.intake.text_table import Layout, read_text_table
from yoc.intake.texts import read_day
from yoc.store.journal import Movement, Postings, writing_several
from yoc.store.runs import CORRECTIONS
from yoc.store.year_tables import Adjustment
from yoc.workflow.year import YearOf, parties_of, refuse_unless
from yoc.workflow.year_money import write_adjustment

ADJUSTMENTS = Layout(
    "adjustments",
    {
        "reference": ("REFERENCE",),
        "payer": ("PAYER", "PAYER CODE"),
        "payee": ("PAYEE", "PAYEE CODE"),
        "amount": ("AMOUNT",),
        "reason": ("REASON",),
        "evidence": ("EVIDENCE",),
        "effective": ("EFFECTIVE", "EFFECTIVE DATE"),
    },
    frozenset({"effective"}),
    "give the file the columns reference, payer, payee, amount, reason, evidence and, if need be, effective",
)


@dataclass(frozen=True)
class AdjustmentRow:
    """A row of the file, read and found right but for what the store knows."""

    row: int
    reference: str
    payer: str
    payee: str
    pence: int
    reason: str
    evidence: str
    effective: dt.date

    def is_the_same(self, recorded: Adjustment) -> bool:
        """Whether an adjustment that was recorded says the same."""
        names = ("reference", "payer", "payee", "pence", "reason", "evidence", "effective")
        return all(getattr(self, name) == getattr(recorded, name) for name in names)


@dataclass(frozen=True)
class Adjusted:
    """What became of a file: the rows that were recorded now with their postings, and how many were before."""

    recorded: tuple[tuple[int, AdjustmentRow], ...]
    known: int


def adjust_from_file(year: YearOf, path: Path, by: str) -> Adjusted:
    """Record the adjustments of a file, whole or not at all; a row whose reference has it already posts nothing again.

    Raises ``FindingsError`` with every row that cannot be, by its number, or where the year does not allow it.
    """
    with writing_several(year.store) as postings:
        refuse_unless(postings.reader, year.contract, str(year.year), "adjust")
        parties = parties_of(postings.reader, year)
        rows = _read(path, parties, year.year.last_day)
        new = _not_recorded(postings, year, rows, path.name)
        recorded = []
        for row in new:
            writer = postings.begin(year.act("adjust", by, row.effective, row.reason, row.evidence))
            of = Movement("adjustment", "", "adjustment", row.reference, "", "", "", 0)
            write_adjustment(writer, row.payer, row.payee, row.pence, of, reference=row.reference)
            recorded.append((writer.number, row))
    return Adjusted(tuple(recorded), len(rows) - len(new))


def _read(path: Path, parties: Mapping[str, str], last_day: dt.date) -> list[AdjustmentRow]:
    text = read_text_table(path, path.name, ADJUSTMENTS)
    findings = [
        _fault("FIELD-VALUE", path.name, row, "the row has another number of columns than the header")
        for row in text.misfit_rows
    ]
    rows: list[AdjustmentRow] = []
    seen: dict[str, int] = {}
    for cells in text.table.to_pylist():
        problems = _problems(cells, parties)
        reference = cells["reference"].strip()
        if reference in seen:
            problems.append(("REFERENCE-REPEATED", f"its reference is that of row {seen[reference]}"))
        seen.setdefault(reference, cells["row_number"])
        findings += [_fault(code, path.name, cells["row_number"], message) for code, message in problems]
        if not problems:
            rows.append(_row(cells, last_day))
    stop_if_any(findings)
    return rows


def _problems(cells: Mapping[str, Any], parties: Mapping[str, str]) -> list[tuple[str, str]]:
    """What is wrong with a row: code and words, in which no value of the file stands but codes of parties."""
    found = [("FIELD-VALUE", f"the {name} is empty") for name in ("reference", "evidence") if not cells[name].strip()]
    if any(masked(cells[name]) != cells[name] for name in ("reference", "evidence", "reason")):
        found.append(("PERSON-NAMED", "the reference or the evidence holds what can be read as an NHS number"))
    known = f"its parties are {', '.join(sorted(parties))}"
    for side in ("payer", "payee"):
        if cells[side].strip() not in parties:
            found.append(("AMOUNT-INVALID", f"the {side} is no party of the contract; {known}"))
    if cells["payer"].strip() == cells["payee"].strip():
        found.append(("AMOUNT-INVALID", "payer and payee are the same"))
    if cells["reason"].strip() not in CORRECTIONS:
        found.append(("FIELD-VALUE", f"the reason is none of {', '.join(CORRECTIONS)}"))
    try:
        pence = _exact_pence(cells["amount"])
        if pence.denominator != 1:
            found.append(("AMOUNT-INVALID", "the amount holds part of a penny: money is whole pence"))
        elif not pence:
            found.append(("AMOUNT-INVALID", "the sum is nothing"))
    except MoneyError:
        found.append(("AMOUNT-INVALID", "the amount is not a sum of money"))
    if (cells["effective"] or "").strip() and read_day(cells["effective"]) is None:
        found.append(("FIELD-VALUE", "the day from which it holds is not a date"))
    return found


def _row(cells: Mapping[str, Any], last_day: dt.date) -> AdjustmentRow:
    day = read_day(cells["effective"] or "")
    return AdjustmentRow(
        row=cells["row_number"],
        reference=cells["reference"].strip(),
        payer=cells["payer"].strip(),
        payee=cells["payee"].strip(),
        pence=int(_exact_pence(cells["amount"])),
        reason=cells["reason"].strip(),
        evidence=cells["evidence"].strip(),
        effective=last_day if day is None else day_of_number(day),
    )


def _exact_pence(text: str) -> Fraction:
    stripped = text.strip().replace("£", "")
    return parse_exact_pounds(f"-£{stripped[1:]}" if stripped.startswith("-") else f"£{stripped}")


def _not_recorded(postings: Postings, year: YearOf, rows: Sequence[AdjustmentRow], file: str) -> list[AdjustmentRow]:
    """The rows that were not recorded before. Raises where one was with the same reference and something else."""
    before = postings.reader.of_year(Adjustment, year.contract, str(year.year))
    recorded = {row.reference or row.evidence: row for row in before}
    findings = [
        _fault(
            "REFERENCE-REPEATED", file, row.row,
            f"its reference was used before in posting {recorded[row.reference].posting}, for something else",
        )
        for row in rows
        if row.reference in recorded and not row.is_the_same(recorded[row.reference])
    ]  # fmt: skip
    if findings:
        raise FindingsError(findings)
    return [row for row in rows if row.reference not in recorded]


_MENDS = {
    "REFERENCE-REPEATED": "give it its own reference; what was recorded is corrected by another row, not by this one",
    "PERSON-NAMED": "nothing about a person is recorded: name the letter, not the patient",
}


def _fault(code: str, file: str, row: int, message: str) -> Finding:
    return Finding(code, Level.SUBMISSION, message, _MENDS.get(code, "correct the row"), file, row)
