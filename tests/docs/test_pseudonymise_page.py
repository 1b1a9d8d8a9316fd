"""The page on pseudonyms: its files, through its command, give what the page shows."""

import re
import shlex
from pathlib import Path

from typer.testing import CliRunner

PAGE = Path(__file__).resolve().parents[2] / "docs/how-to/pseudonymise.md"


def test_the_page_shows_the_real_output(tmp_path: Path, monkeypatch):
    from yoc.cli.commands import app

    page = PAGE.read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for file, text in re.findall(r"<!-- file: (\S+) -->\n```text\n(.*?)```", page, flags=re.DOTALL):
        Path(file).write_text(text, encoding="utf-8")
        Path(file).chmod(0o600)
    ((command, shown),) = re.findall(r"```console\n\$ yoc (.*?)\n(.*?)```", page, flags=re.DOTALL)
    ((made, text),) = re.findall(r"<!-- file that is written: (\S+) -->\n```text\n(.*?)```", page, flags=re.DOTALL)
    assert CliRunner().invoke(app, shlex.split(command)).output == shown
    assert Path(made).read_text(encoding="utf-8") == text
