"""The page on digests: its commands, in their order on a small sample that is settled, print what it shows."""

import re
import shlex
import shutil
from pathlib import Path

from typer.testing import CliRunner

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/how-to/exchange-digests.md"
RUN = re.compile(r"(?:<!-- replace: (.*?) -->\n)?<!-- run here -->\n```console\n\$ yoc (.*?)\n(.*?)```", re.DOTALL)


def test_the_page_shows_the_real_output(small_sample, tmp_path: Path, monkeypatch, clock):
    from yoc.cli.commands import app
    from yoc.workflow import store_place

    left_out = shutil.ignore_patterns("runs", "reports", "store*")
    shutil.copytree(small_sample.parents[3], tmp_path, dirs_exist_ok=True, ignore=left_out)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("YOC_STORE_URL", raising=False)
    monkeypatch.setattr(store_place, "system_clock", clock)
    page = PAGE.read_text(encoding="utf-8")
    for file, text in re.findall(r"<!-- file: (\S+) -->\n```text\n(.*?)```", page, flags=re.DOTALL):
        Path(file).write_text(text, encoding="utf-8")
        Path(file).chmod(0o600)
    Path("sent").mkdir()
    for file in Path("data/2026-27/bnssg-working-age/plcm/load-1").glob("*_ZA1.csv"):
        shutil.copy(file, "sent")
    settled = CliRunner().invoke(app, ["reconcile", "reconciliation/2026-27/bnssg-working-age/plan.yaml"])
    assert settled.exit_code == 0, settled.output
    runs = RUN.findall(page)
    assert len(runs) == 5
    for replaced, command, printed in runs:
        if replaced:
            file, old, new = (part.strip() for part in replaced.split("|"))
            text = Path(file).read_text(encoding="utf-8")
            assert text.count(old) == 1
            Path(file).write_text(text.replace(old, new), encoding="utf-8", newline="\n")
        shown = CliRunner().invoke(app, shlex.split(command)).stdout
        shown = "\n".join(line.rstrip() for line in shown.strip().splitlines())
        assert re.sub(r"2026-27-[0-9a-f]{12}", "2026-27-xxxxxxxxxxxx", shown) == printed.strip()
