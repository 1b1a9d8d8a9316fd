"""The year-end table on the terminal: one row a host, a totals row, folded into blocks where the screen is narrow."""

import textwrap
from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from typing import Any, Literal

from rich import box
from rich.console import Console
from rich.table import Table

from yoc.core.money import format_pounds
from yoc.core.rates import format_decimal

_PLAIN: dict[str, Any] = {"markup": False, "highlight": False, "emoji": False}
"""Text from a contract is text: no part of it is taken for a style."""
_GAP = 3
"""What stands between two columns: a space on each side and the line of the box."""
_AFTER_COST = (
    ("Balance", "balance_pence"),
    ("Stop-loss", "stop_loss_pence"),
    ("Gain or risk share", "share_pence"),
    ("Outcome payment", "outcomes_pence"),
    ("VCSE lines", "vcse_pence"),
    ("Passed on", "passed_on_pence"),
    ("Other terms", "other_pence"),
    ("Paid on account", "on_account_pence"),
    ("Due to (from -)", "due_pence"),
)


def table_rows(settlement: Mapping[str, Any]) -> tuple[list[str], list[list[str]]]:
    """The headings and rows of the table, totals last; money with pence, people as person-years to one decimal."""
    settings = settlement["settings"]
    after_cost = [(name, key) for name, key in _AFTER_COST if key != "other_pence" or settlement["totals"].get(key)]
    headings = [
        "Host",
        "People",
        "Budget",
        *(setting["name"] for setting in settings),
        "Cost",
        *(name for name, _ in after_cost),
    ]
    keys = [key for _, key in after_cost]
    rows = []
    for host in settlement["hosts"]:
        rows.append(_row(host["host"], host["person_years"], host["cost_by_setting"], host["summary"], settings, keys))
    totals = settlement["totals"]
    rows.append(_row("Total", totals["person_years"], totals["cost_by_setting"], totals, settings, keys))
    return headings, rows


def _row(
    name: str,
    person_years: str,
    by_setting: Mapping[str, int],
    summary: Mapping[str, Any],
    settings: Sequence[Mapping[str, str]],
    after_cost: Sequence[str],
) -> list[str]:
    return [
        name,
        f"{format_decimal(Fraction(person_years), 1)}",
        _pounds(summary["budget_pence"]),
        *(_pounds(by_setting[setting["setting"]]) for setting in settings),
        _pounds(summary["cost_pence"]),
        *(_pounds(summary[key]) for key in after_cost),
    ]


def _pounds(pence: int) -> str:
    return format_pounds(pence).replace("£", "")


def column_widths(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    """The width that shows every figure whole and breaks a heading only between words.

    >>> column_widths(["Paid on account"], [["1,024,911.00"]])
    [12]
    """
    return [
        max(*(len(part) for part in heading.split()), *(len(row[place]) for row in rows))
        for place, heading in enumerate(headings)
    ]


def fold(widths: Sequence[int], room: int, leading: int = 1) -> list[list[int]]:
    """Which columns go into which block: as many as fit, each block led by the first column, or the first few.

    >>> fold([4, 1, 5], 12)
    [[0, 1], [0, 2]]
    """
    blocks: list[list[int]] = [[*range(leading)]]
    for place in range(leading, len(widths)):
        used = sum(widths[column] + _GAP for column in blocks[-1])
        if len(blocks[-1]) > leading and used + widths[place] + _GAP > room:
            blocks.append([*range(leading)])
        blocks[-1].append(place)
    return blocks


def print_folded(
    console: Console, headings: Sequence[str], rows: Sequence[Sequence[str]], figures: Collection[int], leading: int
) -> None:
    """Print a table whose first columns say what a row is, in blocks where the screen is narrow: no figure is broken.

    ``figures`` are the places of the columns that stand to the right.
    """
    widths = [max(len(heading), *(len(row[place]) for row in rows)) for place, heading in enumerate(headings)]
    if sum(width + _GAP for width in widths) > console.width:
        widths = column_widths(headings, rows)
    for block in fold(widths, console.width, leading):
        table = Table(box=box.SIMPLE_HEAD if console.encoding.lower().startswith("utf") else box.ASCII, pad_edge=False)
        for column in block:
            heading = "\n".join(textwrap.wrap(headings[column], widths[column]))
            if column < leading:
                table.add_column(heading, overflow="fold")
            else:
                justify: Literal["left", "right"] = "right" if column in figures else "left"
                table.add_column(heading, justify=justify, width=widths[column], no_wrap=True)
        for row in rows:
            table.add_row(*(row[column] for column in block))
        console.print(table, highlight=False, markup=False)


def print_settlement(console: Console, settlement: Mapping[str, Any]) -> None:
    """Print the table and the one-line verdict of the checks."""
    headings, rows = table_rows(settlement)
    contract = settlement["contract"]
    console.print(f"{contract['title']}, {settlement['year']}, as of {settlement['as_of']}", style="bold", **_PLAIN)
    marks = ["Synthetic sample: no real person, organisation or payment."] if settlement["synthetic"] else []
    if settlement["status"] == "shadow":
        marks.append("SHADOW: computed for information, no payment is due.")
    console.print(f"{' '.join(marks)} Pounds; people are person-years.".strip(), **_PLAIN)
    widths = column_widths(headings, rows)
    for block in fold(widths, console.width):
        console.print(_block(console, headings, rows, widths, block), highlight=False)
    console.print("Due nets all that a host pays and receives; the statements say who pays whom.", **_PLAIN)
    console.print(verdict(settlement), **_PLAIN)
    console.print(findings_line(settlement), **_PLAIN)


def _block(
    console: Console,
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[int],
    block: Sequence[int],
) -> Table:
    """Some columns of the table, each of a fixed width, so that a narrow screen never cuts a figure."""
    table = Table(box=box.SIMPLE_HEAD if console.encoding.lower().startswith("utf") else box.ASCII, pad_edge=False)
    for column in block:
        heading = "\n".join(textwrap.wrap(headings[column], widths[column]))
        justify: Literal["left", "right"] = "left" if column == 0 else "right"
        table.add_column(heading, justify=justify, width=widths[column], no_wrap=True)
    for number, row in enumerate(rows, 1):
        if number == len(rows):
            table.add_section()
        table.add_row(*(row[column] for column in block), style="bold" if number == len(rows) else None)
    return table


def verdict(settlement: Mapping[str, Any]) -> str:
    """Whether the laws hold, what became of every row, and where every pound that was submitted went."""
    held = sum(check["passed"] for check in settlement["checks"])
    files = settlement["files"]
    rows, rejected, superseded, submitted, rejected_pence, superseded_pence = (
        sum(file[name] for file in files)
        for name in ("rows", "rejected", "superseded", "submitted_pence", "rejected_pence", "superseded_pence")
    )
    unreadable = unreadable_sums(sum(file["unreadable_sums"] for file in files))
    activity = settlement["activity"]
    aside = sum(part["submitted_pence"] for part in activity["set_aside"])
    charged = activity["submitted_pence"] - aside
    return (
        f"Checks: {held} of {len(settlement['checks'])} laws hold. {rows:,} rows read, {rejected:,} rejected, "
        f"{superseded:,} superseded. {format_pounds(submitted)} submitted = {format_pounds(charged)} on charged lines "
        f"+ {format_pounds(aside)} set aside with reasons + {format_pounds(rejected_pence)} rejected "
        f"+ {format_pounds(superseded_pence)} superseded; charged at contract prices: "
        f"{format_pounds(activity['charged_pence'])}.{unreadable}"
    )


def unreadable_sums(number: int) -> str:
    """That this many sums could not be read, as a sentence to put after what could; nothing where all were.

    >>> unreadable_sums(2)
    ' 2 sums were unreadable, and count as £0.00 here.'
    """
    if not number:
        return ""
    were, count = ("sum was", "counts") if number == 1 else ("sums were", "count")
    return f" {number:,} {were} unreadable, and {count} as £0.00 here."


def findings_line(settlement: Mapping[str, Any]) -> str:
    """How many findings a run has, by code, so that nobody has to open a file to learn that there are some."""
    counts: dict[str, int] = {}
    for finding in settlement["findings"]:
        counts[finding["code"]] = counts.get(finding["code"], 0) + 1
    listed = ", ".join(f"{code} {count}" for code, count in sorted(counts.items()))
    return f"Findings: {listed}." if counts else "Findings: none."
