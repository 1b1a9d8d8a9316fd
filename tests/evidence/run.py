"""`make evidence`: run every test, and record in the package what was tried, for `yoc evidence` to show.

What fails is recorded too, and ends in a code other than 0. `SEED` in the environment gives the same cases again. Where
only some tests are named, the record says so.
"""

import datetime as dt
import json
import os
import platform
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from packaging.requirements import Requirement

from evidence.tried import ROOT, fresh_seed, newest, try_tests, write_json

ROOMS = ("core", "contract", "tariff", "outcomes", "baseline", "settlement")
RECORD = ROOT / "src/yoc/audit/recorded/tests.json"
LOCKS = {"runtime.txt": "running", "dev.txt": "testing"}


def coverage_by_room(report: dict[str, Any]) -> list[dict[str, Any]]:
    """Coverage's own report of single files, added up by room of the package."""
    rooms = {room: dict.fromkeys(("statements", "statements_run", "branches", "branches_run"), 0) for room in ROOMS}
    for name, file in report["files"].items():
        parts = Path(name.replace("\\", "/")).parts
        counts, summary = rooms[parts[parts.index("yoc") + 1]], file["summary"]
        counts["statements"] += summary["num_statements"]
        counts["statements_run"] += summary["covered_lines"]
        counts["branches"] += summary["num_branches"]
        counts["branches_run"] += summary["covered_branches"]
    return [{"room": room, **counts} for room, counts in rooms.items()]


def locked(text: str) -> Iterator[tuple[str, str]]:
    """Names and versions of a lock file that are meant for a machine such as this.

    >>> list(locked("a==1 ; python_version < '3' \\\\\\n    --hash=sha256:0\\nB_c==2.0 \\\\\\n"))
    [('b-c', '2.0')]
    """
    for line in text.splitlines():
        if re.match(r"[A-Za-z0-9]", line):
            requirement = Requirement(line.removesuffix("\\").strip())
            if requirement.marker is None or requirement.marker.evaluate():
                (version,) = requirement.specifier
                yield re.sub(r"[-_.]+", "-", requirement.name).lower(), version.version


def dependencies() -> list[dict[str, str]]:
    """Every locked library: what for, its locked version, and the one that is installed."""
    from yoc.audit.recorded import version_here

    found: dict[str, dict[str, str]] = {}
    for file, used_for in LOCKS.items():
        for name, version in locked((ROOT / "requirements" / file).read_text(encoding="utf-8")):
            found.setdefault(
                name, {"name": name, "used_for": used_for, "locked": version, "tested": version_here(name)}
            )
    return sorted(found.values(), key=lambda each: (each["used_for"], each["name"]))


def main() -> int:
    from yoc import __version__
    from yoc.audit.recorded import SCHEMA
    from yoc.workflow.gather_evidence import code_here

    before = code_here()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "coverage.json"
        os.environ["COVERAGE_FILE"] = str(Path(folder) / "coverage")
        measured = [*(f"--cov=yoc.{room}" for room in ROOMS), "--cov-branch", f"--cov-report=json:{report}"]
        seed = int(os.environ.get("SEED") or fresh_seed())
        code, tried = try_tests(["-n", os.environ.get("PROCESSES", "auto"), *measured, *sys.argv[1:]], seed)
        coverage = coverage_by_room(json.loads(report.read_text(encoding="utf-8")))
    if code_here() != before:
        sys.exit("the code was changed while its tests ran; nothing was recorded")
    tried = {name: part for name, part in tried.items() if name != "counterexamples"}
    record = {
        "schema": SCHEMA,
        "software": f"yoc {__version__}",
        "recorded_on": dt.datetime.now(dt.UTC).date().isoformat(),
        "code": before,
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "only": [" ".join(sys.argv[1:])] if sys.argv[1:] else [],
        **tried,
        "coverage": coverage,
        "faults": newest("mutation"),
        "search": newest("fuzz"),
        "dependencies": dependencies(),
    }
    write_json(RECORD, record)
    print(
        f"Recorded in {RECORD.relative_to(ROOT).as_posix()}: {len(tried['laws'])} laws, {tried['tests']}, seed {seed}"
    )
    return code


if __name__ == "__main__":
    sys.exit(main())
