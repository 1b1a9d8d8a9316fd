"""Plain words: banners, the contract's choices, and sentences that say who owes whom what."""

from collections.abc import Sequence
from typing import Any

from yoc.core.money import format_pounds
from yoc.report.figures import (
    Host,
    Movement,
    Settlement,
    before_on_account_pence,
    files_total,
    movements,
    party_names,
)

SHADOW_LINE = "SHADOW: computed for information, no payment is due"
SYNTHETIC_LINE = "Synthetic sample: no real person, organisation or payment"
_NAMED_IN_A_SENTENCE = 5

CHOICES: dict[str, tuple[str, dict[str, str]]] = {
    "counting": (
        "How people are counted",
        {
            "person_days": "By days: each day counts on which a person is alive, in the cohort and registered with a "
            "practice of the host",
            "quarter_snapshot": "By quarters: whoever is there on the first day of a quarter counts for the quarter",
            "annual_snapshot": "By years: whoever is there on the first day of the year counts for the year",
        },
    ),
    "segments_tested": (
        "When segments are tested",
        {
            "year_start": "On the first day of the year",
            "quarter_start": "On the first day of each quarter",
            "month_start": "On the first day of each month",
        },
    ),
    "attribution": (
        "Whose cost a line is",
        {
            "host_on_activity_date": "The host that the person was under on the day of the activity",
            "plurality": "The host that the person was under on most days of the year",
            "prospective_list": "The host that the list of the year names for the person",
        },
    ),
    "attribution_ties": (
        "Whose a person is with equally many days under several hosts",
        {
            "earlier": "The host whose first day with the person came first",
            "later": "The host whose last day with the person came last",
            "contract_order": "The host that the contract lists first",
        },
    ),
    "price_basis": (
        "Prices",
        {
            "book": "From the price book, × quantity × the provider's market forces index",
            "submitted": "As the provider submitted them",
            "lower": "The lower of the price book and what the provider submitted",
        },
    ),
    "price_rounding": (
        "Where prices are rounded",
        {
            "per_line": "To the penny on each line of activity, half away from zero",
            "on_total": "To the penny once, on the total, half away from zero",
        },
    ),
    "budget_rounding": (
        "Where the budget is rounded",
        {
            "per_person": "To the penny for each person, half away from zero",
            "on_total": "To the penny once, on the total, half away from zero",
        },
    ),
    "route": (
        "How providers are paid",
        {
            "host_pays_provider": "The host pays the providers for the care of its people",
            "commissioner_pays_and_nets": "The commissioner has paid the providers, and takes the cost off "
            "what it owes the host",
        },
    ),
}
"""What a contract chooses: the heading of each choice, and each answer in words."""

UNIT_NAMES = {
    "person_days": "Person-days",
    "quarter_snapshot": "Person-quarters",
    "annual_snapshot": "Person-years counted",
}


def choices_in_words(contract: Settlement) -> list[tuple[str, str]]:
    """Each choice of the contract with its answer; an answer that is not known here is given as it was written.

    >>> choices_in_words({"counting": "annual_snapshot", "route": "by_barter"})[1]
    ('How providers are paid', 'by barter')
    """
    return [
        (heading, answers.get(contract[name], contract[name].replace("_", " ")))
        for name, (heading, answers) in CHOICES.items()
        if name in contract
    ]


def banners(settlement: Settlement) -> tuple[str, ...]:
    """The lines that stand on every sheet and page: not to be paid, not real, or checks that failed."""
    failed = [check["id"] for check in settlement["checks"] if not check["passed"]]
    return tuple(
        line
        for line, applies in (
            (SHADOW_LINE, is_shadow(settlement)),
            (SYNTHETIC_LINE, settlement["synthetic"]),
            (f"NOT TO BE RELIED ON: check {join_words(failed)} failed", bool(failed)),
        )
        if applies
    )


def is_shadow(settlement: Settlement) -> bool:
    """Whether the contract is computed for information only."""
    return bool(settlement["status"] != "live")


def verdict(settlement: Settlement) -> str:
    """The outcome of the checks in one line."""
    checks = settlement["checks"]
    failed = [check for check in checks if not check["passed"]]
    if not failed:
        return f"All {len(checks)} checks held: every pound is accounted for and every statement adds up."
    listed = "; ".join(f"{check['id']} {check['law']}" for check in failed)
    return f"{len(failed)} of {len(checks)} checks FAILED: {listed}. Do not rely on these figures."


def budget_sentence(row: Any) -> str:
    """Cost against budget."""
    balance = row["balance_pence"]
    against = f"Care cost {format_pounds(row['cost_pence'])} against a budget of {format_pounds(row['budget_pence'])}"
    if balance == 0:
        return f"{against}, which is exactly the budget."
    return f"{against}: {format_pounds(abs(balance))} {'under' if balance > 0 else 'over'} budget."


def terms_sentence(row: Any, whose: str = "the host") -> str:
    """What the contract's terms make of the balance, and what was paid on account.

    >>> terms_sentence({"due_pence": -300, "on_account_pence": -500}).partition("; ")[0]
    "After the contract's terms the result of the year is £2.00 in favour of the host"
    """
    before = before_on_account_pence(row)
    result = "nil"
    if before:
        result = f"{format_pounds(abs(before))} {'in favour of' if before > 0 else 'against'} {whose}"
    made = f"After the contract's terms the result of the year is {result}"
    on_account = row["on_account_pence"]
    if on_account == 0:
        return f"{made}; nothing was paid on account."
    if on_account < 0:
        return f"{made}; {format_pounds(-on_account)} was paid on account during the year and is taken off."
    return f"{made}; {format_pounds(on_account)} paid back on account during the year is added."


def payment_sentence(settlement: Settlement, host: Host) -> str:
    """Who owes whom what, party by party; a shadow contract's sentence says that nothing is paid."""
    name, names = host["name"], party_names(settlement)
    nets = [movement for movement in movements(settlement, host["host"]) if movement.net_pence]
    pays = [movement for movement in nets if movement.net_pence < 0]
    gets = [movement for movement in nets if movement.net_pence > 0]
    would, shadow = ("would owe", True) if is_shadow(settlement) else ("owes", False)
    is_owed = "would be owed" if shadow else "is owed"
    parts = [f"{would} {_listed(pays, names)}"] if pays else []
    parts += [f"{is_owed} {_listed(gets, names, by=True)}"] if gets else []
    if not parts:
        return f"{name} {would} nothing and {is_owed} nothing."
    sentence = f"{name} {' and '.join(parts)}"
    if len(nets) > 1:
        closing = host["closing_pence"]
        to, from_ = ("in favour of", "against") if shadow else ("due to", "due from")
        sentence += f": in all {format_pounds(abs(closing))} {to if closing >= 0 else from_} the host"
    return sentence + (". No payment is due, as the contract is in shadow." if shadow else ".")


def _listed(parties: Sequence[Movement], names: dict[str, str], by: bool = False) -> str:
    """Parties with their sums, the largest few by name and the rest together."""
    by_size = sorted(parties, key=lambda movement: -abs(movement.net_pence))
    few, rest = by_size[:_NAMED_IN_A_SENTENCE], by_size[_NAMED_IN_A_SENTENCE:]
    said = [(names.get(movement.party, movement.party), abs(movement.net_pence)) for movement in few]
    if rest:
        said.append((f"{len(rest)} others", sum(abs(movement.net_pence) for movement in rest)))
    words = [f"{format_pounds(pence)} by {name}" if by else f"{name} {format_pounds(pence)}" for name, pence in said]
    return join_words(words)


def join_words(words: Sequence[str]) -> str:
    """Words as a list in a sentence.

    >>> join_words(["one", "two", "three"]), join_words(["one"])
    ('one, two and three', 'one')
    """
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)


def every_pound_sentence(settlement: Settlement) -> str:
    """The identity of the pounds in: charged + set aside, + rejected + superseded = what the files held."""
    activity, files = settlement["activity"], files_total(settlement)
    charged = sum(part["submitted_pence"] for part in activity["by_fate"] if part["fate"] == "charged")
    set_aside = sum(part["submitted_pence"] for part in activity["set_aside"])
    return (
        f"{format_pounds(charged)} charged + {format_pounds(set_aside)} set aside = "
        f"{format_pounds(activity['submitted_pence'])} in {activity['lines']:,} lines; "
        f"+ {format_pounds(files.rejected_pence)} rejected + {format_pounds(files.superseded_pence)} superseded = "
        f"{format_pounds(files.submitted_pence)} in the files."
    )


def price_sentence(settlement: Settlement) -> str:
    """Charged as submitted against charged at the contract's prices."""
    activity = settlement["activity"]
    charged, difference = activity["charged_pence"], activity["price_difference_pence"]
    words = f"At the contract's prices the charged lines cost {format_pounds(charged)}"
    if difference == 0:
        return f"{words}, which is what was submitted for them."
    return (
        f"{words}, {format_pounds(abs(difference))} {'less' if difference > 0 else 'more'} than was submitted for them."
    )


def row_numbers_in_words(numbers: Sequence[int], most: int = 60) -> str:
    """Row numbers with runs drawn together; beyond ``most`` runs, how many are left for ``settlement.json`` to say.

    >>> row_numbers_in_words([3, 4, 5, 9]), row_numbers_in_words([1, 3, 5], most=2)
    ('3 to 5, 9', '1, 3 and 1 more row, listed in settlement.json')
    """
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    listed = ", ".join(f"{first} to {last}" if last > first else str(first) for first, last in runs[:most])
    left = sum(last - first + 1 for first, last in runs[most:])
    return f"{listed} and {left} more row{'s' if left != 1 else ''}, listed in settlement.json" if left else listed
