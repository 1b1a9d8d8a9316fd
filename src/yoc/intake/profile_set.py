"""The profiles that there are, those of the package and those of a workspace, and which of them reads a file."""

import codecs
import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from yoc.core.findings import Finding, FindingsError, Level
from yoc.core.identifiers import sha256_text
from yoc.intake.profile import Profile, read_profile

LOCAL_FOLDER = "profiles"
"""Where a workspace keeps its own profiles, named from its folder."""
_HEADER_BYTES = 1 << 18
_NEAR, _OF_NEEDED = 2, 4
"""With so many columns missing at most, and one in so many, a file is told what it lacks of the nearest profile."""
_NAMED = 3
_MEND = "name the profile in the plan (`{files: ..., profile: ...}`), or draft one with `yoc intake profile new FILE`"


@dataclass(frozen=True)
class KnownProfile:
    """A profile, the hash of its text, and the file that it came from; ``built_in`` where it is the package's."""

    profile: Profile
    sha256: str
    file: str
    text: str
    built_in: bool


@dataclass(frozen=True)
class ProfileSet:
    """Profiles by name."""

    by_name: Mapping[str, KnownProfile]

    def named(self, name: str, file: str = "") -> KnownProfile:
        """The profile of a name. Raises ``FindingsError`` where there is none."""
        if name in self.by_name:
            return self.by_name[name]
        message, mend = f"there is no profile `{name}`", f"the profiles are {', '.join(sorted(self.by_name))}"
        raise FindingsError([Finding("PROFILE-UNKNOWN", Level.SUBMISSION, message, mend, file)])

    def for_headers(self, headers: Sequence[str], file: str, kinds: Iterable[str] = ()) -> KnownProfile:
        """The profile that reads a file with these headers: of those that need no column more, the one that needs most.

        ``kinds`` are the kinds of profile that will do (all, where none is given). Raises ``FindingsError`` where none
        fits, with what the nearest ones lack, and where several fit alike.
        """
        wanted = tuple(kinds)
        known = [each for each in self.by_name.values() if not wanted or each.profile.kind in wanted]
        fits = [_Fit.of(each, headers) for each in known]
        whole = sorted((fit for fit in fits if not fit.missing), key=lambda fit: fit.rank, reverse=True)
        if not whole:
            raise FindingsError(_nearest(fits, file))
        alike = [fit.known.profile.profile for fit in whole if fit.rank == whole[0].rank]
        if len(alike) > 1:
            message = f"its headers fit the profiles {', '.join(sorted(alike))} alike"
            raise FindingsError([Finding("PROFILE-UNKNOWN", Level.SUBMISSION, message, _MEND, file, 1)])
        return whole[0].known


@dataclass(frozen=True)
class _Fit:
    known: KnownProfile
    missing: tuple[str, ...]
    needed: int
    met: int

    @property
    def rank(self) -> tuple[int, int]:
        return self.needed, self.met

    @classmethod
    def of(cls, known: KnownProfile, headers: Sequence[str]) -> "_Fit":
        layout = known.profile.layout
        names, missing, _ = layout.match(list(headers))
        needed = len(layout.fields) - len(layout.optional)
        return cls(known, tuple(missing), needed, sum(1 for name in names if name))


def _nearest(fits: Sequence[_Fit], file: str) -> list[Finding]:
    """What a file lacks of the nearest profile, where one is near; else which are nearest, and that none will do."""
    near = sorted(fits, key=lambda fit: (len(fit.missing), -fit.met))
    first = near[0]
    columns = first.known.profile.columns
    alone = len(near) == 1 or len(near[1].missing) > len(first.missing)
    if alone and len(first.missing) <= _NEAR and _OF_NEEDED * len(first.missing) <= first.needed:
        mend = f"of the profiles {first.known.profile.profile} is nearest; compare the header row with it, or {_MEND}"
        return [
            Finding("COLUMN-MISSING", Level.SUBMISSION, f"column {columns[field].names[0]} is missing", mend, file, 1)
            for field in first.missing
        ]
    said = "; ".join(
        f"{fit.known.profile.profile} lacks "
        + ", ".join(fit.known.profile.columns[field].names[0] for field in fit.missing[:_NAMED])
        + (f" and {len(fit.missing) - _NAMED} more" if len(fit.missing) > _NAMED else "")
        for fit in near[:_NAMED]
    )
    message = f"no profile fits its headers; the nearest: {said}"
    return [Finding("PROFILE-UNKNOWN", Level.SUBMISSION, message, _MEND, file, 1)]


def built_in_profiles() -> ProfileSet:
    """The profiles of the package."""
    folder = resources.files("yoc.intake").joinpath("profiles")
    texts = {
        entry.name: entry.read_text(encoding="utf-8")
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(".yaml")
    }
    known = [_known(text, name, name.removesuffix(".yaml"), built_in=True) for name, text in texts.items()]
    return ProfileSet({each.profile.profile: each for each in known})


def read_profiles(root: Path | None) -> ProfileSet:
    """The profiles of the package and those under `profiles/` of a workspace.

    Raises ``FindingsError`` with every fault of every local profile: one that has the name of a built-in one is
    refused, since a plan would not say which of the two it means.
    """
    built_in = built_in_profiles().by_name
    local: dict[str, KnownProfile] = {}
    findings: list[Finding] = []
    for path in local_profile_files(root):
        file = f"{LOCAL_FOLDER}/{path.name}"
        try:
            known = _known(_text_of(path, file), file, path.stem, built_in=False)
        except FindingsError as error:
            findings.extend(error.findings)
            continue
        if known.profile.profile in built_in:
            message = f"`{known.profile.profile}` is a profile of the package"
            mend = "give the file and its profile another name"
            findings.append(Finding("PROFILE-INVALID", Level.SUBMISSION, message, mend, file, 1))
        local[known.profile.profile] = known
    if findings:
        raise FindingsError(findings)
    return ProfileSet({**built_in, **local})


def local_profile_files(root: Path | None) -> list[Path]:
    """The files of a workspace's own profiles, in the order of their names."""
    folder = root / LOCAL_FOLDER if root else None
    return sorted(folder.glob("*.yaml")) if folder and folder.is_dir() else []


def _text_of(path: Path, file: str) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        message = "the file is not text in UTF-8"
        raise FindingsError([Finding("FILE-UNREADABLE", Level.SUBMISSION, message, "save it as UTF-8", file)]) from None


def _known(text: str, file: str, stem: str, *, built_in: bool) -> KnownProfile:
    profile = read_profile(text, file)
    if profile.profile != stem:
        message = f"the file {file} holds the profile `{profile.profile}`"
        mend = "give the file and its profile one name"
        raise FindingsError([Finding("PROFILE-INVALID", Level.SUBMISSION, message, mend, file, 1)])
    return KnownProfile(profile, sha256_text(text.replace("\r\n", "\n")), file, text, built_in)


def headers_of(path: Path) -> list[str]:
    """The headers of a CSV file, of which no more is read than its beginning; none where it has none that is text."""
    with path.open("rb") as stream:
        first = stream.read(_HEADER_BYTES)
    encoding = "utf-16" if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    if encoding == "utf-16":
        first = first[: len(first) // 2 * 2]
    text = first.decode(encoding, errors="replace")
    try:
        return next(csv.reader(io.StringIO(text)), [])
    except csv.Error:
        return []
