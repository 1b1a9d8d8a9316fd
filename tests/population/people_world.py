"""A workspace whose people are all that matters: £1,200 a year each, two hosts, no care; and the files that hold it."""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from yoc.core.findings import Finding, FindingsError
from yoc.workflow.reconcile import compute

CONTRACT = """\
contract: world
title: A world of people
synthetic: yes
version: "1"
status: live
route: commissioner_pays_and_nets
first_year: 2025/26
years: 5
parties:
  - {code: C, name: Commissioner, role: commissioner}
  - {code: A, name: Host A, role: host}
  - {code: B, name: Host B, role: host}
  - {code: P, name: Provider, role: provider}
population:
  counting: person_days
  attribution: host_on_activity_date
  overlapping_registrations: refuse
  segments_tested: month_start
  segments:
    - {id: all, name: Everybody}
activity:
  commissioners: [C]
  price: {basis: book, rounding: per_line}
  scope:
    - {setting: emergency, when: {point_of_delivery: AE}}
budget:
  rounding: on_total
  rates:
    all: {primary: £1200}
terms:
  - {id: budget, kind: capitation}
  - {id: cost, kind: activity_cost}
"""
HEADERS = {
    "registrations": "PSEUDO NHS NUMBER,PRIMARY CARE PROVIDER,REGISTRATION TYPE,BUSINESS EFFECTIVE FROM DATE,"
    "BUSINESS EFFECTIVE TO DATE,REASON FOR REMOVAL",
    "persons": "PSEUDO NHS NUMBER,PERSON BIRTH DATE,PERSON DEATH DATE,BODY MASS INDEX",
    "conditions": "PSEUDO NHS NUMBER,CONDITION,DIAGNOSIS DATE",
    "practices": "GENERAL MEDICAL PRACTICE CODE,NEIGHBOURHOOD CODE,EFFECTIVE FROM DATE,EFFECTIVE TO DATE,"
    "SUCCESSOR PRACTICE CODE",
    "neighbourhoods": "NEIGHBOURHOOD CODE,HOST CODE,EFFECTIVE FROM DATE,EFFECTIVE TO DATE",
    "networks": "Partner Organisation Code,Partner Name,PCN Code,PCN Name,"
    "Practice to PCN Relationship Start Date,Practice to PCN Relationship End Date",
    "network_neighbourhoods": "PCN CODE,NEIGHBOURHOOD CODE,EFFECTIVE FROM DATE,EFFECTIVE TO DATE",
    "successors": "GENERAL MEDICAL PRACTICE CODE,SUCCESSOR PRACTICE CODE,EFFECTIVE FROM DATE",
    "segment_lists": "PSEUDO NHS NUMBER,SEGMENT,EFFECTIVE FROM DATE,EFFECTIVE TO DATE",
    "stated_totals": "HOST CODE,SEGMENT,DATE,PEOPLE",
    "list_sizes": "PUBLICATION,EXTRACT_DATE,CODE,NUMBER_OF_PATIENTS",
    "attribution_list": "PSEUDO NHS NUMBER,HOST CODE",
}
LINES = (
    "FINANCIAL MONTH,FINANCIAL YEAR,ORGANISATION IDENTIFIER (CODE OF PROVIDER),"
    "ORGANISATION IDENTIFIER (CODE OF COMMISSIONER),PSEUDO NHS NUMBER,ACTIVITY END DATE (CONTRACT MONITORING),"
    "POINT OF DELIVERY CODE,TARIFF CODE,NATIONAL TARIFF INDICATOR,ACTIVITY COUNT (POINT OF DELIVERY),TOTAL COST"
)
PRACTICES = ("PA,NA,2000-01-01,,", "PB,NB,2000-01-01,,")
NEIGHBOURHOODS = ("NA,A,2000-01-01,", "NB,B,2000-01-01,")
PLAN = "reconciliation/world/plan.yaml"
Rows = Iterable[str]


def write(root: Path, name: str, text: str) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def table(root: Path, name: str, header: str, rows: Rows) -> Path:
    return write(root, name, "\n".join([header, *rows]) + "\n")


def lay(
    root: Path,
    registrations: Rows,
    *edits: tuple[str, str],
    year: str = "2025/26",
    persons: Rows | None = None,
    files: Mapping[str, Rows] | None = None,
    headers: Mapping[str, str] | None = None,
    plan: str = "",
) -> Path:
    """The workspace, its contract edited (each old text by a new one), and its plan's path.

    Everybody of the registrations was born in 1980 unless ``persons`` are given. ``files`` are inputs by name, in
    place of the map of two practices or beside it; ``headers`` are their headers where they are not the usual ones.
    """
    registrations = list(registrations)
    contract = CONTRACT
    for old, new in edits:
        assert old in contract, old
        contract = contract.replace(old, new)
    write(root, "contracts/world/contract.yaml", contract)
    keys = dict.fromkeys(row.split(",")[0] for row in registrations)
    held: dict[str, Rows] = {
        "registrations": registrations,
        "persons": [f"{key},1980-01-01,," for key in keys] if persons is None else persons,
        "conditions": [],
        "neighbourhoods": NEIGHBOURHOODS,
        **({} if "networks" in (files or {}) else {"practices": PRACTICES}),
        **(files or {}),
    }
    inputs = ""
    for name, rows in held.items():
        header = (headers or {}).get(name, HEADERS[name.removesuffix("_before")])
        table(root, f"data/{name}.csv", header, rows)
        inputs += f"  {name}: data/{name}.csv\n"
    table(root, "data/activity.csv", LINES, [])
    start = int(year[:4])
    _lay_prices(root, start)
    return write(
        root,
        PLAN,
        f"plan: world\ncontract: contracts/world/contract.yaml\nyear: {year}\nas_of: {start + 1}-05-01\n"
        f"prepared_by: Tests\nprices: tariffs/world/book.yaml\n{plan}inputs:\n  activity: data/activity.csv\n{inputs}",
    )


def _lay_prices(root: Path, start: int) -> None:
    prices = table(
        root,
        "tariffs/world/prices.csv",
        "tariff_code,point_of_delivery,treatment_function,description,unit_price_pounds,basis,source",
        ["VB01Z,,,A price,100.00,unit,invented"],
    )
    indices = table(
        root, "tariffs/world/mff.csv", "provider_code,provider_name,market_forces_factor,source", ["P,P,1.000000,x"]
    )
    hashes = "".join(f"  {path.name}: {hashlib.sha256(path.read_bytes()).hexdigest()}\n" for path in (prices, indices))
    write(
        root,
        "tariffs/world/book.yaml",
        f"book: world\ntitle: Prices\nyear: {start}/{(start + 1) % 100:02d}\nsource: invented\n"
        f"published_on: {start}-03-01\nlicence: none\neffective_from: {start}-04-01\neffective_to: {start + 1}-03-31\n"
        f"prices: prices.csv\nmarket_forces: mff.csv\nsha256:\n{hashes}",
    )


def settled(plan: Path) -> dict:
    """The settlement, its laws kept, with its hosts by code."""
    content = compute(plan)
    assert [check for check in content["checks"] if not check["passed"]] == []
    return content | {"by_host": {host["host"]: host for host in content["hosts"]}}


def units(content: dict, segment: int = 0) -> list[int]:
    """What the people of each host count for, in one segment."""
    return [content["by_host"][host]["people"][segment]["units"] for host in ("A", "B")]


def budgets(content: dict) -> list[int]:
    return [content["by_host"][host]["budget_pence"] for host in ("A", "B")]


def said(content: dict, code: str) -> list[str]:
    return [finding["message"] for finding in content["findings"] if finding["code"] == code]


def stopped(plan: Path) -> list[Finding]:
    try:
        compute(plan)
    except FindingsError as error:
        return list(error.findings)
    raise AssertionError("nothing stopped the run")
