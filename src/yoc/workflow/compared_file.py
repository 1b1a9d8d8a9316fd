"""A comparison of two runs written out: all of it as a workbook, or the bridge as CSV."""

import csv
import io
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from yoc.core.cells import no_formula
from yoc.core.rates import format_decimal
from yoc.report.compared_tables import BRIDGE_HEADINGS, bridge_rows, compared_workbook
from yoc.workflow.settled_table_file import refuse_unwritable
from yoc.workflow.writing import write_whole


def refuse_other_kinds(path: Path) -> None:
    """Raise ``FindingsError`` where the comparison cannot be written to the path."""
    refuse_unwritable(path, [])


def write_compared(content: Mapping[str, Any], path: Path) -> None:
    """Write the file whole or not at all; sums of the CSV are pounds with two decimals, without a sign of currency."""
    if path.suffix.lower() == ".csv":
        write_whole(path, compared_csv(content).encode("utf-8-sig"))
    else:
        write_whole(path, compared_workbook(content))


def compared_csv(content: Mapping[str, Any]) -> str:
    """The bridge as CSV that a spreadsheet opens: a row a host and cause, no cell a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(BRIDGE_HEADINGS)
    for row in bridge_rows(content):
        writer.writerow([_cell(cell) for cell in row])
    return text.getvalue()


def _cell(cell: str | int | None) -> str:
    return format_decimal(Fraction(cell, 100), 2) if isinstance(cell, int) else no_formula(cell or "")
