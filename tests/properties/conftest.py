"""Lets the tests say `from oracle.oracle import settle`, and gives random positions under random terms."""

import sys
from pathlib import Path

TESTS = str(Path(__file__).resolve().parents[1])

if TESTS not in sys.path:
    sys.path.append(TESTS)
