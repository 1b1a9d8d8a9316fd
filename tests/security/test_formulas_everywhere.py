"""A workspace whose free texts all begin as formulas do: no cell of a workbook runs, cells of a CSV are marked."""

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

sys.path.insert(0, str(Path(__file__).parents[1] / "workflow"))

import budget_world
from small_world import LINES, PLAN, lay, write

from yoc.cli.commands import app
from yoc.core.cells import no_formula

OPENINGS = ('=HYPERLINK("x")', "+1", "-2+3", "@SUM(A1)", "\t=1", "＝1")
MARK = "H0STILE"
EVERY_TABLE = (
    "postings", "contracts", "prices", "runs", "parties", "lines", "findings", "taken-off", "standings", "states",
    "sign-offs", "adjustments", "statements", "payments", "disputes", "dispute-steps", "entries",
)  # fmt: skip
NAMED = ("world", "2026-27")


def quoted(text: str) -> str:
    """A text of a formula's beginning as a double-quoted text of YAML."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t") + '"'


def cells_of(folder: Path) -> Iterator[tuple[str, object, str]]:
    """Every cell of every workbook (with its type) and of every CSV (with none) that was written."""
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".xlsx":
            for sheet in load_workbook(path):
                for row in sheet.iter_rows():
                    for cell in row:
                        if cell.value is not None:
                            marked = "marked" if cell.quotePrefix else "plain"
                            yield (
                                f"{path.name}!{sheet.title}!{cell.coordinate}",
                                cell.value,
                                f"{cell.data_type} {marked}",
                            )
        elif path.suffix == ".csv":
            with path.open(encoding="utf-8-sig", newline="") as stream:
                for number, row in enumerate(csv.reader(stream), 1):
                    for cell in row:
                        yield f"{path.name}:{number}", cell, ""


def look(folders: list[Path]) -> int:
    """How many cells hold a hostile text; fails at the first that a spreadsheet would run."""
    held = 0
    for folder in folders:
        for place, value, kind in cells_of(folder):
            text = str(value)
            held += MARK in text
            if kind:
                assert not kind.startswith("f"), (place, text)
                assert kind == "s marked" or no_formula(text) == text or not kind.startswith("s"), (place, text)
            else:
                assert no_formula(text) == text, (place, text)
    return held


@pytest.fixture(params=OPENINGS, ids=["equals", "plus", "minus", "at", "tab", "wide"])
def hostile(request: pytest.FixtureRequest) -> str:
    return f"{request.param} {MARK}"


def edits_of(hostile: str) -> list[tuple[str, str]]:
    names = ("Commissioner", "Host A", "Host B", "Provider", "General practice", "Everybody")
    told = quoted(hostile)
    return [
        ("title: A small world", f"title: {told}\nsource: {told}"),
        ("counting: person_days", f"counting: person_days\n  clause: {told}"),
        ("kind: capitation}", f"kind: capitation, title: {told}, clause: {told}}}"),
        *((f"name: {name},", f"name: {told},") for name in names if name != "Everybody"),
        ("name: Everybody,", f"name: {told},"),
        ("route: host_pays_provider", "route: commissioner_pays_and_nets"),
    ]


def lay_hostile(root: Path, hostile: str) -> Path:
    """The small world with the text in its contract, plan, book and prices, in codes of its lines and a file's name."""
    lines = (*LINES, ("P2", "2026-05-04", "AE", hostile.strip().replace('"', ""), "1", "10.00"))
    plan = lay(root, *edits_of(hostile), lines=lines)
    name = f"data/{hostile.strip().replace(chr(34), '')}.csv"
    (root / "data/activity.csv").rename(root / name)
    text = plan.read_text(encoding="utf-8").replace("data/activity.csv", quoted(name))
    text = text.replace("prepared_by: Tests", f"prepared_by: {quoted(hostile)}")
    book = root / "tariffs/world/book.yaml"
    told = book.read_text(encoding="utf-8").replace("title: Prices", f"title: {quoted(hostile)}")
    told = told.replace("source: invented", f"source: {quoted(hostile)}").replace(
        "licence: none", f"licence: {quoted(hostile)}"
    )
    write(root, "tariffs/world/book.yaml", told)
    return write(root, PLAN, text)


def test_no_cell_of_a_year_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hostile: str):
    plan = lay_hostile(tmp_path, hostile)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("YOC_BY", hostile)
    monkeypatch.delenv("YOC_STORE_URL", raising=False)

    def done(*arguments: str) -> None:
        shown = CliRunner().invoke(app, list(arguments))
        assert shown.exit_code == 0, (arguments, shown.stdout + shown.stderr)

    done("reconcile", str(plan))
    done("year", "flex", *NAMED)
    done("adjust", *NAMED, "--payer", "C", "--payee", "A", "--amount", "-£5", "--reason", "agreed_variation",
         "--evidence", hostile)  # fmt: skip
    done("issue", *NAMED)
    about = ("--host", "B", "--line", "cost", "--amount", "£30")
    done("dispute", "raise", *NAMED, *about, "--evidence", hostile)
    done("pay", *NAMED, "--payer", "C", "--payee", "A", "--amount", "£1", "--reference", hostile)
    (tmp_path / "out").mkdir()
    for kind in ("csv", "xlsx"):
        done("balances", *NAMED, "--out", f"out/balances.{kind}")
        for table in EVERY_TABLE:
            done("year", "list", *NAMED, table, "--out", f"out/{table}.{kind}")
    held = look([tmp_path / "out", tmp_path / "reports", tmp_path / "reconciliation"])
    # Statements of three parties, lists of what was recorded, rejected lines.
    assert held > 100


@pytest.mark.parametrize("hostile", [f"{OPENINGS[0]} {MARK}", f"{OPENINGS[-1]} {MARK}"], ids=["equals", "wide"])
def test_no_cell_of_a_budget_runs(tmp_path: Path, hostile: str):
    told = quoted(hostile)
    plan = budget_world.lay(
        tmp_path, ("title: Rates of a small world", f"title: {told}"), ("prepared_by: Tests", f"prepared_by: {told}"),
        contract_edits=[("title: A small world", f"title: {told}"), ("name: Young", f"name: {told}")],
    )  # fmt: skip
    shown = CliRunner().invoke(app, ["budget", "build", str(plan)])
    assert shown.exit_code == 0, shown.stdout + shown.stderr
    look([tmp_path / "budgets"])
    assert MARK in "".join(
        path.read_text(encoding="utf-8", errors="replace") for path in (tmp_path / "budgets").rglob("*.*")
    )


def test_the_looking_can_fail(tmp_path: Path):
    (tmp_path / "x.csv").write_text("a,=1\n", encoding="utf-8")
    with pytest.raises(AssertionError):
        look([tmp_path])
