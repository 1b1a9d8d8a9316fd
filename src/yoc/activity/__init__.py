"""Lines become cost: attributed to the host of their date, guarded, priced, and cut at a person's threshold."""

from yoc.activity.cost import (
    Activity,
    CostCell,
    SetAside,
    charge_activity,
    threshold_at_rank,
)
