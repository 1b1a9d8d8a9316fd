"""The floor: the engine alone reads the columns that the job needs, and sums them. Nothing can be faster than this.

python benchmarks/ways/floor.py LINES.csv PEOPLE_FOLDER
"""

import csv
import sys
from pathlib import Path

import duckdb


def main() -> None:
    """Scan and sum."""
    lines_list, people = Path(sys.argv[1]), Path(sys.argv[2])
    with lines_list.open(encoding="utf-8", newline="") as stream:
        files = [row["parquet"] for row in csv.DictReader(stream)]
    with duckdb.connect() as connection:
        connection.read_parquet(files).create_view("line")
        for name in ("person", "registration", "condition"):
            connection.read_parquet(str(people / f"{name}s.parquet")).create_view(name)
        print(connection.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")).fetchall())


if __name__ == "__main__":
    main()
