"""What the Secondary Uses Service says of the distant trust: admitted, outpatient and emergency care.

The first half of the year's admitted files have the column names of one warehouse, the second half the dotted names of
the unified model, as when a commissioner moves from one to the other.
"""

from collections.abc import Callable
from pathlib import Path

from yoc.synth import places
from yoc.synth.national.containers import write_table
from yoc.synth.national.described import Describer, Line
from yoc.synth.national.ledger import FINDING, SET_ASIDE, Ledger
from yoc.synth.prices import pounds_text
from yoc.synth.year import MONTHS, YEAR, YEAR_IN_NAMES, Month

PROVIDER = "ZL1"
ALSO_IN_PLCM = "spell_also_in_sus"
"""The planted fault of contract monitoring whose spells the admitted file holds as well."""
FIRST_UNIFIED_MONTH = 7
NOT_ATTENDED_EVERY = 9
"""Of outpatient appointments, how many there are to one that was missed."""

ADMITTED = (
    "APCS_Ident", "Der_Financial_Year", "Der_Activity_Month", "Der_Provider_Code", "Der_Commissioner_Code",
    "Der_Pseudo_NHS_Number", "GP_Practice_Code", "Hospital_Spell_No", "Admission_Date", "Discharge_Date",
    "Admission_Method", "Patient_Classification", "Main_Specialty_Code", "Treatment_Function_Code",
    "National_POD_Code", "HRG_Code", "Spell_Core_HRG", "Spell_ExcessBedDays", "Tariff_Initial_Amount",
    "Tariff_Total_Payment", "Local_Contractual_Adj", "Net_SLA_Payment", "Tariff_MFF_Payment",
    "Grand_Total_Payment_MFF", "Tariff_Exclusion_Reason",
)  # fmt: skip
_SPELL, _TARIFF = "spell.commissioning", "spell.commissioning.tariff_calculation"
ADMITTED_UNIFIED = (
    "spell.system.spell_id", f"{_SPELL}.service_agreement.provider", f"{_SPELL}.service_agreement.commissioner_derived",
    f"{_SPELL}.service_agreement.line_number", f"{_SPELL}.service_agreement.applicable_costing_period",
    "spell.patient.identity.nhs_number_value", "spell.patient.registration.general_practice",
    "spell.admission.hospital_provider_spell_number", "spell.admission.date", "spell.admission.method",
    "spell.admission.patient_classification", "spell.discharge.date",
    "spell.care_professional_admission.main_specialty",
    "spell.care_professional_admission.treatment_function", f"{_SPELL}.grouping.core_hrg", f"{_TARIFF}.initial_tariff",
    f"{_TARIFF}.tariff_applied", f"{_TARIFF}.excess_bed_days_tariff", f"{_TARIFF}.market_forces_factor",
    f"{_TARIFF}.final_price", f"{_TARIFF}.excluded_from_pbr",
)  # fmt: skip
OUTPATIENT = (
    "OPA_Ident", "Der_Financial_Year", "Der_Activity_Month", "Der_Provider_Code", "Der_Commissioner_Code",
    "Der_Pseudo_NHS_Number", "GP_Practice_Code", "Attendance_Identifier", "Appointment_Date", "First_Attendance",
    "Attendance_Status", "Main_Specialty_Code", "Treatment_Function_Code", "National_POD_Code", "HRG_Code",
    "HRG_Code_OPP", "Tariff_Specialty", "Tariff_OPP", "Tariff_BPT_Adj", "Tariff_Total_Payment", "Net_SLA_Payment",
    "Tariff_MFF_Payment", "Grand_Total_Payment_MFF", "Tariff_Exclusion_Reason",
)  # fmt: skip
EMERGENCY = (
    "EC_Ident", "Der_Financial_Year", "Der_Provider_Code", "Der_Commissioner_Code", "Der_Pseudo_NHS_Number",
    "GP_Practice_Code", "EC_Attendance_Number", "Arrival_Date", "EC_Departure_Date", "EC_Department_Type",
    "SUS_HRG_Code", "SUS_Tariff", "SUS_MFF", "SUS_MFAdjustment", "FinalPrice", "SUS_Tariff_Description",
    "SUS_Costing_Period", "SUS_Excluded",
)  # fmt: skip

_ADMISSIONS = {"NEL": ("21", "1"), "NELST": ("21", "1"), "DC": ("11", "2"), "EL": ("11", "1")}
"""Admission method and patient classification of each point of delivery."""
_NOT_CONSULTANT_LED = "960"


def sus_path(kind: str, month: int) -> str:
    """The path of one file under the data folder.

    >>> sus_path("admitted", 1)
    'sus/admitted/SUS_ADMITTED_2627_M01.csv'
    """
    return f"sus/{kind}/SUS_{kind.upper()}_{YEAR_IN_NAMES}_M{month:02d}.csv"


def costing_period(month: int) -> str:
    """The period as the emergency data set writes it.

    >>> costing_period(1), costing_period(12)
    ('M01 - Apr 2026', 'M12 - Mar 2027')
    """
    return f"M{month:02d} - {MONTHS[month - 1].first_date:%b %Y}"


class SusWriter:
    """Writes the three files of a month; every line is of a trust under a low-volume arrangement."""

    def __init__(self, folder: Path, said: Describer, ledger: Ledger) -> None:
        self._folder, self._said, self._ledger = folder, said, ledger
        self._missed: set[str] = set()
        self.rows = 0

    def write(self, month: Month, lines: list[Line], also_in_plcm: list[Line]) -> None:
        """Write a month of the distant trust; beside it stand spells that contract monitoring holds as well."""
        item = self._said.item
        admitted = [line for line in lines if item(line).point_of_delivery in _ADMISSIONS]
        emergency = [line for line in lines if item(line).point_of_delivery == "AE"]
        outpatient = [line for line in lines if item(line).point_of_delivery.startswith("OP")]
        self._missed = {line.identifier for line in outpatient[1::NOT_ATTENDED_EVERY]}
        unified = month.number >= FIRST_UNIFIED_MONTH
        header, row = (ADMITTED_UNIFIED, self._unified) if unified else (ADMITTED, self._admitted)
        self._write(month, "admitted", header, row, admitted + also_in_plcm)
        self._write(month, "outpatient", OUTPATIENT, self._outpatient, outpatient)
        self._write(month, "emergency", EMERGENCY, self._emergency, emergency)
        path = sus_path("admitted", month.number)
        self._ledger.note(path, "spell_also_in_plcm", FINDING, "LINE-REPEATED", len(also_in_plcm))
        for kind, own in (("admitted", admitted), ("outpatient", outpatient), ("emergency", emergency)):
            path = sus_path(kind, month.number)
            seen = [line for line in own if line.identifier not in self._missed]
            ours = [line for line in seen if self._said.route(line)[1] == places.COMMISSIONER]
            self._ledger.note(path, "low_volume_provider", SET_ASIDE, "low_volume_activity", len(ours))
            self._ledger.note(path, "appointment_not_attended", SET_ASIDE, "not_attended", len(own) - len(seen))

    def _write(
        self, month: Month, kind: str, header: tuple[str, ...], row: Callable[[Line], list[str]], lines: list[Line]
    ) -> None:
        rows = [row(line) for line in lines]
        self.rows += write_table(self._folder / sus_path(kind, month.number), header, rows)

    def _money(self, line: Line) -> tuple[str, str, str]:
        """The price before market forces, what they add, and both together."""
        before, total = self._said.pence_before_market_forces(line), self._said.pence(line)
        return pounds_text(before), pounds_text(total - before), pounds_text(total)

    def _admitted(self, line: Line) -> list[str]:
        said, item = self._said, self._said.item(line)
        method, classification = _ADMISSIONS[item.point_of_delivery]
        before, market_forces, total = self._money(line)
        return [
            line.identifier, str(YEAR), f"{MONTHS[line.month - 1].first_date:%Y%m}", line.provider,
            said.route(line)[1], said.key(line.person), said.practice_shown(line), line.visit, said.start(line),
            said.end(line), method, classification, item.treatment_function, item.treatment_function,
            item.point_of_delivery, item.tariff, item.tariff, "0", before, before, "0.00", before, market_forces,
            total, "",
        ]  # fmt: skip

    def _unified(self, line: Line) -> list[str]:
        said, item = self._said, self._said.item(line)
        method, classification = _ADMISSIONS[item.point_of_delivery]
        before, market_forces, total = self._money(line)
        return [
            line.identifier, line.provider, said.route(line)[1], "", costing_period(line.month),
            said.key(line.person), said.practice_shown(line), line.visit, said.start(line), method, classification,
            said.end(line), item.treatment_function, item.treatment_function, item.tariff, before, before, "0.00",
            market_forces, total, "N",
        ]  # fmt: skip

    def _outpatient(self, line: Line) -> list[str]:
        said, item = self._said, self._said.item(line)
        pod, attended = item.point_of_delivery, line.identifier not in self._missed
        before, market_forces, total = self._money(line) if attended else ("0.00", "0.00", "0.00")
        procedure = item.tariff if pod.startswith("OPPROC") else ""
        specialty = _NOT_CONSULTANT_LED if pod.endswith("NCL") else item.treatment_function
        return [
            line.identifier, str(YEAR), f"{MONTHS[line.month - 1].first_date:%Y%m}", line.provider,
            said.route(line)[1], said.key(line.person), said.practice_shown(line), line.visit, said.end(line),
            "1" if "FA" in pod else "2", "5" if attended else "3", specialty, item.treatment_function, pod,
            item.tariff, procedure, "" if procedure else before, before if procedure else "", "0.00", before, before,
            market_forces, total, "",
        ]  # fmt: skip

    def _emergency(self, line: Line) -> list[str]:
        said, item = self._said, self._said.item(line)
        before, market_forces, total = self._money(line)
        index = said.index_text(line.provider)
        return [
            line.identifier, str(YEAR), line.provider, said.route(line)[1], said.key(line.person),
            said.practice_shown(line), line.visit, said.start(line), said.end(line), "01", item.tariff, before, index,
            market_forces, total, f"Emergency care {item.tariff}", costing_period(line.month), "0",
        ]  # fmt: skip
