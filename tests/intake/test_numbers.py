"""Sums and counts as files write them, read in SQL: each is whole pence or thousandths, or no number at all."""

import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from yoc.core.identifiers import is_nhs_number
from yoc.core.money import round_half_away
from yoc.core.rates import parse_number
from yoc.engine import Engine


@pytest.fixture(scope="module")
def engine():
    with Engine() as engine:
        engine.run("yoc.intake", "raw/numbers")
        yield engine


def read(engine: Engine, texts: list[str]) -> list[tuple[int | None, bool]]:
    """Each text in whole pence (``None`` where it is no number) and whether it has more than three decimals."""
    engine.give("number_text", {"place": pa.int32(), "text": pa.string()}, list(enumerate(texts)))
    rows = engine._connection.execute(
        "SELECT scaled(plain_number(text), 2), finer_than(plain_number(text), 3) FROM number_text ORDER BY place"
    ).fetchall()
    return [(pence, bool(finer)) for pence, finer in rows]


@pytest.mark.parametrize(
    ("text", "pence"),
    [
        ("12", 1200), ("12.3", 1230), ("12.345", 1235), ("-12.345", -1235), ("1.005", 101), ("0.004", 0),
        ("£1,234.56", 123456), ("Â£12.00", 1200), (" 12.00 ", 1200), ("(1,234.56)", -123456), ("£(5.00)", -500),
        ("-0.50", -50), ("1,234,567.89", 123456789),
        ("TBC", None), ("", None), ("1,23", None), ("12.", None), ("1e3", None), ("12.34.5", None), ("--1", None),
        ("(5", None), ("5)", None), ("(-5)", None), ("£", None), ("1234567890123", None), ("0x10", None), ("NaN", None),
        ("1 2", 1200),
    ],
)  # fmt: skip
def test_a_sum_is_whole_pence_or_no_number(engine, text, pence):
    assert read(engine, [text])[0][0] == pence


@pytest.mark.law("Sums read by the database are rounded half a penny away from nothing, as everywhere else.")
@given(st.lists(st.decimals(-(10**9), 10**9, places=5).map(lambda number: f"{number:f}"), min_size=1, max_size=20))
def test_sums_are_rounded_half_away_from_zero_as_everywhere(texts):
    with Engine() as engine:
        engine.run("yoc.intake", "raw/numbers")
        assert [pence for pence, _ in read(engine, texts)] == [
            round_half_away(parse_number(text) * 100) for text in texts
        ]


@pytest.mark.parametrize(("text", "finer"), [("1", False), ("1.125", False), ("1.1250", False), ("1.1251", True)])
def test_counts_have_three_decimals_at_most(engine, text, finer):
    assert read(engine, [text])[0][1] is finer


@given(
    st.lists(st.integers(1_000_000_000, 9_999_999_999).map(str).filter(lambda text: len(set(text)) > 1), max_size=60)
)
@example(["9434765919", "4010232137", "9434765918", "1234567890"])
@pytest.mark.law(
    "A count, or a sum in pounds, that has the check digit of an NHS number is no figure; any other is one."
)
def test_a_person_s_number_is_no_figure_of_a_line(texts):
    with Engine() as engine:
        engine.run("yoc.intake", "raw/numbers")
        engine.give("number_text", {"place": pa.int32(), "text": pa.string()}, list(enumerate(texts)))
        found = engine._connection.execute(
            "SELECT line_count(text), line_sum(text, 2), line_sum(text || '.00', 2), line_sum(text, 0), "
            "line_sum(text || '.01', 2) FROM number_text ORDER BY place"
        ).fetchall()
    assert found == [
        (None, None, None, text, f"{text}.01")
        if is_nhs_number(text)
        else (text, text, f"{text}.00", text, f"{text}.01")
        for text in texts
    ]
