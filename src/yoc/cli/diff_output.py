"""What `yoc contract diff` prints: what changed in words, and what the change moves, clause by clause."""

import textwrap
from collections.abc import Iterator

from rich import box
from rich.console import Console
from rich.table import Table

from yoc.core.money import format_pounds
from yoc.settlement.difference import Change, Movement, all_together
from yoc.workflow.compare_contracts import Compared

_SHOWN_ONE_BY_ONE = 4
_SHOWN = 60


def print_compared(console: Console, compared: Compared, width: int) -> None:
    """Print the words, then the money."""
    for line in words(compared, width):
        console.print(line, markup=False, highlight=False, emoji=False, soft_wrap=True)
    if not compared.movements:
        return
    console.print(
        f"What it moves, on {compared.cases.source}", style="bold", markup=False, highlight=False, soft_wrap=True
    )
    if not any(row.difference_pence for each in compared.movements for row in each.rows):
        console.print("No term comes to anything else there.", markup=False, highlight=False)
        return
    hosts = compared.movements if compared.cases.add_up else ()
    if len(hosts) <= _SHOWN_ONE_BY_ONE:
        for each in compared.movements:
            console.print(_table(console, compared, each), highlight=False)
    if len(hosts) > 1:
        together = all_together(f"All {len(hosts)} hosts", hosts)
        console.print(_table(console, compared, together), highlight=False)
    if len(hosts) > _SHOWN_ONE_BY_ONE:
        console.print(_due(console, compared), highlight=False)
        if len(hosts) > _SHOWN:
            rest = len(hosts) - _SHOWN
            console.print(f"{rest} more hosts with smaller differences.", markup=False, highlight=False)
    meaning = "Sums are what each term does to the host: above zero to it, below zero from it."
    console.print(meaning, markup=False, highlight=False, soft_wrap=True)


def words(compared: Compared, width: int) -> Iterator[str]:
    """The changes in words, by part of the contract, and the notes."""
    if not compared.changes:
        yield "The two contracts say the same."
    part = ""
    for change in compared.changes:
        if change.part != part:
            yield from ("", change.part) if part else (change.part,)
            part = change.part
        yield textwrap.fill(
            change_in_words(change), width, initial_indent="  - ", subsequent_indent="    ", break_on_hyphens=False
        )
    yield ""
    for note in compared.cases.notes:
        yield textwrap.fill(note, width)


def change_in_words(change: Change) -> str:
    """One change as a line.

    >>> change_in_words(Change("Named numbers", "Limit", "10%", "20%"))
    'Limit: was 10%; is now 20%.'
    >>> change_in_words(Change("Terms", "Relief", after="Half of it."))
    'Relief: new. Half of it.'
    """
    label = f"{change.what}: " if change.what else ""
    before, after = change.before.rstrip("."), change.after.rstrip(".")
    if not change.before:
        return f"{label}new. {after}." if label else f"New: {after}."
    if not change.after:
        return f"{label}gone. It was: {before}." if label else f"Gone: {before}."
    return f"{label}was {before}; is now {after}." if label else f"Was: {before}. Is now: {after}."


def _table(console: Console, compared: Compared, movement: Movement) -> Table:
    """One host's movement: a row a term, and what is due."""
    table = _empty(console)
    table.title, table.title_justify = movement.case, "left"
    table.add_column("Term", overflow="fold")
    for heading in ("Before", "After", "Difference"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in movement.rows:
        if row.before_pence or row.after_pence:
            table.add_row(row.label, *_sums(compared, row.before_pence, row.after_pence))
    table.add_section()
    table.add_row("Due to the host", *_sums(compared, movement.before_pence, movement.after_pence), style="bold")
    return table


def _due(console: Console, compared: Compared) -> Table:
    """What is due, host by host, the largest differences first."""
    table = _empty(console)
    table.add_column("Host", overflow="fold")
    for heading in ("Due before", "Due after", "Difference"):
        table.add_column(heading, justify="right", no_wrap=True)
    for each in sorted(compared.movements, key=lambda each: -abs(each.difference_pence))[:_SHOWN]:
        table.add_row(each.case, *_sums(compared, each.before_pence, each.after_pence))
    return table


def _empty(console: Console) -> Table:
    return Table(box=box.SIMPLE_HEAD if console.encoding.lower().startswith("utf") else box.ASCII, pad_edge=False)


def _sums(compared: Compared, before: int, after: int) -> tuple[str, ...]:
    return tuple(compared.after.in_currency(format_pounds(pence)) for pence in (before, after, after - before))
