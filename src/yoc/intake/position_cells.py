"""What the text of one cell means for one input: a sum, a number, a rate, a score, yes or no, or a choice."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from yoc.contract.inputs import Input
from yoc.core.rates import RateError, parse_number
from yoc.intake.number_text import NumberTextError, parse_number_text
from yoc.intake.position_map import ColumnRule

_YES, _NO = ("yes", "y", "true", "1"), ("no", "n", "false", "0")
_SHOWN = 40
_MOST_SEEN = 1_000


class CellFault(Exception):
    """A text that cannot be read as its input: what is wrong, how to mend it, and the column where it is known."""

    def __init__(self, problem: str, mend: str, column: str = ""):
        super().__init__(problem)
        self.problem, self.mend, self.column = problem, mend, column


def shown(text: str) -> str:
    """A cell's text for a message, cut where it is long. These tables are about organisations, never about people.

    >>> shown("n/a"), shown("x" * 50) == repr("x" * 40 + "…")
    ("'n/a'", True)
    """
    return repr(text if len(text) <= _SHOWN else text[:_SHOWN] + "…")


def near(name: str, known: Sequence[str]) -> str:
    """What a misspelt name may have meant, as the mend of a finding.

    >>> near("QualScor", ["ACO_ID", "QualScore"])
    'did you mean `QualScore`?'
    """
    by_lower = {other.lower(): other for other in known}
    found = difflib.get_close_matches(name.lower(), list(by_lower), n=3, cutoff=0.6)
    return f"did you mean {' or '.join(f'`{by_lower[match]}`' for match in found)}?" if found else ""


def read_cell(text: str, declared: Input, rule: ColumnRule) -> Fraction | str:
    """The meaning of a text: exact pence, a number, a fraction of 1, 1 or 0 for a flag, or the word of a choice.

    Raises ``CellFault``.

    >>> read_cell("$1,234.56", Input(kind="money"), ColumnRule(column="spend"))
    Fraction(123456, 1)
    >>> read_cell("89.41", Input(kind="score"), ColumnRule(**{"column": "quality", "as": "percent"}))
    Fraction(8941, 10000)
    """
    if declared.kind == "flag":
        return _read_flag(text, rule)
    if declared.kind == "choice":
        return _read_choice(text, declared.choices)
    return _read_quantity(text, declared.kind, rule)


def read_constant(text: str, declared: Input, rule: ColumnRule) -> Fraction | str:
    """The meaning of a text that the map itself gives, in which a fraction may be written and a flag is yes or no.

    Raises ``CellFault``.

    >>> read_constant("2/3", Input(kind="rate"), ColumnRule(value="2/3"))
    Fraction(2, 3)
    """
    if declared.kind == "flag" and text not in (*rule.yes, *rule.no):
        return _read_flag(text, ColumnRule(value=text))
    if declared.kind in ("number", "rate", "score") and "/" in text:
        try:
            return parse_number(text)
        except RateError as error:
            raise CellFault(str(error), "correct the map") from None
    return read_cell(text, declared, rule)


def _read_quantity(text: str, kind: str, rule: ColumnRule) -> Fraction:
    try:
        number = parse_number_text(text)
    except NumberTextError as error:
        mend = "write it as 1,234.56, or list the text under `suppressed:` in the map if it means not given"
        raise CellFault(f"{shown(text)} {error}", mend) from None
    if kind in ("money", "number"):
        if number.is_percent:
            mend = "name another column in the map, or declare the input as a rate"
            raise CellFault(f"{shown(text)} is a percentage, and the input is of kind {kind}", mend)
        if kind == "number" and number.currency:
            mend = "name another column in the map, or declare the input as money"
            raise CellFault(f"{shown(text)} is a sum of money, and the input a number", mend)
        return number.value * 100 if kind == "money" else number.value
    if number.currency:
        mend = "name another column in the map, or declare the input as money"
        raise CellFault(f"{shown(text)} is a sum of money, and the input a {kind}", mend)
    if number.is_percent or rule.as_ == "percent":
        return number.value / 100
    if rule.as_ is None and rule.times is None and abs(number.value) > 1:
        mend = "say `as: percent` in the map if per cent is meant, else `as: fraction`"
        raise CellFault(f"{shown(text)} is over 1 and has no per cent sign", mend)
    return number.value


def _read_flag(text: str, rule: ColumnRule) -> Fraction:
    yes, no = (rule.yes, rule.no) if rule.yes else (_YES, _NO)
    plain = text if rule.yes else text.lower()
    if plain in yes:
        return Fraction(1)
    if plain in no:
        return Fraction(0)
    known = f"yes ({', '.join(yes)}) nor no ({', '.join(no)})"
    raise CellFault(f"{shown(text)} is neither {known}", "list the text under `yes:` or `no:` in the map")


def _read_choice(text: str, choices: Sequence[str]) -> str:
    if text in choices:
        return text
    mend = "give the code its choice under `values:` in the map"
    raise CellFault(f"{shown(text)} is not one of the choices {', '.join(choices)}", mend)


@dataclass(frozen=True)
class InputReader:
    """One input of one contract, ready to be read row by row. ``places`` are its columns' places in a row."""

    name: str
    declared: Input
    rule: ColumnRule
    places: tuple[int, ...]
    suppressed: frozenset[str]
    default: Fraction | str | None
    _seen: dict[str, Fraction | str | None] = field(default_factory=dict, repr=False, compare=False)
    """What texts of the one column came to: flags, rates and codes are the same in many rows."""

    def read(self, cells: Sequence[str]) -> Fraction | str | None:
        """The row's value, the default where it is not given, ``None`` where there is none. Raises ``CellFault``."""
        if len(self.places) != 1 or self.rule.value is not None:
            return self._read(cells)
        text = cells[self.places[0]]
        if text not in self._seen:
            value = self._read(cells)
            if len(self._seen) >= _MOST_SEEN:
                return value
            self._seen[text] = value
        return self._seen[text]

    def _read(self, cells: Sequence[str]) -> Fraction | str | None:
        if self.rule.value is not None:
            return read_constant(self._as_written(self.rule.value), self.declared, self.rule)
        readings = [self._read_column(place, cells) for place in range(len(self.places))]
        if any(reading is None for reading in readings):
            return self.default
        value = readings[0]
        if isinstance(value, Fraction):
            for other in readings[1:]:
                if isinstance(other, Fraction):
                    value = value - other if self.rule.subtract else value + other
            value = value * self.rule.times if self.rule.times is not None else value
            _refuse_beyond_score(value, self.declared, ", ".join(self.rule.columns()))
        return value

    def _as_written(self, plain: str) -> str:
        try:
            return self.declared.as_written(plain)
        except ValueError as error:
            raise CellFault(str(error), "give a year of the contract, counted from 1") from None

    def _read_column(self, place: int, cells: Sequence[str]) -> Fraction | str | None:
        stripped = cells[self.places[place]].strip()
        plain = self.rule.values.get(stripped, stripped).strip()
        if plain and plain not in self.suppressed:
            try:
                return read_cell(self._as_written(plain), self.declared, self.rule)
            except CellFault as fault:
                raise CellFault(fault.problem, fault.mend, self.rule.columns()[place]) from None
        if self.rule.when_suppressed is None:
            return None
        return read_constant(self.rule.when_suppressed, self.declared, self.rule)


def _refuse_beyond_score(value: Fraction, declared: Input, columns: str) -> None:
    if declared.kind == "score" and not 0 <= value <= 1:
        side = "below 0%" if value < 0 else "over 100%"
        raise CellFault(f"the score is {side}", "correct it, or see `as:` and `times:` in the map", columns)


def rule_problems(name: str, declared: Input, rule: ColumnRule) -> list[tuple[tuple[str, ...], str, str]]:
    """What a rule says that makes no sense for the input's kind: where in the rule, what is wrong, how to mend it."""
    kind = declared.kind
    found: list[tuple[tuple[str, ...], str, str]] = []

    def refuse(field: str, mend: str) -> None:
        found.append(((field,), f"`{field}` has no meaning for `{name}`, an input of kind {kind}", mend))

    if rule.as_ and kind not in ("rate", "score"):
        refuse("as", "leave it out: it is for rates and scores")
    if rule.yes and kind != "flag":
        refuse("yes", "leave out both lists: they are for flags")
    if kind in ("flag", "choice"):
        for field in ("add", "subtract", "times"):
            if getattr(rule, field):
                refuse(field, "leave it out: it is for figures")
    for field in ("value", "when_suppressed"):
        text = getattr(rule, field)
        if text is not None:
            found += [
                ((field,), f"`{name}`: {problem}", mend) for problem, mend in _constant_problems(text, declared, rule)
            ]
    if kind == "choice":
        strange = [text for text in rule.values.values() if text.strip() and text.strip() not in declared.choices]
        if strange:
            message = f"`{name}`: {shown(strange[0])} is not one of the choices {', '.join(declared.choices)}"
            found.append((("values",), message, "give each code one of the choices"))
    return found


def _constant_problems(text: str, declared: Input, rule: ColumnRule) -> list[tuple[str, str]]:
    try:
        value = read_constant(declared.as_written(text), declared, rule)
        if isinstance(value, Fraction) and rule.times is None:
            _refuse_beyond_score(value, declared, "")
    except CellFault as fault:
        return [(fault.problem, "write a text that the input can be")]
    except ValueError as error:
        return [(str(error), "write a text that the input can be")]
    return []


def split_values(found: Mapping[str, Fraction | str]) -> tuple[dict[str, Fraction], dict[str, str]]:
    """Figures and choices apart.

    >>> split_values({"people": Fraction(5), "track": "A"})
    ({'people': Fraction(5, 1)}, {'track': 'A'})
    """
    figures = {name: value for name, value in found.items() if isinstance(value, Fraction)}
    return figures, {name: value for name, value in found.items() if isinstance(value, str)}
