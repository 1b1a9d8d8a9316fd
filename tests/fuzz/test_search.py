"""The search ends when its time is out or a law fails, and keeps seeds, counts and the failing case."""

import importlib.util
import itertools
from pathlib import Path

SPEC = importlib.util.spec_from_file_location("fuzz_run", Path(__file__).with_name("run.py"))
run = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(run)


def tried(seed: int, passing: int, failed: tuple[str, ...] = (), out_of_time: int = 0) -> dict:
    law = {"test": "t::a", "law": "A holds.", "outcome": "passed", "passing": passing, "failing": 0, "set_aside": 2}
    untried = {**law, "test": "t::b", "law": "B holds.", "outcome": "skipped", "passing": 0, "set_aside": 0}
    told = [{"test": name, "example": "@example(number=4)", "reproduce": ""} for name in failed]
    return {
        "seed": seed, "examples_a_law": 100, "laws": [law, untried], "failed": list(failed), "counterexamples": told,
        "out_of_time": out_of_time,
    }  # fmt: skip


def searched(seconds: float, round_seconds: float, failing_round: int | None = None) -> list[dict]:
    now, seeds = [1000.0], itertools.count(1)

    def try_round(seed: int, seconds_left: float) -> dict:
        assert seconds_left == 1000 + seconds - now[0]
        now[0] += round_seconds
        return tried(seed, 50, ("t::a",) if seed == failing_round else ())

    return run.search(seconds, try_round, lambda: now[0], lambda: next(seeds))


def test_it_goes_on_with_other_seeds_until_the_time_is_out():
    # Four rounds of 30 seconds end at 120; 100 seconds leave 10 after the third, in which nothing is begun.
    assert [each["seed"] for each in searched(100, 30)] == [1, 2, 3]
    assert [each["seed"] for each in searched(5, 30)] == [1]


def test_it_stops_at_the_first_failure():
    assert [each["seed"] for each in searched(1000, 30, failing_round=2)] == [1, 2]


def test_what_is_kept():
    rounds = [tried(7, 50), tried(8, 30, ("t::a",), out_of_time=4)]
    result = run.result_of(rounds, "2026-11-27", "c0de", 3)
    assert (result["laws"], result["cases"], result["set_aside"], result["failed"]) == (1, 80, 4, ["t::a"])
    assert result["rounds"] == [
        {"seed": 7, "laws": 1, "cases": 50, "is_whole": True},
        {"seed": 8, "laws": 1, "cases": 30, "is_whole": False},
    ]
    page = run.page_of(result, {"A holds.": 80})
    assert page.startswith("# A longer search: 27 November 2026\n")
    for part in (
        "**These failed:**",
        "`t::a`: `@example(number=4)`",
        "| 8 | 1 | 30 | no, time was out |",
        "| A holds. | 80 |",
    ):
        assert part in page
    assert "None failed." in run.page_of(run.result_of([tried(7, 50)], "2026-11-27", "c0de", 3), {})
