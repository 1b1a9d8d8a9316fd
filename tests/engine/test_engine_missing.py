"""Where Spark, or Java, is not there: a plain word with how to mend it, and nothing is written."""

import os
import sys
from pathlib import Path

import pytest
from small_world import lay
from typer.testing import CliRunner

from yoc.cli.commands import app


def told(plan: Path) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["reconcile", str(plan), "--engine", "spark"])
    return done.exit_code, " ".join(done.output.split())


def test_without_the_extra_a_run_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "pyspark", None)
    monkeypatch.setitem(sys.modules, "pyspark.errors", None)
    code, output = told(lay(tmp_path))
    assert code == 5
    assert "ENGINE-MISSING: The engine cannot be started Apache Spark is not installed" in output
    assert "pip install 'yoc[spark]'; or settle with `--engine duckdb`" in output
    assert "Nothing was written." in output
    assert not [*(tmp_path / "reconciliation/2026-27/world/runs").glob("2026-*")]


def test_without_java_a_run_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    pytest.importorskip("pyspark", reason="Spark is not installed: pip install 'yoc[spark]'")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    monkeypatch.delenv("SPARK_REMOTE", raising=False)
    code, output = told(lay(tmp_path))
    assert code == 5
    assert "Apache Spark needs Java, and there is none" in output


def test_an_engine_of_another_name_is_a_fault_of_the_command_line(tmp_path: Path):
    done = CliRunner().invoke(app, ["reconcile", str(lay(tmp_path)), "--engine", "hadoop"])
    assert done.exit_code == 2
    assert "hadoop" in done.output


def test_the_settings_of_a_spark_of_ones_own_are_left_alone(monkeypatch: pytest.MonkeyPatch):
    from yoc.engine import spark_session

    for name in spark_session.SETTINGS:
        monkeypatch.delenv(name, raising=False)
    assert spark_session.is_ours()
    for name in spark_session.SETTINGS:
        monkeypatch.setitem(os.environ, name, "x")
        assert not spark_session.is_ours()
        monkeypatch.delenv(name)
