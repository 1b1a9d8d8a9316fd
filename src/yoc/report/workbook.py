"""A workbook from tables: one table a sheet, ready to filter and to print, and the same bytes every time."""

import datetime as dt
import io
import re
import textwrap
import zipfile
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.table import Table as FilterTable
from openpyxl.worksheet.table import TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from yoc.core.cells import no_formula
from yoc.core.periods import parse_date
from yoc.report.table import Cell as Value
from yoc.report.table import Column, Kind, Row, Table, decimal_of, shown

POUNDS_FORMAT = "£#,##0.00;-£#,##0.00"
_FONT = "Arial"
_LONGEST_TEXT = 32_000
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_NARROWEST, _LEAST_NOTE_WIDTH = 9.0, 90
_CHARACTER, _WIDE_CHARACTER, _FILTER_BUTTON = 0.92, 1.15, 4
"""The width of a character of words and of figures, and of a filter's button, in units of a column's width."""
_GRACE = 1.25
"""Text that is at most so many times over its column's limit widens the column, rather than wrap."""
_LINE_HEIGHT, _TALLEST = 15, 400
"""The height of a line, and of the tallest row, in points."""
_A4, _A3, _WIDEST_ON_A4 = 9, 8, 230
_TITLE_STYLE, _BANNER_STYLE, _NOTE_STYLE, _HEADER_STYLE = "yoc title", "yoc banner", "yoc note", "yoc header"
_FIGURE_HEADER_STYLE, _LINK_STYLE = "yoc header of figures", "yoc link"


@dataclass(frozen=True)
class Frame:
    """What stands on every sheet of a workbook: whose it is, banners, and the run in the footer."""

    subtitle: str
    banners: tuple[str, ...]
    run_id: str
    software: str
    as_of: str


def workbook_bytes(tables: Sequence[Table], frame: Frame) -> bytes:
    """The workbook with one sheet a table. Times in it are the ``as_of`` day, so that equal figures are equal bytes."""
    book = Workbook()
    book.remove(book.worksheets[0])
    styles = _add_styles(book)
    for table in tables:
        _write_table(book, table, frame, styles)
    created = dt.datetime.combine(parse_date(frame.as_of), dt.time())
    properties = book.properties
    properties.creator, properties.title, properties.created = frame.software, frame.subtitle, created
    written = io.BytesIO()
    book.save(written)
    return _with_fixed_times(written.getvalue(), created)


class _Styles:
    """The styles of a workbook by name, each looked up once: to ask the workbook for every cell costs as much as to
    write the cell."""

    def __init__(self, named: Iterable[NamedStyle]) -> None:
        self._plain: dict[str, StyleArray] = {style.name: style.as_tuple() for style in named}
        self._quoted: dict[str, StyleArray] = {}

    def dress(self, cell: Any, name: str, *, quoted: bool = False) -> None:
        """Give a cell a style, which cells share; a ``quoted`` one stays text also when somebody edits it."""
        if not quoted:
            cell._style = self._plain[name]
            return
        if name not in self._quoted:
            self._quoted[name] = copy(self._plain[name])
            self._quoted[name].quotePrefix = 1
        cell._style = self._quoted[name]


def _write_table(book: Workbook, table: Table, frame: Frame, styles: _Styles) -> None:
    """Title in A1, banners and notes under it, one header row, the rows, the labelled totals row."""
    sheet: Worksheet = book.create_sheet(table.sheet)
    widths = [_width(column, index, table) for index, column in enumerate(table.columns)]
    header = _write_above(sheet, table, frame, int(sum(widths)), styles)
    for index, (column, width) in enumerate(zip(table.columns, widths, strict=True), 1):
        style = _FIGURE_HEADER_STYLE if column.is_figure else _HEADER_STYLE
        _write_text(sheet.cell(header, index), column.name, style, styles)
        sheet.column_dimensions[get_column_letter(index)].width = width
    sheet.row_dimensions[header].height = _height([column.name for column in table.columns], widths, _FILTER_BUTTON)
    body = table.rows or (_row_of_none(table),)
    for number, row in enumerate(body, header + 1):
        _write_row(sheet, number, table.columns, widths, row, styles)
    last = header + len(body)
    if table.total:
        _write_row(sheet, last + 1, table.columns, widths, table.total, styles, total=True)
    for number, target in enumerate(table.links, header + 1):
        if target:
            link: Any = sheet.cell(number, 2)
            link.hyperlink = Hyperlink(ref=link.coordinate, location=f"'{target}'!A1")
            styles.dress(link, _LINK_STYLE)
    _add_filter(sheet, table, f"A{header}:{get_column_letter(len(table.columns))}{last}")
    _set_up_page(sheet, header, table, frame)
    page: Any = sheet.page_setup
    page.paperSize = _A4 if sum(widths) <= _WIDEST_ON_A4 else _A3


def _write_above(sheet: Worksheet, table: Table, frame: Frame, width: int, styles: _Styles) -> int:
    """The lines above the table, each in its own row; gives the row of the header under them."""
    above = _lines_above(table, frame, width)
    for number, (text, style, height) in enumerate(above, 1):
        _write_text(sheet.cell(number, 1), text, style, styles)
        sheet.row_dimensions[number].height = height
    return len(above) + 1


def _lines_above(table: Table, frame: Frame, width: int) -> list[tuple[str, str, int]]:
    notes = [part for note in table.notes for part in textwrap.wrap(note, max(width, _LEAST_NOTE_WIDTH))]
    above = [(table.title, _TITLE_STYLE, 24), (frame.subtitle, _NOTE_STYLE, _LINE_HEIGHT)]
    above += [(banner, _BANNER_STYLE, 18) for banner in frame.banners]
    return above + [(note, _NOTE_STYLE, _LINE_HEIGHT) for note in notes]


def header_row(table: Table, frame: Frame) -> int:
    """The number of the row in which a table's header stands on its sheet; its rows follow, then its total."""
    width = int(sum(_width(column, index, table) for index, column in enumerate(table.columns)))
    return len(_lines_above(table, frame, width)) + 1


def _height(texts: Sequence[str], widths: Sequence[float], spare: float = 1) -> float:
    """The height of a row whose texts wrap within their columns, less what is spared in each, in points."""
    wrapped = [
        len(textwrap.wrap(text, max(int((width - spare) / _CHARACTER), 5))) if _size(text) > width - spare else 1
        for text, width in zip(texts, widths, strict=True)
    ]
    return min(max(wrapped) * _LINE_HEIGHT, _TALLEST)


def _row_of_none(table: Table) -> Row:
    """What an empty table says."""
    first_text = next(index for index, column in enumerate(table.columns) if not column.is_figure)
    return tuple("None" if index == first_text else None for index in range(len(table.columns)))


def _write_row(
    sheet: Worksheet,
    number: int,
    columns: Sequence[Column],
    widths: Sequence[float],
    row: Row,
    styles: _Styles,
    total: bool = False,
) -> None:
    texts = []
    for index, (column, value) in enumerate(zip(columns, row, strict=True), 1):
        cell: Any = sheet.cell(number, index)
        if value is None:
            styles.dress(cell, _style_name(column.kind, 0, total))
        else:
            _write_value(cell, column, value, styles, total)
        texts.append(value if isinstance(value, str) and column.kind is Kind.TEXT else "")
    sheet.row_dimensions[number].height = _height(texts, widths)


def _write_value(cell: Any, column: Column, value: Value, styles: _Styles, total: bool) -> None:
    """A figure as a number of Excel, exact to the penny; everything else as text that can never be a formula."""
    figure = figure_written(value, column.kind)
    if figure is None:
        _write_text(cell, str(value), _style_name(column.kind, 0, total), styles)
        return
    is_decimal = isinstance(figure, Decimal) and column.kind is Kind.DECIMAL
    places = max(0, -int(figure.as_tuple().exponent)) if is_decimal else 0
    # A day sets a number's format of its own, so the style comes after the value.
    cell.value = figure
    styles.dress(cell, _style_name(column.kind, places, total))


def figure_written(value: Value, kind: Kind) -> Any:
    """What a cell holds as a number or a day of Excel; nothing where it is written as text.

    >>> figure_written(123456, Kind.POUNDS), figure_written("<5", Kind.COUNT)
    (Decimal('1234.56'), None)
    """
    if isinstance(value, int):
        return Decimal(value).scaleb(-2) if kind is Kind.POUNDS else value
    if isinstance(value, str):
        return parse_date(value) if kind is Kind.DAY else decimal_of(value, kind)
    return None


def _write_text(cell: Any, text: str, style: str, styles: _Styles) -> None:
    """Text as text, whatever it begins with; characters that a workbook cannot hold are replaced."""
    clean = ILLEGAL_CHARACTERS_RE.sub("\ufffd", text)[:_LONGEST_TEXT]
    cell.value = clean
    cell.data_type = "s"
    styles.dress(cell, style, quoted=clean.startswith(_FORMULA_STARTS) or no_formula(clean) != clean)


def _width(column: Column, index: int, table: Table) -> float:
    """As wide as the longest cell, up to the column's own limit for text; headers wrap between words."""
    rows = (*table.rows, *([table.total] if table.total else ()))
    longest = max((_size(shown(row[index], column.kind)) for row in rows), default=0.0)
    if column.kind is Kind.TEXT:
        limit = column.width * _CHARACTER
        longest = longest if longest <= limit * _GRACE else limit
    header = max(_size(word) for word in column.name.split()) + _FILTER_BUTTON
    return max(longest + 2, header, _NARROWEST)


def _size(text: str) -> float:
    """About how wide a text is, in units of a column's width: words are narrower than figures, codes and paths."""
    return len(text) * (_CHARACTER if " " in text else _WIDE_CHARACTER)


def _add_filter(sheet: Worksheet, table: Table, area: str) -> None:
    """An Excel table over header and rows, with its filter buttons; the totals row stays outside it."""
    name = re.sub(r"\W", "_", f"{table.sheet}_table")
    excel_table = FilterTable(displayName=name, ref=area)
    excel_table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)
    sheet.add_table(excel_table)


def _set_up_page(sheet: Worksheet, header: int, table: Table, frame: Frame) -> None:
    """Landscape, one page wide, the header row on every page, run and page number in the footer."""
    sheet.freeze_panes = f"{get_column_letter(table.frozen_columns + 1)}{header + 1}"
    sheet.sheet_view.showGridLines = False
    sheet.sheet_view.zoomScale = 90
    setup: Any = sheet.page_setup
    setup.orientation = "portrait" if table.portrait else "landscape"
    setup.fitToWidth, setup.fitToHeight = 1, 0
    properties: Any = sheet.sheet_properties
    properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{header}:{header}"
    margins: Any = sheet.page_margins
    margins.left = margins.right = 0.4
    margins.top, margins.bottom = 0.5, 0.7
    footer: Any = sheet.oddFooter
    footer.left.text = f"Run {frame.run_id}".replace("&", "&&")
    footer.center.text = ". ".join(("&A", *frame.banners[:1]))
    footer.right.text = "Page &P of &N"
    for part in (footer.left, footer.center, footer.right):
        part.size = 8


@cache
def _style_name(kind: Kind, places: int, total: bool) -> str:
    return f"yoc {kind.value}{f' {places}' if places else ''}{' total' if total else ''}"


_NUMBER_FORMATS = {
    (Kind.TEXT, 0): "General",
    (Kind.DAY, 0): "d mmmm yyyy",
    (Kind.POUNDS, 0): POUNDS_FORMAT,
    (Kind.COUNT, 0): "#,##0",
    (Kind.ORDER, 0): "0",
    (Kind.RATE, 0): "0.0000%",
    (Kind.DECIMAL, 0): "#,##0",
    **{(Kind.DECIMAL, places): f"#,##0.{'0' * places}" for places in range(1, 7)},
}
_ALIGNMENTS = {
    Kind.TEXT: Alignment(vertical="top", wrap_text=True),
    Kind.DAY: Alignment(horizontal="left", vertical="top"),
    Kind.ORDER: Alignment(horizontal="left", vertical="top"),
}


def _add_styles(book: Workbook) -> _Styles:
    """The styles of the house, named so that a reader finds them under cell styles."""
    made: list[NamedStyle] = []

    def add(style: NamedStyle) -> None:
        book.add_named_style(style)
        made.append(style)

    grey, line = PatternFill("solid", fgColor="E8EDEE"), Side(style="thin", color="425563")
    top = Alignment(vertical="top")
    right = Alignment(horizontal="right", vertical="top")
    header = Alignment(vertical="bottom", wrap_text=True)
    add(NamedStyle(_TITLE_STYLE, Font(name=_FONT, size=16, bold=True), alignment=top))
    add(NamedStyle(_BANNER_STYLE, Font(name=_FONT, size=12, bold=True), alignment=top))
    add(NamedStyle(_NOTE_STYLE, Font(name=_FONT, size=11), alignment=top))
    add(NamedStyle(_LINK_STYLE, Font(name=_FONT, size=11, underline="single", color="005EB8")))
    for name, alignment in (
        (_HEADER_STYLE, header),
        (_FIGURE_HEADER_STYLE, Alignment(horizontal="right", vertical="bottom", wrap_text=True)),
    ):
        bold = Font(name=_FONT, size=11, bold=True)
        add(NamedStyle(name, bold, grey, Border(bottom=line, top=line), alignment))
    for (kind, places), number_format in _NUMBER_FORMATS.items():
        for total in (False, True):
            style = NamedStyle(_style_name(kind, places, total), Font(name=_FONT, size=11, bold=total))
            style.alignment, style.number_format = _ALIGNMENTS.get(kind, right), number_format
            if total:
                style.border = Border(top=line, bottom=Side(style="double", color="425563"))
            add(style)
    return _Styles(made)


def _with_fixed_times(written: bytes, moment: dt.datetime) -> bytes:
    """The same workbook with one time for every member and for its last change."""
    fixed = io.BytesIO()
    stamp = f"{moment:%Y-%m-%dT%H:%M:%S}Z".encode()
    with zipfile.ZipFile(io.BytesIO(written)) as source, zipfile.ZipFile(fixed, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, content)
            member = zipfile.ZipInfo(name, (moment.year, moment.month, moment.day, 0, 0, 0))
            member.compress_type, member.create_system, member.external_attr = zipfile.ZIP_DEFLATED, 3, 0o600 << 16
            target.writestr(member, content)
    return fixed.getvalue()
