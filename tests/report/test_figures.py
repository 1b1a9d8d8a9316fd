"""The figures on workbooks and page are the settlement's, and add up by hand."""

import re

from yoc.report import render

HOST, COMMISSIONER, PAGE = "statement-AAA.xlsx", "statement-commissioner.xlsx", "index.html"


def test_the_lines_add_to_the_closing_result(rendered, read):
    lines = read(rendered[HOST], "Lines")
    effects = lines.pence("Effect on the host")
    assert effects == [100_000, -90_000, 800, 0, -5_400, -2_000, 1_500, -300, -1_000, -3_000]
    assert sum(effects) == 600
    assert lines.total["Line"] == "Closing result"
    assert lines.total["Effect on the host"] == lines.total["Result so far"] == 6
    assert lines.pence("Result so far") == [
        100_000, 10_000, 10_800, 10_800, 5_400, 3_400, 4_900, 4_600, 3_600, 600
    ]  # fmt: skip


def test_the_summary_of_a_host_adds_to_what_is_due(rendered, read):
    summary = read(rendered[HOST], "Summary")
    assert dict(zip(summary.column("Item"), summary.pence("Effect on the host"), strict=True)) == {
        "Budget": 100_000, "Cost": -90_000, "Stop-loss": 800, "Share": -5_400, "Outcomes": -500, "VCSE": -1_000,
        "Passed on": -300, "On account": -3_000,
    }  # fmt: skip
    assert summary.total["Item"] == "Due to the host"
    assert summary.total["Effect on the host"] == 6
    other = read(rendered["statement-BBB.xlsx"], "Summary")
    assert (other.total["Item"], other.total["Effect on the host"]) == ("Due from the host", -57)


def test_a_host_is_told_what_it_owes_to_each_party_and_not_only_to_the_commissioner(rendered, read):
    sheet = read(rendered[HOST], "Who pays whom")
    net = dict(zip(sheet.column("Other party"), sheet.pence("Net: to the host, or from it (minus)"), strict=True))
    assert net == {"XQY Sample ICB": 1_900, "ZA1 Acute Trust": -300, "VC1 Connectors": -1_000}
    assert sheet.total["Net: to the host, or from it (minus)"] == 6
    sentence = (
        "Alpha integrator owes Connectors £10.00 and Acute Trust £3.00 and is owed £19.00 by Sample ICB: "
        "in all £6.00 due to the host."
    )
    assert sentence in " ".join(read(rendered[HOST], "Summary").above)
    assert sentence in rendered[PAGE].decode()


def test_the_summary_of_all_hosts_is_the_settlement_and_adds_up(rendered, settlement, read):
    summary = read(rendered[COMMISSIONER], "Summary")
    assert summary.column("Host") == ["AAA Alpha integrator", "BBB Beta integrator"]
    totals = {
        "Budget": 150_000, "Primary": 141_800, "Emergency": 200, "Cost": 142_000, "Balance": 8_000, "Stop-loss": 800,
        "Share": -4_900, "Outcomes": -500, "VCSE": -1_200, "Passed on": -300, "On account": -7_000,
        "Due to host, or from it (minus)": -5_100,
    }  # fmt: skip
    for name, pence in totals.items():
        assert sum(summary.pence(name)) == pence == round(summary.total[name] * 100), name
    assert summary.total["Host"] == "All hosts"
    assert summary.total["Person-years"] == 300
    assert settlement["totals"]["due_pence"] == totals["Due to host, or from it (minus)"]
    assert "Other terms" not in summary.header


def test_terms_without_a_column_of_their_own_are_shown_as_other_terms(settlement, read, again):
    from yoc.report import render

    line = next(line for line in settlement["hosts"][0]["lines"] if line["kind"] == "stop_loss")
    line["kind"] = "a_kind_to_come"
    settlement["hosts"][0]["summary"]["stop_loss_pence"] = 0
    again(settlement)
    rendered = render(settlement)
    summary = read(rendered[HOST], "Summary")
    rows = dict(zip(summary.column("Item"), summary.pence("Effect on the host"), strict=True))
    assert (rows["Stop-loss"], rows["Other terms"], sum(rows.values())) == (0, 800, 600)
    assert read(rendered[COMMISSIONER], "Summary").total["Other terms"] == 8


def test_page_and_workbook_give_the_same_totals(rendered):
    page = rendered[PAGE].decode()
    summary = page[page.index("<table") : page.index("</table>")]
    totals = re.findall(r"<td[^>]*>([^<]*)</td>", summary[summary.index("<tfoot>") :])
    assert totals == [
        "300.0000", "£1,500.00", "£1,418.00", "£2.00", "£1,420.00", "£80.00", "£8.00", "-£49.00", "-£5.00", "-£12.00",
        "-£3.00", "-£70.00", "-£51.00",
    ]  # fmt: skip
    assert "Care cost £1,420.00 against a budget of £1,500.00: £80.00 under budget." in page
    assert "£6.00 due to the host" in page
    assert "£57.00 due from the host" in page
    assert "<strong>£51.00 due from the hosts</strong>" in page


def test_cost_people_budget_and_payments_tie_to_the_lines(rendered, read):
    cost = read(rendered[HOST], "Cost")
    assert cost.pence("Charged") == [89_900, 100]
    assert (cost.total["Charged"], cost.total["Lines"]) == (900, 9)
    # Two lines may be about one person, so how few they are is not said.
    assert [row["Lines"] for row in cost.rows] == [7, "<5"]
    assert cost.column("Month") == ["April", "March"]
    for sheet, column in (("Budget", "Amount"), ("Budget cells", "Budget")):
        budget = read(rendered[HOST], sheet)
        assert sum(budget.pence(column)) == 100_000 == round(budget.total[column] * 100)
    payments = read(rendered[HOST], "Payments")
    assert (payments.pence("Amount"), payments.total["Amount"]) == ([2_500, 500], 30)
    assert payments.rows[0]["Date"].isoformat()[:10] == "2026-04-15"
    by_host = read(rendered[COMMISSIONER], "Cost")
    assert (sum(by_host.pence("Charged")), by_host.total["Charged"]) == (142_000, 1_420)


def test_every_pound_is_accounted_for(rendered, read):
    pounds = read(rendered[COMMISSIONER], "Every pound")
    assert pounds.pence("Submitted") == [142_050, 5_950, 800, 1_200]
    assert (pounds.total["Submitted"], pounds.total["Rows"]) == (1_500, 30)
    identity = (
        "£1,420.50 charged + £59.50 set aside = £1,480.00 in 25 lines; "
        "+ £8.00 rejected + £12.00 superseded = £1,500.00 in the files."
    )
    assert identity in " ".join(pounds.above)
    assert identity in rendered[PAGE].decode()
    assert "the charged lines cost £1,420.00, £0.50 less than was submitted" in rendered[PAGE].decode()
    for workbook in (HOST, COMMISSIONER):
        files = read(rendered[workbook], "Files")
        for row in [*files.rows, files.total]:
            assert row["Rows"] == row["Used"] + row["Rejected"] + row["Superseded"]
            parts = ("Submitted, used", "Submitted, rejected", "Submitted, superseded")
            assert round(row["Submitted"] * 100) == sum(round(row[part] * 100) for part in parts)
        assert read(rendered[workbook], "Set aside").total["Submitted"] == 59.5
        assert read(rendered[workbook], "Rejected").column("Row numbers in the file") == ["4 to 5", "9"]
    assert "belongs to no host" in " ".join(read(rendered[HOST], "Set aside").above)


def test_entries_and_net_by_party_sum_to_nothing(rendered, settlement, read):
    entries = read(rendered[COMMISSIONER], "Entries")
    assert len(entries.rows) == len(settlement["entries"])
    assert round(entries.total["Amount"] * 100) == sum(entry["pence"] for entry in settlement["entries"])
    net = read(rendered[COMMISSIONER], "Net by party")
    assert sum(net.pence("Net: received less paid")) == 0 == net.total["Net: received less paid"]
    received = {row["Party"]: row["Received"] for row in net.rows}
    assert received["VC1 Connectors"] == 12


def test_details_carry_inputs_parts_and_the_amount_before_rounding(rendered, read):
    details = read(rendered[HOST], "Line details")
    found = [(row["What"], row["Part"], row["How it is worked out"], row["Amount"]) for row in details.rows]
    assert ("input", "over", "£10.00", None) in found
    assert ("part", "Seen soon", "weight 100%", 15) in found
    assert ("rounding", "Exact amount, before it is rounded once", "£54.004", 54) in found


def test_outcomes_are_shown_as_rates(rendered, read):
    (row,) = read(rendered[HOST], "Outcomes").rows
    assert (row["Numerator"], row["Denominator"], row["Result"], row["Floor"]) == (3, 4, 0.75, 0.6)
    assert (row["Target"], row["Score"]) == ("2/3", 1)


def test_few_people_are_not_counted_out(rendered, read):
    for workbook in (HOST, COMMISSIONER):
        people = read(rendered[workbook], "People")
        few, others = people.rows[0], people.rows[1]
        assert (few["People"], few["April"], few["March"]) == ("<5", "not shown", "not shown")
        assert (others["People"], others["April"]) == (147, 100)
        assert (people.total["People"], people.total["April"]) == (None, "not shown")
        assert few["Person-days"] == 3 * 365
        assert "shown as <5" in " ".join(people.above)
    assert read(rendered["statement-BBB.xlsx"], "People").total["April"] == 50 * 30 + 100


def test_an_entry_is_told_in_the_words_of_its_line(settlement, read):
    for host in settlement["hosts"]:
        next(line for line in host["lines"] if line["name"] == "cost")["label"] = f"Cost of care of {host['host']}"
    entries = read(render(settlement)[COMMISSIONER], "Entries")
    told = {row["Line"] for row in entries.rows}
    assert {"Cost of care of AAA", "Cost of care of BBB"} <= told and "cost" not in told
