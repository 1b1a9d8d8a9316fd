"""Writing the population: persons, registrations, conditions, practices, neighbourhoods."""

from pathlib import Path

import numpy as np
import pyarrow as pa

from yoc.synth import files, layouts, places
from yoc.synth.conditions import NAMES, Conditions
from yoc.synth.people import People, Standing
from yoc.synth.registrations import REASONS, TYPES, Registrations
from yoc.synth.year import dates_as_text

_DENSEST_BMI = 600
_KEY_DIGITS = 9


def key_words(people: People) -> pa.Array:
    """The pseudonym of each person, ``S`` and nine digits, then a blank last for lines without a patient."""
    return pa.concat_arrays([files.number_words("S", people.keys, _KEY_DIGITS), files.words([""])])


def write_population(
    folder: Path, people: People, keys: pa.Array, registrations: Registrations, conditions: Conditions
) -> dict[str, int]:
    """Write the three files about people, in order of pseudonym; returns their rows."""
    return {
        "persons": write_persons(folder, people, keys),
        "registrations": _write_registrations(folder, people, keys, registrations),
        "conditions": write_conditions(folder, people, keys, conditions),
    }


def write_persons(folder: Path, people: People, keys: pa.Array) -> int:
    """Write the people of whom there is a record; returns the rows."""
    known = np.flatnonzero(people.standing != Standing.NAMELESS)
    order = known[np.argsort(people.keys[known], kind="stable")]
    bmi_words = files.words(["", *(f"{tenths // 10}.{tenths % 10}" for tenths in range(1, _DENSEST_BMI))])
    rows = files.join(
        keys.take(pa.array(order)), b",",
        dates_as_text(people.birth[order]), b",",
        dates_as_text(people.death[order]), b",",
        files.words(["", "1", "2"]).take(pa.array(people.gender[order])), b",",
        bmi_words.take(pa.array(people.bmi[order])), b"\n",
    )  # fmt: skip
    return files.write_rows(folder / "persons.csv", layouts.PERSONS, rows)


def _write_registrations(folder: Path, people: People, keys: pa.Array, rows: Registrations) -> int:
    order = np.lexsort((rows.first, people.keys[rows.person]))
    practices = files.words(practice.code for practice in places.PRACTICES)
    text = files.join(
        keys.take(pa.array(rows.person[order])), b",",
        practices.take(pa.array(rows.practice[order])), b",",
        files.words(TYPES).take(pa.array(rows.kind[order])), b",",
        dates_as_text(rows.first[order]), b",",
        dates_as_text(rows.last[order]), b",",
        files.words(REASONS).take(pa.array(rows.reason[order])), b"\n",
    )  # fmt: skip
    return files.write_rows(folder / "registrations.csv", layouts.REGISTRATIONS, text)


def write_conditions(folder: Path, people: People, keys: pa.Array, rows: Conditions) -> int:
    """Write the diagnoses; returns the rows."""
    order = np.lexsort((rows.condition, rows.day, people.keys[rows.person]))
    text = files.join(
        keys.take(pa.array(rows.person[order])), b",",
        files.words(NAMES).take(pa.array(rows.condition[order])), b",",
        dates_as_text(rows.day[order]), b"\n",
    )  # fmt: skip
    return files.write_rows(folder / "conditions.csv", layouts.CONDITIONS, text)


def write_places(folder: Path) -> dict[str, int]:
    """Write practices and neighbourhoods; returns their rows."""
    practices = [
        (
            practice.code,
            practice.name,
            practice.neighbourhood,
            places.PRACTICES_FROM,
            places.CLOSED_ON if place == places.CLOSING else "",
            places.PRACTICES[places.SUCCESSOR].code if place == places.CLOSING else "",
        )
        for place, practice in enumerate(places.PRACTICES)
    ]
    neighbourhoods = [(*row, places.NEIGHBOURHOODS_FROM, "") for row in places.NEIGHBOURHOODS]
    return {
        "practices": files.write_table(folder / "practices.csv", layouts.PRACTICES, practices),
        "neighbourhoods": files.write_table(folder / "neighbourhoods.csv", layouts.NEIGHBOURHOODS, neighbourhoods),
    }
