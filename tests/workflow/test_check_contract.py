"""`yoc contract check` as it is run: every contract of the project, its examples, exit codes, the chart."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from yoc.cli.commands import app
from yoc.workflow.check_contract import check_contract
from yoc.workflow.contract_files import read_contract_file

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS = sorted(
    path
    for path in (*ROOT.glob("contracts/*/*.yaml"), *ROOT.glob("contracts/published/*/*.yaml"))
    if re.search(r"^contract: \S+$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
)
"""Every file that names itself a contract; the parts on which others build do not."""
EXAMPLES = sorted(ROOT.glob("contracts/**/examples.yaml"))
SIMPLE = """\
contract: simple
title: Simple
version: "1"
status: live
parties:
  - {code: ICB, name: The board, role: commissioner}
position:
  budget: {kind: money, is: budget}
  spend: {kind: money, is: cost}
terms:
  - {id: saving, kind: balance, of: budget, less: spend}
  - {id: passed, kind: gate, base: budget, minimum: 5%, test: at_least, style: first_pound}
  - {id: shared, kind: bands, gain: 50%, loss: 0%}
  - {id: payment, kind: payment}
"""
EXAMPLE = """\
examples:
  - name: a saving of 10%
    position: {budget: £1000, spend: £900}
    expect: {payment: £50}
"""


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def run(*arguments: str | Path):
    return CliRunner().invoke(app, ["contract", "check", *map(str, arguments)])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "simple.yaml").write_text(SIMPLE, encoding="utf-8")
    (tmp_path / "examples.yaml").write_text("contract: simple.yaml\n" + EXAMPLE, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("path", CONTRACTS, ids=name_of)
def test_every_contract_of_the_project_can_be_signed(path: Path):
    checked = check_contract(path)
    assert checked.differences == ()
    assert all(exposure.party for exposure in checked.study.exposures)


@pytest.mark.parametrize("path", EXAMPLES, ids=name_of)
def test_every_worked_example_of_the_project_agrees(path: Path):
    from yoc.settlement.examples import read_examples, work

    examples = read_examples(path.read_text(encoding="utf-8"), name_of(path))
    for place, example in enumerate(examples.file.examples):
        file = path.parent / (example.contract or examples.file.contract)
        worked = work(read_contract_file(file).contract, examples, place)
        assert worked.differences == (), example.name


def test_a_check_says_what_a_party_can_lose_and_where_the_cliff_is(folder: Path):
    result = run("simple.yaml")
    assert result.exit_code == 0
    assert "1 of 1 worked examples agree" in result.output
    # At a cost of nothing all of £1,000 is saved, and half of it shared. At £950 a saving of £50 earns £25, then 0.
    assert re.search(r"The board +£500.00 +50% +£0.00 +0%", result.output)
    assert re.search(r"the host +£0.00 +0% +£500.00 +50%", result.output)
    cliff = "at a cost of £950.00 the host's result jumps from £25.00 to £0.00, by £25.00, through `passed`"
    assert cliff in result.output


def test_the_sum_from_which_a_cliff_is_told(folder: Path):
    assert "CONTRACT-CLIFF" in run("simple.yaml", "--cliff", "£24.99").output
    assert "CONTRACT-CLIFF" not in run("simple.yaml", "--cliff", "£25").output
    wrong = run("simple.yaml", "--cliff", "much")
    assert (wrong.exit_code, "'much' is not a sum of money" in wrong.output) == (2, True)


def test_the_example_around_which_a_contract_is_studied(folder: Path):
    (folder / "examples.yaml").write_text(
        "contract: simple.yaml\n" + EXAMPLE + EXAMPLE.replace("examples:\n", "").replace("10%", "0.5%")
        .replace("900", "995").replace("£50}", "£0}").replace("£1000", "£1000"), encoding="utf-8",
    )  # fmt: skip
    assert "Around the example a saving of 0.5%" in run("simple.yaml", "--example", "a saving of 0.5%").output
    unknown = run("simple.yaml", "--example", "another")
    assert (unknown.exit_code, "the examples are: a saving of 10%; a saving of 0.5%" in _flat(unknown.output)) == (
        2,
        True,
    )


def test_an_example_that_differs_has_an_exit_code_of_its_own(folder: Path):
    (folder / "examples.yaml").write_text("contract: simple.yaml\n" + EXAMPLE.replace("£50}", "£60}"), encoding="utf-8")
    result = run("simple.yaml")
    assert result.exit_code == 6
    assert "0 of 1 worked examples agree" in result.output
    assert "examples.yaml:5:23: EXAMPLE-DIFFERS" in result.output
    assert "`payment` comes to £50.00, and £60.00 is agreed" in result.output


def test_a_broken_contract_does_not_hide_the_others(folder: Path):
    (folder / "broken.yaml").write_text(SIMPLE.replace("less: spend", "less: spent"), encoding="utf-8")
    result = run("broken.yaml", "missing.yaml", folder, "simple.yaml")
    assert result.exit_code == 3
    assert "simple.yaml: Simple" in result.output and "1 of 1 worked examples agree" in result.output
    assert "broken.yaml:11:51: TERM-REFERENCE" in result.output
    assert "missing.yaml is not there" in result.output
    assert "is a folder" in result.output
    assert "3 problems found" in result.output


def test_a_contract_without_a_cost_says_over_what_it_was_tried(folder: Path):
    (folder / "simple.yaml").write_text(SIMPLE.replace(", is: cost", ""), encoding="utf-8")
    result = run("simple.yaml")
    assert "At the example a saving of 10% alone, as no input is a cost (`is: cost`)" in result.output
    (folder / "base.yaml").write_text(SIMPLE, encoding="utf-8")


def test_a_base_is_told_to_lack_its_name(folder: Path):
    (folder / "base.yaml").write_text(SIMPLE.replace("contract: simple\n", ""), encoding="utf-8")
    result = run("base.yaml")
    assert (result.exit_code, "`contract` is missing from the file" in result.output) == (3, True)


def test_the_chart_names_each_point_and_is_the_same_twice(folder: Path):
    first, second = run("simple.yaml", "--chart", "one.svg"), run("simple.yaml", "--chart", "two.svg")
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "Drawn: one.svg" in first.output
    drawn = (folder / "one.svg").read_bytes()
    assert drawn == (folder / "two.svg").read_bytes()
    text = drawn.decode("utf-8")
    # From £500 at no cost down by half of each pound to £25, which is lost at £950.
    assert "1. At a cost of £950.00, cliff: from £25.00 to £0.00" in text
    assert ">2. At" not in text
    assert not re.search(r"<dc:date>|20\d\d-\d\d-\d\d", text)


def test_a_chart_with_turns_in_the_currency_of_the_contract(folder: Path):
    run(ROOT / "contracts/published/us-reach/lead-global.yaml", "--chart", "lead.svg")
    text = (folder / "lead.svg").read_text(encoding="utf-8")
    # A benchmark of $100. At $50 half is saved: 15 + 50% of 20 + 25% of 15, less 2% of the $50 gross.
    assert "1. At a cost of $50.00, turn: $27.75" in text
    # At $85, 15 are saved and kept, less 30 cents; at $100 nothing; at $115, -15 and 30 cents more.
    assert "3. At a cost of $85.00, turn: $14.70" in text
    assert "5. At a cost of $115.00, turn: -$15.30" in text


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("simple.yaml", "simple.yaml", "--chart", "a.svg"), "--chart draws one contract"),
        (("simple.yaml", "--chart", "a.png"), "--chart draws an .svg file"),
    ],
)
def test_a_chart_that_cannot_be_drawn(folder: Path, arguments, words):
    result = run(*arguments)
    assert (result.exit_code, words in _flat(result.output)) == (2, True)
    assert not list(folder.glob("a.*"))


def test_a_chart_of_a_contract_without_cost_is_refused(folder: Path):
    (folder / "simple.yaml").write_text(SIMPLE.replace(", is: cost", ""), encoding="utf-8")
    result = run("simple.yaml", "--chart", "a.svg")
    assert (result.exit_code, "no input of simple.yaml is a cost" in _flat(result.output)) == (2, True)


def _flat(text: str) -> str:
    return " ".join(text.split())
