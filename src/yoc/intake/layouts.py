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

CARE_PRACTICE = Layout(
    "registrations",
    {
        "person_key": ("PSEUDO NHS NUMBER", "DER PSEUDO NHS NUMBER"),
        "practice": ("PRIMARY CARE PROVIDER",),
        "registration_type": ("REGISTRATION TYPE",),
        "from_date": ("BUSINESS EFFECTIVE FROM DATE", "BUSINESS EFFECTIVE FROM"),
        "to_date": ("BUSINESS EFFECTIVE TO DATE", "BUSINESS EFFECTIVE TO"),
        "removal_reason": ("REASON FOR REMOVAL",),
        "board": ("DER ICB OF REGISTRATION",),
    },
    optional=frozenset({"registration_type"}),
)
"""PDS care practice: all of its rows are regular unless it has a column of types. The derived board is what tells it
from a registrations file whose column of types was lost."""

SEGMENT_LISTS = Layout(
    "lists of segments",
    {
        "person_key": ("PSEUDO NHS NUMBER", "NHS NUMBER"),
        "segment": ("SEGMENT",),
        "from_date": ("EFFECTIVE FROM DATE",),
        "to_date": ("EFFECTIVE TO DATE",),
    },
    optional=frozenset({"from_date", "to_date"}),
)

NETWORKS = Layout(
    "networks",
    {
        "practice": ("PARTNER ORGANISATION CODE",),
        "network": ("PCN CODE",),
        "from_date": ("PRACTICE TO PCN RELATIONSHIP START DATE",),
        "to_date": ("PRACTICE TO PCN RELATIONSHIP END DATE",),
    },
)

NETWORK_NEIGHBOURHOODS = Layout(
    "neighbourhoods of networks",
    {
        "network": ("PCN CODE",),
        "neighbourhood": ("NEIGHBOURHOOD CODE",),
        "from_date": ("EFFECTIVE FROM DATE",),
        "to_date": ("EFFECTIVE TO DATE",),
    },
)

SUCCESSORS = Layout(
    "successors of practices",
    {
        "practice": ("GENERAL MEDICAL PRACTICE CODE",),
        "successor": ("SUCCESSOR PRACTICE CODE",),
        "from_date": ("EFFECTIVE FROM DATE",),
    },
)

STATED_TOTALS = Layout(
    "stated totals",
    {
        "host": ("HOST CODE", "HOST"),
        "segment": ("SEGMENT",),
        "day": ("DATE", "MONTH"),
        "people": ("PEOPLE", "NUMBER OF PEOPLE"),
    },
    optional=frozenset({"segment"}),
)

LIST_SIZES = Layout(
    "list sizes",
    {
        "extract_date": ("EXTRACT DATE",),
        "practice": ("CODE",),
        "people": ("NUMBER OF PATIENTS",),
    },
)

OF_PLAN = {
    "registrations": REGISTRATIONS,
    "persons": PERSONS,
    "conditions": CONDITIONS,
    "neighbourhoods": NEIGHBOURHOODS,
    "practices": PRACTICES,
    "networks": NETWORKS,
    "network_neighbourhoods": NETWORK_NEIGHBOURHOODS,
    "successors": SUCCESSORS,
    "indicator_results": RESULTS,
    "payments_on_account": PAYMENTS,
    "attribution_list": ATTRIBUTION_LIST,
    "segment_lists": SEGMENT_LISTS,
    "stated_totals": STATED_TOTALS,
}
"""By the key under `inputs` of a plan that takes such a file, the layouts that no profile reads."""

OF_PEOPLE = (REGISTRATIONS, CARE_PRACTICE, PERSONS, CONDITIONS, ATTRIBUTION_LIST, SEGMENT_LISTS)
"""The layouts whose rows are about one person each."""
