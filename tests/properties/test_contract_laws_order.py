"""The order in which the keys of a group stand changes nothing that anyone is paid."""

import random
from typing import Any

import pytest
import yaml
from hypothesis import event, given
from hypothesis import strategies as st

from properties.contracts import Case, cases
from yoc.contract import read_contract
from yoc.settlement import settle_host
from yoc.settlement.position_of import position_of

# A value stands before those that use it; the order of shares breaks ties of a penny.
IN_ORDER = ("values", "shares", "loss_shares")


def shuffled(content: Any, chance: random.Random, key: str = "") -> Any:
    """The same content with the keys of every group in another order; the forms of a value count as their own."""
    if isinstance(content, list):
        return [shuffled(item, chance) for item in content]
    if not isinstance(content, dict):
        return content
    keys = list(content)
    if key not in IN_ORDER:
        chance.shuffle(keys)
    return {name: shuffled(content[name], chance, name) for name in keys}


@pytest.mark.law("The order of the keys in a contract's file changes nothing that anyone is paid.", 6)
@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_keys_changes_nothing(case: Case, chance: random.Random):
    content = yaml.load(case.draft.text, yaml.BaseLoader)  # noqa: S506 - all of it stays text
    text = yaml.safe_dump(shuffled(content, chance), sort_keys=False, allow_unicode=True)
    other = read_contract(text, "contract.yaml")
    one, two = (settle_host(contract, position_of(contract, "H1", case.inputs)) for contract in (case.contract, other))
    assert one.amounts == two.amounts
    assert one.closing_pence == two.closing_pence
    assert sorted(map(repr, one.entries)) == sorted(map(repr, two.entries))
    event("keys moved" if list(content) != list(yaml.load(text, yaml.BaseLoader)) else "first keys as they were")  # noqa: S506
