"""What can become of a line, and how each is said."""

from yoc.contract.scope import GUARD_REASONS

FATES = {
    "charged": "charged to a host",
    "out_of_year": "outside the contract year",
    "not_counted": "the data set says that the row does not count",
    "other_commissioner": "for another commissioner",
    **GUARD_REASONS,
    "unmapped_point_of_delivery": "the point of delivery is not known",
    "out_of_scope": "outside the contract's scope",
    "no_person": "belongs to no person",
    "before_birth": "dated before the person's birth",
    "after_death": "dated after the person's death",
    "not_registered": "the person was under no host on that day",
    "not_in_cohort": "the person was in no segment on that day",
    "unpriced": "the code or the day has no price, or the line no total, that the contract needs",
    "too_large": "price × count is too large to be real",
    "duplicate": "repeats another line of the same identifier",
}
"""What can become of a line, in the order in which reasons are tried, and how it is said."""
