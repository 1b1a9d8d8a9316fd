"""One activity file, read by its profile into canonical lines: typed, narrow, with what was decided of each row."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import astuple, dataclass, field, replace
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from yoc.core.findings import FindingsError
from yoc.core.identifiers import canonical_json, sha256_text
from yoc.engine import Engine
from yoc.intake.canonical_store import Canonical, CanonicalFacts, CanonicalWriter, refuse_changed
from yoc.intake.line_decisions import NamePeriod, days_apart, decide_codes, decide_time
from yoc.intake.profile import Profile
from yoc.intake.profile_fields import FIELDS, KIND_FIELDS
from yoc.intake.text_table import open_text_table
from yoc.intake.texts import NO_PERSON, NO_PRACTICE, date_order, read_day

ROOM = "yoc.intake"
_BATCH_ROWS = 250_000
_CODED = ("provider", "commissioner", "point_of_delivery", "tariff_code", "treatment_function", "specialised_service",
          "national_tariff")  # fmt: skip
_BLANKED, _DATES = "blanked_", "dates_"


@dataclass(eq=False)
class _Open:
    """A file of which lines are being written."""

    number: int
    profile: Profile
    name: NamePeriod
    writer: CanonicalWriter
    facts: CanonicalFacts | None = None
    """Known once all of its rows have been read."""
    blanked: Counter[str] = field(default_factory=Counter)
    dates: Counter[str] = field(default_factory=Counter)

    def finish(self) -> Canonical:
        if self.facts is None:
            raise AssertionError(f"file {self.number} is put in its place before all of it was read")
        blanked, dates = (
            {name: rows for name, rows in sorted(counts.items()) if rows} for counts in (self.blanked, self.dates)
        )
        return self.writer.finish(replace(self.facts, blanked=blanked, date_orders=dates))


class LineReader:
    """Reads files into canonical lines: a large one some rows at a time, several small ones of one profile together."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._open: list[_Open] = []
        self._waiting: list[tuple[_Open, pa.Table]] = []
        self.made: dict[int, Canonical] = {}
        """The files that are finished, by number."""

    def read(
        self,
        number: int,
        path: Path,
        file: str,
        profile: Profile,
        begin: Callable[[], CanonicalWriter],
        content_sha256: str,
    ) -> None:
        """Read a file, some rows at a time. Raises ``FindingsError`` where it cannot be read: with the columns that are
        missing or given twice, or what is broken, or where its bytes no longer have the hash that they had. Nothing of
        it is kept then.
        """
        text = open_text_table(path, file, profile.layout)
        refuse_changed(file, content_sha256, text.sha256)
        if self._open and self._open[-1].profile is not profile:
            self.finish()
        opened = _Open(number, profile, NamePeriod.of(file, profile), begin())
        self._open.append(opened)
        rows = 0
        try:
            for batch in text.batches():
                rows += batch.num_rows
                self._take(opened, batch)
            if not rows:
                # One batch of none, so that the shape of its lines is known.
                self._take(opened, text.schema.empty_table())
        except FindingsError:
            self._drop(opened)
            raise
        rows += len(text.misfit_rows)
        opened.facts = CanonicalFacts(
            text.sha256, profile.profile, rows, text.misfit_rows, text.encoding, text.header_row, {}, {}
        )
        if not self._waiting:
            self.finish()

    def _take(self, opened: _Open, batch: pa.Table) -> None:
        self._waiting.append((opened, _filled(batch, opened.profile, opened.number)))
        if sum(rows.num_rows for _, rows in self._waiting) >= _BATCH_ROWS:
            self._write_waiting()

    def _drop(self, opened: _Open) -> None:
        """Forget a file that turned out to be of no use, whatever of it was read."""
        self._open.remove(opened)
        self._waiting = [(other, rows) for other, rows in self._waiting if other is not opened]
        opened.writer.abandon()

    def finish(self) -> None:
        """Write what waits, and put every file that was read in its place."""
        self._write_waiting()
        while self._open:
            self.made[self._open[0].number] = self._open[0].finish()
            self._open.pop(0)

    def abandon(self) -> None:
        """Leave nothing behind of files that are not finished."""
        for opened in self._open:
            opened.writer.abandon()

    def _write_waiting(self) -> None:
        if not self._waiting:
            return
        files = {opened.number: opened for opened, _ in self._waiting}
        profile = self._waiting[0][0].profile
        self._engine.give_table("incoming", pa.concat_tables([rows for _, rows in self._waiting]))
        self._waiting.clear()
        _give_decisions(self._engine, profile, {number: opened.name for number, opened in files.items()})
        lines = self._engine.fetch(ROOM, "raw/read_lines", **_values(profile))
        self._engine.drop("incoming")
        self._engine.give_table("read_line", lines)
        parts = self._engine.fetch(ROOM, "raw/read_parts", data_set=profile.restates, cost_basis=profile.cost_basis)
        self._engine.drop("read_line")
        for number, opened in files.items():
            own = _of_file(lines, number)
            used = pc.equal(own.column("fault"), "")
            for column in [column for column in own.column_names if column.startswith(_BLANKED)]:
                rows = pc.sum(pc.and_(used, own.column(column))).as_py() or 0
                opened.blanked[column.removeprefix(_BLANKED)] += rows
                own = own.drop_columns([column])
            for column in [column for column in own.column_names if column.startswith(_DATES)]:
                opened.dates[column.removeprefix(_DATES)] += pc.sum(own.column(column)).as_py() or 0
                own = own.drop_columns([column])
            opened.writer.write(own, _of_file(parts, number))


def _of_file(rows: pa.Table, number: int) -> pa.Table:
    return rows.filter(pc.equal(rows.column("file_number"), number)).drop_columns(["file_number"])


def _filled(batch: pa.Table, profile: Profile, number: int) -> pa.Table:
    """The rows with every field of an activity line: those that the file lacks at their fixed value, or blank."""
    columns: dict[str, pa.Array] = {
        "file_number": pa.repeat(pa.scalar(number, pa.int32()), batch.num_rows),
        "row_number": batch.column("row_number"),
    }
    fixed = dict(profile.fixed)
    if profile.keep is not None:
        # A file without the column, where the profile lets it lack it, says of no row that it does not count.
        fixed.setdefault(profile.keep.field, profile.keep.values[0])
    for name in FIELDS["activity"]:
        column = batch.column(name) if name in profile.columns else None
        # A column that the file lacks is null in every row; a cell never is.
        if column is not None and not column.null_count:
            comma = profile.decimals == "comma" and profile.type_of(name) in ("money", "money_as_pence", "count")
            columns[name] = with_decimal_point(column) if comma else column
        else:
            columns[name] = pa.repeat(pa.scalar(fixed.get(name, "")), batch.num_rows)
    return pa.table(columns)


def with_decimal_point(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Numbers with a decimal comma as ones with a point; what is no such number stays a text that is no number.

    >>> with_decimal_point(pa.chunked_array([["1.234,56", "£7,5", "1.5", "12"]])).to_pylist()
    ['1234.56', '£7.5', '1..5', '12']
    """
    fits = pc.match_substring_regex(column, r"^[^0-9.,]*(?:[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]+)(?:,[0-9]+)?[^0-9.,]*$")
    turned = pc.replace_substring(pc.replace_substring(column, ".", ""), ",", ".")
    return pc.if_else(fits, turned, pc.replace_substring(column, ".", ".."))


def _values(profile: Profile) -> dict[str, object]:
    """What the profile says of sums, as the values that the SQL is bound to."""
    in_pence = "money_as_pence" in {profile.type_of(field) for field in profile.columns}
    return {
        "by_total": "total" in profile.amount,
        "by_parts": "price_and_market_forces" in profile.amount,
        "by_product": "price_times_count" in profile.amount,
        "by_none": "none" in profile.amount,
        "places": 0 if in_pence else 2,
        "parts_unit": 1_000_000 if in_pence else 10_000,
    }


@cache
def kind_number(codes: tuple[str, ...]) -> int:
    """One number for a set of codes, the same in every file: the first 64 bits of a hash. Whoever reads files together
    makes sure that no two sets share one.

    >>> kind_number(("R1H", "")) == kind_number(("R1H", "")), kind_number(("R1H", "")) == kind_number(("", "R1H"))
    (True, False)
    """
    return int.from_bytes(bytes.fromhex(sha256_text(canonical_json(codes))[:16]), "big", signed=True)


def _give_decisions(engine: Engine, profile: Profile, names_of_files: Mapping[int, NamePeriod]) -> None:
    """Decide every distinct set of codes, and of texts that tell a time, and give the answers back."""
    kinds = []
    for row in engine.run(ROOM, "raw/distinct_kinds"):
        decided = decide_codes(profile, row)
        codes = [decided.codes[field] for field in _CODED]
        kind = kind_number((*codes, profile.restates, profile.cost_basis, decided.not_counted))
        kinds.append((*row.values(), *codes, decided.delivery_rule, decided.not_counted, decided.fault, kind))
    names = (*KIND_FIELDS, *(f"{field}_code" for field in _CODED), "point_of_delivery_rule", "not_counted", "fault")
    engine.give("kind_decision", dict.fromkeys(names, pa.string()) | {"kind": pa.int64()}, kinds)
    times = []
    month_first = profile.dates == "month_first"
    for row in engine.run(ROOM, "raw/distinct_times"):
        texts = (row["financial_year"], row["financial_month"], row["costing_period"], row["activity_date"])
        number = row["file_number"]
        decided_time = decide_time(profile, names_of_files[number], *texts)
        apart = days_apart(decided_time.day, decided_time.period)
        order = date_order(row["activity_date"], month_first=month_first)
        times.append((number, *texts, *astuple(decided_time), apart, order))
    text, whole = pa.string(), pa.int32()
    engine.give(
        "time_decision",
        {"file_number": whole, "financial_year": text, "financial_month": text, "costing_period": text,
         "activity_date": text, "day": whole, "period": whole, "period_rule": text, "period_fault": text,
         "date_fault": text, "apart": pa.int8(), "date_order": text},
        times,
    )  # fmt: skip
    starts = [row["text"] for row in engine.run(ROOM, "raw/distinct_starts")]
    engine.give(
        "start_decision",
        {"text": text, "day": whole},
        [(start, read_day(start, month_first=month_first)) for start in starts],
    )
    engine.give("no_practice", {"practice": text}, [(practice,) for practice in NO_PRACTICE])
    engine.give("nobody", {"person_key": text}, [(key,) for key in NO_PERSON])
