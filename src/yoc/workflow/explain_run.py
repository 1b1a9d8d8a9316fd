"""Explaining a figure of a run: the run's folder is read, the figure is named or found in a cell, and nothing else."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yoc.audit.explain import Explanation, RunRecord, explain, key_of
from yoc.audit.trace import read_trace
from yoc.core.findings import FindingsError
from yoc.workflow.run_place import MANIFEST, RunPlace, find_run
from yoc.workflow.run_positions import read_settlement


@dataclass(frozen=True)
class Explained:
    """What was asked, where the run is, and the explanation."""

    place: RunPlace
    record: RunRecord
    explanation: Explanation
    cell: dict[str, str] | None = None
    """The workbook, sheet and cell that were asked about, its column and what is read in it."""


def explain_line(run: str, directory: Path, line: str, host: str = "") -> Explained:
    """Explain a line or a figure by its name. Raises ``FindingsError`` where the run or the figure is not known."""
    place, record = open_record(run, directory)
    return Explained(place, record, explain(record, key_of(record, line, host)))


def open_record(run: str, directory: Path) -> tuple[RunPlace, RunRecord]:
    """The run's folder and what it holds. Raises ``FindingsError`` where it is not there or too old."""
    place = _place(run, directory)
    settlement: dict[str, Any] = read_settlement(place.folder)
    return place, RunRecord(settlement, place.manifest(), read_trace(place.folder).cells)


def _place(run: str, directory: Path) -> RunPlace:
    """The run; its folder may have been sent alone, and then stands in no workspace."""
    folder = Path(run)
    try:
        return find_run(run, directory)
    except FindingsError:
        if not (folder / MANIFEST).is_file():
            raise
        return RunPlace(folder.resolve().parent, folder.resolve())
