"""A figure with everything that it is made from, down to files, clauses, price books and payments."""

from collections.abc import Callable
from dataclasses import dataclass

from yoc.audit.explain import of_budget, of_cost, of_statement, of_terms
from yoc.audit.explain.figure import Figure, adds_up
from yoc.audit.explain.of_terms import Find
from yoc.audit.explain.record import RunRecord

Kind = Callable[[RunRecord, str, str, Find], Figure]

KINDS: dict[str, Kind] = {
    "due": of_statement.due_figure,
    "effect": of_statement.effect_figure,
    "running": of_statement.running_figure,
    "summary": of_statement.summary_figure,
    "line": of_terms.line_figure,
    "part": of_terms.part_figure,
    "amount": of_terms.amount_figure,
    "value": of_terms.value_figure,
    "result": of_terms.result_figure,
    "contract": of_terms.contract_figure,
    "input": of_terms.input_figure,
    "score": of_terms.score_figure,
    "indicator": of_terms.indicator_figure,
    "budget": of_budget.budget_figure,
    "budget.step": of_budget.step_figure,
    "budget.after": of_budget.after_figure,
    "budget.rounding": of_budget.rounding_figure,
    "budget.opening": of_budget.opening_figure,
    "budget.cell": of_budget.cell_figure,
    "rate": of_budget.rate_figure,
    "factor": of_budget.factor_figure,
    "people": of_budget.people_figure,
    "units": of_budget.units_figure,
    "person_years": of_budget.person_years_figure,
    "back_pay": of_budget.back_pay_figure,
    "cost": of_cost.cost_figure,
    "cost.month": of_cost.month_figure,
    "cost.cell": of_cost.cell_figure,
    "block": of_cost.block_figure,
    "reissue": of_cost.reissue_figure,
    "over_threshold": of_cost.over_figure,
    "paid": of_cost.payment_figure,
}
"""The kinds of figure by the word that stands in their keys after the host."""


@dataclass(frozen=True)
class Explanation:
    """A figure of a run and every figure below it, by key; each stands once, however often it is used."""

    run_id: str
    key: str
    figures: dict[str, Figure]

    @property
    def figure(self) -> Figure:
        """The figure that is explained."""
        return self.figures[self.key]

    def children(self, key: str) -> list[Figure]:
        """The figures that a figure is made from."""
        return [self.figures[child] for child in self.figures[key].children]

    def adds_up(self, key: str) -> bool:
        """Whether a figure's own children give it."""
        return adds_up(self.figures[key], self.children(key))

    @property
    def all_add_up(self) -> bool:
        """Whether every figure is given by its children."""
        return all(self.adds_up(key) for key in self.figures)


def figure_of(run: RunRecord, key: str) -> Figure:
    """One figure by its key. Raises ``KeyError`` where the run has no such figure."""
    if key not in run.made:
        try:
            run.made[key] = _make(run, key)
        except (StopIteration, IndexError, ValueError, AttributeError):
            raise KeyError(key) from None
    return run.made[key]


def _make(run: RunRecord, key: str) -> Figure:
    def find(other: str) -> Figure:
        return figure_of(run, other)

    if key in of_cost.OF_THE_RUN:
        return of_cost.OF_THE_RUN[key](run)
    host, _, named = key.partition(":")
    if host == "file":
        return of_cost.file_figure(run, named)
    kind, _, rest = named.partition(":")
    if host == of_statement.ALL:
        if kind == "summary":
            return of_statement.summary_figure(run, host, rest, find)
        if kind == "cost":
            return of_statement.setting_of_all(run, rest, find)
        if kind == "person_years":
            return of_statement.person_years_of_all(run, find)
        raise KeyError(key)
    if host not in run.hosts or kind not in KINDS:
        raise KeyError(key)
    return KINDS[kind](run, host, rest, find)


def explain(run: RunRecord, key: str) -> Explanation:
    """A figure with all below it. Raises ``KeyError`` where the run has no such figure."""
    figures: dict[str, Figure] = {}
    waiting = [key]
    while waiting:
        name = waiting.pop()
        if name not in figures:
            figures[name] = figure = figure_of(run, name)
            waiting += [*reversed(figure.rests_on), *reversed(figure.children)]
    return Explanation(run.settlement["run_id"], key, figures)
