"""From a run's folder to the store. The folder comes first, as the evidence; a run that is only there is posted next.

So whatever stops between the two, nothing is half done: the folder is whole or absent, the posting is whole or absent,
and the run's name, made from its inputs, keeps it from being posted twice.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yoc.core.findings import FindingsError, refusal
from yoc.core.periods import FinancialYear
from yoc.store.database import Store
from yoc.store.journal import Act, Movement, Reader, Writer, reading, writing_several
from yoc.store.runs import let_stand, record_run
from yoc.store.tables import Run
from yoc.store.year_tables import Payment, PaymentRow
from yoc.workflow.year import YearOf, enter_state, refuse_unless, standing_run, state_of

REPLACED = "replaced_while_open"
"""Why a run takes the place of another before the first reconciliation: figures of an open year still move.

The first run of a year takes the place of none, and has no reason.
"""


@dataclass(frozen=True)
class Evidence:
    """A run as its folder holds it."""

    settlement: Mapping[str, Any]
    manifest: Mapping[str, Any]

    @property
    def run_id(self) -> str:
        """The run's name."""
        return str(self.settlement["run_id"])


@dataclass(frozen=True)
class Posted:
    """What became of a run in the store: whether it was known, whether it stands now, what it moved in the journal."""

    run_id: str
    known: bool
    stands: bool
    movements: int
    recorded_first: tuple[str, ...] = ()
    """Other runs that lay in their folders alone, since a command before broke off, and were recorded first."""


def read_evidence(folder: Path) -> Evidence:
    """A run from its folder. Raises ``FindingsError`` where it is not there, or is not what its manifest names."""
    there = [name for name in ("settlement.json", "manifest.json") if (folder / name).is_file()]
    if not there:
        raise refusal("STORE-UNKNOWN", f"there is no run in {folder.as_posix()}", "name the folder of a run")
    try:
        settlement, manifest = ((folder / name).read_bytes() for name in ("settlement.json", "manifest.json"))
        named = json.loads(manifest)["files"]["settlement.json"]
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        raise _not_as_written(folder, "the run's folder is no longer whole") from None
    if named != hashlib.sha256(settlement.replace(b"\r\n", b"\n")).hexdigest():
        raise _not_as_written(folder, "settlement.json is not the one that its manifest names")
    return Evidence(json.loads(settlement), json.loads(manifest))


def _not_as_written(folder: Path, message: str) -> FindingsError:
    mend = "put back a copy of the folder, or move it away and settle the plan again; evidence is not edited"
    return refusal("FILE-CHANGED", message, mend, folder.name)


def post_run(store: Store, evidence: Evidence, by: str = "") -> Posted:
    """Record a run, and let it stand where the year is open; one that is recorded already changes nothing.

    From the first reconciliation on a run is recorded and does not stand: `yoc restate` lets it, with a reason.
    Raises ``FindingsError`` where the year is closed.
    """
    settlement = evidence.settlement
    contract, year = settlement["contract"]["id"], settlement["year"]
    known = known_run(store, evidence)
    if known is not None:
        return known
    last_day = FinancialYear.parse(year).last_day
    with writing_several(store) as postings:
        reason = REPLACED if standing_run(postings.reader, contract, year) else ""
        named = by or settlement["prepared_by"]
        writer = postings.begin(Act("run", contract, year, named, last_day, reason, evidence.run_id))
        _refuse_known(writer, evidence)
        state = state_of(writer.reader, contract, year)
        settled = state in ("flexed", "frozen")
        refuse_unless(writer.reader, contract, year, "record" if settled else "run")
        record_run(writer, settlement, evidence.manifest)
        if settled:
            return Posted(evidence.run_id, False, False, 0)
        if not state:
            enter_state(writer, "open", "the first run was recorded")
        movements = stand(writer, evidence)
    return Posted(evidence.run_id, False, True, movements)


def known_run(store: Store, evidence: Evidence) -> Posted | None:
    """What the store says of a run that it has already; nothing where it has not."""
    settlement = evidence.settlement
    with reading(store) as reader:
        if reader.session.get(Run, evidence.run_id) is None:
            return None
        stands = standing_run(reader, settlement["contract"]["id"], settlement["year"])
        return Posted(evidence.run_id, True, stands is not None and stands.run_id == evidence.run_id, 0)


def stand(writer: Writer, evidence: Evidence) -> int:
    """Let a recorded run stand in a posting; gives how many movements its differences made."""
    act = writer.act
    before = standing_run(writer.reader, act.contract, act.year)
    replaces = before.run_id if before else ""
    return let_stand(writer, evidence.settlement, replaces, taken_off_twice(writer.reader, evidence.settlement))


def taken_off_twice(reader: Reader, settlement: Mapping[str, Any]) -> list[Movement]:
    """What gives back each payment that was recorded by itself and that a run takes off too, found by its reference."""
    if settlement["status"] == "shadow":
        return []
    taken = {(host["host"], payment["reference"]) for host in settlement["hosts"] for payment in host["payments"]}
    recorded = reader.of_year(Payment, settlement["contract"]["id"], settlement["year"])
    return [gives_back(payment) for payment in recorded if (payment.payee, payment.reference) in taken]


def gives_back(payment: PaymentRow) -> Movement:
    """The movement by which a payment that the settlement has taken off does not count a second time."""
    reference, payer, payee = payment.reference, payment.payer, payment.payee
    return Movement("taken_off", payee, "payment taken off", reference, "", payer, payee, payment.pence)


def post_pending(store: Store, year: YearOf, by: str = "") -> list[Posted]:
    """Post the runs of a year whose folder is there and which the store does not know, the oldest first.

    ``by`` is who records them: each run's preparer, unless said.
    """
    return [post_run(store, read_evidence(folder), by) for folder in unposted(store, year)]


def unposted(store: Store, year: YearOf) -> list[Path]:
    """The folders of the runs of a year that the store does not know, the oldest first; none where it is closed."""
    folders = sorted(
        (path for path in year.runs_folder.glob("*") if (path / "manifest.json").is_file()),
        key=lambda path: ((path / "manifest.json").stat().st_mtime_ns, path.name),
    )
    with reading(store) as reader:
        known = {run.run_id for run in reader.of_year(Run, year.contract, str(year.year))}
        if state_of(reader, year.contract, str(year.year)) == "closed":
            return []
    return [folder for folder in folders if folder.name not in known]


def _refuse_known(writer: Writer, evidence: Evidence) -> None:
    if writer.session.get(Run, evidence.run_id) is not None:
        raise refusal("STORE-BUSY", "the run was recorded by somebody else just now", "look at it: yoc year show")
