"""Contract files: reading one with the files that it builds on, none of them from outside its folder tree."""

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from yoc.contract import Contract, read_placed_contract
from yoc.core.findings import Finding, FindingsError, Level
from yoc.core.located import Document, read_document


class BaseFiles:
    """Opens the files that contracts build on, below one folder, and remembers which they were."""

    def __init__(self, root: Path):
        self.root = root
        self.opened: list[Path] = []

    def open(self, file: str, name: str) -> tuple[str, str]:
        """The text and the name of the file that ``file`` names as its base, from the folder that ``file`` is in."""
        pure = PurePosixPath(name)
        try:
            path = (self.root / PurePosixPath(file).parent / pure).resolve()
            there = path.is_file()
        except (OSError, ValueError):
            raise _problem("FILE-MISSING", f"`{name}` cannot be the name of a file", "check the name") from None
        if pure.is_absolute() or ":" in name or "\\" in name or not path.is_relative_to(self.root.resolve()):
            mend = "name the base from the contract's own folder, with forward slashes"
            raise _problem("FILE-OUTSIDE", f"`{name}` is not a name inside the workspace", mend)
        if not there:
            raise _problem("FILE-MISSING", f"`{name}` is not there", "check the name and the folder")
        text = read_text(path, name)
        self.opened.append(path)
        return text, path.relative_to(self.root.resolve()).as_posix()


def read_text(path: Path, name: str) -> str:
    """A file's text. Raises ``FindingsError`` where it is missing or is not text in UTF-8."""
    if path.is_dir():
        raise _problem("FILE-MISSING", f"{name} is a folder", "name the file in it, as contract.yaml", name)
    if not path.is_file():
        raise _problem("FILE-MISSING", f"{name} is not there", "check the name and the folder", name)
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise _problem("FILE-UNREADABLE", "the file is not text in UTF-8", "save it as UTF-8", name) from None


@dataclass(frozen=True)
class ContractFile:
    """A contract read from its own file: the document with its places, and every file that it was made from."""

    contract: Contract
    document: Document
    paths: tuple[Path, ...]


def read_contract_file(path: Path) -> ContractFile:
    """A contract from its own file. Raises ``FindingsError`` with every fault.

    Names in findings are from the folder in which the command stands, where the file is below it.
    """
    root, name = shown_from(path)
    bases = BaseFiles(root)
    contract, document = read_placed_contract(read_text(path, name), name, bases.open)
    return ContractFile(contract, document, (path, *bases.opened))


def is_no_contract(path: Path) -> str:
    """What a file is that stands among contracts and is none of them, in words; nothing where it may be one."""
    if not path.is_file():
        return ""
    try:
        content = read_document(read_text(path, path.name), path.name).content
    except FindingsError:
        return ""
    if not isinstance(content, dict):
        return ""
    if "examples" in content:
        return "worked examples, settled with the contracts that they are of"
    if "contract" in content and isinstance(content["contract"], str):
        return ""
    if "terms" in content or "values" in content:
        return "a part on which contracts build, checked with each of them"
    if "days_off" in content:
        return "the timetable and thresholds of a contract's year"
    return "a map of a table's columns" if "host" in content or "columns" in content else ""


def shown_from(path: Path) -> tuple[Path, str]:
    """The folder from which a file is named, and its name: where the command stands, or else the root."""
    here = Path.cwd().resolve()
    root = here if path.resolve().is_relative_to(here) else Path(path.resolve().anchor)
    return root, path.resolve().relative_to(root).as_posix()


def _problem(code: str, message: str, mend: str, file: str = "") -> FindingsError:
    return FindingsError([Finding(code, Level.SUBMISSION, message, mend, file)])
