"""The sample that readers see without running anything shows the figures that the code gives."""

import re
from pathlib import Path

import pytest

from yoc.cli.table import table_rows, verdict
from yoc.core.money import format_pounds
from yoc.synth import Sizes, generate
from yoc.workflow.reconcile import compute
from yoc.workflow.workspace import SAMPLE_DATA, SAMPLE_PLAN, SAMPLE_PRICES, lay_sample

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def settlement(tmp_path_factory: pytest.TempPathFactory):
    """The whole sample, settled."""
    root = tmp_path_factory.mktemp("whole")
    lay_sample(root)
    prices = root / SAMPLE_PRICES
    generate(root / SAMPLE_DATA, sizes=Sizes(), prices=prices / "prices.csv", market_forces=prices / "mff.csv")
    return compute(root / SAMPLE_PLAN)


def test_the_sample_is_shaped_as_it_says(settlement):
    people = {}
    for host in settlement["hosts"]:
        for row in host["people"]:
            people[row["segment"]] = people.get(row["segment"], 0) + row["people"]
    # On 1 April 5,300, 22,000 and 16,000; in the year people join, leave, and go from one segment or host to another.
    assert all(people[name] >= number for name, number in {"core": 5300, "risk_one": 22000, "risk_two": 16000}.items())
    assert sum(file["rows"] for file in settlement["files"] if "monitoring" in file["kind"]) == 940_175
    assert len(settlement["hosts"]) == 6


def test_the_readme_shows_the_real_output(settlement):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    _, rows = table_rows(settlement)
    for row in rows:
        assert [figure for figure in row if figure not in readme] == []
    assert verdict(settlement) in re.sub(r"\s+", " ", readme)


def test_the_tracked_page_shows_the_real_figures(settlement):
    page = (ROOT / "reports/sample/index.html").read_text(encoding="utf-8")
    for host in settlement["hosts"]:
        for line in host["lines"]:
            assert format_pounds(line["pence"]) in page, (host["host"], line["name"])


def test_the_tutorial_s_figures_are_the_sample_s(settlement):
    tutorial = (ROOT / "docs/tutorial/first-settlement.md").read_text(encoding="utf-8")
    first = settlement["hosts"][0]
    share = next(line for line in first["lines"] if line["name"] == "share")
    figures = [
        *(first["summary"][f"{name}_pence"] for name in ("budget", "cost", "balance", "stop_loss", "due")),
        share["pence"],
        *(detail["pence"] for detail in share["details"]),
    ]
    assert [format_pounds(pence) for pence in figures if format_pounds(pence) not in tutorial] == []
