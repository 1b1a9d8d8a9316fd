"""What is told of the commissioners of lines: codes with a site suffix, and files that are for others altogether."""

from collections.abc import Iterator, Sequence

import pyarrow as pa

from yoc.contract.scope import own_commissioner
from yoc.core.findings import Finding, Level
from yoc.core.money import format_pounds
from yoc.engine import Engine

ROOM = "yoc.activity"


def commissioner_findings(engine: Engine, commissioners: Sequence[str], files: Sequence[str]) -> Iterator[Finding]:
    """A finding for each code that was taken as its organisation, and for each file with no line of the contract's.

    ``files`` are the names of the files of activity, by number.
    """
    codes = {row["commissioner"] for row in engine.run(ROOM, "combinations")}
    meant = [(code, own) for code in sorted(codes) if (own := own_commissioner(code, commissioners))]
    engine.give("own_commissioner", {"written": pa.string(), "meant": pa.string()}, meant)
    for row in engine.run(ROOM, "commissioner_sites"):
        number = row["lines"]
        message = f"{number:,} line{'s' if number != 1 else ''} for `{row['written']}` taken as for `{row['meant']}`"
        mend = "name the code in `commissioners` of the contract if it is meant, and nothing is told"
        yield Finding("COMMISSIONER-SITE", Level.WARNING, message, mend, count=number)
    for row in engine.run(ROOM, "files_of_others"):
        number = row["lines"]
        lines = f"all {number:,} lines that were read, {format_pounds(row['submitted_pence'])}, are"
        if number == 1:
            lines = f"the only line that was read, {format_pounds(row['submitted_pence'])}, is"
        message = f"{lines} for other commissioners than the contract's ({', '.join(commissioners)})"
        mend = "ask whether the file is meant for this contract, or name its commissioner in `commissioners`"
        yield Finding("COMMISSIONER-OTHER", Level.WARNING, message, mend, files[row["file_id"]], count=number)
