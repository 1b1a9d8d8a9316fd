"""An explanation as JSON: every figure once, by its key. The shape is described in `docs/reference/explain.md`."""

from dataclasses import asdict
from typing import Any

from yoc.audit.explain.figure import Figure
from yoc.audit.explain.tree import Explanation

FORMAT = "yoc explanation 1"


def explanation_content(explanation: Explanation, cell: dict[str, Any] | None = None) -> dict[str, Any]:
    """The explanation as plain text, integers, lists and mappings; ``cell`` is the cell that was asked about."""
    figures = {
        key: {**_content(figure), "adds_up": explanation.adds_up(key)} for key, figure in explanation.figures.items()
    }
    return {
        "format": FORMAT,
        "run_id": explanation.run_id,
        "figure": explanation.key,
        "cell": cell,
        "all_add_up": explanation.all_add_up,
        "figures": figures,
    }


def _content(figure: Figure) -> dict[str, Any]:
    held = asdict(figure)
    held.pop("key")
    return held | {"exact": str(figure.exact), "children": list(figure.children), "rests_on": list(figure.rests_on)}
