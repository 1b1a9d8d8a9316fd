"""Cells of a price workbook, read exactly or refused at their place."""

import pytest

from yoc.core.findings import FindingsError
from yoc.tariff.price_map import IndexSheet, PriceSheet, column_of, read_price_map
from yoc.tariff.price_rows import indices_of, prices_of, without_repeats

SHEET = PriceSheet.model_validate(
    {
        "tariff_code": "HRG code",
        "description": "HRG name",
        "prices": [
            {"column": "Combined*", "points_of_delivery": ["DC", "EL"], "trim_point": "Trim point*"},
            {"column": "Non-elective", "points_of_delivery": "NEL"},
        ],
    }
)
HEADERS = ["HRG code", "HRG name", "Combined day case\n/ elective (£)", "Trim point (days)", "Non-elective"]
INDICES = IndexSheet(provider_code=("ODS code",), provider_name=("Name",), index=("Payment index*",))


def read(*cells: list[str], title_rows: int = 2):
    rows = [(number, [f"Title {number}"]) for number in range(1, title_rows + 1)]
    rows += [(title_rows + 1 + place, row) for place, row in enumerate([HEADERS, *cells])]
    return prices_of(rows, SHEET, "1 APC", "prices.xlsx")


def faults(*cells: list[str]) -> list[tuple[str, int, str]]:
    with pytest.raises(FindingsError) as caught:
        read(*cells)
    return [(finding.code, finding.line, finding.message) for finding in caught.value.findings]


def test_a_column_is_the_price_of_each_of_its_points_of_delivery():
    found = read(["HN12F", "Hip", "£7,251", "5", "-"], ["hn22e ", "Hip", "7222.50", "", "n/a"])
    assert [(row.key, row.price_pence, row.trim_point_days) for row in found.prices] == [
        (("HN12F", "DC", ""), 725_100, "5"), (("HN12F", "EL", ""), 725_100, "5"),
        (("HN22E", "DC", ""), 722_250, ""), (("HN22E", "EL", ""), 722_250, ""),
    ]  # fmt: skip
    assert (found.header_row, found.blank_cells, found.rows_of_words, found.unread_columns) == (3, 2, 0, ())


@pytest.mark.parametrize("nothing", ["", "-", "–", "n/a", "N/A", "not applicable"])
def test_no_price_is_no_row_and_never_nothing(nothing):
    assert read(["HN12F", "Hip", nothing, "", nothing]).prices == ()


def test_a_price_of_nothing_is_one_where_it_is_written():
    (row,) = read(["HN12F", "Hip", "-", "", "0"]).prices
    assert (row.point_of_delivery, row.price_pence) == ("NEL", 0)


def test_words_below_the_table_are_counted_and_are_no_prices():
    found = read(["HN12F", "Hip", "1", "", "2"], ["Note: before market forces", "", "", "", ""])
    assert (len(found.prices), found.rows_of_words) == (3, 1)


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("7251.005", "part of a penny"), ("about 7000", "is not a sum of money"), ("-5", "is not a sum of money"),
        ("10000000.01", "no unit costs more than £10m"), ("1e3", "is not a sum of money"),
        ("7,25", "is not a sum of money"), ("7250.9999999999", "part of a penny"),
    ],
)  # fmt: skip
def test_a_cell_that_is_no_price_is_told_at_its_row_and_column(cell, words):
    ((code, line, message),) = faults(["HN12F", "Hip", "-", "", "1"], ["HN12E", "Hip", "-", "", cell])
    assert (code, line) == ("FIELD-VALUE", 5)
    assert message.startswith("sheet 1 APC: column non-elective: ") and words in message


def test_every_fault_comes_at_once():
    rows = (["A B", "", "1", "", ""], ["HN12F", "", "x", "", "y"], ["HN12E", "", "1", "1.5", ""])
    assert [line for _, line, _ in faults(*rows)] == [4, 5, 5, 6]


def test_without_the_headers_nothing_is_read():
    assert prices_of([(1, ["HRG code", "Price"]), (2, ["HN12F", "1"])], SHEET, "", "f") is None
    given = SHEET.model_copy(update={"header_row": 2})
    assert prices_of([(1, HEADERS), (2, ["HN12F", "", "1", "", ""])], given, "", "f") is None
    rows = [(1, ["Other", "table"]), (2, HEADERS), (3, ["HN12F", "", "1", "", ""])]
    assert len(prices_of(rows, given, "", "f").prices) == 2


def test_two_columns_of_one_name_are_refused():
    with pytest.raises(FindingsError) as caught:
        prices_of([(1, ["HRG code", "Combined A", "Combined B"]), (2, ["HN12F", "1", "2"])], SHEET, "", "f")
    assert [finding.code for finding in caught.value.findings] == ["COLUMN-TWICE"]


def test_one_code_with_two_prices_for_the_same_care_is_refused_and_the_same_price_twice_is_one():
    same = read(["HN12F", "Hip", "1", "", ""], ["HN12F", "Hip", "1", "", ""])
    assert len(without_repeats(same.prices, "f")) == 2
    other = read(["HN12F", "Hip", "1", "", ""], ["HN12F", "Hip", "2", "", ""])
    with pytest.raises(FindingsError) as caught:
        without_repeats(other.prices, "f")
    assert [finding.code for finding in caught.value.findings] == ["PRICE-REPEATED"] * 2
    assert "sheet 1 APC: row 4, sheet 1 APC: row 5" in caught.value.findings[0].message


def indices(*cells: list[str], header: str = "Payment index 2026/27"):
    rows = [(1, ["MFF"]), (2, ["ODS code", "Name", header]), *((3 + place, row) for place, row in enumerate(cells))]
    return indices_of(rows, INDICES, "", "mff.csv")


def test_indices_are_whole_millionths():
    found = indices(["R1H", "Barts", "1.148886"], ["rk9", "Plymouth", "1"], ["RXX", "Another", "1.05"], ["RYY", "", ""])
    assert [(row.provider_code, row.index_millionths) for row in found] == [
        ("R1H", 1_148_886), ("RK9", 1_000_000), ("RXX", 1_050_000),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "code", "words"),
    [
        ([["R1H", "", "1.1488861"]], "FIELD-VALUE", "more than six decimals"),
        ([["R1H", "", "high"]], "FIELD-VALUE", "is not an index"),
        ([["", "", "1.1"]], "FIELD-VALUE", "no provider code"),
        ([["R1H", "", "1.1"], ["R1H", "", "1.1"]], "FIELD-VALUE", "two indices"),
        ([["R1H", "", "1.0725"], ["RK9", "", "0.9325"], ["RVW", "", "0.94"]], "INDEX-UNDERLYING",
         "2 of 3 providers have an index below 1.000000, the lowest 0.932500"),
    ],
)  # fmt: skip
def test_indices_that_are_none_are_refused(cells, code, words):
    with pytest.raises(FindingsError) as caught:
        indices(*cells)
    (finding,) = caught.value.findings
    assert finding.code == code and words in finding.message


def test_a_column_that_is_called_underlying_is_refused_whatever_it_holds():
    rules = INDICES.model_copy(update={"index": ("Underlying*",)})
    rows = [(1, ["ODS code", "Name", "Underlying MFF"]), (2, ["R1H", "Barts", "1.1"])]
    with pytest.raises(FindingsError) as caught:
        indices_of(rows, rules, "", "mff.csv")
    assert [finding.code for finding in caught.value.findings] == ["INDEX-UNDERLYING"]


def test_headers_are_compared_without_signs_breaks_and_stars():
    assert column_of(["HRG\n code*", "Price (£)", "PRICE £"], ["hrg code"]) == (0,)
    assert column_of(["HRG code", "Price (£)", "PRICE £"], ["price"]) == (1, 2)
    assert column_of(["", "Price"], ["*"]) == (1,)


def test_a_map_says_something_and_gives_prices_a_code():
    for text, words in (
        ("map: a\ntitle: A\n", "give `prices` or `market_forces`"),
        ("map: a\ntitle: A\nprices:\n  - prices: [{column: Price}]\n", "prices have no code"),
    ):
        with pytest.raises(FindingsError) as caught:
            read_price_map(text, "map.yaml")
        assert words in f"{caught.value.findings[0].message}: {caught.value.findings[0].mend}"
