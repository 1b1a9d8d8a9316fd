"""Files that a command names become tables: a folder or ZIP stands for those in it, and what is left out is told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from yoc.core.findings import Finding, Level
from yoc.intake.container import tables_in, tables_in_folder
from yoc.intake.limits import LINES
from yoc.intake.zip_entries import listed_briefly


@dataclass(frozen=True)
class NamedTable:
    """A table, and which of the names that were given it came with, from 1."""

    path: Path
    load: int


def matching(paths: Iterable[Path]) -> list[Path]:
    """The paths, with those that a pattern matches in its place, by their names; one that matches nothing stays.

    A shell of Unix does so before a command sees it, and one of Windows does not.
    """
    return [found for path in paths for found in (_matches(path) or [path])]


def _matches(path: Path) -> list[Path]:
    if not _is_pattern(path):
        return []
    return sorted(Path(path.anchor).glob(path.relative_to(path.anchor).as_posix()))


def _is_pattern(path: Path) -> bool:
    return any(mark in str(path) for mark in "*?") and not path.exists()


def tables_of(paths: Sequence[Path]) -> tuple[list[NamedTable], list[Finding], list[Finding]]:
    """The tables that paths stand for, faults, and findings about what was left out. A missing file stands for itself.

    Nothing is read but the list of what a folder or ZIP holds.
    """
    tables: list[NamedTable] = []
    faults: list[Finding] = []
    left_out: list[Finding] = []
    for load, path in enumerate(matching(paths), 1):
        inside = [path]
        if _is_pattern(path):
            message, mend = "no file matches it", "check the folder and the pattern"
            faults.append(Finding("FILE-MISSING", Level.SUBMISSION, message, mend, path.as_posix()))
            continue
        if path.is_dir():
            inside, names = tables_in_folder(path)
            left_out.extend(left_out_of(path.as_posix(), names))
            if not inside:
                message, mend = "no file in the folder is a table", "check the folder, or name the file itself"
                faults.append(Finding("FILE-MISSING", Level.SUBMISSION, message, mend, path.as_posix()))
        for file in inside:
            own, names = tables_in(file, LINES)
            left_out.extend(left_out_of(file.as_posix(), names))
            tables.extend(NamedTable(table, load) for table in own)
    return tables, faults, left_out


def left_out_of(place: str, names: Sequence[str], file: str = "") -> list[Finding]:
    """A finding where files in a folder or ZIP are taken for no tables; ``file`` is what named the place."""
    if not names:
        return []
    files = "1 file was" if len(names) == 1 else f"{len(names)} files were"
    message = f"{files} left out of {place}, as no table: {listed_briefly(names)}"
    mend = "if one is a table, name it by itself, or give it the ending .csv"
    return [Finding("FILE-LEFT-OUT", Level.WARNING, message, mend, file or place, count=len(names))]
