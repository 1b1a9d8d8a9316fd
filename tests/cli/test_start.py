"""The command line starts without what most commands do not need: a library is loaded by the command that uses it."""

import subprocess
import sys

HEAVY = {
    "cryptography", "duckdb", "jinja2", "matplotlib", "numpy", "openpyxl", "pandas", "pyarrow", "pydantic",
    "sqlalchemy", "sqlglot", "sqlmodel", "yaml",
}  # fmt: skip


def test_the_command_line_loads_no_heavy_library_to_begin():
    ask = "import sys, yoc.cli; print(*sorted(name for name in sys.modules if '.' not in name))"
    loaded = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True).stdout.split()
    assert "typer" in loaded
    assert HEAVY & set(loaded) == set()
