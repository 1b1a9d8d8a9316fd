"""One DuckDB connection for one run, and the only ways in which a room may speak to it."""

import errno
import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any

import duckdb
import pyarrow as pa

MEMORY_LIMIT = "2GiB"
"""How much the database may hold in memory; what is more waits on the disk. Reading and Python come on top of it."""
SQL_ROOMS = ("yoc.intake", "yoc.population", "yoc.activity")
RAW = "raw"
"""The folder, inside a room's `sql`, of the steps that read text as it stands in files. They run on DuckDB always."""


class Engine:
    """Runs SQL files of the package. No SQL is put together from text; lists and rules come in as small tables."""

    def __init__(self) -> None:
        self._connection = duckdb.connect(":memory:")
        self._spilled = TemporaryDirectory(prefix="yoc-")
        self._connection.execute("SET memory_limit = $limit", {"limit": MEMORY_LIMIT})
        self._connection.execute("SET temp_directory = $folder", {"folder": self._spilled.name})
        # Extensions would be fetched from the network, and local secrets read from disk; a run needs neither.
        self._connection.execute("SET autoinstall_known_extensions = false")
        self._connection.execute("SET enable_progress_bar = false")

    def __enter__(self) -> "Engine":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()
        self._spilled.cleanup()

    def run(self, room: str, step: str, **values: object) -> list[dict[str, Any]]:
        """Run ``room/sql/step.sql`` with bound values; the rows it gives, each by column name."""
        text = read_sql(room, step)
        with self._disk_told():
            result = self._connection.execute(text, values) if values else self._connection.execute(text)
            names = [column[0] for column in result.description or ()]
            return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def fetch(self, room: str, step: str, **values: object) -> pa.Table:
        """Run ``room/sql/step.sql`` with bound values; the rows it gives as an Arrow table."""
        with self._disk_told():
            return self._connection.sql(read_sql(room, step), params=values or None).to_arrow_table()

    @contextmanager
    def _disk_told(self) -> Iterator[None]:
        """Raise ``OSError`` where the disk that takes what is more than the memory is full or at fault."""
        try:
            yield
        except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
            said = str(error).lower()
            full = isinstance(error, duckdb.OutOfMemoryException) or "no space left" in said
            number = errno.ENOSPC if full else errno.EIO
            raise OSError(number, os.strerror(number), self._spilled.name) from error

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

    def write_parquet(self, name: str, path: Path) -> None:
        """Write a table as one Parquet file, never whole in memory.

        Raises ``TypeError`` where a column of it is one of 128 bits, which Parquet has not.
        """
        with self._disk_told():
            table = self._connection.table(name)
            wide = [column for column, kind in zip(table.columns, table.types, strict=True) if "HUGEINT" in str(kind)]
            if wide:
                # They would be written as binary fractions.
                raise TypeError(f"{name}: {', '.join(wide)} may not need 128 bits")
            table.write_parquet(str(path), compression="zstd")


def read_sql(room: str, step: str) -> str:
    """The text of one step."""
    return resources.files(room).joinpath("sql", *f"{step}.sql".split("/")).read_text(encoding="utf-8")


def sql_steps() -> Iterator[tuple[str, str]]:
    """Every SQL file of the package as its room and step, in order; a step of raw text begins with `raw/`."""
    for room in SQL_ROOMS:
        folder = resources.files(room).joinpath("sql")
        raw = folder.joinpath(RAW)
        for before, place in (("", folder), *(((f"{RAW}/", raw),) if raw.is_dir() else ())):
            for name in sorted(entry.name for entry in place.iterdir() if entry.name.endswith(".sql")):
                yield room, before + name.removesuffix(".sql")


def sql_hashes() -> dict[str, str]:
    """The SHA-256 of every SQL file, by ``room/step``: part of a run's evidence."""
    return {
        f"{room.removeprefix('yoc.')}/{step}.sql": hashlib.sha256(read_sql(room, step).encode()).hexdigest()
        for room, step in sql_steps()
    }
