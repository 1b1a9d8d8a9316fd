"""What every kind of term shares: its common fields, the state it reads, the result it gives, values by year."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Annotated, Any

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from yoc.contract.budget import Budget
from yoc.contract.position import Line, Position
from yoc.core.fields import Model, Name, Text
from yoc.core.money import format_exact_pence
from yoc.core.periods import FinancialYear
from yoc.core.rates import RateError, format_percent, parse_share


class TermError(ValueError):
    """A term that has no meaning for a position; its message says why."""


class TermParameters(Model):
    """The fields that every term has. ``id`` is also the name of the main amount that the term makes."""

    id: Name
    kind: str
    clause: Text | None = None
    title: Text | None = None

    def needs(self) -> tuple[str, ...]:
        """The named amounts that the term reads; each has to be made by a term before it."""
        return ()

    def makes(self) -> tuple[str, ...]:
        """The named amounts that the term makes."""
        return (self.id,)

    def parties(self) -> tuple[str, ...]:
        """The parties that the term names."""
        return ()

    def hosts(self) -> tuple[str, ...]:
        """The hosts for which the term gives a value of its own; where there are any, all must be there."""
        return ()

    def indicators(self) -> tuple[str, ...]:
        """The indicators that the term pays on."""
        return ()


@dataclass(frozen=True)
class State:
    """What a term may read: the host's position, the amounts named so far, and the host's result so far."""

    position: Position
    commissioner: str
    host_pays_provider: bool = False
    amounts: Mapping[str, Fraction] = field(default_factory=dict)
    result: Fraction = Fraction(0)


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
    amounts: Mapping[str, int] | None = None,
    result: int = 0,
    **position: Any,
) -> State:
    """The state of a host called HOST, commissioned by ICB, for the worked examples of terms and for their tests."""
    year = FinancialYear(2025 + contract_year)
    named = {name: Fraction(pence) for name, pence in (amounts or {}).items()}
    own = Position("HOST", year, contract_year, Budget(budget_pence), **position)
    return State(own, "ICB", host_pays_provider, named, Fraction(result))


def base_amount(parameters: TermParameters, name: str, state: State) -> Fraction:
    """The amount that rates of a term are rates of. Raises ``TermError`` where it is below zero.

    >>> base_amount(TermParameters(id="share", kind="bands"), "cost", example(amounts={"cost": -5}))
    Traceback (most recent call last):
    ...
    yoc.contract.terms.base.TermError: term `share` takes rates of `cost`, which is -£0.05: a base is not below zero
    """
    amount = state.amounts[name]
    if amount < 0:
        raise TermError(
            f"term `{parameters.id}` takes rates of `{name}`, which is {format_exact_pence(amount)}: "
            "a base is not below zero"
        )
    return amount


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


@dataclass(frozen=True)
class Phased:
    """A share that is the same in every contract year, or given year by year."""

    every_year: Fraction | None = None
    by_year: Mapping[int, Fraction] = field(default_factory=dict)

    def in_year(self, contract_year: int) -> Fraction:
        """The share in a contract year, counted from 1.

        >>> Phased(by_year={1: Fraction(0), 2: Fraction(1, 10)}).in_year(2)
        Fraction(1, 10)
        """
        return self.every_year if self.every_year is not None else self.by_year[contract_year]

    def missing_years(self, years: int) -> tuple[int, ...]:
        """The contract years for which no share is given."""
        if self.every_year is not None:
            return ()
        return tuple(year for year in range(1, years + 1) if year not in self.by_year)

    def in_words(self) -> str:
        """The share, or the row of shares, as a reader sees it."""
        if self.every_year is not None:
            return format_percent(self.every_year)
        return ", ".join(f"year {year}: {format_percent(share)}" for year, share in sorted(self.by_year.items()))


def _phased(value: Any) -> Any:
    if isinstance(value, Phased):
        return value
    try:
        if isinstance(value, str):
            return Phased(every_year=parse_share(value))
        if isinstance(value, dict) and all(str(key).isdecimal() and int(key) > 0 for key in value):
            return Phased(by_year={int(key): parse_share(share) for key, share in value.items()})
    except RateError as error:
        code = "RATE-OVER-WHOLE" if "more than the whole" in str(error) else "FIELD-VALUE"
        raise PydanticCustomError(code, "{problem}", {"problem": str(error)}) from None
    raise PydanticCustomError("FIELD-VALUE", "give one share, or one a contract year (1: 0%, 2: 10%)")


PhasedShare = Annotated[Phased, BeforeValidator(_phased)]


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
