"""PDS care practice as the source of registrations: no column of types, and a derived board."""

from pathlib import Path

from people_world import lay, settled, stopped, units

HEADER = "Pseudo_NHS_Number,Primary_Care_Provider,Business_Effective_From_Date,Business_Effective_To_Date," \
    "Reason_For_Removal,derIcbOfRegistration"  # fmt: skip
ROWS = (
    "P1,PA,2020-01-01,,,C",
    # Left without a day, then rows that end: one before and one after the person's death.
    "P2,PA,2020-01-01,,Left,C",
    "P3,PB,2020-01-01,2025-04-10,DEA,C",
    "P4,PB,2020-01-01,2025-04-20,,C",
)
PERSONS = ("P1,1980-01-01,,", "P2,1980-01-01,,", "P3,1980-01-01,2025-04-12,", "P4,1980-01-01,2025-04-05,")


def test_all_rows_are_regular_and_the_earlier_of_death_and_deregistration_ends_them(tmp_path: Path):
    content = settled(lay(tmp_path, ROWS, persons=PERSONS, headers={"registrations": HEADER}))
    assert units(content) == [365, 10 + 5]
    account = next(file for file in content["files"] if file["kind"] == "registrations")
    assert (account["rows"], account["used"], account["rejected"]) == (4, 3, 1)


def test_with_a_column_of_types_only_the_regular_ones_count(tmp_path: Path):
    header = HEADER + ",Registration type"
    rows = ("P1,PA,2020-01-01,,,C,Regular", "P2,PA,2020-01-01,,,C,Temporary")
    assert units(settled(lay(tmp_path, rows, headers={"registrations": header}))) == [365, 0]


def test_a_registrations_file_that_lost_its_types_is_not_taken_for_one(tmp_path: Path):
    header = HEADER.replace("derIcbOfRegistration", "SOMETHING")
    found = stopped(lay(tmp_path, ROWS, headers={"registrations": header}))
    assert [(finding.code, finding.message) for finding in found] == [
        ("COLUMN-MISSING", "column REGISTRATION TYPE is missing")
    ]
