"""Laws of digests: equal cells give equal roots, one changed value names one cell, and no figure is in the file."""

from fractions import Fraction

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from yoc.audit.digest import (
    LEVELS,
    MONTHS,
    CellValues,
    Digest,
    Hasher,
    Tree,
    compare_trees,
    contradiction,
    grow,
    is_whole,
    padded,
)
from yoc.audit.digest_file import digest_text, read_digest

KEY, OTHER_KEY = b"0123456789abcdef" * 4, b"fedcba9876543210" * 4
NAMES = {
    "host": ("", "H1", "H2"),
    "setting": ("", "emergency"),
    "provider": ("RX1", "RX2"),
    "month": MONTHS,
    "point_of_delivery": ("AE", "OPFA", "Unmapped"),
}
# So long that none of them stands in a hash by chance.
BIG = st.integers(10**15, 10**18)
EXACT = st.builds(Fraction, BIG, st.sampled_from([1, 3, 1_000, 10**9]))


def values_of(tree: str) -> st.SearchStrategy[CellValues]:
    if tree == "submitted":
        return st.builds(CellValues, BIG, EXACT, BIG)
    fates = st.dictionaries(st.sampled_from(["charged", "unpriced", "duplicate"]), BIG, max_size=3)
    return st.builds(CellValues, BIG, EXACT, BIG, EXACT, fates)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[str, dict]:
    tree = draw(st.sampled_from(sorted(LEVELS)))
    paths = st.tuples(*(st.sampled_from(NAMES[level]) for level in LEVELS[tree]))
    return tree, draw(st.dictionaries(paths, values_of(tree), min_size=1, max_size=12))


def grown(tree: str, cells: dict, key: bytes = KEY):
    return grow(Hasher(key, tree, "2026-27"), cells)


def file_of(tree: str, cells: dict, key: bytes = KEY) -> str:
    return digest_text(Digest("2026-27", "0123abcd", "files", "rejected", {tree: Tree("", grown(tree, cells, key))}))


@pytest.mark.law("The order in which a digest's cells come changes no byte of it.", 6)
@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_of_cells_is_of_no_matter(world, random):
    tree, cells = world
    mixed = [*cells.items()]
    random.shuffle(mixed)
    assert file_of(tree, dict(mixed)) == file_of(tree, cells)


CHANGES = {
    "lines": lambda values: values + CellValues(lines=1),
    "quantity": lambda values: values + CellValues(quantity=Fraction(1, 1000)),
    "submitted": lambda values: values + CellValues(submitted_pence=-1),
    "amount": lambda values: values + CellValues(amount_pence=Fraction(1, 10**9)),
    "fate": lambda values: values + CellValues(by_fate={"charged": 1}),
    "all but the sum of pence": lambda values: CellValues(0, Fraction(0), values.submitted_pence),
}


@pytest.mark.law("Two digests agree at their roots where all of their cells agree, and only there.")
@given(worlds(), st.data(), st.sampled_from(["same", "one fewer", "one moved", *sorted(CHANGES)]))
def test_roots_are_equal_where_cells_are_and_only_there(world, data, how):
    tree, cells = world
    path = data.draw(st.sampled_from(sorted(cells)))
    other = dict(cells)
    if how in CHANGES:
        other[path] = CHANGES[how](cells[path])
    elif how != "same":
        del other[path]
        if how == "one moved":
            to = (*path[:-1], data.draw(st.sampled_from(NAMES["point_of_delivery"])))
            other[to] = cells[path]
    event("equal" if cells == other else "different")
    assert (grown(tree, cells).hash == grown(tree, other).hash) == (cells == other)


@pytest.mark.law("One changed value makes two digests name its cell and no other.")
@given(worlds(), st.data(), st.sampled_from(sorted(CHANGES)))
def test_one_changed_value_names_its_cell_and_no_other(world, data, change):
    tree, cells = world
    path = data.draw(st.sampled_from(sorted(cells)))
    changed = cells | {path: CHANGES[change](cells[path])}
    assert changed[path] != cells[path]
    found = compare_trees(tree, grown(tree, cells), grown(tree, changed))
    assert (found.differing, found.agreeing, found.equal) == ((path,), len(cells) - 1, False)
    assert contradiction(grown(tree, cells), grown(tree, changed)) is None


@pytest.mark.law("Under another key every hash of a digest is another.")
@given(worlds())
def test_under_another_key_every_hash_differs(world):
    tree, cells = world

    def hashes(node):
        yield node.hash
        for child in node.children.values():
            yield from hashes(child)

    mine, theirs = [*hashes(grown(tree, cells))], [*hashes(grown(tree, cells, OTHER_KEY))]
    assert len(mine) == len(theirs) and not {*mine} & {*theirs}
    assert len({*mine}) == len(mine), "no two places have one hash, whatever their values are"


@pytest.mark.law("No count and no sum of money stands in a digest.")
@given(worlds())
def test_no_count_and_no_sum_is_in_the_file(world):
    tree, cells = world
    text = file_of(tree, cells)
    for values in cells.values():
        figures = [values.lines, values.submitted_pence, *values.by_fate.values()]
        for fraction in (values.quantity, values.amount_pence):
            figures += [fraction.numerator, int(fraction)]
        assert not [figure for figure in figures if figure and str(figure) in text]
    assert not [fate for fate in ("charged", "unpriced", "duplicate") if fate in text]


@pytest.mark.law("A digest is read as it was written, and its key alone shows that it is whole.")
@given(worlds())
def test_a_file_is_read_as_it_was_written(world):
    tree, cells = world
    text = file_of(tree, cells)
    read = read_digest(text, "a.json")
    assert read.trees[tree].root == grown(tree, cells)
    assert digest_text(read) == text
    assert is_whole(Hasher(KEY, tree, "2026-27"), read.trees[tree].root)
    assert not is_whole(Hasher(OTHER_KEY, tree, "2026-27"), read.trees[tree].root)


@pytest.mark.law("A digest does not show which of its cells are empty.")
@given(st.sets(st.sampled_from([(month, code) for month in MONTHS for code in NAMES["point_of_delivery"]])))
def test_which_cells_are_empty_does_not_show(filled):
    cells = {("RX1", *place): CellValues(lines=1) for place in filled}
    names = [path for path, _ in grown("submitted", padded(cells, [("RX1",)], NAMES["point_of_delivery"])).cells()]
    assert sorted(names) == sorted(("RX1", month, code) for month in MONTHS for code in NAMES["point_of_delivery"])


@pytest.mark.parametrize(
    "place", [("submitted", "2027-28", ""), ("settled", "2026-27", ""), ("submitted", "2026-27", "other")]
)
def test_the_same_cell_elsewhere_has_another_hash(place):
    path, values = ("RX1", "01", "AE"), CellValues(lines=1)
    assert Hasher(KEY, *place).cell(path, values) != Hasher(KEY, "submitted", "2026-27", "").cell(path, values)


def test_nothing_can_be_moved_from_one_place_of_a_path_to_the_next():
    hasher = Hasher(KEY, "submitted", "2026-27")
    assert hasher.cell(("A", "BC", "D"), CellValues()) != hasher.cell(("AB", "C", "D"), CellValues())


def test_the_hash_of_a_cell_is_the_one_that_the_manual_says():
    """As anybody could work it out with another program: HMAC-SHA-256 of this text."""
    import hashlib
    import hmac

    text = '["cell","yoc digest",1,"submitted","2026-27","",["RX1","03","AE"],[3,"5/2",1250,"0",{}]]'
    expected = hmac.new(KEY, text.encode(), hashlib.sha256).hexdigest()
    made = Hasher(KEY, "submitted", "2026-27").cell(("RX1", "03", "AE"), CellValues(3, Fraction(5, 2), 1250))
    assert made == expected
