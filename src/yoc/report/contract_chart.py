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
        frame = _frame(pieces, figure_name, texts.reference_cost)
        axes.set_xlim(_pounds(frame.left), _pounds(frame.right))
        axes.set_ylim(_pounds(frame.bottom), _pounds(frame.top))
        _draw_pieces(axes, pieces, figure_name, frame)
        _number_points(axes, pieces, figure_name, frame, (9 * 0.83 * 72, (height - 1.5 - 0.22 * len(named)) * 72))
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


@dataclass(frozen=True)
class _Frame:
    """What is shown: from which cost to which, and from which result to which."""

    left: Fraction
    right: Fraction
    bottom: Fraction
    top: Fraction

    def part(self, cost: Fraction, result: Fraction) -> tuple[Fraction, Fraction]:
        """Where a point stands, as a part of the frame's width and height."""
        return (cost - self.left) / (self.right - self.left), (result - self.bottom) / (self.top - self.bottom)


def _frame(pieces: Sequence[Piece], name: str, reference: Fraction) -> _Frame:
    """From a little before the first turn to a little beyond the last, with the position and a result of nothing."""
    marks = [reference, *(piece.start for piece in pieces[1:])]
    margin = (max(marks) - min(marks)) / 4 or max(marks) / 4 or Fraction(100)
    # Where nothing turns the whole line is shown, from a cost of nothing.
    left = max(Fraction(0), min(marks) - margin) if len(pieces) > 1 else Fraction(0)
    right = max(marks) + margin
    results = [Fraction(0)]
    for number, piece in enumerate(pieces):
        shown = _shown(piece, left, right)
        if shown is not None:
            results += [piece.just_after(name) + piece.slope(name) * (cost - piece.start) for cost in shown]
        if number and shown is not None:
            results.append(pieces[number - 1].before_end(name))
    edge = (max(results) - min(results)) / 10 or Fraction(100)
    return _Frame(left, right, min(results) - edge, max(results) + edge)


def _shown(piece: Piece, left: Fraction, right: Fraction) -> tuple[Fraction, Fraction] | None:
    """The part of a piece inside the frame; nothing where none of it is."""
    start, end = max(piece.start, left), right if piece.end is None else min(piece.end, right)
    return (start, end) if start <= end else None


def _draw_pieces(axes: Axes, pieces: Sequence[Piece], name: str, frame: _Frame) -> None:
    for number, piece in enumerate(pieces):
        shown = _shown(piece, frame.left, frame.right)
        if shown is None:
            continue
        first, last = (_pounds(piece.just_after(name) + piece.slope(name) * (cost - piece.start)) for cost in shown)
        axes.plot([_pounds(cost) for cost in shown], [first, last], color=_LINE, linewidth=2)
        if number and _jumps(pieces, number, name):
            before = _pounds(pieces[number - 1].before_end(name))
            axes.plot([_pounds(piece.start)] * 2, [before, first], color=_JUMP, linestyle="--", linewidth=2)


def _jumps(pieces: Sequence[Piece], number: int, name: str) -> bool:
    return pieces[number - 1].before_end(name) != pieces[number].just_after(name)


_LABEL = (14, 12)
"""How much room a number takes, in points of print."""
_PLACES = ((5, 6), (-17, 6), (5, -16), (-17, -16), (5, 20), (-17, 20), (5, -30), (-17, -30), (19, 6), (-31, 6))
"""Where a number may stand beside its point, the best place first."""


def label_places(points: Sequence[tuple[Fraction, Fraction]], size: tuple[float, float]) -> list[tuple[int, int]]:
    """For points given as parts of a frame, how far from each its number stands: inside the frame, and apart.

    >>> label_places([(Fraction(1, 2), Fraction(1, 2)), (Fraction(51, 100), Fraction(1, 2))], (500, 250))
    [(5, 6), (-17, 6)]
    >>> label_places([(Fraction(1), Fraction(1))], (500, 250))
    [(-17, -16)]
    """
    taken: list[tuple[float, float]] = []
    chosen = []
    for across, up in points:
        x, y = float(across) * size[0], float(up) * size[1]
        free = [place for place in _PLACES if _is_free((x + place[0], y + place[1]), taken, size)]
        place = (free or _PLACES)[0]
        taken.append((x + place[0], y + place[1]))
        chosen.append(place)
    return chosen


def _is_free(corner: tuple[float, float], taken: Sequence[tuple[float, float]], size: tuple[float, float]) -> bool:
    inside = all(0 <= corner[axis] <= size[axis] - _LABEL[axis] for axis in (0, 1))
    return inside and not any(all(abs(corner[axis] - other[axis]) < _LABEL[axis] for axis in (0, 1)) for other in taken)


def _number_points(axes: Axes, pieces: Sequence[Piece], name: str, frame: _Frame, size: tuple[float, float]) -> None:
    numbered = pieces[1 : _MOST_NAMED + 1]
    places = label_places([frame.part(piece.start, piece.just_after(name)) for piece in numbered], size)
    for number, (piece, place) in enumerate(zip(numbered, places, strict=True), 1):
        colour = _JUMP if _jumps(pieces, number, name) else _LINE
        point = (_pounds(piece.start), _pounds(piece.just_after(name)))
        axes.plot(*([part] for part in point), marker="o", color=colour, markersize=5)
        axes.annotate(str(number), point, textcoords="offset points", xytext=place, fontsize=10, color=colour)


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
