"""The journal: it balances, only grows, is chained, and tells what was known on any past day for ever the same."""

import datetime as dt
import threading

import pytest
from pydantic import ValidationError
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from small_runs import CONTRACT, FIRST, SECOND, YEAR, evidence_of
from yoc.core.findings import FindingsError
from yoc.store.database import Store, connect
from yoc.store.journal import Act, Movement, broken, reading, writing
from yoc.store.migrate import VERSION_TABLE, count, ensure
from yoc.store.runs import standing_amounts
from yoc.store.seal import SEAL, unsealed
from yoc.store.tables import Entry, Line, Posting, Run, TariffVersion, checked
from yoc.workflow.posting import post_run

ACT = Act("adjustment", CONTRACT, YEAR, "Somebody", dt.date(2027, 3, 31), "agreed_variation", "letter 1")


def code_of(caught: pytest.ExceptionInfo[FindingsError]) -> list[str]:
    return [finding.code for finding in caught.value.findings]


def move(pence: int, name: str = "extra") -> Movement:
    return Movement("adjustment", "A", "adjustment", name, "", "C", "A", pence)


def entries(store: Store) -> list[Entry]:
    """The journal without the seals, by which each posting ends."""
    with store.session() as session:
        return list(session.exec(select(Entry).where(Entry.kind != SEAL).order_by(Entry.sequence)).all())


def test_a_movement_has_two_sides_that_come_to_nothing(store: Store):
    with writing(store, ACT) as writer:
        writer.move([move(12_345)])
    assert [(entry.party, entry.pence) for entry in entries(store)] == [("C", -12_345), ("A", 12_345)]
    assert {entry.effective for entry in entries(store)} == {dt.date(2027, 3, 31)}
    assert {entry.recorded_at for entry in entries(store)} == {dt.datetime(2027, 5, 10, 9)}


def test_entries_that_do_not_come_to_nothing_are_refused_and_leave_nothing(store: Store):
    with pytest.raises(FindingsError) as caught, writing(store, ACT) as writer:
        writer.enter(move(1), "A", 1)
    assert code_of(caught) == ["ENTRY-UNBALANCED"]
    assert "come to £0.01" in caught.value.findings[0].message
    with store.connected() as connection:
        assert set(count(connection).values()) == {(0, 0)}


def test_a_posting_that_breaks_off_leaves_nothing(store: Store):
    with pytest.raises(ZeroDivisionError), writing(store, ACT) as writer:
        writer.move([move(5)])
        raise ZeroDivisionError
    with store.connected() as connection:
        assert set(count(connection).values()) == {(0, 0)}


@pytest.mark.parametrize("change", ["UPDATE {} SET posting = posting", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_database_itself_refuses_to_change_what_was_recorded(store: Store, change: str):
    if store.is_file and change.startswith("TRUNCATE"):
        change = "DELETE FROM {} WHERE 1 = 1"
    post_run(store, evidence_of(FIRST, "run-1"))
    with store.connected() as connection:
        tables = [name for name in inspect(connection).get_table_names() if name != VERSION_TABLE]
        filled = [name for name, (rows, _) in count(connection).items() if rows]
    assert {"entries", "postings", "runs", "lines", "findings", "standings", "parties"} <= set(filled)
    for table in tables if change.startswith("TRUNCATE") else filled:
        with pytest.raises(DBAPIError, match="never changed"), store.engine.begin() as connection:
            connection.execute(text(change.format(table)))
    with pytest.raises(FindingsError) as caught, store.connected() as connection:
        connection.execute(text("DELETE FROM entries"))
    assert code_of(caught) == ["STORE-BROKEN"]


def without_triggers(store: Store, statement: str) -> None:
    """What somebody could do who may change the tables themselves."""
    with store.engine.begin() as connection:
        if store.is_file:
            connection.execute(text("DROP TRIGGER entries_no_update"))
            connection.execute(text("DROP TRIGGER entries_no_delete"))
        else:
            connection.execute(text("ALTER TABLE entries DISABLE TRIGGER ALL"))
        connection.execute(text(statement))


@pytest.mark.parametrize(
    ("statement", "place"),
    [
        ("UPDATE entries SET pence = pence + 1 WHERE sequence = 3", 3),
        ("UPDATE entries SET evidence = 'another' WHERE sequence = 1", 1),
        ("UPDATE entries SET recorded_by = 'another' WHERE sequence = 10", 10),
        ("DELETE FROM entries WHERE sequence = 4", 4),
        ("UPDATE entries SET hash = previous_hash WHERE sequence = 9", 9),
    ],
)
def test_a_change_behind_the_program_breaks_the_chain_where_it_is(store: Store, statement: str, place: int):
    post_run(store, evidence_of(FIRST, "run-1"))
    with store.session() as session:
        assert broken(session) == []
    without_triggers(store, statement)
    with store.session() as session:
        found = broken(session)
    assert [finding.code for finding in found] == ["STORE-BROKEN"] * len(found)
    assert found[0].message == f"the chain of the journal breaks at entry {place}"


def test_the_last_entries_cannot_vanish_without_their_posting_unbalanced(store: Store):
    post_run(store, evidence_of(FIRST, "run-1"))
    without_triggers(store, "DELETE FROM entries WHERE sequence > 10")
    with store.session() as session:
        assert [finding.message for finding in broken(session)] == [
            "the entries of posting 1 come to -£700.00, not to nothing"
        ]


def test_a_posting_whose_seal_was_taken_off_the_end_is_told(store: Store):
    for pence in (1, 2):
        with writing(store, ACT) as writer:
            writer.move([move(pence)])
    with store.session() as session:
        assert unsealed(session) == []
    # Two entries and a seal for each.
    without_triggers(store, "DELETE FROM entries WHERE sequence = 6")
    with store.session() as session:
        assert broken(session) == []
        assert [finding.message for finding in unsealed(session)] == [
            "posting 2 has no seal: the entry that closes it was taken out of the journal"
        ]


def test_the_only_seal_of_a_store_is_missed(store: Store):
    with writing(store, ACT) as writer:
        writer.move([move(1)])
    without_triggers(store, "DELETE FROM entries WHERE sequence = 3")
    with store.session() as session:
        assert broken(session) == []
        assert [(finding.code, finding.message) for finding in unsealed(session)] == [
            ("STORE-BROKEN", "posting 1 has no seal: the entry that closes it was taken out of the journal")
        ]


def test_a_run_is_recorded_with_its_lines_and_moves_its_entries(store: Store):
    posted = post_run(store, evidence_of(FIRST, "run-1"))
    assert (posted.known, posted.stands, posted.movements) == (False, True, 5)
    with reading(store) as reader:
        assert [(line.host, line.name, line.pence, line.running_pence) for line in reader.rows(Line)] == [
            ("A", "budget", 100_000, 100_000),
            ("A", "cost", 60_000, 40_000),
            ("A", "partner", 5_000, 35_000),
            ("B", "budget", 50_000, 50_000),
            ("B", "cost", 70_000, -20_000),
        ]
        assert [run.prepared_by for run in reader.rows(Run)] == ["Preparer"]
    net = {party: sum(entry.pence for entry in entries(store) if entry.party == party) for party in "CABV"}
    # £1,000 + £500 out, £600 + £700 back; A keeps £350, B owes £200, V has £50.
    assert net == {"C": -20_000, "A": 35_000, "B": -20_000, "V": 5_000}


def test_every_version_of_the_prices_of_a_run_is_known(store: Store):
    settled = evidence_of(FIRST, "run-1")
    settled.settlement["contract"]["price_versions"] = [
        {"book": "prices", "version": "v1", "published_on": "2026-03-01"},
        {"book": "prices", "version": "v2", "published_on": "2026-09-01"},
    ]
    settled.manifest["made_from"]["documents"]["book 2"] = "d" * 64
    post_run(store, settled)
    with reading(store) as reader:
        known = [(row.version, row.sha256[:1], row.published_on.month) for row in reader.rows(TariffVersion)]
    assert known == [("v1", "b", 3), ("v2", "d", 9)]


def test_a_run_that_was_posted_is_not_posted_again(store: Store):
    post_run(store, evidence_of(FIRST, "run-1"))
    before = [entry.hash for entry in entries(store)]
    posted = post_run(store, evidence_of(FIRST, "run-1"))
    assert (posted.known, posted.stands, posted.movements) == (True, True, 0)
    assert [entry.hash for entry in entries(store)] == before


def test_another_run_of_an_open_year_moves_only_what_differs(store: Store):
    post_run(store, evidence_of(FIRST, "run-1"))
    posted = post_run(store, evidence_of(SECOND, "run-2"))
    assert posted.movements == 1
    new = entries(store)[11:]
    assert [(entry.name, entry.party, entry.pence) for entry in new] == [("cost", "A", -4_000), ("cost", "C", 4_000)]
    # Entry 1 opened the year, 2 and 3 are A's budget, 4 and 5 the two sides of A's cost; the payee's is superseded.
    assert [entry.sequence for entry in new] == [13, 14]
    assert [entry.supersedes for entry in new] == [5, 5]
    with reading(store) as reader:
        stands = standing_amounts(reader, CONTRACT, YEAR)
    assert stands["A", "cost", "cost", "A", "C"].pence == 64_000


def test_what_was_believed_on_a_day_stays_what_was_believed(store: Store, clock):
    def believed(moment: dt.datetime) -> tuple[list[str], int]:
        with reading(store, moment) as reader:
            stands = standing_amounts(reader, CONTRACT, YEAR)
            return [run.run_id for run in reader.rows(Run)], sum(each.pence for each in stands.values())

    early = dt.datetime(2027, 5, 9, tzinfo=dt.UTC)
    post_run(store, evidence_of(FIRST, "run-1"))
    clock.on(days=1)
    monday = dt.datetime(2027, 5, 10, 9, 0, tzinfo=dt.UTC)
    said = believed(monday)
    assert said == (["run-1"], 285_000)
    assert believed(early) == ([], 0)
    post_run(store, evidence_of(SECOND, "run-2"))
    clock.on(days=1)
    assert believed(monday) == said
    assert believed(dt.datetime(2027, 5, 11, 9, 0, tzinfo=dt.UTC)) == (["run-1", "run-2"], 289_000)


def test_a_moment_that_is_not_past_is_refused(store: Store, clock):
    with pytest.raises(FindingsError) as caught, reading(store, clock()):
        pass
    assert code_of(caught) == ["STORE-CLOCK"]


def test_a_clock_before_the_last_posting_is_refused(store: Store, clock):
    post_run(store, evidence_of(FIRST, "run-1"))
    clock.on(seconds=-1)
    with pytest.raises(FindingsError) as caught:
        post_run(store, evidence_of(SECOND, "run-2"))
    assert code_of(caught) == ["STORE-CLOCK"]
    clock.on(seconds=1)
    assert post_run(store, evidence_of(SECOND, "run-2")).stands


def test_a_second_writer_is_told_that_the_store_is_busy(store: Store, monkeypatch: pytest.MonkeyPatch):
    """The first writer holds the store for longer than the second waits."""
    from yoc.store import database

    monkeypatch.setattr(database, "WAIT_SECONDS", 1)
    other = connect(
        store.engine.url.render_as_string(hide_password=False) if not store.is_file else _path(store), store.clock
    )
    with writing(store, ACT) as writer:
        writer.move([move(1)])
        with pytest.raises(FindingsError) as caught, writing(other, ACT):
            pass
        assert code_of(caught) == ["STORE-BUSY"]
    assert len(entries(store)) == 2


def _path(store: Store):
    from pathlib import Path

    return Path(store.engine.url.database)


def test_writers_at_once_post_one_after_another(store: Store):
    def write(name: str) -> None:
        try:
            with writing(store, ACT) as writer:
                writer.move([move(1, name)])
        except Exception as error:
            failures.append(error)

    failures: list[Exception] = []
    threads = [threading.Thread(target=write, args=(f"writer {number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with store.session() as session:
        assert broken(session) == []
        assert sorted(session.exec(select(Posting.posting)).all()) == [1, 2, 3, 4, 5, 6]
    assert {entry.name for entry in entries(store)} == {f"writer {number}" for number in range(6)}


@pytest.mark.parametrize("pence", [1.0, 0.5, "1", True, 2**62 + 1])
def test_nothing_but_whole_pence_becomes_an_entry(store: Store, pence):
    with pytest.raises(ValidationError) as caught, writing(store, ACT) as writer:
        writer.enter(move(0), "A", pence)
    assert "input_value" not in str(caught.value)
    assert entries(store) == []


def test_a_row_with_a_field_that_is_none_is_refused():
    with pytest.raises(ValidationError):
        checked(Posting, posting=1, kind="run", contract="x", year="y", recorded_by="z", when="now")


def test_an_older_store_is_not_used_before_it_is_brought_up(store: Store):
    with store.engine.begin() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))
    with pytest.raises(FindingsError) as caught:
        ensure(store)
    assert code_of(caught) == ["STORE-VERSION"]
    assert "newer than this program" in caught.value.findings[0].message


def test_tables_without_their_triggers_are_told(store: Store, tmp_path):
    from yoc.workflow.store_care import check_store

    assert check_store(store, tmp_path).findings == []
    without_triggers(store, "SELECT 1")
    (finding,) = check_store(store, tmp_path).findings
    assert finding.message == "the database no longer refuses to change the table entries"
