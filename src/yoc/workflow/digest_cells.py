"""The cells from which digests are made: of a run, or of files alone as the provider that sent them has them."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Protocol

from yoc.audit.digest import MONTHS, CellPath, CellValues, padded
from yoc.audit.trace import CELLS, read_trace
from yoc.core.findings import Finding, FindingsError, Level, refusal
from yoc.core.periods import FinancialYear
from yoc.engine import Engine
from yoc.intake import ActivityFile, rejects_as_findings
from yoc.intake.account import nothing_usable, repeated_files
from yoc.intake.profile import UNMAPPED
from yoc.intake.submitted_cells import submitted_cells
from yoc.intake.texts import points_of_delivery
from yoc.workflow.named_files import tables_of
from yoc.workflow.read_files import read_lines
from yoc.workflow.run_place import RunPlace

_MOST_NAMED = 20


@dataclass(frozen=True)
class DigestSource:
    """The cells of a year by tree and path, every provider's, and what the digest says of where they are from.

    ``hosts`` are those of the contract; empty where files were read.
    """

    year: FinancialYear
    made_from: str
    contract: str
    hosts: tuple[str, ...]
    blank_totals: str
    trees: Mapping[str, Mapping[CellPath, CellValues]]
    findings: tuple[Finding, ...] = ()

    def providers(self) -> tuple[str, ...]:
        """The providers of whom there are lines."""
        return tuple(sorted({path[0] for path in self.trees["submitted"]}))


class _Lines(Protocol):
    """Lines that were counted together: of a run, or of files."""

    @property
    def provider(self) -> str: ...
    @property
    def month(self) -> int: ...
    @property
    def point_of_delivery(self) -> str: ...
    @property
    def lines(self) -> int: ...
    @property
    def quantity(self) -> Fraction: ...
    @property
    def submitted_pence(self) -> int: ...


def cells_of_run(place: RunPlace) -> DigestSource:
    """The cells of a run, as submitted and as settled. Raises ``FindingsError`` where its evidence is not whole."""
    kept = place.manifest().get("files", {})
    for name in ("settlement.json", CELLS):
        path = place.folder / name
        shown = f"{place.shown}/{name}"
        if not path.is_file():
            mend = "settle the plan again with `yoc reconcile`: runs of earlier versions did not keep it"
            raise refusal("FILE-MISSING", f"the run has no {name}", mend, shown)
        if hashlib.sha256(path.read_bytes()).hexdigest() != kept.get(name):
            mend = "settle the plan again with `yoc reconcile`"
            raise refusal("FILE-CHANGED", "the file is not the one that the run wrote", mend, shown)
    settlement: dict[str, Any] = json.loads((place.folder / "settlement.json").read_text(encoding="utf-8"))
    rows = read_trace(place.folder).cells
    settled: dict[CellPath, CellValues] = {}
    for row in rows:
        cell = (row.host, row.setting, row.provider, _month(row.month), row.point_of_delivery)
        values = CellValues(row.lines, row.quantity, row.submitted_pence, row.amount_pence, {row.fate: row.lines})
        settled[cell] = settled.get(cell, CellValues()) + values
    return DigestSource(
        FinancialYear.parse(settlement["year"]),
        f"run {place.run_id}",
        settlement["contract"]["id"],
        tuple(host["host"] for host in settlement["hosts"]),
        "rejected" if settlement["contract"]["price_basis"] == "book" else "counted",
        {"submitted": _submitted(rows), "settled": settled},
    )


def _month(month: int) -> str:
    return MONTHS[month - 1] if month else MONTHS[-1]


def _submitted(rows: Iterable[_Lines]) -> dict[CellPath, CellValues]:
    cells: dict[CellPath, CellValues] = {}
    for row in rows:
        path = (row.provider, _month(row.month), row.point_of_delivery)
        values = CellValues(row.lines, row.quantity, row.submitted_pence)
        cells[path] = cells.get(path, CellValues()) + values
    return cells


def cells_of_files(
    paths: Sequence[Path], year: FinancialYear, profile: str = "", *, count_blank_totals: bool = False
) -> DigestSource:
    """What was submitted, from files alone in the order in which they were sent: no register and no contract is needed.

    Raises ``FindingsError`` with every file that cannot be read, or holds no activity of the year.
    """
    tables, faults, left_out = tables_of(paths)
    if faults:
        raise FindingsError(faults)
    files = [ActivityFile(table.path, table.path.as_posix(), table.load, profile) for table in tables]
    with Engine() as engine:
        accounts, rejects = read_lines(engine, files, tables[0].path, year, blank_total_kept=count_blank_totals)
        cells = submitted_cells(engine, year)
    empty = [nothing_usable(account.file, 0, Level.WARNING) for account in accounts if account.rows == 0]
    findings = (*left_out, *rejects_as_findings(rejects), *empty, *repeated_files(accounts))
    blank_totals = "counted" if count_blank_totals else "rejected"
    return DigestSource(year, "files", "", (), blank_totals, {"submitted": _submitted(cells)}, findings)


def chosen_cells(
    source: DigestSource, providers: Sequence[str], trees: Sequence[str]
) -> dict[str, dict[CellPath, CellValues]]:
    """The cells of some providers (all, where none is named) in some trees, with every empty one that belongs to them.

    Of what was submitted there is a cell for each month and each national point of delivery; of what was settled, for
    each month, each host, and each setting and point of delivery that the provider has in the year. Raises
    ``FindingsError`` where there is no line of a provider that is named.
    """
    wanted = [*dict.fromkeys(code.strip().upper() for code in providers)] or [*source.providers()]
    known = source.providers()
    named = ", ".join(known[:_MOST_NAMED]) + (" and more" if len(known) > _MOST_NAMED else "") or "none"
    unknown = [
        Finding(
            "PROVIDER-UNKNOWN",
            Level.SUBMISSION,
            f"there is no line of {code!r}",
            f"name one of whom there are lines: {named}",
        )
        for code in wanted
        if code not in known
    ]
    if unknown:
        raise FindingsError(unknown)
    if not wanted:
        raise refusal(
            "PROVIDER-UNKNOWN", "there is no line at all", "name a run, or files, with lines that can be used"
        )
    found: dict[str, dict[CellPath, CellValues]] = {}
    for tree in trees:
        place = 0 if tree == "submitted" else 2
        own = {path: values for path, values in source.trees[tree].items() if path[place] in wanted}
        found[tree] = _whole_year(own, wanted) if tree == "submitted" else _whole_hosts(own, source.hosts)
    return found


def _whole_year(cells: Mapping[CellPath, CellValues], providers: Sequence[str]) -> dict[CellPath, CellValues]:
    national = sorted({*points_of_delivery().values(), UNMAPPED})
    return padded(cells, [(provider,) for provider in providers], national)


def _whole_hosts(cells: Mapping[CellPath, CellValues], hosts: Sequence[str]) -> dict[CellPath, CellValues]:
    seen = sorted({(setting, provider, delivery) for _, setting, provider, _, delivery in cells})
    empty: dict[CellPath, CellValues] = {}
    for setting, provider, delivery in seen:
        empty |= padded({}, [(host, setting, provider) for host in ("", *hosts)], [delivery])
    return empty | dict(cells)
