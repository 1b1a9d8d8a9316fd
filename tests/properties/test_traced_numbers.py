"""Numbers that remember how they move: the same values as plain fractions, and slopes that are exact differences."""

from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from yoc.settlement.traced import Tape, Traced

Function = Callable[[Fraction], Fraction]
numbers = st.fractions(-20, 20, max_denominator=12)


def _two(first: Function, second: Function) -> st.SearchStrategy[Function]:
    return st.sampled_from(
        [
            lambda x: first(x) + second(x),
            lambda x: first(x) - second(x),
            lambda x: first(x) * second(x),
            lambda x: first(x) / second(x) if second(x) else Fraction(0),
            lambda x: max(first(x), second(x)),
            lambda x: min(first(x), second(x)),
            lambda x: first(x) if first(x) >= second(x) else second(x) + 1,
            lambda x: second(x) if first(x) == second(x) else -first(x),
            lambda x: Fraction(first(x) > second(x)) + second(x) / 3,
            lambda x: sum([first(x), second(x)], Fraction(0)),
        ]
    )


def _one(inner: Function, number: Fraction) -> st.SearchStrategy[Function]:
    return st.sampled_from(
        [
            lambda x: abs(inner(x)),
            lambda x: -inner(x),
            lambda x: +inner(x),
            lambda x: number - inner(x),
            lambda x: number * inner(x) + 1,
            lambda x: inner(x) / (abs(number) + 1),
            lambda x: 7 / inner(x) if inner(x) != 0 else number,
            lambda x: number if inner(x) < 0 else inner(x),
        ]
    )


functions: st.SearchStrategy[Function] = st.recursive(
    st.one_of(st.just(lambda x: x), numbers.map(lambda number: lambda x: number)),
    lambda inner: st.one_of(
        st.tuples(inner, inner).flatmap(lambda pair: _two(*pair)),
        st.tuples(inner, numbers).flatmap(lambda pair: _one(*pair)),
    ),
    max_leaves=8,
)


@pytest.mark.law(
    "Numbers that a study follows have the values of plain fractions, and slopes that are exact differences.",
)
@given(numbers, numbers, numbers, numbers)
def test_arithmetic_agrees_with_fractions_and_slopes_with_differences(
    value: Fraction, slope: Fraction, other: Fraction, turn: Fraction
):
    one, two = Traced(value, slope, Tape()), Traced(other, turn, Tape())
    for combine in (lambda a, b: a + b, lambda a, b: a - b, lambda a, b: b - a):
        made = combine(one, two)
        assert made.value == combine(value, other)
        assert made.slope == combine(value + slope, other + turn) - combine(value, other)
        for plain in (other, int(other)):
            assert combine(one, plain).value == combine(value, plain)
            assert combine(one, plain).slope == combine(value + slope, plain) - combine(value, plain)
    product = one * two
    event("both move" if slope and turn else "one moves" if slope or turn else "none moves")
    # Of a product of two that move, the difference has a second part, the product of the two movements.
    assert product.value == value * other
    assert product.slope == (value + slope) * (other + turn) - value * other - slope * turn
    assert product.bent == (slope != 0 and turn != 0)
    assert (one * other).slope == (other * one).slope == slope * other
    if other:
        assert ((one / other).value, (one / other).slope) == (value / other, slope / other)
    if other and not turn:
        assert not (one / two).bent
        assert (one / two).slope == slope / other


@pytest.mark.law("A followed calculation is the plain one, as far as the study says that it is straight.")
@given(functions, numbers, st.lists(st.fractions(0, 1, max_denominator=50), min_size=3, max_size=3))
def test_a_traced_function_is_the_function_as_far_as_the_tape_says(
    function: Function, point: Fraction, ways: list[Fraction]
):
    tape = Tape()
    made = function(Traced(point, 1, tape))
    if tape.bent or (isinstance(made, Traced) and made.bent):
        event("bent")
        return
    value, slope = (made.value, made.slope) if isinstance(made, Traced) else (made, Fraction(0))
    reach = Fraction(1000) if tape.nearest is None else tape.nearest
    event("turns somewhere" if tape.nearest is not None else "never turns")
    for way in ways:
        if 0 < way < 1:
            assert function(point + reach * way) == value + slope * reach * way
