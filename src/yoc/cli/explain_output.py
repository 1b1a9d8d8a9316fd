"""An explanation as a person reads it: an indented tree, each figure with its arithmetic under it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.text import Text
from rich.tree import Tree

from yoc.audit.explain import WHOSE, Explanation, Figure
from yoc.cli.terminal import output
from yoc.workflow.explain_run import Explained

MOST_CHILDREN = 14
"""How many children of a figure are printed; the JSON holds all of them."""
_HASH = 12
_ONLY_NAMES = (["amount"], ["part"], ["summary"])
"""Kinds of figure that may be another one under a name that says less; the other one's is printed."""


def print_explained(explained: Explained, depth: int | None) -> None:
    """Print the tree to a depth, ``None`` for all of it; then whether everything adds up."""
    console, explanation = output(), explained.explanation
    if explained.cell:
        _say(console, _cell_line(explained.cell))
    _say(console, f"Run {explanation.run_id}, {explanation.key}\n")
    printer = _Printer(explanation, depth)
    tree = printer.tree(explanation.key)
    tree.hide_root = False
    console.print(tree, soft_wrap=False, markup=False, highlight=False)
    _say(console, "")
    for line in _closing(explained, printer):
        _say(console, line)


def _say(console: Console, text: str) -> None:
    console.print(text, markup=False, highlight=False, emoji=False)


def _cell_line(cell: Mapping[str, Any]) -> str:
    """What is read in a cell; or what the statement has, where there is no workbook to read."""
    place = f"{cell['workbook']}, {cell['sheet']}!{cell['cell']} ({cell['column']})"
    if cell["in_workbook"] is None:
        return f"{place}: the statement has {cell['shown']}; there is no workbook to read"
    if not cell["differs"]:
        return f"{place} shows {cell['shown']}"
    return f"{place}: the workbook shows {cell['in_workbook']}, the run's figure is {cell['shown']}: it was changed"


class _Printer:
    """Builds the tree; a figure that was printed in full before is named only."""

    def __init__(self, explanation: Explanation, depth: int | None):
        self.explanation, self.depth = explanation, depth
        self.told: set[str] = set()
        self.hashes: set[str] = set()

    def tree(self, key: str, level: int = 0, *, rests_on: bool = False) -> Tree:
        """A figure with what is below it."""
        named = self.explanation.figures[key]
        if level:
            key = self._without_other_names(key)
        figure = self.explanation.figures[key]
        below = [*figure.children, *(figure.rests_on if key != WHOSE else ())]
        again = key in self.told and (bool(below) or rests_on)
        whole = self.depth is None or level < self.depth
        heading = figure if named.key.split(":")[1:2] in _ONLY_NAMES else named
        lines = [_heading(heading, rests_on=rests_on), *(self._lines(figure, root=level == 0) if not again else ())]
        if again:
            lines[0] += " (as above)"
        elif below and not whole:
            lines.append(f"... from {len(below)} more: --depth {level + 1}, or --line {key}")
        tree = Tree(Text("\n".join(lines), overflow="fold"), guide_style="dim")
        if whole or not below:
            self.told.add(key)
        if again or not whole:
            return tree
        self._add(tree, figure.children, level, rests_on=False)
        if key == WHOSE:
            # Its words name the files with their hashes; the JSON has each in full.
            return tree
        above = [other for other in figure.rests_on if other in self.told]
        if len(above) < 2:
            above = []
        self._add(tree, [other for other in figure.rests_on if other not in above], level, rests_on=True)
        if above:
            tree.add(Text(f"from {len(above)} files and documents named above"))
        return tree

    def _add(self, tree: Tree, keys: Sequence[str], level: int, *, rests_on: bool) -> None:
        for key in keys[:MOST_CHILDREN]:
            tree.children.append(self.tree(key, level + 1, rests_on=rests_on))
        if len(keys) > MOST_CHILDREN:
            tree.add(Text(f"and {len(keys) - MOST_CHILDREN} more, which --json lists"))

    def _without_other_names(self, key: str) -> str:
        """The figure that a figure is under another name, so that none is printed twice in a row."""
        figure = self.explanation.figures[key]
        while len(figure.children) == 1 and set(figure.rule) <= {"child", "as"} and not figure.rounding:
            figure = self.explanation.figures[figure.children[0]]
        return figure.key

    def _lines(self, figure: Figure, *, root: bool) -> Iterator[str]:
        """What stands under a figure: its arithmetic, its rounding, where it was taken from."""
        if figure.words and (root or not figure.arithmetic) and figure.origin is None:
            yield figure.words
        if figure.arithmetic and figure.arithmetic != figure.shown:
            yield f"= {figure.arithmetic}"
        if figure.rounding:
            yield f"shown as {figure.shown}: {figure.rounding}"
        if figure.origin is not None:
            yield from self._origin(figure)

    def _origin(self, figure: Figure) -> Iterator[str]:
        """Where a figure was taken from; the hash of a file only the first time that it is named."""
        origin = figure.origin
        if origin is None:
            return
        at = f"{origin.file}:{origin.line}" if origin.line else origin.file
        if origin.kind == "contract" and at and figure.shown in origin.words:
            yield at + self._hash(origin.sha256)
            return
        yield from origin.words.split("; ") if figure.key == WHOSE else (origin.words,)
        if at:
            yield at + self._hash(origin.sha256)

    def _hash(self, sha256: str) -> str:
        if not sha256 or sha256 in self.hashes:
            return ""
        self.hashes.add(sha256)
        return f", SHA-256 {sha256[:_HASH]}..."


def _heading(figure: Figure, *, rests_on: bool) -> str:
    clause = f" (clause {figure.clause})" if figure.clause else ""
    return f"{'from ' if rests_on else ''}{figure.label}{clause}: {figure.shown}"


def _closing(explained: Explained, printer: _Printer) -> Iterator[str]:
    explanation = explained.explanation
    number = len(explanation.figures)
    wrong = [key for key in explanation.figures if not explanation.adds_up(key)]
    if wrong:
        yield f"{len(wrong)} of {number} figures are NOT given by what they are made from: {', '.join(wrong[:10])}"
    else:
        yield f"All {number} figures of this explanation add up: each is given exactly by what is below it."
    rejected = any(
        figure.origin and figure.origin.counts.get("rejected") and key in printer.told
        for key, figure in explanation.figures.items()
    )
    if rejected:
        yield f"Rows that were rejected are listed by number in {explained.place.shown}/rejects."
