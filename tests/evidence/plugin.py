"""What the tests tried, written down: `pytest -p evidence.plugin --evidence FILE`, with `tests` on the path.

It is loaded only where it is asked for, by `make evidence` and `make fuzz`; an ordinary run of the tests knows nothing
of it. Each law (a test with the mark `law`) is told with how many made-up cases were tried, how many of them met what,
and how it ended. Under xdist the processes send what they saw with their reports.
"""

import json
import random
import re
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

FROM_HYPOTHESIS = ("Retried draw from ", "invalid because: ", "Aborted test because ")
"""How labels begin that say how a case was drawn, not what was in it."""

OUT_OF_TIME = "time was out"
UNTIL = pytest.StashKey[float | None]()
FALSIFIED = re.compile(r"(?:Falsifying example|Failing test case): \w+\(\s*(.*?),?\s*\)$", re.MULTILINE | re.DOTALL)
REPRODUCE = re.compile(r"@reproduce_failure\('[^']*', b'[^']*'\)")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--evidence", metavar="FILE", help="write down what the tests tried")
    parser.addoption("--seconds", type=float, help="begin no test when so long has gone by since all were gathered")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--evidence") and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Gathered(config), "evidence-gathered")


def tally(statistics: list[dict[str, Any]]) -> dict[str, Any]:
    """Hypothesis's own statistics of a test, as counts: cases that passed, were set aside or failed, and their labels.

    Cases of the search for a smaller failing one are left out: they are the same failure again.
    """
    cases = [
        case
        for each in statistics
        for phase, told in each.items()
        if phase in ("reuse-phase", "generate-phase")
        for case in told["test-cases"]
    ]
    ends = Counter(case["status"] for case in cases)
    labels = Counter(
        label
        for case in cases
        if case["status"] == "valid"
        for label in set(case["events"])
        if not label.startswith(FROM_HYPOTHESIS)
    )
    return {
        "passing": ends["valid"],
        "set_aside": ends["invalid"] + ends["overrun"],
        "failing": ends["interesting"],
        "labels": dict(sorted(labels.items())),
    }


@pytest.hookimpl(hookwrapper=True, trylast=True)
def pytest_runtest_call(item: pytest.Item):
    """Listen to Hypothesis while a test runs, and let whoever listened before hear it too."""
    from hypothesis.statistics import collector

    before, heard = collector.value, []

    def hear(statistics: dict[str, Any]) -> None:
        heard.append(statistics)
        if before is not None:
            before(statistics)

    with collector.with_value(hear):
        yield
    kept = getattr(getattr(item, "obj", None), "hypothesis_explicit_examples", ())
    item.user_properties.append(("tried", tally(heard) | {"kept_examples": len(kept)}))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where time may run out, another seed begins with other tests, the same in every process."""
    if config.getoption("--seconds"):
        random.Random(config.getoption("--hypothesis-seed")).shuffle(items)


def pytest_collection_finish(session: pytest.Session) -> None:
    seconds = session.config.getoption("--seconds")
    session.config.stash[UNTIL] = time.monotonic() + seconds if seconds else None


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Say which law a test tries, before anything can skip it; begin none when the time is out."""
    mark = item.get_closest_marker("law")
    if mark is not None:
        number = mark.args[1] if len(mark.args) > 1 else None
        item.user_properties.append(("law", {"law": mark.args[0], "number": number}))
    until = item.config.stash[UNTIL]
    if until is not None and time.monotonic() > until:
        pytest.skip(OUT_OF_TIME)


class Gathered:
    """All that the reports of a run say, in the process that has them all."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.ends: Counter[str] = Counter()
        self.laws: dict[str, dict[str, Any]] = {}
        self.skipped: dict[str, str] = {}
        self.failed: set[str] = set()
        self.published: list[dict[str, Any]] = []
        self.examples: list[dict[str, Any]] = []
        self.counterexamples: list[dict[str, str]] = []
        self.out_of_time = 0
        self.not_begun: dict[str, dict[str, Any]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when != "call" and report.passed:
            return
        name = report.nodeid.split("[")[0]
        said = dict(report.user_properties)
        end = "skipped" if report.skipped else "failed" if report.failed else "passed"
        if end == "skipped" and reason_of(report) == OUT_OF_TIME:
            self.out_of_time += 1
            if "law" in said:
                self.not_begun[name] = self._new_law(name, said) | {"outcome": "skipped", "reason": OUT_OF_TIME}
            return
        if report.when == "call" or end != "passed":
            self.ends[end] += 1
        if end == "failed":
            self.failed.add(name)
            self.counterexamples.append({"test": name, **counterexample(report)})
        if end == "skipped":
            self.skipped[name] = reason_of(report)
        if "law" in said:
            self._add_law(name, said, end, report)
        if report.when == "call" and end == "passed":
            self.published += [told for kind, told in report.user_properties if kind == "published"]
            self.examples += [told for kind, told in report.user_properties if kind == "examples"]

    def _new_law(self, name: str, said: dict[str, Any]) -> dict[str, Any]:
        return {
            **said["law"], "test": name, "outcome": "passed", "reason": "", "passing": 0, "set_aside": 0, "failing": 0,
            "kept_examples": 0, "labels": {}, "seconds": 0,
        }  # fmt: skip

    def _add_law(self, name: str, said: dict[str, Any], end: str, report: pytest.TestReport) -> None:
        law = self.laws.setdefault(name, self._new_law(name, said))
        tried = said.get("tried") or tally([]) | {"kept_examples": 0}
        for count in ("passing", "set_aside", "failing"):
            law[count] += tried[count]
        law["kept_examples"] = max(law["kept_examples"], tried["kept_examples"])
        law["labels"] = dict(sorted((Counter(law["labels"]) + Counter(tried["labels"])).items()))
        law["seconds"] += report.duration
        # One failure of a law is a failure; one that was skipped in part is said to be so.
        order = ("passed", "skipped", "failed")
        law["outcome"] = max(law["outcome"], end, key=order.index)
        law["reason"] = law["reason"] or (reason_of(report) if end == "skipped" else "")

    def pytest_sessionfinish(self) -> None:
        from hypothesis import core, settings

        # A law of several tests, of which some were begun, was tried.
        self.laws = self.not_begun | self.laws
        for law in self.laws.values():
            law["seconds"] = round(law["seconds"])
            law["tested_by"] = "made-up cases" if law["passing"] + law["failing"] + law["set_aside"] else "one case"
        content = {
            "seed": core.global_force_seed,
            "examples_a_law": settings().max_examples,
            "tests": {end: self.ends[end] for end in ("passed", "failed", "skipped")},
            "out_of_time": self.out_of_time,
            "failed": sorted(self.failed),
            "counterexamples": self.counterexamples,
            "skipped": [{"test": name, "reason": self.skipped[name]} for name in sorted(self.skipped)],
            "laws": [self.laws[name] for name in sorted(self.laws)],
            "published": sorted(self.published, key=lambda each: (each["scheme"], each["figure"])),
            "worked_examples": sorted(self.examples, key=lambda each: each["contract"]),
        }
        text = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
        Path(self.config.getoption("--evidence")).write_text(text, encoding="utf-8")


def reason_of(report: pytest.TestReport) -> str:
    """Why a test was skipped, without the place of the file that says so."""
    return str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr).removeprefix("Skipped: ")


def counterexample(report: pytest.TestReport) -> dict[str, str]:
    """The smallest case that broke a law, as the decorators that try it again; blank where the report names none."""
    text = "\n".join([report.longreprtext, *(content for _, content in report.sections)])
    plain = re.sub(r"^E {3,7}", "", text, flags=re.MULTILINE)
    example, blob = FALSIFIED.search(plain), REPRODUCE.search(plain)
    return {
        "example": f"@example({' '.join(example[1].split())})" if example else "",
        "reproduce": blob[0] if blob else "",
    }
