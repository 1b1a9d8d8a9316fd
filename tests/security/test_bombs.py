"""Archives that unpack to gigabytes, and headers without end, are refused within a limit of memory."""

import json
import struct
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import pytest

from yoc.core.findings import FindingsError
from yoc.intake.limits import LINES
from yoc.intake.table_file import read_table

MEGABYTE = 1 << 20
UNPACKED_MEGABYTES = 400
MORE_MEMORY_MEGABYTES = 384
HEADERS = ["PROVIDER CODE", "WARD", "NHS NUMBER", "TOTAL COST"]
TRY = """
import json, resource, sys
from dataclasses import replace
from pathlib import Path
from yoc.core.findings import FindingsError
from yoc.intake.limits import LINES, POSITIONS
from yoc.intake.table_file import read_table
from yoc.intake.text_table import Layout, read_text_table
layout = Layout("lines", {"provider": ("PROVIDER CODE",)}, optional=frozenset())
folder = Path(sys.argv[1])
# The first reading starts the engine's threads, whose stacks are no part of what a file takes.
read_text_table(folder / "good.csv", "good", layout, limits=LINES)
pages = int(Path("/proc/self/statm").read_text().split()[0])
most = pages * resource.getpagesize() + int(sys.argv[2]) * 2**20
resource.setrlimit(resource.RLIMIT_AS, (most, most))
found = {}
for path in sorted(folder.iterdir()):
    for name, read in (
        ("lines", lambda: read_text_table(path, "shown", layout, limits=LINES)),
        ("small", lambda: read_table(path, "shown", limits=POSITIONS)),
    ):
        try:
            read()
            found[f"{path.name} {name}"] = ""
        except FindingsError as error:
            found[f"{path.name} {name}"] = error.findings[0].code + " " + error.findings[0].message
        except MemoryError:
            found[f"{path.name} {name}"] = "MEMORY"
print(json.dumps(found))
"""


def deflated(content: bytes, times: int) -> bytes:
    """Packed bytes that unpack to some content many times over, without packing it as often."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(content) + packer.flush(zlib.Z_FULL_FLUSH)
    return block * times + packer.flush(zlib.Z_FINISH)


def gzipped(packed: bytes) -> bytes:
    return b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + packed + struct.pack("<II", 0, 0)


def zip_of(*entries: tuple[str, bytes, int], overlapping: bool = False) -> bytes:
    """A ZIP of packed entries with the sizes that it is to tell; overlapping, all lie where the first is."""
    body, directory, first = b"", b"", True
    for name, packed, size in entries:
        sizes = struct.pack("<IIIHH", 0, len(packed), size, len(name), 0)
        head = struct.pack("<HHHHH", 20, 0, 8, 0, 0x21) + sizes
        at = 0 if overlapping else len(body)
        directory += b"PK\x01\x02" + struct.pack("<H", 20) + head + struct.pack("<HHHII", 0, 0, 0, 0, at)
        directory += name.encode()
        if first or not overlapping:
            body += b"PK\x03\x04" + head + name.encode() + packed
        first = False
    count = len(entries)
    return body + directory + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, count, count, len(directory), len(body), 0)


def bombs() -> dict[str, bytes]:
    """Every bomb by its name: each has some hundred kilobytes, and unpacks to hundreds of megabytes."""
    rows = deflated((",".join(HEADERS) + "\n").encode() + b"Z,1,2,3\n" * (MEGABYTE // 8), UNPACKED_MEGABYTES)
    size = UNPACKED_MEGABYTES * MEGABYTE
    types = ("[Content_Types].xml", deflated(b"<a/>", 1), 4)
    sheet = ("xl/worksheets/sheet1.xml", deflated(b" " * MEGABYTE, UNPACKED_MEGABYTES), size)
    return {
        "rows.csv.gz": gzipped(rows),
        "nothing.csv.gz": gzipped(deflated(b"\0" * MEGABYTE, UNPACKED_MEGABYTES)),
        "rows.zip": zip_of(("t.csv", rows, size)),
        "rows that lie.zip": zip_of(("t.csv", rows, 4_000)),
        "book.xlsx": zip_of(types, sheet),
        "book that lies.xlsx": zip_of(types, (*sheet[:2], 40)),
        "gzip in gzip.csv.gz": gzipped(deflated(gzipped(rows), 1)),
        "zip in zip.zip": zip_of(("inner.zip", deflated(zip_of(("t.csv", rows, size)), 1), 1 << 20)),
        "book in gzip.xlsx.gz": gzipped(deflated(zip_of(types, sheet), 1)),
        "overlapping.zip": zip_of(*((f"t{number}.csv", rows, 4_000) for number in range(500)), overlapping=True),
        "columns.csv": ",".join(f"C{number}" for number in range(1_000_000)).encode() + b"\n1\n",
    }


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the limit of memory is that of Linux")
def test_bombs_and_endless_headers_are_refused_in_little_memory(tmp_path: Path):
    made = bombs()
    for name, content in made.items():
        assert len(content) < 8 * MEGABYTE, name
        (tmp_path / name).write_bytes(content)
    (tmp_path / "good.csv").write_text(",".join(HEADERS) + "\nZ,1,2,3\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", TRY, str(tmp_path), str(MORE_MEMORY_MEGABYTES)],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    good = {name for name in found if name.startswith("good.csv")}
    assert {found[name] for name in good} == {""}
    assert len(found) == 2 * (len(made) + 1)
    for name in {*found} - good:
        assert found[name].startswith("FILE-UNREADABLE "), (name, found[name])
    assert "overlap" in found["overlapping.zip lines"]
    assert "columns" in found["columns.csv lines"] and "columns" in found["columns.csv small"]


@pytest.mark.parametrize("name", ["t.zip", "t.xlsx"])
def test_entries_that_lie_on_one_another_are_refused(tmp_path: Path, name: str):
    """The sizes that are told are small: only where the entries lie gives it away."""
    packed = deflated(b"A,B\n1,2\n", 1)
    inside = [("[Content_Types].xml", packed, 8), ("xl/worksheets/sheet1.xml", packed, 8)]
    entries = inside if name == "t.xlsx" else [("a.csv", packed, 8), ("b.csv", packed, 8)]
    (tmp_path / name).write_bytes(zip_of(*entries, overlapping=True))
    with pytest.raises(FindingsError) as caught:
        read_table(tmp_path / name, "shown", limits=LINES)
    (finding,) = caught.value.findings
    assert finding.code == "FILE-UNREADABLE" and "entries that overlap" in finding.message


def test_honest_archives_do_not_overlap(tmp_path: Path):
    """With what archives may have before and between their entries: another file in front, a comment behind."""
    path = tmp_path / "t.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("é.csv", ",".join(HEADERS) + "\nZ,1,2,3\n")
        archive.writestr("readme.txt", "words")
        archive.comment = b"a comment"
    content = path.read_bytes()
    assert len(read_table(path, "shown", limits=LINES).rows) == len(read_table(path, "x", limits=LINES).rows) > 0
    path.write_bytes(b"PK\x03\x04" + content)
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == ["é.csv", "readme.txt"]
    assert len(read_table(path, "shown", limits=LINES).rows) > 0
