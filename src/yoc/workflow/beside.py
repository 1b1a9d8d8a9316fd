"""The same year under two contracts: the plan's own, and another beside it in shadow; and the bridge between them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from yoc.activity import Activity, charge_activity
from yoc.contract.model import ActivityContract
from yoc.core.findings import FindingsError
from yoc.engine import Engine, open_engine
from yoc.intake.identifiable import controlled_environment
from yoc.settlement import HostSettlement
from yoc.settlement.bridge import Bridge, CostStage, all_bridges, bridge
from yoc.settlement.difference import Change, changes
from yoc.settlement.movement import Flow
from yoc.workflow.cost_of_host import cost_of_lines
from yoc.workflow.plan import Job
from yoc.workflow.settle_plan import (
    NoProgress,
    Outcome,
    Progress,
    read_again,
    read_files,
    settle_read,
)

GUARDS, SCOPE, PRICES, PEOPLE = "lines paid elsewhere", "scope and settings", "prices", "who counts"
"""What may move the cost of care, in the order in which one after another is taken from the contract beside."""


@dataclass(frozen=True)
class Beside:
    """A year settled under the contract beside, and the bridge to it from the plan's own: by host, and what changed."""

    outcome: Outcome
    bridges: tuple[Bridge, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class _Stage:
    """All lines charged once a cause holds as in the contract beside, and the settings that the budget then covers."""

    cause: str
    activity: Activity
    settings: tuple[str, ...]


def settle_with_beside(job: Job, progress: Progress | None = None) -> tuple[Outcome, Beside | None]:
    """Settle a plan, and beside it the contract that it may name for that.

    The files are read once where both contracts ask for the same of them. Raises ``FindingsError`` where an input
    cannot be used, or a law is broken under either contract.
    """
    with controlled_environment(job.plan.controlled_environment):
        return _settle_both(job, progress or NoProgress())


def _settle_both(job: Job, shown: Progress) -> tuple[Outcome, Beside | None]:
    other = job.beside
    with open_engine(job.engine, job.plan.memory) as engine:
        read = read_files(engine, job, shown)
        own = settle_read(engine, job, read, shown)
        if other is None:
            return own, None
        stages = list(_stages(engine, own, other))
        if _read_the_same(job, other):
            beside = _told_apart(lambda: settle_read(engine, other, read_again(engine, read, other), shown))
    if not _read_the_same(job, other):
        with open_engine(other.engine, job.plan.memory) as engine:
            beside = _told_apart(lambda: settle_read(engine, other, read_files(engine, other, shown), shown))
    stages.append(_Stage(_last_cause(job.contract, other.contract), beside.activity, other.contract.budget.settings()))
    positions = {host.host: host.position for host in beside.hosts}
    bridges = tuple(
        bridge(
            job.contract,
            other.contract,
            (host.position, positions[host.host]),
            [CostStage(stage.cause, _cost_of_host(stage, host)) for stage in stages],
        )
        for host in own.hosts
    )
    return own, Beside(beside, bridges, changes(job.contract, other.contract, _titles(job) | _titles(other)))


def _read_the_same(own: Job, other: Job) -> bool:
    """Whether what one contract reads of the files is what the other does.

    They may differ in conditions and lists that they name, in what becomes of a blank total, in asking for a list.
    """
    return (
        own.contract.population.conditions == other.contract.population.conditions
        and own.contract.population.lists() == other.contract.population.lists()
        and (own.contract.activity.price.basis == "book") == (other.contract.activity.price.basis == "book")
        and ("attribution_list" in own.files) == ("attribution_list" in other.files)
    )


def _told_apart(settle: Callable[[], Outcome]) -> Outcome:
    """Settle the contract beside; its faults say that they are its own."""
    try:
        return settle()
    except FindingsError as error:
        own = "under the contract beside: "
        raise FindingsError([replace(each, message=own + each.message) for each in error.findings]) from None


def _titles(job: Job) -> dict[str, str]:
    return {name: each.title for name, each in job.catalogue.by_id().items()} if job.catalogue else {}


def _causes(own: ActivityContract, other: ActivityContract) -> list[str]:
    """The causes that differ, in their order. The last one needs no charging of its own: it is the contract beside."""
    differ = {
        GUARDS: own.activity.guards != other.activity.guards,
        SCOPE: own.activity.scope != other.activity.scope
        or own.activity.commissioners != other.activity.commissioners
        or set(own.budget.settings()) != set(other.budget.settings()),
        PRICES: own.activity.price != other.activity.price,
        PEOPLE: own.population != other.population,
    }
    found = [cause for cause, differs in differ.items() if differs]
    blanks_read = own.activity.price.basis != "book" and other.activity.price.basis == "book"
    if blanks_read and {PRICES, PEOPLE} <= {*found}:
        # Lines with a blank total are kept for the first contract; the book's prices must not be put on them.
        return [*(cause for cause in found if cause not in (PRICES, PEOPLE)), f"{PRICES} and {PEOPLE}"]
    return found


def _last_cause(own: ActivityContract, other: ActivityContract) -> str:
    return (_causes(own, other) or [PEOPLE])[-1]


def _stages(engine: Engine, own: Outcome, other: Job) -> Iterator[_Stage]:
    """The lines as they are charged under the plan's contract, then with one cause after another as beside.

    The last cause is left out. Expects the people of the plan's contract in the engine.
    """
    contract, wanted = own.job.contract, other.contract
    yield _Stage("", own.activity, contract.budget.settings())
    # Cost alone is asked for here: terms and blocks have no part in it.
    made = contract.model_copy(update={"terms": (), "activity": contract.activity.model_copy(update={"blocks": ()})})
    units_per_year = next(iter(own.counted.people.values())).units_per_year
    for cause in _causes(contract, wanted)[:-1]:
        made = _with_cause(made, wanted, cause)
        charged = charge_activity(
            engine, made, own.job.prices, own.job.plan.year, units_per_year, other.contract_document.file
        )
        yield _Stage(cause, charged, made.budget.settings())


def _with_cause(made: ActivityContract, wanted: ActivityContract, cause: str) -> ActivityContract:
    """A contract with what belongs to one cause taken from another."""
    of_activity = {GUARDS: ("guards",), SCOPE: ("commissioners", "scope"), PRICES: ("price",)}[cause]
    taken = {name: getattr(wanted.activity, name) for name in of_activity}
    update: dict[str, Any] = {"activity": made.activity.model_copy(update=taken)}
    if cause == SCOPE:
        update["budget"] = wanted.budget
    return made.model_copy(update=update)


def _cost_of_host(stage: _Stage, host: HostSettlement) -> dict[str, int]:
    return cost_of_lines([cell for cell in stage.activity.cells if cell.host == host.host], stage.settings)


def beside_content(own: Outcome, beside: Beside) -> dict[str, Any]:
    """What `settlement.json` holds of the contract beside: which it is, what changed, the bridge by host and in all."""
    contract = beside.outcome.job.contract
    hosts = [_bridge(each) for each in beside.bridges]
    return {
        "status": contract.status.value,
        "contract": {"id": contract.contract, "title": contract.title, "version": contract.version},
        "file": own.job.plan.beside,
        "changes": [
            {"part": change.part, "what": change.what, "before": change.before, "after": change.after}
            for change in beside.changes
        ],
        "hosts": hosts,
        "all": _bridge(all_bridges(beside.bridges)),
    }


def _bridge(made: Bridge) -> dict[str, Any]:
    """A bridge in plain figures; terms that come to nothing under both contracts, and parts that stay, are left out."""
    movement = made.movement
    return {
        "host": movement.case,
        "before_pence": movement.before_pence,
        "after_pence": movement.after_pence,
        "difference_pence": movement.difference_pence,
        "terms": [
            {
                **row.as_dict(),
                "parts": [
                    {
                        "label": part.label,
                        "before_pence": part.before_pence,
                        "after_pence": part.after_pence,
                        "difference_pence": part.difference_pence,
                        "detail": part.detail,
                    }
                    for part in made.parts.get(row.term, ())
                    if part.difference_pence
                ],
            }
            for row in movement.rows
            if row.before_pence or row.after_pence
        ],
        "between_others": [_flow(flow) for flow in movement.between_others()],
    }


def _flow(flow: Flow) -> Mapping[str, Any]:
    return {
        "term": flow.term,
        "label": flow.label,
        "payer": flow.payer,
        "payee": flow.payee,
        "before_pence": flow.before_pence,
        "after_pence": flow.after_pence,
        "difference_pence": flow.difference_pence,
    }
