"""How long a whole process takes and how much memory it holds: what every benchmark of the project measures with."""

import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median_low

ROOT = Path(__file__).resolve().parent.parent
BENCH = ROOT / "data/bench"
"""Everything that benchmarks make lies here, so that it can be deleted at once and is never in version control."""
RESULTS = ROOT / "benchmarks/results"
YOC = (sys.executable, "-m", "yoc")
"""The program as a command of the interpreter that measures, wherever it is installed."""
_STARTED = (sys.executable, "-I", "-S", str(ROOT / "benchmarks/started.py"))
_LOOK_SECONDS = 0.05


@dataclass(frozen=True)
class Measured:
    """What one process took, with the processes that it started, those that it did not wait for too.

    Memory is the most that was resident at once: of the process itself as the system counts it, or, where it started
    others, of all of them together, looked at twenty times a second (memory that they share counts for each).
    """

    wall_seconds: float
    processor_seconds: float
    peak_mebibytes: int


def measure(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Measured:
    """Run a command to its end, with more in its environment where that is given.

    Raises ``SystemExit`` with the end of what the command said where it fails: a broken way has no time.
    """
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as said_file:
        result = Path(folder) / "took.json"
        process = subprocess.Popen(  # noqa: S603 - commands of ours alone
            [*_STARTED, str(result), *command],
            stdout=subprocess.DEVNULL,
            stderr=said_file,
            cwd=ROOT,
            env={**os.environ, **(environment or {})},
        )
        with _Watched(process.pid) as watched:
            failed = process.wait()
        if failed:
            said_file.seek(0)
            said = said_file.read().decode(errors="replace")
            sys.exit(f"{' '.join(command[:4])} failed: {said[-2000:]}")
        wall, processor, kibibytes = json.loads(result.read_text(encoding="utf-8"))
    return Measured(wall, processor, max(kibibytes // 1024, watched.together_mebibytes))


def middle(rounds: int, prepare: Callable[[], None], command: Sequence[str]) -> Measured:
    """The round in the middle by wall time; ``prepare`` is run before each and not measured."""
    taken = []
    for _ in range(rounds):
        prepare()
        taken.append(measure(command))
    wall = median_low([each.wall_seconds for each in taken])
    return next(each for each in taken if each.wall_seconds == wall)


def clear(folder: Path) -> None:
    """Take a folder away with all that is in it; nothing where it is not there."""
    shutil.rmtree(folder, ignore_errors=True)


def machine() -> str:
    """The machine in words: its processor, its cores, its memory and its system."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()}"


def _processor() -> str:
    facts = Path("/proc/cpuinfo")
    if facts.is_file():
        for line in facts.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.machine()


class _Watched:
    """The memory of a process and all that it started, looked at from the side while it runs (Linux alone)."""

    def __init__(self, process: int) -> None:
        self.together_mebibytes = 0
        self._process = process
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> "_Watched":
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._ended.wait(_LOOK_SECONDS):
            family = _family(self._process)[1:]  # Without the one that starts it.
            if len(family) > 1:
                self.together_mebibytes = max(self.together_mebibytes, sum(map(_resident_mebibytes, family)))


def _family(process: int) -> list[int]:
    """A process and all that it started, and those started in turn."""
    found = [process]
    for each in found:
        try:
            for task in Path(f"/proc/{each}/task").iterdir():
                found += [int(child) for child in (task / "children").read_text(encoding="ascii").split()]
        except OSError:
            continue  # It has ended since, or the system shows no such thing.
    return found


def _resident_mebibytes(process: int) -> int:
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    except (OSError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") // 2**20
