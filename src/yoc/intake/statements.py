"""Monthly statements and invoices, read by their profiles into the tables `statement` and `invoice`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from yoc.core.findings import Finding, FindingsError, Level
from yoc.engine import Engine
from yoc.intake.account import FileAccount, Reject, nothing_usable
from yoc.intake.activity_files import ActivityFile
from yoc.intake.plain_files import PlainTable, read_plain_file
from yoc.intake.profile import Profile
from yoc.intake.profile_set import ProfileSet

ROOM = "yoc.intake"
KINDS = {"statements": "statement", "invoices": "invoice"}
"""Under which input a plan names the files, and the kind of profile that reads them."""
_ROWS = {
    "file_id": pa.int32(),
    "load": pa.int32(),
    "cumulative": pa.bool_(),
    "provider": pa.string(),
    "period": pa.int32(),
    "point_of_delivery": pa.string(),
    "pence": pa.int64(),
    "thousandths": pa.int64(),
}


@dataclass(frozen=True)
class ReadStatement:
    """A statement or list of invoices: what came with it, how it is read, and what was read."""

    file: ActivityFile
    profile: Profile
    table: PlainTable


def read_statements(files: Mapping[str, Sequence[ActivityFile]], profiles: ProfileSet) -> list[ReadStatement]:
    """Read the files under ``statements`` and ``invoices``. Raises ``FindingsError`` with every one that cannot be."""
    read: list[ReadStatement] = []
    findings: list[Finding] = []
    for name, kind in KINDS.items():
        for file in files.get(name, ()):
            try:
                profile = _profile(file, kind, profiles)
                read.append(ReadStatement(file, profile, read_plain_file(file.path, file.name, profile)))
            except FindingsError as error:
                findings.extend(error.findings)
    if findings:
        raise FindingsError(findings)
    return read


def _profile(file: ActivityFile, kind: str, profiles: ProfileSet) -> Profile:
    if not file.profile:
        return profiles.for_file(file.path, file.name, (kind,)).profile
    profile = profiles.named(file.profile, file.name).profile
    if profile.kind != kind:
        message = f"the profile {file.profile} reads {profile.title}, and no {kind}"
        raise FindingsError([Finding("PROFILE-UNKNOWN", Level.SUBMISSION, message, f"name one of {kind}", file.name)])
    return profile


@dataclass(frozen=True)
class GivenStatements:
    """What became of statements and invoices: each file's account and the money on its rows that a later load
    superseded, the rows kept out, and a finding for each file of which nothing can be used.

    An account holds no money: what a statement says is compared with what came in, and never added to it.
    """

    accounts: tuple[FileAccount, ...]
    superseded_pence: tuple[int, ...]
    rejects: tuple[Reject, ...]
    findings: tuple[Finding, ...]


def give_statements(engine: Engine, read: Sequence[ReadStatement]) -> GivenStatements:
    """Give the rows to the engine, the latest load of each provider and month told from those before it."""
    for name, kind in (("stated_row", "statement"), ("invoiced_row", "invoice")):
        parts = [_rows(number, each) for number, each in enumerate(read) if each.profile.kind == kind]
        engine.give_table(name, pa.concat_tables([pa.schema(_ROWS).empty_table(), *parts]))
    engine.run(ROOM, "raw/statement")
    for name in ("stated_row", "invoiced_row"):
        engine.drop(name)
    gone = {row["file_id"]: row for row in engine.run(ROOM, "raw/statement_fates")}
    accounts, superseded_pence = [], []
    for number, each in enumerate(read):
        account, rows = each.table.account, gone[number]["superseded"] if number in gone else 0
        accounts.append(replace(account, used=account.used - rows, superseded=rows))
        superseded_pence.append(gone[number]["superseded_pence"] if number in gone else 0)
    return GivenStatements(
        tuple(accounts),
        tuple(superseded_pence),
        tuple(reject for each in read for reject in each.table.rejects),
        tuple(
            nothing_usable(each.file.name, each.table.account.rows, Level.WARNING)
            for each in read
            if each.table.account.used == 0
        ),
    )


def _rows(number: int, each: ReadStatement) -> pa.Table:
    """The rows of one file, each with its provider, month, point of delivery, money and count."""
    table, profile = each.table.table, each.profile
    statement = profile.kind == "statement"
    blank = pa.repeat(pa.scalar(""), table.num_rows)
    none = pa.nulls(table.num_rows, pa.int64())
    columns = {
        "file_id": pa.repeat(pa.scalar(number, pa.int32()), table.num_rows),
        "load": pa.repeat(pa.scalar(each.file.load, pa.int32()), table.num_rows),
        "cumulative": pa.repeat(pa.scalar(profile.cumulative), table.num_rows),
        "provider": pc.coalesce(table.column("provider"), pa.scalar("")),
        "period": table.column("period"),
        "point_of_delivery": table.column("point_of_delivery") if statement else blank,
        "pence": table.column("actual_price_pence" if statement else "amount_pence"),
        "thousandths": table.column("actual_activity_thousandths") if statement else none,
    }
    return pa.table(columns).cast(pa.schema(_ROWS))
