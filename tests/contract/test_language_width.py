"""Schemes that nobody had in mind when the language was made, in YAML alone, on figures worked out by hand.

They are constructed in the shape of public models; no figure is anybody's contract.
"""

from textwrap import dedent

import pytest

from yoc.contract.reading import read_contract
from yoc.core.findings import FindingsError
from yoc.core.located import Document
from yoc.settlement.examples import HOST, read_inputs
from yoc.settlement.position_of import position_of
from yoc.settlement.waterfall import HostSettlement, settle_host

HEAD = """
contract: made-up
title: A made-up contract
version: "1"
status: live
parties: [{code: PAYER, name: The payer, role: commissioner}]
"""


def contract_of(text: str):
    return read_contract(HEAD + dedent(text), "made-up.yaml")


def settled(text: str, **position: str) -> HostSettlement:
    contract = contract_of(text)
    given = read_inputs(contract, position, Document("made-up.yaml", {}, {}, ()), ())
    return settle_host(contract, position_of(contract, HOST, given))


def pounds(settlement: HostSettlement, name: str = "payment") -> float:
    return float(settlement.amounts[name] / 100)


# A discount of 3% on the benchmark, 2% of it withheld and earned back by quality, a charge for the stop-loss, people's
# cost cut off by whoever reports it, 80% of the gain or loss, 10% of the benchmark at most.
NEXT_GENERATION = """
currency: USD
position:
  historical: {kind: money, is: budget}
  truncated_spend: {kind: money, is: cost}
  person_months: {kind: number}
  quality: {kind: score}
terms:
  - {id: discounted, kind: figure, value: {multiply: [historical, {subtract: [100%, 3%]}]}}
  - {id: withheld, kind: figure, value: {multiply: [2%, discounted]}}
  - {id: benchmark, kind: figure, value: {add: [{subtract: [discounted, withheld]}, {multiply: [withheld, quality]}]}}
  - {id: charge, kind: figure, value: {multiply: [person_months, $5]}}
  - {id: saving, kind: balance, of: benchmark, less: [truncated_spend, charge]}
  - {id: shared, kind: bands, both: 80%}
  - {id: limited, kind: cap, both: [{rate: 10%, of: benchmark}]}
  - {id: payment, kind: payment}
"""


@pytest.mark.parametrize(
    ("quality", "spend", "payment"),
    [
        # 97m less 1.94m withheld and all of it earned back; less 85m and 5 × 120,000: 80% of 11.4m.
        ("100%", "$85,000,000", 9_120_000),
        # Half earned back: 96.03m less 85.6m is 10.43m.
        ("50%", "$85,000,000", 8_344_000),
        # 97m less 50.6m: 80% of 46.4m, limited to 9.7m; and 97m less 120.6m: 80% of -23.6m likewise.
        ("100%", "$50,000,000", 9_700_000),
        ("100%", "$120,000,000", -9_700_000),
    ],
)
def test_a_discount_a_withhold_in_the_benchmark_a_charge_and_a_capped_share(quality, spend, payment):
    made = settled(
        NEXT_GENERATION, historical="$100,000,000", truncated_spend=spend, person_months="120000", quality=quality
    )
    assert pounds(made) == payment


# A target price less 3%; quality moves a tenth of a gain; the most that is gained or owed grows with the years.
BUNDLE = """
currency: USD
years: 3
position:
  episodes: {kind: number}
  price: {kind: money}
  spend: {kind: money, is: cost}
  quality: {kind: score}
values:
  stop: {1: 5%, 2: 10%, 3: 20%}
terms:
  - {id: target, kind: figure, value: {multiply: [episodes, price, 97%]}}
  - {id: difference, kind: balance, of: target, less: spend}
  - {id: scaled, kind: bands, gain: {add: [90%, {multiply: [10%, quality]}]}, loss: 100%}
  - {id: stopped, kind: cap, both: [{rate: stop, of: target}]}
  - {id: payment, kind: payment}
"""


@pytest.mark.parametrize(
    ("year", "spend", "payment"),
    [
        # 100 × 25,000 less 3% is 2,425,000. A gain of 425,000 × 95% is 403,750, over 5% and 10%, and under 20%.
        ("1", "$2,000,000", 121_250), ("2", "$2,000,000", 242_500), ("3", "$2,000,000", 403_750),
        # A loss of 575,000 is over all three.
        ("1", "$3,000,000", -121_250), ("2", "$3,000,000", -242_500), ("3", "$3,000,000", -485_000),
    ],
)  # fmt: skip
def test_a_bundle_with_a_discount_and_limits_that_grow(year, spend, payment):
    made = settled(BUNDLE, episodes="100", price="$25,000", spend=spend, quality="50%", contract_year=year)
    assert pounds(made) == payment


# A monthly rate a head and a fee a visit, raised or lowered by where the practice stands among others of its region.
PRIMARY_CARE = """
currency: USD
position:
  people: {kind: number}
  visits: {kind: number}
  above_national: {kind: flag}
  region: {kind: choice, choices: [top tenth, upper half, lower half]}
  improved: {kind: flag}
values:
  regional: {by: region, values: {top tenth: 34%, upper half: 20%, lower half: 0%}}
  improvement: {when: improved, then: 16%, otherwise: 0%}
  adjustment: {when: above_national, then: {add: [regional, improvement]}, otherwise: -10%}
terms:
  - {id: capitated, kind: figure, value: {multiply: [people, 12, $28]}}
  - {id: fees, kind: figure, value: {multiply: [visits, $40]}}
  - {id: adjusted, kind: figure, value: {multiply: [{add: [capitated, fees]}, {add: [100%, adjustment]}]}}
  - {id: payment, kind: payment}
"""


@pytest.mark.parametrize(
    ("above", "region", "improved", "payment"),
    [
        # 1,000 × 12 × 28 and 3,000 × 40: 336,000 + 120,000 = 456,000.
        ("yes", "top tenth", "yes", 684_000),
        ("yes", "upper half", "no", 547_200),
        ("yes", "lower half", "no", 456_000),
        ("no", "top tenth", "yes", 410_400),
    ],
)
def test_primary_care_paid_a_head_and_adjusted_by_its_region(above, region, improved, payment):
    made = settled(PRIMARY_CARE, people="1000", visits="3000", above_national=above, region=region, improved=improved)
    assert pounds(made) == payment


# A federation of practices holds £50 a head for joints and bones, keeps 2% of a gain and half of the rest to 10%.
FEDERATION = """
budget: {rounding: on_total, rates: {registered: {all: £50}}}
terms:
  - {id: budget, kind: capitation}
  - {id: cost, kind: activity_cost}
  - {id: result, kind: balance, base: budget}
  - id: share
    kind: bands
    base: budget
    gain: [{to: 2%, host_share: 100%}, {from: 2%, to: 10%, host_share: 50%}, {from: 10%, host_share: 0%}]
    loss: [{to: 5%, host_share: 50%}, {from: 5%, host_share: 0%}]
"""


@pytest.mark.parametrize(
    ("cost", "kept"),
    # Of £500,000: a gain of 30,000 is 10,000 and half of 20,000; of 100,000 is 10,000 and half of 40,000; a loss of
    # 20,000 is half borne; of 60,000, half of 25,000.
    [("£470,000", 20_000), ("£400,000", 30_000), ("£520,000", -10_000), ("£560,000", -12_500)],
)
def test_a_federation_that_holds_a_budget_a_head_and_shares_its_gain(cost, kept):
    made = settled(FEDERATION.replace("{all: £50}", "£50"), **{"people.registered": "10000", "cost": cost})
    assert (pounds(made, "share"), made.closing_pence) == (kept, kept * 100)


# The lower of two limits, of which one rests on a figure that is not always known.
LOSS_LIMIT = """
position:
  benchmark: {kind: money, is: budget}
  spend: {kind: money, is: cost}
  revenue: {kind: money, optional: yes}
terms:
  - {id: saving, kind: balance, of: benchmark, less: spend}
  - id: limited
    kind: cap
    loss: [{rate: 4%, of: benchmark}, {rate: 8%, of: revenue, when: {given: revenue}}]
  - {id: payment, kind: payment}
"""


@pytest.mark.parametrize(("revenue", "owed"), [({"revenue": "£30"}, -2.4), ({"revenue": "£90"}, -4), ({}, -4)])
def test_a_limit_that_counts_where_its_base_is_known(revenue, owed):
    assert pounds(settled(LOSS_LIMIT, benchmark="£100", spend="£120", **revenue)) == owed


def test_a_limit_without_any_that_counts_is_no_limit():
    text = LOSS_LIMIT.replace("{rate: 4%, of: benchmark}, ", "")
    assert pounds(settled(text, benchmark="£100", spend="£120")) == -20


def test_what_no_term_reads_need_not_be_given_and_what_one_reads_must():
    text = LOSS_LIMIT.replace("optional: yes", "title: Revenue")
    with pytest.raises(FindingsError, match="`revenue` is not given"):
        settled(text, benchmark="£100", spend="£120")
    unread = text.replace(", {rate: 8%, of: revenue, when: {given: revenue}}", "")
    assert pounds(settled(unread, benchmark="£100", spend="£120")) == -4


def test_an_input_that_is_read_without_asking_whether_it_is_given():
    text = LOSS_LIMIT.replace(", when: {given: revenue}", "")
    with pytest.raises(FindingsError, match="nothing is known of `revenue`"):
        settled(text, benchmark="£100", spend="£120")


def test_an_input_is_optional_or_has_a_default():
    with pytest.raises(FindingsError, match="a default or is optional"):
        contract_of(LOSS_LIMIT.replace("optional: yes", "optional: yes, default: £1"))


VALUES = """
position: {quality: {kind: score}}
values: {%s}
terms: [{id: pay, kind: block, value: {multiply: [share, £100]}}]
"""


def test_values_stand_in_any_order():
    text = VALUES % "share: {multiply: [full, counted]}, counted: quality, full: 50%"
    assert pounds(settled(text, quality="80%"), "pay") == 40


@pytest.mark.parametrize(
    "values", ["share: share", "share: {add: [counted, 1%]}, counted: {multiply: [other, 2]}, other: share"]
)
def test_a_value_is_not_worked_out_from_itself(values):
    with pytest.raises(FindingsError, match="is worked out from itself"):
        contract_of(VALUES % values)


def test_a_test_of_what_is_given_stands_alone():
    with pytest.raises(FindingsError, match="stands alone"):
        contract_of(VALUES % "share: {when: {given: quality, at_least: 1}, then: 1, otherwise: 0}")
