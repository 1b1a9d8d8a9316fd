"""The tables of people who were restated: what was first counted for, and what each month is made good by."""

from yoc.core.periods import MONTH_NAMES
from yoc.report.figures import Host, Settlement, party_label
from yoc.report.table import Column, Kind, Row, Table, keyed, total_row

TITLE = "Back-pay"
NOTES = (
    "The people were counted before, and the year was paid on them. Nothing that was paid is written over: each month "
    "is made good by a line of its own, and the lines add to the budget on the people as they are now.",
    "Months that are not listed were counted alike, or were paid on the restated people already.",
)


def back_pay_of_host(host: Host) -> list[Table]:
    """One host's budget on the people first counted, and each month made good; nothing where they were counted once."""
    if "back_pay" not in host:
        return []
    pay = host["back_pay"]
    columns = (
        Column("What", width=44),
        Column(f"{pay['unit'].capitalize()} more, or fewer (minus)", Kind.COUNT, summed=True),
        Column("Amount", Kind.POUNDS, summed=True),
    )
    rows: list[Row] = [("On the people first counted", None, pay["first_counted_pence"])]
    rows += [(f"Back-pay for {MONTH_NAMES[part['month'] - 1]}", part["units"], part["pence"]) for part in pay["months"]]
    about = "The budget on the people first counted, and what each month is made good by"
    lines = ["budget", *(f"budget.back_pay_{part['month']:02d}" for part in pay["months"])]
    keys = tuple(keyed(columns, {"Amount": f"{host['host']}:line:{line}"}) for line in lines)
    total, whole = total_row("Budget", columns, rows), keyed(columns, {"Amount": f"{host['host']}:budget"})
    return [Table(TITLE, TITLE, about, columns, tuple(rows), total, NOTES, keys=keys, total_keys=whole)]


def back_pay_of_all(settlement: Settlement) -> list[Table]:
    """Every host's months made good, side by side; nothing where people were counted once."""
    restated = [host for host in settlement["hosts"] if "back_pay" in host]
    if not restated:
        return []
    columns = (
        Column("Host", width=56),
        Column("On the people first counted", Kind.POUNDS, summed=True),
        *(Column(f"Back-pay for {month}", Kind.POUNDS, summed=True) for month in MONTH_NAMES),
        Column("Budget", Kind.POUNDS, summed=True),
    )
    rows: list[Row] = []
    for host in restated:
        pay = host["back_pay"]
        pence = {part["month"]: part["pence"] for part in pay["months"]}
        months = (pence.get(month, 0) for month in range(1, 13))
        rows.append((party_label(settlement, host["host"]), pay["first_counted_pence"], *months, host["budget_pence"]))
    about = "What each host was first counted for, and each month made good"
    total = total_row("All hosts", columns, rows)
    return [Table(TITLE, f"{TITLE} of all hosts", about, columns, tuple(rows), total, NOTES, frozen_columns=1)]
