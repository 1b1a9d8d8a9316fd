"""Pages with a table of which the last column names tests: its rows, and whether those tests exist."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def rows_of(page: str, heading: str) -> list[str]:
    """The rows of the tables of a page, without the headings, which begin with ``heading``."""
    return [line for line in page.splitlines() if line.startswith("|") and not line.startswith(("|---", heading))]


def first_cell(row: str) -> str:
    """What a row is about."""
    return row.split("|")[1].strip()


def refuse_a_row_without_tests(row: str) -> None:
    """Raise where a row does not name tests in its last of three cells, and nothing else there, or one is not there."""
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert len(cells) == 3 and all(cells)
    named = re.findall(r"`([^`]+)`", cells[2])
    assert named and re.sub(r"`[^`]+`", "", cells[2]).strip() == ""
    for each in named:
        file, _, test = each.partition("::")
        path = ROOT / "tests" / file
        assert path.is_file(), each
        assert test.startswith("test_") and test in _defined_in(path), each


def _defined_in(file: Path) -> set[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
