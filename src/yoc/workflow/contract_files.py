"""Contract files: reading one with the files that it builds on, none of them from outside its folder tree."""

from pathlib import Path, PurePosixPath

from yoc.contract import Contract, read_contract
from yoc.core.findings import Finding, FindingsError, Level


class BaseFiles:
    """Opens the files that contracts build on, below one folder, and remembers which they were."""

    def __init__(self, root: Path):
        self.root = root
        self.opened: list[Path] = []

    def open(self, file: str, name: str) -> tuple[str, str]:
        """The text and the name of the file that ``file`` names as its base, from the folder that ``file`` is in."""
        pure = PurePosixPath(name)
        path = (self.root / PurePosixPath(file).parent / pure).resolve()
        if pure.is_absolute() or ":" in name or "\\" in name or not path.is_relative_to(self.root.resolve()):
            mend = "name the base from the contract's own folder, with forward slashes"
            raise _problem("FILE-OUTSIDE", f"{name} is not a name inside the workspace", mend)
        if not path.is_file():
            raise _problem("FILE-MISSING", f"{name} is not there", "check the name and the folder")
        text = read_text(path, name)
        self.opened.append(path)
        return text, path.relative_to(self.root.resolve()).as_posix()


def read_text(path: Path, name: str) -> str:
    """A file's text. Raises ``FindingsError`` where it is missing or is not text in UTF-8."""
    if not path.is_file():
        raise _problem("FILE-MISSING", f"{name} is not there", "check the name and the folder", name)
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise _problem("FILE-UNREADABLE", "the file is not text in UTF-8", "save it as UTF-8", name) from None


def read_contract_file(path: Path) -> tuple[Contract, tuple[Path, ...]]:
    """A contract from its own file, and every file that it was made from, itself first.

    Names in findings are from the folder in which the command stands, where the file is below it.
    """
    here = Path.cwd().resolve()
    root = here if path.resolve().is_relative_to(here) else Path(path.resolve().anchor)
    name = path.resolve().relative_to(root).as_posix()
    bases = BaseFiles(root)
    contract = read_contract(read_text(path, name), name, bases.open)
    return contract, (path, *bases.opened)


def _problem(code: str, message: str, mend: str, file: str = "") -> FindingsError:
    return FindingsError([Finding(code, Level.SUBMISSION, message, mend, file)])
