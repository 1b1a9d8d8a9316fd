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
    made = settle("  - {id: a, kind: figure, value: {divide: [due, £1]}, unit: number}\n", 100)
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


_NAMED = """\
contract: small
title: Small
version: "1"
status: live
parties:
  - {code: ICB, name: The board, role: commissioner}
  - {code: V1, name: A partner, role: vcse}
position:
  benchmark: {kind: money}
  spend: {kind: money}
budget: {rounding: on_total, rates: {everyone: £100}}
terms:
  - {id: budget, kind: capitation}
  - {id: saving, kind: balance, of: benchmark, less: spend}
  - {id: line, kind: vcse_line, partner: V1, value: £1, paid_by: commissioner}
  - {id: half, kind: bands, both: 50%}
  - {id: per_person, kind: figure, value: {divide: [half, person_years]}}
  - {id: paid, kind: payment, on: half, rounded_to: £1}
"""


def test_a_term_works_on_the_amount_before_it_and_a_payment_is_rounded_where_the_contract_says():
    """A saving of £3.33 past a partner's line; half is £1.665, of 3 person-years £0.555 each; £2 is paid."""
    contract = read_contract(_NAMED, "contract.yaml")
    values = {"benchmark": Fraction(1000), "spend": Fraction(667), "people.everyone": Fraction(3)}
    settled = settle_host(contract, position_of(contract, "H1", InputValues(values)))
    assert settled.amounts["half"] == Fraction(333, 2)
    assert settled.amounts["per_person"] == Fraction(333, 6)
    assert settled.amounts["paid"] == 200
    assert settled.closing_pence == 30_000 + 200
