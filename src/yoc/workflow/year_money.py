"""Money of a year beside its runs: adjustments that two parties agreed, statements that were issued, payments."""

import datetime as dt
from collections.abc import Iterable

from yoc.core.findings import refusal
from yoc.core.money import format_pounds
from yoc.store.journal import Movement, Writer, last_hash, reading, writing
from yoc.store.runs import CORRECTIONS
from yoc.store.tables import TakenOff
from yoc.store.year_tables import Adjustment, Payment, Statement
from yoc.workflow.balances import balances_in
from yoc.workflow.posting import gives_back
from yoc.workflow.statements import Issued, issued_in
from yoc.workflow.year import YearOf, parties_of, refuse_unless, standing_run

PAYMENT_KINDS = ("on_account", "final")


def adjust(
    year: YearOf, payer: str, payee: str, pence: int, reason: str, evidence: str, by: str, effective: dt.date | None
) -> int:
    """Record what two parties agreed: ``payer`` owes ``payee`` so much more, or less where the sum is below nothing.

    Gives the posting's number. Raises ``FindingsError`` where the year does not allow it, a party is none of the
    contract, the sum is nothing, the reason is none, or the evidence was used before.
    """
    if reason not in CORRECTIONS:
        raise refusal("FIELD-VALUE", f"{reason} is no reason", f"give one of {', '.join(CORRECTIONS)}")
    with writing(year.store, year.act("adjust", by, effective, reason, evidence)) as writer:
        refuse_unless(writer.reader, year.contract, str(year.year), "adjust")
        _refuse_parties(writer, year, payer, payee, pence)
        before = writer.reader.of_year(Adjustment, year.contract, str(year.year))
        used = [text for row in before for text in (row.evidence, row.reference)]
        _refuse_repeated("evidence", evidence, used)
        of = Movement("adjustment", "", "adjustment", evidence, "", "", "", 0)
        write_adjustment(writer, payer, payee, pence, of, reference=evidence)
    return writer.number


def write_adjustment(
    writer: Writer, payer: str, payee: str, pence: int, of: Movement, dispute: int | None = None, *, reference: str
) -> None:
    """Add an adjustment to a posting, as a row and as a movement of the journal."""
    act = writer.act
    writer.add(
        Adjustment, contract=act.contract, year=act.year, payer=payer, payee=payee, pence=pence, reason=act.reason,
        evidence=act.evidence, effective=act.effective, dispute=dispute, reference=reference,
    )  # fmt: skip
    writer.move([Movement("adjustment", of.host, of.term, of.name, of.clause, payer, payee, pence, of.supersedes)])


def pay(year: YearOf, payer: str, payee: str, pence: int, reference: str, kind: str, paid_on: dt.date, by: str) -> int:
    """Record money that was paid, on account or final. A reference is used once; gives the posting's number.

    A payment on account that the settlement has taken off already counts once: it is known by its reference.
    Raises ``FindingsError`` as ``adjust`` does, and where the settlement took the same payment off with another sum.
    """
    if kind not in PAYMENT_KINDS:
        raise refusal("FIELD-VALUE", f"{kind} is no kind of payment", f"give one of {', '.join(PAYMENT_KINDS)}")
    year.refuse_future(paid_on)
    with writing(year.store, year.act("pay", by, paid_on, evidence=reference)) as writer:
        refuse_unless(writer.reader, year.contract, str(year.year), "pay")
        if pence < 0:
            raise refusal("AMOUNT-INVALID", "a payment is above nothing", "a sum that comes back is paid by the payee")
        _refuse_parties(writer, year, payer, payee, pence)
        used = [row.reference for row in writer.reader.of_year(Payment, year.contract, str(year.year))]
        _refuse_repeated("reference", reference, used)
        payment = writer.add(
            Payment, contract=year.contract, year=str(year.year), kind=kind, reference=reference, payer=payer,
            payee=payee, pence=pence, paid_on=paid_on,
        )  # fmt: skip
        writer.move([Movement("payment", payee, "payment", reference, "", payer, payee, -pence)])
        if _is_taken_off(writer, year, payment):
            writer.move([gives_back(payment)])
    return writer.number


def _is_taken_off(writer: Writer, year: YearOf, payment: Payment) -> bool:
    run = standing_run(writer.reader, year.contract, str(year.year))
    if run is None:
        return False
    taken = [
        row.pence
        for row in writer.reader.rows(TakenOff, TakenOff.run_id == run.run_id)
        if (row.host, row.reference) == (payment.payee, payment.reference)
    ]
    if taken and sum(taken) != payment.pence:
        message = f"the settlement takes {payment.reference} off with {format_pounds(sum(taken))}"
        raise refusal("AMOUNT-INVALID", message, "record that sum, or settle again with a corrected file of payments")
    return bool(taken)


def issue(year: YearOf, by: str, issued_on: dt.date) -> tuple[list[Issued], str]:
    """Issue statements: what is accrued between two parties becomes invoiced, one statement for each that owes.

    What is accrued the other way, after a correction, goes on a statement of the other party: a credit as far as it
    only takes back what was asked for and not paid. Nothing accrued, nothing issued. Gives the statements, and the hash
    in which the journal ends, which vouches for them and all before.
    """
    year.refuse_future(issued_on)
    with writing(year.store, year.act("issue", by, issued_on)) as writer:
        refuse_unless(writer.reader, year.contract, str(year.year), "issue")
        asked = []
        for balance in balances_in(writer.reader, year.contract, str(year.year)):
            pence = balance.accrued_pence
            owing, owed = (balance.owing, balance.owed) if pence > 0 else (balance.owed, balance.owing)
            if pence:
                asked.append((owing, owed, abs(pence)))
        if not asked:
            message = f"nothing of {year.shown} is accrued that stands on no statement"
            raise refusal("YEAR-STATE", message, "nothing is to be done: yoc balances shows what was issued")
        before = writer.last_hash()
        for place, (owing, owed, pence) in enumerate(sorted(asked), 1):
            writer.add(
                Statement, place=place, contract=year.contract, year=str(year.year),
                number=f"{year.year.slug}-{writer.number}-{owing}", owing=owing, owed=owed, pence=pence,
                issued_on=issued_on, journal_hash=before,
            )  # fmt: skip
        writer.session.flush()
        issued = issued_in(writer.reader, year, writer.number)
    with reading(year.store) as reader:
        return issued, last_hash(reader.session)


def _refuse_parties(writer: Writer, year: YearOf, payer: str, payee: str, pence: int) -> None:
    known = parties_of(writer.reader, year)
    unknown = [code for code in (payer, payee) if code not in known]
    if unknown:
        message = f"{' and '.join(unknown)} is no party of {year.contract}"
        raise refusal("AMOUNT-INVALID", message, f"its parties are {', '.join(sorted(known))}")
    if payer == payee:
        raise refusal("AMOUNT-INVALID", f"{payer} stands on both sides", "name two parties")
    if not pence:
        raise refusal("AMOUNT-INVALID", "the sum is nothing", "give a sum")


def _refuse_repeated(what: str, text: str, used: Iterable[str]) -> None:
    if not text.strip():
        raise refusal("AMOUNT-INVALID", f"the {what} is empty", f"give its {what}")
    if text in used:
        message = f"the {what} {text} was used before in this contract's year"
        raise refusal("REFERENCE-REPEATED", message, "if it is the same, it is recorded already; else give it its own")
