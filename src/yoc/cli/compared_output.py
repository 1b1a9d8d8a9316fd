"""What `yoc compare` prints: the bridge, host by host, the cost, and the facts behind each cause."""

import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from yoc.cli.diff_output import change_in_words
from yoc.cli.table import print_folded
from yoc.cli.terminal import output, text_width
from yoc.cli.year_options import say_plain
from yoc.core.money import format_pounds
from yoc.settlement.difference import Change
from yoc.workflow.compared_facts import ALL_HOSTS


def print_compared(content: Mapping[str, Any], largest: int) -> None:
    """Print the bridge, by host, the cost, and the facts behind each cause."""
    _print_head(content)
    hosts = content["hosts"]
    together = content["all"] if len(hosts) > 1 else hosts[0]
    if not content["moves"]:
        say_plain("\nNo figure differs between them.")
    say_plain(f"\nDue, {_named(together)}: above zero to the host, below zero from it")
    _print_bridge(content, together)
    if not content["moves"]:
        return
    if len(hosts) > 1:
        say_plain("Due, host by host")
        _print_hosts(content)
    if any(row["after_pence"] != row["before_pence"] or _moves(row) for row in together["cost"]):
        say_plain(f"Cost of care, {_named(together)}: above zero is cost")
        _print_cost(content, together)
    for line in _facts(content, largest):
        say_plain(line)


def _print_head(content: Mapping[str, Any]) -> None:
    say_plain(f"{content['title']}, {content['year']}: two runs compared")
    marks = ["Synthetic sample: no real person, organisation or payment."] if content["synthetic"] else []
    if content["shadow"]:
        marks.append("SHADOW: computed for information, no payment is due.")
    for word, run in (("From", content["before"]), ("To  ", content["after"])):
        say_plain(f"{word} {run['run']}, as of {run['as_of']}, contract version {run['contract_version']}")
    if content["same"]:
        say_plain("These are one and the same run.")
    for mark in marks:
        say_plain(mark)
    shown = [f"{each['name']} ({each['what']})" for each in content["made_from"][:_INPUTS_SHOWN]]
    more = len(content["made_from"]) - len(shown)
    if shown:
        say_wrapped(f"Made from other inputs: {', '.join(shown)}{f' and {more} more' if more else ''}.")
    for note in content["notes"]:
        say_wrapped(f"Note: {note}")


_INPUTS_SHOWN = 8


def say_wrapped(text: str, begin: str = "") -> None:
    """A sentence, wrapped to the screen, set in under where it begins."""
    say_plain(
        textwrap.fill(text, text_width(), initial_indent=begin, subsequent_indent="    ", break_on_hyphens=False,
                      break_long_words=False)
    )  # fmt: skip


def _named(bridge: Mapping[str, Any]) -> str:
    return bridge["host"].lower() if bridge["host"] == "All hosts" else f"{bridge['host']} {bridge['name']}"


_SUMS = ("budget_pence", "cost_pence", "others_pence", "due_pence")


def _print_bridge(content: Mapping[str, Any], bridge: Mapping[str, Any]) -> None:
    """A row a cause that moves something, between what the two runs came to."""
    names = _names(content)
    rows = [["From", *(_pounds(content, bridge["before"][name]) for name in _SUMS)]]
    rows += [
        [names[cause["cause"]], *(_moved(content, cause[name]) for name in _SUMS)]
        for cause in bridge["causes"]
        if any(cause[name] for name in _SUMS)
    ]
    rows.append(["To", *(_pounds(content, bridge["after"][name]) for name in _SUMS)])
    print_folded(output(), ["Cause", "Budget", "Cost", "Other terms", "Due"], rows, range(1, 5), 1)


def _print_hosts(content: Mapping[str, Any]) -> None:
    """A row a host: what is due by the first run, what each cause moves, what is due by the second."""
    names = _names(content)
    every = [*content["hosts"], content["all"]]
    moved = [cause for cause in names if any(_due(host, cause) for host in every)]
    rows = [
        [
            "Total" if host is content["all"] else host["host"],
            _pounds(content, host["before"]["due_pence"]),
            *(_moved(content, _due(host, cause)) for cause in moved),
            _pounds(content, host["after"]["due_pence"]),
        ]
        for host in every
    ]
    headings = ["Host", "From", *(names[cause] for cause in moved), "To"]
    print_folded(output(), headings, rows, range(1, len(headings)), 1)


def _due(host: Mapping[str, Any], wanted: str) -> int:
    return int(next(cause["due_pence"] for cause in host["causes"] if cause["cause"] == wanted))


_COST = {"volume_pence": "Volume", "mix_pence": "Mix", "price_pence": "Price", "blocks_pence": "Blocks"}


def _moves(row: Mapping[str, Any]) -> bool:
    return any(row[name] for name in _COST)


def _print_cost(content: Mapping[str, Any], bridge: Mapping[str, Any]) -> None:
    """A row a setting: its cost by the first run, what each cause moves, its cost by the second."""
    moved = [name for name in _COST if any(row[name] for row in bridge["cost"])]
    columns = ["before_pence", *moved, "after_pence"]
    total = {"name": "Total", **{name: sum(row[name] for row in bridge["cost"]) for name in columns}}
    rows = [
        [
            row["name"],
            *((_moved if name in _COST else _pounds)(content, row[name]) for name in columns),
        ]
        for row in (*bridge["cost"], total)
    ]
    headings = ["Setting", "From", *(_COST[name] for name in moved), "To"]
    print_folded(output(), headings, rows, range(1, len(headings)), 1)


_SAME = " (in all it moves nothing: what one term gives, another takes)"


def _facts(content: Mapping[str, Any], largest: int) -> Iterator[str]:
    """The largest facts behind each cause, and what became of lines."""
    if not largest:
        return

    def point(text: str) -> str:
        return textwrap.fill(text, text_width(), initial_indent="  - ", subsequent_indent="    ",
                             break_on_hyphens=False)  # fmt: skip

    together = content["all"] if len(content["hosts"]) > 1 else content["hosts"][0]
    unmoved = {cause["cause"] for cause in together["causes"] if not any(cause[name] for name in _SUMS)}
    for cause in content["causes"]:
        own = [fact for fact in content["facts"] if fact["cause"] == cause["cause"]]
        if own:
            idle = _SAME if cause["cause"] in unmoved else ""
            yield textwrap.fill(f"{cause['name']}: {cause['meaning']}{idle}", text_width())
        yield from (point(fact_in_words(fact)) for fact in own[:largest])
        if len(own) > largest:
            yield f"  - {len(own) - largest} more, which --out FILE.xlsx holds"
    changes = content["contract_changes"]
    if changes:
        yield "What the contract says otherwise"
        yield from (point(_change(change)) for change in changes[:largest])
        if len(changes) > largest:
            yield f"  - {len(changes) - largest} more, which --out FILE.xlsx holds"
    if content["fates"]:
        yield "What became of lines, over all hosts"
    for fate in content["fates"]:
        yield point(fate_in_words(content, fate))


def fact_in_words(fact: Mapping[str, Any]) -> str:
    """A fact as a line.

    >>> fact_in_words({"cause": "price", "host": "A", "what": "X1, AE at P (emergency)", "before": "£10.00",
    ...     "after": "£12.00", "detail": "a unit, on 30 units", "moves": "cost", "pence": 6000})
    'A, X1, AE at P (emergency): was £10.00, is £12.00 a unit, on 30 units: £60.00 more cost.'
    """
    where = "" if fact["host"] == ALL_HOSTS else f"{fact['host']}, "
    was_and_is = f"was {fact['before']}, is {fact['after']}" if fact["before"] or fact["after"] else ""
    said = " ".join(part for part in (was_and_is, fact["detail"]) if part)
    pence = fact["pence"]
    moved = ""
    if fact["moves"] == "due":
        moved = f": {format_pounds(abs(pence))} {'more' if pence >= 0 else 'less'} to the host"
    elif fact["moves"]:
        moved = f": {format_pounds(abs(pence))} {'more' if pence >= 0 else 'less'} {fact['moves']}"
    return f"{where}{fact['what']}: {said}{moved}."


def _change(change: Mapping[str, str]) -> str:
    return change_in_words(Change(**change))


def fate_in_words(content: Mapping[str, Any], fate: Mapping[str, Any]) -> str:
    """What became of lines in both runs, as a line."""
    lines = fate["after_lines"] - fate["before_lines"]
    pence = fate["after_submitted_pence"] - fate["before_submitted_pence"]
    more = f"{abs(lines):,} {'more' if lines >= 0 else 'fewer'}"
    return (
        f"{fate['label']}: was {fate['before_lines']:,} lines, is {fate['after_lines']:,}, {more}; submitted "
        f"{_pounds(content, abs(pence), sign=True)} {'more' if pence >= 0 else 'less'}."
    )


def _names(content: Mapping[str, Any]) -> dict[str, str]:
    return {cause["cause"]: cause["name"] for cause in content["causes"]}


def _pounds(content: Mapping[str, Any], pence: int, sign: bool = False) -> str:
    return format_pounds(pence).replace("£", content["currency"] if sign else "")


def _moved(content: Mapping[str, Any], pence: int) -> str:
    return _pounds(content, pence) if pence else "-"
