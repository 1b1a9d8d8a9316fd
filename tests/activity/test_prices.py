"""What the engine charges for a line: price × count × market forces index, on published figures and nasty ones."""

from fractions import Fraction

import pytest
from engine_charge import charged
from hypothesis import event, given
from hypothesis import strategies as st

from yoc.core.money import format_pounds, round_half_away


@pytest.mark.parametrize(
    ("pounds", "index", "payment"),
    [
        # 2025/26 pay-award unit prices with 2026/27 market forces indices: R1H, RP4, RR8, RGT, RK9.
        (7251, 1148886, "£8,330.57"), (7251, 1179944, "£8,555.77"), (7251, 1029918, "£7,467.94"),
        (7251, 1077599, "£7,813.67"), (7251, 1000000, "£7,251.00"), (7222, 1148886, "£8,297.25"),
        (2143, 1148886, "£2,462.06"),
    ],
)  # fmt: skip
def test_market_forces_cases(pounds, index, payment):
    assert format_pounds(charged([(pounds * 100, 1000, index)], per_line=True)[0]) == payment


def test_a_thousand_lines_rounded_each_or_on_the_total():
    thousand = [(725_100, 1000, 1_148_886)] * 1000
    assert format_pounds(charged(thousand, per_line=True)[0]) == "£8,330,570.00"
    # 8,330,572.386 exactly, so £8,330,572.39 once it is rounded on the total.
    assert charged(thousand, per_line=False) == (833_057_238, 600_000_000)


@pytest.mark.law(
    "The engine rounds each line to a penny, half a penny away from nothing, exactly as whole-number "
    "arithmetic by hand does.",
)
@given(
    st.lists(
        st.tuples(st.integers(0, 10**7), st.integers(-5000, 50_000), st.integers(1_000_000, 1_200_000)),
        min_size=1,
        max_size=6,
    )
)
def test_each_line_is_rounded_half_away_from_zero(lines):
    def rounded(price: int, thousandths: int, index: int) -> int:
        size, rest = divmod(abs(price * thousandths * index), 10**9)
        if 2 * rest == 10**9:
            event("a line that ends in half a penny")
        return (size + (2 * rest >= 10**9)) * (1 if thousandths >= 0 else -1)

    event("a credit among the lines" if any(line[1] < 0 for line in lines) else "no credit")

    assert charged(lines, per_line=True)[0] == sum(rounded(*line) for line in lines)


@pytest.mark.law(
    "Where a contract charges the lower of two sums, a line is charged the one nearer to nothing, or the "
    "book's where the signs differ, to the last fraction of a penny.",
)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 1000), st.integers(-3000, 3000), st.integers(1_000_000, 1_200_000), st.integers(-1500, 1500)
        ),
        min_size=1,
        max_size=6,
    ),
    st.booleans(),
)
def test_the_lower_is_nearer_to_nothing_or_the_book_where_signs_differ(lines, per_line):
    """Against the same rule written out on exact fractions of a penny."""
    exact = Fraction(0)
    for price, thousandths, index, submitted in lines:
        book = Fraction(price * thousandths * index, 10**9)
        if per_line:
            book = Fraction(round_half_away(book))
        if book * submitted < 0:
            event("signs differ")
        exact += book if book * submitted < 0 else min(book, Fraction(submitted), key=abs)
    whole, rest = charged(
        [line[:3] for line in lines], per_line=per_line, basis="lower", submitted=[line[3] for line in lines]
    )
    assert whole + Fraction(rest, 10**9) == exact


def test_what_was_submitted_needs_no_price():
    lines = [(0, 0, 1_000_000), (0, 1000, 1_000_000)]
    assert charged(lines, per_line=True, basis="submitted", submitted=[123, -23]) == (100, 0)
    assert charged(lines, per_line=False, basis="submitted", submitted=[123, -23]) == (100, 0)
