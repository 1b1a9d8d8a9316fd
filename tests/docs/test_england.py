"""What a year of England is said to take follows from the tables of results, figure by figure."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/explanation/scale.md").read_text(encoding="utf-8")
RESULTS = ROOT / "benchmarks/results"
FEW, MANY, PEOPLE = 2_000_000, 20_000_000, 1_000_000
ENGLAND_LINES, ENGLAND_PEOPLE = 1_200_000_000, 60_000_000
MEBIBYTE = 2**20


def cells(line: str) -> list[str]:
    """The cells of a line of a table."""
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def results(name: str) -> str:
    """The table of results to which the page points."""
    (file,) = set(re.findall(rf"benchmarks/results/({name}-\d{{4}}-\d\d-\d\d\.md)", PAGE))
    return (RESULTS / file).read_text(encoding="utf-8")


def told(row: str) -> list[str]:
    """A row of the page's table of England, from its second cell on."""
    (line,) = [line for line in PAGE.splitlines() if line.startswith(f"| {row} |")]
    return cells(line)[1:]


def parted(few: float, many: float) -> tuple[float, float]:
    """What a line takes and what a person takes, where 2 and 20 million lines of 1,000,000 people take these."""
    line = (many - few) / (MANY - FEW)
    return line, (few - FEW * line) / PEOPLE


def all_tasks() -> tuple[list[float], list[float]]:
    """What all of Spark's tasks took and moved, at each number of lines: seconds, then MiB written and shuffled."""
    rows = [cells(line) for line in results("spark").splitlines() if line.startswith("| all |")]
    few, many = ([float(row[place].replace(",", "")) for place in (2, 4, 5)] for row in rows)
    return few, many


def test_what_sparks_tasks_take() -> None:
    few, many = all_tasks()
    line, person = parted(few[0], many[0])
    of_lines, of_people = line * ENGLAND_LINES / 3600, person * ENGLAND_PEOPLE / 3600

    assert told("Spark's tasks") == [
        f"{few[0]:,.1f} s", f"{many[0]:,.1f} s", f"{line * 1e6:.1f} µs", f"{person * 1e6:.1f} µs",
        f"{of_lines:.1f} h", f"{of_people:.1f} h", f"{of_lines + of_people:.1f} h of one core",
    ]  # fmt: skip
    assert f"On 64 cores of this kind that is {(of_lines + of_people) * 60 / 64:.0f} minutes" in PAGE


def test_what_spark_moves() -> None:
    few, many = all_tasks()
    for row, place in (("written between steps", 1), ("shuffled", 2)):
        line, person = parted(few[place] * MEBIBYTE, many[place] * MEBIBYTE)
        of_lines, of_people = line * ENGLAND_LINES / 1e9, person * ENGLAND_PEOPLE / 1e9
        assert told(row) == [
            f"{few[place]:,.0f} MiB", f"{many[place]:,.0f} MiB", f"{line:.1f} B", f"{person:.1f} B",
            f"{of_lines:.1f} GB", f"{of_people:.1f} GB", f"{of_lines + of_people:.0f} GB",
        ]  # fmt: skip


def test_which_steps_take_most() -> None:
    """What the page says of the two heaviest steps, in bytes a line, and of all tasks' time at 20 million lines."""
    steps = [cells(line) for line in results("spark").splitlines() if line.startswith(("| activity/", "| intake/"))]
    _, many = all_tasks()
    told_of = {"activity/judged_line": ("a third", 3), "intake/repeats_of_identifiers": ("a quarter", 4)}
    for step, (words, part) in told_of.items():
        few_row, many_row = (row for row in steps if row[0] == step)
        line = parted(*(float(row[5].replace(",", "")) * MEBIBYTE for row in (few_row, many_row)))[0]
        assert f"{line:.0f} bytes a line, {line * ENGLAND_LINES / 1e9:.0f} GB" in PAGE.replace("\n   ", " ")
        assert f"`{step}`: {words} of" in PAGE and round(many[0] / float(many_row[2])) == part


def test_how_far_out_a_straight_line_is() -> None:
    table = [cells(line) for line in results("year").splitlines()]
    kept = [float(row[3]) for row in table if row[1:2] == ["`yoc reconcile` from canonical Parquet"] and len(row) > 6]
    line, person = parted(*kept)
    expected = line * 200_000_000 + person * 10_000_000
    large = [cells(line) for line in results("year-10000000-people").splitlines() if line.startswith("| 200,000,000")]
    found = {row[1]: (float(row[3]), row[5]) for row in large}
    (wall, memory), (raw, raw_memory) = (
        found[f"`yoc reconcile` from {source}"] for source in ("canonical Parquet", "raw CSV")
    )
    words = PAGE.replace("\n", " ")
    assert (
        f"{wall:.0f} seconds from canonical Parquet, {raw:,.0f} seconds from raw CSV, {memory} and {raw_memory}"
        in words
    )
    assert f"gives: {expected:.0f} seconds, so × {wall / expected:.1f}" in words


def test_what_it_is_in_parquet() -> None:
    found = re.findall(
        r"Parquet: ([\d,]+) MiB of lines \(([\d.]+) bytes a line\), ([\d,]+) MiB of people \(([\d.]+) bytes",
        results("spark"),
    )
    (few, _, few_people, _), (many, line, people, person) = found
    of_lines, of_people = float(line) * ENGLAND_LINES / 1e9, float(person) * ENGLAND_PEOPLE / 1e9

    assert told("canonical Parquet") == [
        f"{int(few) + int(few_people)} MiB", f"{int(many) + int(people)} MiB", f"{line} B", f"{person} B",
        f"{of_lines:.1f} GB", f"{of_people:.1f} GB", f"{of_lines + of_people:.0f} GB",
    ]  # fmt: skip


def test_what_duckdb_takes() -> None:
    table = [cells(line) for line in results("year").splitlines()]
    wall = {(row[0], row[1]): float(row[3]) for row in table if row[0] in ("2,000,000", "20,000,000")}
    kept, raw = (
        [wall[lines, f"`yoc reconcile` from {source}"] for lines in ("2,000,000", "20,000,000")]
        for source in ("canonical Parquet", "raw CSV")
    )
    line, person = parted(*kept)
    minutes = (line * ENGLAND_LINES + person * ENGLAND_PEOPLE) / 60
    assert f"{line * 1e6:.2f} µs a line and {person * 1e6:.1f} µs a person" in PAGE
    assert f"take {minutes:.0f} minutes from canonical Parquet" in PAGE

    line, person = parted(*(text - parquet for text, parquet in zip(raw, kept, strict=True)))
    hours = (line * ENGLAND_LINES + person * ENGLAND_PEOPLE) / 3600
    assert f"{line * 1e6:.1f} µs a line and {person * 1e6:.1f} µs a person, {hours:.1f} hours for England" in PAGE
