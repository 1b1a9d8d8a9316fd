"""Writing one table in the containers that files arrive in; the same rows give the same bytes."""

import csv
import datetime as dt
import gzip
import io
import re
import zipfile
from collections.abc import Sequence
from decimal import Decimal
from enum import Enum
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from openpyxl import Workbook

Row = Sequence[str]
Sheet = tuple[str, Sequence[Sequence[object]]]

_MOMENT = dt.datetime(2026, 4, 1)
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MONEY = frozenset({"ACTIVITY UNIT PRICE", "TOTAL COST"})
_COUNTS = frozenset({"ACTIVITY COUNT (POINT OF DELIVERY)"})
_WHOLE = frozenset({"FINANCIAL MONTH", "AGE AT ACTIVITY DATE (CONTRACT MONITORING)"})


class Container(Enum):
    """How a table of text is stored. Excel and Parquet hold dates, numbers and money as such, not as text."""

    COMMA = ".csv"
    SEMICOLON_1252 = ".csv semicolon, Windows-1252"
    TAB_UTF16 = ".tsv tab, UTF-16"
    GZIP = ".csv.gz"
    ZIP = ".zip"
    EXCEL = ".xlsx"
    PARQUET = ".parquet"

    @property
    def ending(self) -> str:
        """How the file's name ends.

        >>> Container.TAB_UTF16.ending, Container.SEMICOLON_1252.ending
        ('.tsv', '.csv')
        """
        return self.value.split(" ", maxsplit=1)[0]


def write_table(path: Path, header: Row, rows: Sequence[Row], container: Container = Container.COMMA) -> int:
    """Write one table; returns its rows. Excel and Parquet need rows whose dates and numbers can be read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if container is Container.EXCEL:
        path.write_bytes(workbook_bytes([("PLCM", [header, *([_typed(*cell) for cell in zip(header, row, strict=True)]
                                                              for row in rows)])]))  # fmt: skip
    elif container is Container.PARQUET:
        _write_parquet(path, header, rows)
    elif container is Container.SEMICOLON_1252:
        path.write_bytes(_text(header, rows, ";").encode("cp1252"))
    elif container is Container.TAB_UTF16:
        path.write_bytes(b"\xff\xfe" + _text(header, rows, "\t").encode("utf-16-le"))
    elif container is Container.GZIP:
        path.write_bytes(gzip.compress(_text(header, rows, ",").encode("utf-8"), mtime=0))
    elif container is Container.ZIP:
        path.write_bytes(_zipped({path.with_suffix(".csv").name: _text(header, rows, ",").encode("utf-8")}))
    else:
        path.write_bytes(_text(header, rows, ",").encode("utf-8"))
    return len(rows)


def workbook_bytes(sheets: Sequence[Sheet]) -> bytes:
    """A workbook of plain cells, without the times of its making."""
    book = Workbook(write_only=True)
    book.properties.creator, book.properties.created = "yoc", _MOMENT
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    written = io.BytesIO()
    book.save(written)
    with zipfile.ZipFile(io.BytesIO(written.getvalue())) as source:
        members = {name: source.read(name) for name in source.namelist()}
    stamp = f"{_MOMENT:%Y-%m-%dT%H:%M:%S}Z".encode()
    core = "docProps/core.xml"
    members[core] = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, members[core])
    return _zipped(members)


def _text(header: Row, rows: Sequence[Row], delimiter: str) -> str:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()


def _zipped(members: dict[str, bytes]) -> bytes:
    """An archive whose members all have one time and one system."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in members.items():
            member = zipfile.ZipInfo(name, (_MOMENT.year, _MOMENT.month, _MOMENT.day, 0, 0, 0))
            member.compress_type, member.create_system, member.external_attr = zipfile.ZIP_DEFLATED, 3, 0o600 << 16
            archive.writestr(member, content)
    return packed.getvalue()


def _typed(name: str, text: str) -> object:
    """A cell as a spreadsheet holds it: dates and exact numbers by the column's name, everything else as text."""
    if text == "":
        return None
    if name in _MONEY or name in _COUNTS:
        return Decimal(text)
    if name in _WHOLE:
        return int(text)
    return dt.date.fromisoformat(text) if _DAY.fullmatch(text) else text


def _write_parquet(path: Path, header: Row, rows: Sequence[Row]) -> None:
    columns = []
    for place, name in enumerate(header):
        values = [_typed(name, row[place]) for row in rows]
        if name in _MONEY:
            kind = pa.decimal128(18, 2)
        elif name in _COUNTS:
            kind = pa.decimal128(12, 3)
        elif name in _WHOLE:
            kind = pa.int32()
        else:
            kind = pa.date32() if any(isinstance(value, dt.date) for value in values) else pa.string()
        columns.append(pa.array(values, type=kind))
    pq.write_table(pa.table(columns, names=list(header)), path)
