"""A table of hosts becomes positions: figures that can be checked by hand, and every refusal with its place."""

import datetime as dt
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from yoc.contract.inputs import Input
from yoc.core.findings import Finding, FindingsError, Level
from yoc.intake.position_file import PositionMap, PositionTable, Table, TableRow, read_position_map, read_positions
from yoc.intake.position_file import read_table as read_file

KINDS = {"spend": Input(kind="money")}


def inputs(**kinds: str) -> dict[str, Input]:
    return {name: Input(kind=kind) for name, kind in kinds.items()}


def table_of(text: str) -> Table:
    """A table from lines whose cells are parted by bars, the first line its headers on row 1."""
    lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    rows = tuple(TableRow(number, tuple(cells)) for number, cells in enumerate(lines[1:], 2))
    return Table("t.csv", tuple(lines[0]), rows, 1, "")


def read(text: str, mapping: str = "", declared: Mapping[str, Input] = KINDS, expected=()) -> PositionTable:
    position_map = read_position_map(mapping, "map.yaml") if mapping else PositionMap()
    return read_positions(table_of(text), position_map, lambda _: declared, expected)


def one(cell: str, declared: Input, rule: str = "x") -> PositionTable:
    """The reading of one cell in column x as the input `it`, by a rule of the map."""
    return read(f"host|x\nH1|{cell}", f"suppressed: ['*', '-']\ncolumns:\n  it: {rule}\n", {"it": declared})


def problem(result: PositionTable) -> Finding:
    (finding,) = result.findings
    assert finding.level is Level.SUBMISSION and finding.mend
    assert not result.rows
    return finding


@pytest.mark.parametrize(
    ("cell", "kind", "rule", "value"),
    [
        ("£1,234.56", "money", "x", Fraction(123456)),
        ("(1,234.56)", "money", "x", Fraction(-123456)),
        ("3879554.4608", "money", "x", Fraction(38795544608, 100)),
        ("1.5e6", "money", "x", Fraction(150000000)),
        ("12", "money", "{column: x, times: 1000}", Fraction(1200000)),
        ("100", "money", "{column: x, times: 2/3}", Fraction(20000, 3)),
        ("-2,320,475", "money", "{column: x, times: -1}", Fraction(232047500)),
        ("74,992", "number", "x", Fraction(74992)),
        ("89.41%", "score", "x", Fraction(8941, 10000)),
        ("89.41%", "score", "{column: x, as: percent}", Fraction(8941, 10000)),
        ("89.41%", "score", "{column: x, as: fraction}", Fraction(8941, 10000)),
        ("89.41", "score", "{column: x, as: percent}", Fraction(8941, 10000)),
        ("0.58", "score", "{column: x, as: percent}", Fraction(58, 10000)),
        ("0.8941", "score", "x", Fraction(8941, 10000)),
        ("1", "score", "x", Fraction(1)),
        ("0.8941", "score", "{column: x, as: fraction}", Fraction(8941, 10000)),
        ("100.0", "score", "{column: x, as: percent}", Fraction(1)),
        ("8.5", "score", "{column: x, times: 0.1}", Fraction(17, 20)),
        ("-6.46%", "rate", "x", Fraction(-646, 10000)),
        ("150", "rate", "{column: x, as: percent}", Fraction(3, 2)),
        ("1.5", "rate", "{column: x, as: fraction}", Fraction(3, 2)),
        ("Y", "flag", "x", Fraction(1)),
        ("FALSE", "flag", "x", Fraction(0)),
        ("P", "flag", "{column: x, yes: [P, M], no: F}", Fraction(1)),
        ("*", "money", "{column: x, when_suppressed: 0}", Fraction(0)),
        ("", "money", "{column: x, when_suppressed: '£1.50', times: 2}", Fraction(300)),
        ("-", "rate", "{column: x, when_suppressed: 2/3}", Fraction(2, 3)),
        ("*", "flag", "{column: x, yes: ['1'], no: ['0'], when_suppressed: no}", Fraction(0)),
        ("nil", "money", "{column: x, values: {nil: '0'}}", Fraction(0)),
        ("5", "number", "{value: '6'}", Fraction(6)),
        ("5", "rate", "{value: 1/12}", Fraction(1, 12)),
    ],
)
def test_a_cell_means_what_its_kind_and_the_map_say(cell, kind, rule, value):
    result = one(cell, Input(kind=kind), rule)
    assert result.findings == ()
    assert result.rows[0].values.values == {"it": value}


def test_a_code_becomes_its_choice():
    declared = Input(kind="choice", choices=("A", "B"))
    result = one("2", declared, "{column: x, values: {'1': A, '2': B}}")
    assert (result.rows[0].values.choices, result.rows[0].values.values) == ({"it": "B"}, {})
    assert one("A", declared).rows[0].values.choices == {"it": "A"}
    assert one("*", declared, "{column: x, when_suppressed: A}").rows[0].values.choices == {"it": "A"}


@pytest.mark.parametrize(
    ("cell", "kind", "rule", "words"),
    [
        ("1.234,56", "money", "x", "column x, `it` of H1: '1.234,56' has a comma after a full stop"),
        ("n/a", "money", "x", "'n/a' is not a number"),
        ("5%", "money", "x", "'5%' is a percentage, and the input is of kind money"),
        ("5%", "number", "x", "'5%' is a percentage, and the input is of kind number"),
        ("£5", "number", "x", "'£5' is a sum of money, and the input a number"),
        ("£5", "rate", "x", "'£5' is a sum of money, and the input a rate"),
        ("89.41", "score", "x", "'89.41' is over 1 and has no per cent sign"),
        ("-1.5", "rate", "x", "'-1.5' is over 1"),
        ("101%", "score", "x", "the score is over 100%"),
        ("-1%", "score", "x", "the score is below 0%"),
        ("89.41", "score", "{column: x, as: fraction}", "the score is over 100%"),
        ("maybe", "flag", "x", "'maybe' is neither yes (yes, y, true, 1) nor no (no, n, false, 0)"),
        ("yes", "flag", "{column: x, yes: ['1'], no: ['0']}", "'yes' is neither yes (1) nor no (0)"),
        ("z" * 60, "money", "x", "'" + "z" * 40 + "…' is not a number"),
    ],
)
def test_a_cell_that_cannot_be_read_is_refused_with_row_and_column(cell, kind, rule, words):
    finding = problem(one(cell, Input(kind=kind), rule))
    assert words in finding.message
    assert (finding.code, finding.file, finding.line) == ("POSITION-INVALID", "t.csv", 2)


def test_a_word_that_is_no_choice_is_refused():
    finding = problem(one("3", Input(kind="choice", choices=("A", "B")), "{column: x, values: {'1': A}}"))
    assert "'3' is not one of the choices A, B" in finding.message


def test_columns_are_added_and_subtracted():
    text = "host|gross|fee|other\nH1|100|30|£5.50\nH2|100|*|1\n"
    mapping = """
suppressed: "*"
columns:
  total: {add: [gross, fee, other]}
  net: {subtract: [gross, fee, other], times: 1000}
  known: {add: [gross, fee], when_suppressed: 0}
"""
    result = read(text, mapping, inputs(total="money", net="money", known="money"))
    assert result.rows[0].values.values == {"total": 13550, "net": 6450000, "known": 13000}
    assert result.rows[1].values.values == {"known": 10000}
    assert result.rows[1].missing == ("total", "net")


def test_what_is_not_given_has_its_default_or_is_missing():
    declared = {
        "spend": Input(kind="money"),
        "relief": Input(kind="money", default="£2"),
        "track": Input(kind="choice", choices=("A", "B"), default="B"),
        "met": Input(kind="flag"),
    }
    result = read("host|spend|relief|met\nH1|5||yes\nH2||7|\n", declared=declared)
    first, second = result.rows
    assert (first.values.values, first.values.choices) == ({"relief": 200, "spend": 500, "met": 1}, {"track": "B"})
    assert (first.missing, second.missing) == ((), ("spend", "met"))
    assert second.values.values == {"relief": 700}
    assert result.findings == ()


def test_columns_that_are_compared_are_exact_pence():
    text = "host|spend|Earn Loss|paid\nH1|1|(50.25)|2\nH2|1|*|3\n"
    mapping = "suppressed: '*'\nexpect:\n  earned: {column: Earn_Loss, times: 1000}\n"
    result = read(text, mapping, expected=("earned", "paid"))
    assert [dict(row.expected) for row in result.rows] == [
        {"earned": -5025000, "paid": 200},
        {"earned": None, "paid": 300},
    ]
    finding = problem(read(text, mapping, expected=("piad",)))
    assert (finding.code, finding.message) == (
        "COLUMN-MISSING",
        "--expect names `piad`, and t.csv has no column of that name",
    )
    assert finding.mend == "did you mean `paid`?"


FAMILY = """
host: [region, code]
only: {model: [Two-Sided, One-Sided]}
contract:
  column: [track, model]
  files: {A/One-Sided: basic.yaml, B/One-Sided: basic.yaml, EN/Two-Sided: sub/enhanced.yaml}
columns: {quality: q}
"""
FAMILY_INPUTS = {"basic.yaml": inputs(spend="money"), "sub/enhanced.yaml": inputs(spend="money", quality="score")}
FAMILY_TABLE = """
region|code|track|model|spend|q
N|1|A|One-Sided|1|
N|2|EN|Two-Sided|2|90%
S|1|B|One-Sided|3|broken
S|9|EN|Other|x|x
"""


def test_each_row_uses_its_contract_of_the_family():
    mapping = read_position_map(FAMILY, "map.yaml")
    assert mapping.contract_files == ("basic.yaml", "sub/enhanced.yaml")
    result = read_positions(table_of(FAMILY_TABLE), mapping, FAMILY_INPUTS.__getitem__)
    assert [(row.row_number, row.host, row.contract) for row in result.rows] == [
        (2, "N/1", "basic.yaml"), (3, "N/2", "sub/enhanced.yaml"), (4, "S/1", "basic.yaml"),
    ]  # fmt: skip
    assert result.rows[1].values.values == {"spend": 200, "quality": Fraction(9, 10)}
    assert result.rows[2].values.values == {"spend": 300}
    assert (result.left_out, result.findings) == (1, ())


def test_a_contract_that_the_map_does_not_know_is_told_once_with_its_rows():
    text = FAMILY_TABLE + "S|3|C|One-Sided|1|\nS|4|C|One-Sided|1|\n"
    result = read_positions(table_of(text), read_position_map(FAMILY, "map.yaml"), FAMILY_INPUTS.__getitem__)
    finding = problem(result)
    assert finding.message == "no contract is named for 'C/One-Sided', which 2 rows, the first at row 6 of t.csv have"
    assert (finding.file, finding.line, finding.count) == ("map.yaml", 6, 2)


def test_a_fault_of_a_contract_comes_with_the_others():
    def inputs_of(contract: str) -> Mapping[str, Input]:
        if contract == "basic.yaml":
            raise FindingsError([Finding("FILE-MISSING", Level.SUBMISSION, "basic.yaml is not there")])
        return FAMILY_INPUTS[contract]

    text = FAMILY_TABLE.replace("90%", "190%")
    found = read_positions(table_of(text), read_position_map(FAMILY, "map.yaml"), inputs_of).findings
    assert [finding.code for finding in found] == ["FILE-MISSING", "POSITION-INVALID"]


def test_headers_are_found_exactly_first_and_loosely_then():
    text = "HOST|total spend|Total_Spend|Quality-Score\nH1|1|2|90%\n"
    declared = inputs(spend="money", quality_score="score")
    result = read(text, "columns: {spend: Total_Spend}", declared)
    assert result.rows[0].values.values == {"spend": 200, "quality_score": Fraction(9, 10)}
    finding = problem(read(text, "columns:\n  spend: TOTALSPEND\n", declared))
    assert (finding.code, finding.line) == ("COLUMN-TWICE", 2)
    assert "2 columns of t.csv are called `TOTALSPEND`" in finding.message


def test_a_column_that_the_file_lacks_is_one_finding_at_the_maps_line():
    mapping = """
host: hsot
only: {modle: [x]}
contract: {column: trakc, files: {A: a.yaml}}
columns:
  spend: {add: [spend, extre]}
  again: {column: extre, as: percent}
"""
    found = read(
        "host|model|track|spend|extra\nH1|x|A|1|2\nH2|x|A|1|2\n", mapping, inputs(spend="money", again="rate")
    ).findings
    assert [(finding.code, finding.file, finding.line, finding.mend) for finding in found] == [
        ("COLUMN-MISSING", "map.yaml", 6, "did you mean `extra`?"),
        ("COLUMN-MISSING", "map.yaml", 2, "did you mean `host`?"),
        ("COLUMN-MISSING", "map.yaml", 4, "did you mean `track` or `extra`?"),
        ("COLUMN-MISSING", "map.yaml", 3, "did you mean `model`?"),
    ]


def test_an_input_that_nothing_gives_is_one_finding_and_not_one_a_row():
    finding = problem(read("host|spends\nH1|1\nH2|2\nH3|3\n"))
    assert (finding.code, finding.file, finding.line) == ("COLUMN-MISSING", "t.csv", 1)
    assert finding.message == "the contract needs `spend`, which no column of t.csv and nothing in the map gives"
    assert "did you mean `spends`?" in finding.mend


def test_a_default_for_every_host_beside_a_misspelt_column_is_told():
    declared = {"spend": Input(kind="money"), "relief": Input(kind="money", default="£0")}
    result = read("host|spend|releif\nH1|1|500\n", declared=declared)
    (finding,) = result.findings
    assert (finding.level, finding.code) == (Level.WARNING, "COLUMN-MISSING")
    assert "every host has its default £0; there is `releif`" in finding.message
    assert len(result.rows) == 1


def test_a_name_in_the_map_that_no_contract_has_is_refused():
    finding = problem(read("host|spend\nH1|1\n", "columns:\n  spend: spend\n  spned: spend\n"))
    assert (finding.code, finding.line, finding.column) == ("FIELD-UNKNOWN", 3, 3)
    assert (finding.message, finding.mend) == ("`spned` is not an input of any contract", "did you mean `spend`?")


def test_two_rows_of_one_host_and_a_row_without_one():
    found = read("host|spend\nH1|1\n H1 |2\n|3\n").findings
    assert [(finding.line, finding.message) for finding in found] == [
        (3, "host H1 has two rows, the first at row 2"),
        (4, "the row names no host"),
    ]


def test_a_map_that_leaves_out_every_row_is_refused():
    finding = problem(read("host|model|spend\nH1|B|1\n", "only:\n  model: Two-Sided\n"))
    assert (finding.code, finding.line) == ("FILE-NOTHING", 1)
    assert finding.message == "none of the 1 rows of t.csv is one that `only` keeps"


def test_sums_in_two_currencies_are_refused():
    finding = problem_of_rows(read("host|spend\nH1|£1\nH2|$2\n"))
    assert (
        finding.message == "the sums of the table are in more than one currency: £ (row 2, spend) and $ (row 3, spend)"
    )


def problem_of_rows(result: PositionTable) -> Finding:
    (finding,) = result.findings
    assert finding.level is Level.SUBMISSION and finding.code == "POSITION-INVALID"
    return finding


def test_every_fault_comes_at_once_and_a_column_at_fault_everywhere_is_summed_up():
    rows = "".join(f"H{number}|bad|89.41\n" for number in range(30))
    result = read(f"host|spend|quality\nH|1|90%\n{rows}", declared=inputs(spend="money", quality="score"))
    assert [row.host for row in result.rows] == ["H"]
    assert len(result.findings) == 42
    last = result.findings[-1]
    assert last.message == "column quality: 10 more cells cannot be read, the next at row 23"
    assert last.count == 10


@pytest.mark.parametrize(
    ("rule", "kind", "line", "words"),
    [
        ("{column: x, as: percent}", "money", 2, "`as` has no meaning for `it`, an input of kind money"),
        ("{column: x, yes: ['1'], no: ['0']}", "money", 2, "`yes` has no meaning"),
        ("{column: x, times: 2}", "flag", 2, "`times` has no meaning"),
        ("{add: [x, host]}", "flag", 2, "`add` has no meaning"),
        ("{value: lots}", "money", 2, "`it`: 'lots' is not a number"),
        ("{value: 120%}", "score", 2, "the score is over 100%"),
        ("{column: x, when_suppressed: none}", "number", 2, "`it`: 'none' is not a number"),
        ("{value: 1/0}", "rate", 2, "'1/0' is not a rate"),
    ],
)
def test_a_rule_that_makes_no_sense_for_the_kind_is_refused_on_its_line(rule, kind, line, words):
    finding = problem(read("host|x\nH1|1\n", f"columns:\n  it: {rule}\n", {"it": Input(kind=kind)}))
    assert words in finding.message
    assert (finding.code, finding.file, finding.line) == ("FIELD-VALUE", "map.yaml", line)


def test_a_code_for_a_choice_that_is_none_is_refused_on_its_line():
    mapping = "columns:\n  it:\n    column: x\n    values: {'1': A, '2': C}\n"
    finding = problem(read("host|x\nH1|1\n", mapping, {"it": Input(kind="choice", choices=("A", "B"))}))
    assert (finding.line, finding.message) == (4, "`it`: 'C' is not one of the choices A, B")


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("header_row: 0", 1, "`header_row`"),
        ("hosts: x", 1, "`hosts` is not known here"),
        ("columns:\n  a: {columm: x}", 2, "`columm` is not known here"),
        ("columns:\n  a: {column: x, value: '1'}", 2, "this says `column` and `value`"),
        ("columns:\n  a: {times: 2}", 2, "this says none"),
        ("columns:\n  a: {add: [x]}", 2, "`add` needs two columns or more"),
        ("columns:\n  a: {column: x, times: 0}", 2, "`times: 0` would lose every figure"),
        ("columns:\n  a: {column: x, times: many}", 2, "'many' is not a rate"),
        ("columns:\n  a: {column: x, as: percents}", 2, "'percents' is not one of the choices"),
        ("columns:\n  a: {column: x, yes: ['1']}", 2, "give both lists, `yes` and `no`"),
        ("columns:\n  a: {column: x, yes: ['1'], no: ['1']}", 2, "`1` cannot be both yes and no"),
        ("columns:\n  a: {value: '1', times: 2}", 2, "`value` is a constant"),
        ("columns:\n  a: [x]", 2, "a group of fields is needed here"),
        ("columns:\n  a: x\n  a: y", 3, "`a` is given twice"),
        ("suppressed: [*]", 1, "text that begins with * or & needs quotes"),
        ("contract: {column: x, files: {}}", 1, "`files`"),
        ("contract: {column: x}", 1, "`files` is missing from `contract`"),
        ("contract: {column: x, files: {A: /etc/a.yaml}}", 1, "is not a name from the map's own folder"),
        ("host: []", 1, "`host`"),
        ("only: {x: {a: b}}", 1, "a list is needed here"),
        ("- a", 1, "a group of fields is needed here"),
    ],
)
def test_a_map_that_cannot_be_read_names_the_line(text, line, words):
    with pytest.raises(FindingsError) as caught:
        read_position_map(text + "\n", "map.yaml")
    assert [finding.line for finding in caught.value.findings] == [line]
    assert words in caught.value.findings[0].message


def test_a_table_in_another_encoding_is_told(tmp_path):
    (tmp_path / "t.csv").write_bytes("host,spend\nCafé,£5\n".encode("cp1252"))
    result = read_positions(read_file(tmp_path / "t.csv", "t.csv"), PositionMap(), lambda _: KINDS)
    assert [(finding.code, finding.level) for finding in result.findings] == [("ENCODING", Level.WARNING)]
    assert [(row.host, row.values.values["spend"]) for row in result.rows] == [("Café", 500)]


MIXED_MAP = """
sheet: Results
host: code
suppressed: ["*", "-"]
columns:
  quality_met: {column: met}
  since: {column: start, values: {"2022-01-01": new, "2019-07-01": old}}
"""
MIXED_INPUTS = inputs(spend="money", quality="score", rate="rate", people="number", quality_met="flag") | {
    "since": Input(kind="choice", choices=("new", "old"))
}


def test_one_table_gives_the_same_positions_from_each_kind_of_file(tmp_path: Path):
    header = ["code", "spend", "quality", "rate", "people", "met", "start"]
    (tmp_path / "t.csv").write_text(
        f'{",".join(header)}\nH1,"$1,234.56",89.41%,0.07,74992,1,2022-01-01\nH2,-0.1,50%,*,3,no,2019-07-01\n',
        encoding="utf-8",
    )
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Results"
    book.create_sheet("Notes").append(["about"])
    days = dt.date(2022, 1, 1), dt.datetime(2019, 7, 1)
    for row in (header, ["H1", 1234.56, 0.8941, 0.07, 74992, 1, days[0]], ["H2", -0.1, 0.5, "*", 3, False, days[1]]):
        sheet.append(row)
    sheet["C2"].number_format = sheet["C3"].number_format = "0.00%"
    sheet["B2"].number_format = '"$"#,##0.00'
    book.save(tmp_path / "t.xlsx")
    columns = [
        ["H1", "H2"],
        [1234.56, -0.1],
        [0.8941, 0.5],
        [0.07, None],
        [74992, 3],
        [True, False],
        [days[0], days[1].date()],
    ]
    pq.write_table(pa.table(dict(zip(header, columns, strict=True))), tmp_path / "t.parquet")
    mapping = read_position_map(MIXED_MAP, "map.yaml")
    readings = []
    for name in ("t.csv", "t.xlsx", "t.parquet"):
        table = read_file(tmp_path / name, name, mapping.rules.sheet, mapping.rules.header_row)
        result = read_positions(table, mapping, lambda _: MIXED_INPUTS)
        assert result.findings == ()
        readings.append([(row.host, row.values, row.missing) for row in result.rows])
    assert readings[0] == readings[1] == readings[2]
    (_, first, no_lack), (_, second, lacks) = readings[0]
    assert first.values == {
        "spend": 123456, "quality": Fraction(8941, 10000), "rate": Fraction(7, 100), "people": 74992, "quality_met": 1,
    }  # fmt: skip
    assert (first.choices, second.choices) == ({"since": "new"}, {"since": "old"})
    assert (second.values["spend"], no_lack, lacks) == (-10, (), ("rate",))
