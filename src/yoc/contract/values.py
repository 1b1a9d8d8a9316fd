"""Values: a number of a contract, the same for everyone, or by contract year, date, party or position, or worked out.

Wherever a term takes a rate, a share, a sum or a number, it may be written in any of these forms:

- plain: ``50%``, ``2/3``, ``£30k``, or the name of an amount, an input of the position or a named value: ``quality``;
- by contract year: ``{1: 0%, 2: 10%}``; by date: ``{dated: {2026-04-01: 4%, 2027-04-01: 5%}}``;
- by party or choice: ``{by: host, values: {NWB: £96k}}``, with ``otherwise:`` for the rest;
- by size: ``{by: people, bands: [{from: 5000, to: 5999, at_from: 3.9%, at_to: 3.6%}, {from: 6000, value: 3%}]}``;
- by a condition: ``{when: quality_met, then: 50%, otherwise: 0%}``, or whether an input is there: ``{given: revenue}``;
- worked out: ``{multiply: [75%, quality]}``, and ``add``, ``subtract``, ``divide``, ``largest``, ``smallest``.

All but the plain form take ``at_least:``, ``at_most:`` and ``rounded_to:``, in that order. Everything is exact.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Annotated, Any, Protocol, Union

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Discriminator,
    Field,
    GetCoreSchemaHandler,
    Tag,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from yoc.core.fields import Count, Model, Number, Text, parse_name
from yoc.core.money import CURRENCY_SIGNS, MoneyError, parse_pounds
from yoc.core.periods import PeriodError, parse_date
from yoc.core.rates import RateError, format_decimal, format_percent, parse_number, parse_rate, parse_share

Path = tuple[str | int, ...]


class ValueProblem(ValueError):
    """A value that has no meaning for a position; its message says why."""


class Known(Protocol):
    """What a value may ask for when it is worked out."""

    @property
    def contract_year(self) -> int:
        """The year of the contract, from 1."""

    @property
    def first_day(self) -> dt.date:
        """The first day of the year."""

    def amount(self, name: str) -> Fraction:
        """A named amount, input or value."""

    def knows(self, name: str) -> bool:
        """Whether an input was given, or an amount made."""

    def text(self, name: str) -> str:
        """The text of a choice; `host` is the host's code."""

    def to_step(self, number: Fraction, step: Fraction) -> Fraction:
        """A number rounded to a multiple of a step."""


class NamedText(str):
    """A name in a contract that has to mean something there."""

    __slots__ = ()

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(cls._read)

    @classmethod
    def _read(cls, value: Any) -> "NamedText":
        if not isinstance(value, str):
            raise PydanticCustomError("FIELD-VALUE", "a single value is needed here, not a list or a group of fields")
        try:
            return cls(parse_name(value))
        except ValueError as error:
            raise PydanticCustomError("FIELD-VALUE", "{problem}", {"problem": str(error)}) from None


_NAME_SCHEMA = WithJsonSchema({"type": ["string", "integer"]})


class AmountName(NamedText):
    """The name of an amount that a term before made, or of an input or value of the contract."""


class ColumnName(NamedText):
    """The name of what a value differs by: `host`, a choice, or an amount."""


class PartyCode(NamedText):
    """The code of a party; `host` stands for the host whose settlement it is, `commissioner` for the commissioner."""


Amount = Annotated[AmountName, _NAME_SCHEMA]
Column = Annotated[ColumnName, _NAME_SCHEMA]
PartyName = Annotated[PartyCode, _NAME_SCHEMA]


@dataclass(frozen=True)
class Plain:
    """A number as it stands, or the name of one. ``is_money``: written with a currency sign, held in pence."""

    text: str
    number: Fraction | None = None
    name: str = ""
    is_money: bool = False

    def of(self, known: Known) -> Fraction:
        """The number, or what the name means."""
        return known.amount(self.name) if self.number is None else self.number


_WRITE_A_VALUE = "write a rate (12.5% or 2/3), a sum (£30k), a number (0.125), or the name of an amount"
_LETTER = re.compile(r"^[A-Za-z_]")


def _read_plain(value: Any) -> Any:
    if isinstance(value, Plain):
        return value
    if not isinstance(value, str):
        raise PydanticCustomError("FIELD-VALUE", "a single value is needed here, not a list or a group of fields")
    text = value.strip()
    try:
        if _LETTER.match(text):
            return Plain(text, name=parse_name(text))
        if text.lstrip("-")[:1] in CURRENCY_SIGNS:
            return Plain(text, Fraction(parse_pounds(text)), is_money=True)
        return Plain(text, parse_number(text))
    except MoneyError as error:
        raise PydanticCustomError("FIELD-VALUE", "{problem}", {"problem": str(error)}) from None
    except ValueError:
        problem = f"{value!r} is neither a number nor a name" if text else "a value is needed here"
        raise PydanticCustomError("FIELD-VALUE", "{problem}", {"problem": problem, "mend": _WRITE_A_VALUE}) from None


def plain(text: str) -> Plain:
    """The plain value that a text says, for the defaults of terms.

    >>> plain("50%").number, plain("£30k").number, plain("quality").name
    (Fraction(1, 2), Fraction(3000000, 1), 'quality')
    """
    value: Plain = _read_plain(text)
    return value


_PLAIN_SCHEMA = {
    "type": ["string", "number"],
    "description": "A rate (12.5%, 2/3), a sum (£30k), a number, or the name of an amount, input or value.",
}


class Bounded(Model):
    """The floor, the ceiling and the rounding that a value that is worked out may have."""

    at_least: "Value | None" = None
    """The floor: the value is never below it."""
    at_most: "Value | None" = None
    """The ceiling: the value is never above it."""
    rounded_to: "Value | None" = None
    """The step to which the value is rounded, half away from zero, after floor and ceiling."""

    def held(self, number: Fraction, known: Known) -> Fraction:
        """The number within its floor and ceiling, then rounded half away from zero to a multiple of the step."""
        floor = None if self.at_least is None else self.at_least.of(known)
        ceiling = None if self.at_most is None else self.at_most.of(known)
        if floor is not None and ceiling is not None and floor > ceiling:
            said = f"`at_least` comes to {format_decimal(floor)} and `at_most` to {format_decimal(ceiling)}"
            raise ValueProblem(f"{said}: a floor lies under its ceiling")
        number = number if floor is None else max(number, floor)
        number = number if ceiling is None else min(number, ceiling)
        if self.rounded_to is not None:
            step = self.rounded_to.of(known)
            if step <= 0:
                raise ValueProblem("`rounded_to` is a step above zero, as 0.0001 or £1")
            number = known.to_step(number, step)
        return number

    def of(self, known: Known) -> Fraction:
        """The value for a position."""
        return self.held(self.inner(known), known)

    def inner(self, known: Known) -> Fraction:
        """The value before its floor, ceiling and rounding."""
        raise NotImplementedError


class ByYear(Bounded):
    """One value a contract year, counted from 1."""

    by_year: "dict[Count, Value]" = Field(min_length=1)
    """The value of each contract year, counted from 1."""

    def inner(self, known: Known) -> Fraction:
        """The value of the year."""
        if known.contract_year not in self.by_year:
            raise ValueProblem(f"nothing is said for contract year {known.contract_year}")
        return self.by_year[known.contract_year].of(known)


def _dates(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    try:
        return {parse_date(key) if isinstance(key, str) else key: item for key, item in value.items()}
    except PeriodError as error:
        raise PydanticCustomError("FIELD-VALUE", "{problem}", {"problem": str(error)}) from None


class Dated(Bounded):
    """Values with the days from which they hold; the one in force on the first day of the year counts."""

    dated: "Annotated[dict[dt.date, Value], BeforeValidator(_dates)]" = Field(min_length=1)
    """The day from which each value holds, as 2026-04-01."""

    def inner(self, known: Known) -> Fraction:
        """The value in force on the first day of the year."""
        begun = [day for day in self.dated if day <= known.first_day]
        if not begun:
            raise ValueProblem(f"nothing is said for {known.first_day}, before {min(self.dated)}")
        return self.dated[max(begun)].of(known)


class SizeBand(Model):
    """One band of sizes: one value in all of it, or a straight line from the value at its beginning to that at its end.

    A size between the end of one band and the beginning of the next counts as the end of the one.
    """

    from_: Number = Field(alias="from")
    """The size at which the band begins."""
    to: Number | None = None
    """The size at which it ends; left out in the last band."""
    value: "Value | None" = None
    """One value for all of the band."""
    at_from: "Value | None" = None
    """The value at its beginning, of a straight line."""
    at_to: "Value | None" = None
    """The value at its end, of a straight line."""

    @model_validator(mode="after")
    def _one_form(self) -> "SizeBand":
        line = self.at_from is not None and self.at_to is not None and self.to is not None
        if (self.value is None) != line or (self.value is not None and (self.at_from or self.at_to)):
            raise ValueError("a band gives one `value`, or `to`, `at_from` and `at_to` for a straight line")
        if self.to is not None and self.to <= self.from_:
            start, end = format_decimal(self.from_), format_decimal(self.to)
            raise ValueError(f"the band begins at {start} and ends at {end}: a band ends after it begins")
        return self

    def of(self, size: Fraction, known: Known) -> Fraction:
        """The value at a size that lies in the band."""
        if self.value is not None:
            return self.value.of(known)
        if self.at_from is None or self.at_to is None or self.to is None:
            raise AssertionError("a band is checked when it is read")
        start, end = self.at_from.of(known), self.at_to.of(known)
        return start + (end - start) * (min(size, self.to) - self.from_) / (self.to - self.from_)


class ByColumn(Bounded):
    """One value a host or choice, or by the size of an amount."""

    by: Column
    """What the value differs by: host, a choice of the position, or an amount whose size counts."""
    values: "dict[Text, Value] | None" = None
    """The value for each host or choice."""
    bands: tuple[SizeBand, ...] | None = None
    """The value by the size of the amount."""
    otherwise: "Value | None" = None
    """The value for all the rest."""

    @model_validator(mode="after")
    def _one_form(self) -> "ByColumn":
        if (self.values is None) == (self.bands is None):
            raise ValueError("`by` needs either `values`, one for each host or choice, or `bands` of sizes")
        for number, (before, after) in enumerate(pairwise(self.bands or ()), 2):
            if after.from_ <= before.from_ or (before.to is not None and after.from_ < before.to):
                reached = before.from_ if before.to is None else before.to
                raise ValueError(
                    f"band {number} begins at {format_decimal(after.from_)}, and the one before it "
                    f"{'begins' if before.to is None else 'ends'} at {format_decimal(reached)}: "
                    "bands are given in order of size and do not overlap"
                )
        return self

    def inner(self, known: Known) -> Fraction:
        """The value of the host's column."""
        if self.bands is not None:
            size = known.amount(self.by)
            reached = [band for band in self.bands if band.from_ <= size]
            if reached:
                return reached[-1].of(size, known)
            problem = f"{self.by} {format_decimal(size)} lies under the first band"
        else:
            chosen = known.text(self.by)
            if chosen in (self.values or {}):
                return (self.values or {})[chosen].of(known)
            problem = f"no value is given for {self.by} {chosen}"
        if self.otherwise is None:
            raise ValueProblem(problem)
        return self.otherwise.of(known)


class Test(Model):
    """A test of one value, of a choice, or of whether an input is given at all."""

    __test__ = False

    of: "Value | None" = None
    """What is tested."""
    at_least: "Value | None" = None
    """It holds from here on."""
    more_than: "Value | None" = None
    """It holds beyond this."""
    at_most: "Value | None" = None
    """It holds up to here."""
    less_than: "Value | None" = None
    """It holds below this."""
    by: Column | None = None
    """host, or a choice of the position."""
    is_one_of: tuple[Text, ...] = ()
    """The hosts or words for which the test holds."""
    given: Amount | None = None
    """An input that a host may leave out: it holds where it is there."""

    @model_validator(mode="after")
    def _one_form(self) -> "Test":
        if self.given is not None:
            if self.model_fields_set != {"given"}:
                raise ValueError("`given` names an input, and stands alone")
            return self
        bounds = [self.at_least, self.more_than, self.at_most, self.less_than]
        if self.of is not None and (self.by is not None or not any(bounds)):
            raise ValueError("`of` is tested with at_least, more_than, at_most or less_than")
        if self.of is None and (self.by is None or not self.is_one_of):
            raise ValueError("a test names `of` and a bound, `by` and `is_one_of`, or what is `given`")
        return self

    def holds(self, known: Known) -> bool:
        """Whether the input is given, the word among those listed, or every bound kept, on exact values."""
        if self.given is not None:
            return known.knows(self.given)
        if self.of is None:
            return known.text(str(self.by)) in self.is_one_of
        number = self.of.of(known)
        return (
            (self.at_least is None or number >= self.at_least.of(known))
            and (self.more_than is None or number > self.more_than.of(known))
            and (self.at_most is None or number <= self.at_most.of(known))
            and (self.less_than is None or number < self.less_than.of(known))
        )


class Combined(Model):
    """Conditions that must all hold, of which one must hold, or one that must not."""

    all_of: "tuple[Condition, ...]" = ()
    """Conditions that must all hold."""
    any_of: "tuple[Condition, ...]" = ()
    """Conditions of which one must hold."""
    not_: "Condition | None" = Field(default=None, alias="not")
    """A condition that must not hold."""

    @model_validator(mode="after")
    def _one_form(self) -> "Combined":
        if sum((bool(self.all_of), bool(self.any_of), self.not_ is not None)) != 1:
            raise ValueError("give one of all_of, any_of and not")
        return self

    def holds(self, known: Known) -> bool:
        """Whether the combination holds."""
        if self.not_ is not None:
            return not holds(self.not_, known)
        if self.any_of:
            return any(holds(condition, known) for condition in self.any_of)
        return all(holds(condition, known) for condition in self.all_of)


def _condition_form(value: Any) -> str:
    if isinstance(value, AmountName | str):
        return "(name)"
    given = value if isinstance(value, dict) else getattr(value, "model_fields_set", {})
    return "(combined)" if {"all_of", "any_of", "not", "not_"} & set(given) else "(test)"


Condition = Annotated[
    Union[  # noqa: UP007 - forward names
        Annotated[Amount, Tag("(name)")], Annotated[Test, Tag("(test)")], Annotated[Combined, Tag("(combined)")]
    ],
    Discriminator(_condition_form),
]


def holds(condition: Any, known: Known) -> bool:
    """Whether a condition holds: a flag that is not zero, a test, a combination."""
    if isinstance(condition, str):
        return known.amount(condition) != 0
    return bool(condition.holds(known))


class Decide(Bounded):
    """One value where a condition holds, another otherwise."""

    when: Condition
    """The condition: a flag, a test, or conditions put together."""
    then: "Value"
    """The value where it holds."""
    otherwise: "Value"
    """The value where it does not."""

    def inner(self, known: Known) -> Fraction:
        """The value of the side that applies."""
        return (self.then if holds(self.when, known) else self.otherwise).of(known)


_OPERATIONS = ("add", "subtract", "multiply", "divide", "largest", "smallest")


class Calculation(Bounded):
    """A value worked out of others; `subtract` and `divide` take each following value from, or into, the first."""

    add: "tuple[Value, ...] | None" = None
    """The sum of these."""
    subtract: "tuple[Value, ...] | None" = None
    """The first less each of the others."""
    multiply: "tuple[Value, ...] | None" = None
    """The product of these."""
    divide: "tuple[Value, ...] | None" = None
    """The first divided by each of the others."""
    largest: "tuple[Value, ...] | None" = None
    """The largest of these."""
    smallest: "tuple[Value, ...] | None" = None
    """The smallest of these."""

    @model_validator(mode="after")
    def _one_operation(self) -> "Calculation":
        given = [name for name in _OPERATIONS if getattr(self, name) is not None]
        if len(given) > 1:
            said = " and ".join(f"`{name}`" for name in given)
            raise ValueError(f"{said} stand in one calculation: keep one, and write the other inside it")
        if not given:
            raise ValueError(f"this group of fields says no value: give one of {', '.join(_OPERATIONS)}")
        if len(self.operands()) < 2 and given[0] in ("subtract", "divide"):
            raise ValueError(f"`{given[0]}` takes two values or more, as [first, second]")
        if not self.operands():
            raise ValueError(f"`{given[0]}` takes at least one value")
        return self

    def operation(self) -> str:
        """Which operation it is."""
        return next(name for name in _OPERATIONS if getattr(self, name) is not None)

    def operands(self) -> "tuple[Any, ...]":
        """The values that it works on."""
        return tuple(getattr(self, self.operation()))

    def inner(self, known: Known) -> Fraction:
        """The result, exact."""
        numbers: list[Fraction] = [operand.of(known) for operand in self.operands()]
        operation = self.operation()
        result: Fraction = numbers[0]
        if operation in ("largest", "smallest"):
            return Fraction(0) + (max(numbers) if operation == "largest" else min(numbers))
        for number in numbers[1:]:
            if operation == "add":
                result = result + number
            elif operation == "subtract":
                result = result - number
            elif operation == "multiply":
                result = result * number
            elif number == 0:
                raise ValueProblem("a value is divided by zero")
            else:
                result = result / number
        return result


_DECIMAL_KEY = re.compile(r"^[0-9]+$")


# In brackets, so that no field of a file is taken for the name of a form.
_FORMS = (
    (ByYear, "(years)"), (Dated, "(dates)"), (ByColumn, "(by)"), (Decide, "(when)"), (Calculation, "(calculation)"),
)  # fmt: skip


def _form(value: Any) -> str:
    if not isinstance(value, dict):
        return next((form for model, form in _FORMS if isinstance(value, model)), "(plain)")
    for key, form in (("by_year", "(years)"), ("dated", "(dates)"), ("by", "(by)"), ("when", "(when)")):
        if key in value:
            return form
    return "(years)" if value and all(_DECIMAL_KEY.match(str(key)) for key in value) else "(calculation)"


def _open_years(value: Any) -> Any:
    """`{1: 0%, 2: 10%}` is short for `{by_year: {1: 0%, 2: 10%}}`."""
    if isinstance(value, dict) and value and all(_DECIMAL_KEY.match(str(key)) for key in value):
        return {"by_year": value}
    return value


Value = Annotated[
    Union[  # noqa: UP007 - forward names
        Annotated[Plain, BeforeValidator(_read_plain), WithJsonSchema(_PLAIN_SCHEMA), Tag("(plain)")],
        Annotated[ByYear, Tag("(years)")],
        Annotated[Dated, Tag("(dates)")],
        Annotated[ByColumn, Tag("(by)")],
        Annotated[Decide, Tag("(when)")],
        Annotated[Calculation, Tag("(calculation)")],
    ],
    Discriminator(_form),
    BeforeValidator(_open_years),
]

for _model in (Bounded, ByYear, Dated, SizeBand, ByColumn, Test, Combined, Decide, Calculation):
    _model.model_rebuild()


def _leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Plain]]:
    """The plain values that a value can come to as they stand, with their places; those inside products and quotients
    are factors.
    """
    if isinstance(value, Plain):
        yield path, value
        return
    inner: Iterable[tuple[Path, Any]] = ()
    if isinstance(value, ByYear | Dated):
        by = "by_year" if isinstance(value, ByYear) else "dated"
        inner = [((by, str(key)), part) for key, part in getattr(value, by).items()]
    elif isinstance(value, ByColumn):
        bands = [
            (("bands", place, name), getattr(band, name))
            for place, band in enumerate(value.bands or ())
            for name in ("value", "at_from", "at_to")
        ]
        named = [(("values", name), part) for name, part in (value.values or {}).items()]
        inner = [*named, *bands, (("otherwise",), value.otherwise)]
    elif isinstance(value, Decide):
        inner = [(("then",), value.then), (("otherwise",), value.otherwise)]
    elif isinstance(value, Calculation) and value.operation() not in ("multiply", "divide"):
        inner = [((value.operation(), place), part) for place, part in enumerate(value.operands())]
    for where, part in (*inner, (("at_least",), value.at_least), (("at_most",), value.at_most)):
        if part is not None:
            yield from _leaves(part, (*path, *where))


def _check_share(leaf: Plain) -> None:
    if leaf.is_money:
        raise RateError(f"{leaf.text!r} is a sum of money, and a share is needed here")
    parse_share(leaf.text)


def _check_rate(leaf: Plain) -> None:
    if leaf.is_money:
        raise RateError(f"{leaf.text!r} is a sum of money, and a rate is needed here")
    parse_rate(leaf.text)


def _check_sum(leaf: Plain) -> None:
    if not leaf.is_money and leaf.number:
        parse_pounds(leaf.text)
    if leaf.number is not None and leaf.number < 0:
        raise MoneyError(
            f"{leaf.text!r} is below nothing: a sum in a contract says how much, and the term says who pays"
        )


def _checked(check: Callable[[Plain], None]) -> AfterValidator:
    def validate(value: Any) -> Any:
        for path, leaf in _leaves(value):
            if leaf.number is None:
                continue
            try:
                check(leaf)
            except (RateError, MoneyError) as error:
                code = "RATE-OVER-WHOLE" if "more than the whole" in str(error) else "FIELD-VALUE"
                raise PydanticCustomError(code, "{problem}", {"problem": str(error), "path": path}) from None
        return value

    return AfterValidator(validate)


ShareValue = Annotated[Value, _checked(_check_share)]
"""A value that comes to a part of a whole, from 0% to 100%."""
RateValue = Annotated[Value, _checked(_check_rate)]
"""A value that comes to a rate: a plain one has its sign, as 2% or 1/3."""
SumValue = Annotated[Value, _checked(_check_sum)]
"""A value that comes to a sum of money: a plain one has its currency sign, and is not below zero."""
NumberValue = Value
"""A value that comes to any number."""


def share_of(value: Any, known: Known) -> Fraction:
    """A share for a position. Raises ``ValueProblem`` where it comes to less than nothing or more than the whole."""
    share: Fraction = value.of(known)
    if not 0 <= share <= 1:
        raise ValueProblem(f"a share came to {format_percent(share)}: it lies between 0% and 100%")
    return share


def walk(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every part of a term or value with its path in the file: names, values, models, in the order of the fields."""
    yield path, value
    if isinstance(value, Model):
        for field, info in type(value).model_fields.items():
            yield from walk(getattr(value, field), (*path, info.alias or field))
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from walk(item, (*path, str(key)))
    elif isinstance(value, tuple):
        for place, item in enumerate(value):
            yield from walk(item, (*path, place))


def names_in(value: Any) -> Iterator[tuple[Path, str]]:
    """Every name of an amount that a term or value reads, with its path."""
    for path, part in walk(value):
        if isinstance(part, AmountName):
            yield path, str(part)
        elif isinstance(part, Plain) and part.name:
            yield path, part.name
        elif isinstance(part, ByColumn) and part.bands is not None:
            yield (*path, "by"), str(part.by)


def missing_years(value: Any, years: int) -> Iterator[tuple[Path, list[int]]]:
    """Where a value by contract year leaves out some of the contract's years."""
    for path, part in walk(value):
        if isinstance(part, ByYear):
            missing = [year for year in range(1, years + 1) if year not in part.by_year]
            if missing:
                yield path, missing
