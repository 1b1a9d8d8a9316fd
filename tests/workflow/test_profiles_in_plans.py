"""A plan with files of two feeds: each is read by its profile, and the contract can tell their lines apart."""

import pytest
from small_world import PLAN, lay, table

from yoc.core.findings import FindingsError
from yoc.intake.profile_set import built_in_profiles
from yoc.workflow.plan import read_job
from yoc.workflow.reconcile import compute

SCOPE = "    - {setting: emergency, when: {point_of_delivery: AE}}\n"
COMMUNITY = SCOPE + "    - {setting: community, when: {data_set: csds_contacts}}\n"
BUDGET = ("emergency: £0}", "emergency: £0, community: £0}")
CONTACTS = (
    # P1 is Host B's in August; the second was not seen. VB01Z costs £100 in the book.
    "P,C,P1,2026-08-10,5,VB01Z",
    "P,C,P1,2026-08-11,7,VB01Z",
)


def plan_with(root, *edits, item: str = "{files: data/contacts.csv, profile: csds_contacts}"):
    plan = lay(root, *edits)
    table(root, "data/contacts.csv", "OrgID_Provider,OrgID_Commissioner,Person_ID,Contact_Date,AttendOrNot,TeamType",
          CONTACTS)  # fmt: skip
    text = plan.read_text(encoding="utf-8")
    assert "  activity: data/activity.csv\n" in text
    listed = f"  activity:\n    - data/activity.csv\n    - {item}\n"
    plan.write_text(text.replace("  activity: data/activity.csv\n", listed), encoding="utf-8")
    return plan


def cost(settlement, host: str, setting: str) -> int:
    return next(each["cost_by_setting"][setting] for each in settlement["hosts"] if each["host"] == host)


@pytest.mark.parametrize("item", ["{files: data/contacts.csv, profile: csds_contacts}", "data/contact*.csv"])
def test_contacts_are_charged_at_the_book_beside_contract_monitoring(tmp_path, item):
    settlement = compute(plan_with(tmp_path, (SCOPE, COMMUNITY), BUDGET, item=item))
    assert (cost(settlement, "B", "community"), cost(settlement, "A", "community")) == (10_000, 0)
    file = next(file for file in settlement["files"] if file["file"] == "data/contacts.csv")
    assert (file["profile"], file["used"], file["not_counted"]) == ("csds_contacts", 2, {"the patient was not seen": 1})
    (aside,) = [part for part in settlement["activity"]["set_aside"] if part["fate"] == "not_counted"]
    assert (aside["lines"], aside["detail"]) == (1, "the patient was not seen")
    assert all(check["passed"] for check in settlement["checks"])


def test_a_guard_can_keep_proxies_out(tmp_path):
    guard = "    - {reason: block, when: {point_of_delivery: BLOCK}}\n"
    both = guard + "    - {reason: block, when: {cost_basis: proxy}}\n"
    settlement = compute(plan_with(tmp_path, (SCOPE, COMMUNITY), BUDGET, (guard, both)))
    assert cost(settlement, "B", "community") == 0
    assert [part["lines"] for part in settlement["activity"]["set_aside"] if part["fate"] == "block"] == [1]


def test_the_emergency_cost_is_what_it_was_without_the_contacts(tmp_path):
    before = compute(lay(tmp_path / "before"))
    after = compute(plan_with(tmp_path / "after", (SCOPE, COMMUNITY), BUDGET))
    for host in ("A", "B"):
        assert cost(after, host, "emergency") == cost(before, host, "emergency")


def test_one_mapping_alone_may_stand_for_the_list(tmp_path):
    plan = lay(tmp_path)
    text = plan.read_text(encoding="utf-8")
    plan.write_text(
        text.replace("activity: data/activity.csv", "activity: {files: data/activity.csv}"), encoding="utf-8"
    )
    assert cost(compute(plan), "A", "emergency") == cost(compute(lay(tmp_path / "other")), "A", "emergency")


def test_a_profile_that_is_none_is_told_at_its_place(tmp_path):
    plan = plan_with(tmp_path, item="{files: data/contacts.csv, profile: csds}")
    with pytest.raises(FindingsError) as caught:
        compute(plan)
    (finding,) = caught.value.findings
    assert (finding.code, finding.file, finding.line) == ("PROFILE-UNKNOWN", PLAN, 15)


def test_a_second_run_reads_no_lines_and_no_people_as_text(tmp_path, monkeypatch):
    from yoc.intake import canonical_lines, canonical_people

    plan = plan_with(tmp_path, (SCOPE, COMMUNITY), BUDGET)
    first = compute(plan)

    def refuse(*_):
        raise AssertionError("a file was read as text")

    for reader in (canonical_lines, canonical_people):
        monkeypatch.setattr(reader, "open_text_table", refuse)
    assert compute(plan) == first
    # Two files of lines, and three about people, of which no sums lie beside the rows.
    kept = tmp_path / "data/.canonical"
    assert (len(list(kept.glob("*.parquet"))), len(list(kept.glob("*.parts")))) == (2 + 3, 2)


def local_profile(root, name: str, text: str | None = None) -> None:
    (root / "profiles").mkdir(exist_ok=True)
    plcm = built_in_profiles().named("csds_contacts").text
    own = plcm.replace("profile: csds_contacts", f"profile: {name}") if text is None else text
    (root / f"profiles/{name}.yaml").write_text(own, encoding="utf-8")


def test_a_local_profile_that_reads_no_file_is_no_part_of_the_run(tmp_path):
    plan = plan_with(tmp_path, (SCOPE, COMMUNITY), BUDGET)
    before = read_job(plan).documents
    local_profile(tmp_path, "mine")
    assert read_job(plan).documents == before
    text = plan.read_text(encoding="utf-8")
    plan.write_text(text.replace("profile: csds_contacts", "profile: mine"), encoding="utf-8")
    assert read_job(plan).documents == before | {"profile mine": tmp_path / "profiles/mine.yaml"}


def test_files_that_a_local_and_a_national_profile_fit_stop_the_run(tmp_path):
    plan = plan_with(tmp_path, (SCOPE, COMMUNITY), BUDGET, item="data/contacts.csv")
    local_profile(tmp_path, "mine")
    with pytest.raises(FindingsError) as caught:
        compute(plan)
    assert [(each.code, each.file) for each in caught.value.findings] == [("PROFILE-UNKNOWN", "data/contacts.csv")]


def test_a_faulty_local_profile_stops_the_run(tmp_path):
    plan = plan_with(tmp_path, (SCOPE, COMMUNITY), BUDGET)
    local_profile(tmp_path, "mine", "profile: mine\n")
    with pytest.raises(FindingsError) as caught:
        compute(plan)
    assert {each.file for each in caught.value.findings} == {"profiles/mine.yaml"}
