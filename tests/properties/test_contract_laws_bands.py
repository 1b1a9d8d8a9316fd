"""Marginal bands neither jump nor turn: a pound more of the amount is between nothing and a pound more for the host."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from properties.contracts import Allowed, Case, cases
from yoc.contract.terms import apply_term
from yoc.contract.terms.base import State
from yoc.settlement.waterfall import apply_terms

MARGINAL = Allowed(kinds=("bands",), most_terms=3)
amounts_of_pence = st.fractions(-(10**10), 10**10, max_denominator=1000)


@pytest.mark.law(
    "A pound more of an amount in bands is between nothing and a pound more for the host, and nothing gives nothing.",
    5,
)
@given(cases(MARGINAL), amounts_of_pence, amounts_of_pence)
def test_the_hosts_part_of_a_band_is_continuous_and_monotone_in_the_amount(case: Case, one: Fraction, other: Fraction):
    amounts = apply_terms(case.contract, case.position).amounts
    low, high = sorted((one, other))
    for term in case.contract.terms:
        if term.kind == "bands":
            state = State(case.position, "ICB", amounts=amounts, values=case.contract.values)
            parts = [
                apply_term(term, replace(state, amounts={**amounts, str(term.on): size})).amounts[term.id]
                for size in (low, Fraction(0), high)
            ]
            assert 0 <= parts[2] - parts[0] <= high - low
            assert parts[1] == 0
            event("across nothing" if low < 0 < high else "on one side")


@pytest.mark.law("At the very end of a band a penny more or less moves the host's part by a penny at most.")
@given(cases(MARGINAL), st.data())
def test_the_ends_of_bands_belong_to_both_sides_alike(case: Case, data: st.DataObject):
    """At the very end of a band, a penny more or less moves the host's part by a penny at most."""
    amounts = apply_terms(case.contract, case.position).amounts
    for term in case.contract.terms:
        if term.kind == "bands" and term.base is not None:
            ends = [band.to for band in (*term.of_gain, *term.of_loss) if band.to is not None] or [Fraction(0)]
            edge = data.draw(st.sampled_from(ends)) * amounts[str(term.base)] * data.draw(st.sampled_from((1, -1)))
            state = State(case.position, "ICB", amounts=amounts, values=case.contract.values)
            near, at, far = (
                apply_term(term, replace(state, amounts={**amounts, str(term.on): edge + step})).amounts[term.id]
                for step in (Fraction(-1, 100), 0, Fraction(1, 100))
            )
            assert 0 <= at - near <= Fraction(1, 100)
            assert 0 <= far - at <= Fraction(1, 100)
            event("an end of a band")
