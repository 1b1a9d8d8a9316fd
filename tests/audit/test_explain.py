"""Every figure of a run is given exactly by what it is made from, down to files, clauses, payments and people."""

import copy
import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from explaining import ORIGINS, not_explained, with_more
from yoc.audit.explain import Figure, RunRecord, adds_up, explain, explanation_content, figure_of, key_of
from yoc.audit.explain.figure import sum_of, written_out
from yoc.audit.trace import read_trace
from yoc.core.findings import FindingsError
from yoc.core.money import format_pounds
from yoc.report import workbooks
from yoc.report.cells import figure_in, figures_on
from yoc.workflow.reconcile import Run, reconcile


@pytest.fixture(scope="module")
def run(small_sample: Path) -> Run:
    return reconcile(small_sample)


@pytest.fixture(scope="module")
def record(run: Run) -> RunRecord:
    manifest = json.loads((run.run_folder / "manifest.json").read_text(encoding="utf-8"))
    settlement = json.loads((run.run_folder / "settlement.json").read_text(encoding="utf-8"))
    return RunRecord(settlement, manifest, read_trace(run.run_folder).cells)


def test_every_figure_of_every_host_is_given_by_what_it_is_made_from(record: RunRecord):
    wrong, seen = not_explained(record)
    assert wrong == {}
    assert seen > 2_500


def test_a_figure_that_was_changed_is_no_longer_given(record: RunRecord):
    """Each kind of thing that a run holds is changed by a penny or a person, and the figures above it are not given."""
    settlement = copy.deepcopy(dict(record.settlement))
    host = settlement["hosts"][0]
    host["lines"][5]["pence"] += 1
    host["people"][0]["units"] += 1
    host["payments"][0]["pence"] += 1
    host["summary"]["share_pence"] += 1
    host["budget_steps"][1]["pence"] += 1
    host["over_threshold_exact_by_setting"]["primary"] = "1"
    host["position"]["scores"]["care_plan_agreed"] = "1/7"
    score = next(one for one in host["working"]["amounts"] if one["name"] == "outcomes.score")
    score["source"]["is"] = with_more(score["source"]["is"])
    cells = [replace(cell, amount_pence=cell.amount_pence + (place == _emergency(record))) for place, cell
             in enumerate(record.cells)]  # fmt: skip
    wrong, _ = not_explained(RunRecord(settlement, record.manifest, cells), settlement["hosts"][0]["host"])
    code = host["host"]
    name = host["lines"][5]["name"]
    expected = {
        f"{code}:line:{name}", f"{code}:effect:{name}", f"{code}:paid", f"{code}:summary:share_pence",
        f"{code}:budget.step:rates", f"{code}:budget.step:uplift", f"{code}:over_threshold", f"{code}:cost:emergency",
        f"{code}:score:care_plan_agreed", f"{code}:amount:outcomes.score", f"{code}:person_years", f"{code}:budget",
    }  # fmt: skip
    assert expected <= set(wrong)


def _emergency(record: RunRecord) -> int:
    host = record.settlement["hosts"][0]["host"]
    return next(place for place, cell in enumerate(record.cells) if (cell.host, cell.setting) == (host, "emergency"))


def test_a_cost_is_followed_to_the_rows_of_its_files(record: RunRecord):
    explanation = explain(record, "NWB:cost:emergency")
    rows = [figure for figure in explanation.figures.values() if figure.origin and figure.origin.kind == "file rows"]
    cells = [cell for cell in record.cells if (cell.host, cell.setting) == ("NWB", "emergency")]
    assert sum((figure.exact for figure in rows), Fraction(0)) == sum(cell.amount_pence for cell in cells)
    for figure in rows:
        file, prices, indices, whose = (explanation.figures[key] for key in figure.rests_on)
        assert file.origin and file.origin.sha256 == record.manifest["made_from"]["inputs"][file.origin.file]
        assert prices.origin and prices.origin.sha256 == record.manifest["made_from"]["documents"]["prices"]
        assert indices.origin and indices.origin.sha256 == record.manifest["made_from"]["documents"]["market_forces"]
        names = {key.rpartition("/")[2] for key in whose.rests_on}
        assert names == {"persons.csv", "registrations.csv", "conditions.csv", "practices.csv", "neighbourhoods.csv"}
        assert all(key in explanation.figures for key in whose.rests_on)


def test_a_rate_is_followed_to_the_line_of_the_contract(record: RunRecord, small_sample: Path):
    root = small_sample.parents[3]
    for key, words in (
        ("NWB:rate:core:emergency", "emergency: £1720"),
        ("NWB:contract:terms.high_cost.share", "share: 80%"),
        ("NWB:contract:terms.outcomes.at_risk.by_year.1", "at_risk: {1: 2%"),
        ("NWB:factor:growth:core", "id: growth"),
    ):
        origin = figure_of(record, key).origin
        assert origin and origin.kind == "contract"
        line = (root / origin.file).read_text(encoding="utf-8").splitlines()[origin.line - 1]
        assert words in line
        assert origin.sha256 == record.manifest["made_from"]["documents"]["contract"]


def test_few_people_and_few_lines_are_never_counted_out(record: RunRecord):
    counted = []
    for host in record.hosts:
        for figure in explain(record, f"{host}:due").figures.values():
            if figure.origin and figure.origin.kind in ("file rows", "people counted"):
                counted += [figure.origin.counts.get(name) for name in ("lines", "people")]
    assert "<5" in counted and not {1, 2, 3, 4} & set(counted)


def is_as_shown(exact: Fraction, text: str) -> bool:
    """Whether a number that is shown to some decimals is an exact one, rounded to them."""
    number = text.removesuffix("%").replace(",", "")
    unit = Fraction(1, 10 ** len(number.partition(".")[2])) / (100 if text.endswith("%") else 1)
    return abs(Fraction(number) / (100 if text.endswith("%") else 1) - exact) <= unit


@pytest.mark.parametrize("workbook", ["statement-NWB.xlsx", "statement-WWV.xlsx", "statement-commissioner.xlsx"])
def test_a_cell_shows_the_figure_that_its_key_names(record: RunRecord, workbook: str):
    made = dict(workbooks(record.settlement))[workbook]
    sheets = set()
    for table in made.tables:
        for _, _, shown in figures_on(table, made.frame):
            figure = figure_of(record, shown.key)
            sheets.add(table.sheet)
            if figure.unit == "money":
                pence = format_pounds(figure.pence if figure.pence is not None else int(figure.exact))
                # Cost stands on the summary of a host as what it does to the host: below nothing.
                assert shown.shown in (pence, f"-{pence}"), shown
            else:
                assert is_as_shown(figure.exact, shown.shown), shown
    host = {"Summary", "Lines", "Line details", "Cost", "People", "Budget", "Budget cells", "Outcomes", "Payments"}
    everybody = {"Summary", "Entries", "Cost", "People", "Outcomes"}
    assert sheets == (everybody if "commissioner" in workbook else host)


def test_the_cell_in_the_written_workbook_is_the_cell_that_is_explained(run: Run, record: RunRecord):
    from openpyxl import load_workbook

    book = load_workbook(run.report_folder / "statement-NWB.xlsx")
    made = dict(workbooks(record.settlement))["statement-NWB.xlsx"]
    asked = 0
    for table in made.tables:
        for _, _, shown in figures_on(table, made.frame):
            figure = figure_of(record, shown.key)
            value = book[table.sheet][shown.cell].value
            if figure.unit == "money":
                asked += 1
                assert abs(round(Fraction(str(value)) * 100)) == abs(figure.pence or int(figure.exact)), shown
    assert asked > 300


def test_a_cell_is_named_as_a_spreadsheet_names_it(record: RunRecord):
    made = dict(workbooks(record.settlement))["statement-NWB.xlsx"]
    plain = figure_in(made.tables, made.frame, "Budget cells!E8")
    for same in ("'Budget cells'!$E$8", "budget cells!e8", " Budget by segment and setting!E8 "):
        assert figure_in(made.tables, made.frame, same) == plain
    assert plain.key == "NWB:budget.cell:core:community"


@pytest.mark.parametrize(
    ("cell", "said", "mend"),
    [
        ("Lines", "names no cell", "Lines!G7"),
        ("Nowhere!B2", "no sheet 'Nowhere'", "Summary, Lines"),
        ("Lines!A1", "Lines!A1 holds no figure", "G7 (Amount"),
        ("Cover!B2", "Cover!B2 holds no figure", "nothing on the sheet Cover"),
    ],
)
def test_a_cell_without_a_figure_names_those_near_by(record: RunRecord, cell: str, said: str, mend: str):
    made = dict(workbooks(record.settlement))["statement-NWB.xlsx"]
    with pytest.raises(FindingsError) as raised:
        figure_in(made.tables, made.frame, cell)
    (finding,) = raised.value.findings
    assert finding.code == "FIGURE-UNKNOWN" and said in finding.message and mend in finding.mend


@pytest.mark.parametrize(
    ("text", "host", "key"),
    [
        ("share", "NWB", "NWB:line:share"),
        ("NWB:share", "", "NWB:line:share"),
        ("nwb:partners.VC2", "nwb", "NWB:line:partners.VC2"),
        ("amount:share", "NWB", "NWB:amount:share"),
        ("share.other", "NWB", "NWB:amount:share.other"),
        ("due", "ICE", "ICE:due"),
        ("cost.outpatient", "NWB", "NWB:cost:outpatient"),
        ("ALL:due", "", "ALL:summary:due_pence"),
        ("cost.primary", "all", "ALL:cost:primary"),
        ("care_plan_agreed", "NWB", "NWB:score:care_plan_agreed"),
        ("NWB:cost:emergency:ZA1:7", "", "NWB:cost:emergency:ZA1:7"),
    ],
)
def test_a_figure_is_found_by_the_name_that_a_person_gives(record: RunRecord, text: str, host: str, key: str):
    assert key_of(record, text, host) == key
    assert figure_of(record, key).key == key


@pytest.mark.parametrize(
    ("text", "host", "said", "mend"),
    [
        ("share", "", "whose 'share'", "NWB, ICE"),
        ("share", "XXX", "no host 'XXX'", "NWB, ICE"),
        ("NWB:share", "ICE", "another host", "name one"),
        ("NWB:nope", "", "NWB has no line or figure 'nope'", "outcomes.withheld, outcomes.earned"),
        ("ALL:nope", "", "no figure 'nope' of all hosts", "budget, cost"),
    ],
)
def test_a_name_that_is_none_is_told_with_those_that_are(record: RunRecord, text: str, host: str, said: str, mend: str):
    with pytest.raises(FindingsError) as raised:
        key_of(record, text, host)
    (finding,) = raised.value.findings
    assert finding.code == "FIGURE-UNKNOWN" and said in finding.message and mend in finding.mend


def test_a_run_of_an_earlier_version_is_refused_with_what_to_do(record: RunRecord):
    older = copy.deepcopy(dict(record.settlement))
    del older["hosts"][0]["working"]
    with pytest.raises(FindingsError, match="did not keep how its figures came about"):
        key_of(RunRecord(older, record.manifest, record.cells), "NWB:share")


def test_the_content_is_whole_and_names_every_figure_once(record: RunRecord):
    explanation = explain(record, "NWB:due")
    content = json.loads(json.dumps(explanation_content(explanation)))
    figures = content["figures"]
    assert content["format"] == "yoc explanation 1" and content["all_add_up"] is True
    assert content["figure"] == "NWB:due" and content["cell"] is None
    for key, figure in figures.items():
        assert figure["adds_up"] is True, key
        assert {*figure["children"], *figure["rests_on"]} <= set(figures)
        assert bool(figure["children"]) != bool(figure["origin"])
        assert not figure["origin"] or figure["origin"]["kind"] in ORIGINS
    assert figures["NWB:due"]["pence"] == record.settlement["hosts"][0]["closing_pence"]


def test_a_split_keeps_whole_pence_by_largest_remainder():
    """£100.00 in three is 33.34, 33.33, 33.33; to say 33.34 of the second is wrong."""
    whole = Figure("w", "W", "money", Fraction(10_000), "£100.00", pence=10_000)
    third = {"do": "divide", "with": [{"child": 0}, {"number": "3"}]}

    def part(place: int, pence: int) -> Figure:
        shared = {"by": "weights", "whole": "10000", "parts": ["1/3", "1/3", "1/3"], "place": place}
        return Figure("p", "P", "money", Fraction(10_000, 3), "", pence=pence, rule=third, children=("w",),
                      whole_pence_of=shared)  # fmt: skip

    assert adds_up(part(0, 3334), [whole]) and adds_up(part(1, 3333), [whole])
    assert not adds_up(part(1, 3334), [whole])


def test_a_sum_with_parts_below_nothing_is_written_with_minus_signs():
    parts = [Figure(name, name, "money", Fraction(pence), format_pounds(pence)) for name, pence in
             (("a", 500), ("b", -200), ("c", 100))]  # fmt: skip
    assert written_out(sum_of(3), parts) == "£5.00 - £2.00 + £1.00"
