"""The account of a file: rows in = used + rejected + superseded, and how its rows were understood."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from yoc.core.findings import Finding, Level
from yoc.intake.container import Kind
from yoc.intake.text_table import TextTable


@dataclass(frozen=True)
class FileAccount:
    """What became of the rows of one file. Money is what the provider submitted, in whole pence.

    ``period_rules`` counts the rule that gave each row its period (stated, file name, activity date, costing period);
    the other rules say how the point of delivery, the practice and the amount were found. ``not_counted`` gives, by
    reason, the rows among those that can be read which their data set says do not count; they are no rejects, and are
    set aside. ``blanked`` counts by field the values that a row may lack and that could not be read;
    ``date_orders`` the rows with a date that is one only in the ``other`` order of day and month, or in ``either``.
    ``encoding`` is that of text, else the kind of file; ``header_row`` is where the headers were found, 0 where a file
    has none.
    ``refused`` says why the file was refused whole, if it was: then all its rows count as rejected.
    """

    file: str
    kind: str
    sha256: str
    rows: int
    used: int
    rejected: int = 0
    superseded: int = 0
    submitted_pence: int = 0
    rejected_pence: int = 0
    superseded_pence: int = 0
    unreadable_sums: int = 0
    encoding: str = "utf-8"
    header_row: int = 1
    period_rules: dict[str, int] = field(default_factory=dict)
    profile: str = ""
    point_of_delivery_rules: dict[str, int] = field(default_factory=dict)
    practice_rules: dict[str, int] = field(default_factory=dict)
    amount_rules: dict[str, int] = field(default_factory=dict)
    not_counted: dict[str, int] = field(default_factory=dict)
    not_counted_pence: int = 0
    blanked: dict[str, int] = field(default_factory=dict)
    date_orders: dict[str, int] = field(default_factory=dict)
    refused: str = ""

    def __post_init__(self) -> None:
        if self.rows != self.used + self.rejected + self.superseded:
            raise AssertionError(
                f"{self.file}: {self.rows} rows are not {self.used} + {self.rejected} + {self.superseded}"
            )

    def as_dict(self) -> dict[str, Any]:
        """The account as evidence keeps it."""
        return asdict(self)


@dataclass(frozen=True)
class Reject:
    """One row that was kept out: where it stands and which field is at fault. Never its content.

    Row 0 stands for the rest of a file that is refused whole: ``rows`` of them.
    """

    file: str
    row: int
    field: str
    reason: str
    rows: int = 1


def whole_account(text: TextTable, kind: str) -> FileAccount:
    """The account of a file of which every row is used."""
    return FileAccount(
        text.file,
        kind,
        text.sha256,
        text.rows,
        text.rows,
        encoding=text.encoding,
        header_row=text.header_row,
    )


def rejects_of(file: str, misfit_rows: Iterable[int], faults: Iterable[Mapping[str, Any]]) -> list[Reject]:
    """The rejects of a file of which these rows do not fit the header, and these have a fault."""
    misfits = [Reject(file, row, "row", "has another number of columns than the header") for row in misfit_rows]
    return misfits + [Reject(file, row["row_number"], *_field_and_reason(row["fault"])) for row in faults]


def _field_and_reason(fault: str) -> tuple[str, str]:
    """``total cost is blank`` as the field and what is wrong with it."""
    for verb in ("is", "has", "names"):
        field, found, rest = fault.partition(f" {verb} ")
        if found:
            return field, f"{verb} {rest}"
    return fault, ""


def nothing_usable(file: str, rows: int, level: Level) -> Finding:
    """A finding about a file that has no row, or none that can be used."""
    message = f"none of its {rows} rows can be used" if rows else "the file has a header and no row"
    return Finding("FILE-NOTHING", level, message, "ask for the file again, and look at one of its rows", file)


def not_utf8(accounts: Iterable[FileAccount]) -> list[Finding]:
    """A finding for each file of text that is not UTF-8."""
    known = ("utf-8", *(kind.value for kind in Kind))
    return [
        Finding("ENCODING", Level.WARNING, f"the file is not UTF-8 and was read as {each.encoding}", "ask for UTF-8",
                each.file)
        for each in accounts
        if each.encoding not in known
    ]  # fmt: skip


def repeated_files(accounts: Iterable[FileAccount]) -> list[Finding]:
    """A finding for each file with rows whose content another file before it has; files of a header alone are alike."""
    first: dict[str, str] = {}
    findings = []
    for account in accounts:
        known = first.setdefault(account.sha256, account.file)
        if account.rows and known != account.file:
            message = f"its content is that of {known}, to the last byte"
            mend = "take one of the two out, or ask for the file that should stand in its place"
            findings.append(Finding("FILE-REPEATED", Level.WARNING, message, mend, account.file, count=account.rows))
    return findings


def rejects_as_findings(rejects: Iterable[Reject]) -> list[Finding]:
    """One finding a file, field and reason, placed at the first such row."""
    grouped: dict[tuple[str, str, str], list[int]] = {}
    for reject in rejects:
        if reject.row == 0:
            continue
        grouped.setdefault((reject.file, reject.field, reject.reason), []).append(reject.row)
    findings = []
    for (file, name, reason), rows in sorted(grouped.items()):
        listed = ", ".join(str(row) for row in sorted(rows)[:5]) + (" and more" if len(rows) > 5 else "")
        message = f"{len(rows)} row{'s' if len(rows) != 1 else ''} rejected: {name} {reason} (row {listed})"
        mend = "ask for the rows to be corrected and sent again"
        findings.append(Finding("ROW-REJECTED", Level.RECORD, message, mend, file, min(rows), count=len(rows)))
    return findings
