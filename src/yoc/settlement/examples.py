"""Worked examples beside a contract: a position, and the answers that were agreed for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated

from pydantic import Field

from yoc.contract.checks import nearest
from yoc.contract.inputs import Input, InputValues
from yoc.contract.model import Contract
from yoc.contract.values import Plain, Value
from yoc.core.fields import Model, Name, Text, Year
from yoc.core.findings import Finding, FindingsError, stop_if_any
from yoc.core.located import Document, Path, read_document, read_model
from yoc.core.money import format_exact_pence, round_half_away
from yoc.core.rates import format_decimal
from yoc.settlement.position_of import position_of
from yoc.settlement.waterfall import HostSettlement, settle_host

_WRONG = "correct the one that is wrong, the contract or the example"
HOST = "HOST"
"""The host of an example, where the contract names none."""
RESULT = "result"
"""The name by which an example expects the host's closing result."""


class Movement(Model):
    """One payment that an example expects; `host` and `commissioner` stand for the settlement's own."""

    paid_by: Name
    paid_to: Name
    amount: Value


class Example(Model):
    """A position and what is agreed to come of it: named amounts, payments, within a sum (else to the penny)."""

    name: Text
    source: Text | None = None
    contract: Text | None = None
    host: Name | None = None
    year: Year | None = None
    position: dict[Name, Text] = Field(default_factory=dict)
    expect: dict[Name, Value] = Field(default_factory=dict)
    pays: tuple[Movement, ...] | None = None
    within: Value | None = None


class ExampleFile(Model):
    """`examples.yaml`; ``contract`` is the file that they are of unless an example names its own."""

    contract: Text = "contract.yaml"
    examples: Annotated[tuple[Example, ...], Field(min_length=1)]


@dataclass(frozen=True)
class Examples:
    """The examples of a folder, with the document that they stand in."""

    file: ExampleFile
    document: Document

    def of(self, contract_file: str) -> "tuple[tuple[int, Example], ...]":
        """The examples of one contract's file, with their places."""
        return tuple(
            (place, example)
            for place, example in enumerate(self.file.examples)
            if (example.contract or self.file.contract) == contract_file
        )


def read_examples(text: str, file: str) -> Examples:
    """Read worked examples. Raises ``FindingsError`` with every fault at its place."""
    document = read_document(text, file)
    return Examples(read_model(document, ExampleFile), document)


@dataclass(frozen=True)
class Worked:
    """An example settled: its position's settlement, and a finding for each answer that differs."""

    example: Example
    settlement: HostSettlement
    differences: tuple[Finding, ...]


def work(contract: Contract, examples: Examples, place: int) -> Worked:
    """Settle one example and compare it with its answers.

    Raises ``FindingsError`` where its position cannot be read, nothing is expected, or a term has no meaning for it.
    """
    example, document = examples.file.examples[place], examples.document
    path: Path = ("examples", place)
    if not example.expect and example.pays is None:
        message = f"{example.name}: nothing is expected to come of it, so it proves nothing"
        mend = "add `expect:` with the amounts that are agreed, or `pays:` with the payments"
        raise FindingsError([document.finding("FIELD-MISSING", message, path, mend)])
    given = read_inputs(contract, example.position, document, (*path, "position"))
    host = example.host or (contract.hosts[0].code if contract.hosts else HOST)
    try:
        settled = settle_host(contract, position_of(contract, host, given, example.year))
    except FindingsError as error:
        raise FindingsError(
            document.finding(finding.code, f"{example.name}: {finding.message}", path, finding.mend)
            for finding in error.findings
        ) from None
    differences = [
        *_amounts(contract, example, settled, document, path),
        *_payments(contract, example, settled, document, path),
    ]
    return Worked(example, settled, tuple(differences))


def read_inputs(contract: Contract, texts: Mapping[str, str], document: Document, path: Path) -> InputValues:
    """The inputs of a position that a person wrote out. Raises ``FindingsError`` with every fault at its place."""
    declared = contract.inputs()
    values: dict[str, Fraction] = {}
    choices: dict[str, str] = {}
    findings = []
    for name in texts:
        if name not in declared:
            mend = nearest(name, declared, "inputs")
            message = f"`{name}` is not an input of the contract"
            findings.append(document.finding("FIELD-UNKNOWN", message, (*path, name, ""), mend))
    for name, given in declared.items():
        try:
            value = _one_input(given, texts.get(name))
        except ValueError as error:
            findings.append(document.finding("FIELD-VALUE", f"`{name}`: {error}", (*path, name)))
            continue
        if value is None and given.optional:
            continue
        if value is None:
            message = f"`{name}` is not given, and has no default"
            findings.append(document.finding("FIELD-MISSING", message, path, f"add `{name}:`"))
        elif isinstance(value, str):
            choices[name] = value
        else:
            values[name] = value
    for need in contract.needs():
        for name in need.lacking(texts):
            mend = f"add `{name}:`{need.instead_of(name)}"
            findings.append(document.finding("FIELD-MISSING", f"`{name}` is not given", path, mend))
    stop_if_any(findings)
    return InputValues(values, choices)


def _one_input(given: Input, text: str | None) -> Fraction | str | None:
    return given.parse_default() if text is None else given.parse(text)


def _amounts(
    contract: Contract, example: Example, settled: HostSettlement, document: Document, path: Path
) -> list[Finding]:
    findings = []
    for name, wanted in example.expect.items():
        where = (*path, "expect", name)
        if not isinstance(wanted, Plain) or wanted.number is None:
            message, mend = f"`{name}` is expected to be a sum or a number", "write the figure that is agreed"
            findings.append(document.finding("FIELD-VALUE", message, where, mend))
            continue
        if name != RESULT and name not in settled.amounts:
            mend = nearest(name, (*settled.amounts, RESULT), "amounts")
            findings.append(document.finding("TERM-REFERENCE", f"no term makes `{name}`", (*where, ""), mend))
            continue
        found = Fraction(settled.closing_pence) if name == RESULT else settled.amounts[name]
        if wanted.is_money:
            differs = abs(round_half_away(found) - wanted.number) > _within(example)
        else:
            differs = found != wanted.number
        if differs:
            words = format_exact_pence if wanted.is_money else format_decimal
            message = f"{example.name}: `{name}` comes to {words(found)}, and {words(wanted.number)} is agreed"
            findings.append(document.finding("EXAMPLE-DIFFERS", contract.in_currency(message), where, _WRONG))
    return findings


def _within(example: Example) -> Fraction:
    within = example.within
    return within.number if isinstance(within, Plain) and within.number is not None else Fraction(0)


def _payments(
    contract: Contract, example: Example, settled: HostSettlement, document: Document, path: Path
) -> list[Finding]:
    """Whether exactly the expected payments are made, each pair of parties taken together."""
    if example.pays is None:
        return []
    own = {"host": settled.host, "commissioner": contract.commissioner.code}
    wanted: dict[tuple[str, str], Fraction] = {}
    for movement in example.pays:
        pair = (own.get(movement.paid_by, movement.paid_by), own.get(movement.paid_to, movement.paid_to))
        amount = movement.amount.number if isinstance(movement.amount, Plain) else None
        wanted[pair] = wanted.get(pair, Fraction(0)) + (amount or 0)
    found: dict[tuple[str, str], Fraction] = {}
    for entry in settled.entries:
        pair = (entry.payer, entry.payee)
        found[pair] = found.get(pair, Fraction(0)) + entry.pence
    findings = []
    for payer, payee in dict.fromkeys((*wanted, *found)):
        paid, agreed = found.get((payer, payee), Fraction(0)), wanted.get((payer, payee), Fraction(0))
        if abs(paid - agreed) > _within(example):
            said = f"{format_exact_pence(paid)}, and {format_exact_pence(agreed)} is agreed"
            message = f"{example.name}: {payer} pays {payee} {said}"
            message = contract.in_currency(message)
            findings.append(document.finding("EXAMPLE-DIFFERS", message, (*path, "pays"), _WRONG))
    return findings
