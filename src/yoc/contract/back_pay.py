"""Back-pay: the people were counted once, the year was paid on them, and they have been restated since.

Nothing that was paid is written over. The budget on the people first counted stands, and each month that was paid on
them is made good by a line of its own; together they are the budget on the people as they are now, exactly.
"""

from collections.abc import Collection, Mapping
from fractions import Fraction

from yoc.contract.budget import BackPay, BudgetRounding, BudgetRules, MonthMadeGood, People, build_budget, exact_budget
from yoc.core.money import round_half_away
from yoc.core.periods import FinancialYear

MONTHS = range(1, 13)


def back_pay(
    rules: BudgetRules,
    now: People,
    before: People,
    units_more: Mapping[tuple[str, int], int],
    made_good: Collection[int],
    unit: str,
    host: str = "",
    year: FinancialYear | None = None,
) -> BackPay:
    """What was first counted for, and what each month of ``made_good`` (1 is April) brings more.

    ``units_more`` are the units by segment and month that are counted now, less those that were first counted.

    A month's exact part is its units × the annual rates, adjusted. Where the budget is rounded a person, rounding also
    differs between the two counts: that difference, of half a penny a person at most, goes to the months in proportion
    to the units that changed in them, to March where none did. Whole pence are cut from the running total, so that
    what was first counted and the months add to the budget. Five people at £1,200 a year of whom the first count had
    three; the others came on 1 October and left on 30 June:

    >>> rules = BudgetRules(rounding="on_total", rates={"all": {"primary": "£1,200"}})
    >>> now, before = (People(365, {"all": counts}) for counts in ({365: 3, 182: 1, 91: 1}, {365: 3}))
    >>> days = {1: 30, 2: 31, 3: 30, 7: 31, 8: 30, 9: 31, 10: 31, 11: 28, 12: 31}
    >>> more = {("all", month): units for month, units in days.items()}
    >>> pay = back_pay(rules, now, before, more, MONTHS, "person-days")
    >>> pay.first_counted_pence, [month.pence for month in pay.months][:3], pay.total_pence
    (360000, [9863, 10192, 9863], 449753)
    """
    total, old_total = (build_budget(rules, people, host, year).total_pence for people in (now, before))
    year_pence = {segment: sum(rates.values()) * rules.factor(segment, host) for segment, rates in rules.rates.items()}
    parts = dict.fromkeys(MONTHS, Fraction(0))
    for (segment, month), units in units_more.items():
        parts[month] += year_pence[segment] * Fraction(units, now.units_per_year)
    if rules.rounding is BudgetRounding.PER_PERSON:
        whole = Fraction(total)
        parts = _with_rounding(parts, Fraction(total - old_total), units_more)
    else:
        whole = exact_budget(rules, now, host, year)
    running = whole - sum((parts[month] for month in made_good), Fraction(0))
    first = mark = round_half_away(running)
    months = []
    for month in MONTHS:
        if month not in made_good:
            continue
        running += parts[month]
        changed = [units for (_, counted), units in units_more.items() if counted == month]
        if any(changed) or round_half_away(running) != mark:
            months.append(MonthMadeGood(month, round_half_away(running) - mark, sum(changed)))
        mark = round_half_away(running)
    return BackPay(old_total, first, unit, now.units_per_year, tuple(months))


def _with_rounding(
    parts: Mapping[int, Fraction], difference: Fraction, units_more: Mapping[tuple[str, int], int]
) -> dict[int, Fraction]:
    """The months' parts with what rounding brings besides, so that they add to the difference of the two budgets."""
    changed = {month: sum(abs(units) for (_, at), units in units_more.items() if at == month) for month in MONTHS}
    all_changed = sum(changed.values())
    if not all_changed:
        changed, all_changed = {**changed, 12: 1}, 1
    rest = difference - sum(parts.values(), Fraction(0))
    return {month: part + rest * changed[month] / all_changed for month, part in parts.items()}
