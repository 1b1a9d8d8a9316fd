"""The small files: indicator results and payments on account, read whole, with every fault at its row."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from yoc.core.findings import Finding, FindingsError, Level
from yoc.core.money import MoneyError, parse_pounds
from yoc.core.periods import FinancialYear, PeriodError, day_number, day_of_number
from yoc.core.rates import RateError, parse_number
from yoc.intake.account import FileAccount, whole_account
from yoc.intake.layouts import PAYMENTS, RESULTS
from yoc.intake.text_table import Layout, TextTable, read_text_table
from yoc.intake.texts import read_day


@dataclass(frozen=True)
class Result:
    """A host's result on one indicator: exact numerator and denominator as they were sent."""

    host: str
    indicator: str
    numerator: Fraction
    denominator: Fraction

    @property
    def value(self) -> Fraction:
        """Numerator over denominator."""
        return self.numerator / self.denominator


@dataclass(frozen=True)
class Payment:
    """One payment on account from the commissioner to a host."""

    day: dt.date
    payer: str
    payee: str
    pence: int
    reference: str


def read_results(
    path: Path, file: str, hosts: Sequence[str], wanted: Sequence[str]
) -> tuple[dict[tuple[str, str], Result], FileAccount]:
    """Results by host and indicator. Raises ``FindingsError`` where one that is paid on is missing or twice."""
    text, findings = _read(path, file, RESULTS)
    results: dict[tuple[str, str], Result] = {}
    for row in text.table.to_pylist():
        key = (row["host"].strip(), row["indicator"].strip())
        try:
            numerator, denominator = _number(row["numerator"]), _number(row["denominator"])
        except RateError as error:
            findings.append(_fault("INDICATOR-RESULT", file, row, f"{key[1]}: {error}"))
            continue
        if key in results:
            findings.append(_fault("INDICATOR-RESULT", file, row, f"host {key[0]} has two results for {key[1]}"))
        elif denominator <= 0:
            findings.append(
                _fault("INDICATOR-RESULT", file, row, f"{key[1]} of host {key[0]}: the denominator is not above 0")
            )
        else:
            results[key] = Result(*key, numerator, denominator)
    for host in hosts:
        findings.extend(
            Finding(
                "INDICATOR-RESULT",
                Level.SUBMISSION,
                f"host {host} has no result for {name}, on which the contract pays",
                "add a row for it",
                file,
            )
            for name in wanted
            if (host, name) not in results
        )
    if findings:
        raise FindingsError(findings)
    return results, whole_account(text, RESULTS.kind)


def read_payments(
    path: Path, file: str, year: FinancialYear, as_of: dt.date, commissioner: str, hosts: Sequence[str]
) -> tuple[list[Payment], FileAccount]:
    """Payments on account in the order of their dates. Raises ``FindingsError`` with every one that does not fit."""
    text, findings = _read(path, file, PAYMENTS)
    payments = []
    references: set[tuple[str, str]] = set()
    for row in text.table.to_pylist():
        problem = _payment_problem(row, year, as_of, commissioner, hosts) or _repeated_reference(row, references)
        if problem:
            findings.append(_fault("PAYMENT-INVALID", file, row, problem))
            continue
        day = day_of_number(read_day(row["payment_date"]) or 0)
        payments.append(
            Payment(day, row["payer"].strip(), row["payee"].strip(), _pence(row["amount"]), row["reference"].strip())
        )
    if findings:
        raise FindingsError(findings)
    # The order of a file's rows means nothing and must show nowhere.
    payments.sort(key=lambda payment: (payment.day, payment.payee, payment.reference, payment.pence))
    return payments, whole_account(text, PAYMENTS.kind)


def _payment_problem(
    row: Mapping[str, Any], year: FinancialYear, as_of: dt.date, commissioner: str, hosts: Sequence[str]
) -> str:
    try:
        stated = FinancialYear.parse(row["financial_year"])
        _pence(row["amount"])
    except PeriodError as error:
        return str(error)
    except MoneyError:
        return "the amount is not a sum of money"
    if stated != year:
        return f"the payment is for {stated}, the plan for {year}"
    if read_day(row["payment_date"]) is None:
        return "the payment date is not a date"
    if (read_day(row["payment_date"]) or 0) > day_number(as_of):
        return f"the payment date is after {as_of}, the day as of which the year is settled"
    if row["payer"].strip() != commissioner:
        return f"payer {row['payer'].strip()} is not the commissioner"
    if row["payee"].strip() not in hosts:
        return f"payee {row['payee'].strip()} is not a host of the contract"
    return ""


def _repeated_reference(row: Mapping[str, Any], seen: set[tuple[str, str]]) -> str:
    """A payment whose reference its payee has had already would be taken off twice."""
    key = (row["payee"].strip(), row["reference"].strip())
    if key[1] and key in seen:
        return f"reference {key[1]} is given twice for {key[0]}"
    seen.add(key)
    return ""


def _pence(text: str) -> int:
    stripped = text.strip().replace("£", "")
    return parse_pounds(f"-£{stripped[1:]}" if stripped.startswith("-") else f"£{stripped}")


def _number(text: str) -> Fraction:
    return parse_number(text.strip().replace(",", ""))


def _read(path: Path, file: str, layout: Layout) -> tuple[TextTable, list[Finding]]:
    text = read_text_table(path, file, layout)
    return text, [
        Finding(
            "FIELD-VALUE",
            Level.SUBMISSION,
            "the row has another number of columns than the header",
            "correct the row",
            file,
            row,
        )
        for row in text.misfit_rows
    ]


def _fault(code: str, file: str, row: Mapping[str, Any], message: str) -> Finding:
    return Finding(code, Level.SUBMISSION, message, "correct the row", file, row["row_number"])
