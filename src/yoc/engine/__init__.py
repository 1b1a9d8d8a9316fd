"""The database behind the line-level work: short SQL files, bound values, small tables in, small tables out.

Kept apart from the rooms that use it so that each of them holds only its own method as SQL.
"""

from yoc.engine.database import MEMORY_BYTES, Engine, sql_hashes
