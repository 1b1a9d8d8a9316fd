"""Numbers as files of rows write them, read as the SQL of `numbers.sql` reads them, for files that need no database."""

import re
from fractions import Fraction

_DIGITS = r"(?:[0-9]{1,3}(?:,[0-9]{3}){1,3}|[0-9]{1,12})(?:\.[0-9]{1,15})?"
_NUMBER = re.compile(rf"\({_DIGITS}\)|-?{_DIGITS}|{_DIGITS}-")
_NOISE = re.compile("[£Â\t\n\f\r \ufffd]")


def read_plain_number(text: str) -> Fraction | None:
    """The number that a text is, exactly; ``None`` where it is none.

    Thousands may be parted by commas, a sum may have a pound sign (whole or mis-encoded), and below zero a minus before
    or after it or accounting brackets. A word is no number, and neither is a sum with CR or DR, which does not say
    whose credit it is.

    >>> [read_plain_number(text) for text in ("£1,234.56", "(12)", "12.50-", "TBC", "5 CR", "")]
    [Fraction(30864, 25), Fraction(-12, 1), Fraction(-25, 2), None, None, None]
    """
    plain = _NOISE.sub("", text)
    if not _NUMBER.fullmatch(plain):
        return None
    size = Fraction(plain.strip("()-").replace(",", ""))
    return -size if "(" in plain or "-" in plain else size
