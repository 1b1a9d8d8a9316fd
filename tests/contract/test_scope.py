from yoc.contract.scope import LineKind, ScopeRule, judge

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
