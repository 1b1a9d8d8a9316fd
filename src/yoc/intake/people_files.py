"""The files about people become tables of numbers; every row is accounted for."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa

from yoc.core.findings import Finding, FindingsError, Level, stop_if_any
from yoc.engine import Engine
from yoc.intake.account import FileAccount, Reject, nothing_usable, rejects_of
from yoc.intake.canonical_people import PeopleFile, keep_people
from yoc.intake.canonical_store import NOTHING_HASHED, CanonicalStore

ROOM = "yoc.intake"
_STEPS = {
    "persons": "person",
    "registrations": "registration",
    "conditions": "condition",
    "segment_lists": "segment_list",
}
"""The step that numbers the people of each input."""
_NO_LISTS = {
    "row_number": pa.int64(),
    "person_key": pa.string(),
    "segment": pa.string(),
    **dict.fromkeys(("from_day", "to_day"), pa.int32()),
    "fault": pa.string(),
}


def read_people(
    engine: Engine,
    paths: Mapping[str, tuple[Path, str]],
    conditions: Sequence[str],
    lists: Sequence[str] = (),
    store: Path | None = None,
    contents: Mapping[str, str] = NOTHING_HASHED,
) -> tuple[list[FileAccount], list[Reject]]:
    """Read the files into `read_person`, `read_registration`, `read_condition` and `read_segment_list`.

    ``paths`` gives for ``persons``, ``registrations`` and ``conditions``, and where there are any for
    ``segment_lists``, the path and the name in the workspace; ``conditions`` and ``lists`` (the segments that are
    lists) are the contract's. ``store`` is the folder in which rows are kept as Parquet, a passing one
    unless given; ``contents`` the hash of each file's bytes by name, where it was taken already. Raises
    ``FindingsError`` where a file cannot be used.
    """
    with CanonicalStore(store) as kept:
        files = _keep_all(engine, kept, paths, contents)
        _number(engine, files, conditions, lists)
    _refuse_repeated_persons(engine, paths["persons"][1])
    accounts, rejects = [], []
    for each in files:
        facts = each.canonical.facts
        kept_out = rejects_of(each.file, facts.misfit_rows, engine.run(ROOM, f"{_STEPS[each.kind]}_rejects"))
        rejects.extend(kept_out)
        accounts.append(
            FileAccount(
                each.file,
                each.kind,
                facts.sha256,
                facts.rows,
                facts.rows - len(kept_out),
                len(kept_out),
                encoding=facts.encoding,
                header_row=facts.header_row,
                date_orders=facts.date_orders,
            )
        )
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


def segment_list_findings(engine: Engine, file: str) -> list[Finding]:
    """A finding where the lists of segments name people whom no other file knows."""
    people = engine.run(ROOM, "listed_strangers")[0]["people"]
    message = f"{people} people on the lists of segments are in no file of people, and count in no segment"
    mend = "compare the lists with the registrations, and how both spell a person's key"
    return [Finding("LIST-UNMATCHED", Level.WARNING, message, mend, file, count=people)] if people else []


def _keep_all(
    engine: Engine, store: CanonicalStore, paths: Mapping[str, tuple[Path, str]], contents: Mapping[str, str]
) -> list[PeopleFile]:
    """Every file as canonical rows. Raises ``FindingsError`` with the faults of all."""
    files: list[PeopleFile] = []
    findings: list[Finding] = []
    for kind, (path, shown) in paths.items():
        try:
            files.append(keep_people(engine, store, kind, path, shown, contents.get(shown)))
        except FindingsError as error:
            findings.extend(error.findings)
    if findings:
        raise FindingsError(findings)
    return files


def _number(engine: Engine, files: Sequence[PeopleFile], conditions: Sequence[str], lists: Sequence[str]) -> None:
    """Number the people of all files, and make the tables in which they stand by number."""
    if all(each.kind != "segment_lists" for each in files):
        engine.give("kept_segment_list", _NO_LISTS, [])
    for each in files:
        engine.give_parquet(f"kept_{_STEPS[each.kind]}", [str(each.canonical.path)])
    bits = {
        "condition_bit": ("condition", [name.lower() for name in conditions]),
        "segment_bit": ("segment", lists),
    }
    for table, (column, names) in bits.items():
        rows = [(name, 1 << place) for place, name in enumerate(names)]
        engine.give(table, {column: pa.string(), "bit": pa.int64()}, rows)
    for step in ("person_key", *_STEPS.values()):
        engine.run(ROOM, step)


def _refuse_repeated_persons(engine: Engine, file: str) -> None:
    found = engine.run(ROOM, "repeated_persons")[0]
    if found["people"]:
        message = f"{found['people']} people have more than one row, the first at row {found['first_row']}"
        mend = "keep one row a person"
        stop_if_any([Finding("PERSON-REPEATED", Level.SUBMISSION, message, mend, file, found["first_row"])])
