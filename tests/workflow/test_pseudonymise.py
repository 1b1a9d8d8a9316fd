"""Numbers become pseudonyms: which cells, what is left as it is, what is refused, and that no secret gets out."""

import csv
import gzip
import stat
import sys
import zipfile
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from yoc.cli.commands import app
from yoc.core.findings import FindingsError
from yoc.core.identifiers import pseudonym
from yoc.workflow.key_file import Key
from yoc.workflow.pseudonymise import pseudonymise, read_key

SECRET = b"a key of the tests, 32 bytes or more"
NUMBERS = ("9434765919", "9876543210", "4010232137")


def lay(folder: Path, name: str, header: str, *rows: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8", newline="")
    return path


def cells(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def stand_in(number: str) -> str:
    return pseudonym(SECRET, number)


def test_one_person_is_one_in_all_files_and_all_else_stays(tmp_path: Path):
    one = lay(tmp_path, "one.csv", 'NHS NUMBER,"A, B",COST', '943 476 5919,"x, ""y""",1.50', "9876543210, z ,-0")
    two = lay(tmp_path, "two.csv", "COST,nhs_number", "1,9434765919", "2,9434765919.0", "3,987-654-3210")
    written, _ = pseudonymise([one, two], tmp_path / "out", (), Key(SECRET))
    first, second = (stand_in(number) for number in NUMBERS[:2])
    assert (tmp_path / "out/one.csv").read_text(encoding="utf-8") == (
        f'NHS NUMBER,"A, B",COST\n{first},"x, ""y""",1.50\n{second}, z ,-0\n'
    )
    assert cells(tmp_path / "out/two.csv")[1:] == [["1", first], ["2", first], ["3", second]]
    assert [(each.rows, each.columns[0].replaced) for each in written] == [(2, 2), (3, 3)]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["one.csv", "two.csv"]


def test_what_becomes_of_each_kind_of_value(tmp_path: Path):
    """Three people, one mistyped, one of another kind, and four cells for nobody."""
    values = [*NUMBERS, "9434765918", "local 7", "", "0000000000", "1111111111", "unknown"]
    path = lay(tmp_path, "one.csv", "id,n", *[f"{value},{place}" for place, value in enumerate(values)])
    ((written,), _) = pseudonymise([path], tmp_path / "out", ["ID"], Key(SECRET))
    (count,) = written.columns
    assert (count.replaced, count.failed_check, count.not_ten_digits, count.nobody) == (5, 1, 1, 4)
    made = [row[0] for row in cells(tmp_path / "out/one.csv")[1:]]
    assert made == [*map(stand_in, values[:5]), "", "", "", ""]


def test_without_a_name_a_column_is_found_by_its_values(tmp_path: Path):
    rows = [f"{NUMBERS[place % 3]},{place}" for place in range(30)]
    ((written,), _) = pseudonymise([lay(tmp_path, "one.csv", "patient,n", *rows)], tmp_path / "out", (), Key(SECRET))
    assert [count.column for count in written.columns] == ["column patient"]


def test_a_row_of_another_width_is_kept_without_its_numbers(tmp_path: Path):
    """Nobody can say which column its cells belong to, and a run must still find the row and reject it."""
    path = lay(tmp_path, "one.csv", "n,id", "1,9434765919", "2,x,98765 43210,9876543210", "", "9434765919")
    ((written,), _) = pseudonymise([path], tmp_path / "out", ["id"], Key(SECRET))
    assert (written.rows, written.misfits) == (3, 2)
    first, second = (stand_in(number) for number in NUMBERS[:2])
    assert cells(tmp_path / "out/one.csv")[1:] == [
        ["1", first], ["2", stand_in("x"), "98765 43210", second], [], [first],
    ]  # fmt: skip


def refused(*files: Path, out: Path, columns: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    with pytest.raises(FindingsError) as caught:
        pseudonymise(files, out, columns, Key(SECRET))
    said = " ".join(f"{finding.message} {finding.mend} {finding.file}" for finding in caught.value.findings)
    assert not any(number in said for number in NUMBERS) and SECRET.decode() not in said
    assert not out.exists() or not [path for path in out.iterdir() if path.name != "there.csv"]
    return [(finding.code, finding.message) for finding in caught.value.findings]


def test_a_second_column_of_numbers_stops_all_files(tmp_path: Path):
    good = lay(tmp_path, "good.csv", "id", "1")
    rows = [f"1,{NUMBERS[place % 3]}" for place in range(30)]
    bad = lay(tmp_path, "bad.csv", "id,old id", *rows)
    assert refused(good, bad, out=tmp_path / "out", columns=("id",)) == [
        ("IDENTIFIABLE", "column old id looks like NHS numbers")
    ]


@pytest.mark.parametrize(
    ("text", "columns", "code", "words"),
    [
        ("id,n\n9434765919,1\n", (), "PSEUDONYM", "no column looks like NHS numbers"),
        ("id,n\n9434765919,1\n", ("other",), "PSEUDONYM", "no column of that name"),
        ("9434765919,n\n9876543210,1\n", ("n",), "PSEUDONYM", "the first row holds values"),
        ("", ("id",), "FILE-UNREADABLE", "empty"),
        ('id,n\n"9434765919,1\n9876543210,2\n', ("id",), "FILE-UNREADABLE", "does not close"),
    ],
)
def test_a_file_that_cannot_be_used(tmp_path: Path, text: str, columns: tuple[str, ...], code: str, words: str):
    path = tmp_path / "one.csv"
    path.write_text(text, encoding="utf-8")
    ((found, message),) = refused(path, out=tmp_path / "out", columns=columns)
    assert found == code and words in message


def test_nothing_is_overwritten_and_two_files_of_one_name_are_not_mixed(tmp_path: Path):
    path = lay(tmp_path, "there.csv", "id", "1")
    lay(tmp_path / "out", "there.csv", "mine", "1")
    assert refused(path, out=tmp_path / "out", columns=("id",))[0][0] == "FILE-EXISTS"
    assert (tmp_path / "out/there.csv").read_text(encoding="utf-8") == "mine\n1\n"
    again = lay(tmp_path / "more", "there.csv", "id", "1")
    assert {code for code, _ in refused(path, again, out=tmp_path / "new", columns=("id",))} == {"PSEUDONYM"}
    assert refused(tmp_path / "none.csv", out=tmp_path / "new")[0][0] == "FILE-MISSING"


def key_of(tmp_path: Path, content: bytes, mode: int = 0o600) -> Key:
    path = tmp_path / "key"
    path.write_bytes(content)
    path.chmod(mode)
    return read_key(path, {})


def test_the_key_is_of_a_file_or_of_the_environment(tmp_path: Path):
    from_file = key_of(tmp_path, SECRET + b"\r\n")
    assert from_file.secret == read_key(None, {"YOC_PSEUDONYM_KEY": SECRET.decode()}).secret == SECRET
    assert SECRET.decode() not in repr(from_file) + str(from_file)
    assert len(from_file.check_value) == 8


@pytest.mark.parametrize("content", [b"", SECRET[:31] + b"\n", b"a" * 64, b"ab" * 32])
def test_a_weak_key_is_refused(tmp_path: Path, content: bytes):
    with pytest.raises(FindingsError) as caught:
        key_of(tmp_path, content)
    assert caught.value.findings[0].code == "KEY-INVALID"


@pytest.mark.skipif(sys.platform == "win32", reason="files have no such modes there")
def test_a_key_that_everybody_can_read_is_told(tmp_path: Path):
    assert key_of(tmp_path, SECRET).warning == ""
    warned = key_of(tmp_path, SECRET, 0o600 | stat.S_IROTH).warning
    assert "can be read by everybody" in warned


def test_the_command_says_what_it_did_and_no_secret(tmp_path: Path):
    rows = [NUMBERS[place % 3] for place in range(30)]
    path = lay(tmp_path, "one.csv", "NHS NUMBER", *rows, "9434765918", "9999999999")
    shown = CliRunner().invoke(
        app, ["pseudonymise", str(path), "--out", str(tmp_path / "out")], env={"YOC_PSEUDONYM_KEY": SECRET.decode()}
    )
    assert shown.exit_code == 0, shown.stderr
    assert "one.csv: 32 rows" in shown.stdout
    assert "column NHS NUMBER: 31 replaced (1 fail the check digit, 0 are no ten digits), 1 for nobody" in shown.stdout
    assert f"Key check value: {Key(SECRET).check_value}" in shown.stdout
    assert SECRET.decode() not in shown.output and not any(number in shown.output for number in NUMBERS)
    none = CliRunner().invoke(
        app, ["pseudonymise", str(path), "--out", str(tmp_path / "new")], env={"YOC_PSEUDONYM_KEY": ""}
    )
    assert none.exit_code == 3 and "there is no key" in none.stderr


HEADERS = ["NHS NUMBER", "COST"]
ROWS = [["943 476 5919", "1,50"], ["9876543210", "007"]]
STANDING_IN = [[stand_in(NUMBERS[0]), "1,50"], [stand_in(NUMBERS[1]), "007"]]


@pytest.mark.parametrize("form", ["semicolons", "gzip", "zip", "xlsx", "parquet", "utf-16"])
def test_a_file_of_any_form_becomes_csv_with_every_column_and_row(tmp_path: Path, form: str):
    path = tmp_path / "June.csv"
    if form == "xlsx":
        book = openpyxl.Workbook()
        for row in (HEADERS, [9434765919, "1,50"], ["9876543210", "007"]):
            book.active.append(row)
        path = path.with_suffix(".xlsx")
        book.save(path)
    elif form == "parquet":
        path = path.with_suffix(".parquet")
        columns = [pa.array([9434765919, 9876543210]), pa.array(["1,50", "007"])]
        pq.write_table(pa.table(columns, names=HEADERS), path)
    else:
        text = "\n".join(";".join(row) for row in (HEADERS, *ROWS))
        path.write_text(text, encoding="utf-16" if form == "utf-16" else "utf-8")
    if form == "gzip":
        (tmp_path / "June.csv.gz").write_bytes(gzip.compress(path.read_bytes()))
        path = tmp_path / "June.csv.gz"
    if form == "zip":
        with zipfile.ZipFile(tmp_path / "June.zip", "w") as archive:
            archive.write(path, "June.csv")
        path = tmp_path / "June.zip"
    ((written,), left_out) = pseudonymise([path], tmp_path / "out", (), Key(SECRET))
    assert cells(tmp_path / "out/June.csv") == [HEADERS, *STANDING_IN]
    assert (written.rows, written.misfits, left_out) == (2, 0, ())


def test_a_row_has_the_number_that_it_had(tmp_path: Path):
    """Titles, empty lines and rows of delimiters alone are no rows; what was on line 7 still is."""
    path = lay(tmp_path, "one.csv", "June 2026", "", "NHS NUMBER,COST", "9434765919,1", "", ",", "9876543210,2")
    pseudonymise([path], tmp_path / "out", (), Key(SECRET))
    first, second = (stand_in(number) for number in NUMBERS[:2])
    header = ["NHS NUMBER", "COST"]
    assert cells(tmp_path / "out/one.csv") == [[], [], header, [first, "1"], [], [], [second, "2"]]


def test_a_row_of_a_workbook_with_a_cell_too_many_is_kept_without_its_numbers(tmp_path: Path):
    book = openpyxl.Workbook()
    for row in (["NHS NUMBER", "COST"], ["9434765919", 1], ["S", 2, 9876543210]):
        book.active.append(row)
    book.save(tmp_path / "one.xlsx")
    ((written,), _) = pseudonymise([tmp_path / "one.xlsx"], tmp_path / "out", (), Key(SECRET))
    assert (written.rows, written.misfits) == (2, 1)
    assert cells(tmp_path / "out/one.csv")[1:] == [
        [stand_in(NUMBERS[0]), "1"],
        [stand_in("S"), "2", stand_in(NUMBERS[1])],
    ]


def test_a_zip_of_several_becomes_several_and_what_is_left_out_is_told(tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for name in ("a/June.csv", "July.csv", "readme.txt"):
            archive.writestr(name, "NHS NUMBER,COST\n9434765919,1\n")
    shown = CliRunner().invoke(
        app,
        ["pseudonymise", str(tmp_path / "all.zip"), "--out", str(tmp_path / "out")],
        env={"YOC_PSEUDONYM_KEY": SECRET.decode()},
    )
    assert shown.exit_code == 0, shown.stderr
    assert "1 file was left out of" in shown.stderr and "readme.txt" in shown.stderr
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["July.csv", "June.csv"]


def test_two_forms_of_one_name_are_not_mixed(tmp_path: Path):
    path = lay(tmp_path, "one.csv", "NHS NUMBER", "9434765919")
    (tmp_path / "one.csv.gz").write_bytes(gzip.compress(path.read_bytes()))
    found = refused(path, tmp_path / "one.csv.gz", out=tmp_path / "out")
    assert found == [("PSEUDONYM", "two files have this name")] * 2


@pytest.mark.parametrize("columns", [(), ("NHS NUMBER",)])
def test_what_is_a_pseudonym_already_is_never_made_another(tmp_path: Path, columns: tuple[str, ...]):
    path = lay(tmp_path, "one.csv", "NHS NUMBER,COST", f"{NUMBERS[0]},1", f" {stand_in(NUMBERS[1])},2")
    ((code, message),) = refused(path, out=tmp_path / "out", columns=columns)
    assert (code, "column NHS NUMBER holds pseudonyms already" in message) == ("PSEUDONYM", True)
    assert not (tmp_path / "out").exists()
