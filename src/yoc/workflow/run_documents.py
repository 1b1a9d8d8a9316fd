"""The documents that a run keeps as they were: its plan, its contract with what that builds on, and its prices."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from yoc.contract import ActivityContract, read_activity_contract
from yoc.core.findings import refusal
from yoc.core.identifiers import sha256_text
from yoc.workflow.contract_files import BaseFiles, read_text
from yoc.workflow.plan import Job

DOCUMENTS = "documents"
"""The folder of a run that holds them, each under its name in the workspace."""
_KEPT = ("plan", "contract", "indicators", "beside", "book", "prices", "market_forces")
"""How the roles of the documents begin that are kept."""


def kept_documents(job: Job, paths: Mapping[str, str], hashes: Mapping[str, str]) -> dict[str, str]:
    """The texts of a plan, its contracts and price books, by their name in the run: no figure of a person is in them.

    ``paths`` and ``hashes`` are, by role, where each document lies in the workspace and the hash that was recorded.

    Line ends are single line feeds, so that each text has the hash of its document in the manifest. Raises
    ``FindingsError`` where a document has another hash by now than the one recorded.
    """
    texts: dict[str, str] = {}
    for role, path in sorted(job.documents.items()):
        if role.startswith(_KEPT):
            name = paths[role]
            text = path.read_bytes().replace(b"\r\n", b"\n").decode("utf-8")
            if sha256_text(text) != hashes[role]:
                raise refusal("FILE-CHANGED", "the document changed while it was being read", "run again", name)
            texts[f"{DOCUMENTS}/{name}"] = text
    return texts


def contract_of_run(folder: Path, settlement: Mapping[str, Any]) -> ActivityContract:
    """The contract that a run settled, from the run's own folder.

    Raises ``FindingsError`` where the run was made before runs kept it, or where it cannot be read any more.
    """
    name = settlement["contract"].get("file", "")
    kept = folder / DOCUMENTS
    if not name or not (kept / name).is_file():
        message = "the run was made by a version of yoc that did not keep its contract"
        mend = "settle the plan again with `yoc reconcile`"
        raise refusal("FILE-MISSING", message, mend, f"{folder.name}/{DOCUMENTS}")
    shown = f"{folder.name}/{DOCUMENTS}/{name}"
    return read_activity_contract(read_text(kept / name, shown), name, BaseFiles(kept).open)[0]
