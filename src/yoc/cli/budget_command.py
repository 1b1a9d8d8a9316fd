"""`yoc budget ...`: annual rates from baseline years, a table or weighted populations."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from yoc.cli.faults import finding_text, told_plainly
from yoc.cli.progress import TerminalProgress
from yoc.cli.table import print_folded
from yoc.cli.terminal import output, say

if TYPE_CHECKING:
    from yoc.report.table import Table as ReportTable

_PLAIN: dict[str, Any] = {"markup": False, "highlight": False, "emoji": False, "soft_wrap": True}

budget_app = typer.Typer(
    name="budget",
    help="Build the annual rates of a budget, each step shown.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@budget_app.callback()
def _group() -> None:
    """Keep `build` a word of its own: a group of one command would take its place."""


@budget_app.command()
def build(
    plan: Annotated[Path, typer.Argument(help="How the rates are built: budgets/NAME/budget.yaml")],
) -> None:
    """Build annual rates by segment and setting: a dated table, its steps and a page, written whole or not at all."""
    with told_plainly(say):
        from yoc.workflow.budget_file import write_budget
        from yoc.workflow.build_budget import build_budget_of

        budget = build_budget_of(plan, TerminalProgress(Console(stderr=True)))
        content, existed = write_budget(budget)
    if budget.left_out:
        say("\n".join(finding_text(finding) for finding in budget.left_out))
    print_budget(output(), content)
    folder = budget.workspace.name(budget.folder)
    again = " (the same as was there)" if existed else ""
    typer.echo(f"Written: {folder}/rates.yaml, steps.json, page.html{again}")


def print_budget(console: Console, content: Mapping[str, Any]) -> None:
    """The rates, each step's headline, and the gap to a contract where one is compared with."""
    from yoc.report.budget_page import rates_table, step_table

    if content["synthetic"]:
        console.print("SYNTHETIC: nothing here is real.", **_PLAIN)
    console.print(f"Annual rates at the level of {content['year']}, as of {content['as_of']}:", **_PLAIN)
    _print(console, rates_table(content["rates"]))
    for number, step in enumerate(content["steps"], 1):
        console.print(f"{number}. {step['title']}: {step['headline']}", **_PLAIN)
    for step in content["steps"]:
        if step["id"] == "bid_gap":
            _print(console, step_table(step))


def _print(console: Console, table: "ReportTable") -> None:
    """A table led by its columns of words, which say of what segment and setting a row is."""
    from yoc.report.table import shown

    rows = [[shown(cell, column.kind) for cell, column in zip(row, table.columns, strict=True)] for row in table.rows]
    figures = [place for place, column in enumerate(table.columns) if column.is_figure]
    print_folded(console, [column.name for column in table.columns], rows, figures, figures[0] if figures else 1)
