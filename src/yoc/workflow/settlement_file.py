"""`settlement.json`: every figure of a settled year, from which its statements are rendered.

Money is whole pence in integers; other exact figures are text. No figure is about a person.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from fractions import Fraction
from typing import Any

from yoc import __version__
from yoc.activity import Activity, CostCell
from yoc.activity.cost import FATES
from yoc.contract.model import ActivityContract, Contract, Status
from yoc.contract.position import Position
from yoc.contract.scope import SETTING_NAMES
from yoc.core.money import apportion_pence, format_exact_pence, round_half_away
from yoc.core.rates import format_decimal, format_percent
from yoc.intake import Reject
from yoc.settlement import HostSettlement, SettledLine
from yoc.workflow.settle_plan import Outcome
from yoc.workflow.settled_prices import price_reissues, price_version, reissue_content
from yoc.workflow.working_content import working_content

FORMAT = "yoc settlement 1"


def settlement_content(outcome: Outcome, run_id: str) -> dict[str, Any]:
    """The whole settlement as plain text, integers, lists and mappings."""
    contract, plan = outcome.job.contract, outcome.job.plan
    hosts = [_host(outcome, host) for host in outcome.hosts]
    computed = [
        {
            "sequence": number,
            "host": entry.host,
            "term": entry.term,
            "name": entry.name,
            "clause": entry.clause,
            "payer": entry.payer,
            "payee": entry.payee,
            "pence": entry.pence,
        }
        for number, entry in enumerate((entry for host in outcome.hosts for entry in host.entries), 1)
    ]
    # A contract that runs in shadow moves no money: what would have moved is kept apart from the entries.
    shadow = contract.status is Status.SHADOW
    entries = [] if shadow else computed
    return {
        "format": FORMAT,
        "software": f"yoc {__version__}",
        "run_id": run_id,
        "synthetic": contract.synthetic,
        "status": contract.status.value,
        "year": str(plan.year),
        "as_of": plan.as_of.isoformat(),
        "prepared_by": plan.prepared_by,
        "plan": plan.plan,
        "contract": _contract(outcome),
        "documents": {role: outcome.job.workspace.name(path) for role, path in sorted(outcome.job.documents.items())},
        "parties": [
            {"code": party.code, "name": party.name, "role": party.role.value, "nhs_body": party.nhs_body}
            for party in contract.parties
        ],
        "settings": [{"setting": name, "name": SETTING_NAMES[name]} for name in contract.budget.settings()],
        "hosts": hosts,
        "totals": _totals(hosts),
        "summary_kinds": dict(SUMMARY_KINDS),
        "entries": entries,
        "shadow_entries": computed if shadow else [],
        "net_by_party": _net_by_party(contract, entries),
        "activity": _activity(outcome.activity, outcome),
        "files": [account.as_dict() for account in outcome.accounts],
        "rejects": _rejects(outcome),
        "checks": [
            {"id": check.id, "law": check.law, "passed": check.passed, "detail": check.detail}
            for check in outcome.checks
        ],
        "findings": [finding.as_dict() for finding in outcome.findings],
        "tie_outs": outcome.tie_outs.as_dict() if outcome.tie_outs else None,
    }


def _rate_table(contract: ActivityContract) -> dict[str, Any]:
    """The dated table of which the annual rates are, where the contract names one."""
    table = contract.budget.rates_from
    if table is None:
        return {}
    about = {"rate_table": table.rate_table, "title": table.title, "file": table.file}
    return {"rate_table": {**about, "year": str(table.year), "as_of": str(table.as_of)}}


def _contract(outcome: Outcome) -> dict[str, Any]:
    contract, book = outcome.job.contract, outcome.job.prices.latest.header
    only_with_plurality = {"attribution_ties": contract.population.attribution_ties}
    return {
        "id": contract.contract,
        "title": contract.title,
        "version": contract.version,
        "route": contract.route.value,
        "first_year": str(contract.first_year),
        "years": contract.years,
        "contract_year": contract.contract_year(outcome.job.plan.year),
        "commissioner": contract.commissioner.code,
        "counting": contract.population.counting,
        "segments_tested": contract.population.segments_tested,
        "attribution": contract.population.attribution,
        **{name: value for name, value in only_with_plurality.items() if value},
        "price_basis": contract.activity.price.basis,
        "price_rounding": contract.activity.price.rounding,
        "budget_rounding": contract.budget.rounding.value,
        "price_book": {
            "book": book.book,
            "title": book.title,
            "source": book.source,
            "published_on": book.published_on.isoformat(),
        },
        **_rate_table(contract),
        "price_versions": [price_version(version.header) for version in outcome.job.prices.versions],
        "segments": [{"segment": segment.id, "name": segment.name} for segment in contract.population.segments],
        "terms": [
            {"term": term.id, "kind": term.kind, "clause": term.clause or "", "title": term.title or ""}
            for term in contract.terms
        ],
    }


def _host(outcome: Outcome, host: HostSettlement) -> dict[str, Any]:
    contract, position = outcome.job.contract, host.position
    people = outcome.counted.people[host.host]
    cells = [cell for cell in outcome.activity.cells if cell.host == host.host]
    return {
        "host": host.host,
        "name": contract.party_name(host.host),
        "person_years": format_decimal(people.all_person_years(), 4),
        "people": [
            {
                "segment": segment.id,
                "name": segment.name,
                "units": people.units(segment.id),
                "units_per_year": people.units_per_year,
                "people": sum(people.people_by_segment_and_units[segment.id].values()),
                "person_years": format_decimal(people.person_years(segment.id), 4),
                "units_by_month": [
                    outcome.counted.units_by_month.get((host.host, segment.id, month), 0) for month in range(1, 13)
                ],
            }
            for segment in contract.population.segments
        ],
        "budget_pence": position.budget.total_pence,
        "budget_cells": [
            {
                "segment": cell.segment,
                "setting": cell.setting,
                "person_years": format_decimal(cell.person_years, 4),
                "annual_rate_pence": cell.annual_rate_pence,
                "pence": cell.pence,
            }
            for cell in position.budget.cells
        ],
        **_back_pay(position),
        "budget_steps": [
            {"id": step.id, "title": step.title, "clause": step.clause, "pence": step.pence, "formula": step.formula}
            for step in position.budget.steps
        ],
        "cost_pence": int(sum(position.cost_pence.values())),
        "cost_by_setting": {setting: int(pence) for setting, pence in position.cost_pence.items()},
        "cost_by_provider": {code: int(pence) for code, pence in position.cost_by_provider_pence.items()},
        "block_pence": dict(position.block_pence),
        "over_threshold": format_exact_pence(position.over_threshold_pence),
        "over_threshold_by_setting": _over_by_setting(cells, position.cost_pence),
        "over_threshold_exact_by_setting": {
            name: str(pence) for name, pence in _exactly_over(cells, position.cost_pence).items()
        },
        "cost_cells": _cost_cells(cells, _cost_of_lines(position)),
        "price_reissues": price_reissues(outcome, position),
        "position": position_content(position),
        "lines": [_line(line) for line in host.lines],
        "summary": _summary(host),
        "outcomes": _outcomes(outcome, host),
        "payments": [
            {"date": payment.day.isoformat(), "reference": payment.reference, "pence": payment.pence}
            for payment in outcome.payments
            if payment.payee == host.host
        ],
        "closing_pence": host.closing_pence,
        "working": working_content(contract, outcome.job.contract_document, host, outcome.job.plan.year),
    }


def _back_pay(position: Position) -> dict[str, Any]:
    """What was first counted for and what each month is made good by; nothing where the people were counted once."""
    pay = position.budget.back_pay
    return {} if pay is None else {"back_pay": asdict(pay)}


def position_content(position: Position) -> dict[str, Any]:
    """All that the terms worked on, from which the host's year can be settled again: exact figures as fractions.

    It stands in `settlement.json` under `position` of each host; `yoc.workflow.run_positions` reads it.
    """
    return {
        "year": str(position.year),
        "contract_year": position.contract_year,
        "budget_pence": position.budget.total_pence,
        "budget_rounding": position.budget.rounding.value,
        "person_years": str(position.budget.person_years),
        **_back_pay(position),
        "cost_pence": {name: str(pence) for name, pence in position.cost_pence.items()},
        "cost_by_provider_pence": {code: str(pence) for code, pence in position.cost_by_provider_pence.items()},
        "cost_by_month_pence": [
            [setting, month, str(pence)] for (setting, month), pence in position.cost_by_month_pence.items()
        ],
        "block_pence": dict(position.block_pence),
        "block_parts": {
            name: {"title": part.title, "setting": part.setting, "formula": part.formula}
            for name, part in position.block_parts.items()
        },
        "over_threshold_pence": str(position.over_threshold_pence),
        "scores": {name: str(score) for name, score in position.scores.items()},
        "paid_on_account_pence": str(position.paid_on_account_pence),
        "as_of": position.as_of.isoformat() if position.as_of else "",
        "values": {name: str(value) for name, value in position.values.items()},
        "choices": dict(position.choices),
        "price_reissues": [reissue_content(again) for again in position.price_reissues],
    }


def _line(settled: SettledLine) -> dict[str, Any]:
    line = settled.line
    return {
        "term": line.term,
        "kind": line.kind,
        "name": line.name,
        "clause": line.clause,
        "label": line.label,
        "formula": line.formula,
        "inputs": dict(line.inputs),
        "pence": settled.pence,
        "exact": format_exact_pence(line.amount),
        "payer": line.payer,
        "payee": line.payee,
        "effect_pence": settled.effect_pence,
        "running_pence": settled.running_pence,
        "details": [
            {"label": detail.label, "formula": detail.formula, "pence": pence}
            for detail, pence in zip(line.details, settled.detail_pence, strict=True)
        ],
    }


SUMMARY_KINDS = {
    "stop_loss": "stop_loss_pence",
    "outcomes": "outcomes_pence",
    "bands": "share_pence",
    "vcse_line": "vcse_pence",
    "split": "passed_on_pence",
    "on_account": "on_account_pence",
    **dict.fromkeys(("cap", "relief", "statutory_cut", "profit_limit", "carry", "advance"), "share_pence"),
}
"""The column of the summary in which a kind of term is counted; the others are counted together."""


def _summary(host: HostSettlement) -> dict[str, int]:
    """The host's row of the terminal's table: budget, cost, effects by kind of term, balance, and what is due."""
    cost_pence = int(sum(host.position.cost_pence.values()))
    row = {"budget_pence": host.position.budget.total_pence, "cost_pence": cost_pence}
    row |= dict.fromkeys((*SUMMARY_KINDS.values(), "other_pence"), 0)
    row["balance_pence"] = row["budget_pence"] - row["cost_pence"]
    for line in host.lines:
        if line.line.kind not in ("capitation", "activity_cost"):
            row[SUMMARY_KINDS.get(line.line.kind, "other_pence")] += line.effect_pence
    row["due_pence"] = host.closing_pence
    return row


def _totals(hosts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    totals: dict[str, Any] = {name: sum(host["summary"][name] for host in hosts) for name in hosts[0]["summary"]}
    settings: dict[str, int] = defaultdict(int)
    for host in hosts:
        for setting, pence in host["cost_by_setting"].items():
            settings[setting] += pence
    units = sum(part["units"] for host in hosts for part in host["people"])
    per_year = hosts[0]["people"][0]["units_per_year"]
    return totals | {"cost_by_setting": dict(settings), "person_years": format_decimal(Fraction(units, per_year), 4)}


def _over_by_setting(cells: Sequence[CostCell], settings: Iterable[str]) -> dict[str, int]:
    """What lies over the threshold by setting. Finer cells may each be about one person, so none is written."""
    return {setting: round_half_away(pence) for setting, pence in _exactly_over(cells, settings).items()}


def _exactly_over(cells: Sequence[CostCell], settings: Iterable[str]) -> dict[str, Fraction]:
    return {
        setting: sum((cell.over_threshold for cell in cells if cell.setting == setting), Fraction(0))
        for setting in settings
    }


def _cost_of_lines(position: Position) -> dict[str, int]:
    """The cost by setting without blocks: what the lines come to."""
    cost = {setting: int(pence) for setting, pence in position.cost_pence.items()}
    for block, pence in position.block_pence.items():
        cost[position.block_parts[block].setting] -= pence
    return cost


def _cost_cells(cells: Sequence[CostCell], by_setting: Mapping[str, int]) -> list[dict[str, Any]]:
    """Cost by cell in whole pence that add to what the host's lines come to by setting."""
    rows = []
    for setting, total in by_setting.items():
        inside = [cell for cell in cells if cell.setting == setting]
        for cell, pence in zip(inside, apportion_pence(int(total), [cell.amount for cell in inside]), strict=True):
            rows.append(
                {
                    "segment": cell.segment,
                    "setting": cell.setting,
                    "provider": cell.provider,
                    "month": cell.month,
                    "lines": cell.lines,
                    "submitted_pence": cell.submitted_pence,
                    "pence": pence,
                }
            )
    return rows


def _outcomes(outcome: Outcome, host: HostSettlement) -> list[dict[str, Any]]:
    catalogue = outcome.job.catalogue.by_id() if outcome.job.catalogue else {}
    rows = []
    for name in outcome.job.contract.measured_indicators():
        indicator, result = catalogue[name], outcome.results[host.host, name]
        rows.append(
            {
                "indicator": name,
                "title": indicator.title,
                "better": indicator.better,
                "numerator": format_decimal(result.numerator),
                "denominator": format_decimal(result.denominator),
                "result": format_decimal(result.value, 6),
                "floor": format_percent(indicator.floor),
                "target": format_percent(indicator.target),
                "score": format_decimal(host.position.scores[name], 6),
            }
        )
    return rows


def _activity(activity: Activity, outcome: Outcome) -> dict[str, Any]:
    contract_blocks = outcome.job.contract.activity.blocks
    by_fate: dict[str, list[int]] = {}
    for part in activity.by_fate:
        row = by_fate.setdefault(part.fate, [0, 0])
        row[0] += part.lines
        row[1] += part.submitted_pence
    charged = sum(sum(_cost_of_lines(host.position).values()) for host in outcome.hosts)
    blocks = [(block, sum(host.position.block_pence[block.id] for host in outcome.hosts)) for block in contract_blocks]
    charged_submitted = by_fate.get("charged", [0, 0])[1]
    return {
        "lines": activity.lines_in,
        "submitted_pence": activity.submitted_in_pence,
        "charged_pence": charged,
        "price_difference_pence": charged_submitted - charged,
        "blocks": [
            {
                "block": block.id,
                "provider": block.provider,
                "setting": block.setting,
                "value_pence": block.value,
                "shared_pence": shared,
                "rest_pence": block.value - shared,
            }
            for block, shared in blocks
        ],
        "by_fate": [
            {"fate": fate, "label": label, "lines": by_fate[fate][0], "submitted_pence": by_fate[fate][1]}
            for fate, label in FATES.items()
            if fate in by_fate
        ],
        "set_aside": [
            {
                "fate": part.fate,
                "label": FATES[part.fate],
                "detail": part.detail,
                "provider": part.provider,
                "lines": part.lines,
                "submitted_pence": part.submitted_pence,
            }
            for part in activity.by_fate
            if part.fate != "charged"
        ],
    }


def _net_by_party(contract: Contract, entries: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """What each party receives less what it pays, over all entries; in all, nothing."""
    net: dict[str, int] = {party.code: 0 for party in contract.parties}
    for entry in entries:
        net[entry["payer"]] = net.get(entry["payer"], 0) - entry["pence"]
        net[entry["payee"]] = net.get(entry["payee"], 0) + entry["pence"]
    return [{"party": code, "name": contract.party_name(code), "pence": pence} for code, pence in net.items() if pence]


def _rejects(outcome: Outcome) -> list[dict[str, Any]]:
    grouped: dict[tuple[str, str, str], list[Reject]] = defaultdict(list)
    for reject in outcome.rejects:
        grouped[reject.file, reject.field, reject.reason].append(reject)
    return [
        {
            "file": file,
            "field": field,
            "reason": reason,
            "rows": sum(reject.rows for reject in rejects),
            "row_numbers": sorted(reject.row for reject in rejects if reject.row),
        }
        for (file, field, reason), rejects in sorted(grouped.items())
    ]
