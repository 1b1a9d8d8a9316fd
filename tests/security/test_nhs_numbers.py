"""Files that hold NHS numbers: refused unless said otherwise, and never repeated in what is said or written."""

import re
import shutil
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from yoc.cli.commands import app
from yoc.core.identifiers import is_nhs_number

DATA = "data/2026-27/bnssg-working-age"


def numbers(how_many: int) -> list[str]:
    """The first numbers from 400 000 000 on that have a check digit."""
    found: list[str] = []
    body = 400_000_000
    while len(found) < how_many:
        body += 7
        found += [number for digit in range(10) if is_nhs_number(number := f"{body}{digit}")]
    return found


@pytest.fixture
def identified(small_sample: Path, tmp_path: Path) -> tuple[Path, set[str]]:
    """The small sample with an NHS number for each person's key; the plan, and the numbers."""
    root = tmp_path / "workspace"
    shutil.copytree(small_sample.parents[3], root, ignore=shutil.ignore_patterns("runs", "reports"))
    files = sorted((root / DATA).rglob("*.csv"))
    keys = sorted({key for path in files for key in re.findall(r"S\d{9}", path.read_text("cp1252"))})
    number_of = dict(zip(keys, numbers(len(keys)), strict=True))
    for path in files:
        text = re.sub(r"S\d{9}", lambda found: number_of[found[0]], path.read_text("cp1252"))
        path.write_text(text, "cp1252", newline="")
    return root / small_sample.relative_to(small_sample.parents[3]), set(number_of.values())


def held(text: str, known: set[str]) -> set[str]:
    return known & set(re.findall(r"\d{10}", re.sub(r"(?<=\d)[ -](?=\d)", "", text)))


def written_in(folder: Path) -> str:
    texts = []
    for path in folder.rglob("*"):
        if path.suffix == ".xlsx":
            book = openpyxl.load_workbook(path)
            texts += [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row]
        elif path.is_file():
            texts.append(path.read_text(encoding="utf-8"))
    return "\n".join(texts)


def allow(plan: Path) -> None:
    plan.write_text(plan.read_text(encoding="utf-8") + "controlled_environment: yes\n", encoding="utf-8")


def test_a_run_stops_names_the_columns_and_repeats_no_number(identified):
    plan, known = identified
    shown = CliRunner().invoke(app, ["reconcile", str(plan)])
    said = shown.stdout + shown.stderr
    assert shown.exit_code == 3
    assert "persons.csv: IDENTIFIABLE" in said and "column PSEUDO NHS NUMBER looks like NHS numbers" in said
    assert not held(said, known)
    assert not list(plan.parent.glob("runs/2026*")) and not (plan.parents[3] / "reports/2026-27").exists()


def test_a_run_in_a_controlled_environment_repeats_none_in_what_it_writes(identified):
    plan, known = identified
    allow(plan)
    shown = CliRunner().invoke(app, ["reconcile", str(plan)])
    assert shown.exit_code == 0, shown.stderr
    written = written_in(plan.parent / "runs") + written_in(plan.parents[3] / "reports")
    assert "PSEUDO" not in written
    assert not held(written + shown.stdout + shown.stderr, known)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("registrations.csv", r"^(\d{10}),[A-Z]\w+,", r"\1,\1,"),
        ("registrations.csv", r"^(\d{10}),(\w+),(\w+),[^,]*,", r"\1,\2,\3,\1,"),
        ("persons.csv", r"^(\d{10}),", r"\1,\1"),
        ("neighbourhoods.csv", r"^(N\w+),([^,]+),\w+,", r"\1,\2,4000000071,"),
    ],
)  # fmt: skip
def test_columns_that_are_mixed_up_show_none_either(identified, file: str, old: str, new: str):
    plan, known = identified
    allow(plan)
    path = plan.parents[3] / DATA / file
    text = path.read_text("cp1252")
    mixed = re.sub(old, new, text, count=3, flags=re.MULTILINE)
    assert mixed != text
    path.write_text(mixed, "cp1252", newline="")
    shown = CliRunner().invoke(app, ["reconcile", str(plan)])
    assert shown.exit_code in (0, 3)
    assert not held(shown.stdout + shown.stderr, known)
    assert not held(written_in(plan.parent / "runs"), known)


def test_pseudonymised_files_settle_to_the_same_pence(identified, tmp_path: Path):
    """Every file through one key, then the same plan: who a person is called moves no penny."""
    plan, known = identified
    data = plan.parents[3] / DATA
    environment = {"YOC_PSEUDONYM_KEY": "0123456789abcdef0123456789abcdef"}
    first = data / "plcm/load-1"
    folders = {
        data: ["persons.csv", "registrations.csv", "conditions.csv"],
        first: sorted(path.name for path in first.iterdir()),
        data / "plcm/load-2": sorted(path.name for path in (data / "plcm/load-2").iterdir()),
    }
    said = ""
    for folder, names in folders.items():
        files = [str(folder / name) for name in names]
        column = ["--column", "PSEUDO NHS NUMBER", "--column", "NHS NUMBER"]
        shown = CliRunner().invoke(
            app, ["pseudonymise", *files, "--out", str(tmp_path / "out"), *column], env=environment
        )
        assert shown.exit_code == 0, shown.stderr
        said += shown.stdout + shown.stderr
        for name in names:
            shutil.move(tmp_path / "out" / name, folder / name)
    assert not held(said, known) and environment["YOC_PSEUDONYM_KEY"] not in said
    pseudonymous = CliRunner().invoke(app, ["reconcile", str(plan)], env={"COLUMNS": "400"})
    assert pseudonymous.exit_code == 0, pseudonymous.stderr
    total = next(line for line in pseudonymous.stdout.splitlines() if line.strip().startswith("Total"))
    assert "-657,160.02" in total
