"""Starts one process, waits for it, and writes what it took: a small process, so that its own memory hides nothing.

    python -I -S benchmarks/started.py RESULT.json COMMAND...

The system counts a process's memory from that of the one that started it on: started by a large one, a small one
would seem as large.
"""

import json
import os
import sys
import time


def main() -> None:
    """Start, wait, write; the exit code is that of the command."""
    target, *command = sys.argv[1:]
    start = time.perf_counter()
    process = os.posix_spawnp(command[0], command, os.environ)
    _, status, usage = os.wait4(process, 0)
    took = [time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss]
    with open(target, "w", encoding="utf-8") as stream:  # noqa: PTH123 - `pathlib` is memory that would be counted
        json.dump(took, stream)
    sys.exit(os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
