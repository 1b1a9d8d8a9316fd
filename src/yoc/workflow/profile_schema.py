"""The schema of a profile, by which editors complete and explain one while it is written, made from the model."""

import json
from pathlib import Path
from typing import Any

from yoc.core.findings import Finding, FindingsError, Level
from yoc.intake.profile import Column, DeliveryRule, Keep, Profile
from yoc.intake.profile_fields import FIELDS, KIND_FIELDS
from yoc.workflow.contract_schema import explained, tidy
from yoc.workflow.writing import write_whole

PROFILE_SCHEMA_FILE = "contracts/schema/profile.schema.json"
"""Where a workspace keeps the schema, named from its folder."""


def profile_schema() -> dict[str, Any]:
    """The schema of a profile; the fields of `columns` are those of any kind."""
    made = Profile.model_json_schema()
    models = {model.__name__: model for model in (Column, DeliveryRule, Keep)}
    groups = {name: tidy(explained(group, models.get(name)), {}) for name, group in made.pop("$defs").items()}
    names = {"enum": sorted({field for fields in FIELDS.values() for field in fields})}
    root: dict[str, Any] = tidy(explained(made, Profile), {})
    for part in ("columns", "types", "fixed", "codes"):
        root["properties"][part]["propertyNames"] = names
    groups["DeliveryRule"]["properties"]["when"]["propertyNames"] = {"enum": list(KIND_FIELDS)}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **root,
        "$defs": dict(sorted(groups.items())),
    }


def profile_schema_text() -> str:
    """The schema as its file has it."""
    return json.dumps(profile_schema(), indent=1, ensure_ascii=False) + "\n"


def write_profile_schema(workspace: Path) -> Path:
    """Write the schema into a workspace, whole or not at all."""
    target = workspace / PROFILE_SCHEMA_FILE
    target.parent.mkdir(parents=True, exist_ok=True)
    write_whole(target, profile_schema_text().encode("utf-8"))
    return target


def check_profile_schema(workspace: Path | None) -> None:
    """Raise ``FindingsError`` where the workspace's schema is missing or is not the one of this version."""
    mend = "write it with `yoc intake profile schema`"
    if workspace is None or not (workspace / PROFILE_SCHEMA_FILE).is_file():
        message = "the schema is not there" if workspace else "this folder is not inside a workspace"
        raise FindingsError([Finding("FILE-MISSING", Level.SUBMISSION, message, mend, PROFILE_SCHEMA_FILE)])
    if (workspace / PROFILE_SCHEMA_FILE).read_text(encoding="utf-8") != profile_schema_text():
        message = "the schema is not the one of this version of yoc"
        raise FindingsError([Finding("FILE-CHANGED", Level.SUBMISSION, message, mend, PROFILE_SCHEMA_FILE)])
