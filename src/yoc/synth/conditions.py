"""Long-term conditions and their diagnosis dates, those diagnosed during the year included."""

from dataclasses import dataclass

import numpy as np

from yoc.synth.draw import below, between
from yoc.synth.people import PROFILES, Event, People, Standing
from yoc.synth.year import DAYS, FIRST_DAY, Ints

COUNTED = ("hypertension", "diabetes", "anxiety", "depression", "chronic_pain")
OTHERS = ("asthma", "copd", "osteoarthritis", "hypothyroidism", "heart_failure")
ANXIETY, DEPRESSION = 2, 3

# The larger the number, the more likely a condition is to be among the first that a person has.
_LIKELIHOOD = (1000, 640, 600, 760, 680)
_OTHERS_PER_THOUSAND = (120, 50, 100, 40, 20)
_ADULT_DAYS = 16 * 365
_LONGEST_AGO = 20 * 365


@dataclass(frozen=True)
class Conditions:
    """One position a diagnosis: the person, the condition's position in ``NAMES``, and the day since 1970."""

    person: Ints
    condition: Ints
    day: Ints

    @property
    def count(self) -> int:
        """How many diagnoses there are."""
        return int(self.person.size)


NAMES = COUNTED + OTHERS


def draw_conditions(rng: np.random.Generator, people: People) -> tuple[Conditions, Ints]:
    """Every diagnosis, in order of person; beside it 1 for each person with anxiety or depression on 1 April."""
    rank = _ranks(rng, people.count)
    held = rank < people.conditions[:, np.newaxis]
    others = below(rng, np.full(people.count * len(OTHERS), 1000, dtype=np.int64)).reshape(-1, len(OTHERS))
    held_others = others < np.array(_OTHERS_PER_THOUSAND, dtype=np.int64)
    named = people.standing != Standing.NAMELESS
    person, condition = np.nonzero(np.concatenate([held, held_others], axis=1) & named[:, np.newaxis])
    day = _days_before_year(rng, people.birth[person])
    new_person, new_condition, new_day = _new_diagnoses(rng, people, rank)
    person = np.concatenate([person, new_person]).astype(np.int64)
    condition = np.concatenate([condition, new_condition]).astype(np.int64)
    day = np.concatenate([day, new_day])
    order = np.lexsort((condition, day, person))
    low_mood = (held[:, ANXIETY] | held[:, DEPRESSION]).astype(np.int64)
    return Conditions(person[order], condition[order], day[order]), low_mood


def _ranks(rng: np.random.Generator, count: int) -> Ints:
    """For each person the order in which they would get the five conditions: 0 for the first."""
    limits = np.tile(np.array(_LIKELIHOOD, dtype=np.int64), count)
    score = below(rng, limits).reshape(-1, len(COUNTED))
    ranks: Ints = np.argsort(np.argsort(-score, axis=1, kind="stable"), axis=1, kind="stable").astype(np.int64)
    return ranks


def _days_before_year(rng: np.random.Generator, birth: Ints) -> Ints:
    """A diagnosis day before 1 April: in the last twenty years, and for adults not in childhood."""
    lived = FIRST_DAY - birth
    adult = lived > _ADULT_DAYS + 365
    longest = np.minimum(np.where(adult, lived - _ADULT_DAYS, lived), _LONGEST_AGO)
    return FIRST_DAY - between(rng, np.ones_like(birth), np.maximum(longest, 1))


def _new_diagnoses(rng: np.random.Generator, people: People, rank: Ints) -> tuple[Ints, Ints, Ints]:
    """The next condition of some people, on a day after 1 April."""
    rate = np.array([profile.diagnoses for profile in PROFILES], dtype=np.int64)[people.profile]
    chosen = below(rng, np.full(people.count, 1000, dtype=np.int64)) < rate
    chosen &= people.is_at(Standing.STAYER, Standing.JOINER) & (people.event != Event.DIES)
    chosen &= people.conditions < len(COUNTED)
    person = np.flatnonzero(chosen).astype(np.int64)
    _, condition = np.nonzero(rank[person] == people.conditions[person][:, np.newaxis])
    day = FIRST_DAY + between(rng, np.ones_like(person), np.full_like(person, DAYS - 1))
    return person, condition.astype(np.int64), day
