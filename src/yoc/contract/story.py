"""A contract in plain English, clause by clause, from its model alone: what a board reads before it agrees to it."""

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from yoc.contract.adjustments import MarketForces, PaceOfChange, RateAdjustment, Transfer
from yoc.contract.blocks import Block
from yoc.contract.budget import ALL_CARE, BudgetRounding, BudgetRules
from yoc.contract.inputs import Input
from yoc.contract.model import Activity, ActivityContract, Contract, Currency, Party, Population, Role, Route, Status
from yoc.contract.names import Names, inside
from yoc.contract.scope import SETTING_NAMES, ScopeRule, When
from yoc.contract.segments import Segment
from yoc.contract.stated import StatedSizes
from yoc.contract.terms import KINDS
from yoc.contract.values import PartyCode, Plain
from yoc.contract.wording import begun, day_in_words, defined, listed, plainly, sum_in_words
from yoc.core.periods import FinancialYear
from yoc.core.rates import format_decimal, format_percent


@dataclass(frozen=True)
class Point:
    """One point of a list: what it is about, and a sentence."""

    label: str
    text: str


@dataclass(frozen=True)
class Section:
    """A part of the contract: a heading, its clause, sentences, and points."""

    heading: str
    clause: str = ""
    sentences: tuple[str, ...] = ()
    points: tuple[Point, ...] = ()
    numbered: bool = False


@dataclass(frozen=True)
class Story:
    """The whole contract in words."""

    title: str
    sections: tuple[Section, ...]


CURRENCY_NAMES = {Currency.POUNDS: "pounds", Currency.DOLLARS: "US dollars", Currency.EUROS: "euros"}
_COUNTING = {
    "person_days": "Each person counts for every day of the year on which a host has them.",
    "quarter_snapshot": "Each person counts for a quarter of the year if a host has them on its first day.",
    "annual_snapshot": "Each person counts for the whole year if a host has them on 1 April.",
}
_ATTRIBUTION = {
    "host_on_activity_date": "People, with what their care costs, belong to the host of their practice on the day.",
    "plurality": "People, with what their care costs, belong for the year to the host of their practice on most days.",
    "prospective_list": "People, with what their care costs, belong to the host that a list agreed beforehand names.",
}
_TIES = {
    "earlier": "Of hosts with equally many days it is the one whose days begin earlier.",
    "later": "Of hosts with equally many days it is the one whose days begin later.",
    "contract_order": "Of hosts with equally many days it is the one that the contract names first.",
}
_OVERLAPS = {
    "refuse": "Nobody may be registered in two places at once: where the records say so, the year is not settled.",
    "earlier_start_wins": (
        "Nobody counts in two places at once: where the records say so, the registration that began first keeps all "
        "its days, and the later one begins when it has ended."
    ),
    "latest_wins": (
        "Nobody counts in two places at once: where the records say so, a later registration ends the earlier one for "
        "good."
    ),
}
_TESTED = {
    "year_start": "on 1 April",
    "quarter_start": "on the first day of each quarter",
    "month_start": "on the first day of each month",
}
_BASIS = {
    "book": "A line is charged at the price of the agreed price book, times its provider's market forces index.",
    "submitted": "A line is charged at what the provider submitted.",
    "lower": "A line is charged at the lower of the price in the agreed price book and what the provider submitted.",
}
_PRICE_ROUNDING = {
    "per_line": "Each line is rounded to the penny.",
    "on_total": "Nothing is rounded before a host's cost of the whole year, which is rounded to the penny once.",
}
_GUARDS = {
    "low_volume_activity": "Paid by low-volume activity arrangements",
    "block": "Paid by block",
    "agreed_variation": "Paid under an agreed variation",
}
_KEYS = {
    "person_days": "by what their people counted for",
    "lines": "by the provider's lines for their people",
    "shares": "in stated shares",
}
_KINDS = {
    "money": "a sum of money",
    "number": "a number",
    "rate": "a rate",
    "score": "a score from 0% to 100%",
    "flag": "yes or no",
}


def contract_story(contract: Contract, indicators: Mapping[str, str] = MappingProxyType({})) -> Story:
    """The contract in words; ``indicators`` are the titles of indicators, where their catalogue is at hand.

    Every sum has the sign of the contract's currency.
    """
    names = Names(contract, indicators)
    sections = [_about(contract), _parties(contract)]
    if contract.population is not None:
        sections.append(_population(contract.population))
    if contract.activity is not None:
        sections.append(_activity(contract, contract.activity))
    if contract.budget is not None:
        sections.append(_budget(contract, contract.budget))
    if contract.values:
        sections.append(_values(contract, names))
    sections += [_terms(contract, names), _payment(contract), _inputs(contract, names)]
    return Story(contract.title, tuple(_in_currency(contract, section) for section in sections))


def _in_currency(contract: Contract, section: Section) -> Section:
    said = contract.in_currency
    points = tuple(Point(said(point.label), said(point.text)) for point in section.points)
    return Section(section.heading, section.clause, tuple(map(said, section.sentences)), points, section.numbered)


def _about(contract: Contract) -> Section:
    sentences = [f"Contract {contract.contract}, version {contract.version}. All sums are in {_currency(contract)}."]
    if contract.synthetic:
        sentences.append("It is a synthetic sample: no organisation, rate or payment in it is real.")
    if contract.source:
        sentences.append(f"Source: {contract.source.rstrip('.')}.")
    if contract.first_year is None:
        sentences.append(f"It runs for {_number_of(contract.years, 'year')}.")
    elif contract.years == 1:
        sentences.append(f"It runs for one year, {contract.first_year}.")
    else:
        last = FinancialYear(contract.first_year.start_year + contract.years - 1)
        sentences.append(f"It runs for {contract.years} years, from {contract.first_year} to {last}.")
    if contract.status is Status.SHADOW:
        sentences.append("It runs in shadow: what it comes to is worked out and shown, and nothing is paid.")
    else:
        sentences.append("It is live: what it comes to is payable.")
    return Section("The contract", sentences=tuple(sentences))


def _currency(contract: Contract) -> str:
    return CURRENCY_NAMES[contract.currency]


def _number_of(number: int, noun: str) -> str:
    return f"one {noun}" if number == 1 else f"{number} {noun}s"


def _parties(contract: Contract) -> Section:
    roles = {
        Role.COMMISSIONER: "Commissioner",
        Role.HOST: "Host",
        Role.PROVIDER: "Provider",
        Role.VCSE: "Voluntary or community partner",
        Role.OTHER: "Other party",
    }
    points = tuple(
        Point(roles[role], _party_in_words(party)) for role in roles for party in contract.parties if party.role is role
    )
    sentences = () if contract.hosts else ("The hosts are those of the table from which the contract is settled.",)
    return Section("Parties", sentences=sentences, points=points)


def _party_in_words(party: Party) -> str:
    notes = [party.code]
    if not party.nhs_body:
        notes.append("not an NHS body")
    vat = {
        "funded": "the commissioner funds its VAT",
        "recovered": "it recovers its VAT",
        "borne": "it bears its VAT itself",
    }.get(party.vat or "")
    return f"{party.name} ({', '.join([*notes, vat] if vat else notes)})"


def _population(population: Population) -> Section:
    sentences = [_COUNTING[population.counting], _ATTRIBUTION[population.attribution]]
    if population.attribution_ties:
        sentences.append(_TIES[population.attribution_ties])
    sentences.append(_OVERLAPS[population.overlapping_registrations])
    if population.conditions:
        conditions = listed(plainly(name) for name in population.conditions)
        sentences.append(f"The conditions that count are {conditions}.")
    sentences.append(
        f"Whether a person belongs to a group is tested {_TESTED[population.segments_tested]}; the groups are these."
    )
    points = tuple(Point(_labelled(segment.name, segment.clause), _segment(segment)) for segment in population.segments)
    if population.stated is not None:
        sentences.append(_stated(population.stated))
    return Section("Who counts, and for how long", population.clause or "", tuple(sentences), points)


def _stated(stated: StatedSizes) -> str:
    within = f"more than {stated.within:,} people" if stated.within else "anybody"
    return f"Where the people counted differ from what is stated by {within}, the year is not settled."


def _labelled(label: str, clause: str | None) -> str:
    return f"{label} (clause {clause})" if clause else label


def _segment(segment: Segment) -> str:
    if segment.list_:
        return "the people whom a list names"
    words = []
    if segment.age is not None:
        words.append(f"aged {segment.age.from_} to {segment.age.to}")
    if segment.conditions is not None:
        if segment.conditions.exactly is not None:
            words.append(f"with exactly {segment.conditions.exactly} of the conditions")
        if segment.conditions.at_least is not None:
            words.append(f"with at least {segment.conditions.at_least} of the conditions")
        if segment.conditions.all_of:
            words.append(f"with {listed(plainly(name) for name in segment.conditions.all_of)}")
    if segment.bmi_over is not None:
        whole, tenth = divmod(segment.bmi_over, 10)
        words.append(f"with a body mass index over {whole}{f'.{tenth}' if tenth else ''}")
    return f"people {', '.join(words)}" if words else "everybody"


def _activity(contract: Contract, activity: Activity) -> Section:
    names = Names(contract)
    commissioners = listed(names(PartyCode(code)) for code in activity.commissioners)
    sentences = [
        f"The host is charged for the care of its people that is commissioned by {commissioners}.",
        _BASIS[activity.price.basis],
        _PRICE_ROUNDING[activity.price.rounding],
        *_exceptions(activity),
        "Lines are judged in this order; the first rule that fits a line decides.",
    ]
    points = [
        Point(_labelled(f"Not charged: {_GUARDS[guard.reason].lower()}", guard.clause), _when(guard.when, names))
        for guard in activity.guards
    ]
    budgeted = contract.budget.settings() if contract.budget else ()
    ranked = _in_rank(activity.scope)
    for rule in (rule for rule in ranked if not rule.when.setting):
        points.append(Point(_labelled(_fate(rule, budgeted), rule.clause), _when(rule.when, names)))
    points.append(Point("Not charged", "every other line"))
    for rule in (rule for rule in ranked if rule.when.setting):
        label = f"Overruling these: {inside(_fate(rule, budgeted))}"
        points.append(Point(_labelled(label, rule.clause), _when(rule.when, names)))
    points += [_block(block, names) for block in activity.blocks]
    return Section("What is charged, and what is not", activity.clause or "", tuple(sentences), tuple(points))


def _exceptions(activity: Activity) -> list[str]:
    """What the contract says of lines after a death and of lines that repeat, where it says anything."""
    said = []
    if days := activity.after_death_days:
        plural = "days" if days > 1 else "day"
        said.append(f"A line up to {days} {plural} after a person's death counts as on the day of death.")
    if activity.duplicates == "set_aside":
        said.append("Of lines that repeat one another under one identifier the first is charged.")
    return said


def _in_rank(rules: tuple[ScopeRule, ...]) -> list[ScopeRule]:
    placed = enumerate(rules)
    return [rule for _, rule in sorted(placed, key=lambda item: (_rank(item), item[0]))]


def _rank(item: tuple[int, ScopeRule]) -> int:
    place, rule = item
    return place + 1 if rule.rank is None else rule.rank


def _fate(rule: ScopeRule, budgeted: tuple[str, ...]) -> str:
    if rule.out_of_scope is not None:
        return f"Not charged: {rule.out_of_scope}"
    setting = SETTING_NAMES[str(rule.setting)]
    if rule.setting in budgeted:
        return f"Charged as {setting.lower()} care"
    return f"Not charged: {setting.lower()} care, which the budget does not cover"


_BASES = {
    "actual": "an actual charge",
    "tariff": "the tariff",
    "proxy": "a proxy",
    "nominal": "a nominal value",
}


def _when(when: When, names: Names) -> str:
    tests = []
    if when.setting:
        settings = listed((SETTING_NAMES[setting].lower() for setting in when.setting), "or")
        tests.append(f"that the other rules put in {settings} care")
    if when.provider:
        tests.append(f"of {listed((names(PartyCode(code)) for code in when.provider), 'or')}")
    if when.point_of_delivery:
        tests.append(f"with point of delivery {listed(when.point_of_delivery, 'or')}")
    if when.tariff_code:
        whole = [code for code in when.tariff_code if not code.endswith("-")]
        begins = [f"that begins with {code[:-1]}" for code in when.tariff_code if code.endswith("-")]
        tests.append(f"with a tariff code {listed([*whole, *begins], 'or')}")
    if when.treatment_function:
        tests.append(f"with treatment function {listed(when.treatment_function, 'or')}")
    if when.specialised is not None:
        tests.append(f"{'with' if when.specialised == 'yes' else 'without'} a specialised service code")
    if when.national_tariff is not None:
        tests.append(f"{'' if when.national_tariff == 'yes' else 'not '}priced by the national tariff")
    if when.data_set:
        tests.append(f"of the data set {listed(when.data_set, 'or')}")
    if when.cost_basis:
        tests.append(f"whose amount is {listed((_BASES[basis] for basis in when.cost_basis), 'or')}")
    return f"lines {' and '.join(tests)}"


def _block(block: Block, names: Names) -> Point:
    text = (
        f"{sum_in_words(block.value)} is paid to {names(PartyCode(block.provider))} whatever its activity, and shared "
        f"out to the hosts {_KEYS[block.key]}"
    )
    if block.whole is not None:
        text += f", of {block.whole:,} in all"
    if block.shares is not None:
        text += (
            f": {listed(f'{format_percent(part)} to {names(PartyCode(host))}' for host, part in block.shares.items())}"
        )
    setting = SETTING_NAMES.get(block.setting, block.setting).lower()
    label = f"Block in {setting} care: {block.title or plainly(block.id)}"
    return Point(_labelled(label, block.clause), text)


def _budget(contract: Contract, rules: BudgetRules) -> Section:
    titles = {segment.id: segment.name for segment in contract.population.segments} if contract.population else {}
    sentences = [
        "For each person and year the host is paid these sums, in proportion to the time for which they counted."
    ]
    points = []
    for segment, rates in rules.rates.items():
        parts = listed(f"{SETTING_NAMES[setting].lower()} {sum_in_words(rate)}" for setting, rate in rates.items())
        total = sum_in_words(sum(rates.values()))
        total = total if ALL_CARE in rates else f"{total} in all, {parts}" if len(rates) > 1 else parts
        points.append(Point(titles.get(segment, begun(plainly(segment))), total))
    if rules.rates_from is not None:
        table = rules.rates_from
        sentences.append(
            f"They are those of the table {table.named}, at the level of {table.year}, as of {table.as_of}."
        )
    if rules.adjustments:
        sentences.append("The sums are adjusted in the order given below.")
    names = Names(contract)
    for adjustment in rules.adjustments:
        label = adjustment.title or adjustment.kind.replace("_", " ").capitalize()
        points.append(Point(_labelled(label, adjustment.clause), _adjustment(adjustment, names)))
    if rules.rounding is BudgetRounding.ON_TOTAL:
        sentences.append("The budget of a host is rounded to the penny once, on its total.")
    else:
        sentences.append("The budget is rounded to the penny for each person, and then added up.")
    return Section("The budget", rules.clause or "", tuple(sentences), tuple(points))


def _adjustment(adjustment: object, names: Names) -> str:
    if isinstance(adjustment, MarketForces) and adjustment.index_by_host is not None:
        indices = adjustment.index_by_host.items()
        return f"times the market forces index: {listed(_by_host(names, ((h, format_decimal(i)) for h, i in indices)))}"
    if isinstance(adjustment, Transfer):
        sums = ((host, sum_in_words(pence)) for host, pence in adjustment.value_by_host.items())
        since = f", pro rata from {day_in_words(adjustment.from_)}" if adjustment.from_ else ""
        return f"a sum is added, or taken off where it is below nothing{since}: {listed(_by_host(names, sums))}"
    if isinstance(adjustment, RateAdjustment) and adjustment.rate_by_segment is not None:
        rates = adjustment.rate_by_segment.items()
        return listed(f"{_signed(rate)} for {plainly(segment)}" for segment, rate in rates)
    if isinstance(adjustment, PaceOfChange) and adjustment.closed is not None:
        return _towards_target(adjustment, names)
    if isinstance(adjustment, RateAdjustment | PaceOfChange):
        return _signed(adjustment.factor() - 1)
    words: str = adjustment.in_words()  # type: ignore[attr-defined]
    return words


def _towards_target(adjustment: PaceOfChange, names: Names) -> str:
    """How much of the way to its target a budget goes, from where, and within which limits."""
    if adjustment.distance_by_host is not None:
        rates = ((host, _signed(distance)) for host, distance in adjustment.distance_by_host.items())
        where = listed(_by_host(names, rates))
    else:
        where = _signed(adjustment.distance)
    limits = [
        f"{word} {_signed(limit)}"
        for word, limit in (("at least", adjustment.at_least), ("at most", adjustment.at_most))
        if limit is not None
    ]
    held = f"; the change is {' and '.join(limits)}" if limits else ""
    return (
        f"{format_percent(adjustment.closed or Fraction(0))} of the way to the target, from which it is {where}{held}"
    )


def _signed(rate: object) -> str:
    text = format_percent(rate)  # type: ignore[arg-type]
    return text if text.startswith("-") else f"+{text}"


def _by_host(names: Names, values: Iterator[tuple[str, str]]) -> Iterator[str]:
    return (f"{value} for {names(PartyCode(host))}" for host, value in values)


def _values(contract: Contract, names: Names) -> Section:
    points = []
    for name, value in contract.values.items():
        another_name = isinstance(value, Plain) and value.name and not names(name).startswith(f"{names.bare(name)} (")
        if not another_name:
            points.append(Point(begun(plainly(name)), defined(begun(names.bare(name)), value, names)))
    return Section("Named numbers", points=tuple(points))


def _terms(contract: Contract, names: Names) -> Section:
    points, last = [], ""
    for term in contract.terms:
        label = term.title or begun(plainly(term.id))
        clause = f"Clause {term.clause}" if term.clause else ""
        sentence = KINDS[term.kind].in_words(term, last, names)
        points.append(Point(f"{clause} ({inside_brackets(label)})" if clause else label, sentence))
        last = term.id if term.gives_on() else last
    return Section("The terms, in their order", points=tuple(points), numbered=True)


def inside_brackets(label: str) -> str:
    """A label inside brackets: its first letter is small, where it is only the beginning that made it large."""
    return label[:1].lower() + label[1:] if label[1:2].islower() and " " not in label else label


def _payment(contract: Contract) -> Section:
    if contract.activity is None and not any(term.kind == "activity_cost" for term in contract.terms):
        sentence = "Each term above says who pays whom."
    elif contract.route is Route.HOST_PAYS_PROVIDER:
        sentence = "The host pays the providers itself for the care that it bears."
    else:
        sentence = "The commissioner pays the providers for the care that the host bears, and nets it off."
    if contract.status is Status.SHADOW:
        sentence += " While the contract runs in shadow none of this is paid."
    return Section("How payments are made", sentences=(sentence,))


def _inputs(contract: Contract, names: Names) -> Section:
    heading = "What has to be known of each host's year"
    own = contract.position
    if isinstance(contract, ActivityContract):
        needed = ["its registered people with their birth dates and conditions", "the activity of the providers"]
        if contract.indicator_names():
            needed.append("the results of the indicators")
        if any(term.kind == "on_account" for term in contract.terms):
            needed.append("the payments on account")
        start = f"It is settled from national files: {listed(needed)}."
        points = tuple(_input(name, given, names) for name, given in own.items())
        return Section(heading, sentences=(start,), points=points)
    given_all = contract.inputs()
    points = tuple(_input(name, given, names) for name, given in given_all.items())
    sentence = "It is settled from a table with one row for each host, which gives the following."
    return Section(heading, sentences=(sentence if points else "Nothing beside the contract itself.",), points=points)


def _input(name: str, given: Input, names: Names) -> Point:
    title = given.title or begun(plainly(name))
    if name in names.contract.indicator_names():
        title = f"Score for {names(name)}"
    kind = f"one of {listed(given.choices, 'or')}" if given.kind == "choice" else _KINDS[given.kind]
    role = {
        "cost": ", the cost that the contract settles",
        "own_cost": ", the host's own cost",
        "budget": ", the host's budget",
    }.get(given.is_ or "", "")
    role = "" if name in ("budget", "cost") else role
    default = f"; {given.default} where it is not given" if given.default is not None else ""
    default = "; it may be left out" if given.optional else default
    for need in names.contract.needs():
        if need.whole == name:
            default = "; or in the parts below, each of which is then given" if need.parts else ""
        elif name in need.parts:
            default = f"; unless the {need.whole} is given as a whole" if need.whole else ""
    return Point(begun(title), f"{kind}{role}{default}")


def as_text(story: Story, width: int) -> str:
    """The story as plain text, wrapped to a width.

    >>> story = Story("A", (Section("Terms", "7", ("Two.",), (Point("One", "the sum of all that is due."),), True),))
    >>> print(as_text(story, 24), end="")
    A
    =
    <BLANKLINE>
    Terms (clause 7)
    ----------------
    <BLANKLINE>
    Two.
    <BLANKLINE>
     1. One. The sum of all
        that is due.
    """
    lines = [*textwrap.wrap(story.title, width)]
    lines.append("=" * max(map(len, lines)))
    for section in story.sections:
        heading = _labelled(section.heading, section.clause)
        lines += ["", heading, "-" * len(heading)]
        if section.sentences:
            lines += ["", *textwrap.wrap(" ".join(section.sentences), width, break_long_words=False)]
        lines += [""] if section.points else []
        for number, point in enumerate(section.points, 1):
            mark = f"{number:>2}. " if section.numbered else "  - "
            text = textwrap.fill(
                _point_text(point, section.numbered),
                width,
                initial_indent=mark,
                subsequent_indent="    ",
                break_long_words=False,
                break_on_hyphens=False,
            )
            lines.append(text)
    return "\n".join(lines) + "\n"


def _point_text(point: Point, numbered: bool) -> str:
    """A numbered point names what its sentence is about; of the others, a sentence stands alone."""
    if numbered:
        return f"{point.label}. {begun(point.text)}"
    return begun(point.text) if point.text.endswith(".") else f"{point.label}: {point.text}."


def as_markdown(story: Story) -> str:
    """The story in Markdown; what a title holds is shown as it stands.

    >>> print(as_markdown(Story("A*", (Section("Terms", "", ("Two.",), (Point("One", "One pays."),), True),))), end="")
    # A\\*
    <BLANKLINE>
    ## Terms
    <BLANKLINE>
    Two.
    <BLANKLINE>
    1. **One.** One pays.
    """
    blocks = [f"# {_escaped(story.title)}"]
    for section in story.sections:
        blocks.append(f"## {_escaped(_labelled(section.heading, section.clause))}")
        if section.sentences:
            blocks.append(_escaped(" ".join(section.sentences)))
        points = []
        for number, point in enumerate(section.points, 1):
            mark = f"{number}." if section.numbered else "-"
            if section.numbered:
                points.append(f"{mark} **{_escaped(point.label)}.** {_escaped(begun(point.text))}")
            else:
                points.append(f"{mark} {_escaped(_point_text(point, False))}")
        if points:
            blocks.append("\n".join(points))
    return "\n\n".join(blocks) + "\n"


def _escaped(text: str) -> str:
    """A text of which Markdown takes nothing for a mark."""
    return "".join(f"\\{letter}" if letter in "\\`*_[]<>#|" else letter for letter in text)
