"""Cells of files that people open in a spreadsheet."""


def no_formula(cell: str) -> str:
    """A cell that a spreadsheet would take for a formula, marked as text; a sum below nothing is none.

    >>> no_formula("=1+1"), no_formula("-£4.00"), no_formula("")
    ("'=1+1", '-£4.00', '')
    """
    return f"'{cell}" if cell[:1] in "=+@\t\r" and cell[:1] else cell
