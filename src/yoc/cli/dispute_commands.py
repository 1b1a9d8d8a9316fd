"""`yoc dispute ...`: what a party does not accept, and what became of it."""

from typing import Annotated

import typer

from yoc.cli.faults import told_plainly
from yoc.cli.money_commands import Amount, Code
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
    day_of,
    moment,
    named,
    pence_of,
    print_json,
    say_plain,
    today,
    year_in,
)
from yoc.core.money import format_pounds

dispute_app = typer.Typer(
    name="dispute",
    help="Raise, answer, settle and list disputes about lines; what nobody disputes stays payable.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
Number = Annotated[int, typer.Argument(metavar="DISPUTE", help="The dispute's number.")]
On = Annotated[str | None, typer.Option("--on", help="The day of this step; today unless said.")]


@dispute_app.command("raise")
def raise_(
    contract: ContractName,
    year: YearName,
    host: Annotated[str, typer.Option(metavar="CODE", help="The host on whose statement the line is.")],
    line: Annotated[str, typer.Option(help="The line's name, as `yoc journal` lists it.")],
    amount: Amount,
    evidence: Evidence,
    more: Annotated[bool, typer.Option("--more", help="The line should be larger by the amount, not smaller.")] = False,
    on: On = None,
    by: By = "",
    directory: Directory = HERE,
) -> None:
    """Dispute a line, or a part of its amount; with --more, claim that it should be larger.

    What is disputed of a line is not payable until it is settled, and is no more than the line comes to. A claim of
    more leaves all of the line payable; what is agreed of it is added to the line when it is settled.
    """
    with told_plainly(say):
        from yoc.workflow.disputes import raise_dispute

        who, pence, day = named(by), pence_of(amount), day_of(on) or today()
        found = year_in(directory, contract, year, to_write=True)
        view = raise_dispute(found, host, line, pence, evidence, who, day, more=more)
    say_plain(view.in_words())


@dispute_app.command()
def answer(
    contract: ContractName,
    year: YearName,
    dispute: Number,
    outcome: Annotated[str, typer.Option(help="accepted, rejected, part_accepted or escalated.")],
    evidence: Evidence,
    amount: Annotated[str | None, typer.Option(help="How much is accepted, where a part is.")] = None,
    on: On = None,
    by: By = "",
    directory: Directory = HERE,
) -> None:
    """Answer a dispute, or escalate it. No money moves before it is settled."""
    with told_plainly(say):
        from yoc.workflow.disputes import answer_dispute

        who, day, pence = named(by), day_of(on) or today(), pence_of(amount) if amount else None
        found = year_in(directory, contract, year, to_write=True)
        view = answer_dispute(found, dispute, outcome, pence, evidence, who, day)
    say_plain(view.in_words())


@dispute_app.command()
def settle(
    contract: ContractName,
    year: YearName,
    dispute: Number,
    agreed: Annotated[
        str,
        typer.Option(
            help="How much was agreed: it is taken off the line, or added where more was claimed; £0 for nothing."
        ),
    ],
    evidence: Evidence,
    reason: Code = "coding_challenge",
    on: On = None,
    by: By = "",
    directory: Directory = HERE,
) -> None:
    """End a dispute: what was agreed becomes an adjustment of the line."""
    with told_plainly(say):
        from yoc.workflow.disputes import settle_dispute

        who, day, pence = named(by), day_of(on) or today(), pence_of(agreed)
        found = year_in(directory, contract, year, to_write=True)
        view = settle_dispute(found, dispute, pence, reason, evidence, who, day)
    say_plain(f"{view.in_words()} {format_pounds(pence)} was agreed.")


@dispute_app.command("list")
def list_(
    contract: ContractName,
    year: YearName,
    as_of: AsOf = None,
    json: AsJson = False,
    directory: Directory = HERE,
) -> None:
    """Every dispute of a year, its steps, and what is late."""
    with told_plainly(say):
        from yoc.workflow.year_view import dispute_rows

        found = year_in(directory, contract, year)
        rows = dispute_rows(found, moment(as_of))
    if json:
        print_json({"contract": contract, "year": str(found.year), "as_of": as_of or "", "disputes": rows})
        return
    if not rows:
        say_plain(f"{found.shown} has no disputes.")
    for row in rows:
        say_plain(row["in_words"])
        if row["line_in_words"]:
            say_plain(f"  {row['line_in_words']}")
        for step in row["steps"]:
            late = f", late (due by {step['was_due_on']})" if step["late"] else ""
            said = f"{step['step']}{' ' + step['outcome'].replace('_', ' ') if step['outcome'] else ''}"
            who = f"{format_pounds(step['pence'])} by {step['by']} ({step['evidence']})"
            say_plain(f"  {step['happened_on']}  {said} {who}{late}")
