"""The program's population and activity alone: people counted, lines judged, priced and summed to cells.

    python benchmarks/ways/stages.py PLAN CELLS.json

Lines are kept as canonical Parquet already; files about people are read as they are.
"""

import json
import sys
from pathlib import Path

from yoc.activity import charge_activity
from yoc.engine import Engine
from yoc.workflow.plan import read_job
from yoc.workflow.settle_plan import NoProgress, read_files


def main() -> None:
    """Count, charge, and write the cells."""
    job = read_job(Path(sys.argv[1]))
    with Engine() as engine:
        counted = read_files(engine, job, NoProgress()).counted
        units_per_year = next(iter(counted.people.values())).units_per_year
        file = job.contract_document.file
        activity = charge_activity(engine, job.contract, job.prices, job.plan.year, units_per_year, file)
    over: dict[tuple[str, str], int] = {}
    fates: dict[str, tuple[int, int]] = {}
    for cell in activity.cells:
        over[cell.host, cell.setting] = over.get((cell.host, cell.setting), 0) + int(cell.over_threshold)
    for part in activity.by_fate:
        lines, pence = fates.get(part.fate, (0, 0))
        fates[part.fate] = (lines + part.lines, pence + part.submitted_pence)
    rows = {
        "cost": [
            (*(cell.host, cell.segment, cell.setting, cell.provider, cell.month),
             *(cell.lines, cell.submitted_pence, int(cell.amount)))
            for cell in activity.cells
        ],
        "over": [(*place, pence) for place, pence in over.items()],
        "units": [(*place, units) for place, units in counted.units_by_month.items()],
        "fates": [(fate, *figures) for fate, figures in fates.items()],
    }  # fmt: skip
    Path(sys.argv[2]).write_text(json.dumps(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
