"""Tying lines out to statements and invoices in a run: reading them, comparing, and stopping where the plan says so."""

from dataclasses import dataclass

from yoc.core.findings import Finding, stop_if_any
from yoc.engine import Engine
from yoc.intake.account import FileAccount, Reject
from yoc.intake.statements import give_statements, read_statements
from yoc.intake.tie_outs import TieOuts, tie_out, tie_out_findings
from yoc.workflow.plan import Job


@dataclass(frozen=True)
class Tied:
    """What tying out gave: the cells that differ, the accounts and rejects of the files, and what to tell."""

    outs: TieOuts | None = None
    accounts: tuple[FileAccount, ...] = ()
    rejects: tuple[Reject, ...] = ()
    findings: tuple[Finding, ...] = ()


def tie_lines(engine: Engine, job: Job) -> Tied:
    """Compare the lines with the plan's statements and invoices, where it names any.

    Raises ``FindingsError`` with every difference where the plan says that they stop the run.
    """
    if not job.tied_files:
        return Tied()
    given = give_statements(engine, read_statements(job.tied_files, job.profiles))
    rules = job.plan.tie_outs
    outs = tie_out(engine, job.plan.as_of, rules.within, with_invoices="invoices" in job.tied_files)
    found = list(tie_out_findings(outs, rules.level("statements"), rules.level("invoices")))
    stop_if_any(found)
    return Tied(outs, given.accounts, given.rejects, (*given.findings, *found))
