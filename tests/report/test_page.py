"""The page stands alone, can be read without seeing it, and draws what the lines say."""

import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from yoc.report import render
from yoc.report.chart import bars, draws_on_account

VOID = {"meta", "br", "link", "img", "input", "hr"}


class Reader(HTMLParser):
    """Reads a page strictly: every element is closed, and it keeps tags with their attributes."""

    def __init__(self):
        super().__init__()
        self.open, self.tags, self.text = [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


@pytest.fixture
def page(rendered):
    return rendered["index.html"].decode()


def read_page(text):
    reader = Reader()
    reader.feed(text)
    assert reader.open == []
    return reader


def test_nothing_is_asked_of_the_outside_and_nothing_runs(page):
    reader = read_page(page)
    tags = {tag for tag, _ in reader.tags}
    assert not tags & {"script", "link", "iframe", "object", "img", "form"}
    for _, attributes in reader.tags:
        for name, value in attributes.items():
            assert not name.startswith("on")
            if name in ("src", "href", "xlink:href", "action"):
                assert value.startswith("#") or re.fullmatch(r"statement-[\w-]+\.xlsx", value)
    assert not re.search(r"url\((?!#)", page)
    assert "@import" not in page
    outside = set(re.findall(r"https?://[^\"'<\s]+", page))
    assert outside <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}


def test_headings_are_in_order_and_ids_are_unique(page):
    reader = read_page(page)
    levels = [int(tag[1]) for tag, _ in reader.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    ids = [attributes["id"] for _, attributes in reader.tags if "id" in attributes]
    assert len(set(ids)) == len(ids)
    wanted = {value[1:] for _, attributes in reader.tags for name, value in attributes.items()
              if name in ("href", "xlink:href") and value.startswith("#")}  # fmt: skip
    wanted |= set(re.findall(r"url\(#([^)]+)\)", page))
    wanted |= {part for _, attributes in reader.tags for part in attributes.get("aria-labelledby", "").split()}
    assert wanted <= set(ids)


def test_tables_and_charts_can_be_read_without_seeing_them(page):
    reader = read_page(page)
    tags = [tag for tag, _ in reader.tags]
    assert tags.count("table") == tags.count("caption") > 0
    assert all(attributes.get("scope") in ("col", "row") for tag, attributes in reader.tags if tag == "th")
    drawings = [attributes for tag, attributes in reader.tags if tag == "svg"]
    assert len(drawings) == 2
    assert all(drawing["role"] == "img" for drawing in drawings)
    assert ("html", {"lang": "en-GB"}) in reader.tags
    assert "Balance: budget less cost £100.00; high_cost +£8.00; share -£54.00" in page


def test_the_chart_leads_from_balance_to_what_is_due(settlement):
    first = settlement["hosts"][0]
    drawn = bars(settlement, first, with_on_account=True)
    assert [(bar.start_pence, bar.end_pence) for bar in drawn] == [
        (0, 10_000), (10_000, 10_800), (10_800, 5_400), (5_400, 3_400), (3_400, 4_900), (4_900, 4_600),
        (4_600, 3_600), (3_600, 600), (0, 600),
    ]  # fmt: skip
    assert drawn[5].label == "partners.ZA1, Acute Trust"
    assert drawn[-1].label == "Due to the host"


def test_payments_on_account_that_would_dwarf_the_rest_are_left_out(settlement):
    assert draws_on_account(settlement)
    settlement["hosts"][1]["summary"]["on_account_pence"] = -6_001
    assert not draws_on_account(settlement)
    drawn = bars(settlement, settlement["hosts"][0], with_on_account=False)
    assert (drawn[-1].label, drawn[-1].end_pence) == ("Result before payments on account", 3_600)
    assert "which are too large to draw beside it" in render(settlement)["index.html"].decode()


def test_bars_differ_by_more_than_colour(page):
    assert "+ adds to the host's result" in page
    assert "− takes from the host's result" in page
    hatches = re.findall(r'<pattern id="host-1-', page)
    assert len(hatches) == 2


def test_the_page_says_where_a_shadow_contract_would_have_led(settlement):
    settlement["status"] = "shadow"
    page = render(settlement)["index.html"].decode()
    assert "Alpha integrator would owe Connectors £10.00 and Acute Trust £3.00 and would be owed £19.00" in page
    assert "No payment is due, as the contract is in shadow." in page
    assert " integrator owes " not in page


def test_a_host_without_any_movement_owes_nothing(settlement):
    from yoc.report.words import payment_sentence

    settlement["entries"] = []
    assert payment_sentence(settlement, settlement["hosts"][0]) == "Alpha integrator owes nothing and is owed nothing."


def test_many_parties_are_named_in_part(settlement):
    from yoc.report.words import payment_sentence

    settlement["entries"] = [
        {"host": "AAA", "payer": "AAA", "payee": f"P{number}", "pence": 100 * number} for number in range(1, 9)
    ]
    settlement["hosts"][0]["closing_pence"] = -3_600
    assert payment_sentence(settlement, settlement["hosts"][0]) == (
        "Alpha integrator owes P8 £8.00, P7 £7.00, P6 £6.00, P5 £5.00, P4 £4.00 and 3 others £6.00: "
        "in all £36.00 due from the host."
    )
