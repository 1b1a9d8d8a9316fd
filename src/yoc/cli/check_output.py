"""What `yoc contract check` prints: the verdict, the exposure of each party, and what to look at."""

from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from yoc.cli.faults import finding_text
from yoc.workflow.check_contract import Checked, exposure_rows, what_was_tried

_PLAIN: dict[str, Any] = {"markup": False, "highlight": False, "emoji": False, "soft_wrap": True}


def print_check(console: Console, checked: Checked) -> None:
    """Print the result of one contract's check."""
    count = len(checked.worked)
    agreed = sum(not each.differences for each in checked.worked)
    examples = f"{agreed} of {count} worked examples agree" if count else "no worked examples beside it"
    console.print(f"{checked.name}: {checked.contract.title}", style="bold", **_PLAIN)
    console.print(f"  It can be read and settled; {examples}.", **_PLAIN)
    for finding in checked.differences:
        console.print(finding_text(finding), **_PLAIN)
    console.print(f"  {what_was_tried(checked.contract, checked.reference, checked.study)}:", **_PLAIN)
    console.print(_exposures(console, checked), highlight=False)
    if not checked.warnings:
        console.print("  No cliff, no wrong way, no idle term: nothing to look at.\n", **_PLAIN)
        return
    console.print("  To look at before signing:\n", **_PLAIN)
    for finding in checked.warnings:
        console.print(finding_text(finding), **_PLAIN)


def _exposures(console: Console, checked: Checked) -> Table:
    table = Table(box=box.SIMPLE_HEAD if console.encoding.lower().startswith("utf") else box.ASCII, pad_edge=False)
    table.add_column("Party")
    for heading in ("Loses at most", "of turnover", "Gains at most", "of turnover"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in exposure_rows(checked):
        table.add_row(*(checked.contract.in_currency(cell) for cell in row))
    return table
