"""Where two settlements of one form differ: each figure by its path, as it was recorded and as it is now."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yoc.core.identifiers import canonical_json, masked
from yoc.core.money import format_pounds

_NAMED_BY = ("host", "sequence", "id", "code", "term", "file", "setting", "segment", "provider", "month", "name")
"""The fields by which the items of a list are told apart, where no two of one list have the same."""
_LONGEST = 80
NOTHING = "nothing"
_ABSENT = object()


@dataclass(frozen=True)
class Difference:
    """One value that differs: its path, as ``hosts[NWB].cost_pence``, and both sides as a reader is shown them."""

    path: str
    recorded: str
    now: str

    @property
    def text(self) -> str:
        """As a line."""
        return f"{self.path}: {self.recorded} recorded, {self.now} now"


def differing(recorded: Any, now: Any, path: str = "") -> Iterator[Difference]:
    """Every value in which the contents of two JSON files differ, in their order.

    Items of a list are named by what tells them apart (a host, a term, a file), else by their place from 0.

    >>> before = {"hosts": [{"host": "A", "cost_pence": 100}, {"host": "B", "cost_pence": 100}]}
    >>> after = {"hosts": [{"host": "A", "cost_pence": 100}, {"host": "B", "cost_pence": 2_000_001}]}
    >>> [difference.text for difference in differing(before, after)]
    ['hosts[B].cost_pence: £1.00 recorded, £20,000.01 now']
    """
    if isinstance(recorded, Mapping) and isinstance(now, Mapping):
        for key in [*recorded, *(key for key in now if key not in recorded)]:
            inner = f"{path}.{key}" if path else str(key)
            yield from _either(recorded.get(key, _ABSENT), now.get(key, _ABSENT), inner)
    elif isinstance(recorded, list) and isinstance(now, list):
        before, after = _by_name(recorded, now)
        if [*before] != [*after] and {*before} == {*after}:
            yield Difference(path, "another order", "this order")
        for name in [*before, *(name for name in after if name not in before)]:
            yield from _either(before.get(name, _ABSENT), after.get(name, _ABSENT), f"{path}[{name}]")
    elif type(recorded) is not type(now) or recorded != now:
        yield Difference(path, _shown(path, recorded), _shown(path, now))


def _either(recorded: Any, now: Any, path: str) -> Iterator[Difference]:
    if recorded is _ABSENT or now is _ABSENT:
        yield Difference(path, _shown(path, recorded), _shown(path, now))
    else:
        yield from differing(recorded, now, path)


def _by_name(recorded: Sequence[Any], now: Sequence[Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The items of both lists by what tells them apart."""
    for field in _NAMED_BY:
        sides = [[_name_of(item, field) for item in side] for side in (recorded, now)]
        if all(None not in names and len({*names}) == len(names) for names in sides):
            return tuple(  # type: ignore[return-value]
                dict(zip(map(str, names), side, strict=True))
                for names, side in zip(sides, (recorded, now), strict=True)
            )
    return {str(place): item for place, item in enumerate(recorded)}, {
        str(place): item for place, item in enumerate(now)
    }


def _name_of(item: Any, field: str) -> str | None:
    value = item.get(field) if isinstance(item, Mapping) else None
    return str(value) if isinstance(value, str | int) else None


def _shown(path: str, value: Any) -> str:
    if value is _ABSENT:
        return NOTHING
    if path.endswith("pence") and isinstance(value, int) and not isinstance(value, bool):
        return format_pounds(value)
    try:
        text = value if isinstance(value, str) else canonical_json(value)
    except TypeError:
        text = str(value)
    text = masked(text)
    return f"{text[:_LONGEST]}..." if len(text) > _LONGEST else text
