"""A small file of a feed, read alone by its profile: its account, its canonical rows, its lines and findings."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from yoc.core.findings import Finding
from yoc.core.periods import FinancialYear
from yoc.engine import Engine
from yoc.intake import ActivityFile, FileAccount, Reject, activity_findings, read_activity
from yoc.intake.activity_files import COMBINATION
from yoc.intake.profile_set import ProfileSet, built_in_profiles

PLCM = {
    "FINANCIAL MONTH": "1",
    "FINANCIAL YEAR": "202627",
    "ORGANISATION IDENTIFIER (CODE OF PROVIDER)": "RX1",
    "ORGANISATION IDENTIFIER (CODE OF COMMISSIONER)": "QUY",
    "NHS NUMBER": "9434765919",
    "ACTIVITY END DATE (CONTRACT MONITORING)": "2026-04-10",
    "POINT OF DELIVERY CODE": "AE",
    "TARIFF CODE": "VB01Z",
    "NATIONAL TARIFF INDICATOR": "Y",
    "ACTIVITY COUNT (POINT OF DELIVERY)": "1",
    "TOTAL COST": "100.00",
}
"""One row of patient-level contract monitoring: the columns that have to be there."""


def csv_of(*rows: dict[str, str]) -> str:
    """A file of rows that have the same columns."""
    lines = [",".join(_cell(cell) for cell in cells) for cells in (list(rows[0]), *(row.values() for row in rows))]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return f'"{text}"' if "," in text else text


@dataclass
class Feed:
    """Files that were read: their accounts, rejects, findings, and every row as it is kept."""

    accounts: list[FileAccount]
    rejects: list[Reject]
    findings: list[Finding]
    rows: list[dict[str, Any]]

    @property
    def account(self) -> FileAccount:
        (account,) = self.accounts
        return account

    @property
    def row(self) -> dict[str, Any]:
        (row,) = self.rows
        return row


class Reader:
    """Lays files and reads them; `store` is where their lines are kept."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = folder / "store"
        self.profiles: ProfileSet = built_in_profiles()

    def __call__(
        self, *texts: str, names: tuple[str, ...] = (), profile: str | tuple[str, ...] = "", year: str = "", **more: Any
    ) -> Feed:
        """Read files with these texts, each a later load than the one before, by one profile or each by its own."""
        files = []
        for load, text in enumerate(texts, 1):
            path = self.folder / (names[load - 1] if names else f"feed-{load}.csv")
            path.write_text(text, encoding="utf-8", newline="\n")
            by = profile if isinstance(profile, str) else profile[load - 1]
            files.append(ActivityFile(path, path.name, load, by))
        when = FinancialYear.parse(year) if year else None
        with Engine() as engine:
            engine.give("person_key", {"person_id": pa.int32(), "person_key": pa.string()}, [(7, "9434765919")])
            accounts, rejects = read_activity(engine, files, when, profiles=self.profiles, store=self.store, **more)
            findings = activity_findings(engine, accounts, None, dt.date(2026, 12, 31))
        rows = [row for path in sorted(self.store.glob("*.parquet")) for row in rows_of(path)]
        return Feed(accounts, rejects, findings, rows)


def rows_of(path: Path) -> list[dict[str, Any]]:
    """The rows of a canonical file in the order of the file that they are from, each with its codes."""
    parts = pq.read_table(path.with_suffix(".parts")).to_pylist()
    codes = {part["kind"]: {name: part[name] for name in COMBINATION} for part in parts}
    rows = sorted(pq.read_table(path).to_pylist(), key=lambda row: row["row_number"])
    return [row | codes[row["kind"]] for row in rows]


def plcm(**changed: str) -> dict[str, str]:
    """A row of contract monitoring in which some columns, by a beginning of their name, hold something else."""
    row = dict(PLCM)
    for start, text in changed.items():
        (name,) = [column for column in row if column.startswith(start.replace("_", " "))]
        row[name] = text
    return row
