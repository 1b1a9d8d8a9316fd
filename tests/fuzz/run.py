"""`make fuzz`: try every law again and again with fresh seeds until the time is out, and keep what was found.

Minutes and cases a law in one round come from the environment: `MINUTES` (10) and `EXAMPLES` (100). When time is out
no test is begun any more; one that has begun is let end. The result is kept, with its seeds, in
`docs/explanation/fuzz-DATE.md` and `.json`. A failure is told as the decorators that try it again, and ends in a code
other than 0.
"""

import datetime as dt
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from evidence.tried import KEPT, ROOT, fresh_seed, try_tests, write_json

Tried = dict[str, Any]
LEAST_SECONDS = 20
"""With less left no round is begun: to gather the tests takes as long."""


def search(
    seconds: float,
    try_round: Callable[[int, float], Tried],
    clock: Callable[[], float],
    new_seed: Callable[[], int],
) -> list[Tried]:
    """Rounds until the time is out, or a law fails; at least one. ``try_round`` takes a seed and the seconds left.

    A round counts them from when its tests are gathered, so that a slow machine still tries something.
    """
    until = clock() + seconds
    rounds = [try_round(new_seed(), seconds)]
    while until - clock() > LEAST_SECONDS and not rounds[-1]["failed"]:
        rounds.append(try_round(new_seed(), until - clock()))
    return rounds


def result_of(rounds: list[Tried], date: str, code: str, minutes: int) -> dict[str, Any]:
    """What is kept of a search: seeds, counts, and what failed."""
    laws = [law for tried in rounds for law in tried["laws"]]
    return {
        "date": date,
        "code": code,
        "minutes": minutes,
        "examples_a_law": rounds[0]["examples_a_law"],
        "rounds": [
            {
                "seed": tried["seed"],
                "laws": sum(law["outcome"] != "skipped" for law in tried["laws"]),
                "cases": sum(law["passing"] + law["failing"] for law in tried["laws"]),
                "is_whole": not tried["out_of_time"],
            }
            for tried in rounds
        ],
        "laws": len({law["test"] for law in laws if law["outcome"] != "skipped"}),
        "cases": sum(law["passing"] + law["failing"] for law in laws),
        "set_aside": sum(law["set_aside"] for law in laws),
        "failed": sorted({name for tried in rounds for name in tried["failed"]}),
        "counterexamples": [each for tried in rounds for each in tried["counterexamples"]],
    }


def page_of(result: dict[str, Any], by_law: dict[str, int]) -> str:
    """The dated page of a search."""
    day = dt.date.fromisoformat(result["date"])
    rounds = "\n".join(
        f"| {each['seed']} | {each['laws']} | {each['cases']:,} | {'yes' if each['is_whole'] else 'no, time was out'} |"
        for each in result["rounds"]
    )
    laws = "\n".join(f"| {law} | {cases:,} |" for law, cases in sorted(by_law.items()))
    failed = "\n".join(
        f"- `{each['test']}`: `{each['example'] or each['reproduce'] or 'see the output of the tests'}`"
        for each in result["counterexamples"]
    )
    command, laws_tried, most = f"make fuzz MINUTES={result['minutes']}", result["laws"], result["examples_a_law"]
    cases, set_aside = result["cases"], result["set_aside"]
    return f"""# A longer search: {day.day} {day:%B %Y}

`{command}` tried {laws_tried} laws with fresh seeds, {most} cases a law in a round unless the law says otherwise:
{cases:,} cases, and {set_aside:,} more that did not meet a law's conditions.
{"**These failed:**" if result["failed"] else "None failed."}
{failed}
Code: `{result["code"]}`. A seed with the same code and libraries gives the same cases again.

| Seed | Laws | Cases | All laws |
|--:|--:|--:|---|
{rounds}

| Law | Cases |
|---|--:|
{laws}
"""


def main() -> int:
    from yoc.audit.evidence import package_sha256

    minutes, examples = int(os.environ.get("MINUTES") or 10), os.environ.get("EXAMPLES") or "100"
    processes = os.environ.get("PROCESSES") or "auto"

    def try_round(seed: int, seconds: float) -> Tried:
        print(f"Seed {seed}, {seconds:.0f} seconds left", flush=True)
        options = ["-m", "law", "-n", processes, "--seconds", f"{seconds:.0f}", "-r", "fE", "tests"]
        return try_tests(options, seed, HYPOTHESIS_PROFILE="long", YOC_EXAMPLES=examples)[1]

    rounds = search(minutes * 60, try_round, time.monotonic, fresh_seed)
    if not any(law["passing"] + law["failing"] for tried in rounds for law in tried["laws"]):
        sys.exit("the time was out before a single case was tried; nothing was kept")
    result = result_of(rounds, dt.datetime.now(dt.UTC).date().isoformat(), package_sha256(), minutes)
    by_law: dict[str, int] = {}
    for law in [law for tried in rounds for law in tried["laws"] if law["outcome"] != "skipped"]:
        by_law[law["law"]] = by_law.get(law["law"], 0) + law["passing"] + law["failing"]
    name = f"fuzz-{result['date']}"
    write_json(KEPT / f"{name}.json", result)
    (KEPT / f"{name}.md").write_text(page_of(result, by_law), encoding="utf-8")
    print(
        f"{result['laws']} laws, {result['cases']:,} cases, seeds {', '.join(str(r['seed']) for r in result['rounds'])}"
    )
    print(f"Kept in {(KEPT / name).relative_to(ROOT).as_posix()}.md and .json")
    for each in result["counterexamples"]:
        print(f"FAILED {each['test']}\n  {each['example']}\n  {each['reproduce']}")
    return 1 if result["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
