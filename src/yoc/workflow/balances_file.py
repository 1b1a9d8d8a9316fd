"""Balances written out, CSV or a workbook, and one statement of balances for each party that owes."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from yoc import __version__
from yoc.core.cells import no_formula
from yoc.report.table import Column, Kind, Table, total_row
from yoc.report.workbook import Frame, workbook_bytes
from yoc.workflow.settled_table_file import refuse_unwritable
from yoc.workflow.writing import write_whole
from yoc.workflow.year import YearOf
from yoc.workflow.year_view import Rows, open_disputes_note

COLUMNS = {
    "owing": "Owing",
    "owed": "Owed",
    "due_pence": "Due",
    "invoiced_pence": "Invoiced",
    "accrued_pence": "Accrued",
    "paid_pence": "Paid",
    "outstanding_pence": "Outstanding",
    "disputed_pence": "Disputed",
    "payable_now_pence": "Payable now",
    "statement_needed": "Statement",
    "agreement_needed": "Agreement",
}
"""The columns of a table of balances: what each row has, and how it is headed."""


def balances_table(title: str, sheet: str, rows: Rows, *more: str) -> Table:
    """A table of balances with its totals, and ``more`` notes above it."""
    columns = tuple(
        Column(heading, Kind.POUNDS if name.endswith("pence") else Kind.TEXT, summed=name.endswith("pence"))
        for name, heading in COLUMNS.items()
    )
    cells = tuple(tuple(_cell(row[name]) for name in COLUMNS) for row in rows)
    notes = (
        "Invoiced and accrued come to what is due; due less paid is outstanding; what is not disputed is payable now.",
        "Statement and agreement: needed by the thresholds of the agreement of balances.",
        *more,
    )
    return Table(sheet, title, title, columns, cells, total_row("All", columns, cells), notes, frozen_columns=2)


def _cell(value: object) -> str | int | None:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, int) or value is None else str(value)


def write_balances(year: YearOf, rows: Rows, path: Path, as_of: str, disputes: Sequence[dict[str, Any]] = ()) -> None:
    """Write the balances whole or not at all: a CSV, or a workbook with a sheet for each party that owes.

    ``disputes`` are the open ones, which stand above the tables.
    Raises ``FindingsError`` where the file is of neither kind, or cannot be there.
    """
    refuse_unwritable(path, [])
    title = f"Balances of {year.shown}"
    if path.suffix.lower() == ".csv":
        names = [name for name in rows[0] if name != "in_words"] if rows else list(COLUMNS)
        write_whole(path, rows_csv(rows, names).encode("utf-8-sig"))
        return
    tables = [balances_table(title, "Balances", rows, *_notes(disputes))]
    for owing in dict.fromkeys(row["owing"] for row in rows if row["outstanding_pence"] > 0):
        own = [row for row in rows if row["owing"] == owing]
        theirs = [row for row in disputes if owing in (row["payer"], row["payee"])]
        title_of_own = f"Statement of balances: what {owing} owes"
        tables.append(balances_table(title_of_own, f"Owed by {owing}"[:31], own, *_notes(theirs)))
    write_whole(path, workbook_bytes(tables, Frame(title, (), "", f"yoc {__version__}", as_of)))


def _notes(disputes: Sequence[dict[str, Any]]) -> list[str]:
    return [note for note in [open_disputes_note(list(disputes))] if note]


def rows_csv(rows: Sequence[dict[str, Any]], names: Sequence[str]) -> str:
    """Rows as CSV: whole pence, so that no reader has to guess; what a spreadsheet would take for a formula marked."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(names)
    writer.writerows([_plain(row[name]) for name in names] for row in rows)
    return text.getvalue()


def _plain(value: object) -> object:
    cell = _cell(value)
    return no_formula(cell) if isinstance(cell, str) else cell
