"""A table of hosts becomes positions: each row through the map into the inputs of the contract that settles it.

Every fault of the map, the headers and the cells is gathered before anything is said, and a row with a fault is never
among the rows to settle. A row that only lacks an input is no fault: it is there, with the input among its missing.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from yoc.contract.inputs import Input, InputValues
from yoc.core.findings import Finding, Level
from yoc.core.money import CURRENCY_SIGNS
from yoc.intake.position_cells import CellFault, InputReader, shown, split_values
from yoc.intake.position_headers import ContractReaders, Headers, contract_readers, expected_reader
from yoc.intake.position_map import MapRules, PositionMap, read_position_map
from yoc.intake.table_file import Table, TableRow, read_table

__all__ = [
    "MapRules",
    "PositionMap",
    "PositionRow",
    "PositionTable",
    "Table",
    "TableRow",
    "read_position_map",
    "read_positions",
    "read_table",
]

_SHOWN_FAULTS = 20
"""How many faults of one column are told one by one; a column that was mapped wrongly is at fault in every row."""


@dataclass(frozen=True)
class PositionRow:
    """One host's year as its row gives it.

    ``contract`` is the file as the map writes it, ``""`` where the map chooses none. ``values`` has the defaults in it.
    ``missing`` are the inputs without a default that the row does not give, in the contract's order: it cannot be
    settled. ``expected`` are the compared columns in exact pence, ``None`` where the table does not give the sum.
    """

    row_number: int
    host: str
    contract: str
    values: InputValues
    missing: tuple[str, ...] = ()
    expected: Mapping[str, Fraction | None] = field(default_factory=dict)


@dataclass(frozen=True)
class PositionTable:
    """The rows to settle in the order of the file, how many the map's `only` left out, and all that was found."""

    rows: tuple[PositionRow, ...]
    left_out: int
    findings: tuple[Finding, ...]


def read_positions(
    table: Table,
    mapping: PositionMap,
    inputs_of: Callable[[str], Mapping[str, Input]],
    expected_columns: Sequence[str] = (),
) -> PositionTable:
    """Read each row's inputs. ``inputs_of`` gives those of a contract by its file in the map, ``""`` where none is.

    ``expected_columns`` are sums to compare with: names under the map's `expect`, or columns. Nothing is raised: the
    findings hold every fault, and where the map and the headers do not fit together there are no rows.

    >>> rows = (TableRow(2, ("H1", "1,000.50")), TableRow(3, ("H2", "*")))
    >>> table = Table("hosts.csv", ("host", "spend"), rows, 1, "")
    >>> mapping = read_position_map('suppressed: "*"', "map.yaml")
    >>> read = read_positions(table, mapping, lambda _: {"spend": Input(kind="money")})
    >>> [(row.host, dict(row.values.values), row.missing) for row in read.rows]
    [('H1', {'spend': Fraction(100050, 1)}, ()), ('H2', {}, ('spend',))]
    """
    headers = Headers(table, mapping)
    contracts = contract_readers(headers, inputs_of)
    expected = [reader for name in expected_columns if (reader := expected_reader(headers, name))]
    reading = _Reading(headers, contracts, expected)
    rows = [position for row in table.rows if (position := reading.read(row))] if reading.can_choose else []
    reading.refuse_what_no_row_can_mend()
    findings = (*headers.findings, *reading.row_findings(), *_encoding(table))
    return PositionTable(tuple(rows) if headers.fit() else (), reading.left_out, findings)


class _Reading:
    """One pass over the rows: which are settled, by which contract, for which host, from which values."""

    def __init__(self, headers: Headers, contracts: Mapping[str, ContractReaders], expected: Sequence[InputReader]):
        self.headers, self.contracts, self.expected = headers, contracts, expected
        self.file, self.rules = headers.table.file, headers.mapping.rules
        self.left_out = 0
        self._used: set[str] = set()
        self._host_rows: dict[str, int] = {}
        self._unknown: dict[str, list[int]] = {}
        self._signs: dict[str, tuple[int, str]] = {}
        self._faults: list[tuple[str, Finding]] = []
        choice = self.rules.contract
        self._host = headers.places(self.rules.host, ("host",))
        self._key = headers.places(choice.column, ("contract", "column")) if choice else ()
        only = [(headers.place(name, ("only", name, "")), frozenset(texts)) for name, texts in self.rules.only.items()]
        self._only = [(place, texts) for place, texts in only if place is not None]
        self.can_choose = self._host is not None and self._key is not None and len(self._only) == len(only)

    def read(self, row: TableRow) -> PositionRow | None:
        """The row's position; ``None`` where the map leaves it out, or with a finding."""
        if any(row.cells[place].strip() not in texts for place, texts in self._only):
            self.left_out += 1
            return None
        contract = self._contract_of(row)
        host = self._host_of(row)
        if contract is None or contract not in self.contracts:
            return None
        self._used.add(contract)
        readers = self.contracts[contract]
        before = len(self._faults)
        given = {reader.name: self._value(reader, row, host) for reader in readers.readers}
        expected = {reader.name: self._value(reader, row, host) for reader in self.expected}
        if len(self._faults) > before or not host:
            return None
        figures, choices = split_values(
            readers.defaults | {name: value for name, value in given.items() if value is not None}
        )
        missing = tuple(
            reader.name for reader in readers.readers if given[reader.name] is None and not reader.declared.optional
        )
        sums = {name: value if isinstance(value, Fraction) else None for name, value in expected.items()}
        return PositionRow(row.number, host, contract, InputValues(figures, choices), missing, sums)

    def _contract_of(self, row: TableRow) -> str | None:
        if self.rules.contract is None:
            return ""
        key = "/".join(row.cells[place].strip() for place in self._key or ())
        if key not in self.rules.contract.files:
            self._unknown.setdefault(key, []).append(row.number)
        return self.rules.contract.files.get(key)

    def _host_of(self, row: TableRow) -> str:
        """The row's host; ``""`` with a finding where it names none, or one that an earlier row has named."""
        parts = [row.cells[place].strip() for place in self._host or ()]
        host = "/".join(parts)
        names = "/".join(self.rules.host)
        if not all(parts):
            self._fault(names, row, "the row names no host", "give the row its host, or leave it out with `only:`")
            return ""
        first = self._host_rows.setdefault(host, row.number)
        if first != row.number:
            mend = "keep one of them, leave one out with `only:`, or name more columns under `host:`"
            self._fault(names, row, f"host {host} has two rows, the first at row {first}", mend)
            return ""
        return host

    def _value(self, reader: InputReader, row: TableRow, host: str) -> Fraction | str | None:
        if reader.declared.kind == "money":
            for column, place in zip(reader.rule.columns(), reader.places, strict=True):
                for sign in CURRENCY_SIGNS:
                    if sign in row.cells[place]:
                        self._signs.setdefault(sign, (row.number, column))
        try:
            return reader.read(row.cells)
        except CellFault as fault:
            column = fault.column or ", ".join(reader.rule.columns())
            of_host = f" of {host}" if host else ""
            self._fault(column, row, f"column {column}, `{reader.name}`{of_host}: {fault.problem}", fault.mend)
            return None

    def _fault(self, column: str, row: TableRow, message: str, mend: str) -> None:
        finding = Finding("POSITION-INVALID", Level.SUBMISSION, message, mend, self.file, row.number)
        self._faults.append((column, finding))

    def refuse_what_no_row_can_mend(self) -> None:
        """Note contracts that the map does not know, inputs that nothing gives, a table of which nothing is left."""
        for key, numbers in self._unknown.items():
            rows = f"{len(numbers):,} row{'s' if len(numbers) != 1 else ''}, the first at row {numbers[0]}"
            mend = f"add {shown(key)} with its contract under `files:`, or leave the rows out with `only:`"
            message = f"no contract is named for {shown(key)}, which {rows} of {self.file} have"
            self.headers.refuse("POSITION-INVALID", message, ("contract", "files", ""), mend, len(numbers))
        for contract in sorted(self._used):
            for name in self.contracts[contract].ungiven:
                self.headers.input_not_given(name, contract)
        if self.left_out == len(self.headers.table.rows):
            message = f"none of the {self.left_out:,} rows of {self.file} is one that `only` keeps"
            self.headers.refuse("FILE-NOTHING", message, ("only", ""), "compare the texts with those of the column")

    def row_findings(self) -> list[Finding]:
        """The faults of rows in their order, of one column at most so many, and how many more there are."""
        told: Counter[str] = Counter()
        rest: dict[str, list[int]] = {}
        findings = []
        for column, finding in self._faults:
            told[column] += 1
            if told[column] <= _SHOWN_FAULTS:
                findings.append(finding)
            else:
                rest.setdefault(column, []).append(finding.line or 0)
        for column, numbers in rest.items():
            message = f"column {column}: {len(numbers):,} more cells cannot be read, the next at row {numbers[0]}"
            mend = "see the faults of the column above; it may be the wrong column, or need a rule in the map"
            findings.append(
                Finding("POSITION-INVALID", Level.SUBMISSION, message, mend, self.file, numbers[0], count=len(numbers))
            )
        if len(self._signs) > 1:
            signs = " and ".join(f"{sign} (row {row}, {column})" for sign, (row, column) in self._signs.items())
            mend = "bring all sums into one currency: nothing is converted here"
            message = f"the sums of the table are in more than one currency: {signs}"
            findings.append(Finding("POSITION-INVALID", Level.SUBMISSION, message, mend, self.file))
        return findings


def _encoding(table: Table) -> list[Finding]:
    if table.encoding in ("", "utf-8"):
        return []
    message = f"the file is not UTF-8 and was read as {table.encoding}"
    return [Finding("ENCODING", Level.WARNING, message, "look at names with accents", table.file)]
