"""Differing figures are named by their path, and what another version of the program adds is no difference."""

import json

import pytest

from yoc.audit.differences import differing
from yoc.audit.verify import Mark, figures_step, statements_step

BEFORE = {
    "software": "yoc 0.1.0",
    "hosts": [{"host": "A", "cost_pence": 2_343_322_069}, {"host": "B", "cost_pence": 5}],
    "findings": [{"code": "ENCODING"}],
}


def text_of(content: object) -> bytes:
    return json.dumps(content).encode()


@pytest.mark.parametrize(
    ("recorded", "now", "said"),
    [
        ({"a_pence": 1}, {"a_pence": 100_000}, ["a_pence: £0.01 recorded, £1,000.00 now"]),
        ({"a": 1}, {}, ["a: 1 recorded, nothing now"]),
        ({}, {"a": None}, ["a: nothing recorded, null now"]),
        ({"a": 1}, {"a": True}, ["a: 1 recorded, true now"]),
        ([1, 2], [1, 3, 4], ["[1]: 2 recorded, 3 now", "[2]: nothing recorded, 4 now"]),
        # Items are told apart by a field only where it tells them apart on both sides.
        ([{"id": 1, "n": 1}, {"id": 1, "n": 2}], [{"id": 1, "n": 1}], ['[1]: {"id":1,"n":2} recorded, nothing now']),
        ([{"host": "A"}, {"host": "B"}], [{"host": "B"}, {"host": "A"}], [": another order recorded, this order now"]),
        ({"reason": "P 943 476 5919"}, {"reason": "x" * 200}, [f"reason: P *** *** **** recorded, {'x' * 80}... now"]),
        ({"a": 1.5}, {"a": [1.5]}, ["a: 1.5 recorded, [1.5] now"]),
        (BEFORE, BEFORE, []),
    ],
)  # fmt: skip
def test_every_difference_is_named_by_its_path(recorded, now, said):
    assert [difference.text for difference in differing(recorded, now)] == said


def figures(now: dict, *, same_program: bool):
    found = figures_step(
        {"settlement.json": text_of(BEFORE)}, ["settlement.json"],
        {"settlement.json": text_of(now), "manifest.json": b""}, [], same_program,
    )  # fmt: skip
    return found.step.mark, [difference.path for difference in found.differences], found.step.details


def test_another_program_may_add_and_tell_more_but_give_no_other_figure():
    more = {**BEFORE, "software": "yoc 9", "findings": [], "new": 1}
    mark, paths, details = figures(more, same_program=False)
    assert (mark, paths) == (Mark.HOLDS, [])
    assert details == (
        "settlement.json: this version of the program tells other findings",
        "settlement.json: this version of the program writes 1 value that the run does not have",
    )
    # The same by the program that made the run is a fault.
    assert figures(more, same_program=True)[1] == ["software", "findings[ENCODING]", "new"]
    other = {**more, "hosts": [{"host": "A", "cost_pence": 2_343_322_100}, {"host": "B"}]}
    mark, paths, details = figures(other, same_program=False)
    assert (mark, paths) == (Mark.DIFFERS, ["hosts[A].cost_pence", "hosts[B].cost_pence"])
    assert details[0] == "hosts[A].cost_pence: £23,433,220.69 recorded, £23,433,221.00 now"
    # One more item of a list is a figure more, not a field more.
    assert figures({**BEFORE, "hosts": [*BEFORE["hosts"], {"host": "C"}]}, same_program=False)[1] == ["hosts[C]"]


def test_ten_figures_are_named_and_the_others_counted():
    recorded = {"hosts": [{"host": str(number), "pence": 1} for number in range(12)]}
    now = {"hosts": [{"host": str(number), "pence": 2} for number in range(12)]}
    step = figures_step(
        {"settlement.json": text_of(recorded)}, ["settlement.json"],
        {"settlement.json": text_of(now), "manifest.json": b""}, [], True,
    ).step  # fmt: skip
    assert "12 differences" in step.said
    assert (len(step.details), step.details[-1]) == (11, "and 2 more")


def test_the_line_of_a_text_is_named_and_not_what_it_holds():
    step = figures_step(
        {"cells.csv": b"host,pence\nA,1\nB,2\n"}, ["cells.csv"],
        {"cells.csv": b"host,pence\nA,1\nB,3\n", "manifest.json": b""}, [], False,
    ).step  # fmt: skip
    assert (step.mark, step.details) == (Mark.DIFFERS, ("cells.csv:3: another line recorded, this line now",))


def test_statements_of_another_program_cannot_be_told_and_those_that_are_gone_are_no_failure():
    made = {"index.html": b"now"}
    assert statements_step(made, {"index.html": b"then"}, True, "reports").fails
    other = statements_step(made, {"index.html": b"then"}, False, "reports")
    gone = statements_step(made, None, True, "reports")
    assert [(step.mark, step.fails) for step in (other, gone)] == [(Mark.UNTOLD, False)] * 2
    beside = statements_step(made, {"index.html": b"now", "notes.txt": b"", ".DS_Store": b""}, True, "reports")
    assert (beside.mark, beside.details) == (Mark.HOLDS, ("notes.txt is no statement of the run",))
