"""All figures of a run that a statement shows or a term made, by their keys, and what is asked of each."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from yoc.audit.explain import RunRecord, explain

ORIGINS = {
    "file", "file rows", "people counted", "contract", "catalogue", "indicator result", "payment", "price book",
    "files about people", "input", "rounding point", "earlier count", "rule of the term",
}  # fmt: skip
TAKEN_FROM_A_FILE = {"file", "file rows", "contract", "catalogue"}


def keys_of(settlement: Mapping[str, Any]) -> Iterator[str]:
    for host in settlement["hosts"]:
        code = host["host"]
        yield from (f"{code}:due", f"{code}:budget", f"{code}:cost", f"{code}:person_years")
        yield from (f"{code}:{kind}:{line['name']}" for line in host["lines"] for kind in ("line", "effect", "running"))
        yield from (f"{code}:amount:{amount['name']}" for amount in host["working"]["amounts"])
        yield from (f"{code}:summary:{name}" for name in host["summary"])
        yield from (f"{code}:budget.cell:{cell['segment']}:{cell['setting']}" for cell in host["budget_cells"])
        months = host["position"]["cost_by_month_pence"]
        yield from (f"{code}:cost.month:{setting}:{month}" for setting, month, _ in months)
    yield from (f"ALL:summary:{name}" for name in settlement["totals"] if name.endswith("_pence"))
    yield "ALL:person_years"


def not_explained(record: RunRecord, host: str = "") -> tuple[dict[str, str], int]:
    """Every figure (of a host) that its parts do not give, or that came from nowhere, with what is wrong.

    Beside them the number of figures that were looked at.
    """
    wrong: dict[str, str] = {}
    seen: set[str] = set()
    for key in keys_of(record.settlement):
        if not key.startswith(host):
            continue
        explanation = explain(record, key)
        for name, figure in explanation.figures.items():
            if name in seen:
                continue
            seen.add(name)
            if not explanation.adds_up(name):
                wrong[name] = f"not given: {figure.arithmetic}"
            elif not figure.children and (figure.origin is None or figure.origin.kind not in ORIGINS):
                wrong[name] = "a naked number"
            elif figure.origin and figure.origin.kind == "file" and not _counts_add(figure.origin.counts):
                wrong[name] = "rows do not add"
    return wrong, len(seen)


def _counts_add(counts: Mapping[str, Any]) -> bool:
    return bool(counts["rows"] == counts["used"] + counts["rejected"] + counts["superseded"])


def with_more(value: str) -> str:
    """An exact figure that is a penny more."""
    return str(Fraction(value) + 1)
