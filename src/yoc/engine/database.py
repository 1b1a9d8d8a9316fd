"""One DuckDB connection for one run, and the only ways in which a room may speak to it."""

import errno
import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, TypeVar

import duckdb
import pyarrow as pa

DATABASE_VERSION = duckdb.__version__
"""Another version may number texts otherwise: its hash says in which bucket a person lies."""
MEMORY_BYTES = 1 << 30
"""How much a database may hold in memory unless it is said; what is more waits on the disk. Reading and Python come on
top of it.
"""
Opened = TypeVar("Opened")
SQL_ROOMS = ("yoc.intake", "yoc.population", "yoc.activity")
RAW = "raw"
"""The folder, inside a room's `sql`, of the steps that read text as it stands in files. They run on DuckDB always."""


class Engine:
    """Runs SQL files of the package. No SQL is put together from text; lists and rules come in as small tables."""

    lines_at_once: int | None = 2_500_000
    """About how many lines it should be given at a time, so that its memory does not grow with them; ``None``: all."""

    def __init__(self, memory_bytes: int = MEMORY_BYTES) -> None:
        self._connection = duckdb.connect(":memory:")
        self._open = ExitStack()
        self._spilled = TemporaryDirectory(prefix="yoc-")
        self._connection.execute("SET memory_limit = $limit", {"limit": f"{memory_bytes}B"})
        self._connection.execute("SET temp_directory = $folder", {"folder": self._spilled.name})
        # Extensions would be fetched from the network, and local secrets read from disk; a run needs neither.
        self._connection.execute("SET autoinstall_known_extensions = false")
        self._connection.execute("SET enable_progress_bar = false")
        # Joins run as the files write them: what is looked up stands on the right, and is small. Left to itself, the
        # database takes lines for few once they have been joined, and holds them in memory as what is looked up.
        self._connection.execute("SET disabled_optimizers = 'join_order,build_side_probe_side'")

    def __enter__(self) -> "Engine":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()
        self._open.close()
        self._spilled.cleanup()

    def keep_open(self, context: AbstractContextManager[Opened]) -> Opened:
        """Enter a context that ends with the engine, as of files that its views read."""
        return self._open.enter_context(context)

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
        """Raise ``OSError`` where the disk that takes what is more than the memory is full or at fault, or where what
        cannot wait on the disk is more than the memory.
        """
        try:
            yield
        except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
            said = str(error).lower()
            if "no space left" in said or "max_temp_directory_size" in said:
                number = errno.ENOSPC
            else:
                number = errno.ENOMEM if isinstance(error, duckdb.OutOfMemoryException) else errno.EIO
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
