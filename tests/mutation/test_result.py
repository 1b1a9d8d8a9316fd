"""The counts that are kept of a run of small faults, and that those which are kept are those of their page."""

import importlib.util
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SPEC = importlib.util.spec_from_file_location("mutation_run", Path(__file__).with_name("run.py"))
run = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(run)
KEPT = sorted(ROOT.glob("docs/explanation/mutation-*.json"))


def test_outcomes_are_counted_by_module():
    outcomes = {
        "a.py": {"1": "killed", "2": "killed", "3": "survived"},
        "b.py": {"4": "no tests", "5": "timeout", "6": "caught by type check"},
        "c.py": {},
    }
    result = run.result_of(outcomes, "2026-11-27", "c0de", "page.md")
    assert (result["date"], result["code"], result["page"]) == ("2026-11-27", "c0de", "page.md")
    assert (result["total"], result["noticed_by_tests"], result["noticed_by_types"]) == (6, 2, 1)
    assert (result["timed_out"], result["survived"], result["no_tests"]) == (1, 1, 1)
    assert [(each["module"], each["total"], each["survived"]) for each in result["modules"]] == [
        ("a.py", 3, 1), ("b.py", 3, 0),
    ]  # fmt: skip


def test_a_run_that_is_not_finished_is_not_kept():
    assert run.result_of({"a.py": {"1": "killed", "2": "not checked"}}, "2026-11-27", "c0de", "page.md") is None


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.stem)
def test_what_is_kept_says_what_its_page_says(path: Path):
    kept = json.loads(path.read_text(encoding="utf-8"))
    rows = re.findall(
        r"^\| (\S+) \| (\d+) \| (\d+) \| (\d+) \|", (ROOT / kept["page"]).read_text(encoding="utf-8"), re.M
    )
    told = {name: tuple(map(int, figures)) for name, *figures in rows}
    names = ("total", "noticed_by_tests", "noticed_by_types")
    assert told.pop("all") == tuple(kept[name] for name in names)
    assert told == {each["module"]: tuple(each[name] for name in names) for each in kept["modules"]}
