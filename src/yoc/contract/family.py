"""Families: a contract that builds on another file and says only what differs.

``based_on: base.yaml`` takes everything from the base. What the contract says itself replaces it: ``values`` and
``position`` name by name, a term by its ``id``, field by field where it gives no ``kind``, everything else whole. A
term with a new ``id`` comes last, or where ``after:`` says; ``without:`` lists terms of the base that do not apply.
Nothing is copied, and a fault in a part that came from the base is shown in the base's file.
"""

import difflib
from collections.abc import Callable, Iterable, Iterator
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
    message = f"{name}, on which the contract is based, is not at hand"
    raise FindingsError([document.finding("FILE-MISSING", message, (), "name the contract by its file")])


def read_family(text: str, file: str, open_base: Opener = no_base, above: tuple[str, ...] = ()) -> Document:
    """A contract's document with everything that it takes from its bases.

    >>> base = "title: Family\\nvalues: {share: 40%, cap: 10%}\\nterms: [{id: a, kind: x}, {id: b, kind: x}]"
    >>> own = "based_on: base.yaml\\nvalues: {share: 50%}\\nwithout: [a]\\nterms: [{id: b, kind: y}]"
    >>> document = read_family(own, "track.yaml", lambda file, name: (base, name))
    >>> document.content["values"], document.content["terms"]
    ({'share': '50%', 'cap': '10%'}, [{'id': 'b', 'kind': 'y'}])
    >>> document.places["values", "cap"]
    Place(line=2, column=27, file='base.yaml')
    """
    document = read_document(text, file)
    if not isinstance(document.content, dict) or "based_on" not in document.content:
        return document
    name = document.content["based_on"]
    if not isinstance(name, str) or not name.strip():
        mend = "write one name, as base.yaml"
        raise FindingsError([document.finding("FIELD-VALUE", "`based_on` names one file", ("based_on",), mend)])
    if file in above:
        chain = " → ".join((*above[above.index(file) :], file))
        message, mend = f"the files build on each other in a circle: {chain}", "let one of them build on no other"
        raise FindingsError([document.finding("FIELD-VALUE", message, ("based_on",), mend)])
    if len(above) >= DEPTH:
        message = f"{above[0]} builds on {len(above)} files, one on the other, and this one on yet another"
        mend = f"build on {DEPTH} files at most, so that a reader can follow them"
        raise FindingsError([document.finding("FIELD-VALUE", message, ("based_on",), mend)])
    try:
        base_text, base_file = open_base(file, name)
    except FindingsError as error:
        raise FindingsError(
            document.finding(finding.code, finding.message, ("based_on",), finding.mend) for finding in error.findings
        ) from None
    base = read_family(base_text, base_file, open_base, (*above, file))
    if not isinstance(base.content, dict):
        mend = "name a file of fields, as those of a contract"
        raise FindingsError([document.finding("FIELD-VALUE", f"{name} is no contract", ("based_on",), mend)])
    stop_if_any(_no_lists(document))
    return _Merge(document, base).document()


def _no_lists(document: Document) -> Iterator[Finding]:
    """A contract's own terms, where they are no list: they would be passed over without a word."""
    if not isinstance(document.content.get("terms", []), list):
        mend = "begin each term with a hyphen, on a line of its own"
        yield document.finding("FIELD-VALUE", "`terms`: a list is needed here", ("terms",), mend)


class _Merge:
    """Builds the content of both files, and the place of each part, path by path."""

    def __init__(self, own: Document, base: Document):
        self.own, self.base = own, base
        self.content: dict[str, Any] = {}
        self.places: dict[Path, Place] = {(): own.places.get((), Place(1, 1))}

    def document(self) -> Document:
        """The merged document. Raises ``FindingsError`` where it takes out, or puts after, a term that is not there."""
        for key in dict.fromkeys((*self.base.content, *self.own.content)):
            mine, theirs = self.own.content.get(key), self.base.content.get(key)
            if key in ("based_on", "without", "terms"):
                continue
            if key in _MERGED and isinstance(mine, dict) and isinstance(theirs, dict):
                self.content[key] = {}
                self._place(self.own, (key,), (key,))
                for name in dict.fromkeys((*theirs, *mine)):
                    source = self.own if name in mine else self.base
                    self.content[key][name] = source.content[key][name]
                    self._graft(source, (key, name), (key, name))
            else:
                source = self.own if key in self.own.content else self.base
                self.content[key] = source.content[key]
                self._graft(source, (key,), (key,))
        self._merge_terms()
        lines = {**self.base.other_lines, self.base.file: self.base.lines}
        return replace(self.own, content=self.content, places=self.places, other_lines=lines)

    def _merge_terms(self) -> None:
        ordered: list[tuple[Document, int]] = [
            (self.base, place) for place in range(len(_terms(self.base))) if self._kept(_terms(self.base)[place])
        ]
        findings = []
        for place, term in enumerate(_terms(self.own)):
            entry = (self.own, place)
            known = {_id(source, where): index for index, (source, where) in enumerate(ordered)}
            after = term.pop("after", None) if isinstance(term, dict) else None
            if _id(*entry) and _id(*entry) in known and after is None:
                position = known[_id(*entry)]
                if isinstance(term, dict) and "kind" not in term:
                    self._take_fields(*ordered[position], place)
                ordered[position] = entry
            elif after is None:
                ordered.append(entry)
            elif isinstance(after, str) and after in known:
                ordered.insert(known[after] + 1, entry)
            else:
                named = f"`{after}`, which is no term before it" if isinstance(after, str) else "no single term"
                message, where = f"`after` names {named}", ("terms", place, "after")
                findings.append(self.own.finding("TERM-REFERENCE", message, where, _nearest(after, known)))
        base_ids = [_id(self.base, place) for place in range(len(_terms(self.base)))]
        for place, name in enumerate(self._without()):
            if name not in base_ids:
                named = f"`{name}`, which is no term of {self.base.file}" if isinstance(name, str) else "no single term"
                message = f"`without` names {named}"
                findings.append(
                    self.own.finding("TERM-REFERENCE", message, ("without", place), _nearest(name, base_ids))
                )
        stop_if_any(findings)
        if ordered:
            self.content["terms"] = [_terms(source)[place] for source, place in ordered]
            self._place(self.own if _terms(self.own) else self.base, ("terms",), ("terms",))
            for index, (source, place) in enumerate(ordered):
                self._graft(source, ("terms", place), ("terms", index))

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


def _id(document: Document, place: int) -> str:
    """The name of a term; empty where it has none, which is told when the contract is read."""
    term = _terms(document)[place]
    name = term.get("id") if isinstance(term, dict) else None
    return name if isinstance(name, str) else ""


def _nearest(name: Any, known: Iterable[str]) -> str:
    """Which term may have been meant, and which there are."""
    names = [term for term in known if term]
    near = difflib.get_close_matches(name, names, n=1) if isinstance(name, str) else []
    listed = f"the terms are {', '.join(names)}" if names else "there is no term"
    return f"did you mean `{near[0]}`? {listed[:1].upper()}{listed[1:]}" if near else listed
