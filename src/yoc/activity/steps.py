"""What is asked of judged lines, part after part, and how the answers are added up."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Step:
    """What is asked of the lines in hand: an SQL step, run after the ones that it needs, with the values bound to each.

    ``kept`` says whether what it gives is gathered from all parts.
    """

    name: str
    values: Mapping[str, object] = field(default_factory=dict)
    kept: bool = True


def added_up(rows: Iterable[Mapping[str, Any]], keys: Sequence[str]) -> list[dict[str, Any]]:
    """Rows of several parts as one row a key, in the order of the keys; every other column is added up.

    >>> added_up([{"provider": "RA9", "lines": 2}, {"provider": "RA9", "lines": 3}], ["provider"])
    [{'provider': 'RA9', 'lines': 5}]
    """
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        key = tuple(row[name] for name in keys)
        own = found.setdefault(key, dict.fromkeys((name for name in row if name not in keys), 0))
        for name in own:
            own[name] += row[name]
    return [dict(zip(keys, key, strict=True)) | found[key] for key in sorted(found)]
