"""A run as its folder holds it, and what is looked up in it to explain its figures. Nothing else is read."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

from yoc.activity.trace import TracedCell
from yoc.audit.explain.figure import Figure, Origin, Unit, shown_as, worth_of, written_out
from yoc.core.findings import refusal
from yoc.core.money import format_pounds

FEWEST_SHOWN = 5
"""Counts of what may be people, below this and above none, stand as ``<5``."""


@dataclass(frozen=True)
class RunRecord:
    """A run's settlement, its manifest and its cells."""

    settlement: Mapping[str, Any]
    manifest: Mapping[str, Any]
    cells: Sequence[TracedCell]
    made: dict[str, Figure] = field(default_factory=dict)
    """Figures that were made already, by key."""

    @cached_property
    def hosts(self) -> dict[str, Mapping[str, Any]]:
        """The hosts by code."""
        return {host["host"]: host for host in self.settlement["hosts"]}

    @cached_property
    def files(self) -> dict[str, Mapping[str, Any]]:
        """The account of each file by name."""
        return {file["file"]: file for file in self.settlement["files"]}

    @cached_property
    def charged(self) -> dict[tuple[str, str], list[TracedCell]]:
        """The charged cells by host and setting."""
        found: dict[tuple[str, str], list[TracedCell]] = defaultdict(list)
        for cell in self.cells:
            if cell.fate == "charged":
                found[cell.host, cell.setting].append(cell)
        return found

    @cached_property
    def lines_of_file(self) -> dict[str, dict[str, int]]:
        """The lines of each file by what became of them."""
        found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for cell in self.cells:
            found[cell.file][cell.fate] += cell.lines
        return found

    def line(self, host: str, name: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        """A line of a host's statement, and its working."""
        held = self.hosts[host]
        for line, working in zip(held["lines"], held["working"]["lines"], strict=True):
            if line["name"] == name:
                return line, working
        raise KeyError(name)

    def term(self, term: str) -> Mapping[str, Any]:
        """A term of the contract: its id, kind, clause and title."""
        return next(held for held in self.settlement["contract"]["terms"] if held["term"] == term)

    def party(self, code: str) -> str:
        """A party by code and name."""
        names = {party["code"]: party["name"] for party in self.settlement["parties"]}
        return f"{code} {names[code]}" if code in names else code

    def setting(self, setting: str) -> str:
        """The name of a setting."""
        names = {held["setting"]: held["name"] for held in self.settlement["settings"]}
        return str(names.get(setting, setting))

    def segment(self, segment: str) -> str:
        """The name of a segment."""
        names = {held["segment"]: held["name"] for held in self.settlement["contract"]["segments"]}
        return str(names.get(segment, segment))

    def document(self, role: str) -> tuple[str, str]:
        """The file of a document of the run, and its hash."""
        made_from = self.manifest["made_from"]["documents"]
        return self.settlement.get("documents", {}).get(role, ""), made_from.get(role, "")

    def documents_of(self, role: str) -> list[tuple[str, str]]:
        """The files of a document that each version of a price book has, and their hashes."""
        held = self.settlement.get("documents", {})
        roles = sorted(name for name in held if name.rstrip("0123456789_-. ") == role)
        return [self.document(name) for name in roles]

    def document_hash(self, file: str) -> str:
        """The hash of a document by its file."""
        roles = {name: role for role, name in self.settlement.get("documents", {}).items()}
        return str(self.manifest["made_from"]["documents"].get(roles.get(file, ""), ""))

    def files_of_kind(self, *kinds: str) -> tuple[str, ...]:
        """The keys of the files of some kinds."""
        return tuple(f"file:{name}" for name, file in self.files.items() if file["kind"] in kinds)


def few(count: int) -> int | str:
    """A count, of which one to four are not told apart."""
    return f"<{FEWEST_SHOWN}" if 0 < count < FEWEST_SHOWN else count


@dataclass(frozen=True)
class Draft:
    """What is said of a figure, before its arithmetic is written out."""

    key: str
    label: str
    unit: Unit = "money"
    pence: int | None = None
    clause: str = ""
    term: str = ""
    words: str = ""
    shown: str = ""
    rests_on: tuple[str, ...] = ()
    whole_pence_of: Mapping[str, Any] = field(default_factory=dict)

    def leaf(self, exact: Fraction | int, origin: Origin) -> Figure:
        """The figure as one that was taken from somewhere."""
        exact = Fraction(exact)
        return self._figure(exact, origin=origin)

    def made(
        self,
        exact: Fraction | int,
        children: Sequence[str],
        rule: Mapping[str, Any],
        find: Callable[[str], Figure],
    ) -> Figure:
        """The figure as one that is made from others by a rule.

        ``exact`` is what the run holds, and not what the rule gives: whether the two agree is asked of the figure.
        """
        figure = self._figure(Fraction(exact), children=tuple(children), rule=rule)
        found = [find(key) for key in children]
        result = shown_as(worth_of(rule, found), self.unit)
        arithmetic = written_out(rule, found)
        if arithmetic != result:
            arithmetic = f"{arithmetic} = {result}"
        return replace(figure, arithmetic=arithmetic)

    def _figure(self, exact: Fraction, **more: Any) -> Figure:
        pence = self.pence
        rounding = ""
        if pence is not None and pence != exact:
            rounding = "rounded half away from zero"
            if self.whole_pence_of:
                rounding = "whole pence that add to the sum, by largest remainders"
        shown = self.shown or (format_pounds(pence) if pence is not None else shown_as(exact, self.unit))
        return Figure(
            key=self.key, label=self.label, unit=self.unit, exact=exact, shown=shown, pence=pence, rounding=rounding,
            clause=self.clause, term=self.term, words=self.words, rests_on=self.rests_on,
            whole_pence_of=self.whole_pence_of, **more,
        )  # fmt: skip


def not_kept(what: str) -> Exception:
    """Refuses to explain a run that does not hold what is needed."""
    return refusal(
        "FILE-UNREADABLE", f"the run was made by a version of yoc that did not keep {what}",
        "settle the plan again with `yoc reconcile`",
    )  # fmt: skip
