"""Rates from weighted populations: a place's index by component, its share of a sum, and the sum a head."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from yoc.baseline.build import Built, Key
from yoc.baseline.steps import Column, Step, rate_in_pounds, to_the_penny
from yoc.core.money import format_pounds, round_half_away
from yoc.core.rates import format_decimal


@dataclass(frozen=True)
class Populations:
    """Registered people, and people weighted by component: of a place, or of the whole that it is part of."""

    registered: Fraction
    weighted: Mapping[str, Fraction]


@dataclass(frozen=True)
class SumToShare:
    """A sum of the whole that is shared out by a component's weights, and the segment and setting that it pays for."""

    segment: str
    setting: str
    component: str
    pence: int


def place_index(place: Populations, whole: Populations, component: str) -> Fraction:
    """(weighted ÷ registered of the place) ÷ (weighted ÷ registered of the whole), exact.

    >>> place = Populations(Fraction("22746.360246"), {"final": Fraction("28220.917679")})
    >>> whole = Populations(Fraction("3242302.0252"), {"final": Fraction("3623060.2872")})
    >>> format_decimal(place_index(place, whole, "final"), 6)
    '1.110292'
    """
    own = place.weighted[component] / place.registered
    return own / (whole.weighted[component] / whole.registered)


def share_pence(place: Populations, whole: Populations, shared: SumToShare) -> Fraction:
    """The place's part of a sum of the whole, in exact pence: by its part of the component's weighted population.

    >>> place = Populations(Fraction("22746.360246"), {"final": Fraction("28220.917679")})
    >>> whole = Populations(Fraction("3242302.0252"), {"final": Fraction("3623060.2872")})
    >>> shared = SumToShare("residents", "all_care", "final", 100_000_000_000)
    >>> format_pounds(round_half_away(share_pence(place, whole, shared)))
    '£7,789,248.71'
    """
    return shared.pence * place.weighted[shared.component] / whole.weighted[shared.component]


def build_from_populations(place: Populations, whole: Populations, shares: Sequence[SumToShare]) -> Built:
    """The rates a head of the place for each sum: its share divided by its registered people."""
    exact: dict[Key, Fraction] = {}
    money = []
    for shared in shares:
        key = (shared.segment, shared.setting)
        own = share_pence(place, whole, shared)
        exact[key] = own / place.registered
        money.append((*key, shared.component, shared.pence, round_half_away(own), rate_in_pounds(exact[key])))
    rates = {key: round_half_away(rate) for key, rate in exact.items()}
    return Built(rates, exact, dict.fromkeys((key[0] for key in exact), place.registered), (
        _index_step(place, whole), _share_step(place, money), _rounding_step(place, exact, rates),
    ))  # fmt: skip


def _index_step(place: Populations, whole: Populations) -> Step:
    columns = (
        Column("Component"), Column("Weighted, place", "decimal"), Column("Weighted, whole", "decimal"),
        Column("Place index", "decimal"),
    )  # fmt: skip
    indices = {name: place_index(place, whole, name) for name in place.weighted}
    rows = tuple(
        (name, *(format_decimal(number, 6) for number in (place.weighted[name], whole.weighted[name], index)))
        for name, index in indices.items()
    )  # fmt: skip
    people = f"{format_decimal(place.registered, 6)} of {format_decimal(whole.registered, 6)}"
    words = (
        "Place index = (weighted ÷ registered of the place) ÷ (weighted ÷ registered of the whole).",
        f"Registered people: {people}.",
    )
    headline = ", ".join(f"{name} {format_decimal(index, 6)}" for name, index in indices.items())
    return Step("place_index", "Place index", headline, words, columns, rows, (), indices)


def _share_step(place: Populations, money: Sequence[tuple[str, str, str, int, int, str]]) -> Step:
    columns = (
        Column("Segment"), Column("Setting"), Column("Component"), Column("Sum of the whole", "pounds"),
        Column("Share of the place", "pounds"), Column("A head, £", "decimal"),
    )  # fmt: skip
    words = (
        "Share of the place = the sum × its weighted people ÷ the weighted people of the whole, to the penny.",
        f"A head = the exact share ÷ the place's {format_decimal(place.registered, 6)} registered people.",
    )
    headline = ", ".join(f"{row[1]} {format_pounds(row[4])} of {format_pounds(row[3])}" for row in money)
    return Step("shares", "Shares of sums", headline, words, columns, tuple(money))


def _rounding_step(place: Populations, exact: Mapping[Key, Fraction], rates: Mapping[Key, int]) -> Step:
    columns = (
        Column("Segment"), Column("Setting"), Column("Exact, £ a head", "decimal"), Column("Annual rate", "pounds"),
        Column("Moved by rounding", "pounds"),
    )  # fmt: skip
    moved = {key: (rates[key] - rate) * place.registered for key, rate in exact.items()}
    rows = tuple((*key, rate_in_pounds(rate), rates[key], to_the_penny(moved[key])) for key, rate in exact.items())
    total = format_pounds(to_the_penny(sum(moved.values(), Fraction(0))))
    words = ("Each annual rate is rounded to the penny, half away from zero.",)
    return Step(
        "rounding", "Rounding", f"moves {total} for the place's registered people", words, columns, rows, (),
        {"|".join(key): rate for key, rate in exact.items()},
    )  # fmt: skip
