"""Checks of the choices of a contract that need more of it than the choice itself: attribution, adjustments, blocks."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from yoc.contract.adjustments import MarketForces, RateAdjustment
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
        named = adjustment.hosts()
        if named is not None:
            field = "index_by_host" if isinstance(adjustment, MarketForces) else "value_by_host"
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


def _check_rates(contract: "Contract", document: Document, adjustment: RateAdjustment, path: Path) -> Iterator[Finding]:
    what, named = f"adjustment `{adjustment.id}`", adjustment.rate_by_segment
    if adjustment.kind == "pace_of_change" and named is not None:
        message = f"{what}: pace of change has one rate for all segments"
        yield document.finding("FIELD-VALUE", message, (*path, "rate_by_segment", ""), "give `rate:`")
        return
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
