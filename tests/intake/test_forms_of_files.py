"""Whatever form a file of lines arrives in, its rows are the same text under the same row numbers."""

import csv
import datetime as dt
import hashlib
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from format_files import (
    ENCODINGS,
    EXPECTED,
    HEADERS,
    LAYOUT,
    ROWS,
    cells,
    delimited,
    numbers,
    packed,
    parquet,
    rewritten,
    workbook,
    zipped,
)
from hypothesis import event, example, given
from hypothesis import strategies as st

from yoc.core.findings import Finding, FindingsError
from yoc.intake import text_file
from yoc.intake.limits import LINES
from yoc.intake.text_table import Layout, TextTable, open_text_table, read_text_table

TABLE = [HEADERS, *ROWS]
PACKINGS = ["", "gzip", "zip", "zip entry"]


def read(path: Path, **limits: int) -> TextTable:
    return read_text_table(path, "shown.name", LAYOUT, limits=replace(LINES, **limits))


def written(folder: Path, content: str | bytes) -> Path:
    path = folder / "t.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def refused(path: Path, **limits: int) -> tuple[Finding, ...]:
    with pytest.raises(FindingsError) as caught:
        read(path, **limits)
    return caught.value.findings


@pytest.mark.parametrize("packing", PACKINGS)
@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_text_is_the_same_in_every_encoding_with_every_delimiter(tmp_path, packing, encoding, mark):
    text = read(packed(written(tmp_path, delimited(TABLE, mark).encode(encoding)), packing))
    assert (cells(text), numbers(text), text.header_row) == (EXPECTED, [2, 3, 4], 1)
    assert (text.encoding, text.misfit_rows, text.rows) == (ENCODINGS[encoding], (), 3)
    assert text.table["note"].null_count == 3


@pytest.mark.parametrize("packing", PACKINGS)
def test_a_workbook_and_parquet_hold_the_same(tmp_path, packing):
    book = read(packed(workbook(tmp_path / "t.xlsx", TABLE), packing))
    assert (cells(book), numbers(book), book.encoding, book.header_row) == (EXPECTED, [2, 3, 4], "xlsx", 1)
    records = read(packed(parquet(tmp_path / "t.parquet", TABLE), packing))
    assert (cells(records), numbers(records), records.encoding, records.header_row) == (
        EXPECTED,
        [1, 2, 3],
        "parquet",
        0,
    )


def test_a_file_is_what_its_bytes_say_and_not_what_its_name_says(tmp_path):
    for path in (
        workbook(tmp_path / "book.csv", TABLE),
        parquet(tmp_path / "records.csv", TABLE),
        packed(written(tmp_path, delimited(TABLE)), "gzip").rename(tmp_path / "text.dat"),
    ):
        assert cells(read(path)) == EXPECTED


def test_the_hash_is_of_the_file_that_is_named(tmp_path):
    plain = written(tmp_path, delimited(TABLE))
    for packing in ("", "gzip", "zip"):
        path = packed(plain, packing)
        assert read(path).sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert read(packed(plain, "zip entry")).sha256 == hashlib.sha256(plain.read_bytes()).hexdigest()


@pytest.mark.parametrize("quoting", [csv.QUOTE_ALL, csv.QUOTE_MINIMAL])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("is_ended", [True, False])
def test_quotes_and_line_ends(tmp_path, quoting, end, is_ended):
    text = delimited(TABLE, end=end, quoting=quoting)
    found = read(written(tmp_path, text if is_ended else text.removesuffix(end)))
    assert (cells(found), numbers(found)) == (EXPECTED, [2, 3, 4])


def test_marks_inside_unquoted_fields_are_text(tmp_path):
    found = read(written(tmp_path, 'PROVIDER CODE\tNHS NUMBER\tTOTAL COST\nZA1\t6" pipe\t,5\n'))
    assert cells(found) == [["ZA1", '6" pipe', ",5"]]


def test_mixed_line_ends_and_blank_lines_keep_the_numbers_of_the_file(tmp_path):
    text = "PROVIDER CODE,NHS NUMBER,TOTAL COST\r\n\r\nZA1,1,1\n\n\nZA2,2\rZA3,3,3\r\n,,\nZA4,4,4"
    found = read(written(tmp_path, text))
    assert cells(found) == [["ZA1", "1", "1"], ["ZA3", "3", "3"], ["ZA4", "4", "4"]]
    assert (numbers(found), found.misfit_rows, found.rows) == ([3, 7, 9], (6,), 4)


def test_blank_cells_without_a_header_fit_and_filled_ones_do_not(tmp_path):
    text = "PROVIDER CODE,NHS NUMBER,TOTAL COST,,\nZA1,1,1,,\nZA2,2,2\nZA3,3,3, ,,,\nZA4,4\nZA5,5,5,,,x\n"
    found = read(written(tmp_path, text))
    assert (cells(found), numbers(found)) == ([["ZA1", "1", "1"], ["ZA2", "2", "2"], ["ZA3", "3", "3"]], [2, 3, 4])
    assert (found.misfit_rows, found.rows) == ((5, 6), 5)


TITLES = [["Monitoring of June"], [], ["", "prepared for the board; synthetic"]]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_titles_and_blank_rows_may_stand_above_the_header(tmp_path, end):
    found = read(written(tmp_path, delimited([*TITLES, *TABLE], ";", end)))
    assert (cells(found), numbers(found), found.header_row) == (EXPECTED, [5, 6, 7], 4)
    book = read(workbook(tmp_path / "t.xlsx", [*TITLES, *TABLE]))
    assert (cells(book), numbers(book), book.header_row) == (EXPECTED, [5, 6, 7], 4)


def test_a_header_is_looked_for_in_the_first_twenty_rows_alone(tmp_path):
    assert read(written(tmp_path, "title\n" * 19 + delimited(TABLE))).header_row == 20
    found = refused(written(tmp_path, "title\n" * 20 + delimited(TABLE)))
    assert {(finding.code, finding.line) for finding in found} == {("COLUMN-MISSING", 1)}


def test_a_row_of_data_is_no_better_header_than_the_header(tmp_path):
    text = "PROVIDER CODE,NHS NUMBER,TOTAL COST\nPROVIDER CODE,NHS NUMBER,TOTAL COST\n"
    found = read(written(tmp_path, text))
    assert (found.header_row, cells(found)) == (1, [["PROVIDER CODE", "NHS NUMBER", "TOTAL COST"]])


def test_a_missing_or_repeated_column_is_told_at_the_header_that_was_found(tmp_path):
    found = refused(written(tmp_path, "Monitoring\n\nNHS NUMBER,TOTAL COST,TOTAL_COST\n1,2,3\n"))
    assert [(finding.code, finding.line) for finding in found] == [("COLUMN-MISSING", 3), ("COLUMN-TWICE", 3)]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('ZA1,1,1\nZA2,"2,2\nZA3,3,3\n', 3),
        ('ZA1,1,1\nZA2,2,"2', 3),
        ('ZA1,1,1\nZA2,2,"2\n', 3),
        ('ZA1,"1,1\nZA2,2",2\n', 2),
        ('\nZA1,"1\n",1\n', 3),
    ],
)
@pytest.mark.parametrize("block_bytes", [40, 1 << 20])
def test_a_quotation_mark_that_does_not_close_is_refused_at_its_line(tmp_path, monkeypatch, text, line, block_bytes):
    monkeypatch.setattr(text_file, "BLOCK_BYTES", block_bytes)
    (finding,) = refused(written(tmp_path, "PROVIDER CODE,NHS NUMBER,TOTAL COST\n" + text))
    assert (finding.code, finding.line) == ("FILE-UNREADABLE", line)
    assert "a quotation mark does not close on its line" in finding.message


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "the file is empty"),
        (b"\n\n", "the file is empty"),
        (b"PROVIDER CODE,NHS NUMBER,TOTAL COST\nZA1,\x00,1\n", "it holds NUL bytes"),
        ("PROVIDER CODE,NHS NUMBER,TOTAL COST\nZA1,\0,1\n".encode("utf-16"), "it holds NUL bytes"),
        (b"PROVIDER CODE,NHS NUMBER,TOTAL COST\nZA1,\x81,1\n", "in an encoding that it does not name"),
        ("PROVIDER CODE,NHS NUMBER\n".encode("utf-16") + b"x", "in an encoding that it does not name"),
    ],
)
def test_what_is_no_text_in_rows_is_refused(tmp_path, content, words):
    (finding,) = refused(written(tmp_path, content))
    assert finding.code == "FILE-UNREADABLE"
    assert words in finding.message


CELL = st.text(st.sampled_from(list("aZ09 £é\"',;|\t=#.-")), max_size=8)
NARROW = Layout("narrow", {"first": ("FIRST",), "second": ("SECOND",)})


@pytest.mark.law(
    "Any cell's text comes unchanged through CSV of any delimiter and encoding, Excel, Parquet, gzip and ZIP.",
    2,
)
@given(
    rows=st.lists(st.tuples(CELL, CELL), min_size=1, max_size=12).filter(
        # A row of nothing but marks and blanks is none, in whatever way it is written.
        lambda rows: all(any(cell.strip("\"',;|\t ") for cell in row) for row in rows)
    ),
    mark=st.sampled_from([",", ";", "\t", "|"]),
    encoding=st.sampled_from(sorted(ENCODINGS)),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    packing=st.sampled_from(PACKINGS),
)
@example(rows=[("007", "1e3"), ("£1,5", 'é";"')], mark=";", encoding="cp1252", quoting=csv.QUOTE_MINIMAL, packing="")
def test_any_text_survives_every_format_that_can_carry_it(rows, mark, encoding, quoting, packing):
    table = [["FIRST", "SECOND"], *map(list, rows)]
    event(f"{len(rows)} rows, {packing or 'not packed'}")
    with TemporaryDirectory() as folder:
        text = written(Path(folder), delimited(table, mark, quoting=quoting).encode(encoding))
        for path in (text, workbook(Path(folder) / "b.xlsx", table), parquet(Path(folder) / "p.parquet", table)):
            found = read_text_table(packed(path, packing), "x", NARROW)
            # A workbook keeps no difference between a blank cell and one of spaces.
            expected = [[cell if cell.strip() or path.suffix != ".xlsx" else "" for cell in row] for row in rows]
            assert cells(found, "first", "second") == expected, path.suffix
            assert found.misfit_rows == ()


@pytest.mark.parametrize("block_bytes", [64, 100, 1 << 20])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_batches_are_the_whole(tmp_path, monkeypatch, block_bytes, encoding):
    lines = [[f"ZA{n}", "é;", f"{n:04}", f"{n}.50"] for n in range(200)]
    text = delimited([*TITLES, HEADERS, *lines[:90], [], ["short"], *lines[90:]]).encode(encoding)
    path = written(tmp_path, text)
    whole = read(path)
    assert (whole.table.num_rows, whole.misfit_rows) == (200, (96,))
    assert numbers(whole) == [*range(5, 95), *range(97, 207)]
    monkeypatch.setattr(text_file, "BLOCK_BYTES", block_bytes)
    opened = open_text_table(path, "x", LAYOUT)
    assert (opened.sha256, opened.encoding, opened.header, opened.header_row) == (
        whole.sha256,
        whole.encoding,
        tuple(HEADERS),
        4,
    )
    with pytest.raises(RuntimeError):
        _ = opened.misfit_rows
    batches = list(opened.batches(rows=7))
    assert max(batch.num_rows for batch in batches) <= 7
    assert pa.concat_tables(batches).combine_chunks().equals(whole.table.combine_chunks())
    assert opened.misfit_rows == whole.misfit_rows


def test_a_file_with_a_header_alone_has_no_row_and_all_its_columns(tmp_path):
    for path in (
        written(tmp_path, delimited([HEADERS])),
        workbook(tmp_path / "t.xlsx", [HEADERS]),
        parquet(tmp_path / "t.parquet", [HEADERS, *ROWS]),
    ):
        found = read(path)
        assert found.table.column_names == ["provider", "person", "cost", "note", "row_number"]
        assert found.rows == (3 if path.suffix == ".parquet" else 0)


def test_cells_of_a_workbook_are_the_text_of_what_they_hold(tmp_path):
    rows = [
        ["provider", "nhs number", "total cost", "note"],
        ["ZA1", 9434765919, 1234.5, dt.date(2026, 6, 30)],
        ["ZA2", 3.0, 0.1, dt.datetime(2026, 6, 30, 9, 30)],
        ["ZA3", 1e22, 1e-7, True],
        [None, None, None, " "],
        ["ZA4", 0, -5, "_x0041_1e3"],
    ]
    layout = replace(LAYOUT, fields={**LAYOUT.fields, "provider": ("PROVIDER",)})
    found = read_text_table(workbook(tmp_path / "t.xlsx", rows), "x", layout)
    assert cells(found, "provider", "person", "cost", "note") == [
        ["ZA1", "9434765919", "1234.5", "2026-06-30"],
        ["ZA2", "3", "0.1", "2026-06-30 09:30:00"],
        ["ZA3", "1" + "0" * 22, "0.0000001", "yes"],
        ["ZA4", "0", "-5", "A1e3"],
    ]
    assert numbers(found) == [2, 3, 4, 6]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ((0.8941, "0.00%"), "89.41%"),
        ((89.41, '0.00"%"'), "89.41"),
        (("#N/A", "General"), "#N/A"),
    ],
)
def test_what_the_fast_reader_would_lose_is_read_by_the_other(tmp_path, value, text):
    table = [HEADERS, ["ZA1", "7", "0012", value]]
    path = workbook(tmp_path / "t.xlsx", table)
    assert cells(read(path)) == [["ZA1", "0012", text]]


def test_a_whole_number_of_any_length_keeps_its_digits(tmp_path):
    path = workbook(tmp_path / "t.xlsx", [HEADERS, ["ZA1", "7", "0012", 54321]])
    rewritten(path, "xl/worksheets/sheet1.xml", b"<v>54321</v>", b"<v>12345678901234567</v>")
    assert cells(read(path)) == [["ZA1", "0012", "12345678901234567"]]


def test_both_readers_of_workbooks_give_the_same_text(tmp_path):
    from yoc.intake.container import find_source
    from yoc.intake.workbook_file import Workbook

    formats = ["General", "0.00", "dd/mm/yyyy", "[$-809]d mmm yyyy", "yyyy-mm-dd hh:mm:ss.000", '"day" 0', "#,##0", "@"]
    values = [0, 1, 7.25, 45000, 45000.123456, 0.5, 1234567.125, 61]
    rows = [[None, *((value, form) for form in formats), "a\nb", " é ", "  "] for value in values]
    source = find_source(workbook(tmp_path / "t.xlsx", [[], *rows]), "x", LINES)
    fast, other = Workbook(source), Workbook(source)
    assert fast._parts.is_plain
    other._parts.is_plain = False
    found, again = ([" ".join(cells).rstrip() for _, cells in book.rows("Lines")] for book in (fast, other))
    assert found == again
    assert (found[0], found[1][:4]) == ("", " 0 0")


def test_an_empty_first_column_of_a_workbook_shifts_nothing(tmp_path):
    rows = [[], [None, *HEADERS], [None, *ROWS[0]]]
    found = read(workbook(tmp_path / "t.xlsx", rows))
    assert (cells(found), numbers(found), found.header_row) == (EXPECTED[:1], [3], 2)


def test_a_cell_beyond_the_last_header_of_a_workbook_does_not_fit(tmp_path):
    found = read(workbook(tmp_path / "t.xlsx", [HEADERS, [*ROWS[0], "beyond"], ROWS[1]]))
    assert (cells(found), numbers(found), found.misfit_rows) == (EXPECTED[1:2], [3], (2,))


def test_the_sheet_with_the_columns_is_the_one_that_counts(tmp_path):
    cover = [["About"], ["PROVIDER CODE", "is the trust"]]
    assert cells(read(workbook(tmp_path / "t.xlsx", TABLE, Cover=cover))) == EXPECTED
    (finding,) = refused(workbook(tmp_path / "u.xlsx", TABLE, Again=TABLE))
    assert "2 sheets, and which one counts is a guess: Lines, Again" in finding.message
    (finding,) = refused(workbook(tmp_path / "v.xlsx", []))
    assert "no sheet of the workbook holds anything" in finding.message


def test_a_formula_without_its_result_is_refused_in_a_file_of_lines(tmp_path):
    path = workbook(tmp_path / "t.xlsx", [HEADERS, ROWS[0], ["ZA2", "", "1", ("=1+1", "General")]])
    (finding,) = refused(path)
    assert (finding.line, finding.message) == (3, "cell D3 holds a formula whose result was not saved")


def test_typed_columns_of_parquet_become_their_exact_text(tmp_path):
    columns = {
        "PROVIDER CODE": pa.array(["ZA1", None]).dictionary_encode(),
        "NHS NUMBER": pa.array([2**53 + 1, 7], pa.int64()),
        "TOTAL COST": pa.array([Decimal("1E-7"), Decimal("1234.5")], pa.decimal128(18, 7)),
        "NOTE": pa.array([1e22, 3.0]),
    }
    pq.write_table(pa.table(columns), tmp_path / "t.parquet")
    assert cells(read(tmp_path / "t.parquet"), *LAYOUT.fields) == [
        ["ZA1", "9007199254740993", "0.0000001", "1" + "0" * 22],
        ["", "7", "1234.5000000", "3"],
    ]


def test_a_zip_says_which_tables_it_holds(tmp_path):
    content = delimited(TABLE).encode()
    path = zipped(
        tmp_path / "t.zip", **{"a.csv": content, "b.csv": content, "readme.txt": b"x", "__MACOSX/._a.csv": b"x"}
    )
    assert "holds 2 tables, and which one is meant is a guess: a.csv, b.csv" in refused(path)[0].message
    assert "has no entry c.csv: it has a.csv, b.csv" in refused(path / "c.csv")[0].message
    assert cells(read(path / "b.csv")) == EXPECTED
    alone = zipped(tmp_path / "u.zip", **{"readme.txt": content})
    assert "the ZIP holds no table (readme.txt)" in refused(alone)[0].message
    assert cells(read(alone / "readme.txt")) == EXPECTED
    assert refused(tmp_path / "none.csv")[0].code == refused(tmp_path)[0].code == "FILE-MISSING"
    assert "is no ZIP" in refused(written(tmp_path, content) / "a.csv")[0].message


SHORT = Layout("short", {"provider": ("PROVIDER CODE",), "person": ("PSEUDONYM",)})
LONG = Layout("long", {"provider": ("PROVIDER CODE",), "person": ("ID",), "board": ("BOARD",)})


@pytest.mark.parametrize(
    ("text", "person", "columns"),
    [
        ("PROVIDER CODE,PSEUDONYM\nZA1,P1\n", "P1", ["provider", "person", "row_number"]),
        ("June\nPROVIDER CODE;ID;BOARD\nZA1;P1;B\n", "P1", ["provider", "person", "board", "row_number"]),
    ],
)
def test_a_file_is_read_in_the_first_of_several_layouts_that_its_header_fits(tmp_path, text, person, columns):
    table = read_text_table(written(tmp_path, text), "x", SHORT, LONG).table
    assert (table.column_names, table["person"].to_pylist()) == (columns, [person])


def test_a_file_that_fits_none_is_told_what_it_lacks_of_the_first(tmp_path):
    with pytest.raises(FindingsError) as caught:
        read_text_table(written(tmp_path, "PROVIDER CODE,ID\nZA1,P1\n"), "x", SHORT, LONG)
    assert [finding.message for finding in caught.value.findings] == ["column PSEUDONYM is missing"]
