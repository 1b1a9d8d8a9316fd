"""Prices that change: published again from 1 April, from another day, in part, or not for every day of the year."""

from fractions import Fraction
from hashlib import sha256

import pytest
from small_world import Line, lay, lay_book, name_prices, write

from yoc.core.findings import FindingsError
from yoc.report import render
from yoc.workflow.plan import read_job
from yoc.workflow.reconcile import compute
from yoc.workflow.run_positions import position_of_host
from yoc.workflow.settle_plan import settle_plan

V1, V2, V3 = ("tariffs/again/v1", "tariffs/again/v2", "tariffs/again/v3")
AGAIN = "tariffs/again"
BY_COMMISSIONER = ("route: host_pays_provider", "route: commissioner_pays_and_nets")


def line(
    person: str = "P2", day: str = "2026-05-01", code: str = "HN12F", count: str = "1", total: str = "0.00"
) -> Line:
    return (person, day, "AE", code, count, total)


def costs(host) -> list[tuple[str, int]]:
    """The lines of cost on a host's statement: what they are called, and their pence."""
    return [(each["label"], each["pence"]) for each in host["lines"] if each["kind"] == "activity_cost"]


def host_of(content, code="A"):
    return next(host for host in content["hosts"] if host["host"] == code)


def test_ten_spells_at_the_old_price_and_the_difference_to_the_new(tmp_path):
    """C-8: ten spells of April to June at £7,204, published again on 27 June at £7,251 from 1 April."""
    ten = [line(day=f"2026-0{month}-1{day}") for month, day in [(4, 1), (4, 2), (4, 3), (5, 1), (5, 2), (5, 3), (5, 4),
                                                               (6, 1), (6, 2), (6, 3)]]  # fmt: skip
    lay(tmp_path, lines=ten)
    lay_book(tmp_path, V1, {"HN12F": "7204"})
    lay_book(tmp_path, V2, {"HN12F": "7251"}, published="2026-06-27", version="v2", supersedes="v1")
    content = compute(name_prices(tmp_path, AGAIN))
    host = host_of(content)
    assert costs(host) == [
        ("Cost of care", 7_204_000),
        ("Prices re-issued on 27 June 2026, from 1 April 2026", 10 * (725_100 - 720_400)),
    ]
    assert host["cost_pence"] == host["cost_by_provider"]["P"] == 7_251_000
    assert [(entry["payee"], entry["pence"]) for entry in content["entries"] if entry["payer"] == "A"] == [
        ("P", 7_204_000),
        ("P", 47_000),
    ]
    (part,) = host["price_reissues"]
    assert (part["setting"], part["provider"], part["lines"], part["pence"]) == ("emergency", "P", 10, 47_000)
    assert (
        "£72,040.00 of it at the prices first published + £470.00 as they were re-issued"
        in content["checks"][1]["detail"]
    )


def test_the_ratio_of_two_uplifts_is_not_the_new_price_and_both_workbooks_are(tmp_path):
    """A price of £7,082 before a cost uplift of 4.15%, then of 4.83%, each less 2%, published in whole pounds."""
    before_uplift, efficiency = 7082, Fraction(98, 100)
    first, again = (round(before_uplift * Fraction(uplift) * efficiency) for uplift in ("1.0415", "1.0483"))
    assert (first, again) == (7228, 7276)
    # 7,228 × 1.0483 ÷ 1.0415 = 7,275.19, which is £7,275 in whole pounds, and not the price in pence either.
    by_ratio = first * Fraction("1.0483") / Fraction("1.0415")
    assert (round(by_ratio), round(by_ratio * 100)) == (7275, 727_519)
    lay(tmp_path, lines=[line()])
    lay_book(tmp_path, V1, {"HN12F": str(first)})
    lay_book(tmp_path, V2, {"HN12F": str(again)}, published="2026-06-27", version="v2")
    host = host_of(compute(name_prices(tmp_path, AGAIN)))
    assert (host["cost_pence"], [pence for _, pence in costs(host)]) == (727_600, [722_800, 4_800])


def test_what_is_due_is_what_the_latest_prices_alone_come_to(tmp_path):
    lay(tmp_path, lines=[line(count=count) for count in ("1", "0.333", "-0.5", "2.5")])
    lay_book(tmp_path, V1, {"HN12F": "72.04"}, "1.029918")
    lay_book(tmp_path, V2, {"HN12F": "72.51"}, "1.148886", published="2026-06-27", version="v2")
    both = [host["closing_pence"] for host in compute(name_prices(tmp_path, AGAIN))["hosts"]]
    lay(tmp_path, lines=[line(count=count) for count in ("1", "0.333", "-0.5", "2.5")])
    assert both == [host["closing_pence"] for host in compute(name_prices(tmp_path, V2))["hosts"]]


def test_every_line_is_rounded_at_each_price(tmp_path):
    """Half a unit at £0.01 is half a penny, rounded to one; at £0.02 it is a penny: three lines, no change."""
    lay(tmp_path, lines=[line(count="0.5") for _ in range(3)])
    lay_book(tmp_path, V1, {"HN12F": "0.01"})
    lay_book(tmp_path, V2, {"HN12F": "0.02"}, published="2026-06-27", version="v2")
    plan = name_prices(tmp_path, AGAIN)
    assert costs(host_of(compute(plan))) == [
        ("Cost of care", 3),
        ("Prices re-issued on 27 June 2026, from 1 April 2026", 0),
    ]
    # Rounded on the total they are 1.5 pence, so 2, and then 3.
    lay(tmp_path, ("rounding: per_line", "rounding: on_total"), lines=[line(count="0.5") for _ in range(3)])
    assert [pence for _, pence in costs(host_of(compute(name_prices(tmp_path, AGAIN))))] == [2, 1]


def test_two_re_issues_are_two_lines_in_their_order(tmp_path):
    lay(tmp_path, lines=[line(), line("P1", "2026-08-01")])
    lay_book(tmp_path, V1, {"HN12F": "100"})
    lay_book(tmp_path, V2, {"HN12F": "110"}, published="2026-06-27", version="v2")
    lay_book(tmp_path, V3, {"HN12F": "105"}, published="2026-12-01", version="v3", days=("2026-07-01", "2027-03-31"))
    content = compute(name_prices(tmp_path, f"[{V3}, {V1}/book.yaml, {V2}]"))
    june, december = (
        "Prices re-issued on 27 June 2026, from 1 April 2026",
        "Prices re-issued on 1 December 2026, from 1 July 2026",
    )
    assert costs(host_of(content, "A")) == [("Cost of care", 10_000), (june, 1_000), (december, 0)]
    assert costs(host_of(content, "B")) == [("Cost of care", 10_000), (june, 1_000), (december, -500)]
    # What was paid too much goes back.
    back = [(entry["payer"], entry["payee"], entry["pence"]) for entry in content["entries"] if entry["payer"] == "P"]
    assert back == [("P", "B", 500)]


def test_a_change_without_looking_back_prices_by_the_day_of_activity(tmp_path):
    lay(tmp_path, lines=[line(day="2026-09-30"), line(day="2026-10-01"), line(day="2026-10-02", count="-1")])
    lay_book(tmp_path, V1, {"HN12F": "100"})
    lay_book(tmp_path, V2, {"HN12F": "130"}, published="2026-09-15", version="v2", days=("2026-10-01", "2027-03-31"))
    assert costs(host_of(compute(name_prices(tmp_path, AGAIN)))) == [("Cost of care", 10_000)]


def test_what_was_published_after_the_day_of_settlement_changes_nothing(tmp_path):
    lay(tmp_path, lines=[line()])
    lay_book(tmp_path, V1, {"HN12F": "100"})
    before = read_job(name_prices(tmp_path, AGAIN))
    lay_book(tmp_path, V2, {"HN12F": "130"}, published="2027-05-02", version="v2")
    after = read_job(name_prices(tmp_path, AGAIN))
    # The plan is as of 1 May 2027; neither its figures nor the name of its run change.
    assert (after.prices, after.documents) == (before.prices, before.documents)


def test_an_index_that_was_published_again(tmp_path):
    lay(tmp_path, lines=[line(), line()])
    lay_book(tmp_path, V1, {"HN12F": "7251"}, "1.029918")
    lay_book(tmp_path, V2, {"HN12F": "7251"}, "1.148886", published="2026-06-27", version="v2")
    # £7,467.94 and £8,330.57 a spell.
    assert [pence for _, pence in costs(host_of(compute(name_prices(tmp_path, AGAIN))))] == [1_493_588, 172_526]


def test_days_for_which_no_book_holds_are_set_aside_and_told(tmp_path):
    lay(tmp_path, lines=[line(day="2026-04-09", total="80.00"), line(day="2026-04-10"), line(day="2027-01-01")])
    lay_book(tmp_path, V1, {"HN12F": "100"}, days=("2026-04-10", "2026-12-31"))
    with pytest.raises(FindingsError) as caught:
        read_job(name_prices(tmp_path, AGAIN))
    (stop,) = caught.value.findings
    assert (stop.code, stop.line) == ("PRICE-UNDATED", 6)
    assert "no price book holds, published by 2027-05-01: 2026-04-01 is one" in stop.message
    plan = name_prices(tmp_path, AGAIN)
    plan.write_text(plan.read_text(encoding="utf-8") + "prices_may_lack_days: yes\n", encoding="utf-8")
    outcome = settle_plan(read_job(plan))
    assert [int(sum(host.position.cost_pence.values())) for host in outcome.hosts] == [10_000, 0]
    (finding,) = [finding for finding in outcome.findings if finding.code == "PRICE-UNDATED"]
    assert finding.message == (
        "code HN12F at point of delivery AE: 2 lines, submitted at £80.00, on days for which no price book holds, "
        "are set aside"
    )
    assert (finding.count, [part.lines for part in outcome.activity.by_fate if part.fate == "unpriced"]) == (2, [2])


def test_a_price_that_a_re_issue_lacks_is_a_finding_and_never_the_old_price(tmp_path):
    lay(tmp_path, lines=[line(), line(code="VB01Z")])
    lay_book(tmp_path, V1, {"HN12F": "100", "VB01Z": "10"})
    lay_book(tmp_path, V2, {"VB01Z": "11"}, published="2026-06-27", version="v2")
    outcome = settle_plan(read_job(name_prices(tmp_path, AGAIN)))
    assert int(outcome.hosts[0].position.cost_pence["emergency"]) == 1_100
    (finding,) = [finding for finding in outcome.findings if finding.code == "PRICE-MISSING"]
    assert "1 of them had one until prices were published again" in finding.message


def test_a_price_that_came_only_with_a_re_issue_is_all_of_it_the_re_issue(tmp_path):
    lay(tmp_path, lines=[line(), line(code="VB01Z")])
    lay_book(tmp_path, V1, {"VB01Z": "10"})
    lay_book(tmp_path, V2, {"VB01Z": "10", "HN12F": "100"}, published="2026-06-27", version="v2")
    host = host_of(compute(name_prices(tmp_path, AGAIN)))
    assert [pence for _, pence in costs(host)] == [1_000, 10_000]
    assert [(part["lines"], part["lines_without_price_before"]) for part in host["price_reissues"]] == [(2, 1)]


def test_the_lower_of_price_and_total_is_taken_at_each_price(tmp_path):
    lay(tmp_path, ("basis: book", "basis: lower"), lines=[line(total="105.00"), line(total="90.00")])
    lay_book(tmp_path, V1, {"HN12F": "100"})
    lay_book(tmp_path, V2, {"HN12F": "110"}, published="2026-06-27", version="v2")
    # 100 and 90, then 105 and 90.
    assert [pence for _, pence in costs(host_of(compute(name_prices(tmp_path, AGAIN))))] == [19_000, 500]
    lay(tmp_path, ("basis: book", "basis: submitted"), lines=[line(total="105.00")])
    assert costs(host_of(compute(name_prices(tmp_path, AGAIN)))) == [("Cost of care", 10_500)]


def test_the_stop_loss_and_the_balance_work_on_the_prices_that_hold_now(tmp_path):
    terms = ("  - {id: cost, kind: activity_cost}\n", "  - {id: cost, kind: activity_cost}\n"
             "  - {id: high, kind: stop_loss, threshold: £105, share: 100%, borne_by: C, pro_rata: no}\n"
             "  - {id: balance, kind: balance, base: budget}\n")  # fmt: skip
    lay(tmp_path, terms, BY_COMMISSIONER, lines=[line()])
    lay_book(tmp_path, V1, {"HN12F": "100"})
    lay_book(tmp_path, V2, {"HN12F": "110"}, published="2026-06-27", version="v2")
    host = host_of(compute(name_prices(tmp_path, AGAIN)))
    assert [(each["name"], each["effect_pence"]) for each in host["lines"]][1:] == [
        ("cost", -10_000), ("cost.reissue_1", -1_000), ("high", 500), ("balance", 0),
    ]  # fmt: skip
    assert host["closing_pence"] == host["budget_pence"] - 10_500


def test_a_block_is_no_part_of_what_a_re_issue_changes(tmp_path):
    block = "    - {id: gp, provider: G, setting: primary, value: £40, key: shares, shares: {A: 100%, B: 0%}}\n"
    lay(tmp_path, ("  guards:\n", f"  blocks:\n{block}  guards:\n"), lines=[line()])
    lay_book(tmp_path, V1, {"HN12F": "100"})
    lay_book(tmp_path, V2, {"HN12F": "110"}, published="2026-06-27", version="v2")
    host = host_of(compute(name_prices(tmp_path, AGAIN)))
    first, again = [each for each in host["lines"] if each["kind"] == "activity_cost"]
    assert [(detail["label"], detail["pence"]) for detail in first["details"]] == [
        ("Primary", 0), ("Emergency", 10_000), ("Block: gp", 4_000),
    ]  # fmt: skip
    assert [(detail["label"], detail["pence"]) for detail in again["details"]] == [("Primary", 0), ("Emergency", 1_000)]


def test_the_position_is_read_from_the_run_as_it_was(tmp_path):
    lay(tmp_path, lines=[line(), line("P1", "2026-08-01")])
    lay_book(tmp_path, V1, {"HN12F": "100"})
    lay_book(tmp_path, V2, {"HN12F": "110"}, published="2026-06-27", version="v2")
    job = read_job(name_prices(tmp_path, AGAIN))
    held = [
        position_of_host(host).price_reissues
        for host in compute(tmp_path / "reconciliation/2026-27/world/plan.yaml")["hosts"]
    ]
    assert held == [host.position.price_reissues for host in settle_plan(job).hosts]
    assert [reissue.pence for (reissue,) in held] == [1_000, 1_000]


def test_the_statement_has_a_table_of_re_issues_and_one_without_them_has_none(tmp_path):
    from yoc.report.host_tables import tables_of_host

    lay(tmp_path, lines=[line()] * 6)
    without = compute(tmp_path / "reconciliation/2026-27/world/plan.yaml")
    lay_book(tmp_path, V1, {"HN12F": "100"})
    lay_book(tmp_path, V2, {"HN12F": "110"}, published="2026-06-27", version="v2")
    content = compute(name_prices(tmp_path, AGAIN))
    tables = {table.sheet: table for table in tables_of_host(content, host_of(content))}
    (row,) = tables["Price re-issues"].rows
    assert row[0] == "world 2026/27 v2" and row[3:] == ("Emergency", "P Provider", 6, 0, 6_000)
    assert "Price re-issues" not in {table.sheet for table in tables_of_host(without, host_of(without))}
    assert "statement-A.xlsx" in render(content, lambda: None)


def test_the_commissioner_has_the_re_issues_by_provider_and_host(tmp_path):
    from yoc.report.contract_tables import commissioner_tables

    lay(tmp_path, lines=[*[line()] * 6, *[line("P1", "2026-08-01")] * 5])
    without = compute(tmp_path / "reconciliation/2026-27/world/plan.yaml")
    lay_book(tmp_path, V1, {"HN12F": "100"})
    lay_book(tmp_path, V2, {"HN12F": "110"}, published="2026-06-27", version="v2")
    tables = {table.sheet: table for table in commissioner_tables(compute(name_prices(tmp_path, AGAIN)))}
    table = tables["Price re-issues"]
    hosts = [(row[3][:1], row[4][:1], *row[5:]) for row in table.rows]
    assert hosts == [("P", "A", 6, 0, 6_000), ("P", "B", 5, 0, 5_000)]
    assert table.total[-1] == 11_000
    assert "Price re-issues" not in {table.sheet for table in commissioner_tables(without)}


def test_a_version_without_indices_beside_one_with_them_is_told(tmp_path):
    lay(tmp_path, lines=[line()])
    lay_book(tmp_path, V1, {"HN12F": "100"}, "1.029918")
    lay_book(tmp_path, V2, {"HN12F": "110"}, published="2026-06-27", version="v2")
    told = [finding.message for finding in settle_plan(read_job(name_prices(tmp_path, AGAIN))).findings]
    assert not [message for message in told if "by it" in message]
    book = tmp_path / V2 / "book.yaml"
    header = (tmp_path / V2 / "mff.csv").read_text(encoding="utf-8").splitlines()[0] + "\n"
    old = sha256((tmp_path / V2 / "mff.csv").read_bytes()).hexdigest()
    write(tmp_path, f"{V2}/mff.csv", header)
    text = book.read_text(encoding="utf-8")
    assert old in text
    book.write_text(text.replace(old, sha256(header.encode()).hexdigest()), encoding="utf-8")
    findings = settle_plan(read_job(name_prices(tmp_path, AGAIN))).findings
    assert [finding.code for finding in findings if finding.message.endswith(
        "v2 has no market forces index: every provider is priced at 1.000000 by it"
    )] == ["INDEX-MISSING"]  # fmt: skip


BROKEN = {
    "two of one day": (
        {"published": "2026-03-01", "version": "v2"},
        "were published on one day and hold for the same days",
    ),
    "superseded by an older": (
        {"published": "2026-02-01", "version": "v2", "supersedes": "v1"},
        "was not published before",
    ),
    "two of one name": ({"published": "2026-06-27"}, "two price books have one name, year and version"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_versions_without_an_order_are_refused(tmp_path, case):
    given, words = BROKEN[case]
    lay(tmp_path)
    lay_book(tmp_path, V1, {"VB01Z": "100"})
    lay_book(tmp_path, V2, {"VB01Z": "110"}, **given)
    with pytest.raises(FindingsError) as caught:
        read_job(name_prices(tmp_path, AGAIN))
    assert [finding.code for finding in caught.value.findings] == ["PRICE-VERSION"]
    assert words in caught.value.findings[0].message


def test_two_versions_of_one_day_are_told_apart_by_what_they_supersede(tmp_path):
    lay(tmp_path, lines=[line(code="VB01Z")])
    lay_book(tmp_path, V1, {"VB01Z": "100"}, published="2026-06-27", supersedes="v2")
    lay_book(tmp_path, V2, {"VB01Z": "110"}, published="2026-06-27", version="v2")
    assert [pence for _, pence in costs(host_of(compute(name_prices(tmp_path, AGAIN))))] == [11_000, -1_000]


def test_books_of_other_years_are_left_alone_and_none_at_all_is_refused(tmp_path):
    lay(tmp_path)
    lay_book(tmp_path, V1, {"VB01Z": "100"}, days=("2025-04-01", "2026-03-31"))
    with pytest.raises(FindingsError) as caught:
        read_job(name_prices(tmp_path, AGAIN))
    (finding,) = caught.value.findings
    assert (finding.code, finding.message) == ("PLAN-MISMATCH", "none of the price books holds for a day of 2026/27")
    lay_book(tmp_path, V2, {"VB01Z": "110"}, version="v2")
    assert [version.header.version for version in read_job(name_prices(tmp_path, AGAIN)).prices.versions] == ["v2"]


@pytest.mark.parametrize(
    ("prices", "code"), [("../tariffs", "FILE-OUTSIDE"), ("tariffs/nowhere", "FILE-MISSING"), ("data", "FILE-MISSING")]
)
def test_a_folder_without_a_book_is_told_at_its_line(tmp_path, prices, code):
    lay(tmp_path)
    with pytest.raises(FindingsError) as caught:
        read_job(name_prices(tmp_path, prices))
    assert [(finding.code, finding.line) for finding in caught.value.findings] == [(code, 6)]


def test_a_line_too_large_at_an_old_price_stops_nothing(tmp_path):
    lay(tmp_path, lines=[line(count="2000000")])
    lay_book(tmp_path, V1, {"HN12F": "9999999"})
    lay_book(tmp_path, V2, {"HN12F": "1"}, published="2026-06-27", version="v2")
    outcome = settle_plan(read_job(name_prices(tmp_path, AGAIN)))
    assert [part.fate for part in outcome.activity.by_fate] == ["too_large"]


def test_a_price_above_ten_million_pounds_is_refused(tmp_path):
    lay(tmp_path, price="10000000.01")
    write(tmp_path, "data/conditions.csv", "PSEUDO NHS NUMBER,CONDITION,DIAGNOSIS DATE\n")
    with pytest.raises(FindingsError) as caught:
        read_job(tmp_path / "reconciliation/2026-27/world/plan.yaml")
    assert "more than £10m" in caught.value.findings[0].message
