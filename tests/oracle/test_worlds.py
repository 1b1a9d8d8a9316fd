"""Random worlds that hold every choice: each can be settled and written, and what is chosen away stays away."""

import random
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oracle.files import CONTRACT, DATA, PLAN, write_world
from oracle.oracle import OracleSettlement, settle
from oracle.strategies import EVERY_CHOICE, label, worlds
from oracle.world import StopLoss, World

calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@pytest.mark.law(
    "In the second implementation too, every line and pound submitted is charged or set aside, and every block "
    "is shared out whole.",
    2,
)
@calm
@given(worlds(choices=EVERY_CHOICE))
def test_every_pound_has_gone_somewhere(world):
    settlement = settle(world)
    label(world, settlement)
    assert sum(fate.submitted_pence for fate in settlement.fates.values()) == settlement.submitted_pence
    assert sum(fate.lines for fate in settlement.fates.values()) == len(world.lines)
    for block in world.contract.blocks:
        parts = [host.block_pence[block.id] for host in settlement.hosts.values()]
        assert sum(parts) + settlement.rest_of_block_pence[block.id] == block.value_pence
        assert min(parts) >= 0
    if world.contract.status == "live":
        assert {name: host.closing_pence for name, host in settlement.hosts.items()} == received(settlement)


def received(settlement: OracleSettlement) -> dict[str, int]:
    """What each host received less what it paid."""
    ledger: Counter[str] = Counter()
    for (payer, payee, pence), count in settlement.entries.items():
        ledger[payer] -= pence * count
        ledger[payee] += pence * count
    return {host: ledger[host] for host in settlement.hosts}


@pytest.mark.law("In the second implementation too, the order of rows changes no figure.", 6)
@calm
@given(worlds(choices=EVERY_CHOICE), st.integers(0, 2**16))
def test_the_order_of_what_is_known_changes_nothing(world, seed):
    order = random.Random(seed)
    shuffled = replace(
        world,
        lines=shuffle(order, world.lines),
        persons=shuffle(order, world.persons),
        registrations=shuffle(order, world.registrations),
        attribution_list=shuffle(order, world.attribution_list),
    )
    assert settle(shuffled) == settle(world)


def shuffle(order: random.Random, rows: tuple) -> tuple:
    return tuple(order.sample(rows, len(rows)))


@pytest.mark.law("What people cost over a threshold is the same sum, whichever of their lines is said to bear it.")
@calm
@given(worlds(choices=EVERY_CHOICE - {"in_proportion"}))
def test_what_people_are_over_is_the_same_however_it_is_taken(world):
    """Only which line bears it differs, and so which host where a person had two."""
    assert all_over(taken_in(world, "in_proportion")) == all_over(taken_in(world, "in_date_order"))


def taken_in(world: World, how: str) -> World:
    terms = tuple(replace(term, taken=how) if isinstance(term, StopLoss) else term for term in world.contract.terms)
    return replace(world, contract=replace(world.contract, terms=terms))


def all_over(world: World) -> Fraction:
    cells = [cell for host in settle(world).hosts.values() for cell in host.cost_cells.values()]
    return sum((cell.over_threshold_pence for cell in cells), Fraction(0))


@pytest.mark.law(
    "A made world's contract and plan are written with the choices that were drawn for it, so that the two "
    "implementations read the same contract.",
)
@calm
@given(worlds(choices=EVERY_CHOICE))
def test_a_contract_is_written_with_what_it_chose(world):
    with TemporaryDirectory() as folder:
        write_world(world, Path(folder))
        contract = yaml.safe_load((Path(folder) / CONTRACT).read_text("utf-8"))
        plan = yaml.safe_load((Path(folder) / PLAN).read_text("utf-8"))
        is_listed = (Path(folder) / DATA / "attribution_list.csv").is_file()
    chosen = world.contract
    assert contract["population"]["attribution"] == chosen.attribution
    assert contract["population"].get("attribution_ties", "") == chosen.attribution_ties
    assert contract["activity"]["price"] == {"basis": chosen.price_basis, "rounding": chosen.price_rounding}
    assert [block["id"] for block in contract["activity"].get("blocks", [])] == [block.id for block in chosen.blocks]
    assert [a["id"] for a in contract["budget"].get("adjustments", [])] == [a.id for a in chosen.adjustments]
    assert is_listed == ("attribution_list" in plan["inputs"]) == (chosen.attribution == "prospective_list")


@pytest.mark.law("A choice that a made world may not hold is not in it.")
@pytest.mark.parametrize("choices", [frozenset(), frozenset({"plurality", "in_proportion", "block_by_shares"})])
def test_what_is_not_chosen_is_not_there(choices):
    @settings(calm, max_examples=10)
    @given(worlds(choices=choices))
    def check(world):
        contract = world.contract
        assert {contract.attribution} <= {"host_on_activity_date", *choices}
        assert contract.price_basis == "book"
        assert all(line.submitted_pence is not None for line in world.lines)
        assert {f"block_by_{block.key}" for block in contract.blocks} <= choices
        assert {term.taken for term in contract.terms if isinstance(term, StopLoss)} <= {"in_date_order", *choices}
        assert {a.id for a in contract.adjustments} <= {"uplift", "growth", "need", "pace"}

    check()
