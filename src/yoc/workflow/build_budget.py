"""Building a budget: a plan and what it names become annual rates and their steps; nothing is written here."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from yoc.audit import input_hashes, refuse_changed_inputs
from yoc.baseline import Built, Step, build_from_years
from yoc.baseline.place import Populations, SumToShare, build_from_populations
from yoc.contract import read_activity_contract
from yoc.contract.budget import ALL_CARE, BUDGET_SETTINGS, BudgetRules, missing_rates
from yoc.contract.model import Contract
from yoc.core.findings import Finding, FindingsError, Level, stop_if_any
from yoc.core.located import Document, read_document, read_model
from yoc.core.periods import FinancialYear
from yoc.core.rates import format_decimal
from yoc.intake.account import FileAccount
from yoc.intake.budget_tables import read_annual_rates, read_populations
from yoc.tariff import PriceHistory
from yoc.workflow.activity_inputs import plan_profiles
from yoc.workflow.baseline_cells import read_cells
from yoc.workflow.baseline_lines import ReadYear, read_baseline_year
from yoc.workflow.budget_plan import BaselineYears, BudgetPlan, RatesTable, WeightedPopulations, misfits
from yoc.workflow.budget_steps import bid_gap, given_step, set_aside_step, table_step
from yoc.workflow.contract_files import BaseFiles, read_contract_file
from yoc.workflow.plan import Job, Plan, find_file, read_workspace_text
from yoc.workflow.plan_inputs import Workspace, find_inputs
from yoc.workflow.price_books import read_prices
from yoc.workflow.settle_plan import NoProgress, Progress


@dataclass(frozen=True)
class BuiltBudget:
    """Rates as they were built, with what they were made from."""

    workspace: Workspace
    plan: BudgetPlan
    built: Built
    gap: Step | None
    hashes: Mapping[str, Any]
    left_out: tuple[Finding, ...] = ()
    """What was found beside the files and is no table."""

    @property
    def folder(self) -> Path:
        """Where the table belongs: `budgets/NAME/DAY` in the workspace."""
        return self.workspace.root / "budgets" / self.plan.budget / str(self.plan.as_of)


class _Reading:
    """A plan that is being read: what it names is found in the workspace, and kept for the hashes."""

    def __init__(self, path: Path):
        if not path.is_file():
            message, mend = "the plan is not there", "check the name and the folder"
            raise FindingsError([Finding("FILE-MISSING", Level.SUBMISSION, message, mend, path.as_posix())])
        self.workspace = Workspace.around(path)
        self.document: Document = read_document(read_workspace_text(path, self.workspace), self.workspace.name(path))
        self.plan = read_model(self.document, BudgetPlan)
        stop_if_any(misfits(self.document, self.plan))
        self.documents: dict[str, Path] = {self.workspace.name(path): path}
        self.inputs: dict[str, Path] = {}
        self.left_out: list[Finding] = []
        self.accounts: list[FileAccount] = []

    def find(self, name: str, at: tuple[str | int, ...]) -> Path:
        """A small file that the plan names. Raises ``FindingsError`` where it is not there."""
        findings: list[Finding] = []
        path = find_file(self.workspace, self.document, name, at, findings)
        stop_if_any(findings)
        self.inputs[self.workspace.name(path)] = path
        return path


def build_budget_of(path: Path, progress: Progress | None = None) -> BuiltBudget:
    """Build the rates of a plan, with nothing written. Raises ``FindingsError`` with every fault."""
    reading = _Reading(path)
    method = reading.plan.method
    if isinstance(method, BaselineYears):
        built = _from_years(reading, method, progress or NoProgress())
    elif isinstance(method, RatesTable):
        built = _from_table(reading, method)
    else:
        built = _from_populations(reading, method)
    stop_if_any(_without_rates(reading, built))
    gap = _gap(reading, built)
    hashes = input_hashes(reading.documents, reading.inputs)
    refuse_changed_inputs(hashes["inputs"], reading.accounts)
    return BuiltBudget(reading.workspace, reading.plan, built, gap, hashes, tuple(reading.left_out))


def _without_rates(reading: _Reading, built: Built) -> Iterator[Finding]:
    """A setting that no budget covers, or that some segment has no rate for: it would count as £0 without a word."""
    rates = _by_segment(built)
    known = (*BUDGET_SETTINGS, ALL_CARE)
    for setting in dict.fromkeys(setting for _, setting in built.rates_pence):
        if setting not in known:
            message = f"`{setting}` is not a setting that a Year of Care budget covers"
            mend = f"use {', '.join(known[:-1])} or {known[-1]}"
            yield reading.document.finding("TERM-REFERENCE", message, ("method",), mend)
    for segment, own in rates.items():
        if ALL_CARE in own and len(own) > 1:
            message = f"segment `{segment}` has a rate for all care and another beside it"
            yield reading.document.finding("FIELD-VALUE", message, ("method",), "give one rate, or one a setting")
    for segment, setting in missing_rates(rates):
        message = f"segment `{segment}` has no rate for {setting}, which another segment has"
        yield reading.document.finding("FIELD-MISSING", message, ("method",), "add it; give £0 if it has none")


def _by_segment(built: Built) -> dict[str, dict[str, int]]:
    rates: dict[str, dict[str, int]] = {}
    for (segment, setting), pence in built.rates_pence.items():
        rates.setdefault(segment, {})[setting] = pence
    return rates


def _not_in(document: Document, contract: Contract, budget: BudgetRules, built: Built) -> Iterator[Finding]:
    """What the contract that is compared with pays for, and the built rates do not say."""
    rates = _by_segment(built)
    for segment, own in budget.rates.items():
        lacking = (
            []
            if ALL_CARE in (*own, *rates.get(segment, ()))
            else [name for name in own if name not in rates.get(segment, {})]
        )
        if segment not in rates:
            said = f"segment `{segment}`"
        elif lacking:
            said = f"segment `{segment}` in {', '.join(lacking)}"
        else:
            continue
        message = f"{contract.contract} has rates for {said}, and none are built"
        yield document.finding("FIELD-MISSING", message, ("compare_with",), "add them; give £0 if it has none")


def _from_years(reading: _Reading, method: BaselineYears, progress: Progress) -> Built:
    plan = reading.plan
    read: list[ReadYear] = []
    if method.cells is not None:
        path = reading.find(method.cells, ("method", "cells"))
        years = read_cells(path, method.cells, method)
    else:
        jobs = _jobs(reading, method)
        settings = [name for name in jobs[0].contract.budget.settings() if name not in method.given_settings()]
        accepted = [gap.provider for gap in method.accept_gaps]
        read = [
            read_baseline_year(job, year.weight, method.outliers, settings, accepted, progress)
            for job, year in zip(jobs, method.years, strict=True)
        ]
        years = [each.cost for each in read]
        reading.accounts = [account for each in read for account in each.accounts]
    segments = [part.segment for part in years[0].segments]
    settings = list(years[0].segments[0].cost)
    stop_if_any(_unfit(reading.document, method, plan, segments, settings))
    built = build_from_years(years, plan.year, method.outliers, method.trend, method.shrinkage)
    stop_if_any(_below_nothing(reading.document, built))
    aside = [part for each in read for part in each.set_aside]
    more = [set_aside_step(aside, method.accept_gaps)] if read else []
    if method.given:
        more.append(given_step(method.given))
    rates = {
        **built.rates_pence,
        **{(segment, setting): pence for segment, own in method.given.items() for setting, pence in own.items()},
    }
    order = [*built.steps[:1], *more[:1], *built.steps[1:], *more[1:]] if read else [*built.steps, *more]
    return Built(rates, built.exact_pence, built.person_years, tuple(order))


def _unfit(
    document: Document, method: BaselineYears, plan: BudgetPlan, segments: Sequence[str], settings: Sequence[str]
) -> Iterator[Finding]:
    """What only shows once segments and settings are known: rates of a trend, rates that are given."""
    years = tuple(year.year for year in method.years)
    for lacking in method.trend.missing(years, plan.year, tuple(settings)) if method.trend else ():
        yield document.finding("FIELD-MISSING", f"the trend does not give {lacking}", ("method", "trend"), "add it")
    for segment in method.given:
        if segment not in segments:
            message, mend = f"`{segment}` is no segment", f"the segments are {', '.join(segments)}"
            yield document.finding("TERM-REFERENCE", message, ("method", "given", segment, ""), mend)
    for setting in method.given_settings():
        for segment in segments:
            if setting not in method.given.get(segment, {}):
                message = f"`given` has no rate of {segment} for {setting}, which it gives for others"
                yield document.finding("FIELD-MISSING", message, ("method", "given"), "add it; £0 where it is nothing")


def _below_nothing(document: Document, built: Built) -> Iterator[Finding]:
    for (segment, setting), pence in built.rates_pence.items():
        if pence < 0:
            message = f"the rate of {segment} for {setting} comes out below nothing: credits outweigh the cost"
            mend = "see which lines are credits, or give the rate as agreed"
            yield document.finding("TERM-IMPOSSIBLE", message, ("method",), mend)


def _jobs(reading: _Reading, method: BaselineYears) -> list[Job]:
    """Each year as a run would have it. Raises ``FindingsError`` with every fault of the files that are named."""
    workspace, document, gathered = reading.workspace, reading.document, list[Finding]()
    contract_path = reading.find(str(method.contract), ("method", "contract"))
    bases = BaseFiles(workspace.root)
    text = read_workspace_text(contract_path, workspace)
    contract, contract_document = read_activity_contract(text, workspace.name(contract_path), bases.open)
    reading.documents |= {workspace.name(path): path for path in (contract_path, *bases.opened)}
    reading.inputs.pop(workspace.name(contract_path))
    if contract.activity.blocks:
        message = "the contract pays blocks, whose values are of its own years and not of the baseline's"
        mend = "give yearly totals that hold what the blocks cost then, as `cells:`"
        raise FindingsError([document.finding("PLAN-MISMATCH", message, ("method", "contract"), mend)])
    jobs = []
    for place, year in enumerate(method.years):
        at: tuple[str | int, ...] = ("method", "years", place)
        if year.inputs is None or year.prices is None:  # The plan's checks refuse this.
            continue
        inputs, own = year.inputs.as_inputs(), (*at, "inputs")
        named = find_inputs(workspace, document, inputs, own)
        gathered.extend(named.faults)
        reading.left_out.extend(named.left_out)
        plan = Plan.model_construct(
            plan=document.file, contract=str(method.contract), year=year.year, as_of=reading.plan.as_of,
            prepared_by=reading.plan.prepared_by, prices=year.prices, inputs=inputs,
        )  # fmt: skip
        tables: dict[str, Path] = {}
        prices = read_prices(workspace.root, document, plan, tables, gathered, (*at, "prices"))
        if prices is not None:
            gathered.extend(_days_without_prices(document, prices, year.year, (*at, "prices")))
        files = {"activity": named.activity, **named.tied}
        profiles = plan_profiles(workspace.root, document, inputs.loads(), files, tables, gathered, own)
        by_list = contract.population.attribution == "prospective_list"
        if by_list != (inputs.attribution_list is not None):
            message = f"the contract attributes people by {contract.population.attribution}"
            mend = "add `attribution_list:`" if by_list else "take the list out"
            gathered.append(document.finding("PLAN-MISMATCH", message, (*at, "inputs"), mend))
        if gathered or prices is None:
            continue
        reading.documents |= {workspace.name(path): path for path in tables.values()}
        reading.inputs |= {workspace.name(path): path for path in named.files.values()}
        reading.inputs |= {file.name: file.path for file in named.activity}
        jobs.append(
            Job(workspace, workspace.root / document.file, plan, contract, contract_document, prices, None,
                tables, named.files, named.activity, profiles)
        )  # fmt: skip
    stop_if_any(gathered)
    return jobs


def _days_without_prices(
    document: Document, prices: PriceHistory, year: FinancialYear, at: tuple[str | int, ...]
) -> Iterator[Finding]:
    """A baseline year needs a price on each of its days: where some have none, it is part of a year."""
    day = prices.first_day_without(year.first_day, year.last_day)
    if day is not None:
        message = f"no price book holds on {day}, so that {year} is not a whole year"
        yield document.finding("PLAN-MISMATCH", message, at, "add the book of those days to `prices`")


def _from_table(reading: _Reading, method: RatesTable) -> Built:
    path = reading.find(method.table, ("method", "table"))
    read, _ = read_annual_rates(path, method.table, method.sheet)
    rates = {(rate.segment, rate.setting): rate.pence for rate in read}
    exact = {key: Fraction(pence) for key, pence in rates.items()}
    return Built(rates, exact, {}, (table_step(method.table, rates),))


def _from_populations(reading: _Reading, method: WeightedPopulations) -> Built:
    path = reading.find(method.populations, ("method", "populations"))
    components = tuple(method.whole.weighted)
    practices, _ = read_populations(path, method.populations, components)
    known = [practice.practice for practice in practices]
    stop_if_any(
        reading.document.finding(
            "TERM-REFERENCE",
            f"{name} has no row in {method.populations}",
            ("method", "practices", place),
            "add its row",
        )
        for place, name in enumerate(method.practices)
        if name not in known
    )
    own = [practice for practice in practices if not method.practices or practice.practice in method.practices]
    place = Populations(
        sum((practice.registered for practice in own), Fraction(0)),
        {name: sum((practice.weighted[name] for practice in own), Fraction(0)) for name in components},
    )
    whole = Populations(method.whole.registered, method.whole.weighted)
    stop_if_any(_larger_than_the_whole(reading.document, place, whole))
    shares = [SumToShare(shared.segment, shared.setting, shared.component, shared.sum) for shared in method.shares]
    return build_from_populations(place, whole, shares)


def _larger_than_the_whole(document: Document, place: Populations, whole: Populations) -> Iterator[Finding]:
    """A place that is part of the whole has no more people than it, registered or weighted."""
    people: list[tuple[str, tuple[str, ...], Fraction, Fraction]] = [
        ("registered", ("registered",), place.registered, whole.registered)
    ]
    people += [(name, ("weighted", name), place.weighted[name], whole.weighted[name]) for name in whole.weighted]
    for name, where, own, of_all in people:
        if own > of_all:
            message = (
                f"the place has {format_decimal(own)} people under `{name}`, and the whole {format_decimal(of_all)}"
            )
            mend = "correct the whole, or name the place's own `practices`"
            yield document.finding("FIELD-VALUE", message, ("method", "whole", *where), mend)


def _gap(reading: _Reading, built: Built) -> Step | None:
    """The rates beside those of the contract with which the plan compares them."""
    if reading.plan.compare_with is None:
        return None
    path = reading.find(reading.plan.compare_with, ("compare_with",))
    reading.inputs.pop(reading.workspace.name(path))
    file = read_contract_file(path)
    reading.documents |= {reading.workspace.name(each): each for each in file.paths}
    contract: Contract = file.contract
    if contract.budget is None:
        message = f"{contract.contract} has no annual rates to compare with"
        raise FindingsError([reading.document.finding("PLAN-MISMATCH", message, ("compare_with",), "take it out")])
    stop_if_any(_not_in(reading.document, contract, contract.budget, built))
    return bid_gap(contract, contract.budget, built.rates_pence, built.person_years)
