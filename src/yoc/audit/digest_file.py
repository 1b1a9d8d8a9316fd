"""Digests as files: written with one spelling; read back with suspicion, since they come from another organisation."""

import json
import re
from collections.abc import Mapping
from typing import Any

from yoc.audit.digest import FORMAT, KIND, LEVELS, MONTHS, Digest, Node, Tree, name_fault
from yoc.core.findings import Finding, FindingsError, Level, refusal
from yoc.core.identifiers import canonical_json
from yoc.core.periods import FinancialYear, PeriodError

MOST_BYTES = 64 * 10**6
"""About 800,000 cells, which is some hundreds of providers."""

_MOST_FAULTS = 20
_MOST_CELLS = 2_000_000
_HASH = re.compile(r"[0-9a-f]{64}")
_CHECK_VALUE = re.compile(r"[0-9a-f]{8}")
_BLANK_TOTALS = ("counted", "rejected")
_MEND = "ask for the file again, as `yoc digest` wrote it"


def digest_text(digest: Digest) -> str:
    """A digest as its file holds it, the same text for the same digest.

    Raises ``FindingsError`` where a name may not stand in it, as a provider code that is somebody's NHS number.
    """
    faults = {(name, name_fault(name)) for tree in digest.trees.values() for name in _names(tree.root)}
    found = sorted({fault for _, fault in faults if fault})
    if found:
        mend = "look at the columns of provider and point of delivery in the files"
        raise FindingsError(
            Finding("DIGEST-INVALID", Level.SUBMISSION, f"a name that would stand in the digest {fault}", mend)
            for fault in found
        )
    trees = {name: {"contract": tree.contract, **_written(tree.root)} for name, tree in digest.trees.items()}
    content = {
        "kind": KIND,
        "format": FORMAT,
        "year": digest.year,
        "key_check_value": digest.key_check_value,
        "made_from": digest.made_from,
        "blank_totals": digest.blank_totals,
        "trees": trees,
    }
    return canonical_json(content) + "\n"


def _names(node: Node) -> set[str]:
    return {*node.children}.union(*(_names(child) for child in node.children.values()))


def _written(node: Node) -> dict[str, Any]:
    of = {name: _written(child) if child.children else child.hash for name, child in node.children.items()}
    return {"hash": node.hash, "of": of}


def read_digest(text: str, file: str) -> Digest:
    """The digest of a file's text. Raises ``FindingsError`` with what is wrong with it."""
    try:
        content = json.loads(
            text, object_pairs_hook=_each_once, parse_float=_refuse_number, parse_constant=_refuse_number
        )
    except (ValueError, RecursionError):
        raise refusal(
            "DIGEST-INVALID", "the file is no digest: it cannot be read as JSON of its kind", _MEND, file
        ) from None
    if not isinstance(content, dict) or content.get("kind") != KIND:
        raise refusal("DIGEST-INVALID", "the file is no digest", _MEND, file)
    if content.get("format") != FORMAT or isinstance(content.get("format"), bool):
        mend = "make both digests with the same version of the program"
        raise refusal(
            "DIGEST-APART", f"the digest has another format than {FORMAT}, which this program reads", mend, file
        )
    reader = _Reader()
    digest = reader.digest(content)
    if reader.faults:
        raise FindingsError(
            Finding("DIGEST-INVALID", Level.SUBMISSION, fault, _MEND, file) for fault in reader.faults[:_MOST_FAULTS]
        )
    return digest


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) < len(pairs):
        raise ValueError("a name is given twice")
    return dict(pairs)


def _refuse_number(_: str) -> None:
    raise ValueError("no digest holds such a number")


class _Reader:
    """Walks what was read, as deep as a digest is and no deeper, and keeps what is wrong."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self._cells = 0

    def digest(self, content: Mapping[str, Any]) -> Digest:
        """The digest, of use only where no fault was kept."""
        known = {"kind", "format", "year", "key_check_value", "made_from", "blank_totals", "trees"}
        self._keys(content, known, "the digest")
        year = self._text(content, "year")
        try:
            if FinancialYear.parse(year).slug != year:
                raise PeriodError
        except PeriodError:
            self._fault("`year` is not a financial year, as 2026-27")
        check_value = self._text(content, "key_check_value")
        if not _CHECK_VALUE.fullmatch(check_value):
            self._fault("`key_check_value` is not eight hexadecimal digits")
        blank_totals = self._text(content, "blank_totals")
        if blank_totals not in _BLANK_TOTALS:
            self._fault("`blank_totals` is neither `counted` nor `rejected`")
        return Digest(year, check_value, self._text(content, "made_from"), blank_totals, self._trees(content))

    def _trees(self, content: Mapping[str, Any]) -> dict[str, Tree]:
        trees = content.get("trees")
        if not isinstance(trees, dict) or not trees or not trees.keys() <= LEVELS.keys():
            self._fault(f"`trees` does not hold {' or '.join(LEVELS)} and nothing else")
            return {}
        read = {}
        for name, tree in trees.items():
            if not isinstance(tree, dict):
                self._fault(f"`{name}` is no tree")
                continue
            contract = self._text(tree, "contract")
            branch = {key: value for key, value in tree.items() if key != "contract"}
            read[name] = Tree(contract, self._node(branch, LEVELS[name], name))
        return read

    def _node(self, value: Any, levels: tuple[str, ...], place: str) -> Node:
        if not levels:
            self._cells += 1
            if self._cells == _MOST_CELLS:
                self._fault(f"it has over {_MOST_CELLS} cells")
            return Node(self._hash(value, place))
        of = value.get("of") if isinstance(value, dict) else None
        if not isinstance(of, dict) or not of:
            self._fault(f"{place} holds nothing in its `of`")
            return Node("")
        self._keys(value, {"hash", "of"}, place)
        own = self._hash(value.get("hash"), place)
        children = {}
        for number, (name, child) in enumerate(of.items(), 1):
            if len(self.faults) >= _MOST_FAULTS:
                break
            fault = name_fault(name)
            if levels[0] == "month" and name not in MONTHS:
                fault = "is no month"
            if fault:
                # The name itself is not said: it may be anything.
                self._fault(f"name number {number} in {place} {fault}")
                continue
            children[name] = self._node(child, levels[1:], f"{place} > {name or '(none)'}")
        return Node(own, children)

    def _hash(self, value: Any, place: str) -> str:
        if isinstance(value, str) and _HASH.fullmatch(value):
            return value
        self._fault(f"{place} has no hash of 64 hexadecimal digits")
        return ""

    def _text(self, content: Mapping[str, Any], name: str) -> str:
        value = content.get(name)
        if isinstance(value, str) and not name_fault(value):
            return value
        self._fault(f"`{name}` is missing, or no short text")
        return ""

    def _keys(self, content: Mapping[str, Any], known: set[str], place: str) -> None:
        if not content.keys() <= known:
            self._fault(f"{place} holds something that no digest holds")

    def _fault(self, message: str) -> None:
        if len(self.faults) < _MOST_FAULTS:
            self.faults.append(message)
