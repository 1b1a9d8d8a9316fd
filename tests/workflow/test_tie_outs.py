"""Lines, statements and invoices of the small world: what agrees, what differs by a penny, and what that does."""

import io
import json
from pathlib import Path

import pytest
from openpyxl import load_workbook
from small_world import LINES, lay, table

from yoc.core.findings import FindingsError, Level
from yoc.workflow.plan import read_job
from yoc.workflow.reconcile import compute, reconcile
from yoc.workflow.settle_plan import settle_plan

# The lines of P by month: one of £90.00 in April; -£80, -£50 and £10 in May; £120 and £95 in August.
STATEMENT = ("P,1,AE,1,90.00", "P,2,AE,1,-120.00", "P,5,AE,2,215.00")
INVOICES = ("P,1,90.00", "P,2,-120.00", "P,5,215.00")
STATEMENT_HEADER = (
    "ORGANISATION IDENTIFIER (CODE OF PROVIDER),FINANCIAL MONTH,POINT OF DELIVERY CODE,"
    "CONTRACT MONITORING ACTUAL ACTIVITY,CONTRACT MONITORING ACTUAL PRICE,FINANCIAL YEAR,"
    "ORGANISATION IDENTIFIER (CODE OF COMMISSIONER)"
)
DRUGS_HEADER = (
    "FINANCIAL MONTH,FINANCIAL YEAR,ORGANISATION IDENTIFIER (CODE OF PROVIDER),"
    "ORGANISATION IDENTIFIER (CODE OF COMMISSIONER),PSEUDO NHS NUMBER,CLINICAL INTERVENTION DATE (DRUG DISPENSED),"
    "DRUG QUANTITY OR WEIGHT PROPORTION (HIGH COST TARIFF EXCLUDED DRUG),UNIT PRICE (SUPPLIER),"
    "UNIT PRICE (COMMISSIONER),HOME DELIVERY CHARGE,VALUE ADDED TAX CHARGED INDICATOR (CONTRACT MONITORING),TOTAL COST"
)


def state(root: Path, *rows: str, name: str = "acm", year: str = "202627") -> None:
    table(root, f"data/{name}.csv", STATEMENT_HEADER, [f"{row},{year},C" for row in rows])


def invoice(root: Path, *rows: str) -> None:
    table(root, "data/invoices.csv", "PROVIDER,MONTH,AMOUNT,YEAR", [f"{row},2026/27" for row in rows])


def tie(plan: Path, inputs: dict[str, str] | None = None, rules: str = "") -> Path:
    """The plan with statements and invoices (unless other inputs are given), and with rules for them."""
    named = inputs if inputs is not None else {"statements": "data/acm.csv", "invoices": "data/invoices.csv"}
    text = plan.read_text(encoding="utf-8") + "".join(f"  {name}: {value}\n" for name, value in named.items())
    plan.write_text(text + (f"tie_outs: {rules}\n" if rules else ""), encoding="utf-8", newline="\n")
    return plan


def told(plan: Path) -> list[tuple[Level, str]]:
    findings = settle_plan(read_job(plan)).findings
    return [(finding.level, finding.message) for finding in findings if finding.code == "TIE-OUT"]


def test_what_agrees_is_told_in_totals_alone(tmp_path: Path):
    plan = tie(lay(tmp_path))
    state(tmp_path, *STATEMENT)
    invoice(tmp_path, *INVOICES)
    content = compute(plan)
    assert told(plan) == []
    tied = content["tie_outs"]
    assert (tied["cells"], tied["not_tied"]) == ([], [])
    # £90 - £120 + £215.
    totals = [(total["rule"], total["first_pence"], total["second_pence"], total["cells"]) for total in tied["totals"]]
    assert totals == [("activity", 18_500, 18_500, 3), ("invoice", 18_500, 18_500, 3)]
    # A statement is compared with the lines, and no pound of it is added to them.
    assert sum(file["submitted_pence"] for file in content["files"]) == 18_500
    assert {file["file"]: file["used"] for file in content["files"]}["data/acm.csv"] == 3


def test_without_statements_nothing_is_compared(tmp_path: Path):
    assert compute(lay(tmp_path))["tie_outs"] is None


def test_a_penny_is_found_and_placed(tmp_path: Path):
    plan = tie(lay(tmp_path))
    state(tmp_path, "P,1,AE,1,90.01", *STATEMENT[1:])
    invoice(tmp_path, "P,1,90.01", "P,2,-120.00", "P,5,214.99")
    assert told(plan) == [
        (
            Level.WARNING,
            "P, 2026/27 month 01, AE: contract monitoring £90.00, the statement without drugs and devices £90.01: "
            "£0.01 more",
        ),
        (Level.WARNING, "P, 2026/27 month 05: the statement £215.00, the invoice £214.99: £0.01 less"),
    ]
    cell = compute(plan)["tie_outs"]["cells"][0]
    assert (cell["provider"], cell["period"], cell["month"], cell["point_of_delivery"], cell["difference_pence"]) == (
        "P", "2026/27 month 01", 1, "AE", 1,
    )  # fmt: skip


def test_the_commissioners_workbook_has_the_totals_and_each_cell_that_differs(tmp_path: Path):
    plan = tie(lay(tmp_path))
    state(tmp_path, "P,1,AE,1,90.01", *STATEMENT[1:])
    invoice(tmp_path, "P,1,90.01", *INVOICES[1:])
    run = reconcile(plan)
    book = load_workbook(io.BytesIO((run.report_folder / "statement-commissioner.xlsx").read_bytes()))
    sheet = book["Tie-outs"]
    (listed,) = sheet.tables.values()
    first, *rows = [[cell.value for cell in row] for row in sheet[listed.ref]]
    shown = [dict(zip(first, row, strict=True)) for row in rows]
    assert [(row["Month"], row["The other less the one"], row["What it shows"]) for row in shown] == [
        ("All months", 0.01, "1 of 3 cells differ"),
        ("All months", 0, "all 3 cells agree"),
        ("2026/27 month 01", 0.01, "the money differs"),
    ]
    saved = json.loads((run.run_folder / "settlement.json").read_text(encoding="utf-8"))
    assert len(saved["tie_outs"]["cells"]) == 1
    made_from = json.loads((run.run_folder / "manifest.json").read_text(encoding="utf-8"))["made_from"]["inputs"]
    assert {"data/acm.csv", "data/invoices.csv"} <= set(made_from)


def test_differences_stop_the_run_where_the_plan_says_so_with_all_of_them(tmp_path: Path):
    plan = tie(lay(tmp_path), rules="{statements: block}")
    state(tmp_path, "P,1,AE,1,90.01", "P,2,AE,1,-120.01", STATEMENT[2])
    invoice(tmp_path, *INVOICES)
    with pytest.raises(FindingsError) as caught:
        reconcile(plan)
    found = [(finding.code, finding.level) for finding in caught.value.findings]
    # Both months stop the run; that their invoices differ as well is told beside them.
    assert found == [("TIE-OUT", Level.SUBMISSION)] * 2 + [("TIE-OUT", Level.WARNING)] * 2
    assert not list((tmp_path / "reconciliation/2026-27/world/runs").glob("2026-*"))
    assert not (tmp_path / "reports").exists()


def test_invoices_stop_the_run_by_themselves(tmp_path: Path):
    plan = tie(lay(tmp_path), rules="{invoices: block}")
    state(tmp_path, *STATEMENT)
    invoice(tmp_path, *INVOICES[:2], "P,5,215.01")
    with pytest.raises(FindingsError):
        settle_plan(read_job(plan))
    invoice(tmp_path, *INVOICES)
    assert told(plan) == []


@pytest.mark.parametrize(("price", "differs"), [("90.05", False), ("90.06", True), ("89.95", False), ("89.94", True)])
def test_what_may_differ_is_counted_to_the_penny(tmp_path: Path, price: str, differs: bool):
    plan = tie(lay(tmp_path), {"statements": "data/acm.csv"}, "{within: £0.05}")
    state(tmp_path, f"P,1,AE,1,{price}", *STATEMENT[1:])
    assert bool(told(plan)) is differs


def test_a_cell_that_one_side_lacks_is_named(tmp_path: Path):
    plan = tie(lay(tmp_path), {"statements": "data/acm.csv"})
    state(tmp_path, *STATEMENT, "P,5,NEL,1,50.00")
    assert told(plan) == [
        (
            Level.WARNING,
            "P, 2026/27 month 05, NEL: contract monitoring has no such row, the statement without drugs and devices "
            "£50.00: £50.00 more",
        )
    ]
    state(tmp_path, "P,1,NEL,1,90.00", *STATEMENT[1:])
    assert [message.partition(": ")[2] for _, message in told(plan)] == [
        "contract monitoring £90.00, the statement without drugs and devices has no such row: £90.00 less",
        "contract monitoring has no such row, the statement without drugs and devices £90.00: £90.00 more",
    ]


def test_a_month_that_one_side_lacks_whole_is_told_once(tmp_path: Path):
    lines = (*LINES, ("P2", "2026-08-03", "NEL", "VB01Z", "1", "10.00"))
    plan = tie(lay(tmp_path, lines=lines), {"statements": "data/acm.csv"})
    state(tmp_path, *STATEMENT[:2])
    assert [message for _, message in told(plan)] == [
        "P, 2026/27 month 05: contract monitoring £225.00 in 2 points of delivery, the statement without drugs and "
        "devices nothing at all"
    ]


def test_a_count_alone_is_never_more_than_a_warning(tmp_path: Path):
    plan = tie(lay(tmp_path), {"statements": "data/acm.csv"}, "{statements: block}")
    state(tmp_path, "P,1,AE,1.5,90.00", *STATEMENT[1:])
    assert told(plan) == [
        (
            Level.WARNING,
            "P, 2026/27 month 01, AE: the money agrees, the count does not: contract monitoring 1, the statement "
            "without drugs and devices 1.5",
        )
    ]


def test_the_latest_statement_of_a_month_counts(tmp_path: Path):
    loads = "[{files: data/acm.csv, profile: acm}, {files: data/acm2.csv}]"
    plan = tie(lay(tmp_path), {"statements": loads})
    state(tmp_path, "P,1,AE,1,99.00", *STATEMENT[1:])
    state(tmp_path, STATEMENT[0], name="acm2")
    assert told(plan) == []
    accounts = {account.file: account for account in settle_plan(read_job(plan)).accounts}
    assert (accounts["data/acm.csv"].superseded, accounts["data/acm.csv"].used) == (1, 2)


def test_drugs_are_compared_with_the_statements_drugs(tmp_path: Path):
    loads = "[data/activity.csv, {files: data/drugs.csv, profile: drugs_plcm}]"
    plan = lay(tmp_path)
    plan.write_text(plan.read_text(encoding="utf-8").replace("activity: data/activity.csv", f"activity: {loads}"))
    table(tmp_path, "data/drugs.csv", DRUGS_HEADER, ["1,202627,P,C,P1,2026-04-11,0.5,10.00,20.00,0.00,N,10.00"])
    tie(plan, {"statements": "data/acm.csv"})
    state(tmp_path, *STATEMENT, "P,1,DRUG,0.5,10.00")
    assert told(plan) == []
    state(tmp_path, *STATEMENT, "P,1,DRUG,0.5,10.01")
    assert [message for _, message in told(plan)] == [
        "P, 2026/27 month 01, DRUG: drugs contract monitoring £10.00, the drugs of the statement £10.01: £0.01 more"
    ]


def test_a_drug_in_contract_monitoring_is_in_the_wrong_file(tmp_path: Path):
    plan = tie(lay(tmp_path, lines=(*LINES, ("P1", "2026-04-11", "DRUG", "", "1", "10.00"))))
    state(tmp_path, *STATEMENT, "P,1,DRUG,1,10.00")
    invoice(tmp_path, "P,1,100.00", *INVOICES[1:])
    assert [message.partition(": ")[2] for _, message in told(plan)] == [
        "contract monitoring £10.00, the statement without drugs and devices has no such row: £10.00 less",
        "drugs contract monitoring has no such row, the drugs of the statement £10.00: £10.00 more",
    ]


def test_invoices_without_statements_are_compared_with_lines(tmp_path: Path):
    plan = tie(lay(tmp_path), {"invoices": "data/invoices.csv"}, "{invoices: block}")
    invoice(tmp_path, "P,1,60.00", "P,1,30.00", *INVOICES[1:])
    assert told(plan) == []
    invoice(tmp_path, *INVOICES[1:])
    with pytest.raises(FindingsError) as caught:
        settle_plan(read_job(plan))
    assert [finding.message for finding in caught.value.findings] == [
        "P, 2026/27 month 01: contract monitoring, drugs and devices £90.00, the invoice has no such row: £90.00 less"
    ]


def test_a_provider_with_neither_is_said_and_never_stops_a_run(tmp_path: Path):
    plan = tie(lay(tmp_path), rules="{statements: block, invoices: block}")
    state(tmp_path, "Q,1,AE,0,0.00")
    invoice(tmp_path, "Q,1,0.00")
    assert told(plan) == [
        (
            Level.WARNING,
            "P sends neither a statement nor an invoice: its 6 lines, submitted at £185.00, are compared with nothing",
        )
    ]


def test_months_that_have_not_begun_are_left_out(tmp_path: Path):
    plan = tie(lay(tmp_path), {"statements": "[data/acm.csv, data/acm2.csv]"}, "{statements: block}")
    state(tmp_path, *STATEMENT)
    state(tmp_path, "P,1,AE,1,5.00", name="acm2", year="203031")
    assert told(plan) == []


def test_a_plan_that_stops_on_differences_names_what_to_compare(tmp_path: Path):
    plan = tie(lay(tmp_path), {}, "{statements: block}")
    with pytest.raises(FindingsError) as caught:
        read_job(plan)
    assert [(finding.code, finding.message) for finding in caught.value.findings] == [
        ("PLAN-MISMATCH", "the plan stops where statements differ, and names none")
    ]


def test_a_statement_that_is_an_invoice_is_refused(tmp_path: Path):
    plan = tie(lay(tmp_path), {"statements": "[{files: data/invoices.csv, profile: invoice}]"})
    invoice(tmp_path, *INVOICES)
    with pytest.raises(FindingsError) as caught:
        settle_plan(read_job(plan))
    assert [finding.code for finding in caught.value.findings] == ["PROFILE-UNKNOWN"]
