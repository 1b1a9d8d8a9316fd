"""A session of Apache Spark: of the cluster that Spark's own settings name, or else on this machine alone."""

import logging
import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from yoc.core.findings import Finding, FindingsError, Level

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

REMOTE = "SPARK_REMOTE"
SETTINGS = (REMOTE, "SPARK_CONF_DIR", "SPARK_HOME", "PYSPARK_SUBMIT_ARGS")
"""Where any of these is set, Spark is somebody's own: what it says of masters, memory and logs is left alone."""
MEANING = {
    # A figure that does not fit is a failure, never another figure.
    "spark.sql.ansi.enabled": "true",
    "spark.sql.decimalOperations.allowPrecisionLoss": "true",
    "spark.sql.caseSensitive": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.groupByAliases": "true",
    "spark.sql.enforceReservedKeywords": "false",
}
"""What the statements take for granted, set in every session."""
LOCAL = {
    "spark.driver.memory": "4g",
    "spark.sql.shuffle.partitions": "32",
    # Nobody else is to look at a run, or speak to it.
    "spark.ui.enabled": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.showConsoleProgress": "false",
    # What Spark logs of a failure may hold a value from a file.
    "spark.log.level": "OFF",
}
"""How Spark is set up on this machine alone."""


def open_session() -> tuple["SparkSession", Callable[[], None]]:
    """A session in which nobody else's tables are seen, and what ends it.

    Raises ``FindingsError`` where Spark or Java is not there, or Spark does not start.
    """
    try:
        import sqlglot  # noqa: F401
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError:
        raise _missing("Apache Spark is not installed", "install it: pip install 'yoc[spark]'") from None
    if not os.environ.get(REMOTE) and not _java():
        message = "Apache Spark needs Java, and there is none"
        raise _missing(message, "install Java 17 or later, or set JAVA_HOME to where it is")
    logging.getLogger("SQLQueryContextLogger").setLevel(logging.CRITICAL + 1)
    # Nothing passes between Spark and pandas here, so that what Spark says of its release is no concern of a run.
    warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
    before = SparkSession.getActiveSession()
    try:
        session = before.newSession() if before else _started(SparkSession.builder, own=is_ours())
    except (PySparkException, Py4JError, OSError, RuntimeError) as error:
        message = f"Apache Spark does not start: {_said(error)}"
        mend = f"see that Spark's own settings ({', '.join(SETTINGS)}) name a cluster that can be reached"
        raise _missing(message, mend) from None
    for name, value in MEANING.items():
        session.conf.set(name, value)
    return session, (lambda: None) if before else session.stop


def is_ours() -> bool:
    """Whether nobody has set Spark up here, so that it is set up for this run alone."""
    return not any(os.environ.get(name) for name in SETTINGS)


def _started(builder: "SparkSession.Builder", *, own: bool) -> "SparkSession":
    builder = builder.appName("yoc")
    if own:
        # What Spark spills is about people, and lies where all passing files of a command do.
        passing = tempfile.gettempdir()
        logs = resources.files("yoc.engine").joinpath("log4j2.properties")
        places = {
            "spark.local.dir": passing,
            "spark.sql.warehouse.dir": f"{passing}/spark-warehouse",
            "spark.driver.extraJavaOptions": f"'-Dlog4j2.configurationFile={logs}' '-Djava.io.tmpdir={passing}'",
        }
        for name, value in {**LOCAL, **places}.items():
            builder = builder.config(name, value)
    return builder.getOrCreate()


def _java() -> str | None:
    """The path of Java, where there is one."""
    home = os.environ.get("JAVA_HOME")
    return shutil.which("java", path=str(Path(home, "bin")) if home else None)


def _missing(message: str, mend: str) -> FindingsError:
    mend = f"{mend}; or settle with `--engine duckdb`"
    return FindingsError([Finding("ENGINE-MISSING", Level.SUBMISSION, message, mend)])


@contextmanager
def failures_told(step: str) -> Iterator[None]:
    """Raise ``FindingsError`` where Spark fails at a step. Its own words may hold values, and are not told."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (PySparkException, Py4JError) as error:
        message = f"Apache Spark failed at the step {step}: {_said(error)}"
        mend = "look into Spark's own logs, or settle with `--engine duckdb`"
        raise FindingsError([Finding("ENGINE-FAILED", Level.SUBMISSION, message, mend)]) from None


def _said(error: Exception) -> str:
    """Spark's own name for a failure, or that of its kind."""
    named = getattr(error, "getCondition", lambda: None)()
    return str(named or type(error).__name__)
