"""The study of a contract before anyone signs: cliffs, perverse slopes, exposure, terms that do nothing.

Around one position, the reference, the cost is followed from nothing without end and each score from 0 to 1, with the
scores, flags, choices and years of the contract set to each of their ends. Every piece is exact; what is studied is
the contract before the rounding of entries.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from itertools import islice

from yoc.contract.model import Contract
from yoc.contract.position import Position
from yoc.contract.wording import plainly
from yoc.core.findings import FindingsError
from yoc.settlement.corners import (
    Corner,
    bears_own_cost,
    corners_of,
    cost_of,
    has_cost,
    scores_of,
    turnover_of,
    with_cost,
    with_each_larger_or_smaller,
    with_rate,
    with_score,
    with_sums,
)
from yoc.settlement.pieces import AMOUNT, Curve, Piece, follow, least_and_most
from yoc.settlement.waterfall import ImpossibleError, Terms, apply_terms

_COSTS_TRIED = (Fraction(1, 2), Fraction(9, 10), Fraction(11, 10), Fraction(2))
KEPT = "kept"
"""The figure that stands for what the host keeps: its result, less the cost that it bears itself."""
RESULT = "host"
"""The figure that stands for the host's result."""
MOST_CORNERS = 64
MOST_COSTS = 20


@dataclass(frozen=True)
class Jump:
    """A point at which a step of nothing moves the host's result: at what, from what, to what, through which term.

    ``at_cost`` is the cost at which a score jumps.
    """

    of: str
    point: Fraction
    before: Fraction
    after: Fraction
    term: str
    corner: str
    judged: bool = True
    at_cost: Fraction | None = None

    @property
    def size(self) -> Fraction:
        """How far the result moves."""
        return abs(self.after - self.before)

    @property
    def wrong_way(self) -> bool:
        """Whether the jump pays the host more for a higher cost, or less for a better score."""
        return self.after > self.before if self.of == "cost" else self.after < self.before


@dataclass(frozen=True)
class Slope:
    """A range in which the result moves the wrong way: by how much for each pound of cost, or each 1 of a score."""

    of: str
    start: Fraction
    end: Fraction | None
    slope: Fraction
    corner: str


@dataclass(frozen=True)
class Failure:
    """A term that has no meaning at some position, and why."""

    term: str
    problem: str


@dataclass(frozen=True)
class Exposure:
    """The most that a party can lose and gain; ``None`` where there is no end to it."""

    party: str
    least: Fraction | None
    most: Fraction | None


@dataclass(frozen=True)
class Study:
    """All that was found, the curve of the result against cost at the reference, and what could not be followed."""

    reference: Position
    turnover: Fraction
    jumps: tuple[Jump, ...]
    wrong_way: tuple[Slope, ...]
    steep: tuple[Slope, ...]
    exposures: tuple[Exposure, ...]
    idle_terms: tuple[str, ...]
    curve: Curve
    bent: tuple[str, ...]
    failed: tuple[Failure, ...]


def study(
    contract: Contract, reference: Position, others: Sequence[Position] = (), least_jump: Fraction | None = None
) -> Study:
    """Study a contract around a position.

    ``others`` are further positions at which a term may show that it does something. ``least_jump`` is the size from
    which a jump is told: a thousandth of the turnover. Raises ``FindingsError`` where the reference cannot be settled.
    """
    turnover = turnover_of(contract, reference)
    made = apply_terms(contract, reference, unrounded=True)
    if least_jump is None:
        sums = [abs(line.amount) for line in made.lines]
        least_jump = (turnover or max(sums, default=Fraction(0))) / 1000
    gathered = _Gathered(contract, turnover, least_jump)
    curves = []
    corners = list(islice(corners_of(contract, reference), MOST_CORNERS + 1))
    if len(corners) > MOST_CORNERS:
        left_out = f"only {MOST_CORNERS} of the combinations of scores, years, flags and choices were studied"
        gathered.failed.append(Failure("", left_out))
    for corner in corners[:MOST_CORNERS]:
        curve = gathered.follow_cost(corner)
        if curve is not None:
            curves.append(curve)
            for score in scores_of(contract):
                gathered.follow_score(corner, score, curve)
            for name, given in contract.position.items() if not has_cost(contract) else ():
                if given.kind == "rate":
                    curves += gathered.follow_rate(corner, name)
    parties = tuple(dict.fromkeys((contract.commissioner.code, reference.host, *gathered.parties)))
    exposures = tuple(Exposure(party, *least_and_most(curves, party)) for party in parties) if curves else ()
    return Study(
        reference,
        turnover,
        _widest(gathered.jumps),
        _distinct(gathered.wrong_way),
        _distinct(gathered.steep),
        exposures,
        gathered.idle_terms([reference, *others]),
        curves[0] if curves else Curve((), False),
        tuple(dict.fromkeys(gathered.bent)),
        tuple(dict.fromkeys(gathered.failed)),
    )


class _Gathered:
    """What the curves show, put together."""

    def __init__(self, contract: Contract, turnover: Fraction, least: Fraction):
        self.contract, self.turnover, self.least = contract, turnover, least
        self.jumps: list[Jump] = []
        self.wrong_way: list[Slope] = []
        self.steep: list[Slope] = []
        self.active: set[str] = set()
        self.parties: dict[str, None] = {}
        self.bent: list[str] = []
        self.failed: list[Failure] = []

    def follow_cost(self, corner: Corner) -> Curve | None:
        """The result against cost, from nothing without end."""
        high = None if has_cost(self.contract) else Fraction(1)
        place = partial(with_cost, self.contract, corner.position)
        curve = self._follow(place, Fraction(0), high, "cost")
        if curve is None:
            return None
        for piece in curve.of(KEPT):
            if piece.slope(KEPT) > 0:
                self.wrong_way.append(Slope("cost", piece.start, piece.end, piece.slope(KEPT), corner.said))
        self._find_jumps(curve, "cost", corner)
        return curve

    def follow_score(self, corner: Corner, score: str, by_cost: Curve) -> None:
        """The result against one score, at the cost of the position, a little to either side of the budget, and within
        each piece of the result against cost."""
        for cost in dict.fromkeys(self._costs_for_scores(corner, by_cost)):
            base = with_cost(self.contract, corner.position, cost) if has_cost(self.contract) else corner.position
            place = partial(with_score, base, score)
            curve = self._follow(place, Fraction(0), Fraction(1), score)
            if curve is None:
                return
            for piece in curve.of(RESULT):
                found = Slope(score, piece.start, piece.end, piece.slope(RESULT), corner.said)
                if piece.slope(RESULT) < 0:
                    self.wrong_way.append(found)
                elif piece.slope(RESULT) / 100 > self.least:
                    self.steep.append(found)
            self._find_jumps(curve, score, corner, at_cost=cost)

    def _costs_for_scores(self, corner: Corner, by_cost: Curve) -> list[Fraction]:
        if not has_cost(self.contract):
            return [Fraction(0)]
        costs = [cost_of(self.contract, corner.position), self.turnover * 9 / 10, self.turnover * 11 / 10]
        for piece in by_cost.of(RESULT)[:MOST_COSTS]:
            beyond = piece.start + (max(piece.start, self.turnover) or 1)
            costs.append(beyond if piece.end is None else (piece.start + piece.end) / 2)
        return costs

    def follow_rate(self, corner: Corner, name: str) -> list[Curve]:
        """The result against a rate of the position, from nothing without end; which way is right nobody says."""
        curve = self._follow(partial(with_rate, corner.position, name), Fraction(0), None, plainly(name))
        if curve is None:
            return []
        self._find_jumps(curve, name, corner, judged=False)
        return [curve]

    def _follow(
        self, place: Callable[[Fraction], Position], low: Fraction, high: Fraction | None, what: str
    ) -> Curve | None:
        def figures(x: Fraction) -> Mapping[str, Fraction]:
            position = place(x)
            own_cost = cost_of(self.contract, position) if bears_own_cost(self.contract) else Fraction(0)
            return self._figures(apply_terms(self.contract, position, unrounded=True), own_cost)

        try:
            curve = follow(figures, low, high)
        except ImpossibleError as error:
            self.failed.append(Failure(error.term, error.problem))
            return None
        if curve.bent:
            self.bent.append(what)
        return curve

    def _figures(self, made: Terms, own_cost: Fraction) -> Mapping[str, Fraction]:
        """The result, each party's, and the main amount of each term; notes which terms do anything at all."""
        figures: dict[str, Fraction] = _Defaulting({RESULT: made.result, KEPT: made.result - own_cost})
        for line in made.lines:
            self.parties |= dict.fromkeys(party for party in (line.payer, line.payee) if party)
        for party in self.parties:
            figures[party] = sum((line.effect_on(party) for line in made.lines), Fraction(0))
        for term in self.contract.terms:
            figures[AMOUNT + term.id] = made.amounts.get(term.id, Fraction(0))
        self.active |= {term.id for term in self.contract.terms if _does_something(term.id, made)}
        return figures

    def idle_terms(self, positions: Sequence[Position]) -> tuple[str, ...]:
        """The terms that did nothing at any position met, nor at these, nor with a sum in place of each nothing."""
        for position in positions:
            size = self.turnover or cost_of(self.contract, position) or Fraction(1_000_000_000)
            with_all = with_sums(self.contract, position, size / 10)
            costs = [size * part for part in _COSTS_TRIED] if has_cost(self.contract) else []
            moved = with_each_larger_or_smaller(self.contract, position)
            for tried in (position, with_all, *(with_cost(self.contract, with_all, cost) for cost in costs), *moved):
                try:
                    made = apply_terms(self.contract, tried, unrounded=True)
                except FindingsError:
                    continue
                self.active |= {term.id for term in self.contract.terms if _does_something(term.id, made)}
        return tuple(term.id for term in self.contract.terms if term.id not in self.active)

    def _find_jumps(
        self, curve: Curve, of: str, corner: Corner, judged: bool = True, at_cost: Fraction | None = None
    ) -> None:
        pieces = curve.pieces
        for place, piece in enumerate(pieces):
            before = pieces[place - 1].before_end(RESULT) if place else piece.at(RESULT)
            for left, right in ((before, piece.at(RESULT)), (piece.at(RESULT), piece.just_after(RESULT))):
                term = self._term_that_jumps(pieces, place)
                jump = Jump(of, piece.start, left, right, term, corner.said, judged, at_cost)
                if jump.size > self.least or (judged and jump.wrong_way):
                    self.jumps.append(jump)

    def _term_that_jumps(self, pieces: tuple[Piece, ...], place: int) -> str:
        """The first term in the contract's order whose own amount jumps."""
        piece = pieces[place]
        before = pieces[place - 1] if place else None
        for term in self.contract.terms:
            name = AMOUNT + term.id
            left = before.before_end(name) if before else piece.at(name)
            if piece.just_after(name) != left or piece.at(name) != left:
                return term.id
        return ""


class _Defaulting(dict[str, Fraction]):
    """Figures in which a party that no line touches has nothing."""

    def __missing__(self, key: str) -> Fraction:
        return Fraction(0)


def _does_something(term: str, made: Terms) -> bool:
    """Whether a term moves money, changes what it works on, or makes a figure that is not nothing."""
    change = made.amounts.get(f"{term}.change")
    if change is not None:
        return change != 0
    moves = any(line.payer and line.amount != 0 for line in made.lines if line.term == term)
    return moves or made.amounts.get(term, Fraction(0)) != 0


def _widest(jumps: list[Jump]) -> tuple[Jump, ...]:
    """One jump for each point, term and way: the widest of those that differ only in their corner."""
    widest: dict[tuple[str, Fraction, str, bool], Jump] = {}
    for jump in jumps:
        key = (jump.of, jump.point, jump.term, jump.wrong_way)
        if key not in widest or jump.size > widest[key].size:
            widest[key] = jump
    return tuple(widest.values())


def _distinct(slopes: list[Slope]) -> tuple[Slope, ...]:
    """One range for each place: those that differ only in their corner are told once."""
    return tuple({(slope.of, slope.start, slope.end, slope.slope): slope for slope in reversed(slopes)}.values())
