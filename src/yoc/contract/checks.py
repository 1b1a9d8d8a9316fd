"""The checks of a contract that need all of it at once: names that mean something, parties, years, sums, rules."""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from yoc.contract.budget import ALL_CARE, BUDGET_SETTINGS, missing_rates
from yoc.contract.choices import check_adjustments, check_choices
from yoc.contract.model import ActivityContract, Contract, Role
from yoc.contract.stated import check_stated
from yoc.contract.terms.base import TermParameters
from yoc.contract.units import check_units
from yoc.contract.values import ByColumn, PartyCode, Test, missing_years, names_in, walk
from yoc.core.findings import Finding
from yoc.core.located import Document, Path
from yoc.core.money import CURRENCY_SIGNS

_ONE = "keep one, or give the other another name"
STANDING_PARTIES = ("host", "commissioner")
_SINGLE_KINDS = ("capitation", "activity_cost", "stop_loss", "on_account", "completion")
_SUM = re.compile(r"^-?([£$€])[0-9][0-9.,]*\s*(k|m|bn)?$")
_WORDS = {(field,) for field in ("title", "name", "source", "clause", "version")}
"""Fields of words, in which a sum is not the contract's own."""


def whole_checks(contract: Contract, document: Document) -> Iterator[Finding]:
    """Every fault of the contract as a whole, each at its place."""
    yield from _check_parties(contract, document)
    yield from _check_currency(contract, document)
    yield from _check_budget_settings(contract, document)
    yield from _check_rate_table(contract, document)
    yield from check_adjustments(contract, document)
    if isinstance(contract, ActivityContract):
        yield from _check_segments(contract, document)
        yield from check_choices(contract, document)
    if contract.population is not None:
        yield from check_stated(contract.population, [host.code for host in contract.hosts], document)
    yield from _check_names(contract, document)
    yield from _check_inputs(contract, document)
    yield from _check_terms(contract, document)
    yield from _check_references(contract, document)
    yield from check_units(contract, document)


def _repeated(names: Iterable[str]) -> Iterator[tuple[int, str]]:
    seen: set[str] = set()
    for place, name in enumerate(names):
        if name in seen:
            yield place, name
        seen.add(name)


def _check_parties(contract: Contract, document: Document) -> Iterator[Finding]:
    for place, code in _repeated(party.code for party in contract.parties):
        yield document.finding("FIELD-VALUE", f"party `{code}` is given twice", ("parties", place, "code"), _ONE)
    for place, party in enumerate(contract.parties):
        if party.code in STANDING_PARTIES:
            message = f"`{party.code}` stands for whoever that is in a settlement, and is no code of a party"
            yield document.finding("FIELD-VALUE", message, ("parties", place, "code"), "give the party another code")
    commissioners = sum(party.role is Role.COMMISSIONER for party in contract.parties)
    if commissioners != 1:
        message = f"a contract has one commissioner, this one has {commissioners}"
        mend = "give exactly one of them `role: commissioner`"
        yield document.finding("FIELD-VALUE", message, ("parties", ""), mend)
    if isinstance(contract, ActivityContract) and not contract.hosts:
        mend = "give each organisation that is paid for its people `role: host`"
        yield document.finding("FIELD-VALUE", "no party has the role of host", ("parties", ""), mend)


def _check_currency(contract: Contract, document: Document) -> Iterator[Finding]:
    """Every sum of the contract is written with the sign of its currency."""
    sign = contract.currency.sign
    for path, text in _texts(document.content):
        match = _SUM.match(text)
        if match and match[1] != sign and path[-1:] not in _WORDS:
            message = f"{text} is a sum in another currency than the contract's, {contract.currency.value}"
            mend = f"write it with {sign}, or set `currency: {CURRENCY_SIGNS[match[1]]}` for the whole contract"
            yield document.finding("FIELD-VALUE", message, path, mend)


def _texts(content: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    if isinstance(content, str):
        yield path, content
    elif isinstance(content, dict):
        for key, item in content.items():
            yield from _texts(item, (*path, key))
    elif isinstance(content, list):
        for place, item in enumerate(content):
            yield from _texts(item, (*path, place))


def _check_budget_settings(contract: Contract, document: Document) -> Iterator[Finding]:
    unknown = set()
    for segment, rates in contract.budget.rates.items() if contract.budget else ():
        for setting in rates:
            if setting == ALL_CARE and contract.activity is None and len(rates) == 1:
                continue
            if setting not in BUDGET_SETTINGS:
                message = f"`{setting}` is not a setting that a Year of Care budget covers"
                mend = f"use {', '.join(BUDGET_SETTINGS[:-1])} or {BUDGET_SETTINGS[-1]}"
                yield document.finding("TERM-REFERENCE", message, ("budget", "rates", segment, setting, ""), mend)
                unknown.add(segment)
    for segment, setting in missing_rates(contract.budget.rates) if contract.budget else ():
        if segment not in unknown and setting in BUDGET_SETTINGS:
            message = f"segment `{segment}` has no rate for {setting}, which another segment has"
            mend = "add it; give £0 if it has none"
            yield document.finding("FIELD-MISSING", message, ("budget", "rates", segment, ""), mend)


def _check_rate_table(contract: Contract, document: Document) -> Iterator[Finding]:
    """Rates at the level of a year that comes after the contract has ended are of another contract."""
    table = contract.budget.rates_from if contract.budget else None
    if table is None or contract.first_year is None:
        return
    last = type(table.year)(contract.first_year.start_year + contract.years - 1)
    if table.year > last:
        message = (
            f"the rate table {table.rate_table} is at the level of {table.year}, after the contract's last year, {last}"
        )
        mend = "build the rates at the level of a year of the contract, or of one before it"
        yield document.finding("PLAN-MISMATCH", message, ("budget", "rates_from"), mend)


def _check_segments(contract: ActivityContract, document: Document) -> Iterator[Finding]:
    segments = [segment.id for segment in contract.population.segments]
    for place, name in _repeated(segments):
        path: Path = ("population", "segments", place, "id")
        yield document.finding("FIELD-VALUE", f"segment `{name}` is given twice", path, _ONE)
    for segment in segments:
        if segment not in contract.budget.rates:
            message = f"segment `{segment}` has no annual rates"
            yield document.finding("FIELD-MISSING", message, ("budget", "rates"), f"add `{segment}:` with its rates")
    for segment in contract.budget.rates:
        if segment not in segments:
            path = ("budget", "rates", segment, "")
            message = f"rates are given for `{segment}`, which is not a segment"
            yield document.finding("TERM-REFERENCE", message, path, nearest(segment, segments, "segments"))
    known = set(contract.population.conditions)
    for place, rule in enumerate(contract.population.segments):
        for condition in rule.conditions.all_of if rule.conditions else ():
            if condition not in known:
                path = ("population", "segments", place, "conditions", "all_of")
                message = f"`{condition}` is not among the contract's conditions"
                mend = nearest(condition, known, "conditions")
                yield document.finding("TERM-REFERENCE", message, path, mend)


def _check_names(contract: Contract, document: Document) -> Iterator[Finding]:
    """A name means one thing: an input, a value, a term or an indicator."""
    for name in contract.values:
        if name in contract.position:
            message = f"`{name}` is both an input of the position and a value"
            yield document.finding("FIELD-VALUE", message, ("values", name, ""), "give one of them another name")
    taken = {*contract.position, *contract.values}
    for place, term in enumerate(contract.terms):
        if term.id in taken:
            message = f"`{term.id}` is both a term and an input or value"
            mend = "give one of them another name"
            if term.kind in ("activity_cost", "capitation"):
                mend = f"take the input out: the term of kind {term.kind} has its own, a column of the table"
            yield document.finding("FIELD-VALUE", message, ("terms", place, "id"), mend)


def _check_inputs(contract: Contract, document: Document) -> Iterator[Finding]:
    """An input that says that it is the cost or the budget, where a term has its own, would be read and not used."""
    own = {"cost": "activity_cost", "budget": "capitation"}
    for name, given in contract.position.items():
        kind = own.get(str(given.is_))
        if kind in {term.kind for term in contract.terms}:
            message = f"`{name}` says that it is the {given.is_}, and the term of kind {kind} has its own"
            mend = f"take it out: a table gives the {given.is_} in a column `{given.is_}`"
            yield document.finding("FIELD-VALUE", message, ("position", name), mend)


def _check_terms(contract: Contract, document: Document) -> Iterator[Finding]:
    for place, name in _repeated(term.id for term in contract.terms):
        yield document.finding("FIELD-VALUE", f"term `{name}` is given twice", ("terms", place, "id"), _ONE)
    kinds = [term.kind for term in contract.terms]
    for kind in _SINGLE_KINDS:
        for place in [place for place, found in enumerate(kinds) if found == kind][1:]:
            message = f"a contract has one `{kind}` term, and this is another"
            yield document.finding("FIELD-VALUE", message, ("terms", place, "kind"), "keep one of them")
    if contract.budget is not None and kinds[0] != "capitation":
        message = "the first term is the budget: its kind is capitation"
        yield document.finding("FIELD-VALUE", message, ("terms", 0, "kind"), "put the term of kind capitation first")
    if contract.activity is not None and "activity_cost" not in kinds:
        yield document.finding(
            "FIELD-MISSING", "no term charges the cost of care", ("terms", ""), "add one of kind activity_cost"
        )


def _check_references(contract: Contract, document: Document) -> Iterator[Finding]:
    """Every name that a value or term reads is known at that point; every party, host and choice exists."""
    made = {name for name, given in contract.inputs().items() if given.kind != "choice"}
    # A budget and a cost can be given in one sum or in parts: what they come to is known by the terms that charge them.
    made -= {name for name in made - set(contract.position) if name.partition(".")[0] in ("budget", "cost")}
    if contract.budget is not None:
        made.add("person_years")
    later = {name: term.id for term in reversed(contract.terms) for name in term.makes()}
    made |= set(contract.values)
    for name, value in contract.values.items():
        yield from _unmade(value, made, later, document, ("values", name), f"value `{name}`")
        yield from _columns(contract, value, document, ("values", name))
        yield from _circle(contract, name, document)
    last, in_hand = "", frozenset[str]()
    for place, term in enumerate(contract.terms):
        path: Path = ("terms", place)
        yield from _unmade(term, made, later, document, path, f"term `{term.id}`")
        yield from _columns(contract, term, document, path)
        yield from _parties(contract, term, document, path)
        yield from _amount_worked_on(term, last, in_hand, document, path)
        in_hand |= term.keeps_in_hand(in_hand, last)
        last = term.id if term.gives_on() else last
        made.update(term.makes())
    for section, item in (("values", contract.values), ("terms", contract.terms)):
        for where, missing in missing_years(item, contract.years):
            years = ", ".join(str(year) for year in missing)
            message = f"nothing is said for contract year {years}"
            full: Path = (section, *where)
            mend = f"give every year of the contract, 1 to {contract.years}" if contract.years > 1 else "give year 1"
            yield document.finding("FIELD-MISSING", message, full, mend)


def _circle(contract: Contract, name: str, document: Document) -> Iterator[Finding]:
    """Values stand in any order, and none is worked out from itself."""
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        at = waiting.pop()
        for _, read in names_in(contract.values[at]):
            if read == name:
                message = f"value `{name}` is worked out from itself" + (f", through `{at}`" if at != name else "")
                mend = "let one of them say its figure, or read an input"
                yield document.finding("TERM-REFERENCE", message, ("values", name), mend)
                return
            if read in contract.values and read not in seen:
                seen.add(read)
                waiting.append(read)


def _unmade(
    item: Any, made: set[str], later: Mapping[str, str], document: Document, path: Path, who: str
) -> Iterator[Finding]:
    for where, name in names_in(item):
        if name not in made:
            message = f"{who} works on `{name}`, which nothing before it makes"
            if name in later:
                mend = f"`{later[name]}` makes it, and stands here or after: put it first"
            else:
                mend = nearest(name, made, "amounts made so far")
            yield document.finding("TERM-REFERENCE", message, (*path, *where), mend)


def nearest(name: str, known: Iterable[str], what: str) -> str:
    """Which name may have been meant, and which there are.

    >>> nearest("spent", ["spend", "budget"], "inputs")
    'did you mean `spend`? The inputs are budget, spend'
    """
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=1)
    listed = f"the {what} are {', '.join(names)}" if names else f"there are no {what}"
    return f"did you mean `{near[0]}`? {listed[:1].upper()}{listed[1:]}" if near else listed


def _amount_worked_on(
    term: TermParameters, last: str, in_hand: frozenset[str], document: Document, path: Path
) -> Iterator[Finding]:
    if "on" not in type(term).model_fields:
        return
    on = getattr(term, "on", None)
    if on is None and not last and term.gives_on():
        message = f"term `{term.id}` works on the amount before it, and there is none"
        yield document.finding("FIELD-MISSING", message, path, "say `on:` which amount it works on")
    if term.kind == "payment" and term.works_on(last) in in_hand:
        message = f"term `{term.id}` pays `{term.works_on(last)}`, which the host's result holds already"
        mend = "leave the payment out, or work the amount out with `of` and `less`, which leave it in nobody's hands"
        yield document.finding("AMOUNT-HELD", message, path, mend)


def _columns(contract: Contract, item: Any, document: Document, path: Path) -> Iterator[Finding]:
    """What a value differs by is the host or a choice, and all of them are provided for."""
    for where, part in walk(item):
        if not (isinstance(part, ByColumn) and part.values is not None) and not (isinstance(part, Test) and part.by):
            continue
        column = str(part.by)
        place = (*path, *where)
        given = contract.position.get(column)
        if column == "host":
            known = [host.code for host in contract.hosts]
        elif given is not None and given.kind == "choice":
            known = list(given.choices)
        else:
            message = f"`{column}` is neither `host` nor a choice that `position:` declares"
            choices = [name for name, known in contract.position.items() if known.kind == "choice"]
            mend = nearest(column, ["host", *choices], "names to choose from")
            yield document.finding("TERM-REFERENCE", message, (*place, "by"), mend)
            continue
        named = list(part.values or {}) if isinstance(part, ByColumn) else list(part.is_one_of)
        for name in named if known else ():
            if name not in known:
                kind = "host" if column == "host" else f"choice of `{column}`"
                message = f"a value is given for `{name}`, which is no {kind}"
                mend = nearest(name, known, "hosts" if column == "host" else "choices")
                step: Path = ("values", name, "") if isinstance(part, ByColumn) else ("is_one_of", named.index(name))
                yield document.finding("TERM-REFERENCE", message, (*place, *step), mend)
        if isinstance(part, ByColumn) and part.otherwise is None:
            for name in known:
                if name not in named:
                    message = f"no value is given for {column} `{name}`"
                    mend = f"add `{name}:`, or `otherwise:` for the rest"
                    yield document.finding("FIELD-MISSING", message, (*place, "values", ""), mend)


def _parties(contract: Contract, term: TermParameters, document: Document, path: Path) -> Iterator[Finding]:
    """The parties that a term names are parties to the contract, and none is a host by its code: it would pay
    itself."""
    roles = {party.code: party.role for party in contract.parties}
    named = [(where, str(part)) for where, part in walk(term) if isinstance(part, PartyCode)]
    for where, party in (*named, *(((), str(code)) for code in term.named_parties())):
        if party in STANDING_PARTIES:
            continue
        if party not in roles:
            message = f"term `{term.id}` names `{party}`, which is not a party to the contract"
            mend = f"add it to `parties:`, or name one of {', '.join(roles)}"
            yield document.finding("TERM-REFERENCE", message, (*path, *where), mend)
        elif roles[party] is Role.HOST:
            message = f"term `{term.id}` names `{party}`, a host, as another party"
            yield document.finding(
                "TERM-REFERENCE", message, (*path, *where), "name a party that is no host, or say `host`"
            )
