"""The plan of a run: which contract, which year, which files; and the workspace that it stands in."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from yoc.contract import ActivityContract, read_activity_contract
from yoc.contract.model import Status
from yoc.core.fields import Day, Memory, Model, Name, Share, Text, Year, YesNo
from yoc.core.findings import Finding, FindingsError, Level
from yoc.core.located import Document, read_document, read_model
from yoc.engine import MEMORY_BYTES, EngineName
from yoc.intake import ActivityFile
from yoc.intake.canonical_store import CANONICAL_FOLDER
from yoc.intake.line_checks import LIGHT_SHARE
from yoc.intake.profile_set import ProfileSet
from yoc.outcomes import Catalogue, read_catalogue
from yoc.tariff import PriceHistory
from yoc.workflow.activity_inputs import plan_profiles
from yoc.workflow.contract_files import BaseFiles
from yoc.workflow.plan_inputs import Inputs, Workspace, find_inputs, is_led_out, is_outside
from yoc.workflow.plan_people import map_misfits, people_misfits
from yoc.workflow.plan_rules import TenTimesRules, ThresholdRules, TieOutRules, tie_out_misfits
from yoc.workflow.price_books import read_prices


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


PriceBooks = Annotated[tuple[Text, ...], BeforeValidator(_listed), Field(min_length=1)]
"""The price books: a `book.yaml`, or a folder of which every version is read; or a list of them."""


class Plan(Model):
    """`plan.yaml`: what is reconciled, as of when, by whom."""

    plan: Name
    contract: Text
    year: Year
    as_of: Day
    prepared_by: Text
    prices: PriceBooks
    inputs: Inputs
    prices_may_lack_days: YesNo = False
    """Yes says that days of the year may have no price book, and their lines are set aside; unless said, they stop the
    run."""
    list_size_tolerance: Share | None = None
    """By which rate of its list size a practice's registrations may differ before it is told; nothing unless said."""
    restated_from: Day | None = None
    """The first day of the month, or quarter, from which payments were made on the restated people already."""
    beside: Text | None = None
    """Another contract to settle on the same inputs, in shadow whatever its status says."""
    controlled_environment: YesNo = False
    """Yes says that the run stands where NHS numbers may be; unless said, files that hold them are refused."""
    tie_outs: TieOutRules = TieOutRules()
    """What happens where lines, statements and invoices differ."""
    thresholds: ThresholdRules = ThresholdRules()
    """How much of a file may be faulty before it is refused whole."""
    light_month: Share = LIGHT_SHARE
    """Under which share of its other months' mean a provider's newest month is told; 85% unless said, 0% never."""
    ten_times: TenTimesRules = TenTimesRules()
    """At which ratios of submitted to book a line is told to be ten times out."""
    memory: Memory = MEMORY_BYTES
    """How much the database may hold in memory, in bytes; what is more waits on the disk. No figure depends on it."""


@dataclass(frozen=True)
class Job:
    """All that a run works from, read and checked: its plan, contract, prices, indicators and files."""

    workspace: Workspace
    plan_path: Path
    plan: Plan
    contract: ActivityContract
    contract_document: Document
    prices: PriceHistory
    catalogue: Catalogue | None
    documents: dict[str, Path]
    files: dict[str, Path]
    activity_files: tuple[ActivityFile, ...]
    profiles: ProfileSet
    tied_files: Mapping[str, tuple[ActivityFile, ...]] = field(default_factory=dict)
    """The files under `statements` and `invoices`, where the plan names them."""
    beside: "Job | None" = None
    """The same plan under the contract that it names beside its own."""
    left_out: tuple[Finding, ...] = ()
    """What was found beside the files and is no table."""
    keeps_files: bool = True
    """Whether files are kept as Parquet, and taken from there where one was read before."""

    contents: Mapping[str, str] = field(default_factory=dict)
    """The hash of each input's bytes by name, once it was taken."""
    engine: EngineName = "duckdb"
    """Which engine does the line-level work. A run is the same whichever it is, and so is its name."""

    def on(self, engine: EngineName) -> "Job":
        """The same job, its line-level work done by an engine."""
        return replace(self, engine=engine, beside=self.beside.on(engine) if self.beside else None)

    def of(self, contents: Mapping[str, str]) -> "Job":
        """The same job on inputs of which the hash of the bytes was taken, so that it is taken once."""
        return replace(self, contents=contents, beside=self.beside.of(contents) if self.beside else None)

    @property
    def store(self) -> Path | None:
        """Where files are kept as Parquet; ``None`` where they are not."""
        return self.workspace.root / CANONICAL_FOLDER if self.keeps_files else None

    def named(self, key: str) -> tuple[Path, str]:
        """The path of an input, and its name in the workspace."""
        return self.files[key], self.workspace.name(self.files[key])


def read_job(plan_path: Path) -> Job:
    """Read a plan and what it names. Raises ``FindingsError`` with every fault of every file, all at once."""
    if not plan_path.is_file():
        raise FindingsError([_missing(plan_path.as_posix(), "the plan is not there")])
    workspace = Workspace.around(plan_path)
    document = read_document(read_workspace_text(plan_path, workspace), workspace.name(plan_path))
    plan = read_model(document, Plan)
    gathered: list[Finding] = []
    contract_path = find_file(workspace, document, plan.contract, ("contract",), gathered)
    named = find_inputs(workspace, document, plan.inputs)
    gathered.extend(named.faults)
    documents = {"plan": plan_path, "contract": contract_path}
    own = _read_side(workspace, document, plan.contract, "contract", documents, gathered)
    other = None
    if plan.beside is not None:
        documents["beside"] = find_file(workspace, document, plan.beside, ("beside",), gathered)
        other = _read_side(workspace, document, plan.beside, "beside", documents, gathered)
    prices = read_prices(workspace.root, document, plan, documents, gathered)
    gathered.extend(_days_without_prices(document, plan, prices))
    gathered.extend(map_misfits(document, plan.inputs))
    gathered.extend(tie_out_misfits(document, plan.tie_outs, frozenset(named.tied)))
    if own:
        gathered.extend(_misfits(document, plan, own[0], own[2], other[0] if other else None))
        gathered.extend(people_misfits(document, plan, own[0], other[0] if other else None))
    if own and other:
        told = {finding.message for finding in gathered}
        as_its_own = plan.model_copy(update={"contract": plan.beside})
        more = _misfits(document, as_its_own, other[0], other[2], own[0])
        gathered.extend(finding for finding in more if finding.message not in told)
        gathered.extend(_misfits_beside(document, own[0], other[0]))
    files = {"activity": named.activity, **named.tied}
    profiles = plan_profiles(workspace.root, document, plan.inputs.loads(), files, documents, gathered)
    gathered.extend(_led_out(workspace, documents))
    if gathered or own is None or prices is None or (other is None and plan.beside is not None):
        raise FindingsError(gathered)
    job = Job(
        workspace,
        plan_path,
        plan,
        own[0],
        own[1],
        prices,
        own[2],
        documents,
        named.files,
        named.activity,
        profiles,
        left_out=tuple(named.left_out),
        tied_files=named.tied,
    )
    return _with_beside(job, other) if other else job


def _led_out(workspace: Workspace, documents: Mapping[str, Path]) -> list[Finding]:
    """What lies outside of the workspace could change without a trace in it."""
    mend = "put the file itself into the workspace"
    return [
        Finding("FILE-OUTSIDE", Level.SUBMISSION, f"{name} is a link that leads out of the workspace", mend, path.name)
        for name, path in documents.items()
        if is_led_out(workspace.root, path)
    ]


def _days_without_prices(document: Document, plan: Plan, prices: PriceHistory | None) -> list[Finding]:
    """Lines on days without a price are set aside, and what they cost is the hosts' gain: it has to be meant."""
    if prices is None or plan.prices_may_lack_days:
        return []
    day = prices.first_day_without(plan.year.first_day, plan.year.last_day)
    if day is None:
        return []
    message = f"there are days of {plan.year} for which no price book holds, published by {plan.as_of}: {day} is one"
    mend = "add the book of those days to `prices`, or set their lines aside with `prices_may_lack_days: yes`"
    return [document.finding("PRICE-UNDATED", message, ("prices",), mend)]


def _with_beside(job: Job, other: "_Side") -> Job:
    """The job, and the same job under the other contract; each with the files that its own contract asks for."""
    contract = other[0].model_copy(update={"status": Status.SHADOW})
    beside = replace(job, contract=contract, contract_document=other[1], catalogue=other[2])
    return replace(
        job, files=_wanted(job.files, job.contract), beside=replace(beside, files=_wanted(job.files, contract))
    )


def _wanted(files: dict[str, Path], contract: ActivityContract) -> dict[str, Path]:
    unwanted = {
        "segment_lists": not contract.population.lists(),
        "attribution_list": contract.population.attribution != "prospective_list",
        "positions": not contract.position,
        "payments_on_account": not _takes_off(contract),
    }
    return {name: path for name, path in files.items() if not unwanted.get(name)}


def _takes_off(contract: ActivityContract | None) -> bool:
    """Whether a term takes off what was paid on account."""
    return contract is not None and any(term.kind == "on_account" for term in contract.terms)


def _misfits_beside(document: Document, own: ActivityContract, other: ActivityContract) -> list[Finding]:
    """What keeps two contracts from being settled beside one another, host by host."""
    findings = []
    hosts = [sorted(host.code for host in contract.hosts) for contract in (own, other)]
    if hosts[0] != hosts[1]:
        message = f"the contract beside has the hosts {', '.join(hosts[1])}, and this one {', '.join(hosts[0])}"
        mend = "name the same hosts in both: the year is compared host by host"
        findings.append(document.finding("PLAN-MISMATCH", message, ("beside",), mend))
    if own.commissioner.code != other.commissioner.code or own.currency != other.currency:
        message = "the contract beside has another commissioner or currency"
        findings.append(document.finding("PLAN-MISMATCH", message, ("beside",), "make them the same in both"))
    return findings


_Side = tuple[ActivityContract, Document, Catalogue | None]


def _read_side(
    workspace: Workspace, document: Document, name: str, key: str, documents: dict[str, Path], gathered: list[Finding]
) -> _Side | None:
    """A contract that the plan names under ``key``, its document, and its catalogue; nothing where there are faults.

    What was read is added to ``documents``, what is wrong to ``gathered``.
    """
    path = documents[key]
    bases = BaseFiles(workspace.root)
    read = _try(lambda: read_activity_contract(read_workspace_text(path, workspace), name, bases.open), path, gathered)
    table = read[0].budget.rates_from if read else None
    rates = {base for base in bases.opened if table is not None and workspace.name(base) == table.file}
    builds_on = [base for base in bases.opened if base not in rates]
    documents |= {f"{key} base {number}": base for number, base in enumerate(builds_on, 1)}
    if read is None:
        return None
    contract, contract_document = read
    documents |= {f"{key} rate table {contract.budget.rates_from.rate_table}": base for base in rates
                  if contract.budget.rates_from}  # fmt: skip
    catalogue = None
    if contract.indicators:
        catalogue_path = find_file(workspace, document, contract.indicators, (key,), gathered)
        documents["indicators" if key == "contract" else f"{key} indicators"] = catalogue_path
        catalogue = _try(
            lambda: read_catalogue(read_workspace_text(catalogue_path, workspace), str(contract.indicators)),
            catalogue_path,
            gathered,
        )
    return contract, contract_document, catalogue


def _try(read: Any, path: Path | None, gathered: list[Finding]) -> Any:
    """The result of reading, or ``None`` with its findings gathered; nothing is tried where the file is not there."""
    if path is None or not path.is_file():
        return None
    try:
        return read()
    except FindingsError as error:
        gathered.extend(error.findings)
        return None


def read_workspace_text(path: Path, workspace: Workspace) -> str:
    """The text of a file of the workspace. Raises ``FindingsError`` where it is not UTF-8."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        message = "the file is not text in UTF-8"
        raise FindingsError(
            [Finding("FILE-UNREADABLE", Level.SUBMISSION, message, "save it as UTF-8", workspace.name(path))]
        ) from None


def _missing(file: str, message: str) -> Finding:
    return Finding("FILE-MISSING", Level.SUBMISSION, message, "check the name and the folder", file)


def find_file(
    workspace: Workspace, document: Document, name: str, path: tuple[str | int, ...], gathered: list[Finding]
) -> Path:
    """The file of a name in the plan; a finding where it leaves the workspace or is not there.

    One that leaves the workspace is not looked at: the workspace's folder, which is no file, is given in its place.
    """
    if is_outside(name):
        mend = "name files from the workspace's folder with forward slashes, as data/2026-27/registrations.csv"
        gathered.append(document.finding("FILE-OUTSIDE", f"{name} is not a name inside the workspace", path, mend))
        return workspace.root
    target = workspace.root / PurePosixPath(name)
    if is_led_out(workspace.root, target):
        message, mend = f"{name} is a link that leads out of the workspace", "put the file itself into the workspace"
        gathered.append(document.finding("FILE-OUTSIDE", message, path, mend))
        return workspace.root
    if not target.is_file():
        gathered.append(document.finding("FILE-MISSING", f"{name} is not there", path, "check the name and the folder"))
    return target


def _misfits(
    document: Document,
    plan: Plan,
    contract: ActivityContract,
    catalogue: Catalogue | None,
    other: ActivityContract | None,
) -> Sequence[Finding]:
    """What does not fit between the plan, the contract and the catalogue.

    A file that only the ``other`` contract of the plan asks for is no misfit.
    """
    findings = []
    number = contract.contract_year(plan.year)
    if not 1 <= number <= contract.years:
        last = type(plan.year)(contract.first_year.start_year + contract.years - 1)
        message = f"{plan.year} is not a year of the contract, which runs from {contract.first_year} to {last}"
        findings.append(document.finding("PLAN-MISMATCH", message, ("year",)))
    if isinstance(plan.as_of, dt.date) and plan.as_of < plan.year.last_day:
        message = f"as of {plan.as_of} the year {plan.year} has not ended; a year is settled when it has"
        findings.append(document.finding("PLAN-MISMATCH", message, ("as_of",)))
    table = contract.budget.rates_from
    if table is not None and table.year > plan.year:
        message = f"the rates of {plan.contract} are at the level of {table.year}, after the year that is settled"
        mend = f"build them at the level of {plan.year}, or of a year from which the contract's adjustments lead there"
        findings.append(document.finding("PLAN-MISMATCH", message, ("year",), mend))
    known = catalogue.by_id() if catalogue else {}
    unread = contract.indicators is not None and catalogue is None
    for name in contract.measured_indicators():
        if name not in known and not unread:
            message = f"the contract pays on `{name}`, which its catalogue of indicators does not hold"
            mend = f"the catalogue has {', '.join(sorted(known)) or 'none'}"
            findings.append(Finding("PLAN-MISMATCH", Level.SUBMISSION, message, mend, plan.contract))
    if contract.measured_indicators() and plan.inputs.indicator_results is None:
        findings.append(
            document.finding(
                "PLAN-MISMATCH",
                "the contract pays on indicators, and the plan names no results",
                ("inputs",),
                "add `indicator_results:`",
            )
        )
    by_list = contract.population.attribution == "prospective_list"
    if by_list and plan.inputs.attribution_list is None:
        message = "the contract attributes people by a prospective list, and the plan names none"
        findings.append(document.finding("PLAN-MISMATCH", message, ("inputs",), "add `attribution_list:`"))
    other_by_list = other is not None and other.population.attribution == "prospective_list"
    if not by_list and not other_by_list and plan.inputs.attribution_list is not None:
        message = (
            f"the plan names an attribution list, and the contract attributes by {contract.population.attribution}"
        )
        mend = "take the list out, or attribute by prospective_list"
        findings.append(document.finding("PLAN-MISMATCH", message, ("inputs", "attribution_list"), mend))
    asked = [name for name, given in contract.position.items() if given.default is None and not given.optional]
    if asked and plan.inputs.positions is None:
        message = f"the contract asks for {', '.join(asked)} of each host, and the plan names no table of them"
        findings.append(document.finding("PLAN-MISMATCH", message, ("inputs",), "add `positions:`"))
    if not contract.position and not (other and other.position) and plan.inputs.positions is not None:
        message = "the plan names a table of positions, and the contract asks for nothing"
        mend = "take it out, or declare its columns under `position:` in the contract"
        findings.append(document.finding("PLAN-MISMATCH", message, ("inputs", "positions"), mend))
    takes_off = _takes_off(contract)
    if takes_off and plan.inputs.payments_on_account is None:
        message = "the contract takes off payments on account, and the plan names none"
        findings.append(document.finding("PLAN-MISMATCH", message, ("inputs",), "add `payments_on_account:`"))
    if not takes_off and not _takes_off(other) and plan.inputs.payments_on_account is not None:
        message = "the plan names payments on account, and no term of the contract takes them off"
        where = ("inputs", "payments_on_account")
        findings.append(document.finding("PLAN-MISMATCH", message, where, "add a term of kind on_account"))
    return findings
