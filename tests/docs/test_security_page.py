"""The page on what is defended names tests that exist, for every row of its tables."""

import pytest

from named_tests import ROOT, first_cell, refuse_a_row_without_tests, rows_of

PAGE = (ROOT / "docs/explanation/security.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("row", rows_of(PAGE, "| What could"), ids=first_cell)
def test_each_row_names_tests_that_there_are(row: str):
    refuse_a_row_without_tests(row)


def test_every_test_of_security_is_named():
    for file in sorted((ROOT / "tests/security").glob("test_*.py")):
        assert f"security/{file.name}::" in PAGE, file.name
