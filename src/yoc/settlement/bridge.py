"""One year under two contracts: the way from what is due under the one to what is due under the other, term by term."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from yoc.contract.budget import Budget, opening_pence
from yoc.contract.model import ActivityContract
from yoc.contract.position import Position
from yoc.contract.scope import SETTING_NAMES
from yoc.core.money import format_pounds
from yoc.core.rates import format_decimal
from yoc.settlement.difference import in_order
from yoc.settlement.movement import Case, Movement, all_together, movement, paired_terms

ALL_HOSTS = "All hosts"


@dataclass(frozen=True)
class Part:
    """One part of what a term moves: whole pence of effect on the host before and after, and how they come about."""

    label: str
    before_pence: int
    after_pence: int
    detail: str = ""

    @property
    def difference_pence(self) -> int:
        """What this part moves: above zero to the host, below zero from it."""
        return self.after_pence - self.before_pence


@dataclass(frozen=True)
class Bridge:
    """From what is due to a host under one contract to what is due under another, term by term, to the penny.

    ``parts`` are, by the id of a term, what its movement is made of, where it can be taken apart; they add to it.
    """

    movement: Movement
    parts: Mapping[str, tuple[Part, ...]]


@dataclass(frozen=True)
class CostStage:
    """What a host's lines cost by setting, once the cause that it names holds as in the second contract.

    The first stage has no cause: it is the cost under the first contract. The last is the cost under the second.
    """

    cause: str
    cost_pence: Mapping[str, int]


def bridge(
    before: ActivityContract, after: ActivityContract, positions: tuple[Position, Position], stages: Sequence[CostStage]
) -> Bridge:
    """The bridge of one host's year. Raises ``FindingsError`` where a term has no meaning for it.

    The budget is taken apart by segment and setting and by adjustment, the cost by setting and cause and by block.
    """
    host = positions[0].host
    made = movement(before, after, Case(host, *positions))
    parts = {
        "capitation": tuple(_budget_parts(before, after, positions[0].budget, positions[1].budget)),
        "activity_cost": tuple(_cost_parts(positions, stages)),
    }
    kept = {
        now.id: parts[now.kind]
        for was, now in paired_terms(before, after)
        if was is not None and now is not None and was.kind == now.kind and now.kind in parts
    }
    for row in made.rows:
        if row.term in kept and sum(part.difference_pence for part in kept[row.term]) != row.difference_pence:
            raise AssertionError("the parts of a term's movement add to it")
    return Bridge(made, kept)


def _budget_parts(before: ActivityContract, after: ActivityContract, old: Budget, new: Budget) -> Iterator[Part]:
    """People × rates by segment and setting, then each adjustment."""
    names = {segment.id: segment.name for contract in (before, after) for segment in contract.population.segments}
    formulas = [
        {
            (cell.segment, cell.setting): f"{format_decimal(cell.person_years, 4)} person-years × "
            f"{format_pounds(cell.annual_rate_pence)}"
            for cell in budget.cells
        }
        for budget in (old, new)
    ]
    for (segment, setting), pence in opening_pence(old, new).items():
        label = f"{names.get(segment, segment)}: {SETTING_NAMES.get(setting, setting).lower()}"
        was, now = (side.get((segment, setting), "nothing") for side in formulas)
        yield Part(label, pence[0], pence[1], detail=f"was {was}; is {now}")
    steps = [{step.id: step for step in budget.steps[1:]} for budget in (old, new)]
    for name in in_order([*steps[0]], [*steps[1]]):
        brought = [steps[side][name].pence if name in steps[side] else 0 for side in (0, 1)]
        yield Part((steps[1].get(name) or steps[0][name]).title, brought[0], brought[1])


def _cost_parts(positions: tuple[Position, Position], stages: Sequence[CostStage]) -> Iterator[Part]:
    """What each cause does to the cost of each setting, one after another, then each block."""
    settings = in_order([*positions[0].cost_pence], [*positions[1].cost_pence])
    for setting in settings:
        for was, now in pairwise(stages):
            pence = [-stage.cost_pence.get(setting, 0) for stage in (was, now)]
            yield Part(f"{SETTING_NAMES.get(setting, setting)}: {now.cause}", pence[0], pence[1])
    old, new = (position.block_pence for position in positions)
    for name in in_order([*old], [*new]):
        title = (positions[1].block_parts.get(name) or positions[0].block_parts[name]).title
        yield Part(f"Block: {title}", -old.get(name, 0), -new.get(name, 0))


def all_bridges(bridges: Sequence[Bridge]) -> Bridge:
    """Several hosts' bridges under the same two contracts, added up term by term and part by part."""
    parts: dict[str, dict[str, Part]] = {}
    for term, part in ((term, part) for each in bridges for term, own in each.parts.items() for part in own):
        own = parts.setdefault(term, {})
        so_far = own.get(part.label, Part(part.label, 0, 0))
        own[part.label] = Part(
            part.label, so_far.before_pence + part.before_pence, so_far.after_pence + part.after_pence
        )
    together = all_together(ALL_HOSTS, [each.movement for each in bridges])
    return Bridge(together, {term: tuple(own.values()) for term, own in parts.items()})
