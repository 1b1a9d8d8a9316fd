"""Positions and terms become lines, entries and checks. Pure."""

from yoc.settlement.checks import Check, check_settlement
from yoc.settlement.waterfall import Entry, HostSettlement, SettledLine, settle_host
