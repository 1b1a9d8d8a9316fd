"""Each kind of term on small sums: every amount that it names and every line with who pays whom, beside each edge."""

import datetime as dt
from fractions import Fraction

import pytest
from pydantic import ValidationError

from yoc.contract.position import BlockPart
from yoc.contract.terms import KINDS, apply_term
from yoc.contract.terms.base import TermError, example

HALF = Fraction(1, 2)


def term(kind: str, **fields):
    return KINDS[kind].Parameters(id="t", kind=kind, **fields)


def lines_of(made):
    return [(line.name.removeprefix("t").removeprefix("."), line.payer, line.payee, line.amount) for line in made.lines]


def check(parameters, state, amounts, lines):
    """``amounts`` by what follows the term's name, `` `` for the main one."""
    made = apply_term(parameters, state)
    assert {name.removeprefix("t").removeprefix("."): amount for name, amount in made.amounts.items()} == amounts
    assert set(made.amounts) == set(parameters.makes())
    assert lines_of(made) == lines
    for line in made.lines:
        assert (line.term, line.kind, line.clause) == ("t", parameters.kind, "")
        assert not line.details or sum(detail.amount for detail in line.details) == line.amount
    return made


def details_of(made):
    return [(detail.label, detail.amount, detail.formula) for detail in made.lines[0].details]


@pytest.mark.parametrize(
    ("earned", "outstanding", "part", "left", "recovered"),
    [
        (400, 600, "100%", 200, 400),
        (400, 300, "100%", 0, 300),
        (400, 600, "50%", 400, 200),
        (400, 0, "100%", 0, 0),
        (-400, 600, "100%", 600, 0),
        (0, 600, "100%", 600, 0),
    ],
)
def test_an_advance(earned, outstanding, part, left, recovered):
    state = example(amounts={"earned": earned, "owed": outstanding})
    made = check(
        term("advance", outstanding="owed", at_most_share=part),
        state,
        {"": earned - recovered, "change": -recovered, "recovered": recovered, "left": left},
        [("", "", "", earned - recovered)],
    )
    assert made.lines[0].formula.endswith("; at most 50% of a payment is taken") == (part == "50%")


def test_the_formula_of_an_advance():
    made = apply_term(term("advance", outstanding="owed"), example(amounts={"earned": 40_000, "owed": 60_000}))
    assert made.lines[0].formula == "£400.00 of the £600.00 outstanding is taken from earned £400.00; £200.00 is left"


def test_less_than_nothing_is_not_outstanding():
    with pytest.raises(TermError, match=r"-£0\.01 is outstanding"):
        apply_term(term("advance", outstanding="owed"), example(amounts={"earned": 400, "owed": -1}))


@pytest.mark.parametrize(
    ("loss", "fields", "after"),
    [
        (-100, {"shares": ["1/2", "40%"]}, -80),
        (-100, {"sum": "£0.30"}, -70),
        (-100, {"sum": "£1"}, 0),
        (-100, {"sum": "£1.30"}, 0),
        (-100, {"sum": "£0"}, -100),
        (0, {"sum": "£0.30"}, 0),
        (50, {"shares": ["1/2"]}, 50),
        (HALF, {"shares": ["1/2"]}, HALF),
    ],
)
def test_relief(loss, fields, after):
    state = example(amounts={"loss": loss}, in_hand=True)
    change = after - loss
    lines = [("", "ICB", "HOST", change)] if change > 0 else [("", "HOST", "ICB", 0)]
    check(term("relief", **fields), state, {"": after, "change": change}, lines)


def test_relief_does_not_add_to_a_loss():
    with pytest.raises(TermError):
        apply_term(term("relief", sum="less"), example(amounts={"loss": -100, "less": -1}))
    for fields in ({}, {"sum": "£1", "shares": ["1/2"]}):
        with pytest.raises(ValidationError):
            term("relief", **fields)


def test_a_balance_of_the_result_and_one_of_amounts():
    check(term("balance", base="budget"), example(amounts={"budget": 1000}, result=-45),
          {"": -45, "rate": Fraction(-9, 200)}, [("", "", "", -45)])  # fmt: skip
    amounts = {"benchmark": 1000, "spend": 900, "other": 300, "base": 400}
    check(term("balance", of="benchmark", less=["spend", "other"], base="base"), example(amounts=amounts),
          {"": -200, "rate": -HALF}, [("", "", "", -200)])  # fmt: skip
    made = check(term("balance", of="benchmark", less="spend"), example(amounts=amounts),
                 {"": 100, "rate": Fraction(1, 10)}, [("", "", "", 100)])  # fmt: skip
    assert made.lines[0].formula == "benchmark £10.00 less spend £9.00; 10.0000% of benchmark £10.00"
    check(term("balance", base="none"), example(amounts={"none": 0}, result=45), {"": 45, "rate": 0},
          [("", "", "", 45)])  # fmt: skip
    for fields in ({}, {"of": "a"}, {"less": "a"}):
        with pytest.raises(ValidationError):
            term("balance", **fields)


@pytest.mark.parametrize(
    ("actual", "style", "counted", "rate"),
    [
        (1050, "excess_only", 0, 20),
        (1051, "excess_only", 1, 20),
        (1051, "first_pound", 51, 20),
        (1050, "first_pound", 0, 20),
        (950, "first_pound", 0, 20),
        (949, "excess_only", -1, 50),
        (949, "first_pound", -51, 50),
    ],
)
def test_a_blended_payment_about_its_tolerance(actual, style, counted, rate):
    """£10.00 planned, 5% either way without effect, 20% above and 50% below, on £2.00 fixed."""
    variable = counted * Fraction(rate, 100)
    made = check(
        term("blended", fixed="£2", plan="£10", actual="done", above="20%", below="50%", tolerance="5%", style=style),
        example(amounts={"done": actual}),
        {"": 1200 + variable, "fixed": 1200, "variable": variable},
        [("", "ICB", "HOST", 1200 + variable)],
    )
    assert [(label, amount) for label, amount, _ in details_of(made)] == [
        ("Fixed element", 200),
        ("Plan", 1000),
        ("Difference from plan", variable),
    ]


def test_parts_of_a_penny_beyond_a_tolerance_count():
    """5% of a plan of 10p is half a penny: of a penny over or under, half counts, at 20% or at 50%."""
    fields = {"plan": "£0.10", "actual": "done", "above": "20%", "below": "50%", "tolerance": "5%"}
    for done, variable in ((11, Fraction(1, 10)), (9, -Fraction(1, 4))):
        made = check(term("blended", **fields), example(amounts={"done": done}),
                     {"": 10 + variable, "fixed": 10, "variable": variable},
                     [("", "ICB", "HOST", 10 + variable)])  # fmt: skip
    assert [formula for _, _, formula in details_of(made)] == [
        "whatever the activity",
        "the planned value of activity",
        "-£0.005 from plan counts, at 50%",
    ]


def test_a_blended_payment_has_one_rate_unless_another_is_said_and_may_turn_round():
    made = check(
        term("blended", plan="£10", actual="done", above="150%", paid_by="host", paid_to="GP"),
        example(amounts={"done": 100}),
        {"": -350, "fixed": 1000, "variable": -1350},
        [("", "GP", "HOST", 350)],
    )
    assert details_of(made) == []
    check(term("blended", actual="done", above="50%"), example(amounts={"done": 3}),
          {"": Fraction(3, 2), "fixed": 0, "variable": Fraction(3, 2)},
          [("", "ICB", "HOST", Fraction(3, 2))])  # fmt: skip
    with pytest.raises(TermError, match=r"-£0\.01"):
        apply_term(term("blended", plan="plan", actual="£1", above="50%"), example(amounts={"plan": -1}))


def test_a_block_is_paid_by_whom_it_says():
    check(term("block", value="£5"), example(), {"": 500}, [("", "ICB", "HOST", 500)])
    check(term("block", value="£5", paid_by="host", paid_to="GP"), example(), {"": 500}, [("", "HOST", "GP", 500)])
    check(term("block", value="of"), example(amounts={"of": -5}), {"": -5}, [("", "HOST", "ICB", 5)])


@pytest.mark.parametrize(
    ("shared", "after"), [(1001, 1000), (1000, 1000), (0, 0), (-160, -160), (-161, -160), (-9999, -160)]
)
def test_a_cap_is_the_lowest_of_its_limits(shared, after):
    """10% of a benchmark of £100 for a gain; 2% of it (£2), 4% of revenue of £40 (£1.60) or £5 for a loss."""
    change = after - shared
    line = ("", "HOST", "ICB", -change) if change <= 0 else ("", "ICB", "HOST", change)
    loss = [{"rate": "2%", "of": "benchmark"}, {"rate": "4%", "of": "revenue"}, {"sum": "£5"}]
    made = check(
        term("cap", gain=[{"rate": "10%", "of": "benchmark"}], loss=loss),
        example(amounts={"shared": shared, "benchmark": 10_000, "revenue": 4_000}, in_hand=True),
        {"": after, "change": change},
        [line],
    )
    said = "£10.00 (10% of benchmark £100.00)" if shared >= 0 else "£1.60 (4% of revenue £40.00)"
    assert made.lines[0].formula.endswith(f", at most {said}")


def test_a_side_without_a_cap_is_not_limited():
    check(term("cap", gain=[{"sum": "£5"}]), example(amounts={"a": -9999}), {"": -9999, "change": 0},
          [("", "", "", -9999)])  # fmt: skip
    check(term("cap", loss=[{"sum": "£5"}]), example(amounts={"a": 9999}), {"": 9999, "change": 0},
          [("", "", "", 9999)])  # fmt: skip
    check(term("cap", loss=[{"sum": "£5"}]), example(amounts={"a": 0}), {"": 0, "change": 0}, [("", "", "", 0)])
    made = check(term("cap", gain=[{"sum": "£0"}]), example(amounts={"a": HALF}), {"": 0, "change": -HALF},
                 [("", "", "", 0)])  # fmt: skip
    assert made.lines[0].label == "Cap on gain"
    made = apply_term(term("cap", loss=[{"sum": "£0"}]), example(amounts={"a": -HALF}))
    assert (made.lines[0].label, made.lines[0].amount) == ("Cap on loss", 0)
    for limit in ({"rate": "2%"}, {"of": "a"}, {"rate": "2%", "of": "a", "sum": "£5"}, {}):
        with pytest.raises(ValidationError):
            term("cap", gain=[limit])
    with pytest.raises(ValidationError):
        term("cap")


@pytest.mark.parametrize(
    ("amount", "brought_in", "fields", "after", "carried"),
    [
        (20, -30, {"carried": "losses"}, 0, -10),
        (25, -10, {"carried": "losses"}, 15, 0),
        (30, -30, {"carried": "losses"}, 0, 0),
        (25, -10, {"carried": "gains"}, 0, 15),
        (-25, 10, {"carried": "gains"}, -15, 0),
        (-25, 5, {"carried": "both"}, 0, -20),
        (HALF, 0, {"carried": "gains"}, 0, HALF),
        (HALF, 0, {"carried": "losses"}, HALF, 0),
        (25, 5, {"carried": "both"}, 0, 30),
        (-20, 0, {"carried": "losses", "carried_share": "25%"}, -15, -5),
        (-20, 0, {"carried": "losses", "at_most": "£0.12"}, -8, -12),
        (20, 0, {"carried": "gains", "at_most": "£0.12", "carried_share": "25%"}, 15, 5),
    ],
)
def test_what_is_carried_and_what_is_payable_now(amount, brought_in, fields, after, carried):
    state = example(amounts={"due": amount, "last": brought_in})
    amounts = {"": after, "change": after - amount, "brought_in": brought_in, "carried": carried}
    made = check(term("carry", brought_in="last", **fields), state, amounts, [("", "", "", after)])
    assert made.lines[0].formula.endswith("(25% of it)") == ("carried_share" in fields)


def recorded(**fields):
    return term("completion", **fields), {("emergency", 11): Fraction(900), ("emergency", 12): Fraction(850)}


def test_a_month_is_completed_by_its_age():
    """March's £8.50 is 85% on 23 April, February's £9.00 is 90%; January is complete, and so is other care."""
    parameters, months = recorded(factors={"emergency": {"0": "85%", "1": "90%", "2": "100%"}})
    months |= {("community", 12): Fraction(777), ("emergency", 10): Fraction(500), ("emergency", 9): Fraction(400)}
    state = example(cost_by_month_pence=months, as_of=dt.date(2027, 4, 23))
    made = check(parameters, state, {"": 250}, [("", "HOST", "ICB", 250)])
    assert details_of(made) == [
        ("Emergency, February", 100, "£9.00 recorded at 1 months, 90% of the whole"),
        ("Emergency, March", 150, "£8.50 recorded at 0 months, 85% of the whole"),
    ]


def test_a_month_without_cost_has_nothing_to_complete():
    parameters, _ = recorded(factors={"emergency": {"0": "85%"}})
    state = example(cost_by_month_pence={("emergency", 12): Fraction(0)}, as_of=dt.date(2027, 4, 1))
    assert details_of(check(parameters, state, {"": 0}, [("", "HOST", "ICB", 0)])) == []


def test_accruals_are_added_and_credits_turn_round():
    parameters, months = recorded(accruals={"community": "£2", "outpatient": "£1"})
    made = check(parameters, example(cost_by_month_pence=months), {"": 300}, [("", "HOST", "ICB", 300)])
    assert details_of(made) == [("Community, accrued", 200, "an accrual"), ("Outpatient, accrued", 100, "an accrual")]
    made = check(term("completion", accruals={"community": "credit"}), example(amounts={"credit": -5}), {"": -5},
                 [("", "ICB", "HOST", 5)])  # fmt: skip
    assert details_of(made) == []


def test_a_completion_needs_the_day_and_a_month_that_has_ended():
    parameters, months = recorded(factors={"emergency": {"0": "85%"}})
    with pytest.raises(TermError, match="is not known"):
        apply_term(parameters, example(cost_by_month_pence=months))
    with pytest.raises(TermError, match="March had not ended on 2027-03-31"):
        apply_term(parameters, example(cost_by_month_pence=months, as_of=dt.date(2027, 3, 31)))
    march = {("emergency", 12): Fraction(850)}
    made = apply_term(parameters, example(cost_by_month_pence=march, as_of=dt.date(2027, 4, 1)))
    assert made.amounts["t"] == 150


def test_a_triangle_of_two_months():
    """£1.00 grew to £1.25: 80% was recorded in the first month."""
    parameters, _ = recorded(triangles={"emergency": [["100", "125"], ["90"]]})
    assert parameters.recorded_shares() == {"emergency": {0: Fraction(4, 5)}}
    state = example(cost_by_month_pence={("emergency", 12): Fraction(80)}, as_of=dt.date(2027, 4, 1))
    check(parameters, state, {"": 20}, [("", "HOST", "ICB", 20)])


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"factors": {"emergency": {"0": "0%"}}},
        {"factors": {"emergency": {"0": "85%"}}, "accruals": {"emergency": "£1"}},
        {"triangles": {"emergency": [["1"]]}},
        {"triangles": {"emergency": [["1", "2"], ["1", "2"]]}},
        {"triangles": {"emergency": [["1", "2"], ["0"]]}},
    ],
)
def test_a_completion_that_means_nothing_is_refused(fields):
    with pytest.raises(ValidationError):
        term("completion", **fields)


def test_the_smallest_triangle():
    assert term("completion", triangles={"emergency": [["1", "2"], ["1"]]}).recorded_shares() == {
        "emergency": {0: HALF}
    }


FUND = {
    "managed_by": "LA1",
    "contributions": {"host": "£60", "LA1": "£40", "NHS": "gift"},
    "lines": [
        {"id": "aids", "plan": "£50", "actual": "aids", "variance": "variable", "borne": {"LA1": "40%", "host": "60%"}},
        {"id": "beds", "plan": "£10", "actual": "beds", "variance": "variable", "borne": {"NHS": "100%"}},
        {"id": "homes", "plan": "£30", "actual": "homes", "variance": "fixed", "paid_to": "CARE"},
        {"id": "meals", "plan": "£5", "actual": "meals", "variance": "fixed", "paid_to": "LA1"},
        {"id": "other", "plan": "£5", "actual": "other", "variance": "carried"},
    ],
    "brought_in": "last",
}
SPENT = {"gift": -100, "aids": 5800, "beds": 900, "homes": 2700, "meals": 600, "other": 450, "last": 70}


@pytest.mark.parametrize(("balance", "carried", "manager"), [("carried", 20, 200), ("settled", 0, 220)])
def test_a_pooled_fund(balance, carried, manager):
    """Paid in £99.00 and 70p brought in; £104.50 spent; borne apart £8.00 - £1.00; to the manager £3.00 - £1.00.

    99.00 + 0.70 + 7.00 - 104.50 - 2.00 = 20p.
    """
    made = check(
        term("fund", **FUND, balance=balance),
        example(amounts=SPENT),
        {"": 6480, "carried": carried, "manager": manager},
        [
            ("host", "HOST", "LA1", 6000),
            ("NHS", "LA1", "NHS", 100),
            ("aids.host", "HOST", "LA1", 480),
            ("beds.NHS", "LA1", "NHS", 100),
            ("homes", "LA1", "CARE", 2700),
            ("balance", "", "", 20),
        ],
    )
    assert made.lines[4].label == "Homes: paid out"
    assert {str(party) for party in term("fund", **FUND, balance=balance).named_parties()} == {"host", "LA1", "NHS"}


def test_a_line_of_a_fund_is_borne_where_it_is_variable():
    for line in ({"variance": "variable"}, {"variance": "fixed", "borne": {"host": "100%"}}):
        with pytest.raises(ValidationError):
            term("fund", managed_by="LA1", contributions={}, balance="carried",
                 lines=[{"id": "a", "plan": "£1", "actual": "£1", **line}])  # fmt: skip


@pytest.mark.parametrize(
    ("saving", "fields", "after", "least", "passed"),
    [
        (10, {"test": "at_least", "style": "first_pound"}, 10, "1%", 1),
        (10, {"test": "more_than", "style": "first_pound"}, 0, "1%", 0),
        (11, {"test": "more_than", "style": "excess_only"}, 1, "1%", 1),
        (9, {"test": "at_least", "style": "first_pound", "below": "50%", "below_loss": "0%"}, Fraction(9, 2), "1%", 0),
        (
            -9,
            {"test": "at_least", "style": "first_pound", "below": "0%", "below_loss": "50%"},
            -Fraction(9, 2),
            "1%",
            0,
        ),
        (-10, {"test": "at_least", "style": "first_pound"}, -10, "1%", 1),
        (-25, {"test": "at_least", "style": "excess_only", "minimum_loss": "2%"}, -5, "2%", 1),
        (15, {"test": "at_least", "style": "excess_only", "minimum_loss": "2%"}, 5, "1%", 1),
        (45, {"test": "at_least", "style": "first_pound", "side": "loss"}, 0, "1%", 0),
        (-45, {"test": "at_least", "style": "first_pound", "side": "gain"}, 0, "1%", 0),
        (-45, {"test": "at_least", "style": "first_pound", "side": "loss"}, -45, "1%", 1),
        (45, {"test": "at_least", "style": "first_pound", "side": "gain"}, 45, "1%", 1),
        (0, {"test": "at_least", "style": "first_pound", "side": "loss"}, 0, "1%", 0),
        (0, {"test": "at_least", "style": "excess_only", "minimum_loss": "2%"}, 0, "1%", 0),
        (HALF, {"test": "at_least", "style": "first_pound", "below": "50%"}, Fraction(1, 4), "1%", 0),
    ],
)
def test_a_gate(saving, fields, after, least, passed):
    """1% of £10.00 is 10p."""
    check(
        term("gate", base="baseline", minimum="1%", **fields),
        example(amounts={"saving": saving, "baseline": 1000}, in_hand=True),
        {"": after, "minimum": Fraction(int(least[0]), 100), "passed": passed},
        [("", "", "", after)],
    )


@pytest.mark.parametrize(
    ("fields", "saving", "words"),
    [
        ({"style": "excess_only"}, 4500, "1% of base £1,000.00 = £10.00: passed: what lies beyond £10.00"),
        ({"style": "first_pound"}, 4500, "1% of base £1,000.00 = £10.00: passed"),
        ({"style": "first_pound"}, 45, "1% of base £1,000.00 = £10.00: not passed"),
        ({"style": "first_pound", "below": "50%"}, 45, "1% of base £1,000.00 = £10.00: not passed: 50% goes on"),
    ],
)
def test_the_formula_of_a_gate(fields, saving, words):
    made = apply_term(term("gate", base="base", minimum="1%", test="at_least", **fields),
                      example(amounts={"saving": saving, "base": 100_000}))  # fmt: skip
    assert made.lines[0].formula.endswith(" against " + words)


def test_payments_on_account_and_their_return():
    check(term("on_account"), example(paid_on_account_pence=900), {"": 900}, [("", "HOST", "ICB", 900)])
    check(term("on_account"), example(paid_on_account_pence=-900), {"": -900}, [("", "ICB", "HOST", 900)])


def test_outcomes_withheld_with_their_details():
    """10% of £100.00 withheld; 75% at 100% and 25% at 20% earn £8.00 of the £10.00 back."""
    made = check(
        term("outcomes", base="base", at_risk="10%", weights={"a": "75%", "b": "25%"}),
        example(amounts={"base": 10_000}, scores={"a": Fraction(1), "b": Fraction(1, 5)}),
        {"": -200, "withheld": 1000, "earned": 800, "score": Fraction(4, 5)},
        [("withheld", "HOST", "ICB", 1000), ("earned", "ICB", "HOST", 800)],
    )
    earned = [(detail.label, detail.amount, detail.formula) for detail in made.lines[1].details]
    assert earned == [("a", 750, "weight 75% × score 1.000000"), ("b", 50, "weight 25% × score 0.200000")]
    assert made.lines[1].formula == "£10.00 withheld × weighted score 0.800000"
    assert made.lines[0].formula == "10% of base £100.00, the share at risk in contract year 1"


@pytest.mark.parametrize(
    ("score", "fields", "counts"),
    [
        (HALF, {}, HALF),
        (HALF, {"minimum_score": "50%"}, HALF),
        (Fraction(49, 100), {"minimum_score": "50%"}, 0),
        (Fraction(99, 100), {"earning": "all_or_nothing"}, 0),
        (1, {"earning": "all_or_nothing"}, 1),
        (0, {"reporting_years": [1], "reported": "flag"}, 1),
        (1, {"reporting_years": [2], "reported": "flag", "earning": "all_or_nothing"}, 1),
    ],
)
def test_how_a_score_counts(score, fields, counts):
    state = example(amounts={"due": 1000, "score": score, "flag": 1})
    check(term("outcomes", mode="multiply_amount", score="score", **fields), state,
          {"": 1000 * counts, "change": 1000 * counts - 1000, "score": counts},
          [("", "", "", 1000 * counts)])  # fmt: skip
    check(term("outcomes", mode="bonus", value="£5", score="score", **fields), state,
          {"": 500 * counts, "score": counts}, [("", "ICB", "HOST", 500 * counts)])  # fmt: skip
    check(term("outcomes", mode="multiply_share", share="40%", score="score", **fields), state,
          {"": Fraction(2, 5) * counts, "score": counts}, [])  # fmt: skip


def test_a_flag_that_says_no_earns_nothing_in_a_reporting_year():
    fields = {"mode": "bonus", "value": "£5", "score": "score", "reporting_years": [1], "reported": "flag"}
    made = apply_term(term("outcomes", **fields), example(amounts={"score": 1, "flag": 0}))
    assert made.amounts["t"] == 0


@pytest.mark.parametrize(
    ("score", "fields", "rate"),
    [
        (0, {}, 1),
        (1, {}, Fraction(1, 4)),
        (HALF, {}, Fraction(5, 8)),
        (1, {"at_least": "40%"}, Fraction(2, 5)),
        (0, {"at_most": "75%"}, Fraction(3, 4)),
        (0, {"at_least": "40%", "at_most": "40%"}, Fraction(2, 5)),
    ],
)
def test_a_loss_rate_between_its_ends(score, fields, rate):
    parameters = term("outcomes", mode="loss_rate", score="score", at_no_score="100%", at_full_score="25%", **fields)
    check(parameters, example(amounts={"score": score}), {"": rate, "score": score}, [])


def test_a_floor_over_its_ceiling_is_refused():
    parameters = term("outcomes", mode="loss_rate", score="1", at_no_score="100%", at_full_score="25%",
                      at_least="41%", at_most="40%")  # fmt: skip
    with pytest.raises(TermError, match="the floor 41% lies over the ceiling 40%"):
        apply_term(parameters, example())


def test_a_bonus_says_what_it_is_of():
    state = example(amounts={"base": 10_000, "score": HALF})
    made = apply_term(term("outcomes", mode="bonus", value="£5", score="score"), state)
    assert (made.lines[0].label, made.lines[0].formula) == ("Outcomes: bonus", "£5.00 × score 0.500000")
    made = apply_term(term("outcomes", mode="bonus", base="base", at_risk="10%", score="score"), state)
    assert (made.lines[0].label, made.lines[0].formula) == ("Outcomes: bonus", "10% of base £100.00 × score 0.500000")
    made = apply_term(term("outcomes", base="base", at_risk="10%", score="score"), state)
    assert [line.label for line in made.lines] == ["Outcomes: withheld", "Outcomes: earned back"]


def test_a_payment_for_each_indicator():
    """£1.00 at one half, 60p at one quarter, which is the least that counts, and 40p at less: 50p + 15p."""
    scores = {"a": HALF, "b": Fraction(1, 4), "c": Fraction(6, 25)}
    parameters = term(
        "outcomes", mode="per_indicator", payments={"a": "£1", "b": "£0.60", "c": "£0.40"}, minimum_score="25%"
    )
    made = check(parameters, example(scores=scores), {"": 65}, [("", "ICB", "HOST", 65)])
    assert details_of(made) == [
        ("a", 50, "£1.00 × score 0.500000"),
        ("b", 15, "£0.60 × score 0.250000"),
        ("c", 0, "£0.40 × score 0.000000"),
    ]
    assert parameters.indicators() == ("a", "b", "c")
    assert apply_term(term("outcomes", mode="per_indicator", payments={"a": "none"}),
                      example(amounts={"none": 0}, scores=scores)).amounts == {"t": 0}  # fmt: skip
    with pytest.raises(TermError, match=r"the payment for `a` came to -£0\.01"):
        apply_term(term("outcomes", mode="per_indicator", payments={"a": "less"}),
                   example(amounts={"less": -1}, scores=scores))  # fmt: skip


def test_a_payment_of_what_nobody_holds():
    check(term("payment", rate="80%"), example(amounts={"due": 1000}), {"": 800}, [("", "ICB", "HOST", 800)])
    check(term("payment", on="less"), example(amounts={"due": 1, "less": -1000}), {"": -1000},
          [("", "HOST", "ICB", 1000)])  # fmt: skip
    made = check(term("payment", rounded_to="£0.10", paid_by="GP", paid_to="host"), example(amounts={"due": 1005}),
                 {"": 1010}, [("", "GP", "HOST", 1010)])  # fmt: skip
    assert made.lines[0].formula == "due £10.05, rounded to £0.10"
    made = apply_term(term("payment", rate="80%"), example(amounts={"due": 1000}))
    assert made.lines[0].formula == "due £10.00 × 80%"
    with pytest.raises(TermError, match="which the host holds already"):
        apply_term(term("payment"), example(amounts={"due": 1000}, in_hand=True))
    for step in ("£0", "less"):
        with pytest.raises(TermError, match="a step above zero"):
            apply_term(term("payment", rounded_to=step), example(amounts={"due": 1000, "less": -1}))


PERSONAL = {"agreed": "agreed", "paid": "paid", "spent": "spent", "returned": "returned"}


@pytest.mark.parametrize(
    ("never_paid", "still", "used", "lines"),
    [
        ("host", "reclaimed", 500, []),
        ("host", "left", 700, []),
        ("commissioner", "left", 700, [("never_paid", "HOST", "ICB", 200)]),
    ],
)
def test_personal_budgets(never_paid, still, used, lines):
    """£10.00 agreed, £8.00 paid, £5.00 spent, £1.00 returned: £2.00 is still with people, £2.00 was never paid."""
    sums = {"agreed": 1000, "paid": 800, "spent": 500, "returned": 100}
    check(
        term("personal_budgets", **PERSONAL, never_paid=never_paid, still_with_people=still),
        example(amounts=sums),
        {"": used + sum(line[3] for line in lines), "used": used, "never_paid": 200, "still_with_people": 200},
        [("used", "HOST", "personal budgets", used), *lines],
    )


@pytest.mark.parametrize(
    ("sums", "fits"),
    [
        ((0, 0, 0, 0), True),
        ((10, 10, 4, 6), True),
        ((10, 11, 4, 6), False),
        ((10, 10, 5, 6), False),
        ((10, 8, 9, 0), False),
        ((10, 8, 0, 9), False),
        ((10, 8, -1, 0), False),
        ((10, 8, 0, -1), False),
    ],
)
def test_personal_budgets_that_cannot_be(sums, fits):
    state = example(amounts=dict(zip(PERSONAL, sums, strict=True)))
    parameters = term("personal_budgets", **PERSONAL, never_paid="host", still_with_people="left")
    if fits:
        assert apply_term(parameters, state).amounts["t"] == sums[2] + sums[1] - sums[2] - sums[3]
    else:
        with pytest.raises(TermError):
            apply_term(parameters, state)


@pytest.mark.parametrize(("profit", "kept"), [(200, 75), (75, 75), (74, 74), (0, 0), (-200, -200)])
def test_a_profit_limit(profit, kept):
    """7.5% of a turnover of £10.00."""
    check(
        term("profit_limit", base="turnover", limit="7.5%", returned_to="LA1"),
        example(amounts={"profit": profit, "turnover": 1000}, in_hand=True),
        {"": kept, "change": kept - profit, "returned": profit - kept},
        [("", "HOST", "LA1", profit - kept)],
    )


def test_a_split_of_a_gain_and_of_a_loss():
    shares = {"host": "50%", "VC1": "30%", "commissioner": "20%"}
    parameters = term("split", shares=shares, loss_shares={"host": "100%", "VC2": "0%"})
    check(parameters, example(amounts={"a": 100}, in_hand=True),
          {"": -50, "host": 50, "VC1": 30, "commissioner": 20, "VC2": 0},
          [("VC1", "HOST", "VC1", 30), ("commissioner", "HOST", "ICB", 20)])  # fmt: skip
    check(parameters, example(amounts={"a": -100}, in_hand=False),
          {"": -100, "host": -100, "VC1": 0, "commissioner": 0, "VC2": 0},
          [("host", "HOST", "ICB", 100), ("VC2", "ICB", "VC2", 0)])  # fmt: skip
    check(term("split", shares=shares, paid_by="VC1"), example(amounts={"a": 100}, in_hand=True),
          {"": 50, "host": 50, "VC1": 30, "commissioner": 20},
          [("host", "VC1", "HOST", 50), ("commissioner", "VC1", "ICB", 20)])  # fmt: skip
    check(parameters, example(amounts={"a": 0}, in_hand=True),
          {"": 0, "host": 0, "VC1": 0, "commissioner": 0, "VC2": 0},
          [("VC1", "HOST", "VC1", 0), ("commissioner", "HOST", "ICB", 0)])  # fmt: skip
    made = apply_term(parameters, example(amounts={"a": 100}, in_hand=True))
    assert [(line.portion.whole, line.portion.place) for line in made.lines] == [(100, 1), (100, 2)]
    assert made.lines[0].portion.weights == (HALF, Fraction(3, 10), Fraction(1, 5))
    assert made.lines[0].formula == "30% of a £1.00"
    assert (parameters.keeps_in_hand(frozenset("a"), "a"), parameters.gives_on()) == (frozenset(), False)
    assert [str(party) for party in parameters.named_parties()] == ["host", "VC1", "commissioner", "VC2"]
    for wrong in ({"host": "99%"}, {"host": "100%", "VC1": "1%"}):
        with pytest.raises(ValidationError):
            term("split", shares=wrong)


@pytest.mark.parametrize(
    ("share", "fields", "after"),
    [
        (1000, {"taken_from": "gains"}, 980),
        (-1000, {"taken_from": "gains"}, -1000),
        (-1000, {"taken_from": "both"}, -1020),
        (-1000, {"taken_from": "both", "of": "gross"}, -1030),
        (0, {"taken_from": "both", "of": "gross"}, 0),
        (1, {"taken_from": "gains", "of": "gross"}, -29),
        (HALF, {"taken_from": "gains"}, Fraction(49, 100)),
    ],
)
def test_a_statutory_cut(share, fields, after):
    """2% of the share, or of a gross of £15.00 either way."""
    change = after - share
    check(term("statutory_cut", rate="2%", **fields), example(amounts={"share": share, "gross": -1500}, in_hand=True),
          {"": after, "change": change}, [("", "HOST", "ICB", -change)])  # fmt: skip


def test_what_a_person_costs_over_the_threshold():
    parameters = term("stop_loss", threshold="£30", share="80%", borne_by="LA1")
    made = check(parameters, example(over_threshold_pence=Fraction(200)), {"": 160, "over": 200},
                 [("", "LA1", "HOST", 160)])  # fmt: skip
    assert made.lines[0].formula == "80% of £2.00 over £30.00 a person"
    assert made.lines[0].inputs == {"cost over the threshold": "£2.00"}
    more = term("stop_loss", threshold="£30", share="80%", borne_by="LA1", pro_rata=True, taken="in_proportion")
    made = apply_term(more, example(over_threshold_pence=Fraction(200)))
    assert made.lines[0].formula.endswith(" a person, pro rata to their days, taken from their lines in proportion")


VCSE = {"partner": "VC1", "value": "£100", "paid_by": "host"}


@pytest.mark.parametrize(
    ("rate", "value"), [("5.2%", 10_400), ("4%", 10_400), ("2%", 10_200), ("1%", 10_100), ("0.5%", 10_100)]
)
def test_a_line_is_indexed_between_floor_and_cap(rate, value):
    indexation = {"agreed_in": "2025/26", "rates": {"2026/27": rate}, "floor": "1%", "cap": "4%"}
    check(term("vcse_line", **VCSE, indexation=indexation), example(), {"": value}, [("", "HOST", "VC1", value)])


def test_a_line_is_indexed_year_by_year():
    """£100 × 1.1 × 1.2 in the second year after it was agreed, and as it was agreed in the year itself."""
    indexation = {"agreed_in": "2025/26", "rates": {"2026/27": "10%", "2027/28": "20%"}}
    parameters = term("vcse_line", **VCSE, indexation=indexation)
    made = check(parameters, example(contract_year=2), {"": 13_200}, [("", "HOST", "VC1", 13_200)])
    assert made.lines[0].formula == "£100.00 agreed, 2026/27 × 110%, 2027/28 × 120%"
    assert details_of(made) == []
    check(parameters, example(contract_year=0), {"": 10_000}, [("", "HOST", "VC1", 10_000)])
    with pytest.raises(TermError, match="no rate for 2028/29"):
        apply_term(parameters, example(contract_year=3))
    assert term("vcse_line", **VCSE, indexation={**indexation, "floor": "1%", "cap": "1%"})
    with pytest.raises(ValidationError):
        term("vcse_line", **VCSE, indexation={**indexation, "floor": "2%", "cap": "1%"})


@pytest.mark.parametrize(
    ("score", "paid", "raised"), [("1", 10_000, False), ("1/2", 9_000, False), ("1/4", 9_000, True)]
)
def test_a_line_with_outcomes_is_protected(score, paid, raised):
    """A fifth of £100 on outcomes, 90% protected: one half earns exactly that, one quarter less than that."""
    outcomes = {"share": "20%", "weights": {"a": "100%"}}
    made = check(
        term("vcse_line", **VCSE | {"paid_by": "commissioner"}, protected_minimum="90%", outcome_part=outcomes,
             profile=["1/4", "3/4"]),
        example(scores={"a": Fraction(score)}),
        {"": paid},
        [("", "ICB", "VC1", paid)],
    )  # fmt: skip
    assert details_of(made) == [
        ("part 1 of 2", Fraction(paid, 4), "25% of the year"),
        ("part 2 of 2", Fraction(3 * paid, 4), "75% of the year"),
    ]
    assert made.lines[0].formula.endswith("; raised to the protected 90%") == raised
    assert made.lines[0].inputs == {"value of the year": "£100.00"}


def test_a_figure_and_a_number():
    check(term("figure", value={"add": ["a", "£1"]}), example(amounts={"a": 50}), {"": 150}, [("", "", "", 150)])
    number = term("figure", value={"add": ["a", "1"]}, unit="number")
    check(number, example(amounts={"a": 50}), {"": 51}, [])
    assert (number.is_number("t"), number.gives_on()) == (True, False)
    money = term("figure", value="£1")
    assert (money.is_number("t"), money.gives_on()) == (False, True)


def test_the_cost_with_its_blocks_and_providers():
    cost = {"cost_pence": {"emergency": 700, "primary": 300}, "cost_by_provider_pence": {"TRUST": 800, "GP": 200}}
    parts = {"gp": BlockPart("GP team", "primary", "a share"), "nurse": BlockPart("Nurses", "primary", "all of it")}
    state = example(**cost, block_pence={"gp": 100, "nurse": 50}, block_parts=parts)
    made = check(term("activity_cost"), state, {"": 1000}, [("", "HOST", "ICB", 1000)])
    assert details_of(made) == [
        ("Emergency", 700, ""),
        ("Primary", 150, ""),
        ("Block: GP team", 100, "a share"),
        ("Block: Nurses", 50, "all of it"),
    ]
    made = check(term("activity_cost"), example(**cost, host_pays_provider=True), {"": 1000},
                 [("", "HOST", "providers", 1000)])  # fmt: skip
    assert made.lines[0].payees == {"TRUST": 800, "GP": 200}
    assert [label for label, _, _ in details_of(made)] == ["Emergency", "Primary"]


@pytest.mark.parametrize(
    ("balance", "kept", "payer", "moved"),
    [
        (2000, 2000, "HOST", 0),
        (6000, 4000, "HOST", 2000),
        (-1000, -500, "ICB", 500),
        (0, 0, "HOST", 0),
    ],
)
def test_marginal_bands(balance, kept, payer, moved):
    """All of a gain up to 2% of £1,000, half beyond; half of a loss."""
    payee = "ICB" if payer == "HOST" else "HOST"
    gain = [{"to": "2%", "host_share": "100%"}, {"from": "2%", "host_share": "50%"}]
    check(term("bands", base="budget", gain=gain, loss="50%"),
          example(amounts={"balance": balance, "budget": 100_000}, in_hand=True),
          {"": kept, "other": balance - kept}, [("", payer, payee, moved)])  # fmt: skip


@pytest.mark.parametrize(("gain", "kept"), [(1999, 1999), (2000, 1000), (6000, 3000)])
def test_the_whole_amount_is_shared_by_the_band_in_which_it_ends(gain, kept):
    bands = [{"to": "2%", "host_share": "100%"}, {"from": "2%", "host_share": "50%"}]
    check(term("bands", base="budget", both=bands, style="whole_amount", sharing_with="LA1"),
          example(amounts={"balance": gain, "budget": 100_000}, in_hand=True),
          {"": kept, "other": gain - kept}, [("", "HOST", "LA1", gain - kept)])  # fmt: skip
    check(term("bands", base="budget", both=bands, style="whole_amount"),
          example(amounts={"balance": -gain, "budget": 100_000}),
          {"": -kept, "other": kept - gain}, [("", "", "", -kept)])  # fmt: skip


def test_what_a_band_gives_away_is_shown():
    bands = [{"to": "2%", "host_share": "75%"}, {"from": "2%", "to": "5%", "host_share": "50%"},
             {"from": "5%", "host_share": "0%"}]  # fmt: skip
    made = apply_term(term("bands", base="budget", both=bands),
                      example(amounts={"balance": 6000, "budget": 100_000}, in_hand=True))  # fmt: skip
    assert details_of(made) == [
        ("0% to 2%", 500, "£20.00 × 25%"),
        ("2% to 5%", 1500, "£30.00 × 50%"),
        ("5% and over", 1000, "£10.00 × 100%"),
    ]
    assert made.lines[0].formula == (
        "gain of £60.00: the host's part is £30.00, the other party's £30.00, in bands of budget £1,000.00"
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"gain": "50%"},
        {"gain": "50%", "loss": "50%", "both": "50%"},
        {"both": []},
        {"both": [{"from": "1%", "host_share": "50%"}], "base": "b"},
        {"both": [{"to": "1%", "host_share": "50%"}], "base": "b"},
        {"both": [{"host_share": "50%"}, {"from": "1%", "host_share": "50%"}], "base": "b"},
        {"both": [{"to": "1%", "host_share": "50%"}, {"from": "2%", "host_share": "50%"}], "base": "b"},
        {"both": [{"to": "0%", "host_share": "50%"}, {"from": "0%", "host_share": "50%"}], "base": "b"},
        {"both": [{"to": "1%", "host_share": "50%"}, {"from": "1%", "host_share": "50%"}]},
    ],
)
def test_bands_that_do_not_join_up_are_refused(fields):
    with pytest.raises(ValidationError):
        term("bands", **fields)


IN_HAND, NOT = frozenset(("t",)), frozenset()


@pytest.mark.parametrize(
    ("parameters", "before", "after", "gives_on"),
    [
        (term("cap", gain=[{"sum": "£1"}]), {"a"}, IN_HAND, True),
        (term("cap", gain=[{"sum": "£1"}]), {"b"}, NOT, True),
        (term("cap", gain=[{"sum": "£1"}], on="b"), {"b"}, IN_HAND, True),
        (term("block", value="£1"), set(), IN_HAND, False),
        (term("block", value="£1", paid_to="GP"), set(), NOT, False),
        (term("blended", actual="£1", above="50%"), set(), IN_HAND, False),
        (term("blended", actual="£1", above="50%", paid_to="GP"), set(), NOT, False),
        (term("payment"), set(), IN_HAND, True),
        (term("payment", paid_by="host", paid_to="GP"), set(), IN_HAND, True),
        (term("payment", paid_to="GP"), set(), NOT, True),
        (term("balance", base="b"), set(), IN_HAND, True),
        (term("balance", of="b", less="c"), set(), NOT, True),
        (term("capitation"), set(), IN_HAND, False),
        (term("stop_loss", threshold="£1", share="1%", borne_by="ICB"), set(), IN_HAND, False),
        (term("activity_cost"), {"a"}, NOT, False),
        (term("outcomes", base="b", at_risk="1%", score="1"), set(), IN_HAND | {"t.earned"}, False),
        (term("outcomes", mode="bonus", value="£1", score="1"), set(), IN_HAND, False),
        (term("outcomes", mode="per_indicator", payments={"a": "£1"}), set(), IN_HAND, False),
        (term("outcomes", mode="multiply_amount", score="1"), {"a"}, IN_HAND, True),
        (term("outcomes", mode="multiply_amount", score="1"), {"b"}, NOT, True),
        (term("outcomes", mode="multiply_share", share="1%", score="1"), {"a"}, NOT, False),
    ],
)
def test_what_a_term_leaves_in_the_hosts_hands_and_to_the_next_term(parameters, before, after, gives_on):
    assert parameters.keeps_in_hand(frozenset(before), "a") == after
    assert parameters.gives_on() == gives_on


@pytest.mark.parametrize(
    ("parameters", "name", "number"),
    [
        (term("balance", base="b"), "t.rate", True),
        (term("balance", base="b"), "t", False),
        (term("gate", base="b", minimum="1%", test="at_least", style="first_pound"), "t.minimum", True),
        (term("gate", base="b", minimum="1%", test="at_least", style="first_pound"), "t.passed", True),
        (term("balance", base="b"), "of.a.name.rate", True),
        (term("outcomes", mode="bonus", value="£1", score="1"), "t.score", True),
        (term("outcomes", mode="bonus", value="£1", score="1"), "t", False),
        (term("outcomes", mode="multiply_share", share="1%", score="1"), "t", True),
        (term("outcomes", mode="loss_rate", at_no_score="1%", at_full_score="1%", score="1"), "t", True),
    ],
)
def test_which_amounts_are_numbers(parameters, name, number):
    assert parameters.is_number(name) == number


@pytest.mark.parametrize(
    "fields",
    [
        {"base": "b", "score": "1"},
        {"base": "b", "at_risk": "1%"},
        {"base": "b", "at_risk": "1%", "score": "1", "weights": {"a": "100%"}},
        {"base": "b", "at_risk": "1%", "score": "1", "value": "£1"},
        {"mode": "bonus", "score": "1"},
        {"mode": "bonus", "score": "1", "base": "b"},
        {"mode": "bonus", "score": "1", "base": "b", "at_risk": "1%", "value": "£1"},
        {"mode": "per_indicator", "payments": {"a": "£1"}, "score": "1"},
        {"mode": "per_indicator"},
        {"mode": "multiply_share", "score": "1"},
        {"mode": "multiply_amount", "score": "1", "share": "1%"},
        {"mode": "multiply_amount", "score": "1", "reporting_years": [1]},
        {"mode": "multiply_amount", "score": "1", "reported": "flag"},
    ],
)
def test_outcomes_whose_fields_do_not_fit_their_mode_are_refused(fields):
    with pytest.raises(ValidationError):
        term("outcomes", **fields)


def test_a_line_says_its_title_and_clause():
    titled = KINDS["fund"].Parameters(
        id="t", kind="fund", title="The pool", clause="7.2", managed_by="LA1", contributions={"host": "£1"},
        lines=[{"id": "a", "plan": "£1", "actual": "£1", "variance": "fixed"}], balance="carried",
    )  # fmt: skip
    assert [(line.label, line.clause) for line in apply_term(titled, example()).lines] == [
        ("Contribution", "7.2"),
        ("Balance of the fund, carried", "7.2"),
    ]
    block = KINDS["block"].Parameters(id="t", kind="block", title="The core", clause="1", value="£1")
    assert [(line.label, line.clause) for line in apply_term(block, example()).lines] == [("The core", "1")]


def test_what_a_state_knows():
    state = example(amounts={"a": 1}, choices={"track": "basic"})
    assert [state.knows(name) for name in ("a", "track", "b")] == [True, True, False]
    assert (state.text("host"), state.text("track"), state.party("host"), state.party("GP")) == (
        "HOST",
        "basic",
        "HOST",
        "GP",
    )
