"""`yoc compare A B`: why two runs of one contract's year come to different sums."""

from pathlib import Path
from typing import Annotated

import typer

from yoc.cli.faults import told_plainly
from yoc.cli.terminal import say
from yoc.cli.year_options import HERE, AsJson, Directory, print_json, say_plain


def compare(
    before: Annotated[str, typer.Argument(metavar="A", help="The first run: its folder, or its name's beginning.")],
    after: Annotated[str, typer.Argument(metavar="B", help="The second run, of the same contract and year.")],
    host: Annotated[str, typer.Option("--host", metavar="CODE", help="Compare one host alone.")] = "",
    largest: Annotated[int, typer.Option(help="How many facts to print under each cause.", min=0)] = 5,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write all of it as a workbook (.xlsx) or CSV (.csv).")
    ] = None,
    as_json: AsJson = False,
    directory: Directory = HERE,
) -> None:
    """Say why what is due differs between two runs: people, volume, mix, price, outcomes, terms; to the penny."""
    with told_plainly(say):
        from yoc.cli.compared_output import print_compared
        from yoc.workflow.compare_runs import compare_runs, read_run
        from yoc.workflow.compared_content import compared_content
        from yoc.workflow.compared_file import refuse_other_kinds, write_compared
        from yoc.workflow.run_place import find_run

        if out is not None:
            refuse_other_kinds(out)
        sides = [read_run(find_run(text, directory)) for text in (before, after)]
        content = compared_content(compare_runs(sides[0], sides[1], host))
        if out is not None:
            write_compared(content, out)
    if as_json:
        print_json(content)
        return
    print_compared(content, largest)
    if out is not None:
        say_plain(f"Written: {out.as_posix()}")
