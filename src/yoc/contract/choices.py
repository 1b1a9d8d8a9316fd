"""Checks of the choices of a contract that need more of it than the choice itself: attribution, adjustments, blocks."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from yoc.contract.adjustments import MarketForces, PaceOfChange, RateAdjustment
from yoc.contract.blocks import check_blocks, check_every_host
from yoc.core.findings import Finding
from yoc.core.located import Document, Path

if TYPE_CHECKING:
    from yoc.contract.model import ActivityContract, Contract


def check_choices(contract: "ActivityContract", document: Document) -> Iterator[Finding]:
    """Every fault in how a contract attributes people and shares out its blocks."""
    yield from _check_attribution(contract, document)
    yield from check_blocks(contract, document)


def _check_attribution(contract: "ActivityContract", document: Document) -> Iterator[Finding]:
    population = contract.population
    if population.attribution == "plurality" and population.attribution_ties is None:
        message = "attribution by plurality needs a rule for hosts with equally many days"
        mend = "add `attribution_ties:` with earlier, later or contract_order"
        yield document.finding("FIELD-MISSING", message, ("population", "attribution"), mend)
    if population.attribution != "plurality" and population.attribution_ties is not None:
        message = f"attribution by {population.attribution} knows no ties"
        mend = "take `attribution_ties` out, or attribute by plurality"
        yield document.finding("FIELD-VALUE", message, ("population", "attribution_ties"), mend)


def check_adjustments(contract: "Contract", document: Document) -> Iterator[Finding]:
    """Every fault in how a contract adjusts its budget."""
    for place, adjustment in enumerate(contract.budget.adjustments if contract.budget else ()):
        path: Path = ("budget", "adjustments", place)
        what = f"adjustment `{adjustment.id}`"
        if isinstance(adjustment, MarketForces):
            pair = {"index": adjustment.index, "index_by_host": adjustment.index_by_host}
            yield from _check_one_of(document, what, pair, path)
        if isinstance(adjustment, RateAdjustment):
            yield from _check_rates(contract, document, adjustment, path)
        if isinstance(adjustment, PaceOfChange):
            yield from _check_pace(document, adjustment, path)
        named = adjustment.hosts()
        if named is not None:
            field = {"market_forces": "index_by_host", "pace_of_change": "distance_by_host"}.get(
                adjustment.kind, "value_by_host"
            )
            yield from check_every_host(contract, document, what, named, (*path, field))


def _check_one_of(document: Document, what: str, pair: Mapping[str, object], path: Path) -> Iterator[Finding]:
    """One of two fields is given, and not both."""
    names = " or ".join(f"`{name}`" for name in pair)
    given = [name for name, value in pair.items() if value is not None]
    if not given:
        yield document.finding("FIELD-MISSING", f"{what} gives neither {names.replace(' or ', ' nor ')}", path)
    if len(given) > 1:
        message = f"{what} gives both {names.replace(' or ', ' and ')}"
        yield document.finding("FIELD-VALUE", message, (*path, given[1], ""), f"keep {names}")


def _check_pace(document: Document, adjustment: PaceOfChange, path: Path) -> Iterator[Finding]:
    """A rate; or a distance with the share of it that is closed, and limits that leave room."""
    what = f"adjustment `{adjustment.id}`"
    ways = {name: getattr(adjustment, name) for name in ("rate", "distance", "distance_by_host")}
    yield from _check_one_of(document, what, ways, path)
    to_target = adjustment.distance is not None or adjustment.distance_by_host is not None
    if to_target and adjustment.closed is None:
        message = f"{what} is a distance from a target, and does not say how much of it the year closes"
        yield document.finding("FIELD-MISSING", message, path, "add `closed:`, as 25%")
    for name in ("closed", "at_least", "at_most"):
        if not to_target and getattr(adjustment, name) is not None:
            message = f"{what} gives `{name}`, and no distance from a target"
            yield document.finding("FIELD-VALUE", message, (*path, name, ""), "take it out, or add `distance:`")
    low, high = adjustment.at_least, adjustment.at_most
    if low is not None and high is not None and low > high:
        message = f"{what}: `at_least` is above `at_most`"
        yield document.finding("FIELD-VALUE", message, (*path, "at_least"), "let the least be no more than the most")
    distances = [adjustment.distance, *(adjustment.distance_by_host or {}).values()]
    if any(distance is not None and distance <= -1 for distance in distances):
        message = f"{what}: a budget that is 100% or more below its target is none"
        yield document.finding("FIELD-VALUE", message, path, "write a distance above -100%")


def _check_rates(contract: "Contract", document: Document, adjustment: RateAdjustment, path: Path) -> Iterator[Finding]:
    what, named = f"adjustment `{adjustment.id}`", adjustment.rate_by_segment
    yield from _check_one_of(document, what, {"rate": adjustment.rate, "rate_by_segment": named}, path)
    segments = list(contract.budget.rates) if contract.budget else []
    where = (*path, "rate_by_segment")
    for segment in segments if named is not None else ():
        if segment not in (named or {}):
            message = f"{what} gives no rate for segment `{segment}`"
            yield document.finding("FIELD-MISSING", message, where, f"add `{segment}:`, with 0% if it has none")
    for name in named or ():
        if name not in segments:
            message = f"{what} gives a rate for `{name}`, which is not a segment"
            mend = f"the segments are {', '.join(segments)}"
            yield document.finding("TERM-REFERENCE", message, (*where, name, ""), mend)
