"""What is divided is divided to the penny, and a position in two parts comes to what it comes to whole."""

from fractions import Fraction

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from properties.contracts import Allowed, Case, cases, given_inputs
from yoc.contract.inputs import InputValues
from yoc.core.money import round_half_away
from yoc.settlement import settle_host
from yoc.settlement.waterfall import apply_terms

DIVIDED = Allowed(kinds=("split", "bands", "cap"), most_terms=2)
# Homogeneous: no sum of its own and no value by size, so a contract knows no size but that of the position.
HOMOGENEOUS = Allowed(
    kinds=(
        "stop_loss", "gate", "bands", "cap", "relief", "statutory_cut", "profit_limit", "carry", "advance",
        "multiply_amount", "withhold", "bonus", "fund", "personal_budgets", "blended", "on_account", "split",
    ),
    sums=False, sizes=False,
)  # fmt: skip
LINEAR = Allowed(
    kinds=("stop_loss", "multiply_amount", "withhold", "bonus", "fund", "personal_budgets", "on_account", "completion"),
    sums=False,
    sizes=False,
)


@pytest.mark.law(
    "A divided amount is divided to the penny, and a penny with equal claims goes in the contract's own order.",
    1,
)
@given(cases(DIVIDED), st.integers(-(10**6), 10**6))
def test_a_divided_amount_is_divided_to_the_penny_and_ties_fall_in_the_contracts_order(case: Case, odd: int):
    name = "cost" if "cost" in case.inputs.values else "spend"
    inputs = InputValues({**case.inputs.values, name: case.inputs.values[name] + odd}, case.inputs.choices)
    if "people.all" in inputs.values:
        inputs = case.inputs
    settled = settle_host(case.contract, case.at(inputs))
    for term in case.contract.terms:
        if term.kind != "split":
            continue
        whole = settled.amounts[str(term.on)]
        shares = term.loss_shares if whole < 0 and term.loss_shares else term.shares
        sign, size = (-1 if whole < 0 else 1), abs(round_half_away(whole))
        # The largest remainder by hand: one penny to each of those with the largest parts of a penny, in order.
        pence = {party: size * share.numerator // share.denominator for party, share in shares.items()}
        rest = {party: size * share - pence[party] for party, share in shares.items()}
        for party in sorted(shares, key=lambda party: -rest[party])[: size - sum(pence.values())]:
            pence[party] += 1
        assert sum(pence.values()) == size
        holder = "host" if case.contract.terms[0].kind == "capitation" else "commissioner"
        codes = {"host": "H1", "commissioner": "ICB"}
        for party in shares:
            moved = sum(
                line.pence * (1 if line.line.payee == codes.get(party, party) else -1)
                for line in settled.lines
                if line.line.name == f"{term.id}.{party}"
            )
            assert moved == (0 if party == holder else sign * pence[party]), party
        event("ties" if len(set(shares.values())) < len(shares) and size % len(shares) else "no ties")
        event("a loss" if whole < 0 else "a gain" if whole else "nothing")


@pytest.mark.law(
    "A position settled in two like parts comes to what it comes to whole, where the contract has no sum or "
    "size of its own.",
    6,
)
@given(cases(HOMOGENEOUS), st.integers(1, 9))
def test_a_position_in_two_like_parts_comes_to_what_it_comes_to_whole(case: Case, tenths: int):
    """Where the contract has no sum of its own and no value by size, and the second part is the first in proportion.

    Caps, gates and bands are then rates of what the part itself has, and are reached by both parts or by neither.
    """
    kinds = {name: given.kind for name, given in case.contract.inputs().items()}
    parts = [
        InputValues(
            {name: number * part if kinds[name] == "money" else number for name, number in case.inputs.values.items()},
            case.inputs.choices,
        )
        for part in (Fraction(tenths, 10), 1 - Fraction(tenths, 10))
    ]
    # Budgets are whole pence; both parts have them where the whole is a multiple of ten.
    whole = {
        name: number - (number % 10 if kinds[name] == "money" else 0) for name, number in case.inputs.values.items()
    }
    parts = [
        InputValues({name: n * part if kinds[name] == "money" else n for name, n in whole.items()}, case.inputs.choices)
        for part in (Fraction(tenths, 10), 1 - Fraction(tenths, 10))
    ]
    made = [apply_terms(case.contract, case.at(given), unrounded=True).result for given in parts]
    assert sum(made) == apply_terms(case.contract, case.at(InputValues(whole, case.inputs.choices)), True).result
    event("caps, gates or bands" if {"cap", "gate", "bands"} & {t.kind for t in case.contract.terms} else "without")


@pytest.mark.law(
    "Under a contract whose terms are all proportional, any two positions settled apart add to the two settled "
    "together.",
    6,
)
@given(st.data(), cases(LINEAR))
def test_any_two_positions_under_a_linear_contract_add_up(data: st.DataObject, case: Case):
    """Where besides no term treats a gain otherwise than a loss, nor a small sum otherwise than a large one: budget,
    cost, stop-loss, shares by score, withholds and bonuses, funds, personal budgets, payments and splits without loss
    shares; and where scores, flags, choices and the year of both parts are the same. A condition on money is no part
    of a linear contract.
    """
    draft = case.draft
    kinds = {name: given.kind for name, given in case.contract.inputs().items()}
    other = data.draw(given_inputs(case.contract)).values
    second = {name: other[name] if kinds[name] == "money" else number for name, number in case.inputs.values.items()}
    together = {
        name: number + second[name] if kinds[name] == "money" else number for name, number in case.inputs.values.items()
    }
    if (
        ".rate, " in draft.text
        or "smallest: " in draft.text
        or "largest: " in draft.text
        or "loss_shares" in draft.text
    ):
        event("a condition on money: no linear contract")
        return
    first, last, both = (
        apply_terms(case.contract, case.at(InputValues(values, case.inputs.choices)), unrounded=True)
        for values in (case.inputs.values, second, together)
    )
    assert first.result + last.result == both.result
    event("linear")
