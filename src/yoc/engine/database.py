"""One DuckDB connection for one run, and the only ways in which a room may speak to it."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from importlib import resources
from types import TracebackType
from typing import Any

import duckdb
import pyarrow as pa

SQL_ROOMS = ("yoc.intake", "yoc.population", "yoc.activity")


class Engine:
    """Runs SQL files of the package. No SQL is put together from text; lists and rules come in as small tables."""

    def __init__(self) -> None:
        self._connection = duckdb.connect(":memory:")
        # Extensions would be fetched from the network, and local secrets read from disk; a run needs neither.
        self._connection.execute("SET autoinstall_known_extensions = false")
        self._connection.execute("SET enable_progress_bar = false")

    def __enter__(self) -> "Engine":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def run(self, room: str, step: str, **values: object) -> list[dict[str, Any]]:
        """Run ``room/sql/step.sql`` with bound values; the rows it gives, each by column name."""
        text = read_sql(room, step)
        result = self._connection.execute(text, values) if values else self._connection.execute(text)
        names = [column[0] for column in result.description or ()]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def fetch(self, room: str, step: str, **values: object) -> pa.Table:
        """Run ``room/sql/step.sql`` with bound values; the rows it gives as an Arrow table."""
        return self._connection.sql(read_sql(room, step), params=values or None).to_arrow_table()

    def give_parquet(self, name: str, paths: Sequence[str]) -> None:
        """Show Parquet files of one shape to SQL as one view, with the path of each row's file in `filename`."""
        self._connection.read_parquet(list(paths), filename=True).create_view(name, replace=True)

    def give(self, name: str, columns: Mapping[str, pa.DataType], rows: Iterable[Sequence[object]]) -> None:
        """Make a small table of Python rows, replacing one of the same name."""
        gathered = list(rows)
        arrays = [pa.array([row[place] for row in gathered], type=kind) for place, kind in enumerate(columns.values())]
        self.give_table(name, pa.table(arrays, names=list(columns)))

    def give_table(self, name: str, table: pa.Table) -> None:
        """Show an Arrow table to SQL under a name, replacing one of the same name."""
        self._connection.register(name, table)

    def drop(self, name: str) -> None:
        """Take a shown table away, so that its memory is free."""
        self._connection.unregister(name)


def read_sql(room: str, step: str) -> str:
    """The text of one step."""
    return resources.files(room).joinpath("sql", f"{step}.sql").read_text(encoding="utf-8")


def sql_hashes() -> dict[str, str]:
    """The SHA-256 of every SQL file, by ``room/step``: part of a run's evidence."""
    hashes = {}
    for room in SQL_ROOMS:
        for entry in sorted(resources.files(room).joinpath("sql").iterdir(), key=lambda entry: entry.name):
            if entry.name.endswith(".sql"):
                text = entry.read_text(encoding="utf-8")
                hashes[f"{room.removeprefix('yoc.')}/{entry.name}"] = hashlib.sha256(text.encode()).hexdigest()
    return hashes
