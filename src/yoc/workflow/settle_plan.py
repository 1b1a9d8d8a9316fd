"""From national files to a settled year in memory: the rooms in the order in which data walks through them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Protocol

from yoc.activity import Activity, charge_activity
from yoc.activity.commissioners import commissioner_findings
from yoc.activity.line_guards import Ratios
from yoc.activity.trace import Trace, trace_lines
from yoc.contract.blocks import BlockShare
from yoc.contract.budget import build_budget
from yoc.contract.inputs import InputValues
from yoc.contract.position import BlockPart, Position
from yoc.contract.stated import ListSize, StatedTotal
from yoc.core.findings import Finding, FindingsError, Level
from yoc.core.money import round_half_away
from yoc.engine import Engine, open_engine
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
    read_list_sizes,
    read_payments,
    read_people,
    read_practice_map,
    read_results,
    read_stated_totals,
    rejects_as_findings,
    segment_list_findings,
)
from yoc.intake.account import not_utf8, repeated_files
from yoc.intake.identifiable import controlled_environment
from yoc.intake.line_checks import date_order_findings
from yoc.intake.tie_outs import TieOuts
from yoc.population import Counted
from yoc.settlement import Check, HostSettlement, check_settlement, settle_host
from yoc.settlement.checks import Control
from yoc.workflow.cost_of_host import cost_of_host
from yoc.workflow.count_plan import (
    MAP_FILES,
    PEOPLE_FILES,
    CountedBefore,
    back_pay_by_host,
    compare_with_others,
    count_before,
    count_plan,
)
from yoc.workflow.host_inputs import defaults_of, read_host_inputs
from yoc.workflow.plan import Job
from yoc.workflow.share_blocks import share_blocks
from yoc.workflow.tie_lines import Tied, tie_lines


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
    trace: Trace
    """The lines by cell and by code, through which a figure is followed to its files."""
    tie_outs: TieOuts | None = None
    """How lines, statements and invoices compare; nothing where the plan names no statement and no invoice."""


@dataclass(frozen=True)
class Readings:
    """What the files of a plan gave, beside the lines and the people's days that stand in the engine."""

    people_accounts: tuple[FileAccount, ...]
    activity_accounts: tuple[FileAccount, ...]
    rejects: tuple[Reject, ...]
    small: "SmallFiles"
    counted: Counted
    before: CountedBefore | None
    noticed: tuple[Finding, ...]
    tied: Tied

    @property
    def accounts(self) -> tuple[FileAccount, ...]:
        """The account of every file."""
        before = self.before.accounts if self.before else ()
        return (
            *self.people_accounts,
            *self.small.accounts,
            *before,
            *self.activity_accounts,
            *self.tied.accounts,
        )


def settle_plan(job: Job, progress: Progress | None = None) -> Outcome:
    """Settle a plan. Raises ``FindingsError`` where an input cannot be used or a law is broken."""
    shown = progress or NoProgress()
    with controlled_environment(job.plan.controlled_environment), open_engine(job.engine, job.plan.memory) as engine:
        return settle_read(engine, job, read_files(engine, job, shown), shown)


def read_files(engine: Engine, job: Job, shown: Progress) -> Readings:
    """Read every file of a plan, and count the people, whose faults are told before millions of lines are read.

    Raises ``FindingsError`` where a file cannot be used.
    """
    with shown.stage("Reading people", 3) as step:
        people_accounts, rejects, practice_map, small = read_people_and_small(engine, job)
        step()
        counted = count_plan(engine, job, practice_map)
        noticed = compare_with_others(engine, job, list(practice_map.practices), small.totals, small.sizes)
        step()
        before = count_before(job)
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
            store=job.store,
            blank_total_kept=kept,
            thresholds=job.plan.thresholds.limits(),
            contents=job.contents,
        )
        noticed += [
            *date_order_findings(people_accounts),
            *conditions_findings(engine, job.contract.population.conditions, job.named("conditions")[1]),
            *activity_findings(engine, activity_accounts, job.plan.year, job.plan.as_of, job.plan.light_month),
            *(segment_list_findings(engine, job.named("segment_lists")[1]) if "segment_lists" in job.files else ()),
        ]
        tied = tie_lines(engine, job)
    return Readings(
        tuple(people_accounts),
        tuple(activity_accounts),
        (*rejects, *(before.rejects if before else ()), *activity_rejects, *tied.rejects),
        small,
        counted,
        before,
        (*noticed, *tied.findings),
        tied,
    )


def settle_read(engine: Engine, job: Job, read: Readings, shown: Progress) -> Outcome:
    """Settle what was read: charge it, apply the terms. Raises ``FindingsError`` as settling a plan does."""
    small, counted = read.small, read.counted
    with shown.stage("Pricing and attributing", 1) as step:
        units_per_year = next(iter(counted.people.values())).units_per_year
        file = job.contract_document.file
        ratios = Ratios(job.plan.ten_times.over.bounds(), job.plan.ten_times.under.bounds())
        activity = charge_activity(engine, job.contract, job.prices, job.plan.year, units_per_year, file, ratios)
        names = [file.name for file in job.activity_files]
        commissioners = tuple(commissioner_findings(engine, job.contract.activity.commissioners, names))
        traced = trace_lines(engine, job.contract, {place: file.name for place, file in enumerate(job.activity_files)})
        step()
    blocks = share_blocks(job, counted, activity)
    made_good = back_pay_by_host(job, counted, read.before)
    with shown.stage("Settling", len(job.contract.hosts)) as step:
        hosts = []
        for position in _positions(job, counted, activity, small, blocks):
            budget = replace(position.budget, back_pay=made_good.get(position.host))
            hosts.append(settle_host(job.contract, replace(position, budget=budget)))
            step()
        checks = check_settlement(job.contract, hosts, _control(job, read.accounts, activity, counted, blocks))
    _stop_where_a_law_is_broken(checks)
    findings = (
        *job.left_out,
        *_file_findings(read.accounts),
        *repeated_files(read.accounts),
        *rejects_as_findings(read.rejects),
        *read.noticed,
        *counted.findings,
        *activity.findings,
        *activity.of_lines,
        *commissioners,
    )
    return Outcome(
        job,
        read.accounts,
        read.rejects,
        counted,
        activity,
        small.results,
        small.payments,
        tuple(hosts),
        checks,
        findings,
        traced,
        read.tied.outs,
    )


def read_again(engine: Engine, read: Readings, other: Job) -> Readings:
    """What another contract needs beside what was read: its own small files, and the people counted by its rules.

    The people and lines in the engine must be those that ``other`` asks for. Raises ``FindingsError`` where a file
    cannot be used.
    """
    own = {name: path for name, path in other.files.items() if name not in _OF_PEOPLE}
    _, _, practice_map, small = read_people_and_small(engine, replace(other, files=own))
    counted = count_plan(engine, other, practice_map)
    compare_with_others(engine, other, list(practice_map.practices), small.totals, small.sizes)
    return replace(read, small=small, counted=counted, before=count_before(other))


_OF_PEOPLE = (*PEOPLE_FILES, "attribution_list")
"""The inputs that are read into the engine once, whichever contract is settled."""


@dataclass(frozen=True)
class SmallFiles:
    """What the small files of a run hold, and their accounts."""

    results: dict[tuple[str, str], Result]
    payments: tuple[Payment, ...]
    positions: dict[str, InputValues]
    accounts: tuple[FileAccount, ...]
    totals: tuple[StatedTotal, ...]
    sizes: tuple[ListSize, ...]


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
        lambda: read_practice_map({name: job.named(name) for name in MAP_FILES if name in job.files}, hosts), (None, [])
    )
    paths = {name: job.named(name) for name in PEOPLE_FILES if name in job.files}
    accounts, rejects = [], []
    if paths:
        population = job.contract.population
        accounts, rejects = attempt(
            lambda: read_people(engine, paths, population.conditions, population.lists(), job.store, job.contents),
            ([], []),
        )
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
        accounts = [
            *accounts,
            attempt(lambda: read_attribution_list(engine, *job.named("attribution_list"), hosts), None),
        ]
    totals: list[StatedTotal] = []
    sizes: list[ListSize] = []
    if "stated_totals" in job.files:
        segments = [segment.id for segment in job.contract.population.segments]
        totals, account = attempt(
            lambda: read_stated_totals(*job.named("stated_totals"), job.plan.year, hosts, segments), ([], None)
        )
        small_accounts.append(account)
    if "list_sizes" in job.files:
        sizes, account = attempt(lambda: read_list_sizes(*job.named("list_sizes")), ([], None))
        small_accounts.append(account)
    positions = dict.fromkeys(hosts, defaults_of(job.contract))
    if "positions" in job.files:
        read = attempt(lambda: read_host_inputs(*job.named("positions"), job.contract), None)
        positions, account = read or (positions, None)
        small_accounts.append(account)
    if findings:
        raise FindingsError(findings)
    accounts_of_all = (*map_accounts, *small_accounts)
    small = SmallFiles(results, tuple(payments), positions, accounts_of_all, tuple(totals), tuple(sizes))
    return accounts, rejects, practice_map, small


def _positions(
    job: Job, counted: Counted, activity: Activity, small: SmallFiles, blocks: Sequence[BlockShare]
) -> Iterable[Position]:
    """One position a host."""
    catalogue = job.catalogue.by_id() if job.catalogue else {}
    wanted = job.contract.measured_indicators()
    scored = [name for name in job.contract.indicator_names() if name not in wanted]
    for host in job.contract.hosts:
        cells = [cell for cell in activity.cells if cell.host == host.code]
        parts = {share.block: share.pence_by_host[host.code] for share in blocks}
        cost = cost_of_host(job, activity, host.code, parts)
        yield Position(
            host=host.code,
            year=job.plan.year,
            contract_year=job.contract.contract_year(job.plan.year),
            budget=build_budget(job.contract.budget, counted.people[host.code], host.code, job.plan.year),
            cost_pence=cost.by_setting,
            cost_by_provider_pence=cost.by_provider,
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
            cost_by_month_pence=cost.by_month,
            as_of=job.plan.as_of,
            price_reissues=cost.reissues,
        )


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
    reissued: dict[str, Fraction] = defaultdict(Fraction)
    for cell in activity.cells:
        by_host[cell.host] += cell.amount
    for change in activity.reissues:
        reissued[change.host] += change.after - change.before
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
        first_prices_pence=sum(round_half_away(amount - reissued[host]) for host, amount in by_host.items()),
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
        yield from not_utf8([account])
        if account.superseded:
            message = f"{account.superseded} rows are superseded by a later load of the same provider and month"
            yield Finding("ROW-SUPERSEDED", Level.WARNING, message, "", account.file, count=account.superseded)
