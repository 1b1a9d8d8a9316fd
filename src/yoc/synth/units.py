"""Units: every item with every count, priced for every provider, and the end of the line that each one writes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from yoc.synth.catalogue import GROUPS, ITEMS, MONEY_PENCE_PER_PERSON, UNPRICED_ITEMS, Item
from yoc.synth.draw import spread
from yoc.synth.places import PROVIDER_CODES
from yoc.synth.prices import Prices, cost_pence, count_text, pounds_text
from yoc.synth.year import Ints

_DAYS_PER_BED_DAY = 1000


@dataclass(frozen=True)
class Unit:
    """One item in one count, at its unit price before market forces."""

    item: Item
    count_thousandths: int
    price_pence: int

    @property
    def stay_days(self) -> int:
        """Days from the start to the end of the activity."""
        if self.item.point_of_delivery == "IPOBD":
            return self.count_thousandths // _DAYS_PER_BED_DAY
        return self.item.stay


@dataclass(frozen=True)
class Units:
    """All units by position; costs in pence by provider and unit; ``tables`` draw a unit of a group."""

    units: tuple[Unit, ...]
    cost: Ints
    before_market_forces: Ints
    stay: Ints
    tails: Mapping[str, pa.Array]
    tables: Mapping[str, Ints]
    positions: Mapping[tuple[str, str, str, int], int]

    def position(self, tariff: str, point_of_delivery: str, treatment_function: str, thousandths: int = 1000) -> int:
        """The position of one unit by what it is."""
        return self.positions[tariff, point_of_delivery, treatment_function, thousandths]

    def money(self, provider: str, point_of_delivery: str) -> int:
        """The position of a provider's line of money for no patient."""
        return self.positions[provider, point_of_delivery, "", 0]


def price_units(prices: Prices, people: int) -> Units:
    """Price everything once. ``people`` sizes the lines of money for no patient."""
    units: list[Unit] = []
    positions: dict[tuple[str, str, str, int], int] = {}
    weights: dict[str, list[tuple[int, int]]] = {group.name: [] for group in GROUPS}
    for item in (*ITEMS, *UNPRICED_ITEMS):
        price = _unit_price(prices, item)
        # Shares of a group are exact to one in ten thousand of its items' weights.
        total = sum(weight for _, weight in item.counts)
        for thousandths, weight in item.counts:
            if item.group in weights:
                weights[item.group].append((len(units), 10_000 * item.weight * weight // total))
            if not item.specialised:
                key = (item.tariff, item.point_of_delivery, item.treatment_function, thousandths)
                positions[key] = len(units)
            units.append(Unit(item, thousandths, price))
    for provider, point_of_delivery, pence in MONEY_PENCE_PER_PERSON:
        positions[provider, point_of_delivery, "", 0] = len(units)
        item = Item("money", "", point_of_delivery, "", 0, price_pence=abs(pence) * people + 7)
        units.append(Unit(item, 1000 if pence > 0 else -1000, abs(pence) * people + 7))
    indices = [prices.index_millionths(provider) for provider in PROVIDER_CODES]
    cost = _costs(units, indices)
    return Units(
        units=tuple(units),
        cost=cost,
        before_market_forces=_costs(units, [1_000_000])[0],
        stay=np.array([unit.stay_days for unit in units], dtype=np.int64),
        tails={provider: _tails(units, cost[index]) for index, provider in enumerate(PROVIDER_CODES)},
        tables={name: _table(pairs) for name, pairs in weights.items()},
        positions=positions,
    )


def _unit_price(prices: Prices, item: Item) -> int:
    if item.price_pence is not None:
        return item.price_pence
    return prices.unit_price_pence(item.tariff, item.point_of_delivery, item.treatment_function)


def _costs(units: Sequence[Unit], indices: Sequence[int]) -> Ints:
    """Cost in pence, one row an index, one column a unit."""
    rows = [[cost_pence(unit.price_pence, unit.count_thousandths, index) for unit in units] for index in indices]
    return np.array(rows, dtype=np.int64)


def _table(pairs: Sequence[tuple[int, int]]) -> Ints:
    positions = np.array([position for position, _ in pairs], dtype=np.int64)
    return positions[spread([weight for _, weight in pairs])]


def _tails(units: Sequence[Unit], cost: Ints) -> pa.Array:
    """The line from ACTIVITY TREATMENT FUNCTION CODE to TOTAL COST, its end included, one a unit."""
    return pa.array(
        [_tail(unit, int(pence)).encode("utf-8") for unit, pence in zip(units, cost.tolist(), strict=True)],
        type=pa.binary(),
    )


def _tail(unit: Unit, pence: int) -> str:
    item = unit.item
    cells = (
        item.treatment_function,
        "",  # LOCAL SUB-SPECIALTY CODE
        "",  # WARD CODE
        item.category,
        item.specialised,
        "",  # SPECIALISED MENTAL HEALTH SERVICE CATEGORY CODE
        item.point_of_delivery,
        "",  # POINT OF DELIVERY FURTHER DETAIL CODE
        "",  # POINT OF DELIVERY FURTHER DETAIL DESCRIPTION
        item.local_code,
        item.local_description,
        item.tariff,
        item.national,
        "N",  # UNBUNDLED EPISODE INDICATOR
        "",  # PROVIDER REFERENCE NUMBER
        "",  # NHS SERVICE AGREEMENT LINE NUMBER
        count_text(unit.count_thousandths),
        pounds_text(unit.price_pence),
        pounds_text(pence),
    )
    return ",".join(cells) + "\n"
