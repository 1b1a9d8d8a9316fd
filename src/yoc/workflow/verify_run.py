"""Verifying a run: its folder, what it was made from, its figures made again, its statements, the store, signatures.

Nothing is written, and nothing is taken from lines that were kept of an earlier reading: the files themselves are read.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from yoc.audit import hash_document
from yoc.audit.changed_lines import changed_lines
from yoc.audit.differences import Difference
from yoc.audit.run_manifest import MANIFEST
from yoc.audit.signature import signatures_step
from yoc.audit.verify import (
    CHANGED,
    MISSING,
    OUTSIDE,
    SETTLEMENT,
    UNCHANGED,
    UNREADABLE,
    Figures,
    Mark,
    Named,
    Step,
    figures_step,
    inputs_step,
    is_verified,
    program_step,
    statements_step,
    sum_up,
)
from yoc.core.findings import FindingsError
from yoc.core.identifiers import sha256_bytes
from yoc.intake.container import is_there, path_sha256
from yoc.intake.limits import LINES
from yoc.intake.unreadable import Unreadable
from yoc.store.database import Clock
from yoc.workflow.plan import Job, read_job
from yoc.workflow.plan_inputs import is_outside
from yoc.workflow.reconcile import document_paths, evidence_of, inputs_of, rendered
from yoc.workflow.run_documents import DOCUMENTS
from yoc.workflow.run_folder import OpenedRun, open_run
from yoc.workflow.run_place import RunPlace
from yoc.workflow.settle_plan import NoProgress, Progress
from yoc.workflow.signatures import read_signatures
from yoc.workflow.verify_store import store_step


class Scope(StrEnum):
    """How far a run is looked at."""

    FULL = "full"
    QUICK = "quick"
    SIGNATURE = "signature"


_WAYS = {
    Scope.FULL: "is what was recorded, and its inputs give the same figures again",
    Scope.QUICK: "is what was recorded; its statements were not looked at, and its figures not made again",
    Scope.SIGNATURE: "is signed as it is here; its inputs were not looked at, and its figures not made again",
}


@dataclass(frozen=True)
class Verification:
    """What the steps found, and the first figures that differ."""

    run_id: str
    scope: Scope
    steps: tuple[Step, ...]
    differences: tuple[Difference, ...] = ()

    @property
    def verified(self) -> bool:
        """Whether the run is what was recorded."""
        return is_verified(self.steps)

    @property
    def sum_up(self) -> str:
        """What the steps come to, in a line."""
        return sum_up(self.run_id, self.steps, _WAYS[self.scope])


def verify_run(
    place: RunPlace, clock: Clock, scope: Scope = Scope.FULL, trusted: Sequence[str] | None = None,
    progress: Progress | None = None,
) -> Verification:  # fmt: skip
    """Look at a run, as far as ``scope`` says. ``trusted`` are the fingerprints of the keys that count, if only those.

    Raises ``FindingsError`` where what is to be looked at cannot be, and never for a fault of the run.
    """
    shown = progress or NoProgress()
    opened = open_run(place)
    if opened is None:
        said = f"{MANIFEST} is not the manifest of a run, so nothing else can be told."
        return Verification(place.run_id, scope, (Step("Folder", Mark.DIFFERS, said),))
    steps = [opened.step]
    differences: tuple[Difference, ...] = ()
    if scope is not Scope.SIGNATURE:
        job, unread = _job_of(place)
        inputs = _inputs(opened, job, shown)
        steps += [inputs, program_step(opened.manifest, opened.program)]
        if scope is Scope.FULL:
            figures = _figures(opened, job, unread, inputs, shown)
            differences = figures.differences
            steps += [figures.step, _statements(opened, shown)]
        steps.append(store_step(place, opened.manifest, opened.contents.get(SETTLEMENT), clock))
    signatures = read_signatures(place)
    if scope is Scope.SIGNATURE or trusted is not None or signatures:
        steps.append(signatures_step(place.run_id, opened.manifest.sha256, signatures, trusted))
    return Verification(place.run_id, scope, tuple(steps), differences)


def _job_of(place: RunPlace) -> tuple[Job | None, str]:
    """The plan with all that it names, or why it cannot be read."""
    try:
        return read_job(place.plan_path), ""
    except FindingsError as error:
        return None, "; ".join(dict.fromkeys(finding.message for finding in error.findings[:3]))


def _inputs(opened: OpenedRun, job: Job | None, shown: Progress) -> Step:
    made_from = opened.manifest.fields.made_from
    paths = opened.manifest.fields.document_paths
    if paths is None:
        # A run of an earlier version: its plan says where its documents lie.
        paths = document_paths(job) if job else {}
    documents = [Named(role, paths.get(role, ""), sha256) for role, sha256 in made_from.documents.items()]
    inputs = [Named("", name, sha256) for name, sha256 in made_from.inputs.items()]
    with shown.stage("Hashing inputs", 1) as step:
        found = inputs_step(
            inputs,
            documents,
            lambda named, is_document: _look(opened.place.root, named, is_document),
            lambda named: _changed(opened, named),
        )
        step()
    return found


def _look(root: Path, named: Named, is_document: bool) -> str:
    """What has become of a file that the run was made from."""
    if not named.path:
        return MISSING
    path = root / named.path
    if is_outside(named.path):
        return OUTSIDE
    try:
        if not (path.is_file() if is_document else is_there(path)):
            return MISSING
        return (
            UNCHANGED if named.sha256 == (hash_document(path) if is_document else path_sha256(path, LINES)) else CHANGED
        )
    except (OSError, Unreadable, ValueError):
        return UNREADABLE


def _changed(opened: OpenedRun, named: Named) -> list[str]:
    """Which lines of a document changed, where the run kept its text and that is as it was."""
    kept = opened.contents.get(f"{DOCUMENTS}/{named.path}")
    if kept is None or sha256_bytes(kept) != named.sha256:
        return []
    try:
        now = (opened.place.root / named.path).read_bytes()
    except OSError:
        return []
    return changed_lines(kept, now)


def _figures(opened: OpenedRun, job: Job | None, unread: str, inputs: Step, shown: Progress) -> Figures:
    """The run made again in memory, where what it was made from is there and unchanged."""

    def untold(said: str, *details: str) -> Figures:
        return Figures(Step("Figures", Mark.UNTOLD, said, details, must_be_told=True))

    if inputs.mark is not Mark.HOLDS:
        compare = "to see which figures that moves, settle the plan again and compare the two runs: yoc compare"
        return untold("what the run was made from is not here as it was, so it cannot be made again.", compare)
    if job is None:
        return untold(f"the plan cannot be read by this version of the program: {unread}.")
    come, apart = _come_since(job, opened)
    if apart:
        return untold("what the plan names now is not what the run was made from.", *apart)
    try:
        same = _without(job, come)
        _, now = evidence_of(same, opened.place.run_id, opened.manifest.raw["made_from"], shown)
    except FindingsError as error:
        return untold("it cannot be settled again:", *(finding.message for finding in error.findings[:5]))
    notes = [f"{name} has come since, and was left out" for name in sorted(come)]
    if opened.manifest.fields.document_paths is None:
        notes.append("the run is of a version that did not record where its documents lie; the plan beside it was read")
    recorded = {**opened.contents, MANIFEST: opened.manifest.content}
    return figures_step(recorded, opened.manifest.fields.files, now, notes, opened.same_program)


def _come_since(job: Job, opened: OpenedRun) -> tuple[set[str], list[str]]:
    """Loads that the plan's patterns take in now and the run did not have; and what else is not the same."""
    made_from = opened.manifest.fields.made_from
    now = inputs_of(job)
    loads = {file.name for file in _loads(job)}
    come = {name for name in now if name not in made_from.inputs}
    apart = [f"{name} has come since" for name in sorted(come - loads)]
    apart += [f"{name} is not named by the plan any more" for name in sorted({*made_from.inputs} - {*now})]
    paths = document_paths(job)
    apart += [f"{role} ({paths[role]}) has come since" for role in sorted({*paths} - {*made_from.documents})]
    apart += [f"{role} is not named by the plan any more" for role in sorted({*made_from.documents} - {*paths})]
    both = sorted({*paths} & {*made_from.documents})
    apart += [
        f"{role} ({paths[role]}) is another"
        for role in both
        if hash_document(job.documents[role]) != made_from.documents[role]
    ]
    return come & loads, apart


def _loads(job: Job) -> list[Any]:
    return [*job.activity_files, *(file for files in job.tied_files.values() for file in files)]


def _without(job: Job, names: set[str]) -> Job:
    """The job without some of its loads, and without what was kept of the lines of the others."""
    own = replace(
        job,
        activity_files=tuple(file for file in job.activity_files if file.name not in names),
        tied_files={
            kind: tuple(file for file in files if file.name not in names) for kind, files in job.tied_files.items()
        },
        keeps_files=False,
    )
    return replace(own, beside=_without(own.beside, names)) if own.beside else own


def _statements(opened: OpenedRun, shown: Progress) -> Step:
    folder = opened.place.report_folder
    settlement = opened.settlement
    if settlement is None:
        return Step("Statements", Mark.UNTOLD, f"{SETTLEMENT}, which they are made from, is not as it was written.")
    found = None
    if folder.is_dir():
        found = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    named = folder.relative_to(opened.place.root).as_posix()
    try:
        made = rendered(settlement, shown) if found else {}
    except Exception:
        if opened.same_program:
            raise
        return Step("Statements", Mark.UNTOLD, "this version of the program cannot write them from that settlement.")
    return statements_step(made, found or None, opened.same_program, named)
