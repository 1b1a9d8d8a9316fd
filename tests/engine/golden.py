"""The SQL that Spark runs, kept beside the tests so that a change of it is seen: run this to write it anew."""

from pathlib import Path

from yoc.engine.database import RAW, sql_steps
from yoc.engine.spark_sql import spark_statement

FOLDER = Path(__file__).parent / "spark_sql"


def compiled() -> dict[str, str]:
    """The statement of every step that Spark runs, by ``room/step``, laid out for a reader."""
    import sqlglot

    found = {}
    for room, step in sql_steps():
        if not step.startswith(f"{RAW}/"):
            made = spark_statement(room, step)
            (text,) = sqlglot.transpile(made.query, read="spark", write="spark", pretty=True)
            begin = f"CREATE OR REPLACE TABLE {made.makes} AS\n" if made.makes and not made.is_view else ""
            found[f"{room.removeprefix('yoc.')}/{step}.sql"] = f"{begin}{text}\n"
    return found


if __name__ == "__main__":
    for old in FOLDER.rglob("*.sql"):
        old.unlink()
    for name, text in compiled().items():
        path = FOLDER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
