"""Adjustments: what a contract does to the budget so far, in the order in which it lists them.

An adjustment multiplies what each segment brings by a factor, adds a sum, or both; each is shown as a step of the
budget. A transfer belongs to no segment: factors for the whole budget multiply it, rates of one segment leave it.
"""

import datetime as dt
from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field

from yoc.core.fields import AboveZero, Day, Index, Model, Name, Rate, Share, SignedPence, Text
from yoc.core.money import format_pounds
from yoc.core.periods import FinancialYear
from yoc.core.rates import format_decimal, format_percent

NO_SEGMENT = ""
"""Stands for the part of a budget that belongs to no segment: what transfers brought."""


class AdjustmentBase(Model):
    """What every adjustment has: its name, its clause, and by default no effect on the budget so far."""

    id: Name
    kind: str
    clause: Text | None = None
    title: Text | None = None

    def heading(self) -> str:
        """The adjustment's title; its kind in words where it has none."""
        return self.title or self.kind.replace("_", " ").capitalize()

    def hosts(self) -> Mapping[str, object] | None:
        """The values that it gives host by host, where it does; every host has to be among them."""
        return None

    def factor(self, segment: str = NO_SEGMENT, host: str = "") -> Fraction:  # noqa: ARG002
        """What the budget so far of a host and segment is multiplied by."""
        return Fraction(1)

    def added_pence(self, host: str, year: FinancialYear | None) -> Fraction:  # noqa: ARG002
        """What is added to the budget so far of a host, in exact pence."""
        return Fraction(0)

    def in_words(self, host: str = "", year: FinancialYear | None = None) -> str:
        """The adjustment as a reader of a host's statement sees it."""
        raise NotImplementedError


class UpliftAndEfficiency(AdjustmentBase):
    """Cost uplift and efficiency of one year, combined as the contract says.

    4.15% and 2.0% give +2.0670% multiplied and +2.15% added (2025/26 NHS Payment Scheme as first published).

    >>> factor = dict(id="uplift", kind="cost_uplift_and_efficiency", cost_uplift="4.15%", efficiency="2.0%")
    >>> UpliftAndEfficiency(**factor, combine="multiplicative").factor() - 1
    Fraction(2067, 100000)
    >>> UpliftAndEfficiency(**factor, combine="additive").factor() - 1
    Fraction(43, 2000)
    """

    kind: Literal["cost_uplift_and_efficiency"]
    title: Text = "Cost uplift and efficiency"
    cost_uplift: Rate
    efficiency: Rate
    combine: Literal["multiplicative", "additive"]

    def factor(self, segment: str = NO_SEGMENT, host: str = "") -> Fraction:  # noqa: ARG002
        """What the budget so far is multiplied by."""
        if self.combine == "additive":
            return 1 + self.cost_uplift - self.efficiency
        return (1 + self.cost_uplift) * (1 - self.efficiency)

    def in_words(self, host: str = "", year: FinancialYear | None = None) -> str:  # noqa: ARG002
        """The two rates, how they are combined, and what they come to."""
        up, down, net = (format_percent(rate) for rate in (self.cost_uplift, self.efficiency, self.factor() - 1))
        working = f"{up} - {down}" if self.combine == "additive" else f"(1 + {up}) × (1 - {down}) - 1"
        return f"cost uplift {up} and efficiency {down}: {working} = {net}"


class RateAdjustment(AdjustmentBase):
    """An adjustment that changes the budget so far by a rate: growth, need.

    Growth and need may have a rate for each segment instead, which changes what that segment brings.

    >>> RateAdjustment(id="growth", kind="growth", rate="0.8%").factor()
    Fraction(126, 125)
    >>> need = RateAdjustment(id="need", kind="need", rate_by_segment={"core": "1.2%", "risk": "0.5%"})
    >>> need.factor("core"), need.factor("risk"), need.factor()
    (Fraction(253, 250), Fraction(201, 200), Fraction(1, 1))
    """

    kind: Literal["growth", "need"]
    rate: Rate | None = None
    rate_by_segment: dict[Name, Rate] | None = None

    def factor(self, segment: str = NO_SEGMENT, host: str = "") -> Fraction:  # noqa: ARG002
        """What the budget so far of a segment is multiplied by."""
        if self.rate_by_segment is not None:
            return 1 + self.rate_by_segment.get(segment, Fraction(0))
        return 1 + (self.rate or Fraction(0))

    def in_words(self, host: str = "", year: FinancialYear | None = None) -> str:  # noqa: ARG002
        """The rate, or the rate of each segment."""
        name = self.kind.replace("_", " ")
        if self.rate_by_segment is None:
            return f"{name} {format_percent(self.factor() - 1)}"
        rates = (f"{segment} {format_percent(rate)}" for segment, rate in self.rate_by_segment.items())
        return f"{name} by segment: {', '.join(rates)}"


class PaceOfChange(AdjustmentBase):
    """A stated change of the budget so far, or a step towards a target from which it is a stated distance.

    A distance of -5% means that the budget is 5% below its target, which is the budget ÷ 95%; ``closed`` is the share
    of the way that this year goes, and ``at_least`` and ``at_most`` limit the change. A quarter of the way from 95:

    >>> step = dict(id="pace", kind="pace_of_change", distance_by_host={"A": "-5%", "B": "4%"}, closed="1/4")
    >>> PaceOfChange(**step).factor(host="A")  # 1 + 1/4 × (100/95 - 1)
    Fraction(77, 76)
    >>> PaceOfChange(**step, at_least="0%").factor(host="B")
    Fraction(1, 1)
    """

    kind: Literal["pace_of_change"]
    rate: Rate | None = None
    """The change itself, where no target is named."""
    distance: Rate | None = None
    """How far the budget is from its target, as a rate of the target: below nothing where it is under it."""
    distance_by_host: dict[Name, Rate] | None = None
    """The distance of each host."""
    closed: Share | None = None
    """The share of the way to the target that this year goes."""
    at_least: Rate | None = None
    """The change is no less than this."""
    at_most: Rate | None = None
    """The change is no more than this."""

    def hosts(self) -> Mapping[str, object] | None:
        """The distance of each host, where it is given host by host."""
        return self.distance_by_host

    def _distance(self, host: str) -> Fraction:
        return self.distance_by_host[host] if self.distance_by_host is not None else (self.distance or Fraction(0))

    def _unlimited(self, host: str) -> Fraction:
        return (self.closed or Fraction(0)) * (1 / (1 + self._distance(host)) - 1)

    def factor(self, segment: str = NO_SEGMENT, host: str = "") -> Fraction:  # noqa: ARG002
        """What the budget so far of the host is multiplied by."""
        if self.closed is None:
            return 1 + (self.rate or Fraction(0))
        change = self._unlimited(host)
        change = change if self.at_least is None else max(change, self.at_least)
        return 1 + (change if self.at_most is None else min(change, self.at_most))

    def in_words(self, host: str = "", year: FinancialYear | None = None) -> str:  # noqa: ARG002
        """The rate; or the distance, how much of it is closed, and the change after its limits."""
        if self.closed is None:
            return f"pace of change {format_percent(self.factor() - 1)}"
        far, change = format_percent(self._distance(host)), self.factor(host=host) - 1
        working = f"{format_percent(self.closed)} × (1 ÷ (1 + {far}) - 1)"
        unlimited = self._unlimited(host)
        held = "" if change == unlimited else f", held at {format_percent(change)}"
        return f"{far} from target: {working} = {format_decimal(unlimited * 100, 4)}%{held}"


class MarketForces(AdjustmentBase):
    """A market forces index by which the budget so far is multiplied: one for all hosts, or one a host.

    >>> MarketForces(id="mff", kind="market_forces", index="1.041377").factor()
    Fraction(1041377, 1000000)
    >>> MarketForces(id="mff", kind="market_forces", index_by_host={"A": "1.02", "B": "1"}).factor(host="A")
    Fraction(51, 50)
    """

    kind: Literal["market_forces"]
    index: Index | None = None
    index_by_host: dict[Name, Index] | None = None

    def hosts(self) -> Mapping[str, object] | None:
        """The index of each host, where it is given host by host."""
        return self.index_by_host

    def factor(self, segment: str = NO_SEGMENT, host: str = "") -> Fraction:  # noqa: ARG002
        """The index of the host."""
        return self.index_by_host[host] if self.index_by_host is not None else (self.index or Fraction(1))

    def in_words(self, host: str = "", year: FinancialYear | None = None) -> str:  # noqa: ARG002
        """The index of the host."""
        return f"market forces index {format_decimal(self.factor(host=host))}"


class Transfer(AdjustmentBase):
    """A sum agreed in year, added to the budget so far, or taken from it where it is below nothing.

    With a day ``from`` which it holds, it is pro rata to the days of the year from then on, that day included:
    182 of the 365 days of 2026/27 from 1 October.

    >>> moved = {"id": "moved", "kind": "transfer", "value_by_host": {"A": "£120k", "B": "-£40k"}}
    >>> Transfer(**moved).added_pence("B", FinancialYear(2026))
    Fraction(-4000000, 1)
    >>> Transfer(**moved, **{"from": "2026-10-01"}).added_pence("A", FinancialYear(2026))
    Fraction(436800000, 73)
    """

    kind: Literal["transfer"]
    value_by_host: dict[Name, SignedPence]
    from_: Day = Field(default=None, alias="from")

    def hosts(self) -> Mapping[str, object] | None:
        """The sum of each host."""
        return self.value_by_host

    def days_left(self, year: FinancialYear) -> int:
        """The days of a year on which the transfer holds: all, where it began before; none, where it begins after."""
        start: dt.date = max(self.from_ or year.first_day, year.first_day)
        return max((year.last_day - start).days + 1, 0)

    def added_pence(self, host: str, year: FinancialYear | None) -> Fraction:
        """The host's sum, pro rata where a day is given."""
        value = self.value_by_host[host]
        if self.from_ is None:
            return Fraction(value)
        if year is None:
            raise ValueError("a transfer from a day on needs the financial year")
        return Fraction(value * self.days_left(year), year.days)

    def in_words(self, host: str = "", year: FinancialYear | None = None) -> str:
        """The host's sum, and the part of the year."""
        value = format_pounds(self.value_by_host[host])
        if self.from_ is None or year is None:
            return f"transfer of {value}"
        return f"transfer of {value} a year from {self.from_}: {self.days_left(year)} of {year.days} days"


class PlaceIndex(AdjustmentBase):
    """The place index of weighted populations: how much more a place weighs for its people than the whole does.

    (weighted ÷ registered) ÷ (whole weighted ÷ whole registered), exact. The figures of one place and its ICB:

    >>> place = PlaceIndex(id="place", kind="place_index", registered="22746.360246", weighted="28733.937164",
    ...                    whole_registered="3242302.0252", whole_weighted="3652746.5036")
    >>> format_decimal(place.factor(), 6)
    '1.121288'
    """

    kind: Literal["place_index"]
    registered: AboveZero
    weighted: AboveZero
    whole_registered: AboveZero
    whole_weighted: AboveZero

    def factor(self, segment: str = NO_SEGMENT, host: str = "") -> Fraction:  # noqa: ARG002
        """The place index, not rounded."""
        return (self.weighted / self.registered) / (self.whole_weighted / self.whole_registered)

    def in_words(self, host: str = "", year: FinancialYear | None = None) -> str:  # noqa: ARG002
        """The four populations, and the index to six decimals."""
        weighted, registered, whole_weighted, whole_registered = (
            format_decimal(number)
            for number in (self.weighted, self.registered, self.whole_weighted, self.whole_registered)
        )
        return (
            f"place index ({weighted} ÷ {registered}) ÷ ({whole_weighted} ÷ {whole_registered}) = "
            f"{format_decimal(self.factor(), 6)}"
        )


Adjustment = Annotated[
    UpliftAndEfficiency | RateAdjustment | PaceOfChange | MarketForces | Transfer | PlaceIndex,
    Field(discriminator="kind"),
]
