"""What differs between a run and what stands: posting it makes what stands what is wanted, and again posts nothing."""

import os
import subprocess
import sys
from collections import defaultdict
from dataclasses import replace

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from small_runs import FIRST, evidence_of
from yoc.store.database import Store
from yoc.store.journal import Movement, broken
from yoc.store.migrate import count
from yoc.store.runs import StandingAmount, differences
from yoc.workflow.posting import post_run

MOVEMENTS = st.lists(
    st.builds(
        Movement,
        st.just("settlement"),
        st.sampled_from("AB"),
        st.just("term"),
        st.sampled_from(["x", "y"]),
        st.just("1"),
        st.sampled_from("CV"),
        st.sampled_from("AB"),
        st.integers(-5, 5),
    )
)


def totals(movements: list[Movement]) -> dict[object, int]:
    sums: dict[object, int] = defaultdict(int)
    for movement in movements:
        sums[movement.key] += movement.pence
    return {key: pence for key, pence in sums.items() if pence}


def standing(movements: list[Movement]) -> dict[object, StandingAmount]:
    sums = totals(movements)
    return {each.key: StandingAmount(each, sums.get(each.key, 0), 1) for each in movements}


@pytest.mark.law("A restatement posts only differences, and with them what stands is what the new run says.")
@given(before=MOVEMENTS, wanted=MOVEMENTS)
def test_differences_make_what_stands_what_is_wanted(before: list[Movement], wanted: list[Movement]):
    moved = differences(wanted, standing(before))
    event(f"differences posted: {min(len(moved), 5)}")
    assert totals([*before, *moved]) == totals(wanted)
    assert differences(wanted, standing([*before, *moved])) == []
    assert all(each.pence for each in moved)
    assert len({each.key for each in moved}) == len(moved)


@pytest.mark.law("Where nothing differs nothing is posted, and what is undone leaves nothing.", 7)
@given(before=MOVEMENTS)
def test_nothing_moves_where_nothing_differs(before: list[Movement]):
    assert differences(before, standing(before)) == []
    undone = differences([], standing(before))
    assert totals([*before, *(replace(each) for each in undone)]) == {}


DYING = """
import datetime as dt, os, sys
sys.path.insert(0, sys.argv[2])
from small_runs import FIRST, evidence_of
from yoc.store.database import connect
from yoc.store.journal import Writer
from yoc.workflow.posting import post_run
Writer.refuse_unbalanced = lambda self: (self.session.flush(), os._exit(9))
moment = dt.datetime(2027, 5, 10, 9, tzinfo=dt.UTC)
post_run(connect(sys.argv[1], lambda: moment), evidence_of(FIRST, "run-1"))
"""


def test_a_program_that_is_killed_before_the_commit_leaves_nothing_and_no_lock(store: Store, pytestconfig):
    url = store.engine.url.render_as_string(hide_password=False)
    tests = pytestconfig.rootpath / "tests"
    environment = os.environ | {"PYTHONPATH": str(pytestconfig.rootpath / "src")}
    done = subprocess.run([sys.executable, "-c", DYING, url, str(tests)], check=False, env=environment)
    assert done.returncode == 9
    with store.connected() as connection:
        assert set(count(connection).values()) == {(0, 0)}
    assert post_run(store, evidence_of(FIRST, "run-1")).movements == 5
    with store.session() as session:
        assert broken(session) == []
