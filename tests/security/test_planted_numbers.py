"""NHS numbers planted in every column of every file, and in every text of a command: none is said or written again."""

import csv
import re
import sys
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

sys.path.insert(0, str(Path(__file__).parents[1] / "workflow"))

from small_world import LINES, PLAN, lay, write

from yoc.cli.commands import app

NUMBER, SPACED = "9434765919", "943 476 5919"
LISTED = ("P1,A", "P2,A", "P4,A")
COLUMNS = {
    "registrations": 5, "persons": 4, "conditions": 3, "practices": 5, "neighbourhoods": 4, "list": 2, "activity": 12,
}  # fmt: skip
NAMED = ("world", "2026-27")


def shows(text: str) -> bool:
    return re.search(r"943[ \-\u00a0]?476[ \-\u00a0]?5919", text) is not None


def shown_in(root: Path) -> list[str]:
    """The files outside `data/` in which the number can be read."""
    found = []
    for path in sorted(root.rglob("*")):
        if not path.is_file() or path.relative_to(root).parts[0] == "data":
            continue
        if path.suffix == ".xlsx":
            cells = (str(cell.value) for sheet in load_workbook(path) for row in sheet.iter_rows() for cell in row)
            text = "\n".join(cells)
        else:
            text = path.read_bytes().decode("latin-1")
        if shows(text) or shows(path.name):
            found.append(path.relative_to(root).as_posix())
    return found


def invoke(*arguments: str) -> tuple[int, str]:
    shown = CliRunner().invoke(app, list(arguments), env={"YOC_STORE_URL": ""})
    assert isinstance(shown.exception, SystemExit | None), (arguments, shown.exception)
    said = shown.stdout + shown.stderr
    assert not shows(said), (arguments, said)
    return shown.exit_code, said


def plant(root: Path, file: str, column: int, form: str, rows: int) -> Path:
    """The small world with the number in one column of the first rows of a file."""
    lines = (*LINES, *(("P2", f"2026-06-{day:02d}", "AE", "VB01Z", "1", "5.00") for day in range(1, 8)))
    plan = lay(root, lines=lines, listed=LISTED if file == "list" else None)
    path = root / f"data/{file}.csv"
    header, *table = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
    assert len(header) == COLUMNS[file]
    table = table or [["P1", "diabetes", "2020-01-01"]]
    for row in table[:rows]:
        row[column] = form
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header, *table])
    return plan


CASES = [(file, column) for file, columns in COLUMNS.items() for column in range(columns)]


@pytest.mark.parametrize(("file", "column"), CASES, ids=[f"{file}-{column}" for file, column in CASES])
def test_a_number_in_one_column_is_said_and_written_nowhere(tmp_path: Path, file: str, column: int):
    """One row in one form, or in turn many rows in the other: each column is tried in one of the two, in turn."""
    form, rows = ((NUMBER, 1), (SPACED, 7))[column % 2]
    plan = plant(tmp_path, file, column, form, rows)
    if rows > 1:
        write(tmp_path, PLAN, plan.read_text(encoding="utf-8") + "controlled_environment: yes\n")
    code, said = invoke("reconcile", str(plan))
    assert code in (0, 3), said
    assert shown_in(tmp_path) == []


@pytest.mark.parametrize("form", [NUMBER, SPACED])
def test_lines_whose_provider_is_a_number_are_rejected_and_counted(tmp_path: Path, form: str):
    """The first line is left: £100 of A's; the file's account tells why."""
    plan = plant(tmp_path, "activity", 2, form, 1)
    code, said = invoke("reconcile", str(plan))
    assert code == 0, said
    (run,) = (plan.parent / "runs").glob("2026-27-*")
    assert "provider has the form of an NHS number" in "".join(
        path.read_text(encoding="utf-8-sig") for path in run.rglob("*.*") if path.suffix in (".csv", ".json", ".jsonl")
    )
    assert shown_in(tmp_path) == []


def test_files_read_alone_and_drafts_show_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    for column in range(COLUMNS["activity"]):
        plant(tmp_path, "activity", column, (NUMBER, SPACED)[column % 2], 3)
        invoke("intake", "read", "data/activity.csv")
    invoke("intake", "profile", "new", "data/activity.csv")
    text = (tmp_path / "data/activity.csv").read_text(encoding="utf-8")
    write(tmp_path, "data/headless.csv", text.replace("TARIFF CODE", NUMBER).replace("TOTAL COST", SPACED))
    invoke("intake", "profile", "new", "data/headless.csv")
    assert shown_in(tmp_path) == []


@pytest.mark.parametrize("form", [NUMBER, SPACED])
def test_no_text_of_a_command_records_a_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str):
    """Whoever names a patient where a letter should be named is refused, and the refusal does not repeat it."""
    plan = lay(tmp_path, ("route: host_pays_provider", "route: commissioner_pays_and_nets"))
    monkeypatch.chdir(tmp_path)
    assert invoke("reconcile", str(plan))[0] == 0
    told, by = f"letter about {form}", ("--by", "A. Analyst")
    money = ("--payer", "C", "--payee", "A", "--amount", "£1")
    for arguments in (
        ("adjust", *NAMED, *money, "--reason", "agreed_variation", "--evidence", told, *by),
        ("adjust", *NAMED, *money, "--reason", "agreed_variation", "--evidence", "letter", "--by", told),
        ("pay", *NAMED, *money, "--reference", told, *by),
        ("pay", *NAMED, *money, "--reference", form, *by),
        ("dispute", "raise", *NAMED, "--host", "A", "--line", "cost", "--amount", "£1", "--evidence", told, *by),
        ("year", "flex", *NAMED, "--by", told),
        ("explain", "2026-27", "--line", form, "--host", "A"),
        ("verify", form),
        ("digest", form, "--key", "k", "--out", "o.json"),
        ("evidence", form),
        ("balances", form, "2026-27"),
    ):
        code, said = invoke(*arguments)
        assert code not in (0, 1), (arguments, said)
    assert shown_in(tmp_path) == []
