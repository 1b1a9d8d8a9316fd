"""What Spark did for each step of a run: how long its tasks took, what they wrote, shuffled and spilled.

Spark writes its events to a folder where `spark-defaults.conf` asks it to, a line of JSON each.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from timing import clear

from yoc.engine.spark_session import LOCAL

OTHERWISE = "(no step)"
"""What tasks that belong to no step are gathered under."""


@dataclass(frozen=True)
class Work:
    """What the tasks of a step took and moved, over all of them.

    What they read is left out: Spark counts next to nothing where files lie on the machine's own disk.
    """

    tasks: int = 0
    task_seconds: float = 0.0
    processor_seconds: float = 0.0
    written_bytes: int = 0
    shuffled_bytes: int = 0
    spilled_bytes: int = 0


def together(works: Iterable[Work]) -> Work:
    """What several took and moved together."""
    every = list(works)
    return Work(*(sum(getattr(work, each.name) for work in every) for each in fields(Work)))


def lay_settings(folder: Path) -> dict[str, str]:
    """Lay down settings under which Spark runs as it does for anybody on one machine, and keeps its events.

    What must be in the environment for Spark to find them is given back.
    """
    clear(folder)
    (folder / "events").mkdir(parents=True)
    settings = {
        "spark.master": "local[*]",
        **LOCAL,
        "spark.eventLog.enabled": "true",
        "spark.eventLog.compress": "false",
        "spark.eventLog.rolling.enabled": "false",
        "spark.eventLog.dir": (folder / "events").as_uri(),
    }
    lines = [f"{name} {value}\n" for name, value in settings.items()]
    (folder / "spark-defaults.conf").write_text("".join(lines), encoding="utf-8")
    return {"SPARK_CONF_DIR": str(folder)}


def work_of(folder: Path) -> dict[str, Work]:
    """What each step took, by name, from the events that lie there. Raises ``ValueError`` where there is no one run."""
    (file,) = (folder / "events").iterdir()
    with file.open(encoding="utf-8") as lines:
        return gathered(json.loads(line) for line in lines)


def gathered(events: Iterable[Mapping[str, Any]]) -> dict[str, Work]:
    """What each step took, by name: each task counts for the job that asked for its stage first."""
    step_of_stage: dict[int, str] = {}
    found: dict[str, list[Work]] = defaultdict(list)
    for event in events:
        if event["Event"] == "SparkListenerJobStart":
            for stage in event["Stage IDs"]:
                step_of_stage.setdefault(stage, _step(event.get("Properties") or {}))
        elif event["Event"] == "SparkListenerTaskEnd" and event.get("Task Metrics"):
            found[step_of_stage.get(event["Stage ID"], OTHERWISE)].append(_work(event["Task Metrics"]))
    return {step: together(works) for step, works in found.items()}


def _step(properties: Mapping[str, str]) -> str:
    """The step of a job: of its tags the one that names a room and a step in it."""
    tags = properties.get("spark.job.tags", "").split(",")
    # Spark puts its own words about the session before each tag.
    named = [tag.rpartition("-")[2] for tag in tags if "/" in tag]
    return named[0] if named else OTHERWISE


def _work(metrics: Mapping[str, Any]) -> Work:
    return Work(
        1,
        metrics["Executor Run Time"] / 1_000,
        metrics["Executor CPU Time"] / 1_000_000_000,
        metrics["Output Metrics"]["Bytes Written"],
        metrics["Shuffle Write Metrics"]["Shuffle Bytes Written"],
        metrics["Disk Bytes Spilled"],
    )
