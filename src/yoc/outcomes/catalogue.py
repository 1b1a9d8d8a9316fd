"""The catalogue of indicators, and the score that a result earns."""

from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field, model_validator

from yoc.core.fields import Measure, Model, Name, Text
from yoc.core.findings import stop_if_any
from yoc.core.located import read_document, read_model


class Indicator(Model):
    """One measure: a numerator over a denominator, which way is better, and what earns nothing and everything.

    >>> Indicator(id="bp", title="Blood pressure controlled", better="higher", floor="60%", target="80%").score(
    ...     Fraction(7, 10))
    Fraction(1, 2)
    >>> Indicator(id="er", title="Avoidable admissions", better="lower", floor="0.30", target="0.20").score(
    ...     Fraction(1, 10))
    Fraction(1, 1)
    """

    id: Name
    title: Text
    better: Literal["higher", "lower"]
    floor: Measure
    target: Measure
    domain: Text | None = None
    numerator: Text | None = None
    denominator: Text | None = None
    source: Text | None = None

    @model_validator(mode="after")
    def _target_beyond_floor(self) -> "Indicator":
        if (self.target <= self.floor) if self.better == "higher" else (self.target >= self.floor):
            side = "above" if self.better == "higher" else "below"
            raise ValueError(f"indicator `{self.id}`: {self.better} is better, so the target lies {side} the floor")
        return self

    def score(self, result: Fraction) -> Fraction:
        """From 0 at the floor or worse to 1 at the target or better, in a straight line between, exact."""
        reached = (result - self.floor) / (self.target - self.floor)
        return min(max(reached, Fraction(0)), Fraction(1))


class Catalogue(Model):
    """A named list of indicators that contracts refer to."""

    catalogue: Name
    title: Text
    indicators: Annotated[tuple[Indicator, ...], Field(min_length=1)]

    def by_id(self) -> dict[str, Indicator]:
        """The indicators by their ids."""
        return {indicator.id: indicator for indicator in self.indicators}


def read_catalogue(text: str, file: str) -> Catalogue:
    """Read a catalogue. Raises ``FindingsError`` with every fault at its place."""
    document = read_document(text, file)
    catalogue = read_model(document, Catalogue)
    seen: set[str] = set()
    findings = []
    for place, indicator in enumerate(catalogue.indicators):
        if indicator.id in seen:
            message = f"indicator `{indicator.id}` is given twice"
            findings.append(document.finding("FIELD-VALUE", message, ("indicators", place, "id")))
        seen.add(indicator.id)
    stop_if_any(findings)
    return catalogue
