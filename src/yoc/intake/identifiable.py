"""Columns whose values look like NHS numbers, whatever they are called: found by the check digit, and refused.

The only way past is a plan that says that it runs in a controlled environment.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from yoc.core.findings import Finding, Level

FEWEST = 20
"""So many ten-digit values are needed before their check digits say anything. By chance one in eleven passes."""
_FORM = r"^\s*[0-9]{3}[ \-\x{00A0}]?[0-9]{3}[ \-\x{00A0}]?[0-9]{4}(\.0+)?\s*$"
_SHORTEST, _LONGEST = 10, 24
_LONGEST_HEADER = 60

_controlled: ContextVar[bool] = ContextVar("controlled environment", default=False)


@contextmanager
def controlled_environment(yes: bool) -> Iterator[None]:
    """While it holds, and ``yes`` is said, files with NHS numbers are read; outside it they are refused."""
    token = _controlled.set(yes)
    try:
        yield
    finally:
        _controlled.reset(token)


def is_controlled() -> bool:
    """Whether files with NHS numbers are read here."""
    return _controlled.get()


@dataclass
class TenDigits:
    """How many values of a column have the form of an NHS number, and how many of those pass its check digit.

    Ten equal digits stand for nobody and are not counted.
    """

    values: int = 0
    passed: int = 0

    def add(self, column: pa.Array | pa.ChunkedArray) -> None:
        """Count a part of the column."""
        lengths = pc.binary_length(column)
        # Few columns have values of this length, so that most are done here, without looking at a value.
        fitting = pc.and_(pc.greater_equal(lengths, _SHORTEST), pc.less_equal(lengths, _LONGEST))
        if not pc.any(fitting).as_py():
            return
        texts = pc.filter(column, pc.and_(fitting, pc.match_substring_regex(column, _FORM)))
        whole = pc.replace_substring_regex(texts, r"\.0+\s*$", "")
        numbers = pc.cast(pc.replace_substring_regex(whole, "[^0-9]", ""), pa.int64()).to_numpy(zero_copy_only=False)
        somebody = numbers % 1_111_111_111 != 0
        self.values += int(somebody.sum())
        self.passed += int((somebody & passes_check_digit(numbers)).sum())

    def look_like_nhs_numbers(self) -> bool:
        """Whether there are enough of them, and over half pass."""
        return self.values >= FEWEST and 2 * self.passed > self.values


def passes_check_digit(numbers: np.ndarray) -> np.ndarray:
    """For each whole number of ten digits, whether the last is its check digit by modulus 11.

    >>> passes_check_digit(np.array([9434765919, 9434765918, 4010232137])).tolist()
    [True, False, True]
    """
    rest, total = numbers // 10, np.zeros_like(numbers)
    for weight in range(2, 11):
        total += rest % 10 * weight
        rest //= 10
    return np.asarray(-total % 11 == numbers % 10)


class Guard:
    """Looks at the columns of a file part by part; in a controlled environment at nothing."""

    def __init__(self, file: str, headers: Sequence[str]):
        self._file, self._headers = file, headers
        self._columns: dict[int, TenDigits] = {}
        self.is_on = not is_controlled()

    def add(self, place: int, column: pa.Array | pa.ChunkedArray) -> None:
        """Count a part of the column at a place."""
        if self.is_on:
            self._columns.setdefault(place, TenDigits()).add(column)

    def findings(self) -> list[Finding]:
        """A finding for each column that, by all that was added, looks like NHS numbers."""
        return [
            Finding(
                "IDENTIFIABLE",
                Level.SUBMISSION,
                f"{spoken(self._headers, place)} looks like NHS numbers",
                "replace them with `yoc pseudonymise`, in every file with the same key; where the run stands in a "
                "place that may hold them, say `controlled_environment: yes` in the plan",
                self._file,
            )
            for place, counted in sorted(self._columns.items())
            if counted.look_like_nhs_numbers()
        ]


def spoken(headers: Sequence[str], place: int) -> str:
    """How a column is called. A header that may itself be a value, as in a file without headers, is not repeated.

    >>> spoken(["NHS NUMBER", "9434765919"], 0), spoken(["NHS NUMBER", "9434765919"], 1)
    ('column NHS NUMBER', 'column 2')
    """
    header = headers[place]
    as_a_name = 0 < len(header) <= _LONGEST_HEADER and sum(letter.isdigit() for letter in header) < 3
    return f"column {header}" if as_a_name and header.isprintable() else f"column {place + 1}"
