"""The sheet of tie-outs: what contract monitoring, statements and invoices come to, and where they differ."""

from typing import Any

from yoc.core.money import format_pounds
from yoc.report.figures import Settlement, party_label
from yoc.report.table import Column, Kind, Row, Table

ALL_MONTHS = "All months"


def tie_outs(settlement: Settlement) -> Table | None:
    """One row a provider and rule, then one for each cell that differs; nothing where nothing was compared."""
    tied = settlement.get("tie_outs")
    if not tied:
        return None
    columns = (
        Column("The one", width=40),
        Column("The other", width=40),
        Column("Provider", width=48),
        Column("Month", width=18),
        Column("Point of delivery", width=18),
        Column("What it shows", width=44),
        Column("Pounds of the one", Kind.POUNDS),
        Column("Pounds of the other", Kind.POUNDS),
        Column("The other less the one", Kind.POUNDS),
        Column("Count of the one", Kind.DECIMAL),
        Column("Count of the other", Kind.DECIMAL),
    )
    rows = [_total(settlement, tied, total) for total in tied["totals"]]
    rows += [_cell(settlement, tied, cell) for cell in tied["cells"]]
    allowed = f"by more than {format_pounds(tied['within_pence'])}" if tied["within_pence"] else "at all"
    notes = [f"Cells that differ {allowed} in money, or at all in count, are listed under the totals of each provider."]
    notes += [
        f"{party_label(settlement, each['provider'])} sends neither a statement nor an invoice: its {each['lines']:,} "
        f"lines, {format_pounds(each['submitted_pence'])}, are compared with nothing."
        for each in tied["not_tied"]
    ]
    return Table(
        "Tie-outs", "Tie-outs", "Contract monitoring, statements and invoices, and where they differ", columns,
        tuple(rows), None, tuple(notes), frozen_columns=3,
    )  # fmt: skip


def _total(settlement: Settlement, tied: Any, total: Any) -> Row:
    rule, apart = tied["rules"][total["rule"]], total["cells_apart"]
    what = f"{apart:,} of {total['cells']:,} cells differ" if apart else f"all {total['cells']:,} cells agree"
    return (
        rule["first"], rule["second"], party_label(settlement, total["provider"]), ALL_MONTHS, "All", what,
        total["first_pence"], total["second_pence"], total["second_pence"] - total["first_pence"], None, None,
    )  # fmt: skip


def _cell(settlement: Settlement, tied: Any, cell: Any) -> Row:
    rule = tied["rules"][cell["rule"]]
    lacking = [side for side in ("first", "second") if cell[f"{side}_pence"] is None]
    if lacking:
        what = f"{rule[lacking[0]]} has no such row"
    else:
        what = "the money differs" if cell["money_apart"] else "the count differs"
    return (
        rule["first"], rule["second"], party_label(settlement, cell["provider"]), cell["period"],
        cell["point_of_delivery"], what, cell["first_pence"], cell["second_pence"], cell["difference_pence"],
        _decimal(cell["first_thousandths"]), _decimal(cell["second_thousandths"]),
    )  # fmt: skip


def _decimal(thousandths: int | None) -> str | None:
    """A count in decimals.

    >>> _decimal(1500), _decimal(-2000), _decimal(None)
    ('1.5', '-2', None)
    """
    if thousandths is None:
        return None
    whole, rest = divmod(abs(thousandths), 1000)
    sign = "-" if thousandths < 0 else ""
    return f"{sign}{whole}" + (f".{rest:03d}".rstrip("0") if rest else "")
