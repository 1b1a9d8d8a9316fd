"""A contract's year: open, first reconciliation (flex), final (freeze), closed; who moved it, and what each allows."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import col

from yoc.contract import Contract
from yoc.core.findings import refusal
from yoc.core.money import format_pounds
from yoc.core.periods import FinancialYear
from yoc.store.database import Store
from yoc.store.journal import Act, Movement, Reader, Writer, writing
from yoc.store.tables import Party, Run, Standing
from yoc.store.year_tables import SignOff, YearState
from yoc.workflow.balances import Balance, balances_in
from yoc.workflow.contract_files import read_contract_file

STATES = {
    "open": "open: runs replace one another",
    "flexed": "at its first reconciliation: figures are exchanged and challenged",
    "frozen": "final: figures change only by correction",
    "closed": "closed: nothing changes",
}
ALLOWED: dict[str, tuple[str, ...]] = {
    "": ("open", "run"),
    "open": ("run", "flex", "adjust", "pay"),
    "flexed": ("record", "restate", "freeze", "adjust", "issue", "pay", "dispute"),
    "frozen": ("record", "restate", "close", "adjust", "issue", "pay", "dispute"),
    "closed": ("reopen",),
}
"""What may be done to a year in each state; `run` lets a run stand, `record` only keeps it."""
LEADS_TO = {"open": "open", "flex": "flexed", "freeze": "frozen", "close": "closed", "reopen": "frozen"}
_MOST_NAMED = 10
"""So many pairs are named before the rest is counted."""
_MENDS = {
    "": "open it: yoc year open {contract} {year}",
    "open": "settle it (yoc reconcile), then make its first reconciliation: yoc year flex {contract} {year}",
    "flexed": "correct a run with yoc restate; make it final with yoc year freeze {contract} {year}",
    "frozen": "correct a run with yoc restate; close it with yoc year close {contract} {year}",
    "closed": "open it again, with a reason: yoc year reopen {contract} {year}",
}


@dataclass(frozen=True)
class YearOf:
    """A contract's year in a workspace and its store."""

    root: Path
    store: Store
    contract: str
    year: FinancialYear

    def act(self, kind: str, by: str, effective: dt.date | None = None, reason: str = "", evidence: str = "") -> Act:
        """What somebody does to it; what no other day is named for holds from the year's last day."""
        return Act(kind, self.contract, str(self.year), by, effective or self.year.last_day, reason, evidence)

    @property
    def shown(self) -> str:
        """How it is called in messages."""
        return f"{self.contract} {self.year}"

    def refuse_future(self, day: dt.date) -> None:
        """Raise ``FindingsError`` where something is said to have happened on a day that has not come."""
        if day > self.store.now().date():
            message = f"{day} has not come yet, so nothing can have happened on it"
            raise refusal("STORE-CLOCK", message, "check the year and the month of the day")

    @property
    def runs_folder(self) -> Path:
        """Where its runs lie."""
        return self.root / "reconciliation" / self.year.slug / self.contract / "runs"


def state_of(reader: Reader, contract: str, year: str) -> str:
    """The state of a contract's year; nothing where it was never opened."""
    states = reader.of_year(YearState, contract, year)
    return states[-1].state if states else ""


def standing_run(reader: Reader, contract: str, year: str) -> Run | None:
    """The run that stands for a contract's year, where one does."""
    standings = reader.of_year(Standing, contract, year)
    return reader.session.get(Run, standings[-1].run_id) if standings else None


def refuse_unless(reader: Reader, contract: str, year: str, act: str) -> str:
    """The year's state. Raises ``FindingsError`` where it does not allow an act."""
    state = state_of(reader, contract, year)
    if act in ALLOWED[state]:
        return state
    said = STATES[state].partition(":")[0] if state else "not open"
    shown = year.replace("/", "-")
    message = f"the year {year} of {contract} is {said}, which does not allow `{act}`"
    raise refusal("YEAR-STATE", message, _MENDS[state].format(contract=contract, year=shown))


def enter_state(writer: Writer, state: str, reason: str) -> None:
    """Bring the year into a state: a row of its own, and an entry of no amount in the journal."""
    act = writer.act
    writer.add(YearState, contract=act.contract, year=act.year, state=state, reason=reason)
    writer.enter(Movement("state", "", "", state, "", "", "", 0), "", 0)


def move_year(year: YearOf, act: str, by: str, reason: str = "", evidence: str = "") -> str:
    """Open, flex, freeze, close or reopen a year; gives the state that it is in.

    Raises ``FindingsError`` where its state does not allow it; where no run stands for it to be reconciled; or where it
    is to be closed and money is outstanding or a dispute is open.
    """
    if act == "open":
        refuse_unknown(year)
    with writing(year.store, year.act(act, by, reason=reason, evidence=evidence)) as writer:
        refuse_unless(writer.reader, year.contract, str(year.year), act)
        run = standing_run(writer.reader, year.contract, str(year.year))
        if act in ("flex", "freeze") and run is None:
            raise refusal("YEAR-STATE", f"no run stands for {year.shown}", "settle its plan: yoc reconcile PLAN")
        if act == "close":
            _refuse_unfinished(writer, year)
        enter_state(writer, LEADS_TO[act], reason)
        if run is not None and act in ("flex", "freeze", "close"):
            writer.add(
                SignOff, contract=year.contract, year=str(year.year), state=LEADS_TO[act], run_id=run.run_id,
                settlement_sha256=run.settlement_sha256, journal_hash=writer.last_hash(), signed_by=by,
            )  # fmt: skip
    return LEADS_TO[act]


def _refuse_unfinished(writer: Writer, year: YearOf) -> None:
    found = balances_in(writer.reader, year.contract, str(year.year))
    owing = [balance for balance in found if balance.outstanding_pence]
    disputed = sum(balance.open_disputes for balance in found)
    if owing:
        message = f"{year.shown}: {_outstanding(owing)}"
        raise refusal("YEAR-STATE", message, "record the payments (yoc pay), or agree an adjustment (yoc adjust)")
    if disputed:
        number, verb = ("1 dispute", "is") if disputed == 1 else (f"{disputed} disputes", "are")
        message = f"{number} of {year.shown} {verb} open"
        raise refusal("YEAR-STATE", message, "settle them: yoc dispute settle")


def _outstanding(owing: list[Balance]) -> str:
    """What is outstanding between which parties, each pair with its sum, the first ten by code."""
    named = [
        f"{one.owing} owes {one.owed} {format_pounds(one.outstanding_pence)}"
        if one.outstanding_pence > 0
        else f"{one.owed} owes {one.owing} {format_pounds(-one.outstanding_pence)}"
        for one in owing
    ]
    more = [f"and {len(named) - _MOST_NAMED} more"] if len(named) > _MOST_NAMED else []
    pairs = "1 pair of parties has" if len(owing) == 1 else f"{len(owing)} pairs of parties have"
    return f"{pairs} something outstanding ({', '.join([*named[:_MOST_NAMED], *more])})"


def refuse_unknown(year: YearOf) -> None:
    """Raise ``FindingsError`` where the workspace has no such contract, or the contract no such year."""
    contract = _contract_of(year.root, year.contract)
    number = contract.contract_year(year.year)
    if contract.contract != year.contract or not 1 <= number <= contract.years:
        since = f"for {contract.years} years from {contract.first_year}"
        message = f"{year.shown} is not a year of the contract {contract.contract}, which runs {since}"
        raise refusal("STORE-UNKNOWN", message, "name a year of the contract")


def _contract_of(root: Path, name: str) -> Contract:
    path = root / "contracts" / name / "contract.yaml"
    if not path.is_file():
        message = f"there is no contract {name}: contracts/{name}/contract.yaml is not there"
        raise refusal("STORE-UNKNOWN", message, "name the contract's folder")
    return read_contract_file(path).contract


def parties_of(reader: Reader, year: YearOf) -> dict[str, str]:
    """The parties of a contract's year, code to name: as the run that stands has them, or else the contract's file."""
    run = standing_run(reader, year.contract, str(year.year))
    if run:
        return {party.party: party.name for party in reader.rows(Party, col(Party.run_id) == run.run_id)}
    return {party.code: party.name for party in _contract_of(year.root, year.contract).parties}
