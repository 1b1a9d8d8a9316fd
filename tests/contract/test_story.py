"""Contracts in plain English: a golden sentence for each kind of term, and what holds of every sentence there is."""

# ruff: noqa: E501 - sentences and terms stand whole, as they are read

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from yoc.cli.commands import app
from yoc.contract.reading import read_contract
from yoc.contract.story import as_markdown, as_text, contract_story
from yoc.contract.terms import KINDS
from yoc.core.located import read_document
from yoc.workflow.show_contract import story_of

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS = [
    path
    for path in sorted((ROOT / "contracts").rglob("*.yaml"))
    if {"contract"} <= set(read_document(path.read_text(encoding="utf-8"), path.name).content)
    and {"terms", "based_on"} & set(read_document(path.read_text(encoding="utf-8"), path.name).content)
]
HEAD = """
contract: a
title: A contract
version: "1"
status: live
years: 5
currency: {currency}
parties:
  - {{code: ICB, name: The Board, role: commissioner}}
  - {{code: H1, name: North, role: host}}
  - {{code: H2, name: "South, West", role: host}}
  - {{code: VC1, name: Connectors, role: vcse}}
position:
  saving: {{kind: money, title: Saving}}
  turnover: {{kind: money, title: the turnover}}
  people: {{kind: number, title: people}}
  score: {{kind: score, title: the quality score}}
  met: {{kind: flag, title: the standard is met}}
  reported: {{kind: flag}}
values:
  limit: 10%
  phased: {{1: 0%, 2: 10%, 3: 10%, 4: 15%, 5: 15%}}
terms:
"""


def sentence(*terms: str, currency: str = "GBP") -> str:
    """The sentence of the last of the terms."""
    text = HEAD.format(currency=currency) + "".join(f"  - {term}\n" for term in terms)
    story = contract_story(read_contract(text, "a.yaml"))
    section = next(section for section in story.sections if section.numbered)
    return section.points[-1].text


BUDGET = "{id: budget, kind: capitation}"
GOLDEN = [
    ("capitation", [BUDGET], "The commissioner pays the host its budget for the year."),
    (
        "activity_cost",
        ["{id: cost, kind: activity_cost}"],
        "The host bears the cost of the care in scope that its people received.",
    ),
    (
        "stop_loss",
        ["{id: s, kind: stop_loss, threshold: £30k, share: 80%, borne_by: ICB, pro_rata: yes, decided_on: running}"],
        "The Board bears 80% of what a person costs over £30,000 in the year; the threshold goes down with the part of "
        "the year for which the person counted; whoever was over it at any time in the year counts.",
    ),
    (
        "balance",
        [BUDGET, "{id: balance, kind: balance, base: budget}"],
        "The balance is what the terms so far leave the host, also shown as a rate of the budget.",
    ),
    (
        "balance",
        ["{id: margin, kind: balance, of: turnover, less: [saving, met]}"],
        "The margin is the turnover less the saving and less the standard is met.",
    ),
    (
        "bands",
        [
            BUDGET,
            "{id: b, kind: bands, on: saving, base: budget, gain: [{to: 2%, host_share: 100%}, {from: 2%, to: 5%, "
            "host_share: 50%}, {from: 5%, host_share: 0%}], loss: [{host_share: 25%}], style: whole_amount}",
        ],
        "Where the saving is a gain, the host keeps all of it up to 2% of the budget, 50% from 2% to 5% and none beyond "
        "5%; where it is a loss, the host bears 25% of it, all of it by the band in which it ends; the rest is for the "
        "commissioner.",
    ),
    (
        "bands",
        ["{id: b, kind: bands, on: saving, gain: phased, loss: phased, sharing_with: VC1}"],
        "Whether the saving is a gain or a loss, the host keeps or bears the phased of it; the rest is for Connectors.",
    ),
    (
        "gate",
        [
            "{id: g, kind: gate, on: saving, base: turnover, minimum: 2%, test: at_least, style: first_pound, below: 50%}"
        ],
        "Where the saving, gain or loss, is at least 2% of the turnover, all of it is shared; otherwise 50% of a gain is.",
    ),
    (
        "gate",
        [
            "{id: g, kind: gate, on: saving, base: turnover, minimum: limit, minimum_loss: 1%, test: more_than, "
            "style: excess_only}"
        ],
        "Where the saving, gain or loss, is more than the limit (10%) of the turnover (where it is a loss, more than 1% "
        "of the turnover), what lies beyond that is shared; otherwise nothing is.",
    ),
    (
        "cap",
        [
            "{id: c, kind: cap, on: saving, gain: [{rate: limit, of: turnover}], loss: [{rate: 2%, of: turnover}, {sum: £5m}]}"
        ],
        "Where the saving is a gain, it is at most the limit (10%) of the turnover; where it is a loss, at most the "
        "lowest of 2% of the turnover and £5,000,000. Nobody pays what lies beyond.",
    ),
    (
        "gate",
        [
            "{id: g, kind: gate, on: saving, base: turnover, minimum: 2%, test: at_least, style: first_pound, side: gain}"
        ],
        "Where the saving is a gain of at least 2% of the turnover, all of it is shared; otherwise nothing is.",
    ),
    (
        "bands",
        [
            "{id: b, kind: bands, on: saving, base: turnover, both: [{to: 3%, host_share: 100%}, {from: 3%, host_share: 50%}]}"
        ],
        "Whether the saving is a gain or a loss, the host keeps or bears all of it up to 3% of the turnover and 50% beyond 3%; the rest is for the commissioner.",
    ),
    (
        "outcomes",
        ["{id: o, kind: outcomes, mode: bonus, value: £2.8m, score: score}"],
        "The commissioner pays the host a bonus of up to £2,800,000, in proportion to the quality score.",
    ),
    (
        "blended",
        ["{id: b, kind: blended, fixed: £50m, actual: turnover, above: 100%}"],
        "The commissioner pays the host a fixed £50,000,000 and the turnover.",
    ),
    (
        "cap",
        ["{id: c, kind: cap, on: saving, loss: [{sum: £5m}]}"],
        "Where the saving is a loss, it is at most £5,000,000. Nobody pays what lies beyond.",
    ),
    (
        "relief",
        ["{id: r, kind: relief, on: saving, shares: [1/2, 40%]}"],
        "Where the saving is a loss, it is reduced by 1/2 × 40% of it, at most to nothing.",
    ),
    (
        "statutory_cut",
        ["{id: s, kind: statutory_cut, on: saving, rate: 2%, taken_from: gains}"],
        "Where the saving is a gain, 2% of it is taken off by statute.",
    ),
    (
        "statutory_cut",
        ["{id: s, kind: statutory_cut, on: saving, rate: 2%, taken_from: both, of: turnover}"],
        "2% of the turnover is taken off the saving by statute, whether that is a gain or a loss.",
    ),
    (
        "profit_limit",
        ["{id: p, kind: profit_limit, on: saving, base: turnover, limit: 7.5%}"],
        "Where the saving is a gain, the host keeps up to 7.5% of the turnover and returns the rest to the commissioner.",
    ),
    (
        "carry",
        ["{id: c, kind: carry, on: saving, carried: losses}"],
        "Of the saving, a loss goes on to the next year, and a gain is payable now.",
    ),
    (
        "carry",
        ["{id: c, kind: carry, on: saving, brought_in: turnover, carried: gains, carried_share: 50%, at_most: £1m}"],
        "The turnover, brought in from last year, is added to the saving; of what comes of it, 50% of a gain, up to "
        "£1,000,000, goes on to the next year, and the rest is payable now.",
    ),
    (
        "advance",
        ["{id: a, kind: advance, on: saving, outstanding: £1m, at_most_share: 50%}"],
        "The advance that is outstanding, £1,000,000, is recovered from the saving, of which at most 50% may be taken at "
        "a time; what is left of it goes on to the next year.",
    ),
    (
        "payment",
        ["{id: p, kind: payment, on: saving, rate: 80%, rounded_to: £1, paid_by: host, paid_to: VC1}"],
        "The host pays Connectors 80% of the saving, rounded to the nearest £1; where it is below nothing, Connectors "
        "pays the host.",
    ),
    (
        "block",
        ["{id: b, kind: block, value: {1: £2m, 2: £2.1m, 3: £2.1m, 4: £2.1m, 5: £2.2m}}"],
        "The commissioner pays the host a fixed sum (£2,000,000 in year 1, £2,100,000 in years 2 to 4 and £2,200,000 in "
        "year 5) for the year, whatever the activity.",
    ),
    (
        "blended",
        ["{id: b, kind: blended, fixed: £5m, plan: £20m, actual: turnover, above: 100%, below: 50%, tolerance: 5%}"],
        "The commissioner pays the host a fixed £5,000,000 and the plan (£20,000,000); where the turnover is above it, "
        "the difference is added, and where it is below, 50% of the difference is taken off; a difference of up to 5% of "
        "the plan does not count, and of a larger one only what lies beyond that counts.",
    ),
    (
        "figure",
        ["{id: target, kind: figure, value: {add: [saving, {multiply: [limit, turnover]}], at_least: £0}}"],
        "The target is the saving plus the limit (10%) × the turnover, but at least £0.",
    ),
    (
        "outcomes",
        [
            BUDGET,
            "{id: o, kind: outcomes, base: budget, at_risk: phased, weights: {a_b: 2/3, c: 1/3}, minimum_score: 20%}",
        ],
        "The commissioner withholds the phased of the budget and pays back the part that is earned, in proportion to the "
        "weighted score of a b (2/3) and c (1/3). Below a score of 20% nothing is earned.",
    ),
    (
        "outcomes",
        [
            BUDGET,
            "{id: o, kind: outcomes, base: budget, at_risk: {1: 0%, 2: 10%, 3: 10%, 4: 15%, 5: 15%}, score: score, "
            "reporting_years: [1, 2], reported: reported, earning: all_or_nothing}",
        ],
        "The commissioner withholds a share of the budget (0% in year 1, 10% in years 2 and 3 and 15% in years 4 and 5) "
        "and pays back the part that is earned, in proportion to the quality score. Only a full score earns anything. In "
        "contract years 1 and 2 every score is full if “reported” is yes, otherwise none is.",
    ),
    (
        "outcomes",
        ["{id: o, kind: outcomes, mode: bonus, base: turnover, at_risk: 2%, weights: {a: 100%}}"],
        "The commissioner pays the host a bonus of up to 2% of the turnover, in proportion to the score of a.",
    ),
    (
        "outcomes",
        ["{id: o, kind: outcomes, mode: multiply_amount, on: saving, score: score}"],
        "The saving is multiplied by the quality score.",
    ),
    (
        "outcomes",
        ["{id: rate, kind: outcomes, mode: multiply_share, share: 75%, score: score}"],
        "The rate is 75% × the quality score.",
    ),
    (
        "outcomes",
        [
            "{id: rate, kind: outcomes, mode: loss_rate, score: score, at_no_score: 100%, at_full_score: 25%, at_least: 40%}"
        ],
        "The rate goes in a straight line from 100% at a score of 0% to 25% at a score of 100%, by the quality score, "
        "but at least 40%.",
    ),
    (
        "outcomes",
        ["{id: o, kind: outcomes, mode: per_indicator, payments: {a: £100, b: £60}}"],
        "The commissioner pays the host for each indicator, in proportion to its score: £100 for a; and £60 for b.",
    ),
    (
        "split",
        [
            "{id: s, kind: split, on: saving, shares: {commissioner: 50%, host: 30%, VC1: 20%}, loss_shares: {host: 100%}}"
        ],
        "The saving is divided to the penny: 50% to the commissioner; 30% to the host; and 20% to Connectors. The "
        "commissioner pays each of the others its part. A loss is borne 100% by the host; the others pay the commissioner "
        "what they bear.",
    ),
    (
        "vcse_line",
        [
            "{id: v, kind: vcse_line, partner: VC1, paid_by: host, value: {by: host, values: {H1: £1k, H2: £2k}}, "
            "indexation: {agreed_in: 2025/26, rates: {2026/27: 5.2%}, floor: 1%, cap: 4%}, protected_minimum: 90%, "
            "outcome_part: {share: 20%, weights: {reach: 100%}}, profile: [50%, 50%]}"
        ],
        "The host pays Connectors a sum for the year by host (£1,000 for North; and £2,000 for South, West); the sum was "
        "agreed in 2025/26 and is indexed for each later year (5.2% for 2026/27, but at least 1% and at most 4% a year); "
        "20% of it is earned in proportion to the score of reach; at least 90% of it is paid whatever the outcomes; it "
        "is paid in 2 equal parts.",
    ),
    (
        "completion",
        ["{id: c, kind: completion, factors: {emergency: {0: 85%, 1: 97%}}, accruals: {community: £10k}}"],
        "Cost that is not yet recorded is estimated, and the host bears it too: emergency care counts as recorded to 85% "
        "in the month after its end and 97% after 1 month; for community care £10,000 is added.",
    ),
    (
        "completion",
        ["{id: c, kind: completion, triangles: {emergency: [[100, 150, 165], [110, 169], [90]]}}"],
        "Cost that is not yet recorded is estimated, and the host bears it too: emergency care counts as recorded to "
        "about 59.85% in the month after its end and about 90.91% after 1 month.",
    ),
    (
        "fund",
        [
            "{id: f, kind: fund, managed_by: host, contributions: {commissioner: £60, VC1: £40}, balance: settled, lines: "
            "[{id: beds, plan: £50, actual: turnover, variance: variable, borne: {commissioner: 60%, VC1: 40%}}, "
            "{id: homes, title: care homes, plan: £50, actual: saving, variance: fixed}]}"
        ],
        "The host manages a pooled fund, to which these are paid in: the commissioner £60; and Connectors £40. It pays "
        "for beds (planned: £50; actual: the turnover), whose difference from plan is borne 60% by the commissioner and "
        "40% by Connectors; and care homes (planned: £50; actual: the saving), whose difference from plan is the "
        "manager's. Its balance stays with the host, or is made up by it.",
    ),
    (
        "personal_budgets",
        [
            "{id: p, kind: personal_budgets, agreed: £100, paid: £80, spent: £70, returned: £6, never_paid: commissioner, "
            "still_with_people: reclaimed}"
        ],
        "£100 is ring-fenced for personal health budgets. People are paid £80, spend £70 and return £6: the host bears "
        "what is used, what is never paid goes back to the commissioner, and what people still hold at the end of the "
        "year is reclaimed.",
    ),
    (
        "on_account",
        ["{id: p, kind: on_account}"],
        "What the commissioner has already paid the host in the year is taken off.",
    ),
]


@pytest.mark.parametrize(
    ("kind", "terms", "words"), GOLDEN, ids=[f"{number}-{g[0]}" for number, g in enumerate(GOLDEN)]
)
def test_a_term_says_its_numbers(kind, terms, words):
    assert sentence(*terms) == words


HELD = ("{id: b, kind: capitation}", "{id: c, kind: activity_cost}", "{id: left, kind: balance, base: b}")
HALVES = "shares: {host: 50%, VC1: 50%}"


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        ((*HELD, f"{{id: s, kind: split, {HALVES}}}"),
         "The host, which holds it, pays each of the others its part. Of a loss each of them pays the host its part."),
        ((*HELD, f"{{id: s, kind: split, paid_by: VC1, {HALVES}}}"),
         "Connectors pays each of the others its part. Of a loss each of them pays Connectors its part."),
        ((f"{{id: s, kind: split, on: saving, {HALVES}}}",),
         "The commissioner pays each of the others its part. Of a loss each of them pays the commissioner its part."),
        ((*HELD, "{id: c1, kind: cap, both: [{sum: £5}]}"), "The commissioner takes what lies beyond of a gain, and bears it of a loss."),
        ((*HELD, "{id: c1, kind: cap, gain: [{sum: £5}]}"), "The commissioner takes what lies beyond."),
        ((*HELD, "{id: c1, kind: cap, loss: [{sum: £5}]}"), "The commissioner bears what lies beyond."),
        ((*HELD, "{id: p, kind: payment, on: saving}", "{id: c1, kind: cap, on: saving, loss: [{sum: £5}]}"), "Nobody pays what lies beyond."),
    ],
)  # fmt: skip
def test_who_pays_is_said_by_who_holds_the_amount(terms, words):
    assert sentence(*terms).endswith(f". {words}")


def test_every_kind_has_a_golden_sentence():
    assert {kind for kind, _, _ in GOLDEN} == set(KINDS)


def test_sums_carry_the_sign_of_the_contract():
    term = "{id: p, kind: payment, on: saving, rounded_to: €1}"
    words = sentence(term, currency="EUR")
    assert words.startswith("The commissioner pays the host the saving, rounded to the nearest €1;")


def test_an_amount_is_called_by_its_title_or_by_what_made_it():
    titled = (
        "{id: g, kind: gate, title: Gate, on: saving, base: turnover, minimum: 2%, test: at_least, style: first_pound}"
    )
    assert sentence(titled, "{id: p, kind: payment}").startswith("The commissioner pays the host “Gate”;")
    untitled = titled.replace("title: Gate, ", "")
    assert sentence(untitled, "{id: p, kind: payment}").startswith(
        "The commissioner pays the host what is to be shared;"
    )
    again = untitled.replace("id: g", "id: g2")
    assert "what is to be shared (“g2”)" in sentence(untitled, again, "{id: p, kind: payment, on: g2}")


def words_of(path: Path) -> list[str]:
    story = story_of(path)
    return [
        *(words for section in story.sections for words in section.sentences),
        *(point.text for section in story.sections for point in section.points),
    ]


@pytest.mark.parametrize("path", CONTRACTS, ids=lambda path: path.relative_to(ROOT / "contracts").as_posix())
def test_every_sentence_of_every_contract_can_be_read_aloud(path, monkeypatch):
    monkeypatch.chdir(ROOT)
    text = path.read_text(encoding="utf-8")
    said = words_of(path)
    for words in said:
        assert not re.search(r"\b([A-Za-z]{2,})[ ,]+\1\b", words), f"a word twice: {words}"
        assert not re.search(r"\bNone\b|\bnan\b|_|\.\.|  | ,|Fraction|[‹›`{}]", words), f"not English: {words}"
        assert words.count("(") == words.count(")"), f"brackets: {words}"
        assert not re.search(r"\b(the|a|an) (the|a|an|what|which)\b", words), f"articles: {words}"
        assert "£" not in words or "currency" not in text
    for section in story_of(path).sections:
        if section.numbered:
            assert all(point.text[0].isupper() or point.text[0] in "£€$0123456789“" for point in section.points)
            assert all(point.text.endswith(".") for point in section.points)


def test_the_sample_is_told_clause_by_clause(monkeypatch):
    monkeypatch.chdir(ROOT)
    shown = CliRunner().invoke(app, ["contract", "show", "contracts/bnssg-working-age/contract.yaml"])
    assert shown.exit_code == 0
    flat = " ".join(shown.stdout.split())
    for words in (
        "It runs for 5 years, from 2026/27 to 2030/31. It is live",
        "Commissioner: Sample Integrated Care Board (synthetic) (XQY).",
        "Risk group two, BMI over 30 and one condition (clause 3.4): people aged 40 to 64, with exactly 1 of the "
        "conditions, with a body mass index over 30.",
        "Not charged: elective care, which the budget does not cover: lines with point of delivery DC, EL, ELXBD, RADAY "
        "or RANIGHT.",
        "Core, three or more conditions: £5,080 in all, primary £610, community £830, mental health £1,005, outpatient "
        "£915 and emergency £1,720.",
        "Growth in need (clause 5.4): +0.8%.",
        "Clause 6.5 (High-cost people). Sample Integrated Care Board (synthetic) bears 80% of what a person costs over "
        "£30,000 in the year.",
        "HbA1c controlled (15%)",
        "The commissioner pays the providers for the care that the host bears, and nets it off.",
    ):
        assert words in flat, words
    assert max(len(line) for line in shown.stdout.splitlines()) <= 100


def test_a_family_and_markdown(monkeypatch):
    monkeypatch.chdir(ROOT / "contracts")
    shown = CliRunner().invoke(app, ["contract", "show", "published/us-shared-savings/enhanced.yaml", "--markdown"])
    assert "# US Medicare Shared Savings Program, ENHANCED track\n" in shown.stdout
    assert (
        "- The loss rate is 100% less the full share (75%) × the counted quality, but at least 40% and at most 75%.\n"
        in shown.stdout
    )
    assert "rounded to the nearest $1" in shown.stdout
    assert "below 5,000 the minimum rate that was chosen." in shown.stdout


def test_titles_from_outside_are_no_markdown_and_no_width_breaks_a_word(tmp_path):
    text = HEAD.format(currency="GBP").replace("A contract", "'*A* [link](x) <b>'") + "  - {id: p, kind: on_account}\n"
    story = contract_story(read_contract(text, "a.yaml"))
    assert as_markdown(story).startswith("# \\*A\\* \\[link\\](x) \\<b\\>\n")
    assert all(len(line) <= 60 or " " not in line.strip() for line in as_text(story, 60).splitlines())


def test_a_contract_with_a_fault_is_no_story(tmp_path):
    path = tmp_path / "contract.yaml"
    path.write_text("contract: a\n", encoding="utf-8")
    shown = CliRunner().invoke(app, ["contract", "show", str(path)])
    assert (shown.exit_code, shown.stdout) == (3, "")
    assert "FIELD-MISSING" in shown.stderr


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("“Pooled fund”", "Pooled fund"),
        ("‘The host’s share’", "The host’s share"),
        ("„Fonds“", "Fonds"),
        ("“One” and “two”", "“One” and “two”"),
        ("“", "“"),
        ("'“”'", "“”"),
        ('"Plain"', "Plain"),
    ],
)
def test_typographic_quotes_round_a_whole_title_are_no_part_of_it(written, shown):
    text = HEAD.format(currency="GBP").replace("title: A contract", f"title: {written}")
    assert read_contract(f"{text}  - {{id: p, kind: payment, on: saving}}\n", "contract.yaml").title == shown


def test_a_step_towards_a_target_is_told_with_its_limits():
    pace = "{id: p, kind: pace_of_change, distance: -5%, closed: 1/4, at_least: 0%, at_most: 3%}"
    budget = f"budget:\n  rounding: on_total\n  rates: {{all: £100}}\n  adjustments: [{pace}]\n"
    head, terms = HEAD.format(currency="GBP").split("terms:")
    text = f"{head}{budget}terms:{terms}  - {{id: b, kind: capitation}}\n"
    told = as_text(contract_story(read_contract(text, "contract.yaml")), 300)
    assert "25% of the way to the target, from which it is -5%; the change is at least +0% and at most +3%" in told
