"""Rates from files: two years of lines by hand, tables, populations; written once; a year in part is refused."""

import json
import re
import shutil
import zipfile

import pytest
from budget_world import LINES, PEOPLE, lay, lines_of
from small_world import lay_book
from typer.testing import CliRunner

from yoc.audit import hash_document
from yoc.cli.commands import app
from yoc.core.findings import FindingsError
from yoc.intake.profile_set import built_in_profiles
from yoc.report.cover import how_made
from yoc.workflow import build_budget
from yoc.workflow.budget_file import budget_content, write_budget
from yoc.workflow.build_budget import build_budget_of
from yoc.workflow.contract_files import read_contract_file
from yoc.workflow.reconcile import compute, reconcile

CELLS = """\
Year,Months,Segment,Setting,Person days,Cost
2025/26,12,young,emergency,3650,"£3,000.00"
2025/26,12,old,emergency,7300,"£10,000.00"
"""
CELLS_PLAN = """\
budget: totals
title: Rates from totals
year: 2026/27
as_of: 2026-05-01
prepared_by: Tests
method:
  kind: baseline_years
  cells: data/totals.csv
  years:
    - {year: 2025/26, weight: 100%}
  trend: {index: {2025/26: 100, 2026/27: 102}}
"""


def lay_text(root, plan, **files):
    """A workspace with a plan and small files under `data`."""
    for folder in ("contracts", "reconciliation", "budgets/totals", "data"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (root / "data" / f"{name}.csv").write_text(text, encoding="utf-8")
    path = root / "budgets/totals/budget.yaml"
    path.write_text(plan, encoding="utf-8")
    return path


def findings_of(path):
    with pytest.raises(FindingsError) as caught:
        build_budget_of(path)
    return [(finding.code, finding.message) for finding in caught.value.findings]


def test_two_years_of_lines_by_hand(tmp_path):
    budget = build_budget_of(lay(tmp_path))
    # 25% of £200 × 1.1 and 75% of £300; 25% of £400 × 1.1 and 75% of £7,500; what is agreed as it is.
    assert budget.built.rates_pence == {
        ("young", "emergency"): 28_000, ("old", "emergency"): 573_500,
        ("young", "primary"): 12_000, ("old", "primary"): 32_000,
    }  # fmt: skip
    assert budget.built.person_years == {"young": 6, "old": 6}
    # £280 for £150 and £120 for £100, of six people; £5,735 for £500, £320 for £300.
    assert [row[4:] for row in budget.gap.rows] == [
        (13_000, "6.0000", 78_000), (523_500, "6.0000", 3_141_000),
        (2_000, "6.0000", 12_000), (2_000, "6.0000", 12_000),
    ]  # fmt: skip
    assert budget.gap.headline == "£32,430.00 over all segments and settings"


def test_one_persons_cost_is_cut_pooled_and_told_of_nobody(tmp_path):
    trend = "  trend:\n"
    cut = ("  trend:\n", "  outliers: {over_sum: £30k, left_out: 50%}\n" + trend)
    budget = build_budget_of(lay(tmp_path, cut))
    # 2025/26: £12,000 over; half of it over twelve people is £500. Young 300 + 500, old (3,000 + 30,000) ÷ 6 + 500.
    # 25% of £220 and 75% of £800; 25% of £440 and 75% of £6,000.
    assert budget.built.rates_pence["young", "emergency"] == 65_500
    assert budget.built.rates_pence["old", "emergency"] == 461_000
    shown = json.dumps(budget_content(budget))
    assert '"<5"' in shown and '"not shown"' in shown
    assert not [person for person in PEOPLE if f'"{person}"' in shown]
    assert "1200000" not in shown and "4200000" not in shown and "12,000" not in shown and "6,000.00" not in shown


def test_pro_rata_takes_the_cut_down_with_the_days(tmp_path):
    # O2 is born and registered all year, so nothing changes for those who count the whole year.
    whole = ("  trend:\n", "  outliers: {over_sum: £30k, pro_rata: yes, left_out: 100%}\n  trend:\n")
    budget = build_budget_of(lay(tmp_path, whole))
    assert budget.built.rates_pence["old", "emergency"] == 11_000 + 412_500  # 25% of £440, 75% of £33,000 ÷ 6


@pytest.mark.parametrize(
    ("lines", "people", "edits", "code", "words"),
    [
        ({**LINES, 2025: lines_of(2025, 150, 250, months=[m for m in range(1, 13) if m != 9])}, PEOPLE, (),
         "BASELINE-INCOMPLETE", "in 2025/26 provider P has no line for December"),
        (LINES, {name: born for name, born in PEOPLE.items() if name not in ("Y5", "Y6")}, (),
         "BASELINE-SMALL", "in 2024/25 fewer than 5 people counted in segment young"),
        (LINES, PEOPLE, (("weight: 25%", "weight: 20%"),), "FIELD-VALUE", "add to 95%, not to 100%"),
        (LINES, PEOPLE, (("as_of: 2026-05-01", "as_of: 2026-03-30"),), "BASELINE-INCOMPLETE", "has not ended"),
        (LINES, PEOPLE, (("2025/26: 10%, ", ""),), "FIELD-MISSING", "does not give the rate into 2025/26"),
        (LINES, PEOPLE, (("    young: {primary: £120}\n", ""),), "FIELD-MISSING", "no rate of young for primary"),
        (LINES, PEOPLE, (("  given:\n    young: {primary: £120}\n    old: {primary: £320}\n", ""),),
         "BASELINE-INCOMPLETE", "no line of primary care was charged in any month"),
        (LINES, PEOPLE, (("year: 2026/27\nas_of: 2026-05-01", "year: 2024/25\nas_of: 2026-05-01"),),
         "PLAN-MISMATCH", "2025/26 is later than 2024/25"),
        (LINES, PEOPLE, (("  trend:\n", "  outliers: {over_percentile: 95%, left_out: 0%}\n  trend:\n"),),
         "BASELINE-SMALL", "fewer than 20 people cost more than the percentile"),
        (LINES, PEOPLE, (("    old: {primary", "    ancient: {primary"),), "TERM-REFERENCE", "`ancient` is no segment"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_baseline_is_refused(tmp_path, lines, people, edits, code, words):
    if people is not PEOPLE:
        lines = {start: [line for line in own if "Y5" not in line] for start, own in lines.items()}
    found = findings_of(lay(tmp_path, *edits, lines=lines, people=people))
    assert any(found_code == code and words in message for found_code, message in found), found
    assert not (tmp_path / "budgets/world/2026-05-01").exists()


def test_a_gap_that_is_accepted_is_told(tmp_path):
    lines = {**LINES, 2025: lines_of(2025, 150, 250, months=[m for m in range(1, 13) if m != 9])}
    gaps = ("  given:\n", "  accept_gaps:\n    - {provider: P, reason: closed in December}\n  given:\n")
    found = findings_of(lay(tmp_path, gaps, lines=lines))
    # The setting as a whole still lacks the month.
    assert found == [("BASELINE-INCOMPLETE", "in 2025/26 no line of emergency care was charged in December")]


OWN_PROFILE = """\
profile: trust_lines
title: lines of the trust under its own names
kind: activity
source: invented
columns:
  provider: [Trust]
  commissioner: [Board]
  person_key: [Who]
  cds_identifier: [Line]
  activity_date: [When]
  point_of_delivery: [What]
  tariff_code: [Code]
  quantity: [Many]
  total_cost: [Pounds]
fixed: {national_tariff: Y}
period: [activity_date]
"""


@pytest.mark.parametrize("item", ["{files: data/activity-2024.csv, profile: trust_lines}", "data/activity-2024.csv"])
def test_a_profile_of_the_workspace_reads_a_baseline_year(tmp_path, item):
    plan = lay(tmp_path, ("data/activity-2024.csv", item))
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles/trust_lines.yaml").write_text(OWN_PROFILE, encoding="utf-8")
    # The same lines as in the file of national names, whose first two cells, month and year, are blank.
    rows = [line.removeprefix(",,").replace(",Y,1,", ",1,") for line in LINES[2024]]
    text = "\n".join(["Trust,Board,Who,Line,When,What,Code,Many,Pounds", *rows])
    (tmp_path / "data/activity-2024.csv").write_text(f"{text}\n", encoding="utf-8")
    assert build_budget_of(plan).built.rates_pence == {
        ("young", "emergency"): 28_000, ("old", "emergency"): 573_500,
        ("young", "primary"): 12_000, ("old", "primary"): 32_000,
    }  # fmt: skip
    # Both years' lines are kept, and what is kept is not read as text again.
    assert len(list((tmp_path / "data/.canonical").glob("*.parts"))) == 2


def test_a_contract_with_blocks_is_no_baseline(tmp_path):
    block = "  blocks:\n    - {id: b, provider: P, setting: emergency, value: £1k, key: person_days, whole: 99999}\n"
    found = findings_of(lay(tmp_path, contract_edits=[("  scope:\n", f"{block}  scope:\n")]))
    assert [code for code, _ in found] == ["PLAN-MISMATCH"]


VERSIONS = {
    "v1": ("100", "2024-03-01", ("2024-04-01", "2025-03-31")),
    "v2": ("120", "2024-08-01", ("2024-04-01", "2025-03-31")),
    "v3": ("200", "2025-03-01", ("2025-04-01", "2026-03-31")),
    # Published after the day as of which the rates are built.
    "v4": ("999", "2026-06-01", ("2025-04-01", "2026-03-31")),
}


def at_versions(root, versions=VERSIONS, prices="tariffs/again"):
    """The world's lines of each month charged at a book in versions; gives the plan's path."""
    for version, (price, published, days) in versions.items():
        lay_book(root, f"tariffs/again/{version}", {"VB01Z": price}, published=published, days=days, version=version)
    return lay(
        root,
        ("prices: tariffs/world/book.yaml", f"prices: {prices}"),
        lines={start: lines_of(start, 1, 1) for start in (2024, 2025)},
        contract_edits=[("basis: submitted", "basis: book")],
    )


def test_each_year_is_charged_at_the_versions_of_its_days(tmp_path):
    budget = build_budget_of(at_versions(tmp_path))
    # Twelve lines of six people: £240 in 2024/25, as published again; £400 in 2025/26. 25% of £240 × 1.1, 75% of £400.
    assert budget.built.rates_pence["young", "emergency"] == budget.built.rates_pence["old", "emergency"] == 36_600
    read = {name.split("/")[2] for name in budget.hashes["documents"] if "prices.csv" in name}
    assert read == {"v1", "v2", "v3"}


@pytest.mark.parametrize(
    ("lacking", "prices", "code", "words", "line"),
    [
        (("2025-05-01", "2026-03-31"), "tariffs/again", "PLAN-MISMATCH",
         "no price book holds on 2025-04-01, so that 2025/26 is not a whole year", 18),
        (("2025-04-01", "2026-03-30"), "tariffs/again", "PLAN-MISMATCH",
         "no price book holds on 2026-03-31, so that 2025/26 is not a whole year", 18),
        (("2025-04-01", "2026-03-31"), "[tariffs/again, tariffs/none]", "FILE-MISSING",
         "tariffs/none is not there", 14),
    ],
)  # fmt: skip
def test_a_year_needs_a_price_book_on_each_of_its_days(tmp_path, lacking, prices, code, words, line):
    with pytest.raises(FindingsError) as caught:
        build_budget_of(at_versions(tmp_path, {**VERSIONS, "v3": ("200", "2025-03-01", lacking)}, prices))
    found = [(finding.code, finding.message, finding.line) for finding in caught.value.findings]
    assert found[0] == (code, words, line)


def test_the_folder_is_written_once_and_the_same_bytes_come_again(tmp_path):
    path = lay(tmp_path)
    _, existed = write_budget(build_budget_of(path))
    folder = tmp_path / "budgets/world/2026-05-01"
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    assert (existed, set(before)) == (False, {"rates.yaml", "steps.json", "page.html"})
    (folder / "page.html").unlink()
    _, existed = write_budget(build_budget_of(path))
    assert (existed, {file.name: file.read_bytes() for file in folder.iterdir()}) == (True, before)
    path.write_text(
        path.read_text(encoding="utf-8").replace("young: {primary: £120}", "young: {primary: £121}"), encoding="utf-8"
    )
    with pytest.raises(FindingsError) as caught:
        write_budget(build_budget_of(path))
    assert [finding.code for finding in caught.value.findings] == ["FILE-EXISTS"]
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before


def test_a_file_that_changes_while_its_year_is_read_is_refused(tmp_path, monkeypatch):
    """The rates would be of other lines than the hash beside them says."""
    plan = lay(tmp_path)
    file = next(path for path in sorted(tmp_path.glob("data/**/*.csv")) if b"TOTAL COST" in path.read_bytes())
    read = build_budget.read_baseline_year

    def replaced(*given):
        found = read(*given)
        with file.open("a", encoding="utf-8") as stream:
            stream.write("\n")
        return found

    monkeypatch.setattr(build_budget, "read_baseline_year", replaced)
    with pytest.raises(FindingsError) as caught:
        build_budget_of(plan)
    assert {(each.code, each.file) for each in caught.value.findings} == {
        ("FILE-CHANGED", file.relative_to(tmp_path).as_posix())
    }


def test_a_contract_takes_its_rates_from_the_table(tmp_path):
    path = lay(tmp_path)
    write_budget(build_budget_of(path))
    own = tmp_path / "contracts/world/contract.yaml"
    rates = "  rates:\n    young: {primary: £100, emergency: £150}\n    old: {primary: £300, emergency: £500}\n"
    text = own.read_text(encoding="utf-8")
    assert rates in text
    other = tmp_path / "contracts/next/contract.yaml"
    other.parent.mkdir()
    taken = text.replace(rates, "  rates_from: ../../budgets/world/2026-05-01/rates.yaml\n")
    other.write_text(taken, encoding="utf-8")
    file = read_contract_file(other)
    assert file.contract.budget.rates["old"] == {"emergency": 573_500, "primary": 32_000}
    assert [each.name for each in file.paths] == ["contract.yaml", "rates.yaml"]
    shown = CliRunner().invoke(app, ["contract", "show", str(other)]).output
    said = "table ../../budgets/world/2026-05-01/rates.yaml, at the level of 2026/27, as of 2026-05-01."
    assert said in " ".join(shown.split())


def taking_the_table(root):
    """The world's contract, with its rates from the table that was built; gives it and the table."""
    write_budget(build_budget_of(lay(root)))
    own = root / "contracts/world/contract.yaml"
    old = re.search(r"  rates:\n.*\n.*\n", own.read_text(encoding="utf-8"))[0]
    edit(own, old, "  rates_from: ../../budgets/world/2026-05-01/rates.yaml\n")
    return own, root / "budgets/world/2026-05-01/rates.yaml"


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("emergency: £5,735.00", "emergency: £5,735.01"),
        ("    primary: £120.00\n", ""),
        ("  young:\n", "  younger:\n"),
        ("year: 2026/27", "year: 2025/26"),
        ("as_of: 2026-05-01", "as_of: 2026-04-01"),
    ],
)
def test_a_table_of_rates_that_was_edited_is_refused(tmp_path, old, new):
    own, table = taking_the_table(tmp_path)
    steps = json.loads((table.parent / "steps.json").read_text(encoding="utf-8"))
    assert f"rates_sha256: {steps['rates_sha256']}\n" in table.read_text(encoding="utf-8")
    edit(table, "title: ", "title:   ")  # The form of the file may change.
    read_contract_file(own)
    edit(table, old, new)
    with pytest.raises(FindingsError) as caught:
        read_contract_file(own)
    (finding,) = caught.value.findings
    assert finding.code == "FILE-CHANGED" and finding.file.endswith("rates.yaml")
    assert "build again under another `as_of`" in finding.mend


def test_rates_of_a_year_after_the_contract_are_refused(tmp_path):
    own, _ = taking_the_table(tmp_path)
    edit(own, "first_year: 2026/27\nyears: 3", "first_year: 2023/24\nyears: 3")
    with pytest.raises(FindingsError) as caught:
        read_contract_file(own)
    assert [(finding.code, finding.message) for finding in caught.value.findings] == [
        ("PLAN-MISMATCH",
         "the rate table world is at the level of 2026/27, after the contract's last year, 2025/26")
    ]  # fmt: skip
    edit(own, "first_year: 2023/24", "first_year: 2024/25")
    read_contract_file(own)


def test_a_fault_in_the_table_is_told_at_its_place_in_it(tmp_path):
    path = lay(tmp_path)
    write_budget(build_budget_of(path))
    table = tmp_path / "budgets/world/2026-05-01/rates.yaml"
    table.write_text(
        table.read_text(encoding="utf-8").replace("emergency: £5,735.00", "emergency: 5735"), encoding="utf-8"
    )
    own = tmp_path / "contracts/world/contract.yaml"
    old = re.search(r"  rates:\n.*\n.*\n", own.read_text(encoding="utf-8"))[0]
    own.write_text(
        own.read_text(encoding="utf-8").replace(old, "  rates_from: ../../budgets/world/2026-05-01/rates.yaml\n"),
        encoding="utf-8",
    )
    with pytest.raises(FindingsError) as caught:
        read_contract_file(own)
    (finding,) = caught.value.findings
    line = table.read_text(encoding="utf-8").splitlines().index("    emergency: 5735") + 1
    assert finding.file.endswith("budgets/world/2026-05-01/rates.yaml") and finding.line == line
    own.write_text(own.read_text(encoding="utf-8").replace("rates.yaml\n", "nothing.yaml\n"), encoding="utf-8")
    with pytest.raises(FindingsError) as caught:
        read_contract_file(own)
    assert [finding.code for finding in caught.value.findings] == ["FILE-MISSING"]


def test_yearly_totals_give_rates(tmp_path):
    budget = build_budget_of(lay_text(tmp_path, CELLS_PLAN, totals=CELLS))
    # £3,000 over 10 person-years and £10,000 over 20, each × 1.02.
    assert budget.built.rates_pence == {("young", "emergency"): 30_600, ("old", "emergency"): 51_000}


@pytest.mark.parametrize(
    ("old", "new", "code", "words"),
    [
        ("12,old", "11,old", "BASELINE-INCOMPLETE", "covers 11 months of 2025/26"),
        ("old,emergency,7300", "old,emergency,1800", "BASELINE-SMALL", "fewer than 5 person-years"),
        ("old,emergency,7300", "young,primary,3651", "BUDGET-TABLE", "3,651 person-days here, and 3,650"),
        ("2025/26,12,old", "2024/25,12,old", "BUDGET-TABLE", "2024/25 is no baseline year"),
        ("old,emergency", "old,primary", "BASELINE-INCOMPLETE", "no row for segment young and setting primary"),
        ("old,emergency", "young,emergency", "BUDGET-TABLE", "stands in row 2 as well"),
        ('"£10,000.00"', '"1.000,00"', "BUDGET-TABLE", "comma after a full stop"),
        ("7300", "73.5", "BUDGET-TABLE", "is not a whole number"),
        ("Cost", "Costs", "COLUMN-MISSING", "column cost is missing"),
        ("Months", "Cost", "COLUMN-TWICE", "more than one column means cost"),
    ],
)
def test_totals_that_cannot_be_used_are_refused(tmp_path, old, new, code, words):
    assert old in CELLS
    found = findings_of(lay_text(tmp_path, CELLS_PLAN, totals=CELLS.replace(old, new, 1)))
    assert any(found_code == code and words in message for found_code, message in found), found


def test_what_is_over_in_totals_needs_a_plan_and_the_plan_needs_the_column(tmp_path):
    over = CELLS.replace("Cost\n", "Cost,Over threshold\n").replace('"\n', '",100\n')
    found = findings_of(lay_text(tmp_path, CELLS_PLAN, totals=over))
    assert {message for _, message in found} == {
        "the table has cost over a threshold, and the plan does not say what becomes of it"
    }
    plan = CELLS_PLAN + "  outliers: {over_sum: £30k, left_out: 0%}\n"
    found = findings_of(lay_text(tmp_path, plan, totals=CELLS))
    assert [message for _, message in found] == ["the plan cuts outliers, and the table has no column `over_threshold`"]
    built = build_budget_of(lay_text(tmp_path, plan, totals=over)).built
    # £200 over thirty person-years is £6.667: (2,900 ÷ 10 + 6.667) × 1.02 and (9,900 ÷ 20 + 6.667) × 1.02.
    assert built.rates_pence == {("young", "emergency"): 30_260, ("old", "emergency"): 51_170}


TABLE_PLAN = """\
budget: totals
title: Rates of a table
year: 2026/27
as_of: 2026-05-01
prepared_by: Tests
method: {kind: table, table: data/rates.csv}
"""


def test_a_table_of_rates_is_taken_as_it_stands(tmp_path):
    rates = 'segment,setting,annual_rate\nall,primary,"£1,121.79"\nall,emergency,850\n'
    budget = build_budget_of(lay_text(tmp_path, TABLE_PLAN, rates=rates))
    assert budget.built.rates_pence == {("all", "primary"): 112_179, ("all", "emergency"): 85_000}
    for bad in ("£850.005", "-1", "85%", "x"):
        found = findings_of(lay_text(tmp_path, TABLE_PLAN, rates=rates.replace("850", bad)))
        assert [code for code, _ in found] == ["BUDGET-TABLE"]


def test_a_rate_that_one_segment_lacks_is_refused_and_never_nothing(tmp_path):
    rates = "segment,setting,annual_rate\nyoung,primary,100\nyoung,emergency,150\nold,primary,300\n"
    found = findings_of(lay_text(tmp_path, TABLE_PLAN, rates=rates))
    assert found == [("FIELD-MISSING", "segment `old` has no rate for emergency, which another segment has")]
    built = build_budget_of(lay_text(tmp_path, TABLE_PLAN, rates=rates + "old,emergency,£0\n")).built
    assert built.rates_pence["old", "emergency"] == 0
    found = findings_of(lay_text(tmp_path, TABLE_PLAN, rates=rates + "old,emergncy,500\n"))
    assert [code for code, _ in found] == ["BUDGET-TABLE"] and "'emergncy' is no setting of a budget" in found[0][1]
    found = findings_of(lay_text(tmp_path, TABLE_PLAN, rates=rates + "old,all_care,500\n"))
    assert "FIELD-VALUE" in [code for code, _ in found]


@pytest.mark.parametrize(
    ("lacking", "words"),
    [
        (["old,primary,300", "old,emergency,500"], "world has rates for segment `old`, and none are built"),
        (
            ["old,primary,300", "young,primary,100"],
            "world has rates for segment `young` in primary, and none are built",
        ),
    ],
)
def test_what_a_contract_pays_and_the_rates_do_not_say_is_refused(tmp_path, lacking, words):
    lay(tmp_path)  # The contract.
    plan = TABLE_PLAN + "compare_with: contracts/world/contract.yaml\n"
    rows = ["young,primary,100", "young,emergency,150", "old,primary,300", "old,emergency,500"]
    text = "\n".join(["segment,setting,annual_rate", *(row for row in rows if row not in lacking), ""])
    found = findings_of(lay_text(tmp_path, plan, rates=text))
    assert ("FIELD-MISSING", words) in found and {code for code, _ in found} == {"FIELD-MISSING"}
    whole = "\n".join(["segment,setting,annual_rate", *rows, ""])
    assert build_budget_of(lay_text(tmp_path, plan, rates=whole)).gap is not None


POPULATIONS_PLAN = """\
budget: totals
title: Rates of a place
year: 2026/27
as_of: 2026-05-01
prepared_by: Tests
method:
  kind: weighted_populations
  populations: data/practices.csv
  practices: [A81001, A81002]
  whole: {registered: 3242302.0252, weighted: {final: 3623060.2872}}
  shares:
    - {component: final, sum: £1bn, segment: residents, setting: all_care}
"""
PRACTICES = """\
practice,registered,final
A81001,3928.020356,4908.808509
A81002,18818.339890,23312.109170
A81003,100,200
"""


def test_weighted_populations_give_a_share_and_a_rate_a_head(tmp_path):
    path = lay_text(tmp_path, POPULATIONS_PLAN, practices=PRACTICES)
    result = CliRunner().invoke(app, ["budget", "build", str(path)], env={"COLUMNS": "100"})
    assert result.exit_code == 0, result.output
    assert "1. Place index: final 1.110292\n" in result.output
    assert "2. Shares of sums: all_care £7,789,248.71 of £1,000,000,000.00\n" in result.output
    assert "£342.44" in result.output
    for old, new, name in (("registered: 3242302.0252", "registered: 22746.36", "registered"),
                           ("final: 3623060.2872", "final: 28220.9", "final")):  # fmt: skip
        found = findings_of(lay_text(tmp_path, POPULATIONS_PLAN.replace(old, new), practices=PRACTICES))
        assert [code for code, _ in found] == ["FIELD-VALUE"] and f"people under `{name}`, and the whole" in found[0][1]
    found = findings_of(lay_text(tmp_path, POPULATIONS_PLAN.replace("A81002", "A81009"), practices=PRACTICES))
    assert found == [("TERM-REFERENCE", "A81009 has no row in data/practices.csv")]
    found = findings_of(
        lay_text(tmp_path, POPULATIONS_PLAN.replace("component: final", "component: fin"), practices="")
    )
    assert [code for code, _ in found] == ["TERM-REFERENCE"]


def test_the_sample_builds_a_budget_end_to_end(small_sample, tmp_path):
    root = tmp_path / "workspace"
    shutil.copytree(small_sample.parents[3], root)
    path = root / "budgets/working-age-2027-28/budget.yaml"
    result = CliRunner().invoke(app, ["budget", "build", str(path)], env={"COLUMNS": "120"})
    assert result.exit_code == 0, result.output
    content = json.loads((root / "budgets/working-age-2027-28/2027-05-20/steps.json").read_text(encoding="utf-8"))
    assert [step["id"] for step in content["steps"]] == [
        "people_and_cost", "set_aside", "outliers", "trend", "weights", "shrinkage", "rounding", "bid_gap",
    ]  # fmt: skip
    keys = {
        line.split(",")[0]
        for line in (root / "data/2026-27/bnssg-working-age/persons.csv").read_text(encoding="utf-8").splitlines()
    }
    written = "".join(
        path.read_text(encoding="utf-8") for path in (root / "budgets/working-age-2027-28/2027-05-20").iterdir()
    )
    assert not [key for key in keys if key in written]
    # The contract of the same workspace takes its rates from the table, and the run's evidence holds its hash.
    contract = root / "contracts/bnssg-working-age/contract.yaml"
    table = "budgets/working-age-2027-28/2027-05-20/rates.yaml"
    taken, number = re.subn(
        r"  rates:\n(?:    .*\n)+?(?=  adjustments)",
        f"  rates_from: ../../{table}\n",
        contract.read_text(encoding="utf-8"),
    )
    assert number == 1
    contract.write_text(taken, encoding="utf-8")
    plan = root / small_sample.relative_to(small_sample.parents[3])
    # Rates at the level of the year after are not those of the year that is settled.
    with pytest.raises(FindingsError) as caught:
        reconcile(plan)
    assert [(finding.code, finding.file.rpartition("/")[2]) for finding in caught.value.findings] == [
        ("PLAN-MISMATCH", "plan.yaml")
    ]
    edit(path, "year: 2027/28\nas_of: 2027-05-20", "year: 2026/27\nas_of: 2027-05-21")
    content, _ = write_budget(build_budget_of(path))
    edit(contract, "2027-05-20/rates.yaml", "2027-05-21/rates.yaml")
    table = table.replace("05-20", "05-21")
    run = reconcile(plan)
    core = next(rate for rate in content["rates"] if (rate["segment"], rate["setting"]) == ("core", "primary"))
    cells = [cell for host in run.settlement["hosts"] for cell in host["budget_cells"]]
    assert {
        cell["annual_rate_pence"] for cell in cells if (cell["segment"], cell["setting"]) == ("core", "primary")
    } == {core["annual_rate_pence"]}
    manifest = json.loads((run.run_folder / "manifest.json").read_text(encoding="utf-8"))
    named = manifest["made_from"]["documents"]
    assert named["contract rate table working-age-2027-28"] == hash_document(root / table)
    assert "contract base 1" not in named
    assert dict(how_made(run.settlement))["Rate table"] == (
        "Annual rates for working-age people with several long-term conditions (working-age-2027-28), "
        "at the level of 2026/27, as of 21 May 2027"
    )


@pytest.mark.parametrize("width", [60, 80, 100])
def test_no_sum_is_broken_on_a_narrow_terminal(tmp_path, width):
    lay(tmp_path)  # The contract.
    contract = tmp_path / "contracts/world/contract.yaml"
    settings = ("primary", "community", "mental_health", "outpatient", "emergency")
    rates = "{" + ", ".join(f"{setting}: £1234.56" for setting in settings) + "}"
    text = re.sub(r"(young|old): \{primary.*", rf"\1: {rates}", contract.read_text(encoding="utf-8"))
    contract.write_text(text, encoding="utf-8")
    rows = [f"{segment},{setting},9876.54" for segment in ("young", "old") for setting in settings]
    plan = TABLE_PLAN + "compare_with: contracts/world/contract.yaml\n"
    path = lay_text(tmp_path, plan, rates="\n".join(["segment,setting,annual_rate", *rows, ""]))
    result = CliRunner().invoke(app, ["budget", "build", str(path)], env={"COLUMNS": str(width)})
    assert result.exit_code == 0, result.output
    figures = result.output.split()
    # Ten rates in the table and in the gap; two sums of five; ten of the contract, and ten differences.
    for figure, times in (("£9,876.54", 20), ("£49,382.70", 2), ("£1,234.56", 10), ("£8,641.98", 10)):
        assert figures.count(figure) == times, result.output
    assert all(len(line.rstrip()) <= width for line in result.output.splitlines() if "£" in line and ":" not in line)


def test_a_percentile_of_the_sample_is_nobodys_own_cost(small_sample, tmp_path):
    root = tmp_path / "workspace"
    shutil.copytree(small_sample.parents[3], root)
    path = root / "budgets/working-age-2027-28/budget.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("over_sum: £30k", "over_percentile: 90%"), encoding="utf-8"
    )
    steps = build_budget_of(path).built.steps
    (cut,) = [step for step in steps if step.id == "outliers"]
    thresholds, over = {row[2] for row in cut.rows}, {int(row[3]) for row in cut.rows}
    assert len(thresholds) == len(over) == 1 and thresholds.pop() % 10_000 == 0
    # A tenth of somewhat more than 500 people who came and went, less those up to the next £100.
    assert 20 <= over.pop() <= 60


def test_without_method_steps_the_rates_times_the_people_are_the_charged_cost(small_sample, tmp_path):
    """One year, no trend, nothing cut or shrunk: rates × person-years is what a settlement of that year charges."""
    root = tmp_path / "workspace"
    shutil.copytree(small_sample.parents[3], root)
    path = root / "budgets/working-age-2027-28/budget.yaml"
    text = path.read_text(encoding="utf-8")
    cut = text[text.index("  # The contract's commissioner bears") :]
    path.write_text(text.replace(cut, "").replace("year: 2027/28", "year: 2026/27"), encoding="utf-8")
    built = build_budget_of(path).built
    settlement = compute(small_sample)
    for setting in settlement["settings"]:
        name = setting["setting"]
        money = sum(rate * built.person_years[key[0]] for key, rate in built.exact_pence.items() if key[1] == name)
        assert money == sum(host["cost_by_setting"][name] for host in settlement["hosts"])


def test_a_baseline_year_may_be_a_folder_or_a_zip_and_what_is_left_out_is_told(tmp_path):
    plain = build_budget_of(lay(tmp_path / "plain")).built.rates_pence
    edits = (("data/activity-2024.csv", "data/2024"), ("data/activity-2025.csv", "data/2025.zip"))
    root = tmp_path / "packed"
    plan = lay(root, *edits)
    (root / "data/2024").mkdir()
    (root / "data/activity-2024.csv").rename(root / "data/2024/activity.csv")
    (root / "data/2024/readme.txt").write_text("x", encoding="utf-8")
    with zipfile.ZipFile(root / "data/2025.zip", "w") as archive:
        archive.write(root / "data/activity-2025.csv", "lines.csv")
    built = build_budget_of(plan)
    assert built.built.rates_pence == plain
    (left_out,) = built.left_out
    assert (left_out.code, left_out.message) == (
        "FILE-LEFT-OUT",
        "1 file was left out of data/2024, as no table: readme.txt",
    )
    shown = CliRunner().invoke(app, ["budget", "build", str(plan)])
    assert shown.exit_code == 0 and "1 file was left out of data/2024" in shown.stderr


def test_an_input_that_is_not_there_is_told_at_its_place(tmp_path):
    plan = lay(tmp_path, ("data/activity-2025.csv", "data/none"))
    with pytest.raises(FindingsError) as caught:
        build_budget_of(plan)
    (finding,) = caught.value.findings
    (line,) = (n for n, text in enumerate(plan.read_text(encoding="utf-8").splitlines(), 1) if "data/none" in text)
    assert (finding.code, finding.line) == ("FILE-MISSING", line)


def test_a_baseline_year_is_read_by_the_workspace_s_own_profile(tmp_path):
    """The plan names it for one year; the other is recognised by its headers."""
    plain = build_budget_of(lay(tmp_path / "plain")).built.rates_pence
    root = tmp_path / "own"
    plan = lay(root, ("activity: data/activity-2025.csv", "activity: {files: data/activity-2025.csv, profile: own}"))
    text = built_in_profiles().by_name["plcm"].text.replace("profile: plcm", "profile: own", 1)
    (root / "profiles").mkdir()
    own = text.replace("TOTAL COST", "OUR COST").replace("data_set: plcm", "data_set: own")
    (root / "profiles/own.yaml").write_text(own, encoding="utf-8")
    lines = root / "data/activity-2025.csv"
    lines.write_text(lines.read_text(encoding="utf-8").replace("TOTAL COST", "OUR COST"), encoding="utf-8")
    assert build_budget_of(plan).built.rates_pence == plain
