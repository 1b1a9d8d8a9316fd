"""Columns that look like NHS numbers, told by their values: what fires, what does not, and what is said of them."""

import random
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from format_files import delimited, packed, parquet, workbook
from hypothesis import given
from hypothesis import strategies as st

from yoc.core.findings import FindingsError
from yoc.core.identifiers import is_nhs_number
from yoc.intake import text_file
from yoc.intake.identifiable import TenDigits, controlled_environment, passes_check_digit
from yoc.intake.layouts import PERSONS
from yoc.intake.text_table import open_text_table, read_text_table

NUMBERS = ("9434765919", "9876543210", "4010232137")


def looks(*values: str) -> bool:
    counted = TenDigits()
    counted.add(pa.array(values, type=pa.string()))
    return counted.look_like_nhs_numbers()


@pytest.mark.law("Many NHS numbers checked at once give the same answers as each checked alone.")
@given(st.lists(st.integers(0, 10**10 - 1), min_size=1, max_size=50))
def test_many_numbers_at_once_are_checked_as_one_is(numbers: list[int]):
    one_by_one = [is_nhs_number(f"{number:010d}") for number in numbers]
    together = passes_check_digit(np.array(numbers)) & (np.array(numbers) % 1_111_111_111 != 0)
    assert together.tolist() == one_by_one


def test_twenty_numbers_fire_and_nineteen_do_not():
    assert looks(*NUMBERS * 6, *NUMBERS[:2])
    assert not looks(*NUMBERS * 6, NUMBERS[0])


@pytest.mark.parametrize(
    "form", ["{0}{1}{2}", "{0} {1} {2}", "{0}-{1}-{2}", " {0}{1}{2} ", "{0}\u00a0{1}\u00a0{2}", "{0}{1}{2}.0"]
)
def test_every_form_of_a_number_fires(form: str):
    assert looks(*[form.format(number[:3], number[3:6], number[6:]) for number in NUMBERS * 10])


def test_blanks_pseudonyms_and_placeholders_beside_them_hide_nothing():
    others = ["", "0000000000", "9999999999", "1111111111", "S123456789", "a text"]
    assert looks(*NUMBERS * 10, *others * 100)
    assert not looks(*others * 100)


def test_over_half_must_pass():
    wrong = "9434765918"
    assert looks(*[NUMBERS[0]] * 31, *[wrong] * 30)
    assert not looks(*[NUMBERS[0]] * 30, *[wrong] * 30)


@pytest.mark.parametrize("seed", range(20))
def test_ten_digit_identifiers_of_an_organisation_do_not_fire(seed: int):
    """By chance one in eleven passes the check digit."""
    drawn = random.Random(seed)
    assert not looks(*[f"{drawn.randrange(10**10):010d}" for _ in range(400)])


def lay(folder: Path, header: str, row: str, rows: int = 30, encoding: str = "utf-8") -> Path:
    path = folder / "persons.csv"
    lines = [header, *[row.format(number=NUMBERS[place % 3], place=place) for place in range(rows)], ""]
    path.write_text("\n".join(lines), encoding=encoding)
    return path


USED = "PSEUDO NHS NUMBER,PERSON BIRTH DATE,PERSON DEATH DATE,BODY MASS INDEX"


def refused(path: Path) -> list[tuple[str, str, str]]:
    with pytest.raises(FindingsError) as caught:
        read_text_table(path, "data/persons.csv", PERSONS)
    return [(finding.code, finding.file, finding.message) for finding in caught.value.findings]


def test_a_column_that_is_called_a_pseudonym_and_is_none(tmp_path: Path):
    found = refused(lay(tmp_path, USED, "{number},1980-01-01,,"))
    assert found == [("IDENTIFIABLE", "data/persons.csv", "column PSEUDO NHS NUMBER looks like NHS numbers")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_a_column_that_nothing_uses(tmp_path: Path, encoding: str):
    found = refused(lay(tmp_path, f"{USED},Café id", "S{place},1980-01-01,,,{number}", encoding=encoding))
    assert [message for _, _, message in found] == ["column Café id looks like NHS numbers"]


def test_a_column_without_a_name_that_nothing_uses_far_down_a_large_file(tmp_path: Path):
    rows = 60_000
    path = lay(tmp_path, f"{USED},4010232137", "S{place},1980-01-01,,,", rows)
    text = path.read_text(encoding="utf-8")
    path.write_text(text + "S,1980-01-01,,,9434765919\n" * 5_000, encoding="utf-8")
    assert path.stat().st_size > 3 << 18
    assert [message for _, _, message in refused(path)] == ["column 5 looks like NHS numbers"]


def test_a_used_column_is_looked_at_whole(tmp_path: Path):
    path = lay(tmp_path, USED, "S{place},1980-01-01,,", 60_000)
    header, *rows = path.read_text(encoding="utf-8").splitlines()
    rows[20_000:20_000] = ["9434765919,1980-01-01,,"] * 20
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    assert len(refused(path)) == 1


def test_a_controlled_environment_reads_them_and_ends_where_it_ends(tmp_path: Path):
    path = lay(tmp_path, USED, "{number},1980-01-01,,")
    with controlled_environment(True):
        assert read_text_table(path, "persons.csv", PERSONS).rows == 30
    with controlled_environment(False):
        refused(path)
    refused(path)


FORMS = ["csv", "semicolons", "gzip", "zip entry", "xlsx", "parquet"]


def in_form(folder: Path, form: str, rows: list[list[str]]) -> Path:
    if form == "xlsx":
        return workbook(folder / "t.xlsx", rows)
    if form == "parquet":
        return parquet(folder / "t.parquet", rows)
    path = folder / "t.csv"
    path.write_text(delimited(rows, ";" if form == "semicolons" else ","), encoding="utf-8", newline="")
    return packed(path, form)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("column", ["PSEUDO NHS NUMBER", "local id"])
def test_a_column_is_found_in_every_form_of_file(tmp_path: Path, form: str, column: str):
    headers = [*USED.split(","), "local id"]
    rows = [["S1", "1980-01-01", "", "", "x"] for _ in range(30)]
    for place, row in enumerate(rows):
        row[headers.index(column)] = NUMBERS[place % 3]
    path = in_form(tmp_path, form, [headers, *rows])
    assert [message for _, _, message in refused(path)] == [f"column {column} looks like NHS numbers"]
    with controlled_environment(True):
        assert read_text_table(path, "t", PERSONS).rows == 30


def test_numbers_that_are_numbers_of_a_workbook_are_found_in_a_column_that_nothing_uses(tmp_path: Path):
    rows = [["S1", "1980-01-01", "", "", int(NUMBERS[place % 3])] for place in range(30)]
    path = workbook(tmp_path / "t.xlsx", [[*USED.split(","), "local id"], *rows])
    assert [message for _, _, message in refused(path)] == ["column local id looks like NHS numbers"]


def test_two_columns_of_one_name_that_nothing_uses_are_no_hindrance_in_parquet(tmp_path: Path):
    path = parquet(tmp_path / "t.parquet", [[*USED.split(","), "x", "x"], ["S1", "1980-01-01", "", "", "a", "b"]])
    assert read_text_table(path, "t", PERSONS).rows == 1


def test_the_last_batch_is_never_given_where_numbers_are_spread_over_all_of_them(tmp_path: Path):
    """Ten numbers in each of two batches: neither has twenty of them, both together have."""
    path = lay(tmp_path, USED, "{number},1980-01-01,,", 20)
    batches = open_text_table(path, "persons.csv", PERSONS).batches(10)
    assert next(batches).num_rows == 10
    with pytest.raises(FindingsError) as caught:
        next(batches)
    assert caught.value.findings[0].code == "IDENTIFIABLE"


def test_blocks_far_down_are_looked_at_whole_for_a_column_that_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = lay(tmp_path, USED, "S{place},1980-01-01,,", 2_000)
    path.write_text(path.read_text(encoding="utf-8") + "9434765919,1980-01-01,,\n" * 20, encoding="utf-8")
    monkeypatch.setattr(text_file, "BLOCK_BYTES", 4_096)
    assert len(refused(path)) == 1
