"""The worlds that the whole job is measured in: made once from a seed, kept, and named so that plain scripts can read
them.
"""

import csv
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb
from timing import BENCH, YOC, clear

from yoc.intake.activity_files import profile_of
from yoc.intake.canonical_store import CANONICAL_FOLDER, canonical_key
from yoc.intake.container import path_sha256
from yoc.intake.limits import LINES
from yoc.intake.line_decisions import NamePeriod
from yoc.workflow.plan import read_job
from yoc.workflow.workspace import SAMPLE_DATA, SAMPLE_PLAN

PEOPLE_FILES = ("persons", "registrations", "conditions")


@dataclass(frozen=True)
class World:
    """A workspace with the synthetic sample in it, of so many people and lines."""

    root: Path

    @property
    def plan(self) -> Path:
        """The plan that is settled."""
        return self.root / SAMPLE_PLAN

    @property
    def canonical(self) -> Path:
        """Where lines are kept as canonical Parquet."""
        return self.root / CANONICAL_FOLDER

    @property
    def lines_list(self) -> Path:
        """The list of the canonical files, each with the load that it came with, for scripts."""
        return self.root / "data/bench/lines.csv"

    @property
    def people_folder(self) -> Path:
        """The files about people as Parquet, of which the floor reads the columns."""
        return self.root / "data/bench/people"

    def runs(self) -> list[Path]:
        """The folders of the runs that are there, the newest last."""
        made = sorted(self.plan.parent.glob("runs/*/settlement.json"), key=lambda path: path.stat().st_mtime_ns)
        return [path.parent for path in made]

    def forget_runs(self) -> None:
        """Take runs, statements and the store away, so that the next reconciliation does all of its work."""
        clear(self.plan.parent / "runs")
        clear(self.root / "reports")
        for path in (self.root / "reconciliation").glob("store*"):
            path.unlink()

    def forget_canonical(self) -> None:
        """Take the canonical Parquet away too, so that raw files are read as text."""
        self.forget_runs()
        clear(self.canonical)


def world_of(people: int, lines: int) -> World:
    """The world of a size, made where it is not there; the seed is the sample's own."""
    folder = BENCH / f"year-{people}-people-{lines}-lines"
    if not folder.is_dir():
        partial = folder.with_name(f".{folder.name}.partial")
        clear(partial)
        partial.mkdir(parents=True)
        print(f"making {lines:,} lines of {people:,} people, once", file=sys.stderr)
        sizes = ["--people", str(people), "--lines", str(lines)]
        run_yoc("synth", "--directory", str(partial), *sizes)
        partial.rename(folder)
    return World(folder)


def run_yoc(*words: str) -> None:
    """Run the program to its end, unmeasured. Raises ``SystemExit`` where it fails."""
    done = subprocess.run([*YOC, *words], stdout=subprocess.DEVNULL, check=False)  # noqa: S603 - our own program
    if done.returncode:
        sys.exit(f"yoc {words[0]} failed with exit code {done.returncode}")


def canonical_files(world: World) -> list[tuple[Path, int]]:
    """The canonical file of each file of activity, with its load; they may not be there yet."""
    job = read_job(world.plan)
    found = []
    for file in job.activity_files:
        known = profile_of(file, job.profiles)
        key = canonical_key(path_sha256(file.path, LINES), known, NamePeriod.of(file.name, known.profile))
        found.append((world.canonical / f"{key}.parquet", file.load))
    return found


def make_ready(world: World) -> None:
    """See that the world has a run and its canonical Parquet, made by this version of the program; list the files."""
    files = canonical_files(world)
    if not all(path.is_file() for path, _ in files):
        world.forget_canonical()
    # Where this version of the program has settled these files already, it says so and does nothing.
    run_yoc("reconcile", str(world.plan))
    world.lines_list.parent.mkdir(parents=True, exist_ok=True)
    with world.lines_list.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([("parquet", "load"), *files])
    if not world.people_folder.is_dir():
        _people_as_parquet(world)


def _people_as_parquet(world: World) -> None:
    partial = world.people_folder.with_name(".people.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    with duckdb.connect() as connection:
        for name in PEOPLE_FILES:
            source = world.root / SAMPLE_DATA / f"{name}.csv"
            connection.read_csv(str(source), all_varchar=True).write_parquet(str(partial / f"{name}.parquet"))
    partial.rename(world.people_folder)
