"""Many positions of one contract settled together, exact to the last part of a penny.

One position is settled by the terms themselves, which write down what they do; the same steps are then done to whole
columns, and hold for every row for which each comparison comes out the same. The rows that are left are settled in the
same way, from the first of them, until few are left, which are settled one by one, as all are that cannot be settled
together.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

import numpy as np

from yoc.contract.model import Contract
from yoc.contract.position import Position
from yoc.contract.terms.base import TermError
from yoc.contract.values import ValueProblem
from yoc.core.findings import FindingsError, refusal
from yoc.settlement.recorded import (
    Compared,
    Given,
    Known,
    NotRecordedError,
    Recording,
    can_be_recorded,
    inputs_of,
    is_apart,
    record,
)
from yoc.settlement.waterfall import settle_host
from yoc.workflow import columns
from yoc.workflow.columns import Column

FEWEST = 12
"""So many rows are settled together or more; fewer are settled as fast one by one."""


class Settled(Protocol):
    """What became of a position: the amounts that the terms made, and what is due."""

    @property
    def position(self) -> Position:
        """The position."""

    @property
    def amounts(self) -> Mapping[str, Fraction]:
        """Every named amount, exact."""

    @property
    def closing_pence(self) -> int:
        """What is due to the host, each line rounded once."""


class _Amounts(Mapping[str, Fraction]):
    """The amounts of one row of columns, made into fractions as they are asked for."""

    __slots__ = ("_columns", "_row")

    def __init__(self, made: Mapping[str, Column], row: int) -> None:
        self._columns, self._row = made, row

    def __getitem__(self, name: str) -> Fraction:
        return self._columns[name].at(self._row)

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)


@dataclass(frozen=True, slots=True)
class SettledTogether:
    """A position that was settled with others: its amounts and what is due, without the lines of a statement."""

    position: Position
    amounts: Mapping[str, Fraction]
    closing_pence: int


def settle_many(contract: Contract, positions: Sequence[Position]) -> list[Settled | FindingsError]:
    """Settle each position under a contract, in their order; one that has no meaning gives what is wrong with it.

    Raises ``FindingsError`` where settling together and one by one do not agree, which is a fault of the software.
    """
    settled: dict[int, Settled | FindingsError] = {}
    if can_be_recorded(contract):
        alike: dict[Any, list[int]] = defaultdict(list)
        for place, position in enumerate(positions):
            if not is_apart(contract, position.host):
                choices = tuple(sorted(position.choices.items()))
                alike[position.contract_year, position.year, tuple(inputs_of(position)), choices].append(place)
        for places in alike.values():
            settled |= _settle_alike(contract, positions, places)
    return [
        settled[place] if place in settled else _one(contract, position) for place, position in enumerate(positions)
    ]


def _one(contract: Contract, position: Position) -> Settled | FindingsError:
    try:
        return settle_host(contract, position)
    except FindingsError as error:
        return error


def _settle_alike(
    contract: Contract, positions: Sequence[Position], places: Sequence[int]
) -> dict[int, Settled | FindingsError]:
    """Settle positions that give the same inputs and choices; those that are left out are not among the results."""
    settled: dict[int, Settled | FindingsError] = {}
    if len(places) < FEWEST:
        return settled
    every = {
        name: Column.of([inputs_of(positions[place])[name] for place in places])
        for name in inputs_of(positions[places[0]])
    }
    left = np.arange(len(places))
    while len(left) >= FEWEST:
        first = positions[places[left[0]]]
        try:
            recording = record(contract, first)
        except NotRecordedError:
            break
        except (TermError, ValueProblem, ArithmeticError):
            # It has no meaning for this position, which is told when it is settled by itself.
            left = left[1:]
            continue
        given = {name: column.kept(left) for name, column in every.items()}
        rows, made, due = _done_to(recording, given, len(left))
        together = {
            int(places[left[row]]): SettledTogether(
                positions[places[left[row]]], _Amounts(made, place), int(due if isinstance(due, int) else due[place])
            )
            for place, row in enumerate(rows)
        }
        _refuse_what_differs(contract, list(together.values()))
        settled |= together
        left = np.delete(left, rows)
    return settled


def _refuse_what_differs(contract: Contract, together: Sequence[SettledTogether]) -> None:
    """Settle the first and the last by themselves too: the same, to the last part of a penny."""
    for each in dict.fromkeys((0, len(together) - 1)):
        alone = settle_host(contract, together[each].position)
        if (dict(together[each].amounts), together[each].closing_pence) != (alone.amounts, alone.closing_pence):
            message = f"host {alone.host} comes to another sum when it is settled with others"
            raise refusal("CHECK-FAILED", message, "nothing was written; report this with the contract's name")


def _done_to(recording: Recording, given: Mapping[str, Column], count: int) -> tuple[Any, dict[str, Column], Any]:
    """The steps done to columns: for which rows they hold, the amounts of those, and what is due to each."""
    work = _Work(recording, given, count)
    for compared in recording.compared:
        work.keep_where(compared)
        if not len(work.rows):
            raise AssertionError("the position that was recorded is among those that it holds for")
    made = {name: work.result(place) for name, place in recording.amounts.items()}
    due: Any = 0
    for place, sign in recording.effects:
        due = columns.plus(due, columns.rounded(work.result(place)), sign)
    whole = work.has_all
    if isinstance(due, int):
        due = np.full(len(work.rows), due, dtype=object)
    return work.rows[whole], {name: column.kept(whole) for name, column in made.items()}, due[whole]


class _Work:
    """The results of steps for the rows that are left, worked out when they are asked for."""

    def __init__(self, recording: Recording, given: Mapping[str, Column], count: int) -> None:
        self.recording, self.given = recording, dict(given)
        self.rows = np.arange(count)
        self.has_all = np.ones(count, dtype=bool)
        """Where every quotient that was asked for exists."""
        self.results: dict[int, Column] = {}

    def keep_where(self, compared: Compared) -> None:
        """Leave out the rows for which a comparison comes out otherwise."""
        apart = columns.difference_of(self.result(compared.left), self.result(compared.right))
        if compared.relation == "equal":
            holds = apart == 0
        else:
            holds = apart < 0 if compared.relation == "under" else apart <= 0
        kept = np.broadcast_to(np.asarray(holds == compared.holds, dtype=bool), self.rows.shape) & self.has_all
        if not kept.all():
            self.rows, self.has_all = self.rows[kept], self.has_all[kept]
            self.given = {name: column.kept(kept) for name, column in self.given.items()}
            self.results = {place: column.kept(kept) for place, column in self.results.items()}

    def result(self, place: int) -> Column:
        """The result of the step at a place."""
        # Steps stand after those that they need, so that going back from one never ends in a circle.
        waiting = [place]
        while waiting:
            step = self.recording.steps[waiting[-1]]
            if waiting[-1] in self.results:
                waiting.pop()
            elif isinstance(step, Given):
                self.results[waiting.pop()] = self.given[step.name]
            elif isinstance(step, Known):
                self.results[waiting.pop()] = Column.same(step.number)
            elif missing := [part for part in (step.left, step.right) if part not in self.results]:
                waiting += missing
            else:
                self.results[waiting.pop()] = self._done(step.operation, step.left, step.right)
        return self.results[place]

    def _done(self, operation: str, left_place: int, right_place: int) -> Column:
        left, right = self.results[left_place], self.results[right_place]
        if operation == "add":
            return columns.add(left, right)
        if operation == "subtract":
            return columns.add(left, right, -1)
        if operation == "multiply":
            return columns.multiply(left, right)
        if operation == "negative":
            return columns.negative(left)
        made, has_one = (columns.divide if operation == "divide" else columns.round_to)(left, right)
        self.has_all = self.has_all & np.asarray(has_one, dtype=bool)
        return made
