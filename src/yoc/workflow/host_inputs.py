"""What a contract asks for of each host beside people and activity, from a table that the plan names."""

from fractions import Fraction
from pathlib import Path

from yoc.contract.inputs import InputValues
from yoc.contract.model import ActivityContract
from yoc.core.findings import Finding, Level, stop_if_any
from yoc.intake import FileAccount
from yoc.intake.position_file import PositionMap, read_positions, read_table


def defaults_of(contract: ActivityContract) -> InputValues:
    """The inputs of a host that gives none: the contract's own defaults."""
    values: dict[str, Fraction] = {}
    choices: dict[str, str] = {}
    for name, given in contract.position.items():
        default = given.parse_default()
        if isinstance(default, str):
            choices[name] = default
        elif default is not None:
            values[name] = default
    return InputValues(values, choices)


def read_host_inputs(path: Path, file: str, contract: ActivityContract) -> tuple[dict[str, InputValues], FileAccount]:
    """Every host's inputs, and the account of the file. Raises ``FindingsError`` with every fault of it."""
    table = read_table(path, file)
    read = read_positions(table, PositionMap(), lambda _: contract.position)
    hosts = {host.code for host in contract.hosts}
    findings = list(read.findings)

    def refuse(row: int | None, message: str, mend: str) -> None:
        findings.append(Finding("POSITION-INVALID", Level.SUBMISSION, message, mend, file, row))

    for row in read.rows:
        if row.host not in hosts:
            refuse(
                row.row_number, f"`{row.host}` is no host of the contract", f"its hosts are {', '.join(sorted(hosts))}"
            )
        if row.missing:
            refuse(row.row_number, f"host {row.host} has no {', '.join(row.missing)}", "ask for it")
    if not any(finding.level is Level.SUBMISSION for finding in findings):
        for host in sorted(hosts - {row.host for row in read.rows}):
            refuse(None, f"host {host} has no row", "add its row")
    stop_if_any(findings)
    account = FileAccount(
        file,
        "positions",
        table.sha256,
        len(table.rows),
        len(table.rows),
        encoding=table.encoding or "utf-8",
        header_row=table.header_row,
    )
    return {row.host: row.values for row in read.rows}, account
