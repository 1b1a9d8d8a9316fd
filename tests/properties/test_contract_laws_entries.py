"""Entries of any contract sum to zero and come to each party's result; the lines add to the closing result."""

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import event, given

from properties.contracts import Case, cases
from yoc.core.money import round_half_away
from yoc.settlement import settle_host


@pytest.mark.law(
    "Under any contract, entries sum to nothing and come to what the statement's lines say of each party.",
    1,
)
@given(cases())
def test_entries_sum_to_zero_and_come_to_what_the_lines_say_of_each_party(case: Case):
    settled = settle_host(case.contract, case.position)
    ledger: Counter[str] = Counter()
    for entry in settled.entries:
        assert entry.pence > 0
        assert entry.payer != entry.payee
        ledger[entry.payer] -= entry.pence
        ledger[entry.payee] += entry.pence
    assert sum(ledger.values()) == 0
    assert ledger["H1"] == settled.closing_pence
    for party in {party for line in settled.lines for party in (line.line.payer, line.line.payee)} - {""}:
        of_lines = sum(
            line.pence * ((line.line.payee == party) - (line.line.payer == party))
            for line in settled.lines
            if line.line.payer != line.line.payee
        )
        assert ledger[party] == of_lines, party
    event("held" if case.contract.terms[0].kind == "capitation" else "worked out")
    event("closing " + ("gain" if settled.closing_pence > 0 else "loss" if settled.closing_pence else "nothing"))
    event(f"parties paid or paying: {len(ledger)}")


@pytest.mark.law("Under any contract, the lines add to the closing result, and the details of a line to the line.", 3)
@given(cases())
def test_lines_add_to_the_closing_result_and_details_to_their_line(case: Case):
    settled = settle_host(case.contract, case.position)
    running = 0
    for line in settled.lines:
        running += line.effect_pence
        assert line.running_pence == running
        assert abs(line.pence - line.line.amount) < 1
        if line.line.portion is None:
            assert line.pence == round_half_away(line.line.amount)
        if line.line.details:
            assert sum(detail.amount for detail in line.line.details) == line.line.amount
            assert sum(line.detail_pence) == line.pence
    assert running == settled.closing_pence
    exact = sum((line.line.effect_on("H1") for line in settled.lines), Fraction(0))
    assert exact == settled.closing_exact
    # A line is rounded by half a penny at most, a part of a divided sum by less than a whole one.
    assert abs(exact - running) <= sum(Fraction(1, 2) if line.line.portion is None else 1 for line in settled.lines)


@pytest.mark.law(
    "What the terms work on is what the host is left with at that point, so that nothing is paid twice.",
    3,
)
@given(cases())
def test_a_held_amount_is_what_the_host_is_left_with(case: Case):
    """From the balance on, the host's result is the amount that the terms work on, until a gate holds a part back."""
    settled = settle_host(case.contract, case.position)
    last = None
    for term in case.contract.terms if case.contract.terms[0].kind == "capitation" else ():
        if last is not None and (term.kind in ("gate", "split") or not term.gives_on()):
            break
        if term.kind == "balance" or last is not None:
            last = term.id
            lines = [line.line for line in settled.lines]
            before = [term.id for term in case.contract.terms[: case.contract.terms.index(term) + 1]]
            result = sum((line.effect_on("H1") for line in lines if line.term in before), Fraction(0))
            assert settled.amounts[term.id] == result, term.id
            event(f"held through {term.kind}")
