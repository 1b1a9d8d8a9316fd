"""`yoc intake ...`: files read alone, and the profiles by which they are read."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from yoc.cli.faults import finding_text, told_plainly
from yoc.cli.terminal import output, say
from yoc.core.periods import FinancialYear, PeriodError

if TYPE_CHECKING:
    from yoc.workflow.read_files import ReadFiles


class _FilesFirst(TyperGroup):
    """A group of which the first command may go without its name: `yoc intake FILE` reads FILE."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        first = args[0] if args else ""
        return super().parse_args(ctx, args if first in (*self.commands, "--help", "") else ["read", *args])


intake_app = typer.Typer(
    name="intake",
    cls=_FilesFirst,
    help="Read files and print what became of their rows: yoc intake FILE... Or look at profiles.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
profile_app = typer.Typer(
    name="profile",
    help="The profiles by which files are read: list them, show one, draft one for a file.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
intake_app.add_typer(profile_app, name="profile")


@intake_app.command()
def read(
    files: Annotated[list[Path], typer.Argument(help="Files, folders, ZIPs or 'patterns*', in order of arrival.")],
    profile: Annotated[str, typer.Option(help="How they are read; unless said, each file's headers tell.")] = "",
    rejects: Annotated[Path | None, typer.Option(help="Write the rows kept out, and why: a .csv file.")] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Write the rejects over a file that is no list of rejects.")
    ] = False,
    year: Annotated[
        str | None, typer.Option(help="The year that they should hold, as 2026/27; later months are told.")
    ] = None,
) -> None:
    """Read files alone, without a plan, and print what became of their rows and by which rules."""
    try:
        wanted = FinancialYear.parse(year) if year else None
    except PeriodError as error:
        raise typer.BadParameter(str(error), param_hint="--year") from None
    with told_plainly(say):
        from yoc.cli.intake_output import print_read
        from yoc.workflow.read_files import read_files, refuse_rejects, write_rejects

        if rejects is not None:
            refuse_rejects(rejects, files, replace=replace)
        done: ReadFiles = read_files(files, profile, wanted, wanted.last_day if wanted else None)
        if rejects is not None:
            write_rejects(done, rejects)
    print_read(output(), done)
    if rejects is not None:
        typer.echo(f"Written: {rejects}")


@profile_app.command()
def new(
    file: Annotated[Path, typer.Argument(help="The file to draft a profile for.")],
    out: Annotated[Path | None, typer.Option(help="Write it: profiles/NAME.yaml. Unless said, it is printed.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Draft it though a profile of the package reads it.")] = False,
) -> None:
    """Draft a profile from a file's headers and first rows. No value of a row is shown; guesses say `# check:`."""
    with told_plainly(say):
        from yoc.workflow.draft_profile import draft_for, write_draft

        text = draft_for(file, out, force=force)
        if out is not None:
            write_draft(text, out)
    if out is None:
        typer.echo(text, nl=False)
    else:
        typer.echo(f"{out.as_posix()} is drafted: look at each `# check:`, then read the file with it.")


@profile_app.command(name="list")
def list_profiles() -> None:
    """List the profiles of the package and of this workspace."""
    with told_plainly(say):
        profiles = _profiles()
        known = profiles.by_name.values()
        if profiles.warnings:
            say("\n".join(finding_text(finding) for finding in profiles.warnings))
    width = max(len(each.profile.profile) for each in known)
    for each in sorted(known, key=lambda each: each.profile.profile):
        own = "" if each.built_in else f" ({each.file})"
        typer.echo(f"{each.profile.profile:<{width}}  {each.profile.title}{own}")


@profile_app.command()
def show(name: Annotated[str, typer.Argument(help="The profile's name.")]) -> None:
    """Print a profile, to read or to begin one's own with."""
    with told_plainly(say):
        text = _profiles().named(name).text
    typer.echo(text, nl=False)


@profile_app.command()
def schema(
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail where the workspace's schema is not current.")
    ] = False,
) -> None:
    """Write the schema by which editors complete and explain a profile; outside a workspace, print it."""
    from yoc.workflow.contract_schema import workspace_above
    from yoc.workflow.profile_schema import (
        PROFILE_SCHEMA_FILE,
        check_profile_schema,
        profile_schema_text,
        write_profile_schema,
    )

    with told_plainly(say):
        workspace = workspace_above(Path())
        if check:
            check_profile_schema(workspace)
            typer.echo(f"{PROFILE_SCHEMA_FILE} is current.")
        elif workspace is None:
            typer.echo(profile_schema_text(), nl=False)
        else:
            write_profile_schema(workspace)
            typer.echo(f"{PROFILE_SCHEMA_FILE} is written.")


def _profiles() -> Any:
    from yoc.workflow.read_files import profiles_for

    return profiles_for(Path("here"))
