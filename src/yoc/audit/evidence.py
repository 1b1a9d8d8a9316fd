"""The evidence of a run: settlement, manifest, journal and findings, as text with one spelling."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yoc
from yoc import __version__
from yoc.activity.trace import Trace
from yoc.audit.rejects_file import rejects_files
from yoc.audit.run_manifest import json_text
from yoc.audit.trace import trace_files
from yoc.core.findings import Finding, FindingsError, stop_if_any
from yoc.core.identifiers import canonical_json, sha256_text
from yoc.engine import sql_hashes
from yoc.intake.account import FileAccount
from yoc.intake.canonical_store import file_changed
from yoc.intake.container import hash_each
from yoc.intake.limits import LINES


def input_hashes(documents: Mapping[str, Path], inputs: Mapping[str, Path]) -> dict[str, Any]:
    """Everything that a run is made from, by hash: the documents, each input by its name, the SQL, the version.

    Documents (plan, contract, prices, indicators) are hashed without regard to line ends, so that a checkout on
    Windows is the same contract; inputs are hashed as the bytes they are, one of several tables in a ZIP by its own.
    Raises ``FindingsError`` with every input that cannot be read.
    """
    names = sorted(inputs)
    hashed: dict[str, str] = {}
    findings: list[Finding] = []
    for name, found in zip(names, hash_each([(inputs[name], name) for name in names], LINES), strict=True):
        if isinstance(found, FindingsError):
            findings += found.findings
        else:
            hashed[name] = found
    stop_if_any(findings)
    return {
        "documents": {name: hash_document(path) for name, path in sorted(documents.items())},
        "inputs": hashed,
        **program_hashes(),
    }


def refuse_changed_inputs(hashes: Mapping[str, str], accounts: Iterable[FileAccount]) -> None:
    """Raise ``FindingsError`` with every file that was not read as what it is by its hash (``hashes`` by name): what
    was made from it could not be made again.
    """
    stop_if_any(file_changed(account.file) for account in accounts if hashes.get(account.file) != account.sha256)


def program_hashes() -> dict[str, Any]:
    """The program that runs, by hash: its SQL by step, all its code and lists, its version."""
    return {"sql": sql_hashes(), "code": package_sha256(), "software": f"yoc {__version__}"}


def package_sha256() -> str:
    """One hash over every source file of the package, its profiles and lists of codes: other code is another run."""
    package = Path(yoc.__file__).parent
    kinds = (package.rglob("*.py"), (package / "intake").rglob("*.yaml"), (package / "intake").rglob("*.csv"))
    sources = sorted(path.relative_to(package).as_posix() for paths in kinds for path in paths)
    return sha256_text(canonical_json([[name, hash_document(package / name)] for name in sources]))


def hash_document(path: Path) -> str:
    """The SHA-256 of a text file as if every line ended in a line feed: a checkout on Windows is the same document."""
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def evidence_files(
    settlement: Mapping[str, Any],
    hashes: Mapping[str, Any],
    document_paths: Mapping[str, str],
    trace: Trace,
    documents: Mapping[str, str],
    beside: Mapping[str, Any] | None = None,
) -> dict[str, str]:
    """The files of a run's folder by name. The manifest holds the hashes of the others.

    ``document_paths`` says where each document lay in the workspace; it is no part of what the run is made from, so
    that a document which is moved makes no other run. ``documents`` are the texts that the run keeps as they were, by
    name. ``beside`` is the settlement of a contract that was settled beside, which is evidence and moves nothing.
    """
    settlement_text = json_text(settlement)
    journal_text = _lines(settlement["entries"])
    findings_text = _lines(settlement["findings"])
    more = {"beside.json": json_text(beside)} if beside is not None else {}
    more |= trace_files(trace) | rejects_files(settlement) | dict(documents)
    manifest = {
        "run_id": settlement["run_id"],
        "made_from": hashes,
        "document_paths": dict(sorted(document_paths.items())),
        **manifest_totals(settlement),
        "files": {
            "settlement.json": sha256_text(settlement_text),
            "journal.jsonl": sha256_text(journal_text),
            "findings.jsonl": sha256_text(findings_text),
            **{name: sha256_text(text) for name, text in more.items()},
        },
    }
    return {
        "settlement.json": settlement_text,
        "journal.jsonl": journal_text,
        "findings.jsonl": findings_text,
        **more,
        "manifest.json": json_text(manifest),
    }


def manifest_totals(settlement: Mapping[str, Any]) -> dict[str, Any]:
    """What a manifest repeats of its settlement: counts, control totals in pence, and the laws that were checked."""
    return {
        "counts": {
            "files": len(settlement["files"]),
            "rows": sum(file["rows"] for file in settlement["files"]),
            "used": sum(file["used"] for file in settlement["files"]),
            "rejected": sum(file["rejected"] for file in settlement["files"]),
            "superseded": sum(file["superseded"] for file in settlement["files"]),
            "lines": settlement["activity"]["lines"],
            "entries": len(settlement["entries"]),
            "findings": len(settlement["findings"]),
        },
        "control_totals_pence": {
            "submitted": sum(file["submitted_pence"] for file in settlement["files"]),
            "charged": settlement["activity"]["charged_pence"],
            **{name: value for name, value in settlement["totals"].items() if name.endswith("_pence")},
        },
        "checks": settlement["checks"],
    }


def _lines(rows: Sequence[Mapping[str, Any]]) -> str:
    return "".join(canonical_json(row) + "\n" for row in rows)
