"""`yoc settle` as it is run: published cases, comparisons, files written whole or not at all, exit codes."""

import csv
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import pytest
from openpyxl import Workbook, load_workbook
from typer.testing import CliRunner

from plain_table import PLAIN
from yoc.cli.commands import app

ROOT = Path(__file__).resolve().parents[2]
SHARED_SAVINGS = ROOT / "contracts/published/us-shared-savings"
MAP = SHARED_SAVINGS / "map-2022.yaml"
HEADINGS = [
    "ACO_ID", "Current_Track", "ABtotBnchmk", "ABtotExp", "N_AB", "QualScore", "Met_QPS", "MinSavPerc", "DisAdj",
    "EarnSaveLoss", "GenSaveLoss",
]  # fmt: skip
# Performance Year Financial and Quality Results 2022: cases SS-2, SS-3, SS-4, SS-5 and SS-9, as printed.
PRINTED = [
    ["A1001", "EN", "966116777", "903712089", "74992", "89.41%", "1", "2.00%", "", "45867446", "62404688"],
    ["A1023", "B", "52165596", "48583467", "5194", "70.63%", "1", "3.84%", "", "1404194", "3582129"],
    ["A1051", "EN", "121589728", "104884384", "11049", "90.15%", "1", "1.00%", "", "12278428", "16705344"],
    ["A1052", "E", "65434679", "64578660", "6191", "84.64%", "1", "0.50%", "", "419449", "856019"],
    ["A1026", "E", "483895147", "475448894", "40219", "83.32%", "1", "2.30%", "", "0", "0"],
]
# 45,867,446 + 1,404,195 + 12,278,428 + 419,449. Of the second 98% × 40% × 3,582,129 = 1,404,194.57 was printed cut off.
TOTAL = "$59,969,518.00"


def run(*arguments: str | Path):
    return CliRunner().invoke(app, ["settle", *map(str, arguments)])


def write_csv(path: Path, headings: list[str], rows: list[list[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([headings, *rows])
    return path


@pytest.fixture
def published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return write_csv(tmp_path / "published.csv", HEADINGS, PRINTED)


@pytest.fixture
def plain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two hosts: £100 saved, and £40 overspent, of which the host has half."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plain.yaml").write_text(PLAIN, encoding="utf-8")
    rows = [["H1", "1000", "900", "50"], ["H2", "1000", "1040", "-20"]]
    return write_csv(tmp_path / "hosts.csv", ["host", "budget", "spend", "known"], rows)


def test_published_cases_are_settled_to_the_dollar(published: Path):
    asked = ("--expect", "EarnSaveLoss", "--expect", "GenSaveLoss=generated", "--within", "$1")
    result = run(SHARED_SAVINGS, "--positions", published, "--map", MAP, *asked)
    assert result.exit_code == 0, result.output
    assert "10 of 10 figures agree within $1.00; 0 differ." in result.output
    assert f"5 hosts settled, 0 not settled: {TOTAL} due to hosts, $0.00 due from them." in result.output


def test_a_figure_that_differs_is_shown_and_has_its_exit_code(published: Path):
    write_csv(published, HEADINGS, [[*PRINTED[0][:9], "45867440", "62404688"], *PRINTED[1:]])
    result = run(
        SHARED_SAVINGS, "--positions", published, "--map", MAP, "--expect", "EarnSaveLoss", "--within", "$5.99"
    )
    assert result.exit_code == 6
    assert "4 of 5 figures agree within $5.99; 1 differ." in result.output
    (row,) = [line.split() for line in result.output.splitlines() if "A1001" in line]
    assert (row[0], row[1], row[-3:]) == ("2", "A1001", ["$45,867,446.00", "$45,867,440.00", "$6.00"])
    assert run(
        SHARED_SAVINGS, "--positions", published, "--map", MAP, "--expect", "EarnSaveLoss", "--within", "$6"
    ).exit_code == 0  # fmt: skip


def test_a_row_without_an_input_is_listed_and_not_settled(published: Path):
    write_csv(published, HEADINGS, [[*PRINTED[0][:5], "*", *PRINTED[0][6:]], *PRINTED[1:]])
    result = run(SHARED_SAVINGS, "--positions", published, "--map", MAP, "--out", "settled.csv")
    assert result.exit_code == 0
    assert "Not settled: A1001 (row 2), without quality." in result.output
    assert "4 hosts settled, 1 not settled" in result.output
    with Path("settled.csv").open(encoding="utf-8-sig", newline="") as stream:
        first, second = list(csv.DictReader(stream))[:2]
    assert (first["host"], first["due"], first["payment"], first["not settled"]) == ("A1001", "", "", "without quality")
    assert (second["host"], second["due"], second["not settled"]) == ("A1023", "1404195.00", "")


@pytest.mark.parametrize("name", ["settled.csv", "settled.XLSX"])
def test_what_is_written_can_be_read_back(plain: Path, name: str):
    result = run("plain.yaml", "--positions", plain, "--out", name, "--expect", "known")
    assert result.exit_code == 0, result.output
    assert f"Written: {name}" in result.output
    if name.endswith(".csv"):
        with Path(name).open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.DictReader(stream))
        assert (rows[0]["saving"], rows[0]["saving.rate"], rows[1]["saving.rate"]) == ("100.00", "0.1", "-0.04")
        assert [(row["row"], row["host"], row["contract"], row["due"], row["compared"]) for row in rows] == [
            ("2", "H1", "plain", "50.00", "known 50.00"), ("3", "H2", "plain", "-20.00", "known -20.00"),
        ]  # fmt: skip
    else:
        sheet = load_workbook(name)["Settled"]
        cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
        header = next(row for row in cells if "host" in row)
        settled = {row[header.index("host")]: row[header.index("due")] for row in cells[cells.index(header) + 1 :]}
        assert {host: float(due) for host, due in settled.items() if host in ("H1", "H2")} == {"H1": 50.0, "H2": -20.0}


def test_the_same_figures_are_the_same_bytes(plain: Path):
    for name in ("a.csv", "b.csv", "a.xlsx", "b.xlsx"):
        assert run("plain.yaml", "--positions", plain, "--out", name).exit_code == 0
    assert Path("a.csv").read_bytes() == Path("b.csv").read_bytes()
    assert Path("a.xlsx").read_bytes() == Path("b.xlsx").read_bytes()


@pytest.mark.parametrize(
    ("out", "words"),
    [
        ("settled.txt", "settled.txt is neither a .csv nor a .xlsx file"),
        ("settled", "settled is neither a .csv nor a .xlsx file"),
        ("nowhere/settled.csv", "the folder nowhere is not there"),
        ("hosts.csv", "hosts.csv is one of the files that are read"),
    ],
)
def test_what_cannot_be_written_is_said_before_anything_is_settled(plain: Path, out: str, words: str):
    before = sorted((path.name, path.read_bytes()) for path in plain.parent.iterdir())
    result = run("plain.yaml", "--positions", plain, "--out", out)
    assert (result.exit_code, words in result.output) == (3, True), result.output
    assert "due to hosts" not in result.output
    assert sorted((path.name, path.read_bytes()) for path in plain.parent.iterdir()) == before


def test_nothing_is_written_where_one_row_cannot_be_settled(plain: Path):
    write_csv(plain, ["host", "budget", "spend"], [["H1", "1000", "900"], ["H2", "1000", "a lot"]])
    result = run("plain.yaml", "--positions", plain, "--out", "settled.csv")
    assert result.exit_code == 3
    assert "hosts.csv:3: POSITION-INVALID" in result.output and "column spend, `spend` of H2" in result.output
    assert not Path("settled.csv").exists()


def test_a_disk_that_refuses_leaves_no_half_file(plain: Path, monkeypatch: pytest.MonkeyPatch):
    import os

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fdopen", full)
    result = run("plain.yaml", "--positions", plain, "--out", "settled.csv")
    assert (result.exit_code, "DISK-FULL" in result.output) == (5, True)
    assert sorted(path.name for path in plain.parent.iterdir()) == ["hosts.csv", "plain.yaml"]


def test_a_host_that_the_contract_does_not_know(plain: Path):
    host = "  - {code: H1, name: The first, role: host}\nposition:"
    Path("plain.yaml").write_text(PLAIN.replace("position:", host), encoding="utf-8")
    result = run("plain.yaml", "--positions", plain)
    assert result.exit_code == 3
    assert "hosts.csv:3: POSITION-INVALID" in result.output
    assert "`H2` is no host of the contract plain" in result.output and "its hosts are H1" in result.output


def test_two_currencies_are_not_added(plain: Path):
    Path("dollars.yaml").write_text("based_on: plain.yaml\ncontract: dollars\ncurrency: USD\n", encoding="utf-8")
    Path("map.yaml").write_text(
        "contract:\n  column: kind\n  files: {P: plain.yaml, D: dollars.yaml}\n", encoding="utf-8"
    )
    write_csv(plain, ["host", "kind", "budget", "spend"], [["H1", "P", "1000", "900"], ["H2", "D", "1000", "900"]])
    result = run("plain.yaml", "--positions", plain, "--map", "map.yaml")
    assert (result.exit_code, "are in GBP and USD, and nothing is converted" in result.output) == (3, True)
    write_csv(plain, ["host", "budget", "spend"], [["H1", "£1000", "£900"], ["H2", "$1000", "900"]])
    result = run("plain.yaml", "--positions", plain)
    assert (result.exit_code, "in more than one currency: £ (row 2, budget) and $ (row 3" in result.output) == (3, True)


@pytest.mark.parametrize(
    ("year", "code", "words"),
    [
        ("2026/27", 0, "£50.00 due to hosts, £20.00 due from them"),
        ("2027/28", 0, "£25.00 due to hosts, £10.00 due from them"),
        ("2028/29", 3, "contract year 3 is not one of the 2 of the contract"),
        ("2025/26", 3, "contract year 0 is not one of the 2 of the contract"),
        ("26", 2, "'26' is not a financial year: write it as 2026/27"),
    ],
)
def test_the_year_that_is_settled(plain: Path, year: str, code: int, words: str):
    result = run("plain.yaml", "--positions", plain, "--year", year)
    assert (result.exit_code, words in " ".join(result.output.split())) == (code, True), result.output


@pytest.mark.parametrize("within", ["1", "a pound", "-£1"])
def test_a_distance_that_is_none(plain: Path, within: str):
    result = run("plain.yaml", "--positions", plain, "--expect", "known", "--within", within)
    assert result.exit_code == 2, result.output
    assert "Something went wrong" not in result.output


@pytest.mark.parametrize("suffix", ["xlsx", "parquet"])
def test_every_kind_of_table_gives_the_same_answer(plain: Path, suffix: str):
    path = plain.with_suffix(f".{suffix}")
    if suffix == "xlsx":
        book = Workbook()
        for row in (["host", "budget", "spend"], ["H1", 1000, 900], ["H2", 1000, 1040.0]):
            book.active.append(row)
        book.save(path)
    else:
        table = pa.table({"host": ["H1", "H2"], "budget": [1000, 1000], "spend": ["900", "1040"]})
        pa.parquet.write_table(table, path)
    result = run("plain.yaml", "--positions", path)
    assert result.exit_code == 0, result.output
    assert "2 hosts settled, 0 not settled: £50.00 due to hosts, £20.00 due from them." in result.output


def test_five_hundred_rows(plain: Path):
    # Host n saves n pounds, of which it has half: £0.50 × (1 + ... + 500) = £62,625.00.
    rows = [[f"H{n}", "1000", str(1000 - n), f"{n / 2:.2f}"] for n in range(1, 501)]
    write_csv(plain, ["host", "budget", "spend", "known"], rows)
    result = run("plain.yaml", "--positions", plain, "--expect", "known", "--out", "settled.csv")
    assert result.exit_code == 0
    assert "500 of 500 figures agree within £0.00; 0 differ." in result.output
    assert "£62,625.00 due to hosts" in result.output
    assert len(Path("settled.csv").read_text(encoding="utf-8-sig").splitlines()) == 501


def test_a_figure_that_the_table_does_not_give_is_no_agreement(plain: Path):
    write_csv(plain, ["host", "budget", "spend", "known"], [["H1", "1000", "900", "50"], ["H2", "1000", "1040", ""]])
    result = run("plain.yaml", "--positions", plain, "--expect", "known")
    assert (result.exit_code, "1 of 1 figures agree within £0.00; 0 differ; 1 are not given." in result.output) == (
        0,
        True,
    )


def test_files_that_are_not_there(plain: Path):
    result = run("other.yaml", "--positions", plain)
    assert (result.exit_code, "other.yaml is not there" in result.output) == (3, True)
    result = run("plain.yaml", "--positions", "other.csv")
    assert (result.exit_code, "other.csv" in result.output) == (3, True)
    result = run("plain.yaml", "--positions", plain, "--map", "other.yaml")
    assert (result.exit_code, "other.yaml is not there" in result.output) == (3, True)


def test_a_host_whose_code_reads_as_a_formula_is_written_as_text(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "t.csv").write_text("host,baseline,spend\n=1+1,10000000,9550000\n", encoding="utf-8")
    contract = ROOT / "contracts/published/three-party-gain-share/excess-only.yaml"
    asked = ["settle", str(contract), "--positions", "t.csv", "--out", "out.csv"]
    assert CliRunner().invoke(app, asked).exit_code == 0
    assert "'=1+1" in (tmp_path / "out.csv").read_text(encoding="utf-8-sig")


COUNTED = """\
contract: counted
title: Counted
version: "1"
status: live
years: 1
parties:
  - {code: ICB, name: The board, role: commissioner}
budget:
  rounding: on_total
  rates:
    adults: {emergency: £100, community: £50}
    children: {emergency: £10, community: £20}
terms:
  - {id: budget, kind: capitation}
  - {id: cost, kind: activity_cost}
"""


def settle_counted(folder: Path, headings: str, row: str):
    (folder / "counted.yaml").write_text(COUNTED, encoding="utf-8")
    (folder / "hosts.csv").write_text(f"host,{headings}\nH1,{row}\n", encoding="utf-8")
    return run(folder / "counted.yaml", "--positions", folder / "hosts.csv")


@pytest.mark.parametrize(
    ("headings", "row", "words"),
    [
        ("budget,cost", "1000,900", "£100.00 due to hosts"),
        ("budget,cost", "1000,0", "£1,000.00 due to hosts"),
        # 10 adults at £150 and 5 children at £30, less £600 and £300: £1,650 - £900.
        (
            "people.adults,people.children,cost.emergency,cost.community",
            "10,5,600,300",
            "£750.00 due to hosts",
        ),
        ("budget,cost", "1000,", "H1 (row 2), without cost."),
        ("budget,cost", ",900", "H1 (row 2), without budget."),
        ("budget,cost.emergency,cost.community", "1000,600,", "H1 (row 2), without cost.community."),
        ("people.adults,people.children,cost", "10,,900", "H1 (row 2), without people.children."),
    ],
)
def test_a_budget_or_a_cost_that_is_not_given_is_not_nothing(tmp_path, monkeypatch, headings, row, words):
    monkeypatch.chdir(tmp_path)
    result = settle_counted(tmp_path, headings, row)
    assert result.exit_code == 0
    assert words in result.output
    assert ("0 not settled" in result.output) == ("without" not in words)


@pytest.mark.parametrize(
    ("headings", "row", "needed", "there"),
    [
        ("budget,costs", "1000,900", "`cost`, or `cost.emergency` and `cost.community` in its place", "`costs`"),
        ("budgets,cost", "1000,900", "`budget`, or `people.adults` and `people.children` in its place", "`budgets`"),
        ("budget,cost.emergency,cost.comunity", "1000,600,300", "`cost.community`", "`cost.comunity`"),
    ],
)
def test_a_budget_or_a_cost_without_a_column_stops_and_names_the_near_one(
    tmp_path, monkeypatch, headings, row, needed, there
):
    monkeypatch.chdir(tmp_path)
    result = settle_counted(tmp_path, headings, row)
    said = " ".join(result.output.split())
    assert result.exit_code == 3
    assert said.count("COLUMN-MISSING") == 1
    assert f"the contract needs {needed}, which no column" in said
    assert there in said.partition("To mend it")[2]


def test_a_payment_on_account_that_is_not_given_is_not_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "paid.yaml").write_text(COUNTED + "  - {id: paid, kind: on_account}\n", encoding="utf-8")
    rows = [["H1", "1000", "900", "30"], ["H2", "1000", "900", ""]]
    table = write_csv(tmp_path / "hosts.csv", ["host", "budget", "cost", "paid_on_account"], rows)
    result = run("paid.yaml", "--positions", table)
    assert "H2 (row 3), without paid_on_account." in result.output
    assert "£70.00 due to hosts" in result.output
    result = run("paid.yaml", "--positions", write_csv(table, ["host", "budget", "cost"], [["H1", "1000", "900"]]))
    assert result.exit_code == 3
    assert "needs `paid_on_account`" in result.output


def test_an_example_without_a_cost_is_a_finding_at_its_place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "contract.yaml").write_text(COUNTED, encoding="utf-8")
    examples = "examples:\n  - name: short\n    position:\n      budget: £1000\n    expect: {result: £1000}\n"
    (tmp_path / "examples.yaml").write_text(examples, encoding="utf-8")
    result = CliRunner().invoke(app, ["contract", "check", "contract.yaml"])
    assert result.exit_code == 3
    assert "examples.yaml:4:7: FIELD-MISSING" in result.output
    assert "`cost` is not given" in result.output
    shown = CliRunner().invoke(app, ["contract", "show", "contract.yaml"]).output
    assert "£0 where it is not given" not in shown
    assert "or in the parts below" in shown


def settle_years(folder: Path, headings: list[str], rows: list[list[str]], *more: str):
    (folder / "plain.yaml").write_text(PLAIN, encoding="utf-8")
    return run("plain.yaml", "--positions", write_csv(folder / "hosts.csv", headings, rows), *more)


@pytest.mark.parametrize("column", ["year", "Financial Year", "financial_year"])
def test_a_year_that_nothing_reads_is_not_settled_as_the_first(tmp_path, monkeypatch, column):
    monkeypatch.chdir(tmp_path)
    headings, rows = ["host", column, "budget", "spend"], [["H1", "2027/28", "1000", "900"]]
    result = settle_years(tmp_path, headings, rows)
    said = " ".join(result.output.split())
    assert result.exit_code == 3
    assert f"nothing reads the column `{column}`" in said
    assert "in a column `contract_year`, or settle one year with --year" in said
    # A quarter of £100 in the second year.
    result = settle_years(tmp_path, headings, rows, "--year", "2027/28")
    assert "Settled: year 2 of the contract, 2027/28." in result.output
    assert "£25.00 due to hosts" in result.output


@pytest.mark.parametrize(("year", "due"), [("1", 50), ("2026/27", 50), ("2", 25), ("2027/28", 25), ("2027/2028", 25)])
def test_the_year_of_the_contract_is_a_number_or_a_financial_year(tmp_path, monkeypatch, year, due):
    monkeypatch.chdir(tmp_path)
    rows = [["H1", "x", year, "1000", "900"]]
    result = settle_years(tmp_path, ["host", "year", "contract_year", "budget", "spend"], rows)
    assert f"£{due}.00 due to hosts" in result.output


def test_a_year_that_is_none_of_the_contract_is_told_and_a_blank_one_is_not_the_first(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    headings = ["host", "contract_year", "budget", "spend"]
    result = settle_years(tmp_path, headings, [["H1", "2031/32", "1000", "900"]])
    assert result.exit_code == 3
    assert "is not a year of the contract, which runs from 2026/27 to 2027/28" in " ".join(result.output.split())
    result = settle_years(tmp_path, headings, [["H1", "", "1000", "900"]])
    assert "H1 (row 2), without contract_year." in result.output


def test_a_shadow_contract_says_so_and_the_file_says_what_was_settled(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shadow.yaml").write_text(PLAIN.replace("status: live", "status: shadow"), encoding="utf-8")
    headings = ["host", "contract_year", "budget", "spend"]
    rows = [["H1", "2", "1000", "900"], ["H2", "1", "1000", ""]]
    result = run("shadow.yaml", "--positions", write_csv(tmp_path / "h.csv", headings, rows), "--out", "out.csv")
    assert "SHADOW: computed for information, no payment is due." in result.output
    with Path("out.csv").open(encoding="utf-8-sig", newline="") as stream:
        settled, without = csv.DictReader(stream)
    assert [settled[name] for name in ("version", "status", "contract year", "financial year", "due")] == [
        "1", "shadow", "2", "2027/28", "25.00",
    ]  # fmt: skip
    assert (settled["given: budget"], settled["given: spend"]) == ("1000.00", "900.00")
    assert (without["given: budget"], without["given: spend"], without["not settled"]) == (
        "1000.00", "", "without spend",
    )  # fmt: skip
    assert "SHADOW" not in settle_years(tmp_path, headings, rows).output


@pytest.mark.parametrize(("currency", "sign"), [("USD", "$"), ("EUR", "€")])
def test_words_about_a_contract_have_its_own_sign_where_no_row_is_settled(tmp_path, monkeypatch, currency, sign):
    monkeypatch.chdir(tmp_path)
    text = PLAIN.replace("status: live", f"status: live\ncurrency: {currency}")
    (tmp_path / "other.yaml").write_text(text, encoding="utf-8")
    table = write_csv(tmp_path / "h.csv", ["host", "budget", "spend"], [["H1", "1000", ""]])
    assert f"{sign}0.00 due to hosts, {sign}0.00 due from them" in run("other.yaml", "--positions", table).output


def test_an_example_that_expects_nothing_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "contract.yaml").write_text(COUNTED, encoding="utf-8")
    examples = "examples:\n  - name: idle\n    position: {budget: £10, cost: £9}\n"
    (tmp_path / "examples.yaml").write_text(examples, encoding="utf-8")
    result = CliRunner().invoke(app, ["contract", "check", "contract.yaml"])
    assert result.exit_code == 3
    assert "examples.yaml:2:5: FIELD-MISSING" in result.output
    assert "so it proves nothing" in result.output
    (tmp_path / "examples.yaml").write_text(examples + "    pays: []\n", encoding="utf-8")
    assert CliRunner().invoke(app, ["contract", "check", "contract.yaml"]).exit_code == 6


@pytest.mark.parametrize("title", ["Results of 2026/27", "Results of 2026/27,,"])
def test_a_title_above_the_headers_is_taken_away_by_the_map(plain: Path, title: str):
    plain.write_text(f"{title}\nhost,budget,spend\nH1,1000,900\n", encoding="utf-8")
    result = run("plain.yaml", "--positions", plain)
    assert result.exit_code == 3
    assert "say `header_row:` in a map: the row of the headers" in " ".join(result.output.split())
    Path("map.yaml").write_text("header_row: 2\n", encoding="utf-8")
    assert "£50.00 due to hosts" in run("plain.yaml", "--positions", plain, "--map", "map.yaml").output


def test_a_compared_column_that_is_not_there_is_told_at_the_command(plain: Path):
    Path("map.yaml").write_text("columns: {spend: spend}\n", encoding="utf-8")
    result = run("plain.yaml", "--positions", plain, "--map", "map.yaml", "--expect", "knwon")
    said = " ".join(result.output.split())
    assert result.exit_code == 3
    assert "--expect names `knwon`, and hosts.csv has no column of that name" in said
    assert "did you mean `known`?" in said
    assert "map.yaml" not in said


def test_a_folder_in_place_of_a_table_is_called_one(plain: Path):
    Path("tables").mkdir()
    result = run("plain.yaml", "--positions", "tables")
    assert (result.exit_code, "tables is a folder" in result.output) == (3, True)
