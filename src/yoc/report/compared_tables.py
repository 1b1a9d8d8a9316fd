"""The tables of two runs compared: the bridge, host by host, the cost, and the facts behind each cause."""

from collections.abc import Mapping
from typing import Any

from yoc.report.table import Column, Kind, Row, Table, total_row
from yoc.report.words import SHADOW_LINE, SYNTHETIC_LINE
from yoc.report.workbook import Frame, workbook_bytes

Content = Mapping[str, Any]
FROM, TO = "From", "To"
_SUMS = ("budget_pence", "cost_pence", "others_pence", "due_pence")
_SIGN = "Above zero is to the host, below zero from it. The causes add from the first run to the second, to the penny."
_COST_SIGN = "Here a cost is above zero. The causes add from the first run's cost to the second's, to the penny."


def compared_workbook(content: Content) -> bytes:
    """A workbook of a comparison, the content of `yoc compare --json`: the same content gives the same bytes."""
    marks = ((SHADOW_LINE, content["shadow"]), (SYNTHETIC_LINE, content["synthetic"]))
    frame = Frame(
        subtitle=f"{content['title']}, {content['year']}: two runs compared",
        banners=tuple(line for line, applies in marks if applies),
        run_id=f"{content['before']['run']} to {content['after']['run']}",
        software=content["software"],
        as_of=content["after"]["as_of"],
    )
    tables = [bridge(content), hosts(content), cost(content), facts(content), terms(content)]
    tables += [contract(content), lines(content), made_from(content)]
    return workbook_bytes([about(content, tables), *tables], frame)


def about(content: Content, tables: list[Table]) -> Table:
    """Which runs are compared, what to know of it, what each cause stands for, what each sheet holds."""
    rows: list[Row] = []
    for word, run in ((FROM, content["before"]), (TO, content["after"])):
        rows.append((f"{word} run", run["run"], f"as of {run['as_of']}, contract version {run['contract_version']}, "
                     f"{run['status']}, made by {run['software']}"))  # fmt: skip
    rows += [("Sheets", table.sheet, table.about) for table in tables]
    rows += [("Causes", cause["name"], cause["meaning"]) for cause in content["causes"]]
    rows += [("Notes", str(number), note) for number, note in enumerate(content["notes"], 1)]
    links = tuple(str(row[1]) if row[0] == "Sheets" else "" for row in rows)
    columns = (Column("About", width=16), Column("Item", width=30), Column("Detail", width=90))
    return Table("About", "Two runs compared", "", columns, tuple(rows), links=links, portrait=True)


def bridge_rows(content: Content) -> list[Row]:
    """Each host, and all of them: from the first run, a row a cause, to the second."""
    names = {cause["cause"]: cause["name"] for cause in content["causes"]}
    rows: list[Row] = []
    for host in _all(content):
        rows.append((host["host"], FROM, *(host["before"][name] for name in _SUMS)))
        rows += [(host["host"], names[cause["cause"]], *(cause[name] for name in _SUMS)) for cause in host["causes"]]
        rows.append((host["host"], TO, *(host["after"][name] for name in _SUMS)))
    return rows


def _all(content: Content) -> list[Any]:
    return [content["all"], *content["hosts"]] if len(content["hosts"]) > 1 else list(content["hosts"])


BRIDGE_HEADINGS = ("Host", "Cause", "Budget", "Cost", "Other terms", "Due")


def bridge(content: Content) -> Table:
    """What each cause moves of the budget, the cost, the other terms and what is due."""
    columns = (Column("Host", width=20), Column("Cause", width=24),
               *(Column(name, Kind.POUNDS) for name in BRIDGE_HEADINGS[2:]))  # fmt: skip
    return Table(
        "Bridge", "From what was due to what is due, cause by cause", "What each cause moves, host by host", columns,
        tuple(bridge_rows(content)), None, (_SIGN,), frozen_columns=2,
    )  # fmt: skip


def hosts(content: Content) -> Table:
    """A row a host: due by the first run, what each cause moves, due by the second."""
    columns = (
        Column("Host", width=44),
        Column(FROM, Kind.POUNDS, summed=True),
        *(Column(cause["name"], Kind.POUNDS, summed=True) for cause in content["causes"]),
        Column(TO, Kind.POUNDS, summed=True),
    )
    rows = tuple(
        (
            f"{host['host']} {host['name']}",
            host["before"]["due_pence"],
            *(cause["due_pence"] for cause in host["causes"]),
            host["after"]["due_pence"],
        )
        for host in content["hosts"]
    )
    total = total_row("All hosts", columns, rows)
    return Table("Hosts", "What is due, host by host", "What is due to each host, by cause", columns, rows, total,
                 (_SIGN,), frozen_columns=1)  # fmt: skip


def cost(content: Content) -> Table:
    """A row a host and setting: its cost by the first run, what each cause moves, its cost by the second."""
    parts = ("before", "volume", "mix", "price", "blocks", "after")
    names = (FROM, "Volume", "Mix", "Price", "Blocks", TO)
    columns = (Column("Host", width=20), Column("Setting", width=20),
               *(Column(name, Kind.POUNDS, summed=True) for name in names))  # fmt: skip
    rows = tuple(
        (host["host"], row["name"], *(row[f"{part}_pence"] for part in parts))
        for host in content["hosts"]
        for row in host["cost"]
    )
    return Table("Cost", "The cost of care by setting", "What moves the cost of care, by setting", columns, rows,
                 total_row("All hosts", columns, rows), (_COST_SIGN,), frozen_columns=2)  # fmt: skip


def facts(content: Content) -> Table:
    """What lies behind each cause, the largest effects of each cause first."""
    columns = (
        Column("Cause", width=18),
        Column("Host", width=14),
        Column("What", width=52),
        Column("Was", width=26),
        Column("Is", width=26),
        Column("How", width=40),
        Column("It moves", width=10),
        Column("By", Kind.POUNDS),
    )
    rows = tuple(
        (
            cause["name"], fact["host"], fact["what"], fact["before"], fact["after"], fact["detail"], fact["moves"],
            fact["pence"] if fact["moves"] else None,
        )
        for cause in content["causes"]
        for fact in content["facts"]
        if fact["cause"] == cause["cause"]
    )  # fmt: skip
    note = "Facts of people move the budget; of volume, mix, price and blocks the cost (above zero is more cost); of "
    note += "terms and adjustments what is due. Where no sum stands, the cause tells what its facts move together."
    return Table("Facts", "What lies behind each cause", "Each fact that differs: what it was, is, and moves", columns,
                 rows, None, (note,), frozen_columns=2)  # fmt: skip


def terms(content: Content) -> Table:
    """What each cause moves, term by term."""
    columns = (
        Column("Host", width=14),
        Column("Cause", width=20),
        Column("Term", width=44),
        Column("The term itself", width=16),
        *(Column(name, Kind.POUNDS) for name in ("Before the cause", "After it", "Difference")),
    )
    names = {cause["cause"]: cause["name"] for cause in content["causes"]}
    rows = tuple(
        (
            host["host"], names[cause["cause"]], row["label"], row["change"] or "as before", row["before_pence"],
            row["after_pence"], row["difference_pence"],
        )
        for host in _all(content)
        for cause in host["causes"]
        for row in cause["terms"]
    )  # fmt: skip
    return Table("Terms by cause", "What the terms make of each cause", "What each cause moves, term by term", columns,
                 rows, None, (_SIGN,), frozen_columns=3)  # fmt: skip


def contract(content: Content) -> Table:
    """What the contract says otherwise in the second run."""
    columns = (Column("Part", width=28), Column("What", width=40), Column("Was", width=60), Column("Is", width=60))
    rows = tuple(
        (change["part"], change["what"], change["before"], change["after"]) for change in content["contract_changes"]
    )
    return Table("Contract", "What the contract says otherwise", "What changed in the contract's words", columns, rows)


def lines(content: Content) -> Table:
    """What became of lines, where it is not the same in both runs."""
    columns = (
        Column("What became of lines", width=52),
        Column("Lines, from", Kind.COUNT),
        Column("Lines, to", Kind.COUNT),
        Column("Submitted, from", Kind.POUNDS),
        Column("Submitted, to", Kind.POUNDS),
    )
    rows = tuple(
        (
            fate["label"], fate["before_lines"], fate["after_lines"], fate["before_submitted_pence"],
            fate["after_submitted_pence"],
        )
        for fate in content["fates"]
    )  # fmt: skip
    return Table("Lines", "What became of lines, over all hosts", "Lines charged and set aside, where that differs",
                 columns, rows)  # fmt: skip


def made_from(content: Content) -> Table:
    """What the runs were made from and is not the same in both."""
    columns = (Column("Kind", width=14), Column("Name", width=70), Column("What", width=20))
    rows = tuple((each["kind"], each["name"], each["what"]) for each in content["made_from"])
    return Table("Made from", "What the runs were made from, where it differs", "Inputs and documents that differ",
                 columns, rows)  # fmt: skip
