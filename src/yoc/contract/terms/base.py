"""What every kind of term shares: its common fields, the state it reads, the result it gives."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from pydantic_core import PydanticCustomError

from yoc.contract.budget import Budget
from yoc.contract.position import Line, Position
from yoc.contract.values import Amount, PartyCode, ValueProblem, share_of
from yoc.contract.wording import Namer
from yoc.core.fields import Model, Name, Text
from yoc.core.money import format_exact_pence, round_half_away
from yoc.core.periods import FinancialYear
from yoc.core.rates import format_percent


class TermError(ValueError):
    """A term that has no meaning for a position; its message says why."""


class TermParameters(Model):
    """The fields that every term has. ``id`` is also the name of the main amount that the term makes."""

    id: Name
    """The term's name, which is also that of the main amount that it makes."""
    kind: str
    """The kind of term."""
    clause: Text | None = None
    """The clause of the contract, shown on statements."""
    title: Text | None = None
    """The words that readers know it by."""

    def makes(self) -> tuple[str, ...]:
        """The named amounts that the term makes."""
        return (self.id,)

    def is_number(self, name: str) -> bool:
        """Whether an amount that the term makes is a rate or a number, and no sum of money."""
        return name != self.id and name.rpartition(".")[2] in ("rate", "minimum", "passed", "score")

    def works_on(self, last: str) -> str:
        """The amount that the term works on, where there is one: ``last`` unless it is named."""
        on = getattr(self, "on", None)
        return str(on) if on else (last if "on" in type(self).model_fields else "")

    def keeps_in_hand(self, in_hand: frozenset[str], last: str) -> frozenset[str]:
        """Which of the amounts that the term makes are in the host's hands, given those that were before.

        A budget less a cost is in hand: the host has been paid it, so a term that lowers it moves the difference. An
        amount that was only worked out is not: it moves when a term pays it.
        """
        return frozenset((self.id,)) if self.works_on(last) in in_hand else frozenset()

    def gives_on(self) -> bool:
        """Whether the next term works on the main amount of this one unless it names another."""
        return False

    def named_parties(self) -> tuple[PartyCode, ...]:
        """The parties that the term names as keys of a group, beside those that stand in fields of their own."""
        return ()

    def indicators(self) -> tuple[str, ...]:
        """The indicators that the term pays on."""
        return ()


class Adjusting(TermParameters):
    """A term that takes one amount and gives it on, changed: ``on`` names it, the amount before it unless said."""

    on: Amount | None = None
    """The amount that it works on; the one that the terms before it made unless named."""

    def makes(self) -> tuple[str, ...]:
        """The amount as changed, and the change."""
        return (self.id, f"{self.id}.change")

    def gives_on(self) -> bool:
        """The changed amount is what the next term works on."""
        return True


@dataclass(frozen=True)
class State:
    """What a term may read: the host's position, the amounts named so far, and the host's result so far.

    ``last`` is the amount on which the next term works unless it names one; ``in_hand`` are the amounts that the
    host's result holds already; ``values`` are the contract's own, worked out when they are asked for. ``unrounded``
    leaves out the rounding that terms ask for, so that the contract can be studied as a function.
    """

    position: Position
    commissioner: str
    host_pays_provider: bool = False
    amounts: Mapping[str, Fraction] = field(default_factory=dict)
    result: Fraction = Fraction(0)
    last: str = ""
    in_hand: frozenset[str] = frozenset()
    unrounded: bool = False
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def contract_year(self) -> int:
        """The year of the contract, from 1."""
        return self.position.contract_year

    @property
    def first_day(self) -> dt.date:
        """The first day of the year."""
        return self.position.year.first_day

    def amount(self, name: str) -> Fraction:
        """A named amount, input or value. Raises ``ValueProblem`` where nothing made it."""
        if name in self.amounts:
            return self.amounts[name]
        if name in self.values:
            # Worked out when a term asks, so that what no term asks for need not be known.
            worth: Fraction = self.values[name].of(self)
            return worth
        raise ValueProblem(f"nothing is known of `{name}`")

    def knows(self, name: str) -> bool:
        """Whether an input was given, or an amount or value made."""
        return name in self.amounts or name in self.values or name in self.position.choices

    def text(self, name: str) -> str:
        """The text of a choice; `host` is the host's code."""
        if name == "host":
            return self.position.host
        if name not in self.position.choices:
            raise ValueProblem(f"nothing was chosen for `{name}`")
        return self.position.choices[name]

    def to_step(self, number: Fraction, step: Fraction) -> Fraction:
        """A number rounded half away from zero to a multiple of a step."""
        return number if self.unrounded else round_half_away(number / step) * step

    def party(self, code: str) -> str:
        """The party that a code stands for: `host` and `commissioner` are the settlement's own."""
        return {"host": self.position.host, "commissioner": self.commissioner}.get(code, code)


@dataclass(frozen=True)
class TermResult:
    """What a term gives: rows of the statement, and amounts that later terms may name."""

    lines: tuple[Line, ...]
    amounts: Mapping[str, Fraction]


def example(
    *,
    budget_pence: int = 0,
    contract_year: int = 1,
    host_pays_provider: bool = False,
    amounts: Mapping[str, Any] | None = None,
    result: int = 0,
    in_hand: bool = False,
    **position: Any,
) -> State:
    """The state of a host called HOST, commissioned by ICB, for the worked examples of terms and for their tests.

    ``last`` is the first of the amounts; ``in_hand`` says whether the host holds it.
    """
    year = FinancialYear(2025 + contract_year)
    scores = position.get("scores", {})
    named = {name: Fraction(number) for name, number in {**(amounts or {}), **scores}.items()}
    own = Position("HOST", year, contract_year, Budget(budget_pence), **position)
    last = next(iter(amounts or {}), "")
    held = frozenset((last,)) if in_hand else frozenset()
    return State(own, "ICB", host_pays_provider, named, Fraction(result), last, held)


def taken_on(parameters: TermParameters, state: State) -> tuple[str, Fraction]:
    """The name and the size of the amount that a term works on."""
    name = parameters.works_on(state.last)
    return name, state.amount(name)


def share(parameters: TermParameters, field_name: str, state: State) -> Fraction:
    """A share that a term names, for the position. Raises ``TermError`` outside 0% to 100%."""
    try:
        return share_of(getattr(parameters, field_name), state)
    except ValueProblem as problem:
        raise TermError(f"term `{parameters.id}`: `{field_name}`: {problem}") from None


def base_amount(parameters: TermParameters, name: str, state: State) -> Fraction:
    """The amount that rates of a term are rates of. Raises ``TermError`` where it is below zero.

    >>> base_amount(TermParameters(id="share", kind="bands"), "cost", example(amounts={"cost": -5}))
    Traceback (most recent call last):
    ...
    yoc.contract.terms.base.TermError: term `share` takes rates of `cost`, which is -£0.05: a base is not below zero
    """
    amount = state.amount(name)
    if amount < 0:
        raise TermError(
            f"term `{parameters.id}` takes rates of `{name}`, which is {format_exact_pence(amount)}: "
            "a base is not below zero"
        )
    return amount


def not_below_nothing(parameters: TermParameters, what: str, number: Fraction, shown: str) -> Fraction:
    """A limit, a least rate or a sum that means something from nothing upwards. Raises ``TermError`` below.

    >>> not_below_nothing(TermParameters(id="capped", kind="cap"), "the limit", Fraction(-500), "-£5.00")
    Traceback (most recent call last):
    ...
    yoc.contract.terms.base.TermError: term `capped`: the limit comes to -£5.00, less than nothing
    """
    if number < 0:
        raise TermError(f"term `{parameters.id}`: {what} comes to {shown}, less than nothing")
    return number


def line_of(parameters: TermParameters, label: str, amount: Fraction, formula: str, **rest: Any) -> Line:
    """A line that carries its term's id, kind and clause. ``suffix`` names a second amount of the same term."""
    suffix = rest.pop("suffix", "")
    name = f"{parameters.id}.{suffix}" if suffix else parameters.id
    return Line(
        name=name,
        label=parameters.title if parameters.title and not suffix else label,
        amount=amount,
        formula=formula,
        term=parameters.id,
        kind=parameters.kind,
        clause=parameters.clause or "",
        **rest,
    )


def paid_between(payer: str, payee: str, amount: Fraction) -> dict[str, Any]:
    """Who pays whom so that the sum is not negative: a negative amount turns the two round.

    >>> paid_between("HOST", "ICB", Fraction(-5))
    {'payer': 'ICB', 'payee': 'HOST', 'amount': Fraction(5, 1)}
    """
    if amount < 0:
        payer, payee, amount = payee, payer, -amount
    return {"payer": payer, "payee": payee, "amount": amount}


def passed_on(
    parameters: TermParameters,
    state: State,
    after: Fraction,
    label: str,
    formula: str,
    other: str = "",
    more: Mapping[str, Fraction] | None = None,
) -> TermResult:
    """What an adjusting term gives: the amount as changed; and, where the host holds it, a payment of the difference.

    ``other`` is who takes what the host loses and bears what it is spared: the commissioner, unless it is named.

    >>> term = Adjusting(id="limit", kind="cap")
    >>> result = passed_on(term, example(amounts={"share": 45}, in_hand=True), Fraction(40), "Cap", "40 at most")
    >>> int(result.amounts["limit"]), result.lines[0].payer, int(result.lines[0].amount)
    (40, 'HOST', 5)
    >>> result = passed_on(term, example(amounts={"share": 45}), Fraction(40), "Cap", "40 at most")
    >>> result.lines[0].payer, int(result.lines[0].amount)
    ('', 40)
    """
    name, before = taken_on(parameters, state)
    change = after - before
    if name in state.in_hand:
        between = paid_between(state.position.host, state.party(other) if other else state.commissioner, -change)
        line = line_of(parameters, label, formula=formula, **between)
    else:
        line = line_of(parameters, label, after, formula)
    return TermResult((line,), {parameters.id: after, f"{parameters.id}.change": change, **(more or {})})


def name_of(parameters: TermParameters, last: str, namer: Namer) -> str:
    """The amount that a term works on, in words, for its sentence."""
    return namer(parameters.works_on(last))


def must_be_whole(what: str) -> Callable[[Mapping[str, Fraction]], Mapping[str, Fraction]]:
    """A check that shares add to 100%."""

    def check(shares: Mapping[str, Fraction]) -> Mapping[str, Fraction]:
        total = sum(shares.values(), Fraction(0))
        if total != 1:
            raise PydanticCustomError(
                "FIELD-VALUE", "{problem}", {"problem": f"the {what} add to {format_percent(total)}, not to 100%"}
            )
        return shares

    return check


def weighted_score(weights: Mapping[str, Fraction], scores: Mapping[str, Fraction]) -> Fraction:
    """The sum of weight × score over the indicators that a term names.

    >>> weighted_score({"a": Fraction(3, 4), "b": Fraction(1, 4)}, {"a": Fraction(1), "b": Fraction(0)})
    Fraction(3, 4)
    """
    return sum((weight * scores[name] for name, weight in weights.items()), Fraction(0))
