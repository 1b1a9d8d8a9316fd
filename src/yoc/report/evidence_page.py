"""The page for auditors: what the tests of this version tried, what came of it, and what a run holds."""

from collections.abc import Mapping, Sequence
from typing import Any

from yoc.core.periods import parse_date
from yoc.report import evidence_tables as tables
from yoc.report.page import page_environment
from yoc.report.table import Table, day_in_words
from yoc.settlement.checks import LAWS

Content = Mapping[str, Any]


def evidence_page(content: Content) -> bytes:
    """The page in UTF-8, in one file that needs no other. ``content`` is that of `evidence.json`."""
    return page_environment().get_template("evidence.html.j2").render(_context(content)).encode()


def _context(content: Content) -> dict[str, Any]:
    record, run = content["tests"], content["run"]
    return {
        "content": content,
        "record": record,
        "recorded_on": _day(record["recorded_on"]),
        "warnings": warnings(content),
        "verdict": verdict(record),
        "headline": headline(content),
        "verdict_class": verdict_class(content),
        "published_sentence": published_sentence(record),
        "sentences": (cases_sentence(record), tests_sentence(record)),
        "seven_laws": tables.seven_laws(record),
        "laws": tables.laws(record),
        "cases": tables.cases(record),
        "published": tables.published(record),
        "worked_examples": tables.worked_examples(record),
        "coverage": tables.coverage(record),
        "faults": tables.faults(record),
        "faults_sentences": faults_sentences(content),
        "search_sentence": search_sentence(record),
        "skipped": tables.skipped(record),
        "failed": tables.failed(record),
        "dependencies": tables.dependencies(content),
        "run": run,
        "run_tables": _run_tables(run) if run else (),
        "store_sentence": store_sentence(run["store"]) if run else "",
        "signature_sentence": signature_sentence(run["signatures"]) if run else "",
    }


def _run_tables(run: Content) -> tuple[Table, ...]:
    return (
        tables.run_checks(run),
        tables.run_totals(run),
        tables.run_counts(run),
        tables.run_findings(run),
        tables.run_hashes(run),
    )


def _day(text: str) -> str:
    return day_in_words(parse_date(text))


def _count(number: int, one: str, more: str) -> str:
    """A count with its noun.

    >>> _count(1, "law", "laws"), _count(1234, "law", "laws")
    ('1 law', '1,234 laws')
    """
    return f"{number:,} {one if number == 1 else more}"


def warnings(content: Content) -> list[str]:
    """What a reader must know before any figure: other code than was tested, a file that changed, a law that failed."""
    found, run = [], content["run"]
    if content["tests"]["only"]:
        found.append(f"Not every test was run for this record, but only: {', '.join(content['tests']['only'])}.")
    if content["tests"]["out_of_time"]:
        number = _count(content["tests"]["out_of_time"], "test", "tests")
        found.append(f"Time was out before {number} could be run for this record.")
    if content["tests"]["failed"]:
        found.append(f"{_count(len(content['tests']['failed']), 'test', 'tests')} failed when this was recorded.")
    if not content["code"]["is_same"]:
        tested, running = content["code"]["tested"], content["code"]["running"]
        found.append(
            "The tests were recorded for another state of the code than the one that runs here, so they are no "
            f"evidence for it. Tested: {_code(tested)}. Running: {_code(running)}."
        )
    if run and not run["code_was_tested"]:
        found.append(
            "The run was settled by another state of the code than the one that was tested. "
            f"Tested: {_code(content['code']['tested'])}. The run: {_code(run['code'])}."
        )
    if run:
        changed = [each["name"] for each in run["files"] if not each["is_whole"]]
        found += [f"Files of the run are not those that its manifest names: {', '.join(changed)}."] if changed else []
        broken = [check["id"] for check in run["checks"] if not check["passed"]]
        found += [f"Checks of the run do not hold: {', '.join(broken)}."] if broken else []
        if run["store"]["is_whole"] is False:
            found.append("The chain of the store's journal is broken.")
    return found


def _code(code: Mapping[str, str]) -> str:
    return f"package {code['package'] or 'not recorded'}, SQL {code['sql'] or 'not recorded'}"


def is_partial(content: Content) -> bool:
    """Whether the record says less than all: time was out, some tests alone were asked for, or it is of other code."""
    record = content["tests"]
    return bool(record["only"] or record["out_of_time"] or not content["code"]["is_same"])


def verdict_class(content: Content) -> str:
    """How the sum-up looks: green is for a whole record of this code in which nothing failed."""
    return "verdict failed" if content["tests"]["failed"] else "banner" if is_partial(content) else "verdict"


def headline(content: Content) -> str:
    """The sum-up in few words. What was not tried is never said to have held."""
    record = content["tests"]
    found = ["Something failed."] if record["failed"] else []
    if is_partial(content):
        known, tried = record["laws"], sum(tables.end_of(law) != "skipped" for law in record["laws"])
        # An older record names the laws alone that were tried.
        of = f" of {len(known):,}" if tried < len(known) or not record["out_of_time"] else ""
        rest = record["out_of_time"] + record["tests"]["skipped"]
        found.append(
            f"Partial record: {_count(tried, 'law', 'laws')} tried{of}; {_count(rest, 'test', 'tests')} did not run."
        )
        if record["only"]:
            found.append("Tests that were not asked for are not counted.")
        if not content["code"]["is_same"]:
            found.append("It is of another state of the code.")
    return " ".join(found) or "All that was tried held."


def published_sentence(record: Content) -> str:
    """Why no published settlement stands in the record."""
    reasons = {each["reason"] for each in record["skipped"] if each["test"].startswith("tests/backtests/")}
    if reasons:
        return f"None was settled when this was recorded: {'; '.join(sorted(reasons))}."
    if record["out_of_time"] or record["only"]:
        return (
            "None was settled when this was recorded: time was out before their tests, or they were not asked for. "
            "They need the published tables, in the folder that YOC_PUBLISHED_DATA names."
        )
    return "None was settled when this was recorded: no test settled one."


def verdict(record: Content) -> str:
    """How many laws were tried, and what came of it, those of the seven too that no law tried."""
    ends = [tables.end_of(law) for law in record["laws"]]
    held, fell, untried = (ends.count(end) for end in ("passed", "failed", "skipped"))
    said = f"{_count(len(ends), 'law', 'laws')}: {held:,} held, {fell:,} did not hold, {untried:,} not tried."
    bare = [
        number for number in LAWS
        if tables.end_of_all(law for law in record["laws"] if law["number"] == int(number)) == "skipped"
    ]  # fmt: skip
    if bare:
        said += f" Of the seven laws below {_count(len(bare), 'was', 'were')} not tried: {', '.join(bare)}."
    return f"{said} Recorded on {_day(record['recorded_on'])} for {record['software']}."


def cases_sentence(record: Content) -> str:
    """How many cases were made up, and how many were kept from past faults."""
    made = sum(law["passing"] + law["failing"] for law in record["laws"])
    kept = sum(law["kept_examples"] for law in record["laws"])
    aside = sum(law["set_aside"] for law in record["laws"])
    labels = sum(len(law["labels"]) for law in record["laws"])
    return (
        f"{_count(made, 'case was', 'cases were')} made up at random and tried, and {_count(kept, 'case', 'cases')} "
        f"kept from past faults; {aside:,} more did not meet a law's conditions and were set aside. They met "
        f"{labels:,} kinds of case that are counted below, such as a limit that is hit or a penny that is left over."
    )


def tests_sentence(record: Content) -> str:
    """How many tests there were in all."""
    ends = record["tests"]
    not_run = ends["skipped"] + record["out_of_time"]
    return (
        f"In all {_count(ends['passed'], 'test', 'tests')} passed, {ends['failed']:,} failed and {not_run:,} "
        "were not run."
    )


def faults_sentences(content: Content) -> tuple[str, ...]:
    """What became of small faults that were put into the code, and for which state of the code."""
    result = content["tests"]["faults"]
    if result is None:
        return ("No result is kept.",)
    # A fault that keeps a test from ever ending is one that the test noticed.
    by_tests, reached = result["noticed_by_tests"] + result["timed_out"], result["total"] - result["noticed_by_types"]
    noticed = by_tests + result["noticed_by_types"]
    of_code = (
        "for the code that was tested here"
        if result["code"] == content["code"]["tested"]["package"]
        else "for another state of the code than the one that was tested here"
        if result["code"]
        else "before the state of the code was recorded with it"
    )
    return (
        f"{_count(result['total'], 'small fault was', 'small faults were')} put into the code one by one. Tests alone "
        f"noticed {by_tests:,} of the {reached:,} that got as far as the tests "
        f"({tables.share_text(by_tests, reached)}). {result['survived']:,} were not noticed, and "
        f"{result['no_tests']:,} stood in code that no quick test runs.",
        f"The type checker had noticed {result['noticed_by_types']:,} others before any test ran. Both together "
        f"noticed {noticed:,} of {result['total']:,} ({tables.share_text(noticed, result['total'])}).",
        f"Made on {_day(result['date'])}, {of_code}. {result['page']} lists each one that was not noticed.",
    )


def search_sentence(record: Content) -> str:
    """The last longer search with fresh seeds."""
    search = record["search"]
    if search is None:
        return "No result is kept."
    failed = f"These failed: {', '.join(search['failed'])}." if search["failed"] else "None failed."
    return (
        f"On {_day(search['date'])} {_count(search['laws'], 'law was', 'laws were')} tried again with fresh seeds for "
        f"{_count(search['minutes'], 'minute', 'minutes')}: {_count(search['cases'], 'case', 'cases')} in "
        f"{_count(len(search['rounds']), 'round', 'rounds')}, with seeds "
        f"{', '.join(str(each['seed']) for each in search['rounds'])}. {failed}"
    )


def signature_sentence(signatures: Sequence[Content]) -> str:
    """How many signatures lie beside the run."""
    if not signatures:
        return "No signature lies beside the run."
    names = ", ".join(each["name"] for each in signatures)
    there = _count(len(signatures), "signature lies", "signatures lie")
    return f"{there} beside the run: {names}. Whether a signature holds is not looked at here."


def store_sentence(store: Content) -> str:
    """Whether the run is in the store, and the hash to which the journal's chain leads."""
    if store["said"]:
        return f"The store could not be read: {store['said']}."
    if not store["entries"] and not store["is_recorded"]:
        return "The run is not recorded in a store."
    recorded = "The run is recorded in the store." if store["is_recorded"] else "The run is not recorded in the store."
    chain = "holds" if store["is_whole"] else "is BROKEN"
    return (
        f"{recorded} The chain of its {_count(store['entries'], 'entry', 'entries')} {chain}; the last hash, which "
        f"changes if any entry before it does, is {store['last_hash'] or 'none'}."
    )
