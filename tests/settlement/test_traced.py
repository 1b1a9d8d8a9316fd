"""Traced numbers on cases that anyone can work by hand."""

from fractions import Fraction

import pytest

from yoc.core.money import format_exact_pence
from yoc.core.rates import format_decimal, format_percent
from yoc.settlement.traced import Tape, Traced


def test_a_saving_against_a_cost_falls_by_a_pound_a_pound_and_turns_where_it_ends():
    tape = Tape()
    saving = 1000 - Traced(900, 1, tape)
    kept = max(saving, Fraction(0)) / 4
    assert (saving.value, saving.slope) == (100, -1)
    assert (kept.value, kept.slope) == (25, Fraction(-1, 4))
    assert tape.nearest == 100


def test_at_a_tie_the_side_just_after_the_point_decides():
    cost = Traced(100, 1, Tape())
    assert cost > 100
    assert not cost <= 100
    assert cost != 100
    assert Traced(100, -1, Tape()) < 100
    assert Traced(100, 0, Tape()) == 100


def test_a_comparison_that_turns_behind_the_point_or_never_is_not_noted():
    tape = Tape()
    assert Traced(100, 1, tape) > 90
    assert Traced(100, 0, tape) > 90
    assert Traced(100, 1, tape) > Traced(90, 1, tape)
    assert tape.nearest is None


def test_a_product_of_two_that_move_is_bent_and_says_so_only_where_it_decides():
    tape = Tape()
    cost, rate = Traced(100, 1, tape), Traced(Fraction(1, 2), Fraction(1, 100), tape)
    product = cost * rate
    assert product.bent
    assert (product.value, product.slope) == (50, Fraction(3, 2))
    assert not tape.bent
    assert product > 40
    assert tape.bent


@pytest.mark.parametrize("value", [Fraction(1, 3), Fraction(-1, 3), Fraction(5)])
def test_to_show_a_number_decides_nothing(value):
    tape = Tape()
    number = Traced(value, 1, tape, bent=True)
    shown = [format_exact_pence(number), format_decimal(number), format_percent(number), format_decimal(number, 2)]
    assert shown == [format_exact_pence(value), format_decimal(value), format_percent(value), format_decimal(value, 2)]
    assert (tape.nearest, tape.bent) == (None, False)


def test_a_rate_of_a_cost_that_comes_from_nothing_is_bent_and_no_error():
    """At a cost of nothing there is no rate; just beside it there is one, and it is no straight line."""
    cost = Traced(0, 1, Tape())
    rate = (1000 - cost) / cost if cost else Fraction(0)
    assert rate.bent
    with pytest.raises(ZeroDivisionError):
        Traced(1, 1, Tape()) / 0
