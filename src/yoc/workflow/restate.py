"""Restating a year: another run takes the place of the one that stands, and only the differences are posted."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from yoc.core.findings import FindingsError, refusal
from yoc.core.periods import FinancialYear
from yoc.engine import EngineName
from yoc.store.database import Store
from yoc.store.journal import reading, writing
from yoc.store.runs import CORRECTIONS, record_run
from yoc.store.tables import Entry, Run
from yoc.workflow.disputed import AgreedBeyond, agreed_beyond
from yoc.workflow.disputes import DisputeView, views
from yoc.workflow.plan import Job
from yoc.workflow.posting import (
    Evidence,
    Posted,
    known_run,
    post_pending,
    post_run,
    read_evidence,
    stand,
    unposted,
)
from yoc.workflow.reconcile import Look, reconcile
from yoc.workflow.reconcile import Run as SettledRun
from yoc.workflow.settle_plan import Progress
from yoc.workflow.year import YearOf, refuse_unless, state_of

_Result = TypeVar("_Result")


@dataclass(frozen=True)
class Correction:
    """One line that a restatement changed: by how much, and what it came to before and comes to now."""

    host: str
    name: str
    clause: str
    payer: str
    payee: str
    pence: int


def year_of(root: Path, store: Store, settlement: Mapping[str, Any]) -> YearOf:
    """The contract's year that a run is of."""
    return YearOf(root, store, settlement["contract"]["id"], FinancialYear.parse(settlement["year"]))


def gate(root: Path, store: Store, act: str, by: str, pending: list[Posted]) -> Callable[[Job, str], None]:
    """What a plan's run is asked before any work: whether its year allows it. What has no posting yet gets it first.

    ``pending`` takes what was posted so; ``by`` is who records it.
    """

    def refuse(job: Job, run_id: str) -> None:
        year = YearOf(root, store, job.contract.contract, job.plan.year)
        pending.extend(post_pending(store, year, by))
        with reading(store) as reader:
            if act == "run" and reader.session.get(Run, run_id) is not None:
                return  # It is recorded already, so to settle it again changes nothing.
            settled = state_of(reader, year.contract, str(year.year)) in ("flexed", "frozen")
            wanted = "record" if act == "run" and settled else act
            refuse_unless(reader, year.contract, str(year.year), wanted)

    return refuse


def unchanged(root: Path, store: Store, look: Look) -> Posted | None:
    """What the store says of a plan's run, where there is nothing to do; nothing where there is something.

    There is nothing to do where the run of just these bytes lies in its folder with its statements, the store knows it,
    and knows every other run of the year too. Nothing is written, no lock is taken. Raises ``FindingsError`` where the
    run's folder is no longer as it was written.
    """
    if not look.is_settled:
        return None
    year = YearOf(root, store, look.job.contract.contract, look.job.plan.year)
    if unposted(store, year):
        return None
    return known_run(store, read_evidence(look.run_folder))


def settle_and_post(
    plan: Path,
    root: Path,
    store: Store,
    progress: Progress | None,
    by: str = "",
    look: Look | None = None,
    engine: EngineName = "duckdb",
) -> tuple[SettledRun, Posted]:
    """Settle a plan, then record its run: the folder first, the posting second.

    ``by`` is who records it: the preparer that the plan names, unless said. ``look`` is what was hashed just before.
    ``engine`` does the line-level work.
    Where the store cannot be used after the folder was written, the run is posted by the next command.
    """
    pending: list[Posted] = []
    run = reconcile(plan, progress, gate(root, store, "run", by, pending), look, engine)
    posted = _in_its_folder(run, lambda: post_run(store, read_evidence(run.run_folder), by))
    return run, _with_pending(posted, pending)


def _with_pending(posted: Posted, pending: Sequence[Posted]) -> Posted:
    """What became of a run, and of those that a command before left without a posting; it may be one of them."""
    others = tuple(each.run_id for each in pending if each.run_id != posted.run_id)
    own = [each for each in pending if each.run_id == posted.run_id]
    movements = posted.movements or sum(each.movements for each in own)
    return replace(posted, known=posted.known and not own, movements=movements, recorded_first=others)


def restate(
    plan: Path, root: Path, store: Store, reason: str, evidence_reference: str, by: str, progress: Progress | None
) -> tuple[SettledRun, Posted, list[Correction]]:
    """Settle a plan and let its run stand in the place of another: the differences are posted, line by line.

    Doing it again posts nothing. Raises ``FindingsError`` where the reason is none, or the year does not allow it.
    """
    if reason not in CORRECTIONS:
        raise refusal("FIELD-VALUE", f"{reason} is no reason", f"give one of {', '.join(CORRECTIONS)}")
    pending: list[Posted] = []
    run = reconcile(plan, progress, gate(root, store, "restate", by, pending))
    found = read_evidence(run.run_folder)
    posted, corrections = _in_its_folder(run, lambda: restate_run(root, store, found, reason, evidence_reference, by))
    return run, _with_pending(posted, pending), corrections


def disputes_touched(year: YearOf, corrections: list[Correction]) -> list[DisputeView]:
    """The open disputes about lines that a restatement changed. They stay open: the parties say what is left."""
    lines = {(row.host, row.name) for row in corrections}
    with reading(year.store) as reader:
        return [view for view in views(reader, year) if view.is_open and (view.host, view.name) in lines]


def agreed_beyond_lines(year: YearOf, corrections: list[Correction]) -> list[AgreedBeyond]:
    """The lines that a restatement changed of which more was agreed off, before it, than they come to now."""
    lines = {(row.host, row.name) for row in corrections}
    with reading(year.store) as reader:
        found = agreed_beyond(reader, year.contract, str(year.year))
    return [each for each in found if (each.host, each.name) in lines]


def _in_its_folder(run: SettledRun, post: Callable[[], _Result]) -> _Result:
    """Post a run; what goes wrong says that the run itself is whole, and what comes next."""
    try:
        return post()
    except FindingsError as error:
        name = run.run_folder.name
        mend = (
            f"the run {name} is whole in its folder; mend this, then the same command, or `yoc store post`, records it"
        )
        raise FindingsError(
            replace(finding, mend=f"{finding.mend}; {mend}" if finding.mend else mend) for finding in error.findings
        ) from None


def restate_run(
    root: Path, store: Store, evidence: Evidence, reason: str, evidence_reference: str, by: str
) -> tuple[Posted, list[Correction]]:
    """Let a run whose folder is there stand, with a reason and what it rests on."""
    year = year_of(root, store, evidence.settlement)
    known = known_run(store, evidence)
    if known is not None and known.stands:
        return known, []
    act = year.act("restate", by or evidence.settlement["prepared_by"], None, reason, evidence_reference)
    with writing(store, act) as writer:
        refuse_unless(writer.reader, year.contract, str(year.year), "restate")
        if writer.session.get(Run, evidence.run_id) is None:
            record_run(writer, evidence.settlement, evidence.manifest)
        movements = stand(writer, evidence)
        entries = [entry for entry in writer.reader.rows(Entry) if entry.posting == writer.number]
    corrections = [
        Correction(entry.host, entry.name, entry.clause, entry.payer, entry.payee, entry.pence)
        for entry in entries
        if entry.party == entry.payee
    ]
    return Posted(evidence.run_id, known is not None, True, movements), corrections
