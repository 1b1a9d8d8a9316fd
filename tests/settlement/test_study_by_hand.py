"""What a study tells of a contract, on contracts of one or two terms: slopes, small jumps, exposures, idle terms."""

from fractions import Fraction

import pytest

from yoc.contract import Contract, read_contract
from yoc.contract.inputs import InputValues
from yoc.settlement import study as studying
from yoc.settlement.position_of import position_of
from yoc.settlement.study import Study, study

HEAD = """
contract: by-hand
title: Worked by hand
version: "1"
status: live
parties:
  - {code: ICB, name: Commissioner, role: commissioner}
position:
  baseline: {kind: money, is: budget}
  quality: {kind: score, default: 50%}
"""
SPEND = "  spend: {kind: money, is: cost}\n"
SAVING = ["id: saving, kind: balance, of: baseline, less: spend"]
PAID = "id: paid, kind: payment"


def contract_of(*terms: str, position: str = SPEND) -> Contract:
    return read_contract(HEAD + position + "terms:\n" + "".join(f"  - {{{term}}}\n" for term in terms), "contract.yaml")


def studied(contract: Contract, **values: object) -> Study:
    """Around a baseline of £1,000.00 and a spend of £900.00, of which nothing is paid yet."""
    given = {"baseline": 100_000, "spend": 90_000, "quality": Fraction(1, 2), "paid_on_account": 0} | values
    numbers = {name: Fraction(number) for name, number in given.items() if name in contract.inputs()}
    return study(contract, position_of(contract, "ACO", InputValues(numbers)))


def exposures(found: Study) -> list[tuple[str, Fraction | None, Fraction | None]]:
    return [(each.party, each.least, each.most) for each in found.exposures]


def slopes(found: tuple[studying.Slope, ...]) -> list[tuple[str, Fraction, Fraction | None, Fraction]]:
    return [(each.of, each.start, each.end, each.slope) for each in found]


def test_half_of_a_saving_and_of_a_loss_without_end():
    """Nothing spent saves £1,000.00, half of it the host's; what is spent beyond costs it half, without end."""
    found = studied(contract_of(*SAVING, "id: shared, kind: bands, both: 50%", PAID))
    assert (found.turnover, found.jumps, found.wrong_way, found.steep, found.bent) == (100_000, (), (), (), ())
    assert exposures(found) == [("ICB", -50_000, None), ("ACO", None, 50_000)]
    assert [(piece.start, piece.end) for piece in found.curve.of("host")] == [(0, None)]


def test_a_loss_that_is_limited_has_an_end():
    capped = "id: capped, kind: cap, gain: [{sum: £100}], loss: [{sum: £30}]"
    found = studied(contract_of(*SAVING, "id: shared, kind: bands, both: 50%", capped, PAID))
    assert exposures(found) == [("ICB", -10_000, 3_000), ("ACO", -3_000, 10_000)]


@pytest.mark.parametrize(("rate", "wrong"), [("110%", [("cost", 0, None, Fraction(1, 10))]), ("100%", []), ("50%", [])])
def test_a_cost_of_the_hosts_own_that_is_paid_with_more_than_itself(rate, wrong):
    own = "  spend: {kind: money, is: own_cost}\n"
    found = studied(contract_of(f"id: paid, kind: payment, on: spend, rate: {rate}", position=own))
    assert slopes(found.wrong_way) == wrong


def test_a_cost_that_pays_the_host_is_a_slope_the_wrong_way():
    found = studied(contract_of("id: paid, kind: payment, on: spend, rate: 300%"))
    assert slopes(found.wrong_way) == [("cost", 0, None, 3)]


@pytest.mark.parametrize(
    ("at_risk", "steep"), [("10%", []), ("20%", [("quality", 0, 1, 20_000)]), ("10.1%", [("quality", 0, 1, 10_100)])]
)
def test_a_score_is_steep_where_one_per_cent_of_it_moves_more_than_a_thousandth(at_risk, steep):
    found = studied(contract_of(f"id: bonus, kind: outcomes, mode: bonus, base: baseline, at_risk: {at_risk}, "
                                "score: quality", position=""))  # fmt: skip
    assert (slopes(found.steep), slopes(found.wrong_way)) == (steep, [])


def test_a_better_score_that_is_paid_less_is_the_wrong_way():
    worse = "id: fine, kind: figure, value: {multiply: [baseline, {subtract: [100%, quality]}, 1/100000]}"
    found = studied(contract_of(worse, PAID, position=""))
    assert slopes(found.wrong_way) == [("quality", 0, 1, -1)]
    assert exposures(found) == [("ICB", -1, 0), ("ACO", 0, 1)]


@pytest.mark.parametrize(("minimum", "told"), [("0.1%", []), ("0.11%", [Fraction(110)])])
def test_a_jump_of_a_thousandth_of_the_turnover_is_not_told(minimum, told):
    gate = f"id: gated, kind: gate, base: baseline, minimum: {minimum}, test: at_least, style: first_pound, side: gain"
    found = studied(contract_of(*SAVING, gate, PAID))
    assert [jump.size for jump in found.jumps] == told
    assert all(jump.of == "cost" and jump.judged and not jump.wrong_way for jump in found.jumps)


@pytest.mark.parametrize(("value", "told"), [("£1", []), ("£1.01", [(1, 0, 101)])])
def test_without_a_turnover_a_jump_is_measured_by_the_largest_line(value, told):
    """A block of £1,000.00: a thousandth of it is £1.00."""
    bonus = f"id: bonus, kind: outcomes, mode: bonus, value: {value}, score: quality, earning: all_or_nothing"
    text = HEAD.replace("  baseline: {kind: money, is: budget}\n", "")
    contract = read_contract(f"{text}terms:\n  - {{id: core, kind: block, value: £1000}}\n  - {{{bonus}}}\n", "c.yaml")
    found = study(contract, position_of(contract, "ACO", InputValues({"quality": Fraction(1, 2)})))
    assert [(jump.point, jump.before - 100_000, jump.after - 100_000) for jump in found.jumps] == told
    assert {(jump.of, jump.term) for jump in found.jumps} == ({("quality", "bonus")} if told else set())


@pytest.mark.parametrize(
    ("term", "idle"),
    [
        ("id: x, kind: cap, gain: [{sum: £999999}]", ("x",)),
        ("id: x, kind: cap, gain: [{sum: £100}]", ()),
        ("id: x, kind: relief, shares: [50%]", ()),
        ("id: x, kind: relief, shares: [0%]", ("x",)),
        ("id: x, kind: carry, carried: gains, carried_share: 0%", ("x",)),
    ],
)
def test_a_term_that_changes_nothing_at_any_position_is_idle(term, idle):
    assert studied(contract_of(*SAVING, term, PAID)).idle_terms == idle


@pytest.mark.parametrize(
    ("term", "idle"),
    [
        ("id: x, kind: block, value: £1", ()),
        ("id: x, kind: block, value: £0", ("x",)),
        ("id: x, kind: stop_loss, threshold: £30, share: 80%, borne_by: commissioner", ()),
        ("id: x, kind: stop_loss, threshold: £30, share: 0%, borne_by: commissioner", ("x",)),
        ("id: x, kind: on_account", ()),
        ("id: x, kind: figure, value: £0", ("x",)),
        ("id: x, kind: figure, value: 5%, unit: number", ()),
    ],
)
def test_a_term_that_moves_nothing_and_makes_nothing_is_idle(term, idle):
    assert studied(contract_of(*SAVING, PAID, term)).idle_terms == idle


def test_a_term_that_acts_at_one_of_the_other_positions_is_not_idle():
    own = "  extra: {kind: money, default: £0}\n"
    contract = contract_of("id: x, kind: block, value: {subtract: [extra, extra]}", "id: y, kind: block, value: extra",
                           position=own)  # fmt: skip
    assert studied(contract, extra=0).idle_terms == ("x",)


def test_as_many_corners_as_are_studied_are_all_of_them(monkeypatch):
    flags = SPEND + "  one: {kind: flag}\n"
    held = "id: shared, kind: bands, gain: {when: one, then: 50%, otherwise: 0%}, loss: 0%"
    contract = contract_of(*SAVING, held, PAID, position=flags)
    corners = 1 + 2 * 2
    monkeypatch.setattr(studying, "MOST_CORNERS", corners)
    assert studied(contract, one=1).failed == ()
    monkeypatch.setattr(studying, "MOST_CORNERS", corners - 1)
    (failure,) = studied(contract, one=1).failed
    assert (failure.term, failure.problem) == (
        "",
        f"only {corners - 1} of the combinations of scores, years, flags and choices were studied",
    )


def test_what_cannot_be_followed_is_told_by_its_term():
    blended = "id: paid, kind: blended, plan: {subtract: [spend, £1]}, actual: baseline, above: 10%"
    found = studied(contract_of(blended))
    assert [failure.term for failure in found.failed] == ["paid"]
    assert (exposures(found), found.curve.pieces, found.curve.bent) == ([], (), False)


def test_a_contract_is_studied_before_its_payments_are_rounded():
    found = studied(
        contract_of(*SAVING, "id: shared, kind: bands, both: 50%", "id: paid, kind: payment, rounded_to: £50")
    )
    assert (found.jumps, found.bent, exposures(found)) == ((), (), [("ICB", -50_000, None), ("ACO", None, 50_000)])


def test_a_score_that_jumps_is_told_at_the_cost_at_which_it_jumps_most():
    """Half of a saving of £1,000.00 less the cost, at a full score: tried at half of £1,000.00 among others."""
    half = "id: shared, kind: bands, gain: 50%, loss: 0%"
    scored = "id: scored, kind: outcomes, mode: multiply_amount, score: quality, earning: all_or_nothing"
    found = studied(contract_of(*SAVING, half, scored, PAID))
    told = [(jump.of, jump.point, jump.size, jump.at_cost, jump.term) for jump in found.jumps]
    assert told == [("quality", 1, 25_000, 50_000, "scored")]
