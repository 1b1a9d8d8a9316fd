"""The list that says before the year begins whose people are whose, under attribution by a prospective list."""

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from yoc.core.findings import Finding, Level, stop_if_any
from yoc.engine import Engine
from yoc.intake.account import FileAccount, whole_account
from yoc.intake.layouts import ATTRIBUTION_LIST
from yoc.intake.text_table import TextTable, read_text_table

ROOM = "yoc.intake"


def read_attribution_list(engine: Engine, path: Path, file: str, hosts: Sequence[str]) -> FileAccount:
    """Read the list into the table `listed_person`: a person's key, and their host for the whole year.

    Raises ``FindingsError`` with everything in it that cannot be used: a person under two hosts, a host that is none
    of the contract's, a blank person. A person may stand twice under one host.
    """
    text = read_text_table(path, file, ATTRIBUTION_LIST)
    engine.give_table("attribution_file", text.table)
    engine.give("known_host", {"host": pa.string()}, [(host,) for host in hosts])
    stop_if_any(_faults(engine, text, hosts))
    engine.run(ROOM, "raw/attribution_list")
    engine.drop("attribution_file")
    return whole_account(text, ATTRIBUTION_LIST.kind)


def _faults(engine: Engine, text: TextTable, hosts: Sequence[str]) -> list[Finding]:
    """The faults of the list. A host that is none is not repeated: columns may have been mixed up."""
    said = {
        "person key is blank": ("rows name no person", "give the person, or take the row out"),
        "no host": ("rows name a host that is no host of the contract", f"the hosts are {', '.join(hosts)}"),
        "two hosts": ("people are listed under two hosts", "keep one row a person"),
    }
    found = [
        (row["number"], row["first_row"], *said[row["fault"]]) for row in engine.run(ROOM, "raw/attribution_faults")
    ]
    misfits = text.misfit_rows
    if misfits:
        misfit = "rows have another number of columns than the header"
        found.append((len(misfits), min(misfits), misfit, "correct the rows"))
    return [
        Finding(
            "ATTRIBUTION-LIST",
            Level.SUBMISSION,
            f"{number} {what}, first at row {first_row}",
            mend,
            text.file,
            first_row,
            count=number,
        )
        for number, first_row, what, mend in found
        if number
    ]
