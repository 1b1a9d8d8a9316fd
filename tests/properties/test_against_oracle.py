"""Two implementations that share no code agree to the penny on any small world."""

import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings

from oracle.files import write_world
from oracle.oracle import OracleSettlement, settle
from oracle.past_differences import (
    CREDIT_FROM_A_PROVIDER,
    HALF_A_PENNY_BESIDE_A_BLOCK,
    HALF_A_PENNY_OF_A_TRANSFER,
    LOSS_DIVIDED,
    LOSS_SHARED,
    SHADOW,
    STATED_FOR_ANOTHER_YEAR,
    TIE_BETWEEN_PROVIDERS,
    WITHHELD_DIVIDED,
    WITHHELD_SHARED,
)
from oracle.strategies import label, worlds
from oracle.world import World
from yoc.workflow.reconcile import compute

# What is compared: the name of each figure, and the figure. A figure of nothing and no figure are the same.
Figures = dict[str, Any]


def figures_of_oracle(world: World, settlement: OracleSettlement) -> Figures:
    rounded_by_line = world.contract.price_rounding == "per_line"
    figures: Figures = {"submitted": settlement.submitted_pence}
    for name, host in settlement.hosts.items():
        figures[f"{name}: units a year"] = host.units_per_year
        figures[f"{name}: budget"] = host.budget_pence
        figures[f"{name}: cost"] = host.cost_pence
        figures[f"{name}: closing"] = host.closing_pence
        figures |= {f"{name}: units in {segment}": units for segment, units in host.units_by_segment.items()}
        figures |= {f"{name}: effect of {line}": pence for line, pence in host.effect_pence.items()}
        figures |= {f"{name}: part of {block}": pence for block, pence in host.block_pence.items()}
        for book, pence in host.re_issue_pence.items():
            figures[f"{name}: re-issue of {world.re_issues[book - 1].published}"] = pence
        for cell, cost in host.cost_cells.items():
            figures[f"{name}: lines in {cell}"] = cost.lines
            figures[f"{name}: submitted in {cell}"] = cost.submitted_pence
        if rounded_by_line:
            figures |= {f"{name}: cost in {setting}": pence for setting, pence in host.cost_by_setting.items()}
            figures |= {f"{name}: cost in {cell}": cost.pence for cell, cost in host.cost_cells.items()}
            for (_, setting, _, _), cost in host.cost_cells.items():
                key = f"{name}: over in {setting}"
                figures[key] = figures.get(key, 0) + cost.over_threshold_pence
    figures |= {f"rest of {block}": pence for block, pence in settlement.rest_of_block_pence.items()}
    figures |= {f"entry {entry}": count for entry, count in settlement.entries.items()}
    figures |= {f"lines {fate}": total.lines for fate, total in settlement.fates.items()}
    figures |= {f"submitted {fate}": total.submitted_pence for fate, total in settlement.fates.items()}
    return figures


def figures_of_engine(world: World, content: dict[str, Any]) -> Figures:
    figures: Figures = {"submitted": content["activity"]["submitted_pence"]}
    for host in content["hosts"]:
        figures |= figures_of_host(world, host)
    for total in content["activity"]["by_fate"]:
        figures[f"lines {total['fate']}"] = total["lines"]
        figures[f"submitted {total['fate']}"] = total["submitted_pence"]
    for block in content["activity"]["blocks"]:
        figures[f"rest of {block['block']}"] = block["rest_pence"]
    entries = Counter(turned_forward(e["payer"], e["payee"], e["pence"]) for e in content["entries"])
    return figures | {f"entry {entry}": count for entry, count in entries.items()}


def turned_forward(payer: str, payee: str, pence: int) -> tuple[str, str, int]:
    """To pay less than nothing is to be paid."""
    return (payer, payee, pence) if pence >= 0 else (payee, payer, -pence)


def figures_of_host(world: World, host: dict[str, Any]) -> Figures:
    name = host["host"]
    figures: Figures = {
        f"{name}: budget": host["budget_pence"],
        f"{name}: cost": host["cost_pence"],
        f"{name}: closing": host["closing_pence"],
        **{f"{name}: part of {block}": pence for block, pence in host["block_pence"].items()},
    }
    for again in host["position"]["price_reissues"]:
        pence = sum(again["pence_by_setting"].values())
        figures[f"{name}: re-issue of {again['published_on']}"] = pence
        assert sum(pence for _, _, pence in again["pence_by_cell"]) == pence
    for row in host["people"]:
        figures[f"{name}: units a year"] = row["units_per_year"]
        figures[f"{name}: units in {row['segment']}"] = row["units"]
    for line in host["lines"]:
        # The cost is one line or one for each provider, as the contract pays it.
        key = f"{name}: effect of {'cost' if line['kind'] == 'activity_cost' else line['name']}"
        figures[key] = figures.get(key, 0) + line["effect_pence"]
    rounded_by_line = world.contract.price_rounding == "per_line"
    for row in host["cost_cells"]:
        cell = (row["segment"], row["setting"], row["provider"], row["month"])
        figures[f"{name}: lines in {cell}"] = row["lines"]
        figures[f"{name}: submitted in {cell}"] = row["submitted_pence"]
        if rounded_by_line:
            figures[f"{name}: cost in {cell}"] = row["pence"]
    if rounded_by_line:
        figures |= {f"{name}: cost in {setting}": pence for setting, pence in host["cost_by_setting"].items()}
        figures |= {f"{name}: over in {setting}": pence for setting, pence in host["over_threshold_by_setting"].items()}
    return figures


def differences(expected: Figures, found: Figures) -> list[str]:
    return [
        f"{name}: the slow way {expected.get(name, 0)}, the package {found.get(name, 0)}"
        for name in sorted(expected.keys() | found.keys())
        if expected.get(name, 0) != found.get(name, 0)
    ]


@pytest.mark.law("Two implementations that share no code settle the same files to the same penny, on every figure.")
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(worlds())
@example(STATED_FOR_ANOTHER_YEAR)
@example(SHADOW)
@example(TIE_BETWEEN_PROVIDERS)
@example(CREDIT_FROM_A_PROVIDER)
@example(HALF_A_PENNY_OF_A_TRANSFER)
@example(HALF_A_PENNY_BESIDE_A_BLOCK)
@example(LOSS_DIVIDED)
@example(LOSS_SHARED)
@example(WITHHELD_DIVIDED)
@example(WITHHELD_SHARED)
def test_the_package_and_the_slow_way_agree_on_every_figure(world):
    settlement = settle(world)
    label(world, settlement)
    with tempfile.TemporaryDirectory() as folder:
        content = compute(write_world(world, Path(folder)))
    wrong = differences(figures_of_oracle(world, settlement), figures_of_engine(world, content))
    assert not wrong, "\n".join(["the two ways differ:", *wrong])
