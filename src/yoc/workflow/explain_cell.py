"""Explaining the figure in a cell of a statement. Apart from naming a line, since what draws is slow to import."""

from pathlib import Path, PurePath

from yoc.audit.explain import explain, key_of
from yoc.core.findings import refusal
from yoc.report import COMMISSIONER_WORKBOOK, workbook_name, workbooks
from yoc.report.cells import figure_in
from yoc.workflow.explain_run import Explained, open_record


def explain_cell(run: str, directory: Path, cell: str, workbook: str = "", host: str = "") -> Explained:
    """Explain the figure in a cell of a statement: that of ``workbook`` or of the host, else the commissioner's.

    Raises ``FindingsError`` where the run, the workbook or the cell is not known, or the cell holds no figure.
    """
    place, record = open_record(run, directory)
    made = dict(workbooks(record.settlement))
    name = PurePath(workbook.replace("\\", "/")).name or (workbook_name(host) if host else COMMISSIONER_WORKBOOK)
    name = next((known for known in made if known.casefold() == name.casefold()), name)
    if name not in made:
        raise refusal("FIGURE-UNKNOWN", f"the run has no workbook {name!r}", f"its workbooks are: {', '.join(made)}")
    found = figure_in(made[name].tables, made[name].frame, cell)
    about = {"workbook": name, "sheet": found.sheet, "cell": found.cell, "column": found.column, "shown": found.shown}
    return Explained(place, record, explain(record, key_of(record, found.key)), about)
