"""Making a whole sample: draw the people, then activity month by month, then write everything in one step."""

from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from yoc.synth import faults, files, layouts, places
from yoc.synth.conditions import draw_conditions
from yoc.synth.draw import stream
from yoc.synth.faults import NO_PERIOD_SLICE, RESTATED_SLICES, WINDOWS_1252_SLICE
from yoc.synth.intensity import draw_intensity
from yoc.synth.lines import Lines, World, draw_month, join_lines, money_lines_a_month, monthly_counts, steady_people
from yoc.synth.monitoring import write_statement
from yoc.synth.people import LEFT_OPEN_PEOPLE, draw_people
from yoc.synth.prices import read_prices
from yoc.synth.register import key_words, write_places, write_population
from yoc.synth.registrations import draw_registrations, open_after_death
from yoc.synth.render import File, Renderer
from yoc.synth.results import write_results
from yoc.synth.sizes import Sizes
from yoc.synth.units import Units, price_units
from yoc.synth.whole import MARK, README, Progress, check_free, write_whole
from yoc.synth.year import MONTHS, YEAR, Month

_RESTATED_MONTHS_LATER = 3


def generate(
    destination: Path,
    *,
    sizes: Sizes,
    prices: Path,
    market_forces: Path,
    progress: Progress | None = None,
) -> dict[str, int]:
    """Write a synthetic contract year to a folder and return how many rows of each thing it holds.

    The files are written to a folder beside the destination that takes its name at the end, so that a run that is
    stopped leaves the destination as it was. An earlier sample there is replaced. The same sizes, prices and indices
    give the same bytes. ``progress`` is told the stage, the steps done and the steps in all.

    Raises ``DestinationInUse`` where the destination holds anything but a sample, ``MissingPrice`` where the price
    book lacks something that the sample's providers deliver.
    """
    check_free(destination)
    units = price_units(read_prices(prices, market_forces), sizes.people)
    return write_whole(destination, lambda folder: _write_all(folder, sizes, units, progress or _say_nothing))


def _say_nothing(stage: str, done: int, total: int) -> None:
    """Tell no one."""


def _write_all(folder: Path, sizes: Sizes, units: Units, progress: Progress) -> dict[str, int]:
    progress("people", 0, 1)
    people = draw_people(stream(sizes.seed, "people"), sizes)
    keys = key_words(people)
    registrations = draw_registrations(stream(sizes.seed, "registrations"), people)
    conditions, low_mood = draw_conditions(stream(sizes.seed, "conditions"), people)
    counts = {"cohort_people": sizes.people}
    counts |= write_population(folder, people, keys, registrations, conditions)
    counts |= write_places(folder)
    counts |= write_results(folder, stream(sizes.seed, "results"), people)
    progress("people", 1, 1)
    intensity = draw_intensity(stream(sizes.seed, "intensity"), people, low_mood)
    world = World(people, intensity, units, steady_people(people))
    activity = _ActivityWriter(folder, sizes.seed, world, Renderer(people, units, keys))
    _write_activity(activity, sizes.lines, progress)
    planted = faults.fault_rows(activity.rows_by_file, LEFT_OPEN_PEOPLE, open_after_death(registrations, people))
    counts |= activity.totals
    counts["planted_faults"] = files.write_table(folder / "planted_faults.csv", layouts.PLANTED_FAULTS, planted)
    (folder / README).write_text(_readme(sizes, counts), encoding="utf-8", newline="\n")
    return counts


def _write_activity(activity: "_ActivityWriter", lines_in_all: int, progress: Progress) -> None:
    """Draw and write one month after another, so that only one is in memory."""
    fixed = money_lines_a_month() * len(MONTHS) + faults.PLANTED_ROWS
    counts_by_group = monthly_counts(lines_in_all - fixed)
    for month in MONTHS:
        progress("activity", month.number - 1, len(MONTHS))
        rng = stream(activity.seed, "lines", month.number)
        by_provider = draw_month(rng, month, activity.world, counts_by_group)
        for provider in places.PROVIDER_CODES:
            planted = faults.planted_lines(provider, month, activity.world)
            lines = join_lines([by_provider.pop(provider), planted]).in_date_order()
            activity.write_slice(month, provider, lines)
    progress("activity", len(MONTHS), len(MONTHS))


@dataclass
class _ActivityWriter:
    """Writes activity and aggregate files, and keeps count of what it wrote."""

    folder: Path
    seed: int
    world: World
    renderer: Renderer
    totals: dict[str, int] = field(default_factory=dict)
    rows_by_file: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("plcm/load-1", "plcm/load-2", "acm"):
            (self.folder / name).mkdir(parents=True)

    def write_slice(self, month: Month, provider: str, lines: Lines) -> None:
        """Write one provider's month: its first load, its restatement if any, and the aggregate of the latest."""
        where = (provider, month.number)
        file = File(provider, month.number, month.created(), states_period=where != NO_PERIOD_SLICE)
        encoding = "cp1252" if where == WINDOWS_1252_SLICE else "utf-8"
        self._write(1, file, faults.spoil_rows(self.renderer.rows(file, lines), lines, encoding))
        if where in RESTATED_SLICES:
            file = File(provider, month.number, month.created(_RESTATED_MONTHS_LATER))
            lines, numbers = faults.restate(provider, month, lines, self.world)
            self._write(2, file, self.renderer.rows(file, lines, numbers))
        plan = stream(self.seed, "plan", month.number * 100 + places.PROVIDER_CODES.index(provider))
        self._add("acm_lines", write_statement(self.folder, plan, file, lines, self.world.units))

    def _write(self, load: int, file: File, rows: pa.Array) -> None:
        path = faults.plcm_path(load, file.provider, file.month)
        self.rows_by_file[path] = files.write_rows(self.folder / path, layouts.PLCM, rows)
        self._add(f"plcm_lines_load_{load}", self.rows_by_file[path])

    def _add(self, name: str, rows: int) -> None:
        self.totals[name] = self.totals.get(name, 0) + rows


def _readme(sizes: Sizes, counts: dict[str, int]) -> str:
    listed = "\n".join(f"  {name}: {count}" for name, count in counts.items())
    return f"""{MARK}

No row describes a real person, practice, provider or payment: everything here is made up. Contract year {YEAR}.

Seed {sizes.seed}; {sizes.people} people in the cohort on 1 April ({sizes.core} core, {sizes.risk_one} risk group one,
{sizes.risk_two} risk group two); {sizes.lines} activity lines in the first load.

Faults of the kinds that real feeds have were planted on purpose; planted_faults.csv lists every one, where it is, how
many rows it takes, and what a reader should do with them.

Rows:
{listed}
"""
