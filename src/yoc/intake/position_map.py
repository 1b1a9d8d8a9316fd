"""The map: a file that says which columns of a table are which inputs of a contract, and how their texts are read."""

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, field_validator, model_validator

from yoc.core.fields import Count, Measure, Model, Name, Text
from yoc.core.located import Document, read_document, read_model


def _listed(value: Any) -> Any:
    """A single text stands for a list of one."""
    return [value] if isinstance(value, str) else value


def _as_column(value: Any) -> Any:
    """The short form ``benchmark: ABtotBnchmk`` is ``benchmark: {column: ABtotBnchmk}``."""
    return {"column": value} if isinstance(value, str) else value


Texts = Annotated[tuple[Text, ...], BeforeValidator(_listed), Field(min_length=1)]
"""One text or a list of them."""


class ColumnRule(Model):
    """How one input is read: from a column, from several added or subtracted, or as a constant.

    ``when_suppressed`` is written as the column would write it; ``times`` multiplies what was read, exactly.

    >>> ColumnRule(column="ABtotBnchmk").columns()
    ('ABtotBnchmk',)
    >>> ColumnRule(subtract=("gross", "fee")).columns()
    ('gross', 'fee')
    """

    column: Text | None = None
    value: Text | None = None
    add: tuple[Text, ...] = ()
    subtract: tuple[Text, ...] = ()
    as_: Literal["percent", "fraction"] | None = None
    yes: Annotated[tuple[Text, ...], BeforeValidator(_listed)] = ()
    no: Annotated[tuple[Text, ...], BeforeValidator(_listed)] = ()
    when_suppressed: Text | None = None
    times: Measure | None = None
    values: Mapping[str, str] = Field(default_factory=dict)

    model_config = Model.model_config | {"alias_generator": lambda name: name.rstrip("_"), "populate_by_name": True}

    @model_validator(mode="after")
    def _one_source(self) -> "ColumnRule":
        sources = [name for name in ("column", "value", "add", "subtract") if getattr(self, name)]
        if len(sources) != 1:
            said = f"this says {' and '.join(f'`{name}`' for name in sources)}" if sources else "this says none"
            raise ValueError(f"say one of `column`, `add`, `subtract` or `value`; {said}")
        if (self.add or self.subtract) and len(self.columns()) < 2:
            raise ValueError(f"`{sources[0]}` needs two columns or more")
        if self.value is not None and (self.when_suppressed is not None or self.values or self.times is not None):
            raise ValueError(
                "`value` is a constant, and is written out: `when_suppressed`, `values` and `times` say more"
            )
        if bool(self.yes) != bool(self.no):
            raise ValueError("give both lists, `yes` and `no`: a text in neither is refused")
        if both := sorted(set(self.yes) & set(self.no)):
            raise ValueError(f"`{both[0]}` cannot be both yes and no")
        if self.times == Fraction(0):
            raise ValueError("`times: 0` would lose every figure of the column")
        return self

    def columns(self) -> tuple[str, ...]:
        """The columns that it reads, in order; none for a constant."""
        return self.add or self.subtract or ((self.column,) if self.column is not None else ())

    def path_of(self, place: int) -> tuple[str | int, ...]:
        """Where in the rule the column of that place is named."""
        return ("add", place) if self.add else ("subtract", place) if self.subtract else ("column",)


class ContractChoice(Model):
    """Which contract of a family a row is settled by: the text of its columns, and the file for each text."""

    column: Texts
    files: Annotated[dict[str, Text], Field(min_length=1)]

    @field_validator("files")
    @classmethod
    def _beside_the_map(cls, files: dict[str, str]) -> dict[str, str]:
        for name in files.values():
            if "\\" in name or ":" in name or posixpath.isabs(name):
                raise ValueError(f"{name} is not a name from the map's own folder: write it with forward slashes")
        return files


class MapRules(Model):
    """Everything that a map may say."""

    sheet: Text | None = None
    header_row: Annotated[Count, Field(ge=1)] = 1
    host: Texts = ("host",)
    only: dict[str, Texts] = Field(default_factory=dict)
    contract: ContractChoice | None = None
    suppressed: Annotated[tuple[str, ...], BeforeValidator(_listed)] = ()
    columns: dict[Name, Annotated[ColumnRule, BeforeValidator(_as_column)]] = Field(default_factory=dict)
    expect: dict[str, Annotated[ColumnRule, BeforeValidator(_as_column)]] = Field(default_factory=dict)


@dataclass(frozen=True)
class PositionMap:
    """A map with the places of all it says, so that a fault found later can still name its line.

    The map that says nothing reads the table of a file whose columns are named as the inputs are:

    >>> PositionMap().rules.host, PositionMap().contract_files
    (('host',), ('',))
    """

    rules: MapRules = field(default_factory=MapRules)
    document: Document = field(default_factory=lambda: Document("", {}, {}, ()))

    @property
    def contract_files(self) -> tuple[str, ...]:
        """The contracts that rows may use, as the map writes them; ``("",)`` where it chooses none."""
        if self.rules.contract is None:
            return ("",)
        return tuple(dict.fromkeys(self.rules.contract.files.values()))


def read_position_map(text: str, file: str) -> PositionMap:
    """Read a map. Raises ``FindingsError`` with every fault at its line and column.

    >>> read_position_map("host: ACO_ID\\ncolumns: {spend: ABtotExp}\\n", "map.yaml").rules.columns["spend"].column
    'ABtotExp'
    """
    document = read_document(text, file)
    return PositionMap(read_model(document, MapRules), document)
