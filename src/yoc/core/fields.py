"""Field types of the files that people write: every value arrives as text and leaves exact, or as a clear fault."""

import re
from collections.abc import Callable
from fractions import Fraction
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, WithJsonSchema
from pydantic_core import PydanticCustomError

from yoc.core.money import MoneyError, parse_pounds
from yoc.core.periods import FinancialYear, PeriodError, parse_date
from yoc.core.rates import RateError, parse_number, parse_rate, parse_share

_WHOLE = re.compile(r"^[0-9]{1,60}$")
KNOWN_FIELDS: set[str] = set()
"""Every field name of every file that people write, from which a misspelt one is guessed."""


class Model(BaseModel):
    """A part of a file: no field it does not know, nothing changed after reading, no input echoed in an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, arbitrary_types_allowed=True)

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        KNOWN_FIELDS.update(name.rstrip("_") for name in cls.model_fields)


def _from_text(parse: Callable[[str], Any], kind: type) -> BeforeValidator:
    def validate(value: Any) -> Any:
        if isinstance(value, kind):
            return value
        if not isinstance(value, str):
            raise PydanticCustomError("FIELD-VALUE", "a single value is needed here, not a list or a group of fields")
        try:
            return parse(value)
        except RateError as error:
            code = "RATE-OVER-WHOLE" if "more than the whole" in str(error) else "FIELD-VALUE"
            raise PydanticCustomError(code, "{problem}", {"problem": str(error)}) from None
        except (MoneyError, PeriodError, ValueError) as error:
            raise PydanticCustomError("FIELD-VALUE", "{problem}", {"problem": str(error)}) from None

    return BeforeValidator(validate)


def parse_name(text: str) -> str:
    """An identifier: letters, digits, hyphens, underscores and full stops. Raises ``ValueError`` for anything else."""
    allowed = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.")
    if not text or set(text) - allowed:
        raise ValueError(f"{text!r} is not a name: use letters, digits, hyphens, underscores and full stops")
    return text


_QUOTES = ("“”", "‘’", "„“", "«»")
"""Typographic quotes, which a word processor puts round a text where YAML has straight ones."""


def _parse_text(text: str) -> str:
    """A text; a pair of typographic quotes round the whole of it is no part of it.

    >>> _parse_text("“Pooled fund”"), _parse_text("“One” and “two”")
    ('Pooled fund', '“One” and “two”')
    """
    stripped = text.strip()
    inner = stripped[1:-1]
    if (
        inner.strip()
        and stripped[:1] + stripped[-1:] in _QUOTES
        and not set(inner) & set("“”„«»" if stripped[0] != "‘" else "‘")
    ):
        stripped = inner.strip()
    if not stripped:
        raise ValueError("some text is needed here")
    return stripped


def _parse_yes_no(text: str) -> bool:
    if text.strip().lower() in ("yes", "no"):
        return text.strip().lower() == "yes"
    raise ValueError(f"{text!r} is neither yes nor no: write one of the two")


def _parse_count(text: str) -> int:
    if not _WHOLE.match(text.strip()):
        raise ValueError(f"{text!r} is not a whole number: write it in digits, as 5")
    return int(text)


def _parse_sum(text: str) -> int:
    pence = parse_pounds(text)
    if pence < 0:
        raise MoneyError(f"{text!r} is below nothing: a sum in a contract says how much, and the term says who pays")
    return pence


def _parse_above_zero(text: str) -> Fraction:
    whole, _, part = text.strip().partition(".")
    if not _WHOLE.match(whole) or (part and not _WHOLE.match(part)) or not Fraction(text.strip()):
        raise ValueError(f"{text!r} is not a number above zero: write it in decimals, as 22746.360246")
    return Fraction(text.strip())


def _parse_index(text: str) -> Fraction:
    if len(text.strip().partition(".")[2]) > 6:
        raise ValueError(f"{text!r} has more than six decimals: an index has six at most")
    return _parse_above_zero(text)


_MEMORY = re.compile(r"^([0-9]{1,6})(?:\.([0-9]{1,3}))?\s*(MiB|GiB|MB|GB)$", re.IGNORECASE)
_UNIT_BYTES = {"mib": 1 << 20, "gib": 1 << 30, "mb": 10**6, "gb": 10**9}
LEAST_MEMORY_BYTES = 256 << 20
"""With less, an engine of several threads has no room to begin with."""


def parse_memory(text: str) -> int:
    """A size of memory in bytes. Raises ``ValueError`` for what is none, or is less than 256 MiB.

    >>> parse_memory("2 GiB"), parse_memory("1.5GB")
    (2147483648, 1500000000)
    """
    found = _MEMORY.match(text.strip())
    if not found:
        raise ValueError(f"{text!r} is no size of memory: write a number and GiB or MiB, as 2 GiB")
    whole, part, unit = found.groups()
    size = int(Fraction(f"{whole}.{part or 0}") * _UNIT_BYTES[unit.lower()])
    if size < LEAST_MEMORY_BYTES:
        raise ValueError(f"{text!r} is too little: 256 MiB is the least with which lines can be settled")
    return size


_TEXT = WithJsonSchema({"type": ["string", "number"]})
_NUMBER = WithJsonSchema({"type": ["string", "number"], "description": "A number: 5000, 0.038, 2/3."})
_RATE = WithJsonSchema({"type": ["string", "number"], "description": "A rate: 12.5%, 2/3, 0."})
_SHARE = WithJsonSchema({"type": ["string", "number"], "description": "A share from 0% to 100%: 80%, 2/3."})
_SUM = WithJsonSchema({"type": "string", "description": "A sum of money with its sign: £30,000, £30k, £1.2m."})
_DAY = WithJsonSchema({"type": "string", "description": "A day: 2026-04-01."})
_YEAR = WithJsonSchema({"type": "string", "description": "A financial year: 2026/27."})
_YES_NO = WithJsonSchema({"enum": ["yes", "no", True, False]})
_SIZE = WithJsonSchema({"type": "string", "description": "A size of memory: 2 GiB, 512 MiB."})
_COUNT = WithJsonSchema({"type": ["integer", "string"], "minimum": 0})

Rate = Annotated[Fraction, _from_text(parse_rate, Fraction), _RATE]
"""An exact rate: 12.5%, 2/3."""
Measure = Annotated[Fraction, _from_text(parse_number, Fraction), _NUMBER]
"""A value that an indicator can take: 60%, 2/3, 0.038."""
Number = Annotated[Fraction, _from_text(parse_number, Fraction), _NUMBER]
"""An exact number: 5000, 0.038, 2/3."""
Share = Annotated[Fraction, _from_text(parse_share, Fraction), _SHARE]
"""A rate from 0% to 100%."""
Pence = Annotated[int, _from_text(_parse_sum, int), _SUM]
"""A sum of money, written in pounds with the pound sign, held in whole pence."""
SignedPence = Annotated[int, _from_text(parse_pounds, int), _SUM]
"""A sum of money that may be below nothing: £120k is added, -£40k taken away."""
AboveZero = Annotated[Fraction, _from_text(_parse_above_zero, Fraction), _NUMBER]
"""A decimal number above zero: 22746.360246."""
Index = Annotated[Fraction, _from_text(_parse_index, Fraction), _NUMBER]
"""An index: a decimal number above zero with six decimals at most, as 1.041377."""
Day = Annotated[Any, _from_text(parse_date, type(None)), _DAY]
"""A day, written 2026-04-01."""
Year = Annotated[FinancialYear, _from_text(FinancialYear.parse, FinancialYear), _YEAR]
"""A financial year, written 2026/27."""
Name = Annotated[str, _from_text(parse_name, type(None)), _TEXT]
"""An identifier."""
Text = Annotated[str, _from_text(_parse_text, type(None)), _TEXT]
"""Words for people."""
YesNo = Annotated[bool, _from_text(_parse_yes_no, bool), _YES_NO]
"""yes or no."""
Count = Annotated[int, _from_text(_parse_count, int), _COUNT]
"""A whole number, zero or more."""
Memory = Annotated[int, _from_text(parse_memory, int), _SIZE]
"""A size of memory, written 2 GiB, held in bytes."""
