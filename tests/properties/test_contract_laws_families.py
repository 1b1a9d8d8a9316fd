"""A contract that builds on another says the same as one that is written out."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from properties.contracts import Case, cases
from yoc.contract import read_contract
from yoc.settlement import settle_host


@st.composite
def families(draw: Callable[[st.SearchStrategy[Any]], Any], case: Case) -> tuple[str, str]:
    """A base and a child that together say what the case's contract says."""
    base_lines, child_lines = list(case.draft.head), ["based_on: base.yaml"]
    for section, named in (("position", case.draft.position), ("values", case.draft.values)):
        base, child = [], []
        for name, text in named.items():
            # A value comes from the base, from the child over another one of the base, or from the child alone.
            # Alone only where it is the last, since a value stands before those that use it.
            where = draw(st.sampled_from(("base", "changed")))
            other = "{kind: number, title: another}" if section == "position" else "77%"
            base.append(f"  {name}: {text if where == 'base' else other}")
            child += [f"  {name}: {text}"] if where == "changed" else []
            event(f"a name of {section} from the {where}")
        base_lines += [f"{section}:", *base] if base else []
        child_lines += [f"{section}:", *child] if child else []
    base, child, left_out = _terms(draw, case)
    child_lines += [f"without: [{', '.join(left_out)}]"] if left_out else []
    child_lines += ["terms:", *child] if child else []
    return "\n".join([*base_lines, "terms:", *base, ""]), "\n".join([*child_lines, ""])


def _terms(draw: Callable[[st.SearchStrategy[Any]], Any], case: Case) -> tuple[list[str], list[str], list[str]]:
    base, child, left_out = [], [], []
    for place, (name, text) in enumerate(case.draft.terms):
        where = draw(st.sampled_from(("base", "base", "changed", "field", "new") if place else ("base", "changed")))
        kind, _, rest = text.removeprefix("kind: ").partition(", ")
        if where == "field" and not (rest and kind == "gate"):
            where = "changed"
        event(f"a term from the {where}")
        if where in ("base", "changed"):
            base.append(f"  - {{id: {name}, {text if where == 'base' else 'kind: figure, value: £1'}}}")
            child += [f"  - {{id: {name}, {text}}}"] if where == "changed" else []
        elif where == "field":
            swapped = text.replace("test: at_least", "test: X").replace("test: more_than", "test: at_least")
            base.append(f"  - {{id: {name}, {swapped.replace('test: X', 'test: more_than')}}}")
            child.append(f"  - {{id: {name}, test: {'at_least' if 'test: at_least' in text else 'more_than'}}}")
        else:
            before = case.draft.terms[place - 1][0]
            child.append(f"  - {{id: {name}, after: {before}, {text}}}")
        if draw(st.integers(0, 4)) == 0:
            base.append(f"  - {{id: only_base{place}, kind: figure, value: £5}}")
            left_out.append(f"only_base{place}")
    return base, child, left_out


@pytest.mark.law("A contract that builds on another settles as the same contract written out in full.")
@given(cases(), st.data())
def test_a_base_and_a_child_settle_as_the_contract_written_out(case: Case, data: st.DataObject):
    base, child = data.draw(families(case))
    family = read_contract(child, "child.yaml", lambda _file, name: (base, name))
    assert family == case.contract
    assert settle_host(family, case.position) == settle_host(case.contract, case.position)
