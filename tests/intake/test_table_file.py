"""Tables from CSV, Excel and Parquet: every cell as the text that stands there, every row by its number in the file."""

import datetime as dt
import subprocess
import sys
import zipfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from format_files import rewritten

from yoc.core.findings import Finding, FindingsError
from yoc.intake.limits import POSITIONS
from yoc.intake.table_file import Table, read_table


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


def cells(table: Table) -> list[tuple[int, tuple[str, ...]]]:
    return [(row.number, row.cells) for row in table.rows]


def refused(path: Path, **options) -> tuple[Finding, ...]:
    with pytest.raises(FindingsError) as caught:
        read_table(path, "shown.name", **options)
    return caught.value.findings


def workbook(path: Path, rows: list[list], *, title: str = "Results", **more: list[list]) -> Path:
    book = openpyxl.Workbook()
    for name, content in {title: rows, **more}.items():
        sheet = book.active if name == title else book.create_sheet(name)
        sheet.title = name
        for number, row in enumerate(content, 1):
            for place, value in enumerate(row, 1):
                if isinstance(value, tuple):
                    sheet.cell(number, place, value[0]).number_format = value[1]
                else:
                    sheet.cell(number, place, value)
    book.save(path)
    return path


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_header_row_tells_the_delimiter(tmp_path, mark):
    text = f'host{mark}"name{mark} full"{mark}spend\nH1{mark}"Smith, ""Jo"" {mark} Co"{mark} 1,000 \n'
    if mark == ",":
        text = text.replace(" 1,000 ", '" 1,000 "')
    table = read_table(write(tmp_path / "t.csv", text), "t.csv")
    assert table.headers == ("host", f"name{mark} full", "spend")
    assert cells(table) == [(2, ("H1", f'Smith, "Jo" {mark} Co', " 1,000 "))]


def test_a_name_with_a_comma_does_not_hide_the_semicolons(tmp_path):
    table = read_table(write(tmp_path / "t.csv", "host, code;spend\nH1;5\n"), "t.csv")
    assert (table.headers, cells(table)) == (("host, code", "spend"), [(2, ("H1", "5"))])


@pytest.mark.parametrize(
    ("encoding", "found"), [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("cp1252", "cp1252"), ("utf-16", "utf-16")]
)
def test_each_encoding_of_a_spreadsheet_is_read(tmp_path, encoding, found):
    table = read_table(write(tmp_path / "t.csv", "höst,spend\r\nCafé,£5\r\n".encode(encoding)), "t.csv")
    assert (table.headers, table.rows[0].cells, table.encoding) == (("höst", "spend"), ("Café", "£5"), found)


def test_rows_are_counted_as_the_file_counts_them(tmp_path):
    text = "Results of 2022\n\nhost,spend,,\nH1,1\n,,,\n\nH2,2,,\n"
    table = read_table(write(tmp_path / "t.csv", text), "t.csv", header_row=3)
    assert (table.headers, table.header_row) == (("host", "spend"), 3)
    assert cells(table) == [(4, ("H1", "1")), (7, ("H2", "2"))]


def test_a_header_may_have_two_lines_and_a_single_column_is_a_table(tmp_path):
    table = read_table(write(tmp_path / "t.csv", 'host,"Total\nspend"\nH1,1\n'), "t.csv")
    assert (table.headers, cells(table)) == (("host", "Total\nspend"), [(3, ("H1", "1"))])
    assert cells(read_table(write(tmp_path / "u.csv", "host\nH1\n"), "u.csv")) == [(2, ("H1",))]


def test_each_row_that_does_not_fit_is_named(tmp_path):
    found = refused(write(tmp_path / "t.csv", "host,spend\nH1,1\nH2\nH3,1,000\n"))
    assert [(finding.code, finding.line, finding.message) for finding in found] == [
        ("FIELD-VALUE", 3, "the row has 1 cells and the header 2"),
        ("FIELD-VALUE", 4, "the row has 3 cells and the header 2"),
    ]
    many = refused(write(tmp_path / "u.csv", "host,spend\n" + "H1\n" * 25))
    assert (len(many), many[-1].line, many[-1].count) == (21, 22, 5)


@pytest.mark.parametrize(
    ("name", "content", "code", "words", "line"),
    [
        ("t.csv", b"", "FILE-UNREADABLE", "the file is empty", None),
        ("t.csv", b"\n\n", "FILE-UNREADABLE", "row 1 holds no headers", None),
        ("t.csv", b"host,spend\n", "FILE-NOTHING", "a header and no row", 1),
        ("t.csv", b"host,spend\n,\n", "FILE-NOTHING", "a header and no row", 1),
        ("t.csv", b'host,spend\nH1,"1\nH2,2\n', "FILE-UNREADABLE", "a quotation mark does not close", 2),
        ("t.csv", b'host,name,spend\nH1,"A,1\nH2,B,2\nH3,C",3\n', "FILE-UNREADABLE", "runs on to line 4", 2),
        ("t.csv", b"host,spend\nH1,1\nH2," + b"9" * 200_000 + b"\n", "FILE-UNREADABLE", "too long to be one", 3),
        ("t.csv", b"\x89PNG\r\n\x1a\n\x00\x00\x81", "FILE-UNREADABLE", "is not text", None),
        ("t.csv", b"\xff\xfea", "FILE-UNREADABLE", "is not text", None),
        ("t.xls", b"\xd0\xcf\x11\xe0\xa1\xb1", "FILE-UNREADABLE", "old kind (.xls), or one with a password", None),
        ("t.xlsx", b"host,spend\n", "FILE-UNREADABLE", "is not an Excel workbook", None),
        ("t.parquet", b"host,spend\n", "FILE-UNREADABLE", "is not a Parquet file", None),
        ("t.xlsx", b"PK\x03\x04 and no more", "FILE-UNREADABLE", "the workbook is broken", None),
        ("t.parquet", b"PAR1 and no more", "FILE-UNREADABLE", "the Parquet file is broken", None),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(tmp_path, name, content, code, words, line):
    (finding,) = refused(write(tmp_path / name, content))
    assert (finding.code, finding.file, finding.line) == (code, "shown.name", line)
    assert words in finding.message
    assert finding.mend


def test_a_file_that_is_not_there_and_one_too_large(tmp_path):
    assert refused(tmp_path / "t.csv")[0].code == "FILE-MISSING"
    assert refused(tmp_path)[0].code == "FILE-MISSING"
    path = write(tmp_path / "t.csv", "host\nH1\nH2\nH3\n")
    (finding,) = refused(path, limits=replace(POSITIONS, rows=2))
    assert (finding.message, finding.line) == ("the table has more than 2 rows", 4)
    assert "the file has 14 bytes, and" in refused(path, limits=replace(POSITIONS, file_bytes=10))[0].message
    assert refused(path, limits=replace(POSITIONS, columns=0))[0].message.startswith("the table has 1 columns")


def test_cells_of_a_workbook_say_what_they_hold(tmp_path):
    rows = [
        ["host", "sum", "share", "literal", "flag", "day", "time", "text", "formula", "none"],
        ["H1", 1234.5, (0.8941, "0.00%"), (89.41, '0.00"%"'), True, (dt.date(2022, 1, 31), "dd/mm/yyyy"), None, " 07 "],
        [12, 3.0, (0.07, "0%;[Red]-0%"), 1e22, False, dt.datetime(2022, 1, 31, 9, 30), dt.time(9, 30), "*"],
        [],
        ["H3", 1234567.89, (1, "0%"), -5],
    ]
    table = read_table(workbook(tmp_path / "t.xlsx", rows), "t.xlsx")
    assert cells(table) == [
        (2, ("H1", "1234.5", "89.41%", "89.41", "yes", "2022-01-31", "", " 07 ", "", "")),
        (3, ("12", "3", "7%", "1" + "0" * 22, "no", "2022-01-31 09:30:00", "09:30:00", "*", "", "")),
        (5, ("H3", "1234567.89", "100%", "-5", "", "", "", "", "", "")),
    ]


def test_a_sheet_is_named_where_there_is_a_choice(tmp_path):
    path = workbook(tmp_path / "t.xlsx", [["host"], ["H1"]], Cover=[["About"]], Blank=[])
    assert cells(read_table(path, "t.xlsx", sheet="Results")) == [(2, ("H1",))]
    assert "2 sheets, and which one counts is a guess: Results, Cover" in refused(path)[0].message
    assert "no sheet `results`: it has Results, Cover, Blank" in refused(path, sheet="results")[0].message
    alone = workbook(tmp_path / "u.xlsx", [["title"], [], ["host"], ["H1"]], Blank=[])
    assert cells(read_table(alone, "u.xlsx", header_row=3)) == [(4, ("H1",))]
    assert "row 9 holds no headers" in refused(alone, header_row=9)[0].message
    assert "no sheet of the workbook holds anything" in refused(workbook(tmp_path / "v.xlsx", []))[0].message


def test_a_formula_without_its_result_is_refused_and_one_worked_out_is_read(tmp_path):
    path = workbook(tmp_path / "t.xlsx", [["host", "spend"], ["H1", 5], ["H2", "=B2*2"]])
    (finding,) = refused(path)
    assert (finding.line, finding.message) == (3, "cell B3 holds a formula whose result was not saved")
    part, formula = "xl/worksheets/sheet1.xml", b"<f>B2*2</f><v />"
    with zipfile.ZipFile(path) as container:
        formula = formula if formula in container.read(part) else b"<f>B2*2</f><v></v>"
    worked_out = rewritten(path, part, formula, b"<f>B2*2</f><v>10</v>")
    assert cells(read_table(worked_out, "t.xlsx")) == [(2, ("H1", "5")), (3, ("H2", "10"))]


def test_a_formula_that_gives_no_text_is_blank(tmp_path):
    path = workbook(tmp_path / "t.xlsx", [["host", "spend"], ["H1", '=""']])
    part = "xl/worksheets/sheet1.xml"
    assert cells(read_table(rewritten(path, part, b'<c r="B2">', b'<c r="B2" t="str">'), "t.xlsx")) == [(2, ("H1", ""))]


def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_opened(tmp_path, monkeypatch):
    from yoc.intake import workbook_file

    path = workbook(tmp_path / "t.xlsx", [["host"], ["H1"]])
    monkeypatch.setattr(workbook_file, "CalamineWorkbook", None)
    monkeypatch.setattr(workbook_file.openpyxl, "load_workbook", None)
    assert "and at most 100 are read" in refused(path, limits=replace(POSITIONS, held_bytes=100))[0].message


def test_a_workbook_with_a_wrong_extent_or_a_broken_sheet(tmp_path):
    part = "xl/worksheets/sheet1.xml"
    path = workbook(tmp_path / "t.xlsx", [["host", "spend"], ["H1", 5]])
    assert cells(read_table(rewritten(path, part, b'ref="A1:B2"', b'ref="A1"'), "t.xlsx")) == [(2, ("H1", "5"))]
    assert refused(rewritten(path, part, b"</row>", b"</wor>"))[0].message == "the workbook is broken"
    with zipfile.ZipFile(tmp_path / "z.xlsx", "w") as container:
        container.writestr("word/document.xml", "<x/>")
    assert refused(tmp_path / "z.xlsx")[0].message == "the file holds no Excel sheet"


def test_cells_of_parquet_say_what_they_hold(tmp_path):
    table = pa.table(
        {
            "host": pa.array(["H1", "H2", None]).dictionary_encode(),
            "exact": pa.array([Decimal("1234.5000"), None, Decimal("-0.0001")], pa.decimal128(18, 4)),
            "whole": pa.array([2**53 + 1, -7, None], pa.int64()),
            "double": pa.array([0.1, 3.0, 1e22]),
            "single": pa.array([0.1, 2.5, None], pa.float32()),
            "flag": [True, False, None],
            "day": [dt.date(2022, 1, 31), None, None],
            "moment": pa.array([1643585400000000001, 1643587200000000000, None], pa.timestamp("ns")),
            "list": [[1], None, None],
        }
    )
    pq.write_table(table, tmp_path / "t.parquet")
    read = read_table(tmp_path / "t.parquet", "t.parquet", header_row=4, sheet="x")
    assert (read.headers[0], read.header_row, read.encoding) == ("host", 0, "")
    moment = "2022-01-30 23:30:00.000000001"
    assert read.rows[0].cells[:7] == ("H1", "1234.5000", "9007199254740993", "0.1", "0.1", "yes", "2022-01-31")
    assert (read.rows[0].cells[7], read.rows[1].cells[7]) == (moment, "2022-01-31")
    assert read.rows[1].cells[:7] == ("H2", "", "-7", "3", "2.5", "no", "")
    assert (read.rows[2].number, read.rows[2].cells[:4]) == (3, ("", "-0.0001", "", "1" + "0" * 22))
    assert read.rows[0].cells[8].startswith("(list")


def test_parquet_keeps_to_the_limits(tmp_path):
    pq.write_table(pa.table({"host": ["H1", "H2", "H3"]}), tmp_path / "t.parquet")
    path = tmp_path / "t.parquet"
    assert "the table has 3 rows, and at most 2 are read" in refused(path, limits=replace(POSITIONS, rows=2))[0].message
    assert "at most 1 are read" in refused(path, limits=replace(POSITIONS, unpacked_bytes=1))[0].message


def test_reading_text_loads_no_library_of_another_format(tmp_path):
    write(tmp_path / "t.csv", "host\nH1\n")
    program = (
        "import sys, pathlib; from yoc.intake.position_file import read_table; "
        "read_table(pathlib.Path(sys.argv[1]), 't.csv'); "
        "print({'duckdb', 'pandas', 'pyarrow', 'openpyxl', 'numpy'} & set(sys.modules))"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "t.csv")]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == "set()"
