"""One host's waterfall: the terms in the contract's order, each line rounded once as it becomes an entry."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from yoc.contract.model import Contract, Route
from yoc.contract.position import Line, Position
from yoc.contract.terms import apply_term
from yoc.contract.terms.base import State, TermError
from yoc.core.findings import Finding, FindingsError, Level
from yoc.core.money import apportion_pence, round_half_away


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


def settle_host(contract: Contract, position: Position) -> HostSettlement:
    """Apply the contract's terms to one position. Nothing is rounded between terms that the contract does not name.

    Raises ``FindingsError`` where a term has no meaning for the position.
    """
    amounts: dict[str, Fraction] = {}
    result = Fraction(0)
    lines: list[Line] = []
    for term in contract.terms:
        state = State(
            position, contract.commissioner.code, contract.route is Route.HOST_PAYS_PROVIDER, dict(amounts), result
        )
        try:
            made = apply_term(term, state)
        except TermError as error:
            message = f"host {position.host}: {error}"
            raise FindingsError([Finding("TERM-IMPOSSIBLE", Level.SUBMISSION, message, "change the term")]) from None
        lines.extend(made.lines)
        amounts.update(made.amounts)
        result += sum((line.effect_on(position.host) for line in made.lines), Fraction(0))
    settled = _settle_lines(lines, position.host)
    entries = tuple(entry for line in lines for entry in _entries(line, position.host))
    closing_pence = settled[-1].running_pence if settled else 0
    return HostSettlement(position, settled, entries, amounts, closing_pence, result)


def _settle_lines(lines: Sequence[Line], host: str) -> tuple[SettledLine, ...]:
    settled: list[SettledLine] = []
    running = 0
    for line in lines:
        pence = round_half_away(line.amount)
        effect = round_half_away(line.effect_on(host))
        running += effect
        detail_pence = tuple(apportion_pence(pence, [detail.amount for detail in line.details])) if line.details else ()
        settled.append(SettledLine(line, pence, effect, running, detail_pence))
    return tuple(settled)


def _entries(line: Line, host: str) -> list[Entry]:
    """The movements that a line makes: one, or one a payee where the payment is shared out."""
    if not line.payer:
        return []
    pence = round_half_away(line.amount)
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
