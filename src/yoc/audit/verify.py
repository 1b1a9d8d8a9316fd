"""Whether a run is what was recorded: steps that each hold, differ or cannot be told, and what they come to."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import zip_longest
from typing import Any

from yoc.audit.differences import NOTHING, Difference, differing
from yoc.audit.evidence import manifest_totals
from yoc.audit.run_manifest import MANIFEST, RunManifest, json_text
from yoc.core.identifiers import run_id, sha256_bytes
from yoc.core.periods import FinancialYear
from yoc.intake.zip_entries import is_clutter

SETTLEMENT = "settlement.json"
_MOST = 10
"""How many differing figures are named."""


class Mark(StrEnum):
    """What a step found."""

    HOLDS = "holds"
    DIFFERS = "differs"
    UNTOLD = "cannot be told"


@dataclass(frozen=True)
class Step:
    """One thing that was looked at: what was found, in a line, and the particulars.

    Where ``decides`` is false, the run is verified whatever the step found. Where it is true, ``must_be_told`` says
    whether a step that cannot be told keeps the run from being verified.
    """

    name: str
    mark: Mark
    said: str
    details: tuple[str, ...] = ()
    decides: bool = True
    must_be_told: bool = False

    @property
    def fails(self) -> bool:
        """Whether it keeps the run from being verified."""
        untold = self.mark is Mark.UNTOLD and self.must_be_told
        return self.decides and (self.mark is Mark.DIFFERS or untold)


@dataclass(frozen=True)
class Named:
    """A file that a run was made from: what it is to the run, its path in the workspace, its hash.

    ``path`` is empty where nothing says where it lies.
    """

    role: str
    path: str
    sha256: str

    @property
    def shown(self) -> str:
        """As a reader knows it."""
        return f"{self.role} ({self.path})" if self.role and self.path else self.role or self.path


def folder_step(
    name: str, manifest: RunManifest, hashes: Mapping[str, str], settlement: Any, same_program: bool
) -> Step:
    """A run's folder against its manifest, and the run's name against what it was made from.

    ``hashes`` has every file of the folder but the manifest. ``settlement`` is the content of its file, where it can be
    read.
    """
    named = manifest.fields.files
    faults = [
        f"{file} is not there" if file not in hashes else f"{file} is not as it was written"
        for file, sha256 in named.items()
        if hashes.get(file) != sha256
    ]
    others = sorted(file for file in hashes if file not in named)
    faults += [f"{file} is there, and the manifest does not name it" for file in others if not is_clutter(file)]
    faults += list(_manifest_faults(name, manifest))
    if SETTLEMENT not in named:
        faults.append(f"the manifest does not name {SETTLEMENT}")
    elif hashes.get(SETTLEMENT) == named[SETTLEMENT]:
        faults += list(_total_faults(manifest, settlement, same_program))
    if faults:
        return Step(
            "Folder",
            Mark.DIFFERS,
            f"{_count(len(faults), 'thing')} {'is' if len(faults) == 1 else 'are'} not as the run was written.",
            tuple(faults),
        )
    details = tuple(f"{file} is no part of the run: a program left it there" for file in others)
    said = f"{len(named) + 1} files are there, as they were written; the run's name follows from what it was made from."
    return Step("Folder", Mark.HOLDS, said, details)


def _manifest_faults(name: str, manifest: RunManifest) -> Iterable[str]:
    recorded = manifest.fields.run_id
    if recorded != name:
        yield f"the folder is named {name}, and the manifest is of the run {recorded}"
    try:
        made = _name_made(manifest)
        spelled = json_text(manifest.raw).encode("utf-8")
    except (ValueError, TypeError):
        yield f"{MANIFEST} holds what no run writes"
        return
    if made != recorded:
        yield f"{MANIFEST}: the run's name does not follow from what it was made from, which gives {made}"
    if spelled != manifest.content:
        yield f"{MANIFEST} is not spelled as a run writes it"


def _name_made(manifest: RunManifest) -> str:
    return run_id(FinancialYear.parse(manifest.fields.run_id[:7]), manifest.raw["made_from"])


def name_follows(manifest: RunManifest) -> bool:
    """Whether a manifest's name of the run follows from what it says that the run was made from."""
    try:
        return _name_made(manifest) == manifest.fields.run_id
    except (ValueError, TypeError):
        return False


def _total_faults(manifest: RunManifest, settlement: Any, same_program: bool) -> Iterable[str]:
    try:
        made = manifest_totals(settlement)
    except (KeyError, TypeError):
        yield f"{SETTLEMENT} is no settlement"
        return
    for part, values in made.items():
        recorded = manifest.raw.get(part)
        if not same_program and isinstance(values, dict) and isinstance(recorded, dict):
            # Another version may count more or less.
            both = [key for key in values if key in recorded]
            found = differing({key: recorded[key] for key in both}, {key: values[key] for key in both}, part)
        else:
            found = differing(recorded, values, part)
        for difference in found:
            yield f"{MANIFEST}: {difference.path} is {difference.recorded}, and {SETTLEMENT} has {difference.now}"


UNCHANGED, MISSING, CHANGED, OUTSIDE, UNREADABLE = "unchanged", "is not there", "has changed", "leads out", "unreadable"
_SAID = {
    MISSING: "is not there",
    CHANGED: "has changed since the run",
    OUTSIDE: "leads out of the workspace",
    UNREADABLE: "cannot be read",
}


def inputs_step(
    inputs: Sequence[Named], documents: Sequence[Named], look: Callable[[Named, bool], str],
    lines: Callable[[Named], Sequence[str]] = lambda _: (),
) -> Step:  # fmt: skip
    """Every input and document as it was. ``look`` says what has become of one; its second argument is whether it is a
    document, of which line ends do not count. ``lines`` says which lines of a document that has changed did.
    """
    found = [(each, look(each, False)) for each in inputs] + [(each, look(each, True)) for each in documents]
    unplaced = [each for each in documents if not each.path]
    faults = [(each, state) for each, state in found if state != UNCHANGED and each not in unplaced]
    if faults:
        details: list[str] = []
        for each, state in faults:
            own = lines(each) if state == CHANGED and each in documents else ()
            details += [f"{each.shown} {_SAID[state]}", *(f"  {line}" for line in own)]
        said = f"{len(faults)} of {len(found)} files that the run was made from are not as they were."
        return Step("Inputs", Mark.DIFFERS, said, tuple(details))
    if unplaced:
        said = "the run does not say where its documents lie, and its plan does not lead to them."
        return Step("Inputs", Mark.UNTOLD, said, tuple(each.shown for each in unplaced), must_be_told=True)
    said = f"{_count(len(inputs), 'input')} and {_count(len(documents), 'document')} are there, unchanged."
    return Step("Inputs", Mark.HOLDS, said)


def program_step(manifest: RunManifest, program: Mapping[str, Any]) -> Step:
    """The program that made the run against the one that verifies it. A difference decides nothing by itself."""
    recorded = manifest.fields.made_from
    if recorded.code == program["code"] and recorded.sql == program["sql"] and recorded.software == program["software"]:
        said = f"{recorded.software}, the program that made the run, to the letter."
        return Step("Program", Mark.HOLDS, said, decides=False)
    sql = program["sql"]
    steps = [name for name in sorted({*sql, *recorded.sql}) if sql.get(name) != recorded.sql.get(name)]
    details = tuple(f"{name} {_sql_said(name, recorded.sql, sql)}" for name in steps)
    if recorded.code != program["code"]:
        details += ("the Python code is another",)
    said = f"the run was made by {recorded.software}, and this is {program['software']} with other code."
    return Step("Program", Mark.DIFFERS, said, details, decides=False)


def _sql_said(name: str, recorded: Mapping[str, str], now: Mapping[str, str]) -> str:
    if name not in now:
        return "is no longer there"
    return "is another" if name in recorded else "is new"


@dataclass(frozen=True)
class Figures:
    """The step of the figures, and the first of those that differ."""

    step: Step
    differences: tuple[Difference, ...] = ()


def figures_step(
    recorded: Mapping[str, bytes],
    named: Iterable[str],
    now: Mapping[str, bytes],
    notes: Sequence[str],
    same_program: bool,
) -> Figures:
    """The files of evidence as recorded against those that were made again from the inputs.

    ``recorded`` are the files that are in the folder, ``named`` those that the manifest names. By the same program
    every byte is compared; by another, every figure of the settlements that the recorded ones have.
    """
    told = [*notes]
    differences: list[Difference] = []
    faults: list[str] = []
    known = {*named, MANIFEST}
    for file in sorted({*now, *known}):
        if file not in now or file not in known:
            said = "is not made any more" if file in known else "is made now, and the run does not have it"
            (faults if same_program else told).append(f"{file} {said}")
        elif file in recorded and recorded[file] != now[file]:
            found, also = _compared(file, recorded[file], now[file], same_program)
            differences += found
            told += also
    if faults or differences:
        shown = [*(difference.text for difference in differences[:_MOST]), *faults]
        more = len(differences) - _MOST
        shown += [f"and {more} more"] if more > 0 else []
        said = (
            f"made again from its inputs, the run is another: {_count(len(differences) + len(faults), 'difference')}."
        )
        return Figures(Step("Figures", Mark.DIFFERS, said, (*shown, *told), must_be_told=True), tuple(differences))
    said = (
        f"made again from its inputs, every byte of {len(now)} files is the same."
        if same_program
        else "the figures are the same by this version of the program."
    )
    return Figures(Step("Figures", Mark.HOLDS, said, tuple(told), must_be_told=True))


def _compared(file: str, recorded: bytes, now: bytes, same_program: bool) -> tuple[list[Difference], list[str]]:
    """What differs in one file: what counts as a difference, and what is only told of another program."""
    if file in (SETTLEMENT, "beside.json") or (file == MANIFEST and same_program):
        try:
            before, after = json.loads(recorded), json.loads(now)
        except (ValueError, RecursionError):
            return [Difference(file, "no JSON", "JSON")], []
        found = list(differing(before, after, "" if file == SETTLEMENT else file))
        if same_program:
            return found or [Difference(file, "another spelling", "this spelling")], []
        return _by_another_program(file, found)
    if same_program:
        return [_first_line(file, recorded, now)], []
    if recorded.split(b"\n", 1)[0] == now.split(b"\n", 1)[0] and file.endswith(".csv") and "/" not in file:
        return [_first_line(file, recorded, now)], []
    return [], [f"{file} is written otherwise by this version of the program"] if file != MANIFEST else []


def _by_another_program(file: str, found: Sequence[Difference]) -> tuple[list[Difference], list[str]]:
    """What another version says beside figures, or says in addition, is no difference of figures."""
    prefix = "" if file == SETTLEMENT else f"{file}."
    aside = tuple(f"{prefix}{part}" for part in ("software", "findings", "rejects", "format"))
    counting = [each for each in found if not each.path.startswith(aside)]
    added = [each for each in counting if each.recorded == NOTHING and not each.path.endswith("]")]
    told = []
    if any(each.path.startswith(f"{prefix}findings") for each in found):
        told.append(f"{file}: this version of the program tells other findings")
    if added:
        told.append(
            f"{file}: this version of the program writes {_count(len(added), 'value')} that the run does not have"
        )
    return [each for each in counting if each not in added], told


def _first_line(file: str, recorded: bytes, now: bytes) -> Difference:
    """The first line in which two texts differ; not what it holds, which may be long."""
    pairs = zip_longest(recorded.split(b"\n"), now.split(b"\n"))
    number = next(number for number, (before, after) in enumerate(pairs, 1) if before != after)
    return Difference(f"{file}:{number}", "another line", "this line")


def statements_step(
    made: Mapping[str, bytes], found: Mapping[str, bytes] | None, same_program: bool, folder: str
) -> Step:
    """The statements in ``reports`` against what the settlement gives; ``found`` is ``None`` where all are gone."""
    if found is None:
        said = f"they were taken away; `yoc reconcile` of the plan writes them again into {folder}."
        return Step("Statements", Mark.UNTOLD, said)
    changed = [name for name, content in made.items() if name in found and found[name] != content]
    notes = [f"{name} is not there" for name in made if name not in found]
    notes += [f"{name} is no statement of the run" for name in sorted({*found} - {*made}) if not is_clutter(name)]
    if changed and same_program:
        said = f"not as the settlement gives them: {_count(len(changed), 'statement')}."
        return Step("Statements", Mark.DIFFERS, said, (*(f"{name} was changed" for name in changed), *notes))
    if changed:
        said = f"{_count(len(changed), 'statement')} written otherwise by this version of the program."
        return Step("Statements", Mark.UNTOLD, said, (*changed, *notes))
    there = sum(name in found for name in made)
    return Step("Statements", Mark.HOLDS, f"{there} are what the settlement gives, byte for byte.", tuple(notes))


def sum_up(run: str, steps: Sequence[Step], way: str) -> str:
    """What the steps come to, in a line. ``way`` says how the run was looked at."""
    failing = [step for step in steps if step.fails]
    if failing:
        by_mark = {mark: [step.name for step in failing if step.mark is mark] for mark in (Mark.DIFFERS, Mark.UNTOLD)}
        parts = [f"{mark.value.capitalize()}: {', '.join(names)}." for mark, names in by_mark.items() if names]
        return f"NOT verified: {run}. {' '.join(parts)}"
    untold = [step.name for step in steps if step.mark is Mark.UNTOLD]
    rest = f" What cannot be told: {', '.join(untold)}." if untold else ""
    other = any(step.name == "Program" and step.mark is Mark.DIFFERS for step in steps)
    return f"Verified{' by another version of the program' if other else ''}: {run} {way}.{rest}"


def is_verified(steps: Iterable[Step]) -> bool:
    """Whether no step keeps the run from being verified."""
    return not any(step.fails for step in steps)


def hash_all(contents: Mapping[str, bytes]) -> dict[str, str]:
    """The hash of each file."""
    return {name: sha256_bytes(content) for name, content in contents.items()}


def _count(number: int, what: str) -> str:
    """
    >>> _count(1, "input"), _count(2, "input"), _count(0, "input")
    ('1 input', '2 inputs', '0 inputs')
    """
    return f"{number:,} {what}{'' if number == 1 else 's'}"
