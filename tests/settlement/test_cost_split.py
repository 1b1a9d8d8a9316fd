"""Volume, mix and price: figures worked out by hand, and no division by nothing."""

from fractions import Fraction

import pytest

from yoc.settlement.cost_split import Charged, Group, cost_stages, split_cost

AT = Group("emergency", "P", "AE")


def row(code: str, units: int, pounds: int, lines: int | None = None, mixed: bool = False, at: Group = AT) -> Charged:
    return Charged(at, code, units if lines is None else lines, Fraction(units), 0, Fraction(pounds * 100), mixed)


def pounds_of(before: list[Charged], after: list[Charged], **more) -> tuple[int, int, int]:
    """Volume, mix and price in pounds, over all groups; with the cost before they are the cost after."""
    made = split_cost(before, after, **more)
    for each in made:
        assert each.after_pence == sum(part.pence for part in after if part.group == each.group)
    names = ("volume_pence", "mix_pence", "price_pence")
    return tuple(int(sum(getattr(each, name) for each in made) / 100) for name in names)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        # 120 units at £16 more.
        ([row("X", 120, 148_080)], [row("X", 120, 150_000)], (0, 0, 1_920)),
        # Three more of the same.
        ([row("X", 10, 1_000)], [row("X", 13, 1_300)], (300, 0, 0)),
        # As many units; one moves from £100 to £50. The average of a unit was £75.
        ([row("X", 6, 600), row("Y", 6, 300)], [row("X", 5, 500), row("Y", 7, 350)], (0, -50, 0)),
        # More and dearer: two more at £100, then 12 units at £10 more.
        ([row("X", 10, 1_000)], [row("X", 12, 1_320)], (200, 0, 120)),
        # A group of one run alone is volume.
        ([], [row("X", 10, 1_000)], (1_000, 0, 0)),
        ([row("X", 10, 1_000)], [], (-1_000, 0, 0)),
        # A code of one run alone has no other price: two units at £75, and £50 of mix.
        ([row("X", 4, 400), row("Y", 4, 200)], [row("X", 4, 400), row("Y", 4, 200), row("Z", 2, 200)], (150, 50, 0)),
        # Corrections that leave no unit: what comes is more care.
        ([row("X", 0, 30, lines=2)], [row("X", 4, 430)], (400, 0, 0)),
        # They leave none at the end: the four units of before go, and £30 stand as mix.
        ([row("X", 4, 400)], [row("X", 0, 30, lines=2)], (-400, 30, 0)),
        # Units below nothing have a price as others have.
        ([row("X", -2, -200)], [row("X", -2, -220)], (0, 0, -20)),
        # Several codes in one row have no price, unless they are the same lines.
        ([row("*", 4, 400, mixed=True)], [row("*", 4, 500, lines=3, mixed=True)], (0, 100, 0)),
        ([row("*", 4, 400, mixed=True)], [row("*", 4, 500, mixed=True)], (0, 0, 100)),
    ],
)  # fmt: skip
def test_a_cost_is_taken_apart_by_hand(before, after, expected):
    assert pounds_of(before, after) == expected


def test_a_code_whose_price_is_the_same_in_both_books_has_no_price_effect():
    # 10 units at £100 on average, then 10 at £110, because the code has two prices by treatment function.
    apart = [row("X", 10, 1_000)], [row("X", 10, 1_100, lines=9)]
    assert pounds_of(*apart, repriced=lambda group, code: code == "Y") == (0, 100, 0)
    assert pounds_of(*apart, repriced=lambda group, code: code == "X") == (0, 0, 100)


def test_each_stage_is_rounded_once_and_the_ends_are_as_recorded():
    other = Group("community", "P", "COMM")
    third = Fraction(10_000, 3)
    before = [Charged(AT, "X", 3, Fraction(3), 0, 3 * third), Charged(other, "Y", 3, Fraction(3), 0, Fraction(900))]
    after = [Charged(AT, "X", 4, Fraction(4), 0, 4 * third), Charged(other, "Y", 3, Fraction(3), 0, Fraction(1200))]
    recorded = {"emergency": 10_000, "community": 900, "primary": 0}, {"emergency": 13_333, "community": 1_200}
    stages = cost_stages(split_cost(before, after), "setting", recorded)
    assert stages[0] == recorded[0] and stages[3] == recorded[1]
    assert stages[1] == stages[2] == {"community": 900, "emergency": 13_333}


def test_a_code_twice_in_a_group_is_a_fault_of_the_program():
    with pytest.raises(AssertionError):
        split_cost([row("X", 1, 1), row("X", 1, 1)], [])
