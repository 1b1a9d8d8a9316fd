"""Counting the people of a plan: on its files, on those the year was paid on before, and beside what others say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from yoc.contract.back_pay import MONTHS, back_pay
from yoc.contract.budget import BackPay
from yoc.contract.stated import ListSize, StatedTotal
from yoc.core.findings import Finding
from yoc.core.periods import day_number
from yoc.engine import Engine, open_engine
from yoc.intake import (
    FileAccount,
    PracticeMap,
    Reject,
    read_attribution_list,
    read_people,
    read_practice_map,
)
from yoc.population import (
    Counted,
    HostPeriod,
    count_people,
    list_size_findings,
    refuse_unlike_stated,
    stated_in_contract,
)
from yoc.workflow.plan import Job
from yoc.workflow.share_blocks import UNITS

MAP_FILES = ("practices", "networks", "network_neighbourhoods", "successors", "neighbourhoods")
PEOPLE_FILES = ("persons", "registrations", "conditions", "segment_lists")


@dataclass(frozen=True)
class CountedBefore:
    """The people on whom the year was paid so far, and the account of the files that say so."""

    counted: Counted
    accounts: tuple[FileAccount, ...]
    rejects: tuple[Reject, ...]


def count_plan(engine: Engine, job: Job, practice_map: PracticeMap, registrations: str = "registrations") -> Counted:
    """Count the people that were read into the engine, by the map; ``registrations`` names the input that they are."""
    first, end = day_number(job.plan.year.first_day), day_number(job.plan.year.last_day) + 1
    periods = [
        HostPeriod(practice, period.value, period.from_day, period.to_day)
        for practice in practice_map.practices
        for period in practice_map.hosts_of(practice, first, end)
    ]
    gaps = [
        (practice, *gap) for practice in practice_map.practices for gap in practice_map.gaps_of(practice, first, end)
    ]
    known = frozenset(practice_map.practices)
    return count_people(engine, job.contract, job.plan.year, periods, known, job.named(registrations)[1], gaps)


def count_before(job: Job) -> CountedBefore | None:
    """Count the people on whom the year was paid so far; ``None`` where nothing was restated since.

    Files that the plan does not name a second time are taken as they are. Raises ``FindingsError`` as the count does.
    """
    restated = job.plan.inputs.restated()
    if not restated:
        return None

    def named(name: str) -> str:
        return f"{name}_before" if name in restated else name

    hosts = [host.code for host in job.contract.hosts]
    population = job.contract.population
    map_files = {name: job.named(named(name)) for name in MAP_FILES if named(name) in job.files}
    if "practices" in restated:
        map_files = {name: map_files[name] for name in ("practices", "neighbourhoods")}
    # A database of its own, so that no table of one count is met by the other.
    with open_engine(job.engine, job.plan.memory) as engine:
        practice_map, map_accounts = read_practice_map(map_files, hosts)
        paths = {name: job.named(named(name)) for name in PEOPLE_FILES if named(name) in job.files}
        accounts, rejects = read_people(
            engine, paths, population.conditions, population.lists(), job.store, job.contents
        )
        if population.attribution == "prospective_list":
            read_attribution_list(engine, *job.named("attribution_list"), hosts)
        counted = count_plan(engine, job, practice_map, named("registrations"))
    files = {job.named(f"{name}_before")[1] for name in restated}
    return CountedBefore(
        counted,
        tuple(
            replace(account, kind=f"{account.kind} first counted on")
            for account in (*map_accounts, *accounts)
            if account.file in files
        ),
        tuple(reject for reject in rejects if reject.file in files),
    )


def back_pay_by_host(job: Job, counted: Counted, before: CountedBefore | None) -> dict[str, BackPay]:
    """What each host is made good by, month by month; nothing where nothing was restated."""
    if before is None:
        return {}
    contract, year = job.contract, job.plan.year
    start = job.plan.restated_from
    made_good = [month for month, day in zip(MONTHS, year.month_starts(), strict=True) if start is None or day < start]
    return {
        host.code: back_pay(
            contract.budget,
            counted.people[host.code],
            before.counted.people[host.code],
            _units_more(counted, before.counted, host.code),
            made_good,
            UNITS[contract.population.counting],
            host.code,
            year,
        )
        for host in contract.hosts
    }


def _units_more(now: Counted, before: Counted, host: str) -> Mapping[tuple[str, int], int]:
    """Units by segment and month, now less before."""
    cells = {key for key in (*now.units_by_month, *before.units_by_month) if key[0] == host}
    return {
        (segment, month): now.units_by_month.get((host, segment, month), 0)
        - before.units_by_month.get((host, segment, month), 0)
        for _, segment, month in sorted(cells)
    }


def compare_with_others(
    engine: Engine,
    job: Job,
    practices: Sequence[str],
    totals: Sequence[StatedTotal],
    sizes: Sequence[ListSize],
) -> list[Finding]:
    """What list sizes say otherwise. Raises ``FindingsError`` where the cohort is not as large as was stated."""
    by_file = {job.plan.contract: stated_in_contract(job.contract.population, job.plan.year)}
    if totals:
        by_file[job.named("stated_totals")[1]] = list(totals)
    refuse_unlike_stated(engine, job.contract, by_file)
    if "list_sizes" not in job.files:
        return []
    tolerance = job.plan.list_size_tolerance or Fraction(0)
    file = job.named("list_sizes")[1]
    return list(list_size_findings(engine, sizes, frozenset(practices), tolerance, file))
