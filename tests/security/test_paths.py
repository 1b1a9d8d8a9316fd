"""No name in a file of the workspace leads out of it, whatever it is written as, and nothing outside is repeated."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "workflow"))

from small_world import CONTRACT, PLAN, lay, write

from yoc.core.findings import Finding, FindingsError
from yoc.workflow.plan import read_job

OUT = ("../secret.csv", "/etc/hostname", "data/../../secret.csv", "C:/secret.csv", "C:secret.csv",
       "\\\\server\\share\\x",
       "data\\x.csv", "a\\0b", "x" * 300, "/".join(["long"] * 400))  # fmt: skip
NAMES = {
    "contract": f"contract: {CONTRACT}",
    "prices": "prices: tariffs/world/book.yaml",
    "beside": "prepared_by: Tests",
    "activity": "  activity: data/activity.csv",
    "persons": "  persons: data/persons.csv",
    "practices": "  practices: data/practices.csv",
    "statements": "  activity: data/activity.csv",
    "list_sizes": "  persons: data/persons.csv",
    "positions": "  persons: data/persons.csv",
}


def findings(plan: Path) -> list[Finding]:
    with pytest.raises(FindingsError) as caught:
        read_job(plan)
    return list(caught.value.findings)


def named(root: Path, field: str, name: str) -> Path:
    """The plan of the small world in which one field names something else."""
    plan = lay(root)
    old = NAMES[field]
    indent = "  " if old.startswith("  ") else ""
    new = f'{indent}{field}: "{name}"' if "\\0" in name else f"{indent}{field}: '{name}'"
    added = "" if old.strip().startswith(f"{field}:") else old + "\n"
    text = plan.read_text(encoding="utf-8")
    assert old in text
    return write(root, PLAN, text.replace(old, added + new))


@pytest.mark.parametrize("name", OUT, ids=lambda name: name[:30])
@pytest.mark.parametrize("field", NAMES)
def test_a_name_that_leads_out_is_refused_at_its_line_in_the_plan(tmp_path: Path, field: str, name: str):
    write(tmp_path, "secret.csv", "SECRET: words of somebody else\n")
    found = [finding for finding in findings(named(tmp_path / "w", field, name)) if finding.code == "FILE-OUTSIDE"]
    assert [finding.file for finding in found] == [PLAN]
    assert found[0].line and "is not a" in found[0].message


@pytest.mark.parametrize("field", ["contract", "beside"])
def test_nothing_of_a_file_outside_is_repeated(tmp_path: Path, field: str):
    """An excerpt of a contract that is none would show a line of any file of the machine."""
    secret = write(tmp_path, "secret.txt", "password: [of somebody\n")
    said = str([finding.as_dict() for finding in findings(named(tmp_path / "w", field, secret.as_posix()))])
    assert "of somebody" not in said and "FILE-OUTSIDE" in said


@pytest.mark.parametrize(
    "file", [CONTRACT, "tariffs/world/book.yaml", "tariffs/world/prices.csv", "data/persons.csv", "data/activity.csv",
             "data/practices.csv"],
)  # fmt: skip
def test_a_link_that_leads_out_is_refused(tmp_path: Path, file: str):
    plan = lay(tmp_path / "w")
    outside = tmp_path / "outside"
    (tmp_path / "w" / file).rename(outside)
    (tmp_path / "w" / file).symlink_to(outside)
    assert {finding.code for finding in findings(plan)} == {"FILE-OUTSIDE"}


def test_a_link_to_a_folder_outside_is_refused(tmp_path: Path):
    plan = lay(tmp_path / "w")
    (tmp_path / "w/data").rename(tmp_path / "data")
    (tmp_path / "w/data").symlink_to(tmp_path / "data", target_is_directory=True)
    assert {finding.code for finding in findings(plan)} == {"FILE-OUTSIDE"}


def test_a_link_within_the_workspace_is_followed(tmp_path: Path):
    plan = lay(tmp_path)
    (tmp_path / "data/persons.csv").rename(tmp_path / "data/people.csv")
    (tmp_path / "data/persons.csv").symlink_to(tmp_path / "data/people.csv")
    assert read_job(plan).files["persons"].name == "persons.csv"


@pytest.mark.parametrize("name", ["../../../secret.yaml", "/etc/hostname", "C:/x.yaml", "..\\x.yaml", "a" * 300])
@pytest.mark.parametrize("field", ["based_on", "rates_from"])
def test_a_contract_builds_on_no_file_outside(tmp_path: Path, field: str, name: str):
    root = tmp_path / "w"
    plan = lay(root)
    write(tmp_path, "secret.yaml", "password: [of somebody\n")
    text = (root / CONTRACT).read_text(encoding="utf-8")
    if field == "based_on":
        text = f"based_on: '{name}'\n{text}"
    else:
        start, end = text.index("  rates:\n"), text.index("terms:\n")
        text = f"{text[:start]}  rates_from: '{name}'\n{text[end:]}"
    write(root, CONTRACT, text)
    found = findings(plan)
    assert {finding.code for finding in found} <= {"FILE-OUTSIDE", "FILE-MISSING"}
    assert "of somebody" not in str(found)
