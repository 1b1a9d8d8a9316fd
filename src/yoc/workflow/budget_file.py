"""The files of a built budget: the dated table of rates, the steps with their exact figures, and the page."""

import json
from collections.abc import Mapping
from typing import Any

from yoc import __version__
from yoc.baseline import Step
from yoc.baseline.build import Key
from yoc.contract.rate_table import rates_sha256
from yoc.core.findings import Finding, FindingsError, Level
from yoc.core.money import format_pounds
from yoc.report.budget_page import budget_page
from yoc.workflow.build_budget import BuiltBudget
from yoc.workflow.writing import write_folder

RATES, STEPS, PAGE = "rates.yaml", "steps.json", "page.html"


def budget_content(budget: BuiltBudget) -> dict[str, Any]:
    """Everything that is known of a built budget, as `steps.json` holds it; no figure of a person."""
    plan, built = budget.plan, budget.built
    steps = [*built.steps, *([budget.gap] if budget.gap else [])]
    rates = _by_segment(built.rates_pence)
    by_segment: dict[str, dict[str, int]] = {}
    for (segment, setting), pence in rates:
        by_segment.setdefault(segment, {})[setting] = pence
    return {
        "budget": plan.budget,
        "title": plan.title,
        "synthetic": plan.synthetic,
        "year": str(plan.year),
        "as_of": str(plan.as_of),
        "prepared_by": plan.prepared_by,
        "method": plan.method.kind,
        "software": f"yoc {__version__}",
        "rates": [
            {"segment": segment, "setting": setting, "annual_rate_pence": pence} for (segment, setting), pence in rates
        ],
        "rates_sha256": rates_sha256(plan.budget, str(plan.year), str(plan.as_of), by_segment),
        "steps": [_step(step) for step in steps],
        "made_from": dict(budget.hashes),
    }


def _by_segment(rates: Mapping[Key, int]) -> list[tuple[Key, int]]:
    """The rates with those of one segment together, segments in the order in which they are first named."""
    order = list(dict.fromkeys(segment for segment, _ in rates))
    return sorted(rates.items(), key=lambda rate: order.index(rate[0][0]))


def _step(step: Step) -> dict[str, Any]:
    return {
        "id": step.id,
        "title": step.title,
        "headline": step.headline,
        "words": list(step.words),
        "columns": [{"name": column.name, "kind": column.kind} for column in step.columns],
        "rows": [list(row) for row in step.rows],
        "notes": list(step.notes),
        "exact": {name: str(number) for name, number in step.exact.items()},
    }


def rates_text(content: Mapping[str, Any]) -> str:
    """`rates.yaml`, which a contract names under `budget: {rates_from: ...}`."""
    synthetic = "SYNTHETIC. " if content["synthetic"] else ""
    lines = [
        f"# {synthetic}Made by `yoc budget build`; its steps are in {STEPS} beside it. Build it again, do not edit it.",
        f"rate_table: {content['budget']}",
        f"title: {_quoted(content['title'])}",
        f"synthetic: {'yes' if content['synthetic'] else 'no'}",
        f"year: {content['year']}",
        f"as_of: {content['as_of']}",
        f"prepared_by: {_quoted(content['prepared_by'])}",
        f"method: {content['method']}",
        f"made_with: {content['software']}",
        "made_from:",
    ]
    hashes = {**content["made_from"]["documents"], **content["made_from"]["inputs"]}
    lines += [f"  {_quoted(name)}: {sha256}" for name, sha256 in sorted(hashes.items())]
    lines += [f"rates_sha256: {content['rates_sha256']}", "rates:"]
    segment = None
    for rate in content["rates"]:
        if rate["segment"] != segment:
            segment = rate["segment"]
            lines.append(f"  {segment}:")
        lines.append(f"    {rate['setting']}: {format_pounds(rate['annual_rate_pence'])}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def write_budget(budget: BuiltBudget) -> tuple[dict[str, Any], bool]:
    """Write the folder of a budget whole; its content, and whether the same table was there before.

    Raises ``FindingsError`` where the day has another table already: a contract may rest on it.
    """
    content = budget_content(budget)
    table, target = rates_text(content), budget.folder / RATES
    existed = target.is_file()
    if existed and target.read_text(encoding="utf-8") != table:
        message = f"another table of rates stands there already, as of {budget.plan.as_of}"
        mend = "give the new one another day (`as_of`): a contract may rest on the old one"
        raise FindingsError([Finding("FILE-EXISTS", Level.SUBMISSION, message, mend, budget.workspace.name(target))])
    files = {
        RATES: table.encode(),
        STEPS: (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode(),
        PAGE: budget_page(content),
    }
    if not existed or any(
        not (budget.folder / name).is_file() or (budget.folder / name).read_bytes() != content_of
        for name, content_of in files.items()
    ):
        write_folder(budget.folder, files)
    return content, existed
