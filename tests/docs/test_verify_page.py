"""The page on verifying and signing shows what the commands print, on the small sample."""

import re
import shlex
import shutil
from pathlib import Path

from typer.testing import CliRunner

from yoc.cli.commands import app
from yoc.workflow import store_place

PAGE = Path(__file__).resolve().parents[2] / "docs/how-to/verify-and-sign.md"
BLOCKS = re.compile(
    r"(?:<!-- replace: (.*?) -->\n)? *<!-- run after settling -->\n```console\n\$ yoc (.*?)\n(.*?)```", re.DOTALL
)


def test_the_page_shows_what_the_commands_print(small_sample: Path, tmp_path, monkeypatch, clock):
    left_out = shutil.ignore_patterns("runs", "reports", "store*")
    shutil.copytree(small_sample.parents[3], tmp_path, dirs_exist_ok=True, ignore=left_out)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("YOC_KEY_PASSPHRASE", "correct horse battery")
    monkeypatch.delenv("YOC_STORE_URL", raising=False)
    monkeypatch.setattr(store_place, "system_clock", clock)
    settled = CliRunner().invoke(app, ["reconcile", "reconciliation/2026-27/bnssg-working-age/plan.yaml"])
    assert settled.exit_code == 0, settled.output
    blocks = BLOCKS.findall(PAGE.read_text(encoding="utf-8"))
    assert len(blocks) == 6
    for replaced, command, printed in blocks:
        kept = ""
        if replaced:
            file, old, new = (part.strip() for part in replaced.split("|"))
            kept = (tmp_path / file).read_text(encoding="utf-8")
            assert old in kept
            (tmp_path / file).write_text(kept.replace(old, new, 1), encoding="utf-8", newline="\n")
        shown = CliRunner().invoke(app, shlex.split(command)).output
        if replaced:
            (tmp_path / file).write_text(kept, encoding="utf-8", newline="\n")
        shown = "\n".join(line.rstrip() for line in shown.strip().splitlines())
        shown = re.sub(r"2026-27-[0-9a-f]{12}", "2026-27-xxxxxxxxxxxx", shown)
        assert re.sub(r"\b[0-9a-f]{64}\b", "…", shown) == printed.strip(), command
