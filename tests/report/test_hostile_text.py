"""Text is text: a name that looks like a formula, markup or a path does nothing."""

import html
import io
import re

import pytest
from openpyxl import load_workbook

from yoc.report import render

HOSTILE = [
    "=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1+1", "<script>alert(1)</script>", "</svg><b>x</b>",
    "{{ 7 * 7 }}", "$\\frac{1}{2}$", "& &amp; \"quoted\" 'single'",
]  # fmt: skip


@pytest.fixture(params=HOSTILE)
def hostile(request, settlement):
    """A settlement in which every free text is the hostile one, and the text."""
    text = request.param
    for party in settlement["parties"]:
        party["name"] = text
    settlement["contract"]["title"] = settlement["prepared_by"] = settlement["plan"] = text
    settlement["contract"]["price_book"].update(title=text, source=text)
    for host in settlement["hosts"]:
        host["name"] = text
        for line in host["lines"]:
            line.update(label=text, formula=text, clause=text)
        for payment in host["payments"]:
            payment["reference"] = text
    settlement["rejects"][0].update(file=text, reason=text)
    settlement["files"][0]["file"] = settlement["findings"][0]["message"] = text
    return settlement, text


def test_hostile_text_is_text_in_every_workbook_and_on_the_page(hostile):
    settlement, text = hostile
    rendered = render(settlement)
    for name, content in rendered.items():
        if name.endswith(".xlsx"):
            for sheet in load_workbook(io.BytesIO(content)).worksheets:
                assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    lines = load_workbook(io.BytesIO(rendered["statement-AAA.xlsx"]))["Lines"]
    cells = [cell for row in lines.iter_rows() for cell in row if cell.value == text]
    assert len(cells) == 30
    if text[0] in "=+-@\t":
        assert all(cell.quotePrefix for cell in cells)
    page = rendered["index.html"].decode()
    assert "<script" not in page
    assert "<b>x</b>" not in page
    assert page.count("</svg>") == 2
    (heading,) = re.findall(r"<h1>(.*?)</h1>", page, re.DOTALL)
    assert html.unescape(heading) == text


def test_characters_that_a_workbook_cannot_hold_are_replaced(settlement, read):
    settlement["hosts"][0]["lines"][0]["label"] = "a\x00b\x0bc"
    rendered = render(settlement)
    assert read(rendered["statement-AAA.xlsx"], "Lines").rows[0]["Line"] == "a\ufffdb\ufffdc"


def test_a_code_cannot_lead_out_of_the_folder(settlement):
    settlement["hosts"][0]["host"] = "../../AAA"
    assert "statement-______AAA.xlsx" in render(settlement)
