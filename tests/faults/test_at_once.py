"""Two at once: one waits or is refused plainly; none is lost, none is recorded twice."""

import datetime as dt
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import small_world

from small_runs import CONTRACT, FIRST, SECOND, YEAR, evidence_of
from yoc.core.findings import FindingsError
from yoc.core.periods import FinancialYear
from yoc.store import database as store_database
from yoc.store.database import Store, connect
from yoc.store.journal import broken, reading
from yoc.store.migrate import count, ensure
from yoc.store.tables import Run
from yoc.workflow import restate as workflow
from yoc.workflow.posting import post_run
from yoc.workflow.restate import restate_run, settle_and_post
from yoc.workflow.year import YearOf, move_year, standing_run
from yoc.workflow.year_money import pay

DAY = dt.date(2027, 5, 10)
BY = "Somebody"


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """How long one waits for another is no matter here, and a machine may be slow."""
    monkeypatch.setattr(store_database, "WAIT_SECONDS", 60)


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What each of them gave, or how it was refused; all begin at one moment."""
    begin, ended = threading.Barrier(len(acts)), [None] * len(acts)

    def do(place: int, act: Callable[[], Any]) -> None:
        begin.wait()
        try:
            ended[place] = act()
        except FindingsError as error:
            ended[place] = error.findings[0].code

    threads = [threading.Thread(target=do, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ended


def held(store: Store) -> dict[str, tuple[int, int]]:
    with store.session() as session:
        assert broken(session) == []
        return count(session.connection())


def year_in(store: Store, contract: str = CONTRACT) -> YearOf:
    return YearOf(Path(), store, contract, FinancialYear.parse(YEAR))


def test_one_payment_that_two_people_record_is_recorded_once(store: Store):
    post_run(store, evidence_of(FIRST, "run-1"))
    act = lambda: pay(year_in(store), "C", "A", 700, "BACS-1", "final", DAY, BY)  # noqa: E731
    ended = at_once(act, act, act)
    assert sorted(map(str, ended)) == ["2", "REFERENCE-REPEATED", "REFERENCE-REPEATED"]
    assert held(store)["payments"] == (1, 700)


def test_two_payments_at_once_are_both_recorded(store: Store):
    post_run(store, evidence_of(FIRST, "run-1"))

    def act(reference: str) -> Callable[[], int]:
        return lambda: pay(year_in(store), "C", "A", 700, reference, "final", DAY, BY)

    assert sorted(at_once(act("BACS-1"), act("BACS-2"))) == [2, 3]
    assert held(store)["payments"] == (2, 1400)


def test_one_run_that_is_posted_by_two_is_posted_once(store: Store):
    act = lambda: post_run(store, evidence_of(FIRST, "run-1"))  # noqa: E731
    ended = at_once(act, act)
    # The second is told that it was known, or that somebody recorded it just now.
    assert sorted(getattr(each, "movements", each) for each in ended if each != "STORE-BUSY")[-1] == 5
    assert (
        held(store)["runs"][0] == 1 and held(store)["entries"][0] == 12
    )  # the state, five movements of two sides, the seal


def test_a_restatement_and_a_payment_at_once_are_both_recorded(store: Store):
    post_run(store, evidence_of(FIRST, "run-1"))
    move_year(year_in(store), "flex", BY)
    restated, paid = at_once(
        lambda: restate_run(Path(), store, evidence_of(SECOND, "run-2"), "late_data", "letter", BY),
        lambda: pay(year_in(store), "C", "A", 700, "BACS-1", "final", DAY, BY),
    )
    assert restated[0].movements == 1 and paid in (3, 4)
    assert held(store)["payments"] == (1, 700)


def test_two_workspaces_on_one_server_record_each_their_own(database: str, clock):
    stores = [connect(database, clock), connect(database, clock)]
    at_once(*(lambda store=store: ensure(store) for store in stores))
    runs = [evidence_of(FIRST, "run-1"), evidence_of(SECOND, "run-2")]
    other = runs[1].settlement
    other["contract"]["id"] = "another"
    pairs = list(zip(stores, runs, strict=True))
    ended = at_once(*(lambda store=store, run=run: post_run(store, run) for store, run in pairs))
    assert not [each for each in ended if isinstance(each, str)], ended
    assert [(each.stands, each.movements) for each in ended] == [(True, 5), (True, 5)]
    with reading(stores[0]) as reader:
        for contract, name in ((CONTRACT, "run-1"), ("another", "run-2")):
            assert standing_run(reader, contract, YEAR).run_id == name
    assert held(stores[0])["postings"] == (2, 0)


def settled(plan: Path, store: Store) -> Any:
    return settle_and_post(plan, plan.parents[3], store, None)


def test_two_that_settle_one_plan_make_one_run(store: Store, tmp_path: Path):
    plan = small_world.lay(tmp_path / "workspace")
    ended = at_once(lambda: settled(plan, store), lambda: settled(plan, store))
    refused = [each for each in ended if isinstance(each, str)]
    assert refused in ([], ["RUN-BUSY"], ["STORE-BUSY"])
    assert held(store)["runs"][0] == 1
    assert len(list(plan.parent.glob("runs/2026-27-*"))) == 1


def test_a_run_that_is_overtaken_between_its_folder_and_its_posting_is_recorded_first_by_the_other(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The first waits there until a second person has settled other inputs and recorded them."""
    plan = small_world.lay(tmp_path / "workspace")
    honest, overtaken = workflow.post_run, []

    def waits(store: Store, evidence: Any, by: str = "") -> Any:
        monkeypatch.setattr(workflow, "post_run", honest)
        small_world.lay_prices(tmp_path / "workspace", "110.00", "1.000000")
        overtaken.append(settled(plan, store))
        return honest(store, evidence, by)

    monkeypatch.setattr(workflow, "post_run", waits)
    first, posted = settled(plan, store)
    ((second, posted_second),) = overtaken
    assert posted_second.recorded_first == (first.run_folder.name,)
    assert (posted.known, posted.stands, posted_second.stands) == (True, False, True)
    with reading(store) as reader:
        assert [run.run_id for run in reader.rows(Run)] == [first.run_folder.name, second.run_folder.name]
        assert standing_run(reader, "world", YEAR).run_id == second.run_folder.name
    held(store)
