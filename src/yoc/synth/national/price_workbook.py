"""Price workbooks in the shape in which national prices are published, first and re-issued, and a table of indices."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from yoc.core.money import round_half_away
from yoc.synth import places
from yoc.synth.national.containers import Sheet, workbook_bytes
from yoc.synth.prices import Prices, pounds_text

FIRST_PATH = "prices/2026-27-prices.xlsx"
REISSUED_PATH = "prices/2026-27-prices-pay-award.xlsx"
INDICES_PATH = "prices/2026-27-market-forces-factors.xlsx"
SYNTHETIC = "SYNTHETIC: made for a sample. Not a publication of NHS England, and no price to pay by."
APC, ATTENDANCES, EMERGENCY, OTHER = "1 APC & OPROC", "2 OP attendances", "3 Emergency care", "4 Non-acute indicative"
_POINTS_OF_APC = ("DC", "EL", "NEL", "NELST")
_ATTENDANCES = ("WF01B", "WF02B", "WF01A", "WF02A")
# The cost uplift before and after the pay award, times the same efficiency: what a first price is of a re-issued one.
_BEFORE_PAY_AWARD = Fraction(10_415, 10_483)
_NONE = "-"
_APC_COLUMNS = (
    "HRG code",
    "HRG name",
    "Outpatient procedure price (£)",
    "Combined day case / ordinary elective spell price (£)",
    "Day case spell price (£)",
    "Ordinary elective spell price (£)",
    "Ordinary elective long stay trim point (days)",
    "Non-elective spell price (£)",
    "Non-elective long stay trim point (days)",
    "Per day long stay payment (for days exceeding trim point) (£)",
    "Reduced short stay emergency spell price (£)",
)

Cells = Sequence[object]


def first_published_pence(reissued: int) -> int:
    """The price before the pay award: whole pounds where the re-issued one is whole, to the penny elsewhere.

    >>> first_published_pence(1_390_000), first_published_pence(11_865)
    (1381000, 11788)
    """
    unit = 100 if reissued % 100 == 0 else 1
    return round_half_away(Fraction(reissued) * _BEFORE_PAY_AWARD / unit) * unit


def write_price_workbooks(folder: Path, prices: Prices) -> None:
    """Write both price workbooks and the indices."""
    (folder / "prices").mkdir()
    first = Prices({key: first_published_pence(pence) for key, pence in prices.unit_prices.items()}, prices.indices)
    for path, book, issue in (
        (FIRST_PATH, first, "First published 1 April 2026, for 1 April 2026 to 31 March 2027"),
        (REISSUED_PATH, prices, "Re-issued 26 June 2026 after the pay award, back-dated to 1 April 2026"),
    ):
        (folder / path).write_bytes(workbook_bytes(_sheets(book, issue)))
    (folder / INDICES_PATH).write_bytes(workbook_bytes(_index_sheets(prices)))


def _sheets(book: Prices, issue: str) -> list[Sheet]:
    return [
        ("Contents", [
            ("2026/27 price workbook (synthetic)",), (SYNTHETIC,), (issue,), (), ("Sheet", "Holds"),
            (APC, "Admitted care and outpatient procedures, by HRG"), (ATTENDANCES, "Outpatient attendances"),
            (EMERGENCY, "Emergency care, by HRG"), (OTHER, "Indicative prices of care outside acute trusts"),
        ]),
        (APC, _with_title("Admitted patient care and outpatient procedure prices (£)", issue, _apc(book))),
        (ATTENDANCES, _with_title("Outpatient attendance prices (£)", issue, _attendances(book))),
        (EMERGENCY, _with_title("Emergency care prices (£)", issue, _emergency(book))),
        (OTHER, _with_title("Indicative prices (£)", issue, _other(book))),
    ]  # fmt: skip


def _with_title(title: str, issue: str, table: list[Cells]) -> list[Cells]:
    """Three rows of words and a blank one, as above every table of a published workbook."""
    return [(title,), (SYNTHETIC,), (issue,), (), *table]


def _price(book: Prices, *key: str) -> object:
    """A price as an exact number, or the dash that means there is none."""
    pence = book.unit_prices.get((key[0], key[1], key[2]))
    return _NONE if pence is None else Decimal(pounds_text(pence))


def _apc(book: Prices) -> list[Cells]:
    """Day case and elective share one column where they share one price, and have their own where they do not."""
    in_care = {tariff for tariff, pod, _ in book.unit_prices if pod in _POINTS_OF_APC}
    procedures = {
        tariff
        for tariff, pod, _ in book.unit_prices
        if pod == "" and tariff[:2].isalpha() and tariff[2:4].isdigit() and tariff not in _ATTENDANCES
    }
    table: list[Cells] = [_APC_COLUMNS]
    for tariff in sorted(in_care | procedures):
        day_case, elective = _price(book, tariff, "DC", ""), _price(book, tariff, "EL", "")
        both = day_case if day_case == elective else _NONE
        alone = (_NONE, _NONE) if both != _NONE or day_case == elective else (day_case, elective)
        table.append(
            (tariff, f"HRG {tariff} (name left out)", _price(book, tariff, "", ""), both, *alone, 15,
             _price(book, tariff, "NEL", ""), 23, _NONE, _price(book, tariff, "NELST", ""))
        )  # fmt: skip
    return table


def _attendances(book: Prices) -> list[Cells]:
    table: list[Cells] = [
        ("Treatment function code", "Treatment function", "WF01B First attendance, single professional",
         "WF02B First attendance, multi-professional", "WF01A Follow-up attendance, single professional",
         "WF02A Follow-up attendance, multi-professional")
    ]  # fmt: skip
    functions = sorted({function for tariff, _, function in book.unit_prices if tariff in _ATTENDANCES})
    for function in functions:
        words = f"Treatment function {function}" if function else "Any other consultant-led treatment function"
        prices = (_price(book, tariff, "", function) for tariff in _ATTENDANCES)
        table.append((function or "Other", words, *prices))
    first, follow_up = (
        _price(book, "WF01B", "OPFASPNCL", ""),
        _price(book, "WF01A", "OPFUPSPNCL", ""),
    )
    table.append(("NCL", "Not led by a consultant", first, _NONE, follow_up, _NONE))
    return table


def _emergency(book: Prices) -> list[Cells]:
    codes = sorted({tariff for tariff, pod, _ in book.unit_prices if pod == "AE"})
    return [
        ("HRG code", "HRG name", "Type 1 and 2 departments (£)", "Type 3 departments (£)"),
        *((code, f"Emergency care {code}", _price(book, code, "AE", ""), _NONE) for code in codes),
    ]


def _other(book: Prices) -> list[Cells]:
    codes = sorted(
        {tariff for tariff, pod, _ in book.unit_prices if pod == "" and tariff.startswith(("COM", "MH", "GPA"))}
    )
    return [
        ("Code", "Description", "Indicative price (£)"),
        *((code, f"Local code {code}", _price(book, code, "", "")) for code in codes),
    ]


def _index_sheets(prices: Prices) -> list[Sheet]:
    names = dict(places.PROVIDERS)
    rows: list[Cells] = []
    for provider in sorted(prices.indices):
        millionths = prices.indices[provider]
        payment = Decimal(millionths).scaleb(-6)
        # The underlying index is the same, rebased: percentage differences between providers are equal.
        underlying = Decimal(round_half_away(Fraction(millionths * 9, 10))).scaleb(-6)
        rows.append((provider, names.get(provider, f"Provider {provider}"), underlying, payment))
    return [
        ("Contents", [("2026/27 market forces factors (synthetic)",), (SYNTHETIC,)]),
        ("MFF", [
            ("Market forces factor values",), (SYNTHETIC,), (),
            ("ODS code", "Provider", "Underlying index", "Payment index"), *rows,
        ]),
    ]  # fmt: skip
