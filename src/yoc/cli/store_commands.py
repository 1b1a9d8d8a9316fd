"""`yoc store ...`: looking after what was recorded."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from yoc.cli.faults import code_of, findings_text, told_plainly
from yoc.cli.terminal import say
from yoc.cli.year_options import HERE, AsJson, AsOf, By, Directory, moment, print_json, say_plain
from yoc.core.money import format_pounds

store_app = typer.Typer(
    name="store",
    help="The store of a workspace: check it, bring it to another version, post a run that lies in its folder.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
BackedUp = Annotated[bool, typer.Option("--backed-up", help="A copy of a server's store was made by other means.")]


@store_app.command()
def check(
    last_hash: Annotated[
        str, typer.Option("--last-hash", help="A hash that was noted before: is it there, and what came after it?")
    ] = "",
    as_of: AsOf = None,
    json: AsJson = False,
    directory: Directory = HERE,
) -> None:
    """Check the journal's chain, seals and sums, the runs' folders, that changes are refused. Says its last hash."""
    with told_plainly(say):
        from yoc.workflow import store_place
        from yoc.workflow.store_care import check_store

        store = store_place.open_store(directory, store_place.system_clock)
        checked = check_store(store, directory, last_hash, moment(as_of))
    if checked.findings:
        say(findings_text(checked.findings))
        raise typer.Exit(code_of(checked.findings))
    if json:
        print_json(asdict(checked) | {"findings": []})
        return
    say_plain(
        f"{store.shown}, version {checked.version}: {checked.postings} postings, {checked.entries} entries, "
        f"{checked.runs} runs, {checked.runs_with_folder} of them in their folders here."
    )
    then = f"It ended at the end of {as_of} in" if as_of else "It ends in"
    say_plain(f"The chain holds, and every posting comes to nothing. {then} {checked.last_hash}.")
    if checked.noted:
        noted = checked.noted
        say_plain(
            f"The hash that was noted is that of entry {noted.entry}, posting {noted.posting}, recorded "
            f"{noted.recorded_at} by {noted.recorded_by}. Nothing before it was changed or taken away; "
            f"{noted.postings_since} postings with {noted.entries_since} entries came after it."
        )


@store_app.command()
def upgrade(backed_up: BackedUp = False, directory: Directory = HERE) -> None:
    """Bring an older store to this program's version, after a copy, with rows and pence counted before and after."""
    _migrate(directory, None, backed_up)


@store_app.command()
def downgrade(
    to: Annotated[str, typer.Option("--to", help="The version to go back to, as 0001.")],
    backed_up: BackedUp = False,
    directory: Directory = HERE,
) -> None:
    """Bring a store back to an older version; refused where that version cannot hold what was recorded."""
    _migrate(directory, to, backed_up)


def _migrate(directory: Path, target: str | None, backed_up: bool) -> None:
    with told_plainly(say):
        from yoc.workflow import store_place
        from yoc.workflow.store_care import migrate_store

        store = store_place.store_of(directory, store_place.system_clock)
        done = migrate_store(store, target, backed_up=backed_up, copies=directory / "reconciliation")
    say_plain(f"{store.shown}: from version {done.before} to {done.after}. Copy: {done.copy}.")
    say_plain(f"{done.rows} rows, {format_pounds(done.pence)} in all, before and after.")


@store_app.command()
def post(
    run: Annotated[Path, typer.Argument(help="The run's folder: reconciliation/YEAR/CONTRACT/runs/RUN")],
    by: By = "",
) -> None:
    """Post a run whose folder is there and which the store does not have. Posting it again changes nothing."""
    with told_plainly(say):
        from yoc.workflow import store_place
        from yoc.workflow.plan import Workspace
        from yoc.workflow.posting import post_run, read_evidence

        evidence = read_evidence(run)
        store = store_place.open_store(Workspace.around(run).root, store_place.system_clock, to_write=True)
        posted = post_run(store, evidence, by)
    if posted.known:
        say_plain(f"The run {posted.run_id} was recorded before: nothing was posted.")
    else:
        stands = f"{posted.movements} movements posted" if posted.stands else "it does not stand: yoc restate lets it"
        say_plain(f"The run {posted.run_id} is recorded: {stands}.")
