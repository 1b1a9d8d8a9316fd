"""What `yoc intake` prints: the account of each file in rows and pounds, the rules, and what to look at."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Console
from rich.table import Table

from yoc.core.money import format_pounds

if TYPE_CHECKING:
    from yoc.intake.tie_outs import TieOuts
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
    if read.tie_outs is not None:
        console.print(_tie_outs(console, read.tie_outs), highlight=False)
    for finding in read.findings[:_SHOWN]:
        place = f"{finding.place()}: " if finding.place() else ""
        console.print(f"{place}{finding.code} ({finding.level.value}): {finding.message}", **_PLAIN)
    if len(read.findings) > _SHOWN:
        console.print(f"{len(read.findings) - _SHOWN} findings more.", **_PLAIN)
    if not read.findings:
        console.print("Nothing to look at.", **_PLAIN)


def _tie_outs(console: Console, tied: "TieOuts") -> Table:
    """What each provider comes to on either side of each rule."""
    table = _table(console)
    for heading in ("Must equal", "Provider"):
        table.add_column(heading, overflow="fold")
    for heading in ("The one", "The other", "Difference", "Cells", "That differ"):
        table.add_column(heading, justify="right", no_wrap=True)
    for total in tied.totals:
        rule = tied.rule(total.rule)
        sums = (total.first_pence, total.second_pence, total.second_pence - total.first_pence)
        counts = (f"{total.cells:,}", f"{total.cells_apart:,}")
        table.add_row(f"{rule.first}; {rule.second}", total.provider, *map(format_pounds, sums), *counts)
    return table


def _table(console: Console) -> Table:
    return Table(box=box.SIMPLE_HEAD if console.encoding.lower().startswith("utf") else box.ASCII, pad_edge=False)


def _rows(console: Console, read: "ReadFiles") -> Table:
    """One row of counts and one of pounds for each file, under the folder that it lies in, and for all of a profile.

    Of many files those alone are shown of which some row is not used; the sums of a profile hold them all.
    """
    table = _table(console)
    table.add_column("File and profile", overflow="fold")
    for heading in ("In the file", "Used", "Set aside", "Rejected", "Superseded"):
        table.add_column(heading, justify="right", no_wrap=True)
    shown = [each for each in read.files if len(read.files) <= _SHOWN or any(_counts(each)[2:])]
    folder = None
    for each in shown:
        above, _, name = each.account.file.rpartition("/")
        if above and above != folder and len(shown) > 1:
            table.add_row(f"{above}/")
        folder = above
        _add(table, name if len(shown) > 1 else each.account.file, each.account.profile, [each])
    by_profile: dict[str, list[ReadFile]] = {}
    for each in read.files:
        by_profile.setdefault(each.account.profile, []).append(each)
    for profile, files in by_profile.items():
        if len(files) > 1:
            table.add_section()
            _add(table, f"All {len(files)} files", profile, files)
    return table


def _add(table: Table, name: str, profile: str, files: "list[ReadFile]") -> None:
    counts = [sum(each) for each in zip(*map(_counts, files), strict=True)]
    sums = [sum(each) for each in zip(*map(_sums, files), strict=True)]
    table.add_row(name, *(f"{rows:,}" for rows in counts))
    table.add_row(f"  {profile}", *(format_pounds(pence) for pence in sums if any(sums)))


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
    return [f"{what} {_added(counts)}" for what, counts in told.items() if any(counts)]


def _added(counts: list[Mapping[str, int]] | list[dict[str, int]]) -> str:
    sums: dict[str, int] = {}
    for each in counts:
        for rule, rows in each.items():
            sums[rule] = sums.get(rule, 0) + rows
    return ", ".join(f"{rule} {rows:,}" for rule, rows in sorted(sums.items(), key=lambda item: -item[1]))
