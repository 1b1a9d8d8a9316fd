"""Numbers that remember how they move: a value and a slope, exact, and where a comparison would come out otherwise.

A contract's terms are ordinary functions of exact numbers. Given a traced number for the cost, they come to a traced
result: its value, how it moves for each pound more, and, from every comparison on the way, how far that holds. So the
pieces of a contract, which is piecewise linear, are found exactly and not by trying points.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

_PLAIN = (int, Fraction)


@dataclass
class Tape:
    """How far ahead of the point the first comparison turns; whether one was made that no straight line decides."""

    nearest: Fraction | None = None
    bent: bool = False

    def note(self, distance: Fraction) -> None:
        """A comparison turns at this distance."""
        if distance > 0 and (self.nearest is None or distance < self.nearest):
            self.nearest = distance


class Traced(Fraction):
    """A number at a point, just after it: comparisons are decided by the value and, where that ties, by the slope.

    ``bent`` marks a number that is no straight line (a product of two that both move): it may be shown, and where it
    decides something the tape says so.

    >>> tape = Tape()
    >>> cost = Traced(100, 1, tape)
    >>> result = max(130 - cost, Fraction(0)) / 2
    >>> result.value, result.slope, tape.nearest
    (Fraction(15, 1), Fraction(-1, 2), Fraction(30, 1))
    """

    __slots__ = ("bent", "slope", "tape")
    slope: Fraction
    tape: Tape
    bent: bool

    def __new__(cls, value: Any, slope: Any, tape: Tape, bent: bool = False) -> "Traced":
        """A number with its slope."""
        made = super().__new__(cls, value)
        made.slope, made.tape, made.bent = Fraction(slope), tape, bent
        return made

    @property
    def value(self) -> Fraction:
        """The value alone."""
        return Fraction(self.numerator, self.denominator)

    def _with(self, value: Fraction, slope: Fraction, bent: bool) -> "Traced":
        return Traced(value, slope, self.tape, bent)

    def __add__(self, other: Any) -> Any:
        value, slope, bent = _parts(other)
        return self._with(self.value + value, self.slope + slope, self.bent or bent)

    __radd__ = __add__

    def __neg__(self) -> "Traced":
        return self._with(-self.value, -self.slope, self.bent)

    def __pos__(self) -> "Traced":
        return self

    def __sub__(self, other: Any) -> Any:
        return self + -other

    def __rsub__(self, other: Any) -> Any:
        return -self + other

    def __mul__(self, other: Any) -> Any:
        value, slope, bent = _parts(other)
        both_move = self.slope != 0 and slope != 0
        moved = self.slope * value + slope * self.value
        return self._with(self.value * value, moved, self.bent or bent or both_move)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Any:
        value, slope, bent = _parts(other)
        if value == 0 and slope != 0:
            # Just beside the point there is a quotient, and it goes beyond every number as the point is come to.
            return self._with(Fraction(0), Fraction(0), True)
        moved = (self.slope * value - self.value * slope) / (value * value)
        return self._with(self.value / value, moved, self.bent or bent or slope != 0)

    def __rtruediv__(self, other: Any) -> Any:
        return self._with(Fraction(other), Fraction(0), False) / self

    def __abs__(self) -> "Traced":
        return self if self >= 0 else -self

    def _sign_beside(self, other: Any) -> int:
        """The sign of the difference just after the point; notes where it turns."""
        value, slope, bent = _parts(other)
        difference, moves = self.value - value, self.slope - slope
        if self.bent or bent:
            self.tape.bent = True
        elif difference != 0 and moves != 0:
            self.tape.note(-difference / moves)
        decides = difference or moves
        return (decides > 0) - (decides < 0)

    def __lt__(self, other: Any) -> bool:
        return self._sign_beside(other) < 0

    def __le__(self, other: Any) -> bool:
        return self._sign_beside(other) <= 0

    def __gt__(self, other: Any) -> bool:
        return self._sign_beside(other) > 0

    def __ge__(self, other: Any) -> bool:
        return self._sign_beside(other) >= 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _PLAIN) and self._sign_beside(other) == 0

    def __bool__(self) -> bool:
        return self._sign_beside(0) != 0

    __hash__ = Fraction.__hash__


def _parts(number: Any) -> tuple[Fraction, Fraction, bool]:
    if isinstance(number, Traced):
        return number.value, number.slope, number.bent
    return Fraction(number), Fraction(0), False
