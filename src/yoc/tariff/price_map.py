"""What a map says of a price workbook: which sheets, where the header row is, which column is which price.

A workbook of another shape is another map, never another program.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from yoc.core.fields import Count, Model, Name, Text
from yoc.core.located import read_document, read_model

Kind = Literal["prices", "market_forces"]
LAST_HEADER_ROW = 40
"""Title rows may stand above the header, as far as this row."""


def _one_or_many(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Names = Annotated[tuple[Text, ...], BeforeValidator(_one_or_many)]
"""Names of a sheet or column, any of which will do; one that ends in * stands for every name that begins so."""
Codes = Annotated[tuple[Name, ...], BeforeValidator(_one_or_many)]


class PriceColumn(Model):
    """One column of prices, and the points of delivery that it is the price of: none stands for any."""

    column: Names
    """The names that the column may have."""
    points_of_delivery: Codes = ()
    """The points of delivery that the price is for."""
    tariff_code: Name | None = None
    """The code of the prices of this column, where rows have none of their own."""
    basis: Name = "unit"
    """What the price is for: `unit`, or `day` beyond the trim point."""
    trim_point: Names = ()
    """The column that gives the trim point, in days."""


class PriceSheet(Model):
    """One sheet, or table, of prices."""

    sheet: Names = ()
    """The names that the sheet may have; a text file has none."""
    header_row: Count | None = None
    """The row of the headers; the first row that holds the columns asked for, unless it is given."""
    tariff_code: Names = ()
    """The column of HRGs or other tariff codes."""
    treatment_function: Names = ()
    """The column of treatment function codes."""
    point_of_delivery: Names = ()
    """The column of points of delivery, in a table with a row a price."""
    description: Names = ()
    """The column of the names of codes."""
    prices: Annotated[tuple[PriceColumn, ...], Field(min_length=1)]
    """The columns of prices."""

    @model_validator(mode="after")
    def _every_price_has_a_code(self) -> "PriceSheet":
        if not self.tariff_code and not all(price.tariff_code for price in self.prices):
            raise ValueError("prices have no code: give the column `tariff_code`, or a `tariff_code` for each price")
        return self

    def keys(self) -> tuple[Names, ...]:
        """The columns that say what a row's prices are for; a table lacks none of those that its map names."""
        return tuple(names for names in (self.tariff_code, self.treatment_function, self.point_of_delivery) if names)


class IndexSheet(Model):
    """One sheet, or table, of market forces indices."""

    sheet: Names = ()
    """The names that the sheet may have; a text file has none."""
    header_row: Count | None = None
    """The row of the headers; the first row that holds the columns asked for, unless it is given."""
    provider_code: Names
    """The column of providers' codes."""
    provider_name: Names = ()
    """The column of their names."""
    index: Names
    """The column of the payment index, never of the underlying one."""


class PriceMap(Model):
    """`map.yaml`: how a workbook or text file becomes prices, or market forces indices."""

    map: Name
    title: Text
    prices: tuple[PriceSheet, ...] = ()
    market_forces: tuple[IndexSheet, ...] = ()

    @model_validator(mode="after")
    def _says_something(self) -> "PriceMap":
        if not self.prices and not self.market_forces:
            raise ValueError("the map says of nothing where it is: give `prices` or `market_forces`")
        return self


def read_price_map(text: str, file: str) -> PriceMap:
    """Read a map. Raises ``FindingsError`` with every fault at its place."""
    return read_model(read_document(text, file), PriceMap)


def plain(name: str) -> str:
    """A header as it is compared: small letters, single spaces, no currency sign, no stars of footnotes.

    >>> plain("Combined day case /\\nordinary elective  spell price (£)")
    'combined day case / ordinary elective spell price'
    """
    without_signs = re.sub(r"\(\s*£?\s*\)|[£*]", "", name.casefold())
    return " ".join(without_signs.split())


def is_named(name: str, wanted: Iterable[str]) -> bool:
    """Whether a header or sheet has one of the names.

    >>> is_named("WF01B First Attendance", ["WF01B*"]), is_named("HRG name", ["HRG code", "HRG"])
    (True, False)
    """
    own = plain(name)
    return bool(own) and any(
        own.startswith(plain(each)) if each.endswith("*") else own == plain(each) for each in wanted
    )


def column_of(headers: Sequence[str], wanted: Iterable[str]) -> tuple[int, ...]:
    """The places of the columns that have one of the names."""
    names = tuple(wanted)
    return tuple(place for place, header in enumerate(headers) if is_named(header, names))
