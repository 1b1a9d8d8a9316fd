"""The tables of the whole contract: every host side by side, entries, and the account of what came in."""

from typing import Any

from yoc.report.back_pay_tables import back_pay_of_all
from yoc.report.figures import (
    Settlement,
    effects_shown,
    files_total,
    party_label,
    party_names,
    setting_names,
    summary_of,
)
from yoc.report.host_tables import (
    COST_COLUMNS,
    FEW_LINES_NOTE,
    OUTCOME_COLUMNS,
    OUTCOME_NOTES,
    PEOPLE_NOTES,
    cost_figures,
    outcome_cells,
    outcome_keys,
    people_cells,
    people_columns,
    people_keys,
    without_few_lines,
)
from yoc.report.table import Column, Keys, Kind, Row, Table, keyed, total_row
from yoc.report.tie_out_table import tie_outs
from yoc.report.words import every_pound_sentence, price_sentence, row_numbers_in_words, verdict

ALL_HOSTS = "All hosts"
ROWS = ("Rows", "Used", "Rejected", "Superseded")
SUBMITTED = ("Submitted", "Submitted, used", "Submitted, rejected", "Submitted, superseded")
HOST_COLUMN = Column("Host", width=34)
WIDE_HOST_COLUMN = Column("Host", width=56)


def summary(settlement: Settlement) -> Table:
    """One row a host and their totals, as the terminal prints them."""
    settings, effects = setting_names(settlement), effects_shown(settlement)
    columns = (
        HOST_COLUMN,
        Column("Person-years", Kind.DECIMAL),
        Column("Budget", Kind.POUNDS),
        *(Column(name, Kind.POUNDS) for name in settings.values()),
        Column("Cost", Kind.POUNDS),
        Column("Balance", Kind.POUNDS),
        *(Column(title, Kind.POUNDS) for _, title in effects),
        Column("Due to host, or from it (minus)", Kind.POUNDS),
    )

    def row(label: str, person_years: str, by_setting: Any, summary_row: Any) -> Row:
        figures = summary_of(summary_row)
        return (
            label, person_years, figures["budget_pence"], *(by_setting.get(name, 0) for name in settings),
            figures["cost_pence"], figures["balance_pence"], *(figures[name] for name, _ in effects),
            figures["due_pence"],
        )  # fmt: skip

    rows = tuple(
        row(party_label(settlement, host["host"]), host["person_years"], host["cost_by_setting"], host["summary"])
        for host in settlement["hosts"]
    )
    totals = settlement["totals"]
    shown = ("person_years", "budget_pence", *(f"cost:{name}" for name in settings), "cost_pence", "balance_pence",
             *(name for name, _ in effects), "due_pence")  # fmt: skip
    columns_of_figures = [column.name for column in columns[1:]]

    def keys(code: str) -> Keys:
        named = (f"{code}:summary:{name}" if name.endswith("_pence") else f"{code}:{name}" for name in shown)
        return keyed(columns, dict(zip(columns_of_figures, named, strict=True)))

    return Table(
        "Summary", "Summary of all hosts", "One row a host: budget, cost, terms, what is due", columns, rows,
        row(ALL_HOSTS, totals["person_years"], totals["cost_by_setting"], totals),
        ("Cost is the sum of the settings; balance is budget less cost; "
         "the columns from stop-loss to on account are effects on the host and lead from the balance to what is due.",),
        frozen_columns=1, keys=tuple(keys(host["host"]) for host in settlement["hosts"]), total_keys=keys("ALL"),
    )  # fmt: skip


def entries(settlement: Settlement) -> Table:
    """Every movement of money between two parties."""
    columns = (
        Column("Entry", Kind.ORDER),
        Column("Statement of", width=48),
        Column("Clause", width=8),
        Column("Line", width=30),
        Column("Payer", width=48),
        Column("Payee", width=48),
        Column("Amount", Kind.POUNDS),
    )
    names = party_names(settlement)
    labels = {(host["host"], line["name"]): line["label"] for host in settlement["hosts"] for line in host["lines"]}
    rows = tuple(
        (
            entry["sequence"], names.get(entry["host"], entry["host"]), entry["clause"],
            labels.get((entry["host"], entry["name"]), entry["name"]),
            party_label(settlement, entry["payer"]), party_label(settlement, entry["payee"]), entry["pence"],
        )
        for entry in settlement["entries"]
    )  # fmt: skip
    total = (None, "All entries", None, None, None, None, sum(entry["pence"] for entry in settlement["entries"]))
    # An entry that is one of several of its line is no figure of its own.
    pence = {(host["host"], line["name"]): abs(line["pence"]) for host in settlement["hosts"] for line in host["lines"]}
    keys = tuple(
        keyed(columns, {"Amount": f"{entry['host']}:line:{entry['name']}"}
              if pence.get((entry["host"], entry["name"])) == entry["pence"] else {})
        for entry in settlement["entries"]
    )  # fmt: skip
    return Table(
        "Entries", "Entries", "Every movement of money between two parties", columns, rows, total,
        ("Each entry takes its amount from the payer and gives it to the payee, so that over all parties they sum to "
         "nothing. The total is turnover, not money due.",),
        keys=keys,
    )  # fmt: skip


def net_by_party(settlement: Settlement) -> Table:
    """What each party receives less what it pays."""
    columns = (
        Column("Party", width=50),
        Column("Received", Kind.POUNDS, summed=True),
        Column("Paid", Kind.POUNDS, summed=True),
        Column("Net: received less paid", Kind.POUNDS, summed=True),
    )
    rows = tuple(
        (
            party_label(settlement, net["party"]),
            sum(entry["pence"] for entry in settlement["entries"] if entry["payee"] == net["party"]),
            sum(entry["pence"] for entry in settlement["entries"] if entry["payer"] == net["party"]),
            net["pence"],
        )
        for net in settlement["net_by_party"]
    )
    return Table(
        "Net by party", "Net by party", "What each party receives less what it pays", columns, rows,
        total_row("All parties", columns, rows), ("The net of all parties together is nothing.",),
    )  # fmt: skip


def cost(settlement: Settlement) -> Table:
    """Charged care by host, setting and provider: the year's sum over segments and months."""
    settings = setting_names(settlement)
    columns = (WIDE_HOST_COLUMN, Column("Setting"), Column("Provider", width=48), *COST_COLUMNS)
    sums: dict[tuple[str, str, str], list[int]] = {}
    for host in settlement["hosts"]:
        for cell in host["cost_cells"]:
            key = (host["host"], cell["setting"], cell["provider"])
            added = sums.setdefault(key, [0] * len(COST_COLUMNS))
            for index, figure in enumerate(cost_figures(cell)):
                added[index] += int(figure or 0)
    rows: list[Row] = [
        (party_label(settlement, host), settings.get(setting, setting), party_label(settlement, provider), *figures)
        for (host, setting, provider), figures in sums.items()
    ]
    return Table(
        "Cost", "Cost of care", "Charged care by host, setting and provider", columns, without_few_lines(rows, 3),
        total_row(ALL_HOSTS, columns, rows),
        ("Submitted is what providers asked; charged is the contract's price. Each host's statement has it by segment "
         "and month.", FEW_LINES_NOTE),
        keys=tuple(keyed(columns, {"Charged": ":".join((cell[0], "cost", *cell[1:]))}) for cell in sums),
    )  # fmt: skip


def price_reissues(settlement: Settlement) -> Table:
    """What prices that were published again changed in the cost: by provider, to hold its invoice against, and host."""
    columns = (
        Column("Prices", width=34), Column("Published", Kind.DAY), Column("From", Kind.DAY),
        Column("Provider", width=48), WIDE_HOST_COLUMN, Column("Lines", Kind.COUNT),
        Column("Without a price before", Kind.COUNT), Column("Change of the cost", Kind.POUNDS, summed=True),
    )  # fmt: skip
    sums: dict[tuple[str, str, str, str, str], list[int]] = {}
    for host in settlement["hosts"]:
        for part in host.get("price_reissues", ()):
            again = (part["published_on"], part["book"], part["effective_from"])
            added = sums.setdefault((*again, part["provider"], host["host"]), [0, 0, 0])
            for place, name in enumerate(("lines", "lines_without_price_before", "pence")):
                added[place] += part[name]
    rows: list[Row] = [
        (book, published, first, party_label(settlement, provider), party_label(settlement, host), *figures)
        for (published, book, first, provider, host), figures in sorted(sums.items(), key=lambda each: each[0])
    ]
    return Table(
        "Price re-issues", "Prices published again", "What each re-issue of prices changed, by provider and host",
        columns, without_few_lines(without_few_lines(rows, 5), 6), total_row("All re-issues", columns, rows),
        ("Each line was priced and rounded at the prices before and after; the change is the difference of the two.",
         "The cost on the other sheets is at the prices that hold now. A line counts once for each re-issue.",
         FEW_LINES_NOTE),
    )  # fmt: skip


def people(settlement: Settlement) -> Table:
    """People and what they count for, by host, segment and month."""
    columns = (WIDE_HOST_COLUMN, *people_columns(settlement))
    rows = tuple(
        (party_label(settlement, host["host"]), *people_cells(part))
        for host in settlement["hosts"]
        for part in host["people"]
    )
    keys = tuple(
        people_keys(columns, host["host"], part["segment"]) for host in settlement["hosts"] for part in host["people"]
    )
    total = list(total_row(ALL_HOSTS, columns, rows))
    total[5] = settlement["totals"]["person_years"]
    return Table(
        "People", "People counted", "People and their days by host, segment and month", columns, rows, tuple(total),
        PEOPLE_NOTES, frozen_columns=2, keys=keys, total_keys=keyed(columns, {"Person-years": "ALL:person_years"}),
    )  # fmt: skip


def outcomes(settlement: Settlement) -> Table:
    """Each indicator's result and score, host by host."""
    rows = tuple(
        (party_label(settlement, host["host"]), *outcome_cells(outcome))
        for host in settlement["hosts"]
        for outcome in host["outcomes"]
    )
    columns = (WIDE_HOST_COLUMN, *OUTCOME_COLUMNS)
    keys = tuple(
        outcome_keys(columns, host["host"], outcome["indicator"])
        for host in settlement["hosts"]
        for outcome in host["outcomes"]
    )
    return Table(
        "Outcomes", "Outcomes", "Each indicator's result, floor, target and score, by host", columns, rows, None,
        OUTCOME_NOTES, keys=keys,
    )  # fmt: skip


def every_pound(settlement: Settlement) -> Table:
    """What became of every pound that was submitted."""
    files = files_total(settlement)
    columns = (
        Column("What became of it", width=54),
        Column("Rows", Kind.COUNT, summed=True),
        Column("Submitted", Kind.POUNDS, summed=True),
    )
    rows: list[Row] = [
        ("Charged to a host" if part["fate"] == "charged" else f"Set aside: {part['label']}",
         part["lines"], part["submitted_pence"])
        for part in settlement["activity"]["by_fate"]
    ]  # fmt: skip
    rows.append(("Rejected: the row could not be read", files.rejected_rows, files.rejected_pence))
    rows.append(("Superseded by a later load", files.superseded_rows, files.superseded_pence))
    notes = [every_pound_sentence(settlement), price_sentence(settlement)]
    if files.unreadable_sums:
        notes.append(f"{files.unreadable_sums} rejected rows hold no sum that could be read; they count as £0.00 here.")
    return Table(
        "Every pound", "What became of every pound", "Charged, set aside by reason, rejected, superseded", columns,
        tuple(rows), total_row("In the files of activity", columns, rows), tuple(notes),
    )  # fmt: skip


def set_aside(settlement: Settlement) -> Table:
    """Lines that are charged to nobody, by reason and provider."""
    columns = (
        Column("Reason", width=42),
        Column("Detail", width=34),
        Column("Provider", width=48),
        Column("Lines", Kind.COUNT, summed=True),
        Column("Submitted", Kind.POUNDS, summed=True),
    )
    rows = tuple(
        (
            part["label"], part["detail"], party_label(settlement, part["provider"]), part["lines"],
            part["submitted_pence"],
        )
        for part in settlement["activity"]["set_aside"]
    )  # fmt: skip
    return Table(
        "Set aside", "Lines set aside, in the whole contract",
        "Lines that are charged to nobody, by reason and provider", columns,
        without_few_lines(rows, 3),
        total_row("All set aside", columns, rows),
        ("A line that is set aside belongs to no host, and is in no statement's cost.",
         every_pound_sentence(settlement), FEW_LINES_NOTE),
    )  # fmt: skip


def rejected(settlement: Settlement) -> Table:
    """Rows that were kept out: file, field, reason, and where they stand. Never what they hold."""
    columns = (
        Column("File", width=80),
        Column("Field", width=22),
        Column("Reason", width=40),
        Column("Row numbers in the file", width=60),
        Column("Rows", Kind.COUNT, summed=True),
    )
    rows = tuple(
        (
            reject["file"], reject["field"], reject["reason"], row_numbers_in_words(reject["row_numbers"]),
            reject["rows"],
        )
        for reject in settlement["rejects"]
    )  # fmt: skip
    return Table(
        "Rejected", "Rows rejected, in the whole contract", "Rows that could not be read, by file and reason", columns,
        rows, total_row("All rejected", columns, rows),
        ("A rejected row belongs to no host. Ask for it to be corrected and sent again: the next load of the period "
         "replaces this one.",),
    )  # fmt: skip


def files(settlement: Settlement) -> Table:
    """The account of every file: rows and pounds in = used + rejected + superseded."""
    columns = (
        Column("File", width=80),
        Column("Kind", width=34),
        Column("Encoding", width=10),
        Column("Month taken from", width=24),
        Column("SHA-256", width=64),
        *(Column(name, Kind.COUNT, summed=True) for name in ROWS),
        *(Column(name, Kind.POUNDS, summed=True) for name in SUBMITTED),
        Column("Sums not readable", Kind.COUNT, summed=True),
    )
    rows = tuple(_file_row(file) for file in settlement["files"])
    return Table(
        "Files", "Account of the files, in the whole contract", "Rows and pounds of each file, and what became of them",
        columns, rows, total_row("All files", columns, rows),
        ("Rows = used + rejected + superseded, and submitted likewise, for every file.",),
        frozen_columns=1,
    )  # fmt: skip


def _file_figures(file: Any) -> tuple[int, ...]:
    """A file's figures under ``ROWS`` and ``SUBMITTED``."""
    used_pence = file["submitted_pence"] - file["rejected_pence"] - file["superseded_pence"]
    return (
        file["rows"], file["used"], file["rejected"], file["superseded"],
        file["submitted_pence"], used_pence, file["rejected_pence"], file["superseded_pence"],
    )  # fmt: skip


def _file_row(file: Any) -> Row:
    rules = ", ".join(f"{rule} {rows:,}" for rule, rows in file["period_rules"].items())
    return (
        file["file"], file["kind"], file["encoding"], rules, file["sha256"], *_file_figures(file),
        file["unreadable_sums"],
    )  # fmt: skip


def files_by_kind(settlement: Settlement) -> Table:
    """The account of the files added up by kind of file, for the page."""
    columns = (
        Column("Kind of file", width=44),
        Column("Files", Kind.COUNT, summed=True),
        *(Column(name, Kind.COUNT, summed=True) for name in ROWS),
        *(Column(name, Kind.POUNDS, summed=True) for name in SUBMITTED),
    )
    sums: dict[str, list[int]] = {}
    for file in settlement["files"]:
        figures = (1, *_file_figures(file))
        added = sums.get(file["kind"], [0] * len(figures))
        sums[file["kind"]] = [before + figure for before, figure in zip(added, figures, strict=True)]
    rows: list[Row] = [(kind, *figures) for kind, figures in sums.items()]
    return Table(
        "Files by kind", "Account of the files", "Rows and pounds by kind of file", columns, tuple(rows),
        total_row("All files", columns, rows),
        ("Rows = used + rejected + superseded, and pounds likewise, for every file.",),
    )  # fmt: skip


def checks(settlement: Settlement) -> Table:
    """The laws that every settlement must keep, and whether this one does."""
    columns = (
        Column("Check", width=8),
        Column("What must hold", width=44),
        Column("Held", width=8),
        Column("The figures that show it", width=80),
    )
    rows = tuple(
        (check["id"], check["law"], "yes" if check["passed"] else "NO", check["detail"])
        for check in settlement["checks"]
    )
    return Table(
        "Checks", "Checks", "The laws that every settlement must keep", columns, rows, None, (verdict(settlement),)
    )


def findings(settlement: Settlement) -> Table:
    """What the run found that a person should know of."""
    columns = (
        Column("Code", width=20),
        Column("Level", width=10),
        Column("What was found", width=84),
        Column("What to do", width=60),
        Column("File", width=80),
        Column("Rows or lines", Kind.COUNT),
    )
    rows = tuple(
        (
            finding["code"], finding["level"], finding["message"], finding.get("mend", ""), finding.get("file", ""),
            finding.get("count"),
        )
        for finding in settlement["findings"]
    )  # fmt: skip
    return Table(
        "Findings", "What the run found", "Notes and warnings of the run, and what to do about them", columns, rows,
        None,
        ("None of these stopped the run. Each code is explained in the manual.",),
    )  # fmt: skip


def account_tables(settlement: Settlement) -> list[Table]:
    """The tables of what came in, which close every statement."""
    return [set_aside(settlement), rejected(settlement), files(settlement), checks(settlement)]


def commissioner_tables(settlement: Settlement) -> list[Table]:
    """Every table of the commissioner's statement, in order."""
    *account, last = account_tables(settlement)
    compared = tie_outs(settlement)
    # Only a year whose prices were published again has a table of it; older runs know nothing of such.
    again = any(host.get("price_reissues") for host in settlement["hosts"])
    return [
        summary(settlement), entries(settlement), net_by_party(settlement), cost(settlement),
        *([price_reissues(settlement)] if again else []), people(settlement), *back_pay_of_all(settlement),
        outcomes(settlement), every_pound(settlement), *account,
        *([compared] if compared else []), findings(settlement), last,
    ]  # fmt: skip
