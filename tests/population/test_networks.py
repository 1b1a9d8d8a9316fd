"""The practice map through primary care networks, as the Organisation Data Service gives them, by date."""

from pathlib import Path

import pytest
from people_world import HEADERS, lay, said, settled, stopped, units

ROWS = ("P1,Y1,Regular,2020-01-01,,", "P2,Y2,Regular,2020-01-01,,")
PARTNERS = ("Y1,First practice,U1,One,20190701,", "Y2,Second practice,U2,Two,20190701,")
PLACED = ("U1,NA,2000-01-01,", "U2,NB,2000-01-01,")


def plan(root: Path, *, partners=PARTNERS, placed=PLACED, rows=ROWS, successors=None, **more) -> Path:
    files = {"networks": partners, "network_neighbourhoods": placed}
    if successors is not None:
        files["successors"] = successors
    return lay(root, rows, files=files | more.pop("files", {}), **more)


def test_practice_to_network_to_neighbourhood_to_host(tmp_path: Path):
    content = settled(plan(tmp_path))
    assert units(content) == [365, 365]
    kinds = {file["kind"] for file in content["files"]}
    assert {"networks", "neighbourhoods of networks", "neighbourhoods"} <= kinds


def test_a_practice_that_changes_its_network_takes_its_people_along(tmp_path: Path):
    # 1 April to 30 June under A: 91 days.
    partners = ("Y1,First,U1,One,20190701,20250630", "Y1,First,U2,Two,20250701,", PARTNERS[1])
    assert units(settled(plan(tmp_path, partners=partners))) == [91, 274 + 365]


def test_a_network_that_changes_its_neighbourhood_takes_its_practices_along(tmp_path: Path):
    placed = ("U1,NA,2000-01-01,2025-12-31", "U1,NB,2026-01-01,", PLACED[1])
    assert units(settled(plan(tmp_path, placed=placed))) == [275, 90 + 365]


def test_a_neighbourhood_that_changes_its_host_takes_its_networks_along(tmp_path: Path):
    neighbourhoods = ("NA,A,2000-01-01,2025-04-30", "NA,B,2025-05-01,", "NB,B,2000-01-01,")
    assert units(settled(plan(tmp_path, files={"neighbourhoods": neighbourhoods}))) == [30, 335 + 365]


def test_a_merged_practice_s_people_follow_the_successor_from_the_closing_date(tmp_path: Path):
    # Y1 closes on 30 September, though its network still lists it, and Y2 under B takes over on 1 October.
    content = settled(plan(tmp_path, successors=["Y1,Y2,2025-10-01"]))
    assert (units(content), said(content, "MAP-GAP")) == ([183, 182 + 365], [])


def test_a_successor_may_close_in_its_turn(tmp_path: Path):
    partners = (*PARTNERS, "Y3,Third,U1,One,20190701,")
    content = settled(plan(tmp_path, partners=partners, successors=["Y1,Y2,2025-10-01", "Y2,Y3,2026-01-01"]))
    # P1: 183 under A, 92 under B, 90 under A. P2: 275 under B, 90 under A.
    assert units(content) == [183 + 90 + 90, 92 + 275]


def test_the_days_between_leaving_a_network_and_the_successor_are_a_gap_with_both_dates(tmp_path: Path):
    partners = ("Y1,First,U1,One,20190701,20250831", PARTNERS[1])
    content = settled(plan(tmp_path, partners=partners, successors=["Y1,Y2,2025-10-01"]))
    assert units(content) == [153, 182 + 365]
    assert said(content, "MAP-GAP") == [
        "practice Y1 is nowhere in the map from 2025-09-01 to 2025-09-30: 30 days of 1 people registered there count "
        "for no host"
    ]


def test_networks_elsewhere_in_england_are_no_matter_unless_somebody_is_registered_there(tmp_path: Path):
    partners = (*PARTNERS, "Y9,Far away,U9,Nine,20190701,", "Y9,Far away,U8,Eight,20200101,")
    assert units(settled(plan(tmp_path / "none", partners=partners))) == [365, 365]
    rows = (*ROWS, "P3,Y9,Regular,2020-01-01,,")
    found = stopped(plan(tmp_path / "some", partners=partners, rows=rows))
    assert [finding.code for finding in found] == ["PRACTICE-UNKNOWN"]
    assert "or its network" in found[0].mend
    outside = (*PLACED, "U9,,2000-01-01,", "U8,,2000-01-01,")
    far = (*PARTNERS, "Y9,Far away,U9,Nine,20190701,")
    assert units(settled(plan(tmp_path / "outside", partners=far, placed=outside, rows=rows))) == [365, 365]


def test_two_networks_at_once_are_told_with_both_dates(tmp_path: Path):
    partners = (*PARTNERS, "Y1,First,U2,Two,20250601,20250615")
    found = stopped(plan(tmp_path, partners=partners))
    assert [(finding.code, finding.message, finding.line) for finding in found] == [
        ("MAP-INVALID", "practice Y1: the period overlaps with the one on row 2, from 2025-06-01 to 2025-06-15", 4)
    ]


def test_what_the_files_of_networks_may_not_say_comes_at_once(tmp_path: Path):
    found = stopped(
        plan(
            tmp_path,
            partners=(*PARTNERS, "Y3,Third,U1,One,soon,"),
            placed=(*PLACED, "U2,NA,2025-01-01,", "U3,NX,2000-01-01,"),
            successors=["Y1,Y2,2025-10-01", "Y1,Y2,2025-11-01", "Y2,Y7,2025-12-01", "Y2,Y1,never"],
        )
    )
    assert {(finding.file, finding.line) for finding in found if finding.code == "MAP-INVALID"} >= {
        ("data/networks.csv", 4), ("data/network_neighbourhoods.csv", 4), ("data/successors.csv", 3),
        ("data/successors.csv", 5),
    }  # fmt: skip
    assert any("successor Y7 has no row" in finding.message for finding in found)


@pytest.mark.parametrize(
    ("names", "code", "words"),
    [
        (("networks",), "PLAN-MISMATCH", "names `networks` and no `network_neighbourhoods`"),
        (("practices", "networks", "network_neighbourhoods"), "PLAN-MISMATCH", "names both `practices` and `networks`"),
        (("practices", "successors"), "PLAN-MISMATCH", "names both `practices` and `successors`"),
        ((), "FIELD-MISSING", "`practices` is missing, and so are `networks`"),
    ],
)
def test_a_map_is_given_in_one_way_and_whole(tmp_path: Path, names, code, words):
    path = lay(tmp_path, ROWS, files={name: [] for name in ("networks", "network_neighbourhoods", "successors")})
    (tmp_path / "data/practices.csv").write_text(HEADERS["practices"] + "\n", encoding="utf-8")
    lines = [
        line
        for line in path.read_text(encoding="utf-8").splitlines()
        if not any(f" {name}:" in line for name in ("networks", "network_neighbourhoods", "successors"))
    ]
    lines += [f"  {name}: data/{name}.csv" for name in names]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = stopped(path)
    assert code in {finding.code for finding in found}
    assert any(words in finding.message for finding in found), found
