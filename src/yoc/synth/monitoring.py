"""The monthly aggregate statement of a provider: what its patient lines add up to, against a plan."""

from fractions import Fraction
from pathlib import Path

import numpy as np

from yoc.core.money import round_half_away
from yoc.synth import files, layouts
from yoc.synth.edits import other_year
from yoc.synth.faults import in_other_year
from yoc.synth.lines import ROUTES, Lines
from yoc.synth.places import PROVIDER_CODES
from yoc.synth.prices import count_text, pounds_text
from yoc.synth.render import File
from yoc.synth.units import Units
from yoc.synth.year import YEAR_IN_NAMES, YEAR_TEXT, Ints

_PLAN_LOW, _PLAN_HIGH = 940, 1060
_WHOLE = 1000
# Route and unit; then count in thousandths, pence, and pence of market forces.
_Sums = dict[tuple[int, int], tuple[int, int, int]]


def acm_path(provider: str, month: int) -> str:
    """The path of one aggregate file under the data folder.

    >>> acm_path("ZA1", 1)
    'acm/ACM_2627_M01_ZA1.csv'
    """
    return f"acm/ACM_{YEAR_IN_NAMES}_M{month:02d}_{provider}.csv"


def write_statement(folder: Path, rng: np.random.Generator, file: File, lines: Lines, units: Units) -> int:
    """Write the aggregate of one file's lines as the provider meant them; returns its rows."""
    elsewhere = in_other_year(lines)
    period = [str(file.month), YEAR_TEXT]
    rows = _rows(rng, period, file, _sums(file.provider, lines.take(np.flatnonzero(~elsewhere)), units), units)
    other = lines.take(np.flatnonzero(elsewhere))
    rows += _rows(rng, other_year(period), file, _sums(file.provider, other, units), units)
    return files.write_table(folder / acm_path(file.provider, file.month), layouts.ACM, rows)


def _sums(provider: str, lines: Lines, units: Units) -> _Sums:
    """Add up lines by route and item, in whole numbers; an item is named by its first unit."""
    count = len(units.units)
    tally = np.bincount(lines.route * count + lines.unit, minlength=len(ROUTES) * count)
    first_unit: dict[int, int] = {}
    cost: Ints = units.cost[PROVIDER_CODES.index(provider)]
    sums: _Sums = {}
    for place in np.flatnonzero(tally).tolist():
        route, unit = divmod(place, count)
        key = (route, first_unit.setdefault(id(units.units[unit].item), unit))
        many = int(tally[place])
        thousandths, pence, market_forces = sums.get(key, (0, 0, 0))
        sums[key] = (
            thousandths + many * units.units[unit].count_thousandths,
            pence + many * int(cost[unit]),
            market_forces + many * int(cost[unit] - units.before_market_forces[unit]),
        )
    return sums


def _rows(rng: np.random.Generator, period: list[str], file: File, sums: _Sums, units: Units) -> list[list[str]]:
    """Rows of the statement: the plan lies within six per cent of what happened, either way."""
    rows = []
    plans = rng.integers(_PLAN_LOW, _PLAN_HIGH + 1, len(sums)).tolist()
    for ((route, unit), (thousandths, pence, market_forces)), plan in zip(sums.items(), plans, strict=True):
        item = units.units[unit].item
        planned_count = round_half_away(Fraction(thousandths * plan, _WHOLE * _WHOLE)) * _WHOLE
        rows.append(
            [
                *period,
                file.created,
                file.provider,
                *ROUTES[route],
                item.treatment_function,
                item.category,
                item.specialised,
                item.point_of_delivery,
                item.tariff,
                item.national,
                count_text(planned_count),
                pounds_text(round_half_away(Fraction(pence * plan, _WHOLE))),
                pounds_text(round_half_away(Fraction(market_forces * plan, _WHOLE))),
                count_text(thousandths),
                pounds_text(pence),
                pounds_text(market_forces),
            ]
        )
    return rows
