"""Lines that are kept: a file is read as text once, by content, profile and reader; damage is noticed and mended."""

import hashlib
import json

import pyarrow as pa
import pytest
from feeds import csv_of, plcm
from format_files import packed, parquet, workbook, zipped

from yoc.core.findings import FindingsError
from yoc.engine import Engine
from yoc.intake import ActivityFile, FileAccount, canonical_lines, read_activity, text_file
from yoc.intake.container import split
from yoc.intake.profile import read_profile
from yoc.intake.profile_set import KnownProfile, ProfileSet


@pytest.fixture
def no_text(monkeypatch: pytest.MonkeyPatch):
    """From now on no file can be read as text."""

    def refuse(*_):
        raise AssertionError("a file was read as text")

    return lambda: monkeypatch.setattr(canonical_lines, "open_text_table", refuse)


TEXT = csv_of(plcm(), plcm(TOTAL="TBC"), plcm(TOTAL="1.005"), plcm(POINT="AE TYPE1"))


def test_a_second_reading_reads_no_text_and_says_the_same(read, no_text):
    first = read(TEXT)
    no_text()
    second = read(TEXT)
    assert (second.accounts, second.rejects, second.rows) == (first.accounts, first.rejects, first.rows)
    assert first.account.submitted_pence == 10_000 + 101 + 10_000


def test_the_same_content_under_another_name_is_the_same_lines_of_another_file(read, no_text):
    read(TEXT)
    no_text()
    feed = read(TEXT, TEXT, names=("b.csv", "c.csv"))
    assert [(account.file, account.used, account.superseded) for account in feed.accounts] == [
        ("b.csv", 0, 3),
        ("c.csv", 3, 0),
    ]


@pytest.mark.parametrize("what", ["lines", "parts", "facts", "no facts", "no lines", "no parts"])
def test_a_damaged_file_is_made_again(read, what):
    first = read(TEXT)
    (lines,), (facts,) = read.store.glob("*.parquet"), read.store.glob("*.json")
    whole = lines.read_bytes()
    if what.endswith("parts"):
        lines = lines.with_suffix(".parts")
        whole = lines.read_bytes()
    if what in ("lines", "parts"):
        lines.write_bytes(whole[:-40] + bytes([whole[-40] ^ 1]) + whole[-39:])
    elif what == "facts":
        facts.write_text(facts.read_text(encoding="utf-8")[:-5], encoding="utf-8")
    else:
        (facts if what == "no facts" else lines).unlink()
    assert read(TEXT).accounts == first.accounts
    assert lines.read_bytes() == whole


@pytest.mark.parametrize("other", [TEXT + TEXT.splitlines(keepends=True)[1], TEXT.replace("100.00", "100.01", 1)])
def test_other_content_is_another_file(read, other):
    read(TEXT)
    assert len(read(other).rows) > 4
    assert len(list(read.store.glob("*.parquet"))) == 2


def test_a_name_that_tells_the_month_is_part_of_what_a_file_says(read):
    unstated = csv_of(plcm(FINANCIAL_MONTH="", FINANCIAL_YEAR=""))
    feed = read(unstated, unstated, names=("PLCM_2627_M02.csv", "PLCM_2627_M03.csv"))
    assert sorted(row["period"] for row in feed.rows) == [2026 * 12 + 2, 2026 * 12 + 3]


def test_nothing_is_left_of_a_file_that_could_not_be_read(read):
    broken = TEXT.replace(",TOTAL COST", ",TOTAL")
    with pytest.raises(FindingsError):
        read(TEXT, broken)
    assert list(read.store.iterdir()) == [] if read.store.exists() else True


def test_what_is_kept_beside_the_lines_names_nobody(read):
    read(TEXT)
    (facts,) = read.store.glob("*.json")
    content = json.loads(facts.read_text(encoding="utf-8"))
    assert content["rows"] == 4
    assert "9434765919" not in facts.read_text(encoding="utf-8")


def test_a_large_file_is_read_some_rows_at_a_time(read, monkeypatch):
    whole = read(TEXT)
    monkeypatch.setattr(canonical_lines, "_BATCH_ROWS", 2)
    (lines,) = read.store.glob("*.parquet")
    lines.unlink()
    again = read(TEXT)
    assert (again.accounts, again.rows) == (whole.accounts, whole.rows)


def test_rows_that_do_not_fit_their_header_are_counted_from_what_is_kept(read, no_text):
    text = TEXT + "1,2,3\n"
    first = read(text)
    no_text()
    assert (first.account.rejected, read(text).account.rejected) == (2, 2)
    assert (6, "row") in {(reject.row, reject.field) for reject in first.rejects}


FEED = """\
profile: trust
title: a trust's own feed
kind: activity
source: invented
columns:
  provider: [TRUST]
  commissioner: {names: [ICB], optional: yes}
  person_key: [PERSON]
  activity_date: [DATE]
  point_of_delivery: [POD]
  tariff_code: [CODE]
  quantity: [UNITS]
  unit_price: [PRICE]
codes:
  point_of_delivery: {COMMUNITY: COMM, otherwise: Unmapped}
fixed: {national_tariff: N}
dates: month_first
decimals: comma
period: [activity_date]
amount: [price_times_count]
cost_basis: nominal
cumulative: no
"""


def own(read, text: str = FEED) -> None:
    known = KnownProfile(read_profile(text, "trust.yaml"), str(hash(text)), "trust.yaml", text, built_in=False)
    read.profiles = ProfileSet({**read.profiles.by_name, "trust": known})


def test_a_feed_of_one_s_own_is_read_as_its_profile_says(read):
    own(read)
    row = {"TRUST": "rx1", "ICB": "QUY", "PERSON": "P", "DATE": "12/31/2026", "POD": "community", "CODE": "C1",
           "UNITS": "1,5", "PRICE": "1.000,333"}  # fmt: skip
    feed = read(csv_of(row, row | {"POD": "AE"}))
    first, second = feed.rows
    # £1,000.333 × 1.5 = £1,500.4995.
    assert (first["submitted_pence"], first["amount_rule"], first["quantity_thousandths"]) == (
        150_050,
        "price × count",
        1500,
    )
    assert (first["point_of_delivery"], first["point_of_delivery_rule"], first["provider"]) == ("COMM", "mapped", "RX1")
    assert (second["point_of_delivery"], second["point_of_delivery_rule"]) == ("Unmapped", "unmapped")
    assert (first["period"], first["cost_basis"], first["data_set"]) == (2026 * 12 + 9, "nominal", "trust")


def test_a_trust_s_codes_may_mean_something_else_from_a_month_on(read):
    maps = {"trust": "{WARD: COMM, otherwise: Unmapped}", "trust_from_june": "{WARD: DC, otherwise: Unmapped}"}
    texts = {
        name: FEED.replace("profile: trust", f"profile: {name}")
        .replace("cumulative: no\n", "data_set: trust\n")
        .replace("{COMMUNITY: COMM, otherwise: Unmapped}", codes)
        for name, codes in maps.items()
    }
    read.profiles = ProfileSet({**read.profiles.by_name, **{
        name: KnownProfile(read_profile(text, f"{name}.yaml"), name, f"{name}.yaml", text, built_in=False)
        for name, text in texts.items()
    }})  # fmt: skip
    row = {"TRUST": "RX1", "ICB": "QUY", "PERSON": "P", "DATE": "", "POD": "ward", "CODE": "", "UNITS": "1",
           "PRICE": "1"}  # fmt: skip
    may, june = row | {"DATE": "05/30/2026"}, row | {"DATE": "06/30/2026"}
    feed = read(csv_of(may, june), csv_of(june), profile=("trust", "trust_from_june"))
    assert sorted((row["period"] - 2026 * 12, row["point_of_delivery"]) for row in feed.rows) == [
        (2, "COMM"), (3, "COMM"), (3, "DC"),
    ]  # fmt: skip
    # One data set: June of the later file takes the place of June of the earlier one.
    assert [account.superseded for account in feed.accounts] == [1, 0]


def test_a_file_that_restates_nothing_adds_to_what_is_there(read):
    own(read)
    row = {"TRUST": "RX1", "ICB": "QUY", "PERSON": "P", "DATE": "12/31/2026", "POD": "", "CODE": "", "UNITS": "1",
           "PRICE": "1"}  # fmt: skip
    feed = read(csv_of(row), csv_of(row | {"PRICE": "2"}))
    assert [account.superseded for account in feed.accounts] == [0, 0]


def test_sums_in_pence_are_pence(read):
    own(read, FEED.replace("dates: month_first\ndecimals: comma\n", "types: {unit_price: money_as_pence}\n"))
    row = {"TRUST": "RX1", "ICB": "QUY", "PERSON": "P", "DATE": "31/12/2026", "POD": "", "CODE": "", "UNITS": "3",
           "PRICE": "1250"}  # fmt: skip
    assert read(csv_of(row)).row["submitted_pence"] == 3750


def test_a_price_times_a_count_that_no_one_could_owe_is_a_reject(read):
    own(read)
    row = {"TRUST": "RX1", "ICB": "QUY", "PERSON": "P", "DATE": "12/31/2026", "POD": "", "CODE": "", "UNITS": "1",
           "PRICE": "1"}  # fmt: skip
    feed = read(csv_of(row, row | {"UNITS": "999999999999", "PRICE": "999999999999"}))
    assert [(reject.field, reject.reason) for reject in feed.rejects] == [
        ("price times count", "is too large to be real")
    ]


def test_one_data_set_does_not_replace_another(read):
    contact = {"OrgID_Provider": "RX1", "OrgID_Commissioner": "QUY", "Person_ID": "P", "Contact_Date": "2026-04-20",
               "AttendOrNot": "5"}  # fmt: skip
    feed = read(csv_of(plcm()), csv_of(contact))
    assert [account.superseded for account in feed.accounts] == [0, 0]


def kept_in(read) -> list[str]:
    return sorted(path.suffix for path in read.store.iterdir()) if read.store.is_dir() else []


def test_a_large_file_is_the_same_lines_whatever_its_batches(read, monkeypatch):
    """Written in parts of one row and in one part: the same lines, the same account."""
    whole = read(TEXT)
    for path in read.store.iterdir():
        path.unlink()
    monkeypatch.setattr(canonical_lines, "_BATCH_ROWS", 1)
    parts = read(TEXT)
    assert (parts.accounts, parts.rejects, parts.rows) == (whole.accounts, whole.rejects, whole.rows)


def test_nothing_is_kept_of_a_file_that_is_refused_at_its_end(read, monkeypatch):
    """Its first batches were written when the numbers became twenty. The good file before it is kept, and it alone."""
    monkeypatch.setattr(canonical_lines, "_BATCH_ROWS", 4)
    monkeypatch.setattr(text_file, "BLOCK_BYTES", 1 << 10)
    bad = csv_of(*[plcm() for _ in range(40)])
    with pytest.raises(FindingsError) as caught:
        read(TEXT, bad)
    assert [(finding.code, finding.file) for finding in caught.value.findings] == [("IDENTIFIABLE", "feed-2.csv")]
    assert kept_in(read) == [".json", ".parquet", ".parts"]
    assert read(TEXT).account.rows == 4


def test_a_refused_file_is_not_kept_by_the_next_one_of_another_profile(read):
    """Reading by another profile puts the files before in their places, but never one that was refused."""
    bad = csv_of(*[plcm() for _ in range(40)])
    contacts = csv_of({"Trust": "RX1", "Pseudonym": "P1", "Contact Date": "2026-04-10", "Price": "1.00"})
    own = read_profile(CONTACTS, "profiles/contacts.yaml")
    known = KnownProfile(own, "a hash", "profiles/contacts.yaml", CONTACTS, False)
    read.profiles = ProfileSet({**read.profiles.by_name, "contacts": known})
    with pytest.raises(FindingsError):
        read(bad, contacts, names=("bad.csv", "contacts.csv"))
    assert kept_in(read) == []
    assert read(contacts, names=("contacts.csv",)).account.used == 1


CONTACTS = """\
profile: contacts
title: contacts
kind: activity
source: a test
columns: {provider: [Trust], person_key: [Pseudonym], activity_date: [Contact Date], unit_price: [Price]}
fixed: {quantity: 1, point_of_delivery: COMM, commissioner: QUY}
period: [activity_date]
amount: [price_times_count]
cost_basis: actual
cumulative: yes
"""


def form_of(folder, form: str):
    rows = [row.split(",") for row in TEXT.splitlines()]
    if form == "xlsx":
        return workbook(folder / "feed.xlsx", [["Contract monitoring of June"], [], *rows]), ("xlsx", 3)
    if form == "parquet":
        return parquet(folder / "feed.parquet", rows), ("parquet", 0)
    if form == "titles":
        path = folder / "feed.csv"
        path.write_text(f"June\n\n{TEXT}".replace(",", ";"), encoding="utf-16")
        return path, ("utf-16", 3)
    path = folder / "feed.csv"
    path.write_text(TEXT, encoding="utf-8", newline="")
    return packed(path, form), ("utf-8", 1)


@pytest.mark.parametrize("form", ["csv", "titles", "gzip", "zip", "zip entry", "xlsx", "parquet"])
def test_lines_are_the_same_of_every_form_and_the_account_says_which(read, tmp_path, form):
    csv = read(TEXT)
    path, (encoding, header_row) = form_of(tmp_path, form)
    file = ActivityFile(path, path.name, 1)
    store = tmp_path / "other"
    with Engine() as engine:
        engine.give("person_key", {"person_id": pa.int32(), "person_key": pa.string()}, [(7, "9434765919")])
        first, rejects = read_activity(engine, [file], None, store=store)
    with Engine() as engine:
        engine.give("person_key", {"person_id": pa.int32(), "person_key": pa.string()}, [(7, "9434765919")])
        again, _ = read_activity(engine, [file], None, store=store)
    (account,) = first
    assert again == first
    assert (account.encoding, account.header_row) == (encoding, header_row)
    assert (account.submitted_pence, account.used) == (csv.account.submitted_pence, csv.account.used)
    by = header_row - 1
    assert [(each.row - by, each.field) for each in rejects] == [(each.row, each.field) for each in csv.rejects]
    own = TEXT.encode() if form in ("csv", "zip entry") else split(path)[0].read_bytes()
    assert account.sha256 == hashlib.sha256(own).hexdigest()


def test_a_file_beside_another_in_a_zip_is_read_anew_only_where_it_changed(read, tmp_path, no_text):
    """What is kept goes by the bytes of the file in the ZIP, and not by those of the ZIP."""
    store = tmp_path / "kept"

    def read_one(other: bytes) -> FileAccount:
        path = zipped(tmp_path / "all.zip", **{"a.csv": TEXT.encode(), "b.csv": other}) / "a.csv"
        with Engine() as engine:
            engine.give("person_key", {"person_id": pa.int32(), "person_key": pa.string()}, [])
            (account,), _ = read_activity(engine, [ActivityFile(path, "all.zip/a.csv", 1)], None, store=store)
        return account

    first = read_one(b"one")
    no_text()
    assert read_one(b"another") == first


def test_two_files_of_one_content_are_read_in_one_run(read):
    feed = read(TEXT, TEXT)
    assert [(account.used, account.superseded) for account in feed.accounts] == [(0, 3), (3, 0)]
