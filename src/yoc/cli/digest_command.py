"""`yoc digest` and `yoc digest-diff`: find where two parties' figures differ without showing either's."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from yoc.cli.faults import ExitCode, finding_text, told_plainly
from yoc.cli.terminal import say
from yoc.cli.year_options import HERE, AsJson, Directory, say_plain, usage
from yoc.core.periods import FinancialYear

if TYPE_CHECKING:
    from yoc.workflow.digest_cells import DigestSource
    from yoc.workflow.digest_run import ComparedDigests


@dataclass(frozen=True)
class _Request:
    """What `yoc digest` was asked for. ``year`` is given where the arguments are files."""

    what: list[str]
    year: FinancialYear | None
    key: Path
    out: Path
    providers: list[str]
    trees: tuple[str, ...]
    profile: str
    directory: Path
    count_blank_totals: bool


_FILES_HELP = "The arguments are files as they were sent, and no run."
_BLANK_HELP = "With --files, count lines with a blank total too, as runs do whose contract needs what was submitted."


def digest(
    what: Annotated[
        list[str] | None, typer.Argument(metavar="RUN|FILE", help="A run; with --files, files in order of arrival.")
    ] = None,
    key: Annotated[Path | None, typer.Option(help="The file of the key that the two parties share.")] = None,
    out: Annotated[Path | None, typer.Option(help="The digest to write: a new .json file.")] = None,
    provider: Annotated[
        list[str] | None, typer.Option(help="A provider whose cells are to be in it, by its code; repeatable.")
    ] = None,
    every_provider: Annotated[
        bool, typer.Option("--every-provider", help="Of a run, all providers: for somebody who may see all of them.")
    ] = False,
    settled: Annotated[
        bool, typer.Option("--settled", help="Besides what was submitted, what was settled: by host, setting and fate.")
    ] = False,
    files: Annotated[bool, typer.Option("--files", help=_FILES_HELP)] = False,
    year: Annotated[str | None, typer.Option(help="With --files, the year, as 2026-27.")] = None,
    profile: Annotated[str, typer.Option(help="With --files, how they are read; else their headers tell.")] = "",
    count_blank_totals: Annotated[bool, typer.Option("--count-blank-totals", help=_BLANK_HELP)] = False,
    new_key: Annotated[Path | None, typer.Option(help="Make a key in a new file, and nothing else.")] = None,
    directory: Directory = HERE,
) -> None:
    """Write a digest of a run, or of files: keyed hashes by provider, month and point of delivery, and no figure.

    Two parties make theirs under one key, exchange them, and `yoc digest-diff` names the cells in which they differ.
    """
    if new_key is not None:
        _make_key(new_key)
        return
    if not what or key is None or out is None:
        raise typer.BadParameter("name a run (or files, with --files), --key and --out; or --new-key alone")
    if files != (year is not None):
        raise typer.BadParameter("--files and --year go together: a run knows its year")
    if files and (settled or every_provider):
        raise typer.BadParameter("files alone are not settled, and hold the providers that they hold")
    if not files and (len(what) > 1 or bool(provider) == every_provider or profile or count_blank_totals):
        message = (
            "of one run, say either --provider or --every-provider; --profile and --count-blank-totals are of files"
        )
        raise typer.BadParameter(message)
    wanted = usage(FinancialYear.parse, year) if year else None
    trees = ("submitted", "settled") if settled else ("submitted",)
    with told_plainly(say):
        _write(_Request(what, wanted, key, out, provider or [], trees, profile, directory, count_blank_totals))


def _write(request: "_Request") -> None:
    """Make the digest that is asked for, write it, and say what is in it."""
    from yoc.workflow.digest_run import digest_of, refuse_digest_place, write_digest
    from yoc.workflow.key_file import read_key_file

    secret = read_key_file(request.key)
    if secret.warning:
        say(f"Warning: {secret.warning}")
    refuse_digest_place(request.out)
    source = _source(request.what, request.year, request.profile, request.directory, request.count_blank_totals)
    made = digest_of(source, request.providers, request.trees, secret)
    write_digest(made, request.out)
    # What of the files is in no cell, and what else to know of them.
    if source.findings:
        say("\n".join(finding_text(finding) for finding in source.findings))
    say_plain(
        f"{request.out.as_posix()}: {', '.join(made.providers())} in {source.year}, from {_words_of(made.made_from)}"
    )
    for name, tree in made.trees.items():
        cells = sum(1 for _ in tree.root.cells())
        say_plain(f"  {name}: {cells:,} cells, empty ones among them; root {tree.root.hash[:16]}")
    say_plain(f"Key check value: {made.key_check_value}")


def _make_key(path: Path) -> None:
    with told_plainly(say):
        from yoc.workflow.key_file import make_key_file

        made = make_key_file(path)
    say_plain(f"{path.as_posix()} is made. Give it to the other party alone, by a way that nobody else reads.")
    say_plain(f"Key check value: {made.check_value}")


def _source(
    what: list[str], year: FinancialYear | None, profile: str, directory: Path, count_blank_totals: bool
) -> "DigestSource":
    from yoc.workflow.digest_cells import cells_of_files, cells_of_run
    from yoc.workflow.run_place import find_run

    if year is None:
        return cells_of_run(find_run(what[0], directory))
    return cells_of_files([Path(file) for file in what], year, profile, count_blank_totals=count_blank_totals)


def _words_of(made_from: str) -> str:
    return made_from if made_from != "files" else "files alone"


def digest_diff(
    first: Annotated[Path, typer.Argument(help="One digest, as `yoc digest` wrote it.")],
    second: Annotated[Path, typer.Argument(help="The other.")],
    run: Annotated[str | None, typer.Option(help="Your own run: show what the cells that differ are in it.")] = None,
    file: Annotated[
        list[Path] | None, typer.Option(help="Or your own files, in order of arrival; repeatable. As for --run.")
    ] = None,
    count_blank_totals: Annotated[
        bool, typer.Option("--count-blank-totals", help="With --file, count lines with a blank total too.")
    ] = False,
    key: Annotated[
        Path | None, typer.Option(help="The key: prove besides that neither was changed after it was made.")
    ] = None,
    as_json: AsJson = False,
    directory: Directory = HERE,
) -> None:
    """Say whether two digests agree, or name the cells in which they differ. Where they differ it ends with 6."""
    if run is not None and file:
        raise typer.BadParameter("give --run or --file: your own run, or your own files")
    with told_plainly(say):
        from yoc.cli.digest_output import as_rows, print_compared
        from yoc.workflow.digest_run import compare_digests, own_findings, own_values
        from yoc.workflow.key_file import read_key_file

        compared = compare_digests((first, second), read_key_file(key) if key is not None else None)
        own = _own(compared, run, file or [], directory, count_blank_totals=count_blank_totals)
        values = own_values(compared, own) if own is not None else {}
        findings = [*compared.findings, *(own_findings(compared, own) if own is not None else ())]
        if findings:
            say("\n".join(finding_text(finding) for finding in findings))
    if as_json:
        from yoc.cli.year_options import print_json

        print_json(as_rows(compared, values, findings))
    else:
        print_compared(compared, (first, second), values, own)
    raise typer.Exit(ExitCode.DONE if compared.equal else ExitCode.DIFFERENT)


def _own(
    compared: "ComparedDigests", run: str | None, files: list[Path], directory: Path, *, count_blank_totals: bool
) -> "DigestSource | None":
    if run is not None:
        return _source([run], None, "", directory, False)
    if not files:
        return None
    year = FinancialYear.parse(compared.first.year)
    named = [path.as_posix() for path in files]
    return _source(named, year, "", directory, count_blank_totals)
