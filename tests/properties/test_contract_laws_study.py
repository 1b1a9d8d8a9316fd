"""The study of a contract holds at positions that it never saw: pieces, jumps, which way, how far."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial
from itertools import islice, pairwise

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from few_examples import few_examples
from properties.contracts import Allowed, Case, cases
from yoc.contract.position import Position
from yoc.settlement.corners import Corner, bears_own_cost, corners_of, has_cost, scores_of, with_cost, with_score
from yoc.settlement.pieces import Curve, follow
from yoc.settlement.study import MOST_CORNERS, Jump, Study, study
from yoc.settlement.waterfall import Terms, apply_terms

SMALL = Allowed(most_terms=3)
parts = st.fractions(0, 1, max_denominator=997)
NEAR = Fraction(1, 10**12)
SLIGHT = Fraction(1, 1000)
"""So near to a point that no slope moves the result by more than a slight part of a penny."""


def corner_of(case: Case, data: st.DataObject) -> Corner:
    return data.draw(st.sampled_from(list(islice(corners_of(case.contract, case.position), MOST_CORNERS))))


def made_at(case: Case, position: Position, cost: Fraction) -> Terms:
    return apply_terms(case.contract, with_cost(case.contract, position, cost), unrounded=True)


def result_by_cost(case: Case, position: Position) -> Callable[[Fraction], Fraction]:
    return lambda cost: made_at(case, position, cost).result


def curve_of(case: Case, position: Position) -> Curve:
    def figures(cost: Fraction) -> dict[str, Fraction]:
        made = made_at(case, position, cost)
        return {"host": made.result, **{f"amount {name}": amount for name, amount in made.amounts.items()}}

    return follow(figures, Fraction(0), None)


def studied(case: Case) -> Study:
    return study(case.contract, case.position)


@pytest.mark.law("What a study says of a contract between two costs is what the contract pays there.")
@few_examples
@given(cases(SMALL), st.data())
def test_pieces_are_the_contract_between_their_ends_and_at_them(case: Case, data: st.DataObject):
    corner = corner_of(case, data)
    curve = curve_of(case, corner.position)
    event(f"pieces: {min(len(curve.pieces), 6)}{', bent' if curve.bent else ''}")
    if curve.bent:
        return
    way = data.draw(parts)
    for piece in curve.pieces:
        length = piece.end - piece.start if piece.end is not None else Fraction(10**9)
        assert made_at(case, corner.position, piece.start).result == piece.at("host")
        if 0 < way < 1:
            cost = piece.start + length * way
            assert made_at(case, corner.position, cost).result == piece.just_after("host") + piece.slope("host") * (
                length * way
            )


@pytest.mark.law("The pieces of a study, once joined, are still what the contract pays, from a cost of nothing on.")
@few_examples
@given(cases(SMALL), st.data())
def test_the_pieces_as_joined_for_the_result_are_still_the_contract(case: Case, data: st.DataObject):
    curve = studied(case).curve
    if curve.bent:
        return
    joined = curve.of("host")
    assert [piece.end for piece in joined[:-1]] == [piece.start for piece in joined[1:]]
    assert joined[0].start == 0
    assert joined[-1].end == (None if has_cost(case.contract) else 1)
    event(f"pieces joined: {min(len(curve.pieces) - len(joined), 5)}")
    for piece in joined:
        way = data.draw(parts)
        cost = piece.start + way * (piece.end - piece.start if piece.end is not None else Fraction(10**9))
        expected = (
            piece.at("host") if way == 0 else piece.just_after("host") + piece.slope("host") * (cost - piece.start)
        )
        if cost != piece.end:
            assert made_at(case, case.position, cost).result == expected


def moving(case: Case, jump: Jump) -> Iterator[Callable[[Fraction], Fraction]]:
    """The result against what a jump is of, at its corner; against a score, at the cost at which it jumps."""
    for corner in corners_of(case.contract, case.position):
        if corner.said == jump.corner and jump.of == "cost":
            yield result_by_cost(case, corner.position)
        elif corner.said == jump.corner:
            # A contract in which nothing depends on cost has scores that jump at no cost in particular.
            at = corner.position
            at = at if jump.at_cost is None else with_cost(case.contract, at, jump.at_cost)
            yield partial(result_by_score, case, at, jump.of)


def result_by_score(case: Case, position: Position, score: str, level: Fraction) -> Fraction:
    return apply_terms(case.contract, with_score(position, score, level), unrounded=True).result


@pytest.mark.law("Every cliff that a study tells of is there, at that cost and of that size.")
@few_examples
@given(cases(SMALL))
def test_every_jump_that_is_told_is_there(case: Case):
    found = studied(case)
    for jump in found.jumps:
        if jump.of in found.bent or found.failed:
            continue
        event(f"a jump of {'cost' if jump.of == 'cost' else 'a score'}{', the wrong way' if jump.wrong_way else ''}")
        near = [jump.point + step for step in (-NEAR, 0, NEAR)]
        assert any(is_jump(function, near, jump.before, jump.after) for function in moving(case, jump))


def is_jump(function: Callable[[Fraction], Fraction], near: list[Fraction], before: Fraction, after: Fraction) -> bool:
    """Whether the result moves like that between just before a point and it, or between it and just after it."""
    at = function(near[1])
    coming = at == after and near[0] >= 0 and abs(function(near[0]) - before) < SLIGHT
    going = at == before and abs(function(near[2]) - after) < SLIGHT
    return coming or going


@pytest.mark.law("No cliff that a search by halving finds is left untold by a study.")
@few_examples
@given(cases(SMALL), st.data())
def test_no_sampled_jump_is_left_untold(case: Case, data: st.DataObject):
    found = studied(case)
    least = (found.turnover or 1) / 1000
    corner = corner_of(case, data)
    if found.bent or found.failed:
        event("bent or failed")
        return
    function = result_by_cost(case, corner.position)
    size = Fraction(found.turnover or 10**9)
    edges = sorted({Fraction(0), size * 2, *(size * data.draw(parts) * 2 for _ in range(3)), size, size * 98 / 100})
    for edge, next_edge in pairwise(edges):
        low, high = steepest(function, edge, next_edge)
        if abs(function(high) - function(low)) > least + SLIGHT:
            told = [jump.point for jump in found.jumps if jump.of == "cost" and low <= jump.point <= high]
            assert told, (low, high, corner.said)
            event("a jump that was sampled is told")
    cost = data.draw(parts) * 2 * size
    for score in scores_of(case.contract):
        at_score = partial(result_by_score, case, with_cost(case.contract, corner.position, cost), score)
        low, high = steepest(at_score, Fraction(0), Fraction(1))
        # Within a piece the size of a jump goes in a straight line: at its middle it is half of the widest at least.
        if abs(at_score(high) - at_score(low)) > least * 2 + SLIGHT:
            assert any(jump.of == score and low <= jump.point <= high for jump in found.jumps), (score, low, high)
            event("a jump of a score that was sampled is told")


def steepest(function: Callable[[Fraction], Fraction], low: Fraction, high: Fraction) -> tuple[Fraction, Fraction]:
    """Halves a range again and again, each time the half over which the function moves more."""
    left, right = function(low), function(high)
    while high - low > NEAR * max(high, 1):
        middle = (low + high) / 2
        value = function(middle)
        if abs(value - left) >= abs(right - value):
            high, right = middle, value
        else:
            low, left = middle, value
    return low, high


@pytest.mark.law(
    "A contract that a study says never pays the wrong way never pays more for a higher cost or a lower score.",
)
@few_examples
@given(cases(SMALL), st.data())
def test_a_contract_that_is_called_monotone_is(case: Case, data: st.DataObject):
    found = studied(case)
    corner = corner_of(case, data)
    if found.bent or found.failed:
        event("bent or failed")
        return
    ways = {
        of: not any(slope.of == of for slope in found.wrong_way)
        and not any(jump.of == of and jump.wrong_way for jump in found.jumps)
        for of in ("cost", *scores_of(case.contract))
    }
    event("monotone" if all(ways.values()) else "not monotone")
    size = Fraction(found.turnover or 10**9)
    if ways["cost"]:
        function = result_by_cost(case, corner.position)
        costs = sorted(size * part * 2 for part in data.draw(st.lists(parts, min_size=2, max_size=6)))
        # A host that bears its own cost keeps what it is paid less that cost.
        borne = 1 if bears_own_cost(case.contract) else 0
        event("the cost is the host's own" if borne else "the contract settles the cost, or there is none")
        results = [function(cost) - borne * cost for cost in costs]
        assert results == sorted(results, reverse=True)
    for score in [score for score in scores_of(case.contract) if ways[score]]:
        levels = sorted(data.draw(st.lists(parts, min_size=2, max_size=4)))
        cost = data.draw(parts) * 2 * size
        at_score = partial(result_by_score, case, with_cost(case.contract, corner.position, cost), score)
        results = [at_score(level) for level in levels]
        assert results == sorted(results), (score, cost)


@pytest.mark.law("No party gains or loses more than the exposure that a study states for it.")
@few_examples
@given(cases(SMALL), st.data())
def test_no_position_of_a_studied_corner_goes_beyond_the_exposure(case: Case, data: st.DataObject):
    found = studied(case)
    if "cost" in found.bent or found.failed:
        event("bent or failed")
        return
    corner = corner_of(case, data)
    size = Fraction(found.turnover or 10**9)
    for part in data.draw(st.lists(parts, min_size=1, max_size=4)):
        made = made_at(case, corner.position, size * part * 3)
        for exposure in found.exposures:
            effect = sum((line.effect_on(exposure.party) for line in made.lines), Fraction(0))
            assert exposure.least is None or effect >= exposure.least, exposure
            assert exposure.most is None or effect <= exposure.most, exposure
    ends = [exposure.least is None for exposure in found.exposures]
    event("no end to a loss" if any(ends) else "every loss has an end")
