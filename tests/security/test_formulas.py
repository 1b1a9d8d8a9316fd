"""Text that a spreadsheet would run is marked in every CSV that people open; workbooks are in test_hostile_text."""

from pathlib import Path

import pytest

from yoc.core.cells import no_formula
from yoc.workflow.balances_file import _plain

SOURCE = Path(__file__).resolve().parents[2] / "src/yoc"
FOR_PEOPLE = {
    "audit/rejects_file.py", "audit/trace.py", "workflow/balances_file.py", "workflow/compared_file.py",
    "workflow/settled_table_file.py",
}  # fmt: skip
FOR_PROGRAMS = {
    "workflow/tariff_import.py": "a table of a price book, of which the book keeps the hash",
    "workflow/pseudonymise.py": "the provider's own file again, cell by cell",
    "synth/files.py": "files of a sample, as feeds write them",
    "synth/national/containers.py": "files of a sample, as feeds write them",
}


@pytest.mark.parametrize("opening", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", " =", "\u00a0="])
def test_every_beginning_of_a_formula_is_marked(opening: str):
    text = f"{opening}cmd|' /C calc'!A0"
    assert no_formula(text) == _plain(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "ZA1", "-£4.00", "-12.5%", "-1,234.56", "a=b", "1+1"])
def test_ordinary_text_and_sums_stay_as_they_are(text: str):
    assert no_formula(text) == text


def test_every_file_with_commas_is_known_and_those_for_people_are_marked():
    writers = {
        path.relative_to(SOURCE).as_posix(): path.read_text(encoding="utf-8")
        for path in SOURCE.rglob("*.py")
        if "csv.writer(" in path.read_text(encoding="utf-8")
    }
    assert {*writers} == FOR_PEOPLE | {*FOR_PROGRAMS}
    for name in FOR_PEOPLE:
        assert "no_formula(" in writers[name], name
