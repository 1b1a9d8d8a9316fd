"""A setting that one segment has a rate for, every segment has one for: what is left out would count as £0."""

import pytest

from yoc.contract import read_contract
from yoc.core.findings import FindingsError

CONTRACT = """\
contract: c
title: A contract
version: "1"
status: live
first_year: 2026/27
years: 1
parties:
  - {code: ICB, name: The board, role: commissioner}
  - {code: H1, name: The first host, role: host}
budget:
  rounding: on_total
  rates:
    young: {primary: £100, emergency: £150}
    old: RATES
terms:
  - {id: budget, kind: capitation}
  - {id: paid, kind: payment, on: budget}
"""


@pytest.mark.parametrize(
    ("rates", "found"),
    [
        ("{primary: £300, emergency: £500}", []),
        ("{primary: £300, emergency: £0}", []),
        ("£800", []),  # One rate for all care leaves nothing out.
        ("{primary: £300}", [("FIELD-MISSING", "segment `old` has no rate for emergency, which another segment has")]),
        (
            "{primary: £300, emergency: £500, community: £1}",
            [("FIELD-MISSING", "segment `young` has no rate for community, which another segment has")],
        ),
        (
            "{primray: £300, emergency: £500}",
            [("TERM-REFERENCE", "`primray` is not a setting that a Year of Care budget covers")],
        ),
    ],
)
def test_a_rate_left_out_is_told(rates, found):
    try:
        read_contract(CONTRACT.replace("RATES", rates), "contract.yaml")
        told = []
    except FindingsError as error:
        told = [(finding.code, finding.message) for finding in error.findings if finding.code != "AMOUNT-HELD"]
    assert told == found
