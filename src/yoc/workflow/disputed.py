"""What of each line is still disputed: what was raised and not settled, and no more than the line comes to now."""

from collections.abc import Mapping
from dataclasses import dataclass

from yoc.core.money import format_pounds
from yoc.store.journal import Key, Reader
from yoc.store.runs import OF_A_RUN, StandingAmount, standing_amounts
from yoc.store.year_tables import Dispute, DisputeEvent

MORE = "more"
"""The direction of a dispute that claims a larger line; that of all others is empty."""
OF_A_LINE = (*OF_A_RUN, "adjustment")
"""The kinds of entry that make a line: what runs moved, and what was agreed of it."""


@dataclass(frozen=True)
class OpenDispute:
    """A dispute that is not settled. ``pence`` is what is disputed of the line now, at most what was raised.

    It is nothing where the line is held to be too small: all that is asked for stays payable.
    """

    row: Dispute
    pence: int


@dataclass(frozen=True)
class AgreedBeyond:
    """A line of which more was agreed off than it comes to now, so that the rest goes the other way."""

    host: str
    term: str
    name: str
    payer: str
    payee: str
    agreed_pence: int
    line_pence: int

    @property
    def key(self) -> Key:
        """What it is of."""
        return (self.host, self.term, self.name, self.payer, self.payee)

    @property
    def beyond_pence(self) -> int:
        """By how much what was agreed is more than the line comes to."""
        return self.agreed_pence - self.line_pence

    def in_words(self) -> str:
        """Both sums, and what is left.

        >>> print(AgreedBeyond("A", "cost", "cost", "A", "C", 5_000, 4_000).in_words())
        £50.00 was agreed off cost of A, which now comes to £40.00: £10.00 the other way; agree an adjustment if that \
is not meant.
        """
        return (
            f"{format_pounds(self.agreed_pence)} was agreed off {self.name} of {self.host}, which now comes to "
            f"{format_pounds(self.line_pence)}: {format_pounds(self.beyond_pence)} the other way; agree an adjustment "
            "if that is not meant."
        )


def agreed_beyond(reader: Reader, contract: str, year: str) -> list[AgreedBeyond]:
    """The lines of a year of which more was agreed off than the run that stands makes them, by host and name.

    What was agreed stays where a run is restated, so a line that became smaller can come to less than was agreed.
    """
    agreed = standing_amounts(reader, contract, year, ("adjustment",))
    runs = standing_amounts(reader, contract, year, OF_A_RUN)
    of_lines = sorted({(*key[:3], *way) for key in agreed if key[0] for way in (key[3:], key[:2:-1])})
    found = []
    for key in of_lines:
        off, line = -_net(agreed, key), _net(runs, key)
        if off > max(0, line):
            found.append(AgreedBeyond(*key, off, line))
    return found


def _net(standing: Mapping[Key, StandingAmount], key: Key) -> int:
    """What stands of a key, less what stands of the same from its payee to its payer."""
    there, back = standing.get(key), standing.get((*key[:3], key[4], key[3]))
    return (there.pence if there else 0) - (back.pence if back else 0)


def amount_of(standing: Mapping[Key, StandingAmount], dispute: Dispute) -> int:
    """What a dispute's line comes to, from its payer to its payee; below nothing where it turned round."""
    return _net(standing, key_of(dispute))


def key_of(dispute: Dispute) -> Key:
    """What a dispute is of."""
    return (dispute.host, dispute.term, dispute.name, dispute.payer, dispute.payee)


def line_amount(reader: Reader, dispute: Dispute) -> int:
    """What a dispute's line comes to for a reader, adjustments of it included."""
    return amount_of(standing_amounts(reader, dispute.contract, dispute.year, OF_A_LINE), dispute)


def open_disputes(reader: Reader, contract: str, year: str) -> list[OpenDispute]:
    """The disputes of a year that were raised and not settled, the oldest first.

    A restatement can leave less of a line than is disputed of it. Then only what is left is disputed, the oldest
    dispute of the line first: nobody can withhold more of a line than is asked for.
    """
    steps = [(event.dispute, event.step) for event in reader.rows(DisputeEvent)]
    raised = {dispute for dispute, _ in steps}
    settled = {dispute for dispute, step in steps if step == "settled"}
    rows = [
        row for row in reader.of_year(Dispute, contract, year) if row.dispute in raised and row.dispute not in settled
    ]
    if not rows:
        return []
    standing = standing_amounts(reader, contract, year, OF_A_LINE)
    taken: dict[Key, int] = {}
    found = []
    for row in rows:
        if row.direction == MORE:
            found.append(OpenDispute(row, 0))
            continue
        key = key_of(row)
        left = max(0, amount_of(standing, row) - taken.get(key, 0))
        found.append(OpenDispute(row, min(row.pence, left)))
        taken[key] = taken.get(key, 0) + found[-1].pence
    return found
