"""From national files to a settled year in memory: the rooms in the order in which data walks through them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

from yoc.activity import Activity, charge_activity
from yoc.activity.line_guards import ten_times_findings
from yoc.contract.blocks import BlockShare
from yoc.contract.budget import build_budget
from yoc.contract.inputs import InputValues
from yoc.contract.position import BlockPart, Position
from yoc.core.findings import Finding, FindingsError, Level
from yoc.core.money import apportion_pence, round_half_away
from yoc.core.periods import day_number
from yoc.engine import Engine
from yoc.intake import (
    FileAccount,
    Payment,
    PracticeMap,
    Reject,
    Result,
    activity_findings,
    conditions_findings,
    read_activity,
    read_attribution_list,
    read_payments,
    read_people,
    read_practice_map,
    read_results,
    rejects_as_findings,
)
from yoc.intake.canonical_store import CANONICAL_FOLDER
from yoc.intake.tie_outs import TieOuts
from yoc.population import Counted, HostPeriod, count_people
from yoc.settlement import Check, HostSettlement, check_settlement, settle_host
from yoc.settlement.checks import Control
from yoc.workflow.host_inputs import defaults_of, read_host_inputs
from yoc.workflow.plan import Job
from yoc.workflow.share_blocks import share_blocks
from yoc.workflow.tie_lines import tie_lines


class Progress(Protocol):
    """Shows how far a run is: one stage at a time, each with its number of steps."""

    def stage(self, title: str, steps: int) -> AbstractContextManager[Callable[[], None]]:
        """Begin a stage; the function that it gives is called once a step."""
        ...


class NoProgress:
    """Shows nothing."""

    def stage(self, title: str, steps: int) -> AbstractContextManager[Callable[[], None]]:  # noqa: ARG002
        """A stage that nobody watches."""
        return nullcontext(lambda: None)


@dataclass(frozen=True)
class Outcome:
    """A settled year in memory: everything that its evidence and statements are made from."""

    job: Job
    accounts: tuple[FileAccount, ...]
    rejects: tuple[Reject, ...]
    counted: Counted
    activity: Activity
    results: dict[tuple[str, str], Result]
    payments: tuple[Payment, ...]
    hosts: tuple[HostSettlement, ...]
    checks: tuple[Check, ...]
    findings: tuple[Finding, ...]
    tie_outs: TieOuts | None = None
    """How lines, statements and invoices compare; nothing where the plan names no statement and no invoice."""


def settle_plan(job: Job, progress: Progress | None = None) -> Outcome:
    """Settle a plan. Raises ``FindingsError`` where an input cannot be used or a law is broken."""
    shown = progress or NoProgress()
    with Engine() as engine:
        with shown.stage("Reading people", 3) as step:
            people_accounts, rejects, practice_map, small = read_people_and_small(engine, job)
            step()
            counted = count_job(engine, job, practice_map)
            step()
        with shown.stage("Reading activity", len(job.activity_files)) as step:
            # A contract that charges what was submitted says itself what becomes of a line with no total.
            kept = job.contract.activity.price.basis != "book"
            activity_accounts, activity_rejects = read_activity(
                engine,
                job.activity_files,
                job.plan.year,
                step,
                profiles=job.profiles,
                store=job.workspace.root / CANONICAL_FOLDER,
                blank_total_kept=kept,
            )
            noticed = [
                *conditions_findings(engine, job.contract.population.conditions, job.named("conditions")[1]),
                *activity_findings(engine, activity_accounts, job.plan.year, job.plan.as_of, job.plan.light_month),
            ]
            tied = tie_lines(engine, job)
        with shown.stage("Pricing and attributing", 1) as step:
            units_per_year = next(iter(counted.people.values())).units_per_year
            file = job.contract_document.file
            activity = charge_activity(engine, job.contract, job.book, job.plan.year, units_per_year, file)
            ratios = job.plan.ten_times
            ten_times = tuple(ten_times_findings(engine, ratios.over.bounds(), ratios.under.bounds()))
            step()
    blocks = share_blocks(job, counted, activity)
    accounts = (*people_accounts, *small.accounts, *activity_accounts, *tied.accounts)
    all_rejects = (*rejects, *activity_rejects, *tied.rejects)
    with shown.stage("Settling", len(job.contract.hosts)) as step:
        hosts = []
        for position in _positions(job, counted, activity, small, blocks):
            hosts.append(settle_host(job.contract, position))
            step()
        checks = check_settlement(job.contract, hosts, _control(job, accounts, activity, counted, blocks))
    _stop_where_a_law_is_broken(checks)
    findings = (
        *_file_findings(accounts),
        *rejects_as_findings(all_rejects),
        *noticed,
        *tied.findings,
        *counted.findings,
        *activity.findings,
        *ten_times,
    )
    return Outcome(
        job,
        accounts,
        all_rejects,
        counted,
        activity,
        small.results,
        small.payments,
        tuple(hosts),
        checks,
        findings,
        tied.outs,
    )


@dataclass(frozen=True)
class SmallFiles:
    """What the small files of a run hold, and their accounts."""

    results: dict[tuple[str, str], Result]
    payments: tuple[Payment, ...]
    positions: dict[str, InputValues]
    accounts: tuple[FileAccount, ...]


def read_people_and_small(engine: Engine, job: Job) -> tuple[list[FileAccount], list[Reject], PracticeMap, SmallFiles]:
    """The files about people, the practice map and the small files; every fault of all of them at once."""
    findings: list[Finding] = []
    hosts = [host.code for host in job.contract.hosts]

    def attempt(read: Callable[[], Any], otherwise: Any) -> Any:
        try:
            return read()
        except FindingsError as error:
            findings.extend(error.findings)
            return otherwise

    practice_map, map_accounts = attempt(
        lambda: read_practice_map(job.named("practices"), job.named("neighbourhoods"), hosts), (None, [])
    )
    paths = {name: job.named(name) for name in ("persons", "registrations", "conditions")}
    accounts, rejects = attempt(lambda: read_people(engine, paths, job.contract.population.conditions), ([], []))
    results: dict[tuple[str, str], Result] = {}
    payments: list[Payment] = []
    small_accounts = []
    if "indicator_results" in job.files:
        wanted = job.contract.measured_indicators()
        results, account = attempt(lambda: read_results(*job.named("indicator_results"), hosts, wanted), ({}, None))
        small_accounts.append(account)
    if "payments_on_account" in job.files:
        commissioner = job.contract.commissioner.code
        payments, account = attempt(
            lambda: read_payments(
                *job.named("payments_on_account"), job.plan.year, job.plan.as_of, commissioner, hosts
            ),
            ([], None),
        )
        small_accounts.append(account)
    if "attribution_list" in job.files:
        account = attempt(lambda: read_attribution_list(engine, *job.named("attribution_list"), hosts), None)
        small_accounts.append(account)
    positions = dict.fromkeys(hosts, defaults_of(job.contract))
    if "positions" in job.files:
        read = attempt(lambda: read_host_inputs(*job.named("positions"), job.contract), None)
        positions, account = read or (positions, None)
        small_accounts.append(account)
    if findings:
        raise FindingsError(findings)
    small = SmallFiles(results, tuple(payments), positions, (*map_accounts, *small_accounts))
    return accounts, rejects, practice_map, small


def count_job(engine: Engine, job: Job, practice_map: PracticeMap) -> Counted:
    """Count a job's people, once they are read."""
    first, end = day_number(job.plan.year.first_day), day_number(job.plan.year.last_day) + 1
    periods = [
        HostPeriod(practice, period.value, period.from_day, period.to_day)
        for practice in practice_map.practices
        for period in practice_map.hosts_of(practice, first, end)
    ]
    known = frozenset(practice_map.practices)
    return count_people(engine, job.contract, job.plan.year, periods, known, job.named("registrations")[1])


def _positions(
    job: Job, counted: Counted, activity: Activity, small: SmallFiles, blocks: Sequence[BlockShare]
) -> Iterable[Position]:
    """One position a host. Cost becomes whole pence here: at the lines already, or once on the host's total."""
    settings = job.contract.budget.settings()
    catalogue = job.catalogue.by_id() if job.catalogue else {}
    wanted = job.contract.measured_indicators()
    scored = [name for name in job.contract.indicator_names() if name not in wanted]
    listed = {party.code: place for place, party in enumerate(job.contract.parties)}
    for host in job.contract.hosts:
        cells = [cell for cell in activity.cells if cell.host == host.code]
        by_setting: dict[str, Fraction] = dict.fromkeys(settings, Fraction(0))
        by_provider: dict[str, Fraction] = defaultdict(Fraction)
        for block in job.contract.activity.blocks:
            by_provider[block.provider] += 0
        by_month: dict[tuple[str, int], Fraction] = defaultdict(Fraction)
        for cell in cells:
            by_setting[cell.setting] += cell.amount
            by_provider[cell.provider] += cell.amount
            by_month[cell.setting, cell.month] += cell.amount
        total = round_half_away(sum(by_setting.values(), Fraction(0)))
        # The order of the parties in the contract decides who gets a penny that two have an equal claim to.
        providers = sorted(by_provider, key=lambda code: (listed.get(code, len(listed)), code))
        cost = dict(zip(settings, apportion_pence(total, list(by_setting.values())), strict=True))
        of_providers = dict(
            zip(providers, apportion_pence(total, [by_provider[code] for code in providers]), strict=True)
        )
        # Blocks are whole pence already and are added to what the lines come to.
        parts = {share.block: share.pence_by_host[host.code] for share in blocks}
        for block in job.contract.activity.blocks:
            cost[block.setting] += parts[block.id]
            of_providers[block.provider] += parts[block.id]
        yield Position(
            host=host.code,
            year=job.plan.year,
            contract_year=job.contract.contract_year(job.plan.year),
            budget=build_budget(job.contract.budget, counted.people[host.code], host.code, job.plan.year),
            cost_pence=_exact(cost),
            cost_by_provider_pence=_exact(of_providers),
            over_threshold_pence=sum((cell.over_threshold for cell in cells), Fraction(0)),
            scores={
                **{name: catalogue[name].score(small.results[host.code, name].value) for name in wanted},
                **{name: small.positions[host.code].values[name] for name in scored},
            },
            values=small.positions[host.code].values,
            choices=small.positions[host.code].choices,
            paid_on_account_pence=Fraction(
                sum(payment.pence for payment in small.payments if payment.payee == host.code)
            ),
            block_pence=parts,
            block_parts=_block_parts(job, blocks, host.code),
            cost_by_month_pence=dict(by_month),
            as_of=job.plan.as_of,
        )


def _exact(pence: Mapping[str, int]) -> dict[str, Fraction]:
    return {name: Fraction(part) for name, part in pence.items()}


def _block_parts(job: Job, shares: Sequence[BlockShare], host: str) -> dict[str, BlockPart]:
    return {
        block.id: BlockPart(block.title or block.id, block.setting, share.formula_by_host[host])
        for block, share in zip(job.contract.activity.blocks, shares, strict=True)
    }


def _control(
    job: Job, accounts: Iterable[FileAccount], activity: Activity, counted: Counted, blocks: Sequence[BlockShare]
) -> Control:
    gathered = list(accounts)
    by_host: dict[str, Fraction] = defaultdict(Fraction)
    for cell in activity.cells:
        by_host[cell.host] += cell.amount
    return Control(
        files_submitted_pence=sum(account.submitted_pence for account in gathered),
        rejected_pence=sum(account.rejected_pence for account in gathered),
        superseded_pence=sum(account.superseded_pence for account in gathered),
        lines_in=activity.lines_in,
        lines_judged=activity.lines_judged,
        fates_submitted_pence=sum(part.submitted_pence for part in activity.by_fate),
        cells_pence=sum(round_half_away(amount) for amount in by_host.values()),
        double_presence_rows=counted.double_presence_rows,
        block_pence={block.id: block.value for block in job.contract.activity.blocks},
        block_rest_pence={share.block: share.rest_pence for share in blocks},
    )


def _stop_where_a_law_is_broken(checks: Iterable[Check]) -> None:
    broken = [
        Finding(
            "CHECK-FAILED",
            Level.SUBMISSION,
            f"law {check.id} does not hold ({check.law}): {check.detail}",
            "nothing was written; report this with the plan's name",
        )
        for check in checks
        if not check.passed
    ]
    if broken:
        raise FindingsError(broken)


def _file_findings(accounts: Iterable[FileAccount]) -> Iterable[Finding]:
    for account in accounts:
        if account.encoding != "utf-8":
            message = f"the file is not UTF-8 and was read as {account.encoding}"
            yield Finding("ENCODING", Level.WARNING, message, "ask for UTF-8", account.file)
        if account.superseded:
            message = f"{account.superseded} rows are superseded by a later load of the same provider and month"
            yield Finding("ROW-SUPERSEDED", Level.WARNING, message, "", account.file, count=account.superseded)
