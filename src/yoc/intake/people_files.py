"""The files about people (persons, registrations, conditions) become tables of numbers; every row is accounted for."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa

from yoc.core.findings import Finding, FindingsError, Level, stop_if_any
from yoc.engine import Engine
from yoc.intake.account import FileAccount, Reject, nothing_usable, text_rejects
from yoc.intake.layouts import CONDITIONS, PERSONS, REGISTRATIONS
from yoc.intake.text_table import Layout, TextTable, read_text_table
from yoc.intake.texts import OPEN_END_DAY, read_day

ROOM = "yoc.intake"
_TABLES = {
    "persons": ("persons_file", PERSONS, "person"),
    "conditions": ("conditions_file", CONDITIONS, "condition"),
    "registrations": ("registrations_file", REGISTRATIONS, "registration"),
}


def read_people(
    engine: Engine, paths: Mapping[str, tuple[Path, str]], conditions: Sequence[str]
) -> tuple[list[FileAccount], list[Reject]]:
    """Read the three files into `read_person`, `read_registration` and `read_condition`.

    ``paths`` gives for ``persons``, ``registrations`` and ``conditions`` the path and the name in the workspace;
    ``conditions`` are the contract's. Raises ``FindingsError`` where a file cannot be used.
    """
    texts = _read_all(paths)
    for name, text in texts.items():
        engine.give_table(_TABLES[name][0], text.table)
    dates = [row["text"] for row in engine.run(ROOM, "distinct_dates")]
    engine.give("date_text", {"text": pa.string(), "day": pa.int32()}, [(text, read_day(text)) for text in dates])
    engine.give(
        "condition_bit",
        {"condition": pa.string(), "bit": pa.int64()},
        [(name.lower(), 1 << place) for place, name in enumerate(conditions)],
    )
    engine.run(ROOM, "numbers")
    engine.run(ROOM, "people")
    engine.run(ROOM, "person", open_end=OPEN_END_DAY)
    engine.run(ROOM, "registration", open_end=OPEN_END_DAY)
    engine.run(ROOM, "condition")
    _refuse_repeated_persons(engine, texts["persons"].file)
    accounts, rejects = [], []
    for name, text in texts.items():
        kept_out = text_rejects(text, engine.run(ROOM, f"{_TABLES[name][2]}_rejects"))
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


def conditions_findings(engine: Engine, conditions: Sequence[str], file: str) -> list[Finding]:
    """A finding for each of the contract's conditions that no row of the conditions file names."""
    seen = {row["bit"] for row in engine.run(ROOM, "conditions_seen")}
    mend = "compare its spelling in the contract with the file's"
    return [
        Finding("CONDITION-UNSEEN", Level.WARNING, f"no row names the contract's condition `{name}`", mend, file)
        for place, name in enumerate(conditions)
        if 1 << place not in seen
    ]


def _read_all(paths: Mapping[str, tuple[Path, str]]) -> dict[str, TextTable]:
    texts: dict[str, TextTable] = {}
    findings: list[Finding] = []
    for name, (path, shown) in paths.items():
        layout: Layout = _TABLES[name][1]
        try:
            texts[name] = read_text_table(path, shown, layout)
        except FindingsError as error:
            findings.extend(error.findings)
    if findings:
        raise FindingsError(findings)
    return texts


def _refuse_repeated_persons(engine: Engine, file: str) -> None:
    found = engine.run(ROOM, "repeated_persons")[0]
    if found["people"]:
        message = f"{found['people']} people have more than one row, the first at row {found['first_row']}"
        mend = "keep one row a person"
        stop_if_any([Finding("PERSON-REPEATED", Level.SUBMISSION, message, mend, file, found["first_row"])])
