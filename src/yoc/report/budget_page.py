"""The page of a built budget: the rates, and each step of the method as words and a table."""

from collections.abc import Mapping, Sequence
from typing import Any

from yoc.contract.scope import SETTING_NAMES
from yoc.report.page import page_environment
from yoc.report.table import Column, Kind, Table

_METHODS = {
    "baseline_years": "built from baseline years",
    "table": "taken from a table",
    "weighted_populations": "built from weighted populations",
}


def budget_page(content: Mapping[str, Any]) -> bytes:
    """The page in UTF-8, in one file that needs no other. ``content`` is that of `steps.json`."""
    context = {
        "content": content,
        "method": _METHODS[content["method"]],
        "rates": rates_table(content["rates"]),
        "steps": [
            {**step, "anchor": f"step-{number}", "number": number, "table": step_table(step)}
            for number, step in enumerate(content["steps"], 1)
        ],
        "hashes": sorted({**content["made_from"]["documents"], **content["made_from"]["inputs"]}.items()),
    }
    return page_environment().get_template("budget.html.j2").render(context).encode()


def rates_table(rates: Sequence[Mapping[str, Any]]) -> Table:
    """The annual rates, a row a segment and a column a setting; what a segment has in no setting stays blank."""
    settings = tuple(dict.fromkeys(rate["setting"] for rate in rates))
    by_key = {(rate["segment"], rate["setting"]): rate["annual_rate_pence"] for rate in rates}
    rows = tuple(
        (segment, *(by_key.get((segment, setting)) for setting in settings),
         sum(rate["annual_rate_pence"] for rate in rates if rate["segment"] == segment))
        for segment in dict.fromkeys(rate["segment"] for rate in rates)
    )  # fmt: skip
    named = (Column(SETTING_NAMES.get(setting, setting), Kind.POUNDS) for setting in settings)
    columns = (Column("Segment"), *named, Column("All settings", Kind.POUNDS))
    return Table("Rates", "Annual rates, for a person and year", "The rates", columns, rows)


def step_table(step: Mapping[str, Any]) -> Table:
    """A step's figures."""
    columns = tuple(Column(column["name"], Kind(column["kind"])) for column in step["columns"])
    return Table(step["id"], step["title"], step["headline"], columns, tuple(tuple(row) for row in step["rows"]))
