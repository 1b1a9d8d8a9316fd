"""A statement as a workbook that can be sent: what is asked for or credited, the lines that make it, what was paid."""

from collections.abc import Sequence
from pathlib import Path

from yoc import __version__
from yoc.core.findings import refusal
from yoc.core.money import format_pounds
from yoc.report.table import Column, Kind, Row, Table, total_row
from yoc.report.words import SYNTHETIC_LINE
from yoc.report.workbook import Frame, workbook_bytes
from yoc.store.journal import Reader, reading
from yoc.store.tables import Entry
from yoc.store.year_tables import Statement
from yoc.workflow.statements import Issued, StatementLine, issued_in, lines_of, paid_lines
from yoc.workflow.writing import write_whole
from yoc.workflow.year import YearOf, parties_of, standing_run

_KINDS = {
    "settlement": "settled line",
    "on_account": "payment on account, taken off",
    "adjustment": "adjustment",
    "payment": "payment",
    "taken_off": "counted by the settlement already",
}
_SUMMARY = (
    Column("Owed"),
    Column("Name", width=40),
    Column("Settled lines", Kind.POUNDS, summed=True),
    Column("Payments on account", Kind.POUNDS, summed=True),
    Column("Adjustments", Kind.POUNDS, summed=True),
    Column("This statement", Kind.POUNDS, summed=True),
    Column("Asked for", Kind.POUNDS, summed=True),
    Column("Credit", Kind.POUNDS, summed=True),
    Column("Credit against"),
)
_LINES = (
    Column("Owed"), Column("Kind"), Column("Host"), Column("Line"), Column("Clause"), Column("Reason"),
    Column("Evidence"), Column("Amount", Kind.POUNDS, summed=True),
)  # fmt: skip


def make_folder(folder: Path) -> None:
    """Make the folder for statements, before anything is issued. Raises ``FindingsError`` where it cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        message = f"{folder.as_posix()} cannot be made a folder"
        raise refusal("FILE-EXISTS", message, "name another folder, in a place where you may write") from None


def posting_of(year: YearOf, number: str) -> int:
    """The posting that issued a statement. Raises ``FindingsError`` where no statement of the year has the number."""
    with reading(year.store) as reader:
        rows = reader.of_year(Statement, year.contract, str(year.year))
    found = [row.posting for row in rows if row.number == number]
    if not found:
        mend = f"yoc year list {year.contract} {year.year.slug} statements shows them"
        raise refusal("STORE-UNKNOWN", f"{year.shown} has no statement {number}", mend)
    return found[0]


def write_statements(year: YearOf, posting: int, folder: Path, only: str = "") -> list[Path]:
    """Write the statements that a posting issued, or ``only`` one, a workbook each named by its number; the files."""
    make_folder(folder)
    with reading(year.store) as reader:
        issued = issued_in(reader, year, posting)
        books = {
            number: _workbook(reader, year, posting, [one for one in issued if one.number == number])
            for number in dict.fromkeys(one.number for one in issued)
            if only in ("", number)
        }
    files = []
    for number, content in books.items():
        files.append(folder / f"{number}.xlsx")
        write_whole(files[-1], content)
    return files


def _workbook(reader: Reader, year: YearOf, posting: int, issued: Sequence[Issued]) -> bytes:
    (first, *_) = issued
    (row, *_) = [
        each
        for each in reader.of_year(Statement, year.contract, str(year.year))
        if (each.posting, each.number) == (posting, first.number)
    ]
    run, names = standing_run(reader.before(posting), year.contract, str(year.year)), parties_of(reader, year)
    asked, credit = sum(one.asked_pence for one in issued), sum(one.credit_pence for one in issued)
    parts = [f"{format_pounds(asked)} is asked for"] if asked else ["Nothing is asked for"]
    parts += [f"{format_pounds(credit)} is credited"] if credit else []
    notes = (
        f"{' and '.join(parts)}. Issued on {row.issued_on} under {year.contract} for {year.year}.",
        f"Owing: {names.get(first.owing, '')} ({first.owing}). Owed: "
        + "; ".join(f"{names.get(one.owed, '')} ({one.owed})" for one in issued)
        + ".",
        f"Run that stood: {run.run_id if run else 'none'}.",
        f"The journal ended before it in {row.journal_hash}, and with it in {_hash_with(reader, posting)}.",
        *[one.credit_in_words() for one in issued if one.credit_pence],
    )
    title = f"Statement {first.number}"
    lines = [(one.owed, line) for one in issued for line in lines_of(reader, year, posting, first.owing, one.owed)]
    paid = [(one.owed, line) for one in issued for line in paid_lines(reader, year, posting, first.owing, one.owed)]
    about = "What makes the statement, line by line; below nothing, the other party owes it."
    tables = [
        _table("Statement", title, _SUMMARY, [_summary(one, names, lines) for one in issued], notes),
        _table("Lines", f"{title}: its lines", _LINES, [_line(*each) for each in lines], (about,)),
        _table(
            "Payments", f"{title}: what was paid before it", _LINES, [_line(*each) for each in paid],
            ("Recorded payments, as the owing party paid them. They make less of what is outstanding, not of the "
             "statement; payments on account that the settlement takes off are among the lines.",),
        ),
    ]  # fmt: skip
    banners = (SYNTHETIC_LINE,) if run and run.synthetic else ()
    frame = Frame(f"{year.contract} {year.year}", banners, run.run_id if run else "", f"yoc {__version__}",
                  row.issued_on.isoformat())  # fmt: skip
    return workbook_bytes(tables, frame)


def _hash_with(reader: Reader, posting: int) -> str:
    return reader.rows(Entry, Entry.posting == posting)[-1].hash


def _table(sheet: str, title: str, columns: tuple[Column, ...], rows: list[Row], notes: tuple[str, ...]) -> Table:
    return Table(sheet, title, title, columns, tuple(rows), total_row("All", columns, rows), notes, frozen_columns=1)


def _summary(one: Issued, names: dict[str, str], lines: Sequence[tuple[str, StatementLine]]) -> Row:
    sums = [
        sum(line.pence for owed, line in lines if owed == one.owed and line.kind == kind)
        for kind in ("settlement", "on_account", "adjustment")
    ]
    return (
        one.owed, names.get(one.owed, ""), *sums, one.pence, one.asked_pence, one.credit_pence, ", ".join(one.against)
    )  # fmt: skip


def _line(owed: str, line: StatementLine) -> Row:
    reason = line.reason.replace("_", " ")
    return (owed, _KINDS[line.kind], line.host, line.name, line.clause, reason, line.evidence, line.pence)
