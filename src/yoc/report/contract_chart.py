"""A contract drawn as a function: the host's result against the cost, each point at which it turns or jumps named."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import matplotlib
from matplotlib.figure import Figure

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

    The drawing is the same for the same pieces: no time, no random ids.
    """
    with matplotlib.rc_context({"svg.hashsalt": "yoc", "svg.fonttype": "none", "font.size": 9}):
        drawing = Figure(figsize=(9, 5.5), layout="constrained")
        axes = drawing.subplots()
        _draw_pieces(axes, pieces, figure_name, texts.reference_cost)
        _name_points(axes, pieces, figure_name, texts.sign)
        axes.axhline(0, color="#666666", linewidth=0.8)
        axes.axvline(_pounds(texts.reference_cost), color="#666666", linewidth=0.8, linestyle=":")
        axes.set_xlabel(f"Cost ({texts.sign})")
        axes.set_ylabel(f"The host's result ({texts.sign})")
        axes.set_title(texts.title, loc="left", fontsize=10)
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter(matplotlib.ticker.StrMethodFormatter("{x:,.0f}"))
        buffer = io.BytesIO()
        drawing.savefig(buffer, format="svg", metadata={"Date": None, "Creator": "yoc"})
    return buffer.getvalue()


def _draw_pieces(axes: "matplotlib.axes.Axes", pieces: Sequence[Piece], name: str, reference: Fraction) -> None:
    furthest = max([reference, *(piece.start for piece in pieces)], default=Fraction(1)) * Fraction(5, 4)
    for number, piece in enumerate(pieces):
        end = furthest if piece.end is None else piece.end
        first = _pounds(piece.after_start[name])
        last = _pounds(piece.after_start[name] + piece.slopes[name] * (end - piece.start))
        axes.plot([_pounds(piece.start), _pounds(end)], [first, last], color=_LINE, linewidth=2)
        if number and _jumps(pieces, number, name):
            before = _pounds(pieces[number - 1].before_end(name))
            axes.plot([_pounds(piece.start)] * 2, [before, first], color=_JUMP, linestyle="--", linewidth=2)


def _jumps(pieces: Sequence[Piece], number: int, name: str) -> bool:
    return pieces[number - 1].before_end(name) != pieces[number].after_start[name]


def _name_points(axes: "matplotlib.axes.Axes", pieces: Sequence[Piece], name: str, sign: str) -> None:
    for number, piece in enumerate(pieces[1 : _MOST_NAMED + 1], 1):
        jumps = _jumps(pieces, number, name)
        point, value = _pounds(piece.start), _pounds(piece.after_start[name])
        axes.plot([point], [value], marker="o", color=_JUMP if jumps else _LINE, markersize=5)
        words = f"{number}. {'cliff' if jumps else 'turn'} at {_money(piece.start, sign)}: "
        words += _money(piece.after_start[name], sign)
        if jumps:
            words += f" (from {_money(pieces[number - 1].before_end(name), sign)})"
        place = (6, 8 if number % 2 else -14)
        axes.annotate(words, (point, value), textcoords="offset points", xytext=place, fontsize=8)


def _pounds(pence: Fraction) -> float:
    """For the drawing alone: no figure is worked out from it."""
    return float(pence / 100)


def _money(pence: Fraction, sign: str) -> str:
    return format_pounds(round_half_away(pence)).replace("£", sign)
