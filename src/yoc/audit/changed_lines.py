"""Which lines of a document changed, in words that fit on a terminal."""

from difflib import SequenceMatcher
from itertools import zip_longest

from yoc.core.identifiers import masked

_MOST_LINES = 5
_MOST_SIGNS = 60
_LARGEST_BYTES = 8_000_000
"""A longer text is not compared line by line, which could take long."""


def changed_lines(recorded: bytes, now: bytes) -> list[str]:
    """Up to five lines that differ, by their number in the recorded text; and how many more do.

    Line ends do not count. What can be read as an NHS number, and signs that no terminal prints, are not shown.

    >>> changed_lines(b"code,pence\\nAA,100\\n", b"code,pence\\nAA,101\\nAB,5\\n")
    ['line 2: was "AA,100", is "AA,101"', 'after line 2: new "AB,5"']
    """
    if max(len(recorded), len(now)) > _LARGEST_BYTES:
        return ["the file is too long to say which lines did"]
    before, after = _lines(recorded), _lines(now)
    found = []
    for tag, first, last, new_first, new_last in SequenceMatcher(None, before, after).get_opcodes():
        if tag != "equal":
            pairs = zip_longest(before[first:last], after[new_first:new_last])
            found += [_told(number, last, *pair) for number, pair in enumerate(pairs, first + 1)]
    more = len(found) - _MOST_LINES
    return found[:_MOST_LINES] + ([f"and {more:,} lines more"] if more > 0 else [])


def _lines(content: bytes) -> list[str]:
    """The lines of a text; what follows the last line end is nothing, unless that line end is missing."""
    text = content.replace(b"\r\n", b"\n").decode("utf-8", errors="replace")
    return text.removesuffix("\n").split("\n") if text.endswith("\n") else [*text.split("\n")[:-1], _open(text)]


def _open(text: str) -> str:
    return f"{text.rsplit(chr(10), 1)[-1]} (without a line end)"


def _told(number: int, last: int, was: str | None, now: str | None) -> str:
    if was is None:
        return f"after line {last}: new {_shown(now or '')}"
    if now is None:
        return f"line {number}: taken out {_shown(was)}"
    at = next((place for place, pair in enumerate(zip_longest(was, now)) if pair[0] != pair[1]), 0)
    # A line's beginning says what it is of, so it is left out only where the difference would not be seen with it.
    start = at - _MOST_SIGNS // 2 if at > _MOST_SIGNS * 2 // 3 and max(len(was), len(now)) > _MOST_SIGNS else 0
    return f"line {number}: was {_shown(was, start)}, is {_shown(now, start)}"


def _shown(line: str, start: int = 0) -> str:
    """A line, or the part of a long one that begins at ``start``."""
    whole = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in masked(line))
    part = whole[start : start + _MOST_SIGNS]
    return f'"{"..." if start else ""}{part}{"..." if start + _MOST_SIGNS < len(whole) else ""}"'
