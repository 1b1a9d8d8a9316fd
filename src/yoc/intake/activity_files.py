"""Activity files of any profile become one table of lines; every row and every pound is accounted for."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa

from yoc.contract.scope import DEFAULT_PROVIDERS
from yoc.core.findings import Finding, FindingsError, Level, stop_if_any
from yoc.core.money import format_pounds
from yoc.core.periods import MONTH_NAMES, FinancialYear, day_number
from yoc.engine import Engine
from yoc.intake.account import FileAccount, Reject, nothing_usable, rejects_of
from yoc.intake.canonical_lines import LineReader
from yoc.intake.canonical_store import NOTHING_HASHED, Canonical, CanonicalStore, canonical_key
from yoc.intake.container import hash_each
from yoc.intake.limits import LINES
from yoc.intake.line_checks import (
    LIGHT_SHARE,
    apart_findings,
    blanked_findings,
    date_order_findings,
    future_findings,
    light_findings,
    look_at_lines,
    repeat_findings,
    spell_findings,
)
from yoc.intake.line_decisions import NamePeriod
from yoc.intake.profile import Profile
from yoc.intake.profile_set import KnownProfile, ProfileSet, built_in_profiles
from yoc.intake.texts import period_of_day
from yoc.intake.thresholds import NO_THRESHOLDS, Thresholds, refuse_files, refused_findings, show_lines

ROOM = "yoc.intake"
BLANK_TOTAL = "total cost is blank"
"""What is wrong with a row that is a line all the same where a contract says what becomes of one without a total."""
COMBINATION = ("provider", "commissioner", "point_of_delivery", "tariff_code", "treatment_function",
               "specialised_service", "national_tariff", "data_set", "cost_basis", "not_counted")  # fmt: skip
"""The codes on which rules depend."""


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
    thresholds: Thresholds = NO_THRESHOLDS,
    contents: Mapping[str, str] = NOTHING_HASHED,
) -> tuple[list[FileAccount], list[Reject]]:
    """Read the files, give each one's account, and show their lines as `kept_line`, read where they are asked for.

    Expects the table `person_key` that reading the people has made. ``step`` is called after each file. ``profiles``
    are those of the package unless given; ``store`` is the folder in which lines are kept as Parquet, a passing one
    unless given; ``contents`` the hash of each file's bytes by name, where it was taken already. A row with a blank
    total is rejected, or kept as a line of which nobody knows the total. Raises ``FindingsError`` with every file that
    no profile reads, that is missing a column, cannot be read, holds no row of the year (where one is given), or is
    over a threshold that stops the run.
    """
    known = profiles or built_in_profiles()
    # Lines are read where they are asked for, as long as the engine lasts.
    kept = engine.keep_open(CanonicalStore(store))
    engine.run(ROOM, "raw/numbers")
    read = _read_all(engine, files, known, kept, step, contents)
    _give_files(engine, read, blank_total_kept=blank_total_kept)
    facts, rejects = _facts(engine, read)
    show_lines(engine)
    refused = refuse_files(engine, thresholds, facts)
    look_at_lines(engine, [each.profile.restates for each in read])
    first = year.start_year * 12 + 1 if year else 0
    last = first + 11 if year else 1 << 30
    fates = {row["file_id"]: row for row in engine.run(ROOM, "file_fates", first_period=first, last_period=last)}
    named = {read[number].file.name: reason for number, reason in refused.items()}
    stop_if_any(
        [
            *(() if thresholds.leave_out else refused_findings(named, left_out=False)),
            *(
                finding
                for number, each in enumerate(read)
                if number not in refused
                for finding in _unusable(each, facts[number], fates[number], year)
            ),
        ]
    )
    for number, reason in refused.items():
        rejects.append(_refuse(read[number], facts[number], reason))
    return [_account(each, facts[number], fates[number]) for number, each in enumerate(read)], rejects


def give_no_lines(engine: Engine) -> None:
    """Make the tables of lines with no line in them, where nothing but statements and invoices is read."""
    engine.give("combination", {"combination_id": pa.int32(), **dict.fromkeys(COMBINATION, pa.string())}, [])
    whole = dict.fromkeys(("file_id", "combination_id", "period"), pa.int32())
    sums = dict.fromkeys(("lines", "pence", "thousandths"), pa.int64())
    engine.give("line_part", {**whole, **sums, "superseded": pa.bool_()}, [])


def _read_all(
    engine: Engine,
    files: Sequence[ActivityFile],
    profiles: ProfileSet,
    store: CanonicalStore,
    step: Callable[[], None],
    hashed: Mapping[str, str],
) -> list[_Read]:
    """Every file as canonical lines, from the store or read now. Raises ``FindingsError`` with the faults of all."""
    findings: list[Finding] = []
    known: dict[int, Profile] = {}
    kept: dict[int, Canonical] = {}
    first_of: dict[str, int] = {}
    same: dict[int, int] = {}
    reader = LineReader(engine)
    contents = _contents(files, hashed)
    try:
        for number, file in enumerate(files):
            try:
                found = profile_of(file, profiles)
                known[number] = found.profile
                content = _content(contents[number])
                key = canonical_key(content, found, NamePeriod.of(file.name, found.profile))
                if canonical := store.kept(key):
                    kept[number] = canonical
                elif key in first_of:
                    # The same content under another name, as where a file is sent twice: it is read once.
                    same[number] = first_of[key]
                else:
                    first_of[key] = number
                    reader.read(number, file.path, file.name, found.profile, partial(store.begin, key), content)
            except FindingsError as error:
                findings.extend(error.findings)
            step()
        if findings:
            raise FindingsError(findings)
        reader.finish()
    finally:
        reader.abandon()
    kept |= reader.made
    kept |= {number: kept[first] for number, first in same.items()}
    return [_Read(file, known[number], kept[number]) for number, file in enumerate(files)]


def profile_of(file: ActivityFile, profiles: ProfileSet) -> KnownProfile:
    """The profile of an activity file. Raises ``FindingsError`` where there is none, or it is of another kind."""
    if not file.profile:
        return profiles.for_file(file.path, file.name, ("activity",))
    known = profiles.named(file.profile, file.name)
    if known.profile.kind != "activity":
        message = f"the profile {file.profile} reads {known.profile.title}, and no activity"
        raise FindingsError([Finding("PROFILE-UNKNOWN", Level.SUBMISSION, message, "name one of activity", file.name)])
    return known


def _contents(files: Sequence[ActivityFile], hashed: Mapping[str, str]) -> list[str | FindingsError]:
    """The hash of each file's bytes, taken now where it was not before; where one cannot be read, what is wrong."""

    missing = [(file.path, file.name) for file in files if file.name not in hashed]
    found = iter(hash_each(missing, LINES))
    return [hashed[file.name] if file.name in hashed else next(found) for file in files]


def _content(found: str | FindingsError) -> str:
    if isinstance(found, FindingsError):
        raise found
    return found


def _give_files(engine: Engine, read: Sequence[_Read], *, blank_total_kept: bool) -> None:
    """Show the canonical files, and number the combinations of codes of the lines that can be used."""
    engine.give_parquet("canonical", sorted({str(each.canonical.path) for each in read}))
    engine.give_parquet("canonical_part", sorted({str(each.canonical.parts) for each in read}))
    engine.give(
        "activity_file",
        {"file_id": pa.int32(), "load": pa.int32(), "cumulative": pa.bool_(), "canonical": pa.string(),
         "parts": pa.string()},
        [
            (number, each.file.load, each.profile.cumulative, str(each.canonical.path), str(each.canonical.parts))
            for number, each in enumerate(read)
        ],
    )  # fmt: skip
    kept = ["", BLANK_TOTAL] if blank_total_kept else [""]
    engine.give("kept_fault", {"fault": pa.string()}, [(fault,) for fault in kept])
    engine.run(ROOM, "combination")
    if engine.run(ROOM, "kinds_of_one_number")[0]["kinds"]:
        raise AssertionError("two sets of codes have one number")


def _facts(engine: Engine, read: Sequence[_Read]) -> tuple[list[dict[str, Any]], list[Reject]]:
    """Each file's counts and sums, and the rejects of all."""
    faulty: dict[int, list[dict[str, Any]]] = {}
    for row in engine.run(ROOM, "file_rejects"):
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
                "header_row": known.header_row,
                "profile": each.profile.profile,
                "blanked": known.blanked,
                "date_orders": known.date_orders,
                "submitted_pence": 0,
                "rejected_pence": 0,
                "unreadable_sums": len(known.misfit_rows),
                "not_counted_pence": 0,
                **{name: {} for name in _RULES.values()},
            }
        )
    for row in engine.run(ROOM, "file_sums"):
        own_facts = facts[row["file_id"]]
        own_facts |= {name: row[name] for name in ("submitted_pence", "rejected_pence")}
        own_facts["unreadable_sums"] += row["unreadable_sums"]
    for each, own_facts in zip(read, facts, strict=True):
        if each.profile.amount == ("none",):
            own_facts["unreadable_sums"] = 0  # Such files hold no sums.
    for row in engine.run(ROOM, "file_rules"):
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


def _refuse(read: _Read, facts: dict[str, Any], reason: str) -> Reject:
    """Count all rows and pounds of a file that is left out as rejected; what stands for those that could be read."""
    rest = facts["rows"] - facts["rejected"]
    facts |= {"rejected": facts["rows"], "rejected_pence": facts["submitted_pence"], "refused": reason}
    facts |= {"not_counted_pence": 0, **{name: {} for name in _RULES.values()}, "blanked": {}}
    return Reject(read.file.name, 0, "file", "is refused whole", rest)


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
    engine: Engine,
    accounts: Sequence[FileAccount],
    year: FinancialYear | None,
    as_of: dt.date | None = None,
    light_share: Fraction = LIGHT_SHARE,
) -> list[Finding]:
    """What a reader should know of the lines that were read: empty files, months that are missing or light, lines that
    stand twice, spells with too many days, values left blank, dates that may be other days or lie outside their month,
    months after the day as of which they are read.
    """
    findings = [nothing_usable(account.file, 0, Level.WARNING) for account in accounts if account.rows == 0]
    refused = {account.file: account.refused for account in accounts if account.refused}
    findings.extend(refused_findings(refused, left_out=True))
    for provider, missing in (missing_months(engine, year) if year else {}).items():
        message = f"provider {provider} has no line for {', '.join(missing)}"
        findings.append(Finding("MONTH-MISSING", Level.WARNING, message, "ask whether a file is still to come"))
    findings.extend(repeat_findings(engine, accounts))
    findings.extend(spell_findings(engine))
    if year is not None and light_share:
        first = year.start_year * 12 + 1
        last = first + 11 if as_of is None else min(first + 11, period_of_day(day_number(as_of)))
        findings.extend(light_findings(engine, first, last, light_share))
    findings.extend(blanked_findings(accounts))
    findings.extend(date_order_findings(accounts))
    findings.extend(apart_findings(engine, accounts))
    if as_of is not None:
        findings.extend(future_findings(engine, accounts, as_of))
    return findings


def unmapped_findings(engine: Engine, accounts: Sequence[FileAccount]) -> list[Finding]:
    """A finding for each file with lines of which the point of delivery is not known, where nothing is priced."""
    findings = []
    for row in engine.run(ROOM, "unmapped_lines"):
        lines = f"{row['lines']} line{'s' if row['lines'] != 1 else ''}"
        message = f"{lines}, submitted at {format_pounds(row['submitted_pence'])}: the point of delivery is not known"
        mend = "ask for the national code, or map it in a profile"
        file = accounts[row["file_id"]].file
        findings.append(Finding("POD-UNMAPPED", Level.RECORD, message, mend, file, count=row["lines"]))
    return findings


def missing_months(engine: Engine, year: FinancialYear) -> dict[str, list[str]]:
    """The months of the year for which a provider that has lines in others has none, by provider.

    A default code stands for many providers, none of which need have lines in every month.
    """
    present: dict[str, set[int]] = {}
    for row in engine.run(ROOM, "months_present", first_period=year.start_year * 12 + 1):
        present.setdefault(row["provider"], set()).add(row["month"])
    missing = {
        provider: [MONTH_NAMES[month - 1] for month in range(1, 13) if month not in months]
        for provider, months in present.items()
        if provider not in DEFAULT_PROVIDERS
    }
    return {provider: months for provider, months in missing.items() if months}


def _account(read: _Read, facts: dict[str, Any], fate: dict[str, Any]) -> FileAccount:
    return FileAccount(
        file=read.file.name,
        kind=read.profile.title,
        superseded=fate["superseded"],
        used=fate["kept"] - fate["superseded"],
        superseded_pence=fate["superseded_pence"],
        **facts,
    )
