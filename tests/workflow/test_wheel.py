"""The built wheel, alone in an empty environment, lays a workspace and settles the sample in an empty folder."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def run(*command: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "COLUMNS")}
    return subprocess.run(
        [str(part) for part in command], check=False, capture_output=True, text=True, encoding="utf-8", cwd=cwd,
        env=environment | {"PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of an environment that holds the wheel and its locked dependencies, nothing else."""
    place = tmp_path_factory.mktemp("wheel")
    built = run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", place, cwd=ROOT)
    assert built.returncode == 0, built.stderr
    assert run(sys.executable, "-m", "venv", place / "environment", cwd=place).returncode == 0
    programs = place / "environment" / ("Scripts" if os.name == "nt" else "bin")
    python = programs / "python"
    got = run(
        python, "-m", "pip", "install", "-q", "--require-hashes", "-r", ROOT / "requirements/runtime.txt", cwd=place
    )
    if got.returncode:
        pytest.skip("the package registry cannot be reached, so the wheel's dependencies cannot be installed")
    wheel = next(place.glob("yoc-*.whl"))
    assert run(python, "-m", "pip", "install", "-q", "--no-deps", wheel, cwd=place).returncode == 0
    return programs


def test_the_wheel_holds_no_tests_and_no_person_level_file(installed: Path):
    package = next((installed.parent).rglob("site-packages/yoc"))
    names = {path.relative_to(package).as_posix() for path in package.rglob("*") if path.is_file()}
    assert "sample/contracts/bnssg-working-age/contract.yaml" in names
    assert not [name for name in names if "registrations.csv" in name or name.startswith("tests")]


def test_init_and_demo_work_in_an_empty_folder(installed: Path, tmp_path: Path):
    yoc = installed / "yoc"
    assert run(yoc, "init", "work", cwd=tmp_path).returncode == 0
    empty = tmp_path / "empty"
    empty.mkdir()
    done = run(yoc, "demo", cwd=empty)
    assert done.returncode == 0, done.stderr
    assert "Checks: 7 of 7 laws hold." in done.stdout
    assert len(list(empty.glob("reports/2026-27/bnssg-working-age/*/statement-*.xlsx"))) == 7
    shutil.rmtree(empty)
