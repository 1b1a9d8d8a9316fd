"""Two versions of a contract: what changed, in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from fractions import Fraction
from types import MappingProxyType
from typing import Any, TypeVar, get_args

from yoc.contract.budget import BudgetRules
from yoc.contract.model import Contract
from yoc.contract.names import Names
from yoc.contract.scope import SETTING_NAMES
from yoc.contract.story import Point, Section, contract_story
from yoc.contract.terms.bands import Band, bands_in_words
from yoc.contract.terms.base import TermParameters
from yoc.contract.terms.cap import Limit, limits_in_words
from yoc.contract.values import (
    AmountName,
    Bounded,
    Combined,
    PartyCode,
    Plain,
    Test,
)
from yoc.contract.wording import begun, condition_in_words, listed, plainly, sum_in_words, worded
from yoc.core.fields import Model, Pence
from yoc.core.rates import format_percent

Named = TypeVar("Named")


@dataclass(frozen=True)
class Change:
    """One thing that changed: in which part of the contract, what, and what was and is said of it.

    ``before`` is empty where it is new, ``after`` where it is gone.
    """

    part: str
    what: str
    before: str = ""
    after: str = ""


def changes(
    before: Contract, after: Contract, indicators: Mapping[str, str] = MappingProxyType({})
) -> tuple[Change, ...]:
    """Everything that a reader of both contracts would see differ, in the order in which a contract is told."""
    stories = [contract_story(contract, indicators) for contract in (before, after)]
    sections = [{section.heading: section for section in story.sections} for story in stories]
    found: list[Change] = []
    if before.title != after.title:
        found.append(Change("The contract", "Title", before.title, after.title))
    for heading in in_order([*sections[0]], [*sections[1]]):
        if heading == "The budget":
            found += _budget_changes(before, after, heading)
        elif heading == "Named numbers":
            found += _value_changes(before, after, indicators, heading)
        elif heading == "The terms, in their order":
            found += _term_changes(before, after, indicators, heading)
        else:
            found += _section_changes(sections[0].get(heading), sections[1].get(heading), heading)
    return tuple(found)


def in_order(first: Sequence[Named], second: Sequence[Named]) -> list[Named]:
    """All names of both lists: the second's order, those of the first alone behind the one that they followed."""
    ordered = list(second)
    for place, name in enumerate(first):
        if name not in ordered:
            known = [other for other in first[:place] if other in ordered]
            ordered.insert(ordered.index(known[-1]) + 1 if known else 0, name)
    return ordered


def _section_changes(before: Section | None, after: Section | None, heading: str) -> Iterator[Change]:
    """The sentences and points of a part that are on one side alone; a point that kept its label is changed."""
    old = before or Section(heading)
    new = after or Section(heading)
    if old.clause != new.clause:
        yield Change(heading, "Clause", old.clause, new.clause)
    for gone, come in _replaced(old.sentences, new.sentences):
        yield Change(heading, "", " ".join(gone), " ".join(come))
    for was, now in _replaced(old.points, new.points):
        by_label = {point.label: point for point in was}
        if len({point.label for point in was}) == len(was) and {p.label for p in was} == {p.label for p in now}:
            for point in now:
                yield Change(heading, point.label, by_label[point.label].text, point.text)
        else:
            yield from (Change(heading, "", _said(point), "") for point in was)
            yield from (Change(heading, "", "", _said(point)) for point in now)


def _replaced(before: Sequence[Any], after: Sequence[Any]) -> Iterator[tuple[Sequence[Any], Sequence[Any]]]:
    for kind, start, end, other_start, other_end in SequenceMatcher(None, before, after, False).get_opcodes():
        if kind != "equal":
            yield before[start:end], after[other_start:other_end]


def _said(point: Point) -> str:
    return f"{point.label}: {point.text}"


def _budget_changes(before: Contract, after: Contract, part: str) -> Iterator[Change]:
    old, new = before.budget, after.budget
    rates = [dict(_rates(rules)) for rules in (old, new)]
    for key in in_order([*rates[0]], [*rates[1]]):
        was, now = (_sum(side.get(key), contract) for side, contract in zip(rates, (before, after), strict=True))
        if was != now:
            yield Change(part, key, was, now)
    roundings = [plainly(rules.rounding.value) if rules else "" for rules in (old, new)]
    if roundings[0] != roundings[1]:
        yield Change(part, "Rounding", *roundings)
    adjustments = [{each.id: each for each in rules.adjustments} if rules else {} for rules in (old, new)]
    for name in in_order([*adjustments[0]], [*adjustments[1]]):
        yield from _field_changes(
            part, f"Adjustment {plainly(name)}", adjustments[0].get(name), adjustments[1].get(name), before, after
        )
    orders = [[name for name in side if name in other] for side, other in (adjustments, adjustments[::-1])]
    if orders[0] != orders[1]:
        yield Change(part, "Order of adjustments", *(listed(map(plainly, side)) for side in adjustments))


def _rates(rules: BudgetRules | None) -> Iterator[tuple[str, int]]:
    for segment, rates in rules.rates.items() if rules else ():
        for setting, pence in rates.items():
            yield f"{begun(plainly(segment))}, {SETTING_NAMES.get(setting, setting).lower()}", pence


def _sum(pence: int | None, contract: Contract) -> str:
    return "" if pence is None else contract.in_currency(sum_in_words(pence))


def _value_changes(before: Contract, after: Contract, indicators: Mapping[str, str], part: str) -> Iterator[Change]:
    namers = [Names(contract, indicators) for contract in (before, after)]
    for name in in_order([*before.values], [*after.values]):
        if before.values.get(name) == after.values.get(name):
            continue
        was, now = (
            contract.in_currency(worded(contract.values[name], namer)) if name in contract.values else ""
            for contract, namer in zip((before, after), namers, strict=True)
        )
        if was != now:
            yield Change(part, begun(plainly(name)), was, now)


def _term_changes(before: Contract, after: Contract, indicators: Mapping[str, str], part: str) -> Iterator[Change]:
    old, new = ({term.id: term for term in contract.terms} for contract in (before, after))
    sentences = [_sentences(contract, indicators) for contract in (before, after)]
    for name in in_order([*old], [*new]):
        label = term_label(new.get(name) or old[name])
        if name not in old:
            yield Change(part, label, "", sentences[1][name])
        elif name not in new:
            yield Change(part, label, sentences[0][name], "")
        else:
            yield from _field_changes(part, label, old[name], new[name], before, after, indicators)
    for name, (was, now) in _moved([*old], [*new]).items():
        yield Change(part, f"{term_label(new[name])}, its place", _place(was, old), _place(now, new))


def _sentences(contract: Contract, indicators: Mapping[str, str]) -> dict[str, str]:
    section = next(section for section in contract_story(contract, indicators).sections if section.numbered)
    return {term.id: point.text for term, point in zip(contract.terms, section.points, strict=True)}


def _moved(old: list[str], new: list[str]) -> dict[str, tuple[str, str]]:
    """The terms of both that stand in another order among themselves, each with what it followed and follows now."""
    common_old, common_new = [name for name in old if name in new], [name for name in new if name in old]
    kept: set[str] = set()
    for block in SequenceMatcher(None, common_old, common_new, False).get_matching_blocks():
        kept.update(common_old[block.a : block.a + block.size])
    return {name: (_before(name, old), _before(name, new)) for name in common_new if name not in kept}


def _before(name: str, names: list[str]) -> str:
    place = names.index(name)
    return names[place - 1] if place else ""


def _place(name: str, terms: Mapping[str, TermParameters]) -> str:
    return f"after {term_label(terms[name])}" if name else "first"


def term_label(term: TermParameters) -> str:
    """How a term is called in a list: its clause and its title, or its id in words.

    >>> term_label(TermParameters(id="high_cost", kind="x", clause="6.5")), term_label(TermParameters(id="a", kind="x"))
    ('Clause 6.5 (high cost)', 'A')
    """
    name = term.title or plainly(term.id)
    return f"Clause {term.clause} ({name})" if term.clause else begun(name)


def _field_changes(
    part: str,
    label: str,
    before: Model | None,
    after: Model | None,
    contract_before: Contract,
    contract_after: Contract,
    indicators: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Change]:
    """What differs between two groups of fields, field by field; all of a group that is on one side alone."""
    sides = [
        _fields(group, contract, Names(contract, indicators))
        for group, contract in ((before, contract_before), (after, contract_after))
    ]
    if before is None or after is None:
        yield Change(part, label, *("; ".join(f"{name} {words}" for name, words in side.items()) for side in sides))
        return
    given = [{plainly(info.alias or name): getattr(group, name) for name, info in type(group).model_fields.items()}
             for group in (before, after)]  # fmt: skip
    for name in in_order([*sides[0]], [*sides[1]]):
        was, now = (side.get(name, "not said") for side in sides)
        # What a name stands for is told where it is defined: a field that says the same name has not changed.
        if was != now and given[0].get(name) != given[1].get(name):
            yield Change(part, f"{label}, {name}", was, now)


def _fields(group: Model | None, contract: Contract, namer: Names) -> dict[str, str]:
    """The fields of a group that are given, in words."""
    if group is None:
        return {}
    said = {}
    for name, info in type(group).model_fields.items():
        value = getattr(group, name)
        if name == "id" or value is None or value == ():
            continue
        said[plainly(info.alias or name)] = contract.in_currency(_field_in_words(group, name, value, namer))
    return said


def _field_in_words(group: Model, name: str, value: Any, namer: Names) -> str:
    if any(mark in get_args(Pence)[1:] for mark in type(group).model_fields[name].metadata):
        return sum_in_words(value)
    first = value[0] if isinstance(value, tuple) else None
    if isinstance(first, Band):
        base = getattr(group, "base", None)
        return bands_in_words(value, namer(str(base)) if base else "", namer)
    return limits_in_words(value, namer) if isinstance(first, Limit) else said_of(value, namer)


def said_of(value: Any, namer: Names) -> str:
    """Anything that a field holds, in words.

    >>> from yoc.contract.reading import read_contract
    >>> contract = read_contract('''
    ... {contract: a, title: A, version: "1", status: live, parties: [{code: X, name: The Board, role: commissioner}],
    ...  terms: [{id: b, kind: block, value: £1}]}
    ... ''', "a.yaml")
    >>> said_of({"X": Fraction(1, 2), "host": Fraction(1, 2)}, Names(contract))
    '50% for The Board, 50% for the host'
    """
    if isinstance(value, Plain | Bounded):
        return worded(value, namer)
    if isinstance(value, Test | Combined):
        return condition_in_words(value, namer)
    if isinstance(value, AmountName | PartyCode):
        return namer(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Fraction):
        return format_percent(value)
    if isinstance(value, Mapping):
        return ", ".join(f"{said_of(item, namer)} for {namer(str(key))}" for key, item in value.items())
    if isinstance(value, tuple):
        return "; ".join(said_of(item, namer) for item in value)
    if isinstance(value, Model):
        return ", ".join(f"{name} {words}" for name, words in _fields(value, namer.contract, namer).items())
    return plainly(value) if isinstance(value, str) and " " not in value else str(value)
