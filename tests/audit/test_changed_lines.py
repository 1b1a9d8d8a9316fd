"""Lines of a document that changed are named by number, as they were and as they are."""

from yoc.audit.changed_lines import changed_lines

LINES = [f"line {number}" for number in range(1, 9)]


def text(lines: list[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def test_a_line_that_was_put_in_moves_no_other():
    assert changed_lines(text(LINES), text([LINES[0], "new one", *LINES[1:]])) == ['after line 1: new "new one"']
    assert changed_lines(text(LINES), text([*LINES[:2], *LINES[3:]])) == ['line 3: taken out "line 3"']


def test_no_more_than_five_are_told():
    found = changed_lines(text(LINES), text([line.upper() for line in LINES]))
    assert found[0] == 'line 1: was "line 1", is "LINE 1"'
    assert found[5:] == ["and 3 lines more"]


def test_line_ends_do_not_count_and_a_missing_one_is_told():
    assert changed_lines(b"a\nb\n", b"a\r\nb\r\n") == []
    assert changed_lines(b"a\nb\n", b"a\nb") == ['line 2: was "b", is "b (without a line end)"']


def test_of_a_long_line_the_part_that_differs_is_shown():
    (found,) = changed_lines(b"x" * 1000 + b"1\n", b"x" * 1000 + b"2\n")
    assert len(found) < 250 and '1"' in found and '2"' in found


def test_no_number_of_a_person_and_no_sign_for_a_terminal_is_shown():
    (found,) = changed_lines(b"a\n", b"943 476 5919 \x1b[31m")
    assert "943" not in found and "\x1b" not in found
