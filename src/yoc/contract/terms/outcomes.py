"""`outcomes`: what outcomes do to money, by weighted scores from 0 to 1.

**withhold**: a share of a base is withheld and earned back. £726m over five equal years with 0, 10, 10, 15 and 15 per
cent at risk puts £21.78m at risk in year 4 (the shape of the UnitingCare contract); a score of one half earns half:

>>> from yoc.contract.terms.base import example
>>> from fractions import Fraction
>>> term = Parameters(id="outcomes", kind="outcomes", base="budget", weights={"wellbeing": "100%"},
...                   at_risk={"1": "0%", "2": "10%", "3": "10%", "4": "15%", "5": "15%"})
>>> state = example(contract_year=4, amounts={"budget": 14_520_000_000}, scores={"wellbeing": Fraction(1, 2)})
>>> amounts = apply(term, state).amounts
>>> int(amounts["outcomes.withheld"]), int(amounts["outcomes.earned"]), int(amounts["outcomes"])
(2178000000, 1089000000, -1089000000)

**bonus**: paid on top. £2.8m for a reduction of 4.2% (Better Care Fund): half of it earns half, or nothing:

>>> reached = {"divide": ["reduction", "4.2%"], "at_least": "0%", "at_most": "100%"}
>>> state = example(amounts={"pot": 280_000_000, "reduction": Fraction(21, 1000)})
>>> bonus = {"id": "bonus", "kind": "outcomes", "mode": "bonus", "base": "pot", "at_risk": "100%", "score": reached}
>>> int(apply(Parameters(**bonus), state).amounts["bonus"])
140000000
>>> int(apply(Parameters(**bonus, earning="all_or_nothing"), state).amounts["bonus"])
0

**multiply_amount** and **multiply_share**: an amount, or a share for a later term, times the score. **loss_rate**: from
its value at no score to that at a full one, between floor and ceiling:

>>> term = Parameters(id="rate", kind="outcomes", mode="loss_rate", score="quality", at_no_score="100%",
...                   at_full_score="25%", at_least="40%", at_most="75%")
>>> [apply(term, example(amounts={"quality": Fraction(score, 100)})).amounts["rate"] for score in (90, 60, 20)]
[Fraction(2, 5), Fraction(11, 20), Fraction(3, 4)]

**per_indicator**: a payment for each indicator. In `reporting_years` a score is full where the results were reported:

>>> term = Parameters(id="pay", kind="outcomes", mode="per_indicator", payments={"a": "£100", "b": "£60"},
...                   reporting_years=[1], reported="reported")
>>> scores = {"a": Fraction(1, 2), "b": Fraction(1, 4)}
>>> [int(apply(term, example(contract_year=year, amounts={"reported": 1}, scores=scores)).amounts["pay"])
...  for year in (1, 2)]
[16000, 6500]
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from yoc.contract.position import Detail
from yoc.contract.terms.base import (
    Adjusting,
    State,
    TermError,
    TermResult,
    base_amount,
    line_of,
    must_be_whole,
    name_of,
    not_below_nothing,
    passed_on,
    share,
    taken_on,
    weighted_score,
)
from yoc.contract.values import Amount, ShareValue, SumValue
from yoc.contract.wording import (
    Namer,
    begun,
    condition_in_words,
    is_said_at_once,
    listed,
    part_of,
    sum_of_money,
    worded,
)
from yoc.core.fields import Count, Name, Share
from yoc.core.money import format_exact_pence
from yoc.core.rates import format_decimal, format_percent

Mode = Literal["withhold", "bonus", "multiply_amount", "multiply_share", "loss_rate", "per_indicator"]
_NEEDS = {
    "withhold": ("base", "at_risk"),
    "bonus": (),
    "multiply_amount": (),
    "multiply_share": ("share",),
    "loss_rate": ("at_no_score", "at_full_score"),
    "per_indicator": ("payments",),
}
_ALLOWED = {
    **_NEEDS,
    "bonus": ("base", "at_risk", "value"),
    "multiply_amount": ("on",),
    "loss_rate": ("at_no_score", "at_full_score", "at_least", "at_most"),
}
_OF_A_MODE = frozenset(name for names in _ALLOWED.values() for name in names)


class Parameters(Adjusting):
    """What the outcomes do (`mode`), and how a score comes about: weighted indicators, or one named score.

    ``earning``: in a straight line, or `all_or_nothing` (a full score or none). ``minimum_score``: below it nothing is
    earned. ``reporting_years``: contract years in which a score is full where the flag ``reported`` says yes.
    """

    kind: Literal["outcomes"]
    mode: Mode = "withhold"
    """What the outcomes do: withhold, bonus, multiply_amount, multiply_share, loss_rate or per_indicator."""
    weights: Annotated[dict[Name, Share], AfterValidator(must_be_whole("weights"))] | None = None
    """The weight of each indicator; they add to 100%."""
    score: ShareValue | None = None
    """One score, instead of weighted indicators."""
    base: Amount | None = None
    """The amount of which a share is at risk."""
    at_risk: ShareValue | None = None
    """The share that is withheld, or that a bonus can reach."""
    value: SumValue | None = None
    """Of a bonus: the most that it can be, where it is a sum and no share of a base."""
    share: ShareValue | None = None
    """Of multiply_share: the share that is multiplied by the score."""
    at_no_score: ShareValue | None = None
    """Of loss_rate: the rate at a score of 0%."""
    at_full_score: ShareValue | None = None
    """Of loss_rate: the rate at a score of 100%."""
    at_least: ShareValue | None = None
    """Of loss_rate: the lowest rate."""
    at_most: ShareValue | None = None
    """Of loss_rate: the highest rate."""
    payments: Annotated[dict[Name, SumValue], Field(min_length=1)] | None = None
    """Of per_indicator: what a full score of each indicator is paid."""
    earning: Literal["straight_line", "all_or_nothing"] = "straight_line"
    """straight_line, or all_or_nothing: only a full score counts."""
    minimum_score: ShareValue | None = None
    """The score below which nothing is earned."""
    reporting_years: tuple[Count, ...] = ()
    """Contract years in which reporting alone earns a full score."""
    reported: Amount | None = None
    """The flag that says whether results were reported."""

    @model_validator(mode="after")
    def _fits_its_mode(self) -> "Parameters":
        for name in _NEEDS[self.mode]:
            if getattr(self, name) is None:
                raise ValueError(f"outcomes of mode {self.mode} need `{name}`")
        for name in sorted(_OF_A_MODE - set(_ALLOWED[self.mode])):
            if getattr(self, name) is not None:
                raise ValueError(f"`{name}` means nothing in outcomes of mode {self.mode}")
        of_base = (self.base is not None) + (self.at_risk is not None)
        if self.mode == "bonus" and (of_base == 1 or (of_base == 2) == (self.value is not None)):
            raise ValueError("a bonus is a share `at_risk` of a `base`, or a `value`")
        scores = (self.weights is not None) + (self.score is not None)
        if scores != (0 if self.mode == "per_indicator" else 1):
            raise ValueError(
                "each payment has its own indicator: no `weights`, no `score`"
                if self.mode == "per_indicator"
                else "outcomes are scored by `weights` of indicators, or by one `score`"
            )
        if bool(self.reporting_years) != (self.reported is not None):
            raise ValueError("`reporting_years` and the flag `reported` are given together")
        return self

    def makes(self) -> tuple[str, ...]:
        """The main amount, and what the mode adds: what is withheld and earned, the change, the score."""
        extra = {"withhold": ("withheld", "earned"), "multiply_amount": ("change",)}.get(self.mode, ())
        score = () if self.mode == "per_indicator" else ("score",)
        return (self.id, *(f"{self.id}.{part}" for part in (*extra, *score)))

    def works_on(self, last: str) -> str:
        """Only an amount that is multiplied is worked on."""
        return super().works_on(last) if self.mode == "multiply_amount" else ""

    def keeps_in_hand(self, in_hand: frozenset[str], last: str) -> frozenset[str]:
        """What is earned, paid, or lost by a withhold is in its result; what is multiplied stays where it was."""
        return {
            "withhold": frozenset((self.id, f"{self.id}.earned")),
            "bonus": frozenset((self.id,)),
            "per_indicator": frozenset((self.id,)),
        }.get(self.mode, super().keeps_in_hand(in_hand, last))

    def is_number(self, name: str) -> bool:
        """A share or a rate for a later term is a number, as every score is."""
        return self.mode in ("multiply_share", "loss_rate") or super().is_number(name)

    def gives_on(self) -> bool:
        """Only an amount that is multiplied is worked on and given on."""
        return self.mode == "multiply_amount"

    def indicators(self) -> tuple[str, ...]:
        """The indicators that are scored."""
        return tuple(self.weights or self.payments or ())


@dataclass(frozen=True)
class _Scored:
    """The score that counts, each indicator's own with its weight, and how it is said."""

    score: Fraction
    parts: tuple[tuple[str, Fraction, Fraction], ...]
    said: str


def _one_score(parameters: Parameters, score: Fraction, state: State) -> Fraction:
    """One score as it counts this year."""
    if state.contract_year in parameters.reporting_years:
        return Fraction(state.amount(str(parameters.reported)) != 0)
    if parameters.earning == "all_or_nothing":
        return Fraction(score >= 1)
    return score


def _scored(parameters: Parameters, state: State) -> _Scored:
    if parameters.weights is not None:
        scores = {name: _one_score(parameters, state.position.scores[name], state) for name in parameters.weights}
        score = weighted_score(parameters.weights, scores)
        parts = tuple((name, weight, scores[name]) for name, weight in parameters.weights.items())
        word = "weighted score"
    else:
        score = _one_score(parameters, share(parameters, "score", state), state)
        parts, word = (), "score"
    said = f"{word} {format_decimal(score, 6)}"
    if parameters.minimum_score is not None:
        minimum = share(parameters, "minimum_score", state)
        if score < minimum:
            return _Scored(Fraction(0), (), f"{said}, under the least of {format_percent(minimum)}")
    return _Scored(score, parts, said)


def apply(parameters: Parameters, state: State) -> TermResult:
    """What the outcomes do to money, by the mode."""
    if parameters.mode == "per_indicator":
        return _pay_each(parameters, state)
    scored = _scored(parameters, state)
    if parameters.mode == "multiply_share":
        return _as_rate(parameters, share(parameters, "share", state) * scored.score, scored)
    if parameters.mode == "loss_rate":
        return _as_rate(parameters, _loss_rate(parameters, state, scored.score), scored)
    if parameters.mode == "multiply_amount":
        name, amount = taken_on(parameters, state)
        formula = f"{name} {format_exact_pence(amount)} × {scored.said}"
        more = {f"{parameters.id}.score": scored.score}
        return passed_on(parameters, state, amount * scored.score, "Outcomes", formula, more=more)
    return _at_risk(parameters, state, scored)


def _as_rate(parameters: Parameters, rate: Fraction, scored: _Scored) -> TermResult:
    return TermResult((), {parameters.id: rate, f"{parameters.id}.score": scored.score})


def _loss_rate(parameters: Parameters, state: State, score: Fraction) -> Fraction:
    start, end = share(parameters, "at_no_score", state), share(parameters, "at_full_score", state)
    floor = share(parameters, "at_least", state) if parameters.at_least is not None else Fraction(0)
    ceiling = share(parameters, "at_most", state) if parameters.at_most is not None else Fraction(1)
    if floor > ceiling:
        said = f"the floor {format_percent(floor)} lies over the ceiling {format_percent(ceiling)}"
        raise TermError(f"term `{parameters.id}`: {said}")
    return min(max(start + (end - start) * score, floor), ceiling)


def _at_risk(parameters: Parameters, state: State, scored: _Scored) -> TermResult:
    """A share of the base withheld and earned back, or paid on top."""
    if parameters.value is not None:
        whole = parameters.value.of(state)
        not_below_nothing(parameters, "the bonus", whole, format_exact_pence(whole))
        at_stake = format_exact_pence(whole)
    else:
        base = base_amount(parameters, str(parameters.base), state)
        part = share(parameters, "at_risk", state)
        whole = base * part
        at_stake = f"{format_percent(part)} of {parameters.base} {format_exact_pence(base)}"
    earned = whole * scored.score
    withhold = parameters.mode == "withhold"
    details = tuple(
        Detail(name, whole * weight * score, f"weight {format_percent(weight)} × score {format_decimal(score, 6)}")
        for name, weight, score in scored.parts
    )
    paid = line_of(
        parameters,
        "Outcomes: earned back" if withhold else "Outcomes: bonus",
        earned,
        f"{format_exact_pence(whole)} withheld × {scored.said}" if withhold else f"{at_stake} × {scored.said}",
        payer=state.commissioner,
        payee=state.position.host,
        details=details,
        **({"suffix": "earned"} if withhold else {}),
    )
    amounts = {parameters.id: earned - whole if withhold else earned, f"{parameters.id}.score": scored.score}
    if not withhold:
        return TermResult((paid,), amounts)
    held_back = line_of(
        parameters,
        "Outcomes: withheld",
        whole,
        f"{at_stake}, the share at risk in contract year {state.contract_year}",
        payer=state.position.host,
        payee=state.commissioner,
        suffix="withheld",
    )
    amounts |= {f"{parameters.id}.withheld": whole, f"{parameters.id}.earned": earned}
    return TermResult((held_back, paid), amounts)


def _pay_each(parameters: Parameters, state: State) -> TermResult:
    """A payment for each indicator."""
    total, details = Fraction(0), []
    for name, value in (parameters.payments or {}).items():
        score = _one_score(parameters, state.position.scores[name], state)
        if parameters.minimum_score is not None and score < share(parameters, "minimum_score", state):
            score = Fraction(0)
        payment = value.of(state)
        if payment < 0:
            raise TermError(f"term `{parameters.id}`: the payment for `{name}` came to {format_exact_pence(payment)}")
        total += payment * score
        words = f"{format_exact_pence(payment)} × score {format_decimal(score, 6)}"
        details.append(Detail(name, payment * score, words))
    line = line_of(
        parameters,
        "Outcomes: payments",
        total,
        "a payment for each indicator × its score",
        payer=state.commissioner,
        payee=state.position.host,
        details=tuple(details),
    )
    return TermResult((line,), {parameters.id: total})


def in_words(parameters: Parameters, last: str, namer: Namer) -> str:
    """The term as one sentence, and one for each rule about scores."""
    return " ".join((f"{_mode_in_words(parameters, last, namer)}.", *_rules_in_words(parameters, namer)))


def _score_in_words(parameters: Parameters, namer: Namer) -> str:
    if parameters.weights is None:
        words = worded(parameters.score, namer)
        return words if is_said_at_once(parameters.score) else f"a score ({words})"
    if len(parameters.weights) == 1:
        return f"the score of {namer(next(iter(parameters.weights)))}"
    weights = [f"{namer(name)} ({format_percent(weight)})" for name, weight in parameters.weights.items()]
    return f"the weighted score of {listed(weights, comma=';' if any(',' in words for words in weights) else ',')}"


def _mode_in_words(parameters: Parameters, last: str, namer: Namer) -> str:
    if parameters.mode == "per_indicator":
        paid = (f"{worded(value, namer)} for {namer(name)}" for name, value in (parameters.payments or {}).items())
        return (
            f"The commissioner pays the host for each indicator, in proportion to its score: {listed(paid, comma=';')}"
        )
    score = _score_in_words(parameters, namer)
    if parameters.mode == "multiply_share":
        share = worded(parameters.share, namer)
        return (
            f"{begun(namer(parameters.id))} is {share if is_said_at_once(parameters.share) else f'({share})'} × {score}"
        )
    if parameters.mode == "multiply_amount":
        return f"{begun(name_of(parameters, last, namer))} is multiplied by {score}"
    if parameters.mode == "loss_rate":
        return _loss_rate_in_words(parameters, score, namer)
    if parameters.value is not None:
        at_risk = sum_of_money(parameters.value, namer)
    else:
        at_risk = part_of(parameters.at_risk, namer(str(parameters.base)), namer)
    if parameters.mode == "bonus":
        return f"The commissioner pays the host a bonus of up to {at_risk}, in proportion to {score}"
    return f"The commissioner withholds {at_risk} and pays back the part that is earned, in proportion to {score}"


def _loss_rate_in_words(parameters: Parameters, score: str, namer: Namer) -> str:
    bounds = [
        f"{words} {worded(bound, namer)}"
        for words, bound in (("at least", parameters.at_least), ("at most", parameters.at_most))
        if bound is not None
    ]
    limited = f", but {' and '.join(bounds)}" if bounds else ""
    start, end = (worded(rate, namer) for rate in (parameters.at_no_score, parameters.at_full_score))
    return (
        f"{begun(namer(parameters.id))} goes in a straight line from {start} at a score of 0% to {end} at a score of "
        f"100%, by {score}{limited}"
    )


def _rules_in_words(parameters: Parameters, namer: Namer) -> Iterator[str]:
    if parameters.earning == "all_or_nothing":
        yield "Only a full score earns anything."
    if parameters.minimum_score is not None:
        yield f"Below a score of {worded(parameters.minimum_score, namer)} nothing is earned."
    if parameters.reporting_years:
        years = listed(str(year) for year in parameters.reporting_years)
        word = "years" if len(parameters.reporting_years) > 1 else "year"
        reported = condition_in_words(str(parameters.reported), namer)
        yield f"In contract {word} {years} every score is full if {reported}, otherwise none is."
