"""The versions of price books in the order in which they were published, and which of them hold on a day.

Prices are published again in the middle of a year, mostly for a pay award, and mostly from 1 April. So a day may have
several prices: the one that was first charged, and one for each time that it was published again. None is overwritten.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from yoc.core.findings import Finding, Level, stop_if_any
from yoc.tariff.book import BookHeader, PriceBook

_ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class BookVersion:
    """One version of a book: what it says of itself, its prices, and how findings call its file."""

    header: BookHeader
    book: PriceBook
    file: str = ""

    @property
    def is_announced(self) -> bool:
        """Whether it was published before the first day for which it holds, or on it: then it is no re-issue."""
        return bool(self.header.published_on <= self.header.effective_from)


@dataclass(frozen=True)
class PricePeriod:
    """Days that have the same prices. ``chain`` are the places of their versions in the history: the first of them is
    what was first charged, the last is what holds now."""

    first_day: dt.date
    last_day: dt.date
    chain: tuple[int, ...]


@dataclass(frozen=True)
class PriceHistory:
    """Versions in the order in which they were published, the latest last."""

    versions: tuple[BookVersion, ...]

    @property
    def latest(self) -> BookVersion:
        """The version that was published last."""
        return self.versions[-1]

    def chain_on(self, day: dt.date) -> tuple[int, ...]:
        """The versions of one day, from the one first charged to the one that holds now; none where no book holds.

        Of those that hold for the day, one that was announced (published by its own first day) takes the place of all
        that were published before it; every later one is a re-issue.
        """
        holding = [place for place, version in enumerate(self.versions) if version.header.covers(day, day)]
        announced = [number for number, place in enumerate(holding) if self.versions[place].is_announced]
        return tuple(holding[announced[-1] if announced else 0 :])

    def periods(self, first: dt.date, last: dt.date) -> tuple[PricePeriod, ...]:
        """The days from ``first`` to ``last`` that have a price, parted where their versions change."""
        starts = {first}
        for version in self.versions:
            starts |= {version.header.effective_from, version.header.effective_to + _ONE_DAY}
        inside = sorted(day for day in starts if first <= day <= last)
        found: list[PricePeriod] = []
        for start, following in zip(inside, [*inside[1:], last + _ONE_DAY], strict=True):
            chain, end = self.chain_on(start), following - _ONE_DAY
            if found and found[-1].chain == chain and found[-1].last_day + _ONE_DAY == start:
                found[-1] = PricePeriod(found[-1].first_day, end, chain)
            elif chain:
                found.append(PricePeriod(start, end, chain))
        return tuple(found)

    def first_day_without(self, first: dt.date, last: dt.date) -> dt.date | None:
        """The first day from ``first`` to ``last`` on which no book holds; nothing where each day has one."""
        day = first
        for period in self.periods(first, last):
            if period.first_day > day:
                break
            day = period.last_day + _ONE_DAY
        return day if day <= last else None


def price_history(versions: Iterable[BookVersion]) -> PriceHistory:
    """The versions in their order: by the day of publication, and of one day by which supersedes which.

    Raises ``FindingsError`` where two cannot be told apart in time, or one supersedes a version that was published
    after it. A version that is superseded and not among them is not asked for.
    """
    gathered = list(versions)
    by_name = {_key(version.header, version.header.version): version for version in gathered}
    findings = [finding for version in gathered for finding in _impossible(version, by_name)]
    if len(by_name) < len(gathered):
        message = "two price books have one name, year and version"
        findings.append(_fault(message, "give one of them another version", gathered[-1].file))
    stop_if_any(findings)
    ordered = sorted(gathered, key=lambda version: (version.header.published_on, _depth(version, by_name)))
    stop_if_any(_not_told_apart(ordered, by_name))
    return PriceHistory(tuple(ordered))


_Named = dict[tuple[str, str, str], BookVersion]


def _key(header: BookHeader, version: str) -> tuple[str, str, str]:
    return (header.book, str(header.year), version)


def _before(version: BookVersion, by_name: _Named) -> BookVersion | None:
    """The version that one supersedes, where it is there."""
    earlier = version.header.supersedes
    return by_name.get(_key(version.header, earlier)) if earlier else None


def _depth(version: BookVersion, by_name: _Named) -> int:
    depth, before = 0, _before(version, by_name)
    while before is not None and depth < len(by_name):
        depth, before = depth + 1, _before(before, by_name)
    return depth


def _impossible(version: BookVersion, by_name: _Named) -> Iterable[Finding]:
    before = _before(version, by_name)
    if before is None:
        return
    own, other = version.header, before.header
    if own.published_on < other.published_on or _depth(version, by_name) >= len(by_name):
        message = f"{own.name} supersedes {other.name}, which was not published before it"
        yield _fault(message, "correct `supersedes` or `published_on`", version.file)


def _not_told_apart(ordered: Sequence[BookVersion], by_name: _Named) -> Iterable[Finding]:
    for place, version in enumerate(ordered):
        for other in ordered[:place]:
            mine, theirs = version.header, other.header
            meet = mine.effective_from <= theirs.effective_to and theirs.effective_from <= mine.effective_to
            if meet and mine.published_on == theirs.published_on and not _follows(version, other, by_name):
                message = f"{theirs.name} and {mine.name} were published on one day and hold for the same days"
                yield _fault(message, "say in one of them with `supersedes:` which came later", version.file)


def _follows(version: BookVersion, other: BookVersion, by_name: _Named) -> bool:
    """Whether a version supersedes another, at once or through others."""
    before = _before(version, by_name)
    while before is not None:
        if before == other:
            return True
        before = _before(before, by_name)
    return False


def _fault(message: str, mend: str, file: str) -> Finding:
    return Finding("PRICE-VERSION", Level.SUBMISSION, message, mend, file)
