"""The same small table of made-up lines in every form in which a file can arrive."""

import csv
import gzip
import io
import zipfile
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

from yoc.intake.text_table import Layout, TextTable

LAYOUT = Layout(
    "lines",
    {"provider": ("PROVIDER CODE",), "person": ("NHS NUMBER",), "cost": ("TOTAL COST",), "note": ("NOTE",)},
    optional=frozenset({"note"}),
)
HEADERS = ["PROVIDER CODE", "WARD", "NHS NUMBER", "TOTAL COST"]
ROWS = [
    ["ZA1", "7", "0012", "01.50"],
    ["ZA2", 'Café "B"; a|b, c\td', "1e3", "£1,234.50"],
    ["NULL", "", "NaN", "1.234,50"],
]
FIELDS = ("provider", "person", "cost")
EXPECTED = [["ZA1", "0012", "01.50"], ["ZA2", "1e3", "£1,234.50"], ["NULL", "NaN", "1.234,50"]]

ENCODINGS = {
    "utf-8": "utf-8",
    "utf-8-sig": "utf-8",
    "utf-16": "utf-16",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
    "cp1252": "cp1252",
}


def delimited(rows: list[list[str]], mark: str = ",", end: str = "\r\n", quoting: int = csv.QUOTE_MINIMAL) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=mark, lineterminator=end, quoting=quoting).writerows(rows)
    return text.getvalue()


def workbook(path: Path, rows: list[list], **more: list[list]) -> Path:
    book = openpyxl.Workbook()
    for title, content in {"Lines": rows, **more}.items():
        sheet = book.active if title == "Lines" else book.create_sheet(title)
        sheet.title = title
        for number, row in enumerate(content, 1):
            for place, value in enumerate(row, 1):
                cell = sheet.cell(number, place)
                if isinstance(value, tuple):
                    # A value with its number format; a formula is given in this way alone.
                    cell.value, cell.number_format = value
                elif value not in ("", None):
                    cell.value = value
                    cell.data_type = "s" if isinstance(value, str) else cell.data_type
    book.save(path)
    return path


def parquet(path: Path, rows: list[list[str]]) -> Path:
    columns = [pa.array(column, pa.string()) for column in zip(*rows[1:], strict=True)]
    pq.write_table(pa.table(columns, names=rows[0]), path)
    return path


def rewritten(path: Path, part: str, old: bytes, new: bytes) -> Path:
    """The workbook with some bytes of one of its parts replaced."""
    with zipfile.ZipFile(path) as container:
        parts = {name: container.read(name) for name in container.namelist()}
    assert old in parts[part], parts[part]
    parts[part] = parts[part].replace(old, new)
    with zipfile.ZipFile(path, "w") as container:
        for name, content in parts.items():
            container.writestr(name, content)
    return path


def zipped(path: Path, **entries: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return path


def packed(path: Path, packing: str) -> Path:
    """A file packed in one way; what it is inside does not change."""
    if packing == "gzip":
        target = path.with_name(path.name + ".gz")
        target.write_bytes(gzip.compress(path.read_bytes()))
        return target
    if packing == "zip":
        return zipped(path.with_name(path.name + ".zip"), **{path.name: path.read_bytes()})
    if packing == "zip entry":
        entry = f"a/{path.name}"
        return zipped(path.with_name("all.zip"), **{"a/first.csv": b"x", entry: path.read_bytes()}) / entry
    return path


def cells(text: TextTable, *fields: str) -> list[list[str]]:
    columns = [text.table[field].to_pylist() for field in fields or FIELDS]
    return [list(row) for row in zip(*columns, strict=True)]


def numbers(text: TextTable) -> list[int]:
    return text.table["row_number"].to_pylist()
