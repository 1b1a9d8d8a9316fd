"""Blocks shared out by each key, with figures worked out by hand, and the law that no penny is lost."""

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from yoc.contract.blocks import Block, BlockError, share_block

HOSTS = ["A", "B"]


def block(**fields):
    return Block(id="b", provider="P", setting="primary", **fields)


def test_by_person_days():
    days = block(value="£12m", key="person_days", whole="1200000")
    made = share_block(days, HOSTS, {"A": 1234, "B": 100_000}, 0, "person-days")
    # £10 a person-day.
    assert (made.pence_by_host, made.rest_pence) == ({"A": 1_234_000, "B": 100_000_000}, 1_098_766_000)
    assert made.formula_by_host["A"] == "£12,000,000.00 × 1,234 of 1,200,000 person-days"


def test_by_lines_the_odd_penny_goes_to_the_largest_remainder():
    made = share_block(block(value="£1", key="lines"), HOSTS, {"A": 1, "B": 2}, 6, "")
    # 16.67 and 33.33 and 50 pence.
    assert (made.pence_by_host, made.rest_pence) == ({"A": 17, "B": 33}, 50)
    assert made.formula_by_host["B"] == "£1.00 × 2 of 6 lines"


def test_ties_go_to_the_hosts_in_order_and_the_rest_last():
    made = share_block(block(value="£1", key="lines"), HOSTS, {"A": 1, "B": 1}, 3, "")
    assert (made.pence_by_host, made.rest_pence) == ({"A": 34, "B": 33}, 33)


def test_by_shares():
    made = share_block(block(value="£4m", key="shares", shares={"B": "12%", "A": "10%"}), HOSTS, {}, 0, "")
    assert (made.pence_by_host, made.rest_pence) == ({"A": 40_000_000, "B": 48_000_000}, 312_000_000)
    assert made.formula_by_host["A"] == "£4,000,000.00 × stated share 10%"
    all_of_it = share_block(block(value="£4m", key="shares", shares={"B": "0%", "A": "100%"}), HOSTS, {}, 0, "")
    assert (all_of_it.pence_by_host, all_of_it.rest_pence) == ({"A": 400_000_000, "B": 0}, 0)


def test_what_cannot_be_shared_out():
    with pytest.raises(BlockError, match="the files hold none of P"):
        share_block(block(value="£1", key="lines"), HOSTS, {}, 0, "")
    with pytest.raises(BlockError, match="serves 3 person-days in all, and the hosts alone count 4"):
        share_block(block(value="£1", key="person_days", whole="3"), HOSTS, {"A": 4}, 0, "person-days")


@pytest.mark.law("A block's value is shared out to the hosts and the rest without losing a penny.", 2)
@given(st.integers(0, 10**12), st.integers(0, 10**6), st.integers(0, 10**6), st.integers(1, 10**6))
def test_no_penny_is_lost(value, one, two, rest):
    whole = block(value=value, key="person_days", whole=one + two + rest)
    made = share_block(whole, HOSTS, {"A": one, "B": two}, 0, "person-days")
    assert sum(made.pence_by_host.values()) + made.rest_pence == value
    event("a host with nobody" if not (one and two) else "people at both hosts")
    event("a penny left over" if value * one % (one + two + rest) else "no penny left over")
