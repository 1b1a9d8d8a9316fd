"""What `yoc contract diff` prints: what changed in words, and what the change moves, clause by clause."""

import textwrap
from collections.abc import Iterator, Sequence

from rich import box
from rich.console import Console
from rich.table import Table

from yoc.contract.wording import begun
from yoc.core.money import format_pounds
from yoc.settlement.difference import Change
from yoc.settlement.movement import Movement, all_together
from yoc.workflow.compare_contracts import Compared

UNTOLD = "This change cannot be told from a run: reconcile the plan under the new contract."
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
    hosts = compared.movements if compared.cases.add_up else ()
    shown = [*compared.movements] if len(hosts) <= _SHOWN_ONE_BY_ONE else []
    if len(hosts) > 1:
        shown.append(all_together(f"All {len(hosts)} hosts", hosts))
    _print_due(console, compared, shown)
    for each in shown:
        if each.between_others():
            console.print(_between(console, compared, each), highlight=False)
    if compared.cases.untold and any(each.moves for each in compared.movements):
        _say(console, f"Not all of it is here. {UNTOLD}")
    if compared.years_settled():
        _say(console, compared.years_settled())


def _print_due(console: Console, compared: Compared, shown: Sequence[Movement]) -> None:
    """What each term does to the hosts, or that it does nothing else."""
    if any(row.difference_pence for each in compared.movements for row in each.rows):
        for each in shown:
            console.print(_table(console, compared, each), highlight=False)
        if compared.movements[0] not in shown:
            console.print(_due(console, compared), highlight=False)
            if len(compared.movements) > _SHOWN:
                rest = len(compared.movements) - _SHOWN
                console.print(f"{rest} more hosts with smaller differences.", markup=False, highlight=False)
        _say(console, "Sums are what each term does to the host: above zero to it, below zero from it.")
    elif any(each.moves for each in compared.movements):
        _say(console, "No term comes to anything else for the host.")
    elif compared.cases.untold:
        _say(console, UNTOLD)
    else:
        _say(console, "No term comes to anything else there.")


def _say(console: Console, sentence: str) -> None:
    console.print(sentence, markup=False, highlight=False, soft_wrap=True)


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


def _between(console: Console, compared: Compared, movement: Movement) -> Table:
    """What a change moves that the host's sums do not tell: a row for each two parties of a term."""
    table = _empty(console)
    table.title, table.title_justify = f"Between others, {movement.case}", "left"
    table.add_column("Term", overflow="fold")
    table.add_column("Who pays whom", overflow="fold")
    for heading in ("Before", "After", "Difference"):
        table.add_column(heading, justify="right", no_wrap=True)
    for flow in movement.between_others():
        sums = _sums(compared, flow.before_pence, flow.after_pence)
        table.add_row(flow.label, f"{begun(flow.payer)} pays {flow.payee}", *sums)
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
