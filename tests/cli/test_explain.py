"""`yoc explain`: what a person sees, in a narrow terminal and in a wide one, and what a script reads."""

import json
import re
import shutil
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from yoc.cli.commands import app
from yoc.cli.faults import ExitCode
from yoc.workflow.reconcile import reconcile

sys.path.append(str(Path(__file__).resolve().parents[1] / "workflow"))

from small_world import PLAN, lay

BOTH_PAY = "terms:\n  - {id: budget, kind: capitation}\n  - {id: cost, kind: activity_cost}\n"
TERMS = f"""{BOTH_PAY}  - {{id: part, kind: split, clause: "8.1", shares: {{host: 2/3, P: 1/3}}, on: balance}}
"""
WITH_BALANCE = TERMS.replace("  - {id: part", "  - {id: balance, kind: balance, base: budget}\n  - {id: part")


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small world in which A bears £365 × 1.33 years less its cost, and gives a third of what is left to P."""
    root = tmp_path_factory.mktemp("explained")
    lay(root, (BOTH_PAY, WITH_BALANCE))
    reconcile(root / PLAN)
    return root


@pytest.fixture
def explain(settled: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(settled)

    def invoke(*arguments: str, columns: int = 100, code: int = ExitCode.DONE) -> str:
        monkeypatch.setenv("COLUMNS", str(columns))
        done = CliRunner().invoke(app, ["explain", *arguments])
        assert done.exit_code == code, done.output
        assert "Traceback" not in done.output
        return done.output

    return invoke


def test_a_budget_is_worked_out_on_paper_as_the_page_says(explain):
    """P1 is 30 days under A, P2 365 and P4 91: 486 days at £365 a year are £486.00."""
    shown = explain("2026-27", "--line", "budget", "--host", "A", "--depth", "all")
    assert "Budget (clause" not in shown
    assert "486 person-days ÷ 365 = 1.331506…" in shown
    assert "1.331506… person-years × £365.00 = £486.00" in shown
    assert re.search(r"contracts/world/contract.yaml:\d+", shown)
    assert "from registrations.csv: 5 rows" in shown
    assert "figures of this explanation add up" in shown


def test_a_cost_goes_down_to_the_rows_of_its_file(explain):
    """A bears P1's £100 of 10 April, and P2's £100 of 2 May less £100 of 1 May."""
    shown = explain("2026-27", "--line", "A:cost", "--depth", "all")
    assert "= £100.00 + £0.00 = £100.00" in shown
    assert "<5 lines, £90.00 submitted, priced at the price book" in shown
    assert "6 rows = 6 used + 0 rejected + 0 superseded" in shown


def test_a_part_that_is_split_is_written_out_and_rounded(explain):
    """A's balance is £486 - £100 = £386.00, of which P has a third: £128.6666... is £128.67."""
    shown = explain("2026-27", "--line", "A:part.P", "--depth", "1")
    assert "(clause 8.1): £128.67" in shown
    assert "= £386.00 × 1/3 = £128.666666…" in shown
    assert "shown as £128.67: whole pence that add to the sum, by largest remainders" in shown


@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.parametrize("line", ["due", "cost", "budget", "part.P"])
def test_no_figure_is_cropped_and_no_line_is_wider_than_the_page(explain, columns: int, line: str):
    narrow = explain("2026-27", "--line", f"A:{line}", "--depth", "all", columns=columns)
    assert max(len(row) for row in narrow.splitlines()) <= columns
    wide = explain("2026-27", "--line", f"A:{line}", "--depth", "all", columns=400)
    figures = re.compile(r"-?£[\d,]+\.\d+…?")
    assert sorted(figures.findall(narrow)) == sorted(figures.findall(wide)) != []


def test_what_is_not_printed_says_how_to_come_to_it(explain):
    shown = explain("2026-27", "--line", "A:due", "--depth", "1")
    (depth, key) = re.search(r"\.\.\. from \d+ more: --depth (\d), or --line (\S+)", shown).groups()
    assert depth == "2"
    assert "figures of this explanation add up" in explain("2026-27", "--line", key)


def test_a_cell_is_explained_and_told_as_it_is_read(explain):
    shown = explain("2026-27", "--cell", "Lines!G8", "--host", "A")
    assert shown.startswith("statement-A.xlsx, Lines!G8 (Amount) shows £100.00\n")
    same = explain("2026-27", "--cell", "'Lines'!$G$8", "--workbook", "reports/of/mine/Statement-A.xlsx")
    assert same == shown
    whole = explain("2026-27", "--cell", "Summary!C6")
    assert whole.startswith("statement-commissioner.xlsx, Summary!C6 (Budget) shows £486.00\n")


def test_json_is_the_whole_of_it_with_the_cell(explain):
    content = json.loads(explain("2026-27", "--cell", "Lines!G8", "--host", "A", "--json"))
    assert content["cell"] == {
        "workbook": "statement-A.xlsx", "sheet": "Lines", "cell": "G8", "column": "Amount", "shown": "£100.00",
    }  # fmt: skip
    assert content["figures"][content["figure"]]["pence"] == 10_000


def test_the_folder_of_a_run_is_enough(explain, settled: Path, tmp_path: Path):
    (run,) = (settled / "reconciliation/2026-27/world/runs").glob("2026-27-*/")
    alone = tmp_path / "sent"
    shutil.copytree(run, alone)
    assert explain(str(alone), "--line", "A:due") == explain("2026-27", "--line", "A:due")


def test_a_run_whose_figures_were_changed_is_told_and_ends_in_the_code_of_a_check(explain, settled: Path, tmp_path):
    (run,) = (settled / "reconciliation/2026-27/world/runs").glob("2026-27-*/")
    changed = tmp_path / "changed"
    shutil.copytree(run, changed)
    cells = (changed / "cells.csv").read_text(encoding="utf-8")
    assert ",9000,10000\n" in cells
    (changed / "cells.csv").write_text(cells.replace(",9000,10000\n", ",9000,10001\n"), encoding="utf-8", newline="")
    shown = explain(str(changed), "--line", "A:cost", code=ExitCode.CHECK)
    assert "figures are NOT given by what they are made from: A:cost:emergency" in " ".join(shown.split())


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["2026-27"], ExitCode.USAGE, "say which figure"),
        (["2026-27", "--line", "due", "--cell", "Lines!G8"], ExitCode.USAGE, "say which figure"),
        (["2026-27", "--line", "due", "--workbook", "a.xlsx"], ExitCode.USAGE, "--workbook goes with --cell"),
        (["2026-27", "--line", "A:due", "--depth", "0"], ExitCode.USAGE, "--depth is a number from 1"),
        (["2026-27", "--line", "A:nothing"], ExitCode.INPUT, "its lines are: budget, cost, balance, part.P"),
        (["2026-27", "--cell", "Lines!A1", "--host", "A"], ExitCode.INPUT, "cells near by that hold one: G7"),
        (
            ["2026-27", "--cell", "Lines!G8", "--workbook", "other.xlsx"],
            ExitCode.INPUT,
            "its workbooks are: statement-A",
        ),
        (["2025-26", "--line", "A:due"], ExitCode.INPUT, "there is no such run"),
    ],
)
def test_what_cannot_be_explained_is_said_in_words(explain, arguments: list[str], code: int, said: str):
    assert said in " ".join(explain(*arguments, code=code).replace("│", " ").split())
