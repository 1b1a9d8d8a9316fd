"""Caps, floors, profit limits, reliefs, advances and loss rates stay within what the contract says, at any position."""

from fractions import Fraction

import pytest
from hypothesis import event, given

from properties.contracts import Case, cases
from yoc.contract.terms.base import State
from yoc.settlement.waterfall import apply_terms


def _known(case: Case, amounts: dict[str, Fraction]) -> State:
    """What the terms knew, so that a limit can be worked out again beside them."""
    return State(case.position, "ICB", amounts=amounts, values=case.contract.values)


def _limit(limit, known: State) -> Fraction:
    return limit.sum.of(known) if limit.sum is not None else limit.rate.of(known) * known.amount(str(limit.of))


def _towards_nothing(before: Fraction, after: Fraction) -> bool:
    """A term that only takes away from a gain or a loss never goes beyond nothing."""
    return 0 <= after <= before if before >= 0 else before <= after <= 0


@pytest.mark.law(
    "Under any contract no cap, profit limit, gate, relief, advance, carry or outcome rate goes beyond what "
    "the contract says.",
    5,
)
@given(cases())
def test_no_limit_is_crossed(case: Case):
    amounts = apply_terms(case.contract, case.position).amounts
    known = _known(case, amounts)
    worked_on = case.contract.amounts_worked_on()
    for term in case.contract.terms:
        after = amounts[term.id] if term.id in amounts else Fraction(0)
        before = amounts.get(worked_on[term.id], Fraction(0))
        side = "gain" if before > 0 else "loss" if before else "nothing"
        if term.kind == "cap":
            assert _towards_nothing(before, after)
            for limit in term.gain:
                assert after <= _limit(limit, known)
            for limit in term.loss:
                assert after >= -_limit(limit, known)
            event(f"cap, {side}: {'held back' if after != before else 'not reached'}")
        elif term.kind == "profit_limit":
            assert after <= before
            assert after <= term.limit.of(known) * amounts[str(term.base)]
            assert before >= 0 or after == before
            assert amounts[f"{term.id}.returned"] == before - after >= 0
            event(f"profit limit, {side}: {'returned' if after != before else 'not reached'}")
        elif term.kind == "gate":
            assert _towards_nothing(before, after)
            event(f"gate, {side}: {'passed' if amounts[f'{term.id}.passed'] else 'not passed'}")
        elif term.kind == "bands":
            assert _towards_nothing(before, after)
            assert after + amounts[f"{term.id}.other"] == before
            event(f"bands, {side}: the host's part is {'all' if after == before else 'some' if after else 'none'}")
        elif term.kind == "relief":
            assert _towards_nothing(before, after)
            assert before <= 0 or after == before
            event(f"relief, {side}")
        elif term.kind == "statutory_cut":
            event(f"statutory cut, {side}: {'taken' if after != before else 'not taken'}")
            assert after <= before
        elif term.kind == "advance":
            recovered, left = amounts[f"{term.id}.recovered"], amounts[f"{term.id}.left"]
            assert 0 <= recovered <= max(before, Fraction(0)) * term.at_most_share.of(known)
            assert left >= 0
            assert recovered + left == term.outstanding.of(known)
            assert after == before - recovered
            event(f"advance, {side}: {'all' if not left else 'part'} recovered")
        elif term.kind == "carry":
            carried = amounts[f"{term.id}.carried"]
            event(
                "carry: "
                + ("cut at its most" if term.at_most and abs(carried) == term.at_most.of(known) else "not cut")
            )
            assert after + carried == before + amounts[f"{term.id}.brought_in"]
            assert _towards_nothing(before + amounts[f"{term.id}.brought_in"], after)
            assert term.at_most is None or abs(carried) <= term.at_most.of(known)
        elif term.kind == "outcomes":
            _outcomes(term, amounts, known)


def _outcomes(term, amounts: dict[str, Fraction], known: State) -> None:
    if term.mode == "withhold":
        event(
            "withhold: "
            + ("all of the base" if amounts[f"{term.id}.withheld"] == amounts[str(term.base)] else "part of it")
        )
        assert 0 <= amounts[f"{term.id}.earned"] <= amounts[f"{term.id}.withheld"] <= amounts[str(term.base)]
    elif term.mode == "loss_rate":
        assert term.at_least.of(known) <= amounts[term.id] <= term.at_most.of(known)
        event("loss rate at its " + ("floor" if amounts[term.id] == term.at_least.of(known) else "slope or ceiling"))
    elif term.mode == "bonus":
        most = term.value.of(known) if term.value is not None else amounts[str(term.base)]
        assert 0 <= amounts[term.id] <= most
    if term.mode != "per_indicator":
        assert 0 <= amounts[f"{term.id}.score"] <= 1


@pytest.mark.law("A value with a floor or a ceiling never lies beyond it.", 5)
@given(cases())
def test_a_value_lies_between_its_floor_and_its_ceiling(case: Case):
    known = _known(case, apply_terms(case.contract, case.position).amounts)
    for value in case.contract.values.values():
        number = value.of(known)
        low, high = getattr(value, "at_least", None), getattr(value, "at_most", None)
        if low is not None:
            assert number >= low.of(known)
        if high is not None:
            assert number <= high.of(known)
        event("at its " + ("floor" if low is not None and number == low.of(known) else "ceiling or between"))


@pytest.mark.law("A partner is paid at least what is protected and at most the line's value.", 5)
@given(cases())
def test_a_partner_is_paid_at_least_what_is_protected(case: Case):
    made = apply_terms(case.contract, case.position)
    for term in case.contract.terms:
        if term.kind == "vcse_line":
            rates = term.indexation is not None and case.position.contract_year == 2
            value = term.value.of(_known(case, made.amounts)) * (Fraction(104, 100) if rates else 1)
            assert value * term.protected_minimum <= made.amounts[term.id] <= value
            event("a protected line" if term.protected_minimum else "a line without protection")
