"""Which codes may have other prices in another run: from the price books that both runs keep."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from yoc.contract.model import ActivityContract
from yoc.settlement.cost_split import Group
from yoc.settlement.movement import paid_parts
from yoc.tariff import BookVersion
from yoc.workflow.price_books import stored_book
from yoc.workflow.run_documents import DOCUMENTS

Repriced = Callable[[Group, str], bool]
Priced = Mapping[str, frozenset[Any]]


def books_of_run(folder: Path, settlement: Mapping[str, Any]) -> tuple[BookVersion, ...]:
    """The price books of a run, from its own folder. Raises ``FindingsError`` where one cannot be used."""
    names = [version["file"] for version in settlement["contract"]["price_versions"]]
    return tuple(stored_book(folder / DOCUMENTS / name, name).read() for name in names)


def repriced(
    contracts: tuple[ActivityContract, ActivityContract],
    books: tuple[tuple[BookVersion, ...], tuple[BookVersion, ...]],
    same_program: bool,
) -> Repriced:
    """Whether a code of a provider may have another price in the second run.

    It may where the books give it, or the provider's index, otherwise; or where prices come from what was submitted.
    """
    rules = [contract.activity.price for contract in contracts]
    if not same_program or rules[0].basis != "book" or paid_parts(rules[0]) != paid_parts(rules[1]):
        return lambda group, code: True  # noqa: ARG005 - any may differ
    prices = _apart(*(_by_name(_prices(side)) for side in books))
    indices = _apart(*(_by_name(_indices(side)) for side in books))
    return lambda group, code: code in prices or group.provider in indices


def _prices(books: Iterable[BookVersion]) -> Iterable[tuple[str, Any, BookVersion, int]]:
    for version in books:
        for key, pence in version.book.unit_prices_pence.items():
            yield key[0], key, version, pence


def _indices(books: Iterable[BookVersion]) -> Iterable[tuple[str, Any, BookVersion, int]]:
    for version in books:
        for provider, millionths in version.book.indices_millionths.items():
            yield provider, provider, version, millionths


def _by_name(rows: Iterable[tuple[str, Any, BookVersion, int]]) -> Priced:
    """What each code, or provider, is given: its figures, and the days of the versions where they are not all one."""
    found: dict[str, dict[Any, list[tuple[BookVersion, int]]]] = {}
    for name, key, version, figure in rows:
        found.setdefault(name, {}).setdefault(key, []).append((version, figure))
    return {
        name: frozenset(
            (key, figure, *(_days(version) if len({each for _, each in given}) > 1 else ()))
            for key, given in keys.items()
            for version, figure in given
        )
        for name, keys in found.items()
    }


def _days(version: BookVersion) -> tuple[Any, ...]:
    header = version.header
    return header.published_on, header.effective_from, header.effective_to


def _apart(before: Priced, after: Priced) -> frozenset[str]:
    return frozenset(name for name in {*before, *after} if before.get(name) != after.get(name))
