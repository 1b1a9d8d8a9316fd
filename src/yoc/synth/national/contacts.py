"""Contacts of community services and of mental health services, which carry an indicative price or none."""

from dataclasses import replace
from pathlib import Path

from yoc.synth.national.containers import write_table
from yoc.synth.national.described import Describer, Line
from yoc.synth.national.ledger import FINDING, SET_ASIDE, Ledger
from yoc.synth.prices import pounds_text
from yoc.synth.year import YEAR_IN_NAMES, Month

FEEDS = {"csds": ("ZC1", frozenset({"COMDN1", "COMCN1"})), "mhsds": ("ZM1", frozenset({"MHC01"}))}
"""Of which provider, and which of its codes, contacts come as such instead of in contract monitoring."""
CSDS = (
    "CARE CONTACT IDENTIFIER",
    "SERVICE REQUEST IDENTIFIER",
    "ORGANISATION IDENTIFIER (CODE OF PROVIDER)",
    "ORGANISATION IDENTIFIER (CODE OF COMMISSIONER)",
    "PSEUDO NHS NUMBER",
    "CARE CONTACT DATE",
    "ATTENDANCE STATUS",
    "CONSULTATION MECHANISM",
    "ACTIVITY TREATMENT FUNCTION CODE",
    "SERVICE OR TEAM TYPE REFERRED TO (COMMUNITY CARE)",
    "INDICATIVE PRICE",
)
MHSDS = (
    "UniqCareContID",
    "UniqServReqID",
    "OrgIDProv",
    "OrgIDComm",
    "Der_Pseudo_NHS_Number",
    "CareContDate",
    "AttendStatus",
    "ConsMechanismMH",
    "TreatFuncCodeMH",
    "ServTeamTypeRefToMH",
    "Indicative_Price",
)
DEFAULT_PROVIDER = "89997"
_DEFAULT_PROVIDER_MONTH, _DEFAULT_PROVIDER_ROWS = 6, 2
_REPEATED_MONTH, _REPEATED_ROWS = 8, 2
# Of fifty contacts: attended on time, attended late, then the ways of not being seen.
_STATUS = ("5",) * 40 + ("6",) * 4 + ("7", "3", "3", "3", "2", "4")
_SEEN = frozenset({"5", "6"})
_PRICED_OF_TEN = 7
_MECHANISMS = ("01", "01", "02", "11")


def contacts_path(feed: str, month: int) -> str:
    """The path of one file under the data folder.

    >>> contacts_path("csds", 1)
    'csds/CSDS_CONTACTS_2627_M01.csv'
    """
    return f"{feed}/{feed.upper()}_CONTACTS_{YEAR_IN_NAMES}_M{month:02d}.csv"


def feed_of(line: Line, said: Describer) -> str:
    """The feed that a line comes in: contacts of some codes in one of their own, all else in contract monitoring."""
    for feed, (provider, codes) in FEEDS.items():
        if line.provider == provider and said.item(line).tariff in codes:
            return feed
    return "plcm"


def write_contacts(folder: Path, feed: str, month: Month, lines: list[Line], said: Describer, ledger: Ledger) -> int:
    """Write one month of one feed; returns its rows. Each row is one contact, whatever its line counted."""
    path = contacts_path(feed, month.number)
    rows = [_row(replace(line, number=number), said) for number, line in enumerate(lines, 1)]
    default = _DEFAULT_PROVIDER_ROWS if (feed, month.number) == ("csds", _DEFAULT_PROVIDER_MONTH) else 0
    for row in [row for row in rows if row[6] == "5"][:default]:
        row[2] = DEFAULT_PROVIDER
    ledger.note(path, "provider_default_code", FINDING, "INDEX-MISSING", default)
    if (feed, month.number) == ("mhsds", _REPEATED_MONTH):
        rows += [list(row) for row in rows if row[6] == "5"][:_REPEATED_ROWS]
        ledger.note(path, "contact_repeated", FINDING, "LINE-REPEATED", _REPEATED_ROWS)
    ledger.note(path, "contact_not_attended", SET_ASIDE, "not_attended", sum(row[6] not in _SEEN for row in rows))
    return write_table(folder / path, CSDS if feed == "csds" else MHSDS, rows)


def _row(line: Line, said: Describer) -> list[str]:
    item = said.item(line)
    priced = line.number % 10 < _PRICED_OF_TEN
    return [
        f"C{line.identifier}", f"R{line.identifier}", line.provider, said.route(line)[1], said.key(line.person),
        said.end(line), _STATUS[line.number * 7 % len(_STATUS)], _MECHANISMS[line.number % len(_MECHANISMS)],
        item.treatment_function, item.tariff, pounds_text(said.unit(line).price_pence) if priced else "",
    ]  # fmt: skip
