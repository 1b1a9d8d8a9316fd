"""A command in a process of its own that dies where it is told to, and says on its way which stage it has reached.

Nothing of the program knows of it: files are watched by Python's own audit events, the store by SQLAlchemy's.
"""

import os
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

WRITING = {"os.rename", "os.mkdir", "os.rmdir", "os.remove", "shutil.rmtree", "open"}
BEFORE, FOLDER, STATEMENTS, POSTING, AFTER = (
    "Starting", "Writing the run's folder", "Writing the folder of statements", "Posting", "After the posting",
)  # fmt: skip


@dataclass(frozen=True)
class Death:
    """When a command dies: at one of its touches of files and store, or after so many seconds of its work, or never."""

    touch: int = 0
    seconds: float = 0.0


NEVER = Death()


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit code (-9 where it was killed), its words, its last stage, its touches, its work."""

    code: int
    said: str
    stage: str
    touches: int
    seconds: float


class Watch:
    """Counts touches of the workspace and the store; the one that is named is the last."""

    def __init__(self, root: Path, last: int, marks: int):
        self.root, self.last, self.marks = str(root), last, marks
        self.touches = 0
        self.stage = BEFORE

    def at(self, stage: str) -> None:
        if stage != self.stage:
            self.stage = stage
            os.write(self.marks, f"stage {stage}\n".encode())

    def touch(self) -> None:
        self.touches += 1
        os.write(self.marks, b"touch\n")
        if self.touches == self.last:
            os.kill(os.getpid(), signal.SIGKILL)

    def audit(self, event: str, arguments: tuple) -> None:
        if event not in WRITING or not isinstance(arguments[0], str | os.PathLike):
            return
        path = os.fspath(arguments[0])
        if not path.startswith(self.root) or "/openpyxl." in path:
            return
        if event == "open" and not (isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)):
            return
        if "/.staging-" in path:
            self.at(STATEMENTS if "/reports/" in path else FOLDER)
        self.touch()

    def statement(self, *arguments: object) -> None:
        if "INSERT INTO postings" in str(arguments[2]):
            self.at(POSTING)
        self.touch()

    def commit(self, *_: object) -> None:
        self.touch()

    def closed(self, *_: object) -> None:
        if self.stage == POSTING:
            self.at(AFTER)
        self.touch()


def watch(root: Path, death: Death, marks: int) -> None:
    """Let this process be watched from here on."""
    from sqlalchemy import Engine, event
    from sqlalchemy.pool import Pool

    from yoc.cli.progress import TerminalProgress

    watched = Watch(root, death.touch, marks)
    shown, write_bytes = TerminalProgress.stage, Path.write_bytes

    @contextmanager
    def stage(self, title, steps):
        watched.at(title)
        with shown(self, title, steps) as step:
            yield step

    def write_in_two(self, content):
        """Half of a file is what a program that dies while it writes leaves."""
        with self.open("wb") as file:
            file.write(content[: len(content) // 2])
            file.flush()
            watched.touch()
            return len(content) // 2 + file.write(content[len(content) // 2 :])

    TerminalProgress.stage = stage
    Path.write_bytes = write_in_two if death.touch >= 0 else write_bytes
    event.listen(Engine, "before_cursor_execute", watched.statement)
    event.listen(Engine, "commit", watched.commit)
    event.listen(Pool, "close", watched.closed)
    sys.addaudithook(watched.audit)


def run(arguments: Sequence[str], root: Path, url: str = "", death: Death = NEVER) -> Ended:
    """Run a command of the program in a copy of this process, which has imported everything already."""
    root.joinpath("passing").mkdir(exist_ok=True)
    said = root.parent / f"{root.name}-said.txt"
    reading, marks = os.pipe()
    started = time.monotonic()
    child = os.fork()
    if child == 0:
        code = 70
        try:
            os.close(reading)
            handle = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(handle, 1)
            os.dup2(handle, 2)
            sys.stdout, sys.stderr = os.fdopen(1, "w", closefd=False), os.fdopen(2, "w", closefd=False)
            tempfile.tempdir = None
            os.environ |= {"TMPDIR": str(root / "passing"), "YOC_BY": "Tester", "COLUMNS": "100"}
            os.environ["YOC_STORE_URL"] = url
            watch(root, death, marks)
            code = call(arguments)
        finally:
            os._exit(code)
    os.close(marks)
    return _ended(child, reading, said, death, started)


def call(arguments: Sequence[str]) -> int:
    from yoc.cli.commands import main

    sys.argv = ["yoc", *arguments]
    try:
        main()
    except SystemExit as left:
        code = left.code if isinstance(left.code, int) else 1
    else:
        code = 0
    sys.stdout.flush()
    sys.stderr.flush()
    return code


def _ended(child: int, reading: int, said: Path, death: Death, started: float) -> Ended:
    worked = 0.0
    while death.seconds:
        # What a process has worked, not how long it took: the machine may be busy with other things.
        worked = time.clock_gettime(~child << 3 | 2)
        if worked >= death.seconds:
            os.kill(child, signal.SIGKILL)
            break
        if os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            break
        time.sleep(0.001)
    with os.fdopen(reading, encoding="utf-8") as stream:
        told = stream.read().splitlines()
    _, status, used = os.wait4(child, 0)
    code = -signal.SIGKILL if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
    stages = [line.removeprefix("stage ") for line in told if line.startswith("stage ")]
    return Ended(
        code,
        said.read_text(encoding="utf-8") if said.is_file() else "",
        stages[-1] if stages else BEFORE,
        told.count("touch"),
        used.ru_utime + used.ru_stime,
    )
