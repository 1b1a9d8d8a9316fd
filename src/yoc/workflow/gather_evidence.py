"""The evidence that auditors ask for, in one place: what the tests of this version tried, and what a run holds."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlmodel import col, select

from yoc import __version__
from yoc.audit.evidence import package_sha256
from yoc.audit.recorded import recorded_tests, version_here
from yoc.core.findings import FindingsError
from yoc.core.identifiers import canonical_json, sha256_text
from yoc.engine import sql_hashes
from yoc.report.evidence_page import evidence_page
from yoc.store.journal import broken, reading
from yoc.store.tables import Entry, Run
from yoc.workflow import store_place
from yoc.workflow.run_place import RunPlace
from yoc.workflow.writing import write_whole

SCHEMA = "yoc-evidence/1"
PAGE, DATA = "evidence.html", "evidence.json"
_UNRECORDED = ("STORE-UNKNOWN", "STORE-GONE", "FILE-OUTSIDE")


def code_here() -> dict[str, str]:
    """The state of the code that runs, by hash: the package's sources, and its SQL."""
    return {"package": package_sha256(), "sql": sha256_text(canonical_json(sql_hashes()))}


def gather_evidence(record: Mapping[str, Any], place: RunPlace | None) -> dict[str, Any]:
    """All that is known: ``record`` of the tests, what is installed, and the run at ``place`` where one is asked about.

    Raises ``FindingsError`` where the run's manifest cannot be read.
    """
    code = code_here()
    return {
        "schema": SCHEMA,
        "software": f"yoc {__version__}",
        "code": {"running": code, "tested": record["code"], "is_same": code == record["code"]},
        "tests": record,
        "dependencies": [{**each, "here": version_here(each["name"])} for each in record["dependencies"]],
        "run": _run(place, record["code"]) if place else None,
    }


def write_evidence(content: Mapping[str, Any], folder: Path) -> tuple[Path, Path]:
    """Write the page and the same as JSON into a folder, each whole; gives their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    page, data = folder / PAGE, folder / DATA
    write_whole(page, evidence_page(content))
    write_whole(data, (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode())
    return page, data


def gather(place: RunPlace | None) -> dict[str, Any]:
    """The evidence with the record that came with this package."""
    return gather_evidence(recorded_tests(), place)


def _run(place: RunPlace, tested: Mapping[str, str]) -> dict[str, Any]:
    """What the run's folder says, and whether its files are still those that its manifest names."""
    manifest = place.manifest()
    made_from = manifest["made_from"]
    code = {"package": made_from["code"], "sql": sha256_text(canonical_json(made_from["sql"]))}
    return {
        "run_id": manifest["run_id"],
        "folder": place.shown,
        "software": made_from["software"],
        "code": code,
        "code_was_tested": code == tested,
        "checks": manifest["checks"],
        "counts": manifest["counts"],
        "control_totals_pence": manifest["control_totals_pence"],
        "findings": _findings(place.folder / "findings.jsonl"),
        "documents": made_from["documents"],
        "inputs": made_from["inputs"],
        "files": [
            {"name": name, "sha256": sha256, "is_whole": _sha256(place.folder / name) == sha256}
            for name, sha256 in sorted(manifest["files"].items())
        ],
        "manifest_sha256": _sha256(place.folder / "manifest.json"),
        "signatures": _signatures(place),
        "store": _store(place),
    }


def _findings(path: Path) -> list[dict[str, Any]]:
    """How often each kind of finding is told; the messages stay in the run's own folder."""
    if not path.is_file():
        return []
    found = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    counts = Counter((each["code"], each["level"]) for each in found)
    return [{"code": code, "level": level, "findings": number} for (code, level), number in sorted(counts.items())]


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _signatures(place: RunPlace) -> list[dict[str, str]]:
    """The files of signatures that lie beside the run. Whether they hold is for who verifies the run to say."""
    folder = place.contract_folder / "signatures" / place.run_id
    return [{"name": path.name, "sha256": _sha256(path)} for path in sorted(folder.glob("*.json"))]


def _store(place: RunPlace) -> dict[str, Any]:
    """Whether the run is recorded, and the last hash of the journal, which changes if any entry before it does.

    A store that cannot be read is told in its own words, since the rest of the evidence does not need it.
    """
    said: dict[str, Any] = {"is_recorded": False, "entries": 0, "last_hash": "", "is_whole": None, "said": ""}
    try:
        with reading(store_place.open_store(place.root, store_place.system_clock)) as reader:
            session = reader.session
            last = session.exec(select(Entry).order_by(col(Entry.sequence).desc()).limit(1)).first()
            said["is_recorded"] = session.get(Run, place.run_id) is not None
            said["entries"], said["last_hash"] = (last.sequence, last.hash) if last else (0, "")
            said["is_whole"] = not broken(session)
    except FindingsError as error:
        if error.findings[0].code not in _UNRECORDED:
            said["said"] = error.findings[0].message
    return said
