"""Segments: which people a contract covers, as rules over age, conditions and body mass index, or as lists of them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from yoc.core.fields import Count, Model, Name, Text, YesNo

_INDEX_TEXT = re.compile(r"^[0-9]{1,3}(\.[0-9])?$")
_INDEX = WithJsonSchema({"type": ["string", "number"], "description": "A body mass index: 30, 27.5."})


def _parse_index(value: Any) -> Any:
    text = value.strip() if isinstance(value, str) else "a list or a group of fields"
    whole, _, part = text.partition(".")
    if not _INDEX_TEXT.match(text):
        raise ValueError(f"{text!r} is not a body mass index: write it to one decimal at most, as 30 or 27.5")
    return int(whole) * 10 + int(part or 0)


class AgeRange(Model):
    """Whole years on the day of the test, both ends included."""

    from_: Count
    """The youngest age."""
    to: Count
    """The oldest age."""

    model_config = Model.model_config | {"alias_generator": lambda name: name.rstrip("_"), "populate_by_name": True}

    @model_validator(mode="after")
    def _in_order(self) -> "AgeRange":
        if self.from_ > self.to:
            raise ValueError(f"an age from {self.from_} to {self.to} holds nobody")
        return self


class ConditionCount(Model):
    """How many of the contract's conditions: exactly so many, or at least."""

    exactly: Count | None = None
    """Exactly so many conditions."""
    at_least: Count | None = None
    """So many conditions or more."""
    all_of: tuple[Name, ...] = ()
    """Conditions that the person must have."""

    @model_validator(mode="after")
    def _one_count(self) -> "ConditionCount":
        if self.exactly is not None and self.at_least is not None:
            raise ValueError("say `exactly` or `at_least`, not both")
        if self.exactly is None and self.at_least is None and not self.all_of:
            raise ValueError("say `exactly`, `at_least` or `all_of`")
        return self


@dataclass(frozen=True)
class PersonFacts:
    """What a segment may ask of a person on the day of the test.

    ``exceeded_bmi_tenths`` are the limits they are over, ``lists`` the segments on whose lists they stand.
    """

    age: int
    conditions: frozenset[str]
    exceeded_bmi_tenths: frozenset[int] = frozenset()
    lists: frozenset[str] = frozenset()


class Segment(Model):
    """One part of the cohort, with its own annual rates: a rule, or a list that a plan supplies.

    >>> rule = Segment(id="risk_two", name="Risk group two", age={"from": "40", "to": "64"}, bmi_over="30",
    ...                conditions={"exactly": "1"})
    >>> rule.covers(PersonFacts(40, frozenset({"diabetes"}), frozenset({300})))
    True
    >>> rule.covers(PersonFacts(65, frozenset({"diabetes"}), frozenset({300})))
    False

    A list takes those whom it names, and nobody else:

    >>> listed = Segment(id="frail", name="Frailty register", list="yes")
    >>> [listed.covers(PersonFacts(80, frozenset(), lists=frozenset(names))) for names in (["frail"], ["other"], [])]
    [True, False, False]
    """

    id: Name
    """Its name in the rates."""
    name: Text
    """The name that readers know it by."""
    clause: Text | None = None
    """The clause of the contract."""
    age: AgeRange | None = None
    """The ages that it covers."""
    conditions: ConditionCount | None = None
    """How many of the contract's conditions, or which."""
    bmi_over: Annotated[int | None, BeforeValidator(_parse_index), _INDEX] = None
    """Only people whose body mass index is over this, to one decimal."""
    list_: YesNo = Field(default=False, alias="list")
    """yes: the people are those whom the plan's file of lists names for it, whatever their age and conditions."""

    @model_validator(mode="after")
    def _rule_or_list(self) -> "Segment":
        if self.list_ and (self.age is not None or self.conditions is not None or self.bmi_over is not None):
            raise ValueError(f"segment `{self.id}` is a list and has a rule too: keep one of the two")
        return self

    def covers(self, facts: PersonFacts) -> bool:
        """Whether the rule or the list takes a person with these facts."""
        if self.list_:
            return self.id in facts.lists
        if self.age is not None and not self.age.from_ <= facts.age <= self.age.to:
            return False
        if self.bmi_over is not None and self.bmi_over not in facts.exceeded_bmi_tenths:
            return False
        if self.conditions is None:
            return True
        number = len(facts.conditions)
        return (
            (self.conditions.exactly is None or number == self.conditions.exactly)
            and (self.conditions.at_least is None or number >= self.conditions.at_least)
            and facts.conditions.issuperset(self.conditions.all_of)
        )


def segments_of(segments: Sequence[Segment], facts: PersonFacts) -> tuple[str, ...]:
    """Every segment that takes the person: none, one, or more where the contract contradicts itself."""
    return tuple(segment.id for segment in segments if segment.covers(facts))
