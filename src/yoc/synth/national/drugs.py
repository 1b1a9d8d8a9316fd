"""Drugs and devices that the tariff leaves out, in the national layouts of their own (DCB2212, DCB3002)."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from yoc.core.money import round_half_away
from yoc.synth.draw import below, pick_weighted
from yoc.synth.lines import OWN_ROUTE, World
from yoc.synth.national.containers import write_table
from yoc.synth.national.described import Describer, Line
from yoc.synth.prices import count_text, pounds_text
from yoc.synth.year import YEAR_IN_NAMES, YEAR_TEXT, Month

PROVIDERS = ("ZA1", "ZA2")
_HEAD = (
    "FINANCIAL MONTH",
    "FINANCIAL YEAR",
    "DATE AND TIME DATA SET CREATED",
    "ORGANISATION IDENTIFIER (CODE OF PROVIDER)",
    "ORGANISATION IDENTIFIER (GP PRACTICE RESPONSIBILITY)",
    "ORGANISATION IDENTIFIER (CODE OF COMMISSIONER)",
    "GENERAL MEDICAL PRACTICE CODE (PATIENT REGISTRATION)",
    "WITHHELD IDENTITY REASON",
    "NHS NUMBER",
    "LOCAL PATIENT IDENTIFIER (EXTENDED)",
    "POSTCODE OF USUAL ADDRESS",
    "PERSON BIRTH DATE",
    "AGE AT ACTIVITY DATE (CONTRACT MONITORING)",
    "PERSON STATED GENDER CODE",
)
_TAIL = (
    "PROVIDER REFERENCE NUMBER",
    "COMMISSIONED SERVICE CATEGORY CODE",
    "SPECIALISED SERVICE CODE",
    "POINT OF DELIVERY CODE",
    "UNIT PRICE (SUPPLIER)",
    "UNIT PRICE (COMMISSIONER)",
)
_VAT = "VALUE ADDED TAX CHARGED INDICATOR (CONTRACT MONITORING)"
# The older names of the trust that sends those, and the newer ones of the other.
DRUG_HEADERS = {
    provider: (
        *_HEAD,
        "ACTIVITY TREATMENT FUNCTION CODE",
        spell,
        attendance,
        f"CLINICAL INTERVENTION DATE ({date})",
        "DRUG NAME (HIGH COST TARIFF EXCLUDED DRUG)",
        "DRUG QUANTITY OR WEIGHT PROPORTION (HIGH COST TARIFF EXCLUDED DRUG)",
        *_TAIL,
        "HOME DELIVERY CHARGE",
        _VAT,
        "TOTAL COST",
    )
    for provider, spell, attendance, date in (
        ("ZA1", "HOSPITAL PROVIDER SPELL NUMBER", "ATTENDANCE IDENTIFIER", "DRUG ADMINISTERED"),
        ("ZA2", "HOSPITAL PROVIDER SPELL IDENTIFIER", "OUTPATIENT ATTENDANCE IDENTIFIER", "DRUG DISPENSED"),
    )
}
DEVICES = (
    *_HEAD,
    "HOSPITAL PROVIDER SPELL NUMBER",
    "ATTENDANCE IDENTIFIER",
    "CLINICAL INTERVENTION DATE (MEDICAL DEVICE IMPLEMENTATION)",
    "MEDICAL DEVICE NAME (HIGH COST TARIFF EXCLUDED DEVICE)",
    "MEDICAL DEVICE QUANTITY (HIGH COST TARIFF EXCLUDED DEVICE)",
    *_TAIL,
    _VAT,
    "TOTAL COST",
)
_PEOPLE_A_DRUG, _PEOPLE_A_DEVICE = {"ZA1": 60, "ZA2": 90}, {"ZA1": 400, "ZA2": 500}
_FEWEST = 4


@dataclass(frozen=True)
class Supply:
    """A drug or device: its prices in pence, whether tax is charged on it, and what bringing it home costs."""

    name: str
    supplier_pence: int
    commissioner_pence: int
    taxed: bool
    home_pence: int = 0

    def total_pence(self, thousandths: int) -> int:
        """What a quantity costs the commissioner: tax at a fifth where it is charged, then delivery.

        >>> Supply("x", 9_000, 10_001, True, 1_250).total_pence(1_000)
        13251
        """
        tax = Fraction(6, 5) if self.taxed else Fraction(1)
        return round_half_away(Fraction(self.commissioner_pence * thousandths, 1000) * tax) + self.home_pence


DRUGS = (
    Supply("Synthetumab 40 mg injection (invented)", 31_690, 32_480, False, 4_150),
    Supply("Inventercept 50 mg injection (invented)", 16_425, 16_840, False, 4_150),
    Supply("Fictinib 200 mg tablets (invented)", 98_125, 99_900, True),
    Supply("Mockimab 120 mg infusion (invented)", 76_240, 78_105, True),
    Supply("Placebept 2 mg intravitreal (invented)", 55_100, 56_035, True),
)
DEVICE_LIST = (
    Supply("Cardiac loop recorder (invented)", 118_500, 121_250, True),
    Supply("Spinal cord stimulator (invented)", 842_000, 861_375, True),
    Supply("Insulin pump (invented)", 219_900, 224_480, False),
)
_QUANTITIES = (1000, 1000, 2000, 500)


@dataclass(frozen=True)
class Supplied:
    """What one month's file of drugs or devices adds up to, for the statement: lines and pence."""

    provider: str
    month: int
    point_of_delivery: str
    thousandths: int
    pence: int


def drugs_path(kind: str, provider: str, month: int) -> str:
    """The path of one file under the data folder.

    >>> drugs_path("drugs", "ZA1", 1)
    'drugs_plcm/DRUGS_PLCM_2627_M01_ZA1.csv'
    """
    return f"{kind}_plcm/{kind.upper()}_PLCM_{YEAR_IN_NAMES}_M{month:02d}_{provider}.csv"


def write_supplies(
    folder: Path, rng: np.random.Generator, provider: str, month: Month, world: World, said: Describer
) -> list[Supplied]:
    """Write a trust's drugs and devices of one month; gives what each file adds up to, a row counting as one."""
    totals = []
    for kind, pod, people_each, supplies in (
        ("drugs", "DRUG", _PEOPLE_A_DRUG, DRUGS),
        ("devices", "DEVICE", _PEOPLE_A_DEVICE, DEVICE_LIST),
    ):
        count = max(_FEWEST, int(world.steady.size) // people_each[provider])
        start, days = world.intensity.days_in(month)
        person = pick_weighted(rng, np.cumsum(world.intensity.weights["heavy"] * days), count)
        day = start[person] + below(rng, days[person])
        which = rng.integers(0, len(supplies), count).tolist()
        much = rng.integers(0, len(_QUANTITIES), count).tolist()
        rows, pence, thousandths = [], 0, 0
        for number in range(count):
            line = Line(provider, month.number, number + 1, int(person[number]), int(day[number]), 0, OWN_ROUTE)
            supply = supplies[which[number]]
            quantity = _QUANTITIES[much[number]] if kind == "drugs" else 1000
            rows.append(_row(line, month, kind, supply, quantity, said))
            pence += supply.total_pence(quantity)
            thousandths += quantity
        header = DRUG_HEADERS[provider] if kind == "drugs" else DEVICES
        write_table(folder / drugs_path(kind, provider, month.number), header, rows)
        totals.append(Supplied(provider, month.number, pod, thousandths, pence))
    return totals


def _row(line: Line, month: Month, kind: str, supply: Supply, thousandths: int, said: Describer) -> list[str]:
    responsibility, commissioner = said.route(line)
    drug = kind == "drugs"
    visit = f"{line.provider}{month.number:02d}{'D' if drug else 'I'}{line.number:06d}"
    head = [
        str(month.number), YEAR_TEXT, month.created(), line.provider, responsibility, commissioner,
        said.practice_shown(line), "", said.key(line.person), "", "", "", said.age(line), said.gender(line),
    ]  # fmt: skip
    care = ["370", "", visit] if drug else [visit, ""]
    tail = [
        said.end(line), supply.name, count_text(thousandths), "", "41", "", "DRUG" if drug else "DEVICE",
        pounds_text(supply.supplier_pence), pounds_text(supply.commissioner_pence),
    ]  # fmt: skip
    home = [pounds_text(supply.home_pence)] if drug else []
    return [*head, *care, *tail, *home, "Y" if supply.taxed else "N", pounds_text(supply.total_pence(thousandths))]
