"""The page of results: ratios and growth that can be worked out by hand."""

import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
sys.path.append(str(BENCHMARKS))

from timing import Measured, measure  # noqa: E402
from twelve_hosts import with_twins  # noqa: E402
from year import Row, growth_of, table_of  # noqa: E402

ROWS = [
    Row(2_000_000, "floor", Measured(0.5, 0.8, 100), 3),
    Row(2_000_000, "pandas", Measured(5.0, 6.0, 1_000), 3, checked=True),
    Row(2_000_000, "stages", Measured(1.0, 1.5, 400), 3, checked=True),
    Row(20_000_000, "stages", Measured(8.0, 15.0, 500), 3, checked=True),
    Row(0, "help", Measured(0.25, 0.2, 30), 3),
]


def test_ratios_are_of_wall_time_on_the_same_lines() -> None:
    table = table_of(ROWS, 1_000_000)

    # 1 s is twice the floor of 0.5 s, and a fifth of pandas' 5 s; at 20 million lines nothing is there to compare with.
    assert "| 2,000,000 | yoc, people counted and lines charged | 3 | 1.00 | 1.50 | 400 | 2.00 | 0.20 | yes |" in table
    assert "| 20,000,000 | yoc, people counted and lines charged | 3 | 8.00 | 15.00 | 500 |  |  | yes |" in table
    assert "| `yoc --help` | 3 | 0.25 | 0.20 | 30 |" in table


def test_growth_is_from_size_to_size_of_ways_that_have_both() -> None:
    growth = growth_of(ROWS)

    assert "| yoc, people counted and lines charged | × 8.0 | × 1.2 |" in growth  # 8 s after 1 s, 500 MiB after 400
    assert "pandas" not in growth
    assert growth_of(ROWS[:3]) == ""


def test_every_host_gets_a_twin_in_parties_and_tables() -> None:
    contract = "- {code: A, name: One, role: host}\n- {code: P, name: Two, role: provider}\nvalues:\n  A: £1\n  P: £2"

    assert with_twins(contract) == (
        "- {code: A, name: One, role: host}\n- {code: A2, name: One, role: host}\n"
        "- {code: P, name: Two, role: provider}\nvalues:\n  A: £1\n  A2: £1\n  P: £2"
    )


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux hands on processes that were left behind")
def test_what_a_process_leaves_behind_is_counted() -> None:
    busy = "import time\nwhile time.process_time() < 0.2: pass"
    leaving = f"import os, subprocess, sys\nsubprocess.Popen([sys.executable, '-c', {busy!r}])\nos._exit(0)"

    assert measure([sys.executable, "-c", leaving]).processor_seconds >= 0.2
