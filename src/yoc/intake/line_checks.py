"""What looks wrong about lines: repeats, spells with too many bed days, months that are light or have not begun."""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from fractions import Fraction

import pyarrow as pa

from yoc.core.findings import Finding, Level
from yoc.core.money import format_pounds
from yoc.core.periods import day_number
from yoc.core.rates import format_decimal, format_percent
from yoc.engine import Engine
from yoc.intake.account import FileAccount
from yoc.intake.line_decisions import MONTHS_BEFORE
from yoc.intake.texts import period_in_words, period_of_day

ROOM = "yoc.intake"
LIGHT_SHARE = Fraction(85, 100)
"""Of the mean of its other months, what a provider's newest month has at least, unless the plan says otherwise."""
FEWEST_LINES = 20
"""With fewer lines than this in its other months on average, a month's number of lines says nothing."""
REPEATS = {
    "exact": "repeat another of the same identifier in every field",
    "other_data_set": "are in another data set as well, by provider, spell or attendance, day and point of delivery",
    "other_version": "have the identifier of another line, with another price, count, code, day or person",
    "possible": "have no identifier, and person, day, codes, count and price in common with another",
}
"""How a line may repeat another, and how each is said. Only the first two can be set aside by a contract."""
_REPEAT = {
    "class": pa.string(), "group_id": pa.int64(), "place": pa.int64(), "file_id": pa.int32(),
    "row_number": pa.int32(), "submitted_pence": pa.int64(),
}  # fmt: skip


def look_at_lines(engine: Engine, data_sets: Collection[str]) -> None:
    """Make the tables `repeated_line` and `spell_over` while the canonical files are open."""
    engine.run(ROOM, "repeats_of_identifiers")
    if len(set(data_sets)) > 1:
        engine.run(ROOM, "repeats_between")
    else:
        engine.give("repeat_between", _REPEAT, [])
    engine.run(ROOM, "repeats_possible")
    engine.run(ROOM, "repeated_line")
    engine.run(ROOM, "spell_days")


def repeat_findings(engine: Engine, accounts: Sequence[FileAccount]) -> Iterator[Finding]:
    """A finding for each file and class of lines that repeat an earlier one."""
    places: dict[tuple[int, str], list[int]] = {}
    for row in engine.run(ROOM, "repeat_rows"):
        places.setdefault((row["file_id"], row["class"]), []).append(row["row_number"])
    for row in engine.run(ROOM, "repeats_by_file"):
        number, pounds = row["lines"], format_pounds(row["submitted_pence"])
        message = f"{number} line{'s' if number != 1 else ''}, submitted at {pounds}, {REPEATS[row['class']]}"
        mend = "ask the provider whether they are meant; `duplicates:` in the contract says what becomes of them"
        if row["class"] in ("other_version", "possible"):
            mend = "ask the provider whether they are meant; they are charged as they stand"
        file, own = accounts[row["file_id"]].file, tuple(places[row["file_id"], row["class"]])
        yield Finding("LINE-REPEATED", Level.WARNING, message, mend, file, count=number, row_numbers=own)


def spell_findings(engine: Engine) -> Iterator[Finding]:
    """A finding for each provider with spells that have more bed days than they lasted."""
    for row in engine.run(ROOM, "spells_over"):
        spells, days = row["spells"], format_decimal(Fraction(row["over_thousandths"], 1000))
        too_many = f"{days} bed day{'s' if days != '1' else ''}"
        message = (
            f"{row['provider']}: {spells} spell{'s' if spells != 1 else ''} of {row['lines']} lines, submitted at "
            f"{format_pounds(row['submitted_pence'])}, with {too_many} more than from first start to last end"
        )
        mend = "ask how bed days were shared out over months: they must come to the spell exactly"
        yield Finding("SPELL-DAYS", Level.WARNING, message, mend, count=row["lines"])


def light_findings(engine: Engine, first_period: int, last_period: int, least: Fraction) -> Iterator[Finding]:
    """A finding for each provider whose newest month of a data set has fewer lines than a share of its others' mean."""
    bounds = {"first_period": first_period, "last_period": last_period, "fewest": FEWEST_LINES}
    for row in engine.run(ROOM, "light_months", **bounds, part=least.numerator, whole=least.denominator):
        mean = format_decimal(Fraction(row["other_lines"], row["other_months"]), 1)
        message = (
            f"{row['provider']}, {period_in_words(row['period'])}, {row['data_set']}: {row['lines']} lines, under "
            f"{format_percent(least)} of the {mean} that its other {row['other_months']} months have on average"
        )
        mend = "the newest month is often not whole yet: ask for it again, or provide for what is to come"
        yield Finding("MONTH-LIGHT", Level.WARNING, message, mend, count=row["lines"])


def blanked_findings(accounts: Sequence[FileAccount]) -> Iterator[Finding]:
    """A finding for each file and field with values that could not be read and are left blank."""
    for account in accounts:
        for field, rows in account.blanked.items():
            message = f"{rows} row{'s' if rows != 1 else ''}: {field.replace('_', ' ')} cannot be read, left blank"
            yield Finding("VALUE-BLANKED", Level.WARNING, message, "", account.file, count=rows)


def date_order_findings(accounts: Sequence[FileAccount]) -> Iterator[Finding]:
    """A finding for each file of which some dates are in the other order of day and month alone, so that all may be."""
    for account in accounts:
        other, either = account.date_orders.get("other", 0), account.date_orders.get("either", 0)
        if other and either and account.used:
            message = (
                f"{other} row{'s' if other != 1 else ''} rejected: the date is one only with day and month exchanged; "
                f"{either} row{'s' if either != 1 else ''} with dates that may be too, read as the profile says"
            )
            mend = "ask in which order they were written; `dates:` in a profile says which"
            yield Finding("DATES-AMBIGUOUS", Level.WARNING, message, mend, account.file, count=either)


def apart_findings(engine: Engine, accounts: Sequence[FileAccount]) -> Iterator[Finding]:
    """A finding for each file with lines whose day lies after the month that is stated for them, or long before it."""
    rows: dict[int, list[dict[str, int]]] = {}
    for row in engine.run(ROOM, "days_apart"):
        rows.setdefault(row["file_id"], []).append(row)
    for file_id, own in rows.items():
        after = sum(row["is_after"] for row in own)
        parts = ((after, "after the month"), (len(own) - after, f"over {MONTHS_BEFORE} months before the month"))
        told = " and ".join(f"{lines} line{'s' if lines != 1 else ''} {where}" for lines, where in parts if lines)
        submitted = format_pounds(sum(row["submitted_pence"] or 0 for row in own))
        message = f"dated {told} that is stated for them, submitted at {submitted} together"
        mend = "see whether day and month stand in the other order, or a year or month is wrong"
        places = tuple(row["row_number"] for row in own)
        file = accounts[file_id].file
        yield Finding("DATE-APART", Level.WARNING, message, mend, file, count=len(own), row_numbers=places)


def future_findings(engine: Engine, accounts: Sequence[FileAccount], as_of: dt.date) -> Iterator[Finding]:
    """A finding for each file with rows of months that had not begun on the day."""
    for row in engine.run(ROOM, "future_periods", last_begun=period_of_day(day_number(as_of))):
        months = sorted({period_in_words(row["first_period"]), period_in_words(row["last_period"])})
        rows = f"{row['rows']} row{'s' if row['rows'] != 1 else ''}"
        submitted = f"submitted at {format_pounds(row['pence'])}"
        message = f"{rows}, {submitted}, for months after {as_of}: {' to '.join(months)}"
        mend = "look at the month, year and date of some of them"
        yield Finding("PERIOD-FUTURE", Level.WARNING, message, mend, accounts[row["file_id"]].file, count=row["rows"])
