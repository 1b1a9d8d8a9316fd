"""Drafting a profile for a file, and laying it into a workspace."""

from pathlib import Path

from yoc.core.fields import parse_name
from yoc.core.findings import Finding, FindingsError, Level
from yoc.intake.profile_draft import draft_profile
from yoc.intake.profile_set import built_in_profiles
from yoc.workflow.read_files import profiles_for
from yoc.workflow.writing import write_whole


def draft_for(file: Path, out: Path | None, *, force: bool = False) -> str:
    """The text of a draft, named after the file that it will be in, else after the file that it reads.

    Raises ``FindingsError`` where the file is not there or has no headers, or the draft could not be written; and,
    unless it is ``force``d, where a profile of the package reads the file already: a second one would be its rival.
    """
    profiles = profiles_for(file)
    name = _name(out.stem) if out is not None else _plainly(file.stem)
    if out is not None:
        if out.suffix != ".yaml":
            _refuse("FILE-UNREADABLE", "a profile is a .yaml file", "name it profiles/NAME.yaml", out)
        if out.exists():
            _refuse("FILE-EXISTS", "the file is there already", "name another; nothing is overwritten", out)
        known = profiles.by_name.get(name)
        if known is not None and known.built_in:
            _refuse("PROFILE-INVALID", f"`{name}` is a profile of the package", "give yours another name", out)
    reads = _built_in_that_reads(file)
    if reads and not force:
        mend = "read it so; `--force` drafts one all the same, and then every plan has to name the one that it means"
        _refuse("PROFILE-INVALID", f"the profile `{reads}` of the package reads this file already", mend, file)
    return draft_profile(file, file.as_posix(), name, profiles)


def _built_in_that_reads(file: Path) -> str:
    """The profile of the package that fits a file's headers; blank where none does, or several do alike."""
    try:
        return built_in_profiles().for_file(file, file.as_posix()).profile.profile
    except FindingsError:
        return ""


def write_draft(text: str, out: Path) -> None:
    """Write a draft whole or not at all; its folder is made where it is not there."""
    out.parent.mkdir(parents=True, exist_ok=True)
    write_whole(out, text.encode("utf-8"))


def _name(stem: str) -> str:
    try:
        return parse_name(stem)
    except ValueError as error:
        raise FindingsError([Finding("PROFILE-INVALID", Level.SUBMISSION, str(error), "name the file so")]) from None


def _plainly(stem: str) -> str:
    kept = "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in stem.lower())
    return kept.strip("_") or "my_profile"


def _refuse(code: str, message: str, mend: str, file: Path) -> None:
    raise FindingsError([Finding(code, Level.SUBMISSION, message, mend, file.as_posix())])
