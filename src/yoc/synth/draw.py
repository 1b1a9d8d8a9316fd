"""Drawing at random with whole numbers only, so that no processor or maths library can change a byte."""

from collections.abc import Sequence

import numpy as np

from yoc.core.money import split_pence
from yoc.synth.year import Ints

_STREAMS = ("people", "registrations", "conditions", "intensity", "lines", "plan", "results", "supplies")
_WORD = 32
TABLE_SIZE = 1 << 16


def stream(seed: int, name: str, part: int = 0) -> np.random.Generator:
    """The random numbers of one part of the sample: what one part draws never shifts another."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, _STREAMS.index(name), part])))


def below(rng: np.random.Generator, high: Ints) -> Ints:
    """One whole number from zero up to, but without, each limit; limits are from 1 to 2^31.

    >>> below(stream(1, "people"), np.array([1, 1, 1])).tolist()
    [0, 0, 0]
    """
    words: Ints = rng.integers(0, 1 << _WORD, high.size, dtype=np.int64)
    return (words * high) >> _WORD


def between(rng: np.random.Generator, low: Ints, high: Ints) -> Ints:
    """One whole number from each low to each high, both included."""
    return low + below(rng, high - low + 1)


def allocate(total: int, weights: Sequence[int]) -> list[int]:
    """Whole things shared out by weight so that they sum to the total, largest remainder first.

    >>> allocate(10, [1, 1, 1])
    [4, 3, 3]
    """
    return split_pence(total, weights)


def spread(weights: Sequence[int]) -> Ints:
    """A table of positions in which each appears in proportion to its weight: one draw picks one position.

    >>> table = spread([3, 1])
    >>> int((table == 0).sum()), int((table == 1).sum())
    (49152, 16384)
    """
    return np.repeat(np.arange(len(weights), dtype=np.int64), allocate(TABLE_SIZE, weights))


def pick(rng: np.random.Generator, table: Ints, count: int) -> Ints:
    """Draw positions from a table made by ``spread``."""
    places: Ints = rng.integers(0, TABLE_SIZE, count, dtype=np.int64)
    return table[places]


def pick_weighted(rng: np.random.Generator, cumulative: Ints, count: int) -> Ints:
    """Draw positions in proportion to weights given as running totals; the positions come in rising order.

    >>> pick_weighted(stream(1, "lines"), np.array([0, 5, 5]), 3).tolist()
    [1, 1, 1]
    """
    points: Ints = rng.integers(0, int(cumulative[-1]), count, dtype=np.int64)
    points.sort()
    places: Ints = np.searchsorted(cumulative, points, side="right").astype(np.int64)
    return places
