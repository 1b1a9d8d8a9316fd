"""Lets the tests use the worlds of others; one Spark for all of them."""

import logging
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

TESTS = Path(__file__).resolve().parents[1]
for folder in (TESTS, TESTS / "workflow", TESTS / "engine"):
    if str(folder) not in sys.path:
        sys.path.append(str(folder))

# Worlds are small, and most of the time would go into making code for them. What the statements give
# where that code is made is compared by `make bench-spark`.
QUICK = {
    "spark.driver.extraJavaOptions": " ".join(
        (
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:-BytecodeVerificationRemote",
        )
    ),
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.shuffle.partitions": "2",
    "spark.default.parallelism": "2",
    "spark.driver.memory": "1g",
}


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    """A local Spark that every engine of the tests shares."""
    sql = pytest.importorskip("pyspark.sql", reason="Spark is not installed: pip install 'yoc[spark]'")
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java, and there is none")
    from yoc.engine.spark_session import LOCAL

    builder = sql.SparkSession.builder.master("local[1]")
    for name, value in {**LOCAL, **QUICK}.items():
        builder = builder.config(name, value)
    logging.getLogger("py4j").setLevel(logging.CRITICAL)
    session = builder.getOrCreate()
    yield session
    session.stop()
