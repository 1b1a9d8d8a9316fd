"""What changed between two versions of a price book: what came, what went, what has another price or index."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from yoc.tariff.book import PriceBook

Key = tuple[str, ...]
"""Code, point of delivery and treatment function of a price; the provider of an index."""


@dataclass(frozen=True)
class Changed:
    """One price or index before and after: whole pence, or millionths; ``None`` where there was or is none.

    >>> Changed(("HN12F", "EL", ""), 720400, 725100).rate
    Fraction(47, 7204)
    """

    key: Key
    before: int | None
    after: int | None

    @property
    def difference(self) -> int:
        """After less before, where both are there; else nothing."""
        return self.after - self.before if self.after is not None and self.before is not None else 0

    @property
    def rate(self) -> Fraction | None:
        """The difference as a part of what was before; ``None`` where that was nothing, or one of them is not there."""
        return Fraction(self.difference, self.before) if self.before and self.after is not None else None


@dataclass(frozen=True)
class BookDifference:
    """What differs between two versions, prices first; what is the same is only counted."""

    prices: tuple[Changed, ...]
    indices: tuple[Changed, ...]
    same_prices: int
    same_indices: int


def compare_books(before: PriceBook, after: PriceBook) -> BookDifference:
    """Every price and index that is in one of two books only, or another in each: what went, what came, what changed.

    >>> one = PriceBook({("A1", "", ""): 100, ("B1", "", ""): 200}, {"R1H": 1148886})
    >>> two = PriceBook({("A1", "", ""): 100, ("B1", "", ""): 210, ("C1", "", ""): 5}, {})
    >>> found = compare_books(one, two)
    >>> [(change.key[0], change.before, change.after) for change in found.prices], found.same_prices
    ([('C1', None, 5), ('B1', 200, 210)], 1)
    >>> found.indices
    (Changed(key=('R1H',), before=1148886, after=None),)
    """
    prices, indices = [_prices(book) for book in (before, after)], [_indices(book) for book in (before, after)]
    return BookDifference(_changes(*prices), _changes(*indices), _same(*prices), _same(*indices))


def _prices(book: PriceBook) -> dict[Key, int]:
    return {tuple(key): price for key, price in book.unit_prices_pence.items()}


def _indices(book: PriceBook) -> dict[Key, int]:
    return {(provider,): index for provider, index in book.indices_millionths.items()}


def _changes(before: Mapping[Key, int], after: Mapping[Key, int]) -> tuple[Changed, ...]:
    # What is gone has no price any more, and what came had none: both move more than a change does.
    keys = (*sorted(before.keys() - after.keys()), *sorted(after.keys() - before.keys()))
    keys = (*keys, *sorted(before.keys() & after.keys()))
    return tuple(Changed(key, before.get(key), after.get(key)) for key in keys if before.get(key) != after.get(key))


def _same(before: Mapping[Key, int], after: Mapping[Key, int]) -> int:
    return sum(after.get(key) == value for key, value in before.items())
