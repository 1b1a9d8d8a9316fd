"""The scripts that the program's speed is measured against settle the same year to the same penny."""

import csv
import importlib
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from yoc.workflow.reconcile import compute
from yoc.workflow.workspace import SAMPLE_DATA, SAMPLE_PRICES

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
sys.path += [str(BENCHMARKS), str(BENCHMARKS / "ways")]

from check import cells_of_script, cells_of_settlement, differences, gathered  # noqa: E402
from year_world import World, canonical_files  # noqa: E402


@pytest.fixture(scope="module", params=["pandas", "polars"])
def way(request: pytest.FixtureRequest) -> str:
    """A script by its library, where that is installed."""
    if not find_spec(request.param):
        reason = "it is measured against, and needed nowhere else (requirements/bench.txt)"
        pytest.skip(f"{request.param} is not installed: {reason}")
    return request.param


@pytest.fixture(scope="module")
def settled(small_sample: Path) -> dict:
    """The cells of the small sample, as the program settles it; its lines are canonical Parquet then."""
    return cells_of_settlement(compute(small_sample))


def test_plain_script_comes_to_the_same_pence(way: str, settled: dict, small_sample: Path, tmp_path: Path) -> None:
    world = World(small_sample.parents[3])
    lines_list = tmp_path / "lines.csv"
    with lines_list.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([("parquet", "load"), *canonical_files(world)])
    target = tmp_path / "cells.json"
    script = importlib.import_module(f"{way}_year")
    script.main([str(lines_list), str(world.root / SAMPLE_DATA), str(world.root / SAMPLE_PRICES), str(target)])

    found = cells_of_script(target)

    assert list(differences(settled, found)) == []
    assert sum(cell[0] for cell in found["cost"].values()) == found["fates"]["charged",][0] > 5_000


def test_cells_that_differ_by_a_penny_or_are_missing_are_told() -> None:
    ours = gathered({"over": [["A", "primary", 5], ["B", "primary", 7]], "fates": [["block", 2, 300]]})
    theirs = gathered({"over": [["A", "primary", 6]], "fates": [["block", 2, 300]]})

    assert list(differences(ours, theirs)) == [
        "over ('A', 'primary'): (5,) by the program, (6,) by the script",
        "over ('B', 'primary'): (7,) by the program, nothing by the script",
    ]


def test_a_cell_that_stands_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="stands twice"):
        gathered({"fates": [["charged", 1, 1], ["charged", 2, 2]]})
