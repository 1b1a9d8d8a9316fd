"""What a plan says of its activity files: which, in the order of arrival, and by which profile."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from yoc.core.fields import Model, Name, Text
from yoc.core.findings import Finding, FindingsError
from yoc.core.located import Document
from yoc.intake.profile_set import ProfileSet, built_in_profiles, local_profile_files, read_profiles


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
    documents: dict[str, Path],
    gathered: list[Finding],
    at: tuple[str | int, ...] = ("inputs",),
) -> ProfileSet:
    """The profiles of the package and the workspace, whose own join the documents that a run is made from.

    ``inputs`` are the loads by the name of their input; ``at`` is where the inputs stand in the document. Gathers a
    finding for each that the plan names and that is not there, and those of local profiles.
    """
    local = local_profile_files(root)
    documents |= {f"profile {path.stem}": path for path in local}
    try:
        profiles = read_profiles(root)
    except FindingsError as error:
        gathered.extend(error.findings)
        return built_in_profiles()
    for name, loads in inputs.items():
        for number, given in enumerate(loads):
            if given.profile is not None and given.profile not in profiles.by_name:
                message, mend = f"there is no profile `{given.profile}`", "`yoc intake profile list` lists them"
                where = (*at, name, number, "profile")
                gathered.append(document.finding("PROFILE-UNKNOWN", message, where, mend))
    return profiles
