"""Lets the tests of this room share the files that they make, from whatever folder they are run, and read one."""

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent))

from feeds import Reader


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    return Reader(tmp_path)
