"""A dated table of annual rates, and how a contract takes its rates from one.

``yoc budget build`` writes the file; ``budget: {rates_from: ../../budgets/NAME/DAY/rates.yaml}`` in a contract names it
from the contract's own folder. A fault in the table is told at its place in the table.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from pydantic import Field

from yoc.contract.budget import AnnualRates
from yoc.core.fields import Day, Model, Name, Text, Year, YesNo
from yoc.core.findings import FindingsError
from yoc.core.located import Document, read_document, read_model


class RateTable(Model):
    """`rates.yaml`: annual rates by segment and setting, of which year, as of when, made by what from what."""

    rate_table: Name
    title: Text
    synthetic: YesNo = False
    year: Year
    """The financial year at whose level the rates stand."""
    as_of: Day
    prepared_by: Text
    method: Text
    made_with: Text
    made_from: dict[Text, Text] = Field(default_factory=dict)
    """The SHA-256 of each file from which the rates were made, by its name in the workspace."""
    rates_sha256: Text
    """The SHA-256 of the table's name, year, day and rates, so that an edit is seen."""
    rates: AnnualRates

    def is_as_built(self) -> bool:
        """Whether the rates, their name, year and day are those that were written."""
        return self.rates_sha256 == rates_sha256(self.rate_table, str(self.year), str(self.as_of), self.rates)


def rates_sha256(rate_table: str, year: str, as_of: str, rates: Mapping[str, Mapping[str, int]]) -> str:
    """What `rates.yaml` and `steps.json` hold of the rates, which are in whole pence by segment and setting.

    >>> rates_sha256("t", "2026/27", "2026-03-01", {"all": {"primary": 10000}})[:12]
    '241e3966edc0'
    """
    lines = [rate_table, year, as_of]
    lines += [f"{segment} {setting} {pence}" for segment, own in rates.items() for setting, pence in own.items()]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def with_rates(document: Document, open_file: Callable[[str, str], tuple[str, str]]) -> Document:
    """The document with the rates of the table that its budget names, each at its place in that table.

    Raises ``FindingsError`` where the table is not there, is at fault or was edited, or where the budget gives rates as
    well.

    >>> table = "rate_table: t\\ntitle: T\\nyear: 2026/27\\nas_of: 2026-03-01\\nprepared_by: P\\nmethod: table\\n"
    >>> sha256 = rates_sha256("t", "2026/27", "2026-03-01", {"all": {"primary": 10000}})
    >>> table += f"made_with: yoc\\nrates_sha256: {sha256}\\nrates: {{all: {{primary: £100}}}}"
    >>> own = read_document("budget: {rates_from: rates.yaml}", "contract.yaml")
    >>> taken = with_rates(own, lambda file, name: (table, name))
    >>> taken.content["budget"]["rates"], taken.places["budget", "rates", "all"].file
    ({'all': {'primary': '£100'}}, 'rates.yaml')
    """
    budget = document.content.get("budget") if isinstance(document.content, dict) else None
    name = budget.get("rates_from") if isinstance(budget, dict) else None
    if not isinstance(budget, dict) or name is None:
        return document
    where = ("budget", "rates_from")
    if "rates" in budget:
        message, mend = "the budget gives `rates` and takes them from a table as well", "keep one of the two"
        raise FindingsError([document.finding("FIELD-VALUE", message, where, mend)])
    if not isinstance(name, str) or not name.strip():
        mend = "write its name, as ../../budgets/NAME/DAY/rates.yaml"
        raise FindingsError([document.finding("FIELD-VALUE", "`rates_from` names one file", where, mend)])
    try:
        text, file = open_file(document.file, name.strip())
    except FindingsError as error:
        raise FindingsError(
            document.finding(finding.code, finding.message, where, finding.mend) for finding in error.findings
        ) from None
    table = read_document(text, file)
    read = read_model(table, RateTable)
    if not read.is_as_built():
        message = "the rates, or their name, year or day, are not those that `yoc budget build` wrote"
        mend = "put the file back as it was built; for other rates, build again under another `as_of`"
        raise FindingsError([table.finding("FILE-CHANGED", message, ("rates_sha256",), mend)])
    source = {"named": name.strip(), "file": file, "rate_table": read.rate_table, "title": read.title}
    source |= {"year": str(read.year), "as_of": str(read.as_of)}
    taken = {**budget, "rates": table.content["rates"], "rates_from": source}
    content: dict[str, Any] = {**document.content, "budget": taken}
    places = dict(document.places)
    for path, place in table.places.items():
        if path[:1] == ("rates",):
            places[("budget", *path)] = replace(place, file=file)
    return replace(document, content=content, places=places, other_lines={**document.other_lines, file: table.lines})
