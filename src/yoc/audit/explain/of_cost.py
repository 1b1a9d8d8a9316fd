"""Figures of the cost: settings, providers, months, cells by file; blocks, re-issues, what lies over the threshold."""

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

from yoc.activity.fates import FATES
from yoc.activity.trace import TracedCell
from yoc.audit.explain.figure import Figure, Origin, child, sum_of
from yoc.audit.explain.of_budget import PEOPLE_KINDS
from yoc.audit.explain.of_terms import Find
from yoc.audit.explain.record import Draft, RunRecord, few
from yoc.core.money import format_pounds
from yoc.core.periods import MONTH_NAMES, parse_date

PRICES, MARKET_FORCES, WHOSE = "prices", "market_forces", "whose"
"""The keys of what all lines rest on beside their own file: prices, market forces indices, whose people's they are."""
_HASH = 12


def cost_figure(run: RunRecord, host: str, rest: str, find: Find) -> Figure:
    """The cost of all settings; of one; of one provider in it; of a month; and what of that came from one file."""
    if not rest:
        return _of_all(run, host, find)
    setting, *parts = rest.split(":", 3)
    if not parts:
        return _of_setting(run, host, setting, find)
    if len(parts) == 3:
        return _of_file(run, host, setting, parts[0], int(parts[1]), parts[2])
    provider = parts[0]
    cells = [cell for cell in run.charged.get((host, setting), []) if cell.provider == provider]
    key = f"{host}:cost:{rest}"
    label = f"{run.setting(setting)}, {run.party(provider)}"
    if len(parts) == 1:
        keys = [f"{key}:{month}" for month in sorted({cell.month for cell in cells})]
        return Draft(key, label).made(_amount(cells), keys, sum_of(len(keys)), find)
    month = int(parts[1])
    cells = [cell for cell in cells if cell.month == month]
    keys = [f"{key}:{file}" for file in sorted({cell.file for cell in cells})]
    draft = Draft(key, f"{label}, {MONTH_NAMES[month - 1]}", words="each charged line at the contract's price")
    return draft.made(_amount(cells), keys, sum_of(len(keys)), find)


def _amount(cells: Iterable[TracedCell]) -> Fraction:
    return sum((cell.amount_pence for cell in cells), Fraction(0))


def _of_all(run: RunRecord, host: str, find: Find) -> Figure:
    held = run.hosts[host]
    keys = [f"{host}:cost:{setting}" for setting in held["cost_by_setting"]]
    draft = Draft(f"{host}:cost", "Cost of care", pence=held["cost_pence"], clause=_clause(run))
    return draft.made(held["cost_pence"], keys, sum_of(len(keys), whole_pence=True), find)


def _clause(run: RunRecord) -> str:
    found = [term["clause"] for term in run.settlement["contract"]["terms"] if term["kind"] == "activity_cost"]
    return str(found[0]) if found else ""


def _of_setting(run: RunRecord, host: str, setting: str, find: Find) -> Figure:
    """The lines of a setting, rounded once, and the host's part of its blocks."""
    held = run.hosts[host]
    pence = held["cost_by_setting"][setting]
    providers = sorted({cell.provider for cell in run.charged.get((host, setting), [])})
    keys = [f"{host}:cost:{setting}:{provider}" for provider in providers]
    parts = held["position"]["block_parts"]
    blocks = [block for block in held["block_pence"] if parts[block]["setting"] == setting]
    words = {"per_line": "each line is rounded to the penny", "on_total": "lines are added, then rounded once"}
    draft = Draft(
        f"{host}:cost:{setting}", f"Cost: {run.setting(setting)}", pence=pence,
        words=words[run.settlement["contract"]["price_rounding"]],
    )  # fmt: skip
    if not keys and not blocks:
        return draft.leaf(pence, Origin("file rows", "no line of any file was charged here", counts={"lines": 0}))
    rule: dict[str, Any] = {"do": "whole_pence", "with": [sum_of(len(keys))]} if keys else {"number": "0"}
    for block in blocks:
        keys.append(f"{host}:block:{block}")
        rule = {"do": "add", "with": [rule, child(len(keys) - 1, whole_pence=True)]}
    return draft.made(pence, keys, rule, find)


def _of_file(run: RunRecord, host: str, setting: str, provider: str, month: int, file: str) -> Figure:
    """What the lines of one file came to: counts, what was submitted, and the price book that they were priced at."""
    cells = [
        cell for cell in run.charged[host, setting] if (cell.provider, cell.month, cell.file) == (provider, month, file)
    ]
    lines, submitted = sum(cell.lines for cell in cells), sum(cell.submitted_pence for cell in cells)
    counts = {"lines": few(lines), "submitted_pence": submitted}
    basis = {
        "book": "priced at the price book", "submitted": "charged as submitted",
    }.get(run.settlement["contract"]["price_basis"], "priced by the contract's rule")  # fmt: skip
    words = f"{few(lines)} lines, {format_pounds(submitted)} submitted, {basis}"
    draft = Draft(f"{host}:cost:{setting}:{provider}:{month}:{file}", file.rpartition("/")[2],
                  rests_on=(f"file:{file}", *_priced_by(run), *_whose(run)))  # fmt: skip
    sha256 = run.files[file]["sha256"]
    return draft.leaf(_amount(cells), Origin("file rows", words, file, 0, sha256, counts))


def month_figure(run: RunRecord, host: str, rest: str, find: Find) -> Figure:
    """The exact cost of lines of a setting in a month, over all providers."""
    setting, _, month = rest.partition(":")
    held = run.hosts[host]["position"]["cost_by_month_pence"]
    exact = next(Fraction(pence) for name, at, pence in held if (name, str(at)) == (setting, month))
    cells = run.charged.get((host, setting), [])
    providers = sorted({cell.provider for cell in cells if cell.month == int(month)})
    keys = [f"{host}:cost:{setting}:{provider}:{month}" for provider in providers]
    draft = Draft(f"{host}:cost.month:{rest}", f"{run.setting(setting)}, {MONTH_NAMES[int(month) - 1]}")
    return draft.made(exact, keys, sum_of(len(keys)), find)


def cell_figure(run: RunRecord, host: str, rest: str, find: Find) -> Figure:  # noqa: ARG001 - as every kind
    """A row of the statement's sheet of cost, by segment: whole pence that add to what the setting's lines come to."""
    segment, setting, provider, month = rest.split(":")
    wanted = (segment, setting, provider, int(month))
    cell = next(
        cell
        for cell in run.hosts[host]["cost_cells"]
        if (cell["segment"], cell["setting"], cell["provider"], cell["month"]) == wanted
    )
    label = f"{run.segment(segment)}, {run.setting(setting)}, {run.party(provider)}, {MONTH_NAMES[int(month) - 1]}"
    words = f"{few(cell['lines'])} charged lines of the segment, {format_pounds(cell['submitted_pence'])} submitted"
    draft = Draft(f"{host}:cost.cell:{rest}", label, pence=cell["pence"],
                  rests_on=(f"{host}:cost:{setting}:{provider}:{month}",))  # fmt: skip
    counts = {"lines": few(cell["lines"]), "submitted_pence": cell["submitted_pence"]}
    return draft.leaf(cell["pence"], Origin("file rows", f"{words}; the same care of all segments is below",
                                            counts=counts))  # fmt: skip


def block_figure(run: RunRecord, host: str, block: str, find: Find) -> Figure:  # noqa: ARG001 - as every kind
    """The host's part of a block: a share of the block's value in the contract, to the penny."""
    held = run.hosts[host]
    part = held["position"]["block_parts"][block]
    about = next(one for one in run.settlement["activity"]["blocks"] if one["block"] == block)
    file, sha256 = run.document("contract")
    words = (
        f"the contract's block of {format_pounds(about['value_pence'])} to {run.party(about['provider'])}, shared out "
        f"to the penny: {part['formula']}"
    )
    draft = Draft(f"{host}:block:{block}", f"Block: {part['title']}", pence=held["block_pence"][block],
                  words=part["formula"])  # fmt: skip
    return draft.leaf(held["block_pence"][block], Origin("contract", words, file, 0, sha256))


def reissue_figure(run: RunRecord, host: str, rest: str, find: Find) -> Figure:  # noqa: ARG001 - as every kind
    """What prices that were published again changed in a setting's cost."""
    number, _, setting = rest.partition(":")
    again = run.hosts[host]["position"]["price_reissues"][int(number) - 1]
    pence = again["pence_by_setting"][setting]
    rows = [
        row
        for row in run.hosts[host]["price_reissues"]
        if row["setting"] == setting and row["book"] == again["book"] and row["published_on"] == again["published_on"]
    ]
    lines = sum(row["lines"] for row in rows)
    published = parse_date(again["published_on"])
    words = (
        f"{few(lines)} lines at the prices of {again['book']}, published on {published.day} "
        f"{published:%B %Y}, less at those before them"
    )
    draft = Draft(f"{host}:reissue:{rest}", f"{run.setting(setting)}: prices re-issued", pence=pence,
                  rests_on=_priced_by(run))  # fmt: skip
    return draft.leaf(pence, Origin("price book", words, counts={"lines": few(lines)}))


def over_figure(run: RunRecord, host: str, rest: str, find: Find) -> Figure:
    """What lies over the threshold: of all settings, or of one. It is never told finer: a cell may be one person's."""
    held = run.hosts[host]
    by_setting = {name: Fraction(text) for name, text in held["over_threshold_exact_by_setting"].items()}
    if not rest:
        keys = [f"{host}:over_threshold:{name}" for name, pence in by_setting.items() if pence]
        draft = Draft(f"{host}:over_threshold", "Cost over the threshold for one person")
        exact = Fraction(held["position"]["over_threshold_pence"])
        if not keys:
            return draft.leaf(exact, Origin("file rows", "nobody's cost lies over the threshold"))
        return draft.made(exact, keys, sum_of(len(keys)), find)
    draft = Draft(f"{host}:over_threshold:{rest}", f"Over the threshold: {run.setting(rest)}",
                  rests_on=(f"{host}:cost:{rest}",))  # fmt: skip
    words = "the part of the setting's charged lines that lies over people's thresholds; told by setting and no finer"
    return draft.leaf(by_setting[rest], Origin("file rows", words))


def file_figure(run: RunRecord, name: str) -> Figure:
    """The account of a file: rows = used + rejected + superseded, and what became of its lines."""
    file = run.files[name]
    counts: dict[str, int | str] = {part: file[part] for part in ("rows", "used", "rejected", "superseded")}
    fates = run.lines_of_file.get(name, {})
    for fate in FATES:
        if fates.get(fate):
            counts[FATES[fate]] = few(fates[fate])
    words = (
        f"{file['kind']}: {file['rows']:,} rows = {file['used']:,} used + {file['rejected']:,} rejected + "
        f"{file['superseded']:,} superseded"
    )
    figure = Draft(f"file:{name}", name.rpartition("/")[2], "number", shown=f"{file['rows']:,} rows")
    return figure.leaf(file["rows"], Origin("file", words, name, 0, file["sha256"], counts))


def prices_figure(run: RunRecord) -> Figure:
    """The price book: its versions and hashes."""
    book = run.settlement["contract"]["price_book"]
    versions = [
        f"{version['book']} {version['year']} {version['version']}, published {version['published_on']}, from "
        f"{version['effective_from']}"
        for version in run.settlement["contract"]["price_versions"]
    ]
    file, sha256 = run.document("prices")
    draft = Draft("prices", book["title"], "number", shown=f"{len(versions)} version{'s' if len(versions) > 1 else ''}")
    return draft.leaf(len(versions), Origin("price book", "; ".join(versions), file, 0, sha256))


def market_forces_figure(run: RunRecord) -> Figure:
    """The indices of market forces by which the price book's prices were multiplied."""
    files = run.documents_of(MARKET_FORCES)
    if not files:
        raise KeyError(MARKET_FORCES)
    (file, sha256), *others = files
    words = "by which prices are multiplied, provider by provider"
    words += "".join(f"; {name}, SHA-256 {other[:_HASH]}..." for name, other in others)
    draft = Draft(MARKET_FORCES, "Market forces indices", "number", shown=_files(len(files)))
    return draft.leaf(len(files), Origin("price book", words, file, 0, sha256))


def whose_figure(run: RunRecord) -> Figure:
    """The files that made each line some host's person's: registrations, the map of practices, persons, conditions."""
    keys = run.files_of_kind(*PEOPLE_KINDS)
    if not keys:
        raise KeyError(WHOSE)
    files = [run.files[key.removeprefix("file:")] for key in keys]
    words = "; ".join(
        f"{file['file'].rpartition('/')[2]}, {file['rows']:,} rows, SHA-256 {file['sha256'][:_HASH]}..."
        for file in files
    )
    draft = Draft(WHOSE, "Whose they are", "number", shown=_files(len(files)), rests_on=keys)
    counts = {"rows": sum(file["rows"] for file in files)}
    return draft.leaf(len(files), Origin("files about people", words, counts=counts))


def _files(number: int) -> str:
    return f"{number} file{'s' if number != 1 else ''}"


def _priced_by(run: RunRecord) -> tuple[str, ...]:
    return (PRICES, MARKET_FORCES) if run.documents_of(MARKET_FORCES) else (PRICES,)


def _whose(run: RunRecord) -> tuple[str, ...]:
    return (WHOSE,) if run.files_of_kind(*PEOPLE_KINDS) else ()


OF_THE_RUN: dict[str, Callable[[RunRecord], Figure]] = {
    PRICES: prices_figure, MARKET_FORCES: market_forces_figure, WHOSE: whose_figure,
}  # fmt: skip
"""What is no host's, by its key."""


def payment_figure(run: RunRecord, host: str, rest: str, find: Find) -> Figure:
    """What was paid on account: all of it, or one payment."""
    payments = run.hosts[host]["payments"]
    files = run.files_of_kind("payments on account")
    if rest:
        payment = payments[int(rest)]
        draft = Draft(f"{host}:paid:{rest}", f"Payment {payment['reference']}", pence=payment["pence"], rests_on=files)
        return draft.leaf(payment["pence"], Origin("payment", f"{payment['reference']}, paid on {payment['date']}"))
    exact = Fraction(run.hosts[host]["position"]["paid_on_account_pence"])
    draft = Draft(f"{host}:paid", "Payments on account")
    keys = [f"{host}:paid:{place}" for place in range(len(payments))]
    if not keys:
        return draft.leaf(exact, Origin("payment", "no payment on account is recorded for the host", counts={}))
    return draft.made(exact, keys, sum_of(len(keys)), find)
