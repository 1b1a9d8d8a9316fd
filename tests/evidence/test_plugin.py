"""What the plugin writes down of tests that pass, fail or are skipped, and that every property is a law."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
SMALL = """
import pytest
from hypothesis import assume, event, example, given, settings, strategies as st

pytestmark = pytest.mark.filterwarnings("ignore")

@pytest.mark.law("Twice a number is even.", 3)
@settings(max_examples=20, database=None)
@given(st.integers(0, 1000))
@example(7)
def test_even(number):
    assume(number != 500)
    event("small" if number < 10**6 else "large")
    assert (2 * number) % 2 == 0

@pytest.mark.law("No number is above three.")
@settings(max_examples=50, database=None)
@given(st.integers(0, 1000))
def test_wrong(number):
    assert number <= 3

@pytest.mark.law("A server says the same.")
def test_skipped():
    pytest.skip("there is no server")

@pytest.mark.law("Two sides agree.")
@pytest.mark.parametrize("side", [1, 2])
def test_sides(side, record_property):
    for column in "ab":
        record_property("published", {"scheme": "A", "figure": f"{column}{side}", "settled": 3, "agreed": 2})
    assert side

def test_plain():
    pass
"""


def run(folder: Path, *options: str, code: int = 1) -> dict:
    (folder / "test_small.py").write_text(SMALL, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = law\n", encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "evidence.plugin", "-p", "no:cacheprovider"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "COV"))}
    done = subprocess.run(
        [*command, "--evidence", "out.json", "--hypothesis-seed=5", *options],
        cwd=folder, env=environment | {"PYTHONPATH": str(TESTS)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == code, done.stdout + done.stderr
    return json.loads((folder / "out.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("options", [(), ("-n", "2")], ids=["one process", "two processes"])
def test_what_was_tried_is_written_down(tmp_path: Path, options: tuple[str, ...]):
    found = run(tmp_path, *options)
    assert (found["seed"], found["tests"]) == (5, {"passed": 4, "failed": 1, "skipped": 1})
    assert found["failed"] == ["test_small.py::test_wrong"]
    assert found["skipped"] == [{"test": "test_small.py::test_skipped", "reason": "there is no server"}]
    laws = {law["test"].split("::")[1]: law for law in found["laws"]}
    even, wrong, skipped, sides = (laws[f"test_{name}"] for name in ("even", "wrong", "skipped", "sides"))
    assert (even["law"], even["number"], even["outcome"]) == ("Twice a number is even.", 3, "passed")
    assert (even["passing"], even["failing"], even["kept_examples"]) == (20, 0, 1)
    assert even["labels"] == {"small": 20}
    assert (wrong["outcome"], wrong["number"], wrong["failing"] > 0) == ("failed", None, True)
    (broken,) = found["counterexamples"]
    assert (broken["test"], broken["example"]) == ("test_small.py::test_wrong", "@example(number=4)")
    assert (skipped["outcome"], skipped["reason"]) == ("skipped", "there is no server")
    assert (sides["outcome"], sides["passing"], sides["tested_by"]) == ("passed", 0, "one case")
    assert [each["figure"] for each in found["published"]] == ["a1", "a2", "b1", "b2"]


def test_when_time_is_out_no_test_is_begun_and_none_is_said_to_have_been_skipped(tmp_path: Path):
    found = run(tmp_path, "--seconds=1e-9", code=0)
    assert (found["out_of_time"], found["skipped"]) == (6, [])
    assert len(found["laws"]) == 4
    told = {(law["outcome"], law["reason"], law["passing"]) for law in found["laws"]}
    assert told == {("skipped", "time was out", 0)}
    assert found["tests"] == {"passed": 0, "failed": 0, "skipped": 0}


def is_property(function: ast.FunctionDef) -> bool:
    if not function.name.startswith("test_"):
        return False
    called = [ast.unparse(each).split("(")[0] for each in function.decorator_list]
    return "given" in called or any("drive(" in ast.unparse(line) for line in function.body)


def test_every_property_says_in_plain_english_what_law_it_tries():
    said: dict[str, str] = {}
    for path in sorted(TESTS.rglob("test_*.py")):
        for function in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(function, ast.FunctionDef) and is_property(function):
                marks = [each for each in function.decorator_list if ast.unparse(each).startswith("pytest.mark.law(")]
                place = f"{path.name}: {function.name}"
                assert len(marks) == 1, f"{place} has no mark `law` with a sentence"
                sentence = ast.literal_eval(marks[0].args[0])
                assert sentence[0].isupper() and sentence.endswith(".") and len(sentence.split()) > 5, place
                assert sentence not in said, f"{place} says the same as {said[sentence]}"
                said[sentence] = place
    assert len(said) > 60


def test_an_ordinary_run_does_not_load_it(pytestconfig: pytest.Config):
    loaded = pytestconfig.pluginmanager.has_plugin("evidence.plugin")
    assert loaded == ("evidence.plugin" in pytestconfig.invocation_params.args)
