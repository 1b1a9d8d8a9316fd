"""Registrations and the contract's rules become presence by host and segment, and counted units of the year."""

from yoc.population.compare import list_size_findings, refuse_unlike_stated, stated_in_contract
from yoc.population.count import Counted, HostPeriod, count_people
