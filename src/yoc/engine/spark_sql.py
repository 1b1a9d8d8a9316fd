"""The SQL files of the package as Spark reads them: the same statements, transpiled by sqlglot.

What the two dialects mean differently is made the same here, and so that Spark fails rather than give another figure:

- A sum of 64-bit numbers has 128 bits in DuckDB and 64 in Spark, and is taken over 38 digits unless its file says that
  64 bits are enough, by `CAST(sum(x) AS BIGINT)`.
- `x // y` is Spark's `DIV`, of which the result has 64 bits and goes round in silence beyond them. So what is divided
  is held to 64 bits or, where its file says `CAST(x AS HUGEINT) // y`, divided as a number of 38 digits without a rest.
"""

import re
from dataclasses import dataclass
from functools import cache

import sqlglot
from sqlglot import exp

from yoc.engine.database import read_sql

_MAKES = re.compile(r"^CREATE (?:OR REPLACE )?TABLE (\w+)", re.MULTILINE)
_WIDE = exp.DataType.build("DECIMAL(38, 0)", dialect="spark")


@dataclass(frozen=True)
class SparkStatement:
    """One step for Spark: its query, the table or view that its rows become (none: they are given back), what it reads.

    Of a view ``query`` is the whole statement that shows it.
    """

    query: str
    makes: str
    reads: frozenset[str]
    is_view: bool = False


@cache
def spark_statement(room: str, step: str) -> SparkStatement:
    """The step ``room/sql/step.sql`` for Spark.

    Raises ``ValueError`` where it is neither a query nor a table or a passing view made of one.

    >>> spark_statement("yoc.activity", "people_over").query
    'SELECT COUNT(*) AS people FROM person_over'
    """
    return transpiled(read_sql(room, step), f"{room}/{step}")


def transpiled(text: str, name: str) -> SparkStatement:
    """A statement of DuckDB for Spark. ``name`` is what an error calls it.

    >>> text = "CREATE OR REPLACE TABLE b AS SELECT CAST(sum(x // 3) AS BIGINT) AS y FROM a WHERE x < $most"
    >>> made = transpiled(text, "b")
    >>> made.query
    'SELECT CAST(SUM(CAST(x AS BIGINT) DIV 3) AS BIGINT) AS y FROM a WHERE x < :most'
    >>> (made.makes, sorted(made.reads))
    ('b', ['a'])
    """
    statements = [tree for tree in sqlglot.parse(text, read="duckdb") if tree is not None]
    if len(statements) != 1:
        raise ValueError(f"{name}: a step of Spark is one statement")
    tree, makes, is_view = statements[0], "", False
    whole = tree.copy()
    if isinstance(tree, exp.Create) and tree.args.get("replace"):
        is_view = tree.kind == "VIEW" and tree.find(exp.TemporaryProperty) is not None
        if is_view or tree.kind == "TABLE":
            tree, makes = tree.expression, tree.this.name
    if not isinstance(tree, exp.Query):
        raise ValueError(
            f"{name}: a step of Spark is a query, or CREATE OR REPLACE TABLE or TEMPORARY VIEW ... AS a query"
        )
    reads = {table.name for table in tree.find_all(exp.Table)} - {part.alias for part in tree.find_all(exp.CTE)}
    query = whole if is_view else tree.copy()
    # The innermost first, so that what is made of an outer one holds what was made of those inside it.
    for total in reversed([*query.find_all(exp.Sum)]):
        if not _is_narrow(total):
            total.set("this", exp.cast(total.this.copy(), _WIDE.copy()))
    for division in reversed([*query.find_all(exp.IntDiv)]):
        division.replace(_divided(division))
    for kind in [*query.find_all(exp.DataType)]:
        if kind.is_type("INT128"):
            kind.replace(_WIDE.copy())
    return SparkStatement(query.sql("spark", comments=False), makes, frozenset(reads), is_view)


def tables_made(text: str) -> frozenset[str]:
    r"""The tables that the text of a raw step makes.

    >>> sorted(tables_made("CREATE TABLE a AS SELECT 1;\nCREATE OR REPLACE TABLE b AS SELECT 2"))
    ['a', 'b']
    """
    return frozenset(_MAKES.findall(text))


def _is_narrow(total: exp.Sum) -> bool:
    """Whether what stands around a sum says that 64 bits are enough."""
    around = total.parent
    while isinstance(around, exp.Window | exp.Filter | exp.Coalesce | exp.Paren):
        around = around.parent
    return isinstance(around, exp.Cast) and around.to.is_type("BIGINT")


def _divided(division: exp.IntDiv) -> exp.Expression:
    """A whole division that is the same in both engines, or fails."""
    dividend, divisor = division.this.unnest(), division.expression
    if not (isinstance(dividend, exp.Cast) and dividend.to.is_type("INT128")):
        return exp.IntDiv(this=exp.cast(dividend.copy(), "BIGINT"), expression=divisor.copy())
    wide = exp.cast(dividend.this.copy(), _WIDE.copy())
    by = exp.cast(divisor.unnest().copy(), _WIDE.copy())
    without_rest = exp.paren(exp.Sub(this=wide, expression=exp.Mod(this=wide.copy(), expression=by)))
    return exp.cast(exp.Div(this=without_rest, expression=by.copy(), typed=True, safe=False), _WIDE.copy())
