"""Digests: a tree of keyed hashes over the cells of a year, by which two parties find where their figures differ.

A cell is what falls under one path: a provider's month and point of delivery, as it was submitted; or the same by host
and setting, as it was settled. Each cell, and each branch above it, is an HMAC-SHA-256 under a key that the two share.
No count and no sum is in a digest, and nobody without the key can try what a hash may stand for.
"""

import hmac
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from yoc.core.identifiers import canonical_json, masked

FORMAT = 1
KIND = "yoc digest"
LEVELS = {
    "submitted": ("provider", "month", "point_of_delivery"),
    "settled": ("host", "setting", "provider", "month", "point_of_delivery"),
}
"""The trees, and what their levels stand for, from the top."""

MONTHS = (*(f"{month:02d}" for month in range(1, 13)), "outside")
"""The months of a year, `01` for April, and what lies outside it."""

LONGEST_NAME = 100
CellPath = tuple[str, ...]


@dataclass(frozen=True)
class CellValues:
    """What a cell comes to: all its lines, their quantity, what was asked for them in whole pence; and where it was
    settled, the exact amount of those that were charged, and how many lines met with each fate.
    """

    lines: int = 0
    quantity: Fraction = Fraction(0)
    submitted_pence: int = 0
    amount_pence: Fraction = Fraction(0)
    by_fate: Mapping[str, int] = field(default_factory=dict)

    def __add__(self, other: "CellValues") -> "CellValues":
        fates = sorted({*self.by_fate, *other.by_fate})
        return CellValues(
            self.lines + other.lines,
            self.quantity + other.quantity,
            self.submitted_pence + other.submitted_pence,
            self.amount_pence + other.amount_pence,
            {fate: self.by_fate.get(fate, 0) + other.by_fate.get(fate, 0) for fate in fates},
        )

    def canonical(self) -> list[object]:
        """The values with one spelling; a fate that no line met with is not said.

        >>> CellValues(2, Fraction(5, 2), 1250, Fraction(1, 3), {"charged": 2, "unpriced": 0}).canonical()
        [2, '5/2', 1250, '1/3', {'charged': 2}]
        """
        fates = {fate: lines for fate, lines in self.by_fate.items() if lines}
        return [self.lines, str(self.quantity), self.submitted_pence, str(self.amount_pence), fates]


EMPTY = CellValues()
"""A cell in which nothing is. Its hash looks like any other."""


@dataclass(frozen=True)
class Node:
    """A hash in hexadecimal, and the nodes that it was made from by their names; a cell has none."""

    hash: str
    children: Mapping[str, "Node"] = field(default_factory=dict)

    def cells(self, path: CellPath = ()) -> Iterator[tuple[CellPath, str]]:
        """Each cell below this node by its path, with its hash."""
        if not self.children:
            yield path, self.hash
        for name, child in self.children.items():
            yield from child.cells((*path, name))


@dataclass(frozen=True)
class Tree:
    """One tree of a digest. ``contract`` is the one by which it was settled, blank for what was submitted."""

    contract: str
    root: Node


@dataclass(frozen=True)
class Digest:
    """What two parties exchange: the year (as `2026-27`), the key's check value, and the trees by name.

    ``made_from`` names the run, or says that files were read. ``blank_totals`` says whether lines with a blank total
    are `counted` or `rejected`: a contract that charges by the price book alone rejects them.
    """

    year: str
    key_check_value: str
    made_from: str
    blank_totals: str
    trees: Mapping[str, Tree]

    def providers(self) -> tuple[str, ...]:
        """The providers of whom there are cells."""
        places = {name: levels.index("provider") for name, levels in LEVELS.items()}
        return tuple(
            sorted({path[places[name]] for name, tree in self.trees.items() for path, _ in tree.root.cells() if path})
        )


class Hasher:
    """Makes the hashes of one tree of one year under one key."""

    def __init__(self, secret: bytes, tree: str, year: str, contract: str = ""):
        self._secret = secret
        self._place = [KIND, FORMAT, tree, year, contract]

    def cell(self, path: CellPath, values: CellValues) -> str:
        """The hash of a cell: its place in the tree and its values, under the key."""
        return self._hash(["cell", *self._place, list(path), values.canonical()])

    def branch(self, path: CellPath, children: Mapping[str, Node]) -> str:
        """The hash of a branch: its place, and the names and hashes of its children in the order of their names."""
        return self._hash(
            ["branch", *self._place, list(path), [[name, children[name].hash] for name in sorted(children)]]
        )

    def _hash(self, content: list[object]) -> str:
        return hmac.digest(self._secret, canonical_json(content).encode("utf-8"), "sha256").hex()


def grow(hasher: Hasher, cells: Mapping[CellPath, CellValues], path: CellPath = ()) -> Node:
    """The tree over cells, each under its whole path. The order in which they come is of no matter.

    >>> one = grow(Hasher(b"k" * 32, "submitted", "2026-27"), {("RX1", "01", "AE"): CellValues(lines=3)})
    >>> list(one.children), list(one.children["RX1"].children["01"].children), len(one.hash)
    (['RX1'], ['AE'], 64)
    """
    depth = len(path)
    below: dict[str, dict[CellPath, CellValues]] = {}
    for cell, values in cells.items():
        if len(cell) == depth:
            return Node(hasher.cell(path, values))
        below.setdefault(cell[depth], {})[cell] = values
    children = {name: grow(hasher, below[name], (*path, name)) for name in sorted(below)}
    return Node(hasher.branch(path, children), children)


def is_whole(hasher: Hasher, node: Node, path: CellPath = ()) -> bool:
    """Whether every branch has the hash that follows from its children: nobody without the key changed the tree."""
    if not node.children:
        return True
    below = all(is_whole(hasher, child, (*path, name)) for name, child in node.children.items())
    return below and hasher.branch(path, node.children) == node.hash


def padded(
    cells: Mapping[CellPath, CellValues], heads: Iterable[CellPath], tails: Sequence[str]
) -> dict[CellPath, CellValues]:
    """The cells, and an empty one for each head, month and point of delivery in which there is none.

    So whether a cell is there says nothing about what is in it.

    >>> whole = padded({("RX1", "01", "AE"): CellValues(lines=3)}, [("RX1",)], ["AE", "OPFA"])
    >>> len(whole), whole["RX1", "01", "AE"].lines, whole["RX1", "02", "OPFA"].lines
    (26, 3, 0)
    """
    empty = {(*head, month, tail): EMPTY for head in heads for month in MONTHS for tail in tails}
    return empty | dict(cells)


def name_fault(name: str) -> str:
    """Why a name may not stand in a digest; blank where it may. A blank name stands for nothing said, as of no host.

    >>> [name_fault(name) for name in ("RX1", "", "943 476 5919", "a\\x1b[2J")]
    ['', '', 'looks like an NHS number', 'cannot be printed']
    """
    if len(name) > LONGEST_NAME:
        return f"is longer than {LONGEST_NAME} characters"
    if not name.isprintable():
        return "cannot be printed"
    return "looks like an NHS number" if masked(name) != name else ""


@dataclass(frozen=True)
class TreeComparison:
    """Where two trees of one kind agree and differ: how many cells agree, which differ, which only one of them has."""

    tree: str
    agreeing: int
    differing: tuple[CellPath, ...]
    only_first: tuple[CellPath, ...]
    only_second: tuple[CellPath, ...]

    @property
    def equal(self) -> bool:
        """Whether both have the same cells, and all of them agree."""
        return not (self.differing or self.only_first or self.only_second)


def compare_trees(tree: str, first: Node, second: Node) -> TreeComparison:
    """Compare two trees made under one key, cell by cell.

    >>> hasher = Hasher(b"k" * 32, "submitted", "2026-27")
    >>> june = {("RX1", "03", "AE"): CellValues(lines=3), ("RX1", "03", "OPFA"): CellValues(lines=5)}
    >>> other = june | {("RX1", "03", "AE"): CellValues(lines=4)}
    >>> found = compare_trees("submitted", grow(hasher, june), grow(hasher, other))
    >>> found.agreeing, found.differing
    (1, (('RX1', '03', 'AE'),))
    """
    left, right = dict(first.cells()), dict(second.cells())
    both = left.keys() & right.keys()
    differing = {path for path in both if left[path] != right[path]}
    return TreeComparison(
        tree,
        len(both) - len(differing),
        tuple(sorted(differing)),
        tuple(sorted(left.keys() - right.keys())),
        tuple(sorted(right.keys() - left.keys())),
    )


def contradiction(first: Node, second: Node, path: CellPath = ()) -> CellPath | None:
    """A branch of which two trees of one key say the same though its children differ, or the reverse; ``None`` where
    there is none. There is one only where a tree was changed after it was made.
    """
    if not (first.children and second.children):
        return None
    hashes = ({name: child.hash for name, child in node.children.items()} for node in (first, second))
    if (next(hashes) == next(hashes)) != (first.hash == second.hash):
        return path
    for name in sorted(first.children.keys() & second.children.keys()):
        found = contradiction(first.children[name], second.children[name], (*path, name))
        if found is not None:
            return found
    return None
