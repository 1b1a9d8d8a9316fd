"""A step of a method as a reader meets it: what was done, in words, and its figures in one table."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from yoc.core.money import round_half_away
from yoc.core.rates import format_decimal

Cell = str | int | None
NOT_SHOWN = "not shown"
"""Stands for a figure that could be about one person."""


@dataclass(frozen=True)
class Column:
    """A column: whole pence (`pounds`), an exact decimal as text (`decimal`), a rate as text, a count, or words."""

    name: str
    kind: Literal["text", "pounds", "decimal", "rate", "count"] = "text"


@dataclass(frozen=True)
class Step:
    """One step: its headline for the terminal, its arithmetic in words, its table, and its exact figures by name."""

    id: str
    title: str
    headline: str
    words: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    exact: Mapping[str, Fraction] = field(default_factory=dict)


def years_in_words(person_years: Fraction) -> str:
    """Person-years to four decimals, which readers can add.

    >>> years_in_words(Fraction(1368, 365))
    '3.7479'
    """
    return format_decimal(person_years, 4)


def years_in_sentence(person_years: Fraction) -> str:
    """Person-years as a sentence has them, with separators.

    >>> years_in_sentence(Fraction(426239808, 10000))
    '42,623.9808'
    """
    whole, _, decimals = years_in_words(person_years).partition(".")
    return f"{int(whole):,}.{decimals}"


def rate_in_pounds(pence: Fraction) -> str:
    """A rate of a person-year in pounds, to six decimals.

    >>> rate_in_pounds(Fraction(100000, 3))
    '333.333333'
    """
    return format_decimal(pence / 100, 6)


def to_the_penny(pence: Fraction) -> int:
    """An exact amount as it is shown; later steps go on from the exact one."""
    return round_half_away(pence)
