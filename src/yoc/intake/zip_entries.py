"""What lies in a ZIP: which entries are tables, which are left out, and which make the whole of it unusable."""

import re
import zipfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from yoc.intake.limits import Limits
from yoc.intake.unreadable import Unreadable

_ENTRY_HEAD_BYTES = 30
ZIP_MARKS = (b"PK\x03\x04", b"PK\x05\x06")

_NO_TABLES = frozenset(
    f".{ending}"
    for endings in (
        ("txt", "md", "pdf", "doc", "docx", "rtf", "ppt", "pptx", "htm", "html", "msg", "eml", "log"),
        ("png", "jpg", "jpeg", "gif", "ini", "db", "lnk", "tmp", "bak", "sha256", "md5", "sig", "asc"),
        ("yaml", "yml", "json", "xml", "xsd", "sql", "py"),
    )
    for ending in endings
)
_ENCRYPTED = 0x1
_SHOWN = 5


def is_clutter(name: str) -> bool:
    """Whether a file is one that programs leave behind: a lock, a hidden file, a thumbnail.

    >>> [is_clutter(name) for name in ("~$June.xlsx", "__MACOSX/._June.csv", ".DS_Store", "June.csv")]
    [True, True, True, False]
    """
    parts = PurePosixPath(name).parts
    return any(part.startswith((".", "~$")) or part == "__MACOSX" for part in parts) or parts[-1].lower() in (
        "thumbs.db",
        "desktop.ini",
    )


def is_table_name(name: str) -> bool:
    """Whether a file that nobody named by itself is taken for a table: all but clutter, texts, pictures and settings.

    >>> [is_table_name(name) for name in ("June.csv", "June.CSV.GZ", "June.dat", "readme.txt", "~$June.xlsx")]
    [True, True, True, False, False]
    """
    return not is_clutter(name) and PurePosixPath(name).suffix.lower() not in _NO_TABLES


def listed_briefly(names: Iterable[str]) -> str:
    """Some names in a sentence; of many, the first few.

    >>> listed_briefly(["a", "b"]), listed_briefly("abcdefg")
    ('a, b', 'a, b, c, d, e and 2 more')
    """
    every = list(names)
    rest = f" and {len(every) - _SHOWN} more" if len(every) > _SHOWN else ""
    return ", ".join(every[:_SHOWN]) + rest


def table_entries(path: Path, limits: Limits) -> tuple[list[str], list[str]]:
    """The names of the tables in a ZIP in order, and of the files left out. Raises ``Unreadable`` at what is unsafe."""
    with zipfile.ZipFile(path) as archive:
        entries = [info for info in archive.infolist() if not info.is_dir()]
        if len(archive.infolist()) > limits.entries:
            message = f"the ZIP has {len(archive.infolist()):,} entries, and at most {limits.entries:,} are read"
            raise Unreadable(message, "make one ZIP a year, or unpack it into a folder")
        refuse_overlaps(archive)
    for info in entries:
        _refuse_unsafe(info)
    names = sorted(info.filename for info in entries)
    if len(set(names)) < len(names):
        raise Unreadable("the ZIP has two entries of one name", "make it again")
    size = sum(info.file_size for info in entries)
    if size > limits.unpacked_bytes:
        message = f"the ZIP unpacks to {size:,} bytes, and {limits.what} has at most {limits.unpacked_bytes:,}"
        raise Unreadable(message, "keep the columns and rows that are needed, or make several")
    packed = sum(info.compress_size for info in entries)
    if size > max(limits.ratio_from_bytes, limits.ratio * packed):
        message = f"{packed:,} packed bytes would unpack to {size:,}, more than {limits.ratio} times as many"
        raise Unreadable(message, "unpack it and see what it is; split a large file into several")
    tables = [name for name in names if is_table_name(name)]
    return tables, [name for name in names if not is_table_name(name) and not is_clutter(name)]


def entry_of(path: Path, entry: str, limits: Limits) -> str:
    """The entry of a ZIP that is meant: the one named, or else its only table."""
    tables, left_out = table_entries(path, limits)
    if entry:
        if entry not in (*tables, *left_out):
            raise Unreadable(f"the ZIP has no entry {entry}: it has {listed_briefly(tables)}", "name one of them")
        return entry
    if not tables:
        has = f" ({listed_briefly(left_out)})" if left_out else ""
        example = left_out[0] if left_out else "table.csv"
        mend = f"if one of its files is a table, name it: {path.name}/{example}"
        raise Unreadable(f"the ZIP holds no table{has}", mend)
    if len(tables) > 1:
        message = f"the ZIP holds {len(tables)} tables, and which one is meant is a guess: {listed_briefly(tables)}"
        raise Unreadable(message, f"name one of them, as {path.name}/{tables[0]}")
    return tables[0]


def refuse_overlaps(archive: zipfile.ZipFile) -> None:
    """Refuse a ZIP whose entries lie on one another: a small block of packed bytes would be unpacked many times.

    Raises ``Unreadable``. Newer versions of Python refuse such an entry when it is opened; older ones unpack it.
    """
    starts = sorted(archive.infolist(), key=lambda info: info.header_offset)
    ends = [*(info.header_offset for info in starts), archive.start_dir][1:]
    for info, end in zip(starts, ends, strict=True):
        if info.header_offset + _ENTRY_HEAD_BYTES + info.compress_size > end:
            raise Unreadable("the archive has entries that overlap", "do not open it; ask where it comes from")


def _refuse_unsafe(info: zipfile.ZipInfo) -> None:
    name = info.orig_filename
    if info.flag_bits & _ENCRYPTED:
        raise Unreadable("the file is a ZIP with a password", "unpack it, or ask for it without a password")
    if "\\" in name or "\0" in name or name.startswith("/") or re.match(r"[A-Za-z]:", name) or ".." in name.split("/"):
        message = "the ZIP has an entry whose name leads out of it (`..`, a backslash, a drive or a root)"
        raise Unreadable(message, "do not unpack it; ask where it comes from, and for it to be made again")
