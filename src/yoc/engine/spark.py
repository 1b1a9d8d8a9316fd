"""The line-level work on Apache Spark: the same SQL files, for a year that has outgrown one machine.

Text is read by DuckDB, as ever. Tables that a step of Spark needs go to it as Parquet, and those that it makes stay
there as folders of Parquet; only what a step gives back comes into memory here.
"""

import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from decimal import Decimal
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import pyarrow as pa

from yoc.engine.database import MEMORY_BYTES, RAW, Engine, read_sql
from yoc.engine.spark_session import failures_told, open_session
from yoc.engine.spark_sql import SparkStatement, spark_statement, tables_made
from yoc.passing import passing_folder

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

FOLDER_VARIABLE = "YOC_SPARK_FOLDER"
"""Names a folder that this machine and every worker of a cluster see under one path, for the tables of a run."""
MONTHS = {"judged_line": "month"}
"""The tables of lines, each with the column by which its folder is parted: the month."""
_LARGEST = 2**63 - 1


class SparkEngine(Engine):
    """An engine whose raw steps are run by DuckDB, and all others by Spark.

    ``memory_bytes`` is how much DuckDB may hold; Spark's own settings say how much Spark may.
    """

    lines_at_once = None

    def __init__(self, memory_bytes: int = MEMORY_BYTES) -> None:
        self._session, self._end_session = open_session()
        super().__init__(memory_bytes)
        parent = Path(os.environ.get(FOLDER_VARIABLE) or tempfile.gettempdir())
        self._folder = self.keep_open(passing_folder(parent.absolute(), "yoc-spark"))
        self._numbers = count(1)
        self._small: dict[str, pa.Table] = {}
        self._made: dict[str, Path] = {}
        self._views: dict[str, frozenset[str]] = {}
        """What each view reads, which is looked up whenever the view is read."""
        self._shown: set[str] = set()
        """The tables of DuckDB that Spark has been shown as they are now."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._end_session()
        finally:
            super().__exit__(kind, error, trace)

    def run(self, room: str, step: str, **values: object) -> list[dict[str, Any]]:
        """Run a step on Spark, or a raw one on DuckDB; the rows it gives, each by column name."""
        if step.startswith(f"{RAW}/"):
            for name in tables_made(read_sql(room, step)):
                self._is_new(name)
            return super().run(room, step, **values)
        with self._failures_told(room, step):
            frame, statement = self._asked(room, step, values)
            if statement.is_view:
                self._is_new(statement.makes)
                self._views[statement.makes] = statement.reads
                return []
            if statement.makes:
                self._keep(statement.makes, frame)
                return []
            return [{name: _whole(value) for name, value in row.asDict().items()} for row in frame.collect()]

    def fetch(self, room: str, step: str, **values: object) -> pa.Table:
        """Run a step on Spark, or a raw one on DuckDB; the rows it gives as an Arrow table."""
        if step.startswith(f"{RAW}/"):
            return super().fetch(room, step, **values)
        with self._failures_told(room, step):
            return self._asked(room, step, values)[0].toArrow()

    def give_parquet(self, name: str, paths: Sequence[str]) -> None:
        """Show Parquet files of one shape to SQL as one view, with the path of each row's file in `filename`."""
        with self._failures_told("yoc.engine", name):
            read = self._session.read.parquet(*(_pattern(Path(path)) for path in paths))
            given_as = {str(Path(path).absolute()): path for path in paths}
            places = [place.replace("file:///", "file:/", 1) for place in read.inputFiles()]
            # A file's place as Spark writes it, beside its path as it was given.
            files = {"place": places, "filename": [given_as[unquote(urlsplit(place).path)] for place in places]}
            given = self._session.createDataFrame(pa.table(files))
            placed = read.select("*", read["_metadata.file_path"].alias("place"))
            placed.join(given.hint("broadcast"), "place").drop("place").createOrReplaceTempView(name)
        self._made[name] = Path()

    def give_table(self, name: str, table: pa.Table) -> None:
        """Show an Arrow table to SQL under a name, replacing one of the same name."""
        super().give_table(name, table)
        self._is_new(name)
        self._small[name] = table

    def drop(self, name: str) -> None:
        """Take a shown table away, so that its memory is free."""
        super().drop(name)
        if name in self._shown:
            self._session.catalog.dropTempView(name)
        self._is_new(name)

    def _is_new(self, name: str) -> None:
        """What Spark has been shown under a name is no longer what stands under it."""
        self._shown.discard(name)
        self._small.pop(name, None)
        self._views.pop(name, None)
        self._forget(name)

    def _forget(self, name: str) -> None:
        """Remove the folder of a table that Spark has made, where it has."""
        place = self._made.pop(name, Path())
        if place != Path():
            shutil.rmtree(place)

    def _asked(self, room: str, step: str, values: Mapping[str, object]) -> tuple["DataFrame", SparkStatement]:
        statement = spark_statement(room, step)
        for name in sorted(statement.reads):
            self._show(name)
        bound = {name: _spark_value(value) for name, value in values.items()}
        return self._session.sql(statement.query, args=bound), statement

    def _show(self, name: str) -> None:
        """Let Spark see a table of DuckDB: one that was given as it stands, one that a raw step made as Parquet.

        One without rows goes as Parquet too: a Spark Connect server takes no table of which it cannot see the kinds.
        """
        if name in self._shown or name in self._made:
            return
        if name in self._views:
            for read in sorted(self._views[name]):
                self._show(read)
            return
        if name in self._small and self._small[name].num_rows:
            frame = self._session.createDataFrame(self._small[name])
        else:
            path = self._place(name).with_suffix(".parquet")
            self.write_parquet(name, path)
            frame = self._session.read.parquet(_pattern(path))
        frame.createOrReplaceTempView(name)
        self._shown.add(name)

    def _keep(self, name: str, frame: "DataFrame") -> None:
        """Write what a step makes as a folder of Parquet, the lines by month, and show that under its name."""
        place, columns = self._place(name), frame.columns
        writer = frame.write.option("compression", "zstd")
        if name in MONTHS:
            writer = writer.partitionBy(MONTHS[name])
        writer.parquet(f"file:{place.as_posix()}")
        kept = self._session.read.schema(frame.schema).parquet(_pattern(place)).select(*columns)
        kept.createOrReplaceTempView(name)
        # The step may have read the table that it makes anew, so the old one goes last.
        self._forget(name)
        self._shown.discard(name)
        self._made[name] = place

    def _place(self, name: str) -> Path:
        return self._folder / f"{name}-{next(self._numbers)}"

    @contextmanager
    def _failures_told(self, room: str, step: str) -> Iterator[None]:
        """Raise ``FindingsError`` where Spark fails; meanwhile its own pages and logs show the work under the step."""
        name = f"{room.removeprefix('yoc.')}/{step}"
        with failures_told(name):
            self._session.addTag(name)
            try:
                yield
            finally:
                # Where Spark is gone, what ended the step is told, and not that its tag could not be taken off.
                with suppress(Exception):
                    self._session.removeTag(name)


def _pattern(path: Path) -> str:
    """The pattern by which Spark finds a file or folder of this machine, and nothing else."""
    return "file:" + re.sub(r"([\\\[\]{}*?])", r"\\\1", path.absolute().as_posix())


def _spark_value(value: object) -> object:
    """A bound value; a whole number that needs more than 64 bits as one of 38 digits."""
    return Decimal(value) if isinstance(value, int) and abs(value) > _LARGEST else value


def _whole(value: Any) -> Any:
    """A value that a step gives; a whole number of 38 digits as any other whole number."""
    if not isinstance(value, Decimal):
        return value
    if value != value.to_integral_value():
        raise TypeError("a step gave a broken number")
    return int(value)
