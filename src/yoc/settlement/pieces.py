"""A contract as a function of one moving number: its pieces, each a straight line, with exact ends."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from yoc.settlement.traced import Tape, Traced

Figures = Mapping[str, Fraction]
MOST_PIECES = 2_000
AMOUNT = "amount "
"""How figures begin that are followed for the sake of others, and need not be straight lines themselves."""


@dataclass(frozen=True)
class Piece:
    """One straight stretch: from where to where (no end: for ever), values just after its start, and slopes.

    ``at_start`` are the values at the start itself, which differ from those just after it where there is a cliff.
    """

    start: Fraction
    end: Fraction | None
    at_start: Figures
    after_start: Figures
    slopes: Figures

    def before_end(self, name: str) -> Fraction:
        """The value as the end is come to."""
        if self.end is None:
            raise ValueError("a piece without end has no value at it")
        return self.just_after(name) + self.slope(name) * (self.end - self.start)

    def at(self, name: str) -> Fraction:
        """The value at the start itself; nothing where the figure is not among those found there."""
        return self.at_start.get(name, Fraction(0))

    def just_after(self, name: str) -> Fraction:
        """The value just after the start."""
        return self.after_start.get(name, Fraction(0))

    def slope(self, name: str) -> Fraction:
        """How the value moves."""
        return self.slopes.get(name, Fraction(0))


@dataclass(frozen=True)
class Curve:
    """The pieces of a function in order, the last one without length where the function jumps at the very end.

    ``bent``: some part of it is no straight line, or has more pieces than are followed, so they are not sure.
    """

    pieces: tuple[Piece, ...]
    bent: bool

    def of(self, name: str) -> "tuple[Piece, ...]":
        """The pieces as they matter for one figure: joined where nothing of it changes between them."""
        joined: list[Piece] = []
        for piece in self.pieces:
            last = joined[-1] if joined else None
            if (
                last is not None
                and last.slope(name) == piece.slope(name)
                and last.before_end(name) == piece.at(name) == piece.just_after(name)
            ):
                joined[-1] = replace(last, end=piece.end)
            else:
                joined.append(piece)
        return tuple(joined)


def follow(evaluate: Callable[[Fraction], Figures], low: Fraction, high: Fraction | None) -> Curve:
    """The pieces of ``evaluate`` from ``low`` to ``high``, or without end.

    ``evaluate`` is given a number that may be traced, and works only by arithmetic and comparison.

    >>> shared = lambda cost: {"host": (100 - cost) / 2 if 100 - cost >= 10 else Fraction(0)}
    >>> [(int(piece.start), piece.end and int(piece.end), int(piece.after_start["host"]), piece.slopes["host"])
    ...  for piece in follow(shared, Fraction(0), None).of("host")]
    [(0, 90, 50, Fraction(-1, 2)), (90, None, 0, Fraction(0, 1))]
    """
    pieces: list[Piece] = []
    point: Fraction = low
    bent = False
    while high is None or point < high:
        tape = Tape()
        figures = evaluate(Traced(point, 1, tape))
        slopes = {name: number.slope if isinstance(number, Traced) else Fraction(0) for name, number in figures.items()}
        followed = [number for name, number in figures.items() if not name.startswith(AMOUNT)]
        bent |= tape.bent or any(isinstance(number, Traced) and number.bent for number in followed)
        after = {name: number.value if isinstance(number, Traced) else number for name, number in figures.items()}
        end = None if tape.nearest is None else point + tape.nearest
        if high is not None and (end is None or end > high):
            end = high
        pieces.append(Piece(point, end, evaluate(point), after, slopes))
        if end is None:
            break
        if len(pieces) >= MOST_PIECES:
            return Curve(tuple(pieces), True)
        point = end
    if high is not None and pieces:
        pieces += _jump_at_the_end(pieces[-1], high, evaluate(high))
    return Curve(tuple(pieces), bent)


def _jump_at_the_end(last: Piece, high: Fraction, at_end: Figures) -> list[Piece]:
    """The end itself as a piece of its own, where what is come to is not what holds there."""
    names = dict.fromkeys((*last.after_start, *at_end))
    if all(last.before_end(name) == at_end.get(name, Fraction(0)) for name in names):
        return []
    return [Piece(high, high, at_end, at_end, {})]


def least_and_most(curves: Sequence[Curve], name: str) -> tuple[Fraction | None, Fraction | None]:
    """The lowest and highest value that a figure takes or comes to; ``None`` where it goes on without end."""
    values: list[Fraction] = []
    falls = rises = False
    for curve in curves:
        for piece in curve.pieces:
            values += [piece.at(name), piece.just_after(name)]
            if piece.end is not None:
                values.append(piece.before_end(name))
            else:
                falls |= piece.slope(name) < 0
                rises |= piece.slope(name) > 0
    return (None if falls else min(values)), (None if rises else max(values))
