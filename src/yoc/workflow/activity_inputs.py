"""What a plan says of its activity files: which, in the order of arrival, and by which profile."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from yoc.core.fields import Model, Name, Text
from yoc.core.findings import Finding, FindingsError
from yoc.core.located import Document
from yoc.intake import ActivityFile
from yoc.intake.profile_set import ProfileSet, local_profile_files, read_profiles
from yoc.intake.statements import KINDS


class ActivityInput(Model):
    """Activity files that arrived together, and how they are read."""

    files: Text
    """A file, a folder, a ZIP, or a pattern of names."""
    profile: Name | None = None
    """The profile that reads them; unless said, each file's headers tell."""


def _input(value: Any) -> Any:
    """A pattern alone stands for files whose headers tell how they are read."""
    return {"files": value} if isinstance(value, str) else value


def _inputs(value: Any) -> Any:
    return [value] if isinstance(value, str | dict) else value


ActivityInputs = Annotated[
    tuple[Annotated[ActivityInput, BeforeValidator(_input)], ...], BeforeValidator(_inputs), Field(min_length=1)
]
"""The items of `activity:` in a plan: patterns, or groups of a pattern and a profile."""


def plan_profiles(
    root: Path,
    document: Document,
    inputs: Mapping[str, Sequence[ActivityInput]],
    files: Mapping[str, Sequence[ActivityFile]],
    documents: dict[str, Path],
    gathered: list[Finding],
    at: tuple[str | int, ...] = ("inputs",),
) -> ProfileSet:
    """The profiles of the package and the workspace. Of its own, those that read a file join the documents of the run.

    ``inputs`` are the loads by the name of their input, ``files`` the tables that they lead to; ``at`` is where the
    inputs stand in the document. Gathers a finding for each profile that the plan names and that is not there, those of
    local profiles, which stop any run, and those of files of which headers do not tell who reads them.
    """
    profiles = read_profiles(root)
    gathered.extend(profiles.faults)
    local = {path.stem: path for path in local_profile_files(root)}
    if local and not profiles.faults:
        documents |= {f"profile {name}": local[name] for name in _used(files, profiles, gathered) if name in local}
    for name, loads in inputs.items():
        for number, given in enumerate(loads):
            known = {*profiles.by_name, *local}
            if given.profile is not None and given.profile not in known:
                message, mend = f"there is no profile `{given.profile}`", "`yoc intake profile list` lists them"
                where = (*at, name, number, "profile")
                gathered.append(document.finding("PROFILE-UNKNOWN", message, where, mend))
    return profiles


def _used(files: Mapping[str, Sequence[ActivityFile]], profiles: ProfileSet, gathered: list[Finding]) -> list[str]:
    """The profiles that read the files, named or found by headers: one that reads none must not make another run."""
    used: dict[str, None] = {}
    for name, given in files.items():
        for file in given:
            try:
                kind = KINDS.get(name, "activity")
                found = file.profile or profiles.for_file(file.path, file.name, (kind,)).profile.profile
            except FindingsError as error:
                gathered.extend(error.findings)
                continue
            used[found] = None
    return sorted(used)
