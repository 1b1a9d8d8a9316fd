"""The contract as a whole: what `contract.yaml` may say, and the checks that need all of it at once."""

from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union

from pydantic import Field

from yoc.contract.blocks import Block
from yoc.contract.budget import BudgetRules
from yoc.contract.choices import check_choices
from yoc.contract.scope import Guard, ScopeRule
from yoc.contract.segments import Segment
from yoc.contract.terms import KINDS
from yoc.contract.terms.base import Phased, TermParameters
from yoc.contract.terms.stop_loss import Parameters as StopLoss
from yoc.core.fields import Count, Model, Name, Text, Year, YesNo
from yoc.core.findings import Finding, stop_if_any
from yoc.core.located import Document, Path, read_document, read_model
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
    """An organisation that the contract names, in the order in which ties are broken."""

    code: Name
    name: Text
    role: Role
    nhs_body: YesNo = True


class Population(Model):
    """Who counts, for how long, when a segment is tested, and whose people are whose.

    ``attribution``: a person's day, and a line dated on it, is the host's of that day (``host_on_activity_date``), of
    the host with most of the person's days in the year (``plurality``; ``attribution_ties`` says which of several), or
    of the host that a list names (``prospective_list``).
    """

    clause: Text | None = None
    counting: Literal["person_days", "quarter_snapshot", "annual_snapshot"]
    attribution: Literal["host_on_activity_date", "plurality", "prospective_list"]
    attribution_ties: Literal["earlier", "later", "contract_order"] | None = None
    overlapping_registrations: Literal["refuse"]
    conditions: tuple[Name, ...] = ()
    segments_tested: Literal["year_start", "quarter_start", "month_start"]
    segments: Annotated[tuple[Segment, ...], Field(min_length=1)]

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


class Contract(Model):
    """A Year of Care contract, as its file says it."""

    contract: Name
    title: Text
    synthetic: YesNo = False
    version: Text
    status: Status
    route: Route
    first_year: Year
    years: Annotated[Count, Field(ge=1, le=50)]
    parties: tuple[Party, ...]
    population: Population
    activity: Activity
    budget: BudgetRules
    indicators: Text | None = None
    terms: Annotated[tuple[AnyTerm, ...], Field(min_length=1)]

    @property
    def commissioner(self) -> Party:
        """The one commissioner."""
        return next(party for party in self.parties if party.role is Role.COMMISSIONER)

    @property
    def hosts(self) -> tuple[Party, ...]:
        """The hosts, in the contract's order."""
        return tuple(party for party in self.parties if party.role is Role.HOST)

    @property
    def stop_loss(self) -> StopLoss | None:
        """The stop-loss term, where there is one."""
        return next((term for term in self.terms if isinstance(term, StopLoss)), None)

    def party_name(self, code: str) -> str:
        """A party's name; the code itself for organisations that the contract does not name."""
        return next((party.name for party in self.parties if party.code == code), code)

    def contract_year(self, year: FinancialYear) -> int:
        """Which year of the contract a financial year is, counted from 1."""
        return year.number_since(self.first_year)

    def indicator_names(self) -> tuple[str, ...]:
        """Every indicator that a term pays on, once, in the order of the terms."""
        return tuple(dict.fromkeys(name for term in self.terms for name in term.indicators()))


def read_contract(text: str, file: str) -> Contract:
    """Read a contract. Raises ``FindingsError`` with every fault, each with file, line and column."""
    document = read_document(text, file)
    contract = read_model(document, Contract)
    stop_if_any(_whole_checks(contract, document))
    return contract


def _whole_checks(contract: Contract, document: Document) -> Iterator[Finding]:
    yield from _check_parties(contract, document)
    yield from _check_budget(contract, document)
    yield from check_choices(contract, document)
    yield from _check_terms(contract, document)


def _repeated(names: list[str]) -> Iterator[tuple[int, str]]:
    seen: set[str] = set()
    for place, name in enumerate(names):
        if name in seen:
            yield place, name
        seen.add(name)


def _check_parties(contract: Contract, document: Document) -> Iterator[Finding]:
    for place, code in _repeated([party.code for party in contract.parties]):
        yield document.finding("FIELD-VALUE", f"party `{code}` is given twice", ("parties", place, "code"))
    commissioners = sum(party.role is Role.COMMISSIONER for party in contract.parties)
    if commissioners != 1:
        message = f"a contract has one commissioner, this one has {commissioners}"
        yield document.finding("FIELD-VALUE", message, ("parties",))
    if not contract.hosts:
        yield document.finding("FIELD-VALUE", "no party has the role of host", ("parties",))


def _check_budget(contract: Contract, document: Document) -> Iterator[Finding]:
    segments = [segment.id for segment in contract.population.segments]
    for place, name in _repeated(segments):
        path: Path = ("population", "segments", place, "id")
        yield document.finding("FIELD-VALUE", f"segment `{name}` is given twice", path)
    for segment in segments:
        if segment not in contract.budget.rates:
            message = f"segment `{segment}` has no annual rates"
            yield document.finding("FIELD-MISSING", message, ("budget", "rates"), f"add `{segment}:` with its rates")
    for segment, rates in contract.budget.rates.items():
        if segment not in segments:
            path = ("budget", "rates", segment, "")
            yield document.finding("TERM-REFERENCE", f"rates are given for `{segment}`, which is not a segment", path)
        for setting in rates:
            if setting not in ("primary", "community", "mental_health", "outpatient", "emergency"):
                message = f"`{setting}` is not a setting that a Year of Care budget covers"
                mend = "use primary, community, mental_health, outpatient or emergency"
                yield document.finding("TERM-REFERENCE", message, ("budget", "rates", segment, setting, ""), mend)
    known = set(contract.population.conditions)
    for place, rule in enumerate(contract.population.segments):
        for condition in rule.conditions.all_of if rule.conditions else ():
            if condition not in known:
                path = ("population", "segments", place, "conditions", "all_of")
                yield document.finding("TERM-REFERENCE", f"`{condition}` is not among the contract's conditions", path)


def _check_terms(contract: Contract, document: Document) -> Iterator[Finding]:
    for place, name in _repeated([term.id for term in contract.terms]):
        yield document.finding("FIELD-VALUE", f"term `{name}` is given twice", ("terms", place, "id"))
    for kind in ("capitation", "activity_cost", "stop_loss", "on_account"):
        places = [place for place, term in enumerate(contract.terms) if term.kind == kind]
        for place in places[1:]:
            yield document.finding("FIELD-VALUE", f"a contract has one `{kind}` term", ("terms", place, "kind"))
    if contract.terms[0].kind != "capitation":
        message = "the first term is the budget: its kind is capitation"
        yield document.finding("FIELD-VALUE", message, ("terms", 0, "kind"))
    if not any(term.kind == "activity_cost" for term in contract.terms):
        yield document.finding(
            "FIELD-MISSING", "no term charges the cost of care", ("terms",), "add one of kind activity_cost"
        )
    made: set[str] = set()
    for place, term in enumerate(contract.terms):
        path: Path = ("terms", place)
        for name in term.needs():
            if name not in made:
                message = f"term `{term.id}` works on `{name}`, which no term before it makes"
                mend = f"made so far: {', '.join(sorted(made)) or 'nothing'}"
                yield document.finding("TERM-REFERENCE", message, _where(term, path, name), mend)
        yield from _check_hosts(contract, term, document, path)
        yield from _check_other_parties(contract, term, document, path)
        for field, value in term:
            if isinstance(value, Phased) and value.missing_years(contract.years):
                years = ", ".join(str(year) for year in value.missing_years(contract.years))
                message = f"`{field}` says nothing for contract year {years}"
                yield document.finding("FIELD-MISSING", message, (*path, field), "give every year of the contract")
        made.update(term.makes())


def _check_other_parties(contract: Contract, term: TermParameters, document: Document, path: Path) -> Iterator[Finding]:
    """The parties that a term names are parties to the contract, and none is a host: that would pay itself."""
    roles = {party.code: party.role for party in contract.parties}
    for party in term.parties():
        where = _where(term, path, party)
        if party not in roles:
            message = f"term `{term.id}` names `{party}`, which is not a party to the contract"
            yield document.finding("TERM-REFERENCE", message, where, "add it to `parties:`")
        elif roles[party] is Role.HOST:
            message = f"term `{term.id}` names `{party}`, a host, as another party"
            yield document.finding("TERM-REFERENCE", message, where, "name a party that is no host")


def _check_hosts(contract: Contract, term: TermParameters, document: Document, path: Path) -> Iterator[Finding]:
    """Where a term gives each host a value of its own, it gives one to every host and to nobody else."""
    named, hosts = term.hosts(), [host.code for host in contract.hosts]
    where = (*path, "value_by_host")
    for host in hosts if named else ():
        if host not in named:
            message = f"term `{term.id}` gives no value for host `{host}`"
            yield document.finding("FIELD-MISSING", message, where, f"add `{host}:`, with £0 if it has none")
    for name in named:
        if name not in hosts:
            message = f"term `{term.id}` gives a value for `{name}`, which is not a host"
            yield document.finding("TERM-REFERENCE", message, (*where, name, ""), f"the hosts are {', '.join(hosts)}")


def _where(term: TermParameters, path: Path, wanted: Any) -> Path:
    """The field of a term whose text is ``wanted``, or the term itself."""
    return next(((*path, field) for field, value in term if value == wanted), path)
