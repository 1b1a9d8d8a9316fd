"""YAML that keeps its text and its places.

Ordinary loading guesses types (``no`` is false, ``012`` is ten, ``12:30`` is 750) and keeps the last of two equal
keys. Here every value stays text until a field type reads it, duplicates and everything that hides text (anchors,
aliases, tags, merge keys) are refused, and each fault knows its line and column.
"""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

import yaml
from pydantic import BaseModel, ValidationError

from yoc.core.fields import KNOWN_FIELDS
from yoc.core.findings import CODES, Finding, FindingsError, Level

Path = tuple[str | int, ...]
ModelType = TypeVar("ModelType", bound=BaseModel)

_COMMA_REST = re.compile(r"^\d{3}(\.\d+)?\s*(k|m|bn)?$")
_SUM_START = re.compile(r"^-?([£$€])\d{1,3}$")
_ADVICE = re.compile(r": (?=(?:write|use|give|keep|leave|a share|a sum|a band|bands|money) )")
"""Where a message that says what is wrong goes on to say how to mend it."""
_LONG = re.compile(r"'[^']{80,}'|`[^`]{80,}`")
MOST_CHARACTERS = 1_000_000
"""Of a file of YAML: the largest are a few dozen thousand, and reading takes minutes from some millions on."""
MOST_LEVELS = 100
"""Of groups and lists within each other; a contract has about ten, and the reader's work grows with their square."""
_OPENING = (
    yaml.BlockMappingStartToken, yaml.BlockSequenceStartToken, yaml.FlowMappingStartToken, yaml.FlowSequenceStartToken,
)  # fmt: skip
_CLOSING = (yaml.BlockEndToken, yaml.FlowMappingEndToken, yaml.FlowSequenceEndToken)
_ALIAS = "an alias (*)"
_NO_KEY = "name each field with one word, and write its value out"
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

    def _nearest_place(self, path: Path) -> Place:
        path = _known_steps(self.content, path)
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, Place(1, 1))

    def nearest(self, path: Path) -> tuple[str, int]:
        """The file and line of the nearest known place to ``path``.

        >>> read_document("terms:\\n  - id: budget\\n", "contract.yaml").nearest(("terms", 0, "share"))
        ('contract.yaml', 2)
        """
        place = self._nearest_place(path)
        return place.file or self.file, place.line

    def text_at(self, path: Path) -> str:
        """The text of a single value; nothing where there is none at ``path``.

        >>> document = read_document("shares: {host: 80%}\\n", "contract.yaml")
        >>> document.text_at(("shares", "host")), document.text_at(("shares", "other"))
        ('80%', '')
        """
        known = _known_steps(self.content, path)
        held = _content_at(self.content, known) if known in self.places else None
        return held if isinstance(held, str) else ""

    def finding(
        self, code: str, message: str, path: Path = (), mend: str = "", level: Level = Level.SUBMISSION
    ) -> Finding:
        """A finding at the nearest known place to ``path``, whose steps that are not in the file are passed over."""
        place = self._nearest_place(path)
        message, mend = _shortened(message), _shortened(mend)
        file = place.file or self.file
        found = _finding_at(code, message, file, self.other_lines.get(file, self.lines), place, mend)
        return replace(found, level=level)


def _shortened(words: str) -> str:
    """A message in which no quoted text is longer than anyone reads."""
    return _LONG.sub(lambda quoted: f"{quoted[0][:60]}…{quoted[0][-1]}", words)


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
    if len(text) > MOST_CHARACTERS:
        message = f"the file has {len(text):,} characters, and at most {MOST_CHARACTERS:,} are read as YAML"
        mend = "see what it is; tables of many rows belong into CSV"
        raise FindingsError([Finding("FILE-UNREADABLE", Level.SUBMISSION, message, mend, file)])
    lines = tuple(text.splitlines())
    findings: list[Finding] = []
    try:
        findings += _hidden_values(text, file, lines)
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        if findings:
            raise FindingsError(findings) from None
        mark = _mark_of(error, len(lines))
        place = Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)
        problem, mend = _syntax_words(error.problem or "the text cannot be understood")
        raise FindingsError([_finding_at("YAML-SYNTAX", problem, file, lines, place, mend)]) from None
    except (yaml.YAMLError, RecursionError) as error:
        problem = (
            "the text holds a character that YAML does not allow"
            if isinstance(error, yaml.YAMLError)
            else ("the text is nested too deeply")
        )
        mend = "take out what cannot be seen, or is not needed; a contract is plain text"
        raise FindingsError([_finding_at("YAML-SYNTAX", problem, file, lines, Place(1, 1), mend)]) from None
    if any(_ALIAS in finding.message for finding in findings):
        # An alias stands for a whole part again, and aliases of aliases for more parts than memory holds.
        raise FindingsError(findings)
    places: dict[Path, Place] = {}
    content = _walk(root, (), places, findings, file, lines) if root is not None else {}
    if findings:
        raise FindingsError(findings)
    return Document(file, content, places, lines)


_SYNTAX = (
    ("\\t", "a tab stands where only spaces may", "indent with spaces, not tabs"),
    ("mapping values are not allowed", "a colon stands where no field can begin",
     "put quotes round text that holds ': ', compare the indentation with the lines above, or see whether a quotation "
     "mark is missing on a line above"),
    ("<block end>", "the line does not fit under the lines above it",
     "indent it as its neighbours are indented, or see whether a quotation mark is missing on a line above"),
    ("expected ':'", "the line is neither a field with its colon nor the rest of a text",
     "write `field: value`, put quotes round the text, or see whether a quotation mark is missing on a line above"),
    ("expected ',' or", "a bracket is not closed, or a comma is missing", "close the bracket, or add the comma"),
    ("<stream end>", "a bracket is not closed", "close it"),
    ("end of stream", "a quotation mark is not closed", "close it, or put the text into the other kind of quotes"),
    ("another document", "a second document begins here", "keep one document a file: take out the line ---"),
    ("alphabetic or numeric", "text that begins with * or & needs quotes", "put quotes round it"),
    ("unknown escape character", "a backslash in double quotes has a meaning of its own", "use single quotes"),
    ("cannot start any token", "a value cannot begin with this character", "put quotes round the text"),
)  # fmt: skip
"""What the reader of YAML says, what it means, and how to mend it."""


def _mark_of(error: yaml.MarkedYAMLError, lines: int) -> yaml.Mark | None:
    """Where a person looks: what was opened, where its end is missed only further on, else where the reader stopped."""
    noticed = error.problem_mark
    begun_before = noticed is None or noticed.line >= lines or "expected ':'" in str(error.problem)
    return (error.context_mark or noticed) if begun_before else noticed


def _syntax_words(problem: str) -> tuple[str, str]:
    for said, words, mend in _SYNTAX:
        if said in problem:
            return words, mend
    return problem, "compare the indentation and the colons with the lines above; quote text that holds ': ' or '#'"


def _hidden_values(text: str, file: str, lines: tuple[str, ...]) -> list[Finding]:
    """Every anchor, alias and tag. Raises ``FindingsError`` where groups and lists lie too deep in each other."""
    names = {yaml.AnchorToken: "an anchor (&)", yaml.AliasToken: _ALIAS, yaml.TagToken: "a tag (!)"}
    findings, levels = [], 0
    for token in yaml.scan(text, Loader=yaml.SafeLoader):
        place = Place(token.start_mark.line + 1, token.start_mark.column + 1)
        if type(token) in names:
            message = f"{names[type(token)]} is not part of the contract language"
            findings.append(_finding_at("YAML-FEATURE", message, file, lines, place, ""))
        levels += isinstance(token, _OPENING) - isinstance(token, _CLOSING)
        if levels > MOST_LEVELS:
            message, mend = "the text is nested too deeply", "take out the brackets that are not needed"
            raise FindingsError([*findings, _finding_at("YAML-SYNTAX", message, file, lines, place, mend)])
    return findings


def _walk(
    node: yaml.Node, path: Path, places: dict[Path, Place], findings: list[Finding], file: str, lines: tuple[str, ...]
) -> Any:
    places[path] = Place(node.start_mark.line + 1, node.start_mark.column + 1)
    if isinstance(node, yaml.ScalarNode):
        return node.value
    if isinstance(node, yaml.SequenceNode):
        if node.flow_style:
            findings += _cut_sums(node, file, lines)
        return [_walk(item, (*path, index), places, findings, file, lines) for index, item in enumerate(node.value)]
    content: dict[str, Any] = {}
    first_lines: dict[str, int] = {}
    for key_node, value_node in node.value:
        place = Place(key_node.start_mark.line + 1, key_node.start_mark.column + 1)
        key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
        if key is None or key == "<<":
            findings.append(
                _finding_at("YAML-FEATURE", "this kind of key is not part of the language", file, lines, place, _NO_KEY)
            )
        elif _COMMA_REST.match(key) and isinstance(value_node, yaml.ScalarNode) and not value_node.value:
            message = f"`{key}` looks like the rest of a sum that was cut at its comma"
            sign = _sign_before(lines, place)
            mend = f"inside {{ }} write a sum without commas: {sign}30000 or {sign}30k"
            findings.append(_finding_at("YAML-SYNTAX", message, file, lines, place, mend))
        elif key in content:
            message = f"`{key}` is given twice, first on line {first_lines[key]}"
            findings.append(_finding_at("YAML-DUPLICATE", message, file, lines, place, ""))
        else:
            first_lines[key] = place.line
            content[key] = _walk(value_node, (*path, key), places, findings, file, lines)
            places[(*path, key, "")] = place
    return content


def _cut_sums(node: yaml.SequenceNode, file: str, lines: tuple[str, ...]) -> list[Finding]:
    """The items of a list in brackets that look like one sum which was cut at its comma."""
    found = []
    for before, item in pairwise(node.value):
        plain = all(isinstance(each, yaml.ScalarNode) and each.style is None for each in (before, item))
        if plain and (start := _SUM_START.match(before.value)) and _COMMA_REST.match(item.value):
            sign, whole = start[1], f"{before.value},{item.value}"
            message = f"`{item.value}` looks like the rest of a sum that was cut at its comma"
            mend = f'inside [ ] write a sum without commas: {sign}30000 or {sign}30k, or put it in quotes: "{whole}"'
            place = Place(item.start_mark.line + 1, item.start_mark.column + 1)
            found.append(_finding_at("YAML-SYNTAX", message, file, lines, place, mend))
    return found


def _sign_before(lines: tuple[str, ...], place: Place) -> str:
    """The currency sign that stands nearest before a place of its line; the pound where none does."""
    signs = re.findall("[£$€]", lines[place.line - 1][: place.column - 1] if place.line <= len(lines) else "")
    return signs[-1] if signs else "£"


def read_model(document: Document, model: type[ModelType]) -> ModelType:
    """Read a document as ``model``. Raises ``FindingsError`` with every fault, each at its place."""
    try:
        return model.model_validate(document.content)
    except ValidationError as error:
        faults = [dict(fault) for fault in error.errors(include_url=False)]
        found = [_translate(document, fault, model) for fault in faults if not _follows_from_another(document, fault)]
        raise FindingsError(found or [_translate(document, fault, model) for fault in faults]) from None


def _follows_from_another(document: Document, fault: dict[str, Any]) -> bool:
    """Whether a list counts as empty only because what stands in it is at fault, which is told already."""
    path = _path_in_content(document.content, fault["loc"], fault["type"])
    return fault["type"] == "too_short" and bool(_content_at(document.content, path))


def _translate(document: Document, fault: dict[str, Any], model: type[BaseModel]) -> Finding:
    """One fault of validation in the project's words and at its place in the file."""
    kind, message, known = fault["type"], str(fault["msg"]), fault.get("ctx", {})
    path = _path_in_content(document.content, fault["loc"], kind)
    if kind == "missing":
        group, name = _described(path[:-1]), path[-1]
        return document.finding("FIELD-MISSING", f"`{name}` is missing from {group}", path[:-1], f"add `{name}:`")
    if kind == "extra_forbidden":
        mend = _spelling(str(path[-1]), fields_at(model, fault["loc"][:-1]))
        return document.finding("FIELD-UNKNOWN", f"`{path[-1]}` is not known here", (*path, ""), mend)
    if kind == "union_tag_not_found":
        return document.finding("FIELD-MISSING", f"`kind` is missing from {_described(path)}", path, "add `kind:`")
    if kind in ("union_tag_invalid", "literal_error", "enum"):
        where = (*path, "kind") if kind == "union_tag_invalid" else path
        return _not_among(document, where, str(known.get("expected_tags") or known.get("expected", "")))
    code, own = (kind, None) if kind in CODES else ("FIELD-VALUE", document.content)
    path = _known_steps(document.content, (*path, *known.get("path", ()))) if "path" in known else path
    words, mend = _in_our_words(kind, message, known)
    return document.finding(code, f"{_named(path, own)}: {words}", path, mend)


def _in_our_words(kind: str, message: str, known: Mapping[str, Any]) -> tuple[str, str]:
    """What is wrong and how to mend it, as someone would say it who has never seen the software."""
    if kind in ("model_type", "model_attributes_type", "dict_type"):
        return "a group of fields is needed here", "write each field on a line of its own, as `field: value`"
    if kind in ("tuple_type", "list_type"):
        return "a list is needed here", "begin each item with a hyphen, on a line of its own, or write [one, two]"
    if kind == "too_short":
        return "at least one is needed", "write one, or take the empty field out"
    if kind in ("greater_than_equal", "less_than_equal"):
        word, bound = ("least", "ge") if kind == "greater_than_equal" else ("most", "le")
        return f"it is at {word} {known[bound]}", ""
    if kind == "string_type":
        return "a single value is needed here", ""
    words = message.removeprefix("Value error, ")
    split = _ADVICE.search(words)
    if known.get("mend") or split is None:
        return words, known.get("mend", "")
    return words[: split.start()], words[split.start() + 2 :]


def _not_among(document: Document, path: Path, expected: str) -> Finding:
    """A text that is none of a few; the nearest of them is offered."""
    found = _content_at(document.content, path)
    if not isinstance(found, str):
        message = f"{_named(path)}: a single value is needed here, not a list or a group of fields"
        return document.finding("FIELD-VALUE", message, path, f"use {expected}")
    near = difflib.get_close_matches(found, re.findall("'([^']*)'", expected), n=1)
    mend = f"did you mean `{near[0]}`? Use {expected}" if near else f"use {expected}"
    return document.finding("FIELD-VALUE", f"{found!r} is not one of the choices here", path, mend)


def _spelling(name: str, fields: tuple[str, ...]) -> str:
    """The field of that place which is meant, or all that may stand there; any field, where the place is not known."""
    near = difflib.get_close_matches(name, sorted({*(fields or KNOWN_FIELDS)} - {name}), n=1)
    if near:
        return f"did you mean `{near[0]}`?"
    return f"take it out; what may stand here: {', '.join(fields)}" if fields else "check the spelling, or take it out"


def fields_at(model: type[BaseModel], location: tuple[str | int, ...]) -> tuple[str, ...]:
    """The fields that may stand in the group at a place of a file, told from its model; empty where that cannot be."""
    found: list[Any] = [model]
    for step in location:
        inner = [part for kind in found for part in _inside(kind, step)]
        chosen = [kind for kind in found if _is_of_kind(kind, step)]
        found = inner or chosen or found
    groups = [kind for kind in found if _is_model(kind)]
    return tuple(
        dict.fromkeys(str(field.alias or name) for group in groups for name, field in group.model_fields.items())
    )


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _is_of_kind(kind: Any, step: str | int) -> bool:
    """Whether a step of a place chooses this group among several, by its `kind` or its name."""
    told = kind.model_fields.get("kind") if _is_model(kind) else None
    return (told is not None and step in get_args(told.annotation)) or getattr(kind, "__name__", None) == step


def _inside(kind: Any, step: str | int) -> list[Any]:
    if _is_model(kind):
        return [
            part
            for name, field in kind.model_fields.items()
            if step in (name, field.alias)
            for part in _members(field.annotation)
        ]
    if get_origin(kind) in (tuple, list) and isinstance(step, int):
        return _members(get_args(kind)[0])
    return _members(get_args(kind)[1]) if get_origin(kind) in (dict, Mapping) else []


def _members(kind: Any) -> list[Any]:
    """The types that a value may be, without their notes."""
    if get_origin(kind) is Annotated:
        return _members(get_args(kind)[0])
    if get_origin(kind) in (Union, UnionType):
        return [part for member in get_args(kind) for part in _members(member)]
    return [kind]


def _named(path: Path, content: Any = None) -> str:
    """What a fault is about, in few words: a field, an item of a list, a group by its `id` where it has one."""
    path = tuple(step for step in path if step != "")
    own = _content_at(content, path) if content is not None else None
    if isinstance(own, dict) and isinstance(own.get("id"), str):
        return f"`{own['id']}`"
    if path and isinstance(path[-1], int):
        return f"number {path[-1] + 1} of {_named(path[:-1])}"
    if len(path) > 1 and str(path[-1]).isdecimal():
        return f"`{path[-1]}` of {_named(path[:-1])}"
    return f"`{path[-1]}`" if path else "the file"


def _described(path: Path) -> str:
    parts = [f"number {part + 1}" if isinstance(part, int) else f"`{part}`" for part in path]
    return " → ".join(parts) if parts else "the file"


def _path_in_content(content: Any, location: tuple[str | int, ...], kind: str) -> Path:
    """The location without the steps (names of union members) that are not in the file."""
    path: list[str | int] = []
    for index, step in enumerate(location):
        last = index == len(location) - 1
        if step == "[key]":
            path.append("")
        elif _is_kind(content, step) and location[index - 1] == path[-1]:
            continue
        elif isinstance(content, dict) and (step in content or (last and kind in ("missing", "extra_forbidden"))):
            path.append(step)
            content = content.get(step)
        elif isinstance(content, list) and isinstance(step, int) and step < len(content):
            path.append(step)
            content = content[step]
    return tuple(path)


def _is_kind(content: Any, step: str | int) -> bool:
    """Whether a step names the kind of a group, and is no field of it, though a field may have the same name."""
    return isinstance(content, dict) and content.get("kind") == step


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
