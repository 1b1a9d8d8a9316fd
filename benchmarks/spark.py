"""How long a contract's year takes on Apache Spark, on this machine alone, beside DuckDB on the same files.

Each is a whole process from canonical Parquet to statements, once for each number of lines: wall and processor seconds
and the most memory held, Java's with Python's. Both runs must be the same to the byte; where they are not nothing is
written. Worlds are those of `make bench`.
"""

import argparse
import datetime as dt
import platform
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from itertools import pairwise

from timing import RESULTS, YOC, Measured, machine, measure
from year_world import World, make_ready, world_of

ENGINES = {"duckdb": "DuckDB", "spark": "local Spark"}
PEOPLE, LINES = 1_000_000, (2_000_000, 20_000_000)
EVIDENCE = ("settlement.json", "manifest.json")


@dataclass(frozen=True)
class Row:
    """What an engine took on so many lines."""

    lines: int
    engine: str
    taken: Measured


def measure_world(world: World, lines: int) -> list[Row]:
    """Both engines on one world. Raises ``SystemExit`` where they come to different evidence."""
    make_ready(world)
    rows, found = [], []
    for engine, name in ENGINES.items():
        world.forget_runs()
        print(f"{name}, {lines:,} lines", file=sys.stderr, flush=True)
        rows.append(Row(lines, engine, measure([*YOC, "reconcile", str(world.plan), "--engine", engine])))
        found.append([(world.runs()[-1] / file).read_bytes() for file in EVIDENCE])
    if found[0] != found[1]:
        sys.exit(f"the two engines differ on {lines:,} lines; the run of Spark lies in {world.runs()[-1]}")
    return rows


def table_of(rows: Sequence[Row], people: int) -> str:
    """The page of results."""
    packages = ", ".join(f"{name} {metadata.version(name)}" for name in ("duckdb", "pyspark", "sqlglot", "pyarrow"))
    text = (
        f"# Local Spark beside DuckDB, {dt.date.today():%d %B %Y}\n\n"
        f"{machine()}; Python {platform.python_version()}, {packages}. {people:,} people. Whole processes from"
        " canonical Parquet to statements, each once. Made by `make bench-spark`; [what it means]"
        "(../../docs/explanation/scale.md).\n\n"
        "| lines | engine | wall s | processor s | peak MiB | × DuckDB | same evidence |\n"
        "|---|---|---|---|---|---|---|\n"
    )
    by_place = {(row.lines, row.engine): row.taken for row in rows}
    for row in rows:
        taken, other = row.taken, by_place[row.lines, "duckdb"]
        figures = f"{taken.wall_seconds:.1f} | {taken.processor_seconds:.1f} | {taken.peak_mebibytes:,}"
        ratio = f"{taken.wall_seconds / other.wall_seconds:.1f}"
        text += f"| {row.lines:,} | {ENGINES[row.engine]} | {figures} | {ratio} | yes |\n"
    for small, large in pairwise(sorted({row.lines for row in rows})):
        text += f"\nFrom {small:,} to {large:,} lines (× {large / small:.1f}):"
        for engine, name in ENGINES.items():
            before, after = by_place[small, engine], by_place[large, engine]
            memory = after.peak_mebibytes / before.peak_mebibytes
            text += f" {name} × {after.wall_seconds / before.wall_seconds:.1f} in time, × {memory:.1f} in memory;"
        text = text.removesuffix(";") + ".\n"
    return text


def main() -> None:
    """Measure, compare, print and, where asked, write a dated table of results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, nargs="+", default=list(LINES))
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--write", action="store_true", help="write the table to benchmarks/results/")
    chosen = parser.parse_args()
    rows = [row for lines in chosen.lines for row in measure_world(world_of(chosen.people, lines), lines)]
    table = table_of(rows, chosen.people)
    print(table)
    if chosen.write:
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / f"spark-{dt.date.today().isoformat()}.md").write_text(table, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
