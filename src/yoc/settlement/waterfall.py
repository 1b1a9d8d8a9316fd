"""One host's waterfall: the terms in the contract's order, each line rounded once as it becomes an entry."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TypeVar

from yoc.contract.model import Contract, Route
from yoc.contract.position import Line, Position
from yoc.contract.terms import apply_term
from yoc.contract.terms.base import State, TermError, TermParameters, TermResult
from yoc.contract.values import ValueProblem
from yoc.core.findings import Finding, FindingsError, Level
from yoc.core.money import apportion_pence, round_half_away, split_pence

StateType = TypeVar("StateType", bound=State)


@dataclass(frozen=True)
class SettledLine:
    """A line in whole pence: its own amount, what it does to the host, the host's result after it, its details."""

    line: Line
    pence: int
    effect_pence: int
    running_pence: int
    detail_pence: tuple[int, ...]


@dataclass(frozen=True)
class Entry:
    """One movement of money between two parties, in whole pence; made by a line of a host's statement."""

    host: str
    term: str
    name: str
    clause: str
    payer: str
    payee: str
    pence: int


@dataclass(frozen=True)
class HostSettlement:
    """A host's settled year: position, lines, entries, the closing result in pence and, exactly, before rounding."""

    position: Position
    lines: tuple[SettledLine, ...]
    entries: tuple[Entry, ...]
    amounts: dict[str, Fraction]
    closing_pence: int
    closing_exact: Fraction

    @property
    def host(self) -> str:
        """The host's code."""
        return self.position.host


@dataclass(frozen=True)
class Terms:
    """What the terms made of a position, exact: every line, every named amount, the host's result."""

    lines: tuple[Line, ...]
    amounts: dict[str, Fraction]
    result: Fraction


def apply_terms(contract: Contract, position: Position, unrounded: bool = False) -> Terms:
    """Apply the contract's terms to one position. Nothing is rounded between terms that the contract does not name.

    ``unrounded`` leaves out the rounding that it does name, for the study of a contract as a function.

    Raises ``FindingsError`` where a term has no meaning for the position.
    """
    state = first_state(contract, position, unrounded)
    lines: list[Line] = []
    for term in contract.terms:
        try:
            made = apply_term(term, state)
        except (TermError, ValueProblem) as error:
            own = "" if f"`{term.id}`" in str(error) else f"term `{term.id}`: "
            raise ImpossibleError(position.host, term.id, f"{own}{error}") from None
        lines.extend(made.lines)
        state = next_state(state, term, made)
    return Terms(tuple(lines), dict(state.amounts), state.result)


def next_state(state: StateType, term: TermParameters, made: TermResult) -> StateType:
    """What the next term may read, after what a term made."""
    effects = (line.effect_on(state.position.host) for line in made.lines)
    return replace(
        state,
        amounts={**state.amounts, **made.amounts},
        result=state.result + sum(effects, Fraction(0)),
        in_hand=state.in_hand | term.keeps_in_hand(state.in_hand, state.last),
        last=term.id if term.gives_on() else state.last,
    )


def first_state(contract: Contract, position: Position, unrounded: bool = False) -> State:
    """What is known before the first term: the position's inputs and scores, and the contract's own values."""
    amounts = {**position.scores, **position.values}
    if contract.budget is not None:
        amounts["person_years"] = position.budget.person_years
    pays_providers = contract.route is Route.HOST_PAYS_PROVIDER
    return State(
        position, contract.commissioner.code, pays_providers, amounts, unrounded=unrounded, values=contract.values
    )


class ImpossibleError(FindingsError):
    """A term that has no meaning for a position; ``term`` is its id."""

    def __init__(self, host: str, term: str, problem: str):
        self.host, self.term, self.problem = host, term, problem
        mend = "change the term, or what it works on"
        super().__init__([Finding("TERM-IMPOSSIBLE", Level.SUBMISSION, f"host {host}: {problem}", mend)])


def settle_host(contract: Contract, position: Position) -> HostSettlement:
    """One host's settled year: the terms' lines, each rounded once as it becomes an entry.

    Raises ``FindingsError`` where a term has no meaning for the position.
    """
    made = apply_terms(contract, position)
    settled = _settle_lines(made.lines, position.host)
    entries = tuple(entry for line in settled for entry in _entries(line, position.host))
    closing_pence = settled[-1].running_pence if settled else 0
    return HostSettlement(position, settled, entries, made.amounts, closing_pence, made.result)


def _settle_lines(lines: Sequence[Line], host: str) -> tuple[SettledLine, ...]:
    settled: list[SettledLine] = []
    running = 0
    for line in lines:
        pence = _whole_pence(line)
        effect = pence * ((line.payee == host) - (line.payer == host)) if line.payer != line.payee else 0
        running += effect
        detail_pence = tuple(apportion_pence(pence, [detail.amount for detail in line.details])) if line.details else ()
        settled.append(SettledLine(line, pence, effect, running, detail_pence))
    return tuple(settled)


def _whole_pence(line: Line) -> int:
    """A line's amount in whole pence; a part of a sum that is divided is rounded with its fellows."""
    if line.portion is None:
        return round_half_away(line.amount)
    parts = split_pence(round_half_away(line.portion.whole), line.portion.weights)
    # The line's amount is never below zero: who pays whom has been turned round where the sum is.
    return abs(parts[line.portion.place])


def _entries(settled: SettledLine, host: str) -> list[Entry]:
    """The movements that a line makes: one, or one a payee where the payment is shared out."""
    line, pence = settled.line, settled.pence
    if not line.payer:
        return []
    if line.payees:
        shares = apportion_pence(pence, list(line.payees.values()))
        legs = list(zip(line.payees, shares, strict=True))
    else:
        legs = [(line.payee, pence)]
    entries = []
    for payee, amount in legs:
        if amount and payee != line.payer:
            # To pay less than nothing is to be paid: an entry is always a sum above zero.
            payer, receiver = (line.payer, payee) if amount > 0 else (payee, line.payer)
            entries.append(Entry(host, line.term, line.name, line.clause, payer, receiver, abs(amount)))
    return entries
