"""What is known of a year, or was on a past day: its states, runs, sign-offs and journal, as plain rows."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from yoc.core.findings import refusal
from yoc.core.money import format_pounds
from yoc.core.periods import PeriodError, parse_date
from yoc.store.journal import Reader, reading
from yoc.store.tables import Entry, Posting, Run, Standing
from yoc.store.year_tables import SignOff, YearState
from yoc.workflow.balances import balances_in
from yoc.workflow.disputed import MORE, OpenDispute, open_disputes
from yoc.workflow.disputes import views
from yoc.workflow.year import STATES, YearOf
from yoc.workflow.year_rules import rules_of

Rows = list[dict[str, Any]]


def moment_of(text: str) -> dt.datetime:
    """The moment that `--as-of` names: the end of a day, or a minute of it, in UTC. Raises ``PeriodError`` otherwise.

    >>> moment_of("2027-05-12").isoformat(), moment_of("2027-05-12T09:30").isoformat()
    ('2027-05-12T23:59:59.999999+00:00', '2027-05-12T09:30:00+00:00')
    """
    if "T" not in text:
        return dt.datetime.combine(parse_date(text), dt.time.max, tzinfo=dt.UTC)
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        raise PeriodError(f"{text!r} is not a moment: write it as 2027-05-12 or 2027-05-12T09:30") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def year_rows(year: YearOf, as_of: dt.datetime | None = None) -> dict[str, Any]:
    """A year's state, and the history of its states, runs and sign-offs, the oldest first.

    Raises ``FindingsError`` where nothing of the year is, or then was, recorded.
    """
    with reading(year.store, as_of) as reader:
        refuse_unrecorded(reader, year, as_of)
        who = {row.posting: row for row in reader.rows(Posting)}
        named = (year.contract, str(year.year))
        states, runs = reader.of_year(YearState, *named), reader.rows(Run)
        standings, signed = reader.of_year(Standing, *named), reader.of_year(SignOff, *named)
        return {
            "contract": year.contract,
            "year": str(year.year),
            "as_of": as_of.isoformat() if as_of else "",
            "state": states[-1].state,
            "in_words": STATES[states[-1].state],
            "run_that_stands": standings[-1].run_id if standings else "",
            "unsigned_in_words": _unsigned(standings, signed, who),
            "history": _history(states, signed, standings, who),
            "states": [
                {"state": row.state, "reason": row.reason, **said(who, row.posting)} for row in states
            ],
            "runs": [
                {"run": row.run_id, "as_of": row.as_of.isoformat(), **said(who, row.posting)}
                for row in runs
                if (row.contract, row.year) == named
            ],
            "stood": [
                {"run": row.run_id, "replaces": row.replaces, "reason": row.reason, "evidence": row.evidence}
                | said(who, row.posting)
                for row in standings
            ],
            "signed": [
                {"state": row.state, "run": row.run_id, "settlement_sha256": row.settlement_sha256}
                | {"journal_hash": row.journal_hash}
                | said(who, row.posting)
                for row in signed
            ],
        }  # fmt: skip


def _unsigned(standings: Sequence[Standing], signed: Sequence[SignOff], who: dict[int, Posting]) -> str:
    """That another run was signed last than the one that stands; nothing where it is the same, or none was signed."""
    if not signed or not standings or signed[-1].run_id == standings[-1].run_id:
        return ""
    last = signed[-1]
    day = who[last.posting].recorded_at.date()
    return (
        f"The run that stands is not signed: last signed was {last.run_id}, {last.state} by {last.signed_by} on {day}."
    )


def _history(
    states: Sequence[YearState], signed: Sequence[SignOff], standings: Sequence[Standing], who: dict[int, Posting]
) -> Rows:
    """What happened to a year in the order in which it was recorded, each with a sentence, who and when."""
    happened: list[tuple[int, str]] = []
    before = ""
    for state in states:
        named = "reopened (frozen again)" if before == "closed" else state.state
        happened.append((state.posting, f"{named} by {who[state.posting].recorded_by}" + _why(state.reason)))
        before = state.state
    happened += [(row.posting, f"{row.state}: run {row.run_id} signed by {row.signed_by}") for row in signed]
    for row in standings:
        instead = f" in the place of {row.replaces}, {row.reason} ({row.evidence})" if row.replaces else ""
        happened.append((row.posting, f"run {row.run_id} stands{instead}, by {who[row.posting].recorded_by}"))
    # Sorting keeps the order of what one posting recorded: the state, who signed, the run.
    happened.sort(key=lambda each: each[0])
    return [{"in_words": words, **said(who, posting)} for posting, words in happened]


def _why(reason: str) -> str:
    return f": {reason}" if reason else ""


def journal_rows(year: YearOf, as_of: dt.datetime | None = None, effective_on: dt.date | None = None) -> Rows:
    """The movements of a year's journal, the oldest first: the payee's side of each, with what it supersedes.

    ``effective_on`` leaves out what holds from a later day.
    """
    with reading(year.store, as_of, effective_on) as reader:
        refuse_unrecorded(reader, year, as_of)
        return [_movement(entry) for entry in _entries(reader, year) if entry.party == entry.payee and entry.payee]


def _entries(reader: Reader, year: YearOf) -> Sequence[Entry]:
    return reader.of_year(Entry, year.contract, str(year.year))


def _movement(entry: Entry) -> dict[str, Any]:
    return {
        "entry": entry.sequence,
        "posting": entry.posting,
        "kind": entry.kind,
        "host": entry.host,
        "name": entry.name,
        "clause": entry.clause,
        "payer": entry.payer,
        "payee": entry.payee,
        "pence": entry.pence,
        "reason": entry.reason,
        "evidence": entry.evidence,
        "supersedes": entry.supersedes,
        "effective": entry.effective.isoformat(),
        "recorded_at": f"{entry.recorded_at.isoformat(timespec='seconds')}Z",
        "recorded_by": entry.recorded_by,
        "hash": entry.hash,
    }


def balance_rows(year: YearOf, as_of: dt.datetime | None = None, effective_on: dt.date | None = None) -> Rows:
    """Each pair's balance: whole pence, whether a statement and an agreement are needed, and a sentence.

    ``effective_on`` leaves out what holds from a later day.
    """
    rules = rules_of(year.root, year.contract).balances
    with reading(year.store, as_of, effective_on) as reader:
        refuse_unrecorded(reader, year, as_of)
        found = balances_in(reader, year.contract, str(year.year))
    return [
        {
            "owing": each.owing,
            "owed": each.owed,
            "due_pence": each.due_pence,
            "invoiced_pence": each.invoiced_pence,
            "accrued_pence": each.accrued_pence,
            "paid_pence": each.paid_pence,
            "outstanding_pence": each.outstanding_pence,
            "disputed_pence": each.disputed_pence,
            "disputed_by_owed_pence": each.disputed_by_owed_pence,
            "payable_now_pence": each.payable_pence,
            "paid_on_account_in_settlement_pence": each.on_account_pence,
            "statement_needed": each.needs_statement(rules),
            "agreement_needed": each.needs_agreement(rules),
            "in_words": each.in_words(),
        }
        for each in found
    ]


def open_dispute_rows(year: YearOf, as_of: dt.datetime | None = None, effective_on: dt.date | None = None) -> Rows:
    """What is disputed now of each line, whichever way it goes: whole pence of the line itself, and words."""
    with reading(year.store, as_of, effective_on) as reader:
        refuse_unrecorded(reader, year, as_of)
        found = open_disputes(reader, year.contract, str(year.year))
    return [
        {
            "dispute": each.row.dispute,
            "payer": each.row.payer,
            "payee": each.row.payee,
            "host": each.row.host,
            "line": each.row.name,
            "disputed_pence": each.pence,
            "claimed_more_pence": each.row.pence if each.row.direction == MORE else 0,
            "in_words": _open_in_words(each),
        }
        for each in found
    ]


def _open_in_words(dispute: OpenDispute) -> str:
    row = dispute.row
    more = row.direction == MORE
    sum_shown = format_pounds(row.pence if more else dispute.pence)
    return f"{row.payer} to {row.payee} {row.name} {sum_shown}{' more' if more else ''}"


def open_disputes_note(rows: Rows) -> str:
    """The open disputes in a sentence under a table of balances; nothing where there are none.

    >>> open_disputes_note([{"in_words": "A to C cost £1.00"}, {"in_words": "C to A budget £2.00"}])
    'Open disputes (gross lines, of either direction): A to C cost £1.00; C to A budget £2.00.'
    """
    words = "; ".join(row["in_words"] for row in rows)
    return f"Open disputes (gross lines, of either direction): {words}." if rows else ""


def dispute_rows(year: YearOf, as_of: dt.datetime | None = None) -> Rows:
    """Each dispute with its steps, what became of its line, and a sentence."""
    with reading(year.store, as_of) as reader:
        refuse_unrecorded(reader, year, as_of)
        found = views(reader, year)
        who = {row.posting: row for row in reader.rows(Posting)}
    return [
        {
            "dispute": each.dispute,
            "host": each.host,
            "line": each.name,
            "payer": each.payer,
            "payee": each.payee,
            "direction": "more" if each.claims_more else "less",
            "pence": each.pence,
            "disputed_pence": each.disputed_pence,
            "line_then_pence": each.line_then_pence,
            "line_pence": each.line_pence,
            "raised_by": each.raised_by,
            "state": each.last.outcome or each.last.step,
            "next_due_on": each.last.next_due_on.isoformat() if each.last.next_due_on else "",
            "clause": each.last.clause,
            "steps": [
                {
                    "step": step.step,
                    "outcome": step.outcome,
                    "pence": step.pence,
                    "evidence": step.evidence,
                    "happened_on": step.happened_on.isoformat(),
                    "was_due_on": step.was_due_on.isoformat() if step.was_due_on else "",
                    "late": step.was_due_on is not None and step.happened_on > step.was_due_on,
                    **said(who, step.posting),
                }
                for step in each.steps
            ],
            "in_words": each.in_words(),
            "line_in_words": each.line_in_words(),
        }
        for each in found
    ]


def refuse_unrecorded(reader: Reader, year: YearOf, as_of: dt.datetime | None) -> None:
    """A year of which nothing is known is a mistake in its name, not one in which nothing moved."""
    if not reader.of_year(Posting, year.contract, str(year.year)):
        message = f"nothing of {year.shown} was recorded" + (f" by {as_of:%Y-%m-%d %H:%M}" if as_of else " yet")
        raise refusal("STORE-UNKNOWN", message, "settle its plan with yoc reconcile, or open it with yoc year open")


def said(who: dict[int, Posting], posting: int) -> dict[str, str]:
    """Who recorded a posting, and when."""
    row = who[posting]
    return {"by": row.recorded_by, "recorded_at": f"{row.recorded_at.isoformat(timespec='seconds')}Z"}
