"""Lets the tests of this room share the files that they make, from whatever folder they are run."""

import sys
from pathlib import Path

HERE = str(Path(__file__).parent)

if HERE not in sys.path:
    sys.path.append(HERE)
