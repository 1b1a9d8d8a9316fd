"""Reading files alone, without a plan or a contract: what each holds, what became of its rows, and by which rules."""

import csv
import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from yoc.core.findings import Finding, FindingsError, Level
from yoc.core.periods import FinancialYear
from yoc.engine import Engine
from yoc.intake import ActivityFile, FileAccount, Reject, activity_findings, read_activity, rejects_as_findings
from yoc.intake.account import nothing_usable
from yoc.intake.canonical_store import CANONICAL_FOLDER
from yoc.intake.plain_files import read_plain_file
from yoc.intake.profile_set import KnownProfile, ProfileSet, headers_of, read_profiles
from yoc.workflow.contract_schema import workspace_above
from yoc.workflow.settled_table_file import no_formula
from yoc.workflow.writing import write_whole


@dataclass(frozen=True)
class ReadFile:
    """A file's account, and the money on its rows that are used, in whole pence."""

    account: FileAccount
    used_pence: int


@dataclass(frozen=True)
class ReadFiles:
    """The files that were read, the rows that were kept out, and what a reader should know."""

    files: tuple[ReadFile, ...]
    rejects: tuple[Reject, ...]
    findings: tuple[Finding, ...]


def profiles_for(path: Path) -> ProfileSet:
    """The profiles by which a file may be read: those of the package, and of the workspace in which it lies."""
    return read_profiles(workspace_above(path.resolve().parent))


def read_files(
    paths: Sequence[Path], profile: str = "", year: FinancialYear | None = None, as_of: dt.date | None = None
) -> ReadFiles:
    """Read files, in the order in which they arrived. People are not looked up, and nothing is charged.

    ``profile`` names how they are read; unless said, each file's headers tell. With ``year`` a file of which no row
    belongs to it is a fault. Raises ``FindingsError`` with every file that cannot be read.
    """
    activity: list[ActivityFile] = []
    plain: list[tuple[Path, KnownProfile]] = []
    findings: list[Finding] = []
    for load, path in enumerate(paths, 1):
        try:
            known = _profile_of(path, profile)
        except FindingsError as error:
            findings.extend(error.findings)
            continue
        if known.profile.kind == "activity":
            activity.append(ActivityFile(path, path.as_posix(), load, known.profile.profile))
        else:
            plain.append((path, known))
    read: list[ReadFile] = []
    rejects: list[Reject] = []
    noticed: list[Finding] = []
    for path, known in plain:
        try:
            table = read_plain_file(path, path.as_posix(), known.profile)
        except FindingsError as error:
            findings.extend(error.findings)
            continue
        read.append(ReadFile(table.account, table.total_pence))
        rejects.extend(table.rejects)
        if table.account.used == 0:
            noticed.append(nothing_usable(table.account.file, table.account.rows, Level.WARNING))
    if findings:
        raise FindingsError(findings)
    if activity:
        accounts, kept_out, more = _read_activity(activity, paths[0], year, as_of)
        read += [ReadFile(account, _used_pence(account)) for account in accounts]
        rejects += kept_out
        noticed += more
    order = {path.as_posix(): place for place, path in enumerate(paths)}
    read.sort(key=lambda each: order[each.account.file])
    return ReadFiles(tuple(read), tuple(rejects), (*rejects_as_findings(rejects), *noticed))


def _profile_of(path: Path, profile: str) -> KnownProfile:
    if not path.is_file():
        message = "the file is not there"
        raise FindingsError(
            [Finding("FILE-MISSING", Level.SUBMISSION, message, "check the name and the folder", path.as_posix())]
        )
    profiles = profiles_for(path)
    if profile:
        return profiles.named(profile, path.as_posix())
    return profiles.for_headers(headers_of(path), path.as_posix())


def _read_activity(
    files: Sequence[ActivityFile], first: Path, year: FinancialYear | None, as_of: dt.date | None
) -> tuple[list[FileAccount], list[Reject], list[Finding]]:
    workspace = workspace_above(first.resolve().parent)
    store = workspace / CANONICAL_FOLDER if workspace else None
    with Engine() as engine:
        engine.give("person_key", {"person_id": pa.int32(), "person_key": pa.string()}, [])
        accounts, rejects = read_activity(engine, files, year, profiles=read_profiles(workspace), store=store)
        return accounts, rejects, activity_findings(engine, accounts, year, as_of)


def _used_pence(account: FileAccount) -> int:
    return account.submitted_pence - account.rejected_pence - account.superseded_pence


def write_rejects(read: ReadFiles, path: Path) -> None:
    """Write what was kept out, or should be looked at, as CSV: file, row, field, code, level, reason; nobody's data.

    The file is written whole or not at all. Raises ``FindingsError`` where its folder is not there.
    """
    if not path.parent.is_dir():
        message, mend = f"the folder {path.parent} is not there", "make the folder first, or name another"
        raise FindingsError([Finding("FILE-MISSING", Level.SUBMISSION, message, mend)])
    rows = [
        (reject.file, str(reject.row), reject.field, "ROW-REJECTED", Level.RECORD.value, reject.reason)
        for reject in sorted(read.rejects, key=lambda reject: (reject.file, reject.row))
    ]
    rows += [
        (finding.file, str(finding.line or ""), "", finding.code, finding.level.value, finding.message)
        for finding in read.findings
        if finding.code != "ROW-REJECTED"
    ]
    text = io.StringIO(newline="")
    safe = ([no_formula(cell) for cell in row] for row in rows)
    csv.writer(text, lineterminator="\r\n").writerows([("file", "row", "field", "code", "level", "reason"), *safe])
    write_whole(path, text.getvalue().encode("utf-8-sig"))
