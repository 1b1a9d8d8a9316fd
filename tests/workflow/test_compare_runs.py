"""Two runs of a small world compared: each change alone moves its own cause, by a figure worked out by hand."""

import csv
import io
import json
import shutil
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest
from small_world import CONTRACT, LINES, Line, lay, lay_book, name_prices, write
from typer.testing import CliRunner

from yoc.activity.trace import FEW_LINES, TracedCode
from yoc.core.findings import FindingsError
from yoc.workflow.compare_runs import _charged, compare_runs, read_run
from yoc.workflow.compared_content import compared_content
from yoc.workflow.compared_file import compared_csv, write_compared
from yoc.workflow.reconcile import reconcile
from yoc.workflow.run_place import RunPlace

CARE: tuple[Line, ...] = tuple(
    ("P2", f"2026-05-{day:02d}", "AE", "VB01Z" if day <= 6 else "VB02Z", "1", "90.00") for day in range(1, 13)
)
"""Host A's: six of a code at £100, then six of one at £50."""
PRICES = {"VB01Z": "100.00", "VB02Z": "50.00"}


class World:
    """A workspace in which the same plan is settled as often as its files change."""

    def __init__(self, root: Path):
        self.root = root

    def run(self, *edits, lines=CARE, prices=None, index="1.000000") -> RunPlace:
        plan = lay(self.root, *edits, lines=lines)
        lay_book(self.root, "tariffs/world", prices or PRICES, index)
        return self.settled(plan)

    def settled(self, plan: Path) -> RunPlace:
        return RunPlace(self.root, reconcile(plan).run_folder)

    def compared(self, before: RunPlace, after: RunPlace, host: str = ""):
        return compared_content(compare_runs(read_run(before), read_run(after), host))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("compared"))


@pytest.fixture(scope="module")
def first(world: World) -> RunPlace:
    """Host A has £486 for 486 days and £900 of care, host B £426 for 426 days and none."""
    return world.run()


def moving(content, host: str = "A") -> dict[str, tuple[int, int, int]]:
    """What each cause that moves something moves of budget, cost and other terms of a host."""
    own = next(each for each in content["hosts"] if each["host"] == host)
    for name in ("budget_pence", "cost_pence", "others_pence", "due_pence"):
        assert own["before"][name] + sum(cause[name] for cause in own["causes"]) == own["after"][name]
    for row in own["cost"]:
        parts = ("before_pence", "volume_pence", "mix_pence", "price_pence", "blocks_pence")
        assert sum(row[part] for part in parts) == row["after_pence"]
    return {
        cause["cause"]: (cause["budget_pence"], cause["cost_pence"], cause["others_pence"])
        for cause in own["causes"]
        if cause["budget_pence"] or cause["cost_pence"] or cause["others_pence"]
    }


def said(content, cause: str) -> list[tuple[str, str, str, str, int]]:
    return [
        (fact["what"], fact["before"], fact["after"], fact["detail"], fact["pence"])
        for fact in content["facts"]
        if fact["cause"] == cause
    ]


def test_a_run_and_itself_move_nothing_and_say_so(world, first):
    content = world.compared(first, first)
    assert content["same"] and not content["moves"]
    assert moving(content) == moving(content, "B") == {}
    assert content["hosts"][0]["before"] == {
        "budget_pence": 48_600, "cost_pence": -90_000, "others_pence": 0, "due_pence": -41_400,
    }  # fmt: skip
    assert content["facts"] == content["made_from"] == content["contract_changes"] == content["fates"] == []


def test_one_price_changed_names_the_code_and_its_units(world, first):
    content = world.compared(first, world.run(prices={**PRICES, "VB01Z": "110.00"}))
    assert moving(content) == {"price": (0, -6_000, 0)} and moving(content, "B") == {}
    assert said(content, "price") == [("VB01Z, AE at P (emergency)", "£100.00", "£110.00", "a unit, on 6 units", 6_000)]
    assert [each["name"] for each in content["made_from"]] == ["book", "prices"]


def test_a_price_is_what_each_line_was_rounded_to(world):
    # £100 x 1.041377 is £104.14 a line, and £110 x 1.041377 is £114.55.
    dearer = {**PRICES, "VB01Z": "110.00"}
    content = world.compared(world.run(index="1.041377"), world.run(index="1.041377", prices=dearer))
    assert moving(content) == {"price": (0, -6 * (11_455 - 10_414), 0)}
    assert said(content, "price")[0][1:3] == ("£104.14", "£114.55")


def test_more_of_the_same_care_is_volume(world, first):
    # Three more of each code: six units at £75 on average.
    more = (*CARE, *(("P2", "2026-06-01", "AE", code, "1", "90.00") for code in ("VB01Z", "VB02Z") for _ in range(3)))
    content = world.compared(first, world.run(lines=more))
    assert moving(content) == {"volume": (0, -45_000, 0)}
    assert said(content, "volume") == [("AE at P (emergency)", "12", "18", "units at £75.00 on average", 45_000)]
    (fate,) = content["fates"]
    assert (fate["fate"], fate["before_lines"], fate["after_lines"]) == ("charged", 12, 18)


def test_other_codes_at_the_same_prices_are_mix(world, first):
    # One unit of VB02Z in place of one of VB01Z: £50 less.
    other = tuple((*line[:3], "VB02Z" if place >= 5 else "VB01Z", *line[4:]) for place, line in enumerate(CARE))
    content = world.compared(first, world.run(lines=other))
    assert moving(content) == {"mix": (0, 5_000, 0)}
    # £900 on 12 units, then £850.
    assert [fact[1:3] for fact in said(content, "mix")] == [("£75.00", "£70.8333")]


def test_a_code_with_few_lines_has_a_price_only_where_its_lines_are_the_same(world):
    few = CARE[:3]
    before = world.run(lines=few)
    dearer = {**PRICES, "VB01Z": "110.00"}
    assert moving(world.compared(before, world.run(lines=few, prices=dearer))) == {"price": (0, -3_000, 0)}
    assert said(world.compared(before, world.run(lines=few, prices=dearer)), "price")[0][0::3] == (
        "(codes of fewer than 5 lines each), AE at P (emergency)", "the same lines, fewer than 5, at other prices",
    )  # fmt: skip
    # With one line more, who knows which code it is of: £100 of volume, and the rest is mix.
    content = world.compared(before, world.run(lines=CARE[:4], prices=dearer))
    assert moving(content) == {"volume": (0, -10_000, 0), "mix": (0, -4_000, 0)}


def test_rare_codes_together_say_how_many_lines_and_units_they_are(world):
    # Three lines of each code, two units a line.
    rare = tuple(("P2", "2026-05-02", "AE", code, "2", "90.00") for code in ("VB01Z", "VB02Z") for _ in range(3))
    content = world.compared(world.run(lines=rare), world.run(lines=rare, prices={**PRICES, "VB01Z": "110.00"}))
    (fact,) = said(content, "price")
    assert fact[0] == "(codes of fewer than 5 lines each), AE at P (emergency)"
    assert fact[3:] == ("the same 6 lines (12 units) at other prices", 6_000)


def test_rare_codes_are_known_as_a_pool_of_several():
    row = TracedCode("A", "emergency", "P", "AE", FEW_LINES, 6, Fraction(6), 0, Fraction(1))
    assert (_charged(row).mixed, _charged(row).tariff_code) == (True, FEW_LINES)


def test_one_person_more_is_people_and_the_new_rate_is_terms(world, first):
    plan = lay(world.root, ("primary: £365", "primary: £730"), lines=CARE)
    lay_book(world.root, "tariffs/world", PRICES)
    for name, row in (("persons", "P5,1980-01-01,,"), ("registrations", "P5,PA,Regular,2026-04-01,2026-04-10")):
        file = world.root / f"data/{name}.csv"
        file.write_text(file.read_text(encoding="utf-8") + row + "\n", encoding="utf-8")
    content = world.compared(first, world.settled(plan))
    # Ten days at £1, then 496 days at £1 more.
    assert moving(content) == {"people": (1_000, 0, 0), "terms": (49_600, 0, 0)}
    assert moving(content, "B") == {"terms": (42_600, 0, 0)}
    assert said(content, "people") == [("Everybody", "1.3315", "1.3589", "person-years", 1_000)]
    assert [(each["what"], each["before"], each["after"]) for each in content["contract_changes"]] == [
        ("All, primary", "£365", "£730")
    ]


def test_an_adjustment_of_the_budget_is_told_apart_from_rates(world, first):
    edit = "    all: {primary: £365, emergency: £0}\n"
    sums = "{A: £100, B: £0}"
    transfer = f"  adjustments:\n    - {{id: moved, kind: transfer, title: Moved, value_by_host: {sums}}}\n"
    content = world.compared(first, world.run((edit, f"{edit}{transfer}")))
    assert moving(content) == {"adjustments": (10_000, 0, 0)} and moving(content, "B") == {}


def test_a_block_that_is_worth_more_is_blocks(world):
    def contract(pounds: int):
        block = f"{{id: team, title: Team, provider: P, setting: primary, value: £{pounds}, key: shares, " \
                "shares: {A: 50%, B: 50%}}"  # fmt: skip
        return ("budget:\n  rounding", f"  blocks:\n    - {block}\nbudget:\n  rounding")

    content = world.compared(world.run(contract(100)), world.run(contract(300)))
    assert moving(content) == {"blocks": (0, -10_000, 0)} == moving(content, "B")
    assert ("block Team", "£50.00", "£150.00", "", 10_000) in said(content, "blocks")


def test_a_new_term_is_terms_and_a_declared_input_is_its_own_cause(world):
    def contract(pounds: int):
        return (
            ("terms:\n", f'position:\n  agreed: {{kind: money, default: "£{pounds}"}}\nterms:\n'),
            ("  - {id: cost, kind: activity_cost}\n",
             "  - {id: cost, kind: activity_cost}\n  - {id: agreed_sum, kind: payment, on: agreed}\n"),
        )  # fmt: skip

    before = world.run(*contract(10))
    content = world.compared(before, world.run(*contract(30)))
    assert moving(content) == {"inputs": (0, 0, 2_000)}
    assert ("agreed", "£10.00", "£30.00", "", 0) in said(content, "inputs")
    content = world.compared(world.run(), before)
    assert moving(content) == {"terms": (0, 0, 1_000)}


def test_a_re_issue_of_prices_that_changes_none_moves_nothing(world, first):
    lay(world.root, lines=CARE)
    lay_book(world.root, "tariffs/world", PRICES)
    again = {"published": "2026-09-01", "days": ("2026-10-01", "2027-03-31"), "version": "v2", "supersedes": "v1"}
    lay_book(world.root, "tariffs/again", PRICES, **again)
    plan = name_prices(world.root, "[tariffs/world/book.yaml, tariffs/again/book.yaml]")
    assert moving(world.compared(first, world.settled(plan))) == {}


def test_the_way_back_is_the_negative_and_hosts_can_be_told_alone(world, first):
    dearer = world.run(prices={"VB01Z": "110.00", "VB02Z": "40.00"}, lines=CARE[:11])
    there, back = world.compared(first, dearer), world.compared(dearer, first)
    assert [there["all"][side]["due_pence"] for side in ("before", "after")] == [
        back["all"][side]["due_pence"] for side in ("after", "before")
    ]
    alone = world.compared(first, dearer, "B")
    assert [host["host"] for host in alone["hosts"]] == ["B"] and moving(alone, "B") == {}


def test_the_contract_of_a_run_is_the_one_in_its_folder(world, first):
    write(world.root, CONTRACT, "nothing: here\n")
    assert not world.compared(first, first)["moves"]


def test_runs_of_two_contracts_or_years_are_refused(world, first, tmp_path):
    run = read_run(first)
    others = {
        "of two contracts": {"contract": {**run.settlement["contract"], "id": "elsewhere"}},
        "of two years": {"year": "2027/28"},
    }
    for problem, changed in others.items():
        folder = tmp_path / problem.replace(" ", "-")
        shutil.copytree(first.folder, folder)
        (folder / "settlement.json").write_text(json.dumps({**run.settlement, **changed}), encoding="utf-8")
        with pytest.raises(FindingsError, match=problem):
            compare_runs(run, read_run(RunPlace(tmp_path, folder)))
    with pytest.raises(FindingsError, match="is a host of neither run"):
        compare_runs(run, run, "Z")


def test_a_run_without_its_contract_and_one_with_other_lines_are_refused(first, tmp_path):
    for damage, code in (("documents", "FILE-MISSING"), ("codes.csv", "CHECK-FAILED")):
        folder = tmp_path / damage
        shutil.copytree(first.folder, folder)
        if damage == "documents":
            shutil.rmtree(folder / damage)
        else:
            (folder / damage).write_text("".join((folder / damage).read_text().splitlines(True)[:2]), encoding="utf-8")
        with pytest.raises(FindingsError) as caught:
            read_run(RunPlace(tmp_path, folder))
        assert [finding.code for finding in caught.value.findings] == [code]


def test_it_is_written_as_a_workbook_and_as_csv_without_formulas(world, first, tmp_path):
    content = world.compared(first, world.run(lines=LINES))
    content["hosts"][0]["host"] = "=cmd()"
    rows = list(csv.reader(io.StringIO(compared_csv(content))))
    assert rows[0] == ["Host", "Cause", "Budget", "Cost", "Other terms", "Due"]
    assert rows[1] == ["All hosts", "From", "912.00", "-900.00", "0.00", "12.00"]
    assert "'=cmd()" in {row[0] for row in rows} and "=cmd()" not in {row[0] for row in rows}
    write_compared(content, tmp_path / "compared.xlsx")
    book = openpyxl.load_workbook(tmp_path / "compared.xlsx")
    assert book.sheetnames == [
        "About", "Bridge", "Hosts", "Cost", "Facts", "Terms by cause", "Contract", "Lines", "Made from",
    ]  # fmt: skip
    cells = [cell for row in book["Bridge"].iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells) and any(cell.value == -900 for cell in cells)


def test_the_command_prints_the_bridge_fit_for_a_narrow_screen(world, first, monkeypatch):
    from yoc.cli.commands import app

    dearer = world.run(prices={**PRICES, "VB01Z": "110.00"})
    monkeypatch.setenv("COLUMNS", "80")
    runner = CliRunner()
    told = runner.invoke(app, ["compare", str(first.folder), dearer.run_id, "--directory", str(world.root)])
    assert told.exit_code == 0, told.output
    assert "  - VB01Z, AE at P (emergency): was £100.00, is £110.00 a unit, on 6 units:\n    £60.00 more cost." in (
        told.stdout
    )
    assert max(len(line) for line in told.stdout.splitlines()) <= 80
    same = runner.invoke(app, ["compare", str(first.folder), str(first.folder)]).stdout
    assert "These are one and the same run." in same and "No figure differs between them." in same
    as_json = runner.invoke(app, ["compare", str(first.folder), str(dearer.folder), "--json"]).stdout
    assert json.loads(as_json)["all"]["after"]["due_pence"] == 1_200 - 6_000
    refused = runner.invoke(app, ["compare", str(first.folder), str(dearer.folder), "--out", "x.txt"])
    assert refused.exit_code == 3 and "neither a .csv nor a .xlsx" in refused.stderr


def test_the_texts_that_a_run_keeps_are_those_of_its_manifest(first):
    manifest = first.manifest()
    kept = {name for name in manifest["files"] if name.startswith("documents/")}
    assert kept == {
        "documents/contracts/world/contract.yaml", "documents/reconciliation/2026-27/world/plan.yaml",
        "documents/tariffs/world/book.yaml", "documents/tariffs/world/prices.csv", "documents/tariffs/world/mff.csv",
    }  # fmt: skip
    recorded = manifest["made_from"]["documents"]["contract"]
    assert manifest["files"]["documents/contracts/world/contract.yaml"] == recorded
