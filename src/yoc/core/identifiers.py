"""Identifiers made from what they name: canonical text, its hash, the run id that follows from the inputs; and NHS
numbers, which identify people: how they are told, and the pseudonyms that stand for them.
"""

import hashlib
import hmac
import json
import re
from typing import Any

from yoc.core.periods import FinancialYear


def canonical_json(value: Any) -> str:
    """JSON with one spelling: sorted keys, no needless space, text as it is. Floats are refused.

    >>> canonical_json({"b": 1, "a": "£"})
    '{"a":"£","b":1}'
    """
    _refuse_floats(value)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _refuse_floats(value: Any) -> None:
    if isinstance(value, bool | int | str) or value is None:
        return
    if isinstance(value, dict):
        for item in value.values():
            _refuse_floats(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _refuse_floats(item)
    else:
        raise TypeError(f"{type(value).__name__} has no place in evidence")


def sha256_text(text: str) -> str:
    """The SHA-256 of text in UTF-8, in hexadecimal."""
    return sha256_bytes(text.encode("utf-8"))


def sha256_bytes(content: bytes) -> str:
    """The SHA-256 of the bytes of a file, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def run_id(year: FinancialYear, inputs: Any) -> str:
    """The name of a run: its year and a hash of all that it was made from, so that a retry is the same run.

    >>> run_id(FinancialYear(2026), {"contract": "abc"})
    '2026-27-1fbdfd2a137c'
    """
    return f"{year.slug}-{sha256_text(canonical_json(inputs))[:12]}"


_NHS_NUMBER = r"[0-9]{3}[ \-\u00a0]?[0-9]{3}[ \-\u00a0]?[0-9]{4}"
_WHOLE_TEXT = re.compile(rf"\s*{_NHS_NUMBER}(?:\.0+)?\s*")
_IN_WORDS = re.compile(rf"(?<![0-9A-Za-z]){_NHS_NUMBER}(?![0-9A-Za-z])")


def ten_digits(text: str) -> str:
    """The ten digits of a text that has the form of an NHS number; ``""`` for any other.

    The form is `9434765919`, `943 476 5919` or `943-476-5919`, and as spreadsheets leave it, `9434765919.0`.

    >>> ten_digits(" 943 476 5919 "), ten_digits("943-476-5919"), ten_digits("9434765919.0"), ten_digits("94347659190")
    ('9434765919', '9434765919', '9434765919', '')
    """
    return re.sub(r"[^0-9]", "", text.partition(".")[0]) if _WHOLE_TEXT.fullmatch(text) else ""


def is_nhs_number(text: str) -> bool:
    """Whether a text may be somebody's NHS number: ten digits of which the last is the check digit, by modulus 11.

    Ten equal digits stand for nobody, though some of them pass the check.

    >>> [is_nhs_number(text) for text in ("943 476 5919", "9876543210", "4010232137", "9434765918", "1111111111")]
    [True, True, True, False, False]
    """
    digits = ten_digits(text)
    if not digits or len({*digits}) == 1:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False))
    return -total % 11 == int(digits[9])


def masked(text: str) -> str:
    """A text in which no NHS number can be read: each digit of one becomes `*`.

    >>> masked("row 12: 943 476 5919 is not a host; 1234567890 is no NHS number")
    'row 12: *** *** **** is not a host; 1234567890 is no NHS number'
    """
    return _IN_WORDS.sub(lambda found: re.sub("[0-9]", "*", found[0]) if is_nhs_number(found[0]) else found[0], text)


def pseudonym(key: bytes, text: str) -> str:
    """What stands for a person in place of a number: the same under one key, whatever the form of the number.

    A keyed hash (HMAC-SHA-256, 128 bits of it). Whoever has not got the key cannot try all ten-digit numbers.

    >>> pseudonym(b"k" * 32, "943 476 5919") == pseudonym(b"k" * 32, "9434765919")
    True
    >>> pseudonym(b"k" * 32, "9434765919") == pseudonym(b"l" * 32, "9434765919")
    False
    """
    normal = ten_digits(text) or text.strip().upper()
    return f"P{hmac.digest(key, b'person:' + normal.encode(), 'sha256').hex()[:32]}"


PSEUDONYM_FORM = r"^\s*P[0-9a-fA-F]{32}\s*$"
"""How every pseudonym of ours looks. A value of this form is no number of anybody's, and is none by chance."""


def key_check_value(key: bytes) -> str:
    """Eight hexadecimal digits by which two organisations can tell that they hold one key, without showing it.

    >>> key_check_value(b"k" * 32)
    'f67d6714'
    """
    return hmac.digest(key, b"key check value", "sha256").hex()[:8]
