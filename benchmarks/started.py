"""Starts one process, waits for it, and writes what it took: a small process, so that its own memory hides nothing.

    python -I -S benchmarks/started.py RESULT.json COMMAND...

The system counts a process's memory from that of the one that started it on: started by a large one, a small one
would seem as large. What the process leaves behind when it ends, as Python leaves Java, is waited for and counted too
(Linux alone).
"""

import ctypes
import json
import os
import resource
import sys
import time


def main() -> None:
    """Start, wait, write; the exit code is that of the command."""
    target, *command = sys.argv[1:]
    start = time.perf_counter()
    process = os.posix_spawnp(command[0], command, os.environ)
    adopt_orphans()
    _, status = os.waitpid(process, 0)
    wall_seconds = time.perf_counter() - start
    wait_for_orphans()
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    took = [wall_seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss]
    with open(target, "w", encoding="utf-8") as stream:  # noqa: PTH123 - `pathlib` is memory that would be counted
        json.dump(took, stream)
    sys.exit(os.waitstatus_to_exitcode(status))


def adopt_orphans() -> None:
    """Ask the system that what the process leaves behind becomes a child of this one; nothing where it cannot."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, 1)


_SET_CHILD_SUBREAPER = 36


def wait_for_orphans() -> None:
    """Wait for what the process left behind: the system counts only those that were waited for.

    Raises ``SystemExit`` where something is left for a minute: what it takes is not known.
    """
    end = time.monotonic() + _PATIENCE_SECONDS
    try:
        while time.monotonic() < end:
            if not os.waitpid(-1, os.WNOHANG)[0]:
                time.sleep(0.02)
    except ChildProcessError:
        return
    sys.exit("the process left another one running")


_PATIENCE_SECONDS = 60


if __name__ == "__main__":
    main()
