"""Lets the tests say `from oracle.oracle import settle`, from whatever folder they are run."""

import sys
from pathlib import Path

TESTS = str(Path(__file__).resolve().parents[1])

if TESTS not in sys.path:
    sys.path.append(TESTS)
