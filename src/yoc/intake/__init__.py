"""National files become canonical tables, and every row is accounted for: used, rejected or superseded."""

from yoc.intake.account import FileAccount, Reject, rejects_as_findings
from yoc.intake.activity_files import ActivityFile, activity_findings, read_activity
from yoc.intake.attribution_list import read_attribution_list
from yoc.intake.people_files import conditions_findings, read_people
from yoc.intake.practice_map import PracticeMap, read_practice_map
from yoc.intake.small_files import Payment, Result, read_payments, read_results
