"""Guards on lines that are charged: none twice, no block beside its proxy; prices and signs that are out are said."""

from collections.abc import Iterator
from fractions import Fraction
from math import lcm

import pyarrow as pa

from yoc.contract.scope import MONEY_ONLY, SETTING_NAMES
from yoc.core.findings import Finding, Level
from yoc.core.money import format_pounds, round_half_away
from yoc.engine import Engine

ROOM = "yoc.activity"
SET_ASIDE_REPEATS = ("exact", "other_data_set")
"""The classes of repeats that a contract can set aside; the others are a question, and not an answer."""

FAR = 20
"""How many times the book's price, or under which part of it, a line is far from the book.

It lies between ten and a hundred: a discount, a dose or a long stay comes to no such ratio, and a slip of a digit does.
"""
_FAR_WORDS = {
    "far over": f"far from the book, over {FAR} times its",
    "far under": f"far from the book, under 1/{FAR} of its",
}


def set_repeats_aside(engine: Engine) -> None:
    """Leave the first of charged lines that repeat one another, and set the others aside."""
    for repeat in SET_ASIDE_REPEATS:
        engine.run(ROOM, "repeats_aside", **{"class": repeat})


def ten_times_findings(
    engine: Engine, over: tuple[Fraction, Fraction], under: tuple[Fraction, Fraction]
) -> Iterator[Finding]:
    """A finding for each provider and code of which lines were submitted at about ten times, or a tenth of, the book.

    ``over`` and ``under`` are the ratios of submitted to book between which that is said, both included; ten and a
    hundred times as far out it is a hundred and a thousand. Beyond ``FAR`` lines are told whatever their ratio is.
    """
    whole = lcm(*(bound.denominator for bound in (*over, *under)))
    named = zip(("over_from", "over_to", "under_from", "under_to"), (*over, *under), strict=True)
    bounds = {name: int(bound * whole) for name, bound in named}
    for row in engine.run(ROOM, "ten_times", whole=whole, far=FAR, **bounds):
        number, ratio = row["lines"], row["ratio"]
        words = _FAR_WORDS.get(ratio) or f"about {ratio} {'' if 'times' in ratio else 'of '}the book's"
        message = (
            f"{row['provider']}, code {row['tariff_code'] or '(blank)'} at {row['point_of_delivery']}: {number} "
            f"line{'s' if number != 1 else ''}, submitted at {format_pounds(row['submitted_pence'])}, "
            f"{words} {format_pounds(row['book_pence'])}"
        )
        mend = "ask the provider whether the count or the price is meant; they are charged as they stand"
        yield Finding("TEN-TIMES", Level.WARNING, message, mend, count=number)


def signs_apart_findings(engine: Engine) -> Iterator[Finding]:
    """A finding for each provider of which lines have a count and a submitted total of opposite signs."""
    engine.give("money_only", {"point_of_delivery": pa.string()}, [(code,) for code in MONEY_ONLY])
    for row in engine.run(ROOM, "signs_apart"):
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
