"""A contract settled beside: each reader sees its own bridge, marked SHADOW, and none of it is in what is paid."""

import pytest

from yoc.core.money import format_pounds
from yoc.report import COMMISSIONER_WORKBOOK, PAGE, render


def row(term: str, before: int, after: int, change: str = "", parts: tuple = ()) -> dict:
    return {
        "term": term, "label": f"Clause of {term}", "change": change, "before_pence": before, "after_pence": after,
        "difference_pence": after - before, "parts": list(parts),
    }  # fmt: skip


def bridge(host: str, before: int, budget: tuple[int, int]) -> dict:
    """The budget and a share that is new; the share takes £1."""
    part = {"label": "Core: primary", "before_pence": budget[0], "after_pence": budget[1],
            "difference_pence": budget[1] - budget[0], "detail": "was 1 × £5.00; is 1 × £6.00"}  # fmt: skip
    after = before + budget[1] - budget[0] - 100
    rest = before - budget[0]
    return {
        "host": host, "before_pence": before, "after_pence": after, "difference_pence": after - before,
        "terms": [row("budget", *budget, "changed", (part,)), row("rest", rest, rest), row("share", 0, -100, "new")],
        "between_others": [],
    }  # fmt: skip


@pytest.fixture
def beside(settlement: dict) -> dict:
    hosts = [bridge("AAA", 600, (100_000, 100_777)), bridge("BBB", -5_700, (50_000, 50_333))]
    together = bridge("All hosts", -5_100, (150_000, 151_110))
    together["terms"][2] = row("share", 0, -200, "new")
    together |= {"after_pence": -5_100 + 1_110 - 200, "difference_pence": 910}
    flow = {"term": "vcse", "label": "Clause 9", "payer": "Sample ICB", "payee": "Connectors", "before_pence": 0,
            "after_pence": 4_200, "difference_pence": 4_200}  # fmt: skip
    settlement["beside"] = {
        "status": "shadow", "contract": {"id": "next", "title": "The next contract", "version": "2.0"},
        "file": "contracts/next/contract.yaml",
        "changes": [{"part": "The budget", "what": "Core, primary", "before": "£5", "after": "£6"}],
        "hosts": hosts, "all": together | {"between_others": [flow]},
    }  # fmt: skip
    return settlement


def test_a_host_sees_its_own_bridge_and_no_other(beside, read):
    files = render(beside)
    sheet = read(files["statement-AAA.xlsx"], "Beside")
    assert sheet.rows[0]["Difference"] == 7.77
    assert sheet.rows[1]["How it comes about"] == "was 1 × £5.00; is 1 × £6.00"
    assert (sheet.total["Before"], sheet.total["Beside (SHADOW)"], sheet.total["Difference"]) == (6.00, 12.77, 6.77)
    assert sheet.above[0].startswith("SHADOW:") and any("no payment is due" in line for line in sheet.above)
    held = str(sheet.rows) + str(sheet.total) + str(sheet.above)
    assert "333" not in held and "503.33" not in held and "BBB" not in held


def test_the_commissioner_sees_all_and_what_moves_between_others(beside, read):
    content = render(beside)[COMMISSIONER_WORKBOOK]
    assert read(content, "Beside").total["Difference"] == 9.10
    assert read(content, "Beside by host").pence("Difference") == [677, 233]
    assert read(content, "Beside, others").rows[0]["Difference"] == 42.00
    assert read(content, "Beside, words").rows[0]["The contract beside"] == "£6"


def test_the_page_marks_every_table_of_it(beside):
    page = render(beside)[PAGE].decode()
    section = page[page.index('id="beside"') : page.index('id="pounds"')]
    assert section.count("<caption>SHADOW:") == 3
    assert format_pounds(910) in section and "no payment is due" in section
    before = page[: page.index('id="beside"')]
    assert "SHADOW" not in before, "what is due is not marked as if it were not"


def test_nothing_is_said_of_it_where_there_is_none(rendered):
    assert b"Beside" not in rendered[PAGE]


def test_entries_and_sums_due_do_not_know_of_it(beside, rendered, read):
    with_it = render(beside)
    for sheet in ("Summary", "Entries", "Net by party"):
        assert read(with_it[COMMISSIONER_WORKBOOK], sheet) == read(rendered[COMMISSIONER_WORKBOOK], sheet)
