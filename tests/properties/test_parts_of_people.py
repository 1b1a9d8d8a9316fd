"""How many lines are in hand at a time changes nothing: people are worked through in parts, and each part is whole."""

import tempfile
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from oracle.files import write_world
from oracle.strategies import worlds
from properties.test_rows_and_order import calm
from yoc.engine import Engine
from yoc.workflow.reconcile import compute


@pytest.mark.law("Lines judged some people's at a time give the same settlement, whatever part of them is in hand.", 6)
@calm
@given(worlds(), st.sampled_from([1, 3, 10]))
def test_lines_in_hand_change_nothing(world, at_once):
    event(f"lines in parts of about {at_once}")
    with tempfile.TemporaryDirectory() as folder:
        plan = write_world(world, Path(folder))
        together = compute(plan)
        with patch.object(Engine, "lines_at_once", at_once):
            assert compute(plan) == together
