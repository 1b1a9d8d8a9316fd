"""Lines become entries in whole pence, the smallest too, and a statement without lines closes at nothing."""

from fractions import Fraction

import pytest

from yoc.contract import read_contract
from yoc.contract.inputs import InputValues
from yoc.settlement import settle_host
from yoc.settlement.position_of import position_of

HEAD = """
contract: by-hand
title: Worked by hand
version: "1"
status: live
parties:
  - {code: ICB, name: Commissioner, role: commissioner}
  - {code: VC1, name: Partner, role: vcse}
position:
  due: {kind: money}
terms:
"""


def settle(terms: str, due: object):
    contract = read_contract(HEAD + terms, "contract.yaml")
    return settle_host(contract, position_of(contract, "ACO", InputValues({"due": Fraction(due)})))


@pytest.mark.parametrize(
    ("due", "closing", "entries"),
    [
        (1, 1, [("ICB", "ACO", 1)]),
        (-1, -1, [("ACO", "ICB", 1)]),
        ("1/2", 1, [("ICB", "ACO", 1)]),
        ("49/100", 0, []),
        (0, 0, []),
    ],
)
def test_a_penny_is_an_entry_and_nothing_is_none(due, closing, entries):
    made = settle("  - {id: paid, kind: payment, on: due}\n", due)
    assert made.closing_pence == closing
    assert [(entry.payer, entry.payee, entry.pence) for entry in made.entries] == entries
    assert made.closing_exact == Fraction(due)


def test_a_figure_moves_nothing_and_a_number_has_no_line():
    made = settle("  - {id: a, kind: figure, value: due}\n", 100)
    assert (made.closing_pence, made.entries, [line.pence for line in made.lines]) == (0, (), [100])
    made = settle("  - {id: a, kind: figure, value: due, unit: number}\n", 100)
    assert (made.closing_pence, made.entries, made.lines) == (0, (), ())


def test_what_a_party_pays_itself_moves_nothing():
    made = settle("  - {id: a, kind: block, value: £1, paid_by: host, paid_to: host}\n", 100)
    assert (made.closing_pence, made.entries, [line.effect_pence for line in made.lines]) == (0, (), [0])


def test_a_sum_in_thirds_is_entered_to_the_penny():
    shares = "{host: 1/3, VC1: 1/3, commissioner: 1/3}"
    made = settle(f"  - {{id: parts, kind: split, on: due, shares: {shares}}}\n", 100)
    assert [(entry.payer, entry.payee, entry.pence) for entry in made.entries] == [
        ("ICB", "ACO", 34),
        ("ICB", "VC1", 33),
    ]
    assert (made.closing_pence, made.closing_exact) == (34, Fraction(100, 3))
