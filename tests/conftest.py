"""What all tests share: Hypothesis profiles, a small sample, and skips that fail where everything is installed."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

from yoc.synth import Sizes, generate
from yoc.workflow.workspace import SAMPLE_DATA, SAMPLE_PRICES, lay_sample

settings.register_profile("dev", max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("long", max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
# For `make mutation`, which runs the tests thousands of times: the same few examples, and the first failure is enough.
settings.register_profile(
    "mutation",
    max_examples=10,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Where every optional part is said to be installed, a skipped test is a failure."""
    outcome = yield
    report = outcome.get_result()
    if report.skipped and os.environ.get("YOC_SKIPS_FAIL"):
        report.outcome = "failed"
        report.longrepr = f"skipped although every optional part should be installed: {report.longrepr}"


def lay_small_sample(root: Path) -> Path:
    """The sample workspace with 500 people and 12,000 lines; gives the plan's path."""
    lay_sample(root)
    prices = root / SAMPLE_PRICES
    generate(
        root / SAMPLE_DATA,
        sizes=Sizes(people=500, lines=12_000),
        prices=prices / "prices.csv",
        market_forces=prices / "mff.csv",
    )
    return root / "reconciliation/2026-27/bnssg-working-age/plan.yaml"


@pytest.fixture(scope="session")
def small_sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The plan of a small sample that tests read and do not change."""
    return lay_small_sample(tmp_path_factory.mktemp("sample"))
