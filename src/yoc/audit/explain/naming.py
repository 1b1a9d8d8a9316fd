"""Which figure a person means: a line by its name, a cell's key, or a plain word as `due` or `cost.outpatient`."""

from yoc.audit.explain.of_statement import ALL, SUMMARY_LABELS
from yoc.audit.explain.record import RunRecord, not_kept
from yoc.audit.explain.tree import figure_of
from yoc.core.findings import FindingsError, refusal

PLAIN = ("due", "budget", "cost", "person_years", "over_threshold", "paid")
"""Figures of a host that have a name of their own."""


def key_of(run: RunRecord, text: str, host: str = "") -> str:
    """The key of the figure that a person names, with its host before it or apart.

    A name is looked for among the lines of the host's statement, then its amounts, then the plain words.
    Raises ``FindingsError`` where the host or the name is not known.
    """
    if not all("working" in held for held in run.hosts.values()):
        raise not_kept("how its figures came about")
    text = text.strip()
    if _is_figure(run, text):
        return text
    first, colon, name = text.partition(":")
    code = _host_code(run, first) if colon else ""
    if code:
        if host and _host_code(run, host) != code:
            raise refusal("FIGURE-UNKNOWN", f"{text!r} is of another host than {host}", "name one of the two")
    elif host:
        code, name = _host_code(run, host), text
        if not code:
            raise refusal("FIGURE-UNKNOWN", f"the run has no host {host!r}", f"its hosts are: {_hosts(run)}")
    elif len(run.hosts) == 1:
        code, name = next(iter(run.hosts)), text
    else:
        raise refusal("FIGURE-UNKNOWN", f"whose {text!r} is it?", f"say --host, one of: {_hosts(run)}")
    for key in _candidates(code, name):
        if _is_figure(run, key):
            return key
    raise _unknown(run, code, name)


def _candidates(code: str, name: str) -> list[str]:
    if code == ALL:
        return [f"{ALL}:summary:{name}_pence", f"{ALL}:{name}", f"{ALL}:{name.replace('.', ':')}"]
    keys = [f"{code}:line:{name}", f"{code}:amount:{name}"]
    keys += [f"{code}:{name}"] if name in PLAIN else []
    keys += [f"{code}:{name.replace('.', ':')}"] if name.startswith("cost.") else []
    keys += [f"{code}:{name}"] if ":" in name else []
    return keys + [f"{code}:{kind}:{name}" for kind in ("score", "value", "input")] + [f"{code}:summary:{name}_pence"]


def _is_figure(run: RunRecord, key: str) -> bool:
    try:
        figure_of(run, key)
    except KeyError:
        return False
    return True


def _host_code(run: RunRecord, text: str) -> str:
    known = {code.casefold(): code for code in (*run.hosts, ALL)}
    return known.get(text.strip().casefold(), "")


def _hosts(run: RunRecord) -> str:
    return f"{', '.join(run.hosts)}, or {ALL} for the sums of all hosts"


def _unknown(run: RunRecord, code: str, name: str) -> FindingsError:
    if code == ALL:
        names = ", ".join(name.removesuffix("_pence") for name in SUMMARY_LABELS)
        return refusal("FIGURE-UNKNOWN", f"the run has no figure {name!r} of all hosts", f"those are: {names}")
    held = run.hosts[code]
    lines = ", ".join(line["name"] for line in held["lines"])
    there = {line["name"] for line in held["lines"]}
    amounts = ", ".join(one["name"] for one in held["working"]["amounts"] if one["name"] not in there)
    settings = ", ".join(f"cost.{setting}" for setting in held["cost_by_setting"])
    mend = f"its lines are: {lines}. Its other amounts: {amounts}. Also: {', '.join(PLAIN)}, {settings}"
    return refusal("FIGURE-UNKNOWN", f"{code} has no line or figure {name!r}", mend)
