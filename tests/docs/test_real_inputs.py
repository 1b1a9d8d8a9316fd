"""The page on what national files do names tests that exist, for every row of its tables."""

import pytest

from named_tests import ROOT, first_cell, refuse_a_row_without_tests, rows_of

PAGE = (ROOT / "docs/explanation/real-inputs.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("row", rows_of(PAGE, "| In the files"), ids=first_cell)
def test_each_row_names_tests_that_there_are(row: str):
    refuse_a_row_without_tests(row)
