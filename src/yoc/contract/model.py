"""The contract as a whole: what `contract.yaml` may say, and the checks that need all of it at once."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union

from pydantic import Field

from yoc.contract.blocks import Block
from yoc.contract.budget import ALL_CARE, BudgetRules
from yoc.contract.inputs import Input, Need, YearInput
from yoc.contract.scope import Guard, ScopeRule
from yoc.contract.segments import Segment
from yoc.contract.stated import StatedSizes
from yoc.contract.terms import KINDS
from yoc.contract.terms.base import TermParameters
from yoc.contract.terms.stop_loss import Parameters as StopLoss
from yoc.contract.values import ColumnName, NumberValue, names_in, walk
from yoc.core.fields import Count, Model, Name, Text, Year, YesNo
from yoc.core.periods import FinancialYear

if TYPE_CHECKING:
    AnyTerm = TermParameters
else:
    AnyTerm = Annotated[
        Union[tuple(module.Parameters for module in KINDS.values())],  # noqa: UP007 - the members are found at run time
        Field(discriminator="kind"),
    ]


class Role(StrEnum):
    """What a party is to the contract."""

    COMMISSIONER = "commissioner"
    HOST = "host"
    PROVIDER = "provider"
    VCSE = "vcse"
    OTHER = "other"


class Status(StrEnum):
    """Shadow: computed and marked on every page, nothing is paid. Live: entries are payable."""

    SHADOW = "shadow"
    LIVE = "live"


class Route(StrEnum):
    """How "the host pays" is done."""

    HOST_PAYS_PROVIDER = "host_pays_provider"
    COMMISSIONER_PAYS_AND_NETS = "commissioner_pays_and_nets"


class Party(Model):
    """An organisation that the contract names, in the order in which ties are broken.

    ``vat`` says, for a host that is no NHS body, who bears the VAT that an NHS body could reclaim: it is `funded` in
    the budget, it can be `recovered`, or the host itself bears it (`borne`).
    """

    code: Name
    """The organisation's code: an ODS code, where there is one."""
    name: Text
    """The name that readers know it by."""
    role: Role
    """What it is to the contract: commissioner, host, provider, vcse or other."""
    nhs_body: YesNo = True
    """Whether it is an NHS body; yes unless said. Payments to others have another VAT treatment."""
    vat: Literal["funded", "recovered", "borne"] | None = None
    """For a host that is no NHS body: who bears the VAT that an NHS body could reclaim."""


class Population(Model):
    """Who counts, for how long, when a segment is tested, and whose people are whose."""

    clause: Text | None = None
    """The clause of the contract."""
    counting: Literal["person_days", "quarter_snapshot", "annual_snapshot"]
    """What a person counts for: every day, each quarter on whose first day a host has them, or the year on 1 April."""
    attribution: Literal["host_on_activity_date", "plurality", "prospective_list"]
    """Whose a person's days and lines are: the host's of the day, of most days in the year, or whom a list names."""
    attribution_ties: Literal["earlier", "later", "contract_order"] | None = None
    """With plurality, which of several hosts with equally many days it is."""
    overlapping_registrations: Literal["refuse", "earlier_start_wins", "latest_wins"]
    """Of two on one day: stop the run; the first to begin keeps its days; or the later start ends the earlier one."""
    conditions: tuple[Name, ...] = ()
    """The conditions that segments count."""
    segments_tested: Literal["year_start", "quarter_start", "month_start"]
    """On which days it is tested who is in which segment."""
    segments: Annotated[tuple[Segment, ...], Field(min_length=1)]
    """The parts of the cohort: a person is in one of them on any day, or in none."""
    stated: StatedSizes | None = None
    """Sizes of the cohort that the parties have stated, against which each run counts."""

    def lists(self) -> tuple[str, ...]:
        """The segments that are lists, in the contract's order."""
        return tuple(segment.id for segment in self.segments if segment.list_)

    def bmi_limits_tenths(self) -> tuple[int, ...]:
        """Every body mass index that a segment asks about, in tenths, in ascending order."""
        return tuple(sorted({segment.bmi_over for segment in self.segments if segment.bmi_over is not None}))


class Price(Model):
    """Which price is charged (the book's, the submitted total, the lower of both), and where it becomes whole pence."""

    basis: Literal["book", "submitted", "lower"]
    rounding: Literal["per_line", "on_total"]


class Activity(Model):
    """Which lines the host bears: whose, priced how, guarded against what, in which setting; and which blocks."""

    clause: Text | None = None
    commissioners: Annotated[tuple[Name, ...], Field(min_length=1)]
    price: Price
    guards: tuple[Guard, ...] = ()
    scope: Annotated[tuple[ScopeRule, ...], Field(min_length=1)]
    blocks: tuple[Block, ...] = ()


class Currency(StrEnum):
    """The currency of every sum of a contract; what is called pence are its hundredths."""

    POUNDS = "GBP"
    DOLLARS = "USD"
    EUROS = "EUR"

    @property
    def sign(self) -> str:
        """The sign with which a sum is written."""
        return {"GBP": "£", "USD": "$", "EUR": "€"}[self.value]


class Contract(Model):
    """A contract, as its file says it, settled from a table of positions.

    ``position`` declares what has to be known of each host's year; ``values`` are numbers with a name of their own.
    """

    contract: Name
    """The contract's own name, the name of its folder: letters, digits, hyphens."""
    title: Text
    """The title that readers see."""
    synthetic: YesNo = False
    """Yes marks every page as a sample: nothing in it is real."""
    source: Text | None = None
    """Where the terms are published or agreed."""
    version: Text
    """Which version of the contract this is."""
    status: Status
    """shadow: computed and marked, nothing is paid. live: entries are payable."""
    route: Route = Route.COMMISSIONER_PAYS_AND_NETS
    """How the host pays providers: itself, or through the commissioner, which nets it off."""
    currency: Currency = Currency.POUNDS
    """The currency of every sum: GBP unless said, USD or EUR."""
    first_year: Year | None = None
    """The first financial year, as 2026/27."""
    years: Annotated[Count, Field(ge=1, le=50)] = 1
    """For how many years the contract runs."""
    parties: tuple[Party, ...]
    """Everybody whom the contract names. The order breaks ties of a penny."""
    population: Population | None = None
    """Who counts, for how long, in which segment; of a contract that is settled from people and activity."""
    activity: Activity | None = None
    """Which lines of activity the host bears, and at which price."""
    budget: BudgetRules | None = None
    """Annual rates by segment and setting, how they are adjusted, and where the sum is rounded."""
    position: dict[Name, Input] = Field(default_factory=dict)
    """What has to be known of each host's year, where the contract is settled from a table: name and kind."""
    values: dict[Name, NumberValue] = Field(default_factory=dict)
    """Numbers with a name of their own, which terms and other values may use."""
    indicators: Text | None = None
    """The file of the indicators that outcomes are scored by, named from the workspace."""
    terms: Annotated[tuple[AnyTerm, ...], Field(min_length=1)]
    """The terms, in their order: each works on the amounts before it."""

    @property
    def commissioner(self) -> Party:
        """The one commissioner."""
        return next(party for party in self.parties if party.role is Role.COMMISSIONER)

    @property
    def hosts(self) -> tuple[Party, ...]:
        """The hosts, in the contract's order; none where a table of positions names them."""
        return tuple(party for party in self.parties if party.role is Role.HOST)

    @property
    def stop_loss(self) -> StopLoss | None:
        """The stop-loss term, where there is one."""
        return next((term for term in self.terms if isinstance(term, StopLoss)), None)

    def in_currency(self, text: str) -> str:
        """Words about sums, which are made with the pound sign, in the contract's own currency."""
        return text.replace("£", self.currency.sign)

    def party_name(self, code: str) -> str:
        """A party's name; the code itself for organisations that the contract does not name."""
        return next((party.name for party in self.parties if party.code == code), code)

    def contract_year(self, year: FinancialYear) -> int:
        """Which year of the contract a financial year is, counted from 1."""
        return year.number_since(self.first_year) if self.first_year else 1

    def indicator_names(self) -> tuple[str, ...]:
        """Every indicator that a term pays on, once, in the order of the terms."""
        return tuple(dict.fromkeys(name for term in self.terms for name in term.indicators()))

    def measured_indicators(self) -> tuple[str, ...]:
        """The indicators whose results are measured: those whose scores no input of the position gives."""
        return tuple(name for name in self.indicator_names() if name not in self.position)

    def amounts_worked_on(self) -> dict[str, str]:
        """The amount on which each term works, by the id of the term; empty for terms that start from nothing."""
        worked_on, last = {}, ""
        for term in self.terms:
            worked_on[term.id] = term.works_on(last)
            last = term.id if term.gives_on() else last
        return worked_on

    def amounts_in_hand(self) -> frozenset[str]:
        """The amounts that the host's result holds already, so that a term that changes one moves the difference."""
        in_hand, last = frozenset[str](), ""
        for term in self.terms:
            in_hand |= term.keeps_in_hand(in_hand, last)
            last = term.id if term.gives_on() else last
        return in_hand

    def inputs(self) -> Mapping[str, Input]:
        """All that a table of positions may give for a host: what the contract declares, and what its terms imply."""
        implied: dict[str, Input] = {}
        kinds = {term.kind for term in self.terms}
        if "capitation" in kinds:
            implied["budget"] = Input(kind="money", title="Budget", optional=True, **{"is": "budget"})
            for segment in self.budget.rates if self.budget else ():
                implied[f"people.{segment}"] = Input(kind="number", title=f"Person-years, {segment}", optional=True)
        if "activity_cost" in kinds:
            implied["cost"] = Input(kind="money", title="Cost of care", optional=True, **{"is": "cost"})
            for setting in self._settings_apart():
                implied[f"cost.{setting}"] = Input(kind="money", title=f"Cost, {setting}", optional=True)
        if "stop_loss" in kinds:
            implied["cost_over_threshold"] = Input(kind="money", title="Cost over the threshold")
        if "on_account" in kinds:
            implied["paid_on_account"] = Input(kind="money", title="Paid on account")
        for name in self.indicator_names():
            implied[name] = Input(kind="score", title=f"Score, {name}")
        if self.years > 1:
            implied["contract_year"] = YearInput(
                kind="number", title="Year of the contract", default="1", financial_years=self._financial_years()
            )
        read = self._names_read()
        return {**implied, **{name: self._asked(name, given, read) for name, given in self.position.items()}}

    def needs(self) -> tuple[Need, ...]:
        """The figures that a position gives in one of two ways: as a whole, or in parts."""
        kinds = {term.kind for term in self.terms}
        found: list[Need] = []
        if "capitation" in kinds:
            people = tuple(f"people.{segment}" for segment in self.budget.rates) if self.budget else ()
            found.append(Need("" if "budget" in self.position else "budget", people))
        if "activity_cost" in kinds:
            by_setting = tuple(f"cost.{setting}" for setting in self._settings_apart())
            found.append(Need("" if "cost" in self.position else "cost", by_setting))
        return tuple(found)

    def _financial_years(self) -> tuple[str, ...]:
        first = self.first_year
        return tuple(str(FinancialYear(first.start_year + more)) for more in range(self.years)) if first else ()

    def _settings_apart(self) -> tuple[str, ...]:
        """The settings whose cost can be given; none where the rates are for all care."""
        settings = self.budget.settings() if self.budget else ()
        return () if ALL_CARE in settings else tuple(settings)

    def _asked(self, name: str, given: Input, read: set[str]) -> Input:
        """An input as hosts are asked for it: one that a base declares and no term of this contract reads may lack."""
        if name in read or given.default is not None or given.is_ is not None:
            return given
        return given.model_copy(update={"optional": True})

    def _names_read(self) -> set[str]:
        """Every input and value that a term reads, itself or through the values that it names."""
        read: set[str] = {*self.indicator_names(), *self.amounts_worked_on().values()}
        waiting: list[Any] = [self.terms]
        while waiting:
            item = waiting.pop()
            columns = {str(part) for _, part in walk(item) if isinstance(part, ColumnName)}
            found = {name for _, name in names_in(item)} | columns
            waiting += [self.values[name] for name in found - read if name in self.values]
            read |= found
        return read


class ActivityContract(Contract):
    """A contract that is reconciled from people and activity lines, and so says who counts and what is charged."""

    route: Route
    first_year: Year
    years: Annotated[Count, Field(ge=1, le=50)]
    population: Population
    activity: Activity
    budget: BudgetRules
