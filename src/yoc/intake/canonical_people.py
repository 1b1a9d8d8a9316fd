"""A file about people, read into canonical rows: typed, with what is wrong with each, whatever the contract."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from yoc.engine import Engine
from yoc.intake.canonical_store import (
    Canonical,
    CanonicalFacts,
    CanonicalStore,
    CanonicalWriter,
    people_key,
    refuse_changed,
)
from yoc.intake.container import path_sha256
from yoc.intake.layouts import CARE_PRACTICE, CONDITIONS, PERSONS, REGISTRATIONS, SEGMENT_LISTS
from yoc.intake.limits import LINES
from yoc.intake.text_table import Layout, OpenTextTable, open_text_table
from yoc.intake.texts import OPEN_END_DAY, OPEN_START_DAY, date_order, read_day
from yoc.intake.unreadable import findings_about

ROOM = "yoc.intake"
_LAYOUTS: dict[str, tuple[Layout, ...]] = {
    "persons": (PERSONS,),
    "registrations": (REGISTRATIONS, CARE_PRACTICE),
    "conditions": (CONDITIONS,),
    "segment_lists": (SEGMENT_LISTS,),
}
_OPEN = {
    "persons": {"open_end": OPEN_END_DAY},
    "registrations": {"open_end": OPEN_END_DAY},
    "conditions": {},
    "segment_lists": {"open_start": OPEN_START_DAY, "open_end": OPEN_END_DAY},
}
"""The days that stand for no end, and no start, by kind of file."""


@dataclass(frozen=True)
class PeopleFile:
    """A file about people: which input it is, as ``persons``; where it is; its name in the workspace; its rows."""

    kind: str
    file: str
    canonical: Canonical


def keep_people(
    engine: Engine, store: CanonicalStore, kind: str, path: Path, file: str, sha256: str | None = None
) -> PeopleFile:
    """A file's rows from the store, or read now; ``sha256`` is the hash of its bytes, where it was taken already.

    Raises ``FindingsError`` where it cannot be read.
    """
    with findings_about(file):
        content = sha256 or path_sha256(path, LINES)
    key = people_key(content, kind)
    canonical = store.kept(key)
    if canonical is None:
        text = open_text_table(path, file, *_LAYOUTS[kind])
        refuse_changed(file, content, text.sha256)
        writer = store.begin(key)
        try:
            canonical = writer.finish(_write(engine, writer, kind, text))
        finally:
            writer.abandon()
    return PeopleFile(kind, file, canonical)


def _write(engine: Engine, writer: CanonicalWriter, kind: str, text: OpenTextTable) -> CanonicalFacts:
    """Write a file's rows, some at a time, and tell the facts about it."""
    engine.run(ROOM, "raw/numbers")
    rows = 0
    orders: Counter[str] = Counter()
    for batch in text.batches():
        rows += batch.num_rows
        orders.update(date_orders(batch))
        writer.write(_typed(engine, kind, batch))
    if not rows:
        # One batch of none, so that the shape of its rows is known.
        writer.write(_typed(engine, kind, text.schema.empty_table()))
    misfits = text.misfit_rows
    # In one order, so that a file gives the same account now and when it is taken from the store.
    told = {order: found for order, found in sorted(orders.items()) if found}
    return CanonicalFacts(text.sha256, kind, rows + len(misfits), misfits, text.encoding, text.header_row, {}, told)


def _typed(engine: Engine, kind: str, batch: pa.Table) -> pa.Table:
    engine.give_table("incoming_people", batch)
    texts = {text for name in _date_columns(batch) for text in pc.unique(batch.column(name)).to_pylist()}
    dates = [(text, read_day(text)) for text in sorted(texts - {None})]
    engine.give("date_text", {"text": pa.string(), "day": pa.int32()}, dates)
    typed = engine.fetch(ROOM, f"raw/read_{kind}", **_OPEN[kind])
    engine.drop("incoming_people")
    return typed


def _date_columns(table: pa.Table) -> list[str]:
    return [name for name in table.column_names if name.endswith("_date")]


def date_orders(table: pa.Table) -> dict[str, int]:
    """How many rows have a date that is one only with day and month exchanged, and how many others one that may be.

    >>> rows = {"from_date": ["12/31/2026", "03/04/2026", "31/12/2026"], "to_date": ["", "", "2027-01-01"]}
    >>> date_orders(pa.table(rows))
    {'other': 1, 'either': 1}
    """
    nothing = pa.array([False] * table.num_rows, pa.bool_())
    found = {"other": nothing, "either": nothing}
    for name in _date_columns(table):
        column = pc.fill_null(table.column(name), "").combine_chunks().dictionary_encode()
        orders = [date_order(text) for text in column.dictionary.to_pylist()]
        for order, rows in found.items():
            of_texts = pa.array([each == order for each in orders], pa.bool_())
            found[order] = pc.or_(rows, pc.take(of_texts, column.indices))
    found["either"] = pc.and_not(found["either"], found["other"])
    return {order: pc.sum(rows).as_py() or 0 for order, rows in found.items()}
