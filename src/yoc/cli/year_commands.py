"""`yoc year ...`: the states of a contract's year, and who brought it into them."""

import re
from pathlib import Path
from typing import Annotated

import typer

from yoc.cli.faults import told_plainly
from yoc.cli.terminal import say
from yoc.cli.year_options import (
    HERE,
    AsJson,
    AsOf,
    By,
    ContractName,
    Directory,
    Evidence,
    YearName,
    moment,
    named,
    print_json,
    print_rows,
    say_plain,
    today,
    year_in,
)
from yoc.core.money import format_pounds

year_app = typer.Typer(
    name="year",
    help="A contract's year: open, flex (first reconciliation), freeze (final), close, reopen.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
Reason = Annotated[str, typer.Option("--reason", help="Why, in a few words.")]


def _move(act: str, contract: str, year: str, by: str, directory: "Directory", reason: str, evidence: str) -> None:
    with told_plainly(say):
        from yoc.workflow.posting import post_pending
        from yoc.workflow.year import STATES, move_year

        who = named(by)
        found = year_in(directory, contract, year, to_write=True)
        if act not in ("open", "reopen"):
            post_pending(found.store, found, who)
        state = move_year(found, act, who, reason, evidence)
        say_plain(f"{found.shown} is {STATES[state]}. By {who}.")


@year_app.command("open")
def open_(contract: ContractName, year: YearName, by: By = "", directory: Directory = HERE) -> None:
    """Open a year before its first run; `yoc reconcile` opens it too. Payments and adjustments can be recorded then."""
    _move("open", contract, year, by, directory, "", "")


@year_app.command()
def flex(contract: ContractName, year: YearName, by: By = "", directory: Directory = HERE) -> None:
    """First reconciliation: the run that stands is what the parties look at. Later runs need `yoc restate`."""
    _move("flex", contract, year, by, directory, "", "")


@year_app.command()
def freeze(contract: ContractName, year: YearName, by: By = "", directory: Directory = HERE) -> None:
    """Final reconciliation: the run that stands is signed."""
    _move("freeze", contract, year, by, directory, "", "")


@year_app.command()
def close(contract: ContractName, year: YearName, by: By = "", directory: Directory = HERE) -> None:
    """Close a year in which nothing is outstanding and no dispute is open. Nothing changes after it."""
    _move("close", contract, year, by, directory, "", "")


@year_app.command()
def reopen(
    contract: ContractName,
    year: YearName,
    reason: Reason,
    evidence: Evidence = "",
    by: By = "",
    directory: Directory = HERE,
) -> None:
    """Open a closed year again, with a reason that stays on record."""
    if not reason.strip():
        raise typer.BadParameter("say why it is opened again: --reason")
    _move("reopen", contract, year, by, directory, reason, evidence)


@year_app.command()
def show(
    contract: ContractName,
    year: YearName,
    as_of: AsOf = None,
    json: AsJson = False,
    directory: Directory = HERE,
) -> None:
    """A year's state and its history: who did what and when, which runs there are, which stands and why."""
    with told_plainly(say):
        from yoc.workflow.year_view import year_rows

        rows = year_rows(year_in(directory, contract, year), moment(as_of))
    if json:
        print_json(rows)
        return
    stands = f" The run {rows['run_that_stands']} stands." if rows["run_that_stands"] else ""
    say_plain(f"{contract} {rows['year']} is {rows['in_words']}.{stands}")
    if rows["unsigned_in_words"]:
        say_plain(rows["unsigned_in_words"])
    for row in rows["history"]:
        say_plain(f"  {row['recorded_at']}  {row['in_words']}")


@year_app.command("list")
def list_(
    contract: ContractName,
    year: YearName,
    what: Annotated[
        str,
        typer.Argument(
            metavar="WHAT",
            help="postings, contracts, prices, runs, parties, lines, findings, taken-off, standings, states, "
            "sign-offs, adjustments, statements, payments, disputes, dispute-steps or entries.",
        ),
    ],
    run: Annotated[str, typer.Option("--run", help="Of which run, for parties, lines, findings, taken-off.")] = "",
    out: Annotated[Path | None, typer.Option(help="Write every field too: a .csv or .xlsx file.")] = None,
    as_of: AsOf = None,
    json: AsJson = False,
    directory: Directory = HERE,
) -> None:
    """What was recorded of a year, one table of the store at a time, with who recorded each row and when."""
    with told_plainly(say):
        from yoc.workflow.records import kept_rows, shown_columns, write_rows

        found = year_in(directory, contract, year)
        rows = kept_rows(found, what, run, moment(as_of))
        if out is not None:
            write_rows(found, what, rows, out, (as_of or str(today()))[:10])
    if json:
        print_json({"contract": contract, "year": str(found.year), "as_of": as_of or "", what: rows})
        return
    columns = shown_columns(what)
    figures = sum(name.endswith("pence") for name in columns)
    shown = [[_cell(name, row[name]) for name in columns] for row in rows]
    print_rows(list(columns.values()), shown, len(columns) - figures)
    say_plain(f"{len(rows)} {what.replace('-', ' ')} of {found.shown}.")
    if out is not None:
        say(f"Written: {out}")


def _cell(name: str, value: object) -> str:
    """A cell of a terminal's table: pounds, the beginning of a hash, the day of a moment."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int) and name.endswith("pence"):
        return format_pounds(value)
    text = "" if value is None else str(value)
    if re.fullmatch("[0-9a-f]{64}", text):
        return text[:12]
    return text[:10] if name == "recorded_at" else text
