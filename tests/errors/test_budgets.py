"""Every bad budget brings its code at its line, in words that say what is wrong and how to mend it, and no other."""

from pathlib import Path

import pytest
from bad_budgets import BAD_BUDGETS, PLAN, BadBudget, lay

from yoc.workflow.budget_file import write_budget
from yoc.workflow.build_budget import build_budget_of


@pytest.mark.parametrize("bad", BAD_BUDGETS, ids=lambda bad: bad.name)
def test_a_bad_budget_is_told_at_its_line_with_its_mend(bad: BadBudget, tmp_path: Path):
    findings = bad.findings(tmp_path)
    assert {finding.code for finding in findings} == {bad.code}, findings
    (found,) = [finding for finding in findings if bad.words in finding.message]
    assert bad.mend in found.mend
    assert (found.file, found.line) == (bad.file, bad.line())
    assert not list((tmp_path / PLAN).parent.glob("2026-*"))


def test_without_a_fault_the_rates_are_built(tmp_path: Path):
    content, _ = write_budget(build_budget_of(lay(tmp_path)))
    # £900 × 1.03 × 1.02 and £950 × 1.02: 40% of 945.54 and 60% of 969.
    assert content["rates"][0] == {"segment": "over_65", "setting": "emergency", "annual_rate_pence": 95_962}
