"""Settles the nasty world on DuckDB and on Spark as a cluster runs it, by the command, and compares the bytes.

    python tests/engine/on_a_cluster.py

Spark's `local-cluster` starts a master, two workers and an executor in each, as processes of their own that share
nothing with this one but files. It takes some minutes, so that it is run by `make cluster` and not by the tests. Where
`SPARK_REMOTE` is set, the Spark Connect server that it names is asked in its place; it must see the folder of passing
files (`TMPDIR`) under the same path.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), str(TESTS / "workflow"), str(TESTS / "engine")]

from nasty import lay_nasty  # noqa: E402

CLUSTER = {
    "PYSPARK_SUBMIT_ARGS": " ".join(
        (
            "--master local-cluster[2,1,1024]",
            "--conf spark.executor.memory=512m",
            "--conf spark.driver.host=127.0.0.1",
            "--conf spark.driver.bindAddress=127.0.0.1",
            "--conf spark.ui.enabled=false",
            "--conf spark.ui.showConsoleProgress=false",
            "--conf spark.sql.shuffle.partitions=2",
            "pyspark-shell",
        )
    )
}


def evidence(root: Path, engine: str, environment: dict[str, str]) -> dict[str, bytes]:
    """The files of the run that the command makes in a fresh workspace."""
    root.mkdir()
    plan = lay_nasty(root)
    command = [sys.executable, "-m", "yoc", "reconcile", str(plan), "--engine", engine]
    subprocess.run(command, env={**os.environ, **environment}, check=True)
    (run,) = plan.parent.glob("runs/*/")
    return {path.relative_to(run).as_posix(): path.read_bytes() for path in run.rglob("*") if path.is_file()}


def main() -> None:
    """Settle on both, and say whether they are the same. Raises ``SystemExit`` with the files that differ."""
    remote = os.environ.get("SPARK_REMOTE")
    with tempfile.TemporaryDirectory() as folder:
        expected = evidence(Path(folder) / "duckdb", "duckdb", {})
        found = evidence(Path(folder) / "spark", "spark", {} if remote else CLUSTER)
    if differ := sorted(name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name)):
        sys.exit(f"differ: {', '.join(differ)}")
    print(f"all {len(expected)} files of the evidence are the same to the byte, {remote or 'local-cluster'}")


if __name__ == "__main__":
    main()
