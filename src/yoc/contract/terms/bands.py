"""`bands`: marginal shares of gain and of loss, each band from and to as a rate of a named base.

A gain of £60 on a base of £1,000, of which the host keeps all up to 2% and half beyond: £20 + £20. The £20 that it
does not keep goes to the commissioner.

>>> from yoc.contract.terms.base import example
>>> term = Parameters(id="share", kind="bands", on="balance", base="budget",
...                   gain=[{"to": "2%", "host_share": "100%"}, {"from": "2%", "host_share": "50%"}],
...                   loss=[{"host_share": "100%"}])
>>> result = apply(term, example(amounts={"balance": 6000, "budget": 100000}))
>>> int(result.amounts["share"]), int(result.lines[0].amount), result.lines[0].payer
(4000, 2000, 'HOST')
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Literal

from pydantic import field_validator

from yoc.contract.position import Detail
from yoc.contract.terms.base import State, TermParameters, TermResult, base_amount, line_of, paid_between
from yoc.core.fields import Model, Name, Rate, Share
from yoc.core.money import format_exact_pence
from yoc.core.rates import format_percent


class Band(Model):
    """One slice of a gain or loss, from and to as rates of the base; the last band has no `to`."""

    from_: Rate = Fraction(0)
    to: Rate | None = None
    host_share: Share

    model_config = Model.model_config | {"alias_generator": lambda name: name.rstrip("_"), "populate_by_name": True}


class Parameters(TermParameters):
    """Bands of gain and of loss. A dead band is a band with share 0%; one rate is one band.

    ``sharing_with`` takes the rest of a gain and bears the rest of a loss: the commissioner, unless another is named.
    """

    kind: Literal["bands"]
    on: Name
    base: Name
    gain: tuple[Band, ...]
    loss: tuple[Band, ...]
    sharing_with: Name | None = None

    def needs(self) -> tuple[str, ...]:
        """The amount that is shared, and the base of the rates."""
        return (self.on, self.base)

    def makes(self) -> tuple[str, ...]:
        """The host's part, and the other party's."""
        return (self.id, f"{self.id}.other")

    def parties(self) -> tuple[str, ...]:
        """The other party, where it is named."""
        return (self.sharing_with,) if self.sharing_with else ()

    @field_validator("gain", "loss")
    @classmethod
    def _bands_join_up(cls, bands: tuple[Band, ...]) -> tuple[Band, ...]:
        if not bands:
            raise ValueError("at least one band is needed; host_share: 100% shares nothing")
        end: Fraction | None = Fraction(0)
        for number, band in enumerate(bands, 1):
            if end is None or band.from_ != end:
                reached = "without end" if end is None else format_percent(end)
                raise ValueError(
                    f"band {number} begins at {format_percent(band.from_)} and the one before it ends {reached}: "
                    "bands join without gap or overlap"
                )
            if band.to is not None and band.to <= band.from_:
                raise ValueError(f"band {number} ends at {format_percent(band.to)}, not after it begins")
            end = band.to
        if end is not None:
            raise ValueError(f"nothing is said beyond {format_percent(end)}: leave `to` out of the last band")
        return bands


def host_part(size: Fraction, base: Fraction, bands: Sequence[Band]) -> tuple[Fraction, tuple[Detail, ...]]:
    """The host's part of a gain or loss of ``size`` (not negative), band by band."""
    total, details = Fraction(0), []
    for band in bands:
        top = size if band.to is None else min(size, band.to * base)
        slice_ = max(top - band.from_ * base, Fraction(0))
        if slice_:
            upper = "and over" if band.to is None else f"to {format_percent(band.to)}"
            label = f"{format_percent(band.from_)} {upper}"
            words = f"{format_exact_pence(slice_)} × {format_percent(1 - band.host_share)}"
            details.append(Detail(label, slice_ * (1 - band.host_share), words))
        total += slice_ * band.host_share
    return total, tuple(details)


def apply(parameters: Parameters, state: State) -> TermResult:
    """Share the amount: the host keeps or bears its part, the rest moves between it and the other party."""
    amount, base = state.amounts[parameters.on], base_amount(parameters, parameters.base, state)
    sign, word = (1, "gain") if amount >= 0 else (-1, "loss")
    kept, details = host_part(abs(amount), base, parameters.gain if amount >= 0 else parameters.loss)
    other = abs(amount) - kept
    formula = (
        f"{word} of {format_exact_pence(abs(amount))}: the host's part is {format_exact_pence(kept)}, "
        f"the other party's {format_exact_pence(other)}, in bands of {parameters.base} {format_exact_pence(base)}"
    )
    between = paid_between(state.position.host, parameters.sharing_with or state.commissioner, sign * other)
    line = line_of(parameters, f"Share of {word}", formula=formula, details=details, **between)
    return TermResult((line,), {parameters.id: sign * kept, f"{parameters.id}.other": sign * other})
