"""Two runs of one contract's year: the bridge from what is due under the one to what is due under the other."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from yoc.activity.trace import FEW_LINES, TracedCode
from yoc.audit.trace import read_trace
from yoc.contract.budget import Budget
from yoc.contract.model import ActivityContract
from yoc.core.findings import refusal
from yoc.core.money import format_pounds, round_half_away
from yoc.settlement.causes import Between, Effect, Side, Sums, effects, only_in_one, sums_by_kind
from yoc.settlement.cost_split import Charged, Group, GroupEffect, cost_stages, split_cost
from yoc.settlement.movement import paid_parts
from yoc.tariff import BookVersion, PriceBook
from yoc.tariff.compare import compare_books
from yoc.workflow.repriced import Repriced, books_of_run, repriced
from yoc.workflow.run_documents import contract_of_run
from yoc.workflow.run_place import RunPlace
from yoc.workflow.run_positions import budget_under, position_of_host, read_settlement


@dataclass(frozen=True)
class RunRead:
    """A run, as its folder holds it: settlement, manifest, contract, charged lines by host and code, price books."""

    place: RunPlace
    settlement: dict[str, Any]
    manifest: dict[str, Any]
    contract: ActivityContract
    codes: Mapping[str, tuple[Charged, ...]]
    books: tuple[BookVersion, ...]

    def host(self, code: str) -> dict[str, Any] | None:
        """A host of the run; nothing where the run has none of that code."""
        return next((host for host in self.settlement["hosts"] if host["host"] == code), None)


@dataclass(frozen=True)
class HostCompared:
    """One host in two runs: its figures in each, what each cause does, and its cost by setting from run to run.

    ``groups`` take its cost apart exactly; ``cost_stages`` are its lines by setting in whole pence: as in the first
    run, with the other volume, the other mix, the other prices. Both are empty where one run alone has the host.
    """

    host: str
    name: str
    before: Sums
    after: Sums
    effects: tuple[Effect, ...]
    groups: tuple[GroupEffect, ...] = ()
    cost_stages: tuple[Mapping[str, int], ...] = ()
    people_budget: Budget | None = None


@dataclass(frozen=True)
class RunsCompared:
    """Two runs compared, host by host, with what a reader should know of how."""

    before: RunRead
    after: RunRead
    hosts: tuple[HostCompared, ...]
    notes: tuple[str, ...]


def read_run(place: RunPlace) -> RunRead:
    """What a run's folder holds of what it was settled from. Raises ``FindingsError`` where something is missing."""
    settlement = read_settlement(place.folder)
    contract = contract_of_run(place.folder, settlement)
    codes: dict[str, list[Charged]] = {}
    for row in read_trace(place.folder).codes:
        codes.setdefault(row.host, []).append(_charged(row))
    rows_by_host = {host: tuple(rows) for host, rows in codes.items()}
    books = books_of_run(place.folder, settlement)
    read = RunRead(place, settlement, place.manifest(), contract, rows_by_host, books)
    _refuse_other_cost(read)
    return read


def _charged(row: TracedCode) -> Charged:
    return Charged(
        Group(row.setting, row.provider, row.point_of_delivery),
        row.tariff_code,
        row.lines,
        row.quantity,
        row.submitted_pence,
        row.amount_pence,
        mixed=row.tariff_code == FEW_LINES,
    )


def _refuse_other_cost(run: RunRead) -> None:
    """The codes of a run come to the cost of its lines, or its folder is not as it was written."""
    for host in run.settlement["hosts"]:
        exact = sum((row.pence for row in run.codes.get(host["host"], ())), Fraction(0))
        recorded = host["cost_pence"] - sum(host["block_pence"].values())
        if round_half_away(exact) != recorded:
            message = f"the charged lines of {host['host']} by code do not come to the cost that the run recorded"
            raise refusal("CHECK-FAILED", message, f"see what changed: yoc verify {run.place.run_id}", run.place.shown)


def compare_runs(before: RunRead, after: RunRead, only_host: str = "") -> RunsCompared:
    """Compare two runs, over all hosts or one. Raises ``FindingsError`` where they are not of one contract's year."""
    _refuse_others(before, after)
    codes = dict.fromkeys(host["host"] for run in (after, before) for host in run.settlement["hosts"])
    if only_host and only_host not in codes:
        mend = f"the hosts are {', '.join(codes)}"
        raise refusal("RUNS-APART", f"{only_host!r} is a host of neither run", mend)
    notes: list[str] = [*_price_notes(before.books[-1].book, after.books[-1].book), *_notes(before, after)]
    made_from = [run.manifest["made_from"] for run in (before, after)]
    same_program = all(made_from[0][name] == made_from[1][name] for name in ("code", "sql"))
    priced = repriced((before.contract, after.contract), (before.books, after.books), same_program)
    hosts = tuple(_host(before, after, code, priced, notes) for code in codes if only_host in ("", code))
    for host in hosts:
        for effect in host.effects:
            if effect.told_with:
                named = ", ".join(effect.told_with)
                notes.append(f"{host.host}: {named} cannot be settled alone, and is told with {effect.cause}.")
    if before.place.run_id != after.place.run_id:
        notes.append(
            "Causes are changed one on top of another, in the order shown: what two of them do together is told with "
            "the later. From the second run back to the first the same total may be shared otherwise."
        )
    return RunsCompared(before, after, hosts, tuple(dict.fromkeys(notes)))


def _refuse_others(before: RunRead, after: RunRead) -> None:
    settlements = [run.settlement for run in (before, after)]
    names = [each["contract"]["id"] for each in settlements]
    if names[0] != names[1]:
        message = f"the runs are of two contracts, {names[0]} and {names[1]}"
        mend = "compare two runs of one contract; `yoc contract diff` compares contracts"
        raise refusal("RUNS-APART", message, mend)
    years = [each["year"] for each in settlements]
    if years[0] != years[1]:
        message = (
            f"the runs are of two years, {years[0]} and {years[1]}, with other people, prices and rates throughout"
        )
        raise refusal("RUNS-APART", message, "compare two runs of one year")
    if before.contract.currency is not after.contract.currency:
        raise refusal("RUNS-APART", "the runs are in two currencies", "compare runs in one currency")


def _host(before: RunRead, after: RunRead, code: str, priced: Repriced, notes: list[str]) -> HostCompared:
    old, new = before.host(code), after.host(code)
    name = after.contract.party_name(code) if new else before.contract.party_name(code)
    if old is None or new is None:
        whole = [_recorded(host) if host else Sums() for host in (old, new)]
        notes.append(f"{code} is a host of one run alone: all that is due to it is told as `other`.")
        return HostCompared(code, name, whole[0], whole[1], only_in_one(whole[1] - whole[0]))
    sides = [Side(run.contract, position_of_host(host), _recorded(host)) for run, host in ((before, old), (after, new))]
    people, adjusted = _budgets(before, after, old, new, notes)
    groups = split_cost(before.codes.get(code, ()), after.codes.get(code, ()), priced)
    by_setting = cost_stages(groups, "setting", [_lines_by_setting(host) for host in (old, new)])
    by_provider = cost_stages(groups, "provider")
    blocks = {block.id: block.provider for block in before.contract.activity.blocks}
    costs = []
    for stage in (1, 2, 3):
        providers = dict(by_provider[stage])
        for block, pence in old["block_pence"].items():
            providers[blocks[block]] = providers.get(blocks[block], 0) + pence
        costs.append((by_setting[stage], providers))
    made = effects(sides[0], sides[1], Between(people, adjusted, tuple(costs)))
    return HostCompared(code, name, sides[0].recorded, sides[1].recorded, made, groups, by_setting, people)


def _recorded(host: Mapping[str, Any]) -> Sums:
    return sums_by_kind((line["kind"], line["effect_pence"]) for line in host["lines"])


def _lines_by_setting(host: Mapping[str, Any]) -> dict[str, int]:
    """The cost of lines by setting, as recorded: whole pence, without blocks."""
    cost = dict(host["cost_by_setting"])
    for block, pence in host["block_pence"].items():
        cost[host["position"]["block_parts"][block]["setting"]] -= pence
    return cost


def _budgets(
    before: RunRead, after: RunRead, old: Mapping[str, Any], new: Mapping[str, Any], notes: list[str]
) -> tuple[Budget, Budget]:
    """The budget of the second run's people by the first's rules, and by its rates with the second's adjustments."""
    rules, wanted = before.contract.budget, after.contract.budget
    first, last = position_of_host(old), position_of_host(new)
    if paid_parts(rules) == paid_parts(wanted):
        return last.budget, last.budget
    people = first.budget if _counted(old) == _counted(new) else budget_under(rules, new, last.year)
    if people is None:
        notes.append(
            "Both who counts and the budget's rules differ, and the budget cannot be worked out by the first run's "
            "rules from the second: it is rounded for each person, or other segments are counted. All of it is told "
            "under people."
        )
        return last.budget, last.budget
    if paid_parts(rules.adjustments) == paid_parts(wanted.adjustments):
        return people, people
    if (rules.rates, rules.rounding) == (wanted.rates, wanted.rounding):
        return people, last.budget
    mixed = budget_under(rules.model_copy(update={"adjustments": wanted.adjustments}), new, last.year)
    return people, mixed or people


def _counted(host: Mapping[str, Any]) -> list[tuple[str, int, int, int]]:
    return [(part["segment"], part["units"], part["units_per_year"], part["people"]) for part in host["people"]]


_PRICES_NAMED = 5


def _price_notes(before: PriceBook, after: PriceBook) -> list[str]:
    """Which prices and indices of the latest books differ: published figures, told however few lines they touch.

    >>> _price_notes(PriceBook({("A1", "AE", ""): 100}, {}), PriceBook({("A1", "AE", ""): 110, ("B1", "", ""): 5}, {}))
    ['Prices that differ: A1 AE £1.00, then £1.10; B1 none, then £0.05.']
    """
    found = compare_books(before, after)
    shown = [
        f"{' '.join(part for part in change.key if part)} {_price(change.before)}, then {_price(change.after)}"
        for change in sorted(found.prices, key=lambda change: change.key)
    ]
    more = f"; and {len(shown) - _PRICES_NAMED} more" if len(shown) > _PRICES_NAMED else ""
    notes = [f"Prices that differ: {'; '.join(shown[:_PRICES_NAMED])}{more}."] if shown else []
    providers = ", ".join(sorted(change.key[0] for change in found.indices))
    return [*notes, *([f"Market forces indices that differ: {providers}."] if providers else [])]


def _price(pence: int | None) -> str:
    return "none" if pence is None else format_pounds(pence)


def _notes(before: RunRead, after: RunRead) -> list[str]:
    """Where a change of contract moves money that other causes tell, since a run keeps no line and no person."""
    contracts = before.contract, after.contract
    population, activity = (
        [paid_parts(getattr(contract, part)) for contract in contracts] for part in ("population", "activity")
    )
    notes = []
    if population[0] != population[1]:
        notes.append("The contracts differ in who counts: what that moves is told under people, volume and mix.")
    if activity[0] != activity[1]:
        notes.append(
            "The contracts differ in what is charged: what that moves is told under volume, mix, price and blocks."
        )
    thresholds = [
        (term.threshold, term.pro_rata, term.decided_on, term.taken) if (term := contract.stop_loss) else None
        for contract in contracts
    ]
    if thresholds[0] != thresholds[1]:
        notes.append("The contracts differ in the threshold of stop-loss: what then lies over it is told as high cost.")
    if any(term.kind == "completion" for contract in contracts for term in contract.terms):
        notes.append("The months in which the cost lies are told with volume: a run keeps codes for the whole year.")
    statuses = [run.settlement["status"] for run in (before, after)]
    if statuses[0] != statuses[1]:
        notes.append(f"The first run is {statuses[0]}, the second {statuses[1]}: both are compared as computed.")
    if before.manifest["made_from"]["code"] != after.manifest["made_from"]["code"]:
        notes.append(
            "The runs were made by two versions of the program: what this one settles otherwise than recorded is other."
        )
    return notes
