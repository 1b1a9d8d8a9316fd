"""Writes a world as the files that a workspace holds: contract, catalogue, price book, plan and data."""

import csv
import hashlib
import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from .oracle import belongs_to_the_year, month_of
from .world import (
    Adjustment,
    Balance,
    Band,
    Bands,
    Block,
    BudgetMarketForces,
    Change,
    Contract,
    Line,
    MarketForces,
    OnAccount,
    Outcomes,
    PlaceIndex,
    Price,
    Rate,
    Registration,
    Segment,
    Split,
    StopLoss,
    Term,
    Transfer,
    UpliftAndEfficiency,
    VcseLine,
    Weight,
    When,
    World,
)

DATA = "data/world"
PLAN = "reconciliation/2026-27/world/plan.yaml"
CONTRACT = "contracts/world/contract.yaml"
CATALOGUE = "contracts/outcomes/world.yaml"
TARIFF = "tariffs/world/2026-27"

ACTIVITY_HEADER = (
    "FINANCIAL MONTH",
    "FINANCIAL YEAR",
    "DATE AND TIME DATA SET CREATED",
    "ORGANISATION IDENTIFIER (CODE OF PROVIDER)",
    "ORGANISATION SITE IDENTIFIER (OF TREATMENT)",
    "ORGANISATION IDENTIFIER (GP PRACTICE RESPONSIBILITY)",
    "ORGANISATION IDENTIFIER (CODE OF COMMISSIONER)",
    "WITHHELD IDENTITY REASON",
    "NHS NUMBER",
    "LOCAL PATIENT IDENTIFIER (EXTENDED)",
    "POSTCODE OF USUAL ADDRESS",
    "PERSON BIRTH DATE",
    "AGE AT ACTIVITY DATE (CONTRACT MONITORING)",
    "PERSON STATED GENDER CODE",
    "ETHNIC CATEGORY",
    "GENERAL MEDICAL PRACTICE CODE (PATIENT REGISTRATION)",
    "CDS UNIQUE IDENTIFIER",
    "NON CDS UNIQUE IDENTIFIER",
    "HOSPITAL PROVIDER SPELL NUMBER",
    "ATTENDANCE IDENTIFIER",
    "EMERGENCY CARE ATTENDANCE IDENTIFIER",
    "ACTIVITY START DATE (CONTRACT MONITORING)",
    "ACTIVITY END DATE (CONTRACT MONITORING)",
    "PACKAGE OF CARE OR YEAR OF CARE START DATE (CONTRACT MONITORING)",
    "ACTIVITY TREATMENT FUNCTION CODE",
    "LOCAL SUB-SPECIALTY CODE",
    "WARD CODE",
    "COMMISSIONED SERVICE CATEGORY CODE",
    "SPECIALISED SERVICE CODE",
    "SPECIALISED MENTAL HEALTH SERVICE CATEGORY CODE",
    "POINT OF DELIVERY CODE",
    "POINT OF DELIVERY FURTHER DETAIL CODE",
    "POINT OF DELIVERY FURTHER DETAIL DESCRIPTION",
    "LOCAL POINT OF DELIVERY CODE",
    "LOCAL POINT OF DELIVERY DESCRIPTION",
    "TARIFF CODE",
    "NATIONAL TARIFF INDICATOR",
    "UNBUNDLED EPISODE INDICATOR",
    "PROVIDER REFERENCE NUMBER",
    "NHS SERVICE AGREEMENT LINE NUMBER",
    "ACTIVITY COUNT (POINT OF DELIVERY)",
    "ACTIVITY UNIT PRICE",
    "TOTAL COST",
)

# Acute trusts send commissioning data set identifiers, everyone else sends the other kind.
ACUTE_PREFIXES = ("ZA", "ZL")

Row = tuple[str, ...]
Yaml = str | Mapping[str, "Yaml"] | list["Yaml"]


def write_world(
    world: World,
    root: Path,
    shuffle_seed: int | None = None,
    split_lines: Mapping[int, Decimal] | None = None,
) -> Path:
    """Write the whole workspace under `root` and return the path of its plan.

    With `shuffle_seed` the rows of every table are written in another order. `split_lines` gives, for a line's
    position in the world, the quantity of the first of the two rows in which it is then written.
    """
    order = random.Random(shuffle_seed) if shuffle_seed is not None else None
    lines = split_in_two(world.lines, split_lines or {})
    write_text(root / CONTRACT, to_yaml(contract_yaml(world)))
    write_text(root / CATALOGUE, to_yaml(catalogue_yaml(world)))
    write_tariff(world, root / TARIFF, order)
    write_people(world, root / DATA, order)
    write_activity(lines, root / DATA / "plcm" / "load-1", order)
    write_results_and_payments(world, root / DATA, order)
    write_text(root / PLAN, to_yaml(plan_yaml(world)))
    return root / PLAN


def split_in_two(lines: Iterable[Line], quantities: Mapping[int, Decimal]) -> list[Line]:
    """Two rows with the same identifiers whose quantities and submitted pence add to those of the one."""
    rows = []
    for position, line in enumerate(lines):
        first = quantities.get(position)
        if first is None:
            rows.append(line)
            continue
        rest = line.quantity - first
        if line.submitted_pence is None:
            rows += [replace(line, quantity=first), replace(line, quantity=rest)]
            continue
        pence = int(line.submitted_pence * Fraction(first) / Fraction(line.quantity))
        rows.append(replace(line, quantity=first, submitted_pence=pence))
        rows.append(replace(line, quantity=rest, submitted_pence=line.submitted_pence - pence))
    return rows


# --------------------------------------------------------------------------------------------------------------
# Tables
# --------------------------------------------------------------------------------------------------------------


def write_table(path: Path, header: Row, rows: Iterable[Row], order: random.Random | None) -> None:
    rows = list(rows)
    if order is not None:
        order.shuffle(rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def write_text(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8"))


def day(value: date | None) -> str:
    return value.isoformat() if value is not None else ""


def pounds(pence: int) -> str:
    sign = "-" if pence < 0 else ""
    return f"{sign}{abs(pence) // 100}.{abs(pence) % 100:02}"


def write_people(world: World, folder: Path, order: random.Random | None) -> None:
    write_registrations(folder / "registrations.csv", world.registrations, order)
    if world.restated is not None:
        write_registrations(folder / "registrations_before.csv", world.restated.registrations, order)
    write_table(
        folder / "persons.csv",
        (
            "PSEUDO NHS NUMBER",
            "PERSON BIRTH DATE",
            "PERSON DEATH DATE",
            "PERSON STATED GENDER CODE",
            "BODY MASS INDEX",
        ),
        ((p.key, day(p.born), day(p.died), "2", bmi_text(p.body_mass_index)) for p in world.persons),
        order,
    )
    write_table(
        folder / "conditions.csv",
        ("PSEUDO NHS NUMBER", "CONDITION", "DIAGNOSIS DATE"),
        ((d.person, d.condition, day(d.diagnosed_on)) for d in world.diagnoses),
        order,
    )
    if world.partners:
        write_networks(world, folder, order)
    else:
        write_practices(world, folder, order)
    write_neighbourhoods(world, folder, order)
    if is_any_listed(world.contract):
        write_table(
            folder / "segment_lists.csv",
            ("PSEUDO NHS NUMBER", "SEGMENT", "EFFECTIVE FROM DATE", "EFFECTIVE TO DATE"),
            ((n.person, n.segment, day(n.start), day(n.end)) for n in world.segment_lists),
            order,
        )
    if world.contract.attribution == "prospective_list":
        rows = ((row.person, row.host) for row in world.attribution_list)
        write_table(folder / "attribution_list.csv", ("PSEUDO NHS NUMBER", "host"), rows, order)


def is_any_listed(contract: Contract) -> bool:
    return any(segment.listed for segment in contract.segments)


def write_registrations(path: Path, registrations: Iterable[Registration], order: random.Random | None) -> None:
    write_table(
        path,
        (
            "PSEUDO NHS NUMBER",
            "PRIMARY CARE PROVIDER",
            "REGISTRATION TYPE",
            "BUSINESS EFFECTIVE FROM DATE",
            "BUSINESS EFFECTIVE TO DATE",
            "REASON FOR REMOVAL",
        ),
        ((r.person, r.practice, r.kind, day(r.start), day(r.end), "") for r in registrations),
        order,
    )


def bmi_text(value: Decimal | None) -> str:
    return f"{value:.1f}" if value is not None else ""


def write_networks(world: World, folder: Path, order: random.Random | None) -> None:
    write_table(
        folder / "networks.csv",
        (
            "Partner Organisation Code",
            "PCN Code",
            "Practice to PCN Relationship Start Date",
            "Practice to PCN Relationship End Date",
        ),
        ((p.practice, p.network, compact(p.start), compact(p.end)) for p in world.partners),
        order,
    )
    write_table(
        folder / "network_neighbourhoods.csv",
        ("PCN CODE", "NEIGHBOURHOOD CODE", "EFFECTIVE FROM DATE", "EFFECTIVE TO DATE"),
        ((p.network, p.neighbourhood, day(p.start), day(p.end)) for p in world.placed),
        order,
    )
    write_table(
        folder / "successors.csv",
        ("GENERAL MEDICAL PRACTICE CODE", "SUCCESSOR PRACTICE CODE", "EFFECTIVE FROM DATE"),
        ((s.practice, s.successor, day(s.start)) for s in world.successions),
        order,
    )


def compact(value: date | None) -> str:
    """A day as the Organisation Data Service writes it."""
    return value.strftime("%Y%m%d") if value is not None else ""


def write_practices(world: World, folder: Path, order: random.Random | None) -> None:
    write_table(
        folder / "practices.csv",
        (
            "GENERAL MEDICAL PRACTICE CODE",
            "PRACTICE NAME",
            "NEIGHBOURHOOD CODE",
            "EFFECTIVE FROM DATE",
            "EFFECTIVE TO DATE",
            "SUCCESSOR PRACTICE CODE",
        ),
        (
            (p.code, f"Practice {p.code}", p.neighbourhood, day(p.start), day(p.end), p.successor)
            for p in world.practices
        ),
        order,
    )


def write_neighbourhoods(world: World, folder: Path, order: random.Random | None) -> None:
    write_table(
        folder / "neighbourhoods.csv",
        ("NEIGHBOURHOOD CODE", "NEIGHBOURHOOD NAME", "HOST CODE", "EFFECTIVE FROM DATE", "EFFECTIVE TO DATE"),
        ((n.code, f"Neighbourhood {n.code}", n.host, day(n.start), day(n.end)) for n in world.neighbourhoods),
        order,
    )


def write_results_and_payments(world: World, folder: Path, order: random.Random | None) -> None:
    write_table(
        folder / "indicator_results.csv",
        ("HOST CODE", "INDICATOR", "NUMERATOR", "DENOMINATOR", "SOURCE"),
        ((r.host, r.indicator, str(r.numerator), str(r.denominator), "invented") for r in world.indicator_results),
        order,
    )
    write_table(
        folder / "payments_on_account.csv",
        ("FINANCIAL YEAR", "PAYMENT DATE", "PAYER CODE", "PAYEE CODE", "AMOUNT", "REFERENCE"),
        (("202627", day(p.paid_on), p.payer, p.payee, pounds(p.pence), p.reference) for p in world.payments),
        order,
    )


def write_activity(lines: list[Line], folder: Path, order: random.Random | None) -> None:
    """One file for each provider and month of the year; a stray from another year comes with its provider's first."""
    files: defaultdict[tuple[str, int], list[Line]] = defaultdict(list)
    for line in lines:
        if belongs_to_the_year(line):
            files[line.provider, month_of(line.ended)].append(line)
    for line in lines:
        if not belongs_to_the_year(line):
            files[min(key for key in files if key[0] == line.provider)].append(line)
    if not files:
        # A year with no activity is still a year that was sent.
        files["ZA1", 1] = []
    for (provider, month), rows in files.items():
        name = f"PLCM_2627_M{month:02}_{provider}.csv"
        write_table(folder / name, ACTIVITY_HEADER, (activity_row(line) for line in rows), order)


def activity_row(line: Line) -> Row:
    acute = line.provider.startswith(ACUTE_PREFIXES)
    filled = {
        "FINANCIAL MONTH": str(month_of(line.ended)),
        "FINANCIAL YEAR": line.financial_year,
        "DATE AND TIME DATA SET CREATED": "2027-04-20T09:00:00",
        "ORGANISATION IDENTIFIER (CODE OF PROVIDER)": line.provider,
        "ORGANISATION IDENTIFIER (GP PRACTICE RESPONSIBILITY)": line.commissioner,
        "ORGANISATION IDENTIFIER (CODE OF COMMISSIONER)": line.commissioner,
        "NHS NUMBER": line.person,
        "PERSON STATED GENDER CODE": "2",
        "CDS UNIQUE IDENTIFIER": line.identifier if acute else "",
        "NON CDS UNIQUE IDENTIFIER": "" if acute else line.identifier,
        "ACTIVITY START DATE (CONTRACT MONITORING)": day(line.started or line.ended),
        "ACTIVITY END DATE (CONTRACT MONITORING)": day(line.ended),
        "ACTIVITY TREATMENT FUNCTION CODE": line.treatment_function,
        "COMMISSIONED SERVICE CATEGORY CODE": "21" if line.specialised_code else "11",
        "SPECIALISED SERVICE CODE": line.specialised_code,
        "POINT OF DELIVERY CODE": line.point_of_delivery,
        "TARIFF CODE": line.tariff_code,
        "NATIONAL TARIFF INDICATOR": "Y",
        "UNBUNDLED EPISODE INDICATOR": "N",
        "ACTIVITY COUNT (POINT OF DELIVERY)": plain(line.quantity),
        "ACTIVITY UNIT PRICE": pounds(line.submitted_unit_price_pence),
        "TOTAL COST": pounds(line.submitted_pence) if line.submitted_pence is not None else "",
    }
    return tuple(filled.get(column, "") for column in ACTIVITY_HEADER)


def plain(value: Decimal) -> str:
    """A decimal without an exponent and without zeros at its end."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def write_tariff(world: World, folder: Path, order: random.Random | None) -> None:
    write_book(world.prices, world.market_forces, folder, order)
    for number, again in enumerate(world.re_issues, start=2):
        days = {"published_on": day(again.published), "effective_from": day(again.start), "version": f"v{number}"}
        write_book(again.prices, again.market_forces, folder / f"v{number}", order, days)


def write_book(
    prices_of_book: Sequence[Price],
    market_forces: Sequence[MarketForces],
    folder: Path,
    order: random.Random | None,
    other: Mapping[str, Yaml] | None = None,
) -> None:
    """One version of the book; what it says of itself in another way than the first."""
    prices, indices = folder / "prices.csv", folder / "mff.csv"
    write_table(
        prices,
        (
            "tariff_code",
            "point_of_delivery",
            "treatment_function",
            "description",
            "unit_price_pounds",
            "basis",
            "source",
        ),
        (
            (
                p.tariff_code,
                p.point_of_delivery,
                p.treatment_function,
                "A price",
                pounds(p.unit_price_pence),
                "unit",
                "invented for the sample",
            )
            for p in prices_of_book
        ),
        order,
    )
    write_table(
        indices,
        ("provider_code", "provider_name", "market_forces_factor", "source"),
        ((m.provider, m.provider, f"{m.index:.6f}", "invented for the sample") for m in market_forces),
        order,
    )
    hashes = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (prices, indices)}
    write_text(folder / "book.yaml", to_yaml(book_yaml(hashes) | dict(other or {})))


# --------------------------------------------------------------------------------------------------------------
# YAML, written in blocks with every scalar as it stands
# --------------------------------------------------------------------------------------------------------------


def to_yaml(value: Yaml) -> str:
    return "\n".join(yaml_lines(value)) + "\n"


def yaml_lines(value: Yaml) -> list[str]:
    if isinstance(value, Mapping):
        return [line for key, part in value.items() for line in yaml_pair(key, part)]
    assert isinstance(value, list)
    return [line for part in value for line in yaml_item(part)]


def yaml_pair(key: str, value: Yaml) -> list[str]:
    if isinstance(value, str):
        return [f"{key}: {value}"]
    if not value:
        return [f"{key}: []" if isinstance(value, list) else f"{key}: {{}}"]
    return [f"{key}:", *(f"  {line}" for line in yaml_lines(value))]


def yaml_item(value: Yaml) -> list[str]:
    if isinstance(value, str):
        return [f"- {value}"]
    first, *rest = yaml_lines(value)
    return [f"- {first}", *(f"  {line}" for line in rest)]


def quoted(text: str) -> str:
    return f'"{text}"'


def yes_or_no(value: bool) -> str:
    return "yes" if value else "no"


def money(pence: int) -> str:
    sign, size = "-" if pence < 0 else "", abs(pence)
    return f"{sign}£{pounds(size)}" if size % 100 else f"{sign}£{size // 100}"


def rate(value: Fraction) -> str:
    """A percentage where that is exact, else a fraction."""
    per_million = value * 1_000_000
    if per_million.denominator != 1:
        return f"{value.numerator}/{value.denominator}"
    return plain(Decimal(int(per_million)).scaleb(-4)) + "%"


def plan_yaml(world: World) -> Yaml:
    contract = world.contract
    # A plan names payments only where a term takes them off.
    takes_off = any(isinstance(term, OnAccount) for term in contract.terms)
    payments = {"payments_on_account": f"{DATA}/payments_on_account.csv"} if takes_off else {}
    is_listed = contract.attribution == "prospective_list"
    listed = {"attribution_list": f"{DATA}/attribution_list.csv"} if is_listed else {}
    if is_any_listed(contract):
        listed["segment_lists"] = f"{DATA}/segment_lists.csv"
    if world.restated is not None:
        listed["registrations_before"] = f"{DATA}/registrations_before.csv"
    turned = {"restated_from": day(world.restated.start)} if world.restated and world.restated.start else {}
    by_network = ("networks", "network_neighbourhoods", "successors")
    places = by_network if world.partners else ("practices",)
    return {
        "plan": "world-2026-27",
        "contract": CONTRACT,
        "year": "2026/27",
        "as_of": "2027-04-23",
        "prepared_by": "A tester",
        "prices": TARIFF,
        **turned,
        "inputs": {
            "registrations": f"{DATA}/registrations.csv",
            "persons": f"{DATA}/persons.csv",
            "conditions": f"{DATA}/conditions.csv",
            **{name: f"{DATA}/{name}.csv" for name in places},
            "neighbourhoods": f"{DATA}/neighbourhoods.csv",
            "activity": [f"{DATA}/plcm/load-1/*.csv"],
            "indicator_results": f"{DATA}/indicator_results.csv",
            **payments,
            **listed,
        },
    }


def book_yaml(hashes: Mapping[str, str]) -> Yaml:
    return {
        "book": "world",
        "title": "Prices of a random world",
        "year": "2026/27",
        "source": "invented",
        "published_on": "2026-03-01",
        "licence": "none",
        "effective_from": "2026-04-01",
        "effective_to": "2027-03-31",
        "prices": "prices.csv",
        "market_forces": "mff.csv",
        "sha256": dict(hashes),
    }


def catalogue_yaml(world: World) -> Yaml:
    return {
        "catalogue": "world",
        "title": "Indicators of a random world",
        "indicators": [
            {
                "id": i.id,
                "title": f"Indicator {i.id}",
                "better": i.better,
                "floor": quoted(str(i.floor)),
                "target": quoted(str(i.target)),
            }
            for i in world.indicators
        ],
    }


def contract_yaml(world: World) -> Yaml:
    contract = world.contract
    return {
        "contract": "world",
        "title": "A random world",
        "synthetic": "yes",
        "version": quoted("1"),
        "status": contract.status,
        "route": contract.route,
        "first_year": contract.first_year,
        "years": "5",
        "parties": [party_yaml(p.code, p.name, p.role, p.nhs_body) for p in contract.parties],
        "population": population_yaml(contract),
        "activity": activity_yaml(contract),
        "budget": budget_yaml(contract),
        "indicators": CATALOGUE,
        "terms": [
            {"id": "budget", "kind": "capitation"},
            {"id": "cost", "kind": "activity_cost"},
            *(term_yaml(term) for term in contract.terms),
        ],
    }


def party_yaml(code: str, name: str, role: str, nhs_body: bool) -> Yaml:
    party = {"code": code, "name": name, "role": role}
    return party if nhs_body else party | {"nhs_body": "no"}


def population_yaml(contract: Contract) -> Yaml:
    ties = {"attribution_ties": contract.attribution_ties} if contract.attribution_ties else {}
    return {
        "counting": contract.counting,
        "attribution": contract.attribution,
        **ties,
        "overlapping_registrations": contract.overlapping_registrations,
        "conditions": list(contract.conditions),
        "segments_tested": contract.segments_tested,
        "segments": [segment_yaml(s) for s in contract.segments],
    }


def segment_yaml(segment: Segment) -> Yaml:
    if segment.listed:
        return {"id": segment.id, "name": f"Segment {segment.id}", "list": "yes"}
    written: dict[str, Yaml] = {
        "id": segment.id,
        "name": f"Segment {segment.id}",
        "age": {"from": str(segment.age_from), "to": str(segment.age_to)},
    }
    if segment.bmi_over is not None:
        written["bmi_over"] = plain(segment.bmi_over)
    if segment.at_least is not None:
        written["conditions"] = {"at_least": str(segment.at_least)}
    if segment.exactly is not None:
        written["conditions"] = {"exactly": str(segment.exactly)}
    return written


def activity_yaml(contract: Contract) -> Yaml:
    blocks: dict[str, Yaml] = {"blocks": [block_yaml(block) for block in contract.blocks]} if contract.blocks else {}
    return {
        "commissioners": list(contract.commissioners),
        "price": {"basis": contract.price_basis, "rounding": contract.price_rounding},
        "guards": [{"reason": g.reason, "when": when_yaml(g.when)} for g in contract.guards],
        "scope": [
            {"setting": r.setting, "when": when_yaml(r.when)}
            if r.setting
            else {"out_of_scope": r.out_of_scope, "when": when_yaml(r.when)}
            for r in contract.scope
        ],
        **blocks,
    }


def block_yaml(block: Block) -> Yaml:
    written: dict[str, Yaml] = {
        "id": block.id,
        "provider": block.provider,
        "setting": block.setting,
        "value": money(block.value_pence),
        "key": block.key,
    }
    if block.whole is not None:
        written["whole"] = str(block.whole)
    if block.shares:
        written["shares"] = {host: rate(share) for host, share in block.shares}
    return written


def when_yaml(when: When) -> Yaml:
    written: dict[str, Yaml] = {}
    if when.provider:
        written["provider"] = list(when.provider)
    if when.point_of_delivery:
        written["point_of_delivery"] = list(when.point_of_delivery)
    if when.specialised:
        written["specialised"] = "yes"
    return written


def budget_yaml(contract: Contract) -> Yaml:
    segments = dict.fromkeys(r.segment for r in contract.rates)
    written: dict[str, Yaml] = {
        "rounding": contract.budget_rounding,
        "rates": {segment: rates_of_segment(contract.rates, segment) for segment in segments},
    }
    if contract.adjustments:
        written["adjustments"] = [adjustment_yaml(a) for a in contract.adjustments]
    return written


def rates_of_segment(rates: tuple[Rate, ...], segment: str) -> Yaml:
    return {r.setting: money(r.pence) for r in rates if r.segment == segment}


def adjustment_yaml(adjustment: Adjustment) -> Yaml:
    match adjustment:
        case UpliftAndEfficiency():
            written: dict[str, Yaml] = {
                "kind": "cost_uplift_and_efficiency",
                "cost_uplift": rate(adjustment.cost_uplift),
                "efficiency": rate(adjustment.efficiency),
                "combine": adjustment.combine,
            }
        case Change(rate=None):
            by_segment = {segment: rate(value) for segment, value in adjustment.rate_by_segment}
            written = {"kind": adjustment.kind, "rate_by_segment": by_segment}
        case Change():
            written = {"kind": adjustment.kind, "rate": rate(adjustment.rate)}
        case BudgetMarketForces(index=None):
            by_host = {host: quoted(str(index)) for host, index in adjustment.index_by_host}
            written = {"kind": "market_forces", "index_by_host": by_host}
        case BudgetMarketForces():
            written = {"kind": "market_forces", "index": str(adjustment.index)}
        case Transfer():
            by_host = {host: money(pence) for host, pence in adjustment.value_by_host}
            written = {"kind": "transfer", "value_by_host": by_host}
            if adjustment.start is not None:
                written["from"] = day(adjustment.start)
        case PlaceIndex():
            names = ("registered", "weighted", "whole_registered", "whole_weighted")
            written = {"kind": "place_index", **{name: quoted(str(getattr(adjustment, name))) for name in names}}
    return {"id": adjustment.id, **written}


def weights_yaml(weights: tuple[Weight, ...]) -> Yaml:
    return {w.indicator: rate(w.weight) for w in weights}


def bands_yaml(table: tuple[Band, ...]) -> Yaml:
    """Each band says where it begins and ends; the first has no beginning to name and the last no end."""
    written = []
    start: Fraction | None = None
    for band in table:
        row: dict[str, Yaml] = {}
        if start is not None:
            row["from"] = rate(start)
        if band.to is not None:
            row["to"] = rate(band.to)
        written.append(row | {"host_share": rate(band.host_share)})
        start = band.to
    return written


def term_yaml(term: Term) -> Yaml:
    match term:
        case StopLoss():
            written = stop_loss_yaml(term)
        case Balance():
            written = {"kind": "balance", "base": term.base}
        case Bands():
            written = {
                "kind": "bands",
                "on": term.on,
                "base": term.base,
                "gain": bands_yaml(term.gain),
                "loss": bands_yaml(term.loss),
            }
        case Outcomes():
            at_risk = {str(year): rate(share) for year, share in enumerate(term.at_risk, start=1)}
            weights = weights_yaml(term.weights)
            written = {"kind": "outcomes", "base": term.base, "at_risk": at_risk, "weights": weights}
        case VcseLine():
            written = vcse_yaml(term)
        case Split():
            shares = {party: rate(share) for party, share in term.shares}
            written = {"kind": "split", "on": term.on, "shares": shares}
        case OnAccount():
            written = {"kind": "on_account"}
    return {"id": term.id, **written}


def stop_loss_yaml(term: StopLoss) -> dict[str, Yaml]:
    # What a contract need not say is left unsaid.
    taken: dict[str, Yaml] = {} if term.taken == "in_date_order" else {"taken": term.taken}
    return {
        "kind": "stop_loss",
        "threshold": money(term.threshold_pence),
        "share": rate(term.share),
        "borne_by": term.borne_by,
        "pro_rata": yes_or_no(term.pro_rata),
        "decided_on": term.decided_on,
        **taken,
    }


def vcse_yaml(term: VcseLine) -> dict[str, Yaml]:
    written: dict[str, Yaml] = {"kind": "vcse_line", "partner": term.partner}
    if term.value_pence is not None:
        written["value"] = money(term.value_pence)
    else:
        written["value"] = {"by": "host", "values": {host: money(pence) for host, pence in term.value_by_host}}
    written["paid_by"] = term.paid_by
    if term.indexation is not None:
        written["indexation"] = indexation_yaml(term)
    if term.protected_minimum is not None:
        written["protected_minimum"] = rate(term.protected_minimum)
    if term.outcome_part is not None:
        part = term.outcome_part
        written["outcome_part"] = {"share": rate(part.share), "weights": weights_yaml(part.weights)}
    if term.profile:
        written["profile"] = [rate(part) for part in term.profile]
    return written


def indexation_yaml(term: VcseLine) -> Yaml:
    indexation = term.indexation
    assert indexation is not None
    written: dict[str, Yaml] = {
        "agreed_in": indexation.agreed_in,
        "rates": {year: rate(value) for year, value in indexation.rates},
    }
    if indexation.floor is not None:
        written["floor"] = rate(indexation.floor)
    if indexation.cap is not None:
        written["cap"] = rate(indexation.cap)
    return written
