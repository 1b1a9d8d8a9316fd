"""Which field a header probably is, where no profile has it: its words are compared with those that feeds use."""

import re
from collections.abc import Container, Iterable, Mapping

_WAREHOUSE = ("der", "cln", "sus")
"""What a warehouse puts before its names: derived, cleaned, of the Secondary Uses Service."""
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_OF_PENCE = re.compile(r"\((?:p|pence)\)|\bpence\b", re.IGNORECASE)
_CODE = "(?: (?:code|ods|ods code|id))?"
_PERSON = "(?:client|patient|pt|person|service user|nhs)"
_KEY = "(?:id|key|no|number|pseudonym|pseudo)"
_DONE = "(?:contact|activity|activity end|appointment|appt|call|discharge|attendance|incident|visit|claim|end)"
_PATTERNS: Mapping[str, str] = {
    "financial_month": "(?:(?:fin|financial|activity) )?(?:month|mth)|period",
    "financial_year": "(?:(?:fin|financial|activity) )?(?:year|yr)",
    "provider": f"(?:provider|prov|trust|org|organisation|hospice|site|org code provider){_CODE}",
    "commissioner": f"(?:commissioner|commissioning body|purchaser|payer|(?:paying )?icb|ccg|sub icb){_CODE}",
    "person_key": f"{_PERSON}(?: {_KEY}){{0,2}}|pseudo (?:nhs )?{_KEY}|pseudonym",
    "practice_registration": f"(?:registered |reg )?(?:gp|practice|gp practice|surgery){_CODE}",
    "practice": f"(?:gp|practice|gp practice|surgery|org){_CODE}",
    "activity_date": f"{_DONE} date|date of {_DONE}|date|left|discharged|went home|seen on",
    "start_date": "(?:start|admission|arrival|admitted) date|admitted|admitted on|came in|date of admission",
    "cds_identifier": "(?:unique|cds|record|contact|activity|incident|cad|job) (?:id|no|number|reference)",
    "treatment_function": "tfc|treatment function(?: code)?|spec code",
    "main_specialty": "main spec(?:ialty)?(?: code)?",
    "point_of_delivery": "(?:csu |local )?pod(?: code)?|point of delivery(?: code)?",
    "tariff_code": "(?:hrg|currency|tariff)(?: code)?|(?:team|service|service line)(?: name| type)?",
    "attended": "attended|(?:attendance|contact|appt) (?:status|outcome)|outcome|status|dna",
    "quantity": "(?:(?:activity|contact|attendance|bed) )?(?:count|units|days|nights)|activity|quantity|volume"
    "|(?:no|number) of units|items",
    "total_cost": "(?:(?:total|actual|notional|job|claim|line|final) )?(?:cost|charge|amount|value)|total price|total",
    "unit_price": "(?:(?:unit|nightly|daily|item|contact) )?(?:price|rate)|unit cost",
    "amount": "(?:invoice )?(?:amount|total|value)",
    "reference": "invoice (?:number|no)|ref|reference",
    "people": "patients|list size|number of patients",
    "appointments": "(?:count of )?appointments",
}  # fmt: skip
"""By field, the words of a header, in small letters, one blank between them, without what stands in brackets."""


def words_of(header: str) -> str:
    """A header's words: small letters, one blank between, no brackets, and without what a warehouse puts before.

    >>> words_of("CLN_Activity_Count"), words_of("PseudoNHSNumber"), words_of("Notional cost (p)")
    ('activity count', 'pseudo nhs number', 'notional cost')
    """
    words = [word.lower() for word in _WORD.findall(re.sub(r"\(.*?\)", " ", header))]
    return " ".join(words[1:] if len(words) > 1 and words[0] in _WAREHOUSE else words)


def guess_field(header: str, fields: Iterable[str], taken: Container[str] = ()) -> str:
    """The first field, of those that may still be had, which a header's words stand for; ``""`` where there is none.

    >>> guess_field("Trust ODS", ["person_key", "provider"]), guess_field("Free text", ["provider"])
    ('provider', '')
    """
    words, known = words_of(header), set(fields)
    for field, pattern in _PATTERNS.items():
        # TRUSTCODE does not say where its words end.
        matches = re.fullmatch(pattern, words) or re.fullmatch(pattern.replace(" ", ""), words.replace(" ", ""))
        if matches and field in known and field not in taken:
            return field
    return ""


def is_of_pence(header: str) -> bool:
    """Whether a header says that its sums are in pence.

    >>> is_of_pence("Notional cost (p)"), is_of_pence("Cost in pence"), is_of_pence("Cost (£)")
    (True, True, False)
    """
    return _OF_PENCE.search(header) is not None


def may_be_a_count(header: str) -> bool:
    """Whether a header that is read as nothing may count what was done, so that no row may be taken for one of it.

    >>> may_be_a_count("No. of sessions"), may_be_a_count("Bed units"), may_be_a_count("Note"), may_be_a_count("NoOf")
    (True, True, False, True)
    """
    return re.search(r"\b(?:(?:no|number|count) of|units?|qty|quantity)\b", words_of(header)) is not None
