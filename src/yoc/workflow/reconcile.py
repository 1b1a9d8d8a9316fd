"""The main job: a plan becomes a settled year, its evidence and its statements, written whole or not at all."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from yoc.audit import evidence_files, input_hashes, refuse_changed_inputs
from yoc.core.findings import Finding, FindingsError, Level
from yoc.core.identifiers import run_id
from yoc.engine import EngineName
from yoc.workflow.beside import beside_content, settle_with_beside
from yoc.workflow.plan import Job, read_job
from yoc.workflow.posting import read_evidence
from yoc.workflow.run_documents import kept_documents
from yoc.workflow.settle_plan import NoProgress, Outcome, Progress
from yoc.workflow.settlement_file import settlement_content
from yoc.workflow.writing import remove_staging, write_folder

Refuse = Callable[[Job, str], None]


@dataclass(frozen=True)
class Run:
    """A run that is on disk: its settlement, its folders in the workspace, and whether it was there before.

    ``statements_made`` says whether this command wrote the statements: always for a new run, and for one that was
    there before only where its statements were gone.
    """

    settlement: dict[str, Any]
    run_folder: Path
    report_folder: Path
    existed: bool
    statements_made: bool


@dataclass(frozen=True)
class Look:
    """A plan as it is now: what its run would be made from, by hash, and where that run lies if it is there."""

    job: Job
    hashes: Mapping[str, Any]
    run_id: str
    run_folder: Path
    report_folder: Path

    @property
    def is_settled(self) -> bool:
        """Whether the run is there, with its statements."""
        return self.run_folder.is_dir() and self.report_folder.is_dir()


def look_at(plan_path: Path, progress: Progress | None = None) -> Look:
    """Read a plan and hash what it names, to the last byte; nothing is written, and nothing that is there is asked.

    Raises ``FindingsError`` where the plan or what it names cannot be used.
    """
    return _look(read_job(plan_path), progress or NoProgress())


def _look(job: Job, shown: Progress) -> Look:
    inputs = inputs_of(job)
    with shown.stage("Hashing inputs", 1) as step:
        hashes = input_hashes(job.documents, inputs)
        step()
    name = run_id(job.plan.year, hashes)
    runs, reports = _folders(job)
    return Look(job, hashes, name, runs / name, reports / name)


def compute(plan_path: Path, engine: EngineName = "duckdb") -> dict[str, Any]:
    """The settlement of a plan as the content of `settlement.json`, with nothing written and no statement rendered."""
    return _settled(read_job(plan_path).on(engine), "not written", NoProgress())[0]


def inputs_of(job: Job) -> dict[str, Path]:
    """Every input of a job by its name in the workspace, those of the contract beside it too."""
    jobs = [job, *([job.beside] if job.beside else [])]
    inputs = {job.workspace.name(path): path for each in jobs for path in each.files.values()}
    inputs |= {file.name: file.path for file in job.activity_files}
    return inputs | {file.name: file.path for files in job.tied_files.values() for file in files}


def evidence_of(
    job: Job, name: str, hashes: Mapping[str, Any], shown: Progress
) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The settlement of a job, and the files of its run's folder by name, with nothing written.

    ``hashes`` is what the run is made from: what is kept of a file of that hash is taken, whatever the file is by now.
    Raises ``FindingsError`` where an input cannot be used, a law is broken, or a file that has to be read is no longer
    what its hash says.
    """
    settlement, beside, outcomes = _settled(job.of(hashes["inputs"]), name, shown)
    refuse_changed_inputs(hashes["inputs"], [account for outcome in outcomes for account in outcome.accounts])
    paths = document_paths(job)
    documents = kept_documents(job, paths, hashes["documents"])
    texts = evidence_files(settlement, hashes, paths, outcomes[0].trace, documents, beside)
    return settlement, {file: text.encode("utf-8") for file, text in texts.items()}


def document_paths(job: Job) -> dict[str, str]:
    """Where each document of a job lies in the workspace, by its role."""
    root = job.workspace.root
    inside = {role: path.resolve().is_relative_to(root.resolve()) for role, path in job.documents.items()}
    # A link is named as it stands in the workspace, wherever it leads.
    return {
        role: job.workspace.name(path) if inside[role] else path.relative_to(root).as_posix()
        for role, path in job.documents.items()
    }


def _settled(job: Job, name: str, shown: Progress) -> tuple[dict[str, Any], dict[str, Any] | None, tuple[Outcome, ...]]:
    """The settlement of a job, that of the contract beside it where it has one, and what both were made from."""
    own, beside = settle_with_beside(job, shown)
    settlement = settlement_content(own, name)
    if beside is None:
        return settlement, None, (own,)
    settlement["beside"] = beside_content(own, beside)
    return settlement, settlement_content(beside.outcome, name), (own, beside.outcome)


def reconcile(
    plan_path: Path,
    progress: Progress | None = None,
    refuse: Refuse | None = None,
    look: Look | None = None,
    engine: EngineName = "duckdb",
) -> Run:
    """Settle a plan and write its run and reports; where the same inputs have a run already, change nothing.

    ``refuse`` is asked, before any work, whether the contract's year allows a run of this name, and raises where not.
    ``look`` is what was hashed just before, so that it is not hashed twice; a file that changed since is told where it
    has to be read.
    ``engine`` does the line-level work; the run and its name are the same whichever it is.

    Raises ``FindingsError`` where an input cannot be used, a law is broken, or another run is under way.
    """
    shown = progress or NoProgress()
    job = (look.job if look else read_job(plan_path)).on(engine)
    runs, reports = _folders(job)
    runs.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(runs / ".lock", timeout=0):
            remove_staging(runs, reports)
            return _reconcile_alone(replace(look, job=job) if look else _look(job, shown), shown, refuse)
    except Timeout:
        message = "another run of this contract and year is under way"
        raise FindingsError(
            [Finding("RUN-BUSY", Level.SUBMISSION, message, "wait for it to end, then try again")]
        ) from None


def _reconcile_alone(look: Look, shown: Progress, refuse: Refuse | None) -> Run:
    job, run_folder, report_folder = look.job, look.run_folder, look.report_folder
    if refuse is not None:
        refuse(job, look.run_id)
    if run_folder.is_dir():
        settlement = dict(read_evidence(run_folder).settlement)
        gone = not report_folder.is_dir()
        if gone:
            write_folder(report_folder, rendered(settlement, shown))
        return Run(settlement, run_folder, report_folder, existed=True, statements_made=gone)
    settlement, files = evidence_of(job, look.run_id, look.hashes, shown)
    statements = rendered(settlement, shown)
    # The run's folder is what makes a run exist. Reports can be made again from it at any time.
    write_folder(run_folder, files)
    write_folder(report_folder, statements)
    return Run(settlement, run_folder, report_folder, existed=False, statements_made=True)


def _folders(job: Job) -> tuple[Path, Path]:
    place = Path(job.plan.year.slug) / job.contract.contract
    return job.workspace.root / "reconciliation" / place / "runs", job.workspace.root / "reports" / place


def rendered(settlement: Mapping[str, Any], shown: Progress) -> dict[str, bytes]:
    """Every statement of a settlement by file name."""
    from yoc.report import render  # Drawing is slow to import, and most failures come before it.

    with shown.stage("Writing statements", len(settlement["hosts"]) + 2) as step:
        return render(settlement, step)
