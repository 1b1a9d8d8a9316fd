"""A PostgreSQL server for tests: made anew, on the loopback address, started and stopped as a test wants it."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Server:
    """A server with its data in a folder of its own."""

    programs: Path
    place: Path
    port: int

    @property
    def url(self) -> str:
        return f"postgresql://yoc@127.0.0.1:{self.port}"

    def run(self, program: str, *arguments: object) -> None:
        command = [str(self.programs / program), *(str(argument) for argument in arguments)]
        done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=self.place, **_user())
        assert done.returncode == 0, done.stdout + done.stderr

    def start(self) -> None:
        options = f"-c listen_addresses=127.0.0.1 -c port={self.port} -c unix_socket_directories='' -c fsync=off"
        # What the server says goes to a file; a pipe would stay open as long as it runs.
        self.run("pg_ctl", "-D", self.place / "data", "-l", self.place / "log", "-w", "-o", options, "start")

    def stop(self) -> None:
        """As if the machine had stopped: nothing is ended well."""
        self.run("pg_ctl", "-D", self.place / "data", "-m", "immediate", "-w", "stop")


@contextmanager
def running_server() -> Iterator[Server]:
    """An empty server. Whoever uses it leaves it running."""
    programs = _programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed: no initdb in /usr/lib/postgresql/*/bin nor on the path")
    # pytest's own folders are closed to other users, so the server's lie beside them.
    place = Path(tempfile.mkdtemp(prefix="postgresql-of-tests-"))
    user = _user()
    if user:
        os.chown(place, user["user"], user["group"])
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        server = Server(programs, place, probe.getsockname()[1])
    server.run("initdb", "-D", place / "data", "-U", "yoc", "--auth=trust", "--encoding=UTF8", "--no-sync")
    server.start()
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(place, ignore_errors=True)


def _programs() -> Path | None:
    """The folder of the newest PostgreSQL of this machine."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


def _user() -> dict[str, object]:
    """PostgreSQL refuses to run as root; its own user, or failing that the one who owns nothing, runs it then."""
    if os.name == "nt" or os.geteuid() != 0:
        return {}
    import pwd  # Not there on Windows.

    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = names.get("postgres") or names["nobody"]
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
