"""Recording a run: its lines and findings, and in the journal what it moves beyond what stands already."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from yoc.core.periods import parse_date
from yoc.store.journal import Key, Movement, Reader, Writer
from yoc.store.tables import (
    Contract,
    ContractVersion,
    Entry,
    FoundIn,
    Line,
    Party,
    Run,
    Standing,
    TakenOff,
    TariffVersion,
)

OF_A_RUN = ("settlement", "on_account", "taken_off")
"""The kinds of entry that a run makes, and that another run in its place corrects."""
CORRECTIONS = {
    "late_data": "data arrived after the run that stands",
    "price_reissue": "the price book was issued again",
    "coding_challenge": "coding was challenged and changed",
    "arithmetic_fault": "a sum was wrong",
    "agreed_variation": "the parties agreed otherwise",
}
"""Why something that was settled is corrected."""


@dataclass(frozen=True)
class StandingAmount:
    """What stands of one movement: its amount, and the entry that moved it last."""

    movement: Movement
    pence: int
    sequence: int


def record_run(writer: Writer, settlement: Mapping[str, Any], manifest: Mapping[str, Any]) -> None:
    """Add a run with its contract, prices, parties, lines and findings to a posting. It moves nothing by itself."""
    _record_what_it_was_made_from(writer, settlement, manifest["made_from"]["documents"])
    for table, fields in rows_of_run(settlement, manifest):
        writer.add(table, **fields)
        if table is Run:
            writer.session.flush()


def rows_of_run(
    settlement: Mapping[str, Any], manifest: Mapping[str, Any]
) -> Iterator[tuple[type[Any], dict[str, Any]]]:
    """The rows that a run is recorded as, the run itself first: each with its table, and its fields but the posting."""
    contract, run_id = settlement["contract"], settlement["run_id"]
    yield (
        Run,
        {
            "run_id": run_id,
            "contract": contract["id"],
            "year": settlement["year"],
            "contract_sha256": manifest["made_from"]["documents"]["contract"],
            "book": contract["price_book"]["book"],
            "book_sha256": manifest["made_from"]["documents"]["book"],
            "as_of": parse_date(settlement["as_of"]),
            "status": settlement["status"],
            "synthetic": settlement["synthetic"],
            "software": settlement["software"],
            "prepared_by": settlement["prepared_by"],
            "settlement_sha256": manifest["files"]["settlement.json"],
        },
    )
    for party in settlement["parties"]:
        fields = {name: party[name] for name in ("name", "role", "nhs_body")}
        yield Party, {"run_id": run_id, "party": party["code"], **fields}
    lines = ((host["host"], line) for host in settlement["hosts"] for line in host["lines"])
    for place, (host, line) in enumerate(lines, 1):
        names = ("term", "kind", "name", "clause", "label", "payer", "payee", "pence", "effect_pence", "running_pence")
        fields = {name: line[name] if name.endswith("pence") else line[name] or "" for name in names}
        yield Line, {"run_id": run_id, "place": place, "host": host, **fields}
    for place, finding in enumerate(settlement["findings"], 1):
        fields = {name: finding.get(name, "") for name in ("code", "level", "message", "mend", "file")}
        fields |= {"line": finding.get("line"), "count": finding.get("count")}
        yield FoundIn, {"run_id": run_id, "place": place, **fields}
    if settlement["status"] == "shadow":
        return
    payments = ((host["host"], payment) for host in settlement["hosts"] for payment in host["payments"])
    for place, (host, payment) in enumerate(payments, 1):
        fields = {"reference": payment["reference"], "paid_on": parse_date(payment["date"]), "pence": payment["pence"]}
        yield TakenOff, {"run_id": run_id, "place": place, "host": host, **fields}


def _record_what_it_was_made_from(writer: Writer, settlement: Mapping[str, Any], hashes: Mapping[str, str]) -> None:
    contract, session = settlement["contract"], writer.session
    if session.get(Contract, contract["id"]) is None:
        writer.add(Contract, contract=contract["id"])
        session.flush()
    if session.get(ContractVersion, (contract["id"], hashes["contract"])) is None:
        writer.add(
            ContractVersion, contract=contract["id"], sha256=hashes["contract"], version=contract["version"],
            title=contract["title"], commissioner=contract["commissioner"],
        )  # fmt: skip
    # The first version is the one charged first; its documents bear no number, those of a re-issue do.
    versions = contract.get("price_versions") or [{**contract["price_book"], "version": ""}]
    for number, version in enumerate(versions, 1):
        sha256 = hashes["book" if number == 1 else f"book {number}"]
        if session.get(TariffVersion, (version["book"], sha256)) is None:
            writer.add(
                TariffVersion, book=version["book"], sha256=sha256, version=version["version"],
                published_on=parse_date(version["published_on"]),
            )  # fmt: skip
            session.flush()


def let_stand(writer: Writer, settlement: Mapping[str, Any], replaces: str, more: Iterable[Movement] = ()) -> int:
    """Let a run stand for its contract and year: the journal gets what differs from what stands, line by line.

    ``more`` is what the run moves beyond its own entries. Gives how many movements were written: none where nothing
    differs.
    """
    act = writer.act
    writer.add(
        Standing, contract=act.contract, year=act.year, run_id=settlement["run_id"], replaces=replaces,
        reason=act.reason, evidence=act.evidence,
    )  # fmt: skip
    standing = standing_amounts(writer.reader, act.contract, act.year)
    return writer.move(differences([*movements_of(settlement), *more], standing))


def movements_of(settlement: Mapping[str, Any]) -> list[Movement]:
    """What a run moves: its entries, those that take off payments on account apart. A shadow run moves nothing."""
    kinds = {term["term"]: term["kind"] for term in settlement["contract"]["terms"]}
    return [
        Movement(
            "on_account" if kinds.get(entry["term"]) == "on_account" else "settlement",
            entry["host"],
            entry["term"],
            entry["name"],
            entry["clause"] or "",
            entry["payer"],
            entry["payee"],
            entry["pence"],
        )
        for entry in settlement["entries"]
    ]


def standing_amounts(
    reader: Reader, contract: str, year: str, kinds: Sequence[str] = OF_A_RUN
) -> dict[Key, StandingAmount]:
    """What stands of each movement of a contract's year, from the payee's side of its entries."""
    standing: dict[Key, StandingAmount] = {}
    for entry in reader.of_year(Entry, contract, year):
        if entry.kind not in kinds or entry.party != entry.payee:
            continue
        fields = (entry.kind, entry.host, entry.term, entry.name, entry.clause, entry.payer, entry.payee, entry.pence)
        movement = Movement(*fields)
        before = standing.get(movement.key)
        pence = entry.pence + (before.pence if before else 0)
        standing[movement.key] = StandingAmount(movement, pence, entry.sequence)
    return standing


def differences(wanted: Iterable[Movement], standing: Mapping[Key, StandingAmount]) -> list[Movement]:
    """What has to be moved so that what stands becomes what is wanted: nothing where they are the same.

    >>> budget = Movement("settlement", "A", "budget", "budget", "5.1", "C", "A", 1000)
    >>> stands = {budget.key: StandingAmount(budget, 900, 7)}
    >>> [(each.pence, each.supersedes) for each in differences([budget], stands)]
    [(100, 7)]
    >>> [(each.pence, each.supersedes) for each in differences([], stands)]
    [(-900, 7)]
    """
    targets: dict[Key, Movement] = {}
    for movement in wanted:
        before = targets.get(movement.key)
        targets[movement.key] = replace(movement, pence=movement.pence + before.pence) if before else movement
    moved = []
    for key, target in targets.items():
        stands = standing.get(key)
        pence = target.pence - (stands.pence if stands else 0)
        if pence:
            moved.append(replace(target, pence=pence, supersedes=stands.sequence if stands else None))
    for key, stands in standing.items():
        if key not in targets and stands.pence:
            moved.append(replace(stands.movement, pence=-stands.pence, supersedes=stands.sequence))
    return moved
