"""Two published tables, as they can be downloaded, are read whole through a map and without one fault.

They are the Performance Year Financial and Quality Results of two schemes of the United States' Medicare, from
data.cms.gov. The files are not part of the project; the figures asserted here are printed in them.
"""

import os
from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import pytest

from yoc.contract.inputs import Input
from yoc.intake.position_file import PositionTable, read_position_map, read_positions, read_table

FOLDER = os.environ.get("YOC_PUBLISHED_DATA", "")
needs_published = pytest.mark.skipif(
    not FOLDER, reason="YOC_PUBLISHED_DATA names no folder with the published tables of data.cms.gov"
)

SHARED_SAVINGS_MAP = """
host: ACO_ID
contract:
  column: [Current_Track, Risk_Model]
  files:
    A/One-Sided: one-sided.yaml
    B/One-Sided: one-sided.yaml
    C/Two-Sided: basic.yaml
    D/Two-Sided: basic.yaml
    E/Two-Sided: basic.yaml
    EN/Two-Sided: enhanced.yaml
suppressed: ["*", "-", ""]
columns:
  benchmark: ABtotBnchmk
  spend: ABtotExp
  people: N_AB
  minimum_rate: MinSavPerc
  quality: {column: QualScore, as: percent}
  quality_met: {column: Met_QPS, yes: "1", no: "0"}
  relief: {column: DisAdj, when_suppressed: 0, times: -1}
  level: Current_Track
  difference: {subtract: [ABtotBnchmk, ABtotExp]}
expect:
  EarnSaveLoss: {column: EarnSaveLoss, when_suppressed: 0}
"""
SHARED_SAVINGS_INPUTS = {
    "benchmark": Input(kind="money", is_="budget"),
    "spend": Input(kind="money", is_="cost"),
    "people": Input(kind="number"),
    "minimum_rate": Input(kind="rate"),
    "quality": Input(kind="score"),
    "quality_met": Input(kind="flag"),
    "relief": Input(kind="money"),
    "level": Input(kind="choice", choices=("A", "B", "C", "D", "E", "EN")),
    "difference": Input(kind="money"),
}

REACH_MAP = """
host: aco_id
contract:
  column: risk_arrangement
  files: {Global: global.yaml, Professional: professional.yaml}
columns:
  benchmark: final_benchmark
  cost: tot_cost_care_net
  discount: {column: discount, as: percent}
  quality: {column: qual_scr, as: percent}
  stop_loss: stop_loss
  addition: {column: heba_up_amt, when_suppressed: 0}
"""
REACH_INPUTS = {
    "benchmark": Input(kind="money"),
    "cost": Input(kind="money"),
    "discount": Input(kind="rate"),
    "quality": Input(kind="score"),
    "stop_loss": Input(kind="flag"),
    "addition": Input(kind="money"),
}


MADE_UP_SHARED_SAVINGS = """\
ACO_ID,ACO_Name,Current_Track,Risk_Model,N_AB,MinSavPerc,DisAdj,EarnSaveLoss,Met_QPS,QualScore,ABtotBnchmk,ABtotExp
X1,"North, Incorporated",EN,Two-Sided,"12,000",2.00%,"",*,1,85.05%,"$1,000,000","$940,000.50"
X2,South,B,One-Sided,5000,3.90%,"(1,234)","-5,000",0,70.63%,"2,000,000","2,100,000"
"""
MADE_UP_REACH = """\
aco_id,risk_arrangement,discount,stop_loss,final_benchmark,tot_cost_care_net,heba_up_amt,qual_scr,gross_savings
Y1,Professional,2.0,No,1000.1234,900.1233,,97.5,100.0001
"""


def read_text(tmp_path: Path, text: str, mapping: str, inputs: Mapping[str, Input], expected: str) -> PositionTable:
    (tmp_path / "made_up.csv").write_text(text, encoding="utf-8")
    table = read_table(tmp_path / "made_up.csv", "made_up.csv")
    return read_positions(table, read_position_map(mapping, "map.yaml"), lambda _: inputs, (expected,))


def test_a_made_up_table_in_the_form_of_shared_savings(tmp_path):
    inputs = SHARED_SAVINGS_INPUTS
    result = read_text(tmp_path, MADE_UP_SHARED_SAVINGS, SHARED_SAVINGS_MAP, inputs, "EarnSaveLoss")
    assert result.findings == ()
    first, second = result.rows
    assert (first.contract, first.values.values["people"], first.values.values["difference"]) == (
        "enhanced.yaml", 12_000, 59_999_50,
    )  # fmt: skip
    assert (second.values.values["relief"], second.values.values["quality_met"]) == (1_234_00, 0)
    assert second.values.values["minimum_rate"] == Fraction(39, 1000)
    assert [row.expected["EarnSaveLoss"] for row in result.rows] == [0, -5_000_00]


def test_a_made_up_table_in_the_form_of_reach(tmp_path):
    result = read_text(tmp_path, MADE_UP_REACH, REACH_MAP, REACH_INPUTS, "gross_savings")
    assert result.findings == ()
    (row,) = result.rows
    assert row.values.values == {
        "benchmark": Fraction("100012.34"),
        "cost": Fraction("90012.33"),
        "discount": Fraction(1, 50),
        "quality": Fraction(39, 40),
        "stop_loss": 0,
        "addition": 0,
    }
    assert row.expected == {"gross_savings": Fraction("10000.01")}


def read(file: str, mapping: str, inputs: Mapping[str, Input], expected: tuple[str, ...]) -> PositionTable:
    table = read_table(Path(FOLDER) / file, file)
    return read_positions(table, read_position_map(mapping, "map.yaml"), lambda _: inputs, expected)


@needs_published
def test_482_rows_of_shared_savings_in_2022_are_read_without_a_fault():
    result = read("mssp_puf_py2022.csv", SHARED_SAVINGS_MAP, SHARED_SAVINGS_INPUTS, ("EarnSaveLoss",))
    assert (len(result.rows), result.left_out, result.findings) == (482, 0, ())
    assert {row.missing for row in result.rows} == {()}
    assert Counter(row.contract for row in result.rows) == {
        "one-sided.yaml": 198, "basic.yaml": 138, "enhanced.yaml": 146,
    }  # fmt: skip
    first = result.rows[0]
    assert (first.row_number, first.host, first.contract) == (2, "A1001", "enhanced.yaml")
    assert first.values.values == {
        "benchmark": 966_116_777_00,
        "spend": 903_712_089_00,
        "people": 74_992,
        "minimum_rate": Fraction(2, 100),
        "quality": Fraction(8941, 10000),
        "quality_met": 1,
        "relief": 0,
        "difference": 62_404_688_00,
    }
    assert (first.values.choices, first.expected) == ({"level": "EN"}, {"EarnSaveLoss": 45_867_446_00})
    assert sum(row.values.values["relief"] > 0 for row in result.rows) == 15


@needs_published
def test_53_rows_of_reach_in_2021_are_read_without_a_fault():
    names = ("gross_savings", "shared_savings", "shared_savings_seq")
    result = read("reach_puf_py2021.csv", REACH_MAP, REACH_INPUTS, names)
    assert (len(result.rows), result.left_out, result.findings) == (53, 0, ())
    assert Counter(row.contract for row in result.rows) == {"global.yaml": 39, "professional.yaml": 14}
    first = result.rows[0]
    assert (first.host, first.values.values["discount"], first.values.values["quality"]) == (
        "D0004",
        Fraction(1, 50),
        1,
    )
    assert first.values.values["benchmark"] == Fraction("7555843991.16")
    assert first.expected["shared_savings_seq"] == Fraction("380196337.16")
    gaps = [
        row.values.values["benchmark"] - row.values.values["cost"] - row.expected["gross_savings"]
        for row in result.rows
    ]
    assert max(abs(gap) for gap in gaps) < 1
