"""A profile: how one layout of file is read. It is data, in YAML, so that a new feed needs no new code."""

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from yoc.core.fields import Model, Name, Text, YesNo
from yoc.core.located import read_document, read_model
from yoc.intake.profile_fields import (
    AMOUNT_FIELDS,
    FIELDS,
    KIND_FIELDS,
    NEEDED,
    PERIOD_FIELDS,
    AmountRule,
    CostBasis,
    FieldType,
    Kind,
    PeriodRule,
)
from yoc.intake.text_table import Layout, normalised

UNMAPPED = "Unmapped"
OTHERWISE = "otherwise"
AS_IT_IS = "as it is"
BLANK = "blank"


def _column(value: Any) -> Any:
    """A name, or a list of names, stands for a column that the file must have."""
    if isinstance(value, str | list | tuple):
        return {"names": value}
    return value


def _one_or_many(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Texts = Annotated[
    tuple[Text, ...],
    BeforeValidator(_one_or_many, json_schema_input_type=Text | tuple[Text, ...]),
    Field(min_length=1),
]


class Column(Model):
    """The names that a field has in files, and whether a file may lack it."""

    names: Texts
    """Its names, compared without regard to case, spaces, underscores, full stops, hyphens and brackets."""
    optional: YesNo = False
    """Whether a file may lack the column, and a row its value."""


class Keep(Model):
    """Which rows count. The others are set aside with the reason, and not rejected."""

    field: Name
    """The field that tells."""
    values: Texts
    """Its values in rows that count."""
    reason: Text
    """Why the other rows do not count."""


class DeliveryRule(Model):
    """One rule that derives the point of delivery: where every test passes, the code is this."""

    code: Text
    """The national code, or Unmapped."""
    when: dict[Name, Texts] = Field(default_factory=dict)
    """By field, the values that pass: a code, a beginning with a final hyphen (WF-), a range (900..960), or blank."""

    def matches(self, codes: dict[str, str]) -> bool:
        """Whether a line with these codes passes every test.

        >>> rule = DeliveryRule(code="OPPROC", when={"tariff_code": ["WF-", "900..960"]})
        >>> rule.matches({"tariff_code": "WF01B"}), rule.matches({"tariff_code": "560"})
        (True, False)
        """
        return all(any(_passes(test, codes[field]) for test in tests) for field, tests in self.when.items())


def _passes(written: str, code: str) -> bool:
    if written == BLANK:
        return not code
    test = written.upper()
    first, dots, last = test.partition("..")
    if dots:
        return code.isdecimal() and len(code) == len(first) and first <= code <= last
    return code.startswith(test[:-1]) if test.endswith("-") else code == test


class RankedLayout(Layout):
    """A layout in which a field's names stand in order: where a file has several, the first is the field."""

    def match(self, headers: list[str]) -> tuple[list[str], list[str], list[str]]:
        """As for any layout; only one header given twice is a field met twice."""
        keys = [normalised(header) for header in headers]
        names, twice = [""] * len(headers), []
        for field, known in self.fields.items():
            found = next((key for key in map(normalised, known) if key in keys), None)
            if found is not None:
                names[keys.index(found)] = field
                if keys.count(found) > 1:
                    twice.append(field)
        missing = [field for field in self.fields if field not in names and field not in self.optional]
        return names, missing, sorted(twice)


Columns = dict[Name, Annotated[Column, BeforeValidator(_column, json_schema_input_type=Column | Text | Texts)]]
Rules = Annotated[tuple[DeliveryRule, ...], Field(min_length=1)]


class Profile(Model):
    """How one layout of file is read: which column is which field, and what is decided of its rows."""

    profile: Name
    """The profile's name, by which a plan names it; the file's name without its ending."""
    title: Text
    """What it reads, in the words of an account."""
    kind: Kind
    """What the rows are."""
    source: Text
    """Who specifies the layout, and which version."""
    columns: Columns
    """By field, the names that its column has in files."""
    types: dict[Name, FieldType] = Field(default_factory=dict)
    """Fields that are written in another way than their kind says, as money_as_pence."""
    codes: dict[Name, dict[Text, Text]] = Field(default_factory=dict)
    """By field, the file's values and ours. The entry otherwise says what any other value becomes: a code, Unmapped, or
    as it is (which it is unless said)."""
    fixed: dict[Name, Text] = Field(default_factory=dict)
    """Values of fields that the file lacks."""
    dates: Literal["day_first", "month_first"] = "day_first"
    """Which stands first in dates with slashes. It is never guessed."""
    decimals: Literal["point", "comma"] = "point"
    """The mark before pence: 1,234.56 has a point, 1.234,56 a comma."""
    period: tuple[PeriodRule, ...] = ("stated", "file_name", "activity_date")
    """Where a row's month is looked for, in order."""
    keep: Keep | None = None
    """Which rows count."""
    amount: tuple[AmountRule, ...] = ("total",)
    """Where what was submitted is found; the first that the row fills. With none a line has the book's price alone."""
    cost_basis: CostBasis = "actual"
    """What the amount is: an actual charge, the tariff, a proxy, or a nominal value."""
    point_of_delivery: Rules | None = None
    """Rules that derive the point of delivery where no column gives a known one; the first that matches decides."""
    cumulative: YesNo = True
    """Whether a later file of a provider and month replaces an earlier one."""
    data_set: Name | None = None
    """The data set whose months it restates; the profile's name unless said."""

    @property
    def restates(self) -> str:
        """The name of the data set to which its rows belong."""
        return self.data_set or self.profile

    @cached_property
    def layout(self) -> Layout:
        """The columns, as a reader of rows and columns wants them."""
        return RankedLayout(
            self.title,
            {field: column.names for field, column in self.columns.items()},
            frozenset(field for field, column in self.columns.items() if column.optional),
            f"compare the header row with the profile {self.profile} (`yoc intake profile show {self.profile}`), or "
            "name the profile that is meant",
        )

    def type_of(self, field: str) -> FieldType:
        """How a field is read."""
        return self.types.get(field, FIELDS[self.kind][field])

    @model_validator(mode="after")
    def _hangs_together(self) -> "Profile":
        _refuse_unknown_fields(self)
        _refuse_twice(self)
        given = {*self.columns, *self.fixed}
        for field in NEEDED[self.kind]:
            if field not in given:
                _fault((), f"a profile of kind {self.kind} needs `{field}`", "give its column, or a fixed value")
        if self.kind == "activity":
            _refuse_bad_rules(self, given)
        return self


def _fault(path: tuple[str | int, ...], problem: str, mend: str) -> None:
    raise PydanticCustomError("FIELD-VALUE", "{problem}", {"problem": problem, "path": path, "mend": mend})


def _refuse_unknown_fields(profile: Profile) -> None:
    known = FIELDS[profile.kind]
    named: dict[str, Mapping[str, object]] = {
        "columns": profile.columns,
        "types": profile.types,
        "codes": profile.codes,
        "fixed": profile.fixed,
    }
    for part, fields in named.items():
        for field in fields:
            if field not in known:
                mend = f"the fields of kind {profile.kind} are {', '.join(known)}"
                _fault((part, field), f"`{field}` is no field of kind {profile.kind}", mend)
    for field, kind in profile.types.items():
        sums = {known[field], kind} <= {"money", "money_as_pence"}
        if profile.kind == "activity" and not sums and kind != known[field]:
            mend = "take it out; sums alone may be of another type, money_as_pence"
            _fault(("types", field), f"`{field}` is always read as {known[field]}", mend)
    for field in profile.codes:
        if known[field] != "code":
            _fault(("codes", field), f"`{field}` is no code, and only codes are mapped", "take it out")
    for field in profile.fixed:
        if field in profile.columns:
            _fault(("fixed", field), f"`{field}` has a column and a fixed value", "keep one of the two")
    if profile.keep is not None and profile.keep.field not in KIND_FIELDS:
        _fault(
            ("keep", "field"), f"`{profile.keep.field}` cannot tell which rows count", f"use {', '.join(KIND_FIELDS)}"
        )


def _refuse_twice(profile: Profile) -> None:
    """One header that means two fields."""
    seen: dict[str, str] = {}
    for field, column in profile.columns.items():
        for name in column.names:
            other = seen.setdefault(normalised(name), field)
            if other != field:
                _fault(("columns", field), f"{name} is a column of `{other}` already", "keep it under one field")


def _refuse_bad_rules(profile: Profile, given: set[str]) -> None:
    if "point_of_delivery" not in given and profile.point_of_delivery is None:
        mend = "give its column, a fixed value, or rules under `point_of_delivery:`"
        _fault((), "nothing says which point of delivery a line has", mend)
    for number, rule in enumerate(profile.point_of_delivery or ()):
        for field in rule.when:
            if field not in KIND_FIELDS or field not in given:
                mend = f"use one of {', '.join(name for name in KIND_FIELDS if name in given)}"
                _fault(("point_of_delivery", number, "when"), f"`{field}` is no code that the file gives", mend)
    for amount_rule in profile.amount:
        for field in AMOUNT_FIELDS[amount_rule]:
            if field not in given:
                _fault(("amount",), f"the rule {amount_rule} needs `{field}`", "give its column, or take the rule out")
    if not any(set(PERIOD_FIELDS[rule]) <= given and rule != "file_name" for rule in profile.period):
        mend = "give the columns of one of its rules"
        _fault(("period",), "no rule can tell a row's month from the row", mend)
    sums = {profile.type_of(field) for field in given if profile.type_of(field) in ("money", "money_as_pence")}
    if len(sums) > 1:
        _fault(("types",), "some sums are in pounds and some in pence", "say money_as_pence for all, or for none")


def read_profile(text: str, file: str) -> Profile:
    """Read a profile. Raises ``FindingsError`` with every fault at its line and column."""
    return read_model(read_document(text, file), Profile)
