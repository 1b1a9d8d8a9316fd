"""The sample of every national file, settled: each planted fault that a guard must find is found, and has its fate."""

from collections import Counter
from pathlib import Path

import pytest
from tests.synth.every_file import with_plain_files
from typer.testing import CliRunner

from yoc.cli.commands import app
from yoc.workflow.plan import read_job
from yoc.workflow.settle_plan import Outcome, settle_plan
from yoc.workflow.workspace import EVERY_FILE_DATA, EVERY_FILE_PLAN

CONTRACT = "contracts/every-national-file/contract.yaml"
BASE = "contracts/bnssg-working-age/contract.yaml"


def edit(path: Path, old: str, new: str) -> None:
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8", newline="\n")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("settled")
    laid = CliRunner().invoke(app, ["synth", "--every-file", "--directory", str(root), "--people", "500"])
    assert laid.exit_code == 0, laid.output
    packed = root / "packed"
    (root / EVERY_FILE_DATA).rename(packed)
    with_plain_files(packed, root / EVERY_FILE_DATA)
    edit(root / CONTRACT, "overlapping_registrations: refuse", "overlapping_registrations: latest_wins")
    plan = root / EVERY_FILE_PLAN
    kept = [line for line in plan.read_text(encoding="utf-8").splitlines() if not line.startswith("  appointments:")]
    plan.write_text("\n".join(kept) + "\n", encoding="utf-8", newline="\n")
    return root


@pytest.fixture(scope="module")
def outcome(workspace: Path) -> Outcome:
    return settle_plan(read_job(workspace / EVERY_FILE_PLAN))


def lines(outcome: Outcome) -> Counter[tuple[str, str]]:
    found: Counter[tuple[str, str]] = Counter()
    for part in outcome.activity.by_fate:
        found[part.fate, part.detail] += part.lines
    return found


def told(outcome: Outcome, code: str) -> int:
    return sum(finding.count or 1 for finding in outcome.findings if finding.code == code)


def test_every_law_holds(outcome):
    assert all(check.passed for check in outcome.checks)


def test_lines_have_the_fates_that_are_planted(outcome):
    found = lines(outcome)
    assert found["after_death", ""] == 3
    assert found["before_birth", ""] == 3
    assert found["no_person", ""] == 6
    assert found["other_commissioner", "the Ministry of Defence"] == 2
    assert found["other_commissioner", "the commissioner is not known"] == 2
    assert found["low_volume_activity", ""] > 100


def test_findings_count_what_is_planted(outcome):
    # Two counts and two prices; two lines in a file, two in a later one, three spells in two data sets, two contacts.
    assert told(outcome, "TEN-TIMES") == 4
    assert told(outcome, "LINE-REPEATED") == 9
    assert told(outcome, "SPELL-DAYS") == 2
    assert told(outcome, "PERIOD-FUTURE") == 2
    assert [finding.message[:24] for finding in outcome.findings if finding.code == "MONTH-LIGHT"] == [
        "ZA2, 2026/27 month 12, p"
    ]
    assert told(outcome, "TIE-OUT") == 3
    assert told(outcome, "BLOCK-AND-PROXY") == 0


def test_without_the_guard_a_block_beside_contacts_is_noticed(workspace, tmp_path: Path):
    base = (workspace / BASE).read_text(encoding="utf-8")
    guard = next(line for line in base.splitlines() if "reason: block" in line)
    try:
        edit(workspace / BASE, guard + "\n", "")
        found = settle_plan(read_job(workspace / EVERY_FILE_PLAN)).findings
    finally:
        (workspace / BASE).write_text(base, encoding="utf-8", newline="\n")
    (finding,) = [finding for finding in found if finding.code == "BLOCK-AND-PROXY"]
    assert finding.message.startswith("ZC1, community care: a block of £")


def test_a_threshold_refuses_the_file_that_is_mostly_faulty_and_no_other(workspace):
    plan = workspace / EVERY_FILE_PLAN
    text = plan.read_text(encoding="utf-8")
    try:
        plan.write_text(f"{text}thresholds: {{rejected_rows: 5%, when_exceeded: leave_out}}\n", encoding="utf-8")
        found = settle_plan(read_job(plan)).findings
    finally:
        plan.write_text(text, encoding="utf-8", newline="\n")
    refused = [Path(finding.file).name for finding in found if finding.code == "FILE-REFUSED"]
    assert refused == ["PLCM_2627_M11_ZC1.csv"]
