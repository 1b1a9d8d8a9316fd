"""Files with NHS numbers become files with pseudonyms: the same person has the same one wherever the key is the same.

The key and the numbers stay here: neither is written, printed, logged or kept in a finding.
"""

import csv
import os
import shutil
import stat
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pa_csv

from yoc.core.findings import Finding, FindingsError, Level
from yoc.core.identifiers import is_nhs_number, key_check_value, pseudonym, ten_digits
from yoc.intake.identifiable import TenDigits, spoken
from yoc.intake.text_table import hash_and_encoding, normalised, read_headers, refuse_run_on_rows
from yoc.intake.texts import NO_PERSON

KEY_VARIABLE = "YOC_PSEUDONYM_KEY"
FEWEST_KEY_BYTES = 32
_FEWEST_DIFFERENT_BYTES = 8
_ALWAYS = "NHSNUMBER"
_BLOCK_BYTES = 1 << 23
_MOST_KEPT = 200_000
_MAKE_A_KEY = "make one with `openssl rand -hex 32 > key.txt`, and keep it where only those may read it who need it"


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


@dataclass(frozen=True)
class Key:
    """The secret, which never shows itself; and what to say of how it is kept."""

    secret: bytes = field(repr=False)
    warning: str = ""

    @property
    def check_value(self) -> str:
        """Eight digits by which two organisations see that their keys are the same."""
        return key_check_value(self.secret)


def read_key(key_file: Path | None, environment: Mapping[str, str]) -> Key:
    """The key of a file, or else of the environment. Raises ``FindingsError`` where there is none, or a weak one."""
    warning = ""
    if key_file is not None:
        if not key_file.is_file():
            raise _refused("the key file is not there", "check its name and folder", key_file.as_posix())
        secret = key_file.read_bytes().rstrip(b"\r\n")
        # Windows keeps who may read a file elsewhere, and says of every file that everybody may.
        if os.name != "nt" and key_file.stat().st_mode & stat.S_IROTH:
            warning = f"{key_file.as_posix()} can be read by everybody on this machine: `chmod 600` it"
    else:
        secret = environment.get(KEY_VARIABLE, "").encode()
        if not secret:
            raise _refused("there is no key", f"give --key-file, or set {KEY_VARIABLE}; {_MAKE_A_KEY}")
    if len(secret) < FEWEST_KEY_BYTES or len({*secret}) < _FEWEST_DIFFERENT_BYTES:
        raise _refused(
            f"the key is too weak: it has under {FEWEST_KEY_BYTES} bytes, or repeats a few of them", _MAKE_A_KEY
        )
    return Key(secret, warning)


def _refused(message: str, mend: str, file: str = "", code: str = "PSEUDONYM") -> FindingsError:
    return FindingsError([Finding(code, Level.SUBMISSION, message, mend, file)])


@dataclass(frozen=True)
class _Source:
    """A file to be read: how, under which headers, and which of its columns name people."""

    path: Path
    encoding: str
    headers: tuple[str, ...]
    chosen: tuple[int, ...]


def pseudonymise(files: Sequence[Path], out: Path, columns: Sequence[str], key: Key) -> list[Pseudonymised]:
    """Write each file under its own name into a folder, with pseudonyms in its columns that name people.

    Those are ``columns``, by their headers; or, where none are named, every column that looks like NHS numbers or is
    called so. All files are written or none is. Raises ``FindingsError`` where a file cannot be used, where no column
    is found, or where a column that was not named still looks like NHS numbers.
    """
    findings: list[Finding] = []
    sources: list[_Source] = []
    for path in files:
        try:
            if [other.name for other in files].count(path.name) > 1:
                raise _refused("two files have this name", "write them into two folders", path.name)
            if (out / path.name).exists():
                mend = "name another folder: nothing is overwritten"
                raise _refused("a file of this name is there", mend, (out / path.name).as_posix(), "FILE-EXISTS")
            sources.append(_looked_through(path, columns))
        except FindingsError as error:
            findings.extend(error.findings)
    if findings:
        raise FindingsError(findings)
    out.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=".staging-", dir=out))
    try:
        written = [_written(source, staging / source.path.name, key.secret) for source in sources]
        for source in sources:
            (staging / source.path.name).rename(out / source.path.name)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return written


def _looked_through(path: Path, columns: Sequence[str]) -> _Source:
    """Look at every value of a file once: which columns to replace, and whether it can be written as it stands."""
    file = path.as_posix()
    if not path.is_file():
        raise _refused("the file is not there", "check the name and the folder", file, "FILE-MISSING")
    encoding = hash_and_encoding(path)[1]
    headers = tuple(read_headers(path, file, encoding))
    if any(ten_digits(header) for header in headers):
        raise _refused("the first row holds values, and no headers", "give the columns their names", file)
    wanted = {normalised(column) for column in columns}
    chosen = {place for place, header in enumerate(headers) if normalised(header) in (wanted or {_ALWAYS})}
    counts = [TenDigits() for _ in headers]
    rows = _count_columns(path, file, encoding, counts)
    refuse_run_on_rows(path, file, encoding, rows)
    look = {place for place, count in enumerate(counts) if count.look_like_nhs_numbers()}
    if not wanted:
        chosen |= look
    if not chosen:
        message = "it has no column of that name" if wanted else "no column looks like NHS numbers, or is called so"
        raise _refused(message, "name the column that holds them with --column", file)
    if left := sorted(look - chosen):
        mend = "name it with --column as well, or take it out"
        raise FindingsError(
            Finding("IDENTIFIABLE", Level.SUBMISSION, f"{spoken(headers, place)} looks like NHS numbers", mend, file)
            for place in left
        )
    return _Source(path, encoding, headers, tuple(sorted(chosen)))


def _count_columns(path: Path, file: str, encoding: str, counts: Sequence[TenDigits]) -> int:
    """Count what looks like NHS numbers in each column; the number of rows, those of another width among them."""
    misfits: list[str] = []

    def note_misfit(_row: Any) -> str:
        misfits.append("")
        return "skip"

    names = [str(place) for place in range(len(counts))]
    rows = 0
    try:
        batches = pa_csv.open_csv(
            path,
            read_options=pa_csv.ReadOptions(
                encoding=encoding, use_threads=False, column_names=names, skip_rows=1, block_size=_BLOCK_BYTES
            ),
            parse_options=pa_csv.ParseOptions(newlines_in_values=True, invalid_row_handler=note_misfit),
            convert_options=pa_csv.ConvertOptions(
                strings_can_be_null=False, column_types=dict.fromkeys(names, pa.string())
            ),
        )
        for batch in batches:
            rows += batch.num_rows
            for count, column in zip(counts, batch.columns, strict=True):
                count.add(column)
    except (pa.ArrowInvalid, UnicodeError):
        # What the reader says holds the row.
        message = "the file cannot be read as rows and columns"
        raise _refused(message, "save it as CSV in UTF-8, with at least one row", file, "FILE-UNREADABLE") from None
    return rows + len(misfits)


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
    """Write one file with its chosen columns replaced, all other cells and all rows as they are."""
    counts = {place: ColumnCounts(spoken(source.headers, place)) for place in source.chosen}
    made = Pseudonymised(source.path.as_posix(), columns=list(counts.values()))
    replacer = _Replacer(secret, counts)
    encoding = "utf-8-sig" if source.encoding == "utf-8" else source.encoding
    with (
        source.path.open(encoding=encoding, newline="") as incoming,
        target.open("w", encoding="utf-8", newline="") as outgoing,
    ):
        reader, writer = csv.reader(incoming), csv.writer(outgoing, lineterminator="\n")
        writer.writerow(source.headers)
        try:
            next(reader)
            for row in reader:
                made.rows += bool(row)
                if len(row) == len(source.headers):
                    for place, count in counts.items():
                        row[place] = replacer.cell(row[place], count)
                elif row:
                    made.misfits += 1
                    row = replacer.misfit(row)  # noqa: PLW2901 - the row that is written
                writer.writerow(row)
        except csv.Error:
            message = "a field is too long to be one"
            raise _refused(message, "find it and correct it", made.file, "FILE-UNREADABLE") from None
    return made
