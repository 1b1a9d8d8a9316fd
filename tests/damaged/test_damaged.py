"""Some sixty of the thousand damaged inputs of `make damaged`: each is refused, told, or the same to the penny."""

import subprocess
import sys
from pathlib import Path

import pytest
from damages import DAMAGES, form_of
from judge import THOUSAND, Bench, Case, Verdict, cases, figures
from world import JOBS

CHOSEN = cases()[::16]


@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)
def test_no_damage_ends_in_a_fault_or_changes_a_figure_in_silence(job, tmp_path: Path):
    chosen = [case for case in CHOSEN if case.job is job] or [next(case for case in cases() if case.job is job)]
    bench = Bench(job, tmp_path)
    broken = {str(case): verdict for case in chosen if (verdict := bench.judge(case)).broken}
    assert not broken


def test_the_thousand_are_a_thousand_of_every_file_and_every_kind_of_damage():
    assert len({(case.job.name, case.file, case.damage.name, case.number) for case in cases()}) == THOUSAND
    assert {case.damage.name for case in cases()} == {damage.name for damage in DAMAGES}
    assert {(case.job.name, case.file) for case in cases()} == {(job.name, file) for job in JOBS for file in job.files}


def test_every_file_has_damages_of_its_form():
    for job in JOBS:
        for file in job.files:
            assert any(form_of(file) in damage.forms for damage in DAMAGES), file


def _settle_bench(tmp_path: Path) -> tuple[Bench, Case]:
    job = next(job for job in JOBS if job.name == "settle")
    case = next(case for case in cases() if case.job is job and case.damage.name == "rows in another order")
    return Bench(job, tmp_path), case


def test_a_figure_that_changes_where_the_file_says_the_same_is_noticed(tmp_path: Path):
    """The judge can fail: a job that reads another figure out of the same file."""
    bench, case = _settle_bench(tmp_path)
    assert bench.judge(case) == Verdict("same figures")
    bench.plain = {**bench.plain, "hosts": [("North", 1, "1")]}
    assert "another figure" in bench.judge(case).broken


def test_a_fault_of_the_software_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    bench, case = _settle_bench(tmp_path)

    def fails(root: Path) -> None:
        raise ZeroDivisionError("by nothing")

    monkeypatch.setattr(bench, "job", type(bench.job)(bench.job.name, bench.job.lay, bench.job.files, fails))
    assert bench.judge(case).broken == "ZeroDivisionError: by nothing"


def test_the_figures_without_damage_are_those_worked_out_by_hand(tmp_path: Path):
    job = next(job for job in JOBS if job.name == "settle")
    job.lay(tmp_path)
    # North saved £40 and has half of it; South overspent £40.50 and bears a quarter.
    assert figures(job.run(tmp_path))[0] == [("North", 2_000, "2000"), ("South", -1_013, "-2025/2")]


def test_a_clause_on_another_line_of_its_file_is_the_same_clause():
    clause = {"file": "contract.yaml", "line": 36, "pence": 5}
    assert figures({"hosts": [clause]}) == figures({"hosts": [{**clause, "line": 38}]})
    assert figures({"hosts": [clause]}) != figures({"hosts": [{**clause, "pence": 6}]})


def test_the_thousand_can_be_begun_by_itself():
    """`make damaged` starts the program without the settings of the tests."""
    begun = [sys.executable, str(Path(__file__).with_name("run.py")), "--help"]
    assert subprocess.run(begun, capture_output=True, check=False, cwd=Path("/")).returncode == 0
