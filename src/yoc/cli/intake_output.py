"""What `yoc intake` prints: the account of each file in rows and pounds, the rules, and what to look at."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Console
from rich.table import Table

from yoc.core.money import format_pounds

if TYPE_CHECKING:
    from yoc.workflow.read_files import ReadFile, ReadFiles

_PLAIN: dict[str, Any] = {"markup": False, "highlight": False, "emoji": False, "soft_wrap": True}
_SHOWN = 40


def print_read(console: Console, read: "ReadFiles") -> None:
    """Print the accounts, then the rules by profile, then the findings."""
    console.print(_rows(console, read), highlight=False)
    for profile in dict.fromkeys(each.account.profile for each in read.files):
        own = [each for each in read.files if each.account.profile == profile]
        for line in _rules(own):
            console.print(f"{profile}: {line}", **_PLAIN)
    for finding in read.findings[:_SHOWN]:
        place = f"{finding.place()}: " if finding.place() else ""
        console.print(f"{place}{finding.code} ({finding.level.value}): {finding.message}", **_PLAIN)
    if len(read.findings) > _SHOWN:
        console.print(f"{len(read.findings) - _SHOWN} findings more.", **_PLAIN)
    if not read.findings:
        console.print("Nothing to look at.", **_PLAIN)


def _rows(console: Console, read: "ReadFiles") -> Table:
    """One row of counts and one of pounds for each file."""
    table = Table(box=box.SIMPLE_HEAD if console.encoding.lower().startswith("utf") else box.ASCII, pad_edge=False)
    table.add_column("File", overflow="fold")
    table.add_column("Profile", overflow="fold")
    for heading in ("In the file", "Used", "Set aside", "Rejected", "Superseded"):
        table.add_column(heading, justify="right", no_wrap=True)
    for each in read.files:
        account = each.account
        aside = sum(account.not_counted.values())
        counts = (account.rows, account.used - aside, aside, account.rejected, account.superseded)
        table.add_row(account.file, account.profile, *(f"{rows:,}" for rows in counts))
        sums = _sums(each)
        if any(sums):
            table.add_row("", "", *(format_pounds(pence) for pence in sums))
    return table


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
    return [f"{what} {_added(counts)}" for what, counts in told.items() if any(counts)]


def _added(counts: list[Mapping[str, int]] | list[dict[str, int]]) -> str:
    sums: dict[str, int] = {}
    for each in counts:
        for rule, rows in each.items():
            sums[rule] = sums.get(rule, 0) + rows
    return ", ".join(f"{rule} {rows:,}" for rule, rows in sorted(sums.items(), key=lambda item: -item[1]))
