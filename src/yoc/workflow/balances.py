"""Who owes whom at the end: for each pair of parties what is invoiced, accrued, disputed, paid and outstanding."""

from collections import defaultdict
from dataclasses import dataclass

from yoc.core.money import format_pounds
from yoc.store.journal import Reader
from yoc.store.tables import Entry
from yoc.store.year_tables import Statement
from yoc.workflow.disputed import open_disputes
from yoc.workflow.year_rules import BalanceRules

DUE = ("settlement", "on_account", "adjustment")
"""What makes an amount due. Payments on account that a settlement takes off are in it already."""
PAID = ("payment", "taken_off")


@dataclass(frozen=True)
class Balance:
    """What ``owing`` owes ``owed``. ``invoiced`` and ``accrued`` add to ``due``; ``due`` less ``paid`` is outstanding.

    ``disputed`` is what is disputed of what ``owing`` is asked for, ``disputed_by_owed`` of what is taken off it.
    """

    owing: str
    owed: str
    on_account_pence: int
    due_pence: int
    invoiced_pence: int
    paid_pence: int
    disputed_pence: int
    disputed_by_owed_pence: int
    open_disputes: int

    @property
    def accrued_pence(self) -> int:
        """What is due and stands on no statement yet."""
        return self.due_pence - self.invoiced_pence

    @property
    def outstanding_pence(self) -> int:
        """What is due and not paid."""
        return self.due_pence - self.paid_pence

    @property
    def payable_pence(self) -> int:
        """What is payable now: what is outstanding and not disputed."""
        return max(0, self.outstanding_pence - self.disputed_pence)

    def needs_statement(self, rules: BalanceRules) -> bool:
        """Whether a statement has to go to the party that owes, by the thresholds of the agreement of balances."""
        return self.outstanding_pence > rules.statement_above

    def needs_agreement(self, rules: BalanceRules) -> bool:
        """Whether the two have to agree the balance in writing."""
        return self.outstanding_pence > rules.agreement_above

    def in_words(self) -> str:
        """The balance as a sentence.

        >>> print(Balance("C", "A", 0, 35_000, 30_000, 10_000, 2_000, 0, 1).in_words())
        C owes A £250.00: £350.00 due (£300.00 invoiced, £50.00 accrued), £100.00 paid; £20.00 is disputed, so £230.00 \
is payable now.
        """
        disputed = f"; {format_pounds(self.disputed_pence)} is disputed, so " if self.disputed_pence else "; "
        return (
            f"{self.owing} owes {self.owed} {format_pounds(self.outstanding_pence)}: {format_pounds(self.due_pence)} "
            f"due ({format_pounds(self.invoiced_pence)} invoiced, {format_pounds(self.accrued_pence)} accrued), "
            f"{format_pounds(self.paid_pence)} paid{disputed}{format_pounds(self.payable_pence)} is payable now."
        )


def balances_in(reader: Reader, contract: str, year: str) -> list[Balance]:
    """The balance of each pair of parties between which anything moved, the one that owes first, by code."""
    sums: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))

    def add(what: str, payer: str, payee: str, pence: int) -> None:
        sums[payer, payee][what] += pence
        sums[payee, payer][what] -= pence

    for entry in reader.of_year(Entry, contract, year):
        if entry.party == entry.payee and entry.payer != entry.payee:
            for what, kinds, sign in (("due", DUE, 1), ("paid", PAID, -1), ("on_account", ("on_account",), -1)):
                if entry.kind in kinds:
                    add(what, entry.payer, entry.payee, sign * entry.pence)
    for statement in reader.of_year(Statement, contract, year):
        add("invoiced", statement.owing, statement.owed, statement.pence)
    for dispute in open_disputes(reader, contract, year):
        one, other = dispute.row.payer, dispute.row.payee
        sums[one, other]["disputed"] += dispute.pence
        for pair in ((one, other), (other, one)):
            sums[pair]["disputes"] += 1
    return [
        _balance(pair, part, sums[pair[1], pair[0]])
        for pair, part in sorted(sums.items())
        if _owes(pair, part)
    ]  # fmt: skip


def _owes(pair: tuple[str, str], part: dict[str, int]) -> bool:
    """Whether the first of a pair is shown as the one that owes; where nothing is, the one that did, or by code."""
    signs = (part["due"] - part["paid"], part["due"], part["invoiced"])
    first = next((sign for sign in signs if sign), 0)
    return first > 0 or (first == 0 and pair[0] < pair[1])


def _balance(pair: tuple[str, str], part: dict[str, int], other: dict[str, int]) -> Balance:
    return Balance(
        owing=pair[0],
        owed=pair[1],
        on_account_pence=part["on_account"],
        due_pence=part["due"],
        invoiced_pence=part["invoiced"],
        paid_pence=part["paid"],
        disputed_pence=part["disputed"],
        disputed_by_owed_pence=other["disputed"],
        open_disputes=part["disputes"],
    )
