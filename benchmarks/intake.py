"""How long raw files take to become canonical Parquet, against what the engine alone needs to read and rewrite them.

Each way is a whole process on the same files, one after another in one run, the middle one of several rounds: wall and
processor seconds and the most memory that the process held. Files are copies of the synthetic sample's first load, each
with its own line identifiers, made once and kept under `data/bench/`.
"""

import argparse
import datetime as dt
import os
import platform
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import duckdb
from timing import BENCH, RESULTS, ROOT, YOC, Measured, clear, middle

SAMPLE = ROOT / "data/2026-27/bnssg-working-age/plcm/load-1"
SAMPLE_LINES = 900_000
CANONICAL = BENCH / "data/.canonical"
"""The folder of benchmarks is a workspace of its own, so that what is kept of its files is kept beside them."""

FLOOR = """
import duckdb, sys
source, target = sys.argv[1:]
connection = duckdb.connect()
connection.execute("SET preserve_insertion_order = false")
rows = "read_csv(?, all_varchar = true, union_by_name = true, ignore_errors = true)"
form = "(FORMAT parquet, PER_THREAD_OUTPUT true)"
connection.execute(f"COPY (SELECT * FROM {rows}) TO '{target}' {form}", [source + "/*.csv"])
"""


def make_files(lines: int) -> Path:
    """A folder with about so many lines in copies of the sample's files, made where it is not there."""
    copies = max(1, round(lines / SAMPLE_LINES))
    for name in ("contracts", "reconciliation"):
        (BENCH / name).mkdir(parents=True, exist_ok=True)
    folder = BENCH / f"plcm-{copies}"
    if folder.is_dir():
        return folder
    partial = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    for copy in range(copies):
        for source in sorted(SAMPLE.glob("*.csv")):
            _copy(source, partial / f"{source.stem}_{copy:03}.csv", copy)
    partial.rename(folder)
    return folder


def _copy(source: Path, target: Path, copy: int) -> None:
    """The first copy as it is; each other with its number in the line identifiers, so that no two files are alike."""
    if copy == 0:
        shutil.copyfile(source, target)
        return
    content = source.read_bytes()
    provider = source.stem.split("_")[-1].encode()
    target.write_bytes(content.replace(b"," + provider + b"26", b"," + provider + f"{copy:02}".encode()))


def canonical(folder: Path) -> list[str]:
    """The command that reads a folder of raw files and leaves canonical Parquet behind."""
    return [*YOC, "intake", str(folder), "--year", "2026/27"]


def main() -> None:
    """Measure, print and, where asked, write a dated table of results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, nargs="+", default=[SAMPLE_LINES])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", action="store_true", help="write the table to benchmarks/results/")
    chosen = parser.parse_args()
    if not SAMPLE.is_dir():
        sys.exit("the sample is not there: `make demo` makes it")
    rows = []
    written = BENCH / "written"
    for lines in chosen.lines:
        folder = make_files(lines)
        floor = middle(chosen.rounds, lambda: clear(written), [sys.executable, "-c", FLOOR, str(folder), str(written)])
        ours = middle(chosen.rounds, lambda: clear(CANONICAL), canonical(folder))
        again = middle(chosen.rounds, lambda: None, canonical(folder))
        clear(written)
        clear(CANONICAL)
        size = sum(path.stat().st_size for path in folder.iterdir())
        rows += [
            (lines, size, "engine alone: read as text, rewrite as Parquet", floor, 1.0),
            (lines, size, "raw CSV to canonical, with its account", ours, ours.wall_seconds / floor.wall_seconds),
            (lines, size, "again: nothing to convert", again, again.wall_seconds / floor.wall_seconds),
        ]
    table = _table(rows)
    print(table)
    if chosen.write:
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / f"intake-{dt.date.today().isoformat()}.md").write_text(table, encoding="utf-8", newline="\n")


def _table(rows: Sequence[tuple[int, int, str, Measured, float]]) -> str:
    head = (
        f"# Raw files to canonical Parquet, {dt.date.today():%d %B %Y}\n\n"
        f"{os.cpu_count()} cores, Python {platform.python_version()}, DuckDB {duckdb.__version__}. Whole processes, the"
        " middle of several rounds, in one run. Made by `make bench-intake`.\n\n"
        "| lines | MB | way | wall s | processor s | peak MiB | x engine alone |\n|---|---|---|---|---|---|---|\n"
    )
    body = "".join(
        f"| {lines:,} | {size // 1_000_000:,} | {way} | {taken.wall_seconds:.1f} | {taken.processor_seconds:.1f} | "
        f"{taken.peak_mebibytes:,} | {ratio:.2f} |\n"
        for lines, size, way, taken, ratio in rows
    )
    return head + body


if __name__ == "__main__":
    main()
