"""What a contract may choose of attribution, adjustments and blocks, and each refusal with its place and words."""

from pathlib import Path

import pytest

from yoc.contract import Contract, read_contract
from yoc.core.findings import FindingsError

CONTRACT = Path(__file__).resolve().parents[2] / "contracts/bnssg-working-age/contract.yaml"
TEXT = CONTRACT.read_text(encoding="utf-8")
ATTRIBUTION = "  attribution: host_on_activity_date\n"
GUARDS = "  guards:\n"
GROWTH = '    - {id: growth, kind: growth, title: Growth in need, clause: "5.4", rate: 0.8%}\n'
HOSTS = ("NWB", "ICE", "SBR", "SGL", "WOO", "WWV")


def by_host(value: str, hosts=HOSTS) -> str:
    return "{" + ", ".join(f"{host}: {value}" for host in hosts) + "}"


def with_attribution(text: str) -> str:
    return TEXT.replace(ATTRIBUTION, text)


def with_block(text: str) -> str:
    return TEXT.replace(GUARDS, f"  blocks:\n    - {{{text}}}\n{GUARDS}")


def with_adjustment(text: str) -> str:
    return TEXT.replace(GROWTH, f"{GROWTH}    - {{{text}}}\n")


def read(text: str) -> Contract:
    assert text != TEXT
    return read_contract(text, "contract.yaml")


@pytest.mark.parametrize(
    "text",
    [
        with_attribution("  attribution: plurality\n  attribution_ties: later\n"),
        with_attribution("  attribution: prospective_list\n"),
        with_block('id: c, clause: "6.7", provider: ZC1, setting: community, value: £12m, key: person_days, whole: 9'),
        with_block("id: m, provider: ZM1, setting: mental_health, value: £9m, key: lines"),
        with_block(f"id: g, provider: ZG1, setting: primary, value: £4m, key: shares, shares: {by_host('10%')}"),
        with_adjustment("id: m, kind: market_forces, index: 1.041377"),
        with_adjustment(f"id: m, kind: market_forces, index_by_host: {by_host('1.02')}"),
        with_adjustment(f"id: t, kind: transfer, value_by_host: {by_host('-£40k')}, from: 2026-10-01"),
        with_adjustment("id: n, kind: need, rate_by_segment: {core: 1.2%, risk_one: 0%, risk_two: -1%}"),
        with_adjustment("id: p, kind: place_index, registered: 2, weighted: 3, whole_registered: 4, whole_weighted: 5"),
    ],
)
def test_every_choice_can_be_written(text):
    read(text)


def test_todays_contract_reads_as_the_defaults():
    contract = read_contract(TEXT, "contract.yaml")
    assert contract.population.attribution_ties is None
    assert contract.activity.blocks == ()
    assert contract.stop_loss is not None and contract.stop_loss.taken == "in_date_order"


BAD = [
    (with_attribution("  attribution: plurality\n"), "FIELD-MISSING", "needs a rule for hosts with equally many days"),
    (with_attribution(f"{ATTRIBUTION}  attribution_ties: later\n"), "FIELD-VALUE", "knows no ties"),
    (with_attribution("  attribution: plurality\n  attribution_ties: first\n"), "FIELD-VALUE", "'first' is not one of"),
    (TEXT.replace("basis: book", "basis: cheapest"), "FIELD-VALUE", "'cheapest' is not one of the choices"),
    (with_block("id: m, provider: ZX9, setting: primary, value: £9, key: lines"), "TERM-REFERENCE", "not a party"),
    (with_block("id: m, provider: ZM1, setting: elective, value: £9, key: lines"), "TERM-REFERENCE", "`elective`"),
    (with_block("id: m, provider: ZM1, setting: primary, value: -£9, key: lines"), "FIELD-VALUE", "is below nothing"),
    (with_block("id: m, provider: ZM1, setting: primary, value: £9, key: heads"), "FIELD-VALUE", "'heads' is not one"),
    (
        with_block("id: m, provider: ZM1, setting: primary, value: £9, key: person_days"),
        "FIELD-MISSING",
        "`whole` is missing",
    ),
    (
        with_block("id: m, provider: ZM1, setting: primary, value: £9, key: person_days, whole: 0"),
        "FIELD-VALUE",
        "it is at least 1",
    ),
    (
        with_block("id: m, provider: ZM1, setting: primary, value: £9, key: lines, whole: 7"),
        "FIELD-VALUE",
        "has no use for `whole`",
    ),
    (
        with_block("id: m, provider: ZM1, setting: primary, value: £9, key: shares"),
        "FIELD-MISSING",
        "`shares` is missing",
    ),
    (
        with_block(f"id: m, provider: ZM1, setting: primary, value: £9, key: shares, shares: {by_host('20%')}"),
        "RATE-OVER-WHOLE",
        "add to 120%, more than the whole",
    ),
    (
        with_block(
            f"id: m, provider: ZM1, setting: primary, value: £9, key: shares, shares: {by_host('1%', HOSTS[1:])}"
        ),
        "FIELD-MISSING",
        "block `m` gives no value for host `NWB`",
    ),
    (
        with_block(
            f"id: m, provider: ZM1, setting: primary, value: £9, key: shares, shares: {by_host('1%', (*HOSTS, 'ZA1'))}"
        ),
        "TERM-REFERENCE",
        "`ZA1`, which is not a host",
    ),
    (
        with_block(
            "id: m, provider: ZM1, setting: primary, value: £9, key: lines}\n"
            "    - {id: m, provider: ZM1, setting: primary, value: £9, key: lines"
        ),
        "FIELD-VALUE",
        "block `m` is given twice",
    ),
    (
        with_block("id: m, provider: NWB, setting: primary, value: £9, key: lines").replace(
            "commissioner_pays_and_nets", "host_pays_provider"
        ),
        "TERM-REFERENCE",
        "a host, which would pay itself",
    ),
    (with_adjustment("id: m, kind: market_forces"), "FIELD-MISSING", "neither `index` nor `index_by_host`"),
    (
        with_adjustment(f"id: m, kind: market_forces, index: 1, index_by_host: {by_host('1')}"),
        "FIELD-VALUE",
        "gives both `index` and `index_by_host`",
    ),
    (with_adjustment("id: m, kind: market_forces, index: 0"), "FIELD-VALUE", "not a number above zero"),
    (with_adjustment("id: m, kind: market_forces, index: 1.1234567"), "FIELD-VALUE", "more than six decimals"),
    (with_adjustment("id: m, kind: market_forces, index_by_host: {NWB: 1}"), "FIELD-MISSING", "for host `WWV`"),
    (with_adjustment("id: t, kind: transfer, value_by_host: {NWB: £1}"), "FIELD-MISSING", "for host `ICE`"),
    (
        with_adjustment(f"id: t, kind: transfer, value_by_host: {by_host('£1', (*HOSTS, 'XQY'))}"),
        "TERM-REFERENCE",
        "`XQY`, which is not a host",
    ),
    (
        with_adjustment(f"id: t, kind: transfer, value_by_host: {by_host('£1')}, from: 1 October"),
        "FIELD-VALUE",
        "is not a date",
    ),
    (with_adjustment("id: n, kind: growth"), "FIELD-MISSING", "neither `rate` nor `rate_by_segment`"),
    (
        with_adjustment("id: n, kind: need, rate_by_segment: {core: 1%, risk_one: 1%}"),
        "FIELD-MISSING",
        "no rate for segment `risk_two`",
    ),
    (
        with_adjustment("id: n, kind: need, rate_by_segment: {core: 1%, risk_one: 1%, risk_two: 1%, risk_ten: 1%}"),
        "TERM-REFERENCE",
        "`risk_ten`, which is not a segment",
    ),
    (
        with_adjustment("id: n, kind: pace_of_change, rate_by_segment: {core: 1%, risk_one: 1%, risk_two: 1%}"),
        "FIELD-UNKNOWN",
        "`rate_by_segment` is not known here",
    ),
    (with_adjustment("id: n, kind: pace_of_change"), "FIELD-MISSING", "neither `rate` nor `distance` nor"),
    (with_adjustment("id: n, kind: pace_of_change, distance: -5%"), "FIELD-MISSING", "how much of it the year closes"),
    (with_adjustment("id: n, kind: pace_of_change, rate: 1%, closed: 25%"), "FIELD-VALUE", "no distance from a target"),
    (with_adjustment("id: n, kind: pace_of_change, rate: 1%, at_most: 2%"), "FIELD-VALUE", "no distance from a target"),
    (
        with_adjustment("id: n, kind: pace_of_change, rate: 1%, distance: 1%, closed: 25%"),
        "FIELD-VALUE",
        "gives both `rate` and `distance`",
    ),
    (
        with_adjustment("id: n, kind: pace_of_change, distance: -5%, closed: 25%, at_least: 2%, at_most: 1%"),
        "FIELD-VALUE",
        "`at_least` is above `at_most`",
    ),
    (
        with_adjustment("id: n, kind: pace_of_change, distance: -100%, closed: 25%"),
        "FIELD-VALUE",
        "100% or more below its target",
    ),
    (
        with_adjustment("id: n, kind: pace_of_change, distance_by_host: {NWB: 1%}, closed: 25%"),
        "FIELD-MISSING",
        "for host `ICE`",
    ),
    (
        with_adjustment("id: p, kind: place_index, registered: 0, weighted: 3, whole_registered: 4, whole_weighted: 5"),
        "FIELD-VALUE",
        "not a number above zero",
    ),
]


@pytest.mark.parametrize(("text", "code", "words"), BAD, ids=[words for _, _, words in BAD])
def test_every_fault_of_a_choice_is_found_at_its_place(text, code, words):
    with pytest.raises(FindingsError) as caught:
        read(text)
    found = [finding for finding in caught.value.findings if words in finding.message]
    assert found, caught.value.findings
    assert {finding.code for finding in caught.value.findings} == {code}
    # The parties end on line 32: what is named is the choice, or the group that it should stand in.
    assert found[0].line and found[0].line > 32


def test_the_faults_of_all_choices_come_at_once():
    text = with_block("id: m, provider: ZX9, setting: elective, value: £9, key: person_days").replace(
        ATTRIBUTION, "  attribution: plurality\n"
    )
    with pytest.raises(FindingsError) as caught:
        read(text)
    assert [finding.code for finding in caught.value.findings] == [
        "FIELD-MISSING", "TERM-REFERENCE", "TERM-REFERENCE", "FIELD-MISSING",
    ]  # fmt: skip
