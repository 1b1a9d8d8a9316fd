"""Figures that a reader needs and that follow from the settlement's own: sums and regroupings, nothing more."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Settlement = Mapping[str, Any]
Host = Mapping[str, Any]

SUMMARY_EFFECTS = (
    ("stop_loss_pence", "Stop-loss"),
    ("share_pence", "Share"),
    ("outcomes_pence", "Outcomes"),
    ("vcse_pence", "VCSE"),
    ("passed_on_pence", "Passed on"),
    ("other_pence", "Other terms"),
    ("on_account_pence", "On account"),
)
"""The effects of terms on a host that a summary shows, in its order."""


@dataclass(frozen=True)
class Movement:
    """All movements of money between a host and one other party: paid by the host, and paid to it, in pence."""

    party: str
    paid_by_host_pence: int
    paid_to_host_pence: int

    @property
    def net_pence(self) -> int:
        """What the host receives from the party less what it pays to it."""
        return self.paid_to_host_pence - self.paid_by_host_pence


def party_names(settlement: Settlement) -> dict[str, str]:
    """Every party's name by its code."""
    return {party["code"]: party["name"] for party in settlement["parties"]}


def party_label(settlement: Settlement, code: str) -> str:
    """A party as tables name it, by code and name; a word that is no party's code stands as it is.

    >>> party_label({"parties": [{"code": "XQY", "name": "Sample ICB"}]}, "XQY")
    'XQY Sample ICB'
    """
    name = party_names(settlement).get(code)
    return f"{code} {name}" if name else code


def setting_names(settlement: Settlement) -> dict[str, str]:
    """The names of the settings in the budget, in the contract's order."""
    return {setting["setting"]: setting["name"] for setting in settlement["settings"]}


def segment_names(settlement: Settlement) -> dict[str, str]:
    """The names of the segments, in the contract's order."""
    return {segment["segment"]: segment["name"] for segment in settlement["contract"]["segments"]}


def summary_of(row: Mapping[str, Any]) -> dict[str, int]:
    """A summary's figures with ``other_pence``: the effect of terms that have no column of their own.

    >>> summary_of({"balance_pence": 6, "share_pence": -1, "due_pence": 3})["other_pence"]
    -2
    """
    figures = {name: value for name, value in row.items() if name.endswith("_pence")}
    known = sum(figures.get(name, 0) for name, _ in SUMMARY_EFFECTS if name != "other_pence")
    figures["other_pence"] = figures["due_pence"] - figures["balance_pence"] - known
    return figures


def effects_shown(settlement: Settlement) -> list[tuple[str, str]]:
    """The effects that summaries show: other terms only where a host has any."""
    others = any(summary_of(host["summary"])["other_pence"] for host in settlement["hosts"])
    return [(name, title) for name, title in SUMMARY_EFFECTS if name != "other_pence" or others]


def before_on_account_pence(row: Mapping[str, Any]) -> int:
    """The result of the year before what was paid during it is taken off."""
    return int(row["due_pence"]) - int(row["on_account_pence"])


def movements(settlement: Settlement, host: str) -> list[Movement]:
    """What a host pays to and receives from each other party, in the contract's order of parties.

    A host's closing result is the sum over all of them: it is not owed to, or by, the commissioner alone.
    """
    paid: dict[str, int] = defaultdict(int)
    received: dict[str, int] = defaultdict(int)
    for entry in settlement["entries"] or settlement.get("shadow_entries", ()):
        if entry["host"] != host:
            continue
        if entry["payer"] == host:
            paid[entry["payee"]] += entry["pence"]
        elif entry["payee"] == host:
            received[entry["payer"]] += entry["pence"]
    order = [party["code"] for party in settlement["parties"]]
    met = sorted(
        paid.keys() | received.keys(), key=lambda code: (order.index(code) if code in order else len(order), code)
    )
    return [Movement(code, paid[code], received[code]) for code in met]


@dataclass(frozen=True)
class FilesTotal:
    """What the files held, and what of it did not become a line: rows, and pence as submitted."""

    submitted_pence: int
    rejected_rows: int
    rejected_pence: int
    superseded_rows: int
    superseded_pence: int
    unreadable_sums: int


def files_total(settlement: Settlement) -> FilesTotal:
    """The account of every file that carries money, added up."""
    files = [file for file in settlement["files"] if file["submitted_pence"] or file["unreadable_sums"]]
    names = (
        "submitted_pence", "rejected", "rejected_pence", "superseded", "superseded_pence", "unreadable_sums",
    )  # fmt: skip
    return FilesTotal(*(sum(file[name] for file in files) for name in names))
