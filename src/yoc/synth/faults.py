"""The faults that are planted in the activity files: which, where, how many, and what a reader should do with them.

``accepted`` rows are read in full once the fault is mended; ``set_aside`` rows are read and kept with a reason, not
charged; ``rejected`` rows cannot be read; ``superseded`` rows are replaced by a later load of their month.
"""

import csv
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from yoc.synth import edits, files
from yoc.synth.lines import NO_FAULT, OWN_ROUTE, Lines, World, join_lines, lines_of
from yoc.synth.year import YEAR_IN_NAMES, Ints, Month

ACCEPTED, SET_ASIDE, REJECTED, SUPERSEDED = "accepted", "set_aside", "rejected", "superseded"

WINDOWS_1252_SLICE = ("ZM1", 4)
"""The file that is written in Windows-1252."""
NO_PERIOD_SLICE = ("ZM1", 2)
"""The file whose rows all leave month and year blank."""
RESTATED_SLICES = (("ZC1", 3), ("ZA2", 5), ("ZM1", 7))
"""Provider and month of the files that the second load replaces; no other fault is planted in them."""
CHANGED_LINES, ADDED_LINES = 3, 2

_Key = tuple[str, str, str, int]
_ADMISSION: _Key = ("DZ65A", "NEL", "340", 1000)
_CREDIT: _Key = ("DZ65A", "NEL", "340", -1000)
_DEPARTMENT: _Key = ("VB04Z", "AE", "180", 1000)
_FIRST: _Key = ("WF01B", "OPFASPCL", "300", 1000)
_NURSE: _Key = ("COMCN1", "COMM", "", 1000)
_MENTAL: _Key = ("MHC02", "COMM", "710", 1000)
_APPOINTMENT: _Key = ("GPA01", "OTHER", "", 1000)
_ADJUSTMENT: _Key = ("ZA1", "ADJUSTMENT", "", 0)

# What a changed line of a restatement becomes, by provider: the second where it already is the first.
_RESTATED_AS: dict[str, tuple[_Key, _Key]] = {
    "ZA2": (_FIRST, _DEPARTMENT),
    "ZC1": (_NURSE, ("COMRH1", "COMM", "", 1000)),
    "ZM1": (_MENTAL, ("MHC01", "COMM", "713", 1000)),
}


@dataclass(frozen=True)
class Fault:
    """Rows of one fault in one file: what they would be without it, and how it spoils them.

    ``day`` is the first row's day, counted from the first of the month; the next row's is the day after.
    """

    name: str
    provider: str
    month: int
    rows: int
    expected: str
    key: _Key
    edit: edits.Edit
    day: int = 3

    @property
    def file(self) -> str:
        """The path of the file that holds it."""
        return plcm_path(1, self.provider, self.month)

    @property
    def in_other_year(self) -> bool:
        """True where the rows belong to another financial year."""
        return self.edit is edits.other_year


FAULTS = (
    Fault("cost_thousands_separator", "ZA1", 2, 4, ACCEPTED, _ADMISSION, edits.thousands_separators),
    Fault("cost_pound_sign", "ZA2", 2, 3, ACCEPTED, _DEPARTMENT, edits.pound_sign),
    Fault("cost_misencoded_pound_sign", "ZA1", 3, 3, ACCEPTED, _DEPARTMENT, edits.misencoded_pound_sign),
    Fault("cost_pound_sign_windows_1252", *WINDOWS_1252_SLICE, 3, ACCEPTED, _MENTAL, edits.pound_sign),
    Fault("cost_accounting_negative", "ZA1", 4, 3, ACCEPTED, _CREDIT, edits.accounting_negative),
    Fault("cost_word_tbc", "ZA1", 5, 2, REJECTED, _FIRST, edits.write_as(edits.COST, "TBC")),
    Fault("cost_blank", "ZC1", 5, 2, REJECTED, _NURSE, edits.write_as(edits.COST, "")),
    Fault("quantity_word_tbc", "ZC1", 8, 2, REJECTED, _NURSE, edits.write_as(edits.COUNT, "TBC")),
    Fault("date_day_month_year", "ZA1", 6, 5, ACCEPTED, _FIRST, edits.day_month_year),
    Fault("date_excel_serial", "ZA2", 6, 4, ACCEPTED, _FIRST, edits.excel_serial),
    Fault("date_impossible", "ZA1", 11, 2, REJECTED, _FIRST, edits.write_as(edits.END_DATE, "31/02/2027")),
    Fault("date_month_day_year", "ZA2", 9, 3, REJECTED, _FIRST, edits.month_day_year, day=14),
    Fault("year_slash", "ZG1", 1, 3, ACCEPTED, _APPOINTMENT, edits.write_as(edits.FINANCIAL_YEAR, "2026/27")),
    Fault("year_dash", "ZG1", 2, 3, ACCEPTED, _APPOINTMENT, edits.write_as(edits.FINANCIAL_YEAR, "2026-27")),
    Fault("year_long", "ZG1", 3, 3, ACCEPTED, _APPOINTMENT, edits.write_as(edits.FINANCIAL_YEAR, "2026-2027")),
    Fault("year_not_consecutive", "ZG1", 4, 2, REJECTED, _APPOINTMENT, edits.write_as(edits.FINANCIAL_YEAR, "202628")),
    Fault("month_13", "ZG1", 5, 2, REJECTED, _APPOINTMENT, edits.write_as(edits.MONTH, "13")),
    Fault("other_financial_year", "ZA1", 1, 4, SET_ASIDE, _FIRST, edits.other_year, day=-12),
    Fault("pod_ae_type1", "ZA1", 7, 3, ACCEPTED, _DEPARTMENT, edits.write_as(edits.POINT_OF_DELIVERY, "AE TYPE1")),
    Fault("pod_adjustm", "ZA1", 8, 1, SET_ASIDE, _ADJUSTMENT, edits.write_as(edits.POINT_OF_DELIVERY, "ADJUSTM")),
    Fault("pod_opfaspc", "ZA2", 7, 3, ACCEPTED, _FIRST, edits.write_as(edits.POINT_OF_DELIVERY, "OPFASPC")),
    Fault("pod_lower_case", "ZA1", 9, 3, ACCEPTED, _ADMISSION, edits.lower_case_point_of_delivery),
    Fault("pod_trailing_spaces", "ZA2", 8, 3, ACCEPTED, _DEPARTMENT, edits.trailing_spaces),
    Fault("pod_unmapped", "ZA2", 10, 3, SET_ASIDE, _FIRST, edits.write_as(edits.POINT_OF_DELIVERY, "XYZZY")),
    Fault("person_placeholder", "ZA1", 10, 3, SET_ASIDE, _FIRST, edits.write_as(edits.PERSON, "1")),
    Fault("person_blank", "ZC1", 10, 3, SET_ASIDE, _NURSE, edits.write_as(edits.PERSON, "")),
    Fault("code_without_price", "ZA1", 12, 2, SET_ASIDE, ("ZZ99X", "NEL", "300", 1000), edits.unchanged),
    Fault("code_without_price", "ZA2", 12, 2, SET_ASIDE, ("ZZ98Y", "OPFUPSPCL", "300", 1000), edits.unchanged),
    Fault("code_without_price", "ZC1", 12, 2, SET_ASIDE, ("COMZZ9", "COMM", "", 1000), edits.unchanged),
    Fault("ragged_row", "ZC1", 7, 2, REJECTED, _NURSE, edits.ragged),
)
PLANTED_ROWS = sum(fault.rows for fault in FAULTS)


def plcm_path(load: int, provider: str, month: int) -> str:
    """The path of one activity file under the data folder.

    >>> plcm_path(2, "ZA2", 5)
    'plcm/load-2/PLCM_2627_M05_ZA2.csv'
    """
    return f"plcm/load-{load}/PLCM_{YEAR_IN_NAMES}_M{month:02d}_{provider}.csv"


def planted_lines(provider: str, month: Month, world: World) -> Lines:
    """The rows of every fault of one file, as they would be without the fault."""
    steady = world.steady
    person, day, unit, route, which = [], [], [], [], []
    for place, fault in enumerate(FAULTS):
        if (fault.provider, fault.month) != (provider, month.number):
            continue
        for row in range(fault.rows):
            nobody = fault.key == _ADJUSTMENT
            person.append(world.people.count if nobody else int(steady[(place * 101 + row * 17) % steady.size]))
            day.append(month.first + fault.day + row)
            unit.append(world.units.positions[fault.key])
            route.append(OWN_ROUTE)
            which.append(place)
    return Lines(*(np.array(column, dtype=np.int64) for column in (person, day, unit, route, which)))


def in_other_year(lines: Lines) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """True for planted lines of another financial year."""
    positions = [place for place, fault in enumerate(FAULTS) if fault.in_other_year]
    return np.isin(lines.fault, positions)


def spoil_rows(rows: pa.Array, lines: Lines, encoding: str) -> pa.Array:
    """Rewrite the rows that hold a planted fault."""
    spoiled = lines.fault != NO_FAULT
    if not spoiled.any():
        return rows
    replacements = []
    for place in np.flatnonzero(spoiled).tolist():
        (cells,) = csv.reader([rows[place].as_py().decode("utf-8")])
        text = files.csv_line(FAULTS[int(lines.fault[place])].edit(cells))
        replacements.append(text.encode(encoding))
    return pc.replace_with_mask(rows, pa.array(spoiled), pa.array(replacements, type=pa.binary()))


def restate(provider: str, month: Month, lines: Lines, world: World) -> tuple[Lines, Ints]:
    """The second load of a file: the same lines with a few changed and a few added; beside them each line's number.

    A line keeps its number, and with it its unique identifier, from load to load; added lines get the next ones.
    """
    first, second = (world.units.positions[key] for key in _RESTATED_AS[provider])
    unit = lines.unit.copy()
    # Money for no patient comes on the last day, so lines spread over the first three quarters are of patients.
    changed = np.array([(place + 1) * lines.count // 5 for place in range(CHANGED_LINES)], dtype=np.int64)
    unit[changed] = np.where(unit[changed] == first, second, first)
    added = lines_of(
        world.steady[np.arange(ADDED_LINES) % world.steady.size],
        month.first + 9 + np.arange(ADDED_LINES, dtype=np.int64),
        np.full(ADDED_LINES, first, dtype=np.int64),
        np.full(ADDED_LINES, OWN_ROUTE, dtype=np.int64),
    )
    restated = Lines(lines.person, lines.day, unit, lines.route, lines.fault)
    both = join_lines([restated, added])
    return both, np.arange(both.count, dtype=np.int64)


def fault_rows(slice_rows: dict[str, int], left_open: int, open_after_death: int) -> list[tuple[str, str, str, str]]:
    """The rows of ``planted_faults.csv``; ``slice_rows`` holds the rows of each activity file by its path."""
    rows = [(fault.name, fault.file, str(fault.rows), fault.expected) for fault in FAULTS]
    no_period = plcm_path(1, *NO_PERIOD_SLICE)
    rows.append(("file_without_period", no_period, str(slice_rows[no_period]), ACCEPTED))
    for provider, month in RESTATED_SLICES:
        old, new = plcm_path(1, provider, month), plcm_path(2, provider, month)
        rows.append(("slice_superseded", old, str(slice_rows[old]), SUPERSEDED))
        rows.append(("restated_line_changed", new, str(CHANGED_LINES), ACCEPTED))
        rows.append(("restated_line_added", new, str(ADDED_LINES), ACCEPTED))
    rows.append(("registration_left_without_end", "registrations.csv", str(left_open), REJECTED))
    rows.append(("registration_open_after_death", "registrations.csv", str(open_after_death), ACCEPTED))
    return rows
