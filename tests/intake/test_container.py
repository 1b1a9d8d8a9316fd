"""What is refused before it is read: files too large, archives that unpack to too much or lead out, unsafe XML."""

import gzip
import struct
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from format_files import HEADERS, LAYOUT, ROWS, delimited, packed, parquet, rewritten, workbook, zipped

from yoc.core.findings import Finding, FindingsError
from yoc.intake.limits import LINES, POSITIONS
from yoc.intake.table_file import read_table
from yoc.intake.text_table import read_text_table

CONTENT = delimited([HEADERS, *ROWS]).encode()


def refused(path: Path, **limits: int) -> Finding:
    """The one finding, which both ways of reading give alike."""
    with pytest.raises(FindingsError) as caught:
        read_text_table(path, "shown.name", LAYOUT, limits=replace(LINES, **limits))
    (finding,) = caught.value.findings
    with pytest.raises(FindingsError) as caught:
        read_table(path, "shown.name", limits=replace(POSITIONS, **limits))
    assert [again.code for again in caught.value.findings] == [finding.code]
    assert (finding.code, finding.file) == ("FILE-UNREADABLE", "shown.name")
    assert finding.mend
    return finding


def written(folder: Path, content: bytes, name: str = "t.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("packing", ["", "gzip", "zip"])
def test_a_file_of_too_many_bytes(tmp_path, packing):
    path = packed(written(tmp_path, CONTENT), packing)
    size = path.stat().st_size
    assert f"the file has {size} bytes, and" in refused(path, file_bytes=size - 1).message
    assert read_text_table(path, "x", LAYOUT, limits=replace(LINES, file_bytes=size)).rows == 3


@pytest.mark.parametrize(("packing", "what"), [("gzip", "the archive unpacks"), ("zip", "the ZIP unpacks")])
def test_an_archive_that_unpacks_to_too_many_bytes(tmp_path, packing, what):
    path = packed(written(tmp_path, CONTENT), packing)
    assert what in refused(path, unpacked_bytes=len(CONTENT) - 1).message
    assert read_text_table(path, "x", LAYOUT, limits=replace(LINES, unpacked_bytes=len(CONTENT))).rows == 3


@pytest.mark.parametrize("packing", ["gzip", "zip"])
def test_an_archive_that_unpacks_to_many_times_its_size(tmp_path, packing):
    path = packed(written(tmp_path, delimited([HEADERS, *ROWS * 2_000]).encode()), packing)
    assert "more than 20 times as many" in refused(path, ratio=20, ratio_from_bytes=100_000).message
    assert read_text_table(path, "x", LAYOUT, limits=replace(LINES, ratio=20, ratio_from_bytes=10**6)).rows == 6_000


def test_the_size_that_an_archive_tells_of_itself_is_not_believed(tmp_path):
    """The last four bytes of gzip, and the directory of a ZIP, say how much is in it."""
    content = delimited([HEADERS, *ROWS * 20_000]).encode()
    lying = gzip.compress(content)[:-4] + struct.pack("<I", 5)
    assert "unpacks to over 1,000 bytes" in refused(written(tmp_path, lying, "t.csv.gz"), unpacked_bytes=1_000).message
    path = zipped(tmp_path / "t.zip", **{"t.csv": content})
    told = path.read_bytes().replace(struct.pack("<I", len(content)), struct.pack("<I", 5))
    assert "the ZIP is broken" in refused(written(tmp_path, told, "u.zip")).message


def test_a_workbook_that_unpacks_to_too_much(tmp_path):
    path = workbook(tmp_path / "t.xlsx", [HEADERS, *ROWS])
    assert "and at most 100 are read" in refused(path, held_bytes=100).message
    many = workbook(tmp_path / "u.xlsx", [HEADERS, *ROWS * 2_000])
    assert "more than 5 times as many" in refused(many, ratio=5, ratio_from_bytes=100_000).message


@pytest.mark.parametrize("make", [workbook, parquet])
@pytest.mark.parametrize("packing", ["gzip", "zip"])
def test_what_must_be_held_in_memory_is_limited_in_archives(tmp_path, make, packing):
    path = packed(make(tmp_path / "t.bin", [HEADERS, *ROWS]), packing)
    assert "in an archive has over 300 bytes" in refused(path, held_bytes=300).message


def test_a_zip_of_too_many_entries(tmp_path):
    path = zipped(tmp_path / "t.zip", **{f"{n}.txt": b"x" for n in range(3)}, **{"t.csv": CONTENT})
    assert "the ZIP has 4 entries, and at most 3 are read" in refused(path, entries=3).message


def test_a_sheet_of_too_many_rows(tmp_path):
    path = workbook(tmp_path / "t.xlsx", [HEADERS, *ROWS])
    finding = refused(path, sheet_rows=3)
    assert (finding.message, finding.line) == ("the sheet has more than 3 rows", 4)


@pytest.mark.parametrize("make", [workbook, parquet, None])
def test_a_table_of_too_many_columns(tmp_path, make):
    path = make(tmp_path / "t", [HEADERS, *ROWS]) if make else written(tmp_path, CONTENT)
    assert refused(path, columns=3).message == "the table has 4 columns, and at most 3 are read"
    wide = delimited([[*HEADERS, *map(str, range(16_381))], ["x"] * 16_385]).encode()
    assert "16,385 columns, and at most 16,384" in refused(written(tmp_path, wide, "wide.csv")).message


def test_a_field_or_line_that_is_too_long(tmp_path):
    def lines_refused(path, **limits):
        with pytest.raises(FindingsError) as caught:
            read_text_table(path, "x", LAYOUT, limits=replace(LINES, **limits))
        (finding,) = caught.value.findings
        return finding.message, finding.line

    rows = [HEADERS, ROWS[0], ["ZA2", "", "9" * 500, "1"]]
    for path in (
        written(tmp_path, delimited(rows).encode()),
        workbook(tmp_path / "t.xlsx", rows),
        parquet(tmp_path / "t.parquet", rows),
    ):
        expected = 2 if path.suffix == ".parquet" else 3
        message = "a field has 500 bytes, and at most 499 are read"
        assert lines_refused(path, field_characters=499) == (message, expected)
    text = tmp_path / "t.csv"
    assert lines_refused(text, record_bytes=100) == ("a line has 507 bytes, and at most 100 are read", 3)
    endless = written(tmp_path, delimited([HEADERS]).encode() + b"9" * (3 << 20), "endless.csv")
    assert "a line has 3,145,728 bytes, and at most 1,048,576" in lines_refused(endless, record_bytes=1 << 20)[0]


@pytest.mark.parametrize("name", ["../t.csv", "a/../../t.csv", "/t.csv", "C:/t.csv", "..\\t.csv"])
def test_a_zip_that_leads_out_of_itself(tmp_path, name):
    assert "an entry whose name leads out of it" in refused(zipped(tmp_path / "t.zip", **{name: CONTENT})).message


def test_a_zip_with_a_password(tmp_path):
    path = zipped(tmp_path / "t.zip", **{"t.csv": CONTENT})
    content = bytearray(path.read_bytes())
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + flags] |= 1
    assert "is a ZIP with a password" in refused(written(tmp_path, bytes(content), "u.zip")).message


def test_an_archive_in_an_archive(tmp_path):
    inner = packed(written(tmp_path, CONTENT), "gzip")
    assert "holds a gzip file in its turn" in refused(packed(inner, "zip")).message
    assert "holds a gzip file in its turn" in refused(packed(inner, "gzip")).message
    inner = packed(written(tmp_path, CONTENT), "zip")
    assert "holds a ZIP in its turn" in refused(packed(inner, "gzip")).message
    assert "holds a ZIP in its turn" in refused(packed(inner, "zip")).message


def test_an_archive_that_is_broken_or_empty(tmp_path):
    content = delimited([HEADERS, *ROWS * 500]).encode()
    whole = gzip.compress(content)
    assert "the gzip file is broken" in refused(written(tmp_path, whole[:-20], "t.csv.gz")).message
    assert "the gzip file is broken" in refused(written(tmp_path, whole[:-8] + b"12345678", "t.csv.gz")).message
    assert "nothing is packed in it" in refused(written(tmp_path, gzip.compress(b""), "t.csv.gz")).message
    path = zipped(tmp_path / "t.zip", **{"t.csv": content})
    assert "the ZIP is broken" in refused(written(tmp_path, path.read_bytes()[:-30], "u.zip")).message
    spoilt = bytearray(path.read_bytes())
    spoilt[len(spoilt) // 3] ^= 0xFF
    assert "the ZIP is broken" in refused(written(tmp_path, bytes(spoilt), "v.zip")).message
    assert "the ZIP holds no table" in refused(zipped(tmp_path / "w.zip")).message
    with pytest.warns(UserWarning), zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("t.csv", b"x")
        archive.writestr("t.csv", CONTENT)
    assert "two entries of one name" in refused(tmp_path / "x.zip").message


def test_a_zip_packed_in_a_way_that_is_not_read(tmp_path):
    content = zipped(tmp_path / "t.zip", **{"t.csv": CONTENT}).read_bytes()
    for mark, at in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        place = content.index(mark) + at
        content = content[:place] + struct.pack("<H", 9) + content[place + 2 :]
    assert "is packed in a way that is not read" in refused(written(tmp_path, content, "u.zip")).message


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "old kind (.xls), or one with a password"),
        (b"%PDF-1.7", "is a PDF"),
        (b"7z\xbc\xaf\x27\x1c", "is a 7-Zip archive"),
        (b"Rar!\x1a", "is a RAR archive"),
        (b"<!DOCTYPE html><table>", "is a web page or XML"),
        (b"\xef\xbb\xbf <html>", "is a web page or XML"),
    ],
)
def test_a_file_that_is_something_else_is_called_what_it_is(tmp_path, content, words):
    assert words in refused(written(tmp_path, content)).message
    assert words in refused(packed(written(tmp_path, content), "gzip")).message


def test_a_workbook_that_is_none_or_of_another_kind(tmp_path):
    types = {"[Content_Types].xml": b"<Types/>"}
    path = zipped(tmp_path / "t.zip", **types, **{"word/document.xml": b"<x/>"})
    assert refused(path).message == "the file holds no Excel sheet"
    path = zipped(tmp_path / "u.zip", **types, **{"xl/workbook.bin": b"x", "xl/worksheets/sheet1.bin": b"x"})
    assert "a binary workbook (.xlsb)" in refused(path).message


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/workbook.xml"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_workbook_whose_xml_declares_entities(tmp_path, part, encoding):
    path = workbook(tmp_path / "t.xlsx", [HEADERS, *ROWS])
    with zipfile.ZipFile(path) as archive:
        xml = archive.read(part)
    bare = xml.decode().partition("?>")[2] if xml.startswith(b"<?xml") else xml.decode()
    hostile = f'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>{bare}'.encode(encoding)
    assert "declares XML entities" in refused(rewritten(path, part, xml, hostile)).message


@pytest.mark.parametrize("old", [b"</row>", b"</sheetData>"])
def test_a_workbook_with_broken_xml_loses_no_row_in_silence(tmp_path, old):
    path = workbook(tmp_path / "t.xlsx", [HEADERS, *ROWS])
    rewritten(path, "xl/worksheets/sheet1.xml", old, b"</wor>")
    assert refused(path).message == "the workbook is broken"


def test_one_far_cell_of_a_small_workbook_fills_no_memory(tmp_path):
    from yoc.intake.container import find_source
    from yoc.intake.workbook_file import Workbook

    path = workbook(tmp_path / "t.xlsx", [HEADERS, *ROWS])
    far = b'</row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    rewritten(path, "xl/worksheets/sheet1.xml", b"</row></sheetData>", far)
    assert not Workbook(find_source(path, "x", LINES))._parts.is_plain
    found = read_text_table(path, "x", LAYOUT)
    assert (found.table.num_rows, found.misfit_rows) == (3, (1_048_576,))
