"""Patient-level contract monitoring files become one table of lines; every row and every pound is accounted for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from yoc.core.findings import Finding, FindingsError, Level
from yoc.core.periods import FinancialYear, day_number
from yoc.engine import Engine
from yoc.intake.account import FileAccount, Reject, text_rejects
from yoc.intake.layouts import ACTIVITY
from yoc.intake.text_table import TextTable, read_text_table
from yoc.intake.texts import NO_PERSON, period_in_name, read_day, read_period, read_point_of_delivery

ROOM = "yoc.intake"


@dataclass(frozen=True)
class ActivityFile:
    """A file to read: where it is, its name in the workspace, and which load it came with (later loads supersede)."""

    path: Path
    name: str
    load: int


def read_activity(
    engine: Engine, files: Sequence[ActivityFile], year: FinancialYear, step: Callable[[], None] = lambda: None
) -> tuple[list[FileAccount], list[Reject]]:
    """Read the files into the table `line` and give each one's account.

    Expects the table `person_key` that reading the people has made. ``step`` is called after each file. Raises
    ``FindingsError`` with every file that is missing a column, cannot be read, or holds no row of the year.
    """
    engine.run(ROOM, "line_tables")
    _give_calendar(engine, year)
    engine.give("nobody", {"person_key": pa.string()}, [(key,) for key in NO_PERSON])
    read: list[tuple[int, ActivityFile, str, dict[str, Any]]] = []
    rejects: list[Reject] = []
    findings: list[Finding] = []
    for file_id, file in enumerate(files):
        try:
            text = read_text_table(file.path, file.name, ACTIVITY)
        except FindingsError as error:
            findings.extend(error.findings)
            continue
        read.append((file_id, file, text.sha256, _read_file(engine, file_id, file, text, rejects)))
        step()
    if findings:
        raise FindingsError(findings)
    engine.give(
        "activity_file", {"file_id": pa.int32(), "load": pa.int32()}, [(i, file.load) for i, file in enumerate(files)]
    )
    engine.run(ROOM, "line")
    first = year.start_year * 12 + 1
    fates = {row["file_id"]: row for row in engine.run(ROOM, "file_fates", first_period=first, last_period=first + 11)}
    findings.extend(
        _wrong_year(file, year)
        for file_id, file, _, facts in read
        if facts["rows"] > facts["rejected"] and fates[file_id]["in_year"] == 0
    )
    if findings:
        raise FindingsError(findings)
    accounts = [_account(file, sha256, facts, fates[file_id]) for file_id, file, sha256, facts in read]
    return accounts, rejects


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


def _read_file(
    engine: Engine, file_id: int, file: ActivityFile, text: TextTable, rejects: list[Reject]
) -> dict[str, Any]:
    """Read one file's rows into `loaded_line`; its counts and sums."""
    engine.give_table("incoming", text.table)
    _give_texts(engine)
    engine.run(ROOM, "read_lines", name_period=period_in_name(file.path.name) or 0)
    engine.run(ROOM, "new_combinations")
    engine.run(ROOM, "keep_lines", file_id=file_id)
    faulty = text_rejects(text, engine.run(ROOM, "file_rejects"))
    rejects.extend(faulty)
    sums = engine.run(ROOM, "file_sums")[0]
    rules = {row["period_rule"]: row["rows"] for row in engine.run(ROOM, "file_rules")}
    engine.drop("incoming")
    sums["unreadable_sums"] += len(text.misfit_rows)
    return {"rows": text.rows, "rejected": len(faulty), "period_rules": rules, "encoding": text.encoding, **sums}


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


def _wrong_year(file: ActivityFile, year: FinancialYear) -> Finding:
    message = f"no row of the file belongs to {year}, the year of the plan"
    return Finding("YEAR-WRONG", Level.SUBMISSION, message, "take the file out of the plan's folder", file.name)


def _account(file: ActivityFile, sha256: str, facts: dict[str, Any], fate: dict[str, Any]) -> FileAccount:
    return FileAccount(
        file=file.name,
        kind=ACTIVITY.kind,
        sha256=sha256,
        rows=facts["rows"],
        rejected=facts["rejected"],
        superseded=fate["superseded"],
        used=fate["kept"] - fate["superseded"],
        submitted_pence=facts["submitted_pence"],
        rejected_pence=facts["rejected_pence"],
        superseded_pence=fate["superseded_pence"],
        unreadable_sums=facts["unreadable_sums"],
        encoding=facts["encoding"],
        period_rules=facts["period_rules"],
    )
