"""Overlapping registrations: the contract says whose the days are, and nobody ever counts twice on one."""

from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import event, example, given
from hypothesis import strategies as st
from people_world import budgets, lay, said, settled, stopped, units

from yoc.engine import Engine
from yoc.population.count import _SPANS

REFUSE = "overlapping_registrations: refuse"
# Registered with A's practice all year, and with B's from 1 June to 30 September: 61 days, 122 days, 182 days.
WITHIN = ("P1,PA,Regular,2020-01-01,,", "P1,PB,Regular,2025-06-01,2025-09-30,", "P2,PA,Regular,2020-01-01,,")


def rule(name: str) -> tuple[str, str]:
    return REFUSE, f"overlapping_registrations: {name}"


def test_refused_unless_the_contract_has_a_rule(tmp_path: Path):
    found = stopped(lay(tmp_path, WITHIN))
    assert [finding.code for finding in found] == ["REGISTRATION-OVERLAP"]
    assert "`overlapping_registrations`" in found[0].mend


def test_the_earlier_start_keeps_all_its_days(tmp_path: Path):
    content = settled(lay(tmp_path, WITHIN, rule("earlier_start_wins")))
    assert (units(content), budgets(content)) == ([365 + 365, 0], [240_000, 0])
    assert said(content, "REGISTRATION-CUT") == [
        "122 days of registration of 1 people were cut: the registration that began first keeps its days"
    ]


def test_the_later_start_ends_the_earlier_one_for_good(tmp_path: Path):
    content = settled(lay(tmp_path, WITHIN, rule("latest_wins")))
    # 61 days under A, 122 under B; after B's has ended P1 is registered nowhere: A's was ended on 1 June.
    assert units(content) == [61 + 365, 122]
    assert said(content, "REGISTRATION-CUT") == [
        "304 days of registration of 1 people were cut: the later start ends the earlier registration"
    ]


def test_the_later_one_begins_when_the_earlier_one_ends(tmp_path: Path):
    rows = ("P1,PA,Regular,2020-01-01,2025-05-31,", "P1,PB,Regular,2025-05-17,,")
    for name, expected, cut in (("earlier_start_wins", [61, 304], 15), ("latest_wins", [46, 319], 15)):
        content = settled(lay(tmp_path / name, rows, rule(name)))
        assert units(content) == expected
        assert said(content, "REGISTRATION-CUT")[0].startswith(f"{cut} days of registration of 1 people were cut")


@pytest.mark.parametrize("name", ["earlier_start_wins", "latest_wins"])
def test_of_two_that_begin_on_one_day_the_one_that_ends_last_counts_then_the_practice_decides(tmp_path: Path, name):
    longer = ("P1,PA,Regular,2020-01-01,2025-05-31,", "P1,PB,Regular,2020-01-01,,")
    alike = ("P1,PB,Regular,2020-01-01,,", "P1,PA,Regular,2020-01-01,,")
    for place, order in enumerate((longer, longer[::-1])):
        # Under the earlier start B's keeps all; under the latest B's ends A's on the day on which both begin.
        assert units(settled(lay(tmp_path / f"longer {place}", order, rule(name)))) == [0, 365]
    for place, order in enumerate((alike, alike[::-1])):
        assert units(settled(lay(tmp_path / f"alike {place}", order, rule(name)))) == [365, 0]


def test_other_kinds_of_registration_cut_nothing(tmp_path: Path):
    rows = ("P1,PA,Regular,2020-01-01,,", "P1,PB,Temporary,2025-06-01,,")
    for name in ("refuse", "earlier_start_wins", "latest_wins"):
        content = settled(lay(tmp_path / name, rows, rule(name)))
        assert (units(content), said(content, "REGISTRATION-CUT")) == ([365, 0], [])


def test_the_rule_holds_before_the_map_is_asked(tmp_path: Path):
    # PC belongs to no host: days that are its are nobody's, though PA, which is A's, has them too.
    rows = ("P1,PC,Regular,2020-01-01,2025-04-30,", "P1,PA,Regular,2020-02-01,,")
    practices = ("PA,NA,2000-01-01,,", "PC,,2000-01-01,,")
    plan = lay(tmp_path, rows, rule("earlier_start_wins"), files={"practices": practices})
    assert units(settled(plan)) == [365 - 30, 0]


def test_days_before_the_year_or_after_death_are_not_said_to_be_cut(tmp_path: Path):
    rows = ("P1,PA,Regular,2020-01-01,2025-04-02,", "P1,PB,Regular,2024-01-01,,")
    plan = lay(tmp_path, rows, rule("earlier_start_wins"), persons=("P1,1980-01-01,2025-04-01,",))
    content = settled(plan)
    assert units(content) == [1, 0]
    assert said(content, "REGISTRATION-CUT")[0].startswith("1 days of registration of 1 people")


# One person's registrations: the practice, the first day, the day after the last.
stays = st.lists(
    st.tuples(st.sampled_from("XYZ"), st.integers(0, 12), st.integers(1, 8)).map(lambda s: (s[0], s[1], s[1] + s[2])),
    max_size=6,
)


def spans(rule_name: str, registrations: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """What the SQL makes of the registrations of one person."""
    rows = [(number, 1, practice, True, start, end, "") for number, (practice, start, end) in enumerate(registrations)]
    columns = {"row_number": pa.int64(), "person_id": pa.int32(), "practice": pa.string(), "regular": pa.bool_(),
               "from_day": pa.int32(), "to_day": pa.int32(), "fault": pa.string()}  # fmt: skip
    with Engine() as engine:
        engine.give("read_registration", columns, rows)
        engine.run("yoc.population", _SPANS[rule_name])
        found = engine._connection.execute("SELECT practice, from_day, to_day FROM span WHERE from_day < to_day")
        return found.fetchall()


def on_day(rule_name: str, registrations: list[tuple[str, int, int]], day: int) -> str:
    """Whose a day is, asked of that day alone; ``""`` where it is nobody's."""
    begun = [stay for stay in registrations if stay[1] <= day]
    if rule_name == "earlier_start_wins":
        there = [stay for stay in begun if day < stay[2]]
        return min(there, key=lambda stay: (stay[1], -stay[2], stay[0]))[0] if there else ""
    if not begun:
        return ""
    last_start = max(stay[1] for stay in begun)
    practice, _, end = min((stay for stay in begun if stay[1] == last_start), key=lambda stay: (-stay[2], stay[0]))
    return practice if day < end else ""


@pytest.mark.law(
    "Nobody is counted twice on a day, and each day belongs to the practice that the contract's rule names.",
)
@pytest.mark.parametrize("name", ["earlier_start_wins", "latest_wins"])
@given(registrations=stays)
@example(registrations=[("X", 0, 10), ("Y", 2, 4), ("Z", 3, 12)])
@example(registrations=[("X", 0, 3), ("X", 0, 3)])
def test_nobody_is_registered_twice_on_a_day_and_each_day_is_whose_the_rule_says(name, registrations):
    found = spans(name, registrations)
    overlap = any(sum(start <= day < end for _, start, end in registrations) > 1 for day in range(25))
    event(f"{name}: {'registered twice on a day' if overlap else 'never twice'}")
    for day in range(25):
        there = [practice for practice, start, end in found if start <= day < end]
        assert len(there) <= 1
        assert "".join(there) == on_day(name, registrations, day)


@pytest.mark.law("The order of registration rows decides nothing.", 6)
@pytest.mark.parametrize("name", ["earlier_start_wins", "latest_wins"])
@given(registrations=stays, order=st.randoms())
def test_the_order_of_the_rows_means_nothing(name, registrations, order):
    shuffled = order.sample(registrations, len(registrations))
    assert sorted(spans(name, shuffled)) == sorted(spans(name, registrations))


@pytest.mark.law("Where the earlier start wins, no day on which somebody is registered is lost.")
@given(registrations=stays)
def test_the_earlier_start_loses_no_day_on_which_somebody_is_registered(registrations):
    days = {day for _, start, end in registrations for day in range(start, end)}
    kept = {day for _, start, end in spans("earlier_start_wins", registrations) for day in range(start, end)}
    assert kept == days
