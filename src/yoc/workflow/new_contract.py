"""A new contract's folder: a commented `contract.yaml` that can be read and settled as it stands, and a worked example.

What is written is read and settled first, so a folder that this makes never begins with a fault.
"""

import inspect
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

from jinja2 import Environment, PackageLoader, StrictUndefined

from yoc.contract import Contract, read_contract
from yoc.contract.budget import BUDGET_SETTINGS
from yoc.contract.inputs import InputValues
from yoc.contract.model import Currency
from yoc.contract.terms import KINDS
from yoc.contract.wording import plainly
from yoc.core.findings import Finding, FindingsError, Level
from yoc.core.money import format_pounds, parse_pounds, round_half_away
from yoc.core.periods import FinancialYear
from yoc.core.rates import parse_rate
from yoc.outcomes.catalogue import read_catalogue
from yoc.settlement import settle_host
from yoc.settlement.position_of import position_of
from yoc.workflow.contract_schema import SCHEMA_FILE, workspace_above

Shape = Literal["plain", "gain-share", "outcomes", "table"]
"""plain: budget less cost. gain-share: it is shared. outcomes: a part is at risk. table: settled from a table."""
POINTS_OF_DELIVERY = {
    "emergency": ("AE", "NEL", "NELST", "NELXBD", "NELNE", "NELNEXBD"),
    "outpatient": ("OPFA", "OPFASPCL", "OPFASPNCL", "OPFUP", "OPFUPSPCL", "OPFUPSPNCL", "OPPROC"),
    "community": ("COMM", "COMMINIT", "COMMSUB"),
}
"""The points of delivery of the settings that can be told by them; the others are told by provider."""
_SEGMENT = "everyone"
_INVENTED_RATES = {"community": 20_000, "outpatient": 30_000, "emergency": 50_000}
_EXAMPLE_PEOPLE, _EXAMPLE_BUDGET_PENCE, _EXAMPLE_SCORE = 1000, 100_000_000, Fraction(1, 2)


@dataclass(frozen=True)
class NamedParty:
    """A party as the command line names it."""

    code: str
    name: str


@dataclass(frozen=True)
class Wanted:
    """What a new contract is to say. Rates and shares are texts as the file will have them; sums carry their sign."""

    id: str
    title: str
    shape: Shape
    commissioner: NamedParty
    hosts: tuple[NamedParty, ...] = ()
    first_year: FinancialYear | None = None
    years: int = 1
    currency: Currency = Currency.POUNDS
    rates: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    host_keeps: str = ""
    profit_limit: str = ""
    at_risk: str = ""

    @property
    def is_table(self) -> bool:
        """Whether it is settled from a table of positions."""
        return self.shape == "table"


def completed(wanted: Wanted) -> Wanted:
    """What is wanted with what its shape brings: a share, a part at risk, invented rates where lines are settled."""
    changes: dict[str, Any] = {}
    if wanted.shape == "gain-share" and not wanted.host_keeps:
        changes["host_keeps"] = "50%"
    if wanted.shape == "outcomes" and not wanted.at_risk:
        changes["at_risk"] = "2%"
    if not wanted.is_table and not wanted.rates:
        rates = {name: _sum(Fraction(pence), wanted.currency) for name, pence in _INVENTED_RATES.items()}
        changes["rates"] = {_SEGMENT: rates}
    return Wanted(**{**vars(wanted), **changes})


def lay_contract(folder: Path, wanted: Wanted) -> list[Path]:
    """Write the folder's files, all of them or none. Raises ``FindingsError`` where one is there already."""
    wanted = completed(wanted)
    files = contract_files(folder, wanted)
    taken = [name for name in files if (folder / name).exists()]
    if taken:
        mend = "choose another folder, or move the file away: nothing is overwritten"
        raise FindingsError(
            Finding("FILE-EXISTS", Level.SUBMISSION, f"{name} is there already", mend, (folder / name).as_posix())
            for name in taken
        )
    return _written(folder, files)


def contract_files(folder: Path, wanted: Wanted) -> dict[str, str]:
    """The files by name. Each has been read, and the contract settled on the worked example."""
    environment = Environment(
        loader=PackageLoader("yoc.workflow", "templates"),
        autoescape=False,  # noqa: S701 - this is YAML, and every text from outside is quoted or has been read as a name
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"quoted": _quoted, "words": lambda name: plainly(name).capitalize()}
    workspace = workspace_above(folder if folder.is_dir() else folder.parent)
    schema = _way(workspace / SCHEMA_FILE, folder) if workspace and (workspace / SCHEMA_FILE).is_file() else ""
    within = folder.resolve().relative_to(workspace).as_posix() if workspace else f"contracts/{wanted.id}"
    indicators = f"{within}/indicators.yaml"
    settings = dict.fromkeys(setting for rates in wanted.rates.values() for setting in rates)
    text = environment.get_template("contract.yaml.j2").render(
        wanted=wanted,
        schema=schema,
        indicators=indicators,
        sign=wanted.currency.sign,
        kinds=_kinds(),
        scope={name: POINTS_OF_DELIVERY.get(name, ()) for name in BUDGET_SETTINGS if name in settings},
    )
    contract = read_contract(text, "contract.yaml")
    example = environment.get_template("examples.yaml.j2").render(**_example(contract, wanted))
    files = {"contract.yaml": text, "examples.yaml": example}
    if wanted.at_risk and not wanted.is_table:
        files["indicators.yaml"] = environment.get_template("indicators.yaml.j2").render(wanted=wanted)
        read_catalogue(files["indicators.yaml"], "indicators.yaml")
    return files


def _example(contract: Contract, wanted: Wanted) -> dict[str, Any]:
    """A host's year in round figures and what the contract makes of it: a gain that goes beyond any limit."""
    limit = parse_rate(wanted.profit_limit) if wanted.profit_limit else Fraction(0)
    surplus = max(Fraction(1, 10), limit + Fraction(1, 50))
    inputs: dict[str, tuple[Fraction, str]] = {}
    if wanted.rates:
        for segment, rates in wanted.rates.items():
            inputs[f"people.{segment}"] = (Fraction(_EXAMPLE_PEOPLE), str(_EXAMPLE_PEOPLE))
            for setting, rate in rates.items():
                budget = _EXAMPLE_PEOPLE * parse_pounds(rate)
                before = inputs.get(f"cost.{setting}", (Fraction(0), ""))[0]
                with_this = before + round_half_away(budget * (1 - surplus))
                inputs[f"cost.{setting}"] = (with_this, _sum(with_this, wanted.currency))
    else:
        cost = round_half_away(_EXAMPLE_BUDGET_PENCE * (1 - surplus))
        for name, pence in (("budget", _EXAMPLE_BUDGET_PENCE), ("cost", cost)):
            inputs[name] = (Fraction(pence), _sum(Fraction(pence), wanted.currency))
    for name in contract.indicator_names():
        inputs[name] = (_EXAMPLE_SCORE, "50%")
    host = wanted.hosts[0].code if wanted.hosts else "HOST"
    position = position_of(contract, host, InputValues({name: number for name, (number, _) in inputs.items()}))
    settled = settle_host(contract, position)
    expect = {
        term.id: _sum(Fraction(round_half_away(settled.amounts[term.id])), wanted.currency) for term in contract.terms
    }
    return {
        "name": "a gain" if not limit else "a gain over the limit",
        "year": str(wanted.first_year) if wanted.first_year else "",
        "position": {name: text for name, (_, text) in inputs.items()},
        "expect": expect | {"result": _sum(Fraction(settled.closing_pence), wanted.currency)},
    }


def _sum(pence: Fraction, currency: Currency) -> str:
    return format_pounds(round_half_away(pence)).replace("£", currency.sign).removesuffix(".00")


def _quoted(text: str) -> str:
    """A text as YAML reads it back exactly, whatever it holds."""
    return json.dumps(text, ensure_ascii=False)


def _kinds() -> dict[str, str]:
    about = {}
    for kind, module in sorted(KINDS.items()):
        first = (inspect.getdoc(module) or "").partition("\n")[0]
        about[kind] = first.partition(": ")[2]
    return about


def _way(target: Path, folder: Path) -> str:
    """The way from a folder to a file, with forward slashes."""
    return Path(os.path.relpath(target.resolve(), folder.resolve())).as_posix()


def _written(folder: Path, files: Mapping[str, str]) -> list[Path]:
    """Write under other names first, then rename; what was renamed goes again where one cannot be."""
    made_folder = not folder.is_dir()
    folder.mkdir(parents=True, exist_ok=True)
    staged = {name: folder / f".staging-{name}" for name in files}
    done: list[Path] = []
    try:
        for name, path in staged.items():
            path.write_text(files[name], encoding="utf-8", newline="\n")
        for name, path in staged.items():
            path.rename(folder / name)
            done.append(folder / name)
    except BaseException:
        for path in (*staged.values(), *done):
            path.unlink(missing_ok=True)
        if made_folder:
            folder.rmdir()
        raise
    return done
