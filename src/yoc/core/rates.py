"""Rates: exact fractions, read from the ways in which people write them, printed so that they can be read back."""

import re
from fractions import Fraction

_DECIMAL = re.compile(r"^-?[0-9]+(?:\.[0-9]+)?$")
_FRACTION = re.compile(r"^(-?[0-9]+)\s*/\s*([0-9]+)$")
_COMMA = re.compile(r"^-?[0-9]+,[0-9]+\s*%?$")
_PERCENT = re.compile(r"^(-?[0-9]+(?:\.[0-9]+)?)\s*%$")
LONGEST_NUMBER = 100
"""No number of a contract has so many characters; a longer text is some other thing."""


class RateError(ValueError):
    """Text that is not a rate; its message says how to write one."""


def parse_rate(text: str) -> Fraction:
    """An exact rate from ``12.5%`` or ``2/3``. Raises ``RateError`` for anything else.

    A bare number is refused, but for 0: nobody can tell whether ``4.15`` is 415% or has lost its sign.

    >>> parse_rate("12.5%"), parse_rate("2/3"), parse_rate("0")
    (Fraction(1, 8), Fraction(2, 3), Fraction(0, 1))
    """
    rate = parse_number(text)
    stripped = text.strip()
    if rate and "%" not in stripped and "/" not in stripped:
        raise RateError(f"{text!r} has no sign: write {stripped}% if per cent was meant, else {format_percent(rate)}")
    return rate


def parse_number(text: str) -> Fraction:
    """An exact number from ``12.5%``, ``2/3``, ``0.125`` or ``7``. Raises ``RateError`` for anything else.

    >>> parse_number("0.125"), parse_number("7")
    (Fraction(1, 8), Fraction(7, 1))
    """
    stripped = text.strip()
    if len(stripped) > LONGEST_NUMBER:
        raise RateError(f"{text!r} is longer than any number of a contract")
    if match := _PERCENT.match(stripped):
        return Fraction(match[1]) / 100
    if (match := _FRACTION.match(stripped)) and int(match[2]) != 0:
        return Fraction(int(match[1]), int(match[2]))
    if _DECIMAL.match(stripped):
        return Fraction(stripped)
    if _COMMA.match(stripped):
        raise RateError(f"{text!r} has a decimal comma: write a point, {stripped.replace(',', '.')}")
    raise RateError(f"{text!r} is not a rate: write a percentage (12.5%), a fraction (2/3) or a decimal (0.125)")


def parse_share(text: str) -> Fraction:
    """A rate that is a part of a whole: from 0 to 1. Raises ``RateError`` outside that.

    >>> parse_share("80%")
    Fraction(4, 5)
    """
    rate = parse_number(text)
    if rate < 0:
        raise RateError(f"{text!r} is below nothing: a share lies between 0% and 100%")
    if rate > 1:
        hint = f": write {text.strip()}% if per cent was meant" if "%" not in text and "/" not in text else ""
        raise RateError(f"{text!r} is more than the whole: a share lies between 0% and 100%{hint}")
    return rate


def format_decimal(value: Fraction, places: int | None = None) -> str:
    """A fraction in decimals: exact where it ends, else to six places with ``…``; ``places`` rounds to that many.

    >>> format_decimal(Fraction(1, 8)), format_decimal(Fraction(2, 3)), format_decimal(Fraction(2, 3), 2)
    ('0.125', '0.666666…', '0.67')
    """
    # By the numerator, and not by comparison: to show a number decides nothing that a study would have to follow.
    size = Fraction(abs(value.numerator), value.denominator)
    if places is not None:
        whole, rest = divmod(2 * size.numerator * 10**places + size.denominator, 2 * size.denominator)
        digits, more = str(whole).rjust(places + 1, "0"), ""
        text = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    else:
        scaled, rest = divmod(size.numerator * 10**6, size.denominator)
        more = "…" if rest else ""
        text = f"{scaled // 10**6}.{scaled % 10**6:06d}" + more
        text = text if more else text.rstrip("0").rstrip(".")
    return f"-{text}" if value.numerator < 0 else text


def format_percent(rate: Fraction) -> str:
    """A rate as a percentage; exact where it can be printed, else as the fraction it is.

    >>> format_percent(Fraction(1, 8)), format_percent(Fraction(2, 3))
    ('12.5%', '2/3')
    """
    text = format_decimal(rate * 100)
    return f"{rate.numerator}/{rate.denominator}" if text.endswith("…") else f"{text}%"
