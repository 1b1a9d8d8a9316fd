"""`yoc contract diff`: on worked examples, on a table of hosts, and on a run settled again from its evidence."""

import json
from fractions import Fraction
from pathlib import Path

import pytest
from small_world import CONTRACT, lay
from typer.testing import CliRunner

from yoc.cli.commands import app
from yoc.settlement import settle_host
from yoc.workflow.compare_contracts import compare, from_run
from yoc.workflow.plan import read_job
from yoc.workflow.reconcile import compute, reconcile
from yoc.workflow.run_positions import position_of_host

TABLE = """\
contract: a
title: A contract
version: "1"
status: live
parties: [{code: ICB, name: The Board, role: commissioner}]
terms:
  - {id: budget, kind: capitation}
  - {id: cost, kind: activity_cost}
  - {id: balance, kind: balance, base: budget}
  - {id: share, kind: bands, clause: "7", gain: 50%, loss: 50%}
"""
AFTER = TABLE.replace("gain: 50%", "gain: 30%")
EXAMPLES = """\
examples:
  - {name: a gain, position: {budget: £1000, cost: £800}, expect: {result: £60}}
  - {name: a loss, position: {budget: £1000, cost: £1100}, expect: {result: -£50}}
"""
"""What comes of them under AFTER: 30% of a gain of £200 is the host's, and half of a loss of £100."""
EXAMPLES_OF_TABLE = EXAMPLES.replace("£60", "£100")
RATE = ("primary: £365", "primary: £730")
SHARED = (
    "  - {id: cost, kind: activity_cost}\n",
    "  - {id: cost, kind: activity_cost}\n  - {id: left, kind: balance, base: budget}\n"
    "  - {id: share, kind: bands, clause: '7', gain: 50%, loss: 0%}\n",
)


def diff(*arguments: object):
    return CliRunner().invoke(app, ["contract", "diff", *map(str, arguments)], env={"COLUMNS": "120"})


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, Path]:
    before, after = tmp_path / "before.yaml", tmp_path / "new/contract.yaml"
    after.parent.mkdir()
    before.write_text(TABLE, encoding="utf-8")
    after.write_text(AFTER, encoding="utf-8")
    return before, after


def test_on_the_worked_examples_beside_the_second(two):
    """Of a gain of £200 the host keeps £60 instead of £100; its half of a loss stays."""
    before, after = two
    (after.parent / "examples.yaml").write_text(EXAMPLES, encoding="utf-8")
    shown = diff(before, after)
    assert shown.exit_code == 0
    words = flat(shown.stdout)
    assert "- Clause 7 (share), gain: was 50% of it; is now 30% of it." in words
    assert "Clause 7 (share) -£100.00 -£140.00 -£40.00" in words
    assert "Due to the host £100.00 £60.00 -£40.00" in words
    assert "Clause 7 (share) £50.00 £50.00 £0.00" in words
    one = flat(diff(before, after, "--example", "a gain").stdout)
    assert "-£140.00" in one and "a loss" not in one


def test_without_examples_only_words_are_compared(two):
    shown = diff(*two)
    assert (shown.exit_code, "only words are compared" in shown.stdout) == (0, True)


def test_contracts_that_say_the_same(two):
    before, _ = two
    shown = diff(before, before)
    assert (shown.exit_code, "The two contracts say the same." in shown.stdout) == (0, True)


def test_on_a_table_of_hosts(two, tmp_path):
    """Of gains of £200 and £100 the hosts give the Board £40 and £20 more; a loss of £200 is shared as before."""
    (tmp_path / "t.csv").write_text("org,budget,spent\nX,1000,800\nY,1000,900\nZ,1000,1200\n", encoding="utf-8")
    (tmp_path / "m.yaml").write_text("host: org\ncolumns: {cost: spent}\n", encoding="utf-8")
    shown = diff(*two, "--positions", tmp_path / "t.csv", "--map", tmp_path / "m.yaml")
    assert shown.exit_code == 0, shown.stderr
    words = flat(shown.stdout)
    assert "All 3 hosts" in words
    # Of £300 of gains the host gives up £150, then £210; of a loss of £200 it is spared £100 both times.
    assert "Clause 7 (share) -£50.00 -£110.00 -£60.00" in words
    assert "Due to the host £50.00 -£10.00 -£60.00" in words


def test_in_dollars_and_in_two_currencies(two):
    before, after = two
    (after.parent / "examples.yaml").write_text(EXAMPLES.replace("£", "$"), encoding="utf-8")
    after.write_text(AFTER + "currency: USD\n", encoding="utf-8")
    shown = diff(before, after)
    assert (shown.exit_code, "two currencies" in shown.stdout) == (0, True)
    before.write_text(TABLE + "currency: USD\n", encoding="utf-8")
    shown = diff(before, after)
    assert "-$140.00" in shown.stdout and "£" not in shown.stdout


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A run of the small world: 486 days of people under A and 426 under B at £1 a day; care cost £100 and £200."""
    return reconcile(lay(tmp_path / "world")).run_folder


def edited(folder: Path, *edits: tuple[str, str]) -> Path:
    text = (folder / CONTRACT).read_text(encoding="utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    path = folder / "contracts/world/new.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_on_a_run_the_first_contract_comes_to_what_the_run_closed_at(run, tmp_path):
    settlement = json.loads((run / "settlement.json").read_text(encoding="utf-8"))
    before = tmp_path / "world" / CONTRACT
    compared = compare(before, edited(tmp_path / "world", RATE, SHARED), from_run(run))
    assert [each.before_pence for each in compared.movements] == [host["closing_pence"] for host in settlement["hosts"]]
    # £2 a day: £972 and £852. What is left, £872 and £652, is shared half and half.
    assert [each.after_pence for each in compared.movements] == [436_00, 326_00]
    first = {row.term: (row.before_pence, row.after_pence) for row in compared.movements[0].rows}
    assert first == {
        "budget": (486_00, 972_00), "cost": (-100_00, -100_00), "left": (0, 0), "share": (0, -436_00),
    }  # fmt: skip


def test_a_run_says_what_it_cannot_show(run, tmp_path):
    world = tmp_path / "world"
    per_person = edited(world, ("rounding: on_total", "rounding: per_person"), ("point_of_delivery: AE", "provider: P"))
    shown = diff(world / CONTRACT, per_person, "--run", run)
    assert shown.exit_code == 0
    words = flat(shown.stdout)
    assert "What is charged differs: the cost here is that of the run." in words
    assert "The budget stays that of the run under world: it is rounded for each person" in words
    assert "This change cannot be told from a run: reconcile the plan under the new contract." in words
    assert "No term comes to anything else" not in words


STOP_LOSS = (SHARED[0], SHARED[0] + "  - {id: high, kind: stop_loss, threshold: £50, share: 80%, borne_by: C}\n")


@pytest.mark.parametrize(
    "edit",
    [
        ("basis: book", "basis: submitted"),
        ("attribution: host_on_activity_date", "attribution: plurality\n  attribution_ties: earlier"),
        ("counting: person_days", "counting: annual_snapshot"),
        STOP_LOSS,
    ],
)
def test_no_flat_sentence_about_what_a_run_cannot_show(run, tmp_path, edit):
    world = tmp_path / "world"
    shown = diff(world / CONTRACT, edited(world, edit), "--run", run)
    assert shown.exit_code == 0, shown.stderr
    assert "This change cannot be told from a run" in flat(shown.stdout)
    assert "No term comes to anything else" not in shown.stdout


def test_a_clause_that_is_numbered_anew_moves_nothing(run, tmp_path):
    world = tmp_path / "world"
    shown = diff(world / CONTRACT, edited(world, ("activity:\n", "activity:\n  clause: '99'\n")), "--run", run)
    assert "No term comes to anything else there." in shown.stdout


def test_a_change_of_a_year_that_was_not_settled(two):
    before, after = two
    before.write_text(TABLE.replace("gain: 50%", "gain: {1: 50%, 2: 50%}") + "years: 2\n", encoding="utf-8")
    after.write_text(TABLE.replace("gain: 50%", "gain: {1: 50%, 2: 40%}") + "years: 2\n", encoding="utf-8")
    (after.parent / "examples.yaml").write_text(EXAMPLES_OF_TABLE, encoding="utf-8")
    words = flat(diff(before, after).stdout)
    assert "No term comes to anything else there. Only contract year 1 of 2 was settled." in words


def test_money_between_others_has_a_table_of_its_own(two, tmp_path):
    before, after = two
    paid = '  - {id: moving, kind: block, clause: "9", value: £40k, paid_by: commissioner, paid_to: V}\n'
    vcse = ("role: commissioner}]", "role: commissioner}, {code: V, name: Moving Well, role: vcse}]")
    before.write_text(TABLE.replace(*vcse) + paid, encoding="utf-8")
    after.write_text(TABLE.replace(*vcse), encoding="utf-8")
    rows = "".join(f"{name},1000,800\n" for name in "ABCDEF")
    (tmp_path / "t.csv").write_text(f"org,budget,spent\n{rows}", encoding="utf-8")
    (tmp_path / "m.yaml").write_text("host: org\ncolumns: {cost: spent}\n", encoding="utf-8")
    words = flat(diff(before, after, "--positions", tmp_path / "t.csv", "--map", tmp_path / "m.yaml").stdout)
    assert "No term comes to anything else for the host. Between others, All 6 hosts" in words
    assert "£240,000.00" in words and "-£240,000.00" in words
    (after.parent / "examples.yaml").write_text(EXAMPLES_OF_TABLE, encoding="utf-8")
    one = flat(diff(before, after, "--example", "a gain").stdout)
    assert "The Board pays Moving Well" in one and "-£40,000.00" in one


def test_a_contract_that_pays_on_what_the_run_does_not_hold(run, tmp_path):
    world = tmp_path / "world"
    outcomes = "  - {id: o, kind: outcomes, base: budget, at_risk: 2%, weights: {steps: 100%}}\n"
    new = edited(world, (SHARED[0], SHARED[0] + outcomes))
    refused = diff(world / CONTRACT, new, "--run", run)
    assert (refused.exit_code, "the run has no figure for steps" in refused.stderr) == (3, True)


def test_every_position_of_a_settlement_settles_to_the_same_again(tmp_path):
    plan = lay(tmp_path, SHARED)
    contract, settlement = read_job(plan).contract, json.loads(json.dumps(compute(plan)))
    for host in settlement["hosts"]:
        settled = settle_host(contract, position_of_host(host))
        assert settled.closing_pence == host["closing_pence"]
        assert [line.effect_pence for line in settled.lines] == [line["effect_pence"] for line in host["lines"]]
        entries = [(entry.payer, entry.payee, entry.pence) for entry in settled.entries]
        assert entries == [
            (entry["payer"], entry["payee"], entry["pence"])
            for entry in settlement["entries"]
            if entry["host"] == host["host"]
        ]


def test_the_position_of_the_sample_is_exact(small_sample):
    """With stop-loss, outcomes and payments on account: every fraction comes back as it was."""
    contract, settlement = read_job(small_sample).contract, json.loads(json.dumps(compute(small_sample)))
    for host in settlement["hosts"]:
        position = position_of_host(host)
        assert position.over_threshold_pence == Fraction(host["position"]["over_threshold_pence"])
        assert settle_host(contract, position).closing_pence == host["closing_pence"]


@pytest.mark.parametrize(
    ("options", "words", "code"),
    [
        (["--run", "nowhere"], "settlement.json is not there", 3),
        (["--example", "none"], "no examples.yaml is beside the second contract", 3),
        (["--positions", "none.csv"], "none.csv", 3),
        (["--map", "m.yaml"], "--map says how --positions is read", 2),
        (["--run", "r", "--positions", "t"], "give one of", 2),
    ],
)
def test_what_cannot_be_used_is_named(two, options, words, code):
    refused = diff(*two, *options)
    assert refused.exit_code == code
    assert words in flat(refused.stderr)


def test_a_run_of_an_earlier_version(two, tmp_path):
    (tmp_path / "settlement.json").write_text('{"hosts": [{"host": "A"}]}', encoding="utf-8")
    refused = diff(*two, "--run", tmp_path)
    assert "settle the plan again with `yoc reconcile`" in refused.stderr
    (tmp_path / "settlement.json").write_text("[]", encoding="utf-8")
    assert "is not the settlement of a run" in diff(*two, "--run", tmp_path).stderr


def test_an_unknown_example_is_told_with_the_known(two):
    before, after = two
    (after.parent / "examples.yaml").write_text(EXAMPLES, encoding="utf-8")
    refused = diff(before, after, "--example", "a gian")
    assert "the examples are: a gain; a loss" in refused.stderr


def test_an_example_that_the_first_contract_cannot_settle_is_passed_over(two):
    before, after = two
    asked = TABLE + "  - {id: more, kind: payment, on: extra}\nposition: {extra: {kind: money}}\n"
    before.write_text(asked, encoding="utf-8")
    (after.parent / "examples.yaml").write_text(EXAMPLES, encoding="utf-8")
    shown = diff(before, after)
    assert shown.exit_code == 0
    assert "a gain: not settled, since the first contract also asks for extra." in shown.stdout
