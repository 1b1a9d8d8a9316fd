"""`blended`: a fixed element and a variable element at one rate above plan and another below it, with a tolerance.

Urgent care planned at £10m that came to £10.5m, with 20% paid for the difference either way:

>>> from yoc.contract.terms.base import example
>>> term = Parameters(id="urgent", kind="blended", plan="planned", actual="activity", above="20%", below="20%")
>>> state = example(amounts={"planned": 1_000_000_000, "activity": 1_050_000_000})
>>> int(apply(term, state).amounts["urgent"])
1010000000

Aligned payment and incentive: a fixed £50m, and elective care at 100% of unit prices, planned at £20m, done at £21m:

>>> term = Parameters(id="pay", kind="blended", fixed="£50m", plan="£20m", actual="elective", above="100%")
>>> int(apply(term, example(amounts={"elective": 2_100_000_000})).amounts["pay"])
7100000000
"""

from fractions import Fraction
from typing import Literal

from yoc.contract.position import Detail
from yoc.contract.terms.base import State, TermError, TermParameters, TermResult, line_of, paid_between, share
from yoc.contract.values import PartyCode, PartyName, RateValue, ShareValue, SumValue, plain
from yoc.contract.wording import Namer, begun, part_of, sum_of_money, worded
from yoc.core.money import format_exact_pence
from yoc.core.rates import format_percent


class Parameters(TermParameters):
    """The fixed element, the planned and the actual value of activity, the rates above and below plan, the tolerance.

    Within ``tolerance`` (a share of the plan) the plan is paid. Beyond it `excess_only` counts what lies beyond,
    `first_pound` the whole difference.
    """

    kind: Literal["blended"]
    fixed: SumValue = plain("£0")
    """The fixed element, paid whatever the activity."""
    plan: SumValue = plain("£0")
    """The planned value of activity."""
    actual: SumValue
    """The actual value of activity."""
    above: RateValue
    """The rate at which activity above plan is paid."""
    below: RateValue | None = None
    """The rate at which activity below plan is taken off; that above plan unless said."""
    tolerance: ShareValue = plain("0%")
    """The share of the plan within which a difference does not count."""
    style: Literal["excess_only", "first_pound"] = "excess_only"
    """excess_only: what lies beyond the tolerance counts. first_pound: then the whole difference does."""
    paid_by: PartyName = PartyCode("commissioner")
    """Who pays; the commissioner unless named."""
    paid_to: PartyName = PartyCode("host")
    """Who is paid; the host unless named."""

    def makes(self) -> tuple[str, ...]:
        """The payment, its fixed element with the plan, and its variable element."""
        return (self.id, f"{self.id}.fixed", f"{self.id}.variable")

    def keeps_in_hand(self, in_hand: frozenset[str], last: str) -> frozenset[str]:  # noqa: ARG002 - as for every kind
        """What is paid to the host is in its hands."""
        return frozenset((self.id,)) if self.paid_to == "host" else frozenset()


def apply(parameters: Parameters, state: State) -> TermResult:
    """Fixed element + plan + the difference from plan at its rate."""
    fixed, plan, actual = (value.of(state) for value in (parameters.fixed, parameters.plan, parameters.actual))
    if plan < 0:
        raise TermError(f"term `{parameters.id}`: the plan is {format_exact_pence(plan)}, less than nothing")
    room = share(parameters, "tolerance", state) * plan
    difference = actual - plan
    if abs(difference) <= room:
        counted = Fraction(0)
    elif parameters.style == "first_pound":
        counted = difference
    else:
        counted = difference - room if difference > 0 else difference + room
    rate = (parameters.above if counted >= 0 or parameters.below is None else parameters.below).of(state)
    variable = counted * rate
    words = f"{format_exact_pence(counted)} from plan counts, at {format_percent(rate)}"
    details = [
        Detail("Fixed element", fixed, "whatever the activity"),
        Detail("Plan", plan, "the planned value of activity"),
        Detail("Difference from plan", variable, words),
    ]
    between = paid_between(state.party(parameters.paid_by), state.party(parameters.paid_to), fixed + plan + variable)
    formula = f"actual {format_exact_pence(actual)} against plan {format_exact_pence(plan)}: {words}"
    shown = tuple(details) if between["amount"] == fixed + plan + variable else ()
    line = line_of(parameters, "Blended payment", formula=formula, details=shown, **between)
    amounts = {
        parameters.id: fixed + plan + variable,
        f"{parameters.id}.fixed": fixed + plan,
        f"{parameters.id}.variable": variable,
    }
    return TermResult((line,), amounts)


def in_words(parameters: Parameters, last: str, namer: Namer) -> str:  # noqa: ARG001 - every kind has this form
    """The term as one sentence."""
    paid_by, paid_to, actual = namer(parameters.paid_by), namer(parameters.paid_to), worded(parameters.actual, namer)
    fixed = "" if parameters.fixed == plain("£0") else f"{sum_of_money(parameters.fixed, namer, 'fixed')} and "
    if parameters.plan == plain("£0") and parameters.below is None:
        return f"{begun(paid_by)} pays {paid_to} {fixed}{part_of(parameters.above, actual, namer)}."
    rates = (parameters.above, parameters.above if parameters.below is None else parameters.below)
    above, below = (part_of(rate, "the difference", namer) for rate in rates)
    words = (
        f"{begun(paid_by)} pays {paid_to} {fixed}the plan ({worded(parameters.plan, namer)}); where {actual} is "
        f"above it, {above} is added, and where it is below, {below} is taken off"
    )
    if parameters.tolerance != plain("0%"):
        counts = "only what lies beyond that counts" if parameters.style == "excess_only" else "all of it counts"
        tolerance = part_of(parameters.tolerance, "the plan", namer)
        words += f"; a difference of up to {tolerance} does not count, and of a larger one {counts}"
    return f"{words}."
