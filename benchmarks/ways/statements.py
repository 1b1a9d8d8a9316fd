"""The statements of a run that is there: every workbook and the page, made and written.

python benchmarks/ways/statements.py SETTLEMENT.json FOLDER
"""

import json
import sys
from pathlib import Path

from yoc.report import render


def main() -> None:
    """Make and write them."""
    settlement = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    folder = Path(sys.argv[2])
    folder.mkdir(parents=True)
    for name, content in render(settlement).items():
        (folder / name).write_bytes(content)


if __name__ == "__main__":
    main()
