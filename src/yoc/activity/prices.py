"""The prices of lines: every kind of line looked up once in every version of the books, and what a re-issue changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import pyarrow as pa

from yoc.activity.steps import Step, added_up
from yoc.contract.model import ActivityContract
from yoc.contract.scope import LineKind
from yoc.core.periods import FinancialYear, day_number
from yoc.engine import Engine
from yoc.tariff import PriceHistory, PricePeriod
from yoc.tariff.book import INDEX_SCALE

ROOM = "yoc.activity"
FRACTIONS_PER_PENNY = 1_000_000_000
"""Amounts under `on_total` are held in thousand-millionths of a penny: price × thousandths × millionths."""


@dataclass(frozen=True)
class ReissueCell:
    """Charged lines of one host, setting and provider whose price was published again: exact pence before and after.

    ``version`` is the place of the later version in the price history. ``lines_new`` had no price before it.
    """

    host: str
    setting: str
    provider: str
    version: int
    lines: int
    lines_new: int
    before: Fraction
    after: Fraction


def whole_pence(high: int, low: int, amounts_per_penny: int) -> Fraction:
    """Exact pence from a sum that the engine gives in two parts."""
    return Fraction(high * FRACTIONS_PER_PENNY + low, amounts_per_penny)


def give_days(engine: Engine, year: FinancialYear, periods: Sequence[PricePeriod]) -> None:
    """Every day of the year: its month, and which period of prices it lies in; none where no book holds."""
    price_period = {
        day: place
        for place, period in enumerate(periods)
        for day in range(day_number(period.first_day), day_number(period.last_day) + 1)
    }
    days = [
        (day, month, price_period.get(day))
        for month, start in enumerate(year.month_starts(), 1)
        for day in range(day_number(start), _month_end(year, month))
    ]
    engine.give("year_day", {"day": pa.int32(), "month": pa.int32(), "price_period": pa.int32()}, days)


def _month_end(year: FinancialYear, month: int) -> int:
    return day_number(year.month_starts()[month]) if month < 12 else day_number(year.last_day) + 1


def give_prices(
    engine: Engine, kinds: Mapping[int, LineKind], prices: PriceHistory, periods: Sequence[PricePeriod]
) -> None:
    """Look every kind of line up in every version that ever held for a period of days, and give the answers.

    `period_price` holds what is charged now, a row a kind and period; `price_version` every price in its order, where
    prices of the period were published again.
    """
    now, steps = [], []
    for number, kind in kinds.items():
        key = (kind.tariff_code, kind.point_of_delivery, kind.treatment_function)
        found = [
            (version.book.unit_price_pence(*key), version.book.index_millionths(kind.provider) or INDEX_SCALE)
            for version in prices.versions
        ]
        for place, period in enumerate(periods):
            chain = [found[version] for version in period.chain]
            largest = max((abs(price) * index for price, index in chain if price is not None), default=0)
            was_priced = any(price is not None for price, _ in chain[:-1])
            now.append((number, place, *chain[-1], largest, was_priced))
            if len(chain) > 1:
                steps += [(number, place, step, price, index) for step, (price, index) in enumerate(chain)]
    where = {"combination_id": pa.int32(), "price_period": pa.int32()}
    price = {"price_pence": pa.int64(), "index_millionths": pa.int64()}
    engine.give("period_price", {**where, **price, "largest": pa.int64(), "was_priced": pa.bool_()}, now)
    engine.give("price_version", {**where, "place": pa.int32(), **price}, steps)


def reissue_steps(contract: ActivityContract, periods: Sequence[PricePeriod]) -> list[Step]:
    """What is asked of lines whose prices were published again; nothing where none were, or none are used."""
    price = contract.activity.price
    if price.basis == "submitted" or all(len(period.chain) == 1 for period in periods):
        return []
    return [Step("reissue_cells", {"rounded_per_line": price.rounding == "per_line", "basis": price.basis})]


_REISSUED = ("host_id", "setting", "provider", "price_period", "place")


def reissue_cells(
    gathered: pa.Table | None, contract: ActivityContract, periods: Sequence[PricePeriod], amounts_per_penny: int
) -> tuple[ReissueCell, ...]:
    """What each version that was published again changes, by host, setting and provider, from what was gathered."""
    if gathered is None:
        return ()
    hosts = {place: host.code for place, host in enumerate(contract.hosts, 1)}
    found: dict[tuple[str, str, str, int], ReissueCell] = {}
    before: dict[str, Any] = {}
    # Rows of one cell and period follow each other by place, from the price first charged to the one that holds now.
    for row in added_up(gathered.to_pylist(), _REISSUED):
        if row["place"]:
            version = periods[row["price_period"]].chain[row["place"]]
            key = (hosts[row["host_id"]], row["setting"], row["provider"], version)
            own = found.get(key, ReissueCell(*key, 0, 0, Fraction(0), Fraction(0)))
            found[key] = replace(
                own,
                lines=own.lines + row["lines"],
                lines_new=own.lines_new + max(before["without_price"] - row["without_price"], 0),
                before=own.before + whole_pence(before["amount_high"], before["amount_low"], amounts_per_penny),
                after=own.after + whole_pence(row["amount_high"], row["amount_low"], amounts_per_penny),
            )
        before = row
    return tuple(found[key] for key in sorted(found))
