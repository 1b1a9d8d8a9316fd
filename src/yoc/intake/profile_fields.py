"""What a profile may name: the kinds of file, the fields of each, and how a field is read unless it says else."""

from collections.abc import Mapping
from typing import Literal

Kind = Literal[
    "activity", "statement", "invoice", "appointments", "list_sizes", "pcn_partners", "care_practice"
]  # fmt: skip
FieldType = Literal["text", "code", "date", "money", "money_as_pence", "count", "whole", "month", "year", "period"]
PeriodRule = Literal["stated", "file_name", "activity_date", "costing_period"]
AmountRule = Literal["total", "price_and_market_forces", "price_times_count", "none"]
CostBasis = Literal["actual", "tariff", "proxy", "nominal"]

PERIOD_RULES: dict[str, str] = {
    "stated": "stated",
    "file_name": "file name",
    "activity_date": "activity date",
    "costing_period": "costing period",
}
"""How an account says which rule gave a row its period."""
AMOUNT_FIELDS: dict[str, tuple[str, ...]] = {
    "total": ("total_cost",),
    "price_and_market_forces": ("net_price", "market_forces"),
    "price_times_count": ("unit_price",),
    "none": (),
}
"""The fields that each rule for the amount reads."""
PERIOD_FIELDS: dict[str, tuple[str, ...]] = {
    "stated": ("financial_month", "financial_year"),
    "file_name": (),
    "activity_date": ("activity_date",),
    "costing_period": ("costing_period",),
}
"""The fields that each rule for the period reads."""

_PERIOD: dict[str, FieldType] = {
    "financial_month": "month",
    "financial_year": "year",
    "costing_period": "period",
    "activity_date": "date",
}
KIND_FIELDS = (
    "provider",
    "commissioner",
    "point_of_delivery",
    "tariff_code",
    "treatment_function",
    "main_specialty",
    "specialised_service",
    "national_tariff",
    "admission_method",
    "patient_classification",
    "attended",
    "department_type",
)
"""The codes of an activity line on which decisions rest: each distinct set of them is decided once."""
OPTIONAL_SUMS = ("supplier_price", "commissioner_price", "home_delivery")
"""Sums of an activity line that are kept beside its amount; where one cannot be read it is left blank and counted."""
_ACTIVITY: dict[str, FieldType] = {
    **_PERIOD,
    "start_date": "date",
    "person_key": "text",
    "practice_responsibility": "code",
    "practice_registration": "code",
    "cds_identifier": "text",
    "non_cds_identifier": "text",
    "spell_identifier": "text",
    "attendance_identifier": "text",
    "emergency_attendance_identifier": "text",
    **dict.fromkeys(KIND_FIELDS, "code"),
    "quantity": "count",
    "total_cost": "money",
    "net_price": "money",
    "market_forces": "money",
    "unit_price": "money",
    **dict.fromkeys(OPTIONAL_SUMS, "money"),
    "vat": "code",
}
_STATEMENT: dict[str, FieldType] = {
    **_PERIOD,
    **dict.fromkeys(("provider", "commissioner", "practice_responsibility", "practice_registration"), "code"),
    **dict.fromkeys(("treatment_function", "service_category", "specialised_service"), "code"),
    **dict.fromkeys(("point_of_delivery", "tariff_code", "national_tariff"), "code"),
    **dict.fromkeys(("planned_activity", "actual_activity"), "count"),
    **dict.fromkeys(("planned_price", "planned_market_forces", "actual_price", "actual_market_forces"), "money"),
}
FIELDS: Mapping[str, Mapping[str, FieldType]] = {
    "activity": _ACTIVITY,
    "statement": _STATEMENT,
    "invoice": {
        **_PERIOD,
        "provider": "code",
        "commissioner": "code",
        "amount": "money",
        "reference": "text",
    },
    "appointments": {
        "month_start": "date",
        "practice": "code",
        "appointments": "whole",
        "status": "text",
        "professional": "text",
        "mode": "text",
        "category": "text",
        "wait": "text",
    },
    "list_sizes": {"extract_date": "date", "practice": "code", "people": "whole"},
    "pcn_partners": {
        "practice": "code",
        "practice_name": "text",
        "practice_commissioner": "code",
        "network": "code",
        "network_name": "text",
        "network_commissioner": "code",
        "from_date": "date",
        "to_date": "date",
    },
    "care_practice": {
        "person_key": "text",
        "practice": "code",
        "from_date": "date",
        "to_date": "date",
        "removal_reason": "text",
        "commissioner": "code",
    },
}
"""Every field that a profile of a kind may name, with its type."""
NEEDED: Mapping[str, tuple[str, ...]] = {
    "activity": ("provider", "commissioner", "person_key", "quantity"),
    "statement": ("provider", "point_of_delivery", "actual_activity", "actual_price"),
    "invoice": ("provider", "amount"),
    "appointments": ("month_start", "practice", "appointments"),
    "list_sizes": ("extract_date", "practice", "people"),
    "pcn_partners": ("practice", "network", "from_date"),
    "care_practice": ("person_key", "practice", "from_date"),
}
"""The fields that a profile of a kind has to give, from a column or a fixed value."""
