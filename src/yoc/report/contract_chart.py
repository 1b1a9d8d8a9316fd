"""A contract drawn as a function: the host's result against the cost, each point at which it turns or jumps named."""

import io
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, StrMethodFormatter

from yoc.core.money import format_pounds, round_half_away
from yoc.settlement.pieces import Piece

_LINE, _JUMP = "#003087", "#b35900"
_MOST_NAMED = 12


@dataclass(frozen=True)
class ChartTexts:
    """What the drawing says: its title, the sign of the currency, the cost at which the reference stands."""

    title: str
    sign: str
    reference_cost: Fraction


def draw_contract(pieces: Sequence[Piece], figure_name: str, texts: ChartTexts) -> bytes:
    """An SVG of one figure against cost. The last piece, which has no end, is drawn a little further.

    Each point at which the line turns or jumps has a number, and its name under the drawing. The drawing is the same
    for the same pieces: no time, no random ids.
    """
    named = _named_points(pieces, figure_name, texts.sign)
    height = 4.6 + 0.22 * len(named)
    with matplotlib.rc_context({"svg.hashsalt": "yoc", "svg.fonttype": "none", "font.size": 9}):
        drawing = Figure(figsize=(9, height))
        axes = drawing.subplots()
        drawing.subplots_adjust(
            left=0.14, right=0.97, top=1 - 0.75 / height, bottom=(0.75 + 0.22 * len(named)) / height
        )
        _draw_pieces(axes, pieces, figure_name, texts.reference_cost)
        _number_points(axes, pieces, figure_name)
        axes.axhline(0, color="#666666", linewidth=0.8)
        axes.axvline(_pounds(texts.reference_cost), color="#666666", linewidth=0.8, linestyle=":")
        axes.set_xlabel(_as_text(f"Cost ({texts.sign}); the dotted line is the position itself"))
        axes.set_ylabel(_as_text(f"The host's result ({texts.sign})"))
        axes.set_title(_as_text("\n".join(textwrap.wrap(texts.title, 105))), loc="left", fontsize=10)
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_locator(MaxNLocator(6))
            axis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
        for place, words in enumerate(named):
            drawing.text(0.14, (0.12 + 0.22 * (len(named) - 1 - place)) / height, _as_text(words), fontsize=9)
        buffer = io.BytesIO()
        drawing.savefig(buffer, format="svg", metadata={"Date": None, "Creator": "yoc"})
    return buffer.getvalue()


def _as_text(words: str) -> str:
    """Words as they stand: a dollar sign begins no formula."""
    return words.replace("$", r"\$")


def _draw_pieces(axes: Axes, pieces: Sequence[Piece], name: str, reference: Fraction) -> None:
    furthest = max([reference, *(piece.start for piece in pieces)], default=Fraction(1)) * Fraction(5, 4)
    for number, piece in enumerate(pieces):
        end = furthest if piece.end is None else piece.end
        first = _pounds(piece.just_after(name))
        last = _pounds(piece.just_after(name) + piece.slope(name) * (end - piece.start))
        axes.plot([_pounds(piece.start), _pounds(end)], [first, last], color=_LINE, linewidth=2)
        if number and _jumps(pieces, number, name):
            before = _pounds(pieces[number - 1].before_end(name))
            axes.plot([_pounds(piece.start)] * 2, [before, first], color=_JUMP, linestyle="--", linewidth=2)


def _jumps(pieces: Sequence[Piece], number: int, name: str) -> bool:
    return pieces[number - 1].before_end(name) != pieces[number].just_after(name)


def _number_points(axes: Axes, pieces: Sequence[Piece], name: str) -> None:
    for number, piece in enumerate(pieces[1 : _MOST_NAMED + 1], 1):
        colour = _JUMP if _jumps(pieces, number, name) else _LINE
        point = (_pounds(piece.start), _pounds(piece.just_after(name)))
        axes.plot(*([part] for part in point), marker="o", color=colour, markersize=5)
        axes.annotate(str(number), point, textcoords="offset points", xytext=(5, 6), fontsize=10, color=colour)


def _named_points(pieces: Sequence[Piece], name: str, sign: str) -> list[str]:
    """Each point in words: where it is, whether the line turns or jumps there, and from what to what."""
    words = []
    for number, piece in enumerate(pieces[1 : _MOST_NAMED + 1], 1):
        before, after = _money(pieces[number - 1].before_end(name), sign), _money(piece.just_after(name), sign)
        what = f"cliff: from {before} to {after}" if _jumps(pieces, number, name) else f"turn: {after}"
        words.append(f"{number}. At a cost of {_money(piece.start, sign)}, {what}")
    if len(pieces) > _MOST_NAMED + 1:
        words.append(f"and {len(pieces) - _MOST_NAMED - 1} more points")
    return words


def _pounds(pence: Fraction) -> float:
    """For the drawing alone: no figure is worked out from it."""
    return float(pence / 100)


def _money(pence: Fraction, sign: str) -> str:
    return format_pounds(round_half_away(pence)).replace("£", sign)
