"""What a contract's year goes by: working days for each step of a dispute, thresholds of balances, days off.

They are data: `contracts/<contract>/year.yaml`, or else the file of the package beside this one.
"""

import datetime as dt
from collections.abc import Collection
from pathlib import Path

from yoc.core.fields import Count, Day, Model, Pence, Text
from yoc.core.findings import refusal
from yoc.core.located import read_document, read_model
from yoc.workflow.contract_files import read_text

_SATURDAY = 5


class DisputeRules(Model):
    """Within how many working days each step of a dispute is due."""

    raise_within: Count
    """From the statement on which the line stands."""
    answer_within: Count
    """From the day on which it was raised."""
    settle_within: Count
    """From the last answer, where it was not escalated."""
    escalated_within: Count | None = None
    """From the day on which it was escalated; as ``settle_within`` unless said."""
    answer_clause: Text = ""
    """The clause that says when an answer is due; nothing where the days are not those of a contract."""
    settle_clause: Text = ""
    """The clause that says when an answered dispute is settled."""
    escalated_clause: Text = ""
    """The clause that says when an escalated dispute is settled."""


class BalanceRules(Model):
    """Above which balances a statement is sent, and an agreement is needed."""

    statement_above: Pence
    agreement_above: Pence


class YearRules(Model):
    """`year.yaml`: the timetable and the thresholds of a contract's year."""

    dispute: DisputeRules
    balances: BalanceRules
    days_off: tuple[Day, ...]
    """Days that are neither Saturday nor Sunday and on which nobody works."""
    days_off_known_until: Day
    """The last day up to which the days off are listed; no date after it is worked out."""

    def due(self, start: dt.date, working_days: int) -> dt.date:
        """The day by which something is due. Raises ``FindingsError`` beyond the days off that are listed."""
        day = add_working_days(start, working_days, self.days_off)
        if day > self.days_off_known_until:
            message = f"a step would be due after {self.days_off_known_until}, up to which days off are listed"
            mend = "list later days in year.yaml beside the contract, with a later days_off_known_until"
            raise refusal("FIELD-VALUE", message, mend, "year.yaml")
        return day

    def next_after(self, start: dt.date, said: str) -> tuple[dt.date, str]:
        """By when the step after one is due, and by which clause: after `raised`, an answer, or `escalated`."""
        rules = self.dispute
        if said == "raised":
            return self.due(start, rules.answer_within), rules.answer_clause
        if said == "escalated":
            return self.due(start, rules.escalated_within or rules.settle_within), rules.escalated_clause
        return self.due(start, rules.settle_within), rules.settle_clause


def add_working_days(start: dt.date, working_days: int, days_off: Collection[dt.date]) -> dt.date:
    """The day so many working days after another; the day itself does not count.

    >>> friday = dt.date(2027, 4, 23)
    >>> add_working_days(friday, 1, ()), add_working_days(friday, 1, {dt.date(2027, 4, 26)})
    (datetime.date(2027, 4, 26), datetime.date(2027, 4, 27))
    """
    day, left = start, working_days
    while left:
        day += dt.timedelta(days=1)
        left -= day.weekday() < _SATURDAY and day not in days_off
    return day


def rules_of(root: Path, contract: str) -> YearRules:
    """The rules of a contract's year. Raises ``FindingsError`` where its own file cannot be read."""
    own = root / "contracts" / contract / "year.yaml"
    path = own if own.is_file() else Path(__file__).with_name("year_rules.yaml")
    name = f"contracts/{contract}/year.yaml" if own.is_file() else path.name
    return read_model(read_document(read_text(path, name), name), YearRules)
