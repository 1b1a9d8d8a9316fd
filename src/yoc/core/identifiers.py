"""Identifiers made from what they name: canonical text, its hash, and the run id that follows from the inputs."""

import hashlib
import json
from typing import Any

from yoc.core.periods import FinancialYear


def canonical_json(value: Any) -> str:
    """JSON with one spelling: sorted keys, no needless space, text as it is. Floats are refused.

    >>> canonical_json({"b": 1, "a": "£"})
    '{"a":"£","b":1}'
    """
    _refuse_floats(value)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _refuse_floats(value: Any) -> None:
    if isinstance(value, bool | int | str) or value is None:
        return
    if isinstance(value, dict):
        for item in value.values():
            _refuse_floats(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _refuse_floats(item)
    else:
        raise TypeError(f"{type(value).__name__} has no place in evidence")


def sha256_text(text: str) -> str:
    """The SHA-256 of text in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def run_id(year: FinancialYear, inputs: Any) -> str:
    """The name of a run: its year and a hash of all that it was made from, so that a retry is the same run.

    >>> run_id(FinancialYear(2026), {"contract": "abc"})
    '2026-27-1fbdfd2a137c'
    """
    return f"{year.slug}-{sha256_text(canonical_json(inputs))[:12]}"
