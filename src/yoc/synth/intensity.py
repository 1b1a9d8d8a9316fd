"""How much care each person draws: heavy-tailed within a segment, scaled to each segment's and host's mean."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from yoc.synth import places
from yoc.synth.draw import below
from yoc.synth.people import CORE, RISK_ONE, RISK_TWO, Event, People, Standing
from yoc.synth.year import DAYS, Ints, Month

# People of a thousand, and the care that each of them draws relative to the others.
_MILD = ((500, 6), (300, 11), (150, 19), (45, 30), (5, 60))
_HEAVY = ((500, 3), (250, 7), (150, 14), (70, 25), (25, 60), (4, 150), (1, 300))
_LOW_MOOD_FACTOR = 4

# Care of an average person of each segment, in thousandths of that of an average member of the cohort.
_SEGMENT_COST = {CORE: 2000, RISK_ONE: 1000, RISK_TWO: 669}
_NO_SEGMENT = 3
_NO_SEGMENT_COST = 350


@dataclass(frozen=True)
class Intensity:
    """Weights of each person by need; the days on which care can fall, and days on which it only strays there.

    Days are since 1 April, both ends included; a span with its end before its start is empty.
    """

    weights: Mapping[str, Ints]
    first: Ints
    last: Ints
    stray_first: Ints
    stray_last: Ints

    def days_in(self, month: Month) -> tuple[Ints, Ints]:
        """For each person, the first possible day in the month and how many there are."""
        return _overlap(self.first, self.last, month)

    def stray_days_in(self, month: Month) -> tuple[Ints, Ints]:
        """The same for days before joining or after leaving."""
        return _overlap(self.stray_first, self.stray_last, month)


def draw_intensity(rng: np.random.Generator, people: People, low_mood: Ints) -> Intensity:
    """Draw what each person needs, then scale it so that every segment of every host has its mean."""
    rank = below(rng, np.full(people.count, 1000, dtype=np.int64))
    mild, heavy = _steps(_MILD)[rank], _steps(_HEAVY)[rank]
    mood = heavy * np.where(low_mood > 0, _LOW_MOOD_FACTOR, 1)
    first = np.where(people.standing == Standing.JOINER, people.joined, 0)
    leaves = people.event == Event.LEAVES
    ends = leaves | (people.event == Event.DIES)
    last = np.where(ends, people.event_day, DAYS - 1)
    last = np.where(people.standing == Standing.DIED_BEFORE, -1, last)
    joiner = people.standing == Standing.JOINER
    stray_first = np.where(joiner, 0, np.where(leaves, people.event_day + 1, 0))
    stray_last = np.where(joiner, people.joined - 1, np.where(leaves, DAYS - 1, -1))
    weights = {name: _scale(people, raw) for name, raw in (("mild", mild), ("heavy", heavy), ("mood", mood))}
    return Intensity(weights, first, last, stray_first, stray_last)


def _steps(shares: tuple[tuple[int, int], ...]) -> Ints:
    """A thousand values, each repeated for its share."""
    return np.repeat(np.array([value for _, value in shares], dtype=np.int64), [share for share, _ in shares])


def _scale(people: People, raw: Ints) -> Ints:
    """Weights whose mean in each segment of each host is the host's and the segment's factor, in millionths."""
    segment = np.minimum(people.profile, _NO_SEGMENT)
    alive = people.standing != Standing.DIED_BEFORE
    scaled = np.zeros_like(raw)
    for host, code in enumerate((*places.HOST_CODES, "")):
        for each in (CORE, RISK_ONE, RISK_TWO, _NO_SEGMENT):
            cell = np.flatnonzero((people.host == host) & (segment == each) & alive)
            if cell.size:
                factor = _SEGMENT_COST.get(each, _NO_SEGMENT_COST) * places.HOST_COST[code]
                scaled[cell] = raw[cell] * (int(cell.size) * factor) // int(raw[cell].sum())
    return scaled


def _overlap(first: Ints, last: Ints, month: Month) -> tuple[Ints, Ints]:
    start = np.maximum(first, month.first)
    return start, np.maximum(np.minimum(last, month.last) - start + 1, 0)
