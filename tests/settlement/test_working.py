"""How figures came about: what is told of a line gives it exactly, in every published scheme."""

from fractions import Fraction
from pathlib import Path

import pytest

from yoc.contract.terms.bands import Parameters as Bands
from yoc.contract.terms.bands import apply
from yoc.contract.terms.base import example
from yoc.settlement.examples import read_examples
from yoc.settlement.working import Followed, Leaf, Step, carried_out, source_of, tidied, with_places, working_of, worth
from yoc.workflow.check_contract import EXAMPLES, work_examples
from yoc.workflow.contract_files import read_contract_file

ROOT = Path(__file__).resolve().parents[2]


def contracts_with_examples():
    for beside in sorted(ROOT.glob("contracts/**/" + EXAMPLES)):
        file = read_examples(beside.read_text(encoding="utf-8"), beside.name).file
        for name in dict.fromkeys(each.contract or file.contract for each in file.examples):
            yield beside.parent / name


def leaves(source):
    if isinstance(source, Leaf):
        return [source]
    return [leaf for part in source.parts for leaf in leaves(part)]


@pytest.mark.parametrize(
    "path", list(contracts_with_examples()), ids=lambda path: path.relative_to(ROOT / "contracts").as_posix()
)
def test_the_working_of_each_line_and_amount_gives_it_exactly(path):
    file = read_contract_file(path)
    for each in work_examples(file, path):
        settled = each.settlement
        working = working_of(file.contract, settled.position)
        assert [worth(made.source) for made in working.lines] == [line.line.amount for line in settled.lines]
        for made in working.lines:
            assert not made.details or sum(map(worth, made.details)) == made.line.amount
        assert {made.name: worth(made.source) for made in working.amounts} == {
            name: settled.amounts[name] for name in (made.name for made in working.amounts)
        }
        # A number that the rule brings itself is a 0 or a 1; any other would be a figure from nowhere.
        sources = [made.source for made in (*working.lines, *working.amounts)]
        assert {leaf.value for source in sources for leaf in leaves(source) if leaf.kind == "rule"} <= {0, 1}


def known(name: str, pence: int, in_hand: bool = True):
    amount = Followed(Leaf("amount", name, Fraction(pence), is_money=True))
    return example(amounts={name: 0, "budget": 0}, in_hand=in_hand), amount


def test_a_share_of_a_gain_is_followed_to_its_band_in_the_contract():
    """A gain of £60 on £1,000: the first £20 is the host's, and half of the other £40."""
    both = [{"to": "2%", "host_share": "100%"}, {"from": "2%", "host_share": "50%"}]
    term = with_places(Bands(id="share", kind="bands", on="balance", base="budget", both=both), ("terms", 4))
    state, balance = known("balance", 6000)
    budget = Followed(Leaf("amount", "budget", Fraction(100_000), is_money=True))
    made = apply(term, example(amounts={"balance": balance, "budget": budget}, in_hand=True))
    assert worth(source_of(made.lines[0].amount)) == 2000
    paths = {".".join(map(str, leaf.path)) for leaf in leaves(source_of(made.lines[0].amount)) if leaf.path}
    assert {"terms.4.both.0.to", "terms.4.both.1.from", "terms.4.both.1.host_share"} <= paths
    assert state.position.host == "HOST"


def test_what_changes_nothing_leaves_no_trace_and_a_sign_is_a_sign():
    a = Followed(Leaf("amount", "a", Fraction(7)))
    assert (a + Fraction(0)).source is a.source and (0 + a).source is a.source and (a * 1).source is a.source
    turned = (-1 * a).source
    assert (turned.operation, turned.parts, turned.value) == ("negative", (a.source,), -7)
    assert a.__neg__().__neg__().source is a.source
    assert abs(a) is a and abs(-a).source.operation == "size"
    assert [worth((3 - a).source), worth((a / 2).source), worth((14 / a).source)] == [-4, Fraction(7, 2), 2]


def test_an_amount_of_the_same_term_stands_under_its_name():
    a, b = (Followed(Leaf("amount", name, Fraction(value))) for name, value in (("a", 2), ("b", 5)))
    withheld = a * b
    earned = withheld * b
    own = {id(withheld.source): Leaf("amount", "withheld", Fraction(10))}
    told = tidied(earned.source, own, "earned")
    assert isinstance(told, Step)
    assert [part.name for part in told.parts] == ["withheld", "b"]


def test_an_operation_that_is_told_wrongly_is_seen():
    assert carried_out("round_to", [Fraction(149), Fraction(100)]) == 100
    assert worth(Step("add", (Leaf("amount", "a", Fraction(1)), Leaf("amount", "b", Fraction(2))), Fraction(4))) == 3
