"""The inputs that a plan names, found on the disk: files, folders, patterns and archives become one list of tables."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from yoc.core.fields import Model, Text
from yoc.core.findings import Finding, FindingsError, Level
from yoc.core.located import Document
from yoc.intake import ActivityFile
from yoc.intake.container import is_there, tables_in, tables_in_folder
from yoc.intake.limits import LINES
from yoc.intake.statements import KINDS
from yoc.intake.zip_entries import is_clutter, listed_briefly
from yoc.workflow.activity_inputs import ActivityInputs
from yoc.workflow.named_files import left_out_of

Where = tuple[str | int, ...]


class Inputs(Model):
    """The files of a run, named from the workspace's folder. Later items of `activity` are later loads.

    Each is CSV, XLSX or Parquet, by itself or in a gzip file or ZIP. A folder, a pattern or a ZIP of `activity` stands
    for all tables in it; for any other input it must hold one.
    """

    registrations: Text
    persons: Text
    conditions: Text
    neighbourhoods: Text
    practices: Text | None = None
    """Each practice's neighbourhood by date. In its place, `networks` and `network_neighbourhoods`."""
    networks: Text | None = None
    """Each practice's primary care network by date, as the Organisation Data Service gives it."""
    network_neighbourhoods: Text | None = None
    """Each network's neighbourhood by date."""
    successors: Text | None = None
    """With `networks`: which practice took over the people of one that closed, and from which day."""
    activity: ActivityInputs
    indicator_results: Text | None = None
    payments_on_account: Text | None = None
    attribution_list: Text | None = None
    positions: Text | None = None
    """What the contract's `position:` asks for, one row a host: CSV, XLSX or Parquet, a column an input."""
    statements: ActivityInputs | None = None
    """Aggregate contract monitoring of each provider and month, which the lines must come to; later ones are later
    loads."""
    invoices: ActivityInputs | None = None
    """Invoices of each provider and month, which the statements must come to."""
    segment_lists: Text | None = None
    """Who is in the segments that are lists."""
    stated_totals: Text | None = None
    """How many people the parties say are in the cohort, against which the run counts."""
    list_sizes: Text | None = None
    """Published list sizes of practices, with which registrations are compared."""
    registrations_before: Text | None = None
    """The registrations on which the year was paid so far, where they have been restated since."""
    persons_before: Text | None = None
    """The persons on whom the year was paid so far."""
    practices_before: Text | None = None
    """The practices by which the year was paid so far."""

    def loads(self) -> dict[str, ActivityInputs]:
        """The inputs that are loads in their order of arrival, by name: activity; statements and invoices too."""
        given = {"activity": self.activity, **{name: getattr(self, name) for name in KINDS}}
        return {name: loads for name, loads in given.items() if loads is not None}

    def restated(self) -> tuple[str, ...]:
        """The files that have been restated since the year was paid on them, by the name of their input now."""
        before = {name.removesuffix("_before"): value for name, value in self if name.endswith("_before")}
        return tuple(name for name, value in before.items() if value is not None)


@dataclass(frozen=True)
class Workspace:
    """The folder that holds `contracts/`, `tariffs/`, `reconciliation/` and `reports/`."""

    root: Path

    @classmethod
    def around(cls, path: Path) -> "Workspace":
        """The workspace that a plan stands in: the nearest folder with `contracts` and `reconciliation`."""
        for folder in path.resolve().parents:
            if (folder / "contracts").is_dir() and (folder / "reconciliation").is_dir():
                return cls(folder)
        message = "no folder above the plan holds both `contracts` and `reconciliation`"
        mend = "keep the plan in a workspace; `yoc init DIR` lays an empty one"
        raise FindingsError([Finding("FILE-OUTSIDE", Level.SUBMISSION, message, mend, path.name)])

    def name(self, path: Path) -> str:
        """A file's name in the workspace, with forward slashes everywhere."""
        return path.resolve().relative_to(self.root.resolve()).as_posix()


@dataclass
class NamedInputs:
    """What the inputs lead to: a file each, the activity files in their order, faults, and what was left out.

    ``tied`` are the files under `statements` and `invoices`, which activity is compared with.
    """

    files: dict[str, Path] = field(default_factory=dict)
    activity: tuple[ActivityFile, ...] = ()
    tied: dict[str, tuple[ActivityFile, ...]] = field(default_factory=dict)
    faults: list[Finding] = field(default_factory=list)
    left_out: list[Finding] = field(default_factory=list)


def find_inputs(
    workspace: Workspace, document: Document, inputs: Inputs, at: tuple[str | int, ...] = ("inputs",)
) -> NamedInputs:
    """Find every file that the inputs name; what is not there, or leaves the workspace, is among the faults.

    ``at`` is where the inputs stand in the document.
    """
    found = NamedInputs()
    for name, value in inputs:
        if name in ("activity", *KINDS) or value is None:
            continue
        paths = _find(workspace, document, value, (*at, name), found)
        if len(paths) > 1:
            message = f"{value} holds {len(paths)} tables, and one is wanted: {listed_briefly(p.name for p in paths)}"
            found.faults.append(document.finding("FILE-MISSING", message, (*at, name), "name the one that is meant"))
        found.files[name] = paths[0] if paths else workspace.root / PurePosixPath(value)
    for name, loads in inputs.loads().items():
        files = _find_loads(workspace, document, loads, (*at, name), found)
        if name == "activity":
            found.activity = files
        else:
            found.tied[name] = files
    return found


def _find_loads(
    workspace: Workspace, document: Document, loads: ActivityInputs, at: Where, found: NamedInputs
) -> tuple[ActivityFile, ...]:
    """The tables of loads in the order of their arrival."""
    files: list[ActivityFile] = []
    for load, given in enumerate(loads, 1):
        for path in _find(workspace, document, given.files, (*at, load - 1), found):
            tables, left_out = tables_in(path, LINES)
            found.left_out.extend(left_out_of(workspace.name(path), left_out, document.file))
            files.extend(ActivityFile(table, workspace.name(table), load, given.profile or "") for table in tables)
    return tuple(files)


_MOST_PATH_CHARACTERS = 1_000
_MOST_NAME_BYTES = 255
"""Of one step of a path, on every system that is in use."""


def is_outside(name: str) -> bool:
    """Whether a name in the plan could lead out of the workspace, is written as on one system only, or can be no name.

    >>> is_outside("data/june.csv"), is_outside("../june.csv"), is_outside("C:/june.csv"), is_outside("a\\0b")
    (False, True, True, True)
    """
    pure = PurePosixPath(name)
    if not name.isprintable() or any(len(part.encode()) > _MOST_NAME_BYTES for part in pure.parts):
        return True
    return pure.is_absolute() or ".." in pure.parts or ":" in name or "\\" in name or len(name) > _MOST_PATH_CHARACTERS


def is_led_out(root: Path, path: Path) -> bool:
    """Whether a path below the workspace's folder is a link, or lies below one, that leads out of it."""
    return not path.resolve().is_relative_to(root.resolve())


def _find(workspace: Workspace, document: Document, name: str, where: Where, found: NamedInputs) -> list[Path]:
    target, is_pattern = workspace.root / PurePosixPath(name), "*" in name
    if is_outside(name):
        what = "a pattern" if is_pattern else "a name"
        mend = "name files from the workspace's folder with forward slashes, as data/2026-27/registrations.csv"
        found.faults.append(document.finding("FILE-OUTSIDE", f"{name} is not {what} inside the workspace", where, mend))
        return []
    paths: Sequence[Path]
    if is_pattern:
        matches = sorted(filter(Path.is_file, workspace.root.glob(name)), key=Path.as_posix)
        paths = [path for path in matches if not is_clutter(path.name)]
        left_out = [path.name for path in matches if is_clutter(path.name)]
        missing, mend = f"no file matches {name}", "check the folder; for the sample, `yoc synth` makes the files"
    elif target.is_dir():
        paths, left_out = tables_in_folder(target)
        missing, mend = f"no file in the folder {name} is a table", "check the folder, or name the file itself"
    else:
        paths, left_out = [target] if is_there(target) else [], []
        missing, mend = f"{name} is not there", "check the name and the folder"
    if not paths:
        found.faults.append(document.finding("FILE-MISSING", missing, where, mend))
    found.left_out.extend(left_out_of(name, left_out, document.file))
    return [path for path in paths if _stays_inside(workspace, document, path, where, found)]


def _stays_inside(workspace: Workspace, document: Document, path: Path, where: Where, found: NamedInputs) -> bool:
    """A link in the workspace may lead out of it, where nothing is evidence."""
    if not is_led_out(workspace.root, path):
        return True
    message = f"{path.name} is a link that leads out of the workspace"
    found.faults.append(document.finding("FILE-OUTSIDE", message, where, "put the file itself into the workspace"))
    return False
