"""Files that were emptied: refused in words, so that nothing begins anew beside what there was; never a traceback."""

import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

sys.path.insert(0, str(Path(__file__).parents[1] / "workflow"))

from small_world import lay, write

from yoc.cli.commands import app

EMPTIED = {
    "nothing": "",
    "a line": "\n",
    "words": "# emptied\n",
    "a mark": "\ufeff",
    "spaces": "   \n\n",
    "dashes": "---\n",
}
IMPORT = ["tariff", "import", "prices.csv", "--book", "made", "--year", "2026/27", "--effective-from", "2026-04-01",
          "--published", "2026-03-01", "--source", "invented", "--licence", "none", "--no-market-forces"]  # fmt: skip


@pytest.mark.parametrize("text", EMPTIED.values(), ids=EMPTIED)
def test_an_empty_workspace_file_is_refused_and_no_new_store_is_begun(tmp_path: Path, text: str):
    """The file may have named a server before: a new store in its place would hide what was recorded there."""
    plan = lay(tmp_path)
    write(tmp_path, "workspace.yaml", text)
    shown = CliRunner().invoke(app, ["reconcile", str(plan)], env={"YOC_STORE_URL": ""})
    said = shown.stdout + shown.stderr
    assert shown.exit_code == 3 and isinstance(shown.exception, SystemExit), said
    assert "workspace.yaml: FILE-UNREADABLE" in said and "store: URL" in said
    assert not list(tmp_path.rglob("*.sqlite")) and not (plan.parent / "runs").exists()


@pytest.mark.parametrize("text", [*EMPTIED.values(), "books:\n"], ids=[*EMPTIED, "no list"])
def test_an_import_into_an_emptied_register_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str):
    lay(tmp_path)
    register = write(tmp_path, "tariffs/register.yaml", text)
    write(tmp_path, "prices.csv", "tariff_code,point_of_delivery,unit_price_pounds\nVB01Z,AE,100.00\n")
    monkeypatch.chdir(tmp_path)
    before = set(tmp_path.rglob("*"))
    shown = CliRunner().invoke(app, IMPORT)
    said = shown.stdout + shown.stderr
    assert shown.exit_code == 3 and isinstance(shown.exception, SystemExit), said
    assert "tariffs/register.yaml" in said
    assert register.read_text(encoding="utf-8") == text
    assert set(tmp_path.rglob("*")) == before
