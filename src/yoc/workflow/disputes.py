"""Disputes about lines: raised, answered, escalated, settled; the part that nobody disputes stays payable.

A party disputes that a line is too large, by so much of it; or claims that it should be so much larger.
"""

import datetime as dt
from dataclasses import dataclass

from yoc.core.findings import refusal
from yoc.core.money import format_pounds
from yoc.store.journal import Movement, Reader, Writer, writing
from yoc.store.runs import OF_A_RUN, StandingAmount, standing_amounts
from yoc.store.year_tables import Dispute, DisputeEvent, Statement
from yoc.workflow.disputed import MORE, OF_A_LINE, agreed_beyond, amount_of, key_of, line_amount, open_disputes
from yoc.workflow.year import YearOf, refuse_unless
from yoc.workflow.year_money import write_adjustment
from yoc.workflow.year_rules import rules_of

ANSWERS = ("accepted", "rejected", "part_accepted", "escalated")


@dataclass(frozen=True)
class DisputeView:
    """A dispute as it stands: the line, how much, its last step, and when the next is due.

    ``disputed_pence`` is what is disputed now: nothing once it is settled, and never more than the line comes to; where
    ``claims_more``, what is still claimed on top of the line.
    ``line_then_pence`` and ``line_pence`` are what the line came to when the dispute was raised, and comes to now.
    ``beyond`` says, of a settled dispute, that more was agreed off its line than the run that stands makes it.
    """

    dispute: int
    host: str
    name: str
    payer: str
    payee: str
    pence: int
    disputed_pence: int
    line_then_pence: int
    line_pence: int
    raised_by: str
    claims_more: bool
    steps: tuple[DisputeEvent, ...]
    beyond: str = ""

    @property
    def last(self) -> DisputeEvent:
        """Its last step."""
        return self.steps[-1]

    @property
    def is_open(self) -> bool:
        """Whether it is not settled."""
        return self.last.step != "settled"

    def line_in_words(self) -> str:
        """What became of the line since the dispute was raised, or more was agreed than it comes to; else nothing."""
        if not self.is_open:
            return self.beyond
        if self.line_pence == self.line_then_pence:
            return ""
        return (
            f"The line came to {format_pounds(self.line_then_pence)} when it was raised, and comes to "
            f"{format_pounds(self.line_pence)} now; {format_pounds(self.disputed_pence)} "
            f"{'more is still claimed' if self.claims_more else 'of it is still disputed'}."
        )

    def in_words(self) -> str:
        """The dispute as a sentence."""
        by_clause = f" (clause {self.last.clause})" if self.last.clause else ""
        due = f", next step due by {self.last.next_due_on}{by_clause}" if self.last.next_due_on else ""
        said = self.last.outcome.replace("_", " ") or self.last.step
        of = "more for" if self.claims_more else "of"
        return (
            f"Dispute {self.dispute}: {format_pounds(self.pence)} {of} {self.name} of {self.host} ({self.payer} to "
            f"{self.payee}), raised by {self.raised_by} on {self.steps[0].happened_on}; {said}{due}."
        )


def raise_dispute(
    year: YearOf, host: str, name: str, pence: int, evidence: str, by: str, today: dt.date, *, more: bool = False
) -> DisputeView:
    """Dispute a line of a host, or a part of its amount; or, with ``more``, claim that it should be so much larger.

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
            if (each.row.host, each.row.term, each.row.name) == (host, line.movement.term, name)
        )
        _refuse_amount(pence, None if more else abs(line.pence) - disputed, f"{name} of {host}")
        earlier = [row.dispute for row in writer.reader.rows(Dispute)]
        number = max(earlier, default=0) + 1
        writer.add(
            Dispute, dispute=number, contract=year.contract, year=str(year.year), host=host, term=line.movement.term,
            name=name, payer=payer, payee=payee, pence=pence, raised_by=by,
            direction=MORE if more else "",
        )  # fmt: skip
        writer.session.flush()
        issued = [
            row.issued_on
            for row in writer.reader.of_year(Statement, year.contract, str(year.year))
            if {row.owing, row.owed} == {payer, payee}
        ]
        was_due = rules.due(issued[-1], rules.dispute.raise_within) if issued else None
        _step(writer, number, 1, "raised", "", pence, today, was_due, *rules.next_after(today, "raised"))
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
        if outcome == "escalated" and found.last.outcome == "escalated":
            message = f"dispute {number} was escalated on {found.last.happened_on} and not answered since"
            raise refusal("DISPUTE-STATE", message, "record the answer to it, or settle it: yoc dispute settle")
        agreed = {"accepted": found.pence, "part_accepted": pence}.get(outcome, 0)
        if agreed is None or (outcome == "part_accepted" and not 0 < agreed < found.pence):
            message = f"a part of {format_pounds(found.pence)} is more than nothing and less than the whole"
            raise refusal("AMOUNT-INVALID", message, "say how much is accepted: --amount £12.34")
        due, after = found.last.next_due_on, rules.next_after(today, outcome)
        _step(writer, number, len(found.steps) + 1, "answered", outcome, agreed, today, due, *after)
        return views(writer.reader, year, number)[0]


def settle_dispute(
    year: YearOf, number: int, agreed_pence: int, reason: str, evidence: str, by: str, today: dt.date
) -> DisputeView:
    """End a dispute: an adjustment takes what was agreed off the line, or adds it where more was claimed.

    Nothing of it, part of it, or all may be agreed.

    Adjustments stay where a run is restated later: they correct what was agreed, the run what was computed. Where a
    restatement left less of the line than was disputed, no more than that can be taken off; where it left nothing, the
    outcome is `restated`.
    """
    year.refuse_future(today)
    with writing(year.store, year.act("dispute", by, None, reason, evidence)) as writer:
        refuse_unless(writer.reader, year.contract, str(year.year), "dispute")
        found = _open(writer.reader, year, number)
        most = found.disputed_pence
        if not 0 <= agreed_pence <= most:
            message = f"{format_pounds(agreed_pence)} does not lie between nothing and {format_pounds(most)}"
            raise refusal("AMOUNT-INVALID", message, "say how much of what is still disputed was agreed to")
        outcome = "restated" if not most else "accepted" if agreed_pence == most else "part_accepted"
        outcome = outcome if agreed_pence or not most else "rejected"
        due = found.last.next_due_on
        _step(writer, number, len(found.steps) + 1, "settled", outcome, agreed_pence, today, due, None, "")
        if agreed_pence:
            line = _line(writer.reader, year, found.host, found.name)
            of = Movement(
                "adjustment", found.host, line.movement.term, found.name, line.movement.clause, "", "", 0, line.sequence
            )
            reference = f"dispute {number}"
            moved = agreed_pence if found.claims_more else -agreed_pence
            write_adjustment(writer, found.payer, found.payee, moved, of, number, reference=reference)
        return views(writer.reader, year, number)[0]


def views(reader: Reader, year: YearOf, number: int | None = None) -> list[DisputeView]:
    """Every dispute of a year with its steps, or the one of a number."""
    steps: dict[int, list[DisputeEvent]] = {}
    for event in reader.rows(DisputeEvent):
        steps.setdefault(event.dispute, []).append(event)
    rows = [
        row
        for row in reader.of_year(Dispute, year.contract, str(year.year))
        if number in (None, row.dispute) and row.dispute in steps
    ]
    if not rows:
        return []
    disputed = {
        each.row.dispute: each.row.pence if each.row.direction == MORE else each.pence
        for each in open_disputes(reader, year.contract, str(year.year))
    }
    standing = standing_amounts(reader, year.contract, str(year.year), OF_A_LINE)
    beyond = {each.key: each.in_words() for each in agreed_beyond(reader, year.contract, str(year.year))}
    return [
        DisputeView(
            row.dispute, row.host, row.name, row.payer, row.payee, row.pence, disputed.get(row.dispute, 0),
            line_amount(reader.before(row.posting), row), amount_of(standing, row), row.raised_by,
            row.direction == MORE, tuple(steps[row.dispute]), beyond.get(key_of(row), ""),
        )
        for row in rows
    ]  # fmt: skip


def _open(reader: Reader, year: YearOf, number: int) -> DisputeView:
    found = views(reader, year, number)
    if not found:
        raise refusal("STORE-UNKNOWN", f"{year.shown} has no dispute {number}", "yoc dispute list shows them")
    if not found[0].is_open:
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


def _refuse_amount(pence: int, most_pence: int | None, line: str) -> None:
    """``most_pence`` is none where more is claimed, which knows no limit."""
    if most_pence is None:
        if pence <= 0:
            message = f"{format_pounds(pence)} more for {line} cannot be claimed"
            raise refusal("AMOUNT-INVALID", message, "claim more than nothing")
        return
    if pence <= 0 or pence > most_pence:
        message = f"{format_pounds(pence)} of {line} cannot be disputed; {format_pounds(most_pence)} of it can"
        raise refusal("AMOUNT-INVALID", message, "dispute more than nothing, and no more than is left of the line")


def _step(
    writer: Writer, number: int, place: int, step: str, outcome: str, pence: int, today: dt.date,
    was_due: dt.date | None, next_due: dt.date | None, clause: str,
) -> None:  # fmt: skip
    writer.add(
        DisputeEvent, dispute=number, place=place, step=step, outcome=outcome, pence=pence,
        evidence=writer.act.evidence, happened_on=today, was_due_on=was_due, next_due_on=next_due, clause=clause,
    )  # fmt: skip
    writer.session.flush()
