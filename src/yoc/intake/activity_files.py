"""Activity files of any profile become one table of lines; every row and every pound is accounted for."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa

from yoc.core.findings import Finding, FindingsError, Level, stop_if_any
from yoc.core.money import format_pounds
from yoc.core.periods import MONTH_NAMES, FinancialYear, day_number
from yoc.engine import Engine
from yoc.intake.account import FileAccount, Reject, nothing_usable, rejects_of
from yoc.intake.canonical_lines import LineReader
from yoc.intake.canonical_store import Canonical, CanonicalStore, canonical_key, hash_file
from yoc.intake.line_decisions import NamePeriod
from yoc.intake.profile import Profile
from yoc.intake.profile_set import KnownProfile, ProfileSet, built_in_profiles, headers_of
from yoc.intake.texts import NO_PERSON, period_of_day

ROOM = "yoc.intake"


@dataclass(frozen=True)
class ActivityFile:
    """A file to read: where it is, its name in the workspace, and which load it came with (later loads supersede).

    ``profile`` names how it is read; where it is blank, the file's headers tell.
    """

    path: Path
    name: str
    load: int
    profile: str = ""


@dataclass(frozen=True)
class _Read:
    """A file, the profile that read it, and its lines as they are kept."""

    file: ActivityFile
    profile: Profile
    canonical: Canonical


def read_activity(
    engine: Engine,
    files: Sequence[ActivityFile],
    year: FinancialYear | None,
    step: Callable[[], None] = lambda: None,
    *,
    profiles: ProfileSet | None = None,
    store: Path | None = None,
    blank_total_kept: bool = False,
) -> tuple[list[FileAccount], list[Reject]]:
    """Read the files into the table `line` and give each one's account.

    Expects the table `person_key` that reading the people has made. ``step`` is called after each file. ``profiles``
    are those of the package unless given; ``store`` is the folder in which lines are kept as Parquet, a passing one
    unless given. A row with a blank total is rejected, or kept as a line of which nobody knows the total. Raises
    ``FindingsError`` with every file that no profile reads, that is missing a column, cannot be read, or holds no row
    of the year (where one is given).
    """
    known = profiles or built_in_profiles()
    with ExitStack() as stack:
        folder = store or Path(stack.enter_context(TemporaryDirectory(prefix="yoc-")))
        engine.run(ROOM, "numbers")
        read = _read_all(engine, files, known, CanonicalStore(folder), step)
        _give_files(engine, read)
        engine.run(ROOM, "line_tables")
        for part in ("new_combinations", "keep_lines"):
            engine.run(ROOM, part, blank_total_kept=blank_total_kept)
        facts, rejects = _facts(engine, read, blank_total_kept=blank_total_kept)
    engine.run(ROOM, "line")
    first = year.start_year * 12 + 1 if year else 0
    last = first + 11 if year else 1 << 30
    fates = {row["file_id"]: row for row in engine.run(ROOM, "file_fates", first_period=first, last_period=last)}
    stop_if_any(
        finding for number, each in enumerate(read) for finding in _unusable(each, facts[number], fates[number], year)
    )
    return [_account(each, facts[number], fates[number]) for number, each in enumerate(read)], rejects


def _read_all(
    engine: Engine, files: Sequence[ActivityFile], profiles: ProfileSet, store: CanonicalStore, step: Callable[[], None]
) -> list[_Read]:
    """Every file as canonical lines, from the store or read now. Raises ``FindingsError`` with the faults of all."""
    findings: list[Finding] = []
    known: dict[int, Profile] = {}
    kept: dict[int, Canonical] = {}
    reader = LineReader(engine)
    try:
        for number, file in enumerate(files):
            try:
                found = profile_of(file, profiles)
                known[number] = found.profile
                key = _key(file, found)
                if canonical := store.kept(key):
                    kept[number] = canonical
                else:
                    reader.read(number, file.path, file.name, found.profile, partial(store.begin, key))
            except FindingsError as error:
                findings.extend(error.findings)
            step()
        if findings:
            raise FindingsError(findings)
        reader.finish()
    finally:
        reader.abandon()
    kept |= reader.made
    return [_Read(file, known[number], kept[number]) for number, file in enumerate(files)]


def profile_of(file: ActivityFile, profiles: ProfileSet) -> KnownProfile:
    """The profile of an activity file. Raises ``FindingsError`` where there is none, or it is of another kind."""
    if not file.profile:
        headers = headers_of(file.path)
        if not any(header.strip() for header in headers):
            message, mend = "the file is empty, or is not text in rows and columns", "open it and see what it is"
            raise FindingsError([Finding("FILE-UNREADABLE", Level.SUBMISSION, message, mend, file.name)])
        return profiles.for_headers(headers, file.name, ("activity",))
    known = profiles.named(file.profile, file.name)
    if known.profile.kind != "activity":
        message = f"the profile {file.profile} reads {known.profile.title}, and no activity"
        raise FindingsError([Finding("PROFILE-UNKNOWN", Level.SUBMISSION, message, "name one of activity", file.name)])
    return known


def _key(file: ActivityFile, known: KnownProfile) -> str:
    try:
        return canonical_key(hash_file(file.path), known, NamePeriod.of(file.name, known.profile))
    except OSError as error:
        message = f"the file cannot be opened: {error.strerror or 'it cannot be read'}"
        mend = "see whether it is open in another program, and whether you may read it"
        raise FindingsError([Finding("FILE-UNREADABLE", Level.SUBMISSION, message, mend, file.name)]) from None


def _give_files(engine: Engine, read: Sequence[_Read]) -> None:
    engine.give("nobody", {"person_key": pa.string()}, [(key,) for key in NO_PERSON])
    engine.give_parquet("canonical", sorted({str(each.canonical.path) for each in read}))
    engine.give(
        "activity_file",
        {"file_id": pa.int32(), "load": pa.int32(), "cumulative": pa.bool_(), "canonical": pa.string()},
        [
            (number, each.file.load, each.profile.cumulative, str(each.canonical.path))
            for number, each in enumerate(read)
        ],
    )


def _facts(
    engine: Engine, read: Sequence[_Read], *, blank_total_kept: bool
) -> tuple[list[dict[str, Any]], list[Reject]]:
    """Each file's counts and sums, and the rejects of all."""
    faulty: dict[int, list[dict[str, Any]]] = {}
    for row in engine.run(ROOM, "file_rejects", blank_total_kept=blank_total_kept):
        faulty.setdefault(row["file_id"], []).append(row)
    facts, rejects = [], []
    for number, each in enumerate(read):
        known = each.canonical.facts
        own = rejects_of(each.file.name, known.misfit_rows, faulty.get(number, ()))
        rejects.extend(own)
        facts.append(
            {
                "rows": known.rows,
                "rejected": len(own),
                "sha256": known.sha256,
                "encoding": known.encoding,
                "profile": each.profile.profile,
                "blanked": known.blanked,
                "submitted_pence": 0,
                "rejected_pence": 0,
                "unreadable_sums": len(known.misfit_rows),
                "not_counted_pence": 0,
                **{name: {} for name in _RULES.values()},
            }
        )
    for row in engine.run(ROOM, "file_sums", blank_total_kept=blank_total_kept):
        own_facts = facts[row["file_id"]]
        own_facts |= {name: row[name] for name in ("submitted_pence", "rejected_pence")}
        own_facts["unreadable_sums"] += row["unreadable_sums"]
    for row in engine.run(ROOM, "file_rules", blank_total_kept=blank_total_kept):
        facts[row["file_id"]][_RULES[row["what"]]][row["rule"]] = row["rows"]
        if row["what"] == "not_counted":
            facts[row["file_id"]]["not_counted_pence"] += row["pence"]
    return facts, rejects


_RULES = {
    "period": "period_rules",
    "point_of_delivery": "point_of_delivery_rules",
    "practice": "practice_rules",
    "amount": "amount_rules",
    "not_counted": "not_counted",
}
"""Where an account counts the rows of each rule."""


def _unusable(
    read: _Read, facts: dict[str, Any], fate: dict[str, Any], year: FinancialYear | None
) -> Iterator[Finding]:
    """What is wrong with a file as a whole: nothing of it can be used, or nothing of it belongs to the year."""
    if facts["rows"] and facts["rows"] == facts["rejected"]:
        yield nothing_usable(read.file.name, facts["rows"], Level.SUBMISSION)
    elif facts["rows"] and not fate["in_year"]:
        message = f"no row of the file belongs to {year}, the year of the plan"
        yield Finding("YEAR-WRONG", Level.SUBMISSION, message, "take the file out of the plan's folder", read.file.name)


def activity_findings(
    engine: Engine, accounts: Sequence[FileAccount], year: FinancialYear | None, as_of: dt.date | None = None
) -> list[Finding]:
    """What a reader should know of the lines that were read: empty files, missing months, lines that stand twice,
    values that were left blank, months after the day as of which they are read.
    """
    findings = [nothing_usable(account.file, 0, Level.WARNING) for account in accounts if account.rows == 0]
    for provider, missing in (missing_months(engine, year) if year else {}).items():
        message = f"provider {provider} has no line for {', '.join(missing)}"
        findings.append(Finding("MONTH-MISSING", Level.WARNING, message, "ask whether a file is still to come"))
    repeated = engine.run(ROOM, "repeated_lines")[0]
    if repeated["lines"]:
        pounds = format_pounds(repeated["submitted_pence"])
        message = (
            f"{repeated['lines']} lines, submitted at {pounds}, repeat another of the same identifier in every field"
        )
        mend = "ask the provider whether they are meant; they are charged as they stand"
        findings.append(Finding("LINE-REPEATED", Level.WARNING, message, mend, count=repeated["lines"]))
    findings.extend(_blanked(accounts))
    if as_of is not None:
        findings.extend(_in_the_future(engine, accounts, as_of))
    return findings


def missing_months(engine: Engine, year: FinancialYear) -> dict[str, list[str]]:
    """The months of the year for which a provider that has lines in others has none, by provider."""
    present: dict[str, set[int]] = {}
    for row in engine.run(ROOM, "months_present", first_period=year.start_year * 12 + 1):
        present.setdefault(row["provider"], set()).add(row["month"])
    missing = {
        provider: [MONTH_NAMES[month - 1] for month in range(1, 13) if month not in months]
        for provider, months in present.items()
    }
    return {provider: months for provider, months in missing.items() if months}


def _blanked(accounts: Sequence[FileAccount]) -> Iterator[Finding]:
    for account in accounts:
        for field, rows in account.blanked.items():
            message = f"{rows} row{'s' if rows != 1 else ''}: {field.replace('_', ' ')} cannot be read, left blank"
            yield Finding("VALUE-BLANKED", Level.WARNING, message, "", account.file, count=rows)


def _in_the_future(engine: Engine, accounts: Sequence[FileAccount], as_of: dt.date) -> Iterator[Finding]:
    for row in engine.run(ROOM, "future_periods", last_begun=period_of_day(day_number(as_of))):
        months = sorted({_month(row["first_period"]), _month(row["last_period"])})
        message = (
            f"{row['rows']} rows, submitted at {format_pounds(row['pence'])}, are of months after {as_of}: "
            f"{' to '.join(months)}"
        )
        mend = "look at the month, year and date of some of them"
        yield Finding("PERIOD-FUTURE", Level.WARNING, message, mend, accounts[row["file_id"]].file, count=row["rows"])


def _month(period: int) -> str:
    """A period as it is read: ``2026/27 month 05``."""
    year, month = divmod(period - 1, 12)
    return f"{FinancialYear(year)} month {month + 1:02d}"


def _account(read: _Read, facts: dict[str, Any], fate: dict[str, Any]) -> FileAccount:
    return FileAccount(
        file=read.file.name,
        kind=read.profile.title,
        superseded=fate["superseded"],
        used=fate["kept"] - fate["superseded"],
        superseded_pence=fate["superseded_pence"],
        **facts,
    )
