from yoc.contract.scope import Guard, LineKind, ScopeRule, When, judge

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


def test_a_rule_that_asks_for_the_setting_comes_after_those_that_give_one():
    """Outpatient care of one provider is paid elsewhere; what the provider does in an emergency is not."""
    rules = [
        ScopeRule(when=When(setting="outpatient", provider="ZA2"), out_of_scope="paid elsewhere"),
        ScopeRule(when=When(point_of_delivery="OPFA"), setting="outpatient"),
        ScopeRule(when=When(point_of_delivery="AE"), setting="emergency"),
    ]
    budgeted = ["outpatient", "emergency"]

    def verdict(provider: str, point_of_delivery: str):
        return judge(LineKind(provider, "XQY", point_of_delivery, "", "", "", "Y"), [], rules, budgeted)

    assert verdict("ZA2", "OPFA").out_of_scope == "paid elsewhere"
    assert verdict("ZA1", "OPFA").setting == "outpatient" and verdict("ZA1", "OPFA").out_of_scope == ""
    assert verdict("ZA2", "AE").setting == "emergency" and verdict("ZA2", "AE").out_of_scope == ""


def test_a_guard_can_ask_for_the_setting():
    guards = [Guard(reason="block", when=When(setting="emergency"))]
    rules = [ScopeRule(when=When(point_of_delivery="AE"), setting="emergency")]
    assert judge(LineKind("ZA1", "XQY", "AE", "", "", "", "Y"), guards, rules, ["emergency"]).guard == "block"
    assert judge(LineKind("ZA1", "XQY", "DC", "", "", "", "Y"), guards, rules, ["emergency"]).guard == ""
