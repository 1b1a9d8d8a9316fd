"""What `yoc intake` prints: the account of each file in rows and pounds, the rules, and what to look at."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Console
from rich.table import Table

from yoc.cli.table import unreadable_sums
from yoc.core.money import format_pounds

if TYPE_CHECKING:
    from yoc.intake.tie_outs import TieOuts
    from yoc.workflow.read_files import ReadFile, ReadFiles

_PLAIN: dict[str, Any] = {"markup": False, "highlight": False, "emoji": False, "soft_wrap": True}
_SHOWN = 40
_FIGURES = ("In the file", "Used", "Set aside", "Rejected", "Superseded")
_GAP = 3
"""What a table needs for a column beside its widest cell."""


def print_read(console: Console, read: "ReadFiles") -> None:
    """Print the accounts, then the rules by profile, then the findings."""
    _print_rows(console, read)
    for profile in dict.fromkeys(each.account.profile for each in read.files):
        own = [each for each in read.files if each.account.profile == profile]
        for line in _rules(own):
            console.print(f"{profile}: {line}", **_PLAIN)
    if read.tie_outs is not None:
        _print_tie_outs(console, read.tie_outs)
    for finding in read.findings[:_SHOWN]:
        place = f"{finding.place()}: " if finding.place() else ""
        console.print(f"{place}{finding.code} ({finding.level.value}): {finding.message}", **_PLAIN)
    if len(read.findings) > _SHOWN:
        console.print(f"{len(read.findings) - _SHOWN} findings more.", **_PLAIN)
    if not read.findings:
        console.print("Nothing to look at.", **_PLAIN)


def _print_tie_outs(console: Console, tied: "TieOuts") -> None:
    """What each provider comes to on either side of each rule, a table a rule."""
    for name in dict.fromkeys(total.rule for total in tied.totals):
        rule, table = tied.rule(name), _table(console)
        table.add_column("Provider", overflow="fold")
        for heading in ("The one", "The other", "Difference", "Cells", "That differ"):
            table.add_column(heading, justify="right", no_wrap=True)
        for total in tied.totals:
            if total.rule == name:
                sums = (total.first_pence, total.second_pence, total.second_pence - total.first_pence)
                counts = (f"{total.cells:,}", f"{total.cells_apart:,}")
                table.add_row(total.provider, *map(format_pounds, sums), *counts)
        console.print(f"Must equal: {rule.first}; {rule.second}", **_PLAIN)
        console.print(table, highlight=False)


def _table(console: Console) -> Table:
    return Table(box=box.SIMPLE_HEAD if console.encoding.lower().startswith("utf") else box.ASCII, pad_edge=False)


def _print_rows(console: Console, read: "ReadFiles") -> None:
    """One row of counts and one of pounds for each file, and for all files of a profile.

    A name stands on a line of its own where it would be broken. Of many files those alone are shown of which some row
    is not used.
    """
    shown = [each for each in read.files if len(read.files) <= _SHOWN or any(_counts(each)[2:])]
    named = [(each.account.file, each.account.profile, _figures([each])) for each in shown]
    for profile in dict.fromkeys(each.account.profile for each in read.files):
        files = [each for each in read.files if each.account.profile == profile]
        if len(files) > 1:
            named.append((f"all {len(files)} files", profile, _figures(files)))
    widths = [
        max(len(heading), *(len(row[place]) for _, _, rows in named for row in rows))
        for place, heading in enumerate(_FIGURES)
    ]
    names = [
        max(len(heading), *(len(row[place]) for row in named)) for place, heading in enumerate(("File", "Profile"))
    ]
    if sum((*widths, *names)) + _GAP * (len(widths) + len(names)) <= console.width:
        console.print(_rows(console, named), highlight=False)
        return
    heading = "  ".join(f"{name:>{width}}" for name, width in zip(_FIGURES, widths, strict=True))
    console.print(f"File, profile\n  {heading}\n", **_PLAIN)
    for file, profile, rows in named:
        console.print(f"{file}, {profile}", **_PLAIN)
        for row in rows:
            console.print(
                "  " + "  ".join(f"{text:>{width}}" for text, width in zip(row, widths, strict=True)), **_PLAIN
            )
    console.print()


def _rows(console: Console, named: "list[tuple[str, str, list[list[str]]]]") -> Table:
    table = _table(console)
    table.add_column("File", overflow="fold")
    table.add_column("Profile", overflow="fold")
    for heading in _FIGURES:
        table.add_column(heading, justify="right", no_wrap=True)
    for file, profile, rows in named:
        for place, row in enumerate(rows):
            table.add_row(*(("", "") if place else (file, profile)), *row)
    return table


def _figures(files: "list[ReadFile]") -> list[list[str]]:
    """The rows of some files by what became of them, then their pounds where they have any."""
    counts = [sum(each) for each in zip(*map(_counts, files), strict=True)]
    sums = [sum(each) for each in zip(*map(_sums, files), strict=True)]
    return [[f"{rows:,}" for rows in counts], *([[format_pounds(pence) for pence in sums]] if any(sums) else [])]


def _counts(each: "ReadFile") -> tuple[int, ...]:
    account = each.account
    aside = sum(account.not_counted.values())
    return account.rows, account.used - aside, aside, account.rejected, account.superseded


def _sums(each: "ReadFile") -> tuple[int, ...]:
    account = each.account
    whole = each.used_pence + account.rejected_pence + account.superseded_pence
    aside = account.not_counted_pence
    return whole, each.used_pence - aside, aside, account.rejected_pence, account.superseded_pence


def _rules(files: "list[ReadFile]") -> list[str]:
    """How many rows of some files each rule decided."""
    accounts = [each.account for each in files]
    told = {
        "month by": [account.period_rules for account in accounts],
        "point of delivery": [account.point_of_delivery_rules for account in accounts],
        "practice by": [account.practice_rules for account in accounts],
        "amount by": [account.amount_rules for account in accounts],
        "set aside": [account.not_counted for account in accounts],
        "left blank": [account.blanked for account in accounts],
    }
    said = [f"{what} {_added(counts)}" for what, counts in told.items() if any(counts)]
    unreadable = unreadable_sums(sum(account.unreadable_sums for account in accounts)).strip()
    return [*said, unreadable] if unreadable else said


def _added(counts: list[Mapping[str, int]] | list[dict[str, int]]) -> str:
    sums: dict[str, int] = {}
    for each in counts:
        for rule, rows in each.items():
            sums[rule] = sums.get(rule, 0) + rows
    return ", ".join(f"{rule} {rows:,}" for rule, rows in sorted(sums.items(), key=lambda item: -item[1]))
