"""The schema that editors use for profiles is current, takes every built-in profile, and refuses what none may say."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from yoc.intake.profile_set import built_in_profiles
from yoc.workflow.profile_schema import PROFILE_SCHEMA_FILE, profile_schema, profile_schema_text

ROOT = Path(__file__).resolve().parents[2]
PROFILES = built_in_profiles().by_name
VALIDATOR = Draft202012Validator(profile_schema())


def faults(text: str) -> list[str]:
    content: Any = json.loads(json.dumps(yaml.safe_load(text)))
    return [error.message for error in VALIDATOR.iter_errors(content)]


def test_the_schema_in_the_workspace_is_the_one_that_the_code_makes():
    Draft202012Validator.check_schema(profile_schema())
    assert (ROOT / PROFILE_SCHEMA_FILE).read_text(encoding="utf-8") == profile_schema_text(), (
        "run `yoc intake profile schema`"
    )


@pytest.mark.parametrize("name", sorted(PROFILES))
def test_every_built_in_profile_fits_it(name):
    assert faults(PROFILES[name].text) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [("kind: invoice", "kind: invoices"), ("period:", "periods:"), ("  amount:", "  amounts:"), ("[stated]", "[said]"),
     ("title: invoices\n", "")],
)  # fmt: skip
def test_what_no_profile_may_say_does_not_fit_it(old, new):
    text = PROFILES["invoice"].text
    assert old in text
    assert faults(text.replace(old, new))


def test_every_field_of_a_profile_is_explained():
    schema = profile_schema()
    groups = [schema, *schema["$defs"].values()]
    assert [name for group in groups for name, field in group.get("properties", {}).items()
            if not field.get("description")] == []  # fmt: skip
