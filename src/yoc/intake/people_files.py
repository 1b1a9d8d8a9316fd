"""The files about people become tables of numbers; every row is accounted for."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from yoc.core.findings import Finding, FindingsError, Level, stop_if_any
from yoc.engine import Engine
from yoc.intake.account import FileAccount, Reject, nothing_usable, text_rejects
from yoc.intake.layouts import CARE_PRACTICE, CONDITIONS, PERSONS, REGISTRATIONS, SEGMENT_LISTS
from yoc.intake.text_table import TextTable, read_text_table
from yoc.intake.texts import OPEN_END_DAY, OPEN_START_DAY, date_order, read_day

ROOM = "yoc.intake"
_TABLES = {
    "persons": ("persons_file", (PERSONS,), "person"),
    "conditions": ("conditions_file", (CONDITIONS,), "condition"),
    "registrations": ("registrations_file", (REGISTRATIONS, CARE_PRACTICE), "registration"),
    "segment_lists": ("segment_lists_file", (SEGMENT_LISTS,), "segment_list"),
}
_NO_LISTS = {**dict.fromkeys(SEGMENT_LISTS.fields, pa.string()), "row_number": pa.int64()}


def read_people(
    engine: Engine, paths: Mapping[str, tuple[Path, str]], conditions: Sequence[str], lists: Sequence[str] = ()
) -> tuple[list[FileAccount], list[Reject]]:
    """Read the files into `read_person`, `read_registration`, `read_condition` and `read_segment_list`.

    ``paths`` gives for ``persons``, ``registrations`` and ``conditions``, and where there are any for
    ``segment_lists``, the path and the name in the workspace; ``conditions`` and ``lists`` (the segments that are
    lists) are the contract's. Raises ``FindingsError`` where a file cannot be used.
    """
    texts = _read_all(paths)
    if "segment_lists" not in texts:
        engine.give("segment_lists_file", _NO_LISTS, [])
    for name, text in texts.items():
        engine.give_table(_TABLES[name][0], text.table)
    dates = [row["text"] for row in engine.run(ROOM, "raw/distinct_dates")]
    engine.give("date_text", {"text": pa.string(), "day": pa.int32()}, [(text, read_day(text)) for text in dates])
    engine.give(
        "condition_bit",
        {"condition": pa.string(), "bit": pa.int64()},
        [(name.lower(), 1 << place) for place, name in enumerate(conditions)],
    )
    engine.give(
        "segment_bit",
        {"segment": pa.string(), "bit": pa.int64()},
        [(name, 1 << place) for place, name in enumerate(lists)],
    )
    engine.run(ROOM, "raw/numbers")
    engine.run(ROOM, "raw/people")
    engine.run(ROOM, "raw/person", open_end=OPEN_END_DAY)
    engine.run(ROOM, "raw/registration", open_end=OPEN_END_DAY)
    engine.run(ROOM, "raw/condition")
    engine.run(ROOM, "raw/segment_list", open_start=OPEN_START_DAY, open_end=OPEN_END_DAY)
    _refuse_repeated_persons(engine, texts["persons"].file)
    accounts, rejects = [], []
    for name, text in texts.items():
        kept_out = text_rejects(text, engine.run(ROOM, f"raw/{_TABLES[name][2]}_rejects"))
        rejects.extend(kept_out)
        used = text.rows - len(kept_out)
        accounts.append(
            FileAccount(
                text.file,
                name,
                text.sha256,
                text.rows,
                used,
                len(kept_out),
                encoding=text.encoding,
                header_row=text.header_row,
                date_orders=date_orders(text.table),
            )
        )
        engine.drop(_TABLES[name][0])
    # A budget for nobody is never what is meant; a file of conditions may be short.
    stop_if_any(
        nothing_usable(account.file, account.rows, Level.SUBMISSION)
        for account in accounts
        if account.used == 0 and (account.rows or account.kind != "conditions")
    )
    return accounts, rejects


def date_orders(table: pa.Table) -> dict[str, int]:
    """How many rows have a date that is one only with day and month exchanged, and how many others one that may be.

    >>> rows = {"from_date": ["12/31/2026", "03/04/2026", "31/12/2026"], "to_date": ["", "", "2027-01-01"]}
    >>> date_orders(pa.table(rows))
    {'other': 1, 'either': 1}
    """
    nothing = pa.array([False] * table.num_rows, pa.bool_())
    found = {"other": nothing, "either": nothing}
    for name in table.column_names:
        if not name.endswith("_date"):
            continue
        column = pc.fill_null(table.column(name), "").combine_chunks().dictionary_encode()
        orders = [date_order(text) for text in column.dictionary.to_pylist()]
        for order, rows in found.items():
            of_texts = pa.array([each == order for each in orders], pa.bool_())
            found[order] = pc.or_(rows, pc.take(of_texts, column.indices))
    found["either"] = pc.and_not(found["either"], found["other"])
    return {order: pc.sum(rows).as_py() or 0 for order, rows in found.items()}


def conditions_findings(engine: Engine, conditions: Sequence[str], file: str) -> list[Finding]:
    """A finding for each of the contract's conditions that no row of the conditions file names."""
    seen = {row["bit"] for row in engine.run(ROOM, "raw/conditions_seen")}
    mend = "compare its spelling in the contract with the file's"
    return [
        Finding("CONDITION-UNSEEN", Level.WARNING, f"no row names the contract's condition `{name}`", mend, file)
        for place, name in enumerate(conditions)
        if 1 << place not in seen
    ]


def segment_list_findings(engine: Engine, file: str) -> list[Finding]:
    """A finding where the lists of segments name people whom no other file knows."""
    people = engine.run(ROOM, "raw/listed_strangers")[0]["people"]
    message = f"{people} people on the lists of segments are in no file of people, and count in no segment"
    mend = "compare the lists with the registrations, and how both spell a person's key"
    return [Finding("LIST-UNMATCHED", Level.WARNING, message, mend, file, count=people)] if people else []


def _read_all(paths: Mapping[str, tuple[Path, str]]) -> dict[str, TextTable]:
    texts: dict[str, TextTable] = {}
    findings: list[Finding] = []
    for name, (path, shown) in paths.items():
        try:
            texts[name] = read_text_table(path, shown, *_TABLES[name][1])
        except FindingsError as error:
            findings.extend(error.findings)
    if findings:
        raise FindingsError(findings)
    return texts


def _refuse_repeated_persons(engine: Engine, file: str) -> None:
    found = engine.run(ROOM, "raw/repeated_persons")[0]
    if found["people"]:
        message = f"{found['people']} people have more than one row, the first at row {found['first_row']}"
        mend = "keep one row a person"
        stop_if_any([Finding("PERSON-REPEATED", Level.SUBMISSION, message, mend, file, found["first_row"])])
