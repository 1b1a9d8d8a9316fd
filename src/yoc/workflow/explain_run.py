"""Explaining a figure of a run: the run's folder is read, the figure is named or found in a cell, and nothing else."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yoc.audit.explain import Explanation, RunRecord, explain, key_of
from yoc.audit.run_manifest import RunManifest, read_manifest
from yoc.audit.trace import CELLS, CODES, read_trace
from yoc.audit.verify import name_follows
from yoc.core.findings import Finding, FindingsError, Level, refusal
from yoc.core.identifiers import sha256_bytes
from yoc.workflow.run_place import MANIFEST, RunPlace, find_run
from yoc.workflow.run_positions import SETTLEMENT, read_settlement

READ = (SETTLEMENT, CELLS, CODES)
"""The files of a run's folder that an explanation is read from, beside the manifest."""


@dataclass(frozen=True)
class Explained:
    """What was asked, where the run is, and the explanation."""

    place: RunPlace
    record: RunRecord
    explanation: Explanation
    cell: dict[str, Any] | None = None
    """The workbook, sheet and cell that were asked about, its column, what the run has for it, and what is read in it.

    ``in_workbook`` is ``None`` where there is no workbook to read, and ``differs`` says whether it is another figure.
    """

    @property
    def was_changed(self) -> bool:
        """Whether the workbook shows another figure in the cell than the run has."""
        return bool(self.cell and self.cell["differs"])


def explain_line(run: str, directory: Path, line: str, host: str = "") -> Explained:
    """Explain a line or a figure by its name.

    Raises ``FindingsError`` where the run or the figure is not known, or the run's folder was changed.
    """
    place, record = open_record(run, directory)
    return Explained(place, record, explain(record, key_of(record, line, host)))


def open_record(run: str, directory: Path) -> tuple[RunPlace, RunRecord]:
    """The run's folder and what it holds. Raises ``FindingsError`` where it is not there, was changed or is too old."""
    place = _place(run, directory)
    manifest = read_manifest((place.folder / MANIFEST).read_bytes())
    if manifest is None:
        raise refusal("FILE-UNREADABLE", "the file is not the manifest of a run", "", f"{place.shown}/{MANIFEST}")
    _refuse_changed(place, manifest)
    settlement = read_settlement(place.folder)
    return place, RunRecord(settlement, manifest.raw, read_trace(place.folder).cells)


def _refuse_changed(place: RunPlace, manifest: RunManifest) -> None:
    """What is told as truth has to be what the run wrote; the manifest, that of the run whose name it bears."""
    said = {name: _fault(place.folder / name, manifest.fields.files.get(name)) for name in READ}
    if not name_follows(manifest):
        said[MANIFEST] = "the run's name does not follow from what the run was made from"
    mend = "put the folder back from a copy, or ask for it again; `yoc verify` says what else was changed"
    found = [
        Finding("RUN-CHANGED", Level.SUBMISSION, f"{name} {fault}" if name != MANIFEST else fault, mend,
                f"{place.shown}/{name}")
        for name, fault in said.items() if fault
    ]  # fmt: skip
    if found:
        raise FindingsError(found)


def _fault(path: Path, sha256: str | None) -> str:
    """What is wrong with a file; nothing where a run of an earlier version neither kept nor named it."""
    if not path.is_file():
        return "is not there" if sha256 else ""
    if sha256 is None:
        return "is there, and the manifest does not name it"
    return "" if sha256_bytes(path.read_bytes()) == sha256 else "is not as it was written"


def _place(run: str, directory: Path) -> RunPlace:
    """The run; its folder may have been sent alone, and then stands in no workspace."""
    folder = Path(run)
    try:
        return find_run(run, directory)
    except FindingsError:
        if not (folder / MANIFEST).is_file():
            raise
        return RunPlace(folder.resolve().parent, folder.resolve())
