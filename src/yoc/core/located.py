"""YAML that keeps its text and its places.

Ordinary loading guesses types (``no`` is false, ``012`` is ten, ``12:30`` is 750) and keeps the last of two equal
keys. Here every value stays text until a field type reads it, duplicates and everything that hides text (anchors,
aliases, tags, merge keys) are refused, and each fault knows its line and column.
"""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from yoc.core.fields import KNOWN_FIELDS
from yoc.core.findings import CODES, Finding, FindingsError, Level

Path = tuple[str | int, ...]
ModelType = TypeVar("ModelType", bound=BaseModel)

_COMMA_REST = re.compile(r"^\d{3}(\.\d+)?$")
_MENDS = {
    "YAML-DUPLICATE": "keep one of the two",
    "YAML-FEATURE": "write the value out in full",
    "RATE-OVER-WHOLE": "write a share between 0% and 100%",
}


@dataclass(frozen=True)
class Place:
    """A line and column, both counted from 1; ``file`` is given where it is not the document's own."""

    line: int
    column: int
    file: str = ""


@dataclass(frozen=True)
class Document:
    """A file's content as nested text, with the place of every value and key.

    ``other_lines`` are the lines of the other files that parts of the content came from, by file.
    """

    file: str
    content: Any
    places: dict[Path, Place]
    lines: tuple[str, ...]
    other_lines: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def from_base(self, path: Path) -> bool:
        """Whether a part came from another file than the document's own."""
        place = self.places.get(path)
        return place is not None and place.file not in ("", self.file)

    def finding(
        self, code: str, message: str, path: Path = (), mend: str = "", level: Level = Level.SUBMISSION
    ) -> Finding:
        """A finding at the nearest known place to ``path``, whose steps that are not in the file are passed over."""
        path = _known_steps(self.content, path)
        while path and path not in self.places:
            path = path[:-1]
        place = self.places.get(path, Place(1, 1))
        file = place.file or self.file
        found = _finding_at(code, message, file, self.other_lines.get(file, self.lines), place, mend)
        return replace(found, level=level)


def _finding_at(code: str, message: str, file: str, lines: tuple[str, ...], place: Place, mend: str) -> Finding:
    excerpt = lines[place.line - 1].rstrip() if 0 < place.line <= len(lines) else ""
    return Finding(
        code, Level.SUBMISSION, message, mend or _MENDS.get(code, ""), file, place.line, place.column, excerpt[:160]
    )


def read_document(text: str, file: str) -> Document:
    """Read YAML text. Raises ``FindingsError`` with every duplicate, hidden value and fault of syntax.

    >>> document = read_document("terms:\\n  - id: budget\\n", "contract.yaml")
    >>> place = document.places[("terms", 0, "id")]
    >>> document.content, place.line, place.column
    ({'terms': [{'id': 'budget'}]}, 2, 9)
    """
    lines = tuple(text.splitlines())
    try:
        findings = _hidden_values(text, file, lines)
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)
        problem = error.problem or "the text cannot be understood"
        raise FindingsError([_finding_at("YAML-SYNTAX", problem, file, lines, place, _syntax_mend(problem))]) from None
    except (yaml.YAMLError, RecursionError) as error:
        problem = (
            "the text holds a character that YAML does not allow"
            if isinstance(error, yaml.YAMLError)
            else ("the text is nested too deeply")
        )
        raise FindingsError([_finding_at("YAML-SYNTAX", problem, file, lines, Place(1, 1), "")]) from None
    places: dict[Path, Place] = {}
    content = _walk(root, (), places, findings, file, lines) if root is not None else {}
    if findings:
        raise FindingsError(findings)
    return Document(file, content, places, lines)


def _syntax_mend(problem: str) -> str:
    if "tab" in problem or "\\t" in problem:
        return "indent with spaces, not tabs"
    if "alphabetic or numeric character" in problem:
        return "put quotes round text that begins with * or &"
    return "compare the indentation and the colons with the lines above; put quotes round text that holds ': ' or '#'"


def _hidden_values(text: str, file: str, lines: tuple[str, ...]) -> list[Finding]:
    names = {yaml.AnchorToken: "an anchor (&)", yaml.AliasToken: "an alias (*)", yaml.TagToken: "a tag (!)"}
    return [
        _finding_at(
            "YAML-FEATURE",
            f"{names[type(token)]} is not part of the contract language",
            file,
            lines,
            Place(token.start_mark.line + 1, token.start_mark.column + 1),
            "",
        )
        for token in yaml.scan(text, Loader=yaml.SafeLoader)
        if type(token) in names
    ]


def _walk(
    node: yaml.Node, path: Path, places: dict[Path, Place], findings: list[Finding], file: str, lines: tuple[str, ...]
) -> Any:
    places[path] = Place(node.start_mark.line + 1, node.start_mark.column + 1)
    if isinstance(node, yaml.ScalarNode):
        return node.value
    if isinstance(node, yaml.SequenceNode):
        return [_walk(item, (*path, index), places, findings, file, lines) for index, item in enumerate(node.value)]
    content: dict[str, Any] = {}
    first_lines: dict[str, int] = {}
    for key_node, value_node in node.value:
        place = Place(key_node.start_mark.line + 1, key_node.start_mark.column + 1)
        key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
        if key is None or key == "<<":
            findings.append(
                _finding_at("YAML-FEATURE", "this kind of key is not part of the language", file, lines, place, "")
            )
        elif _COMMA_REST.match(key) and isinstance(value_node, yaml.ScalarNode) and not value_node.value:
            message = f"`{key}` looks like the rest of a sum that was cut at its comma"
            mend = "inside { } write a sum without commas: £30000 or £30k"
            findings.append(_finding_at("YAML-SYNTAX", message, file, lines, place, mend))
        elif key in content:
            message = f"`{key}` is given twice, first on line {first_lines[key]}"
            findings.append(_finding_at("YAML-DUPLICATE", message, file, lines, place, ""))
        else:
            first_lines[key] = place.line
            content[key] = _walk(value_node, (*path, key), places, findings, file, lines)
            places[(*path, key, "")] = place
    return content


def read_model(document: Document, model: type[ModelType]) -> ModelType:
    """Read a document as ``model``. Raises ``FindingsError`` with every fault, each at its place."""
    try:
        return model.model_validate(document.content)
    except ValidationError as error:
        raise FindingsError([_translate(document, dict(fault)) for fault in error.errors(include_url=False)]) from None


def _translate(document: Document, fault: dict[str, Any]) -> Finding:
    """One fault of validation in the project's words and at its place in the file."""
    path = _path_in_content(document.content, fault["loc"], fault["type"])
    kind, message = fault["type"], str(fault["msg"])
    name = path[-1] if path else "the file"
    if kind == "missing":
        group = _described(path[:-1])
        return document.finding("FIELD-MISSING", f"`{name}` is missing from {group}", path[:-1], f"add `{name}:`")
    if kind == "extra_forbidden":
        return document.finding("FIELD-UNKNOWN", f"`{name}` is not known here", (*path, ""), _spelling(fault))
    if kind in ("union_tag_invalid", "literal_error", "enum"):
        expected = fault.get("ctx", {}).get("expected_tags") or fault.get("ctx", {}).get("expected", "")
        where = (*path, "kind") if kind == "union_tag_invalid" else path
        found = _content_at(document.content, where)
        return document.finding("FIELD-VALUE", f"{found!r} is not one of the choices here", where, f"use {expected}")
    if kind == "union_tag_not_found":
        return document.finding("FIELD-MISSING", f"`kind` is missing from {_described(path)}", path, "add `kind:`")
    if kind in CODES:
        return document.finding(kind, f"`{name}`: {message}", path)
    if kind == "value_error":
        return document.finding("FIELD-VALUE", message.removeprefix("Value error, "), path)
    wanted = {
        "model_type": "a group of fields",
        "dict_type": "a group of fields",
        "tuple_type": "a list",
        "list_type": "a list",
        "string_type": "a single value",
    }.get(kind)
    return document.finding("FIELD-VALUE", f"`{name}`: {f'{wanted} is needed here' if wanted else message}", path)


def _spelling(fault: dict[str, Any]) -> str:
    near = difflib.get_close_matches(str(fault["loc"][-1]), sorted(KNOWN_FIELDS), n=1)
    return f"did you mean `{near[0]}`?" if near else "check the spelling, or take it out"


def _described(path: Path) -> str:
    parts = [f"number {part + 1}" if isinstance(part, int) else f"`{part}`" for part in path]
    return " → ".join(parts) if parts else "the file"


def _path_in_content(content: Any, location: tuple[str | int, ...], kind: str) -> Path:
    """The location without the steps (names of union members) that are not in the file."""
    path: list[str | int] = []
    for index, step in enumerate(location):
        last = index == len(location) - 1
        if isinstance(content, dict) and (step in content or (last and kind in ("missing", "extra_forbidden"))):
            path.append(step)
            content = content.get(step)
        elif isinstance(content, list) and isinstance(step, int) and step < len(content):
            path.append(step)
            content = content[step]
    return tuple(path)


def _known_steps(content: Any, path: Path) -> Path:
    """The path without steps that are not in the file, as the long form of a value that was written short."""
    known: list[str | int] = []
    for place, step in enumerate(path):
        in_group = isinstance(content, dict) and step in content
        in_list = isinstance(content, list) and isinstance(step, int) and step < len(content)
        if in_group or in_list:
            content = content[step]
            known.append(step)
        elif place == len(path) - 1:
            known.append(step)
    return tuple(known)


def _content_at(content: Any, path: Path) -> Any:
    for step in path:
        content = content[step]
    return content
