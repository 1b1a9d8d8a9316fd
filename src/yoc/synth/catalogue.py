"""What the sample's providers deliver: groups of care, the items in them, how often each occurs."""

from dataclasses import dataclass

_ONCE = ((1000, 1),)
_ACUTE_COUNTS = ((1000, 990), (-1000, 6), (2000, 4))
_CONTACT_COUNTS = ((1000, 905), (2000, 60), (3000, 18), (1500, 6), (2500, 4), (500, 3), (-1000, 4))
_BED_DAY_COUNTS = (
    (2000, 12), (3000, 14), (5000, 18), (7000, 14), (9000, 12), (12000, 10), (16000, 8), (21000, 6), (28000, 4),
    (45000, 2),
)  # fmt: skip


@dataclass(frozen=True)
class Group:
    """A group of care: its provider (blank: the acute trusts), its share of lines, its season, who needs it.

    ``need`` is ``mild`` (many people, a little more or less each), ``heavy`` (few people have most of it) or ``mood``
    (heavy, and mostly people with anxiety or depression). ``season`` weighs the twelve months from April.
    """

    name: str
    provider: str
    lines_per_10_000: int
    need: str
    season: tuple[int, ...]


_EVEN = (30, 31, 30, 31, 31, 30, 31, 30, 31, 31, 28, 31)
_WORKING_DAYS = (20, 19, 22, 23, 20, 22, 22, 21, 21, 20, 20, 22)
_WINTER = (29, 29, 28, 29, 28, 29, 32, 33, 37, 36, 32, 33)

GROUPS = (
    Group("primary", "ZG1", 3548, "mild", _WORKING_DAYS),
    Group("community", "ZC1", 2586, "mild", _WORKING_DAYS),
    Group("mental_health", "ZM1", 1700, "mood", _EVEN),
    Group("outpatient", "", 1494, "mild", _WORKING_DAYS),
    Group("department", "", 407, "heavy", _WINTER),
    Group("admission", "", 145, "heavy", _WINTER),
    Group("elective", "", 82, "mild", _WORKING_DAYS),
    Group("specialised", "", 38, "heavy", _EVEN),
)


@dataclass(frozen=True)
class Item:
    """Something delivered, as an activity line describes it.

    ``counts`` are (count in thousandths, weight). ``stay`` is the days from start to end of one unit; a bed day line
    lasts as long as its count. ``price_pence`` is blank where the price book knows the price, given where it does not.
    """

    group: str
    tariff: str
    point_of_delivery: str
    treatment_function: str
    weight: int
    counts: tuple[tuple[int, int], ...] = _ONCE
    stay: int = 0
    local_code: str = ""
    local_description: str = ""
    specialised: str = ""
    price_pence: int | None = None

    @property
    def category(self) -> str:
        """COMMISSIONED SERVICE CATEGORY CODE: specialised care, or care that an ICB commissions."""
        return "21" if self.specialised else "41"

    @property
    def national(self) -> str:
        """NATIONAL TARIFF INDICATOR: Y for codes of a health care resource group, N for local codes and money."""
        local = self.group in {"primary", "community", "mental_health", "money"} or self.price_pence is not None
        return "N" if local else "Y"


def _primary() -> list[Item]:
    rows = (
        ("GPA01", 420, "GPAPPT"), ("GPA02", 200, "GPTEL"), ("GPA03", 150, "NURSE"), ("GPA04", 45, "HOMEVIS"),
        ("GPA05", 95, "PHARM"), ("GPA06", 90, "CAREPLAN"),
    )  # fmt: skip
    return [
        Item("primary", tariff, "OTHER", "", weight, local_code=local, local_description="General practice contact")
        for tariff, weight, local in rows
    ]


def _community() -> list[Item]:
    rows = (
        ("COMDN1", "COMM", "", 330), ("COMPT1", "COMMINIT", "650", 60), ("COMPT1", "COMMSUB", "650", 150),
        ("COMDT1", "COMMINIT", "654", 40), ("COMDT1", "COMMSUB", "654", 70), ("COMPD1", "COMMINIT", "653", 35),
        ("COMPD1", "COMMSUB", "653", 75), ("COMCN1", "COMM", "", 160), ("COMRH1", "COMM", "", 80),
    )  # fmt: skip
    return [Item("community", tariff, pod, function, weight, _CONTACT_COUNTS) for tariff, pod, function, weight in rows]


def _mental_health() -> list[Item]:
    contacts = (("MHC01", "713", 500), ("MHC02", "710", 410), ("MHC03", "710", 80))
    return [
        *(
            Item("mental_health", code, "COMM", function, weight, _CONTACT_COUNTS)
            for code, function, weight in contacts
        ),
        Item("mental_health", "MHB01", "IPOBD", "710", 4, _BED_DAY_COUNTS),
        Item("mental_health", "MHB02", "IPOBD", "710", 2, _BED_DAY_COUNTS),
    ]


def _outpatient() -> list[Item]:
    rows = (
        ("WF01B", "OPFASPCL", (("300", 112), ("320", 112), ("110", 86), ("340", 74))),
        ("WF01A", "OPFUPSPCL", (("300", 110), ("320", 110), ("110", 90), ("340", 80))),
        ("WF02B", "OPFAMPCL", (("300", 20), ("320", 20))),
        ("WF02A", "OPFUPMPCL", (("300", 32), ("320", 32))),
        ("WF01B", "OPFASPNCL", (("650", 40),)),
        ("WF01A", "OPFUPSPNCL", (("650", 70), ("320", 30))),
        ("EY51Z", "OPPROCFUP", (("320", 60),)),
        ("JC42C", "OPPROCFA", (("330", 40),)),
        ("DZ50Z", "OPPROCFUP", (("340", 35),)),
        ("MA38Z", "OPPROCFA", (("502", 25),)),
    )
    return [
        Item("outpatient", tariff, pod, function, weight, _ACUTE_COUNTS)
        for tariff, pod, functions in rows
        for function, weight in functions
    ]


def _emergency() -> list[Item]:
    department = (30, 60, 110, 160, 180, 140, 110, 100, 80, 30)
    codes = ("VB01Z", "VB02Z", "VB03Z", "VB04Z", "VB05Z", "VB06Z", "VB07Z", "VB08Z", "VB09Z", "VB11Z")
    long = (
        ("DZ65A", "340", 110, 6), ("DZ11N", "300", 100, 5), ("EB03B", "320", 80, 8), ("EB07B", "320", 70, 3),
        ("EB12B", "300", 70, 2), ("AA35C", "300", 30, 11), ("FD10H", "301", 90, 3), ("JD07G", "300", 60, 4),
        ("KB02H", "302", 90, 4), ("LA04N", "300", 80, 4), ("LA07M", "361", 40, 6), ("WJ06G", "300", 50, 7),
    )  # fmt: skip
    short = (
        ("DZ65A", "340", 30),
        ("DZ11N", "300", 25),
        ("EB07B", "320", 35),
        ("EB12B", "300", 60),
        ("FD10H", "301", 40),
    )
    return [
        *(Item("department", code, "AE", "180", weight) for code, weight in zip(codes, department, strict=True)),
        *(Item("admission", code, "NEL", tfc, weight, _ACUTE_COUNTS, stay) for code, tfc, weight, stay in long),
        *(Item("admission", code, "NELST", tfc, weight, stay=1) for code, tfc, weight in short),
    ]


def _planned() -> list[Item]:
    day_cases = (("HN24A", 8), ("HN24B", 14), ("HN24C", 22), ("HN45A", 60), ("HC64C", 10))
    electives = (
        ("HN12A", 1), ("HN12B", 1), ("HN12C", 2), ("HN12D", 3), ("HN12E", 5), ("HN12F", 9), ("HN22A", 1), ("HN22B", 1),
        ("HN22C", 2), ("HN22D", 3), ("HN22E", 8), ("HN23C", 4), ("HN24A", 3), ("HC64C", 6),
    )  # fmt: skip
    return [
        *(Item("elective", code, "DC", "110", weight) for code, weight in day_cases),
        *(Item("elective", code, "EL", "110", weight, _ACUTE_COUNTS, 3) for code, weight in electives),
        Item("specialised", "WF01A", "OPFUPSPCL", "361", 60, specialised="NCBPS11B"),
        Item("specialised", "WF01B", "OPFASPCL", "370", 25, specialised="NCBPS01C"),
        Item("specialised", "DZ11N", "NEL", "340", 10, stay=6, specialised="NCBPS29A"),
        Item("specialised", "EB03B", "NEL", "320", 5, stay=9, specialised="NCBPS13B"),
    ]


ITEMS = (*_primary(), *_community(), *_mental_health(), *_outpatient(), *_emergency(), *_planned())

UNPRICED_ITEMS = (
    Item("unpriced", "ZZ99X", "NEL", "300", 0, stay=2, price_pence=184_300),
    Item("unpriced", "ZZ98Y", "OPFUPSPCL", "300", 0, price_pence=12_745),
    Item("unpriced", "COMZZ9", "COMM", "", 0, price_pence=8_810),
)
"""Planted: codes that the price book does not hold."""

# Money that belongs to no patient: provider, point of delivery, pence for each person of the cohort and month.
MONEY_PENCE_PER_PERSON = (
    ("ZA1", "BLOCK", 613), ("ZA1", "CQUIN", 97), ("ZA1", "ADJUSTMENT", -41),
    ("ZA2", "BLOCK", 547), ("ZA2", "CQUIN", 89), ("ZA2", "ADJUSTMENT", 23),
    ("ZM1", "BLOCK", 431), ("ZM1", "CQUIN", 53), ("ZM1", "ADJUSTMENT", -17),
    ("ZC1", "BLOCK", 379), ("ZC1", "CQUIN", 37), ("ZC1", "ADJUSTMENT", 11),
)  # fmt: skip
