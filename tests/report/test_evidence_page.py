"""The page of evidence, from a small record written by hand: figures, failures, what was not tried, and warnings."""

import re
from html import unescape
from html.parser import HTMLParser
from importlib import resources
from typing import Any

import pytest

from yoc.report.evidence_page import evidence_page, faults_sentences, search_sentence, warnings

TESTED, OTHER = {"package": "aa11", "sql": "bb22"}, {"package": "cc33", "sql": "bb22"}


def law(sentence: str, number: int | None = None, outcome: str = "passed", **counts: Any) -> dict[str, Any]:
    usual = {"passing": 30, "set_aside": 2, "failing": 0, "kept_examples": 1, "labels": {}, "seconds": 4,
             "tested_by": "made-up cases"}  # fmt: skip
    return {"law": sentence, "number": number, "test": "t", "outcome": outcome, "reason": "", **usual, **counts}


def record(**changes: Any) -> dict[str, Any]:
    return {
        "schema": "yoc-tests/1", "software": "yoc 9.8", "recorded_on": "2031-05-06", "code": TESTED,
        "only": [], "out_of_time": 0,
        "python": "3.99", "platform": "Made-up", "seed": 424_242, "examples_a_law": 31,
        "tests": {"passed": 5001, "failed": 0, "skipped": 1}, "failed": [],
        "skipped": [{"test": "tests/a.py::test_server", "reason": "no server <here>"}],
        "laws": [
            law("Pennies stay.", 1, labels={"a tie": 10, "no tie": 20}),
            law("Order is nothing.", 6, passing=70, kept_examples=0, set_aside=0),
            law("A server agrees.", None, "skipped", reason="no server", passing=0, kept_examples=0, set_aside=0),
        ],
        "published": [
            {"scheme": "Scheme Q", "figure": "Earned", "settled": 482, "agreed": 481, "within_pence": 100}
        ],
        "worked_examples": [{"contract": "contracts/q.yaml", "worked": 6}],
        "coverage": [
            {"room": "core", "statements": 400, "statements_run": 399, "branches": 100, "branches_run": 90},
            {"room": "contract", "statements": 600, "statements_run": 600, "branches": 0, "branches_run": 0},
        ],
        "faults": {
            "date": "2031-05-04", "code": "aa11", "page": "mutation.md", "total": 200, "noticed_by_tests": 150,
            "noticed_by_types": 40, "timed_out": 2, "survived": 7, "no_tests": 1,
            "modules": [
                {"module": "core/money.py", "total": 200, "noticed_by_tests": 150, "noticed_by_types": 40,
                 "timed_out": 2, "survived": 7, "no_tests": 1},
            ],
        },
        "search": {
            "date": "2031-05-05", "minutes": 3, "laws": 2, "cases": 1234, "rounds": [{"seed": 77}, {"seed": 78}],
            "failed": [],
        },
        "dependencies": [{"name": "duckdb", "used_for": "running", "locked": "2.0.1", "tested": "2.0.1"}],
        **changes,
    }  # fmt: skip


def content(run: dict[str, Any] | None = None, running: dict[str, str] = TESTED, **changes: Any) -> dict[str, Any]:
    tests = record(**changes)
    return {
        "schema": "yoc-evidence/1", "software": "yoc 9.8", "tests": tests, "run": run,
        "code": {"running": running, "tested": TESTED, "is_same": running == TESTED},
        "dependencies": [{**each, "here": "2.0.2"} for each in tests["dependencies"]],
    }  # fmt: skip


def a_run(**changes: Any) -> dict[str, Any]:
    return {
        "run_id": "2031-32-abc", "folder": "reconciliation/2031-32/x/runs/2031-32-abc", "software": "yoc 9.8",
        "code": TESTED, "code_was_tested": True,
        "checks": [{"id": "1", "law": "Entries sum to zero", "passed": True, "detail": "62 entries"}],
        "counts": {"rows": 77_001}, "control_totals_pence": {"submitted": 123_456_78},
        "findings": [{"code": "ROW-REJECTED", "level": "record", "findings": 9}],
        "documents": {"contract": "d0c"}, "inputs": {"data/a.csv": "1a1"},
        "files": [{"name": "settlement.json", "sha256": "5e771e", "is_whole": True}], "manifest_sha256": "3a41f",
        "signatures": [{"name": "f00.json", "sha256": "99"}],
        "store": {"is_recorded": True, "entries": 125, "last_hash": "1a57", "is_whole": True, "said": ""},
        **changes,
    }  # fmt: skip


def text_of(page: bytes) -> str:
    """What a reader sees, with one blank between words."""
    body = page.decode().split("<body>")[1]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def test_the_figures_of_the_record_are_on_the_page():
    page = text_of(evidence_page(content()))
    for part in (
        "All that was tried held. 3 laws: 2 held, 0 did not hold, 1 not tried. "
        "Of the seven laws below 5 were not tried: 2, 3, 4, 5, 7. Recorded on 6 May 2031 for yoc 9.8.",
        # 30 and 70 made up, one kept; 2 set aside.
        "100 cases were made up at random and tried, and 1 case kept from past faults; 2 more did not meet",
        "In all 5,001 tests passed, 0 failed and 1 were not run.",
        "1 Entries sum to zero 1 31 held",
        "6 Each line is judged once, and nobody is under two hosts on a day 1 70 held",
        "2 Every pound in is charged, or set aside with a reason 0 0 not tried",
        "1 A server agrees. not tried: no server 0 0 0 4",
        "2 Pennies stay. held 30 1 2 4",
        "2. Pennies stay. no tie 20 66.6% a tie 10 33.3%",
        "Scheme Q Earned 482 481 1 $1.00",
        "contracts/q.yaml 6",
        "core 400 399 99.7% 100 90 90.0%",
        "All 1,000 999 99.9% 100 90 90.0%",
        "tests/a.py::test_server no server <here>",
        "duckdb running 2.0.1 2.0.1 2.0.2",
        "Python 3.99 on Made-up",
        "Seed 424242",
        "31 a law",
        "package aa11, SQL bb22",
    ):
        assert part in page, part
    assert "for the same state of the code as runs here" in page


def test_a_law_that_failed_comes_first_and_is_said_to_have_failed():
    broken = law("Nothing is lost.", 2, "failed", passing=12, failing=1)
    page = text_of(evidence_page(content(laws=[law("Pennies stay.", 1), broken], failed=["tests/b.py::test_lost"])))
    assert "Something failed. 2 laws: 1 held, 1 did not hold, 0 not tried." in page
    assert "1 test failed when this was recorded." in page
    assert "1 Nothing is lost. DID NOT HOLD 13 1 2 4" in page
    assert "2 Every pound in is charged, or set aside with a reason 1 14 DID NOT HOLD" in page
    assert "Tests that failed Test tests/b.py::test_lost" in page


def test_other_code_than_was_tested_is_said_first_with_both_hashes():
    page = text_of(evidence_page(content(running=OTHER)))
    said = "Tested: package aa11, SQL bb22. Running: package cc33, SQL bb22."
    assert "another state of the code" in page and said in page
    assert page.index(said) < page.index("Summary")
    assert "for the same state of the code as runs here" not in page


def test_nothing_is_warned_of_where_all_is_well():
    assert warnings(content(a_run())) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"code": OTHER, "code_was_tested": False}, "settled by another state of the code"),
        ({"files": [{"name": "journal.jsonl", "sha256": "0", "is_whole": False}]}, "manifest names: journal.jsonl."),
        ({"checks": [{"id": "5", "law": "x", "passed": False, "detail": "y"}]}, "do not hold: 5."),
        ({"store": {"is_recorded": True, "entries": 1, "last_hash": "0", "is_whole": False, "said": ""}}, "is broken"),
    ],
)
def test_what_is_wrong_with_a_run_is_warned_of(changes, said):
    (warning,) = warnings(content(a_run(**changes)))
    assert said in warning


def test_a_record_of_some_tests_only_says_so():
    assert warnings(content(only=["tests/core"])) == ["Not every test was run for this record, but only: tests/core."]


def test_a_record_for_which_time_was_out_says_so():
    assert warnings(content(out_of_time=4)) == ["Time was out before 4 tests could be run for this record."]


def test_the_run_is_on_the_page():
    page = text_of(evidence_page(content(a_run())))
    for part in (
        "The code that settled it is the code that was tested.",
        "The run is recorded in the store. The chain of its 125 entries holds;",
        "is 1a57.",
        "1 signature lies beside the run: f00.json.",
        "1 Entries sum to zero yes 62 entries",
        "submitted £123,456.78",
        "rows 77,001",
        "ROW-REJECTED record 9",
        "of the run settlement.json 5e771e yes",
        "input data/a.csv 1a1 looked at by yoc verify",
        "manifest manifest.json 3a41f",
    ):
        assert part in page, part


def test_small_faults_lead_with_what_tests_alone_noticed():
    # 150 and 2 that never ended, of 200 less the type checker's 40; and with those 192 of 200.
    first, second, _ = faults_sentences(content())
    assert "Tests alone noticed 152 of the 160 that got as far as the tests (95.0%). 7 were not noticed" in first
    assert second == (
        "The type checker had noticed 40 others before any test ran. Both together noticed 192 of 200 (96.0%)."
    )


def summary(**changes: Any) -> str:
    """The sum-up with the marks that give it its look."""
    page = evidence_page(content(**changes)).decode()
    return page.split('id="summary-heading"')[1].split("<p>")[0]


def test_the_sum_up_is_green_for_a_whole_record_of_this_code_alone():
    assert 'class="verdict"' in summary() and "All that was tried held." in summary()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        # One law of the three was skipped; so was one test, beside the four for which there was no time.
        ({"out_of_time": 4}, "Partial record: 2 laws tried of 3; 5 tests did not run."),
        ({"only": ["tests/core"]},
         "Partial record: 2 laws tried of 3; 1 test did not run. Tests that were not asked for are not counted."),
        ({"running": OTHER},
         "Partial record: 2 laws tried of 3; 1 test did not run. It is of another state of the code."),
        # A record that names the laws alone that were tried does not say of how many.
        ({"out_of_time": 4, "laws": [law("Pennies stay.", 1)]}, "Partial record: 1 law tried; 5 tests did not run."),
    ],
)  # fmt: skip
def test_a_partial_record_is_never_summed_up_as_held(changes, said):
    found = summary(**changes)
    assert said in found and 'class="banner"' in found
    assert "All that was tried held." not in found and 'class="verdict' not in found


def test_a_partial_record_in_which_something_failed_says_both():
    found = summary(out_of_time=4, failed=["tests/b.py::test_lost"])
    assert (
        "Something failed. Partial record: 2 laws tried of 3" in found
        and "and 5 were not run" in text_of(evidence_page(content(out_of_time=4)))
        and 'class="verdict failed"' in found
    )


def test_a_law_without_a_case_was_not_tried_and_a_fixed_list_was():
    none = law("Never met.", 2, passing=0, kept_examples=0, set_aside=9)
    fixed = law("Examples agree.", 3, passing=0, kept_examples=0, set_aside=0, tested_by="one case")
    page = text_of(evidence_page(content(laws=[none, fixed])))
    assert "2 laws: 1 held, 0 did not hold, 1 not tried. Of the seven laws below 6 were not tried: 1, 2," in page
    assert "1 Never met. not tried: no case met its conditions 0 0 9 4" in page
    assert "2 Examples agree. held (a fixed case or list) 0 0 0 4" in page


def test_why_no_published_settlement_is_there_is_said():
    assert "no test settled one" in text_of(evidence_page(content(published=[])))
    assert "time was out before their tests" in text_of(evidence_page(content(published=[], out_of_time=4)))
    no_tables = [{"test": "tests/backtests/a.py::test_it", "reason": "no tables"}]
    page = text_of(evidence_page(content(published=[], out_of_time=4, skipped=no_tables)))
    assert "None was settled when this was recorded: no tables." in page


def test_small_faults_say_of_which_code_they_are():
    assert "for the code that was tested here" in faults_sentences(content())[2]
    of_other = {**record()["faults"], "code": "dd44"}
    assert "for another state of the code" in faults_sentences(content(faults=of_other))[2]
    assert "before the state of the code was recorded" in faults_sentences(content(faults={**of_other, "code": ""}))[2]
    assert faults_sentences(content(faults=None)) == ("No result is kept.",)


def test_the_longer_search_names_its_seeds_and_what_failed():
    assert search_sentence(record()) == (
        "On 5 May 2031 2 laws were tried again with fresh seeds for 3 minutes: 1,234 cases in 2 rounds, with seeds "
        "77, 78. None failed."
    )
    assert "These failed: t::a." in search_sentence(record(search={**record()["search"], "failed": ["t::a"]}))
    assert search_sentence(record(search=None)) == "No result is kept."


def test_no_figure_is_typed_into_the_page():
    source = resources.files("yoc.report").joinpath("templates/evidence.html.j2").read_text(encoding="utf-8")
    words = re.sub(r"<style>.*?</style>|\{%.*?%\}|\{\{.*?\}\}|<[^>]+>", " ", source, flags=re.DOTALL)
    assert re.findall(r"\d+", words) == []


class Outside(HTMLParser):
    """Whatever would be fetched, and headings in their order."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.levels: list[int] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.fetched += [f"{tag} {value}" for name, value in attrs if name in ("src", "href") and value[0] != "#"]
        self.fetched += [tag] if tag in ("script", "link", "iframe") else []
        self.levels += [int(tag[1])] if re.fullmatch(r"h[1-6]", tag) else []


def test_the_page_needs_nothing_else_and_its_headings_are_in_order():
    reader = Outside()
    reader.feed(evidence_page(content(a_run())).decode())
    assert reader.fetched == []
    assert reader.levels[0] == 1
    assert all(later <= level + 1 for level, later in zip(reader.levels, reader.levels[1:], strict=False))
