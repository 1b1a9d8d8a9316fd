"""Files about people that are kept: read as text once, whichever contract asks; what was refused stays refused."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from feeds import csv_of, plcm

from yoc.core.findings import FindingsError
from yoc.engine import Engine
from yoc.intake import ActivityFile, canonical_people, read_activity, read_people
from yoc.intake.identifiable import controlled_environment

PERSONS = """PSEUDO NHS NUMBER,PERSON BIRTH DATE,PERSON DEATH DATE,BODY MASS INDEX
P1,1950-04-01,,31.25
P2,2000-02-29,2026-05-31,
 P3 ,01/02/2010,,n/a
,1990-01-01,,
P5,02/13/1990,,
"""
REGISTRATIONS = """PSEUDO NHS NUMBER,PRIMARY CARE PROVIDER,REGISTRATION TYPE,\
BUSINESS EFFECTIVE FROM,BUSINESS EFFECTIVE TO
P1,l81001,Regular,2020-01-01,
P4,L81002,Temporary,2021-01-01,2026-04-30
P2,L81002,REGULAR,2021-01-01,2020-12-31
P2,L81002
"""
CONDITIONS = """PSEUDO NHS NUMBER,CONDITION,DIAGNOSIS DATE
P1,Asthma,2019-05-05
P2,copd,2020-05-05
P9,asthma,2020-05-05
P1,asthma,someday
"""
TABLES = ("read_person", "read_registration", "read_condition")


class Reader:
    """Reads the three files, in a folder with a store beside them."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.store = folder, folder / "store"
        self.write()

    def write(self, persons: str = PERSONS, registrations: str = REGISTRATIONS, conditions: str = CONDITIONS) -> None:
        for name, text in (("persons", persons), ("registrations", registrations), ("conditions", conditions)):
            (self.folder / f"{name}.csv").write_text(text, encoding="utf-8")

    def read(self, *conditions: str) -> tuple[Any, ...]:
        """The accounts, the rejects, and every row of the tables that are made."""
        paths = {name: (self.folder / f"{name}.csv", name) for name in ("persons", "registrations", "conditions")}
        with Engine() as engine:
            accounts, rejects = read_people(engine, paths, conditions or ("asthma",), store=self.store)
            keys = {row["person_id"]: row["person_key"] for row in _rows(engine, "person_key")}
            tables = {name: _rows(engine, name) for name in TABLES}
        for rows in tables.values():
            for row in rows:
                row["person_id"] = keys.get(row["person_id"])
            rows.sort(key=lambda row: row["row_number"])
        return [account.as_dict() for account in accounts], rejects, tables

    def kept(self) -> list[Path]:
        return sorted(self.store.glob("*.parquet"))


def _rows(engine: Engine, table: str) -> list[dict[str, Any]]:
    return engine._connection.table(table).to_arrow_table().to_pylist()


@pytest.fixture
def people(tmp_path: Path) -> Reader:
    return Reader(tmp_path)


@pytest.fixture
def no_text(monkeypatch: pytest.MonkeyPatch):
    """From now on no file about people can be read as text."""

    def refuse(*_: object) -> None:
        raise AssertionError("a file was read as text")

    return lambda: monkeypatch.setattr(canonical_people, "open_text_table", refuse)


def test_rows_are_numbers_or_rejects(people):
    accounts, rejects, tables = people.read()
    assert [(row["person_id"], row["bmi_hundredths"], row["fault"]) for row in tables["read_person"]] == [
        ("P1", 3125, ""), ("P2", None, ""), ("P3", None, "body mass index is not a number"),
        (None, None, "person key is blank"), ("P5", None, "birth date is not a date"),
    ]  # fmt: skip
    assert [(row["person_id"], row["practice"], row["regular"]) for row in tables["read_registration"]] == [
        ("P1", "L81001", True), ("P4", "L81002", False), ("P2", "L81002", True),
    ]  # fmt: skip
    # P9 is in neither file of people and has no number; `copd` is no condition of the contract.
    assert [(row["person_id"], row["bit"]) for row in tables["read_condition"]] == [("P1", 1), (None, 1), ("P1", 1)]
    assert [(account["rows"], account["used"], account["date_orders"]) for account in accounts] == [
        (5, 2, {"either": 1, "other": 1}), (4, 2, {}), (4, 3, {}),
    ]  # fmt: skip
    assert len(rejects) == 3 + 2 + 1


def test_a_second_reading_reads_no_text_and_says_the_same(people, no_text):
    first = people.read()
    no_text()
    assert people.read() == first


def test_what_is_kept_serves_every_contract(people, no_text):
    people.read("asthma")
    no_text()
    *_, tables = people.read("COPD", "asthma")
    assert [row["bit"] for row in tables["read_condition"]] == [2, 1, 2, 2]


@pytest.mark.parametrize("damage", ["bytes", "gone", "facts"])
def test_a_damaged_file_is_made_again(people, damage):
    first = people.read()
    for path in people.kept():
        if damage == "bytes":
            whole = path.read_bytes()
            path.write_bytes(whole[:40] + bytes([whole[40] ^ 1]) + whole[41:])
        elif damage == "gone":
            path.unlink()
        else:
            path.with_suffix(".json").write_text("{}", encoding="utf-8")
    assert people.read() == first


def test_a_changed_file_alone_is_read_again(people):
    people.read()
    before = people.kept()
    people.write(persons=PERSONS.replace("1950-04-01", "1950-04-02"))
    people.read()
    assert len(people.kept()) == len(before) + 1


def test_the_faults_of_all_files_are_told_and_nothing_of_them_is_kept(people):
    people.write(persons="WRONG,HEADER\n1,2\n", conditions="PSEUDO NHS NUMBER,CONDITION\nP1,asthma\n")
    with pytest.raises(FindingsError) as caught:
        people.read()
    assert {(finding.code, finding.file) for finding in caught.value.findings} == {
        ("COLUMN-MISSING", "persons"),
        ("COLUMN-MISSING", "conditions"),
    }
    assert len(people.kept()) == 1
    assert [path.name for path in people.store.iterdir() if path.suffix not in (".parquet", ".json")] == []


def _nhs_number(place: int) -> str:
    """The number of nobody that passes the check digit and begins with 999, which is kept for tests."""
    first = f"999{place:06d}"
    check = 11 - sum(int(digit) * (10 - at) for at, digit in enumerate(first)) % 11
    return f"{first}{check % 11}" if check != 10 else ""


NUMBERS = [number for number in map(_nhs_number, range(60)) if number]


def test_people_read_in_a_controlled_environment_are_refused_outside_it_again(people):
    rows = "".join(f"{number},1990-01-01,,\n" for number in NUMBERS)
    people.write(persons=PERSONS.splitlines(keepends=True)[0] + rows)
    with controlled_environment(True):
        people.read()
    with pytest.raises(FindingsError) as caught:
        people.read()
    assert {finding.code for finding in caught.value.findings} == {"IDENTIFIABLE"}


def test_lines_read_in_a_controlled_environment_are_refused_outside_it_again(tmp_path):
    file = tmp_path / "a.csv"
    file.write_text(csv_of(*(plcm(NHS_NUMBER=number) for number in NUMBERS)), encoding="utf-8")

    def read() -> int:
        with Engine() as engine:
            engine.give("person_key", {"person_id": pa.int32(), "person_key": pa.string()}, [])
            accounts, _ = read_activity(engine, [ActivityFile(file, "a.csv", 1)], None, store=tmp_path / "store")
        return accounts[0].rows

    with controlled_environment(True):
        assert read() == len(NUMBERS)
    with pytest.raises(FindingsError) as caught:
        read()
    assert {finding.code for finding in caught.value.findings} == {"IDENTIFIABLE"}
