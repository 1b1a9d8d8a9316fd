"""The seven laws that every settlement must keep, checked on the figures of each run before anything is written."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from yoc.contract.model import Contract
from yoc.contract.position import Position
from yoc.contract.terms.bands import Parameters as Bands
from yoc.contract.terms.base import Adjusting
from yoc.contract.terms.outcomes import Parameters as Outcomes
from yoc.contract.terms.stop_loss import Parameters as StopLoss
from yoc.core.money import format_pounds
from yoc.settlement.waterfall import HostSettlement, settle_host

LAWS = {
    "1": "Entries sum to zero",
    "2": "Every pound in is charged, or set aside with a reason",
    "3": "Opening budget + every line = closing result",
    "4": "With neutral terms the host gets budget less cost",
    "5": "No cap or floor is crossed",
    "6": "Each line is judged once, and nobody is under two hosts on a day",
    "7": "Same inputs, same result",
}
"""What every settlement must keep, by number, in the order of the contract language."""


@dataclass(frozen=True)
class Control:
    """Control totals from outside the settlement: the files' own sums, and counts taken from the lines themselves.

    ``block_pence`` is the value of each block in the contract, ``block_rest_pence`` what of it is no host's.
    ``first_prices_pence`` is what the charged lines come to at the prices first published, where it is known.
    """

    files_submitted_pence: int
    rejected_pence: int
    superseded_pence: int
    lines_in: int
    lines_judged: int
    fates_submitted_pence: int
    cells_pence: int
    double_presence_rows: int
    block_pence: Mapping[str, int] = field(default_factory=dict)
    block_rest_pence: Mapping[str, int] = field(default_factory=dict)
    first_prices_pence: int | None = None


@dataclass(frozen=True)
class Check:
    """One law, whether it held, and the figures that show it."""

    id: str
    law: str
    passed: bool
    detail: str


def check_settlement(contract: Contract, hosts: Sequence[HostSettlement], control: Control) -> tuple[Check, ...]:
    """Check the seven laws of the contract language, section 7, in their order."""
    return (
        _entries_sum_to_zero(hosts),
        _every_pound_accounted(hosts, control),
        _lines_add_to_closing(hosts),
        _neutral_is_budget_less_cost(contract, hosts),
        _no_limit_crossed(contract, hosts),
        _rows_met_once(control),
        _settles_the_same_again(contract, hosts),
    )


def _entries_sum_to_zero(hosts: Sequence[HostSettlement]) -> Check:
    """Entries by party sum to zero, and those that touch a host come to its closing result."""
    ledger: dict[str, int] = defaultdict(int)
    agree = True
    for host in hosts:
        own = 0
        for entry in host.entries:
            ledger[entry.payer] -= entry.pence
            ledger[entry.payee] += entry.pence
            own += entry.pence * ((entry.payee == host.host) - (entry.payer == host.host))
        agree &= own == host.closing_pence
    number = sum(len(host.entries) for host in hosts)
    detail = (
        f"{number} entries between {len(ledger)} parties sum to {format_pounds(sum(ledger.values()))}"
        f"{' and come to every closing result' if agree else ', but do not come to every closing result'}"
    )
    return Check("1", LAWS["1"], agree and sum(ledger.values()) == 0, detail)


def _every_pound_accounted(hosts: Sequence[HostSettlement], control: Control) -> Check:
    accounted = control.fates_submitted_pence + control.rejected_pence + control.superseded_pence
    charged = int(sum(sum(host.position.cost_pence.values()) for host in hosts))
    shared = {block: sum(host.position.block_pence.get(block, 0) for host in hosts) for block in control.block_pence}
    named = {block for host in hosts for block in host.position.block_pence}
    passed = accounted == control.files_submitted_pence and charged == control.cells_pence + sum(shared.values())
    passed &= named <= control.block_pence.keys() and all(
        shared[block] + control.block_rest_pence[block] == value for block, value in control.block_pence.items()
    )
    reissued = sum(reissue.pence for host in hosts for reissue in host.position.price_reissues)
    passed &= _reissues_add_up(hosts)
    if control.first_prices_pence is not None:
        passed &= control.first_prices_pence + reissued == control.cells_pence
    detail = (
        f"{format_pounds(control.files_submitted_pence)} in the files = {format_pounds(control.fates_submitted_pence)} "
        f"charged or set aside + {format_pounds(control.rejected_pence)} rejected + "
        f"{format_pounds(control.superseded_pence)} superseded; {format_pounds(charged)} charged to hosts"
    )
    if any(host.position.price_reissues for host in hosts):
        first = format_pounds(control.cells_pence - reissued)
        detail += f", {first} of it at the prices first published + {format_pounds(reissued)} as they were re-issued"
    if control.block_pence:
        values, to_hosts, rest = (
            format_pounds(sum(parts.values())) for parts in (control.block_pence, shared, control.block_rest_pence)
        )
        detail += f", blocks among it; {values} of blocks = {to_hosts} shared to hosts + {rest} for the rest"
    return Check("2", LAWS["2"], passed, detail)


def _reissues_add_up(hosts: Sequence[HostSettlement]) -> bool:
    """Whether what each re-issue changed comes to one sum by setting and by provider."""
    return all(
        sum(reissue.pence_by_setting.values()) == sum(reissue.pence_by_provider.values())
        for host in hosts
        for reissue in host.position.price_reissues
    )


def _lines_add_to_closing(hosts: Sequence[HostSettlement]) -> Check:
    passed = True
    for host in hosts:
        effects = [line.effect_pence for line in host.lines]
        exact = sum((line.line.effect_on(host.host) for line in host.lines), Fraction(0))
        rounding = abs(exact - host.closing_pence)
        opening = host.position.budget.total_pence
        # A budget on restated people is what was first counted for, and each month made good.
        of_budget = [line.effect_pence for line in host.lines if line.line.kind == "capitation"]
        passed &= opening + sum(effects[len(of_budget) :]) == host.closing_pence and sum(of_budget) == opening
        passed &= exact == host.closing_exact and rounding <= len(effects)
    detail = f"{sum(len(host.lines) for host in hosts)} lines on {len(hosts)} statements add to their closing results"
    return Check("3", LAWS["3"], passed, detail)


def _neutral_is_budget_less_cost(contract: Contract, hosts: Sequence[HostSettlement]) -> Check:
    kept = tuple(term for term in contract.terms if term.kind in ("capitation", "activity_cost"))
    neutral = contract.model_copy(update={"terms": kept})
    passed = all(
        settle_host(neutral, host.position).closing_pence
        == host.position.budget.total_pence - sum(host.position.cost_pence.values())
        for host in hosts
    )
    return Check("4", LAWS["4"], passed, f"settled again for {len(hosts)} hosts")


def _no_limit_crossed(contract: Contract, hosts: Sequence[HostSettlement]) -> Check:
    tried, passed = 0, True
    worked_on = contract.amounts_worked_on()
    for host in hosts:
        for term in contract.terms:
            amounts = host.amounts
            if isinstance(term, Bands):
                whole, part = amounts[worked_on[term.id]], amounts[term.id]
                inside = 0 <= part <= whole if whole >= 0 else whole <= part <= 0
            elif isinstance(term, Outcomes) and term.mode == "withhold":
                inside = 0 <= amounts[f"{term.id}.earned"] <= amounts[f"{term.id}.withheld"]
            elif isinstance(term, StopLoss):
                over = host.position.over_threshold_pence
                inside = abs(amounts[term.id]) <= abs(over)
            elif isinstance(term, Adjusting) and term.kind in ("cap", "relief", "profit_limit"):
                before, after = amounts[worked_on[term.id]], amounts[term.id]
                inside = 0 <= after <= before if before >= 0 else before <= after <= 0
            else:
                continue
            tried, passed = tried + 1, passed and inside
    return Check("5", LAWS["5"], passed, f"{tried} shares, withholds and thresholds lie inside their limits")


def _rows_met_once(control: Control) -> Check:
    """No line is lost or met twice, and no person is in two places, whatever the order and splitting of rows.

    That other orders and files come to the same figures is tried by the tests, on made-up lines; one run cannot
    show it.
    """
    passed = control.lines_in == control.lines_judged and control.double_presence_rows == 0
    where = "somebody is" if control.double_presence_rows else "nobody is"
    detail = (
        f"{control.lines_in:,} lines in, judgements made of them: {control.lines_judged:,}; "
        f"{where} under two hosts on a day"
    )
    return Check("6", LAWS["6"], passed, detail)


def _settles_the_same_again(contract: Contract, hosts: Sequence[HostSettlement]) -> Check:
    passed = all(settle_host(contract, _copy(host.position)) == host for host in hosts)
    return Check("7", LAWS["7"], passed, f"{len(hosts)} positions settled a second time, to the same figures")


def _copy(position: Position) -> Position:
    """The same position with its mappings in another order, which must not matter."""
    return replace(
        position,
        cost_pence=dict(position.cost_pence),
        cost_by_provider_pence=dict(position.cost_by_provider_pence),
        scores=dict(reversed(list(position.scores.items()))),
        values=dict(reversed(list(position.values.items()))),
    )
