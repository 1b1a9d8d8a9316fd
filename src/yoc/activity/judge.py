"""Judging lines: some people's at a time, so that the memory that it takes does not grow with the lines.

Every rule of a line asks about its person at most, so that people can be worked through one part after another. Each
part leaves sums behind, which are added up, and no line.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import pyarrow as pa

from yoc.activity.prices import ROOM, give_days, give_prices
from yoc.activity.steps import Step
from yoc.contract.model import ActivityContract
from yoc.contract.scope import LineKind
from yoc.core.periods import FinancialYear
from yoc.engine import Engine
from yoc.tariff import PriceHistory

BUCKETS = 64
"""Over how many buckets the reading spreads people."""


def give_prices_and_days(
    engine: Engine, kinds: Mapping[int, LineKind], prices: PriceHistory, year: FinancialYear
) -> None:
    """Give the days of the year and what each kind of line costs on them."""
    periods = prices.periods(year.first_day, year.last_day)
    give_days(engine, year, periods)
    give_prices(engine, kinds, prices, periods)


def judge_in_parts(
    engine: Engine, contract: ActivityContract, year: FinancialYear, steps: Sequence[Step]
) -> dict[str, pa.Table]:
    """Judge all lines, some people's at a time, and gather what each step gives of each part.

    Expects the lines in `kept_line`, people in `presence`, and the decisions and prices of the kinds of line. Where the
    contract sets repeats aside, the lines that repeat one another are judged first, whoever they are of.
    """
    values = {
        "first_period": year.start_year * 12 + 1,
        "rounded_per_line": contract.activity.price.rounding == "per_line",
        "basis": contract.activity.price.basis,
        "after_death_days": contract.activity.after_death_days,
    }
    engine.run(ROOM, "test_day_of")
    aside = _give_aside(engine, contract, values)
    gathered: dict[str, list[pa.Table]] = {step.name: [] for step in steps if step.kept}
    for buckets in _parts(engine.run(ROOM, "lines_in")[0]["lines"], engine.lines_at_once):
        _take_in_hand(engine, buckets, "lines_of_buckets_and_aside" if aside else "lines_of_buckets")
        engine.run(ROOM, "judged_line", **values)
        for step in steps:
            if step.kept:
                gathered[step.name].append(engine.fetch(ROOM, step.name, **step.values))
            else:
                engine.run(ROOM, step.name, **step.values)
    return {name: pa.concat_tables(parts) for name, parts in gathered.items()}


def _give_aside(engine: Engine, contract: ActivityContract, values: Mapping[str, object]) -> int:
    """Give the lines that are set aside because they repeat others, and how many they are."""
    if contract.activity.duplicates != "set_aside":
        return 0
    _take_in_hand(engine, range(BUCKETS), "lines_of_repeats")
    engine.run(ROOM, "judged_line", **values)
    aside = engine.fetch(ROOM, "lines_aside")
    engine.give_table("line_aside", aside)
    return int(aside.num_rows)


def _take_in_hand(engine: Engine, buckets: Iterable[int], lines: str) -> None:
    """Take the people of some buckets in hand, and of their lines those that the step ``lines`` says."""
    engine.give("bucket_in_hand", {"bucket": pa.int8()}, [(bucket,) for bucket in buckets])
    for step in ("people_in_hand", "presence_in_hand", lines):
        engine.run(ROOM, step)


def _parts(lines: int, at_once: int | None) -> Iterator[range]:
    """The buckets of each part, so many parts that about ``at_once`` lines are in hand at a time; one for ``None``.

    >>> [len(part) for part in _parts(0, 10)], [len(part) for part in _parts(30, 10)], [*_parts(30, None)]
    ([64], [21, 21, 22], [range(0, 64)])
    """
    parts = min(max(-(-lines // at_once), 1), BUCKETS) if at_once else 1
    for part in range(parts):
        yield range(BUCKETS * part // parts, BUCKETS * (part + 1) // parts)
