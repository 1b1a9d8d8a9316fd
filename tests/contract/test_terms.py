"""The terms on figures that can be worked out by hand, and the laws that each must keep."""

from fractions import Fraction

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from yoc.contract.terms import KINDS, apply_term
from yoc.contract.terms.bands import Parameters as Bands
from yoc.contract.terms.base import example
from yoc.contract.terms.outcomes import Parameters as Outcomes
from yoc.contract.terms.split import Parameters as Split
from yoc.contract.terms.vcse_line import Parameters as VcseLine


def test_the_kinds_of_this_version():
    assert set(KINDS) == {
        "capitation",
        "activity_cost",
        "block",
        "blended",
        "completion",
        "personal_budgets",
        "fund",
        "figure",
        "gate",
        "cap",
        "relief",
        "statutory_cut",
        "profit_limit",
        "carry",
        "advance",
        "payment",
        "stop_loss",
        "balance",
        "bands",
        "outcomes",
        "vcse_line",
        "split",
        "on_account",
    }


@pytest.mark.parametrize(
    ("year", "pounds"), [(1, 0), (2, 14_520_000), (3, 14_520_000), (4, 21_780_000), (5, 21_780_000)]
)
def test_outcomes_phased_in_the_shape_of_uniting_care(year, pounds):
    """£726m over five equal years is £145.2m a year; 0, 10, 10, 15 and 15 per cent of it is at risk (HSJ 5084915)."""
    term = Outcomes(
        id="outcomes", kind="outcomes", base="budget", weights={"one": "100%"},
        at_risk={"1": "0%", "2": "10%", "3": "10%", "4": "15%", "5": "15%"},
    )  # fmt: skip
    state = example(contract_year=year, amounts={"budget": 14_520_000_000}, scores={"one": Fraction(1)})
    assert apply_term(term, state).amounts["outcomes.withheld"] == pounds * 100


@pytest.mark.parametrize(
    ("cost", "moved"),
    [
        # The shape of the ACA risk corridor (42 USC 18062) on a target of 100: nothing within 3%, half of what lies
        # between 3% and 8%, four fifths beyond; here the host keeps what is not shared.
        (102, 0), (105, -1), (108, Fraction(-5, 2)), (95, 1), (120, Fraction(-121, 10)),
    ],
)  # fmt: skip
def test_bands_in_the_shape_of_a_risk_corridor(cost, moved):
    shares = [{"to": "3%", "host_share": "100%"}, {"from": "3%", "to": "8%", "host_share": "50%"},
              {"from": "8%", "host_share": "20%"}]  # fmt: skip
    term = Bands(id="corridor", kind="bands", on="balance", base="budget", gain=shares, loss=shares)
    amounts = {"balance": (100 - cost) * 100, "budget": 10_000}
    assert apply_term(term, example(amounts=amounts, in_hand=True)).amounts["corridor.other"] == moved * 100


PERCENTS = st.integers(0, 100).map(lambda number: Fraction(number, 100))


@st.composite
def band_lists(draw):
    edges = sorted(draw(st.sets(st.integers(1, 60), max_size=3)))
    starts = [0, *edges]
    return [
        {"from": Fraction(start, 100), "host_share": str(draw(PERCENTS))} | ({"to": Fraction(end, 100)} if end else {})
        for start, end in zip(starts, [*edges, None], strict=True)
    ]


@pytest.mark.law(
    "Bands divide the whole balance, never give a party more than all of it or less than nothing, and never "
    "give the host less for a better balance.",
    5,
)
@given(band_lists(), band_lists(), st.integers(-(10**9), 10**9), st.integers(1, 10**9), st.integers(0, 10**6))
def test_bands_divide_everything_never_cross_and_rise_with_the_balance(gain, loss, balance, base, more):
    term = Bands(id="share", kind="bands", on="balance", base="budget", gain=gain, loss=loss)

    def host(of: int) -> Fraction:
        made = apply_term(term, example(amounts={"balance": of, "budget": base}, in_hand=True))
        assert made.amounts["share"] + made.amounts["share.other"] == of
        assert of + made.lines[0].effect_on("HOST") == made.amounts["share"]
        return made.amounts["share"]

    event("a loss" if balance < 0 else "a gain" if balance else "nothing")
    event("beyond the last band" if abs(balance) > base else "within the bands")
    assert min(balance, 0) <= host(balance) <= max(balance, 0)
    assert host(balance) <= host(balance + more)


@pytest.mark.law("A split passes on all but the host's own part, to the penny.", 1)
@given(st.integers(-(10**9), 10**9), st.lists(st.integers(1, 9), min_size=1, max_size=4))
def test_a_split_passes_on_all_but_the_host_s_part_to_the_penny(pence, weights):
    parties = ["host", "VC1", "VC2", "VC3"][: len(weights)]
    shares = {party: Fraction(weight, sum(weights)) for party, weight in zip(parties, weights, strict=True)}
    made = apply_term(Split(id="s", kind="split", on="a", shares=shares), example(amounts={"a": pence}, in_hand=True))
    event("a penny left over" if pence % sum(weights) else "no penny left over")
    event("a loss" if pence < 0 else "a gain or nothing")
    assert sum(made.amounts[f"s.{party}"] for party in parties) == pence
    assert made.amounts["s"] == -(pence - made.amounts["s.host"])


@pytest.mark.law("A partner's line never pays less than is protected nor more than its value.", 5)
@given(PERCENTS, PERCENTS, PERCENTS)
def test_a_vcse_line_never_pays_less_than_is_protected_nor_more_than_its_value(protected, part, score):
    term = VcseLine(
        id="line", kind="vcse_line", partner="VC1", value="£1,000", paid_by="host", protected_minimum=protected,
        outcome_part={"share": part, "weights": {"one": "100%"}},
    )  # fmt: skip
    paid = apply_term(term, example(scores={"one": score})).amounts["line"]
    event("held up by what is protected" if paid == protected * 100_000 else "above what is protected")
    assert protected * 100_000 <= paid <= 100_000
    assert paid == max(protected * 100_000, 100_000 * (1 - part + part * score))
