"""Inputs of a contract: each default reads as its kind, exactly, and what makes no sense is refused with its reason."""

from fractions import Fraction

import pytest

from yoc.contract.inputs import Input
from yoc.core.fields import Model
from yoc.core.findings import FindingsError
from yoc.core.located import read_document, read_model


class Position(Model):
    position: dict[str, Input]


def read(line: str) -> Input:
    return read_model(read_document(f"position:\n  x: {line}\n", "c.yaml"), Position).position["x"]


@pytest.mark.parametrize(
    ("line", "default"),
    [
        ("{kind: money, title: Benchmark}", None),
        ("{kind: money, is: cost, default: £0}", Fraction(0)),
        ("{kind: money, default: $1250.50}", Fraction(125050)),
        ("{kind: money, default: -€3}", Fraction(-300)),
        ("{kind: number, default: 12}", Fraction(12)),
        ("{kind: rate, default: 12.5%}", Fraction(1, 8)),
        ("{kind: score, default: 2/3}", Fraction(2, 3)),
        ("{kind: flag, default: yes}", Fraction(1)),
        ("{kind: choice, choices: [A, B], default: B}", "B"),
    ],
)
def test_a_default_reads_as_its_kind(line, default):
    assert read(line).parse_default() == default


def test_what_a_sum_is_is_kept():
    assert (read("{kind: money, is: budget}").is_, read("{kind: money}").is_) == ("budget", None)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{kind: sum}", "'sum' is not one of the choices here"),
        ("{kind: money, default: 0}", "'0' is not a sum of money: write it with its currency sign"),
        ("{kind: money, default: £0.005}", "holds part of a penny"),
        ("{kind: number, default: 5%}", "is a percentage, and the input a number"),
        ("{kind: number, default: many}", "the default 'many' is not a rate"),
        ("{kind: rate, default: 4.15}", "has no sign"),
        ("{kind: score, default: 120%}", "more than the whole"),
        ("{kind: flag, default: maybe}", "neither yes nor no"),
        ("{kind: choice}", "needs `choices:`"),
        ("{kind: choice, choices: [A, A]}", "the choice `A` is listed twice"),
        ("{kind: choice, choices: [A, B], default: C}", "the default 'C' is not one of A, B"),
        ("{kind: money, choices: [A]}", "`choices` belongs to an input of kind choice"),
        ("{kind: number, is: cost}", "`is: cost` belongs to an input of kind money"),
        ("{kind: money, is: profit}", "'profit' is not one of the choices here"),
        ("{kind: money, defualt: £0}", "`defualt` is not known here"),
    ],
)
def test_what_makes_no_sense_is_refused_on_its_line(line, words):
    with pytest.raises(FindingsError) as caught:
        read(line)
    (finding,) = caught.value.findings
    assert words in f"{finding.message}: {finding.mend}"
    assert (finding.file, finding.line) == ("c.yaml", 2)
