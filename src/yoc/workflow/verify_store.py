"""A run in the store against its folder: the row that names its settlement, its lines and findings, and the journal."""

import json
from collections.abc import Mapping
from typing import Any

from sqlmodel import Session, col, func, select

from yoc.audit.run_manifest import RunManifest
from yoc.audit.verify import SETTLEMENT, Mark, Step
from yoc.core.findings import FindingsError
from yoc.core.identifiers import sha256_bytes
from yoc.store.database import Clock, Store
from yoc.store.runs import rows_of_run
from yoc.store.tables import Run
from yoc.workflow import store_place
from yoc.workflow.run_place import RunPlace
from yoc.workflow.store_care import check_store


def store_step(place: RunPlace, manifest: RunManifest, settlement: bytes | None, clock: Clock) -> Step:
    """What the store says of a run. A workspace without a store, or a store without the run, is said and no failure."""
    try:
        store = store_place.open_store(place.root, clock)
        return _looked_at(store, place, manifest, settlement)
    except FindingsError as error:
        broken = any(finding.code == "STORE-BROKEN" for finding in error.findings)
        said = "; ".join(finding.message for finding in error.findings)
        return Step("Store", Mark.DIFFERS if broken else Mark.UNTOLD, f"{said}.")


def _looked_at(store: Store, place: RunPlace, manifest: RunManifest, settlement: bytes | None) -> Step:
    checked = check_store(store, place.root)
    faults = [finding.message for finding in checked.findings if finding.code != "FILE-CHANGED"]
    with store.session(alone=False) as session:
        run = session.get(Run, place.run_id)
        recorded = run.settlement_sha256 if run else ""
        own = [] if run is None else _of_the_run(session, recorded, manifest, settlement)
    faults += own
    others = sum(finding.code == "FILE-CHANGED" and place.run_id not in finding.message for finding in checked.findings)
    notes = (f"the folders of {others} other runs are not those recorded: yoc store check",) if others else ()
    if faults:
        return Step("Store", Mark.DIFFERS, f"{store.shown} is not what was recorded.", (*faults, *notes))
    chain = f"the journal's chain of {checked.entries:,} entries holds"
    if run is None:
        post = f"`yoc store post {place.shown}` records it"
        return Step("Store", Mark.UNTOLD, f"{store.shown} does not have this run; {post}. {chain.capitalize()}.", notes)
    return Step("Store", Mark.HOLDS, f"{store.shown} has this run as it is here, and {chain}.", notes)


def _of_the_run(session: Session, recorded: str, manifest: RunManifest, settlement: bytes | None) -> list[str]:
    """What the store has otherwise than the folder."""
    found = sha256_bytes(settlement) if settlement is not None else ""
    if recorded != manifest.fields.files.get(SETTLEMENT):
        return ["the manifest names another settlement than the one that was recorded"]
    if recorded != found or settlement is None:
        return [f"{SETTLEMENT} is not the one that was recorded"]
    return _rows_apart(session, json.loads(settlement), manifest.raw)


def _rows_apart(session: Session, settlement: Mapping[str, Any], manifest: Mapping[str, Any]) -> list[str]:
    """Rows of the run that are not those of its settlement, by table."""
    counts: dict[Any, int] = {}
    apart: list[str] = []
    for table, fields in rows_of_run(settlement, manifest):
        counts[table] = counts.get(table, 0) + 1
        keys = tuple(fields[column.name] for column in table.__table__.primary_key.columns)
        row = session.get(table, keys if len(keys) > 1 else keys[0])
        names = [name for name, value in fields.items() if row is None or getattr(row, name) != value]
        if row is None or names:
            shown = ", ".join(str(key) for key in keys[1:] or keys)
            apart.append(f"{table.__tablename__} {shown}: {', '.join(names) if row else 'the row'} is not as recorded")
    for table, number in counts.items():
        held = session.exec(select(func.count()).select_from(table).where(col(table.run_id) == settlement["run_id"]))
        if (there := held.one()) > number:
            apart.append(f"{table.__tablename__}: {there - number} rows more than the run has")
    return apart
