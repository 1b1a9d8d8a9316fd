"""The plan of a run: which contract, which year, which files; and the workspace that it stands in."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from yoc.audit import hash_document
from yoc.contract import ActivityContract, read_activity_contract
from yoc.core.fields import Day, Model, Name, Share, Text, Year
from yoc.core.findings import Finding, FindingsError, Level
from yoc.core.located import Document, read_document, read_model
from yoc.intake import ActivityFile
from yoc.intake.line_checks import LIGHT_SHARE
from yoc.intake.profile_set import ProfileSet, built_in_profiles, local_profile_files, read_profiles
from yoc.intake.statements import KINDS
from yoc.outcomes import Catalogue, read_catalogue
from yoc.tariff import BookHeader, PriceBook, read_book_header, read_price_book
from yoc.workflow.contract_files import BaseFiles
from yoc.workflow.plan_rules import TenTimesRules, TieOutRules, tie_out_misfits


class ActivityInput(Model):
    """Activity files that arrived together, and how they are read."""

    files: Text
    """A file, or a pattern of names."""
    profile: Name | None = None
    """The profile that reads them; unless said, each file's headers tell."""


def _input(value: Any) -> Any:
    """A pattern alone stands for files whose headers tell how they are read."""
    return {"files": value} if isinstance(value, str) else value


def _inputs(value: Any) -> Any:
    return [value] if isinstance(value, str | dict) else value


ActivityInputs = Annotated[
    tuple[Annotated[ActivityInput, BeforeValidator(_input)], ...], BeforeValidator(_inputs), Field(min_length=1)
]
"""Files of activity in the order of their loads: one pattern, several, or patterns with their profiles."""


class Inputs(Model):
    """The files of a run, named from the workspace's folder. Later patterns of `activity` are later loads."""

    registrations: Text
    persons: Text
    conditions: Text
    practices: Text
    neighbourhoods: Text
    activity: ActivityInputs
    indicator_results: Text | None = None
    payments_on_account: Text | None = None
    attribution_list: Text | None = None
    positions: Text | None = None
    """What the contract's `position:` asks for, one row a host: CSV, XLSX or Parquet, a column an input."""
    statements: ActivityInputs | None = None
    """Aggregate contract monitoring of each provider and month, which the lines must come to; later ones are later
    loads."""
    invoices: ActivityInputs | None = None
    """Invoices of each provider and month, which the statements must come to."""


class Plan(Model):
    """`plan.yaml`: what is reconciled, as of when, by whom."""

    plan: Name
    contract: Text
    year: Year
    as_of: Day
    prepared_by: Text
    prices: Text
    inputs: Inputs
    tie_outs: TieOutRules = TieOutRules()
    """What happens where lines, statements and invoices differ."""
    light_month: Share = LIGHT_SHARE
    """Under which share of its other months' mean a provider's newest month is told; 85% unless said, 0% never."""
    ten_times: TenTimesRules = TenTimesRules()
    """At which ratios of submitted to book a line is told to be ten times out."""


@dataclass(frozen=True)
class Workspace:
    """The folder that holds `contracts/`, `tariffs/`, `reconciliation/` and `reports/`."""

    root: Path

    @classmethod
    def around(cls, path: Path) -> "Workspace":
        """The workspace that a plan stands in: the nearest folder with `contracts` and `reconciliation`."""
        for folder in path.resolve().parents:
            if (folder / "contracts").is_dir() and (folder / "reconciliation").is_dir():
                return cls(folder)
        message = "no folder above the plan holds both `contracts` and `reconciliation`"
        mend = "keep the plan in a workspace; `yoc init DIR` lays an empty one"
        raise FindingsError([Finding("FILE-OUTSIDE", Level.SUBMISSION, message, mend, path.name)])

    def name(self, path: Path) -> str:
        """A file's name in the workspace, with forward slashes everywhere."""
        return path.resolve().relative_to(self.root.resolve()).as_posix()


@dataclass(frozen=True)
class Job:
    """All that a run works from, read and checked: its plan, contract, prices, indicators and files."""

    workspace: Workspace
    plan_path: Path
    plan: Plan
    contract: ActivityContract
    contract_document: Document
    book_header: BookHeader
    book: PriceBook
    catalogue: Catalogue | None
    documents: dict[str, Path]
    files: dict[str, Path]
    activity_files: tuple[ActivityFile, ...]
    profiles: ProfileSet
    tied_files: Mapping[str, tuple[ActivityFile, ...]] = field(default_factory=dict)
    """The files under `statements` and `invoices`, where the plan names them."""

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
    book_path = find_file(workspace, document, plan.prices, ("prices",), gathered)
    files, activity_files = find_inputs(workspace, document, plan.inputs, gathered)
    tied_files = {
        name: find_group(workspace, document, given, ("inputs", name), gathered)
        for name in KINDS
        if (given := getattr(plan.inputs, name)) is not None
    }
    documents = {"plan": plan_path, "contract": contract_path, "book": book_path}
    bases = BaseFiles(workspace.root)
    read = _try(
        lambda: read_activity_contract(read_workspace_text(contract_path, workspace), plan.contract, bases.open),
        contract_path,
        gathered,
    )
    contract, contract_document = read or (None, None)
    documents |= {f"contract base {number}": path for number, path in enumerate(bases.opened, 1)}
    prices = _try(lambda: read_prices(workspace, book_path, documents), book_path, gathered)
    catalogue = None
    if contract and contract.indicators:
        catalogue_path = find_file(workspace, document, contract.indicators, ("contract",), gathered)
        documents["indicators"] = catalogue_path
        catalogue = _try(
            lambda: read_catalogue(read_workspace_text(catalogue_path, workspace), str(contract.indicators)),
            catalogue_path,
            gathered,
        )
    gathered.extend(tie_out_misfits(document, plan.tie_outs, frozenset(tied_files)))
    if contract and prices:
        gathered.extend(_misfits(document, plan, contract, prices[0], catalogue))
    profiles = read_job_profiles(workspace, document, plan.inputs, documents, gathered)
    if gathered or contract is None or contract_document is None or prices is None:
        raise FindingsError(gathered)
    return Job(
        workspace,
        plan_path,
        plan,
        contract,
        contract_document,
        prices[0],
        prices[1],
        catalogue,
        documents,
        files,
        activity_files,
        profiles,
        tied_files,
    )


def read_job_profiles(
    workspace: Workspace,
    document: Document,
    inputs: Inputs,
    documents: dict[str, Path],
    gathered: list[Finding],
    at: tuple[str | int, ...] = ("inputs",),
) -> ProfileSet:
    """The profiles of the package and the workspace; a finding for each that the plan names and that is not there."""
    local = local_profile_files(workspace.root)
    documents |= {f"profile {path.stem}": path for path in local}
    try:
        profiles = read_profiles(workspace.root)
    except FindingsError as error:
        gathered.extend(error.findings)
        return built_in_profiles()
    for name in ("activity", *KINDS):
        for number, given in enumerate(getattr(inputs, name) or ()):
            if given.profile is not None and given.profile not in profiles.by_name:
                message, mend = f"there is no profile `{given.profile}`", "`yoc intake profile list` lists them"
                where = (*at, name, number, "profile")
                gathered.append(document.finding("PROFILE-UNKNOWN", message, where, mend))
    return profiles


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
    """The file of a name in the plan; a finding where it leaves the workspace or is not there."""
    pure = PurePosixPath(name)
    target = workspace.root / pure
    if pure.is_absolute() or ".." in pure.parts or ":" in name or "\\" in name:
        mend = "name files from the workspace's folder with forward slashes, as data/2026-27/registrations.csv"
        gathered.append(document.finding("FILE-OUTSIDE", f"{name} is not a name inside the workspace", path, mend))
    elif not target.is_file():
        gathered.append(document.finding("FILE-MISSING", f"{name} is not there", path, "check the name and the folder"))
    return target


def find_inputs(
    workspace: Workspace,
    document: Document,
    inputs: Inputs,
    gathered: list[Finding],
    at: tuple[str | int, ...] = ("inputs",),
) -> tuple[dict[str, Path], tuple[ActivityFile, ...]]:
    """The files of a year's inputs, which stand at ``at`` in the plan; a finding for each that is not there."""
    files: dict[str, Path] = {}
    for name, value in inputs:
        if name not in ("activity", *KINDS) and value is not None:
            files[name] = find_file(workspace, document, value, (*at, name), gathered)
    return files, find_group(workspace, document, inputs.activity, (*at, "activity"), gathered)


def find_group(
    workspace: Workspace,
    document: Document,
    given_loads: ActivityInputs,
    at: tuple[str | int, ...],
    gathered: list[Finding],
) -> tuple[ActivityFile, ...]:
    """The files of patterns that are loads in their order; a finding for each that matches nothing."""
    found_files: list[ActivityFile] = []
    for load, given in enumerate(given_loads, 1):
        where, pattern = (*at, load - 1), given.files
        if "*" not in pattern:
            found = [find_file(workspace, document, pattern, where, gathered)]
        else:
            pure = PurePosixPath(pattern)
            outside = pure.is_absolute() or ".." in pure.parts or ":" in pattern or "\\" in pattern
            matches = () if outside else workspace.root.glob(pattern)
            found = sorted((path for path in matches if path.is_file()), key=lambda path: path.as_posix())
            if outside:
                gathered.append(
                    document.finding("FILE-OUTSIDE", f"{pattern} is not a pattern inside the workspace", where)
                )
            elif not found:
                mend = "check the folder; for the sample, `yoc synth` makes the files"
                gathered.append(document.finding("FILE-MISSING", f"no file matches {pattern}", where, mend))
        found_files.extend(ActivityFile(path, workspace.name(path), load, given.profile or "") for path in found)
    return tuple(found_files)


def read_prices(workspace: Workspace, book_path: Path, documents: dict[str, Path]) -> tuple[BookHeader, PriceBook]:
    """A price book and its tables, each the one that the book registered. Raises ``FindingsError``."""
    header = read_book_header(read_workspace_text(book_path, workspace), workspace.name(book_path))
    findings, texts = [], []
    for key, name in (("prices", header.prices), ("market_forces", header.market_forces)):
        path = book_path.parent / PurePosixPath(name).name
        documents[key] = path
        if not path.is_file():
            findings.append(_missing(workspace.name(path), f"{name} is not beside the book"))
            continue
        texts.append((read_workspace_text(path, workspace), workspace.name(path)))
        actual = hash_document(path)
        if header.sha256.get(name) != actual:
            message = f"{name} is not the table that the book registered: its sha256 is {actual}"
            mend = "a correction is a new version of the book, with its own folder and hashes"
            findings.append(Finding("FILE-CHANGED", Level.SUBMISSION, message, mend, workspace.name(book_path)))
    if findings:
        raise FindingsError(findings)
    return header, read_price_book(*texts[0], *texts[1])


def _misfits(
    document: Document, plan: Plan, contract: ActivityContract, book: BookHeader, catalogue: Catalogue | None
) -> Sequence[Finding]:
    """What does not fit between the plan, the contract, the book and the catalogue."""
    findings = []
    number = contract.contract_year(plan.year)
    if not 1 <= number <= contract.years:
        last = type(plan.year)(contract.first_year.start_year + contract.years - 1)
        message = f"{plan.year} is not a year of the contract, which runs from {contract.first_year} to {last}"
        findings.append(document.finding("PLAN-MISMATCH", message, ("year",)))
    if not book.covers(plan.year.first_day, plan.year.last_day):
        message = f"the price book holds from {book.effective_from} to {book.effective_to}, not for all of {plan.year}"
        findings.append(document.finding("PLAN-MISMATCH", message, ("prices",)))
    if isinstance(plan.as_of, dt.date) and plan.as_of < plan.year.last_day:
        message = f"as of {plan.as_of} the year {plan.year} has not ended; a year is settled when it has"
        findings.append(document.finding("PLAN-MISMATCH", message, ("as_of",)))
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
    if not by_list and plan.inputs.attribution_list is not None:
        message = (
            f"the plan names an attribution list, and the contract attributes by {contract.population.attribution}"
        )
        mend = "take the list out, or attribute by prospective_list"
        findings.append(document.finding("PLAN-MISMATCH", message, ("inputs", "attribution_list"), mend))
    asked = [name for name, given in contract.position.items() if given.default is None and not given.optional]
    if asked and plan.inputs.positions is None:
        message = f"the contract asks for {', '.join(asked)} of each host, and the plan names no table of them"
        findings.append(document.finding("PLAN-MISMATCH", message, ("inputs",), "add `positions:`"))
    if not contract.position and plan.inputs.positions is not None:
        message = "the plan names a table of positions, and the contract asks for nothing"
        mend = "take it out, or declare its columns under `position:` in the contract"
        findings.append(document.finding("PLAN-MISMATCH", message, ("inputs", "positions"), mend))
    takes_off = any(term.kind == "on_account" for term in contract.terms)
    if takes_off and plan.inputs.payments_on_account is None:
        message = "the contract takes off payments on account, and the plan names none"
        findings.append(document.finding("PLAN-MISMATCH", message, ("inputs",), "add `payments_on_account:`"))
    if not takes_off and plan.inputs.payments_on_account is not None:
        message = "the plan names payments on account, and no term of the contract takes them off"
        where = ("inputs", "payments_on_account")
        findings.append(document.finding("PLAN-MISMATCH", message, where, "add a term of kind on_account"))
    return findings
