"""One activity line, and all that a file may say of it: person, dates, identifiers, money."""

from dataclasses import dataclass

import numpy as np

from yoc.synth import places
from yoc.synth.catalogue import Item
from yoc.synth.lines import ROUTES, Lines, World
from yoc.synth.national.plants import Plant
from yoc.synth.people import Standing
from yoc.synth.prices import Prices
from yoc.synth.register import key_words
from yoc.synth.units import Unit
from yoc.synth.year import FIRST_DAY, YEAR_IN_NAMES, day_text

_PRIVATE_ROUTE, _OTHER_ROUTE = 5, 4
_PRACTICE_SHOWN_EVERY = 40


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a provider's month: its number there, then positions of person, unit and route; day since 1 April."""

    provider: str
    month: int
    number: int
    person: int
    day: int
    unit: int
    route: int
    plant: Plant | None = None

    @property
    def identifier(self) -> str:
        """The line's own identifier, the same whenever the line is sent again."""
        return f"{self.provider}{YEAR_IN_NAMES}{self.month:02d}{self.number:08d}"

    @property
    def visit(self) -> str:
        """The number of its spell or attendance."""
        return f"{self.provider}{self.month:02d}V{self.number:06d}"


def lines_of_month(provider: str, month: int, lines: Lines) -> list[Line]:
    """Drawn lines as a list in date order; private patients become another commissioner's: they are planted apart."""
    ordered = lines.in_date_order()
    route = np.where(ordered.route == _PRIVATE_ROUTE, _OTHER_ROUTE, ordered.route)
    columns = zip(*(column.tolist() for column in (ordered.person, ordered.day, ordered.unit, route)), strict=True)
    return [Line(provider, month, number, *each) for number, each in enumerate(columns, 1)]


class Describer:
    """Says what is known of a line's person and price."""

    def __init__(self, world: World, prices: Prices) -> None:
        people = world.people
        self._prices = prices
        self.units = world.units
        self._keys: list[str] = [key.decode("ascii") for key in key_words(people).to_pylist()]
        self._nameless = people.standing == Standing.NAMELESS
        self._people = people

    def key(self, person: int) -> str:
        """The pseudonym; blank for a line without a patient."""
        return self._keys[person]

    def is_nobody(self, line: Line) -> bool:
        """True where the line is of money alone."""
        return line.person == self._people.count

    def age(self, line: Line) -> str:
        """Age on the day; 999 where no one knows, blank without a patient."""
        if self.is_nobody(line):
            return ""
        if self._nameless[line.person]:
            return "999"
        return str(int(self._people.age[line.person]) + int(line.day >= self._people.birthday[line.person]))

    def gender(self, line: Line) -> str:
        """PERSON STATED GENDER CODE."""
        if self.is_nobody(line):
            return ""
        return "9" if self._nameless[line.person] else str(int(self._people.gender[line.person]))

    def practice_shown(self, line: Line) -> str:
        """The registered practice, which real feeds leave blank nearly always."""
        shown = line.number % _PRACTICE_SHOWN_EVERY == 0 and not self.is_nobody(line)
        practice = int(self._people.practice[line.person]) if shown else places.NO_PRACTICE
        return "" if practice == places.NO_PRACTICE else places.PRACTICES[practice].code

    def unit(self, line: Line) -> Unit:
        """The item with its count."""
        return self.units.units[line.unit]

    def item(self, line: Line) -> Item:
        """What was delivered."""
        return self.units.units[line.unit].item

    def pence(self, line: Line) -> int:
        """Its cost with market forces, in pence."""
        return int(self.units.cost[places.PROVIDER_CODES.index(line.provider), line.unit])

    def pence_before_market_forces(self, line: Line) -> int:
        """Its cost without market forces, in pence."""
        return int(self.units.before_market_forces[line.unit])

    def index_text(self, provider: str) -> str:
        """A provider's market forces index with its six decimals."""
        whole, part = divmod(self._prices.index_millionths(provider), 1_000_000)
        return f"{whole}.{part:06d}"

    def start(self, line: Line) -> str:
        """The day on which it began."""
        return day_text(FIRST_DAY + line.day - self.unit(line).stay_days)

    def end(self, line: Line) -> str:
        """The day on which it ended, which decides its month."""
        return day_text(FIRST_DAY + line.day)

    def route(self, line: Line) -> tuple[str, str]:
        """ORGANISATION IDENTIFIER (GP PRACTICE RESPONSIBILITY), and the commissioner."""
        return ROUTES[line.route]
