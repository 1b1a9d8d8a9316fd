"""The page on what is defended names tests that exist, for every row of its tables."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/explanation/security.md").read_text(encoding="utf-8")
ROWS = [line for line in PAGE.splitlines() if line.startswith("|") and not line.startswith(("|---", "| What could"))]


def defined_in(file: Path) -> set[str]:
    """The tests that a file defines."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.split("|")[1].strip())
def test_each_row_names_tests_that_there_are(row: str):
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert len(cells) == 3 and all(cells)
    named = re.findall(r"`([^`]+)`", cells[2])
    assert named and re.sub(r"`[^`]+`", "", cells[2]).strip() == ""
    for each in named:
        file, _, test = each.partition("::")
        path = ROOT / "tests" / file
        assert path.is_file(), each
        assert test.startswith("test_") and test in defined_in(path), each


def test_every_test_of_security_is_named():
    for file in sorted((ROOT / "tests/security").glob("test_*.py")):
        assert f"security/{file.name}::" in PAGE, file.name
