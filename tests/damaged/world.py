"""Small workspaces with one of every kind of file, and the jobs that read them.

Each job is what a command does, and its figures; the files are those that a user sends, each of which is then damaged.
"""

import csv
import datetime as dt
import gzip
import io
import re
import shutil
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).parents[1] / "workflow"))
sys.path.insert(0, str(Path(__file__).parents[1] / "errors"))

from small_world import CONTRACT, PLAN, lay, table, write

from plain_table import PLAIN
from yoc.core.periods import FinancialYear
from yoc.workflow.budget_file import write_budget
from yoc.workflow.build_budget import build_budget_of
from yoc.workflow.check_contract import check_contract
from yoc.workflow.import_guards import Wanted
from yoc.workflow.reconcile import compute
from yoc.workflow.settle_table import settle_table
from yoc.workflow.store_place import store_of
from yoc.workflow.tariff_import import import_version
from yoc.workflow.year_rules import rules_of

ACTIVITY, REGISTRATIONS, TRUST = "data/activity.csv", "data/registrations.csv", "data/trust.csv"
LINES_OF_MONEY = {ACTIVITY: "TOTAL COST", TRUST: "COST"}
"""The files whose money comes in, and their column of sums."""
LINES = (
    ("P1", "2026-04-10", "AE", "VB01Z", "1", "90.00"), ("P1", "2026-08-01", "AE", "VB01Z", "1", "120.00"),
    ("P4", "2026-08-01", "AE", "VB01Z", "1", "95.00"), ("P2", "2026-05-01", "AE", "VB01Z", "-1", "-80.00"),
    ("P2", "2026-05-02", "AE", "VB01Z", "2", "205.00"), ("P2", "2026-05-03", "AE", "XX01Z", "1", "10.00"),
)  # fmt: skip
CONTRACT_EDITS = (
    ("budget:\n  rounding",
     "indicators: contracts/outcomes/world.yaml\nposition:\n  extra: {kind: money}\nbudget:\n  rounding"),
    ("age: {from: 0, to: 120}}\n", "age: {from: 0, to: 64}}\n    - {id: frail, name: Frail, list: yes}\n"),
    ("    all: {primary: £365, emergency: £0}\n",
     "    all: {primary: £365, emergency: £0}\n    frail: {primary: £730, emergency: £0}\n"),
    ("  - {id: cost, kind: activity_cost}\n",
     "  - {id: cost, kind: activity_cost}\n"
     "  - {id: addition, kind: figure, value: extra}\n  - {id: added, kind: payment}\n"
     "  - {id: score, kind: outcomes, base: budget, at_risk: 2%, weights: {seen: 100%}}\n"
     "  - {id: paid, kind: on_account}\n"),
)  # fmt: skip
CATALOGUE = """\
catalogue: world
title: Indicators of a small world
indicators:
  - {id: seen, title: Seen within a week, better: higher, floor: 40%, target: 80%}
"""
PROFILE = """\
profile: trust
title: lines of a trust of its own kind
kind: activity
source: agreed with the trust
columns:
  provider: [TRUST]
  commissioner: [BOARD]
  person_key: [PERSON]
  activity_date: [DAY]
  point_of_delivery: [KIND]
  tariff_code: [CODE]
  quantity: [NUMBER]
  total_cost: [COST]
  cds_identifier: [LINE]
codes:
  point_of_delivery: {E: AE, otherwise: Unmapped}
"""
EXTRA_INPUTS = {
    "indicator_results": "data/results.csv",
    "payments_on_account": "data/payments.csv",
    "positions": "data/positions.csv",
    "segment_lists": "data/segments.csv",
    "stated_totals": "data/totals.csv",
    "list_sizes": "data/sizes.csv",
    "statements": "data/acm.csv",
    "invoices": "data/invoices.csv",
}


def lay_world(root: Path) -> Path:
    """Everything that `yoc reconcile` can read, in one plan; gives the plan's path."""
    plan = lay(root, *CONTRACT_EDITS, lines=LINES)
    write(root, "contracts/outcomes/world.yaml", CATALOGUE)
    write(root, "profiles/trust.yaml", PROFILE)
    # Titles above the persons and a column that nobody asks for, as feeds have them.
    table(root, "data/persons.csv", "PSEUDO NHS NUMBER,PERSON BIRTH DATE,PERSON DEATH DATE,BODY MASS INDEX,WARD",
          ["P1,1980-01-01,,24.5,W1", "P2,1950-12-31,,,W2", "P4,1980-01-01,2026-12-01,,W1"])  # fmt: skip
    table(root, "data/conditions.csv", "PSEUDO NHS NUMBER,CONDITION,DIAGNOSIS DATE", ["P1,diabetes,2020-02-29"])
    table(root, "data/results.csv", "HOST CODE,INDICATOR,NUMERATOR,DENOMINATOR", ["A,seen,60,100", "B,seen,45,90"])
    table(root, "data/payments.csv", "FINANCIAL YEAR,PAYMENT DATE,PAYER CODE,PAYEE CODE,AMOUNT,REFERENCE",
          ["2026/27,2026-10-15,C,A,150.25,ACC-1", "2026/27,2026-11-15,C,B,75.00,ACC-2"])  # fmt: skip
    table(root, "data/positions.csv", "host,extra", ["A,£40.00", "B,£25.50"])
    table(root, "data/segments.csv", "PSEUDO NHS NUMBER,SEGMENT,EFFECTIVE FROM DATE,EFFECTIVE TO DATE",
          ["P2,frail,2025-01-01,"])  # fmt: skip
    table(root, "data/totals.csv", "HOST CODE,SEGMENT,DATE,PEOPLE", ["A,,2026-04-01,3", "B,,2026-05-01,1"])
    table(root, "data/sizes.csv",
          "EXTRACT_DATE,CODE,NUMBER_OF_PATIENTS,PUBLICATION,TYPE,CCG_CODE,ONS_CCG_CODE,POSTCODE,SEX,AGE",
          ["01APR2026,PA,3,GP_PRAC_PAT_LIST,GP,X,E1,BS1,ALL,ALL"])  # fmt: skip
    table(root, "data/acm.csv",
          "ORGANISATION IDENTIFIER (CODE OF PROVIDER),FINANCIAL MONTH,POINT OF DELIVERY CODE,"
          "CONTRACT MONITORING ACTUAL ACTIVITY,CONTRACT MONITORING ACTUAL PRICE,FINANCIAL YEAR,"
          "ORGANISATION IDENTIFIER (CODE OF COMMISSIONER)",
          ["P,1,AE,1,90.00,202627,C", "P,2,AE,2,135.00,202627,C", "P,5,AE,2,215.00,202627,C"])  # fmt: skip
    table(root, "data/invoices.csv", "PROVIDER,MONTH,AMOUNT,YEAR",
          ["P,1,90.00,2026/27", "P,2,135.00,2026/27", "P,5,215.00,2026/27"])  # fmt: skip
    table(root, TRUST, "TRUST,BOARD,PERSON,DAY,KIND,CODE,NUMBER,COST,LINE", ["P,C,P1,2026-09-01,E,VB01Z,1,100.00,T1"])
    text = plan.read_text(encoding="utf-8").replace(
        "  activity: data/activity.csv\n",
        "  activity:\n    - data/activity.csv\n    - {files: data/trust.csv, profile: trust}\n",
    )
    text += "".join(f"  {name}: {file}\n" for name, file in EXTRA_INPUTS.items())
    return write(root, PLAN, text)


def converted(root: Path, name: str, form: str) -> str:
    """A CSV of the plan in another form, with the plan changed to name it; gives the new name."""
    path = root / name
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
    made = path.with_suffix({"gzip": ".csv.gz", "zip": ".zip", "xlsx": ".xlsx", "parquet": ".parquet"}[form])
    if form == "gzip":
        made.write_bytes(gzip.compress(path.read_bytes(), mtime=0))
    elif form == "zip":
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(zipfile.ZipInfo(path.name), path.read_bytes(), zipfile.ZIP_DEFLATED)
    elif form == "xlsx":
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        book.properties.created = book.properties.modified = dt.datetime(2026, 4, 1)
        book.save(made)
    else:
        columns = [pa.array(column, pa.string()) for column in zip(*rows[1:], strict=True)]
        pq.write_table(pa.table(columns, names=rows[0]), made)
    path.unlink()
    plan = root / PLAN
    new = made.relative_to(root).as_posix()
    write(root, PLAN, plan.read_text(encoding="utf-8").replace(name, new))
    return new


def _reconcile(root: Path) -> dict[str, Any]:
    return compute(root / PLAN)


@dataclass(frozen=True)
class Job:
    """What a command does with some files: how they are laid, and what comes of them."""

    name: str
    lay: Callable[[Path], None]
    files: tuple[str, ...]
    run: Callable[[Path], dict[str, Any]]


def _in_form(form: str, *names: str) -> Job:
    def lay_so(root: Path) -> None:
        lay_world(root)
        for name in names:
            converted(root, name, form)

    ending = {"gzip": ".csv.gz", "zip": ".zip", "xlsx": ".xlsx", "parquet": ".parquet"}[form]
    files = tuple(name.removesuffix(".csv") + ending for name in names)
    return Job(f"reconcile, {form}", lay_so, files, _reconcile)


TABLE_MAP = """\
host: Place
columns:
  budget: Plan
  spend: {column: Actual}
  contract_year: Year
"""
EXAMPLES = """\
examples:
  - name: saved
    contract: plain.yaml
    position: {budget: £100, spend: £60}
    expect: {saving: £40, result: £20}
    source: worked out by hand
"""


def _lay_table(root: Path) -> None:
    write(root, "contracts/plain.yaml", PLAIN)
    write(root, "contracts/map.yaml", TABLE_MAP)
    write(root, "contracts/examples.yaml", EXAMPLES)
    table(root, "positions.csv", "Place,Plan,Actual,Year", ["North,£100.00,£60.00,1", "South,200,£240.50,2"])
    book = openpyxl.Workbook()
    for row in (["Place", "Plan", "Actual", "Year"], ["North", 100, 60, 1], ["South", 200, 240.5, 2]):
        book.active.append(row)
    book.properties.created = book.properties.modified = dt.datetime(2026, 4, 1)
    book.save(root / "positions.xlsx")


def _settle(root: Path, name: str = "positions.csv") -> dict[str, Any]:
    settled = settle_table(root / "contracts/plain.yaml", root / name, root / "contracts/map.yaml")
    return {
        "hosts": sorted(
            (each.row.host, each.settlement.closing_pence, str(each.settlement.closing_exact)) for each in settled.rows
        ),
        "rows": [len(settled.rows), len(settled.not_settled), settled.left_out],
        "findings": [finding.as_dict() for finding in settled.warnings],
    }


def _settle_workbook(root: Path) -> dict[str, Any]:
    return _settle(root, "positions.xlsx")


def _examples(root: Path) -> dict[str, Any]:
    checked = check_contract(root / "contracts/plain.yaml")
    return {
        "hosts": [(each.example.name, each.settlement.closing_pence) for each in checked.worked],
        "findings": [finding.as_dict() for finding in (*checked.differences, *checked.warnings)],
    }


BUDGET = "budgets/over-65s/budget.yaml"


def _lay_budget(root: Path) -> None:
    from bad_budgets import lay as lay_budget

    lay_budget(root)


def _budget(root: Path) -> dict[str, Any]:
    content, _ = write_budget(build_budget_of(root / BUDGET))
    return {"hosts": content["rates"]}


PRICE_MAP = """\
map: small
title: Prices of a small sheet
prices:
  - {tariff_code: Code, description: Name, prices: [{column: Price}]}
"""


def _lay_import(root: Path) -> None:
    # The version of the case before would be there already.
    shutil.rmtree(root / "tariffs", ignore_errors=True)
    for name in ("contracts", "reconciliation"):
        (root / name).mkdir(parents=True, exist_ok=True)
    write(root, "tariffs/register.yaml", "books: []\n")
    write(root, "map.yaml", PRICE_MAP)
    table(root, "prices.csv", "Code,Name,Price", ["VB01Z,A visit,£100.00", "VB02Z,A longer visit,250", "VB03Z,None,-"])
    table(
        root,
        "indices.csv",
        "ODS code,Name,Underlying index,Payment index",
        ["RK9,A trust,0.93,1.000000", "RRV,Another,0.97,1.041377"],
    )


def _import(root: Path) -> dict[str, Any]:
    wanted = Wanted(
        "small", FinancialYear(2026), dt.date(2026, 4, 1), dt.date(2027, 3, 31), dt.date(2026, 3, 1), "made up", "none"
    )
    made = import_version(
        root, root / "prices.csv", wanted, "prices", own_map=root / "map.yaml", market_forces=root / "indices.csv"
    )
    folder = root / made.folder
    # Each price says from which row of its file it is, which is a place and no figure.
    tables = [
        re.sub(r"row \d+", "row", (folder / name).read_text(encoding="utf-8")) for name in ("prices.csv", "mff.csv")
    ]
    return {"hosts": [sorted(text.splitlines()) for text in tables], "rows": made.counts}


def _lay_settings(root: Path) -> None:
    (root / "reconciliation").mkdir(parents=True, exist_ok=True)
    rules = Path(__file__).parents[2] / "src/yoc/workflow/year_rules.yaml"
    write(root, "contracts/world/year.yaml", rules.read_text(encoding="utf-8"))
    write(root, "workspace.yaml", "store: sqlite:///store.sqlite\n")


def _settings(root: Path) -> dict[str, Any]:
    rules = rules_of(root, "world")
    store = store_of(root, lambda: dt.datetime(2027, 5, 1, tzinfo=dt.UTC))
    url = str(store.engine.url)
    store.engine.dispose()
    return {"hosts": [rules.model_dump_json(), url]}


JOBS = (
    Job(
        "reconcile",
        lambda root: lay_world(root) and None,
        (
            PLAN, CONTRACT, "contracts/outcomes/world.yaml", "profiles/trust.yaml", "tariffs/world/book.yaml",
            "tariffs/world/prices.csv", "tariffs/world/mff.csv", REGISTRATIONS, "data/persons.csv",
            "data/conditions.csv", "data/practices.csv", "data/neighbourhoods.csv", ACTIVITY, TRUST,
            *EXTRA_INPUTS.values(),
        ),
        _reconcile,
    ),
    _in_form("gzip", ACTIVITY, REGISTRATIONS),
    _in_form("zip", ACTIVITY, "data/persons.csv"),
    _in_form("xlsx", ACTIVITY, REGISTRATIONS, "data/positions.csv"),
    _in_form("parquet", ACTIVITY, REGISTRATIONS),
    Job("settle", _lay_table, ("contracts/plain.yaml", "contracts/map.yaml", "positions.csv"), _settle),
    Job("settle, xlsx", _lay_table, ("positions.xlsx",), _settle_workbook),
    Job("examples", _lay_table, ("contracts/examples.yaml",), _examples),
    Job("budget", _lay_budget, (BUDGET, "data/totals.csv"), _budget),
    Job("tariff import", _lay_import, ("map.yaml", "prices.csv", "indices.csv", "tariffs/register.yaml"), _import),
    Job("settings", _lay_settings, ("contracts/world/year.yaml", "workspace.yaml"), _settings),
)  # fmt: skip
