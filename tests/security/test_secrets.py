"""Passwords in a store's URL and keys of pseudonyms are said nowhere and written nowhere."""

import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

sys.path.insert(0, str(Path(__file__).parents[1] / "workflow"))

from small_world import lay, write

from yoc.cli.commands import app

PASSWORD = "hunter2-is-secret"  # noqa: S105 - of nothing
URLS = {
    "no server": f"postgresql://user:{PASSWORD}@127.0.0.1:1/db",
    "no such host": f"postgresql://user:{PASSWORD}@store.invalid/db",
    "bad port": f"postgresql://user:{PASSWORD}@127.0.0.1:port/db",
    "bad scheme": f"mysql://user:{PASSWORD}@127.0.0.1/db",
    "no URL": f"user:{PASSWORD}@127.0.0.1",
    "in a query": f"postgresql://127.0.0.1:1/db?password={PASSWORD}",
    "unknown word": f"postgresql://127.0.0.1:1/db?secret={PASSWORD}",
    "as a scheme": f"{PASSWORD}://127.0.0.1/db",
    "marks": f"postgresql://user:{PASSWORD}@[::1/db",
}


def everything(folder: Path) -> str:
    return "\n".join(path.read_bytes().decode("latin-1") for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("url", URLS.values(), ids=URLS)
@pytest.mark.parametrize("command", [["reconcile"], ["store", "status"]], ids=" ".join)
def test_a_password_of_the_environment_is_said_nowhere(tmp_path: Path, url: str, command: list[str]):
    plan = lay(tmp_path)
    more = [str(plan)] if command == ["reconcile"] else ["--directory", str(tmp_path)]
    shown = CliRunner().invoke(app, [*command, *more], env={"YOC_STORE_URL": url})
    said = shown.stdout + shown.stderr
    assert shown.exit_code not in (0, 1), said
    assert "STORE-UNREACHABLE" in said or command != ["reconcile"]
    assert PASSWORD not in said and PASSWORD not in str(shown.exception)
    assert PASSWORD not in everything(tmp_path)


@pytest.mark.parametrize("url", URLS.values(), ids=URLS)
def test_a_password_of_the_workspace_is_not_repeated_and_its_file_is_named(tmp_path: Path, url: str):
    plan = lay(tmp_path)
    settings = write(tmp_path, "workspace.yaml", f"store: '{url}'\n")
    shown = CliRunner().invoke(app, ["reconcile", str(plan)], env={"YOC_STORE_URL": ""})
    settings.unlink()
    assert shown.exit_code not in (0, 1)
    assert PASSWORD not in shown.stdout + shown.stderr + everything(tmp_path)


@pytest.mark.parametrize("key", ["0123456789abcdef0123456789abcdef", "short-secret", ""])
def test_a_key_of_pseudonyms_is_said_nowhere(tmp_path: Path, key: str):
    file = write(tmp_path, "people.csv", "NHS NUMBER,X\n9434765919,1\n")
    shown = CliRunner().invoke(
        app, ["pseudonymise", str(file), "--out", str(tmp_path / "out"), "--column", "NHS NUMBER"],
        env={"YOC_PSEUDONYM_KEY": key},
    )  # fmt: skip
    said = shown.stdout + shown.stderr
    assert shown.exit_code == (0 if len(key) >= 32 else 3), said
    assert not key or key not in said + everything(tmp_path)
    assert "9434765919" not in said + everything(tmp_path / "out" if (tmp_path / "out").exists() else tmp_path / "none")
