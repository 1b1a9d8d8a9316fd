"""The layouts of the files about people, places and results: our short name for each field and its names in files.

Feeds of providers, which have many layouts, are read by profiles (``yoc.intake.profile``); their columns are a layout
too.
"""

from yoc.intake.text_table import Layout

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
