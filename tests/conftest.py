"""What all tests share: Hypothesis profiles, a small sample, stores, and skips that fail where all is installed."""

import datetime as dt
import itertools
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, settings

from yoc.synth import Sizes, generate
from yoc.workflow.workspace import SAMPLE_DATA, SAMPLE_PRICES, lay_sample

if TYPE_CHECKING:
    from yoc.store.database import Store

sys.path.append(str(Path(__file__).parent))

from postgresql import running_server

settings.register_profile("dev", max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
# For `make fuzz`, which says how many cases a law it wants in a round; a failure is told so that it can be tried again.
settings.register_profile(
    "long",
    max_examples=int(os.environ.get("YOC_EXAMPLES", "500")),
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
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


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The URL of an empty PostgreSQL server on the loopback address, stopped at the end."""
    with running_server() as server:
        yield server.url


class Clock:
    """A clock that stands still until a test moves it on."""

    def __init__(self, moment: str = "2027-05-10T09:00:00"):
        self.moment = dt.datetime.fromisoformat(moment).replace(tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.moment

    def on(self, **step: int) -> None:
        self.moment += dt.timedelta(**step)

    def to(self, day: str) -> None:
        """To the same time of a later day."""
        self.moment = dt.datetime.combine(dt.date.fromisoformat(day), self.moment.timetz())


@pytest.fixture
def clock() -> Clock:
    return Clock()


_NUMBERS = itertools.count(1)


def new_database(server: str) -> str:
    """The URL of a new, empty database of the server."""
    import psycopg

    name = f"store_{next(_NUMBERS)}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    return f"{server}/{name}"


@pytest.fixture
def database(server: str) -> str:
    """The URL of a new, empty database of the server."""
    return new_database(server)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_store(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> "Store":
    """A place for a store, of each kind, with nothing in it."""
    from yoc.store.database import connect

    if request.param == "sqlite":
        return connect(tmp_path / "store.sqlite", clock)
    return connect(request.getfixturevalue("database"), clock)


@pytest.fixture
def store(empty_store: "Store") -> "Store":
    """A store of each kind that holds nothing yet."""
    from yoc.store.migrate import ensure

    ensure(empty_store)
    return empty_store
