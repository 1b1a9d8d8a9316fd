"""Two years of twelve people in two segments, small enough to be worked out by hand, and the files that hold them."""

from collections.abc import Sequence
from pathlib import Path

from small_world import lay_prices, table, write

PLAN = "budgets/world/budget.yaml"
CONTRACT = "contracts/world/contract.yaml"
CONTRACT_TEXT = """\
contract: world
title: A small world
synthetic: yes
version: "1"
status: live
route: host_pays_provider
first_year: 2026/27
years: 3
parties:
  - {code: C, name: Commissioner, role: commissioner}
  - {code: A, name: Host A, role: host}
  - {code: P, name: Provider, role: provider}
population:
  counting: person_days
  attribution: host_on_activity_date
  overlapping_registrations: refuse
  segments_tested: year_start
  segments:
    - {id: young, name: Young, age: {from: 0, to: 64}}
    - {id: old, name: Old, age: {from: 65, to: 120}}
activity:
  commissioners: [C]
  price: {basis: submitted, rounding: per_line}
  scope:
    - {setting: emergency, when: {point_of_delivery: AE}}
budget:
  rounding: on_total
  rates:
    young: {primary: £100, emergency: £150}
    old: {primary: £300, emergency: £500}
terms:
  - {id: budget, kind: capitation}
  - {id: cost, kind: activity_cost}
"""
PLAN_TEXT = """\
budget: world
title: Rates of a small world
synthetic: yes
year: 2026/27
as_of: 2026-05-01
prepared_by: Tests
compare_with: contracts/world/contract.yaml
method:
  kind: baseline_years
  contract: contracts/world/contract.yaml
  years:
    - year: 2024/25
      weight: 25%
      prices: tariffs/world/book.yaml
      inputs: {INPUTS_2024}
    - year: 2025/26
      weight: 75%
      prices: tariffs/world/book.yaml
      inputs: {INPUTS_2025}
  trend:
    rates: {2025/26: 10%, 2026/27: 0%}
  given:
    young: {primary: £120}
    old: {primary: £320}
"""
PEOPLE = {**{f"Y{n}": "1990-01-01" for n in range(1, 7)}, **{f"O{n}": "1940-01-01" for n in range(1, 7)}}
HEADER = (
    "FINANCIAL MONTH,FINANCIAL YEAR,ORGANISATION IDENTIFIER (CODE OF PROVIDER),"
    "ORGANISATION IDENTIFIER (CODE OF COMMISSIONER),PSEUDO NHS NUMBER,CDS UNIQUE IDENTIFIER,"
    "ACTIVITY END DATE (CONTRACT MONITORING),POINT OF DELIVERY CODE,TARIFF CODE,NATIONAL TARIFF INDICATOR,"
    "ACTIVITY COUNT (POINT OF DELIVERY),TOTAL COST"
)


def lines_of(start: int, young: int, old: int, *, months: Sequence[int] = tuple(range(1, 13)), more=()) -> list[str]:
    """One line of Y1 and one of O1 a month (1 is April), in pounds; and more: person, day, pounds."""
    days = [f"{start + (month + 2) // 12}-{(month + 2) % 12 + 1:02d}-10" for month in months]
    listed = [*(("Y1", day, young) for day in days), *(("O1", day, old) for day in days), *more]
    return [f",,P,C,{person},L{number},{day},AE,VB01Z,Y,1,{pounds}.00"
            for number, (person, day, pounds) in enumerate(listed, 1)]  # fmt: skip


# 2024/25: £100 and £200 a month: £1,200 of six young people and £2,400 of six old ones: £200 and £400 a person-year.
# 2025/26: £150 and £250 a month, and £42,000 of one person in June: £300, and £500 + £7,000.
LINES = {
    2024: lines_of(2024, 100, 200),
    2025: lines_of(2025, 150, 250, more=[("O2", "2025-06-01", 42_000)]),
}


def lay(root: Path, *edits: tuple[str, str], lines=None, people=PEOPLE, contract_edits=()) -> Path:
    """The workspace with the plan edited (each old text by a new one); gives the plan's path."""
    contract, plan = CONTRACT_TEXT, PLAN_TEXT
    for old, new in contract_edits:
        assert old in contract, old
        contract = contract.replace(old, new)
    for start in (2024, 2025):
        files = ("registrations", "persons", "conditions", "practices", "neighbourhoods")
        named = ", ".join(f"{name}: data/{name}.csv" for name in files)
        plan = plan.replace(f"INPUTS_{start}", f"{named}, activity: data/activity-{start}.csv")
        table(root, f"data/activity-{start}.csv", HEADER, (lines or LINES)[start])
    for old, new in edits:
        assert old in plan, old
        plan = plan.replace(old, new)
    (root / "reconciliation").mkdir(exist_ok=True)
    write(root, CONTRACT, contract)
    lay_prices(root, "100.00", "1.000000")
    book = root / "tariffs/world/book.yaml"
    dated = book.read_text(encoding="utf-8").replace("effective_from: 2026-04-01", "effective_from: 2024-04-01")
    write(root, "tariffs/world/book.yaml", dated)
    table(root, "data/persons.csv", "PSEUDO NHS NUMBER,PERSON BIRTH DATE,PERSON DEATH DATE,BODY MASS INDEX",
          [f"{person},{born},," for person, born in people.items()])  # fmt: skip
    table(root, "data/registrations.csv",
          "PSEUDO NHS NUMBER,PRIMARY CARE PROVIDER,REGISTRATION TYPE,BUSINESS EFFECTIVE FROM DATE,"
          "BUSINESS EFFECTIVE TO DATE",
          [f"{person},PA,Regular,2020-01-01," for person in people])  # fmt: skip
    table(root, "data/conditions.csv", "PSEUDO NHS NUMBER,CONDITION,DIAGNOSIS DATE", [])
    table(root, "data/practices.csv",
          "GENERAL MEDICAL PRACTICE CODE,NEIGHBOURHOOD CODE,EFFECTIVE FROM DATE,EFFECTIVE TO DATE,"
          "SUCCESSOR PRACTICE CODE",
          ["PA,NA,2000-01-01,,"])  # fmt: skip
    table(root, "data/neighbourhoods.csv", "NEIGHBOURHOOD CODE,HOST CODE,EFFECTIVE FROM DATE,EFFECTIVE TO DATE",
          ["NA,A,2000-01-01,"])  # fmt: skip
    return write(root, PLAN, plan)
