"""The threshold at a percentile of people: nearest rank, over everybody who counted, and nobody's own cost."""

import pyarrow as pa
import pytest

from yoc.engine import Engine


def threshold(part, whole, costs, counted, amounts_per_penny=1):
    """Forty people who each have one charged line, among some who have none."""
    with Engine() as engine:
        engine.give("counted", {"person_id": pa.int64()}, [(person,) for person in range(1, counted + 1)])
        rows = [(person, "charged", cost * amounts_per_penny) for person, cost in enumerate(costs, 1)]
        rows.append((1, "out_of_scope", 10**12))
        columns = {"person_id": pa.int64(), "fate": pa.string(), "amount": pa.int64()}
        engine.give("judged_line", columns, rows)
        engine.give_table("person_total", engine.fetch("yoc.activity", "person_totals"))
        (row,) = engine.run(
            "yoc.activity", "threshold_at_rank", part=part, whole=whole, amounts_per_penny=amounts_per_penny
        )
        return row["threshold_pence"], row["people_over"]


COSTS = [10_050 * place for place in range(1, 41)]  # £100.50, £201, £301.50 … £4,020


@pytest.mark.parametrize("scale", [1, 10**9])
def test_the_rank_is_the_nearest_and_the_threshold_whole_hundreds(scale):
    # Half of 40 people is the 20th, at £2,010: up to £2,100. The 21st, at £2,110.50, and 19 more cost more.
    assert threshold(1, 2, COSTS, 40, scale) == (210_000, 20)
    # 51% of 40 is 20.4 people: the 21st, at £2,110.50, up to £2,200, over which are 19 from the 22nd, at £2,211, on.
    assert threshold(51, 100, COSTS, 40, scale) == (220_000, 19)


def test_people_without_a_line_count_at_nothing():
    # Half of 80 people is the 40th, and 40 cost nothing.
    assert threshold(1, 2, COSTS, 80) == (0, 40)
    # 75% of 80 is the 60th: the 20th of those with lines.
    assert threshold(3, 4, COSTS, 80) == (210_000, 20)


def test_a_cost_of_whole_hundreds_is_its_own_threshold_and_credits_count_at_nothing():
    assert threshold(1, 2, [10_000, 20_000], 2) == (10_000, 1)
    assert threshold(1, 2, [-10_000, 20_000], 2) == (0, 1)
