"""Random positions under random lists of terms: what the laws of a settlement are tried on, without any file."""

from datetime import date
from itertools import pairwise

from hypothesis import strategies as st

from yoc.contract import Contract, read_contract
from yoc.contract.budget import Budget
from yoc.contract.position import Position, PriceReissue
from yoc.core.periods import FinancialYear

SETTINGS = ("primary", "community", "mental_health", "outpatient", "emergency")
PROVIDERS = ("ZA1", "ZM1", "ZG1")
_FRAME = """
contract: laws
title: A contract for the laws
version: "1"
status: live
route: {route}
first_year: 2026/27
years: 1
parties:
  - {{code: ICB, name: Commissioner, role: commissioner}}
  - {{code: HOST, name: Host, role: host}}
  - {{code: POOL, name: A pool, role: other}}
  - {{code: VC1, name: Partner, role: vcse}}
population:
  counting: person_days
  attribution: host_on_activity_date
  overlapping_registrations: refuse
  segments_tested: year_start
  segments: [{{id: all, name: Everybody}}]
activity:
  commissioners: [ICB]
  price: {{basis: book, rounding: per_line}}
  scope: [{{setting: emergency, when: {{point_of_delivery: AE}}}}]
budget:
  rounding: on_total
  rates: {{all: {{primary: £1, community: £1, mental_health: £1, outpatient: £1, emergency: £1}}}}
terms:
  - {{id: budget, kind: capitation}}
  - {{id: cost, kind: activity_cost}}
"""
percents = st.integers(0, 100).map(lambda number: f"{number}%")
sums = st.integers(0, 10**9)


@st.composite
def bands(draw) -> str:
    edges = sorted(draw(st.sets(st.integers(1, 40), max_size=3)))
    starts = [0, *edges]
    parts = [
        f"{{from: {start}%, {f'to: {end}%, ' if end else ''}host_share: {draw(percents)}}}"
        for start, end in zip(starts, [*edges, None], strict=True)
    ]
    return f"[{', '.join(parts)}]"


@st.composite
def term_lines(draw) -> list[str]:
    """Any of the terms that move money, in an order in which each finds what it works on."""
    balance = "{id: balance, kind: balance, base: budget}"
    chosen = draw(st.sets(st.sampled_from(["stop_loss", "outcomes", "vcse", "pool", "paid"])))
    weight = draw(st.integers(0, 100))
    texts = {
        "stop_loss": f"{{id: high, kind: stop_loss, threshold: £30k, share: {draw(percents)}, borne_by: POOL}}",
        "outcomes": f"{{id: outcomes, kind: outcomes, base: budget, at_risk: {draw(percents)}, "
        f"weights: {{a: {weight}%, b: {100 - weight}%}}}}",
        "vcse": f"{{id: line, kind: vcse_line, partner: VC1, value: £12345, "
        f"paid_by: {draw(st.sampled_from(['host', 'commissioner']))}, protected_minimum: {draw(percents)}, "
        f"outcome_part: {{share: {draw(percents)}, weights: {{a: 100%}}}}}}",
        "pool": "{id: parts, kind: split, on: outcomes.earned, shares: {host: 1/3, VC1: 1/3, POOL: 1/3}}",
        "paid": "{id: paid, kind: on_account}",
    }
    lines = [texts["stop_loss"]] if "stop_loss" in chosen else []
    lines.append(balance)
    if draw(st.booleans()):
        lines.append(
            f"{{id: share, kind: bands, on: balance, base: budget, gain: {draw(bands())}, loss: {draw(bands())}}}"
        )
    lines += [texts[name] for name in ("outcomes", "vcse", "paid") if name in chosen]
    if "outcomes" in chosen and "pool" in chosen:
        lines.append(texts["pool"])
    return lines


@st.composite
def contracts(draw) -> Contract:
    route = draw(st.sampled_from(["host_pays_provider", "commissioner_pays_and_nets"]))
    return read_contract(_FRAME.format(route=route) + "".join(f"  - {line}\n" for line in draw(term_lines())), "laws")


@st.composite
def positions(draw) -> Position:
    by_provider = {code: draw(st.integers(-1000, 10**9)) for code in PROVIDERS}
    total = sum(by_provider.values())
    cuts = sorted(draw(st.lists(st.integers(0, max(total, 0)), min_size=4, max_size=4)))
    edges = [0, *cuts, total]
    return Position(
        host="HOST",
        year=FinancialYear(2026),
        contract_year=1,
        budget=Budget(draw(sums)),
        cost_pence=dict(zip(SETTINGS, [high - low for low, high in pairwise(edges)], strict=True)),
        cost_by_provider_pence=by_provider,
        over_threshold_pence=draw(st.fractions(0, 10**8, max_denominator=1000)),
        scores={name: draw(st.fractions(0, 1, max_denominator=97)) for name in ("a", "b")},
        paid_on_account_pence=draw(sums),
        price_reissues=tuple(draw(st.lists(price_reissues(), max_size=2))),
    )


@st.composite
def price_reissues(draw) -> PriceReissue:
    """What prices published again changed: up or down, in one setting and at two providers."""
    changes = {code: draw(st.integers(-(10**6), 10**6)) for code in PROVIDERS[:2]}
    settings = dict.fromkeys(SETTINGS, 0) | {draw(st.sampled_from(SETTINGS)): sum(changes.values())}
    return PriceReissue("book v2", date(2026, 6, 27), date(2026, 4, 1), settings, changes)
