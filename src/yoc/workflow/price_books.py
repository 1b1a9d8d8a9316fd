"""Price books as they lie in a workspace: found, their hashes checked, read, and put in the order of publication."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from operator import getitem
from pathlib import Path, PurePosixPath
from typing import Any

from yoc.audit import hash_document
from yoc.core.findings import Finding, FindingsError, Level
from yoc.core.located import Document
from yoc.core.periods import FinancialYear
from yoc.tariff import BookHeader, BookVersion, PriceHistory, price_history, read_book_header, read_price_book
from yoc.workflow.contract_files import read_text
from yoc.workflow.plan_inputs import is_led_out, is_outside

BOOK_FILE = "book.yaml"
_PATTERNS = (BOOK_FILE, f"*/{BOOK_FILE}", f"*/*/{BOOK_FILE}")
"""Where versions lie below the folder of a version, of a year, or of a book."""


@dataclass(frozen=True)
class StoredBook:
    """A version where it lies: its `book.yaml`, how findings call it, and what it says of itself."""

    path: Path
    file: str
    header: BookHeader

    @classmethod
    def parse(cls, text: str, file: str) -> "StoredBook":
        """A version that is about to be written. Raises ``FindingsError`` where what it says cannot be used."""
        return cls(Path(file), file, read_book_header(text, file))

    def tables(self) -> tuple[tuple[str, Path], ...]:
        """The names of its two tables and where they lie: prices, then market forces indices."""
        names = (self.header.prices, self.header.market_forces)
        return tuple((name, self.path.parent / PurePosixPath(name).name) for name in names)

    def faults(self) -> list[Finding]:
        """Tables that are not there, or not those that were registered."""
        found = []
        for name, path in self.tables():
            if not path.is_file():
                message, mend = f"{name} is not beside the book", "check the name and the folder"
                found.append(Finding("FILE-MISSING", Level.SUBMISSION, message, mend, self.file))
            elif self.header.sha256.get(name) != (actual := hash_document(path)):
                message = f"{name} is not the table that the book registered: its sha256 is {actual}"
                mend = "a correction is a new version of the book, with its own folder and hashes"
                found.append(Finding("FILE-CHANGED", Level.SUBMISSION, message, mend, self.file))
        return found

    def read(self) -> BookVersion:
        """The version with its prices. Raises ``FindingsError`` where a table is missing, changed or cannot be used."""
        if faults := self.faults():
            raise FindingsError(faults)
        names = [PurePosixPath(self.file).parent / path.name for _, path in self.tables()]
        texts = [
            part
            for (_, path), name in zip(self.tables(), names, strict=True)
            for part in (read_text(path, name.as_posix()), name.as_posix())
        ]
        return BookVersion(self.header, read_price_book(*texts), self.file)


def stored_book(path: Path, file: str) -> StoredBook:
    """A version from its `book.yaml`. Raises ``FindingsError`` where that cannot be used."""
    return StoredBook(path, file, read_book_header(read_text(path, file), file))


def book_files(folder: Path) -> list[Path]:
    """Every `book.yaml` in a folder of a version, a year or a book."""
    found = {path for pattern in _PATTERNS for path in folder.glob(pattern) if path.is_file()}
    return sorted(path for path in found if not path.parent.name.startswith("."))


def stored_books(root: Path) -> list[StoredBook]:
    """Every version in a workspace's `tariffs`, by book, year and version. Raises ``FindingsError`` with all faults."""
    findings: list[Finding] = []
    paths = sorted({path for folder in (root / "tariffs").glob("*/") for path in book_files(folder)})
    found = [
        book
        for path in paths
        if (book := _try(partial(stored_book, path, path.relative_to(root).as_posix()), findings)) is not None
    ]
    if findings:
        raise FindingsError(findings)
    return sorted(found, key=lambda book: (book.header.book, book.header.year, *_place(book.header.version)))


def _place(version: str) -> tuple[int, str]:
    """v10 comes after v9."""
    return (len(version), version)


def read_prices(
    root: Path,
    document: Document,
    plan: Any,
    documents: dict[str, Path],
    gathered: list[Finding],
    at: tuple[str | int, ...] = ("prices",),
) -> PriceHistory | None:
    """The prices that a plan names at its place in the document; nothing where they have faults.

    What was read is added to ``documents``, what is wrong to ``gathered``.
    """
    paths, unfound = find_books(root, document, plan.prices, at)
    gathered.extend(unfound)
    read = partial(read_history, paths, root, plan, document, documents, at)
    history: PriceHistory | None = _try(read, gathered) if paths else None
    return history


def find_books(
    root: Path, document: Document, names: Sequence[str], at: tuple[str | int, ...] = ("prices",)
) -> tuple[list[Path], list[Finding]]:
    """The `book.yaml` of every version that a plan names, by file or by folder; and what cannot be found."""
    paths: list[Path] = []
    findings = []
    is_list = isinstance(reduce(getitem, at, document.content), list)
    for place, name in enumerate(names):
        where = (*at, place) if is_list else at
        target = root / PurePosixPath(name)
        if is_outside(name) or is_led_out(root, target):
            mend = "name files from the workspace's folder with forward slashes, as tariffs/nhsps/2026-27"
            findings.append(document.finding("FILE-OUTSIDE", f"{name} is not a name inside the workspace", where, mend))
            continue
        found = [target] if target.is_file() else book_files(target) if target.is_dir() else []
        if not found:
            what = f"no price book lies in {name}" if target.is_dir() else f"{name} is not there"
            findings.append(document.finding("FILE-MISSING", what, where, "check the name and the folder"))
        paths += [path for path in found if path not in paths]
    return paths, findings


def read_history(
    paths: Iterable[Path],
    root: Path,
    plan: Any,
    document: Document,
    documents: dict[str, Path],
    at: tuple[str | int, ...] = ("prices",),
) -> PriceHistory:
    """The versions that hold for a day of the plan's year and were published by its day of settlement.

    Others are left alone, so that a later re-issue changes no run that was made before it. ``documents`` is given
    every file that was read. Raises ``FindingsError`` with every fault of every version.
    """
    findings: list[Finding] = []
    stored = [
        book
        for path in paths
        if (book := _try(partial(stored_book, path, path.relative_to(root).as_posix()), findings)) is not None
    ]
    holding = [book for book in stored if _meets(book.header, plan.year)]
    known = [book for book in holding if book.header.published_on <= plan.as_of]
    if stored and not known and not findings:
        lacking = f"was published by {plan.as_of}" if holding else f"holds for a day of {plan.year}"
        message = f"none of the price books {lacking}"
        findings.append(document.finding("PLAN-MISMATCH", message, at))
    versions = []
    for number, book in enumerate(known, 1):
        suffix = "" if number == 1 else f" {number}"
        (_, prices), (_, indices) = book.tables()
        documents |= {f"book{suffix}": book.path, f"prices{suffix}": prices, f"market_forces{suffix}": indices}
        if (version := _try(book.read, findings)) is not None:
            versions.append(version)
    if findings:
        raise FindingsError(findings)
    return price_history(versions)


def _meets(header: BookHeader, year: FinancialYear) -> bool:
    return bool(header.effective_from <= year.last_day and year.first_day <= header.effective_to)


def _try(read: Callable[[], Any], findings: list[Finding]) -> Any:
    try:
        return read()
    except FindingsError as error:
        findings.extend(error.findings)
        return None
