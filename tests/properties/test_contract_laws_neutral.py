"""Terms that do nothing leave the host budget less cost, whichever they are and in whatever order they stand."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from properties.contracts import Allowed, Case, cases
from yoc.settlement import settle_host

# How each kind of term is written so that it changes nothing, worked on amount and base left open.
NEUTRAL = {
    "gate at nothing": "kind: gate, on: {on}, base: {base}, minimum: 0%, test: at_least, style: first_pound",
    "gate of the excess over nothing": "kind: gate, on: {on}, base: {base}, minimum: 0%, test: more_than, "
    "style: excess_only",
    "bands": "kind: bands, on: {on}, base: {base}, both: [{{to: 3%, host_share: 100%}}, "
    "{{from: 3%, host_share: 100%}}]",
    "one rate": "kind: bands, on: {on}, gain: 100%, loss: {{subtract: [100%, 0%]}}",
    "cap out of reach": "kind: cap, on: {on}, gain: [{{sum: £900bn}}], loss: [{{sum: £900bn}}]",
    "relief of nothing": "kind: relief, on: {on}, shares: [100%, 0%]",
    "cut of nothing": "kind: statutory_cut, on: {on}, rate: 0%, taken_from: both",
    "limit out of reach": "kind: profit_limit, on: {on}, base: {base}, limit: 90000000000%",
    "nothing carried": "kind: carry, on: {on}, carried: both, carried_share: 0%",
    "no advance": "kind: advance, on: {on}, outstanding: £0",
    "full score": "kind: outcomes, mode: multiply_amount, on: {on}, score: 100%",
}
BESIDE = {
    "withheld and all earned": "kind: outcomes, base: {base}, at_risk: 12%, score: 100%",
    "bonus without a score": "kind: outcomes, mode: bonus, base: {base}, at_risk: 12%, score: 0%",
    "block of nothing": "kind: block, value: £0",
    "plan met": "kind: blended, actual: £0, above: 20%",
}


@st.composite
def neutral_cases(draw: Callable[[st.SearchStrategy[Any]], Any]) -> Case:
    case = draw(cases(Allowed(kinds=())))
    *opening, (last, closing) = (
        case.draft.terms if case.draft.terms[0][0] != "budget" else (*case.draft.terms, ("", ""))
    )
    base, on = ("baseline", "saving") if closing else ("budget", "balance")
    opening = [(name, text.replace("of: target", "of: baseline")) for name, text in opening]
    terms = list(opening)
    for place, name in enumerate(draw(st.lists(st.sampled_from([*NEUTRAL, *BESIDE]), max_size=6))):
        event(name)
        terms.append((f"n{place}", (NEUTRAL | BESIDE)[name].format(on=on, base=base)))
        on = f"n{place}" if name in NEUTRAL else on
    if closing:
        terms.append((last, f"kind: payment, on: {on}"))
    return case.with_draft(replace(case.draft, terms=tuple(terms)))


@pytest.mark.law(
    "Terms that do nothing leave the host its budget less its cost, whichever they are and in whatever order.",
    4,
)
@given(neutral_cases())
def test_neutral_terms_give_budget_less_cost(case: Case):
    settled = settle_host(case.contract, case.position)
    if "baseline" in case.inputs.values:
        expected = case.inputs.values["baseline"] - case.inputs.values["spend"]
    else:
        expected = case.position.budget.total_pence - sum(case.position.cost_pence.values())
    assert settled.closing_pence == settled.closing_exact == expected
