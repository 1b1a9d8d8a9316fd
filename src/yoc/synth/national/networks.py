"""Practices with a closure and a merger, the networks that they belong to, and the neighbourhood of each network."""

from pathlib import Path

from yoc.synth import files, layouts, places
from yoc.synth.national.ledger import ACCEPTED, Ledger
from yoc.synth.year import FIRST_DAY, day_text

PRACTICES_PATH, NEIGHBOURHOODS_PATH = "practices.csv", "neighbourhoods.csv"
PARTNERS_PATH, NETWORKS_PATH = "pcn_partners.csv", "network_neighbourhoods.csv"
SUCCESSORS_PATH = "practice_successors.csv"
MERGED, MERGED_INTO, MERGED_ON_DAY = 40, 41, 274
"""The practice that is merged into its neighbour, and the days from 1 April to its last one, 31 December."""
PARTNERS = (
    "Partner Organisation Code",
    "Partner Name",
    "Practice Parent Sub ICB Location Code",
    "Practice Parent Sub ICB Location Name",
    "PCN Code",
    "PCN Name",
    "PCN Parent Sub ICB Location Code",
    "PCN Parent Sub ICB Location Name",
    "Practice to PCN Relationship Start Date",
    "Practice to PCN Relationship End Date",
)
SUCCESSORS = ("GENERAL MEDICAL PRACTICE CODE", "SUCCESSOR PRACTICE CODE", "EFFECTIVE FROM DATE")
NETWORKS = ("PCN CODE", "NEIGHBOURHOOD CODE", "EFFECTIVE FROM DATE", "EFFECTIVE TO DATE")
_TWO_NETWORKS = frozenset({"N01", "N08"})
_OUTSIDE_NETWORK = "U90099"
_ENDS = {
    places.CLOSING: (places.CLOSED_ON, places.SUCCESSOR, "practice_closed"),
    MERGED: (day_text(FIRST_DAY + MERGED_ON_DAY), MERGED_INTO, "practice_merged"),
}
_LAST_DAYS = {places.CLOSING: (places.CLOSED_ON_DAY, places.SUCCESSOR), MERGED: (MERGED_ON_DAY, MERGED_INTO)}


def successor_of(practice: int, day: int) -> int:
    """The practice that has another's people on a day since 1970: itself while it is open.

    >>> successor_of(MERGED, FIRST_DAY + 274), successor_of(MERGED, FIRST_DAY + 275)
    (40, 41)
    """
    last, successor = _LAST_DAYS.get(practice, (0, practice))
    return successor if day > FIRST_DAY + last else practice


def network_of(practice: int) -> str:
    """The network of a practice: one a neighbourhood, two in the largest, one beyond the border.

    >>> network_of(0), network_of(1), network_of(6), network_of(80)
    ('U90010', 'U90011', 'U90020', 'U90099')
    """
    neighbourhood = places.PRACTICES[practice].neighbourhood
    if not neighbourhood:
        return _OUTSIDE_NETWORK
    second = practice % 2 if neighbourhood in _TWO_NETWORKS else 0
    return f"U90{int(neighbourhood[1:]):02d}{second}"


def write_networks(folder: Path, ledger: Ledger) -> dict[str, int]:
    """Write practices, neighbourhoods, partners of networks, and networks; returns their rows."""
    practices, partners, successors = [], [], []
    for place, practice in enumerate(places.PRACTICES):
        last, successor, fault = _ENDS.get(place, ("", places.NO_PRACTICE, ""))
        code = places.PRACTICES[successor].code if fault else ""
        practices.append((practice.code, practice.name, practice.neighbourhood, places.PRACTICES_FROM, last, code))
        icb = (places.COMMISSIONER, "Sample ICB (synthetic)") if practice.host else (
            places.OTHER_COMMISSIONER, "Neighbouring ICB (synthetic)")  # fmt: skip
        network = network_of(place)
        partners.append(
            (practice.code, practice.name, *icb, network, f"Network {network} (synthetic)", *icb, "20190701",
             last.replace("-", ""))
        )  # fmt: skip
        if fault:
            successors.append((practice.code, code, day_text(FIRST_DAY + _LAST_DAYS[place][0] + 1)))
            ledger.note(PRACTICES_PATH, fault, ACCEPTED, "")
            ledger.note(PARTNERS_PATH, fault, ACCEPTED, "")
    networks = sorted({(network_of(place), each.neighbourhood) for place, each in enumerate(places.PRACTICES)})
    return {
        "practices": files.write_table(folder / PRACTICES_PATH, layouts.PRACTICES, practices),
        "neighbourhoods": files.write_table(
            folder / NEIGHBOURHOODS_PATH,
            layouts.NEIGHBOURHOODS,
            [(*row, places.NEIGHBOURHOODS_FROM, "") for row in places.NEIGHBOURHOODS],
        ),
        "pcn_partners": files.write_table(folder / PARTNERS_PATH, PARTNERS, partners),
        "practice_successors": files.write_table(folder / SUCCESSORS_PATH, SUCCESSORS, successors),
        "network_neighbourhoods": files.write_table(
            folder / NETWORKS_PATH, NETWORKS, [(*row, places.NEIGHBOURHOODS_FROM, "") for row in networks]
        ),
    }
