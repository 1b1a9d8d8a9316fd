"""Running the tests with the plugin, and where results are kept: what `make evidence` and `make fuzz` share."""

import json
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "docs/explanation"


def fresh_seed() -> int:
    """A seed that nobody chose, short enough to type."""
    return secrets.randbelow(10**9)


def try_tests(options: Sequence[str], seed: int, **environment: str) -> tuple[int, dict[str, Any]]:
    """Run the tests with the plugin and a seed; gives pytest's exit code and what was written down."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "tried.json"
        paths = os.pathsep.join(filter(None, (str(ROOT / "tests"), os.environ.get("PYTHONPATH", ""))))
        command = [sys.executable, "-m", "pytest", "-q", "-p", "evidence.plugin", "--evidence", str(out)]
        done = subprocess.run(
            [*command, f"--hypothesis-seed={seed}", *options],
            cwd=ROOT, env=os.environ | {"PYTHONPATH": paths} | environment, check=False,
        )  # fmt: skip
        if not out.is_file():
            sys.exit("the tests could not be run, and nothing was recorded")
        return done.returncode, json.loads(out.read_text(encoding="utf-8"))


def newest(kind: str) -> dict[str, Any] | None:
    """The newest dated result of a kind, `fuzz` or `mutation`, where one is kept."""
    kept = sorted(KEPT.glob(f"{kind}-????-??-??.json"))
    return json.loads(kept[-1].read_text(encoding="utf-8")) if kept else None


def write_json(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
