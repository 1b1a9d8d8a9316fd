"""How long a contract's year takes, from files to statements, against other ways of doing the same work.

Each way is a whole process on the same files, one after another in one run, the middle one of three rounds: wall and
processor seconds and the most memory held. What the plain scripts and the program's stages come to is held against the
program's run, cell by cell, to the penny; where they differ nothing is written. Worlds are made once from a seed and
kept under `data/bench/`.
"""

import argparse
import datetime as dt
import platform
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import metadata
from importlib.util import find_spec
from itertools import islice, pairwise
from pathlib import Path

from check import Cells, cells_of_run, cells_of_script, differences
from timing import BENCH, RESULTS, YOC, Measured, clear, machine, middle
from twelve_hosts import world_of_twelve
from year_world import World, make_ready, world_of

from yoc.workflow.workspace import SAMPLE_DATA, SAMPLE_PRICES

WAYS_FOLDER = Path(__file__).parent / "ways"
WAYS = {
    "raw": "`yoc reconcile` from raw CSV",
    "floor": "floor: DuckDB only scans and sums the columns needed",
    "pandas": "plain pandas",
    "polars": "plain polars",
    "stages": "yoc, people counted and lines charged",
    "reconcile": "`yoc reconcile` from canonical Parquet",
}
"""In the order in which they are measured: reading raw files leaves the canonical Parquet for the others."""
SMALL_WAYS = {"help": "`yoc --help`", "statements": "the statements of twelve hosts"}
CHECKED = ("pandas", "polars", "stages")
"""The ways that write their cells, which are held against those of the program's run."""
TOLD = ("floor", "pandas", "polars", "stages", "reconcile", "raw")
ONCE_FROM_LINES = 10_000_000
"""From so many lines on raw files are read once, and not three times."""
PEOPLE, LINES = 1_000_000, (2_000_000, 20_000_000)


@dataclass(frozen=True)
class Row:
    """What a way took on a world of so many lines; ``lines`` is 0 where there is no such number."""

    lines: int
    way: str
    taken: Measured
    rounds: int
    checked: bool = False


def command_of(way: str, world: World) -> list[str]:
    """The process of a way on a world."""
    data, prices = world.root / SAMPLE_DATA, world.root / SAMPLE_PRICES
    arguments = {
        "floor": ("floor.py", world.lines_list, world.people_folder),
        "pandas": ("pandas_year.py", world.lines_list, data, prices, cells_file("pandas", world)),
        "polars": ("polars_year.py", world.lines_list, data, prices, cells_file("polars", world)),
        "stages": ("stages.py", world.plan, cells_file("stages", world)),
    }
    if way not in arguments:
        return [*YOC, "reconcile", str(world.plan)]
    script, *more = arguments[way]
    return [sys.executable, str(WAYS_FOLDER / str(script)), *(str(each) for each in more)]


def cells_file(way: str, world: World) -> Path:
    """Where a way that is checked writes its cells."""
    return world.lines_list.with_name(f"{way}.json")


def measure_world(world: World, lines: int, ways: Sequence[str], rounds: int) -> list[Row]:
    """Every way on one world. Raises ``SystemExit`` where one fails, or comes to another penny than the program."""
    before: dict[str, Callable[[], None]] = {"raw": world.forget_canonical, "reconcile": world.forget_runs}
    rows = []
    if "raw" not in ways:
        make_ready(world)
    for way in (way for way in WAYS if way in ways):
        times = 1 if way == "raw" and lines >= ONCE_FROM_LINES else rounds
        told(f"{lines:,} lines, {WAYS[way]}: {times} rounds")
        taken = middle(times, before.get(way, lambda: None), command_of(way, world))
        told(f"  {taken.wall_seconds:.2f} s, {taken.processor_seconds:.2f} s, {taken.peak_mebibytes:,} MiB")
        rows.append(Row(lines, way, taken, times))
        if way == "raw":
            make_ready(world)
    return checked(world, rows)


def checked(world: World, rows: Sequence[Row]) -> list[Row]:
    """The rows, those of ways that write cells marked as held against the program's run.

    Raises ``SystemExit`` with the first cells that differ.
    """
    wanted = [row.way for row in rows if row.way in CHECKED]
    expected = cells_of_run(world.runs()[-1]) if wanted else {}
    for way in wanted:
        refuse_differences(way, expected, cells_of_script(cells_file(way, world)))
    return [Row(row.lines, row.way, row.taken, row.rounds, row.way in wanted) for row in rows]


def refuse_differences(way: str, expected: Cells, found: Cells) -> None:
    """Raises ``SystemExit`` where a way came to another figure than the program in any cell."""
    if said := list(islice(differences(expected, found), 20)):
        sys.exit("\n  ".join([f"{WAYS[way]} does not come to what the program comes to; the first cells:", *said]))
    if not expected["cost"]:
        sys.exit("the program's run holds no cost at all: there is nothing to check by")


def measure_small(ways: Sequence[str], rounds: int) -> list[Row]:
    """The commands whose time does not depend on the number of lines."""
    rows = []
    if "help" in ways:
        rows.append(Row(0, "help", middle(rounds, lambda: None, [*YOC, "--help"]), rounds))
    if "statements" in ways:
        run = world_of_twelve().runs()[-1]
        target = BENCH / "statements"
        command = [sys.executable, str(WAYS_FOLDER / "statements.py"), str(run / "settlement.json"), str(target)]
        rows.append(Row(0, "statements", middle(rounds, lambda: clear(target), command), rounds))
        clear(target)
    return rows


def table_of(rows: Sequence[Row], people: int) -> str:
    """The page of results."""
    packages = ", ".join(f"{name} {metadata.version(name)}" for name in _PACKAGES if find_spec(name))
    head = (
        f"# A contract's year, {dt.date.today():%d %B %Y}\n\n"
        f"{machine()}; Python {platform.python_version()}, {packages}. {people:,} people. Whole processes, one after"
        " another in one run. Made by `make bench`; [how to read it](../../docs/how-to/measure-speed.md).\n\n"
    )
    body = "".join(_table_row(row, rows) for row in sorted(rows, key=_told_order) if row.lines)
    body_head = (
        "| lines | way | rounds | wall s | processor s | peak MiB | × floor | × pandas | same pence |\n"
        "|---|---|---|---|---|---|---|---|---|\n"
    )
    small = "".join(f"| {SMALL_WAYS[row.way]} | {_figures(row)} |\n" for row in rows if not row.lines)
    small_head = "\n| way | rounds | wall s | processor s | peak MiB |\n|---|---|---|---|---|\n"
    return head + (body_head + body if body else "") + growth_of(rows) + (small_head + small if small else "")


_PACKAGES = ("duckdb", "pyarrow", "pandas", "numpy", "polars")


def _told_order(row: Row) -> tuple[int, int]:
    return row.lines, TOLD.index(row.way) if row.way in TOLD else 0


def _table_row(row: Row, rows: Sequence[Row]) -> str:
    cells = (
        f"{row.lines:,}",
        WAYS[row.way],
        _figures(row),
        *(_ratio(row, other, rows) for other in ("floor", "pandas")),
    )
    return f"| {' | '.join(cells)} | {'yes' if row.checked else ''} |\n"


def _figures(row: Row) -> str:
    taken = row.taken
    return f"{row.rounds} | {taken.wall_seconds:.2f} | {taken.processor_seconds:.2f} | {taken.peak_mebibytes:,}"


def _ratio(row: Row, other: str, rows: Sequence[Row]) -> str:
    """Wall time as a multiple of another way's on the same lines; blank where that was not measured."""
    found = [each for each in rows if each.way == other and each.lines == row.lines]
    return f"{row.taken.wall_seconds / found[0].taken.wall_seconds:.2f}" if found else ""


def growth_of(rows: Sequence[Row]) -> str:
    """How wall time and memory grow from each number of lines to the next, by way; blank where there is but one."""
    sizes = sorted({row.lines for row in rows if row.lines})
    if len(sizes) < 2:
        return ""
    by_place = {(row.lines, row.way): row.taken for row in rows}
    steps = list(pairwise(sizes))
    head = "".join(f" {small:,} to {large:,} lines: wall | memory |" for small, large in steps)
    text = f"\n| way |{head}\n|---|{'---|---|' * len(steps)}\n"
    text += f"| lines |{''.join(f' × {large / small:.1f} | |' for small, large in steps)}\n"
    for way in TOLD:
        cells = ""
        for small, large in steps:
            pair = by_place.get((small, way)), by_place.get((large, way))
            if pair[0] is None or pair[1] is None:
                cells += " | |"
                continue
            wall = pair[1].wall_seconds / pair[0].wall_seconds
            cells += f" × {wall:.1f} | × {pair[1].peak_mebibytes / pair[0].peak_mebibytes:.1f} |"
        if "×" in cells:
            text += f"| {WAYS[way]} |{cells}\n"
    return text


def told(words: str) -> None:
    """Say how far it is, beside the table."""
    print(words, file=sys.stderr, flush=True)


def refuse_missing(ways: Sequence[str]) -> None:
    """Raises ``SystemExit`` where a way needs a library that is not there."""
    missing = [way for way in ("pandas", "polars") if way in ways and not find_spec(way)]
    if missing:
        sys.exit(f"{' and '.join(missing)}: not installed; `make bench` installs it, or choose others with --ways")


def main() -> None:
    """Measure, check, print and, where asked, write a dated table of results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, nargs="+", default=list(LINES), help="sizes (100000000 takes hours)")
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--ways", nargs="+", choices=[*WAYS, *SMALL_WAYS], default=[*WAYS, *SMALL_WAYS])
    parser.add_argument("--write", action="store_true", help="write the table to benchmarks/results/")
    chosen = parser.parse_args()
    refuse_missing(chosen.ways)
    rows = measure_small(chosen.ways, chosen.rounds)
    if set(chosen.ways) & set(WAYS):
        for lines in chosen.lines:
            rows += measure_world(world_of(chosen.people, lines), lines, chosen.ways, chosen.rounds)
    table = table_of(rows, chosen.people)
    print(table)
    if chosen.write:
        RESULTS.mkdir(exist_ok=True)
        of_people = "" if chosen.people == PEOPLE else f"{chosen.people}-people-"
        page = RESULTS / f"year-{of_people}{dt.date.today().isoformat()}.md"
        page.write_text(table, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
