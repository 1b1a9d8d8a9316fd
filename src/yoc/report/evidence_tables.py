"""The tables of the page of evidence: laws, cases, published settlements, coverage, small faults, the run, versions."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from yoc.report.table import Column, Kind, Row, Table, total_row
from yoc.settlement.checks import LAWS

Record = Mapping[str, Any]
OUTCOMES = {"passed": "held", "failed": "DID NOT HOLD", "skipped": "not tried"}
"""What became of a law, in a reader's words."""
_NOT_THERE = "not installed"
LOOKED_AT_BY = "looked at by yoc verify"


def share_text(part: int, whole: int) -> str:
    """A share as a rate with one decimal, which `Kind.RATE` shows; of nothing there is none.

    >>> share_text(1, 3), share_text(481, 482), share_text(0, 0)
    ('33.3%', '99.7%', '')
    >>> share_text(9999, 10000)
    '99.9%'
    """
    # Cut, not rounded: what is not all is never shown as 100.0%.
    thousandths = 1000 * part // whole if whole else 0
    return f"{thousandths // 10}.{thousandths % 10}%" if whole else ""


def tried(law: Record) -> int:
    """How many cases a law was tried on: made-up ones, and those kept from past failures."""
    return int(law["passing"] + law["failing"] + law["kept_examples"])


def is_fixed(law: Record) -> bool:
    """Whether a law is tried on one case or a fixed list, such as worked examples, and not on made-up cases."""
    return str(law["tested_by"]) == "one case"


def end_of(law: Record) -> str:
    """What became of a law; one that passed without a case was not tried."""
    nothing = law["outcome"] == "passed" and not tried(law) and not is_fixed(law)
    return "skipped" if nothing else str(law["outcome"])


def laws(record: Record) -> Table:
    """Every law, whether it held, and on how many cases; one that failed or was not tried comes first."""
    columns = (
        Column("No.", Kind.ORDER),
        Column("Law"),
        Column("Outcome"),
        Column("Cases made up", Kind.COUNT),
        Column("Kept from past faults", Kind.COUNT),
        Column("Set aside", Kind.COUNT),
        Column("Seconds", Kind.COUNT),
    )
    rows: list[Row] = [
        (number, law["law"], _outcome(law), law["passing"] + law["failing"], law["kept_examples"], law["set_aside"],
         law["seconds"])
        for number, law in numbered(record)
    ]  # fmt: skip
    return Table("Laws", "Every law", "Every law", columns, tuple(rows))


def numbered(record: Record) -> list[tuple[int, Record]]:
    """The laws in the order of the page, with their numbers: what did not hold, what was not tried, and the rest."""
    order = ("failed", "skipped", "passed")
    by_outcome = sorted(record["laws"], key=lambda law: order.index(end_of(law)))
    return list(enumerate(by_outcome, 1))


def _outcome(law: Record) -> str:
    end = end_of(law)
    if end == "skipped":
        return f"{OUTCOMES[end]}: {law['reason'] or 'no case met its conditions'}"
    return OUTCOMES[end] + ("" if tried(law) else " (a fixed case or list)")


def end_of_all(own: Iterable[Record]) -> str:
    """What became of several laws together: one that failed decides; of none, nothing was tried."""
    ends = {end_of(law) for law in own}
    return "failed" if "failed" in ends else "passed" if "passed" in ends else "skipped"


def seven_laws(record: Record) -> Table:
    """The seven laws that each run is checked against: which of the laws below try them, and on how many cases."""
    columns = (
        Column("No.", Kind.ORDER),
        Column("What each run is checked against"),
        Column("Tried by laws", Kind.COUNT),
        Column("On cases", Kind.COUNT),
        Column("Outcome"),
    )
    rows = []
    for number, title in LAWS.items():
        own = [law for law in record["laws"] if law["number"] == int(number)]
        rows.append((int(number), title, len(own), sum(map(tried, own)), OUTCOMES[end_of_all(own)]))
    return Table("Seven", "The seven laws", "The seven laws", columns, tuple(rows))


def cases(record: Record) -> list[dict[str, Any]]:
    """For each law whose cases are labelled: what the cases met, in how many, and as a share; the commonest first."""
    found = []
    for number, law in numbered(record):
        of = law["passing"]
        labels = sorted(law["labels"].items(), key=lambda each: (-each[1], each[0]))
        if labels:
            rows = [(label, count, share_text(count, of)) for label, count in labels]
            found.append({"number": number, "law": law["law"], "cases": of, "rows": rows})
    return found


def published(record: Record) -> Table:
    """Published settlements, and how many of their figures come out."""
    columns = (
        Column("Scheme"),
        Column("Published figure"),
        Column("Settled", Kind.COUNT),
        Column("Agree", Kind.COUNT),
        Column("Differ", Kind.COUNT),
        Column("Agree within", Kind.TEXT),
    )
    rows = tuple(
        (each["scheme"], each["figure"], each["settled"], each["agreed"], each["settled"] - each["agreed"],
         f"${each['within_pence'] // 100}.{each['within_pence'] % 100:02d}")
        for each in record["published"]
    )  # fmt: skip
    return Table("Published", "Published settlements", "Published settlements", columns, rows)


def worked_examples(record: Record) -> Table:
    """Contracts with worked examples, and how many agree."""
    columns = (Column("Contract"), Column("Worked examples that agree", Kind.COUNT, summed=True))
    rows: tuple[Row, ...] = tuple((each["contract"], each["worked"]) for each in record["worked_examples"])
    total = total_row("All contracts", columns, rows)
    return Table("Examples", "Worked examples", "Worked examples", columns, rows, total)


def coverage(record: Record) -> Table:
    """How much of each pure room the tests ran: statements, and both ways of each branch."""
    names = ("statements", "statements_run", "branches", "branches_run")
    columns = (
        Column("Room"),
        Column("Statements", Kind.COUNT),
        Column("Run", Kind.COUNT),
        Column("Share run"),
        Column("Branches", Kind.COUNT),
        Column("Taken", Kind.COUNT),
        Column("Share taken"),
    )

    def row(label: str, counts: Sequence[int]) -> Row:
        statements, run, branches, taken = counts
        return label, statements, run, share_text(run, statements), branches, taken, share_text(taken, branches)

    rows = tuple(row(each["room"], [each[name] for name in names]) for each in record["coverage"])
    total = row("All", [sum(each[name] for each in record["coverage"]) for name in names])
    return Table("Coverage", "What the tests ran", "What the tests ran", columns, rows, total)


def faults(record: Record) -> Table:
    """Small faults put into the code, by room, and what became of them."""
    names = ("total", "noticed_by_tests", "noticed_by_types", "timed_out", "survived", "no_tests")
    titles = (
        "Faults",
        "Noticed by a test",
        "Noticed by the type check",
        "Ended by time",
        "Not noticed",
        "Without a quick test",
    )
    columns = (Column("Module"), *(Column(title, Kind.COUNT, summed=True) for title in titles))
    rows: tuple[Row, ...] = tuple(
        (each["module"], *(each[name] for name in names)) for each in (record["faults"] or {}).get("modules", ())
    )
    return Table("Faults", "Small faults", "Small faults", columns, rows, total_row("All", columns, rows))


def skipped(record: Record) -> Table:
    """Tests that were not run, each with its reason."""
    columns = (Column("Test"), Column("Why it was not run"))
    rows = tuple((each["test"], each["reason"]) for each in record["skipped"])
    return Table("Skipped", "Tests that were not run", "Tests that were not run", columns, rows)


def failed(record: Record) -> Table:
    """Tests that failed."""
    rows = tuple((test,) for test in record["failed"])
    return Table("Failed", "Tests that failed", "Tests that failed", (Column("Test"),), rows)


def dependencies(content: Record) -> Table:
    """Every library by its version: as locked, as installed when the tests ran, and as installed here."""
    columns = (Column("Library"), Column("For"), Column("Locked"), Column("When tested"), Column("Here"))
    rows = tuple(
        (each["name"], each["used_for"], each["locked"], each["tested"] or _NOT_THERE, each["here"] or _NOT_THERE)
        for each in content["dependencies"]
    )  # fmt: skip
    return Table("Libraries", "Libraries", "Libraries", columns, rows)


def run_checks(run: Record) -> Table:
    """The seven laws on the run's own figures."""
    columns = (Column("No.", Kind.ORDER), Column("What must hold"), Column("Held"), Column("The figures that show it"))
    rows = tuple(
        (int(check["id"]), check["law"], "yes" if check["passed"] else "NO", check["detail"]) for check in run["checks"]
    )
    return Table("Checks", "Checks of the run", "Checks of the run", columns, rows)


def run_totals(run: Record) -> Table:
    """The run's control totals."""
    columns = (Column("Control total"), Column("Amount", Kind.POUNDS))
    rows = tuple(
        (name.removesuffix("_pence").replace("_", " "), pence) for name, pence in run["control_totals_pence"].items()
    )
    return Table("Totals", "Control totals", "Control totals", columns, rows)


def run_counts(run: Record) -> Table:
    """How many files, rows, lines, entries and findings the run has."""
    columns = (Column("What"), Column("How many", Kind.COUNT))
    return Table("Counts", "Counts", "Counts", columns, tuple(run["counts"].items()))


def run_findings(run: Record) -> Table:
    """How often the run found what."""
    columns = (Column("Code"), Column("Level"), Column("Findings", Kind.COUNT))
    rows = tuple((each["code"], each["level"], each["findings"]) for each in run["findings"])
    return Table("Findings", "What the run found", "What the run found", columns, rows)


def run_hashes(run: Record) -> Table:
    """What went into the run and came out of it, by hash, and whether what came out is still the same."""
    columns = (Column("What"), Column("Name"), Column("SHA-256"), Column("Still the same"))
    rows: list[Row] = [("manifest", "manifest.json", run["manifest_sha256"], "names the rest")]
    rows += [("of the run", each["name"], each["sha256"], "yes" if each["is_whole"] else "NO") for each in run["files"]]
    rows += [("document", name, sha256, LOOKED_AT_BY) for name, sha256 in sorted(run["documents"].items())]
    rows += [("input", name, sha256, LOOKED_AT_BY) for name, sha256 in sorted(run["inputs"].items())]
    return Table("Hashes", "Hashes", "Hashes", columns, tuple(rows))
