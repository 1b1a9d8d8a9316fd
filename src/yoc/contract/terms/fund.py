"""`fund`: a pooled fund (section 75): contributions in, lines out, balance carried.

Two partners pay £60 and £40 in. Equipment was planned at £50 and cost £58, a variable line borne 60/40; care homes
were planned at £50 and cost £47, a fixed line, whose under- and overspend is the manager's alone:

>>> from yoc.contract.terms.base import example
>>> term = Parameters(id="pool", kind="fund", managed_by="LA1", contributions={"host": "£60", "LA1": "£40"},
...     lines=[{"id": "equipment", "plan": "£50", "actual": "equipment", "variance": "variable",
...             "borne": {"host": "60%", "LA1": "40%"}},
...            {"id": "homes", "plan": "£50", "actual": "homes", "variance": "fixed"}], balance="settled")
>>> result = apply(term, example(amounts={"equipment": 5800, "homes": 4700}))
>>> [(line.name, line.payer, line.payee, int(line.amount)) for line in result.lines if line.payer]
[('pool.host', 'HOST', 'LA1', 6000), ('pool.equipment.host', 'HOST', 'LA1', 480)]
>>> int(result.amounts["pool.carried"]), int(result.amounts["pool.manager"])
(0, 300)
"""

from fractions import Fraction
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from yoc.contract.position import Line
from yoc.contract.terms.base import State, TermParameters, TermResult, line_of, must_be_whole, paid_between
from yoc.contract.values import PartyCode, PartyName, SignedSumValue, SumValue, plain
from yoc.contract.wording import Namer, begun, listed, plainly, worded
from yoc.core.fields import Model, Name, Share, Text
from yoc.core.money import format_exact_pence
from yoc.core.rates import format_percent


class FundLine(Model):
    """One line of the fund: its plan, what it came to, and what becomes of the difference.

    `variable`: the partners bear it in the stated shares. `fixed`: it never changes another partner's contribution;
    the manager of the fund bears it. `carried`: it stays in the fund's balance.
    """

    id: Name
    """The line's name."""
    title: Text | None = None
    """The words that readers know it by."""
    plan: SumValue
    """What was planned."""
    actual: SumValue
    """What it came to."""
    variance: Literal["fixed", "variable", "carried"]
    """What becomes of the difference: fixed, variable or carried."""
    paid_to: PartyName | None = None
    """The provider that the manager pays what it came to; left out where it is paid elsewhere."""
    borne: Annotated[dict[Name, Share], AfterValidator(must_be_whole("shares"))] | None = None
    """Of a variable line: the share of the difference that each partner bears."""

    @model_validator(mode="after")
    def _borne_by_some(self) -> "FundLine":
        if (self.variance == "variable") != (self.borne is not None):
            raise ValueError("`borne` says who bears the difference of a variable line, and of no other")
        return self


class Parameters(TermParameters):
    """Who manages the fund, what each partner pays in, the lines out, what was brought in, what the balance becomes.

    ``balance``: `carried` goes on to the next year; `settled` stays with, or is made up by, the manager.
    """

    kind: Literal["fund"]
    managed_by: PartyName
    """The party that manages the fund."""
    contributions: dict[Name, SumValue]
    """What each partner pays in."""
    lines: Annotated[tuple[FundLine, ...], Field(min_length=1)]
    """What the fund pays for."""
    brought_in: SignedSumValue = plain("0")
    """The balance of last year."""
    balance: Literal["carried", "settled"]
    """carried: it goes on to the next year. settled: it stays with, or is made up by, the manager."""

    def makes(self) -> tuple[str, ...]:
        """What the fund costs the host, what is carried to the next year, and what falls to the manager."""
        return (self.id, f"{self.id}.carried", f"{self.id}.manager")

    def named_parties(self) -> tuple[PartyCode, ...]:
        """The partners that pay in and that bear differences."""
        borne = [party for line in self.lines for party in line.borne or ()]
        return tuple(PartyCode(party) for party in dict.fromkeys((*self.contributions, *borne)))


def apply(parameters: Parameters, state: State) -> TermResult:
    """Contributions to the manager, differences of variable lines borne by the partners, and the balance."""
    manager = state.party(parameters.managed_by)
    lines: list[Line] = []
    paid_in, spent, borne_apart, at_manager = Fraction(0), Fraction(0), Fraction(0), Fraction(0)
    for party, value in parameters.contributions.items():
        amount = value.of(state)
        paid_in += amount
        if state.party(party) != manager:
            between = paid_between(state.party(party), manager, amount)
            lines.append(line_of(parameters, "Contribution", formula="paid into the fund", suffix=party, **between))
    for fund_line in parameters.lines:
        plan, actual = fund_line.plan.of(state), fund_line.actual.of(state)
        spent += actual
        if fund_line.paid_to is not None and state.party(fund_line.paid_to) != manager:
            label = f"{fund_line.title or plainly(fund_line.id).capitalize()}: paid out"
            between = paid_between(manager, state.party(fund_line.paid_to), actual)
            lines.append(line_of(parameters, label, formula="out of the fund", suffix=fund_line.id, **between))
        if fund_line.variance == "fixed":
            at_manager += plan - actual
        elif fund_line.variance == "variable":
            borne_apart += actual - plan
            lines.extend(_borne_lines(parameters, fund_line, actual - plan, manager, state))
    brought_in = parameters.brought_in.of(state)
    balance = brought_in + paid_in + borne_apart - spent - at_manager
    carried = balance if parameters.balance == "carried" else Fraction(0)
    formula = (
        f"{format_exact_pence(brought_in)} brought in + {format_exact_pence(paid_in)} contributed + "
        f"{format_exact_pence(borne_apart)} of differences borne - {format_exact_pence(spent)} spent - "
        f"{format_exact_pence(at_manager)} of fixed lines to the manager"
    )
    lines.append(line_of(parameters, f"Balance of the fund, {parameters.balance}", balance, formula, suffix="balance"))
    amounts = {
        parameters.id: -sum((line.effect_on(state.position.host) for line in lines), Fraction(0)),
        f"{parameters.id}.carried": carried,
        f"{parameters.id}.manager": at_manager + balance - carried,
    }
    return TermResult(tuple(lines), amounts)


def _borne_lines(
    parameters: Parameters, fund_line: FundLine, difference: Fraction, manager: str, state: State
) -> list[Line]:
    lines = []
    for party, share in (fund_line.borne or {}).items():
        if state.party(party) == manager:
            continue
        words = f"{format_percent(share)} of {format_exact_pence(difference)} from plan"
        label = f"{fund_line.title or plainly(fund_line.id).capitalize()}: difference from plan"
        between = paid_between(state.party(party), manager, difference * share)
        lines.append(line_of(parameters, label, formula=words, suffix=f"{fund_line.id}.{party}", **between))
    return lines


def in_words(parameters: Parameters, last: str, namer: Namer) -> str:  # noqa: ARG001 - every kind has this form
    """The term as one sentence."""
    paid_in = listed(
        (f"{namer(PartyCode(party))} {worded(value, namer)}" for party, value in parameters.contributions.items()),
        comma=";",
    )
    words = f"{begun(namer(parameters.managed_by))} manages a pooled fund, to which these are paid in: {paid_in}. "
    if parameters.brought_in != plain("0"):
        words += f"It begins with {worded(parameters.brought_in, namer)}. "
    words += f"It pays for {listed((_line_in_words(line, namer) for line in parameters.lines), comma=';')}. "
    if parameters.balance == "carried":
        return f"{words}Its balance goes on to the next year."
    return f"{words}Its balance stays with {namer(parameters.managed_by)}, or is made up by it."


def _line_in_words(line: FundLine, namer: Namer) -> str:
    name = line.title or plainly(line.id)
    if line.variance == "variable":
        shares = (
            f"{format_percent(share)} by {namer(PartyCode(party))}" for party, share in (line.borne or {}).items()
        )
        fate = f"is borne {listed(shares)}"
    else:
        fate = "is the manager's" if line.variance == "fixed" else "stays in the balance"
    plan, actual = worded(line.plan, namer), worded(line.actual, namer)
    paid_to = f", paid to {namer(line.paid_to)}" if line.paid_to is not None else ""
    return f"{name} (planned: {plan}; actual: {actual}{paid_to}), whose difference from plan {fate}"
