"""What the terms do to one position, written down so that it can be done to many at once.

The terms are ordinary functions of exact numbers. Given numbers that write down what is done with them, they leave a
list of steps, and of every comparison on the way how it came out. For each position for which all comparisons come out
the same, the same steps give what the terms themselves would give. So nothing is worked out by a second method: what is
repeated is what the terms did.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal, NoReturn

from yoc.contract.model import Contract, Route
from yoc.contract.position import Position
from yoc.contract.terms import apply_term
from yoc.contract.terms.base import State
from yoc.settlement.waterfall import next_state

FOLLOWED_KINDS = frozenset(
    ("advance", "balance", "bands", "cap", "carry", "figure", "gate", "payment", "relief", "statutory_cut")
)
"""The kinds of term that read nothing of a position but its inputs, and divide no sum into whole pence."""

Operation = Literal["add", "subtract", "multiply", "divide", "negative", "round_to"]
Relation = Literal["under", "at_most", "equal"]


class NotRecordedError(Exception):
    """Something was done that no list of steps can say; the position is settled by itself."""


@dataclass(frozen=True)
class Given:
    """A step that takes an input of the position, by its name."""

    name: str


@dataclass(frozen=True)
class Known:
    """A step that takes a number of the contract, or of the rule of a term."""

    number: Fraction


@dataclass(frozen=True)
class Done:
    """A step that does something with the results of one or two steps before it, named by their places."""

    operation: Operation
    left: int
    right: int


Step = Given | Known | Done


@dataclass(frozen=True)
class Compared:
    """A comparison of the results of two steps, and how it came out."""

    relation: Relation
    left: int
    right: int
    holds: bool


@dataclass
class Tape:
    """The steps in their order, and the comparisons, each after the steps that it needs."""

    steps: list[Step] = field(default_factory=list)
    compared: list[Compared] = field(default_factory=list)

    def put(self, step: Step) -> int:
        """Write a step down; gives its place."""
        self.steps.append(step)
        return len(self.steps) - 1

    def place_of(self, number: Any) -> int:
        """The place of a number's step; a number that nothing was written of is one of the contract or of a rule."""
        if isinstance(number, Recorded):
            return number.place
        return self.put(Known(Fraction(number)))


class Recorded(Fraction):
    """A number that writes down what is done with it.

    >>> tape = Tape()
    >>> cost = Recorded(Fraction(100), tape.put(Given("cost")), tape)
    >>> over = max(cost - 40, Fraction(0)) / 2
    >>> over.value, [type(step).__name__ for step in tape.steps], [each.holds for each in tape.compared]
    (Fraction(30, 1), ['Given', 'Known', 'Done', 'Known', 'Known', 'Done'], [False])
    """

    __slots__ = ("place", "tape")
    place: int
    tape: Tape

    def __new__(cls, value: Fraction, place: int, tape: Tape) -> "Recorded":
        """The result of the step at a place."""
        made = super().__new__(cls, value)
        made.place, made.tape = place, tape
        return made

    @property
    def value(self) -> Fraction:
        """The number alone."""
        return Fraction(self.numerator, self.denominator)

    def _done(self, operation: Operation, value: Fraction, left: Any, right: Any) -> "Recorded":
        step = Done(operation, self.tape.place_of(left), self.tape.place_of(right))
        return Recorded(value, self.tape.put(step), self.tape)

    def _is(self, relation: Relation, holds: bool, left: Any, right: Any) -> bool:
        self.tape.compared.append(Compared(relation, self.tape.place_of(left), self.tape.place_of(right), holds))
        return holds

    def __add__(self, other: Any) -> Any:
        return self._done("add", self.value + value_of(other), self, other)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        return self._done("subtract", self.value - value_of(other), self, other)

    def __rsub__(self, other: Any) -> Any:
        return self._done("subtract", value_of(other) - self.value, other, self)

    def __mul__(self, other: Any) -> Any:
        return self._done("multiply", self.value * value_of(other), self, other)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Any:
        return self._done("divide", self.value / value_of(other), self, other)

    def __rtruediv__(self, other: Any) -> Any:
        return self._done("divide", value_of(other) / self.value, other, self)

    def __neg__(self) -> Any:
        return self._done("negative", -self.value, self, self)

    def __pos__(self) -> "Recorded":
        return self

    def __abs__(self) -> Any:
        return self if self >= 0 else -self

    def __lt__(self, other: Any) -> bool:
        return self._is("under", self.value < value_of(other), self, other)

    def __le__(self, other: Any) -> bool:
        return self._is("at_most", self.value <= value_of(other), self, other)

    def __gt__(self, other: Any) -> bool:
        return self._is("under", self.value > value_of(other), other, self)

    def __ge__(self, other: Any) -> bool:
        return self._is("at_most", self.value >= value_of(other), other, self)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, int | Fraction) and self._is("equal", self.value == value_of(other), self, other)

    def __bool__(self) -> bool:
        return not self._is("equal", self.value == 0, self, 0)

    def _refuse(self, *_: Any) -> NoReturn:
        raise NotRecordedError("a number was turned into what is no exact number")

    def __hash__(self) -> int:  # type: ignore[override]
        raise NotRecordedError("a number that writes down what is done with it has no other name")

    # To be shown as a whole number is no use of it: no rule makes an `int` of an amount, and a test says so.
    __float__: Any = _refuse
    __trunc__: Any = _refuse
    __floor__: Any = _refuse
    __ceil__: Any = _refuse
    __round__: Any = _refuse
    __floordiv__: Any = _refuse
    __rfloordiv__: Any = _refuse
    __mod__: Any = _refuse
    __rmod__: Any = _refuse
    __divmod__: Any = _refuse
    __rdivmod__: Any = _refuse
    __pow__: Any = _refuse
    __rpow__: Any = _refuse


def value_of(number: Any) -> Fraction:
    """A number alone."""
    return number.value if isinstance(number, Recorded) else Fraction(number)


@dataclass(frozen=True)
class RecordedState(State):
    """The state that terms read, in which the position's inputs write down what is done with them."""

    tape: Tape = field(default_factory=Tape)

    def text(self, name: str) -> str:
        """A choice, which is the same for all positions that are settled together. Who the host is is not."""
        if name == "host":
            raise NotRecordedError("the contract says something of hosts by name")
        return super().text(name)

    def to_step(self, number: Fraction, step: Fraction) -> Fraction:
        """A number rounded half away from zero to a multiple of a step."""
        value = super().to_step(value_of(number), value_of(step))
        places = (self.tape.place_of(number), self.tape.place_of(step))
        return Recorded(value, self.tape.put(Done("round_to", *places)), self.tape)


@dataclass(frozen=True)
class Recording:
    """The steps and comparisons of one position, where each amount stands, and the lines that move money.

    ``effects`` has the place of a line's amount, and 1 where the host is paid it, -1 where it pays. ``sample`` has the
    amounts of the position itself.
    """

    steps: tuple[Step, ...]
    compared: tuple[Compared, ...]
    amounts: Mapping[str, int]
    effects: tuple[tuple[int, int], ...]
    sample: Mapping[str, Fraction]


def can_be_recorded(contract: Contract) -> bool:
    """Whether positions of a contract can be settled together: it has no term but of the kinds that are followed."""
    return contract.budget is None and all(term.kind in FOLLOWED_KINDS for term in contract.terms)


def is_apart(contract: Contract, host: str) -> bool:
    """Whether a host is also another party of the contract, so that what it pays itself is no payment."""
    return host in ("host", "commissioner") or any(party.code == host for party in contract.parties)


def record(contract: Contract, position: Position) -> Recording:
    """Apply a contract's terms to a position and write down what they did.

    Raises ``NotRecordedError`` where that cannot be said in steps, and what the terms raise where they have no meaning.
    """
    tape = Tape()
    given: Callable[[str, Fraction], Fraction] = lambda name, number: Recorded(number, tape.put(Given(name)), tape)  # noqa: E731
    amounts = {name: given(name, number) for name, number in inputs_of(position).items()}
    pays_providers = contract.route is Route.HOST_PAYS_PROVIDER
    state = RecordedState(
        position, contract.commissioner.code, pays_providers, amounts, values=contract.values, tape=tape
    )
    effects: list[tuple[int, int]] = []
    for term in contract.terms:
        made = apply_term(term, state)
        for line in made.lines:
            if line.portion is not None:
                raise NotRecordedError("a sum is divided in whole pence")
            sign = (line.payee == position.host) - (line.payer == position.host)
            if line.payer and line.payer != line.payee and sign:
                effects.append((tape.place_of(line.amount), sign))
        state = next_state(state, term, made)
    places = {name: tape.place_of(number) for name, number in state.amounts.items()}
    sample = {name: value_of(number) for name, number in state.amounts.items()}
    return Recording(tuple(tape.steps), tuple(tape.compared), places, tuple(effects), sample)


def inputs_of(position: Position) -> dict[str, Fraction]:
    """The numbers that a position gives to the terms."""
    return {**position.scores, **position.values}
