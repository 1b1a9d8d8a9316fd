"""The sample price book: published figures as published, invented ones labelled, hashes true."""

import csv
import hashlib
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from yoc.synth.prices import cost_pence, read_prices

BOOK = Path(__file__).parents[2] / "tariffs" / "sample-prices" / "2026-27"
INVENTED = "invented for the sample"

# 2025/26 NHS Payment Scheme pay-award price workbook, sheet 1 APC & OPROC, pounds before market forces.
PUBLISHED = {
    "HN12A": 13900, "HN12B": 11644, "HN12C": 9839, "HN12D": 8260, "HN12E": 7489, "HN12F": 7251, "HN22A": 10826,
    "HN22B": 10149, "HN22C": 8054, "HN22D": 7578, "HN22E": 7222, "HN23C": 4399, "HN24A": 3271, "HN24B": 2369,
    "HN24C": 2143, "HC64C": 3911, "HN45A": 1304,
}  # fmt: skip


def rows_of(name: str) -> list[dict[str, str]]:
    with (BOOK / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_published_prices_are_those_of_the_workbook_for_day_case_and_elective():
    published = {
        (row["tariff_code"], row["point_of_delivery"]): Decimal(row["unit_price_pounds"])
        for row in rows_of("prices.csv")
        if row["source"] != INVENTED
    }
    assert published == {(code, pod): price for code, price in PUBLISHED.items() for pod in ("DC", "EL")}
    assert all("pay-award" in row["source"] for row in rows_of("prices.csv") if row["source"] != INVENTED)


def test_no_two_rows_have_the_same_keys():
    keys = [(row["tariff_code"], row["point_of_delivery"], row["treatment_function"]) for row in rows_of("prices.csv")]
    assert len(keys) == len(set(keys))
    assert {row["basis"] for row in rows_of("prices.csv")} == {"unit", "indicative"}


def test_indices_have_six_decimals_and_two_providers_have_none():
    rows = rows_of("mff.csv")
    assert all(len(row["market_forces_factor"].partition(".")[2]) == 6 for row in rows)
    invented = {row["provider_code"] for row in rows if row["source"] == INVENTED}
    assert invented == {"ZA1", "ZA2", "ZM1", "ZL1"}
    assert {"ZC1", "ZG1"}.isdisjoint(row["provider_code"] for row in rows)
    prices = read_prices(BOOK / "prices.csv", BOOK / "mff.csv")
    assert prices.index_millionths("ZC1") == 1_000_000


def test_hashes_in_the_book_are_those_of_its_files():
    book = yaml.safe_load((BOOK / "book.yaml").read_text(encoding="utf-8"))
    assert book["synthetic"] is True
    for name in (book["prices"], book["market_forces"]):
        assert book["sha256"][name] == hashlib.sha256((BOOK / name).read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("code", "provider", "pence"),
    [
        ("HN12F", "R1H", 833_057),
        ("HN12F", "RP4", 855_577),
        ("HN12F", "RR8", 746_794),
        ("HN12F", "RGT", 781_367),
        ("HN12F", "RK9", 725_100),
        ("HN22E", "R1H", 829_725),
        ("HN24C", "R1H", 246_206),
    ],
)
def test_published_price_at_published_index(code, provider, pence):
    prices = read_prices(BOOK / "prices.csv", BOOK / "mff.csv")
    price = prices.unit_price_pence(code, "EL", "110")
    assert cost_pence(price, 1_000, prices.index_millionths(provider)) == pence
