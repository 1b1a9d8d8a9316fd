"""`yoc evidence`: the page for auditors."""

from pathlib import Path
from typing import Annotated

import typer

from yoc.cli.faults import told_plainly
from yoc.cli.terminal import say
from yoc.cli.year_options import HERE, AsJson, Directory, print_json, say_plain

EVIDENCE = Path("evidence")


def evidence(
    run: Annotated[
        str | None,
        typer.Argument(
            metavar="RUN", help="A run's folder, or the beginning of its name; without it, the tests alone."
        ),
    ] = None,
    out: Annotated[Path, typer.Option("--out", help="The folder for evidence.html and evidence.json.")] = EVIDENCE,
    directory: Directory = HERE,
    as_json: AsJson = False,
) -> None:
    """What the tests tried and what a run holds: a page for auditors, and JSON."""
    from yoc.report.evidence_page import headline, store_sentence, tests_sentence, verdict, warnings
    from yoc.workflow.gather_evidence import gather, write_evidence
    from yoc.workflow.run_place import find_run

    with told_plainly(say):
        content = gather(find_run(run, directory) if run else None)
        page, data = write_evidence(content, out)
    if as_json:
        print_json(content)
        return
    say_plain(f"{headline(content)} {verdict(content['tests'])}")
    say_plain(tests_sentence(content["tests"]))
    if content["run"]:
        held = [check["passed"] for check in content["run"]["checks"]]
        files = [each["is_whole"] for each in content["run"]["files"]]
        say_plain(
            f"{content['run']['run_id']}: {sum(held)} of {len(held)} checks hold, {sum(files)} of {len(files)} files "
            "are as its manifest names them."
        )
        say_plain(store_sentence(content["run"]["store"]))
    for warning in warnings(content):
        say_plain(f"NOTE: {warning}")
    say_plain(f"Page: {page.as_posix()}")
    say_plain(f"JSON: {data.as_posix()}")
