"""Families: a contract that builds on other files and says only what differs.

``based_on: base.yaml`` takes everything from the base. What the contract says itself replaces it: ``values`` and
``position`` name by name, a term by its ``id``, field by field where it gives no ``kind``, everything else whole. A
term with a new ``id`` comes last, or where ``after:`` or ``before:`` says, and one of the base moves there;
``without:`` lists terms, inputs and values of the base that do not apply.

``based_on: [track.yaml, rules.yaml]`` builds on several, each over the one before; a file on which two of them build
counts once. Nothing is copied, and a fault in a part that came from a base is shown in that base's file.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from yoc.core.findings import Finding, FindingsError, stop_if_any
from yoc.core.located import Document, Path, Place, read_document

Opener = Callable[[str, str], tuple[str, str]]
"""From the name of a file and what it is based on to the base's text and name. Raises ``FindingsError``."""
DEPTH = 5
_MERGED = ("values", "position")


def no_base(file: str, name: str) -> tuple[str, str]:
    """The opener where no other file is at hand."""
    document = Document(file, None, {}, ())
    raise FindingsError([document.finding("FILE-MISSING", f"{name}, on which the contract is based, is not at hand")])


def read_family(text: str, file: str, open_base: Opener = no_base) -> Document:
    """A contract's document with everything that it takes from its bases.

    >>> base = "title: Family\\nvalues: {share: 40%, cap: 10%}\\nterms: [{id: a, kind: x}, {id: b, kind: x}]"
    >>> own = "based_on: base.yaml\\nvalues: {share: 50%}\\nwithout: [a]\\nterms: [{id: b, kind: y}]"
    >>> document = read_family(own, "track.yaml", lambda file, name: (base, name))
    >>> document.content["values"], document.content["terms"]
    ({'share': '50%', 'cap': '10%'}, [{'id': 'b', 'kind': 'y'}])
    >>> document.places["values", "cap"]
    Place(line=2, column=27, file='base.yaml')

    Of two bases, each says what it says over the one before, and the file on which both build counts once:

    >>> files = {"base.yaml": base, "track.yaml": "based_on: base.yaml\\nvalues: {share: 50%}",
    ...          "year.yaml": "based_on: base.yaml\\nvalues: {cap: 20%}"}
    >>> own = "based_on: [track.yaml, year.yaml]\\ntitle: Both"
    >>> document = read_family(own, "both.yaml", lambda file, name: (files[name], name))
    >>> document.content["title"], document.content["values"]
    ('Both', {'share': '50%', 'cap': '20%'})
    """
    family = _lineage(read_document(text, file), open_base, (), set())
    document = family[0]
    for own in family[1:]:
        document = _Merge(own, document).document()
    return document


def _lineage(document: Document, open_base: Opener, above: tuple[str, ...], seen: set[str]) -> list[Document]:
    """Every file of a family once, each after those on which it builds."""
    if not isinstance(document.content, dict) or "based_on" not in document.content:
        return [document]
    listed = document.content["based_on"]
    names = listed if isinstance(listed, list) else [listed]
    if not names or not all(isinstance(name, str) and name.strip() for name in names):
        raise FindingsError([document.finding("FIELD-VALUE", "`based_on` names a file, or several", ("based_on",))])
    found: list[Document] = []
    for place, name in enumerate(names):
        where: Path = ("based_on", place) if isinstance(listed, list) else ("based_on",)
        if document.file in above or len(above) >= DEPTH:
            message = f"{document.file} builds on {name}, which leads back to it or further than {DEPTH} files"
            raise FindingsError([document.finding("FIELD-VALUE", message, where)])
        try:
            base_text, base_file = open_base(document.file, name)
        except FindingsError as error:
            raise FindingsError(
                document.finding(finding.code, finding.message, where, finding.mend) for finding in error.findings
            ) from None
        if base_file in seen:
            continue
        found += _lineage(read_document(base_text, base_file), open_base, (*above, document.file), seen)
        seen.add(base_file)
        if not isinstance(found[-1].content, dict):
            raise FindingsError([document.finding("FIELD-VALUE", f"{name} is no contract", where)])
    return [*found, document]


class _Merge:
    """Builds the content of both files, and the place of each part, path by path."""

    def __init__(self, own: Document, base: Document):
        self.own, self.base = own, base
        self.content: dict[str, Any] = {}
        self.places: dict[Path, Place] = {(): own.places.get((), Place(1, 1))}

    def document(self) -> Document:
        """The merged document. Raises ``FindingsError`` where it takes out or names what is not there."""
        for key in dict.fromkeys((*self.base.content, *self.own.content)):
            mine, theirs = self.own.content.get(key), self.base.content.get(key)
            if key in ("based_on", "without", "terms"):
                continue
            if key in _MERGED and isinstance(mine, dict) and isinstance(theirs, dict):
                self.content[key] = {}
                self._place(self.own, (key,), (key,))
                for name in dict.fromkeys((*(name for name in theirs if name not in self._without()), *mine)):
                    source = self.own if name in mine else self.base
                    self.content[key][name] = source.content[key][name]
                    self._graft(source, (key, name), (key, name))
            else:
                source = self.own if key in self.own.content else self.base
                self.content[key] = source.content[key]
                self._graft(source, (key,), (key,))
                if key in _MERGED and source is self.base and isinstance(theirs, dict):
                    self.content[key] = {name: theirs[name] for name in theirs if name not in self._without()}
        self._merge_terms()
        lines = {**self.base.other_lines, self.base.file: self.base.lines}
        return replace(self.own, content=self.content, places=self.places, other_lines=lines)

    def _merge_terms(self) -> None:
        ordered: list[tuple[Document, int]] = [
            (self.base, place) for place in range(len(_terms(self.base))) if self._kept(_terms(self.base)[place])
        ]
        findings = [found for place in range(len(_terms(self.own))) for found in self._merge_term(ordered, place)]
        named = {_id(self.base, place) for place in range(len(_terms(self.base)))}
        for section in _MERGED:
            named |= set(self.base.content.get(section) or {})
        for place, name in enumerate(self._without()):
            if name not in named:
                message = f"`without` names `{name}`, which is no term, input or value of {self.base.file}"
                findings.append(self.own.finding("TERM-REFERENCE", message, ("without", place)))
        stop_if_any(findings)
        if ordered:
            self.content["terms"] = [_terms(source)[place] for source, place in ordered]
            self._place(self.own if _terms(self.own) else self.base, ("terms",), ("terms",))
            for index, (source, place) in enumerate(ordered):
                self._graft(source, ("terms", place), ("terms", index))

    def _merge_term(self, ordered: list[tuple[Document, int]], place: int) -> list[Finding]:
        """Put one of the contract's terms where it belongs: in place of the base's, beside another, or last."""
        entry, term = (self.own, place), _terms(self.own)[place]
        sides = {side: term.pop(side) for side in ("after", "before") if isinstance(term, dict) and side in term}
        at = next((at for at, known in enumerate(ordered) if _id(*known) == _id(*entry)), None)
        if at is not None and isinstance(term, dict):
            if "kind" not in term:
                self._take_fields(*ordered[at], place)
            ordered[at : at + 1] = [] if sides else [entry]
            if not sides:
                return []
        if len(sides) > 1:
            message = "a term comes after another or before one, and not both"
            return [self.own.finding("FIELD-VALUE", message, ("terms", place))]
        for side, beside in sides.items():
            ids = [_id(*known) for known in ordered]
            if beside not in ids:
                message = f"`{side}: {beside}` names a term that is not there"
                return [self.own.finding("TERM-REFERENCE", message, ("terms", place))]
            ordered.insert(ids.index(beside) + (side == "after"), entry)
        if not sides:
            ordered.append(entry)
        return []

    def _take_fields(self, source: Document, old: int, place: int) -> None:
        """A term of the contract that gives no kind takes from the base's every field that it does not give itself."""
        term = self.own.content["terms"][place]
        for name, value in source.content["terms"][old].items():
            if name not in term:
                term[name] = value
                for path in [path for path in source.places if path[:3] == ("terms", old, name)]:
                    found = source.places[path]
                    own = source is self.own or found.file
                    self.own.places["terms", place, *path[2:]] = found if own else replace(found, file=source.file)

    def _without(self) -> list[Any]:
        listed = self.own.content.get("without", [])
        return listed if isinstance(listed, list) else [listed]

    def _kept(self, term: Any) -> bool:
        return not isinstance(term, dict) or term.get("id") not in self._without()

    def _place(self, source: Document, old: Path, new: Path) -> None:
        for ending in ((), ("",)):
            if (*old, *ending) in source.places:
                place = source.places[(*old, *ending)]
                own = source is self.own
                self.places[(*new, *ending)] = place if own or place.file else replace(place, file=source.file)

    def _graft(self, source: Document, old: Path, new: Path) -> None:
        for path in source.places:
            if path[: len(old)] == old:
                self._place(source, path, (*new, *path[len(old) :]))


def _terms(document: Document) -> list[Any]:
    terms = document.content.get("terms", [])
    return terms if isinstance(terms, list) else []


def _id(document: Document, place: int) -> Any:
    term = _terms(document)[place]
    return term.get("id") if isinstance(term, dict) else None
