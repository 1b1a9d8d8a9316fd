"""The checks of a settlement hold at the very edge of a limit and fail a penny beyond it, whichever host it is."""

from dataclasses import replace
from fractions import Fraction

import pytest

from yoc.contract import read_contract
from yoc.contract.inputs import InputValues
from yoc.settlement import HostSettlement, check_settlement, settle_host
from yoc.settlement.checks import Control
from yoc.settlement.position_of import position_of

CONTRACT = read_contract(
    """
contract: by-hand
title: Worked by hand
version: "1"
status: live
parties:
  - {code: ICB, name: Commissioner, role: commissioner}
position:
  baseline: {kind: money, is: budget}
  spend: {kind: money, is: cost}
  score: {kind: score}
terms:
  - {id: saving, kind: balance, of: baseline, less: spend}
  - {id: shared, kind: bands, gain: 50%, loss: 50%}
  - {id: capped, kind: cap, gain: [{sum: £1000}], loss: [{sum: £1000}]}
  - {id: relieved, kind: relief, sum: £0}
  - {id: kept, kind: profit_limit, base: baseline, limit: 10%}
  - {id: paid, kind: payment}
  - {id: high, kind: stop_loss, threshold: £30, share: 80%, borne_by: ICB}
  - {id: earned, kind: outcomes, base: baseline, at_risk: 10%, score: score}
""",
    "contract.yaml",
)
CONTROL = Control(
    files_submitted_pence=0, rejected_pence=0, superseded_pence=0, lines_in=0, lines_judged=0, fates_submitted_pence=0,
    cells_pence=0, double_presence_rows=0,
)  # fmt: skip


def settled(host: str = "ACO") -> HostSettlement:
    """A saving of £20.00 of £100.00, half of it shared; £5.00 over a threshold; half of £10.00 earned back."""
    values = {"baseline": 10_000, "spend": 8_000, "score": Fraction(1, 2), "cost_over_threshold": 500}
    given = InputValues({name: Fraction(value) for name, value in values.items()})
    return settle_host(CONTRACT, position_of(CONTRACT, host, given))


def checks(*hosts: HostSettlement, control: Control = CONTROL) -> dict[str, bool]:
    return {check.id: check.passed for check in check_settlement(CONTRACT, hosts, control)}


def with_amounts(**amounts: object) -> HostSettlement:
    made = settled()
    named = {name.replace("__", "."): Fraction(amount) for name, amount in amounts.items()}
    return replace(made, amounts=made.amounts | named)


def test_the_figures_of_an_honest_settlement():
    made = settled()
    assert (made.amounts["shared"], made.amounts["kept"], made.amounts["high"], made.closing_pence) == (
        1000,
        1000,
        400,
        1000 + 400 - 500,
    )
    details = {check.id: check.detail for check in check_settlement(CONTRACT, [made], CONTROL)}
    assert details["1"] == "4 entries between 2 parties sum to £0.00 and come to every closing result"
    assert details["5"] == "6 shares, withholds and thresholds lie inside their limits"


STEPS = ["shared", "capped", "relieved", "kept"]
"""The terms of which each is a part of what the one before it made."""


@pytest.mark.parametrize("name", STEPS)
@pytest.mark.parametrize(
    ("whole", "part", "inside"),
    [
        (100, 100, True),
        (100, 0, True),
        (100, 101, False),
        (100, -1, False),
        ("1/2", "1/2", True),
        (0, 0, True),
        (0, 1, False),
        (0, -1, False),
        (-100, -100, True),
        (-100, 0, True),
        (-100, -101, False),
        (-100, "1/2", False),
    ],
)
def test_a_part_lies_between_nothing_and_the_whole(name, whole, part, inside):
    # What follows on the amount is made to fit, so that only this step can fail.
    amounts = dict.fromkeys(STEPS, part) | dict.fromkeys(STEPS[: STEPS.index(name)], whole)
    assert checks(with_amounts(saving=whole, **amounts))["5"] == inside


@pytest.mark.parametrize(("earned", "inside"), [(0, True), (1000, True), (1001, False), (-1, False), ("1/2", True)])
def test_what_is_earned_lies_within_what_is_withheld(earned, inside):
    assert checks(with_amounts(earned__earned=earned))["5"] == inside


@pytest.mark.parametrize(("borne", "inside"), [(500, True), (501, False), (-500, True), (-501, False), (0, True)])
def test_what_is_borne_lies_within_what_is_over(borne, inside):
    assert checks(with_amounts(high=borne))["5"] == inside


def test_one_host_that_breaks_a_law_is_seen_beside_others_that_keep_it():
    honest = settled("B")
    wrong = replace(settled("A"), entries=settled("A").entries[:-1])
    assert checks(wrong, honest)["1"] is False
    line = settled("A").lines[-1]
    wrong = replace(settled("A"), lines=(*settled("A").lines[:-1], replace(line, effect_pence=line.effect_pence + 1)))
    assert checks(wrong, honest)["3"] is False
    assert checks(honest, wrong)["3"] is False
    assert checks(honest, settled("A"))["3"] is True


def test_a_host_without_a_part_of_a_block_has_none_of_it():
    control = replace(CONTROL, block_pence={"nurses": 300}, block_rest_pence={"nurses": 300})
    assert checks(settled("A"), settled("B"), control=control)["2"] is True
    details = [check.detail for check in check_settlement(CONTRACT, [settled()], control)]
    assert details[1] == (
        "£0.00 in the files = £0.00 charged or set aside + £0.00 rejected + £0.00 superseded; £0.00 charged to hosts, "
        "blocks among it; £3.00 of blocks = £0.00 shared to hosts + £3.00 for the rest"
    )


def test_a_position_is_settled_again_with_its_mappings_in_another_order(monkeypatch):
    from yoc.settlement import checks as module

    made = settled()
    position = replace(
        made.position, scores={"a": Fraction(1), "b": Fraction(0)}, cost_by_provider_pence={"X": Fraction(8_000)}
    )
    seen = []

    def again(contract, other):
        seen.append(other)
        return settle_host(contract, other)

    monkeypatch.setattr(module, "settle_host", again)
    checks(replace(made, position=position))
    copy = seen[-1]
    assert copy == position
    assert (list(copy.scores), list(copy.values)) == (["b", "a"], list(reversed(position.values)))
    assert copy.cost_pence is not position.cost_pence
    assert copy.cost_by_provider_pence is not position.cost_by_provider_pence
