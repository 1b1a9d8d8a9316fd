"""A run is verified where nothing changed, and whatever was changed, taken away or put in is named."""

import datetime as dt
import json
import shutil
import sqlite3
import zipfile
from pathlib import Path

import pytest
from small_world import CONTRACT, LINES, PLAN, lay, lay_prices

from yoc.audit.verify import Mark
from yoc.workflow import run_folder
from yoc.workflow.reconcile import reconcile
from yoc.workflow.restate import settle_and_post
from yoc.workflow.run_place import RunPlace, find_run
from yoc.workflow.store_place import lay_new, open_store
from yoc.workflow.verify_run import Scope, Verification, verify_run

MOMENT = dt.datetime(2027, 5, 10, 9, tzinfo=dt.UTC)
FAULTY = ("P2", "2026-05-04", "AE", "VB01Z", "1", "ten pounds")
BESIDE = "contracts/beside/contract.yaml"
EVIDENCE = [
    "beside.json",
    "cells.csv",
    "codes.csv",
    "documents/contracts/beside/contract.yaml",
    "documents/contracts/world/contract.yaml",
    "documents/reconciliation/2026-27/world/plan.yaml",
    "documents/tariffs/world/book.yaml",
    "documents/tariffs/world/mff.csv",
    "documents/tariffs/world/prices.csv",
    "findings.jsonl",
    "journal.jsonl",
    "rejects/activity.csv",
    "settlement.json",
]
DOCUMENTS = {
    "plan": PLAN,
    "contract": CONTRACT,
    "beside": BESIDE,
    "book": "tariffs/world/book.yaml",
    "prices": "tariffs/world/prices.csv",
    "market_forces": "tariffs/world/mff.csv",
}
INPUTS = [
    f"data/{name}.csv"
    for name in ("activity", "conditions", "neighbourhoods", "persons", "practices", "registrations")
]  # fmt: skip


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A world with another contract beside and a row that is rejected, settled and recorded; tests copy it."""
    root = tmp_path_factory.mktemp("settled")
    plan = lay(root, lines=[*LINES, FAULTY])
    (root / BESIDE).parent.mkdir(parents=True)
    (root / BESIDE).write_text((root / CONTRACT).read_text(encoding="utf-8"), encoding="utf-8")
    plan.write_text(plan.read_text(encoding="utf-8") + f"beside: {BESIDE}\n", encoding="utf-8")
    settle_and_post(plan, root, open_store(root, lambda: MOMENT, to_write=True), None)
    return root


@pytest.fixture
def place(settled: Path, tmp_path: Path) -> RunPlace:
    shutil.copytree(settled, tmp_path / "world")
    return find_run("2026", tmp_path / "world")


@pytest.fixture
def verify(place: RunPlace, clock, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("YOC_STORE_URL", raising=False)

    def run(scope: Scope = Scope.QUICK) -> Verification:
        before = contents(place.root)
        found = verify_run(place, clock, scope)
        assert contents(place.root) == before, "verifying writes nothing"
        return found

    return run


def contents(root: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}


def marks(found: Verification) -> dict[str, Mark]:
    return {step.name: step.mark for step in found.steps}


def said(found: Verification, name: str) -> str:
    step = next(step for step in found.steps if step.name == name)
    return "\n".join((step.said, *step.details))


def flip(path: Path) -> None:
    """Change one byte in the middle of a file."""
    content = path.read_bytes()
    middle = len(content) // 2
    path.write_bytes(content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :])


def test_what_nobody_touched_is_verified(verify, place: RunPlace):
    found = verify(Scope.FULL)
    assert found.verified
    assert {*marks(found).values()} == {Mark.HOLDS}
    assert [*marks(found)] == ["Folder", "Inputs", "Program", "Figures", "Statements", "Store"]
    assert found.sum_up == f"Verified: {place.run_id} is what was recorded, and its inputs give the same figures again."
    assert sorted(json.loads((place.folder / "manifest.json").read_text("utf-8"))["files"]) == EVIDENCE
    assert place.manifest()["document_paths"] == dict(sorted(DOCUMENTS.items()))


@pytest.mark.parametrize("name", EVIDENCE)
@pytest.mark.parametrize("change", [flip, Path.unlink])
def test_each_file_of_the_evidence_is_missed_and_read_to_the_last_byte(verify, place: RunPlace, name: str, change):
    change(place.folder / name)
    found = verify()
    assert not found.verified
    assert name in said(found, "Folder")
    assert marks(found)["Store"] is (Mark.DIFFERS if name == "settlement.json" else Mark.HOLDS)


def test_any_changed_byte_of_a_manifest_is_told(place: RunPlace, monkeypatch):
    program = run_folder.program_hashes()
    monkeypatch.setattr(run_folder, "program_hashes", lambda: program)
    path = place.folder / "manifest.json"
    whole = path.read_bytes()
    first, last = (whole.index(key) for key in (b'"document_paths"', b'"counts"'))
    for position in [*range(0, first, 11), *range(last, len(whole), 11)]:
        path.write_bytes(whole[:position] + bytes([whole[position] ^ 1]) + whole[position + 1 :])
        opened = run_folder.open_run(place)
        assert opened is None or opened.step.fails, whole[position - 20 : position + 20]


@pytest.mark.parametrize("old", ["document_paths", "mff.csv", CONTRACT])
def test_a_path_that_was_changed_in_a_manifest_is_told(verify, place: RunPlace, old: str):
    path = place.folder / "manifest.json"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, f"x{old}"), encoding="utf-8", newline="\n")
    assert not verify(Scope.FULL).verified


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff", b"[" * 100_000, b'{"run_id": 1}'])
def test_a_manifest_that_is_none_is_said(verify, place: RunPlace, content: bytes):
    (place.folder / "manifest.json").write_bytes(content)
    found = verify(Scope.FULL)
    assert (marks(found), found.verified) == ({"Folder": Mark.DIFFERS}, False)


def test_a_run_under_another_name_and_a_file_beside_are_told(verify, place: RunPlace, clock):
    (place.folder / "rejects/more.csv").write_text("x", encoding="utf-8")
    (place.folder / ".DS_Store").write_text("x", encoding="utf-8")
    assert "rejects/more.csv is there, and the manifest does not name it" in said(verify(), "Folder")
    assert ".DS_Store" not in said(verify(), "Folder")
    (place.folder / "rejects/more.csv").unlink()
    assert verify().verified
    renamed = RunPlace(place.root, place.folder.rename(place.folder.with_name("2026-27-000000000000")))
    found = verify_run(renamed, clock, Scope.QUICK)
    assert "the folder is named 2026-27-000000000000" in said(found, "Folder")


def test_totals_of_the_manifest_follow_from_the_settlement(verify, place: RunPlace):
    path = place.folder / "manifest.json"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"entries": 4', '"entries": 5'), encoding="utf-8")
    assert "counts.entries is 5, and settlement.json has 4" in said(verify(), "Folder")


@pytest.mark.parametrize("change", [flip, Path.unlink])
@pytest.mark.parametrize("name", INPUTS)
def test_each_input_is_missed_and_read_to_the_last_byte(verify, place: RunPlace, name: str, change):
    change(place.root / name)
    found = verify()
    assert not found.verified
    words = "is not there" if change is Path.unlink else "has changed since the run"
    assert f"{name} {words}" in said(found, "Inputs")


def test_without_its_inputs_a_run_is_not_made_again_and_its_statements_are(verify, place: RunPlace):
    flip(place.root / "data/activity.csv")
    found = verify(Scope.FULL)
    assert (marks(found)["Figures"], marks(found)["Statements"]) == (Mark.UNTOLD, Mark.HOLDS)
    assert "yoc compare" in said(found, "Figures")
    assert found.sum_up == f"NOT verified: {place.run_id}. Differs: Inputs. Cannot be told: Figures."


@pytest.mark.parametrize("change", [flip, Path.unlink])
@pytest.mark.parametrize("role", DOCUMENTS)
def test_each_document_is_named_by_its_role_and_path(verify, place: RunPlace, role: str, change):
    change(place.root / DOCUMENTS[role])
    found = verify()
    assert not found.verified
    words = "is not there" if change is Path.unlink else "has changed since the run"
    assert f"{role} ({DOCUMENTS[role]}) {words}" in said(found, "Inputs")
    told = [line for line in said(found, "Inputs").splitlines()[1:] if not line.startswith("  ")]
    assert len(told) == 1, "the others are not told"
    if change is flip:
        assert "  line " in said(found, "Inputs")


def test_one_changed_price_is_named(verify, place: RunPlace):
    lay_prices(place.root, "110.00", "1.000000")
    text = said(verify(), "Inputs")
    assert "prices (tariffs/world/prices.csv) has changed" in text
    assert "market_forces" not in text
    assert ': was "' in text and "110.00" in text


def test_a_document_that_was_kept_otherwise_tells_no_lines(verify, place: RunPlace):
    lay_prices(place.root, "110.00", "1.000000")
    (place.folder / "documents/tariffs/world/prices.csv").write_text("made up\n", encoding="utf-8")
    assert "made up" not in said(verify(), "Inputs")


def test_a_quick_look_says_what_it_leaves_out(verify):
    assert verify().sum_up.endswith("its statements were not looked at, and its figures not made again.")


def test_line_ends_of_a_document_do_not_count(verify, place: RunPlace):
    path = place.root / CONTRACT
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert verify(Scope.FULL).verified


def rewrite(place: RunPlace, name: str, old: str, new: str) -> None:
    """Change a file of a run, and let its manifest name what it has become: as one would who wants to hide it."""
    from yoc.core.identifiers import sha256_bytes

    path = place.folder / name
    before = path.read_bytes()
    assert old.encode() in before
    path.write_bytes(before.replace(old.encode(), new.encode(), 1))
    manifest = place.folder / "manifest.json"
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(
        text.replace(sha256_bytes(before), sha256_bytes(path.read_bytes())), encoding="utf-8", newline="\n"
    )


def test_a_figure_that_was_changed_with_its_hash_is_found_by_the_store_and_by_settling_again(verify, place: RunPlace):
    # A has £100 of cost: its line of 10 April at the price of £100.
    rewrite(place, "settlement.json", '"cost_pence": 10000', '"cost_pence": 10001')
    found = verify(Scope.FULL)
    assert marks(found)["Folder"] is Mark.HOLDS
    assert (marks(found)["Figures"], marks(found)["Store"]) == (Mark.DIFFERS, Mark.DIFFERS)
    assert found.differences[-1].path != found.differences[0].path
    assert any(each.text.endswith("cost_pence: £100.01 recorded, £100.00 now") for each in found.differences)
    assert "hosts[A].cost_pence: £100.01 recorded, £100.00 now" in said(found, "Figures")
    assert "manifest.json.files.settlement.json" in said(found, "Figures")
    assert found.sum_up == f"NOT verified: {place.run_id}. Differs: Figures, Store."


def test_a_cell_that_was_changed_with_its_hash_is_found_by_settling_again(verify, place: RunPlace):
    rewrite(place, "cells.csv", "A,", "B,")
    assert verify(Scope.QUICK).verified
    found = verify(Scope.FULL)
    assert not found.verified
    assert "cells.csv:" in said(found, "Figures")


def test_a_statement_is_compared_byte_for_byte_and_may_be_gone(verify, place: RunPlace):
    flip(place.report_folder / "index.html")
    (place.report_folder / "statement-A.xlsx").unlink()
    found = verify(Scope.FULL)
    assert "index.html was changed\nstatement-A.xlsx is not there" in said(found, "Statements")
    assert not found.verified
    shutil.rmtree(place.report_folder)
    found = verify(Scope.FULL)
    assert (marks(found)["Statements"], found.verified) == (Mark.UNTOLD, True)
    assert "they were taken away" in said(found, "Statements")
    assert found.sum_up.endswith("What cannot be told: Statements.")


def test_kept_lines_that_were_changed_move_no_verification(verify, place: RunPlace):
    kept = [*(place.root / "data/.canonical").glob("*")]
    assert kept
    for path in kept:
        path.write_bytes(b"")
    assert verify(Scope.FULL).verified


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("UPDATE runs SET settlement_sha256 = '%s'" % ("0" * 64), "the manifest names another settlement"),
        ("UPDATE runs SET as_of = '2027-05-02'", "runs 2026-27-"),
        ("UPDATE lines SET pence = pence + 1 WHERE place = 1", "lines 1: pence is not as recorded"),
        ("DELETE FROM lines WHERE place = 2", "lines 2: the row is not as recorded"),
        ("UPDATE parties SET name = 'Another' WHERE party = 'A'", "parties A: name is not as recorded"),
        ("UPDATE findings SET message = '' WHERE place = 1", "findings 1: message is not as recorded"),
        ("UPDATE entries SET pence = pence + 1 WHERE sequence = 3", "the chain of the journal breaks at entry 3"),
        ("DELETE FROM entries WHERE sequence = 2", "the chain of the journal breaks at entry 2"),
        ("DELETE FROM entries WHERE sequence = (SELECT max(sequence) FROM entries)", "posting 1 has no seal"),
        ("SELECT 1", "no longer refuses to change the table runs"),
    ],
)
def test_a_store_that_was_edited_behind_the_program_is_told(verify, place: RunPlace, change: str, words: str):
    connection = sqlite3.connect(place.root / "reconciliation/store.sqlite")
    triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute(change)
    if change != "SELECT 1":
        for _, sql in triggers:
            connection.execute(sql)
    connection.commit()
    connection.close()
    found = verify()
    assert [name for name, mark in marks(found).items() if mark is not Mark.HOLDS] == ["Store"]
    assert words in said(found, "Store")
    assert not found.verified


def test_no_store_and_a_store_without_the_run_are_said_and_no_failure(verify, place: RunPlace, clock):
    store = place.root / "reconciliation/store.sqlite"
    store.unlink()
    found = verify()
    assert (marks(found)["Store"], found.verified) == (Mark.UNTOLD, True)
    lay_new(place.root, clock)
    found = verify()
    assert (marks(found)["Store"], found.verified) == (Mark.UNTOLD, True)
    assert f"`yoc store post {place.shown}` records it" in said(found, "Store")
    store.write_bytes(b"no database at all, and long enough to be looked at" * 100)
    assert marks(verify())["Store"] is Mark.DIFFERS


def test_by_another_program_the_figures_have_to_agree_and_a_note_says_so(verify, place: RunPlace, monkeypatch):
    honest = run_folder.program_hashes()
    changed = {**honest, "code": "0" * 64, "sql": {**honest["sql"], "activity/fates.sql": "0" * 64}}
    changed["sql"].pop("activity/control.sql")
    monkeypatch.setattr(run_folder, "program_hashes", lambda: changed)
    found = verify(Scope.FULL)
    assert found.verified
    assert marks(found)["Program"] is Mark.DIFFERS
    assert found.sum_up.startswith(f"Verified by another version of the program: {place.run_id} is")
    text = said(found, "Program")
    assert "activity/fates.sql is another" in text and "activity/control.sql is no longer there" in text
    assert "the figures are the same by this version of the program" in said(found, "Figures")
    rewrite(place, "settlement.json", '"cost_pence": 10000', '"cost_pence": 10001')
    found = verify(Scope.FULL)
    assert (found.verified, marks(found)["Figures"]) == (False, Mark.DIFFERS)


def test_a_run_of_a_version_that_recorded_less_is_explained(verify, place: RunPlace, monkeypatch):
    path = place.folder / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    del manifest["document_paths"]
    for name in ("cells.csv", "codes.csv"):
        del manifest["files"][name]
        (place.folder / name).unlink()
    path.write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    changed = {"code": "0" * 64, "sql": {}, "software": "yoc 0"}
    monkeypatch.setattr(run_folder, "program_hashes", lambda: changed)
    found = verify(Scope.FULL)
    assert found.verified, found
    assert "a version that did not record where its documents lie" in said(found, "Figures")
    assert "cells.csv is made now, and the run does not have it" in said(found, "Figures")
    place.plan_path.rename(place.root / "moved.yaml")
    found = verify(Scope.FULL)
    assert (found.verified, marks(found)["Inputs"], marks(found)["Figures"]) == (False, Mark.UNTOLD, Mark.UNTOLD)


def test_a_plan_elsewhere_is_found_where_the_manifest_says(tmp_path: Path, clock):
    plan = lay(tmp_path)
    elsewhere = tmp_path / "plans/final.yaml"
    elsewhere.parent.mkdir()
    run = reconcile(plan.rename(elsewhere))
    place = find_run(run.run_folder.name, tmp_path)
    assert place.plan_path == elsewhere
    assert verify_run(place, clock).verified


def test_loads_that_came_since_are_left_out_and_told(tmp_path: Path, clock):
    plan = lay(tmp_path)
    plan.write_text(plan.read_text(encoding="utf-8").replace("data/activity.csv", "data/loads/*.csv"), encoding="utf-8")
    (tmp_path / "data/loads").mkdir()
    (tmp_path / "data/activity.csv").rename(tmp_path / "data/loads/one.csv")
    place = find_run(reconcile(plan).run_folder.name, tmp_path)
    first = (tmp_path / "data/loads/one.csv").read_text(encoding="utf-8")
    (tmp_path / "data/loads/two.csv").write_text(first.replace("L1,", "L9,"), encoding="utf-8")
    found = verify_run(place, clock)
    assert found.verified
    assert "data/loads/two.csv has come since, and was left out" in said(found, "Figures")


def test_an_input_in_a_zip_is_told_by_its_own_name(tmp_path: Path, clock):
    plan = lay(tmp_path)
    plan.write_text(plan.read_text(encoding="utf-8").replace("data/activity.csv", "data/all.zip"), encoding="utf-8")
    text = (tmp_path / "data/activity.csv").read_text(encoding="utf-8").splitlines()
    first, second = ("\n".join([text[0], *rows]) + "\n" for rows in (text[1:4], text[4:]))

    def pack(**files: str) -> None:
        with zipfile.ZipFile(tmp_path / "data/all.zip", "w") as archive:
            for name, content in files.items():
                archive.writestr(f"{name}.csv", content)

    pack(one=first, two=second)
    place = find_run(reconcile(plan).run_folder.name, tmp_path)
    assert verify_run(place, clock).verified
    # Packed again, the tables are the same; one that is another, or gone, is named.
    pack(two=second, one=first)
    assert verify_run(place, clock, Scope.QUICK).verified
    pack(one=first, two=first)
    quick = Scope.QUICK
    assert said(verify_run(place, clock, quick), "Inputs").endswith("\ndata/all.zip/two.csv has changed since the run")
    pack(one=first)
    assert said(verify_run(place, clock, quick), "Inputs").endswith("\ndata/all.zip/two.csv is not there")
    (tmp_path / "data/all.zip").write_bytes(b"PK\x03\x04broken")
    assert not verify_run(place, clock, quick).verified


def test_names_in_a_manifest_lead_nowhere_outside_the_workspace(verify, place: RunPlace):
    path = place.folder / "manifest.json"
    path.write_text(
        path.read_text(encoding="utf-8").replace(f'"plan": "{PLAN}"', '"plan": "../../etc/passwd"'), "utf-8"
    )
    found = verify()
    assert "plan (../../etc/passwd) leads out of the workspace" in said(found, "Inputs")
    assert place.plan_path == place.contract_folder / "plan.yaml"
