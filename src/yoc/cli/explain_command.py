"""`yoc explain`: how a figure of a statement came about, down to the files."""

from pathlib import Path
from typing import Annotated

import typer

from yoc.cli.faults import ExitCode, told_plainly
from yoc.cli.terminal import say
from yoc.cli.year_options import HERE, AsJson, Directory, print_json

RunName = Annotated[
    str, typer.Argument(metavar="RUN", help="The run: its folder, its name, or enough of the name's beginning.")
]
_DEPTH = "2"


def explain(
    run: RunName,
    line: Annotated[
        str | None,
        typer.Option(metavar="LINE", help="A line as the statement names it (share), or due, budget, cost.outpatient."),
    ] = None,
    host: Annotated[str, typer.Option(metavar="HOST", help="The host; or write HOST:LINE. ALL for all hosts.")] = "",
    cell: Annotated[str | None, typer.Option(metavar="CELL", help="A cell of a statement instead: 'Lines!G7'.")] = None,
    workbook: Annotated[
        str, typer.Option(metavar="FILE", help="The statement that the cell is in; the host's, or the commissioner's.")
    ] = "",
    depth: Annotated[str, typer.Option(metavar="N", help="How many levels are printed, or: all.")] = _DEPTH,
    as_json: AsJson = False,
    directory: Directory = HERE,
) -> None:
    """Explain a figure of a run: from the statement through terms and amounts down to the files, with the arithmetic.

    The run's folder alone is read, and for a cell the workbook. Whether each is as the run wrote it, and each figure
    given by what it is made from, is checked.
    """
    levels = _levels(depth)
    if line is not None and cell is not None:
        raise typer.BadParameter("--line and --cell each name a figure: give one of the two")
    if line is None and cell is None:
        raise typer.BadParameter("say which figure: --line LINE, or --cell 'SHEET!B7'")
    if workbook and cell is None:
        raise typer.BadParameter("--workbook goes with --cell")
    with told_plainly(say):
        _explain(run, Path(directory), line, host, cell, workbook, levels, as_json=as_json)


def _levels(depth: str) -> int | None:
    if depth == "all":
        return None
    if not depth.isdecimal() or not 0 < int(depth) < 100:
        raise typer.BadParameter("--depth is a number from 1, or: all")
    return int(depth)


def _explain(
    run: str,
    directory: Path,
    line: str | None,
    host: str,
    cell: str | None,
    workbook: str,
    levels: int | None,
    *,
    as_json: bool,
) -> None:
    from yoc.audit.explain import explanation_content
    from yoc.cli.explain_output import print_explained
    from yoc.workflow.explain_run import explain_line

    if cell is not None:
        from yoc.workflow.explain_cell import explain_cell

        explained = explain_cell(run, directory, cell, workbook, host)
    else:
        explained = explain_line(run, directory, line or "", host)
    if as_json:
        print_json(explanation_content(explained.explanation, explained.cell))
    else:
        print_explained(explained, levels)
    if not explained.explanation.all_add_up:
        raise typer.Exit(ExitCode.CHECK)
    if explained.was_changed:
        raise typer.Exit(ExitCode.DIFFERENT)
