"""Damage a thousand inputs and say what came of each: ``python tests/damaged/run.py``, with ``--write`` to keep it.

``--case N`` runs one of them and shows what it says.
"""

import argparse
import datetime as dt
import sys
import tempfile
import time
import warnings
from collections import Counter, defaultdict
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).parent))

from damages import DAMAGES
from judge import THOUSAND, Bench, Case, Verdict, cases
from world import JOBS

ROOT = Path(__file__).resolve().parents[2]
OUTCOMES = ("refused", "same figures", "told", "another value")


def judged(numbers: list[int]) -> list[tuple[int, Verdict, float]]:
    """The verdicts of some cases of one job."""
    warnings.simplefilter("ignore")
    every = cases()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(every[numbers[0] - 1].job, Path(folder).resolve())
        found = []
        for number in numbers:
            begun = time.perf_counter()
            found.append((number, bench.judge(every[number - 1]), time.perf_counter() - begun))
        return found


def batches() -> list[list[int]]:
    """The numbers of the cases, in lots that each stay with one job."""
    by_job: dict[str, list[int]] = defaultdict(list)
    for case in cases():
        by_job[case.job.name].append(case.number)
    return [numbers[at : at + 40] for numbers in by_job.values() for at in range(0, len(numbers), 40)]


def page(verdicts: dict[Case, Verdict], day: str) -> str:
    """The result for readers: counts by damage, and by file."""
    lines = [
        f"# A thousand damaged inputs, {day}",
        "",
        "`make damaged` damages a file of a small world in a thousand ways, always the same ones, and does with each "
        "what the command does. What each kind of damage must keep is said in "
        "[security](security.md#damaged-files). Refused: a finding with a code and a file. Same figures: every "
        "penny as without the damage. Told: a figure differs, and so does the account of a file or a finding. Another "
        "value: a "
        "well-formed other value stands in the file, which is read as it is; the evidence names the file by its hash.",
        "",
        f"No input of the {len(verdicts):,} ended in a fault of the software, and none changed a figure against the "
        "promise of its damage.",
        "",
    ]
    for title, key in (("damage", lambda case: case.damage.name), ("file", _kind_of_file)):
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for case, verdict in verdicts.items():
            counts[key(case)][verdict.outcome] += 1
        lines += [f"| {title} | inputs | {' | '.join(OUTCOMES)} |", f"|---|{'---|' * (len(OUTCOMES) + 1)}"]
        order = [damage.name for damage in DAMAGES] if title == "damage" else sorted(counts)
        for name in dict.fromkeys(name for name in order if name in counts):
            row = counts[name]
            lines.append(f"| {name} | {row.total()} | {' | '.join(str(row[each]) for each in OUTCOMES)} |")
        total = Counter(verdict.outcome for verdict in verdicts.values())
        lines += [f"| all | {total.total()} | {' | '.join(str(total[each]) for each in OUTCOMES)} |", ""]
    codes = Counter(code for verdict in verdicts.values() for code in {*verdict.codes})
    lines += ["Codes of the refusals: " + ", ".join(f"{code} {count}" for code, count in codes.most_common()) + ".", ""]
    return "\n".join(lines)


def _kind_of_file(case: Case) -> str:
    return f"{Path(case.file).name} ({case.job.name})"


def main() -> int:
    """Run the thousand, or one; gives how many broke a promise."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--case", type=int)
    parser.add_argument("--job", default="")
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()
    if asked.case:
        print(cases()[asked.case - 1], judged([asked.case]))
        return 0
    verdicts: dict[Case, Verdict] = {}
    wanted = [lot for lot in batches() if asked.job in cases()[lot[0] - 1].job.name]
    with ProcessPoolExecutor(asked.processes) as pool:
        for lot in pool.map(judged, wanted):
            for number, verdict, seconds in lot:
                case = cases()[number - 1]
                verdicts[case] = verdict
                if verdict.broken or seconds > 20:
                    print(f"{case}: {verdict.outcome}: {verdict.broken} ({seconds:.1f} s)", flush=True)
    broken = [case for case, verdict in verdicts.items() if verdict.broken]
    print(
        Counter(verdict.outcome for verdict in verdicts.values()), f"{len(broken)} of {len(verdicts)} break a promise"
    )
    if asked.write and not broken and len(verdicts) == THOUSAND:
        day = dt.datetime.now(dt.UTC).date().isoformat()
        (ROOT / f"docs/explanation/damaged-{day}.md").write_text(page(verdicts, day), encoding="utf-8", newline="\n")
    return len(broken)


assert len(JOBS) > 5
if __name__ == "__main__":
    sys.exit(bool(main()))
