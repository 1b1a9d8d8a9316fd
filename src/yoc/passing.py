"""Folders that pass: for what a command writes on its way. Gone when it ends; left by one that was killed, the next
removes them.

What lies in them may be about people, so that none is left behind for good.
"""

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

_NAME = "yoc"


@contextmanager
def passing_folder(parent: Path, name: str) -> Iterator[Path]:
    """A new folder in another, and a lock beside it that says whether whoever made it still lives.

    Those of the same name whose maker has died are removed first. Raises ``OSError`` where nothing can be written.
    """
    remove_left_behind(parent, name)
    folder = parent / f"{name}-{uuid.uuid4().hex[:12]}"
    lock = FileLock(folder.with_name(f"{folder.name}.lock"), timeout=0, thread_local=False)
    # The lock comes first: a folder without one would be nobody's, and stay.
    with lock:
        folder.mkdir(mode=0o700)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    with suppress(OSError):
        Path(lock.lock_file).unlink(missing_ok=True)


@contextmanager
def passing_files_together() -> Iterator[None]:
    """While it lasts, every passing file of this program, those of its libraries too, lies in one folder that passes.

    Where no such folder can be made, they lie where the system puts them: most commands need none.
    """
    before = tempfile.tempdir
    try:
        made = passing_folder(Path(tempfile.gettempdir()), _NAME)
        folder = made.__enter__()
    except (OSError, NotImplementedError):
        yield
        return
    tempfile.tempdir = str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = before
        made.__exit__(None, None, None)


def remove_left_behind(parent: Path, name: str) -> None:
    """Remove the passing folders of a name whose makers have died, where this user made them."""
    for lock in parent.glob(f"{name}-*.lock"):
        # Somebody else's, still alive, or just gone: not ours to remove.
        with suppress(OSError, Timeout):
            if not _is_ours(lock):
                continue
            with FileLock(lock, timeout=0):
                left = lock.with_suffix("")
                if left.is_dir() and _is_ours(left):
                    shutil.rmtree(left)
            lock.unlink(missing_ok=True)


def _is_ours(path: Path) -> bool:
    """Whether this user made it. The folder of passing files is open to all users of a machine."""
    return not hasattr(os, "geteuid") or path.lstat().st_uid == os.geteuid()
