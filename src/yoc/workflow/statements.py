"""What a statement asks for, and what of it only takes back what an earlier one asked for and nobody paid."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from yoc.core.money import format_pounds
from yoc.store.journal import Reader
from yoc.store.runs import CORRECTIONS
from yoc.store.tables import Entry
from yoc.store.year_tables import Statement
from yoc.workflow.balances import DUE, PAID
from yoc.workflow.year import YearOf

Pair = tuple[str, str]


@dataclass(frozen=True)
class Issued:
    """A line of a statement that was issued: its number, who is asked, by whom, for how much.

    ``credit_pence`` of it takes back what the statements ``against`` asked for the other way and nobody paid.
    """

    number: str
    owing: str
    owed: str
    pence: int
    credit_pence: int = 0
    against: tuple[str, ...] = ()
    posting: int = 0

    @property
    def asked_pence(self) -> int:
        """What is to be paid by it."""
        return self.pence - self.credit_pence

    def credit_in_words(self) -> str:
        """What it takes back; nothing where it takes back nothing.

        >>> print(Issued("2026-27-7-A", "A", "C", 4_000, 4_000, ("2026-27-3-C",)).credit_in_words())
        2026-27-7-A: credit of £40.00 against 2026-27-3-C; C owes A so much less, and nothing is asked for.
        """
        if not self.credit_pence:
            return ""
        asked = f"{format_pounds(self.asked_pence)} is asked for" if self.asked_pence else "nothing is asked for"
        return (
            f"{self.number}: credit of {format_pounds(self.credit_pence)} against {', '.join(self.against)}; "
            f"{self.owed} owes {self.owing} so much less, and {asked}."
        )


def issued_in(reader: Reader, year: YearOf, posting: int) -> list[Issued]:
    """The lines of the statements that a posting issued, with what of each is credit, as it was known then."""
    paid: dict[int, list[tuple[str, str, int]]] = defaultdict(list)
    for entry in reader.of_year(Entry, year.contract, str(year.year)):
        if entry.kind in PAID and entry.party == entry.payee:
            paid[entry.posting].append((entry.payer, entry.payee, -entry.pence))
    rows: dict[int, list[Statement]] = defaultdict(list)
    for row in reader.of_year(Statement, year.contract, str(year.year)):
        rows[row.posting].append(row)
    asked = _Asked()
    issued: list[Issued] = []
    for number in sorted(each for each in {*paid, *rows} if each <= posting):
        for payer, payee, pence in paid[number]:
            asked.pay(payer, payee, pence)
        issued = [asked.issue(row) for row in rows[number]]
    return issued


@dataclass
class _Demand:
    """What a statement asks for, and what of that was paid."""

    number: str
    pence: int
    paid_pence: int = 0


class _Asked:
    """What is asked for and unpaid between parties, replayed in the order in which it was recorded."""

    def __init__(self) -> None:
        self.demands: dict[Pair, list[_Demand]] = defaultdict(list)
        self.ahead: dict[Pair, int] = defaultdict(int)

    def pay(self, payer: str, payee: str, pence: int) -> None:
        """Money pays what was asked for first; what is left is paid ahead. A sum given back opens the latest again."""
        for one in self.demands[payer, payee][:: 1 if pence > 0 else -1]:
            part = min(pence, one.pence - one.paid_pence) if pence > 0 else max(pence, -one.paid_pence)
            one.paid_pence += part
            pence -= part
        self.ahead[payer, payee] += pence

    def issue(self, row: Statement) -> Issued:
        """A statement takes back what was asked for the other way and not paid, the oldest first; it asks for the rest.

        >>> asked = _Asked()
        >>> def statement(number, owing, owed, pence):
        ...     return asked.issue(Statement(number=number, owing=owing, owed=owed, pence=pence, posting=1))
        >>> _ = statement("1", "C", "A", 400)
        >>> asked.pay("C", "A", 390)
        >>> back = statement("2", "A", "C", 40)
        >>> back.credit_pence, back.against, back.asked_pence
        (10, ('1',), 30)
        """
        left, against = row.pence, []
        for one in self.demands[row.owed, row.owing]:
            part = min(left, one.pence - one.paid_pence)
            if part > 0:
                one.pence -= part
                left -= part
                against.append(one.number)
        if left:
            pair = (row.owing, row.owed)
            self.demands[pair].append(_Demand(row.number, left))
            ahead, self.ahead[pair] = self.ahead[pair], 0
            self.pay(*pair, ahead)
        return Issued(row.number, row.owing, row.owed, row.pence, row.pence - left, tuple(against), row.posting)


@dataclass(frozen=True)
class StatementLine:
    """What a statement takes in: a line of a host, an adjustment, a payment on account; who owes whom, and why."""

    kind: str
    host: str
    name: str
    clause: str
    reason: str
    evidence: str
    pence: int


def lines_of(reader: Reader, year: YearOf, posting: int, owing: str, owed: str) -> list[StatementLine]:
    """What accrued between two parties since the statements before those of a posting, as ``owing`` owes it.

    The lines come to the statement's sum, since each issue takes in all that is accrued. Figures that only moved while
    the year was open stand at their last.
    """
    earlier = reader.before(posting)
    since = max((row.posting for row in earlier.of_year(Statement, year.contract, str(year.year))), default=0)
    found = [entry for entry in earlier.of_year(Entry, year.contract, str(year.year)) if entry.posting > since]
    return _summed(found, DUE, owing, owed)


def paid_lines(reader: Reader, year: YearOf, posting: int, owing: str, owed: str) -> list[StatementLine]:
    """The payments between two parties that were recorded before a posting, as ``owing`` paid them."""
    found = _summed(reader.before(posting).of_year(Entry, year.contract, str(year.year)), PAID, owing, owed)
    return [
        StatementLine(one.kind, one.host, one.name, one.clause, one.reason, one.evidence, -one.pence) for one in found
    ]


def _summed(entries: Iterable[Entry], kinds: Iterable[str], owing: str, owed: str) -> list[StatementLine]:
    sums: dict[tuple[str, str, str, str, str, str], int] = defaultdict(int)
    for entry in entries:
        if entry.kind not in kinds or entry.party != entry.payee or {entry.payer, entry.payee} != {owing, owed}:
            continue
        # What moved while the year was open is a figure that went on; a correction has a reason of its own.
        why = (entry.reason, entry.evidence) if entry.reason in CORRECTIONS else ("", "")
        key = (entry.kind, entry.host, entry.name, entry.clause, *why)
        sums[key] += entry.pence if entry.payer == owing else -entry.pence
    return [StatementLine(*key, pence) for key, pence in sums.items() if pence]
