"""Digests are made of cells and a key, written, and held against each other; what differs is looked up in one's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from yoc.audit.digest import (
    LEVELS,
    CellPath,
    CellValues,
    Digest,
    Hasher,
    Tree,
    TreeComparison,
    compare_trees,
    contradiction,
    grow,
    is_whole,
)
from yoc.audit.digest_file import MOST_BYTES, digest_text, read_digest
from yoc.core.findings import Finding, FindingsError, Level, refusal, stop_if_any
from yoc.workflow.digest_cells import DigestSource, chosen_cells
from yoc.workflow.key_file import Key
from yoc.workflow.writing import write_whole

_ANEW = "make both digests anew"


def digest_of(source: DigestSource, providers: Sequence[str], trees: Sequence[str], key: Key) -> Digest:
    """The digest of some providers' cells (of all, where none is named) in some trees, under a key."""
    year = source.year.slug
    grown = {}
    for name, cells in chosen_cells(source, providers, trees).items():
        contract = source.contract if name == "settled" else ""
        grown[name] = Tree(contract, grow(Hasher(key.secret, name, year, contract), cells))
    return Digest(year, key.check_value, source.made_from, source.blank_totals, grown)


def refuse_digest_place(path: Path) -> None:
    """Raises ``FindingsError`` where a digest may not be written there: over a file, or into a folder that is not."""
    if path.exists():
        raise refusal(
            "FILE-EXISTS", "a file of this name is there", "name another: nothing is overwritten", path.as_posix()
        )
    if not path.parent.is_dir():
        mend = "make the folder first, or name another"
        raise refusal("FILE-MISSING", f"the folder {path.parent.as_posix()} is not there", mend)


def write_digest(digest: Digest, path: Path) -> None:
    """Write a digest to a new file, whole or not at all."""
    text = digest_text(digest)
    refuse_digest_place(path)
    write_whole(path, text.encode("utf-8"))


def read_digest_file(path: Path) -> Digest:
    """The digest of a file. Raises ``FindingsError`` where it is missing, too large, or none."""
    file = path.as_posix()
    if not path.is_file():
        raise refusal("FILE-MISSING", "the file is not there", "check its name and folder", file)
    if path.stat().st_size > MOST_BYTES:
        message = f"the file is larger than any digest ({MOST_BYTES // 10**6} MB)"
        raise refusal("DIGEST-INVALID", message, "ask for the file again, as `yoc digest` wrote it", file)
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        mend = "ask for the file again, as `yoc digest` wrote it"
        raise refusal("DIGEST-INVALID", "the file is no digest: it is not UTF-8", mend, file) from None
    return read_digest(text, file)


@dataclass(frozen=True)
class ComparedDigests:
    """Two digests, what each tree that both have shows, and what a reader should know."""

    first: Digest
    second: Digest
    trees: tuple[TreeComparison, ...]
    findings: tuple[Finding, ...]

    @property
    def equal(self) -> bool:
        """Whether every cell of one is in the other, and all agree."""
        return all(tree.equal for tree in self.trees)


def compare_digests(paths: tuple[Path, Path], key: Key | None = None) -> ComparedDigests:
    """Hold two digest files against each other; with the key it is proved besides that nobody without it changed one.

    Raises ``FindingsError`` where a file is no digest, or the two do not belong together.
    """
    first, second = _both(paths)
    _refuse_apart(first, second, key)
    if key is not None:
        _refuse_changed(paths, (first, second), key)
    common = [name for name in LEVELS if name in first.trees and name in second.trees]
    compared = tuple(compare_trees(name, first.trees[name].root, second.trees[name].root) for name in common)
    for name in common:
        place = contradiction(first.trees[name].root, second.trees[name].root)
        if place is not None:
            shown = " > ".join([name, *(part or "(none)" for part in place)])
            message = f"the hash of {shown} does not follow from what is below it: one of the two was changed"
            raise refusal("DIGEST-INVALID", message, "ask for the file again, as `yoc digest` wrote it")
    return ComparedDigests(first, second, compared, tuple(_noticed(first, second)))


def _both(paths: tuple[Path, Path]) -> tuple[Digest, Digest]:
    """Both digests, or what is wrong with the one and the other."""
    read: list[Digest] = []
    faults: list[Finding] = []
    for path in paths:
        try:
            read.append(read_digest_file(path))
        except FindingsError as error:
            faults.extend(error.findings)
    if faults:
        raise FindingsError(faults)
    return read[0], read[1]


def _refuse_apart(first: Digest, second: Digest, key: Key | None) -> None:
    """Raises ``FindingsError`` with every reason why two digests cannot be compared."""
    apart: list[tuple[str, str]] = []
    if first.key_check_value != second.key_check_value:
        said = f"made under two keys: their check values are {first.key_check_value} and {second.key_check_value}"
        apart.append((said, f"compare the check values by telephone, and {_ANEW} under one key"))
    elif key is not None and key.check_value != first.key_check_value:
        said = f"made under another key: theirs has the check value {first.key_check_value}, yours {key.check_value}"
        apart.append((said, "name the file of the key under which they were made"))
    if first.year != second.year:
        apart.append((f"of two years: {first.year} and {second.year}", f"{_ANEW}, of one year"))
    common = first.trees.keys() & second.trees.keys()
    if not common:
        said = f"of different things: {', '.join(first.trees)} and {', '.join(second.trees)}"
        apart.append((said, f"{_ANEW}, with and without --settled alike"))
    elif not {*first.providers()} & {*second.providers()}:
        apart.append(("of no provider that both have", f"{_ANEW}, of one provider"))
    contracts = {name: (first.trees[name].contract, second.trees[name].contract) for name in common}
    for one, other in contracts.values():
        if one != other:
            apart.append((f"settled by two contracts: {one} and {other}", f"{_ANEW}, of runs of one contract"))
    stop_if_any(Finding("DIGEST-APART", Level.SUBMISSION, f"the two digests are {said}", mend) for said, mend in apart)


def _refuse_changed(paths: tuple[Path, Path], digests: tuple[Digest, Digest], key: Key) -> None:
    stop_if_any(
        Finding(
            "DIGEST-INVALID",
            Level.SUBMISSION,
            f"its tree {name} was changed after it was made: its hashes do not follow from each other under the key",
            "ask for the file again, as `yoc digest` wrote it",
            path.as_posix(),
        )
        for path, digest in zip(paths, digests, strict=True)
        for name, tree in digest.trees.items()
        if not is_whole(Hasher(key.secret, name, digest.year, tree.contract), tree.root)
    )


def _noticed(first: Digest, second: Digest) -> list[Finding]:
    """What makes cells differ though nobody's figures are wrong."""
    if first.blank_totals == second.blank_totals:
        return []
    message = "lines with a blank total are counted in one of the two, and rejected in the other"
    mend = "make the digest of files with --count-blank-totals where the run counts them"
    return [Finding("DIGEST-APART", Level.WARNING, message, mend)]


def own_values(compared: ComparedDigests, own: DigestSource) -> dict[tuple[str, CellPath], CellValues]:
    """What the cells that differ come to in one's own run or files, by tree and path.

    Raises ``FindingsError`` where those are of another year.
    """
    if own.year.slug != compared.first.year:
        message = f"the digests are of {compared.first.year}, and what is to be shown beside them of {own.year.slug}"
        raise refusal("DIGEST-APART", message, "name a run or files of that year")
    return {
        (each.tree, path): own.trees[each.tree].get(path, CellValues())
        for each in compared.trees
        if each.tree in own.trees
        for path in each.differing
    }


def own_findings(compared: ComparedDigests, own: DigestSource) -> list[Finding]:
    """A warning where the values are of another run than either digest was made from."""
    made = (compared.first.made_from, compared.second.made_from)
    if own.made_from in made:
        return []
    message = f"the values are of {own.made_from}, and neither digest says that it was made from it"
    return [Finding("DIGEST-APART", Level.WARNING, message, "name the run or the files from which yours was made")]
