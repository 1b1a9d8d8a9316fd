"""The words that a reader knows amounts, inputs, values and parties of a contract by, as they stand in a sentence."""

import re
from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType

from yoc.contract.inputs import Input
from yoc.contract.model import Contract
from yoc.contract.terms.base import TermParameters
from yoc.contract.values import PartyCode, Plain
from yoc.contract.wording import plain_in_words, plainly

_NOUNS = {
    "capitation": "the budget",
    "activity_cost": "the cost of care",
    "stop_loss": "what is borne of high costs",
    "bands": "the host's part",
    "gate": "what is to be shared",
    "cap": "the amount after the cap",
    "relief": "the amount after relief",
    "statutory_cut": "the amount after the statutory cut",
    "profit_limit": "what the host keeps",
    "carry": "what is payable",
    "advance": "the payment after the advance",
    "payment": "the payment",
    "blended": "the blended payment",
    "block": "the block payment",
    "fund": "what the pooled fund costs the host",
    "personal_budgets": "what personal health budgets cost the host",
    "completion": "the estimated cost",
    "on_account": "what was paid on account",
    "split": "what is passed on",
}
"""What a term makes, by its kind, where the term has no title; the others are known by their own names."""
_OUTCOMES = {
    "withhold": "what outcomes come to",
    "bonus": "the bonus",
    "multiply_amount": "the amount after outcomes",
    "per_indicator": "the outcome payments",
}
_PARTS = {
    "rate": "{it} as a rate",
    "change": "the change in {it}",
    "other": "the other party's part",
    "withheld": "what is withheld for outcomes",
    "earned": "what outcomes earn back",
    "score": "the score of outcomes",
    "brought_in": "what was brought in from last year",
    "carried": "what goes on to the next year",
    "recovered": "what is recovered of the advance",
    "left": "what is left of the advance",
    "returned": "what is returned over the limit",
    "fixed": "the fixed element with the plan",
    "variable": "the variable element",
    "minimum": "the least rate that was asked",
    "passed": "the least rate is reached",
    "over": "what people cost over the threshold",
    "used": "what is used of personal health budgets",
    "never_paid": "what is never paid of personal health budgets",
    "still_with_people": "what people still hold",
    "manager": "what falls to the manager of the fund",
}
"""The further amounts that terms make, by the ends of their names."""
_OWN_ARTICLE = re.compile(r"^(the|a|an|what|which|how|each|every|its|their|all|whether)\b", re.IGNORECASE)
_CLAUSE = re.compile(r"\b(is|are|was|were|has|have|had)\b")
_PLAIN_WORD = re.compile(r"^[A-Z][a-z]+\b")


def inside(title: str) -> str:
    """A title as it stands inside a sentence: a capital that only begins it becomes small.

    >>> inside("Quality score"), inside("HbA1c controlled"), inside("NHS care")
    ('quality score', 'HbA1c controlled', 'NHS care')
    """
    return title[:1].lower() + title[1:] if _PLAIN_WORD.match(title) else title


def with_article(title: str) -> str:
    """A title as a phrase inside a sentence.

    >>> with_article("Benchmark"), with_article("what care cost")
    ('the benchmark', 'what care cost')
    """
    return inside(title) if _OWN_ARTICLE.match(title) else f"the {inside(title)}"


class Names:
    """The namer of one contract; ``indicators`` are the titles of indicators by their ids, where they are known.

    >>> from yoc.contract.reading import read_contract
    >>> contract = read_contract('''
    ... {contract: a, title: A, version: "1", status: live, parties: [{code: X, name: The Board, role: commissioner}],
    ...  position: {spend: {kind: money, title: Spend}}, values: {limit: 10%}, terms: [{id: b, kind: block, value: £1}]}
    ... ''', "a.yaml")
    >>> names = Names(contract)
    >>> names("spend"), names("limit"), names(PartyCode("X")), names("b")
    ('the spend', 'the limit (10%)', 'The Board', 'the block payment')
    """

    def __init__(self, contract: Contract, indicators: Mapping[str, str] = MappingProxyType({})):
        self.contract = contract
        self.indicators = indicators
        self.terms = {term.id: term for term in contract.terms}
        self._nouns = Counter(_noun(term) for term in contract.terms)
        self._kinds = Counter(term.kind for term in contract.terms)

    def __call__(self, name: str) -> str:
        """The words for a name; the name itself as words where the contract says no more."""
        if name in self.terms and not isinstance(name, PartyCode):
            return self.term(self.terms[name])
        if name in self.contract.values and not isinstance(name, PartyCode):
            return self._value(name)
        if name in self.contract.indicator_names():
            return inside(self.indicators.get(name, plainly(name)))
        given = self.contract.position.get(name)
        if given is not None and not isinstance(name, PartyCode):
            return _input(name, given)
        if name in ("host", "commissioner"):
            return f"the {name}"
        if name == "person_years":
            return "the person-years"
        first, dot, rest = name.partition(".")
        if dot and first in self.terms:
            return self._part(self.terms[first], rest)
        known = self.contract.party_name(name)
        return known if known != name else plainly(name)

    def term(self, term: TermParameters) -> str:
        """The main amount of a term: its title, or what its kind makes."""
        if term.title:
            return term.title if _OWN_ARTICLE.match(term.title) and term.title[0].islower() else f"“{term.title}”"
        noun = _noun(term)
        return noun if self._nouns[noun] == 1 else f"{noun} (“{plainly(term.id)}”)"

    def bare(self, name: str) -> str:
        """A value without what it comes to."""
        return f"the {plainly(name)}"

    def _value(self, name: str) -> str:
        value = self.contract.values[name]
        if not isinstance(value, Plain):
            return self.bare(name)
        if value.number is not None:
            return f"{self.bare(name)} ({plain_in_words(value)})"
        same_as = self.bare(value.name) if value.name in self.contract.values else self(value.name)
        return same_as if same_as.startswith(self.bare(name)) else f"{self.bare(name)} ({same_as})"

    def _part(self, term: TermParameters, part: str) -> str:
        if term.kind == "split":
            return f"the part of {self(PartyCode(part))}"
        if part not in _PARTS:
            return f"the {plainly(f'{term.id}.{part}')}"
        words = _PARTS[part].format(it=self.term(term))
        return words if self._kinds[term.kind] == 1 or "{it}" in _PARTS[part] else f"{words} (“{plainly(term.id)}”)"


def _noun(term: TermParameters) -> str:
    if term.kind == "outcomes":
        return _OUTCOMES.get(str(getattr(term, "mode", "")), f"the {plainly(term.id)}")
    if term.kind == "balance" and getattr(term, "of", None) is None:
        return "the balance"
    return _NOUNS.get(term.kind, f"the {plainly(term.id)}")


def _input(name: str, given: Input) -> str:
    title = given.title or plainly(name)
    if given.kind == "flag":
        return inside(title) if _CLAUSE.search(title) else f"“{title}” is yes"
    if given.kind == "number" and not _OWN_ARTICLE.match(title) and (title.endswith("s") or title.lower() == "people"):
        return inside(title) if title.lower().startswith("number") else f"the number of {inside(title)}"
    return with_article(title)
