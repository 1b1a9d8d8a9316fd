"""Disputes about lines: raised, answered, escalated, settled; the part that nobody disputes stays payable."""

import datetime as dt
from dataclasses import dataclass

from yoc.core.findings import refusal
from yoc.core.money import format_pounds
from yoc.store.journal import Movement, Reader, Writer, writing
from yoc.store.runs import OF_A_RUN, StandingAmount, standing_amounts
from yoc.store.year_tables import Dispute, DisputeEvent, Statement
from yoc.workflow.balances import open_disputes
from yoc.workflow.year import YearOf, refuse_unless
from yoc.workflow.year_money import write_adjustment
from yoc.workflow.year_rules import rules_of

ANSWERS = ("accepted", "rejected", "part_accepted", "escalated")


@dataclass(frozen=True)
class DisputeView:
    """A dispute as it stands: the line, how much, its last step, and when the next is due."""

    dispute: int
    host: str
    name: str
    payer: str
    payee: str
    pence: int
    raised_by: str
    steps: tuple[DisputeEvent, ...]

    @property
    def last(self) -> DisputeEvent:
        """Its last step."""
        return self.steps[-1]

    def in_words(self) -> str:
        """The dispute as a sentence."""
        due = f", next step due by {self.last.next_due_on}" if self.last.next_due_on else ""
        said = self.last.outcome.replace("_", " ") or self.last.step
        return (
            f"Dispute {self.dispute}: {format_pounds(self.pence)} of {self.name} of {self.host} ({self.payer} to "
            f"{self.payee}), raised by {self.raised_by} on {self.steps[0].happened_on}; {said}{due}."
        )


def raise_dispute(
    year: YearOf, host: str, name: str, pence: int, evidence: str, by: str, today: dt.date
) -> DisputeView:
    """Dispute a line of a host, or a part of its amount.

    Raises ``FindingsError`` where the year does not allow it, no such line stands, or it comes to less.
    """
    rules = rules_of(year.root, year.contract)
    year.refuse_future(today)
    with writing(year.store, year.act("dispute", by, today, evidence=evidence)) as writer:
        refuse_unless(writer.reader, year.contract, str(year.year), "dispute")
        line = _line(writer.reader, year, host, name)
        payer, payee = line.movement.payer, line.movement.payee
        if line.pence < 0:
            payer, payee = payee, payer
        disputed = sum(
            each.pence
            for each in open_disputes(writer.reader, year.contract, str(year.year))
            if (each.host, each.term, each.name) == (host, line.movement.term, name)
        )
        _refuse_amount(pence, abs(line.pence) - disputed, f"{name} of {host}")
        earlier = [row.dispute for row in writer.reader.rows(Dispute)]
        number = max(earlier, default=0) + 1
        writer.add(
            Dispute, dispute=number, contract=year.contract, year=str(year.year), host=host, term=line.movement.term,
            name=name, payer=payer, payee=payee, pence=pence, raised_by=by,
        )  # fmt: skip
        writer.session.flush()
        issued = [
            row.issued_on
            for row in writer.reader.of_year(Statement, year.contract, str(year.year))
            if {row.owing, row.owed} == {payer, payee}
        ]
        _step(
            writer, number, 1, "raised", "", pence, today,
            rules.due(issued[-1], rules.dispute.raise_within) if issued else None,
            rules.due(today, rules.dispute.answer_within),
        )  # fmt: skip
        return views(writer.reader, year, number)[0]


def answer_dispute(
    year: YearOf, number: int, outcome: str, pence: int | None, evidence: str, by: str, today: dt.date
) -> DisputeView:
    """Answer a dispute: accepted, rejected, part accepted (with how much), or escalated. It moves no money yet."""
    rules = rules_of(year.root, year.contract)
    year.refuse_future(today)
    if outcome not in ANSWERS:
        raise refusal("FIELD-VALUE", f"{outcome} is no answer", f"give one of {', '.join(ANSWERS)}")
    with writing(year.store, year.act("dispute", by, today, evidence=evidence)) as writer:
        refuse_unless(writer.reader, year.contract, str(year.year), "dispute")
        found = _open(writer.reader, year, number)
        agreed = {"accepted": found.pence, "part_accepted": pence}.get(outcome, 0)
        if agreed is None or (outcome == "part_accepted" and not 0 < agreed < found.pence):
            message = f"a part of {format_pounds(found.pence)} is more than nothing and less than the whole"
            raise refusal("AMOUNT-INVALID", message, "say how much is accepted: --amount £12.34")
        due, after = found.last.next_due_on, rules.due(today, rules.dispute.settle_within)
        _step(writer, number, len(found.steps) + 1, "answered", outcome, agreed, today, due, after)
        return views(writer.reader, year, number)[0]


def settle_dispute(
    year: YearOf, number: int, agreed_pence: int, reason: str, evidence: str, by: str, today: dt.date
) -> DisputeView:
    """End a dispute: what was agreed is taken off the line by an adjustment; nothing of it, part of it, or all.

    Adjustments stay where a run is restated later: they correct what was agreed, the run what was computed.
    """
    year.refuse_future(today)
    with writing(year.store, year.act("dispute", by, None, reason, evidence)) as writer:
        refuse_unless(writer.reader, year.contract, str(year.year), "dispute")
        found = _open(writer.reader, year, number)
        if not 0 <= agreed_pence <= found.pence:
            message = f"{format_pounds(agreed_pence)} does not lie between nothing and {format_pounds(found.pence)}"
            raise refusal("AMOUNT-INVALID", message, "say how much of the disputed amount was agreed to")
        outcome = "accepted" if agreed_pence == found.pence else "part_accepted" if agreed_pence else "rejected"
        _step(
            writer, number, len(found.steps) + 1, "settled", outcome, agreed_pence, today, found.last.next_due_on, None
        )
        if agreed_pence:
            line = _line(writer.reader, year, found.host, found.name)
            of = Movement(
                "adjustment", found.host, line.movement.term, found.name, line.movement.clause, "", "", 0, line.sequence
            )
            write_adjustment(writer, found.payer, found.payee, -agreed_pence, of, number)
        return views(writer.reader, year, number)[0]


def views(reader: Reader, year: YearOf, number: int | None = None) -> list[DisputeView]:
    """Every dispute of a year with its steps, or the one of a number."""
    steps: dict[int, list[DisputeEvent]] = {}
    for event in reader.rows(DisputeEvent):
        steps.setdefault(event.dispute, []).append(event)
    return [
        DisputeView(
            row.dispute, row.host, row.name, row.payer, row.payee, row.pence, row.raised_by, tuple(steps[row.dispute])
        )
        for row in reader.of_year(Dispute, year.contract, str(year.year))
        if number in (None, row.dispute)
    ]


def _open(reader: Reader, year: YearOf, number: int) -> DisputeView:
    found = views(reader, year, number)
    if not found:
        raise refusal("STORE-UNKNOWN", f"{year.shown} has no dispute {number}", "yoc dispute list shows them")
    if found[0].last.step == "settled":
        raise refusal("DISPUTE-STATE", f"dispute {number} is settled", "raise another, or agree an adjustment")
    return found[0]


def _line(reader: Reader, year: YearOf, host: str, name: str) -> StandingAmount:
    """A host's line as it stands, adjustments that settled earlier disputes about it included."""
    standing = standing_amounts(reader, year.contract, str(year.year), OF_A_RUN)
    found = [each for each in standing.values() if (each.movement.host, each.movement.name) == (host, name)]
    if not found:
        names = sorted({each.movement.name for each in standing.values() if each.movement.host == host})
        mend = f"the lines of {host} are {', '.join(names)}" if names else "name a host of the contract"
        raise refusal("STORE-UNKNOWN", f"{host} has no line {name} that moves money", mend)
    # Where a restatement turned a line round, it stands once each way, and one of the two is nothing.
    line = next((each for each in found if each.pence), found[0])
    agreed = standing_amounts(reader, year.contract, str(year.year), ("adjustment",))
    host_term_name = line.movement.key[:3]
    ways = {(line.movement.payer, line.movement.payee): 1, (line.movement.payee, line.movement.payer): -1}
    taken = sum(ways.get(key[3:], 0) * each.pence for key, each in agreed.items() if key[:3] == host_term_name)
    return StandingAmount(line.movement, line.pence + taken, line.sequence)


def _refuse_amount(pence: int, most_pence: int, line: str) -> None:
    if pence <= 0 or pence > most_pence:
        message = f"{format_pounds(pence)} of {line} cannot be disputed; {format_pounds(most_pence)} of it can"
        raise refusal("AMOUNT-INVALID", message, "dispute more than nothing, and no more than is left of the line")


def _step(
    writer: Writer, number: int, place: int, step: str, outcome: str, pence: int, today: dt.date,
    was_due: dt.date | None, next_due: dt.date | None,
) -> None:  # fmt: skip
    writer.add(
        DisputeEvent, dispute=number, place=place, step=step, outcome=outcome, pence=pence,
        evidence=writer.act.evidence, happened_on=today, was_due_on=was_due, next_due_on=next_due,
    )  # fmt: skip
    writer.session.flush()
