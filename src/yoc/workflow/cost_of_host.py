"""A host's cost in whole pence by setting and provider, and what of it came with prices that were published again."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from yoc.activity import Activity, CostCell
from yoc.contract.position import PriceReissue
from yoc.core.money import apportion_pence, round_half_away
from yoc.workflow.plan import Job

Key = TypeVar("Key")
_Cells = dict[tuple[str, str], Fraction]
"""Exact pence by setting and provider."""


@dataclass(frozen=True)
class HostCost:
    """The cost at the prices that hold now, blocks in it; of each re-issue what it changed; and by month, exactly."""

    by_setting: dict[str, Fraction]
    by_provider: dict[str, Fraction]
    by_month: dict[tuple[str, int], Fraction]
    reissues: tuple[PriceReissue, ...]


@dataclass(frozen=True)
class _Whole:
    """A cost of lines that was rounded once: whole pence by setting and by provider, which both add to it."""

    by_setting: dict[str, int]
    by_provider: dict[str, int]
    by_cell: dict[tuple[str, str], int]


def cost_of_host(job: Job, activity: Activity, host: str, block_pence: Mapping[str, int]) -> HostCost:
    """Cost becomes whole pence here: at the lines already, or once on the host's total.

    Where prices were published again, the whole is rounded as it stood after each time, so that what each changed is
    the difference of two sums that were, or are, due.
    """
    cells: _Cells = defaultdict(Fraction)
    by_month: dict[tuple[str, int], Fraction] = defaultdict(Fraction)
    for cell in activity.cells:
        if cell.host == host:
            cells[cell.setting, cell.provider] += cell.amount
            by_month[cell.setting, cell.month] += cell.amount
    settings = job.contract.budget.settings()
    blocks = job.contract.activity.blocks
    # The order of the parties in the contract decides who gets a penny that two have an equal claim to.
    listed = {party.code: place for place, party in enumerate(job.contract.parties)}
    known = {provider for _, provider in cells} | {block.provider for block in blocks}
    providers = tuple(sorted(known, key=lambda code: (listed.get(code, len(listed)), code)))
    now = _rounded_once(cells, settings, providers)
    reissues = _reissues(job, activity, host, cells, now, settings, providers)
    by_setting, by_provider = dict(now.by_setting), dict(now.by_provider)
    # Blocks are whole pence already and are added to what the lines come to.
    for block in blocks:
        by_setting[block.setting] += block_pence[block.id]
        by_provider[block.provider] += block_pence[block.id]
    return HostCost(_exact(by_setting), _exact(by_provider), dict(by_month), reissues)


def _reissues(
    job: Job,
    activity: Activity,
    host: str,
    cells: _Cells,
    now: _Whole,
    settings: tuple[str, ...],
    providers: tuple[str, ...],
) -> tuple[PriceReissue, ...]:
    """Each re-issue, from the latest back to the first: the cost after it less the cost before it."""
    found: list[PriceReissue] = []
    left, after = dict(cells), now
    for version in reversed(activity.reissued):
        for change in activity.reissues:
            if (change.host, change.version) == (host, version):
                left[change.setting, change.provider] -= change.after - change.before
        before = _rounded_once(left, settings, providers)
        header = job.prices.versions[version].header
        found.append(
            PriceReissue(
                header.name,
                header.published_on,
                header.effective_from,
                {name: pence - before.by_setting[name] for name, pence in after.by_setting.items()},
                {code: pence - before.by_provider[code] for code, pence in after.by_provider.items()},
                {cell: pence - before.by_cell[cell] for cell, pence in after.by_cell.items()},
            )
        )
        after = before
    return tuple(reversed(found))


def cost_of_lines(cells: Iterable[CostCell], settings: Sequence[str]) -> dict[str, int]:
    """What a host's lines cost by setting, without blocks: whole pence that add to the exact total, rounded once."""
    exact = dict.fromkeys(settings, Fraction(0))
    for cell in cells:
        exact[cell.setting] += cell.amount
    return _total_rounded(exact)


def _total_rounded(exact: Mapping[Key, Fraction]) -> dict[Key, int]:
    return _apportioned(round_half_away(sum(exact.values(), Fraction(0))), exact)


def _rounded_once(
    cells: Mapping[tuple[str, str], Fraction], settings: tuple[str, ...], providers: tuple[str, ...]
) -> _Whole:
    """Whole pence by setting and by provider, each of which adds to the total that is rounded once."""
    by_setting = dict.fromkeys(settings, Fraction(0))
    by_provider = dict.fromkeys(providers, Fraction(0))
    for (setting, provider), amount in cells.items():
        by_setting[setting] += amount
        by_provider[provider] += amount
    of_settings, of_providers = _total_rounded(by_setting), _total_rounded(by_provider)
    by_cell: dict[tuple[str, str], int] = {}
    for setting, pence in of_settings.items():
        by_cell |= _apportioned(pence, {cell: cells[cell] for cell in sorted(cells) if cell[0] == setting})
    return _Whole(of_settings, of_providers, by_cell)


def _apportioned(total: int, exact: Mapping[Key, Fraction]) -> dict[Key, int]:
    return dict(zip(exact, apportion_pence(total, list(exact.values())), strict=True))


def _exact(pence: Mapping[str, int]) -> dict[str, Fraction]:
    return {name: Fraction(part) for name, part in pence.items()}
