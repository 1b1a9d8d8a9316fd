import pytest

from yoc.contract.scope import Guard, LineKind, ScopeRule, When, could_match_one_line, covers, judge

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


@pytest.mark.parametrize(
    ("when", "matches"),
    [({"data_set": "csds_contacts"}, True), ({"data_set": ["plcm", "acm"]}, False), ({"cost_basis": "proxy"}, True),
     ({"cost_basis": ["actual", "tariff"]}, False), ({"data_set": "csds_contacts", "cost_basis": "actual"}, False)],
)  # fmt: skip
def test_a_line_can_be_told_by_its_data_set_and_by_what_its_amount_is(when, matches):
    kind = LineKind("ZA1", "XQY", "COMM", "", "", "", "N", data_set="csds_contacts", cost_basis="proxy")
    assert When(**when).matches(kind) is matches


def test_rules_for_two_data_sets_have_no_line_in_common_and_a_wider_one_covers():
    one, other, both = When(data_set="plcm"), When(data_set="csds_contacts"), When(data_set=["plcm", "csds_contacts"])
    assert not could_match_one_line(one, other)
    assert covers(both, one) and not covers(one, both)
    assert not could_match_one_line(When(cost_basis="proxy"), When(cost_basis="actual"))
