"""The tables of a contract that was settled beside the plan's own: the bridge, term by term. All of it is shadow."""

from collections.abc import Mapping
from typing import Any

from yoc.report.figures import Host, Settlement, party_label
from yoc.report.table import Column, Kind, Row, Table, total_row
from yoc.report.words import SHADOW_LINE

WHOLE_CONTRACT = "All hosts"
_CHANGES = {"new": "new", "gone": "gone", "changed": "changed", "": "as before"}
_NOTES = (
    "Each term's difference leads from what is due under the plan's contract to what would be due under the contract "
    "beside; the terms add exactly.",
    "A term that is as before moves because the amounts that it works on do.",
)


def sentence(settlement: Settlement) -> str:
    """Which contract was settled beside, and that nothing of it is paid."""
    beside = settlement["beside"]
    named = f"{beside['contract']['title']}, version {beside['contract']['version']}"
    return f"{SHADOW_LINE}. The same year under {named} ({beside['file']})."


def bridge_of(settlement: Settlement, host: Host) -> Mapping[str, Any]:
    """The bridge of one host."""
    return next(row for row in settlement["beside"]["hosts"] if row["host"] == host["host"])


def bridge(settlement: Settlement, made: Mapping[str, Any]) -> Table:
    """From what is due to what would be due: each term, with the parts that its movement is made of under it."""
    columns = [
        Column("Term, and what moves it", width=52),
        Column("The term itself", width=14),
        Column("Before", Kind.POUNDS),
        Column("Beside (SHADOW)", Kind.POUNDS),
        Column("Difference", Kind.POUNDS),
        Column("Of which", Kind.POUNDS),
    ]
    rows: list[Row] = []
    details: list[str] = []
    for row in made["terms"]:
        rows.append((row["label"], _CHANGES[row["change"]], *_sums(row), None))
        parts = row["parts"]
        rows += [
            (f"    {part['label']}", None, part["before_pence"], part["after_pence"], None, part["difference_pence"])
            for part in parts
        ]
        details += ["", *(part["detail"] for part in parts)]
    total: Row = (None, *_sums(made), None)
    if any(details):
        columns.append(Column("How it comes about", width=64))
        rows = [(*cells, detail or None) for cells, detail in zip(rows, details, strict=True)]
        total = (*total, None)
    whole = made["host"] == WHOLE_CONTRACT
    name = "of all hosts" if whole else f"of {party_label(settlement, made['host'])}"
    due = "Due to the hosts" if whole else "Due to the host"
    return Table(
        "Beside", f"SHADOW: the year {name} under the contract beside",
        "SHADOW: from what is due to what another contract would give", tuple(columns), tuple(rows),
        (due, *total), (sentence(settlement), *_NOTES), frozen_columns=1,
    )  # fmt: skip


def _sums(row: Mapping[str, Any]) -> tuple[int, int, int]:
    return row["before_pence"], row["after_pence"], row["difference_pence"]


def hosts(settlement: Settlement) -> Table:
    """What is due to each host, and what would be."""
    columns = (
        Column("Host", width=48),
        Column("Due", Kind.POUNDS, summed=True),
        Column("Would be due beside (SHADOW)", Kind.POUNDS, summed=True),
        Column("Difference", Kind.POUNDS, summed=True),
    )
    rows = tuple((party_label(settlement, row["host"]), *_sums(row)) for row in settlement["beside"]["hosts"])
    return Table(
        "Beside by host", "SHADOW: every host under the contract beside", "SHADOW: what would be due to each host",
        columns, rows, total_row(WHOLE_CONTRACT, columns, rows), (sentence(settlement),),
    )  # fmt: skip


def between_others(settlement: Settlement) -> Table:
    """What the contract beside moves between parties other than the hosts, or through more than one party."""
    columns = (
        Column("Term", width=44),
        Column("Who pays", width=44),
        Column("Whom", width=44),
        Column("Before", Kind.POUNDS),
        Column("Beside (SHADOW)", Kind.POUNDS),
        Column("Difference", Kind.POUNDS),
    )
    rows = tuple(
        (flow["label"], flow["payer"], flow["payee"], *_sums(flow))
        for flow in settlement["beside"]["all"]["between_others"]
    )
    return Table(
        "Beside, others", "SHADOW: what the contract beside moves between others",
        "SHADOW: movements that no host's sums tell", columns, rows, None, (sentence(settlement),),
    )  # fmt: skip


def changes(settlement: Settlement) -> Table:
    """What the contract beside says otherwise, in words."""
    columns = (
        Column("Part", width=28),
        Column("What", width=40),
        Column("The plan's contract", width=60),
        Column("The contract beside", width=60),
    )
    rows = tuple(
        (change["part"], change["what"], change["before"], change["after"])
        for change in settlement["beside"]["changes"]
    )
    return Table(
        "Beside, words", "SHADOW: what the contract beside says otherwise", "SHADOW: the two contracts, word by word",
        columns, rows, None, (sentence(settlement),),
    )  # fmt: skip


def commissioner_tables(settlement: Settlement) -> list[Table]:
    """The sheets of the commissioner; none where no contract was settled beside."""
    if "beside" not in settlement:
        return []
    others = [between_others(settlement)] if settlement["beside"]["all"]["between_others"] else []
    return [bridge(settlement, settlement["beside"]["all"]), hosts(settlement), *others, changes(settlement)]


def host_tables(settlement: Settlement, host: Host) -> list[Table]:
    """A host's sheet, which is its own alone; none where no contract was settled beside."""
    return [bridge(settlement, bridge_of(settlement, host))] if "beside" in settlement else []
