"""The page on explaining a figure: its commands, on the small sample, print what the page shows."""

import re
import shlex
from pathlib import Path

from typer.testing import CliRunner

from yoc.workflow.reconcile import reconcile

ROOT = Path(__file__).resolve().parents[2]
RUN = re.compile(r"2026-27-[0-9a-f]{12}")


def test_the_page_shows_the_real_output(small_sample: Path, tmp_path: Path, monkeypatch):
    """The name of the run, which differs with every change of the code, is not compared."""
    from yoc.cli.commands import app

    page = (ROOT / "docs/how-to/explain-a-figure.md").read_text(encoding="utf-8")
    blocks = re.findall(r"<!-- explained -->\n```console\n\$ yoc (.*?)\n(.*?)```", page, flags=re.DOTALL)
    assert len(blocks) == 3
    run = reconcile(small_sample)
    monkeypatch.chdir(small_sample.parents[3])
    monkeypatch.setenv("COLUMNS", "100")
    for command, shown in blocks:
        # Other tests may have settled the sample in another way, so the run is named whole.
        arguments = shlex.split(command.replace(" 2026-27 ", f" {run.settlement['run_id']} "))
        output = CliRunner().invoke(app, arguments).output
        printed = "\n".join(line.rstrip() for line in output.strip().splitlines())
        assert RUN.sub("RUN", printed) == RUN.sub("RUN", shown.strip())
