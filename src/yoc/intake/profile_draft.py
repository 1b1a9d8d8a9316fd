"""A first draft of a profile for a file that none reads: which column is probably which field, and what to check.

It looks at the headers and the first rows. What it says of the rows is what kind of text they hold, and never a value.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from yoc.core.findings import Finding, FindingsError, Level
from yoc.intake.header_guesses import guess_field, is_of_pence, may_be_a_count
from yoc.intake.open_lines import open_whole_table
from yoc.intake.plain_numbers import read_plain_number
from yoc.intake.profile import Profile
from yoc.intake.profile_fields import FIELDS, NEEDED, PERIOD_FIELDS
from yoc.intake.profile_set import ProfileSet
from yoc.intake.text_table import names_known, normalised
from yoc.intake.texts import find_point_of_delivery, read_day
from yoc.intake.tie_outs import TIED_DATA_SETS

_SAMPLE_ROWS = 5_000
_FILL_IN = "FILL-IN"
_FEWEST = 2
"""With fewer known names a row may be somebody's data, and is not repeated."""
_OF_NAMED = 2
"""With one in so many of the columns that the nearest profile needs, a file is another form of the same data set."""


@dataclass
class _Draft:
    """What is found: by field its header and how sure that is, the headers left over, how many the nearest names."""

    kind: str
    nearest: Profile
    columns: dict[str, tuple[str, str]] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)
    named: int = 0


def draft_profile(path: Path, file: str, name: str, profiles: ProfileSet) -> str:
    """The text of a profile for a file, with `# check:` beside every guess. Raises ``FindingsError`` where the file's
    first row holds no headers that anything is known of.
    """
    headers, rows = _beginning(path, file, profiles)
    draft = _matched(headers, profiles)
    if len(draft.columns) < _FEWEST or any(_is_value(header) for header in headers):
        message = "the first row does not look like headers, or hardly any of them is known"
        mend = "give the file a first row with the names of its columns"
        raise FindingsError([Finding("FILE-UNREADABLE", Level.SUBMISSION, message, mend, file, 1)])
    cells = {header: [row[place] for row in rows if place < len(row)] for place, header in enumerate(headers)}
    return _written(name, draft, cells)


def _beginning(path: Path, file: str, profiles: ProfileSet) -> tuple[list[str], list[list[str]]]:
    """The headers and the first rows."""
    layouts = [known.profile.layout for known in profiles.by_name.values()]

    def score(cells: Sequence[str]) -> int:
        guessed = max(len({guess_field(cell, fields) for cell in cells} - {""}) for fields in FIELDS.values())
        return max(names_known(layouts, cells), guessed)

    table = open_whole_table(path, file, score)
    first = next(table.chunks(), None)
    columns = [] if first is None else first.table.slice(0, _SAMPLE_ROWS).drop_columns(["row_number"]).columns
    rows = zip(*(column.to_pylist() for column in columns), strict=True)
    return [header.strip() for header in table.headers], [list(row) for row in rows]


def _is_value(header: str) -> bool:
    """Whether a header is a number or a day: then it is a row of data."""
    return read_plain_number(header) is not None or read_day(header) is not None


def _matched(headers: Sequence[str], profiles: ProfileSet) -> _Draft:
    """The draft of most fields; of several, the one whose profile has most of the names, then lines of activity."""
    drafts = [_matched_to(known.profile, headers, profiles) for known in profiles.by_name.values()]
    return max(drafts, key=lambda draft: (len(draft.columns), draft.named, draft.kind == "activity"))


def _matched_to(profile: Profile, headers: Sequence[str], profiles: ProfileSet) -> _Draft:
    draft = _Draft(profile.kind, profile)
    known = {header: name for header, name in zip(headers, profile.layout.match(list(headers))[0], strict=True) if name}
    for header, name in known.items():
        draft.columns[name] = (header, "")
    draft.named = len(draft.columns)
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
    name = guess_field(header, FIELDS[others[0].kind], taken)
    return name, "by its name" if name else ""


def _written(name: str, draft: _Draft, cells: Mapping[str, Sequence[str]]) -> str:
    lines = [
        "# Drafted from a file's headers and its first rows. "
        f"Nearest: {draft.nearest.profile}. Look at each `# check:`.",
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
    lines += _fixed(draft) + _forms(draft, cells) + _rules(draft) + _data_set(draft)
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
    if wanted not in fits or found in fits[wanted]:
        return ""
    if found != "text":
        return f"holds {found}"
    if wanted == "date":
        unread = min(sum(read_day(cell, month_first=first) is None for cell in filled) for first in (False, True))
    else:
        unread = sum(read_plain_number(cell) is None for cell in filled)
    return f"{unread} of its first {len(filled)} values cannot be read"


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
    if draft.kind == "activity" and not _tells_month(draft):
        needed += PERIOD_FIELDS["stated"]
    missing = [name for name in dict.fromkeys(needed) if name not in draft.columns]
    if not missing:
        return []
    perhaps = [header for header in draft.left if may_be_a_count(header)]
    return [
        "fixed:",
        *(
            f"  {name}: {_FILL_IN}  # check: {' or '.join(map(_quoted, perhaps))} may be it: then name it under columns"
            if name == "quantity" and perhaps
            else f"  {name}: {usual.get(name, _FILL_IN)}  # check: the file has no column for it"
            for name in missing
        ),
    ]


def _forms(draft: _Draft, cells: Mapping[str, Sequence[str]]) -> list[str]:
    """How dates and numbers are written, where the first rows tell."""
    types = FIELDS[draft.kind]
    contents = {name: _content(cells[header]) for name, (header, _) in draft.columns.items()}
    lines = []
    pence = [name for name, (header, _) in draft.columns.items() if types[name] == "money" and is_of_pence(header)]
    if pence:
        lines += ["types:", *(f"  {name}: money_as_pence  # check: its header says pence" for name in pence)]
    if any(types[name] == "date" and content == "dates with the month first" for name, content in contents.items()):
        lines.append("dates: month_first  # check: some dates of the first rows can be read in no other way")
    if any(content == "numbers with a decimal comma" for content in contents.values()):
        lines.append("decimals: comma  # check: some numbers of the first rows can be read in no other way")
    return lines


def _tells_month(draft: _Draft) -> bool:
    return any(fields and {*fields} <= draft.columns.keys() for fields in PERIOD_FIELDS.values())


def _data_set(draft: _Draft) -> list[str]:
    """Contract monitoring in a layout of its own restates the months of contract monitoring: it is charged once."""
    layout = draft.nearest.layout
    needed = len(layout.fields) - len(layout.optional)
    if draft.nearest.restates not in TIED_DATA_SETS or _OF_NAMED * draft.named < needed:
        return []
    return [
        f"data_set: {draft.nearest.restates}  # check: it replaces the months of that data set, and ties out with them"
    ]


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
        if _tells_month(draft)
        else "period: [file_name, stated]  # check: no column tells a month; files must have it in their names",
        f"amount: [{', '.join(amount)}]" + ("" if total else "  # check: the file has no total"),
        "cost_basis: actual  # check: actual, tariff, proxy or nominal",
        "cumulative: yes  # check: whether each file restates its months whole",
    ]
