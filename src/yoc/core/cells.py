"""Cells of files that people open in a spreadsheet."""

import re

_STARTS = tuple("=+@\t\r\n＝＋－＠")
"""How a formula begins; the wide forms are taken for the others where a spreadsheet is set to some languages."""
_SUM = re.compile(r"-[£$€]?[0-9][0-9,]*(\.[0-9]+)?%?")


def no_formula(cell: str) -> str:
    """A cell that a spreadsheet would take for a formula, marked as text; a sum below nothing is none.

    >>> no_formula("=1+1"), no_formula(" @A1"), no_formula("-2+3"), no_formula("-£4.00"), no_formula("")
    ("'=1+1", "' @A1", "'-2+3", '-£4.00', '')
    """
    text = cell.lstrip(" \u00a0")
    is_formula = text.startswith(_STARTS) or (text.startswith("-") and not _SUM.fullmatch(text.rstrip()))
    return f"'{cell}" if is_formula else cell
