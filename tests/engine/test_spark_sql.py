"""The statements as Spark gets them. This needs sqlglot alone, and neither Spark nor Java."""

import pytest

pytest.importorskip("sqlglot", reason="sqlglot is not installed: pip install 'yoc[spark]'")

from golden import FOLDER, compiled

from yoc.engine.spark_sql import transpiled


def query(text: str) -> str:
    return transpiled(text, "a step").query


def test_what_spark_runs_is_what_was_looked_at():
    """Where this fails look at the difference, then write the files anew: `python tests/engine/golden.py`."""
    kept = {path.relative_to(FOLDER).as_posix(): path.read_text(encoding="utf-8") for path in FOLDER.rglob("*.sql")}
    assert compiled() == kept


def test_a_wide_division_is_exact_and_a_narrow_one_is_held_to_64_bits():
    assert query("SELECT CAST(a AS HUGEINT) // b AS x FROM t") == (
        "SELECT CAST((CAST(a AS DECIMAL(38, 0)) - CAST(a AS DECIMAL(38, 0)) % CAST(b AS DECIMAL(38, 0))) "
        "/ CAST(b AS DECIMAL(38, 0)) AS DECIMAL(38, 0)) AS x FROM t"
    )
    assert query("SELECT a // b AS x FROM t") == "SELECT CAST(a AS BIGINT) DIV b AS x FROM t"


def test_a_division_inside_another_is_made_the_same_too():
    assert query("SELECT a // 2 // 3 AS x FROM t") == "SELECT CAST(CAST(a AS BIGINT) DIV 2 AS BIGINT) DIV 3 AS x FROM t"


@pytest.mark.parametrize(
    "narrow",
    ["CAST(SUM(a) AS BIGINT)", "CAST(COALESCE(SUM(a), 0) AS BIGINT)", "CAST(SUM(a) OVER (PARTITION BY b) AS BIGINT)"],
)
def test_a_sum_that_says_that_64_bits_are_enough_keeps_them(narrow: str):
    assert query(f"SELECT {narrow} AS x FROM t") == f"SELECT {narrow} AS x FROM t"


def test_any_other_sum_is_taken_over_38_digits():
    assert query("SELECT sum(a) AS x FROM t") == "SELECT SUM(CAST(a AS DECIMAL(38, 0))) AS x FROM t"


def test_blanks_come_last_as_in_duckdb():
    assert query("SELECT a FROM t ORDER BY a") == "SELECT a FROM t ORDER BY a NULLS LAST"
    # Where the largest come first Spark puts them last of itself.
    assert query("SELECT a FROM t ORDER BY a DESC") == "SELECT a FROM t ORDER BY a DESC"


@pytest.mark.parametrize(
    "text",
    [
        "INSERT INTO a SELECT 1",
        "DELETE FROM a",
        "UPDATE a SET b = 1",
        "CREATE TABLE a (b INTEGER)",
        "CREATE OR REPLACE VIEW a AS SELECT 1 AS b",
        "SELECT 1; SELECT 2",
    ],
)
def test_what_spark_could_not_run_is_refused(text: str):
    with pytest.raises(ValueError, match="a step of Spark is"):
        transpiled(text, "a step")


def test_a_passing_view_stays_a_statement_of_which_the_name_and_the_reads_are_known():
    made = transpiled("CREATE OR REPLACE TEMPORARY VIEW a AS SELECT b.x // 2 AS y FROM b JOIN c ON c.x = b.x", "a step")
    assert made.query == (
        "CREATE OR REPLACE TEMPORARY VIEW a AS SELECT CAST(b.x AS BIGINT) DIV 2 AS y FROM b JOIN c ON c.x = b.x"
    )
    assert (made.makes, sorted(made.reads), made.is_view) == ("a", ["b", "c"], True)
