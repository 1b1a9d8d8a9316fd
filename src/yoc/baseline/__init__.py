"""How annual rates are built: from baseline years, a table, or weighted populations, every step named and kept.

No method here is a national one: there is no published formula for a Year of Care payment. Each figure of a method is
the plan's own.
"""

from yoc.baseline.build import Built, SegmentYear, YearOfCost, build_from_years
from yoc.baseline.rules import Outliers, Shrinkage, Trend
from yoc.baseline.steps import Column, Step
