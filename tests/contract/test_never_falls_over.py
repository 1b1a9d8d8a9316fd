"""Whatever is done to a contract, it is read, or what is wrong is told at a line of its file: never a traceback."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from yoc.contract import read_placed_contract
from yoc.core.findings import FindingsError
from yoc.core.located import read_document
from yoc.settlement.examples import read_examples
from yoc.workflow.contract_files import BaseFiles

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS = sorted(
    path
    for path in (*ROOT.glob("contracts/*/*.yaml"), *ROOT.glob("contracts/published/*/*.yaml"))
    if "\ncontract: " in f"\n{path.read_text(encoding='utf-8')}"
)
TAKEN_OUT = object()
PUT_IN = (
    TAKEN_OUT, [], ["a", ["b"]], {}, {"x": {"y": ["z"]}}, {"1": "2"}, {"by": "host"}, {"when": []}, {"divide": ["1"]},
    "", "7", "-1", "150%", "1/0", "£5", "-£5", "a b", "host", "no", "²", "1e999", "9" * 5000, "long " * 500,
)  # fmt: skip
TRIES = 25


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def places(content: Any, path: tuple = ()) -> Iterator[tuple]:
    inner = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    for step, part in inner:
        yield (*path, step)
        yield from places(part, (*path, step))


def with_change(content: Any, path: tuple, put: Any) -> Any:
    changed = dict(content) if isinstance(content, dict) else list(content)
    if len(path) > 1:
        changed[path[0]] = with_change(content[path[0]], path[1:], put)
    elif put is TAKEN_OUT:
        del changed[path[0]]
    else:
        changed[path[0]] = put
    return changed


def told_at_a_line(text: str, file: str) -> None:
    """A fault may show in a base: a term there works on a value that the contract no longer gives."""
    bases = BaseFiles(ROOT)
    try:
        read_placed_contract(text, file, bases.open)
    except FindingsError as error:
        lines = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in bases.opened}
        lines[file] = max(len(text.splitlines()), 1)
        here = [found for found in error.findings if 1 <= (found.line or 0) <= lines.get(found.file, 0)]
        assert here, [str(found) for found in error.findings]
        assert all(found.column and found.message for found in here)


@pytest.mark.parametrize("path", CONTRACTS, ids=name_of)
def test_one_part_replaced_by_something_else(path: Path):
    content = read_document(path.read_text(encoding="utf-8"), "x").content
    everywhere = list(places(content))
    dice = random.Random(name_of(path))
    for _ in range(TRIES):
        changed = with_change(content, dice.choice(everywhere), dice.choice(PUT_IN))
        told_at_a_line(yaml.safe_dump(changed, allow_unicode=True, sort_keys=False), name_of(path))


@pytest.mark.parametrize("path", CONTRACTS, ids=name_of)
def test_text_cut_doubled_and_spoilt(path: Path):
    text = path.read_text(encoding="utf-8")
    dice = random.Random(name_of(path))
    for _ in range(TRIES // 2):
        start = dice.randrange(len(text))
        end = start + dice.randrange(1, 40)
        middle = dice.choice(("", text[start:end] * 2, dice.choice(":{}[]\t\n'\"*&!%@`,#-|>\u0000\u2028£")))
        told_at_a_line(text[:start] + middle + text[end:], name_of(path))


def test_a_part_of_an_example_replaced_by_something_else():
    path = ROOT / "contracts/published/us-shared-savings/examples.yaml"
    content = read_document(path.read_text(encoding="utf-8"), "x").content
    everywhere = list(places(content))
    dice = random.Random("examples")
    for _ in range(TRIES):
        text = yaml.safe_dump(with_change(content, dice.choice(everywhere), dice.choice(PUT_IN)), allow_unicode=True)
        try:
            read_examples(text, "examples.yaml")
        except FindingsError as error:
            assert all(found.file == "examples.yaml" and found.line for found in error.findings)


@pytest.mark.parametrize(
    "name",
    [
        "after: {a: b}", "after: [a]", "kind: ''", "kind: [a]", "id: [a]", "id: {a: b}", "on: [a]", "title: {a: b}",
    ],
)  # fmt: skip
def test_a_term_of_a_family_that_is_no_term(name: str):
    file = "contracts/published/us-reach/mine.yaml"
    told_at_a_line(
        f"based_on: base.yaml\ncontract: mine\nterms:\n  - {{{name}}}\nwithout: [[a], {{b: c}}, gross]\n", file
    )
