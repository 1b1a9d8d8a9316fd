"""What the terms work on (a position) and what they make of it (lines)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from yoc.contract.budget import Budget
from yoc.core.periods import FinancialYear


@dataclass(frozen=True)
class BlockPart:
    """What is said of a host's part of a block: its title, the setting that it is in, its formula in words."""

    title: str
    setting: str
    formula: str


@dataclass(frozen=True)
class PriceReissue:
    """What prices that were published again change in a host's cost, in whole pence by setting and by provider.

    Both come to the same sum; ``pence_by_cell``, by setting and provider, adds to that of each setting. ``book`` names
    the version; it was published after ``effective_from``, from which it holds.
    """

    book: str
    published_on: dt.date
    effective_from: dt.date
    pence_by_setting: Mapping[str, int]
    pence_by_provider: Mapping[str, int]
    pence_by_cell: Mapping[tuple[str, str], int] = field(default_factory=dict)

    @property
    def pence(self) -> int:
        """What the cost is more by, or less."""
        return sum(self.pence_by_setting.values())


@dataclass(frozen=True)
class Position:
    """One host's year: everything that the terms need. Money is exact pence; scores lie between 0 and 1.

    ``cost_pence`` is by setting, before stop-loss, rounded at the point that the contract names.
    ``cost_by_provider_pence`` is the same cost by provider. ``over_threshold_pence`` is the part of it that lies over a
    person's threshold. ``block_pence`` is the host's part of each block, by its id, which both costs hold already;
    ``block_parts`` says what each is. ``cost_by_month_pence`` is the exact cost of lines, without blocks and before
    stop-loss, by setting and month (1 is April), as recorded on the day ``as_of``. All of these are at the prices that
    hold now; ``price_reissues`` are the parts of the cost that came with prices published again, in their order.
    ``values`` and ``choices`` are the inputs that the contract's ``position:`` declares: sums in pence, rates and
    scores as parts of 1, flags as 1 and 0; and texts.
    """

    host: str
    year: FinancialYear
    contract_year: int
    budget: Budget
    cost_pence: Mapping[str, Fraction] = field(default_factory=dict)
    cost_by_provider_pence: Mapping[str, Fraction] = field(default_factory=dict)
    cost_by_month_pence: Mapping[tuple[str, int], Fraction] = field(default_factory=dict)
    over_threshold_pence: Fraction = Fraction(0)
    scores: Mapping[str, Fraction] = field(default_factory=dict)
    paid_on_account_pence: Fraction = Fraction(0)
    as_of: dt.date | None = None
    values: Mapping[str, Fraction] = field(default_factory=dict)
    choices: Mapping[str, str] = field(default_factory=dict)
    block_pence: Mapping[str, int] = field(default_factory=dict)
    block_parts: Mapping[str, BlockPart] = field(default_factory=dict)
    price_reissues: tuple[PriceReissue, ...] = ()


@dataclass(frozen=True)
class Detail:
    """One part of a line, shown under it; the details of a line add to it exactly."""

    label: str
    amount: Fraction
    formula: str = ""


@dataclass(frozen=True)
class Portion:
    """A line's place in a sum that is divided in whole pence: the sum, the weight of every part, which one it is."""

    whole: Fraction
    weights: tuple[Fraction, ...]
    place: int


@dataclass(frozen=True)
class Line:
    """One row of a statement: a named amount, who pays it to whom, and how it came about.

    ``amount`` is exact pence. Where ``payer`` and ``payee`` are given the line moves money and becomes an entry,
    rounded once; where they are empty it is a figure that later terms or readers use. ``payees`` divides one payment
    among parties in exact parts (a host's cost over the providers it pays). ``portion`` is given where the line is one
    part of a sum that is divided in whole pence.
    """

    name: str
    label: str
    amount: Fraction
    formula: str
    term: str
    kind: str
    clause: str = ""
    payer: str = ""
    payee: str = ""
    payees: Mapping[str, Fraction] = field(default_factory=dict)
    inputs: Mapping[str, str] = field(default_factory=dict)
    details: tuple[Detail, ...] = ()
    portion: Portion | None = None

    def effect_on(self, party: str) -> Fraction:
        """What the line does to a party's result: positive where it receives, negative where it pays.

        >>> line = Line("cost", "Cost", Fraction(500), "", "cost", "activity_cost", payer="HOST", payee="ICB")
        >>> line.effect_on("HOST"), line.effect_on("ICB"), line.effect_on("OTHER")
        (Fraction(-500, 1), Fraction(500, 1), Fraction(0, 1))
        """
        if not self.payer or self.payer == self.payee:
            return Fraction(0)
        if party == self.payer:
            return -self.amount
        return self.amount if party == self.payee else Fraction(0)
