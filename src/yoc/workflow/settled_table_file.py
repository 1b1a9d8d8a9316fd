"""A settled table written out: one row a host, every named amount, what is due; CSV or a workbook."""

import csv
import io
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from yoc import __version__
from yoc.contract.inputs import InputValues
from yoc.core.findings import Finding, FindingsError, Level
from yoc.core.rates import format_decimal
from yoc.report.table import Column, Kind, Table
from yoc.report.workbook import Frame, workbook_bytes
from yoc.workflow.settle_table import SettledTable
from yoc.workflow.writing import write_whole

_PLACES = 6
_START = ("row", "host", "contract", "version", "status", "contract year", "financial year")
_NO_DAY = "2000-01-01"
"""A table of positions has no day of its own; equal figures are equal bytes."""


def refuse_unwritable(path: Path, inputs: Sequence[Path]) -> None:
    """Raise ``FindingsError`` where nothing could be written to the path, or only in place of one of the inputs."""
    if path.suffix.lower() not in (".csv", ".xlsx"):
        _refuse("FILE-UNREADABLE", f"{path.name} is neither a .csv nor a .xlsx file", "name the file .csv or .xlsx")
    if not path.parent.is_dir():
        _refuse("FILE-MISSING", f"the folder {path.parent} is not there", "make the folder first, or name another")
    if any(path.resolve() == file.resolve() for file in inputs):
        _refuse("FILE-EXISTS", f"{path} is one of the files that are read", "name another file to write")


def _refuse(code: str, message: str, mend: str) -> None:
    raise FindingsError([Finding(code, Level.SUBMISSION, message, mend)])


def write_settled_table(settled: SettledTable, path: Path) -> None:
    """Write the file whole or not at all, as CSV or as a workbook by its name."""
    headings, rows = table_of(settled)
    if path.suffix.lower() == ".csv":
        text = io.StringIO(newline="")
        safe = ([no_formula(cell) for cell in row] for row in rows)
        csv.writer(text, lineterminator="\r\n").writerows([headings, *safe])
        write_whole(path, text.getvalue().encode("utf-8-sig"))
    else:
        write_whole(path, _workbook(settled, headings, rows))


def no_formula(cell: str) -> str:
    """A cell that a spreadsheet would take for a formula, marked as text; a sum below nothing is none."""
    return f"'{cell}" if cell[:1] in "=+@\t\r" and cell[:1] else cell


def table_of(settled: SettledTable) -> tuple[list[str], list[list[str]]]:
    """Headings and rows as text. Sums are in the currency's units with pence; rates and numbers to six decimals."""
    made = dict.fromkeys(
        name for each in settled.rows for term in each.contract.terms for name in term.makes() if "." not in name
    )
    more = dict.fromkeys(
        name for each in settled.rows for term in each.contract.terms for name in term.makes() if "." in name
    )
    names = [*made, *more]
    given = {
        name: declared.kind
        for contract in {id(each.contract): each.contract for each in settled.rows}.values()
        for name, declared in contract.inputs().items()
        if name != "contract_year"
    }
    headings = [*_START, "due", *names, *(f"given: {name}" for name in given), "compared", "not settled"]
    rows = []
    numbers = {
        name for each in settled.rows for term in each.contract.terms for name in term.makes() if term.is_number(name)
    }
    expected: dict[int, list[str]] = {}
    for compared in settled.compared:
        figure = "" if compared.expected is None else _sum(compared.expected)
        expected.setdefault(compared.row_number, []).append(f"{compared.expectation.column} {figure}".strip())
    for each in settled.rows:
        amounts = each.settlement.amounts
        cells = [
            "" if name not in amounts else _number(amounts[name]) if name in numbers else _sum(amounts[name])
            for name in names
        ]
        due = _sum(Fraction(each.settlement.closing_pence))
        compared_with = "; ".join(expected.get(each.row.row_number, []))
        contract, year = each.contract, str(each.settlement.position.contract_year)
        start = [str(each.row.row_number), each.row.host, contract.contract, contract.version, contract.status.value]
        inputs = [_given(each.row.values, name, kind) for name, kind in given.items()]
        rows.append([*start, year, each.financial_year, due, *cells, *inputs, compared_with, ""])
    for row in settled.not_settled:
        why = f"without {', '.join(row.missing)}"
        inputs = [_given(row.values, name, kind) for name, kind in given.items()]
        rows.append(
            [str(row.row_number), row.host, row.contract, *("" for _ in _START[3:]), "", *("" for _ in names), *inputs,
             "", why]
        )  # fmt: skip
    return headings, sorted(rows, key=lambda cells: int(cells[0]))


def _given(values: InputValues, name: str, kind: str) -> str:
    """What a row gives for an input, or what stood in its place; nothing where neither."""
    if name not in values.values:
        return values.choices.get(name, "")
    figure = values.values[name]
    return _sum(figure) if kind == "money" else ("yes" if figure else "no") if kind == "flag" else _number(figure)


def _sum(pence: Fraction) -> str:
    """An exact amount of pence in the currency's units, with two decimals or, where it has more, up to six."""
    units = pence / 100
    if (units * 100).denominator == 1:
        return format_decimal(units, 2)
    return _trimmed(format_decimal(units, _PLACES))


def _number(number: Fraction) -> str:
    return _trimmed(format_decimal(number, _PLACES))


def _trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def _workbook(settled: SettledTable, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    flags = {f"given: {name}" for each in settled.rows for name, one in each.contract.inputs().items()
             if one.kind in ("flag", "choice")}  # fmt: skip
    words = {*_START, "compared", "not settled", *flags}
    columns = tuple(Column(name, Kind.TEXT if name in words else Kind.DECIMAL) for name in headings)
    about = f"{len(settled.rows)} hosts settled from a table of positions, sums in {settled.sign}"
    cells = tuple(tuple(cell or None for cell in row) for row in rows)
    table = Table("Settled", "Settled positions", about, columns, cells, notes=(about,), frozen_columns=2)
    return workbook_bytes([table], Frame("Settled positions", (), "", f"yoc {__version__}", _NO_DAY))
