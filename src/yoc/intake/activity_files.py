"""Patient-level contract monitoring files become one table of lines; every row and every pound is accounted for."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from yoc.core.findings import Finding, FindingsError, Level, stop_if_any
from yoc.core.money import format_pounds
from yoc.core.periods import MONTH_NAMES, FinancialYear, day_number
from yoc.engine import Engine
from yoc.intake.account import FileAccount, Reject, nothing_usable, text_rejects
from yoc.intake.layouts import ACTIVITY
from yoc.intake.text_table import TextTable, read_text_table
from yoc.intake.texts import NO_PERSON, period_in_name, read_day, read_period, read_point_of_delivery

ROOM = "yoc.intake"
_BATCH_ROWS = 250_000


@dataclass(frozen=True)
class ActivityFile:
    """A file to read: where it is, its name in the workspace, and which load it came with (later loads supersede)."""

    path: Path
    name: str
    load: int


def read_activity(
    engine: Engine,
    files: Sequence[ActivityFile],
    year: FinancialYear,
    step: Callable[[], None] = lambda: None,
    *,
    blank_total_kept: bool = False,
) -> tuple[list[FileAccount], list[Reject]]:
    """Read the files into the table `line` and give each one's account.

    Expects the table `person_key` that reading the people has made. ``step`` is called after each file. A row
    with a blank total is rejected, or kept as a line of which nobody knows the total. Raises ``FindingsError`` with
    every file that is missing a column, cannot be read, or holds no row of the year.
    """
    engine.run(ROOM, "line_tables")
    _give_calendar(engine, year)
    engine.give("nobody", {"person_key": pa.string()}, [(key,) for key in NO_PERSON])
    engine.give(
        "activity_file",
        {"file_id": pa.int32(), "load": pa.int32(), "name_period": pa.int32()},
        [(file_id, file.load, period_in_name(file.path.name)) for file_id, file in enumerate(files)],
    )
    read, rejects = _read_in_batches(engine, files, step, blank_total_kept)
    engine.run(ROOM, "line")
    first = year.start_year * 12 + 1
    fates = {row["file_id"]: row for row in engine.run(ROOM, "file_fates", first_period=first, last_period=first + 11)}
    stop_if_any(
        finding for file_id, facts in read.items() for finding in _unusable(files[file_id], facts, fates[file_id], year)
    )
    return [_account(files[file_id], facts, fates[file_id]) for file_id, facts in read.items()], rejects


def _read_in_batches(
    engine: Engine, files: Sequence[ActivityFile], step: Callable[[], None], blank_total_kept: bool
) -> tuple[dict[int, dict[str, Any]], list[Reject]]:
    """Read files into `loaded_line`, several at a time: the engine works on many rows at once, memory on few files."""
    facts: dict[int, dict[str, Any]] = {}
    rejects: list[Reject] = []
    findings: list[Finding] = []
    batch: dict[int, TextTable] = {}
    for file_id, file in enumerate(files):
        try:
            batch[file_id] = read_text_table(file.path, file.name, ACTIVITY)
        except FindingsError as error:
            findings.extend(error.findings)
        if not findings and sum(text.rows for text in batch.values()) >= _BATCH_ROWS:
            facts |= _read_batch(engine, batch, rejects, blank_total_kept)
            batch = {}
        step()
    if findings:
        raise FindingsError(findings)
    return facts | _read_batch(engine, batch, rejects, blank_total_kept), rejects


def _give_calendar(engine: Engine, year: FinancialYear) -> None:
    """Every day of the year before, the year and the year after with its period, and the first day of each period."""
    years = [FinancialYear(year.start_year + step) for step in (-1, 0, 1)]
    starts = [
        (each.start_year * 12 + month, day_number(start))
        for each in years
        for month, start in enumerate(each.month_starts(), 1)
    ]
    ends = [day for _, day in starts[1:]] + [day_number(years[-1].last_day) + 1]
    days = [(day, period) for (period, first), end in zip(starts, ends, strict=True) for day in range(first, end)]
    engine.give("calendar", {"day": pa.int32(), "period": pa.int32()}, days)
    engine.give("period_start", {"period": pa.int32(), "day": pa.int32()}, starts)


def _read_batch(
    engine: Engine, batch: dict[int, TextTable], rejects: list[Reject], blank_total_kept: bool
) -> dict[int, dict[str, Any]]:
    """Read some files' rows into `loaded_line`; each file's counts and sums."""
    if not batch:
        return {}
    tables = [
        text.table.append_column("file_id", pa.array([file_id] * text.table.num_rows, type=pa.int32()))
        for file_id, text in batch.items()
    ]
    engine.give_table("incoming", pa.concat_tables(tables))
    _give_texts(engine)
    engine.run(ROOM, "read_lines", blank_total_kept=blank_total_kept)
    engine.run(ROOM, "new_combinations")
    engine.run(ROOM, "keep_lines")
    engine.drop("incoming")
    faulty: dict[int, list[dict[str, Any]]] = {file_id: [] for file_id in batch}
    for row in engine.run(ROOM, "file_rejects"):
        faulty[row["file_id"]].append(row)
    facts: dict[int, dict[str, Any]] = {}
    for file_id, text in batch.items():
        own = text_rejects(text, faulty[file_id])
        rejects.extend(own)
        facts[file_id] = {
            "rows": text.rows,
            "rejected": len(own),
            "sha256": text.sha256,
            "encoding": text.encoding,
            "period_rules": {},
            "submitted_pence": 0,
            "rejected_pence": 0,
            "unreadable_sums": len(text.misfit_rows),
        }
    for row in engine.run(ROOM, "file_sums"):
        own_facts = facts[row["file_id"]]
        own_facts |= {name: row[name] for name in ("submitted_pence", "rejected_pence")}
        own_facts["unreadable_sums"] += row["unreadable_sums"]
    for row in engine.run(ROOM, "file_rules"):
        facts[row["file_id"]]["period_rules"][row["period_rule"]] = row["rows"]
    return facts


def _give_texts(engine: Engine) -> None:
    """Decide every distinct date, period and point of delivery of the file in Python, and give the answers back."""
    found: dict[str, list[tuple[str, str]]] = {"date": [], "period": [], "point_of_delivery": []}
    for row in engine.run(ROOM, "distinct_texts"):
        found[row["kind"]].append((row["text"], row["second"]))
    engine.give(
        "date_text", {"text": pa.string(), "day": pa.int32()}, [(text, read_day(text)) for text, _ in found["date"]]
    )
    engine.give(
        "period_text",
        {"text": pa.string(), "second": pa.string(), "period": pa.int32(), "fault": pa.string()},
        [(text, second, *read_period(text, second)) for text, second in found["period"]],
    )
    engine.give(
        "pod_text",
        {"text": pa.string(), "code": pa.string()},
        [(text, read_point_of_delivery(text)) for text, _ in found["point_of_delivery"]],
    )


def _unusable(
    file: ActivityFile, facts: dict[str, Any], fate: dict[str, Any], year: FinancialYear
) -> Iterator[Finding]:
    """What is wrong with a file as a whole: nothing of it can be used, or nothing of it belongs to the year."""
    if facts["rows"] and facts["rows"] == facts["rejected"]:
        yield nothing_usable(file.name, facts["rows"], Level.SUBMISSION)
    elif facts["rows"] and not fate["in_year"]:
        message = f"no row of the file belongs to {year}, the year of the plan"
        yield Finding("YEAR-WRONG", Level.SUBMISSION, message, "take the file out of the plan's folder", file.name)


def activity_findings(engine: Engine, accounts: Sequence[FileAccount], year: FinancialYear) -> list[Finding]:
    """What a reader should know of the lines that were read: empty files, missing months, lines that stand twice."""
    findings = [nothing_usable(account.file, 0, Level.WARNING) for account in accounts if account.rows == 0]
    for provider, missing in missing_months(engine, year).items():
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


def _account(file: ActivityFile, facts: dict[str, Any], fate: dict[str, Any]) -> FileAccount:
    return FileAccount(
        file=file.name,
        kind=ACTIVITY.kind,
        superseded=fate["superseded"],
        used=fate["kept"] - fate["superseded"],
        superseded_pence=fate["superseded_pence"],
        **facts,
    )
