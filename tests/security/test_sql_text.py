"""Text from files is never part of an SQL statement: by reading our own code, and by names that are SQL."""

import ast
import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "workflow"))

from small_world import LINES, PLAN, lay, write

from yoc.workflow.reconcile import compute

SOURCE = Path(__file__).resolve().parents[2] / "src/yoc"
RUNS_SQL = {"execute", "executemany", "executescript", "sql", "text", "query", "from_query"}
# Words of our own in a statement, each with the reason that no text of a file can be among them.
ALLOWED = {
    "store/database.py": "the wait is a number of ours, the lock one of two names that stand beside it",
    "store/migrations/append_only.py": "the tables are those of the model",
    "report/chart.py": "words in a picture, and no statement",
}
HOSTILE = "'; DROP TABLE line; --"


def made_from_parts(node: ast.AST) -> bool:
    """Whether an expression puts text together: an f-string, `%`, `+`, or `.format`."""
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(part, ast.FormattedValue) for part in node.values)
    if isinstance(node, ast.BinOp):
        return True
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("format", "join")


def statements_from_parts(text: str) -> list[int]:
    """The lines on which a call that runs SQL is given text that was put together."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and node.args:
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in RUNS_SQL and made_from_parts(node.args[0]):
                found.append(node.lineno)
    return found


def test_no_statement_is_put_together_from_text():
    found = {
        path.relative_to(SOURCE).as_posix(): lines
        for path in sorted(SOURCE.rglob("*.py"))
        if (lines := statements_from_parts(path.read_text(encoding="utf-8")))
    }
    assert {*found} == {*ALLOWED}, found


@pytest.mark.parametrize(
    "call", ['c.execute(f"DROP {x}")', 'c.sql("a" + x)', 'text("%s" % x)', 'c.execute("{}".format(x))']
)
def test_the_reading_of_our_code_can_fail(call: str):
    assert statements_from_parts(call) == [1]


def test_the_engine_runs_the_text_of_its_files_alone():
    """One module speaks to the engine's connection, and it gives it only what `read_sql` read."""
    for path in sorted(SOURCE.rglob("*.py")):
        if "duckdb" in path.read_text(encoding="utf-8") and "import duckdb" in path.read_text(encoding="utf-8"):
            assert path.relative_to(SOURCE).as_posix() == "engine/database.py"


def test_names_that_are_sql_come_through_as_text(tmp_path: Path):
    """In a tariff code, titles, a segment and a file's name: the same pence, and all tables are there."""
    plain = compute(lay(tmp_path / "plain"))
    lines = (*LINES, ("P2", "2026-05-04", "AE", HOSTILE, "1", "10.00"))
    root = tmp_path / "hostile"
    plan = lay(
        root, ("name: Everybody", f'name: "{HOSTILE}"'), ("title: A small world", f'title: "{HOSTILE}"'), lines=lines
    )
    (root / "data/activity.csv").rename(root / f"data/{HOSTILE}.csv")
    text = plan.read_text(encoding="utf-8").replace("activity: data/activity.csv", f'activity: "data/{HOSTILE}.csv"')
    found = compute(write(root, PLAN, text))
    assert found["totals"]["cost_pence"] == plain["totals"]["cost_pence"] == 30_000
    assert found["contract"]["title"] == HOSTILE
    assert found["hosts"][0]["people"][0]["name"] == HOSTILE
    assert any(
        HOSTILE.upper() in finding["message"] for finding in found["findings"] if finding["code"] == "PRICE-MISSING"
    )
    assert f"data/{HOSTILE}.csv" in json.dumps(found["files"])
