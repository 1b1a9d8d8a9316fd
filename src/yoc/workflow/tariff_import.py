"""Importing a price workbook into a workspace: a new version of a book, written whole or not at all, and registered."""

import csv
import io
import json
import re
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from yoc.core.fields import Model, Name, Text, Year, YesNo
from yoc.core.findings import Finding, FindingsError, Level
from yoc.core.identifiers import sha256_text
from yoc.core.located import read_document, read_model
from yoc.intake.texts import find_point_of_delivery
from yoc.tariff import read_price_book
from yoc.tariff.book import INDEX_COLUMNS, PRICE_COLUMNS
from yoc.tariff.price_map import Kind
from yoc.tariff.price_rows import PriceRow, as_index, as_price
from yoc.workflow.contract_files import read_text
from yoc.workflow.import_guards import (
    Wanted,
    carried_from,
    history_of,
    in_force,
    refuse_unsaid_replacement,
    refuse_without_indices,
)
from yoc.workflow.price_books import BOOK_FILE, StoredBook, stored_books
from yoc.workflow.price_sheets import IndicesRead, PricesRead, read_indices, read_prices
from yoc.workflow.writing import write_whole

REGISTER = "tariffs/register.yaml"
_REGISTER_HEAD = "# Every price book: its folder, year and source.\n"
PRICES, INDICES = "prices.csv", "mff.csv"
_TRIM = "trim_point_days"


class RegisteredBook(Model):
    """One row of `tariffs/register.yaml`, for readers: which version lies where, and where it comes from."""

    book: Name
    year: Year
    version: Name = "v1"
    folder: Text
    source: Text
    published_on: Text = ""
    supersedes: Name | None = None
    synthetic: YesNo = False


class Register(Model):
    """`tariffs/register.yaml`."""

    books: tuple[RegisteredBook, ...] = ()


@dataclass(frozen=True)
class Imported:
    """What was made: the folder of the version, what it supersedes, what was read, and what was carried over.

    ``unknown_points`` are the points of delivery of prices that are in no national list: no line will ever match them.
    """

    folder: str
    version: str
    supersedes: str
    prices: PricesRead | None
    indices: IndicesRead | None
    carried_over: str
    counts: tuple[int, int]
    carried_from: str = ""
    unknown_points: tuple[str, ...] = ()


def import_version(
    root: Path,
    file: Path,
    wanted: Wanted,
    kind: Kind,
    sheet: str | None = None,
    own_map: Path | None = None,
    market_forces: Path | None = None,
) -> Imported:
    """Make a new version of a book from a file; no version that is there is ever changed.

    Prices come with the indices of ``market_forces``; without it, with those of the version that holds on their days,
    as indices come with its prices. Raises ``FindingsError`` with every fault of the files, and where the version is
    there already or would have no order among the others; then nothing is written.
    """
    if not (root / "tariffs").is_dir():
        mend = "stand in the workspace, or name it with --directory; `yoc init DIR` lays an empty one"
        raise _fault("FILE-MISSING", "there is no folder `tariffs` here", mend)
    register = _read_register(root)
    others = [book for book in stored_books(root) if (book.header.book, book.header.year) == (wanted.book, wanted.year)]
    before = _published_before(others, wanted)
    prices = read_prices(file, sheet, own_map) if kind == "prices" else None
    index_file = file if kind == "market_forces" else market_forces
    indices = None
    if index_file is not None:
        is_main = kind == "market_forces"
        indices = read_indices(index_file, sheet if is_main else None, own_map if is_main else None)
    if prices is None and before is None:
        message = f"no version of {wanted.book} {wanted.year} holds prices for these indices to go with"
        raise _fault("FILE-MISSING", message, "import the prices, and the indices with --market-forces", file.name)
    hashes = {read.sha256 for read in (prices, indices) if read is not None}
    _refuse_repeated(others, wanted, hashes, file.name)
    source = None
    if before is not None and (prices is None or (indices is None and not wanted.no_market_forces)):
        source = carried_from(others, wanted, 0 if prices is None else 1, before)
    refuse_unsaid_replacement(others, wanted)
    tables = {PRICES: _prices_text(prices, wanted, source), INDICES: _indices_text(indices, wanted, source)}
    version = f"v{max((_number(book) for book in others), default=0) + 1}"
    replaced = [book for book in in_force(others, wanted) if _takes_the_place(wanted, book)]
    supersedes = max(replaced, key=_number).header.version if replaced else ""
    originals = [(name.name, read.sha256) for name, read in ((file, prices), (index_file, indices)) if read and name]
    book = read_price_book(tables[PRICES], PRICES, tables[INDICES], INDICES)
    if not book.indices_millionths:
        refuse_without_indices(others, wanted)
    folder = f"tariffs/{wanted.book}/{wanted.year.slug}/{version}"
    header = _header(wanted, version, supersedes, originals, tables)
    _refuse_without_order(others, header, f"{folder}/{BOOK_FILE}")
    _write(root, folder, {BOOK_FILE: header, **tables}, _registered(register, wanted, version, supersedes, folder))
    carried = "" if source is None else PRICES if prices is None else INDICES
    counts = (len(book.unit_prices_pence), len(book.indices_millionths))
    name = source.header.version if source is not None else ""
    return Imported(folder, version, supersedes, prices, indices, carried, counts, name, _unknown_points(prices))


def _unknown_points(read: PricesRead | None) -> tuple[str, ...]:
    points = {row.point_of_delivery for row in read.prices if row.point_of_delivery} if read is not None else set()
    return tuple(sorted(point for point in points if find_point_of_delivery(point)[0] != point))


def _published_before(others: Sequence[StoredBook], wanted: Wanted) -> StoredBook | None:
    earlier = [book for book in others if book.header.published_on <= wanted.published_on]
    return max(earlier, key=lambda book: (book.header.published_on, _number(book)), default=None)


def _number(book: StoredBook) -> int:
    digits = re.fullmatch(r"v([0-9]{1,6})", book.header.version)
    return int(digits[1]) if digits else 1


def _takes_the_place(wanted: Wanted, before: StoredBook) -> bool:
    """Whether the new version holds for every day of the year for which the one before it does."""
    first = max(before.header.effective_from, wanted.year.first_day)
    last = min(before.header.effective_to, wanted.year.last_day)
    return bool(wanted.effective_from <= first and last <= wanted.effective_to)


def _refuse_repeated(others: Iterable[StoredBook], wanted: Wanted, hashes: set[str], file: str) -> None:
    for book in others:
        same = book.header.published_on == wanted.published_on and book.header.effective_from == wanted.effective_from
        if same and hashes and hashes <= {original.sha256 for original in book.header.originals}:
            message = f"{book.header.name} was made from this very file"
            mend = "nothing is left to import; a correction has another file or day of publication"
            raise _fault("FILE-EXISTS", message, mend, file)


def _refuse_without_order(others: Iterable[StoredBook], header: str, file: str) -> None:
    """Versions that could not be put in order would stop every settlement that names them."""
    new = StoredBook.parse(header, file)
    history_of((*others, new))


def _prices_text(read: PricesRead | None, wanted: Wanted, before: StoredBook | None) -> str:
    if read is None:
        return _carried(before, 0)
    rows = [_price_cells(row, wanted.source) for row in read.prices]
    return _csv((*PRICE_COLUMNS, _TRIM), rows)


def _price_cells(row: PriceRow, source: str) -> tuple[str, ...]:
    price = as_price(row.price_pence)
    key = (row.tariff_code, row.point_of_delivery, row.treatment_function)
    return (*key, row.description, price, row.basis, f"{source}; {row.place}", row.trim_point_days)


def _indices_text(read: IndicesRead | None, wanted: Wanted, before: StoredBook | None) -> str:
    if read is None:
        return _carried(before, 1) if before is not None else _csv(INDEX_COLUMNS, [])
    return _csv(
        INDEX_COLUMNS,
        [(row.provider_code, row.provider_name, as_index(row.index_millionths), wanted.source) for row in read.indices],
    )


def _carried(before: StoredBook | None, place: int) -> str:
    """A table of the version before, unchanged, once its hash has been found true."""
    if before is None:
        return ""
    if faults := before.faults():
        raise FindingsError(faults)
    name, path = before.tables()[place]
    return read_text(path, name)


def _csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return stream.getvalue()


def _header(
    wanted: Wanted, version: str, supersedes: str, originals: Sequence[tuple[str, str]], tables: dict[str, str]
) -> str:
    """`book.yaml`, with the hashes of its tables and of the files that they were made from."""
    content: dict[str, Any] = {
        "book": wanted.book,
        "title": wanted.title or f"{wanted.book} {wanted.year}",
        "year": str(wanted.year),
        "version": version,
        **({"supersedes": supersedes} if supersedes else {}),
        "source": wanted.source,
        "published_on": wanted.published_on.isoformat(),
        "licence": wanted.licence,
        "effective_from": wanted.effective_from.isoformat(),
        "effective_to": wanted.effective_to.isoformat(),
        "prices": PRICES,
        "market_forces": INDICES,
        "sha256": {name: sha256_text(text) for name, text in tables.items()},
        "originals": [{"file": name, "sha256": sha256} for name, sha256 in originals],
        **({"synthetic": "yes"} if wanted.synthetic else {}),
    }
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=120)


def _write(root: Path, folder: str, files: dict[str, str], register: str) -> None:
    """The folder under another name first, then renamed in one step; then the register, or neither."""
    target = root / folder
    staging = target.with_name(f".staging-{target.name}")
    staging.parent.mkdir(parents=True, exist_ok=True)
    try:
        staging.mkdir()
    except FileExistsError:
        message = "another import of this book is under way, or was broken off"
        mend = f"wait for it to end; if there is none, delete {staging.relative_to(root).as_posix()}"
        raise _fault("RUN-BUSY", message, mend) from None
    try:
        for name, text in files.items():
            (staging / name).write_text(text, encoding="utf-8", newline="\n")
        staging.rename(target)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise
    try:
        write_whole(root / REGISTER, register.encode("utf-8"))
    except BaseException:
        shutil.rmtree(target, ignore_errors=True)
        raise


def _read_register(root: Path) -> str:
    """The text of the register, found to be one. Raises ``FindingsError`` where it cannot be read."""
    path = root / REGISTER
    text = read_text(path, REGISTER) if path.is_file() else f"{_REGISTER_HEAD}books: []\n"
    read_model(read_document(text, REGISTER), Register)
    return text


def registered_folders(root: Path) -> set[str]:
    """The folders that the register names. Raises ``FindingsError`` where it cannot be read."""
    register = read_model(read_document(_read_register(root), REGISTER), Register)
    return {book.folder for book in register.books}


def _registered(text: str, wanted: Wanted, version: str, supersedes: str, folder: str) -> str:
    """The register with one more row, its comments kept."""
    row = {
        "book": wanted.book,
        "year": str(wanted.year),
        "version": version,
        **({"supersedes": supersedes} if supersedes else {}),
        "folder": folder,
        "published_on": wanted.published_on.isoformat(),
        "source": wanted.source,
        **({"synthetic": "yes"} if wanted.synthetic else {}),
    }
    lines = [f"    {name}: {json.dumps(value, ensure_ascii=False)}" for name, value in row.items()]
    lines[0] = lines[0].replace("    ", "  - ", 1)
    opened = re.sub(r"(?m)^books:\s*\[\s*\]\s*$", "books:", text)
    made = opened.rstrip("\n") + "\n" + "\n".join(lines) + "\n"
    before = read_document(text, REGISTER).content.get("books", [])
    try:
        content = read_document(made, REGISTER).content
        # A register without `books:` becomes a list of its own.
        as_expected = isinstance(content, dict) and content.get("books") == [*before, row]
    except FindingsError:
        as_expected = False
    if not as_expected:
        mend = "keep `books:` the last field of the register, with a hyphen before each book"
        raise _fault("FILE-UNREADABLE", "no book can be added at the end of the register", mend, REGISTER)
    return made


def _fault(code: str, message: str, mend: str, file: str = "") -> FindingsError:
    return FindingsError([Finding(code, Level.SUBMISSION, message, mend, file)])
