"""How each figure of a settlement came about: the terms' own arithmetic, followed from the figures that it began with.

The terms are ordinary functions of exact numbers. Given numbers that remember where they come from, they come to
results that remember how they were worked out: every sum, product and quotient, down to amounts that other terms made,
inputs of the position and numbers of the contract. Nothing is worked out a second way, so what is told is what was
done.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, Literal

from yoc.contract.budget import Budget
from yoc.contract.model import Contract
from yoc.contract.position import Line, Position
from yoc.contract.terms import apply_term
from yoc.contract.terms.base import State, TermParameters, TermResult
from yoc.contract.values import Path, Plain
from yoc.core.fields import Model
from yoc.core.money import round_half_away
from yoc.settlement.waterfall import first_state, next_state

Operation = Literal["add", "subtract", "multiply", "divide", "negative", "size", "round_to"]
LeafKind = Literal["amount", "value", "input", "score", "position", "result", "contract", "rule"]
"""Where a number comes from: an amount of a term before it, a value or a number of the contract, an input or a score,
the rest of the position, the result so far, or the rule of the term itself (the 1 of 1 - share)."""


@dataclass(frozen=True)
class Leaf:
    """A number as it was met: what kind of thing it is, its name, and for the contract's own its text and place.

    ``path`` is the place in the contract's file of a number that stands there.
    """

    kind: LeafKind
    name: str
    value: Fraction
    text: str = ""
    path: Path = ()
    is_money: bool = False


@dataclass(frozen=True)
class Step:
    """One operation on numbers, with what it came to."""

    operation: Operation
    parts: "tuple[Leaf | Step, ...]"
    value: Fraction


Source = Leaf | Step


class Followed(Fraction):
    """A number that remembers how it was worked out.

    >>> budget = Followed(Leaf("amount", "budget", Fraction(1000)))
    >>> share = Followed(Leaf("contract", "terms.share.host_share", Fraction(1, 5)))
    >>> part = budget * (1 - share) + Fraction(0)
    >>> part.value, part.source.operation, [step.value for step in part.source.parts]
    (Fraction(800, 1), 'multiply', [Fraction(1000, 1), Fraction(4, 5)])
    """

    __slots__ = ("source",)
    source: Source

    def __new__(cls, source: Source) -> "Followed":
        """The number that a source came to."""
        made = super().__new__(cls, source.value)
        made.source = source
        return made

    @property
    def value(self) -> Fraction:
        """The number alone."""
        return Fraction(self.numerator, self.denominator)

    def __add__(self, other: Any) -> Any:
        return _step("add", self, other)

    def __radd__(self, other: Any) -> Any:
        return _step("add", other, self)

    def __sub__(self, other: Any) -> Any:
        return _step("subtract", self, other)

    def __rsub__(self, other: Any) -> Any:
        return _step("subtract", other, self)

    def __mul__(self, other: Any) -> Any:
        return _step("multiply", self, other)

    def __rmul__(self, other: Any) -> Any:
        return _step("multiply", other, self)

    def __truediv__(self, other: Any) -> Any:
        return _step("divide", self, other)

    def __rtruediv__(self, other: Any) -> Any:
        return _step("divide", other, self)

    def __neg__(self) -> Any:
        if isinstance(self.source, Step) and self.source.operation == "negative":
            return Followed(self.source.parts[0])
        return Followed(Step("negative", (self.source,), -self.value))

    def __pos__(self) -> "Followed":
        return self

    def __abs__(self) -> Any:
        return self if self.numerator >= 0 else Followed(Step("size", (self.source,), -self.value))


_NEUTRAL = {"add": 0, "subtract": 0, "multiply": 1, "divide": 1}


def _step(operation: Operation, left: Any, right: Any) -> Any:
    """The operation on two numbers; what changes nothing (a sum's first 0, a factor of 1) leaves no trace."""
    if not isinstance(left, Followed) and left == _NEUTRAL[operation] and operation in ("add", "multiply"):
        return right
    if not isinstance(right, Followed) and right == _NEUTRAL[operation]:
        return left
    if operation == "multiply":
        # Gains and losses are turned round by a factor of -1, which readers know as a sign.
        for factor, other in ((left, right), (right, left)):
            if not isinstance(factor, Followed) and factor == -1:
                return -other
    first, second = value_of(left), value_of(right)
    value = {
        "add": lambda: first + second,
        "subtract": lambda: first - second,
        "multiply": lambda: first * second,
        "divide": lambda: first / second,
    }[operation]()
    return Followed(Step(operation, (source_of(left), source_of(right)), value))


def value_of(number: Any) -> Fraction:
    """A number without its memory."""
    return number.value if isinstance(number, Followed) else Fraction(number)


def source_of(number: Any) -> Source:
    """Where a number comes from; one that remembers nothing is the rule's own, as the 1 of 1 - share."""
    return number.source if isinstance(number, Followed) else Leaf("rule", "", Fraction(number))


def _known(kind: LeafKind, name: str, number: Any, *, is_money: bool = False) -> Any:
    return Followed(Leaf(kind, name, value_of(number), is_money=is_money))


@dataclass(frozen=True)
class WorkedState(State):
    """The state that terms read, in which every number knows where it comes from."""

    named: dict[str, Source] = field(default_factory=dict)
    """The contract's own values that were asked for, by name, with how each was worked out."""

    def amount(self, name: str) -> Fraction:
        """A named amount; a value of the contract under its own name."""
        number = super().amount(name)
        if name in self.amounts or name not in self.values:
            return number
        self.named.setdefault(name, source_of(number))
        return Followed(Leaf("value", name, value_of(number)))

    def to_step(self, number: Fraction, step: Fraction) -> Fraction:
        """A number rounded to a multiple of a step."""
        value = super().to_step(value_of(number), value_of(step))
        return Followed(Step("round_to", (source_of(number), source_of(step)), value))


@dataclass(frozen=True)
class WorkedAmount:
    """A named amount or value, how it was worked out, and the term that made it (none made a value)."""

    name: str
    term: str
    source: Source
    is_number: bool


@dataclass(frozen=True)
class WorkedLine:
    """A line of the statement and each of its parts, with how they were worked out."""

    line: Line
    source: Source
    details: tuple[Source, ...]


@dataclass(frozen=True)
class Working:
    """All that the terms made of a position, with how it was worked out."""

    lines: tuple[WorkedLine, ...]
    amounts: tuple[WorkedAmount, ...]
    values: Mapping[str, Source]


def working_of(contract: Contract, position: Position) -> Working:
    """How every line and amount of a host's year came about.

    Raises ``FindingsError`` where a term has no meaning for the position, as settling it does.
    """
    known = _known_position(contract, position)
    plain = first_state(contract, known)
    values = {name: with_places(value, ("values", name)) for name, value in contract.values.items()}
    amounts: dict[str, Any] = {
        **{name: _known("score", name, score) for name, score in position.scores.items()},
        **{
            name: _known("input", name, value, is_money=_is_money_input(contract, name))
            for name, value in position.values.items()
        },
    }
    if "person_years" in plain.amounts:
        amounts["person_years"] = _known("position", "person_years", plain.amounts["person_years"])
    state = WorkedState(**{**_fields_of(plain), "amounts": amounts, "values": values})
    lines: list[WorkedLine] = []
    made_amounts: list[WorkedAmount] = []
    for place, term in enumerate(contract.terms):
        result = state.result
        asked = replace(state, result=_known("result", term.id, result, is_money=True))
        made = apply_term(with_places(term, ("terms", place)), asked)
        own = _amounts_by_source(term, made)
        lines += [
            WorkedLine(
                line,
                tidied(source_of(line.amount), own),
                tuple(tidied(source_of(detail.amount), own) for detail in line.details),
            )
            for line in made.lines
        ]
        made_amounts += [
            WorkedAmount(name, term.id, tidied(source_of(number), own, name), term.is_number(name))
            for name, number in made.amounts.items()
        ]
        state = next_state(state, term, made)
        renamed = {
            name: _known("amount", name, number, is_money=not term.is_number(name))
            for name, number in made.amounts.items()
        }
        state = replace(state, amounts={**state.amounts, **renamed}, result=value_of(state.result))
    return Working(
        tuple(lines), tuple(made_amounts), {name: tidied(source, {}) for name, source in state.named.items()}
    )


def _amounts_by_source(term: TermParameters, made: TermResult) -> dict[int, Leaf]:
    """The amounts that a term made, by the identity of the steps that made them: the first name of each."""
    own: dict[int, Leaf] = {}
    for name, number in made.amounts.items():
        source = source_of(number)
        if isinstance(source, Step):
            leaf = Leaf("amount", name, source.value, is_money=not term.is_number(name))
            own.setdefault(id(source), leaf)
    return own


def tidied(source: Source, own: Mapping[int, Leaf], name: str = "") -> Source:
    """A source in which an amount that the term made stands under its name, and sums of sums are one sum.

    ``own`` are the amounts by the identity of the steps that made them; ``name`` is the amount that is told itself.
    """
    made = own.get(id(source))
    if made is not None and made.name != name:
        return made
    if isinstance(source, Leaf):
        return source
    parts = [tidied(part, own, name) for part in source.parts]
    first = parts[0]
    if source.operation in ("add", "multiply") and isinstance(first, Step) and first.operation == source.operation:
        parts = [*first.parts, *parts[1:]]
    return Step(source.operation, tuple(parts), source.value)


def _fields_of(state: State) -> dict[str, Any]:
    return {name: getattr(state, name) for name in State.__dataclass_fields__}


def _is_money_input(contract: Contract, name: str) -> bool:
    declared = contract.inputs().get(name)
    return declared is not None and declared.kind == "money"


def with_places(part: Any, path: Path) -> Any:
    """A term or value in which every number knows its place in the contract's file.

    >>> from yoc.contract.values import plain
    >>> number = with_places(plain("50%"), ("terms", 3, "share")).number
    >>> number.source.text, number.source.path
    ('50%', ('terms', 3, 'share'))
    """
    if type(part) is Fraction:
        return Followed(Leaf("contract", _dotted(path), part, path=path))
    if isinstance(part, Plain):
        if part.number is None:
            return part
        leaf = Leaf("contract", _dotted(path), part.number, part.text, path, part.is_money)
        return replace(part, number=Followed(leaf))
    if isinstance(part, Model):
        fields = type(part).model_fields.items()
        placed = {name: with_places(getattr(part, name), (*path, info.alias or name)) for name, info in fields}
        return part.model_copy(update=placed)
    if isinstance(part, Mapping):
        return {key: with_places(item, (*path, str(key))) for key, item in part.items()}
    if isinstance(part, tuple):
        return tuple(with_places(item, (*path, place)) for place, item in enumerate(part))
    return part


def _dotted(path: Path) -> str:
    return ".".join(str(step) for step in path)


def _known_position(contract: Contract, position: Position) -> Position:
    """The position in which every figure knows its name."""

    def pence(name: str, number: Any) -> Any:
        return _known("position", name, number, is_money=True)

    reissues = tuple(
        replace(
            again,
            pence_by_setting={
                setting: pence(f"reissue.{number}.{setting}", part) for setting, part in again.pence_by_setting.items()
            },
        )
        for number, again in enumerate(position.price_reissues, 1)
    )
    return replace(
        position,
        budget=_known_budget(position.budget, pence),
        cost_pence={name: pence(f"cost.{name}", part) for name, part in position.cost_pence.items()},
        cost_by_month_pence={
            (setting, month): pence(f"cost.{setting}.{month}", part)
            for (setting, month), part in position.cost_by_month_pence.items()
        },
        over_threshold_pence=pence("over_threshold", position.over_threshold_pence),
        scores={name: _known("score", name, score) for name, score in position.scores.items()},
        paid_on_account_pence=pence("paid_on_account", position.paid_on_account_pence),
        values={
            name: _known("input", name, value, is_money=_is_money_input(contract, name))
            for name, value in position.values.items()
        },
        block_pence={name: pence(f"block.{name}", part) for name, part in position.block_pence.items()},
        price_reissues=reissues,
    )


def _known_budget(budget: Budget, pence: Any) -> Budget:
    pay = budget.back_pay
    if pay is not None:
        months = tuple(replace(month, pence=pence(f"back_pay.{month.month}", month.pence)) for month in pay.months)
        first, year = pay.first_counted_pence, pay.whole_year_pence
        pay = replace(
            pay,
            whole_year_pence=pence("back_pay.whole_year", year),
            first_counted_pence=pence("back_pay.first_counted", first),
            months=months,
        )
    steps = tuple(replace(step, pence=pence(f"budget.{step.id}", step.pence)) for step in budget.steps)
    return replace(budget, total_pence=pence("budget", budget.total_pence), steps=steps, back_pay=pay)


def worth(source: Source) -> Fraction:
    """What a source comes to when it is worked out again from the numbers that it begins with.

    >>> taken = Step("subtract", (Leaf("amount", "a", Fraction(10)), Leaf("amount", "b", Fraction(4))), Fraction(99))
    >>> worth(taken)
    Fraction(6, 1)
    """
    if isinstance(source, Leaf):
        return source.value
    return carried_out(source.operation, [worth(part) for part in source.parts])


def carried_out(operation: str, numbers: Sequence[Fraction]) -> Fraction:
    """An operation on plain numbers.

    >>> carried_out("subtract", [Fraction(5), Fraction(2)]), carried_out("round_to", [Fraction(149), Fraction(100)])
    (Fraction(3, 1), Fraction(100, 1))
    """
    first, *rest = numbers
    if operation == "negative":
        return -first
    if operation == "size":
        return abs(first)
    if operation == "round_to":
        return Fraction(round_half_away(first / rest[0]) * rest[0])
    for number in rest:
        if operation == "add":
            first = first + number
        elif operation == "subtract":
            first = first - number
        elif operation == "multiply":
            first = first * number
        else:
            first = first / number
    return first
