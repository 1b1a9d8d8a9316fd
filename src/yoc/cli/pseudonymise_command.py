"""`yoc pseudonymise`: NHS numbers in files become pseudonyms."""

import os
from pathlib import Path
from typing import Annotated

import typer

from yoc.cli.faults import told_plainly
from yoc.cli.terminal import say


def pseudonymise(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="CSV files with NHS numbers in them.")],
    out: Annotated[Path, typer.Option(help="The folder to write the files into, under their own names.")],
    column: Annotated[
        list[str] | None,
        typer.Option(help="The header of a column to replace; repeatable. Unless named: all that look like it."),
    ] = None,
    key_file: Annotated[
        Path | None, typer.Option(help="The file of the key, 32 bytes or more; else YOC_PSEUDONYM_KEY holds it.")
    ] = None,
) -> None:
    """Replace NHS numbers by keyed pseudonyms: one person has one in all files, and nobody can work it back."""
    from yoc.workflow.pseudonymise import pseudonymise as run_pseudonymise
    from yoc.workflow.pseudonymise import read_key

    with told_plainly(say):
        key = read_key(key_file, os.environ)
        if key.warning:
            say(f"Warning: {key.warning}")
        written = run_pseudonymise(files, out, column or (), key)
    for each in written:
        odd = f", {each.misfits:,} of another width than the header" if each.misfits else ""
        typer.echo(f"{each.file}: {each.rows:,} rows{odd}")
        for count in each.columns:
            typer.echo(
                f"  {count.column}: {count.replaced:,} replaced ({count.failed_check:,} fail the check digit, "
                f"{count.not_ten_digits:,} are no ten digits), {count.nobody:,} for nobody left blank"
            )
    typer.echo(f"Written to {out.as_posix()}. Key check value: {key.check_value}")
