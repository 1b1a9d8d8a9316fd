"""A run is found by its folder, its name, or the beginning of its name, and never the wrong one."""

from pathlib import Path

import pytest

from yoc.core.findings import FindingsError
from yoc.workflow.run_place import find_run


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "contracts").mkdir()
    for name in ("2026-27-abc1", "2026-27-abc2", "2026-27-abc"):
        folder = tmp_path / "reconciliation/2026-27/world/runs" / name
        folder.mkdir(parents=True)
        (folder / "manifest.json").write_text("{}", encoding="utf-8")
    return tmp_path


def test_a_run_is_found_by_folder_name_and_beginning(root: Path):
    folder = root / "reconciliation/2026-27/world/runs/2026-27-abc1"
    assert find_run(str(folder), Path("elsewhere")).folder == folder
    assert find_run("2026-27-abc2", root).run_id == "2026-27-abc2"
    assert find_run("2026-27-abc1", root).report_folder == root / "reports/2026-27/world/2026-27-abc1"
    assert find_run("2026-27-abc1", root).plan_path == root / "reconciliation/2026-27/world/plan.yaml"
    # A whole name is that run, though others begin so.
    assert find_run("2026-27-abc", root).run_id == "2026-27-abc"


def test_where_there_are_no_runs_the_workspace_is_asked_for(tmp_path: Path):
    with pytest.raises(FindingsError) as caught:
        find_run("2026-27-abc", tmp_path)
    assert caught.value.findings[0].mend == (
        "there are no runs in this folder: name the workspace that holds them (--directory), or the run's folder"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [("2026-27-ab", "more than one run"), ("2026-27-x", "no such run"), ("", "no such run"), ("../x", "no such run")],
)
def test_what_names_no_run_or_two_is_refused_with_the_names(root: Path, text: str, said: str):
    with pytest.raises(FindingsError) as caught:
        find_run(text, root)
    (finding,) = caught.value.findings
    assert finding.code == "RUN-UNKNOWN"
    assert said in finding.message
    assert "2026-27-abc1" in finding.mend
