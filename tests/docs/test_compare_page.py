"""The page on comparing two runs: the price that it names, changed on the small sample, prints what the page shows."""

import hashlib
import re
import shutil
from pathlib import Path

from typer.testing import CliRunner

ROOT = Path(__file__).resolve().parents[2]
BOOK = "tariffs/sample-prices/2026-27"


def test_the_page_shows_the_real_output(small_sample: Path, tmp_path: Path, monkeypatch):
    from yoc.cli.commands import app
    from yoc.workflow.reconcile import reconcile

    page = (ROOT / "docs/how-to/compare-two-runs.md").read_text(encoding="utf-8")
    ((was, now),) = re.findall(r"`(GPA01,[^`]*)`\s+becomes\s+`(GPA01,[^`]*)`", page)
    ((command, shown),) = re.findall(r"<!-- run on two runs -->\n```console\n\$ yoc (.*?)\n(.*?)```", page, re.DOTALL)
    root = tmp_path / "workspace"
    shutil.copytree(small_sample.parents[3], root, ignore=shutil.ignore_patterns("runs", "reports"))
    plan = root / small_sample.relative_to(small_sample.parents[3])
    first = reconcile(plan).run_folder.name
    prices, book = root / BOOK / "prices.csv", root / BOOK / "book.yaml"
    old = hashlib.sha256(prices.read_bytes()).hexdigest()
    text = prices.read_text(encoding="utf-8")
    assert text.count(was) == 1
    prices.write_text(text.replace(was, now), encoding="utf-8", newline="\n")
    new = hashlib.sha256(prices.read_bytes()).hexdigest()
    book.write_text(book.read_text(encoding="utf-8").replace(old, new), encoding="utf-8", newline="\n")
    second = reconcile(plan).run_folder.name
    monkeypatch.chdir(root)
    monkeypatch.setenv("COLUMNS", "100")
    words = [{"2026-27-aaaa": first, "2026-27-bbbb": second}.get(word, word) for word in command.split()]
    output = CliRunner().invoke(app, words).output.replace(first, "2026-27-aaaaaaaaaaaa")
    output = output.replace(second, "2026-27-bbbbbbbbbbbb")
    assert "\n".join(line.rstrip() for line in output.splitlines()).strip() == shown.strip()
