"""What a plan says of people and practices, and whether that fits together and with the contract."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from yoc.contract import ActivityContract
from yoc.core.findings import Finding
from yoc.core.located import Document

if TYPE_CHECKING:
    from yoc.workflow.plan import Inputs, Plan

CODE = "PLAN-MISMATCH"


def map_misfits(document: Document, inputs: "Inputs") -> Iterator[Finding]:
    """A practice map is given in one way, and whole."""
    by_network = {
        "networks": inputs.networks,
        "network_neighbourhoods": inputs.network_neighbourhoods,
        "successors": inputs.successors,
    }
    given = [name for name, value in by_network.items() if value is not None]
    if inputs.practices is not None:
        for name in given:
            message = f"the plan names both `practices` and `{name}`: a practice map is given in one way"
            yield document.finding(CODE, message, ("inputs", name), "take one of them out")
    elif not given:
        message = "`practices` is missing, and so are `networks` with `network_neighbourhoods`"
        mend = "add the file that says where each practice belongs"
        yield document.finding("FIELD-MISSING", message, ("inputs",), mend)
    else:
        for name in ("networks", "network_neighbourhoods"):
            if name not in given:
                message = f"the plan names {' and '.join(f'`{other}`' for other in given)} and no `{name}`"
                yield document.finding(CODE, message, ("inputs", given[0]), f"add `{name}:`")


def people_misfits(
    document: Document, plan: "Plan", contract: ActivityContract, beside: ActivityContract | None = None
) -> Iterator[Finding]:
    """What does not fit between the plan's files about people and the contract, or the one beside it."""
    inputs = plan.inputs
    lists = (*contract.population.lists(), *(beside.population.lists() if beside else ()))
    if lists and inputs.segment_lists is None:
        message = f"the contract supplies the people of {', '.join(lists)} as lists, and the plan names none"
        yield document.finding(CODE, message, ("inputs",), "add `segment_lists:`")
    if inputs.segment_lists is not None and not lists:
        message = "the plan names lists of segments, and no segment of the contract is a list"
        mend = "take them out, or say `list: yes` of a segment"
        yield document.finding(CODE, message, ("inputs", "segment_lists"), mend)
    if plan.list_size_tolerance is not None and inputs.list_sizes is None:
        message = "a tolerance is given for list sizes, and the plan names none"
        yield document.finding(CODE, message, ("list_size_tolerance",), "add `list_sizes:`")
    if plan.restated_from is not None:
        yield from _restated_from(document, plan, contract)


def _restated_from(document: Document, plan: "Plan", contract: ActivityContract) -> Iterator[Finding]:
    where = ("restated_from",)
    if not plan.inputs.restated():
        message = "people are said to be restated, and the plan names no file on which the year was paid before"
        yield document.finding(CODE, message, where, "add `registrations_before:`")
        return
    starts = {
        "person_days": plan.year.month_starts(),
        "quarter_snapshot": plan.year.quarter_starts(),
        "annual_snapshot": (),
    }[contract.population.counting]
    if plan.restated_from not in starts[1:]:
        what = {"person_days": "month", "quarter_snapshot": "quarter"}.get(contract.population.counting)
        kind = f"the first day of a later {what} of {plan.year}" if what else "meant where people count once a year"
        mend = "name the first day on which payments were made on the restated people, or take it out"
        yield document.finding(CODE, f"{plan.restated_from} is not {kind}", where, mend)
