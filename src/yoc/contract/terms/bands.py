"""`bands`: marginal shares of gain and of loss, each band from and to as a rate of a named base.

A gain of £60 on a base of £1,000, of which the host keeps all up to 2% and half beyond: £20 + £20. The £20 that it
does not keep goes to the commissioner.

>>> from yoc.contract.terms.base import example
>>> term = Parameters(id="share", kind="bands", on="balance", base="budget",
...                   gain=[{"to": "2%", "host_share": "100%"}, {"from": "2%", "host_share": "50%"}],
...                   loss=[{"host_share": "100%"}])
>>> result = apply(term, example(amounts={"balance": 6000, "budget": 100000}, in_hand=True))
>>> int(result.amounts["share"]), int(result.lines[0].amount), result.lines[0].payer
(4000, 2000, 'HOST')
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from yoc.contract.position import Detail
from yoc.contract.terms.base import (
    Adjusting,
    State,
    TermError,
    TermResult,
    base_amount,
    line_of,
    name_of,
    paid_between,
    taken_on,
)
from yoc.contract.values import Amount, PartyCode, PartyName, ShareValue, ValueProblem, share_of
from yoc.contract.wording import Namer, is_said_at_once, listed, part_of
from yoc.core.fields import Model, Rate
from yoc.core.money import format_exact_pence
from yoc.core.rates import format_percent


class Band(Model):
    """One slice of a gain or loss, from and to as rates of the base; the last band has no `to`."""

    from_: Rate = Field(default=Fraction(0), alias="from")
    """Where the band begins, as a rate of the base."""
    to: Rate | None = None
    """Where it ends; left out in the last band."""
    host_share: ShareValue
    """The host's share of what lies in the band."""


def _one_rate_is_one_band(value: Any) -> Any:
    """`gain: 50%`, or a value that is worked out, is short for one band without end."""
    return value if isinstance(value, list | tuple) else [{"host_share": value}]


Bands = Annotated[
    tuple[Band, ...],
    BeforeValidator(_one_rate_is_one_band, json_schema_input_type=ShareValue | tuple[Band, ...]),
]


class Parameters(Adjusting):
    """Bands of gain and of loss, or of `both` alike. A dead band is a band with share 0%; one rate is one band.

    ``style``: `marginal` shares each slice by its own band, `whole_amount` all of it by the band in which it ends.
    ``base`` may be left out where each side is one band. Where the host holds the amount, ``sharing_with`` takes the
    rest of a gain and bears the rest of a loss: the commissioner, unless another is named. Where nobody holds it, the
    host's part is a figure that a later term pays.
    """

    kind: Literal["bands"]
    base: Amount | None = None
    """The amount of which the bands are rates."""
    gain: Bands | None = None
    """The bands of a gain, in order: what share of each slice is the host's."""
    loss: Bands | None = None
    """The bands of a loss, in order: what share of each slice the host bears."""
    both: Bands | None = None
    """The bands of both sides, where they are the same."""
    style: Literal["marginal", "whole_amount"] = "marginal"
    """marginal: each slice by its own band. whole_amount: all of it by the band in which it ends."""
    sharing_with: PartyName = PartyCode("commissioner")
    """Who takes the rest of a gain and bears the rest of a loss; the commissioner unless named."""

    def makes(self) -> tuple[str, ...]:
        """The host's part, and the other party's."""
        return (self.id, f"{self.id}.other")

    @property
    def of_gain(self) -> tuple[Band, ...]:
        """The bands that hold for a gain."""
        return self.gain or self.both or ()

    @property
    def of_loss(self) -> tuple[Band, ...]:
        """The bands that hold for a loss."""
        return self.loss or self.both or ()

    @model_validator(mode="after")
    def _bands_join_up(self) -> "Parameters":
        apart = (self.gain is not None) + (self.loss is not None)
        if apart == 1 or (apart == 2) == (self.both is not None):
            raise ValueError("give bands of `gain` and of `loss`, or of `both` alike")
        for side, bands in (("gain", self.gain), ("loss", self.loss), ("both", self.both)):
            if bands is None:
                continue
            if found := _misjoined(bands):
                place, problem = found
                path = (side, *place)
                raise PydanticCustomError("FIELD-VALUE", "{problem}", {"problem": problem, "path": path})
            if self.base is None and len(bands) > 1:
                raise ValueError("say `base:`, the amount of which the bands are rates")
        return self


def _misjoined(bands: tuple[Band, ...]) -> tuple[tuple[int, ...], str] | None:
    """The place of the first band that does not join those before it, or that ends where it must not, and why."""
    if not bands:
        return (), "at least one band is needed: write 100% where the host keeps or bears all of it"
    end: Fraction | None = Fraction(0)
    for place, band in enumerate(bands):
        if end is None or band.from_ != end:
            reached = "has no end" if end is None else f"ends at {format_percent(end)}"
            before = f"the one before it {reached}" if place else "not at 0%"
            begins = format_percent(band.from_)
            return (place,), f"it begins at {begins} and {before}: bands join without gap or overlap"
        if band.to is not None and band.to <= band.from_:
            end_said = format_percent(band.to)
            return (place,), f"it ends at {end_said}, not after it begins: bands join without gap or overlap"
        end = band.to
    if end is None:
        return None
    return (len(bands) - 1,), f"nothing is said beyond {format_percent(end)}: leave `to` out of the last band"


def host_part(
    size: Fraction, base: Fraction, bands: Sequence[tuple[Band, Fraction]], whole_amount: bool = False
) -> tuple[Fraction, tuple[Detail, ...]]:
    """The host's part of a gain or loss of ``size`` (not negative): band by band, or all of it by one band's share."""
    total, details = Fraction(0), []
    for band, share in bands:
        top = size if band.to is None else min(size, band.to * base)
        bottom = band.from_ * base
        if whole_amount:
            slice_ = size if bottom <= size and (band.to is None or size < band.to * base) else Fraction(0)
        else:
            slice_ = max(top - bottom, Fraction(0))
        if slice_:
            upper = "and over" if band.to is None else f"to {format_percent(band.to)}"
            words = f"{format_exact_pence(slice_)} × {format_percent(1 - share)}"
            details.append(Detail(f"{format_percent(band.from_)} {upper}", slice_ * (1 - share), words))
        total += slice_ * share
    return total, tuple(details)


def _shares(parameters: Parameters, bands: tuple[Band, ...], state: State) -> list[tuple[Band, Fraction]]:
    try:
        return [(band, share_of(band.host_share, state)) for band in bands]
    except ValueProblem as problem:
        raise TermError(f"term `{parameters.id}`: `host_share`: {problem}") from None


def apply(parameters: Parameters, state: State) -> TermResult:
    """Share the amount: the host keeps or bears its part, the rest moves between it and the other party."""
    name, amount = taken_on(parameters, state)
    base = base_amount(parameters, parameters.base, state) if parameters.base else Fraction(0)
    sign, word = (1, "gain") if amount >= 0 else (-1, "loss")
    shares = _shares(parameters, parameters.of_gain if amount >= 0 else parameters.of_loss, state)
    kept, details = host_part(abs(amount), base, shares, parameters.style == "whole_amount")
    other = abs(amount) - kept
    formula = (
        f"{word} of {format_exact_pence(abs(amount))}: the host's part is {format_exact_pence(kept)}, "
        f"the other party's {format_exact_pence(other)}"
    )
    if parameters.base:
        formula += f", in bands of {parameters.base} {format_exact_pence(base)}"
    amounts = {parameters.id: sign * kept, f"{parameters.id}.other": sign * other}
    if name in state.in_hand:
        between = paid_between(state.position.host, state.party(parameters.sharing_with), sign * other)
        line = line_of(parameters, f"Share of {word}", formula=formula, details=details, **between)
    else:
        line = line_of(parameters, f"Share of {word}", sign * kept, formula)
    return TermResult((line,), amounts)


def _share_in_words(share: Any, namer: Namer) -> str:
    """A share of what lies in a band."""
    if is_said_at_once(share) and share.number in (0, 1):
        return "all of it" if share.number else "none of it"
    return part_of(share, "it", namer)


def bands_in_words(bands: tuple[Band, ...], base: str, namer: Namer) -> str:
    """The bands of one side: what share of each slice is the host's."""
    said = []
    for number, band in enumerate(bands):
        share, of_base = _share_in_words(band.host_share, namer), "" if number else f" of {base}"
        share = share.removesuffix(" of it") if number else share
        if band.to is not None:
            where = f" from {format_percent(band.from_)} to" if band.from_ else " up to"
            said.append(f"{share}{where} {format_percent(band.to)}{of_base}")
        else:
            said.append(share + (f" beyond {format_percent(band.from_)}" if band.from_ else ""))
    return listed(said)


def in_words(parameters: Parameters, last: str, namer: Namer) -> str:
    """The term as one sentence."""
    base, name = namer(str(parameters.base)) if parameters.base else "", name_of(parameters, last, namer)
    gain, loss = bands_in_words(parameters.of_gain, base, namer), bands_in_words(parameters.of_loss, base, namer)
    if gain == loss:
        kept = f"Whether {name} is a gain or a loss, the host keeps or bears {gain}"
    else:
        kept = f"Where {name} is a gain, the host keeps {gain}; where it is a loss, the host bears {loss}"
    whole = ", all of it by the band in which it ends" if parameters.style == "whole_amount" else ""
    return f"{kept}{whole}; the rest is for {namer(parameters.sharing_with)}."
