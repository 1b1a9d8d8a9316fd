"""The schema that editors use is current, takes every contract that there is, and refuses what none may say."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from yoc.cli.commands import app
from yoc.core.located import read_document
from yoc.workflow.contract_schema import SCHEMA_FILE, contract_schema, schema_text

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS = [
    path
    for path in sorted((ROOT / "contracts").rglob("*.yaml"))
    if {"terms", "based_on"} & set(read_document(path.read_text(encoding="utf-8"), path.name).content)
]
VALIDATOR = Draft202012Validator(contract_schema())


class EditorLoader(yaml.SafeLoader):
    """YAML 1.2 as editors read it: true and false, whole numbers and decimals are not text."""


EditorLoader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"^(?:true|false)$", "tf"),
    ("int", r"^-?[0-9]+$", "-0123456789"),
    ("float", r"^-?[0-9]+\.[0-9]+$", "-0123456789"),
):
    EditorLoader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), list(_first))


def as_json(content: Any) -> Any:
    return json.loads(json.dumps(content))


def faults(text: str) -> list[str]:
    return [error.message for error in VALIDATOR.iter_errors(as_json(yaml.load(text, Loader=EditorLoader)))]  # noqa: S506


def test_the_schema_is_a_schema():
    Draft202012Validator.check_schema(contract_schema())


def test_the_schema_in_the_workspace_is_the_one_that_the_code_makes():
    assert (ROOT / SCHEMA_FILE).read_text(encoding="utf-8") == schema_text(), "run `yoc contract schema`"


def test_there_are_contracts_to_try():
    assert "contracts/bnssg-working-age/contract.yaml" in {path.relative_to(ROOT).as_posix() for path in CONTRACTS}


@pytest.mark.parametrize("path", CONTRACTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_contract_fits_the_schema_as_editors_read_it_and_as_we_do(path):
    text = path.read_text(encoding="utf-8")
    assert faults(text) == []
    assert [error.message for error in VALIDATOR.iter_errors(read_document(text, path.name).content)] == []


HEAD = 'contract: a\ntitle: A\nversion: "1"\nstatus: live\nparties: [{code: X, name: X, role: commissioner}]\n'


@pytest.mark.parametrize(
    "text",
    [
        HEAD + "terms: [{id: a, kind: block, value: £5}]",
        HEAD + "terms: [{id: a, kind: block, value: {1: £5, 2: £6}}]",
        HEAD + "terms: [{id: a, kind: balance, of: x, less: y}, {id: b, kind: balance, of: x, less: [y, z]}]",
        HEAD + "terms: [{id: a, kind: bands, gain: 50%, loss: {when: met, then: 1/2, otherwise: 0}}]",
        HEAD + "terms: [{id: a, kind: figure, value: {multiply: [0.5, {largest: [x, £0]}], at_least: £1}}]",
        "based_on: base.yaml\ncontract: b",
        "based_on: base.yaml\nwithout: [a]\nterms: [{id: c, kind: block, value: £1, after: a}]",
        "based_on: base.yaml\nterms: [{id: a, value: £1}]",
        HEAD + "budget: {rounding: on_total, rates: {all: £750}}\nterms: [{id: a, kind: capitation}]",
        "title: A file that others build on\nvalues: {share: 50%}",
    ],
)
def test_what_a_contract_may_say_fits(text):
    assert faults(text) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (HEAD + "terms: []", "non-empty"),
        (HEAD + "terms: [{id: a, kind: blok, value: £5}]", "'blok' is not one of"),
        (HEAD + "terms: [{id: a, value: £1}]", "'kind' is a required property"),
        (HEAD + "terms: [{id: a, kind: block}]", "'value' is a required property"),
        (HEAD + "terms: [{id: a, kind: block, value: £5, payer: X}]", "'payer' was unexpected"),
        (HEAD + "terms: [{id: a, kind: block, value: {1: £5, two: £6}}]", "is not valid under any"),
        (HEAD + "terms: [{id: a, kind: block, value: {}}]", "is not valid under any"),
        (HEAD.replace("live", "lively") + "terms: [{id: a, kind: block, value: £5}]", "'lively' is not one of"),
        (HEAD.replace("title: A\n", "") + "terms: [{id: a, kind: block, value: £5}]", "'title' is a required property"),
        (HEAD + "terms: [{id: a, kind: block, value: £5}]\nactivity: {}", "'commissioners' is a required property"),
        (HEAD + "term: [{id: a, kind: block, value: £5}]", "'term' was unexpected"),
    ],
)
def test_what_a_contract_may_not_say_does_not_fit(text, words):
    assert any(words in fault for fault in faults(text))


def test_every_field_is_explained():
    for name, group in contract_schema()["$defs"].items():
        assert group.get("description"), name
        for field, said in group.get("properties", {}).items():
            assert said.get("description"), f"{name}.{field}"


def test_a_field_is_explained_by_the_docstring_under_it():
    groups = contract_schema()["$defs"]
    assert groups["term_profit_limit"]["properties"]["limit"]["description"] == "The highest rate that the host keeps."
    assert groups["term_profit_limit"]["properties"]["on"]["description"].startswith("The amount that it works on")
    assert "- `cap`: the limit on a gain or a loss" in groups["Term"]["properties"]["kind"]["description"].lower()


def run(*arguments: str):
    return CliRunner().invoke(app, ["contract", "schema", *arguments])


def test_outside_a_workspace_the_schema_is_printed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shown = run()
    assert (shown.exit_code, shown.stdout) == (0, schema_text())
    assert list(tmp_path.iterdir()) == []


def test_in_a_workspace_it_is_written_and_checked(tmp_path, monkeypatch):
    for name in ("contracts/mine", "reconciliation"):
        (tmp_path / name).mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "contracts/mine")
    absent = run("--check")
    assert (absent.exit_code, "FILE-MISSING" in absent.stderr) == (3, True)
    assert run().exit_code == 0
    assert run("--check").exit_code == 0
    written = tmp_path / SCHEMA_FILE
    written.write_text(written.read_text(encoding="utf-8").replace("Contract", "Kontrakt"), encoding="utf-8")
    stale = run("--check")
    assert (stale.exit_code, "FILE-CHANGED" in stale.stderr) == (3, True)
    assert "write it with `yoc contract schema`" in stale.stderr
