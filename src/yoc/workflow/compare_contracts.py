"""Comparing two versions of a contract: their words, and what the change moves on given positions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from yoc.contract.budget import BudgetRounding
from yoc.contract.inputs import Input, InputValues
from yoc.contract.model import Activity, ActivityContract, Contract, Population
from yoc.contract.position import Position
from yoc.contract.wording import listed
from yoc.core.findings import Finding, FindingsError, Level, stop_if_any
from yoc.intake.position_file import PositionMap, read_position_map, read_positions, read_table
from yoc.settlement.difference import Change, changes
from yoc.settlement.examples import HOST, Example, Examples, read_examples, read_inputs
from yoc.settlement.movement import Case, Movement, movement
from yoc.settlement.position_of import position_of
from yoc.workflow.check_contract import EXAMPLES
from yoc.workflow.contract_files import ContractFile, read_contract_file, read_text, shown_from
from yoc.workflow.run_positions import budget_under, position_of_host, read_settlement
from yoc.workflow.show_contract import indicator_titles


@dataclass(frozen=True)
class Cases:
    """Hosts' years to settle under both contracts, where they come from, and what a reader should know of them.

    ``add_up``: they are the hosts of one year, so that their movements make a total. ``untold``: something differs
    whose effect these cases cannot show.
    """

    cases: tuple[Case, ...] = ()
    source: str = ""
    add_up: bool = False
    notes: tuple[str, ...] = ()
    untold: bool = False


Source = Callable[[ContractFile, ContractFile], Cases]
"""From the two contracts to the positions on which they are compared."""


@dataclass(frozen=True)
class Compared:
    """Two contracts compared."""

    before: Contract
    after: Contract
    changes: tuple[Change, ...]
    movements: tuple[Movement, ...]
    cases: Cases = field(default_factory=Cases)

    def years_settled(self) -> str:
        """Which years of the contract were settled, in words; nothing where they were all."""
        years = sorted({case.after.contract_year for case in self.cases.cases})
        every = max(self.before.years, self.after.years)
        if not years or len(years) >= every:
            return ""
        named = listed(str(year) for year in years)
        words = f"year {named} of {every} was" if len(years) == 1 else f"years {named} of {every} were"
        return f"Only contract {words} settled."


def compare(before_path: Path, after_path: Path, source: Source) -> Compared:
    """Compare two contracts' files. Raises ``FindingsError`` where one, or a position, cannot be used."""
    before, after = read_contract_file(before_path), read_contract_file(after_path)
    titles = {**indicator_titles(before.contract, before_path), **indicator_titles(after.contract, after_path)}
    found = changes(before.contract, after.contract, titles)
    if before.contract.currency is not after.contract.currency:
        cases = Cases(notes=("The contracts are in two currencies, so no sums are compared.",))
    else:
        cases = source(before, after)
    moved = tuple(movement(before.contract, after.contract, case) for case in cases.cases)
    return Compared(before.contract, after.contract, found, moved, cases)


def from_examples(after_path: Path, name: str = "") -> Source:
    """The worked examples beside the second contract, or the one of that name."""

    def source(before: ContractFile, after: ContractFile) -> Cases:
        beside = after_path.parent / EXAMPLES
        if not beside.is_file():
            if name:
                raise _refused("FILE-MISSING", f"no {EXAMPLES} is beside the second contract", "", beside.as_posix())
            return Cases(notes=("No worked examples are beside the second contract, so only words are compared.",))
        shown = shown_from(beside)[1]
        examples = read_examples(read_text(beside, shown), shown)
        own = [(place, example) for place, example in examples.of(after_path.name)]
        wanted = [(place, example) for place, example in own if not name or example.name == name]
        if name and not wanted:
            known = "; ".join(example.name for _, example in own) or "none"
            raise _refused("FILE-MISSING", f"no example is called {name!r}", f"the examples are: {known}", shown)
        notes: list[str] = []
        cases = []
        for place, example in wanted:
            case = _example_case(before.contract, after.contract, examples, place, example)
            if isinstance(case, str):
                notes.append(case)
            else:
                cases.append(case)
        return Cases(tuple(cases), f"the worked examples in {shown}", notes=tuple(notes))

    return source


def _example_case(before: Contract, after: Contract, examples: Examples, place: int, example: Example) -> Case | str:
    """An example as both contracts see it; why not, where the first needs what it does not give."""
    path = ("examples", place, "position")
    new = read_inputs(after, example.position, examples.document, path)
    known = {name: text for name, text in example.position.items() if name in before.inputs()}
    in_needs = {name for need in before.needs() for name in (need.whole, *need.parts)}
    missing = [name for name in _ungiven(before.inputs(), known) if name not in in_needs]
    missing += [name for need in before.needs() for name in need.lacking(known)]
    if missing:
        return f"{example.name}: not settled, since the first contract also asks for {', '.join(missing)}."
    old = read_inputs(before, known, examples.document, path)
    host = example.host or (after.hosts[0].code if after.hosts else HOST)
    return Case(
        example.name,
        position_of(before, host, old, example.year),
        position_of(after, host, new, example.year),
    )


def _ungiven(inputs: Mapping[str, Input], given: Mapping[str, object]) -> list[str]:
    return [name for name, each in inputs.items() if name not in given and each.default is None]


def from_table(table_path: Path, map_path: Path | None) -> Source:
    """The rows of a table of positions, each a host's year."""

    def source(before: ContractFile, after: ContractFile) -> Cases:
        mapping = PositionMap()
        if map_path is not None:
            shown = shown_from(map_path)[1]
            mapping = read_position_map(read_text(map_path, shown), shown)
        table = read_table(table_path, shown_from(table_path)[1], mapping.rules.sheet, mapping.rules.header_row)
        inputs = {**before.contract.inputs(), **after.contract.inputs()}
        needs = dict.fromkeys((*before.contract.needs(), *after.contract.needs()))
        found = read_positions(table, mapping, lambda _: inputs, needs_of=lambda _: tuple(needs))
        stop_if_any(found.findings)
        strangers = [
            row for row in found.rows if not all(_is_host(row.host, file.contract) for file in (before, after))
        ]
        if strangers:
            named = ", ".join(f"{row.host} (row {row.row_number})" for row in strangers)
            mend = "leave the rows out with `only` in the map, or name the hosts in the contracts"
            raise _refused("POSITION-INVALID", f"not a host of both contracts: {named}", mend)
        notes = [
            f"{row.host} (row {row.row_number}) is not settled, without {', '.join(row.missing)}."
            for row in found.rows
            if row.missing
        ]
        if mapping.rules.contract is not None:
            notes.append("The map names a contract for each row; here every row is settled under both of these.")
        cases = tuple(
            Case(row.host, *(_seen_by(file.contract, row.host, row.values) for file in (before, after)))
            for row in found.rows
            if not row.missing
        )
        return Cases(cases, f"the hosts in {shown_from(table_path)[1]}", True, tuple(notes))

    return source


def _is_host(code: str, contract: Contract) -> bool:
    hosts = [host.code for host in contract.hosts]
    return not hosts or code in hosts


def _seen_by(contract: Contract, host: str, given: InputValues) -> Position:
    inputs = contract.inputs()
    values = {name: number for name, number in given.values.items() if name in inputs}
    choices = {name: word for name, word in given.choices.items() if name in inputs}
    return position_of(contract, host, InputValues(values, choices))


def from_run(run_folder: Path) -> Source:
    """The hosts of a run, from what it was settled from. Prices, scope and people stay those of the run."""

    def source(before: ContractFile, after: ContractFile) -> Cases:
        settlement = read_settlement(run_folder)
        sides = (before.contract, after.contract)
        notes = _what_a_run_cannot_show(*sides)
        untold = bool(notes)
        cases = []
        for host in settlement["hosts"]:
            if not all(_is_host(host["host"], contract) for contract in sides):
                notes.append(f"{host['host']} is not a host of both contracts, and is left out.")
                continue
            positions = [_run_position(host, contract, notes) for contract in sides]
            cases.append(Case(host["host"], *positions))
        return Cases(
            tuple(cases), f"the hosts of run {settlement['run_id']}", True, tuple(dict.fromkeys(notes)), untold
        )

    return source


def _run_position(host: Mapping[str, Any], contract: Contract, notes: list[str]) -> Position:
    position = position_of_host(host)
    lacking = [name for name in contract.indicator_names() if name not in position.scores]
    given = {**position.values, **position.choices}
    lacking += [name for name in _ungiven(contract.position, given) if name not in lacking]
    if lacking:
        message = f"the run has no figure for {', '.join(lacking)}, on which {contract.contract} pays"
        raise _refused("POSITION-INVALID", message, "settle a plan that gives it, or compare on a table of positions")
    defaults = {name: each.parse_default() for name, each in contract.position.items() if name not in given}
    values = {**{name: value for name, value in defaults.items() if isinstance(value, Fraction)}, **position.values}
    choices = {**{name: value for name, value in defaults.items() if isinstance(value, str)}, **position.choices}
    budget = position.budget
    if contract.budget is not None:
        rebuilt = budget_under(contract.budget, host, position.year)
        if rebuilt is None:
            notes.append(
                f"The budget stays that of the run under {contract.contract}: it is rounded for each person, or has "
                "other segments than the run counted."
            )
        else:
            budget = rebuilt
    return replace(
        position, budget=budget, values=values, choices=choices, contract_year=contract.contract_year(position.year)
    )


def _what_a_run_cannot_show(before: Contract, after: Contract) -> list[str]:
    """Changes whose effect can only be seen by settling the plan again from its files."""
    notes = []
    if isinstance(before, ActivityContract) and isinstance(after, ActivityContract):
        if _unnumbered(before.population) != _unnumbered(after.population):
            notes.append("Who counts differs: the people here are those of the run.")
        if _unnumbered(before.activity) != _unnumbered(after.activity):
            notes.append("What is charged differs: the cost here is that of the run.")
    if before.budget != after.budget and BudgetRounding.PER_PERSON in _roundings(before, after):
        notes.append("The budget differs and is rounded for each person: the run holds no figure of a person.")
    if before.indicators != after.indicators:
        notes.append("The file of the indicators differs: the scores here are those of the run.")
    old, new = (
        (term.threshold, term.pro_rata, term.decided_on, term.taken) if (term := contract.stop_loss) else None
        for contract in (before, after)
    )
    if new is not None and old is None:
        notes.append("Stop-loss is new: what lies over its threshold here is what did in the run.")
    elif new is not None and old != new:
        notes.append("The threshold of stop-loss differs: what lies over it here is what did in the run.")
    return notes


def _unnumbered(part: Population | Activity) -> Population | Activity:
    """A part of a contract without the number of its clause, which changes nothing."""
    return part.model_copy(update={"clause": None})


def _roundings(*contracts: Contract) -> set[BudgetRounding]:
    return {contract.budget.rounding for contract in contracts if contract.budget is not None}


def _refused(code: str, message: str, mend: str, file: str = "") -> FindingsError:
    return FindingsError([Finding(code, Level.SUBMISSION, message, mend, file)])
