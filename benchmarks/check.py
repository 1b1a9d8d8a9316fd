"""Whether a plain script came to what the program came to: every cell, to the penny."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

Cells = dict[str, dict[tuple[Any, ...], tuple[int, ...]]]
"""The cells of a year by what they hold, each by its place, with its figures. Cells of nothing at all are left out.

- ``cost``: lines, submitted pence and pence by host, segment, setting, provider and month (1 is April)
- ``over``: pence over a person's threshold by host and setting
- ``units``: person-days by host, segment and month
- ``fates``: lines and submitted pence by what became of them
"""
KINDS = {"cost": 5, "over": 2, "units": 3, "fates": 1}
"""How many columns of each kind are the place; the others are figures."""


def cells_of_run(run: Path) -> Cells:
    """The cells of a run, from its settlement."""
    return cells_of_settlement(json.loads((run / "settlement.json").read_text(encoding="utf-8")))


def cells_of_settlement(settlement: Mapping[str, Any]) -> Cells:
    """The cells of the content of ``settlement.json``."""
    return gathered({kind: list(rows(settlement)) for kind, rows in _ROWS.items()})


def cells_of_script(file: Path) -> Cells:
    """The cells that a script wrote: a list of rows by kind, each row its place and its figures."""
    return gathered(json.loads(file.read_text(encoding="utf-8")))


def gathered(rows_by_kind: Mapping[str, Any]) -> Cells:
    """Rows as cells by place; a place that stands twice is a fault of the script.

    >>> gathered({"fates": [["charged", 3, 600], ["block", 0, 0]]})["fates"]
    {('charged',): (3, 600)}
    """
    cells: Cells = {}
    for kind, places in KINDS.items():
        own: dict[tuple[Any, ...], tuple[int, ...]] = {}
        for row in rows_by_kind.get(kind, ()):
            place, figures = tuple(row[:places]), tuple(row[places:])
            if place in own:
                raise ValueError(f"{kind}: the cell {place} stands twice")
            if any(figures):
                own[place] = figures
        cells[kind] = own
    return cells


def differences(expected: Cells, found: Cells) -> Iterator[str]:
    """Every cell in which two years differ, in words.

    >>> list(differences(gathered({"over": [["A", "primary", 5]]}), gathered({"over": [["A", "primary", 6]]})))
    ["over ('A', 'primary'): (5,) by the program, (6,) by the script"]
    """
    for kind in KINDS:
        for place in sorted(expected[kind].keys() | found[kind].keys()):
            ours, theirs = expected[kind].get(place), found[kind].get(place)
            if ours != theirs:
                yield f"{kind} {place}: {ours or 'nothing'} by the program, {theirs or 'nothing'} by the script"


def _cost(settlement: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    names = ("segment", "setting", "provider", "month", "lines", "submitted_pence", "pence")
    for host in settlement["hosts"]:
        for cell in host["cost_cells"]:
            yield host["host"], *(cell[name] for name in names)


def _over(settlement: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    for host in settlement["hosts"]:
        for setting, pence in host["over_threshold_exact_by_setting"].items():
            yield host["host"], setting, int(pence)


def _units(settlement: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    for host in settlement["hosts"]:
        for part in host["people"]:
            for month, units in enumerate(part["units_by_month"], 1):
                yield host["host"], part["segment"], month, units


def _fates(settlement: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    for part in settlement["activity"]["by_fate"]:
        yield part["fate"], part["lines"], part["submitted_pence"]


_ROWS = {"cost": _cost, "over": _over, "units": _units, "fates": _fates}
