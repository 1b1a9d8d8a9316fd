"""`yoc verify` and `yoc sign`: what they print, their exit codes, and that no passphrase is shown."""

import datetime as dt
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from yoc.cli.commands import app
from yoc.cli.faults import ExitCode
from yoc.workflow import store_place

sys.path.append(str(Path(__file__).resolve().parents[1] / "workflow"))

from small_world import lay

PASSPHRASE = "correct horse battery"  # noqa: S105 - of keys that the tests make


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from yoc.workflow.restate import settle_and_post

    root = tmp_path_factory.mktemp("settled")
    moment = dt.datetime(2027, 5, 10, 9, tzinfo=dt.UTC)
    settle_and_post(lay(root), root, store_place.open_store(root, lambda: moment, to_write=True), None)
    return root


@pytest.fixture
def run(settled: Path, tmp_path: Path, clock, monkeypatch: pytest.MonkeyPatch):
    """Runs a command in the settled world; gives all that it said."""
    shutil.copytree(settled, tmp_path / "world")
    monkeypatch.chdir(tmp_path / "world")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("YOC_BY", "A. Analyst")
    monkeypatch.setenv("YOC_KEY_PASSPHRASE", PASSPHRASE)
    monkeypatch.delenv("YOC_STORE_URL", raising=False)
    monkeypatch.setattr(store_place, "system_clock", clock)

    def invoke(*arguments: str, code: int = ExitCode.DONE, typed: str = "") -> str:
        done = CliRunner().invoke(app, list(arguments), input=typed)
        assert done.exit_code == code, done.output
        assert "Traceback" not in done.output
        assert PASSPHRASE not in done.output
        return done.output

    return invoke


def run_folder() -> Path:
    (found,) = Path("reconciliation/2026-27/world/runs").glob("2026-*")
    return found


def signature_files() -> list[Path]:
    return sorted(Path(f"reconciliation/2026-27/world/signatures/{run_folder().name}").glob("*.json"))


def test_a_run_is_verified_by_any_of_its_names_and_in_json(run):
    said = run("verify", "2026")
    assert said.splitlines()[0].startswith("holds           Folder: 11 files are there, as they were written")
    assert " ".join(said.split()).endswith(
        f"Verified: {run_folder().name} is what was recorded, and its inputs give the same figures again."
    )
    content = json.loads(run("verify", str(run_folder()), "--json", "--quick"))
    assert (content["verified"], content["looked_at"]) == (True, "quick")
    assert [step["mark"] for step in content["steps"]] == ["holds"] * 4
    run("verify", "2026-27-x", code=ExitCode.INPUT)
    run("verify", "2026", "--quick", "--signature", code=ExitCode.USAGE)


def test_what_differs_is_said_and_ends_in_its_code(run):
    settlement = run_folder() / "settlement.json"
    settlement.write_text(
        settlement.read_text(encoding="utf-8").replace('"cost_pence": 10000', '"cost_pence": 10001'), encoding="utf-8"
    )
    said = run("verify", "2026", code=ExitCode.DIFFERENT)
    assert "hosts[A].cost_pence: £100.01 recorded, £100.00 now" in said
    assert said.splitlines()[-1] == f"NOT verified: {run_folder().name}. Differs: Folder, Figures, Store."
    content = json.loads(run("verify", "2026", "--json", code=ExitCode.DIFFERENT))
    assert {"path": "hosts[A].cost_pence", "recorded": "£100.01", "now": "£100.00"} in content["differences"]


def test_a_run_is_signed_and_the_signature_is_verified(run, tmp_path: Path):
    key = tmp_path / "keys/mine.pem"
    key.parent.mkdir()
    said = run("sign", "--new-key", str(key))
    (fingerprint,) = [line.split()[1] for line in said.splitlines() if line.startswith("Fingerprint")]
    assert os.name == "nt" or key.stat().st_mode & 0o777 == 0o600
    assert b"ENCRYPTED PRIVATE KEY" in key.read_bytes()
    before = key.read_bytes()
    assert "no key is overwritten" in run("sign", "--new-key", str(key), code=ExitCode.INPUT)
    assert key.read_bytes() == before

    assert "nobody has signed the run" in run("verify", "2026", "--signature", code=ExitCode.DIFFERENT)
    evidence = {path: path.read_bytes() for path in run_folder().rglob("*") if path.is_file()}
    assert "is signed by A. Analyst." in run("sign", "2026", "--key", str(key))
    assert evidence == {path: path.read_bytes() for path in run_folder().rglob("*") if path.is_file()}
    (signed,) = signature_files()
    assert signed.stem == fingerprint
    content = signed.read_bytes()
    again = run("sign", "2026", "--key", str(key), "--by", "Another")
    assert "already, as A. Analyst; nothing was written" in again and "Another" not in again
    assert signed.read_bytes() == content

    said = " ".join(run("verify", "2026", "--signature").split())
    assert f"signed by key {fingerprint} that says it is A. Analyst, at 2027-05-10T09:00:00Z; nothing here" in said
    assert "a key that you trust" in " ".join(run("verify", "2026", "--quick", "--trusted", f"{key}.pub").split())
    assert "a key that you trust" in " ".join(
        run("verify", "2026", "--signature", "--trusted", str(key.parent)).split()
    )
    other = tmp_path / "other.pem"
    run("sign", "--new-key", str(other))
    trusting = ("verify", "2026", "--signature", "--trusted", f"{other}.pub")
    assert "none is by a key that you trust" in run(*trusting, code=ExitCode.DIFFERENT)

    signed.write_bytes(content.replace(b"A. Analyst", b"B. Analyst"))
    assert "it was edited" in " ".join(run("verify", "2026", "--signature", code=ExitCode.DIFFERENT).split())
    assert "does not hold" in run("sign", "2026", "--key", str(key), code=ExitCode.INPUT)
    signed.write_bytes(b"\xff" * 100_000)
    assert "the file is damaged" in " ".join(run("verify", "2026", "--quick", code=ExitCode.DIFFERENT).split())


def test_a_manifest_that_was_changed_after_it_was_signed_is_told(run, tmp_path: Path):
    key = tmp_path / "mine.pem"
    run("sign", "--new-key", str(key))
    run("sign", "2026", "--key", str(key))
    manifest = run_folder() / "manifest.json"
    # So that the folder by itself holds: a file is taken away, and its name from the manifest.
    content = json.loads(manifest.read_text(encoding="utf-8"))
    del content["files"]["codes.csv"]
    (run_folder() / "codes.csv").unlink()
    manifest.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")
    said = " ".join(run("verify", "2026", "--signature", code=ExitCode.DIFFERENT).split())
    assert "holds Folder" in said
    assert "over another manifest: this one was changed since" in said
    assert "has signed another manifest" in run("sign", "2026", "--key", str(key), code=ExitCode.INPUT)


def test_a_changed_run_is_not_signed(run, tmp_path: Path):
    key = tmp_path / "mine.pem"
    run("sign", "--new-key", str(key))
    (run_folder() / "journal.jsonl").unlink()
    said = run("sign", "2026", "--key", str(key), code=ExitCode.INPUT)
    assert "RUN-CHANGED" in said and "journal.jsonl is not there" in said
    assert not signature_files()


def test_a_passphrase_is_asked_twice_for_a_new_key_and_never_shown(run, tmp_path: Path, monkeypatch):
    monkeypatch.delenv("YOC_KEY_PASSPHRASE")
    key = tmp_path / "mine.pem"
    run("sign", "--new-key", str(key), typed=f"{PASSPHRASE}\n{PASSPHRASE}\n")
    run("sign", "2026", "--key", str(key), typed=f"{PASSPHRASE}\n")
    assert len(signature_files()) == 1
    said = run("sign", "2026", "--key", str(key), typed="a wrong passphrase\n", code=ExitCode.INPUT)
    assert "KEY-UNUSABLE" in said and "a wrong passphrase" not in said
    said = run("sign", "--new-key", str(tmp_path / "short.pem"), typed="short\nshort\n", code=ExitCode.INPUT)
    assert "fewer than 12 characters" in said
    assert not [*tmp_path.glob("short*")]


@pytest.mark.skipif(os.name == "nt", reason="a session without a terminal is made otherwise there")
def test_without_a_terminal_and_a_passphrase_the_key_cannot_be_used(run, tmp_path: Path):
    key = tmp_path / "mine.pem"
    run("sign", "--new-key", str(key))
    command = [sys.executable, "-m", "yoc", "sign", "2026", "--key", str(key), "--by", "A. Analyst"]
    own = {name: value for name, value in os.environ.items() if name != "YOC_KEY_PASSPHRASE"}
    done = subprocess.run(
        command, input="typed\n", capture_output=True, text=True, check=False, env=own, start_new_session=True
    )
    assert done.returncode == ExitCode.INPUT
    assert "KEY-UNUSABLE" in done.stderr and "YOC_KEY_PASSPHRASE" in done.stderr
    assert "Warning" not in done.stderr and "Aborted" not in done.stderr
    assert not signature_files()


def test_what_cannot_be_meant_is_refused(run, tmp_path: Path):
    key = tmp_path / "mine.pem"
    run("sign", "--new-key", str(key))
    run("sign", code=ExitCode.USAGE)
    run("sign", "2026", code=ExitCode.USAGE)
    run("sign", "2026", "--new-key", str(tmp_path / "x.pem"), code=ExitCode.USAGE)
    run("sign", "2026", "--key", str(key), "--by", " ", code=ExitCode.USAGE)
    assert "PERSON-NAMED" in run("sign", "2026", "--key", str(key), "--by", "943 476 5919", code=ExitCode.INPUT)
    assert "FILE-MISSING" in run("sign", "2026", "--key", str(tmp_path / "no.pem"), code=ExitCode.INPUT)
    assert "KEY-UNUSABLE" in run("sign", "2026", "--key", f"{key}.pub", code=ExitCode.INPUT)
    trusting = ("verify", "2026", "--signature", "--trusted")
    assert "KEY-UNUSABLE" in run(*trusting, str(key), code=ExitCode.INPUT)
    assert "FILE-MISSING" in run(*trusting, str(tmp_path / "no.pub"), code=ExitCode.INPUT)
    assert "no public key" in run(*trusting, "contracts", code=ExitCode.INPUT)
    assert not signature_files()
