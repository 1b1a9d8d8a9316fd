"""Activity files: layout, money, and the kinds of line that the rules have to tell apart."""

import csv
import datetime as dt
from collections import Counter, defaultdict
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from yoc.synth.layouts import ACM, PLCM

BOOK = Path(__file__).parents[2] / "tariffs" / "sample-prices" / "2026-27"

PLACE = {name: place for place, name in enumerate(PLCM)}
PERSON = PLACE["NHS NUMBER"]
PROVIDER = PLACE["ORGANISATION IDENTIFIER (CODE OF PROVIDER)"]
COMMISSIONER = PLACE["ORGANISATION IDENTIFIER (CODE OF COMMISSIONER)"]
START = PLACE["ACTIVITY START DATE (CONTRACT MONITORING)"]
END = PLACE["ACTIVITY END DATE (CONTRACT MONITORING)"]
POD = PLACE["POINT OF DELIVERY CODE"]
FUNCTION = PLACE["ACTIVITY TREATMENT FUNCTION CODE"]
TARIFF = PLACE["TARIFF CODE"]
COUNT = PLACE["ACTIVITY COUNT (POINT OF DELIVERY)"]
PRICE = PLACE["ACTIVITY UNIT PRICE"]
COST = PLACE["TOTAL COST"]
SPECIALISED = PLACE["SPECIALISED SERVICE CODE"]
MONEY_ONLY = {"BLOCK", "CQUIN", "ADJUSTMENT", "ADJUSTM"}
INDEX = {"ZA1": "1.037218", "ZA2": "1.028463", "ZM1": "1.031957", "ZL1": "1.083641", "ZC1": "1", "ZG1": "1"}


def planted(sample) -> Counter[str]:
    rows: Counter[str] = Counter()
    for row in sample.table("planted_faults.csv"):
        rows[row["fault"]] += int(row["rows"])
    return rows


def is_clean(cells: tuple[str, ...]) -> bool:
    """Written without a fault in its cost or count."""
    return len(cells) == len(PLCM) and all(
        cells[place].lstrip("-").replace(".", "").isdigit() for place in (COST, COUNT)
    )


def test_headers_are_the_national_ones_in_order(sample):
    for folder, header in (("plcm/load-1", PLCM), ("plcm/load-2", PLCM), ("acm", ACM)):
        for path in (sample.folder / folder).iterdir():
            with path.open(encoding="cp1252", newline="") as file:
                assert tuple(next(csv.reader(file))) == header
    assert len(PLCM) == 43


def test_cost_is_price_times_count_times_index_to_the_penny(first_load):
    checked = 0
    for row in first_load:
        if is_clean(row.cells):
            exact = Decimal(row.cells[PRICE]) * Decimal(row.cells[COUNT]) * Decimal(INDEX[row.cells[PROVIDER]])
            assert Decimal(row.cells[COST]) == exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
            checked += 1
    assert checked > len(first_load) - 40


def test_every_code_has_a_price_but_the_planted_ones(sample, first_load):
    with (BOOK / "prices.csv").open(encoding="utf-8", newline="") as file:
        prices = {
            (row["tariff_code"], row["point_of_delivery"], row["treatment_function"]): Decimal(row["unit_price_pounds"])
            for row in csv.DictReader(file)
        }
    without: Counter[str] = Counter()
    mended = {"AE TYPE1": "AE", "OPFASPC": "OPFASPCL", "XYZZY": "OPFASPCL"}
    for row in first_load:
        if len(row.cells) != len(PLCM) or row.cells[TARIFF] == "":
            continue
        tariff, function = row.cells[TARIFF], row.cells[FUNCTION]
        pod = row.cells[POD].strip().upper()
        pod = mended.get(pod, pod)
        keys = ((tariff, pod, function), (tariff, pod, ""), (tariff, "", function), (tariff, "", ""))
        found = next((prices[key] for key in keys if key in prices), None)
        if found is None:
            without[tariff] += 1
        else:
            assert Decimal(row.cells[PRICE]) == found
    assert set(without) == {"ZZ99X", "ZZ98Y", "COMZZ9"}
    assert without.total() == planted(sample)["code_without_price"]


def test_plcm_of_the_latest_loads_adds_up_to_acm(sample, first_load, second_load):
    restated = {row.file.rpartition("PLCM_")[2] for row in second_load}
    latest = [row for row in first_load if row.file.rpartition("PLCM_")[2] not in restated] + second_load
    lines: dict[str, Decimal] = defaultdict(Decimal)
    for row in latest:
        lines[row.file.rpartition("PLCM_")[2]] += as_meant(row.cells)
    for path in sorted((sample.folder / "acm").iterdir()):
        total = sum(Decimal(row["CONTRACT MONITORING ACTUAL PRICE"]) for row in sample.table(f"acm/{path.name}"))
        assert lines[path.name.removeprefix("ACM_")] == total, path.name


def as_meant(cells: tuple[str, ...]) -> Decimal:
    """The cost that the provider meant; a first attendance at ZA1 is £250.07, a specialist nurse contact £112.95."""
    if len(cells) < len(PLCM):
        return Decimal("112.95")
    if cells[COST] in {"TBC", ""}:
        return Decimal({"ZA1": "250.07", "ZC1": "112.95"}[cells[PROVIDER]])
    text = cells[COST].translate(str.maketrans("", "", "£Â,"))
    return -Decimal(text.strip("()")) if text.startswith("(") else Decimal(text)


def test_statement_splits_out_market_forces(sample):
    rows = sample.table("acm/ACM_2627_M06_ZA1.csv")
    total = sum(Decimal(row["CONTRACT MONITORING ACTUAL PRICE"]) for row in rows)
    part = sum(Decimal(row["CONTRACT MONITORING ACTUAL MARKET FORCES FACTOR"]) for row in rows)
    # 0.037218 of the cost before market forces, but for the pennies rounded on each line.
    assert abs(part / (total - part) - Decimal("0.037218")) < Decimal("0.0001")
    community = sample.table("acm/ACM_2627_M06_ZC1.csv")
    assert {row["CONTRACT MONITORING ACTUAL MARKET FORCES FACTOR"] for row in community} == {"0.00"}


def test_identifiers_are_unique_within_a_provider_and_in_the_right_column(first_load):
    cds, other = PLACE["CDS UNIQUE IDENTIFIER"], PLACE["NON CDS UNIQUE IDENTIFIER"]
    seen = set()
    for row in first_load:
        acute = row.cells[PROVIDER] in {"ZA1", "ZA2", "ZL1"}
        assert bool(row.cells[cds]) is acute
        assert bool(row.cells[other]) is not acute
        seen.add((row.cells[PROVIDER], row.cells[cds] or row.cells[other]))
    assert len(seen) == len(first_load)


def test_nothing_identifies_a_patient(first_load):
    blank = [
        PLACE[name]
        for name in ("LOCAL PATIENT IDENTIFIER (EXTENDED)", "POSTCODE OF USUAL ADDRESS", "PERSON BIRTH DATE")
    ]
    assert all(row.cells[place] == "" for row in first_load for place in blank)


def test_activity_ends_in_the_month_of_its_file(first_load):
    days = set()
    odd = 0
    for row in first_load:
        try:
            end, start = dt.date.fromisoformat(row.cells[END]), dt.date.fromisoformat(row.cells[START])
        except ValueError:
            continue
        month = int(row.file.partition("_M")[2][:2])
        assert start <= end
        odd += (end.month + 8) % 12 + 1 != month
        days.add(end)
    assert odd == 4  # the planted lines of another financial year
    assert {dt.date(2026, 4, 1) + dt.timedelta(days=day) for day in range(365)} <= days
    assert dt.date(2027, 3, 31) in days


def test_spells_may_start_in_the_month_before(first_load):
    assert any(
        row.cells[END][:7] == "2026-04" and row.cells[START][:7] == "2026-03" for row in first_load if row.cells[PERSON]
    )


def test_lines_of_every_kind_are_there(first_load):
    rows = [row.cells for row in first_load if len(row.cells) == len(PLCM)]
    assert {cells[COMMISSIONER] for cells in rows} == {"XQY", "XOT", "VPP00"}
    assert {"DC", "EL", "NEL", "NELST", "AE", "IPOBD", "COMM", "OTHER"} <= {cells[POD] for cells in rows}
    assert any(cells[PROVIDER] == "ZL1" for cells in rows)
    assert any(cells[SPECIALISED].startswith("NCBPS") for cells in rows)
    assert any(cells[COUNT] == "2.5" for cells in rows)
    assert any(cells[COUNT].startswith("-") and cells[PERSON] for cells in rows)
    assert any(cells[COUNT] == "2" for cells in rows)


def test_money_for_no_patient_has_neither_person_nor_code(first_load):
    rows = [row.cells for row in first_load if len(row.cells) == len(PLCM) and row.cells[POD] in MONEY_ONLY]
    # Three lines a month from each of four providers, and one planted.
    assert len(rows) == 3 * 4 * 12 + 1
    assert all(cells[PERSON] == "" and cells[TARIFF] == "" for cells in rows)


def test_most_lines_are_primary_community_and_outpatient_contacts(first_load):
    low = sum(
        row.cells[PROVIDER] in {"ZG1", "ZC1"} or row.cells[POD].startswith("OP")
        for row in first_load
        if len(row.cells) == 43
    )
    assert 70 <= 100 * low // len(first_load) <= 80


def test_some_lines_fall_before_joining_or_after_leaving_or_to_no_list(sample, first_load):
    spans = defaultdict(list)
    for row in sample.table("registrations.csv"):
        if row["REGISTRATION TYPE"] == "Regular":
            spans[row["PSEUDO NHS NUMBER"]].append(
                (row["BUSINESS EFFECTIVE FROM DATE"], row["BUSINESS EFFECTIVE TO DATE"] or "9999-12-31")
            )
    persons = {row["PSEUDO NHS NUMBER"] for row in sample.table("persons.csv")}
    kinds: Counter[str] = Counter()
    for row in first_load:
        key, day = row.cells[PERSON], row.cells[END]
        if not key.startswith("S") or day[4:5] != "-":
            continue
        if key not in persons:
            kinds["nobody known"] += 1
        elif key not in spans:
            kinds["never registered"] += 1
        elif day < min(first for first, _ in spans[key]):
            kinds["before joining"] += 1
        elif max(last for _, last in spans[key]) < day:
            kinds["after leaving"] += 1
    assert set(kinds) == {"nobody known", "never registered", "before joining", "after leaving"}


def test_a_restatement_repeats_the_slice_with_a_few_changes(sample, first_load, second_load):
    for name in ("PLCM_2627_M03_ZC1.csv", "PLCM_2627_M05_ZA2.csv", "PLCM_2627_M07_ZM1.csv"):
        old = {row.cells[16] or row.cells[17]: row.cells for row in first_load if row.file.endswith(name)}
        new = {row.cells[16] or row.cells[17]: row.cells for row in second_load if row.file.endswith(name)}
        assert old.keys() < new.keys()
        assert len(new) - len(old) == 2
        assert sum(old[key][3:] != new[key][3:] for key in old) == 3
        assert all(old[key][2] < new[key][2] for key in old)
    assert planted(sample)["slice_superseded"] == len(second_load) - 6


def test_no_fault_is_planted_in_a_slice_that_is_restated(sample):
    superseded = {row["file"] for row in sample.table("planted_faults.csv") if row["fault"] == "slice_superseded"}
    others = {row["file"] for row in sample.table("planted_faults.csv") if row["fault"] != "slice_superseded"}
    assert len(superseded) == 3
    assert superseded.isdisjoint(others)


@pytest.fixture(scope="module")
def larger(make, tmp_path_factory):
    return make(tmp_path_factory.mktemp("data") / "larger", people=4_330, lines=90_000, seed=20260401)


def test_costs_of_a_person_year_are_plausible(larger):
    totals: dict[str, Decimal] = defaultdict(Decimal)
    by_person: dict[str, Decimal] = defaultdict(Decimal)
    cohort = cohort_of(larger)
    for row in larger.activity(1):
        cells = row.cells
        if not is_clean(cells) or cells[COMMISSIONER] != "XQY" or cells[SPECIALISED] or cells[PROVIDER] == "ZL1":
            continue
        if cells[PERSON] in cohort and cells[POD] not in {"DC", "EL"}:
            setting = {"ZG1": "primary", "ZC1": "community", "ZM1": "mental_health"}.get(cells[PROVIDER])
            setting = setting or ("outpatient" if cells[POD].startswith("OP") else "emergency")
            totals[setting] += Decimal(cells[COST])
            by_person[cells[PERSON]] += Decimal(cells[COST])
    means = {setting: int(total) // len(cohort) for setting, total in totals.items()}
    expected = {"primary": 330, "community": 420, "mental_health": 500, "outpatient": 480, "emergency": 900}
    assert means.keys() == expected.keys()
    assert all(expected[setting] * 80 < 100 * mean < expected[setting] * 120 for setting, mean in means.items())
    over = sum(cost > 30_000 for cost in by_person.values())
    assert 1 <= over <= len(cohort) // 100


def cohort_of(sample) -> set[str]:

    counts: Counter[str] = Counter()
    five = {"hypertension", "diabetes", "anxiety", "depression", "chronic_pain"}
    for row in sample.table("conditions.csv"):
        counts[row["PSEUDO NHS NUMBER"]] += row["CONDITION"] in five and row["DIAGNOSIS DATE"] < "2026-04-01"
    registered = {
        row["PSEUDO NHS NUMBER"]
        for row in sample.table("registrations.csv")
        if row["REGISTRATION TYPE"] == "Regular"
        and row["BUSINESS EFFECTIVE FROM DATE"] <= "2026-04-01"
        and (row["BUSINESS EFFECTIVE TO DATE"] or "9") >= "2026-04-01"
        and not row["PRIMARY CARE PROVIDER"].startswith("Y909")
    }
    cohort = set()
    for row in sample.table("persons.csv"):
        key, birth = row["PSEUDO NHS NUMBER"], dt.date.fromisoformat(row["PERSON BIRTH DATE"])
        age = 2026 - birth.year - ((birth.month, birth.day) > (4, 1))
        heavy = Decimal(row["BODY MASS INDEX"] or 0) > 30
        if key in registered and 20 <= age <= 64 and (counts[key] >= 2 or (counts[key] == 1 and age >= 40 and heavy)):
            cohort.add(key)
    return cohort
