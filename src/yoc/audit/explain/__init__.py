"""Explaining a run's figures from its folder alone: from a figure through terms and amounts down to files."""

from yoc.audit.explain.content import explanation_content
from yoc.audit.explain.figure import Figure, Origin, adds_up
from yoc.audit.explain.naming import key_of
from yoc.audit.explain.of_cost import WHOSE
from yoc.audit.explain.record import RunRecord
from yoc.audit.explain.tree import Explanation, explain, figure_of
