"""What `yoc reconcile` prints of a contract that was settled beside the plan's own."""

from collections.abc import Mapping
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from yoc.core.money import format_pounds

_PLAIN: dict[str, Any] = {"markup": False, "highlight": False, "emoji": False, "soft_wrap": True}


def print_beside(console: Console, beside: Mapping[str, Any]) -> None:
    """Print the bridge over all hosts, term by term with its parts, then what would be due to each host."""
    contract, together = beside["contract"], beside["all"]
    named = f"{contract['title']}, version {contract['version']}"
    console.print(f"SHADOW, beside: {named} ({beside['file']})", style="bold", **_PLAIN)
    console.print("Computed on the same inputs for information: no payment is due, and no entry is made.", **_PLAIN)
    console.print(_bridge(console, together), highlight=False)
    console.print("A row that is set in is a part of the term above it, and is counted there.", **_PLAIN)
    for flow in together["between_others"]:
        moved = flow["difference_pence"]
        said = f"{format_pounds(abs(moved))} {'more' if moved > 0 else 'less'}"
        console.print(f"Beside, {flow['label']}: {flow['payer']} pays {flow['payee']} {said}.", **_PLAIN)
    console.print(_hosts(console, beside), highlight=False)


def _bridge(console: Console, together: Mapping[str, Any]) -> Table:
    table = _table(console, "Term, and what moves it", "It itself")
    table.add_row("Due under the plan's contract", "", "", "", format_pounds(together["before_pence"]), style="bold")
    running = together["before_pence"]
    for row in together["terms"]:
        running += row["difference_pence"]
        before, after, moved = (format_pounds(row[f"{name}_pence"]) for name in ("before", "after", "difference"))
        table.add_row(row["label"], row["change"], before, after, moved if row["difference_pence"] else "-")
        for part in row["parts"]:
            before, after, moved = (format_pounds(part[f"{name}_pence"]) for name in ("before", "after", "difference"))
            table.add_row(f"  {part['label']}", "", before, after, moved, style="dim")
    table.add_section()
    table.add_row("Due under the contract beside (SHADOW)", "", "", "", format_pounds(running), style="bold")
    return table


def _hosts(console: Console, beside: Mapping[str, Any]) -> Table:
    table = _table(console, "Host")
    for row in (*beside["hosts"], beside["all"]):
        table.add_row(row["host"], *(format_pounds(row[f"{name}_pence"]) for name in ("before", "after", "difference")))
    return table


def _table(console: Console, *texts: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD if console.encoding.lower().startswith("utf") else box.ASCII, pad_edge=False)
    for text in texts:
        table.add_column(text, overflow="fold")
    for heading in ("Before", "Beside", "Difference"):
        table.add_column(heading, justify="right", no_wrap=True)
    return table
