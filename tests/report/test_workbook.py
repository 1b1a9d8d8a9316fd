"""What holds for every sheet of every workbook."""

import copy
import io
import re
import zipfile

import pytest
from openpyxl import load_workbook

from yoc.report import render
from yoc.report.words import SHADOW_LINE, SYNTHETIC_LINE

HOST_SHEETS = [
    "Cover", "Summary", "Lines", "Line details", "Who pays whom", "Cost", "People", "Budget", "Budget cells",
    "Outcomes", "Payments", "Set aside", "Rejected", "Files", "Checks",
]  # fmt: skip
COMMISSIONER_SHEETS = [
    "Cover", "Summary", "Entries", "Net by party", "Cost", "People", "Outcomes", "Every pound", "Set aside", "Rejected",
    "Files", "Findings", "Checks",
]  # fmt: skip


def workbooks(rendered):
    return {name: load_workbook(io.BytesIO(content)) for name, content in rendered.items() if name.endswith(".xlsx")}


def sheets(rendered):
    return [sheet for book in workbooks(rendered).values() for sheet in book.worksheets]


def test_one_file_a_host_one_for_the_commissioner_and_a_page(settlement):
    steps = []
    before = copy.deepcopy(settlement)
    rendered = render(settlement, lambda: steps.append(1))
    assert list(rendered) == ["statement-AAA.xlsx", "statement-BBB.xlsx", "statement-commissioner.xlsx", "index.html"]
    assert len(steps) == len(rendered)
    assert settlement == before
    books = workbooks(rendered)
    assert books["statement-AAA.xlsx"].sheetnames == HOST_SHEETS
    assert books["statement-commissioner.xlsx"].sheetnames == COMMISSIONER_SHEETS


def test_one_table_a_sheet_with_one_header_row(rendered):
    for sheet in sheets(rendered):
        (table,) = sheet.tables.values()
        header = int(re.match(r"A(\d+):", table.ref)[1])
        names = [cell.value for cell in sheet[header]]
        assert all(isinstance(name, str) and name for name in names), sheet.title
        assert len(set(names)) == len(names)
        assert [column.name for column in table.tableColumns] == names
        assert all(cell.font.bold for cell in sheet[header])
        assert sheet.freeze_panes.endswith(str(header + 1))
        assert sheet.print_title_rows == f"${header}:${header}"
        assert all(sheet.cell(row, 2).value is None for row in range(1, header))
        assert sheet.merged_cells.ranges == set()


def test_sheets_are_set_up_to_print(rendered):
    for sheet in sheets(rendered):
        assert sheet.page_setup.orientation == ("portrait" if sheet.title == "Cover" else "landscape")
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.oddFooter.left.text == "Run 2026-27-abc123"
        assert sheet.oddFooter.right.text == "Page &P of &N"


def test_no_cell_is_a_formula(rendered):
    for sheet in sheets(rendered):
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" for cell in row)
    for name, content in rendered.items():
        if name.endswith(".xlsx"):
            with zipfile.ZipFile(io.BytesIO(content)) as parts:
                assert not any(b"<f>" in parts.read(part) for part in parts.namelist() if "worksheets" in part)


def test_money_is_written_to_the_penny_with_a_sign_and_no_colour(rendered):
    lines = workbooks(rendered)["statement-AAA.xlsx"]["Lines"]
    formats = {cell.number_format for row in lines.iter_rows() for cell in row if cell.data_type == "n" and cell.value}
    assert "£#,##0.00;-£#,##0.00" in formats
    assert not any("Red" in number_format for number_format in formats)
    with zipfile.ZipFile(io.BytesIO(render_big())) as parts:
        assert b"<v>90071992547.41</v>" in parts.read("xl/worksheets/sheet1.xml")


def render_big() -> bytes:
    from yoc.report.table import Column, Kind, Table
    from yoc.report.workbook import Frame, workbook_bytes

    table = Table("Big", "Big", "", (Column("Name"), Column("Sum", Kind.POUNDS)), (("all", 9_007_199_254_741),))
    return workbook_bytes([table], Frame("", (), "run", "yoc", "2027-04-23"))


def test_an_empty_table_says_none(settlement, read):
    settlement["rejects"] = []
    settlement["hosts"][0]["payments"] = []
    rendered = render(settlement)
    assert read(rendered["statement-AAA.xlsx"], "Rejected").rows[0]["File"] == "None"
    payments = read(rendered["statement-AAA.xlsx"], "Payments")
    assert (payments.rows[0]["Reference"], payments.total["Amount"]) == ("None", 0)


@pytest.mark.parametrize(
    ("change", "line"), [({"status": "shadow"}, SHADOW_LINE), ({"synthetic": True}, SYNTHETIC_LINE)]
)
def test_a_shadow_or_synthetic_statement_says_so_on_every_sheet_and_on_the_page(settlement, change, line):
    settlement.update({"status": "live", "synthetic": False} | change)
    rendered = render(settlement)
    for sheet in sheets(rendered):
        assert line in [sheet.cell(row, 1).value for row in range(1, 6)], sheet.title
        assert line in sheet.oddFooter.center.text
    assert f"<strong>{line}</strong>" in rendered["index.html"].decode()


def test_a_live_statement_of_real_parties_has_no_banner(settlement):
    settlement["synthetic"] = False
    rendered = render(settlement)
    assert all(SYNTHETIC_LINE not in str(cell.value) for sheet in sheets(rendered) for cell in sheet["A"])
    assert SHADOW_LINE not in rendered["index.html"].decode()


def test_a_failed_check_is_said_on_every_sheet_and_on_the_page(settlement):
    settlement["checks"][0]["passed"] = False
    rendered = render(settlement)
    for sheet in sheets(rendered):
        assert "NOT TO BE RELIED ON: check 1 failed" in [sheet.cell(row, 1).value for row in range(1, 6)]
    page = rendered["index.html"].decode()
    assert "1 of 2 checks FAILED: 1 Entries sum to zero" in page
    assert "Checks held." not in page


def test_the_same_settlement_gives_the_same_bytes_and_names_its_own_day(settlement, rendered):
    assert render(settlement) == rendered
    for name, content in rendered.items():
        if not name.endswith(".xlsx"):
            continue
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            assert {member.date_time for member in parts.infolist()} == {(2027, 4, 23, 0, 0, 0)}
            core = parts.read("docProps/core.xml").decode()
        assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core)) == {"2027-04-23T00:00:00Z"}


def test_the_cover_leads_to_every_sheet_and_says_what_the_contract_chose(rendered, read):
    for name, book in workbooks(rendered).items():
        cover = book["Cover"]
        links = {cell.value: cell.hyperlink.location for cell in cover["B"] if cell.hyperlink}
        assert links == {sheet: f"'{sheet}'!A1" for sheet in book.sheetnames[1:]}
        rows = {row["Item"]: row["Detail"] for row in read(rendered[name], "Cover").rows}
        assert rows["Run"] == "2026-27-abc123"
        assert rows["Contract"] == "sample, version 1.0"
        assert rows["Where the budget is rounded"].startswith("To the penny once, on the total")
        assert rows["How providers are paid"].startswith("The commissioner has paid the providers")
        assert rows["Price book"] == "Price book (prices), published 1 April 2026"
        assert rows["VC1 (VCSE partner)"] == "Connectors"
