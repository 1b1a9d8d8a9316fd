"""What can be done to a file, and for each kind of damage what must hold of a run that goes through all the same.

Four promises, from the strongest on:

``KEEPS``   The file says what it said, in another way (line ends, encoding, order of columns). No figure may differ.
``BREAKS``  What packs the file is damaged (an archive, a workbook). Its checksums must show it: no figure may differ.
``TELLS``   Rows or cells are lost, doubled, cut or shifted. Where a figure differs, an account or finding does too.
``READS``   A well-formed other value may stand there now, which no reader can know. The evidence then names the file
            by the hash of what was read, the laws hold, and the money in is that of the file as it is.
"""

import csv
import gzip
import io
import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import yaml


class Promise(StrEnum):
    KEEPS = "keeps"
    BREAKS = "breaks"
    TELLS = "tells"
    READS = "reads"


Dice = random.Random
Change = Callable[[bytes, Dice], bytes]


@dataclass(frozen=True)
class Damage:
    """One kind of damage: its name in the result, the forms of file that it is for, what it promises, what it does."""

    name: str
    forms: frozenset[str]
    promise: Promise
    change: Change


DAMAGES: list[Damage] = []
TABLE, YAML, ARCHIVE, PARQUET = "table", "yaml", "archive", "parquet"
ALL = (TABLE, YAML, ARCHIVE, PARQUET)


def form_of(name: str) -> str:
    """What kind of file a name is of: a table of text, YAML, an archive or workbook, or Parquet."""
    ending = name.rpartition(".")[2]
    return {"csv": TABLE, "yaml": YAML, "parquet": PARQUET}.get(ending, ARCHIVE)


def _damage(name: str, promise: Promise, *forms: str) -> Callable[[Change], Change]:
    def note(change: Change) -> Change:
        DAMAGES.append(Damage(name, frozenset(forms), promise, change))
        return change

    return note


def _rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8"))))


def _written(rows: list[list[str]], mark: str = ",", end: str = "\n", quoting: int = csv.QUOTE_MINIMAL) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=mark, lineterminator=end, quoting=quoting).writerows(rows)
    return text.getvalue().encode("utf-8")


def _a_cell(content: bytes, dice: Dice, put: Callable[[str], str]) -> bytes:
    """One cell below the header changed."""
    rows = _rows(content)
    if len(rows) < 2:
        return content + b"x"
    row = dice.choice(rows[1:])
    place = dice.randrange(len(row))
    row[place] = put(row[place])
    return _written(rows)


def _a_value(content: bytes, dice: Dice, put: str) -> bytes:
    """One value of a line of YAML changed."""
    lines = content.decode("utf-8").split("\n")
    places = [place for place, line in enumerate(lines) if re.search(r"[:-] \S", line) and not line.startswith("#")]
    place = dice.choice(places)
    lines[place] = re.sub(r"([:-] )([^{}\[\],]+)", lambda found: found[1] + put, lines[place], count=1)
    return "\n".join(lines).encode("utf-8", "surrogatepass")


# Said in another way.


@_damage("line ends of Windows", Promise.KEEPS, TABLE, YAML)
def _crlf(content: bytes, dice: Dice) -> bytes:
    return content.replace(b"\n", b"\r\n")


@_damage("byte order mark", Promise.KEEPS, TABLE, YAML)
def _bom(content: bytes, dice: Dice) -> bytes:
    return b"\xef\xbb\xbf" + content


@_damage("no end of the last line", Promise.KEEPS, TABLE, YAML)
def _no_end(content: bytes, dice: Dice) -> bytes:
    return content.rstrip(b"\n")


@_damage("blank lines at the end", Promise.KEEPS, TABLE, YAML)
def _blank_lines(content: bytes, dice: Dice) -> bytes:
    return content + b"\n" * dice.randrange(1, 9)


@_damage("UTF-16", Promise.KEEPS, TABLE)
def _utf16(content: bytes, dice: Dice) -> bytes:
    return content.decode("utf-8").encode("utf-16")


@_damage("every cell in quotes", Promise.KEEPS, TABLE)
def _quoted(content: bytes, dice: Dice) -> bytes:
    return _written(_rows(content), quoting=csv.QUOTE_ALL)


@_damage("semicolons for commas", Promise.KEEPS, TABLE)
def _semicolons(content: bytes, dice: Dice) -> bytes:
    return _written(_rows(content), mark=";")


@_damage("columns in another order", Promise.KEEPS, TABLE)
def _reordered(content: bytes, dice: Dice) -> bytes:
    rows = _rows(content)
    order = list(range(len(rows[0])))
    dice.shuffle(order)
    return _written([[row[place] for place in order] for row in rows])


@_damage("rows in another order", Promise.KEEPS, TABLE)
def _shuffled(content: bytes, dice: Dice) -> bytes:
    header, *rows = _rows(content)
    dice.shuffle(rows)
    return _written([header, *rows])


@_damage("a column more", Promise.KEEPS, TABLE)
def _one_more(content: bytes, dice: Dice) -> bytes:
    header, *rows = _rows(content)
    return _written([[*header, "NOTES OF NOBODY"], *([*row, dice.choice(("", "x", "£"))] for row in rows)])


@_damage("packed by gzip under its old name", Promise.KEEPS, TABLE)
def _gzipped(content: bytes, dice: Dice) -> bytes:
    return gzip.compress(content, mtime=0)


@_damage("comments and blanks", Promise.KEEPS, YAML)
def _comments(content: bytes, dice: Dice) -> bytes:
    return b"# a comment\n\n" + content + b"\n# the end\n"


@_damage("every value in quotes", Promise.KEEPS, YAML)
def _requoted(content: bytes, dice: Dice) -> bytes:
    plain = yaml.load(content, Loader=yaml.BaseLoader)  # noqa: S506 - builds texts alone
    return yaml.safe_dump(plain, default_style='"', sort_keys=False, allow_unicode=True).encode("utf-8")


# What packs the file.


@_damage("archive cut short", Promise.BREAKS, ARCHIVE)
@_damage("cut short", Promise.READS, YAML)
@_damage("cut short", Promise.TELLS, TABLE, PARQUET)
def _cut(content: bytes, dice: Dice) -> bytes:
    return content[: dice.randrange(len(content))]


@_damage("a bit of an archive turned", Promise.BREAKS, ARCHIVE)
@_damage("a bit turned", Promise.READS, TABLE, YAML, PARQUET)
def _a_bit(content: bytes, dice: Dice) -> bytes:
    changed = bytearray(content)
    changed[dice.randrange(len(changed))] ^= 1 << dice.randrange(8)
    return bytes(changed)


@_damage("bytes of an archive overwritten", Promise.BREAKS, ARCHIVE)
@_damage("bytes overwritten", Promise.READS, TABLE, YAML, PARQUET)
def _some_bytes(content: bytes, dice: Dice) -> bytes:
    changed = bytearray(content)
    for _ in range(dice.randrange(2, 9)):
        changed[dice.randrange(len(changed))] = dice.randrange(256)
    return bytes(changed)


@_damage("bytes before and behind an archive", Promise.BREAKS, ARCHIVE)
def _beside(content: bytes, dice: Dice) -> bytes:
    more = bytes(dice.randrange(256) for _ in range(40))
    return content + more if dice.random() < 0.5 else more + content


@_damage("nothing left", Promise.TELLS, *ALL)
def _nothing(content: bytes, dice: Dice) -> bytes:
    return b""


@_damage("another kind of file", Promise.TELLS, *ALL)
def _another_kind(content: bytes, dice: Dice) -> bytes:
    return dice.choice((b"%PDF-1.7 ", b"\xd0\xcf\x11\xe0", b"<html><table>", b"{}", b"PAR1", b"PK\x03\x04")) + content


# Rows and cells.


@_damage("a row twice", Promise.TELLS, TABLE)
def _twice(content: bytes, dice: Dice) -> bytes:
    header, *rows = _rows(content)
    return _written([header, *rows, dice.choice(rows)])


@_damage("a row lost", Promise.TELLS, TABLE)
def _lost(content: bytes, dice: Dice) -> bytes:
    header, *rows = _rows(content)
    rows.pop(dice.randrange(len(rows)))
    return _written([header, *rows])


@_damage("two rows joined", Promise.TELLS, TABLE)
def _joined(content: bytes, dice: Dice) -> bytes:
    ends = [place for place, byte in enumerate(content) if byte == 10]
    place = dice.choice(ends)
    return content[:place] + content[place + 1 :]


@_damage("a row broken in two", Promise.TELLS, TABLE)
def _broken(content: bytes, dice: Dice) -> bytes:
    start = content.index(b"\n") + 1
    place = dice.randrange(start, len(content))
    return content[:place] + b"\n" + content[place:]


@_damage("a quotation mark put in", Promise.TELLS, TABLE)
@_damage("a quotation mark put in", Promise.READS, YAML)
def _mark(content: bytes, dice: Dice) -> bytes:
    place = dice.randrange(len(content))
    return content[:place] + dice.choice((b'"', b"'")) + content[place:]


@_damage("a NUL put in", Promise.READS, TABLE, YAML)
def _nul(content: bytes, dice: Dice) -> bytes:
    place = dice.randrange(len(content))
    return content[:place] + b"\x00" * dice.choice((1, 7)) + content[place:]


@_damage("bytes of no encoding", Promise.READS, TABLE, YAML)
def _no_encoding(content: bytes, dice: Dice) -> bytes:
    place = dice.randrange(len(content))
    return content[:place] + dice.choice((b"\xff\xfe", b"\x81", b"\xc3", b"\xe2\x82", b"\xa3")) + content[place:]


@_damage("a cell too many or too few", Promise.TELLS, TABLE)
def _ragged(content: bytes, dice: Dice) -> bytes:
    rows = _rows(content)
    row = dice.choice(rows[1:])
    if dice.random() < 0.5:
        row.append("more")
    else:
        row.pop()
    return _written(rows)


@_damage("a header misspelt", Promise.TELLS, TABLE)
def _misspelt(content: bytes, dice: Dice) -> bytes:
    rows = _rows(content)
    place = dice.randrange(len(rows[0]))
    rows[0][place] = dice.choice((rows[0][place] + "X", "", rows[0][0], rows[0][-1]))
    return _written(rows)


@_damage("two headers exchanged", Promise.READS, TABLE)
def _exchanged(content: bytes, dice: Dice) -> bytes:
    rows = _rows(content)
    first, second = dice.sample(range(len(rows[0])), 2)
    rows[0][first], rows[0][second] = rows[0][second], rows[0][first]
    return _written(rows)


@_damage("two cells exchanged", Promise.READS, TABLE)
def _cells_exchanged(content: bytes, dice: Dice) -> bytes:
    rows = _rows(content)
    row = dice.choice(rows[1:])
    first, second = dice.sample(range(len(row)), 2)
    row[first], row[second] = row[second], row[first]
    return _written(rows)


@_damage("the header lost", Promise.TELLS, TABLE)
def _headless(content: bytes, dice: Dice) -> bytes:
    return content.partition(b"\n")[2]


@_damage("a cell of a million characters", Promise.READS, TABLE)
def _huge(content: bytes, dice: Dice) -> bytes:
    return _a_cell(content, dice, lambda _: dice.choice("9x £") * 1_000_000)


@_damage("thousands of columns", Promise.TELLS, TABLE)
def _wide(content: bytes, dice: Dice) -> bytes:
    header, *rows = _rows(content)
    many = dice.choice((300, 17_000))
    return _written([header + [f"C{n}" for n in range(many)], *(row + [""] * many for row in rows)])


@_damage("a number at a limit", Promise.READS, TABLE)
def _limit(content: bytes, dice: Dice) -> bytes:
    numbers = (
        "9223372036854775807", "9223372036854775808", "-9223372036854775808", "1e308", "1e-308", "-0", "NaN", "inf",
        "-inf", "0.0000000049", "99999999999999999999999999", "1E5", "0x10", "1_000", "٣", "１２", "²", "½", "1/0",
        "--5", "(5", "£", "5%", "1.2.3", "1,2,3", "-£1", "10000000.00", "0",
    )  # fmt: skip
    return _a_cell(content, dice, lambda _: dice.choice(numbers))


@_damage("a day at a limit", Promise.READS, TABLE)
def _day(content: bytes, dice: Dice) -> bytes:
    days = (
        "0000-00-00", "0001-01-01", "9999-12-31", "10000-01-01", "2026-02-29", "2026-04-31", "29/02/2027", "2026-4-1",
        "01-Apr-2026", "45000", "2958466", "-1", "2026-04-01T00:00:00Z", "today", "1900-02-29", "202604", "2026W14",
    )  # fmt: skip
    return _a_cell(content, dice, lambda _: dice.choice(days))


@_damage("a cell of something else", Promise.READS, TABLE)
def _something(content: bytes, dice: Dice) -> bytes:
    texts = (
        "",
        " ",
        "NULL",
        "#N/A",
        "=1+1",
        "'; DROP TABLE line; --",
        "TBC",
        "\u202e1",
        "\ufeff",
        "é",
        "💷",
        "\t",
        "P1",
    )
    return _a_cell(content, dice, lambda _: dice.choice(texts))


@_damage("a digit changed", Promise.READS, TABLE, YAML)
def _digit(content: bytes, dice: Dice) -> bytes:
    changed = bytearray(content)
    place = dice.choice([place for place, byte in enumerate(content) if 48 <= byte < 58] or [0])
    changed[place] = 48 + (changed[place] - 48 + dice.randrange(1, 10)) % 10
    return bytes(changed)


# YAML.


@_damage("an anchor, alias, tag or merge key", Promise.TELLS, YAML)
def _feature(content: bytes, dice: Dice) -> bytes:
    puts = ("&a x", "*a", "!!python/object/apply:os.system ['true']", "!!str 1", "{<<: {a: b}}", "!x y")
    return _a_value(content, dice, dice.choice(puts))


@_damage("billions of laughs", Promise.TELLS, YAML)
def _laughs(content: bytes, dice: Dice) -> bytes:
    bombs = "".join(f"x{n}: &x{n} [{', '.join([f'*x{n - 1}'] * 9)}]\n" for n in range(1, 12))
    return b"x0: &x0 [a, a, a]\n" + bombs.encode() + content


@_damage("a key twice", Promise.TELLS, YAML)
def _key_twice(content: bytes, dice: Dice) -> bytes:
    lines = content.decode("utf-8").split("\n")
    keys = [line for line in lines if re.match(r"^\w+:", line)]
    return content + (dice.choice(keys).partition(":")[0] + ": again\n").encode()


@_damage("nested very deep", Promise.TELLS, YAML)
def _deep(content: bytes, dice: Dice) -> bytes:
    levels = dice.choice((60, 150, 400, 5_000, 50_000))
    opening, closing = dice.choice((("[", "]"), ("{a: ", "}")))
    return _a_value(content, dice, opening * levels + "x" + closing * levels)


@_damage("a very long key or value", Promise.TELLS, YAML)
def _long(content: bytes, dice: Dice) -> bytes:
    if dice.random() < 0.5:
        return content + b"k" * dice.choice((200, 2_000, 200_000)) + b": x\n"
    return _a_value(content, dice, dice.choice("x9/") * dice.choice((300, 5_000, 200_000)))


@_damage("an escape that is no text", Promise.READS, YAML)
def _escape(content: bytes, dice: Dice) -> bytes:
    return _a_value(
        content, dice, dice.choice((r'"a\0b"', r'"\ud800"', r'"\x1b[31m"', r'"\r\n"', r'"\u202e"', r'"\N"'))
    )


@_damage("a path that leads out", Promise.TELLS, YAML)
def _path(content: bytes, dice: Dice) -> bytes:
    paths = (
        "../../etc/passwd",
        "/etc/passwd",
        "C:/x",
        r"\\\\server\\x",
        "data",
        ".",
        "~",
        "data/*",
        "a" * 300 + "/b",
        "-",
    )
    return _a_value(content, dice, f'"{dice.choice(paths)}"')


@_damage("a value of something else", Promise.READS, YAML)
def _other_value(content: bytes, dice: Dice) -> bytes:
    values = (
        "no", "012", "12:30", "1e5", "£", "-£5", "150%", "1/0", "£1,000", "²", "9" * 400, "{}", "[]", "null", "'", "''",
        "2026-02-30", "0000/01", "9999/00", "½", "=1+1", "'; DROP TABLE line; --", "<script>", "0.1e1", "-0", "inf",
    )  # fmt: skip
    return _a_value(content, dice, dice.choice(values))


@_damage("a second document", Promise.TELLS, YAML)
def _second(content: bytes, dice: Dice) -> bytes:
    return content + b"---\n" + content


@_damage("lines exchanged", Promise.READS, YAML)
def _lines_exchanged(content: bytes, dice: Dice) -> bytes:
    lines = content.split(b"\n")
    first, second = dice.sample(range(len(lines)), 2)
    lines[first], lines[second] = lines[second], lines[first]
    return b"\n".join(lines)


@_damage("a tab for blanks", Promise.TELLS, YAML)
def _tab(content: bytes, dice: Dice) -> bytes:
    return content.replace(b"\n  ", b"\n\t", 1) if b"\n  " in content else content + b"\tx"


@_damage("a document of three megabytes", Promise.READS, YAML)
def _large(content: bytes, dice: Dice) -> bytes:
    return content + b"".join(b"# %07d a comment of many\n" % n for n in range(120_000))
