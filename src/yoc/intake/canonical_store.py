"""Files of lines and of people kept as canonical Parquet, by content: a file is read as text once, and never again.

What is kept holds keys of people as the files do. It stays where the files are, under `data/`, out of version control,
and may be deleted at any time: it is made again from the files.
"""

import errno
import hashlib
import json
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass
from functools import cache
from importlib import resources
from importlib.abc import Traversable
from itertools import count
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any, Self

import pyarrow as pa
import pyarrow.parquet as pq

from yoc.core.findings import Finding, FindingsError, Level
from yoc.core.identifiers import canonical_json, sha256_text
from yoc.engine import DATABASE_VERSION
from yoc.intake.identifiable import is_controlled
from yoc.intake.line_decisions import NamePeriod
from yoc.intake.profile_set import KnownProfile
from yoc.passing import passing_folder, remove_left_behind

_writers = count()

_REFUSED = (errno.EACCES, errno.EPERM, errno.EROFS)
_PASSING = ".writing"
_ROW_GROUP_LINES = 32_768
"""Lines that lie together in a file: a few people's, so that some people's can be read without the others'."""
NOTHING_HASHED: Mapping[str, str] = MappingProxyType({})
"""No file's hash is known yet."""
CANONICAL_FOLDER = "data/.canonical"
"""Where a workspace keeps them, named from its folder."""


@dataclass(frozen=True)
class CanonicalFacts:
    """What is known of a file beside its lines: its rows under the header, those that do not fit it, its encoding (of
    text, else its kind), and where its header stands (0 where it has none).

    ``blanked`` counts by field the rows in which a value that may be lacking was left blank, since it cannot be read;
    ``date_orders`` the rows with a date in the other order of day and month alone, or in ``either``.
    """

    sha256: str
    profile: str
    rows: int
    misfit_rows: tuple[int, ...]
    encoding: str
    header_row: int
    blanked: dict[str, int]
    date_orders: dict[str, int]


@dataclass(frozen=True)
class Canonical:
    """One file's rows in Parquet, and the facts about the file."""

    path: Path
    facts: CanonicalFacts

    @property
    def parts(self) -> Path:
        """Where it says what lines come to by codes, month and fault; of people there is no such file."""
        return self.path.with_suffix(".parts")


class CanonicalStore:
    """A folder of canonical files by key, open as long as those that it gives are read.

    Where nothing may be written into the folder, what is read now lies in one that passes, and is read again next time.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._open = ExitStack()
        self._places: tuple[Path, Path] | None = None

    def __enter__(self) -> Self:
        if self._folder is not None:
            # Whoever died may have finished its last file, so that nothing has to be written now.
            remove_left_behind(self._folder, _PASSING)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def kept(self, key: str) -> Canonical | None:
        """The file of a key where it is kept whole; ``None`` where it is not there, or is not as it was written."""
        if self._folder is None:
            return None
        path, parts, facts_path = _paths(self._folder, key)
        try:
            facts: dict[str, Any] = json.loads(facts_path.read_text(encoding="utf-8"))
            hashes = facts.pop("parquet_sha256"), facts.pop("parts_sha256")
            if hashes != (hash_file(path), hash_file(parts) if hashes[1] else ""):
                return None
            facts["misfit_rows"] = tuple(facts["misfit_rows"])
            return Canonical(path, CanonicalFacts(**facts))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def begin(self, key: str) -> "CanonicalWriter":
        """A writer of the file of a key, in place of one that may be there."""
        if self._places is None:
            self._places = self._kept_places() or self._passing_places()
        return CanonicalWriter(*self._places, key)

    def _kept_places(self) -> tuple[Path, Path] | None:
        """Where files are kept and where they are written first; ``None`` where nothing may be written there."""
        if self._folder is None:
            return None
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            return self._folder, self._open.enter_context(passing_folder(self._folder, _PASSING))
        except OSError as error:
            if error.errno not in _REFUSED:
                raise
            return None

    def _passing_places(self) -> tuple[Path, Path]:
        folder = self._open.enter_context(passing_folder(Path(tempfile.gettempdir()), "yoc"))
        return folder, folder


class CanonicalWriter:
    """Writes one canonical file under a passing name; it is there once it is finished, whole or not at all."""

    def __init__(self, folder: Path, passing: Path, key: str) -> None:
        self._path, self._parts_path, self._facts_path = _paths(folder, key)
        # Files of one content, in two loads, are written side by side under one key.
        self._staging = passing / f"{key}.{next(_writers)}.parquet"
        self._writer: pq.ParquetWriter | None = None
        self._parts: list[pa.Table] = []

    def write(self, rows: pa.Table, parts: pa.Table | None = None) -> None:
        """Add rows, always of one shape, and where they are lines what they come to."""
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._staging, rows.schema, compression="zstd", compression_level=1)
        self._writer.write_table(rows, row_group_size=_ROW_GROUP_LINES)
        if parts is not None:
            self._parts.append(parts)

    def finish(self, facts: CanonicalFacts) -> Canonical:
        """Put the file in its place. Its facts come last: a file without them is not there."""
        self.close()
        hashes = {"parquet_sha256": hash_file(self._staging), "parts_sha256": self._finish_parts()}
        content = {**asdict(facts), "misfit_rows": list(facts.misfit_rows), **hashes}
        self._staging.replace(self._path)
        staging = self._staging.with_suffix(".json")
        staging.write_text(canonical_json(content), encoding="utf-8")
        staging.replace(self._facts_path)
        return Canonical(self._path, facts)

    def _finish_parts(self) -> str:
        """Put what the lines come to in its place; its hash, ``""`` of people."""
        if not self._parts:
            return ""
        parts = self._staging.with_suffix(".parts")
        pq.write_table(pa.concat_tables(self._parts), parts, compression="zstd", compression_level=1)
        sha256 = hash_file(parts)
        parts.replace(self._parts_path)
        return sha256

    def close(self) -> None:
        """End the writing."""
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def abandon(self) -> None:
        """Leave nothing behind of a file that was not finished."""
        # A disk that was full a moment ago refuses the end of the file too; what stopped the reading is told instead.
        with suppress(OSError):
            self.close()
        self._staging.unlink(missing_ok=True)
        self._staging.with_suffix(".parts").unlink(missing_ok=True)


def _paths(folder: Path, key: str) -> tuple[Path, Path, Path]:
    """Where a file's lines, what they come to, and its facts lie."""
    return folder / f"{key}.parquet", folder / f"{key}.parts", folder / f"{key}.json"


def canonical_key(content_sha256: str, known: KnownProfile, name: NamePeriod) -> str:
    """The key of a file's lines: its content, how it is read, and what its name tells of its month.

    ``content_sha256`` is the hash of the file's bytes.
    """
    return _key({"content": content_sha256, "profile": known.sha256, "name": [name.period, name.start_year]})


def refuse_changed(file: str, content_sha256: str, now_sha256: str) -> None:
    """Raise ``FindingsError`` where a file no longer is what its hash said: its rows would be kept as another's."""
    if now_sha256 != content_sha256:
        raise FindingsError([file_changed(file)])


def file_changed(file: str) -> Finding:
    """A finding about a file that is no longer what it was when it was hashed."""
    return Finding("FILE-CHANGED", Level.SUBMISSION, "the file changed while it was being read", "run again", file)


def people_key(content_sha256: str, kind: str) -> str:
    """The key of the rows of a file about people: its content, and which kind of file it is read as."""
    return _key({"content": content_sha256, "people": kind})


def _key(made_from: dict[str, Any]) -> str:
    """A key that is another one where the reader is, or where files with NHS numbers are no longer let in."""
    return sha256_text(canonical_json({**made_from, "reader": reader_hash(), "controlled": is_controlled()}))


@cache
def reader_hash() -> str:
    """One hash over the source, the SQL and the tables by which files are read: another reader reads them anew.

    So does another version of the database, of which the hash says in which bucket a person lies: all files of a run
    must have theirs by one.
    """
    package = resources.files("yoc.intake")
    texts = [[name, sha256_text(text)] for name, text in sorted(_texts(package, ""))]
    return sha256_text(canonical_json([DATABASE_VERSION, texts]))


def _texts(folder: Traversable, before: str) -> list[tuple[str, str]]:
    found = []
    for entry in folder.iterdir():
        if entry.is_dir() and entry.name in ("sql", "raw"):
            found.extend(_texts(entry, f"{before}{entry.name}/"))
        elif entry.name.endswith((".py", ".sql", ".csv")):
            found.append((before + entry.name, entry.read_text(encoding="utf-8").replace("\r\n", "\n")))
    return found


def hash_file(path: Path) -> str:
    """The SHA-256 of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
