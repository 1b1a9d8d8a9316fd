"""Figures of the statement as a whole: effects, results, what is due, summaries, entries, all hosts together."""

from typing import Any

from yoc.audit.explain.figure import Figure, Origin, child, shown_number, sum_of
from yoc.audit.explain.of_terms import Find
from yoc.audit.explain.record import Draft, RunRecord

ALL = "ALL"
"""Stands in a key in place of a host for all hosts together."""
SUMMARY_LABELS = {
    "budget_pence": "Budget",
    "cost_pence": "Cost",
    "balance_pence": "Budget less cost",
    "stop_loss_pence": "Stop-loss",
    "share_pence": "Share",
    "outcomes_pence": "Outcomes",
    "vcse_pence": "VCSE",
    "passed_on_pence": "Passed on",
    "other_pence": "Other terms",
    "on_account_pence": "On account",
    "due_pence": "Due",
}


def due_figure(run: RunRecord, host: str, rest: str, find: Find) -> Figure:  # noqa: ARG001 - as every kind
    """What is due: the effects of all lines, in whole pence."""
    held = run.hosts[host]
    keys = [f"{host}:effect:{line['name']}" for line in held["lines"] if line["effect_pence"]]
    label = "Due to the host" if held["closing_pence"] >= 0 else "Due from the host"
    draft = Draft(f"{host}:due", label, pence=held["closing_pence"], words="the effect of every line of the statement")
    if not keys:
        return draft.leaf(0, Origin("rule of the term", "no line moves money to or from the host"))
    return draft.made(held["closing_pence"], keys, sum_of(len(keys), whole_pence=True), find)


def effect_figure(run: RunRecord, host: str, name: str, find: Find) -> Figure:
    """What a line does to the host: its whole pence, plus where the host is paid and minus where it pays."""
    line = next(line for line in run.hosts[host]["lines"] if line["name"] == name)
    payer, payee = run.party(line["payer"]), run.party(line["payee"])
    words = f"{payer} pays {payee}" if line["payer"] else "moves no money"
    draft = Draft(f"{host}:effect:{name}", f"Effect of: {line['label']}", pence=line["effect_pence"],
                  clause=line["clause"], term=line["term"], words=words)  # fmt: skip
    rule: dict[str, Any] = child(0, whole_pence=True)
    if line["effect_pence"] == -line["pence"] != 0:
        rule = {"do": "negative", "with": [rule]}
    elif line["effect_pence"] != line["pence"]:
        rule = {"do": "multiply", "with": [{"number": "0"}, rule]}
    return draft.made(line["effect_pence"], [f"{host}:line:{name}"], rule, find)


def running_figure(run: RunRecord, host: str, name: str, find: Find) -> Figure:
    """The result after a line: the effects of the lines up to it."""
    keys = []
    for line in run.hosts[host]["lines"]:
        if line["effect_pence"]:
            keys.append(f"{host}:effect:{line['name']}")
        if line["name"] == name:
            break
    draft = Draft(f"{host}:running:{name}", f"Result after `{name}`", pence=line["running_pence"])
    if not keys:
        return draft.leaf(0, Origin("rule of the term", "no line so far moves money to or from the host"))
    return draft.made(line["running_pence"], keys, sum_of(len(keys), whole_pence=True), find)


def summary_figure(run: RunRecord, host: str, name: str, find: Find) -> Figure:
    """A figure of the summary: of one host, or of all."""
    if host == ALL:
        keys = [f"{code}:summary:{name}" for code in run.hosts]
        draft = Draft(f"{ALL}:summary:{name}", f"{SUMMARY_LABELS[name]}: all hosts",
                      pence=run.settlement["totals"][name])  # fmt: skip
        return draft.made(draft.pence or 0, keys, sum_of(len(keys), whole_pence=True), find)
    held = run.hosts[host]
    pence = held["summary"][name]
    draft = Draft(f"{host}:summary:{name}", SUMMARY_LABELS[name], pence=pence)
    if name in ("budget_pence", "cost_pence", "due_pence"):
        return draft.made(pence, [f"{host}:{name.removesuffix('_pence')}"], child(0, whole_pence=True), find)
    if name == "balance_pence":
        rule = {"do": "subtract", "with": [child(0, whole_pence=True), child(1, whole_pence=True)]}
        return draft.made(pence, [f"{host}:budget", f"{host}:cost"], rule, find)
    kinds = run.settlement["summary_kinds"]
    counted = [
        line["name"]
        for line in held["lines"]
        if line["kind"] not in ("capitation", "activity_cost")
        and kinds.get(line["kind"], "other_pence") == name
        and line["effect_pence"]
    ]
    if not counted:
        return draft.leaf(0, Origin("rule of the term", "no line of this kind moves money to or from the host"))
    keys = [f"{host}:effect:{line}" for line in counted]
    return draft.made(pence, keys, sum_of(len(keys), whole_pence=True), find)


def setting_of_all(run: RunRecord, setting: str, find: Find) -> Figure:
    """The cost of a setting over all hosts."""
    keys = [f"{code}:cost:{setting}" for code in run.hosts]
    draft = Draft(f"{ALL}:cost:{setting}", f"Cost: {run.setting(setting)}, all hosts",
                  pence=run.settlement["totals"]["cost_by_setting"][setting])  # fmt: skip
    return draft.made(draft.pence or 0, keys, sum_of(len(keys), whole_pence=True), find)


def person_years_of_all(run: RunRecord, find: Find) -> Figure:
    """The person-years of all hosts."""
    keys = [f"{code}:person_years" for code in run.hosts]
    exact = sum((find(key).exact for key in keys), start=find(keys[0]).exact * 0)
    shown = f"{shown_number(exact)} person-years"
    draft = Draft(f"{ALL}:person_years", "Person-years of all hosts", "number", shown=shown)
    return draft.made(exact, keys, sum_of(len(keys)), find)
