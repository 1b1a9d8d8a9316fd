"""Money: whole pence at rest, exact fractions of a penny in between, two ways to become whole again.

A value called ``..._pence`` is an ``int`` of whole pence. A ``Fraction`` of pence is an exact amount that has not
yet reached a rounding point that the contract names.
"""

import re
from collections.abc import Sequence
from fractions import Fraction

CURRENCY_SIGNS = {"£": "GBP", "$": "USD", "€": "EUR"}
"""The signs with which a sum may be written; a contract is in one currency, and pence are its hundredths."""
_POUNDS = re.compile(
    r"^(?P<sign>-?)[£$€](?P<number>[0-9]{1,3}(?:,[0-9]{3}){1,20}(?:\.[0-9]{1,40})?|[0-9]{1,60}(?:\.[0-9]{1,40})?)"
    r"\s*(?P<unit>k|m|bn)?$"
)
_PENCE_BY_UNIT = {None: 100, "k": 100_000, "m": 100_000_000, "bn": 100_000_000_000}


class MoneyError(ValueError):
    """Text that is not a sum of money; its message says how to write one."""


def round_half_away(amount: Fraction | int) -> int:
    """Round an exact amount to a whole number, half away from zero.

    The only rounding of money in the whole product (contract language, section 2).

    >>> round_half_away(Fraction(5, 2)), round_half_away(Fraction(-5, 2)), round_half_away(Fraction(249, 100))
    (3, -3, 2)
    """
    whole, rest = divmod(abs(amount.numerator), amount.denominator)
    rounded = whole + (1 if 2 * rest >= amount.denominator else 0)
    return rounded if amount >= 0 else -rounded


def split_pence(total_pence: int, weights: Sequence[Fraction | int]) -> list[int]:
    """Split whole pence into whole pence that sum to it: largest remainder, ties in the order given.

    A weight of zero gets nothing; a negative total splits as its mirror image. Raises ``MoneyError`` where a
    weight is negative, or where money has to be split and no weight is above zero.

    >>> split_pence(10000, [1, 1, 1])
    [3334, 3333, 3333]
    >>> split_pence(-100, [1, 0, 2])
    [-33, 0, -67]
    """
    if any(weight < 0 for weight in weights):
        raise MoneyError("a weight below zero cannot take a share of money")
    whole = Fraction(sum(weights))
    if whole == 0:
        if total_pence:
            raise MoneyError("money cannot be split when every weight is zero")
        return [0 for _ in weights]
    sign, size = (1, total_pence) if total_pence >= 0 else (-1, -total_pence)
    exact = [size * Fraction(weight) / whole for weight in weights]
    floors = [share.numerator // share.denominator for share in exact]
    left = size - sum(floors)
    by_remainder = sorted(range(len(exact)), key=lambda index: (floors[index] - exact[index], index))
    for index in by_remainder[:left]:
        floors[index] += 1
    return [sign * pence for pence in floors]


def apportion_pence(total_pence: int, exact: Sequence[Fraction]) -> list[int]:
    """Whole pence for parts whose exact amounts are known and may be of either sign, summing to ``total_pence``.

    Each part is its own exact amount taken down to the penny below, and the pennies that are left go to the largest
    remainders, ties in the order given: what a table of parts prints so that it adds to a total that was rounded once.
    The total must lie within a penny a part of the sum of the parts.

    >>> apportion_pence(449753, [Fraction(449753424, 1000), Fraction(0)])
    [449753, 0]
    >>> apportion_pence(3, [Fraction(7, 2), Fraction(-1, 2)])
    [4, -1]
    """
    floors = [part.numerator // part.denominator for part in exact]
    left = total_pence - sum(floors)
    if not 0 <= left <= len(exact):
        raise MoneyError(f"parts that come to {sum(floors)}p and {left}p over cannot make {total_pence}p")
    by_remainder = sorted(range(len(exact)), key=lambda index: (floors[index] - exact[index], index))
    for index in by_remainder[:left]:
        floors[index] += 1
    return floors


def parse_pounds(text: str) -> int:
    """Whole pence from a sum as a contract writes it: ``£1,234.56``, ``£600k``, ``£726m``, ``-£5``.

    Raises ``MoneyError`` for anything else, a part of a penny included.

    >>> parse_pounds("£1,234.56"), parse_pounds("£14.52m"), parse_pounds("-£5")
    (123456, 1452000000, -500)
    """
    pence = parse_exact_pounds(text)
    if pence.denominator != 1:
        raise MoneyError(f"{text!r} holds part of a penny: money is whole pence")
    return int(pence)


def parse_exact_pounds(text: str) -> Fraction:
    """Exact pence from a sum that may hold part of a penny. Raises ``MoneyError`` where it is no sum.

    >>> parse_exact_pounds("$75,558,439.9116")
    Fraction(188896099779, 25)
    """
    match = _POUNDS.match(text.strip())
    if match is None:
        raise MoneyError(
            f"{text!r} is not a sum of money: write it with its currency sign, as £1,234.56, £600k or £726m"
        )
    pence = Fraction(match["number"].replace(",", "")) * _PENCE_BY_UNIT[match["unit"]]
    return -pence if match["sign"] else pence


def format_pounds(pence: int) -> str:
    """Whole pence as people read them.

    >>> format_pounds(-123456), format_pounds(5)
    ('-£1,234.56', '£0.05')
    """
    pounds, rest = divmod(abs(pence), 100)
    return f"{'-' if pence < 0 else ''}£{pounds:,}.{rest:02d}"


def format_exact_pence(pence: Fraction) -> str:
    """An exact amount of pence in pounds, to six decimals where it has more than whole pence.

    >>> format_exact_pence(Fraction(449753)), format_exact_pence(Fraction(1000, 3))
    ('£4,497.53', '£3.333333…')
    """
    if pence.denominator == 1:
        return format_pounds(pence.numerator)
    # By the numerator, and not by comparison: to show a number decides nothing that a study would have to follow.
    pounds = Fraction(abs(pence.numerator), pence.denominator * 100)
    millionths, rest = divmod(pounds.numerator * 1_000_000, pounds.denominator)
    whole, fraction = divmod(millionths, 1_000_000)
    digits = f"{fraction:06d}" + "…" if rest else f"{fraction:06d}".rstrip("0")
    return f"{'-' if pence.numerator < 0 else ''}£{whole:,}.{digits}"
