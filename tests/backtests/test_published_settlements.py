"""Two published years are settled from their inputs and come to the figures that were printed for them.

They are the Performance Year Financial and Quality Results of two schemes of the United States' Medicare, from
data.cms.gov. The files are not part of the project.
"""

import os
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from yoc.workflow.settle_table import Expectation, SettledTable, settle_table

FOLDER = os.environ.get("YOC_PUBLISHED_DATA", "")
CONTRACTS = Path(__file__).resolve().parents[2] / "contracts/published"
pytestmark = pytest.mark.skipif(
    not FOLDER, reason="YOC_PUBLISHED_DATA names no folder with the published tables of data.cms.gov"
)
DOLLAR, TWO_CENTS = Fraction(100), Fraction(2)


def settle(scheme: str, mapping: str, table: str, *expected: str) -> SettledTable:
    folder = CONTRACTS / scheme
    asked = [Expectation.parse(text) for text in expected]
    return settle_table(folder, Path(FOLDER) / table, folder / mapping, asked)


def apart(settled: SettledTable, column: str, within: Fraction) -> dict[str, tuple[Fraction, Fraction | None]]:
    return {
        compared.host: (compared.found, compared.expected)
        for compared in settled.compared
        if compared.expectation.column == column and compared.beyond(within)
    }


def told(settled: SettledTable, scheme: str, column: str, within: Fraction) -> tuple[str, dict[str, Any]]:
    """How many of the published figures of a column came out, for the page of evidence."""
    compared = [each for each in settled.compared if each.expectation.column == column]
    agreed = len(compared) - len(apart(settled, column, within))
    figures = {"settled": len(compared), "agreed": agreed, "within_pence": int(within)}
    return "published", {"scheme": scheme, "figure": column, **figures}


@pytest.mark.law(
    "The published settlements of a shared savings scheme come out from their published inputs, within a dollar."
)
def test_shared_savings_of_2022(record_property):
    settled = settle(
        "us-shared-savings", "map-2022.yaml", "mssp_puf_py2022.csv", "EarnSaveLoss", "GenSaveLoss=generated"
    )
    assert (len(settled.rows), settled.not_settled, settled.left_out) == (482, (), 0)
    assert [compared.expected for compared in settled.compared].count(None) == 0
    for column in ("EarnSaveLoss", "GenSaveLoss"):
        record_property(*told(settled, "Medicare Shared Savings Program, performance year 2022", column, DOLLAR))
    # Level E, a loss: 30% of it, at most 4% of the benchmark, unless 8% of the participants' own revenue is less. That
    # revenue is not published, and nothing was owed.
    assert apart(settled, "EarnSaveLoss", DOLLAR) == {"A1070": (-6_262_716_00, 0)}
    assert apart(settled, "GenSaveLoss", DOLLAR) == {}
    # Who is paid: 482 hosts, of whom the file says that so many earned something.
    paid = [row for row in settled.rows if row.settlement.closing_pence > 0]
    earned = [found for found in settled.compared if found.expectation.column == "EarnSaveLoss" and found.expected]
    assert len(paid) == len([found for found in earned if (found.expected or 0) > 0])


@pytest.mark.law(
    "The published settlements of a scheme of global budgets come out from their published inputs, within two cents."
)
def test_reach_of_2021(record_property):
    columns = ("shared_savings_seq", "shared_savings=shared", "gross_savings=gross")
    settled = settle("us-reach", "map-2021.yaml", "reach_puf_py2021.csv", *columns)
    assert (len(settled.rows), settled.not_settled, settled.left_out) == (53, (), 0)
    assert len(settled.compared) == 159
    for column in ("shared_savings_seq", "shared_savings", "gross_savings"):
        record_property(*told(settled, "ACO REACH (Direct Contracting), performance year 2021", column, TWO_CENTS))
        assert apart(settled, column, TWO_CENTS) == {}
