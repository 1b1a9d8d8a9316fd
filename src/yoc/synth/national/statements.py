"""Aggregate statements of every provider that bills, and its invoices: equal to the penny but where it is planted."""

from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from yoc.core.money import round_half_away
from yoc.synth import files, layouts, places
from yoc.synth.draw import stream
from yoc.synth.edits import other_year
from yoc.synth.lines import ROUTES
from yoc.synth.national.described import Describer, Line
from yoc.synth.national.drugs import Supplied
from yoc.synth.national.ledger import FINDING, Ledger
from yoc.synth.national.plants import Stated
from yoc.synth.national.plcm import is_read
from yoc.synth.prices import count_text, pounds_text
from yoc.synth.year import MONTHS, YEAR_IN_NAMES, YEAR_TEXT

INVOICES = (
    "ORGANISATION IDENTIFIER (CODE OF PROVIDER)",
    "FINANCIAL YEAR",
    "FINANCIAL MONTH",
    "INVOICE NUMBER",
    "INVOICE DATE",
    "INVOICE AMOUNT",
)
BILLING = ("ZA1", "ZA2", "ZM1", "ZC1", "ZG1")
"""Providers that send statements and invoices. The distant trust is paid one value for the year and sends neither."""
INVOICE_PATH = "invoices.csv"
PENNY_IN_STATEMENT = ("ZA1", 6, "OPFUPSPCL")
PENNY_IN_DRUGS = ("ZA2", 9, "DRUG")
PENNY_IN_INVOICE = ("ZC1", 10)
"""Where a statement is one penny over what it adds up, and where an invoice is one penny under its statement."""

_AS_MADE = Stated()
_PLAN_LOW, _PLAN_HIGH, _WHOLE = 940, 1060, 1000


@dataclass(frozen=True, order=True)
class _Cell:
    """What one row of a statement is about."""

    year: str
    month: int
    responsibility: str
    commissioner: str
    function: str
    category: str
    specialised: str
    point_of_delivery: str
    tariff: str
    national: str


@dataclass
class _Sum:
    thousandths: int = 0
    pence: int = 0
    market_forces_pence: int = 0


@dataclass
class Statements:
    """Adds up lines as they are settled, then writes statements and invoices."""

    said: Describer
    _sums: dict[str, dict[_Cell, _Sum]] = field(default_factory=lambda: {code: {} for code in BILLING})

    def settle(self, line: Line) -> None:
        """Add a line of patient-level contract monitoring, if it can be read."""
        if not is_read(line):
            return
        stated = line.plant.stated if line.plant else _AS_MADE
        item, (responsibility, commissioner) = self.said.item(line), ROUTES[line.route]
        month, year = (str(line.month), YEAR_TEXT)
        if stated.other_year:
            month, year = other_year([month, year])
        cell = _Cell(
            year, int(month), responsibility, stated.commissioner or commissioner, item.treatment_function,
            item.category, item.specialised, stated.point_of_delivery or item.point_of_delivery, item.tariff,
            item.national,
        )  # fmt: skip
        pence = self.said.pence(line)
        total = self._sums[line.provider].setdefault(cell, _Sum())
        total.thousandths += self.said.unit(line).count_thousandths * stated.count_times
        total.pence += pence * stated.cost_times
        total.market_forces_pence += (pence - self.said.pence_before_market_forces(line)) * stated.cost_times

    def add_supplies(self, supplied: list[Supplied]) -> None:
        """Add what a month's files of drugs and devices come to."""
        for each in supplied:
            route = places.COMMISSIONER, places.COMMISSIONER
            cell = _Cell(YEAR_TEXT, each.month, *route, "", "41", "", each.point_of_delivery, "", "N")
            self._sums[each.provider][cell] = _Sum(each.thousandths, each.pence)

    def write(self, folder: Path, seed: int, ledger: Ledger) -> dict[str, int]:
        """Write every statement and the invoices; returns their rows."""
        (folder / "acm").mkdir()
        self._plant_pennies(ledger)
        rows = 0
        for provider in BILLING:
            by_month: dict[int, list[tuple[_Cell, _Sum]]] = defaultdict(list)
            for cell, total in sorted(self._sums[provider].items()):
                # A line of the year before stands in the statement of the month in which it was sent, April.
                by_month[cell.month if cell.year == YEAR_TEXT else 1].append((cell, total))
            for month in MONTHS:
                plans = stream(seed, "plan", month.number * 100 + BILLING.index(provider))
                table = [
                    _row(provider, month.created(), cell, total, int(plans.integers(_PLAN_LOW, _PLAN_HIGH + 1)))
                    for cell, total in by_month[month.number]
                ]
                rows += files.write_table(folder / acm_path(provider, month.number), layouts.ACM, table)
        return {"acm_lines": rows, "invoices": self._write_invoices(folder, ledger)}

    def _plant_pennies(self, ledger: Ledger) -> None:
        for (provider, month, pod), fault in (
            (PENNY_IN_STATEMENT, "statement_a_penny_over_activity"),
            (PENNY_IN_DRUGS, "statement_a_penny_over_drugs"),
        ):
            cell = next(
                cell
                for cell in sorted(self._sums[provider])
                if (cell.year, cell.month, cell.point_of_delivery) == (YEAR_TEXT, month, pod)
            )
            self._sums[provider][cell].pence += 1
            ledger.note(acm_path(provider, month), fault, FINDING, "TIE-OUT")

    def _write_invoices(self, folder: Path, ledger: Ledger) -> int:
        rows = []
        for provider in BILLING:
            totals: dict[tuple[str, int], int] = defaultdict(int)
            for cell, total in self._sums[provider].items():
                totals[cell.year, cell.month] += total.pence
            for (year, month), pence in sorted(totals.items()):
                number = f"INV-{provider}-{year}-{month:02d}"
                penny = (provider, month) == PENNY_IN_INVOICE and year == YEAR_TEXT
                if penny:
                    ledger.note(INVOICE_PATH, "invoice_a_penny_under_statement", FINDING, "TIE-OUT")
                sent = MONTHS[month - 1 if year == YEAR_TEXT else 0].created()[:10]
                rows.append((provider, year, str(month), number, sent, pounds_text(pence - penny)))
        return files.write_table(folder / INVOICE_PATH, INVOICES, rows)


def acm_path(provider: str, month: int) -> str:
    """The path of one statement under the data folder.

    >>> acm_path("ZA1", 1)
    'acm/ACM_2627_M01_ZA1.csv'
    """
    return f"acm/ACM_{YEAR_IN_NAMES}_M{month:02d}_{provider}.csv"


def _row(provider: str, created: str, cell: _Cell, total: _Sum, plan: int) -> list[str]:
    """A row of a statement: the plan lies within six per cent of what happened, either way."""
    planned = round_half_away(Fraction(total.thousandths * plan, _WHOLE * _WHOLE)) * _WHOLE
    return [
        str(cell.month), cell.year, created, provider, cell.responsibility, cell.commissioner, cell.function,
        cell.category, cell.specialised, cell.point_of_delivery, cell.tariff, cell.national, count_text(planned),
        pounds_text(round_half_away(Fraction(total.pence * plan, _WHOLE))),
        pounds_text(round_half_away(Fraction(total.market_forces_pence * plan, _WHOLE))),
        count_text(total.thousandths), pounds_text(total.pence), pounds_text(total.market_forces_pence),
    ]  # fmt: skip
