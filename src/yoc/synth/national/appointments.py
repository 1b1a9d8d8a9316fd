"""Appointments in general practice, counted by practice and month as they are published."""

from collections import Counter
from pathlib import Path

from yoc.synth import files, places
from yoc.synth.national.described import Describer, Line
from yoc.synth.national.networks import network_of
from yoc.synth.national.registered import Register
from yoc.synth.year import FIRST_DAY, Month

HEADER = (
    "APPOINTMENT_MONTH_START_DATE",
    "GP_CODE",
    "GP_NAME",
    "PCN_CODE",
    "SUB_ICB_LOCATION_CODE",
    "HCP_TYPE",
    "APPT_MODE",
    "NATIONAL_CATEGORY",
    "TIME_BETWEEN_BOOK_AND_APPT",
    "COUNT_OF_APPOINTMENTS",
    "APPT_STATUS",
)
# What the sample's codes of general practice are in the publication: who, how, and what for.
_KINDS = {
    "GPA01": ("GP", "Face-to-Face", "General Consultation Routine"),
    "GPA02": ("GP", "Telephone", "General Consultation Acute"),
    "GPA03": ("Other Practice staff", "Face-to-Face", "Planned Clinics"),
    "GPA04": ("GP", "Home Visit", "Home Visit"),
    "GPA05": ("Other Practice staff", "Telephone", "Structured Medication Review"),
    "GPA06": ("Other Practice staff", "Face-to-Face", "Planned Clinical Procedure"),
}
_WAITS = ("Same Day", "1 Day", "2 to 7 Days", "8  to 14 Days", "15  to 21 Days")
_MISSED_EVERY = 12


def appointments_path(month: Month) -> str:
    """The path of one month's file under the data folder."""
    return f"gp_appointments/Practice_Level_Crosstab_{month.first_date:%b_%y}.csv"


def write_appointments(folder: Path, month: Month, lines: list[Line], said: Describer, register: Register) -> int:
    """Write one month; attended appointments of a practice are the lines of its people. Returns the rows.

    Beside them, one in twelve as many were missed; lines of people with no practice of the map are left out.
    """
    counts: Counter[tuple[int, str, str, str]] = Counter()
    for line in lines:
        if said.is_nobody(line):
            continue
        practice = register.practice_on(line.person, FIRST_DAY + line.day)
        if practice == places.NO_PRACTICE:
            continue
        kind = said.item(line).tariff
        counts[practice, kind, _WAITS[line.number % len(_WAITS)], "Attended"] += 1
        if line.number % _MISSED_EVERY == 0:
            counts[practice, kind, _WAITS[-1], "DNA"] += 1
    start = f"{month.first_date:%d%B%Y}".upper()
    rows = []
    for (practice, kind, wait, status), count in sorted(counts.items()):
        where = places.PRACTICES[practice]
        icb = places.COMMISSIONER if where.host else places.OTHER_COMMISSIONER
        rows.append((start, where.code, where.name, network_of(practice), icb, *_KINDS[kind], wait, str(count), status))
    path = folder / appointments_path(month)
    path.parent.mkdir(exist_ok=True)
    return files.write_table(path, HEADER, rows)
