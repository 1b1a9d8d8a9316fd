"""What the store holds of a contract's year, table by table, each row with who recorded it and when."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlmodel import SQLModel, col

from yoc import __version__
from yoc.core.findings import refusal
from yoc.report.table import Column, Kind, Table
from yoc.report.workbook import Frame, workbook_bytes
from yoc.store import tables, year_tables
from yoc.store.journal import Reader, reading
from yoc.workflow.balances_file import rows_csv
from yoc.workflow.settled_table_file import refuse_unwritable
from yoc.workflow.writing import write_whole
from yoc.workflow.year import YearOf, standing_run
from yoc.workflow.year_view import Rows, refuse_unrecorded, said

Find = Callable[[Reader, YearOf, type[Any], str], Sequence[SQLModel]]


def _of_year(reader: Reader, year: YearOf, table: type[Any], _: str) -> Sequence[SQLModel]:
    return list(reader.of_year(table, year.contract, str(year.year)))


def _of_contract(reader: Reader, year: YearOf, table: type[Any], _: str) -> Sequence[SQLModel]:
    return list(reader.rows(table, table.contract == year.contract))


def _of_books(reader: Reader, year: YearOf, table: type[Any], _: str) -> Sequence[SQLModel]:
    books = {run.book for run in reader.of_year(tables.Run, year.contract, str(year.year))}
    return list(reader.rows(table, col(table.book).in_(books)))


def _of_run(reader: Reader, year: YearOf, table: type[Any], run: str) -> Sequence[SQLModel]:
    known = [row.run_id for row in reader.of_year(tables.Run, year.contract, str(year.year))]
    standing = standing_run(reader, year.contract, str(year.year))
    found = [name for name in known if name.startswith(run)] if run else [standing.run_id] if standing else []
    found = [name for name in found if name == run] or found
    if len(found) != 1:
        message = f"{run!r} names {'more than one run' if found else 'no run'} of {year.shown}"
        mend = f"name one of them, or enough of its beginning: {', '.join(found or known) or 'there are none'}"
        raise refusal("RUN-UNKNOWN", message if run else f"no run stands for {year.shown}", mend)
    return list(reader.rows(table, table.run_id == found[0]))


def _of_disputes(reader: Reader, year: YearOf, table: type[Any], _: str) -> Sequence[SQLModel]:
    disputes = [row.dispute for row in reader.of_year(year_tables.Dispute, year.contract, str(year.year))]
    return list(reader.rows(table, col(table.dispute).in_(disputes)))


@dataclass(frozen=True)
class Kept:
    """A table of the store as a reader asks for it: which of its rows are a year's, and what a terminal shows."""

    table: type[SQLModel]
    find: Find
    shown: tuple[str, ...]


KEPT = {
    "postings": Kept(tables.Posting, _of_year, ("posting", "kind", "by", "recorded_at")),
    "contracts": Kept(tables.ContractVersion, _of_contract, ("version", "title", "sha256", "posting")),
    "prices": Kept(tables.TariffVersion, _of_books, ("book", "version", "published_on", "sha256", "posting")),
    "runs": Kept(tables.Run, _of_year, ("run_id", "as_of", "status", "settlement_sha256", "posting")),
    "parties": Kept(tables.Party, _of_run, ("party", "name", "role", "nhs_body")),
    "lines": Kept(tables.Line, _of_run, ("host", "name", "clause", "payer", "payee", "pence", "running_pence")),
    "findings": Kept(tables.FoundIn, _of_run, ("code", "level", "file", "line", "count", "message")),
    "taken-off": Kept(tables.TakenOff, _of_run, ("host", "reference", "paid_on", "pence")),
    "standings": Kept(tables.Standing, _of_year, ("run_id", "replaces", "reason", "evidence", "posting")),
    "states": Kept(year_tables.YearState, _of_year, ("state", "reason", "posting")),
    "sign-offs": Kept(year_tables.SignOff, _of_year, ("state", "run_id", "journal_hash", "signed_by", "posting")),
    "adjustments": Kept(
        year_tables.Adjustment, _of_year,
        ("reference", "payer", "payee", "reason", "evidence", "effective", "posting", "pence"),
    ),
    "statements": Kept(
        year_tables.Statement, _of_year, ("number", "owing", "owed", "issued_on", "posting", "pence")
    ),
    "payments": Kept(
        year_tables.Payment, _of_year, ("reference", "kind", "payer", "payee", "paid_on", "posting", "pence")
    ),
    "disputes": Kept(
        year_tables.Dispute, _of_year,
        ("dispute", "host", "name", "payer", "payee", "direction", "raised_by", "posting", "pence"),
    ),
    "dispute-steps": Kept(
        year_tables.DisputeEvent, _of_disputes,
        ("dispute", "step", "outcome", "by", "evidence", "happened_on", "next_due_on", "posting", "pence"),
    ),
    "entries": Kept(
        tables.Entry, _of_year, ("sequence", "kind", "host", "name", "party", "supersedes", "posting", "pence")
    ),
}  # fmt: skip
"""By what they are called, the tables of the store."""


def kept_rows(year: YearOf, what: str, run: str = "", as_of: dt.datetime | None = None) -> Rows:
    """The rows of a table that are about a contract's year, the oldest first, with who recorded them and when.

    ``run`` names the run whose parties, lines, findings or payments are meant: the one that stands unless it is said.
    Raises ``FindingsError`` where there is no such table, run, or year.
    """
    if what not in KEPT:
        raise refusal("FIELD-VALUE", f"{what} is nothing that the store keeps", f"ask for one of {', '.join(KEPT)}")
    kept = KEPT[what]
    with reading(year.store, as_of) as reader:
        refuse_unrecorded(reader, year, as_of)
        who = {row.posting: row for row in reader.rows(tables.Posting)}
        found = kept.find(reader, year, kept.table, run)
        rows = [{name: getattr(row, name) for name in kept.table.model_fields} for row in found]
    own = ("contract", "year", "recorded_at", "recorded_by")
    return [
        {name: _plain(value) for name, value in row.items() if name not in own} | said(who, row["posting"])
        for row in rows
    ]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def shown_columns(what: str) -> dict[str, str]:
    """The columns that a terminal shows of a table: the field, and its heading. Sums come last."""
    return {name: heading(name) for name in KEPT[what].shown}


def heading(name: str) -> str:
    """A field as the heading of a column.

    >>> heading("running_pence"), heading("sha256"), heading("recorded_at")
    ('Running', 'Sha256', 'Recorded at')
    """
    return ("Amount" if name == "pence" else name.removesuffix("_pence").replace("_", " ")).capitalize()


def write_rows(year: YearOf, what: str, rows: Rows, path: Path, as_of: str) -> None:
    """Write the rows whole or not at all, with every field: a CSV with whole pence, or a workbook.

    Raises ``FindingsError`` where the file is of neither kind, or cannot be there.
    """
    refuse_unwritable(path, [])
    names = list(rows[0]) if rows else [*KEPT[what].table.model_fields, "by", "recorded_at"]
    if path.suffix.lower() == ".csv":
        write_whole(path, rows_csv(rows, names).encode("utf-8-sig"))
        return
    columns = tuple(Column(heading(name), Kind.POUNDS if name.endswith("pence") else Kind.TEXT) for name in names)
    cells = tuple(tuple(_cell(name, row[name]) for name in names) for row in rows)
    title = f"{what.replace('-', ' ').capitalize()} of {year.shown}"
    table = Table(heading(what), title, title, columns, cells, frozen_columns=1)
    write_whole(path, workbook_bytes([table], Frame(title, (), "", f"yoc {__version__}", as_of)))


def _cell(name: str, value: Any) -> str | int | None:
    if value is None or (isinstance(value, int) and name.endswith("pence")):
        return value
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)
