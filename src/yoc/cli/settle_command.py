"""`yoc settle`: a table of positions under a contract or a family of contracts."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from yoc.cli.faults import ExitCode, told_plainly
from yoc.cli.terminal import output, say
from yoc.core.money import format_exact_pence, format_pounds, parse_pounds
from yoc.core.periods import FinancialYear

if TYPE_CHECKING:
    from yoc.workflow.settle_table import Difference, SettledTable

_SHOWN = 60
_PLAIN: dict[str, Any] = {"markup": False, "highlight": False, "emoji": False, "soft_wrap": True}


def settle(
    contract: Annotated[Path, typer.Argument(help="The contract; with a map that names one a row, any of its family.")],
    positions: Annotated[Path, typer.Option(help="The table: CSV, XLSX or Parquet, one row a host.")],
    map_: Annotated[Path | None, typer.Option("--map", help="How columns and codes become inputs (YAML).")] = None,
    expect: Annotated[
        list[str] | None,
        typer.Option(metavar="COLUMN[=AMOUNT]", help="A column to compare the result, or an amount, with; repeatable."),
    ] = None,
    within: Annotated[str, typer.Option(help="How far the two may lie apart, as £1.")] = "£0",
    year: Annotated[str | None, typer.Option(help="The financial year, as 2026/27.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write every row and amount: a .csv or .xlsx file.")] = None,
) -> None:
    """Settle a table of positions, without line-level data, and compare it with what is known."""
    with told_plainly(say):
        from yoc.workflow.settle_table import Expectation, settle_table
        from yoc.workflow.settled_table_file import refuse_unwritable, write_settled_table

        allowed = Fraction(_usage(_allowed, within))
        if out is not None:
            refuse_unwritable(out, [file for file in (contract, positions, map_) if file is not None])
        asked = [Expectation.parse(text) for text in expect or ()]
        settled = settle_table(contract, positions, map_, asked, _usage(FinancialYear.parse, year) if year else None)
        if out is not None:
            write_settled_table(settled, out)
    print_settled(output(), settled, allowed, bool(asked))
    if out is not None:
        typer.echo(f"Written: {out}")
    if any(compared.beyond(allowed) for compared in settled.compared):
        raise typer.Exit(ExitCode.DIFFERENT)


def _allowed(text: str) -> int:
    pence = parse_pounds(text)
    if pence < 0:
        raise ValueError(f"--within {text} is below nothing: say how far two figures may lie apart, as £1")
    return pence


def _usage(parse: Any, text: str) -> Any:
    try:
        return parse(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def print_settled(console: Console, settled: "SettledTable", within: Fraction, comparing: bool) -> None:
    """The rows (those that differ, where figures are compared), and the totals."""
    sign = settled.sign

    def money(pence: Fraction) -> str:
        return format_exact_pence(pence).replace("£", sign)

    if settled.is_shadow:
        console.print("SHADOW: computed for information, no payment is due.", **_PLAIN)
    if settled.years:
        console.print(f"Settled: {'; '.join(settled.years)}.", **_PLAIN)
    if comparing:
        apart = [compared for compared in settled.compared if compared.beyond(within)]
        if apart:
            console.print(_differences(console, apart, money))
        unknown = sum(compared.expected is None for compared in settled.compared)
        console.print(
            f"{len(settled.compared) - unknown - len(apart)} of {len(settled.compared) - unknown} figures agree within "
            f"{money(within)}; {len(apart)} differ" + (f"; {unknown} are not given" if unknown else "") + ".",
            **_PLAIN,
        )
    elif len(settled.rows) <= _SHOWN:
        console.print(_results(console, settled, sign))
    for row in settled.not_settled[:_SHOWN]:
        console.print(f"Not settled: {row.host} (row {row.row_number}), without {', '.join(row.missing)}.", **_PLAIN)
    due = [each.settlement.closing_pence for each in settled.rows]
    to_hosts, from_hosts = sum(pence for pence in due if pence > 0), -sum(pence for pence in due if pence < 0)
    left_out = f", {settled.left_out} rows left out by the map" if settled.left_out else ""
    console.print(
        f"{len(settled.rows)} hosts settled{left_out}, {len(settled.not_settled)} not settled: "
        f"{format_pounds(to_hosts).replace('£', sign)} due to hosts, "
        f"{format_pounds(from_hosts).replace('£', sign)} due from them.",
        **_PLAIN,
    )
    for finding in settled.warnings:
        console.print(f"{finding.place()}: {finding.message}", **_PLAIN)


def _differences(console: Console, apart: "Sequence[Difference]", money: Any) -> Table:
    table = _table(console, "Row", "Host", "Compared", "Settled", "In the file", "Difference")
    for compared in apart:
        expected = compared.expected or Fraction(0)
        amount = compared.expectation.amount
        table.add_row(
            str(compared.row_number),
            compared.host,
            f"{amount} with {compared.expectation.column}",
            money(compared.found),
            money(expected),
            money(compared.found - expected),
        )
    return table


def _results(console: Console, settled: "SettledTable", sign: str) -> Table:
    table = _table(console, "Row", "Host", "Contract", "Due to the host (from it: -)")
    for each in settled.rows:
        due = format_pounds(each.settlement.closing_pence).replace("£", sign)
        table.add_row(str(each.row.row_number), each.row.host, each.contract.contract, due)
    return table


def _table(console: Console, *headings: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD if console.encoding.lower().startswith("utf") else box.ASCII, pad_edge=False)
    for place, heading in enumerate(headings):
        table.add_column(heading, justify="right" if place > 2 or place == 0 else "left", overflow="fold")
    return table
