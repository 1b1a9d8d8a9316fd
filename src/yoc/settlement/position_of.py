"""A host's position from the inputs of one row of a table: no line-level data, the same terms."""

import math
from collections.abc import Mapping
from fractions import Fraction

from yoc.contract.budget import ALL_CARE, Budget, BudgetRounding, BudgetRules, People, build_budget
from yoc.contract.inputs import InputValues
from yoc.contract.model import Contract
from yoc.contract.position import Position
from yoc.core.findings import Finding, FindingsError, Level
from yoc.core.money import round_half_away
from yoc.core.periods import FinancialYear
from yoc.core.rates import format_decimal

_LIFE = "give a year of its life, or let the contract run longer (`years:`)"
NO_YEAR = FinancialYear(2000)
"""Stands for the year of a contract that names none, and in which no term asks for it."""


def position_of(contract: Contract, host: str, given: InputValues, year: FinancialYear | None = None) -> Position:
    """The position of a host whose inputs are known; ``year`` is that of the contract's year unless it is given.

    The budget is the sum that is given, or people × the contract's rates. Raises ``FindingsError`` where the inputs
    contradict each other.
    """
    values = dict(given.values)
    asked = values.get("contract_year", Fraction(1))
    if asked.denominator != 1:
        raise _refused(host, f"contract year {format_decimal(asked)} is no whole number", "count the years from 1")
    contract_year = int(asked)
    if year is None:
        first = contract.first_year
        year = FinancialYear(first.start_year + contract_year - 1) if first else NO_YEAR
    elif contract.first_year is not None and "contract_year" not in contract.position:
        contract_year = contract.contract_year(year)
        if asked not in (1, contract_year):
            problem = f"{year} is year {contract_year} of the contract, and year {format_decimal(asked)} is given too"
            raise _refused(host, problem, "give one of the two")
        if "contract_year" in values:
            values["contract_year"] = Fraction(contract_year)
    if not 1 <= contract_year <= contract.years:
        raise _refused(host, f"contract year {contract_year} is not one of the {contract.years} of the contract", _LIFE)
    cost = _cost(contract, host, values)
    indicators = contract.indicator_names()
    return Position(
        host=host,
        year=year,
        contract_year=contract_year,
        budget=_budget(contract, host, values, year),
        cost_pence=cost,
        cost_by_provider_pence={"providers": sum(cost.values(), Fraction(0))},
        over_threshold_pence=values.get("cost_over_threshold", Fraction(0)),
        scores={name: values[name] for name in indicators if name in values},
        paid_on_account_pence=values.get("paid_on_account", Fraction(0)),
        values=values,
        choices=dict(given.choices),
    )


def _budget(contract: Contract, host: str, values: Mapping[str, Fraction], year: FinancialYear) -> Budget:
    stated = values.get("budget", Fraction(0)) if "budget" not in contract.position else Fraction(0)
    rules = contract.budget
    people = {segment: values.get(f"people.{segment}", Fraction(0)) for segment in rules.rates} if rules else {}
    if rules is None or not any(people.values()):
        return Budget(round_half_away(stated))
    if stated:
        raise _contradiction(host, "the budget is given, and people too, from whom it would be worked out")
    return build_budget(rules, _people(host, rules, people), host, year)


def _people(host: str, rules: BudgetRules, people: Mapping[str, Fraction]) -> People:
    """Whole people count for a whole year each; parts of person-years are only known in all."""
    if all(count.denominator == 1 for count in people.values()):
        return People(1, {segment: {1: int(count)} for segment, count in people.items() if count})
    if rules.rounding is BudgetRounding.PER_PERSON:
        raise _contradiction(host, "the budget is rounded for each person, and parts of person-years are given in all")
    per_year = math.lcm(*(count.denominator for count in people.values()))
    return People(per_year, {segment: {int(count * per_year): 1} for segment, count in people.items() if count})


def _cost(contract: Contract, host: str, values: Mapping[str, Fraction]) -> dict[str, Fraction]:
    settings = contract.budget.settings() if contract.budget else ()
    by_setting = {setting: values.get(f"cost.{setting}", Fraction(0)) for setting in settings}
    stated = values.get("cost", Fraction(0)) if "cost" not in contract.position else Fraction(0)
    if stated and any(by_setting.values()):
        raise _contradiction(host, "the cost is given in all and by setting too")
    return {ALL_CARE: stated} if stated or not by_setting else by_setting


def _contradiction(host: str, problem: str) -> FindingsError:
    return _refused(host, problem, "give one of the two")


def _refused(host: str, problem: str, mend: str) -> FindingsError:
    return FindingsError([Finding("POSITION-INVALID", Level.SUBMISSION, f"host {host}: {problem}", mend)])
