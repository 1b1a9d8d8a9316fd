"""`yoc tariff` as a user meets it: what it prints, and the codes with which it ends."""

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from yoc.cli.commands import app
from yoc.workflow.workspace import lay_empty

ARGUMENTS = shlex.split("--book local --year 2025/26 --effective-from 2025-04-01 --source Invented --licence none")


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    lay_empty(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    prices, again = "HRG code,POD,Unit price\nHN12F,EL,7204\nHN12E,EL,-\n", "HRG code,POD,Unit price\nHN12F,EL,7251\n"
    (tmp_path / "first.csv").write_text(prices, encoding="utf-8")
    (tmp_path / "again.csv").write_text(f"{again}HN12E,EL,7489\n", encoding="utf-8")
    (tmp_path / "mff.csv").write_text("ODS code,MFF\nR1H,1.148886\n", encoding="utf-8")
    return tmp_path


def run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["tariff", *words])
    return done.exit_code, done.output


def imported(there: Path) -> None:
    for file, day in (("first.csv", "2025-04-04"), ("again.csv", "2025-06-27")):
        code, said = run("import", file, *ARGUMENTS, "--published", day, "--market-forces", "mff.csv")
        assert code == 0, said


def words(text: str) -> list[list[str]]:
    return [re.findall(r"\S+", line) for line in text.splitlines()]


def test_an_import_tells_what_it_read_and_wrote(there):
    code, said = run("import", "first.csv", *ARGUMENTS, "--published", "2025-04-04", "--synthetic")
    assert code == 0
    assert said.splitlines() == [
        "Read by the map price-list:",
        "  1 prices, headers in row 1; 1 cells without a price, 0 rows of words",
        "The version has no market forces indices: every provider will be priced at 1.000000.",
        "Written: tariffs/local/2025-26/v1; 1 prices, 0 indices.",
    ]
    assert "synthetic: 'yes'" in (there / "tariffs/local/2025-26/v1/book.yaml").read_text(encoding="utf-8")


def test_the_list_says_which_version_holds_and_fails_where_one_was_changed(there):
    assert run("list") == (0, "There are no price books here.\n")
    imported(there)
    code, said = run("list")
    assert code == 0
    holds = ["2025-04-01", "2026-03-31"]
    assert ["local", "2025/26", "v1", "2025-04-04", *holds, "superseded", "by", "v2", "intact"] in words(said)
    assert ["local", "2025/26", "v2", "2025-06-27", *holds, "latest", "intact"] in words(said)
    assert ["local", "2025/26", *holds, "v1", "v2"] in words(said)
    (there / "tariffs/local/2025-26/v1/prices.csv").write_text("changed\n", encoding="utf-8")
    code, said = run("list")
    assert code == 3 and "CHANGED" in said and "FILE-CHANGED: prices.csv is not the table" in said


def test_a_price_is_shown_with_its_index_exactly_and_to_the_penny(there):
    imported(there)
    code, said = run("show", "local", "--code", "HN12F", "--provider", "R1H")
    assert code == 0
    assert ["local", "2025/26", "v2", "EL", "any", "£7,251.00", "1.148886", "£8,330.572386", "£8,330.57"] in words(said)
    # A provider without an index is told.
    said = run("show", "local/2025-26/v2", "--code", "HN12F", "--provider", "XXX")[1]
    assert "(none)" in said
    assert "XXX is not among the indices of local 2025/26 v2, and is priced at 1.000000 there." in said
    assert "2 prices, 1 indices" in run("show", "local/2025-26/v2")[1]


def test_what_has_no_price_and_what_is_no_book_end_with_their_codes(there):
    imported(there)
    code, said = run("show", "local", "--code", "ZZ99Z")
    assert code == 3 and "PRICE-MISSING" in said
    assert run("show", "nothing")[0] == 2
    code, said = run("diff", "local", "local/2025-26/v2")
    assert code == 2 and "say which" in said


def test_the_difference_tells_both_prices_and_the_rate(there):
    imported(there)
    code, said = run("diff", "local/2025-26/v1", "local/2025-26/v2")
    assert code == 0
    assert "Prices: 0 the same, 1 changed, 1 added, 0 removed." in said
    assert "Indices: 1 the same, 0 changed, 0 added, 0 removed." in said
    # 47 ÷ 7,204 is 0.652...%.
    assert ["HN12F", "EL", "any", "£7,204.00", "£7,251.00", "£47.00", "0.65%"] in words(said)
    assert ["HN12E", "EL", "any", "none", "£7,489.00", "ADDED"] in words(said)
    codes = [line[0] for line in words(said) if line and line[0].startswith("HN")]
    assert codes == ["HN12E", "HN12F"]
    assert ["HN12E", "EL", "any", "£7,489.00", "none", "REMOVED"] in words(
        run("diff", "local/2025-26/v2", "local/2025-26/v1")[1]
    )


@pytest.mark.parametrize(
    "change",
    [("--year", "2025/27"), ("--published", "June"), ("--kind", "rates"), ("--book", "../up"), ("--source", " ")],
)
def test_a_command_line_that_cannot_be_understood_is_told_and_writes_nothing(there, change):
    arguments = [*ARGUMENTS, "--published", "2025-04-04", *change]
    code, _ = run("import", "first.csv", *arguments)
    assert code == 2
    assert not (there / "tariffs/local").exists()


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--effective-from", "April"),
        ("--effective-from", "2026-04-01"),
        ("--effective-to", "2025-03-31"),
        ("--published", "June"),
        ("--licence", " "),
    ],
)
def test_a_day_or_word_that_cannot_be_is_told_by_its_option(there, option, value):
    code, said = run("import", "first.csv", *ARGUMENTS, "--published", "2025-04-04", option, value)
    assert code == 2 and f"Invalid value for {option}:" in said
    assert not (there / "tariffs/local").exists()


def test_indices_left_out_on_purpose_go_with_prices_alone(there):
    arguments = ("import", "first.csv", *ARGUMENTS, "--published", "2025-04-04", "--no-market-forces")
    assert run(*arguments, "--market-forces", "mff.csv")[0] == 2
    assert run(*arguments)[0] == 0


def test_a_point_of_delivery_that_no_line_has_is_told(there):
    (there / "own.csv").write_text("HRG code,POD,Unit price\nHN12F,EL,7204\nHN12F,NELSD,90\n", encoding="utf-8")
    said = run("import", "own.csv", *ARGUMENTS, "--published", "2025-04-04")[1]
    assert "Points of delivery in no national list, whose prices no line will have: NELSD" in said


def test_a_second_list_for_days_of_two_versions_is_told_how_to_be_meant(there):
    imported(there)
    october = (*ARGUMENTS, "--published", "2025-09-01", "--effective-from", "2025-10-01")
    assert run("import", "first.csv", *october)[0] == 0
    third = ("import", "again.csv", *ARGUMENTS, "--published", "2025-12-01")
    code, said = run(*third)
    assert code == 3 and "PRICE-PERIODS" in said
    assert "v2 from 2025-04-01 to 2025-09-30, v3 from 2025-10-01 to 2026-03-31" in " ".join(said.split())
    code, said = run(*third, "--effective-to", "2025-09-30")
    assert code == 0 and "mff.csv is that of v2, unchanged." in said
    assert ["local", "2025/26", "2025-04-01", "2025-09-30", "v1", "v4"] in words(run("list")[1])
    assert run("import", "first.csv", *ARGUMENTS, "--published", "2025-12-02", "--replaces-periods")[0] == 0


def test_no_day_of_the_list_is_broken_on_a_narrow_terminal(there: Path, monkeypatch: pytest.MonkeyPatch):
    arguments = ["tariff", "import", "first.csv", *ARGUMENTS, "--published", "2025-03-01", "--synthetic"]
    assert CliRunner().invoke(app, arguments).exit_code == 0
    monkeypatch.setenv("COLUMNS", "80")
    words = CliRunner().invoke(app, ["tariff", "list"]).output.split()
    assert [day for day in ("2025-03-01", "2025-04-01", "2026-03-31", "2025/26") if day not in words] == []
