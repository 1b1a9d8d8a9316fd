from fractions import Fraction

import pytest

from yoc.contract.scope import LineKind, ScopeRule, judge
from yoc.core.money import format_pounds, round_half_away
from yoc.tariff.book import priced_pence

KIND = LineKind("ZA1", "XQY", "AE", "VB01Z", "180", "", "Y")
ANY_AE = {"when": {"point_of_delivery": "AE"}, "setting": "emergency"}
ANY_VB = {"when": {"tariff_code": "VB-"}, "setting": "outpatient"}


def rules(*texts):
    return [ScopeRule.model_validate(text) for text in texts]


def test_the_first_rule_that_matches_decides():
    assert judge(KIND, [], rules(ANY_AE, ANY_VB), ["emergency", "outpatient"]).setting == "emergency"
    assert judge(KIND, [], rules(ANY_VB, ANY_AE), ["emergency", "outpatient"]).setting == "outpatient"


def test_a_rank_goes_before_the_place_in_the_list():
    assert (
        judge(KIND, [], rules(ANY_AE | {"rank": "5"}, ANY_VB | {"rank": "2"}), ["outpatient"]).setting == "outpatient"
    )


def test_two_rules_of_one_rank_that_claim_a_line_conflict():
    assert judge(KIND, [], rules(ANY_AE | {"rank": "1"}, ANY_VB | {"rank": "1"}), ["emergency"]).conflict == (0, 1)


@pytest.mark.parametrize(
    ("price", "index", "pounds"),
    [
        # 2025/26 pay-award unit prices with 2026/27 market forces indices: R1H, RP4, RR8, RGT, RK9.
        (7251, 1148886, "£8,330.57"), (7251, 1179944, "£8,555.77"), (7251, 1029918, "£7,467.94"),
        (7251, 1077599, "£7,813.67"), (7251, 1000000, "£7,251.00"), (7222, 1148886, "£8,297.25"),
        (2143, 1148886, "£2,462.06"),
    ],
)  # fmt: skip
def test_market_forces_cases(price, index, pounds):
    assert format_pounds(round_half_away(priced_pence(price * 100, Fraction(1), index))) == pounds


def test_a_thousand_lines_rounded_each_or_in_all():
    one = priced_pence(725_100, Fraction(1), 1_148_886)
    assert format_pounds(1000 * round_half_away(one)) == "£8,330,570.00"
    assert format_pounds(round_half_away(1000 * one)) == "£8,330,572.39"
