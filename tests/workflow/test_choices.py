"""The choices of a contract settled from files, on a small world whose every figure can be worked out by hand."""

import datetime as dt
from pathlib import Path

import pytest
from small_world import CONTRACT, LINES, LIST, PLAN, lay

from yoc.core.findings import Finding, FindingsError
from yoc.core.periods import FinancialYear
from yoc.workflow.plan import read_job
from yoc.workflow.reconcile import compute, reconcile
from yoc.workflow.settle_plan import settle_plan

BY_DAY = "  attribution: host_on_activity_date\n"
BASIS = "basis: book, rounding: per_line"
TERMS = "  - {id: cost, kind: activity_cost}\n"
SCOPE = "  scope:\n"
PARTIES = "  - {code: A, name: Host A, role: host}\n  - {code: B, name: Host B, role: host}\n"
TURNED = "  - {code: B, name: Host B, role: host}\n  - {code: A, name: Host A, role: host}\n"
HOSTS = ("A", "B")


def settled(plan: Path) -> dict:
    content = compute(plan)
    assert all(check["passed"] for check in content["checks"])
    return content | {"by_host": {host["host"]: host for host in content["hosts"]}}


def figures(content: dict, name: str) -> list:
    return [content["by_host"][host][name] for host in HOSTS]


def units(content: dict) -> list[int]:
    return [people[0]["units"] for people in figures(content, "people")]


def stopped(plan: Path) -> list[Finding]:
    with pytest.raises(FindingsError) as caught:
        settle_plan(read_job(plan))
    return list(caught.value.findings)


def set_aside(content: dict) -> dict[str, int]:
    return {part["fate"]: part["lines"] for part in content["activity"]["set_aside"]}


def plurality(ties: str) -> tuple[str, str]:
    return BY_DAY, f"  attribution: plurality\n  attribution_ties: {ties}\n"


def blocks(*texts: str) -> tuple[str, str]:
    return SCOPE, "  blocks:\n" + "".join(f"    - {{{text}}}\n" for text in texts) + SCOPE


def test_by_the_day(tmp_path: Path):
    content = settled(lay(tmp_path))
    # A: 30 days of P1, the year of P2, 91 days of P4. B: 335 of P1 and 91 of P4.
    assert units(content) == [486, 426]
    # A: P1 in April, P2 £100 and a credit of £100. B: P1 and P4 in August.
    assert figures(content, "cost_pence") == [10_000, 20_000]


@pytest.mark.parametrize(
    ("ties", "parties", "days", "cost"),
    [
        # P1 is B's. P2 is A's. P4 has 91 days under each: A's come first, B's last.
        ("earlier", PARTIES, [547, 365], [10_000, 20_000]),
        ("later", PARTIES, [365, 547], [0, 30_000]),
        ("contract_order", PARTIES, [547, 365], [10_000, 20_000]),
        ("contract_order", TURNED, [365, 547], [0, 30_000]),
        ("earlier", TURNED, [547, 365], [10_000, 20_000]),
    ],
)
def test_by_plurality(tmp_path: Path, ties, parties, days, cost):
    content = settled(lay(tmp_path, plurality(ties), (PARTIES, parties)))
    assert units(content) == days
    assert figures(content, "cost_pence") == cost
    assert content["contract"]["attribution_ties"] == ties


def test_plurality_counts_days_of_presence_whether_or_not_in_a_segment(tmp_path: Path):
    # Segments tested each quarter: P1, born 1 August 1980, is 46 and in the cohort from 1 October only. Their 30 days
    # under A and 335 under B still make them B's, and so 182 days of them count, for B.
    plan = lay(
        tmp_path, plurality("later"), ("segments_tested: year_start", "segments_tested: quarter_start"),
        ("age: {from: 0, to: 120}", "age: {from: 46, to: 46}"),
    )  # fmt: skip
    people = plan.parents[3] / "data/persons.csv"
    people.write_text(people.read_text(encoding="utf-8").replace("P1,1980-01-01", "P1,1980-08-01"), encoding="utf-8")
    # P2 and P4, born 1 January 1980, are 46 until 31 December: the last test that finds them so is on 1 October.
    assert units(settled(plan)) == [275, 182 + 182]


def test_plurality_under_snapshots_goes_by_days_and_counts_snapshots(tmp_path: Path):
    content = settled(lay(tmp_path, plurality("earlier"), ("counting: person_days", "counting: quarter_snapshot")))
    # P1 is there on four first days of quarters, P2 on four, P4 on two.
    assert units(content) == [4 + 2, 4]


def test_by_a_prospective_list(tmp_path: Path):
    listed = ["P1,A", "P2,B", "P9,B", "P1,A"]
    content = settled(lay(tmp_path, (BY_DAY, "  attribution: prospective_list\n"), listed=listed))
    assert units(content) == [365, 365]
    # A: both of P1's lines. B: P2's pound for pound. P4 is on no list.
    assert figures(content, "cost_pence") == [20_000, 0]
    assert set_aside(content)["not_registered"] == 1
    said = [finding["message"] for finding in content["findings"] if finding["code"] == "LIST-UNMATCHED"]
    assert said == [
        "1 people live under a host and are not on the attribution list: their days and lines are nobody's",
        "1 people on the attribution list live under no host on any day of the year",
    ]
    assert {file["file"]: file["used"] for file in content["files"]}[LIST] == 4


def test_what_an_attribution_list_may_not_say_comes_at_once_and_names_nobody(tmp_path: Path):
    listed = ["P1,A", "P1,B", "P2,PRIVATE", ",A", "P4,A,B", "P2,PRIVATE"]
    plan = lay(tmp_path, (BY_DAY, "  attribution: prospective_list\n"), listed=listed)
    (plan.parents[3] / "data/persons.csv").write_text("", encoding="utf-8")
    found = [finding for finding in stopped(plan) if finding.code == "ATTRIBUTION-LIST"]
    assert {(finding.message, finding.line) for finding in found} == {
        ("1 people are listed under two hosts, first at row 3", 3),
        ("2 rows name a host that is no host of the contract, first at row 4", 4),
        ("1 rows name no person, first at row 5", 5),
        ("1 rows have another number of columns than the header, first at row 6", 6),
    }
    assert "FILE-UNREADABLE" in {finding.code for finding in stopped(plan)}
    assert not [finding for finding in found if "P1" in str(finding) or "PRIVATE" in str(finding)]


def test_the_plan_names_a_list_where_the_contract_has_one_and_nowhere_else(tmp_path: Path):
    for name, edits, listed in (
        ("none", [(BY_DAY, "  attribution: prospective_list\n")], None),
        ("needless", [], ["P1,A"]),
    ):
        plan = lay(tmp_path / name, *edits, listed=listed)
        with pytest.raises(FindingsError) as caught:
            read_job(plan)
        assert [(finding.code, finding.file) for finding in caught.value.findings] == [("PLAN-MISMATCH", PLAN)]


WITH_BLANK = (*LINES[:2], ("P4", "2026-08-01", "AE", "VB01Z", "1", ""), *LINES[3:])


def test_a_blank_total_is_rejected_where_the_book_is_charged(tmp_path: Path):
    content = settled(lay(tmp_path, lines=WITH_BLANK))
    assert figures(content, "cost_pence") == [10_000, 10_000]
    assert [reject["reason"] for reject in content["rejects"]] == ["is blank"]
    assert set_aside(content) == {"unpriced": 1}


def test_what_was_submitted_is_charged(tmp_path: Path):
    content = settled(
        lay(tmp_path, (BASIS, "basis: submitted, rounding: per_line"), lines=WITH_BLANK, index="1.200000")
    )
    # A: 90 - 80 - 50 + 10, needing no price. B: 120; the line with a blank total is set aside.
    assert figures(content, "cost_pence") == [-3_000, 12_000]
    assert set_aside(content) == {"unpriced": 1}
    assert content["rejects"] == []
    found = [finding for finding in content["findings"] if finding["code"] == "PRICE-MISSING"]
    assert [finding["message"] for finding in found] == [
        "code VB01Z at point of delivery AE: 1 lines with a blank total cost, which the contract needs, are set aside"
    ]
    on_total = settled(lay(tmp_path / "total", (BASIS, "basis: submitted, rounding: on_total"), lines=WITH_BLANK))
    assert figures(on_total, "cost_pence") == [-3_000, 12_000]


def test_the_lower_of_book_and_submitted_is_charged_line_by_line(tmp_path: Path):
    content = settled(lay(tmp_path, (BASIS, "basis: lower, rounding: per_line"), lines=WITH_BLANK))
    # A: 90 of 100; a credit of 80 rather than 100; where signs differ the book's 100; no price, set aside.
    # B: 100 of 120; no total, set aside.
    assert figures(content, "cost_pence") == [11_000, 10_000]
    assert set_aside(content) == {"unpriced": 2}


def test_nothing_submitted_is_nothing_charged_and_not_unpriced(tmp_path: Path):
    lines = [("P2", "2026-05-01", "AE", "VB01Z", "1", "0.00"), ("P2", "2026-05-02", "AE", "VB01Z", "0", "7.00")]
    content = settled(lay(tmp_path, (BASIS, "basis: lower, rounding: per_line"), lines=lines))
    assert figures(content, "cost_pence") == [0, 0]
    assert set_aside(content) == {}


@pytest.mark.parametrize(("rounding", "pence"), [("per_line", 30), ("on_total", 31)])
def test_the_lower_price_is_rounded_where_the_contract_says(tmp_path: Path, rounding, pence):
    # £0.10 × 1.049999 is 10.49999 pence, under the 11 submitted: three are 30 at the lines and 31.49997 in all.
    lines = [("P2", f"2026-05-0{day}", "AE", "VB01Z", "1", "0.11") for day in (1, 2, 3)]
    edit = (BASIS, f"basis: lower, rounding: {rounding}")
    content = settled(lay(tmp_path, edit, lines=lines, price="0.10", index="1.049999"))
    assert figures(content, "cost_pence") == [pence, 0]


def test_a_submitted_total_too_large_to_be_real_is_set_aside_under_either_rounding(tmp_path: Path):
    lines = [
        ("P2", "2026-05-01", "AE", "VB01Z", "1", "23058430.09"),
        ("P2", "2026-05-02", "AE", "VB01Z", "1", "23058430.10"),
    ]
    for rounding in ("per_line", "on_total"):
        edit = (BASIS, f"basis: submitted, rounding: {rounding}")
        content = settled(lay(tmp_path / rounding, edit, lines=lines))
        assert figures(content, "cost_pence") == [2_305_843_009, 0]
        assert set_aside(content) == {"too_large": 1}


def stop_loss(threshold: str, taken: str) -> tuple[str, str]:
    term = f"id: high, kind: stop_loss, threshold: {threshold}, share: 100%, borne_by: C, taken: {taken}"
    return TERMS, f"{TERMS}  - {{{term}}}\n"


THREE = tuple(("P1", day, "AE", "VB01Z", "1", "0.00") for day in ("2026-04-10", "2026-08-01", "2026-09-01"))
CREDIT = ("P1", "2026-09-02", "AE", "VB01Z", "-0.5", "0.00")


@pytest.mark.parametrize(
    ("lines", "taken", "over"),
    [
        # £300 against £100.01: £199.99 over, of which the August line loses £99.99 and the September line £100.
        (THREE, "in_date_order", ["£0.00", "£199.99"]),
        # A third of 19,999 pence is 6,666.33…: 6,666 each, and the penny left over goes to the line of April.
        (THREE, "in_proportion", ["£66.67", "£133.32"]),
        # £50 less: £149.99 over. 4,999 pence from each of the three, two left over for April and August; the credit
        # takes no part.
        ((*THREE, CREDIT), "in_proportion", ["£50.00", "£99.99"]),
    ],
)
def test_what_is_over_is_taken_in_proportion(tmp_path: Path, lines, taken, over):
    content = settled(lay(tmp_path, stop_loss("£100.01", taken), lines=lines))
    assert figures(content, "over_threshold") == over


def test_in_proportion_on_the_total_goes_to_thousand_millionths(tmp_path: Path):
    edits = [stop_loss("£100.01", "in_proportion"), (BASIS, "basis: book, rounding: on_total")]
    content = settled(lay(tmp_path, *edits, lines=THREE))
    # 6,666.333333333 and …334 for the line of April; the rest 13,332.666666666.
    assert figures(content, "over_threshold") == ["£66.663333…", "£133.326666…"]
    hosts = settle_plan(read_job(tmp_path / PLAN)).hosts
    assert sum(host.position.over_threshold_pence for host in hosts) == 19_999


def test_in_proportion_no_sum_is_too_large(tmp_path: Path):
    # Forty lines of £23,058,430.09, the most that one line may be: in thousand-millionths of a penny the product of one
    # of them and of what all are over has 39 figures. £922,337,203.60 less £0.40 in forty parts.
    lines = [("P2", f"2026-05-{day:02}", "AE", "VB01Z", "1", "23058430.09") for day in (*range(1, 21), *range(1, 21))]
    edits = [stop_loss("£0.40", "in_proportion"), (BASIS, "basis: submitted, rounding: on_total")]
    content = settled(lay(tmp_path, *edits, lines=lines))
    assert figures(content, "over_threshold") == ["£922,337,203.20", "£0.00"]


@pytest.mark.parametrize("rounding", ["per_line", "on_total"])
def test_no_threshold_is_too_high(tmp_path: Path, rounding):
    edits = [stop_loss("£1bn", "in_date_order"), (BASIS, f"basis: book, rounding: {rounding}")]
    assert figures(settled(lay(tmp_path, *edits, lines=THREE)), "over_threshold") == ["£0.00", "£0.00"]


def test_the_formula_of_stop_loss_says_how_it_is_taken(tmp_path: Path):
    content = settled(lay(tmp_path, stop_loss("£100.01", "in_proportion"), lines=THREE))
    said = "100% of £66.67 over £100.01 a person, taken from their lines in proportion"
    assert figures(content, "lines")[0][-1]["formula"] == said


def test_nobody_is_over_who_is_not_in_all(tmp_path: Path):
    lines = (*THREE, ("P1", "2026-09-02", "AE", "VB01Z", "-2", "0.00"))
    term = stop_loss("£100", "in_proportion")
    running = (term[0], term[1].replace("taken:", "decided_on: running, taken:"))
    # £300 charged and £200 given back: exactly £100, and nothing over it, though the running total once was.
    assert figures(settled(lay(tmp_path, running, lines=lines)), "over_threshold") == ["£0.00", "£0.00"]


def test_blocks_are_shared_out_and_shown_apart(tmp_path: Path):
    lines = (
        *LINES,
        ("", "2026-05-04", "BLOCK", "VB01Z", "1", "5.00"),
        ("P2", "2026-05-05", "BLOCK", "VB01Z", "1", "5.00"),
    )
    edit = blocks(
        "id: days, title: District nurses, provider: G, setting: primary, value: £1000, key: person_days, whole: 1000",
        "id: lines, provider: P, setting: emergency, value: £8, key: lines",
        "id: shares, provider: G, setting: primary, value: £0.07, key: shares, shares: {A: 50%, B: 1/3}",
    )
    plan = lay(tmp_path, edit, lines=lines)
    content = settled(plan)
    # £1 a person-day. Five lines of eight in A's cohort, two in B's. 3.5, 2.33 and 1.17 of seven pence.
    assert figures(content, "block_pence") == [
        {"days": 48_600, "lines": 500, "shares": 4},
        {"days": 42_600, "lines": 200, "shares": 2},
    ]
    assert figures(content, "cost_by_setting") == [
        {"primary": 48_604, "emergency": 10_500},
        {"primary": 42_602, "emergency": 20_200},
    ]
    assert figures(content, "cost_by_provider") == [{"P": 10_500, "G": 48_604}, {"P": 20_200, "G": 42_602}]
    details = figures(content, "lines")[0][1]["details"]
    assert [(detail["label"], detail["formula"], detail["pence"]) for detail in details] == [
        ("Primary", "", 0),
        ("Emergency", "", 10_000),
        ("Block: District nurses", "£1,000.00 × 486 of 1,000 person-days", 48_600),
        ("Block: lines", "£8.00 × 5 of 8 lines", 500),
        ("Block: shares", "£0.07 × stated share 50%", 4),
    ]
    assert [(part["shared_pence"], part["rest_pence"]) for part in content["activity"]["blocks"]] == [
        (91_200, 8_800), (700, 100), (6, 1),
    ]  # fmt: skip
    assert content["activity"]["charged_pence"] == 30_000
    for host in content["hosts"]:
        assert (
            sum(cell["pence"] for cell in host["cost_cells"]) + sum(host["block_pence"].values()) == host["cost_pence"]
        )
    assert "£1,008.07 of blocks = £919.06 shared to hosts + £89.01 for the rest" in content["checks"][1]["detail"]
    paid = {(entry["payer"], entry["payee"]): entry["pence"] for entry in content["entries"] if entry["term"] == "cost"}
    assert paid == {("A", "P"): 10_500, ("A", "G"): 48_604, ("B", "P"): 20_200, ("B", "G"): 42_602}
    assert (reconcile(plan).report_folder / "statement-A.xlsx").is_file()


def test_person_quarters_share_a_block_under_snapshots(tmp_path: Path):
    edit = blocks("id: b, provider: G, setting: primary, value: £20, key: person_days, whole: 20")
    content = settled(lay(tmp_path, edit, ("counting: person_days", "counting: quarter_snapshot")))
    # First days of quarters: A has P1 and P4 in April and P2 four times, B has P1 three times and P4 in July.
    assert figures(content, "block_pence") == [{"b": 600}, {"b": 400}]
    assert figures(content, "lines")[0][1]["details"][-1]["formula"] == "£20.00 × 6 of 20 person-quarters"


def test_blocks_that_cannot_be_shared_out_are_refused_at_once(tmp_path: Path):
    edit = blocks(
        "id: days, provider: G, setting: primary, value: £1000, key: person_days, whole: 911",
        "id: lines, provider: G, setting: primary, value: £8, key: lines",
    )
    plan = lay(tmp_path, edit)
    found = stopped(plan)
    assert [(finding.code, finding.message, finding.file) for finding in found] == [
        (
            "TERM-IMPOSSIBLE",
            "block `days` serves 911 person-days in all, and the hosts alone count 912",
            CONTRACT,
        ),
        ("TERM-IMPOSSIBLE", "block `lines` is shared by lines, and the files hold none of G", CONTRACT),
    ]
    written = (tmp_path / CONTRACT).read_text(encoding="utf-8").splitlines()
    at_fault = [written[finding.line - 1][finding.column - 1 :] for finding in found]
    assert at_fault == ["911}", "lines}"]


def test_the_position_holds_cost_by_month_without_blocks(tmp_path: Path):
    edit = blocks("id: lines, provider: P, setting: emergency, value: £8, key: lines")
    hosts = settle_plan(read_job(lay(tmp_path, edit))).hosts
    assert [dict(host.position.cost_by_month_pence) for host in hosts] == [
        {("emergency", 1): 10_000, ("emergency", 2): 0},
        {("emergency", 5): 20_000},
    ]
    assert {host.position.as_of for host in hosts} == {dt.date(2027, 5, 1)}


def test_adjustments_by_host_reach_the_budget_of_each(tmp_path: Path):
    edit = (
        "terms:\n",
        "  adjustments:\n"
        "    - {id: mff, kind: market_forces, index_by_host: {A: 2, B: 1}}\n"
        "    - {id: moved, kind: transfer, value_by_host: {A: £365, B: -£400}, from: 2026-10-01}\n"
        "terms:\n",
    )
    content = settled(lay(tmp_path, edit))
    # £1 a day: 486 doubled and £182 of £365; 426 less 182 of 365 parts of £400, £199.452…
    assert figures(content, "budget_pence") == [115_400, 22_655]
    assert [step["pence"] for step in figures(content, "budget_steps")[1]] == [42_600, 0, -19_945]
    for host in content["hosts"]:
        assert sum(cell["pence"] for cell in host["budget_cells"]) == host["budget_pence"]
    assert content["year"] == str(FinancialYear(2026))


def test_the_order_of_rows_changes_nothing_under_any_choice(tmp_path: Path):
    edits = (
        plurality("contract_order"),
        stop_loss("£50.01", "in_proportion"),
        (BASIS, "basis: lower, rounding: per_line"),
        blocks("id: lines, provider: P, setting: emergency, value: £8.03, key: lines"),
    )
    plan = lay(tmp_path, *edits, lines=(*THREE, *LINES, CREDIT))
    before = settled(plan)["hosts"]
    for name in ("activity", "registrations"):
        path = plan.parents[3] / f"data/{name}.csv"
        header, *rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text("".join([header, *reversed(rows)]), encoding="utf-8", newline="\n")
    assert settled(plan)["hosts"] == before
