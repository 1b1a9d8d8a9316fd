"""Budget plans and their tables with one thing done wrong each: the code, the words, where it stands, the mend.

The manual's pages of findings show them, as they show the bad contracts.
"""

# ruff: noqa: E501 - a table reads better with its long lines
from dataclasses import dataclass
from pathlib import Path

from yoc.core.findings import Finding, FindingsError
from yoc.workflow.budget_file import write_budget
from yoc.workflow.build_budget import build_budget_of

PLAN = "budgets/over-65s/budget.yaml"
TOTALS = "data/totals.csv"
PLAN_TEXT = """\
budget: over-65s
title: Rates for people over 65
year: 2026/27
as_of: 2026-05-01
prepared_by: Finance
method:
  kind: baseline_years
  cells: data/totals.csv
  years:
    - {year: 2024/25, weight: 40%}
    - {year: 2025/26, weight: 60%}
  trend:
    rates: {2025/26: 3%, 2026/27: 2%}
"""
TOTALS_TEXT = """\
year,months,segment,setting,person_days,cost
2024/25,12,over_65,emergency,365000,900000
2024/25,12,care_home,emergency,36500,300000
2025/26,12,over_65,emergency,365000,950000
2025/26,12,care_home,emergency,36500,310000
"""


@dataclass(frozen=True)
class BadBudget:
    """A plan or its table with one text put in place of another. ``at`` is the text on which the finding stands."""

    name: str
    file: str
    edit: tuple[str, str]
    code: str
    at: str
    words: str
    mend: str

    def text(self) -> str:
        """The spoilt file."""
        whole = PLAN_TEXT if self.file == PLAN else TOTALS_TEXT
        assert self.edit[0] in whole, self.edit[0]
        return whole.replace(*self.edit, 1)

    def line(self) -> int | None:
        """The line on which ``at`` stands, counted from 1; nothing where the file as a whole is at fault."""
        return self.text()[: self.text().index(self.at)].count("\n") + 1 if self.at else None

    def findings(self, folder: Path) -> tuple[Finding, ...]:
        """All that is said of the files, laid in an empty folder."""
        lay(folder)
        (folder / self.file).write_text(self.text(), encoding="utf-8", newline="\n")
        try:
            write_budget(build_budget_of(folder / PLAN))
        except FindingsError as error:
            return error.findings
        return ()


def lay(folder: Path) -> Path:
    """A workspace with the plan and table as they should be; gives the plan's path."""
    for name in ("contracts", "reconciliation", "data", "budgets/over-65s"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / PLAN).write_text(PLAN_TEXT, encoding="utf-8", newline="\n")
    (folder / TOTALS).write_text(TOTALS_TEXT, encoding="utf-8", newline="\n")
    return folder / PLAN


BAD_BUDGETS = [
    BadBudget("half a year", TOTALS, ("2025/26,12,over_65", "2025/26,8,over_65"), "BASELINE-INCOMPLETE", "2025/26,8",
              "the cost of over_65 in emergency covers 8 months of 2025/26", "use a whole year"),
    BadBudget("year that is not over", PLAN, ("as_of: 2026-05-01", "as_of: 2026-03-01"), "BASELINE-INCOMPLETE", "2025/26, w",
              "as of 2026-03-01 the year 2025/26 has not ended", "use a year that is over"),
    BadBudget("segment left out", TOTALS, ("2024/25,12,care_home,emergency,36500,300000\n", ""), "BASELINE-INCOMPLETE", "",
              "2024/25 has no row for segment care_home and setting emergency", "write 0 where it cost nothing"),
    BadBudget("too few people", TOTALS, ("2024/25,12,care_home,emergency,36500", "2024/25,12,care_home,emergency,1500"),
              "BASELINE-SMALL", "2024/25,12,care_home", "fewer than 5 person-years", "together with another"),
    BadBudget("cost that is no number", TOTALS, ("950000", "TBC"), "BUDGET-TABLE", "TBC", "column cost: 'TBC' is not a number",
              "correct the table"),
    BadBudget("row twice", TOTALS, ("2025/26,12,care_home", "2025/26,12,over_65"), "BUDGET-TABLE", "2025/26,12,over_65,emergency,36500,",
              "2025/26, over_65, emergency stands in row 4 as well", "keep one"),
    BadBudget("setting misspelt", TOTALS, ("2025/26,12,over_65,emergency", "2025/26,12,over_65,emergncy"), "BUDGET-TABLE", "2025/26,12,over_65,emergncy",
              "column setting: 'emergncy' is no setting of a budget", "correct the table"),
    BadBudget("weights", PLAN, ("weight: 40%", "weight: 30%"), "FIELD-VALUE", "- {year: 2024/25",
              "the weights of the baseline years add to 90%, not to 100%", "correct the weights"),
    BadBudget("trend with a gap", PLAN, ("2025/26: 3%, ", ""), "FIELD-MISSING", "rates: {2026/27",
              "the trend does not give the rate into 2025/26", "with 0% where nothing changes"),
    BadBudget("percentile of totals", PLAN, ("  trend:", "  outliers: {over_percentile: 99%, left_out: 0%}\n  trend:"),
              "FIELD-VALUE", "99%", "shows no person", "over_sum"),
]  # fmt: skip
