"""The positions of a run, from its `settlement.json`: what each host's year was settled from, exactly."""

import datetime as dt
import json
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from yoc.contract.budget import (
    BackPay,
    Budget,
    BudgetRounding,
    BudgetRules,
    MonthMadeGood,
    People,
    build_budget,
)
from yoc.contract.position import BlockPart, Position
from yoc.core.findings import Finding, FindingsError, Level
from yoc.core.periods import FinancialYear
from yoc.workflow.settled_prices import reissue_of

SETTLEMENT = "settlement.json"


def read_settlement(run_folder: Path) -> dict[str, Any]:
    """A run's settlement. Raises ``FindingsError`` where the folder holds none, or one without positions."""
    path = run_folder / SETTLEMENT
    name = path.as_posix()
    if not path.is_file():
        mend = "name the folder of a run: reconciliation/YEAR/CONTRACT/runs/RUN"
        raise FindingsError([Finding("FILE-MISSING", Level.SUBMISSION, f"{SETTLEMENT} is not there", mend, name)])
    try:
        settlement = json.loads(path.read_text(encoding="utf-8"))
        hosts = settlement["hosts"]
        with_positions = bool(hosts) and all("position" in host for host in hosts)
    except (ValueError, KeyError, TypeError):
        message = "the file is not the settlement of a run"
        raise FindingsError([Finding("FILE-UNREADABLE", Level.SUBMISSION, message, "", name)]) from None
    if not with_positions:
        message = "the run was made by a version of yoc that did not keep positions"
        mend = "settle the plan again with `yoc reconcile`"
        raise FindingsError([Finding("FILE-UNREADABLE", Level.SUBMISSION, message, mend, name)])
    return dict(settlement)


def position_of_host(host: Mapping[str, Any]) -> Position:
    """The position of one host of a settlement, as it was settled; of the budget the whole, without its parts."""
    held = host["position"]
    return Position(
        host=host["host"],
        year=FinancialYear.parse(held["year"]),
        contract_year=held["contract_year"],
        budget=Budget(
            held["budget_pence"],
            BudgetRounding(held["budget_rounding"]),
            person_years=Fraction(held["person_years"]),
            back_pay=_back_pay(held.get("back_pay")),
        ),
        cost_pence=_fractions(held["cost_pence"]),
        cost_by_provider_pence=_fractions(held["cost_by_provider_pence"]),
        cost_by_month_pence={(name, month): Fraction(pence) for name, month, pence in held["cost_by_month_pence"]},
        over_threshold_pence=Fraction(held["over_threshold_pence"]),
        scores=_fractions(held["scores"]),
        paid_on_account_pence=Fraction(held["paid_on_account_pence"]),
        as_of=dt.date.fromisoformat(held["as_of"]) if held["as_of"] else None,
        values=_fractions(held["values"]),
        choices=dict(held["choices"]),
        block_pence=dict(held["block_pence"]),
        block_parts={name: BlockPart(**part) for name, part in held["block_parts"].items()},
        # Runs made before prices could be published again hold none.
        price_reissues=tuple(reissue_of(again) for again in held.get("price_reissues", ())),
    )


def _back_pay(held: Mapping[str, Any] | None) -> BackPay | None:
    if held is None:
        return None
    return BackPay(**{**held, "months": tuple(MonthMadeGood(**month) for month in held["months"])})


def _fractions(texts: Mapping[str, str]) -> dict[str, Fraction]:
    return {name: Fraction(text) for name, text in texts.items()}


def budget_under(rules: BudgetRules, host: Mapping[str, Any], year: FinancialYear) -> Budget | None:
    """The budget that other rates and adjustments would give for the people of a run.

    ``None`` where it cannot be known: it is rounded for each person, and a run holds no figure of a person; or the
    rules have other segments than the run counted.
    """
    segments = {part["segment"]: part for part in host["people"]}
    if rules.rounding is BudgetRounding.PER_PERSON or set(rules.rates) != set(segments):
        return None
    units_per_year = next(iter(segments.values()))["units_per_year"]
    units = {name: {part["units"]: 1} for name, part in segments.items()}
    return build_budget(rules, People(units_per_year, units), host["host"], year)
