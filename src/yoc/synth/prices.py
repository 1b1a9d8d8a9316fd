"""Prices and market forces indices as the generator needs them: whole pence and whole millionths."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from yoc.core.money import round_half_away

NO_INDEX = 1_000_000
"""An organisation without a published index: 1.000000."""


class MissingPrice(LookupError):
    """The price book has no row for something that the sample's providers deliver."""


@dataclass(frozen=True)
class Prices:
    """Unit prices in pence by (tariff code, point of delivery, treatment function); indices in millionths."""

    unit_prices: Mapping[tuple[str, str, str], int]
    indices: Mapping[str, int]

    def unit_price_pence(self, tariff: str, point_of_delivery: str, treatment_function: str) -> int:
        """The price of one unit: the row naming the point of delivery first, then the one naming the function.

        Raises ``MissingPrice`` where no row fits.

        >>> book = Prices({("A1", "", ""): 100, ("A1", "", "320"): 200, ("A1", "AE", ""): 300}, {})
        >>> book.unit_price_pence("A1", "AE", "320"), book.unit_price_pence("A1", "NEL", "320")
        (300, 200)
        """
        for key in (
            (tariff, point_of_delivery, treatment_function),
            (tariff, point_of_delivery, ""),
            (tariff, "", treatment_function),
            (tariff, "", ""),
        ):
            if key in self.unit_prices:
                return self.unit_prices[key]
        raise MissingPrice(f"no price for {tariff} as {point_of_delivery} in treatment function {treatment_function}")

    def index_millionths(self, provider: str) -> int:
        """The market forces index of a provider in millionths; 1.000000 where it has none."""
        return self.indices.get(provider, NO_INDEX)


def read_prices(prices: Path, market_forces: Path) -> Prices:
    """Read the two text files of a price book."""
    with prices.open(encoding="utf-8", newline="") as file:
        unit_prices = {
            (row["tariff_code"], row["point_of_delivery"], row["treatment_function"]): _whole(
                row["unit_price_pounds"], 100
            )
            for row in csv.DictReader(file)
        }
    with market_forces.open(encoding="utf-8", newline="") as file:
        indices = {row["provider_code"]: _whole(row["market_forces_factor"], 1_000_000) for row in csv.DictReader(file)}
    return Prices(unit_prices, indices)


def cost_pence(price_pence: int, count_thousandths: int, index_millionths: int) -> int:
    """Unit price times count times market forces index, rounded half away from zero to the penny.

    £7,251 at 1.148886 is £8,330.57; two and a half times £0.01 is £0.03.

    >>> cost_pence(725100, 1000, 1148886), cost_pence(1, 2500, 1000000), cost_pence(1, -2500, 1000000)
    (833057, 3, -3)
    """
    return round_half_away(Fraction(price_pence * count_thousandths * index_millionths, 1_000_000_000))


def pounds_text(pence: int) -> str:
    """Pence as plain pounds with two decimals.

    >>> pounds_text(833057), pounds_text(-5)
    ('8330.57', '-0.05')
    """
    return f"{'-' if pence < 0 else ''}{abs(pence) // 100}.{abs(pence) % 100:02d}"


def count_text(thousandths: int) -> str:
    """A count in thousandths without idle zeros.

    >>> count_text(1000), count_text(2500), count_text(-1000)
    ('1', '2.5', '-1')
    """
    size = f"{abs(thousandths) // 1000}.{abs(thousandths) % 1000:03d}".rstrip("0").rstrip(".")
    return f"-{size}" if thousandths < 0 else size


def _whole(text: str, scale: int) -> int:
    """Exact decimal text as a whole number of smaller units; refuses what does not come out whole."""
    scaled = Decimal(text) * scale
    if scaled != scaled.to_integral_value():
        raise ValueError(f"{text} is finer than one {scale}th")
    return int(scaled)
