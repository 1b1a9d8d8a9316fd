"""Two versions of a contract: what changed in words, and what it moves, in figures worked out by hand."""

from fractions import Fraction

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from yoc.contract import Contract, read_contract
from yoc.contract.inputs import InputValues
from yoc.settlement.difference import Change, changes
from yoc.settlement.movement import Case, all_together, movement
from yoc.settlement.position_of import position_of

TERMS = "The terms, in their order"
BEFORE = """
contract: a
title: A contract
version: "1"
status: shadow
years: 2
parties:
  - {code: ICB, name: The Board, role: commissioner}
  - {code: H, name: North, role: host}
values:
  limit: 10%
  twice: {multiply: [2, limit]}
budget:
  rounding: on_total
  rates:
    adults: {primary: £100, emergency: £900}
  adjustments:
    - {id: growth, kind: growth, rate: 1%}
terms:
  - {id: budget, kind: capitation, clause: "5"}
  - {id: cost, kind: activity_cost, clause: "6"}
  - {id: balance, kind: balance, base: budget}
  - id: share
    kind: bands
    clause: "7"
    base: budget
    gain: [{to: 2%, host_share: 100%}, {from: 2%, host_share: 50%}]
    loss: [{host_share: 100%}]
  - {id: kept, kind: profit_limit, clause: "8", base: budget, limit: limit}
"""


def read(text: str) -> Contract:
    return read_contract(text, "contract.yaml")


def changed(*edits: tuple[str, str]) -> tuple[Change, ...]:
    text = BEFORE
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new)
    return changes(read(BEFORE), read(text))


def test_a_contract_does_not_differ_from_itself():
    assert changes(read(BEFORE), read(BEFORE)) == ()


def test_a_field_of_a_term_is_told_in_words():
    assert changed(("{from: 2%, host_share: 50%}", "{from: 2%, host_share: 30%}")) == (
        Change(TERMS, "Clause 7 (share), gain", "all of it up to 2% of the budget and 50% beyond 2%",
               "all of it up to 2% of the budget and 30% beyond 2%"),
    )  # fmt: skip


def test_a_named_value_is_told_once_and_not_again_where_it_is_used():
    assert changed(("limit: 10%", "limit: 7.5%")) == (Change("Named numbers", "Limit", "10%", "7.5%"),)


def test_a_rate_an_adjustment_and_the_rounding_of_the_budget():
    assert changed(
        ("emergency: £900", "emergency: £905.50"), ("rate: 1%", "rate: 1.5%"), ("on_total", "per_person")
    ) == (
        Change("The budget", "Adults, emergency", "£900", "£905.50"),
        Change("The budget", "Rounding", "on total", "per person"),
        Change("The budget", "Adjustment growth, rate", "1%", "1.5%"),
    )


def test_terms_added_removed_and_moved():
    gone = '  - {id: kept, kind: profit_limit, clause: "8", base: budget, limit: limit}\n'
    assert changed((gone, "  - {id: paid, kind: on_account}\n"), ("  twice: {multiply: [2, limit]}\n", "")) == (
        Change("Named numbers", "Twice", "2 × the limit (10%)", ""),
        Change(TERMS, "Clause 8 (kept)", "Where the host's part is a gain, the host keeps up to the limit (10%) of the "
               "budget and returns the rest to the commissioner.", ""),
        Change(TERMS, "Paid", "", "What the commissioner has already paid the host in the year is taken off."),
        Change("What has to be known of each host's year", "", "",
               "Paid on account: a sum of money"),
    )  # fmt: skip
    moved = read(BEFORE.replace(gone, "").replace("  - id: share\n", gone + "  - id: share\n"))
    assert Change(TERMS, "Clause 8 (kept), its place", "after Clause 7 (share)", "after Balance") in changes(
        read(BEFORE), moved
    ) or Change(TERMS, "Clause 7 (share), its place", "after Balance", "after Clause 8 (kept)") in changes(
        read(BEFORE), moved
    )


def test_parties_status_and_years():
    found = changed(
        ("{code: H, name: North, role: host}", "{code: H, name: North and East, role: host}"),
        ("status: shadow", "status: live"),
        ("years: 2", "years: 3"),
    )
    assert {(change.part, change.what) for change in found} == {
        ("The contract", ""), ("Parties", "Host"), ("How payments are made", "")
    }  # fmt: skip
    assert Change("Parties", "Host", "North (H)", "North and East (H)") in found


def test_the_title_a_clause_and_what_is_gone():
    assert changed(("title: A contract", "title: Another")) == (
        Change("The contract", "Title", "A contract", "Another"),
    )
    gone = changed(("adults: {primary: £100, emergency: £900}", "adults: {emergency: £900}"))
    assert Change("The budget", "Adults, primary", "£100", "") in gone
    come = changes(read(BEFORE.replace("primary: £100, ", "")), read(BEFORE))
    assert Change("The budget", "Adults, primary", "", "£100") in come
    growth = "    - {id: growth, kind: growth, rate: 1%}\n"
    more = changed((growth, growth + "    - {id: more, kind: growth, rate: 2%}\n"))
    assert more == (Change("The budget", "Adjustment more", "", "kind growth; rate 2%"),)
    both = BEFORE.replace(growth, growth + "    - {id: more, kind: growth, rate: 2%}\n")
    turned = BEFORE.replace(growth, "    - {id: more, kind: growth, rate: 2%}\n" + growth)
    assert changes(read(both), read(BEFORE)) == (Change("The budget", "Adjustment more", "kind growth; rate 2%", ""),)
    assert changes(read(both), read(turned)) == (
        Change("The budget", "Order of adjustments", "growth and more", "more and growth"),
    )


def test_a_term_that_comes_to_stand_first():
    blocks = [f"  - {{id: {name}, kind: block, value: £1}}\n" for name in ("one", "two", "three")]
    head = BEFORE[: BEFORE.index("values:")].replace("  - {code: H, name: North, role: host}\n", "") + "terms:\n"
    before, after = head + "".join(blocks), head + blocks[2] + blocks[0] + blocks[1]
    assert changes(read(before), read(after)) == (Change(TERMS, "Three, its place", "after Two", "first"),)
    assert changes(read(after), read(before)) == (Change(TERMS, "Three, its place", "first", "after Two"),)


def test_fields_of_every_kind_are_told_in_words():
    stop = "  - {id: high, kind: stop_loss, threshold: £30, share: 80%, borne_by: commissioner, pro_rata: no}\n"
    before = BEFORE + stop
    after = BEFORE + stop.replace("£30", "£40").replace("commissioner", "ICB").replace("rata: no", "rata: yes")
    assert changes(read(before), read(after)) == (
        Change(TERMS, "High, threshold", "£30", "£40"),
        Change(TERMS, "High, borne by", "the commissioner", "The Board"),
        Change(TERMS, "High, pro rata", "no", "yes"),
    )


PEOPLE = {"people.adults": Fraction(1000), "cost.primary": Fraction(0), "cost.emergency": Fraction(90_900_000)}


def moves(after: str, values: dict[str, Fraction] = PEOPLE):
    contracts = read(BEFORE), read(after)
    positions = (position_of(contract, "H", InputValues(values)) for contract in contracts)
    return movement(*contracts, Case("North", *positions))


def test_the_pounds_of_each_clause_add_to_the_change_in_what_is_due():
    """1,000 adults at £1,000 and growth of 1% are £1,010,000; a cost of £909,000 leaves £101,000.

    Before: the host keeps £20,200 and half of £80,800, £60,600 in all, which is under 10% of the budget, £101,000.
    After: it keeps £20,200 and 30% of £80,800, £44,440; a limit of 4% of £1,010,000, £40,400, takes £4,040 more.
    """
    made = moves(BEFORE.replace("host_share: 50%", "host_share: 30%").replace("limit: 10%", "limit: 4%"))
    assert [(row.label, row.before_pence, row.after_pence) for row in made.rows] == [
        ("Clause 5 (budget)", 101_000_000, 101_000_000),
        ("Clause 6 (cost)", -90_900_000, -90_900_000),
        ("Balance", 0, 0),
        ("Clause 7 (share)", -4_040_000, -5_656_000),
        ("Clause 8 (kept)", 0, -404_000),
    ]
    assert (made.before_pence, made.after_pence, made.difference_pence) == (6_060_000, 4_040_000, -2_020_000)
    assert [row.difference_pence for row in made.rows] == [0, 0, 0, -1_616_000, -404_000]


def test_a_rate_moves_the_budget_of_the_people_who_were_counted():
    """£10 more for 1,000 adults and growth of 1% are £10,100 more, of which the host keeps half beyond the first 2%.

    2% of the budget is £202 more, so of a gain of £111,100 it keeps £20,402 and half of £90,698, £65,751.
    """
    made = moves(BEFORE.replace("emergency: £900", "emergency: £910"))
    assert {row.term: row.difference_pence for row in made.rows} == {
        "budget": 1_010_000, "cost": 0, "balance": 0, "share": -4_534_900 + 4_040_000, "kept": 0,
    }  # fmt: skip
    assert (made.after_pence, made.difference_pence) == (6_575_100, 515_100)


def test_a_term_of_one_side_alone_stands_where_it_stood():
    made = moves(BEFORE.replace('  - {id: kept, kind: profit_limit, clause: "8", base: budget, limit: limit}\n',
                                "  - {id: paid, kind: on_account}\n"),
                 {**PEOPLE, "paid_on_account": Fraction(100)})  # fmt: skip
    assert [row.term for row in made.rows] == ["budget", "cost", "balance", "share", "kept", "paid"]
    assert made.difference_pence == -100


def test_hosts_add_up_term_by_term():
    one = moves(BEFORE.replace("host_share: 50%", "host_share: 30%"))
    both = all_together("All", [one, one])
    assert [row.after_pence for row in both.rows] == [2 * row.after_pence for row in one.rows]
    assert both.difference_pence == 2 * one.difference_pence


@pytest.mark.law("The differences between two contracts, clause by clause, add to the change in what is due.", 3)
@given(st.integers(0, 10**9), st.integers(0, 100), st.integers(1, 400), st.integers(0, 3))
def test_the_differences_always_add_to_the_change_in_what_is_due(cost, share, limit, rate):
    after = BEFORE.replace("host_share: 50%", f"host_share: {share}%").replace("limit: 10%", f"limit: {limit}/1000")
    made = moves(after.replace("£900", f"£90{rate}"), {**PEOPLE, "cost.emergency": Fraction(cost)})
    change = made.after_pence - made.before_pence
    event("more is due" if change > 0 else "less is due" if change else "nothing changes")
    assert sum(row.difference_pence for row in made.rows) == change


OTHERS = """
contract: a
title: A contract
version: "1"
status: live
parties:
  - {code: ICB, name: The Board, role: commissioner}
  - {code: H, name: North, role: host}
  - {code: V, name: Moving Well, role: vcse}
  - {code: W, name: Walking, role: vcse}
terms:
  - {id: core, kind: block, value: £100}
  - {id: moving, kind: block, clause: "9", value: £40k, paid_by: commissioner, paid_to: V}
  - {id: rent, kind: block, value: £5, paid_by: host, paid_to: V}
"""


def flows(*edits: tuple[str, str]):
    text = OTHERS
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    contracts = read(OTHERS), read(text)
    return movement(*contracts, Case("H", *(position_of(each, "H", InputValues({})) for each in contracts)))


def told(made) -> list[tuple[str, str, str, int, int]]:
    return [(each.label, each.payer, each.payee, each.before_pence, each.after_pence) for each in made.between_others()]


def test_money_that_moves_between_others_is_counted():
    gone = '  - {id: moving, kind: block, clause: "9", value: £40k, paid_by: commissioner, paid_to: V}\n'
    made = flows((gone, ""))
    assert (made.difference_pence, made.moves) == (0, True)
    assert told(made) == [("Clause 9 (moving)", "The Board", "Moving Well", 4_000_000, 0)]
    six = all_together("All 6 hosts", [made] * 6)
    assert told(six) == [("Clause 9 (moving)", "The Board", "Moving Well", 24_000_000, 0)]


def test_a_payment_that_goes_to_another_or_turns_round_is_counted():
    assert told(flows(("paid_by: host, paid_to: V", "paid_by: host, paid_to: W"))) == [
        ("Rent", "the host", "Moving Well", 500, 0),
        ("Rent", "the host", "Walking", 0, 500),
    ]
    assert told(flows(("paid_by: commissioner, paid_to: V", "paid_by: V, paid_to: commissioner"))) == [
        ("Clause 9 (moving)", "Moving Well", "The Board", -4_000_000, 4_000_000)
    ]


def test_what_the_host_pays_is_told_once_in_its_own_sums():
    made = flows(("value: £5,", "value: £6,"))
    assert (made.difference_pence, told(made)) == (-100, [])
    same = flows()
    assert (same.moves, told(same)) == (False, [])
