"""What a run keeps of its lines adds to what it charged and set aside, by host, fate, file and code."""

import csv
from collections import Counter, defaultdict
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from yoc.activity.trace import FEW_LINES, FEWEST_LINES, Trace, TracedCell, TracedCode
from yoc.audit.trace import exact_decimal, read_trace, trace_files
from yoc.core.findings import FindingsError
from yoc.core.money import round_half_away
from yoc.workflow.reconcile import Run, reconcile


@pytest.fixture(scope="module")
def run(small_sample: Path) -> Run:
    return reconcile(small_sample)


def test_the_cells_of_a_host_come_to_its_cost(run: Run):
    cost: dict[str, Fraction] = defaultdict(Fraction)
    for cell in read_trace(run.run_folder).cells:
        cost[cell.host] += cell.amount_pence
        assert bool(cell.host) == (cell.fate == "charged")
        assert cell.fate == "charged" or not cell.amount_pence
    assert {host["host"]: round_half_away(cost[host["host"]]) for host in run.settlement["hosts"]} == {
        host["host"]: host["cost_pence"] for host in run.settlement["hosts"]
    }
    assert cost[""] == 0


def test_the_cells_hold_every_line_once_by_fate_and_by_file(run: Run):
    cells = read_trace(run.run_folder).cells
    by_fate: Counter[tuple[str, str]] = Counter()
    by_file: Counter[str] = Counter()
    for cell in cells:
        by_fate[cell.fate, "lines"] += cell.lines
        by_fate[cell.fate, "pence"] += cell.submitted_pence
        by_file[cell.file] += cell.lines
    activity = run.settlement["activity"]
    assert by_fate == {
        (row["fate"], what): row[name]
        for row in activity["by_fate"]
        for what, name in (("lines", "lines"), ("pence", "submitted_pence"))
    }
    assert sum(by_file.values()) == activity["lines"]
    used = {file["file"]: file["used"] for file in run.settlement["files"] if file["file"] in by_file}
    assert by_file == used


def test_the_cells_are_those_of_the_statement(run: Run):
    lines: Counter[tuple[str, str, str, int]] = Counter()
    for cell in read_trace(run.run_folder).cells:
        if cell.fate == "charged":
            lines[cell.host, cell.setting, cell.provider, cell.month] += cell.lines
    for host in run.settlement["hosts"]:
        for cell in host["cost_cells"]:
            lines[host["host"], cell["setting"], cell["provider"], cell["month"]] -= cell["lines"]
    assert set(lines.values()) == {0}


def test_codes_come_to_the_same_and_rare_ones_are_not_named(run: Run):
    trace = read_trace(run.run_folder)
    group: dict[tuple[str, ...], list[Fraction]] = defaultdict(lambda: [Fraction(0)] * 4)
    for sign, rows in ((1, trace.codes), (-1, [cell for cell in trace.cells if cell.fate == "charged"])):
        for row in rows:
            key = (row.host, row.setting, row.provider, row.point_of_delivery)
            sums = (row.lines, row.quantity, row.submitted_pence, row.amount_pence)
            group[key] = [own + sign * part for own, part in zip(group[key], sums, strict=True)]
    assert all(part == 0 for sums in group.values() for part in sums)
    assert min(code.lines for code in trace.codes if code.tariff_code != FEW_LINES) >= FEWEST_LINES
    assert any(code.tariff_code == FEW_LINES for code in trace.codes)


texts = st.text(st.characters(exclude_categories=["C"]), max_size=8)
numbers = st.integers(-(10**15), 10**15)
fractions = numbers.map(lambda number: Fraction(number, 10**9))
cells = st.builds(
    TracedCell, texts, texts, texts, st.integers(0, 12), texts, texts, texts, numbers, fractions, numbers, fractions
)
codes = st.builds(TracedCode, texts, texts, texts, texts, texts, numbers, fractions, numbers, fractions)


@pytest.mark.law("The sums of lines that a run writes are read again as they were, to the last fraction of a penny.")
@example(Trace((), (TracedCode("'=", "=", "''", "'", "-", 1, Fraction(1), 2, Fraction(0)),)))
@given(st.builds(Trace, st.lists(cells).map(tuple), st.lists(codes).map(tuple)))
def test_what_is_written_is_read_again(tmp_path_factory: pytest.TempPathFactory, trace: Trace):
    folder = tmp_path_factory.mktemp("trace")
    for name, text in trace_files(trace).items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    assert read_trace(folder) == trace


def test_no_cell_is_a_formula():
    trace = Trace((TracedCell("A", "", "=1+1", 0, "@x", "no_person", "+file.csv", 1, Fraction(1), 2, Fraction(0)),), ())
    (row,) = list(csv.reader(trace_files(trace)["cells.csv"].splitlines()))[1:]
    assert row == ["A", "", "'=1+1", "", "'@x", "no_person", "'+file.csv", "1", "1", "2", "0"]


@pytest.mark.parametrize("damage", ["", "host\nA\n", "\x00", '"'])
def test_a_damaged_file_is_refused(tmp_path: Path, damage: str):
    for name, text in trace_files(Trace((), ())).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "codes.csv").write_text(damage, encoding="utf-8")
    with pytest.raises(FindingsError, match="FILE-UNREADABLE"):
        read_trace(tmp_path)
    (tmp_path / "codes.csv").unlink()
    with pytest.raises(FindingsError, match="FILE-MISSING"):
        read_trace(tmp_path)


def test_a_number_without_end_is_no_amount():
    with pytest.raises(ValueError, match="nine decimals"):
        exact_decimal(Fraction(1, 3))
