"""Two versions of a contract: what changed, in words, and what the change moves, in money, clause by clause."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from fractions import Fraction
from types import MappingProxyType
from typing import Any, get_args

from yoc.contract.budget import BudgetRules
from yoc.contract.model import Contract
from yoc.contract.names import Names
from yoc.contract.position import Position
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
from yoc.settlement.waterfall import HostSettlement, settle_host


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
    for heading in _in_order([*sections[0]], [*sections[1]]):
        if heading == "The budget":
            found += _budget_changes(before, after, heading)
        elif heading == "Named numbers":
            found += _value_changes(before, after, indicators, heading)
        elif heading == "The terms, in their order":
            found += _term_changes(before, after, indicators, heading)
        else:
            found += _section_changes(sections[0].get(heading), sections[1].get(heading), heading)
    return tuple(found)


def _in_order(first: Sequence[str], second: Sequence[str]) -> list[str]:
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
    for key in _in_order([*rates[0]], [*rates[1]]):
        was, now = (_sum(side.get(key), contract) for side, contract in zip(rates, (before, after), strict=True))
        if was != now:
            yield Change(part, key, was, now)
    roundings = [plainly(rules.rounding.value) if rules else "" for rules in (old, new)]
    if roundings[0] != roundings[1]:
        yield Change(part, "Rounding", *roundings)
    adjustments = [{each.id: each for each in rules.adjustments} if rules else {} for rules in (old, new)]
    for name in _in_order([*adjustments[0]], [*adjustments[1]]):
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
    for name in _in_order([*before.values], [*after.values]):
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
    for name in _in_order([*old], [*new]):
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
    for name in _in_order([*sides[0]], [*sides[1]]):
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


@dataclass(frozen=True)
class Moved:
    """What one term does to a host, in whole pence: under the one contract, under the other."""

    term: str
    label: str
    before_pence: int
    after_pence: int

    @property
    def difference_pence(self) -> int:
        """What the change moves: above zero to the host, below zero from it."""
        return self.after_pence - self.before_pence


@dataclass(frozen=True)
class Flow:
    """What one party pays another through one term, in whole pence; below zero where the other pays.

    ``host_side`` says that the host is one of the two.
    """

    term: str
    label: str
    payer: str
    payee: str
    before_pence: int
    after_pence: int
    host_side: bool

    @property
    def difference_pence(self) -> int:
        """What is paid more."""
        return self.after_pence - self.before_pence

    def the_way_it_is_paid(self) -> "Flow":
        """The same movement, told so that what is paid after, or else before, is no sum below zero."""
        if (self.after_pence or self.before_pence) >= 0:
            return self
        return replace(
            self,
            payer=self.payee,
            payee=self.payer,
            before_pence=-self.before_pence,
            after_pence=-self.after_pence,
        )


@dataclass(frozen=True)
class Movement:
    """What a change of contract moves for one host's year; the rows add to what is due, and their differences too.

    ``flows`` are the movements of money between each two parties, those that do not touch the host among them.
    """

    case: str
    rows: tuple[Moved, ...]
    flows: tuple[Flow, ...] = ()

    def between_others(self) -> tuple[Flow, ...]:
        """The changed movements that the rows do not tell: between others, and of a term that pays the host, or is
        paid by it, through more than one party."""
        sides: dict[str, int] = {}
        for flow in self.flows:
            sides[flow.term] = sides.get(flow.term, 0) + flow.host_side
        return tuple(
            flow.the_way_it_is_paid()
            for flow in self.flows
            if flow.difference_pence and (not flow.host_side or sides[flow.term] > 1)
        )

    @property
    def moves(self) -> bool:
        """Whether the change moves any money at all."""
        return any(row.difference_pence for row in self.rows) or any(flow.difference_pence for flow in self.flows)

    @property
    def before_pence(self) -> int:
        """What is due under the first contract."""
        return sum(row.before_pence for row in self.rows)

    @property
    def after_pence(self) -> int:
        """What is due under the second."""
        return sum(row.after_pence for row in self.rows)

    @property
    def difference_pence(self) -> int:
        """The change in what is due."""
        return self.after_pence - self.before_pence


@dataclass(frozen=True)
class Case:
    """One host's year, as each of the two contracts sees it: its name, and a position for each."""

    name: str
    before: Position
    after: Position


def movement(before: Contract, after: Contract, case: Case) -> Movement:
    """Settle one host's year under both contracts. Raises ``FindingsError`` where a term has no meaning for it."""
    settled = settle_host(before, case.before), settle_host(after, case.after)
    effects = [_effects(each) for each in settled]
    terms = [{term.id: term for term in contract.terms} for contract in (before, after)]
    rows = tuple(
        Moved(
            name,
            term_label(terms[1].get(name) or terms[0][name]),
            effects[0].get(name, 0),
            effects[1].get(name, 0),
        )
        for name in _in_order([*terms[0]], [*terms[1]])
    )
    made = Movement(case.name, rows, _flows(before, after, settled, [(row.term, row.label) for row in rows]))
    if (made.before_pence, made.after_pence) != tuple(each.closing_pence for each in settled):
        raise AssertionError("the effects of the terms add to what is due")
    return made


def _effects(settled: HostSettlement) -> dict[str, int]:
    effects: dict[str, int] = {}
    for line in settled.lines:
        effects[line.line.term] = effects.get(line.line.term, 0) + line.effect_pence
    return effects


def _flows(
    before: Contract,
    after: Contract,
    settled: tuple[HostSettlement, HostSettlement],
    terms: Sequence[tuple[str, str]],
) -> tuple[Flow, ...]:
    """What each two parties pay one another, term by term, under both contracts."""
    sums: dict[tuple[str, str, str], list[int]] = {}
    for side, each in enumerate(settled):
        for entry in each.entries:
            key, sign = (entry.term, entry.payer, entry.payee), 1
            if (entry.term, entry.payee, entry.payer) in sums:
                key, sign = (entry.term, entry.payee, entry.payer), -1
            sums.setdefault(key, [0, 0])[side] += sign * entry.pence
    host = settled[1].host

    def named(code: str) -> str:
        if code == host:
            return "the host"
        known = after.party_name(code)
        return known if known != code else before.party_name(code)

    return tuple(
        Flow(term, label, named(payer), named(payee), pence[0], pence[1], host in (payer, payee))
        for term, label in terms
        for (of, payer, payee), pence in sums.items()
        if of == term
    )


def all_together(name: str, movements: Sequence[Movement]) -> Movement:
    """Several hosts' movements under the same two contracts added up, term by term."""
    totals: dict[str, Moved] = {}
    for each in movements:
        for row in each.rows:
            so_far = totals.get(row.term, Moved(row.term, row.label, 0, 0))
            totals[row.term] = Moved(
                row.term, row.label, so_far.before_pence + row.before_pence, so_far.after_pence + row.after_pence
            )
    flows: dict[tuple[str, str, str], Flow] = {}
    for flow in (flow for each in movements for flow in each.flows):
        key, sign = (flow.term, flow.payer, flow.payee), 1
        if (flow.term, flow.payee, flow.payer) in flows:
            key, sign = (flow.term, flow.payee, flow.payer), -1
        sums = flows.get(key, replace(flow, before_pence=0, after_pence=0))
        flows[key] = replace(
            sums,
            before_pence=sums.before_pence + sign * flow.before_pence,
            after_pence=sums.after_pence + sign * flow.after_pence,
        )
    in_order = [flow for term in totals for flow in flows.values() if flow.term == term]
    return Movement(name, tuple(totals.values()), tuple(in_order))
