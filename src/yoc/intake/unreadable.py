"""A file that cannot be read, as one fault that becomes one finding."""

from collections.abc import Iterator
from contextlib import contextmanager

from yoc.core.findings import Finding, FindingsError, Level


class Unreadable(Exception):
    """A file that cannot be read: what is wrong with it, how to mend it, and the row where it is known."""

    def __init__(self, message: str, mend: str, row: int | None = None):
        super().__init__(message)
        self.message, self.mend, self.row = message, mend, row


@contextmanager
def findings_about(name: str) -> Iterator[None]:
    """Turn what stops the reading of a file into a finding about it, by the name that a user knows it by."""
    try:
        yield
    except Unreadable as fault:
        finding = Finding("FILE-UNREADABLE", Level.SUBMISSION, fault.message, fault.mend, name, fault.row)
        raise FindingsError([finding]) from None
    except OSError as error:
        message = f"the file cannot be opened: {error.strerror or 'it cannot be read'}"
        mend = "see whether it is open in another program, and whether you may read it"
        raise FindingsError([Finding("FILE-UNREADABLE", Level.SUBMISSION, message, mend, name)]) from None
