"""Small worlds to be disturbed: as they are before a command, and all that can be told of them after it."""

# ruff: noqa: E402 - what is imported lies beside this file

import hashlib
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "workflow")]

import small_world
from killing import NEVER, Death, Ended, run

from yoc.store.database import connect
from yoc.store.journal import broken
from yoc.store.migrate import version_of
from yoc.store.seal import SEAL
from yoc.store.tables import Entry, Posting, Run, Standing
from yoc.store.year_tables import YearState
from yoc.workflow.store_place import system_clock

YEAR = Path("2026-27/world")


@dataclass(frozen=True)
class World:
    """A workspace and its store: a file of its own, or a database of a server."""

    root: Path
    url: str = ""

    def do(self, *arguments: str, death: Death = NEVER) -> Ended:
        return run(arguments, self.root, self.url, death)

    @property
    def plan(self) -> str:
        return str(self.root / small_world.PLAN)

    def settle(self, death: Death = NEVER) -> Ended:
        return self.do("reconcile", self.plan, death=death)

    def restate(self, death: Death = NEVER) -> Ended:
        return self.do("restate", self.plan, "--reason", "late_data", "--evidence", "letter 1", death=death)

    def changed(self) -> None:
        """A line of £100 came late."""
        small_world._lay_lines(self.root, [*small_world.LINES, ("P1", "2026-09-01", "AE", "VB01Z", "1", "70.00")])

    def read(self) -> "Found":
        """All that is there."""
        files = {
            path.relative_to(self.root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(self.root.rglob("*"))
            if path.is_file() and path.name != "store.sqlite" and not _is_probe(path)
        }
        folders = {path.relative_to(self.root).as_posix() for path in self.root.rglob("*") if path.is_dir()}
        return Found(files, folders, self.recorded())

    def recorded(self) -> dict[str, Any]:
        """What the store holds, without the moments at which it was recorded and the hashes that hold those."""
        file = self.root / "reconciliation/store.sqlite"
        if not self.url and not file.is_file():
            return {}
        store = connect(self.url or file, system_clock)
        with store.connected() as connection:
            if not version_of(connection):
                return {}
        with store.session() as session:
            assert broken(session) == []
            rows = {
                table.__tablename__: [row.model_dump() for row in session.query(table).all()]
                for table in (Posting, Run, Standing, YearState, Entry)
            }
        # A run that a dead command left in its folder is recorded by a posting of its own, with a seal of its own: it
        # moves nothing more, and later entries have other numbers. A seal holds the moment of its posting.
        rows["entries"] = [row for row in rows["entries"] if row["kind"] != SEAL]
        places = {row["sequence"]: place for place, row in enumerate(sorted(rows["entries"], key=_sequence), 1)}
        for row in rows["entries"]:
            row["sequence"], row["supersedes"] = places[row["sequence"]], places.get(row["supersedes"])
        passing = {"recorded_at", "hash", "previous_hash", "posting"}
        kept = {
            name: sorted(({k: str(v) for k, v in row.items() if k not in passing} for row in of_table), key=str)
            for name, of_table in rows.items()
        }
        del kept["postings"]
        return kept


def _sequence(row: dict[str, Any]) -> int:
    return int(row["sequence"])


def _is_probe(path: Path) -> bool:
    """Whether it is the word by which Python tries, once a process, whether it may write into the passing folder."""
    return (
        path.parent.name == "passing"
        and path.stat().st_size <= len(b"blat")
        and path.suffix != ".lock"
        and path.read_bytes() in (b"", b"blat")
    )


@dataclass
class Found:
    """Files by their hashes, folders, and what is recorded."""

    files: dict[str, str]
    folders: set[str]
    recorded: dict[str, Any] = field(default_factory=dict)

    def left_over(self) -> list[str]:
        """What only a command that is under way has: staging, journals of a database, passing files."""
        return [
            name
            for name in sorted({*self.files, *self.folders})
            if "/.staging-" in name or "/.writing-" in name or name.startswith("passing/") or name.endswith("-journal")
        ]

    def of(self, part: str) -> dict[str, str]:
        """The files under a folder, those that are under way left out."""
        return {
            name: sha256 for name, sha256 in self.files.items() if name.startswith(part) and "/.staging" not in name
        }


RUNS, REPORTS = f"reconciliation/{YEAR}/runs/", f"reports/{YEAR}/"


def lay(root: Path, url: str = "") -> World:
    """A world of which nothing was settled."""
    small_world.lay(root)
    return World(root, url)


def settled(root: Path, url: str = "") -> World:
    """A world at its first reconciliation, of which a line came late since."""
    world = lay(root, url)
    for done in (world.settle(), world.do("year", "flex", "world", "2026-27", "--directory", str(root))):
        assert done.code == 0, done.said
    world.changed()
    return world


def copied(world: World, root: Path, url: str = "") -> World:
    shutil.copytree(world.root, root)
    return World(root, url)
