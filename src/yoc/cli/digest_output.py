"""What `yoc digest-diff` prints: how many cells agree, which differ, and what those are in one's own figures."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yoc.audit.digest import LEVELS, MONTHS, CellPath, CellValues, TreeComparison
from yoc.cli.year_options import print_rows, say_plain
from yoc.core.findings import Finding
from yoc.core.money import format_exact_pence, format_pounds
from yoc.core.periods import MONTH_NAMES, FinancialYear

if TYPE_CHECKING:
    from yoc.workflow.digest_cells import DigestSource
    from yoc.workflow.digest_run import ComparedDigests

_SHOWN = 50
_WORDS = {"submitted": "As submitted", "settled": "As settled"}
_HEADINGS = {"point_of_delivery": "Point of delivery"}
Own = Mapping[tuple[str, CellPath], CellValues]


def print_compared(
    compared: "ComparedDigests", paths: tuple[Path, Path], own: Own, source: "DigestSource | None"
) -> None:
    """Print each tree that both digests have."""
    for tree in compared.trees:
        total = tree.agreeing + len(tree.differing)
        differ = f"{len(tree.differing):,} differ{'s' if len(tree.differing) == 1 else ''}"
        agree = f"{tree.agreeing:,} agree, {differ}" if tree.differing else "all agree"
        year = FinancialYear.parse(compared.first.year)
        say_plain(f"{_WORDS[tree.tree]}, {year}: of {total:,} cells that both have, {agree}.")
        _print_differing(tree, own, source)
        for path, cells in zip(paths, (tree.only_first, tree.only_second), strict=True):
            for words in _listed(tree.tree, cells):
                say_plain(f"  Only {path.as_posix()} has cells of {words}.")
    for path, mine, other in zip(
        paths, (compared.first, compared.second), (compared.second, compared.first), strict=True
    ):
        for name in mine.trees.keys() - other.trees.keys():
            say_plain(f"{_WORDS[name]}: in {path.as_posix()} alone, and not compared.")
    if source is not None and any(tree.differing for tree in compared.trees):
        own_place = "your files" if source.made_from == "files" else source.made_from
        say_plain(f"Lines and sums are your own, from {own_place}.")
    say_plain("The digests agree." if compared.equal else "The digests differ.")


def _print_differing(tree: TreeComparison, own: Own, source: "DigestSource | None") -> None:
    if not tree.differing:
        return
    shown = tree.differing[:_SHOWN]
    levels = LEVELS[tree.tree]
    headings = [_HEADINGS.get(level, level.capitalize()) for level in levels]
    with_own = source is not None and tree.tree in source.trees
    if with_own:
        headings += ["Lines", "Quantity", "Submitted", *(["Charged"] if tree.tree == "settled" else [])]
    rows = []
    for path in shown:
        values = _figures(tree.tree, own[tree.tree, path]) if with_own else []
        rows.append([*(_said(level, name) for level, name in zip(levels, path, strict=True)), *values])
    print_rows(headings, rows, len(levels))
    if len(tree.differing) > _SHOWN:
        say_plain(f"The first {_SHOWN} are shown; --json gives all.")


def _figures(tree: str, values: CellValues) -> list[str]:
    charged = [format_exact_pence(values.amount_pence)] if tree == "settled" else []
    return [f"{values.lines:,}", _quantity(values.quantity), format_pounds(values.submitted_pence), *charged]


def _quantity(quantity: Fraction) -> str:
    """A quantity, which has three decimals or fewer.

    >>> _quantity(Fraction(1234)), _quantity(Fraction(-5, 4))
    ('1,234', '-1.25')
    """
    thousandths = int(quantity * 1000)
    sign, whole = "-" if thousandths < 0 else "", abs(thousandths)
    decimals = f"{whole % 1000:03d}".rstrip("0")
    return f"{sign}{whole // 1000:,}{'.' if decimals else ''}{decimals}"


def _said(level: str, name: str) -> str:
    """A name of a path as people say it.

    >>> _said("month", "03"), _said("month", "outside"), _said("host", ""), _said("provider", "RX1")
    ('June', 'outside the year', '(none)', 'RX1')
    """
    if level == "month":
        return MONTH_NAMES[int(name) - 1] if name in MONTHS[:-1] else "outside the year"
    return name or "(none)"


def _listed(tree: str, cells: Sequence[CellPath]) -> list[str]:
    """Cells that only one digest has, without their months: they come by whole years."""
    levels = LEVELS[tree]
    kept = [place for place, level in enumerate(levels) if level != "month"]
    groups: dict[tuple[str, ...], set[str]] = {}
    for path in cells:
        *above, last = (_said(levels[place], path[place]) for place in kept)
        groups.setdefault(tuple(above), set()).add(last)
    words = []
    for head, deliveries in sorted(groups.items()):
        named = ", ".join(sorted(deliveries)) if len(deliveries) <= 8 else f"{len(deliveries)} points of delivery"
        words.append(f"{', '.join(head)}: {named}")
    more = len(words) - _SHOWN
    return words[:_SHOWN] + ([f"{more:,} more"] if more > 0 else [])


def as_rows(compared: "ComparedDigests", own: Own, findings: Sequence[Finding]) -> dict[str, Any]:
    """All of it for programs; months are numbers from 1 for April, and null outside the year."""
    return {
        "equal": compared.equal,
        "year": compared.first.year,
        "key_check_value": compared.first.key_check_value,
        "trees": [
            {
                "tree": tree.tree,
                "equal": tree.equal,
                "agreeing": tree.agreeing,
                "differing": [_row(tree.tree, path) | _own(own, tree.tree, path) for path in tree.differing],
                "only_first": [_row(tree.tree, path) for path in tree.only_first],
                "only_second": [_row(tree.tree, path) for path in tree.only_second],
            }
            for tree in compared.trees
        ],
        "findings": [finding.as_dict() for finding in findings],
    }


def _row(tree: str, path: CellPath) -> dict[str, Any]:
    row: dict[str, Any] = dict(zip(LEVELS[tree], path, strict=True))
    row["month"] = MONTHS.index(row["month"]) + 1 if row["month"] in MONTHS[:-1] else None
    return row


def _own(own: Own, tree: str, path: CellPath) -> dict[str, Any]:
    values = own.get((tree, path))
    if values is None:
        return {}
    figures: dict[str, Any] = {
        "lines": values.lines,
        "quantity": _quantity(values.quantity).replace(",", ""),
        "submitted_pence": values.submitted_pence,
    }
    if tree == "settled":
        figures |= {"amount_pence": str(values.amount_pence), "lines_by_fate": dict(values.by_fate)}
    return {"own": figures}
