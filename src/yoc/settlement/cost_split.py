"""Why one cost differs from another: how much care, which care, at which price. Exact, and adding to the whole."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from yoc.core.money import apportion_pence, round_half_away


@dataclass(frozen=True, order=True)
class Group:
    """Where care is counted in one unit: a setting, a provider, a point of delivery."""

    setting: str
    provider: str
    point_of_delivery: str


@dataclass(frozen=True)
class Charged:
    """Charged lines of one code: how many units they count, what was submitted for them, what they cost exactly.

    ``mixed`` says that the lines are of several codes, so that their average price is no price.
    """

    group: Group
    tariff_code: str
    lines: int
    quantity: Fraction
    submitted_pence: int
    pence: Fraction
    mixed: bool = False

    @property
    def price_pence(self) -> Fraction | None:
        """The average price of a unit; nothing where there are no units, or no one price."""
        return None if self.mixed or not self.quantity else self.pence / self.quantity


@dataclass(frozen=True)
class PriceEffect:
    """What another price of one code does to the cost: lines and units of the second side, the price of each side."""

    group: Group
    tariff_code: str
    lines: int
    quantity: Fraction
    before_pence: Fraction | None
    after_pence: Fraction | None
    pence: Fraction


@dataclass(frozen=True)
class GroupEffect:
    """A group's cost on both sides, in exact pence: ``after`` is ``before`` and the three effects."""

    group: Group
    before_quantity: Fraction
    after_quantity: Fraction
    before_pence: Fraction
    volume_pence: Fraction
    mix_pence: Fraction
    prices: tuple[PriceEffect, ...]

    @property
    def price_pence(self) -> Fraction:
        """What other prices do."""
        return sum((each.pence for each in self.prices), Fraction(0))

    @property
    def after_pence(self) -> Fraction:
        """The cost on the second side."""
        return self.before_pence + self.volume_pence + self.mix_pence + self.price_pence


def split_cost(
    before: Iterable[Charged], after: Iterable[Charged], repriced: Callable[[Group, str], bool] = lambda *_: True
) -> tuple[GroupEffect, ...]:
    """Each group's difference of cost as volume, mix and price. A code may stand in one row of its group a side.

    Price: the units of the second side at the change of the code's average price, for codes that may be ``repriced``.
    Volume: the change of the group's units at the first side's average cost of one. Mix: the rest. Ten units at £100
    and ten at £50, then ten at £100 and 22 at £60:

    >>> at = Group("emergency", "P", "AE")
    >>> ten = {"X": Fraction(100_000), "Y": Fraction(50_000)}
    >>> old = [Charged(at, code, 10, Fraction(10), 0, pence) for code, pence in ten.items()]
    >>> new = [old[0], Charged(at, "Y", 22, Fraction(22), 0, Fraction(132_000))]
    >>> effect, = split_cost(old, new)
    >>> [int(pence) for pence in (effect.volume_pence, effect.mix_pence, effect.price_pence)]
    [90000, -30000, 22000]
    """
    sides = [_by_group(rows) for rows in (before, after)]
    groups = sorted({*sides[0], *sides[1]})
    return tuple(_group_effect(group, sides[0].get(group, {}), sides[1].get(group, {}), repriced) for group in groups)


def _by_group(rows: Iterable[Charged]) -> dict[Group, dict[str, Charged]]:
    found: dict[Group, dict[str, Charged]] = {}
    for row in rows:
        own = found.setdefault(row.group, {})
        if row.tariff_code in own:
            raise AssertionError("a code stands in one row of its group")
        own[row.tariff_code] = row
    return found


def _group_effect(
    group: Group, before: Mapping[str, Charged], after: Mapping[str, Charged], repriced: Callable[[Group, str], bool]
) -> GroupEffect:
    quantities = [sum((row.quantity for row in side.values()), Fraction(0)) for side in (before, after)]
    pence = [sum((row.pence for row in side.values()), Fraction(0)) for side in (before, after)]
    codes = [code for code in sorted({*before} & {*after}) if before[code].mixed or repriced(group, code)]
    prices = tuple(effect for code in codes if (effect := _price_effect(before[code], after[code])).pence)
    left = pence[1] - pence[0] - sum((each.pence for each in prices), Fraction(0))
    # Without a unit there is no average: whatever comes is more care, or less.
    average = pence[0] / quantities[0] if quantities[0] else None
    volume = left if average is None else (quantities[1] - quantities[0]) * average
    return GroupEffect(group, quantities[0], quantities[1], pence[0], volume, left - volume, prices)


def _price_effect(before: Charged, after: Charged) -> PriceEffect:
    """What another price of one code does; nothing where a price cannot be told on both sides."""
    old, new = before.price_pence, after.price_pence
    if _counted(before) == _counted(after):
        # The same lines were charged, whichever codes they are of, so that only prices can differ.
        moved = after.pence - before.pence
    elif old is not None and new is not None:
        moved = after.quantity * (new - old)
    else:
        moved = Fraction(0)
    return PriceEffect(before.group, before.tariff_code, after.lines, after.quantity, old, new, moved)


def _counted(row: Charged) -> tuple[int, Fraction, int]:
    return row.lines, row.quantity, row.submitted_pence


def cost_stages(
    effects: Iterable[GroupEffect], by: str, recorded: Sequence[Mapping[str, int]] = ({}, {})
) -> tuple[dict[str, int], ...]:
    """Whole pence by setting, or by provider: the cost before, with the other volume, the other mix, the other prices.

    ``by`` is the field of a group that names the parts. Each stage adds to its exact total rounded once; where it is
    one of the two sides and the whole pence of that side are ``recorded``, it is those.
    """
    exact: dict[str, list[Fraction]] = {}
    for each in effects:
        own = exact.setdefault(getattr(each.group, by), [Fraction(0)] * 4)
        running = each.before_pence
        for place, moved in enumerate((Fraction(0), each.volume_pence, each.mix_pence, each.price_pence)):
            running += moved
            own[place] += running
    stages = [{name: parts[place] for name, parts in exact.items()} for place in range(4)]
    known = [(stages[place], pence) for place, pence in ((0, recorded[0]), (3, recorded[1])) if pence]
    return tuple(_whole_parts(stage, known) for stage in stages)


def _whole_parts(
    exact: Mapping[str, Fraction], known: Sequence[tuple[Mapping[str, Fraction], Mapping[str, int]]]
) -> dict[str, int]:
    for same, pence in known:
        if exact == same:
            return dict(pence)
    total = round_half_away(sum(exact.values(), Fraction(0)))
    return dict(zip(exact, apportion_pence(total, list(exact.values())), strict=True))
