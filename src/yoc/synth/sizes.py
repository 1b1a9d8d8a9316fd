"""How large a sample is, and how its cohort divides into segments."""

from dataclasses import dataclass

# The shape of the sample: of 43,300 people, 5,300 are core and 22,000 are in risk group one.
_SHAPE_PEOPLE = 43_300
_SHAPE_CORE = 5_300
_SHAPE_RISK_ONE = 22_000

SMALLEST_PEOPLE = 500
SMALLEST_LINES = 5_000


@dataclass(frozen=True)
class Sizes:
    """What to make: people of the cohort on 1 April, activity lines of the first load, and the seed of all draws.

    ``lines`` counts every row of the first load, planted faults included; a restatement comes on top. About 21 lines
    a person give the mean costs that the sample was tuned to; other ratios scale the cost of a person-year.
    Raises ``ValueError`` for a sample too small to hold the planted faults.

    >>> sizes = Sizes()
    >>> sizes.core, sizes.risk_one, sizes.risk_two
    (5300, 22000, 16000)
    >>> Sizes(people=1000, lines=20_000).core
    122
    """

    people: int = _SHAPE_PEOPLE
    lines: int = 900_000
    seed: int = 20260401

    def __post_init__(self) -> None:
        if self.people < SMALLEST_PEOPLE:
            raise ValueError(f"people is {self.people}: a sample needs at least {SMALLEST_PEOPLE}")
        if self.lines < SMALLEST_LINES:
            raise ValueError(f"lines is {self.lines}: a sample needs at least {SMALLEST_LINES}")
        if self.seed < 0:
            raise ValueError(f"seed is {self.seed}: it must not be below zero")

    @property
    def core(self) -> int:
        """People aged 20 to 64 with three or more of the five conditions, on 1 April."""
        return _part(self.people, _SHAPE_CORE)

    @property
    def risk_one(self) -> int:
        """People aged 20 to 64 with exactly two of the five conditions, on 1 April."""
        return _part(self.people, _SHAPE_RISK_ONE)

    @property
    def risk_two(self) -> int:
        """People aged 40 to 64 with a body mass index over 30 and exactly one condition, on 1 April."""
        return self.people - self.core - self.risk_one


def _part(people: int, shape: int) -> int:
    """A part of the people in proportion to the shape, to the nearest whole person."""
    return (2 * people * shape + _SHAPE_PEOPLE) // (2 * _SHAPE_PEOPLE)
