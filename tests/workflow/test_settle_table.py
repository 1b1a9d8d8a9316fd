"""`yoc settle` as it is run: published cases, comparisons, files written whole or not at all, exit codes."""

import csv
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import pytest
from openpyxl import Workbook, load_workbook
from typer.testing import CliRunner

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
PLAIN = """\
contract: plain
title: Plain
version: "1"
status: live
first_year: 2026/27
years: 2
parties:
  - {code: ICB, name: The board, role: commissioner}
position:
  budget: {kind: money, is: budget}
  spend: {kind: money, is: cost}
values:
  share: {1: 50%, 2: 25%}
terms:
  - {id: saving, kind: balance, of: budget, less: spend}
  - {id: shared, kind: bands, gain: share, loss: share}
  - {id: payment, kind: payment}
"""


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
    assert (result.exit_code, "No space left on device" in result.output) == (5, True)
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
