"""Reading files alone, without a plan or a contract: what each holds, what became of its rows, and by which rules."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from yoc.audit.rejects_file import is_rejects_file, rejects_text
from yoc.core.findings import Finding, FindingsError, Level
from yoc.core.periods import FinancialYear
from yoc.engine import Engine
from yoc.intake import ActivityFile, FileAccount, Reject, activity_findings, read_activity, rejects_as_findings
from yoc.intake.account import not_utf8, nothing_usable, repeated_files
from yoc.intake.activity_files import give_no_lines, unmapped_findings
from yoc.intake.canonical_store import CANONICAL_FOLDER
from yoc.intake.plain_files import read_plain_file
from yoc.intake.profile_set import KnownProfile, ProfileSet, read_profiles
from yoc.intake.statements import KINDS, GivenStatements, ReadStatement, give_statements
from yoc.intake.tie_outs import TIED_DATA_SETS, TieOuts, tie_out, tie_out_findings
from yoc.workflow.contract_schema import workspace_above
from yoc.workflow.named_files import matching, tables_of
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
    tie_outs: TieOuts | None = None
    """How lines, statements and invoices compare, where at least two of them were given."""


def profiles_for(path: Path) -> ProfileSet:
    """The profiles by which a file may be read: those of the package, and of the workspace in which it lies."""
    return read_profiles(workspace_above(path.resolve().parent))


def read_files(
    paths: Sequence[Path], profile: str = "", year: FinancialYear | None = None, as_of: dt.date | None = None
) -> ReadFiles:
    """Read files, in the order in which they arrived. People are not looked up, and nothing is charged.

    A folder or ZIP stands for the tables in it, which came together; a finding tells what of it was left out.
    ``profile`` names how they are read; unless said, each file's headers tell. With ``year`` a file of which no row
    belongs to it is a fault. Raises ``FindingsError`` with every file that cannot be read.
    """
    activity: list[ActivityFile] = []
    stated: list[ReadStatement] = []
    profiles: dict[Path | None, ProfileSet] = {}
    tables, faults, left_out = tables_of(paths)
    read: list[ReadFile] = []
    rejects: list[Reject] = []
    noticed: list[Finding] = []
    tied = False
    for named in tables:
        try:
            known = _profile_of(named.path, profile, profiles)
            file = ActivityFile(named.path, named.path.as_posix(), named.load, known.profile.profile)
            if known.profile.kind == "activity":
                activity.append(file)
                tied |= known.profile.restates in TIED_DATA_SETS
                continue
            table = read_plain_file(file.path, file.name, known.profile)
        except FindingsError as error:
            faults.extend(error.findings)
            continue
        if known.profile.kind in KINDS.values():
            stated.append(ReadStatement(file, known.profile, table))
            continue
        read.append(ReadFile(table.account, table.total_pence))
        rejects.extend(table.rejects)
        if table.account.used == 0:
            noticed.append(nothing_usable(table.account.file, table.account.rows, Level.WARNING))
    if faults:
        raise FindingsError(dict.fromkeys(faults))
    noticed += [warning for each in profiles.values() for warning in each.warnings]
    with Engine() as engine:
        if activity:
            accounts, kept_out, more = _read_activity(engine, activity, tables[0].path, year, as_of)
            read += [ReadFile(account, _used_pence(account)) for account in accounts]
            rejects += kept_out
            noticed += more
        outs = None
        if stated:
            given = give_statements(engine, stated)
            read += _stated_files(stated, given)
            rejects += given.rejects
            noticed += given.findings
            outs = _tie_out(engine, stated, as_of or dt.date.max, lines_read=bool(activity), lines_tied=tied)
            noticed += tie_out_findings(outs) if outs else ()
    order = {named.path.as_posix(): place for place, named in enumerate(tables)}
    read.sort(key=lambda each: order[each.account.file])
    by_file = [each.account for each in read]
    noticed = [*not_utf8(by_file), *repeated_files(by_file), *noticed]
    return ReadFiles(tuple(read), tuple(rejects), (*left_out, *rejects_as_findings(rejects), *noticed), outs)


def _stated_files(stated: Sequence[ReadStatement], given: GivenStatements) -> list[ReadFile]:
    """Statements and invoices with their money, which their accounts do not hold."""
    return [
        ReadFile(
            replace(account, rejected_pence=each.table.rejected_pence, superseded_pence=gone),
            each.table.total_pence - gone,
        )
        for each, account, gone in zip(stated, given.accounts, given.superseded_pence, strict=True)
    ]


def _tie_out(
    engine: Engine, stated: Sequence[ReadStatement], as_of: dt.date, *, lines_read: bool, lines_tied: bool
) -> TieOuts | None:
    """Lines, statements and invoices compared, where files of at least two of the three were given."""
    kinds = {each.profile.kind for each in stated}
    if len(kinds) + lines_tied < 2:
        return None
    if not lines_read:
        give_no_lines(engine)
    return tie_out(engine, as_of, with_lines=lines_tied, with_invoices="invoice" in kinds)


def _profile_of(path: Path, profile: str, read: dict[Path | None, ProfileSet]) -> KnownProfile:
    """The profile of a file; ``read`` keeps the profiles of each workspace, which most files share."""
    root = workspace_above(path.resolve().parent)
    if root not in read:
        read[root] = read_profiles(root)
    profiles = read[root]
    if profile:
        return profiles.named(profile, path.as_posix())
    return profiles.for_file(path, path.as_posix())


def _read_activity(
    engine: Engine, files: Sequence[ActivityFile], first: Path, year: FinancialYear | None, as_of: dt.date | None
) -> tuple[list[FileAccount], list[Reject], list[Finding]]:
    accounts, rejects = read_lines(engine, files, first, year)
    findings = [*activity_findings(engine, accounts, year, as_of), *unmapped_findings(engine, accounts)]
    return accounts, rejects, findings


def read_lines(
    engine: Engine,
    files: Sequence[ActivityFile],
    first: Path,
    year: FinancialYear | None,
    *,
    blank_total_kept: bool = False,
) -> tuple[list[FileAccount], list[Reject]]:
    """Read files of activity, to be seen as `kept_line`, and look nobody up; the account of each, and the rejects.

    The profiles, and the place in which lines are kept, are those of the workspace in which ``first`` lies.
    """
    workspace = workspace_above(first.resolve().parent)
    store = workspace / CANONICAL_FOLDER if workspace else None
    engine.give("person_key", {"person_id": pa.int32(), "person_key": pa.string()}, [])
    profiles = read_profiles(workspace)
    return read_activity(engine, files, year, profiles=profiles, store=store, blank_total_kept=blank_total_kept)


def _used_pence(account: FileAccount) -> int:
    return account.submitted_pence - account.rejected_pence - account.superseded_pence


def refuse_rejects(path: Path, files: Sequence[Path], *, replace: bool) -> None:
    """Raises ``FindingsError`` where rejects may not be written there, before anything is read: over a file that is
    read, whatever is said, and over one that is no list of rejects unless it is to be ``replace``d.
    """
    if any(path.resolve() == file.resolve() for file in matching(files)):
        message, mend = "it is one of the files that are read", "name another file for the rejects"
    elif path.exists() and not replace and not is_rejects_file(path):
        message, mend = "it is there, and no list of rejects", "name another file, or say `--replace`"
    else:
        return
    raise FindingsError([Finding("FILE-EXISTS", Level.SUBMISSION, message, mend, path.as_posix())])


def write_rejects(read: ReadFiles, path: Path) -> None:
    """Write what was kept out, or should be looked at, as CSV: file, row, field, code, level, reason; nobody's data.

    The file is written whole or not at all. Raises ``FindingsError`` where its folder is not there.
    """
    if not path.parent.is_dir():
        message, mend = f"the folder {path.parent} is not there", "make the folder first, or name another"
        raise FindingsError([Finding("FILE-MISSING", Level.SUBMISSION, message, mend)])
    rows = [
        (reject.file, str(reject.row or ""), reject.field, "ROW-REJECTED", Level.RECORD.value, reject.reason)
        for reject in sorted(read.rejects, key=lambda reject: (reject.file, reject.row))
    ]
    rows += [
        (finding.file, str(place), "", finding.code, finding.level.value, finding.message)
        for finding in read.findings
        for place in (finding.row_numbers or (finding.line or "",))
        if finding.code != "ROW-REJECTED"
    ]
    write_whole(path, rejects_text(rows).encode("utf-8"))
