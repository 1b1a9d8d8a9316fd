"""Hosts, neighbourhoods, practices and organisations of the sample: all invented, shaped on one English system."""

from dataclasses import dataclass

import numpy as np

from yoc.synth.year import Ints

COMMISSIONER = "XQY"
OTHER_COMMISSIONER = "XOT"
PRIVATE_PATIENTS = "VPP00"

HOSTS = (
    ("NWB", "North and West Bristol"),
    ("ICE", "Inner City and East Bristol"),
    ("SBR", "South Bristol"),
    ("SGL", "South Gloucestershire"),
    ("WOO", "Woodspring"),
    ("WWV", "Weston, Worle and Villages"),
)
HOST_CODES = tuple(code for code, _ in HOSTS)

NEIGHBOURHOODS = (
    ("N01", "Shirehampton Vale", "NWB"),
    ("N02", "Redland Rise", "NWB"),
    ("N03", "Southmead Gate", "NWB"),
    ("N04", "Easton Fields", "ICE"),
    ("N05", "Fishponds Bridge", "ICE"),
    ("N06", "Bedminster Green", "SBR"),
    ("N07", "Hartcliffe Down", "SBR"),
    ("N08", "Kingswood Cross", "SGL"),
    ("N09", "Yate Common", "SGL"),
    ("N10", "Severn Vale", "SGL"),
    ("N11", "Nailsea Moor", "WOO"),
    ("N12", "Gordano Valley", "WOO"),
    ("N13", "Weston Sands", "WWV"),
    ("N14", "Worle Hill", "WWV"),
)
NEIGHBOURHOODS_FROM = "2024-04-01"

PROVIDERS = (
    ("ZA1", "Northside Acute Trust (synthetic)"),
    ("ZA2", "Riverside Acute Trust (synthetic)"),
    ("ZM1", "Avonmouth Mental Health Trust (synthetic)"),
    ("ZC1", "Severnside Community Provider (synthetic)"),
    ("ZG1", "General practice (synthetic)"),
    ("ZL1", "Distant Acute Trust (synthetic)"),
)
PROVIDER_CODES = tuple(code for code, _ in PROVIDERS)
ACUTE = ("ZA1", "ZA2", "ZL1")

# Of a thousand acute lines of a host's people: to Northside, to Riverside, to the distant trust.
ACUTE_SHARES = {
    "NWB": (800, 190, 10),
    "ICE": (700, 290, 10),
    "SBR": (180, 810, 10),
    "SGL": (820, 170, 10),
    "WOO": (260, 730, 10),
    "WWV": (120, 870, 10),
    "": (480, 480, 40),
}

# Cost of each host's people against the average, in thousandths: some hosts will underspend, some overspend.
HOST_COST = {"NWB": 940, "ICE": 1040, "SBR": 980, "SGL": 1060, "WOO": 960, "WWV": 1020, "": 1000}

_IN_AREA = 80
_OUTSIDE = 3
PRACTICES_FROM = "2013-04-01"
CLOSING = 2
"""The position of the practice that closes: neighbourhood N01 of NWB."""
SUCCESSOR = 20
"""The position of its successor: neighbourhood N04 of ICE."""
CLOSED_ON = "2026-09-30"
CLOSED_ON_DAY = 182
"""Days from 1 April to the last day of the closing practice."""


@dataclass(frozen=True)
class Practice:
    """One practice of the map; a blank neighbourhood is outside all hosts. Weight is its relative list size."""

    code: str
    name: str
    neighbourhood: str
    host: str
    weight: int


def _practices() -> tuple[Practice, ...]:
    made = []
    for index in range(_IN_AREA):
        code, name, host = NEIGHBOURHOODS[index * len(NEIGHBOURHOODS) // _IN_AREA]
        made.append(Practice(f"Y9{index + 1:04d}", f"{name} Surgery {index + 1:02d}", code, host, 3 + index * 7 % 6))
    for index in range(_OUTSIDE):
        made.append(Practice(f"Y9{900 + index:04d}", f"Beyond Border Surgery {index + 1}", "", "", 1))
    return tuple(made)


PRACTICES = _practices()
IN_AREA = _IN_AREA
OUTSIDE = range(_IN_AREA, _IN_AREA + _OUTSIDE)
NO_PRACTICE = -1
NO_HOST = len(HOSTS)
"""The position that stands for "no host": outside practices, and people without a practice."""


def host_of_practices() -> Ints:
    """The host position of each practice, then ``NO_HOST`` last so that ``NO_PRACTICE`` finds it.

    >>> host_of_practices()[[CLOSING, SUCCESSOR, NO_PRACTICE]].tolist()
    [0, 1, 6]
    """
    codes = {code: index for index, code in enumerate(HOST_CODES)}
    return np.array([*(codes.get(practice.host, NO_HOST) for practice in PRACTICES), NO_HOST], dtype=np.int64)
