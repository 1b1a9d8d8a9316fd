"""Digests of runs and of files: the cells by hand, that both sides agree, what differs is named, what is refused."""

import json
import os
import shutil
import stat
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest
from small_world import LINES, lay
from typer.testing import CliRunner

from yoc.audit.digest import CellValues, Hasher, grow
from yoc.cli.commands import app
from yoc.core.findings import FindingsError
from yoc.core.identifiers import canonical_json
from yoc.core.periods import FinancialYear
from yoc.intake.profile import UNMAPPED
from yoc.intake.texts import points_of_delivery
from yoc.workflow.digest_cells import cells_of_files, cells_of_run, chosen_cells
from yoc.workflow.digest_run import compare_digests, digest_of, own_values, write_digest
from yoc.workflow.key_file import Key, make_key_file, read_key_file
from yoc.workflow.reconcile import reconcile
from yoc.workflow.run_place import RunPlace, find_run

YEAR = FinancialYear(2026)
KEY = Key(b"0123456789abcdef" * 2)
OTHER_KEY = Key(b"fedcba9876543210" * 2)
SUBMITTED = {
    ("P", "01", "AE"): CellValues(1, Fraction(1), 9_000),
    # One line for -1 at -£80, one for 1 at -£50 and one for 1 at £10.
    ("P", "02", "AE"): CellValues(3, Fraction(1), -12_000),
    ("P", "05", "AE"): CellValues(2, Fraction(2), 21_500),
}
"""The lines of the small world, added up by hand."""


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> RunPlace:
    """A run of the small world, which tests read and do not change."""
    root = tmp_path_factory.mktemp("world")
    return find_run(str(reconcile(lay(root)).run_folder), root)


@pytest.fixture
def own(settled: RunPlace, tmp_path: Path) -> RunPlace:
    """A copy of the run to spoil."""
    shutil.copytree(settled.root, tmp_path / "world")
    return find_run(settled.run_id, tmp_path / "world")


def activity(place: RunPlace) -> Path:
    return place.root / "data/activity.csv"


def of_files(*paths: Path, **more):
    return cells_of_files(paths, YEAR, **more)


def refused(work: Callable[[], object]) -> list[tuple[str, str]]:
    with pytest.raises(FindingsError) as caught:
        work()
    assert all(finding.mend for finding in caught.value.findings)
    return [(finding.code, finding.message) for finding in caught.value.findings]


def test_what_was_submitted_is_the_same_of_a_run_and_of_its_files(settled: RunPlace):
    run, files = cells_of_run(settled), of_files(activity(settled))
    assert run.trees["submitted"] == files.trees["submitted"] == SUBMITTED
    made = [digest_of(source, ["p"], ["submitted"], KEY) for source in (run, files)]
    assert made[0].trees == made[1].trees
    assert (made[0].made_from, made[1].made_from) == (f"run {settled.run_id}", "files")


def test_what_was_settled_by_hand(settled: RunPlace):
    """VB01Z costs £100; the line of XX01Z, which has no price, is nobody's."""
    charged = {
        ("A", "emergency", "P", "01", "AE"): CellValues(1, Fraction(1), 9_000, Fraction(10_000), {"charged": 1}),
        ("A", "emergency", "P", "02", "AE"): CellValues(2, Fraction(0), -13_000, Fraction(0), {"charged": 2}),
        ("B", "emergency", "P", "05", "AE"): CellValues(2, Fraction(2), 21_500, Fraction(20_000), {"charged": 2}),
    }
    unpriced = {("", "emergency", "P", "02", "AE"): CellValues(1, Fraction(1), 1_000, Fraction(0), {"unpriced": 1})}
    assert cells_of_run(settled).trees["settled"] == charged | unpriced


def test_every_empty_cell_is_there(settled: RunPlace):
    """12 months and what lies outside them; 83 points of delivery; hosts A, B and none for the one that P has."""
    cells = chosen_cells(cells_of_run(settled), ["P"], ["submitted", "settled"])
    assert len(cells["submitted"]) == 13 * 83
    assert len(cells["settled"]) == 13 * 3
    assert sum(values.lines for values in cells["submitted"].values()) == len(LINES)
    assert sum(values.lines for values in cells["settled"].values()) == len(LINES)


def test_two_versions_of_a_format_have_the_same_cells():
    """Where codes come or go, the cells of two versions would differ: raise the format's number with them."""
    assert len({*points_of_delivery().values(), UNMAPPED}) == 83


def test_lines_outside_the_year_have_a_cell_of_their_own(tmp_path: Path):
    lay(tmp_path, lines=[*LINES, ("P1", "2026-03-31", "AE", "VB01Z", "1", "7.00")])
    cells = of_files(tmp_path / "data/activity.csv").trees["submitted"]
    assert cells == SUBMITTED | {("P", "outside", "AE"): CellValues(1, Fraction(1), 700)}
    place = find_run(str(reconcile(tmp_path / "reconciliation/2026-27/world/plan.yaml").run_folder), tmp_path)
    assert cells_of_run(place).trees["submitted"] == cells


def test_a_line_with_a_blank_total_counts_where_the_contract_needs_what_was_submitted(tmp_path: Path):
    lines = [*LINES[:2], ("P1", "2026-04-11", "AE", "VB01Z", "1", "")]
    plan = lay(tmp_path, ("basis: book", "basis: submitted"), lines=lines)
    run = cells_of_run(find_run(str(reconcile(plan).run_folder), tmp_path))
    file = tmp_path / "data/activity.csv"
    counted, rejected = of_files(file, count_blank_totals=True), of_files(file)
    april = ("P", "01", "AE")
    assert run.trees["submitted"][april] == counted.trees["submitted"][april] == CellValues(2, Fraction(2), 9_000)
    assert rejected.trees["submitted"][april] == CellValues(1, Fraction(1), 9_000)
    assert [finding.code for finding in rejected.findings] == ["ROW-REJECTED"]
    paths = tmp_path / "run.json", tmp_path / "files.json"
    for source, path in zip((run, rejected), paths, strict=True):
        write_digest(digest_of(source, ["P"], ["submitted"], KEY), path)
    compared = compare_digests(paths)
    assert compared.trees[0].differing == (april,)
    assert [(finding.code, "blank total" in finding.message) for finding in compared.findings] == [
        ("DIGEST-APART", True)
    ]


def digests(settled: RunPlace, folder: Path, lines=LINES, key: Key = KEY) -> tuple[Path, Path]:
    """The digest of the run, and of the files of a provider that has these lines."""
    paths = folder / "board.json", folder / "trust.json"
    write_digest(digest_of(cells_of_run(settled), ["P"], ["submitted"], KEY), paths[0])
    lay(folder / "trust", lines=lines)
    write_digest(digest_of(of_files(folder / "trust/data/activity.csv"), ["P"], ["submitted"], key), paths[1])
    return paths


ONE_PENNY = [*LINES[:1], ("P1", "2026-08-01", "AE", "VB01Z", "1", "120.01"), *LINES[2:]]


def test_a_penny_in_august_names_august(settled: RunPlace, tmp_path: Path):
    compared = compare_digests(digests(settled, tmp_path, ONE_PENNY), KEY)
    (tree,) = compared.trees
    assert (tree.differing, tree.agreeing, compared.equal) == ((("P", "05", "AE"),), 13 * 83 - 1, False)
    mine = own_values(compared, cells_of_run(settled))
    theirs = own_values(compared, of_files(tmp_path / "trust/data/activity.csv"))
    assert [values.submitted_pence for values in (*mine.values(), *theirs.values())] == [21_500, 21_501]


def test_a_month_that_one_has_not_is_named_as_a_month(settled: RunPlace, tmp_path: Path):
    """The provider has no line of August, and one of June instead: both of its cells are named, and no other."""
    lines = [*LINES[:1], *LINES[3:], ("P1", "2026-06-01", "AE", "VB01Z", "1", "1.00")]
    (tree,) = compare_digests(digests(settled, tmp_path, lines)).trees
    assert tree.differing == (("P", "03", "AE"), ("P", "05", "AE"))
    assert (tree.only_first, tree.only_second) == ((), ())


def test_another_key_is_told_and_not_that_everything_differs(settled: RunPlace, tmp_path: Path):
    paths = digests(settled, tmp_path, key=OTHER_KEY)
    ((code, message),) = refused(lambda: compare_digests(paths))
    assert code == "DIGEST-APART"
    assert KEY.check_value in message and OTHER_KEY.check_value in message
    same = digests(settled, make(tmp_path / "same"))
    ((code, message),) = refused(lambda: compare_digests(same, OTHER_KEY))
    assert code == "DIGEST-APART" and "made under another key" in message


def make(folder: Path) -> Path:
    folder.mkdir()
    return folder


def edited(path: Path, edit: Callable[[dict], object]) -> None:
    content = json.loads(path.read_text(encoding="utf-8"))
    edit(content)
    path.write_text(canonical_json(content) + "\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (lambda content: content.update(year="2027-28"), "of two years: 2026-27 and 2027-28"),
        (lambda content: content.update(format=2), "another format than 1"),
        (lambda content: content["trees"]["submitted"].update(contract="other"), "settled by two contracts"),
        (
            lambda content: content["trees"]["submitted"].update(of={"Q": content["trees"]["submitted"]["of"]["P"]}),
            "of no provider that both have",
        ),
    ],
)
def test_what_does_not_belong_together_is_told(settled: RunPlace, tmp_path: Path, edit, words: str):
    paths = digests(settled, tmp_path)
    edited(paths[1], edit)
    assert any(code == "DIGEST-APART" and words in message for code, message in refused(lambda: compare_digests(paths)))


def test_trees_that_only_one_has_are_not_compared(settled: RunPlace, tmp_path: Path):
    paths = digests(settled, tmp_path)
    run = cells_of_run(settled)
    write_digest(digest_of(run, ["P"], ["settled"], KEY), tmp_path / "settled.json")
    ((code, message),) = refused(lambda: compare_digests((tmp_path / "settled.json", paths[1])))
    assert code == "DIGEST-APART" and "of different things: settled and submitted" in message
    write_digest(digest_of(run, ["P"], ["submitted", "settled"], KEY), tmp_path / "both.json")
    assert [tree.tree for tree in compare_digests((tmp_path / "both.json", paths[1])).trees] == ["submitted"]


def test_a_hash_that_was_changed_is_told(settled: RunPlace, tmp_path: Path):
    """A branch is noticed by what is below it; a cell alone with the key, since otherwise it may be true."""
    paths = digests(settled, tmp_path)
    whole = paths[1].read_text(encoding="utf-8")
    edited(paths[1], lambda content: content["trees"]["submitted"]["of"]["P"].update(hash="0" * 64))
    ((code, message),) = refused(lambda: compare_digests(paths))
    assert code == "DIGEST-INVALID" and "the hash of submitted does not follow" in message
    paths[1].write_text(whole, encoding="utf-8")

    def all_the_way(content: dict) -> None:
        node = content["trees"]["submitted"]
        for name in ("P", "03"):
            node["hash"] = "0" * 64
            node = node["of"][name]
        node["hash"] = "0" * 64
        node["of"]["AE"] = "0" * 64

    edited(paths[1], all_the_way)
    assert compare_digests(paths).trees[0].differing == (("P", "03", "AE"),)
    ((code, message),) = refused(lambda: compare_digests(paths, KEY))
    assert code == "DIGEST-INVALID" and "was changed after it was made" in message


def test_both_files_are_looked_at(tmp_path: Path):
    (tmp_path / "a.json").write_bytes(b"\xff\xfe")
    (tmp_path / "b.json").write_text("{}", encoding="utf-8")
    assert [code for code, _ in refused(lambda: compare_digests((tmp_path / "a.json", tmp_path / "b.json")))] == [
        "DIGEST-INVALID",
        "DIGEST-INVALID",
    ]
    assert refused(lambda: compare_digests((tmp_path / "a.json", tmp_path / "c.json")))[1][0] == "FILE-MISSING"


def test_a_file_that_is_too_large_is_not_opened(tmp_path: Path):
    with (tmp_path / "large.json").open("wb") as stream:
        stream.truncate(64 * 10**6 + 1)
    found = refused(lambda: compare_digests((tmp_path / "large.json", tmp_path / "large.json")))
    assert {code for code, _ in found} == {"DIGEST-INVALID"} and "larger than any digest" in found[0][1]


def test_a_provider_without_lines_is_told(settled: RunPlace):
    ((code, message),) = refused(lambda: digest_of(cells_of_run(settled), ["RX1"], ["submitted"], KEY))
    assert (code, message) == ("PROVIDER-UNKNOWN", "there is no line of 'RX1'")


def test_a_run_that_kept_no_cells_or_was_changed_is_told(own: RunPlace):
    cells = own.folder / "cells.csv"
    cells.write_text(cells.read_text(encoding="utf-8").replace("9000", "9001"), encoding="utf-8")
    assert refused(lambda: cells_of_run(own))[0][0] == "FILE-CHANGED"
    cells.unlink()
    assert refused(lambda: cells_of_run(own))[0] == ("FILE-MISSING", "the run has no cells.csv")


def test_files_of_another_year_or_kind_are_told(settled: RunPlace):
    assert refused(lambda: cells_of_files([activity(settled)], FinancialYear(2024)))[0][0] == "YEAR-WRONG"
    assert refused(lambda: of_files(settled.root / "data/persons.csv"))[0][0] == "PROFILE-UNKNOWN"
    assert refused(lambda: of_files(settled.root / "data/none.csv"))[0][0] == "FILE-MISSING"


def test_values_of_another_year_are_not_shown(settled: RunPlace, tmp_path: Path):
    compared = compare_digests(digests(settled, tmp_path, ONE_PENNY))
    other = cells_of_files([activity(settled)], FinancialYear(2026))
    object.__setattr__(other, "year", FinancialYear(2027))
    assert refused(lambda: own_values(compared, other))[0][0] == "DIGEST-APART"


@pytest.mark.skipif(os.name == "nt", reason="files have no such modes there")
def test_a_new_key_is_its_owners_alone(tmp_path: Path):
    made = make_key_file(tmp_path / "key.txt")
    assert stat.S_IMODE((tmp_path / "key.txt").stat().st_mode) == 0o600
    assert read_key_file(tmp_path / "key.txt") == made and made.warning == ""
    assert len(bytes.fromhex(made.secret.decode())) == 32
    assert make_key_file(tmp_path / "other.txt").secret != made.secret
    assert refused(lambda: make_key_file(tmp_path / "key.txt"))[0][0] == "FILE-EXISTS"
    assert read_key_file(tmp_path / "key.txt") == made
    assert refused(lambda: make_key_file(tmp_path / "none/key.txt"))[0][0] == "FILE-MISSING"


def test_a_file_that_is_no_key_is_told(tmp_path: Path):
    (tmp_path / "long").write_bytes(b"0123456789" * 10_000)
    (tmp_path / "short").write_bytes(b"0123456789")
    for name, words in (("long", "too long"), ("short", "too weak"), ("none", "not there")):
        ((code, message),) = refused(lambda name=name: read_key_file(tmp_path / name))
        assert code == "KEY-INVALID" and words in message


def run(*arguments: object):
    return CliRunner().invoke(app, [str(argument) for argument in arguments], env={"COLUMNS": "100"})


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "key.txt"
    path.write_bytes(KEY.secret)
    path.chmod(0o600)
    return path


def test_the_commands_from_end_to_end(settled: RunPlace, tmp_path: Path, key: Path):
    board, trust = tmp_path / "board.json", tmp_path / "trust.json"
    made = run("digest", "2026-27", "--directory", settled.root, "--provider", "P", "--key", key, "--out", board)
    assert made.exit_code == 0, made.output
    assert f"Key check value: {KEY.check_value}" in made.output
    lay(tmp_path / "trust", lines=ONE_PENNY)
    file = tmp_path / "trust/data/activity.csv"
    made = run("digest", "--files", file, "--year", "2026/27", "--key", key, "--out", trust)
    assert made.exit_code == 0, made.output
    same = run("digest-diff", board, board)
    assert (same.exit_code, same.output.splitlines()[-1]) == (0, "The digests agree.")
    apart = run("digest-diff", board, trust, "--run", settled.folder, "--key", key)
    assert apart.exit_code == 6, apart.output
    assert "1,078 agree, 1 differs" in apart.output and "£215.00" in apart.output and "August" in apart.output
    assert "£215.01" in run("digest-diff", board, trust, "--file", file).output
    shown = json.loads(run("digest-diff", board, trust, "--json", "--file", file).stdout)
    (cell,) = shown["trees"][0]["differing"]
    assert cell == {
        "provider": "P",
        "month": 5,
        "point_of_delivery": "AE",
        "own": {"lines": 2, "quantity": "2", "submitted_pence": 21_501},
    }
    assert shown["equal"] is False
    again = run("digest", "--files", file, "--year", "2026/27", "--key", key, "--out", trust)
    assert (again.exit_code, "FILE-EXISTS" in again.output) == (3, True)


def test_a_digest_shows_no_figure_on_the_screen_or_in_the_file(settled: RunPlace, tmp_path: Path, key: Path):
    """The sum is so long that it stands in no hash by chance."""
    lines = [("P1", "2026-04-10", "AE", "VB01Z", "1", "91919191.91")]
    lay(tmp_path, lines=lines)
    out = tmp_path / "trust.json"
    made = run("digest", "--files", tmp_path / "data/activity.csv", "--year", "2026-27", "--key", key, "--out", out)
    said = made.output + out.read_text(encoding="utf-8")
    assert made.exit_code == 0 and "91919191" not in said and "91,919,191" not in said
    assert KEY.secret.decode() not in said


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("run",),
        ("run", "--key", "k", "--out", "o"),
        ("run", "--key", "k", "--out", "o", "--provider", "P", "--every-provider"),
        ("run", "other", "--key", "k", "--out", "o", "--provider", "P"),
        ("run", "--key", "k", "--out", "o", "--provider", "P", "--year", "2026-27"),
        ("run", "--key", "k", "--out", "o", "--provider", "P", "--count-blank-totals"),
        ("file", "--key", "k", "--out", "o", "--files"),
        ("file", "--key", "k", "--out", "o", "--files", "--year", "2026-27", "--settled"),
        ("file", "--key", "k", "--out", "o", "--files", "--year", "2026-28"),
    ],
)
def test_what_does_not_go_together_on_the_command_line(arguments):
    assert run("digest", *arguments).exit_code == 2


def test_the_settled_digest_shows_what_was_charged(settled: RunPlace, tmp_path: Path, key: Path):
    """The same lines under a contract that pays the lower of book and total: other amounts, as much submitted."""
    paths = tmp_path / "a.json", tmp_path / "b.json"
    moved = lay(tmp_path / "moved", ("basis: book", "basis: lower"))
    other = find_run(str(reconcile(moved).run_folder), tmp_path / "moved")
    for place, path in zip((settled, other), paths, strict=True):
        made = run("digest", place.folder, "--provider", "P", "--settled", "--key", key, "--out", path)
        assert made.exit_code == 0, made.output
    shown = run("digest-diff", *paths, "--run", settled.folder)
    assert shown.exit_code == 6
    assert "As submitted, 2026/27: of 1,079 cells that both have, all agree." in shown.output
    assert "£100.00" in shown.output, "what the first run charged in April"


def test_a_tree_by_hand(settled: RunPlace):
    """The root of a digest is that of its cells, grown without the commands."""
    cells = chosen_cells(of_files(activity(settled)), [], ["submitted"])["submitted"]
    assert {path: values for path, values in cells.items() if values.lines} == SUBMITTED
    made = digest_of(cells_of_run(settled), ["P"], ["submitted"], KEY)
    assert made.trees["submitted"].root == grow(Hasher(KEY.secret, "submitted", "2026-27"), cells)
