"""Four layouts that no profile has: a draft, the few edits of a person who knows the feed, and figures by hand.

Each file under `layouts/` is synthetic. The `.diff` beside it is the whole draft with what the person took out (-) and
put in (+): the lines without + are what `yoc intake profile new` writes, those without - the finished profile.
"""

import datetime as dt
from pathlib import Path

import pytest
from feeds import Feed

from yoc.core.findings import FindingsError
from yoc.core.identifiers import sha256_text
from yoc.core.periods import day_number
from yoc.intake.profile import read_profile
from yoc.intake.profile_draft import draft_profile
from yoc.intake.profile_set import KnownProfile, ProfileSet, built_in_profiles

LAYOUTS = Path(__file__).parent / "layouts"
FILES = {path.stem: path for path in sorted(LAYOUTS.iterdir()) if path.suffix != ".diff"}
MOST_EDITS = 8
"""Lines that a person puts into a draft or writes anew, among them its title and source."""
PAGE = Path(__file__).resolve().parents[2] / "docs/how-to/read-your-files.md"


def side(name: str, mark: str) -> str:
    """The draft (``-``) or the finished profile (``+``) of a layout."""
    lines = (LAYOUTS / f"{name}.diff").read_text(encoding="utf-8").splitlines()
    assert all(line[0] in " +-" for line in lines)
    return "".join(f"{line[1:]}\n" for line in lines if line[0] in (" ", mark))


def finished(name: str) -> ProfileSet:
    text = side(name, "+")
    known = KnownProfile(read_profile(text, f"{name}.yaml"), sha256_text(text), f"{name}.yaml", text, built_in=False)
    return ProfileSet({**built_in_profiles().by_name, name: known})


@pytest.fixture
def read_layout(read):
    """Reads a layout's file by its finished profile, which is found by the file's headers."""

    def read_it(name: str) -> Feed:
        path = FILES[name]
        read.profiles = finished(name)
        return read(path.read_text(encoding="utf-8"), names=(path.name,))

    return read_it


@pytest.mark.parametrize("name", FILES)
def test_no_profile_of_the_package_reads_the_file(name):
    with pytest.raises(FindingsError):
        built_in_profiles().for_file(FILES[name], FILES[name].name)


@pytest.mark.parametrize("name", FILES)
def test_the_draft_is_what_the_diff_begins_with(name):
    assert draft_profile(FILES[name], FILES[name].name, name, built_in_profiles()) == side(name, "-")


@pytest.mark.parametrize("name", FILES)
def test_a_person_makes_few_edits(name):
    lines = (LAYOUTS / f"{name}.diff").read_text(encoding="utf-8").splitlines()
    assert 0 < sum(line.startswith("+") for line in lines) <= MOST_EDITS
    columns, drafted = (set(read_profile(side(name, mark), "x").columns) for mark in "+-")
    assert len(columns - drafted) <= 1


def test_the_page_shows_one_of_them_as_it_is():
    page = PAGE.read_text(encoding="utf-8")
    for suffix, language in ((".csv", "text"), (".diff", "diff")):
        text = (LAYOUTS / f"hospice_stays{suffix}").read_text(encoding="utf-8")
        assert f"```{language}\n{text}```" in page


def test_a_table_of_lines_of_a_warehouse(read_layout):
    feed = read_layout("slam_warehouse")
    # £1,204.50 + £98.25 - £512.10 + £10,000.00 + £33.00; the word TBC and month 13 are rejected, the last at £204.50.
    assert (feed.account.rows, feed.account.used, feed.account.rejected) == (7, 5, 2)
    assert (sum(row["submitted_pence"] for row in used(feed)), feed.account.rejected_pence) == (1_082_365, 20_450)
    assert [(row["point_of_delivery"], row["submitted_pence"]) for row in used(feed)] == [
        ("AE", 120_450), ("OPFUPSPCL", 9_825), ("DC", -51_210), ("BLOCK", 1_000_000), ("NAOTHER", 3_300),
    ]  # fmt: skip
    assert sorted((reject.row, reject.field) for reject in feed.rejects) == [(6, "total cost"), (7, "financial month")]
    # 46127 is the number that a spreadsheet has for 15 April 2026.
    assert used(feed)[1]["day"] == day_number(dt.date(2026, 4, 15))
    assert feed.account.practice_rules == {"responsibility": 5}


def test_contacts_of_community_teams(read_layout):
    feed = read_layout("community_contacts")
    # 4,150 + 9,600 + 5,225 pence were seen; one was not, and 31 April is no day. Two lines stand above the headers.
    assert (feed.account.header_row, feed.account.rows, feed.account.rejected) == (3, 5, 1)
    assert [(row["tariff_code"], row["submitted_pence"]) for row in used(feed)] == [
        ("COMCN1", 4_150), ("COMRH1", 9_600), ("Unmapped", 5_225),
    ]  # fmt: skip
    assert (feed.account.not_counted, feed.account.not_counted_pence) == ({"the patient was not seen": 1}, 4_150)
    assert [(reject.row, reject.field, reject.reason) for reject in feed.rejects] == [
        (8, "activity date", "is not a date")
    ]
    # 03/04/2026 is 3 April.
    assert used(feed)[0]["day"] == day_number(dt.date(2026, 4, 3))


def test_incidents_of_an_ambulance_service(read_layout):
    feed = read_layout("ambulance_incidents")
    assert [(row["point_of_delivery"], row["submitted_pence"]) for row in used(feed)] == [
        ("AMBHTR", 4_150), ("AMBSTR", 121_475), ("AMBSTC", 28_900), ("Unmapped", 1_200), ("AMBSTC", -28_900),
    ]  # fmt: skip
    assert feed.account.submitted_pence == 126_825
    assert feed.account.point_of_delivery_rules == {"mapped": 4, "unmapped": 1}


def test_stays_in_a_hospice(read_layout):
    feed = read_layout("hospice_stays")
    # 3 and 4 nights at £412.50, half a night at £300.00; who is still in has no last day: 11 nights wait.
    assert [(row["quantity_thousandths"], row["submitted_pence"]) for row in used(feed)] == [
        (3_000, 123_750), (4_000, 165_000), (500, 15_000),
    ]  # fmt: skip
    assert (feed.account.rejected, feed.account.rejected_pence) == (1, 453_750)
    assert [row["day"] for row in used(feed)][:2] == [day_number(dt.date(2026, 4, 13)), day_number(dt.date(2026, 5, 2))]
    assert {(row["point_of_delivery"], row["cost_basis"]) for row in used(feed)} == {("UNBPALL", "actual")}


def used(feed: Feed) -> list[dict]:
    """The rows that count, in the order of the file."""
    rows = [row for row in feed.rows if not row.get("fault") and not row.get("not_counted")]
    return sorted(rows, key=lambda row: row["row_number"])
