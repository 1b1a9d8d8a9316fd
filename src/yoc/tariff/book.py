"""A price book: unit prices by code, market forces index by provider, and where they come from.

``payment = unit price × payment index``; the index has six decimals and is at least 1 (2025/26 NHS Payment Scheme, a
guide to the market forces factor).
"""

import csv
import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydantic import model_validator

from yoc.core.fields import Day, Model, Name, Text, Year, YesNo
from yoc.core.findings import Finding, Level, stop_if_any
from yoc.core.located import read_document, read_model
from yoc.core.money import MoneyError, parse_pounds

INDEX_SCALE = 1_000_000
MOST_PRICE_PENCE = 1_000_000_000
"""£10m: no unit price is as high, and every price below it times any index is a number that the engine can hold."""
_INDEX = re.compile(r"^[12]\.\d{6}$")
PRICE_COLUMNS = (
    "tariff_code",
    "point_of_delivery",
    "treatment_function",
    "description",
    "unit_price_pounds",
    "basis",
    "source",
)
INDEX_COLUMNS = ("provider_code", "provider_name", "market_forces_factor", "source")


class Original(Model):
    """A file that a version was imported from: its name and the hash of its bytes, exactly as it was published."""

    file: Text
    sha256: Text


class BookHeader(Model):
    """`book.yaml`: one version of a book: where it comes from, when it holds, and the hashes of its two tables.

    ``supersedes`` names the version of the same book and year that this one takes the place of.
    """

    book: Name
    title: Text
    year: Year
    version: Name = "v1"
    supersedes: Name | None = None
    source: Text
    published_on: Day
    licence: Text
    effective_from: Day
    effective_to: Day
    prices: Text
    market_forces: Text
    sha256: dict[Text, Text]
    originals: tuple[Original, ...] = ()
    synthetic: YesNo = False

    @property
    def name(self) -> str:
        """The version as people name it: book, year, version."""
        return f"{self.book} {self.year} {self.version}"

    @model_validator(mode="after")
    def _days_in_order(self) -> "BookHeader":
        if self.effective_to < self.effective_from:
            raise ValueError("the book ends before it begins: write `effective_from` and `effective_to` in their order")
        return self

    def covers(self, first: dt.date, last: dt.date) -> bool:
        """Whether the book holds for every day from ``first`` to ``last``."""
        return bool(self.effective_from <= first and last <= self.effective_to)


@dataclass(frozen=True)
class PriceBook:
    """Unit prices in pence by (code, point of delivery, treatment function), blank for any; indices in millionths.

    >>> book = PriceBook({("WF01A", "", ""): 9000, ("WF01A", "", "300"): 11000, ("WF01A", "OPFA", ""): 15000},
    ...                  {"ZA1": 1041377})
    >>> book.unit_price_pence("WF01A", "OPFUP", "300"), book.unit_price_pence("WF01A", "OPFA", "300")
    (11000, 15000)
    >>> book.unit_price_pence("ZZ99X", "OPFA", "300") is None
    True
    """

    unit_prices_pence: Mapping[tuple[str, str, str], int]
    indices_millionths: Mapping[str, int]

    def unit_price_pence(self, tariff_code: str, point_of_delivery: str, treatment_function: str) -> int | None:
        """The most specific price of a code, or ``None`` where the book has none (a finding, never a zero).

        A row that names the point of delivery comes before one that names the treatment function, and that before
        one that names neither.
        """
        for key in (
            (tariff_code, point_of_delivery, treatment_function),
            (tariff_code, point_of_delivery, ""),
            (tariff_code, "", treatment_function),
            (tariff_code, "", ""),
        ):
            if key in self.unit_prices_pence:
                return self.unit_prices_pence[key]
        return None

    def index_millionths(self, provider: str) -> int | None:
        """A provider's market forces index in millionths; ``None`` where it has none."""
        return self.indices_millionths.get(provider)


def read_book_header(text: str, file: str) -> BookHeader:
    """Read `book.yaml`. Raises ``FindingsError`` with every fault at its place."""
    return read_model(read_document(text, file), BookHeader)


def read_price_book(prices_text: str, prices_file: str, indices_text: str, indices_file: str) -> PriceBook:
    """Read the two tables of a book. Raises ``FindingsError`` with every row that cannot be used."""
    findings: list[Finding] = []
    prices: dict[tuple[str, str, str], int] = {}
    for line, row in _rows(prices_text, prices_file, PRICE_COLUMNS, findings):
        key = (row["tariff_code"], row["point_of_delivery"], row["treatment_function"])
        try:
            pence = parse_pounds(f"£{row['unit_price_pounds'].removeprefix('£')}")
        except MoneyError as error:
            findings.append(_bad_row(prices_file, line, f"unit_price_pounds: {error}"))
            continue
        if abs(pence) > MOST_PRICE_PENCE:
            findings.append(_bad_row(prices_file, line, "unit_price_pounds is more than £10m, which no unit costs"))
            continue
        if key in prices:
            message = f"code {row['tariff_code']} has two prices for the same point of delivery and treatment function"
            findings.append(Finding("PRICE-REPEATED", Level.SUBMISSION, message, "keep one row", prices_file, line))
        prices[key] = pence
    indices: dict[str, int] = {}
    for line, row in _rows(indices_text, indices_file, INDEX_COLUMNS, findings):
        if not _INDEX.match(row["market_forces_factor"]):
            message = f"market_forces_factor {row['market_forces_factor']!r} is not an index with six decimals from 1"
            findings.append(_bad_row(indices_file, line, message))
        elif row["provider_code"] in indices:
            findings.append(_bad_row(indices_file, line, f"provider {row['provider_code']} has two indices"))
        else:
            indices[row["provider_code"]] = int(row["market_forces_factor"].replace(".", ""))
    stop_if_any(findings)
    return PriceBook(prices, indices)


def _bad_row(file: str, line: int, message: str) -> Finding:
    return Finding("FIELD-VALUE", Level.SUBMISSION, message, "correct the row", file, line)


def _rows(
    text: str, file: str, columns: tuple[str, ...], findings: list[Finding]
) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a table with their line numbers; nothing where columns are missing, which is a finding."""
    reader = csv.DictReader(text.lstrip("\ufeff").splitlines(keepends=True), strict=True)
    missing = [column for column in columns if column not in (reader.fieldnames or ())]
    if missing:
        message = f"columns are missing: {', '.join(missing)}"
        findings.append(Finding("COLUMN-MISSING", Level.SUBMISSION, message, "add them to the header row", file, 1))
        return
    try:
        for row in reader:
            if None in row or None in row.values():
                findings.append(
                    _bad_row(file, reader.line_num, "the row has another number of columns than the header")
                )
            else:
                yield reader.line_num, {name: (value or "").strip() for name, value in row.items()}
    except csv.Error as error:
        findings.append(_bad_row(file, reader.line_num, f"the row cannot be read: {error}"))
