"""How long a table of positions takes to be settled: rows together, as `yoc settle` does it, and one by one.

Each way is a whole process on the same table, made from a seed: invented organisations under the published contracts of
a shared savings scheme, six contracts of one family. Both must come to the same sum, to the penny.
"""

import argparse
import csv
import datetime as dt
import os
import platform
import random
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BENCH, RESULTS = ROOT / "data/bench", ROOT / "benchmarks/results"
HEADERS = ("ACO_ID", "Current_Track", "ABtotBnchmk", "ABtotExp", "N_AB", "QualScore", "Met_QPS", "MinSavPerc", "DisAdj")
SETTLE = """
import sys
from pathlib import Path
from yoc.workflow import settle_many
from yoc.workflow.settle_table import settle_table
if sys.argv[2] == "one by one":
    settle_many.FEWEST = sys.maxsize
family = Path("contracts/published/us-shared-savings")
settled = settle_table(family, Path(sys.argv[1]), family / "map-2022.yaml")
print(sum(row.settlement.closing_pence for row in settled.rows))
"""


def make_table(rows: int) -> Path:
    """A table of so many organisations; the same rows give the same table."""
    BENCH.mkdir(parents=True, exist_ok=True)
    chance = random.Random(rows)  # noqa: S311 - invented rows, no secret
    path = BENCH / f"positions-{rows}.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(HEADERS)
        for number in range(rows):
            benchmark = chance.randrange(10**7, 10**9)
            spend = benchmark * chance.randrange(85, 112) // 100 + chance.randrange(1_000)
            quality = f"{chance.randrange(30, 100)}.{chance.randrange(10_000):04}"
            row = (f"A{number}", chance.choice(("A", "B", "C", "D", "E", "EN")), benchmark, spend)
            row += (
                chance.randrange(3_000, 90_000),
                quality,
                chance.choice("0111"),
                "3.5",
                chance.choice(("*", "-1000")),
            )
            writer.writerow(row)
    return path


def measure(table: Path, way: str) -> tuple[int, str]:
    """What all rows come to in pence, and the line of results of one process."""
    start = time.perf_counter()
    command = [sys.executable, "-c", SETTLE, str(table), way]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT)  # noqa: S603
    said = process.stdout.read() if process.stdout else b""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{way} failed")
    wall = time.perf_counter() - start
    processor = usage.ru_utime + usage.ru_stime
    return int(said), f"{way} | {wall:.1f} | {processor:.1f} | {usage.ru_maxrss // 1024:,} |"


def main() -> None:
    """Measure, print and, where asked, write a dated table of results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--write", action="store_true", help="write the table to benchmarks/results/")
    chosen = parser.parse_args()
    lines = [
        f"# A table of positions, settled, {dt.date.today():%d %B %Y}\n",
        f"{os.cpu_count()} cores, of which others were in use (load {os.getloadavg()[0]:.0f}), Python "
        f"{platform.python_version()}. Whole processes, one of each. Made by `make positions`.\n",
        "| rows | way | wall s | processor s | peak MiB |\n|---|---|---|---|---|",
    ]
    for rows in chosen.rows:
        table = make_table(rows)
        together, one_by_one = measure(table, "together"), measure(table, "one by one")
        if together[0] != one_by_one[0]:
            sys.exit(f"{rows:,} rows come to {together[0]} pence together and to {one_by_one[0]} one by one")
        lines += [f"| {rows:,} | {each[1]}" for each in (together, one_by_one)]
    text = "\n".join(lines) + "\n"
    print(text)
    if chosen.write:
        name = f"positions-{dt.date.today().isoformat()}.md"
        (RESULTS / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
