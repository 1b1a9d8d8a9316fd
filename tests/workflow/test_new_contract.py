"""A contract made by `yoc contract new` can be read, settled and gone on with, and nothing is ever written over."""

from fractions import Fraction
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from yoc.cli import new_contract as questions
from yoc.cli.commands import app
from yoc.contract import ActivityContract, Contract, read_contract
from yoc.contract.inputs import InputValues
from yoc.core.located import read_document
from yoc.settlement import settle_host
from yoc.settlement.position_of import position_of
from yoc.workflow.contract_schema import contract_schema
from yoc.workflow.new_contract import SCHEMA_FILE

SHAPES = ("plain", "gain-share", "outcomes", "table")
PARTIES = ("--commissioner", "XQY:Sample: ICB", "--host", 'H1:The "first" host # here')


def new(folder: Path, *options: str, **more):
    return CliRunner().invoke(app, ["contract", "new", str(folder), *options], **more)


def read(folder: Path) -> Contract:
    return read_contract((folder / "contract.yaml").read_text(encoding="utf-8"), "contract.yaml")


def example_of(folder: Path) -> tuple[dict[str, str], dict[str, str]]:
    (case,) = read_document((folder / "examples.yaml").read_text(encoding="utf-8"), "x").content["examples"]
    return case["position"], case["expect"]


@pytest.mark.parametrize("shape", SHAPES)
def test_each_shape_can_be_read_and_fits_the_schema(tmp_path, shape):
    made = new(tmp_path / "mine", "--shape", shape, *PARTIES, "--first-year", "2026/27", "--years", "5")
    assert (made.exit_code, made.stderr) == (0, "")
    contract = read(tmp_path / "mine")
    assert (contract.contract, contract.years, contract.status) == ("mine", 5, "shadow")
    assert [party.name for party in contract.parties] == ["Sample: ICB", 'The "first" host # here']
    assert isinstance(contract, ActivityContract) == (shape != "table")
    content = read_document((tmp_path / "mine/contract.yaml").read_text(encoding="utf-8"), "x").content
    assert list(Draft202012Validator(contract_schema()).iter_errors(content)) == []


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        # 1,000 people at £200, £300 and £500 are £1,000,000, and cost £900,000: the whole £100,000 is the host's.
        (["--shape", "plain"], {"budget": "£1,000,000", "balance": "£100,000", "result": "£100,000"}),
        (["--shape", "gain-share"], {"balance": "£100,000", "share": "£50,000", "result": "£50,000"}),
        (["--shape", "gain-share", "--host-keeps", "30%"], {"share": "£30,000", "result": "£30,000"}),
        # 2% of £1,000,000 is withheld, and a score of 50% earns half of it.
        (["--shape", "outcomes"], {"outcomes": "-£10,000", "result": "£90,000"}),
        (["--shape", "table", "--profit-limit", "7.5%"], {"kept": "£75,000", "result": "£75,000"}),
        # With a limit over 10% the gain is two points more than the limit.
        (["--shape", "table", "--profit-limit", "15%"], {"balance": "£170,000", "kept": "£150,000"}),
        # 1,000 people at £850: £850,000, of which £85,000 is left.
        (["--shape", "table", "--rate", "adults:emergency:£850"], {"budget": "£850,000", "result": "£85,000"}),
    ],
)
def test_the_answer_of_the_worked_example_is_right(tmp_path, options, expected):
    assert new(tmp_path / "a", *options, *PARTIES, "--first-year", "2026/27").exit_code == 0
    _, answer = example_of(tmp_path / "a")
    assert expected.items() <= answer.items()
    assert "worked out by yoc itself" in (tmp_path / "a/examples.yaml").read_text(encoding="utf-8")


def test_the_shape_of_alzira_with_an_editor(tmp_path):
    """€187.5m of turnover and a surplus of €20m: 7.5% of turnover, €14,062,500, is kept and €5,937,500 goes back.

    Own residents treated elsewhere are charged whole; others treated here are paid at 80% of average cost.
    """
    folder = tmp_path / "alzira"
    options = ("--shape", "table", "--currency", "EUR", "--years", "15", "--profit-limit", "7.5%")
    assert new(folder, *options, "--commissioner", "GVA:Generalitat", "--host", "RSU:Ribera Salud").exit_code == 0
    path = folder / "contract.yaml"
    text = path.read_text(encoding="utf-8")
    assert "# position:" in text
    text = text.replace(
        "# position:\n",
        "position:\n  residents_elsewhere: {kind: money, title: care of own residents elsewhere}\n"
        "  outsiders: {kind: money, title: care of other residents at average cost}\n",
    )
    text = text.replace(
        "  # What is left of the budget",
        "  - {id: elsewhere, kind: payment, on: residents_elsewhere, paid_by: host, paid_to: commissioner}\n"
        "  - {id: visitors, kind: payment, on: outsiders, rate: 80%}\n  # What is left of the budget",
    )
    path.write_text(text, encoding="utf-8")
    contract = read(folder)
    euros = {"budget": 187_500_000, "cost": 171_500_000, "residents_elsewhere": 4_000_000, "outsiders": 10_000_000}
    position = position_of(contract, "RSU", InputValues({name: Fraction(sum_ * 100) for name, sum_ in euros.items()}))
    settled = settle_host(contract, position)
    assert settled.amounts["balance"] == 20_000_000_00
    assert settled.amounts["kept"] == settled.closing_pence == 14_062_500_00
    assert settled.amounts["kept.returned"] == 5_937_500_00


def test_the_file_says_how_to_go_on(tmp_path):
    new(tmp_path / "a", "--shape", "table", *PARTIES)
    text = (tmp_path / "a/contract.yaml").read_text(encoding="utf-8")
    for words in ("docs/how-to/write-a-contract.md", "yoc contract show", "#   profit_limit      ", "# values:"):
        assert words in text


def test_in_a_workspace_with_a_schema_editors_are_told_where_it_is(tmp_path):
    for name in ("contracts/schema", "reconciliation"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / SCHEMA_FILE).write_text("{}", encoding="utf-8")
    folder = tmp_path / "contracts/mine"
    assert new(folder, "--shape", "outcomes", *PARTIES, "--first-year", "2026/27").exit_code == 0
    text = (folder / "contract.yaml").read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=../schema/contract.schema.json\n")
    assert read(folder).indicators == "contracts/mine/indicators.yaml"
    assert (folder / "indicators.yaml").is_file()


def test_nothing_is_written_over_and_nothing_half_written(tmp_path):
    (tmp_path / "examples.yaml").write_text("mine", encoding="utf-8")
    refused = new(tmp_path, "--shape", "table", "--id", "a", *PARTIES)
    assert (refused.exit_code, "FILE-EXISTS" in refused.stderr) == (3, True)
    assert [path.name for path in tmp_path.iterdir()] == ["examples.yaml"]


def test_where_the_disk_fails_half_way_nothing_stays(tmp_path, monkeypatch):
    honest = Path.rename

    def fails(path, target):
        if path.name.endswith("examples.yaml"):
            raise OSError(28, "No space left on device")
        return honest(path, target)

    monkeypatch.setattr(Path, "rename", fails)
    refused = new(tmp_path / "a", "--shape", "table", *PARTIES)
    assert (refused.exit_code, "DISK-FULL" in refused.stderr) == (5, True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--shape", "table"], "say who commissions"),
        (["--shape", "plain", "--commissioner", "X:X"], "say who the host is"),
        (["--shape", "plain", "--commissioner", "X:X", "--host", "H:H"], "say the first financial year"),
        (["--shape", "tble", *PARTIES], "'tble' is not a shape"),
        (["--shape", "table", "--commissioner", "XQY"], "not a code and a name"),
        (["--shape", "table", "--commissioner", "host:Host"], "stands for whoever"),
        (["--shape", "table", "--commissioner", "X Y:Z"], "is not a name"),
        (["--shape", "table", "--commissioner", "X:X", "--host", "X:Y"], "two parties have the code X"),
        (["--shape", "table", *PARTIES, "--rate", "adults:£850"], "not a segment, a setting and a sum"),
        (["--shape", "table", *PARTIES, "--rate", "adults:dental:£850"], "not a setting of a budget"),
        (["--shape", "table", *PARTIES, "--rate", "adults:emergency:850"], "not a sum of money"),
        (["--shape", "table", *PARTIES, "--rate", "adults:emergency:€850"], "not in the contract's currency"),
        (["--shape", "table", *PARTIES, "--profit-limit", "7.5"], "has no sign"),
        (["--shape", "table", *PARTIES, "--at-risk", "200%"], "more than the whole"),
        (["--shape", "table", *PARTIES, "--first-year", "2026"], "2026"),
        (["--shape", "table", *PARTIES, "--currency", "CHF"], "not a currency here"),
    ],
)
def test_an_option_that_cannot_be_used_is_named(tmp_path, options, words):
    refused = new(tmp_path / "a", *options)
    assert refused.exit_code == 2
    assert words in " ".join(refused.stderr.split())
    assert list(tmp_path.iterdir()) == []


def test_a_person_at_the_terminal_is_asked_and_asked_again(tmp_path, monkeypatch):
    monkeypatch.setattr(questions, "someone_is_there", lambda: True)
    answers = ["", "Care of the frail", "square", "table", "XQY Sample", "XQY:Sample", "H1:One", "", "2026/27", "3", ""]
    made = new(tmp_path / "frail", input="\n".join(answers) + "\n")
    assert made.exit_code == 0, made.output
    assert "'square' is not a shape" in made.output and "not a code and a name" in made.output
    contract = read(tmp_path / "frail")
    assert (contract.contract, contract.title, contract.years) == ("frail", "Care of the frail", 3)
    assert [party.code for party in contract.parties] == ["XQY", "H1"]
