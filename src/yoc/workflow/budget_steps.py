"""Steps of a budget that come from its files and contract: money set aside, rates given, the gap to a contract."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from yoc.baseline import Column, Step
from yoc.baseline.build import Key
from yoc.baseline.steps import Cell, to_the_penny, years_in_words
from yoc.contract.budget import BudgetRules
from yoc.contract.model import Contract
from yoc.core.money import format_pounds
from yoc.workflow.baseline_lines import FEWEST_PEOPLE, SetAsidePart
from yoc.workflow.budget_plan import AcceptedGap

_PLACE = (Column("Segment"), Column("Setting"))


def set_aside_step(parts: Sequence[SetAsidePart], gaps: Sequence[AcceptedGap]) -> Step:
    """Money in the files of the years that the rates do not hold, and why."""
    columns = (Column("Year"), Column("Reason"), Column("Lines"), Column("Submitted", "pounds"))
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (part.year, part.reason, f"<{FEWEST_PEOPLE}" if part.lines < FEWEST_PEOPLE else f"{part.lines:,}",
         part.submitted_pence)
        for part in parts
    )  # fmt: skip
    total = format_pounds(sum(part.submitted_pence for part in parts))
    words = (
        f"Lines submitted at {total} are no part of the rates. A line without a price is set aside, and never £0: "
        "where such lines are many the rates are too low.",
    )
    notes = tuple(f"Months without lines of provider {gap.provider} are accepted: {gap.reason}" for gap in gaps)
    return Step("set_aside", "Set aside", f"{total} submitted", words, columns, rows, notes)


def given_step(given: Mapping[str, Mapping[str, int]]) -> Step:
    """Rates that are taken as agreed."""
    rows = tuple((segment, setting, pence) for segment, rates in given.items() for setting, pence in rates.items())
    settings = dict.fromkeys(setting for rates in given.values() for setting in rates)
    words = ("These rates are taken as they are agreed: no line shows what the care cost.",)
    columns = (*_PLACE, Column("Annual rate", "pounds"))
    return Step("given", "Rates as agreed", ", ".join(settings), words, columns, rows)


def table_step(name: str, rates: Mapping[Key, int]) -> Step:
    """Rates that a table gives."""
    rows = tuple((*key, pence) for key, pence in rates.items())
    words = (f"The rates stand as {name} gives them; nothing is worked out.",)
    return Step(
        "table", "Rates of the table", f"{len(rows)} rates", words, (*_PLACE, Column("Annual rate", "pounds")), rows
    )


def bid_gap(
    contract: Contract, budget: BudgetRules, rates: Mapping[Key, int], person_years: Mapping[str, Fraction]
) -> Step:
    """Each built rate beside the contract's own, and the difference for the people who were counted."""
    theirs = {(segment, setting): pence for segment, own in budget.rates.items() for setting, pence in own.items()}
    columns = (
        *_PLACE, Column("Built", "pounds"), Column("In the contract", "pounds"), Column("Gap", "pounds"),
        Column("Person-years", "decimal"), Column("Gap in all", "pounds"),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    total = Fraction(0)
    for key in dict.fromkeys((*rates, *theirs)):
        built, own = rates.get(key), theirs.get(key)
        gap = built - own if built is not None and own is not None else None
        people = person_years.get(key[0])
        money = gap * people if gap is not None and people is not None else None
        total += money or 0
        rows.append(
            (*key, built, own, gap, years_in_words(people) if people is not None else None,
             to_the_penny(money) if money is not None else None)
        )  # fmt: skip
    said = format_pounds(to_the_penny(total))
    words = [
        f"The built rates less those of {contract.contract}, version {contract.version}, times the person-years: a gap "
        "above nothing is money that the contract's rates lack."
    ]
    if budget.adjustments:
        names = ", ".join(adjustment.heading() for adjustment in budget.adjustments)
        words.append(f"The contract's rates are those before its adjustments ({names}), which would follow on either.")
    headline = f"{said} over all segments and settings" if person_years else "no person-years are known"
    return Step("bid_gap", "Gap to the contract", headline, tuple(words), columns, tuple(rows))
