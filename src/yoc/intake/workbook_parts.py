"""What a workbook is made of, looked at before any library opens it: its size, unsafe XML, and what its cells need."""

import re
import zipfile
from dataclasses import dataclass, field
from typing import BinaryIO
from xml.parsers import expat

from yoc.intake.limits import Limits
from yoc.intake.unreadable import Unreadable
from yoc.intake.zip_entries import refuse_overlaps

_CHUNK_BYTES = 1 << 20
_OVERLAP_BYTES = 256
_MOST_DENSE_CELLS = 64 * 10**6
"""The fast reader lays a sheet out whole, blank cells too, and one far cell in a small file would fill the memory."""

_FORMULAS = (b"<f>", b"<f ", b"<f/", b":f>", b":f ", b":f/")
_NEEDS_MORE = (*_FORMULAS, b't="e"', b't="d"', b"r='", b"t='")
"""Marks of cells that need more than their value: formulas, faults, days as text; and quotes not looked for."""

_LONG_NUMBER = re.compile(rb"v>-?[0-9]{16}")
_FAR_COLUMN = re.compile(rb'\sr="([A-Z]{2,3})[0-9]')
_ROW_STEPS = tuple(
    (rows, re.compile(rb'\sr="[A-Z]+' + digits))
    for rows, digits in (
        (10_000, rb"[0-9]{5}"),
        (100_000, rb"[0-9]{6}"),
        (200_000, rb"[2-9][0-9]{5}"),
        (500_000, rb"[5-9][0-9]{5}"),
        (1_000_000, rb"[0-9]{7}"),
        (1_100_000, rb"(?:[0-9]{8}|[2-9][0-9]{6}|1[1-9][0-9]{5})"),
    )
)
"""How many rows a sheet may have at most, and how the name of a cell in a later row begins."""

_FORMATS = re.compile(r'<(?:\w+:)?numFmt\s[^>]*?numFmtId="(\d+)"[^>]*?formatCode="([^"]*)"')
_USED = re.compile(r"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", re.DOTALL)
_NOT_A_SIGN = re.compile(r'"[^"]*"|\\.|_.')
"""The parts of a number format that are printed as they are, so that a per cent sign in them changes no number."""


def shows_percent(number_format: str) -> bool:
    """Whether a cell of this format shows its number as a percentage.

    >>> shows_percent("0.00%"), shows_percent('0.00"%"')
    (True, False)
    """
    return "%" in _NOT_A_SIGN.sub("", number_format)


@dataclass
class Parts:
    """What the sheets of a workbook hold. A plain one needs nothing but the values of its cells."""

    is_plain: bool = True
    has_formulas: bool = False
    _columns: set[bytes] = field(default_factory=set, repr=False)
    _steps: int = field(default=0, repr=False)

    def look_at(self, xml: bytes) -> None:
        """Look at a piece of a sheet."""
        self.has_formulas = self.has_formulas or any(mark in xml for mark in _FORMULAS)
        if self.is_plain:
            self.is_plain = not any(mark in xml for mark in _NEEDS_MORE) and not _LONG_NUMBER.search(xml)
        if self.is_plain:
            self._columns.update(_FAR_COLUMN.findall(xml))
            while self._steps < len(_ROW_STEPS) and _ROW_STEPS[self._steps][1].search(xml):
                self._steps += 1
            rows = _ROW_STEPS[self._steps][0] if self._steps < len(_ROW_STEPS) else 10**9
            self.is_plain = rows * self._width() <= _MOST_DENSE_CELLS

    def _width(self) -> int:
        farthest = max(self._columns, key=lambda letters: (len(letters), letters), default=b"Z")
        width = 0
        for letter in farthest:
            width = width * 26 + letter - ord("A") + 1
        return width


def check_parts(stream: BinaryIO, limits: Limits) -> Parts:
    """Look at every part. Raises ``Unreadable`` where they unpack to too much, or are no workbook or an unsafe one."""
    parts = Parts()
    with zipfile.ZipFile(stream) as container:
        entries = container.infolist()
        refuse_overlaps(container)
        size = sum(part.file_size for part in entries)
        if size > limits.held_bytes:
            message = f"the workbook unpacks to {size:,} bytes, and at most {limits.held_bytes:,} are read"
            raise Unreadable(message, "keep the sheet and the columns that are needed, or save it as CSV")
        packed = sum(part.compress_size for part in entries)
        if size > max(limits.ratio_from_bytes, limits.ratio * packed):
            message = f"{packed:,} packed bytes would unpack to {size:,}, more than {limits.ratio} times as many"
            raise Unreadable(message, "see what it is; save the sheet that is needed as CSV")
        names = {part.filename for part in entries}
        if any(name.endswith(".bin") and name.startswith("xl/work") for name in names):
            raise Unreadable("the file is a binary workbook (.xlsb)", "save it as .xlsx or as CSV")
        if not any(name.startswith("xl/worksheets/") for name in names):
            raise Unreadable("the file holds no Excel sheet", "save the table as .xlsx or as CSV")
        for part in entries:
            if part.filename.lower().endswith((".xml", ".rels")):
                _look(container, part, parts)
        if "xl/styles.xml" in names and parts.is_plain:
            parts.is_plain = not _uses_percent(container.read("xl/styles.xml").decode("utf-8", errors="replace"))
    return parts


def _look(container: zipfile.ZipFile, part: zipfile.ZipInfo, parts: Parts) -> None:
    """Read a part once to its end: it is sound XML, declares nothing, and is as long as the container says.

    The fast reader goes on over broken XML and would leave out rows without a word.
    """
    is_sheet, tail = part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml"), b""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_declarations
    with container.open(part) as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            parser.Parse(chunk)
            if is_sheet:
                parts.look_at(tail + chunk)
            tail = chunk[-_OVERLAP_BYTES:]
        parser.Parse(b"", True)


def _refuse_declarations(*_: object) -> None:
    message = "a part of the workbook declares XML entities, which no spreadsheet program writes"
    raise Unreadable(message, "do not open it; ask where it comes from")


def _uses_percent(styles: str) -> bool:
    """Whether any style that cells may have shows a percentage: formats 9 and 10, or one of the workbook's own."""
    own = {number for number, code in _FORMATS.findall(styles) if shows_percent(code.replace("&quot;", '"'))}
    used = _USED.search(styles)
    return used is None or bool({"9", "10", *own} & set(re.findall(r'numFmtId="(\d+)"', used.group())))
