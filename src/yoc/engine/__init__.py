"""The database behind the line-level work: short SQL files, bound values, small tables in, small tables out.

Kept apart from the rooms that use it so that each of them holds only its own method as SQL.
"""

from typing import Literal

from yoc.engine.database import DATABASE_VERSION, MEMORY_BYTES, Engine, sql_hashes

EngineName = Literal["duckdb", "spark"]


def open_engine(name: EngineName, memory_bytes: int = MEMORY_BYTES) -> Engine:
    """The engine of a name; ``memory_bytes`` is how much its database may hold in memory.

    Raises ``FindingsError`` where it cannot be started.
    """
    if name == "spark":
        # Spark is an extra, and slow to start.
        from yoc.engine.spark import SparkEngine

        return SparkEngine(memory_bytes)
    return Engine(memory_bytes)
