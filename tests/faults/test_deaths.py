"""A dozen of the deaths that `make faults` tries by the hundred, always the same."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="this system copies no process")
def test_a_killed_reconciliation_or_restatement_is_put_right_by_the_next():
    done = subprocess.run(
        [sys.executable, "tests/faults/run.py", "--moments", "6", "--seed", "20261127"],
        check=False, cwd=ROOT, capture_output=True, text=True, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    moments = [json.loads(line) for line in done.stdout.splitlines()]
    assert Counter(moment["act"] for moment in moments) == {"reconcile": 6, "restate": 6}
    assert sum(moment["died"] for moment in moments) >= 10
    assert {moment["store"] for moment in moments} == {"SQLite", "PostgreSQL"}
    assert len({moment["stage"] for moment in moments if moment["died"]}) >= 4
