"""Values in plain English, for the sentences and the formulas of a contract."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Any

from yoc.contract.values import ByColumn, ByYear, Calculation, Dated, Decide, PartyCode, Plain, SizeBand, Test
from yoc.core.money import format_exact_pence
from yoc.core.periods import MONTH_NAMES
from yoc.core.rates import format_decimal

Namer = Callable[[str], str]
"""From the name of an amount, input, value or party to the words that a reader knows it by, as they stand inside a
sentence: with their article, as `the benchmark`, or a figure with its name, as `the payment limit (10%)`."""


def plainly(name: str) -> str:
    """A name as words, where nothing better is known.

    >>> plainly("outcomes.earned_back")
    'outcomes, earned back'
    """
    return name.replace(".", ", ").replace("_", " ")


def begun(sentence: str) -> str:
    """A sentence with its first letter as sentences have it, and nothing else changed.

    >>> begun("the NHS pays")
    'The NHS pays'
    """
    return sentence[:1].upper() + sentence[1:]


def listed(words: Iterable[str], last: str = "and", comma: str = ",") -> str:
    """Several things in one phrase.

    >>> listed(["one"]), listed(["one", "two"]), listed(["one", "two", "three"], "or")
    ('one', 'one and two', 'one, two or three')
    >>> listed(["this, that", "the other"], comma=";")
    'this, that; and the other'
    """
    parts = list(words)
    before_last = f"; {last}" if comma == ";" else f" {last}"
    return f"{f'{comma} '.join(parts[:-1])}{before_last} {parts[-1]}" if len(parts) > 1 else "".join(parts)


def sum_in_words(pence: Fraction | int) -> str:
    """A sum of money without pence that are none.

    >>> sum_in_words(3000000), sum_in_words(Fraction(60050))
    ('£30,000', '£600.50')
    """
    return format_exact_pence(Fraction(pence)).removesuffix(".00")


def day_in_words(day: dt.date) -> str:
    """A day as people write it.

    >>> day_in_words(dt.date(2026, 4, 1))
    '1 April 2026'
    """
    return f"{day.day} {MONTH_NAMES[(day.month - 4) % 12]} {day.year}"


def worded(value: Any, namer: Namer = plainly) -> str:
    """A value in plain English.

    >>> from pydantic import TypeAdapter
    >>> from yoc.contract.values import Value
    >>> read = TypeAdapter(Value).validate_python
    >>> worded(read({"subtract": ["100%", {"multiply": ["75%", "quality"]}], "at_least": "40%", "at_most": "75%"}))
    '100% less 75% × quality, but at least 40% and at most 75%'
    >>> worded(read({"1": "0%", "2": "10%", "3": "10%"}))
    '0% in year 1 and 10% in years 2 and 3'
    >>> worded(read({"when": "quality_met", "then": "50%", "otherwise": "0%"}))
    '50% if quality met, otherwise 0%'
    """
    if isinstance(value, Plain):
        return plain_in_words(value, namer)
    return f"{_inner_words(value, namer)}{_bounds_in_words(value, namer)}"


def _bounds_in_words(value: Any, namer: Namer) -> str:
    """The floor, the ceiling and the rounding of a value."""
    if isinstance(value, Plain):
        return ""
    bounds = [
        f"{words} {worded(bound, namer)}"
        for words, bound in (("at least", value.at_least), ("at most", value.at_most))
        if bound is not None
    ]
    limited = f", but {' and '.join(bounds)}" if bounds else ""
    return limited + (f", rounded to {worded(value.rounded_to, namer)}" if value.rounded_to is not None else "")


def plain_in_words(value: Plain, namer: Namer = plainly) -> str:
    """A plain value: a sum with its sign, a rate as it was written, a name in words."""
    if value.number is None:
        return namer(value.name)
    return sum_in_words(value.number) if value.is_money else value.text


def is_said_at_once(value: Any) -> bool:
    """Whether a value is one figure or name, and so can stand inside a phrase."""
    return isinstance(value, Plain)


def part_of(value: Any, whole: str, namer: Namer) -> str:
    """A share or rate of something: `10% of the budget`, or what it is where it is not one figure; all of it is it.

    >>> from yoc.contract.values import ByYear, plain
    >>> part_of(plain("10%"), "the budget", plainly), part_of(plain("quality"), "the budget", plainly)
    ('10% of the budget', 'quality of the budget')
    >>> part_of(ByYear(by_year={1: "0%", 2: "10%"}), "the budget", plainly)
    'a share of the budget (0% in year 1 and 10% in year 2)'
    """
    if is_said_at_once(value):
        return whole if value.number == 1 else f"{worded(value, namer)} of {whole}"
    return f"a share of {whole} ({worded(value, namer)})"


def sum_of_money(value: Any, namer: Namer, adjective: str = "") -> str:
    """A sum inside a sentence: itself, or `a sum` and what it is.

    >>> from yoc.contract.values import ByYear, plain
    >>> sum_of_money(plain("£2m"), plainly, "fixed"), sum_of_money(ByYear(by_year={1: "£2m"}), plainly, "fixed")
    ('a fixed £2,000,000', 'a fixed sum (£2,000,000 in year 1)')
    """
    article = f"a {adjective} " if adjective else ""
    if is_said_at_once(value) and value.number is not None:
        return f"{article}{worded(value, namer)}"
    if is_said_at_once(value):
        return worded(value, namer)
    return f"{article or 'a '}sum ({worded(value, namer)})"


def _inner_words(value: Any, namer: Namer) -> str:
    if isinstance(value, ByYear):
        return _years_in_words(value, namer)
    if isinstance(value, Dated):
        return listed(f"{worded(part, namer)} from {day_in_words(day)}" for day, part in sorted(value.dated.items()))
    if isinstance(value, ByColumn):
        return _column_words(value, namer)
    if isinstance(value, Decide):
        then, otherwise = worded(value.then, namer), worded(value.otherwise, namer)
        return f"{then} if {condition_in_words(value.when, namer)}, otherwise {otherwise}"
    return _calculation_words(value, namer)


def _years_in_words(value: ByYear, namer: Namer) -> str:
    """Years that follow one another with the same value are said together."""
    groups: list[tuple[str, list[int]]] = []
    for year, part in sorted(value.by_year.items()):
        words = worded(part, namer)
        if groups and groups[-1][0] == words and groups[-1][1][-1] == year - 1:
            groups[-1][1].append(year)
        else:
            groups.append((words, [year]))
    return listed(f"{words} in {years_in_words(years)}" for words, years in groups)


def years_in_words(years: Sequence[int]) -> str:
    """Contract years that follow one another.

    >>> years_in_words([4]), years_in_words([4, 5]), years_in_words([4, 5, 6])
    ('year 4', 'years 4 and 5', 'years 4 to 6')
    """
    if len(years) == 1:
        return f"year {years[0]}"
    return f"years {years[0]} {'and' if len(years) == 2 else 'to'} {years[-1]}"


_WEIGHT = {"add": 1, "subtract": 1, "multiply": 2, "divide": 2}
"""How strongly an operation binds what it works on: a weaker one inside a stronger one needs brackets."""


def _calculation_words(value: Calculation, namer: Namer) -> str:
    operation = value.operation()
    if operation in ("largest", "smallest"):
        parts = [worded(part, namer) for part in value.operands()]
        return f"the {operation} of {listed(parts)}" if len(parts) > 1 else parts[0]
    parts = [_bracketed(part, operation, place, namer) for place, part in enumerate(value.operands())]
    return {"add": " plus ", "subtract": " less ", "multiply": " × ", "divide": " ÷ "}[operation].join(parts)


def _bracketed(part: Any, operation: str, place: int, namer: Namer) -> str:
    words = worded(part, namer)
    if isinstance(part, Plain):
        return words
    is_bare = isinstance(part, Calculation) and part.at_least is part.at_most is part.rounded_to is None
    inner = _WEIGHT.get(part.operation(), 0) if is_bare else 0
    same_way = operation in ("add", "multiply") or place == 0
    return words if inner > _WEIGHT[operation] or (inner == _WEIGHT[operation] and same_way) else f"({words})"


def _column_words(value: ByColumn, namer: Namer) -> str:
    if value.values is not None:
        by_party = str(value.by) == "host"
        named = {name: namer(PartyCode(name)) if by_party else name for name in value.values}
        comma = ";" if any("," in name for name in named.values()) else ","
        words = listed((f"{worded(part, namer)} for {named[name]}" for name, part in value.values.items()), comma=comma)
    else:
        return f"depending on {namer(str(value.by))}: {_bands_in_words(value, namer)}"
    return words if value.otherwise is None else f"{words}; otherwise {worded(value.otherwise, namer)}"


def _bands_in_words(value: ByColumn, namer: Namer) -> str:
    """The bands in their order, and what holds under the first."""
    bands = [_band_words(band, namer) for band in value.bands or ()]
    if value.otherwise is not None and value.bands:
        bands.append(f"below {number_in_words(value.bands[0].from_)} {worded(value.otherwise, namer)}")
    lines = any(band.value is None for band in value.bands or ())
    return f"{'in straight lines, ' if lines else ''}{'; '.join(bands)}"


def defined(subject: str, value: Any, namer: Namer) -> str:
    """What a name means, as a sentence.

    >>> from yoc.contract.values import ByColumn, plain
    >>> defined("The limit", plain("10%"), plainly)
    'The limit is 10%.'
    >>> bands = [{"from": "1", "to": "9", "value": "3%"}, {"from": "10", "value": "2%"}]
    >>> defined("The rate", ByColumn(by="people", bands=bands, otherwise="5%"), plainly)
    'The rate depends on people: 3% from 1 to 9; 2% from 10 on; below 1 5%.'
    """
    bounds = _bounds_in_words(value, namer)
    if isinstance(value, ByColumn) and value.bands is not None:
        return f"{subject} depends on {namer(str(value.by))}: {_bands_in_words(value, namer)}{bounds}."
    return f"{subject} is {worded(value, namer)}."


def number_in_words(number: Fraction) -> str:
    """A plain number as people read it.

    >>> number_in_words(Fraction(60000)), number_in_words(Fraction(1, 8))
    ('60,000', '0.125')
    """
    return f"{number.numerator:,}" if number.denominator == 1 else format_decimal(number)


def _band_words(band: SizeBand, namer: Namer) -> str:
    start = number_in_words(band.from_)
    if band.value is not None:
        end = " on" if band.to is None else f" to {number_in_words(band.to)}"
        return f"{worded(band.value, namer)} from {start}{end}"
    if band.to is None:
        raise AssertionError("a band is checked when it is read")
    end = number_in_words(band.to)
    return f"from {worded(band.at_from, namer)} at {start} to {worded(band.at_to, namer)} at {end}"


def condition_in_words(condition: Any, namer: Namer = plainly) -> str:
    """A condition in plain English."""
    if isinstance(condition, str):
        return namer(condition)
    if isinstance(condition, Test):
        return _test_in_words(condition, namer)
    if condition.not_ is not None:
        return f"it is not so that {condition_in_words(condition.not_, namer)}"
    joint, parts = ("and", condition.all_of) if condition.all_of else ("or", condition.any_of)
    said = [condition_in_words(part, namer) for part in parts]
    mixed = any(not isinstance(part, str | Test) for part in parts)
    return listed([f"({words})" for words in said] if mixed and len(said) > 1 else said, joint)


def _test_in_words(test: Test, namer: Namer) -> str:
    if test.given is not None:
        return f"{namer(test.given)} is given"
    if test.of is None:
        by_party = str(test.by) == "host"
        return (
            f"{namer(str(test.by))} is {listed((namer(PartyCode(n)) if by_party else n for n in test.is_one_of), 'or')}"
        )
    named = (
        ("at least", test.at_least),
        ("more than", test.more_than),
        ("at most", test.at_most),
        ("less than", test.less_than),
    )
    bounds = [f"{words} {worded(bound, namer)}" for words, bound in named if bound is not None]
    return f"{worded(test.of, namer)} is {' and '.join(bounds)}"
