import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from yoc.synth import Sizes, generate, generate_every_file

BOOK = Path(__file__).parents[2] / "tariffs" / "sample-prices" / "2026-27"


class Row(NamedTuple):
    """One data row of an activity file: where it is, and its cells as they stand."""

    file: str
    cells: tuple[str, ...]


class Sample(NamedTuple):
    """A generated sample, read with nothing but the csv module."""

    folder: Path
    sizes: Sizes
    counts: dict[str, int]

    def table(self, name: str) -> list[dict[str, str]]:
        with (self.folder / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def activity(self, load: int) -> Iterator[Row]:
        for path in sorted((self.folder / "plcm" / f"load-{load}").iterdir()):
            name = path.relative_to(self.folder).as_posix()
            encoding = "cp1252" if name.endswith("PLCM_2627_M04_ZM1.csv") else "utf-8"
            with path.open(encoding=encoding, newline="") as file:
                rows = csv.reader(file)
                next(rows)
                for cells in rows:
                    yield Row(name, tuple(cells))


@pytest.fixture(scope="session")
def make() -> Callable[..., Sample]:
    def made(folder: Path, **sizes: int) -> Sample:
        chosen = Sizes(**sizes)
        counts = generate(folder, sizes=chosen, prices=BOOK / "prices.csv", market_forces=BOOK / "mff.csv")
        return Sample(folder, chosen, counts)

    return made


@pytest.fixture(scope="session")
def sample(make: Callable[..., Sample], tmp_path_factory: pytest.TempPathFactory) -> Sample:
    return make(tmp_path_factory.mktemp("data") / "sample", people=1_000, lines=21_000, seed=7)


@pytest.fixture(scope="session")
def first_load(sample: Sample) -> list[Row]:
    return list(sample.activity(1))


@pytest.fixture(scope="session")
def second_load(sample: Sample) -> list[Row]:
    return list(sample.activity(2))


@pytest.fixture(scope="session")
def make_every_file() -> Callable[..., Sample]:
    def made(folder: Path, **sizes: int) -> Sample:
        chosen = Sizes(**sizes)
        counts = generate_every_file(folder, sizes=chosen, prices=BOOK / "prices.csv", market_forces=BOOK / "mff.csv")
        return Sample(folder, chosen, counts)

    return made


@pytest.fixture(scope="session")
def every_file(make_every_file: Callable[..., Sample], tmp_path_factory: pytest.TempPathFactory) -> Sample:
    return make_every_file(tmp_path_factory.mktemp("every") / "sample", people=1_000, lines=30_000, seed=7)
