"""From the rows of a sheet to prices and market forces indices, every cell read exactly or refused at its place."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from yoc.core.findings import Finding, Level, stop_if_any
from yoc.core.money import MoneyError, parse_pounds
from yoc.tariff.book import INDEX_SCALE, MOST_PRICE_PENCE
from yoc.tariff.price_map import LAST_HEADER_ROW, IndexSheet, Names, PriceSheet, column_of, plain

Rows = Sequence[tuple[int, Sequence[str]]]
"""The rows of a sheet by their numbers, each with its cells as text."""
NO_PRICE = frozenset(("", "-", "–", "—", "n/a", "na", "none", "not applicable"))
"""What stands in a cell where there is no price; a price of £0 is written as one."""
_CODE = re.compile(r"^[A-Z0-9][A-Z0-9_.-]{1,19}$")
"""A code of a price, a function, a point of delivery or a provider: one word, which a note or title hardly is."""
_INDEX = re.compile(r"^[0-9]{1,2}(\.[0-9]{1,6})?$")
_LONG_INDEX = re.compile(r"^[0-9]{1,2}\.[0-9]{7,}$")
_NOT_EXACT = "open the workbook and see what the cell holds behind what it shows, or ask the publisher"


@dataclass(frozen=True)
class PriceRow:
    """One price of a book: whole pence, before market forces; blank points of delivery and functions are any."""

    tariff_code: str
    point_of_delivery: str
    treatment_function: str
    description: str
    price_pence: int
    basis: str
    trim_point_days: str
    place: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What the price is for."""
        return (self.tariff_code, self.point_of_delivery, self.treatment_function)


@dataclass(frozen=True)
class IndexRow:
    """One provider's payment index, in millionths."""

    provider_code: str
    provider_name: str
    index_millionths: int


@dataclass(frozen=True)
class SheetRead:
    """What became of a sheet: its prices, and what of it is no price: blank cells, rows of words, other columns."""

    sheet: str
    header_row: int
    prices: tuple[PriceRow, ...]
    blank_cells: int
    rows_of_words: int
    unread_columns: tuple[str, ...]
    absent_columns: tuple[str, ...]


def find_header(rows: Rows, needed: Iterable[Names], any_of: Iterable[Names], header_row: int | None) -> int | None:
    """The place among the rows of the header: the row that is named, else the first that holds what is asked for."""
    wanted, choice = tuple(needed), tuple(any_of)
    for place, (number, cells) in enumerate(rows):
        if number > (header_row or LAST_HEADER_ROW):
            return None
        if header_row is not None and number != header_row:
            continue
        if all(column_of(cells, names) for names in wanted) and any(column_of(cells, names) for names in choice):
            return place
    return None


def prices_of(rows: Rows, rules: PriceSheet, sheet: str, file: str) -> SheetRead | None:
    """The prices of a sheet; ``None`` where it has no row of headers as the map describes it.

    Raises ``FindingsError`` with every cell that is no price, and every row that has a price and no code.
    """
    start = find_header(rows, rules.keys(), (price.column for price in rules.prices), rules.header_row)
    if start is None:
        return None
    header_row, headers = rows[start]
    reader = _SheetReader(headers, rules, sheet, file, header_row)
    found: list[PriceRow] = []
    for number, cells in rows[start + 1 :]:
        found.extend(reader.row(number, cells))
    stop_if_any(reader.findings)
    return SheetRead(
        sheet, header_row, tuple(found), reader.blank_cells, reader.rows_of_words, reader.unread(), reader.absent()
    )


class _SheetReader:
    """Reads one sheet row by row; gathers faults and what is no price."""

    def __init__(self, headers: Sequence[str], rules: PriceSheet, sheet: str, file: str, header_row: int):
        self.rules, self.sheet, self.file = rules, sheet, file
        self.headers = [str(header) for header in headers]
        self.findings: list[Finding] = []
        self.blank_cells = self.rows_of_words = 0
        self._read: set[int] = set()
        self._header_row = header_row
        self.code = self._place(rules.tariff_code)
        self.function = self._place(rules.treatment_function)
        self.delivery = self._place(rules.point_of_delivery)
        self.description = self._place(rules.description)
        placed = [(price, self._place(price.column), self._place(price.trim_point)) for price in rules.prices]
        self.prices = [(price, place, trim) for price, place, trim in placed if place is not None]
        self._absent = dict.fromkeys(price.column[0].rstrip("*") for price, place, _ in placed if place is None)
        self._columns = {place for _, place, _ in self.prices}

    def unread(self) -> tuple[str, ...]:
        """The columns of the sheet that the map does not name."""
        return tuple(
            " ".join(header.split()) for place, header in enumerate(self.headers) if header and place not in self._read
        )

    def absent(self) -> tuple[str, ...]:
        """The columns of prices that the map names and the sheet has not."""
        return tuple(self._absent)

    def _place(self, names: Names) -> int | None:
        places = column_of(self.headers, names)
        if len(places) > 1:
            message = f"{self._where()}more than one column is called {plain(self.headers[places[0]])}"
            mend = "name each column in the map by the whole of its header"
            finding = Finding("COLUMN-TWICE", Level.SUBMISSION, message, mend, self.file, self._header_row)
            self.findings.append(finding)
        self._read.update(places)
        return places[0] if places else None

    def _where(self) -> str:
        return f"sheet {self.sheet}: " if self.sheet else ""

    def row(self, number: int, cells: Sequence[str]) -> Iterator[PriceRow]:
        """The prices of one row."""
        priced = [each for each in self.prices if self._text(cells, each[1]).casefold() not in NO_PRICE]
        code, function = self._text(cells, self.code).upper(), self._text(cells, self.function).upper()
        delivery = self._text(cells, self.delivery).upper()
        keys = [key for key, place in ((code, self.code), (function, self.function)) if place is not None]
        is_coded = all(_CODE.match(key) for key in keys if key) and any(keys)
        if not priced:
            self.rows_of_words += not is_coded
            self.blank_cells += len(self._columns) if is_coded else 0
            return
        if not is_coded or (self.delivery is not None and delivery and not _CODE.match(delivery)):
            self._fault(number, "the row has a price and no code that can be read", "correct the code, or the map")
            return
        self.blank_cells += len(self._columns - {place for _, place, _ in priced})
        description = " ".join(self._text(cells, self.description).split())
        for price, place, trim in priced:
            pence = self._pence(number, self.headers[place], self._text(cells, place))
            days = self._days(number, self._text(cells, trim))
            if pence is None or days is None:
                continue
            for point in price.points_of_delivery or (delivery,):
                own = code or price.tariff_code or ""
                where = f"{self._where()}row {number}"
                yield PriceRow(own, point, function, description, pence, price.basis, days, where)

    def _text(self, cells: Sequence[str], place: int | None) -> str:
        return str(cells[place]).strip() if place is not None and place < len(cells) else ""

    def _pence(self, number: int, header: str, text: str) -> int | None:
        try:
            pence = parse_pounds(f"£{text.removeprefix('£').strip()}")
        except MoneyError as error:
            mend = _NOT_EXACT if "part of a penny" in str(error) else "correct the cell, or write - for no price"
            self._fault(number, f"column {plain(header)}: {error}", mend)
            return None
        if pence > MOST_PRICE_PENCE:
            self._fault(number, f"column {plain(header)}: no unit costs more than £10m", "correct the cell")
            return None
        return pence

    def _days(self, number: int, text: str) -> str | None:
        if text.casefold() in NO_PRICE:
            return ""
        if not re.fullmatch(r"[0-9]{1,4}", text):
            self._fault(number, f"the trim point {text!r} is not a whole number of days", "correct the cell")
            return None
        return text

    def _fault(self, number: int, message: str, mend: str) -> None:
        finding = Finding("FIELD-VALUE", Level.SUBMISSION, f"{self._where()}{message}", mend, self.file, number)
        # One column may be the price of several points of delivery, each with rules of its own.
        if finding not in self.findings:
            self.findings.append(finding)


def without_repeats(prices: Iterable[PriceRow], file: str) -> tuple[PriceRow, ...]:
    """The prices, each once. Raises ``FindingsError`` where one code has two different prices for the same care."""
    kept: dict[tuple[str, str, str], PriceRow] = {}
    findings = []
    for row in prices:
        other = kept.setdefault(row.key, row)
        if other.price_pence != row.price_pence:
            point = row.point_of_delivery or "any"
            message = f"code {row.tariff_code} at point of delivery {point} has two prices: {other.place}, {row.place}"
            mend = "say in the map which column or sheet is which point of delivery"
            findings.append(Finding("PRICE-REPEATED", Level.SUBMISSION, message, mend, file))
    stop_if_any(findings)
    return tuple(kept.values())


def indices_of(rows: Rows, rules: IndexSheet, sheet: str, file: str) -> tuple[IndexRow, ...] | None:
    """The payment indices of a sheet; ``None`` where it has no row of headers as the map describes it.

    Raises ``FindingsError`` with every cell that is no index with six decimals at most, and where any index lies below
    1.000000: then the column holds the underlying index, with which no price is multiplied.
    """
    start = find_header(rows, (rules.provider_code, rules.index), (rules.index,), rules.header_row)
    if start is None:
        return None
    header_row, headers = rows[start]
    code, index = (column_of(headers, names)[0] for names in (rules.provider_code, rules.index))
    names = column_of(headers, rules.provider_name)
    where = f"sheet {sheet}: " if sheet else ""
    found: dict[str, IndexRow] = {}
    lines: dict[str, int] = {}
    findings: list[Finding] = []

    def fault(message: str, mend: str, line: int, finding_code: str = "FIELD-VALUE") -> None:
        findings.append(Finding(finding_code, Level.SUBMISSION, f"{where}{message}", mend, file, line))

    if "underlying" in plain(headers[index]):
        fault("the column is called an underlying index", _PAYMENT, header_row, "INDEX-UNDERLYING")
    for number, cells in rows[start + 1 :]:
        provider, text = (str(cells[place]).strip() if place < len(cells) else "" for place in (code, index))
        if text.casefold() in NO_PRICE:
            continue
        if not _CODE.match(provider.upper()):
            fault("the row has an index and no provider code that can be read", "correct the code, or the map", number)
        elif not _INDEX.match(text):
            long = "has more than six decimals" if _LONG_INDEX.match(text) else "is not an index such as 1.041377"
            fault(f"provider {provider}: {text!r} {long}", _NOT_EXACT, number)
        elif provider.upper() in found:
            fault(f"provider {provider} has two indices", "keep one row", number)
        else:
            whole, _, part = text.partition(".")
            millionths = int(whole) * INDEX_SCALE + int(part.ljust(6, "0"))
            name = " ".join(str(cells[names[0]]).split()) if names and names[0] < len(cells) else ""
            found[provider.upper()] = IndexRow(provider.upper(), name, millionths)
            lines[provider.upper()] = number
    below = [row for row in found.values() if row.index_millionths < INDEX_SCALE]
    if below:
        lowest = min(below, key=lambda row: row.index_millionths)
        row = lines[lowest.provider_code]
        message = (
            f"{len(below)} of {len(found)} providers have an index below 1.000000, the lowest "
            f"{as_index(lowest.index_millionths)} of {lowest.provider_code} in row {row}"
        )
        fault(message, _PAYMENT, row, "INDEX-UNDERLYING")
    stop_if_any(findings)
    return tuple(found.values())


_PAYMENT = "name the column of the payment index in the map: it is 1.000000 at least"


def as_index(millionths: int) -> str:
    """An index as it is written, with its six decimals.

    >>> as_index(1148886), as_index(958000)
    ('1.148886', '0.958000')
    """
    return f"{millionths // INDEX_SCALE}.{millionths % INDEX_SCALE:06d}"


def as_price(pence: int) -> str:
    """A price as a book writes it: whole pounds without a point, else pounds and pence.

    >>> as_price(725100), as_price(50)
    ('7251', '0.50')
    """
    return str(pence // 100) if pence % 100 == 0 else f"{pence // 100}.{pence % 100:02d}"
