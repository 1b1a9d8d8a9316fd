"""The page of a built budget: every step is there, text is text, and it needs no other file."""

import html
import re

from yoc.report.budget_page import budget_page, rates_table

HOSTILE = "<script>alert(1)</script>{{ 7 * 7 }}"
CONTENT = {
    "budget": "b", "title": HOSTILE, "synthetic": True, "year": "2026/27", "as_of": "2026-05-01",
    "prepared_by": HOSTILE, "method": "baseline_years", "software": "yoc 0",
    "rates": [
        {"segment": "a", "setting": "emergency", "annual_rate_pence": 12_345},
        {"segment": "b", "setting": "primary", "annual_rate_pence": 100},
        {"segment": "a", "setting": "primary", "annual_rate_pence": 55},
    ],
    "steps": [
        {
            "id": "set_aside", "title": "Set aside", "headline": HOSTILE, "words": [HOSTILE],
            "columns": [{"name": "Reason", "kind": "text"}, {"name": "Submitted", "kind": "pounds"}],
            "rows": [[HOSTILE, 250_000], ["few", "not shown"]], "notes": [HOSTILE], "exact": {},
        }
    ],
    "made_from": {"documents": {HOSTILE: "0" * 64}, "inputs": {"data/x.csv": "1" * 64}},
}  # fmt: skip


def test_text_is_text_and_every_figure_is_on_the_page():
    page = budget_page(CONTENT).decode()
    assert "<script" not in page and page.count(html.escape(HOSTILE)) >= 7
    for shown in ("£123.45", "£2,500.00", "not shown", "data/x.csv", "1. Set aside", "Synthetic sample"):
        assert shown in page
    assert not re.search(r"(?:src|href)=.(?:https?:|//)", page)
    assert budget_page(CONTENT).decode() == page


def test_every_table_has_a_caption_and_row_headers_and_links_lead_to_a_step():
    page = budget_page(CONTENT).decode()
    assert page.count("<table") == page.count("<caption>") == 2
    assert page.count('scope="row"') == 4
    anchors = set(re.findall(r'href="#([^"]+)"', page))
    assert anchors == {"main", "step-1"} and all(f'id="{anchor}"' in page for anchor in anchors)


def test_rates_stand_by_segment_with_their_sum_and_blanks_where_there_is_none():
    assert rates_table(CONTENT["rates"]).rows == (("a", 12_345, 55, 12_400), ("b", None, 100, 100))
