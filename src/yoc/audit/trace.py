"""What a run keeps of its lines, as two CSV files of its folder: written with one spelling, and read again."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import astuple, fields
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar

from yoc.activity.trace import Trace, TracedCell, TracedCode
from yoc.core.cells import no_formula
from yoc.core.findings import refusal

CELLS, CODES = "cells.csv", "codes.csv"
_BILLION = 1_000_000_000
_Row = TypeVar("_Row", TracedCell, TracedCode)


def trace_files(trace: Trace) -> dict[str, str]:
    """The two files by name. Amounts are exact pence in decimals; a month outside the year is blank."""
    return {CELLS: _text(TracedCell, trace.cells), CODES: _text(TracedCode, trace.codes)}


def read_trace(folder: Path) -> Trace:
    """What a run's folder holds of its lines. Raises ``FindingsError`` where a file is missing or is no such file."""
    return Trace(tuple(_read(TracedCell, folder / CELLS)), tuple(_read(TracedCode, folder / CODES)))


def _headings(kind: type[Any]) -> list[str]:
    return [field.name for field in fields(kind)]


def _text(kind: type[Any], rows: Sequence[TracedCell] | Sequence[TracedCode]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_headings(kind))
    writer.writerows([_cell(value, name) for value, name in zip(astuple(row), _headings(kind), strict=True)]
                     for row in rows)  # fmt: skip
    return text.getvalue()


def _cell(value: str | int | Fraction, name: str) -> str:
    if isinstance(value, Fraction):
        return exact_decimal(value)
    if isinstance(value, int):
        return "" if name == "month" and not value else str(value)
    # What begins with the mark itself is marked too, so that the mark can be taken off again.
    return f"'{value}" if value.startswith("'") else no_formula(value)


def exact_decimal(value: Fraction) -> str:
    """A number that ends within nine decimals, in full.

    >>> exact_decimal(Fraction(-5, 4)), exact_decimal(Fraction(3)), exact_decimal(Fraction(1, 10**9))
    ('-1.25', '3', '0.000000001')
    """
    whole, rest = divmod(abs(value) * _BILLION, 1)
    if rest:
        raise ValueError("the number does not end within nine decimals")
    digits = f"{whole // _BILLION}.{whole % _BILLION:09d}".rstrip("0").rstrip(".")
    return f"-{digits}" if value < 0 else digits


def _read(kind: type[_Row], path: Path) -> Iterator[_Row]:
    name = f"{path.parent.name}/{path.name}"
    mend = "settle the plan again with `yoc reconcile`: runs of earlier versions did not keep it"
    if not path.is_file():
        raise refusal("FILE-MISSING", f"{path.name} is not there", mend, name)
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            rows = csv.reader(stream, strict=True)
            if next(rows, []) != _headings(kind):
                raise ValueError("other headings")
            types = [field.type for field in fields(kind)]
            yield from (kind(*(_value(*pair) for pair in zip(types, row, strict=True))) for row in rows)
    except (ValueError, csv.Error, ZeroDivisionError):
        raise refusal("FILE-UNREADABLE", "the file is not what a run keeps of its lines", mend, name) from None


def _value(kind: Any, text: str) -> Any:
    if kind is str:
        return text.removeprefix("'")
    return kind(text or 0)
