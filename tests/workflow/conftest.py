"""Lets the tests of this folder import its small world, and price lines by the engine's own SQL."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "activity"))


@pytest.fixture(scope="session")
def charged():
    """What the engine charges for lines of (price in pence, thousandths, index in millionths)."""
    from engine_charge import charged

    return charged
