"""What a workspace's price books hold: which versions there are, what a code costs, what differs between two."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path

from yoc.core.findings import Finding, FindingsError, Level
from yoc.core.money import round_half_away
from yoc.core.periods import FinancialYear
from yoc.tariff import BookVersion
from yoc.tariff.book import INDEX_SCALE
from yoc.tariff.compare import BookDifference, compare_books
from yoc.workflow.import_guards import history_of
from yoc.workflow.price_books import StoredBook, book_files, stored_book, stored_books
from yoc.workflow.tariff_import import registered_folders


class UnclearVersionError(ValueError):
    """Words that name no version, or several where one is asked for; the message says which there are."""


@dataclass(frozen=True)
class ListedBook:
    """One version as `yoc tariff list` shows it."""

    stored: StoredBook
    status: str
    faults: tuple[Finding, ...]


@dataclass(frozen=True)
class Priced:
    """What one unit of a code costs at a provider: price, index, their product exactly and to the penny.

    ``has_index`` is whether the provider has an index of its own; without one it is 1.000000.
    """

    version: BookVersion
    point_of_delivery: str
    treatment_function: str
    price_pence: int
    index_millionths: int
    has_index: bool

    @property
    def exact_pence(self) -> Fraction:
        """Price × index, exactly."""
        return Fraction(self.price_pence * self.index_millionths, INDEX_SCALE)

    @property
    def pence(self) -> int:
        """Price × index to the penny, half away from zero."""
        return round_half_away(self.exact_pence)


@dataclass(frozen=True)
class ListedDays:
    """Days of a year that have the same prices: the version first charged on them, and the one that holds now."""

    book: str
    year: FinancialYear
    first_day: date
    last_day: date
    first_price: str
    price_now: str


def list_days(books: Sequence[StoredBook]) -> list[ListedDays]:
    """Which version each day of a book's year is charged at. Raises ``FindingsError`` where versions have no order."""
    groups: dict[tuple[str, FinancialYear], list[StoredBook]] = {}
    for book in books:
        groups.setdefault((book.header.book, book.header.year), []).append(book)
    found = []
    for (name, year), group in groups.items():
        history = history_of(group)
        for period in history.periods(year.first_day, year.last_day):
            first, now = (history.versions[period.chain[place]].header.version for place in (0, -1))
            found.append(ListedDays(name, year, period.first_day, period.last_day, first, now))
    return found


def list_books(root: Path) -> list[ListedBook]:
    """Every version, what takes its place, and whether its tables are those that were registered."""
    books, registered = stored_books(root), registered_folders(root)
    listed = []
    for book in books:
        own = book.header
        later = [
            other.header.version
            for other in books
            if (other.header.book, other.header.year, other.header.supersedes) == (own.book, own.year, own.version)
        ]
        status = f"superseded by {', '.join(later)}" if later else "latest"
        folder = Path(book.file).parent.as_posix()
        status += "" if folder in registered else ", not in the register"
        listed.append(ListedBook(book, status, tuple(book.faults())))
    return listed


def find_versions(root: Path, words: str) -> list[StoredBook]:
    """The versions that are meant by a book's name, with its year and version where they are given, or by a folder.

    `nhsps`, `nhsps/2025-26`, `nhsps/2025-26/v2`, `tariffs/nhsps/2025-26/v2`. Raises ``UnclearVersionError`` for none.
    """
    path = root / words
    if path.is_file() or (path.is_dir() and book_files(path)):
        files = [path] if path.is_file() else book_files(path)
        return [
            stored_book(file, (file.relative_to(root) if file.is_relative_to(root) else file).as_posix())
            for file in files
        ]
    books = stored_books(root)
    parts = words.strip("/").split("/")
    found = [
        book for book in books if parts == [book.header.book, book.header.year.slug, book.header.version][: len(parts)]
    ]
    if not found:
        known = ", ".join(dict.fromkeys(_spoken(book) for book in books)) or "no book at all"
        raise UnclearVersionError(f"{words} is no price book here: there is {known}")
    return found


def one_version(root: Path, words: str) -> StoredBook:
    """The one version that is meant. Raises ``UnclearVersionError`` where several are."""
    found = find_versions(root, words)
    if len(found) > 1:
        raise UnclearVersionError(f"{words} has {len(found)} versions: say which, as {_spoken(found[-1])}")
    return found[0]


def _spoken(book: StoredBook) -> str:
    return f"{book.header.book}/{book.header.year.slug}/{book.header.version}"


def prices_of_code(books: Sequence[StoredBook], code: str, provider: str = "") -> list[Priced]:
    """Every price of a code in some versions, at a provider's index.

    Raises ``FindingsError`` where no version has a price of it: that is a finding, never a price of nothing.
    """
    found = []
    for stored in books:
        version = stored.read()
        index = version.book.index_millionths(provider) if provider else None
        for (tariff_code, point, function), pence in sorted(version.book.unit_prices_pence.items()):
            if tariff_code == code:
                found.append(Priced(version, point, function, pence, index or INDEX_SCALE, index is not None))
    if not found:
        message = f"code {code} has no price in {', '.join(book.header.name for book in books)}"
        mend = "check the code; a price that was left out comes with a new version of the book"
        raise FindingsError([Finding("PRICE-MISSING", Level.SUBMISSION, message, mend)])
    return found


def difference_of(before: StoredBook, after: StoredBook) -> BookDifference:
    """What differs between two versions. Raises ``FindingsError`` where one of them cannot be read."""
    return compare_books(before.read().book, after.read().book)
