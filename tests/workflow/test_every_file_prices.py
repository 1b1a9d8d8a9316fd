"""The price workbooks of the sample of every national file become two versions of a book, to the penny."""

import datetime as dt
from pathlib import Path

import pytest

from yoc.core.periods import FinancialYear
from yoc.synth.national.price_workbook import (
    FIRST_PATH,
    INDICES_PATH,
    REISSUED_PATH,
    first_published_pence,
    write_price_workbooks,
)
from yoc.synth.prices import read_prices
from yoc.workflow.price_books import stored_book
from yoc.workflow.tariff_import import Wanted, import_version
from yoc.workflow.workspace import lay_empty

BOOK = Path(__file__).parents[2] / "tariffs" / "sample-prices" / "2026-27"
YEAR = FinancialYear(2026)
LOCAL = ("COM", "MH", "GPA")
"""Codes of care outside acute trusts stand on a sheet of indicative prices, which the national map leaves."""


@pytest.fixture
def versions(tmp_path: Path):
    """The version that was first published, and the re-issue."""
    lay_empty(tmp_path)
    write_price_workbooks(tmp_path, read_prices(BOOK / "prices.csv", BOOK / "mff.csv"))
    made = []
    for path, published in ((FIRST_PATH, dt.date(2026, 4, 1)), (REISSUED_PATH, dt.date(2026, 6, 26))):
        wanted = Wanted("sample-workbook", YEAR, YEAR.first_day, YEAR.last_day, published, "sample", "MIT", "", True)
        done = import_version(tmp_path, tmp_path / path, wanted, "prices", market_forces=tmp_path / INDICES_PATH)
        made.append((done, stored_book(tmp_path / done.folder / "book.yaml", done.folder).read().book))
    return made


def test_the_reissue_is_the_book_of_the_sample_and_the_first_is_what_it_was_before_the_pay_award(versions):
    (first, before), (again, now) = versions
    assert (first.version, again.version, again.supersedes) == ("v1", "v2", "v1")
    prices = read_prices(BOOK / "prices.csv", BOOK / "mff.csv")
    # Attendances that the sheet prices under words, "Other" and "NCL", have no treatment function to be looked up by.
    acute = {
        (tariff, pod, function): pence
        for (tariff, pod, function), pence in prices.unit_prices.items()
        if not tariff.startswith(LOCAL) and (function or not tariff.startswith("WF0"))
    }
    assert len(acute) == 73
    assert {pod for _, pod, _ in acute} >= {"DC", "EL", "NEL", "NELST", "AE"}
    for (tariff, pod, function), pence in acute.items():
        point = pod or {"W": "OPFASPCL" if tariff[4:] == "B" else "OPFUPSPCL"}.get(tariff[0], "OPPROCFA")
        assert now.unit_price_pence(tariff, point, function) == pence, (tariff, pod, function)
        assert before.unit_price_pence(tariff, point, function) == first_published_pence(pence)
    # £13,900 after the pay award was £13,810 before it: 10,415 parts in 10,483, to the pound.
    assert (before.unit_price_pence("HN12A", "EL", ""), now.unit_price_pence("HN12A", "EL", "")) == (1381000, 1390000)


def test_indices_are_those_of_the_sample(versions):
    indices = read_prices(BOOK / "prices.csv", BOOK / "mff.csv").indices
    for _, book in versions:
        assert {code: book.index_millionths(code) for code in indices} == dict(indices)
