"""Positions around a reference, for the study of a contract: another cost, other scores, every end of what varies."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from itertools import product

from yoc.contract.budget import ALL_CARE
from yoc.contract.inputs import InputValues
from yoc.contract.model import Contract
from yoc.contract.position import Position
from yoc.core.periods import FinancialYear


@dataclass(frozen=True)
class Corner:
    """A setting of everything but the cost: scores, flags, choices, the year; and how it is said."""

    position: Position
    said: str


def turnover_of(contract: Contract, position: Position) -> Fraction:
    """What the host's year is measured against: its budget, or the input that is one; nothing where neither is."""
    named = [name for name, given in contract.position.items() if given.is_ == "budget"]
    stated = sum((position.values[name] for name in named if name in position.values), Fraction(0))
    return Fraction(position.budget.total_pence) or stated


def scores_of(contract: Contract) -> tuple[str, ...]:
    """Every score that the contract asks for, by name."""
    declared = [name for name, given in contract.position.items() if given.kind == "score"]
    return tuple(dict.fromkeys((*declared, *contract.indicator_names())))


_PARTS = (Fraction(0), Fraction(1, 2), Fraction(9, 10), Fraction(11, 10), Fraction(2))
Change = tuple[str, Callable[[Position], Position]]
"""One thing set to one of its ends: how it is said, and the position with it."""


def corners_of(contract: Contract, reference: Position) -> Iterator[Corner]:
    """The reference first, then every combination of all scores at an end, each year, flag and choice."""
    yield Corner(reference, "")
    seen = [reference]
    for changes in product(*_axes(contract, reference)):
        position = reference
        for _, change in changes:
            position = change(position)
        if position not in seen:
            seen.append(position)
            yield Corner(position, ", ".join(said for said, _ in changes if said))


def _axes(contract: Contract, reference: Position) -> list[list[Change]]:
    scores = scores_of(contract)
    axes: list[list[Change]] = []
    if scores:
        axes.append([(f"every score {level}", partial(_with_scores, scores, Fraction(level))) for level in (0, 1)])
    if contract.first_year and contract.years > 1:
        axes.append([(f"contract year {year}", partial(_in_year, year)) for year in range(1, contract.years + 1)])
    for name, given in contract.position.items():
        if given.kind == "flag" and name in reference.values:
            answers = (("no", Fraction(0)), ("yes", Fraction(1)))
            axes.append([(f"{name} {word}", partial(_with_value, name, answer)) for word, answer in answers])
        elif given.kind == "choice":
            axes.append([(f"{name} {choice}", partial(_with_choice, name, choice)) for choice in given.choices])
    return axes


def _with_scores(scores: tuple[str, ...], level: Fraction, position: Position) -> Position:
    for score in scores:
        position = with_score(position, score, level)
    return position


def _in_year(year: int, position: Position) -> Position:
    start = position.year.start_year + year - position.contract_year
    return replace(position, contract_year=year, year=FinancialYear(start))


def _with_value(name: str, value: Fraction, position: Position) -> Position:
    return replace(position, values={**position.values, name: value})


def _with_choice(name: str, choice: str, position: Position) -> Position:
    return replace(position, choices={**position.choices, name: choice})


def with_cost(contract: Contract, position: Position, cost: Fraction) -> Position:
    """The position with another cost, in the same proportions; a cost that is an input of its own likewise."""
    named = _named_cost(contract)
    if named is not None:
        return replace(position, values={**position.values, named: cost})
    total = sum(position.cost_pence.values(), Fraction(0))
    if total:
        by_setting = {setting: cost * (pence / total) for setting, pence in position.cost_pence.items()}
    else:
        by_setting = {ALL_CARE: cost}
    return replace(position, cost_pence=by_setting, cost_by_provider_pence={"providers": cost})


def cost_of(contract: Contract, position: Position) -> Fraction:
    """The cost that ``with_cost`` replaces."""
    named = _named_cost(contract)
    if named is not None:
        return position.values[named]
    return sum(position.cost_pence.values(), Fraction(0))


def has_cost(contract: Contract) -> bool:
    """Whether anything in the contract depends on cost."""
    return _named_cost(contract) is not None or any(term.kind == "activity_cost" for term in contract.terms)


def bears_own_cost(contract: Contract) -> bool:
    """Whether the cost is the host's own, borne beside what the contract pays."""
    named = _named_cost(contract)
    return named is not None and contract.position[named].is_ == "own_cost"


def _named_cost(contract: Contract) -> str | None:
    """The input that is the cost, where no term charges the cost of activity."""
    if any(term.kind == "activity_cost" for term in contract.terms):
        return None
    return next((name for name, given in contract.position.items() if given.is_ in ("cost", "own_cost")), None)


def with_score(position: Position, score: str, value: Fraction) -> Position:
    """The position with another value of one score."""
    scores = {**position.scores, score: value} if score in position.scores else position.scores
    values = {**position.values, score: value} if score in position.values else position.values
    return replace(position, scores=scores, values=values)


def with_rate(position: Position, name: str, rate: Fraction) -> Position:
    """The position with another value of one rate."""
    return _with_value(name, rate, position)


def with_each_larger_or_smaller(contract: Contract, position: Position) -> Iterator[Position]:
    """Positions in each of which one sum or number of the position is larger or smaller."""
    moving = [name for name, given in contract.position.items() if given.kind in ("money", "number")]
    for name in moving:
        for part in _PARTS if name in position.values else ():
            yield _with_value(name, position.values[name] * part, position)


def with_sums(contract: Contract, position: Position, size: Fraction) -> Position:
    """The position in which every sum that is nothing is of a size, so that terms which work on it do something."""
    sums = {name for name, given in contract.inputs().items() if given.kind == "money" and given.is_ is None}
    values = {name: (size if name in sums and number == 0 else number) for name, number in position.values.items()}
    return replace(
        position,
        values=values,
        over_threshold_pence=position.over_threshold_pence or size,
        paid_on_account_pence=position.paid_on_account_pence or size,
    )


def ordinary_position(contract: Contract, position_of: Callable[[InputValues], Position]) -> Position:
    """A round position for a contract without examples: ten million in each sum, full scores, flags that say yes."""
    values: dict[str, Fraction] = {}
    choices: dict[str, str] = {}
    for name, given in contract.inputs().items():
        default = given.parse_default()
        if given.kind == "choice":
            choices[name] = default if isinstance(default, str) else given.choices[0]
        elif isinstance(default, Fraction) and name not in ("budget", "cost"):
            values[name] = default
        else:
            values[name] = {
                "money": Fraction(1_000_000_000),
                "number": Fraction(10_000),
                "rate": Fraction(1, 50),
            }.get(given.kind, Fraction(1))
    return position_of(InputValues(values, choices))
