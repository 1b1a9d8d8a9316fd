"""A figure and how it came about: what it is made from, by which rule, and whether that rule gives it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal

from yoc.core.money import apportion_pence, format_exact_pence, format_pounds, round_half_away, split_pence
from yoc.core.rates import format_decimal
from yoc.settlement.working import carried_out

Unit = Literal["money", "number"]


@dataclass(frozen=True)
class Origin:
    """Where a figure was taken from that is made from no other: what kind of thing, in words, and its particulars."""

    kind: str
    """`file`, `file rows`, `people counted`, `contract`, `catalogue`, `indicator result`, `payment`, `price book`,
    `files about people`, `input`, `rounding point`, `earlier count`, `rule of the term`."""
    words: str
    """The particulars in words."""
    file: str = ""
    """The file in the workspace."""
    line: int = 0
    """The line in it, where one can be named; 0 where not."""
    sha256: str = ""
    """The hash of the file, as the manifest has it."""
    counts: Mapping[str, int | str] = field(default_factory=dict)
    """Counts of rows, lines, people: never of one to four of what may be people, which stand as `<5`."""


@dataclass(frozen=True)
class Figure:
    """One figure of a run.

    A figure is made from others (``children``) by a rule, or was taken from somewhere (``origin``).
    """

    key: str
    """Its name in the run: `NWB:line:share`."""
    label: str
    """What it is, in words."""
    unit: Unit
    """`money` in pence, or `number`."""
    exact: Fraction
    """The figure, exact, as a fraction: of pence where it is money."""
    shown: str
    """The figure as a reader sees it."""
    pence: int | None = None
    """The figure in whole pence, where it is a sum that a statement shows."""
    rounding: str = ""
    """How whole pence came of the exact figure, where they differ."""
    clause: str = ""
    """The clause of the contract."""
    term: str = ""
    """The term of the contract."""
    words: str = ""
    """How it is worked out, in the words of the statement."""
    arithmetic: str = ""
    """How it is worked out, with the numbers put in."""
    rule: Mapping[str, Any] = field(default_factory=dict)
    """The rule by which the children make it: an operation with what it is carried out on, to any depth."""
    children: tuple[str, ...] = ()
    """The keys of the figures that it is made from, in the order in which the rule counts them from 0."""
    rests_on: tuple[str, ...] = ()
    """The keys of files and documents that it was taken from."""
    origin: Origin | None = None
    """Where it was taken from."""
    whole_pence_of: Mapping[str, Any] = field(default_factory=dict)
    """Where whole pence were shared out among several figures: the sum, all the parts, and the place of this one.

    ``by`` is `weights` where the parts are weights, `remainders` where they add to the sum before it was rounded, and
    `proportion` where they are brought to the sum in proportion first. Pennies go to the largest remainders.
    """


def money(pence: Fraction | int) -> str:
    """A sum as a reader sees it, exact where it has more than whole pence."""
    return format_exact_pence(Fraction(pence))


def shown_number(number: Fraction) -> str:
    """A number as a reader sees it.

    >>> shown_number(Fraction(123456789, 1000)), shown_number(Fraction(1, 3))
    ('123,456.789', '0.333333…')
    """
    text = format_decimal(number)
    whole, dot, rest = text.partition(".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    return f"{sign}{int(digits):,}{dot}{rest}"


def shown_as(number: Fraction, unit: Unit) -> str:
    """A figure as a reader sees it."""
    return money(number) if unit == "money" else shown_number(number)


def child(place: int, *, whole_pence: bool = False) -> dict[str, Any]:
    """One of the children in a rule, by its place; its whole pence where the rule works on those."""
    return {"child": place, "as": "pence"} if whole_pence else {"child": place}


def sum_of(number: int, *, whole_pence: bool = False) -> dict[str, Any]:
    """The rule that adds all children up."""
    parts = [child(place, whole_pence=whole_pence) for place in range(number)]
    return parts[0] if number == 1 else {"do": "add", "with": parts}


def worth_of(rule: Mapping[str, Any], children: Sequence[Figure]) -> Fraction:
    """What a rule gives, worked out from the children alone.

    >>> part = Figure("a", "A", "money", Fraction(5, 2), "", pence=3)
    >>> worth_of({"do": "multiply", "with": [{"child": 0}, {"number": "2"}]}, [part])
    Fraction(5, 1)
    >>> worth_of({"child": 0, "as": "pence"}, [part])
    Fraction(3, 1)
    """
    if "child" in rule:
        figure = children[rule["child"]]
        return Fraction(_pence_of(figure)) if rule.get("as") == "pence" else figure.exact
    if "number" in rule:
        return Fraction(rule["number"])
    numbers = [worth_of(part, children) for part in rule["with"]]
    if rule["do"] == "whole_pence":
        return Fraction(round_half_away(numbers[0]))
    if rule["do"] == "within":
        number, lowest, highest = numbers
        return min(max(number, lowest), highest)
    return carried_out(rule["do"], numbers)


def _pence_of(figure: Figure) -> int:
    return round_half_away(figure.exact) if figure.pence is None else figure.pence


def adds_up(figure: Figure, children: Sequence[Figure]) -> bool:
    """Whether the children give the figure exactly by its rule, and its whole pence come of it as it says.

    A figure without children must have been taken from somewhere.

    >>> parts = [Figure(name, name, "money", Fraction(half, 2), "") for name, half in (("a", 3), ("b", 4))]
    >>> total = Figure("c", "C", "money", Fraction(7, 2), "", pence=4, rule=sum_of(2), children=("a", "b"))
    >>> adds_up(total, parts), adds_up(total, [parts[0], parts[0]]), adds_up(parts[0], [])
    (True, False, False)
    """
    if not figure.children:
        return figure.origin is not None and _whole_pence_hold(figure)
    return worth_of(figure.rule, children) == figure.exact and _whole_pence_hold(figure)


def _whole_pence_hold(figure: Figure) -> bool:
    if figure.pence is None:
        return True
    shared = figure.whole_pence_of
    if not shared:
        return round_half_away(figure.exact) == figure.pence
    parts, place, whole = [Fraction(part) for part in shared["parts"]], int(shared["place"]), Fraction(shared["whole"])
    if shared["by"] == "weights":
        own = whole * parts[place] / sum(parts)
        pence = split_pence(round_half_away(whole), parts)[place]
        return abs(own) == abs(figure.exact) and abs(pence) == figure.pence
    shares = [part * whole / sum(parts) for part in parts] if shared["by"] == "proportion" else parts
    return parts[place] == figure.exact and apportion_pence(int(whole), shares)[place] == figure.pence


_SIGNS = {"add": " + ", "subtract": " - ", "multiply": " × ", "divide": " ÷ "}
_PLUS_MINUS = re.compile(r" \+ \(-([^() ]+)\)")
"""A negative sum that is added: it is written as one that is taken off."""
_BINDS = {"add": 1, "subtract": 1, "multiply": 2, "divide": 2}


def written_out(rule: Mapping[str, Any], children: Sequence[Figure]) -> str:
    """A rule with the numbers put in, as one would write it on paper.

    >>> parts = [Figure("a", "A", "money", Fraction(500), "£5.00"), Figure("b", "B", "number", Fraction(1, 5), "20%")]
    >>> share = {"do": "multiply", "with": [{"child": 0}, {"do": "subtract", "with": [{"number": "1"}, {"child": 1}]}]}
    >>> written_out(share, parts)
    '£5.00 × (1 - 20%)'
    """
    return _written(rule, children, 0)


def _written(rule: Mapping[str, Any], children: Sequence[Figure], binds: int, *, second: bool = False) -> str:
    if "child" in rule:
        figure = children[rule["child"]]
        exact = money(figure.exact) if figure.unit == "money" else figure.shown
        text = format_pounds(_pence_of(figure)) if rule.get("as") == "pence" else exact
        return f"({text})" if text.startswith("-") and (binds > 1 or second) else text
    if "number" in rule:
        return shown_number(Fraction(rule["number"]))
    operation, parts = rule["do"], rule["with"]
    if operation == "negative":
        return f"-({_written(parts[0], children, 0)})"
    if operation == "size":
        return f"the size of {_written(parts[0], children, 2)}"
    if operation == "round_to":
        first, step = (_written(part, children, 0) for part in parts)
        return f"{first}, rounded half away from zero to {step}"
    if operation == "whole_pence":
        if worth_of(parts[0], children).denominator == 1:
            return _written(parts[0], children, binds)
        return f"{_written(parts[0], children, 0)}, rounded half away from zero to the penny"
    if operation == "within":
        number, lowest, highest = (_written(part, children, 0) for part in parts)
        return f"{number}, held between {lowest} and {highest}"
    own = _BINDS[operation]
    strict = operation in ("subtract", "divide")
    texts = [
        _written(part, children, own + 1 if strict and place else own, second=place > 0)
        for place, part in enumerate(parts)
    ]
    text = _SIGNS[operation].join(texts)
    if operation == "add":
        text = _PLUS_MINUS.sub(r" - \1", text)
    return f"({text})" if own < binds else text
