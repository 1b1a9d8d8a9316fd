"""A contract in which nothing depends on cost is studied over its rates."""

from fractions import Fraction

from yoc.contract import read_contract
from yoc.contract.inputs import InputValues
from yoc.settlement.position_of import position_of
from yoc.settlement.study import study

CONTRACT = read_contract(
    """
contract: by-hand
title: Worked by hand
version: "1"
status: live
parties:
  - {code: ICB, name: Commissioner, role: commissioner}
position:
  baseline: {kind: money, is: budget}
  better_rate: {kind: rate}
  quality: {kind: score}
terms:
  - {id: gain, kind: figure, value: {multiply: [baseline, better_rate]}}
  - {id: gated, kind: gate, base: baseline, minimum: 2%, test: at_least, style: first_pound}
  - {id: paid, kind: payment}
""",
    "contract.yaml",
)


def test_a_gate_on_a_rate_is_a_jump_and_what_is_beyond_has_no_end():
    """2% of £1,000 is £20.00: below it nothing is paid, from there on £10.00 more for each 1%."""
    values = {"baseline": Fraction(100_000), "better_rate": Fraction(1, 20), "quality": Fraction(1)}
    found = study(CONTRACT, position_of(CONTRACT, "ACO", InputValues(values)))
    assert [(jump.of, jump.point, jump.before, jump.after, jump.term, jump.judged) for jump in found.jumps] == [
        ("better_rate", Fraction(1, 50), 0, 2_000, "gated", False)
    ]
    assert [(each.party, each.least, each.most) for each in found.exposures] == [("ICB", None, 0), ("ACO", 0, None)]
    assert (found.bent, found.failed, found.wrong_way, found.idle_terms) == ((), (), (), ())


def test_a_rate_that_has_no_meaning_from_nothing_on_is_told_and_not_followed():
    divided = read_contract(
        """
contract: by-hand
title: Worked by hand
version: "1"
status: live
parties:
  - {code: ICB, name: Commissioner, role: commissioner}
position:
  baseline: {kind: money, is: budget}
  better_rate: {kind: rate}
terms:
  - {id: plan, kind: figure, value: {subtract: [{multiply: [baseline, better_rate]}, £1]}}
  - {id: paid, kind: blended, plan: plan, actual: baseline, above: 10%}
""",
        "contract.yaml",
    )
    values = {"baseline": Fraction(100_000), "better_rate": Fraction(1, 20)}
    found = study(divided, position_of(divided, "ACO", InputValues(values)))
    assert [failure.term for failure in found.failed] == ["paid"]
