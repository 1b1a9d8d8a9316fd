"""`yoc verify`: is a run what was recorded, and does it come from its inputs?"""

import textwrap
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from yoc.cli.faults import ExitCode, told_plainly
from yoc.cli.progress import TerminalProgress
from yoc.cli.terminal import say, text_width
from yoc.cli.year_options import HERE, AsJson, Directory, print_json, say_plain

if TYPE_CHECKING:
    from yoc.audit.verify import Step
    from yoc.workflow.verify_run import Verification

_MARK_WIDTH = 16


def verify(
    run: Annotated[str, typer.Argument(metavar="RUN", help="The run: its folder, name, or the name's beginning.")],
    quick: Annotated[bool, typer.Option("--quick", help="All but making the figures and statements again.")] = False,
    signature: Annotated[bool, typer.Option("--signature", help="Only the folder and its signatures.")] = False,
    trusted: Annotated[
        Path | None,
        typer.Option(metavar="KEY", help="A public key, or a folder of .pub files: only signatures by these count."),
    ] = None,
    json: AsJson = False,
    directory: Directory = HERE,
) -> None:
    """Compare a run with its manifest, inputs and store, make it again, and compare every byte. Writes nothing."""
    if quick and signature:
        raise typer.BadParameter("--quick and --signature say different things: give one of them")
    with told_plainly(say):
        from yoc.workflow import store_place
        from yoc.workflow.run_place import find_run
        from yoc.workflow.signatures import trusted_fingerprints
        from yoc.workflow.verify_run import Scope, verify_run

        place = find_run(run, directory)
        scope = Scope.QUICK if quick else Scope.SIGNATURE if signature else Scope.FULL
        keys = trusted_fingerprints(trusted) if trusted is not None else None
        shown = TerminalProgress(Console(stderr=True))
        found = verify_run(place, store_place.system_clock, scope, keys, shown)
    if json:
        print_json(_content(found))
    else:
        for step in found.steps:
            _print(step)
        say_plain("")
        say_plain(_filled(found.sum_up, ""))
    if not found.verified:
        raise typer.Exit(ExitCode.DIFFERENT)


def _print(step: "Step") -> None:
    head = f"{step.mark.value:<{_MARK_WIDTH}}"
    say_plain(_filled(f"{head}{step.name}: {step.said}", " " * _MARK_WIDTH))
    for detail in step.details:
        indent = " " * (_MARK_WIDTH + 2)
        say_plain(_filled(f"{indent}{detail}", f"{indent}  "))


def _filled(text: str, indent: str) -> str:
    return textwrap.fill(
        text,
        text_width(),
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
        drop_whitespace=True,
        expand_tabs=False,
    )


def _content(found: "Verification") -> dict[str, object]:
    return {
        "run_id": found.run_id,
        "looked_at": found.scope.value,
        "verified": found.verified,
        "sum_up": found.sum_up,
        "steps": [
            {"step": step.name, "mark": step.mark.value, "said": step.said, "details": list(step.details)}
            for step in found.steps
        ],
        "differences": [asdict(difference) for difference in found.differences],
    }
