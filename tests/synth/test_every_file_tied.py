"""The sample of every national file ties out, but for the three pennies that are planted in it; repeats are found."""

from collections import Counter
from pathlib import Path

import pytest
from tests.synth.every_file import plcm_files, with_plain_files

from yoc.core.periods import FinancialYear
from yoc.workflow.read_files import ReadFiles, read_files

YEAR = FinancialYear(2026)


@pytest.fixture(scope="module")
def read(every_file, tmp_path_factory: pytest.TempPathFactory) -> ReadFiles:
    folder = with_plain_files(every_file.folder, tmp_path_factory.mktemp("plain") / "sample")
    others = [path for kind in ("drugs_plcm", "devices_plcm", "acm") for path in sorted((folder / kind).iterdir())]
    secondary_uses = sorted((folder / "sus/admitted").iterdir())
    files: list[Path] = [*plcm_files(folder), *others, *secondary_uses, folder / "invoices.csv"]
    return read_files(files, year=YEAR, as_of=YEAR.last_day)


def test_three_pennies_differ_and_nothing_else(read):
    assert [
        (cell.rule, cell.provider, (cell.period - 1) % 12 + 1, cell.point_of_delivery, cell.difference_pence)
        for cell in read.tie_outs.cells
    ] == [
        ("activity", "ZA1", 6, "OPFUPSPCL", 1),
        ("drugs", "ZA2", 9, "DRUG", 1),
        ("invoice", "ZC1", 10, "", -1),
    ]
    assert [finding.code for finding in read.findings].count("TIE-OUT") == 3


def test_every_provider_that_bills_is_compared_and_the_distant_trust_is_not(read):
    by_rule = {}
    for total in read.tie_outs.totals:
        by_rule.setdefault(total.rule, []).append(total.provider)
    assert by_rule == {
        "activity": ["ZA1", "ZA2", "ZC1", "ZG1", "ZM1"],
        "drugs": ["ZA1", "ZA2"],
        "devices": ["ZA1", "ZA2"],
        "invoice": ["ZA1", "ZA2", "ZC1", "ZG1", "ZM1"],
    }
    assert read.tie_outs.not_tied == ()


def test_repeats_are_found_in_the_files_in_which_they_are_planted(read, every_file):
    planted = Counter()
    for row in every_file.table("planted_faults.csv"):
        if row["outcome"] == "LINE-REPEATED" and not row["file"].startswith("mhsds"):
            planted[row["file"]] += int(row["rows"])
    found = Counter()
    for finding in read.findings:
        if finding.code == "LINE-REPEATED":
            found["/".join(Path(finding.file).parts[-3:])] += finding.count
    assert found == planted
    assert sum(planted.values()) == 7


def test_the_newest_month_of_one_provider_is_light_and_one_spell_has_too_many_days(read, every_file):
    planted = {row["outcome"]: row for row in every_file.table("planted_faults.csv")}
    (light,) = [finding for finding in read.findings if finding.code == "MONTH-LIGHT"]
    assert light.message.startswith("ZA2, 2026/27 month 12, plcm")
    assert light.count == int(planted["MONTH-LIGHT"]["rows"])
    (spell,) = [finding for finding in read.findings if finding.code == "SPELL-DAYS"]
    # 21 + 16 days are charged, and the spell lasted 36 with both ends.
    assert spell.message.startswith("ZM1: 1 spell of 2 lines")
    assert spell.message.endswith("with 1 bed day more than from first start to last end")
