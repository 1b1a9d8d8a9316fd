"""A year's life by hand: what is due, invoiced, disputed, paid and outstanding, and what each state refuses."""

import datetime as dt
import json
import os
from pathlib import Path

import pytest

from small_runs import CONTRACT, FIRST, SECOND, YEAR, evidence_of, write_run
from yoc.core.findings import FindingsError
from yoc.core.periods import FinancialYear
from yoc.store.database import Store, connect
from yoc.store.journal import reading
from yoc.store.tables import Entry, Posting
from yoc.store.year_tables import SignOff, Statement
from yoc.workflow import store_place
from yoc.workflow.balances import Balance, balances_in
from yoc.workflow.balances_file import write_balances
from yoc.workflow.disputes import answer_dispute, raise_dispute, settle_dispute
from yoc.workflow.posting import post_pending, post_run, read_evidence
from yoc.workflow.restate import agreed_beyond_lines, restate_run
from yoc.workflow.statement_file import posting_of, write_statements
from yoc.workflow.year import YearOf, _outstanding, move_year
from yoc.workflow.year_money import adjust, issue, pay
from yoc.workflow.year_rules import rules_of
from yoc.workflow.year_view import (
    balance_rows,
    dispute_rows,
    journal_rows,
    moment_of,
    open_dispute_rows,
    open_disputes_note,
    year_rows,
)

BY = "A. Analyst"
DAY = dt.date(2027, 5, 10)
SHOWN = ("due_pence", "invoiced_pence", "accrued_pence", "paid_pence", "outstanding_pence", "disputed_pence")


@pytest.fixture
def year(store: Store, tmp_path: Path) -> YearOf:
    """A year whose first run stands, and which is at its first reconciliation."""
    post_run(store, evidence_of(FIRST, "run-1"))
    found = YearOf(tmp_path, store, CONTRACT, FinancialYear.parse(YEAR))
    move_year(found, "flex", BY)
    return found


def balances(year: YearOf) -> dict[str, Balance]:
    with reading(year.store) as reader:
        return {f"{each.owing} owes {each.owed}": each for each in balances_in(reader, CONTRACT, YEAR)}


def figures(year: YearOf) -> dict[str, tuple[int, ...]]:
    return {pair: tuple(getattr(each, name) for name in SHOWN) for pair, each in balances(year).items()}


def refused(caught: pytest.ExceptionInfo[FindingsError]) -> tuple[str, str]:
    (finding,) = caught.value.findings
    assert finding.mend
    return finding.code, finding.message


def test_what_was_settled_is_accrued_between_each_pair(year: YearOf):
    assert figures(year) == {
        "A owes V": (5_000, 0, 5_000, 0, 5_000, 0),
        "B owes C": (20_000, 0, 20_000, 0, 20_000, 0),
        # £1,000 of budget less £600 of cost.
        "C owes A": (40_000, 0, 40_000, 0, 40_000, 0),
    }


def test_statements_make_it_invoiced_and_a_correction_accrues_again(year: YearOf):
    issued, ends_in = issue(year, BY, DAY)
    with reading(year.store) as reader:
        assert reader.rows(Entry)[-1].hash == ends_in
        # The statements rest on the journal before them, which ends in the seal of the posting before.
        assert {row.journal_hash for row in reader.rows(Statement)} == {reader.before(3).rows(Entry)[-1].hash}
    assert [(one.number, one.owing, one.owed, one.pence) for one in issued] == [
        ("2026-27-3-A", "A", "V", 5_000),
        ("2026-27-3-B", "B", "C", 20_000),
        ("2026-27-3-C", "C", "A", 40_000),
    ]
    posted, corrections = restate_run(Path(), year.store, evidence_of(SECOND, "run-2"), "late_data", "email 12", BY)
    assert posted.movements == 1
    assert [(each.host, each.name, each.payer, each.payee, each.pence) for each in corrections] == [
        ("A", "cost", "A", "C", 4_000)
    ]
    assert figures(year)["C owes A"] == (36_000, 40_000, -4_000, 0, 36_000, 0)
    (credit,), _ = issue(year, BY, DAY)
    assert (credit.owing, credit.owed, credit.pence, credit.asked_pence) == ("A", "C", 4_000, 0)
    assert credit.credit_in_words() == (
        "2026-27-5-A: credit of £40.00 against 2026-27-3-C; C owes A so much less, and nothing is asked for."
    )
    assert figures(year)["C owes A"] == (36_000, 36_000, 0, 0, 36_000, 0)
    with pytest.raises(FindingsError) as caught:
        issue(year, BY, DAY)
    assert refused(caught)[0] == "YEAR-STATE"


def test_what_was_paid_of_a_statement_is_asked_back_and_the_rest_of_it_is_credited(year: YearOf):
    issue(year, BY, DAY)
    # C has paid £390 of the £400 that it was asked for, when A's cost rises by £40: £10 is credit, £30 comes back.
    pay(year, "C", "A", 39_000, "BACS-1", "final", DAY, BY)
    restate_run(Path(), year.store, evidence_of(SECOND, "run-2"), "late_data", "email 12", BY)
    (back,), _ = issue(year, BY, DAY)
    assert (back.owing, back.owed, back.credit_pence, back.asked_pence) == ("A", "C", 1_000, 3_000)
    # £35 more is asked of C after that: nothing of it reverses the £30, which A was asked for and has not paid, twice.
    adjust(year, "C", "A", 3_500, "agreed_variation", "letter 1", BY, None)
    (more,), _ = issue(year, BY, DAY)
    assert (more.owing, more.credit_pence, more.asked_pence) == ("C", 3_000, 500)


def test_a_statement_is_a_workbook_whose_lines_come_to_it(year: YearOf, tmp_path: Path):
    import openpyxl

    issued, ends_in = issue(year, BY, DAY)
    files = write_statements(year, issued[0].posting, tmp_path / "sent")
    assert [file.name for file in files] == ["2026-27-3-A.xlsx", "2026-27-3-B.xlsx", "2026-27-3-C.xlsx"]
    book = openpyxl.load_workbook(files[2])
    assert book.sheetnames == ["Statement", "Lines", "Payments"]
    cells = [[cell.value for cell in row if cell.value is not None] for row in book["Statement"].iter_rows()]
    said = " ".join(str(cell) for row in cells for cell in row)
    assert "£400.00 is asked for. Issued on 2027-05-10 under world for 2026/27." in said
    assert "Owing: Commissioner (C). Owed: Host A (A)." in said and "run-1" in said and ends_in in said
    assert [cell for cell in cells[-2] if cell] == ["A", "Host A", 400, 400, 400]
    lines = [[cell.value for cell in row] for row in book["Lines"].iter_rows()]
    assert [(row[2], row[3], row[4], row[7]) for row in lines[-3:-1]] == [
        ("A", "budget", "5.1", 1_000), ("A", "cost", "6.1", -600),
    ]  # fmt: skip
    # After it: £40 of cost more, £5 agreed with evidence that a spreadsheet would take for a formula, £100 paid.
    restate_run(Path(), year.store, evidence_of(SECOND, "run-2"), "late_data", "email 12", BY)
    adjust(year, "C", "A", 500, "agreed_variation", "=1+1", BY, None)
    pay(year, "C", "A", 10_000, "BACS-1", "final", DAY, BY)
    (credit,), _ = issue(year, BY, DAY)
    (file,) = write_statements(year, credit.posting, tmp_path / "sent")
    book = openpyxl.load_workbook(file)
    lines = [[cell.value for cell in row] for row in book["Lines"].iter_rows()]
    assert [row[1:] for row in lines[-3:]] == [
        ["settled line", "A", "cost", "6.1", "late data", "email 12", 40],
        ["adjustment", None, "=1+1", None, "agreed variation", "=1+1", -5],
        [None, None, None, None, None, None, 35],
    ]
    assert {cell.data_type for row in book["Lines"].iter_rows() for cell in row} <= {"s", "inlineStr", "n"}
    paid = [[cell.value for cell in row] for row in book["Payments"].iter_rows()][-2]
    assert (paid[1], paid[3], paid[7]) == ("payment", "BACS-1", -100)
    assert [cell.value for cell in list(book["Statement"].iter_rows())[-2]][-4:] == [35, 0, 35, "2026-27-3-C"]
    # The first one again, as it was.
    before = files[2].read_bytes()
    assert write_statements(year, posting_of(year, "2026-27-3-C"), tmp_path / "sent", "2026-27-3-C") == [files[2]]
    assert files[2].read_bytes() == before
    with pytest.raises(FindingsError) as caught:
        posting_of(year, "2026-27-9-C")
    assert refused(caught) == ("STORE-UNKNOWN", "world 2026/27 has no statement 2026-27-9-C")


def test_restating_says_why_and_what_it_supersedes_and_twice_posts_nothing(year: YearOf):
    evidence = evidence_of(SECOND, "run-2")
    restate_run(Path(), year.store, evidence, "late_data", "email 12", BY)
    last = journal_rows(year)[-1]
    assert (last["name"], last["pence"], last["reason"], last["evidence"], last["recorded_by"]) == (
        "cost", 4_000, "late_data", "email 12", BY,
    )  # fmt: skip
    # The year's opening is entry 1, A's budget 2 and 3, A's cost 4 and 5.
    assert last["supersedes"] == 5
    with reading(year.store) as reader:
        postings, entries = len(reader.rows(Posting)), len(reader.rows(Entry))
    posted, corrections = restate_run(Path(), year.store, evidence, "late_data", "email 12", BY)
    assert (posted.known, posted.movements, corrections) == (True, 0, [])
    with reading(year.store) as reader:
        assert (len(reader.rows(Posting)), len(reader.rows(Entry))) == (postings, entries)


def test_back_to_the_first_run_is_a_restatement_too(year: YearOf):
    restate_run(Path(), year.store, evidence_of(SECOND, "run-2"), "late_data", "email 12", BY)
    _, corrections = restate_run(Path(), year.store, evidence_of(FIRST, "run-1"), "arithmetic_fault", "email 13", BY)
    assert [(each.name, each.pence) for each in corrections] == [("cost", -4_000)]
    assert year_rows(year)["run_that_stands"] == "run-1"
    assert figures(year)["C owes A"][0] == 40_000


def test_a_line_that_a_later_run_does_not_have_is_taken_back(year: YearOf):
    without = {"A": {"budget": 100_000, "cost": 60_000}, "B": FIRST["B"]}
    _, corrections = restate_run(Path(), year.store, evidence_of(without, "run-2"), "agreed_variation", "v1", BY)
    assert [(each.name, each.payee, each.pence) for each in corrections] == [("partner", "V", -5_000)]
    assert figures(year)["A owes V"] == (0, 0, 0, 0, 0, 0)


def test_a_run_after_the_first_reconciliation_is_recorded_and_does_not_stand(year: YearOf):
    posted = post_run(year.store, evidence_of(SECOND, "run-2"))
    assert (posted.known, posted.stands, posted.movements) == (False, False, 0)
    assert figures(year)["C owes A"][0] == 40_000
    assert restate_run(Path(), year.store, evidence_of(SECOND, "run-2"), "late_data", "x", BY)[0].movements == 1


def test_an_adjustment_has_two_parties_a_reason_and_evidence(year: YearOf):
    adjust(year, "C", "A", -1_500, "agreed_variation", "letter 9", BY, dt.date(2027, 1, 31))
    last = journal_rows(year)[-1]
    assert (last["payer"], last["payee"], last["pence"], last["effective"]) == ("C", "A", -1_500, "2027-01-31")
    assert figures(year)["C owes A"][0] == 38_500


@pytest.mark.parametrize(
    ("payer", "payee", "pence", "words"),
    [
        ("C", "X", 1, "X is no party"),
        ("C", "C", 1, "C stands on both sides"),
        ("C", "A", 0, "the sum is nothing"),
    ],
)
def test_an_adjustment_that_cannot_be_is_refused(year: YearOf, payer: str, payee: str, pence: int, words: str):
    with pytest.raises(FindingsError) as caught:
        adjust(year, payer, payee, pence, "agreed_variation", "letter 9", BY, None)
    code, message = refused(caught)
    assert code == "AMOUNT-INVALID" and words in message


def test_a_reason_that_is_none_is_refused(year: YearOf):
    with pytest.raises(FindingsError) as caught:
        adjust(year, "C", "A", 1, "because", "letter 9", BY, None)
    assert refused(caught)[0] == "FIELD-VALUE"
    with pytest.raises(FindingsError) as caught:
        pay(year, "C", "A", 1, "BACS-1", "gift", DAY, BY)
    assert refused(caught)[0] == "FIELD-VALUE"


def test_evidence_and_references_are_used_once(year: YearOf):
    adjust(year, "C", "A", 1, "agreed_variation", "letter 9", BY, None)
    pay(year, "C", "A", 1, "BACS-1", "final", DAY, BY)
    for act in (
        lambda: adjust(year, "C", "A", 2, "agreed_variation", "letter 9", BY, None),
        lambda: pay(year, "C", "A", 2, "BACS-1", "final", DAY, BY),
    ):
        with pytest.raises(FindingsError) as caught:
            act()
        assert refused(caught)[0] == "REFERENCE-REPEATED"
    with pytest.raises(FindingsError) as caught:
        pay(year, "C", "A", 2, " ", "final", DAY, BY)
    assert refused(caught) == ("AMOUNT-INVALID", "the reference is empty")


@pytest.mark.parametrize("text", ["letter about 943 476 5919", "9434765919"])
def test_no_text_that_names_a_person_is_recorded(year: YearOf, text: str):
    for act in (
        lambda: adjust(year, "C", "A", 1, "agreed_variation", text, BY, None),
        lambda: pay(year, "C", "A", 1, text, "final", DAY, BY),
        lambda: move_year(year, "freeze", text),
    ):
        with pytest.raises(FindingsError) as caught:
            act()
        code, message = refused(caught)
        assert code == "PERSON-NAMED" and "5919" not in message + caught.value.findings[0].mend
    pay(year, "C", "A", 1, "INV9434765919", "final", DAY, BY)


def test_payments_reduce_what_is_outstanding_and_too_much_turns_it_round(year: YearOf):
    pay(year, "C", "A", 30_000, "BACS-1", "final", DAY, BY)
    assert figures(year)["C owes A"] == (40_000, 0, 40_000, 30_000, 10_000, 0)
    pay(year, "C", "A", 12_000, "BACS-2", "final", DAY, BY)
    # £20 too much, which A owes back.
    assert figures(year)["A owes C"] == (-40_000, 0, -40_000, -42_000, 2_000, 0)


def test_a_payment_on_account_counts_once_whether_it_was_recorded_before_or_after(store: Store, tmp_path: Path):
    taken = {"A": {"budget": 100_000, "cost": 60_000, "paid": 25_000}}
    year = YearOf(tmp_path, store, CONTRACT, FinancialYear.parse(YEAR))
    post_run(store, evidence_of({"A": {"budget": 100_000, "cost": 60_000}}, "run-1"))
    pay(year, "C", "A", 25_000, "ACC-A", "on_account", DAY, BY)
    assert figures(year)["C owes A"] == (40_000, 0, 40_000, 25_000, 15_000, 0)
    # The next run takes it off: due is £400 less £250, and nothing is paid beside it.
    post_run(store, evidence_of(taken, "run-2"))
    assert figures(year)["C owes A"] == (15_000, 0, 15_000, 0, 15_000, 0)
    assert balances(year)["C owes A"].on_account_pence == 25_000
    # A payment that no run takes off counts by itself.
    pay(year, "C", "A", 5_000, "ACC-B", "on_account", DAY, BY)
    assert figures(year)["C owes A"] == (15_000, 0, 15_000, 5_000, 10_000, 0)
    # A run that takes it off no longer leaves it paid by itself.
    post_run(store, evidence_of({"A": {"budget": 100_000, "cost": 60_000}}, "run-3"))
    assert figures(year)["C owes A"] == (40_000, 0, 40_000, 30_000, 10_000, 0)


def test_a_payment_that_the_settlement_takes_off_is_recorded_after_it_and_counts_once(store: Store, tmp_path: Path):
    year = YearOf(tmp_path, store, CONTRACT, FinancialYear.parse(YEAR))
    post_run(store, evidence_of({"A": {"budget": 100_000, "paid": 25_000}}, "run-1"))
    with pytest.raises(FindingsError) as caught:
        pay(year, "C", "A", 24_000, "ACC-A", "on_account", DAY, BY)
    assert refused(caught) == ("AMOUNT-INVALID", "the settlement takes ACC-A off with £250.00")
    pay(year, "C", "A", 25_000, "ACC-A", "on_account", DAY, BY)
    assert figures(year)["C owes A"] == (75_000, 0, 75_000, 0, 75_000, 0)


def test_a_dispute_leaves_the_rest_payable_and_is_settled_in_part(year: YearOf, clock):
    issue(year, BY, DAY)
    clock.on(days=40)
    view = raise_dispute(year, "B", "cost", 15_000, "query 4", "B", dt.date(2027, 5, 21))
    number = view.dispute
    owed = balances(year)["B owes C"]
    assert (owed.outstanding_pence, owed.disputed_pence, owed.payable_pence) == (20_000, 15_000, 5_000)
    assert owed.in_words().endswith("£150.00 is disputed, so £50.00 is payable now.")
    # Ten working days from 21 May 2027, a Friday, over the bank holiday of 31 May.
    assert (view.last.was_due_on, view.last.next_due_on) == (dt.date(2027, 5, 24), dt.date(2027, 6, 7))
    answer_dispute(year, number, "part_accepted", 4_000, "reply 4", "C", dt.date(2027, 6, 8))
    answer_dispute(year, number, "escalated", None, "board", "B", dt.date(2027, 6, 9))
    assert figures(year)["B owes C"][0] == 20_000
    settle_dispute(year, number, 6_000, "coding_challenge", "panel", "Panel", dt.date(2027, 6, 10))
    assert figures(year)["B owes C"] == (14_000, 20_000, -6_000, 0, 14_000, 0)
    last = journal_rows(year)[-1]
    assert (last["kind"], last["host"], last["name"], last["pence"]) == ("adjustment", "B", "cost", -6_000)
    steps = dispute_rows(year)[0]["steps"]
    assert [(step["step"], step["outcome"], step["late"]) for step in steps] == [
        ("raised", "", False),
        ("answered", "part_accepted", True),
        ("answered", "escalated", False),
        ("settled", "part_accepted", False),
    ]
    with pytest.raises(FindingsError) as caught:
        settle_dispute(year, number, 0, "coding_challenge", "again", "Panel", dt.date(2027, 6, 11))
    assert refused(caught)[0] == "DISPUTE-STATE"


def test_what_was_agreed_in_a_dispute_stays_where_the_run_is_restated(year: YearOf):
    number = raise_dispute(year, "A", "cost", 10_000, "query 5", "A", DAY).dispute
    # What A does not accept is taken off what C owes it, so C still owes all that is not in dispute.
    owed = balances(year)["C owes A"]
    assert (owed.disputed_pence, owed.disputed_by_owed_pence, owed.payable_pence) == (0, 10_000, 40_000)
    settle_dispute(year, number, 10_000, "coding_challenge", "reply 5", "C", DAY)
    assert figures(year)["C owes A"][0] == 50_000
    restate_run(Path(), year.store, evidence_of(SECOND, "run-2"), "late_data", "email 12", BY)
    assert figures(year)["C owes A"][0] == 46_000
    # Of £640 less £100 agreed, £540 can still be disputed.
    with pytest.raises(FindingsError) as caught:
        raise_dispute(year, "A", "cost", 54_001, "query 6", "A", DAY)
    assert refused(caught) == ("AMOUNT-INVALID", "£540.01 of cost of A cannot be disputed; £540.00 of it can")
    assert raise_dispute(year, "A", "cost", 54_000, "query 6", "A", DAY).dispute == 2


def test_more_agreed_off_a_line_than_it_comes_to_after_a_restatement_is_said(year: YearOf):
    number = raise_dispute(year, "A", "cost", 60_000, "query 5", "A", DAY).dispute
    settle_dispute(year, number, 50_000, "coding_challenge", "reply 5", "C", DAY)
    assert dispute_rows(year)[0]["line_in_words"] == ""
    # A's cost was £600, of which £500 was agreed off. It comes to £500 by the next run, and to £450 by the one after.
    for run, pence in (("run-2", 50_000), ("run-3", 45_000)):
        hosts = {**FIRST, "A": {**FIRST["A"], "cost": pence}}
        _, corrections = restate_run(Path(), year.store, evidence_of(hosts, run), "late_data", run, BY)
        said = [line.in_words() for line in agreed_beyond_lines(year, corrections)]
        words = [
            "£500.00 was agreed off cost of A, which now comes to £450.00: £50.00 the other way; agree an adjustment "
            "if that is not meant."
        ]
        assert said == (words if pence == 45_000 else [])
    assert dispute_rows(year)[0]["line_in_words"] == words[0]
    # The line taken back whole: all that was agreed goes the other way.
    hosts = {**FIRST, "A": {"budget": 100_000, "partner": 5_000}}
    _, corrections = restate_run(Path(), year.store, evidence_of(hosts, "run-4"), "late_data", "run-4", BY)
    assert [(each.line_pence, each.beyond_pence) for each in agreed_beyond_lines(year, corrections)] == [(0, 50_000)]


def test_disputes_of_either_direction_stand_under_the_balances(year: YearOf, tmp_path: Path):
    import openpyxl

    assert open_disputes_note(open_dispute_rows(year)) == ""
    # A's cost is taken off what C owes A, so the dispute is of a credit of C's.
    raise_dispute(year, "A", "cost", 10_000, "query 5", "A", DAY)
    raise_dispute(year, "A", "budget", 2_000, "query 6", "C", DAY)
    note = "Open disputes (gross lines, of either direction): A to C cost £100.00; C to A budget £20.00."
    assert open_disputes_note(open_dispute_rows(year)) == note
    write_balances(year, balance_rows(year), tmp_path / "b.xlsx", "2027-05-10", open_dispute_rows(year))
    sheets = {sheet.title: [cell.value for cell in sheet["A"]] for sheet in openpyxl.load_workbook(tmp_path / "b.xlsx")}
    assert note in sheets["Balances"] and note in sheets["Owed by C"] and note not in sheets["Owed by B"]


def test_only_ten_pairs_are_named_that_have_something_outstanding(store: Store, tmp_path: Path):
    balance = Balance("C", "A", 0, 100, 0, 0, 0, 0, 0)
    assert _outstanding([balance]) == "1 pair of parties has something outstanding (C owes A £1.00)"
    assert _outstanding([balance] * 10).count("C owes A £1.00") == 10
    assert _outstanding([balance] * 12).endswith("C owes A £1.00, and 2 more)")


def test_a_party_that_holds_it_is_paid_too_little_claims_more_and_nothing_is_withheld(year: YearOf):
    # C owes A £1,000 of budget less £600 of cost; A holds that the budget should be £50 larger.
    view = raise_dispute(year, "A", "budget", 5_000, "query 7", "A", DAY, more=True)
    assert (view.payer, view.payee, view.disputed_pence) == ("C", "A", 5_000)
    assert view.in_words().startswith("Dispute 1: £50.00 more for budget of A (C to A), raised by A on 2027-05-10;")
    owed = balances(year)["C owes A"]
    assert (owed.disputed_pence, owed.disputed_by_owed_pence, owed.payable_pence, owed.open_disputes) == (
        0, 0, 40_000, 1,
    )  # fmt: skip
    # What is claimed on top leaves the whole line to be disputed.
    assert raise_dispute(year, "A", "budget", 100_000, "query 8", "C", DAY).disputed_pence == 100_000
    with pytest.raises(FindingsError) as caught:
        settle_dispute(year, 1, 5_001, "coding_challenge", "panel", "Panel", DAY)
    assert refused(caught) == ("AMOUNT-INVALID", "£50.01 does not lie between nothing and £50.00")
    answer_dispute(year, 1, "accepted", None, "reply 7", "C", DAY)
    assert settle_dispute(year, 1, 3_000, "coding_challenge", "panel", "Panel", DAY).last.outcome == "part_accepted"
    assert figures(year)["C owes A"][0] == 43_000
    last = journal_rows(year)[-1]
    assert (last["kind"], last["name"], last["payer"], last["payee"], last["pence"]) == (
        "adjustment", "budget", "C", "A", 3_000,
    )  # fmt: skip
    assert [(row["direction"], row["disputed_pence"]) for row in dispute_rows(year)] == [("more", 0), ("less", 100_000)]


def test_a_claim_of_more_goes_the_way_of_the_line_and_is_more_than_nothing(year: YearOf):
    # A pays C its cost, and C holds that £600 is £10 too little: what C owes A falls from £400 to £390.
    raise_dispute(year, "A", "cost", 1_000, "query 7", "C", DAY, more=True)
    settle_dispute(year, 1, 1_000, "coding_challenge", "panel", "Panel", DAY)
    assert figures(year)["C owes A"][0] == 39_000
    with pytest.raises(FindingsError) as caught:
        raise_dispute(year, "A", "cost", 0, "query 8", "C", DAY, more=True)
    assert refused(caught) == ("AMOUNT-INVALID", "£0.00 more for cost of A cannot be claimed")


def test_what_was_escalated_is_not_escalated_again_before_it_is_answered(year: YearOf):
    number = raise_dispute(year, "A", "cost", 100, "q", "A", DAY).dispute
    answer_dispute(year, number, "escalated", None, "board", "A", DAY)
    with pytest.raises(FindingsError) as caught:
        answer_dispute(year, number, "escalated", None, "board", "A", DAY)
    assert refused(caught) == ("DISPUTE-STATE", "dispute 1 was escalated on 2027-05-10 and not answered since")
    answer_dispute(year, number, "rejected", None, "reply", "C", DAY)
    answer_dispute(year, number, "escalated", None, "board again", "A", DAY)
    assert [(step["step"], step["by"]) for step in dispute_rows(year)[0]["steps"]] == [
        ("raised", "A"), ("answered", "A"), ("answered", "C"), ("answered", "A"),
    ]  # fmt: skip


def test_the_first_run_has_no_reason_and_the_next_of_an_open_year_one(store: Store, tmp_path: Path):
    post_run(store, evidence_of(FIRST, "run-1"), "R. Recorder")
    post_run(store, evidence_of(SECOND, "run-2"))
    year = YearOf(tmp_path, store, CONTRACT, FinancialYear.parse(YEAR))
    rows = journal_rows(year)
    assert {(row["posting"], row["reason"], row["recorded_by"]) for row in rows} == {
        (1, "", "R. Recorder"), (2, "replaced_while_open", "Preparer"),
    }  # fmt: skip
    assert [row["reason"] for row in year_rows(year)["stood"]] == ["", "replaced_while_open"]


def test_a_year_says_its_history_in_order_and_that_the_run_that_stands_is_not_signed(year: YearOf):
    assert year_rows(year)["unsigned_in_words"] == ""
    restate_run(Path(), year.store, evidence_of(SECOND, "run-2"), "late_data", "email 12", BY)
    rows = year_rows(year)
    assert rows["unsigned_in_words"] == (
        "The run that stands is not signed: last signed was run-1, flexed by A. Analyst on 2027-05-10."
    )
    move_year(year, "freeze", "B. Boss")
    assert year_rows(year)["unsigned_in_words"] == ""
    pay_all(year)
    move_year(year, "close", BY)
    move_year(year, "reopen", BY, "a late file", "email 40")
    assert [row["in_words"] for row in year_rows(year)["history"]] == [
        "open by Preparer: the first run was recorded",
        "run run-1 stands, by Preparer",
        "flexed by A. Analyst",
        "flexed: run run-1 signed by A. Analyst",
        "run run-2 stands in the place of run-1, late_data (email 12), by A. Analyst",
        "frozen by B. Boss",
        "frozen: run run-2 signed by B. Boss",
        "closed by A. Analyst",
        "closed: run run-2 signed by A. Analyst",
        "reopened (frozen again) by A. Analyst: a late file",
    ]


def test_a_line_that_a_restatement_turned_round_is_disputed_the_way_it_stands(year: YearOf):
    turned = evidence_of(FIRST, "run-2")
    for entry in turned.settlement["entries"]:
        if (entry["host"], entry["name"]) == ("A", "cost"):
            entry["payer"], entry["payee"] = entry["payee"], entry["payer"]
    _, corrections = restate_run(Path(), year.store, turned, "arithmetic_fault", "email 1", BY)
    assert [(each.payer, each.payee, each.pence) for each in corrections] == [("C", "A", 60_000), ("A", "C", -60_000)]
    assert figures(year)["C owes A"][0] == 160_000
    raise_dispute(year, "A", "cost", 60_000, "query 1", "C", DAY)
    assert balances(year)["C owes A"].payable_pence == 100_000


@pytest.mark.parametrize(
    ("act", "code", "words"),
    [
        (lambda year: raise_dispute(year, "A", "coast", 1, "q", BY, DAY), "STORE-UNKNOWN", "A has no line coast"),
        (lambda year: answer_dispute(year, 7, "rejected", None, "q", BY, DAY), "STORE-UNKNOWN", "no dispute 7"),
        (lambda year: settle_dispute(year, 7, 0, "late_data", "q", BY, DAY), "STORE-UNKNOWN", "no dispute 7"),
    ],
)
def test_what_the_store_does_not_know_is_refused(year: YearOf, act, code: str, words: str):
    with pytest.raises(FindingsError) as caught:
        act(year)
    found, message = refused(caught)
    assert found == code and words in message


def test_a_day_that_has_not_come_is_refused(year: YearOf):
    number = raise_dispute(year, "A", "cost", 1, "q", BY, DAY).dispute
    tomorrow = DAY + dt.timedelta(days=1)
    for act in (
        lambda: pay(year, "C", "A", 1, "x", "final", tomorrow, BY),
        lambda: issue(year, BY, tomorrow),
        lambda: raise_dispute(year, "A", "cost", 1, "q", BY, tomorrow),
        lambda: answer_dispute(year, number, "rejected", None, "q", BY, tomorrow),
        lambda: settle_dispute(year, number, 0, "coding_challenge", "q", BY, tomorrow),
    ):
        with pytest.raises(FindingsError) as caught:
            act()
        assert refused(caught) == ("STORE-CLOCK", "2027-05-11 has not come yet, so nothing can have happened on it")


def test_an_answer_and_an_agreement_have_their_limits(year: YearOf):
    number = raise_dispute(year, "A", "cost", 100, "q", "A", DAY).dispute
    for agreed in (0, 100, None):
        with pytest.raises(FindingsError) as caught:
            answer_dispute(year, number, "part_accepted", agreed, "q", BY, DAY)
        assert refused(caught)[0] == "AMOUNT-INVALID"
    for agreed in (-1, 101):
        with pytest.raises(FindingsError) as caught:
            settle_dispute(year, number, agreed, "coding_challenge", "q", BY, DAY)
        assert refused(caught)[0] == "AMOUNT-INVALID"
    with pytest.raises(FindingsError) as caught:
        answer_dispute(year, number, "maybe", None, "q", BY, DAY)
    assert refused(caught)[0] == "FIELD-VALUE"


def pay_all(year: YearOf) -> None:
    for number, each in enumerate(balances(year).values()):
        if each.outstanding_pence:
            pay(year, each.owing, each.owed, each.outstanding_pence, f"LAST-{number}", "final", DAY, BY)


def test_a_year_closes_when_nothing_is_outstanding_and_no_dispute_is_open(year: YearOf):
    with pytest.raises(FindingsError) as caught:
        move_year(year, "close", BY)
    assert "is at its first reconciliation, which does not allow `close`" in refused(caught)[1]
    assert move_year(year, "freeze", BY) == "frozen"
    with pytest.raises(FindingsError) as caught:
        move_year(year, "close", BY)
    assert refused(caught)[1] == (
        "world 2026/27: 3 pairs of parties have something outstanding "
        "(A owes V £50.00, B owes C £200.00, C owes A £400.00)"
    )
    number = raise_dispute(year, "A", "cost", 100, "q", "A", DAY).dispute
    pay_all(year)
    with pytest.raises(FindingsError) as caught:
        move_year(year, "close", BY)
    assert "1 dispute of world 2026/27 is open" in refused(caught)[1]
    settle_dispute(year, number, 0, "coding_challenge", "withdrawn", "A", DAY)
    assert move_year(year, "close", BY) == "closed"


def test_a_closed_year_refuses_everything_until_it_is_opened_again_with_a_reason(year: YearOf):
    move_year(year, "freeze", BY)
    pay_all(year)
    move_year(year, "close", BY)
    acts = [
        lambda: post_run(year.store, evidence_of(SECOND, "run-2")),
        lambda: restate_run(Path(), year.store, evidence_of(SECOND, "run-2"), "late_data", "x", BY),
        lambda: adjust(year, "C", "A", 1, "late_data", "x", BY, None),
        lambda: pay(year, "C", "A", 1, "x", "final", DAY, BY),
        lambda: issue(year, BY, DAY),
        lambda: raise_dispute(year, "A", "cost", 1, "x", BY, DAY),
        lambda: move_year(year, "freeze", BY),
    ]
    with reading(year.store) as reader:
        before = len(reader.rows(Posting))
    for act in acts:
        with pytest.raises(FindingsError) as caught:
            act()
        code, message = refused(caught)
        assert code == "YEAR-STATE" and "is closed" in message
        assert "yoc year reopen world 2026-27" in caught.value.findings[0].mend
    with reading(year.store) as reader:
        assert len(reader.rows(Posting)) == before
    assert post_run(year.store, evidence_of(FIRST, "run-1")).known
    assert move_year(year, "reopen", "B. Boss", "a trust sent its last file late", "email 40") == "frozen"
    assert restate_run(Path(), year.store, evidence_of(SECOND, "run-2"), "late_data", "email 40", BY)[0].movements == 1
    rows = year_rows(year)
    assert [(row["state"], row["by"]) for row in rows["states"]] == [
        ("open", "Preparer"), ("flexed", BY), ("frozen", BY), ("closed", BY), ("frozen", "B. Boss"),
    ]  # fmt: skip
    assert rows["states"][-1]["reason"] == "a trust sent its last file late"
    with reading(year.store) as reader:
        entry = next(entry for entry in reader.rows(Entry) if entry.recorded_by == "B. Boss")
    assert (entry.kind, entry.reason, entry.evidence, entry.pence) == (
        "state", "a trust sent its last file late", "email 40", 0,
    )  # fmt: skip


def test_signing_names_the_run_and_the_journal_as_it_was(year: YearOf):
    move_year(year, "freeze", "B. Boss")
    with reading(year.store) as reader:
        signed = reader.rows(SignOff)
        entries = reader.rows(Entry)
    assert [(row.state, row.run_id, row.signed_by) for row in signed] == [
        ("flexed", "run-1", BY),
        ("frozen", "run-1", "B. Boss"),
    ]
    # The journal up to the entry that made the year final; the seal of the posting comes after it.
    assert [(entry.kind, entry.name) for entry in entries[-2:-1]] == [("state", "frozen")]
    assert signed[-1].journal_hash == entries[-2].hash
    assert signed[-1].settlement_sha256 == evidence_of(FIRST, "run-1").manifest["files"]["settlement.json"]


def test_what_is_not_settled_cannot_be_reconciled_or_invoiced(store: Store, tmp_path: Path):
    year = YearOf(tmp_path, store, CONTRACT, FinancialYear.parse(YEAR))
    for act in (lambda: move_year(year, "flex", BY), lambda: pay(year, "C", "A", 1, "x", "final", DAY, BY)):
        with pytest.raises(FindingsError) as caught:
            act()
        assert refused(caught) == ("YEAR-STATE", refused(caught)[1])
        assert "is not open" in refused(caught)[1]
    with pytest.raises(FindingsError) as caught:
        move_year(year, "open", BY)
    assert refused(caught)[0] == "STORE-UNKNOWN"


def test_a_year_is_opened_for_payments_on_account_before_its_first_run(store: Store, tmp_path: Path):
    from small_world import CONTRACT_TEXT, write

    write(tmp_path, "contracts/world/contract.yaml", CONTRACT_TEXT)
    year = YearOf(tmp_path, store, CONTRACT, FinancialYear.parse(YEAR))
    assert move_year(year, "open", BY) == "open"
    pay(year, "C", "A", 10_000, "ACC-1", "on_account", dt.date(2026, 4, 15), BY)
    assert figures(year) == {"A owes C": (0, 0, 0, -10_000, 10_000, 0)}
    with pytest.raises(FindingsError) as caught:
        move_year(year, "flex", BY)
    assert "no run stands" in refused(caught)[1]
    with pytest.raises(FindingsError) as caught:
        move_year(YearOf(tmp_path, store, CONTRACT, FinancialYear(2031)), "open", BY)
    assert refused(caught)[0] == "STORE-UNKNOWN"


def test_balances_as_they_were_known_on_a_day(year: YearOf, clock):
    clock.on(days=2)
    pay(year, "C", "A", 40_000, "BACS-1", "final", DAY, BY)
    clock.on(days=2)
    then = {row["owing"] + row["owed"]: row["outstanding_pence"] for row in balance_rows(year, moment_of("2027-05-11"))}
    now = {row["owing"] + row["owed"]: row["outstanding_pence"] for row in balance_rows(year)}
    assert (then["CA"], now["CA"]) == (40_000, 0)
    with pytest.raises(FindingsError) as caught:
        balance_rows(year, moment_of("2027-05-14"))
    assert refused(caught)[0] == "STORE-CLOCK"
    for rows in (year_rows, balance_rows, journal_rows, dispute_rows):
        with pytest.raises(FindingsError) as caught:
            rows(year, moment_of("2027-05-01"))
        assert refused(caught) == ("STORE-UNKNOWN", "nothing of world 2026/27 was recorded by 2027-05-01 23:59")
        with pytest.raises(FindingsError) as caught:
            rows(YearOf(year.root, year.store, "word", year.year))
        assert refused(caught) == ("STORE-UNKNOWN", "nothing of word 2026/27 was recorded yet")


@pytest.mark.parametrize(
    ("pence", "statement", "agreement"),
    [(250_000, False, False), (250_001, True, False), (30_000_000, True, False), (30_000_001, True, True)],
)
def test_thresholds_are_passed_only_above_them(tmp_path: Path, pence: int, statement: bool, agreement: bool):
    balance = Balance("C", "A", 0, pence, 0, 0, 0, 0, 0)
    rules = rules_of(tmp_path, CONTRACT).balances
    assert (balance.needs_statement(rules), balance.needs_agreement(rules)) == (statement, agreement)


def test_a_contract_has_rules_of_its_own(year: YearOf):
    own = year.root / "contracts" / CONTRACT / "year.yaml"
    own.parent.mkdir(parents=True)
    own.write_text(
        "dispute: {raise_within: 1, answer_within: 2, settle_within: 3}\n"
        "balances: {statement_above: £1, agreement_above: £2}\n"
        "days_off_known_until: 2027-05-12\ndays_off: [2027-05-11]\n",
        encoding="utf-8",
    )
    assert all(row["agreement_needed"] for row in balance_rows(year))
    # One day too far for the days off that are listed: two working days from Monday 10 May over the 11th are the 13th.
    with pytest.raises(FindingsError) as caught:
        raise_dispute(year, "A", "cost", 1, "q", BY, DAY)
    assert refused(caught)[0] == "FIELD-VALUE"
    own.write_text(own.read_text(encoding="utf-8").replace("05-12", "12-31"), encoding="utf-8")
    raise_dispute(year, "A", "cost", 1, "q", BY, DAY)
    assert dispute_rows(year)[0]["next_due_on"] == "2027-05-13"


def test_balances_are_written_as_a_file_and_a_workbook_with_a_sheet_for_each_that_owes(year: YearOf, tmp_path: Path):
    import openpyxl

    rows = balance_rows(year)
    write_balances(year, rows, tmp_path / "b.csv", "2027-05-10")
    lines = (tmp_path / "b.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].startswith("owing,owed,due_pence,invoiced_pence")
    assert lines[3].startswith("C,A,40000,0,40000,0,40000,0,0,40000,0,no,no")
    write_balances(year, rows, tmp_path / "b.xlsx", "2027-05-10")
    book = openpyxl.load_workbook(tmp_path / "b.xlsx")
    assert book.sheetnames == ["Balances", "Owed by A", "Owed by B", "Owed by C"]
    with pytest.raises(FindingsError):
        write_balances(year, rows, tmp_path / "b.txt", "2027-05-10")


def test_a_run_that_lies_in_its_folder_alone_is_posted_next(store: Store, tmp_path: Path):
    year = YearOf(tmp_path, store, CONTRACT, FinancialYear.parse(YEAR))
    first = write_run(year.runs_folder, FIRST, "run-1")
    second = write_run(year.runs_folder, SECOND, "run-2")
    # The second was written before the first.
    os.utime(second / "manifest.json", ns=(1, 1))
    assert [(each.run_id, each.known) for each in post_pending(store, year)] == [("run-2", False), ("run-1", False)]
    assert post_pending(store, year) == []
    assert year_rows(year)["run_that_stands"] == "run-1"
    assert read_evidence(first).run_id == "run-1"


def test_evidence_that_was_edited_is_not_posted(tmp_path: Path):
    folder = write_run(tmp_path, FIRST, "run-1")
    edited = json.loads((folder / "settlement.json").read_text(encoding="utf-8"))
    edited["entries"][0]["pence"] += 1
    (folder / "settlement.json").write_text(json.dumps(edited), encoding="utf-8")
    with pytest.raises(FindingsError) as caught:
        read_evidence(folder)
    assert refused(caught)[0] == "FILE-CHANGED"
    with pytest.raises(FindingsError) as caught:
        read_evidence(tmp_path / "run-9")
    assert refused(caught)[0] == "STORE-UNKNOWN"


def test_a_shadow_run_moves_nothing(store: Store, tmp_path: Path):
    shadow = evidence_of({"A": {"budget": 5, "paid": 3}}, "run-1", status="shadow", entries=[])
    assert post_run(store, shadow).movements == 0
    year = YearOf(tmp_path, store, CONTRACT, FinancialYear.parse(YEAR))
    pay(year, "C", "A", 3, "ACC-A", "on_account", DAY, BY)
    assert figures(year) == {"A owes C": (0, 0, 0, -3, 3, 0)}


def test_where_the_store_is(tmp_path: Path, clock, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("YOC_STORE_URL", raising=False)
    with pytest.raises(FindingsError) as caught:
        store_place.open_store(tmp_path, clock)
    assert refused(caught)[0] == "FILE-OUTSIDE"
    (tmp_path / "reconciliation").mkdir()
    with pytest.raises(FindingsError) as caught:
        store_place.open_store(tmp_path, clock)
    assert refused(caught)[0] == "STORE-UNKNOWN"
    assert not (tmp_path / "reconciliation/store.sqlite").exists()
    store_place.open_store(tmp_path, clock, to_write=True)
    assert (tmp_path / "reconciliation/store.sqlite").is_file()
    (tmp_path / "workspace.yaml").write_text(f"store: sqlite:///{tmp_path.as_posix()}/mine.sqlite\n", encoding="utf-8")
    assert store_place.open_store(tmp_path, clock, to_write=True).shown == "mine.sqlite"
    monkeypatch.setenv("YOC_STORE_URL", f"sqlite:///{tmp_path.as_posix()}/theirs.sqlite")
    assert store_place.open_store(tmp_path, clock, to_write=True).shown == "theirs.sqlite"


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://somebody:secret@127.0.0.1:1/none?application_name=hidden",
        "postgres://somebody:secret@127.0.0.1:1/none",
        "mysql://somebody:secret@127.0.0.1/none",
        "sqlite://",
        "somebody:secret",
    ],
)
def test_a_store_that_cannot_be_reached_is_told_without_its_secrets(url: str, clock):
    from yoc.store.migrate import ensure

    with pytest.raises(FindingsError) as caught:
        ensure(connect(url, clock))
    code, message = refused(caught)
    assert code == "STORE-UNREACHABLE"
    said = message + caught.value.findings[0].mend
    assert not [word for word in ("secret", "somebody", "hidden") if word in said]


def test_a_file_that_is_no_store_is_left_alone(tmp_path: Path, clock):
    from yoc.store.migrate import ensure

    (tmp_path / "store.sqlite").write_bytes(b"something else entirely, longer than a header of a database" * 40)
    with pytest.raises(FindingsError) as caught:
        ensure(connect(tmp_path / "store.sqlite", clock))
    assert refused(caught)[0] == "STORE-BROKEN"
