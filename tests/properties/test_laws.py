"""The laws that every settlement keeps, over random positions under random terms.

Laws 2 (every pound) and 6 (order and splitting of rows) need files: see `test_rows_and_order.py` and
`test_against_oracle.py`. Law 7 (same inputs, same bytes) needs the disk: see `tests/workflow/test_reconcile.py`.
"""

from collections import Counter
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from oracle.positions import contracts, positions
from yoc.contract.model import Contract
from yoc.contract.position import Position
from yoc.settlement import HostSettlement, settle_host


def by_kind(settled: HostSettlement, kind: str) -> Fraction:
    return sum((line.line.effect_on("HOST") for line in settled.lines if line.line.kind == kind), Fraction(0))


@pytest.mark.law("Entries between the parties sum to nothing and come to the host's closing result.", 1)
@given(contracts(), positions())
def test_law_1_entries_sum_to_zero_and_come_to_the_closing_result(contract: Contract, position: Position):
    settled = settle_host(contract, position)
    ledger: Counter[str] = Counter()
    for entry in settled.entries:
        ledger[entry.payer] -= entry.pence
        ledger[entry.payee] += entry.pence
    assert sum(ledger.values()) == 0
    assert ledger["HOST"] == settled.closing_pence
    event(f"parties paid: {len(ledger)}")


@pytest.mark.law("The opening budget and every line come to the closing result, each line rounded once.", 3)
@given(contracts(), positions())
def test_law_3_opening_budget_and_every_line_come_to_the_closing_result(contract: Contract, position: Position):
    settled = settle_host(contract, position)
    opening, *rest = [line.effect_pence for line in settled.lines]
    event(
        "the host pays"
        if settled.closing_pence < 0
        else "the host is paid"
        if settled.closing_pence
        else "nothing is due"
    )
    event(
        "a line between whole pence" if any(line.line.amount != line.pence for line in settled.lines) else "whole pence"
    )
    assert opening == position.budget.total_pence
    assert opening + sum(rest) == settled.closing_pence == settled.lines[-1].running_pence
    exact = sum((line.line.effect_on("HOST") for line in settled.lines), Fraction(0))
    # Each line is rounded once, by at most half a penny.
    assert exact == settled.closing_exact
    assert abs(exact - settled.closing_pence) <= Fraction(len(rest), 2)
    for line in settled.lines:
        if line.detail_pence:
            assert sum(line.detail_pence) == line.pence


@pytest.mark.law("With neutral terms the host gets its budget less its cost.", 4)
@given(contracts(), positions())
def test_law_4_neutral_terms_give_budget_less_cost(contract: Contract, position: Position):
    neutral = contract.model_copy(update={"terms": contract.terms[:2]})
    expected = position.budget.total_pence - sum(position.cost_pence.values())
    event("a loss" if expected < 0 else "a gain" if expected else "nothing")
    event("a budget of nothing" if not position.budget.total_pence else "a budget")
    assert settle_host(neutral, position).closing_pence == expected


@pytest.mark.law("No share, withhold, threshold or line goes beyond its limit.", 5)
@given(contracts(), positions())
def test_law_5_no_limit_is_crossed(contract: Contract, position: Position):
    settled = settle_host(contract, position)
    amounts = settled.amounts
    if "share" in amounts:
        low, high = sorted((Fraction(0), amounts["balance"]))
        assert low <= amounts["share"] <= high
        if amounts["share"] in (0, amounts["balance"]):
            event("the share at its floor or ceiling")
        event("a gain is shared" if amounts["balance"] > 0 else "a loss is shared")
    if "outcomes" in amounts:
        earned, withheld = amounts["outcomes.earned"], amounts["outcomes.withheld"]
        event(
            "all is earned back" if earned == withheld else "part is earned back" if earned else "none is earned back"
        )
        assert 0 <= amounts["outcomes.earned"] <= amounts["outcomes.withheld"] <= position.budget.total_pence
    if "high" in amounts:
        event("stop-loss is hit" if amounts["high"] else "stop-loss is not hit")
        assert 0 <= amounts["high"] <= position.over_threshold_pence
    if "line" in amounts:
        event("a partner's line is cut" if amounts["line"] < 1_234_500 else "a partner's line is paid whole")
        assert 0 <= amounts["line"] <= 1_234_500


@pytest.mark.law("A lower cost never pays the host less, under shares between nothing and the whole.", 5)
@given(contracts(), positions(), st.integers(1, 10**8))
def test_law_5_lower_cost_never_pays_the_host_less(contract: Contract, position: Position, less: int):
    """These terms share the balance at marginal rates between 0 and 1, so they are monotone in cost."""
    cheaper = replace(
        position,
        cost_pence=dict(position.cost_pence) | {"primary": position.cost_pence["primary"] - less},
        cost_by_provider_pence=dict(position.cost_by_provider_pence)
        | {"ZG1": position.cost_by_provider_pence["ZG1"] - less},
    )
    assert settle_host(contract, cheaper).closing_exact >= settle_host(contract, position).closing_exact


@pytest.mark.law("A better outcome never earns the host less.", 5)
@given(contracts(), positions(), st.sampled_from(["a", "b"]), st.fractions(0, 1, max_denominator=97))
def test_law_5_better_outcomes_never_pay_the_host_less(
    contract: Contract, position: Position, name: str, more: Fraction
):
    """Of the outcomes term; a partner's line that pays the partner by score is meant to cost the host more."""
    better = replace(position, scores=dict(position.scores) | {name: max(more, position.scores[name])})
    assert by_kind(settle_host(contract, better), "outcomes") >= by_kind(settle_host(contract, position), "outcomes")


@pytest.mark.law("The same position settles to the same figures.", 7)
@given(contracts(), positions())
def test_law_7_the_same_position_settles_to_the_same_figures(contract: Contract, position: Position):
    assert settle_host(contract, position) == settle_host(contract, replace(position))
