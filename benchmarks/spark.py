"""How long a contract's year takes on Apache Spark, on this machine alone, beside DuckDB on the same files.

Each is a whole process from canonical Parquet to statements, once for each number of lines: wall and processor seconds
and the most memory held, Java's with Python's; of Spark also what each step's tasks took, wrote, shuffled and spilled.
Both runs must be the same to the byte; where they are not nothing is written. Worlds are those of `make bench`.
"""

import argparse
import datetime as dt
import platform
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from itertools import pairwise

from spark_work import Work, lay_settings, together, work_of
from timing import BENCH, RESULTS, YOC, Measured, machine, measure
from year_world import World, canonical_files, make_ready, world_of

ENGINES = {"duckdb": "DuckDB", "spark": "local Spark"}
PEOPLE, LINES = 1_000_000, (2_000_000, 20_000_000)
EVIDENCE = ("settlement.json", "manifest.json")
HEAVIEST = 12
"""How many steps are told one by one."""
MEBIBYTE = 2**20


@dataclass(frozen=True)
class Row:
    """What an engine took on so many lines."""

    lines: int
    engine: str
    taken: Measured


@dataclass(frozen=True)
class Size:
    """What so many lines took: on each engine, in bytes of Parquet of lines and of people, and by steps of Spark."""

    lines: int
    rows: tuple[Row, ...]
    line_bytes: int
    people_bytes: int
    work: dict[str, Work]


def measure_world(world: World, lines: int) -> Size:
    """Both engines on one world. Raises ``SystemExit`` where they come to different evidence."""
    make_ready(world)
    rows, found = [], []
    settings = BENCH / "spark"
    environment = lay_settings(settings)
    for engine, name in ENGINES.items():
        world.forget_runs()
        print(f"{name}, {lines:,} lines", file=sys.stderr, flush=True)
        command = [*YOC, "reconcile", str(world.plan), "--engine", engine]
        rows.append(Row(lines, engine, measure(command, environment)))
        found.append([(world.runs()[-1] / file).read_bytes() for file in EVIDENCE])
    if found[0] != found[1]:
        sys.exit(f"the two engines differ on {lines:,} lines; the run of Spark lies in {world.runs()[-1]}")
    of_lines = {path for path, _ in canonical_files(world)}
    all_bytes = sum(path.stat().st_size for path in world.canonical.glob("*.parquet"))
    line_bytes = sum(path.stat().st_size for path in of_lines)
    return Size(lines, tuple(rows), line_bytes, all_bytes - line_bytes, work_of(settings))


def page_of(sizes: Sequence[Size], people: int) -> str:
    """The page of results."""
    text = table_of([row for size in sizes for row in size.rows], people)
    for size in sizes:
        text += work_table(size, people)
    return text


def work_table(size: Size, people: int) -> str:
    """What Spark did on so many lines, step by step, the longest first."""
    total = together(size.work.values())
    steps = sorted(size.work.items(), key=lambda each: (-each[1].task_seconds, each[0]))
    text = (
        f"\n## Spark's tasks, {size.lines:,} lines\n\n"
        f"Canonical Parquet: {size.line_bytes / MEBIBYTE:,.0f} MiB of lines ({size.line_bytes / size.lines:.1f} bytes a"
        f" line), {size.people_bytes / MEBIBYTE:,.0f} MiB of people ({size.people_bytes / people:.1f} bytes a person)."
        f" Shuffled: {total.shuffled_bytes / size.lines:.1f} bytes a line.\n\n"
        "| step | tasks | task s | processor s | written MiB | shuffled MiB | spilled MiB |\n"
        "|---|---|---|---|---|---|---|\n"
    )
    text += "".join(_work_row(name, work) for name, work in steps[:HEAVIEST])
    if rest := steps[HEAVIEST:]:
        text += _work_row(f"{len(rest)} others", together(work for _, work in rest))
    return text + _work_row("all", total)


def _work_row(name: str, work: Work) -> str:
    moved = (work.written_bytes, work.shuffled_bytes, work.spilled_bytes)
    figures = " | ".join(f"{each / MEBIBYTE:,.0f}" for each in moved)
    return f"| {name} | {work.tasks:,} | {work.task_seconds:,.1f} | {work.processor_seconds:,.1f} | {figures} |\n"


def table_of(rows: Sequence[Row], people: int) -> str:
    """Both engines beside one another, and how each grows."""
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
    sizes = [measure_world(world_of(chosen.people, lines), lines) for lines in chosen.lines]
    table = page_of(sizes, chosen.people)
    print(table)
    if chosen.write:
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / f"spark-{dt.date.today().isoformat()}.md").write_text(table, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
