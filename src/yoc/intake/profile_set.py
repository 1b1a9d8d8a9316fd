"""The profiles that there are, those of the package and those of a workspace, and which of them reads a file."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from pathlib import Path
from types import MappingProxyType

from yoc.core.findings import Finding, FindingsError, Level
from yoc.core.identifiers import sha256_text
from yoc.intake.layouts import OF_PLAN
from yoc.intake.open_lines import read_header
from yoc.intake.profile import Profile, read_profile
from yoc.intake.row_chunks import HEADER_WITHIN
from yoc.intake.text_table import missing_columns, names_known

LOCAL_FOLDER = "profiles"
"""Where a workspace keeps its own profiles, named from its folder."""
_NEAR, _OF_NEEDED = 2, 4
"""With so many columns missing at most, and one in so many, a file is told what it lacks of the nearest profile."""
_NAMED = 3
_MEND = (
    "name the profile (`--profile`, or in a plan `{files: ..., profile: ...}`), or draft one with "
    "`yoc intake profile new`"
)


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
    """Profiles by name. ``faults`` are those of a workspace's own profiles that could not be read."""

    by_name: Mapping[str, KnownProfile]
    faults: tuple[Finding, ...] = ()

    @property
    def warnings(self) -> list[Finding]:
        """The faults, as they are told where nothing that is read needs the profiles that have them."""
        return [replace(fault, level=Level.WARNING) for fault in self.faults]

    def named(self, name: str, file: str = "") -> KnownProfile:
        """The profile of a name. Raises ``FindingsError`` where there is none, or it has faults."""
        own = [fault for fault in self.faults if fault.file == f"{LOCAL_FOLDER}/{name}.yaml"]
        if own:
            raise FindingsError(own)
        if name in self.by_name:
            return self.by_name[name]
        message, mend = f"there is no profile `{name}`", f"the profiles are {', '.join(sorted(self.by_name))}"
        raise FindingsError([Finding("PROFILE-UNKNOWN", Level.SUBMISSION, message, mend, file)])

    def for_file(self, path: Path, file: str, kinds: Iterable[str] = ()) -> KnownProfile:
        """The profile that reads a file, whatever form it has, by its headers, as ``for_headers``.

        No more of it is read than that takes. Raises ``FindingsError`` where it cannot be opened or has no headers too.
        """
        wanted = tuple(kinds)
        layouts = [known.profile.layout for known in self._of_kinds(wanted)]
        header = read_header(path, file, lambda cells: names_known(layouts, cells))
        return self.for_headers(header.cells, file, wanted, header.row)

    def _of_kinds(self, kinds: Sequence[str]) -> list[KnownProfile]:
        return [each for each in self.by_name.values() if not kinds or each.profile.kind in kinds]

    def for_headers(
        self, headers: Sequence[str], file: str, kinds: Iterable[str] = (), header_row: int = 1
    ) -> KnownProfile:
        """The profile that reads a file with these headers: of those that need no column more, the one that needs most.

        ``kinds`` are the kinds of profile that will do (all, where none is given). Raises ``FindingsError`` where none
        fits, with what the nearest ones lack; where several fit alike; and where one of the package and one of the
        workspace fit, however well: taken silently, either could charge months beside those that it restates.
        """
        fits = [_Fit.of(each, headers) for each in self._of_kinds(tuple(kinds))]
        whole = sorted((fit for fit in fits if not fit.missing), key=lambda fit: fit.rank, reverse=True)
        if not whole:
            if plan_key := _key_of_plan(headers):
                message = f"its headers are those of a plan's `{plan_key}`, which no profile reads"
                mend = f"name it in a plan, as `inputs: {{{plan_key}: {file}}}`; `yoc reconcile` reads it there"
                raise FindingsError(
                    [Finding("PROFILE-UNKNOWN", Level.SUBMISSION, message, mend, file, header_row or None)]
                )
            raise FindingsError([*_nearest(fits, file, header_row or None), *self.faults])
        if rivals := _rivals(whole):
            message = f"its headers fit the profiles {', '.join(rivals)} alike"
            if len({fit.known.built_in for fit in whole if fit.known.profile.profile in rivals}) > 1:
                message = f"its headers fit profiles of the package and of this workspace: {', '.join(rivals)}"
            raise FindingsError(
                [Finding("PROFILE-UNKNOWN", Level.SUBMISSION, message, _MEND, file, header_row or None)]
            )
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


def _key_of_plan(headers: Sequence[str]) -> str:
    """Which file of a plan has these headers, of those that no profile reads; the one that needs most of them."""
    fits = [
        (len(layout.fields) - len(layout.optional), key)
        for key, layout in OF_PLAN.items()
        if not layout.match(list(headers))[1]
    ]
    return max(fits)[1] if fits else ""


def _rivals(whole: Sequence[_Fit]) -> list[str]:
    """The profiles between which headers do not decide, of those that fit, best first; none where one does.

    A profile of another kind is no rival of a better one: no plan takes the one for the other.
    """
    first = whole[0]
    alike = [fit for fit in whole if fit.rank == first.rank]
    of_kind = [fit for fit in whole if fit.known.profile.kind == first.known.profile.kind]
    other = [fit for fit in of_kind if fit.known.built_in != first.known.built_in][:1]
    rivals = sorted({fit.known.profile.profile for fit in [*alike, *other]})
    return rivals if len(rivals) > 1 else []


def _nearest(fits: Sequence[_Fit], file: str, row: int | None) -> list[Finding]:
    """What a file lacks of the nearest profile, where one is near; else which are nearest, and that none will do."""
    near = sorted(fits, key=lambda fit: (len(fit.missing), -fit.met))
    first = near[0]
    columns = first.known.profile.columns
    alone = len(near) == 1 or len(near[1].missing) > len(first.missing)
    if alone and len(first.missing) <= _NEAR and _OF_NEEDED * len(first.missing) <= first.needed:
        mend = f"of the profiles {first.known.profile.profile} is nearest; compare the header row with it, or {_MEND}"
        message = missing_columns([columns[field].names[0] for field in first.missing])
        return [Finding("COLUMN-MISSING", Level.SUBMISSION, message, mend, file, row)]
    said = "; ".join(
        f"{fit.known.profile.profile} lacks "
        + ", ".join(fit.known.profile.columns[field].names[0] for field in fit.missing[:_NAMED])
        + (f" and {len(fit.missing) - _NAMED} more" if len(fit.missing) > _NAMED else "")
        for fit in sorted(fits, key=lambda fit: (-fit.met, len(fit.missing)))[:_NAMED]
    )
    message = f"no profile fits its headers; the nearest: {said}"
    mend = f"{_MEND}; headers are looked for in the first {HEADER_WITHIN} rows, so take titles above them out"
    return [Finding("PROFILE-UNKNOWN", Level.SUBMISSION, message, mend, file, row)]


@cache
def built_in_profiles() -> ProfileSet:
    """The profiles of the package, which are read once: a folder of files asks for them once a file."""
    folder = resources.files("yoc.intake").joinpath("profiles")
    texts = {
        entry.name: entry.read_text(encoding="utf-8")
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(".yaml")
    }
    known = [_known(text, name, name.removesuffix(".yaml"), built_in=True) for name, text in texts.items()]
    return ProfileSet(MappingProxyType({each.profile.profile: each for each in known}))


def read_profiles(root: Path | None) -> ProfileSet:
    """The profiles of the package and those under `profiles/` of a workspace, with every fault of those.

    One that has the name of a built-in one has a fault, since a plan would not say which of the two it means. Whether
    a fault stops anything is for the reader to say: a run, always; a look at a file, where the file needs the profile.
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
            continue
        local[known.profile.profile] = known
    return ProfileSet({**built_in, **local}, tuple(findings))


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
