"""A published workbook becomes a version of a book: exactly, whole or not at all, and no version is ever changed."""

import csv
import hashlib
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest
import yaml

from yoc.core.findings import FindingsError
from yoc.core.money import format_pounds
from yoc.core.periods import FinancialYear
from yoc.workflow import tariff_import as module
from yoc.workflow.import_guards import Wanted
from yoc.workflow.price_books import stored_book, stored_books
from yoc.workflow.tariff_books import (
    UnclearVersionError,
    find_versions,
    list_books,
    list_days,
    one_version,
    prices_of_code,
)
from yoc.workflow.tariff_import import import_version
from yoc.workflow.workspace import lay_empty, lay_sample

# 2025/26 NHS Payment Scheme pay-award price workbook, sheet 1 APC & OPROC, combined day case and elective, pounds.
PRICES = {
    "HN12A": 13900, "HN12B": 11644, "HN12C": 9839, "HN12D": 8260, "HN12E": 7489, "HN12F": 7251, "HN22A": 10826,
    "HN22B": 10149, "HN22C": 8054, "HN22D": 7578, "HN22E": 7222, "HN23C": 4399, "HN24A": 3271, "HN24B": 2369,
    "HN24C": 2143, "HC64C": 3911, "HN45A": 1304,
}  # fmt: skip
# 2026/27 market forces payment indices.
INDICES = {
    "RK9": 1, "RVW": 1.004897, "RTR": 1.006981, "RCF": 1.012977, "RM1": 1.024803, "RR8": 1.029918, "RRK": 1.041377,
    "RGT": 1.077599, "R1H": 1.148886, "RRV": 1.175335, "RP4": 1.179944,
}  # fmt: skip
HEADERS = (
    "HRG code", "HRG name", "Outpatient procedure tariff (£)",
    "Combined day case / ordinary elective spell tariff (£)", "Day case spell tariff (£)",
    "Ordinary elective spell tariff (£)", "Ordinary elective long stay trim point (days)",
    "Non-elective spell tariff (£)", "Non-elective long stay trim point (days)",
    "Per day long stay payment (for days exceeding trim point) (£)", "Reduced short stay emergency tariff applicable?",
    "Reduced short stay emergency tariff (£)",
)  # fmt: skip


def price_workbook(path: Path, prices: dict[str, object] = PRICES) -> Path:
    """A workbook of the published shape: titles above the headers, a column that is empty, words below the table."""
    book = openpyxl.Workbook()
    book.active.title = "Contents"
    sheet = book.create_sheet("1 APC & OPROC")
    sheet["B1"], sheet["B2"] = "2025/26 NHS Payment Scheme", "Unit prices before market forces"
    for place, header in enumerate(HEADERS, 2):
        sheet.cell(6, place, header)
    for row, (code, price) in enumerate(prices.items(), 7):
        cells = (code, f"Hip {code}", "-", price, None, "n/a", 5, "-", None, 301, "No", "-")
        for place, cell in enumerate(cells, 2):
            sheet.cell(row, place, cell)
    sheet.cell(8 + len(prices), 2, "A hyphen means that there is no price")
    clinics = book.create_sheet("2 OP attendances")
    attendances = ("WF01B First Attendance - Single Professional", "WF01A Follow Up Attendance - Single Professional")
    clinics.append(["Treatment function code", "Treatment function name", *attendances])
    clinics.append([300, "General internal medicine", "£212", "-"])
    book.save(path)
    return path


def index_workbook(path: Path, indices: dict[str, float] = INDICES) -> Path:
    book = openpyxl.Workbook()
    book.active.append(["Market forces"])
    book.active.append(["ODS code", "Name", "Underlying index", "Payment index"])
    for provider, index in indices.items():
        book.active.append([provider, f"Trust {provider}", index * 0.9325, index])
    book.save(path)
    return path


def wanted(published: date = date(2025, 6, 27), first: date = date(2025, 4, 1), book: str = "nhsps") -> Wanted:
    last = date(2026, 3, 31)
    return Wanted(book, FinancialYear(2025), first, last, published, "Pay-award price workbook", "none given")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    lay_empty(tmp_path / "workspace")
    return tmp_path / "workspace"


@pytest.fixture
def imported(root: Path, tmp_path: Path):
    prices, indices = price_workbook(tmp_path / "prices.xlsx"), index_workbook(tmp_path / "mff.xlsx")
    return import_version(root, prices, wanted(), "prices", market_forces=indices)


def version_at(root: Path, folder: str):
    return stored_book(root / folder / "book.yaml", f"{folder}/book.yaml").read()


def test_every_published_price_and_index_is_as_published(imported, root: Path):
    book = version_at(root, imported.folder).book
    assert {code: book.unit_price_pence(code, "EL", "") for code in PRICES} == {c: p * 100 for c, p in PRICES.items()}
    assert {code: book.unit_price_pence(code, "DC", "") for code in PRICES} == {c: p * 100 for c, p in PRICES.items()}
    assert book.unit_price_pence("HN12F", "NELXBD", "") == book.unit_price_pence("HN12F", "ELXBD", "") == 30_100
    assert book.unit_price_pence("HN12F", "NEL", "") is None and book.unit_price_pence("HN12F", "OPPROC", "") is None
    assert book.unit_price_pence("WF01B", "OPFASPCL", "300") == 21_200
    assert book.unit_price_pence("WF01A", "OPFUPSPCL", "300") is None
    assert {code: book.index_millionths(code) for code in INDICES} == {c: round(i * 10**6) for c, i in INDICES.items()}


MARKET_FORCES_CASES = [
    ("HN12F", "R1H", "£8,330.57"), ("HN12F", "RP4", "£8,555.77"), ("HN12F", "RR8", "£7,467.94"),
    ("HN12F", "RGT", "£7,813.67"), ("HN12F", "RK9", "£7,251.00"), ("HN22E", "R1H", "£8,297.25"),
    ("HN24C", "R1H", "£2,462.06"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "provider", "payment"), MARKET_FORCES_CASES)
def test_the_market_forces_cases_from_the_imported_workbook(imported, root, code, provider, payment, charged):
    """MFF-1 to MFF-7: through the engine's own SQL, and as `yoc tariff show` tells it."""
    book = version_at(root, imported.folder).book
    price, index = book.unit_price_pence(code, "EL", ""), book.index_millionths(provider)
    assert format_pounds(charged([(price, 1000, index)], per_line=True)[0]) == payment
    shown = [each for each in prices_of_code(stored_books(root), code, provider) if each.point_of_delivery == "EL"]
    assert [format_pounds(each.pence) for each in shown] == [payment]


def test_a_thousand_spells_by_where_they_are_rounded(imported, root, charged):
    """MFF-8: at each line, once on the total, or as a unit of whole pounds: £430.00 apart."""
    book = version_at(root, imported.folder).book
    price, index = book.unit_price_pence("HN12F", "EL", ""), book.index_millionths("R1H")
    assert charged([(price, 1000, index)] * 1000, per_line=True)[0] == 833_057_000
    assert charged([(price, 1_000_000, index)], per_line=True)[0] == 833_057_239
    whole_pounds = charged([(833_100, 1000, 1_000_000)] * 1000, per_line=True)[0]
    assert format_pounds(whole_pounds - 833_057_000) == "£430.00"


def test_the_book_says_where_it_comes_from_and_is_registered(imported, root: Path, tmp_path: Path):
    header = yaml.safe_load((root / imported.folder / "book.yaml").read_text(encoding="utf-8"))
    assert (header["book"], header["year"], header["version"]) == ("nhsps", "2025/26", "v1")
    assert header["originals"] == [
        {"file": name, "sha256": hashlib.sha256((tmp_path / name).read_bytes()).hexdigest()}
        for name in ("prices.xlsx", "mff.xlsx")
    ]
    for name, sha256 in header["sha256"].items():
        assert hashlib.sha256((root / imported.folder / name).read_bytes()).hexdigest() == sha256
    with (root / imported.folder / "prices.csv").open(encoding="utf-8", newline="") as stream:
        row = next(
            row for row in csv.DictReader(stream) if (row["tariff_code"], row["point_of_delivery"]) == ("HN12F", "EL")
        )
    assert (row["unit_price_pounds"], row["trim_point_days"], row["source"]) == (
        "7251", "5", "Pay-award price workbook; sheet 1 APC & OPROC: row 12",
    )  # fmt: skip
    register = yaml.safe_load((root / "tariffs/register.yaml").read_text(encoding="utf-8"))
    assert [(book["folder"], book["version"]) for book in register["books"]] == [("tariffs/nhsps/2025-26/v1", "v1")]
    assert sorted(path.name for path in (root / "tariffs/nhsps/2025-26").iterdir()) == ["v1"]


def test_what_was_not_read_is_told(imported):
    assert imported.prices.left_sheets == ("Contents",)
    assert imported.prices.sheets[0].unread_columns == ("Reduced short stay emergency tariff applicable?",)
    assert "WF02B" in imported.prices.sheets[1].absent_columns


def test_a_correction_is_a_new_version_and_the_old_one_stays(imported, root: Path, tmp_path: Path):
    before = {path: path.read_bytes() for path in (root / imported.folder).iterdir()}
    corrected = price_workbook(tmp_path / "again.xlsx", PRICES | {"HN12F": 7260})
    second = import_version(root, corrected, wanted(date(2025, 9, 1)), "prices")
    assert (second.version, second.supersedes, second.carried_over) == ("v2", "v1", "mff.csv")
    assert {path: path.read_bytes() for path in (root / imported.folder).iterdir()} == before
    assert version_at(root, second.folder).book.index_millionths("R1H") == 1_148_886
    assert [each.status for each in list_books(root)] == ["superseded by v2", "latest"]


def test_indices_alone_take_the_prices_of_the_version_before(imported, root: Path, tmp_path: Path):
    again = index_workbook(tmp_path / "again.xlsx", INDICES | {"R1H": 1.15})
    second = import_version(root, again, wanted(date(2025, 9, 1)), "market_forces")
    assert (second.supersedes, second.carried_over) == ("v1", "prices.csv")
    book = version_at(root, second.folder).book
    assert (book.unit_price_pence("HN12F", "EL", ""), book.index_millionths("R1H")) == (725_100, 1_150_000)


def test_a_change_from_october_supersedes_nothing(imported, root: Path, tmp_path: Path):
    later = price_workbook(tmp_path / "later.xlsx", PRICES | {"HN12F": 7300})
    second = import_version(root, later, wanted(date(2025, 9, 1), date(2025, 10, 1)), "prices")
    assert (second.version, second.supersedes) == ("v2", "")


def test_a_version_that_has_no_folder_of_its_own_counts_as_the_first(tmp_path: Path):
    lay_sample(tmp_path)
    prices = tmp_path / "local.csv"
    prices.write_text("HRG code,POD,Unit price\nHN12F,EL,7300\n", encoding="utf-8")
    own = Wanted("sample-prices", FinancialYear(2026), date(2026, 4, 1), date(2027, 3, 31), date(2026, 6, 26), "A", "B")
    made = import_version(tmp_path, prices, own, "prices")
    assert (made.folder, made.supersedes) == ("tariffs/sample-prices/2026-27/v2", "v1")
    assert [book.header.version for book in find_versions(tmp_path, "tariffs/sample-prices/2026-27")] == ["v1", "v2"]
    text = (tmp_path / "tariffs/register.yaml").read_text(encoding="utf-8")
    assert text.startswith("# Every price book") and "folder: tariffs/sample-prices/2026-27\n" in text


@pytest.fixture
def two_periods(imported, root: Path, tmp_path: Path):
    """HN12F at £7,251 from April, and 3% more, £7,468.53, from October, both published before their days."""
    later = price_workbook(tmp_path / "later.xlsx", PRICES | {"HN12F": "7468.53"})
    import_version(root, later, wanted(date(2025, 9, 1), date(2025, 10, 1)), "prices")
    return index_workbook(tmp_path / "again.xlsx", INDICES | {"R1H": 1.15})


def days(published: date, first: date, last: date) -> Wanted:
    return replace(wanted(published, first), effective_to=last, replaces_periods=True)


APRIL, SEPTEMBER, OCTOBER, MARCH = (date(2025, 4, 1), date(2025, 9, 30), date(2025, 10, 1), date(2026, 3, 31))
DECEMBER = date(2025, 12, 1)


def test_indices_alone_never_carry_the_prices_of_one_period_over_to_another(two_periods, root: Path):
    assert refused(root, two_periods, wanted(DECEMBER), "market_forces") == ["PRICE-PERIODS"]
    # Saying that the whole is meant does not make one list of prices of two.
    assert refused(root, two_periods, days(DECEMBER, APRIL, MARCH), "market_forces") == ["PRICE-PERIODS"]
    assert refused(root, two_periods, days(DECEMBER, APRIL, OCTOBER), "market_forces") == ["PRICE-PERIODS"]
    made = [
        import_version(root, two_periods, days(DECEMBER, *period), "market_forces")
        for period in ((APRIL, SEPTEMBER), (OCTOBER, MARCH))
    ]
    assert [(each.version, each.carried_from) for each in made] == [("v3", "v1"), ("v4", "v2")]
    prices = [version_at(root, each.folder).book.unit_price_pence("HN12F", "EL", "") for each in made]
    assert prices == [725_100, 746_853]
    listed = [
        (each.first_day, each.last_day, each.first_price, each.price_now) for each in list_days(stored_books(root))
    ]
    assert listed == [(APRIL, SEPTEMBER, "v1", "v3"), (OCTOBER, MARCH, "v2", "v4")]


def test_indices_alone_have_prices_on_each_of_their_days(root: Path, tmp_path: Path):
    prices, indices = price_workbook(tmp_path / "prices.xlsx"), index_workbook(tmp_path / "mff.xlsx")
    import_version(root, prices, wanted(first=OCTOBER), "prices", market_forces=indices)
    again = index_workbook(tmp_path / "again.xlsx", INDICES | {"R1H": 1.15})
    assert refused(root, again, wanted(DECEMBER), "market_forces") == ["PRICE-PERIODS"]
    assert import_version(root, again, wanted(DECEMBER, OCTOBER), "market_forces").carried_from == "v1"


def test_prices_alone_never_carry_the_indices_of_one_period_over_to_another(imported, root: Path, tmp_path: Path):
    again = index_workbook(tmp_path / "again.xlsx", INDICES | {"R1H": 1.15})
    import_version(root, again, wanted(date(2025, 9, 1), OCTOBER), "market_forces")
    award = price_workbook(tmp_path / "award.xlsx", PRICES | {"HN12F": 7300})
    assert refused(root, award, days(DECEMBER, APRIL, MARCH), "prices") == ["PRICE-PERIODS"]
    made = import_version(root, award, days(DECEMBER, APRIL, SEPTEMBER), "prices")
    assert version_at(root, made.folder).book.index_millionths("R1H") == INDICES["R1H"] * 10**6
    # With indices of its own nothing is carried over.
    assert import_version(
        root, award, days(date(2025, 12, 2), APRIL, MARCH), "prices", market_forces=again
    ).carried_over == ""  # fmt: skip


def test_a_whole_re_issue_undoes_a_change_within_the_year_only_where_it_is_meant(two_periods, root, tmp_path: Path):
    award = price_workbook(tmp_path / "award.xlsx", PRICES | {"HN12F": 7300})
    assert refused(root, award, wanted(DECEMBER), "prices") == ["PRICE-PERIODS"]
    assert refused(root, award, wanted(DECEMBER, date(2025, 7, 1)), "prices") == ["PRICE-PERIODS"]
    # Days of one version alone are undone by nothing, and what comes later is no part of what held then.
    assert import_version(root, award, wanted(date(2025, 8, 1)), "prices").version == "v3"
    assert import_version(root, award, wanted(date(2025, 12, 2), OCTOBER), "prices").version == "v4"
    assert import_version(root, award, days(date(2025, 12, 3), APRIL, MARCH), "prices").version == "v5"


def test_a_version_without_indices_beside_one_with_them_is_meant_or_refused(imported, root: Path, tmp_path: Path):
    first = price_workbook(tmp_path / "first.xlsx", PRICES | {"HN12F": 7204})
    early = wanted(date(2025, 4, 4))
    assert refused(root, first, early, "prices") == ["INDEX-MISSING"]
    assert import_version(root, first, replace(early, no_market_forces=True), "prices").counts[1] == 0


def refused(root: Path, *arguments, **options) -> list[str]:
    before = sorted(path.relative_to(root).as_posix() for path in root.rglob("*"))
    with pytest.raises(FindingsError) as caught:
        import_version(root, *arguments, **options)
    assert sorted(path.relative_to(root).as_posix() for path in root.rglob("*")) == before
    return [finding.code for finding in caught.value.findings]


def test_the_same_file_twice_is_refused(imported, root: Path, tmp_path: Path):
    assert refused(root, tmp_path / "prices.xlsx", wanted(), "prices") == ["FILE-EXISTS"]


def test_a_version_without_an_order_is_refused(imported, root: Path, tmp_path: Path):
    later = price_workbook(tmp_path / "later.xlsx", PRICES | {"HN12F": 7300})
    assert refused(root, later, wanted(first=date(2025, 10, 1)), "prices") == ["PRICE-VERSION"]


def test_the_underlying_index_is_refused(root: Path, tmp_path: Path):
    prices = price_workbook(tmp_path / "prices.xlsx")
    own = tmp_path / "mff.csv"
    own.write_text("ODS code,MFF\nR1H,1.072\nRK9,0.9325\n", encoding="utf-8")
    assert refused(root, prices, wanted(), "prices", market_forces=own) == ["INDEX-UNDERLYING"]


@pytest.mark.parametrize("price", ["7251.005", "seven", 7251.005, -1])
def test_one_cell_that_is_no_price_and_nothing_is_written(root: Path, tmp_path: Path, price):
    workbook = price_workbook(tmp_path / "prices.xlsx", PRICES | {"HN12F": price})
    assert refused(root, workbook, wanted(), "prices") == ["FIELD-VALUE"]


def test_files_that_are_none_are_refused(root: Path, tmp_path: Path):
    prices = price_workbook(tmp_path / "prices.xlsx")
    assert refused(root, tmp_path / "nowhere.xlsx", wanted(), "prices") == ["FILE-MISSING"]
    assert refused(root, prices, wanted(), "prices", sheet="4 None") == ["FILE-UNREADABLE"]
    assert refused(root, prices, wanted(), "market_forces") == ["COLUMN-MISSING"]
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(prices.read_bytes()[:2000])
    assert refused(root, broken, wanted(), "prices") == ["FILE-UNREADABLE"]
    assert refused(root, index_workbook(tmp_path / "mff.xlsx"), wanted(), "market_forces") == ["FILE-MISSING"]
    (root / "tariffs/register.yaml").write_text("books: []\nmore: yes\n", encoding="utf-8")
    assert refused(root, prices, wanted(), "prices") == ["FIELD-UNKNOWN"]


def test_outside_a_workspace_nothing_is_made(tmp_path: Path):
    assert refused(tmp_path, price_workbook(tmp_path / "prices.xlsx"), wanted(), "prices") == ["FILE-MISSING"]


def test_a_map_of_ones_own_reads_another_shape(root: Path, tmp_path: Path):
    book = openpyxl.Workbook()
    book.active.title = "Local"
    headers = ["Group", "What", "Bed price", "Theatre price"]
    for row in (["Prices agreed for 2025/26"], headers, ["LOC1", "Ward", 12.5, "-"], ["LOC2", "Day", None, 99]):
        book.active.append(row)
    book.save(tmp_path / "local.xlsx")
    rules = tmp_path / "local.yaml"
    text = (
        "map: local\ntitle: Local\nprices:\n  - sheet: Local\n    header_row: 2\n    tariff_code: Group\n"
        "    description: What\n    prices:\n      - {column: Bed price, points_of_delivery: NEL}\n"
        "      - {column: Theatre price, points_of_delivery: [DC, EL]}\n"
    )
    rules.write_text(text, encoding="utf-8")
    made = import_version(root, tmp_path / "local.xlsx", wanted(book="local"), "prices", own_map=rules)
    assert dict(version_at(root, made.folder).book.unit_prices_pence) == {
        ("LOC1", "NEL", ""): 1_250, ("LOC2", "DC", ""): 9_900, ("LOC2", "EL", ""): 9_900,
    }  # fmt: skip
    rules.write_text(text.replace("header_row: 2", "header_row: 1"), encoding="utf-8")
    codes = refused(root, tmp_path / "local.xlsx", wanted(book="other"), "prices", own_map=rules)
    assert codes == ["COLUMN-MISSING"]


def test_a_sheet_that_was_saved_as_text_is_read_when_it_is_said_which(root: Path, tmp_path: Path):
    text = tmp_path / "uec.csv"
    text.write_text("HRG code,HRG name,Unit price\nVB01Z,Emergency medicine,519\n", encoding="utf-8")
    assert refused(root, text, wanted(), "prices") == ["COLUMN-MISSING"]
    made = import_version(root, text, wanted(), "prices", sheet="3 UEC")
    assert dict(version_at(root, made.folder).book.unit_prices_pence) == {("VB01Z", "AE", ""): 51_900}


def test_a_broken_import_leaves_nothing_half_written(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    prices = price_workbook(tmp_path / "prices.xlsx")

    def full(path: Path, content: bytes) -> None:
        raise OSError("no space is left")

    monkeypatch.setattr(module, "write_whole", full)
    with pytest.raises(OSError, match="no space"):
        import_version(root, prices, wanted(), "prices")
    assert stored_books(root) == [] and not list((root / "tariffs").rglob(".staging*"))
    assert "books: []" in (root / "tariffs/register.yaml").read_text(encoding="utf-8")


def test_one_import_at_a_time(root: Path, tmp_path: Path):
    (root / "tariffs/nhsps/2025-26/.staging-v1").mkdir(parents=True)
    assert refused(root, price_workbook(tmp_path / "prices.xlsx"), wanted(), "prices") == ["RUN-BUSY"]


def test_versions_are_found_by_name_year_version_or_folder(imported, root: Path):
    for words in ("nhsps", "nhsps/2025-26", "nhsps/2025-26/v1", "tariffs/nhsps", "tariffs/nhsps/2025-26/v1/book.yaml"):
        assert [book.header.name for book in find_versions(root, words)] == ["nhsps 2025/26 v1"]
        assert one_version(root, words).file == "tariffs/nhsps/2025-26/v1/book.yaml"
    with pytest.raises(UnclearVersionError, match="there is nhsps/2025-26/v1"):
        find_versions(root, "nhsp")


def test_a_code_without_a_price_is_a_finding(imported, root: Path):
    with pytest.raises(FindingsError) as caught:
        prices_of_code(stored_books(root), "ZZ99Z", "R1H")
    assert [finding.code for finding in caught.value.findings] == ["PRICE-MISSING"]


def test_a_table_that_was_changed_is_told(imported, root: Path):
    with (root / imported.folder / "prices.csv").open("a", encoding="utf-8") as stream:
        stream.write("HN99Z,,,x,1,unit,x,\n")
    ((fault,),) = [each.faults for each in list_books(root)]
    assert (fault.code, fault.file) == ("FILE-CHANGED", "tariffs/nhsps/2025-26/v1/book.yaml")
    with pytest.raises(FindingsError):
        prices_of_code(stored_books(root), "HN12F")
