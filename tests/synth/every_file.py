"""The sample of every national file, read with nothing of the generator's: containers, cells, and what they mean."""

import csv
import gzip
import io
import re
import zipfile
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import NamedTuple

import openpyxl
import pyarrow.parquet as pq

from yoc.intake.text_table import normalised
from yoc.intake.texts import period_in_name, read_day, read_period, read_point_of_delivery

MONTH, YEAR = "FINANCIAL MONTH", "FINANCIAL YEAR"
PROVIDER = "ORGANISATION IDENTIFIER (CODE OF PROVIDER)"
PERSON, POD, TARIFF = "NHS NUMBER", "POINT OF DELIVERY CODE", "TARIFF CODE"
START, END = "ACTIVITY START DATE (CONTRACT MONITORING)", "ACTIVITY END DATE (CONTRACT MONITORING)"
COUNT, PRICE, COST = "ACTIVITY COUNT (POINT OF DELIVERY)", "ACTIVITY UNIT PRICE", "TOTAL COST"
NAMES = {normalised(name): name for name in (
    MONTH, YEAR, PROVIDER, PERSON, POD, TARIFF, START, END, COUNT, PRICE, COST,
    "ORGANISATION IDENTIFIER (CODE OF COMMISSIONER)", "ORGANISATION IDENTIFIER (GP PRACTICE RESPONSIBILITY)",
    "GENERAL MEDICAL PRACTICE CODE (PATIENT REGISTRATION)", "CDS UNIQUE IDENTIFIER", "NON CDS UNIQUE IDENTIFIER",
    "HOSPITAL PROVIDER SPELL NUMBER",
)} | {normalised("HOSPITAL PROVIDER SPELL IDENTIFIER"): "HOSPITAL PROVIDER SPELL NUMBER"}  # fmt: skip
FIRST_PERIOD = 2026 * 12 + 1


class Read(NamedTuple):
    """A row as a careful reader understands it; money in pence, counts in thousandths."""

    provider: str
    period: int
    point_of_delivery: str
    thousandths: int
    pence: int


def raw_rows(path: Path) -> list[list[str]]:
    """Every row of a table, its header first, whatever it comes in; blank cells are blank text."""
    if path.suffix == ".xlsx":
        sheet = openpyxl.load_workbook(io.BytesIO(path.read_bytes())).worksheets[0]
        return [[_cell(value) for value in row] for row in sheet.iter_rows(values_only=True)]
    if path.suffix == ".parquet":
        table = pq.read_table(path)
        columns = [[_cell(value) for value in column.to_pylist()] for column in table.columns]
        return [table.column_names, *(list(row) for row in zip(*columns, strict=True))]
    data = path.read_bytes()
    if path.suffix == ".gz":
        data = gzip.decompress(data)
    if path.suffix == ".zip":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            (name,) = archive.namelist()
            data = archive.read(name)
    if data.startswith(b"\xff\xfe"):
        return list(csv.reader(io.StringIO(data.decode("utf-16")), delimiter="\t"))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("cp1252")
    first = text.split("\n", 1)[0]
    return list(csv.reader(io.StringIO(text), delimiter=";" if ";" in first else ","))


def _cell(value: object) -> str:
    return "" if value is None else re.sub(r" 00:00:00$", "", str(value))


def table(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a table by the older national name where there is one, else by their own; short rows lack cells."""
    header, *rows = raw_rows(path)
    names = [NAMES.get(normalised(name), name) for name in header]
    for row in rows:
        yield dict(zip(names, row, strict=False))


def amount(text: str) -> Decimal | None:
    """A number as feeds write it: separators, pound signs whole or broken, brackets for less than nothing."""
    plain = re.sub(r"[£Â,\s]", "", text)
    if plain.startswith("("):
        plain = "-" + plain.strip("()")
    try:
        return Decimal(plain)
    except InvalidOperation:
        return None


def as_read(path: Path, row: dict[str, str]) -> Read | None:
    """What a row says, or nothing where a reader must reject it."""
    day, (period, fault) = read_day(row.get(END, "")), read_period(row[YEAR], row[MONTH])
    count, cost = amount(row.get(COUNT, "")), amount(row.get(COST, ""))
    if fault or day is None or count is None or cost is None:
        return None
    if period is None:
        period = period_in_name(path.name)
    if period is None:
        year, month, _ = (int(part) for part in row[END].split("-"))
        period = (year - (month < 4)) * 12 + (month - 4) % 12 + 1
    return Read(row[PROVIDER], period, read_point_of_delivery(row[POD]), int(count * 1000), int(cost * 100))


def load_of(path: Path) -> int:
    """The load that a file came with."""
    return int(path.parent.name.removeprefix("load-"))


def plcm_files(folder: Path) -> list[Path]:
    """The files of patient-level contract monitoring in the order of their loads."""
    return sorted((folder / "plcm").rglob("*.*"), key=lambda path: (load_of(path), path.name))


def latest(folder: Path) -> list[Read]:
    """Every row that can be read and that no later load of its provider and period replaces."""
    rows = [(load_of(path), read) for path in plcm_files(folder) for row in table(path) if (read := as_read(path, row))]
    last: dict[tuple[str, int], int] = {}
    for load, read in rows:
        last[read.provider, read.period] = load
    return [read for load, read in rows if last[read.provider, read.period] == load]
