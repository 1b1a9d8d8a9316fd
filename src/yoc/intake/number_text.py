"""Numbers as the tables of finance departments write them, read exactly, or refused with the reason.

One text has one meaning here or none: where a comma may part thousands or pence, nothing is guessed.
"""

import re
from dataclasses import dataclass
from fractions import Fraction

from yoc.core.money import CURRENCY_SIGNS

_SIMPLE = re.compile(r"([0-9]{1,15})(?:\.([0-9]{1,6}))?")
_PLAIN = re.compile(r"(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:(?P<mark>[, '])[0-9]{3})(?:(?P=mark)[0-9]{3})*(?:\.[0-9]+)?")
_SAME = str.maketrans(
    {"\u00a0": " ", "\u2007": " ", "\u2009": " ", "\u202f": " ", "\u2212": "-", "\u2019": "'", "\u2018": "'"}
)
_BEFORE, _AFTER = f"-+( {''.join(CURRENCY_SIGNS)}", "-)% "
_MOST_DIGITS = 60


class NumberTextError(ValueError):
    """Text that is not a number; its message says what it is instead, to follow the text itself."""


@dataclass(frozen=True)
class NumberText:
    """A number as it was written: its value without the per cent sign, whether it had one, and its currency sign."""

    value: Fraction
    is_percent: bool = False
    currency: str = ""


def parse_number_text(text: str) -> NumberText:
    """Read a number exactly. Raises ``NumberTextError`` where the text is none, or could be two.

    Thousands are parted by commas, spaces or apostrophes in groups of three; a sum below zero has a minus before or
    after it, or stands in brackets.

    >>> parse_number_text("£1,234.56").value, parse_number_text("(1 234)").value, parse_number_text("1.5e6").value
    (Fraction(30864, 25), Fraction(-1234, 1), Fraction(1500000, 1))
    >>> parse_number_text("89.41%")
    NumberText(value=Fraction(8941, 100), is_percent=True, currency='')
    >>> parse_number_text("1.234,56")
    Traceback (most recent call last):
    ...
    yoc.intake.number_text.NumberTextError: has a comma after a full stop, so pence cannot be told from thousands
    """
    if simple := _SIMPLE.fullmatch(text):
        # Nearly every cell; the same number as below, sooner.
        whole, part = simple.groups("")
        return NumberText(Fraction(int(whole + part), 10 ** len(part)) if part else Fraction(int(whole)))
    plain = text.translate(_SAME).strip()
    if len(plain) > _MOST_DIGITS:
        raise NumberTextError("is too long to be a number")
    body = plain.lstrip(_BEFORE).rstrip(_AFTER)
    before, _, after = plain.partition(body) if body else (plain, "", "")
    marks = before + after
    signs = marks.count("-") + marks.count("+") + before.count("(")
    currencies = [mark for mark in before if mark in CURRENCY_SIGNS]
    if signs > 1 or before.count("(") != after.count(")") or after.count("%") > 1 or len(currencies) > 1:
        raise NumberTextError("has signs that contradict each other")
    value = _parse_digits(body)
    negative = "-" in marks or "(" in before
    return NumberText(-value if negative else value, "%" in after, "".join(currencies))


def _parse_digits(body: str) -> Fraction:
    if _PLAIN.fullmatch(body):
        # A hundred noughts are no sum of money, and a thousand would be a way to stop the machine.
        _, _, exponent = body.lower().partition("e")
        if abs(int(exponent or 0)) > _MOST_DIGITS:
            raise NumberTextError("is too large or too small to be real")
        return Fraction(body)
    if _GROUPED.fullmatch(body):
        return Fraction(re.sub("[, ']", "", body))
    if re.fullmatch(r"[0-9.]+\.[0-9]*,[0-9]*", body):
        raise NumberTextError("has a comma after a full stop, so pence cannot be told from thousands")
    if re.fullmatch(r"[0-9., ']+", body) and re.search(r"[0-9]", body):
        raise NumberTextError("has commas, spaces or full stops that do not part groups of three digits")
    raise NumberTextError("is not a number")
