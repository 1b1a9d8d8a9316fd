"""The sample contract's year in plain polars, as an analyst would write it: from lines and people to cells of cost.

    python benchmarks/ways/polars_year.py LINES.csv DATA_FOLDER PRICES_FOLDER CELLS.json

The rules of the contract (`contracts/bnssg-working-age/contract.yaml`) are written down here once more, by hand, and
nothing of the package is used: that all come to the same pence is a check on each. Days are whole numbers from
1 January 1970, `to` is the day after the last, money is whole pence, counts are thousandths, indices millionths.
"""

import csv
import datetime as dt
import json
import sys
from decimal import Decimal
from pathlib import Path

import polars as pl

EPOCH = dt.date(1970, 1, 1)
QUARTERS = [dt.date(2026, 4, 1), dt.date(2026, 7, 1), dt.date(2026, 10, 1), dt.date(2027, 1, 1), dt.date(2027, 4, 1)]
MONTHS = [dt.date(2026 + (place > 8), (place + 3) % 12 + 1, 1) for place in range(13)]
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
CELL = ["host", "segment", "setting", "provider", "month"]
col = pl.col


def day_of(column: str) -> pl.Expr:
    """ISO dates as days; nothing where a text is no date."""
    return col(column).str.to_date("%Y-%m-%d", strict=False).cast(pl.Int32)


def end_of(column: str) -> pl.Expr:
    """The day after a last day; a blank one has no end."""
    return pl.when(col(column) == "").then(pl.lit(OPEN_END, pl.Int32)).otherwise(day_of(column) + 1)


def read(data: Path, name: str) -> pl.DataFrame:
    """A file about people or places, as text."""
    table = pl.read_csv(data / f"{name}.csv", infer_schema=False).fill_null("")
    return table.rename({"PSEUDO NHS NUMBER": "person_key"}, strict=False)


def read_persons(data: Path) -> pl.DataFrame:
    """Persons with their day of birth, the day after death, and whether they are over a body mass index of 30."""
    return (
        read(data, "persons")
        .select(
            "person_key",
            birth=day_of("PERSON BIRTH DATE"),
            gone=end_of("PERSON DEATH DATE"),
            born=col("PERSON BIRTH DATE").str.to_date("%Y-%m-%d", strict=False),
            heavy=col("BODY MASS INDEX").cast(pl.Decimal(9, 4), strict=False) > 30,
        )
        .filter(col("birth").is_not_null() & col("gone").is_not_null())
    )


def practice_hosts(data: Path) -> pl.DataFrame:
    """The hosts of each practice by day, through neighbourhoods, and through the practice that took over from it."""
    days = {"from": day_of("EFFECTIVE FROM DATE"), "to": end_of("EFFECTIVE TO DATE")}
    practices = read(data, "practices").with_columns(**days).to_dicts()
    neighbourhoods = read(data, "neighbourhoods").with_columns(**days).to_dicts()

    def hosts_of(practice: str, first: int, end: int) -> list[tuple[str, int, int]]:
        found = []
        for row in practices:
            if row["GENERAL MEDICAL PRACTICE CODE"] != practice:
                continue
            start, stop = max(row["from"], first), min(row["to"], end)
            for host in neighbourhoods:
                inside = max(host["from"], start), min(host["to"], stop)
                if host["NEIGHBOURHOOD CODE"] == row["NEIGHBOURHOOD CODE"] and inside[0] < inside[1]:
                    found.append((host["HOST CODE"], *inside))
            if row["SUCCESSOR PRACTICE CODE"] and row["to"] < end:
                found += hosts_of(row["SUCCESSOR PRACTICE CODE"], max(row["to"], first), end)
        return found

    names = sorted({row["GENERAL MEDICAL PRACTICE CODE"] for row in practices})
    rows = [(name, *host) for name in names for host in hosts_of(name, YEAR_START, YEAR_END)]
    schema = {"practice": pl.String, "host": pl.String, "host_from": pl.Int32, "host_to": pl.Int32}
    return pl.DataFrame(rows, schema, orient="row")


def residence(data: Path, persons: pl.DataFrame) -> pl.DataFrame:
    """The days on which each person lives under a host: regularly registered with a practice of it, born, not dead."""
    ends = "BUSINESS EFFECTIVE TO DATE"
    left_some_day = (col(ends) == "") & (col("REASON FOR REMOVAL").str.to_lowercase() == "left")
    rows = (
        read(data, "registrations")
        .filter((col("REGISTRATION TYPE").str.to_uppercase() == "REGULAR") & ~left_some_day & (col("person_key") != ""))
        .with_columns(
            **{"practice": col("PRIMARY CARE PROVIDER"), "from": day_of("BUSINESS EFFECTIVE FROM DATE")},
            to=end_of(ends),
        )
        .filter(col("from").is_not_null() & col("to").is_not_null())
        .join(practice_hosts(data), on="practice")
        .join(persons, on="person_key", how="left")
    )
    return rows.select(
        "person_key",
        "host",
        pl.max_horizontal("from", "host_from", "birth").alias("from"),
        pl.min_horizontal("to", "host_to", "gone").alias("to"),
    ).filter(col("from") < col("to"))


def segments_on(quarter: dt.date, persons: pl.DataFrame, conditions: pl.DataFrame) -> pl.DataFrame:
    """The segment of each person who is in one on the first day of a quarter."""
    day = (quarter - EPOCH).days
    known = conditions.filter(col("day") <= day).group_by("person_key").agg(number=col("condition").n_unique())
    born = col("born")
    had_birthday = born.dt.month().cast(pl.Int32) * 100 + born.dt.day() <= quarter.month * 100 + quarter.day
    age = quarter.year - born.dt.year() - pl.when(had_birthday).then(0).otherwise(1)
    grown, number = age.is_between(20, 64), col("number").fill_null(0)
    return (
        persons.filter(col("birth") <= day)
        .join(known, on="person_key", how="left")
        .select(
            "person_key",
            segment=pl.when(grown & (number >= 3))
            .then(pl.lit("core"))
            .when(grown & (number == 2))
            .then(pl.lit("risk_one"))
            .when(age.is_between(40, 64) & col("heavy") & (number == 1))
            .then(pl.lit("risk_two")),
        )
        .drop_nulls("segment")
    )


def presence(data: Path, persons: pl.DataFrame) -> pl.DataFrame:
    """The days of each person under a host and in a segment (blank: in none), cut at the quarters."""
    lived = residence(data, persons)
    conditions = (
        read(data, "conditions")
        .select("person_key", condition=col("CONDITION").str.to_lowercase(), day=day_of("DIAGNOSIS DATE"))
        .filter(col("condition").is_in(CONDITIONS) & col("day").is_not_null())
    )
    parts = []
    for place in range(4):
        start, end = ((day - EPOCH).days for day in QUARTERS[place : place + 2])
        part = lived.join(segments_on(QUARTERS[place], persons, conditions), on="person_key", how="left")
        parts.append(
            part.with_columns(
                col("from").clip(lower_bound=start),
                col("to").clip(upper_bound=end),
                col("segment").fill_null(""),
                quarter=pl.lit(place, pl.Int32),
            ).filter(col("from") < col("to"))
        )
    return pl.concat(parts)


def units(days: pl.DataFrame) -> pl.DataFrame:
    """Person-days by host, segment and month."""
    months = pl.DataFrame(
        {
            "month": range(1, 13),
            "start": [(day - EPOCH).days for day in MONTHS[:-1]],
            "end": [(day - EPOCH).days for day in MONTHS[1:]],
        }
    )
    inside = pl.min_horizontal("to", "end") - pl.max_horizontal("from", "start")
    return (
        days.lazy()
        .filter(col("segment") != "")
        .join(months.lazy(), how="cross")
        .group_by("host", "segment", "month")
        .agg(units=inside.clip(lower_bound=0).sum())
        .collect(engine="streaming")
    )


def read_lines(lines_list: Path) -> pl.LazyFrame:
    """The lines of every file that were not rejected and that no later load of a provider's month replaced."""
    with lines_list.open(encoding="utf-8", newline="") as stream:
        files = [(row["parquet"], int(row["load"])) for row in csv.DictReader(stream)]
    lines = pl.concat(
        [
            pl.scan_parquet(path)
            .select(LINE_COLUMNS)
            .filter(col("fault") == "")
            .join(pl.scan_parquet(path.removesuffix(".parquet") + ".parts").select("kind", *CODES).unique(), on="kind")
            .drop("kind")
            .with_columns(load=pl.lit(load))
            for path, load in files
        ]
    ).with_row_index("line")  # Before any join, of which the order means nothing.
    slice_of = ["data_set", "provider", "period"]
    latest = lines.group_by(slice_of).agg(latest=col("load").max())
    return lines.join(latest, on=slice_of).filter(col("load") == col("latest")).drop("fault", "load", "latest")


def setting() -> pl.Expr:
    """The setting of a line by the contract's rules in their order; nothing where none that is budgeted claims it."""
    point, provider = col("point_of_delivery"), col("provider")
    return (
        pl.when(provider == "ZG1")
        .then(pl.lit("primary"))
        .when(provider == "ZM1")
        .then(pl.lit("mental_health"))
        .when((provider == "ZC1") | point.is_in(COMMUNITY))
        .then(pl.lit("community"))
        .when(point.is_in(EMERGENCY))
        .then(pl.lit("emergency"))
        .when(point.is_in(OUTPATIENT))
        .then(pl.lit("outpatient"))
    )


def priced(lines: pl.LazyFrame, folder: Path) -> pl.LazyFrame:
    """The unit price of each line, the most specific that the book has, and the index of its provider."""
    with (folder / "prices.csv").open(encoding="utf-8-sig", newline="") as stream:
        book = [
            (*(row[name] for name in ("tariff_code", "point_of_delivery", "treatment_function")),
             int(Decimal(row["unit_price_pounds"]) * 100))
            for row in csv.DictReader(stream)
        ]  # fmt: skip
    with (folder / "mff.csv").open(encoding="utf-8-sig", newline="") as stream:
        index = {
            row["provider_code"]: int(Decimal(row["market_forces_factor"]) * 10**6) for row in csv.DictReader(stream)
        }
    found = []
    for place, (by_point, by_function) in enumerate(((True, True), (True, False), (False, True), (False, False))):
        rows = [row for row in book if bool(row[1]) == by_point and bool(row[2]) == by_function]
        keys = ["tariff_code", *["point_of_delivery"] * by_point, *["treatment_function"] * by_function]
        schema = {"tariff_code": pl.String, "point_of_delivery": pl.String, "treatment_function": pl.String}
        prices = pl.LazyFrame(rows, {**schema, f"price_{place}": pl.Int64}, orient="row")
        lines = lines.join(prices.select(*keys, f"price_{place}"), on=keys, how="left")
        found.append(f"price_{place}")
    indices = pl.LazyFrame(
        {"provider": list(index), "index": list(index.values())}, {"provider": pl.String, "index": pl.Int64}
    )
    lines = lines.join(indices, on="provider", how="left")
    return lines.with_columns(col("index").fill_null(10**6), price=pl.coalesce(found)).drop(found)


def attribute(lines: pl.LazyFrame, persons: pl.DataFrame, days: pl.DataFrame) -> pl.LazyFrame:
    """Each line with its host and segment on its day, and with its person's days of birth and death."""
    ends = [(day - EPOCH).days for day in QUARTERS]
    quarter = pl.sum_horizontal((col("day") >= end).cast(pl.Int32) for end in ends) - 1
    lines = lines.with_columns(quarter=quarter)
    inside = (col("day") >= col("from")) & (col("day") < col("to"))
    found = (
        lines.select("line", "person_key", "quarter", "day")
        .join(days.lazy(), on=["person_key", "quarter"])
        .filter(inside)
        .select("line", "host", "segment")
    )
    lives = persons.lazy().select("person_key", "birth", "gone")
    return lines.join(found, on="line", how="left").join(lives, on="person_key", how="left")


def fate() -> pl.Expr:
    """What becomes of a line: the first reason that applies."""
    outside = (col("day") < YEAR_START) | (col("day") >= YEAR_END)
    before_birth = (col("day") < col("birth")).fill_null(value=False)
    tests = [
        ("out_of_year", (col("period") < FIRST_PERIOD) | (col("period") > FIRST_PERIOD + 11)),
        ("before_birth", outside & before_birth),
        ("out_of_year", outside),
        ("not_counted", col("not_counted") != ""),
        ("other_commissioner", ~col("commissioner").is_in(COMMISSIONERS)),
        ("low_volume_activity", col("provider") == "ZL1"),
        ("block", col("point_of_delivery").is_in(BLOCK)),
        ("unmapped_point_of_delivery", col("point_of_delivery") == "Unmapped"),
        ("out_of_scope", (col("specialised_service") != "") | col("setting").is_null()),
        ("no_person", col("person_key").str.to_uppercase().is_in(NOBODY)),
        ("before_birth", before_birth),
        ("after_death", (col("day") >= col("gone")).fill_null(value=False)),
        ("not_registered", col("host").is_null()),
        ("not_in_cohort", col("segment") == ""),
        ("unpriced", col("price").is_null()),
    ]
    found = pl.when(tests[0][1]).then(pl.lit(tests[0][0]))
    for name, test in tests[1:]:
        found = found.when(test).then(pl.lit(name))
    return found.otherwise(pl.lit("charged"))


def amounts(charged: pl.DataFrame) -> pl.DataFrame:
    """Price × count × index in whole pence, half a penny away from zero. Raises where a product would not fit."""
    most = charged.select(col("price").abs().max(), col("quantity_thousandths").abs().max(), col("index").max()).row(0)
    if charged.height and most[0] * most[1] * most[2] > MOST:
        raise OverflowError("a line is too large to be priced in whole numbers")
    exact = col("price") * col("quantity_thousandths") * col("index")
    return charged.with_columns(pence=exact.sign() * ((exact.abs() + 500_000_000) // 1_000_000_000))


def over_threshold(charged: pl.DataFrame) -> pl.DataFrame:
    """What lies over each person's threshold, taken from their lines in the order of date, then line id."""
    total = charged.group_by("person_key").agg(total=col("pence").sum()).filter(col("total") > STOP_LOSS_PENCE)
    order = ["person_key", "day", "line_id", "provider", "setting", "pence"]
    lines = charged.join(total, on="person_key", how="semi").sort(order)
    lines = lines.with_columns(so_far=col("pence").cum_sum().over("person_key"))
    before = col("so_far") - col("pence")
    kept = col("so_far").clip(upper_bound=STOP_LOSS_PENCE) - before.clip(upper_bound=STOP_LOSS_PENCE)
    return lines.group_by("host", "setting").agg(over=(col("pence") - kept).sum())


def settle(lines_list: Path, data: Path, book: Path) -> dict[str, pl.DataFrame]:
    """The year's cells: cost, what lies over the threshold, person-days, and lines by fate."""
    persons = read_persons(data)
    days = presence(data, persons)
    lines = attribute(read_lines(lines_list), persons, days).with_columns(setting=setting())
    wanted = ["person_key", "line_id", "provider", "setting", "host", "segment", "day", "quantity_thousandths"]
    judged = (
        priced(lines, book)
        .with_columns(fate=fate())
        .select(*wanted, "submitted_pence", "price", "index", "fate")
        .collect(engine="streaming")
    )
    by_fate = judged.group_by("fate").agg(lines=pl.len(), submitted=col("submitted_pence").sum())
    starts = [(day - EPOCH).days for day in MONTHS]
    month = pl.sum_horizontal((col("day") >= start).cast(pl.Int32) for start in starts)
    charged = amounts(judged.filter(col("fate") == "charged")).with_columns(month=month)
    cost = charged.group_by(CELL).agg(pl.len(), col("submitted_pence").sum(), col("pence").sum())
    return {"cost": cost, "over": over_threshold(charged), "units": units(days), "fates": by_fate}


def main(arguments: list[str]) -> None:
    """Settle the year and write its cells."""
    lines_list, data, book, target = map(Path, arguments)
    cells = {kind: table.rows() for kind, table in settle(lines_list, data, book).items()}
    target.write_text(json.dumps(cells), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
