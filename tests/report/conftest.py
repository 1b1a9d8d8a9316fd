"""A settlement of two hosts whose figures can be worked out by hand, and ways to read what is rendered from it.

AAA: budget £1,000.00, cost £900.00, stop-loss £8.00, share of gain -£54.00, outcomes -£20.00 and +£15.00, passed on
-£3.00, VCSE -£10.00, on account -£30.00: £6.00 due to the host. BBB: budget £500.00, cost £520.00, share of loss £5.00,
outcomes -£10.00 and +£10.00, VCSE -£2.00, on account -£40.00: £57.00 due from the host.
"""

import copy
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

from yoc.core.money import format_pounds
from yoc.report import render

COMMISSIONER, PROVIDER, PARTNER = "XQY", "ZA1", "VC1"


def make_line(host: str, kind: str, name: str, pence: int, payer: str, payee: str, **more: Any) -> dict[str, Any]:
    effect = pence * ((payee == host) - (payer == host))
    return {
        "term": name.partition(".")[0], "kind": kind, "name": name, "clause": more.get("clause", "5.1"),
        "label": more.get("label", name), "formula": more.get("formula", f"how {name} is worked out"),
        "inputs": more.get("inputs", {}), "pence": pence, "exact": more.get("exact", format_pounds(pence)),
        "payer": payer, "payee": payee, "effect_pence": effect, "running_pence": 0, "details": more.get("details", []),
    }  # fmt: skip


def make_lines(host: str, figures: dict[str, int]) -> list[dict[str, Any]]:
    share = figures["share"]
    to_icb, from_icb = (host, COMMISSIONER), (COMMISSIONER, host)
    parts = [{"label": "seen_soon", "formula": "weight 100%", "pence": figures["earned"]}]
    lines = [
        make_line(host, "capitation", "budget", figures["budget"], *from_icb),
        make_line(host, "activity_cost", "cost", figures["cost"], *to_icb, clause="6.1"),
        make_line(host, "stop_loss", "high_cost", figures["stop_loss"], *from_icb, inputs={"over": "£10.00"}),
        make_line(host, "balance", "balance", figures["budget"] - figures["cost"], "", ""),
        make_line(host, "bands", "share", abs(share), *(to_icb if share < 0 else from_icb), exact="£54.004"),
        make_line(host, "outcomes", "outcomes.withheld", figures["withheld"], *to_icb),
        make_line(host, "outcomes", "outcomes.earned", figures["earned"], *from_icb, details=parts),
        make_line(host, "split", "partners.ZA1", figures["passed_on"], host, PROVIDER),
        make_line(host, "vcse_line", "connectors", figures["vcse"], host, PARTNER),
        make_line(host, "on_account", "paid", figures["on_account"], *to_icb, clause="10.2"),
    ]
    running = 0
    for line in lines:
        running += line["effect_pence"]
        line["running_pence"] = running
    return lines


def make_host(host: str, name: str, figures: dict[str, int], people: int) -> dict[str, Any]:
    lines = make_lines(host, figures)
    closing = lines[-1]["running_pence"]
    budget, cost = figures["budget"], figures["cost"]
    cell = {"segment": "core", "setting": "primary", "provider": PROVIDER}
    return {
        "host": host,
        "name": name,
        "person_years": "150.0000",
        "people": [
            {"segment": "core", "name": "Core", "units": people * 365, "units_per_year": 365, "people": people,
             "person_years": f"{people}.0000", "units_by_month": [people * 30] * 11 + [people * 35]},
            {"segment": "risk", "name": "Risk group", "units": (150 - people) * 365, "units_per_year": 365,
             "people": 150 - people, "person_years": f"{150 - people}.0000", "units_by_month": [100] * 12},
        ],
        "budget_pence": budget,
        "budget_cells": [
            {"segment": "core", "setting": "primary", "person_years": "150.0000", "annual_rate_pence": 500,
             "pence": budget - 1},
            {"segment": "risk", "setting": "emergency", "person_years": "1.0000", "annual_rate_pence": 1, "pence": 1},
        ],
        "budget_steps": [
            {"id": "rates", "title": "Annual rates", "clause": "5.1", "pence": budget - 10, "formula": "people × rate"},
            {"id": "growth", "title": "Growth", "clause": "5.4", "pence": 10, "formula": "growth 0.8%"},
        ],
        "cost_pence": cost,
        "cost_by_setting": {"primary": cost - 100, "emergency": 100},
        "cost_by_provider": {PROVIDER: cost},
        "over_threshold": "£10.00",
        "cost_cells": [
            {**cell, "month": 1, "lines": 7, "submitted_pence": cost - 60, "pence": cost - 100},
            {**cell, "setting": "emergency", "month": 12, "lines": 2, "submitted_pence": 70, "pence": 100},
        ],
        "lines": lines,
        "summary": {
            "budget_pence": budget, "cost_pence": cost, "stop_loss_pence": figures["stop_loss"],
            "outcomes_pence": figures["earned"] - figures["withheld"], "share_pence": figures["share"],
            "vcse_pence": -figures["vcse"], "passed_on_pence": -figures["passed_on"],
            "on_account_pence": -figures["on_account"], "balance_pence": budget - cost, "due_pence": closing,
        },
        "outcomes": [
            {"indicator": "seen_soon", "title": "Seen soon", "better": "higher", "numerator": "3", "denominator": "4",
             "result": "0.750000", "floor": "60%", "target": "2/3", "score": "1.000000"},
        ],
        "payments": [
            {"date": "2026-04-15", "reference": f"POA-{host}-1", "pence": figures["on_account"] - 500},
            {"date": "2027-03-15", "reference": f"POA-{host}-2", "pence": 500},
        ],
        "closing_pence": closing,
    }  # fmt: skip


def make_settlement() -> dict[str, Any]:
    first = {"budget": 100_000, "cost": 90_000, "stop_loss": 800, "share": -5_400, "withheld": 2_000, "earned": 1_500,
             "passed_on": 300, "vcse": 1_000, "on_account": 3_000}  # fmt: skip
    second = {"budget": 50_000, "cost": 52_000, "stop_loss": 0, "share": 500, "withheld": 1_000, "earned": 1_000,
              "passed_on": 0, "vcse": 200, "on_account": 4_000}  # fmt: skip
    hosts = [make_host("AAA", "Alpha integrator", first, 3), make_host("BBB", "Beta integrator", second, 50)]
    settlement = {
        "format": "yoc settlement 1", "software": "yoc 0.1.0", "run_id": "2026-27-abc123", "synthetic": True,
        "status": "live", "year": "2026/27", "as_of": "2027-04-23", "prepared_by": "Finance team",
        "plan": "sample-plan",
        "contract": make_contract(),
        "parties": [
            {"code": COMMISSIONER, "name": "Sample ICB", "role": "commissioner", "nhs_body": True},
            {"code": "AAA", "name": "Alpha integrator", "role": "host", "nhs_body": True},
            {"code": "BBB", "name": "Beta integrator", "role": "host", "nhs_body": True},
            {"code": PROVIDER, "name": "Acute Trust", "role": "provider", "nhs_body": True},
            {"code": PARTNER, "name": "Connectors", "role": "vcse", "nhs_body": False},
        ],
        "settings": [{"setting": "primary", "name": "Primary"}, {"setting": "emergency", "name": "Emergency"}],
        "hosts": hosts,
        "checks": [
            {"id": "1", "law": "Entries sum to zero", "passed": True, "detail": "15 entries sum to £0.00"},
            {"id": "2", "law": "Every pound in is charged", "passed": True, "detail": "£1,500.00 = £1,500.00"},
        ],
        "findings": [{"code": "ENCODING", "level": "warning", "message": "read as cp1252", "mend": "ask for UTF-8",
                      "file": "a.csv"}],
        **make_account(),
    }  # fmt: skip
    complete(settlement)
    return settlement


def make_contract() -> dict[str, Any]:
    return {
        "id": "sample", "title": "Sample contract", "version": "1.0", "route": "commissioner_pays_and_nets",
        "first_year": "2026/27", "years": 5, "contract_year": 1, "commissioner": COMMISSIONER,
        "counting": "person_days", "segments_tested": "quarter_start", "attribution": "host_on_activity_date",
        "price_basis": "book", "price_rounding": "per_line", "budget_rounding": "on_total",
        "price_book": {"book": "prices", "title": "Price book", "source": "made up", "published_on": "2026-04-01"},
        "segments": [{"segment": "core", "name": "Core"}, {"segment": "risk", "name": "Risk group"}],
        "terms": [],
    }  # fmt: skip


def make_account() -> dict[str, Any]:
    """Files of £1,500.00: £1,420.50 charged as submitted, £59.50 set aside, £8.00 rejected, £12.00 superseded."""
    file = {"kind": "activity", "sha256": "ab" * 32, "unreadable_sums": 1, "encoding": "utf-8"}
    return {
        "activity": {
            "lines": 25, "submitted_pence": 148_000, "charged_pence": 142_000, "price_difference_pence": 50,
            "by_fate": [
                {"fate": "charged", "label": "charged to a host", "lines": 18, "submitted_pence": 142_050},
                {"fate": "block", "label": "inside a block", "lines": 7, "submitted_pence": 5_950},
            ],
            "set_aside": [
                {"fate": "block", "label": "inside a block", "detail": "", "provider": PROVIDER, "lines": 7,
                 "submitted_pence": 5_950},
            ],
        },
        "files": [
            {**file, "file": "a.csv", "rows": 30, "used": 25, "rejected": 2, "superseded": 3,
             "submitted_pence": 150_000, "rejected_pence": 800, "superseded_pence": 1_200,
             "period_rules": {"stated": 30}},
            {**file, "file": "people.csv", "kind": "persons", "rows": 150, "used": 149, "rejected": 1, "superseded": 0,
             "submitted_pence": 0, "rejected_pence": 0, "superseded_pence": 0, "unreadable_sums": 0,
             "period_rules": {}},
        ],
        "rejects": [
            {"file": "a.csv", "field": "total cost", "reason": "is blank", "rows": 2, "row_numbers": [4, 5]},
            {"file": "people.csv", "field": "birth date", "reason": "is blank", "rows": 1, "row_numbers": [9]},
        ],
    }  # fmt: skip


def complete(settlement: dict[str, Any]) -> None:
    """Entries, net by party and totals, as they follow from the hosts."""
    kept = ("term", "name", "clause", "payer", "payee", "pence")
    moves = [
        {"host": host["host"], **{name: line[name] for name in kept}}
        for host in settlement["hosts"]
        for line in host["lines"]
        if line["payer"] and line["pence"]
    ]
    settlement["entries"] = [{"sequence": number, **move} for number, move in enumerate(moves, 1)]
    net = {party["code"]: 0 for party in settlement["parties"]}
    for entry in settlement["entries"]:
        net[entry["payer"]] -= entry["pence"]
        net[entry["payee"]] += entry["pence"]
    names = {party["code"]: party["name"] for party in settlement["parties"]}
    settlement["net_by_party"] = [
        {"party": code, "name": names[code], "pence": pence} for code, pence in net.items() if pence
    ]
    hosts = settlement["hosts"]
    settlement["totals"] = {
        **{name: sum(host["summary"][name] for host in hosts) for name in hosts[0]["summary"]},
        "cost_by_setting": {
            name: sum(host["cost_by_setting"][name] for host in hosts) for name in ("primary", "emergency")
        },
        "person_years": "300.0000",
    }


@dataclass(frozen=True)
class Sheet:
    """A sheet as it is read back: the lines above its table, header, rows and totals row; money in pounds."""

    above: list[str]
    header: list[str]
    rows: list[dict[str, Any]]
    total: dict[str, Any]

    def column(self, name: str) -> list[Any]:
        return [row[name] for row in self.rows]

    def pence(self, name: str) -> list[int]:
        return [to_pence(value) for value in self.column(name)]


def to_pence(value: Any) -> int:
    """Whole pence from what Excel holds, which must be within a hair of them."""
    pence = round(value * 100)
    assert abs(value * 100 - pence) < 1e-6
    return pence


def read_sheet(content: bytes, name: str) -> Sheet:
    sheet = load_workbook(io.BytesIO(content))[name]
    (table,) = sheet.tables.values()
    first_column, header_row, last_column, last_row = range_boundaries(table.ref)
    assert first_column == 1
    columns = range(1, last_column + 1)
    header = [sheet.cell(header_row, column).value for column in columns]

    def row(number: int) -> dict[str, Any]:
        return {name: sheet.cell(number, column).value for name, column in zip(header, columns, strict=True)}

    return Sheet(
        [sheet.cell(number, 1).value for number in range(1, header_row)],
        header,
        [row(number) for number in range(header_row + 1, last_row + 1)],
        row(last_row + 1),
    )


_SETTLEMENT = make_settlement()
_RENDERED = render(_SETTLEMENT)


@pytest.fixture
def settlement() -> dict[str, Any]:
    """The sample settlement, the test's own to change."""
    return copy.deepcopy(_SETTLEMENT)


@pytest.fixture
def rendered() -> dict[str, bytes]:
    """What is rendered from the sample settlement."""
    return dict(_RENDERED)


@pytest.fixture
def read() -> Callable[[bytes, str], Sheet]:
    return read_sheet


@pytest.fixture
def again() -> Callable[[dict[str, Any]], None]:
    """Works out entries and totals again after a test has changed lines."""
    return complete
