"""What a file is, by its first bytes and never by its name, and how the table in it is come at, packed or not.

A table lies in a file of its own, in a gzip file, or in a ZIP; the path ``outer.zip/inner.csv`` leads to one of several
in a ZIP. Nothing is ever unpacked to the disk: lines of patients stay where they were put.
"""

import gzip
import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, cast

from yoc.core.findings import Finding, FindingsError, Level
from yoc.intake.limits import Limits
from yoc.intake.unreadable import Unreadable, findings_about
from yoc.intake.zip_entries import ZIP_MARKS, entry_of, is_table_name, table_entries

GZIP_MARK = b"\x1f\x8b"
_OTHERS = {
    b"\xd0\xcf\x11\xe0": (
        "an Excel workbook of the old kind (.xls), or one with a password",
        ".xlsx without a password",
    ),
    b"%PDF": ("a PDF", "CSV, .xlsx or Parquet"),
    b"{\\rtf": ("a text document (RTF)", "CSV, .xlsx or Parquet"),
    b"7z\xbc\xaf": ("a 7-Zip archive", "a ZIP, or gzip it"),
    b"Rar!": ("a RAR archive", "a ZIP, or gzip it"),
    b"BZh": ("packed by bzip2", "a ZIP, or gzip it"),
    b"\xfd7zXZ": ("packed by xz", "a ZIP, or gzip it"),
    b"\x28\xb5\x2f\xfd": ("packed by Zstandard", "a ZIP, or gzip it"),
}
_ENDINGS = {".xlsx": "an Excel workbook (.xlsx)", ".xlsm": "an Excel workbook (.xlsx)"} | dict.fromkeys(
    (".parquet", ".pq"), "a Parquet file"
)


class Kind(StrEnum):
    """What a table is written as."""

    TEXT = "text"
    WORKBOOK = "xlsx"
    PARQUET = "parquet"


@dataclass(frozen=True)
class Source:
    """A table where it lies: the file on disk, the ZIP's entry that holds it (or ``""``), and what it is."""

    path: Path
    entry: str
    is_gzip: bool
    kind: Kind
    limits: Limits
    named_by_entry: bool = False

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """The table's own bytes, from the first on. Raises ``Unreadable`` where they break off or pass a limit."""
        with _unpacked(self.path, self.entry, self.is_gzip, self.limits) as stream:
            yield stream

    @contextmanager
    def open_anywhere(self) -> Iterator[BinaryIO]:
        """The same, for a reader that jumps about: what is packed is held in memory, within its limit."""
        if not self.is_packed:
            with self.path.open("rb") as stream:
                yield stream
        else:
            with self.open() as stream:
                yield _held(stream, self.limits)

    @property
    def is_packed(self) -> bool:
        """Whether the table lies in a gzip file or a ZIP."""
        return self.is_gzip or bool(self.entry)

    def sha256(self) -> str:
        """The hash of what the path names: the file as it arrived, or the one entry of a ZIP by its own bytes."""
        if not self.named_by_entry:
            return _file_sha256(self.path)
        digest = hashlib.sha256()
        with self.open() as stream:
            while chunk := stream.read(1 << 20):
                digest.update(chunk)
        return digest.hexdigest()


def is_there(path: Path) -> bool:
    """Whether a path leads to a file, or to an entry of a ZIP that is a file."""
    file, entry = split(path)
    if not file.is_file() or not entry:
        return file.is_file()
    try:
        with zipfile.ZipFile(file) as archive:
            return entry in archive.namelist()
    except (OSError, zipfile.BadZipFile):
        return False


def split(path: Path) -> tuple[Path, str]:
    """The file on disk that a path leads to or into, and the name of the entry in it (``""`` for the file itself)."""
    for place in (path, *path.parents):
        if place.is_file():
            return place, "" if place == path else path.relative_to(place).as_posix()
    return path, ""


def find_source(path: Path, name: str, limits: Limits) -> Source:
    """Find out what a file is. Raises ``Unreadable`` where it is no table, ``FindingsError`` where it is missing."""
    file, entry = split(path)
    if not file.is_file():
        fault = (
            (f"{name} is a folder", "name the file in it")
            if path.is_dir()
            else (f"{name} is not there", "check the name and the folder")
        )
        raise FindingsError([Finding("FILE-MISSING", Level.SUBMISSION, *fault)])
    size = file.stat().st_size
    if size == 0:
        raise Unreadable("the file is empty", "ask for the file again")
    if size > limits.file_bytes:
        message = f"the file has {size:,} bytes, and {limits.what} has at most {limits.file_bytes:,}"
        raise Unreadable(message, "keep the columns and rows that are needed, or split it into several files")
    first = _first_bytes(file, "", False, limits)
    is_gzip, named_by_entry = first.startswith(GZIP_MARK), bool(entry)
    if first.startswith(ZIP_MARKS) and (entry or not _is_workbook(file)):
        with _broken_is_unreadable("ZIP"):
            entry = entry_of(file, entry, limits)
        named = Path(entry)
    elif entry:
        raise Unreadable(f"the file is no ZIP, and nothing in it is named {entry}", "name the file alone")
    else:
        named = path.with_suffix("") if is_gzip else path
    if is_gzip or entry:
        first = _first_bytes(file, entry, is_gzip, limits)
    return Source(file, entry, is_gzip, _kind_of(first, file, entry, is_gzip, named, limits), limits, named_by_entry)


def tables_in(path: Path, limits: Limits) -> tuple[list[Path], list[str]]:
    """The tables that a file stands for: each of several in a ZIP, else itself; and the names that a ZIP leaves out.

    A ZIP that cannot be used is given as itself, so that reading it says why.
    """
    try:
        if _first_bytes(path, "", False, limits).startswith(ZIP_MARKS) and not _is_workbook(path):
            with _broken_is_unreadable("ZIP"):
                tables, left_out = table_entries(path, limits)
            return [path / entry for entry in tables] if len(tables) > 1 else [path], left_out
    except (Unreadable, OSError):
        pass
    return [path], []


def tables_in_folder(folder: Path) -> tuple[list[Path], list[str]]:
    """The files directly in a folder that are taken for tables, in order; and the names of all else in it."""
    tables, left_out = [], []
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        if path.is_file() and is_table_name(path.name):
            tables.append(path)
        else:
            left_out.append(f"{path.name}/" if path.is_dir() else path.name)
    return tables, left_out


def path_sha256(path: Path, limits: Limits) -> str:
    """The hash of what a path names, as ``Source.sha256`` gives it, without looking at what it is."""
    file, entry = split(path)
    if not entry:
        return _file_sha256(file)
    return Source(file, entry, False, Kind.TEXT, limits, named_by_entry=True).sha256()


def hash_each(files: Iterable[tuple[Path, str]], limits: Limits) -> list[str | FindingsError]:
    """The hash of what each path names, several of them read at a time; where one cannot be read, what is wrong with
    it, under the name that stands beside the path.
    """

    def content_of(file: tuple[Path, str]) -> str | FindingsError:
        path, name = file
        try:
            with findings_about(name):
                return path_sha256(path, limits)
        except FindingsError as error:
            return error

    with ThreadPoolExecutor() as threads:
        return list(threads.map(content_of, files))


def _file_sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _first_bytes(path: Path, entry: str, is_gzip: bool, limits: Limits) -> bytes:
    with _unpacked(path, entry, is_gzip, limits) as stream:
        return stream.read(64)


def _kind_of(first: bytes, file: Path, entry: str, is_gzip: bool, named: Path, limits: Limits) -> Kind:
    if not first:
        raise Unreadable("the file is empty: nothing is packed in it", "ask for the file again")
    if first.startswith(b"PAR1"):
        return Kind.PARQUET
    if first.startswith(ZIP_MARKS):
        if is_gzip or entry:
            with _unpacked(file, entry, is_gzip, limits) as stream:
                if not _is_workbook(_held(stream, limits)):
                    raise Unreadable(*_nested("a ZIP"))
        return Kind.WORKBOOK
    if first.startswith(GZIP_MARK):
        raise Unreadable(*_nested("a gzip file"))
    for mark, (what, instead) in _OTHERS.items():
        if first.startswith(mark):
            raise Unreadable(f"the file is {what}", f"save it as {instead}")
    if first.lstrip(b"\xef\xbb\xbf \t\r\n")[:9].lower().startswith((b"<html", b"<!doctype", b"<?xml")):
        raise Unreadable("the file is a web page or XML, whatever its name says", "save it as CSV, .xlsx or Parquet")
    if promised := _ENDINGS.get(named.suffix.lower()):
        mend = "open it and save it again, or ask for it again"
        raise Unreadable(f"the file is not {promised}, although its name says so", mend)
    return Kind.TEXT


def _nested(what: str) -> tuple[str, str]:
    return f"the archive holds {what} in its turn", "unpack it once, and give the files in it"


def _is_workbook(file: Path | BinaryIO) -> bool:
    """Whether a ZIP is a workbook, or is named like one and so to be told as a broken one."""
    if isinstance(file, Path) and file.suffix.lower() in (".xlsx", ".xlsm"):
        return True
    try:
        with zipfile.ZipFile(file) as archive:
            return "[Content_Types].xml" in archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return False


def _held(stream: BinaryIO, limits: Limits) -> BinaryIO:
    content = stream.read(limits.held_bytes + 1)
    if len(content) > limits.held_bytes:
        message = f"a workbook or Parquet file in an archive has over {limits.held_bytes:,} bytes, which is the most"
        raise Unreadable(message, "give the file by itself, outside the archive")
    return io.BytesIO(content)


@contextmanager
def _unpacked(path: Path, entry: str, is_gzip: bool, limits: Limits) -> Iterator[BinaryIO]:
    if not is_gzip and not entry:
        with path.open("rb") as stream:
            yield stream
    elif is_gzip:
        with _broken_is_unreadable("gzip file"), gzip.open(path, "rb") as unpacking:
            yield cast(BinaryIO, _Counted(cast(BinaryIO, unpacking), path.stat().st_size, limits))
    else:
        with _broken_is_unreadable("ZIP"), zipfile.ZipFile(path) as archive:
            info = archive.getinfo(entry)
            with archive.open(info) as unpacking:
                yield cast(BinaryIO, _Counted(cast(BinaryIO, unpacking), info.compress_size, limits))


@contextmanager
def _broken_is_unreadable(what: str) -> Iterator[None]:
    """The packers fail in many ways at a broken file; to a user they are one."""
    try:
        yield
    except (gzip.BadGzipFile, zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError) as error:
        if isinstance(error, NotImplementedError):
            message, mend = (
                f"the {what} is packed in a way that is not read",
                "pack it again as an ordinary ZIP, or gzip it",
            )
        else:
            message, mend = f"the {what} is broken, or was cut short on its way", "ask for the file again"
        raise Unreadable(message, mend) from None


class _Counted:
    """A stream that is counted while it is unpacked, whatever the archive says of its size."""

    def __init__(self, stream: BinaryIO, packed_bytes: int, limits: Limits):
        self._stream, self._packed, self._limits, self._bytes = stream, packed_bytes, limits, 0

    def read(self, size: int = -1) -> bytes:
        if size < 0:
            size = self._limits.unpacked_bytes + 1
        parts: list[bytes] = []
        while size > 0 and (part := self._stream.read(min(size, 1 << 20))):
            parts.append(part)
            size -= len(part)
            self._count(len(part))
        return b"".join(parts)

    def _count(self, more: int) -> None:
        self._bytes += more
        limits, mend = self._limits, "unpack it and see what it is; split a large file into several"
        if self._bytes > limits.unpacked_bytes:
            message = f"the archive unpacks to over {limits.unpacked_bytes:,} bytes, and {limits.what} has no more"
            raise Unreadable(message, mend)
        if self._bytes > max(limits.ratio_from_bytes, limits.ratio * self._packed):
            message = (
                f"{self._packed:,} packed bytes unpack to over {self._bytes:,}, more than {limits.ratio} times as many"
            )
            raise Unreadable(message, mend)
