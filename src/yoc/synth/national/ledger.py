"""The account of what was planted: which fault, in which file, how many rows, and what should become of them."""

from collections import Counter
from pathlib import Path

from yoc.synth import files

HEADER = ("file", "fault", "rows", "expected", "outcome")
ACCEPTED, SET_ASIDE, REJECTED, SUPERSEDED, FINDING = "accepted", "set_aside", "rejected", "superseded", "finding"


class Ledger:
    """Counts rows by file and fault as they are written, so that the list cannot differ from the files.

    ``expected`` is what becomes of the rows; ``outcome`` is the code of the finding that tells of them, or the reason
    for which they are set aside.
    """

    def __init__(self) -> None:
        self._rows: Counter[tuple[str, str, str, str]] = Counter()

    def note(self, file: str, fault: str, expected: str, outcome: str, rows: int = 1) -> None:
        """Count rows of a fault; none is no entry."""
        if rows:
            self._rows[file, fault, expected, outcome] += rows

    @property
    def kinds(self) -> int:
        """How many kinds of fault were planted."""
        return len({fault for _, fault, _, _ in self._rows})

    def write(self, path: Path) -> int:
        """Write the list in order of file and fault; returns its rows."""
        listed = sorted((file, fault, str(rows), *rest) for (file, fault, *rest), rows in self._rows.items())
        return files.write_table(path, HEADER, listed)
