"""What goes wrong, as a person reads it, and the exit code that a script reads."""

import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import IntEnum

import typer

from yoc.core.findings import CODES, Finding, FindingsError

_SHOWN = 50


class ExitCode(IntEnum):
    """How a command ended."""

    DONE = 0
    """All is well; findings about single rows may have been listed."""
    INTERNAL = 1
    """A fault of the software."""
    USAGE = 2
    """The command line cannot be understood."""
    INPUT = 3
    """A contract, plan, price book or file cannot be used; nothing was written."""
    CHECK = 4
    """A law that every settlement must keep does not hold; nothing was written."""
    DIFFERENT = 6
    """A comparison found figures that differ by more than was allowed, or a run could not be verified."""
    PLACE = 5
    """The disk or another run stands in the way; nothing was half-written."""


@contextmanager
def told_plainly(say: Callable[[str], None]) -> Iterator[None]:
    """Run a command's work; faults are said in words, never as a traceback, and end in their exit code."""
    try:
        yield
    except FindingsError as error:
        say(findings_text(error.findings))
        raise typer.Exit(code_of(error.findings)) from None
    except OSError as error:
        say(
            f"The files cannot be used: {error.strerror or type(error).__name__}: {error.filename or ''}\n"
            "Nothing was half-written."
        )
        raise typer.Exit(ExitCode.PLACE) from None
    except (typer.Exit, typer.Abort, typer.BadParameter, KeyboardInterrupt):
        raise
    except Exception as error:
        # The message may hold a value from a file, so only its kind and place are told.
        last = traceback.extract_tb(sys.exc_info()[2])[-1]
        place = f"{last.filename.replace(chr(92), '/').split('/yoc/')[-1]}:{last.lineno}"
        say(
            f"Something went wrong inside yoc: {type(error).__name__} at {place}. Nothing was half-written.\n"
            "Report this line; it holds nothing from your files."
        )
        raise typer.Exit(ExitCode.INTERNAL) from None


def code_of(findings: Sequence[Finding]) -> ExitCode:
    """The exit code in which findings end a command."""
    codes = {finding.code for finding in findings}
    if codes & {"CHECK-FAILED", "ENTRY-UNBALANCED", "STORE-BROKEN"}:
        return ExitCode.CHECK
    return ExitCode.PLACE if codes <= {"RUN-BUSY", "STORE-BUSY", "STORE-UNREACHABLE"} else ExitCode.INPUT


def finding_text(finding: Finding) -> str:
    """One finding: its place, what it is, the line it is on, what is wrong and how to mend it."""
    place = f"{finding.place()}: " if finding.place() else ""
    lines = [f"{place}{finding.code}: {CODES[finding.code].title}"]
    if finding.excerpt and finding.line:
        gutter = f"{finding.line:>6} | "
        lines += [f"{gutter}{finding.excerpt}", f"{'|':>8} {' ' * ((finding.column or 1) - 1)}^"]
    lines.append(f"  {finding.message}")
    if finding.mend:
        lines.append(f"  To mend it: {finding.mend}")
    return "\n".join(lines) + "\n"


def findings_text(findings: Sequence[Finding]) -> str:
    """Every finding with its place, excerpt, what is wrong and how to mend it.

    >>> from yoc.core.findings import Level
    >>> print(findings_text([Finding("RATE-OVER-WHOLE", Level.SUBMISSION, "`share`: '1.75' is more than the whole",
    ...     "write 1.75%", "contract.yaml", 12, 10, "  share: 1.75")]))
    contract.yaml:12:10: RATE-OVER-WHOLE: A share of more than the whole
        12 |   share: 1.75
           |          ^
      `share`: '1.75' is more than the whole
      To mend it: write 1.75%
    <BLANKLINE>
    1 problem found. Nothing was written.
    """
    blocks: list[str] = []
    blocks += [finding_text(finding) for finding in findings[:_SHOWN]]
    number = len(findings)
    more = f" The first {_SHOWN} are shown." if number > _SHOWN else ""
    # A run is in its folder before it is recorded, so where the store is at fault something may have been written.
    kept = "recorded" if all(finding.code.startswith("STORE-") for finding in findings) else "written"
    blocks.append(f"{number} problem{'s' if number != 1 else ''} found. Nothing was {kept}.{more}")
    return "\n".join(blocks)
