"""Files become canonical tables, and every row is accounted for: used, rejected or superseded.

What reads millions of lines loads the database with it. A table of hosts is read without, so that a settlement of some
hundreds of rows begins at once: the names below are loaded when they are first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from yoc.intake.account import FileAccount, Reject, rejects_as_findings
    from yoc.intake.activity_files import ActivityFile, activity_findings, missing_months, read_activity
    from yoc.intake.attribution_list import read_attribution_list
    from yoc.intake.people_files import conditions_findings, read_people, segment_list_findings
    from yoc.intake.practice_map import PracticeMap, read_practice_map
    from yoc.intake.small_files import Payment, Result, read_payments, read_results
    from yoc.intake.stated_files import read_list_sizes, read_stated_totals

_HOMES = {
    "account": ("FileAccount", "Reject", "rejects_as_findings"),
    "activity_files": ("ActivityFile", "activity_findings", "missing_months", "read_activity"),
    "attribution_list": ("read_attribution_list",),
    "people_files": ("conditions_findings", "read_people", "segment_list_findings"),
    "practice_map": ("PracticeMap", "read_practice_map"),
    "small_files": ("Payment", "Result", "read_payments", "read_results"),
    "stated_files": ("read_list_sizes", "read_stated_totals"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
