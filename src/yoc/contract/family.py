"""Families: a contract that builds on other files and says only what differs.

``based_on: base.yaml`` takes everything from the base. What the contract says itself replaces it: ``values`` and
``position`` name by name, a term by its ``id``, field by field where it gives no ``kind``, everything else whole. A
term with a new ``id`` comes last, or where ``after:`` or ``before:`` says, and one of the base moves there;
``without:`` lists terms, inputs and values of the base that do not apply.

``based_on: [track.yaml, rules.yaml]`` builds on several, each over the one before; a file on which two of them build
counts once. Nothing is copied, and a fault in a part that came from a base is shown in that base's file.
"""

import difflib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from yoc.contract.rate_table import with_rates
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
    """Every file of a family once, each after those on which it builds, with the rates that it takes from a table."""
    document = with_rates(document, open_base)
    if not isinstance(document.content, dict) or "based_on" not in document.content:
        return [document]
    _refuse_circle(document, above)
    listed = document.content["based_on"]
    names = listed if isinstance(listed, list) else [listed]
    if not names or not all(isinstance(name, str) and name.strip() for name in names):
        mend = "write one name, as base.yaml, or a list of names"
        raise FindingsError(
            [document.finding("FIELD-VALUE", "`based_on` names a file, or several", ("based_on",), mend)]
        )
    found: list[Document] = []
    for place, name in enumerate(names):
        where: Path = ("based_on", place) if isinstance(listed, list) else ("based_on",)
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
            mend = "name a file of fields, as those of a contract"
            raise FindingsError([document.finding("FIELD-VALUE", f"{name} is no contract", where, mend)])
    stop_if_any(_no_lists(document))
    return [*found, document]


def _refuse_circle(document: Document, above: tuple[str, ...]) -> None:
    """``above`` are the files that build on this one."""
    if document.file in above:
        chain = " → ".join((*above[above.index(document.file) :], document.file))
        message, mend = f"the files build on each other in a circle: {chain}", "let one of them build on no other"
        raise FindingsError([document.finding("FIELD-VALUE", message, ("based_on",), mend)])
    if len(above) >= DEPTH:
        message = f"{above[0]} builds on {len(above)} files, one on the other, and this one on yet another"
        mend = f"build on {DEPTH} files at most, so that a reader can follow them"
        raise FindingsError([document.finding("FIELD-VALUE", message, ("based_on",), mend)])


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
        lines = {**self.own.other_lines, **self.base.other_lines, self.base.file: self.base.lines}
        return replace(self.own, content=self.content, places=self.places, other_lines=lines)

    def _merge_terms(self) -> None:
        ordered: list[tuple[Document, int]] = [
            (self.base, place) for place in range(len(_terms(self.base))) if self._kept(_terms(self.base)[place])
        ]
        findings = [found for place in range(len(_terms(self.own))) for found in self._merge_term(ordered, place)]
        named = [_id(self.base, place) for place in range(len(_terms(self.base)))]
        for section in _MERGED:
            given = self.base.content.get(section)
            named += list(given) if isinstance(given, dict) else []
        for place, name in enumerate(self._without()):
            if name not in named:
                said = f"`{name}`, which is no term, input or value of the base" if isinstance(name, str) else "no one"
                message, mend = f"`without` names {said}", _nearest(name, named, "names")
                findings.append(self.own.finding("TERM-REFERENCE", message, ("without", place), mend))
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
        ids = [_id(*known) for known in ordered]
        at = ids.index(_id(*entry)) if _id(*entry) in ids and _id(*entry) else None
        if at is not None:
            if "kind" not in term:
                self._take_fields(*ordered[at], place)
            ordered[at : at + 1] = [] if sides else [entry]
            ids[at : at + 1] = [] if sides else [ids[at]]
        if len(sides) > 1:
            message, mend = "a term comes after another or before one, and not both", "keep one of the two"
            return [self.own.finding("FIELD-VALUE", message, ("terms", place), mend)]
        for side, beside in sides.items():
            if not isinstance(beside, str) or beside not in ids:
                named = f"`{beside}`, which is no term before it" if isinstance(beside, str) else "no single term"
                message, where = f"`{side}` names {named}", ("terms", place, side)
                return [self.own.finding("TERM-REFERENCE", message, where, _nearest(beside, ids))]
            ordered.insert(ids.index(beside) + (side == "after"), entry)
        if not sides and at is None:
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


def _id(document: Document, place: int) -> str:
    """The name of a term; empty where it has none, which is told when the contract is read."""
    term = _terms(document)[place]
    name = term.get("id") if isinstance(term, dict) else None
    return name if isinstance(name, str) else ""


def _nearest(name: Any, known: Iterable[str], what: str = "terms") -> str:
    """Which name may have been meant, and which there are."""
    names = [term for term in known if term]
    near = difflib.get_close_matches(name, names, n=1) if isinstance(name, str) else []
    listed = f"the {what} are {', '.join(names)}" if names else f"there are no {what}"
    return f"did you mean `{near[0]}`? {listed[:1].upper()}{listed[1:]}" if near else listed
