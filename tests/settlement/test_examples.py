"""What a worked example expects is compared to the penny, or within what it says, and told where it differs."""

import pytest

from yoc.contract import read_contract
from yoc.core.findings import FindingsError
from yoc.settlement.examples import read_examples, work

CONTRACT_TEXT = """
contract: by-hand
title: Worked by hand
version: "1"
status: live
parties:
  - {code: ICB, name: Commissioner, role: commissioner}
  - {code: GP, name: Practice, role: provider}
position:
  baseline: {kind: money, is: budget}
  spend: {kind: money, is: cost}
  quality: {kind: score, default: 100%}
  track: {kind: choice, choices: [basic, enhanced], default: basic}
terms:
  - {id: saving, kind: balance, of: baseline, less: spend}
  - {id: shared, kind: bands, gain: 50%, loss: 25%}
  - {id: paid, kind: payment}
"""
CONTRACT = read_contract(CONTRACT_TEXT, "contract.yaml")
POSITION = "{baseline: £1000, spend: £900}"
EXPECT = "    expect: {result: £50}\n"


def worked(lines: str, position: str = POSITION):
    """An example of a saving of £100, of which £50 is the host's; its differences as their line and words."""
    made = work(CONTRACT, read_examples(f"examples:\n  - name: one\n    position: {position}\n{lines}", "e.yaml"), 0)
    assert all(found.mend for found in made.differences)
    return [(found.code, found.line, found.message) for found in made.differences]


@pytest.mark.parametrize(
    "lines",
    [
        "    expect: {saving: £100, shared: £50, paid: £50, result: £50}\n",
        "    expect: {quality: 100%}\n",
        "    expect: {paid: £50.01}\n    within: £0.01\n",
        "    expect: {paid: £49}\n    within: £1\n",
        "    pays: [{paid_by: commissioner, paid_to: host, amount: £50}]\n",
        "    pays: [{paid_by: ICB, paid_to: HOST, amount: £20}, {paid_by: ICB, paid_to: HOST, amount: £30}]\n",
        "    pays: [{paid_by: commissioner, paid_to: host, amount: £49}]\n    within: £1\n",
    ],
)
def test_an_example_that_is_met(lines):
    assert worked(lines) == []


@pytest.mark.parametrize(
    ("lines", "line", "words"),
    [
        (
            "    expect:\n      shared: £50\n      paid: £50.01\n",
            6,
            "one: `paid` comes to £50.00, and £50.01 is agreed",
        ),
        ("    expect: {result: £49.99}\n", 4, "one: `result` comes to £50.00, and £49.99 is agreed"),
        ("    expect: {paid: £48.99}\n    within: £1\n", 4, "one: `paid` comes to £50.00, and £48.99 is agreed"),
        ("    expect: {quality: 99%}\n    within: £1\n", 4, "one: `quality` comes to 1, and 0.99 is agreed"),
        ("    pays: []\n", 4, "one: ICB pays HOST £50.00, and £0.00 is agreed"),
        (
            "    pays: [{paid_by: host, paid_to: commissioner, amount: £1},"
            " {paid_by: commissioner, paid_to: host, amount: £50}]\n",
            4,
            "one: HOST pays ICB £0.00, and £1.00 is agreed",
        ),
        (
            "    pays: [{paid_by: commissioner, paid_to: host, amount: £48.99}]\n    within: £1\n",
            4,
            "one: ICB pays HOST £50.00, and £48.99 is agreed",
        ),
    ],
)
def test_an_answer_that_differs_is_told_at_its_line(lines, line, words):
    assert worked(lines) == [("EXAMPLE-DIFFERS", line, words)]


def test_an_answer_may_be_half_a_penny_rounded():
    """Half of a saving of 1p is half a penny, which is paid as one."""
    assert worked("    expect: {paid: £0.01, result: £0.01}\n", "{baseline: £1000, spend: £999.99}") == []


@pytest.mark.parametrize(
    ("lines", "code", "words"),
    [
        ("    expect: {savings: £100}\n", "TERM-REFERENCE", "no term makes `savings`"),
        ("    expect: {paid: the lower of £1 and £2}\n", "FIELD-VALUE", "`paid` is expected to be a sum or a number"),
    ],
)
def test_an_answer_that_cannot_be_compared_is_told(lines, code, words):
    try:
        found = worked(lines)
    except FindingsError as error:
        found = [(each.code, each.line, each.message) for each in error.findings]
    assert [code for code, _, _ in found] == [code]
    if code == "TERM-REFERENCE":
        assert found == [(code, 4, words)]


@pytest.mark.parametrize(
    ("position", "code", "words"),
    [
        ("{baseline: £1000}", "FIELD-MISSING", "`spend` is not given, and has no default"),
        ("{baseline: £1000, spend: £900, cost: £1}", "FIELD-UNKNOWN", "`cost` is not an input of the contract"),
        ("{baseline: £1000, spend: many}", "FIELD-VALUE", "`spend`: 'many' is not a sum of money"),
        ("{baseline: £1000, spend: £900, track: high}", "FIELD-VALUE", "`track`: 'high' is not one of basic, enhanced"),
    ],
)
def test_a_position_that_cannot_be_read_is_refused_at_its_line(position, code, words):
    with pytest.raises(FindingsError) as caught:
        worked(EXPECT, position)
    (finding,) = caught.value.findings
    assert (finding.code, finding.line, finding.file) == (code, 3, "e.yaml")
    assert finding.message.startswith(words)


def test_the_host_and_the_file_of_an_example_may_be_named():
    two = f"{{name: two, contract: b.yaml, host: GP, position: {POSITION}, expect: {{result: £50}}}}"
    text = f"contract: a.yaml\nexamples: [{{name: one, expect: {{result: £50}}}}, {two}]\n"
    examples = read_examples(text, "e.yaml")
    assert [place for place, _ in examples.of("a.yaml")] == [0]
    assert [(place, example.name) for place, example in examples.of("b.yaml")] == [(1, "two")]
    made = work(CONTRACT, examples, 1)
    assert (made.settlement.host, made.differences) == ("GP", ())


@pytest.mark.parametrize("place", [0, 2])
def test_an_example_that_expects_nothing_is_refused_at_its_line(place):
    """One without answers, one with an empty list of them; that nothing is paid is an answer."""
    text = "examples:\n  - name: one\n  - {name: two, pays: []}\n  - {name: three, expect: {}}\n"
    examples = read_examples(text, "e.yaml")
    with pytest.raises(FindingsError) as caught:
        work(CONTRACT, examples, place)
    (found,) = caught.value.findings
    assert (found.code, found.line) == ("FIELD-MISSING", 2 + place)
    assert found.message.endswith("nothing is expected to come of it, so it proves nothing")


def test_every_answer_that_differs_is_told():
    lines = "    expect:\n      savings: £1\n      shared: gone\n      paid: £49\n      result: £48\n"
    try:
        found = worked(lines)
    except FindingsError as error:
        found = [(each.code, each.line, each.message) for each in error.findings]
    assert [(code, line) for code, line, _ in found] == [
        ("TERM-REFERENCE", 5),
        ("FIELD-VALUE", 6),
        ("EXAMPLE-DIFFERS", 7),
        ("EXAMPLE-DIFFERS", 8),
    ]


def test_every_fault_of_a_position_is_told_with_its_mend():
    with pytest.raises(FindingsError) as caught:
        worked(EXPECT, "{baseline: many, quality: 2, spent: £1}")
    assert [(each.code, each.column) for each in caught.value.findings] == [
        ("FIELD-UNKNOWN", 44),
        ("FIELD-VALUE", 26),
        ("FIELD-MISSING", 15),
        ("FIELD-VALUE", 41),
    ]
    assert [each.mend for each in caught.value.findings if each.code != "FIELD-VALUE"] == [
        "did you mean `spend`? The inputs are baseline, quality, spend, track",
        "add `spend:`",
    ]


def test_an_example_that_cannot_be_settled_is_told_at_its_place():
    contract = read_contract(CONTRACT_TEXT.replace("gain: 50%, loss: 25%", "both: 50%, base: baseline"), "c.yaml")
    text = (
        "examples:\n  - {name: one, expect: {paid: £0}}\n"
        "  - name: two\n    position: {baseline: -£1, spend: £1}\n    expect: {paid: £0}\n"
    )
    with pytest.raises(FindingsError) as caught:
        work(contract, read_examples(text, "e.yaml"), 1)
    (finding,) = caught.value.findings
    assert (finding.code, finding.line) == ("TERM-IMPOSSIBLE", 3)
    assert finding.message == (
        "two: host HOST: term `shared` takes rates of `baseline`, which is -£1.00: a base is not below zero"
    )


def test_a_payment_of_nothing_need_not_be_made():
    pays = "    pays: [{paid_by: ICB, paid_to: HOST, amount: £50}, {paid_by: GP, paid_to: ICB, amount: £0}]\n"
    assert worked(pays) == []
    assert worked(pays.replace("£0}", "£0.01}"))[0][2] == "one: GP pays ICB £0.00, and £0.01 is agreed"


def test_the_first_host_of_a_contract_is_the_host_of_its_examples():
    text = CONTRACT_TEXT.replace("name: Practice, role: provider", "name: Practice, role: host")
    examples = f"examples: [{{name: a, position: {POSITION}, expect: {{result: £50}}}}]"
    made = work(read_contract(text, "c.yaml"), read_examples(examples, "e"), 0)
    assert (made.settlement.host, made.differences) == ("GP", ())
