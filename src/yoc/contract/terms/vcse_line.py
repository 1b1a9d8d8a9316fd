"""`vcse_line`: a multi-year line for a voluntary, community or social enterprise partner.

£100,000 agreed in 2025/26, indexed for 2026/27 by 5.2% against a cap of 4%, one fifth of it paid on outcomes and at
least 90% protected. With a score of one quarter the outcome part earns 5% of the value, so the protected minimum is
what counts: £93,600.

>>> from yoc.contract.terms.base import example
>>> term = Parameters(
...     id="connectors", kind="vcse_line", partner="VC1", value="£100,000", paid_by="host",
...     indexation={"agreed_in": "2025/26", "rates": {"2026/27": "5.2%"}, "floor": "1%", "cap": "4%"},
...     protected_minimum="90%", outcome_part={"share": "20%", "weights": {"reach": "100%"}})
>>> line = apply(term, example(scores={"reach": Fraction(1, 4)})).lines[0]
>>> int(line.amount), line.payer, line.payee
(9360000, 'HOST', 'VC1')
"""

from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, model_validator

from yoc.contract.position import Detail
from yoc.contract.terms.base import State, TermError, TermParameters, TermResult, line_of, must_be_whole, weighted_score
from yoc.contract.values import ByColumn, PartyName, SumValue
from yoc.contract.wording import Namer, listed, sum_of_money, worded
from yoc.core.fields import Model, Name, Rate, Share, Year
from yoc.core.money import format_exact_pence
from yoc.core.periods import FinancialYear
from yoc.core.rates import format_decimal, format_percent


def _yearly_keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {FinancialYear.parse(key) if isinstance(key, str) else key: rate for key, rate in value.items()}
    return value


class Indexation(Model):
    """How the value moves after the year in which it was agreed: a rate a year, held between floor and cap."""

    agreed_in: Year
    """The year in whose money the value was agreed."""
    rates: Annotated[dict[FinancialYear, Rate], BeforeValidator(_yearly_keys)]
    """The rate of each later year."""
    floor: Rate | None = None
    """The lowest rate that counts."""
    cap: Rate | None = None
    """The highest rate that counts."""

    @model_validator(mode="after")
    def _floor_under_cap(self) -> "Indexation":
        if self.floor is not None and self.cap is not None and self.floor > self.cap:
            raise ValueError(f"the floor {format_percent(self.floor)} lies over the cap {format_percent(self.cap)}")
        return self

    def held_rate(self, year: FinancialYear) -> Fraction:
        """The rate of one year within floor and cap. Raises ``KeyError`` where the contract gives none."""
        rate = self.rates[year]
        rate = rate if self.floor is None else max(rate, self.floor)
        return rate if self.cap is None else min(rate, self.cap)

    def years_until(self, year: FinancialYear) -> tuple[FinancialYear, ...]:
        """The years after the one in which the value was agreed, up to ``year``."""
        return tuple(FinancialYear(start) for start in range(self.agreed_in.start_year + 1, year.start_year + 1))


class OutcomePart(Model):
    """The share of the line that is paid by weighted scores."""

    share: Share
    """The share of the line that outcomes earn."""
    weights: Annotated[dict[Name, Share], AfterValidator(must_be_whole("weights"))]
    """The weight of each indicator; they add to 100%."""


class Parameters(TermParameters):
    """The partner, the agreed value, how it moves, what is protected, who pays.

    ``profile`` says in which parts of the year the value is paid; the parts add to 100%.
    """

    kind: Literal["vcse_line"]
    partner: PartyName
    """The partner that is paid."""
    value: SumValue
    """What was agreed a year, for each host."""
    paid_by: Literal["host", "commissioner"]
    """Who pays: host or commissioner."""
    indexation: Indexation | None = None
    """How the value moves after the year in which it was agreed."""
    protected_minimum: Share = Fraction(0)
    """The share of the value that is paid whatever the outcomes."""
    outcome_part: OutcomePart | None = None
    """The part that is paid by outcomes."""
    profile: tuple[Share, ...] = (Fraction(1),)
    """The parts of the year in which it is paid; they add to 100%."""

    @model_validator(mode="after")
    def _profile_is_whole(self) -> "Parameters":
        if sum(self.profile) != 1:
            raise ValueError(f"the parts of the profile add to {format_percent(sum(self.profile, Fraction(0)))}")
        return self

    def indicators(self) -> tuple[str, ...]:
        """The indicators of the outcome part."""
        return tuple(self.outcome_part.weights) if self.outcome_part else ()


def apply(parameters: Parameters, state: State) -> TermResult:
    """The line's payment for the year: indexed value, outcome part earned, never under the protected minimum."""
    position = state.position
    value, words = _indexed(parameters, parameters.value.of(state), position.year)
    amount = value
    if parameters.outcome_part:
        share = parameters.outcome_part.share
        score = weighted_score(parameters.outcome_part.weights, position.scores)
        amount = value * (1 - share) + value * share * score
        words += f"; {format_percent(share)} of it on outcomes at score {format_decimal(score, 6)}"
    if amount < value * parameters.protected_minimum:
        amount = value * parameters.protected_minimum
        words += f"; raised to the protected {format_percent(parameters.protected_minimum)}"
    payer = position.host if parameters.paid_by == "host" else state.commissioner
    details = tuple(
        Detail(f"part {number} of {len(parameters.profile)}", amount * part, f"{format_percent(part)} of the year")
        for number, part in enumerate(parameters.profile, 1)
    )
    line = line_of(
        parameters,
        "VCSE line",
        amount,
        words,
        payer=payer,
        payee=state.party(parameters.partner),
        details=details if len(details) > 1 else (),
        inputs={"value of the year": format_exact_pence(value)},
    )
    return TermResult((line,), {parameters.id: amount})


def _indexed(parameters: Parameters, agreed: Fraction, year: FinancialYear) -> tuple[Fraction, str]:
    """The agreed value brought to the year, and how in words."""
    value, words = agreed, f"{format_exact_pence(agreed)} agreed"
    if parameters.indexation:
        for step in parameters.indexation.years_until(year):
            if step not in parameters.indexation.rates:
                raise TermError(f"term `{parameters.id}`: indexation gives no rate for {step}")
            rate = parameters.indexation.held_rate(step)
            value *= 1 + rate
            words += f", {step} × {format_percent(1 + rate)}"
    return value, words


def in_words(parameters: Parameters, last: str, namer: Namer) -> str:  # noqa: ARG001 - every kind has this form
    """The term as one sentence."""
    partner = namer(parameters.partner)
    words = [f"The {parameters.paid_by} pays {partner} {_value_in_words(parameters.value, namer)}"]
    if index := parameters.indexation:
        rates = listed(f"{format_percent(rate)} for {year}" for year, rate in sorted(index.rates.items()))
        bounds = [
            f"{said} {format_percent(rate)}"
            for said, rate in (("at least", index.floor), ("at most", index.cap))
            if rate is not None
        ]
        held = f", but {' and '.join(bounds)} a year" if bounds else ""
        words.append(f"the sum was agreed in {index.agreed_in} and is indexed for each later year ({rates}{held})")
    if part := parameters.outcome_part:
        weights = [f"{namer(name)} ({format_percent(weight)})" for name, weight in part.weights.items()]
        score = "the weighted score of " if len(weights) > 1 else "the score of "
        weights = weights if len(weights) > 1 else [namer(name) for name in part.weights]
        words.append(f"{format_percent(part.share)} of it is earned in proportion to {score}{listed(weights)}")
    if parameters.protected_minimum:
        words.append(f"at least {format_percent(parameters.protected_minimum)} of it is paid whatever the outcomes")
    if len(parameters.profile) > 1:
        number, parts = len(parameters.profile), listed(format_percent(part) for part in parameters.profile)
        equal = len(set(parameters.profile)) == 1
        words.append(f"it is paid in {number} equal parts" if equal else f"it is paid in {number} parts ({parts})")
    return f"{'; '.join(words)}."


def _value_in_words(value: Any, namer: Namer) -> str:
    if isinstance(value, ByColumn) and str(value.by) == "host":
        return f"a sum for the year by host ({worded(value, namer)})"
    return f"{sum_of_money(value, namer)} for the year for each host"
