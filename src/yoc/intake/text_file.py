"""Text in rows and columns: its encoding, its delimiter, its lines, before any library makes a table of it."""

import codecs
import csv
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from yoc.intake.container import Source
from yoc.intake.limits import Limits
from yoc.intake.unreadable import Unreadable

DELIMITERS = (",", ";", "\t", "|")

_CHUNK_BYTES = 1 << 20
BLOCK_BYTES = 32 << 20
_NEVER_CP1252 = (b"\x81", b"\x8d", b"\x8f", b"\x90", b"\x9d")
_NO_TEXT = "the file is not text in rows and columns"
_NO_TEXT_MEND = "save it as CSV in UTF-8, or as .xlsx"


@dataclass(frozen=True)
class TextFacts:
    """The hash of a file and the encoding of the text in it, found in one pass."""

    sha256: str
    encoding: str


def scan_text(source: Source) -> TextFacts:
    """Hash a file and find its encoding: by its mark, by where its NUL bytes are, else UTF-8 or Windows-1252.

    Raises ``Unreadable`` where the bytes are text in none of them.
    """
    hashes_text = source.named_by_entry or not source.is_packed
    digest = hashlib.sha256()
    checks: _Encodings | None = None
    with source.open() as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            if hashes_text:
                digest.update(chunk)
            checks = checks or _Encodings(chunk)
            checks.add(chunk)
    encoding = (checks or _Encodings(b"")).encoding()
    return TextFacts(digest.hexdigest() if hashes_text else source.sha256(), encoding)


def scan_beginning(source: Source) -> str:
    """The encoding of a file as far as its beginning tells, which is enough to read its header by.

    Raises ``Unreadable`` where the bytes are no text.
    """
    with source.open() as stream:
        first = stream.read(_CHUNK_BYTES)
    checks = _Encodings(first)
    checks.add(first)
    return checks.encoding(is_whole=len(first) < _CHUNK_BYTES)


def decoded(content: bytes) -> tuple[str, str]:
    """The text of a file's whole content and the name of its encoding. Raises ``Unreadable`` as ``scan_text``."""
    checks = _Encodings(content)
    checks.add(content)
    encoding = checks.encoding()
    return content.decode(encoding).removeprefix("\ufeff"), encoding


class _Encodings:
    """Which encodings the bytes so far are text in."""

    def __init__(self, first: bytes):
        self._wide = _wide_encoding(first)
        self._name = self._wide or "utf-8"
        self._decoder: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder(self._name)()
        self._is_cp1252, self._has_nul = not self._wide, False

    def add(self, chunk: bytes, is_last: bool = False) -> None:
        if not self._wide:
            self._has_nul = self._has_nul or b"\0" in chunk
            self._is_cp1252 = self._is_cp1252 and not any(byte in chunk for byte in _NEVER_CP1252)
        if self._decoder:
            try:
                text = self._decoder.decode(chunk, is_last)
            except UnicodeDecodeError:
                self._decoder = None
            else:
                self._has_nul = self._has_nul or (bool(self._wide) and "\0" in text)

    def encoding(self, *, is_whole: bool = True) -> str:
        if is_whole:
            self.add(b"", is_last=True)
        if self._has_nul:
            raise Unreadable(f"{_NO_TEXT}: it holds NUL bytes", _NO_TEXT_MEND)
        if self._decoder:
            return self._name
        if self._is_cp1252:
            return "cp1252"
        raise Unreadable(f"{_NO_TEXT}, or in an encoding that it does not name", _NO_TEXT_MEND)


def _wide_encoding(first: bytes) -> str:
    """``utf-16`` by its mark; without one, by where the zero halves of the first characters stand."""
    if first[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16"
    even, odd = first[0:400:2], first[1:400:2]
    if len(first) >= 4 and even.count(0) == 0 and odd.count(0) * 2 > len(odd):
        return "utf-16-le"
    if len(first) >= 4 and odd.count(0) == 0 and even.count(0) * 2 > len(even):
        return "utf-16-be"
    return ""


def text_blocks(source: Source, encoding: str, limits: Limits, size: int | None = None) -> Iterator[bytes]:
    """The text in UTF-8, in blocks that end at a line's end, each line's end one line feed.

    Raises ``Unreadable`` at a line without end.
    """
    size = size or BLOCK_BYTES
    decoder = None if encoding == "utf-8" else codecs.getincrementaldecoder(encoding)()
    rest, is_first = b"", True
    with source.open() as stream:
        while chunk := stream.read(size):
            content = chunk if decoder is None else decoder.decode(chunk).encode("utf-8")
            if is_first:
                content, is_first = content.removeprefix(codecs.BOM_UTF8), False
            # A carriage return at the very end may be the first half of a line's end.
            end = content.rfind(b"\n") + 1 or (rest + content).rfind(b"\r", 0, -1) + 1 - len(rest)
            if end > 0:
                yield _with_line_feeds(b"".join((rest, memoryview(content)[:end])))
                rest = content[end:]
            else:
                rest += content
            if len(rest) > limits.record_bytes + size:
                raise _endless(limits)
    if rest:
        yield _with_line_feeds(rest)


def _with_line_feeds(content: bytes) -> bytes:
    return content.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in content else content


def _endless(limits: Limits) -> Unreadable:
    message = f"a line has over {limits.record_bytes:,} bytes, which is the most that a line may have"
    return Unreadable(message, "see whether the file has line ends at all, and save it as CSV again")


def delimiter_of(lines: Sequence[str]) -> str:
    """The mark that parts the header row into most fields; where the row after it has as many, that speaks first.

    >>> delimiter_of(["host, code;spend\\n", "H1;5\\n"])
    ';'
    """
    return max(DELIMITERS, key=lambda mark: delimiter_fit(lines, mark))


def delimiter_fit(lines: Sequence[str], mark: str) -> tuple[bool, int]:
    """How well a delimiter fits a table's first lines: whether two rows agree, and on how many fields."""
    reader = csv.reader(iter(lines), delimiter=mark)
    try:
        first = len(next(reader, []))
        second = next((len(record) for record in reader if any(cell.strip() for cell in record)), first)
    except csv.Error:
        return False, 0
    return first > 1 and first == second, first
