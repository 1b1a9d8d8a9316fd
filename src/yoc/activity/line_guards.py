"""Guards on lines that are charged: none twice, no block beside its proxy; prices and signs that are out are said."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

import pyarrow as pa

from yoc.activity.steps import Step, added_up
from yoc.contract.model import ActivityContract
from yoc.contract.scope import MONEY_ONLY, SETTING_NAMES
from yoc.core.findings import Finding, Level
from yoc.core.money import format_pounds, round_half_away
from yoc.engine import Engine

ROOM = "yoc.activity"
FAR = 20
"""How many times the book's price, or under which part of it, a line is far from the book.

It lies between ten and a hundred: a discount, a dose or a long stay comes to no such ratio, and a slip of a digit does.
"""
_FAR_WORDS = {
    "far over": f"far from the book, over {FAR} times its",
    "far under": f"far from the book, under 1/{FAR} of its",
}


@dataclass(frozen=True)
class Ratios:
    """The ratios of submitted to book between which a line is about ten times, or a tenth of, the book, both included.

    Ten and a hundred times as far out it is a hundred and a thousand. Beyond ``FAR`` lines are told whatever their
    ratio is.
    """

    over: tuple[Fraction, Fraction]
    under: tuple[Fraction, Fraction]


def line_guard_steps(engine: Engine, contract: ActivityContract, ratios: Ratios) -> Iterator[Step]:
    """What is asked of lines whose price, or sign, may be out."""
    price = contract.activity.price
    bounds = (*ratios.over, *ratios.under)
    whole = lcm(*(bound.denominator for bound in bounds))
    named = zip(("over_from", "over_to", "under_from", "under_to"), bounds, strict=True)
    values = {name: int(bound * whole) for name, bound in named}
    is_book = price.basis == "book" and price.rounding == "per_line"
    yield Step("ten_times", {"whole": whole, "far": FAR, "amount_is_book": is_book, **values})
    engine.give("money_only", {"point_of_delivery": pa.string()}, [(code,) for code in MONEY_ONLY])
    yield Step("signs_apart")


def line_guards_findings(gathered: Mapping[str, pa.Table]) -> Iterator[Finding]:
    """What those lines are told as."""
    if "ten_times" in gathered:
        yield from _ten_times_findings(gathered["ten_times"].to_pylist())
        yield from _signs_apart_findings(gathered["signs_apart"].to_pylist())


def _ten_times_findings(rows: Iterable[Mapping[str, Any]]) -> Iterator[Finding]:
    """A finding for each provider and code with lines submitted at about ten times, or a tenth of, the book."""
    for row in added_up(rows, ("provider", "point_of_delivery", "tariff_code", "ratio")):
        number, ratio = row["lines"], row["ratio"]
        book = round_half_away(Fraction(row["book_high"] * 10**9 + row["book_low"], 10**9))
        words = _FAR_WORDS.get(ratio) or f"about {ratio} {'' if 'times' in ratio else 'of '}the book's"
        message = (
            f"{row['provider']}, code {row['tariff_code'] or '(blank)'} at {row['point_of_delivery']}: {number} "
            f"line{'s' if number != 1 else ''}, submitted at {format_pounds(row['submitted_pence'])}, "
            f"{words} {format_pounds(book)}"
        )
        mend = "ask the provider whether the count or the price is meant; they are charged as they stand"
        yield Finding("TEN-TIMES", Level.WARNING, message, mend, count=number)


def _signs_apart_findings(rows: Iterable[Mapping[str, Any]]) -> Iterator[Finding]:
    """A finding for each provider of which lines have a count and a submitted total of opposite signs."""
    for row in added_up(rows, ("provider",)):
        number, charges = row["lines"], row["charges"]
        message = (
            f"{row['provider']}: {number} line{'s' if number != 1 else ''} whose count and submitted total have "
            f"opposite signs, {format_pounds(row['submitted_pence'])} in all: {charges} with a charge, "
            f"{number - charges} with a credit"
        )
        mend = "ask the provider whether a charge or a credit is meant; they are charged as they stand"
        yield Finding("SIGNS-APART", Level.WARNING, message, mend, count=number)


def block_and_proxy_findings(engine: Engine, amounts_per_penny: int) -> Iterator[Finding]:
    """A finding for each provider and setting in which a block stands beside charged proxies for the same care.

    It stops the run where the block's lines are charged, and warns where they belong to nobody.
    """
    for row in engine.run(ROOM, "block_and_proxy"):
        charged = bool(row["charged_lines"])
        proxy = round_half_away(Fraction(row["proxy_high"] * 10**9 + row["proxy_low"], amounts_per_penny))
        block = format_pounds(row["charged_pence"] if charged else row["block_pence"])
        setting = SETTING_NAMES[row["setting"]].lower()
        said = f"a block of {block} is charged" if charged else f"a block of {block} that belongs to nobody stands"
        message = f"{row['provider']}, {setting} care: {said} beside contacts at a proxy cost of {format_pounds(proxy)}"
        level = Level.SUBMISSION if charged else Level.WARNING
        mend = "the block pays for the contacts: set one of the two aside by a guard of the contract"
        yield Finding("BLOCK-AND-PROXY", level, message, mend)
