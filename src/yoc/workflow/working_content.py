"""How a host's figures came about, as it stands in `settlement.json` under `working` of each host.

Every figure is written with the operation that made it and the numbers that it was made from, each of which has a name
or a place in the contract's file, so that a reader of the run's folder alone can work each of them out again.
"""

from fractions import Fraction
from typing import Any

from yoc.contract.adjustments import NO_SEGMENT
from yoc.contract.model import ActivityContract
from yoc.contract.position import Portion
from yoc.contract.values import Path
from yoc.core.located import Document
from yoc.core.periods import FinancialYear
from yoc.settlement import HostSettlement
from yoc.settlement.working import Leaf, Source, Working, value_of, working_of


def working_content(
    contract: ActivityContract, document: Document, settled: HostSettlement, year: FinancialYear
) -> dict[str, Any]:
    """The working of a host's lines, amounts and named values, and of its budget: exact figures as fractions."""
    working = working_of(contract, settled.position)
    return {
        "lines": [
            {
                "name": made.line.name,
                "source": _source(made.source, contract, document),
                "details": [_source(detail, contract, document) for detail in made.details],
                **_portion(made.line.portion),
            }
            for made in working.lines
        ],
        "amounts": _amounts(working, contract, document),
        "values": [
            {"name": name, "is": str(source.value), "source": _source(source, contract, document)}
            for name, source in working.values.items()
        ],
        "budget": _budget(contract, document, settled.host, year),
    }


def _amounts(working: Working, contract: ActivityContract, document: Document) -> list[dict[str, Any]]:
    return [
        {
            "name": made.name,
            "term": made.term,
            "unit": "number" if made.is_number else "money",
            "is": str(made.source.value),
            "source": _source(made.source, contract, document),
        }
        for made in working.amounts
    ]


def _source(source: Source, contract: ActivityContract, document: Document) -> dict[str, Any]:
    """A number with what it was made from: ``of`` and ``name`` of one that was given, ``do`` and ``with`` of others."""
    if isinstance(source, Leaf):
        place = place_of(contract, document, source.path) if source.path else {}
        said = source.text or (document.text_at(source.path) if source.path else "")
        text = {"text": said} if said else {}
        unit = {"unit": "money"} if source.is_money else {}
        name = place.pop("path", source.name)
        return {"of": source.kind, "name": name, "is": str(source.value), **unit, **text, **place}
    parts = [_source(part, contract, document) for part in source.parts]
    return {"do": source.operation, "with": parts, "is": str(source.value)}


def place_of(contract: ActivityContract, document: Document, path: Path) -> dict[str, Any]:
    """Where a number of the contract stands: its path, with terms by their names, and its file and line."""
    file, line = document.nearest(path)
    steps = [str(step) for step in path]
    if path[:1] == ("terms",) and isinstance(path[1], int):
        steps[1] = contract.terms[path[1]].id
    return {"path": ".".join(steps), "file": file, "line": line}


def _portion(portion: Portion | None) -> dict[str, Any]:
    if portion is None:
        return {}
    weights = [str(value_of(weight)) for weight in portion.weights]
    return {"portion": {"whole": str(value_of(portion.whole)), "weights": weights, "place": portion.place}}


def _budget(contract: ActivityContract, document: Document, host: str, year: FinancialYear) -> dict[str, Any]:
    """The annual rates and the adjustments as they stand in the contract, each with its place."""
    rules = contract.budget
    table = rules.rates_from
    rates = []
    for segment, by_setting in rules.rates.items():
        for setting, pence in by_setting.items():
            place = place_of(contract, document, ("budget", "rates", segment, setting))
            if table is not None:
                place = {"path": f"{segment}.{setting}", "file": table.file}
            rates.append({"segment": segment, "setting": setting, "pence": pence, **place})
    segments = (*rules.rates, NO_SEGMENT)
    adjustments = [
        {
            "step": adjustment.id,
            "factors": {segment: str(adjustment.factor(segment, host)) for segment in segments},
            "added": str(Fraction(adjustment.added_pence(host, year))),
            "words": adjustment.in_words(host, year),
            **place_of(contract, document, ("budget", "adjustments", number)),
        }
        for number, adjustment in enumerate(rules.adjustments)
    ]
    return {"rounding": rules.rounding.value, "rates": rates, "adjustments": adjustments}
