"""Figures of the terms: lines and their parts, amounts, values, results so far, inputs, scores, the contract's own."""

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from yoc.audit.explain.figure import Figure, Origin, Unit, child, sum_of
from yoc.audit.explain.record import Draft, RunRecord
from yoc.core.rates import RateError, format_percent, parse_number

Find = Callable[[str], Figure]
Source = Mapping[str, Any]


def line_figure(run: RunRecord, host: str, name: str, find: Find) -> Figure:
    """A line of the statement: its parts where it has any, else the arithmetic of its term."""
    line, working = run.line(host, name)
    draft = Draft(
        f"{host}:line:{name}", line["label"], pence=line["pence"], clause=line["clause"], term=line["term"],
        words=line["formula"], whole_pence_of=_portion(working),
    )  # fmt: skip
    exact = _exact(working["source"])
    own = _own_amounts(run, host, line["term"])
    if line["details"] and not _of_the_line_itself(working, own):
        keys = [f"{host}:part:{name}:{place}" for place in range(len(line["details"]))]
        return draft.made(exact, keys, sum_of(len(keys)), find)
    return _made(draft, host, _opened(working["source"], own), find)


def part_figure(run: RunRecord, host: str, rest: str, find: Find) -> Figure:
    """One part of a line, as the statement shows it under the line."""
    name, _, place = rest.rpartition(":")
    line, working = run.line(host, name)
    detail, source = line["details"][int(place)], working["details"][int(place)]
    titles = {held["indicator"]: held["title"] for held in run.hosts[host]["outcomes"]}
    parts = [str(_exact(held)) for held in working["details"]]
    draft = Draft(
        f"{host}:part:{name}:{place}", titles.get(detail["label"], detail["label"]), pence=detail["pence"],
        clause=line["clause"], term=line["term"], words=detail["formula"],
        whole_pence_of={"by": "remainders", "whole": line["pence"], "parts": parts, "place": int(place)},
    )  # fmt: skip
    return _made(draft, host, source, find)


def amount_figure(run: RunRecord, host: str, name: str, find: Find) -> Figure:
    """A named amount that a term made, exact."""
    held = _amounts(run, host)[name]
    unit: Unit = held["unit"]
    clause = run.term(held["term"])["clause"]
    draft = Draft(f"{host}:amount:{name}", f"Amount `{name}`", unit, clause=clause, term=held["term"])
    return _made(draft, host, held["source"], find)


def value_figure(run: RunRecord, host: str, name: str, find: Find) -> Figure:
    """A value of the contract that has a name."""
    held = next(value for value in run.hosts[host]["working"]["values"] if value["name"] == name)
    draft = Draft(f"{host}:value:{name}", f"Value `{name}` of the contract", unit_of(held["source"]))
    return _made(draft, host, held["source"], find)


def result_figure(run: RunRecord, host: str, term: str, find: Find) -> Figure:
    """The host's result before a term: every line before it that pays the host or is paid by it, exact."""
    keys, parts = [], []
    for line, working in zip(run.hosts[host]["lines"], run.hosts[host]["working"]["lines"], strict=True):
        if line["term"] == term:
            break
        sign = _effect_sign(line, host)
        if sign and _exact(working["source"]):
            keys.append(f"{host}:line:{line['name']}")
            part = child(len(keys) - 1)
            parts.append(part if sign > 0 else {"do": "negative", "with": [part]})
    draft = Draft(f"{host}:result:{term}", f"Result of the lines before `{term}`", words="each line's exact amount, "
                  "plus where the host is paid and minus where it pays")  # fmt: skip
    if not keys:
        return draft.leaf(0, Origin("rule of the term", "no line before this one moves money to or from the host"))
    return draft.made(_result_before(run, host, term), keys, _signed_sum(parts), find)


def _result_before(run: RunRecord, host: str, term: str) -> Fraction:
    """The result so far as the term met it, where any amount of the term holds it."""
    for held in run.hosts[host]["working"]["amounts"]:
        for leaf in leaves(held["source"]):
            if leaf["of"] == "result" and leaf["name"] == term:
                return Fraction(leaf["is"])
    raise KeyError(term)


def _signed_sum(parts: list[Any]) -> Mapping[str, Any]:
    """The sum of parts of either sign, minus written as minus."""
    total = parts[0]
    for part in parts[1:]:
        if part.get("do") == "negative":
            total = {"do": "subtract", "with": [total, part["with"][0]]}
        else:
            total = {"do": "add", "with": [total, part]}
    return dict(total)


def _effect_sign(line: Mapping[str, Any], host: str) -> int:
    if not line["payer"] or line["payer"] == line["payee"]:
        return 0
    return int(line["payee"] == host) - int(line["payer"] == host)


def contract_figure(run: RunRecord, host: str, path: str, find: Find) -> Figure:  # noqa: ARG001 - as every kind
    """A number of the contract, with the file and line in which it stands."""
    leaf = next(leaf for leaf in _all_leaves(run, host) if leaf["of"] == "contract" and leaf["name"] == path)
    number = Fraction(leaf["is"])
    unit: Unit = "money" if leaf.get("unit") == "money" else "number"
    term, clause = "", ""
    if path.startswith("terms."):
        term = path.split(".")[1]
        clause = run.term(term)["clause"]
    text = leaf.get("text", "")
    shown = _as_said(text, number) if unit == "number" else ""
    draft = Draft(f"{host}:contract:{path}", path, unit, clause=clause, term=term, shown=shown)
    said = f": {text}" if text else ", as it is unless the contract says otherwise"
    origin = Origin(
        "contract", f"the contract{f', clause {clause}' if clause else ''}{said}", leaf.get("file", ""),
        leaf.get("line", 0), run.document_hash(leaf.get("file", "")),
    )  # fmt: skip
    return draft.leaf(number, origin)


def _as_said(text: str, number: Fraction) -> str:
    """A number in the words of the contract, where they are a number."""
    try:
        return text if parse_number(text) == number else format_percent(number)
    except RateError:
        return format_percent(number) if 0 < abs(number) < 1 else ""


def input_figure(run: RunRecord, host: str, name: str, find: Find) -> Figure:  # noqa: ARG001 - as every kind
    """An input of the host's position."""
    leaf = next(leaf for leaf in _all_leaves(run, host) if leaf["of"] == "input" and leaf["name"] == name)
    unit: Unit = "money" if leaf.get("unit") == "money" else "number"
    rests_on = run.files_of_kind("positions")
    draft = Draft(f"{host}:input:{name}", f"Input `{name}`", unit, rests_on=rests_on)
    return draft.leaf(Fraction(leaf["is"]), Origin("input", "given for the host in the plan's table of positions"))


def score_figure(run: RunRecord, host: str, name: str, find: Find) -> Figure:
    """The score of an indicator: how far its result has come from floor to target."""
    held = _outcome(run, host, name)
    score = Fraction(run.hosts[host]["position"]["scores"][name])
    draft = Draft(
        f"{host}:score:{name}", f"Score: {held['title']}", "number",
        words="0 at the floor or worse, 1 at the target or better, in a straight line between",
    )  # fmt: skip
    keys = [f"{host}:indicator:{name}:{part}" for part in ("result", "floor", "target")]
    reached = {
        "do": "divide",
        "with": [{"do": "subtract", "with": [child(0), child(1)]}, {"do": "subtract", "with": [child(2), child(1)]}],
    }
    return draft.made(score, keys, {"do": "within", "with": [reached, {"number": "0"}, {"number": "1"}]}, find)


def indicator_figure(run: RunRecord, host: str, rest: str, find: Find) -> Figure:
    """A part of an indicator: numerator, denominator, their quotient, floor or target."""
    name, _, part = rest.rpartition(":")
    held = _outcome(run, host, name)
    key, label = f"{host}:indicator:{rest}", f"{part.capitalize()}: {held['title']}"
    if part == "result":
        keys = [f"{host}:indicator:{name}:{one}" for one in ("numerator", "denominator")]
        numerator, denominator = (_number(held[one]) for one in ("numerator", "denominator"))
        draft = Draft(key, label, "number")
        return draft.made(numerator / denominator, keys, {"do": "divide", "with": [child(0), child(1)]}, find)
    draft = Draft(key, label, "number", shown=held[part])
    if part in ("floor", "target"):
        file, sha256 = run.document("indicators")
        return draft.leaf(_number(held[part]), Origin("catalogue", f"`{name}` in the catalogue", file, 0, sha256))
    draft = Draft(key, label, "number", shown=held[part], rests_on=run.files_of_kind("indicator results"))
    return draft.leaf(_number(held[part]), Origin("indicator result", f"given for {host} and `{name}`"))


def _number(text: str) -> Fraction:
    return parse_number(text.replace(",", ""))


def _outcome(run: RunRecord, host: str, name: str) -> Mapping[str, Any]:
    return next(held for held in run.hosts[host]["outcomes"] if held["indicator"] == name)


def leaves(source: Source) -> Iterator[Source]:
    """The numbers that a working begins with."""
    if "of" in source:
        yield source
    for part in source.get("with", ()):
        yield from leaves(part)


def _all_leaves(run: RunRecord, host: str) -> Iterator[Source]:
    working = run.hosts[host]["working"]
    for line in working["lines"]:
        for source in (line["source"], *line["details"]):
            yield from leaves(source)
    for held in (*working["amounts"], *working["values"]):
        yield from leaves(held["source"])


def unit_of(source: Source) -> Unit:
    """Whether a working comes to a sum of money or to a number.

    >>> budget, share = {"of": "amount", "unit": "money"}, {"of": "contract"}
    >>> unit_of({"do": "multiply", "with": [share, budget]}), unit_of({"do": "divide", "with": [budget, budget]})
    ('money', 'number')
    """
    if "of" in source:
        return "money" if source.get("unit") == "money" or source["of"] == "result" else "number"
    units = [unit_of(part) for part in source["with"]]
    if source["do"] == "divide":
        return "money" if units[0] == "money" and "money" not in units[1:] else "number"
    return "money" if "money" in units else "number"


def _amounts(run: RunRecord, host: str) -> dict[str, Mapping[str, Any]]:
    return {held["name"]: held for held in run.hosts[host]["working"]["amounts"]}


def _own_amounts(run: RunRecord, host: str, term: str) -> dict[str, Source]:
    return {name: held["source"] for name, held in _amounts(run, host).items() if held["term"] == term}


def _opened(source: Source, own: Mapping[str, Source]) -> Source:
    """A line that is an amount of its own term is made as that amount is."""
    while source.get("of") == "amount" and source["name"] in own:
        source = own[source["name"]]
    if source.get("do") == "negative" and "of" in source["with"][0]:
        inner = _opened(source["with"][0], own)
        if inner is not source["with"][0]:
            return inner["with"][0] if inner.get("do") == "negative" else {**source, "with": [inner]}
    return source


def _of_the_line_itself(working: Mapping[str, Any], own: Mapping[str, Source]) -> bool:
    """Whether the parts are made from the line, as the quarters of a year's sum are, and not the line from them."""
    name = working["source"].get("name") if working["source"].get("of") == "amount" else None
    return any(
        leaf["of"] == "amount" and leaf["name"] == name and name in own
        for detail in working["details"]
        for leaf in leaves(detail)
    )


def _exact(source: Source) -> Fraction:
    return Fraction(source["is"])


def _portion(working: Mapping[str, Any]) -> Mapping[str, Any]:
    held = working.get("portion")
    if held is None:
        return {}
    return {"by": "weights", "whole": held["whole"], "parts": held["weights"], "place": held["place"]}


def _made(draft: Draft, host: str, source: Source, find: Find) -> Figure:
    """A figure by its working: the numbers that the working begins with are its children, each once."""
    keys: list[str] = []
    rule = _rule(source, host, keys)
    if not keys:
        # Nothing went into it: the term's own rule gives a number of its own, as 0 to a loss that is not shared.
        clause = f", clause {draft.clause}" if draft.clause else ""
        return draft.leaf(_exact(source), Origin("rule of the term", f"the term's rule gives it{clause}"))
    return draft.made(_exact(source), keys, rule, find)


def _rule(source: Source, host: str, keys: list[str]) -> Mapping[str, Any]:
    if "of" in source:
        if source["of"] == "rule":
            return {"number": source["is"]}
        key = leaf_key(source, host)
        if key not in keys:
            keys.append(key)
        return child(keys.index(key))
    return {"do": source["do"], "with": [_rule(part, host, keys) for part in source["with"]]}


def leaf_key(leaf: Source, host: str) -> str:
    """The key of the figure that a number of a working is.

    >>> leaf_key({"of": "position", "name": "cost.emergency.7"}, "NWB")
    'NWB:cost.month:emergency:7'
    """
    of, name = leaf["of"], leaf["name"]
    if of != "position":
        return f"{host}:{of}:{name}"
    first, *rest = name.split(".")
    if first == "budget" and rest:
        return f"{host}:budget.step:{'.'.join(rest)}"
    if first == "cost":
        kind = "cost.month" if rest[-1].isdigit() else "cost"
        return f"{host}:{kind}:{':'.join(rest)}"
    if first in ("block", "reissue", "back_pay"):
        return f"{host}:{first}:{':'.join(rest) if first != 'block' else '.'.join(rest)}"
    return f"{host}:{ {'paid_on_account': 'paid'}.get(name, name) }".replace(" ", "")
