"""What the commands of a year's life have in common: which year, who, when, and how rows are shown."""

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
from rich import box
from rich.table import Table

from yoc.cli.terminal import output
from yoc.core.money import parse_pounds
from yoc.core.periods import FinancialYear, PeriodError, parse_date

if TYPE_CHECKING:
    from yoc.workflow.year import YearOf

ContractName = Annotated[str, typer.Argument(metavar="CONTRACT", help="The contract's name.")]
YearName = Annotated[str, typer.Argument(metavar="YEAR", help="The financial year, as 2026-27.")]
Directory = Annotated[Path, typer.Option("--directory", help="The workspace.")]
By = Annotated[str, typer.Option("--by", envvar="YOC_BY", help="Who does this: a name that others know.")]
Evidence = Annotated[str, typer.Option("--evidence", help="What it rests on: a reference that others can look up.")]
AsOf = Annotated[str | None, typer.Option("--as-of", help="What was known at the end of a past day (UTC).")]
EffectiveOn = Annotated[
    str | None, typer.Option("--effective-on", help="Only what was true in the contract by this day, as 2026-12-31.")
]
AsJson = Annotated[bool, typer.Option("--json", help="As JSON, whole pence and sentences, for programs.")]
HERE = Path()
_Parsed = TypeVar("_Parsed")
_PLAIN: dict[str, Any] = {"markup": False, "highlight": False, "emoji": False, "soft_wrap": True}


def usage(parse: Callable[[str], _Parsed], text: str) -> _Parsed:
    """What a text of the command line means; where it means nothing, the command line is at fault."""
    try:
        return parse(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def pence_of(text: str) -> int:
    """A sum of the command line in whole pence."""
    return usage(parse_pounds, text)


def day_of(text: str | None) -> dt.date | None:
    """A day of the command line, where one is given."""
    return usage(parse_date, text) if text else None


def named(by: str) -> str:
    """Who does it; nothing is recorded without a name."""
    if not by.strip():
        raise typer.BadParameter("say who does this: --by NAME, or set YOC_BY")
    return by.strip()


def year_in(directory: Path, contract: str, year: str, *, to_write: bool = False) -> "YearOf":
    """The contract's year in a workspace, its store open."""
    from yoc.workflow import store_place
    from yoc.workflow.year import YearOf

    financial_year = usage(FinancialYear.parse, year)
    store = store_place.open_store(directory, store_place.system_clock, to_write=to_write)
    return YearOf(directory, store, contract, financial_year)


def today() -> dt.date:
    """The day it is, in UTC as everything in the store."""
    from yoc.workflow import store_place

    return store_place.system_clock().date()


def moment(as_of: str | None) -> dt.datetime | None:
    """The past moment that is asked about, where one is."""
    from yoc.workflow.year_view import moment_of

    if as_of is None:
        return None
    try:
        return moment_of(as_of)
    except PeriodError as error:
        raise typer.BadParameter(str(error)) from None


def say_plain(text: str) -> None:
    """A line of a result."""
    output().print(text, **_PLAIN)


def print_json(content: Mapping[str, Any] | Sequence[Any]) -> None:
    """Rows for programs."""
    typer.echo(json.dumps(content, indent=1, ensure_ascii=False))


def print_rows(headings: Sequence[str], rows: Sequence[Sequence[str]], figures_from: int) -> None:
    """A table; columns from ``figures_from`` on stand at the right."""
    console = output()
    table = Table(box=box.SIMPLE_HEAD if console.encoding.lower().startswith("utf") else box.ASCII, pad_edge=False)
    for place, heading in enumerate(headings):
        figures = place >= figures_from
        table.add_column(heading, justify="right" if figures else "left", overflow="fold", no_wrap=figures)
    for row in rows:
        table.add_row(*row)
    console.print(table, markup=False, highlight=False)
