"""Values in plain English, for the sentences and the formulas of a contract."""

from collections.abc import Callable
from typing import Any

from yoc.contract.values import ByColumn, ByYear, Calculation, Dated, Decide, Plain, SizeBand, Test
from yoc.core.money import format_exact_pence
from yoc.core.rates import format_decimal

Namer = Callable[[str], str]
"""From the name of an amount, input or value to the words that a reader knows it by."""


def plainly(name: str) -> str:
    """A name as words, where nothing better is known.

    >>> plainly("outcomes.earned_back")
    'outcomes, earned back'
    """
    return name.replace(".", ", ").replace("_", " ")


def worded(value: Any, namer: Namer = plainly) -> str:
    """A value in plain English.

    >>> from pydantic import TypeAdapter
    >>> from yoc.contract.values import Value
    >>> read = TypeAdapter(Value).validate_python
    >>> worded(read({"subtract": ["100%", {"multiply": ["75%", "quality"]}], "at_least": "40%", "at_most": "75%"}))
    '100% less 75% × quality, at least 40%, at most 75%'
    >>> worded(read({"1": "0%", "2": "10%"}))
    '0% in year 1, 10% in year 2'
    >>> worded(read({"when": "quality_met", "then": "50%", "otherwise": "0%"}))
    '50% if quality met, otherwise 0%'
    """
    if isinstance(value, Plain):
        return plain_in_words(value, namer)
    bounds = "".join(
        f", {words} {worded(bound, namer)}"
        for words, bound in (("at least", value.at_least), ("at most", value.at_most), ("rounded to", value.rounded_to))
        if bound is not None
    )
    return f"{_inner_words(value, namer)}{bounds}"


def plain_in_words(value: Plain, namer: Namer = plainly) -> str:
    """A plain value: a sum with its sign, a rate as it was written, a name in words."""
    if value.number is None:
        return namer(value.name)
    return format_exact_pence(value.number) if value.is_money else value.text


def _inner_words(value: Any, namer: Namer) -> str:
    if isinstance(value, ByYear):
        return ", ".join(f"{worded(part, namer)} in year {year}" for year, part in sorted(value.by_year.items()))
    if isinstance(value, Dated):
        return ", ".join(f"{worded(part, namer)} from {day}" for day, part in sorted(value.dated.items()))
    if isinstance(value, ByColumn):
        return _column_words(value, namer)
    if isinstance(value, Decide):
        then, otherwise = worded(value.then, namer), worded(value.otherwise, namer)
        return f"{then} if {condition_in_words(value.when, namer)}, otherwise {otherwise}"
    parts = [
        worded(part, namer) if isinstance(part, Plain) else f"({worded(part, namer)})" for part in value.operands()
    ]
    if (
        value.operation() in ("multiply", "subtract")
        and len(parts) == 2
        and isinstance(value.operands()[1], Calculation)
    ):
        parts[1] = parts[1][1:-1]
    if value.operation() in ("largest", "smallest"):
        return f"the {value.operation()} of {', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else parts[0]
    return {"add": " plus ", "subtract": " less ", "multiply": " × ", "divide": " ÷ "}[value.operation()].join(parts)


def _column_words(value: ByColumn, namer: Namer) -> str:
    if value.values is not None:
        words = ", ".join(f"{worded(part, namer)} for {name}" for name, part in value.values.items())
    else:
        words = f"by {namer(value.by)}: " + ", ".join(_band_words(band, namer) for band in value.bands or ())
    return words if value.otherwise is None else f"{words}, otherwise {worded(value.otherwise, namer)}"


def _band_words(band: SizeBand, namer: Namer) -> str:
    start = f"{format_decimal(band.from_)}" + ("" if band.to is None else f" to {format_decimal(band.to)}")
    start += " and over" if band.to is None else ""
    if band.value is not None:
        return f"{worded(band.value, namer)} at {start}"
    return f"{worded(band.at_from, namer)} in a straight line to {worded(band.at_to, namer)} at {start}"


def condition_in_words(condition: Any, namer: Namer = plainly) -> str:
    """A condition in plain English."""
    if isinstance(condition, str):
        return namer(condition)
    if isinstance(condition, Test):
        if condition.given is not None:
            return f"{namer(condition.given)} is given"
        if condition.of is None:
            return f"{namer(str(condition.by))} is {' or '.join(condition.is_one_of)}"
        named = (
            ("at least", condition.at_least),
            ("more than", condition.more_than),
            ("at most", condition.at_most),
            ("less than", condition.less_than),
        )
        bounds = [f"{words} {worded(bound, namer)}" for words, bound in named if bound is not None]
        return f"{worded(condition.of, namer)} is {' and '.join(bounds)}"
    if condition.not_ is not None:
        return f"not ({condition_in_words(condition.not_, namer)})"
    joint, parts = (" and ", condition.all_of) if condition.all_of else (" or ", condition.any_of)
    return joint.join(condition_in_words(part, namer) for part in parts)
