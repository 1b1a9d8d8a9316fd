"""Exact fractions by the column: whole numbers over whole numbers, 64 bits wide where that is enough, else of any size.

No rounding, no floating point: before each operation the largest possible result is worked out, and where it does not
fit into 64 bits the column goes on with whole numbers of any size.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

Whole = Any
"""A whole number for all rows, or an array of one for each."""
_MOST = 1 << 62
_MOST_COMMON = 10**12


@dataclass(frozen=True)
class Column:
    """A fraction for each row: ``above`` over ``under``, which is more than nothing. Not in lowest terms."""

    above: Whole
    under: Whole = 1

    @classmethod
    def of(cls, numbers: Sequence[Fraction]) -> "Column":
        """The column of some numbers."""
        common = 1
        for number in numbers:
            common = math.lcm(common, number.denominator)
            if common > _MOST_COMMON:
                return cls(
                    _array([number.numerator for number in numbers]), _array([each.denominator for each in numbers])
                )
        return cls(_array([number.numerator * (common // number.denominator) for number in numbers]), common)

    @classmethod
    def same(cls, number: Fraction) -> "Column":
        """One number for every row."""
        return cls(number.numerator, number.denominator)

    def at(self, row: int) -> Fraction:
        """The number of a row."""
        return Fraction(int(_at(self.above, row)), int(_at(self.under, row)))

    def kept(self, rows: Any) -> "Column":
        """The rows that a mask keeps."""
        return Column(_kept(self.above, rows), _kept(self.under, rows))


def add(left: Column, right: Column, sign: int = 1) -> Column:
    """The sums, or with a ``sign`` of -1 the differences.

    >>> halves, thirds = Column.of([Fraction(1, 2), Fraction(3, 2)]), Column.of([Fraction(1, 3), Fraction(-1, 3)])
    >>> total = add(halves, thirds)
    >>> total.at(0), total.at(1)
    (Fraction(5, 6), Fraction(7, 6))
    """
    if isinstance(left.under, int) and isinstance(right.under, int):
        under = math.lcm(left.under, right.under)
        first = _times(left.above, under // left.under)
        return Column(_plus(first, _times(right.above, sign * (under // right.under))), under)
    first, second = _times(left.above, right.under), _times(right.above, left.under)
    return Column(_plus(first, _times(second, sign)), _times(left.under, right.under))


def multiply(left: Column, right: Column) -> Column:
    """The products."""
    return Column(_times(left.above, right.above), _times(left.under, right.under))


def negative(column: Column) -> Column:
    """The same numbers on the other side of nothing."""
    return Column(_times(column.above, -1), column.under)


def divide(left: Column, right: Column) -> tuple[Column, Any]:
    """The quotients, and which rows have one: where the divisor is nothing, there is none."""
    has_one = right.above != 0
    divisor = right.above
    if isinstance(divisor, int):
        divisor = divisor or 1
        turned: Whole = 1 if divisor > 0 else -1
    else:
        divisor = np.where(has_one, divisor, 1)
        turned = np.where(divisor > 0, 1, -1)
    above = _times(_times(left.above, right.under), turned)
    return Column(above, _times(left.under, _times(divisor, turned))), has_one


def rounded(column: Column) -> Whole:
    """Whole numbers, half away from nothing.

    >>> [int(number) for number in rounded(Column.of([Fraction(5, 2), Fraction(-5, 2), Fraction(249, 100)]))]
    [3, -3, 2]
    """
    turned: Whole = (
        (1 if column.above >= 0 else -1) if isinstance(column.above, int) else np.where(column.above >= 0, 1, -1)
    )
    size = _times(_times(column.above, turned), 2)
    return _times(_plus(size, column.under) // _times(column.under, 2), turned)


def round_to(column: Column, step: Column) -> tuple[Column, Any]:
    """The nearest multiples of a step, and which rows have one."""
    steps, has_one = divide(column, step)
    return multiply(Column(rounded(steps)), step), has_one


def plus(left: Whole, right: Whole, sign: int = 1) -> Whole:
    """Sums of whole numbers."""
    return _plus(left, _times(right, sign))


def difference_of(left: Column, right: Column) -> Whole:
    """What is above, at or under nothing as the left is above, at or under the right."""
    return _plus(_times(left.above, right.under), _times(_times(right.above, left.under), -1))


def _array(numbers: Sequence[int]) -> Any:
    fits = all(-_MOST < number < _MOST for number in numbers)
    return np.array(numbers, dtype=np.int64 if fits else object)


def _times(left: Whole, right: Whole) -> Whole:
    if isinstance(left, int) and isinstance(right, int):
        return left * right
    if _size(left) * _size(right) < _MOST:
        return left * right
    return _any_size(left) * _any_size(right)


def _plus(left: Whole, right: Whole) -> Whole:
    if isinstance(left, int) and isinstance(right, int):
        return left + right
    if _size(left) + _size(right) < _MOST:
        return left + right
    return _any_size(left) + _any_size(right)


def _size(whole: Whole) -> int:
    """The largest number without its sign; more than fits where the numbers are of any size already."""
    if isinstance(whole, int):
        return abs(whole)
    if whole.dtype == object:
        return _MOST
    return int(np.abs(whole).max(initial=0))


def _any_size(whole: Whole) -> Whole:
    return whole if isinstance(whole, int) else whole.astype(object)


def _at(whole: Whole, row: int) -> Any:
    return whole if isinstance(whole, int) else whole[row]


def _kept(whole: Whole, rows: Any) -> Whole:
    return whole if isinstance(whole, int) else whole[rows]
