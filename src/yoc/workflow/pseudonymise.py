"""Files with NHS numbers become files with pseudonyms: the same person has the same one wherever the key is the same.

The key and the numbers stay here: neither is written, printed, logged or kept in a finding.
"""

import csv
import heapq
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import pyarrow.compute as pc

from yoc.core.findings import Finding, FindingsError, Level
from yoc.core.identifiers import PSEUDONYM_FORM, is_nhs_number, pseudonym, ten_digits
from yoc.intake.identifiable import TenDigits, spoken
from yoc.intake.layouts import OF_PEOPLE
from yoc.intake.open_lines import WholeTable, open_whole_table
from yoc.intake.profile_set import built_in_profiles
from yoc.intake.row_chunks import Chunk, Score
from yoc.intake.text_table import normalised
from yoc.intake.texts import NO_PERSON
from yoc.workflow.key_file import MAKE_A_KEY, Key, checked_key, read_key_file
from yoc.workflow.named_files import tables_of

KEY_VARIABLE = "YOC_PSEUDONYM_KEY"
_ALWAYS = "NHSNUMBER"
_OTHER_FORMS = (".gz", ".zip", ".xlsx", ".xlsm", ".parquet", ".pq")
_MOST_KEPT = 200_000


@dataclass
class ColumnCounts:
    """What became of a column, row by row."""

    column: str
    replaced: int = 0
    failed_check: int = 0
    """Of those replaced, ten digits whose last is not the check digit: a mistyped number, still a person's."""
    not_ten_digits: int = 0
    """Of those replaced, anything else, such as an identifier of one organisation."""
    nobody: int = 0
    """Blank, or a placeholder for nobody: left blank."""


@dataclass
class Pseudonymised:
    """A file that was written: its name, its rows, and its columns that were replaced."""

    file: str
    rows: int = 0
    misfits: int = 0
    """Rows of another width than the header: kept, with every ten-digit value of theirs replaced."""
    columns: list[ColumnCounts] = field(default_factory=list)


def read_key(key_file: Path | None, environment: Mapping[str, str]) -> Key:
    """The key of a file, or else of the environment. Raises ``FindingsError`` where there is none, or a weak one."""
    if key_file is not None:
        return read_key_file(key_file)
    secret = environment.get(KEY_VARIABLE, "").encode()
    if not secret:
        raise _refused("there is no key", f"give --key-file, or set {KEY_VARIABLE}; {MAKE_A_KEY}", code="KEY-INVALID")
    return checked_key(secret)


def _refused(message: str, mend: str, file: str = "", code: str = "PSEUDONYM") -> FindingsError:
    return FindingsError([Finding(code, Level.SUBMISSION, message, mend, file)])


@dataclass(frozen=True)
class _Source:
    """A file to be read, what it will be called, and which of its columns name people."""

    table: WholeTable
    target: str
    chosen: tuple[int, ...]


def pseudonymise(
    files: Sequence[Path], out: Path, columns: Sequence[str], key: Key
) -> tuple[list[Pseudonymised], tuple[Finding, ...]]:
    """Write each file as CSV into a folder, with pseudonyms in its columns that name people.

    Those are ``columns``, by their headers; or, where none are named, every column that looks like NHS numbers or is
    called so. A folder or ZIP stands for the tables in it; findings tell what of it was left out. All files are written
    or none is. Raises ``FindingsError`` where a file cannot be used, where no column is found, where a column that
    was not named still looks like NHS numbers, or where one to be replaced, named or not, holds our pseudonyms.
    """
    sources: list[_Source] = []
    tables, findings, left_out = tables_of(files)
    targets = [_target(table.path) for table in tables]
    for path, target in zip((table.path for table in tables), targets, strict=True):
        try:
            if targets.count(target) > 1:
                raise _refused("two files have this name", "write them into two folders", target)
            if (out / target).exists():
                mend = "name another folder: nothing is overwritten"
                raise _refused("a file of this name is there", mend, (out / target).as_posix(), "FILE-EXISTS")
            sources.append(_looked_through(path, target, columns))
        except FindingsError as error:
            findings.extend(error.findings)
    if findings:
        raise FindingsError(findings)
    out.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=".staging-", dir=out))
    try:
        written = [_written(source, staging / source.target, key.secret) for source in sources]
        for source in sources:
            (staging / source.target).rename(out / source.target)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return written, tuple(left_out)


def _target(path: Path) -> str:
    """What a file is called once it is CSV, whatever it came as.

    >>> [_target(Path(name)) for name in ("people.txt", "June.xlsx", "June.csv.gz", "all.zip/July.parquet", "July.zip")]
    ['people.txt', 'June.csv', 'June.csv', 'July.csv', 'July.csv']
    """
    name = PurePosixPath(path.name)
    while name.suffix.lower() in _OTHER_FORMS:
        name = name.with_suffix("")
    return name.name if name.suffix else f"{name.name}.csv"


def _known_names(columns: Sequence[str]) -> Score:
    """A header is told by the names that any profile knows, beside those that are asked for."""
    layouts = [known.profile.layout for known in built_in_profiles().by_name.values()] + [*OF_PEOPLE]
    known = {normalised(name) for layout in layouts for names in layout.fields.values() for name in names}
    known |= {_ALWAYS, *map(normalised, columns)}
    return lambda cells: sum(normalised(cell) in known for cell in cells)


def _looked_through(path: Path, target: str, columns: Sequence[str]) -> _Source:
    """Look at every value of a file once: which columns to replace, and whether it can be written as it stands."""
    file = path.as_posix()
    table = open_whole_table(path, file, _known_names(columns))
    headers = table.headers
    if any(ten_digits(header) for header in headers):
        raise _refused("the first row holds values, and no headers", "give the columns their names", file)
    wanted = {normalised(column) for column in columns}
    chosen = {place for place, header in enumerate(headers) if normalised(header) in (wanted or {_ALWAYS})}
    counts = [TenDigits() for _ in headers]
    done: set[int] = set()
    for chunk in table.chunks():
        for place, count in enumerate(counts):
            count.add(chunk.table.column(place))
            if pc.any(pc.match_substring_regex(chunk.table.column(place), PSEUDONYM_FORM)).as_py():
                done.add(place)
    look = {place for place, count in enumerate(counts) if count.look_like_nhs_numbers()}
    if not wanted:
        chosen |= look
    if not chosen:
        message = "it has no column of that name" if wanted else "no column looks like NHS numbers, or is called so"
        raise _refused(message, "name the column that holds them with --column", file)
    if twice := sorted(done & chosen):
        message = " holds pseudonyms already; a pseudonym of one is another person in every other file"
        mend = "leave the file as it is, or take the rows that are done out of it"
        raise FindingsError(
            Finding("PSEUDONYM", Level.SUBMISSION, spoken(headers, place) + message, mend, file) for place in twice
        )
    if left := sorted(look - chosen):
        mend = "name it with --column as well, or take it out"
        raise FindingsError(
            Finding("IDENTIFIABLE", Level.SUBMISSION, f"{spoken(headers, place)} looks like NHS numbers", mend, file)
            for place in left
        )
    return _Source(table, target, tuple(sorted(chosen)))


class _Replacer:
    """Stands a pseudonym in for each value, and counts; a value that comes again is not worked out again."""

    def __init__(self, secret: bytes, columns: Mapping[int, ColumnCounts]):
        self._secret, self._columns = secret, columns
        self._known: dict[str, tuple[str, int, int, int]] = {}

    def cell(self, text: str, count: ColumnCounts) -> str:
        """What stands in place of one cell."""
        if text not in self._known:
            if len(self._known) == _MOST_KEPT:
                self._known.clear()
            self._known[text] = self._worked_out(text)
        made, replaced, failed_check, not_ten_digits = self._known[text]
        count.replaced += replaced
        count.nobody += 1 - replaced
        count.failed_check += failed_check
        count.not_ten_digits += not_ten_digits
        return made

    def _worked_out(self, text: str) -> tuple[str, int, int, int]:
        digits = ten_digits(text)
        if text.strip().upper() in NO_PERSON or (digits and len({*digits}) == 1):
            return "", 0, 0, 0
        failed = int(bool(digits) and not is_nhs_number(digits))
        return pseudonym(self._secret, text), 1, failed, int(not digits)

    def misfit(self, row: list[str]) -> list[str]:
        """A row of another width: its cells may stand in any column, so each that has ten digits is replaced too."""
        count = ColumnCounts("")
        return [
            self.cell(text, count) if place in self._columns or ten_digits(text) else text
            for place, text in enumerate(row)
        ]


def _written(source: _Source, target: Path, secret: bytes) -> Pseudonymised:
    """Write one file with its chosen columns replaced, all other cells as they are, each row under its number."""
    headers = source.table.headers
    counts = {place: ColumnCounts(spoken(headers, place)) for place in source.chosen}
    made = Pseudonymised(source.table.file, columns=list(counts.values()))
    replacer = _Replacer(secret, counts)
    with target.open("w", encoding="utf-8", newline="") as outgoing:
        writer = csv.writer(outgoing, lineterminator="\n")
        at = max(source.table.header_row, 1)
        writer.writerows([[]] * (at - 1))
        writer.writerow(headers)
        # A file without a row of headers, as Parquet is, counts its records from 1.
        before = source.table.opened.header.next_row - 1
        for chunk in source.table.chunks():
            made.misfits += len(chunk.misfit_rows)
            for number, row, fits in _rows(chunk):
                made.rows += 1
                # Empty rows stay, so that a finding about a row leads to it in both files.
                writer.writerows([[]] * (number - before - 1))
                before = number
                if fits:
                    for place, count in counts.items():
                        row[place] = replacer.cell(row[place], count)
                writer.writerow(row if fits else replacer.misfit(row))
    return made


def _rows(chunk: Chunk) -> Iterator[tuple[int, list[str], bool]]:
    """The rows of a chunk by their numbers, and whether each has as many cells as there are headers."""
    columns = [column.to_pylist() for column in chunk.table.columns]
    fitting = ((number, list(cells), True) for *cells, number in zip(*columns, strict=True))
    misfits = zip(chunk.misfit_rows, chunk.misfit_cells(), strict=True)
    return heapq.merge(fitting, ((number, cells, False) for number, cells in misfits), key=lambda row: row[0])
