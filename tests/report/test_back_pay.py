"""People who were restated have a table on the host's statement and on the commissioner's; others have none."""

from yoc.report import render
from yoc.report.back_pay_tables import back_pay_of_all, back_pay_of_host


def with_back_pay(settlement):
    """AAA's budget of £1,000.00 as £900.00 first counted, £110.00 for April and £10.00 taken back for May."""
    months = [{"month": 1, "pence": 11_000, "units": 33}, {"month": 2, "pence": -1_000, "units": -3}]
    settlement["hosts"][0]["back_pay"] = {
        "whole_year_pence": 90_000, "first_counted_pence": 90_000, "unit": "person-days", "units_per_year": 365,
        "months": months,
    }  # fmt: skip
    return settlement


def test_no_table_where_people_were_counted_once(settlement):
    assert back_pay_of_all(settlement) == []
    assert [back_pay_of_host(host) for host in settlement["hosts"]] == [[], []]


def test_a_host_s_table_adds_to_its_budget(settlement):
    (table,) = back_pay_of_host(with_back_pay(settlement)["hosts"][0])
    assert [column.name for column in table.columns] == ["What", "Person-days more, or fewer (minus)", "Amount"]
    assert table.rows == (
        ("On the people first counted", None, 90_000),
        ("Back-pay for April", 33, 11_000),
        ("Back-pay for May", -3, -1_000),
    )
    assert table.total == ("Budget", 30, 100_000)


def test_all_hosts_stand_side_by_side(settlement):
    (table,) = back_pay_of_all(with_back_pay(settlement))
    (row,) = table.rows
    assert row[0].startswith("AAA")
    assert row[1:4] == (90_000, 11_000, -1_000)
    assert row[4:-1] == (0,) * 10
    assert row[-1] == 100_000 == sum(row[1:-1])


def test_the_tables_are_sheets_of_the_workbooks(settlement, read):
    rendered = render(with_back_pay(settlement), lambda: None)
    for name in ("statement-AAA.xlsx", "statement-commissioner.xlsx"):
        assert read(rendered[name], "Back-pay")
