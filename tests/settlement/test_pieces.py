"""The pieces of a function that anyone can draw."""

from fractions import Fraction

from yoc.settlement.pieces import AMOUNT, Curve, Piece, follow, least_and_most

NOTHING = Fraction(0)


def drawn(curve: Curve, name: str = "host"):
    return [(piece.start, piece.end, piece.at(name), piece.just_after(name), piece.slope(name))
            for piece in curve.pieces]  # fmt: skip


def test_a_line_that_turns_and_falls():
    """It rises by 2 to 10, holds to 20, and is nothing from 20 on."""
    curve = follow(lambda x: {"host": (min(2 * x, Fraction(20)) if x < 20 else NOTHING)}, NOTHING, None)
    assert drawn(curve) == [(0, 10, 0, 0, 2), (10, 20, 20, 20, 0), (20, None, 0, 0, 0)]
    assert curve.bent is False
    assert least_and_most([curve], "host") == (0, 20)


def test_what_is_bent_somewhere_is_bent():
    assert follow(lambda x: {"host": x * x if x < 5 else NOTHING}, NOTHING, Fraction(10)).bent is True
    assert follow(lambda x: {"host": x, AMOUNT + "a": x * x}, NOTHING, Fraction(10)).bent is False
    assert follow(lambda x: {"host": NOTHING if x * x < 5 else x}, NOTHING, Fraction(1)).bent is True


def test_what_holds_at_the_end_is_a_piece_of_its_own_where_it_differs():
    jump = follow(lambda x: {"host": x if x < 1 else Fraction(5), "other": x}, NOTHING, Fraction(1))
    assert drawn(jump) == [(0, 1, 0, 0, 1), (1, 1, 5, 5, 0)]
    assert drawn(follow(lambda x: {"host": x}, NOTHING, Fraction(1))) == [(0, 1, 0, 0, 1)]
    # A figure that only one side has is nothing on the other.
    assert drawn(follow(lambda x: {"host": x, "a": NOTHING} if x < 1 else {"host": x}, NOTHING, Fraction(1))) == [
        (0, 1, 0, 0, 1)
    ]
    gone = follow(lambda x: {"host": x, "a": Fraction(1)} if x < 1 else {"host": x}, NOTHING, Fraction(1))
    assert drawn(gone, "a") == [(0, 1, 1, 1, 0), (1, 1, 0, 0, 0)]
    assert least_and_most([gone], "a") == (0, 1)


def test_pieces_that_are_one_line_are_joined():
    curve = follow(lambda x: {"host": x, "other": NOTHING if x < 1 else Fraction(1)}, NOTHING, None)
    assert [(piece.start, piece.end) for piece in curve.of("host")] == [(0, None)]
    assert [(piece.start, piece.end) for piece in curve.of("other")] == [(0, 1), (1, None)]
    point = Piece(Fraction(1), None, {"host": Fraction(5)}, {"host": Fraction(1)}, {"host": Fraction(1)})
    before = Piece(NOTHING, Fraction(1), {"host": NOTHING}, {"host": NOTHING}, {"host": Fraction(1)})
    assert len(Curve((before, point), False).of("host")) == 2


def test_one_curve_without_end_among_others_has_none():
    flat = follow(lambda x: {"host": Fraction(3) + 0 * x}, NOTHING, None)
    falls = follow(lambda x: {"host": 1 - x}, NOTHING, None)
    rises = follow(lambda x: {"host": 1 + x}, NOTHING, None)
    assert least_and_most([falls, flat], "host") == (None, 3)
    assert least_and_most([rises, flat], "host") == (1, None)
    assert least_and_most([flat, rises, falls], "host") == (None, None)
    assert least_and_most([flat], "nobody") == (0, 0)
