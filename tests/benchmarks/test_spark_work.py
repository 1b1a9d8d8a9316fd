"""What Spark's events say of each step, in figures that can be worked out by hand."""

import sys
from pathlib import Path
from typing import Any

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
sys.path.append(str(BENCHMARKS))

from spark_work import OTHERWISE, Work, gathered  # noqa: E402


def job(stages: list[int], tags: str) -> dict[str, Any]:
    """The start of a job of some stages."""
    return {"Event": "SparkListenerJobStart", "Stage IDs": stages, "Properties": {"spark.job.tags": tags}}


def task(stage: int, milliseconds: int, shuffled: int) -> dict[str, Any]:
    """The end of a task of a stage."""
    return {
        "Event": "SparkListenerTaskEnd",
        "Stage ID": stage,
        "Task Metrics": {
            "Executor Run Time": milliseconds,
            "Executor CPU Time": milliseconds * 500_000,
            "Disk Bytes Spilled": 0,
            "Output Metrics": {"Bytes Written": 1},
            "Shuffle Write Metrics": {"Shuffle Bytes Written": shuffled},
        },
    }


def test_each_task_counts_for_the_step_that_asked_for_its_stage_first() -> None:
    marked = "spark-session-0-execution-root-id-1,spark-session-0-thread-7-tag-activity/judged_line"
    events = [
        job([0, 1], marked),
        # The second job finds stage 1 done already, and asks for stage 2.
        job([1, 2], marked.replace("judged_line", "line_cells")),
        task(0, 1_500, 100),
        task(1, 500, 20),
        task(2, 1_000, 0),
        task(9, 250, 7),
        {"Event": "SparkListenerApplicationEnd"},
    ]

    assert gathered(events) == {
        "activity/judged_line": Work(2, 2.0, 1.0, 2, 120, 0),
        "activity/line_cells": Work(1, 1.0, 0.5, 1, 0, 0),
        OTHERWISE: Work(1, 0.25, 0.125, 1, 7, 0),
    }
