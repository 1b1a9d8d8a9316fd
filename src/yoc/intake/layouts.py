"""The layouts that are read: our short name for each field and its names in national files.

Contract monitoring names are those of the NHS Data Dictionary (patient-level contract monitoring, DCB3003), with the
newer names beside the older ones.
"""

from yoc.intake.text_table import Layout

ACTIVITY = Layout(
    "patient-level contract monitoring",
    {
        "financial_month": ("FINANCIAL MONTH",),
        "financial_year": ("FINANCIAL YEAR",),
        "provider": ("ORGANISATION IDENTIFIER (CODE OF PROVIDER)",),
        "commissioner": ("ORGANISATION IDENTIFIER (CODE OF COMMISSIONER)",),
        "person_key": ("NHS NUMBER", "PSEUDO NHS NUMBER"),
        "cds_identifier": ("CDS UNIQUE IDENTIFIER",),
        "non_cds_identifier": ("NON CDS UNIQUE IDENTIFIER",),
        "activity_date": ("ACTIVITY END DATE (CONTRACT MONITORING)",),
        "treatment_function": ("ACTIVITY TREATMENT FUNCTION CODE",),
        "specialised_service": ("SPECIALISED SERVICE CODE",),
        "point_of_delivery": ("POINT OF DELIVERY CODE",),
        "tariff_code": ("TARIFF CODE",),
        "national_tariff": ("NATIONAL TARIFF INDICATOR",),
        "quantity": ("ACTIVITY COUNT (POINT OF DELIVERY)",),
        "total_cost": ("TOTAL COST",),
    },
    optional=frozenset({"treatment_function", "specialised_service", "cds_identifier", "non_cds_identifier"}),
)

REGISTRATIONS = Layout(
    "registrations",
    {
        "person_key": ("PSEUDO NHS NUMBER", "NHS NUMBER"),
        "practice": ("PRIMARY CARE PROVIDER", "GENERAL MEDICAL PRACTICE CODE (PATIENT REGISTRATION)"),
        "registration_type": ("REGISTRATION TYPE",),
        "from_date": ("BUSINESS EFFECTIVE FROM DATE", "BUSINESS EFFECTIVE FROM"),
        "to_date": ("BUSINESS EFFECTIVE TO DATE", "BUSINESS EFFECTIVE TO"),
        "removal_reason": ("REASON FOR REMOVAL",),
    },
    optional=frozenset({"removal_reason"}),
)

PERSONS = Layout(
    "persons",
    {
        "person_key": ("PSEUDO NHS NUMBER", "NHS NUMBER"),
        "birth_date": ("PERSON BIRTH DATE",),
        "death_date": ("PERSON DEATH DATE",),
        "body_mass_index": ("BODY MASS INDEX",),
    },
)

CONDITIONS = Layout(
    "conditions",
    {
        "person_key": ("PSEUDO NHS NUMBER", "NHS NUMBER"),
        "condition": ("CONDITION",),
        "diagnosis_date": ("DIAGNOSIS DATE",),
    },
)

ATTRIBUTION_LIST = Layout(
    "attribution list",
    {
        "person_key": ("PSEUDO NHS NUMBER", "NHS NUMBER"),
        "host": ("HOST CODE", "HOST"),
    },
)

PRACTICES = Layout(
    "practices",
    {
        "practice": ("GENERAL MEDICAL PRACTICE CODE",),
        "neighbourhood": ("NEIGHBOURHOOD CODE",),
        "from_date": ("EFFECTIVE FROM DATE",),
        "to_date": ("EFFECTIVE TO DATE",),
        "successor": ("SUCCESSOR PRACTICE CODE",),
    },
)

NEIGHBOURHOODS = Layout(
    "neighbourhoods",
    {
        "neighbourhood": ("NEIGHBOURHOOD CODE",),
        "host": ("HOST CODE",),
        "from_date": ("EFFECTIVE FROM DATE",),
        "to_date": ("EFFECTIVE TO DATE",),
    },
)

RESULTS = Layout(
    "indicator results",
    {
        "host": ("HOST CODE",),
        "indicator": ("INDICATOR",),
        "numerator": ("NUMERATOR",),
        "denominator": ("DENOMINATOR",),
    },
)

PAYMENTS = Layout(
    "payments on account",
    {
        "financial_year": ("FINANCIAL YEAR",),
        "payment_date": ("PAYMENT DATE",),
        "payer": ("PAYER CODE",),
        "payee": ("PAYEE CODE",),
        "amount": ("AMOUNT",),
        "reference": ("REFERENCE",),
    },
)
