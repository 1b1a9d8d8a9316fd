"""Settling a table of positions: one row a host, no line-level data, each row under its contract of a family."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from yoc.contract.checks import nearest
from yoc.contract.inputs import Input, Need
from yoc.contract.model import Contract, Status
from yoc.contract.position import Position
from yoc.core.findings import Finding, FindingsError, Level, stop_if_any
from yoc.core.periods import FinancialYear
from yoc.intake.position_file import PositionMap, PositionRow, Table, read_position_map, read_positions, read_table
from yoc.settlement.position_of import NO_YEAR, position_of
from yoc.workflow.contract_files import read_contract_file, read_text, shown_from
from yoc.workflow.settle_many import Settled, settle_many

_YEARS = ("year", "financialyear")
RESULT = "result"
"""The name of the host's closing result among its amounts."""


@dataclass(frozen=True)
class Expectation:
    """A column of the table, and the amount of the settlement that it should come to."""

    column: str
    amount: str = RESULT

    @classmethod
    def parse(cls, text: str) -> "Expectation":
        """From ``COLUMN`` or ``COLUMN=AMOUNT``.

        >>> Expectation.parse("EarnSaveLoss"), Expectation.parse("GenSaveLoss=generated").amount
        (Expectation(column='EarnSaveLoss', amount='result'), 'generated')
        """
        column, _, amount = text.partition("=")
        return cls(column.strip(), amount.strip() or RESULT)


@dataclass(frozen=True)
class Difference:
    """One compared figure of one row, both in exact pence; ``expected`` is ``None`` where the table gives none."""

    host: str
    row_number: int
    expectation: Expectation
    found: Fraction
    expected: Fraction | None

    def beyond(self, within: Fraction) -> bool:
        """Whether the two lie further apart than is allowed."""
        return self.expected is not None and abs(self.found - self.expected) > within


@dataclass(frozen=True)
class SettledRow:
    """One row settled under its contract."""

    row: PositionRow
    contract: Contract
    settlement: Settled

    @property
    def financial_year(self) -> str:
        """The financial year that was settled; empty where the contract names none."""
        position = self.settlement.position
        return str(position.year) if position.year != NO_YEAR else ""

    @property
    def years(self) -> int:
        """For how many years the contract runs."""
        return self.contract.years


@dataclass(frozen=True)
class SettledTable:
    """A settled table: its rows, those that lack an input, what was compared, and what a reader should know."""

    rows: tuple[SettledRow, ...]
    not_settled: tuple[PositionRow, ...]
    left_out: int
    compared: tuple[Difference, ...]
    warnings: tuple[Finding, ...]
    sign: str = "£"
    """The currency sign of the contracts."""

    @property
    def is_shadow(self) -> bool:
        """Whether a row was settled under a contract that is computed for information only."""
        return any(each.contract.status is Status.SHADOW for each in self.rows)

    @property
    def years(self) -> tuple[str, ...]:
        """The years of the contracts that were settled, in words, each once; none where a contract has only one."""
        settled = {(each.settlement.position.contract_year, each.financial_year, each.years) for each in self.rows}
        return tuple(
            f"year {number} of the contract{f', {financial}' if financial else ''}"
            for number, financial, years in sorted(settled)
            if years > 1 or financial
        )


def settle_table(
    contract_path: Path,
    table_path: Path,
    map_path: Path | None = None,
    expectations: Sequence[Expectation] = (),
    year: FinancialYear | None = None,
) -> SettledTable:
    """Settle every row of a table. Raises ``FindingsError`` with all that is wrong; nothing is settled then.

    ``contract_path`` is the contract of every row, unless the map names one for each; then it may also be the folder of
    the family, or any contract of it.
    """
    mapping = PositionMap()
    if map_path is not None:
        name = shown_from(map_path)[1]
        mapping = read_position_map(read_text(map_path, name), name)
    contracts = _Contracts(contract_path, map_path)
    table = read_table(table_path, shown_from(table_path)[1], mapping.rules.sheet, mapping.rules.header_row)
    columns = [expected.column for expected in expectations]
    found = read_positions(table, mapping, contracts.inputs_of, columns, contracts.needs_of)
    unread = [] if year else _unread_years(table, mapping, contracts, columns)
    stop_if_any((*found.findings, *unread))
    not_settled = [row for row in found.rows if row.missing]
    settled = _settled([row for row in found.rows if not row.missing], contracts, year, table.file)
    _refuse_two_currencies(settled)
    compared = [_compare(each, expected) for each in settled for expected in expectations]
    signs = [contracts.of(row.contract).currency.sign for row in found.rows[:1]]
    return SettledTable(tuple(settled), tuple(not_settled), found.left_out, tuple(compared), found.findings, *signs)


def _settled(
    rows: Sequence[PositionRow], contracts: "_Contracts", year: FinancialYear | None, file: str
) -> list[SettledRow]:
    """Each row settled, those of one contract together. Raises ``FindingsError`` with the faults of all."""
    positions: dict[str, dict[int, Position]] = defaultdict(dict)
    results: dict[int, Settled | FindingsError] = {}
    for place, row in enumerate(rows):
        contract = contracts.of(row.contract)
        try:
            _refuse_stranger(contract, row)
            positions[row.contract][place] = position_of(contract, row.host, row.values, year)
        except FindingsError as error:
            results[place] = error
    for name, own in positions.items():
        results |= dict(zip(own, settle_many(contracts.of(name), list(own.values())), strict=True))
    settled: list[SettledRow] = []
    faults: list[Finding] = []
    for place, row in enumerate(rows):
        contract, result = contracts.of(row.contract), results[place]
        if isinstance(result, FindingsError):
            faults.extend(
                replace(
                    finding,
                    message=contract.in_currency(finding.message),
                    mend=contract.in_currency(finding.mend),
                    file=file,
                    line=row.row_number,
                )
                for finding in result.findings
            )
        else:
            settled.append(SettledRow(row, contract, result))
    stop_if_any(faults)
    return settled


class _Contracts:
    """The contract of each row, read once."""

    def __init__(self, contract_path: Path, map_path: Path | None):
        self.contract_path, self.map_path = contract_path, map_path
        self.read: dict[str, Contract] = {}

    def of(self, name: str) -> Contract:
        """The contract that a row's map names; the one that the command names where it names none."""
        if name not in self.read:
            path = self.map_path.parent / name if name and self.map_path is not None else self.contract_path
            self.read[name] = read_contract_file(path).contract
        return self.read[name]

    def inputs_of(self, name: str) -> Mapping[str, Input]:
        """The inputs that a row needs."""
        return self.of(name).inputs()

    def needs_of(self, name: str) -> Sequence[Need]:
        """What a row gives as a whole or in parts."""
        return self.of(name).needs()


def _unread_years(
    table: Table, mapping: PositionMap, contracts: "_Contracts", compared: Sequence[str]
) -> list[Finding]:
    """A finding for a column that says a year and is not read, where a contract has more years than one."""
    rules = mapping.rules
    if "contract_year" in rules.columns or any(_loose(name) == "contractyear" for name in table.headers):
        return []
    used = [contracts.of(name) for name in mapping.contract_files]
    read = {*rules.host, *rules.only, *(rules.contract.column if rules.contract else ()), *compared}
    read |= {column for rule in (*rules.columns.values(), *rules.expect.values()) for column in rule.columns()}
    read |= {name for contract in used for name in contract.inputs()}
    unread = [name for name in table.headers if _loose(name) in _YEARS and _loose(name) not in map(_loose, read)]
    if not unread or all(contract.years == 1 for contract in used):
        return []
    message = f"the contract has more than one year, and nothing reads the column `{unread[0]}`"
    mend = "give the year of the contract, counted from 1, in a column `contract_year`, or settle one year with --year"
    return [Finding("POSITION-INVALID", Level.SUBMISSION, message, mend, table.file, table.header_row or None)]


def _loose(name: str) -> str:
    return re.sub(r"[\s_-]", "", name).casefold()


def _refuse_stranger(contract: Contract, row: PositionRow) -> None:
    """Where a contract names its hosts, no other can be settled under it."""
    hosts = [host.code for host in contract.hosts]
    if hosts and row.host not in hosts:
        message = f"`{row.host}` is no host of the contract {contract.contract}"
        mend = f"its hosts are {', '.join(hosts)}; leave other rows out with `only:` in a map"
        raise FindingsError([Finding("POSITION-INVALID", Level.SUBMISSION, message, mend)])


def _refuse_two_currencies(settled: Sequence[SettledRow]) -> None:
    currencies = {each.contract.currency.value for each in settled}
    if len(currencies) > 1:
        message = f"the contracts of one table are in {' and '.join(sorted(currencies))}, and nothing is converted"
        raise FindingsError([Finding("POSITION-INVALID", Level.SUBMISSION, message, "settle each currency apart")])


def _compare(each: SettledRow, expected: Expectation) -> Difference:
    amounts = each.settlement.amounts
    if any(expected.amount in term.makes() and term.is_number(expected.amount) for term in each.contract.terms):
        message = f"`{expected.amount}` is a number and no sum, so {expected.column} is not compared with it"
        raise FindingsError([Finding("TERM-REFERENCE", Level.SUBMISSION, message, "name an amount that is a sum")])
    if expected.amount == RESULT:
        found = Fraction(each.settlement.closing_pence)
    elif expected.amount in amounts:
        found = amounts[expected.amount]
    else:
        message = f"{each.contract.contract} makes no amount `{expected.amount}` to compare with {expected.column}"
        mend = nearest(expected.amount, (*amounts, RESULT), "amounts")
        raise FindingsError([Finding("TERM-REFERENCE", Level.SUBMISSION, message, mend)])
    return Difference(each.row.host, each.row.row_number, expected, found, each.row.expected.get(expected.column))
