"""`yoc tariff`: price books imported, listed, looked into and compared."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from yoc.cli.faults import ExitCode, told_plainly
from yoc.cli.table import print_folded
from yoc.cli.terminal import output, say
from yoc.core.money import format_exact_pence, format_pounds
from yoc.core.periods import FinancialYear, parse_date
from yoc.core.rates import format_decimal

if TYPE_CHECKING:
    from yoc.tariff.compare import Changed
    from yoc.workflow.import_guards import Wanted
    from yoc.workflow.tariff_import import Imported

tariff_app = typer.Typer(
    help="Price books: import them, list them, look a price up, compare two versions.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
_PLAIN: dict[str, Any] = {"markup": False, "highlight": False, "emoji": False, "soft_wrap": True}
_SHOWN = 60
_Parsed = TypeVar("_Parsed")
Directory = Annotated[Path, typer.Option("--directory", help="The workspace.")]


@tariff_app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="The workbook (.xlsx) or text file (.csv), as it was published.")],
    book: Annotated[str, typer.Option(help="The name of the book, as nhsps.")],
    year: Annotated[str, typer.Option(help="The financial year of the prices, as 2026/27.")],
    effective_from: Annotated[str, typer.Option(help="The first day of activity for which they hold.")],
    published: Annotated[str, typer.Option(help="The day on which they were published.")],
    source: Annotated[str, typer.Option(help="Where they come from, in words.")],
    licence: Annotated[str, typer.Option(help="On what terms they may be used, in words.")],
    effective_to: Annotated[str | None, typer.Option(help="The last day; that of the year unless said.")] = None,
    kind: Annotated[str, typer.Option(help="What the file holds: prices or market_forces.")] = "prices",
    market_forces: Annotated[
        Path | None, typer.Option(help="The file of market forces indices that go with the prices.")
    ] = None,
    sheet: Annotated[str | None, typer.Option(help="Read only this sheet.")] = None,
    map_: Annotated[Path | None, typer.Option("--map", help="How sheets and columns become prices (YAML).")] = None,
    title: Annotated[str, typer.Option(help="The title of the book.")] = "",
    replaces_periods: Annotated[
        bool,
        typer.Option(
            "--replaces-periods", help="One list of prices for days on which several versions hold, meant so."
        ),
    ] = False,
    no_market_forces: Annotated[
        bool, typer.Option("--no-market-forces", help="No index at all, though other versions have some, meant so.")
    ] = False,
    synthetic: Annotated[bool, typer.Option("--synthetic", help="Mark the prices as invented.")] = False,
    directory: Directory = Path(),
) -> None:
    """Make a new version of a price book from a published file. Versions that are there are never changed."""
    from yoc.workflow.import_guards import Wanted
    from yoc.workflow.tariff_import import import_version

    if kind not in ("prices", "market_forces"):
        raise typer.BadParameter(f"--kind {kind} is neither prices nor market_forces")
    if no_market_forces and (market_forces is not None or kind == "market_forces"):
        raise typer.BadParameter("--no-market-forces goes with a file of prices, and without --market-forces")
    of_year = _usage(FinancialYear.parse, year, "--year")
    wanted = Wanted(
        book=_usage(_book_name, book, "--book"),
        year=of_year,
        effective_from=_usage(parse_date, effective_from, "--effective-from"),
        effective_to=_usage(parse_date, effective_to, "--effective-to") if effective_to else of_year.last_day,
        published_on=_usage(parse_date, published, "--published"),
        source=_usage(_words, source, "--source"),
        licence=_usage(_words, licence, "--licence"),
        title=" ".join(title.split()),
        synthetic=synthetic,
        # Who gives the last day has thought of which days are meant.
        replaces_periods=replaces_periods or effective_to is not None,
        no_market_forces=no_market_forces,
    )
    _check_days(wanted)
    with told_plainly(say):
        made = import_version(
            directory, file, wanted, "prices" if kind == "prices" else "market_forces", sheet, map_, market_forces
        )
    for line in _told(made):
        typer.echo(line)


def _book_name(text: str) -> str:
    from yoc.core.fields import parse_name

    if text.startswith("."):
        raise ValueError(f"{text!r} is not the name of a book: begin with a letter")
    return parse_name(text)


def _words(text: str) -> str:
    if not text.split():
        raise ValueError("some words are needed for --source and --licence")
    return " ".join(text.split())


def _usage(parse: Callable[[str], _Parsed], text: str, option: str) -> _Parsed:
    try:
        return parse(text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint=option) from None


def _check_days(wanted: "Wanted") -> None:
    year = wanted.year
    if wanted.effective_from > year.last_day:
        message = f"{wanted.effective_from} is after {year.last_day}, the last day of {year}"
        raise typer.BadParameter(message, param_hint="--effective-from")
    if wanted.effective_to < max(wanted.effective_from, year.first_day):
        message = f"{wanted.effective_to} is before {max(wanted.effective_from, year.first_day)}, the first day"
        raise typer.BadParameter(message, param_hint="--effective-to")


def _told(made: "Imported") -> list[str]:
    """What was read and what was not, line by line."""
    told = []
    if made.prices is not None:
        told.append(f"Read by the map {made.prices.map}:")
        for each in made.prices.sheets:
            name = f"  {each.sheet}: " if each.sheet else "  "
            told.append(
                f"{name}{len(each.prices):,} prices, headers in row {each.header_row}; {each.blank_cells:,} cells "
                f"without a price, {each.rows_of_words:,} rows of words"
            )
            told += [f"    columns not read: {', '.join(each.unread_columns)}"] if each.unread_columns else []
            told += [f"    columns not there: {', '.join(each.absent_columns)}"] if each.absent_columns else []
        if made.prices.left_sheets:
            told.append(f"  Sheets not read: {', '.join(made.prices.left_sheets)}")
    if made.indices is not None:
        told.append(f"{len(made.indices.indices):,} market forces indices, read by the map {made.indices.map}.")
    if made.carried_over:
        told.append(f"{made.carried_over} is that of {made.carried_from}, unchanged.")
    if made.unknown_points:
        points = ", ".join(made.unknown_points)
        told.append(f"Points of delivery in no national list, whose prices no line will have: {points}")
    prices, indices = made.counts
    if not indices:
        told.append("The version has no market forces indices: every provider will be priced at 1.000000.")
    replaces = f", which supersedes {made.supersedes}" if made.supersedes else ""
    told.append(f"Written: {made.folder}{replaces}; {prices:,} prices, {indices:,} indices.")
    return told


@tariff_app.command("list")
def list_(directory: Directory = Path()) -> None:
    """List the price books: versions, their days, whether they are intact; and which version each day is charged at."""
    from yoc.workflow.tariff_books import list_books, list_days

    with told_plainly(say):
        books = list_books(directory)
    console = output()
    headings = ("Book", "Year", "Version", "Published", "Holds from", "to", "Status", "Hashes")
    rows = []
    for each in books:
        own = each.stored.header
        days = (own.published_on, own.effective_from, own.effective_to)
        intact = "CHANGED" if each.faults else "intact"
        status = each.status + (", synthetic" if own.synthetic else "")
        rows.append([own.book, str(own.year), own.version, *(day.isoformat() for day in days), status, intact])
    if books:
        print_folded(console, headings, rows, (), leading=3)
    else:
        console.print("There are no price books here.", highlight=False)
    for fault in (fault for each in books for fault in each.faults):
        console.print(f"{fault.place()}: {fault.code}: {fault.message}", **_PLAIN)
    with told_plainly(say):
        periods = list_days([each.stored for each in books])
    if periods:
        table = _table(console, "Book", "Year", "Days from", "to", "First price", "Price now", right=())
        for period in periods:
            known = (period.first_day.isoformat(), period.last_day.isoformat(), period.first_price, period.price_now)
            table.add_row(period.book, str(period.year), *known)
        console.print(table, highlight=False)
    if any(each.faults for each in books):
        raise typer.Exit(ExitCode.INPUT)


@tariff_app.command()
def show(
    book: Annotated[str, typer.Argument(help="The book, as nhsps, nhsps/2026-27 or nhsps/2026-27/v2.")],
    code: Annotated[str | None, typer.Option(help="The tariff code, as HN12F.")] = None,
    provider: Annotated[str, typer.Option(help="The provider whose index is taken, as R1H.")] = "",
    directory: Directory = Path(),
) -> None:
    """Show what a book says of itself; with a code, what one unit costs: price, index, product, source, version."""
    from yoc.tariff.price_rows import as_index
    from yoc.workflow.tariff_books import UnclearVersionError, find_versions, prices_of_code

    console = output()
    with told_plainly(say):
        try:
            books = find_versions(directory, book)
        except UnclearVersionError as error:
            raise typer.BadParameter(str(error)) from None
        priced = prices_of_code(books, code, provider) if code else []
        if not code:
            for stored in books:
                _print_book(console, stored.read())
            return
    table = _table(
        console, "Version", "Delivery", "Function", "Unit price", "Index", "Exactly", "To the penny", right=(3, 4, 5, 6)
    )
    for each in priced:
        own = each.version.header
        index = as_index(each.index_millionths) + ("" if each.has_index else " (none)")
        table.add_row(
            own.name, each.point_of_delivery or "any", each.treatment_function or "any",
            format_pounds(each.price_pence), index, format_exact_pence(each.exact_pence), format_pounds(each.pence),
        )  # fmt: skip
    console.print(table, highlight=False)
    if provider and any(not each.has_index for each in priced):
        without = ", ".join(dict.fromkeys(each.version.header.name for each in priced if not each.has_index))
        console.print(f"{provider} is not among the indices of {without}, and is priced at 1.000000 there.", **_PLAIN)
    for name, source in dict.fromkeys((each.version.header.name, each.version.header.source) for each in priced):
        console.print(f"{name}: {source}", **_PLAIN)


def _print_book(console: Console, version: Any) -> None:
    own = version.header
    rows = [
        f"{own.name}: {own.title}",
        f"  published {own.published_on}, holds from {own.effective_from} to {own.effective_to}"
        + (f", supersedes {own.supersedes}" if own.supersedes else ""),
        f"  {len(version.book.unit_prices_pence):,} prices, {len(version.book.indices_millionths):,} indices",
        f"  source: {own.source}",
        f"  licence: {own.licence}",
        *(f"  made from {original.file}, sha256 {original.sha256}" for original in own.originals),
    ]
    console.print("\n".join(rows), **_PLAIN)


@tariff_app.command()
def diff(
    before: Annotated[str, typer.Argument(help="The earlier version, as nhsps/2025-26/v1.")],
    after: Annotated[str, typer.Argument(help="The later version.")],
    all_: Annotated[bool, typer.Option("--all", help=f"Show every change, not the first {_SHOWN}.")] = False,
    directory: Directory = Path(),
) -> None:
    """Say which prices and indices differ between two versions, with both, the difference and the rate of change."""
    from yoc.tariff.price_rows import as_index
    from yoc.workflow.tariff_books import UnclearVersionError, difference_of, one_version

    with told_plainly(say):
        try:
            books = [one_version(directory, words) for words in (before, after)]
        except UnclearVersionError as error:
            raise typer.BadParameter(str(error)) from None
        found = difference_of(*books)
    console = output()
    console.print(f"{books[0].header.name} and {books[1].header.name}", **_PLAIN)
    _print_changes(console, "prices", found.prices, found.same_prices, format_pounds, all_)
    _print_changes(console, "indices", found.indices, found.same_indices, as_index, all_)


def _print_changes(
    console: Console, what: str, changes: "tuple[Changed, ...]", same: int, worded: Callable[[int], str], every: bool
) -> None:
    added, removed = (sum(getattr(each, side) is None for each in changes) for side in ("before", "after"))
    other = len(changes) - added - removed
    console.print(
        f"{what.capitalize()}: {same:,} the same, {other:,} changed, {added:,} added, {removed:,} removed.", **_PLAIN
    )
    if not changes:
        return
    headings = ("Code", "Delivery", "Function") if what == "prices" else ("Provider",)
    place = len(headings)
    table = _table(console, *headings, "Before", "After", "Difference", "Rate", right=range(place, place + 4))
    for each in changes if every else changes[:_SHOWN]:
        both = each.before is not None and each.after is not None
        sign = "-" if each.difference < 0 else ""
        table.add_row(
            *(part or "any" for part in each.key),
            "none" if each.before is None else worded(each.before),
            "none" if each.after is None else worded(each.after),
            f"{sign}{worded(abs(each.difference))}" if both else "REMOVED" if each.after is None else "ADDED",
            f"{format_decimal(each.rate * 100, 2)}%" if each.rate is not None else "",
        )
    console.print(table, highlight=False)
    if not every and len(changes) > _SHOWN:
        console.print(f"{len(changes) - _SHOWN:,} more; --all shows them.", **_PLAIN)


def _table(console: Console, *headings: str, right: Any) -> Table:
    table = Table(box=box.SIMPLE_HEAD if console.encoding.lower().startswith("utf") else box.ASCII, pad_edge=False)
    for place, heading in enumerate(headings):
        table.add_column(heading, justify="right" if place in right else "left", overflow="fold")
    return table
