"""Patient-level contract monitoring, in the older and in the newer generation of names, month after month."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from yoc.synth import layouts, places
from yoc.synth.catalogue import Item
from yoc.synth.lines import OWN_ROUTE, World
from yoc.synth.national import plants
from yoc.synth.national.containers import Container, write_table
from yoc.synth.national.described import Describer, Line
from yoc.synth.national.ledger import ACCEPTED, FINDING, REJECTED, SET_ASIDE, SUPERSEDED, Ledger
from yoc.synth.national.plants import PLANTS, SPOILT, Plant, Who
from yoc.synth.people import Standing
from yoc.synth.prices import count_text, pounds_text
from yoc.synth.year import YEAR_IN_NAMES, YEAR_TEXT, Month

OLD_GENERATION, CUMULATIVE = "ZA1", "ZA2"
"""The acute trust that sends the older names month by month, and the one that sends the newer ones cumulatively."""
BESIDE_CONTACTS = frozenset({"ZC1"})
"""The provider that has a block and sends contacts as well."""
CDS_PROVIDERS = frozenset({"ZA1", "ZA2"})
_NEW_NAMES = {
    "HOSPITAL PROVIDER SPELL NUMBER": "HOSPITAL PROVIDER SPELL IDENTIFIER",
    "ATTENDANCE IDENTIFIER": "OUTPATIENT ATTENDANCE IDENTIFIER",
}
_ADDED = ("REPORTING TYPE INDICATOR", "ORGANISATION IDENTIFIER (RESIDENCE RESPONSIBILITY)")
_ADDED_AFTER = "ORGANISATION IDENTIFIER (GP PRACTICE RESPONSIBILITY)"
_INPATIENT = frozenset({"NEL", "NELST", "DC", "EL", "IPOBD"})
_MONEY_ONLY = frozenset({"BLOCK", "CQUIN", "ADJUSTMENT"})
_PROVIDER = layouts.PLCM_PLACE["ORGANISATION IDENTIFIER (CODE OF PROVIDER)"]
_PERSON = layouts.PLCM_PLACE["NHS NUMBER"]
_RESPONSIBILITY = layouts.PLCM_PLACE["ORGANISATION IDENTIFIER (GP PRACTICE RESPONSIBILITY)"]
_REGISTERED = layouts.PLCM_PLACE["GENERAL MEDICAL PRACTICE CODE (PATIENT REGISTRATION)"]
_POD = layouts.PLCM_PLACE["POINT OF DELIVERY CODE"]

Settled = Callable[[Line], None]
"""Is told each line once, as the last file of its month that can be read states it."""


def physical(name: str) -> str:
    """The name of a data element as one submitter writes it: blanks become underscores, brackets stay.

    >>> physical("AGE AT ACTIVITY DATE (CONTRACT MONITORING)")
    'AGE_AT_ACTIVITY_DATE_(CONTRACT_MONITORING)'
    """
    return name.replace(" ", "_")


def _new_header() -> tuple[str, ...]:
    names: list[str] = []
    for name in layouts.PLCM:
        names.append(_NEW_NAMES.get(name, name))
        if name == _ADDED_AFTER:
            names.extend(_ADDED)
    return tuple(physical(name) for name in names)


NEW_GENERATION = _new_header()


def plcm_path(load: int, provider: str, month: int) -> str:
    """The path of one file under the data folder.

    >>> plcm_path(2, "ZA1", 2), plcm_path(9, "ZM1", 9)
    ('plcm/load-2/PLCM_2627_M02_ZA1.csv.gz', 'plcm/load-9/contract-monitoring-december-ZM1.csv')
    """
    ending = plants.CONTAINERS.get((provider, month), Container.COMMA).ending
    name = f"PLCM_{YEAR_IN_NAMES}_M{month:02d}_{provider}"
    if (provider, month) == plants.PERIOD_FROM_DATE:
        name = plants.NAME_WITHOUT_PERIOD
    return f"plcm/load-{load}/{name}{ending}"


class PlcmWriter:
    """Writes one file a provider and month; those of the cumulative provider hold every month so far."""

    def __init__(self, folder: Path, world: World, described: Describer, ledger: Ledger, settled: Settled) -> None:
        self._folder, self._world, self._described, self._ledger = folder, world, described, ledger
        self._settled = settled
        self._so_far: list[list[Line]] = []
        self._month_before: list[Line] = []
        self.rows = 0

    def write(self, provider: str, month: Month, drawn: list[Line]) -> list[Line]:
        """Write one load of a provider; gives the lines of its month, planted ones among them."""
        lines = self._with_plants(provider, month, drawn)
        if provider == CUMULATIVE:
            self._write_cumulative(month, lines)
        else:
            self._write_month(provider, month, lines)
        return lines

    def _with_plants(self, provider: str, month: Month, drawn: list[Line]) -> list[Line]:
        made = list(drawn)
        for place, plant in enumerate(PLANTS):
            if (plant.provider, plant.month) == (provider, month.number):
                made += [self._planted(plant, place, row, month) for row in range(plant.rows)]
        made.sort(key=lambda line: line.day)
        return self._spoilt(provider, month.number, [replace(line, number=place) for place, line in enumerate(made, 1)])

    def _spoilt(self, provider: str, month: int, lines: list[Line]) -> list[Line]:
        """Spoil a share of a file's drawn patient lines, evenly from its first to its last."""
        for fault in SPOILT:
            if (fault.provider, fault.month) != (provider, month):
                continue
            plant = Plant(fault.fault, provider, month, 0, fault.expected, fault.outcome, ("", "", "", 0), fault.edit,
                          stated=fault.stated)  # fmt: skip
            places = self._plain(lines)
            wanted = max(1, len(lines) * fault.per_thousand // 1000)
            chosen = {places[step * len(places) // wanted] for step in range(wanted)}
            lines = [replace(line, plant=plant) if place in chosen else line for place, line in enumerate(lines)]
        return lines

    def _plain(self, lines: list[Line]) -> list[int]:
        """The places of patients' lines for our commissioner in which nothing is planted."""
        return [
            place
            for place, line in enumerate(lines)
            if line.plant is None and line.route == OWN_ROUTE and not self._described.is_nobody(line)
        ]

    def _planted(self, plant: Plant, place: int, row: int, month: Month) -> Line:
        people, steady = self._world.people, self._world.steady
        if plant.who is Who.NOBODY:
            person = people.count
        elif plant.who is Who.DEAD:
            dead = np.flatnonzero(people.standing == Standing.DIED_BEFORE)
            person = int(dead[row % dead.size])
        else:
            person = int(steady[((plant.person or place + 20) * 101 + row * 17) % steady.size])
        unit = self._world.units.positions[plant.key]
        return Line(plant.provider, month.number, 0, person, month.first + plant.day + row, unit, OWN_ROUTE, plant)

    def _write_month(self, provider: str, month: Month, lines: list[Line]) -> None:
        where = (provider, month.number)
        path = plcm_path(month.number, provider, month.number)
        sent = list(lines)
        if where == plants.REPEATED_WITHIN:
            sent += self._repeats(path, "line_repeated_in_file", lines)
        if where == plants.REPEATED_LATER:
            sent += self._repeats(path, "line_repeated_in_later_file", self._month_before)
        rows = [self._row(line, month.number, month.created(), path) for line in sent]
        if where in (plants.PERIOD_FROM_NAME, plants.PERIOD_FROM_DATE):
            rows = [["", "", *row[2:]] for row in rows]
            fault = "period_from_file_name" if where == plants.PERIOD_FROM_NAME else "period_from_activity_date"
            self._ledger.note(path, fault, ACCEPTED, "", len(rows))
        container = plants.CONTAINERS.get(where, Container.COMMA)
        self.rows += write_table(self._folder / path, layouts.PLCM, rows, container)
        for line in sent:
            self._settled(replace(line, month=month.number))
        if provider == OLD_GENERATION:
            self._month_before = lines

    def _repeats(self, path: str, fault: str, lines: list[Line]) -> list[Line]:
        """Patients' lines without another fault that are sent once more, identifier and all."""
        plain = self._plain(lines)
        again = [lines[place] for place in plain[len(plain) // 3 :][: plants.REPEATED_ROWS]]
        self._ledger.note(path, fault, FINDING, "LINE-REPEATED", len(again))
        return again

    def _write_cumulative(self, month: Month, lines: list[Line]) -> None:
        if month.number == plants.LIGHT_MONTH:
            lines = self._lighter(lines)
        self._so_far.append(lines)
        path = plcm_path(month.number, CUMULATIVE, month.number)
        if month.number > 1:
            self._so_far[-2] = self._restated(path, self._so_far[-2])
        last = month.number == plants.LIGHT_MONTH
        rows = []
        for number, own in enumerate(self._so_far, 1):
            for line in own:
                row = self._row(line, number, month.created(), path if last else "")
                rows.append(_newer(row))
                if last:
                    self._settled(line)
        self.rows += write_table(self._folder / path, NEW_GENERATION, rows)
        if not last:
            self._ledger.note(path, "file_superseded", SUPERSEDED, "ROW-SUPERSEDED", len(rows))
        else:
            self._ledger.note(path, "month_light", FINDING, "MONTH-LIGHT", len(lines))

    def _restated(self, path: str, lines: list[Line]) -> list[Line]:
        """The month before as it is sent again: two lines are of another kind, one is new."""
        first = self._world.units.positions["WF01B", "OPFASPCL", "300", 1000]
        second = self._world.units.positions["WF01A", "OPFUPSPCL", "300", 1000]
        plain = self._plain(lines)
        restated = list(lines)
        for place in (plain[len(plain) // 4], plain[len(plain) // 2]):
            line = lines[place]
            restated[place] = replace(line, unit=second if line.unit == first else first)
        steady = int(self._world.steady[len(lines) % self._world.steady.size])
        added = replace(restated[plain[0]], number=len(lines) + 1, person=steady, unit=first, route=OWN_ROUTE)
        self._ledger.note(path, "line_restated", ACCEPTED, "", 2)
        self._ledger.note(path, "line_added_by_restatement", ACCEPTED, "", 1)
        return [*restated, added]

    def _lighter(self, lines: list[Line]) -> list[Line]:
        """The newest month with too few lines: drawn lines of patients are missing, evenly."""
        before = self._so_far
        wanted = sum(len(own) for own in before) * plants.LIGHT_PER_HUNDRED // (100 * len(before))
        can_go = self._plain(lines)
        excess = max(0, len(lines) - wanted)
        gone = {can_go[step * len(can_go) // excess] for step in range(excess)}
        return [line for place, line in enumerate(lines) if place not in gone]

    def _row(self, line: Line, month: int, created: str, path: str) -> list[str]:
        """One row in the older layout, spoilt where it is a planted one; counted where ``path`` is given."""
        row = self._plain_row(line, month, created)
        plant = line.plant
        if plant is not None:
            row = plant.edit(row)
            if path:
                self._ledger.note(path, plant.fault, plant.expected, plant.outcome)
        if path and len(row) == len(layouts.PLCM):
            self._note_marks(path, row)
        return row

    def _note_marks(self, path: str, row: list[str]) -> None:
        """Count what real feeds leave out: the patient, the responsible organisation, the registered practice."""
        if row[_POD] in _MONEY_ONLY:
            # A block beside contacts of the same provider that carry prices: charged together, care is paid for twice.
            trap = row[_POD] == "BLOCK" and row[_PROVIDER] in BESIDE_CONTACTS
            fault = "block_beside_contacts" if trap else f"{row[_POD].lower()}_without_patient"
            self._ledger.note(path, fault, SET_ASIDE, "block")
        elif row[_RESPONSIBILITY] == "":
            self._ledger.note(path, "practice_responsibility_blank", ACCEPTED, "")
        if row[_PERSON] and row[_REGISTERED] == "":
            self._ledger.note(path, "practice_registration_blank", ACCEPTED, "")

    def _plain_row(self, line: Line, month: int, created: str) -> list[str]:
        said, item = self._described, self._described.item(line)
        unit, (responsibility, commissioner) = said.unit(line), said.route(line)
        has_cds, patient = line.provider in CDS_PROVIDERS, not said.is_nobody(line)
        spell, attendance, department = _visits(line, item, patient)
        return [
            str(month), YEAR_TEXT, created, line.provider, f"{line.provider}01", responsibility, commissioner, "",
            said.key(line.person), "", "", "", said.age(line), said.gender(line), "", said.practice_shown(line),
            line.identifier if has_cds else "", "" if has_cds else line.identifier, spell, attendance, department,
            said.start(line), said.end(line), "", item.treatment_function, "", "", item.category, item.specialised, "",
            item.point_of_delivery, "", "", item.local_code, item.local_description, item.tariff, item.national, "N",
            "", "", count_text(unit.count_thousandths), pounds_text(unit.price_pence), pounds_text(said.pence(line)),
        ]  # fmt: skip


def _visits(line: Line, item: Item, patient: bool) -> tuple[str, str, str]:
    """The numbers of the spell, the attendance and the emergency attendance: one of them, or none for money."""
    if not patient:
        return "", "", ""
    if item.point_of_delivery in _INPATIENT:
        return line.visit, "", ""
    return ("", "", line.visit) if item.point_of_delivery == "AE" else ("", line.visit, "")


def _newer(row: list[str]) -> list[str]:
    """A row of the older layout in the newer one."""
    after = layouts.PLCM.index(_ADDED_AFTER) + 1
    return [*row[:after], "01", places.COMMISSIONER, *row[after:]]


def is_read(line: Line) -> bool:
    """True where the row can be read and is of a real period: what a statement of the month adds up."""
    plant = line.plant
    return plant is None or not (plant.expected == REJECTED or plant.stated.left_out)
