"""The kinds of term, one small module each: its parameters, one pure function, one worked example.

A kind is found by its module: a new one is a new file in this folder, and nothing else changes. A module gives

- ``Parameters``, a ``TermParameters`` with a literal ``kind``, and
- ``apply(parameters, state) -> TermResult``, from the amounts so far to lines and named amounts.
"""

import importlib
import pkgutil
from collections.abc import Callable
from types import ModuleType
from typing import Any, get_args

from yoc.contract.terms.base import State, TermParameters, TermResult


def _discover() -> dict[str, ModuleType]:
    modules = (
        importlib.import_module(f"{__name__}.{module.name}")
        for module in pkgutil.iter_modules(__path__)
        if module.name != "base"
    )
    return {get_args(module.Parameters.model_fields["kind"].annotation)[0]: module for module in modules}


KINDS: dict[str, ModuleType] = _discover()


def apply_term(parameters: TermParameters, state: State) -> TermResult:
    """Apply one term of a contract to the amounts so far."""
    apply: Callable[[Any, State], TermResult] = KINDS[parameters.kind].apply
    return apply(parameters, state)
