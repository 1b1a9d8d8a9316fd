"""Which versions hold on a day, in which order, worked out from the days on which they were published."""

from datetime import date

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from yoc.core.findings import FindingsError
from yoc.core.periods import FinancialYear
from yoc.tariff import BookHeader, BookVersion, PriceBook, price_history

YEAR = FinancialYear(2025)
DAYS = st.dates(date(2025, 3, 1), date(2026, 4, 30))


def version(name: str, published: date, first: date = YEAR.first_day, last: date = YEAR.last_day, supersedes=None):
    days = {"published_on": published, "effective_from": first, "effective_to": last}
    header = BookHeader(
        book="nhsps", title="Prices", year=YEAR, version=name, supersedes=supersedes, source="a test", licence="none",
        prices="prices.csv", market_forces="mff.csv", sha256={},
        **{field: day.isoformat() for field, day in days.items()},
    )  # fmt: skip
    return BookVersion(header, PriceBook({}, {}), f"{name}/book.yaml")


APRIL = version("v1", date(2025, 4, 4))
JUNE = version("v2", date(2025, 6, 27), supersedes="v1")
OCTOBER = version("v3", date(2025, 9, 15), first=date(2025, 10, 1))
DECEMBER = version("v4", date(2025, 12, 1))


def names(history, day: date) -> list[str]:
    return [history.versions[place].header.version for place in history.chain_on(day)]


def test_a_day_has_every_price_from_the_first_charged_to_the_one_that_holds_now():
    history = price_history([DECEMBER, OCTOBER, JUNE, APRIL])
    assert [each.header.version for each in history.versions] == ["v1", "v2", "v3", "v4"]
    # The change of 1 October was announced, so from then on it is what was first charged.
    assert names(history, date(2025, 5, 5)) == ["v1", "v2", "v4"]
    assert names(history, date(2025, 9, 30)) == ["v1", "v2", "v4"]
    assert names(history, date(2025, 10, 1)) == ["v3", "v4"]
    assert names(history, date(2026, 4, 1)) == []


def test_a_correction_before_the_first_day_is_no_re_issue():
    early = version("v1", date(2025, 3, 1))
    corrected = version("v2", date(2025, 3, 20), supersedes="v1")
    assert names(price_history([early, corrected]), date(2025, 4, 1)) == ["v2"]
    on_the_day = version("v2", YEAR.first_day, supersedes="v1")
    assert names(price_history([early, on_the_day]), date(2025, 4, 1)) == ["v2"]
    a_day_late = version("v2", date(2025, 4, 2), supersedes="v1")
    assert names(price_history([early, a_day_late]), date(2025, 4, 1)) == ["v1", "v2"]


@pytest.mark.parametrize(
    ("held", "lacking"),
    [
        ([YEAR.first_day, YEAR.last_day], None),
        ([date(2025, 1, 1), date(2026, 12, 31)], None),
        ([date(2025, 4, 2), YEAR.last_day], YEAR.first_day),
        ([YEAR.first_day, date(2026, 3, 30)], YEAR.last_day),
    ],
)
def test_the_first_day_without_a_price(held, lacking):
    history = price_history([version("v1", date(2025, 1, 1), *held)])
    assert history.first_day_without(YEAR.first_day, YEAR.last_day) == lacking


def test_a_gap_between_two_books_is_found_and_closed():
    spring = version("v1", date(2025, 4, 4), last=date(2025, 9, 29))
    assert price_history([spring, OCTOBER]).first_day_without(YEAR.first_day, YEAR.last_day) == date(2025, 9, 30)
    assert price_history([spring, OCTOBER, JUNE]).first_day_without(YEAR.first_day, YEAR.last_day) is None


def test_the_year_is_parted_where_its_versions_change():
    periods = price_history([APRIL, JUNE, OCTOBER]).periods(YEAR.first_day, YEAR.last_day)
    assert [(each.first_day, each.last_day, each.chain) for each in periods] == [
        (date(2025, 4, 1), date(2025, 9, 30), (0, 1)),
        (date(2025, 10, 1), date(2026, 3, 31), (2,)),
    ]


def test_days_without_a_book_are_in_no_period():
    short = version("v1", date(2025, 3, 1), date(2025, 4, 10), date(2025, 12, 31))
    (period,) = price_history([short]).periods(YEAR.first_day, YEAR.last_day)
    assert (period.first_day, period.last_day) == (date(2025, 4, 10), date(2025, 12, 31))


@pytest.mark.law(
    "Whatever books were published when, each day of the year has exactly the prices that the history gives it.",
)
@given(st.lists(st.tuples(DAYS, DAYS, DAYS), min_size=1, max_size=5, unique_by=lambda days: days[0]))
def test_the_periods_say_of_every_day_what_the_history_says(given_days):
    history = price_history(
        version(f"v{number}", published, min(days), max(days)) for number, (published, *days) in enumerate(given_days)
    )
    periods = history.periods(YEAR.first_day, YEAR.last_day)
    told = {}
    event(f"periods in the year: {len(periods)}")
    for period in periods:
        for number in range(period.first_day.toordinal(), period.last_day.toordinal() + 1):
            assert number not in told
            told[number] = period.chain
    for number in range(YEAR.first_day.toordinal(), YEAR.last_day.toordinal() + 1):
        assert told.get(number, ()) == history.chain_on(date.fromordinal(number))


@pytest.mark.law("The order in which price books are named decides nothing.", 6)
@given(st.permutations([APRIL, JUNE, OCTOBER, DECEMBER]))
def test_the_order_in_which_books_are_named_is_no_matter(versions):
    assert price_history(versions) == price_history([APRIL, JUNE, OCTOBER, DECEMBER])


def test_a_circle_of_versions_is_refused():
    one = version("v1", date(2025, 4, 4), supersedes="v2")
    two = version("v2", date(2025, 4, 4), supersedes="v1")
    with pytest.raises(FindingsError) as caught:
        price_history([one, two])
    assert {finding.code for finding in caught.value.findings} == {"PRICE-VERSION"}


def test_a_book_does_not_end_before_it_begins():
    from yoc.tariff import read_book_header

    text = (
        "book: a\ntitle: A\nyear: 2025/26\nsource: s\npublished_on: 2025-04-01\nlicence: l\n"
        "effective_from: 2025-10-01\neffective_to: 2025-04-01\nprices: p\nmarket_forces: m\nsha256: {}\n"
    )
    with pytest.raises(FindingsError) as caught:
        read_book_header(text, "book.yaml")
    assert "the book ends before it begins" in caught.value.findings[0].message
