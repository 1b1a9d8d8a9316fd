"""The place index of every component of a published place, and its share of a sum, to the digits that are published."""

from fractions import Fraction

import pytest

from yoc.baseline.place import Populations, SumToShare, build_from_populations, place_index
from yoc.core.rates import format_decimal

# Practices A81001 and A81002, and the integrated care board QHM, in NHS England's place tool for 2025/26.
REGISTERED = ("3928.020356", "18818.339890", "3242302.0252")
COMPONENTS = {
    "general_and_acute": ("4873.201814", "23860.735350", "3652746.5036", "1.121288"),
    "community": ("5185.244064", "25765.660340", "3904995.9072", "1.129781"),
    "mental_health": ("4503.444054", "20797.580890", "3632758.5472", "0.992757"),
    "maternity": ("3959.343496", "18245.387750", "2982872.3419", "1.061090"),
    "health_inequalities": ("7290.280984", "31034.086920", "4260602.2980", "1.282170"),
    "prescribing": ("5068.451745", "24068.853050", "3791143.7485", "1.095521"),
    "final": ("4908.808509", "23312.109170", "3623060.2872", "1.110292"),
    "primary_medical_care": ("4340.164284", "20784.987040", "3320009.7098", "1.078725"),
    "final_primary_medical_care": ("4782.681789", "22322.352020", "3461098.5979", "1.116291"),
}
PLACE = Populations(
    Fraction(REGISTERED[0]) + Fraction(REGISTERED[1]),
    {name: Fraction(one) + Fraction(two) for name, (one, two, _, _) in COMPONENTS.items()},
)
WHOLE = Populations(Fraction(REGISTERED[2]), {name: Fraction(whole) for name, (_, _, whole, _) in COMPONENTS.items()})


@pytest.mark.parametrize("component", COMPONENTS)
def test_the_place_index_of_each_component(component):
    assert format_decimal(place_index(PLACE, WHOLE, component), 6) == COMPONENTS[component][3]


def test_registered_people_weigh_themselves():
    """The tenth component, population itself: its index is 1."""
    plain = Populations(PLACE.registered, {"population": PLACE.registered})
    assert place_index(plain, Populations(WHOLE.registered, {"population": WHOLE.registered}), "population") == 1


def test_a_thousand_million_shared_by_the_final_weights():
    built = build_from_populations(PLACE, WHOLE, [SumToShare("residents", "all_care", "final", 100_000_000_000)])
    shares = next(step for step in built.steps if step.id == "shares")
    # £7,789,248.71, over 22,746.360246 people: £342.439… a head.
    assert shares.rows == (("residents", "all_care", "final", 100_000_000_000, 778_924_871, "342.439345"),)
    assert built.rates_pence == {("residents", "all_care"): 34_244}
    index = next(step for step in built.steps if step.id == "place_index")
    assert [row[3] for row in index.rows] == [published for *_, published in COMPONENTS.values()]


def test_all_places_together_get_the_whole_sum():
    rest = Populations(
        WHOLE.registered - PLACE.registered, {"final": WHOLE.weighted["final"] - PLACE.weighted["final"]}
    )
    sums = [SumToShare("residents", "all_care", "final", 12_345)]
    heads = [
        build_from_populations(place, WHOLE, sums).exact_pence["residents", "all_care"] * place.registered
        for place in (PLACE, rest)
    ]
    assert sum(heads) == 12_345
