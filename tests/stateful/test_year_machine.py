"""A contract's year driven at random, against a model that a person can read: the store never says anything else."""

import datetime as dt
import itertools
import os
import shutil
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import event, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy.event import listen, remove

from small_runs import CONTRACT, DIRECTIONS, YEAR, evidence_of, write_run
from yoc.core.findings import FindingsError
from yoc.core.periods import FinancialYear
from yoc.store.database import Store, connect
from yoc.store.journal import Writer, broken, reading
from yoc.store.migrate import ensure
from yoc.store.tables import Entry, Run
from yoc.store.year_tables import DisputeEvent
from yoc.workflow.balances import balances_in
from yoc.workflow.disputes import answer_dispute, raise_dispute, settle_dispute
from yoc.workflow.posting import post_pending, post_run
from yoc.workflow.restate import restate_run
from yoc.workflow.year import YearOf, move_year, standing_run, state_of
from yoc.workflow.year_money import adjust, issue, pay

BY = "Somebody"
PENCE = st.integers(0, 300)
HOSTS = st.fixed_dictionaries(
    {"A": st.dictionaries(st.sampled_from(sorted(DIRECTIONS)), PENCE), "B": st.dictionaries(st.just("cost"), PENCE)}
)
PAIRS = st.sampled_from([("C", "A"), ("A", "C"), ("A", "V"), ("C", "B")])
TODAY = dt.date(2027, 5, 10)


class YearMachine(RuleBasedStateMachine):
    """What may happen to a year, in any order."""

    new_store: Any = None

    def __init__(self) -> None:
        super().__init__()
        self.moment = dt.datetime(2027, 5, 10, tzinfo=dt.UTC)
        self.store: Store = type(self).new_store(lambda: self.moment)
        self.place = tempfile.TemporaryDirectory()
        self.year = YearOf(Path(self.place.name), self.store, CONTRACT, FinancialYear.parse(YEAR))
        self.numbers = itertools.count(1)
        self.state = ""
        self.runs: dict[str, dict[str, dict[str, int]]] = {}
        self.stands = ""
        self.moved: list[tuple[str, str, int]] = []
        self.payments: dict[str, tuple[str, str, int]] = {}
        self.invoiced: dict[tuple[str, str], int] = defaultdict(int)
        self.disputes: dict[int, tuple[str, int, str]] = {}
        self.agreed: list[tuple[str, str, int]] = []
        self.believed: list[tuple[dt.datetime, Any]] = []
        self.waiting: dict[str, dict[str, dict[str, int]]] = {}

    def teardown(self) -> None:
        # Once more all that was ever believed, to the beginning of the year.
        for moment, said in self.believed:
            if moment < self.moment:
                assert said_by(self.store, moment) == said
        self.place.cleanup()

    # What the model says.

    def lines(self) -> list[tuple[str, str, str, str, int]]:
        """The lines of the run that stands: host, name, payer, payee, pence."""
        return [
            (host, term, *(host if code == "host" else code for code in DIRECTIONS[term]), pence)
            for host, amounts in self.runs.get(self.stands, {}).items()
            for term, pence in amounts.items()
        ]

    def is_taken_off(self, payee: str, reference: str) -> bool:
        return reference == f"ACC-{payee}" and "paid" in self.runs.get(self.stands, {}).get(payee, {})

    def due(self) -> dict[tuple[str, str], int]:
        sums: dict[tuple[str, str], int] = defaultdict(int)
        for payer, payee, pence in [*((line[2], line[3], line[4]) for line in self.lines()), *self.moved]:
            sums[payer, payee] += pence
            sums[payee, payer] -= pence
        return sums

    def paid(self) -> dict[tuple[str, str], int]:
        sums: dict[tuple[str, str], int] = defaultdict(int)
        for reference, (payer, payee, pence) in self.payments.items():
            if not self.is_taken_off(payee, reference):
                sums[payer, payee] += pence
                sums[payee, payer] -= pence
        return sums

    def still_disputed(self, number: int) -> int:
        """What is disputed of a line now: what was raised, but no more than older disputes leave of the line."""
        key, pence, payer = self.disputes[number]
        left = sum(moved if way == payer else -moved for what, way, moved in self.agreed if what == key)
        for host, name, way, _, of in self.lines():
            if f"{host} {name}" == key:
                left += of if way == payer else -of
        older = [other for other, (what, _, by) in self.disputes.items() if (what, by) == (key, payer)]
        left -= sum(self.still_disputed(other) for other in older if other < number)
        return min(pence, max(0, left))

    def outstanding(self) -> bool:
        due, paid = self.due(), self.paid()
        return any(due[pair] != paid[pair] for pair in {*due, *paid})

    def expect(self, allowed: bool, act: Any) -> Any:
        """Do something; where the model does not allow it, it has to be refused and to change nothing."""
        try:
            done = act()
        except FindingsError as error:
            assert not allowed, error
            return None
        assert allowed
        return done

    # What may happen.

    @initialize(hosts=HOSTS, settled=st.booleans())
    def begin(self, hosts: dict[str, dict[str, int]], settled: bool) -> None:
        assert state_is(self.store) == ""
        if settled:
            self.a_run_is_posted(hosts)
            self.the_year_moves(False, "flex")

    @rule(minutes=st.integers(0, 3000))
    def time_passes(self, minutes: int) -> None:
        if minutes:
            self.believed.append((self.moment, said_by(self.store, None)))
        self.moment += dt.timedelta(minutes=minutes)

    @rule(hosts=HOSTS)
    def a_run_is_posted(self, hosts: dict[str, dict[str, int]]) -> None:
        name = f"run-{next(self.numbers)}"
        posted = self.expect(self.state != "closed", lambda: post_run(self.store, evidence_of(hosts, name)))
        if posted is None:
            return
        assert not posted.known
        assert posted.stands == (self.state in ("", "open"))
        self.runs[name] = hosts
        if posted.stands:
            self.stands, self.state = name, "open"

    @precondition(lambda self: self.runs)
    @rule(data=st.data())
    def a_run_is_posted_again(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(self.runs)))
        before = said_by(self.store, None)
        assert post_run(self.store, evidence_of(self.runs[name], name)).known
        assert said_by(self.store, None) == before

    @rule(hosts=HOSTS)
    def the_program_dies_between_the_folder_and_the_posting(self, hosts: dict[str, dict[str, int]]) -> None:
        number = next(self.numbers)
        folder = write_run(self.year.runs_folder, hosts, f"run-{number}")
        # Folders are posted by their age, which two in one moment of the disk's clock would not have.
        os.utime(folder / "manifest.json", (number, number))
        self.waiting[folder.name] = hosts

    @precondition(lambda self: self.waiting)
    @rule(dies=st.booleans(), place=st.integers(1, 20))
    def the_next_command_posts_what_lies_in_folders_alone(self, dies: bool, place: int) -> None:
        if dies:
            self.dies(place, lambda: post_pending(self.store, self.year), whole_acts=True)
        before = {} if self.state == "closed" else dict(self.waiting)
        with reading(self.store) as reader:
            known = {run.run_id for run in reader.rows(Run)}
        posted = post_pending(self.store, self.year)
        assert [each.run_id for each in posted] == [name for name in before if name not in known]
        for name in before:
            self.runs[name] = self.waiting.pop(name)
            if self.state in ("", "open"):
                self.stands, self.state = name, "open"
            event("posted from its folder")

    def dies(self, place: int, act: Any, *, whole_acts: bool = False) -> None:
        """The program dies before the n-th row that an act adds; nothing of that act is there."""
        before, added, done = said_by(self.store, None), 0, False

        def death(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
            nonlocal added
            added += statement.startswith("INSERT")
            if statement.startswith("INSERT") and added == place:
                raise KeyboardInterrupt

        listen(self.store.engine, "before_cursor_execute", death)
        honest = Writer.refuse_unbalanced

        def at_the_end(writer: Writer) -> None:
            honest(writer)
            if not whole_acts:
                raise KeyboardInterrupt

        Writer.refuse_unbalanced = at_the_end  # type: ignore[method-assign]
        try:
            act()
            done = True
        except (KeyboardInterrupt, FindingsError) as error:
            event(f"died: {type(error).__name__}")
        finally:
            Writer.refuse_unbalanced = honest  # type: ignore[method-assign]
            remove(self.store.engine, "before_cursor_execute", death)
        assert whole_acts or (not done and said_by(self.store, None) == before)

    @rule(
        hosts=HOSTS,
        place=st.integers(1, 30),
        pence=st.integers(1, 300),
        what=st.sampled_from(["run", "restate", "pay", "adjust", "issue", "dispute", "flex", "freeze", "reopen"]),
    )
    def the_program_dies_in_the_middle_of_an_act(
        self, hosts: dict[str, dict[str, int]], place: int, pence: int, what: str
    ) -> None:
        evidence, name = f"letter {next(self.numbers)}", f"run-{next(self.numbers)}"
        run = evidence_of(hosts, name)
        acts = {
            "run": lambda: post_run(self.store, run),
            "restate": lambda: restate_run(Path(), self.store, run, "late_data", evidence, BY),
            "pay": lambda: pay(self.year, "C", "A", pence, evidence, "final", TODAY, BY),
            "adjust": lambda: adjust(self.year, "C", "A", pence, "agreed_variation", evidence, BY, None),
            "issue": lambda: issue(self.year, BY, TODAY),
            "dispute": lambda: raise_dispute(self.year, "A", "cost", 1, evidence, BY, TODAY),
        }
        self.dies(place, acts.get(what, lambda: move_year(self.year, what, BY, "because")))
        # And it is done again.
        if what == "run" and self.state != "closed":
            self.a_run_is_posted(hosts)
        elif what == "adjust" and self.stands and self.state != "closed":
            assert adjust(self.year, "C", "A", pence, "agreed_variation", evidence, BY, None)
            self.moved.append(("C", "A", pence))
        elif what == "pay" and self.state in ("open", "flexed", "frozen"):
            assert pay(self.year, "C", "A", pence, evidence, "final", TODAY, BY)
            self.payments[evidence] = ("C", "A", pence)
        elif what in ("flex", "freeze", "reopen"):
            self.the_year_moves(False, what)

    @precondition(lambda self: self.runs)
    @rule(data=st.data())
    def a_run_is_restated(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(self.runs)))
        evidence = evidence_of(self.runs[name], name)

        def act() -> Any:
            return restate_run(Path(), self.store, evidence, "late_data", "letter", BY)

        if name == self.stands:
            assert act()[0].movements == 0
            return
        before = said_by(self.store, None)
        done = self.expect(self.state in ("flexed", "frozen"), act)
        if done is None:
            assert said_by(self.store, None) == before
            return
        self.stands = name
        event("restated")
        assert act() == (type(done[0])(name, True, True, 0), [])

    @rule(rightly=st.booleans(), act=st.sampled_from(["flex", "freeze", "close", "reopen"]))
    def the_year_moves(self, rightly: bool, act: str) -> None:
        if rightly:
            act = {"": "flex", "open": "flex", "flexed": "freeze", "frozen": "close", "closed": "reopen"}[self.state]
        needs = {"flex": "open", "freeze": "flexed", "close": "frozen", "reopen": "closed"}[act]
        allowed = self.state == needs
        if act in ("flex", "freeze"):
            allowed = allowed and bool(self.stands)
        if act == "close":
            allowed = allowed and not self.outstanding() and not self.disputes
        moved = self.expect(allowed, lambda: move_year(self.year, act, BY, "because" if act == "reopen" else ""))
        self.state = moved or self.state
        event(f"{act} {'done' if moved else 'refused'}")

    @precondition(lambda self: self.stands)
    @rule(pair=PAIRS, pence=st.integers(-300, 300))
    def something_is_adjusted(self, pair: tuple[str, str], pence: int) -> None:
        evidence = f"letter {next(self.numbers)}"
        allowed = bool(pence) and self.state in ("open", "flexed", "frozen")
        if self.expect(allowed, lambda: adjust(self.year, *pair, pence, "agreed_variation", evidence, BY, None)):
            self.moved.append((*pair, pence))
            with pytest.raises(FindingsError, match="REFERENCE-REPEATED"):
                adjust(self.year, *pair, pence, "agreed_variation", evidence, BY, None)

    @precondition(lambda self: self.stands)
    @rule(pair=PAIRS, pence=st.integers(1, 300), on_account=st.booleans())
    def something_is_paid(self, pair: tuple[str, str], pence: int, on_account: bool) -> None:
        reference = f"ACC-{pair[1]}" if on_account else f"BACS-{next(self.numbers)}"
        allowed = self.state in ("open", "flexed", "frozen") and reference not in self.payments
        if self.is_taken_off(pair[1], reference):
            allowed = allowed and self.runs[self.stands][pair[1]]["paid"] == pence
        if self.expect(allowed, lambda: pay(self.year, *pair, pence, reference, "final", TODAY, BY)):
            self.payments[reference] = (*pair, pence)

    @precondition(lambda self: self.state in ("flexed", "frozen"))
    @rule(closed=st.booleans())
    def all_is_settled_and_paid(self, closed: bool) -> None:
        for number in sorted(self.disputes):
            settle_dispute(self.year, number, 0, "coding_challenge", "letter", BY, TODAY)
        self.disputes.clear()
        due, paid = self.due(), self.paid()
        for pair in sorted({*due, *paid}):
            pence = due[pair] - paid[pair]
            if pence > 0:
                reference = f"LAST-{next(self.numbers)}"
                assert pay(self.year, *pair, pence, reference, "final", TODAY, BY)
                self.payments[reference] = (*pair, pence)
        if closed and self.state == "flexed":
            self.the_year_moves(True, "freeze")
        if closed:
            self.the_year_moves(True, "close")

    @precondition(lambda self: self.stands)
    @rule()
    def statements_are_issued(self) -> None:
        due = self.due()
        accrued = {pair: due[pair] - self.invoiced[pair] for pair in {*due, *self.invoiced}}
        allowed = self.state in ("flexed", "frozen") and any(accrued.values())
        issued = self.expect(allowed, lambda: issue(self.year, BY, TODAY))
        if issued:
            assert {(one.owing, one.owed): one.pence for one in issued[0]} == {
                pair: pence for pair, pence in accrued.items() if pence > 0
            }
            self.invoiced = defaultdict(int, due)

    @precondition(lambda self: self.lines())
    @rule(data=st.data(), pence=st.integers(1, 100), settled=st.booleans(), part=st.integers(0, 2))
    def a_line_is_disputed(self, data: st.DataObject, pence: int, settled: bool, part: int) -> None:
        host, name, payer, _, of = data.draw(st.sampled_from(self.lines()))
        key = f"{host} {name}"
        # What was agreed of the line is in the direction of the dispute, which is the line's unless that turned round.
        comes_to = of + sum(moved if way == payer else -moved for what, way, moved in self.agreed if what == key)
        older = [other for other, (what, *_) in self.disputes.items() if what == key]
        left = abs(comes_to) - sum(self.still_disputed(other) for other in older)
        allowed = self.state in ("flexed", "frozen") and pence <= left
        view = self.expect(allowed, lambda: raise_dispute(self.year, host, name, pence, "letter", BY, TODAY))
        event("disputed" if view else "dispute refused")
        if view:
            self.disputes[view.dispute] = (key, pence, view.payer)
        if view and settled:
            self.a_dispute_is_answered_and_settled(data, part)

    @precondition(lambda self: self.disputes)
    @rule(data=st.data(), part=st.integers(0, 2))
    def a_dispute_is_answered_and_settled(self, data: st.DataObject, part: int) -> None:
        number = data.draw(st.sampled_from(sorted(self.disputes)))
        key, pence, _ = self.disputes[number]
        agreed = pence * part // 2
        # A restatement may have left less of the line than was disputed.
        allowed = self.state in ("flexed", "frozen") and agreed <= self.still_disputed(number)
        event("less is disputed than was raised" if self.still_disputed(number) < pence else "disputed as raised")

        def act() -> Any:
            answer_dispute(self.year, number, "rejected", None, "letter", BY, TODAY)
            return settle_dispute(self.year, number, agreed, "coding_challenge", "letter", BY, TODAY)

        settled = self.expect(allowed, act)
        if settled:
            del self.disputes[number]
            self.moved.append((settled.payer, settled.payee, -agreed))
            self.agreed.append((key, settled.payer, -agreed))
            event(f"settled {settled.last.outcome}")

    # What holds always.

    @invariant()
    def the_journal_holds(self) -> None:
        with self.store.session() as session:
            assert broken(session) == []

    @invariant()
    def the_store_says_what_the_model_says(self) -> None:
        assert state_is(self.store) == self.state
        due, paid = self.due(), self.paid()
        pairs = {pair for pair in {*due, *paid, *self.invoiced} if due[pair] or paid[pair] or self.invoiced[pair]}
        with reading(self.store) as reader:
            found = balances_in(reader, CONTRACT, YEAR)
        shown = {
            (each.owing, each.owed): (each.due_pence, each.paid_pence, each.invoiced_pence)
            for each in found
            if each.due_pence or each.paid_pence or each.invoiced_pence
        }
        assert {frozenset(pair) for pair in shown} == {frozenset(pair) for pair in pairs}
        for pair, figures in shown.items():
            assert figures == (due[pair], paid[pair], self.invoiced[pair])
        for each in found:
            assert each.invoiced_pence + each.accrued_pence - each.paid_pence == each.outstanding_pence
        assert sum(each.open_disputes for each in found) == len(self.disputes)
        if self.state == "closed":
            assert not any(each.outstanding_pence for each in found)

    @invariant()
    def what_was_believed_is_still_what_was_believed(self) -> None:
        for moment, said in self.believed[-3:]:
            if moment < self.moment:
                assert said_by(self.store, moment) == said


def state_is(store: Store) -> str:
    with reading(store) as reader:
        return state_of(reader, CONTRACT, YEAR)


def said_by(store: Store, moment: dt.datetime | None) -> Any:
    with reading(store, moment) as reader:
        stands = standing_run(reader, CONTRACT, YEAR)
        journal = [entry.hash for entry in reader.rows(Entry)]
        disputes = [(event.dispute, event.place, event.pence) for event in reader.rows(DisputeEvent)]
        said = (state_of(reader, CONTRACT, YEAR), balances_in(reader, CONTRACT, YEAR))
        return *said, stands.run_id if stands else "", journal, disputes


def drive(new_store: Any, examples: int) -> None:
    machine = type("Machine", (YearMachine,), {"new_store": staticmethod(new_store)})
    scale = settings().max_examples
    few = settings(settings(), max_examples=max(2, examples * scale // 30), stateful_step_count=30)
    run_state_machine_as_test(machine, settings=few)


@pytest.mark.law(
    "Whatever is done to a year and in whatever order, the store in a file says what a plain model of the year "
    "says, and what was believed on a past day stays as it was.",
)
def test_a_year_in_a_file(tmp_path: Path):
    laid = tmp_path / "laid.sqlite"
    ensure(connect(laid, lambda: dt.datetime(2027, 1, 1, tzinfo=dt.UTC)))
    numbers = itertools.count()

    def new_store(clock: Any) -> Store:
        path = tmp_path / f"{next(numbers)}.sqlite"
        shutil.copyfile(laid, path)
        return connect(path, clock)

    drive(new_store, 14)


@pytest.mark.law(
    "Whatever is done to a year and in whatever order, the store on a server says what a plain model of the "
    "year says, and what was believed on a past day stays as it was.",
)
def test_a_year_on_a_server(server: str):
    import psycopg

    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE laid TEMPLATE template0")
    ensure(connect(f"{server}/laid", lambda: dt.datetime(2027, 1, 1, tzinfo=dt.UTC)))
    numbers = itertools.count()

    def new_store(clock: Any) -> Store:
        name = f"machine_{next(numbers)}"
        with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE laid")
        return connect(f"{server}/{name}", clock)

    drive(new_store, 4)
