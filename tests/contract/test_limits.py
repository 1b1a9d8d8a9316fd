"""A limit that came to less than nothing, or a floor over its ceiling, means nothing and is refused by name."""

from fractions import Fraction

import pytest
from pydantic import TypeAdapter

from yoc.contract.terms import KINDS, apply_term
from yoc.contract.terms.base import TermError, example
from yoc.contract.values import Value, ValueProblem

# What is left of a pot that was overdrawn by £5: £100 less £105.
AMOUNTS = {"gain": 20_000, "base": 100_000, "pot": 10_000, "drawn": 10_500}
LEFT = {"subtract": ["pot", "drawn"]}
UNDER_NOTHING = {
    "cap of a gain": ("cap", {"gain": [{"sum": LEFT}]}, "the limit comes to -£5.00"),
    "cap by a rate": ("cap", {"gain": [{"rate": "-2%", "of": "base"}]}, "the limit comes to -£20.00"),
    "the lowest of several": ("cap", {"gain": [{"sum": "£5"}, {"sum": LEFT}]}, "the limit comes to -£5.00"),
    "profit limit": ("profit_limit", {"base": "base", "limit": "-1%"}, "the limit comes to -1%"),
    "gate": (
        "gate",
        {"base": "base", "minimum": "-1%", "test": "at_least", "style": "excess_only"},
        "the least rate comes to -1%",
    ),
    "carry": ("carry", {"carried": "gains", "at_most": LEFT}, "the most that goes on comes to -£5.00"),
    "bonus": ("outcomes", {"mode": "bonus", "value": LEFT, "score": "50%"}, "the bonus comes to -£5.00"),
}


@pytest.mark.parametrize(("kind", "fields", "said"), UNDER_NOTHING.values(), ids=UNDER_NOTHING)
def test_a_limit_under_nothing_is_refused(kind, fields, said):
    term = KINDS[kind].Parameters(id="limited", kind=kind, **fields)
    with pytest.raises(TermError, match=f"term `limited`: {said}, less than nothing"):
        apply_term(term, example(amounts=AMOUNTS))


def test_a_limit_of_nothing_leaves_nothing():
    term = KINDS["cap"].Parameters(id="limited", kind="cap", gain=[{"sum": "£0"}])
    assert apply_term(term, example(amounts=AMOUNTS)).amounts["limited"] == 0


def test_a_floor_over_its_ceiling_is_refused_and_one_at_it_is_not():
    def value(floor: str, ceiling: str) -> Fraction:
        read = TypeAdapter(Value).validate_python({"add": ["gain", "base"], "at_least": floor, "at_most": ceiling})
        return read.of(example(amounts=AMOUNTS))

    assert value("£300", "£300") == 30_000
    with pytest.raises(ValueProblem, match="a floor lies under its ceiling"):
        value("£301", "£300")


def test_a_loss_rate_with_its_floor_over_its_ceiling_is_refused():
    fields = {"mode": "loss_rate", "score": "50%", "at_no_score": "100%", "at_full_score": "0%"}
    term = KINDS["outcomes"].Parameters(id="rate", kind="outcomes", **fields, at_least="75%", at_most="40%")
    with pytest.raises(TermError, match="the floor 75% lies over the ceiling 40%"):
        apply_term(term, example())
