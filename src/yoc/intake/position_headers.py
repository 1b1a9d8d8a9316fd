"""A map, a table's headers and the contracts' inputs held against each other, before a single row is read."""

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from yoc.contract.inputs import Input, Need, YearInput
from yoc.core.findings import Finding, FindingsError, Level
from yoc.core.located import Path
from yoc.intake.position_cells import InputReader, near, rule_problems
from yoc.intake.position_map import ColumnRule, PositionMap
from yoc.intake.table_file import Table


class Headers:
    """The table's headers, found by the names that the map uses, with a finding for each that is not there."""

    def __init__(self, table: Table, mapping: PositionMap):
        self.table, self.mapping = table, mapping
        self.findings: list[Finding] = []
        self.told: set[str] = set()

    def found(self, name: str) -> list[int]:
        """The places of the columns of that name: exactly so written, else without regard to case and joints."""
        headers = self.table.headers
        exact = [place for place, header in enumerate(headers) if header == name]
        return exact or [place for place, header in enumerate(headers) if _loose(header) == _loose(name)]

    def place(self, name: str, path: Path) -> int | None:
        """The one column of that name, which the map names at ``path``; ``None`` with a finding otherwise."""
        places = self.found(name)
        if len(places) == 1:
            return places[0]
        if name not in self.told:
            self.told.add(name)
            if places:
                message = f"{len(places)} columns of {self.table.file} are called `{name}`, and which counts is a guess"
                self.refuse("COLUMN-TWICE", message, path, "give the columns different names")
            else:
                mend = near(name, self.table.headers) or "compare the name with the header row"
                mend += self.title_row()
                self.refuse("COLUMN-MISSING", f"{self.table.file} has no column `{name}`", path, mend)
        return None

    def title_row(self) -> str:
        """What to do where the row that was taken for the headers is a title: most of its cells are then blank."""
        headers = self.table.headers
        blank = len(headers) < 2 or 2 * sum(not header.strip() for header in headers) >= len(headers)
        row = self.table.header_row
        return f"; if row {row} is a title, say `header_row:` in a map: the row of the headers" if blank and row else ""

    def places(self, names: Sequence[str], path: Path) -> tuple[int, ...] | None:
        """The columns of all the names; ``None`` where one is not there."""
        found = [self.place(name, (*path, number)) for number, name in enumerate(names)]
        places = tuple(place for place in found if place is not None)
        return places if len(places) == len(names) else None

    def refuse(self, code: str, message: str, path: Path, mend: str, count: int | None = None) -> None:
        """Note a fault that stops, at the map's line, or at the header row where there is no map."""
        file, line, column, excerpt = self.table.file, self.table.header_row or None, None, ""
        if self.mapping.document.file:
            at = self.mapping.document.finding(code, message, path)
            file, line, column, excerpt = at.file, at.line or 1, at.column, at.excerpt
        self.findings.append(Finding(code, Level.SUBMISSION, message, mend, file, line, column, excerpt, count))

    def fit(self) -> bool:
        """Whether the map, the headers and the contracts fit together so far."""
        return not any(finding.level is Level.SUBMISSION for finding in self.findings)

    def input_not_given(self, name: str, contract: str, instead: str = "") -> None:
        """Note, once for each input, that a contract needs it and that neither the map nor the file gives it."""
        if name not in self.told:
            self.told.add(name)
            who = f"contract {contract}" if contract else "the contract"
            message = (
                f"{who} needs `{name}`{instead}, which no column of {self.table.file} and nothing in the map gives"
            )
            hint = near(name, self.table.headers)
            mend = f"name its column under `columns:`{f' ({hint})' if hint else ''}{self.title_row()}"
            self.refuse("COLUMN-MISSING", message, ("columns", ""), mend)


def _loose(name: str) -> str:
    return re.sub(r"[\s_-]", "", name).casefold()


@dataclass
class ContractReaders:
    """The readers of one contract's inputs, the defaults of inputs without a column, and inputs given by nothing.

    ``ungiven`` has for each of the last how it could be given otherwise; ``needs`` are held against every row.
    """

    readers: list[InputReader] = field(default_factory=list)
    defaults: dict[str, Fraction | str] = field(default_factory=dict)
    ungiven: dict[str, str] = field(default_factory=dict)
    needs: tuple[Need, ...] = ()


def contract_readers(
    headers: Headers,
    inputs_of: Callable[[str], Mapping[str, Input]],
    needs_of: Callable[[str], Sequence[Need]] = lambda _: (),
) -> dict[str, ContractReaders]:
    """The readers of every contract that the map names, with a finding for all that does not fit."""
    rules = headers.mapping.rules
    declared: dict[str, Mapping[str, Input]] = {}
    for contract in headers.mapping.contract_files:
        try:
            declared[contract] = inputs_of(contract)
        except FindingsError as error:
            headers.findings.extend(error.findings)
    known = sorted({name for inputs in declared.values() for name in inputs})
    for name, rule in rules.columns.items():
        for place, column in enumerate(rule.columns()):
            headers.place(column, ("columns", name, *rule.path_of(place)))
        if name not in known and len(declared) == len(headers.mapping.contract_files):
            mend = near(name, known) or f"the inputs are {', '.join(known) or 'none'}"
            headers.refuse("FIELD-UNKNOWN", f"`{name}` is not an input of any contract", ("columns", name, ""), mend)
    problems_told: set[str] = set()
    return {
        contract: _contract(headers, inputs, tuple(needs_of(contract)), problems_told)
        for contract, inputs in declared.items()
    }


def _contract(
    headers: Headers, inputs: Mapping[str, Input], needs: tuple[Need, ...], problems_told: set[str]
) -> ContractReaders:
    contract = ContractReaders(needs=needs)
    have = {name for name in inputs if name in headers.mapping.rules.columns or headers.found(name)}
    for need in needs:
        contract.ungiven |= {name: need.instead_of(name) for name in need.lacking(have)}
    for name, declared in inputs.items():
        rule = headers.mapping.rules.columns.get(name)
        if rule is None:
            default = declared.parse_default()
            if headers.found(name):
                rule = ColumnRule(column=name)
            elif name in contract.ungiven:
                continue
            elif declared.optional:
                _warn_of_near_column(headers, name, declared)
            elif default is None:
                contract.ungiven[name] = ""
            else:
                contract.defaults[name] = default
                _warn_of_near_column(headers, name, declared)
        if rule is not None and (reader := _reader(headers, name, declared, rule, "columns", problems_told)):
            contract.readers.append(reader)
    return contract


def _warn_of_near_column(headers: Headers, name: str, declared: Input) -> None:
    """A default that a misspelt header would bring into use for every host deserves a word."""
    by_loose = {_loose(header): header for header in headers.table.headers}
    alike = difflib.get_close_matches(_loose(name), list(by_loose), n=1, cutoff=0.8)
    if alike and name not in headers.told:
        headers.told.add(name)
        column = by_loose[alike[0]]
        instead = "is without it" if declared.optional else f"has its default {declared.default}"
        message = f"`{name}` has no column, so every host {instead}; there is `{column}`"
        mend = "name the column under `columns:` in the map if it is meant"
        row = headers.table.header_row or None
        headers.findings.append(Finding("COLUMN-MISSING", Level.WARNING, message, mend, headers.table.file, row))


def _reader(
    headers: Headers, name: str, declared: Input, rule: ColumnRule, section: str, told: set[str]
) -> InputReader | None:
    """The reader of an input, or ``None`` where its rule or its columns are at fault."""
    found = [headers.place(column, (section, name, *rule.path_of(at))) for at, column in enumerate(rule.columns())]
    problems = rule_problems(name, declared, rule)
    for where, message, mend in problems:
        if message not in told:
            told.add(message)
            headers.refuse("FIELD-VALUE", message, (section, name, *where), mend)
    places = tuple(place for place in found if place is not None)
    if problems or len(places) < len(found):
        return None
    suppressed = frozenset(text.strip() for text in headers.mapping.rules.suppressed)
    default = None if isinstance(declared, YearInput) else declared.parse_default()
    return InputReader(name, declared, rule, places, suppressed, default)


def expected_reader(headers: Headers, name: str) -> InputReader | None:
    """The reader of a compared column, by its name under the map's `expect` or its own; ``None`` with a finding."""
    named = headers.mapping.rules.expect
    rule = named.get(name, ColumnRule(column=name))
    if name not in named and not headers.found(name):
        mend = near(name, (*headers.table.headers, *named)) or f"the columns are {', '.join(headers.table.headers)}"
        message = f"--expect names `{name}`, and {headers.table.file} has no column of that name"
        headers.findings.append(Finding("COLUMN-MISSING", Level.SUBMISSION, message, mend))
        return None
    return _reader(headers, name, Input(kind="money"), rule, "expect", set())
