"""Whole contracts as text, of every kind of term and every form of value, and positions that they can be settled for.

Two styles. Held: the host is paid a budget and bears the cost, and each term moves what it takes or spares. Worked out:
a saving is only a figure, and a payment or a split at the end moves it. Every contract that is made is valid and
settles: no draw is thrown away.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from yoc.contract import Contract, read_contract
from yoc.contract.inputs import InputValues
from yoc.contract.position import Position
from yoc.settlement.position_of import position_of

HOSTS = ("H1", "H2")
CHAIN = ("gate", "bands", "cap", "relief", "statutory_cut", "profit_limit", "carry", "advance", "multiply_amount")
BEFORE = ("stop_loss", "completion", "block")
EXTRAS = (
    "withhold", "bonus", "per_indicator", "vcse_line", "fund", "personal_budgets", "blended", "on_account", "figure",
)  # fmt: skip
ALL_KINDS = (*BEFORE, *CHAIN, *EXTRAS)
_PARTIES = (("ICB", "commissioner"), ("TRUST", "provider"), ("VC1", "vcse"), ("POOL", "other"))


@dataclass(frozen=True)
class Draft:
    """A contract in parts: the text of each input, value and term by its name, in order."""

    head: tuple[str, ...]
    position: Mapping[str, str]
    values: Mapping[str, str]
    terms: tuple[tuple[str, str], ...]

    @property
    def text(self) -> str:
        """The whole contract in one file."""
        sections = [("position", self.position), ("values", self.values)]
        lines = [*self.head]
        for section, named in sections:
            if named:
                lines += [f"{section}:", *(f"  {name}: {text}" for name, text in named.items())]
        return "\n".join([*lines, "terms:", *(f"  - {{id: {name}, {text}}}" for name, text in self.terms), ""])

    def read(self) -> Contract:
        """The contract, which is always valid."""
        return read_contract(self.text, "contract.yaml")


def with_sums_times(text: str, times: int) -> str:
    """A contract's text with every sum of money multiplied."""
    return re.sub(r"£(\d+)", lambda match: f"£{int(match[1]) * times}", text)


@dataclass(frozen=True)
class Allowed:
    """What a contract may hold: which kinds of term, sums of its own, values by size, scores, straight values only."""

    kinds: tuple[str, ...] = ALL_KINDS
    styles: tuple[str, ...] = ("held", "worked out")
    sums: bool = True
    sizes: bool = True
    scores: bool = True
    shared_years: bool = True
    most_terms: int = 4


class _Maker:
    """Draws one contract, part by part, and remembers the names that later parts may use."""

    def __init__(self, draw: Callable[[st.SearchStrategy[Any]], Any], allowed: Allowed):
        self.draw, self.allowed = draw, allowed
        self.held = self.one_of(allowed.styles) == "held"
        self.years = self.one_of((1, 1, 2)) if allowed.shared_years else 1
        self.position: dict[str, str] = {}
        self.values: dict[str, str] = {}
        self.terms: list[tuple[str, str]] = []
        self.base = "budget" if self.held else "baseline"
        self.scores: list[str] = []
        self.shares: list[str] = []
        self.rates: list[str] = []
        self.tested: list[str] = []
        self.last = ""

    def one_of(self, choices: Sequence[Any]) -> Any:
        return self.draw(st.sampled_from(choices))

    def maybe(self) -> bool:
        return self.draw(st.booleans())

    def whole(self, low: int, high: int) -> int:
        return self.draw(st.integers(low, high))

    # Values: every form, each within what it stands for.

    def percent(self) -> str:
        return self.one_of(("0%", "100%", "50%", "1/3", "2/3", "12.5%", f"{self.whole(0, 100)}%"))

    def value(self, plain: Callable[[], str], depth: int, named: Sequence[str] = (), products: bool = True) -> str:
        """A plain value, a name, or one of the forms that choose between values of the same kind."""
        forms = ["plain", "plain", *(["name", "name"] if named else [])]
        if depth:
            forms += ["largest", "smallest", *(["multiply", "rest"] if products else [])]
            forms += ["years", "dated"] if self.years > 1 else []
            forms += ["choice"] if "track" in self.position else []
            forms += ["when"] if {"qualifies", "track"} & set(self.position) or self.scores else []
            forms += ["size"] if "people" in self.position else []
            forms += ["host"] if self.held else []
        form = self.one_of(forms)
        if form == "plain":
            return plain()
        if form == "name":
            return self.one_of(named)
        return self.chosen(form, plain, lambda: self.value(plain, depth - 1, named, products))

    def chosen(self, form: str, plain: Callable[[], str], inner: Callable[[], str]) -> str:
        if form == "years":
            return f"{{{', '.join(f'{year}: {inner()}' for year in range(1, self.years + 1))}}}"
        body = {
            "dated": lambda: f"dated: {{2026-04-01: {inner()}, 2027-01-01: {inner()}}}",
            "choice": lambda: f"by: track, values: {{A: {inner()}}}, otherwise: {inner()}",
            "host": lambda: f"by: host, values: {{H2: {inner()}, H1: {inner()}}}",
            "when": lambda: f"when: {self.condition(1)}, then: {inner()}, otherwise: {inner()}",
            "size": lambda: (
                f"by: people, bands: [{{from: 1000, to: 5000, at_from: {plain()}, at_to: {plain()}}}, "
                f"{{from: 6000, value: {inner()}}}], otherwise: {inner()}"
            ),
            "largest": lambda: f"largest: [{inner()}, {inner()}]",
            "smallest": lambda: f"smallest: [{inner()}, {inner()}]",
            "multiply": lambda: f"multiply: [{self.percent()}, {inner()}]",
            "rest": lambda: f"subtract: [{plain()}, {{multiply: [{plain()}, {inner()}]}}], at_least: 0",
        }[form]()
        return f"{{{body}}}"

    def condition(self, depth: int) -> str:
        tests = [f"{{of: {score}, {self.bound()}: {self.percent()}}}" for score in (*self.scores, *self.tested)]
        tests += ["qualifies"] if "qualifies" in self.position else []
        tests += ["{by: track, is_one_of: [B]}"] if "track" in self.position else []
        form = self.one_of(("test", "test", "not", "all_of", "any_of")) if depth else "test"
        if form == "test":
            return self.one_of(tests)
        if form == "not":
            return f"{{not: {self.condition(0)}}}"
        return f"{{{form}: [{self.condition(0)}, {self.condition(0)}]}}"

    def bound(self) -> str:
        return self.one_of(("at_least", "more_than", "at_most", "less_than"))

    def share(self, depth: int = 1) -> str:
        text = self.value(self.percent, depth, (*self.scores, *self.shares))
        if text.startswith("{") and "at_least: 0}" not in text[-14:] and ":" in text and not text[1].isdigit():
            low, high = sorted((self.whole(0, 100), self.whole(0, 100)))
            bounds = self.one_of(("", "", f", at_least: {low}%", f", at_most: {high}%",
                                  f", at_least: {low}%, at_most: {high}%"))  # fmt: skip
            text = f"{text[:-1]}{bounds}}}"
        return text

    def rate(self, most: int = 12) -> str:
        return self.value(lambda: f"{self.whole(0, most)}%", 1, self.rates)

    def sum_of(self, base: str = "") -> str:
        """A sum of money, never below nothing: one of the contract's own, or a part of an amount."""

        def plain() -> str:
            if self.allowed.sums and self.maybe():
                return f"£{self.whole(0, 900)}000"
            return f"{{multiply: [{self.whole(0, 20)}%, {base or self.base}]}}"

        return self.value(plain, 1, [name for name in ("revenue",) if name in self.position], products=False)

    # The parts of a contract.

    def declare(self) -> None:
        if not self.held:
            said = self.one_of((", is: cost", ", is: cost", ", is: own_cost", ""))
            self.position |= {"baseline": "{kind: money, is: budget}", "spend": f"{{kind: money{said}}}"}
        if self.maybe():
            self.position["revenue"] = "{kind: money}"
        if self.allowed.scores and self.maybe():
            self.position["quality"] = "{kind: score}"
            self.scores.append("quality")
        if self.maybe():
            self.position["qualifies"] = "{kind: flag, default: no}"
        elif self.maybe():
            self.position["track"] = "{kind: choice, choices: [A, B]}"
        if self.allowed.sizes and self.maybe():
            self.position["people"] = "{kind: number}"
        if self.maybe():
            self.values["least_rate"] = self.rate()
            self.rates.append("least_rate")
        if self.maybe():
            self.values["part"] = self.share(2)
            self.shares.append("part")

    def add(self, kind: str, text: str, name: str = "") -> str:
        name = name or f"{kind}{len(self.terms)}"
        self.terms.append((name, f"kind: {kind}{', ' if text else ''}{text}"))
        return name

    def open(self) -> None:
        if self.held:
            self.add("capitation", "", "budget")
            self.add("activity_cost", "", self.one_of(("cost", "care")))
        for kind in BEFORE:
            if kind in self.allowed.kinds and (self.held or kind == "block") and self.whole(0, 3) == 0:
                getattr(self, f"add_{kind}")()
        if self.held:
            cost = self.terms[1][0]
            self.last = self.add("balance", f"base: {self.one_of(('budget', 'budget', cost))}", "balance")
        else:
            target = self.base
            if self.maybe():
                target = self.add("figure", f"value: {{multiply: [{100 + self.whole(-5, 5)}%, baseline]}}", "target")
            self.base = target
            rate = self.one_of(("", "", ", base: spend"))
            self.last = self.add("balance", f"of: {target}, less: spend{rate}", "saving")
        self.tested.append(f"{self.last}.rate")

    def chain(self) -> None:
        kinds = [kind for kind in CHAIN if kind in self.allowed.kinds]
        if self.allowed.scores and self.allowed.kinds == ALL_KINDS and self.whole(0, 2) == 0:
            self.add_rate_by_score()
        for kind in self.draw(st.lists(st.sampled_from(kinds), max_size=self.allowed.most_terms)) if kinds else ():
            self.last = getattr(self, f"add_{kind}")()

    def close(self) -> None:
        splits = "split" in self.allowed.kinds or self.allowed.kinds == ALL_KINDS
        if splits and self.maybe():
            self.add_split(self.last)
        elif not self.held:
            rounded = ", rounded_to: £1" if self.allowed.sums and self.maybe() else ""
            self.last = self.add("payment", f"on: {self.last}{rounded}", "paid")
        extras = [kind for kind in EXTRAS if kind in self.allowed.kinds]
        for kind in self.draw(st.lists(st.sampled_from(extras), max_size=2, unique=True)) if extras else ():
            getattr(self, f"add_{kind}")()

    def draft(self) -> Draft:
        self.declare()
        self.open()
        self.chain()
        self.close()
        roles = [*_PARTIES, *((host, "host") for host in HOSTS if self.held)]
        head = ["contract: laws", "title: A contract for the laws", 'version: "1"', "status: live"]
        head += ["first_year: 2026/27", f"years: {self.years}", "parties:"]
        head += [f"  - {{code: {code}, name: {code}, role: {role}}}" for code, role in roles]
        if self.held and self.allowed.sums and self.maybe():
            head += ["budget: {rounding: on_total, rates: {all: {primary: £300, emergency: £700}}}"]
        return Draft(tuple(head), self.position, self.values, tuple(self.terms))

    # Terms, one method a kind.

    def add_stop_loss(self) -> str:
        return self.add("stop_loss", f"threshold: £30000, share: {self.share()}, borne_by: POOL")

    def add_completion(self) -> str:
        return self.add("completion", f"accruals: {{emergency: {self.sum_of()}}}")

    def add_block(self) -> str:
        parties = self.one_of(("", ", paid_by: host, paid_to: TRUST"))
        base = "" if self.held else "baseline"
        return self.add("block", f"value: {self.sum_of(base)}{parties}")

    def add_gate(self) -> str:
        style, test = self.one_of(("first_pound", "excess_only")), self.one_of(("at_least", "more_than"))
        text = f"on: {self.last}, base: {self.base}, minimum: {self.rate(6)}, test: {test}, style: {style}"
        text += f", minimum_loss: {self.rate(6)}" if self.maybe() else ""
        text += f", side: {self.one_of(('gain', 'loss'))}" if self.whole(0, 4) == 0 else ""
        text += f", below: {self.share()}" if self.whole(0, 2) == 0 else ""
        text += f", below_loss: {self.share()}" if self.whole(0, 2) == 0 else ""
        return self.add("gate", text)

    def bands(self, most: int = 3) -> str:
        edges = [0, *sorted(self.draw(st.sets(st.integers(1, 20), max_size=most - 1)))]
        ends = [f"to: {end}%, " for end in edges[1:]] + [""]
        return ", ".join(
            f"{{from: {start}%, {end}host_share: {self.share()}}}" for start, end in zip(edges, ends, strict=True)
        )

    def add_bands(self) -> str:
        form = self.one_of(("both", "sides", "one rate"))
        if form == "one rate":
            return self.add("bands", f"on: {self.last}, gain: {self.share()}, loss: {self.share()}")
        sides = f"both: [{self.bands()}]" if form == "both" else f"gain: [{self.bands()}], loss: [{self.bands()}]"
        style = ", style: whole_amount" if self.allowed.kinds == ALL_KINDS and self.whole(0, 3) == 0 else ""
        with_ = ", sharing_with: POOL" if self.whole(0, 3) == 0 else ""
        return self.add("bands", f"on: {self.last}, base: {self.base}, {sides}{style}{with_}")

    def limit(self) -> str:
        if self.maybe():
            return f"{{sum: {self.sum_of()}}}"
        return f"{{rate: {self.rate()}, of: {self.one_of([self.base, *self.revenue()])}}}"

    def revenue(self) -> list[str]:
        return [name for name in ("revenue",) if name in self.position]

    def add_cap(self) -> str:
        sides = self.one_of((("gain",), ("loss",), ("gain", "loss")))
        limits = [f"{side}: [{', '.join(self.limit() for _ in range(self.whole(1, 2)))}]" for side in sides]
        return self.add("cap", f"on: {self.last}, {', '.join(limits)}")

    def add_relief(self) -> str:
        by = f"sum: {self.sum_of()}" if self.maybe() else f"shares: [{self.share()}, {self.share()}]"
        return self.add("relief", f"on: {self.last}, {by}")

    def add_statutory_cut(self) -> str:
        who = self.one_of(("gains", "both"))
        return self.add("statutory_cut", f"on: {self.last}, rate: {self.rate()}, taken_from: {who}")

    def add_profit_limit(self) -> str:
        returned = ", returned_to: POOL" if self.whole(0, 3) == 0 else ""
        return self.add("profit_limit", f"on: {self.last}, base: {self.base}, limit: {self.rate()}{returned}")

    def add_carry(self) -> str:
        side = self.one_of(("losses", "gains", "both"))
        most = f", at_most: {self.sum_of()}" if self.maybe() else ""
        brought = f", brought_in: {self.sum_of()}" if self.maybe() else ""
        return self.add("carry", f"on: {self.last}, carried: {side}, carried_share: {self.share()}{most}{brought}")

    def add_advance(self) -> str:
        return self.add("advance", f"on: {self.last}, outstanding: {self.sum_of()}, at_most_share: {self.share()}")

    def scored(self) -> str:
        """How a score comes about: weighted indicators, or one score; and what may stand beside it."""
        weight = self.whole(0, 100)
        how = f"weights: {{reach: {weight}%, access: {100 - weight}%}}"
        if not self.allowed.scores:
            how = f"score: {self.percent()}"
        elif self.scores and self.maybe():
            how = f"score: {self.share()}"
        how += ", earning: all_or_nothing" if self.whole(0, 3) == 0 else ""
        how += f", minimum_score: {self.percent()}" if self.whole(0, 3) == 0 else ""
        reporting = self.years > 1 and "qualifies" in self.position and self.maybe()
        return how + (", reporting_years: [1], reported: qualifies" if reporting else "")

    def add_multiply_amount(self) -> str:
        return self.add("outcomes", f"mode: multiply_amount, on: {self.last}, {self.scored()}")

    def add_withhold(self) -> str:
        return self.add("outcomes", f"base: {self.base}, at_risk: {self.share()}, {self.scored()}")

    def add_bonus(self) -> str:
        size = f"value: {self.sum_of()}" if self.maybe() else f"base: {self.base}, at_risk: {self.share()}"
        return self.add("outcomes", f"mode: bonus, {size}, {self.scored()}")

    def add_per_indicator(self) -> str:
        if not self.allowed.scores:
            return self.last
        return self.add(
            "outcomes", f"mode: per_indicator, payments: {{reach: {self.sum_of()}, uptake: {self.sum_of()}}}"
        )

    def add_rate_by_score(self) -> None:
        """A share for later terms that outcomes raise or lower."""
        if self.maybe():
            low, high = sorted((self.whole(0, 100), self.whole(0, 100)))
            text = f"at_no_score: {self.percent()}, at_full_score: {self.percent()}, at_least: {low}%, at_most: {high}%"
            self.shares.append(self.add("outcomes", f"mode: loss_rate, {text}, {self.scored()}"))
        else:
            self.shares.append(self.add("outcomes", f"mode: multiply_share, share: {self.share()}, {self.scored()}"))

    def add_vcse_line(self) -> str:
        payer = self.one_of(("host", "commissioner"))
        part = ""
        if self.allowed.scores and self.maybe():
            part = f", outcome_part: {{share: {self.percent()}, weights: {{reach: 100%}}}}"
        index = ", indexation: {agreed_in: 2026/27, rates: {2027/28: 5.2%}, floor: 1%, cap: 4%}"
        return self.add(
            "vcse_line",
            f"partner: VC1, value: {self.sum_of()}, paid_by: {payer}, protected_minimum: {self.percent()}"
            f"{part}{index if self.maybe() else ''}",
        )

    def add_fund(self) -> str:
        self.position |= {"equipment": "{kind: money}", "homes": "{kind: money}"}
        manager, first = self.one_of(("POOL", "host", "commissioner")), self.whole(0, 100)
        second = self.one_of(("fixed", "carried"))
        lines = (
            f"{{id: equipment, plan: {self.sum_of()}, actual: equipment, variance: variable, "
            f"borne: {{host: {first}%, commissioner: {100 - first}%}}}}, "
            f"{{id: homes, plan: {self.sum_of()}, actual: homes, variance: {second}}}"
        )
        paid = f"{{commissioner: {self.sum_of()}, host: {self.sum_of()}}}"
        balance = self.one_of(("carried", "settled"))
        return self.add("fund", f"managed_by: {manager}, contributions: {paid}, lines: [{lines}], balance: {balance}")

    def add_personal_budgets(self) -> str:
        names = ("agreed", "paid", "spent", "returned")
        self.position |= {f"phb_{name}": "{kind: money}" for name in names}
        never, still = self.one_of(("host", "commissioner")), self.one_of(("reclaimed", "left"))
        four = ", ".join(f"{name}: phb_{name}" for name in names)
        return self.add("personal_budgets", f"{four}, never_paid: {never}, still_with_people: {still}")

    def add_blended(self) -> str:
        self.position["urgent"] = "{kind: money}"
        style = self.one_of(("excess_only", "first_pound"))
        below = f", below: {self.rate(100)}" if self.maybe() else ""
        fixed = f", fixed: {self.sum_of()}" if self.maybe() else ""
        text = f"plan: {self.sum_of()}, actual: urgent, above: {self.rate(100)}{below}{fixed}"
        return self.add("blended", f"{text}, tolerance: {self.rate()}, style: {style}")

    def add_on_account(self) -> str:
        return self.add("on_account", "")

    def add_figure(self) -> str:
        return self.add("figure", f"unit: number, value: {{divide: [{self.last}, 3]}}")

    def add_split(self, on: str) -> str:
        parties = list(self.draw(st.permutations(("host", "commissioner", "VC1", "TRUST"))))[: self.whole(2, 4)]
        text = f"on: {on}, shares: {{{self.parts(parties)}}}"
        if self.maybe():
            text += f", loss_shares: {{{self.parts([*parties[1:], 'POOL'])}}}"
        return self.add("split", text)

    def parts(self, parties: Sequence[str]) -> str:
        """Shares that add to 100%; equal ones, so that there are ties, or any."""
        if self.maybe():
            return ", ".join(f"{party}: 1/{len(parties)}" for party in parties)
        cuts = sorted(self.whole(0, 100) for _ in parties[1:])
        shares = [high - low for low, high in zip([0, *cuts], [*cuts, 100], strict=True)]
        return ", ".join(f"{party}: {share}%" for party, share in zip(parties, shares, strict=True))


@st.composite
def drafts(draw: Callable[[st.SearchStrategy[Any]], Any], allowed: Allowed = Allowed()) -> Draft:
    """A whole contract, in parts."""
    return _Maker(draw, allowed).draft()


@st.composite
def given_inputs(draw: Callable[[st.SearchStrategy[Any]], Any], contract: Contract) -> InputValues:
    """Inputs that a contract can be settled for: often on a threshold to the penny, sometimes anywhere."""
    budget = draw(st.one_of(st.integers(1, 2_000).map(lambda n: n * 1_000_000), st.integers(1, 2 * 10**9)))
    rate = sum(sum(rates.values()) for rates in contract.budget.rates.values()) if contract.budget else 0
    people = max(budget // rate, 1) if rate else 0
    budget = people * rate or budget
    spent = draw(st.one_of(st.integers(75, 125).map(lambda n: budget * n // 100), st.integers(0, 2 * budget)))
    first = draw(st.integers(0, spent)) if rate else 0
    known = {
        "budget": 0 if rate else budget, "people.all": people, "baseline": budget, "spend": spent,
        "cost": 0 if rate else spent, "cost.primary": first, "cost.emergency": spent - first,
    }  # fmt: skip
    values: dict[str, Fraction] = {}
    choices: dict[str, str] = {}
    for name, given in contract.inputs().items():
        if given.kind == "choice":
            choices[name] = draw(st.sampled_from(given.choices))
        elif name in known:
            values[name] = Fraction(known[name])
        elif name == "contract_year":
            values[name] = Fraction(draw(st.integers(1, contract.years)))
        elif given.kind == "money":
            values[name] = Fraction(draw(st.integers(0, max(budget // 5, 1))))
        elif given.kind == "number":
            values[name] = Fraction(draw(st.sampled_from((0, 999, 1000, 3000, 5000, 5500, 6000, 20000))))
        elif given.kind == "flag":
            values[name] = Fraction(draw(st.integers(0, 1)))
        else:
            values[name] = draw(
                st.one_of(st.sampled_from((Fraction(0), Fraction(1))), st.fractions(0, 1, max_denominator=97))
            )
    if "phb_agreed" in values:
        values["phb_paid"] = values["phb_spent"] + values["phb_returned"] + values["phb_paid"]
        values["phb_agreed"] += values["phb_paid"]
    return InputValues(values, choices)


@dataclass(frozen=True, repr=False)
class Case:
    """A contract in parts, as read, and the inputs and position of one host."""

    draft: Draft
    contract: Contract
    inputs: InputValues
    position: Position

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        """What a failing test shows: the contract as a person would read it."""
        printer.text(repr(self))

    def __repr__(self) -> str:
        given = ", ".join(
            f"{name}: {number}" for name, number in (*self.inputs.values.items(), *self.inputs.choices.items())
        )
        return f"Case of\n{self.draft.text}settled for {given}"

    def at(self, inputs: InputValues, host: str = "") -> Position:
        """The position of other inputs."""
        return position_of(self.contract, host or self.position.host, inputs)

    def with_draft(self, draft: Draft) -> "Case":
        """The same inputs under another contract."""
        return replace(self, draft=draft, contract=draft.read())


@st.composite
def cases(draw: Callable[[st.SearchStrategy[Any]], Any], allowed: Allowed = Allowed()) -> Case:
    """A contract with a position."""
    draft = draw(drafts(allowed))
    contract = draft.read()
    inputs = draw(given_inputs(contract))
    return Case(draft, contract, inputs, position_of(contract, "H1", inputs))
