"""Pounds are not people: wherever money meets a number, or one stands for the other, the contract is refused."""

import pytest

from yoc.contract import read_contract
from yoc.core.findings import FindingsError

FRAME = """\
contract: units
title: Units
version: "1"
status: live
parties:
  - {code: ICB, name: The board, role: commissioner}
position:
  residents: {kind: number}
  spend: {kind: money, is: cost}
  quality: {kind: score}
values:
  per_head: £750
  more: VALUE
terms:
  - {id: turnover, kind: figure, value: {multiply: [residents, per_head]}}
  - TERM
  - {id: paid, kind: payment, on: turnover}
"""


def findings(value: str = "5%", term: str = "{id: other, kind: figure, value: {multiply: [turnover, more]}}"):
    try:
        read_contract(FRAME.replace("VALUE", value).replace("TERM", term), "contract.yaml")
    except FindingsError as error:
        return [(finding.code, finding.message) for finding in error.findings]
    return []


def test_sums_times_numbers_are_sums():
    assert findings() == []
    assert findings("{divide: [spend, {multiply: [residents, per_head]}]}") == []
    assert findings("{when: {of: spend, at_least: £10m}, then: 7.5%, otherwise: 5%}") == []
    assert findings("{by: spend, bands: [{from: £0, to: £2m, value: 5%}, {from: £2m, value: 4%}]}") == []
    assert findings("{largest: [0, quality]}") == []
    assert findings("{subtract: [100%, {multiply: [75%, quality]}], at_least: 40%, at_most: 75%}") == []


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("{add: [spend, 750]}", "`750` is a number, beside a sum of money"),
        ("{add: [spend, residents]}", "`residents` is a number, beside a sum of money"),
        ("{add: [£100, 5%]}", "`5%` is a number, beside a sum of money"),
        ("{multiply: [residents, per_head, per_head]}", "multiplies a sum of money by a sum of money"),
        ("{divide: [residents, per_head]}", "divides a number by a sum of money"),
        ("{when: {of: spend, at_least: 1000000000}, then: 7.5%, otherwise: 5%}", "`1000000000` is a number"),
        ("{by: spend, bands: [{from: 0, to: 200000000, value: 5%}]}", "`200000000` is a number"),
        ("{by: residents, bands: [{from: £1, value: 5%}]}", "`£1` is a sum of money, beside a number"),
        ("{when: {all_of: [{of: quality, at_least: £1}]}, then: 1%, otherwise: 0%}", "`£1` is a sum of money"),
        ("{multiply: [quality, 2], at_most: £5}", "`£5` is a sum of money, beside a number"),
        ("{1: £5, 2: 5%}", "`5%` is a number, beside a sum of money"),
    ],
)
def test_money_beside_a_number_is_told(value, said):
    assert any(code == "UNIT-MIXED" and said in message for code, message in findings(value)), findings(value)


@pytest.mark.parametrize(
    ("term", "said"),
    [
        ("{id: other, kind: figure, value: residents}", "comes to a number, and a sum of money is needed"),
        ("{id: other, kind: figure, unit: number, value: spend}", "comes to a sum of money, and a number is needed"),
        ("{id: other, kind: block, value: residents}", "comes to a number, and a sum of money is needed"),
        ("{id: other, kind: payment, on: residents}", "works on `residents`, which is a number"),
        ("{id: other, kind: bands, on: turnover, both: spend}", "comes to a sum of money, and a number is needed"),
        ("{id: other, kind: cap, on: turnover, gain: [{sum: residents}]}", "comes to a number"),
        ("{id: other, kind: carry, on: turnover, carried: both, brought_in: residents}", "comes to a number"),
    ],
)
def test_what_a_term_takes_has_the_unit_that_it_needs(term, said):
    assert any(code == "UNIT-MIXED" and said in message for code, message in findings(term=term)), findings(term=term)


def test_a_bare_number_is_no_sum_of_a_capitation():
    """€750 a head written without its sign: 250,000 residents would have had £1,875,000, not £187.5m."""
    text = FRAME.replace("per_head: £750", "per_head: 750").replace("VALUE", "5%")
    text = text.replace("TERM", "{id: other, kind: figure, unit: number, value: more}")
    with pytest.raises(FindingsError) as error:
        read_contract(text, "contract.yaml")
    assert {finding.code for finding in error.value.findings} == {"UNIT-MIXED"}
    assert error.value.findings[0].line == 15


def test_the_main_amount_of_a_term_is_money_whatever_the_term_is_called():
    gate = "{id: passed, kind: gate, on: turnover, base: turnover, minimum: 1%, test: at_least, style: first_pound}"
    assert findings(term=f"{gate}\n  - {{id: score, kind: cap, on: passed, gain: [{{sum: £1}}]}}") == []
