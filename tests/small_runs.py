"""Runs small enough to be added up by hand: a commissioner C, hosts A and B, a partner V."""

import copy
import json
from pathlib import Path
from typing import Any

from yoc.core.identifiers import sha256_text
from yoc.workflow.posting import Evidence

CONTRACT, YEAR = "world", "2026/27"
PARTIES = [
    {"code": code, "name": name, "role": role, "nhs_body": code != "V"}
    for code, name, role in (
        ("C", "Commissioner", "commissioner"),
        ("A", "Host A", "host"),
        ("B", "Host B", "host"),
        ("V", "Partner", "vcse"),
    )
]
TERMS = [
    {"term": "budget", "kind": "capitation", "clause": "5.1", "title": ""},
    {"term": "cost", "kind": "activity_cost", "clause": "6.1", "title": ""},
    {"term": "partner", "kind": "vcse_line", "clause": "9.1", "title": ""},
    {"term": "paid", "kind": "on_account", "clause": "10.2", "title": ""},
]
DIRECTIONS = {"budget": ("C", "host"), "cost": ("host", "C"), "partner": ("host", "V"), "paid": ("host", "C")}
CLAUSES = {term["term"]: term["clause"] for term in TERMS}

FIRST = {"A": {"budget": 100_000, "cost": 60_000, "partner": 5_000}, "B": {"budget": 50_000, "cost": 70_000}}
"""A is due 1,000 - 600 - 50 = £350 and pays V £50; B owes £200."""
SECOND = {"A": {"budget": 100_000, "cost": 64_000, "partner": 5_000}, "B": {"budget": 50_000, "cost": 70_000}}
"""As the first, with £40 more of cost for A."""


def settlement_of(hosts: dict[str, dict[str, int]], run_id: str, **more: Any) -> dict[str, Any]:
    entries, parts = [], []
    for host, amounts in hosts.items():
        lines = []
        for term, pence in amounts.items():
            payer, payee = (host if code == "host" else code for code in DIRECTIONS[term])
            entry = {"host": host, "term": term, "name": term, "clause": CLAUSES[term], "payer": payer, "payee": payee}
            entries.append({"sequence": len(entries) + 1, **entry, "pence": pence})
            effect = pence if payee == host else -pence
            running = effect + (lines[-1]["running_pence"] if lines else 0)
            lines.append(
                {**entry, "kind": "x", "label": term, "pence": pence, "effect_pence": effect, "running_pence": running}
            )
        payments = (
            [{"date": "2026-10-15", "reference": f"ACC-{host}", "pence": amounts["paid"]}] if "paid" in amounts else []
        )
        parts.append({"host": host, "lines": lines, "payments": payments})
    contract = {
        "id": CONTRACT,
        "title": "A small world",
        "version": "1",
        "commissioner": "C",
        "terms": TERMS,
        "price_book": {"book": "prices", "title": "Prices", "source": "made up", "published_on": "2026-04-01"},
    }
    return {
        "run_id": run_id,
        "synthetic": True,
        "status": "live",
        "software": "yoc test",
        "year": YEAR,
        "as_of": "2027-04-23",
        "prepared_by": "Preparer",
        "contract": contract,
        "parties": copy.deepcopy(PARTIES),
        "hosts": parts,
        "entries": entries,
        "findings": [{"code": "ENCODING", "level": "warning", "message": "read as cp1252", "file": "a.csv"}],
        **more,
    }


def evidence_of(hosts: dict[str, dict[str, int]], run_id: str, **more: Any) -> Evidence:
    settlement = settlement_of(hosts, run_id, **more)
    documents = {"contract": "c" * 64, "book": "b" * 64}
    files = {"settlement.json": sha256_text(json.dumps(settlement))}
    return Evidence(settlement, {"made_from": {"documents": documents}, "files": files})


def write_run(folder: Path, hosts: dict[str, dict[str, int]], run_id: str, **more: Any) -> Path:
    """A run's folder as `yoc reconcile` writes it, of those of its files that the store reads."""
    evidence = evidence_of(hosts, run_id, **more)
    place = folder / run_id
    place.mkdir(parents=True)
    (place / "settlement.json").write_text(json.dumps(evidence.settlement), encoding="utf-8")
    (place / "manifest.json").write_text(json.dumps(evidence.manifest), encoding="utf-8")
    return place
