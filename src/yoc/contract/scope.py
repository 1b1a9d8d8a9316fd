"""Scope: what a contract says of a kind of line, from a few of its columns: guarded, in a setting, or outside."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, model_validator

from yoc.core.fields import Count, Model, Name, Text

Setting = Literal["primary", "community", "mental_health", "outpatient", "emergency", "elective", "other"]
SETTING_NAMES = {
    "primary": "Primary",
    "community": "Community",
    "mental_health": "Mental health",
    "outpatient": "Outpatient",
    "emergency": "Emergency",
    "elective": "Elective",
    "other": "Other",
    "all_care": "All care",
}
GUARD_REASONS = {
    "low_volume_activity": "inside a low-volume-activity arrangement",
    "block": "inside a block that is paid apart",
    "agreed_variation": "paid under an agreed variation",
}


DEFAULT_COMMISSIONERS = {
    "VPP00": "a private or overseas patient",
    "XMD00": "the Ministry of Defence",
    "Q99": "the commissioner is not known",
    "X98": "no commissioner applies",
}
"""The national codes that stand where no commissioner does, and what each says."""
DEFAULT_PROVIDERS = ("89997", "89999")
"""The national codes of any provider that has none of its own, abroad and in the UK: no one provider's year."""
MONEY_ONLY = ("ADJUSTMENT", "BLOCK", "CQUIN", "NAOTHER")
"""Points of delivery of money that no patient stands behind."""


@dataclass(frozen=True, order=True)
class LineKind:
    """The columns of a line on which rules depend; every line with the same values is decided once."""

    provider: str
    commissioner: str
    point_of_delivery: str
    tariff_code: str
    treatment_function: str
    specialised_service: str
    national_tariff: str
    data_set: str = ""
    cost_basis: str = ""


def own_commissioner(code: str, commissioners: Collection[str]) -> str:
    """The commissioner of a contract that a code stands for; ``""`` where it stands for none of them.

    It is the code itself, or that of the organisation before the site suffix ``00`` with which national data write a
    code of three characters. A default code stands for no organisation.

    >>> own_commissioner("XQY", ["XQY"]), own_commissioner("XQY00", ["XQY"]), own_commissioner("XQY01", ["XQY"])
    ('XQY', 'XQY', '')
    """
    if code in commissioners:
        return code
    organisation = code.removesuffix("00")
    is_site = len(code) == 5 and len(organisation) == 3 and code not in DEFAULT_COMMISSIONERS
    return organisation if is_site and organisation in commissioners else ""


def _one_or_many(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Codes = Annotated[tuple[Name, ...], BeforeValidator(_one_or_many, json_schema_input_type=Name | tuple[Name, ...])]


Settings = Annotated[
    tuple[Setting, ...], BeforeValidator(_one_or_many, json_schema_input_type=Setting | tuple[Setting, ...])
]


CostBasis = Literal["actual", "tariff", "proxy", "nominal"]
CostBases = Annotated[
    tuple[CostBasis, ...], BeforeValidator(_one_or_many, json_schema_input_type=CostBasis | tuple[CostBasis, ...])
]


class When(Model):
    """A test of a line: every field given must match. ``tariff_code`` matches whole codes or, with a final ``-``,
    their beginning (``HN1-``).

    >>> when = When(point_of_delivery=["AE", "NEL"], tariff_code="VB-")
    >>> kind = LineKind("ZA1", "XQY", "AE", "VB01Z", "180", "", "Y")
    >>> when.matches(kind)
    True
    """

    provider: Codes = ()
    """Codes of providers."""
    point_of_delivery: Codes = ()
    """Codes of points of delivery."""
    tariff_code: Codes = ()
    """Tariff codes, or their beginnings with a final hyphen (HN1-)."""
    treatment_function: Codes = ()
    """Treatment function codes."""
    setting: Settings = ()
    """Settings that the rules without this test have put the line in: such a rule is tried after those."""
    specialised: Literal["yes", "no"] | None = None
    """Whether the line carries a specialised service code."""
    national_tariff: Literal["yes", "no"] | None = None
    """Whether the line is priced by the national tariff."""
    data_set: Codes = ()
    """Data sets, by the names of the profiles that read them (plcm, csds_contacts)."""
    cost_basis: CostBases = ()
    """What the line's amount is: an actual charge, the tariff, a proxy, or a nominal value."""

    @model_validator(mode="after")
    def _some_test(self) -> "When":
        if not self.model_fields_set:
            raise ValueError("a rule without a test would claim every line: name at least one column")
        return self

    def matches(self, kind: LineKind, setting: str = "") -> bool:
        """Whether a kind of line, in a setting, passes every test that is given."""
        return (
            (not self.setting or setting in self.setting)
            and (not self.provider or kind.provider in self.provider)
            and (not self.point_of_delivery or kind.point_of_delivery in self.point_of_delivery)
            and (not self.treatment_function or kind.treatment_function in self.treatment_function)
            and (not self.tariff_code or any(_code_matches(code, kind.tariff_code) for code in self.tariff_code))
            and (self.specialised is None or (self.specialised == "yes") == bool(kind.specialised_service))
            and (self.national_tariff is None or (self.national_tariff == "yes") == (kind.national_tariff == "Y"))
            and (not self.data_set or kind.data_set in self.data_set)
            and (not self.cost_basis or kind.cost_basis in self.cost_basis)
        )


def _code_matches(wanted: str, code: str) -> bool:
    return code.startswith(wanted[:-1]) if wanted.endswith("-") else code == wanted


_LISTS = ("setting", "provider", "point_of_delivery", "treatment_function", "data_set", "cost_basis")
_FLAGS = ("specialised", "national_tariff")


def could_match_one_line(one: When, other: When) -> bool:
    """Whether some line could pass both tests.

    >>> could_match_one_line(When(provider="ZA1"), When(tariff_code="VB-"))
    True
    >>> could_match_one_line(When(tariff_code="VB-", provider="ZA1"), When(tariff_code="HN12F"))
    False
    """
    for name in _LISTS:
        mine, theirs = getattr(one, name), getattr(other, name)
        if mine and theirs and not set(mine) & set(theirs):
            return False
    for name in _FLAGS:
        if None not in (getattr(one, name), getattr(other, name)) and getattr(one, name) != getattr(other, name):
            return False
    codes, other_codes = one.tariff_code, other.tariff_code
    return not (codes and other_codes) or any(_meet(code, wanted) for code in codes for wanted in other_codes)


def _meet(code: str, other: str) -> bool:
    """Whether two codes, either of which may be a beginning, have a line in common."""
    return _code_matches(code, other.rstrip("-")) or _code_matches(other, code.rstrip("-"))


def covers(wide: When, narrow: When) -> bool:
    """Whether every line that passes the narrow test passes the wide one.

    >>> covers(When(tariff_code="VB-"), When(tariff_code=["VB01Z", "VB02-"], provider="ZA1"))
    True
    >>> covers(When(tariff_code="VB01Z"), When(tariff_code="VB-"))
    False
    """
    for name in _LISTS:
        mine, theirs = getattr(wide, name), getattr(narrow, name)
        if mine and not (theirs and set(theirs) <= set(mine)):
            return False
    for name in _FLAGS:
        if getattr(wide, name) is not None and getattr(wide, name) != getattr(narrow, name):
            return False
    if not wide.tariff_code:
        return True
    return bool(narrow.tariff_code) and all(
        any(_holds_all(mine, theirs) for mine in wide.tariff_code) for theirs in narrow.tariff_code
    )


def _holds_all(wide: str, narrow: str) -> bool:
    """Whether one code, or beginning of codes, takes in all of another."""
    if narrow.endswith("-") and not wide.endswith("-"):
        return False
    return _code_matches(wide, narrow.rstrip("-"))


class ScopeRule(Model):
    """A rule that puts lines into a setting, or out of scope with a reason.

    Rules are tried in the order of ``rank`` (their place in the list where none is given); the first match wins, and
    two matches of one rank are an error.
    """

    when: When
    """The test: every column given must match."""
    setting: Setting | None = None
    """The setting to which the lines belong."""
    out_of_scope: Text | None = None
    """Why the lines are not the host's to bear."""
    rank: Count | None = None
    """When it is tried; its place in the list unless said."""
    clause: Text | None = None
    """The clause of the contract."""

    @model_validator(mode="after")
    def _one_outcome(self) -> "ScopeRule":
        if (self.setting is None) == (self.out_of_scope is None):
            raise ValueError("a rule gives either a `setting` or a reason for `out_of_scope`")
        return self


class Guard(Model):
    """Lines that are paid elsewhere and must not be charged again."""

    reason: Literal["low_volume_activity", "block", "agreed_variation"]
    """Where the lines are paid instead."""
    when: When
    """The test: every column given must match."""
    clause: Text | None = None
    """The clause of the contract."""


@dataclass(frozen=True)
class Verdict:
    """What the contract says of a kind of line: the guard that stops it, its setting, why it is out of scope.

    ``conflict`` names the places (from 0) of two rules of one rank that both claim it.
    """

    guard: str = ""
    setting: str = ""
    out_of_scope: str = ""
    conflict: tuple[int, int] | None = None


def judge(
    kind: LineKind,
    guards: Sequence[Guard],
    rules: Sequence[ScopeRule],
    budgeted: Sequence[str],
    blocks: Collection[tuple[str, str]] = (),
) -> Verdict:
    """Decide one kind of line. Settings that the budget does not cover are shown, and not charged.

    ``blocks`` are the provider and setting of each block that the contract pays: a proxy for the cost of such care is
    never charged beside it.

    >>> rule = ScopeRule(when=When(point_of_delivery="AE"), setting="emergency")
    >>> kind = LineKind("ZA1", "XQY", "AE", "VB01Z", "180", "", "Y")
    >>> judge(kind, [], [rule], ["emergency"])
    Verdict(guard='', setting='emergency', out_of_scope='', conflict=None)
    >>> judge(kind, [], [rule], ["primary"]).out_of_scope
    'emergency is outside the budget'

    A rule that asks for the setting is tried after those that give one:

    >>> late = ScopeRule(when=When(setting="emergency", provider="ZA1"), out_of_scope="paid elsewhere")
    >>> judge(kind, [], [late, rule], ["emergency"]).out_of_scope
    'paid elsewhere'

    Care that a block pays for is not charged by proxy as well:

    >>> contact = LineKind("ZC1", "XQY", "AE", "", "", "", "N", "csds_contacts", "proxy")
    >>> judge(contact, [], [rule], ["emergency"], {("ZC1", "emergency")}).guard
    'block'
    """
    first, conflict = _first(kind, "", [(place, rule) for place, rule in enumerate(rules) if not rule.when.setting])
    setting = str(first.setting) if first is not None and first.setting else ""
    if setting and conflict is None:
        later = [(place, rule) for place, rule in enumerate(rules) if rule.when.setting]
        second, conflict = _first(kind, setting, later)
        first = second or first
    guard = next((guard.reason for guard in guards if guard.when.matches(kind, setting)), "")
    if not guard and kind.cost_basis == "proxy" and (kind.provider, setting) in blocks:
        guard = "block"
    if conflict is not None:
        return Verdict(guard, conflict=conflict)
    if first is None:
        return Verdict(guard, "", "no scope rule claims it")
    if first.out_of_scope is not None:
        return Verdict(guard, "other", first.out_of_scope)
    setting = str(first.setting)
    return Verdict(guard, setting, "" if setting in budgeted else f"{setting} is outside the budget")


def _first(
    kind: LineKind, setting: str, rules: Sequence[tuple[int, ScopeRule]]
) -> tuple[ScopeRule | None, tuple[int, int] | None]:
    """The rule that matches first; or the places of two that match at the same rank."""
    ranked = sorted(
        (rule.rank if rule.rank is not None else place + 1, place, rule)
        for place, rule in rules
        if rule.when.matches(kind, setting)
    )  # places differ, so that rules themselves are never compared
    if not ranked:
        return None, None
    if len(ranked) > 1 and ranked[0][0] == ranked[1][0]:
        return None, (ranked[0][1], ranked[1][1])
    return ranked[0][2], None
