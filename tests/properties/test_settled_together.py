"""Positions that are settled together come to what each comes to by itself, to the last part of a penny."""

import ast
import inspect
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from properties.contracts import Allowed, cases, given_inputs
from yoc.contract import read_contract, values
from yoc.contract.inputs import InputValues
from yoc.contract.position import Position
from yoc.contract.terms import KINDS
from yoc.core.findings import FindingsError
from yoc.settlement.position_of import position_of
from yoc.settlement.recorded import FOLLOWED_KINDS, NotRecordedError, Recorded, Tape, can_be_recorded
from yoc.settlement.waterfall import settle_host
from yoc.workflow import columns, settle_many
from yoc.workflow.columns import Column

FOLLOWED = Allowed(kinds=tuple(FOLLOWED_KINDS), styles=("worked out",))


def alone(contract, position: Position):
    try:
        settled = settle_host(contract, position)
    except FindingsError as error:
        return error.findings
    return settled.amounts, settled.closing_pence


def told(settled):
    return settled.findings if isinstance(settled, FindingsError) else (dict(settled.amounts), settled.closing_pence)


@pytest.mark.law(
    "Positions that are settled together come to what each comes to by itself, to the last part of a penny."
)
@given(st.data())
def test_together_is_as_one_by_one(data: st.DataObject):
    case = data.draw(cases(FOLLOWED))
    some = [case.inputs, *data.draw(st.lists(given_inputs(case.contract), min_size=1, max_size=2))]
    more = data.draw(st.lists(st.tuples(st.sampled_from(some), st.integers(-2, 2)), min_size=3, max_size=5))
    near = [replace(own, values=own.values | {"spend": max(own.values["spend"] + step, Fraction(0))})
            for own, step in more]  # fmt: skip
    positions = [case.at(inputs, f"H{place}") for place, inputs in enumerate([*some, *near])]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settle_many, "FEWEST", 2)
        found = settle_many.settle_many(case.contract, positions)
    assert [told(each) for each in found] == [alone(case.contract, position) for position in positions]
    together = sum(isinstance(each, settle_many.SettledTogether) for each in found)
    event("all together" if together == len(found) else "some together" if together else "none together")


small = st.integers(-9, 9)
large = st.integers(-(2**70), 2**70)
fractions = st.builds(Fraction, st.one_of(small, large), st.integers(1, 30))
rows = st.lists(st.tuples(fractions, fractions), min_size=1, max_size=4)


@pytest.mark.law("Arithmetic on columns gives what fractions give, whatever the size of the numbers.")
@given(rows, st.booleans())
def test_columns_are_fractions(pairs: list[tuple[Fraction, Fraction]], one_for_all: bool):
    if one_for_all:
        pairs = [(first, pairs[0][1]) for first, _ in pairs]
    left = Column.of([first for first, _ in pairs])
    right = Column.same(pairs[0][1]) if one_for_all else Column.of([second for _, second in pairs])
    quotients, has_one = columns.divide(left, right)
    steps, _ = columns.round_to(left, right)
    apart = columns.difference_of(left, right)
    for row, (first, second) in enumerate(pairs):
        assert columns.add(left, right).at(row) == first + second
        assert columns.add(left, right, -1).at(row) == first - second
        assert columns.multiply(left, right).at(row) == first * second
        assert columns.negative(left).at(row) == -first
        assert (bool(apart[row] > 0), bool(apart[row] < 0)) == (first > second, first < second)
        exists = has_one if isinstance(has_one, bool) else has_one[row]
        assert bool(exists) == (second != 0)
        if exists:
            assert quotients.at(row) == first / second
            away = abs(first / second) + Fraction(1, 2)
            nearest = (away.numerator // away.denominator) * (1 if first / second >= 0 else -1)
            assert steps.at(row) == nearest * second
    event("64 bits" if left.above.dtype != object else "any size")


CONTRACT = """
contract: shared
title: Half of a saving
version: "1"
status: live
parties:
  - {code: ICB, name: Commissioner, role: commissioner}
  - {code: TRUST, name: Trust, role: provider}
position:
  target: {kind: money, is: budget}
  spend: {kind: money, is: cost}
  people: {kind: number}
values:
  part: {divide: [people, 1000], at_most: 50%}
terms:
  - {id: saving, kind: balance, of: target, less: spend}
  - {id: shared, kind: bands, gain: part, loss: 0%}
  - {id: paid, kind: payment, rounded_to: £1}
"""


def positions_of(*rows: tuple[str, int, int, int]) -> list[Position]:
    contract = read_contract(CONTRACT, "contract.yaml")
    return [
        position_of(contract, host, InputValues({"target": Fraction(target), "spend": Fraction(spend),
                                                 "people": Fraction(people)}))
        for host, target, spend, people in rows
    ]  # fmt: skip


def test_a_saving_worked_out_by_hand_for_many():
    """£10.00 to £10.19 less £1.00: half of it, £4.50 and more, is rounded to £5; for 100 people a tenth, to £1."""
    half = [(f"H{extra}", 1_000 + extra, 100, 800) for extra in range(20)]
    tenth = [(f"T{extra}", 1_000 + extra, 100, 100) for extra in range(20)]
    lost = [(f"L{extra}", 100, 1_000 + extra, 800) for extra in range(20)]
    positions = positions_of(*half, *tenth, *lost, ("TRUST", 1_000, 100, 800))
    found = settle_many.settle_many(read_contract(CONTRACT, "contract.yaml"), positions)
    assert [each.closing_pence for each in found] == [500] * 20 + [100] * 20 + [0] * 20 + [500]
    assert found[1].amounts["shared"] == Fraction(901, 2) and found[21].amounts["shared"] == Fraction(901, 10)
    kinds = [type(each).__name__ for each in found]
    assert kinds == ["SettledTogether"] * 60 + ["HostSettlement"]


def test_a_position_without_meaning_is_told_as_by_itself():
    """Shares below 0% are none: the one among them is told, the others are settled."""
    positions = positions_of(*((f"H{place}", 1_000, 100, -5 if place in (0, 7) else 800) for place in range(20)))
    contract = read_contract(CONTRACT, "contract.yaml")
    found = settle_many.settle_many(contract, positions)
    assert [place for place, each in enumerate(found) if isinstance(each, FindingsError)] == [0, 7]
    assert told(found[7]) == alone(contract, positions[7])


def test_a_difference_between_the_two_ways_stops(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(columns, "rounded", lambda column: column.above // column.under)
    positions = positions_of(*((f"H{place}", 1_001, 100, 800) for place in range(20)))
    with pytest.raises(FindingsError) as caught:
        settle_many.settle_many(read_contract(CONTRACT, "contract.yaml"), positions)
    (finding,) = caught.value.findings
    assert (finding.code, "another sum" in finding.message) == ("CHECK-FAILED", True)


@pytest.mark.parametrize("kind", sorted(FOLLOWED_KINDS))
def test_a_kind_that_is_followed_reads_inputs_alone_and_decides_by_comparison(kind: str):
    """A number's numerator, or a figure of the position that is no input, would pass by the list of steps."""
    for module in (KINDS[kind], values):
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(node, ast.Attribute):
                assert node.attr not in ("numerator", "denominator", "limit_denominator", "as_integer_ratio")
                of_position = isinstance(node.value, ast.Attribute) and node.value.attr == "position"
                assert not of_position or node.attr == "host"
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in ("int", "float", "round", "hash", "round_half_away")


def test_what_is_no_exact_number_is_refused():
    number = Recorded(Fraction(5, 2), 0, Tape())
    for turn in (float, round, hash, lambda one: one // 2, lambda one: one % 2, lambda one: one**2):
        with pytest.raises(NotRecordedError):
            turn(number)


def test_other_kinds_are_settled_one_by_one():
    split = CONTRACT.replace("kind: payment, rounded_to: £1", "kind: split, shares: {host: 1/3, commissioner: 2/3}")
    contract = read_contract(split, "contract.yaml")
    assert not can_be_recorded(contract)
    positions = positions_of(*((f"H{place}", 1_000, 100, 800) for place in range(20)))
    found = settle_many.settle_many(contract, positions)
    assert [type(each).__name__ for each in found] == ["HostSettlement"] * 20
