"""The commands."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from rich.console import Console

from yoc import __version__
from yoc.cli.budget_command import budget_app
from yoc.cli.check_command import check
from yoc.cli.compare_command import compare
from yoc.cli.contract_commands import contract_app
from yoc.cli.digest_command import digest, digest_diff
from yoc.cli.dispute_commands import dispute_app
from yoc.cli.evidence_command import evidence
from yoc.cli.explain_command import explain
from yoc.cli.faults import ExitCode, told_plainly
from yoc.cli.intake_command import intake_app
from yoc.cli.money_commands import adjust, balances, issue, journal, pay, restate
from yoc.cli.progress import TerminalProgress
from yoc.cli.pseudonymise_command import pseudonymise
from yoc.cli.settle_command import settle
from yoc.cli.sign_command import sign
from yoc.cli.store_commands import store_app
from yoc.cli.tariff_command import tariff_app
from yoc.cli.terminal import output, say
from yoc.cli.verify_command import verify
from yoc.cli.year_commands import year_app
from yoc.cli.year_options import AsJson, print_json, say_plain

if TYPE_CHECKING:
    from yoc.synth import Sizes
    from yoc.workflow.posting import Posted
    from yoc.workflow.reconcile import Run as SettledRun

app = typer.Typer(
    name="yoc",
    help="Year of Care contracts for the NHS in England: who owes whom what, to the penny, with the proof.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
contract_app.command()(check)
app.add_typer(contract_app, name="contract")
app.add_typer(tariff_app, name="tariff")
app.add_typer(budget_app, name="budget")
app.add_typer(intake_app, name="intake")
app.command()(settle)
app.command()(pseudonymise)
app.command()(evidence)
app.command()(explain)


def main() -> None:
    """Run the command line. Output that a console cannot show is replaced, never a reason to fail."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    app()


@app.callback(invoke_without_command=True)
def _root(
    version: Annotated[bool, typer.Option("--version", help="Print the version and leave.")] = False,
) -> None:
    if version:
        typer.echo(f"yoc {__version__}")
        raise typer.Exit(ExitCode.DONE)


@app.command()
def init(directory: Annotated[Path, typer.Argument(help="The folder to lay the workspace in.")]) -> None:
    """Lay an empty workspace: contracts, tariffs, data, reconciliation, reports. Changes no file that is there."""
    from yoc.workflow.workspace import lay_empty

    with told_plainly(say):
        made = lay_empty(directory)
    typer.echo(f"{directory} is a workspace; {len(made)} files made. Read {directory / 'README.txt'} next.")


@app.command()
def reconcile(
    plan: Annotated[Path, typer.Argument(help="The plan to settle: reconciliation/YEAR/CONTRACT/plan.yaml")],
    by: Annotated[
        str, typer.Option("--by", envvar="YOC_BY", help="Who records the run: the plan's preparer unless said.")
    ] = "",
    if_changed: Annotated[
        bool,
        typer.Option(
            "--if-changed", help="Say so in one line, and do nothing, where no byte of what is named changed."
        ),
    ] = False,
    json: AsJson = False,
    engine: Annotated[
        Literal["duckdb", "spark"],
        typer.Option("--engine", help="What does the line-level work; the figures are equal."),
    ] = "duckdb",
) -> None:
    """Settle a plan: from national files to statements and evidence, written whole or not at all."""
    with told_plainly(say):
        _reconcile(plan, by.strip(), engine, if_changed=if_changed, as_json=json)


@app.command()
def demo(
    directory: Annotated[Path, typer.Option("--directory", help="The folder to work in.")] = Path(),
) -> None:
    """Make the synthetic sample in this folder (once) and settle it."""
    from yoc.synth import Sizes
    from yoc.workflow.workspace import SAMPLE_DATA, SAMPLE_PLAN, lay_sample

    with told_plainly(say):
        lay_sample(directory)
        if not (directory / SAMPLE_DATA).is_dir():
            _synthesise(directory, Sizes())
        _reconcile(directory / SAMPLE_PLAN)


@app.command()
def synth(
    directory: Annotated[Path, typer.Option("--directory", help="The workspace to make the sample in.")] = Path(),
    people: Annotated[
        int | None, typer.Option(help="People of the cohort: 43,300, or 2,000 with --every-file.", min=500)
    ] = None,
    lines: Annotated[
        int | None, typer.Option(help="Activity lines: 900,000, or 60,000 with --every-file.", min=5_000)
    ] = None,
    seed: Annotated[int, typer.Option(help="The seed: the same seed gives the same files.", min=0)] = 20_260_401,
    every_file: Annotated[
        bool, typer.Option("--every-file", help="Make the small sample that holds every national file instead.")
    ] = False,
) -> None:
    """Make the synthetic sample's files again: people, registrations, activity, results, payments, planted faults."""
    from yoc.synth import EVERY_FILE_SIZES, Sizes
    from yoc.workflow.workspace import lay_sample

    usual = EVERY_FILE_SIZES if every_file else Sizes()
    with told_plainly(say):
        lay_sample(directory, every_file=every_file)
        sizes = Sizes(people=people or usual.people, lines=lines or usual.lines, seed=seed)
        _synthesise(directory, sizes, every_file=every_file)


def _synthesise(directory: Path, sizes: "Sizes", *, every_file: bool = False) -> None:
    from yoc.synth import generate, generate_every_file
    from yoc.workflow.workspace import EVERY_FILE_DATA, SAMPLE_DATA, SAMPLE_PRICES

    prices, data = directory / SAMPLE_PRICES, directory / (EVERY_FILE_DATA if every_file else SAMPLE_DATA)
    make = generate_every_file if every_file else generate
    progress = TerminalProgress(Console(stderr=True))
    with progress.stage("Making the sample", 1) as step:
        counts = make(data, sizes=sizes, prices=prices / "prices.csv", market_forces=prices / "mff.csv")
        step()
    faults = "kinds_of_fault" if every_file else "planted_faults"
    lines = "plcm_lines" if every_file else "plcm_lines_load_1"
    typer.echo(
        f"Synthetic sample in {data.as_posix()}: {counts['cohort_people']:,} people in the "
        f"cohort, {counts[lines]:,} activity lines, {counts[faults]} kinds of fault planted."
    )


def _reconcile(
    plan: Path,
    by: str = "",
    engine: Literal["duckdb", "spark"] = "duckdb",
    *,
    if_changed: bool = False,
    as_json: bool = False,
) -> None:
    from yoc.workflow import store_place
    from yoc.workflow.plan import Workspace
    from yoc.workflow.reconcile import look_at
    from yoc.workflow.restate import settle_and_post, unchanged

    root = Workspace.around(plan).root
    store = store_place.open_store(root, store_place.system_clock, to_write=True)
    progress = TerminalProgress(Console(stderr=True))
    look = look_at(plan, progress) if if_changed else None
    known = unchanged(root, store, look) if look else None
    if look and known:
        if as_json:
            print_json(_for_programs(known, look.run_folder, look.report_folder, changed=False))
        else:
            stands = "stands" if known.stands else "is recorded; another run stands"
            say_plain(f"Nothing has changed: {known.run_id} {stands}.")
        return
    run, posted = settle_and_post(plan, root, store, progress, by, look, engine)
    if as_json:
        print_json(_for_programs(posted, run.run_folder, run.report_folder, changed=not run.existed))
    else:
        _print_run(run, posted)


def _for_programs(posted: "Posted", run_folder: Path, report_folder: Path, *, changed: bool) -> dict[str, Any]:
    """What a scheduled job wants to know: whether there is a new run, whether it stands, and where it lies."""
    return {
        "changed": changed,
        "run_id": posted.run_id,
        "stands": posted.stands,
        "movements": posted.movements,
        "recorded_first": list(posted.recorded_first),
        "evidence": _shown(run_folder),
        "statements": _shown(report_folder),
    }


def _print_run(run: "SettledRun", posted: "Posted") -> None:
    from yoc.cli.beside_output import print_beside
    from yoc.cli.table import print_settlement

    console = output()
    print_settlement(console, run.settlement)
    if "beside" in run.settlement:
        print_beside(console, run.settlement["beside"])
    if run.existed:
        changed = "its statements were made again" if run.statements_made else "nothing was changed"
        console.print(f"This run exists already and {changed}: {run.settlement['run_id']}", highlight=False)
    console.print(f"Evidence:   {_shown(run.run_folder)}", highlight=False, soft_wrap=True)
    console.print(f"Statements: {_shown(run.report_folder)}", highlight=False, soft_wrap=True)
    console.print(f"Store:      {_said_of(posted)}", highlight=False, soft_wrap=True)
    for name in posted.recorded_first:
        console.print(f"            {name} lay in its folder alone, and was recorded first", highlight=False)


def _said_of(posted: "Posted") -> str:
    """What became of the run in the store."""
    if not posted.stands:
        return "recorded; another run stands, and `yoc restate PLAN --reason CODE --evidence REF` posts what differs"
    if posted.known:
        return "this run was recorded before, and stands"
    return f"{posted.movements} movements recorded, and the run stands" if posted.movements else "recorded; it stands"


def _shown(folder: Path) -> str:
    """A folder as the user would type it: from where they stand, where it is below that."""
    here = Path.cwd()
    return folder.relative_to(here).as_posix() if folder.is_relative_to(here) else str(folder)


for command in (restate, adjust, issue, pay, balances, journal, digest, digest_diff, compare):
    app.command()(command)
app.command()(verify)
app.command()(sign)
app.add_typer(year_app, name="year")
app.add_typer(dispute_app, name="dispute")
app.add_typer(store_app, name="store")
