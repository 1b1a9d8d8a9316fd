"""The page on settling another contract beside: its contract, on the small sample, prints what the page shows."""

import re
import shutil
from pathlib import Path

from typer.testing import CliRunner

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_shows_the_real_output(small_sample: Path, tmp_path: Path, monkeypatch):
    from yoc.cli.commands import app

    page = (ROOT / "docs/how-to/settle-beside.md").read_text(encoding="utf-8")
    ((file, text),) = re.findall(r"<!-- file: (\S+) -->\n```yaml\n(.*?)```", page, flags=re.DOTALL)
    ((command, shown),) = re.findall(r"<!-- after: yoc (.*?) -->\n```text\n(.*?)```", page, flags=re.DOTALL)
    root = tmp_path / "workspace"
    shutil.copytree(small_sample.parents[3], root, ignore=shutil.ignore_patterns("runs", "reports"))
    (root / file).parent.mkdir()
    (root / file).write_text(text, encoding="utf-8")
    plan = root / command.split()[-1]
    plan.write_text(f"{plan.read_text(encoding='utf-8')}beside: {file}\n", encoding="utf-8")
    monkeypatch.chdir(root)
    monkeypatch.setenv("COLUMNS", "110")
    output = CliRunner().invoke(app, command.split()).output
    printed = "\n".join(line.rstrip() for line in output.splitlines())
    assert shown.strip() in printed
