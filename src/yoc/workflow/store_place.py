"""Where a workspace's store is: a file of its own, unless the environment or `workspace.yaml` names another."""

import datetime as dt
import os
from dataclasses import replace
from pathlib import Path

from yoc.core.fields import Model, Text
from yoc.core.findings import FindingsError, refusal
from yoc.core.located import read_document, read_model
from yoc.store.database import Clock, Store, connect
from yoc.store.migrate import ensure
from yoc.workflow.contract_files import read_text

URL_NAME = "YOC_STORE_URL"
_FILE = "reconciliation/store.sqlite"
_SETTINGS = "workspace.yaml"


class Settings(Model):
    """`workspace.yaml`: what holds for the whole workspace."""

    store: Text | None = None
    """The URL of the store, where it is not the workspace's own file. A password does not belong here."""


def system_clock() -> dt.datetime:
    """The moment it is. Workflows take it as a value, so that tests are exact."""
    return dt.datetime.now(dt.UTC)


def store_of(root: Path, clock: Clock) -> Store:
    """The store of a workspace, whether or not anything is in it.

    The environment's `YOC_STORE_URL` comes first, then `store:` in `workspace.yaml`, then the workspace's own file.
    """
    settings = root / _SETTINGS
    url = os.environ.get(URL_NAME)
    if url or not settings.is_file():
        return connect(url or root / _FILE, clock)
    document = read_document(read_text(settings, _SETTINGS), _SETTINGS)
    if not document.content:
        # What was recorded may be on the server that the file named before; a new store here would hide it.
        mend = "write what holds for the workspace, as `store: URL`, or take the file away"
        raise refusal("FILE-UNREADABLE", "the file says nothing", mend, _SETTINGS)
    named = read_model(document, Settings).store
    try:
        return connect(named or root / _FILE, clock)
    except FindingsError as error:
        raise FindingsError(replace(finding, file=finding.file or _SETTINGS) for finding in error.findings) from None


def open_store(root: Path, clock: Clock, *, to_write: bool = False) -> Store:
    """The store of a workspace, ready to be used; one that is to be written to is laid where there is none.

    Raises ``FindingsError`` where the folder is no workspace, or the store cannot be reached, or is of another version.
    """
    if not (root / "reconciliation").is_dir():
        message = f"{root.as_posix()} is no workspace: it has no folder `reconciliation`"
        raise refusal("FILE-OUTSIDE", message, "stand in the workspace, or name it with --directory")
    store = store_of(root, clock)
    if not to_write and store.is_file and not Path(store.engine.url.database or "").is_file():
        raise refusal("STORE-UNKNOWN", "nothing has been recorded here yet", "settle a plan with `yoc reconcile`")
    ensure(store)
    return store
