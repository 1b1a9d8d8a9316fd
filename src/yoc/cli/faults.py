"""What goes wrong, as a person reads it, and the exit code that a script reads."""

import errno
import os
import re
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path

import typer

from yoc.core.findings import CODES, Finding, FindingsError, Level
from yoc.passing import passing_files_together

_SHOWN = 50
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_REFUSED = (errno.EACCES, errno.EPERM, errno.EROFS)
_OF_THE_PLACE = {
    "RUN-BUSY", "ENGINE-MISSING", "ENGINE-FAILED", "STORE-BUSY", "STORE-UNREACHABLE", "STORE-UNSURE", "DISK-FULL",
    "DISK-REFUSED", "DISK-FAILED", "MEMORY-FULL",
}  # fmt: skip


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
    """The disk, another run or the engine stands in the way; nothing was half-written."""


@contextmanager
def told_plainly(say: Callable[[str], None]) -> Iterator[None]:
    """Run a command's work; faults are said in words, never as a traceback, and end in their exit code."""
    try:
        with passing_files_together():
            yield
    except FindingsError as error:
        say(findings_text(error.findings))
        raise typer.Exit(code_of(error.findings)) from None
    except OSError as error:
        say(findings_text([place_finding(error)]))
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
    return ExitCode.PLACE if codes <= _OF_THE_PLACE else ExitCode.INPUT


def place_finding(error: OSError) -> Finding:
    """What the system said of a file, in words.

    >>> full = place_finding(OSError(errno.ENOSPC, "No space left on device", "runs/settlement.json"))
    >>> (full.code, full.file)
    ('DISK-FULL', 'runs/settlement.json')
    >>> place_finding(OSError("Error writing bytes to file. Detail: [errno 28] No space left on device")).code
    'DISK-FULL'
    """
    # Arrow puts the number into the words.
    number = error.errno or int((re.search(r"\[errno (\d+)\]", str(error), re.IGNORECASE) or ["", "0"])[1])
    place = _shown(str(error.filename or ""))
    if number in _FULL:
        message = "there is no room left for what has to be written"
        mend = "make room, there and in the folder for passing files (TMPDIR), then run the same command again"
        return Finding("DISK-FULL", Level.SUBMISSION, message, mend, place)
    if number == errno.ENOMEM:
        message = "one step of the work needs more memory than it may have"
        mend = "let it have more, as `memory: 4 GiB` in the plan, or close other programs"
        return Finding("MEMORY-FULL", Level.SUBMISSION, message, mend)
    if number in _REFUSED:
        said = "its disk can only be read" if number == errno.EROFS else "whoever runs the command may not use it so"
        mend = "ask for leave to write there, or work in a copy of the workspace"
        return Finding("DISK-REFUSED", Level.SUBMISSION, said, mend, place)
    said = os.strerror(number).lower() if number else type(error).__name__
    mend = "see that the disk or the share is there, then run the same command again"
    return Finding("DISK-FAILED", Level.SUBMISSION, f"the system said: {said}", mend, place)


def _shown(file: str) -> str:
    """A file from where the user stands, where it is below that."""
    path = Path(file)
    return path.relative_to(Path.cwd()).as_posix() if file and path.is_relative_to(Path.cwd()) else file


def _said_of_the_rest(findings: Sequence[Finding]) -> str:
    """What became of what the command was to write. A run is in its folder before it is recorded."""
    codes = {finding.code for finding in findings}
    if "STORE-UNSURE" in codes:
        return ""
    if codes & {"DISK-FULL", "DISK-REFUSED", "DISK-FAILED", "MEMORY-FULL"}:
        return " Nothing was half-written."
    return " Nothing was recorded." if all(code.startswith("STORE-") for code in codes) else " Nothing was written."


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
    blocks.append(f"{number} problem{'s' if number != 1 else ''} found.{_said_of_the_rest(findings)}{more}")
    return "\n".join(blocks)
