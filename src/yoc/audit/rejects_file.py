"""What was kept out of each file, as CSV that can be sent to whoever sent the file: never what a row holds."""

import contextlib
import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from yoc.core.cells import no_formula
from yoc.core.findings import Level

HEADINGS = ("file", "row", "field", "code", "level", "reason")
REJECTS_FOLDER = "rejects"
"""Where a run's folder keeps them."""


def rejects_text(rows: Iterable[Sequence[str]]) -> str:
    """Rows under ``HEADINGS`` as the text of a CSV file that a spreadsheet opens as UTF-8, with no cell a formula."""
    text = io.StringIO(newline="")
    safe = ([no_formula(cell) for cell in row] for row in rows)
    csv.writer(text, lineterminator="\r\n").writerows([HEADINGS, *safe])
    return "\ufeff" + text.getvalue()


def is_rejects_file(path: Path) -> bool:
    """Whether a file begins as a list of rejects does."""
    beginning = rejects_text(()).encode("utf-8")
    with contextlib.suppress(OSError), path.open("rb") as stream:
        return stream.read(len(beginning)) == beginning
    return False


def rejects_files(settlement: Mapping[str, Any]) -> dict[str, str]:
    """One text for each file of which rows were kept out, or of which something was found, by its name in the run.

    Two files of one name in two folders are told apart by a number, in the order of their folders.
    """
    rows: dict[str, list[tuple[str, ...]]] = {}
    for reject in settlement["rejects"]:
        said = (reject["field"], "ROW-REJECTED", Level.RECORD.value, reject["reason"])
        numbers = [str(number) for number in reject["row_numbers"]] or [""]
        rows.setdefault(reject["file"], []).extend((reject["file"], number, *said) for number in numbers)
    for finding in settlement["findings"]:
        file = finding.get("file", "")
        if file and finding["code"] != "ROW-REJECTED":
            said = ("", finding["code"], finding["level"], finding["message"])
            places = finding.get("row_numbers") or [finding.get("line") or ""]
            rows.setdefault(file, []).extend((file, str(place), *said) for place in places)
    sent = {file["file"] for file in settlement["files"]}
    names: dict[str, str] = {}
    for file in sorted(file for file in rows if file in sent):
        own = sorted(rows[file], key=lambda row: (int(row[1] or 0), row))
        names[_free_name(PurePosixPath(file).name, names)] = rejects_text(own)
    return names


def _free_name(name: str, taken: Mapping[str, str]) -> str:
    """``rejects/NAME.csv``, with a number where the name is taken."""
    stem = name.removesuffix(".csv")
    found, number = f"{REJECTS_FOLDER}/{stem}.csv", 1
    while found in taken:
        number += 1
        found = f"{REJECTS_FOLDER}/{stem}-{number}.csv"
    return found
