"""The sample of every national file, settled: the run names each fault that was planted, and no other.

What was planted stands in `planted_faults.csv`, and what becomes of each line in `what_becomes_of_lines.csv`; both were
counted by the generator while it wrote. Nothing of either is left unchecked: a fault of a new kind fails here until it
is said how the run tells of it.
"""

import csv
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from explaining import not_explained
from yoc.activity.fates import FATES
from yoc.audit.explain import RunRecord
from yoc.cli.commands import app
from yoc.engine import Engine
from yoc.workflow.plan import Job, read_job
from yoc.workflow.reconcile import compute
from yoc.workflow.settle_plan import NoProgress, Outcome, read_files, settle_plan, settle_read
from yoc.workflow.settlement_file import settlement_content
from yoc.workflow.workspace import EVERY_FILE_DATA, EVERY_FILE_PLAN

BASE = "contracts/bnssg-working-age/contract.yaml"
PLANTED, LINES = "planted_faults.csv", "what_becomes_of_lines.csv"
USUAL = {"charged", "other_commissioner", "out_of_scope", "not_registered", "not_in_cohort"}
"""What becomes of lines in which nothing is planted."""
FATES_OF_OUTCOMES = {
    "not_attended": "not_counted",
    "PERIOD-FUTURE": "out_of_year",
    "POD-UNMAPPED": "unmapped_point_of_delivery",
    "PRICE-MISSING": "unpriced",
}
"""The fate of lines for which the list of faults gives another word."""
REASONS = {
    "count_word_tbc": "activity count is not a number",
    "date_impossible": "activity date is not a date",
    "date_month_first": "activity date is not a date",
    "month_13": "financial month is not a whole number from 1 to 12",
    "number_blank": "total cost is blank",
    "number_word_tbc": "total cost is not a sum of money",
    "registration_left_without_end": "to date is blank although the reason for removal says left",
    "row_too_short": "row has another number of columns than the header",
    "submission_mostly_faulty": "total cost is not a sum of money",
    "year_bare": "financial year is not a financial year",
    "year_not_consecutive": "financial year names two years that do not follow each other",
}
"""Why the rows of each fault are rejected."""
OF_FILES = {"ENCODING", "FILE-NOTHING", "LINE-REPEATED", "PERIOD-FUTURE", "REGISTRATION-CUT", "ROW-SUPERSEDED"}
"""Findings of a file that give the number of rows."""
UNCOUNTED = {"ENCODING", "FILE-NOTHING"}
"""Findings of a whole file or provider, without a number of rows."""
OF_THE_RUN = {"MONTH-LIGHT", "POD-UNMAPPED", "PRICE-MISSING", "SPELL-DAYS"}
"""Findings of the whole run, one a code, that give the number of lines."""
DAYS_APART = {"activity_before_birth", "period_in_the_future"}
"""Faults that also put the day over three months before the month that is stated."""
DEFAULT_COMMISSIONERS = {
    "commissioner_q99": "the commissioner is not known",
    "commissioner_vpp00": "a private or overseas patient",
    "commissioner_xmd00": "the Ministry of Defence",
}
PROVIDERS_WITHOUT_INDEX = {"provider_default_code": "89997", "provider_without_index": ""}
"""The provider that the fault is about; blank is that of the file."""
READ_AS_MEANT = {
    "date_day_month_year", "date_excel_serial", "date_month_named", "date_without_separators",
    "line_added_by_restatement", "line_restated", "number_accounting_negative", "number_misencoded_pound_sign",
    "number_pound_sign_windows_1252", "number_with_commas", "number_with_pound_sign", "pod_ae_type1", "pod_lower_case",
    "pod_opfaspc", "pod_trailing_spaces", "spell_also_in_sus", "year_compact", "year_dash", "year_long", "year_slash",
}  # fmt: skip
"""Accepted faults of lines: what was read of them ties out with the statement, and every line has its fate."""
RULES = {
    "period_from_activity_date": ("period_rules", "activity date"),
    "period_from_file_name": ("period_rules", "file name"),
    "pod_ae_type1": ("point_of_delivery_rules", "variant"),
    "pod_opfaspc": ("point_of_delivery_rules", "variant"),
    "pod_adjustm": ("point_of_delivery_rules", "variant"),
    "pod_unmapped": ("point_of_delivery_rules", "unmapped"),
    "practice_responsibility_blank": ("practice_rules", "registration or none"),
    "practice_responsibility_unknown": ("practice_rules", "registration or none"),
}
"""Faults of which the account of the file counts the rows, and under what."""
OF_PEOPLE = {"practice_closed", "practice_merged", "registration_open_after_death"}
"""Accepted faults of files about people: no row is rejected, and the other map of practices counts the same people."""
SAYS_NOTHING = {"practice_registration_blank"}
"""A cell that real feeds leave blank and that no contract needs: no account has a reason to tell of it."""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("settled")
    sizes = ["--people", "700", "--lines", "14000", "--seed", "11"]
    laid = CliRunner().invoke(app, ["synth", "--every-file", "--directory", str(root), *sizes])
    assert laid.exit_code == 0, laid.output
    return root


@pytest.fixture(scope="module")
def planted(workspace: Path) -> list[dict[str, Any]]:
    with (workspace / EVERY_FILE_DATA / PLANTED).open(encoding="utf-8", newline="") as file:
        return [{**row, "rows": int(row["rows"])} for row in csv.DictReader(file)]


@pytest.fixture(scope="module")
def made(workspace: Path) -> Counter[tuple[str, str]]:
    """Lines by file and fate as the generator counted them."""
    with (workspace / EVERY_FILE_DATA / LINES).open(encoding="utf-8", newline="") as file:
        return Counter({(row["file"], row["fate"]): int(row["lines"]) for row in csv.DictReader(file)})


@pytest.fixture(scope="module")
def run(workspace: Path) -> dict[str, Any]:
    """The settlement as the command writes it, with files named as in the list of faults."""
    return named_as_listed(compute(workspace / EVERY_FILE_PLAN))


@pytest.fixture(scope="module")
def found(workspace: Path) -> Counter[tuple[str, str]]:
    """Lines by file and fate as the run judged them."""
    job: Job = read_job(workspace / EVERY_FILE_PLAN)
    with Engine() as engine:
        settle_read(engine, job, read_files(engine, job, NoProgress()), NoProgress())
        lines = engine._connection.execute("SELECT file_id, fate, sum(lines) FROM line_cell GROUP BY ALL").fetchall()
    names = [listed(file.name) for file in job.activity_files]
    return Counter({(names[file], fate): number for file, fate, number in lines})


def listed(name: str) -> str:
    return name.removeprefix(f"{EVERY_FILE_DATA}/")


def named_as_listed(settlement: dict[str, Any]) -> dict[str, Any]:
    for kind in ("files", "rejects", "findings"):
        for row in settlement[kind]:
            row["file"] = listed(row.get("file", ""))
    return settlement


def total(rows: list[dict[str, Any]], *keys: str, **given: str) -> Counter[Any]:
    """The rows of planted faults with these values, by the keys."""
    wanted = (row for row in rows if all(row[name] == value for name, value in given.items()))
    counts: Counter[Any] = Counter()
    for row in wanted:
        counts[tuple(row[key] for key in keys) if len(keys) > 1 else row[keys[0]]] += row["rows"]
    return counts


def provider_of(file: str) -> str:
    return Path(file).name.split(".")[0][-3:]


def changed(path: Path, old: str, new: str) -> str:
    """Change a file; gives its text as it was."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8", newline="\n")
    return text


def test_every_law_holds(run):
    assert all(check["passed"] for check in run["checks"])


def test_what_should_become_of_each_fault_is_known(planted):
    assert {row["fault"] for row in planted if row["expected"] == "rejected"} == set(REASONS)
    accepted = {row["fault"] for row in planted if row["expected"] == "accepted"}
    assert accepted == READ_AS_MEANT | OF_PEOPLE | SAYS_NOTHING | {name for name in RULES if name in accepted}
    assert {row["expected"] for row in planted} == {"accepted", "set_aside", "rejected", "superseded", "finding"}


def test_rejected_rows_are_those_planted_for_their_reasons(run, planted):
    expected: Counter[tuple[str, str]] = Counter()
    for (file, fault), rows in total(planted, "file", "fault", expected="rejected").items():
        expected[file, REASONS[fault]] += rows
    assert (
        Counter({(row["file"], f"{row['field']} {row['reason']}"): row["rows"] for row in run["rejects"]}) == expected
    )
    by_file = Counter({row["file"]: row["rejected"] for row in run["files"]})
    assert +by_file == total(planted, "file", expected="rejected")


def test_superseded_rows_are_those_of_files_that_a_later_one_replaces(run, planted):
    by_file = Counter({row["file"]: row["superseded"] for row in run["files"]})
    assert +by_file == total(planted, "file", expected="superseded")
    assert len(+by_file) == 11


def test_every_line_of_every_file_has_the_fate_for_which_it_was_made(found, made):
    assert found == made


def test_the_settlement_counts_the_same_fates(run, made):
    by_fate: Counter[str] = Counter()
    for (_, fate), lines in made.items():
        by_fate[fate] += lines
    assert Counter({row["fate"]: row["lines"] for row in run["activity"]["by_fate"]}) == by_fate


def test_lines_set_aside_beyond_the_usual_are_those_planted(found, planted):
    expected: Counter[tuple[str, str]] = Counter()
    for (file, outcome), rows in total(planted, "file", "outcome", expected="set_aside").items():
        expected[file, FATES_OF_OUTCOMES.get(outcome, outcome)] += rows
    unusual = Counter({key: lines for key, lines in found.items() if key[1] not in USUAL})
    assert unusual == Counter({key: rows for key, rows in expected.items() if key[1] not in USUAL})
    assert all(found[key] >= rows for key, rows in expected.items())


def test_why_lines_are_another_commissioners_or_do_not_count(run, planted):
    details: Counter[str] = Counter()
    for row in run["activity"]["set_aside"]:
        if row["fate"] in ("other_commissioner", "not_counted"):
            details[row["detail"]] += row["lines"]
    del details[""]
    by_fault = total(planted, "fault", expected="set_aside")
    expected = Counter({words: by_fault[fault] for fault, words in DEFAULT_COMMISSIONERS.items()})
    missed = by_fault["contact_not_attended"] + by_fault["appointment_not_attended"]
    assert details == expected | Counter({"the patient was not seen": missed})
    by_file = Counter({row["file"]: sum(row["not_counted"].values()) for row in run["files"]})
    assert +by_file == total(planted, "file", outcome="not_attended")


def test_accounts_count_what_was_read_in_another_way(run, planted):
    expected: Counter[tuple[str, ...]] = Counter()
    for (file, fault), rows in total(planted, "file", "fault").items():
        if fault in RULES:
            expected[file, *RULES[fault]] += rows
    counted: Counter[tuple[str, ...]] = Counter()
    for row in run["files"]:
        if not row["file"].startswith("plcm/") or row["superseded"]:
            continue
        counted[row["file"], "practice_rules", "registration or none"] = sum(
            rows for rule, rows in row["practice_rules"].items() if rule != "responsibility"
        )
        for kind, usual in (("period_rules", "stated"), ("point_of_delivery_rules", "exact")):
            counted.update({(row["file"], kind, rule): n for rule, n in row[kind].items() if rule != usual})
    assert counted == expected


def test_accepted_rows_are_used_and_tie_out(run, planted):
    accounts = {row["file"]: row for row in run["files"]}
    files = {row["file"] for row in planted if row["expected"] == "accepted"} - {"practices.csv"}
    rejected = total(planted, "file", expected="rejected")
    for file in files:
        account = accounts[file]
        assert account["used"] == account["rows"] - account["superseded"] - rejected[file]
    compared = {(row["rule"], row["provider"]): row["cells_apart"] for row in run["tie_outs"]["totals"]}
    apart = {("activity", "ZA1"): 1, ("drugs", "ZA2"): 1, ("invoice", "ZC1"): 1}
    assert {key: cells for key, cells in compared.items() if cells} == apart
    of_lines = {row["file"] for row in planted if row["fault"] in READ_AS_MEANT}
    assert {("activity", provider_of(file)) for file in of_lines} <= set(compared)
    assert run["tie_outs"]["not_tied"] == []


def index_missing(planted: list[dict[str, Any]]) -> set[str]:
    rows = [row for row in planted if row["outcome"] == "INDEX-MISSING"]
    return {PROVIDERS_WITHOUT_INDEX[row["fault"]] or provider_of(row["file"]) for row in rows}


def of_closed_practice(workspace: Path) -> int:
    """Living people whom the register still has at the practice that closed, on 1 December."""
    day = "2026-12-01"
    folder = workspace / EVERY_FILE_DATA
    with (folder / "persons.csv").open(encoding="utf-8", newline="") as file:
        died = {row["PSEUDO NHS NUMBER"]: row["PERSON DEATH DATE"] or "9999" for row in csv.DictReader(file)}
    with (folder / "pds_care_practice.csv").open(encoding="utf-8", newline="") as file:
        own = [row for row in csv.DictReader(file) if row["PRIMARY CARE PROVIDER"] == "Y90003"]
    open_or_ended = [row for row in own if row["BUSINESS EFFECTIVE TO"] or not row["REASON FOR REMOVAL"]]
    return sum(
        row["BUSINESS EFFECTIVE FROM"] <= day <= (row["BUSINESS EFFECTIVE TO"] or "9999")
        and day <= died[row["PSEUDO NHS NUMBER"]]
        for row in open_or_ended
    )


def expected_findings(
    workspace: Path, planted: list[dict[str, Any]], made: Counter[tuple[str, str]]
) -> Counter[tuple[str, str, int]]:
    """Each finding that the planted faults should give: its code, its file, and the number of rows that it tells."""
    told: Counter[tuple[str, str, int]] = Counter()
    for (file, outcome), rows in total(planted, "file", "outcome").items():
        if outcome in OF_FILES:
            told[outcome, file, 0 if outcome in UNCOUNTED else rows] += 1
    for (file, fault), rows in total(planted, "file", "fault", expected="rejected").items():
        told["ROW-REJECTED", file, rows] += 1
        assert REASONS[fault]
    for (file, fault), rows in total(planted, "file", "fault").items():
        if fault in DAYS_APART:
            told["DATE-APART", file, rows] += 1
    for outcome, rows in total(planted, "outcome").items():
        if outcome in OF_THE_RUN:
            told[outcome, "", rows] += 1
    for rows in total(planted, "fault", outcome="TEN-TIMES").values():
        told["TEN-TIMES", "", rows] += 1
    told["TIE-OUT", "", 0] += total(planted, "outcome")["TIE-OUT"]
    told["INDEX-MISSING", "", 0] += len(index_missing(planted))
    # Of one practice the list has 25 too many; of the one that closed its successor's list has the people. Each of the
    # two days has a total as well.
    sizes = "gp-reg-pat-prac-all.csv"
    assert total(planted, "fault", outcome="LIST-SIZE") == {"list_size_wrong": 1, "list_size_with_people_of_closed": 1}
    told.update([("LIST-SIZE", sizes, 25), ("LIST-SIZE", sizes, of_closed_practice(workspace))])
    told["LIST-SIZE", sizes, 0] += 2
    for fate in FATES:
        lines = sum(number for (_, own), number in made.items() if own == fate)
        if lines and fate not in ("charged", "unmapped_point_of_delivery", "unpriced"):
            told["LINE-SET-ASIDE", "", lines] += 1
    return told


def test_every_finding_is_of_a_planted_fault_and_every_one_is_found(run, workspace, planted, made):
    told = Counter((row["code"], row["file"], row.get("count") or 0) for row in run["findings"])
    assert told == expected_findings(workspace, planted, made)
    known = {code for code, _, _ in told} | {"BACK-PAY"}
    assert {row["outcome"] for row in planted if row["expected"] == "finding"} <= known


def test_findings_name_what_is_planted(run, planted):
    messages: dict[str, list[str]] = {}
    for row in run["findings"]:
        messages.setdefault(row["code"], []).append(row["message"])
    assert {message.split()[1] for message in messages["INDEX-MISSING"]} == index_missing(planted)
    assert [message.split(":")[0] for message in messages["TIE-OUT"]] == [
        "ZA1, 2026/27 month 06, OPFUPSPCL", "ZA2, 2026/27 month 09, DRUG", "ZC1, 2026/27 month 10",
    ]  # fmt: skip
    assert [" ".join(message.split()[:4]) for message in messages["LIST-SIZE"][:2]] == [
        "practice Y90006 on 2026-06-01:", "practice Y90021 on 2026-12-01:",
    ]  # fmt: skip
    assert messages["MONTH-LIGHT"][0].startswith("ZA2, 2026/27 month 12, plcm")
    assert messages["SPELL-DAYS"][0].startswith("ZM1: 1 spell of 2 lines")
    assert all(message.startswith("ZA1, code WF01B at OPFASPCL: 2 lines") for message in messages["TEN-TIMES"])


def test_people_who_were_counted_late_are_made_good_to_the_day(run, workspace, planted):
    (late,) = total(planted, "file", outcome="BACK-PAY").values()
    rows = {row["file"]: row["rows"] for row in run["files"]}
    assert rows["pds_care_practice.csv"] - rows["pds_care_practice_before.csv"] == late
    plan = workspace / EVERY_FILE_PLAN
    data = f"{EVERY_FILE_DATA}/pds_care_practice"
    kept = changed(plan, f"  registrations_before: {data}_before.csv\n", "")
    try:
        changed(plan, f"registrations: {data}.csv", f"registrations: {data}_before.csv")
        first = compute(plan)
    finally:
        plan.write_text(kept, encoding="utf-8", newline="\n")
    for host, before in zip(run["hosts"], first["hosts"], strict=True):
        days = sum(part["units"] for part in host["people"]) - sum(part["units"] for part in before["people"])
        assert sum(month["units"] for month in host["back_pay"]["months"]) == days
    # From June all of them are in, so each month has the same people but for its length and those who left.
    june = sum(month["units"] for host in run["hosts"] for month in host["back_pay"]["months"] if month["month"] == 3)
    assert 0 < june <= 30 * late


def test_practices_without_networks_count_the_same_people(run, workspace):
    plan = workspace / EVERY_FILE_PLAN
    networks = f"  networks: {EVERY_FILE_DATA}/pcn_partners.csv\n"
    kept = changed(plan, networks, f"  practices: {EVERY_FILE_DATA}/practices.csv\n")
    try:
        changed(plan, f"  network_neighbourhoods: {EVERY_FILE_DATA}/network_neighbourhoods.csv\n", "")
        changed(plan, f"  successors: {EVERY_FILE_DATA}/practice_successors.csv\n", "")
        again = named_as_listed(compute(plan))
    finally:
        plan.write_text(kept, encoding="utf-8", newline="\n")
    for name in ("hosts", "entries", "activity"):
        assert again[name] == run[name]
    assert [row["rejected"] for row in again["files"] if row["file"] == "practices.csv"] == [0]


def told(outcome: Outcome, code: str) -> list[str]:
    return [finding.message for finding in outcome.findings if finding.code == code]


def test_without_the_guard_a_block_beside_contacts_is_noticed(workspace):
    base = workspace / BASE
    text = base.read_text(encoding="utf-8")
    guard = next(line for line in text.splitlines() if "reason: block" in line)
    changed(base, guard + "\n", "")
    try:
        outcome = settle_plan(read_job(workspace / EVERY_FILE_PLAN))
    finally:
        base.write_text(text, encoding="utf-8", newline="\n")
    (message,) = told(outcome, "BLOCK-AND-PROXY")
    assert message.startswith("ZC1, community care: a block of £")


def test_a_threshold_refuses_the_file_that_is_mostly_faulty_and_no_other(workspace):
    plan = workspace / EVERY_FILE_PLAN
    text = plan.read_text(encoding="utf-8")
    try:
        plan.write_text(f"{text}thresholds: {{rejected_rows: 5%, when_exceeded: leave_out}}\n", encoding="utf-8")
        outcome = settle_plan(read_job(plan))
    finally:
        plan.write_text(text, encoding="utf-8", newline="\n")
    refused = [Path(finding.file).name for finding in outcome.findings if finding.code == "FILE-REFUSED"]
    assert refused == ["PLCM_2627_M11_ZC1.csv"]


def test_every_figure_is_given_by_what_it_is_made_from(workspace):
    outcome = settle_plan(read_job(workspace / EVERY_FILE_PLAN))
    settlement = settlement_content(outcome, "run")
    assert any("back_pay" in host for host in settlement["hosts"])
    record = RunRecord(settlement, {"made_from": {"documents": {}}}, outcome.trace.cells)
    wrong, seen = not_explained(record)
    assert wrong == {} and seen > 2_500
