"""Files of rows that are no activity lines, read by their profile into one typed table each, every row accounted for.

Statements, invoices, appointments, list sizes, networks and registrations: what a cell says is decided once for each
distinct text of its column.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from yoc.core.money import round_half_away
from yoc.intake.account import FileAccount, Reject, rejects_of
from yoc.intake.canonical_lines import with_decimal_point
from yoc.intake.line_decisions import NamePeriod, by_map, decide_time
from yoc.intake.plain_numbers import read_plain_number
from yoc.intake.profile import Profile
from yoc.intake.profile_fields import FIELDS, FieldType
from yoc.intake.text_table import read_text_table
from yoc.intake.texts import find_point_of_delivery, read_day

_PERIOD_FIELDS = ("financial_year", "financial_month", "costing_period", "activity_date")
_TOTALS = {"statement": "actual_price_pence", "invoice": "amount_pence"}
_BETWEEN = "\x1f"

Decision = tuple[Any, str]
"""What a text says, and what is wrong with it (``""``: nothing)."""


@dataclass(frozen=True)
class PlainTable:
    """A file's rows that can be read, typed, with its account and its rejects.

    A column has its field's name; sums end in ``_pence``, counts with decimals in ``_thousandths`` and days in ``_day``
    (days since 1 January 1970). ``period`` is start year × 12 + month from April. ``total_pence`` is the money of all
    rows that are used, where the file holds any.
    """

    table: pa.Table
    account: FileAccount
    rejects: tuple[Reject, ...]
    total_pence: int = 0

    def rows(self) -> list[dict[str, Any]]:
        """The rows, each by column."""
        rows: list[dict[str, Any]] = self.table.to_pylist()
        return rows


def read_plain_file(path: Path, file: str, profile: Profile) -> PlainTable:
    """Read a file by its profile. Raises ``FindingsError`` where it cannot be read or lacks a column."""
    text = read_text_table(path, file, profile.layout)
    columns: dict[str, pa.Array] = {"row_number": text.table.column("row_number").combine_chunks()}
    faults: list[pa.Array] = []
    blanked: dict[str, int] = {}
    for field in FIELDS[profile.kind]:
        if field in _PERIOD_FIELDS or (field not in profile.columns and field not in profile.fixed):
            continue
        written = _written(text.table, profile, field)
        needed = field in profile.columns and not profile.columns[field].optional
        values, wrong = _decided(profile, field, written, needed=needed)
        columns |= values
        if needed:
            faults.append(wrong)
        elif rows := len(wrong) - wrong.null_count:
            blanked[field] = rows
    if any(field in profile.columns for field in _PERIOD_FIELDS):
        timed, wrong = _times(text.table, profile, NamePeriod.of(file, profile))
        columns |= timed
        faults.insert(0, wrong)
    fault = pc.coalesce(*faults, pa.scalar("")) if faults else pa.repeat(pa.scalar(""), text.table.num_rows)
    table = pa.table(columns)
    kept, out = table.filter(pc.equal(fault, "")), pc.not_equal(fault, "")
    faulty = pa.table({"row_number": columns["row_number"], "fault": fault}).filter(out).to_pylist()
    rejects = tuple(rejects_of(file, text.misfit_rows, faulty))
    account = FileAccount(
        file, profile.title, text.sha256, text.rows, kept.num_rows, len(rejects), encoding=text.encoding,
        profile=profile.profile, blanked=blanked, period_rules=_counts(kept, "period_rule"),
        point_of_delivery_rules=_counts(kept, "point_of_delivery_rule"),
    )  # fmt: skip
    total = pc.sum(kept.column(_TOTALS[profile.kind])).as_py() if profile.kind in _TOTALS else 0
    return PlainTable(kept, account, rejects, total or 0)


def _counts(table: pa.Table, what: str) -> dict[str, int]:
    """The rows of each value of a column, where the table has it."""
    if what not in table.column_names:
        return {}
    return {each["values"]: each["counts"] for each in table.column(what).value_counts().to_pylist()}


def _written(table: pa.Table, profile: Profile, field: str) -> pa.Array:
    """A column as text: at its fixed value, or blank, where the file lacks it."""
    column = table.column(field) if field in profile.columns else None
    if column is None or column.null_count:
        return pa.repeat(pa.scalar(profile.fixed.get(field, "")), table.num_rows)
    comma = profile.decimals == "comma" and profile.type_of(field) in ("money", "money_as_pence", "count", "whole")
    return (with_decimal_point(column) if comma else column).combine_chunks()


def _decided(profile: Profile, field: str, written: pa.Array, *, needed: bool) -> tuple[dict[str, pa.Array], pa.Array]:
    """The typed column or columns of a field, and beside each row what is wrong with it (null: nothing)."""
    kind, said = profile.type_of(field), field.replace("_", " ")
    if kind == "text":
        blank = pc.equal(pc.utf8_trim_whitespace(written), "")
        wrong = pc.if_else(blank, pa.scalar(f"{said} is blank" if needed else None, pa.string()), None)
        return {field: pc.utf8_trim_whitespace(written)}, wrong

    def decide(text: str) -> Decision:
        if not text.strip():
            return ("" if kind == "code" else None), f"{said} is blank" if needed else ""
        value, fault = _READERS[kind](profile, field, text)
        return value, f"{said} {fault}" if fault else ""

    name, arrow = _typed(field, kind)
    (values, wrong), encoded = _by_text(written, decide)
    columns = {name: values.cast(arrow) if kind == "code" else pa.array(values.to_pylist(), arrow)}
    if field == "point_of_delivery":
        rules = [find_point_of_delivery(code) for code in values.to_pylist()]
        columns = {field: pa.array([code for code, _ in rules]), f"{field}_rule": pa.array([rule for _, rule in rules])}
    return {key: column.take(encoded.indices) for key, column in columns.items()}, wrong.take(encoded.indices)


def _by_text(written: pa.Array, decide: Callable[[str], Decision]) -> tuple[tuple[pa.Array, pa.Array], Any]:
    """What each distinct text says and what is wrong with it, and the column as numbers of its texts."""
    encoded = written.dictionary_encode()
    decided = [decide(text) for text in encoded.dictionary.to_pylist()]
    values = pa.array([value for value, _ in decided])
    return (values, pa.array([fault or None for _, fault in decided], pa.string())), encoded


def _typed(field: str, kind: FieldType) -> tuple[str, pa.DataType]:
    """The name and type of a field's column."""
    if kind == "code":
        return field, pa.string()
    if kind == "date":
        return f"{field.removesuffix('_date')}_day", pa.int32()
    if kind in ("money", "money_as_pence"):
        return f"{field}_pence", pa.int64()
    return (f"{field}_thousandths", pa.int64()) if kind == "count" else (field, pa.int64())


def _read_code(profile: Profile, field: str, text: str) -> Decision:
    return by_map(profile, field, text.strip().upper())[0], ""


def _read_date(profile: Profile, _field: str, text: str) -> Decision:
    day = read_day(text, month_first=profile.dates == "month_first")
    return day, "" if day is not None else "is not a date"


def _read_money(profile: Profile, field: str, text: str) -> Decision:
    number = read_plain_number(text)
    if number is None:
        return None, "is not a sum of money"
    return round_half_away(number * (1 if profile.type_of(field) == "money_as_pence" else 100)), ""


def _read_count(_profile: Profile, _field: str, text: str) -> Decision:
    number = read_plain_number(text)
    if number is None:
        return None, "is not a number"
    return _whole(number * 1000, "has more than three decimals")


def _read_whole(_profile: Profile, _field: str, text: str) -> Decision:
    number = read_plain_number(text)
    return _whole(number, "is not a whole number") if number is not None else (None, "is not a whole number")


def _whole(number: Fraction, otherwise: str) -> Decision:
    return (int(number), "") if number.denominator == 1 else (None, otherwise)


_READERS: dict[str, Callable[[Profile, str, str], Decision]] = {
    "code": _read_code,
    "date": _read_date,
    "money": _read_money,
    "money_as_pence": _read_money,
    "count": _read_count,
    "whole": _read_whole,
}


def _times(table: pa.Table, profile: Profile, name: NamePeriod) -> tuple[dict[str, pa.Array], pa.Array]:
    """Each row's period and the rule that gave it, and what is wrong with it."""
    texts = [_written(table, profile, field) for field in _PERIOD_FIELDS]
    encoded = pc.binary_join_element_wise(*texts, _BETWEEN).dictionary_encode()
    times = [decide_time(profile, name, *parts) for parts in _parts(encoded.dictionary)]
    columns = {
        "period": pa.array([time.period for time in times], pa.int32()),
        "period_rule": pa.array([time.rule for time in times], pa.string()),
    }
    faults = [time.period_fault or time.date_fault or ("" if time.period else "month is not told") for time in times]
    wrong = pa.array([fault or None for fault in faults], pa.string())
    return {key: column.take(encoded.indices) for key, column in columns.items()}, wrong.take(encoded.indices)


def _parts(joined: pa.Array) -> Iterator[tuple[str, str, str, str]]:
    for text in joined.to_pylist():
        year, month, costing, date = text.split(_BETWEEN)
        yield year, month, costing, date
