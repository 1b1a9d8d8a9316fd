"""`yoc explain`: what a person sees, in a narrow terminal and in a wide one, and what a script reads."""

import json
import re
import shutil
import sys
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from yoc.cli.commands import app
from yoc.cli.faults import ExitCode
from yoc.core.identifiers import sha256_bytes
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
    same = explain("2026-27", "--cell", "'Lines'!$G$8", "--workbook", "Statement-A.xlsx")
    assert same == shown
    whole = explain("2026-27", "--cell", "Summary!C6")
    assert whole.startswith("statement-commissioner.xlsx, Summary!C6 (Budget) shows £486.00\n")


def test_json_is_the_whole_of_it_with_the_cell(explain):
    content = json.loads(explain("2026-27", "--cell", "Lines!G8", "--host", "A", "--json"))
    assert content["cell"] == {
        "workbook": "statement-A.xlsx", "sheet": "Lines", "cell": "G8", "column": "Amount", "shown": "£100.00",
        "in_workbook": "£100.00", "differs": False,
    }  # fmt: skip
    assert content["figures"][content["figure"]]["pence"] == 10_000


def test_the_folder_of_a_run_is_enough(explain, settled: Path, tmp_path: Path):
    (run,) = (settled / "reconciliation/2026-27/world/runs").glob("2026-27-*/")
    alone = tmp_path / "sent"
    shutil.copytree(run, alone)
    assert explain(str(alone), "--line", "A:due") == explain("2026-27", "--line", "A:due")


def _copy(settled: Path, to: Path) -> Path:
    (run,) = (settled / "reconciliation/2026-27/world/runs").glob("2026-27-*/")
    shutil.copytree(run, to)
    return to


def _with_a_penny_more(run: Path) -> Path:
    cells = (run / "cells.csv").read_text(encoding="utf-8")
    assert ",9000,10000\n" in cells
    (run / "cells.csv").write_text(cells.replace(",9000,10000\n", ",9000,10001\n"), encoding="utf-8", newline="")
    return run


def test_figures_that_are_not_given_are_told_and_end_in_the_code_of_a_check(explain, settled: Path, tmp_path: Path):
    """As where the software is at fault: the manifest names the file as it is."""
    run = _with_a_penny_more(_copy(settled, tmp_path / "changed"))
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    manifest["files"]["cells.csv"] = sha256_bytes((run / "cells.csv").read_bytes())
    (run / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    shown = explain(str(run), "--line", "A:cost", code=ExitCode.CHECK)
    assert "figures are NOT given by what they are made from: A:cost:emergency" in " ".join(shown.split())


def test_a_file_that_was_changed_is_not_told_as_truth(explain, settled: Path, tmp_path: Path):
    run = _with_a_penny_more(_copy(settled, tmp_path / "changed"))
    for asked in (["--line", "A:cost"], ["--cell", "Summary!C6"]):
        said = explain(str(run), *asked, code=ExitCode.INPUT)
        assert "RUN-CHANGED" in said and "cells.csv is not as it was written" in said
        assert "yoc verify" in said and "£" not in said


@pytest.mark.parametrize("name", ["settlement.json", "cells.csv", "codes.csv"])
def test_every_file_that_is_not_there_is_named(explain, settled: Path, tmp_path: Path, name: str):
    run = _copy(settled, tmp_path / "lacking")
    (run / name).unlink()
    said = explain(str(run), "--line", "A:due", code=ExitCode.INPUT)
    assert "RUN-CHANGED" in said and f"{name} is not there" in said


def test_a_file_that_the_manifest_does_not_name_is_not_believed(explain, settled: Path, tmp_path: Path):
    run = _copy(settled, tmp_path / "unnamed")
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    del manifest["files"]["cells.csv"]
    (run / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert "the manifest does not name it" in explain(str(run), "--line", "A:due", code=ExitCode.INPUT)


def test_a_manifest_whose_hashes_of_inputs_were_changed_is_not_believed(explain, settled: Path, tmp_path: Path):
    run = _copy(settled, tmp_path / "other-inputs")
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    manifest["made_from"]["documents"]["prices"] = "0" * 64
    (run / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert "the run's name does not follow" in explain(str(run), "--line", "A:due", code=ExitCode.INPUT)


@pytest.fixture
def edited(settled: Path, tmp_path: Path):
    """A's statement with another value in a cell."""
    (statement,) = settled.glob("reports/**/statement-A.xlsx")

    def edit(sheet: str, cell: str, value: object) -> Path:
        book = load_workbook(statement)
        book[sheet][cell] = value
        path = tmp_path / "statement-A.xlsx"
        book.save(path)
        return path

    return edit


@pytest.mark.parametrize(
    ("value", "said"), [(100.01, "£100.01"), (None, "nothing"), ("£100.00", "£100.00"), (0, "£0.00")]
)
def test_a_workbook_that_was_changed_is_told(explain, edited, value: object, said: str):
    path = str(edited("Lines", "G8", value))
    shown = explain("2026-27", "--cell", "Lines!G8", "--workbook", path, code=ExitCode.DIFFERENT)
    assert f"the workbook shows {said}, the run's figure is £100.00: it was changed" in " ".join(shown.split())
    cell = json.loads(explain("2026-27", "--cell", "Lines!G8", "--workbook", path, "--json", code=ExitCode.DIFFERENT))[
        "cell"
    ]
    assert (cell["shown"], cell["in_workbook"], cell["differs"]) == ("£100.00", said, True)


def test_a_workbook_that_was_saved_again_shows_what_it_did(explain, edited, tmp_path: Path):
    path = edited("Lines", "G8", 100.0)
    asked = ["2026-27", "--cell", "Lines!G8", "--workbook"]
    assert "Lines!G8 (Amount) shows £100.00" in explain(*asked, str(path))
    renamed = path.rename(tmp_path / "from the host.xlsx")
    assert "from the host.xlsx, Lines!G8 (Amount) shows £100.00" in explain(*asked, str(renamed), "--host", "A")


def test_a_workbook_of_another_run_is_not_held_against_this_one(explain, edited):
    path = edited("Lines", "G8", 100)
    book = load_workbook(path)
    first = book.worksheets[0]
    (row,) = [row for row in first.iter_rows(min_col=2, max_col=3) if row[0].value == "Run"]
    row[1].value = "2026-27-000000000000"
    book.save(path)
    said = explain("2026-27", "--cell", "Lines!G8", "--workbook", str(path), code=ExitCode.INPUT)
    assert "it says run 2026-27-000000000000" in " ".join(said.split())


def test_without_a_workbook_it_is_the_statement_that_has_it(explain, settled: Path, tmp_path: Path):
    run = _copy(settled, tmp_path / "sent")
    shown = explain(str(run), "--cell", "Lines!G8", "--host", "A")
    assert "statement-A.xlsx, Lines!G8 (Amount): the statement has £100.00" in shown
    assert json.loads(explain(str(run), "--cell", "Lines!G8", "--host", "A", "--json"))["cell"]["in_workbook"] is None


def test_what_is_no_workbook_is_said_to_be_unreadable(explain, tmp_path: Path):
    (tmp_path / "statement-A.xlsx").write_bytes(b"no workbook")
    said = explain(
        "2026-27", "--cell", "Lines!G8", "--workbook", str(tmp_path / "statement-A.xlsx"), code=ExitCode.INPUT
    )
    assert "FILE-UNREADABLE" in said


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["2026-27"], ExitCode.USAGE, "say which figure"),
        (["2026-27", "--line", "due", "--cell", "Lines!G8"], ExitCode.USAGE, "give one of the two"),
        (
            ["2026-27", "--cell", "Lines!G8", "--workbook", "statement-commissioner.xlsx", "--host", "A"],
            ExitCode.INPUT,
            "statement-commissioner.xlsx is not the statement of A",
        ),
        (
            ["2026-27", "--cell", "Lines!G8", "--workbook", "not/there/statement-A.xlsx"],
            ExitCode.INPUT,
            "there is no file 'not/there/statement-A.xlsx'",
        ),
        (["2026-27", "--cell", "Lines!G8", "--host", "Q"], ExitCode.INPUT, "the run has no host 'Q'"),
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
