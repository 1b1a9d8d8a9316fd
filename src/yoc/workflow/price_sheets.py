"""Reading a price workbook, or a table of market forces indices, by a map: which sheets, which rows, which columns."""

import hashlib
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar

from yoc.core.findings import Finding, FindingsError, Level
from yoc.intake.table_file import Unreadable, read_table
from yoc.tariff.price_map import IndexSheet, PriceMap, PriceSheet, is_named, read_price_map
from yoc.tariff.price_rows import IndexRow, PriceRow, Rows, SheetRead, indices_of, prices_of, without_repeats
from yoc.workflow.contract_files import read_text

_MAPS = "yoc.tariff"
_WRITE_A_MAP = "write a map of the file and give it with --map; name the sheet with --sheet where there are several"
Rules = TypeVar("Rules", PriceSheet, IndexSheet)


@dataclass(frozen=True)
class PricesRead:
    """The prices of a file, the sheets that they came from, the map that said where, and the hash of the file."""

    map: str
    sha256: str
    prices: tuple[PriceRow, ...]
    sheets: tuple[SheetRead, ...]
    left_sheets: tuple[str, ...]


@dataclass(frozen=True)
class IndicesRead:
    """The payment indices of a file."""

    map: str
    sha256: str
    indices: tuple[IndexRow, ...]


def read_prices(path: Path, sheet: str | None = None, own_map: Path | None = None) -> PricesRead:
    """The prices of a workbook or text file, by a map of one's own or the first of the package's that fits it.

    Raises ``FindingsError`` with every cell that cannot be read, and where no map fits.
    """
    source = _Source(path, sheet)
    for rules in _maps(own_map):
        read: list[SheetRead] = []
        findings: list[Finding] = []
        misfits: dict[str, Finding] = {}
        for name, rows, own in source.tables(rules.prices):
            if name in {each.sheet for each in read}:
                continue
            try:
                found = prices_of(rows, own, name, path.name)
            except FindingsError as error:
                findings.extend(error.findings)
                continue
            if found is not None:
                read.append(found)
                misfits.pop(name, None)
            elif own.sheet:
                misfits[name] = _misfit(name, own, path.name)
        # A sheet that the user's own map names, and describes otherwise than it is, would be left out without a word.
        findings.extend(misfits.values() if own_map is not None else ())
        if findings:
            raise FindingsError(findings)
        prices = without_repeats((row for each in read for row in each.prices), path.name)
        if prices:
            left = tuple(name for name in source.sheets if name not in {each.sheet for each in read})
            return PricesRead(rules.map, source.sha256, prices, tuple(read), left)
    raise _no_map_fits(source, "prices", own_map)


def read_indices(path: Path, sheet: str | None = None, own_map: Path | None = None) -> IndicesRead:
    """The payment indices of a workbook or text file. Raises ``FindingsError`` as ``read_prices`` does."""
    source = _Source(path, sheet)
    for rules in _maps(own_map):
        found: dict[str, tuple[IndexRow, ...]] = {}
        for name, rows, own in source.tables(rules.market_forces):
            indices = indices_of(rows, own, name, path.name)
            if indices:
                found.setdefault(name, indices)
        if len(found) > 1:
            message = f"{len(found)} sheets hold indices, and which one counts is a guess: {', '.join(found)}"
            raise _fault("FILE-UNREADABLE", message, "name one of them with --sheet", path.name)
        for indices in found.values():
            return IndicesRead(rules.map, source.sha256, indices)
    raise _no_map_fits(source, "market forces indices", own_map)


class _Source:
    """A file that is to be read: its hash, the sheets that it has, and their rows, each read once."""

    def __init__(self, path: Path, sheet: str | None):
        if not path.is_file():
            raise _fault("FILE-MISSING", f"{path.name} is not there", "check the name and the folder", path.name)
        self.path, self.sheet = path, sheet
        with path.open("rb") as stream:
            self.sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        self.is_workbook = zipfile.is_zipfile(path)
        self.sheets: tuple[str, ...] = self._sheets() if self.is_workbook else ()
        if sheet is not None and self.is_workbook and sheet not in self.sheets:
            message = f"the file has no sheet `{sheet}`: it has {', '.join(self.sheets) or 'none'}"
            raise _fault("FILE-UNREADABLE", message, "correct --sheet", path.name)
        self.rows = cache(self._rows)

    def tables(self, rules: Sequence[Rules]) -> Iterator[tuple[str, Rows, Rules]]:
        """Each sheet with each part of a map that may be of it, in the order of the map.

        A text file is one sheet, of which only a part of a map that names none can be, unless the user says with
        `--sheet` which sheet it was.
        """
        for name in (self.sheet,) if self.sheet is not None else self.sheets or ("",):
            named = [own for own in rules if not own.sheet or is_named(name, own.sheet)]
            # A sheet of a workbook that the user chooses may have any name.
            for own in named or (rules if self.sheet is not None and self.is_workbook else ()):
                yield name, self.rows(name, 1 if self.is_workbook else own.header_row or 1), own

    def _sheets(self) -> tuple[str, ...]:
        from yoc.intake.workbook_file import sheet_names  # noqa: PLC0415 - only a workbook needs its library

        names: tuple[str, ...] = self._told(lambda: sheet_names(self.path))
        return names

    def _rows(self, sheet: str, header_row: int) -> Rows:
        if self.is_workbook:
            from yoc.intake.workbook_file import workbook_rows  # noqa: PLC0415

            rows: list[tuple[int, Sequence[str]]] = self._told(lambda: list(workbook_rows(self.path, sheet, 1)))
            return rows
        table = read_table(self.path, self.path.name, None, header_row)
        return [(header_row, table.headers), *((row.number, row.cells) for row in table.rows)]

    def _told(self, read: Callable[[], Any]) -> Any:
        try:
            return read()
        except Unreadable as fault:
            raise _fault("FILE-UNREADABLE", fault.message, fault.mend, self.path.name) from None


def _maps(own_map: Path | None) -> Iterator[PriceMap]:
    if own_map is not None:
        yield read_price_map(read_text(own_map, own_map.name), own_map.name)
        return
    for entry in sorted(resources.files(_MAPS).joinpath("maps").iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".yaml"):
            yield read_price_map(entry.read_text(encoding="utf-8"), entry.name)


def _misfit(sheet: str, rules: PriceSheet, file: str) -> Finding:
    wanted = ", ".join(f"`{names[0]}`" for names in (*rules.keys(), rules.prices[0].column))
    row = f"row {rules.header_row}" if rules.header_row else "a row near its top"
    message = f"sheet {sheet}: {row} does not hold the headers that the map names, as {wanted}"
    return Finding("COLUMN-MISSING", Level.SUBMISSION, message, "correct the map", file, rules.header_row)


def _no_map_fits(source: _Source, what: str, own_map: Path | None) -> FindingsError:
    tried = f"the map {own_map.name}" if own_map is not None else "any map of the package"
    where = f"; it has the sheets {', '.join(source.sheets)}" if len(source.sheets) > 1 else ""
    message = f"no {what} are found in the file by {tried}{where}"
    return _fault("COLUMN-MISSING", message, _WRITE_A_MAP, source.path.name)


def _fault(code: str, message: str, mend: str, file: str) -> FindingsError:
    return FindingsError([Finding(code, Level.SUBMISSION, message, mend, file)])
