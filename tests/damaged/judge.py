"""The thousand cases, and what is said of each: refused, the same figures, told, or another value that was read."""

import csv
import hashlib
import io
import random
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

from damages import DAMAGES, Damage, Promise, form_of
from world import JOBS, LINES_OF_MONEY, Job

from yoc.core.findings import CODES, FindingsError

SEED = 20261127
THOUSAND = 1_000
_COUNTS = ("rows", "used", "rejected", "superseded", "unreadable_sums", "header_row", "encoding", "blanked", "refused",
           "not_counted", "date_orders")  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One damage done to one file of a job, by its number among the thousand."""

    number: int
    job: Job
    file: str
    damage: Damage

    def __str__(self) -> str:
        return f"{self.number}: {self.job.name}, {self.file}, {self.damage.name}"

    def damaged(self, content: bytes) -> bytes:
        """The file as it is after the damage."""
        return self.damage.change(content, random.Random(f"{SEED} {self.number}"))


@dataclass(frozen=True)
class Verdict:
    """What came of a case, and what it breaks of the promises: nothing, if all is well."""

    outcome: str
    broken: str = ""
    codes: tuple[str, ...] = ()


@cache
def cases() -> tuple[Case, ...]:
    """The thousand, always the same: every file of every job, with damages drawn for its form."""
    every = [
        (job, file, damage) for job in JOBS for file in job.files for damage in DAMAGES if form_of(file) in damage.forms
    ]
    dice = random.Random(SEED)
    dice.shuffle(every)
    rounds = -(-THOUSAND // len(every))
    return tuple(Case(number, *each) for number, each in enumerate((every * rounds)[:THOUSAND], 1))


@dataclass
class Bench:
    """The workspace of a job, laid once; each case damages one file of it and puts it back."""

    job: Job
    root: Path

    def __post_init__(self) -> None:
        self.job.lay(self.root)
        self.contents = {file: (self.root / file).read_bytes() for file in self.job.files}
        self.plain = self.job.run(self.root)

    def judge(self, case: Case) -> Verdict:
        """Damage the file, run the job, judge what comes of it, and mend the file again."""
        self.job.lay(self.root)
        path = self.root / case.file
        content = case.damaged(self.contents[case.file])
        path.write_bytes(content)
        try:
            found = self.job.run(self.root)
        except FindingsError as error:
            return _refused(error)
        except Exception as error:
            return Verdict("crashed", f"{type(error).__name__}: {error}"[:200])
        finally:
            path.write_bytes(self.contents[case.file])
        return _gone_through(case, content, self.plain, found)


def _refused(error: FindingsError) -> Verdict:
    codes = tuple(finding.code for finding in error.findings)
    if not codes or not {*codes} <= {*CODES}:
        return Verdict("refused", f"refused with {codes}", codes)
    if not any(finding.file for finding in error.findings):
        return Verdict("refused", f"no file is named: {[finding.message for finding in error.findings]}", codes)
    if "CHECK-FAILED" in codes:
        return Verdict("refused", "a law was broken by an input that should have been refused", codes)
    return Verdict("refused", codes=codes)


def figures(found: dict[str, Any]) -> Any:
    """What is paid, and all that it is worked out from; not on which line of its file a clause stands."""
    return [_without_lines(found.get(name)) for name in ("hosts", "totals", "entries", "rows")]


def _without_lines(content: Any) -> Any:
    """The same content without the place of a clause: the number `line` that stands beside a `file`."""
    if isinstance(content, dict):
        placed = "file" in content and isinstance(content.get("line"), int)
        return {name: _without_lines(part) for name, part in content.items() if not (placed and name == "line")}
    return [_without_lines(part) for part in content] if isinstance(content, list) else content


def told(found: dict[str, Any]) -> Any:
    """What a reader is told beside the figures: findings, what was set aside, and how each file was understood."""
    return (
        [{name: each[name] for name in _COUNTS} for each in found.get("files", ())],
        found.get("findings"),
        found.get("rejects"),
        found.get("rows"),
        (found.get("activity") or {}).get("by_fate"),
    )


def _gone_through(case: Case, content: bytes, plain: dict[str, Any], found: dict[str, Any]) -> Verdict:
    broken = "; ".join(_broken_laws(case, content, found))
    if figures(found) == figures(plain):
        return Verdict("same figures", broken)
    if case.damage.promise in (Promise.KEEPS, Promise.BREAKS):
        return Verdict("another figure", f"{broken} another figure, where the file says the same".strip())
    if told(found) != told(plain):
        return Verdict("told", broken)
    if case.damage.promise is Promise.TELLS:
        return Verdict("another figure", f"{broken} another figure, and nothing is told".strip())
    return Verdict("another value", broken)


def _broken_laws(case: Case, content: bytes, found: dict[str, Any]) -> Iterator[str]:
    """What must hold of every run, whatever its files say."""
    if "checks" not in found:
        return
    for check in found["checks"]:
        if not check["passed"]:
            yield f"law {check['id']} is broken"
    for account in found["files"]:
        if account["file"] == case.file and account["sha256"] != hashlib.sha256(content).hexdigest():
            yield "the evidence names another file than was read"
        if account["file"] == case.file and case.file in LINES_OF_MONEY:
            yield from _another_sum(content, LINES_OF_MONEY[case.file], account)
    money = sum(each["submitted_pence"] - each["rejected_pence"] - each["superseded_pence"] for each in found["files"])
    by_fate = sum(each["submitted_pence"] for each in found["activity"]["by_fate"])
    if money != by_fate:
        yield f"{money} pence are read and {by_fate} charged or set aside"


def _another_sum(content: bytes, column: str, account: dict[str, Any]) -> Iterator[str]:
    """The money in, added up by another reader, where the file is still a plain table with that column."""
    try:
        header, *rows = csv.reader(io.StringIO(content.decode("utf-8")), strict=True)
    except (UnicodeDecodeError, csv.Error, ValueError):
        return
    if column not in header or any(len(row) not in (0, len(header)) for row in rows):
        return
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    try:
        sums = [Decimal(row[header.index(column)]) for row in rows]
    except InvalidOperation:
        return
    if any(not each.is_finite() or each.as_tuple().exponent < -2 or abs(each) > 10**9 for each in sums):
        return
    if account["refused"] or account["unreadable_sums"]:
        return
    if len(rows) != account["rows"] or int(sum(sums) * 100) != account["submitted_pence"]:
        yield (f"{len(rows)} rows with {sum(sums)} are in the file, and {account['rows']} with "
               f"{account['submitted_pence']} pence in its account")  # fmt: skip
