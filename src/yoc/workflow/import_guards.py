"""What keeps an import of prices from changing days that it was not meant for: which version holds on each of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from yoc.core.findings import Finding, FindingsError, Level
from yoc.core.periods import FinancialYear
from yoc.tariff import BookVersion, PriceBook, PriceHistory, price_history
from yoc.workflow.price_books import StoredBook

_EACH = "import once for each of these periods, with its --effective-from and --effective-to"
_WORDS = ("prices", "market forces indices")


@dataclass(frozen=True)
class Wanted:
    """What the user says of the version that is to be made.

    ``replaces_periods`` says that it is meant to take the place of several versions that hold on different days,
    ``no_market_forces`` that it is meant to have no index, though other versions of the book have some.
    """

    book: str
    year: FinancialYear
    effective_from: date
    effective_to: date
    published_on: date
    source: str
    licence: str
    title: str = ""
    synthetic: bool = False
    replaces_periods: bool = False
    no_market_forces: bool = False


def history_of(books: Iterable[StoredBook]) -> PriceHistory:
    """Versions in their order, without their prices. Raises ``FindingsError`` where they have none."""
    return price_history([BookVersion(book.header, PriceBook({}, {}), book.file) for book in books])


def _periods_in_force(others: Sequence[StoredBook], wanted: Wanted) -> list[tuple[date, date, StoredBook]]:
    """The periods of the days that are wanted, and which version holds on them when the new one is published."""
    known = [book for book in others if book.header.published_on <= wanted.published_on]
    by_file = {book.file: book for book in known}
    history = history_of(known)
    return [
        (period.first_day, period.last_day, by_file[history.versions[period.chain[-1]].file])
        for period in history.periods(wanted.effective_from, wanted.effective_to)
    ]


def in_force(others: Sequence[StoredBook], wanted: Wanted) -> list[StoredBook]:
    """The versions that hold on some of the days that are wanted when the new one is published."""
    return [book for _, _, book in _periods_in_force(others, wanted)]


def _hashes(book: StoredBook) -> tuple[str | None, ...]:
    return tuple(book.header.sha256.get(name) for name, _ in book.tables())


def _spoken(periods: Iterable[tuple[date, date, StoredBook]]) -> str:
    return ", ".join(f"{book.header.version} from {first} to {last}" for first, last, book in periods)


def carried_from(others: Sequence[StoredBook], wanted: Wanted, place: int, before: StoredBook) -> StoredBook:
    """The version whose prices (``place`` 0) or indices (1) go with what is imported alone: the one that holds then.

    Raises ``FindingsError`` where the days that are wanted have several, so that those of one period would come to
    hold on the days of another; and, of prices, where some of the days have none. Indices are mostly of a whole year:
    days for which no version holds yet take those of the others, or of the version published before.
    """
    periods, what = _periods_in_force(others, wanted), _WORDS[place]
    if len({_hashes(book)[place] for _, _, book in periods}) > 1:
        message = (
            f"the file holds no {what}, and the days from {wanted.effective_from} to {wanted.effective_to} have "
            f"several: {_spoken(periods)}"
        )
        more = "" if place == 0 else ", or give the indices with --market-forces"
        raise _fault(message, f"{_EACH}{more}")
    if place == 0:
        known = [book for book in others if book.header.published_on <= wanted.published_on]
        day = history_of(known).first_day_without(wanted.effective_from, wanted.effective_to)
        if day is not None:
            message = f"the file holds no prices, and no version has any on {day} that could go with it"
            mend = "give the days that have prices with --effective-from and --effective-to, or import prices"
            raise _fault(message, mend)
    return periods[0][2] if periods else before


def refuse_unsaid_replacement(others: Sequence[StoredBook], wanted: Wanted) -> None:
    """One version over days that several others part would undo the change between them, and has to be meant."""
    periods = _periods_in_force(others, wanted)
    if len({_hashes(book) for _, _, book in periods}) > 1 and not wanted.replaces_periods:
        message = (
            f"the new version would hold from {wanted.effective_from} to {wanted.effective_to} and undo what changes "
            f"within these days: {_spoken(periods)}"
        )
        mend = f"{_EACH}; or say --replaces-periods, where its prices hold on all of these days"
        raise _fault(message, mend)


def refuse_without_indices(others: Sequence[StoredBook], wanted: Wanted) -> None:
    """A version without any index prices every provider at 1.000000; where others have indices, it has to be meant."""
    having = [] if wanted.no_market_forces else [book for book in others if book.read().book.indices_millionths]
    if having:
        names = ", ".join(book.header.version for book in having)
        message = f"the new version would have no market forces index, and {names} of the book has indices"
        mend = (
            "give them with --market-forces, or import versions in the order in which they were published; "
            "--no-market-forces says that every provider is to be priced at 1.000000"
        )
        raise FindingsError([Finding("INDEX-MISSING", Level.SUBMISSION, message, mend)])


def _fault(message: str, mend: str) -> FindingsError:
    return FindingsError([Finding("PRICE-PERIODS", Level.SUBMISSION, message, mend)])
