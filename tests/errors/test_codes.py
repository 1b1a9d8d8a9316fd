"""Every code has a bad file that brings it, with its place and its words, and brings nothing else."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from bad_budgets import BAD_BUDGETS
from bad_contracts import BAD_CONTRACTS
from filelock import FileLock

from yoc.core.findings import CODES, Finding, FindingsError
from yoc.intake.profile_set import built_in_profiles
from yoc.workflow.plan import read_job
from yoc.workflow.reconcile import compute, reconcile
from yoc.workflow.settle_plan import settle_plan

CONTRACT = "contracts/bnssg-working-age/contract.yaml"
PLAN = "reconciliation/2026-27/bnssg-working-age/plan.yaml"
BOOK = "tariffs/sample-prices/2026-27/book.yaml"
CATALOGUE = "contracts/outcomes/working-age.yaml"
DATA = "data/2026-27/bnssg-working-age"
LIST = f"{DATA}/attribution_list.csv"
SIZES = f"{DATA}/list_sizes.csv"
OTHER_ACTIVITY = f"{DATA}/plcm/load-1/PLCM_2627_M11_ZC1.csv"
ACTIVITY = f"{DATA}/plcm/load-1/PLCM_2627_M06_ZA1.csv"


def replace(file: str, old: str, new: str, times: int = 1) -> Callable[[Path], None]:
    def edit(root: Path) -> None:
        text = (root / file).read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {file}"
        (root / file).write_text(text.replace(old, new, times), encoding="utf-8", newline="\n")

    return edit


def append(file: str, rows: str) -> Callable[[Path], None]:
    def edit(root: Path) -> None:
        with (root / file).open("a", encoding="utf-8", newline="\n") as stream:
            stream.write(rows)

    return edit


def row_twice(file: str, number: int) -> Callable[[Path], None]:
    """Give one row of a file (the header is row 1) a second time at its end."""

    def edit(root: Path) -> None:
        lines = (root / file).read_text(encoding="utf-8").splitlines(keepends=True)
        append(file, lines[number - 1])(root)

    return edit


def rename_year(root: Path) -> None:
    """A whole file that belongs to the year before."""
    path = root / OTHER_ACTIVITY
    text = path.read_text(encoding="utf-8").replace(",202627,", ",202526,")
    path.write_text(text, encoding="utf-8", newline="\n")


def spoil_dates(root: Path) -> None:
    """Every birth date in a form that is no date."""
    path = root / DATA / "persons.csv"
    header, *rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text(header + "".join(row.replace("-", "~") for row in rows), encoding="utf-8", newline="\n")


def with_nhs_numbers(root: Path) -> None:
    """A column that nothing uses holds the test number 943 476 5919 in every row."""
    path = root / ACTIVITY
    header, *rows = path.read_text(encoding="utf-8").splitlines()
    place = header.split(",").index("WARD CODE")
    cells = [row.split(",") for row in rows]
    for row in cells:
        row[place] = "943 476 5919"
    path.write_text("\n".join([header, *map(",".join, cells), ""]), encoding="utf-8", newline="\n")


def header_alone(root: Path, file: str) -> None:
    path = root / file
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8", newline="\n")


def remove(file: str) -> Callable[[Path], None]:
    return lambda root: (root / file).unlink()


def write(file: str, content: bytes) -> Callable[[Path], None]:
    return lambda root: (root / file).write_bytes(content) and None


def both(*edits: Callable[[Path], None]) -> Callable[[Path], None]:
    def edit(root: Path) -> None:
        for step in edits:
            step(root)

    return edit


def practice(root: Path) -> str:
    """The practice of the first registration."""
    return (root / DATA / "registrations.csv").read_text(encoding="utf-8").splitlines()[1].split(",")[1]


def close_practice(root: Path, code: str) -> None:
    """The practice closes on 30 June and nobody takes it over."""
    path = root / DATA / "practices.csv"
    rows = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()]
    closed = [[*row[:-2], "2026-06-30", ""] if row[0] == code else row for row in rows]
    path.write_text("".join(",".join(row) + "\n" for row in closed), encoding="utf-8", newline="\n")


def with_list(*rows: str) -> Callable[[Path], None]:
    """The contract attributes by a prospective list, which the plan names and which has these rows."""

    def edit(root: Path) -> None:
        by_list = replace(CONTRACT, "attribution: host_on_activity_date", "attribution: prospective_list")
        named = replace(PLAN, "inputs:\n", f"inputs:\n  attribution_list: {LIST}\n")
        for step in (by_list, named, write(LIST, "\n".join(["PSEUDO NHS NUMBER,HOST", *rows, ""]).encode())):
            step(root)

    return edit


def future_row(root: Path) -> None:
    """A row of a month that has not begun on the day as of which the plan is settled."""
    header, first, *_ = (root / ACTIVITY).read_text(encoding="utf-8").splitlines()
    row = dict(zip(header.split(","), first.split(","), strict=True))
    row |= {"FINANCIAL MONTH": "1", "FINANCIAL YEAR": "203031", "TOTAL COST": "10.00"}
    append(ACTIVITY, ",".join(row.values()) + "\n")(root)


def registrations_month_first(root: Path) -> None:
    """The first days of two registrations as another program writes them: only one of them tells in which order."""
    path = root / f"{DATA}/registrations.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    place = next(n for n, name in enumerate(lines[0].split(",")) if "FROM" in name)
    for row, day in ((5, "01/31/2020"), (9, "03/04/2020")):
        cells = lines[row].split(",")
        cells[place] = day
        lines[row] = ",".join(cells)
    path.write_text("".join(lines), encoding="utf-8", newline="\n")


def with_dates(root: Path, *dates: str) -> None:
    """Rows of month 6 with these dates, added to a file of that month."""
    header, first, *_ = (root / ACTIVITY).read_text(encoding="utf-8").splitlines()
    row = dict(zip(header.split(","), first.split(","), strict=True))
    for number, date in enumerate(dates):
        row |= {"NON CDS UNIQUE IDENTIFIER": f"D{number}", "ACTIVITY END DATE (CONTRACT MONITORING)": date}
        append(ACTIVITY, ",".join((row | {"TOTAL COST": "10.00"}).values()) + "\n")(root)


def file_under_another_name(root: Path) -> None:
    """One month's file saved a second time, under the name of a file of another month."""
    (root / OTHER_ACTIVITY).write_bytes((root / ACTIVITY).read_bytes())


def newest_month_cut(root: Path) -> None:
    """The newest month of a provider with five of its rows."""
    path = root / DATA / "plcm/load-1/PLCM_2627_M12_ZA1.csv"
    path.write_text("".join(path.read_text(encoding="utf-8").splitlines(keepends=True)[:6]), encoding="utf-8")


def spell_of_two_months(root: Path) -> None:
    """A spell from 20 August to 10 September whose second part counts the days of the first again."""
    for month, started, ended, days in (("05", "2026-08-20", "2026-08-31", 12), ("06", "2026-08-20", "2026-09-10", 22)):
        file = f"{DATA}/plcm/load-1/PLCM_2627_M{month}_ZM1.csv"
        header, first, *_ = (root / file).read_text(encoding="utf-8").splitlines()
        row = dict(zip(header.split(","), first.split(","), strict=True))
        row |= {"HOSPITAL PROVIDER SPELL NUMBER": "S1", "POINT OF DELIVERY CODE": "IPOBD", "TOTAL COST": "10.00"}
        row |= {"NON CDS UNIQUE IDENTIFIER": f"N{month}", "ACTIVITY COUNT (POINT OF DELIVERY)": str(days)}
        row |= {
            "ACTIVITY START DATE (CONTRACT MONITORING)": started,
            "ACTIVITY END DATE (CONTRACT MONITORING)": ended,
        }
        append(file, ",".join(row.values()) + "\n")(root)


def with_statement(root: Path) -> None:
    """A statement that the plan names and that says a pound of one point of delivery."""
    header = (
        "FINANCIAL MONTH,FINANCIAL YEAR,ORGANISATION IDENTIFIER (CODE OF PROVIDER),POINT OF DELIVERY CODE,"
        "ORGANISATION IDENTIFIER (CODE OF COMMISSIONER),CONTRACT MONITORING ACTUAL ACTIVITY,"
        "CONTRACT MONITORING ACTUAL PRICE"
    )
    write(f"{DATA}/statement.csv", f"{header}\n6,202627,ZA1,AE,XQY,1,1.00\n".encode())(root)
    replace(PLAN, "inputs:\n", f"inputs:\n  statements: {DATA}/statement.csv\n")(root)


def local_profile(name: str, more: str = "", file: str = "") -> Callable[[Path], None]:
    """A profile of the workspace's own, in a file of its name unless said."""

    def edit(root: Path) -> None:
        (root / "profiles").mkdir()
        text = f"profile: {name}\ntitle: Invoices\nkind: invoice\nsource: invented\ncolumns:\n  provider: [PROVIDER]\n"
        text += f"  amount: [AMOUNT]\n{more}  financial_month: [MONTH]\n  financial_year: [YEAR]\n"
        (root / f"profiles/{file or name}.yaml").write_text(text, encoding="utf-8")

    return edit


def rival_profile(root: Path) -> None:
    """A profile of the workspace's own that reads what the national one reads."""
    (root / "profiles").mkdir()
    text = built_in_profiles().named("plcm").text.replace("profile: plcm", "profile: rival")
    (root / "profiles/rival.yaml").write_text(text, encoding="utf-8")


@dataclass(frozen=True)
class Bad:
    """One thing done wrong, the code it brings, words of its message, and the place that it names."""

    name: str
    spoil: Callable[[Path], None]
    code: str
    words: str
    place: str = ""


def another_version(root: Path) -> None:
    """The same prices once more, published on the same day for the same days, with nothing said of which came later."""
    folder = (root / BOOK).parent
    shutil.copytree(folder, folder / "v2", ignore=shutil.ignore_patterns("v2"))
    replace(f"{folder.relative_to(root).as_posix()}/v2/book.yaml", "year: 2026/27", "year: 2026/27\nversion: v2")(root)
    replace(PLAN, f"prices: {BOOK}", f"prices: {folder.relative_to(root).as_posix()}")(root)


STOPS = [
    Bad(
        "tab",
        replace(PLAN, "  persons:", "\tpersons:"),
        "YAML-SYNTAX",
        "a tab stands where only spaces may",
        f"{PLAN}:10:1",
    ),
    Bad(
        "two keys",
        replace(CONTRACT, "years: 5\n", "years: 5\nyears: 6\n"),
        "YAML-DUPLICATE",
        "`years` is given twice, first on line 14",
        f"{CONTRACT}:15:1",
    ),
    Bad("anchor", replace(CONTRACT, "years: 5", "years: &five 5"), "YAML-FEATURE", "an anchor (&)", f"{CONTRACT}:14:8"),
    Bad("tag", replace(CONTRACT, "years: 5", "years: !!int 5"), "YAML-FEATURE", "a tag (!)"),
    Bad(
        "misspelt",
        replace(CONTRACT, "title: Growth in need", "tittle: Growth in need"),
        "FIELD-UNKNOWN",
        "`tittle` is not known here",
    ),
    Bad("no as_of", replace(PLAN, "as_of: 2027-04-23\n", ""), "FIELD-MISSING", "`as_of` is missing", f"{PLAN}:2:1"),
    Bad("no such kind", replace(CONTRACT, "kind: balance", "kind: balanse"), "FIELD-VALUE", "'balanse' is not one of"),
    Bad(
        "weights",
        replace(CONTRACT, "emergency_admissions_avoidable: 25%", "emergency_admissions_avoidable: 20%"),
        "FIELD-VALUE",
        "the weights add to 95%, not to 100%",
    ),
    Bad(
        "bands that leave a gap",
        replace(CONTRACT, "{from: 2%, to: 5%, host_share: 50%}", "{from: 3%, to: 5%, host_share: 50%}"),
        "FIELD-VALUE",
        "number 2 of `gain`: it begins at 3% and the one before it ends at 2%",
    ),
    Bad(
        "pence in part", replace(CONTRACT, "primary: £610", "primary: £610.005"), "FIELD-VALUE", "holds part of a penny"
    ),
    Bad(
        "no pound sign",
        replace(CONTRACT, "primary: £610", "primary: 610"),
        "FIELD-VALUE",
        "write it with its currency sign",
    ),
    Bad(
        "rate of 1.75",
        replace(CONTRACT, "share: 80%, borne_by", "share: 1.75, borne_by"),
        "RATE-OVER-WHOLE",
        "write 1.75% if per cent was meant",
        f"{CONTRACT}:122:",
    ),
    Bad(
        "amount that nothing made",
        replace(CONTRACT, "on: outcomes.earned", "on: outcome.earned"),
        "TERM-REFERENCE",
        "works on `outcome.earned`, which nothing before it makes",
    ),
    Bad("party that is none", replace(CONTRACT, "partner: VC3", "partner: VC9"), "TERM-REFERENCE", "not a party"),
    Bad(
        "another year",
        replace(PLAN, "year: 2026/27", "year: 2025/26"),
        "PLAN-MISMATCH",
        "2025/26 is not a year of the contract, which runs from 2026/27 to 2030/31",
        f"{PLAN}:4:7",
    ),
    Bad("missing file", remove(f"{DATA}/persons.csv"), "FILE-MISSING", "persons.csv is not there", f"{PLAN}:10:12"),
    Bad("pattern that finds nothing", replace(PLAN, "load-2/*.csv", "load-3/*.csv"), "FILE-MISSING", "no file matches"),
    Bad(
        "path outside", replace(PLAN, f"persons: {DATA}", "persons: ../elsewhere"), "FILE-OUTSIDE", "not a name inside"
    ),
    Bad(
        "prices changed",
        replace(f"{Path(BOOK).parent.as_posix()}/prices.csv", "HN12F", "HN12X"),
        "FILE-CHANGED",
        "is not the table that the book registered",
    ),
    Bad("two versions of one day", another_version, "PRICE-VERSION", "were published on one day and hold for the same"),
    Bad(
        "more faults than the plan allows",
        replace(PLAN, "inputs:\n", "thresholds: {rejected_rows: 0%}\ninputs:\n"),
        "FILE-REFUSED",
        "rows were rejected, more than 0%",
    ),
    Bad("empty file", write(f"{DATA}/conditions.csv", b""), "FILE-UNREADABLE", "the file is empty"),
    Bad(
        "missing column",
        replace(ACTIVITY, ",TOTAL COST", ",TOTAL"),
        "COLUMN-MISSING",
        "column TOTAL COST is missing",
        f"{ACTIVITY}:1",
    ),
    Bad(
        "no profile for the headers",
        write(ACTIVITY, b"person,day,cost\n1,2026-04-01,5\n"),
        "PROFILE-UNKNOWN",
        "no profile fits its headers; the nearest: ",
        f"{ACTIVITY}:1",
    ),
    Bad(
        "profile that is none",
        replace(PLAN, f"- {DATA}/plcm/load-2/*.csv", f"- {{files: {DATA}/plcm/load-2/*.csv, profile: slam}}"),
        "PROFILE-UNKNOWN",
        "there is no profile `slam`",
        f"{PLAN}:17:",
    ),
    Bad(
        "file that a national and a local profile fit",
        rival_profile,
        "PROFILE-UNKNOWN",
        "its headers fit profiles of the package and of this workspace: plcm, rival",
    ),
    Bad(
        "profile with the name of a built-in one",
        local_profile("plcm"),
        "PROFILE-INVALID",
        "`plcm` is a profile of the package",
        "profiles/plcm.yaml:1",
    ),
    Bad(
        "profile with another name than its file",
        local_profile("trust", file="other"),
        "PROFILE-INVALID",
        "profiles/other.yaml holds the profile `trust`",
        "profiles/other.yaml:1",
    ),
    Bad(
        "field of a profile that is none",
        local_profile("trust", "  ward: [WARD]\n"),
        "FIELD-VALUE",
        "`ward` is no field of kind invoice",
        "profiles/trust.yaml:8:",
    ),
    Bad(
        "column twice",
        replace(ACTIVITY, "WARD CODE", "TARIFF_CODE"),
        "COLUMN-TWICE",
        "more than one column means TARIFF",
    ),
    Bad("wrong year", rename_year, "YEAR-WRONG", "no row of the file belongs to 2026/27", OTHER_ACTIVITY),
    Bad(
        "unknown practice",
        append(f"{DATA}/registrations.csv", "S999999990,Y99999,Regular,2020-01-01,,\n"),
        "PRACTICE-UNKNOWN",
        "practice Y99999 is not in the practice map: 1 rows",
    ),
    Bad(
        "host that is none", replace(f"{DATA}/neighbourhoods.csv", ",NWB,", ",NWX,"), "MAP-INVALID", "NWX is not a host"
    ),
    Bad(
        "registered twice",
        row_twice(f"{DATA}/registrations.csv", 2),
        "REGISTRATION-OVERLAP",
        "1 people are registered twice on one day",
    ),
    Bad(
        "two rows a person",
        row_twice(f"{DATA}/persons.csv", 2),
        "PERSON-REPEATED",
        "more than one row, the first at row 2",
    ),
    Bad(
        "overlapping segments",
        replace(CONTRACT, "conditions: {exactly: 2}", "conditions: {at_least: 2}"),
        "SEGMENT-OVERLAP",
        "segments core and risk_one both claim",
    ),
    Bad(
        "rules of one rank",
        replace(
            CONTRACT,
            "{setting: primary, when: {provider: [ZG1]}}",
            "{setting: primary, rank: 9, when: {provider: [ZG1]}}\n"
            "    - {setting: other, rank: 9, when: {provider: [ZG1]}}",
        ),
        "RULE-CONFLICT",
        "scope rules number 2 and 3 have one rank",
    ),
    Bad(
        "no result",
        replace(f"{DATA}/indicator_results.csv", "NWB,care_plan_agreed", "NWB,care_plan"),
        "INDICATOR-RESULT",
        "host NWB has no result for care_plan_agreed",
    ),
    Bad(
        "payment to no host",
        replace(f"{DATA}/payments_on_account.csv", ",XQY,NWB,", ",XQY,ZA1,"),
        "PAYMENT-INVALID",
        "payee ZA1 is not a host",
    ),
    Bad(
        "mark that does not close",
        replace(ACTIVITY, ",VB01Z,", ',"VB01Z,'),
        "FILE-UNREADABLE",
        "a quotation mark does not close on its line",
        ACTIVITY,
    ),
    Bad(
        "uplift without its sign",
        replace(CONTRACT, "cost_uplift: 4.15%", "cost_uplift: 4.15"),
        "FIELD-VALUE",
        "write 4.15% if per cent was meant, else 415%",
    ),
    Bad(
        "comma in braces",
        replace(CONTRACT, "threshold: £30k", "threshold: £30,000"),
        "YAML-SYNTAX",
        "`000` looks like the rest of a sum that was cut at its comma",
    ),
    Bad(
        "sum below nothing", replace(CONTRACT, "threshold: £30k", "threshold: -£30k"), "FIELD-VALUE", "is below nothing"
    ),
    Bad(
        "host left out",
        replace(CONTRACT, "        WWV: £85k\n", ""),
        "FIELD-MISSING",
        "no value is given for host `WWV`",
    ),
    Bad(
        "host as another party", replace(CONTRACT, "borne_by: XQY", "borne_by: NWB"), "TERM-REFERENCE", "`NWB`, a host"
    ),
    Bad(
        "payments that nobody takes off",
        replace(CONTRACT, '  - {id: paid, kind: on_account, clause: "10.2"}\n', ""),
        "PLAN-MISMATCH",
        "no term of the contract takes them off",
    ),
    Bad(
        "year that has not ended",
        replace(PLAN, "as_of: 2027-04-23", "as_of: 2026-10-01"),
        "PLAN-MISMATCH",
        "has not ended",
    ),
    Bad(
        "indicator that is not in the catalogue",
        replace(CATALOGUE, "id: hba1c_controlled", "id: hba1c"),
        "PLAN-MISMATCH",
        "pays on `hba1c_controlled`",
        CONTRACT,
    ),
    Bad(
        "payment given twice", row_twice(f"{DATA}/payments_on_account.csv", 2), "PAYMENT-INVALID", "is given twice for"
    ),
    Bad(
        "payment after the day",
        replace(f"{DATA}/payments_on_account.csv", "2026-04-15", "2028-04-15"),
        "PAYMENT-INVALID",
        "is after 2027-04-23",
    ),
    Bad(
        "attribution without a rule for ties",
        replace(CONTRACT, "attribution: host_on_activity_date", "attribution: plurality"),
        "FIELD-MISSING",
        "needs a rule for hosts with equally many days",
        f"{CONTRACT}:37:",
    ),
    Bad(
        "listed twice",
        with_list("S999999990,NWB", "S999999990,ICE"),
        "ATTRIBUTION-LIST",
        "1 people are listed under two hosts, first at row 3",
        f"{LIST}:3",
    ),
    Bad(
        "listed under no host",
        with_list("S999999990,NWB", "S999999991,ZA1"),
        "ATTRIBUTION-LIST",
        "1 rows name a host that is no host of the contract, first at row 3",
        f"{LIST}:3",
    ),
    Bad(
        "no list",
        replace(CONTRACT, "attribution: host_on_activity_date", "attribution: prospective_list"),
        "PLAN-MISMATCH",
        "and the plan names none",
        f"{PLAN}:9:",
    ),
    Bad(
        "list that is not asked for",
        replace(PLAN, "inputs:\n", f"inputs:\n  attribution_list: {DATA}/persons.csv\n"),
        "PLAN-MISMATCH",
        "attributes by host_on_activity_date",
        f"{PLAN}:9:",
    ),
    Bad(
        "size that is not counted",
        replace(
            CONTRACT,
            "  segments_tested: quarter_start\n",
            "  segments_tested: quarter_start\n  stated: {sizes: [{on: 2026-04-01, host: NWB, people: 9999}]}\n",
        ),
        "COHORT-TOTAL",
        "host NWB, on 2026-04-01: 9,999 people are stated and ",
        CONTRACT,
    ),
    Bad(
        "block of fewer people than are counted",
        replace(
            CONTRACT,
            "  guards:\n",
            "  blocks:\n"
            "    - {id: nurses, provider: ZC1, setting: community, value: £12m, key: person_days, whole: 9}\n"
            "  guards:\n",
        ),
        "TERM-IMPOSSIBLE",
        "block `nurses` serves 9 person-days in all",
        CONTRACT,
    ),
    Bad(
        "NHS numbers",
        with_nhs_numbers,
        "IDENTIFIABLE",
        "column WARD CODE looks like NHS numbers: replace them with `yoc pseudonymise`",
        ACTIVITY,
    ),
    Bad("nobody can be read", spoil_dates, "FILE-NOTHING", "rows can be used", f"{DATA}/persons.csv"),
    Bad(
        "index without a rate",
        replace(CONTRACT, "rates: {2026/27: 4.6%}", "rates: {2027/28: 4.6%}"),
        "TERM-IMPOSSIBLE",
        "indexation gives no rate for 2026/27",
    ),
]

GOES_ON = [
    Bad(
        "condition misspelt",
        replace(CONTRACT, "[hypertension, diabetes", "[hypertension, diabeetes"),
        "CONDITION-UNSEEN",
        "`diabeetes`",
    ),
    Bad(
        "month missing",
        remove(f"{DATA}/plcm/load-1/PLCM_2627_M12_ZA1.csv"),
        "MONTH-MISSING",
        "provider ZA1 has no line for March",
    ),
    Bad("line twice", row_twice(ACTIVITY, 2), "LINE-REPEATED", "1 line, submitted at"),
    Bad(
        "decimal point in another place",
        replace(ACTIVITY, ",126.40,131.10\n", ",126.40,1311.00\n", 400),
        "TEN-TIMES",
        "about ten times the book's",
    ),
    Bad(
        "credit for one attendance",
        replace(ACTIVITY, ",126.40,131.10\n", ",126.40,-131.10\n", 400),
        "SIGNS-APART",
        "whose count and submitted total have opposite signs",
    ),
    Bad(
        "suffix of a site",
        replace(ACTIVITY, ",XQY,", ",XQY00,", 400),
        "COMMISSIONER-SITE",
        "for `XQY00` taken as for `XQY`",
    ),
    Bad(
        "file of another commissioner",
        # Two columns beside one another hold the code, and one pass changes the first alone.
        both(replace(OTHER_ACTIVITY, ",XQY,", ",XOT,", 10**6), replace(OTHER_ACTIVITY, ",XQY,", ",XOT,", 10**6)),
        "COMMISSIONER-OTHER",
        "for other commissioners than the contract's",
        OTHER_ACTIVITY,
    ),
    Bad(
        "newest month cut short", newest_month_cut, "MONTH-LIGHT", "ZA1, 2026/27 month 12, plcm: 5 lines, under 85% of"
    ),
    Bad("spell with too many days", spell_of_two_months, "SPELL-DAYS", "ZM1: 1 spell of 2 lines"),
    Bad(
        "statement of another sum",
        with_statement,
        "TIE-OUT",
        "ZA1, 2026/27 month 06, AE: contract monitoring £",
    ),
    Bad("header alone", lambda root: header_alone(root, OTHER_ACTIVITY), "FILE-NOTHING", "a header and no row"),
    Bad(
        "code with no price",
        replace(ACTIVITY, ",VB01Z,", ",VB99Z,"),
        "PRICE-MISSING",
        "code VB99Z at point of delivery AE",
    ),
    Bad(
        "days without a book",
        both(
            replace(BOOK, "effective_from: 2026-04-01", "effective_from: 2026-04-02"),
            replace(PLAN, "inputs:\n", "prices_may_lack_days: yes\ninputs:\n"),
        ),
        "PRICE-UNDATED",
        "on days for which no price book holds",
    ),
    Bad("person without a row", lambda root: None, "PERSON-MISSING", "no row in the persons file"),
    Bad("points of delivery", lambda root: None, "POD-UNMAPPED", "the point of delivery is not known"),
    Bad("rejected rows", lambda root: None, "ROW-REJECTED", "total cost is not a sum of money"),
    Bad("superseded rows", lambda root: None, "ROW-SUPERSEDED", "superseded by a later load"),
    Bad("another encoding", lambda root: None, "ENCODING", "cp1252"),
    Bad("no index", lambda root: None, "INDEX-MISSING", "provider ZC1 has no market forces index"),
    Bad("set aside", lambda root: None, "LINE-SET-ASIDE", "for another commissioner"),
    Bad(
        "registered twice under a rule",
        both(
            replace(CONTRACT, "overlapping_registrations: refuse", "overlapping_registrations: earlier_start_wins"),
            row_twice(f"{DATA}/registrations.csv", 2),
        ),
        "REGISTRATION-CUT",
        "days of registration of 1 people were cut",
    ),
    Bad(
        "practice that closed without a successor",
        lambda root: close_practice(root, practice(root)),
        "MAP-GAP",
        "is nowhere in the map from 2026-07-01 to 2027-03-31",
    ),
    Bad(
        "longer list than registrations",
        both(
            replace(PLAN, "inputs:\n", f"inputs:\n  list_sizes: {SIZES}\n"),
            lambda root: write(SIZES, f"EXTRACT_DATE,CODE,NUMBER_OF_PATIENTS\n01APR2026,{practice(root)},9\n".encode())(
                root
            ),
        ),
        "LIST-SIZE",
        "9 people are on its list",
    ),
    Bad("listed nowhere else", with_list("S999999990,NWB"), "LIST-UNMATCHED", "1 people on the attribution list"),
    Bad(
        "lock of a spreadsheet program",
        write(f"{DATA}/plcm/load-1/~$PLCM_2627_M06_ZA1.csv", b"x"),
        "FILE-LEFT-OUT",
        "1 file was left out",
        PLAN,
    ),
    Bad(
        "month that has not begun",
        future_row,
        "PERIOD-FUTURE",
        "1 row, submitted at £10.00, for months after 2027-04-23: 2030/31 month 01",
        ACTIVITY,
    ),
    Bad(
        "start date that is none",
        replace(ACTIVITY, ",2026-09-", ",TBC2026-09-", 1),
        "VALUE-BLANKED",
        "1 row: start date cannot be read, left blank",
        ACTIVITY,
    ),
    Bad(
        "registrations with the month first",
        registrations_month_first,
        "DATES-AMBIGUOUS",
        "1 row rejected: the date is one only with day and month exchanged; 1 row with dates that may be too",
        f"{DATA}/registrations.csv",
    ),
    Bad(
        "dates with the month first",
        lambda root: with_dates(root, "09/28/2026", "09/29/2026", "09/05/2026", "09/09/2026"),
        "DATES-AMBIGUOUS",
        # 9 September is one day in either order, and the file has rows of the sample with the day first.
        "2 rows rejected: the date is one only with day and month exchanged; ",
        ACTIVITY,
    ),
    Bad(
        "days after the stated month and long before it",
        lambda root: with_dates(root, "2026-10-01", "2026-05-31", "2026-09-30", "2026-06-01"),
        "DATE-APART",
        "dated 1 line after the month and 1 line over 3 months before the month that is stated for them",
        ACTIVITY,
    ),
    Bad(
        "one file under two names",
        file_under_another_name,
        "FILE-REPEATED",
        f"its content is that of {ACTIVITY}, to the last byte",
        OTHER_ACTIVITY,
    ),
    Bad("too large", replace(ACTIVITY, ",1,", ",99999999999,", 400), "LINE-TOO-LARGE", "too large to be real"),
]
# The last is in tests/workflow/test_guards.py, which has contacts and blocks.
ELSEWHERE = {
    "CHECK-FAILED", "PSEUDONYM", "RUN-BUSY", "PRICE-REPEATED", "POSITION-INVALID", "FILE-EXISTS", "INDEX-UNDERLYING",
    "PRICE-PERIODS", "BLOCK-AND-PROXY", "RUN-UNKNOWN", "FIGURE-UNKNOWN", "RUN-CHANGED", "KEY-UNUSABLE", "RUNS-APART",
    # Those of digests, which need two files of other parties: tests/workflow/test_digest.py.
    "KEY-INVALID", "DIGEST-INVALID", "DIGEST-APART", "PROVIDER-UNKNOWN",
}  # fmt: skip
# Those of the store, which need a store rather than a bad file: tests/store and tests/workflow/test_year.py.
ELSEWHERE |= {
    "STORE-UNREACHABLE",
    "STORE-BUSY",
    "STORE-VERSION",
    "STORE-BROKEN",
    "STORE-CLOCK",
    "STORE-UNKNOWN",
    "ENTRY-UNBALANCED",
    "YEAR-STATE",
    "REFERENCE-REPEATED",
    "AMOUNT-INVALID",
    "PERSON-NAMED",
    "DISPUTE-STATE",
}
# Those of a place that is at fault: tests/faults and tests/cli.
ELSEWHERE |= {"MEMORY-FULL", "DISK-FULL", "DISK-REFUSED", "DISK-FAILED", "STORE-GONE", "STORE-UNSURE"}
ELSEWHERE |= {"ENGINE-MISSING", "ENGINE-FAILED"}  # tests/engine


@pytest.fixture
def workspace(small_sample: Path, tmp_path: Path) -> Path:
    """A small sample of one's own to spoil."""
    root = tmp_path / "workspace"
    shutil.copytree(small_sample.parents[3], root, ignore=shutil.ignore_patterns("runs", "reports"))
    return root


def words_of(finding: Finding) -> str:
    """What is wrong and how to mend it, as a reader has it before them."""
    return f"{finding.message}: {finding.mend}"


def stopped_by(root: Path) -> tuple[Finding, ...]:
    with pytest.raises(FindingsError) as caught:
        compute(root / PLAN)
    return caught.value.findings


@pytest.mark.parametrize("bad", STOPS, ids=lambda bad: bad.name)
def test_a_run_stops_with_the_code_the_words_and_the_place(workspace: Path, bad: Bad):
    bad.spoil(workspace)
    findings = stopped_by(workspace)
    assert [finding.code for finding in findings if finding.code != bad.code] == []
    assert any(bad.words in words_of(finding) and finding.place().startswith(bad.place) for finding in findings), (
        findings
    )


@pytest.mark.parametrize("bad", GOES_ON, ids=lambda bad: bad.name)
def test_a_run_goes_on_and_says_so(workspace: Path, bad: Bad):
    bad.spoil(workspace)
    if bad.code == "PERSON-MISSING":
        registrations = (workspace / DATA / "registrations.csv").read_text(encoding="utf-8").splitlines()
        practice = registrations[1].split(",")[1]
        append(f"{DATA}/registrations.csv", f"S999999990,{practice},Regular,2020-01-01,,\n")(workspace)
    found = settle_plan(read_job(workspace / PLAN)).findings
    assert any(finding.code == bad.code and bad.words in finding.message for finding in found), found


def test_two_prices_for_one_code_stop_the_run():
    from yoc.tariff import read_price_book

    header = "tariff_code,point_of_delivery,treatment_function,description,unit_price_pounds,basis,source\n"
    prices = header + "VB01Z,,,Seen,100,unit,x\nVB01Z,,,Seen,101,unit,x\n"
    with pytest.raises(FindingsError) as caught:
        read_price_book(prices, "prices.csv", "provider_code,provider_name,market_forces_factor,source\n", "mff.csv")
    assert [(finding.code, finding.line) for finding in caught.value.findings] == [("PRICE-REPEATED", 3)]


def test_an_import_over_days_of_two_versions_is_stopped():
    from datetime import date

    from yoc.core.periods import FinancialYear
    from yoc.workflow.import_guards import Wanted, refuse_unsaid_replacement
    from yoc.workflow.price_books import StoredBook

    text = (
        "{book: b, title: B, year: 2026/27, version: %s, source: x, published_on: 2026-03-01, licence: none, "
        "effective_from: %s, effective_to: %s, prices: p, market_forces: m, sha256: {p: '%s', m: m}}"
    )
    days = [("v1", "2026-04-01", "2026-09-30", "1"), ("v2", "2026-10-01", "2027-03-31", "2")]
    books = [StoredBook.parse(text % given, f"{given[0]}.yaml") for given in days]
    year = FinancialYear(2026)
    with pytest.raises(FindingsError) as caught:
        refuse_unsaid_replacement(books, Wanted("b", year, year.first_day, year.last_day, date(2026, 12, 1), "x", "x"))
    assert [finding.code for finding in caught.value.findings] == ["PRICE-PERIODS"]


def test_an_underlying_index_stops_an_import():
    from yoc.tariff.price_map import IndexSheet
    from yoc.tariff.price_rows import indices_of

    rules = IndexSheet(provider_code=("ODS code",), index=("Index",))
    with pytest.raises(FindingsError) as caught:
        indices_of([(1, ["ODS code", "Index"]), (2, ["RK9", "0.9325"])], rules, "", "mff.csv")
    (finding,) = caught.value.findings
    assert (finding.code, finding.line) == ("INDEX-UNDERLYING", 2)
    assert "the lowest 0.932500 of RK9 in row 2" in finding.message


def test_a_cell_that_is_no_sum_stops_a_table_of_hosts(tmp_path: Path):
    from yoc.contract.inputs import Input
    from yoc.intake.position_file import PositionMap, read_positions, read_table

    (tmp_path / "hosts.csv").write_text('host,spend\nH1,"1,000"\nH2,"1.000,00"\n', encoding="utf-8")
    table = read_table(tmp_path / "hosts.csv", "hosts.csv")
    found = read_positions(table, PositionMap(), lambda _: {"spend": Input(kind="money")}).findings
    assert [(finding.code, finding.place()) for finding in found] == [("POSITION-INVALID", "hosts.csv:3")]
    assert "column spend, `spend` of H2: '1.000,00' has a comma after a full stop" in found[0].message


def test_a_new_contract_is_not_written_over_one_that_is_there(tmp_path: Path):
    from yoc.workflow.new_contract import NamedParty, Wanted, lay_contract

    (tmp_path / "contract.yaml").write_text("mine\n", encoding="utf-8")
    with pytest.raises(FindingsError) as caught:
        lay_contract(tmp_path, Wanted("new", "New", "table", NamedParty("X", "X")))
    (finding,) = caught.value.findings
    assert (finding.code, finding.file) == ("FILE-EXISTS", (tmp_path / "contract.yaml").as_posix())
    assert "nothing is overwritten" in finding.mend
    assert [path.name for path in tmp_path.iterdir()] == ["contract.yaml"]


def test_a_key_that_anybody_could_guess_makes_no_pseudonyms(tmp_path: Path):
    from yoc.workflow.pseudonymise import read_key

    with pytest.raises(FindingsError) as caught:
        read_key(None, {"YOC_PSEUDONYM_KEY": "secret"})
    assert [finding.code for finding in caught.value.findings] == ["KEY-INVALID"]
    assert "openssl rand -hex 32" in caught.value.findings[0].mend


def test_one_run_at_a_time(workspace: Path):
    runs = workspace / "reconciliation/2026-27/bnssg-working-age/runs"
    runs.mkdir(parents=True)
    with FileLock(runs / ".lock"), pytest.raises(FindingsError) as caught:
        reconcile(workspace / PLAN)
    assert [finding.code for finding in caught.value.findings] == ["RUN-BUSY"]


def test_a_broken_law_stops_the_run_and_writes_nothing(workspace: Path, monkeypatch: pytest.MonkeyPatch):
    """A stand-in for a fault of the software: one cost cell is counted twice after the lines were judged."""
    from yoc.workflow import settle_plan as module

    honest = module.charge_activity

    def doubled(*arguments):
        activity = honest(*arguments)
        first = activity.by_fate[0]
        return type(activity)(
            activity.cells,
            (*activity.by_fate, first),
            activity.lines_in,
            activity.submitted_in_pence,
            activity.lines_judged,
            activity.findings,
        )

    monkeypatch.setattr(module, "charge_activity", doubled)
    with pytest.raises(FindingsError) as caught:
        reconcile(workspace / PLAN)
    assert [finding.code for finding in caught.value.findings] == ["CHECK-FAILED"]
    assert "law 2" in caught.value.findings[0].message
    assert not list((workspace / "reconciliation/2026-27/bnssg-working-age/runs").glob("2026-*"))
    assert not (workspace / "reports/2026-27").exists()


def test_every_fault_of_every_file_comes_at_once(workspace: Path):
    replace(CONTRACT, "primary: £610", "primary: 610")(workspace)
    replace(CONTRACT, "partner: VC3", "partner: VC 3")(workspace)
    remove(f"{DATA}/persons.csv")(workspace)
    replace(BOOK, "licence:", "license:")(workspace)
    findings = stopped_by(workspace)
    assert {finding.file for finding in findings} == {CONTRACT, PLAN, BOOK}
    assert len([finding for finding in findings if finding.file == CONTRACT]) == 2


def test_every_code_has_a_bad_file():
    assert {bad.code for bad in [*STOPS, *GOES_ON, *BAD_CONTRACTS, *BAD_BUDGETS]} | ELSEWHERE == set(CODES)


def test_no_finding_tells_who_a_person_is(workspace: Path):
    row_twice(f"{DATA}/registrations.csv", 2)(workspace)
    row_twice(f"{DATA}/persons.csv", 2)(workspace)
    append(f"{DATA}/registrations.csv", "S999999990,Y99999,Regular,2020-01-01,,\n")(workspace)
    said = " ".join(str(finding) for finding in stopped_by(workspace))
    keys = {
        line.split(",")[0] for line in (workspace / DATA / "persons.csv").read_text(encoding="utf-8").splitlines()[1:]
    }
    assert not [key for key in keys if key in said]
