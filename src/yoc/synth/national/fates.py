"""What becomes of every line that is written and can be read: counted as it is made, by file, from what it was made of.

The contract of the sample is told here a second time, by other means: from people, not from files about them.
"""

from collections import Counter
from pathlib import Path

from yoc.synth import files, places
from yoc.synth.conditions import COUNTED, Conditions
from yoc.synth.national.described import Describer, Line
from yoc.synth.national.ledger import REJECTED, SET_ASIDE
from yoc.synth.national.registered import Register
from yoc.synth.people import People, Standing
from yoc.synth.year import FIRST_DAY, MONTHS

PATH, HEADER = "what_becomes_of_lines.csv", ("file", "fate", "lines")
LOW_VOLUME = "ZL1"
"""The provider that is paid one value for the year."""
_BLOCK_POINTS = frozenset({"BLOCK", "CQUIN", "ADJUSTMENT"})
_OUTSIDE_BUDGET = frozenset({"DC", "EL"})
_WHOLE_PROVIDERS = frozenset({"ZG1", "ZM1", "ZC1"})
"""Providers of which all is in scope; of acute trusts, planned admissions, drugs and devices are not."""
_FATE_OF_CODE = {
    "PERIOD-FUTURE": "out_of_year",
    "POD-UNMAPPED": "unmapped_point_of_delivery",
    "PRICE-MISSING": "unpriced",
}
"""The fate of lines for which the list of faults gives the code of a finding."""
_OLDEST, _YOUNGEST, _YOUNGEST_OF_ONE, _BMI_TENTHS = 64, 20, 40, 300


class Fates:
    """Counts lines by file and fate as they are written."""

    def __init__(self, people: People, conditions: Conditions, register: Register, said: Describer) -> None:
        self._people, self._register, self._said = people, register, said
        self._host = places.host_of_practices()
        self._diagnosed: dict[int, list[int]] = {}
        columns = (conditions.person.tolist(), conditions.condition.tolist(), conditions.day.tolist())
        for person, condition, day in zip(*columns, strict=True):
            if condition < len(COUNTED):
                self._diagnosed.setdefault(person, []).append(day)
        self._lines: Counter[tuple[str, str]] = Counter()

    def note(self, file: str, line: Line, *, seen: bool = True, supply: bool = False) -> None:
        """Count a line of a file, unless its row cannot be read.

        ``seen`` is whether the patient came; a ``supply`` is a drug or device, whose line says nothing of care.
        """
        if line.plant is None or line.plant.expected != REJECTED:
            self._lines[file, self._fate(line, seen, supply)] += 1

    def write(self, folder: Path) -> int:
        """Write the counts in order of file and fate; returns the rows."""
        listed = sorted((file, fate, str(lines)) for (file, fate), lines in self._lines.items())
        return files.write_table(folder / PATH, HEADER, listed)

    def _fate(self, line: Line, seen: bool, supply: bool) -> str:
        if line.plant and line.plant.expected == SET_ASIDE:
            return _FATE_OF_CODE.get(line.plant.outcome, line.plant.outcome)
        if not seen:
            return "not_counted"
        if self._said.route(line)[1] != places.COMMISSIONER:
            return "other_commissioner"
        if line.provider == LOW_VOLUME:
            return "low_volume_activity"
        if supply:
            return "out_of_scope"
        item = self._said.item(line)
        if item.point_of_delivery in _BLOCK_POINTS:
            return "block"
        if item.specialised or (line.provider not in _WHOLE_PROVIDERS and item.point_of_delivery in _OUTSIDE_BUDGET):
            return "out_of_scope"
        return self._fate_of_person(line.person, line.day)

    def _fate_of_person(self, person: int, day: int) -> str:
        """The fate of care in the budget, by who had it and when; days are counted from 1 April."""
        if FIRST_DAY + day > self._people.death[person]:
            return "after_death"
        practice = self._register.practice_on(person, FIRST_DAY + day)
        if self._people.standing[person] == Standing.NAMELESS or self._host[practice] == places.NO_HOST:
            return "not_registered"
        return "charged" if self._is_in_cohort(person, day) else "not_in_cohort"

    def _is_in_cohort(self, person: int, day: int) -> bool:
        """Whether the person met the rules of a segment on the first day of the day's quarter."""
        tested = max(month.first for month in MONTHS[::3] if month.first <= day)
        age = int(self._people.age[person]) + int(tested >= self._people.birthday[person])
        held = sum(since <= FIRST_DAY + tested for since in self._diagnosed.get(person, ()))
        if held >= 2:
            return _YOUNGEST <= age <= _OLDEST
        return held == 1 and _YOUNGEST_OF_ONE <= age <= _OLDEST and int(self._people.bmi[person]) > _BMI_TENTHS
