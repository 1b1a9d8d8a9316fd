"""The study of contracts that anyone can work by hand."""

from fractions import Fraction
from itertools import pairwise

import pytest

from yoc.contract import Contract, read_contract
from yoc.contract.inputs import InputValues
from yoc.settlement import pieces
from yoc.settlement import study as studying
from yoc.settlement.position_of import position_of
from yoc.settlement.study import Study, study

POUND = 100
MILLION = 1_000_000 * POUND
HEAD = """
contract: by-hand
title: Worked by hand
version: "1"
status: live
parties:
  - {code: ICB, name: Commissioner, role: commissioner}
  - {code: ACU, name: Acute provider, role: provider}
position:
  baseline: {kind: money, is: budget}
  spend: {kind: money, is: cost}
"""
SAVING = "  - {id: saving, kind: balance, of: baseline, less: spend}\n"
PAID = "  - {id: paid, kind: payment}\n"


def contract_of(*terms: str, position: str = "", head: str = HEAD) -> Contract:
    lines = "".join(f"  - {{{term}}}\n" for term in terms)
    return read_contract(f"{head}{position}terms:\n{SAVING}{lines}", "contract.yaml")


def studied(contract: Contract, **values: int) -> Study:
    """Around a baseline of £10m and a spend of £9.5m."""
    given = {"baseline": 10 * MILLION, "spend": 9_500_000 * POUND, **values}
    numbers = {name: Fraction(number) for name, number in given.items() if name in contract.inputs()}
    return study(contract, position_of(contract, "HOST", InputValues(numbers)))


def gate(test: str = "at_least", style: str = "first_pound") -> str:
    return f"id: gated, kind: gate, base: baseline, minimum: 2%, test: {test}, style: {style}"


def pounds(found: Study) -> list[tuple[str, Fraction, Fraction, Fraction, str]]:
    return [(jump.of, jump.point / POUND, jump.before / POUND, jump.after / POUND, jump.term) for jump in found.jumps]


@pytest.mark.parametrize("test", ["at_least", "more_than"])
def test_a_first_pound_gate_of_two_per_cent_of_ten_million_has_a_cliff_at_9_8_million(test):
    """2% of £10m is £200,000: at a cost of £9.8m all of it is shared, half to the host, and a penny over it nothing."""
    found = studied(contract_of(gate(test), "id: shared, kind: bands, gain: 50%, loss: 0%", "id: paid, kind: payment"))
    assert pounds(found) == [("cost", 9_800_000, 100_000, 0, "gated")]
    assert not found.jumps[0].wrong_way
    # Where the rate itself passes, the fall lies just after the point; where it has to be more, at it.
    at = next(piece for piece in found.curve.pieces if piece.start == 9_800_000 * POUND).at("host")
    assert at == (100_000 * POUND if test == "at_least" else 0)


def test_a_gate_that_shares_only_the_excess_has_no_cliff():
    found = studied(
        contract_of(
            gate(style="excess_only"), "id: shared, kind: bands, gain: 50%, loss: 0%", "id: paid, kind: payment"
        )
    )
    assert found.jumps == ()
    assert found.wrong_way == ()


def test_whole_amount_bands_jump_at_each_end_and_each_is_told():
    """80% of all of a gain under 2%, 50% of all under 5%, 20% beyond: at £200,000 the host's part falls from £160,000
    to £100,000, at £500,000 from £250,000 to £100,000. Seen from a rising cost both are paid more for costing more."""
    bands = (
        "id: shared, kind: bands, style: whole_amount, base: baseline, loss: 0%, gain: [{to: 2%, host_share: 80%}, "
        "{from: 2%, to: 5%, host_share: 50%}, {from: 5%, host_share: 20%}]"
    )
    found = studied(contract_of(bands, "id: paid, kind: payment"))
    assert pounds(found) == [
        ("cost", 9_500_000, 100_000, 250_000, "shared"),
        ("cost", 9_800_000, 100_000, 160_000, "shared"),
    ]
    assert all(jump.wrong_way for jump in found.jumps)


def test_a_small_jump_the_wrong_way_is_told_beside_a_large_one_the_right_way():
    """20% of all of a gain under 1%, 80% under 5%, 70% beyond: a large fall at £9.9m, a small rise at £9.5m."""
    bands = (
        "id: shared, kind: bands, style: whole_amount, base: baseline, loss: 0%, gain: [{to: 1%, host_share: 20%}, "
        "{from: 1%, to: 5%, host_share: 80%}, {from: 5%, host_share: 70%}]"
    )
    found = studied(contract_of(bands, "id: paid, kind: payment"))
    assert pounds(found) == [
        ("cost", 9_500_000, 350_000, 400_000, "shared"),
        ("cost", 9_900_000, 80_000, 20_000, "shared"),
    ]
    assert [jump.wrong_way for jump in found.jumps] == [True, False]


def test_marginal_bands_neither_jump_nor_turn():
    bands = "id: shared, kind: bands, base: baseline, both: [{to: 2%, host_share: 80%}, {from: 2%, host_share: 50%}]"
    found = studied(contract_of(bands, "id: paid, kind: payment"))
    assert (found.jumps, found.wrong_way, found.bent, found.failed) == ((), (), (), ())
    joined = found.curve.of("host")
    assert [piece.start / POUND for piece in joined] == [0, 9_800_000, 10_200_000]
    assert [piece.slope("host") for piece in joined] == [Fraction(-1, 2), Fraction(-4, 5), Fraction(-1, 2)]
    assert all(before.end == after.start for before, after in pairwise(joined))


def exposure(found: Study, party: str) -> tuple[Fraction | None, Fraction | None]:
    each = next(each for each in found.exposures if each.party == party)
    return each.least, each.most


def test_a_one_sided_contract_of_three_bands_bears_no_loss_and_gains_at_most_its_part_of_all():
    """50% to 2%, 40% to 5%, 30% beyond. With no cost at all the gain is £10m: £100,000 + £120,000 + £2,850,000."""
    bands = (
        "id: shared, kind: bands, base: baseline, loss: 0%, gain: [{to: 2%, host_share: 50%}, "
        "{from: 2%, to: 5%, host_share: 40%}, {from: 5%, host_share: 30%}]"
    )
    found = studied(contract_of(bands, "id: paid, kind: payment"))
    assert exposure(found, "HOST") == (0, 3_070_000 * POUND)
    assert exposure(found, "ICB") == (-3_070_000 * POUND, 0)


def test_three_bands_of_loss_without_end_are_unbounded_and_a_cap_bounds_them():
    """100% of a loss to 2%, 50% to 5%, 25% beyond: every pound of cost more is 25p more; a cap of 4% is £400,000."""
    bands = (
        "id: shared, kind: bands, base: baseline, gain: 0%, loss: [{to: 2%, host_share: 100%}, "
        "{from: 2%, to: 5%, host_share: 50%}, {from: 5%, host_share: 25%}]"
    )
    found = studied(contract_of(bands, "id: paid, kind: payment"))
    assert exposure(found, "HOST") == (None, 0)
    assert exposure(found, "ICB") == (0, None)
    cap = "id: capped, kind: cap, loss: [{rate: 4%, of: baseline}]"
    assert exposure(studied(contract_of(bands, cap, "id: paid, kind: payment")), "HOST") == (-400_000 * POUND, 0)


def test_a_party_that_only_shares_in_a_loss_has_its_exposure():
    """The provider has no part of a gain, and a quarter of a loss without end."""
    split = "id: parts, kind: split, shares: {host: 100%}, loss_shares: {host: 75%, ACU: 25%}"
    assert exposure(studied(contract_of(split)), "ACU") == (None, 0)


def test_a_bonus_that_is_all_or_nothing_has_its_cliff_at_the_full_score():
    """£2.8m for a full score and nothing for 99.9% of one (the other reading of the Better Care Fund)."""
    bonus = "id: bonus, kind: outcomes, mode: bonus, value: £2.8m, score: reached, earning: all_or_nothing"
    found = studied(contract_of(bonus, position="  reached: {kind: score}\n"), reached=1)
    jump = found.jumps[0]
    assert len(found.jumps) == 1
    assert (jump.of, jump.point, jump.before, jump.after) == ("reached", 1, 0, 2_800_000 * POUND)
    in_a_line = bonus.replace(", earning: all_or_nothing", "")
    assert studied(contract_of(in_a_line, position="  reached: {kind: score}\n"), reached=1).jumps == ()


def test_a_score_is_followed_at_every_cost_at_which_it_counts():
    """The score adds to what the host bears of a loss beyond 30%, and nowhere else: at £14m, £400,000 more for it."""
    bands = "id: shared, kind: bands, base: baseline, gain: 0%, loss: [{to: 30%, host_share: 50%}, "
    bands += "{from: 30%, host_share: quality}]"
    found = studied(contract_of(bands, "id: paid, kind: payment", position="  quality: {kind: score}\n"), quality=0)
    assert "quality" in {slope.of for slope in found.wrong_way}


def test_a_rate_on_the_cost_itself_is_studied_from_no_cost_on():
    """The saving as a rate of the cost has no value at a cost of nothing; what nobody is paid by bends nothing."""
    head = HEAD.replace("position:", "position:\n  share: {kind: number, default: 1}")
    text = f"{head}terms:\n{SAVING.replace('less: spend', 'less: spend, base: spend')}{PAID}"
    found = studied(read_contract(text, "contract.yaml"), share=1)
    assert (found.bent, found.failed, found.jumps) == ((), (), ())
    assert [(piece.start, piece.end, piece.slope("host")) for piece in found.curve.of("host")] == [(0, None, -1)]


def test_what_is_paid_by_a_product_of_two_that_move_is_called_bent():
    product = "id: squared, kind: figure, value: {multiply: [saving, saving.rate]}"
    found = studied(contract_of(product, "id: paid, kind: payment"))
    assert found.bent == ("cost",)


def test_more_pieces_than_are_followed_are_not_called_sure(monkeypatch):
    monkeypatch.setattr(pieces, "MOST_PIECES", 2)
    found = studied(contract_of(gate(), "id: shared, kind: bands, gain: 50%, loss: 0%", "id: paid, kind: payment"))
    assert found.bent == ("cost",)


def test_more_corners_than_are_studied_are_told(monkeypatch):
    """Two flags make four combinations beside the reference, of which one is the reference itself."""
    flags = "  one: {kind: flag}\n  two: {kind: flag}\n"
    held = "id: shared, kind: bands, gain: {when: {any_of: [one, two]}, then: 50%, otherwise: 0%}, loss: 0%"
    contract = contract_of(held, "id: paid, kind: payment", position=flags)
    assert studied(contract, one=1, two=1).failed == ()
    monkeypatch.setattr(studying, "MOST_CORNERS", 3)
    assert tuple(failure.problem for failure in studied(contract, one=1, two=1).failed) == (
        "only 3 of the combinations of scores, years, flags and choices were studied",
    )
