"""What the README says of speed stands in the newest table of results."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
WAYS = {
    "a plain pandas script": "plain pandas",
    "a plain polars script": "plain polars",
    "`yoc`: people counted, lines judged, priced and summed": "yoc, people counted and lines charged",
    "`yoc reconcile` whole: statements, evidence and store": "`yoc reconcile` from canonical Parquet",
    "the same from raw CSV, as the first time": "`yoc reconcile` from raw CSV",
}


def cells(line: str) -> list[str]:
    """The cells of a line of a table."""
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def test_the_ratios_of_the_readme_are_those_of_the_newest_results() -> None:
    """A page of another number of people has it in its name, and is not the one that the README tells of."""
    pages = (ROOT / "benchmarks/results").iterdir()
    newest = max(page for page in pages if re.fullmatch(r"year-\d{4}-\d\d-\d\d\.md", page.name))
    measured = {row[1]: row for row in map(cells, newest.read_text("utf-8").splitlines()) if row[0] == "20,000,000"}
    readme = (ROOT / "README.md").read_text("utf-8")
    table = readme.split("| 20 million lines of 1,000,000 people |")[1].split("\n\n")[0].splitlines()[2:]

    told = {row[0]: row[1:] for row in map(cells, table)}
    assert told.keys() == WAYS.keys()
    for way, (wall, times_pandas, memory) in told.items():
        _, _, _, measured_wall, _, measured_memory, _, measured_ratio, _ = measured[WAYS[way]]
        assert (wall, memory) == (f"{float(measured_wall):.0f}", measured_memory), way
        # The scripts read no raw text, so that a run from raw text is not held against them.
        assert times_pandas == ("" if "raw CSV" in way else f"{float(measured_ratio):.2f}"), way
