"""The table on the terminal: no figure is ever cut, however narrow the screen, and a contract's text is only text."""

import io

import pytest
from rich.console import Console

from yoc.cli.table import print_settlement, table_rows
from yoc.workflow.reconcile import compute


@pytest.fixture(scope="module")
def settlement(small_sample):
    return compute(small_sample)


def printed(settlement, width: int) -> str:
    stream = io.StringIO()
    print_settlement(Console(file=stream, width=width), settlement)
    return stream.getvalue()


def test_no_figure_is_cut_at_any_width(settlement):
    headings, rows = table_rows(settlement)
    for width in range(40, 260):
        shown = printed(settlement, width)
        words = shown.split()
        for row in rows:
            assert [figure for figure in row if figure not in words] == [], width
        assert all(word in shown for heading in headings for word in heading.split()), width


def test_text_of_a_contract_is_shown_as_it_stands(settlement):
    contract = settlement["contract"] | {"title": "A [bold]title[/bold] :bomb: contract.yaml:100:5"}
    assert "A [bold]title[/bold] :bomb: contract.yaml:100:5" in printed(settlement | {"contract": contract}, 200)
