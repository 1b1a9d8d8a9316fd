"""The practice map: which host a practice's people belong to on which days, through closures and successors."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from yoc.core.findings import Finding, FindingsError, Level
from yoc.intake.account import FileAccount, whole_account
from yoc.intake.layouts import NEIGHBOURHOODS, PRACTICES
from yoc.intake.text_table import TextTable, read_text_table
from yoc.intake.texts import OPEN_END_DAY, read_day


@dataclass(frozen=True)
class Period:
    """A value that holds from one day to the day before another; ``row`` is where the file says so."""

    value: str
    from_day: int
    to_day: int
    row: int = 0
    successor: str = ""

    def within(self, from_day: int, to_day: int) -> "Period | None":
        """The part of the period inside two days, ``None`` where there is none."""
        start, end = max(self.from_day, from_day), min(self.to_day, to_day)
        return Period(self.value, start, end, self.row, self.successor) if start < end else None


@dataclass(frozen=True)
class PracticeMap:
    """For each practice, the hosts of its people by period; practices outside every host have none.

    A practice that closed on the day before day 100 into one of host B:

    >>> practice_map = PracticeMap(
    ...     {"Y1": (Period("N1", 0, 100, successor="Y2"),), "Y2": (Period("N2", 0, 1000),)},
    ...     {"N1": (Period("A", 0, 1000),), "N2": (Period("B", 0, 1000),)})
    >>> [(period.value, period.from_day, period.to_day) for period in practice_map.hosts_of("Y1", 50, 365)]
    [('A', 50, 100), ('B', 100, 365)]
    """

    practices: dict[str, tuple[Period, ...]]
    neighbourhoods: dict[str, tuple[Period, ...]]

    def hosts_of(self, practice: str, from_day: int, to_day: int) -> list[Period]:
        """The hosts of a practice's people between two days, with no two periods on one day."""
        found: list[Period] = []
        for own in self.practices.get(practice, ()):
            if inside := own.within(from_day, to_day):
                hosts = (host.within(inside.from_day, inside.to_day) for host in self.neighbourhoods.get(own.value, ()))
                found.extend(host for host in hosts if host)
            if own.successor and own.to_day < to_day:
                found.extend(self.hosts_of(own.successor, max(own.to_day, from_day), to_day))
        return found


def read_practice_map(
    practices: tuple[Path, str], neighbourhoods: tuple[Path, str], hosts: Sequence[str]
) -> tuple[PracticeMap, list[FileAccount]]:
    """Read the two files of the map. Raises ``FindingsError`` with every contradiction in them."""
    findings: list[Finding] = []
    texts = []
    for (path, shown), layout in ((practices, PRACTICES), (neighbourhoods, NEIGHBOURHOODS)):
        try:
            texts.append(read_text_table(path, shown, layout))
        except FindingsError as error:
            findings.extend(error.findings)
    if findings:
        raise FindingsError(findings)
    practice_periods = _periods(texts[0], "practice", "neighbourhood", findings)
    host_periods = _periods(texts[1], "neighbourhood", "host", findings)
    practice_map = PracticeMap(practice_periods, host_periods)
    findings.extend(_contradictions(practice_map, texts[0].file, texts[1].file, hosts))
    if findings:
        raise FindingsError(findings)
    accounts = [
        whole_account(text, layout.kind) for text, layout in zip(texts, (PRACTICES, NEIGHBOURHOODS), strict=True)
    ]
    return practice_map, accounts


def _periods(text: TextTable, key: str, value: str, findings: list[Finding]) -> dict[str, tuple[Period, ...]]:
    gathered: dict[str, list[Period]] = {}
    findings.extend(
        _invalid(text.file, row, "has another number of columns than the header") for row in text.misfit_rows
    )
    for row in text.table.to_pylist():
        from_day = read_day(row["from_date"])
        last_day = OPEN_END_DAY if not row["to_date"].strip() else read_day(row["to_date"])
        if from_day is None or last_day is None:
            findings.append(_invalid(text.file, row["row_number"], "a date is not a date"))
            continue
        to_day = last_day if last_day == OPEN_END_DAY else last_day + 1
        period = Period(
            row[value].strip().upper() if value != "host" else row[value].strip(),
            from_day,
            to_day,
            row["row_number"],
            (row.get("successor") or "").strip().upper(),
        )
        gathered.setdefault(row[key].strip().upper(), []).append(period)
    for name, periods in gathered.items():
        periods.sort(key=lambda period: period.from_day)
        for before, after in pairwise(periods):
            if after.from_day < before.to_day:
                message = f"{key} {name}: the period overlaps with the one on row {before.row}"
                findings.append(_invalid(text.file, after.row, message))
    return {name: tuple(periods) for name, periods in gathered.items()}


def _contradictions(
    practice_map: PracticeMap, practices_file: str, neighbourhoods_file: str, hosts: Sequence[str]
) -> Iterable[Finding]:
    for name, periods in practice_map.practices.items():
        for place, period in enumerate(periods):
            if period.value and period.value not in practice_map.neighbourhoods:
                yield _invalid(practices_file, period.row, f"practice {name}: neighbourhood {period.value} has no row")
            if not period.successor:
                continue
            if period.successor not in practice_map.practices:
                yield _invalid(practices_file, period.row, f"practice {name}: successor {period.successor} has no row")
            if period.to_day == OPEN_END_DAY or place < len(periods) - 1:
                message = f"practice {name} has a successor, but this is not the row on which it closes"
                yield _invalid(practices_file, period.row, message)
            if _leads_back(practice_map, name):
                yield _invalid(practices_file, period.row, f"practice {name}: its successors lead back to it")
    for name, periods in practice_map.neighbourhoods.items():
        for period in periods:
            if period.value not in hosts:
                message = f"neighbourhood {name}: {period.value} is not a host of the contract"
                yield _invalid(neighbourhoods_file, period.row, message)


def _leads_back(practice_map: PracticeMap, name: str) -> bool:
    seen, waiting = set(), [name]
    while waiting:
        for period in practice_map.practices.get(waiting.pop(), ()):
            if period.successor == name:
                return True
            if period.successor and period.successor not in seen:
                seen.add(period.successor)
                waiting.append(period.successor)
    return False


def _invalid(file: str, row: int, message: str) -> Finding:
    return Finding("MAP-INVALID", Level.SUBMISSION, message, "correct the row", file, row)
