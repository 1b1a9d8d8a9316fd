"""Making the sample of every national file: people, then activity month by month, then what is counted from both."""

from dataclasses import dataclass, replace
from pathlib import Path

from yoc.synth import register
from yoc.synth.conditions import draw_conditions
from yoc.synth.draw import stream
from yoc.synth.intensity import draw_intensity
from yoc.synth.lines import World, draw_month, money_lines_a_month, monthly_counts, steady_people
from yoc.synth.national import contacts, drugs, sus
from yoc.synth.national.appointments import write_appointments
from yoc.synth.national.described import Describer, Line, lines_of_month
from yoc.synth.national.ledger import Ledger
from yoc.synth.national.networks import write_networks
from yoc.synth.national.plcm import PlcmWriter
from yoc.synth.national.price_workbook import write_price_workbooks
from yoc.synth.national.registered import Register
from yoc.synth.national.statements import BILLING, Statements
from yoc.synth.people import draw_people
from yoc.synth.prices import Prices, read_prices
from yoc.synth.registrations import draw_registrations
from yoc.synth.results import write_results
from yoc.synth.sizes import Sizes
from yoc.synth.units import Units, price_units
from yoc.synth.whole import MARK, README, Progress, write_whole
from yoc.synth.year import MONTHS, YEAR, Month

EVERY_FILE_SIZES = Sizes(people=2_000, lines=60_000)
_WITHOUT_BLOCK = "ZM1"
"""The provider whose block is left out, so that only the other one has a block beside its contacts."""
_LENDS, _LENT_EVERY = "ZA1", 8


def generate_every_file(
    destination: Path, *, sizes: Sizes, prices: Path, market_forces: Path, progress: Progress | None = None
) -> dict[str, int]:
    """Write the sample to a folder and return how many rows of each thing it holds.

    Like ``generate``: whole or not at all, the same bytes for the same sizes and prices. ``lines`` counts what is
    drawn; planted rows, drugs, devices and what is sent again come on top.

    Raises ``DestinationInUse`` where the destination holds anything but a sample, ``MissingPrice`` where the price
    book lacks something that the sample's providers deliver.
    """

    def write(folder: Path) -> dict[str, int]:
        book = read_prices(prices, market_forces)
        return _write_all(folder, sizes, book, progress or (lambda _stage, _done, _total: None))

    return write_whole(destination, write)


def _write_all(folder: Path, sizes: Sizes, book: Prices, progress: Progress) -> dict[str, int]:
    progress("people", 0, 1)
    units = price_units(book, sizes.people)
    people = draw_people(stream(sizes.seed, "people"), sizes)
    conditions, low_mood = draw_conditions(stream(sizes.seed, "conditions"), people)
    intensity = draw_intensity(stream(sizes.seed, "intensity"), people, low_mood)
    world = World(people, intensity, units, steady_people(people))
    ledger, said = Ledger(), Describer(world, book)
    keys = register.key_words(people)
    counts = {
        "cohort_people": sizes.people,
        "persons": register.write_persons(folder, people, keys),
        "conditions": register.write_conditions(folder, people, keys, conditions),
    }
    registrations = draw_registrations(stream(sizes.seed, "registrations"), people)
    listed = Register(world, registrations, ledger)
    counts |= listed.write(folder, [said.key(person) for person in range(people.count)])
    counts["list_sizes"] = listed.write_list_sizes(folder)
    counts |= write_networks(folder, ledger)
    counts |= write_results(folder, stream(sizes.seed, "results"), people)
    write_price_workbooks(folder, book)
    progress("people", 1, 1)
    activity = _Activity(folder, sizes, world, said, listed, ledger)
    counts |= activity.write(progress)
    counts["planted_faults"] = ledger.write(folder / "planted_faults.csv")
    counts["kinds_of_fault"] = ledger.kinds
    (folder / README).write_text(_readme(sizes, counts), encoding="utf-8", newline="\n")
    return counts


@dataclass
class _Activity:
    """Writes every file of activity, and the statements that they add up to."""

    folder: Path
    sizes: Sizes
    world: World
    said: Describer
    register: Register
    ledger: Ledger

    def write(self, progress: Progress) -> dict[str, int]:
        """Draw and write one month after another; returns the rows of each kind of file."""
        statements = Statements(self.said)
        plcm = PlcmWriter(self.folder, self.world, self.said, self.ledger, statements.settle)
        secondary = sus.SusWriter(self.folder, self.said, self.ledger)
        counts = {"contacts": 0, "appointments": 0}
        by_group = monthly_counts(self.sizes.lines - money_lines_a_month() * len(MONTHS))
        single = _single_units(self.world.units)
        for month in MONTHS:
            progress("activity", month.number - 1, len(MONTHS))
            drawn = self._draw(month, by_group)
            feeds: dict[str, list[Line]] = {"csds": [], "mhsds": [], "plcm": []}
            also_in_sus = []
            for provider in BILLING:
                own: list[Line] = []
                for line in drawn[provider]:
                    feed = contacts.feed_of(line, self.said)
                    (own if feed == "plcm" else feeds[feed]).append(line)
                sent = plcm.write(provider, month, own)
                also_in_sus += [line for line in sent if line.plant and line.plant.fault == sus.ALSO_IN_PLCM]
                if provider == "ZG1":
                    counts["appointments"] += write_appointments(self.folder, month, own, self.said, self.register)
            for feed in ("csds", "mhsds"):
                counts["contacts"] += contacts.write_contacts(
                    self.folder, feed, month, feeds[feed], self.said, self.ledger
                )
            secondary.write(month, _with_units(drawn[sus.PROVIDER], single), also_in_sus)
            for provider in drugs.PROVIDERS:
                rng = stream(self.sizes.seed, "supplies", month.number * 100 + drugs.PROVIDERS.index(provider))
                statements.add_supplies(drugs.write_supplies(self.folder, rng, provider, month, self.world, self.said))
        progress("activity", len(MONTHS), len(MONTHS))
        written = statements.write(self.folder, self.sizes.seed, self.ledger)
        return counts | {"plcm_lines": plcm.rows, "sus_lines": secondary.rows} | written

    def _draw(self, month: Month, by_group: dict[str, list[int]]) -> dict[str, list[Line]]:
        """The lines of a month by provider, without the block of the provider that is to have none.

        Some of what the first trust delivers, the distant one does: else it would have too little for three files.
        """
        rng = stream(self.sizes.seed, "lines", month.number)
        block = self.world.units.money(_WITHOUT_BLOCK, "BLOCK")
        drawn = {
            provider: [line for line in lines_of_month(provider, month.number, lines) if line.unit != block]
            for provider, lines in draw_month(rng, month, self.world, by_group).items()
        }
        away = [line for line in drawn[_LENDS] if self._goes_away(line)]
        drawn[_LENDS] = [line for line in drawn[_LENDS] if not self._goes_away(line)]
        distant = sorted(drawn[sus.PROVIDER] + away, key=lambda line: line.day)
        drawn[sus.PROVIDER] = [
            replace(line, provider=sus.PROVIDER, number=number) for number, line in enumerate(distant, 1)
        ]
        return drawn

    def _goes_away(self, line: Line) -> bool:
        return line.number % _LENT_EVERY == 0 and not self.said.is_nobody(line)


def _single_units(units: Units) -> list[int]:
    """For each unit, the unit of the same item that counts one."""
    ones = {id(unit.item): place for place, unit in enumerate(units.units) if unit.count_thousandths == 1000}
    return [ones.get(id(unit.item), place) for place, unit in enumerate(units.units)]


def _with_units(lines: list[Line], units: list[int]) -> list[Line]:
    return [replace(line, unit=units[line.unit]) for line in lines]


def _readme(sizes: Sizes, counts: dict[str, int]) -> str:
    listed = "\n".join(f"  {name}: {count}" for name, count in counts.items())
    return f"""{MARK}

No row describes a real person, practice, provider or payment: everything here is made up. Contract year {YEAR}.
Every kind of national file that yoc reads is here, each in the names and containers in which it really arrives.

Seed {sizes.seed}; {sizes.people} people in the cohort on 1 April; about {sizes.lines} activity lines drawn.

Faults of the kinds that real feeds have were planted on purpose; planted_faults.csv lists every one, where it is, how
many rows it takes, what should become of them, and the code or reason that says so. A file that a later one replaces
whole is listed once; faults in it are listed where they count, in the last file.

Statements (acm) and invoices come from the five providers that bill; the distant trust is paid one value for the
year. Statements are what contract monitoring, drugs and devices add up to once rows that cannot be read are left
out, and invoices are the statements' totals, but for the three pennies that are planted.

Rows:
{listed}
"""
