"""`personal_budgets`: a ring-fenced part, for personal health budgets: agreed, paid, spent, returned.

£100 agreed, £80 paid to people, of which they spent £70 and returned £6: £20 was never paid and £4 is still with them.

>>> from yoc.contract.terms.base import example
>>> term = Parameters(id="phb", kind="personal_budgets", agreed="agreed", paid="paid", spent="spent",
...                   returned="returned", never_paid="commissioner", still_with_people="reclaimed")
>>> state = example(amounts={"agreed": 10000, "paid": 8000, "spent": 7000, "returned": 600})
>>> result = apply(term, state)
>>> [(line.name, line.payer, line.payee, int(line.amount)) for line in result.lines]
[('phb.used', 'HOST', 'personal budgets', 7000), ('phb.never_paid', 'HOST', 'ICB', 2000)]
>>> int(result.amounts["phb.still_with_people"])
400
"""

from typing import Literal

from yoc.contract.terms.base import State, TermError, TermParameters, TermResult, line_of
from yoc.contract.values import SumValue
from yoc.contract.wording import Namer, begun, worded
from yoc.core.money import format_exact_pence

PEOPLE = "personal budgets"
"""The payee that stands for everybody who holds a personal budget: no person is named."""


class Parameters(TermParameters):
    """The four sums of the host's people together, who keeps what was never paid, what becomes of what they still hold.

    What is `reclaimed` counts as returned; what is `left` with people counts as used.
    """

    kind: Literal["personal_budgets"]
    agreed: SumValue
    """What was agreed for people."""
    paid: SumValue
    """What was paid to them."""
    spent: SumValue
    """What they spent."""
    returned: SumValue
    """What they gave back."""
    never_paid: Literal["host", "commissioner"]
    """Who keeps what was agreed and never paid."""
    still_with_people: Literal["reclaimed", "left"]
    """Whether what people still hold is reclaimed or left with them."""

    def makes(self) -> tuple[str, ...]:
        """What the ring-fence cost the host, what was used, what was never paid, what people still hold."""
        return (self.id, *(f"{self.id}.{part}" for part in ("used", "never_paid", "still_with_people")))


def apply(parameters: Parameters, state: State) -> TermResult:
    """Planned, paid, spent and returned, reconciled: agreed = used + returned or reclaimed + never paid."""
    named = {name: getattr(parameters, name).of(state) for name in ("agreed", "paid", "spent", "returned")}
    agreed, paid, spent, returned = named.values()
    said = ", ".join(f"{format_exact_pence(amount)} {name}" for name, amount in named.items())
    if min(named.values()) < 0 or paid > agreed or spent + returned > paid:
        raise TermError(
            f"term `{parameters.id}`: {said}: no more is paid than agreed, nor spent and returned than paid"
        )
    held = paid - spent - returned
    used = spent if parameters.still_with_people == "reclaimed" else spent + held
    never_paid = agreed - paid
    lines = [
        line_of(
            parameters,
            "Personal budgets: used",
            used,
            f"{said}; {format_exact_pence(held)} still with people is {parameters.still_with_people}",
            payer=state.position.host,
            payee=PEOPLE,
            suffix="used",
        )
    ]
    if parameters.never_paid == "commissioner":
        formula = f"{format_exact_pence(agreed)} agreed less {format_exact_pence(paid)} paid goes back"
        lines.append(
            line_of(
                parameters,
                "Personal budgets: never paid",
                never_paid,
                formula,
                payer=state.position.host,
                payee=state.commissioner,
                suffix="never_paid",
            )
        )
    amounts = {
        parameters.id: sum((line.amount for line in lines), used - used),
        f"{parameters.id}.used": used,
        f"{parameters.id}.never_paid": never_paid,
        f"{parameters.id}.still_with_people": held,
    }
    return TermResult(tuple(lines), amounts)


def in_words(parameters: Parameters, last: str, namer: Namer) -> str:  # noqa: ARG001 - every kind has this form
    """The term as one sentence."""
    agreed, paid, spent, returned = (
        worded(value, namer) for value in (parameters.agreed, parameters.paid, parameters.spent, parameters.returned)
    )
    keeps = "stays with the host" if parameters.never_paid == "host" else "goes back to the commissioner"
    held = "is reclaimed" if parameters.still_with_people == "reclaimed" else "is left with them"
    return (
        f"{begun(agreed)} is ring-fenced for personal health budgets. People are paid {paid}, spend {spent} and return "
        f"{returned}: the host bears what is used, what is never paid {keeps}, and what people still hold at the end "
        f"of the year {held}."
    )
