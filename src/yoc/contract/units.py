"""Units: a sum of money, or a number. Pounds are never added to people, and a number never stands for a sum.

A number without a currency sign is a plain number. Held in pence, sums would take it for pence, so every place in which
the two meet is found when the contract is read.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from pydantic.fields import FieldInfo

from yoc.contract.model import Contract
from yoc.contract.terms.base import TermParameters
from yoc.contract.terms.figure import Parameters as Figure
from yoc.contract.values import (
    ByColumn,
    ByYear,
    Calculation,
    Combined,
    Dated,
    Decide,
    Expects,
    Path,
    Plain,
    Test,
)
from yoc.core.fields import Model
from yoc.core.findings import Finding
from yoc.core.located import Document

Unit = Literal["money", "number", "any"]
"""`any` is nothing at all, 0, which is both."""
WORDS = {"money": "a sum of money", "number": "a number"}
_VALUES = (Plain, ByYear, Dated, ByColumn, Decide, Calculation)


@dataclass(frozen=True)
class Misfit:
    """A place in a value at which the units do not fit."""

    path: Path
    problem: str


def check_units(contract: Contract, document: Document) -> Iterator[Finding]:
    """Every place at which money meets a number, or one stands for the other."""
    units: dict[str, Unit] = {}
    for name, given in contract.inputs().items():
        units[name] = "money" if given.kind == "money" else "number"
    units["person_years"] = "number"
    for term in contract.terms:
        for made in term.makes():
            units[made] = "number" if term.is_number(made) else "money"
    known = _value_units(contract, units)
    for name, value in contract.values.items():
        for misfit in _of(value, known)[1]:
            yield _finding(document, ("values", name, *misfit.path), misfit.problem)
    worked_on = contract.amounts_worked_on()
    for place, term in enumerate(contract.terms):
        path: Path = ("terms", place)
        yield from _check_term(term, known, document, path)
        on = worked_on[term.id]
        if known.get(on) == "number":
            problem = f"term `{term.id}` works on `{on}`, which is a number and no sum of money"
            yield _finding(document, (*path, "on"), problem, "multiply it by a sum first: a number of people by a rate")


def _value_units(contract: Contract, units: Mapping[str, Unit]) -> dict[str, Unit]:
    """The units of every name, those of the contract's values among them, which stand in any order."""
    known = dict(units)
    for _ in contract.values:
        for name, value in contract.values.items():
            known[name] = _of(value, known)[0]
    return known


def _finding(document: Document, path: Path, problem: str, mend: str = "") -> Finding:
    return document.finding(
        "UNIT-MIXED", problem, path, mend or "a sum carries its currency sign, as £750; a rate its %"
    )


def _check_term(term: TermParameters, known: Mapping[str, Unit], document: Document, path: Path) -> Iterator[Finding]:
    for where, value, wanted in _valued(term):
        expected = ("money" if term.unit == "money" else "number") if isinstance(term, Figure) else wanted
        unit, misfits = _of(value, known)
        for misfit in misfits:
            yield _finding(document, (*path, *where, *misfit.path), misfit.problem)
        if not misfits and expected != "any" and unit not in (expected, "any"):
            problem = f"term `{term.id}`: this comes to {WORDS[unit]}, and {WORDS[expected]} is needed"
            yield _finding(document, (*path, *where), problem)


def _valued(item: Model, path: Path = ()) -> Iterator[tuple[Path, Any, Unit]]:
    """Every value that a term or a part of one takes, with its path and the unit that it should come to."""
    for name, info in type(item).model_fields.items():
        where = (*path, info.alias or name)
        yield from _inside(getattr(item, name), where, _expected(info))


def _inside(part: Any, path: Path, wanted: Unit) -> Iterator[tuple[Path, Any, Unit]]:
    if isinstance(part, _VALUES):
        yield path, part, wanted
    elif isinstance(part, Test | Combined):
        yield path, part, "any"
    elif isinstance(part, Model):
        yield from _valued(part, path)
    elif isinstance(part, Mapping):
        for key, inner in part.items():
            yield from _inside(inner, (*path, str(key)), wanted)
    elif isinstance(part, tuple):
        for place, inner in enumerate(part):
            yield from _inside(inner, (*path, place), wanted)


def _expected(info: FieldInfo) -> Unit:
    """The unit that a field's type asks for, wherever in the type it says so."""
    waiting: list[Any] = [*info.metadata, info.annotation]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Expects):
            return part.unit
        waiting.extend(getattr(part, "__metadata__", ()))
        waiting.extend(get_args(part))
    return "any"


def _of(value: Any, known: Mapping[str, Unit]) -> tuple[Unit, list[Misfit]]:
    """The unit of a value, and every misfit inside it."""
    if isinstance(value, Plain):
        if value.name:
            return known.get(value.name, "any"), []
        return ("any" if value.number == 0 else "money" if value.is_money else "number"), []
    if isinstance(value, Test | Combined):
        return "any", list(_condition(value, known))
    misfits: list[Misfit] = []
    unit = _inner(value, known, misfits)
    for name in ("at_least", "at_most", "rounded_to"):
        bound = getattr(value, name)
        if bound is not None:
            unit = _joined(unit, bound, known, (name,), misfits)
    return unit, misfits


def _inner(value: Any, known: Mapping[str, Unit], misfits: list[Misfit]) -> Unit:
    if isinstance(value, ByYear | Dated):
        field = "by_year" if isinstance(value, ByYear) else "dated"
        return _same([((field, str(key)), part) for key, part in getattr(value, field).items()], known, misfits)
    if isinstance(value, ByColumn):
        return _by_column(value, known, misfits)
    if isinstance(value, Decide):
        if isinstance(value.when, Test | Combined):
            misfits.extend(Misfit(("when", *found.path), found.problem) for found in _condition(value.when, known))
        return _same([(("then",), value.then), (("otherwise",), value.otherwise)], known, misfits)
    operation = value.operation()
    parts = [((operation, place), part) for place, part in enumerate(value.operands())]
    if operation not in ("multiply", "divide"):
        return _same(parts, known, misfits)
    units = []
    for path, part in parts:
        unit, inner = _of(part, known)
        misfits.extend(Misfit((*path, *found.path), found.problem) for found in inner)
        units.append(unit)
    return _product(operation, units, misfits)


def _product(operation: str, units: list[Unit], misfits: list[Misfit]) -> Unit:
    """The unit of a product or quotient: money times money, or a number over money, is nothing that can be paid."""
    power = (units[0] == "money") + sum(1 if operation == "multiply" else -1 for unit in units[1:] if unit == "money")
    if power not in (0, 1):
        words = "a sum of money by a sum of money" if power > 1 else "a number by a sum of money"
        verb = "multiplies" if operation == "multiply" else "divides"
        misfits.append(Misfit((operation,), f"this {verb} {words}"))
        return "any"
    return "money" if power else "number"


def _same(parts: Sequence[tuple[Path, Any]], known: Mapping[str, Unit], misfits: list[Misfit]) -> Unit:
    """The unit that all parts have."""
    unit: Unit = "any"
    for path, part in parts:
        unit = _joined(unit, part, known, path, misfits)
    return unit


def _joined(unit: Unit, part: Any, known: Mapping[str, Unit], path: Path, misfits: list[Misfit]) -> Unit:
    found, inner = _of(part, known)
    misfits.extend(Misfit((*path, *misfit.path), misfit.problem) for misfit in inner)
    if "any" not in (unit, found) and found != unit:
        misfits.append(Misfit(path, f"{_named(part)} is {WORDS[found]}, beside {WORDS[unit]}"))
        return unit
    return found if unit == "any" else unit


def _named(part: Any) -> str:
    return f"`{part.text}`" if isinstance(part, Plain) else "this"


def _by_column(value: ByColumn, known: Mapping[str, Unit], misfits: list[Misfit]) -> Unit:
    parts: list[tuple[Path, Any]] = [(("values", name), part) for name, part in (value.values or {}).items()]
    size = known.get(str(value.by), "any")
    for place, band in enumerate(value.bands or ()):
        for name in ("from", "to"):
            edge = band.from_ if name == "from" else band.to
            if edge is not None:
                _joined(size, edge, known, ("bands", place, name), misfits)
        for name in ("value", "at_from", "at_to"):
            if getattr(band, name) is not None:
                parts.append((("bands", place, name), getattr(band, name)))
    if value.otherwise is not None:
        parts.append((("otherwise",), value.otherwise))
    return _same(parts, known, misfits)


def _condition(condition: Any, known: Mapping[str, Unit]) -> Iterator[Misfit]:
    """What does not fit in a condition: a sum tested against a number."""
    if isinstance(condition, Combined):
        groups = {"all_of": condition.all_of, "any_of": condition.any_of}
        for name, parts in groups.items():
            for place, part in enumerate(parts):
                yield from (Misfit((name, place, *found.path), found.problem) for found in _condition(part, known))
        if condition.not_ is not None:
            yield from (Misfit(("not", *found.path), found.problem) for found in _condition(condition.not_, known))
    elif isinstance(condition, Test) and condition.of is not None:
        misfits: list[Misfit] = []
        names = ("of", "at_least", "more_than", "at_most", "less_than")
        _same([((name,), getattr(condition, name)) for name in names if getattr(condition, name)], known, misfits)
        yield from misfits
