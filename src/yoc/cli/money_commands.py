"""`yoc restate`, `adjust`, `issue`, `pay`, `balances`, `journal`: the money of a year after it was settled."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from yoc.cli.faults import told_plainly
from yoc.cli.progress import TerminalProgress
from yoc.cli.terminal import say
from yoc.cli.year_options import (
    HERE,
    AsJson,
    AsOf,
    By,
    ContractName,
    Directory,
    EffectiveOn,
    Evidence,
    YearName,
    day_of,
    moment,
    named,
    pence_of,
    print_json,
    print_rows,
    say_plain,
    today,
    year_in,
)
from yoc.core.money import format_pounds

Payer = Annotated[str, typer.Option("--payer", metavar="CODE", help="The party that pays.")]
Payee = Annotated[str, typer.Option("--payee", metavar="CODE", help="The party that is paid.")]
Amount = Annotated[str, typer.Option("--amount", help="The sum, as £1,234.56.")]
Code = Annotated[
    str,
    typer.Option(
        "--reason",
        help="Why: late_data, price_reissue, coding_challenge, arithmetic_fault or agreed_variation.",
    ),
]


def restate(
    plan: Annotated[Path, typer.Argument(help="The plan, its inputs as they are now.")],
    reason: Code,
    evidence: Evidence,
    by: By = "",
) -> None:
    """Settle a plan again and post only what differs from the run that stands, line by line, with the reason."""
    with told_plainly(say):
        from yoc.workflow import restate as workflow
        from yoc.workflow import store_place
        from yoc.workflow.plan import Workspace

        who = named(by)
        root = Workspace.around(plan).root
        store = store_place.open_store(root, store_place.system_clock, to_write=True)
        progress = TerminalProgress(Console(stderr=True))
        run, posted, corrections = workflow.restate(plan, root, store, reason, evidence, who, progress)
        year = workflow.year_of(root, store, run.settlement)
        touched = workflow.disputes_touched(year, corrections)
        beyond = workflow.agreed_beyond_lines(year, corrections)
    for name in posted.recorded_first:
        say_plain(f"The run {name} lay in its folder alone, and was recorded first.")
    if not corrections:
        same = "stands already" if posted.known else "differs in no line from the one before, and stands now"
        say_plain(f"The run {posted.run_id} {same}: nothing was posted.")
        return
    headings = ("Host", "Line", "Clause", "From", "To", "Difference")
    rows = [(row.host, row.name, row.clause, row.payer, row.payee, format_pounds(row.pence)) for row in corrections]
    print_rows(headings, rows, 5)
    say_plain(f"The run {posted.run_id} stands now: {posted.movements} differences posted, {reason} ({evidence}).")
    for view in touched:
        say_plain(f"{view.in_words()} {view.line_in_words()} It stays open until it is settled.")
    for line in beyond:
        say_plain(line.in_words())


def adjust(
    contract: ContractName,
    year: YearName,
    payer: Annotated[str, typer.Option("--payer", metavar="CODE", help="The party that pays.")] = "",
    payee: Annotated[str, typer.Option("--payee", metavar="CODE", help="The party that is paid.")] = "",
    amount: Annotated[str, typer.Option("--amount", help="The sum, as £1,234.56.")] = "",
    reason: Code = "",
    evidence: Evidence = "",
    effective: Annotated[str | None, typer.Option(help="From which day it holds; the year's last unless said.")] = None,
    file: Annotated[
        Path | None, typer.Option("--file", help="Record the rows of a file (CSV or Excel) instead, all or none.")
    ] = None,
    by: By = "",
    directory: Directory = HERE,
) -> None:
    """Record what two parties agreed beside the runs. A sum below nothing makes less of what the payer owes."""
    one = {"--payer": payer, "--payee": payee, "--amount": amount, "--reason": reason, "--evidence": evidence}
    lacking = [name for name, value in one.items() if not value]
    if file is not None and (len(lacking) < len(one) or effective):
        raise typer.BadParameter("a file says all about its rows: leave the other options out, or leave out --file")
    if file is None and lacking:
        raise typer.BadParameter(f"say {', '.join(lacking)}; or name a file of adjustments: --file adjustments.csv")
    with told_plainly(say):
        if file is not None:
            _adjust_from_file(contract, year, file, named(by), directory)
            return
        from yoc.workflow.year_money import adjust as record

        who, pence, day = named(by), pence_of(amount), day_of(effective)
        found = year_in(directory, contract, year, to_write=True)
        posting = record(found, payer, payee, pence, reason, evidence, who, day)
    say_plain(f"Posting {posting}: {payer} owes {payee} {_more_or_less(pence)}, {reason} ({evidence}).")


def _more_or_less(pence: int) -> str:
    return f"{format_pounds(abs(pence))} {'more' if pence > 0 else 'less'}"


def _adjust_from_file(contract: str, year: str, file: Path, by: str, directory: Path) -> None:
    from yoc.workflow.adjustments_file import adjust_from_file

    done = adjust_from_file(year_in(directory, contract, year, to_write=True), file, by)
    for posting, row in done.recorded:
        more = f"{row.payer} owes {row.payee} {_more_or_less(row.pence)}"
        say_plain(f"Posting {posting}: {row.reference}: {more}, {row.reason} ({row.evidence}).")
    before = f" {done.known} recorded before: nothing was posted again for them." if done.known else ""
    say_plain(f"{len(done.recorded)} adjustments of {file.name} recorded.{before}")


def issue(
    contract: ContractName,
    year: YearName,
    on: Annotated[str | None, typer.Option("--on", help="The day of issue; today unless said.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write a workbook for each statement into this folder, to be sent.")
    ] = None,
    again: Annotated[
        str, typer.Option("--again", metavar="STATEMENT", help="Issue nothing; write this statement into --out again.")
    ] = "",
    by: By = "",
    directory: Directory = HERE,
) -> None:
    """Issue statements: what is accrued becomes invoiced, one statement for each party that owes.

    What only takes back an earlier statement that was not paid is a credit against it, and asks for nothing.
    """
    if again and out is None:
        raise typer.BadParameter("say into which folder: --out")
    if again and out is not None:
        _write_again(contract, year, again, out, directory)
        return
    files: list[Path] = []
    with told_plainly(say):
        from yoc.workflow.statement_file import make_folder, write_statements
        from yoc.workflow.year_money import issue as record

        who, day = named(by), day_of(on) or today()
        found = year_in(directory, contract, year, to_write=True)
        if out is not None:
            make_folder(out)
        issued, ends_in = record(found, who, day)
        if out is not None:
            files = write_statements(found, issued[0].posting, out)
    asked = [(one.number, one.owing, one.owed, format_pounds(one.asked_pence)) for one in issued if one.asked_pence]
    if asked:
        print_rows(("Statement", "Owing", "Owed", "Asked for"), asked, 3)
    credits = [one for one in issued if one.credit_pence]
    if credits:
        rows = [
            (one.number, one.owed, one.owing, ", ".join(one.against), format_pounds(one.credit_pence))
            for one in credits
        ]
        print_rows(("Statement", "Credited", "By", "Against", "Credit"), rows, 4)
    for one in credits:
        say_plain(one.credit_in_words())
    say_plain(f"The journal ends in {ends_in}.")
    say_plain("Send that with the statements: `yoc store check --last-hash` finds it again, and what came after it.")
    if out is not None:
        many = "1 workbook" if len(files) == 1 else f"{len(files)} workbooks"
        say_plain(f"{many} written into {out.as_posix()}: {', '.join(file.name for file in files)}.")


def _write_again(contract: str, year: str, number: str, out: Path, directory: Path) -> None:
    with told_plainly(say):
        from yoc.workflow.statement_file import posting_of, write_statements

        found = year_in(directory, contract, year)
        (file,) = write_statements(found, posting_of(found, number), out, number)
    say_plain(f"Nothing was issued. {file.as_posix()} is the statement as it was issued.")


def pay(
    contract: ContractName,
    year: YearName,
    payer: Payer,
    payee: Payee,
    amount: Amount,
    reference: Annotated[str, typer.Option(help="The payment's reference, used once in the year.")],
    on: Annotated[str | None, typer.Option("--on", help="The day of payment; today unless said.")] = None,
    kind: Annotated[str, typer.Option(help="on_account (before the settlement) or final.")] = "final",
    by: By = "",
    directory: Directory = HERE,
) -> None:
    """Record a payment. One on account that the settlement takes off, by its reference, counts once."""
    with told_plainly(say):
        from yoc.workflow.year_money import pay as record

        who, pence, day = named(by), pence_of(amount), day_of(on) or today()
        found = year_in(directory, contract, year, to_write=True)
        posting = record(found, payer, payee, pence, reference, kind, day, who)
    say_plain(f"Posting {posting}: {payer} paid {payee} {format_pounds(pence)} on {day} ({reference}).")


def balances(
    contract: ContractName,
    year: YearName,
    out: Annotated[Path | None, typer.Option(help="Write them too: a .csv or .xlsx file.")] = None,
    as_of: AsOf = None,
    effective_on: EffectiveOn = None,
    json: AsJson = False,
    directory: Directory = HERE,
) -> None:
    """Who owes whom: invoiced, accrued, disputed, paid, outstanding, and which statements and agreements are needed."""
    with told_plainly(say):
        from yoc.workflow.balances_file import COLUMNS, write_balances
        from yoc.workflow.year_view import balance_rows, open_dispute_rows, open_disputes_note

        found, known_at, held_on = year_in(directory, contract, year), moment(as_of), day_of(effective_on)
        rows = balance_rows(found, known_at, held_on)
        disputes = open_dispute_rows(found, known_at, held_on)
        if out is not None:
            write_balances(found, rows, out, (as_of or str(today()))[:10], disputes)
    if json:
        print_json(
            {
                "contract": contract,
                "year": str(found.year),
                "as_of": as_of or "",
                "effective_on": effective_on or "",
                "balances": rows,
                "open_disputes": disputes,
            }
        )
    else:
        names = [name for name in COLUMNS if name not in ("due_pence", "statement_needed", "agreement_needed")]
        needed = [_needed(row["statement_needed"], row["agreement_needed"]) for row in rows]
        shown = [
            [row[name] if not name.endswith("pence") else format_pounds(row[name]).replace("£", "") for name in names]
            for row in rows
        ]
        headings = [COLUMNS[name] for name in names]
        print_rows([*headings, "Needs"], [[*cells, need] for cells, need in zip(shown, needed, strict=True)], 2)
        known = f"as known at the end of {as_of}" if as_of else "as known now"
        known += f", of what holds from {effective_on} or before" if effective_on else ""
        say_plain(f"{found.shown}, {known}. Pounds; invoiced and accrued, less paid, are outstanding.")
        if disputes:
            say_plain(open_disputes_note(disputes))
    if out is not None:
        say(f"Written: {out}")


def _needed(statement: bool, agreement: bool) -> str:
    return "agreement" if agreement else "statement" if statement else "-"


def journal(
    contract: ContractName,
    year: YearName,
    as_of: AsOf = None,
    effective_on: EffectiveOn = None,
    json: AsJson = False,
    directory: Directory = HERE,
) -> None:
    """Every movement of a year in the order in which it was recorded: who pays whom, why, and what it supersedes."""
    with told_plainly(say):
        from yoc.workflow.year_view import journal_rows

        found = year_in(directory, contract, year)
        rows = journal_rows(found, moment(as_of), day_of(effective_on))
    if json:
        print_json(
            {
                "contract": contract,
                "year": str(found.year),
                "as_of": as_of or "",
                "effective_on": effective_on or "",
                "movements": rows,
            }
        )
        return
    headings = ("Entry", "Kind", "Host", "Line", "From", "To", "Reason", "Corrects", "Amount")
    names = ("entry", "kind", "host", "name", "payer", "payee", "reason", "supersedes")
    shown = [[*(str(row[name] or "") for name in names), format_pounds(row["pence"])] for row in rows]
    print_rows(headings, shown, 8)
    say_plain(f"{len(rows)} movements of {found.shown}.")
