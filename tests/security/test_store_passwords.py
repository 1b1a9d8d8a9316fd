"""A password that a live server refuses is said nowhere: not by us, not by what the server and its driver answer."""

import sys
from pathlib import Path

import psycopg
import pytest
from typer.testing import CliRunner

sys.path.insert(0, str(Path(__file__).parents[1] / "workflow"))

from small_world import lay, write

from yoc.cli.commands import app

PASSWORD = "wrong-and-secret-%s"  # noqa: S105 - of nothing
COMMANDS = {
    "reconcile": ["reconcile", "reconciliation/2026-27/world/plan.yaml"],
    "check": ["store", "check"],
    "pay": [
        "pay",
        "world",
        "2026-27",
        "--payer",
        "C",
        "--payee",
        "A",
        "--amount",
        "£1",
        "--reference",
        "x",
        "--by",
        "T",
    ],
    "balances": ["balances", "world", "2026-27"],
}


@pytest.fixture(scope="module")
def locked(server: str) -> str:
    """The server's address with a user whose password has to be right; all others are let in as before."""
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        (file,) = connection.execute("SHOW hba_file").fetchone()
        (already,) = connection.execute("SELECT count(*) FROM pg_roles WHERE rolname = 'locked'").fetchone()
        if not already:
            connection.execute("CREATE ROLE locked LOGIN PASSWORD 'right'")
        rules = Path(file).read_text(encoding="utf-8")
        Path(file).write_text(f"host all locked 127.0.0.1/32 scram-sha-256\n{rules}", encoding="utf-8")
        connection.execute("SELECT pg_reload_conf()")
    return server.rpartition("@")[2]


def everything(folder: Path) -> str:
    return "\n".join(path.read_bytes().decode("latin-1") for path in folder.rglob("*") if path.is_file())


def test_the_right_password_is_let_in(locked: str):
    """Else what is refused below might be something else than the password."""
    with psycopg.connect(f"postgresql://locked:right@{locked}/postgres") as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("locked",)


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
@pytest.mark.parametrize("where", ["environment", "workspace.yaml", "in the query"])
def test_a_password_that_the_server_refuses_is_said_nowhere(
    locked: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str], where: str
):
    lay(tmp_path)
    monkeypatch.chdir(tmp_path)
    password = PASSWORD % "nowhere"
    url = f"postgresql://locked:{password}@{locked}/postgres"
    if where == "in the query":
        url = f"postgresql://{locked}/postgres?user=locked&password={password}"
    if where == "workspace.yaml":
        write(tmp_path, "workspace.yaml", f"store: '{url}'\n")
    shown = CliRunner().invoke(app, command, env={"YOC_STORE_URL": "" if where == "workspace.yaml" else url})
    (tmp_path / "workspace.yaml").unlink(missing_ok=True)
    said = shown.stdout + shown.stderr
    assert shown.exit_code not in (0, 1) and isinstance(shown.exception, SystemExit), said
    assert "STORE-UNREACHABLE" in said
    assert password not in said + everything(tmp_path)
