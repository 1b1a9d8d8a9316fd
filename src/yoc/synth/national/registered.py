"""Registrations as the national demographics service lists them, as first counted and as restated; and list sizes."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from yoc.synth import files, places
from yoc.synth.lines import World
from yoc.synth.national.ledger import ACCEPTED, FINDING, REJECTED, Ledger
from yoc.synth.national.networks import MERGED, MERGED_INTO, MERGED_ON_DAY, successor_of
from yoc.synth.people import People, Standing
from yoc.synth.registrations import LEFT, REASONS, REGULAR, Registrations
from yoc.synth.year import EPOCH, FIRST_DAY, OPEN, day_text

PATH, PATH_BEFORE = "pds_care_practice.csv", "pds_care_practice_before.csv"
HEADER = (
    "PSEUDO NHS NUMBER",
    "PRIMARY CARE PROVIDER",
    "BUSINESS EFFECTIVE FROM",
    "BUSINESS EFFECTIVE TO",
    "REASON FOR REMOVAL",
    "derIcbOfRegistration",
)
LISTS_PATH = "gp-reg-pat-prac-all.csv"
LISTS = ("PUBLICATION", "EXTRACT_DATE", "TYPE", "SUB_ICB_LOCATION_CODE", "CODE", "SEX", "AGE", "NUMBER_OF_PATIENTS")
EXTRACTS = (dt.date(2026, 6, 1), dt.date(2026, 12, 1))
WRONG_LIST, WRONG_BY = (5, EXTRACTS[0]), 25
"""The practice, by its place, and the day on which its stated list is larger than its registrations; by how many."""
LATE_JOINERS_BEFORE = 61
"""Joiners of April and May, whom the first count left out: days from 1 April to the first of June."""
_OVERLAPPING, _OVERLAP_DAYS = 12, 20
_OVERLAP_FROM = dt.date(2026, 8, 1)


@dataclass(frozen=True, slots=True)
class Registered:
    """One regular registration; days since 1970, the last one counts, ``OPEN`` is blank."""

    person: int
    practice: int
    first: int
    last: int
    reason: int


class Register:
    """Who is registered where: regular registrations, with people whose two practices both claim some days."""

    def __init__(self, world: World, registrations: Registrations, ledger: Ledger) -> None:
        self._people, self._ledger = world.people, ledger
        self.rows = sorted(self._with_overlaps(world, list(_regular(registrations))), key=lambda row: row.first)
        self._spans: dict[int, list[Registered]] = {}
        for row in self.rows:
            if not _left_without_end(row):
                self._spans.setdefault(row.person, []).append(row)

    def _with_overlaps(self, world: World, rows: list[Registered]) -> list[Registered]:
        """Some people join another practice three weeks before the old one lets them go."""
        joined = (_OVERLAP_FROM - EPOCH).days
        steady = world.steady[:: max(1, world.steady.size // _OVERLAPPING)][:_OVERLAPPING].tolist()
        movers = {
            person
            for person in steady
            if int(world.people.practice[person]) not in (MERGED, places.CLOSING, places.CLOSING - 1)
        }
        changed = []
        for row in rows:
            if row.person in movers and row.last == OPEN:
                changed.append(replace(row, last=joined + _OVERLAP_DAYS - 1, reason=LEFT))
                practice = successor_of((row.practice + 1) % places.IN_AREA, joined)
                changed.append(Registered(row.person, practice, joined, OPEN, 0))
                self._ledger.note(PATH, "registration_overlapping", FINDING, "REGISTRATION-CUT")
            else:
                changed.append(row)
        return changed

    def practice_on(self, person: int, day: int) -> int:
        """The practice of a living person on a day since 1970: the one joined first, followed into its successor."""
        return successor_of(self._registered_on(person, day), day)

    def _registered_on(self, person: int, day: int) -> int:
        """The practice that the register names, though it may have closed."""
        if day > self._people.death[person]:
            return places.NO_PRACTICE
        claims = (row.practice for row in self._spans.get(person, ()) if row.first <= day <= row.last)
        return next(claims, places.NO_PRACTICE)

    def write(self, folder: Path, keys: Sequence[str]) -> dict[str, int]:
        """Write the register as it stands, and as it stood before joiners of April and May were put in."""
        people = self._people
        for row in self.rows:
            if _left_without_end(row):
                self._ledger.note(PATH, "registration_left_without_end", REJECTED, "ROW-REJECTED")
            elif row.last == OPEN and people.death[row.person] != OPEN:
                self._ledger.note(PATH, "registration_open_after_death", ACCEPTED, "")
        late = [row for row in self.rows if _joined_late(row, people)]
        self._ledger.note(PATH_BEFORE, "late_joiner_missing", FINDING, "BACK-PAY", len(late))
        before = [row for row in self.rows if not _joined_late(row, people)]
        return {
            "registrations": files.write_table(folder / PATH, HEADER, _texts(self.rows, keys)),
            "registrations_before": files.write_table(folder / PATH_BEFORE, HEADER, _texts(before, keys)),
        }

    def write_list_sizes(self, folder: Path) -> int:
        """Write how many people each practice has on the extract days, one of them wrong; returns the rows."""
        rows = []
        for extract in EXTRACTS:
            day = (extract - EPOCH).days
            named = Counter(self._registered_on(person, day) for person in self._spans)
            counted: Counter[int] = Counter()
            for place, people in named.items():
                counted[successor_of(place, day)] += people
            # A published list has the people of a practice that closed under its successor, the register has not.
            inherited = {successor_of(place, day) for place in named if successor_of(place, day) != place}
            self._ledger.note(LISTS_PATH, "list_size_with_people_of_closed", FINDING, "LIST-SIZE", len(inherited))
            for place, practice in enumerate(places.PRACTICES):
                if successor_of(place, day) != place:
                    continue
                wrong = WRONG_BY if (place, extract) == WRONG_LIST else 0
                icb = places.COMMISSIONER if practice.host else places.OTHER_COMMISSIONER
                text = f"{extract:%d%b%Y}".upper()
                size = str(counted[place] + wrong)
                rows.append(("GP_PRAC_PAT_LIST", text, "GP", icb, practice.code, "ALL", "ALL", size))
        self._ledger.note(LISTS_PATH, "list_size_wrong", FINDING, "LIST-SIZE")
        return files.write_table(folder / LISTS_PATH, LISTS, rows)


def _regular(rows: Registrations) -> Iterator[Registered]:
    """Regular registrations; nobody joins a practice that has been merged into another."""
    merged_on = FIRST_DAY + MERGED_ON_DAY
    for place in np.flatnonzero(rows.kind == REGULAR).tolist():
        practice, first = int(rows.practice[place]), int(rows.first[place])
        if practice == MERGED and first > merged_on:
            practice = MERGED_INTO
        yield Registered(int(rows.person[place]), practice, first, int(rows.last[place]), int(rows.reason[place]))


def _left_without_end(row: Registered) -> bool:
    return row.reason == LEFT and row.last == OPEN


def _joined_late(row: Registered, people: People) -> bool:
    """True for the registration with which somebody joins in April or May."""
    joined = int(people.joined[row.person])
    joiner = people.standing[row.person] == Standing.JOINER and 0 < joined < LATE_JOINERS_BEFORE
    return bool(joiner and row.first == FIRST_DAY + joined)


def _texts(rows: Sequence[Registered], keys: Sequence[str]) -> list[tuple[str, ...]]:
    """Rows in the order of the pseudonyms."""
    return sorted(
        (
            keys[row.person],
            places.PRACTICES[row.practice].code,
            day_text(row.first),
            "" if row.last == OPEN else day_text(row.last),
            REASONS[row.reason],
            places.COMMISSIONER if places.PRACTICES[row.practice].host else places.OTHER_COMMISSIONER,
        )
        for row in rows
    )
