"""Each of the seven checks holds on an honest settlement and fails on one that was tampered with in its way."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from yoc.contract import Contract, read_contract
from yoc.contract.budget import Budget
from yoc.contract.position import BlockPart, Position, PriceReissue
from yoc.core.findings import FindingsError
from yoc.core.periods import FinancialYear
from yoc.settlement import HostSettlement, check_settlement, settle_host
from yoc.settlement.checks import Control

CONTRACT = Path(__file__).resolve().parents[2] / "contracts/bnssg-working-age/contract.yaml"
HONEST_CONTROL = Control(
    files_submitted_pence=1_100, rejected_pence=60, superseded_pence=40, lines_in=7, lines_judged=7,
    fates_submitted_pence=1_000, cells_pence=90_000, double_presence_rows=0,
)  # fmt: skip


@pytest.fixture(scope="module")
def contract() -> Contract:
    return read_contract(CONTRACT.read_text(encoding="utf-8"), CONTRACT.name)


@pytest.fixture(scope="module")
def honest(contract: Contract) -> HostSettlement:
    position = Position(
        host="NWB", year=FinancialYear(2026), contract_year=1, budget=Budget(100_000),
        cost_pence={"primary": 50_000, "emergency": 40_000}, cost_by_provider_pence={"ZG1": 50_000, "ZA1": 40_000},
        over_threshold_pence=Fraction(1_000), scores=dict.fromkeys(contract.indicator_names(), Fraction(1, 3)),
        paid_on_account_pence=500,
    )  # fmt: skip
    return settle_host(contract, position)


def failed(contract: Contract, settled: HostSettlement, control: Control = HONEST_CONTROL) -> set[str]:
    return {check.id for check in check_settlement(contract, [settled], control) if not check.passed}


def test_an_honest_settlement_keeps_all_seven(contract, honest):
    assert failed(contract, honest) == set()
    assert len(check_settlement(contract, [honest], HONEST_CONTROL)) == 7


def test_rates_of_an_amount_below_zero_are_refused_by_name(contract, honest):
    text = CONTRACT.read_text(encoding="utf-8").replace("on: balance\n    base: budget", "on: balance\n    base: cost")
    credit = replace(honest.position, cost_pence={"primary": -500}, cost_by_provider_pence={"ZG1": -500})
    with pytest.raises(FindingsError) as caught:
        settle_host(read_contract(text, CONTRACT.name), credit)
    finding = caught.value.findings[0]
    assert finding.code == "TERM-IMPOSSIBLE"
    assert finding.message == "host NWB: term `share` takes rates of `cost`, which is -£5.00: a base is not below zero"


def test_a_credit_is_an_entry_the_other_way_round(contract, honest):
    credit = replace(honest.position, cost_pence={"primary": -500}, cost_by_provider_pence={"ZG1": -500})
    entry = next(entry for entry in settle_host(contract, credit).entries if entry.term == "cost")
    assert (entry.payer, entry.payee, entry.pence) == ("XQY", "NWB", 500)


def test_law_1_sees_an_entry_that_is_missing_or_changed(contract, honest):
    assert "1" in failed(contract, replace(honest, entries=honest.entries[:-1]))
    changed = (replace(honest.entries[0], pence=honest.entries[0].pence + 1), *honest.entries[1:])
    assert "1" in failed(contract, replace(honest, entries=changed))


@pytest.fixture(scope="module")
def published_again(contract, honest) -> HostSettlement:
    """£900.00 of cost, of which £850.00 was charged first; two re-issues brought £60.00 and took £10.00 back."""
    first = PriceReissue("b v2", date(2026, 6, 27), date(2026, 4, 1), {"emergency": 6_000}, {"ZA1": 6_000})
    second = PriceReissue("b v3", date(2026, 9, 1), date(2026, 4, 1), {"emergency": -1_000}, {"ZA1": -1_000})
    return settle_host(contract, replace(honest.position, price_reissues=(first, second)))


def test_prices_published_again_are_lines_of_their_own_and_move_the_same_money(contract, honest, published_again):
    lines = [line for line in published_again.lines if line.line.kind == "activity_cost"]
    assert [line.effect_pence for line in lines] == [-85_000, -6_000, 1_000]
    assert published_again.closing_pence == honest.closing_pence
    entries = [(entry.payer, entry.pence) for entry in published_again.entries if entry.term == "cost"]
    assert entries == [("NWB", 85_000), ("NWB", 6_000), ("XQY", 1_000)]
    control = replace(HONEST_CONTROL, first_prices_pence=85_000)
    assert failed(contract, published_again, control) == set()
    detail = check_settlement(contract, [published_again], control)[1].detail
    assert "£850.00 of it at the prices first published + £50.00 as they were re-issued" in detail


def test_law_2_sees_a_penny_between_what_was_charged_first_and_the_re_issues(contract, honest, published_again):
    assert "2" in failed(contract, published_again, replace(HONEST_CONTROL, first_prices_pence=85_001))
    assert "2" in failed(contract, honest, replace(HONEST_CONTROL, first_prices_pence=89_999))
    first, second = published_again.position.price_reissues
    crooked = replace(first, pence_by_provider={"ZA1": 5_999})
    settled = settle_host(contract, replace(published_again.position, price_reissues=(crooked, second)))
    assert "2" in failed(contract, settled, replace(HONEST_CONTROL, first_prices_pence=85_000))


@pytest.mark.parametrize(
    "field",
    ["files_submitted_pence", "rejected_pence", "superseded_pence", "fates_submitted_pence", "cells_pence"],
)
def test_law_2_sees_one_penny_in_any_of_its_totals(contract, honest, field):
    assert failed(contract, honest, replace(HONEST_CONTROL, **{field: getattr(HONEST_CONTROL, field) + 1})) == {"2"}


def test_law_2_sees_one_penny_of_a_block_that_is_nobodys(contract, honest):
    parts = {"nurses": BlockPart("nurses", "primary", "")}
    position = replace(
        honest.position,
        cost_pence={"primary": 50_700, "emergency": 40_000},
        cost_by_provider_pence={"ZG1": 50_700, "ZA1": 40_000},
        block_pence={"nurses": 700},
        block_parts=parts,
    )
    settled = settle_host(contract, position)
    control = replace(HONEST_CONTROL, block_pence={"nurses": 1_000}, block_rest_pence={"nurses": 300})
    assert failed(contract, settled, control) == set()
    assert failed(contract, settled) == {"2"}
    for rest in (299, 301):
        assert failed(contract, settled, replace(control, block_rest_pence={"nurses": rest})) == {"2"}
    # A part that is in no cost, and a cost that is in no part.
    assert "2" in failed(contract, settle_host(contract, replace(position, block_pence={"nurses": 701})), control)
    assert "2" in failed(contract, honest, control)


def test_law_3_sees_a_line_that_does_not_add(contract, honest):
    line = replace(honest.lines[3], effect_pence=honest.lines[3].effect_pence + 1)
    assert "3" in failed(contract, replace(honest, lines=(*honest.lines[:3], line, *honest.lines[4:])))
    assert "3" in failed(contract, replace(honest, closing_exact=honest.closing_exact + Fraction(1, 7)))


def test_law_4_sees_a_neutral_contract_that_does_not_pay_budget_less_cost(contract, honest, monkeypatch):
    from yoc.contract.terms import activity_cost

    right = activity_cost.apply

    def one_penny_off(parameters, state):
        made = right(parameters, state)
        line = replace(made.lines[0], amount=made.lines[0].amount + 1, details=())
        return replace(made, lines=(line,))

    monkeypatch.setattr(activity_cost, "apply", one_penny_off)
    assert "4" in failed(contract, honest)


@pytest.mark.parametrize(("name", "amount"), [("share", 10**9), ("outcomes.earned", 10**9), ("high_cost", 10**9),
                                              ("share", -1), ("outcomes.earned", -1)])  # fmt: skip
def test_law_5_sees_a_limit_that_is_crossed(contract, honest, name, amount):
    assert "5" in failed(contract, replace(honest, amounts=honest.amounts | {name: Fraction(amount)}))


@pytest.mark.parametrize("change", [{"lines_judged": 8}, {"lines_in": 6}, {"double_presence_rows": 1}])
def test_law_6_sees_a_row_met_twice_and_a_person_in_two_places(contract, honest, change):
    assert failed(contract, honest, replace(HONEST_CONTROL, **change)) == {"6"}


def test_law_6_says_what_it_counted(contract, honest):
    def detail(**changes):
        return check_settlement(contract, [honest], replace(HONEST_CONTROL, **changes))[5].detail

    assert detail() == "7 lines in, judgements made of them: 7; nobody is under two hosts on a day"
    assert detail(lines_judged=8, double_presence_rows=2) == (
        "7 lines in, judgements made of them: 8; somebody is under two hosts on a day"
    )


def test_law_7_sees_a_settlement_that_does_not_come_out_again(contract, honest):
    assert "7" in failed(contract, replace(honest, amounts=honest.amounts | {"extra": Fraction(1)}))
