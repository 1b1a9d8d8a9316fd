"""The commands of a year's life on a world that can be settled by hand: what they print, record and refuse."""

import hashlib
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
    assert ["18", "settlement", "B", "cost", "B", "C", "price_reissue", "9", "£20.00"] in rows_of(
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
    assert "settled part accepted £12.00 by A. Analyst (panel 1)" in listed
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
    assert "reopened (frozen again) by A. Analyst: a late file" in shown
    assert "price_reissue (book 2), by A. Analyst" in shown
    assert json.loads(run("year", "show", *NAMED, "--json"))["state"] == "frozen"
    assert json.loads(run("year", "show", *NAMED, "--as-of", "2027-05-11", "--json"))["state"] == "open"
    assert "The chain holds, and every posting comes to nothing." in run("store", "check")


def test_what_is_claimed_on_top_of_a_line_and_what_is_taken_off_read_so(run):
    run("reconcile", PLAN)
    run("year", "flex", *NAMED)
    raised = (
        "dispute",
        "raise",
        *NAMED,
        "--host",
        "A",
        "--line",
        "budget",
        "--evidence",
        "query 1",
        "--on",
        "2027-05-11",
    )
    said = run(*raised, "--amount", "£20", "--more", "--by", "A's finance")
    assert said.startswith(
        "Dispute 1: £20.00 more for budget of A (C to A), raised by A's finance on 2027-05-11; raised"
    )
    listed = run("dispute", "list", *NAMED)
    assert "2027-05-11  raised £20.00 by A's finance (query 1)" in listed
    assert rows_of(run("year", "list", *NAMED, "dispute-steps"))[-1][:4] == ["1", "raised", "A's finance", "query 1"]
    said = run("adjust", *NAMED, "--payer", "C", "--payee", "A", "--amount", "-£7.50", "--reason", "agreed_variation",
               "--evidence", "letter 1")  # fmt: skip
    assert ": C owes A £7.50 less, agreed_variation (letter 1)." in said


def test_the_hash_that_is_printed_and_the_one_that_a_statement_keeps_are_both_found(run):
    # The run is posting 1 with entries 1 to 10 (the state, four movements, a seal), the flex 11 and 12, the issue 13.
    run("reconcile", PLAN)
    run("year", "flex", *NAMED)
    said = run("issue", *NAMED, "--on", "2027-05-12")
    printed = re.search(r"The journal ends in ([0-9a-f]{64})", said)[1]
    kept = {
        row["journal_hash"] for row in json.loads(run("year", "list", *NAMED, "statements", "--json"))["statements"]
    }
    assert len(kept) == 1 and printed not in kept
    assert "that of entry 13, posting 3" in run("store", "check", "--last-hash", printed)
    said = run("store", "check", "--last-hash", kept.pop())
    assert "that of entry 12, posting 2" in said and "1 postings with 1 entries came after it" in said


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
    assert "version 0002 seals no posting, and 1 are sealed" in said
    said = run("store", "upgrade")
    assert "from version 0004 to 0004. Copy: store-before-" in said
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


def paid_and_frozen(run) -> None:
    """A year that was settled, made final, and paid to the last penny."""
    run("reconcile", PLAN)
    for act in ("flex", "freeze"):
        run("year", act, *NAMED)
    for payee, amount in (("A", "£386"), ("B", "£226")):
        run("pay", *NAMED, "--payer", "C", "--payee", payee, "--amount", amount, "--reference", payee)


def test_only_the_difference_is_payable_after_all_was_paid_and_one_price_changed(run, tmp_path: Path):
    paid_and_frozen(run)
    assert {row["outstanding_pence"] for row in json.loads(run("balances", *NAMED, "--json"))["balances"]} == {0}
    # £110 for each of the lines that are charged, where £100 was: one of A's, two of B's.
    lay(tmp_path, NETS, price="110.00")
    run("restate", PLAN, "--reason", "price_reissue", "--evidence", "book 2")
    found = json.loads(run("balances", *NAMED, "--json"))["balances"]
    assert [(row["owing"], row["owed"], row["payable_now_pence"]) for row in found] == [
        ("A", "C", 1_000),
        ("B", "C", 2_000),
    ]


REFUSED_WHEN_CLOSED = [
    ("restate", PLAN, "--reason", "late_data", "--evidence", "x"),
    ("reconcile", PLAN),
    ("adjust", *NAMED, "--payer", "C", "--payee", "A", "--amount", "£1", "--reason", "late_data", "--evidence", "x"),
    ("adjust", *NAMED, "--file", "adjustments.csv"),
    ("pay", *NAMED, "--payer", "C", "--payee", "A", "--amount", "£1", "--reference", "x"),
    ("issue", *NAMED),
    ("dispute", "raise", *NAMED, "--host", "A", "--line", "cost", "--amount", "£1", "--evidence", "x"),
    ("dispute", "answer", *NAMED, "1", "--outcome", "rejected", "--evidence", "x"),
    ("dispute", "settle", *NAMED, "1", "--agreed", "£0", "--evidence", "x"),
    ("year", "open", *NAMED),
    ("year", "flex", *NAMED),
    ("year", "freeze", *NAMED),
    ("year", "close", *NAMED),
    ("store", "post", "RUN"),
]
WRITES_OTHERWISE = {("year", "reopen"), ("store", "upgrade"), ("store", "downgrade"), ("store", "new")}
"""What opens a closed year again, brings the store as a whole to another version, or lays it anew."""
READS = {
    ("year", "show"), ("year", "list"), ("balances",), ("journal",), ("dispute", "list"), ("store", "check"),
}  # fmt: skip
"""Every command that reads the store."""


def test_a_closed_year_refuses_every_command_that_writes(run, tmp_path: Path):
    paid_and_frozen(run)
    run("year", "close", *NAMED)
    (tmp_path / "adjustments.csv").write_text(f"{HEADER}\n1,C,A,1.00,late_data,x\n", encoding="utf-8")
    (folder,) = [path for path in (tmp_path / "reconciliation/2026-27/world/runs").iterdir() if path.is_dir()]
    other = folder.with_name("2026-27-another")
    other.mkdir()
    text = (folder / "settlement.json").read_text(encoding="utf-8").replace(folder.name, other.name)
    (other / "settlement.json").write_text(text, encoding="utf-8")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["files"]["settlement.json"] = hashlib.sha256(text.encode()).hexdigest()
    (other / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    lay(tmp_path, NETS, price="110.00")
    before = json.loads(run("store", "check", "--json"))
    for command in REFUSED_WHEN_CLOSED:
        said = run(*(str(other) if part == "RUN" else part for part in command), code=ExitCode.INPUT)
        assert "YEAR-STATE" in said, command
    assert json.loads(run("store", "check", "--json")) == before


def test_every_command_of_the_store_is_tried_when_closed_or_reads_a_past_day():
    import typer

    def walk(command, path: tuple[str, ...]):
        if hasattr(command, "commands"):
            for name, below in command.commands.items():
                yield from walk(below, (*path, name))
        else:
            yield path, {parameter.name for parameter in command.params}

    commands = dict(walk(typer.main.get_command(app), ()))
    groups = {"year", "dispute", "store"}
    ours = {
        path
        for path in commands
        if path[0] in groups or ("contract" in commands[path] and path[0] not in ("contract", "settle"))
    }
    ours |= {("reconcile",), ("restate",)}
    tried = {tuple(command[: 2 if command[0] in groups else 1]) for command in REFUSED_WHEN_CLOSED}
    assert ours == tried | WRITES_OTHERWISE | READS
    assert [path for path in READS if "as_of" not in commands[path]] == []
    assert [path for path in (("balances",), ("journal",)) if "effective_on" not in commands[path]] == []


HEADER = "reference,payer,payee,amount,reason,evidence"


def test_a_file_of_adjustments_is_recorded_whole_or_not_at_all_and_once(run, tmp_path: Path):
    run("reconcile", PLAN)
    file = tmp_path / "adjustments.csv"
    file.write_text(
        f"{HEADER},effective\n1,C,A,£12.50,agreed_variation,letter 9,2026-12-31\n2,C,B,-3,late_data,letter 9,\n",
        encoding="utf-8",
    )
    said = run("adjust", *NAMED, "--file", str(file))
    assert "1: C owes A £12.50 more, agreed_variation (letter 9)." in said
    assert "2 adjustments of adjustments.csv recorded." in said
    assert "0 adjustments of adjustments.csv recorded. 2 recorded before" in run("adjust", *NAMED, "--file", str(file))
    assert [row["outstanding_pence"] for row in json.loads(run("balances", *NAMED, "--json"))["balances"]] == [
        38_600 + 1_250, 22_600 - 300,
    ]  # fmt: skip
    # What was agreed for December held before the settlement, which is true at the year's end.
    held = json.loads(run("balances", *NAMED, "--effective-on", "2026-12-31", "--json"))["balances"]
    assert [(row["owing"], row["owed"], row["outstanding_pence"]) for row in held] == [("C", "A", 1_250)]
    moved = json.loads(run("journal", *NAMED, "--effective-on", "2026-12-31", "--json"))["movements"]
    assert [(row["name"], row["pence"]) for row in moved] == [("1", 1_250)]
    # Every fault of a file is told, with its row, and nothing of it recorded.
    file.write_text(
        f"{HEADER}\n3,C,A,5.00,late_data,letter 10\n3,C,A,5.00,late_data,letter 10\n4,C,X,0,gift,\n"
        "5,C,A,abc,late_data,943 476 5919\n6,C,A,1.005,late_data,letter 11\n",
        encoding="utf-8",
    )
    said = run("adjust", *NAMED, "--file", str(file), code=ExitCode.INPUT)
    for words in (
        "adjustments.csv:3: REFERENCE-REPEATED", "its reference is that of row 2", "adjustments.csv:4: AMOUNT-INVALID",
        "the payee is no party of the contract; its parties are A, B, C, G, P", "the sum is nothing",
        "the evidence is empty", "the reason is none of late_data", "adjustments.csv:5: PERSON-NAMED",
        "the amount is not a sum of money", "the amount holds part of a penny: money is whole pence",
        "Nothing was written.",
    ):  # fmt: skip
        assert words in said
    assert "5919" not in said
    file.write_text(
        f"{HEADER}\n6,C,A,5.00,late_data,letter 11\n1,C,A,12.51,agreed_variation,letter 9\n", encoding="utf-8"
    )
    said = run("adjust", *NAMED, "--file", str(file), code=ExitCode.INPUT)
    assert "adjustments.csv:3: REFERENCE-REPEATED" in said and "used before in posting 2, for something else" in said
    listed = json.loads(run("year", "list", *NAMED, "adjustments", "--json"))["adjustments"]
    assert [(row["reference"], row["pence"], row["by"]) for row in listed] == [
        ("1", 1_250, "A. Analyst"), ("2", -300, "A. Analyst"),
    ]  # fmt: skip
    assert "leave out --file" in run("adjust", *NAMED, "--file", str(file), "--payer", "C", code=ExitCode.USAGE)
    assert "say --payer, --payee" in run("adjust", *NAMED, "--reason", "late_data", code=ExitCode.USAGE)


def test_every_table_of_the_store_is_listed(run, tmp_path: Path):
    from sqlmodel import SQLModel

    from yoc.workflow.records import KEPT

    assert {kept.table.__tablename__ for kept in KEPT.values()} == set(SQLModel.metadata.tables) - {"contracts"}
    run("reconcile", PLAN)
    run("year", "flex", *NAMED)
    run("issue", *NAMED)
    run("dispute", "raise", *NAMED, "--host", "B", "--line", "cost", "--amount", "£30", "--evidence", "q 1")
    run("pay", *NAMED, "--payer", "C", "--payee", "A", "--amount", "£1", "--reference", "x")
    counts = {what: len(json.loads(run("year", "list", *NAMED, what, "--json"))[what]) for what in KEPT}
    assert counts == {
        "postings": 5, "contracts": 1, "prices": 1, "runs": 1, "parties": 5, "lines": 4, "findings": counts["findings"],
        "taken-off": 0, "standings": 1, "states": 2, "sign-offs": 1, "adjustments": 0, "statements": 2, "payments": 1,
        "disputes": 1, "dispute-steps": 1,
        # The run: one that opens, eight sides, a seal; flex: two; issue and dispute: a seal each; pay: three.
        "entries": 10 + 2 + 1 + 1 + 3,
    }  # fmt: skip
    said = run("year", "list", *NAMED, "lines", "--out", "lines.csv")
    assert rows_of(said)[3][:7] == ["A", "cost", "", "A", "C", "£100.00", "£386.00"] or "£100.00" in said
    assert (tmp_path / "lines.csv").read_text(encoding="utf-8-sig").startswith("run_id,place,host,term")
    assert "findings, taken-off" in run("year", "list", *NAMED, "line", code=ExitCode.INPUT)
    assert "RUN-UNKNOWN" in run("year", "list", *NAMED, "lines", "--run", "2025", code=ExitCode.INPUT)


def test_a_hash_that_was_noted_tells_what_came_after_it_or_that_it_is_gone(run, tmp_path: Path):
    import sqlite3

    run("reconcile", PLAN)
    run("year", "flex", *NAMED)
    said = run("issue", *NAMED)
    (noted,) = re.findall(r"The journal ends in ([0-9a-f]{64})\.", said)
    run("pay", *NAMED, "--payer", "C", "--payee", "A", "--amount", "£1", "--reference", "x")
    said = run("store", "check", "--last-hash", noted[:12].upper())
    # The run has ten entries, flex two, issue its seal.
    assert "is that of entry 13, posting 3, recorded 2027-05-12T09:00:00Z by A. Analyst." in said
    assert "1 postings with 3 entries came after it." in said
    assert f"It ended at the end of 2027-05-12 in {noted}" in run("store", "check", "--as-of", "2027-05-12")
    assert "FIELD-VALUE" in run("store", "check", "--last-hash", "abc", code=ExitCode.INPUT)
    # Somebody takes the last two postings away, with all that they recorded. The chain that is left holds.
    with sqlite3.connect(tmp_path / "reconciliation/store.sqlite") as connection:
        for table in ("entries", "payments", "statements", "postings"):
            connection.execute(f"DROP TRIGGER {table}_no_delete")
            connection.execute(f"DELETE FROM {table} WHERE posting > 2")
            connection.execute(
                f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'what was recorded is never changed'); END"
            )
    connection.close()
    assert "The chain holds" in run("store", "check")
    said = run("store", "check", "--last-hash", noted, code=ExitCode.CHECK)
    assert "STORE-BROKEN" in said and f"no entry of the journal has the hash {noted[:12]} that was noted" in said


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("UPDATE statements SET pence = pence + 1", "what posting 3 recorded is not what its seal"),
        ("UPDATE signoffs SET journal_hash = 'b'", "the sign-off of posting 2 rests on an entry"),
    ],
)
def test_a_row_of_any_table_that_was_changed_is_told(run, tmp_path: Path, change: str, words: str):
    import sqlite3

    run("reconcile", PLAN)
    run("year", "flex", *NAMED)
    run("issue", *NAMED)
    table = change.split()[1]
    with sqlite3.connect(tmp_path / "reconciliation/store.sqlite") as connection:
        connection.execute(f"DROP TRIGGER {table}_no_update")
        connection.execute(change)
    connection.close()
    assert words in run("store", "check", code=ExitCode.CHECK)


def test_a_restatement_with_a_dispute_open_says_what_is_left_of_it(run, tmp_path: Path):
    run("reconcile", PLAN)
    run("year", "flex", *NAMED)
    run("dispute", "raise", *NAMED, "--host", "B", "--line", "cost", "--amount", "£150", "--evidence", "query 1")
    # £40 for each line, where £100 was: B's cost of £200 comes to £80, which is less than the £150 that B disputes.
    lay(tmp_path, NETS, price="40.00")
    said = run("restate", PLAN, "--reason", "price_reissue", "--evidence", "book 2")
    assert (
        "The line came to £200.00 when it was raised, and comes to £80.00 now; £80.00 of it is still disputed. "
        "It stays open until it is settled."
    ) in said
    assert "£80.00 of it is still disputed." in run("dispute", "list", *NAMED)
    settle = ("dispute", "settle", *NAMED, "1", "--evidence", "panel 1", "--agreed")
    assert "does not lie between nothing and £80.00" in run(*settle, "£80.01", code=ExitCode.INPUT)
    assert "£30.00 was agreed." in run(*settle, "£30")
    # B's budget of £426 less its cost of £80, of which £30 is taken off.
    found = json.loads(run("balances", *NAMED, "--json"))["balances"]
    assert [row["payable_now_pence"] for row in found if row["owed"] == "B"] == [42_600 - 8_000 + 3_000]
