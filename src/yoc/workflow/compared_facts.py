"""What lies behind each cause of a comparison of two runs: facts that a person can look up, as they were and are."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from yoc.activity.trace import FEWEST_LINES
from yoc.contract.scope import SETTING_NAMES
from yoc.core.money import format_exact_pence, format_pounds, round_half_away
from yoc.core.rates import format_decimal, format_percent
from yoc.settlement.cost_split import GroupEffect, PriceEffect
from yoc.workflow.compare_runs import HostCompared, RunsCompared

ALL_HOSTS = "all hosts"


@dataclass(frozen=True)
class Fact:
    """One thing that differs between two runs: what it was, what it is, and what it moves.

    ``moves`` says which sum ``pence`` is added to: `budget`, `cost` or `due`; it is empty where a fact's own part of
    its cause is not known, and ``pence`` is then 0. A cost above zero is more cost.
    """

    cause: str
    host: str
    what: str
    before: str
    after: str
    moves: str = ""
    pence: int = 0
    detail: str = ""


def _fact(
    cause: str, host: str, what: str, shown: Sequence[str], moves: str = "", pence: int = 0, detail: str = ""
) -> Fact:
    return Fact(cause, host, what, shown[0], shown[1], moves, pence, detail)


def facts(compared: RunsCompared) -> list[Fact]:
    """Every fact behind the causes, by cause, the largest effects first."""
    found = [*_of_care(compared)]
    for host in compared.hosts:
        found += _of_host(compared, host)
    found += _of_terms(compared)
    return sorted(found, key=lambda fact: (-abs(fact.pence), fact.what, fact.host))


def _of_care(compared: RunsCompared) -> Iterator[Fact]:
    """Volume and mix by point of delivery, price by code, over the hosts that are compared."""
    named = compared.hosts[0].host if len(compared.hosts) == 1 else ALL_HOSTS
    by_group: dict[Any, list[Any]] = {}
    for effect in (effect for host in compared.hosts for effect in host.groups):
        by_group.setdefault(effect.group, []).append(effect)
    for group, own in by_group.items():
        where = f"{group.point_of_delivery} at {group.provider} ({_setting(group.setting)})"
        units = [
            grouped(sum((getattr(each, f"{side}_quantity") for each in own), Fraction(0)))
            for side in ("before", "after")
        ]
        moved = sum(each.after_quantity - each.before_quantity for each in own)
        volume = sum((each.volume_pence for each in own), Fraction(0))
        if volume:
            at = f" at {_price(volume / moved)} on average" if moved else ""
            yield _fact("volume", named, where, units, "cost", round_half_away(volume), f"units{at}")
        mix = sum((each.mix_pence for each in own), Fraction(0))
        if mix:
            averages = _averages(own)
            how = "a unit on average, at the first run's prices" if averages[0] else "other codes"
            yield _fact("mix", named, where, averages, "cost", round_half_away(mix), how)
        by_code: dict[str, list[PriceEffect]] = {}
        for price in (price for each in own for price in each.prices):
            by_code.setdefault(price.tariff_code, []).append(price)
        for code, prices in by_code.items():
            yield _of_price(named, where, code, prices)


def _averages(own: Sequence[GroupEffect]) -> tuple[str, str]:
    """What a unit costs on average in each run, without other prices; nothing where a run counts none."""
    quantities = [sum((getattr(each, f"{side}_quantity") for each in own), Fraction(0)) for side in ("before", "after")]
    if not all(quantities):
        return "", ""
    pence = [sum((part for each in own for part in parts(each)), Fraction(0)) for parts in (
        lambda each: (each.before_pence,), lambda each: (each.before_pence, each.volume_pence, each.mix_pence)
    )]  # fmt: skip
    return _price(pence[0] / quantities[0]), _price(pence[1] / quantities[1])


def _of_price(host: str, where: str, code: str, prices: Sequence[PriceEffect]) -> Fact:
    """One code's price: over several hosts, the averages that their units give."""
    units = sum((each.quantity for each in prices), Fraction(0))
    pence = sum((each.pence for each in prices), Fraction(0))
    what = f"{code or '(no code)'}, {where}"
    known = units and all(each.before_pence is not None and each.after_pence is not None for each in prices)
    if not known:
        counted = _counted(sum(each.lines for each in prices), units)
        return Fact("price", host, what, "", "", "cost", round_half_away(pence), f"{counted} at other prices")
    sides = [
        sum((each.quantity * (getattr(each, f"{side}_pence") or 0) for each in prices), Fraction(0)) / units
        for side in ("before", "after")
    ]
    on = f"a unit, on {grouped(units)} units"
    return Fact("price", host, what, _price(sides[0]), _price(sides[1]), "cost", round_half_away(pence), on)


def _counted(lines: int, units: Fraction) -> str:
    """How many lines and units are the same in both runs; of a handful of lines neither is told.

    >>> _counted(31, Fraction(23)), _counted(4, Fraction(4))
    ('the same 31 lines (23 units)', 'the same lines, fewer than 5,')
    """
    if lines < FEWEST_LINES:
        return f"the same lines, fewer than {FEWEST_LINES},"
    return f"the same {lines:,} lines ({grouped(units)} {'unit' if units == 1 else 'units'})"


def _of_host(compared: RunsCompared, host: HostCompared) -> Iterator[Fact]:
    """What differs in a host's position, but for the cost of lines."""
    old, new = (run.host(host.host) for run in (compared.before, compared.after))
    if old is None or new is None:
        which = "first" if new is None else "second"
        yield Fact("other", host.host, "the host", "", "", "due", (host.after - host.before).due_pence,
                   f"is one of the {which} run alone")  # fmt: skip
        return
    yield from _of_people(host, old, new)
    was, now = old["position"], new["position"]
    for block in dict.fromkeys((*now["block_pence"], *was["block_pence"])):
        pence = [side["block_pence"].get(block, 0) for side in (was, now)]
        if pence[0] != pence[1]:
            title = (now["block_parts"].get(block) or was["block_parts"][block])["title"]
            yield _of_sums("blocks", host.host, f"block {title}", pence, "cost")
    yield from _differing("high_cost", host.host, {"over the threshold": (was, now)}, "over_threshold_pence")
    yield from _differing("on_account", host.host, {"paid on account": (was, now)}, "paid_on_account_pence")
    for name in dict.fromkeys((*now["scores"], *was["scores"])):
        scores = [_shown(side["scores"].get(name), "score") for side in (was, now)]
        if scores[0] != scores[1]:
            yield _fact("outcome", host.host, f"score of {name}", scores)
    yield from _of_inputs(compared, host.host, was, now)
    if was["as_of"] != now["as_of"]:
        yield Fact("other", host.host, "the day as of", was["as_of"], now["as_of"])


def _of_people(host: HostCompared, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Fact]:
    """Person-years by segment, and what they move of the budget by the first run's rules, where that is known."""
    parts = [{part["segment"]: part for part in side["people"]} for side in (old, new)]
    budgets = [_by_segment(old["budget_cells"]), _people_cells(host, new)]
    for segment in dict.fromkeys((*parts[1], *parts[0])):
        years = [
            Fraction(side[segment]["units"], side[segment]["units_per_year"]) if segment in side else Fraction(0)
            for side in parts
        ]
        pence = budgets[1].get(segment, 0) - budgets[0].get(segment, 0)
        if years[0] != years[1]:
            name = (parts[1].get(segment) or parts[0][segment])["name"]
            shown = [format_decimal(each, 4) for each in years]
            yield _fact("people", host.host, name, shown, "budget", pence, "person-years")


def _people_cells(host: HostCompared, new: Mapping[str, Any]) -> dict[str, int]:
    """The budget of the second run's people by the first run's rules, by segment."""
    budget = host.people_budget
    if budget is not None and budget.cells:
        return _by_segment([{"segment": cell.segment, "pence": cell.pence} for cell in budget.cells])
    return _by_segment(new["budget_cells"])


def _by_segment(cells: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for cell in cells:
        found[cell["segment"]] = found.get(cell["segment"], 0) + cell["pence"]
    return found


def _of_sums(cause: str, host: str, what: str, pence: Sequence[int], moves: str) -> Fact:
    shown = [format_pounds(each) for each in pence]
    return _fact(cause, host, what, shown, moves, pence[1] - pence[0])


def _differing(
    cause: str, host: str, sides: Mapping[str, tuple[Mapping[str, Any], Mapping[str, Any]]], field: str
) -> Iterator[Fact]:
    """An exact sum that differs; its effect on what is due is told by the cause."""
    for what, (was, now) in sides.items():
        pence = [Fraction(side[field]) for side in (was, now)]
        if pence[0] != pence[1]:
            yield _fact(cause, host, what, [format_exact_pence(each) for each in pence])


def _of_inputs(compared: RunsCompared, host: str, was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Fact]:
    """The inputs that the contract declares, as the runs had them."""
    kinds = {
        name: given.kind
        for contract in (compared.before.contract, compared.after.contract)
        for name, given in contract.position.items()
    }
    for field in ("values", "choices"):
        for name in dict.fromkeys((*now[field], *was[field])):
            shown = [_shown(side[field].get(name), kinds.get(name, "number")) for side in (was, now)]
            if shown[0] != shown[1] and not (name in now["scores"] and name in was["scores"]):
                yield _fact("inputs", host, name, shown)


def _shown(text: str | None, kind: str) -> str:
    """A value of a position as a reader writes it."""
    if text is None:
        return "not given"
    if kind == "choice":
        return text
    number = Fraction(text)
    if kind == "money":
        return format_exact_pence(number)
    if kind in ("rate", "score"):
        exact = format_percent(number)
        return f"{format_decimal(number * 100, 4)}%" if "/" in exact else exact
    return ("yes" if number else "no") if kind == "flag" else format_decimal(number)


def _of_terms(compared: RunsCompared) -> Iterator[Fact]:
    """What the terms that changed come to on the second run's figures, and the adjustments of the budget."""
    for cause in ("adjustments", "terms"):
        sums: dict[str, Fact] = {}
        place = list(_causes(compared.hosts[0])).index(cause)
        for host in compared.hosts:
            movement = host.effects[place].movement
            for row in movement.rows if movement else ():
                if row.difference_pence or row.change:
                    named = compared.hosts[0].host if len(compared.hosts) == 1 else ALL_HOSTS
                    what = f"{row.label}, {row.change}" if row.change else row.label
                    known = sums.get(row.label, Fact(cause, named, what, "0", "0", "due"))
                    before, after = int(known.before) + row.before_pence, int(known.after) + row.after_pence
                    sums[row.label] = replace(
                        known, before=str(before), after=str(after), pence=known.pence + row.difference_pence
                    )
        for fact in sums.values():
            yield replace(fact, before=format_pounds(int(fact.before)), after=format_pounds(int(fact.after)))


def _causes(host: HostCompared) -> Iterator[str]:
    return (effect.cause for effect in host.effects)


def _setting(name: str) -> str:
    return SETTING_NAMES.get(name, name).lower()


def grouped(number: Fraction) -> str:
    """A count in decimals, with commas.

    >>> grouped(Fraction(12345, 2)), grouped(Fraction(-1200))
    ('6,172.5', '-1,200')
    """
    text = format_decimal(abs(number))
    whole, _, rest = text.partition(".")
    return f"{'-' if number < 0 else ''}{int(whole):,}" + (f".{rest}" if rest else "")


def _price(pence: Fraction) -> str:
    """A price to the penny, or to a hundredth of one where it is an average that has more.

    >>> _price(Fraction(123400)), _price(Fraction(100000, 3))
    ('£1,234.00', '£333.3333')
    """
    if pence.denominator == 1:
        return format_pounds(int(pence))
    hundredths = round_half_away(abs(pence) * 100)
    pounds, rest = divmod(hundredths, 10_000)
    return f"{'-' if pence < 0 else ''}£{pounds:,}.{rest:04d}"
