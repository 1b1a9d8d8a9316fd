"""The commands of a year's life on a world that can be settled by hand: what they print, record and refuse."""

import json
import re
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from yoc.cli.commands import app
from yoc.cli.faults import ExitCode
from yoc.workflow import store_place

sys.path.append(str(Path(__file__).resolve().parents[1] / "workflow"))

from small_world import PLAN, lay

NAMED = ("world", "2026-27")
NETS = ("route: host_pays_provider", "route: commissioner_pays_and_nets")


@pytest.fixture
def run(request: pytest.FixtureRequest, tmp_path: Path, clock, monkeypatch: pytest.MonkeyPatch):
    """Runs a command in a small world on the day after the last one; gives its exit code and all that it said."""
    lay(tmp_path, NETS)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("YOC_BY", "A. Analyst")
    if getattr(request, "param", "") == "postgresql":
        monkeypatch.setenv("YOC_STORE_URL", request.getfixturevalue("database"))
    else:
        monkeypatch.delenv("YOC_STORE_URL", raising=False)
    monkeypatch.setattr(store_place, "system_clock", clock)

    def invoke(*arguments: str, code: int = ExitCode.DONE) -> str:
        done = CliRunner().invoke(app, list(arguments))
        assert done.exit_code == code, done.output
        assert "Traceback" not in done.output
        clock.on(days=1)
        return done.output

    return invoke


def rows_of(output: str) -> list[list[str]]:
    """The rows of a printed table as its cells."""
    return [re.split(r"\s{2,}", line.strip()) for line in output.splitlines() if line.startswith(" ") and line.strip()]


@pytest.mark.parametrize("run", ["sqlite", "postgresql"], indirect=True)
def test_a_whole_year(run, request: pytest.FixtureRequest, tmp_path: Path):
    # £1 a person and day: A has 486 days and £100 of cost, B 426 days and £200.
    said = run("reconcile", PLAN)
    assert "Store:      4 movements recorded, and the run stands" in said
    on_a_server = "postgresql" in request.node.name
    assert (tmp_path / "reconciliation/store.sqlite").is_file() != on_a_server
    assert "this run was recorded before, and stands" in run("reconcile", PLAN)
    rows = rows_of(run("balances", *NAMED))
    assert rows[2:] == [
        ["C", "A", "0.00", "386.00", "0.00", "386.00", "0.00", "386.00", "-"],
        ["C", "B", "0.00", "226.00", "0.00", "226.00", "0.00", "226.00", "-"],
    ]
    assert run("year", "flex", *NAMED) == (
        "world 2026/27 is at its first reconciliation: figures are exchanged and challenged. By A. Analyst.\n"
    )
    assert ["2026-27-3-C", "C", "A", "£386.00"] in rows_of(run("issue", *NAMED, "--on", "2027-05-14"))

    # The price was £110, not £100: A's cost is £10 more, B's £20.
    lay(tmp_path, NETS, price="110.00")
    said = run("reconcile", PLAN)
    assert "Store:      recorded; another run stands" in said
    said = run("restate", PLAN, "--reason", "price_reissue", "--evidence", "book 2")
    assert ["A", "cost", "A", "C", "£10.00"] in rows_of(said) and ["B", "cost", "B", "C", "£20.00"] in rows_of(said)
    assert "2 differences posted, price_reissue (book 2)" in said
    said = run("restate", PLAN, "--reason", "price_reissue", "--evidence", "book 2")
    assert "stands already: nothing was posted." in said
    movements = json.loads(run("journal", *NAMED, "--json"))["movements"]
    assert [(row["name"], row["pence"]) for row in movements] == [
        ("budget", 48_600), ("cost", 10_000), ("budget", 42_600), ("cost", 20_000), ("cost", 1_000), ("cost", 2_000),
    ]  # fmt: skip
    assert ["14", "settlement", "B", "cost", "B", "C", "price_reissue", "9", "£20.00"] in rows_of(
        run("journal", *NAMED)
    )

    run("adjust", *NAMED, "--payer", "A", "--payee", "P", "--amount", "£5.00", "--reason", "agreed_variation",
        "--evidence", "letter 2")  # fmt: skip
    said = run("dispute", "raise", *NAMED, "--host", "B", "--line", "cost", "--amount", "£30", "--evidence", "query 1",
               "--on", "2027-05-19")  # fmt: skip
    assert said.startswith("Dispute 1: £30.00 of cost of B (B to C), raised by A. Analyst on 2027-05-19; raised, next")
    run("dispute", "answer", *NAMED, "1", "--outcome", "part_accepted", "--amount", "£10", "--evidence", "reply 1")
    run("dispute", "settle", *NAMED, "1", "--agreed", "£12", "--evidence", "panel 1")
    listed = run("dispute", "list", *NAMED)
    assert "settled part accepted £12.00 (panel 1)" in listed
    assert json.loads(run("dispute", "list", *NAMED, "--json"))["disputes"][0]["state"] == "part_accepted"

    run("year", "freeze", *NAMED)
    # A: 386 - 10; B: 226 - 20 + 12; and £5 to P.
    for payer, payee, amount in (("C", "A", "£376"), ("C", "B", "£218"), ("A", "P", "£5")):
        run("pay", *NAMED, "--payer", payer, "--payee", payee, "--amount", amount, "--reference", f"B-{payee}")
    assert {row["outstanding_pence"] for row in json.loads(run("balances", *NAMED, "--json"))["balances"]} == {0}
    then = json.loads(run("balances", *NAMED, "--as-of", "2027-05-12", "--json"))["balances"]
    assert [row["outstanding_pence"] for row in then] == [38_600, 22_600]
    assert then[0]["in_words"].startswith("C owes A £386.00: £386.00 due (£0.00 invoiced, £386.00 accrued)")
    assert "closed: nothing changes" in run("year", "close", *NAMED)
    said = run("year", "freeze", *NAMED, code=ExitCode.INPUT)
    assert "YEAR-STATE" in said and "yoc year reopen world 2026-27" in said
    run("year", "reopen", *NAMED, "--reason", "a late file")
    shown = run("year", "show", *NAMED)
    assert "frozen by A. Analyst: a late file" in shown
    assert "price_reissue (book 2), by A. Analyst" in shown
    assert json.loads(run("year", "show", *NAMED, "--json"))["state"] == "frozen"
    assert json.loads(run("year", "show", *NAMED, "--as-of", "2027-05-11", "--json"))["state"] == "open"
    assert "The chain holds, and every posting comes to nothing." in run("store", "check")


def test_a_closed_year_is_refused_before_any_work(run, tmp_path: Path):
    run("reconcile", PLAN)
    for act in ("flex", "freeze"):
        run("year", act, *NAMED)
    for payee, amount in (("A", "£386"), ("B", "£226")):
        run("pay", *NAMED, "--payer", "C", "--payee", payee, "--amount", amount, "--reference", payee)
    run("year", "close", *NAMED)
    runs = tmp_path / "reconciliation/2026-27/world/runs"
    before = sorted(path.name for path in runs.iterdir())
    assert "this run was recorded before" in run("reconcile", PLAN)
    lay(tmp_path, NETS, price="110.00")
    for command in (("reconcile", PLAN), ("restate", PLAN, "--reason", "late_data", "--evidence", "x")):
        said = run(*command, code=ExitCode.INPUT)
        assert "YEAR-STATE" in said
    assert sorted(path.name for path in runs.iterdir()) == before


def test_a_store_that_is_down_stops_before_any_work(run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("YOC_STORE_URL", "postgresql://somebody:secret@127.0.0.1:1/none")
    said = run("reconcile", PLAN, code=ExitCode.PLACE)
    assert "STORE-UNREACHABLE" in said and "Nothing was recorded." in said
    assert "secret" not in said and "somebody" not in said
    assert not (tmp_path / "reconciliation/2026-27").joinpath("world/runs").exists()


def test_a_run_whose_posting_failed_is_whole_in_its_folder_and_posted_next(run, tmp_path: Path, monkeypatch):
    from yoc.core.findings import refusal
    from yoc.workflow import restate

    def down(*_):
        raise refusal("STORE-UNREACHABLE", "the server went away", "look after it")

    with monkeypatch.context() as broken:
        broken.setattr(restate, "post_run", down)
        said = run("reconcile", PLAN, code=ExitCode.PLACE)
    assert "is whole in its folder" in said
    (folder,) = [path for path in (tmp_path / "reconciliation/2026-27/world/runs").iterdir() if path.is_dir()]
    # A command that only reads does not post.
    assert "STORE-UNKNOWN" in run("year", "show", *NAMED, code=ExitCode.INPUT)
    assert "4 movements posted" in run("store", "post", str(folder))
    assert "was recorded before: nothing was posted" in run("store", "post", str(folder))
    # The same by the next command that writes.
    lay(tmp_path, NETS, price="110.00")
    with monkeypatch.context() as broken:
        broken.setattr(restate, "post_run", down)
        run("reconcile", PLAN, code=ExitCode.PLACE)
    run("year", "flex", *NAMED)
    assert [row["pence"] for row in json.loads(run("journal", *NAMED, "--json"))["movements"]][-2:] == [1_000, 2_000]


def test_what_the_command_line_lacks_is_said(run, monkeypatch: pytest.MonkeyPatch):
    run("reconcile", PLAN)
    monkeypatch.delenv("YOC_BY")
    assert "say who does this" in run("year", "flex", *NAMED, code=ExitCode.USAGE)
    assert "not a financial year" in run("balances", "world", "2026", code=ExitCode.USAGE)
    assert "is not a date" in run("balances", *NAMED, "--as-of", "yesterday", code=ExitCode.USAGE)
    amount = ("pay", *NAMED, "--payer", "C", "--payee", "A", "--reference", "x", "--by", "B", "--amount")
    assert "is not a sum of money" in run(*amount, "5", code=ExitCode.USAGE)
    assert "STORE-CLOCK" in run("balances", *NAMED, "--as-of", "2099-01-01", code=ExitCode.INPUT)


def test_a_store_is_brought_down_and_up_by_commands(run, tmp_path: Path):
    run("reconcile", PLAN)
    said = run("store", "downgrade", "--to", "0001", code=ExitCode.INPUT)
    assert "version 0001 cannot hold what the store holds: year_states (1 rows, £0.00)" in said
    said = run("store", "upgrade")
    assert "from version 0002 to 0002. Copy: store-before-" in said
    assert re.search(r"\d+ rows, £[\d,.]+ in all, before and after", said)
    assert len(list((tmp_path / "reconciliation").glob("store-before-*.sqlite"))) == 2


def test_a_journal_that_was_changed_is_told(run, tmp_path: Path):
    import sqlite3

    run("reconcile", PLAN)
    with sqlite3.connect(tmp_path / "reconciliation/store.sqlite") as connection:
        connection.execute("DROP TRIGGER entries_no_update")
        connection.execute("UPDATE entries SET pence = pence * 2 WHERE sequence IN (2, 3)")
    connection.close()
    said = run("store", "check", code=ExitCode.CHECK)
    assert "STORE-BROKEN" in said and "the chain of the journal breaks at entry 2" in said
    assert "the database no longer refuses to change the table entries" in said
    assert "2 problems found." in said


def test_a_run_whose_folder_was_edited_is_told_and_one_that_is_elsewhere_is_counted(run, tmp_path: Path):
    import shutil

    run("reconcile", PLAN)
    assert '"runs_with_folder": 1' in run("store", "check", "--json")
    (file,) = (tmp_path / "reconciliation/2026-27/world/runs").glob("*/settlement.json")
    file.write_text(file.read_text(encoding="utf-8").replace("Host A", "Host Z"), encoding="utf-8")
    assert "is not the one that was recorded" in run("store", "check", code=ExitCode.INPUT)
    shutil.rmtree(file.parent)
    assert "1 runs, 0 of them in their folders here" in run("store", "check")


def test_a_copy_that_may_only_be_read_is_read(run, monkeypatch: pytest.MonkeyPatch):
    from yoc.store import database

    run("reconcile", PLAN)
    monkeypatch.setattr(database, "_is_writable", lambda _: False)
    assert "386.00" in run("balances", *NAMED)
