"""The first sheet of a workbook: what it is, what the contract chose, how to read it, what each sheet holds."""

from collections.abc import Mapping, Sequence

from yoc.core.periods import parse_date
from yoc.report.figures import Settlement
from yoc.report.table import Column, Row, Table, day_in_words
from yoc.report.words import choices_in_words, is_shadow, verdict

_HOW_TO_READ = (
    ("Sign", "Plus is in the host's favour, minus against it, wherever a column says effect, net, result or due"),
    ("Money", "Whole pence throughout. Amounts are not rounded between terms; each line is rounded once"),
    ("Totals", "The labelled last row under a table. It stands outside the filter, and is a value, not a formula"),
    ("To tie a figure", "Summary to Lines, Lines to Line details, then to Cost, People, Budget, Outcomes and Payments"),
    ("Evidence", "The run's folder holds settlement.json, with every figure here, and manifest.json, with all hashes"),
)


def how_made(settlement: Settlement) -> list[tuple[str, str]]:
    """The run behind the figures, item by item."""
    contract = settlement["contract"]
    book = contract["price_book"]
    return [
        ("Run", settlement["run_id"]),
        ("Software", settlement["software"]),
        ("Contract", f"{contract['id']}, version {contract['version']}"),
        ("Plan", settlement["plan"]),
        ("As of", day_in_words(parse_date(settlement["as_of"]))),
        ("Prepared by", settlement["prepared_by"]),
        ("Price book", f"{book['title']} ({book['book']}), published {day_in_words(parse_date(book['published_on']))}"),
        ("Source of prices", book["source"]),
        *([("Rate table", rate_table_in_words(contract["rate_table"]))] if "rate_table" in contract else []),
        *(("Price version", _version_in_words(version)) for version in contract.get("price_versions", ())[:-1]),
    ]


def rate_table_in_words(table: Mapping[str, str]) -> str:
    """The dated table from which the annual rates were taken."""
    day = day_in_words(parse_date(table["as_of"]))
    return f"{table['title']} ({table['rate_table']}), at the level of {table['year']}, as of {day}"


def _version_in_words(version: Mapping[str, str]) -> str:
    """A version of the prices that was published before the latest."""
    published, start = (day_in_words(parse_date(version[day])) for day in ("published_on", "effective_from"))
    return f"{version['book']} {version['year']} {version['version']}, published {published}, from {start}"


def cover_table(settlement: Settlement, title: str, party: str, tables: Sequence[Table]) -> Table:
    """The cover of a workbook, in one table of sections; the rows on sheets lead to them."""
    contract = settlement["contract"]
    year = f"{settlement['year']}, contract year {contract['contract_year']} of {contract['years']}"
    status = "shadow: no payment is due" if is_shadow(settlement) else "live"
    about = [("Contract", contract["title"]), ("Statement of", party), ("Year", year), ("Status", status)]
    roles = [
        (f"{member['code']} ({member['role'] if member['role'] != 'vcse' else 'VCSE partner'})", member["name"])
        for member in settlement["parties"]
    ]
    sections: list[tuple[str, Sequence[tuple[str, str]]]] = [
        ("This statement", [*about, ("Checks", verdict(settlement))]),
        ("Sheets", [(table.sheet, table.about) for table in tables]),
        ("How to read it", _HOW_TO_READ),
        ("How it was made", how_made(settlement)),
        ("The contract's choices", choices_in_words(contract)),
        ("Parties", roles),
    ]
    rows: list[Row] = [(section, item, detail) for section, items in sections for item, detail in items]
    links = tuple(item if section == "Sheets" else "" for section, items in sections for item, _ in items)
    columns = (Column("About", width=24), Column("Item", width=30), Column("Detail", width=100))
    return Table("Cover", title, "", columns, tuple(rows), links=links, portrait=True)
