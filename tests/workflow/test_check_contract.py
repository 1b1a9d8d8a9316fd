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


def check_of(folder: Path, inputs: str, terms: str, position: str, result: str) -> str:
    text = SIMPLE.replace("terms:\n", f"  {inputs}\nterms:\n") + f"  {terms}\n"
    (folder / "simple.yaml").write_text(text, encoding="utf-8")
    example = f"{{name: it, position: {{{position}}}, expect: {{result: {result}}}}}"
    (folder / "examples.yaml").write_text(f"contract: simple.yaml\nexamples: [{example}]\n", encoding="utf-8")
    checked = run("simple.yaml")
    assert checked.exit_code == 0, checked.stderr
    return " ".join(checked.stdout.split())


@pytest.mark.parametrize(
    ("terms", "result", "step"),
    [
        ("- {id: bonus, kind: outcomes, mode: bonus, base: budget, at_risk: 50%, score: quality}", "£300", "£5.00"),
        ("- {id: fine, kind: block, value: {multiply: [50%, quality, budget]}, paid_by: host, paid_to: commissioner}",
         "-£200", "-£5.00"),
    ],
)  # fmt: skip
def test_a_slope_of_a_score_says_at_which_cost_it_holds(folder, terms, result, step):
    """Half of the saving of £100, and on it or off it half of the £500 that hang on the score."""
    words = check_of(folder, "quality: {kind: score}", terms, "budget: £1000, spend: £900, quality: 50%", result)
    assert f"where the cost is £900.00, each 0.01 more of the score moves the host's result by {step}" in words


def test_a_slope_of_a_score_speaks_of_no_cost_where_there_is_none(folder):
    (folder / "simple.yaml").write_text(SIMPLE.replace(", is: cost", ""), encoding="utf-8")
    text = (
        (folder / "simple.yaml").read_text(encoding="utf-8").replace("terms:\n", "  quality: {kind: score}\nterms:\n")
    )
    bonus = "  - {id: bonus, kind: outcomes, mode: bonus, base: budget, at_risk: 50%, score: quality}\n"
    (folder / "simple.yaml").write_text(text + bonus, encoding="utf-8")
    position = "{budget: £1000, spend: £900, quality: 50%}"
    example = f"contract: simple.yaml\nexamples: [{{name: it, position: {position}, expect: {{result: £300}}}}]\n"
    (folder / "examples.yaml").write_text(example, encoding="utf-8")
    words = " ".join(run("simple.yaml").stdout.split())
    assert "1 of 1 worked examples agree" in words
    assert "A steep score" in words and "where the cost is" not in words


def test_what_was_tried_says_that_some_of_it_could_not_be_settled(folder):
    """Half of the saving of £100 is paid. Where the flag is met, 130% of it would be `more`."""
    share = "- {id: more, kind: bands, on: saving, loss: 0%, gain: {add: [50%, {when: met, then: 80%, otherwise: 0%}]}}"
    position = "budget: £1000, spend: £900, met: no"
    words = check_of(folder, "met: {kind: flag}", share, position, "£50")
    assert "over every cost and every end of flags, as far as it can be settled: see below:" in words
    assert "CONTRACT-UNSETTLED" in words
    whole = check_of(folder, "met: {kind: flag}", share.replace("80%", "40%"), position, "£50")
    assert "over every cost and every end of flags:" in whole


def test_the_chart_shows_what_turns_and_the_position_and_keeps_its_numbers_apart():
    from yoc.report.contract_chart import _frame, _shown, label_places
    from yoc.settlement.corners import cost_of
    from yoc.settlement.study import RESULT

    for path in (*ROOT.glob("contracts/published/*/*.yaml"),):
        if path not in CONTRACTS or "is: cost" not in path.read_text(encoding="utf-8"):
            continue
        checked = check_contract(path)
        pieces, reference = checked.study.curve.of(RESULT), cost_of(checked.contract, checked.study.reference)
        frame = _frame(pieces, RESULT, reference)
        starts = [piece.start for piece in pieces[1:]]
        assert frame.left <= min([reference, *starts]) and max([reference, *starts]) < frame.right
        for piece in pieces:
            for cost in _shown(piece, frame.left, frame.right) or ():
                result = piece.just_after(RESULT) + piece.slope(RESULT) * (cost - piece.start)
                assert all(0 <= part <= 1 for part in frame.part(cost, result))
        if starts and len(set(marks := [reference, *starts])) > 1:
            # What lies between the first turn and the last takes up two thirds of the width, or more.
            assert (max(marks) - min(marks)) * 3 >= (frame.right - frame.left) * 2
        points = [frame.part(piece.start, piece.just_after(RESULT)) for piece in pieces[1:13]]
        places = label_places(points, (500, 240))
        corners = [(float(x) * 500 + dx, float(y) * 240 + dy) for (x, y), (dx, dy) in zip(points, places, strict=True)]
        assert all(0 <= x <= 486 and 0 <= y <= 228 for x, y in corners), path
        for number, one in enumerate(corners):
            assert not any(abs(one[0] - x) < 14 and abs(one[1] - y) < 12 for x, y in corners[:number]), path
