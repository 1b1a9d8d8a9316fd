"""Two versions of a contract: what the change moves, in money, term by term, on one host's year."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from yoc.contract.model import Contract
from yoc.contract.position import Position
from yoc.contract.terms.base import TermParameters
from yoc.contract.values import names_in, walk
from yoc.core.fields import Model
from yoc.settlement.difference import in_order, term_label
from yoc.settlement.waterfall import HostSettlement, settle_host


@dataclass(frozen=True)
class Moved:
    """What one term does to a host, in whole pence: under the one contract, under the other."""

    term: str
    label: str
    before_pence: int
    after_pence: int
    change: str = ""
    """What became of the term itself: `new`, `gone`, `changed`, or nothing, where it moves because others do."""

    @property
    def difference_pence(self) -> int:
        """What the change moves: above zero to the host, below zero from it."""
        return self.after_pence - self.before_pence

    def as_dict(self) -> dict[str, str | int]:
        """The row in plain figures.

        >>> Moved("share", "Share of gain", 100, 40, "changed").as_dict()["difference_pence"]
        -60
        """
        return {
            "term": self.term,
            "label": self.label,
            "change": self.change,
            "before_pence": self.before_pence,
            "after_pence": self.after_pence,
            "difference_pence": self.difference_pence,
        }


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
    pairs = paired_terms(before, after)
    names = {was.id: (now or was).id for was, now in pairs if was is not None}
    effects = [_effects(settled[0], names), _effects(settled[1], {})]
    rows = tuple(
        Moved(
            term.id,
            _pair_label(was, now),
            effects[0].get(term.id, 0),
            effects[1].get(term.id, 0),
            term_change(before, after, was, now),
        )
        for was, now in pairs
        if (term := now or was) is not None
    )
    flows = _flows(before, after, settled, [(row.term, row.label) for row in rows], names)
    made = Movement(case.name, rows, flows)
    if (made.before_pence, made.after_pence) != tuple(each.closing_pence for each in settled):
        raise AssertionError("the effects of the terms add to what is due")
    return made


def paired_terms(before: Contract, after: Contract) -> tuple[tuple[TermParameters | None, TermParameters | None], ...]:
    """The terms of both, each with the other's of its id; or of its kind, where one of a kind is left on each side.

    In the order of the second contract; a term of the first alone stands behind the one that it followed.
    """
    old, new = ({term.id: term for term in contract.terms} for contract in (before, after))
    left = [[term for name, term in side.items() if name not in other] for side, other in ((old, new), (new, old))]
    kinds = [[term.kind for term in side] for side in left]
    alone = {kind for kind in kinds[0] if kinds[0].count(kind) == kinds[1].count(kind) == 1}
    was_called = {now.id: was.id for now in left[1] for was in left[0] if now.kind == was.kind and now.kind in alone}
    called = {was: now for now, was in was_called.items()}
    order = in_order([called.get(name, name) for name in old], [*new])
    return tuple((old.get(was_called.get(name, name)), new.get(name)) for name in order)


def _pair_label(was: TermParameters | None, now: TermParameters | None) -> str:
    labels = [term_label(term) for term in (now, was) if term is not None]
    return labels[0] if len({*labels}) == 1 else f"{labels[0]}, was {labels[1]}"


def term_change(before: Contract, after: Contract, was: TermParameters | None, now: TermParameters | None) -> str:
    """What became of a term itself: `new`, `gone`, `changed` in what it says, or nothing.

    What it says are its own fields, the numbers that it names, and for the budget and the cost the parts of the
    contract that they are worked out from. Names, titles and clauses change nothing that is paid.
    """
    if was is None or now is None:
        return "new" if was is None else "gone"
    return "changed" if _said(before, was) != _said(after, now) else ""


_WORKED_OUT_FROM = {"capitation": ("population", "budget"), "activity_cost": ("population", "activity")}


def _said(contract: Contract, term: TermParameters) -> Any:
    """All that decides what a term pays, without what is only read."""
    parts = [getattr(contract, name) for name in _WORKED_OUT_FROM.get(term.kind, ())]
    numbers: dict[str, Any] = {}
    waiting: list[Any] = [term]
    while waiting:
        found = {name for _, name in names_in(waiting.pop()) if name in contract.values} - set(numbers)
        numbers |= {name: contract.values[name] for name in found}
        waiting += [contract.values[name] for name in found]
    return [paid_parts(each) for each in (term.model_copy(update={"id": ""}), numbers, *parts)]


def paid_parts(value: Any) -> list[tuple[Any, Any]]:
    """Everything that a part of a contract holds, by its place in it, without clauses and titles."""
    return [
        (path, part)
        for path, part in walk(value)
        if not {"clause", "title"} & {*path} and not isinstance(part, Model | Mapping | tuple)
    ]


def _effects(settled: HostSettlement, names: Mapping[str, str]) -> dict[str, int]:
    """What each term does to the host, by its id, or by the id that ``names`` gives for it."""
    effects: dict[str, int] = {}
    for line in settled.lines:
        term = names.get(line.line.term, line.line.term)
        effects[term] = effects.get(term, 0) + line.effect_pence
    return effects


def _flows(
    before: Contract,
    after: Contract,
    settled: tuple[HostSettlement, HostSettlement],
    terms: Sequence[tuple[str, str]],
    names: Mapping[str, str],
) -> tuple[Flow, ...]:
    """What each two parties pay one another, term by term, under both contracts; ``names`` are those of the first."""
    sums: dict[tuple[str, str, str], list[int]] = {}
    for side, each in enumerate(settled):
        for entry in each.entries:
            term = entry.term if side else names[entry.term]
            key, sign = (term, entry.payer, entry.payee), 1
            if (term, entry.payee, entry.payer) in sums:
                key, sign = (term, entry.payee, entry.payer), -1
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
            so_far = totals.get(row.term, replace(row, before_pence=0, after_pence=0))
            totals[row.term] = replace(
                so_far,
                before_pence=so_far.before_pence + row.before_pence,
                after_pence=so_far.after_pence + row.after_pence,
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
