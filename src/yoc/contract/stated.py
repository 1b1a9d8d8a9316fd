"""Stated sizes of the cohort: how many people the parties say there are, and what does not add to it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import Field

from yoc.core.fields import Count, Day, Model, Name, Text
from yoc.core.findings import Finding
from yoc.core.located import Document, Path

if TYPE_CHECKING:
    from yoc.contract.model import Population

CODE = "COHORT-TOTAL"


class StatedSize(Model):
    """How many people are in the cohort on one day, as the parties say, in all and by band.

    >>> size = StatedSize(on="2026-04-01", people="6369", bands={"a": "2197", "b": "3506", "c": "261", "d": "5"})
    >>> size.what_does_not_add()
    'the bands add to 5,969 people and the total says 6,369: 400 fewer'
    """

    on: Day
    """The day on which so many people are in the cohort."""
    people: Count
    """How many people there are in all."""
    host: Name | None = None
    """The host whose people they are; all hosts together unless it is said."""
    bands: dict[Name, Count] = Field(default_factory=dict)
    """How many of them are in each band; they add to all. Bands named as segments are counted apart."""
    source: Text | None = None
    """Where the size is stated."""

    def what_does_not_add(self) -> str:
        """How the bands differ from the total, in words; nothing where they add, or there are none."""
        in_bands = sum(self.bands.values())
        if not self.bands or in_bands == self.people:
            return ""
        difference = differs(in_bands - self.people)
        return f"the bands add to {in_bands:,} people and the total says {self.people:,}: {difference}"


class StatedSizes(Model):
    """The sizes that the parties have stated, and by how many people a count may differ from them."""

    within: Count = 0
    """By how many people a count may differ from a stated size; none unless it is said."""
    sizes: tuple[StatedSize, ...] = ()
    """The stated sizes; none where the plan's file of totals says them."""


@dataclass(frozen=True)
class StatedTotal:
    """One figure to count against: people of a host (``""``: all hosts) and segment (``""``: all) on a day."""

    host: str
    segment: str
    day: int
    people: int
    row: int | None = None

    def difference_in_words(self, counted: int, within: int) -> str:
        """What is stated and what was counted, where they differ by more than the contract allows.

        >>> StatedTotal("A", "", 0, 6369).difference_in_words(5969, 0)
        '6,369 people are stated and 5,969 counted, 400 fewer; the contract allows none'
        >>> StatedTotal("A", "", 0, 100).difference_in_words(102, 2)
        ''
        """
        if abs(counted - self.people) <= within:
            return ""
        allowed = f"{within:,}" if within else "none"
        difference = differs(counted - self.people)
        return f"{self.people:,} people are stated and {counted:,} counted, {difference}; the contract allows {allowed}"


@dataclass(frozen=True)
class ListSize:
    """How many people a practice's published list held on the day of its extract; ``row`` is where the file says so."""

    practice: str
    day: int
    people: int
    row: int


def differs(people: int) -> str:
    """A difference in words.

    >>> differs(-400), differs(3)
    ('400 fewer', '3 more')
    """
    return f"{abs(people):,} {'more' if people > 0 else 'fewer'}"


def check_stated(population: "Population", hosts: Sequence[str], document: Document) -> Iterator[Finding]:
    """Every stated size whose bands do not add to it, or that names a host or a segment that there is not."""
    segments = [segment.id for segment in population.segments]
    for place, size in enumerate(population.stated.sizes if population.stated else ()):
        path: Path = ("population", "stated", "sizes", place)
        if problem := size.what_does_not_add():
            mend = "correct the band or the total that is wrong: nothing is settled on a cohort that does not add"
            yield document.finding(CODE, problem, (*path, "people"), mend)
        if size.host is not None and size.host not in hosts:
            message = f"`{size.host}` is not a host of the contract"
            mend = f"the hosts are {', '.join(hosts)}" if hosts else "the contract names no host"
            yield document.finding("TERM-REFERENCE", message, (*path, "host"), mend)
        strangers = [band for band in size.bands if band not in segments]
        for band in strangers if len(strangers) < len(size.bands) else ():
            message = f"band `{band}` is not a segment, and others of the bands are"
            mend = f"the segments are {', '.join(segments)}; name every band as a segment, or none of them"
            yield document.finding("TERM-REFERENCE", message, (*path, "bands", band, ""), mend)
