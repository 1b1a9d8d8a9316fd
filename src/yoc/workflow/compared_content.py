"""A comparison of two runs in plain figures, from which it is printed and written as JSON, CSV or a workbook."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from itertools import pairwise
from typing import Any

from yoc import __version__
from yoc.contract.scope import SETTING_NAMES
from yoc.settlement.causes import CAUSES, Effect, Sums, together
from yoc.settlement.difference import changes
from yoc.workflow.compare_runs import HostCompared, RunRead, RunsCompared
from yoc.workflow.compared_facts import facts

FORMAT = "yoc comparison 1"

MEANINGS = {
    "people": "who counts, for how long and in which segment: their budget by the first run's rules",
    "adjustments": "the adjustments of the contract's budget: uplifts, transfers and the like",
    "volume": "how many units of care each provider gave at each point of delivery, at the first run's average cost",
    "mix": "which codes the units were of",
    "price": "the price of a unit of each code",
    "blocks": "the host's parts of block values",
    "high_cost": "what lies over a person's threshold of stop-loss",
    "outcome": "results of indicators and the scores that they give",
    "inputs": "the inputs that the contract declares for each host",
    "on_account": "what was paid on account",
    "terms": "what the contract says otherwise: annual rates, shares, limits and every other term",
    "other": "the day as of which the year is settled, hosts of one run alone, another version of the program",
}
"""What each cause stands for."""


def compared_content(compared: RunsCompared) -> dict[str, Any]:
    """The comparison as plain text, integers, lists and mappings: money in whole pence, each above zero to the host.

    Only the costs by setting, and facts that move the `cost`, are above zero where there is more cost.
    """
    before, after = compared.before, compared.after
    settlement = after.settlement
    found = facts(compared)
    hosts = [_host(compared, host) for host in compared.hosts]
    made_from = _made_from(before.manifest["made_from"], after.manifest["made_from"])
    everything = _bridge(
        "All hosts",
        sum((host.before for host in compared.hosts), Sums()),
        sum((host.after for host in compared.hosts), Sums()),
        together([host.effects for host in compared.hosts]),
    )
    return {
        "format": FORMAT,
        "software": f"yoc {__version__}",
        "contract": settlement["contract"]["id"],
        "title": settlement["contract"]["title"],
        "year": settlement["year"],
        "synthetic": settlement["synthetic"],
        "shadow": "shadow" in (before.settlement["status"], settlement["status"]),
        "currency": after.contract.currency.sign,
        "before": _run(before),
        "after": _run(after),
        "same": before.place.run_id == after.place.run_id,
        "moves": bool(found) or any(cause["moves"] for host in hosts for cause in host["causes"]),
        "causes": [{"cause": cause, "name": name, "meaning": MEANINGS[cause]} for cause, name in CAUSES.items()],
        "hosts": hosts,
        "all": {**everything, "cost": _cost_of_all(hosts)},
        "facts": [asdict(fact) for fact in found],
        "made_from": made_from,
        "contract_changes": [asdict(change) for change in changes(before.contract, after.contract)],
        "fates": _fates(before.settlement, settlement),
        "notes": list(compared.notes),
    }


def _run(run: RunRead) -> dict[str, str]:
    settlement = run.settlement
    return {
        "run": run.place.run_id,
        "folder": run.place.shown,
        "as_of": settlement["as_of"],
        "status": settlement["status"],
        "contract_version": settlement["contract"]["version"],
        "software": settlement["software"],
    }


def _host(compared: RunsCompared, host: HostCompared) -> dict[str, Any]:
    return {
        **_bridge(host.host, host.before, host.after, host.effects),
        "name": host.name,
        "cost": _cost(compared, host),
    }


def _bridge(host: str, before: Sums, after: Sums, effects: Sequence[Effect]) -> dict[str, Any]:
    return {
        "host": host,
        "before": _sums(before),
        "causes": [
            {
                "cause": effect.cause,
                **_sums(effect.sums),
                "moves": effect.sums != Sums() or bool(effect.movement and effect.movement.moves),
                "told_with": list(effect.told_with),
                "terms": [
                    row.as_dict() for row in (effect.movement.rows if effect.movement else ()) if row.difference_pence
                ],
            }
            for effect in effects
        ],
        "after": _sums(after),
    }


def _sums(sums: Sums) -> dict[str, int]:
    return {**asdict(sums), "due_pence": sums.due_pence}


_COST_PARTS = ("before_pence", "volume_pence", "mix_pence", "price_pence", "blocks_pence", "after_pence")


def _cost(compared: RunsCompared, host: HostCompared) -> list[dict[str, Any]]:
    """The cost by setting in whole pence from run to run; blocks stand beside what lines cost."""
    old, new = (run.host(host.host) for run in (compared.before, compared.after))
    if old is None or new is None:
        return []
    costs = [side["cost_by_setting"] for side in (old, new)]
    rows = []
    for setting in dict.fromkeys((*costs[1], *costs[0])):
        lines = [stage.get(setting, 0) for stage in host.cost_stages]
        ends = [cost.get(setting, 0) for cost in costs]
        moved = [after - before for before, after in pairwise(lines)]
        blocks = ends[1] - ends[0] - sum(moved)
        figures = dict(zip(_COST_PARTS, (ends[0], *moved, blocks, ends[1]), strict=True))
        rows.append({"setting": setting, "name": SETTING_NAMES.get(setting, setting), **figures})
    return rows


def _cost_of_all(hosts: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    sums: dict[str, dict[str, Any]] = {}
    for row in (row for host in hosts for row in host["cost"]):
        own = sums.setdefault(row["setting"], {**row, **dict.fromkeys(_COST_PARTS, 0)})
        for part in _COST_PARTS:
            own[part] += row[part]
    return list(sums.values())


def _made_from(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, str]]:
    """What the runs were made from and is not the same in both, by hash."""
    found = []
    for kind in ("documents", "inputs", "sql"):
        for name in dict.fromkeys((*after[kind], *before[kind])):
            if before[kind].get(name) != after[kind].get(name):
                alone = "second run only" if name not in before[kind] else "first run only"
                what = "differs" if name in before[kind] and name in after[kind] else alone
                found.append({"kind": kind, "name": name, "what": what})
    found += [
        {"kind": "program", "name": name, "what": "differs"}
        for name in ("code", "software")
        if before[name] != after[name]
    ]
    return found


def _fates(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What became of lines, where it is not the same in both runs: how many lines, and what was asked for them."""
    sides = [{row["fate"]: row for row in side["activity"]["by_fate"]} for side in (before, after)]
    none = {"lines": 0, "submitted_pence": 0}
    return [
        {
            "fate": fate,
            "label": (sides[1].get(fate) or sides[0][fate])["label"],
            "before_lines": was["lines"],
            "after_lines": now["lines"],
            "before_submitted_pence": was["submitted_pence"],
            "after_submitted_pence": now["submitted_pence"],
        }
        for fate in dict.fromkeys((*sides[1], *sides[0]))
        if (was := sides[0].get(fate, none)) != (now := sides[1].get(fate, none))
        and (was["lines"], was["submitted_pence"]) != (now["lines"], now["submitted_pence"])
    ]
