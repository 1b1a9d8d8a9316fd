"""Where a run lies: found by its folder, its name, or the beginning of its name."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yoc.core.findings import refusal
from yoc.workflow.plan_inputs import Workspace, is_outside

MANIFEST = "manifest.json"


@dataclass(frozen=True)
class RunPlace:
    """A run's folder in its workspace: ``reconciliation/YEAR/CONTRACT/runs/RUN``."""

    root: Path
    folder: Path

    @property
    def run_id(self) -> str:
        """The run's name, which is that of its folder."""
        return self.folder.name

    @property
    def contract_folder(self) -> Path:
        """The folder of the contract's year, which holds the plan and the runs."""
        return self.folder.parent.parent

    @property
    def plan_path(self) -> Path:
        """The plan that the run was settled from, as it is now: where the manifest says, or beside the runs.

        Raises ``FindingsError`` where the manifest is none.
        """
        paths = self.manifest().get("document_paths")
        name = paths.get("plan") if isinstance(paths, dict) else None
        beside = self.contract_folder / "plan.yaml"
        return self.root / name if isinstance(name, str) and not is_outside(name) else beside

    @property
    def report_folder(self) -> Path:
        """Where the run's statements are, unless they were taken away."""
        return self.root / "reports" / self.contract_folder.relative_to(self.root / "reconciliation") / self.run_id

    @property
    def shown(self) -> str:
        """The folder as it is named in the workspace."""
        return self.folder.relative_to(self.root).as_posix()

    def manifest(self) -> dict[str, Any]:
        """The run's manifest. Raises ``FindingsError`` where it is no manifest."""
        try:
            return dict(json.loads((self.folder / MANIFEST).read_text(encoding="utf-8")))
        except (ValueError, RecursionError):
            raise refusal("FILE-UNREADABLE", "the file is not the manifest of a run", "", self.shown) from None


def find_run(text: str, directory: Path) -> RunPlace:
    """The run that a text names: its folder, its name, or enough of its beginning for there to be one.

    ``directory`` is the workspace in which names are looked for. Raises ``FindingsError`` where there is none such, or
    more than one.
    """
    folder = Path(text)
    if (folder / MANIFEST).is_file():
        resolved = folder.resolve()
        return RunPlace(Workspace.around(resolved).root, resolved)
    root = directory.resolve()
    there = sorted(path.parent for path in (root / "reconciliation").glob(f"*/*/runs/*/{MANIFEST}"))
    found = [path for path in there if text and path.name.startswith(text)]
    found = [path for path in found if path.name == text] or found
    if len(found) == 1:
        return RunPlace(root, found[0])
    said = "more than one run has a name that begins so" if found else "there is no such run"
    names = ", ".join(path.name for path in (found or there)[-10:])
    mend = f"name a run's folder, or its name; {'those are' if found else 'the runs here are'}: {names}"
    if not there:
        mend = "there are no runs in this folder: name the workspace that holds them (--directory), or the run's folder"
    raise refusal("RUN-UNKNOWN", f"{text!r}: {said}", mend)
