"""The waterfall of a host as a drawing: from the balance, term by term, to what is due."""

import io
import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib
from markupsafe import escape
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from yoc.core.money import format_pounds
from yoc.report.figures import Host, Settlement, before_on_account_pence, party_names

_LABEL_WIDTH = 38
_ON_ACCOUNT_TIMES = 3
"""Payments on account are drawn where they are at most this many times the largest other bar; else they hide it."""

_DARK, _GAIN, _LOSS = "#003087", "#7fb3e6", "#f2b98a"
_HATCHES = {"result": "", "gain": "///", "loss": "\\\\\\"}
_COLOURS = {"result": _DARK, "gain": _GAIN, "loss": _LOSS}
_LEGEND = (("result", "result"), ("gain", "+ adds to the host's result"), ("loss", "− takes from the host's result"))


@dataclass(frozen=True)
class Bar:
    """One bar: from where to where, in whole pence. A result stands on nothing; an effect hangs from the bar before."""

    label: str
    start_pence: int
    end_pence: int
    is_result: bool = False

    @property
    def value(self) -> str:
        """The bar's own figure, with its sign where it is an effect."""
        pence = self.end_pence - self.start_pence
        return format_pounds(pence) if self.is_result or pence < 0 else f"+{format_pounds(pence)}"

    @property
    def look(self) -> str:
        """Which of the three looks it has."""
        return "result" if self.is_result else "gain" if self.end_pence >= self.start_pence else "loss"


def draws_on_account(settlement: Settlement) -> bool:
    """Whether payments on account can be drawn for every host without making the other bars unreadable."""
    for host in settlement["hosts"]:
        others = [abs(pence) for _, pence in _effects(settlement, host, with_on_account=False)]
        largest = max([abs(host["summary"]["balance_pence"]), *others])
        if abs(host["summary"]["on_account_pence"]) > _ON_ACCOUNT_TIMES * largest:
            return False
    return True


def bars(settlement: Settlement, host: Host, with_on_account: bool) -> list[Bar]:
    """The bars from balance to what is due, or to the result before payments on account."""
    row = host["summary"]
    running = row["balance_pence"]
    drawn = [Bar("Balance: budget less cost", 0, running, True)]
    for label, pence in _effects(settlement, host, with_on_account):
        drawn.append(Bar(label, running, running + pence))
        running += pence
    if with_on_account:
        return [*drawn, Bar("Due to the host" if running >= 0 else "Due from the host", 0, row["due_pence"], True)]
    return [*drawn, Bar("Result before payments on account", 0, before_on_account_pence(row), True)]


def _effects(settlement: Settlement, host: Host, with_on_account: bool) -> list[tuple[str, int]]:
    """The lines after budget and cost that change the host's result, and by how much."""
    left_out = {"capitation", "activity_cost"} | (set() if with_on_account else {"on_account"})
    commissioner = settlement["contract"]["commissioner"]
    names = party_names(settlement)
    effects = []
    for line in host["lines"]:
        if line["kind"] in left_out or line["effect_pence"] == 0:
            continue
        third = {line["payer"], line["payee"]} - {host["host"], commissioner, ""}
        others = [names.get(code, code) for code in sorted(third)]
        to = "".join(f", {name}" for name in others if line["label"] not in name)
        effects.append((f"{line['label']}{to}", line["effect_pence"]))
    return effects


def title_of(host: Host) -> str:
    """The line over a chart: budget and cost, which are too large to draw beside what follows from them."""
    row = host["summary"]
    return (
        f"Budget {format_pounds(row['budget_pence'])} less cost {format_pounds(row['cost_pence'])} = "
        f"balance {format_pounds(row['balance_pence'])}"
    )


def chart_svg(settlement: Settlement, host: Host, with_on_account: bool, prefix: str) -> str:
    """The waterfall as an SVG element to stand in a page, its ids made the page's own by ``prefix``."""
    drawn = bars(settlement, host, with_on_account)
    described = "; ".join(f"{bar.label} {bar.value}" for bar in drawn)
    return _as_element(_draw(drawn, title_of(host), prefix), f"Waterfall of {host['name']}", described, prefix)


def _draw(drawn: Sequence[Bar], title: str, salt: str) -> str:
    """The drawing as matplotlib writes it. Lengths are for the eye; every figure in it is text made from pence."""
    rules: Any = {
        "svg.hashsalt": salt, "svg.fonttype": "none", "text.parse_math": False, "hatch.linewidth": 0.6,
        "font.family": ["DejaVu Sans"], "font.size": 10,
    }  # fmt: skip
    with matplotlib.rc_context(rules):
        figure = Figure(figsize=(10, 0.46 * len(drawn) + 1.1))
        axes = figure.add_axes((0.31, 0.0, 0.69, 1.0))
        _draw_bars(axes, drawn)
        figure.text(0.01, 1 - 0.22 / figure.get_figheight(), title, weight="bold", va="center")
        _draw_legend(figure)
        written = io.StringIO()
        figure.savefig(written, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return written.getvalue()


def _draw_bars(axes: Any, drawn: Sequence[Bar]) -> None:
    for place, bar in enumerate(drawn):
        axes.barh(
            place, bar.end_pence - bar.start_pence, left=bar.start_pence, height=0.62, color=_COLOURS[bar.look],
            hatch=_HATCHES[bar.look], edgecolor=_DARK, linewidth=0.8,
        )  # fmt: skip
        if place + 1 < len(drawn):
            axes.plot([bar.end_pence] * 2, [place, place + 1], color="#425563", linewidth=0.8, linestyle=":", zorder=0)
    low = min(0, *(min(bar.start_pence, bar.end_pence) for bar in drawn))
    high = max(0, *(max(bar.start_pence, bar.end_pence) for bar in drawn))
    span = max(high - low, 1)
    for place, bar in enumerate(drawn):
        weight = "bold" if bar.is_result else "normal"
        right = max(bar.start_pence, bar.end_pence, 0 if bar.is_result else low)
        axes.text(right + span // 80, place, bar.value, va="center", weight=weight)
        _write_label(axes, place, bar.label, weight)
    axes.plot([0, 0], [-0.4, len(drawn) - 0.6], color="#425563", linewidth=1, zorder=0)
    axes.set_xlim(low - span // 50, high + span // 4)
    axes.set_ylim(len(drawn) + 0.35, -1.15)
    axes.set_axis_off()


def _write_label(axes: Any, place: int, label: str, weight: str) -> None:
    """A bar's name at its left, each of at most two lines on its own so that both end at the same edge."""
    lines = textwrap.wrap(label, _LABEL_WIDTH, max_lines=2, placeholder="…")
    for number, line in enumerate(lines):
        height = place + 0.34 * (number - (len(lines) - 1) / 2)
        axes.text(-0.02, height, line, transform=axes.get_yaxis_transform(), ha="right", va="center", weight=weight)


def _draw_legend(figure: Any) -> None:
    handles = [
        Patch(facecolor=_COLOURS[look], hatch=_HATCHES[look], edgecolor=_DARK, linewidth=0.8, label=label)
        for look, label in _LEGEND
    ]
    figure.legend(
        handles=handles, loc="lower left", ncols=3, frameon=False, bbox_to_anchor=(0.0, 0.0), borderaxespad=0.3
    )


def _as_element(written: str, title: str, described: str, prefix: str) -> str:
    """Only the ``svg`` element: named and described for those who do not see it, with ids that are unique in a page."""
    body = written[written.index("<svg") :]
    body = re.sub(r"<(metadata|style).*?</\1>", "", body, flags=re.DOTALL)
    body = re.sub(r'\bid="', f'id="{prefix}-', body)
    body = re.sub(r'href="#', f'href="#{prefix}-', body).replace("url(#", f"url(#{prefix}-")
    body = body.replace("'DejaVu Sans'", "Arial, Helvetica, 'DejaVu Sans', sans-serif")
    view = re.search(r'viewBox="[^"]*"', body)
    if view is None:
        raise ValueError("the drawing has no size")
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {view[0]} role="img" '
        f'aria-labelledby="{prefix}-title {prefix}-desc">'
        f'<title id="{prefix}-title">{escape(title)}</title><desc id="{prefix}-desc">{escape(described)}</desc>'
    )
    return opening + body[body.index(">") + 1 :].strip()
