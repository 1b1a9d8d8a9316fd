"""The practice map: which host a practice's people belong to on which days, through closures and successors."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from yoc.core.findings import Finding, FindingsError, Level
from yoc.core.periods import day_of_number
from yoc.intake.account import FileAccount
from yoc.intake.layouts import NEIGHBOURHOODS, NETWORK_NEIGHBOURHOODS, NETWORKS, PRACTICES, SUCCESSORS
from yoc.intake.text_table import Layout, TextTable, read_text_table
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
        return [period for period in self.belongings_of(practice, from_day, to_day) if period.value]

    def belongings_of(self, practice: str, from_day: int, to_day: int) -> list[Period]:
        """The hosts of a practice's people between two days, with ``""`` where the map says that they have none."""
        found: list[Period] = []
        for own in self.practices.get(practice, ()):
            if inside := own.within(from_day, to_day):
                if own.value:
                    hosts = (
                        host.within(inside.from_day, inside.to_day) for host in self.neighbourhoods.get(own.value, ())
                    )
                    found.extend(host for host in hosts if host)
                else:
                    found.append(inside)
            if own.successor and own.to_day < to_day:
                found.extend(self.belongings_of(own.successor, max(own.to_day, from_day), to_day))
        return found

    def gaps_of(self, practice: str, from_day: int, to_day: int) -> list[tuple[int, int]]:
        """The days between two days of which the map says nothing, each from one day to the day before another.

        >>> late = PracticeMap({"Y1": (Period("N1", 90, 200),)}, {"N1": (Period("A", 100, 150),)})
        >>> late.gaps_of("Y1", 50, 365)
        [(50, 100), (150, 365)]
        """
        gaps, covered = [], from_day
        for period in sorted(self.belongings_of(practice, from_day, to_day), key=lambda period: period.from_day):
            if period.from_day > covered:
                gaps.append((covered, period.from_day))
            covered = max(covered, period.to_day)
        return [*gaps, (covered, to_day)] if covered < to_day else gaps


Named = tuple[Path, str]
"""A file's path, and its name in the workspace."""


def read_practice_map(files: Mapping[str, Named], hosts: Sequence[str]) -> tuple[PracticeMap, list[FileAccount]]:
    """Read the files of the map: ``neighbourhoods``, and either ``practices``, or ``networks`` with
    ``network_neighbourhoods`` and perhaps ``successors``.

    Raises ``FindingsError`` with every contradiction in them.
    """
    layouts = {name: layout for name, layout in _LAYOUTS.items() if name in files}
    findings: list[Finding] = []
    texts: dict[str, TextTable] = {}
    for name, layout in layouts.items():
        try:
            texts[name] = read_text_table(*files[name], layout)
        except FindingsError as error:
            findings.extend(error.findings)
    if findings:
        raise FindingsError(findings)
    host_periods = _periods(texts["neighbourhoods"], "neighbourhood", "host", findings)
    findings.extend(_overlaps(host_periods, "neighbourhood", texts["neighbourhoods"].file))
    if "practices" in texts:
        practices_file = texts["practices"].file
        practice_periods = _periods(texts["practices"], "practice", "neighbourhood", findings)
    else:
        practices_file = texts["networks"].file
        practice_periods = _through_networks(texts, findings)
    findings.extend(_overlaps(practice_periods, "practice", practices_file))
    practice_map = PracticeMap(practice_periods, host_periods)
    findings.extend(_contradictions(practice_map, practices_file, texts["neighbourhoods"].file, hosts))
    if findings:
        raise FindingsError(findings)
    return practice_map, [_account(texts[name], layout) for name, layout in layouts.items()]


_LAYOUTS = {
    "practices": PRACTICES,
    "networks": NETWORKS,
    "network_neighbourhoods": NETWORK_NEIGHBOURHOODS,
    "successors": SUCCESSORS,
    "neighbourhoods": NEIGHBOURHOODS,
}


def _account(text: TextTable, layout: Layout) -> FileAccount:
    return FileAccount(text.file, layout.kind, text.sha256, text.rows, text.rows, encoding=text.encoding)


def _through_networks(texts: Mapping[str, TextTable], findings: list[Finding]) -> dict[str, tuple[Period, ...]]:
    """The neighbourhoods of each practice by period, through the network that it is a partner of.

    The national file holds every network in England: a practice whose networks have no row among the neighbourhoods is
    left out here, and so is unknown if somebody is registered with it.
    """
    partners = _periods(texts["networks"], "practice", "network", findings)
    placed = _periods(texts["network_neighbourhoods"], "network", "neighbourhood", findings)
    findings.extend(_overlaps(placed, "network", texts["network_neighbourhoods"].file))
    composed: dict[str, tuple[Period, ...]] = {}
    for practice, periods in partners.items():
        known = [own for own in periods if not own.value or own.value in placed]
        if known:
            composed[practice] = tuple(part for own in known for part in _placed(own, placed))
    if "successors" in texts:
        _close_into_successors(composed, texts["successors"], findings)
    return composed


def _placed(own: Period, placed: Mapping[str, tuple[Period, ...]]) -> Iterator[Period]:
    """A practice's time in a network, cut at the days on which the network changes its neighbourhood."""
    if not own.value:
        yield own
    for place in placed.get(own.value, ()):
        if part := place.within(own.from_day, own.to_day):
            yield replace(part, row=own.row)


def _close_into_successors(practices: dict[str, tuple[Period, ...]], text: TextTable, findings: list[Finding]) -> None:
    """From the day on which its successor takes over a practice has no network of its own."""
    seen: dict[str, int] = {}
    for row in text.table.to_pylist():
        practice, successor = row["practice"].strip().upper(), row["successor"].strip().upper()
        day, number = read_day(row["from_date"]), row["row_number"]
        if day is None:
            findings.append(_invalid(text.file, number, "a date is not a date"))
        elif practice in seen:
            message = f"practice {practice} has a successor on row {seen[practice]} already"
            findings.append(_invalid(text.file, number, message))
        elif practice in practices:
            own = tuple(part for period in practices[practice] if (part := period.within(period.from_day, day)))
            practices[practice] = (*own, Period("", day, day, number, successor))
        seen.setdefault(practice, number)
    findings.extend(_misfits(text))


def _periods(text: TextTable, key: str, value: str, findings: list[Finding]) -> dict[str, tuple[Period, ...]]:
    gathered: dict[str, list[Period]] = {}
    findings.extend(_misfits(text))
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
    return {name: tuple(sorted(periods, key=lambda period: period.from_day)) for name, periods in gathered.items()}


def _misfits(text: TextTable) -> Iterator[Finding]:
    for row in text.misfit_rows:
        yield _invalid(text.file, row, "has another number of columns than the header")


def _overlaps(by_name: Mapping[str, Sequence[Period]], key: str, file: str) -> Iterator[Finding]:
    """Two periods of one name that share days, with the first and the last of those."""
    for name, periods in by_name.items():
        for before, after in pairwise(periods):
            if after.from_day < before.to_day:
                first, last = after.from_day, min(before.to_day, after.to_day) - 1
                open_end = last >= OPEN_END_DAY - 1
                shared = f"from {day_of_number(first)} {'on' if open_end else f'to {day_of_number(last)}'}"
                message = f"{key} {name}: the period overlaps with the one on row {before.row}, {shared}"
                yield _invalid(file, after.row, message)


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
