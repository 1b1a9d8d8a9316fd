"""The inputs of a contract that is settled from a table: what each host's year must give, and what it may leave out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from pydantic import model_validator

from yoc.core.fields import Model, Text, YesNo
from yoc.core.money import MoneyError, parse_exact_pounds
from yoc.core.rates import RateError, parse_number, parse_rate, parse_share

Kind = Literal["money", "number", "rate", "score", "flag", "choice"]

_FLAGS = {"yes": Fraction(1), "no": Fraction(0)}


class Input(Model):
    """One input of a position: its kind, its title for readers, and what stands where a host does not give it.

    ``money`` is a sum, held in exact pence; ``number`` a count or quantity; ``rate`` a rate of any size; ``score`` a
    rate from 0% to 100%; ``flag`` yes or no; ``choice`` one of the words in ``choices``. ``is`` says that a sum is the
    cost that the contract settles, the host's own cost, which it bears beside what the contract pays (`own_cost`), or
    its budget. ``optional`` says that a host may leave it out and nothing stands for it: the contract asks whether it
    is `given`.

    >>> Input(kind="money", default="£0", **{"is": "cost"}).parse_default()
    Fraction(0, 1)
    >>> Input(kind="choice", choices=("A", "B"), default="A").parse_default()
    'A'
    """

    kind: Kind
    """What it is: money, number, rate, score (0% to 100%), flag (yes or no) or choice."""
    title: Text | None = None
    """The words that readers know it by."""
    default: Text | None = None
    """What stands where a host does not give it."""
    optional: YesNo = False
    """Whether a host may leave it out with nothing in its place; the condition `given` asks whether it is there."""
    choices: tuple[Text, ...] = ()
    """The words that a choice can be."""
    is_: Literal["cost", "own_cost", "budget"] | None = None
    """Says that the sum is the host's cost, or its budget."""

    model_config = Model.model_config | {"alias_generator": lambda name: name.rstrip("_"), "populate_by_name": True}

    @model_validator(mode="after")
    def _fits_its_kind(self) -> "Input":
        if self.kind == "choice" and not self.choices:
            raise ValueError("an input of kind choice needs `choices:`, a list of the words that it can be")
        if self.kind != "choice" and self.choices:
            raise ValueError(f"`choices` belongs to an input of kind choice, and this one is of kind {self.kind}")
        twice = sorted({choice for choice in self.choices if self.choices.count(choice) > 1})
        if twice:
            raise ValueError(f"the choice `{twice[0]}` is listed twice")
        if self.is_ is not None and self.kind != "money":
            raise ValueError(f"`is: {self.is_}` belongs to an input of kind money, and this one is of kind {self.kind}")
        if self.optional and self.default is not None:
            raise ValueError("an input has a default or is optional: with a default it is always there")
        self.parse_default()
        return self

    def parse_default(self) -> Fraction | str | None:
        """The default as its kind: exact pence, a number, a fraction of 1, 1 or 0 for a flag, the word of a choice.

        ``None`` where the input has no default. Raises ``ValueError`` where the text is not of its kind.

        >>> Input(kind="money", default="$1,250.50").parse_default()
        Fraction(125050, 1)
        >>> Input(kind="rate", default="12.5%").parse_default(), Input(kind="flag", default="no").parse_default()
        (Fraction(1, 8), Fraction(0, 1))
        """
        if self.default is None:
            return None
        try:
            value = self.parse(self.default)
        except ValueError as error:
            raise ValueError(f"the default {error}") from None
        if self.kind == "money" and isinstance(value, Fraction) and value.denominator != 1:
            raise ValueError(f"the default {self.default!r} holds part of a penny: money is whole pence")
        return value

    def parse(self, text: str) -> Fraction | str:
        """A text as a person writes it, as its kind. Raises ``ValueError`` where it is not of that kind.

        >>> Input(kind="score").parse("89.41%"), Input(kind="flag").parse("yes")
        (Fraction(8941, 10000), Fraction(1, 1))
        """
        if self.kind == "choice":
            if text not in self.choices:
                raise ValueError(f"{text!r} is not one of {', '.join(self.choices)}")
            return text
        return _parse(self.kind, text)


def _parse(kind: str, text: str) -> Fraction:
    if kind == "money":
        try:
            return parse_exact_pounds(text)
        except MoneyError:
            mend = "write it with its currency sign, as £0 or $1,250.50"
            raise ValueError(f"{text!r} is not a sum of money: {mend}") from None
    if kind == "flag":
        if text.lower() not in _FLAGS:
            raise ValueError(f"{text!r} is neither yes nor no")
        return _FLAGS[text.lower()]
    if kind == "number" and text.endswith("%"):
        raise ValueError(f"{text!r} is a percentage, and the input a number: is it of kind rate?")
    try:
        return {"number": parse_number, "rate": parse_rate, "score": parse_share}[kind](text)
    except RateError as error:
        raise ValueError(str(error)) from None


@dataclass(frozen=True)
class InputValues:
    """What one host's year gives.

    ``values`` has money in exact pence, numbers as they are, rates and scores as fractions of 1, flags as 1 or 0;
    ``choices`` has the word of each choice. An input that is not given is in neither.
    """

    values: Mapping[str, Fraction] = field(default_factory=dict)
    choices: Mapping[str, str] = field(default_factory=dict)
