"""The schema of `contract.yaml`: what an editor needs to complete, explain and check a contract while it is written.

It is made from the models by which contracts are read, and explains each field by the docstring under it, else by that
of the group in which it stands. It says what a contract may look like; whether its names and sums hang together is for
`yoc contract check`.
"""

import ast
import inspect
import json
import textwrap
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from yoc.contract.model import ActivityContract, Contract
from yoc.contract.terms import KINDS
from yoc.core.findings import Finding, FindingsError, Level
from yoc.core.periods import FinancialYear

SCHEMA_FILE = "contracts/schema/contract.schema.json"
"""Where a workspace keeps the schema, named from its folder."""
_VALUE_FORMS = ("ByYear", "Dated", "ByColumn", "Decide", "Calculation")
_YEAR_NUMBER = {"propertyNames": {"pattern": "^[0-9]+$"}, "minProperties": 1}


def contract_schema() -> dict[str, Any]:
    """The schema of a contract, of a contract that builds on another, and of a file that others build on."""
    made = Contract.model_json_schema()
    names = {f"yoc__contract__terms__{module.__name__.rpartition('.')[2]}__Parameters": f"term_{kind}"
             for kind, module in KINDS.items()}  # fmt: skip
    models = {model.__name__: model for model in _models(BaseModel) if model.__module__.startswith("yoc.contract")}
    models |= {name: KINDS[kind.removeprefix("term_")].Parameters for name, kind in names.items()}
    groups: dict[str, Any] = {}
    for name, group in made.pop("$defs").items():
        if name != FinancialYear.__name__:
            groups[names.get(name, name)] = tidy(explained(group, models.get(name)), names)
    groups["Value"] = _value(groups)
    groups["Calculation"]["minProperties"] = 1
    groups["BudgetRules"] |= {
        "required": [name for name in groups["BudgetRules"]["required"] if name != "rates"],
        "anyOf": [{"required": ["rates"]}, {"required": ["rates_from"]}],
    }
    for kind in KINDS:
        groups[f"term_{kind}"]["title"] = kind
        for side in ("after", "before"):
            groups[f"term_{kind}"]["properties"][side] = {
                "type": "string",
                "description": f"In a contract with `based_on`: the id of the term that this one comes {side}.",
            }
    groups["Term"] = _term()
    root = tidy(explained(made, Contract), names)
    return _root(root) | {"$defs": dict(sorted(groups.items()))}


def schema_text() -> str:
    """The schema as its file has it."""
    return json.dumps(contract_schema(), indent=1, ensure_ascii=False) + "\n"


def workspace_above(folder: Path) -> Path | None:
    """The nearest folder, the given one or above it, that holds `contracts` and `reconciliation`."""
    for candidate in (folder.resolve(), *folder.resolve().parents):
        if (candidate / "contracts").is_dir() and (candidate / "reconciliation").is_dir():
            return candidate
    return None


def write_schema(workspace: Path) -> Path:
    """Write the schema into a workspace, whole or not at all."""
    target = workspace / SCHEMA_FILE
    target.parent.mkdir(parents=True, exist_ok=True)
    staging = target.with_name(f".staging-{target.name}")
    staging.write_text(schema_text(), encoding="utf-8", newline="\n")
    staging.replace(target)
    return target


def check_schema(workspace: Path | None) -> None:
    """Raise ``FindingsError`` where the workspace's schema is missing or is not the one of this version."""
    mend = "write it with `yoc contract schema`"
    if workspace is None or not (workspace / SCHEMA_FILE).is_file():
        message = "the schema is not there" if workspace else "this folder is not inside a workspace"
        raise FindingsError([Finding("FILE-MISSING", Level.SUBMISSION, message, mend, SCHEMA_FILE)])
    if (workspace / SCHEMA_FILE).read_text(encoding="utf-8") != schema_text():
        message = "the schema is not the one of this version of yoc"
        raise FindingsError([Finding("FILE-CHANGED", Level.SUBMISSION, message, mend, SCHEMA_FILE)])


def _models(above: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for model in above.__subclasses__():
        yield model
        yield from _models(model)


def _prose(text: str) -> str:
    """A docstring without its worked examples, in the marks that editors show."""
    kept = inspect.cleandoc(text).partition(">>> ")[0].strip()
    return "\n\n".join(" ".join(part.split()) for part in kept.replace("``", "`").split("\n\n")).rstrip(":") or ""


def field_words(model: type[Any]) -> dict[str, str]:
    """The docstring under each field of a model or dataclass, those of the models above it included."""
    words: dict[str, str] = {}
    for base in reversed(model.__mro__):
        if not base.__module__.startswith("yoc."):
            continue
        (tree,) = ast.parse(textwrap.dedent(inspect.getsource(base))).body
        body = tree.body if isinstance(tree, ast.ClassDef) else []
        for statement, following in pairwise(body):
            if (
                isinstance(statement, ast.AnnAssign)
                and isinstance(statement.target, ast.Name)
                and isinstance(following, ast.Expr)
                and isinstance(following.value, ast.Constant)
            ):
                words[statement.target.id] = str(following.value.value)
    return words


def explained(group: dict[str, Any], model: type[BaseModel] | None) -> dict[str, Any]:
    """A group of fields with what it means, and what each field means."""
    if model is None:
        return {**group, "description": _prose(group["description"])} if "description" in group else group
    about, words = _prose(model.__doc__ or ""), field_words(model)
    names = {info.alias or name: name for name, info in model.model_fields.items()}
    properties = {}
    for name, field in group.get("properties", {}).items():
        said = words.get(names[name]) or field.get("description") or about
        properties[name] = {**field, "title": name.replace("_", " ").capitalize(), "description": said}
    return {**group, "title": model.__name__, "description": about, "properties": properties}


def tidy(part: Any, names: dict[str, str]) -> Any:
    """The schema without empty values, which YAML does not hold, and with one name for what may be a value."""
    if isinstance(part, list):
        return [tidy(item, names) for item in part]
    if not isinstance(part, dict):
        return part
    choices = part.get("anyOf", [])
    if {"type": "null"} in choices:
        rest = [choice for choice in choices if choice != {"type": "null"}]
        part = {key: item for key, item in part.items() if key != "anyOf"}
        part = {**rest[0], **part} if len(rest) == 1 else {**part, "anyOf": rest}
    if any(choice.get("$ref") == "#/$defs/ByYear" for choice in part.get("oneOf", [])):
        part = {key: item for key, item in part.items() if key not in ("oneOf", "default")} | {"$ref": "#/$defs/Value"}
    if "discriminator" in part and "activity_cost" in part["discriminator"]["mapping"]:
        return {"$ref": "#/$defs/Term"}
    tidied: dict[str, Any] = {}
    for key, item in part.items():
        if key in ("default", "discriminator") and not (key == "default" and item not in (None, [], {})):
            continue
        if key == "propertyNames" and item == {"$ref": f"#/$defs/{FinancialYear.__name__}"}:
            tidied[key] = {"pattern": "^[0-9]{4}/[0-9]{2}$"}
        elif key == "$ref":
            name = item.removeprefix("#/$defs/")
            tidied[key] = f"#/$defs/{names.get(name, name)}"
        else:
            tidied[key] = tidy(item, names)
    return tidied


def _value(groups: dict[str, Any]) -> dict[str, Any]:
    """Everything that a value may be: a plain one, by contract year in short, or one of the groups."""
    plain = "A rate (12.5%, 2/3), a sum (£30k), a number, or the name of an amount, input or value."
    short = "The value of each contract year: {1: 0%, 2: 10%}."
    forms = [{"$ref": f"#/$defs/{name}"} for name in _VALUE_FORMS if name in groups]
    return {
        "title": "Value",
        "description": f"{plain} Or a value by contract year, date, host, size or condition, or one worked out.",
        "anyOf": [
            {"type": ["string", "number"], "description": plain},
            {"type": "object", "additionalProperties": {"$ref": "#/$defs/Value"}, "description": short, **_YEAR_NUMBER},
            *forms,
        ],
    }


def _term() -> dict[str, Any]:
    """A term: its kind decides which fields it has."""
    about = {
        kind: _prose(module.__doc__ or "").partition("\n\n")[0].partition(": ")[2] for kind, module in KINDS.items()
    }
    listed = "\n".join(f"- `{kind}`: {words}" for kind, words in sorted(about.items()))
    return {
        "type": "object",
        "title": "Term",
        "description": "One term of the contract. Its kind decides which fields it has. With `based_on`, a term that "
        "gives no kind changes the fields that it gives in the term of the base.",
        "required": ["id"],
        "properties": {
            "id": {"type": ["string", "number"], "description": "The term's name, and that of the amount it makes."},
            "kind": {
                "description": f"The kind of term:\n\n{listed}",
                "enum": sorted(KINDS),
                "enumDescriptions": [about[kind] for kind in sorted(KINDS)],
            },
        },
        "allOf": [
            {
                "if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]},
                "then": {"$ref": f"#/$defs/term_{kind}"},
            }
            for kind in sorted(KINDS)
        ],
    }


def _root(made: dict[str, Any]) -> dict[str, Any]:
    """The file as a whole. With `based_on` nothing else is required; a file that others build on has no `contract`."""
    activity = [name for name, field in ActivityContract.model_fields.items() if field.is_required()]
    family = {
        "based_on": {
            "type": ["string", "array"],
            "items": {"type": "string"},
            "title": "Based on",
            "description": "Another contract file, from which everything is taken that this one does not say itself: "
            "`values` and `position` name by name, a term by its id (field by field where it gives no kind), all "
            "else whole. Or several, each over the one before.",
        },
        "without": {
            "type": ["array", "string"],
            "items": {"type": "string"},
            "title": "Without",
            "description": "The terms, inputs and values of the base that do not apply.",
        },
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Contract",
        "description": made["description"],
        "type": "object",
        "additionalProperties": False,
        "properties": {**family, **made["properties"]},
        "if": {"anyOf": [{"required": ["based_on"]}, {"not": {"required": ["contract"]}}]},
        "else": {
            "required": made["required"],
            "properties": {"terms": {"items": {"required": ["kind"]}}},
            "dependentRequired": {
                name: [other for other in activity if other not in made["required"]]
                for name in ("population", "activity")
            },
        },
    }
