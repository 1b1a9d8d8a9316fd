"""The tables of one host's statement."""

from collections.abc import Iterable, Sequence
from typing import Any

from yoc.core.money import format_pounds
from yoc.core.periods import MONTH_NAMES
from yoc.report.back_pay_tables import back_pay_of_host
from yoc.report.figures import (
    Host,
    Settlement,
    effects_shown,
    movements,
    party_label,
    segment_names,
    setting_names,
    summary_of,
)
from yoc.report.table import Cell, Column, Keys, Kind, Row, Table, keyed, total_row
from yoc.report.words import UNIT_NAMES, budget_sentence, payment_sentence, terms_sentence

FEWEST_PEOPLE_SHOWN = 5
"""A count of people below this and above none is shown as ``<5``, and its days by month are not shown."""

EFFECT_MEANINGS = {
    "stop_loss_pence": "Cost over the threshold for one person that another party bears",
    "share_pence": "The other party's part of the gain (minus) or of the loss (plus)",
    "outcomes_pence": "Withheld for outcomes, less what was earned back",
    "vcse_pence": "Lines of voluntary, community and social enterprise partners that the host pays",
    "passed_on_pence": "Shares of what was earned that the host passes on",
    "other_pence": "Terms of the contract that have no row of their own here",
    "on_account_pence": "Already paid to the host during the year",
}


def summary(settlement: Settlement, host: Host) -> Table:
    """Budget to amount due in one small table."""
    figures = summary_of(host["summary"])
    columns = (
        Column("Item"),
        Column("What it is", width=80),
        Column("Effect on the host", Kind.POUNDS, summed=True),
    )
    rows: list[Row] = [
        ("Budget", "What the contract allows for the host's people in the year", figures["budget_pence"]),
        ("Cost", "The care that the host's people received, at the contract's prices", -figures["cost_pence"]),
    ]
    rows += [(title, EFFECT_MEANINGS[name], figures[name]) for name, title in effects_shown(settlement)]
    label = "Due to the host" if figures["due_pence"] >= 0 else "Due from the host"
    names = ("budget_pence", "cost_pence", *(name for name, _ in effects_shown(settlement)), "due_pence")
    *keys, due = (keyed(columns, {"Effect on the host": f"{host['host']}:summary:{name}"}) for name in names)
    return Table(
        "Summary", "Summary", "From budget to what is due, in one small table", columns, tuple(rows),
        (label, "The closing result: the sum of the rows above, over all parties", figures["due_pence"]),
        (budget_sentence(figures), terms_sentence(figures), payment_sentence(settlement, host)),
        keys=tuple(keys), total_keys=due,
    )  # fmt: skip


def who_pays_whom(settlement: Settlement, host: Host) -> Table:
    """The host's movements with each other party, which come to its closing result."""
    columns = (
        Column("Other party", width=50),
        Column("Paid to the host", Kind.POUNDS, summed=True),
        Column("Paid by the host", Kind.POUNDS, summed=True),
        Column("Net: to the host, or from it (minus)", Kind.POUNDS, summed=True),
    )
    rows = tuple(
        (party_label(settlement, part.party), part.paid_to_host_pence, part.paid_by_host_pence, part.net_pence)
        for part in movements(settlement, host["host"])
    )
    return Table(
        "Who pays whom", "Who pays whom", "What the host owes to and is owed by each other party", columns, rows,
        total_row("All parties", columns, rows),
        ("Every line that moves money to or from the host, by other party. The last is the closing result.",),
    )  # fmt: skip


def lines(settlement: Settlement, host: Host) -> Table:
    """The waterfall: each line in the contract's order, what it does to the host, and the result after it."""
    columns = (
        Column("Order", Kind.ORDER),
        Column("Clause", width=8),
        Column("Line", width=22),
        Column("How it is worked out", width=46),
        Column("Payer", width=30),
        Column("Payee", width=30),
        Column("Amount", Kind.POUNDS),
        Column("Effect on the host", Kind.POUNDS, summed=True),
        Column("Result so far", Kind.POUNDS),
    )
    rows = tuple(
        (
            order, line["clause"], line["label"], line["formula"], party_label(settlement, line["payer"]),
            party_label(settlement, line["payee"]), line["pence"], line["effect_pence"], line["running_pence"],
        )
        for order, line in enumerate(host["lines"], 1)
    )  # fmt: skip
    effects = sum(line["effect_pence"] for line in host["lines"])
    code = host["host"]
    keys = tuple(
        keyed(columns, {"Amount": f"{code}:line:{line['name']}", "Effect on the host": f"{code}:effect:{line['name']}",
                        "Result so far": f"{code}:running:{line['name']}"})
        for line in host["lines"]
    )  # fmt: skip
    due = keyed(columns, {"Effect on the host": f"{code}:due", "Result so far": f"{code}:due"})
    return Table(
        "Lines", "Lines of the statement", "The waterfall: clause, line, formula, payer, payee, amount, result",
        columns, rows, (None, None, "Closing result", None, None, None, None, effects, host["closing_pence"]),
        ("The opening budget and the effect of every line after it add to the closing result.",
         "A line without payer and payee is a figure that moves no money."),
        keys=keys, total_keys=due,
    )  # fmt: skip


def line_details(host: Host) -> Table:
    """The parts and inputs of each line, and its exact amount where rounding changed it."""
    columns = (
        Column("Order", Kind.ORDER),
        Column("Clause", width=8),
        Column("Line", width=30),
        Column("What", width=12),
        Column("Part", width=56),
        Column("How it is worked out", width=60),
        Column("Amount", Kind.POUNDS),
    )
    titles = {outcome["indicator"]: outcome["title"] for outcome in host["outcomes"]}
    rows: list[Row] = []
    keys: list[str] = []
    for order, line in enumerate(host["lines"], 1):
        start: Row = (order, line["clause"], line["label"])
        rows += [(*start, "input", name, value, None) for name, value in line["inputs"].items()]
        rows += [
            (*start, "part", titles.get(detail["label"], detail["label"]), detail["formula"], detail["pence"])
            for detail in line["details"]
        ]
        keys += ["" for _ in line["inputs"]]
        keys += [f"{host['host']}:part:{line['name']}:{place}" for place in range(len(line["details"]))]
        if line["exact"] != format_pounds(line["pence"]):
            rows.append((*start, "rounding", "Exact amount, before it is rounded once", line["exact"], line["pence"]))
            keys.append(f"{host['host']}:line:{line['name']}")
    return Table(
        "Line details", "Details of the lines", "The parts and inputs of each line, and exact amounts before rounding",
        columns, tuple(rows), None, ("The parts of a line add to its amount.",),
        keys=tuple(keyed(columns, {"Amount": key}) for key in keys),
    )  # fmt: skip


COST_COLUMNS = (
    Column("Lines", Kind.COUNT, summed=True),
    Column("Submitted", Kind.POUNDS, summed=True),
    Column("Charged", Kind.POUNDS, summed=True),
)


def cost_figures(cell: Any) -> Row:
    """The figures of a cell of cost under ``COST_COLUMNS``."""
    return (cell["lines"], cell["submitted_pence"], cell["pence"])


def without_few_lines(rows: Iterable[Row], place: int) -> tuple[Row, ...]:
    """The rows with counts of 1 to 4 lines not shown exactly: so few may be about one person."""
    return tuple(
        (*row[:place], f"<{FEWEST_PEOPLE_SHOWN}", *row[place + 1 :])
        if 0 < int(row[place] or 0) < FEWEST_PEOPLE_SHOWN
        else row
        for row in rows
    )


FEW_LINES_NOTE = f"Counts of 1 to {FEWEST_PEOPLE_SHOWN - 1} lines are shown as <{FEWEST_PEOPLE_SHOWN}."


def cost(settlement: Settlement, host: Host) -> Table:
    """Charged care by segment, setting, provider and month."""
    segments, settings = segment_names(settlement), setting_names(settlement)
    columns = (
        Column("Segment", width=48), Column("Setting"), Column("Provider", width=48), Column("Month"), *COST_COLUMNS,
    )  # fmt: skip
    rows = tuple(
        (
            segments.get(cell["segment"], cell["segment"]), settings.get(cell["setting"], cell["setting"]),
            party_label(settlement, cell["provider"]), MONTH_NAMES[cell["month"] - 1], *cost_figures(cell),
        )
        for cell in host["cost_cells"]
    )  # fmt: skip
    blocks: tuple[str, ...] = ()
    if any(host.get("block_pence", {}).values()):
        blocks = ("The host's part of blocks has no lines here; it stands under the line for cost, and adds to it.",)
    keys = tuple(
        keyed(columns, {"Charged": ":".join((host["host"], "cost.cell", cell["segment"], cell["setting"],
                                             cell["provider"], str(cell["month"])))})
        for cell in host["cost_cells"]
    )  # fmt: skip
    whole = keyed(columns, {} if blocks else {"Charged": f"{host['host']}:cost"})
    return Table(
        "Cost", "Cost of care", "Charged care by segment, setting, provider and month", columns,
        without_few_lines(rows, 4), total_row("All cost", columns, rows),
        ("Submitted is what providers asked; charged is the contract's price, and adds to the cost on the statement.",
         *blocks, FEW_LINES_NOTE),
        keys=keys, total_keys=whole,
    )  # fmt: skip


def price_reissues(settlement: Settlement, host: Host) -> Table:
    """What prices that were published again changed in the cost, by setting and provider."""
    settings = setting_names(settlement)
    columns = (
        Column("Prices", width=34), Column("Published", Kind.DAY), Column("From", Kind.DAY), Column("Setting"),
        Column("Provider", width=48), Column("Lines", Kind.COUNT), Column("Without a price before", Kind.COUNT),
        Column("Change of the cost", Kind.POUNDS, summed=True),
    )  # fmt: skip
    rows = tuple(
        (
            part["book"], part["published_on"], part["effective_from"],
            settings.get(part["setting"], part["setting"]), party_label(settlement, part["provider"]), part["lines"],
            part["lines_without_price_before"], part["pence"],
        )
        for part in host["price_reissues"]
    )  # fmt: skip
    return Table(
        "Price re-issues", "Prices published again", "What each re-issue of prices changed, by setting and provider",
        columns, without_few_lines(without_few_lines(rows, 5), 6), total_row("All re-issues", columns, rows),
        ("Each line was priced and rounded at the prices before and after; the change is the difference of the two.",
         "The cost on the other sheets is at the prices that hold now. A line counts once for each re-issue.",
         FEW_LINES_NOTE),
    )  # fmt: skip


def people_columns(settlement: Settlement) -> tuple[Column, ...]:
    """The columns of counts of people, the same for a host and for the whole contract."""
    unit = UNIT_NAMES.get(settlement["contract"]["counting"], "Units counted")
    return (
        Column("Segment", width=48),
        Column("People", Kind.COUNT),
        Column(unit, Kind.COUNT, summed=True),
        Column("Units in a year", Kind.COUNT),
        Column("Person-years", Kind.DECIMAL),
        *(Column(month, Kind.COUNT, summed=True) for month in MONTH_NAMES),
    )


def people_cells(part: Any) -> Row:
    """A segment's counts; few people are not shown exactly, nor are their days by month."""
    few = 0 < part["people"] < FEWEST_PEOPLE_SHOWN
    people: Cell = f"<{FEWEST_PEOPLE_SHOWN}" if few else part["people"]
    months: list[Cell] = ["not shown" if few else units for units in part["units_by_month"]]
    return (part["name"], people, part["units"], part["units_per_year"], part["person_years"], *months)


def people_keys(columns: Sequence[Column], host: str, segment: str) -> Keys:
    """The figures of a segment's counts: what was counted in the year, and its person-years."""
    counted = next(column.name for column in columns if column.kind is Kind.COUNT and column.summed)
    return keyed(columns, {counted: f"{host}:units:{segment}", "Person-years": f"{host}:people:{segment}"})


PEOPLE_NOTES = (
    "A person who moves between segments or hosts in the year is counted in each, so people are not added up.",
    f"Counts of 1 to {FEWEST_PEOPLE_SHOWN - 1} people are shown as <{FEWEST_PEOPLE_SHOWN}, without their months. "
    "Their units of the year stay, because the budget is worked out from them.",
    "Each row's person-years are rounded to four places; the total is worked out from all the units and rounded once.",
)


def people(settlement: Settlement, host: Host) -> Table:
    """People and what they count for, by segment and month."""
    columns = people_columns(settlement)
    rows = tuple(people_cells(part) for part in host["people"])
    total = list(total_row("All segments", columns, rows))
    total[4] = host["person_years"]
    return Table(
        "People", "People counted", "People and their days by segment and month", columns, rows, tuple(total),
        PEOPLE_NOTES, frozen_columns=1,
        keys=tuple(people_keys(columns, host["host"], part["segment"]) for part in host["people"]),
        total_keys=keyed(columns, {"Person-years": f"{host['host']}:person_years"}),
    )  # fmt: skip


def budget(host: Host) -> Table:
    """How the budget is built, step by step."""
    columns = (
        Column("Step", Kind.ORDER),
        Column("Clause", width=8),
        Column("What", width=34),
        Column("How it is worked out", width=70),
        Column("Amount", Kind.POUNDS, summed=True),
    )
    rows = tuple(
        (number, step["clause"], step["title"], step["formula"], step["pence"])
        for number, step in enumerate(host["budget_steps"], 1)
    )
    total = (None, None, "Budget", None, sum(step["pence"] for step in host["budget_steps"]))
    keys = (keyed(columns, {"Amount": f"{host['host']}:budget.step:{step['id']}"}) for step in host["budget_steps"])
    return Table(
        "Budget", "Budget, step by step", "How the budget is built: annual rates, then each adjustment", columns, rows,
        total, ("Each step adds its amount to the steps before it.",),
        keys=tuple(keys), total_keys=keyed(columns, {"Amount": f"{host['host']}:budget"}),
    )  # fmt: skip


def budget_cells(settlement: Settlement, host: Host) -> Table:
    """The same budget by segment and setting."""
    segments, settings = segment_names(settlement), setting_names(settlement)
    columns = (
        Column("Segment", width=44),
        Column("Setting"),
        Column("Person-years", Kind.DECIMAL),
        Column("Annual rate", Kind.POUNDS),
        Column("Budget", Kind.POUNDS, summed=True),
    )
    rows = tuple(
        (
            segments.get(cell["segment"], cell["segment"]), settings.get(cell["setting"], cell["setting"]),
            cell["person_years"], cell["annual_rate_pence"], cell["pence"],
        )
        for cell in host["budget_cells"]
    )  # fmt: skip
    code = host["host"]
    keys = []
    for cell in host["budget_cells"]:
        place = f"{cell['segment']}:{cell['setting']}"
        counted = {"Person-years": f"{code}:people:{cell['segment']}", "Annual rate": f"{code}:rate:{place}"}
        keys.append(keyed(columns, {**(counted if cell["setting"] else {}), "Budget": f"{code}:budget.cell:{place}"}))
    return Table(
        "Budget cells", "Budget by segment and setting", "The same budget by segment and setting", columns, rows,
        total_row("Budget", columns, rows),
        ("The annual rate is the contract's, before adjustments; the budget is after them.",
         "Whole pence that add to the budget: pennies left by rounding go to the largest remainders."),
        keys=tuple(keys), total_keys=keyed(columns, {"Budget": f"{code}:budget"}),
    )  # fmt: skip


OUTCOME_COLUMNS = (
    Column("Indicator", width=56),
    Column("Better"),
    Column("Numerator", Kind.DECIMAL),
    Column("Denominator", Kind.DECIMAL),
    Column("Result", Kind.RATE),
    Column("Floor", Kind.RATE),
    Column("Target", Kind.RATE),
    Column("Score", Kind.DECIMAL),
)
OUTCOME_NOTES = (
    "Score 0 at the floor or worse, 1 at the target or better. Floor and target are the catalogue's.",
    "The result is numerator ÷ denominator, shown to six places; scores are worked out from the exact result.",
)


def outcome_cells(outcome: Any) -> Row:
    """An indicator's result under ``OUTCOME_COLUMNS``."""
    return (
        outcome["title"], outcome["better"], outcome["numerator"], outcome["denominator"], outcome["result"],
        outcome["floor"], outcome["target"], outcome["score"],
    )  # fmt: skip


def outcome_keys(columns: Sequence[Column], host: str, indicator: str) -> Keys:
    """The figures of an indicator's row."""
    parts = ("Numerator", "Denominator", "Result", "Floor", "Target")
    keys = {part: f"{host}:indicator:{indicator}:{part.lower()}" for part in parts}
    return keyed(columns, {**keys, "Score": f"{host}:score:{indicator}"})


def outcomes(host: Host) -> Table:
    """Each indicator's result, its floor and target, and its score."""
    rows = tuple(outcome_cells(outcome) for outcome in host["outcomes"])
    return Table(
        "Outcomes", "Outcomes", "Each indicator's result, floor, target and score", OUTCOME_COLUMNS, rows, None,
        OUTCOME_NOTES,
        keys=tuple(outcome_keys(OUTCOME_COLUMNS, host["host"], one["indicator"]) for one in host["outcomes"]),
    )  # fmt: skip


def payments(host: Host) -> Table:
    """What was paid to the host during the year."""
    columns = (
        Column("Reference", width=40), Column("Date", Kind.DAY), Column("Amount", Kind.POUNDS, summed=True),
    )  # fmt: skip
    rows = tuple((payment["reference"], payment["date"], payment["pence"]) for payment in host["payments"])
    return Table(
        "Payments", "Payments on account", "What was paid to the host during the year", columns, rows,
        total_row("All payments", columns, rows),
        ("The total is the amount that the line for payments on account takes off.",),
        keys=tuple(keyed(columns, {"Amount": f"{host['host']}:paid:{place}"}) for place in range(len(rows))),
        total_keys=keyed(columns, {"Amount": f"{host['host']}:paid"}),
    )  # fmt: skip


def tables_of_host(settlement: Settlement, host: Host) -> list[Table]:
    """Every table of a host's statement that is its own, in order."""
    # Only a host whose prices were published again has a table of it; older runs know nothing of such.
    again = [price_reissues(settlement, host)] if host.get("price_reissues") else []
    return [
        summary(settlement, host), lines(settlement, host), line_details(host),
        who_pays_whom(settlement, host), cost(settlement, host), *again, people(settlement, host), budget(host),
        *back_pay_of_host(host), budget_cells(settlement, host), outcomes(host), payments(host),
    ]  # fmt: skip
