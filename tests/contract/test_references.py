"""A name in a contract means what a term made of a position, never a sum that the position may have left at nothing."""

import pytest

from yoc.contract import read_contract
from yoc.core.findings import FindingsError

CONTRACT = """
contract: names
title: Names
version: "1"
status: live
parties: [{code: ICB, name: Commissioner, role: commissioner}]
budget: {rounding: on_total, rates: {all: {primary: £300, emergency: £700}}}
terms:
  - {id: allowance, kind: capitation}
  - {id: care, kind: activity_cost}
  - {id: kept, kind: balance, base: allowance}
  - {id: capped, kind: cap, gain: [{rate: 5%, of: allowance}]}
"""


@pytest.mark.parametrize("name", ["budget", "cost", "cost.primary"])
def test_a_budget_or_cost_is_named_by_the_term_that_makes_it(name):
    """With 1,000 people the budget is £1m and its 5% £50,000; the `budget` of the position is £0, and so is its 5%."""
    with pytest.raises(FindingsError) as caught:
        read_contract(CONTRACT.replace("of: allowance", f"of: {name}"), "contract.yaml")
    assert [finding.code for finding in caught.value.findings] == ["TERM-REFERENCE"]
    assert f"works on `{name}`, which nothing before it makes" in caught.value.findings[0].message


@pytest.mark.parametrize("name", ["allowance", "care", "people.all"])
def test_what_a_term_made_and_what_is_given_once_may_be_named(name):
    assert read_contract(CONTRACT.replace("of: allowance", f"of: {name}"), "contract.yaml")


@pytest.mark.parametrize(
    ("written", "mend"),
    [
        ("{rate: 7%, share: 7%}", "take it out; what may stand here: rate, of, sum, when"),
        ("{rate: 7%, base: budget}", "take it out; what may stand here: rate, of, sum, when"),
        ("{rate: 7%, whem: x}", "did you mean `when`?"),
    ],
)
def test_a_field_that_does_not_belong_is_never_offered_itself(written, mend):
    text = f"""
contract: a
title: A
version: "1"
status: live
parties: [{{code: ICB, name: The board, role: commissioner}}]
position:
  spend: {{kind: money, is: cost}}
  budget: {{kind: money, is: budget}}
terms:
  - {{id: saving, kind: balance, of: budget, less: spend}}
  - {{id: capped, kind: cap, "on": saving, gain: [{written}]}}
"""
    with pytest.raises(FindingsError) as caught:
        read_contract(text, "contract.yaml")
    (finding,) = [each for each in caught.value.findings if each.code == "FIELD-UNKNOWN"]
    assert finding.mend == mend
