"""Keys in files: read, checked, and made. A key is never written elsewhere, printed, logged or kept in a finding."""

import os
import secrets
import stat
from dataclasses import dataclass, field
from pathlib import Path

from yoc.core.findings import refusal
from yoc.core.identifiers import key_check_value

FEWEST_KEY_BYTES = 32
_FEWEST_DIFFERENT_BYTES = 8
_MOST_KEY_BYTES = 64_000
MAKE_A_KEY = "make one with `openssl rand -hex 32 > key.txt`, and keep it where only those may read it who need it"


@dataclass(frozen=True)
class Key:
    """The secret, which never shows itself; and what to say of how it is kept."""

    secret: bytes = field(repr=False)
    warning: str = ""

    @property
    def check_value(self) -> str:
        """Eight digits by which two organisations see that their keys are the same."""
        return key_check_value(self.secret)


def read_key_file(path: Path) -> Key:
    """The key of a file. Raises ``FindingsError`` where it is not there, or weak."""
    if not path.is_file():
        raise refusal("KEY-INVALID", "the key file is not there", "check its name and folder", path.as_posix())
    if path.stat().st_size > _MOST_KEY_BYTES:
        raise refusal("KEY-INVALID", "the file is too long to be a key", "name the key's own file", path.as_posix())
    warning = ""
    # Windows keeps who may read a file elsewhere, and says of every file that everybody may.
    if os.name != "nt" and path.stat().st_mode & stat.S_IROTH:
        warning = f"{path.as_posix()} can be read by everybody on this machine: `chmod 600` it"
    return checked_key(path.read_bytes().rstrip(b"\r\n"), warning)


def checked_key(secret: bytes, warning: str = "") -> Key:
    """A key that is long enough, and no repetition. Raises ``FindingsError`` where it is not."""
    if len(secret) < FEWEST_KEY_BYTES or len({*secret}) < _FEWEST_DIFFERENT_BYTES:
        message = f"the key is too weak: it has under {FEWEST_KEY_BYTES} bytes, or repeats a few of them"
        raise refusal("KEY-INVALID", message, MAKE_A_KEY)
    return Key(secret, warning)


def make_key_file(path: Path) -> Key:
    """Write 32 random bytes, as hexadecimal digits, to a new file that its owner alone may read.

    Raises ``FindingsError`` where a file of that name is there, or its folder is not.
    """
    if not path.parent.is_dir():
        mend = "make the folder first, or name another"
        raise refusal("FILE-MISSING", f"the folder {path.parent.as_posix()} is not there", mend)
    text = secrets.token_hex(32)
    try:
        # It is made closed to others, and not closed after it was made.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        mend = "name another file: a key is never written over"
        raise refusal("FILE-EXISTS", "a file of this name is there", mend, path.as_posix()) from None
    with os.fdopen(handle, "w", encoding="ascii", newline="\n") as stream:
        stream.write(f"{text}\n")
    return checked_key(text.encode("ascii"))
