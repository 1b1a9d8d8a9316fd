"""However narrow the terminal, `yoc intake` shows every figure whole and every file's name in one piece."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from yoc.cli.commands import app

PAGE = Path(__file__).parents[2] / "docs/how-to/hold-files-against-each-other.md"
FOLDER = "data/2026-27/a-contract-with-rather-a-long-name/as-received/june"


@pytest.mark.parametrize("width", [80, 100, 160])
def test_no_figure_and_no_name_is_cut(width: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    files = re.findall(r"<!-- file: (\S+) -->\n```text\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
    names = []
    for file, text in files:
        name = f"{FOLDER}/{Path(file).name}"
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        # A hundred thousand times the pounds: as wide as sums are likely to be.
        (tmp_path / name).write_text(re.sub(r"(\d+)\.(\d\d)$", r"\g<1>00000.\2", text, flags=re.M), encoding="utf-8")
        names.append(name)
    assert len(names) == 3
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", str(width))
    shown = CliRunner().invoke(app, ["intake", *names]).output
    lines = shown.splitlines()
    assert all(any(name in line for line in lines) for name in names)
    account = shown[: shown.index("plcm: month by")]
    # £2,500 + £300 of lines, a hundred thousand times; the rest adds a penny.
    assert account.count("£280,000,000.00") == 2
    assert account.count("£280,000,000.01") == 4
    assert "Must equal: the statement; the invoice\n" in shown
    table = shown[shown.index("Must equal: the statement; the invoice") :]
    assert table.count("£280,000,000.01") == 2
    figures = [line.rstrip() for line in lines if line.count("£") > 1 and "TIE-OUT" not in line]
    assert len(figures) == 3 + 2
    assert all(len(line) <= width for line in figures)
