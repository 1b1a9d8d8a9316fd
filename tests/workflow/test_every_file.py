"""`yoc synth --every-file` lays the sample of every national file with its contract and its plan."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from yoc.cli.commands import app
from yoc.core.located import read_document
from yoc.workflow.contract_files import read_contract_file
from yoc.workflow.workspace import EVERY_FILE_DATA, EVERY_FILE_PLAN

NOT_INPUTS = {"README.txt", "planted_faults.csv", "practices.csv"}
"""What stands beside the plan's inputs: words, the list of faults, and another way to give the practice map."""


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("every")
    sizes = ["--people", "500", "--lines", "5000", "--seed", "3"]
    return folder, CliRunner().invoke(app, ["synth", "--every-file", "--directory", str(folder), *sizes])


def named(value: object) -> list[str]:
    """Every file or pattern that a part of the plan names."""
    if isinstance(value, dict):
        return [value["files"]] if "files" in value else [name for part in value.values() for name in named(part)]
    return [name for part in value for name in named(part)] if isinstance(value, list) else [str(value)]


def test_the_command_says_what_it_made(laid):
    result = laid[1]
    assert result.exit_code == 0, result.output
    words = " ".join(result.output.split())
    assert f"{EVERY_FILE_DATA}: 500 people in the cohort" in words
    assert "75 kinds of fault planted." in words


def test_the_plan_names_every_file_and_every_name_leads_to_one(laid):
    folder: Path = laid[0]
    plan = read_document((folder / EVERY_FILE_PLAN).read_text(encoding="utf-8"), EVERY_FILE_PLAN).content
    matches = {name: {path for path in folder.glob(name) if path.is_file()} for name in named(plan["inputs"])}
    assert [name for name, found in matches.items() if not found] == []
    files = {path for path in (folder / EVERY_FILE_DATA).rglob("*") if path.is_file()}
    rest = {path.relative_to(folder / EVERY_FILE_DATA).as_posix() for path in files - set().union(*matches.values())}
    assert {name for name in rest if not name.startswith("prices/")} == NOT_INPUTS
    assert (folder / plan["contract"]).is_file()
    assert (folder / plan["prices"]).is_file()


def test_each_activity_item_names_its_own_profile(laid):
    plan = read_document((laid[0] / EVERY_FILE_PLAN).read_text(encoding="utf-8"), EVERY_FILE_PLAN).content
    profiles = [item["profile"] for item in plan["inputs"]["activity"]]
    assert profiles == ["plcm"] * 12 + [
        "drugs_plcm", "devices_plcm", "sus_admitted", "sus_outpatient", "sus_emergency", "csds_contacts",
        "mhsds_contacts",
    ]  # fmt: skip


def test_the_contract_can_be_read_where_it_was_laid(laid, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(laid[0])
    contract = read_contract_file(Path("contracts/every-national-file/contract.yaml"))
    assert contract is not None


def test_the_main_sample_lays_none_of_it(tmp_path: Path):
    from yoc.workflow.workspace import lay_sample

    lay_sample(tmp_path)
    assert not (tmp_path / EVERY_FILE_PLAN).exists()
