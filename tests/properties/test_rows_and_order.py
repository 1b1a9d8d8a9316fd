"""The order of the input rows, and a row written as two, change nothing that anyone is paid."""

import tempfile
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from few_examples import few_examples
from oracle.files import write_world
from oracle.oracle import best_price, books_on, exact_pence
from oracle.strategies import CHOICES_COMPARED, worlds
from oracle.world import Line, World
from yoc.workflow.reconcile import compute

# A unit that is left over goes to a line, and two lines have one more to give it to.
CHOICES_WITHOUT_UNITS_LEFT_OVER = CHOICES_COMPARED - {"in_proportion"}

calm = settings(few_examples, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def settled(world: World, **how: Any) -> dict[str, Any]:
    """What the settlement says of money, people and activity, without the names and hashes of the files."""
    with tempfile.TemporaryDirectory() as folder:
        content = compute(write_world(world, Path(folder), **how))
    return {part: content[part] for part in ("hosts", "totals", "entries", "net_by_party", "activity")}


def without_line_counts(content: Any) -> Any:
    """The same content with every count of lines left out; the lines of a statement are a list, and stay."""
    if isinstance(content, dict):
        return {
            key: without_line_counts(part)
            for key, part in content.items()
            if not (key in ("lines", "lines_without_price_before") and isinstance(part, int))
        }
    if isinstance(content, list):
        return [without_line_counts(part) for part in content]
    return content


@pytest.mark.law("Files with their rows in another order give the same settlement.", 6)
@calm
@given(worlds(), st.integers(0, 2**16))
def test_shuffled_rows_give_the_same_settlement(world, seed):
    assert settled(world, shuffle_seed=seed) == settled(world)


@pytest.mark.law("A row that is written as two gives the same settlement, where prices are rounded on the total.", 6)
@calm
@given(st.data(), worlds(price_rounding="on_total", choices=CHOICES_WITHOUT_UNITS_LEFT_OVER))
def test_split_rows_give_the_same_settlement_on_the_total(data, world):
    check_split(data, world, {n: parts_of(world, line) for n, line in enumerate(world.lines)})


@pytest.mark.law(
    "A row that is written as two gives the same settlement, where prices are rounded by line and no part has "
    "a fraction to round.",
    6,
)
@calm
@given(st.data(), worlds(price_rounding="per_line", choices=CHOICES_WITHOUT_UNITS_LEFT_OVER))
def test_split_rows_give_the_same_settlement_per_line_where_no_penny_is_rounded(data, world):
    choices = {
        n: [part for part in parts_of(world, line) if is_whole(world, line, part)] for n, line in enumerate(world.lines)
    }
    check_split(data, world, choices)


def check_split(data: st.DataObject, world: World, choices: dict[int, list[Decimal]]) -> None:
    chosen = {
        n: data.draw(st.sampled_from(parts)) for n, parts in choices.items() if parts and data.draw(st.booleans())
    }
    event(f"lines split: {min(len(chosen), 5)}")
    split = settled(world, split_lines=chosen, shuffle_seed=data.draw(st.integers(0, 2**16)))
    assert without_line_counts(split) == without_line_counts(settled(world))


def parts_of(world: World, line: Line) -> list[Decimal]:
    """First parts of a quantity that leave a different second part, both of its sign and of three decimals at most.

    Two equal parts would be two equal rows, and a row that was sent twice is another matter. Where a block is shared
    out by lines, two lines are twice one.
    """
    if any(block.key == "lines" and block.provider == line.provider for block in world.contract.blocks):
        return []
    shares = (Decimal("0.2"), Decimal("0.4"), Decimal("0.6"))
    parts = [line.quantity * share for share in shares if line.quantity]
    return [part for part in parts if part == part.quantize(Decimal("0.001")) and is_lower_alike(world, line, part)]


def is_lower_alike(world: World, line: Line, part: Decimal) -> bool:
    """Where the lower of two sums is charged, both are cut in the same proportion, so that it is lower in each part."""
    if world.contract.price_basis != "lower" or line.submitted_pence is None:
        return True
    return (line.submitted_pence * Fraction(part) / Fraction(line.quantity)).denominator == 1


def is_whole(world: World, line: Line, part: Decimal) -> bool:
    """Neither the line nor either of its parts has a fraction of a penny to round, at any price that it ever had."""
    wholes = [
        exact_pence(world, line, book)
        for book in books_on(world, line.ended)
        if best_price(world, line, book) is not None
    ]
    firsts = [whole * Fraction(part) / Fraction(line.quantity) for whole in wholes]
    return all(amount.denominator == 1 for amount in (*wholes, *firsts))
