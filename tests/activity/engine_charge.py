"""Lines priced by the engine's own SQL, without the files around them."""

import pyarrow as pa

from yoc.engine import Engine

DAY, PERIOD = 20544, 2026 * 12 + 1  # 1 April 2026


def charged(
    lines: list[tuple[int, int, int]], *, per_line: bool, basis: str = "book", submitted: list[int] | None = None
) -> tuple[int, int]:
    """The charge for lines of (price in pence, thousandths, index in millionths), whole and the part below a penny."""
    totals = submitted or [0] * len(lines)
    with Engine() as engine:
        engine.give(
            "line_in_hand",
            {"person_id": pa.int32(), "line_id": pa.string(), "combination_id": pa.int32(), "day": pa.int32(),
             "submitted_pence": pa.int64(), "quantity_thousandths": pa.int64(), "period": pa.int32(),
             "file_id": pa.int32(), "row_number": pa.int32(), "birth_day": pa.int32(), "gone_day": pa.int32(),
             "aside": pa.bool_()},
            [
                (1, str(place), place, DAY, totals[place], line[1], PERIOD, 0, place, None, None, False)
                for place, line in enumerate(lines)
            ],
        )  # fmt: skip
        engine.give(
            "decision",
            {"combination_id": pa.int32(), "provider": pa.string(), "setting": pa.string(), "early_fate": pa.string()},
            [(place, "R1H", "outpatient", "") for place in range(len(lines))],
        )  # fmt: skip
        engine.give(
            "period_price",
            {"combination_id": pa.int32(), "price_period": pa.int32(), "price_pence": pa.int64(),
             "index_millionths": pa.int64(), "largest": pa.int64(), "was_priced": pa.bool_()},
            [(place, 0, line[0], line[2], line[0] * line[2], False) for place, line in enumerate(lines)],
        )  # fmt: skip
        engine.give("year_day", dict.fromkeys(("day", "month", "price_period"), pa.int32()), [(DAY, 1, 0)])
        engine.give("test_day_of", dict.fromkeys(("day", "test_day"), pa.int32()), [(DAY, DAY)])
        engine.give(
            "presence_in_hand",
            dict.fromkeys(("person_id", "host_id", "segment_id", "test_day", "from_day", "to_day"), pa.int32()),
            [(1, 1, 1, DAY, DAY, DAY + 1)],
        )
        values = {"first_period": PERIOD, "rounded_per_line": per_line, "basis": basis, "after_death_days": 0}
        engine.run("yoc.activity", "judged_line", **values)
        engine.give_table("line_cell", engine.fetch("yoc.activity", "line_cells"))
        (cell,) = engine.run("yoc.activity", "cost_cells")
    if per_line:
        return cell["amount_high"] * 10**9 + cell["amount_low"], 0
    return divmod(cell["amount_high"] * 10**9 + cell["amount_low"], 10**9)
