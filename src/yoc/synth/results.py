"""What comes beside activity: indicator results of each host, and monthly payments on account."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from yoc.core.money import split_pence
from yoc.synth import files, layouts, places
from yoc.synth.people import RISK_TWO, People, Standing
from yoc.synth.prices import pounds_text
from yoc.synth.year import MONTHS, YEAR_IN_NAMES, YEAR_TEXT

BUDGET_PENCE_PER_PERSON = 263_000
"""The annual budget of an average member of the cohort that payments on account are sized by."""
_PAID_ON_ACCOUNT_PER_THOUSAND = 9
_PAYMENT_DAY = 15


@dataclass(frozen=True)
class Indicator:
    """An indicator: who is in its denominator and who in its numerator, per thousand, with the lowest and highest."""

    code: str
    denominator: int
    low: int
    high: int
    source: str


INDICATORS = (
    Indicator("emergency_admissions_avoidable", 1000, 24, 37, "Secondary care extract (synthetic)"),
    Indicator("blood_pressure_controlled", 460, 660, 790, "General practice extract (synthetic)"),
    Indicator("hba1c_controlled", 220, 560, 690, "General practice extract (synthetic)"),
    Indicator("anxiety_recovery", 60, 440, 540, "Talking therapies extract (synthetic)"),
    Indicator("care_plan_agreed", 1000, 540, 730, "General practice extract (synthetic)"),
    Indicator("patient_activation_improved", 300, 390, 560, "Patient activation survey (synthetic)"),
)


def cohort_by_host(people: People) -> list[int]:
    """People of the cohort on 1 April, in the order of the hosts."""
    cohort = (people.standing == Standing.STAYER) & (people.profile <= RISK_TWO)
    counts: list[int] = np.bincount(people.host[cohort], minlength=places.NO_HOST)[: places.NO_HOST].tolist()
    return counts


def write_results(folder: Path, rng: np.random.Generator, people: People) -> dict[str, int]:
    """Write indicator results and payments on account; returns their rows."""
    cohort = cohort_by_host(people)
    indicators = []
    for host, count in zip(places.HOST_CODES, cohort, strict=True):
        for indicator in INDICATORS:
            denominator = max(1, count * indicator.denominator // 1000)
            rate = int(rng.integers(indicator.low, indicator.high + 1))
            numerator = (denominator * rate + 500) // 1000
            indicators.append((host, indicator.code, str(numerator), str(denominator), indicator.source))
    payments = []
    for host, count in zip(places.HOST_CODES, cohort, strict=True):
        total = count * BUDGET_PENCE_PER_PERSON * _PAID_ON_ACCOUNT_PER_THOUSAND // 1000
        for month, pence in zip(MONTHS, split_pence(total, [1] * len(MONTHS)), strict=True):
            date = month.first_date.replace(day=_PAYMENT_DAY).isoformat()
            reference = f"POA-{YEAR_IN_NAMES}-{host}-{month.number:02d}"
            payments.append((YEAR_TEXT, date, places.COMMISSIONER, host, pounds_text(pence), reference))
    return {
        "indicator_results": files.write_table(folder / "indicator_results.csv", layouts.INDICATOR_RESULTS, indicators),
        "payments_on_account": files.write_table(
            folder / "payments_on_account.csv", layouts.PAYMENTS_ON_ACCOUNT, payments
        ),
    }
