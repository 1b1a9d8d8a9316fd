"""From what is due under one run to what is due under another: one cause changed at a time, each settled exactly."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from yoc.contract.budget import Budget
from yoc.contract.model import Contract
from yoc.contract.position import Position
from yoc.core.findings import FindingsError
from yoc.settlement.movement import Case, Movement, all_together, movement
from yoc.settlement.waterfall import settle_host

CAUSES = {
    "people": "People",
    "adjustments": "Budget adjustments",
    "volume": "Volume",
    "mix": "Mix",
    "price": "Price",
    "blocks": "Blocks",
    "high_cost": "High-cost people",
    "outcome": "Outcomes",
    "inputs": "Declared inputs",
    "on_account": "Paid on account",
    "terms": "Terms",
    "other": "Other",
}
"""The causes in the order in which they are changed, and what they are called."""


@dataclass(frozen=True)
class Sums:
    """What is due to a host, or a part of it, in whole pence: through its budget, its cost and its other terms.

    Each is above zero to the host, so that a cost is below it.

    >>> (Sums(100, -60, 5) - Sums(100, -70, 0)).due_pence
    15
    """

    budget_pence: int = 0
    cost_pence: int = 0
    others_pence: int = 0

    @property
    def due_pence(self) -> int:
        """All of it."""
        return self.budget_pence + self.cost_pence + self.others_pence

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(
            self.budget_pence + other.budget_pence,
            self.cost_pence + other.cost_pence,
            self.others_pence + other.others_pence,
        )

    def __sub__(self, other: "Sums") -> "Sums":
        return self + Sums(-other.budget_pence, -other.cost_pence, -other.others_pence)


def sums_by_kind(effects_by_kind: Iterable[tuple[str, int]]) -> Sums:
    """Effects of terms on a host, each with its term's kind, as the three sums."""
    kinds = {"capitation": 0, "activity_cost": 0}
    others = 0
    for kind, pence in effects_by_kind:
        if kind in kinds:
            kinds[kind] += pence
        else:
            others += pence
    return Sums(kinds["capitation"], kinds["activity_cost"], others)


@dataclass(frozen=True)
class Side:
    """One host's year as a run settled it: the contract of the run, the position, and what came of it then."""

    contract: Contract
    position: Position
    recorded: Sums


@dataclass(frozen=True)
class Between:
    """What lies between two sides and is in neither: budgets by the first side's rules, and costs on the way.

    ``people_budget`` is the budget of the second side's people by the first side's rules; ``adjusted_budget`` the same
    with the second side's adjustments. ``costs`` are, in whole pence, the lines by setting, and by
    provider with the first side's blocks: with the other volume, then the other mix, then the other prices.
    """

    people_budget: Budget
    adjusted_budget: Budget
    costs: tuple[tuple[Mapping[str, int], Mapping[str, int]], ...]


@dataclass(frozen=True)
class Step:
    """A host's year with all causes up to this one as in the second run."""

    cause: str
    contract: Contract
    position: Position


@dataclass(frozen=True)
class Effect:
    """What one cause does to a host, in sums and term by term.

    ``told_with`` names causes before it that could not be settled by themselves, and are told here.
    """

    cause: str
    sums: Sums = Sums()
    movement: Movement | None = None
    told_with: tuple[str, ...] = ()


def steps(before: Side, after: Side, between: Between) -> Iterator[Step]:
    """The way from the first side to the second, a cause at a time; its last step is the second side."""
    contract, position, last = before.contract, before.position, after.position

    def step(cause: str, **changed: Any) -> Step:
        nonlocal position
        position = replace(position, **changed)
        return Step(cause, contract, position)

    yield step("people", budget=between.people_budget)
    yield step("adjustments", budget=between.adjusted_budget)
    lines_first = _without_blocks(position)
    lines_so_far: Mapping[str, int] = lines_first
    for cause, (by_setting, by_provider) in zip(("volume", "mix", "price"), between.costs, strict=True):
        months = position.cost_by_month_pence
        if _differ(by_setting, lines_so_far):
            months = _months(before.position, last, sum(by_setting.values()))
        lines_so_far = by_setting
        at_last = {"cost_by_month_pence": last.cost_by_month_pence, "price_reissues": last.price_reissues}
        yield step(
            cause,
            cost_pence=_with_blocks(by_setting, before.position.cost_pence, lines_first),
            cost_by_provider_pence={name: Fraction(pence) for name, pence in by_provider.items()},
            **(at_last if cause == "price" else {"cost_by_month_pence": months}),
        )
    yield step(
        "blocks",
        cost_pence=last.cost_pence,
        cost_by_provider_pence=last.cost_by_provider_pence,
        block_pence=last.block_pence,
        block_parts=last.block_parts,
    )
    yield step("high_cost", over_threshold_pence=last.over_threshold_pence)
    scored = {name: value for name, value in last.values.items() if name in last.scores}
    # What only the first contract asks for stays as it was until its terms go.
    yield step("outcome", scores={**position.scores, **last.scores}, values={**position.values, **scored})
    yield step("inputs", values={**position.values, **last.values}, choices={**position.choices, **last.choices})
    yield step("on_account", paid_on_account_pence=last.paid_on_account_pence)
    contract = after.contract
    yield step("terms", **{**vars(last), "as_of": position.as_of})
    yield step("other", as_of=last.as_of)


def _without_blocks(position: Position) -> dict[str, int]:
    """What lines cost by setting, in whole pence."""
    cost = {setting: int(pence) for setting, pence in position.cost_pence.items()}
    for block, pence in position.block_pence.items():
        cost[position.block_parts[block].setting] -= pence
    return cost


def _differ(one: Mapping[str, int], other: Mapping[str, int]) -> bool:
    return any(one.get(name, 0) != other.get(name, 0) for name in {*one, *other})


def _with_blocks(
    lines: Mapping[str, int], whole: Mapping[str, Fraction], lines_first: Mapping[str, int]
) -> dict[str, Fraction]:
    """Lines of another cost, with the blocks that were there at first."""
    blocks = {setting: pence - lines_first[setting] for setting, pence in whole.items()}
    return {name: Fraction(lines.get(name, 0) + blocks.get(name, 0)) for name in dict.fromkeys((*blocks, *lines))}


def _months(before: Position, after: Position, total_pence: int) -> dict[tuple[str, int], Fraction]:
    """The months of the second side, or else of the first, at another total: a run does not split codes by month."""
    for side in (after, before):
        whole = sum(side.cost_by_month_pence.values(), Fraction(0))
        if whole:
            return {key: pence * total_pence / whole for key, pence in side.cost_by_month_pence.items()}
    return dict(after.cost_by_month_pence)


def effects(before: Side, after: Side, between: Between) -> tuple[Effect, ...]:
    """What each cause does to a host; together they are what is due after less what was due before, to the penny.

    A cause that cannot be settled by itself is told with the next. Where a side comes to something else than its run
    recorded, which only another version of the program can do, that is `other`.
    """
    found: dict[str, Effect] = {}
    last = Step("", before.contract, before.position)
    waiting: tuple[str, ...] = ()
    for step in steps(before, after, between):
        if step.cause != "other" and (step.contract, step.position) == (last.contract, last.position):
            continue
        try:
            found[step.cause] = _effect(before.position.host, last, step, waiting)
        except FindingsError:
            if step.cause == "other":
                raise
            waiting += (step.cause,)
            continue
        last, waiting = step, ()
    recorded = after.recorded - before.recorded
    known = found["other"]
    of_program = recorded - sum((each.sums for each in found.values()), Sums())
    found["other"] = replace(known, sums=known.sums + of_program)
    made = tuple(found.get(cause, Effect(cause)) for cause in CAUSES)
    if sum((each.sums for each in made), Sums()) != recorded:
        raise AssertionError("the causes add to the difference of what is due")
    return made


def sums_of(contract: Contract, position: Position) -> Sums:
    """What a host's year comes to. Raises ``FindingsError`` where a term has no meaning for it."""
    return sums_by_kind((line.line.kind, line.effect_pence) for line in settle_host(contract, position).lines)


def _effect(host: str, before: Step, after: Step, waiting: tuple[str, ...]) -> Effect:
    moved = sums_of(after.contract, after.position) - sums_of(before.contract, before.position)
    made = movement(before.contract, after.contract, Case(host, before.position, after.position))
    return Effect(after.cause, moved, made, waiting)


def only_in_one(whole: Sums) -> tuple[Effect, ...]:
    """The effects for a host that one run alone has: all of it is `other`."""
    return tuple(Effect(cause, whole if cause == "other" else Sums()) for cause in CAUSES)


def together(effects_of_hosts: Sequence[Sequence[Effect]]) -> tuple[Effect, ...]:
    """Several hosts' effects added up, cause by cause and term by term."""
    found = []
    for place, cause in enumerate(CAUSES):
        own = [each[place] for each in effects_of_hosts]
        moved = [effect.movement for effect in own if effect.movement is not None]
        told_with = tuple(name for name in CAUSES if any(name in effect.told_with for effect in own))
        sums = sum((effect.sums for effect in own), Sums())
        found.append(Effect(cause, sums, all_together("All hosts", moved) if moved else None, told_with))
    return tuple(found)
