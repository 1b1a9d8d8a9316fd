"""A second contract settled beside the plan's own: each part of the bridge by hand, and that it always adds up.

The small world: under A people count 486 days and under B 426; a primary rate of £365 is £1 a day. Care costs £100 of
A's people and £200 of B's, all in emergency.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st
from small_world import CONTRACT, PLAN, lay, lay_book, name_prices

from few_examples import few_examples
from yoc.core.findings import FindingsError
from yoc.workflow.reconcile import compute, reconcile

SHADOW = "contracts/world-shadow/contract.yaml"
BANDS = (
    "  - {id: cost, kind: activity_cost}\n",
    "  - {id: cost, kind: activity_cost}\n  - {id: left, kind: balance, base: budget}\n"
    "  - {id: share, kind: bands, clause: '7', gain: 50%, loss: 0%}\n",
)
RATE = ("primary: £365", "primary: £730")
LESS = ("gain: 50%", "gain: 25%")
Edit = tuple[str, str]


def lay_beside(root: Path, own: list[Edit], beside: list[Edit], **world: Any) -> Path:
    """The small world with a contract beside its own, which is edited further; gives the plan's path."""
    plan = lay(root, *own, **world)
    text = (root / CONTRACT).read_text(encoding="utf-8").replace("status: live", "status: shadow")
    for old, new in beside:
        assert old in text, old
        text = text.replace(old, new)
    (root / SHADOW).parent.mkdir(parents=True)
    (root / SHADOW).write_text(text, encoding="utf-8")
    plan.write_text(plan.read_text(encoding="utf-8") + f"beside: {SHADOW}\n", encoding="utf-8")
    return plan


def settled(root: Path, own: list[Edit], beside: list[Edit], **world: Any) -> dict[str, Any]:
    return compute(lay_beside(root, own, beside, **world))


def by_term(bridge: dict[str, Any]) -> dict[str, tuple[str, int, int]]:
    return {row["term"]: (row["change"], row["before_pence"], row["after_pence"]) for row in bridge["terms"]}


def parts(bridge: dict[str, Any], term: str) -> dict[str, int]:
    row = next(row for row in bridge["terms"] if row["term"] == term)
    return {part["label"]: part["difference_pence"] for part in row["parts"]}


def test_a_rate_and_a_band_by_hand(tmp_path: Path):
    """£2 a day instead of £1, and of what is left the host keeps three quarters instead of half.

    A: £486 - £100 leaves £386, of which £193; £972 - £100 leaves £872, of which the Board takes £218.
    B: £426 - £200 leaves £226, of which £113; £852 - £200 leaves £652, of which the Board takes £163.
    """
    content = settled(tmp_path, [BANDS], [RATE, ("gain: 50%", "gain: 75%")])
    first, second = content["beside"]["hosts"]
    assert by_term(first) == {
        "budget": ("changed", 486_00, 972_00), "cost": ("", -100_00, -100_00), "share": ("changed", -193_00, -218_00),
    }  # fmt: skip
    assert (first["before_pence"], first["after_pence"]) == (193_00, 654_00)
    assert (second["before_pence"], second["after_pence"]) == (113_00, 489_00)
    assert parts(first, "budget") == {"Everybody: primary": 486_00}
    (rate,) = first["terms"][0]["parts"]
    assert rate["detail"] == "was 1.3315 person-years × £365.00; is 1.3315 person-years × £730.00"
    assert by_term(content["beside"]["all"])["share"] == ("changed", -306_00, -381_00)


def test_a_term_that_only_follows_is_not_called_changed(tmp_path: Path):
    content = settled(tmp_path, [BANDS], [RATE])
    assert by_term(content["beside"]["hosts"][0])["share"] == ("", -193_00, -436_00)


def test_terms_come_go_and_are_found_by_their_kind(tmp_path: Path):
    block = "  - {id: fund, kind: block, clause: '8', value: £7}\n"
    cap = "  - {id: most, kind: profit_limit, base: budget, limit: 10%}\n"
    own = (BANDS[0], BANDS[1] + block)
    renamed = ("id: share, kind: bands, clause: '7', gain: 50%", "id: part, kind: bands, clause: '7', gain: 25%")
    content = settled(tmp_path, [own], [renamed, (block, cap)])
    rows = by_term(content["beside"]["hosts"][0])
    assert rows["part"] == ("changed", -193_00, -289_50)
    assert rows["fund"] == ("gone", 700, 0)
    # A quarter of £386, £96.50, is more than a tenth of £486.
    assert rows["most"] == ("new", 0, -(96_50 - 48_60))


def test_scope_that_leaves_out_a_point_of_delivery_is_the_sum_of_its_lines(tmp_path: Path):
    """Lines of OPFA are outpatient care; beside, they are out of scope: A's £100 of them, and B's £200."""
    lines = (
        ("P2", "2026-05-01", "AE", "VB01Z", "1", "1.00"),
        ("P2", "2026-05-02", "OPFA", "VB01Z", "1", "1.00"),
        ("P1", "2026-08-01", "OPFA", "VB01Z", "1", "1.00"),
        ("P1", "2026-08-02", "OPFA", "VB01Z", "1", "1.00"),
    )
    scope = "    - {setting: emergency, when: {point_of_delivery: AE}}\n"
    clinic = "    - {setting: outpatient, when: {point_of_delivery: OPFA}}\n"
    own = [(scope, scope + clinic), ("emergency: £0", "emergency: £0, outpatient: £0")]
    out = clinic.replace("setting: outpatient", "out_of_scope: not bought here")
    content = settled(tmp_path, own, [(clinic, out)], lines=lines)
    first, second = content["beside"]["hosts"]
    assert parts(first, "cost") == {"Outpatient: scope and settings": 100_00}
    assert parts(second, "cost") == {"Outpatient: scope and settings": 200_00}
    assert by_term(first)["cost"] == ("changed", -200_00, -100_00)
    left_out = [part for part in content["activity"]["by_fate"] if part["fate"] == "charged"]
    assert left_out[0]["lines"] == 4, "the plan's own settlement knows nothing of it"


def test_every_cause_of_another_cost_by_hand(tmp_path: Path):
    """A has credits and charges of P2 and P1; B has a line of P1 and one of P4. Prices are £100 in the book.

    Beside: A's line of P1 (£100 in the book, £90 submitted) goes to B with plurality, since P1 is under B most days;
    lines are charged as submitted. A at the book: £100 - £100 + £100 = £100; as submitted: £90 - £80 - £50 = -£40,
    and the line without a price, £10, is charged: -£30. Without P1, -£120. B: £200 at the book; £120 + £95 = £215;
    with P1's line £305. P4 has as many days under each: the earlier is A, so £95 moves from B to A.
    """
    changed = [
        ("basis: book", "basis: submitted"),
        ("attribution: host_on_activity_date", "attribution: plurality\n  attribution_ties: earlier"),
    ]
    content = settled(tmp_path, [], changed)
    first, second = content["beside"]["hosts"]
    assert parts(first, "cost") == {"Emergency: prices": 130_00, "Emergency: who counts": -5_00}
    assert parts(second, "cost") == {"Emergency: prices": -15_00, "Emergency: who counts": 5_00}
    # P1's 30 days go to B; P4's 91 days under B to A.
    assert parts(first, "budget") == {"Everybody: primary": (91 - 30) * 100}
    assert parts(second, "budget") == {"Everybody: primary": (30 - 91) * 100}


def test_guards_and_scope_are_told_apart(tmp_path: Path):
    lines = (
        ("P2", "2026-05-01", "AE", "VB01Z", "1", "1.00"),
        ("P2", "2026-05-02", "AE", "VB01Z", "3", "1.00"),
        ("P2", "2026-05-02", "NEL", "VB01Z", "2", "1.00"),
    )
    changed = [
        ("    - {setting: emergency, when: {point_of_delivery: AE}}\n",
         "    - {setting: emergency, when: {point_of_delivery: [AE, NEL]}}\n"),
        ("when: {point_of_delivery: BLOCK}", "when: {point_of_delivery: AE}"),
    ]  # fmt: skip
    content = settled(tmp_path, [], changed, lines=lines)
    assert parts(content["beside"]["hosts"][0], "cost") == {
        "Emergency: lines paid elsewhere": 400_00, "Emergency: scope and settings": -200_00,
    }  # fmt: skip


AGAIN = "tariffs/again"


def lay_again(root: Path, plan: Path, first: str, again: str, index: str = "1.000000") -> None:
    """Prices that were published again on 27 June 2026, from 1 April 2026; the plan names the folder of both."""
    lay_book(root, f"{AGAIN}/v1", {"VB01Z": first}, index)
    lay_book(root, f"{AGAIN}/v2", {"VB01Z": again}, index, published="2026-06-27", version="v2", supersedes="v1")
    assert name_prices(root, AGAIN) == plan


@pytest.mark.parametrize("turned", [False, True])
def test_prices_published_again_are_part_of_the_cost_that_is_bridged(tmp_path: Path, turned: bool):
    """Of the small world's lines A's come to £100 at the book, B's to £200; to £110 and £220 as it was published again.
    As submitted, to which no book has anything to say, A's come to -£30 and B's to £215.
    """
    book, submitted = "basis: book", "basis: submitted"
    own = [BANDS, (book, submitted)] if turned else [BANDS]
    plan = lay_beside(tmp_path, own, [(submitted, book) if turned else (book, submitted)])
    lay_again(tmp_path, plan, "100.00", "110.00")
    content = compute(plan)
    costs = [[line["pence"] for line in host["lines"] if line["term"] == "cost"] for host in content["hosts"]]
    assert costs == ([[-30_00], [215_00]] if turned else [[100_00, 10_00], [200_00, 20_00]])
    sign = -1 if turned else 1
    first, second = content["beside"]["hosts"]
    assert by_term(first)["cost"] == ("changed", *[-110_00, 30_00][::sign])
    assert by_term(second)["cost"] == ("changed", *[-220_00, -215_00][::sign])
    assert parts(first, "cost") == {"Emergency: prices": sign * 140_00}
    assert parts(second, "cost") == {"Emergency: prices": sign * 5_00}
    for bridge, host in zip((first, second), content["hosts"], strict=True):
        assert bridge["before_pence"] == host["closing_pence"]
        assert bridge["after_pence"] - bridge["before_pence"] == sum(row["difference_pence"] for row in bridge["terms"])


BLANK = (
    ("P2", "2026-05-01", "AE", "VB01Z", "1", ""),
    ("P2", "2026-05-02", "AE", "VB01Z", "1", "70.00"),
)


@pytest.mark.parametrize(("own", "beside", "costs"), [("book", "submitted", (100_00, 70_00)),
                                                      ("submitted", "book", (70_00, 100_00)),
                                                      ("submitted", "lower", (70_00, 70_00))])  # fmt: skip
def test_files_that_the_two_contracts_read_otherwise(tmp_path: Path, own: str, beside: str, costs: tuple[int, int]):
    """A blank total is rejected where the book is charged, and else kept and set aside: no contract sees a charge."""
    basis = [("basis: book", f"basis: {own}")]
    more = [(f"basis: {own}", f"basis: {beside}"), ("segments_tested: year_start", "segments_tested: month_start")]
    content = settled(tmp_path, basis, more, lines=BLANK)
    first = content["beside"]["hosts"][0]
    assert by_term(first)["cost"][1:] == (-costs[0], -costs[1])
    assert sum(parts(first, "cost").values()) == costs[0] - costs[1]


def test_another_list_of_conditions(tmp_path: Path):
    """Beside, only people with diabetes count, and nobody has it: budget and cost go."""
    changed = [("  segments_tested", "  conditions: [diabetes]\n  segments_tested"),
               ("age: {from: 0, to: 120}", "age: {from: 0, to: 120}, conditions: {at_least: 1}")]  # fmt: skip
    first = settled(tmp_path, [], changed)["beside"]["hosts"][0]
    assert by_term(first) == {"budget": ("changed", 486_00, 0), "cost": ("changed", -100_00, 0)}
    assert parts(first, "cost") == {"Emergency: who counts": 100_00}


def test_a_list_that_only_the_contract_beside_asks_for(tmp_path: Path):
    changed = [("attribution: host_on_activity_date", "attribution: prospective_list")]
    content = settled(tmp_path, [], changed, listed=["P1,A", "P2,A", "P4,A"])
    assert content["hosts"][1]["budget_pence"] == 426_00
    assert parts(content["beside"]["hosts"][1], "budget") == {"Everybody: primary": -426_00}


def test_nothing_of_the_shadow_becomes_an_entry_and_the_own_run_is_as_without(tmp_path: Path):
    alone = compute(lay(tmp_path / "alone", BANDS))
    run = reconcile(lay_beside(tmp_path / "two", [BANDS], [RATE, ("status: shadow", "status: live")]))
    content = dict(run.settlement)
    assert content.pop("beside")["status"] == "shadow"
    assert content["documents"].pop("beside")
    assert {**content, "run_id": ""} == {**alone, "run_id": ""}
    beside = json.loads((run.run_folder / "beside.json").read_text(encoding="utf-8"))
    assert (beside["status"], beside["entries"], len(beside["shadow_entries"])) == ("shadow", [], 6)
    manifest = json.loads((run.run_folder / "manifest.json").read_text(encoding="utf-8"))
    assert "beside.json" in manifest["files"]
    assert [host["closing_pence"] for host in beside["hosts"]] == [
        row["after_pence"] for row in run.settlement["beside"]["hosts"]
    ]


def test_one_changed_word_of_the_contract_beside_is_another_run(tmp_path: Path):
    plan = lay_beside(tmp_path, [], [RATE])
    first = reconcile(plan).run_folder.name
    path = tmp_path / SHADOW
    path.write_text(path.read_text(encoding="utf-8").replace("£730", "£731"), encoding="utf-8")
    assert reconcile(plan).run_folder.name != first


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (("Host B, role: host", "Host B, role: other"), "the contract beside has the hosts A, and this one A, B"),
        (("first_year: 2026/27", "first_year: 2027/28"), "is not a year of the contract"),
        (("code: C, name: Commissioner", "code: D, name: Commissioner"), "another commissioner"),
    ],
)  # fmt: skip
def test_contracts_that_cannot_stand_beside_one_another(tmp_path: Path, edit: Edit, words: str):
    with pytest.raises(FindingsError) as caught:
        settled(tmp_path, [], [edit])
    assert any(finding.code == "PLAN-MISMATCH" and words in finding.message for finding in caught.value.findings)
    assert all(finding.file == PLAN for finding in caught.value.findings if "beside" in finding.message)


def test_what_stops_the_contract_beside_says_whose_it_is(tmp_path: Path):
    """Bands in rates of a sum below nothing have no width: of a budget that is taken away, £100 a person."""
    moved = "  adjustments:\n    - {id: away, kind: transfer, value_by_host: {A: -£1k, B: -£1k}}\nterms:\n"
    banded = ("gain: 50%", "gain: [{to: 2%, host_share: 50%}, {from: 2%, host_share: 10%}], base: budget")
    with pytest.raises(FindingsError) as caught:
        settled(tmp_path, [BANDS], [("terms:\n", moved), banded])
    (finding,) = caught.value.findings
    assert finding.code == "TERM-IMPOSSIBLE"
    assert finding.message.startswith("under the contract beside: host A")


def test_files_are_read_once_where_both_ask_for_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from yoc.workflow import settle_plan as module

    reads = []
    for name in ("read_people", "read_activity"):
        honest = getattr(module, name)
        monkeypatch.setattr(
            module,
            name,
            lambda *given, _honest=honest, _name=name, **named: reads.append(_name) or _honest(*given, **named),
        )
    stop_loss = "  - {id: high, kind: stop_loss, threshold: £50, share: 80%, borne_by: C}\n"
    term = "  - {id: cost, kind: activity_cost}\n"
    same = settled(tmp_path / "same", [(term, term + stop_loss)], [RATE, ("threshold: £50", "threshold: £60")])
    assert reads == ["read_people", "read_activity"]
    # Under B are £100 of the £150 by which P1 is over £50, and the £50 of P4; over £60 they are £100 and £40.
    assert by_term(same["beside"]["hosts"][1])["high"] == ("changed", 120_00, 112_00)
    settled(tmp_path / "other", [], [("basis: book", "basis: submitted")])
    assert len(reads) == 2 + 4


def test_faults_of_both_contracts_come_at_once(tmp_path: Path):
    plan = lay_beside(tmp_path, [], [("primary: £365", "primary: 365")])
    own = tmp_path / CONTRACT
    own.write_text(own.read_text(encoding="utf-8").replace("primary: £365", "primary: 366"), encoding="utf-8")
    with pytest.raises(FindingsError) as caught:
        compute(plan)
    assert {finding.file for finding in caught.value.findings} == {CONTRACT, SHADOW}


@pytest.mark.law(
    "The bridge to a contract settled beside ends, term by term and to the penny, at what that contract comes to.",
    3,
)
@few_examples
@given(
    again=st.sampled_from(["100.33", "107.01", "0.01"]),
    rate=st.integers(0, 900),
    growth=st.integers(0, 9),
    share=st.integers(0, 100),
    edits=st.sets(
        st.sampled_from(
            [
                ("basis: book", "basis: lower"),
                ("rounding: per_line", "rounding: on_total"),
                ("rounding: on_total", "rounding: per_person"),
                ("counting: person_days", "counting: quarter_snapshot"),
                ("point_of_delivery: BLOCK", "tariff_code: XX01Z"),
                ("setting: emergency, when: {point_of_delivery: AE}", "setting: primary, when: {provider: P}"),
                ("attribution: host_on_activity_date", "attribution: plurality\n  attribution_ties: later"),
            ]
        )
    ),
)
def test_the_bridge_always_ends_at_what_the_contract_beside_comes_to(
    tmp_path_factory: pytest.TempPathFactory, again: str, rate: int, growth: int, share: int, edits: set[Edit]
):
    """Term by term and part by part, to the penny, whatever changes with what, and whatever price came again."""
    root = tmp_path_factory.mktemp("world")
    step = f"  adjustments:\n    - {{id: more, kind: growth, rate: {growth}.3%}}\nterms:\n"
    beside = [*sorted(edits), ("£365", f"£{rate}.37"), ("gain: 50%", f"gain: {share}%"), ("terms:\n", step)]
    plan = lay_beside(root, [BANDS], beside)
    lay_again(root, plan, "100.33", again, "1.098765")
    run = reconcile(plan)
    alone = json.loads((run.run_folder / "beside.json").read_text(encoding="utf-8"))
    bridges = run.settlement["beside"]["hosts"]
    event(f"terms changed together: {min(len(edits), 4)}")
    for own, other, bridge in zip(run.settlement["hosts"], alone["hosts"], bridges, strict=True):
        moved = sum(row["difference_pence"] for row in bridge["terms"])
        assert (bridge["before_pence"], bridge["before_pence"] + moved) == (
            own["closing_pence"],
            other["closing_pence"],
        )
        for row in bridge["terms"]:
            if row["term"] in ("budget", "cost"):
                assert sum(part["difference_pence"] for part in row["parts"]) == row["difference_pence"]
    together = run.settlement["beside"]["all"]
    assert sum(row["difference_pence"] for row in together["terms"]) == together["difference_pence"]
    assert together["after_pence"] == alone["totals"]["due_pence"]
