"""What of each line is still disputed: what was raised and not settled, and no more than the line comes to now."""

from collections.abc import Mapping
from dataclasses import dataclass

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


def amount_of(standing: Mapping[Key, StandingAmount], dispute: Dispute) -> int:
    """What a dispute's line comes to, from its payer to its payee; below nothing where it turned round."""
    line = (dispute.host, dispute.term, dispute.name)
    there = standing.get((*line, dispute.payer, dispute.payee))
    back = standing.get((*line, dispute.payee, dispute.payer))
    return (there.pence if there else 0) - (back.pence if back else 0)


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
        key = (row.host, row.term, row.name, row.payer, row.payee)
        left = max(0, amount_of(standing, row) - taken.get(key, 0))
        found.append(OpenDispute(row, min(row.pence, left)))
        taken[key] = taken.get(key, 0) + found[-1].pence
    return found
