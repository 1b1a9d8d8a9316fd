"""Explaining the figure in a cell of a statement. Apart from naming a line, since what draws is slow to import."""

from collections.abc import Mapping
from pathlib import Path, PurePath
from typing import Any

import openpyxl

from yoc.audit.explain import RunRecord, explain, key_of
from yoc.audit.explain.of_statement import ALL
from yoc.core.findings import refusal
from yoc.core.identifiers import masked
from yoc.intake.limits import LINES
from yoc.intake.unreadable import findings_about
from yoc.intake.workbook_file import broken_is_unreadable
from yoc.intake.workbook_parts import check_parts
from yoc.report import COMMISSIONER_WORKBOOK, MadeWorkbook, workbook_name, workbooks
from yoc.report.cells import ShownFigure, figure_in, is_shown_by, text_of
from yoc.workflow.explain_run import Explained, open_record
from yoc.workflow.run_place import RunPlace

_LONGEST = 60
_RUN = "Run"
"""Stands in the second column of a statement's cover, before the run's name in the third."""


def explain_cell(run: str, directory: Path, cell: str, workbook: str = "", host: str = "") -> Explained:
    """Explain the figure in a cell of a statement: that of ``workbook`` or of the host, else the commissioner's.

    The workbook is read where it is there, and its figure held against the run's. Raises ``FindingsError`` where the
    run, the workbook or the cell is not known, the cell holds no figure, or the workbook is of another run.
    """
    place, record = open_record(run, directory)
    made = dict(workbooks(record.settlement))
    name, path = _statement(place, record, made, workbook, host)
    found = figure_in(made[name].tables, made[name].frame, cell)
    about: dict[str, Any] = {
        "workbook": path.name if path else name, "sheet": found.sheet, "cell": found.cell, "column": found.column,
        "shown": found.shown, "in_workbook": None, "differs": False,
    }  # fmt: skip
    if path:
        value = _read_in(path, found, record.settlement["run_id"])
        about["differs"] = not is_shown_by(found, value)
        about["in_workbook"] = masked(text_of(value, found.kind))[:_LONGEST] if about["differs"] else found.shown
    return Explained(place, record, explain(record, key_of(record, found.key)), about)


def _statement(
    place: RunPlace, record: RunRecord, made: Mapping[str, MadeWorkbook], workbook: str, host: str
) -> tuple[str, Path | None]:
    """The statement that is meant, by its name in the run, and its file, which is not there for a folder sent alone."""
    of_host = _of_host(record, host) if host else ""
    if not workbook:
        name = of_host or COMMISSIONER_WORKBOOK
        path = _reports(place) / name
        return name, path if path.is_file() else None
    plain = PurePath(workbook.replace("\\", "/")).name
    name = next((known for known in made if known.casefold() == plain.casefold()), "")
    if name and of_host and name != of_host:
        raise refusal("FIGURE-UNKNOWN", f"{plain} is not the statement of {host}", "say --host or --workbook, not both")
    name = name or of_host
    if not name:
        mend = f"its workbooks are: {', '.join(made)}; one under another name needs --host"
        raise refusal("FIGURE-UNKNOWN", f"the run has no workbook {plain!r}", mend)
    there = [Path(workbook), *([_reports(place) / name] if plain == workbook else [])]
    for path in there:
        if path.is_file():
            return name, path
    mend = "name the file where it lies; or leave --workbook out and say --host, for what the run's statement has"
    raise refusal("FILE-MISSING", f"there is no file {workbook!r}", mend)


def _of_host(record: RunRecord, host: str) -> str:
    if host.casefold() == ALL.casefold():
        return COMMISSIONER_WORKBOOK
    code = next((code for code in record.hosts if code.casefold() == host.strip().casefold()), "")
    if not code:
        hosts = ", ".join(record.hosts)
        raise refusal("FIGURE-UNKNOWN", f"the run has no host {host!r}", f"its hosts are: {hosts}, or {ALL}")
    return workbook_name(code)


def _reports(place: RunPlace) -> Path:
    """The folder of the run's statements; for a run's folder that stands in no workspace, the folder itself."""
    try:
        return place.report_folder
    except ValueError:
        return place.folder


def _read_in(path: Path, found: ShownFigure, run_id: str) -> Any:
    """The value in a cell of a workbook; ``None`` where it has no such sheet or cell."""
    with findings_about(path.name), path.open("rb") as stream, broken_is_unreadable():
        check_parts(stream, LINES)
        stream.seek(0)
        book = openpyxl.load_workbook(stream, read_only=True, data_only=True)
        first = (row for row in book.worksheets[0].iter_rows(min_col=2, max_col=3, values_only=True) if row[0] == _RUN)
        named = next((str(row[1]) for row in first), run_id)
        value = book[found.sheet][found.cell].value if found.sheet in book.sheetnames else None
    if named != run_id:
        said = f"the workbook is not of this run: it says run {masked(named)[:_LONGEST]}"
        raise refusal("FIGURE-UNKNOWN", said, "name that run, or the workbook of this one", path.name)
    return value
