"""A small world of twelve hosts, made from the sample's six: what statements of many hosts are measured on.

Each host of the sample gets a twin, to which every other one of its neighbourhoods goes; the contract's terms, the
results and the payments of the twin are those of the host.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from timing import BENCH, clear
from year_world import World, run_yoc

from yoc.workflow.workspace import SAMPLE_DATA

CONTRACT = "contracts/bnssg-working-age/contract.yaml"
SIZES = ("--people", "4000", "--lines", "60000")


def twin_of(host: str) -> str:
    """The code of a host's twin.

    >>> twin_of("NWB")
    'NWB2'
    """
    return f"{host}2"


def with_twins(contract: str) -> str:
    """The contract's text with a twin beside each host, in its parties and in each table by host.

    >>> print(with_twins('- {code: NWB, name: North, role: host}\\nvalues:\\n  NWB: £96k'))
    - {code: NWB, name: North, role: host}
    - {code: NWB2, name: North, role: host}
    values:
      NWB: £96k
      NWB2: £96k
    """
    hosts = re.findall(r"\{code: (\w+),.*role: host\}", contract)
    lines = []
    for line in contract.split("\n"):
        lines.append(line)
        for host in hosts:
            if re.match(rf"\s*(- {{code: {host},|{host}: )", line):
                lines.append(line.replace(host, twin_of(host), 1))
    return "\n".join(lines)


def world_of_twelve() -> World:
    """The world with its run, made where it is not there."""
    folder = BENCH / "twelve-hosts"
    world = World(folder)
    if not folder.is_dir():
        partial = World(folder.with_name(f".{folder.name}.partial"))
        clear(partial.root)
        partial.root.mkdir(parents=True)
        run_yoc("synth", "--directory", str(partial.root), *SIZES)
        _double(partial)
        partial.root.rename(folder)
    run_yoc("reconcile", str(world.plan))
    return world


def _double(world: World) -> None:
    """Put the twins into the contract and the small files. People and lines stay as they are."""
    contract, data = world.root / CONTRACT, world.root / SAMPLE_DATA
    contract.write_text(with_twins(contract.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
    for name, column in (("indicator_results", "HOST CODE"), ("payments_on_account", "PAYEE CODE")):
        _rewrite(data / f"{name}.csv", lambda _, row, column=column: _with_twin(row, column))
    _rewrite(data / "neighbourhoods.csv", _every_other_to_the_twin)


def _with_twin(row: dict[str, str], column: str) -> Iterator[dict[str, str]]:
    yield row
    more = {"REFERENCE": f"{row['REFERENCE']}-2"} if "REFERENCE" in row else {}
    yield {**row, column: twin_of(row[column]), **more}


def _every_other_to_the_twin(place: int, row: dict[str, str]) -> Iterator[dict[str, str]]:
    yield {**row, "HOST CODE": twin_of(row["HOST CODE"])} if place % 2 else row


def _rewrite(path: Path, change: Callable[[int, dict[str, str]], Iterable[dict[str, str]]]) -> None:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = [changed for place, row in enumerate(csv.DictReader(stream)) for changed in change(place, row)]
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
