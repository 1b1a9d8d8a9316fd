"""Settling a table of positions: one row a host, no line-level data, each row under its contract of a family."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from yoc.contract.checks import nearest
from yoc.contract.inputs import Input
from yoc.contract.model import Contract
from yoc.core.findings import Finding, FindingsError, Level, stop_if_any
from yoc.core.periods import FinancialYear
from yoc.intake.position_file import PositionMap, PositionRow, read_position_map, read_positions, read_table
from yoc.settlement.position_of import position_of
from yoc.settlement.waterfall import HostSettlement, settle_host
from yoc.workflow.contract_files import read_contract_file, read_text, shown_from

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
    settlement: HostSettlement


@dataclass(frozen=True)
class SettledTable:
    """A settled table: its rows, those that lack an input, what was compared, and what a reader should know."""

    rows: tuple[SettledRow, ...]
    not_settled: tuple[PositionRow, ...]
    left_out: int
    compared: tuple[Difference, ...]
    warnings: tuple[Finding, ...]

    @property
    def sign(self) -> str:
        """The currency sign of the contracts."""
        return self.rows[0].contract.currency.sign if self.rows else "£"


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
    found = read_positions(table, mapping, contracts.inputs_of, [expected.column for expected in expectations])
    stop_if_any(found.findings)
    settled: list[SettledRow] = []
    not_settled: list[PositionRow] = []
    faults: list[Finding] = []
    for row in found.rows:
        if row.missing:
            not_settled.append(row)
            continue
        contract = contracts.of(row.contract)
        try:
            _refuse_stranger(contract, row)
            position = position_of(contract, row.host, row.values, year)
            settled.append(SettledRow(row, contract, settle_host(contract, position)))
        except FindingsError as error:
            faults.extend(replace(finding, file=table.file, line=row.row_number) for finding in error.findings)
    stop_if_any(faults)
    _refuse_two_currencies(settled)
    compared = [_compare(each, expected) for each in settled for expected in expectations]
    return SettledTable(tuple(settled), tuple(not_settled), found.left_out, tuple(compared), found.findings)


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
