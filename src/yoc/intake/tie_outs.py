"""Tie-outs: patient-level lines, monthly statements and invoices must come to the same, cell by cell, to the penny."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from itertools import groupby
from typing import Any

import pyarrow as pa

from yoc.core.findings import Finding, Level
from yoc.core.money import format_pounds
from yoc.core.periods import day_number
from yoc.core.rates import format_decimal
from yoc.engine import Engine
from yoc.intake.texts import period_in_words, period_of_day

ROOM = "yoc.intake"
TIED_DATA_SETS = {"plcm": "activity", "drugs_plcm": "drugs", "devices_plcm": "devices"}
"""The data sets that statements add up, and the rule that each falls under. A profile of one's own takes part by its
`data_set`."""


@dataclass(frozen=True)
class Rule:
    """What must equal what: the words for either side, in a sentence."""

    first: str
    second: str


RULES = {
    "activity": Rule("contract monitoring", "the statement without drugs and devices"),
    "drugs": Rule("drugs contract monitoring", "the drugs of the statement"),
    "devices": Rule("devices contract monitoring", "the devices of the statement"),
    "invoice": Rule("the statement", "the invoice"),
    "invoice_of_lines": Rule("contract monitoring, drugs and devices", "the invoice"),
}
"""The rules by name: contract monitoring, drugs and devices give the statement, and the statement the invoice."""


@dataclass(frozen=True)
class TieCell:
    """One provider's month, and point of delivery where the rule asks for it, in which the sides differ.

    A side that has no such cell is ``None``; ``first_cells`` and ``second_cells`` count what the side has of the whole
    month. Money is in pence, quantities in thousandths.
    """

    rule: str
    provider: str
    period: int
    point_of_delivery: str
    first_pence: int | None
    second_pence: int | None
    first_thousandths: int | None
    second_thousandths: int | None
    first_cells: int
    second_cells: int
    money_apart: bool

    @property
    def difference_pence(self) -> int:
        """The second side less the first."""
        return (self.second_pence or 0) - (self.first_pence or 0)


@dataclass(frozen=True)
class TieTotal:
    """What a provider comes to under a rule on either side, over all months that have begun."""

    rule: str
    provider: str
    first_pence: int
    second_pence: int
    cells: int
    cells_apart: int


@dataclass(frozen=True)
class NotTied:
    """A provider that sent lines, and neither a statement nor an invoice to compare them with."""

    provider: str
    lines: int
    submitted_pence: int


@dataclass(frozen=True)
class TieOuts:
    """The cells that differ, what each provider comes to, and who is not compared."""

    cells: tuple[TieCell, ...] = ()
    totals: tuple[TieTotal, ...] = ()
    not_tied: tuple[NotTied, ...] = ()
    within_pence: int = 0

    @staticmethod
    def rule(name: str) -> Rule:
        """What a rule says must be equal."""
        return RULES[name]

    def as_dict(self) -> dict[str, Any]:
        """The result as evidence keeps it; periods in words."""
        cells = [
            asdict(cell)
            | {"period": period_in_words(cell.period), "month": (cell.period - 1) % 12 + 1}
            | {"difference_pence": cell.difference_pence}
            for cell in self.cells
        ]
        return {
            "within_pence": self.within_pence,
            "rules": {name: asdict(rule) for name, rule in RULES.items()},
            "cells": cells,
            "totals": [asdict(total) for total in self.totals],
            "not_tied": [asdict(each) for each in self.not_tied],
        }


def tie_out(
    engine: Engine, as_of: dt.date, within_pence: int = 0, *, with_lines: bool = True, with_invoices: bool
) -> TieOuts:
    """Compare the tables `line`, `statement` and `invoice`, up to the month of ``as_of``.

    Money may differ by ``within_pence`` in each cell, quantities not at all. Without lines only statements and invoices
    are compared, without invoices only lines and statements.
    """
    text = pa.string()
    engine.give("tied_data_set", {"data_set": text, "rule": text}, list(TIED_DATA_SETS.items()))
    last = period_of_day(day_number(as_of))
    asked = {"with_lines": with_lines, "with_invoices": with_invoices}
    engine.run(ROOM, "tie_cells", last_begun=last, within_pence=within_pence, **asked)
    return TieOuts(
        tuple(TieCell(**row) for row in engine.run(ROOM, "tie_cells_apart")),
        tuple(TieTotal(**row) for row in engine.run(ROOM, "tie_totals")),
        tuple(NotTied(**row) for row in engine.run(ROOM, "not_tied", last_begun=last)),
        within_pence,
    )


def tie_out_findings(
    tied: TieOuts, statements: Level = Level.WARNING, invoices: Level = Level.WARNING
) -> Iterator[Finding]:
    """A finding for each cell in which the sides differ, one for a month that a side lacks whole, and one for each
    provider that is not compared. A quantity alone is never more than a warning.
    """
    for (rule, provider, period), grouped in groupby(tied.cells, lambda cell: (cell.rule, cell.provider, cell.period)):
        cells = list(grouped)
        level = invoices if rule.startswith("invoice") else statements
        if not any(cell.money_apart for cell in cells):
            level = Level.WARNING
        place = f"{provider}, {period_in_words(period)}"
        if rule.startswith("invoice") or (cells[0].first_cells and cells[0].second_cells):
            for cell in cells:
                yield _finding(cell, place, level if cell.money_apart else Level.WARNING)
        else:
            yield _month_lacking(cells, place, level)
    for each in tied.not_tied:
        message = (
            f"{each.provider} sends neither a statement nor an invoice: its {each.lines} lines, submitted at "
            f"{format_pounds(each.submitted_pence)}, are compared with nothing"
        )
        yield Finding("TIE-OUT", Level.WARNING, message, "none needed where it is paid without one", count=each.lines)


def _finding(cell: TieCell, place: str, level: Level) -> Finding:
    rule = RULES[cell.rule]
    where = f"{place}, {cell.point_of_delivery}" if cell.point_of_delivery else place
    if cell.money_apart or None in (cell.first_pence, cell.second_pence):
        first = _side(rule.first, cell.first_pence, format_pounds)
        second = _side(rule.second, cell.second_pence, format_pounds)
        gap = cell.difference_pence
        message = f"{where}: {first}, {second}: {format_pounds(abs(gap))} {'more' if gap > 0 else 'less'}"
    else:
        first = _side(rule.first, cell.first_thousandths, _quantity)
        second = _side(rule.second, cell.second_thousandths, _quantity)
        message = f"{where}: the money agrees, the count does not: {first}, {second}"
    return Finding("TIE-OUT", level, message, "ask the provider which of the two is right")


def _month_lacking(cells: Sequence[TieCell], place: str, level: Level) -> Finding:
    """A month that one side lacks whole is said once, and not for each point of delivery."""
    rule = RULES[cells[0].rule]
    lacks_first = not cells[0].first_cells
    has, lacks = (rule.second, rule.first) if lacks_first else (rule.first, rule.second)
    pence = sum((cell.second_pence if lacks_first else cell.first_pence) or 0 for cell in cells)
    points = f"{len(cells)} point{'s' if len(cells) != 1 else ''} of delivery"
    message = f"{place}: {has} {format_pounds(pence)} in {points}, {lacks} nothing at all"
    return Finding("TIE-OUT", level, message, "ask whether a file is still to come")


def _side(words: str, figure: int | None, say: Any) -> str:
    return f"{words} has no such row" if figure is None else f"{words} {say(figure)}"


def _quantity(thousandths: int) -> str:
    return format_decimal(Fraction(thousandths, 1000))
