"""A run's folder as it lies there, read for those who check it: it may be damaged, or may have been changed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from yoc.audit import program_hashes
from yoc.audit.run_manifest import MANIFEST, RunManifest, read_manifest
from yoc.audit.verify import SETTLEMENT, Step, folder_step, hash_all
from yoc.workflow.run_place import RunPlace


@dataclass(frozen=True)
class OpenedRun:
    """A run's folder read: its manifest, the files that the manifest names, and the hash of every file."""

    place: RunPlace
    manifest: RunManifest
    contents: Mapping[str, bytes]
    hashes: Mapping[str, str]

    @cached_property
    def program(self) -> Mapping[str, Any]:
        """The program that runs now, by hash."""
        return program_hashes()

    @property
    def same_program(self) -> bool:
        """Whether the program that made the run is this one."""
        recorded = self.manifest.raw["made_from"]
        return all(recorded[name] == value for name, value in self.program.items())

    @cached_property
    def settlement(self) -> Any:
        """The content of the settlement, where the file is the one that the manifest names; else nothing."""
        named = self.manifest.fields.files.get(SETTLEMENT)
        if named is None or self.hashes.get(SETTLEMENT) != named:
            return None
        try:
            return json.loads(self.contents[SETTLEMENT])
        except (ValueError, RecursionError):
            return None

    @property
    def step(self) -> Step:
        """The folder against its manifest."""
        return folder_step(self.place.run_id, self.manifest, self.hashes, self.settlement, self.same_program)


def open_run(place: RunPlace) -> OpenedRun | None:
    """A run's folder; nothing where its manifest is none."""
    manifest = read_manifest((place.folder / MANIFEST).read_bytes())
    if manifest is None:
        return None
    there = {path.relative_to(place.folder).as_posix(): path for path in place.folder.rglob("*") if path.is_file()}
    there.pop(MANIFEST)
    named = manifest.fields.files
    contents = {name: path.read_bytes() for name, path in there.items() if name in named}
    # What the manifest does not name is told by name alone, so it is not read.
    hashes = {**hash_all(contents), **{name: "" for name in there if name not in named}}
    return OpenedRun(place, manifest, contents, hashes)
