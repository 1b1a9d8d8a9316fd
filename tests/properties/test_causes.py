"""Laws of comparing two runs: the causes add to the penny, nothing moves nothing, and one cause moves alone."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from small_world_contract import contract_of
from yoc.contract.budget import Budget
from yoc.contract.position import BlockPart, Position
from yoc.core.periods import FinancialYear
from yoc.settlement.causes import CAUSES, Between, Side, Sums, effects, only_in_one, sums_of, together
from yoc.settlement.cost_split import Charged, Group, cost_stages, split_cost

OLD = contract_of("10%")
NEW = contract_of("30%")
GROUPS = [Group(setting, provider, "AE") for setting in ("primary", "emergency") for provider in ("P", "G")]
PENCE = st.integers(-10_000, 1_000_000)
CHARGED = st.builds(
    lambda quantity, pence, lines: (Fraction(quantity, 2), Fraction(pence, 3), lines),
    st.integers(-6, 40),
    PENCE,
    st.integers(1, 9),
)
LINES = st.dictionaries(st.tuples(st.sampled_from(GROUPS), st.sampled_from(["X", "Y", "*"])), CHARGED, max_size=6)


@st.composite
def sides(draw, contract):
    """A host's year, and its charged lines; the cost of the position is what the lines come to, rounded once."""
    lines = [
        Charged(group, code, lines, quantity, 0, pence, mixed=code == "*")
        for (group, code), (quantity, pence, lines) in draw(LINES).items()
    ]
    return made(
        contract,
        lines,
        budget_pence=draw(st.integers(0, 3_000_000)),
        over_pence=draw(st.integers(0, 50_000)),
        score=Fraction(draw(st.integers(0, 10)), 10),
        paid_pence=draw(st.integers(0, 100_000)),
        block_pence=draw(st.integers(0, 100_000)),
    )


def made(contract, lines, *, budget_pence, over_pence, score, paid_pence, block_pence):
    own = split_cost(lines, lines)
    by_setting, by_provider = (dict(cost_stages(own, by)[0]) for by in ("setting", "provider"))
    by_setting["primary"] = by_setting.get("primary", 0) + block_pence
    by_provider["G"] = by_provider.get("G", 0) + block_pence
    position = Position(
        host="A",
        year=FinancialYear.parse("2026/27"),
        contract_year=1,
        budget=Budget(budget_pence),
        cost_pence={name: Fraction(pence) for name, pence in by_setting.items()},
        cost_by_provider_pence={name: Fraction(pence) for name, pence in by_provider.items()},
        over_threshold_pence=Fraction(over_pence),
        scores={"waits": score},
        paid_on_account_pence=Fraction(paid_pence),
        block_pence={"block": block_pence},
        block_parts={"block": BlockPart("Block", "primary", "")},
    )
    return Side(contract, position, sums_of(contract, position)), lines


def compared(before, after):
    """The causes between two sides, as a comparison of runs works them out."""
    (old, old_lines), (new, new_lines) = before, after
    groups = split_cost(old_lines, new_lines)
    recorded = [
        {
            name: int(pence) - (side.position.block_pence["block"] if name == "primary" else 0)
            for name, pence in side.position.cost_pence.items()
        }
        for side in (old, new)
    ]
    by_setting, by_provider = cost_stages(groups, "setting", recorded), cost_stages(groups, "provider")
    costs = []
    for stage in (1, 2, 3):
        providers = dict(by_provider[stage])
        providers["G"] = providers.get("G", 0) + old.position.block_pence["block"]
        costs.append((by_setting[stage], providers))
    return effects(old, new, Between(new.position.budget, new.position.budget, tuple(costs)))


def moving(found) -> set[str]:
    return {effect.cause for effect in found if effect.sums != Sums()}


@pytest.mark.law(
    "The causes of a difference between two runs add to it to the penny, and the way back is its negative."
)
@given(sides(OLD), sides(NEW))
def test_the_causes_add_to_the_penny_and_the_way_back_is_its_negative(before, after):
    found, back = compared(before, after), compared(after, before)
    moved = after[0].recorded - before[0].recorded
    assert [effect.cause for effect in found] == list(CAUSES)
    assert sum((effect.sums for effect in found), Sums()) == moved
    assert sum((effect.sums for effect in back), Sums()) == Sums() - moved
    event(f"{len(moving(found))} causes move")


@pytest.mark.law("A run compared with itself moves nothing, under any cause.")
@given(sides(OLD))
def test_a_run_compared_with_itself_moves_nothing(side):
    found = compared(side, side)
    assert moving(found) == set()
    assert not any(effect.movement and effect.movement.moves for effect in found)


@pytest.mark.law("Where only prices change, only the price moves, and what the terms make of it.")
@given(sides(OLD), sides(OLD))
def test_only_a_price_changed_moves_only_price(side, other):
    old, lines = side
    dearer = [replace(row, pence=row.pence + row.quantity * 300) for row in lines]
    position = old.position
    new = made(
        old.contract, dearer, budget_pence=position.budget.total_pence, over_pence=int(position.over_threshold_pence),
        score=position.scores["waits"], paid_pence=int(position.paid_on_account_pence),
        block_pence=position.block_pence["block"],
    )  # fmt: skip
    found = compared(side, new)
    assert moving(found) <= {"price"}
    # What price does to the cost is the units at £3 more, but for the one rounding of either side.
    price = next(effect for effect in found if effect.cause == "price")
    assert abs(price.sums.cost_pence + sum(row.quantity for row in lines) * 300) <= 1
    event("price moves" if moving(found) else "nothing is charged, or it does not move")


@pytest.mark.parametrize(
    ("cause", "changed"),
    [
        ("people", {"budget": Budget(1_234_567)}),
        ("high_cost", {"over_threshold_pence": Fraction(77_777)}),
        ("outcome", {"scores": {"waits": Fraction(1, 7)}}),
        ("on_account", {"paid_on_account_pence": Fraction(5_555)}),
    ],
)
@pytest.mark.law("Where one thing alone changes, its cause alone moves.")
@given(side=sides(OLD))
def test_only_one_thing_changed_moves_only_its_cause(cause, changed, side):
    old, lines = side
    position = replace(old.position, **changed)
    found = compared(side, (Side(OLD, position, sums_of(OLD, position)), lines))
    assert moving(found) <= {cause}
    event(f"{cause}: {'moves' if moving(found) else 'stays'}")


@pytest.mark.law("Where only the contract changes, only its terms move.")
@given(sides(OLD))
def test_only_the_contract_changed_moves_only_terms(side):
    old, lines = side
    found = compared(side, (Side(NEW, old.position, sums_of(NEW, old.position)), lines))
    assert moving(found) <= {"terms"}
    event("terms move" if moving(found) else "terms stay")


@pytest.mark.law("What a program settles otherwise than was recorded is told as other, never under a cause.")
@given(sides(OLD), sides(NEW))
def test_what_this_program_settles_otherwise_is_other(before, after):
    old, lines = before
    recorded_otherwise = (replace(old, recorded=old.recorded + Sums(1, -20, 300)), lines)
    honest, found = compared(before, after), compared(recorded_otherwise, after)
    differ = [effect.cause for effect, same in zip(found, honest, strict=True) if effect.sums != same.sums]
    assert differ == ["other"]
    assert found[-1].sums == honest[-1].sums - Sums(1, -20, 300)


def test_a_cause_that_cannot_be_settled_alone_is_told_with_the_next():
    # The share of a loss is by the score, and no share is given at the score on the way.
    old = made(OLD, [], budget_pence=100, over_pence=0, score=Fraction(0), paid_pence=0, block_pence=0)
    new = made(NEW, [], budget_pence=300, over_pence=0, score=Fraction(1), paid_pence=0, block_pence=0)
    # A budget below nothing has no meaning for the bands that are rates of it.
    impossible = Between(Budget(-500), new[0].position.budget, tuple(({}, {"G": 0}) for _ in range(3)))
    found = {effect.cause: effect for effect in effects(old[0], new[0], impossible)}
    assert found["people"].sums == Sums() and found["adjustments"].told_with == ("people",)
    assert found["adjustments"].sums.budget_pence == 200


def test_a_host_of_one_run_alone_is_other_and_all_hosts_add_up():
    alone = only_in_one(Sums(500, -200, 0))
    assert {effect.cause: effect.sums.due_pence for effect in alone if effect.sums != Sums()} == {"other": 300}
    assert together([alone, alone])[-1].sums == Sums(1000, -400, 0)
