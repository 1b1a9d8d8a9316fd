"""The sample contract's year in plain pandas, as an analyst would write it: from lines and people to cells of cost.

    python benchmarks/ways/pandas_year.py LINES.csv DATA_FOLDER PRICES_FOLDER CELLS.json

The rules of the contract (`contracts/bnssg-working-age/contract.yaml`) are written down here once more, by hand, and
nothing of the package is used: that both come to the same pence is a check on either. Days are whole numbers from
1 January 1970, `to` is the day after the last, money is whole pence, counts are thousandths, indices millionths.
"""

import json
import sys
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd

EPOCH = pd.Timestamp("1970-01-01")
QUARTERS = [pd.Timestamp(day) for day in ("2026-04-01", "2026-07-01", "2026-10-01", "2027-01-01", "2027-04-01")]
MONTHS = pd.date_range("2026-04-01", "2027-04-01", freq="MS")
YEAR_START, YEAR_END = (MONTHS[0] - EPOCH).days, (MONTHS[-1] - EPOCH).days
FIRST_PERIOD = 2026 * 12 + 1
OPEN_END = 2_932_896
NOBODY = ("", "0", "1", "0000000000", "9999999999", "NULL", "N/A", "NOT KNOWN", "UNKNOWN")

COMMISSIONERS = ("XQY", "XQY00")
CONDITIONS = ("hypertension", "diabetes", "anxiety", "depression", "chronic_pain")
EMERGENCY = ("AE", "NEL", "NELST", "NELXBD", "NELNE", "NELNEXBD")
OUTPATIENT = (
    *("OPFA", "OPFASPCL", "OPFASPNCL", "OPFAMPCL", "OPFAMPNCL", "NF2FFA", "OPFUP", "OPFUPSPCL", "OPFUPSPNCL"),
    *("OPFUPMPCL", "OPFUPMPNCL", "NF2FFUP", "OPPROC", "OPPROCFA", "OPPROCFUP"),
)
COMMUNITY = ("COMM", "COMMINIT", "COMMSUB")
BLOCK = ("BLOCK", "CQUIN", "ADJUSTMENT")
STOP_LOSS_PENCE = 30_000_00
MOST = 2**61

CODES = [
    *("provider", "commissioner", "point_of_delivery", "tariff_code", "treatment_function"),
    *("specialised_service", "data_set", "not_counted"),
]
LINE_COLUMNS = [
    *("person_key", "kind", "line_id", "day", "period", "quantity_thousandths"),
    *("submitted_pence", "fault"),
]
CHARGED_COLUMNS = [
    *("person", "day", "line_id", "provider", "setting", "host", "segment", "price", "index"),
    *("quantity_thousandths", "submitted_pence"),
]
CELL = ["host", "segment", "setting", "provider", "month"]


def day_of(texts: pd.Series) -> pd.Series:
    """ISO dates as days; nothing where a text is no date."""
    return (pd.to_datetime(texts, format="%Y-%m-%d", errors="coerce") - EPOCH).dt.days.astype("Int64")


def read(data: Path, name: str) -> pd.DataFrame:
    """A file about people or places, as text."""
    table = pd.read_csv(data / f"{name}.csv", dtype=str, keep_default_na=False)
    return table.rename(columns={"PSEUDO NHS NUMBER": "person_key"})


def read_persons(data: Path) -> pd.DataFrame:
    """Persons with their day of birth, the day after death, and whether they are over a body mass index of 30."""
    persons = read(data, "persons")
    died = persons["PERSON DEATH DATE"]
    persons["birth"] = day_of(persons["PERSON BIRTH DATE"])
    persons["gone"] = (day_of(died) + 1).mask(died == "", OPEN_END)
    persons["born"] = pd.to_datetime(persons["PERSON BIRTH DATE"], format="%Y-%m-%d", errors="coerce")
    persons["heavy"] = pd.to_numeric(persons["BODY MASS INDEX"], errors="coerce") > 30
    return persons.loc[persons.birth.notna() & persons.gone.notna(), ["person_key", "birth", "gone", "born", "heavy"]]


def practice_hosts(data: Path) -> pd.DataFrame:
    """The hosts of each practice by day, through neighbourhoods, and through the practice that took over from it."""
    practices, neighbourhoods = read(data, "practices"), read(data, "neighbourhoods")
    for table in (practices, neighbourhoods):
        ends = table["EFFECTIVE TO DATE"]
        table["from"] = day_of(table["EFFECTIVE FROM DATE"])
        table["to"] = (day_of(ends) + 1).mask(ends == "", OPEN_END)
    own = {code: rows.to_dict("records") for code, rows in practices.groupby("GENERAL MEDICAL PRACTICE CODE")}
    hosts = {code: rows.to_dict("records") for code, rows in neighbourhoods.groupby("NEIGHBOURHOOD CODE")}

    def hosts_of(practice: str, first: int, end: int) -> list[tuple[str, int, int]]:
        found = []
        for row in own[practice]:
            start, stop = max(row["from"], first), min(row["to"], end)
            if start < stop and row["NEIGHBOURHOOD CODE"]:
                for host in hosts[row["NEIGHBOURHOOD CODE"]]:
                    inside = max(host["from"], start), min(host["to"], stop)
                    if inside[0] < inside[1]:
                        found.append((host["HOST CODE"], *inside))
            if row["SUCCESSOR PRACTICE CODE"] and row["to"] < end:
                found += hosts_of(row["SUCCESSOR PRACTICE CODE"], max(row["to"], first), end)
        return found

    rows = [(name, *host) for name in own for host in hosts_of(name, YEAR_START, YEAR_END)]
    return pd.DataFrame(rows, columns=["practice", "host", "host_from", "host_to"])


def residence(data: Path, persons: pd.DataFrame) -> pd.DataFrame:
    """The days on which each person lives under a host: regularly registered with a practice of it, born, not dead."""
    rows = read(data, "registrations")
    ends = rows["BUSINESS EFFECTIVE TO DATE"]
    rows["from"] = day_of(rows["BUSINESS EFFECTIVE FROM DATE"])
    rows["to"] = (day_of(ends) + 1).mask(ends == "", OPEN_END)
    left_some_day = (ends == "") & (rows["REASON FOR REMOVAL"].str.lower() == "left")
    regular = rows["REGISTRATION TYPE"].str.upper() == "REGULAR"
    usable = regular & ~left_some_day & (rows.person_key != "") & rows["from"].notna() & rows.to.notna()
    rows = rows[usable].rename(columns={"PRIMARY CARE PROVIDER": "practice"})[["person_key", "practice", "from", "to"]]
    rows = rows.merge(practice_hosts(data), on="practice").merge(persons, on="person_key", how="left")
    # Of people without a row in the persons file neither day is known, and neither cuts anything.
    starts = rows["from"], rows.host_from, rows.birth.fillna(YEAR_START)
    stops = rows.to, rows.host_to, rows.gone.fillna(OPEN_END)
    rows["from"] = np.maximum.reduce([days.to_numpy(dtype="int64") for days in starts])
    rows["to"] = np.minimum.reduce([days.to_numpy(dtype="int64") for days in stops])
    return rows.loc[rows["from"] < rows.to, ["person_key", "host", "from", "to"]]


def segments_on(quarter: pd.Timestamp, persons: pd.DataFrame, conditions: pd.DataFrame) -> pd.DataFrame:
    """The segment of each person who is in one on the first day of a quarter."""
    day = (quarter - EPOCH).days
    known = conditions[conditions.day <= day].groupby("person_key").size().rename("conditions")
    people = persons[persons.birth <= day].merge(known, on="person_key", how="left")
    had_birthday = (people.born.dt.month * 100 + people.born.dt.day) <= quarter.month * 100 + quarter.day
    age = quarter.year - people.born.dt.year - np.where(had_birthday, 0, 1)
    grown = (age >= 20) & (age <= 64)
    number = people.conditions.fillna(0)
    tests = [
        grown & (number >= 3),
        grown & (number == 2),
        (age >= 40) & (age <= 64) & people.heavy & (number == 1),
    ]
    people["segment"] = np.select(tests, ["core", "risk_one", "risk_two"], "")
    return people.loc[people.segment != "", ["person_key", "segment"]]


def presence(data: Path, persons: pd.DataFrame) -> pd.DataFrame:
    """The days of each person under a host and in a segment (blank: in none), cut at the quarters."""
    lived = residence(data, persons)
    conditions = read(data, "conditions")
    conditions["day"] = day_of(conditions["DIAGNOSIS DATE"])
    conditions["condition"] = conditions.CONDITION.str.lower()
    conditions = conditions[conditions.condition.isin(CONDITIONS) & conditions.day.notna()]
    conditions = conditions.groupby(["person_key", "condition"], as_index=False).day.min()
    parts = []
    for place in range(4):
        start, end = ((day - EPOCH).days for day in QUARTERS[place : place + 2])
        part = lived.merge(segments_on(QUARTERS[place], persons, conditions), on="person_key", how="left")
        part["quarter"] = place
        part["from"], part["to"] = part["from"].clip(lower=start), part["to"].clip(upper=end)
        parts.append(part[part["from"] < part.to])
    days = pd.concat(parts, ignore_index=True)
    return days.assign(segment=days.segment.fillna(""))


def units(days: pd.DataFrame) -> pd.DataFrame:
    """Person-days by host, segment and month."""
    counted = days[days.segment != ""]
    parts = []
    for month in range(1, 13):
        start, end = ((day - EPOCH).days for day in MONTHS[month - 1 : month + 1])
        inside = (counted.to.clip(upper=end) - counted["from"].clip(lower=start)).clip(lower=0)
        by_place = counted[["host", "segment"]].assign(month=month, units=inside)
        parts.append(by_place.groupby(["host", "segment", "month"], as_index=False).units.sum())
    return pd.concat(parts)


def read_lines(lines_list: Path) -> pd.DataFrame:
    """The lines of every file that were not rejected and that no later load of a provider's month replaced."""
    parts = []
    for row in pd.read_csv(lines_list).itertuples():
        part = pd.read_parquet(row.parquet, columns=LINE_COLUMNS)
        codes = pd.read_parquet(row.parquet.removesuffix(".parquet") + ".parts", columns=["kind", *CODES])
        part = part[part.fault == ""].merge(codes.drop_duplicates(), on="kind")
        parts.append(part.drop(columns=["fault", "kind"]).assign(load=row.load))
    lines = pd.concat(parts, ignore_index=True)
    latest = lines.groupby(["data_set", "provider", "period"]).load.transform("max")
    return lines[lines.load == latest].drop(columns=["load", "data_set"]).reset_index(drop=True)


def first_of(tests: list[tuple[str, pd.Series]], otherwise: str) -> pd.Categorical:
    """For each line the name of the first test that it passes."""
    names = list(dict.fromkeys([*(name for name, _ in tests), otherwise]))
    places = [np.int8(names.index(name)) for name, _ in tests]
    passed = [test.to_numpy(dtype=bool) for _, test in tests]
    return pd.Categorical.from_codes(np.select(passed, places, np.int8(names.index(otherwise))), names)


def settings(lines: pd.DataFrame) -> pd.Categorical:
    """The setting of each line by the contract's rules in their order; `other` where none claims it.

    Elective care, which the budget leaves out, is not told from what no rule claims.
    """
    point, provider = lines.point_of_delivery, lines.provider
    tests = [
        ("primary", provider == "ZG1"),
        ("mental_health", provider == "ZM1"),
        ("community", (provider == "ZC1") | point.isin(COMMUNITY)),
        ("emergency", point.isin(EMERGENCY)),
        ("outpatient", point.isin(OUTPATIENT)),
    ]
    return first_of(tests, "other")


def prices(lines: pd.DataFrame, folder: Path) -> pd.DataFrame:
    """The unit price of each line, the most specific that the book has, and the index of its provider."""
    book = pd.read_csv(folder / "prices.csv", dtype=str, keep_default_na=False)
    where = ["tariff_code", "point_of_delivery", "treatment_function"]
    pence = {
        tuple(row[name] for name in where): int(Decimal(row["unit_price_pounds"]) * 100)
        for row in book.to_dict("records")
    }

    def price_of(code: str, point: str, function: str) -> int | None:
        keys = ((code, point, function), (code, point, ""), (code, "", function), (code, "", ""))
        return next((pence[key] for key in keys if key in pence), None)

    kinds = lines[where].drop_duplicates()
    kinds["price"] = pd.array([price_of(*kind) for kind in kinds.itertuples(index=False)], dtype="Int64")
    indices = pd.read_csv(folder / "mff.csv", dtype=str)
    index = {row.provider_code: int(Decimal(row.market_forces_factor) * 10**6) for row in indices.itertuples()}
    priced = lines[where].merge(kinds, on=where, how="left")
    return pd.DataFrame({"price": priced.price, "index": lines.provider.map(index).fillna(10**6).astype("int64")})


def attribute(lines: pd.DataFrame, persons: pd.DataFrame, days: pd.DataFrame) -> None:
    """Add to each line its host and segment on its day, and whether the day is before birth or after death."""
    people = pd.Index(pd.concat([persons.person_key, days.person_key]).unique())
    lines["person"] = people.get_indexer(lines.person_key)
    lives = persons.assign(person=people.get_indexer(persons.person_key)).set_index("person")
    lines["before_birth"] = (lines.day < lines.person.map(lives.birth)).fillna(False).astype(bool)
    lines["after_death"] = (lines.day >= lines.person.map(lives.gone)).fillna(False).astype(bool)
    ends = [(day - EPOCH).days for day in QUARTERS]
    lines["quarter"] = np.searchsorted(ends, lines.day, side="right") - 1
    known = days.assign(person=people.get_indexer(days.person_key)).drop(columns="person_key")
    found = lines[["person", "quarter", "day"]].reset_index().merge(known, on=["person", "quarter"])
    found = found[(found.day >= found["from"]) & (found.day < found.to)].set_index("index")
    lines["host"], lines["segment"] = found.host, found.segment


def fates(lines: pd.DataFrame) -> pd.Categorical:
    """What becomes of each line: the first reason that applies."""
    outside = (lines.day < YEAR_START) | (lines.day >= YEAR_END)
    tests = [
        ("out_of_year", (lines.period < FIRST_PERIOD) | (lines.period > FIRST_PERIOD + 11)),
        ("before_birth", outside & lines.before_birth),
        ("out_of_year", outside),
        ("not_counted", lines.not_counted != ""),
        ("other_commissioner", ~lines.commissioner.isin(COMMISSIONERS)),
        ("low_volume_activity", lines.provider == "ZL1"),
        ("block", lines.point_of_delivery.isin(BLOCK)),
        ("unmapped_point_of_delivery", lines.point_of_delivery == "Unmapped"),
        ("out_of_scope", (lines.specialised_service != "") | (lines.setting == "other")),
        ("no_person", lines.person_key.str.upper().isin(NOBODY)),
        ("before_birth", lines.before_birth),
        ("after_death", lines.after_death),
        ("not_registered", lines.host.isna()),
        ("not_in_cohort", lines.segment == ""),
        ("unpriced", lines.price.isna()),
    ]
    return first_of(tests, "charged")


def amounts(charged: pd.DataFrame) -> pd.Series:
    """Price × count × index in whole pence, half a penny away from zero. Raises where a product would not fit."""
    factors = charged.price.astype("int64"), charged.quantity_thousandths, charged["index"]
    if len(charged) and int(factors[0].abs().max()) * int(factors[1].abs().max()) * int(factors[2].max()) > MOST:
        raise OverflowError("a line is too large to be priced in whole numbers")
    exact = factors[0] * factors[1] * factors[2]
    return np.sign(exact) * ((exact.abs() + 500_000_000) // 1_000_000_000)


def over_threshold(charged: pd.DataFrame) -> pd.DataFrame:
    """What lies over each person's threshold, taken from their lines in the order of date, then line id."""
    total = charged.groupby("person").pence.transform("sum")
    lines = charged[total > STOP_LOSS_PENCE].sort_values(["person", "day", "line_id", "provider", "setting", "pence"])
    so_far = lines.groupby("person").pence.cumsum()
    kept = so_far.clip(upper=STOP_LOSS_PENCE) - (so_far - lines.pence).clip(upper=STOP_LOSS_PENCE)
    return lines.assign(over=lines.pence - kept).groupby(["host", "setting"], as_index=False).over.sum()


def settle(lines_list: Path, data: Path, book: Path) -> dict[str, pd.DataFrame]:
    """The year's cells: cost, what lies over the threshold, person-days, and lines by fate."""
    persons = read_persons(data)
    days = presence(data, persons)
    lines = read_lines(lines_list)
    attribute(lines, persons, days)
    lines["setting"] = settings(lines)
    lines[["price", "index"]] = prices(lines, book)
    lines["fate"] = fates(lines)
    by_fate = lines.groupby("fate", as_index=False).agg(lines=("fate", "size"), submitted=("submitted_pence", "sum"))
    charged = lines.loc[lines.fate == "charged", CHARGED_COLUMNS].copy()
    del lines
    charged["pence"] = amounts(charged)
    starts = [(day - EPOCH).days for day in MONTHS]
    charged["month"] = np.searchsorted(starts, charged.day, side="right")
    cost = charged.groupby(CELL, as_index=False).agg(
        lines=("pence", "size"), submitted=("submitted_pence", "sum"), pence=("pence", "sum")
    )
    return {"cost": cost, "over": over_threshold(charged), "units": units(days), "fates": by_fate}


def main(arguments: list[str]) -> None:
    """Settle the year and write its cells."""
    lines_list, data, book, target = map(Path, arguments)
    cells = {kind: table.to_numpy().tolist() for kind, table in settle(lines_list, data, book).items()}
    target.write_text(json.dumps(cells), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
