"""A world of four people, two hosts and six lines, small enough to be settled by hand, and the files that hold it."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

PLAN = "reconciliation/2026-27/world/plan.yaml"
CONTRACT = "contracts/world/contract.yaml"
LIST = "data/list.csv"

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
  - {code: B, name: Host B, role: host}
  - {code: P, name: Provider, role: provider}
  - {code: G, name: General practice, role: provider}
population:
  counting: person_days
  attribution: host_on_activity_date
  overlapping_registrations: refuse
  segments_tested: year_start
  segments:
    - {id: all, name: Everybody, age: {from: 0, to: 120}}
activity:
  commissioners: [C]
  price: {basis: book, rounding: per_line}
  guards:
    - {reason: block, when: {point_of_delivery: BLOCK}}
  scope:
    - {setting: emergency, when: {point_of_delivery: AE}}
budget:
  rounding: on_total
  rates:
    all: {primary: £365, emergency: £0}
terms:
  - {id: budget, kind: capitation}
  - {id: cost, kind: activity_cost}
"""

REGISTRATIONS = (
    # 30 days under A, then 335 under B.
    "P1,PA,Regular,2020-01-01,2026-04-30",
    "P1,PB,Regular,2026-05-01,",
    "P2,PA,Regular,2020-01-01,",
    # 91 days under each.
    "P4,PA,Regular,2026-04-01,2026-06-30",
    "P4,PB,Regular,2026-07-01,2026-09-29",
)

Line = tuple[str, str, str, str, str, str]
LINES: tuple[Line, ...] = (
    # Person, day, point of delivery, code, count, total. VB01Z costs £100, and XX01Z has no price.
    ("P1", "2026-04-10", "AE", "VB01Z", "1", "90.00"),
    ("P1", "2026-08-01", "AE", "VB01Z", "1", "120.00"),
    ("P4", "2026-08-01", "AE", "VB01Z", "1", "95.00"),
    ("P2", "2026-05-01", "AE", "VB01Z", "-1", "-80.00"),
    ("P2", "2026-05-02", "AE", "VB01Z", "1", "-50.00"),
    ("P2", "2026-05-03", "AE", "XX01Z", "1", "10.00"),
)


def write(root: Path, name: str, text: str) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def table(root: Path, name: str, header: str, rows: Iterable[str]) -> Path:
    return write(root, name, "\n".join([header, *rows]) + "\n")


def lay(
    root: Path,
    *edits: tuple[str, str],
    lines: Sequence[Line] = LINES,
    listed: Sequence[str] | None = None,
    price: str = "100.00",
    index: str = "1.000000",
) -> Path:
    """The workspace with the contract edited (each old text by a new one); gives the plan's path."""
    contract = CONTRACT_TEXT
    for old, new in edits:
        assert old in contract, old
        contract = contract.replace(old, new)
    write(root, CONTRACT, contract)
    lay_prices(root, price, index)
    table(root, "data/persons.csv", "PSEUDO NHS NUMBER,PERSON BIRTH DATE,PERSON DEATH DATE,BODY MASS INDEX",
          [f"{person},1980-01-01,," for person in ("P1", "P2", "P4")])  # fmt: skip
    table(
        root,
        "data/registrations.csv",
        "PSEUDO NHS NUMBER,PRIMARY CARE PROVIDER,REGISTRATION TYPE,BUSINESS EFFECTIVE FROM DATE,"
        "BUSINESS EFFECTIVE TO DATE",
        REGISTRATIONS,
    )
    table(root, "data/conditions.csv", "PSEUDO NHS NUMBER,CONDITION,DIAGNOSIS DATE", [])
    table(
        root,
        "data/practices.csv",
        "GENERAL MEDICAL PRACTICE CODE,NEIGHBOURHOOD CODE,EFFECTIVE FROM DATE,EFFECTIVE TO DATE,"
        "SUCCESSOR PRACTICE CODE",
        ["PA,NA,2000-01-01,,", "PB,NB,2000-01-01,,"],
    )
    table(root, "data/neighbourhoods.csv", "NEIGHBOURHOOD CODE,HOST CODE,EFFECTIVE FROM DATE,EFFECTIVE TO DATE",
          ["NA,A,2000-01-01,", "NB,B,2000-01-01,"])  # fmt: skip
    _lay_lines(root, lines)
    plan = (
        f"plan: world\ncontract: {CONTRACT}\nyear: 2026/27\nas_of: 2027-05-01\nprepared_by: Tests\n"
        "prices: tariffs/world/book.yaml\ninputs:\n"
    )
    for name in ("registrations", "persons", "conditions", "practices", "neighbourhoods", "activity"):
        plan += f"  {name}: data/{name}.csv\n"
    if listed is not None:
        table(root, LIST, "Pseudo NHS number,host", listed)
        plan += f"  attribution_list: {LIST}\n"
    return write(root, PLAN, plan)


def _lay_lines(root: Path, lines: Sequence[Line]) -> None:
    table(
        root,
        "data/activity.csv",
        "FINANCIAL MONTH,FINANCIAL YEAR,ORGANISATION IDENTIFIER (CODE OF PROVIDER),"
        "ORGANISATION IDENTIFIER (CODE OF COMMISSIONER),PSEUDO NHS NUMBER,CDS UNIQUE IDENTIFIER,"
        "ACTIVITY END DATE (CONTRACT MONITORING),POINT OF DELIVERY CODE,TARIFF CODE,NATIONAL TARIFF INDICATOR,"
        "ACTIVITY COUNT (POINT OF DELIVERY),TOTAL COST",
        [
            f",,P,C,{person},L{number},{day},{delivery},{code},Y,{count},{total}"
            for number, (person, day, delivery, code, count, total) in enumerate(lines, 1)
        ],
    )


def lay_prices(root: Path, price: str, index: str) -> None:
    lay_book(root, "tariffs/world", {"VB01Z": price}, index)


def lay_book(
    root: Path,
    folder: str,
    prices: Mapping[str, str],
    index: str = "1.000000",
    *,
    published: str = "2026-03-01",
    days: tuple[str, str] = ("2026-04-01", "2027-03-31"),
    version: str = "v1",
    supersedes: str = "",
) -> None:
    """One version of a book: prices by code, the provider's index, when it was published, for which days it holds."""
    tables = (
        table(
            root,
            f"{folder}/prices.csv",
            "tariff_code,point_of_delivery,treatment_function,description,unit_price_pounds,basis,source",
            [f"{code},,,A price,{price},unit,invented" for code, price in prices.items()],
        ),
        table(root, f"{folder}/mff.csv", "provider_code,provider_name,market_forces_factor,source",
              [f"P,Provider,{index},invented"]),
    )  # fmt: skip
    hashes = "".join(f"  {path.name}: {hashlib.sha256(path.read_bytes()).hexdigest()}\n" for path in tables)
    write(
        root,
        f"{folder}/book.yaml",
        f"book: world\ntitle: Prices\nyear: 2026/27\nversion: {version}\n"
        + (f"supersedes: {supersedes}\n" if supersedes else "")
        + f"source: invented\npublished_on: {published}\nlicence: none\n"
        f"effective_from: {days[0]}\neffective_to: {days[1]}\nprices: prices.csv\nmarket_forces: mff.csv\n"
        f"sha256:\n{hashes}",
    )


def name_prices(root: Path, prices: str) -> Path:
    """Let the plan name other price books; gives the plan's path."""
    plan = (root / PLAN).read_text(encoding="utf-8")
    return write(root, PLAN, plan.replace("prices: tariffs/world/book.yaml", f"prices: {prices}"))
