"""A first draft of a profile for a file that none reads: which column is probably which field, and what to check.

It looks at the headers and the first rows. What it says of the rows is what kind of text they hold, and never a value.
"""

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from yoc.core.findings import Finding, FindingsError, Level
from yoc.intake.plain_numbers import read_plain_number
from yoc.intake.profile import Profile
from yoc.intake.profile_fields import FIELDS, NEEDED
from yoc.intake.profile_set import ProfileSet
from yoc.intake.text_table import normalised
from yoc.intake.texts import find_point_of_delivery, read_day

_SAMPLE_BYTES = 4 << 20
_SAMPLE_ROWS = 5_000
_FILL_IN = "FILL-IN"
_SYNONYMS: dict[str, tuple[str, ...]] = {
    "provider": ("PROVIDERCODE", "PROVIDER", "TRUSTCODE", "TRUST", "ORGCODEPROVIDER", "PROVCODE"),
    "commissioner": ("COMMISSIONERCODE", "COMMISSIONER", "ICB", "ICBCODE", "CCGCODE", "PURCHASERCODE"),
    "person_key": ("PSEUDONHSNUMBER", "PSEUDONYM", "PSEUDOID", "NHSNO", "NHSNUMBER", "PATIENTKEY", "PERSONID",
                   "PATIENTID"),
    "practice_registration": ("GPPRACTICE", "PRACTICECODE", "GPCODE", "GPPRACTICECODE", "REGISTEREDPRACTICE"),
    "activity_date": ("ACTIVITYDATE", "CONTACTDATE", "APPOINTMENTDATE", "DISCHARGEDATE", "ENDDATE",
                      "ATTENDANCEDATE", "DATE"),
    "start_date": ("STARTDATE", "ADMISSIONDATE", "ARRIVALDATE"),
    "financial_month": ("FINMONTH", "FINANCIALMONTH", "ACTIVITYMONTH", "PERIOD", "MONTH"),
    "financial_year": ("FINYEAR", "FINANCIALYEAR", "ACTIVITYYEAR", "YEAR"),
    "cds_identifier": ("UNIQUEID", "CDSID", "RECORDID", "CONTACTID", "ACTIVITYID"),
    "treatment_function": ("TFC", "TREATMENTFUNCTION", "TREATMENTFUNCTIONCODE", "SPECCODE"),
    "main_specialty": ("MAINSPECIALTY", "MAINSPEC"),
    "point_of_delivery": ("POD", "PODCODE", "POINTOFDELIVERY", "CSUPODCODE"),
    "tariff_code": ("HRG", "HRGCODE", "CURRENCYCODE", "CURRENCY", "TARIFF"),
    "attended": ("ATTENDED", "ATTENDANCESTATUS", "DNA"),
    "quantity": ("ACTIVITY", "ACTIVITYCOUNT", "QUANTITY", "UNITS", "VOLUME", "COUNT"),
    "total_cost": ("TOTALCOST", "COST", "TOTALPRICE", "ACTUALCOST", "TOTAL", "AMOUNT", "VALUE"),
    "unit_price": ("UNITPRICE", "UNITCOST", "PRICE"),
    "amount": ("AMOUNT", "TOTAL", "VALUE", "INVOICETOTAL"),
    "reference": ("INVOICENUMBER", "REFERENCE", "REF"),
    "practice": ("PRACTICECODE", "GPPRACTICECODE", "PRACTICE", "ORGCODE"),
    "people": ("PATIENTS", "LISTSIZE", "NUMBEROFPATIENTS"),
    "appointments": ("APPOINTMENTS", "COUNTOFAPPOINTMENTS"),
}  # fmt: skip


@dataclass
class _Draft:
    """What is found: by field its header and how sure that is, the headers left over, and remarks."""

    kind: str
    nearest: str
    columns: dict[str, tuple[str, str]] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)


def draft_profile(path: Path, file: str, name: str, profiles: ProfileSet) -> str:
    """The text of a profile for a file, with `# check:` beside every guess. Raises ``FindingsError`` where the file's
    first row holds no headers that anything is known of.
    """
    headers, rows = _beginning(path, file)
    draft = _matched(headers, profiles)
    if not draft.columns or any(_is_value(header) for header in headers):
        message = "the first row does not look like headers, or none of them is known"
        mend = "give the file a first row with the names of its columns"
        raise FindingsError([Finding("FILE-UNREADABLE", Level.SUBMISSION, message, mend, file, 1)])
    cells = {header: [row[place] for row in rows if place < len(row)] for place, header in enumerate(headers)}
    return _written(name, draft, cells)


def _beginning(path: Path, file: str) -> tuple[list[str], list[list[str]]]:
    """The headers and the first rows."""
    with path.open("rb") as stream:
        first = stream.read(_SAMPLE_BYTES)
    if first[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = first[: len(first) // 2 * 2].decode("utf-16", errors="replace")
    else:
        text = first.decode("utf-8-sig", errors="replace")
    try:
        rows = [row for row, _ in zip(csv.reader(io.StringIO(text)), range(_SAMPLE_ROWS), strict=False)]
    except csv.Error:
        rows = []
    if not rows or not any(header.strip() for header in rows[0]):
        message, mend = "the file is empty, or is not text in rows and columns", "open it and see what it is"
        raise FindingsError([Finding("FILE-UNREADABLE", Level.SUBMISSION, message, mend, file)])
    return [header.strip() for header in rows[0]], rows[1:]


def _is_value(header: str) -> bool:
    """Whether a header is a number or a day: then it is a row of data."""
    return read_plain_number(header) is not None or read_day(header) is not None


def _matched(headers: Sequence[str], profiles: ProfileSet) -> _Draft:
    known_profiles = [known.profile for known in profiles.by_name.values()]
    profile = max(known_profiles, key=lambda each: sum(map(bool, each.layout.match(list(headers))[0])))
    draft = _Draft(profile.kind, profile.profile)
    known = {header: name for header, name in zip(headers, profile.layout.match(list(headers))[0], strict=True) if name}
    for header, name in known.items():
        draft.columns[name] = (header, "")
    others = [each.profile for each in profiles.by_name.values() if each.profile.kind == profile.kind]
    for header in headers:
        if header in known or not header:
            continue
        name, remark = _guessed(header, others, draft.columns)
        if name:
            draft.columns[name] = (header, remark)
        else:
            draft.left.append(header)
    return draft


def _guessed(header: str, others: Sequence[Profile], taken: Mapping[str, object]) -> tuple[str, str]:
    """The field that a header probably is, and on what grounds; ``""`` where nothing is known of it."""
    key = normalised(header)
    for profile in others:
        for name, column in profile.columns.items():
            if name not in taken and key in map(normalised, column.names):
                return name, f"so it is called in {profile.profile}"
    known = FIELDS[others[0].kind]
    for name, words in _SYNONYMS.items():
        if name in known and name not in taken and key in words:
            return name, "by its name"
    return "", ""


def _written(name: str, draft: _Draft, cells: Mapping[str, Sequence[str]]) -> str:
    lines = [
        f"# Drafted from a file's headers and its first rows. Nearest: {draft.nearest}. Look at each `# check:`.",
        f"profile: {name}",
        f"title: {name.replace('_', ' ').replace('-', ' ')}",
        f"kind: {draft.kind}",
        "source: say who sends it, and which specification it follows",
        "columns:",
    ]
    for each in FIELDS[draft.kind]:
        if each in draft.columns:
            header, remark = draft.columns[each]
            remarks = [remark, _remark(each, draft.kind, cells[header])]
            said = "; ".join(part for part in remarks if part)
            lines.append(f"  {each}: [{_quoted(header)}]" + (f"  # check: {said}" if said else ""))
    lines += _fixed(draft) + _forms(draft, cells) + _rules(draft)
    if draft.left:
        lines.append("# Columns that are not read:")
        lines += [f"#   {header}: {_content(cells[header])}" for header in draft.left]
    return "\n".join(lines) + "\n"


def _quoted(header: str) -> str:
    plain = re.fullmatch(r"[A-Za-z][A-Za-z0-9 _().]*", header)
    return header if plain else json.dumps(header, ensure_ascii=False)


def _remark(name: str, kind: str, cells: Sequence[str]) -> str:
    """What in a column's first rows does not look like its field; counts alone, and no value."""
    filled = [cell for cell in cells if cell.strip()]
    if not filled:
        return "blank in the first rows"
    if name == "point_of_delivery":
        unknown = {cell.strip() for cell in filled if find_point_of_delivery(cell)[1] == "unmapped"}
        return f"{len(unknown)} of its codes are not national: map them under `codes:`" if unknown else ""
    wanted, found = FIELDS[kind][name], _content(cells)
    fits = {
        "date": ("dates", "dates with the month first"),
        "money": ("numbers", "sums"),
        "count": ("numbers",),
        "whole": ("numbers",),
    }
    return f"holds {found}" if wanted in fits and found not in fits[wanted] else ""


def _content(cells: Sequence[str]) -> str:
    """What a column's first rows hold, in a word."""
    filled = [cell for cell in cells if cell.strip()]
    if not filled:
        return "blank"
    if all(read_day(cell) is not None for cell in filled):
        return "dates"
    if all(read_day(cell, month_first=True) is not None for cell in filled):
        return "dates with the month first"
    if all(read_plain_number(cell) is not None for cell in filled):
        return "sums" if any(mark in "".join(filled) for mark in "£.") else "numbers"
    return "numbers with a decimal comma" if _has_decimal_commas(filled) else "text"


def _has_decimal_commas(filled: Sequence[str]) -> bool:
    return all(re.fullmatch(r"-?£?[0-9.]*[0-9](,[0-9]{1,2})?", cell.strip()) for cell in filled) and any(
        re.search(r",[0-9]{1,2}$", cell.strip()) for cell in filled
    )


def _fixed(draft: _Draft) -> list[str]:
    """Values for what the file lacks and a profile of its kind needs."""
    usual = {"quantity": "1", "point_of_delivery": "OTHER"}
    needed = [*NEEDED[draft.kind], *(["point_of_delivery"] if draft.kind == "activity" else [])]
    missing = [name for name in dict.fromkeys(needed) if name not in draft.columns]
    if not missing:
        return []
    return [
        "fixed:",
        *(f"  {name}: {usual.get(name, _FILL_IN)}  # check: the file has no column for it" for name in missing),
    ]


def _forms(draft: _Draft, cells: Mapping[str, Sequence[str]]) -> list[str]:
    """How dates and numbers are written, where the first rows tell."""
    types = FIELDS[draft.kind]
    contents = {name: _content(cells[header]) for name, (header, _) in draft.columns.items()}
    lines = []
    if any(types[name] == "date" and content == "dates with the month first" for name, content in contents.items()):
        lines.append("dates: month_first  # check: some dates of the first rows can be read in no other way")
    if any(content == "numbers with a decimal comma" for content in contents.values()):
        lines.append("decimals: comma  # check: some numbers of the first rows can be read in no other way")
    return lines


def _rules(draft: _Draft) -> list[str]:
    if draft.kind != "activity":
        return []
    has = draft.columns.keys()
    stated = {"financial_month", "financial_year"} <= has
    period = ["stated", "file_name"] * stated + ["activity_date"] * ("activity_date" in has)
    costing = ["costing_period"] * ("costing_period" in has)
    total = ["total"] * ("total_cost" in has) + ["price_and_market_forces"] * ({"net_price", "market_forces"} <= has)
    amount = total or ["price_times_count"] * ("unit_price" in has) or ["none"]
    return [
        f"period: [{', '.join([*costing, *period])}]"
        + ("" if period or costing else "  # check: nothing tells a month"),
        f"amount: [{', '.join(amount)}]" + ("" if total else "  # check: the file has no total"),
        "cost_basis: actual  # check: actual, tariff, proxy or nominal",
        "cumulative: yes  # check: whether each file restates its months whole",
    ]
